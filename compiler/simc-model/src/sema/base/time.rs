//! The specification of the run: when the model runs, in which steps, and how it is integrated.

use std::fmt;

use crate::builtin::RunNumber;
use crate::definition::wording::Cure;
use crate::definition::{Calendar, Definition, Name, SimSpecs};
use crate::diagnostic::{Code, Diagnostic, code};
use crate::model::{Method, STEP_TOLERANCE, TimeSpec, method_named};
use crate::sema::base::diagnostics::Diagnostics;
use crate::source::Span;

/// Steps are counted in an f64, which holds every whole number up to this one.
const MAX_STEPS: f64 = 9_007_199_254_740_992.0;

/// The run, with the numbers that equations may read.
pub(in crate::sema) struct Time {
    /// The time axis; a stand-in when the specification is at fault.
    pub(in crate::sema) spec: TimeSpec,
    /// The time between saved rows.
    pub(in crate::sema) save_interval: f64,
    /// Which date the times are, if the file says it.
    pub(in crate::sema) calendar: Option<Calendar>,
}

impl Time {
    /// A number that the specification fixes.
    pub(in crate::sema) fn number(&self, number: RunNumber) -> f64 {
        match number {
            RunNumber::Dt => self.spec.dt,
            RunNumber::Start => self.spec.start,
            RunNumber::Stop => self.spec.stop,
            RunNumber::SaveInterval => self.save_interval,
        }
    }
}

/// Checks the specification and counts the steps.
pub(in crate::sema) fn resolve_time(file: &Definition, diagnostics: &mut Diagnostics) -> Time {
    let mut time = stand_in();
    time.calendar = file.calendar;
    let Some(specs) = &file.sim_specs else {
        diagnostics.report(
            Diagnostic::error_without_place(code::MISSING_TIME, diagnostics.cure(Cure::NoTimes))
                .with_hint(diagnostics.cure(Cure::WriteTimes)),
        );
        return time;
    };
    time.spec.units = specs.time_units.as_ref().map(|units| units.text.clone());
    time.spec.method = resolve_method(&specs.methods, diagnostics);
    let start = check_time(specs.start, ("start", Cure::NoStart), specs.span, diagnostics);
    let stop = check_time(specs.stop, ("stop", Cure::NoStop), specs.span, diagnostics);
    let dt = check_dt(specs, diagnostics);
    let save_interval = check_save_interval(specs, dt, diagnostics);
    let is_run = start.zip(stop).is_some_and(|(start, stop)| check_order(start, stop, specs, diagnostics));
    if let (true, Some(start), Some(stop), Some(dt)) = (is_run, start, stop, dt) {
        let n_steps = check_steps(Run { start, stop, dt }, specs, diagnostics);
        time.spec = TimeSpec { start, stop, dt, n_steps, ..time.spec };
        time.save_interval = save_interval.unwrap_or(dt);
        time.spec.save_every = count_save_every(save_interval, dt, specs, diagnostics);
        time.spec.n_rows = n_steps / time.spec.save_every + 1;
    }
    time
}

/// A run that nothing complains about.
fn stand_in() -> Time {
    let spec = TimeSpec {
        start: 0.0,
        stop: 1.0,
        dt: 1.0,
        n_steps: 1,
        save_every: 1,
        n_rows: 2,
        method: Method::Euler,
        units: None,
    };
    Time { spec, save_interval: 1.0, calendar: None }
}

/// The first method of the list that is supported; Euler when there is no list.
fn resolve_method(methods: &[Name], diagnostics: &mut Diagnostics) -> Method {
    match methods {
        [] => Method::Euler,
        [first, ..] => methods.iter().find_map(|name| method_named(&name.text)).unwrap_or_else(|| {
            let names: Vec<String> = methods.iter().map(|method| format!("`{}`", method.text.trim())).collect();
            let message = format!("integration method {} is not supported", names.join(", "));
            diagnostics.report(
                Diagnostic::error(code::METHODS, first.span, message)
                    .with_hint("supported methods are euler, rk2, rk4 and midpoint"),
            );
            Method::Euler
        }),
    }
}

/// The start or the stop time.
fn check_time(
    time: Option<(f64, Span)>,
    (which, missing): (&str, Cure),
    specs: Span,
    diagnostics: &mut Diagnostics,
) -> Option<f64> {
    match time {
        None => {
            let message = diagnostics.cure(missing);
            diagnostics.report(
                Diagnostic::error(code::MISSING_TIME, specs, message)
                    .with_label("the run needs a start and a stop time"),
            );
            None
        }
        Some((value, _)) if value.is_finite() => Some(value),
        Some((value, span)) => {
            diagnostics.report(Diagnostic::error(
                code::BAD_TIME,
                span,
                format!("the {which} time is {value}, not a finite number"),
            ));
            None
        }
    }
}

