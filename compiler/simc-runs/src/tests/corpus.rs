//! Runs of Vensim beside tables of the same runs, where the corpus is there.

use std::path::Path;

use crate::{Run, read};

/// The file of the corpus, where it is there.
fn corpus(name: &str) -> Option<Run> {
    let shared = std::env::var_os("SIMC_SHARED")?;
    let bytes = std::fs::read(Path::new(&shared).join("corpus").join(name)).expect("the corpus is whole");
    Some(read(&bytes).unwrap_or_else(|fault| panic!("{name} {fault}")))
}

/// What both have is equal to six digits; how many variables that are.
fn assert_same(run: &Run, table: &Run) -> usize {
    let mut n = 0;
    for expected in &table.series {
        let Some(found) = run.series.iter().find(|series| series.name == expected.name) else { continue };
        n += 1;
        let pairs = expected.times.iter().zip(&expected.values).filter(|(_, value)| !value.is_nan());
        for (&time, &value) in pairs {
            let at = found.times.iter().position(|&t| (t - time).abs() < 1e-6).expect("the time is there");
            let is_close = (found.values[at] - value).abs() <= 2e-6 * value.abs().max(1e-30);
            assert!(is_close, "`{}` at {time}: {} and {value}", expected.name, found.values[at]);
        }
    }
    n
}

#[test]
fn runs_of_vensim_are_their_tables() {
    for stem in [
        "pop/pop",
        "subscripts/subscripts",
        "econ_mark2/mark2",
        "edit_5_stock/run_5",
        "edit_8_change_subscript/run_8",
        "x_is_aux/x_is_aux",
        "x_is_stock/x_is_stock",
    ] {
        let (Some(run), Some(table)) = (corpus(&format!("vdf/{stem}.vdf")), corpus(&format!("vdf/{stem}.csv"))) else {
            return;
        };
        let hidden = table.series.iter().filter(|series| series.name.starts_with('#')).count();
        assert_eq!(assert_same(&run, &table), table.series.len() - hidden, "{stem}");
    }
}

#[test]
fn a_data_set_is_its_text() {
    let (Some(set), Some(text)) = (corpus("vdf/vdfx/prune_data.vdfx"), corpus("sde/prune/prune_data.dat")) else {
        return;
    };
    assert_eq!(assert_same(&set, &text), text.series.len());
    assert_eq!(set.series.len(), text.series.len());
}

#[test]
fn a_run_in_double_precision_is_its_text() {
    let (Some(run), Some(text)) = (corpus("vdf/vdfx/subscript.vdfx"), corpus("sde/subscript/subscript.dat")) else {
        return;
    };
    // The text is of a later version of the model.
    assert_eq!(assert_same(&run, &text), 58);
}
