//! Arrays of constants and points of graphical functions in the life of an instance.

use libtest_mimic::Trial;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use simc::driver::Options;
use simc_midend::pipeline::OptLevel;
use tests::compare::{V8, engines_agree};
use tests::engine::{Engine, InterpEngine, Op, WasmtimeEngine};
use tests::subject::Subject;

use super::{check, slot, slot_number};
use crate::trial;

/// Points that a host may give, fewer than some graphical functions have.
const POINTS: u32 = 5;

/// Arrayed constants, stocks that follow them, and graphical functions of every kind: called by a computed position, by a fixed one,
/// at the start, with a constant, in an equation of their own, and one of each kind in an array.
fn model(method: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><vendor>tests</vendor><product version="1">inputs</product></header>
<sim_specs method="{method}"><start>0</start><stop>4</stop><dt>0.5</dt></sim_specs>
<dimensions>
<dim name="Region"><elem name="North"/><elem name="South"/></dim>
<dim name="Age"><elem name="Young"/><elem name="Grown"/><elem name="Old"/></dim>
</dimensions>
<model><variables>
<aux name="scale"><eqn>2</eqn></aux>
<aux name="rate"><dimensions><dim name="Region"/><dim name="Age"/></dimensions>
<element subscript="North, Young"><eqn>0.1</eqn></element><element subscript="North, Grown"><eqn>0.2</eqn></element>
<element subscript="North, Old"><eqn>0.3</eqn></element><element subscript="South, Young"><eqn>0.4</eqn></element>
<element subscript="South, Grown"><eqn>0.5</eqn></element><element subscript="South, Old"><eqn>0.6</eqn></element></aux>
<aux name="weight"><dimensions><dim name="Age"/></dimensions><eqn>1</eqn></aux>
<aux name="total"><dimensions><dim name="Region"/></dimensions><eqn>SUM(rate[Region,*])*scale</eqn></aux>
<stock name="people"><dimensions><dim name="Region"/><dim name="Age"/></dimensions><eqn>10*rate</eqn><inflow>births</inflow></stock>
<flow name="births"><dimensions><dim name="Region"/><dim name="Age"/></dimensions><eqn>rate*people*weight[Age]</eqn></flow>
<gf name="effect" type="continuous"><xscale min="0" max="4"/><ypts>0,1,4,9,16,25,36,49</ypts></gf>
<gf name="yield"><dimensions><dim name="Region"/></dimensions>
<element subscript="North"><gf type="continuous"><xscale min="0" max="2"/><ypts>1,2,4</ypts></gf></element>
<element subscript="South"><gf type="discrete"><xpts>0,1,1,3</xpts><ypts>5,6,7,8</ypts></gf></element></gf>
<gf name="beyond" type="extrapolate"><xpts>1,2,4</xpts><ypts>0,10,0</ypts></gf>
<aux name="of time"><eqn>effect(TIME)</eqn></aux>
<aux name="of a constant"><eqn>effect(scale) + 3*effect(1)</eqn></aux>
<aux name="of a number"><eqn>beyond(5)</eqn></aux>
<aux name="each"><dimensions><dim name="Region"/></dimensions><eqn>yield[Region](TIME - 1)</eqn></aux>
<aux name="southern"><eqn>yield[South](TIME)</eqn></aux>
<aux name="own"><eqn>TIME*scale</eqn><gf type="continuous"><xpts>0,8</xpts><ypts>0,-8</ypts></gf></aux>
<stock name="started"><eqn>effect(3) + beyond(0)</eqn><inflow>filling</inflow></stock>
<flow name="filling"><eqn>beyond(TIME) + effect(started/100)</eqn></flow>
<aux name="remembered"><eqn>PREVIOUS(own, 7) + SMTH1(filling, 1)</eqn></aux>
</variables></model>
</xmile>"#
    )
}

pub(super) fn subject(method: &str, level: OptLevel) -> Result<Subject, String> {
    let options = Options { level, table_points: Some(POINTS), ..Options::default() };
    Subject::with_options("inputs.xmile", &model(method), &options)
}

