//! Random valid models: every engine agrees on them at every level.

use libtest_mimic::Trial;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use simc_midend::pipeline::OptLevel;
use tests::compare::{V8, levels_agree};
use tests::engine::Op;

use crate::trial;

/// How many models a run tries; `SIMC_RANDOM_CASES` asks for more.
const CASES: u32 = 400;

pub(crate) fn trials() -> Vec<Trial> {
    // Each with a stream of its own, so that they can run side by side and stay repeatable.
    let mut trials: Vec<Trial> =
        (0..4u8).map(|stream| trial(format!("random::engines_agree_{stream}"), move || run(stream))).collect();
    trials.push(trial("random::every_use_of_arrays_occurs", every_use_of_arrays_occurs));
    trials
}

/// Of the models that are tried, a good part has arrays, and among those is every construct that the generator means to try.
fn every_use_of_arrays_occurs() -> Result<(), String> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[0; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut models = Vec::new();
    for _ in 0..CASES {
        let bytes = vec(any::<u8>(), 0..1200).new_tree(&mut runner).map_err(|reason| reason.to_string())?;
        models.push(tests::random::xmile(&bytes.current()));
    }
    let with_arrays = models.iter().filter(|model| model.contains("<dimensions>")).count();
    if with_arrays < models.len() / 5 || with_arrays > models.len() / 2 {
        return Err(format!("{with_arrays} of {} models have arrays", models.len()));
    }
    let constructs = "size=|<elem |<element |<stock name=\"array|<flow name=\"array|[*|*, *|1:|place_01:|@2|'|Dim_0.|- 1]|\"NaN\"|\
                      SUM(|PROD(|MIN(array|MAX(array|MEAN(|STDDEV(|SIZE(|LOOKUP(|SUM(PREVIOUS(|SUM(SMTH1(";
    let occurs = |construct: &str| models.iter().any(|model| model.contains(construct));
    match constructs.split('|').find(|construct| !occurs(construct)) {
        None => Ok(()),
        Some(construct) => Err(format!("no model has `{construct}`")),
    }
}

fn run(stream: u8) -> Result<(), String> {
    let cases = std::env::var("SIMC_RANDOM_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES) / 4;
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2000, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[stream; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let outcome = runner.run(&vec(any::<u8>(), 0..1200), |bytes| {
        let text = tests::random::xmile(&bytes);
        let ops = [Op::RunTo(2.0), Op::SetValue(7, 1.5), Op::RunTo(f64::INFINITY), Op::Run];
        levels_agree("random.xmile", &text, &[OptLevel::O0, OptLevel::O2], &ops, V8::Without)
            .map_err(|difference| TestCaseError::fail(format!("{difference}\n{text}")))
    });
    outcome.map_err(|error| error.to_string())
}
