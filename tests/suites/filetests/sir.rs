//! `.sir`: a module in text.
//!
//! ```text
//! test verify interpret wasm       any of: parse, verify, interpret, wasm, simd
//! test pass fold_constants         passes that run before what follows
//! test limits bytes=150 live=4     how large functions may become, for split_functions
//! module { ... }
//! func row { ... }
//! ; run: set s7 = 2.0; run_to 3.0 => s4 == 1.5, saved == 2
//! ; check: / next: / not: ...      on the printed module, after the passes
//! ; error: ...                     parsing or verifying fails: one for each error, in order
//! ```
//!
//! `wasm` runs the artifact without SIMD and with it. With `simd`, the text that is checked is that of the artifact with SIMD.
//!
//! A pass must keep every bit: the module runs before and after the passes, saved rows are compared, and `run:` is asked of both.

mod calls;

use std::path::Path;

use simc_ir::module::Module;
use simc_ir::text::{parse_module, print_module};
use simc_ir::verify::verify;
use simc_midend::layout::{Symbols, layout};
use simc_midend::pass::{FuncLimits, PassCx};
use simc_midend::passes;
use tests::engine::{Engine, InterpEngine, Op, artifact};

use super::{check_directives, read};

/// Names after `; `.
const DIRECTIVES: [&str; 5] = ["run", "check", "next", "not", "error"];

/// What a file can ask for.
const SUBTESTS: [&str; 5] = ["parse", "verify", "interpret", "wasm", "simd"];

/// What the file asks for.
#[derive(Default)]
struct Request<'t> {
    /// Any of [`SUBTESTS`].
    subtests: Vec<&'t str>,
    passes: Vec<&'t str>,
    limits: FuncLimits,
    directives: Vec<(&'t str, &'t str)>,
    /// The file without its `test` lines, which are left empty so that positions stay.
    source: String,
}

pub(crate) fn run(path: &Path) -> Result<(), String> {
    let text = read(path)?;
    let request = Request::parse(&text)?;
    let module = match parse_module(&request.source) {
        Ok(module) => module,
        Err(error) => return request.expects_errors(&[error.to_string()]),
    };
    round_trip(&module)?;
    if !request.only_parses()
        && let Err(errors) = verify(&module)
    {
        return request.expects_errors(&errors.errors.iter().map(ToString::to_string).collect::<Vec<_>>());
    }
    if request.errors().next().is_some() {
        return request.expects_errors(&[]);
    }
    let mut optimised = module.clone();
    request.run_passes(&mut optimised)?;
    let checked = if request.wants("simd") {
        wasmprinter::print_bytes(assemble(&optimised, true)?).map_err(|error| error.to_string())?
    } else {
        print_module(&optimised)
    };
    check_directives(&request.checks(), &checked)?;
    for module in if request.passes.is_empty() { vec![&module] } else { vec![&module, &optimised] } {
        request.execute(module)?;
    }
    if request.passes.is_empty() { Ok(()) } else { same_rows(&module, &optimised) }
}

impl<'t> Request<'t> {
    fn parse(text: &'t str) -> Result<Self, String> {
        let mut request = Self::default();
        for line in text.lines() {
            match line.strip_prefix("test ") {
                Some(words) => request.read_test(words)?,
                None => request.source.push_str(line),
            }
            request.source.push('\n');
            request.read_directive(line.trim_start())?;
        }
        if request.asks_nothing() { Err("the file asks for nothing that could fail".to_owned()) } else { Ok(request) }
    }

    fn read_test(&mut self, words: &'t str) -> Result<(), String> {
        let words: Vec<&str> = words.split_whitespace().collect();
        match words.as_slice() {
            ["pass", names @ ..] => self.passes.extend(names),
            ["limits", limits @ ..] => {
                for limit in limits {
                    let (name, value) = limit.split_once('=').ok_or(format!("not a limit: {limit}"))?;
                    let value = value.parse().map_err(|_| format!("not a number: {value}"))?;
                    match name {
                        "bytes" => self.limits.bytes = value,
                        "live" => self.limits.live = value,
                        _ => return Err(format!("there is no limit {name}")),
                    }
                }
            }
            subtests => {
                if let Some(unknown) = subtests.iter().find(|subtest| !SUBTESTS.contains(subtest)) {
                    return Err(format!("there is no subtest {unknown}"));
                }
                self.subtests.extend(subtests);
            }
        }
        Ok(())
    }