pub(super) fn trials() -> Vec<Trial> {
    let mut trials = vec![
        trial("life::inputs::values_can_be_set_always_and_tables_when_asked_for", exports),
        trial("life::inputs::values_are_set_side_by_side_or_not_at_all", values),
        trial("life::inputs::points_count_from_the_next_evaluation_on", points),
        trial("life::inputs::reset_keeps_points_and_clear_values_drops_them", kept_and_dropped),
        trial("life::inputs::what_is_refused_changes_nothing", refused),
        trial("life::inputs::points_spread_what_enters_a_conveyor", distribution),
        trial("life::inputs::a_full_slab_is_final", full_slab),
        trial("life::inputs::own_points_set_again_give_the_same_bits", own_points),
        trial("life::inputs::settable_tables_change_no_bit_of_a_run", same_bits),
        trial("life::inputs::initial_values_of_arrays_are_their_defaults", initials_of_arrays),
    ];
    for method in ["euler", "rk4"] {
        for (level_name, level) in [("o0", OptLevel::O0), ("o2", OptLevel::O2)] {
            trials.push(trial(format!("life::inputs::random_sequences_{method}_{level_name}"), move || {
                sequences(method, level)
            }));
        }
    }
    trials
}

/// The number of a graphical function.
fn table(subject: &Subject, name: &str) -> i32 {
    let position = subject.module.graphs.values().position(|graph| graph.name == name);
    i32::try_from(position.unwrap_or_else(|| panic!("no table {name}"))).expect("few tables")
}

/// The memory, but for what a host writes into it.
fn memory(engine: &WasmtimeEngine, subject: &Subject) -> Vec<u8> {
    let mut memory = engine.memory().to_vec();
    let inputs = usize::try_from(subject.layout.inputs_offset).expect("a small model");
    memory[inputs..][..8 * usize::try_from(subject.layout.n_inputs).expect("a small model")].fill(0);
    memory
}

fn exports() -> Result<(), String> {
    let has = |subject: &Subject| {
        let mut engine = WasmtimeEngine::new(&subject.wasm);
        ["set_values", "set_table"].map(|name| engine.call_setter(name, -1, 0).is_some())
    };
    let plain = super::subject("euler", super::QUARTERS)?;
    check(has(&plain) == [true, false], "a scenario is one call, whatever the model")?;
    let fixed = Subject::from_xmile("inputs.xmile", &model("euler"), OptLevel::O2)?;
    check(has(&fixed) == [true, false], "tables are fixed unless asked for")?;
    check(has(&subject("euler", OptLevel::O2)?) == [true, true], "what is asked for is exported")
}

fn values() -> Result<(), String> {
    let subject = subject("euler", OptLevel::O2)?;
    let (rate, weight) = (slot_number(&subject, "rate"), slot_number(&subject, "weight"));
    check(weight == rate + 6, "arrays of constants lie side by side")?;
    let mut engine = WasmtimeEngine::new(&subject.wasm);
    engine.call(Op::RunTo(1.0));
    let given = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, f64::NAN, -0.0];
    check(engine.call(Op::SetValues(rate, given.to_vec())) == 0, "eight neighbours are refused")?;
    let at = slot(&subject, "rate");
    let shown = &engine.live()[at..at + 9];
    check(shown[..6] == given[..6] && shown[6].to_bits() == simc_artifact::CANONICAL_NAN, "values show at once")?;
    check(shown[7].to_bits() == (-0.0f64).to_bits() && shown[8] == 1.0, "and no others do")?;
    engine.call(Op::RunTo(1.5));
    check(engine.live()[slot(&subject, "total")] == 12.0, "what follows from them follows")?;
    engine.call(Op::Reset);
    check(engine.live()[at..at + 6] == given[..6], "they survive a reset")?;
    engine.call(Op::ClearValues);
    engine.call(Op::Run);
    check(engine.live()[at] == 0.1 && engine.live()[at + 6] == 1.0, "they are dropped with the others")
}

