//! Distributions of whole numbers. Large parameters are split by an order statistic of the beta or gamma distribution until what is
//! left is small: exact, and as long as the logarithm of the parameter; see Ahrens and Dieter, "Computer methods for sampling from
//! gamma, beta, Poisson and binomial distributions" (1974).

use super::Draws;
use super::continuous::{beta, gamma};
use crate::elementary;

/// What is not above this is drawn without splitting.
const SMALL: f64 = 16.0;
/// How often a parameter is split: enough for the largest f64.
const MAX_SPLITS: u32 = 1100;
/// A Poisson number of a small mean is below this with all the certainty that 52 bits can have.
const MAX_SEARCH: u32 = 200;

/// 1 with the probability `percent/100`, else 0.
pub fn monte_carlo(draws: &mut Draws, percent: f64) -> f64 {
    let u = draws.uniform();
    if percent.is_nan() {
        f64::NAN
    } else if 100.0 * u < percent {
        1.0
    } else {
        0.0
    }
}

/// How many events there are where `mean` are expected. NaN for a negative mean; infinity for an infinite one.
pub fn poisson(draws: &mut Draws, mean: f64) -> f64 {
    if mean.is_nan() || mean < 0.0 {
        return f64::NAN;
    }
    if mean.is_infinite() {
        return mean;
    }
    let (mut count, mut rest) = (0.0, mean);
    for _ in 0..MAX_SPLITS {
        if rest <= SMALL {
            break;
        }
        // The time of the event number `part` divides what is left.
        let part = libm::floor(rest * 0.875);
        let time = gamma(draws, part, 1.0);
        if time > rest {
            return count + binomial_number(draws, part - 1.0, rest / time);
        }
        count += part;
        rest -= time;
    }
    count + small_poisson(draws, rest)
}

/// Inverts the distribution function from 0 upward.
fn small_poisson(draws: &mut Draws, mean: f64) -> f64 {
    let u = draws.uniform();
    let mut k = 0.0;
    let mut probability = elementary::exp(-mean);
    let mut sum = probability;
    for _ in 0..MAX_SEARCH {
        if u <= sum {
            break;
        }
        k += 1.0;
        probability *= mean / k;
        sum += probability;
    }
    k
}

/// A probability; what is not between 0 and 1 counts as 1, NaN stays NaN.
fn probability(p: f64) -> f64 {
    if p.is_nan() || (0.0..=1.0).contains(&p) { p } else { 1.0 }
}

/// Successes among `trials`, rounded down, of probability p. NaN for a negative number of trials.
pub fn binomial(draws: &mut Draws, trials: f64, p: f64) -> f64 {
    let p = probability(p);
    if trials.is_nan() || trials < 0.0 || p.is_nan() {
        return f64::NAN;
    }
    let trials = libm::floor(trials);
    if trials.is_infinite() {
        return if p == 0.0 { 0.0 } else { trials };
    }
    binomial_number(draws, trials, p)
}

/// For a whole, finite number of trials and a p from 0 to 1.
fn binomial_number(draws: &mut Draws, trials: f64, p: f64) -> f64 {
    let (mut count, mut trials, mut p) = (0.0, trials, p);
    for _ in 0..MAX_SPLITS {
        if trials <= SMALL || p <= 0.0 {
            break;
        }
        if p >= 1.0 {
            return count + trials;
        }
        // The trial that is the middle one in size divides the others.
        let middle = libm::floor((trials + 1.0) / 2.0);
        let size = beta(draws, middle, trials + 1.0 - middle);
        if size <= p {
            count += middle;
            trials -= middle;
            p = (p - size) / (1.0 - size);
        } else {
            trials = middle - 1.0;
            p /= size;
        }
    }
    if trials > SMALL {
        return count;
    }
    let mut left = trials;
    while left >= 1.0 {
        if draws.uniform() < p {
            count += 1.0;
        }
        left -= 1.0;
    }
    count
}

/// Trials of probability p up to the first success, that one included. Infinite when there is none.
pub fn geometric(draws: &mut Draws, p: f64) -> f64 {
    let p = probability(p);
    let e = -libm::log1p(-draws.uniform());
    if p >= 1.0 {
        return 1.0;
    }
    1.0 + libm::floor(e / -libm::log1p(-p))
}

/// Trials of probability p up to that many successes, rounded down, the last one included. NaN for a negative number of successes.
pub fn negative_binomial(draws: &mut Draws, successes: f64, p: f64) -> f64 {
    let p = probability(p);
    if successes.is_nan() || successes < 0.0 || p.is_nan() {
        return f64::NAN;
    }
    let successes = libm::floor(successes);
    if successes == 0.0 {
        return 0.0;
    }
    if p == 0.0 {
        return f64::INFINITY;
    }
    let expected = gamma(draws, successes, (1.0 - p) / p);
    successes + if p == 1.0 { 0.0 } else { poisson(draws, expected) }
}
