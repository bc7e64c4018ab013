//! Numbers as texts of tables write them.

/// Which character is before the decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// `1.5`
    Point,
    /// `1,5`
    Comma,
}

/// Reads digits with an optional sign, decimal mark and exponent, and nothing else: no thousands, no per cent, no `inf`.
/// A number beyond the largest double is infinite.
pub(crate) fn parse(text: &str, mark: Mark) -> Option<f64> {
    let is_digits = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | ','))
        && text.contains(|c: char| c.is_ascii_digit())
        && !text.contains(|c: char| c.is_ascii_alphabetic() && !matches!(c, 'e' | 'E'));
    if !is_digits {
        return None;
    }
    match mark {
        Mark::Point => text.parse().ok(),
        Mark::Comma if text.contains('.') => None,
        Mark::Comma => text.replacen(',', ".", 1).parse().ok(),
    }
}

/// Which decimal marks of a table's cells there are: whether some number has a point, and whether some has a comma.
pub(crate) fn marks<'a>(cells: impl Iterator<Item = &'a str>) -> (bool, bool) {
    cells.fold((false, false), |(point, comma), cell| {
        let has = |mark: char, as_mark: Mark| cell.contains(mark) && parse(cell, as_mark).is_some();
        (point || has('.', Mark::Point), comma || has(',', Mark::Comma))
    })
}
