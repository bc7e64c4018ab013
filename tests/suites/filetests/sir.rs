//! `.sir`: a module in text.
//!
//! ```text
//! test verify interpret wasm       subtests, any of: parse, verify, interpret, wasm
//! test pass fold_constants         runs a pass before what follows
//! module { ... }
//! func row { ... }
//! ; run: set s7 = 2.0; run_to 3.0 => s4 == 1.5, saved == 2
//! ; check: / next: / not: ...      on the printed module, after the passes
//! ; error: ...                     parsing or verifying fails, and says this
//! ```

use std::path::Path;

use simc_ir::module::Module;
use simc_ir::text::{parse_module, print_module};
use simc_ir::verify::verify;
use simc_midend::layout::{Symbols, layout};
use simc_midend::pass::PassCx;
use simc_midend::passes;
use tests::engine::{Engine, InterpEngine, Op, WasmtimeEngine};

use super::{check_directives, read};

/// What the file asks for.
struct Request<'t> {
    tests: Vec<Vec<&'t str>>,
    directives: Vec<(&'t str, &'t str)>,
    /// The file without its `test` lines, which are left empty so that positions stay.
    source: String,
}

pub(crate) fn run(path: &Path) -> Result<(), String> {
    let text = read(path)?;
    let request = Request::parse(&text);
    let mut module = match parse_module(&request.source) {
        Ok(module) => module,
        Err(error) => return request.expects_error(&error.to_string()),
    };
    round_trip(&module)?;
    if request.wants("verify") || request.wants("interpret") || request.wants("wasm") {
        if let Err(errors) = verify(&module) {
            return request.expects_error(&errors.to_string());
        }
    }
    if let Some((_, wanted)) = request.directives.iter().find(|(directive, _)| *directive == "error") {
        return Err(format!("there is no error, but this was expected: {wanted}"));
    }
    for test in request.tests.iter().filter(|test| test.first() == Some(&"pass")) {
        for name in &test[1..] {
            let pass = passes::find(name).ok_or(format!("there is no pass {name}"))?;
            (pass.run)(&mut module, &PassCx::default());
            verify(&module).map_err(|errors| format!("after {name}: {errors}"))?;
        }
    }
    let checks: Vec<_> =
        request.directives.iter().copied().filter(|(name, _)| ["check", "next", "not"].contains(name)).collect();
    check_directives(&checks, &print_module(&module))?;
    for (_, line) in request.directives.iter().filter(|(directive, _)| *directive == "run") {
        if request.wants("interpret") {
            execute(&mut InterpEngine::new(&module), &module, line)?;
        }
        if request.wants("wasm") {
            execute(&mut WasmtimeEngine::new(&assemble(&module)?), &module, line)?;
        }
    }
    Ok(())
}

impl<'t> Request<'t> {
    fn parse(text: &'t str) -> Self {
        let mut request = Request { tests: Vec::new(), directives: Vec::new(), source: String::new() };
        for line in text.lines() {
            if let Some(words) = line.strip_prefix("test ") {
                request.tests.push(words.split_whitespace().collect());
            } else {
                request.source.push_str(line);
            }
            request.source.push('\n');
            let directive = line.trim_start().strip_prefix("; ").and_then(|rest| rest.split_once(':'));
            if let Some((name @ ("run" | "check" | "next" | "not" | "error"), rest)) = directive {
                request.directives.push((name, rest.trim()));
            }
        }
        request
    }

    fn wants(&self, subtest: &str) -> bool {
        self.tests.iter().any(|test| test.first() != Some(&"pass") && test.contains(&subtest))
    }

    fn expects_error(&self, error: &str) -> Result<(), String> {
        let wanted: Vec<&str> =
            self.directives.iter().filter(|(name, _)| *name == "error").map(|(_, text)| *text).collect();
        if wanted.is_empty() {
            return Err(error.to_owned());
        }
        match wanted.iter().find(|wanted| !error.contains(**wanted)) {
            Some(missing) => Err(format!("the error does not say `{missing}`: {error}")),
            None => Ok(()),
        }
    }
}

/// Printing and parsing are each other's inverse on every module that a file holds.
fn round_trip(module: &Module) -> Result<(), String> {
    let printed = print_module(module);
    let again = parse_module(&printed).map_err(|error| format!("the printed text does not parse: {error}\n{printed}"))?;
    let twice = print_module(&again);
    if printed == twice { Ok(()) } else { Err(format!("printing is not stable:\n{printed}\n{twice}")) }
}

fn assemble(module: &Module) -> Result<Vec<u8>, String> {
    let layout = layout(module, Symbols::default(), 1 << 28).map_err(|error| format!("{error:?}"))?;
    simc_wasm::build(module, &layout, &simc_wasm::Options::default()).map_err(|error| error.to_string())
}

/// `set s7 = 2.0; run_to 3.0 => s4 == 1.5, saved == 2`
fn execute(engine: &mut dyn Engine, module: &Module, line: &str) -> Result<(), String> {
    let (calls, facts) = line.split_once("=>").ok_or(format!("no `=>` in `{line}`"))?;
    for call in calls.split(';').map(str::trim).filter(|call| !call.is_empty()) {
        engine.call(parse_call(call, module)?);
    }
    for fact in facts.split(',') {
        let (subject, value) = fact.split_once("==").ok_or(format!("no `==` in `{fact}`"))?;
        let expected = number(value)?;
        let got = match subject.trim() {
            "saved" => engine.saved() as f64,
            "error" => engine.error() as f64,
            slot => engine.live()[row_position(slot, module)?],
        };
        if got.to_bits() != expected.to_bits() && !(got.is_nan() && expected.is_nan()) {
            return Err(format!("{}: `{line}`: {} is {got:?}", engine.name(), subject.trim()));
        }
    }
    Ok(())
}

fn parse_call(call: &str, module: &Module) -> Result<Op, String> {
    let (verb, rest) = call.split_once(' ').unwrap_or((call, ""));
    Ok(match verb {
        "run" => Op::Run,
        "reset" => Op::Reset,
        "run_initials" => Op::RunInitials,
        "clear_values" => Op::ClearValues,
        "run_to" => Op::RunTo(number(rest)?),
        "set" => {
            let (slot, value) = rest.split_once('=').ok_or(format!("no `=` in `{call}`"))?;
            let slot = row_position(slot.trim(), module)?;
            Op::SetValue(i32::try_from(slot).map_err(|error| error.to_string())?, number(value)?)
        }
        _ => return Err(format!("no such call: {call}")),
    })
}

/// `s4` or `s4[2]` as a position in the row.
fn row_position(text: &str, module: &Module) -> Result<usize, String> {
    let (slot, element) = match text.split_once('[') {
        Some((slot, element)) => (slot, element.trim_end_matches(']').parse().map_err(|_| format!("not an element: {text}"))?),
        None => (text, 0usize),
    };
    let wanted = slot.strip_prefix('s').and_then(|digits| digits.parse::<usize>().ok());
    let wanted = wanted.ok_or(format!("not a slot: {text}"))?;
    let before = module.slots.keys().take(wanted).map(|slot| module.slot_len(slot)).sum::<u64>();
    usize::try_from(before).map(|before| before + element).map_err(|error| error.to_string())
}

fn number(text: &str) -> Result<f64, String> {
    text.trim().parse().map_err(|_| format!("not a number: {text}"))
}