fn points() -> Result<(), String> {
    let subject = subject("euler", OptLevel::O2)?;
    let mut engine = WasmtimeEngine::new(&subject.wasm);
    engine.call(Op::RunTo(1.0));
    let before = engine.live();
    let at = |name: &str| slot(&subject, name);
    check(engine.call(Op::SetTable(table(&subject, "effect"), vec![[0.0, 100.0], [4.0, 500.0]])) == 0, "refused")?;
    check(engine.live() == before, "points show before anything is evaluated")?;
    engine.call(Op::RunTo(1.5));
    let live = engine.live();
    // At rest at t = 2.
    check(live[at("of time")] == 300.0, "a lookup of the time")?;
    check(live[at("of a constant")] == 300.0 + 3.0 * 200.0, "lookups that are computed once a run")?;
    // One point is a constant; a jump is allowed; each element has its own points.
    engine.call(Op::SetTable(table(&subject, "yield[South]"), vec![[7.0, 70.0]]));
    engine.call(Op::SetTable(table(&subject, "beyond"), vec![[0.0, 0.0], [5.0, 5.0], [5.0, 9.0], [6.0, 11.0]]));
    engine.call(Op::RunTo(2.5));
    let live = engine.live();
    check(live[at("southern")] == 70.0 && live[at("each") + 1] == 70.0, "an element's table, read in two ways")?;
    check(live[at("each")] == 4.0, "the other element's table")?;
    check(live[at("of a number")] == 9.0, "the last of equal x counts")
}

fn kept_and_dropped() -> Result<(), String> {
    let subject = subject("rk4", OptLevel::O2)?;
    let started = slot(&subject, "started");
    let mut engine = WasmtimeEngine::new(&subject.wasm);
    let first = |engine: &mut WasmtimeEngine| {
        engine.call(Op::Run);
        engine.rows()[started]
    };
    let own = first(&mut engine);
    engine.call(Op::SetTable(table(&subject, "effect"), vec![[0.0, 1000.0]]));
    let changed = first(&mut engine);
    // beyond(0) goes on to the left along its first segment: -10.
    check(changed == 990.0, "the start does not see the points")?;
    engine.call(Op::Reset);
    check(first(&mut engine) == changed, "reset forgets the points")?;
    engine.call(Op::ClearValues);
    check(first(&mut engine) == own, "clear_values keeps the points")
}

/// 8 come in at the start, onto four slats: evenly by the model's points, then at the exit, then by a table of steps.
fn distribution() -> Result<(), String> {
    let text = r#"<xmile xmlns:isee="http://iseesystems.com/XMILE"><header><name>m</name></header>
<sim_specs method="euler"><start>0</start><stop>5</stop></sim_specs><model><variables>
<stock name="B"><eqn>0</eqn><inflow>i</inflow><outflow>o</outflow><conveyor><len>4</len></conveyor></stock>
<flow name="i" isee:spreadflow="dist"><eqn>IF TIME = 0 THEN 8 ELSE 0</eqn><isee:distrib_eq>g</isee:distrib_eq></flow><flow name="o"/>
<gf name="g"><xscale min="0" max="1"/><ypts>1,1</ypts></gf></variables></model></xmile>"#;
    for level in [OptLevel::O0, OptLevel::O2] {
        let options = Options { level, table_points: Some(4), ..Options::default() };
        let subject = Subject::with_options("spread.xmile", text, &options)?;
        let mut engine = WasmtimeEngine::new(&subject.wasm);
        let outflow = slot(&subject, "o");
        let mut out = |points: Option<Vec<[f64; 2]>>| {
            if let Some(points) = points {
                engine.call(Op::SetTable(table(&subject, "g"), points));
            }
            engine.call(Op::Run);
            let (width, rows) = (engine.live().len(), engine.rows());
            rows.chunks_exact(width).map(|row| row[outflow]).collect::<Vec<f64>>()
        };
        check(out(None) == [0.0, 2.0, 2.0, 2.0, 2.0, 0.0], "the model's own points")?;
        let at_exit = vec![[0.0, 0.0], [0.75, 0.0], [1.0, 2.0]];
        check(out(Some(at_exit)) == [0.0, 8.0, 0.0, 0.0, 0.0, 0.0], "all of it onto the slat at the exit")?;
        // Slats lie at 0.875, 0.625, 0.375 and 0.125 of the way from the entry.
        let uneven = vec![[0.0, 0.0], [0.125, 3.0], [0.375, 1.0], [0.875, 0.0]];
        check(out(Some(uneven)) == [0.0, 0.0, 8.0 * 0.5 / 4.5, 8.0 / 4.5, 8.0 * 3.0 / 4.5, 0.0], "by other points")?;
        let ops = [
            Op::SetTable(0, vec![[0.0, 1.0], [1.0, 4.0]]),
            Op::RunTo(1.0),
            Op::SetTable(0, vec![[0.5, 1.0]]),
            Op::RunTo(9.0),
            Op::Run,
        ];
        engines_agree(&subject, &ops, V8::With)?;
    }
    Ok(())
}

