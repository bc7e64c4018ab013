//! Conveyors and queues in the life of an instance: what a reset empties, what a fault leaves after, and random sequences of calls.

use libtest_mimic::Trial;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use simc_artifact::ErrorCode;
use simc_midend::pipeline::OptLevel;
use tests::compare::{V8, engines_agree};
use tests::engine::{Engine, Op, WasmtimeEngine};
use tests::subject::Subject;

use super::{check, slot, slot_number};
use crate::trial;

/// A queue before a discrete conveyor, with an overflow; after it two conveyors of an array, which leak. A host can set every number
/// that they depend on. The transit time of the array is 2 by default, so that memory is there for 1024 steps of a quarter.
fn model(sim: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0" xmlns:isee="http://iseesystems.com/XMILE">
<header><vendor>tests</vendor><product version="1">transports</product></header>
<sim_specs method="euler" {sim}</sim_specs>
<dimensions><dim name="Line"><elem name="A"/><elem name="B"/></dim></dimensions>
<model><variables>
<aux name="rate"><eqn>9</eqn></aux>
<aux name="room"><eqn>6</eqn></aux>
<aux name="way"><eqn>2</eqn></aux>
<aux name="blocked"><eqn>0</eqn></aux>
<aux name="fraction"><eqn>0.25</eqn></aux>
<aux name="first"><eqn>3</eqn></aux>
<stock name="waiting"><eqn>first</eqn><inflow>arriving</inflow><outflow>boarding</outflow><outflow>leaving</outflow><queue/></stock>
<flow name="arriving"><eqn>rate</eqn></flow>
<flow name="boarding"/>
<flow name="leaving"><overflow/></flow>
<stock name="ride"><eqn>first</eqn><inflow>boarding</inflow><outflow>riding</outflow>
<conveyor discrete="true"><len>1</len><capacity>room</capacity><arrest>blocked</arrest></conveyor></stock>
<flow name="riding"/>
<stock name="transport"><dimensions><dim name="Line"/></dimensions><eqn>first*Line</eqn><inflow>entering</inflow>
<outflow>at the exit</outflow><outflow>lost</outflow><conveyor><len>way*Line</len><in_limit>room*2</in_limit></conveyor></stock>
<flow name="entering"><dimensions><dim name="Line"/></dimensions><eqn>riding*Line</eqn></flow>
<flow name="at the exit"><dimensions><dim name="Line"/></dimensions></flow>
<flow name="lost"><dimensions><dim name="Line"/></dimensions><eqn>fraction</eqn><leak/></flow>
<aux name="batches"><eqn>QLEN(waiting) + QELEM(waiting, 1)</eqn></aux>
<aux name="on all"><eqn>SUM(transport) + SIZE(transport[A]) + PROCTIME(transport[B])</eqn></aux>
</variables></model>
</xmile>"#
    )
}

const QUARTERS: &str = "><start>0</start><stop>5</stop><dt>0.25</dt>";
const EVERY_THIRD: &str = r#"isee:save_interval="0.75"><start>0</start><stop>5</stop><dt>0.25</dt>"#;

fn subject(sim: &str, level: OptLevel) -> Result<Subject, String> {
    Subject::from_xmile("transports.xmile", &model(sim), level)
}

pub(super) fn trials() -> Vec<Trial> {
    let mut trials = vec![
        trial("life::transports::a_reset_fills_them_anew", a_reset_fills_them_anew),
        trial("life::transports::a_fault_at_the_start_saves_no_row", fault_at_the_start),
        trial("life::transports::a_fault_of_a_step_keeps_its_row", fault_of_a_step),
    ];
    for (name, sim) in [("every_step", QUARTERS), ("every_third_step", EVERY_THIRD)] {
        for (level_name, level) in [("o0", OptLevel::O0), ("o2", OptLevel::O2)] {
            trials.push(trial(format!("life::transports::random_sequences_{name}_{level_name}"), move || {
                sequences(sim, level)
            }));
        }
    }
    trials
}

fn a_reset_fills_them_anew() -> Result<(), String> {
    let subject = subject(QUARTERS, OptLevel::O2)?;
    let mut engine = WasmtimeEngine::new(&subject.wasm);
    engine.call(Op::Run);
    let rows = engine.rows();
    engine.call(Op::SetValue(slot_number(&subject, "rate"), 30.0));
    engine.call(Op::RunTo(3.0));
    engine.call(Op::Run);
    check(rows != engine.rows(), "a constant has no effect")?;
    engine.call(Op::ClearValues);
    engine.call(Op::Run);
    check(rows == engine.rows(), "something of a run is left on a transport")
}

