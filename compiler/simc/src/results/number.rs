//! Numbers as text: the shortest decimal that reads back to the same f64.

use std::fmt;

/// Shows a number so that a reader gets the same bits: digits between 1e-5 and 1e16, else with an exponent; `NaN`, `inf`, `-inf`.
#[derive(Clone, Copy, Debug)]
pub struct Number(pub f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Number(value) = *self;
        let size = value.abs();
        if size == 0.0 || !size.is_finite() || (1e-5..1e16).contains(&size) {
            write!(f, "{value}")
        } else {
            write!(f, "{value:e}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn writes_what_reads_back_to_the_same_bits() {
        let mut bits = 1u64;
        for _ in 0..10_000 {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let value = f64::from_bits(bits);
            if !value.is_nan() {
                let read: f64 = Number(value).to_string().parse().expect("a number");
                assert_eq!(read.to_bits(), value.to_bits(), "{value:e}");
            }
        }
    }

    #[test]
    fn is_short_for_the_very_large_and_the_very_small() {
        let texts = [0.0, -0.0, 0.1, 1e300, -2.5e-9, 123_456.75, 1e15, 1e16, f64::NAN, f64::NEG_INFINITY]
            .map(|value| Number(value).to_string());
        assert_eq!(
            texts,
            ["0", "-0", "0.1", "1e300", "-2.5e-9", "123456.75", "1000000000000000", "1e16", "NaN", "-inf"]
        );
    }
}
