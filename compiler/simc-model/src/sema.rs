//! From what the file says to what it means: ast in, [`Model`] out.
//!
//! The stages run in the order of the modules below, and all of them run whatever an earlier one had to complain about, so that
//! one compilation reports every problem. What an error leaves undefined is filled with a harmless stand-in, which
//! no later stage complains about; the model is handed out only when there was no error.

use std::collections::BTreeSet;

use crate::data::DataSet;
use crate::definition;
use crate::diagnostic::{self, Code, Diagnostic, code};
use crate::model::Model;
use crate::name;
use crate::source::Span;

// what there is
mod connection;
mod data;
mod declare;
mod dimension;
mod function;
mod piece;
mod scope;
mod table;
mod time;

// what it says
mod axes;
mod call;
mod constant;
mod curve;
mod draw;
mod equation;
mod event;
mod frame;
mod graft;
mod instance;
mod memory;
mod plan;
mod reduce;
mod reference;
mod shape;
mod subscript;

// how it hangs together
mod belt;
mod circle;
mod clamp;
mod consistency;
mod graph;
mod group;
mod order;
mod read;
mod split;
mod start;
mod stock;
mod sweep;
mod unit;
mod vector;

/// What came of the resolution: the model when there was no error, and everything that there is to say, sorted by place.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// Present exactly when `diagnostics` holds no error.
    pub model: Option<Model>,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// Resolves a file that imports nothing. A model without a name in its header gets `fallback_name`.
pub fn resolve(file: &definition::Definition, fallback_name: &str) -> Resolved {
    resolve_with_data(file, &[], fallback_name)
}

/// Resolves a file together with its data sets.
pub(crate) fn resolve_with_data(file: &definition::Definition, sets: &[DataSet<'_>], fallback_name: &str) -> Resolved {
    let mut problems = Problems::new();
    let model = resolve_model(file, sets, fallback_name, &mut problems);
    let mut diagnostics = problems.list;
    diagnostic::sort(&mut diagnostics);
    let broken = diagnostics.iter().any(Diagnostic::is_error);
    Resolved { model: if broken { None } else { model }, diagnostics }
}

/// The stages in order.
fn resolve_model(
    file: &definition::Definition,
    sets: &[DataSet<'_>],
    fallback_name: &str,
    problems: &mut Problems,
) -> Option<Model> {
    let Some(root) = scope::root_model(file) else {
        problems.report(Diagnostic::error_without_place(code::NO_MODEL, "the file holds no model"));
        return None;
    };
    let time = time::resolve_time(file.sim_specs.as_ref(), problems);
    let mut dims = dimension::resolve_dims(file, problems);
    let (mut world, budget) = scope::resolve_modules(file, root, &mut dims, problems)?;
    let mut feeds = connection::resolve_connections(&world, problems);
    let mut draft = declare::declare_vars(&world, &feeds, dims, budget, problems);
    let given = data::resolve_data(&world, sets, &time, &mut draft, problems);
    equation::resolve_equations(&mut world, &mut feeds, &given, &time, &mut draft, problems);
    draw::declare_seed(&mut draft);
    let flows = stock::resolve_flows(&world, &mut draft, problems);
    belt::resolve_belts(&world, &flows, &time.spec, &mut draft, problems);
    clamp::apply_clamps(&world, flows, time.spec.dt, &mut draft, problems);
    start::resolve_starts(&mut draft, time.spec.start);
    let orders = order::resolve_orders(&mut draft, problems);
    constant::resolve_orders(&mut draft, &orders.step, problems);
    constant::name_constants(&mut draft);
    draw::check_seed(&draft, problems);
    let event::Watch { watched, thresholds } = event::resolve_events(&world, time.spec.dt, &mut draft, problems);
    consistency::check_units(&world, &feeds, &draft, problems);
    Some(Model {
        name: file.name.clone().unwrap_or_else(|| fallback_name.to_owned()),
        time: time.spec,
        dims: draft.dims.into_model(problems),
        invalid_index: file.invalid_index,
        vars: draft.vars,
        states: draft.states,
        tables: draft.tables,
        belts: draft.belts,
        sweeps: orders.sweeps,
        watched,
        thresholds,
        groups: group::resolve_groups(&world),
        init_order: orders.init,
        step_order: orders.step,
    })
}

/// Collects diagnostics. A model that is used many times has each of its problems reported once.
struct Problems {
    list: Vec<Diagnostic>,
    seen: BTreeSet<(Code, Span)>,
    /// How many more misspelt names are compared with all others.
    suggestions: u32,
}

impl Problems {
    /// A suggestion costs a comparison with every name in sight, so that hostile files get a few only.
    const MAX_SUGGESTIONS: u32 = 20;

    fn new() -> Self {
        Self { list: Vec::new(), seen: BTreeSet::new(), suggestions: Self::MAX_SUGGESTIONS }
    }

    /// Adds a problem unless the same one has been reported at the same place.
    fn report(&mut self, diagnostic: Diagnostic) {
        let is_new = diagnostic.span.is_none_or(|span| self.seen.insert((diagnostic.code, span)));
        if is_new {
            self.list.push(diagnostic);
        }
    }

    /// How many problems there are so far.
    fn count(&self) -> usize {
        self.list.len()
    }

    /// What a misspelt name may have meant, as a hint.
    fn suggest<'n>(&mut self, written: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<String> {
        self.suggestions = self.suggestions.checked_sub(1)?;
        let meant = name::suggest(written, candidates)?;
        Some(format!("did you mean `{}`?", name::display(meant)))
    }
}