/// The error word of an element of a transport.
fn word(code: ErrorCode, element: u64) -> u64 {
    element << 32 | u64::from(code.number())
}

/// Of the elements of all transports `transport[A]` is the third: `waiting` and `ride` come before it.
fn fault_at_the_start() -> Result<(), String> {
    for level in [OptLevel::O0, OptLevel::O2] {
        let subject = subject(QUARTERS, level)?;
        let mut engine = WasmtimeEngine::new(&subject.wasm);
        let way = slot_number(&subject, "way");
        engine.call(Op::SetValue(way, 0.0));
        for op in [Op::RunInitials, Op::RunTo(1.0), Op::Run] {
            engine.call(op);
            check(engine.error() == word(ErrorCode::TransitTime, 2), "another error word")?;
            check(engine.saved() == 0, "a row is saved")?;
        }
        engine.call(Op::SetValue(way, 1e9));
        engine.call(Op::Run);
        check(engine.error() == word(ErrorCode::ConveyorTooLong, 2), "another error word for a long way")?;
        engine.call(Op::SetValue(way, 2.0));
        check(engine.error() != 0, "a constant has cleared the error")?;
        engine.call(Op::Run);
        check(engine.error() == 0 && engine.saved() == 21, "no full run after a fault")?;
    }
    Ok(())
}

/// The way of the second element is twice as long: that one alone outgrows its memory of 1024 quarters.
fn fault_of_a_step() -> Result<(), String> {
    for sim in [QUARTERS, EVERY_THIRD] {
        let subject = subject(sim, OptLevel::O2)?;
        let mut engine = WasmtimeEngine::new(&subject.wasm);
        engine.call(Op::RunTo(1.25));
        let saved = engine.saved();
        engine.call(Op::SetValue(slot_number(&subject, "way"), 200.0));
        engine.call(Op::RunTo(f64::INFINITY));
        check(engine.error() == word(ErrorCode::ConveyorTooLong, 3), &format!("{:x}", engine.error()))?;
        // The step at 1.5 fails; its row is one of those that are saved either way.
        check(engine.saved() == saved + 1, &format!("{} rows are saved", engine.saved()))?;
        let width = engine.live().len();
        let rows = engine.rows();
        check(rows[rows.len() - width] == 1.5, "the row of the step that fails is another one")?;
        check(engine.live() == rows[rows.len() - width..], "the live chunk is not the last row")?;
        check(engine.live()[slot(&subject, "way")] == 200.0, "the constant is not what was set")?;
        let before = engine.memory().to_vec();
        engine.call(Op::RunTo(f64::INFINITY));
        check(engine.memory() == before, "run_to went on in spite of the error")?;
    }
    Ok(())
}

/// Random sequences of calls: after each, all that a host can see is what the oracle says.
fn sequences(sim: &str, level: OptLevel) -> Result<(), String> {
    let subject = subject(sim, level)?;
    let names = ["rate", "room", "way", "blocked", "fraction", "first"];
    let settable = names.map(|name| slot_number(&subject, name));
    let target = prop_oneof![
        6 => (0..22i32).prop_map(|quarter| f64::from(quarter) * 0.25),
        2 => Just(f64::INFINITY),
        1 => any::<f64>(),
    ];
    let value = prop_oneof![
        6 => 0.0..10.0f64,
        2 => (0..3u8).prop_map(f64::from),
        1 => -1.0..0.0f64,
        1 => 100.0..1000.0f64,
        1 => any::<f64>(),
        1 => Just(f64::NAN),
    ];
    let op = prop_oneof![
        6 => target.prop_map(Op::RunTo),
        6 => (0..names.len(), value).prop_map(move |(which, value)| Op::SetValue(settable[which], value)),
        1 => Just(Op::ClearValues),
        1 => Just(Op::RunInitials),
        1 => Just(Op::Run),
        2 => Just(Op::Reset),
    ];
    let config = Config { cases: 60, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[17; 32]));
    let outcome =
        runner.run(&vec(op, 1..20), |ops| engines_agree(&subject, &ops, V8::With).map_err(TestCaseError::fail));
    outcome.map_err(|error| error.to_string())
}
