//! The compiler, from text to artifact, as one function that can be read aloud. It does no input or output.

mod inputs;
mod too_large;

use std::collections::{BTreeMap, BTreeSet};

use simc_ir::module::Module;
use simc_midend::layout::{self, Layout};
use simc_midend::lower::{self, LowerOptions, Lowered};
use simc_midend::pass::{FuncLimits, PassCx};
use simc_midend::pipeline::{self, OptLevel};
use simc_model::data::AddedFile;
use simc_model::diagnostic::{Code, Diagnostic, Severity};
use simc_model::files::Files;
use simc_model::model::{Def, Model, VarId};
use simc_model::name::{self, Key};
use simc_model::source::{FileId, Sources};

/// Codes of what only the whole compiler can find.
pub mod code {
    use super::Code;

    /// A variable whose values are asked for does not exist, or has none.
    pub const UNKNOWN_OUTPUT: Code = Code(250);
    /// The model needs more memory than there may be.
    pub const OUT_OF_MEMORY: Code = Code(550);
    /// The run has more steps than an artifact can count.
    pub const TOO_MANY_STEPS: Code = Code(551);
}

/// Names of the slots that every row begins with.
const TIME_NAMES: [&str; 4] = ["time", "dt", "initial_time", "final_time"];

/// What to make of a model.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How hard to optimise.
    pub level: OptLevel,
    /// The variables whose values a run shows, as the user wrote them; all when absent.
    pub outputs: Option<Vec<String>>,
    /// Bytes of memory that an instance may have; those of a 32-bit memory when absent.
    pub max_memory: Option<u64>,
    /// Files of data besides those that the model imports.
    pub data: Vec<AddedFile>,
    /// Whether units of measure that do not agree are errors instead of warnings.
    pub deny_units: bool,
    /// Whether the artifact may use SIMD, which not every engine has.
    pub simd: bool,
    /// Bytes of code that a function of the artifact may have; those of [`FuncLimits::default`] when absent. A single loop may be larger.
    pub function_size: Option<u32>,
    /// Whether a host may set the initial values of stocks.
    pub initials: bool,
    /// Times that take the place of the model's own.
    pub times: crate::front::Times,
    /// How many points a host may give each graphical function, and at least as many as it has; absent when it may give none.
    pub table_points: Option<u32>,
}

/// What [`Options::table_points`] is where a host may give points and nobody says how many.
pub const DEFAULT_TABLE_POINTS: u32 = 32;

/// A compiled model, with every stage that it went through.
#[derive(Clone, Debug)]
pub struct Build {
    /// What the front end made of the text.
    pub model: Model,
    /// The optimised module.
    pub module: Module,
    /// Addresses.
    pub layout: Layout,
    /// The artifact.
    pub wasm: Vec<u8>,
    /// What should be said although nothing stood in the way.
    pub warnings: Vec<Diagnostic>,
}

/// Why there is no artifact.
#[derive(Clone, Debug)]
pub struct Failure {
    /// At least one error, and the warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// What happens on the way, for whoever wants to watch.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A stage begins.
    Stage(Stage),
    /// A pass has ended and left this module.
    Pass(&'a str, &'a Module),
}

/// A stage of the compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Text to model.
    Front,
    /// Model to IR.
    Lower,
    /// IR to better IR.
    Optimise,
    /// IR to addresses.
    Layout,
    /// IR and addresses to wasm: emitted, linked with the kernel, post-processed.
    Build,
}

/// Compiles the model in a file. The files that it refers to are added to `sources`.
pub fn compile(sources: &mut Sources, root: FileId, files: &dyn Files, options: &Options) -> Result<Build, Failure> {
    compile_observed(sources, root, files, options, &mut |_| ())
}

