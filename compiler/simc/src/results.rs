//! Saved rows as text.

use std::io::{self, Write};

use serde_json::Value;

pub use number::Number;

mod number;

/// Where saved rows come from.
pub trait Rows {
    /// How many there are.
    fn n_rows(&self) -> u64;

    /// The number in a row at a position of the row.
    fn value(&self, row: u64, position: usize) -> f64;
}

/// A column of a table of results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The variable as its author wrote it.
    pub title: String,
    /// Its position in a row.
    pub position: usize,
}

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Fields between commas, a header row, quotes where a name needs them.
    Csv,
    /// The same between tabs.
    Tsv,
    /// One object: a list of numbers for each column, in the order of the columns.
    Json,
    /// Vensim's text data: for each column its title on a line, then a line for each row with the first column's number, a tab
    /// and its own. The first column is the times. Rows without a value are left out.
    Dat,
}

/// Writes the columns of all rows.
pub fn write(out: &mut dyn Write, format: Format, columns: &[Column], rows: &dyn Rows) -> io::Result<()> {
    match format {
        Format::Csv => write_delimited(out, b',', columns, rows),
        Format::Tsv => write_delimited(out, b'\t', columns, rows),
        Format::Json => write_json(out, columns, rows),
        Format::Dat => write_dat(out, columns, rows),
    }
}

fn write_delimited(out: &mut dyn Write, delimiter: u8, columns: &[Column], rows: &dyn Rows) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
    writer.write_record(columns.iter().map(|column| column.title.as_bytes())).map_err(into_io)?;
    let mut field = Vec::new();
    for row in 0..rows.n_rows() {
        for column in columns {
            field.clear();
            write!(field, "{}", Number(rows.value(row, column.position)))?;
            writer.write_field(&field).map_err(into_io)?;
        }
        writer.write_record(None::<&[u8]>).map_err(into_io)?;
    }
    writer.flush()
}

/// JSON has no word for what is not finite, so those are strings that both `Number(..)` and `float(..)` read.
fn write_json(out: &mut dyn Write, columns: &[Column], rows: &dyn Rows) -> io::Result<()> {
    out.write_all(b"{")?;
    for (index, column) in columns.iter().enumerate() {
        let separator = if index == 0 { "" } else { "," };
        write!(out, "{separator}\n{}:[", Value::from(column.title.as_str()))?;
        for row in 0..rows.n_rows() {
            if row > 0 {
                out.write_all(b",")?;
            }
            write_json_number(out, rows.value(row, column.position))?;
        }
        out.write_all(b"]")?;
    }
    out.write_all(b"\n}\n")
}

fn write_dat(out: &mut dyn Write, columns: &[Column], rows: &dyn Rows) -> io::Result<()> {
    let Some((times, columns)) = columns.split_first() else { return Ok(()) };
    for column in columns {
        let title = column.title.replace(['\t', '\n', '\r'], " ");
        let mut is_titled = false;
        for row in 0..rows.n_rows() {
            let value = rows.value(row, column.position);
            if value.is_nan() {
                continue;
            }
            if !is_titled {
                writeln!(out, "{title}")?;
                is_titled = true;
            }
            writeln!(out, "{}\t{}", Number(rows.value(row, times.position)), Number(value))?;
        }
    }
    Ok(())
}

fn write_json_number(out: &mut dyn Write, value: f64) -> io::Result<()> {
    if value.is_nan() {
        out.write_all(b"\"NaN\"")
    } else if value.is_infinite() {
        write!(out, "\"{}Infinity\"", if value < 0.0 { "-" } else { "" })
    } else {
        write!(out, "{}", Number(value))
    }
}

fn into_io(error: csv::Error) -> io::Error {
    let kind = error.into_kind();
    if let csv::ErrorKind::Io(error) = kind { error } else { io::Error::other(format!("{kind:?}")) }
}

#[cfg(test)]
mod tests {
    use super::{Column, Format, Rows, write};

    struct Two;

    impl Rows for Two {
        fn n_rows(&self) -> u64 {
            2
        }

        fn value(&self, row: u64, position: usize) -> f64 {
            [[0.0, f64::NAN], [0.25, f64::INFINITY]][row as usize][position]
        }
    }

    fn text(format: Format) -> String {
        let columns =
            [Column { title: "time".to_owned(), position: 0 }, Column { title: "a, \"b\"\tc".to_owned(), position: 1 }];
        let mut out = Vec::new();
        write(&mut out, format, &columns, &Two).expect("memory takes every byte");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn quotes_names_only_where_the_delimiter_asks_for_it() {
        assert_eq!(text(Format::Csv), "time,\"a, \"\"b\"\"\tc\"\n0,NaN\n0.25,inf\n");
        assert_eq!(text(Format::Tsv), "time\t\"a, \"\"b\"\"\tc\"\n0\tNaN\n0.25\tinf\n");
    }

    #[test]
    fn text_data_leaves_out_what_has_no_value() {
        assert_eq!(text(Format::Dat), "a, \"b\" c\n0.25\tinf\n");
    }

    #[test]
    fn json_is_valid_whatever_the_numbers_are() {
        let value: serde_json::Value = serde_json::from_str(&text(Format::Json)).expect("valid");
        assert_eq!(value["time"], serde_json::json!([0, 0.25]));
        assert_eq!(value["a, \"b\"\tc"], serde_json::json!(["NaN", "Infinity"]));
    }
}
