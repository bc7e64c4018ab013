//! Every test that needs more than one crate, in one binary: `cargo test -p tests -- life` runs those whose name holds `life`.

mod contexts;
mod corpus;
mod counts;
mod determinism;
mod docs;
mod filetests;
mod fuzz;
mod golden;
mod hostile;
mod life;
mod limits;
mod metamorphic;
mod models;
mod random;
mod replacements;
mod structure;
mod vensim_pairs;
mod worked;

use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    trials.extend(structure::trials());
    trials.extend(filetests::trials());
    trials.extend(models::trials());
    trials.extend(life::trials());
    trials.extend(random::trials());
    trials.extend(worked::trials());
    trials.extend(replacements::trials());
    trials.extend(metamorphic::trials());
    trials.extend(contexts::trials());
    trials.extend(vensim_pairs::trials());
    trials.extend(limits::trials());
    trials.extend(determinism::trials());
    trials.extend(counts::trials());
    trials.extend(golden::trials());
    trials.extend(docs::trials());
    trials.extend(hostile::trials());
    trials.extend(fuzz::trials());
    trials.extend(corpus::trials());
    libtest_mimic::run(&arguments, trials).exit();
}

/// A test from a function that says what went wrong.
fn trial(name: impl Into<String>, test: impl FnOnce() -> Result<(), String> + Send + 'static) -> Trial {
    Trial::test(name, move || test().map_err(Failed::from))
}
