mod comparing;
mod corpus;
mod isdb_files;
mod tables;
mod vdf_files;
mod vensim;

use crate::{Run, read};

/// The run that bytes hold.
fn run(bytes: &[u8]) -> Run {
    read(bytes).unwrap_or_else(|fault| panic!("{fault}"))
}

/// Why bytes hold no run.
fn fault(bytes: &[u8]) -> String {
    read(bytes).expect_err("nothing to read").message
}

/// Name, times and values of each series.
fn shown(run: &Run) -> Vec<String> {
    run.series.iter().map(|series| format!("{} {:?} {:?}", series.name, series.times, series.values)).collect()
}
