//! Time, axes, slots, params and tables.

use kernel::abi::steps_until;
use kernel::transport;

use super::{Culprit, Errors, VerifierError, described, report_slot};
use crate::entity::{Graph, Slot, Table, Threshold};
use crate::func::MAX_NESTING;
use crate::module::{
    Curve, GraphData, Module, ParamData, SlotRole, TableData, TableSearch, ThresholdData, Through, TimeSpec,
};

/// All slots together hold fewer numbers than this, so that no size in bytes overflows.
const MAX_NUMBERS: u64 = 1 << 48;

/// How far an x may be from where even spacing puts it, in segments, for an even search to be one segment off at most.
const EVEN_TOLERANCE: f64 = 0.5;

/// Returns whether functions can be checked: every entity that a declaration names exists, and sizes are known.
pub(super) fn verify_declarations(module: &Module, errors: &mut Errors) -> bool {
    let known = errors.len();
    verify_references(module, errors);
    if errors.len() > known {
        return false;
    }
    verify_time(&module.time, errors);
    verify_sizes(module, errors);
    verify_row_order(module, errors);
    verify_params(module, errors);
    for (threshold, data) in module.thresholds.iter() {
        verify_threshold(module, threshold, data, errors);
    }
    for (graph, data) in module.graphs.iter() {
        verify_graph(graph, data, errors);
    }
    for (table, data) in module.tables.iter() {
        verify_table(module, table, data, errors);
    }
    true
}

fn report(errors: &mut Errors, message: impl Into<String>) {
    errors.push(VerifierError { entity: Culprit::Module, text: "module".to_owned(), message: message.into() });
}

fn verify_references(module: &Module, errors: &mut Errors) {
    for (slot, data) in module.slots.iter() {
        for &axis in data.axes.iter().filter(|&&axis| !module.axes.is_valid(axis)) {
            report_slot(module, errors, slot, format!("{axis} is not declared"));
        }
    }
    for (table, data) in module.tables.iter() {
        for &axis in data.axes.iter().filter(|&&axis| !module.axes.is_valid(axis)) {
            report_table(errors, table, data, &format!("{axis} is not declared"));
        }
        for &graph in data.graphs.iter().filter(|&&graph| !module.graphs.is_valid(graph)) {
            report_table(errors, table, data, &format!("{graph} is not declared"));
        }
    }
    for (param, data) in module.params.iter() {
        let through = data.through.as_ref().map(|through| through.slot);
        for slot in [Some(data.slot), through].into_iter().flatten().filter(|&slot| !module.slots.is_valid(slot)) {
            let text = described(param, &data.name);
            let message = format!("{slot} is not declared");
            errors.push(VerifierError { entity: Culprit::Param(param), text, message });
        }
    }
}

fn verify_time(time: &TimeSpec, errors: &mut Errors) {
    if !time.start.is_finite() || !time.stop.is_finite() {
        report(errors, "start and stop must be finite");
    }
    if !time.dt.is_finite() || time.dt <= 0.0 {
        report(errors, "dt must be positive and finite");
    }
    let steps = steps_until(time.start, time.dt, time.stop).floor();
    if steps != time.n_steps as f64 {
        report(errors, format!("from start to stop there are {steps} steps, not {}", time.n_steps));
    }
    if time.save_every == 0 {
        report(errors, "save_every must be at least 1");
    }
}

fn verify_sizes(module: &Module, errors: &mut Errors) {
    for (axis, data) in module.axes.iter().filter(|(_, data)| data.size == 0) {
        let text = described(axis, &data.name);
        errors.push(VerifierError {
            entity: Culprit::Axis(axis),
            text,
            message: "an axis has at least one element".to_owned(),
        });
    }
    let mut total = 0u64;
    for (slot, data) in module.slots.iter() {
        if data.axes.len() > MAX_NESTING {
            report_slot(module, errors, slot, format!("has {} axes, more than {MAX_NESTING}", data.axes.len()));
        }
        if data.role == (SlotRole::Ring { capacity: 0 }) {
            report_slot(module, errors, slot, "a ring has room for at least one number");
        }
        if let SlotRole::Transport { words } = data.role {
            if (words as usize) < transport::HEADER_WORDS {
                report_slot(
                    module,
                    errors,
                    slot,
                    format!("a transport has at least {} words", transport::HEADER_WORDS),
                );
            }
            if module.time.method.has_stages() {
                report_slot(module, errors, slot, "transports exist only under euler");
            }
        }
        total = total.saturating_add(module.slot_len(slot).saturating_mul(data.role.words()));
    }
    if total >= MAX_NUMBERS {
        report(errors, format!("the slots hold {total} numbers, too many to address"));
    }
}

