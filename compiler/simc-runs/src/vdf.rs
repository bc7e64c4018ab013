//! Vensim's binary files: runs, and data sets, in single (`.vdf`) and double precision (`.vdfx`).
//!
//! The format is not published; what is known of it was learnt from files beside tables of the same runs. A file has a
//! header, then *sections* that begin with a mark, in little-endian words of four bytes: of a run a text, the *records*
//! of variables, elements and dimensions, their *names*, the *shapes* of arrays, and the elements of dimensions. A table
//! of *offsets* has an entry for each scalar or element: where its values are in the file, or the value itself where it
//! never changes.

mod contents;
mod file;

use std::sync::Arc;

use crate::{Fault, MAX_VALUES, Precision, Run, Series, too_many_values};
use contents::{Contents, Variable};
use file::{File, Kind};

/// Whether bytes begin as a file of Vensim's does.
pub(crate) fn is_vdf(bytes: &[u8]) -> bool {
    bytes.starts_with(file::MAGIC)
}

/// Reads a run or a data set.
pub(crate) fn read(bytes: &[u8]) -> Result<Run, Fault> {
    let file = File::open(bytes)?;
    let contents = Contents::of(&file)?;
    let times: Arc<[f64]> = Arc::from(file.times()?);
    let mut series = Vec::new();
    let mut n_values = 0;
    for Variable { name, position } in contents.variables()? {
        let values = file.values(position, times.len())?;
        n_values += values.len();
        if n_values > MAX_VALUES {
            return Err(too_many_values());
        }
        series.push(match file.kind {
            Kind::Run => Series { name, times: times.clone(), values },
            Kind::Data => {
                // A data set has values at its own times alone.
                let points = times.iter().zip(&values).filter(|(_, value)| !value.is_nan());
                let (times, values): (Vec<f64>, Vec<f64>) = points.unzip();
                Series { name, times: Arc::from(times), values }
            }
        });
    }
    let precision = if file.is_double { Precision::Double } else { Precision::Single };
    Ok(Run { precision, series })
}
