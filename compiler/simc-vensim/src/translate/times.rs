//! The times of the run: control variables and the integration method.
//!
//! A control variable is a number, or follows from constants. `FINAL TIME` may change during the run if its equation says the
//! latest time that it can be: the run has rows up to that one, and an event stops it.

use std::collections::HashSet;

use simc_model::builtin::RunNumber;
use simc_model::definition::{
    DefKind, Equation, EquationKind, EquationNode, Name as NeutralName, Path, RepeatDef, SimSpecs, ThresholdDef, VarDef,
};
use simc_model::diagnostic::Diagnostic;
use simc_model::model::{Action, BinaryOp, Direction, Event, STEP_TOLERANCE};
use simc_model::name::Key;
use simc_model::source::Span;

use crate::ast::{self, Method};
use crate::code;
use crate::translate::constant::Constants;
use crate::translate::ranges::Ranges;

/// The control variables, with the number of the run that each is.
pub(super) const CONTROLS: [(&str, RunNumber); 4] = [
    ("INITIAL TIME", RunNumber::Start),
    ("FINAL TIME", RunNumber::Stop),
    ("TIME STEP", RunNumber::Dt),
    ("SAVEPER", RunNumber::SaveInterval),
];

/// A time of the run.
struct Control {
    value: f64,
    span: Span,
    /// It is the latest of those that it can be.
    changes: bool,
}

/// Reads the control variables among all variables of a file, and marks them; those that are `given` have another number than the
/// file says. A run that ends by itself gets a variable that says when.
pub(crate) fn read(
    file: &ast::File,
    vars: &mut Vec<VarDef>,
    ranges: &Ranges,
    given: &[(RunNumber, f64)],
) -> (SimSpecs, Vec<Diagnostic>) {
    let given = CONTROLS.iter().filter_map(|(name, number)| {
        let (_, value) = given.iter().find(|(other, _)| other == number)?;
        Some((*name, *value))
    });
    let mut constants = Constants::new(vars, ranges, given.clone());
    let mut diagnostics = Vec::new();
    let mut control = |name: &str| -> Option<Control> {
        let def = constants.var(name)?;
        let span = def.span;
        let value = constants.value(def);
        let is_last = Key::new(name) == Key::new("FINAL TIME");
        if let Some(value) = value.known {
            return Some(Control { value, span, changes: false });
        }
        if let Some(value) = value.most.filter(|most| is_last && most.is_finite()) {
            return Some(Control { value, span, changes: true });
        }
        if !def.reported {
            let message = format!("`{}` does not follow from constants alone", def.name.text);
            let hint = if is_last {
                "a run that ends by itself has a latest time: `IF THEN ELSE(condition, Time, 100)` or `MIN(time, 100)`"
            } else {
                "the times of a run are numbers, or computed from constants"
            };
            diagnostics.push(Diagnostic::error(code::CONTROL_VARIABLE, span, message).with_hint(hint));
        }
        None
    };
    let (start, stop) = (control("INITIAL TIME"), control("FINAL TIME"));
    let (dt, save_interval) = (control("TIME STEP"), control("SAVEPER"));
    let first = file.entries.first().map(|definition| definition.span);
    // A time that changes is not missing: its error is within the specification.
    let fault = diagnostics.first().and_then(|diagnostic: &Diagnostic| diagnostic.span);
    let known = start.as_ref().or(stop.as_ref()).map(|control| control.span);
    let span = fault.or(known).or(first).unwrap_or_default();
    let time_units = constants.var("TIME STEP").and_then(|def| def.units.clone());
    // A time that changes is computed in the run: what it follows from may be set.
    let is_known = |control: &Option<Control>| control.as_ref().is_some_and(|control| !control.changes);
    let are_known = [&start, &stop, &dt, &save_interval].map(is_known);
    let shaping = looked_at(vars, ranges, are_known, given);
    mark(vars, stop.as_ref().is_some_and(|stop| stop.changes), &shaping);
    if let (Some(start), Some(Control { value: stop, span, changes: true }), Some(dt)) = (&start, &stop, &dt) {
        let end = end_of_run(vars, [start.value, *stop, dt.value], *span);
        vars.push(end);
    }
    let (method, note) = method(&file.settings);
    diagnostics.extend(note);
    let span_of_method = file.settings.method_span.unwrap_or(span);
    let named = |text: &&str| NeutralName { text: (*text).to_owned(), span: span_of_method };
    let methods = method.iter().map(named).collect();
    let [start, stop, dt, save_interval] =
        [start, stop, dt, save_interval].map(|control| control.map(|control| (control.value, control.span)));
    (SimSpecs { start, stop, dt, methods, save_interval, time_units, span }, diagnostics)
}

