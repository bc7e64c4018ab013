//! `run: CALLS => FACTS`
//!
//! Calls are those of an artifact: `set s7 = 2.0`, `set s7 = 2.0 3.0`, `set g0 = 0.0:1.0 2.0:3.0`, `run_to 3.0`, `run`, `reset`, `clear_values`, `run_initials`, `pause_on_events`.
//! Facts are `s4 == 1.5` (live), `s4[2] == 1.5` (an element), `s4@1 == 1.5` (in saved row 1), and `saved`, `error`, `returned`.

use simc_ir::module::Module;
use tests::engine::{Engine, Op};

/// Makes the calls, then compares each fact to the bit.
pub(super) fn execute(engine: &mut dyn Engine, module: &Module, line: &str) -> Result<(), String> {
    let (calls, facts) = line.split_once("=>").ok_or(format!("no `=>` in `{line}`"))?;
    let mut returned = 0;
    for call in calls.split(';').map(str::trim).filter(|call| !call.is_empty()) {
        returned = engine.call(parse_call(call, module)?);
    }
    for fact in facts.split(',') {
        let (subject, value) = fact.split_once("==").ok_or(format!("no `==` in `{fact}`"))?;
        let expected = parse_number(value)?;
        let got = match subject.trim() {
            "saved" => engine.saved() as f64,
            "error" => engine.error() as f64,
            "returned" => f64::from(returned),
            slot => slot_value(engine, module, slot)?,
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
        "pause_on_events" => Op::PauseOnEvents(true),
        "clear_values" => Op::ClearValues,
        "run_to" => Op::RunTo(parse_number(rest)?),
        "set" => {
            let (what, values) = rest.split_once('=').ok_or(format!("no `=` in `{call}`"))?;
            parse_set(what.trim(), values, module)?
        }
        _ => return Err(format!("no such call: {call}")),
    })
}

/// What is set: a graphical function, one number, or several numbers that lie side by side.
fn parse_set(what: &str, values: &str, module: &Module) -> Result<Op, String> {
    if let Some(graph) = what.strip_prefix('g') {
        let point = |point: &str| {
            let (x, y) = point.split_once(':').ok_or(format!("not a point: {point}"))?;
            Ok([parse_number(x)?, parse_number(y)?])
        };
        let points = values.split_whitespace().map(point).collect::<Result<_, String>>()?;
        return Ok(Op::SetTable(graph.parse().map_err(|_| format!("not a graphical function: {what}"))?, points));
    }
    let slot = i32::try_from(row_position(what, module)?).map_err(|error| error.to_string())?;
    let values: Vec<f64> = values.split_whitespace().map(parse_number).collect::<Result<_, _>>()?;
    Ok(match values.as_slice() {
        [value] => Op::SetValue(slot, *value),
        _ => Op::SetValues(slot, values),
    })
}

/// `s4`, `s4[2]`, `s4@1`, `s4[2]@1`
fn slot_value(engine: &mut dyn Engine, module: &Module, text: &str) -> Result<f64, String> {
    let (slot, row) = text.split_once('@').map_or((text, None), |(slot, row)| (slot, Some(row)));
    let position = row_position(slot, module)?;
    let (cells, first) = match row {
        None => (engine.live(), 0),
        Some(row) => {
            let row: usize = row.parse().map_err(|_| format!("not a row: {text}"))?;
            (engine.rows(), row * engine.live().len())
        }
    };
    cells.get(first + position).copied().ok_or(format!("there is no {text}"))
}

/// Where in the row a slot's element is.
fn row_position(text: &str, module: &Module) -> Result<usize, String> {
    let (name, element) = match text.split_once('[') {
        Some((name, element)) => {
            (name, element.trim_end_matches(']').parse().map_err(|_| format!("not an element: {text}"))?)
        }
        None => (text, 0),
    };
    let positions = module.row_positions();
    let slot = module.slots.keys().find(|slot| slot.to_string() == name).ok_or(format!("not a slot: {text}"))?;
    let first = positions[slot].filter(|_| element < module.slot_len(slot)).ok_or(format!("not in the row: {text}"))?;
    usize::try_from(first + element).map_err(|error| error.to_string())
}

fn parse_number(text: &str) -> Result<f64, String> {
    text.trim().parse().map_err(|_| format!("not a number: {text}"))
}
