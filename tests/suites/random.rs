//! Random valid models: every engine agrees on them at every level.

use libtest_mimic::Trial;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use simc_midend::pipeline::OptLevel;
use tests::compare::{V8, levels_agree};
use tests::engine::Op;

use crate::trial;

/// How many models a run tries; `SIMC_RANDOM_CASES` asks for more.
const CASES: u32 = 400;

pub(crate) fn trials() -> Vec<Trial> {
    // Each with a stream of its own, so that they can run side by side and stay repeatable.
    (0..4u8).map(|stream| trial(format!("random::engines_agree_{stream}"), move || run(stream))).collect()
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
