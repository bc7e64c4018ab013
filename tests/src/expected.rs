//! Expected values of the project's own models: `NAME.expected.csv`, sparse times, a tolerance in the first line.

use std::path::Path;

/// What a model must give.
#[derive(Debug)]
pub struct Expected {
    /// Relative tolerance; 0 means exactly equal.
    pub rtol: f64,
    /// Titles after `time`.
    pub titles: Vec<String>,
    /// Time and cells; an empty cell is not compared.
    pub rows: Vec<(f64, Vec<Option<f64>>)>,
}

impl Expected {
    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with it, with its path.
    pub fn read(path: &Path) -> Result<Expected, String> {
        let fault = |what: String| format!("{}: {what}", path.display());
        let text = std::fs::read_to_string(path).map_err(|error| fault(error.to_string()))?;
        let mut rtol = 0.0;
        for line in text.lines().filter(|line| line.starts_with('#')) {
            if let Some(number) = line.trim_start_matches('#').trim().strip_prefix("rtol=") {
                rtol = number.trim().parse().map_err(|_| fault(format!("not a tolerance: {number}")))?;
            }
        }
        let mut reader =
            csv::ReaderBuilder::new().comment(Some(b'#')).trim(csv::Trim::All).from_reader(text.as_bytes());
        let headers = reader.headers().map_err(|error| fault(error.to_string()))?;
        let titles = headers.iter().skip(1).map(str::to_owned).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| fault(error.to_string()))?;
            let mut cells = record.iter().map(|cell| match cell {
                "" => Ok(None),
                number => number.parse().map(Some).map_err(|_| fault(format!("not a number: {number}"))),
            });
            let time = cells
                .next()
                .ok_or_else(|| fault("an empty row".into()))??
                .ok_or_else(|| fault("a row without a time".into()))?;
            rows.push((time, cells.collect::<Result<Vec<_>, _>>()?));
        }
        Ok(Expected { rtol, titles, rows })
    }

    /// Compares with results: titles and rows as a run gives them, the first column being the time. Times in the file may be sparse,
    /// but its first and its last one are those of the run, so that neither a missing nor a further row goes unnoticed.
    ///
    /// # Errors
    /// Every cell that is missing or off, one a line.
    pub fn compare(&self, titles: &[String], rows: &[Vec<f64>]) -> Result<(), String> {
        let mut faults = Vec::new();
        let ends = [("first", self.rows.first(), rows.first()), ("last", self.rows.last(), rows.last())];
        for (which, expected, got) in ends {
            match (expected, got) {
                (Some(&(time, _)), Some(row)) if is_at(row, time) => {}
                (expected, got) => {
                    let (expected, got) = (expected.map(|(time, _)| time), got.map(|row| row[0]));
                    faults.push(format!("the {which} row is at {got:?}, not {expected:?}"));
                }
            }
        }
        for (column, title) in self.titles.iter().enumerate() {
            let Some(at) = titles.iter().position(|name| name == title) else {
                faults.push(format!("no column `{title}`"));
                continue;
            };
            for (time, cells) in &self.rows {
                let Some(expected) = cells[column] else { continue };
                match rows.iter().find(|row| is_at(row, *time)) {
                    None => faults.push(format!("no row at time {time}")),
                    Some(row) if is_close(row[at], expected, self.rtol) => {}
                    Some(row) => faults.push(format!("`{title}` at {time}: expected {expected:?}, got {:?}", row[at])),
                }
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
    }
}

/// Whether a row is at a time, rounding apart.
fn is_at(row: &[f64], time: f64) -> bool {
    (row[0] - time).abs() <= 1e-9 * time.abs().max(1.0)
}

fn is_close(got: f64, expected: f64, rtol: f64) -> bool {
    got == expected
        || got.is_nan() && expected.is_nan()
        || (got - expected).abs() <= rtol * got.abs().max(expected.abs()).max(f64::MIN_POSITIVE)
}
