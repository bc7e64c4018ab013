//! Sizes in bytes as people write them.

/// A number of bytes: digits, then perhaps `K`, `M` or `G` (powers of 1024), then perhaps `B` or `iB`.
pub(super) fn parse_byte_size(text: &str) -> Result<u64, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim_start();
    let shift = match unit.strip_suffix("iB").or(unit.strip_suffix('B')).unwrap_or(unit) {
        "" => 0,
        "K" | "k" => 10,
        "M" | "m" => 20,
        "G" | "g" => 30,
        _ => return Err(format!("`{unit}` is no unit of size; give bytes, or K, M or G after the number")),
    };
    let number: u64 = number.parse().map_err(|_| "give a number of bytes".to_owned())?;
    number.checked_mul(1 << shift).ok_or_else(|| "more bytes than there can be".to_owned())
}

/// The same for the bytes of a function.
pub(super) fn parse_function_size(text: &str) -> Result<u32, String> {
    let bytes = parse_byte_size(text)?;
    u32::try_from(bytes)
        .ok()
        .filter(|&bytes| bytes >= 512)
        .ok_or_else(|| "give at least 512 bytes, and less than 4G".to_owned())
}

/// A size for people: the largest unit of which there is at least one.
pub(super) fn show_byte_size(bytes: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    match units.into_iter().find(|&(shift, _)| bytes >> shift > 0) {
        Some((shift, unit)) => format!("{:.1} {unit}", bytes as f64 / f64::from(1u32 << shift)),
        None => format!("{bytes} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::{parse_byte_size, parse_function_size, show_byte_size};

    #[test]
    fn reads_units_and_refuses_the_rest() {
        assert_eq!(parse_byte_size("65536"), Ok(65536));
        assert_eq!(parse_byte_size("64K"), Ok(65536));
        assert_eq!(parse_byte_size("2 GiB"), Ok(2 << 30));
        for wrong in ["", "-1", "1.5M", "12 parsecs", "99999999999999999999", "99999999999G"] {
            assert!(parse_byte_size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_function_has_room_for_something() {
        assert_eq!(parse_function_size("8K"), Ok(8192));
        assert!(parse_function_size("511").is_err() && parse_function_size("4G").is_err());
    }

    #[test]
    fn shows_the_largest_unit() {
        assert_eq!([0, 1023, 1536, 5 << 30].map(show_byte_size), ["0 B", "1023 B", "1.5 KiB", "5.0 GiB"]);
    }
}
