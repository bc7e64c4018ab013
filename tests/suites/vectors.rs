//! The vectors for hosts are what the oracle gives.

use libtest_mimic::Trial;
use tests::vectors;

use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial("vectors::are_fresh", fresh)]
}

fn fresh() -> Result<(), String> {
    let (files, _) = vectors::all()?;
    let committed = |file: &vectors::Vectors| std::fs::read_to_string(file.path()).unwrap_or_default();
    if std::env::var_os("SIMC_BLESS").is_some() {
        let write = |file: &vectors::Vectors| std::fs::write(file.path(), file.text());
        return files.iter().try_for_each(write).map_err(|error| error.to_string());
    }
    let stale: Vec<&str> = files.iter().filter(|file| committed(file) != file.text()).map(|file| file.name).collect();
    if stale.is_empty() { Ok(()) } else { Err(format!("tests/vectors: {stale:?} are not what gen_vectors writes")) }
}
