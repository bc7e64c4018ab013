//! What compiles a model takes time and makes code in proportion to the model, whatever it consists of.

use std::fs;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use simc::driver::{self, Build, Options};
use simc_midend::pipeline::OptLevel;
use simc_model::files::NoFiles;
use simc_model::source::Sources;
use tests::generate::growth::{KINDS, Shape};

use crate::trial;

/// Parts of the smaller model, and how many times as many the larger one has.
const PARTS: usize = 250;
const TIMES: usize = 8;

/// How much more than in proportion counts may grow: names and addresses become longer.
const COUNT_LEEWAY: f64 = 1.25;

/// The same for time, which other work disturbs. Time that grows with the square grows by `TIMES` more than in proportion.
const TIME_LEEWAY: f64 = 3.0;

/// How often time is measured before it counts as too long.
const ATTEMPTS: usize = 4;

pub(super) fn trials() -> Vec<Trial> {
    let name = |name: &str| format!("limits::growth_{}", name.replace([' ', '-'], "_"));
    KINDS.iter().map(|kind| trial(name(kind.name), || is_linear(kind.shape))).collect()
}

fn is_linear(shape: Shape) -> Result<(), String> {
    let texts = [PARTS, PARTS * TIMES].map(shape);
    let [small, large] = texts.each_ref().map(|text| compile(text));
    let ((small, mut short), (large, mut long)) = (small?, large?);
    for (what, count) in COUNTS {
        let (few, many) = (count(&small), count(&large));
        if many > few * TIMES as f64 * COUNT_LEEWAY {
            return Err(format!("{TIMES} times the parts have {many} {what} instead of {few}"));
        }
    }
    for _ in 1..ATTEMPTS {
        if long.as_secs_f64() <= short.as_secs_f64() * TIMES as f64 * TIME_LEEWAY {
            return Ok(());
        }
        short = short.min(compile(&texts[0])?.1);
        long = long.min(compile(&texts[1])?.1);
    }
    Err(format!("{TIMES} times the parts take {long:?} instead of {short:?}"))
}

/// What is counted of a model and its artifact.
type Count = (&'static str, fn(&Build) -> f64);

const COUNTS: [Count; 3] = [
    ("bytes of the resolved model", |build| simc_model::model::print(&build.model).len() as f64),
    ("instructions", |build| build.module.funcs.values().map(|func| func.insts.len()).sum::<usize>() as f64),
    ("bytes of the artifact", |build| build.wasm.len() as f64),
];

/// Compiles a model, and says how long this thread has computed.
fn compile(text: &str) -> Result<(Build, Duration), String> {
    let mut sources = Sources::new();
    let root = sources.add("model.xmile", text.to_owned());
    let options = Options { level: OptLevel::O2, ..Options::default() };
    let (begin, clock) = (busy_time(), Instant::now());
    let build = driver::compile(&mut sources, root, &NoFiles, &options);
    let elapsed = clock.elapsed();
    let busy = begin.zip(busy_time()).map(|(begin, end)| end.saturating_sub(begin));
    let build = build.map_err(|failure| format!("the model is refused: {:?}", failure.diagnostics.first()))?;
    Ok((build, busy.unwrap_or(elapsed)))
}

/// How long this thread has computed; none where the system does not tell.
fn busy_time() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}
