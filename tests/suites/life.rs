//! The life of an instance: each clause of `docs/artifact.md` on its own, and random sequences of every export
//! against the oracle.

use libtest_mimic::Trial;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use simc_artifact::ErrorCode;
use simc_midend::pipeline::OptLevel;
use simc_model::files::MemoryFiles;
use tests::compare::{V8, engines_agree};
use tests::engine::{Engine, Op, WasmtimeEngine};
use tests::subject::Subject;

use crate::trial;

mod events;
mod exports;
mod inputs;
mod transports;

/// Everything that has a life: two settable constants, what follows from them, a stock, memory of every kind, an initial value.
fn model(method: &str, sim: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0" xmlns:isee="http://iseesystems.com/XMILE">
<header><vendor>tests</vendor><product version="1">life</product></header>
<sim_specs method="{method}" {sim}</sim_specs>
<model><variables>
<aux name="rate"><eqn>0.25</eqn></aux>
<aux name="start level"><eqn>10</eqn></aux>
<aux name="twice the rate"><eqn>2 * rate</eqn></aux>
<stock name="level"><eqn>start_level</eqn><inflow>growth</inflow></stock>
<flow name="growth"><eqn>level * rate</eqn></flow>
<aux name="only saved"><eqn>EXP(-level * rate)</eqn></aux>
<aux name="last"><eqn>PREVIOUS(growth, -1)</eqn></aux>
<aux name="later"><eqn>DELAY(level, 2 * DT, rate)</eqn></aux>
<aux name="smooth"><eqn>SMTH3(growth, 2)</eqn></aux>
<aux name="first"><eqn>INIT(growth)</eqn></aux>
</variables></model>
</xmile>"#
    )
}

const QUARTERS: &str = "><start>1</start><stop>4</stop><dt>0.25</dt>";
const EVERY_THIRD: &str = r#"isee:save_interval="0.75"><start>1</start><stop>4</stop><dt>0.25</dt>"#;

fn subject(method: &str, sim: &str) -> Result<Subject, String> {
    Subject::from_xmile("life.xmile", &model(method, sim), OptLevel::O2)
}

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = vec![
        trial("life::a_new_instance_is_all_zero", a_new_instance_is_all_zero),
        trial("life::a_full_slab_is_final", a_full_slab_is_final),
        trial("life::reset_shows_overrides_and_nothing_else", reset_shows_overrides_and_nothing_else),
        trial("life::clear_values_then_reset_drops_overrides", clear_values_then_reset_drops_overrides),
        trial("life::running_in_two_goes_is_running_in_one", running_in_two_goes_is_running_in_one),
        trial("life::run_is_reset_and_run_to_stop", run_is_reset_and_run_to_stop),
        trial("life::rows_are_those_that_a_person_counts", rows_are_those_that_a_person_counts),
        trial("life::an_override_between_two_goes_changes_only_what_follows", override_between_two_goes),
        trial("life::set_value_refuses_what_is_not_a_constant", set_value_refuses_what_is_not_a_constant),
        trial("life::a_constant_from_data_can_be_set_and_a_series_cannot", data_is_settable_where_it_is_constant),
        trial("life::a_nan_target_raises_the_error_word", a_nan_target_raises_the_error_word),
        trial("life::run_initials_is_idempotent", run_initials_is_idempotent),
        trial("life::at_rest_everything_is_evaluated", at_rest_everything_is_evaluated),
        trial("life::a_complete_instance_shows_its_last_row", a_complete_instance_shows_its_last_row),
    ];
    trials.extend(transports::trials());
    trials.extend(events::trials());
    trials.extend(exports::trials());
    trials.extend(inputs::trials());
    for method in ["euler", "rk2", "rk4", "midpoint"] {
        for (name, sim) in [("every_step", QUARTERS), ("every_third_step", EVERY_THIRD)] {
            for (level_name, level) in [("o0", OptLevel::O0), ("o2", OptLevel::O2)] {
                trials.push(trial(format!("life::random_sequences_{method}_{name}_{level_name}"), move || {
                    sequences(method, sim, level)
                }));
            }
        }
    }
    trials
}

fn check(holds: bool, what: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}

fn slot(subject: &Subject, name: &str) -> usize {
    let symbol = subject.layout.symbols.vars.iter().find(|symbol| symbol.name == name);
    usize::try_from(symbol.unwrap_or_else(|| panic!("no variable {name}")).slot).expect("slots are few")
}

fn slot_number(subject: &Subject, name: &str) -> i32 {
    i32::try_from(slot(subject, name)).expect("slots are few")
}

