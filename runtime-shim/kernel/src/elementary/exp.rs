//! e^x and, for powers, e^(x + tail).

use super::tables::{EXP, EXP_REST, STEP, STEPS_PER_UNIT};

/// Below this size of x, e^x is a normal number, and what is below a normal number in its parts hardly matters.
const PLAIN: f64 = 700.0;

/// 1.5 * 2^52: numbers near it are whole, so that adding and taking it away rounds; the bits of the sum end in the whole number.
const TO_WHOLE: f64 = 6_755_399_441_055_744.0;

/// e^x, wrong by less than 0.53 of the result's last place; less than 0.8 where the result is subnormal.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    // NaN is not plain.
    if x.abs() < PLAIN { near(x, 0.0, 0) } else { far(x, 0.0) }
}

/// e^(x + tail) where it may be out of the range of normal numbers; a NaN x stays.
#[cold]
#[inline(never)]
pub(super) fn far(x: f64, tail: f64) -> f64 {
    /// A power of two by which the result is moved to where it is normal.
    const FAR: i64 = 256;
    if x.is_nan() {
        x
    } else if x > 710.0 {
        f64::INFINITY
    } else if x < -746.0 {
        0.0
    } else if x > 0.0 {
        near(x, tail, -FAR) * power_of_two(FAR)
    } else {
        near(x, tail, FAR) * power_of_two(-FAR)
    }
}

/// Whether e^x is to be computed by [`near`] as it is.
#[inline(always)]
pub(super) fn is_plain(x: f64) -> bool {
    x.abs() < PLAIN
}

/// e^(x + tail)*2^shift, which is a normal number; the tail is below 2^-26 of x.
///
/// x is k steps of ln(2)/64 and a rest r. e^r - 1 is short beside 1, so that its own roundings hardly matter: the last addition
/// rounds, and all that comes before is wrong by a fiftieth of that.
#[inline(always)]
pub(super) fn near(x: f64, tail: f64, shift: i64) -> f64 {
    let sum = x * STEPS_PER_UNIT + TO_WHOLE;
    let k = sum - TO_WHOLE;
    // The first difference is exact: k times the leading part has no bits below those that x has or the difference needs.
    let r = (x - k * STEP[0]) - (k * STEP[1] - tail);
    let bits = sum.to_bits() as i64;
    let [power, missing] = EXP[bits as usize & (EXP.len() - 1)];
    // Bits above those of the exponent are shifted out.
    let power = f64::from_bits(power.wrapping_add((((bits >> EXP.len().ilog2()) + shift) << 52) as u64));
    let r2 = r * r;
    let [c0, c1, c2, c3] = EXP_REST;
    let rest = f64::from_bits(missing) + r + r2 * ((c0 + r * c1) + r2 * (c2 + r * c3));
    power + power * rest
}

/// 2^exponent, a normal number.
fn power_of_two(exponent: i64) -> f64 {
    f64::from_bits(((1023 + exponent) as u64) << 52)
}
