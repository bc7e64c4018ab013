//! Events in the life of an instance: what fires when, and what pauses and stops a run.

use libtest_mimic::Trial;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use simc_midend::pipeline::OptLevel;
use tests::compare::{V8, engines_agree};
use tests::engine::{Engine, Op, WasmtimeEngine};
use tests::subject::Subject;

use super::{check, slot_number};
use crate::trial;

/// A wave with thresholds of every kind, an array whose elements pass a threshold one after the other, and a stock that stops the run.
fn model(method: &str, sim: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0" xmlns:isee="http://iseesystems.com/XMILE">
<header><vendor>tests</vendor><product version="1">events</product></header>
<sim_specs method="{method}" {sim}</sim_specs>
<dimensions><dim name="Place"><elem name="A"/><elem name="B"/><elem name="C"/></dim></dimensions>
<model><variables>
<aux name="height"><eqn>1</eqn></aux>
<aux name="limit"><eqn>100</eqn><event_poster min="0" max="1">
<threshold value="150" repeat="once_ever"><event sim_action="message">moved</event></threshold></event_poster></aux>
<aux name="wave"><eqn>height*SIN(TIME*2)</eqn><event_poster min="-1" max="1">
<threshold value="0.5"><event sim_action="message">high</event></threshold>
<threshold value="0" direction="decreasing" repeat="once"><event sim_action="pause">first</event><event sim_action="message">second</event></threshold>
<threshold value="-0.5" direction="decreasing" interval="0.5"><event sim_action="message"/></threshold>
<threshold value="0.9" repeat="once_ever"><event/></threshold></event_poster></aux>
<stock name="sum"><dimensions><dim name="Place"/></dimensions><eqn>Place</eqn><inflow>adding</inflow>
<event_poster min="0" max="10"><threshold value="4"><event sim_action="message">four</event></threshold></event_poster></stock>
<flow name="adding"><dimensions><dim name="Place"/></dimensions><eqn>height*Place</eqn></flow>
<stock name="total"><eqn>0</eqn><inflow>growing</inflow><event_poster min="0" max="10">
<threshold value="3.1"><event sim_action="stop">enough</event></threshold></event_poster></stock>
<flow name="growing"><eqn>height</eqn></flow>
</variables></model>
</xmile>"#
    )
}

pub(super) const EIGHTHS: &str = "><start>0</start><stop>5</stop><dt>0.125</dt>";
/// Rows are saved up to 4.875, and events fire up to 5.
const EVERY_THIRD: &str = r#"isee:save_interval="0.375"><start>0</start><stop>5</stop><dt>0.125</dt>"#;
const EVERY_FIFTH: &str = r#"isee:save_interval="0.625"><start>0</start><stop>5</stop><dt>0.125</dt>"#;

pub(super) fn subject(method: &str, sim: &str, level: OptLevel) -> Result<Subject, String> {
    Subject::from_xmile("events.xmile", &model(method, sim), level)
}

pub(super) fn trials() -> Vec<Trial> {
    let mut trials = vec![
        trial("life::events::a_pause_ends_run_to_behind_its_step", pauses),
        trial("life::events::a_pause_at_the_last_step_is_none", pauses_at_last_step),
        trial("life::events::events_fire_behind_the_last_row", fires_behind_rows),
        trial("life::events::a_stop_is_the_end_of_a_run", stops),
        trial("life::events::once_ever_survives_a_reset", once_ever),
        trial("life::events::a_model_without_events_exports_nothing_for_them", nothing),
    ];
    for method in ["euler", "rk4"] {
        for (name, sim) in
            [("every_step", EIGHTHS), ("every_third_step", EVERY_THIRD), ("every_fifth_step", EVERY_FIFTH)]
        {
            for (level_name, level) in [("o0", OptLevel::O0), ("o2", OptLevel::O2)] {
                trials.push(trial(format!("life::events::random_sequences_{method}_{name}_{level_name}"), move || {
                    sequences(method, sim, level)
                }));
            }
        }
    }
    trials
}

/// The numbers of the events that have fired.
fn fired(engine: &mut WasmtimeEngine) -> Vec<u32> {
    engine.events().1.iter().map(|record| u32::try_from(record[0] & 0xffff_ffff).expect("the low half")).collect()
}

