//! Bad input: the program refuses it in words, soon, in little memory, and leaves no file after.

mod artifacts;
mod models;
mod paths;
mod sandbox;
mod small;
mod vensim;

use libtest_mimic::Trial;

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = models::trials();
    trials.extend(artifacts::trials());
    trials.extend(paths::trials());
    trials.extend(vensim::trials());
    trials.extend(small::trials());
    trials
}