fn refused() -> Result<(), String> {
    let subject = subject("euler", OptLevel::O2)?;
    let mut engine = WasmtimeEngine::new(&subject.wasm);
    engine.call(Op::RunTo(1.0));
    engine.call(Op::SetTable(0, vec![[0.0, 3.0], [1.0, 4.0]]));
    let before = memory(&engine, &subject);
    let n_graphs = i32::try_from(subject.module.graphs.len()).expect("few");
    let first = i32::try_from(subject.layout.first_param_slot).expect("few");
    let n_params = i32::try_from(subject.layout.n_params).expect("few");
    let zeros = [0.0; 64];
    let mut cases: Vec<(&str, i32, i32, &[f64])> = Vec::new();
    for n in [0, -1, i32::MIN, i32::MAX, 1 << 29, 9] {
        cases.push(("set_table", 0, n, &zeros));
    }
    for number in [-1, n_graphs, i32::MIN, i32::MAX] {
        cases.push(("set_table", number, 1, &zeros));
    }
    // The second graphical function has fewer points than a host may give it, the first one more.
    cases.push(("set_table", 1, i32::try_from(POINTS).expect("few") + 1, &zeros));
    for bad in [&[1.0, 0.0, 0.0, 0.0], &[0.0, f64::NAN, 1.0, 0.0], &[0.0, 0.0, f64::INFINITY, 0.0], &[f64::NAN; 4]] {
        cases.push(("set_table", 0, 2, bad));
    }
    for n in [0, -1, i32::MIN, i32::MAX, n_params + 1, 1 << 29] {
        cases.push(("set_values", first, n, &zeros));
    }
    for slot in [-1, 0, first - 1, first + n_params, i32::MIN, i32::MAX] {
        cases.push(("set_values", slot, 1, &zeros));
    }
    cases.push(("set_values", first + 1, n_params, &zeros));
    for (name, which, n, numbers) in cases {
        engine.write_inputs(numbers);
        let returned = engine.call_setter(name, which, n);
        check(returned == Some(1), &format!("{name}({which}, {n}) returned {returned:?}"))?;
        check(memory(&engine, &subject) == before, &format!("{name}({which}, {n}) changed something"))?;
    }
    engine.write_inputs(&zeros);
    check(engine.call_setter("set_values", first, n_params) == Some(0), "all constants at once")?;
    check(engine.call_setter("set_table", 0, 8) == Some(0), "as many points as it has")
}

fn full_slab() -> Result<(), String> {
    let subject = subject("euler", OptLevel::O2)?;
    let mut engine = WasmtimeEngine::new(&subject.wasm);
    engine.call(Op::Run);
    engine.call(Op::SetTable(0, vec![[0.0, 3.0], [1.0, 4.0]]));
    engine.call(Op::SetValues(slot_number(&subject, "rate"), vec![9.0; 6]));
    let before = engine.memory().to_vec();
    engine.call(Op::RunTo(f64::INFINITY));
    check(engine.memory() == before, "run_to on a complete instance changed memory")
}

fn own_points() -> Result<(), String> {
    for method in ["euler", "rk2", "rk4", "midpoint"] {
        let subject = subject(method, OptLevel::O2)?;
        let mut own = WasmtimeEngine::new(&subject.wasm);
        own.call(Op::Run);
        let mut given = WasmtimeEngine::new(&subject.wasm);
        for (number, graph) in (0..).zip(subject.module.graphs.values()) {
            let points = graph.curve.xs.iter().zip(&graph.curve.ys).map(|(&x, &y)| [x, y]).collect();
            check(given.call(Op::SetTable(number, points)) == 0, "a table's own points are refused")?;
        }
        given.call(Op::Run);
        check(own.rows() == given.rows(), &format!("{method}: the same points give other numbers"))?;
    }
    Ok(())
}