/// Where a slot is among the others: its rank never decreases.
fn row_rank(module: &Module, slot: Slot, settable: bool) -> u32 {
    match module.slots[slot].role {
        SlotRole::Time => 0,
        SlotRole::Dt => 1,
        SlotRole::StartTime => 2,
        SlotRole::StopTime => 3,
        SlotRole::Stock => 4,
        SlotRole::Output => 5,
        SlotRole::Run if !settable => 6,
        SlotRole::Run => 7,
        SlotRole::Level
        | SlotRole::Held
        | SlotRole::Pending
        | SlotRole::Hoisted
        | SlotRole::Watched
        | SlotRole::Spill
        | SlotRole::Carry
        | SlotRole::Ring { .. }
        | SlotRole::Transport { .. } => 8,
    }
}

fn verify_row_order(module: &Module, errors: &mut Errors) {
    let params = module.params_by_slot();
    let ranks: Vec<_> = module.slots.keys().map(|slot| row_rank(module, slot, params[slot].is_some())).collect();
    if ranks.get(..4) != Some(&[0, 1, 2, 3]) || ranks.get(4) == Some(&3) {
        report(errors, "the first four slots must be time, dt, start and stop, once each");
    }
    for (position, (slot, data)) in module.slots.iter().enumerate() {
        if ranks[position] < 4 && (position >= 4 || !data.axes.is_empty()) {
            report_slot(module, errors, slot, "a slot of the time stands once, among the first four, without axes");
        } else if position > 0 && ranks[position] < ranks[position - 1] {
            report_slot(module, errors, slot, format!("a {} slot cannot stand here in a row", data.role.name()));
        }
        if data.role == SlotRole::Carry && !data.axes.is_empty() {
            report_slot(module, errors, slot, "what loops hand on is a single number: it has no axes");
        }
        if data.role == SlotRole::Pending && !module.time.method.has_stages() {
            report_slot(module, errors, slot, "pending slots exist only under runge-kutta");
        }
    }
}

fn verify_params(module: &Module, errors: &mut Errors) {
    let mut last = None;
    for (param, data) in module.params.iter() {
        let mut report = |message: String| {
            errors.push(VerifierError { entity: Culprit::Param(param), text: described(param, &data.name), message });
        };
        let role = module.slots[data.slot].role;
        match &data.through {
            None if role != SlotRole::Run => report(format!("{} is not a run slot", data.slot)),
            Some(_) if role != SlotRole::Hoisted => report(format!("{} is not a hoisted slot", data.slot)),
            Some(through) => verify_through(module, data, through, &mut report),
            None => {}
        }
        if last.is_some_and(|last| data.slot <= last) {
            report(format!("{} does not stand after the slot of the param before", data.slot));
        }
        let elements = module.slot_len(data.slot);
        if data.defaults.len() as u64 != elements {
            report(format!("has {} defaults for {elements} elements", data.defaults.len()));
        }
        last = Some(data.slot);
    }
}

/// A param is set through elements of a visible slot of its shape.
fn verify_through(module: &Module, data: &ParamData, through: &Through, report: &mut impl FnMut(String)) {
    let shown = &module.slots[through.slot];
    if !matches!(shown.role, SlotRole::Stock | SlotRole::Output | SlotRole::Run) {
        report(format!("{} is not in a row behind the times", through.slot));
    }
    if shown.axes != module.slots[data.slot].axes {
        report(format!("{} has other axes", through.slot));
    }
    let len = module.slot_len(through.slot);
    let mut least = 0;
    for &(first, n) in &through.runs {
        let (first, end) = (u64::from(first), u64::from(first) + u64::from(n));
        if n == 0 || end > len || first < least {
            report(format!("the elements from {first} to {end} are none, or not behind those before"));
        }
        least = end + 1;
    }
    if through.runs.is_empty() {
        report("no element is set".to_owned());
    }
}

