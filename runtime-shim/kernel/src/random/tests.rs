//! Distributions against their moments and distribution functions. Seeds are fixed, so that a test passes always or never.

extern crate std;

use std::vec::Vec;

use super::*;
use crate::elementary;
use crate::special::{combinations, gamma_ln, normal_between};

const INF: f64 = f64::INFINITY;
const N: usize = 20_000;

fn site(seed: f64, step: usize) -> Site {
    Site { seed, call: 3.0, element: 0.0, step: step as f64 }
}

/// One number for each step.
fn sample(seed: f64, mut draw: impl FnMut(&mut Draws) -> f64) -> Vec<f64> {
    (0..N).map(|step| draw(&mut Draws::new(site(seed, step)))).collect()
}

fn mean_and_sd(xs: &[f64]) -> (f64, f64) {
    let n = xs.len() as f64;
    let mean = xs.iter().sum::<f64>() / n;
    (mean, (xs.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n).sqrt())
}

/// Kolmogorov and Smirnov: the distance between the sample and its distribution, times the root of its size, is above 1.95 once in a
/// thousand. The mean is within four and a half standard errors.
#[track_caller]
fn check_continuous(mut xs: Vec<f64>, mean: f64, sd: f64, cdf: impl Fn(f64) -> f64) {
    let (sample_mean, sample_sd) = mean_and_sd(&xs);
    let n = xs.len() as f64;
    assert!((sample_mean - mean).abs() < 4.5 * sd / n.sqrt(), "mean {sample_mean}, not {mean}");
    assert!((sample_sd / sd - 1.0).abs() < 0.1, "standard deviation {sample_sd}, not {sd}");
    xs.sort_by(f64::total_cmp);
    let mut distance = 0.0f64;
    for (i, &x) in xs.iter().enumerate() {
        let p = cdf(x);
        distance = distance.max((p - i as f64 / n).abs()).max(((i + 1) as f64 / n - p).abs());
    }
    assert!(distance * n.sqrt() < 1.95, "distance {}", distance * n.sqrt());
}

/// Pearson's chi-square over the values that are expected at least ten times, all others together: below the mean of the statistic plus
/// five of its standard deviations.
#[track_caller]
fn check_discrete(xs: &[f64], mean: f64, sd: f64, probability: impl Fn(f64) -> f64) {
    let (sample_mean, sample_sd) = mean_and_sd(xs);
    let n = xs.len() as f64;
    assert!((sample_mean - mean).abs() < 4.5 * sd / n.sqrt(), "mean {sample_mean}, not {mean}");
    assert!((sample_sd / sd - 1.0).abs() < 0.1, "standard deviation {sample_sd}, not {sd}");
    let (first, last) = ((mean - 12.0 * sd).floor().max(0.0), (mean + 12.0 * sd).ceil());
    let (mut statistic, mut classes, mut rest_expected, mut rest_seen) = (0.0, 0.0f64, n, n);
    let mut k = first;
    while k <= last {
        let expected = n * probability(k);
        if expected >= 10.0 {
            let seen = xs.iter().filter(|&&x| x == k).count() as f64;
            statistic += (seen - expected) * (seen - expected) / expected;
            classes += 1.0;
            rest_expected -= expected;
            rest_seen -= seen;
        }
        k += 1.0;
    }
    statistic += (rest_seen - rest_expected) * (rest_seen - rest_expected) / rest_expected.max(1.0);
    assert!(xs.iter().all(|x| x.fract() == 0.0 && *x >= 0.0));
    assert!(statistic < classes + 5.0 * (2.0 * classes).sqrt() + 5.0, "{statistic} over {classes} classes");
}

fn normal_cdf(x: f64) -> f64 {
    normal_between(-INF, x, 0.0, 1.0)
}

/// The regularised lower incomplete gamma function, by its series.
fn gamma_cdf(shape: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut k) = (1.0 / shape, 1.0 / shape, shape);
    while term > sum * 1e-15 {
        k += 1.0;
        term *= x / k;
        sum += term;
    }
    if x <= 0.0 { 0.0 } else { (sum * elementary::exp(shape * elementary::ln(x) - x - gamma_ln(shape))).min(1.0) }
}

/// The regularised incomplete beta function of whole parameters, as a sum of binomial probabilities.
fn beta_cdf(a: f64, b: f64, x: f64) -> f64 {
    let n = a + b - 1.0;
    let mut sum = 0.0;
    let mut k = a;
    while k <= n {
        sum += combinations(n, k) * elementary::pow(x, k) * elementary::pow(1.0 - x, n - k);
        k += 1.0;
    }
    sum
}

