//! Distributions of real numbers. Most invert their distribution function, so that each takes one uniform number `u` and rises with
//! it; GAMMA and BETA reject.

use super::Draws;
use crate::elementary;
use crate::special::inverse_normal;

/// How often a rejection method tries; each try succeeds with a probability above 0.9.
const MAX_TRIES: u32 = 200;

/// `min + (max - min)*u`.
pub fn uniform(draws: &mut Draws, min: f64, max: f64) -> f64 {
    min + (max - min) * draws.uniform()
}

/// `mean + sd*z` with the standard normal quantile z of u.
pub fn normal(draws: &mut Draws, mean: f64, sd: f64) -> f64 {
    mean + sd * inverse_normal(draws.uniform())
}

/// The number whose logarithm is normal, with this mean and standard deviation of the number itself: `exp(m + s*z)` with
/// `s^2 = ln(1 + (sd/mean)^2)` and `m = ln(mean) - s^2/2`. NaN unless the mean is positive.
pub fn lognormal(draws: &mut Draws, mean: f64, sd: f64) -> f64 {
    let ratio = sd / mean;
    let variance = libm::log1p(ratio * ratio);
    let z = inverse_normal(draws.uniform());
    if mean > 0.0 {
        elementary::exp(elementary::ln(mean) - variance / 2.0 + libm::sqrt(variance) * z)
    } else {
        f64::NAN
    }
}

/// `-mean*ln(1 - u)`.
pub fn exponential(draws: &mut Draws, mean: f64) -> f64 {
    -mean * libm::log1p(-draws.uniform())
}

/// `mean + scale*ln(u/(1 - u))`.
pub fn logistic(draws: &mut Draws, mean: f64, scale: f64) -> f64 {
    let u = draws.uniform();
    mean + scale * (elementary::ln(u) - libm::log1p(-u))
}

/// `scale*(1 - u)^(-1/shape)`; NaN unless the shape is positive.
pub fn pareto(draws: &mut Draws, shape: f64, scale: f64) -> f64 {
    let e = -libm::log1p(-draws.uniform());
    if shape > 0.0 { scale * elementary::exp(e / shape) } else { f64::NAN }
}

/// `scale*(-ln(1 - u))^(1/shape)`; NaN unless the shape is positive.
pub fn weibull(draws: &mut Draws, shape: f64, scale: f64) -> f64 {
    let e = -libm::log1p(-draws.uniform());
    if shape > 0.0 { scale * elementary::pow(e, 1.0 / shape) } else { f64::NAN }
}

/// The triangle from `low` over `mode` to `high`; NaN unless they ascend. All equal gives that number.
pub fn triangular(draws: &mut Draws, low: f64, mode: f64, high: f64) -> f64 {
    let u = draws.uniform();
    let width = high - low;
    if !(low <= mode && mode <= high) {
        f64::NAN
    } else if u * width < mode - low {
        low + libm::sqrt(u * width * (mode - low))
    } else {
        high - libm::sqrt((1.0 - u) * width * (high - mode))
    }
}

/// Marsaglia and Tsang's method, "A simple method for generating gamma variables" (2000); below a shape of 1 a number for the shape
/// plus 1, times `u^(1/shape)`. NaN unless the shape is positive; infinity for an infinite one.
pub fn gamma(draws: &mut Draws, shape: f64, scale: f64) -> f64 {
    if shape.is_nan() || shape <= 0.0 {
        return f64::NAN;
    }
    if shape < 1.0 {
        let power = elementary::exp(elementary::ln(draws.uniform()) / shape);
        return scale * (standard_gamma(draws, shape + 1.0) * power);
    }
    scale * standard_gamma(draws, shape)
}

/// For a shape of at least 1.
fn standard_gamma(draws: &mut Draws, shape: f64) -> f64 {
    let d = shape - 1.0 / 3.0;
    if d.is_infinite() {
        return d;
    }
    let c = 1.0 / libm::sqrt(9.0 * d);
    for _ in 0..MAX_TRIES {
        let z = inverse_normal(draws.uniform());
        let root = 1.0 + c * z;
        if root <= 0.0 {
            continue;
        }
        let v = root * root * root;
        let u = draws.uniform();
        if elementary::ln(u) < 0.5 * z * z + d * (1.0 - v + elementary::ln(v)) {
            return d * v;
        }
    }
    d
}

/// `x/(x + y)` of two gamma numbers. Where both are too small to be told from 0, it is 1 with a probability of `alpha/(alpha + beta)`,
/// else 0. NaN unless both shapes are positive.
pub fn beta(draws: &mut Draws, alpha: f64, beta: f64) -> f64 {
    let x = gamma(draws, alpha, 1.0);
    let y = gamma(draws, beta, 1.0);
    if x + y == 0.0 {
        return if draws.uniform() * (alpha + beta) < alpha { 1.0 } else { 0.0 };
    }
    if x.is_infinite() && y.is_finite() { 1.0 } else { x / (x + y) }
}
