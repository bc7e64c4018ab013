//! Exponentials, logarithms and powers to about 100 bits, and how far from them an f64 is.
//!
//! Numbers are unevaluated sums of two f64s; every operation on them is wrong by 2^-100 of its result or so. The functions are
//! power series, with nothing in common with the kernel's: no tables, no fitted polynomials.

use std::f64::consts;

/// A sum of two f64s, the second below half a unit of the first's last place.
#[derive(Clone, Copy, Debug)]
pub struct Wide {
    high: f64,
    low: f64,
}

/// ln(2)
const LN2: Wide = Wide { high: consts::LN_2, low: 2.319_046_813_846_299_6e-17 };

impl Wide {
    /// A sum whose first addend is the larger one.
    fn of_larger(high: f64, low: f64) -> Self {
        let sum = high + low;
        Self { high: sum, low: high - sum + low }
    }

    /// The sum of two numbers, exactly.
    fn of_sum(a: f64, b: f64) -> Self {
        let sum = a + b;
        let b_part = sum - a;
        Self { high: sum, low: (a - (sum - b_part)) + (b - b_part) }
    }

    /// The product of two numbers, exactly unless it is subnormal or huge.
    fn of_product(a: f64, b: f64) -> Self {
        let ((a1, a2), (b1, b2)) = (halves(a), halves(b));
        let product = a * b;
        Self { high: product, low: ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2 }
    }

    fn plus(self, other: Self) -> Self {
        let (high, low) = (Self::of_sum(self.high, other.high), Self::of_sum(self.low, other.low));
        let sum = Self::of_larger(high.high, high.low + low.high);
        Self::of_larger(sum.high, sum.low + low.low)
    }

    fn times(self, other: Self) -> Self {
        let product = Self::of_product(self.high, other.high);
        Self::of_larger(product.high, product.low + (self.high * other.low + self.low * other.high))
    }

    fn over(self, other: Self) -> Self {
        let first = self.high / other.high;
        let rest = self.plus(other.times(Self::from(-first)));
        let second = rest.high / other.high;
        let rest = rest.plus(other.times(Self::from(-second)));
        Self::of_larger(first, second).plus(Self::from(rest.high / other.high))
    }
}

impl From<f64> for Wide {
    fn from(x: f64) -> Self {
        Self { high: x, low: 0.0 }
    }
}

/// Two numbers of 26 bits at most, whose sum is x.
fn halves(x: f64) -> (f64, f64) {
    let scaled = x * 134_217_729.0;
    let high = scaled - (scaled - x);
    (high, x - high)
}

/// A number times a power of two.
#[derive(Clone, Copy, Debug)]
pub struct Scaled {
    number: Wide,
    exponent: i32,
}

impl From<Wide> for Scaled {
    fn from(number: Wide) -> Self {
        Self { number, exponent: 0 }
    }
}

/// e^x, of numbers below 2000 in size.
pub fn exp(x: Wide) -> Scaled {
    const TERMS: u32 = 16;
    const HALVINGS: i32 = 5;
    let k = (x.high / consts::LN_2).round();
    let r = x.plus(LN2.times(Wide::from(-k)));
    let r = r.times(Wide::from((-f64::from(HALVINGS)).exp2()));
    // By Horner: 1 + r*(1 + r/2*(1 + r/3*(..)))
    let mut number = Wide::from(1.0);
    for n in (1..=TERMS).rev() {
        number = number.times(r).over(Wide::from(f64::from(n))).plus(Wide::from(1.0));
    }
    for _ in 0..HALVINGS {
        number = number.times(number);
    }
    Scaled { number, exponent: k as i32 }
}

/// ln(x), of positive finite numbers.
pub fn ln(x: f64) -> Wide {
    const TERMS: u32 = 26;
    const UP: f64 = 54.0;
    let (x, more) = if x < f64::MIN_POSITIVE { (x * UP.exp2(), -UP) } else { (x, 0.0) };
    let bits = x.to_bits();
    let (fraction, exponent) = (bits & ((1 << 52) - 1), (bits >> 52) as i32 - 1023);
    let z = f64::from_bits(fraction | 1023 << 52);
    let (z, exponent) = if z > consts::SQRT_2 { (z / 2.0, exponent + 1) } else { (z, exponent) };
    // ln(z) = 2*(s + s^3/3 + s^5/5 + ..)
    let s = Wide::from(z - 1.0).over(Wide::of_sum(z, 1.0));
    let s2 = s.times(s);
    let mut sum = Wide::from(0.0);
    for n in (0..TERMS).rev() {
        sum = sum.times(s2).plus(Wide::from(1.0).over(Wide::from(f64::from(2 * n + 1))));
    }
    let ln_z = sum.times(s).times(Wide::from(2.0));
    LN2.times(Wide::from(f64::from(exponent) + more)).plus(ln_z)
}

/// a^b, of positive finite a, where it is not far out of the range of f64.
pub fn pow(a: f64, b: f64) -> Scaled {
    exp(ln(a).times(Wide::from(b)))
}

/// How far `found` is from the true value, in units of the last place that an f64 of the true value's size has.
///
/// Infinite when one is infinite or NaN and the other rounds to an f64.
pub fn ulps(found: f64, truth: impl Into<Scaled>) -> f64 {
    const LEAST_EXPONENT: i32 = -1074;
    const GREATEST_EXPONENT: i32 = 1023;
    let Scaled { number, exponent } = truth.into();
    if number.high == 0.0 {
        return if found == 0.0 { 0.0 } else { f64::INFINITY };
    }
    let size = number.high.abs().log2().floor() as i32;
    // The unit, in the scale of `number`.
    let unit = (size - 52).max(LEAST_EXPONENT - exponent);
    if found.is_infinite() {
        let is_beyond = size + exponent > GREATEST_EXPONENT
            || number.high.abs() / f64::from(size).exp2() >= 2.0 - f64::EPSILON && size + exponent == GREATEST_EXPONENT;
        return if is_beyond && (found > 0.0) == (number.high > 0.0) { 0.0 } else { f64::INFINITY };
    }
    // Two steps, because a factor of 2^1074 is none.
    let half = f64::from(-exponent / 2).exp2();
    let found = found * half * f64::from(-exponent - -exponent / 2).exp2();
    ((found - number.high) - number.low).abs() / f64::from(unit).exp2()
}
