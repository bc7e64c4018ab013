//! The life of an instance, clause by clause, in both forms.

use kernel::abi::ERROR_NAN_TARGET;
use simc_ir::module::Module;

use super::instance::{Engines, Trio, Wasm, artifact};
use super::parse;
use crate::emit::StepperKind;

/// A stock that starts at one param and grows by another, with what follows from the params and what the last step left.
const TEXT: &str = "\
module {
    time start=10.0 stop=14.0 dt=0.5 steps=8 save_every=2 method=euler
    slots {
        s0: time
        s1: dt
        s2: start
        s3: stop
        s4: stock ; level
        s5: output ; inflow
        s6: output ; last
        s7: run ; twice the rate
        s8: run ; initial level
        s9: run ; rate
        s10: held ; PREVIOUS
    }
    params {
        p0: s8 = 100.0 ; initial level
        p1: s9 = 3.0 ; rate
    }
}
func prepare {
block0:
    v0 = param p0
    store s8, v0
    v1 = param p1
    store s9, v1
    v2 = fadd v1, v1
    store s7, v2
}
func start {
block0:
    v0 = load s8
    store s4, v0
    v1 = fconst -1.0
    store s10, v1
}
func row {
block0:
    v0 = load s7
    v1 = time
    v2 = fmul v0, v1
    out s5, v2
    v3 = load s10
    out s6, v3
    rate s4, v2
    next s10, v2
}
func step {
block0:
    v0 = load s7
    v1 = time
    v2 = fmul v0, v1
    rate s4, v2
    next s10, v2
}
";

const N_SLOTS: usize = 10;
const INITIAL: i32 = 8;
const RATE: i32 = 9;

fn module() -> Module {
    parse(TEXT)
}

fn trio() -> Trio {
    Trio::new(&module())
}

fn numbers(bits: &[u64]) -> Vec<f64> {
    bits.iter().map(|&bits| f64::from_bits(bits)).collect()
}

#[test]
fn a_new_instance_shows_zeros() {
    let fresh = trio().all("nothing", |_| {});
    assert_eq!((fresh.live, fresh.saved_steps, fresh.error), (vec![0; N_SLOTS], 0, 0));
}

#[test]
fn an_override_is_visible_at_once_and_only_it() {
    let shown = trio().all("set_value", |engine| assert_eq!(engine.set_value(RATE, 5.0), 0));
    assert_eq!(numbers(&shown.live), [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 5.0]);
}

#[test]
fn what_is_no_constant_cannot_be_set() {
    let mut trio = trio();
    for slot in [-1, 0, 4, 7, 10, 11, i32::MAX, i32::MIN] {
        let shown = trio.all("set_value", |engine| assert_eq!(engine.set_value(slot, 5.0), 1, "slot {slot}"));
        assert_eq!(shown.live, vec![0; N_SLOTS]);
    }
}

#[test]
fn initials_evaluate_the_start_once() {
    let mut trio = trio();
    let first = trio.all("run_initials", |engine| engine.run_initials());
    assert_eq!(numbers(&first.live), [10.0, 0.5, 10.0, 14.0, 100.0, 60.0, -1.0, 6.0, 100.0, 3.0]);
    assert_eq!(first.saved_steps, 0);
    let second = trio.all("run_initials", |engine| engine.run_initials());
    assert_eq!(second, first);
}

#[test]
fn at_rest_everything_belongs_to_the_first_step_behind_the_target() {
    let rest = trio().all("run_to", |engine| engine.run_to(10.7));
    assert_eq!(rest.saved_steps, 1);
    let level = 100.0 + 0.5 * 60.0 + 0.5 * 63.0;
    assert_eq!(numbers(&rest.live), [11.0, 0.5, 10.0, 14.0, level, 66.0, 63.0, 6.0, 100.0, 3.0]);
}

#[test]
fn a_target_in_the_past_takes_no_step_and_evaluates_the_time_at_rest() {
    let mut trio = trio();
    let rest = trio.all("run_to(12)", |engine| engine.run_to(12.0));
    assert_eq!(trio.all("run_to(12) again", |engine| engine.run_to(12.0)), rest);
    trio.all("set_value", |engine| assert_eq!(engine.set_value(RATE, 5.0), 0));
    let changed = trio.all("run_to(12) with another rate", |engine| engine.run_to(12.0));
    assert_eq!((&changed.rows, changed.saved_steps), (&rest.rows, rest.saved_steps));
    assert_ne!(changed.live, rest.live);
    for target in [10.0, -1e300, f64::NEG_INFINITY] {
        assert_eq!(trio.all("run_to the past", |engine| engine.run_to(target)), changed);
    }
}

#[test]
fn a_target_before_the_start_evaluates_the_start_alone() {
    let mut trio = trio();
    let shown = trio.all("run_to", |engine| engine.run_to(9.0));
    assert_eq!((shown.saved_steps, f64::from_bits(shown.live[0])), (0, 10.0));
}

#[test]
fn interrupted_runs_end_like_whole_ones() {
    let whole = trio().all("run_to", |engine| engine.run_to(f64::INFINITY));
    let mut trio = trio();
    for target in [10.0, 10.2, 10.5, 11.0, 13.9] {
        trio.all("run_to", |engine| engine.run_to(target));
    }
    assert_eq!(trio.all("run_to", |engine| engine.run_to(14.0)), whole);
    assert_eq!(whole.saved_steps, 5);
    assert_eq!(whole.live, whole.rows[4 * N_SLOTS..]);
}

