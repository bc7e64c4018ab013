//! Numbers as text, every bit kept.

use kernel::abi::CANONICAL_NAN;

/// The shortest text that [`parse_f64`] reads back as the same bits, but for a NaN's sign and payload, which are spelt out.
pub(super) fn print_f64(value: f64) -> String {
    if !value.is_nan() {
        format!("{value:?}")
    } else if value.to_bits() == CANONICAL_NAN {
        "nan".to_owned()
    } else {
        format!("nan({:#018x})", value.to_bits())
    }
}

/// Reads a decimal number, `inf`, `-inf` or `nan`. None for anything else, and for a decimal too large for an f64.
pub(super) fn parse_f64(text: &str) -> Option<f64> {
    match text {
        "inf" => Some(f64::INFINITY),
        "-inf" => Some(f64::NEG_INFINITY),
        "nan" => Some(f64::from_bits(CANONICAL_NAN)),
        _ => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            let decimal = digits.starts_with(|c: char| c.is_ascii_digit());
            let value: f64 = text.parse().ok()?;
            (decimal && value.is_finite()).then_some(value)
        }
    }
}

/// Reads `0x` and hexadecimal digits as the bits of a NaN. None for anything else.
pub(super) fn parse_nan_bits(text: &str) -> Option<f64> {
    let digits = text.strip_prefix("0x")?;
    let plain = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let bits = u64::from_str_radix(digits, 16).ok()?;
    let value = f64::from_bits(bits);
    (plain && value.is_nan()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finite_numbers_read_back_to_the_bit() {
        for value in
            [0.0, -0.0, 1.0, 0.1, -1.0 / 3.0, 1e300, 5e-324, f64::MAX, 1e16, 1e-7, f64::INFINITY, -f64::INFINITY]
        {
            let text = print_f64(value);
            assert_eq!(parse_f64(&text).map(f64::to_bits), Some(value.to_bits()), "{text}");
        }
    }

    #[test]
    fn nan_shows_its_payload_unless_it_is_canonical() {
        assert_eq!(print_f64(f64::from_bits(CANONICAL_NAN)), "nan");
        assert_eq!(print_f64(f64::from_bits(0xfff8_0000_0000_0001)), "nan(0xfff8000000000001)");
        assert_eq!(parse_nan_bits("0xfff8000000000001").map(f64::to_bits), Some(0xfff8_0000_0000_0001));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "-", "1e999", "infinity", "+1", ".5", "0x1", "1_0", "-nan", "NaN"] {
            assert_eq!(parse_f64(text).map(f64::to_bits), None, "{text}");
        }
        for text in ["0x", "0x1", "7ff8", "0x+7ff8000000000000", "0x7ff0000000000000", "0x17ff8000000000000"] {
            assert_eq!(parse_nan_bits(text).map(f64::to_bits), None, "{text}");
        }
    }
}
