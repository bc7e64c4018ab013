//! What engines ask of a module: small functions, few locals, a memory that does not grow, and the same bytes each time.

use std::fmt::Write;

use simc_ir::module::Module;
use simc_midend::pipeline::{OptLevel, optimise};
use wasmparser::{Parser, Payload};

use super::instance::{Trio, artifact};
use super::parse;
use crate::emit::StepperKind;

/// A chain of that many stocks, each filled by the one before.
fn chain(n: usize) -> Module {
    let mut text = String::from(
        "module {\n time start=0.0 stop=3.0 dt=1.0 steps=3 save_every=1 method=rk4\n slots {\n s0: time\n s1: dt\n s2: start\n s3: stop\n",
    );
    let mut roles = [String::new(), String::new(), String::new()];
    for i in 0..n {
        writeln!(text, "s{}: stock", i + 4).expect("strings grow");
        writeln!(roles[0], "v{i} = fconst {i}.0\n store s{}, v{i}", i + 4).expect("strings grow");
    }
    for i in 0..n {
        writeln!(text, "s{}: output", n + i + 4).expect("strings grow");
        let before = if i == 0 { n - 1 } else { i - 1 };
        let (a, b, c) = (3 * i, 3 * i + 1, 3 * i + 2);
        let flow = format!("v{a} = load s{}\n v{b} = load s{}\n v{c} = fsub v{b}, v{a}\n", i + 4, before + 4);
        writeln!(roles[1], "{flow} out s{}, v{c}", n + i + 4).expect("strings grow");
        roles[2].push_str(&flow);
    }
    let rates: String = (0..n).map(|i| format!("rate s{}, v{}\n", i + 4, 3 * i + 2)).collect();
    let [start, row, stage] = roles;
    write!(text, " }}\n}}\nfunc start {{\nblock0:\n{start}}}\nfunc row {{\nblock0:\n{row}{rates}}}\nfunc stage {{\nblock0:\n{stage}{rates}}}\n").expect("strings grow");
    let mut module = parse(&text);
    optimise(&mut module, OptLevel::O0, &mut |_, _| {});
    module
}

/// Bytes and locals of every function.
fn functions(artifact: &[u8]) -> Vec<(u64, u32)> {
    let mut functions = Vec::new();
    for payload in Parser::new(0).parse_all(artifact) {
        if let Payload::CodeSectionEntry(body) = payload.expect("artifacts are valid") {
            let locals = body.get_locals_reader().expect("artifacts are valid").into_iter();
            let n_locals = locals.map(|run| run.expect("artifacts are valid").0).sum();
            functions.push((body.range().len() as u64, n_locals));
        }
    }
    functions
}

#[test]
fn functions_stay_small_whatever_the_size_of_the_model() {
    for n in [3, 100, 2_000] {
        for form in [StepperKind::Plain, StepperKind::Auto] {
            for (bytes, n_locals) in functions(&artifact(&chain(n), form)) {
                assert!(bytes <= 8_192 && n_locals <= 300, "{bytes} bytes and {n_locals} locals for {n} stocks");
            }
        }
    }
}

#[test]
fn models_of_every_size_agree_with_the_interpreter() {
    for n in [1, 3, 40, 500] {
        Trio::new(&chain(n)).all("run", |engine| engine.run());
    }
}

#[test]
fn a_small_model_has_no_functions_for_its_roles() {
    let n_functions = |form| functions(&artifact(&chain(3), form)).len();
    assert_eq!(n_functions(StepperKind::Plain) - n_functions(StepperKind::Auto), ["row", "stage"].len());
}

#[test]
fn two_builds_give_the_same_bytes() {
    let module = chain(50);
    assert_eq!(artifact(&module, StepperKind::Auto), artifact(&module, StepperKind::Auto));
}