    /// A comment on a line of its own is a directive; those for people begin with `;;`.
    fn read_directive(&mut self, line: &'t str) -> Result<(), String> {
        let Some(rest) = line.strip_prefix(';').filter(|rest| !rest.starts_with(';')) else { return Ok(()) };
        match rest.trim_start().split_once(':') {
            Some((name, rest)) if DIRECTIVES.contains(&name) => {
                self.directives.push((name, rest.trim()));
                Ok(())
            }
            _ => Err(format!("not a directive (comments for people begin with `;;`): {line}")),
        }
    }

    fn asks_nothing(&self) -> bool {
        self.subtests.is_empty() && self.passes.is_empty()
            || self.directives.iter().any(|(name, _)| *name == "run") && !self.wants("interpret") && !self.wants("wasm")
    }

    fn wants(&self, subtest: &str) -> bool {
        self.subtests.contains(&subtest)
    }

    fn only_parses(&self) -> bool {
        self.passes.is_empty() && self.subtests.iter().all(|subtest| *subtest == "parse")
    }

    fn errors(&self) -> impl Iterator<Item = &'t str> {
        self.directives.iter().filter(|(name, _)| *name == "error").map(|(_, text)| *text)
    }

    fn checks(&self) -> Vec<(&'t str, &'t str)> {
        self.directives.iter().copied().filter(|(name, _)| ["check", "next", "not"].contains(name)).collect()
    }

    /// Each error says what the `error:` at its place asks for, and there is none beside them.
    fn expects_errors(&self, errors: &[String]) -> Result<(), String> {
        let wanted: Vec<&str> = self.errors().collect();
        let same = wanted.len() == errors.len() && wanted.iter().zip(errors).all(|(a, b)| b.contains(a));
        if same { Ok(()) } else { Err(format!("expected\n{}\ngot\n{}", wanted.join("\n"), errors.join("\n"))) }
    }

    fn run_passes(&self, module: &mut Module) -> Result<(), String> {
        for name in &self.passes {
            let pass = passes::find(name).ok_or(format!("there is no pass {name}"))?;
            let before = print_module(module);
            let changed = (pass.run)(module, &PassCx { limits: self.limits, ..PassCx::default() });
            verify(module).map_err(|errors| format!("after {name}: {errors}"))?;
            round_trip(module)?;
            if !changed && before != print_module(module) {
                return Err(format!("{name} says that it changed nothing, but made\n{}", print_module(module)));
            }
        }
        Ok(())
    }

    fn execute(&self, module: &Module) -> Result<(), String> {
        for (_, line) in self.directives.iter().filter(|(directive, _)| *directive == "run") {
            if self.wants("interpret") {
                calls::execute(&mut InterpEngine::new(module), module, line)?;
            }
            if self.wants("wasm") {
                for simd in [false, true] {
                    calls::execute(artifact(&assemble(module, simd)?).as_mut(), module, line)?;
                }
            }
        }
        Ok(())
    }
}

/// Printing and parsing are each other's inverse on every module that a file holds.
fn round_trip(module: &Module) -> Result<(), String> {
    let printed = print_module(module);
    let again =
        parse_module(&printed).map_err(|error| format!("the printed text does not parse: {error}\n{printed}"))?;
    let twice = print_module(&again);
    if printed == twice { Ok(()) } else { Err(format!("printing is not stable:\n{printed}\n{twice}")) }
}

/// Two modules compute the same in a full run.
fn same_rows(before: &Module, after: &Module) -> Result<(), String> {
    let [before_run, after_run] = [before, after].map(|module| InterpEngine::new(module).observe(Op::Run));
    if before_run == after_run {
        return Ok(());
    }
    Err(format!("the passes change results:\n{}\n{}", print_module(before), print_module(after)))
}

fn assemble(module: &Module, simd: bool) -> Result<Vec<u8>, String> {
    let layout = layout(module, Symbols::default(), 1 << 28, true).map_err(|error| error.to_string())?;
    let options = simc_wasm::Options { simd, ..simc_wasm::Options::default() };
    simc_wasm::build(module, &layout, &options).map_err(|error| error.to_string())
}
