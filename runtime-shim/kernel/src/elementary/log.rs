//! ln(x), and what powers share of it.

use super::tables::{FIRST, LN_REST, LN2, LOG};

/// A number x = 2^k*z as the logarithm needs it: with 1/c near 1/z, ln(x) = k*ln(2) + ln(c) + ln(1 + r) and r = z/c - 1.
pub(super) struct Reduced {
    /// k*ln(2) + ln(c) without what is below 2^-42 of each: exact.
    pub(super) base: f64,
    /// What is missing.
    pub(super) tail: f64,
    /// r, exactly.
    pub(super) r: f64,
    /// r without its last bits.
    pub(super) r_high: f64,
    /// The last bits of r: what is below 2^-DIGITS.
    pub(super) r_low: f64,
}

/// Takes the bits of x, a positive normal number times 2^-more; DIGITS are those of z in [`Reduced::r_high`], from 20 to 32.
#[inline(always)]
pub(super) fn reduce<const DIGITS: u32>(bits: u64, more: i64) -> Reduced {
    let from_first = bits.wrapping_sub(FIRST) as i64;
    let part = LOG[(from_first >> (52 - LOG.len().ilog2())) as usize & (LOG.len() - 1)];
    let [inverse, log, log_tail] = part.map(f64::from_bits);
    let k = ((from_first >> 52) + more) as f64;
    let z_bits = bits.wrapping_sub((from_first >> 52 << 52) as u64);
    // Both products are exact, because the inverse is short. So are the sums: tables.py chooses the inverses for that.
    // Rounded rather than cut: then the last bits of r are never larger than r.
    let z_high = f64::from_bits((z_bits + (1 << (51 - DIGITS))) >> (52 - DIGITS) << (52 - DIGITS));
    let z_low = f64::from_bits(z_bits) - z_high;
    let r_high = z_high * inverse - 1.0;
    let r_low = z_low * inverse;
    Reduced { base: k * LN2[0] + log, tail: k * LN2[1] + log_tail, r: r_high + r_low, r_high, r_low }
}

/// The natural logarithm, wrong by less than 0.53 of the result's last place; less than 0.77 nearer to 1 than 2^-24.
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    if is_plain(bits) { of_bits(bits, 0) } else { other(x) }
}

/// Whether the bits are those of a positive normal number.
#[inline(always)]
pub(super) fn is_plain(bits: u64) -> bool {
    const LEAST: u64 = f64::MIN_POSITIVE.to_bits();
    bits.wrapping_sub(LEAST) < f64::INFINITY.to_bits() - LEAST
}

/// Makes a positive subnormal number a normal one by 2^54, and says by how much less its exponent is.
pub(super) fn normalised(x: f64) -> (u64, i64) {
    const UP: f64 = 18_014_398_509_481_984.0;
    ((x * UP).to_bits(), -54)
}

#[cold]
#[inline(never)]
fn other(x: f64) -> f64 {
    if x == 0.0 {
        f64::NEG_INFINITY
    } else if x.is_nan() || x < 0.0 {
        f64::NAN
    } else if x == f64::INFINITY {
        x
    } else {
        let (bits, more) = normalised(x);
        of_bits(bits, more)
    }
}

/// The logarithm of a positive normal number times 2^more.
#[inline(always)]
fn of_bits(bits: u64, more: i64) -> f64 {
    let Reduced { base, tail, r, r_high, r_low } = reduce::<32>(bits, more);
    let r2 = r * r;
    let [c0, c1, c2, c3, c4] = LN_REST;
    let rest = (r * c0 - 0.5) + r2 * ((c1 + r * c2) + r2 * (c3 + r * c4));
    // The first sum is exact: neither has bits below 2^-42. Only the last one rounds much, unless r ends where r_high does.
    (base + r_high) + ((r_low + tail) + r2 * rest)
}
