mod sketch;

use std::collections::BTreeSet;

use simc_ir::module::{FuncRole, Module, SlotRole};
use simc_ir::opcode::Opcode;
use simc_model::model::{Method, StateKind, TableKind};

use self::sketch::{id, lowered, optimised, run, run_with, sketch};
use super::*;
use crate::layout::{SettableElements, SymbolKind};
use crate::pipeline::OptLevel;

/// One equation of TIME, from 0 to 4 in steps of 1.
fn of_time(equation: &str) -> Vec<f64> {
    run(&sketch(1.0, 4.0, Method::Euler).aux("x", equation).finish(), "x")
}

/// A stateful call on an input that is TIME, in steps of 1.
fn state_of_time(kind: StateKind, args: &str, method: Method) -> Vec<f64> {
    run(&sketch(1.0, 4.0, method).state(kind, args).aux("x", "@0").finish(), "x")
}

fn roles(module: &Module) -> Vec<SlotRole> {
    module.slots.values().map(|slot| slot.role).collect()
}

fn opcodes(module: &Module, role: FuncRole) -> Vec<Opcode> {
    let func = &module.funcs[module.parts(role).next().expect("the role has something to do")];
    func.listed_insts().map(|inst| func.insts[inst].opcode).collect()
}

#[test]
fn operators_compute_what_they_say() {
    assert_eq!(of_time("time 2 - 3 *"), [-6.0, -3.0, 0.0, 3.0, 6.0]);
    assert_eq!(of_time("6 time /"), [f64::INFINITY, 6.0, 3.0, 2.0, 1.5]);
    assert_eq!(of_time("6 time //"), [0.0, 6.0, 3.0, 2.0, 1.5]);
    assert_eq!(of_time("time 2 - 3 mod"), [1.0, 2.0, 0.0, 1.0, 2.0]);
    assert_eq!(of_time("2 time ^"), [1.0, 2.0, 4.0, 8.0, 16.0]);
    assert_eq!(of_time("time neg"), [-0.0, -1.0, -2.0, -3.0, -4.0]);
}