#[test]
fn uniform_numbers_fill_the_open_interval() {
    let xs = sample(1.0, Draws::uniform);
    assert!(xs.iter().all(|&x| x > 0.0 && x < 1.0));
    check_continuous(xs, 0.5, (1.0f64 / 12.0).sqrt(), |x| x);
    let pair = sample(2.0, |draws| draws.uniform() * draws.uniform());
    check_continuous(pair, 0.25, (7.0f64 / 144.0).sqrt(), |x| x - x * x.ln());
    let third = sample(2.0, |draws| {
        draws.uniform();
        draws.uniform();
        draws.uniform()
    });
    check_continuous(third, 0.5, (1.0f64 / 12.0).sqrt(), |x| x);
    check_continuous(sample(3.0, |draws| continuous::uniform(draws, -4.0, 6.0)), 1.0, 10.0 / 12.0f64.sqrt(), |x| {
        (x + 4.0) / 10.0
    });
}

#[test]
fn a_draw_depends_on_each_part_of_its_site() {
    let of = |site: Site| Draws::new(site).uniform();
    let at = Site { seed: 7.0, call: 3.0, element: 5.0, step: 11.0 };
    let mut seen = std::vec![of(at)];
    for other in [
        Site { seed: 8.0, ..at },
        Site { seed: -7.0, ..at },
        Site { call: 4.0, ..at },
        Site { element: 6.0, ..at },
        Site { step: 12.0, ..at },
        Site { step: 4_294_967_307.0, ..at },
        Site { seed: 3.0, call: 7.0, ..at },
        Site { element: 11.0, step: 5.0, ..at },
    ] {
        seen.push(of(other));
    }
    let n = seen.len();
    seen.sort_by(f64::total_cmp);
    seen.dedup();
    assert_eq!(seen.len(), n);
    assert_eq!(of(at).to_bits(), of(at).to_bits());
    assert_eq!(of(Site { seed: 0.0, ..at }).to_bits(), of(Site { seed: -0.0, ..at }).to_bits());
    let nan = f64::from_bits(0xfff8_0000_0000_0001);
    assert_eq!(of(Site { seed: nan, ..at }).to_bits(), of(Site { seed: f64::NAN, ..at }).to_bits());
}

/// Numbers of neighbouring sites have no correlation beyond four standard errors.
#[test]
fn neighbours_are_independent() {
    type Shift = fn(Site) -> Site;
    let shifts: [Shift; 4] = [
        |site| Site { step: site.step + 1.0, ..site },
        |site| Site { element: site.element + 1.0, ..site },
        |site| Site { call: site.call + 1.0, ..site },
        |site| Site { seed: site.seed + 1.0, ..site },
    ];
    for shift in shifts {
        let sum: f64 = (0..N)
            .map(|step| {
                let site = site(5.0, step);
                (Draws::new(site).uniform() - 0.5) * (Draws::new(shift(site)).uniform() - 0.5)
            })
            .sum();
        assert!((12.0 * sum / N as f64).abs() < 4.0 / (N as f64).sqrt());
    }
}

/// These bits are part of what an artifact promises: the same on every host, and in every version with this generator.
#[test]
fn the_first_numbers_are_these() {
    let first = |seed: f64, call: f64| Draws::new(Site { seed, call, element: 0.0, step: 0.0 }).uniform();
    let key = mix(mix(1.0f64.to_bits()));
    let [a, b, ..] = Philox::new([key as u32, (key >> 32) as u32]).block([0; 4]);
    let expected = (((u64::from(b) << 32 | u64::from(a)) >> 12) as f64 + 0.5) / 4_503_599_627_370_496.0;
    assert_eq!(first(1.0, 0.0), expected);
    assert_ne!(first(1.0, 1.0), expected);
}

#[test]
fn normal_numbers() {
    let xs = sample(11.0, |draws| continuous::normal(draws, 100.0, 15.0));
    check_continuous(xs, 100.0, 15.0, |x| normal_cdf((x - 100.0) / 15.0));
}

#[test]
fn lognormal_numbers() {
    let (mean, sd) = (10.0f64, 5.0f64);
    let s2 = (1.0 + (sd / mean).powi(2)).ln();
    let m = mean.ln() - s2 / 2.0;
    let xs = sample(12.0, |draws| continuous::lognormal(draws, mean, sd));
    check_continuous(xs, mean, sd, |x| normal_cdf((x.ln() - m) / s2.sqrt()));
}

#[test]
fn exponential_numbers() {
    check_continuous(sample(13.0, |draws| continuous::exponential(draws, 4.0)), 4.0, 4.0, |x| 1.0 - (-x / 4.0).exp());
}

#[test]
fn logistic_numbers() {
    let sd = 2.0 * core::f64::consts::PI / 3.0f64.sqrt();
    let xs = sample(14.0, |draws| continuous::logistic(draws, 10.0, 2.0));
    check_continuous(xs, 10.0, sd, |x| 1.0 / (1.0 + (-(x - 10.0) / 2.0).exp()));
}

