//! Events of a run, reported on standard error as they fire.

use std::fmt::Write;

use simc::engine::{Engine, Fault};
use simc::render::is_obeyed;
use simc::results::Number;
use simc_artifact::{
    Action, Direction, ErrorWord, Event, Extension, Record, RunState, Threshold, Time, event_capacity, step_time,
};

use super::output;

/// Runs to the end in parts so short that no record is overwritten before it is reported. A run that pauses goes on.
pub(super) fn run(engine: &mut dyn Engine, extension: &Extension, time: &Time) -> Result<(), Fault> {
    let watched: u64 = extension.thresholds.iter().map(|threshold| u64::from(threshold.n)).sum();
    let part = (event_capacity(watched) / watched.max(1)).max(1);
    let (mut done, mut told) = (0_u64, 0_u64);
    while done <= time.n_steps && engine.error()? == ErrorWord::default() {
        let target = done.saturating_add(part - 1).min(time.n_steps);
        engine.run_to(step_time(time.start, time.dt, target))?;
        let (count, records) = engine.events();
        let new = usize::try_from(count.saturating_sub(told)).unwrap_or(usize::MAX).min(records.len());
        told = count;
        let records = &records[records.len() - new..];
        records.iter().for_each(|record| output::write_stderr(&describe(record, extension)));
        match engine.run_state() {
            RunState::Stopped => return Ok(()),
            // The step that has paused the run is that of its last event.
            RunState::Paused => done = records.last().map_or(target, |last| last.step).saturating_add(1),
            RunState::Running => done = target.saturating_add(1),
        }
    }
    Ok(())
}

/// One line: when, what, and what is said.
fn describe(record: &Record, extension: &Extension) -> String {
    let mut first = 0;
    let mut line = format!("time {}: ", Number(record.time));
    for threshold in &extension.thresholds {
        let n = threshold.events.len() as u64;
        if let Some(event) = u64::from(record.event).checked_sub(first).and_then(|at| threshold.events.get(at as usize))
        {
            tell(&mut line, record, threshold, event, extension);
            break;
        }
        first += n;
    }
    line.push('\n');
    line
}

fn tell(line: &mut String, record: &Record, threshold: &Threshold, event: &Event, extension: &Extension) {
    let side = match threshold.direction {
        Direction::Increasing => "above",
        Direction::Decreasing => "below",
    };
    let name = title(threshold, record.element, extension);
    let (value, limit) = (Number(record.value), Number(threshold.value));
    write!(line, "`{name}` is {value}, {side} {limit}").expect("a string takes everything");
    line.push_str(match event.action {
        Action::Message => "",
        Action::Pause => "; the run pauses",
        Action::Stop => "; the run stops",
    });
    if !event.message.is_empty() {
        let message = event.message.chars().map(|c| if is_obeyed(c) { ' ' } else { c });
        line.push_str(": ");
        line.extend(message);
    }
}

/// `Population`, `rate[North,Young]`
fn title(threshold: &Threshold, element: u32, extension: &Extension) -> String {
    let mut rest = element as usize;
    let mut subscripts = Vec::new();
    for &dim in threshold.dims.iter().rev() {
        let elements = &extension.dimensions[dim as usize].elements;
        let size = elements.len().max(1);
        subscripts.push(elements.get(rest % size).map_or("?", String::as_str));
        rest /= size;
    }
    subscripts.reverse();
    let name: String = threshold.variable.chars().map(|c| if is_obeyed(c) { ' ' } else { c }).collect();
    if subscripts.is_empty() { name } else { format!("{name}[{}]", subscripts.join(",")) }
}