#[test]
fn truth_is_one_or_zero_and_any_other_number_is_true() {
    assert_eq!(of_time("time 2 >= 10 *"), [0.0, 0.0, 10.0, 10.0, 10.0]);
    assert_eq!(of_time("time not"), [1.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(of_time("time 1 > time 4 < and"), [0.0, 0.0, 1.0, 1.0, 0.0]);
    assert_eq!(of_time("time 1 < time 3 > or"), [1.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!(of_time("time 2 - 5 7 if"), [5.0, 5.0, 7.0, 5.0, 5.0]);
    assert_eq!(of_time("NaN time * 5 7 if"), [5.0; 5]);
}

#[test]
fn conditions_need_no_numbers_between() {
    let module = lowered(&sketch(1.0, 4.0, Method::Euler).aux("x", "time 1 > time 3 < and 5 7 if").finish());
    let opcodes = opcodes(&module, FuncRole::Row);
    assert!(!opcodes.contains(&Opcode::Btof) && !opcodes.contains(&Opcode::Fne), "{opcodes:?}");
}

#[test]
fn functions_compute_what_they_say() {
    assert_eq!(of_time("time 2 - 1.5 * int"), [-3.0, -2.0, 0.0, 1.0, 3.0]);
    assert_eq!(of_time("time 2 - 1.5 * trunc"), [-3.0, -1.0, 0.0, 1.0, 3.0]);
    assert_eq!(of_time("time 2 - 3 remainder"), [-2.0, -1.0, 0.0, 1.0, 2.0]);
    assert_eq!(of_time("time 2 max"), [2.0, 2.0, 2.0, 3.0, 4.0]);
    assert_eq!(of_time("time 2 min"), [0.0, 1.0, 2.0, 2.0, 2.0]);
    assert_eq!(of_time("6 time -1 safediv"), [-1.0, 6.0, 3.0, 2.0, 1.5]);
    assert_eq!(of_time("6 time 1e-7 * -1 xidz"), [-1.0; 5]);
    assert_eq!(of_time("time 1 - abs sqrt"), [1.0, 0.0, 1.0, 2.0_f64.sqrt(), 3.0_f64.sqrt()]);
    assert_eq!(of_time("time 0 * exp"), [1.0; 5]);
}

#[test]
fn test_inputs_switch_in_the_nearest_step() {
    assert_eq!(of_time("10 2.4 step"), [0.0, 0.0, 10.0, 10.0, 10.0]);
    assert_eq!(of_time("10 2.5 step"), [0.0, 0.0, 0.0, 10.0, 10.0]);
    assert_eq!(of_time("2 1 3 ramp"), [0.0, 0.0, 2.0, 4.0, 4.0]);
    assert_eq!(of_time("6 1 0 pulse"), [0.0, 6.0, 0.0, 0.0, 0.0]);
    assert_eq!(of_time("6 1 2 pulse"), [0.0, 6.0, 0.0, 6.0, 0.0]);
}

#[test]
fn tables_keep_their_kind() {
    let with = |kind| {
        let model = sketch(1.0, 4.0, Method::Euler);
        run(&model.table("t", kind, &[(1.0, 10.0), (3.0, 30.0)]).aux("x", "time t[]").finish(), "x")
    };
    assert_eq!(with(TableKind::Continuous), [10.0, 10.0, 20.0, 30.0, 30.0]);
    assert_eq!(with(TableKind::Extrapolate), [0.0, 10.0, 20.0, 30.0, 40.0]);
    assert_eq!(with(TableKind::Discrete), [10.0, 10.0, 10.0, 30.0, 30.0]);
}

#[test]
fn stocks_follow_their_method() {
    let values = |method| run(&sketch(1.0, 2.0, method).stock("s", "1", "s").finish(), "s");
    assert_eq!(values(Method::Euler), [1.0, 2.0, 4.0]);
    assert_eq!(values(Method::Rk2), [1.0, 2.5, 6.25]);
    let growth = 1.0 + (1.0 + 2.0 * 1.5 + 2.0 * 1.75 + 2.75) / 6.0;
    assert_eq!(values(Method::Rk4)[1], growth);
}

#[test]
fn smooths_are_levels_in_series() {
    let kind = |order| StateKind::Smooth { order };
    assert_eq!(state_of_time(kind(1), "time; 2", Method::Euler), [0.0, 0.0, 0.5, 1.25, 2.125]);
    assert_eq!(state_of_time(kind(1), "time; 2; 8", Method::Euler)[..3], [8.0, 4.0, 2.5]);
    // Two levels of time 2 each: the second one sees the first one a step later.
    assert_eq!(state_of_time(kind(2), "time; 4", Method::Euler), [0.0, 0.0, 0.0, 0.25, 0.75]);
}

#[test]
fn delays_conserve_material() {
    let kind = |order| StateKind::Delay { order };
    assert_eq!(state_of_time(kind(1), "time; 2; 6", Method::Euler)[..3], [6.0, 3.0, 2.0]);
    assert_eq!(state_of_time(kind(2), "4; 4", Method::Euler), [4.0; 5]);
}

#[test]
fn trend_and_forecast_compare_with_the_average() {
    // The average of 10 + TIME over 2 begins at the input itself.
    assert_eq!(
        state_of_time(StateKind::Trend, "time 10 +; 2; 0", Method::Euler)[..2],
        [0.0, (11.0 - 10.0) / (2.0 * 10.0)]
    );
    let ahead = 11.0 * (1.0 + (11.0 - 10.0) / (2.0 * 10.0) * 4.0);
    assert_eq!(state_of_time(StateKind::Forecast, "time 10 +; 2; 0; 4", Method::Euler)[..2], [10.0, ahead]);
    // An average of 0 shows no trend.
    assert_eq!(state_of_time(StateKind::Trend, "time; 2; 0", Method::Euler)[..2], [0.0, 0.0]);
}

#[test]
fn pipelines_previous_and_init_change_once_a_step_under_every_method() {
    for method in [Method::Euler, Method::Rk2, Method::Rk4] {
        assert_eq!(state_of_time(StateKind::Pipeline, "time; 2", method), [0.0, 0.0, 0.0, 1.0, 2.0]);
        assert_eq!(state_of_time(StateKind::Pipeline, "time; 2; 9", method), [9.0, 9.0, 0.0, 1.0, 2.0]);
        assert_eq!(state_of_time(StateKind::Previous, "time;; 7", method), [7.0, 0.0, 1.0, 2.0, 3.0]);
        assert_eq!(state_of_time(StateKind::Previous, "time 5 +;; 0", method), [0.0, 5.0, 6.0, 7.0, 8.0]);
        assert_eq!(state_of_time(StateKind::Init, "time 5 +", method), [5.0; 5]);
    }
}

#[test]
fn pipeline_lengths_round_halves_up_and_stay_in_range() {
    // The input reaches the end after as many steps as the pipeline is long.
    let length = |time: &str| {
        let values = state_of_time(StateKind::Pipeline, &format!("1; {time}; 0"), Method::Euler);
        values.iter().take_while(|&&x| x == 0.0).count()
    };
    for (time, expected) in
        [("0.49999999999999994", 1), ("1.49", 1), ("1.5", 2), ("2.5", 3), ("-3", 1), ("NaN", 1), ("3", 3), ("1e300", 5)]
    {
        assert_eq!(length(time), expected, "{time}");
        // The same when nobody knows the time before the run.
        assert_eq!(length(&format!("{time} time + ")), expected, "{time}");
    }
}

#[test]
fn a_known_delay_takes_only_the_memory_that_it_needs() {
    let capacity = |args: &str| {
        let module =
            lowered(&sketch(0.5, 100.0, Method::Euler).state(StateKind::Pipeline, args).aux("x", "@0").finish());
        module.slots.values().find_map(
            |slot| {
                if let SlotRole::Ring { capacity } = slot.role { Some(capacity) } else { None }
            },
        )
    };
    assert_eq!(capacity("time; 3"), Some(6));
    assert_eq!(capacity("time; 2 3 *"), Some(12));
    assert_eq!(capacity("time; 1e9"), Some(201));
    assert_eq!(capacity("time; time"), Some(201));
}

#[test]
fn levels_inside_functions_take_part_in_runge_kutta_stages() {
    // A smooth of a constant approaches it as a stock with that rate does.
    for method in [Method::Euler, Method::Rk2, Method::Rk4] {
        let model = sketch(0.25, 2.0, method)
            .stock("s", "0", "8 s - 4 /")
            .state(StateKind::Smooth { order: 1 }, "8; 4; 0")
            .aux("x", "@0")
            .finish();
        assert_eq!(run(&model, "x"), run(&model, "s"));
    }
}

#[test]
fn rows_between_saves_change_nothing() {
    let model = |every| {
        sketch(0.5, 4.0, Method::Euler)
            .save_every(every)
            .stock("s", "3", "flow previous -")
            .state(StateKind::Previous, "s 2 *;; 1")
            .aux("previous", "@0")
            .aux("flow", "s 4 /")
            .finish()
    };
    let all = run(&model(1), "s");
    let some = run(&model(4), "s");
    assert_eq!(some, all.iter().copied().step_by(4).collect::<Vec<_>>());
}

#[test]
fn the_row_is_stocks_outputs_derived_constants() {
    let model = sketch(1.0, 4.0, Method::Euler)
        .constant("p", 2.0)
        .aux("derived", "p 3 *")
        .aux("output", "time p +")
        .stock("s", "1", "output")
        .constant("q", 5.0)
        .finish();
    let Lowered { module, symbols } = lower(&model, &LowerOptions::default());
    let names: Vec<&str> = symbols.vars.iter().map(|symbol| symbol.name.as_str()).collect();
    assert_eq!(names, ["time", "dt", "initial_time", "final_time", "s", "output", "derived", "p", "q"]);
    assert_eq!(roles(&module)[4..], [SlotRole::Stock, SlotRole::Output, SlotRole::Run, SlotRole::Run, SlotRole::Run]);
    assert_eq!((symbols.vars[0].kind, symbols.vars[4].kind), (SymbolKind::Time, SymbolKind::Stock));
    assert_eq!((symbols.vars[8].slot, symbols.vars[7].slot), (8, 7));
    let all = SettableElements { first: 0, defaults: vec![5.0] };
    assert_eq!(symbols.vars[8].settable, [all]);
}

#[test]
fn an_override_reaches_everything_derived_and_nothing_captured() {
    let model = sketch(1.0, 2.0, Method::Euler)
        .constant("p", 2.0)
        .aux("derived", "p sqrt p *")
        .aux("x", "derived time +")
        .finish();
    assert_eq!(run_with(&model, "x", &[("p", 4.0)]), [8.0, 9.0, 10.0]);
}

#[test]
fn a_start_may_use_what_it_starts() {
    let model = sketch(1.0, 1.0, Method::Euler)
        .stock("a", "3", "0")
        .aux("twice", "a 2 *")
        .stock("b", "twice 1 +", "0")
        .state(StateKind::Smooth { order: 3 }, "twice; 5; b")
        .stock("c", "@0", "0")
        .finish();
    assert_eq!(run(&model, "c"), [7.0, 7.0]);
}

#[test]
fn keeping_some_outputs_drops_what_they_do_not_need() {
    let model = sketch(1.0, 4.0, Method::Euler)
        .constant("rate", 0.5)
        .constant("unused", 1.0)
        .stock("s", "8", "flow neg")
        .stock("other", "0", "unused")
        .aux("flow", "s rate *")
        .aux("shown", "s 1 +")
        .finish();
    let keep = Some(BTreeSet::from([id(&model, "shown")]));
    let Lowered { module, symbols } = lower(&model, &LowerOptions { keep, ..LowerOptions::default() });
    let names: Vec<&str> = symbols.vars[4..].iter().map(|symbol| symbol.name.as_str()).collect();
    assert_eq!(names, ["shown", "rate"]);
    assert_eq!(roles(&module)[4..], [SlotRole::Output, SlotRole::Run, SlotRole::Level]);
    let all = run(&model, "shown");
    for level in sketch::LEVELS {
        let mut instance = simc_ir::interp::Instance::new(&optimised(&module, level)).expect("the model is small");
        instance.run();
        let shown: Vec<f64> = (0..instance.saved_steps()).map(|row| instance.row(row)[4]).collect();
        assert_eq!(shown, all);
    }
}

#[test]
fn dead_variables_stay_out_of_the_step_between_rows() {
    let model = sketch(1.0, 4.0, Method::Euler).save_every(2).stock("s", "8", "s").aux("shown", "s sqrt").finish();
    let module = lowered(&model);
    assert!(opcodes(&module, FuncRole::Row).contains(&Opcode::Fsqrt));
    assert_eq!(opcodes(&module, FuncRole::Step), [Opcode::Load, Opcode::Rate]);
}

/// A chain in which each variable needs the one before and a constant.
fn chain(length: usize) -> Model {
    let mut model = sketch(1.0, 2.0, Method::Rk4).save_every(2).constant("p", 1.5).stock("s", "1", "x0");
    model = model.aux("x0", "s p *");
    for at in 1..length {
        model = model.aux(&format!("x{at}"), &format!("x{} p 2 / * time +", at - 1));
    }
    model.finish()
}

/// Instructions of all functions.
fn size(module: &Module) -> usize {
    module.funcs.values().map(|func| func.listed_insts().count()).sum()
}

#[test]
fn every_level_grows_linearly_with_the_model() {
    for level in sketch::LEVELS {
        let [one, two, four] = [200, 400, 800].map(|length| size(&optimised(&lowered(&chain(length)), level)));
        assert!(four - two <= 2 * (two - one) + 10, "{level}: {one} {two} {four}");
    }
}

#[test]
fn more_work_never_makes_more_instructions() {
    let module = lowered(&chain(100));
    let [o0, o1, o2] = [OptLevel::O0, OptLevel::O1, OptLevel::O2].map(|level| size(&optimised(&module, level)));
    assert!(o2 < o1 && o1 <= o0, "{o0} {o1} {o2}");
}

#[test]
fn a_long_model_runs_alike_in_parts() {
    let model = chain(400);
    let parts = optimised(&lowered(&model), OptLevel::O2).parts(FuncRole::Row).count();
    assert!(parts > 1);
    let values = run(&model, "x3");
    assert_eq!(values[0], ((1.5 * 0.75) * 0.75) * 0.75);
}

#[test]
fn links_lead_through_a_bounded_number_of_reads() {
    let n_links = |n: usize| {
        let constants = (0..n).fold(sketch(1.0, 1.0, Method::Euler), |model, i| model.constant(&format!("c{i}"), 1.0));
        let rest: String = (1..n).map(|i| format!(" c{i} +")).collect();
        let model = constants.aux("through", &format!("c0{rest}")).aux("effect", "through 1 +").finish();
        let through = id(&model, "through");
        links::links(&model, |var| (var != through).then_some(var.0)).len()
    };
    assert_eq!([n_links(256), n_links(257)], [256, 0]);
}