fn report_table(errors: &mut Errors, table: Table, data: &TableData, message: &str) {
    let text = described(table, &data.name);
    errors.push(VerifierError { entity: Culprit::Table(table), text, message: message.to_owned() });
}

fn verify_table(module: &Module, table: Table, data: &TableData, errors: &mut Errors) {
    if data.axes.len() > MAX_NESTING {
        report_table(errors, table, data, &format!("has {} axes, more than {MAX_NESTING}", data.axes.len()));
    }
    let elements = module.len_over(&data.axes);
    if data.curves.len() as u64 != elements {
        report_table(errors, table, data, &format!("has {} curves for {elements} elements", data.curves.len()));
    }
    if !data.graphs.is_empty() {
        let same = |(curve, &graph): (&Curve, &Graph)| module.graphs[graph].curve.has_bits_of(curve);
        if data.graphs.len() != data.curves.len() || !data.curves.iter().zip(&data.graphs).all(same) {
            report_table(errors, table, data, "each curve belongs to a graph with the same points, or none does");
        }
    }
    for message in data.curves.iter().flat_map(|curve| mistakes(curve, data.search)) {
        report_table(errors, table, data, message);
    }
}

fn verify_threshold(module: &Module, threshold: Threshold, data: &ThresholdData, errors: &mut Errors) {
    let is_watched = module.slots.get(data.slot).is_some_and(|slot| slot.role == SlotRole::Watched);
    let end = u64::from(data.first) + u64::from(data.n);
    let mut messages = Vec::new();
    if !is_watched {
        messages.push(format!("{} is not watched", data.slot));
    } else if data.n == 0 || end > module.slot_len(data.slot) {
        messages.push(format!("{} has no elements {} to {end}", data.slot, data.first));
    }
    if data.value.is_nan() {
        messages.push("the threshold is no number".to_owned());
    }
    if data.actions.is_empty() {
        messages.push("a threshold has an event".to_owned());
    }
    for message in messages {
        let text = described(threshold, &data.name);
        errors.push(VerifierError { entity: Culprit::Threshold(threshold), text, message });
    }
}

fn verify_graph(graph: Graph, data: &GraphData, errors: &mut Errors) {
    let mut messages: Vec<String> = mistakes(&data.curve, TableSearch::Binary).into_iter().map(str::to_owned).collect();
    if (data.capacity as usize) < data.curve.xs.len() {
        messages.push(format!("has {} points and room for {}", data.curve.xs.len(), data.capacity));
    }
    for message in messages {
        let text = described(graph, &data.name);
        errors.push(VerifierError { entity: Culprit::Graph(graph), text, message });
    }
}

/// What is wrong with a curve.
fn mistakes(curve: &Curve, search: TableSearch) -> Vec<&'static str> {
    let mut found = Vec::new();
    if curve.xs.is_empty() {
        found.push("a table has at least one point");
    }
    if curve.xs.len() != curve.ys.len() {
        found.push("a table has as many y as x");
    }
    if !curve.xs.iter().all(|x| x.is_finite()) {
        found.push("every x must be finite");
    } else if !curve.xs.is_sorted() {
        found.push("x must ascend");
    } else if search == TableSearch::Even && !is_even(&curve.xs) {
        found.push("x are not spaced evenly enough for an even search");
    }
    found
}

/// Whether the segment that even spacing predicts is one off at most, everywhere.
fn is_even(xs: &[f64]) -> bool {
    let (&[first, .., last], n) = (xs, xs.len()) else { return false };
    let per_x = (n - 1) as f64 / (last - first);
    per_x.is_finite() && xs.iter().enumerate().all(|(i, x)| ((x - first) * per_x - i as f64).abs() <= EVEN_TOLERANCE)
}