/// The time step: 1 when it is absent.
fn check_dt(specs: &SimSpecs, diagnostics: &mut Diagnostics) -> Option<f64> {
    let (dt, span) = specs.dt.unwrap_or((1.0, specs.span));
    if dt.is_finite() && dt > 0.0 {
        return Some(dt);
    }
    let message = format!("the time step is {}, not a positive number", Shown(dt));
    diagnostics
        .report(Diagnostic::error(code::BAD_DT, span, message).with_hint("a step such as 0.25 or 1 suits most models"));
    None
}

/// The save interval, if there is a valid one.
fn check_save_interval(specs: &SimSpecs, dt: Option<f64>, diagnostics: &mut Diagnostics) -> Option<f64> {
    let (interval, span) = specs.save_interval?;
    if interval.is_finite() && interval > 0.0 {
        return Some(interval);
    }
    let message = format!("the save interval is {}, not a positive number", Shown(interval));
    let hint = dt.map_or("leave it out to save every step".to_owned(), |dt| {
        format!("leave it out to save every step of {}", Shown(dt))
    });
    diagnostics.report(Diagnostic::error(code::BAD_SAVE_INTERVAL, span, message).with_hint(hint));
    None
}

/// Whether the run stops after it starts, both of them finite.
fn check_order(start: f64, stop: f64, specs: &SimSpecs, diagnostics: &mut Diagnostics) -> bool {
    let shown = (Shown(start), Shown(stop));
    let (code, fault) = if stop <= start {
        (code::EMPTY_RUN, format!("the run stops at {}, which is not after its start at {}", shown.1, shown.0))
    } else if !(stop - start).is_finite() {
        (code::BAD_TIME, format!("the run from {} to {} is too long to be measured", shown.0, shown.1))
    } else {
        return true;
    };
    let span = specs.stop.map_or(specs.span, |(_, span)| span);
    diagnostics.report(Diagnostic::error(code, span, fault));
    false
}

/// The three numbers of a run, each finite, the step positive, the stop after the start.
#[derive(Clone, Copy)]
struct Run {
    start: f64,
    stop: f64,
    dt: f64,
}

/// How many steps the run takes; 1 when it is impossible.
fn check_steps(run: Run, specs: &SimSpecs, diagnostics: &mut Diagnostics) -> u64 {
    let Run { start, stop, dt } = run;
    let span = specs.dt.map_or(specs.span, |(_, span)| span);
    let mut fault = |code: Code, message: String| {
        diagnostics.report(Diagnostic::error(code, span, message));
        1
    };
    let steps = ((stop - start) / dt + STEP_TOLERANCE).floor();
    let is_stuck = start + dt <= start || stop - dt >= stop;
    let (start, stop, dt) = (Shown(start), Shown(stop), Shown(dt));
    if steps > MAX_STEPS {
        let message = format!("the run from {start} to {stop} takes more than 2^53 steps of {dt}");
        return fault(code::TOO_MANY_STEPS, message);
    }
    if steps < 1.0 {
        let message = format!("the time step of {dt} is longer than the run from {start} to {stop}");
        return fault(code::DT_BEYOND_RUN, message);
    }
    if is_stuck {
        let message = format!("the time step of {dt} is too small to move time on between {start} and {stop}");
        return fault(code::BAD_DT, message);
    }
    as_count(steps)
}

/// How many steps there are from one saved row to the next.
fn count_save_every(interval: Option<f64>, dt: f64, specs: &SimSpecs, diagnostics: &mut Diagnostics) -> u64 {
    let Some(interval) = interval else { return 1 };
    let ratio = interval / dt;
    let steps = ratio.round().max(1.0);
    if (ratio - steps).abs() > STEP_TOLERANCE * steps {
        let span = specs.save_interval.map_or(specs.span, |(_, span)| span);
        let (interval, dt) = (Shown(interval), Shown(dt));
        let message = format!("the save interval of {interval} is not a whole number of time steps of {dt}");
        let saved = Shown(steps * dt.0);
        diagnostics.report(
            Diagnostic::warning(code::UNEVEN_SAVE_INTERVAL, span, message)
                .with_hint(format!("a row is saved every {saved}")),
        );
    }
    as_count(steps)
}

/// A time as a person would write it: very large and very small ones with an exponent.
#[derive(Clone, Copy)]
pub(in crate::sema) struct Shown(pub(in crate::sema) f64);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shown(time) = self;
        if *time == 0.0 || (1e-5..1e15).contains(&time.abs()) { write!(f, "{time}") } else { write!(f, "{time:e}") }
    }
}

/// A whole number of at least 1 as a count; beyond 2^63 the greatest count, which no run reaches.
fn as_count(steps: f64) -> u64 {
    steps as u64
}
