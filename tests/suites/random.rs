//! Random valid models: every engine agrees on them at every level.

use libtest_mimic::Trial;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use simc::driver::Options;
use simc_midend::pipeline::OptLevel;
use tests::compare::{V8, engines_agree, levels_agree};
use tests::engine::Op;
use tests::random::RandomModel;
use tests::subject::Subject;

use crate::trial;

/// How many models a run tries; `SIMC_RANDOM_CASES` asks for more.
const CASES: u32 = 400;

pub(crate) fn trials() -> Vec<Trial> {
    // Each with a stream of its own, so that they can run side by side and stay repeatable.
    let mut trials: Vec<Trial> = (0..4u8)
        .map(|stream| trial(format!("random::engines_agree_{stream}"), move || run(stream, tests::random::model)))
        .collect();
    trials.push(trial("random::engines_agree_on_chains", || run(4, tests::random::chain_model)));
    trials.push(trial("random::engines_agree_on_chains_for_simd", simd_chains));
    trials.push(trial("random::every_construct_occurs", every_construct_occurs));
    trials
}

/// Of the models that are tried a good part has arrays, or transports, or events, or data, and among them is every construct that the
/// generator means to try.
fn every_construct_occurs() -> Result<(), String> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[0; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut models = Vec::new();
    for _ in 0..CASES {
        let bytes = vec(any::<u8>(), 0..1200).new_tree(&mut runner).map_err(|reason| reason.to_string())?;
        models.push(tests::random::model(&bytes.current()));
    }
    let n_models = models.len();
    let with = |construct: &str| models.iter().filter(|model| model.text.contains(construct)).count();
    for (what, construct) in
        [("arrays", "<dimensions>"), ("transports", "<inflow>transport"), ("events", "<event_p"), ("data", "<data>")]
    {
        let n = with(construct);
        if n < n_models / 10 || n > n_models / 2 {
            return Err(format!("{n} of {n_models} models have {what}"));
        }
    }
    let constructs = "size=|<elem |<element |<stock name=\"array|<flow name=\"array|[*|*, *|1:|place_01:|@2|'|Dim_0.|- 1]|\"NaN\"|\
                      SUM(|PROD(|MIN(array|MAX(array|MEAN(|STDDEV(|SIZE(|LOOKUP(|SUM(PREVIOUS(|SUM(SMTH1(|\
                      <conveyor|<queue/>|<overflow/>|<leak>|<leak/>|leak_start|leak_end|<leak_integers/>|exponential_leak|discrete=|\
                      one_at_a_time|batch_integrity|<capacity>|<in_limit>|<sample>|<arrest>|\"even\"|\"dest\"|\"source\"|\
                      <len>MAX(|<eqn>8, 4</eqn>|<stock name=\"supply|<stock name=\"basin|transport_0[|QELEM(|QLEN(|SIZE(transport|\"><conveyor|\
                      \"pause\"|\"stop\"|\"once_ever\"|interval=|<init_eqn>|<multiplier>|series.csv|numbers.csv|elements.csv";
    match constructs.split('|').find(|construct| with(construct) == 0) {
        None => Ok(()),
        Some(construct) => Err(format!("no model has `{construct}`")),
    }
}

/// Chains that are compiled for SIMD: other loops become one then.
fn simd_chains() -> Result<(), String> {
    check(5, tests::random::chain_model, |model, ops| {
        let options = Options { simd: true, ..Options::default() };
        let subject = Subject::with_options("random.xmile", &model.text, &options)?;
        engines_agree(&subject, ops, V8::With)
    })
}

fn run(stream: u8, model: fn(&[u8]) -> RandomModel) -> Result<(), String> {
    check(stream, model, |model, ops| levels_agree(model, &[OptLevel::O0, OptLevel::O2], ops, V8::With))
}

/// Tries one stream of models.
fn check(
    stream: u8,
    model: fn(&[u8]) -> RandomModel,
    agree: impl Fn(&RandomModel, &[Op]) -> Result<(), String>,
) -> Result<(), String> {
    let cases = std::env::var("SIMC_RANDOM_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES) / 4;
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2000, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[stream; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let outcome = runner.run(&vec(any::<u8>(), 0..1200), |bytes| {
        let model = model(&bytes);
        let forever = Op::RunTo(f64::INFINITY);
        let ops = [Op::RunTo(2.0), Op::SetValue(7, 1.5), forever.clone(), forever, Op::Run];
        agree(&model, &ops).map_err(|difference| TestCaseError::fail(format!("{difference}\n{}", model.text)))
    });
    outcome.map_err(|error| error.to_string())
}
