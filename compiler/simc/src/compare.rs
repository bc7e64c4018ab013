//! The fidelity report: a run against a reference that another simulator saved.

use simc_model::name::{self, Key};
use simc_runs::compare::{self, Comparison, Difference, Point, Role, Tolerance};
use simc_runs::{Precision, Run, Series};

use crate::results::{Column, Rows};

pub use simc_runs::compare::Link;

mod json;
mod text;

pub use json::json;
pub use text::text;

/// Columns of results as a run that can be compared. The first column is the time.
pub fn run_of(columns: &[Column], rows: &dyn Rows) -> Run {
    let column = |position: usize| (0..rows.n_rows()).map(move |row| rows.value(row, position));
    let times = column(columns.first().map_or(0, |time| time.position)).collect::<Vec<f64>>().into();
    let series = columns.iter().skip(1).map(|variable| Series {
        name: variable.title.clone(),
        times: std::sync::Arc::clone(&times),
        values: column(variable.position).collect(),
    });
    Run { precision: Precision::Double, series: series.collect() }
}

/// Compares a run with a reference. Names are equal as equations compare them; the variables that the time axis consists of
/// count as any other.
pub fn compare(here: &Run, reference: &Run, tolerance: Tolerance, links: Option<&[Link]>) -> Comparison {
    compare::compare(here, reference, tolerance, &key, &base, links)
}

/// The canonical form of a name with subscripts.
pub fn key(written: &str) -> String {
    let canonical = |part: &str| Key::new(&name::unescape(part)).as_str().replace('·', ".");
    match name::split_subscripts(written) {
        Some((base, Some(subscripts))) => {
            let subscripts: Vec<String> = subscripts.into_iter().map(canonical).collect();
            format!("{}[{}]", canonical(base), subscripts.join(","))
        }
        Some((_, None)) | None => canonical(written),
    }
}

/// The canonical form of the name of a variable, without subscripts.
pub fn variable_key(written: &str) -> String {
    base(&key(written))
}

/// The variable's part of a key.
fn base(key: &str) -> String {
    let base = name::split_subscripts(key).and_then(|(base, subscripts)| subscripts.map(|_| base));
    base.unwrap_or(key).to_owned()
}

/// The curves of some differences, here and in the reference, as columns over the times of the reference.
pub struct Curves {
    rows: Vec<Vec<f64>>,
    /// The columns, the time first.
    pub columns: Vec<Column>,
}

impl Curves {
    /// Of the named series.
    pub fn new(here: &Run, reference: &Run, names: &[&str]) -> Self {
        let mut columns = vec![Column { title: "time".to_owned(), position: 0 }];
        let mut points: Vec<(f64, usize, f64)> = Vec::new();
        for name in names {
            let wanted = key(name);
            for (title, run) in [("here", here), ("reference", reference)] {
                let Some(series) = run.series.iter().find(|series| key(&series.name) == wanted) else { continue };
                let position = columns.len();
                columns.push(Column { title: format!("{name} ({title})"), position });
                points.extend(series.times.iter().zip(&series.values).map(|(&time, &value)| (time, position, value)));
            }
        }
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let rows = points.chunk_by(|a, b| a.0 == b.0).map(|at| {
            let mut row = vec![f64::NAN; columns.len()];
            row[0] = at[0].0;
            for &(_, position, value) in at {
                row[position] = value;
            }
            row
        });
        Self { rows: rows.collect(), columns }
    }
}

impl Rows for Curves {
    fn n_rows(&self) -> u64 {
        self.rows.len() as u64
    }

    fn value(&self, row: u64, position: usize) -> f64 {
        usize::try_from(row).ok().and_then(|row| self.rows.get(row)).map_or(f64::NAN, |row| row[position])
    }
}

/// The differences that are causes, or all where that is not known.
pub fn causes(found: &Comparison) -> impl Iterator<Item = &Difference> {
    found.differences.iter().filter(|difference| !matches!(difference.role, Role::Follows(_)))
}

/// The relative error of a point as a number that JSON has; nothing where one value is not finite.
fn finite(point: &Point) -> Option<f64> {
    Some(point.relative_error()).filter(|error| error.is_finite())
}

#[cfg(test)]
mod tests {
    use super::{base, key};

    #[test]
    fn names_fold_as_in_equations() {
        assert_eq!(key("\"Net  Births\"[North, Very_Old]"), "net_births[north,very_old]");
        assert_eq!(key("Farm·Yield"), key("farm.yield"));
        assert_eq!((base("a[b,c]"), base("a")), ("a".to_owned(), "a".to_owned()));
    }
}