#[test]
fn pareto_numbers() {
    let (shape, scale) = (6.0f64, 2.0f64);
    let mean = scale * shape / (shape - 1.0);
    let sd = scale / (shape - 1.0) * (shape / (shape - 2.0)).sqrt();
    let xs = sample(15.0, |draws| continuous::pareto(draws, shape, scale));
    check_continuous(xs, mean, sd, |x| 1.0 - (scale / x).powf(shape));
}

#[test]
fn weibull_numbers() {
    let (shape, scale) = (2.0f64, 10.0f64);
    let g = |x: f64| gamma_ln(x).exp();
    let mean = scale * g(1.0 + 1.0 / shape);
    let sd = scale * (g(1.0 + 2.0 / shape) - g(1.0 + 1.0 / shape).powi(2)).sqrt();
    let xs = sample(16.0, |draws| continuous::weibull(draws, shape, scale));
    check_continuous(xs, mean, sd, |x| 1.0 - (-(x / scale).powf(shape)).exp());
}

#[test]
fn triangular_numbers() {
    let (a, c, b) = (1.0f64, 2.0f64, 5.0f64);
    let sd = ((a * a + b * b + c * c - a * b - a * c - b * c) / 18.0).sqrt();
    let xs = sample(17.0, |draws| continuous::triangular(draws, a, c, b));
    check_continuous(xs, (a + b + c) / 3.0, sd, |x| {
        if x < c { (x - a).powi(2) / ((b - a) * (c - a)) } else { 1.0 - (b - x).powi(2) / ((b - a) * (b - c)) }
    });
}

#[test]
fn gamma_numbers() {
    for (shape, scale) in [(0.3, 2.0), (1.0, 3.0), (2.5, 0.5), (40.0, 1.0)] {
        let xs = sample(18.0, |draws| continuous::gamma(draws, shape, scale));
        check_continuous(xs, shape * scale, shape.sqrt() * scale, |x| gamma_cdf(shape, x / scale));
    }
}

#[test]
fn beta_numbers() {
    for (a, b) in [(1.0f64, 1.0f64), (2.0, 5.0), (7.0, 3.0)] {
        let sd = (a * b / ((a + b).powi(2) * (a + b + 1.0))).sqrt();
        let xs = sample(19.0, |draws| continuous::beta(draws, a, b));
        check_continuous(xs, a / (a + b), sd, |x| beta_cdf(a, b, x));
    }
    let tiny = sample(20.0, |draws| continuous::beta(draws, 1e-9, 3e-9));
    assert!(tiny.iter().all(|&x| x == 0.0 || x == 1.0));
    assert!((mean_and_sd(&tiny).0 - 0.25).abs() < 0.02);
}

#[test]
fn poisson_numbers() {
    for mean in [0.2, 3.0, 16.0, 40.0, 300.0] {
        let xs = sample(21.0, |draws| discrete::poisson(draws, mean));
        check_discrete(&xs, mean, mean.sqrt(), |k| (k * mean.ln() - mean - gamma_ln(k + 1.0)).exp());
    }
}

#[test]
fn binomial_numbers() {
    for (n, p) in [(5.0f64, 0.3f64), (16.0, 0.5), (60.0, 0.1), (400.0, 0.75)] {
        let xs = sample(22.0, |draws| discrete::binomial(draws, n, p));
        let log = |k: f64| gamma_ln(n + 1.0) - gamma_ln(k + 1.0) - gamma_ln(n - k + 1.0);
        check_discrete(&xs, n * p, (n * p * (1.0 - p)).sqrt(), |k| {
            if k > n { 0.0 } else { (log(k) + k * p.ln() + (n - k) * (1.0 - p).ln()).exp() }
        });
    }
}

#[test]
fn geometric_numbers() {
    let p = 0.3f64;
    let xs = sample(23.0, |draws| discrete::geometric(draws, p));
    check_discrete(
        &xs,
        1.0 / p,
        ((1.0 - p) / (p * p)).sqrt(),
        |k| {
            if k < 1.0 { 0.0 } else { p * (1.0 - p).powf(k - 1.0) }
        },
    );
}

#[test]
fn negative_binomial_numbers() {
    let (r, p) = (3.0f64, 0.4f64);
    let xs = sample(24.0, |draws| discrete::negative_binomial(draws, r, p));
    check_discrete(&xs, r / p, (r * (1.0 - p)).sqrt() / p, |k| {
        if k < r { 0.0 } else { combinations(k - 1.0, r - 1.0) * p.powf(r) * (1.0 - p).powf(k - r) }
    });
}