/// The same, telling an observer where it is.
///
/// # Panics
/// When a stage breaks its promise to the next one: a bug of the compiler, named in the message.
pub fn compile_observed(
    sources: &mut Sources,
    root: FileId,
    files: &dyn Files,
    options: &Options,
    observe: &mut dyn FnMut(Event<'_>),
) -> Result<Build, Failure> {
    let max_memory = options.max_memory.unwrap_or(layout::ADDRESSABLE);

    observe(Event::Stage(Stage::Front));
    let front = crate::front::compile_with_options(sources, root, files, options.data.clone(), options.times);
    let mut warnings = front.diagnostics;
    let n_denied = if options.deny_units { deny_units(&mut warnings) } else { 0 };
    let Some(mut model) = front.model.filter(|_| n_denied == 0) else { return Err(Failure { diagnostics: warnings }) };
    if options.initials {
        model.make_initials_settable();
        debug_assert!(model.verify().is_ok(), "a model keeps its rules");
    }
    let fail = |errors: Vec<Diagnostic>| Failure { diagnostics: [warnings.clone(), errors].concat() };
    let keep = resolve_outputs(&model, options.outputs.as_deref()).map_err(fail)?;

    observe(Event::Stage(Stage::Lower));
    let Lowered { mut module, symbols } =
        lower::lower(&model, &LowerOptions { keep, table_points: options.table_points });

    observe(Event::Stage(Stage::Optimise));
    let limits = options.function_size.map_or_else(FuncLimits::default, FuncLimits::of_bytes);
    let cx = PassCx { limits, simd: options.simd };
    pipeline::optimise_within(&mut module, options.level, cx, &mut |pass, module| {
        observe(Event::Pass(pass, module));
    });

    observe(Event::Stage(Stage::Layout));
    let layout = layout::layout(&module, symbols, max_memory, options.level != OptLevel::Os)
        .map_err(|error| fail(vec![too_large::out_of_memory(&error)]))?;

    observe(Event::Stage(Stage::Build));
    let build_options = simc_wasm::Options {
        source_digest: inputs::digest(sources),
        files: inputs::list(sources, root),
        max_memory,
        simd: options.simd,
        lookup_bytes: if options.level == OptLevel::Os { 0 } else { simc_wasm::Options::default().lookup_bytes },
        #[cfg(feature = "binaryen")]
        binaryen: binaryen(options.level),
        ..simc_wasm::Options::default()
    };
    let wasm =
        simc_wasm::build(&module, &layout, &build_options).map_err(|error| fail(vec![too_large::not_built(&error)]))?;
    Ok(Build { model, module, layout, wasm, warnings })
}

impl Stage {
    /// The name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Front => "front",
            Stage::Lower => "lower",
            Stage::Optimise => "optimise",
            Stage::Layout => "layout",
            Stage::Build => "build",
        }
    }
}

/// Makes errors of what tells of units. Gives their number.
fn deny_units(diagnostics: &mut [Diagnostic]) -> usize {
    let about_units = diagnostics.iter_mut().filter(|diagnostic| diagnostic.code.is_about_units());
    about_units.map(|diagnostic| diagnostic.severity = Severity::Error).count()
}

/// The variables that a row shows: those that the user named, or all that do not come within a macro. The four times are in
/// every row.
fn resolve_outputs(model: &Model, outputs: Option<&[String]>) -> Result<Option<BTreeSet<VarId>>, Vec<Diagnostic>> {
    let shown = || model.iter_vars().filter(|(_, var)| !var.is_hidden);
    let Some(outputs) = outputs else {
        let has_hidden = shown().count() < model.vars.len();
        return Ok(has_hidden.then(|| shown().map(|(id, _)| id).collect()));
    };
    let vars: BTreeMap<Key, VarId> = shown().map(|(id, var)| (Key::new(&var.name), id)).collect();
    let mut keep = BTreeSet::new();
    let mut diagnostics = Vec::new();
    for output in outputs {
        let whole = Key::new(&name::unescape(output));
        let base = name::split_subscripts(output).map(|(variable, _)| Key::new(&name::unescape(variable)));
        let key = base.filter(|_| !vars.contains_key(&whole)).unwrap_or(whole);
        match vars.get(&key).filter(|&&id| !matches!(model.var(id).def, Def::Lookup(_))) {
            Some(&id) => drop(keep.insert(id)),
            None if TIME_NAMES.contains(&key.as_str()) => {}
            None => diagnostics.push(unknown_output(model, output)),
        }
    }
    if diagnostics.is_empty() { Ok(Some(keep)) } else { Err(diagnostics) }
}

fn unknown_output(model: &Model, output: &str) -> Diagnostic {
    let message = format!("the model has no variable `{output}` whose values it could show");
    let diagnostic = Diagnostic::error_without_place(code::UNKNOWN_OUTPUT, message);
    let shown = model.vars.iter().filter(|var| !var.is_hidden);
    match name::suggest(output, shown.map(|var| var.name.as_str())) {
        Some(near) => diagnostic.with_hint(format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}

/// What Binaryen is to do at a level.
#[cfg(feature = "binaryen")]
fn binaryen(level: OptLevel) -> Option<simc_wasm::post::Binaryen> {
    match level {
        OptLevel::O0 | OptLevel::O1 | OptLevel::O2 => None,
        OptLevel::O3 => Some(simc_wasm::post::Binaryen::Speed),
        OptLevel::Os => Some(simc_wasm::post::Binaryen::Size),
    }
}