fn a_new_instance_is_all_zero() -> Result<(), String> {
    let subject = subject("euler", QUARTERS)?;
    let mut engine = WasmtimeEngine::new(&subject.wasm);
    check(engine.live().iter().all(|value| value.to_bits() == 0), "the live chunk is not zero")?;
    check(engine.saved() == 0 && engine.error() == 0, "rows or an error without a run")
}

fn a_full_slab_is_final() -> Result<(), String> {
    let subject = subject("rk4", QUARTERS)?;
    let mut engine = WasmtimeEngine::new(&subject.wasm);
    engine.call(Op::Run);
    let before = engine.memory().to_vec();
    for target in [f64::NEG_INFINITY, 0.0, 4.0, 100.0, f64::INFINITY] {
        engine.call(Op::RunTo(target));
        check(engine.memory() == before, "run_to on a complete instance changed memory")?;
    }
    engine.call(Op::SetValue(slot_number(&subject, "rate"), 0.5));
    let before = engine.memory().to_vec();
    engine.call(Op::RunTo(f64::INFINITY));
    check(engine.memory() == before, "run_to on a complete instance changed memory after an override")
}

fn reset_shows_overrides_and_nothing_else() -> Result<(), String> {
    let subject = subject("euler", QUARTERS)?;
    let mut engine = WasmtimeEngine::new(&subject.wasm);
    engine.call(Op::SetValue(slot_number(&subject, "rate"), 0.5));
    engine.call(Op::Run);
    engine.call(Op::Reset);
    let rate = slot(&subject, "rate");
    for (at, value) in engine.live().into_iter().enumerate() {
        let expected = if at == rate { 0.5f64 } else { 0.0 };
        check(value.to_bits() == expected.to_bits(), &format!("slot {at} holds {value} after reset"))?;
    }
    check(engine.saved() == 0, "rows after reset")
}

fn data_is_settable_where_it_is_constant() -> Result<(), String> {
    let text = r#"<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><name>data</name></header>
<sim_specs><start>0</start><stop>2</stop><dt>1</dt></sim_specs>
<data><import resource="rates.csv"/><import resource="series.csv"/></data>
<model><variables>
<aux name="rate"><eqn>TIME</eqn></aux>
<aux name="input"><eqn>1</eqn></aux>
<aux name="both"><eqn>rate + input</eqn></aux>
</variables></model>
</xmile>"#;
    let mut files = MemoryFiles::new();
    files.add("rates.csv", "rate\n0.5\n");
    files.add("series.csv", "Time,input\n0,10\n2,30\n");
    let subject = Subject::from_files("life.xmile", text, &files, OptLevel::O2)?;
    let mut engine = WasmtimeEngine::new(&subject.wasm);
    check(engine.call(Op::SetValue(slot_number(&subject, "input"), 7.0)) == 1, "a series was set")?;
    engine.call(Op::Run);
    check(engine.live()[slot(&subject, "both")] == 30.5, "the values are not those of the data")?;
    check(engine.call(Op::SetValue(slot_number(&subject, "rate"), 2.0)) == 0, "a constant from data was not set")?;
    engine.call(Op::Run);
    check(engine.live()[slot(&subject, "both")] == 32.0, "the constant did not keep what it was set to")?;
    engine.call(Op::ClearValues);
    engine.call(Op::Run);
    check(engine.live()[slot(&subject, "rate")] == 0.5, "the default is not the value of the data")
}

fn clear_values_then_reset_drops_overrides() -> Result<(), String> {
    let subject = subject("euler", QUARTERS)?;
    let rate = slot(&subject, "rate");
    let mut engine = WasmtimeEngine::new(&subject.wasm);
    engine.call(Op::SetValue(slot_number(&subject, "rate"), 0.5));
    engine.call(Op::ClearValues);
    check(engine.live()[rate] == 0.5, "clear_values touched the live chunk")?;
    engine.call(Op::Reset);
    check(engine.live()[rate] == 0.0, "an override survived clear_values and reset")?;
    engine.call(Op::Run);
    check(engine.live()[rate] == 0.25, "the default did not come back")
}

fn running_in_two_goes_is_running_in_one() -> Result<(), String> {
    for method in ["euler", "rk2", "rk4", "midpoint"] {
        for sim in [QUARTERS, EVERY_THIRD] {
            let subject = subject(method, sim)?;
            for first in [0.0, 1.0, 1.1, 2.25, 3.0, 3.999] {
                let mut once = WasmtimeEngine::new(&subject.wasm);
                once.call(Op::RunTo(3.4));
                let mut twice = WasmtimeEngine::new(&subject.wasm);
                twice.call(Op::RunTo(first));
                twice.call(Op::RunTo(3.4));
                if first <= 3.4 {
                    check(once.memory() == twice.memory(), &format!("{method}: run_to({first}); run_to(3.4) differs"))?;
                }
                once.call(Op::RunTo(f64::INFINITY));
                twice.call(Op::RunTo(f64::INFINITY));
                check(once.rows() == twice.rows(), &format!("{method}: rows differ after run_to({first})"))?;
            }
        }
    }
    Ok(())
}

