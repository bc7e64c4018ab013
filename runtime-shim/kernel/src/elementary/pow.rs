//! a^b: e^(b*ln(a)) with a logarithm of about 68 bits.

use super::exp;
use super::log::{self, Reduced};
use super::tables::POW_REST;

/// The bits below the exponent.
const FRACTION: u64 = (1 << 52) - 1;

/// a^b by IEEE 754's `pow`, wrong by less than 0.55 of the result's last place (0.8 where it is subnormal).
///
/// Exactly `a` at 1, `a*a` at 2, `1/a` at -1, and the square root at 0.5 but for -0 and minus infinity.
#[inline(always)]
pub fn pow(a: f64, b: f64) -> f64 {
    // Exponents with values of their own, and infinities, are powers of two or 0.
    if log::is_plain(a.to_bits()) && b.to_bits() & FRACTION != 0 { of_bits(a.to_bits(), 0, b) } else { other(a, b) }
}

#[cold]
#[inline(never)]
fn other(a: f64, b: f64) -> f64 {
    if b == 0.0 || a == 1.0 {
        return 1.0;
    }
    if a.is_nan() || b.is_nan() {
        return f64::NAN;
    }
    if b == 1.0 {
        return a;
    }
    if b == 2.0 {
        return a * a;
    }
    if b == -1.0 {
        return 1.0 / a;
    }
    if b == 0.5 && a > 0.0 {
        return libm::sqrt(a);
    }
    let size = a.abs();
    if b.is_infinite() {
        return if size == 1.0 {
            1.0
        } else if (size > 1.0) == (b > 0.0) {
            f64::INFINITY
        } else {
            0.0
        };
    }
    let is_negative = a.is_sign_negative();
    let is_even = b * 0.5 == libm::floor(b * 0.5);
    if is_negative && size != 0.0 && size.is_finite() && b != libm::floor(b) {
        return f64::NAN;
    }
    let power = if size == 0.0 || size.is_infinite() {
        if (size == 0.0) == (b < 0.0) { f64::INFINITY } else { 0.0 }
    } else if size < f64::MIN_POSITIVE {
        let (bits, more) = log::normalised(size);
        of_bits(bits, more, b)
    } else {
        of_bits(size.to_bits(), 0, b)
    };
    if is_negative && !is_even && b == libm::floor(b) { -power } else { power }
}

/// The power of a positive normal number times 2^more.
#[inline(always)]
fn of_bits(bits: u64, more: i64, b: f64) -> f64 {
    let [log, log_tail] = ln(log::reduce::<20>(bits, more));
    // The product of two numbers of 26 bits is exact.
    let (b_high, log_high) = (first_bits(b), first_bits(log));
    let (b_low, log_low) = (b - b_high, (log - log_high) + log_tail);
    let high = b_high * log_high;
    let tail = b_low * log_high + b * log_low;
    if exp::is_plain(high) { exp::near(high, tail, 0) } else { beyond(high, tail, b, log) }
}

/// The power where it may not be a normal number; b may be NaN, too.
#[cold]
#[inline(never)]
fn beyond(high: f64, tail: f64, b: f64, log: f64) -> f64 {
    if !b.is_nan() {
        exp::far(high, tail)
    } else if log == 0.0 {
        1.0
    } else {
        b
    }
}

/// The logarithm and what is missing.
#[inline(always)]
fn ln(reduced: Reduced) -> [f64; 2] {
    let Reduced { base, tail, r, r_high, r_low } = reduced;
    // ln(1 + r) = r - r^2/2 + r^3*(..). Sums of a larger and a smaller number, with what they lose; the square of the first bits of r
    // is exact.
    let sum = base + r;
    let sum_lost = base - sum + r;
    let square = -0.5 * r_high * r_high;
    let high = sum + square;
    let high_lost = sum - high + square;
    let square_rest = -0.5 * r_low * (r_high + r);
    let r2 = r * r;
    let [c0, c1, c2, c3, c4, c5] = POW_REST;
    let rest = r * r2 * ((c0 + r * c1) + r2 * ((c2 + r * c3) + r2 * (c4 + r * c5)));
    let low = ((sum_lost + tail) + high_lost) + (square_rest + rest);
    let log = high + low;
    [log, high - log + low]
}

/// A number without its last 27 bits.
#[inline(always)]
fn first_bits(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & !((1 << 27) - 1))
}
