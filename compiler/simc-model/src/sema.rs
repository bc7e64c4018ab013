//! From what the file says to what it means: a [`Definition`](crate::definition::Definition) in, [`Model`] out.
//!
//! The stages run in the order of the calls in `resolve_model`, and all of them run whatever an earlier one had to complain about, so that
//! one compilation reports every problem. What an error leaves undefined is filled with a harmless stand-in, which
//! no later stage complains about; the model is handed out only when there was no error.

use crate::data::DataSet;
use crate::definition;
use crate::diagnostic::{self, Diagnostic, code};
use crate::model::Model;
use crate::model::verify::Violations;
use crate::sema::base::{diagnostics::Diagnostics, dimension, time};
use crate::sema::declare::{data, series, variables};
use crate::sema::equation::{draw, value};
use crate::sema::instances::{body, connection, control, group, module_tree};
use crate::sema::rules::{absent, clamp, event, start, stock, title, transport, unvalued};
use crate::sema::schedule::{order, state_order};
use crate::sema::units::consistency;

// The layers: base, instances, builder, declare, equation, rules, schedule, units. Each uses only those before it.
mod base;
mod builder;
mod declare;
mod equation;
mod instances;
mod rules;
mod schedule;
mod units;

/// What came of the resolution: the model when there was no error, and everything that there is to say, sorted by place.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// Present exactly when `diagnostics` holds no error.
    pub model: Option<Model>,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// Resolves a definition that imports nothing. A model without a name of its own gets `fallback_name`.
pub fn resolve(file: &definition::Definition, fallback_name: &str) -> Resolved {
    let resolved = resolve_with_data(file, &[], fallback_name);
    debug_assert_eq!(faults(resolved.model.as_ref()), None, "a resolved model keeps its rules");
    resolved
}

/// The rules that a model breaks, if there is one and it breaks any. Only a model that its reader found nothing wrong with keeps
/// them: what could not be read is missing in the others.
pub(crate) fn faults(model: Option<&Model>) -> Option<Violations> {
    model.and_then(|model| model.verify().err())
}

/// Resolves a file together with its data sets.
pub(crate) fn resolve_with_data(file: &definition::Definition, sets: &[DataSet<'_>], fallback_name: &str) -> Resolved {
    let mut diagnostics = Diagnostics::new(file.wording);
    let model = resolve_model(file, sets, fallback_name, &mut diagnostics);
    let mut diagnostics = diagnostics.into_list();
    diagnostic::sort(&mut diagnostics);
    let broken = diagnostics.iter().any(Diagnostic::is_error);
    let model = if broken { None } else { model };
    Resolved { model, diagnostics }
}

/// The stages in order.
fn resolve_model(
    file: &definition::Definition,
    sets: &[DataSet<'_>],
    fallback_name: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Model> {
    let Some(root) = module_tree::root_model(file) else {
        diagnostics.report(Diagnostic::error_without_place(code::NO_MODEL, "the file holds no model"));
        return None;
    };
    let time = time::resolve_time(file, diagnostics);
    let mut dims = dimension::resolve_dims(file, diagnostics);
    let bodies = body::make_bodies(file);
    let (mut tree, budget) = module_tree::resolve_modules(file, &bodies, root, &mut dims, diagnostics)?;
    let mut connections = connection::resolve_connections(&tree, diagnostics);
    let mut builder = variables::declare_vars(&tree, &connections, dims, budget, diagnostics);
    let series = series::resolve_series(&tree, &mut builder);
    let overrides = data::resolve_data(&tree, sets, &time, series, &mut builder, diagnostics);
    value::resolve_equations(&mut tree, &mut connections, &overrides, &time, &mut builder, diagnostics);
    title::check_titles(&tree, &builder, diagnostics);
    draw::declare_seed(&mut builder);
    let flows = stock::resolve_flows(&tree, &mut builder, diagnostics);
    transport::resolve_transports(&tree, &flows, &time.spec, &mut builder, diagnostics);
    clamp::apply_clamps(&tree, flows, time.spec.dt, &mut builder, diagnostics);
    start::resolve_starts(&mut builder, time.spec.start);
    unvalued::resolve_unvalued(&tree, &mut builder, diagnostics);
    absent::report_absent(&builder, diagnostics);
    let orders = order::resolve_orders(&mut builder, &time.spec, diagnostics);
    state_order::resolve_orders(&mut builder, &orders, &time.spec, file.dialect, diagnostics);
    state_order::fix_shaping(&mut builder);
    state_order::name_constants(&mut builder);
    draw::check_seed(&builder, diagnostics);
    let event::Watch { watched, thresholds } = event::resolve_events(&tree, time.spec.dt, &mut builder, diagnostics);
    consistency::check_units(&tree, &connections, &builder, diagnostics);
    let shown_dims = |id| Some(builder.var(id)).filter(|var| !var.is_hidden).map(|var| var.dims.as_slice());
    let controls = control::resolve_controls(&tree, &builder.dims, shown_dims);
    let groups = group::resolve_groups(&tree, |id| !builder.var(id).is_hidden);
    let vars = builder.take_vars();
    Some(Model {
        name: file.name.clone().unwrap_or_else(|| fallback_name.to_owned()),
        time: time.spec,
        dims: builder.dims.into_model(diagnostics),
        invalid_index: file.invalid_index,
        vars,
        states: builder.states,
        tables: builder.tables,
        transports: builder.transports,
        recurrences: orders.recurrences,
        watched,
        thresholds,
        groups,
        controls,
        init_order: orders.init,
        step_order: orders.step,
    })
}
