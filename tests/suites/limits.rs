//! Engines limit functions: whatever the size and shape of the model, each stays small, and all engines still agree.

mod growth;
mod pinned;
mod scattered;

use libtest_mimic::Trial;
use simc_midend::pipeline::OptLevel;
use tests::compare::{V8, engines_agree};
use tests::engine::Op;
use tests::generate;
use tests::inspect::{function_locals, function_sizes};
use tests::subject::Subject;

use crate::trial;

/// Bytes of code of a function, and its locals.
const MAX_BYTES: u64 = 8 * 1024;
const MAX_LOCALS: u64 = 300;

/// Makes a model.
type Shape = fn() -> String;

pub(crate) fn trials() -> Vec<Trial> {
    let shapes: [(&str, Shape); 5] = [
        ("a_chain_of_10000_variables", || generate::chain(10_000)),
        ("a_sum_of_20000_terms", sum),
        ("a_thousand_delays_of_one_variable", delays),
        ("a_stock_with_2000_flows", flows),
        ("a_thousand_constants_and_what_follows", constants),
    ];
    let mut trials = Vec::new();
    for (name, model) in shapes {
        for (level_name, level) in [("o0", OptLevel::O0), ("o2", OptLevel::O2)] {
            trials.push(trial(format!("limits::{name}_{level_name}"), move || check(&model(), level)));
        }
    }
    trials.extend(growth::trials());
    trials.extend(pinned::trials());
    trials.extend(scattered::trials());
    trials
}

fn check(model: &str, level: OptLevel) -> Result<(), String> {
    let subject = Subject::from_xmile("limits.xmile", model, level)?;
    let bytes = function_sizes(&subject.wasm).into_iter().max().unwrap_or(0);
    let locals = function_locals(&subject.wasm).into_iter().max().unwrap_or(0);
    if bytes > MAX_BYTES || locals > MAX_LOCALS {
        return Err(format!("a function has {bytes} bytes, or one has {locals} locals"));
    }
    let middle = (subject.model.time.start + subject.model.time.stop) / 2.0;
    engines_agree(&subject, &[Op::RunTo(middle), Op::Run], V8::With)
}

fn aux(name: &str, equation: &str) -> String {
    format!("<aux name=\"{name}\"><eqn>{equation}</eqn></aux>\n")
}

/// One equation with no variable to break it at.
fn sum() -> String {
    let terms: String = (0..20_000).map(|i| format!(" + TIME * {i}")).collect();
    generate::wrap(&aux("a", &format!("1{terms}")))
}

/// Memory of every kind, all of it fed by one variable at the end of each step.
fn delays() -> String {
    let kinds = ["SMTH3(x, 5)", "DELAY3(x, 4, 1)", "DELAY(x, 3)", "PREVIOUS(x, 0)", "TREND(x, 2)"];
    let memory: String = (0..1_000).map(|i| aux(&format!("m{i}"), kinds[i % kinds.len()])).collect();
    generate::wrap(&(aux("x", "SIN(TIME)") + &memory))
}

/// A sum that only one stock's rate needs.
fn flows() -> String {
    let name = |i: usize| format!("f{i}");
    let flows: String =
        (0..2_000).map(|i| format!("<flow name=\"{0}\"><eqn>s * {i}</eqn></flow>\n", name(i))).collect();
    let inflows: String = (0..2_000).map(|i| format!("<inflow>{}</inflow>", name(i))).collect();
    generate::wrap(&format!("<stock name=\"s\"><eqn>1e-9</eqn>{inflows}</stock>\n{flows}"))
}

/// Work that is done once a run, and overrides to be written.
fn constants() -> String {
    let constants: String = (0..1_000).map(|i| aux(&format!("c{i}"), &i.to_string())).collect();
    let derived: String = (1..1_000).map(|i| aux(&format!("d{i}"), &format!("EXP(c{i}) / c{}", i - 1))).collect();
    generate::wrap(&(constants + &derived))
}
