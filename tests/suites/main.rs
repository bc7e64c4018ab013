//! Every test that needs more than one crate, in one binary: `cargo test -p tests -- life` runs those whose name holds `life`.

mod contexts;
mod contract;
mod convert;
mod corpus;
mod counts;
mod determinism;
mod docs;
mod filetests;
mod functions;
mod fuzz;
mod golden;
mod hostile;
mod hosts;
mod life;
mod limits;
mod metamorphic;
mod models;
mod native;
mod random;
mod replacements;
mod structure;
mod vectors;
mod vensim_pairs;
mod worked;

use std::collections::BTreeMap;

use libtest_mimic::{Arguments, Failed, Trial};

/// The environment variable that names a file with the trials to run, in this order, up to the first that fails.
const TRIALS_VARIABLE: &str = "SIMC_TRIALS";

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    trials.extend(structure::trials());
    trials.extend(filetests::trials());
    trials.extend(models::trials());
    trials.extend(life::trials());
    trials.extend(contract::trials());
    trials.extend(random::trials());
    trials.extend(worked::trials());
    trials.extend(replacements::trials());
    trials.extend(metamorphic::trials());
    trials.extend(contexts::trials());
    trials.extend(vensim_pairs::trials());
    trials.extend(convert::trials());
    trials.extend(vectors::trials());
    trials.extend(limits::trials());
    trials.extend(determinism::trials());
    trials.extend(native::trials());
    trials.extend(functions::trials());
    trials.extend(counts::trials());
    trials.extend(golden::trials());
    trials.extend(docs::trials());
    trials.extend(hostile::trials());
    trials.extend(hosts::trials());
    trials.extend(fuzz::trials());
    trials.extend(corpus::trials());
    if let Some(list) = std::env::var_os(TRIALS_VARIABLE) {
        let list = std::fs::read_to_string(&list).expect("the list of trials is readable");
        trials = listed(trials, &list);
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// The trials of a list, one name a line, in its order.
fn listed(trials: Vec<Trial>, list: &str) -> Vec<Trial> {
    let mut trials: BTreeMap<String, Trial> =
        trials.into_iter().map(|trial| (trial.name().to_owned(), trial)).collect();
    list.lines().filter_map(|name| trials.remove(name)).collect()
}

/// A test from a function that says what went wrong.
fn trial(name: impl Into<String>, test: impl FnOnce() -> Result<(), String> + Send + 'static) -> Trial {
    let name = name.into();
    let shown = name.clone();
    Trial::test(name, move || {
        let Some(_) = std::env::var_os(TRIALS_VARIABLE) else { return test().map_err(Failed::from) };
        // One failure says all that is asked.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(test));
        if !matches!(outcome, Ok(Ok(()))) {
            end_with_failure(&shown);
        }
        Ok(())
    })
}

#[expect(clippy::print_stdout, reason = "whoever asked for some trials alone reads which one failed")]
fn end_with_failure(name: &str) -> ! {
    println!("\nfirst failure: {name}");
    std::process::exit(1)
}