fn run_is_reset_and_run_to_stop() -> Result<(), String> {
    let subject = subject("rk2", QUARTERS)?;
    let mut run = WasmtimeEngine::new(&subject.wasm);
    run.call(Op::RunTo(2.0));
    run.call(Op::Run);
    let mut parts = WasmtimeEngine::new(&subject.wasm);
    parts.call(Op::RunTo(2.0));
    parts.call(Op::Reset);
    parts.call(Op::RunTo(4.0));
    check(run.memory() == parts.memory(), "run is not reset and run_to(stop)")
}

fn rows_are_those_that_a_person_counts() -> Result<(), String> {
    let third = r#"><start>0</start><stop>2</stop><dt reciprocal="true">3</dt>"#;
    let cases: [(&str, &[f64]); 4] = [
        ("><start>0</start><stop>0.3</stop><dt>0.1</dt>", &[0.0, 0.1, 0.2, 0.3]),
        ("><start>0</start><stop>1</stop><dt>0.3</dt>", &[0.0, 0.3, 0.6, 0.9]),
        (third, &[0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0, 4.0 / 3.0, 5.0 / 3.0, 2.0]),
        (r#"isee:save_interval="0.2"><start>0</start><stop>1</stop><dt>0.1</dt>"#, &[0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
    ];
    for (sim, times) in cases {
        let subject = subject("euler", sim)?;
        let mut engine = WasmtimeEngine::new(&subject.wasm);
        engine.call(Op::Run);
        let width = engine.live().len();
        let got: Vec<f64> = engine.rows().chunks_exact(width).map(|row| row[0]).collect();
        let same = got.len() == times.len() && got.iter().zip(times).all(|(a, b)| (a - b).abs() < 1e-12);
        check(same, &format!("{sim}: rows at {got:?}, not {times:?}"))?;
        // Asking for each of these times by name saves exactly up to it.
        let mut engine = WasmtimeEngine::new(&subject.wasm);
        for (count, &time) in times.iter().enumerate() {
            engine.call(Op::RunTo(time));
            check(engine.saved() == count as u64 + 1, &format!("{sim}: {} rows after run_to({time})", engine.saved()))?;
        }
    }
    Ok(())
}

fn override_between_two_goes() -> Result<(), String> {
    let subject = subject("euler", QUARTERS)?;
    let mut plain = WasmtimeEngine::new(&subject.wasm);
    plain.call(Op::Run);
    let mut changed = WasmtimeEngine::new(&subject.wasm);
    changed.call(Op::RunTo(2.0));
    let saved = usize::try_from(changed.saved()).expect("few rows");
    changed.call(Op::SetValue(slot_number(&subject, "rate"), 0.5));
    changed.call(Op::SetValue(slot_number(&subject, "start level"), 99.0));
    changed.call(Op::RunTo(f64::INFINITY));
    let width = plain.live().len();
    let (a, b) = (plain.rows(), changed.rows());
    check(a[..saved * width] == b[..saved * width], "rows before the override changed")?;
    let row = |rows: &[f64], at: usize, name: &str| rows[at * width + slot(&subject, name)];
    check(row(&b, saved, "rate") == 0.5 && row(&b, saved, "twice the rate") == 1.0, "what follows from the rate")?;
    check(row(&b, saved, "level") == row(&a, saved, "level"), "the stock at the override jumped")?;
    check(row(&b, saved, "growth") == row(&b, saved, "level") * 0.5, "the flow at the override")?;
    check(row(&b, saved, "first") == row(&a, 0, "growth"), "INIT changed with the override")
}

fn set_value_refuses_what_is_not_a_constant() -> Result<(), String> {
    let subject = subject("euler", QUARTERS)?;
    let n_slots = i32::try_from(subject.layout.n_slots).expect("few slots");
    let settable = [slot_number(&subject, "rate"), slot_number(&subject, "start level")];
    let mut engine = WasmtimeEngine::new(&subject.wasm);
    engine.call(Op::RunTo(2.0));
    for slot in (-2..n_slots + 2).chain([i32::MIN, i32::MAX, 1 << 28, 1 << 29]) {
        let before = engine.memory().to_vec();
        let returned = engine.call(Op::SetValue(slot, 3.0));
        let is_settable = settable.contains(&slot);
        check(returned == i32::from(!is_settable), &format!("set_value({slot}, 3) returned {returned}"))?;
        check(is_settable || engine.memory() == before, &format!("set_value({slot}, 3) changed something"))?;
    }
    Ok(())
}

fn a_nan_target_raises_the_error_word() -> Result<(), String> {
    let subject = subject("euler", QUARTERS)?;
    let mut engine = WasmtimeEngine::new(&subject.wasm);
    engine.call(Op::RunTo(2.0));
    let before = engine.memory().to_vec();
    engine.call(Op::RunTo(f64::NAN));
    check(engine.memory() == before, "run_to(NaN) did something")?;
    check(engine.error() == u64::from(ErrorCode::NanTarget.number()), "no error word")?;
    engine.call(Op::RunTo(3.0));
    check(engine.memory() == before, "run_to went on in spite of the error")?;
    engine.call(Op::Reset);
    check(engine.error() == 0, "reset did not clear the error")?;
    engine.call(Op::Run);
    check(engine.saved() == 13, "no full run after reset")
}

fn run_initials_is_idempotent() -> Result<(), String> {
    let subject = subject("euler", QUARTERS)?;
    let mut engine = WasmtimeEngine::new(&subject.wasm);
    engine.call(Op::RunInitials);
    let live = engine.live();
    check(live[..4] == [1.0, 0.25, 1.0, 4.0], "the time slots")?;
    check(live[slot(&subject, "growth")] == 2.5 && engine.saved() == 0, "evaluated at start, nothing saved")?;
    let before = engine.memory().to_vec();
    engine.call(Op::RunInitials);
    check(engine.memory() == before, "a second run_initials did something")?;
    engine.call(Op::SetValue(slot_number(&subject, "start level"), 20.0));
    engine.call(Op::RunInitials);
    engine.call(Op::RunTo(1.0));
    let width = engine.live().len();
    check(engine.rows()[..width][slot(&subject, "level")] == 10.0, "an override after the initials moved the stock")
}

fn at_rest_everything_is_evaluated() -> Result<(), String> {
    for method in ["euler", "rk2", "rk4", "midpoint"] {
        let subject = subject(method, EVERY_THIRD)?;
        let mut rest = WasmtimeEngine::new(&subject.wasm);
        rest.call(Op::RunTo(1.0));
        let live = rest.live();
        let value = |name: &str| live[slot(&subject, name)];
        check(live[0] == 1.25, "rests one step behind the target")?;
        check(value("growth") == value("level") * 0.25, "flows are evaluated at rest")?;
        check(value("last") == 2.5, "PREVIOUS sees the last completed step")?;
        check(value("level") > 10.0, "stocks are integrated")?;
    }
    Ok(())
}

fn a_complete_instance_shows_its_last_row() -> Result<(), String> {
    for (method, sim) in [("euler", QUARTERS), ("rk4", EVERY_THIRD)] {
        let subject = subject(method, sim)?;
        let mut engine = WasmtimeEngine::new(&subject.wasm);
        engine.call(Op::Run);
        let (live, rows) = (engine.live(), engine.rows());
        check(rows.len() == live.len() * usize::try_from(subject.layout.n_rows).expect("few"), "rows are missing")?;
        check(rows[rows.len() - live.len()..] == live[..], "the live chunk is not the last row")?;
        check(live[0] == 4.0, "the last row is not at stop")?;
    }
    Ok(())
}

/// Random sequences of calls: after each, all that a host can see is what the oracle says.
fn sequences(method: &str, sim: &str, level: OptLevel) -> Result<(), String> {
    let subject = Subject::from_xmile("life.xmile", &model(method, sim), level)?;
    let n_slots = i32::try_from(subject.layout.n_slots).expect("few slots");
    let target = prop_oneof![
        6 => (0..14i32).prop_map(|quarter| 1.0 + f64::from(quarter) * 0.25),
        2 => 0.0..5.0f64,
        1 => Just(f64::INFINITY),
        1 => Just(f64::NEG_INFINITY),
        1 => Just(f64::NAN),
        1 => any::<f64>(),
    ];
    let value = prop_oneof![4 => -2.0..2.0f64, 1 => any::<f64>(), 1 => Just(-0.0), 1 => Just(f64::NAN)];
    let slot = prop_oneof![6 => 0..n_slots, 1 => any::<i32>(), 1 => -3..0i32];
    let op = prop_oneof![
        6 => target.prop_map(Op::RunTo),
        5 => (slot, value).prop_map(|(slot, value)| Op::SetValue(slot, value)),
        1 => Just(Op::ClearValues),
        1 => Just(Op::RunInitials),
        1 => Just(Op::Run),
        1 => Just(Op::Reset),
    ];
    let config = Config { cases: 60, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]));
    let outcome =
        runner.run(&vec(op, 1..24), |ops| engines_agree(&subject, &ops, V8::With).map_err(TestCaseError::fail));
    outcome.map_err(|error| error.to_string())
}