/// Whether tables can be set is nothing that a run can tell.
fn same_bits() -> Result<(), String> {
    for level in tests::subject::LEVELS {
        let fixed = Subject::from_xmile("inputs.xmile", &model("rk4"), level)?;
        let settable = subject("rk4", level)?;
        let rows = |subject: &Subject| {
            let mut engine = InterpEngine::new(&subject.module);
            engine.call(Op::Run);
            tests::engine::bits(&engine.rows())
        };
        check(rows(&fixed) == rows(&settable), &format!("{level}: rows differ"))?;
    }
    Ok(())
}

/// Random sequences of calls: after each, all that a host can see is what the oracle says.
fn sequences(method: &str, level: OptLevel) -> Result<(), String> {
    let subject = subject(method, level)?;
    let n_slots = i32::try_from(subject.layout.n_slots).expect("few slots");
    let first = i32::try_from(subject.layout.first_param_slot).expect("few slots");
    let n_graphs = i32::try_from(subject.module.graphs.len()).expect("few tables");
    let target = prop_oneof![
        6 => (0..10i32).prop_map(|half| f64::from(half) * 0.5),
        1 => Just(f64::INFINITY),
        1 => any::<f64>(),
    ];
    let value = || prop_oneof![6 => -2.0..2.0f64, 1 => any::<f64>(), 1 => Just(f64::NAN)];
    let slot = || prop_oneof![8 => first..n_slots, 1 => -2..n_slots + 2, 1 => any::<i32>()];
    let number = prop_oneof![12 => 0..n_graphs, 1 => -2..n_graphs + 2, 1 => any::<i32>()];
    let ascending = vec((0.0..1.5f64, -10.0..10.0f64, any::<bool>()), 0..8).prop_map(|steps| {
        let mut x = -1.0;
        let mut point = |(width, y, is_jump): (f64, f64, bool)| {
            x += if is_jump { 0.0 } else { width };
            [x, y]
        };
        steps.into_iter().map(&mut point).collect::<Vec<_>>()
    });
    let anything = vec((any::<f64>(), any::<f64>()).prop_map(|(x, y)| [x, y]), 0..5);
    let points = prop_oneof![8 => ascending, 1 => anything];
    let op = prop_oneof![
        6 => target.prop_map(Op::RunTo),
        2 => (slot(), value()).prop_map(|(slot, value)| Op::SetValue(slot, value)),
        4 => (slot(), vec(value(), 0..12)).prop_map(|(slot, values)| Op::SetValues(slot, values)),
        5 => (number, points).prop_map(|(number, points)| Op::SetTable(number, points)),
        1 => Just(Op::ClearValues),
        1 => Just(Op::RunInitials),
        1 => Just(Op::Run),
        1 => Just(Op::Reset),
    ];
    let config = Config { cases: 60, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]));
    let outcome =
        runner.run(&vec(op, 1..20), |ops| engines_agree(&subject, &ops, V8::With).map_err(TestCaseError::fail));
    outcome.map_err(|error| error.to_string())
}

/// What an artifact says of initial values that can be set: each element's number, where its clause has one.
fn initials_of_arrays() -> Result<(), String> {
    const TEXT: &str = "{UTF-8}
        Region: North, South, West ~~|
        Age: Young, Grown, Old ~~|
        people[North, Age] = INTEG(1, 5) ~~|
        people[South, Young] = INTEG(1, -2) ~~|
        people[South, Grown] = INTEG(1, Time + 1) ~~|
        people[South, Old] = INTEG(1, 7) ~~|
        people[West, Age] = INTEG(1, 8) ~~|
        INITIAL TIME = 0 ~~|
        FINAL TIME = 1 ~~|
        TIME STEP = 1 ~~|
        SAVEPER = TIME STEP ~~|
";
    let options = Options { initials: true, ..Options::default() };
    let subject = Subject::with_options("people.mdl", TEXT, &options)?;
    let symbols = &subject.layout.symbols;
    let people = symbols.vars.iter().find(|symbol| symbol.name == "people").ok_or("no people")?;
    let wanted = [5.0, 5.0, 5.0, -2.0, f64::NAN, 7.0, 8.0, 8.0, 8.0];
    let runs: Vec<(u64, String)> =
        people.settable.iter().map(|run| (run.first, format!("{:?}", run.defaults))).collect();
    check(runs == [(0, format!("{wanted:?}"))], &format!("{runs:?}"))
}
