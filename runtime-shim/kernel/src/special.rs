//! Functions of probability theory, finance and combinatorics that `libm` does not have, in plain arithmetic.

use crate::elementary;

#[cfg(test)]
mod tests;

/// The number that a standard normal one stays below with probability p: algorithm AS 241 (PPND16) of Wichura, "The percentage points of
/// the normal distribution" (1988), good to about 16 digits. Infinite at 0 and 1, NaN outside.
pub fn inverse_normal(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * ratio(r, &CENTRE);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    if tail == 0.0 {
        return if q < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    if tail.is_nan() || tail < 0.0 {
        return f64::NAN;
    }
    let r = libm::sqrt(-elementary::ln(tail));
    let size = if r <= 5.0 { ratio(r - 1.6, &MIDDLE) } else { ratio(r - 5.0, &FAR) };
    if q < 0.0 { -size } else { size }
}

/// Coefficients of a quotient of two polynomials, from the highest power down; the divisor's constant is 1.
type Quotient = ([f64; 8], [f64; 7]);

const CENTRE: Quotient = (
    [
        2.509_080_928_730_122_7e3,
        3.343_057_558_358_813e4,
        6.726_577_092_700_87e4,
        4.592_195_393_154_987e4,
        1.373_169_376_550_946e4,
        1.971_590_950_306_551_3e3,
        1.331_416_678_917_843_8e2,
        3.387_132_872_796_366_5,
    ],
    [
        5.226_495_278_852_854e3,
        2.872_908_573_572_194_3e4,
        3.930_789_580_009_271e4,
        2.121_379_430_158_659_7e4,
        5.394_196_021_424_751e3,
        6.871_870_074_920_579e2,
        4.231_333_070_160_091e1,
    ],
);

const MIDDLE: Quotient = (
    [
        7.745_450_142_783_414e-4,
        2.272_384_498_926_918_4e-2,
        2.417_807_251_774_506e-1,
        1.270_458_252_452_368_4,
        3.647_848_324_763_204_5,
        5.769_497_221_460_691,
        4.630_337_846_156_546,
        1.423_437_110_749_683_5,
    ],
    [
        1.050_750_071_644_416_9e-9,
        5.475_938_084_995_345e-4,
        1.519_866_656_361_645_7e-2,
        1.481_039_764_274_800_8e-1,
        6.897_673_349_851e-1,
        1.676_384_830_183_803_8,
        2.053_191_626_637_759,
    ],
);

const FAR: Quotient = (
    [
        2.010_334_399_292_288_1e-7,
        2.711_555_568_743_487_6e-5,
        1.242_660_947_388_078_4e-3,
        2.653_218_952_657_612_4e-2,
        2.965_605_718_285_048_7e-1,
        1.784_826_539_917_291_3,
        5.463_784_911_164_114,
        6.657_904_643_501_103,
    ],
    [
        2.044_263_103_389_939_7e-15,
        1.421_511_758_316_446e-7,
        1.846_318_317_510_054_8e-5,
        7.868_691_311_456_133e-4,
        1.487_536_129_085_061_5e-2,
        1.369_298_809_227_358e-1,
        5.998_322_065_558_88e-1,
    ],
);

fn ratio(r: f64, (above, below): &Quotient) -> f64 {
    let above = above.iter().fold(0.0, |sum, &coefficient| sum * r + coefficient);
    let below = below.iter().fold(0.0, |sum, &coefficient| sum * r + coefficient);
    above / (below * r + 1.0)
}

/// How likely a normal number of this mean and standard deviation lies between `left` and `right`; the difference is taken on the
/// side of the mean on which it loses nothing.
pub fn normal_between(left: f64, right: f64, mean: f64, sd: f64) -> f64 {
    let (a, b) = ((left - mean) / sd, (right - mean) / sd);
    if a > 0.0 { below(-a) - below(-b) } else { below(b) - below(a) }
}

fn below(z: f64) -> f64 {
    0.5 * libm::erfc(-z / core::f64::consts::SQRT_2)
}

/// The logarithm of the absolute value of the gamma function.
pub fn gamma_ln(x: f64) -> f64 {
    libm::lgamma(x)
}

/// `n!` of n rounded down: NaN below 0. Exact up to 22!, then correct to a few units in the last place.
pub fn factorial(n: f64) -> f64 {
    let n = libm::floor(n);
    if n.is_nan() || n < 0.0 {
        return f64::NAN;
    }
    product(1.0, n)
}

/// `n*(n - 1)*..*(n - r + 1)` of n and r rounded down: 0 when r is above n, NaN when either is below 0.
pub fn permutations(n: f64, r: f64) -> f64 {
    let (n, r) = (libm::floor(n), libm::floor(r));
    if n.is_nan() || r.is_nan() || n < 0.0 || r < 0.0 {
        f64::NAN
    } else if r > n {
        0.0
    } else {
        product(n - r + 1.0, r)
    }
}

/// How many sets of r there are of n, both rounded down: 0 when r is above n, NaN when either is below 0.
pub fn combinations(n: f64, r: f64) -> f64 {
    let (n, r) = (libm::floor(n), libm::floor(r));
    if n.is_nan() || r.is_nan() || n < 0.0 || r < 0.0 {
        return f64::NAN;
    }
    if r > n {
        return 0.0;
    }
    let r = if r > n - r { n - r } else { r };
    let (mut result, mut k) = (1.0, 1.0);
    // Each result is a number of combinations itself, so nothing is rounded while they are below 2^53.
    while k <= r {
        result = result * (n - r + k) / k;
        if result.is_nan() || result.is_infinite() {
            return result;
        }
        k += 1.0;
    }
    result
}

/// So many whole numbers from `first` on, multiplied; infinite when there are more than 170, since then it is.
fn product(first: f64, count: f64) -> f64 {
    const MOST: f64 = 170.0;
    if count > MOST {
        return f64::INFINITY;
    }
    let (mut result, mut passed) = (1.0, 0.0);
    while passed < count {
        result *= first + passed;
        passed += 1.0;
    }
    result
}

/// The n-th root of x: the negative one of a negative x when n is an odd whole number, NaN for other n.
pub fn root(x: f64, n: f64) -> f64 {
    if x < 0.0 && libm::fmod(n, 2.0).abs() == 1.0 { -elementary::pow(-x, 1.0 / n) } else { elementary::pow(x, 1.0 / n) }
}

/// Rounded to a whole number, halves away from zero.
pub fn round(x: f64) -> f64 {
    libm::round(x)
}

/// The value after `periods` of a balance and of payments at the end of each period, all that is paid counting as negative:
/// `-(value*g + payment*(g - 1)/rate)` with `g = (1 + rate)^periods`.
pub fn future_value(rate: f64, periods: f64, payment: f64, value: f64) -> f64 {
    -(value * growth(rate, periods) + payment * annuity(rate, periods))
}

/// What is worth, before the first period, payments at the end of each period and a balance at the end.
pub fn present_value(rate: f64, periods: f64, payment: f64, value: f64) -> f64 {
    -(value + payment * annuity(rate, periods)) / growth(rate, periods)
}

/// The payment at the end of each period that turns a balance into another.
pub fn payment(rate: f64, periods: f64, present: f64, future: f64) -> f64 {
    -(present * growth(rate, periods) + future) / annuity(rate, periods)
}

/// `(1 + rate)^periods`.
fn growth(rate: f64, periods: f64) -> f64 {
    elementary::exp(periods * libm::log1p(rate))
}

/// What a payment of 1 at the end of each period grows to: `((1 + rate)^periods - 1)/rate`, the number of periods at a rate of 0.
fn annuity(rate: f64, periods: f64) -> f64 {
    if rate == 0.0 { periods } else { libm::expm1(periods * libm::log1p(rate)) / rate }
}