#[test]
fn events_have_their_chance() {
    let xs = sample(25.0, |draws| discrete::monte_carlo(draws, 20.0));
    check_discrete(&xs, 0.2, 0.4, |k| match k {
        0.0 => 0.8,
        1.0 => 0.2,
        _ => 0.0,
    });
    assert!(sample(25.0, |draws| discrete::monte_carlo(draws, 100.0)).iter().all(|&x| x == 1.0));
    assert!(sample(25.0, |draws| discrete::monte_carlo(draws, 0.0)).iter().all(|&x| x == 0.0));
}

#[test]
fn bounds_cut_the_distribution_and_do_not_pile_up() {
    let inside = normal_between(-0.5, 2.0, 0.0, 1.0);
    let xs = sample(26.0, |draws| draws.within(-0.5, 2.0, |draws| continuous::normal(draws, 0.0, 1.0)));
    let cdf = |x: f64| normal_between(-0.5, x, 0.0, 1.0) / inside;
    let density = |x: f64| (-x * x / 2.0).exp() / core::f64::consts::TAU.sqrt();
    let mean = (density(-0.5) - density(2.0)) / inside;
    let variance = 1.0 + (-0.5 * density(-0.5) - 2.0 * density(2.0)) / inside - mean * mean;
    check_continuous(xs, mean, variance.sqrt(), cdf);
    let never = |min, max| Draws::new(site(1.0, 0)).within(min, max, |draws| draws.uniform());
    assert_eq!(never(2.0, 3.0), 2.0);
    assert_eq!(never(-3.0, -2.0), -2.0);
    assert_eq!(never(0.9, 0.1), 0.1);
    assert!(never(f64::NAN, f64::NAN) < 1.0);
}

/// Whatever the parameters are, a draw ends; where there is no distribution it is NaN.
#[test]
fn every_parameter_ends() {
    use continuous as c;
    use discrete as d;
    const ODD: [f64; 13] = [0.0, -0.0, 1.0, -1.0, 0.5, 1e-300, 1e-20, 1e9, 1e16, 1e300, INF, -INF, f64::NAN];
    for (i, &a) in ODD.iter().enumerate() {
        for (j, &b) in ODD.iter().enumerate() {
            let mut draws = Draws::new(site(i as f64, j));
            let draws = &mut draws;
            for x in [
                c::uniform(draws, a, b),
                c::normal(draws, a, b),
                c::lognormal(draws, a, b),
                c::exponential(draws, a),
                c::logistic(draws, a, b),
                c::pareto(draws, a, b),
                c::weibull(draws, a, b),
                c::triangular(draws, a, b, 1.0),
                c::gamma(draws, a, b),
                c::beta(draws, a, b),
                d::monte_carlo(draws, a),
                d::poisson(draws, a),
                d::binomial(draws, a, b),
                d::geometric(draws, a),
                d::negative_binomial(draws, a, b),
            ] {
                if a.is_nan() {
                    assert!(x.is_nan(), "{a} {b}");
                }
            }
        }
    }
    let mut draws = Draws::new(site(1.0, 1));
    let draws = &mut draws;
    assert_eq!(d::poisson(draws, 0.0), 0.0);
    assert!(d::poisson(draws, -1.0).is_nan());
    assert_eq!(d::poisson(draws, INF), INF);
    assert!((d::poisson(draws, 1e12) / 1e12 - 1.0).abs() < 1e-5);
    assert!((d::poisson(draws, 1e200) / 1e200 - 1.0).abs() < 1e-5);
    assert_eq!(d::binomial(draws, 10.0, 0.0), 0.0);
    assert_eq!(d::binomial(draws, 10.9, 1.0), 10.0);
    assert_eq!(d::binomial(draws, 10.0, 7.0), 10.0);
    assert_eq!(d::binomial(draws, 0.0, 0.5), 0.0);
    assert!(d::binomial(draws, -1.0, 0.5).is_nan());
    assert!((d::binomial(draws, 1e15, 0.25) / 2.5e14 - 1.0).abs() < 1e-5);
    assert_eq!(d::geometric(draws, 1.0), 1.0);
    assert_eq!(d::geometric(draws, 0.0), INF);
    assert_eq!(d::negative_binomial(draws, 5.0, 1.0), 5.0);
    assert_eq!(d::negative_binomial(draws, 0.0, 0.5), 0.0);
    assert_eq!(c::gamma(draws, INF, 1.0), INF);
    assert!(c::gamma(draws, 0.0, 1.0).is_nan() && c::gamma(draws, -1.0, 1.0).is_nan());
    assert!(c::lognormal(draws, 0.0, 1.0).is_nan());
    assert_eq!(c::triangular(draws, 2.0, 2.0, 2.0), 2.0);
    assert!(c::triangular(draws, 3.0, 2.0, 1.0).is_nan());
    assert_eq!(c::normal(draws, 5.0, 0.0), 5.0);
    assert_eq!(c::uniform(draws, 5.0, 5.0), 5.0);
}
