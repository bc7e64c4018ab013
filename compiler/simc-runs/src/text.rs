//! Bytes of a text file as text.

use crate::Fault;

/// Bytes of a text that are read.
const MAX_BYTES: usize = 256 << 20;

/// Decodes UTF-8, UTF-16 with a byte order mark, or else Windows-1252, in which Vensim and Stella write on Windows.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, Fault> {
    if bytes.len() > MAX_BYTES {
        return Err(Fault::new(
            format!("is larger than {} MiB", MAX_BYTES >> 20),
            "save fewer variables, or save them less often",
        ));
    }
    let (encoding, skipped) = encoding_rs::Encoding::for_bom(bytes).unwrap_or((encoding_rs::UTF_8, 0));
    let body = &bytes[skipped..];
    let text = encoding
        .decode_without_bom_handling_and_without_replacement(body)
        .or_else(|| encoding_rs::WINDOWS_1252.decode_without_bom_handling_and_without_replacement(body));
    match text {
        Some(text) if !text.contains('\0') => Ok(text.into_owned()),
        Some(_) | None => Err(Fault::new(
            "is neither text nor a kind of run that simc reads",
            "save the run as CSV, as a tab-separated table, as .dat, .vdf or .vdfx, or as a workbook",
        )),
    }
}

/// Numbers as simulators print them, and the words that they print for none.
pub(crate) fn number(cell: &str) -> Option<f64> {
    /// What stands for a value that is missing.
    const MISSING: [&str; 8] = ["", ":na:", "na", "#n/a", "nan", "?", "1.#qnan", "-1.#ind"];

    let cell = cell.trim();
    let is_number = cell.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
        && cell.contains(|c: char| c.is_ascii_digit());
    if let Some(number) = cell.parse().ok().filter(|_| is_number) {
        return Some(number);
    }
    let word = cell.to_ascii_lowercase();
    match word.as_str() {
        word if MISSING.contains(&word) => Some(f64::NAN),
        "1.#inf" | "inf" | "infinity" | "∞" => Some(f64::INFINITY),
        "-1.#inf" | "-inf" | "-infinity" | "-∞" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// How many significant digits a number is written with.
pub(crate) fn significant_digits(cell: &str) -> usize {
    let mantissa = cell.split(['e', 'E']).next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').len()
}