/// The wave passes 0.5 at 0.375, where the third sum passes 4, and 0.9 at 0.625, where it pauses; the total passes 3.1 at 3.125.
fn pauses() -> Result<(), String> {
    for sim in [EIGHTHS, EVERY_FIFTH] {
        let subject = subject("euler", sim, OptLevel::O2)?;
        let mut engine = WasmtimeEngine::new(&subject.wasm);
        engine.call(Op::PauseOnEvents(true));
        engine.call(Op::Run);
        check(engine.state() == 1, "the run does not pause")?;
        check(engine.live()[0] == 0.75, &format!("it rests at {}", engine.live()[0]))?;
        check(fired(&mut engine) == [1, 6, 5], &format!("events {:?} have fired", fired(&mut engine)))?;
        let records = engine.events().1;
        check(records[1][0] >> 32 == 2 && f64::from_bits(records[1][3]) == 4.125, "the record of the third element")?;
        check(records[2][1] == 5 && f64::from_bits(records[2][2]) == 0.625, "the record says another step")?;
        check(f64::from_bits(records[2][3]) > 0.9, "the record says another value")?;
        let mut plain = WasmtimeEngine::new(&subject.wasm);
        plain.call(Op::RunTo(0.625));
        check(plain.memory() == engine.memory(), "a pause is not run_to the time of its step")?;
        engine.call(Op::RunTo(0.5));
        check(engine.state() == 1 && engine.live()[0] == 0.75, "a target before the time did something")?;
        engine.call(Op::RunTo(1.0));
        check(engine.state() == 0 && engine.live()[0] == 1.125, "the run does not go on")?;
    }
    Ok(())
}

/// A host that calls `run_to` until nothing pauses comes to an end: the event fires, but there is no step left to pause before.
fn pauses_at_last_step() -> Result<(), String> {
    let text = r#"<xmile><header><name>m</name></header><sim_specs><start>0</start><stop>3</stop></sim_specs>
<model><variables><aux name="v"><eqn>TIME</eqn><event_poster min="0" max="9">
<threshold value="2.5"><event sim_action="pause">last step</event></threshold></event_poster></aux></variables></model></xmile>"#;
    for level in [OptLevel::O0, OptLevel::O2] {
        let subject = Subject::from_xmile("pause.xmile", text, level)?;
        let mut engine = WasmtimeEngine::new(&subject.wasm);
        engine.call(Op::PauseOnEvents(true));
        engine.call(Op::Run);
        check(engine.state() == 0, "the run pauses after its end")?;
        check(engine.saved() == 4 && fired(&mut engine) == [0], "the event does not fire")?;
    }
    Ok(())
}

/// Rows at 0, 2 and 4, events at 5, 6 and 7: the first one says something, the second pauses, and the last one does so in vain.
fn fires_behind_rows() -> Result<(), String> {
    let text = r#"<xmile xmlns:isee="http://iseesystems.com/XMILE"><header><name>m</name></header>
<sim_specs isee:save_interval="4"><start>0</start><stop>7</stop></sim_specs><model><variables>
<stock name="s"><eqn>0</eqn><inflow>f</inflow><event_poster min="0" max="9">
<threshold value="4.5"><event sim_action="message">five</event></threshold>
<threshold value="5.5"><event sim_action="pause">six</event></threshold>
<threshold value="6.5"><event sim_action="pause">seven</event></threshold></event_poster></stock>
<flow name="f"><eqn>1</eqn></flow></variables></model></xmile>"#;
    for level in [OptLevel::O0, OptLevel::O2] {
        let subject = Subject::from_xmile("behind.xmile", text, level)?;
        let mut engine = WasmtimeEngine::new(&subject.wasm);
        engine.call(Op::PauseOnEvents(true));
        engine.call(Op::RunTo(4.0));
        check(engine.saved() == 2 && engine.live()[0] == 5.0, "the run does not rest behind its last row")?;
        engine.call(Op::RunTo(f64::INFINITY));
        check(engine.state() == 1 && engine.live()[0] == 7.0, &format!("no pause, but time {}", engine.live()[0]))?;
        engine.call(Op::RunTo(f64::INFINITY));
        check(fired(&mut engine) == [0, 1, 2], &format!("events {:?} have fired", fired(&mut engine)))?;
        check(engine.state() == 0 && engine.saved() == 2 && engine.live()[0] == 4.0, "the run is not complete")?;
        let before = engine.memory().to_vec();
        engine.call(Op::RunTo(f64::INFINITY));
        check(engine.memory() == before, "run_to behind the end changed memory")?;
        let ops = [Op::RunTo(5.0), Op::RunTo(5.0), Op::RunTo(6.0), Op::Run, Op::RunTo(7.0), Op::RunTo(9.0), Op::Run];
        engines_agree(&subject, &ops, V8::With)?;
    }
    Ok(())
}