/// The variables from which the control variables follow that are `known`.
fn looked_at(
    vars: &[VarDef],
    ranges: &Ranges,
    known: [bool; 4],
    given: impl Iterator<Item = (&'static str, f64)>,
) -> HashSet<Key> {
    let mut constants = Constants::new(vars, ranges, given);
    for (name, _) in CONTROLS.iter().zip(known).filter(|(_, is_known)| *is_known).map(|(control, _)| control) {
        if let Some(def) = constants.var(name) {
            constants.value(def);
        }
    }
    constants.into_looked_at()
}

/// Says of the control variables that they are the numbers of the run, but of a `FINAL TIME` that changes, and of others that the
/// times follow from them.
fn mark(vars: &mut [VarDef], changes: bool, shaping: &HashSet<Key>) {
    let controls = CONTROLS.map(|(name, number)| (Key::new(name), number));
    for var in vars.iter_mut().filter(|var| !var.reported) {
        let key = Key::new(&var.name.text);
        var.is_fixed |= shaping.contains(&key);
        if !var.dims.is_empty() {
            continue;
        }
        let number = controls.iter().find(|(control, _)| *control == key).map(|(_, number)| *number);
        var.run_number = number.filter(|number| !changes || *number != RunNumber::Stop);
    }
}

/// A variable that becomes 1 at the last step of a run that ends before the latest time: the first one, but that at the start,
/// after which another step would end beyond the `FINAL TIME` of that moment.
fn end_of_run(vars: &[VarDef], [start, stop, dt]: [f64; 3], span: Span) -> VarDef {
    let is_taken = |text: &str| vars.iter().any(|var| Key::new(&var.name.text) == Key::new(text));
    let mut text = "FINAL TIME: reached".to_owned();
    while is_taken(&text) {
        text.push('\'');
    }
    let mut nodes: Vec<EquationNode> = Vec::new();
    let mut push = |kind: EquationKind| {
        nodes.push(EquationNode { kind, span });
        (nodes.len() - 1) as u32
    };
    let named = |text: &str| {
        let parts = vec![NeutralName { text: text.to_owned(), span }];
        EquationKind::Reference(Path { absolute: false, parts, span }, Vec::new())
    };
    let time = push(named("Time"));
    let step = push(EquationKind::Number(dt * (1.0 - STEP_TOLERANCE)));
    let next = push(EquationKind::Binary(BinaryOp::Add, time, step));
    let last = push(named("FINAL TIME"));
    let is_beyond = push(EquationKind::Binary(BinaryOp::Gt, next, last));
    let start = push(EquationKind::Number(start));
    let has_begun = push(EquationKind::Binary(BinaryOp::Gt, time, start));
    let stop = push(EquationKind::Number(stop));
    let is_early = push(EquationKind::Binary(BinaryOp::Le, next, stop));
    let is_within = push(EquationKind::Binary(BinaryOp::And, has_begun, is_early));
    push(EquationKind::Binary(BinaryOp::And, is_within, is_beyond));
    let mut def = VarDef::new(NeutralName { text, span }, DefKind::Aux, span);
    def.equation = Some(Equation { nodes, span });
    def.is_implied = true;
    def.thresholds.push(ThresholdDef {
        value: 0.5,
        direction: Direction::Increasing,
        repeat: RepeatDef::Once,
        interval: None,
        events: vec![Event { action: Action::Stop, message: "FINAL TIME is reached".to_owned() }],
        span,
    });
    def
}

/// The method, and those that programs without it come nearest with, by their common names, with what is to be said when it is not just
/// the one asked for.
fn method(settings: &ast::Settings) -> (&'static [&'static str], Option<Diagnostic>) {
    let say = |what: &str| {
        let span = settings.method_span?;
        Some(Diagnostic::warning(code::BAD_SETTINGS, span, what))
    };
    match settings.method {
        Method::Euler => (&["euler"], None),
        Method::Difference => {
            (&["euler"], say("auxiliaries are saved as Euler's method has them, not those of the step before"))
        }
        Method::Rk2 => (&["midpoint", "rk2"], None),
        Method::Rk2Auto => (&["midpoint", "rk2"], say("the steps of this Runge-Kutta method keep their length")),
        Method::Rk4 => (&["rk4"], None),
        Method::Rk4Auto => (&["rk4"], say("the steps of this Runge-Kutta method keep their length")),
    }
}
