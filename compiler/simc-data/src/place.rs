//! Places of a sheet as spreadsheet programs write them: `B2`, `$B$2`, `AA`, `Sheet1!$B$2:$D$5`.

/// Columns and rows of a sheet.
const MAX_COLUMNS: u32 = 1 << 14;
const MAX_ROWS: u32 = 1 << 20;

/// A rectangle of cells. Rows and columns count from 0, and both corners are part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// Row and column of the upper left corner.
    pub first: (u32, u32),
    /// Row and column of the lower right corner.
    pub last: (u32, u32),
}

/// A name that a workbook gives to cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedArea {
    /// The name.
    pub name: String,
    /// The worksheet that holds the cells.
    pub worksheet: String,
    /// The cells.
    pub area: Area,
}

/// The column of letters such as `A` or `ab`, counted from 0.
pub fn parse_column(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 3 {
        return None;
    }
    let mut column = 0;
    for byte in text.bytes() {
        if !byte.is_ascii_alphabetic() {
            return None;
        }
        column = column * 26 + u32::from(byte.to_ascii_uppercase() - b'A') + 1;
    }
    Some(column - 1).filter(|column| *column < MAX_COLUMNS)
}

/// The row of digits, counted from 0: `1` is row 0.
pub fn parse_row(text: &str) -> Option<u32> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse::<u32>().ok()?.checked_sub(1).filter(|row| *row < MAX_ROWS)
}

/// Row and column of a cell such as `B2` or `$b$2`.
pub fn parse_cell(text: &str) -> Option<(u32, u32)> {
    let text = text.strip_prefix('$').unwrap_or(text);
    let n_letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = text.split_at(n_letters);
    Some((parse_row(digits.strip_prefix('$').unwrap_or(digits))?, parse_column(letters)?))
}

/// The worksheet and the cells of `Sheet1!$B$2:$D$5` or `'my sheet'!$B$2`.
#[cfg(feature = "workbooks")]
pub(crate) fn parse_reference(text: &str) -> Option<(String, Area)> {
    let (sheet, cells) = text.trim_start_matches('=').rsplit_once('!')?;
    let sheet = match sheet.strip_prefix('\'').and_then(|sheet| sheet.strip_suffix('\'')) {
        Some(quoted) => quoted.replace("''", "'"),
        None => sheet.to_owned(),
    };
    let (first, last) = cells.split_once(':').unwrap_or((cells, cells));
    let (first, last) = (parse_cell(first)?, parse_cell(last)?);
    (first.0 <= last.0 && first.1 <= last.1).then_some((sheet, Area { first, last }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_rows_and_cells_are_read_as_spreadsheets_write_them() {
        assert_eq!((parse_column("A"), parse_column("z"), parse_column("AA")), (Some(0), Some(25), Some(26)));
        assert_eq!((parse_column("XFD"), parse_column("XFE"), parse_column("A1")), (Some(16383), None, None));
        assert_eq!(
            (parse_row("1"), parse_row("0"), parse_row("-1"), parse_row("9999999")),
            (Some(0), None, None, None)
        );
        assert_eq!(parse_cell("b2"), Some((1, 1)));
        assert_eq!(parse_cell("$AB$30"), Some((29, 27)));
        for bad in ["", "2", "B", "B2C", "time1", "B 2", "é2"] {
            assert_eq!(parse_cell(bad), None, "{bad}");
        }
    }

    #[test]
    fn references_name_a_worksheet_and_cells() {
        let area = Area { first: (1, 1), last: (4, 3) };
        assert_eq!(parse_reference("Sheet1!$B$2:$D$5"), Some(("Sheet1".to_owned(), area)));
        let one = Area { first: (1, 1), last: (1, 1) };
        assert_eq!(parse_reference("'it''s'!$B$2"), Some(("it's".to_owned(), one)));
        assert_eq!(parse_reference("SUM(A1)"), None);
        assert_eq!(parse_reference("S!#REF!"), None);
    }
}