#[test]
fn an_override_between_two_targets_changes_what_comes_after() {
    let mut trio = trio();
    trio.all("run_to", |engine| engine.run_to(11.0));
    trio.all("set_value", |engine| assert_eq!(engine.set_value(RATE, 0.0) + engine.set_value(INITIAL, 7.0), 0));
    let run = trio.all("run_to", |engine| engine.run_to(14.0));
    let levels: Vec<f64> = numbers(&run.rows).chunks(N_SLOTS).map(|row| row[4]).collect();
    assert_eq!(levels[2..], [levels[2]; 3]);
    assert_eq!(levels[2], 100.0 + 0.5 * 60.0 + 0.5 * 63.0 + 0.5 * 66.0);
}

#[test]
fn reset_keeps_overrides_and_clears_the_rest() {
    let mut trio = trio();
    trio.all("set_value", |engine| assert_eq!(engine.set_value(INITIAL, 7.0), 0));
    trio.all("run", |engine| engine.run());
    let fresh = trio.all("reset", |engine| engine.reset());
    assert_eq!(numbers(&fresh.live), [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 7.0, 0.0]);
    assert_eq!((fresh.saved_steps, fresh.error), (0, 0));
    let run = trio.all("run", |engine| engine.run());
    assert_eq!(f64::from_bits(run.rows[4]), 7.0);
}

#[test]
fn clearing_restores_defaults_for_the_next_run() {
    let mut trio = trio();
    trio.all("set_value", |engine| assert_eq!(engine.set_value(INITIAL, 7.0), 0));
    let run = trio.all("run", |engine| engine.run());
    let cleared = trio.all("clear_values", |engine| engine.clear_values());
    assert_eq!(cleared, run);
    let fresh = trio.all("reset", |engine| engine.reset());
    assert_eq!(fresh.live, vec![0; N_SLOTS]);
    let initials = trio.all("run_initials", |engine| engine.run_initials());
    assert_eq!(f64::from_bits(initials.live[4]), 100.0);
}

#[test]
fn nan_as_a_target_is_an_error_until_reset() {
    let mut trio = trio();
    trio.all("run_to(11)", |engine| engine.run_to(11.0));
    let failed = trio.all("run_to(NaN)", |engine| engine.run_to(f64::NAN));
    assert_eq!(failed.error, u64::from(ERROR_NAN_TARGET));
    let still = trio.all("run_to(12)", |engine| engine.run_to(12.0));
    assert_eq!(still, failed);
    assert_eq!(trio.all("reset", |engine| engine.reset()).error, 0);
    assert_eq!(trio.all("run_to(12)", |engine| engine.run_to(12.0)).saved_steps, 3);
}

#[test]
fn a_full_slab_is_final_to_the_last_byte_of_memory() {
    for form in [StepperKind::Plain, StepperKind::Auto] {
        let mut wasm = Wasm::new(&artifact(&module(), form));
        wasm.run();
        assert_eq!(wasm.set_value(RATE, 9.0), 0);
        let memory = wasm.memory();
        for target in [14.0, 0.0, f64::INFINITY] {
            wasm.run_to(target);
            wasm.run_initials();
        }
        assert!(wasm.memory() == memory, "{form:?}");
    }
}

#[test]
fn nothing_but_what_a_host_may_see_survives_a_reset() {
    for form in [StepperKind::Plain, StepperKind::Auto] {
        let mut used = Wasm::new(&artifact(&module(), form));
        used.run_to(12.5);
        used.run_to(f64::NAN);
        used.reset();
        let mut fresh = Wasm::new(&artifact(&module(), form));
        for wasm in [&mut used, &mut fresh] {
            wasm.run_to(11.0);
        }
        assert_eq!(used.visible(), fresh.visible(), "{form:?}");
    }
}

#[test]
fn what_follows_from_constants_is_computed_when_they_have_changed_and_only_then() {
    const TWICE: usize = 7;
    for form in [StepperKind::Plain, StepperKind::Auto] {
        let mut wasm = Wasm::new(&artifact(&module(), form));
        let mut next = 10.0;
        let mut after = |wasm: &mut Wasm| {
            // A number that no evaluation gives stays only as long as nothing is computed again.
            wasm.poke(TWICE, 0.25);
            next += 0.5;
            wasm.run_to(next);
            f64::from_bits(wasm.visible().live[TWICE])
        };
        wasm.run_initials();
        assert_eq!(after(&mut wasm), 0.25, "the initials have computed it");
        assert_eq!(after(&mut wasm), 0.25, "and a step changes nothing");
        wasm.set_value(RATE, 5.0);
        assert_eq!(after(&mut wasm), 10.0);
        assert_eq!(after(&mut wasm), 0.25);
        wasm.set_value(TWICE.cast_signed() as i32, 5.0);
        assert_eq!(after(&mut wasm), 0.25, "what is refused changes nothing");
        wasm.clear_values();
        assert_eq!(after(&mut wasm), 6.0);
        assert_eq!(after(&mut wasm), 0.25);
        wasm.reset();
        wasm.run_initials();
        assert_eq!(f64::from_bits(wasm.visible().live[TWICE]), 6.0);
    }
}
