//! Random models with known values: the oracle and the artifact give what a ledger says, and every way to write a model gives the same bits.

use libtest_mimic::Trial;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use simc_midend::pipeline::OptLevel;
use tests::engine::{Engine, Op, OracleEngine, WasmtimeEngine};
use tests::subject::Subject;
use tests::worked::{ELEMENTS, Style, Worked, worked};

use crate::trial;

/// How many models a run tries; `SIMC_RANDOM_CASES` asks for more.
const CASES: u32 = 120;

/// The first one is compared with the ledger, all others with the first.
const STYLES: [Style; 6] = [
    Style { is_array: false, is_inlined: false, is_renamed: false, is_reversed: false },
    Style { is_array: false, is_inlined: false, is_renamed: true, is_reversed: false },
    Style { is_array: false, is_inlined: false, is_renamed: false, is_reversed: true },
    Style { is_array: false, is_inlined: true, is_renamed: false, is_reversed: false },
    Style { is_array: true, is_inlined: false, is_renamed: false, is_reversed: false },
    Style { is_array: true, is_inlined: true, is_renamed: true, is_reversed: true },
];

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> =
        (0..2u8).map(|stream| trial(format!("worked::values_are_known_{stream}"), move || run(stream))).collect();
    trials.push(trial("worked::every_construct_occurs", every_construct_occurs));
    trials
}

/// Among the models that are tried is every construct that the generator means to try.
fn every_construct_occurs() -> Result<(), String> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[0; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut texts = Vec::new();
    for _ in 0..CASES {
        let bytes = vec(any::<u8>(), 0..400).new_tree(&mut runner).map_err(|reason| reason.to_string())?;
        texts.push(worked(&bytes.current()).write(STYLES[0]).text);
    }
    let constructs = "<init_eqn>|<multiplier>|<non_negative/></flow>|<non_negative/></stock>|UNIFORM(|SMTH1(|PREVIOUS(|series.csv|numbers.csv|\
                      <connect to|passed(|<conveyor|<leak/>|MIN(|MAX(|IF ";
    match constructs.split('|').find(|construct| !texts.iter().any(|text| text.contains(construct))) {
        None => Ok(()),
        Some(construct) => Err(format!("no model has `{construct}`")),
    }
}

fn run(stream: u8) -> Result<(), String> {
    let cases = std::env::var("SIMC_RANDOM_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES) / 2;
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 1000, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[stream + 100; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let outcome = runner.run(&vec(any::<u8>(), 0..400), |bytes| check(&worked(&bytes)).map_err(TestCaseError::fail));
    outcome.map_err(|error| error.to_string())
}

fn check(model: &Worked) -> Result<(), String> {
    let known: Vec<Vec<Vec<f64>>> = (0..ELEMENTS).map(|element| model.columns(element)).collect();
    let first = shown(model, STYLES[0])?;
    for (engine, columns) in ["oracle", "artifact"].iter().zip(&first) {
        for (element, known) in known.iter().enumerate() {
            for (at, known) in known.iter().enumerate() {
                let column = &columns[element][at];
                let differs =
                    |(got, known): (&f64, &f64)| (got - known).abs() > 1e-9 * known.abs().max(1.0) || got.is_nan();
                if column.len() != known.len() || column.iter().zip(known).any(differs) {
                    let (title, text) = (model.title(at, element, STYLES[0]), model.write(STYLES[0]).text);
                    return Err(format!("{engine}: {title} is {column:?} instead of {known:?}\n{text}"));
                }
            }
        }
    }
    for style in &STYLES[1..] {
        if bits(&shown(model, *style)?) != bits(&first) {
            let (text, other) = (model.write(STYLES[0]).text, model.write(*style).text);
            return Err(format!("{style:?} differs\n{text}\n{other}"));
        }
    }
    Ok(())
}

/// By element and variable the values in each step.
type Columns = Vec<Vec<Vec<f64>>>;

/// What the oracle and the artifact show.
fn shown(model: &Worked, style: Style) -> Result<[Columns; 2], String> {
    let written = model.write(style);
    let level = if style.is_reversed { OptLevel::O0 } else { OptLevel::O2 };
    let subject = Subject::from_files("worked.xmile", &written.text, &written.files, level)
        .map_err(|why| format!("{why}\n{}", written.text))?;
    let titles = subject.titles();
    let mut oracle = OracleEngine::new(&subject.model, &subject.module, &subject.layout);
    let mut artifact = WasmtimeEngine::new(&subject.wasm);
    let columns = |engine: &mut dyn Engine| -> Result<Columns, String> {
        engine.call(Op::Run);
        let (width, rows) = (engine.live().len(), engine.rows());
        let column = |element: usize, at: usize| {
            let wanted = model.title(at, element, style);
            let slot = titles.iter().position(|title| *title == wanted);
            let slot = slot.ok_or_else(|| format!("no {wanted} among {titles:?}\n{}", written.text))?;
            Ok(rows.chunks_exact(width).map(|row| row[slot]).collect())
        };
        (0..ELEMENTS).map(|element| (0..model.n_vars()).map(|at| column(element, at)).collect()).collect()
    };
    Ok([columns(&mut oracle)?, columns(&mut artifact)?])
}

/// The bits of all values.
fn bits(columns: &[Columns; 2]) -> Vec<u64> {
    columns.iter().flatten().flatten().flatten().map(|value| value.to_bits()).collect()
}
