//! A saved run, by the names of its variables.

use std::collections::HashMap;

use simc_model::name::{self, Key};
use simc_runs::{Run, Series};

/// A run whose series are found by their names.
#[derive(Debug)]
pub(super) struct RunFile {
    series: HashMap<String, Series>,
}

impl RunFile {
    /// The series of a variable, or of an element, by its name.
    pub(super) fn series(&self, name: &str) -> Option<&Series> {
        self.series.get(&key(name))
    }

    /// The series of a run; of several of one name the last.
    pub(super) fn new(run: Run) -> Self {
        Self { series: run.series.into_iter().map(|series| (key(&series.name), series)).collect() }
    }
}

/// The canonical form of a name with subscripts.
fn key(written: &str) -> String {
    let canonical = |part: &str| Key::new(&name::unescape(part)).as_str().to_owned();
    match name::split_subscripts(written) {
        Some((base, Some(subscripts))) => {
            let subscripts: Vec<String> = subscripts.into_iter().map(canonical).collect();
            format!("{}[{}]", canonical(base), subscripts.join(","))
        }
        Some((_, None)) | None => canonical(written),
    }
}