fn stops() -> Result<(), String> {
    let subject = subject("euler", EIGHTHS, OptLevel::O2)?;
    let mut engine = WasmtimeEngine::new(&subject.wasm);
    for _ in 0..5 {
        engine.call(Op::RunTo(f64::INFINITY));
    }
    check(engine.state() == 2, "the run does not stop")?;
    check(engine.saved() == 26 && engine.live()[0] == 3.25, &format!("{} rows are saved", engine.saved()))?;
    let before = engine.memory().to_vec();
    engine.call(Op::RunTo(f64::INFINITY));
    check(engine.memory() == before, "run_to after a stop changed memory")?;
    engine.call(Op::Reset);
    check(engine.state() == 0 && engine.events() == (0, Vec::new()), "reset keeps events")
}

fn once_ever() -> Result<(), String> {
    let subject = subject("euler", EIGHTHS, OptLevel::O2)?;
    let mut engine = WasmtimeEngine::new(&subject.wasm);
    let limit = slot_number(&subject, "limit");
    let run = |engine: &mut WasmtimeEngine| {
        engine.call(Op::Reset);
        engine.call(Op::SetValue(limit, 100.0));
        engine.call(Op::RunTo(0.25));
        engine.call(Op::SetValue(limit, 200.0));
        engine.call(Op::RunTo(0.625));
        fired(engine)
    };
    // A constant that a host changes passes a threshold as well; what fires once ever does so in the first run alone.
    check(run(&mut engine) == [0, 1, 6, 5], "the first run")?;
    check(run(&mut engine) == [1, 6], "the second run")
}

fn nothing() -> Result<(), String> {
    let plain = super::subject("euler", super::QUARTERS)?;
    let names: Vec<String> = simc_artifact::read(&plain.wasm)
        .map_err(|error| error.to_string())?
        .exports
        .into_iter()
        .map(|export| export.name)
        .collect();
    check(
        names.iter().all(|name| !name.contains("event") && name != "run_state"),
        "a model without events pays for them",
    )
}

/// Random sequences of calls: after each, all that a host can see is what the oracle says.
fn sequences(method: &str, sim: &str, level: OptLevel) -> Result<(), String> {
    let subject = subject(method, sim, level)?;
    let settable = ["height", "limit"].map(|name| slot_number(&subject, name));
    let target = prop_oneof![
        6 => (0..42i32).prop_map(|eighth| f64::from(eighth) * 0.125),
        4 => Just(f64::INFINITY),
        1 => any::<f64>(),
    ];
    let value = prop_oneof![6 => -3.0..3.0f64, 2 => 90.0..200.0f64, 1 => any::<f64>(), 1 => Just(f64::NAN)];
    let op = prop_oneof![
        8 => target.prop_map(Op::RunTo),
        4 => (0..2usize, value).prop_map(move |(which, value)| Op::SetValue(settable[which], value)),
        1 => Just(Op::ClearValues),
        1 => Just(Op::RunInitials),
        2 => Just(Op::Run),
        1 => Just(Op::Reset),
        3 => any::<bool>().prop_map(Op::PauseOnEvents),
    ];
    let config = Config { cases: 60, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[13; 32]));
    let outcome =
        runner.run(&vec(op, 1..20), |ops| engines_agree(&subject, &ops, V8::With).map_err(TestCaseError::fail));
    outcome.map_err(|error| error.to_string())
}
