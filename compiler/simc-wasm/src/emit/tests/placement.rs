//! Where each value of a function is.

use simc_ir::entity::{Inst, Value};
use simc_ir::func::FuncData;
use simc_ir::module::{FuncRole, Module};

use super::parse;
use crate::emit::env::{Counter, Env};
use crate::emit::placement::{Class, Placement, Placements};

use Placement::{Again, Late, Local, Tree, Unused};

/// A module with a row of these instructions over a stock `s4`, which changes at the end, outputs `s6` and `s7` (an array), a held number
/// `s8` and a stock `s5` that is an array.
fn with_row(row: &str) -> Module {
    parse(&format!(
        "module {{\n time start=0.0 stop=1.0 dt=0.5 steps=2 save_every=1 method=euler\n axes {{ a0: 3 }}\n\
         slots {{ s0: time s1: dt s2: start s3: stop s4: stock s5: stock[a0] s6: output s7: output[a0] s8: held }}\n}}\n\
         func start {{\nblock0:\n v0 = fconst 1.0\n store s4, v0\n store s8, v0\n for a0 -> block1(v1) {{\n store s5[v1], v0\n }}\n}}\n\
         func row {{\nblock0:\n{row}\n rate s4, v0\n}}\n"
    ))
}

fn row(module: &Module) -> &FuncData {
    &module.funcs[module.parts(FuncRole::Row).next().expect("there is a row")]
}

fn plan(module: &Module) -> Placements {
    Placements::new(module, row(module), &Env::new(Counter::Global(0)))
}

/// The placement of each value; `v0`, which the stock's rate uses last, is a number.
fn placements(rest: &str) -> Vec<Placement> {
    let module = with_row(&format!("v0 = fconst 2.0\n{rest}"));
    let n = row(&module).values.len();
    let plan = plan(&module);
    (1..n).map(|value| plan.placements[Value::from_u32(value as u32)]).collect()
}

/// What fills the outputs that a test is not about.
const REST: &str = "for a0 -> block9(v900) {\n out s7[v900], v0\n }";

/// What advances the rest of the model.
const ADVANCE: &str = "next s8, v0";
const ADVANCE_ALL: &str = "for a0 -> block8(v800) {\n rate s5[v800], v0\n }";

#[test]
fn a_value_with_one_use_is_computed_there() {
    let found = placements(&format!("v1 = load s4\n v2 = fneg v1\n out s6, v2\n {ADVANCE}\n {ADVANCE_ALL}\n {REST}"));
    assert_eq!(found[..2], [Tree, Tree]);
}

#[test]
fn a_value_with_two_uses_is_in_a_local_unless_it_costs_nothing() {
    let found = placements(&format!(
        "v1 = load s4\n v2 = fconst 3.0\n v3 = fmul v1, v2\n v4 = fadd v1, v2\n v5 = fadd v3, v4\n out s6, v5\n {ADVANCE}\n {ADVANCE_ALL}\n {REST}"
    ));
    assert_eq!(found[..5], [Late, Again, Tree, Tree, Tree]);
}

#[test]
fn what_nobody_uses_is_not_computed_and_uses_nothing() {
    let found = placements(&format!(
        "v1 = load s4\n v2 = fneg v1\n v3 = fabs v2\n out s6, v1\n {ADVANCE}\n {ADVANCE_ALL}\n {REST}"
    ));
    assert_eq!(found[..3], [Tree, Unused, Unused]);
}

#[test]
fn a_read_happens_before_the_next_write() {
    let read = |rest: &str| placements(&format!("v1 = load s8\n {rest}\n {REST}"))[0];
    assert_eq!(read(&format!("out s6, v1\n {ADVANCE}\n {ADVANCE_ALL}")), Tree);
    assert_eq!(read(&format!("next s8, v1\n out s6, v0\n {ADVANCE_ALL}")), Tree, "the write itself may compute it");
    assert_eq!(read(&format!("{ADVANCE}\n out s6, v1\n {ADVANCE_ALL}")), Local);
    // The write of another slot does not count.
    assert_eq!(read(&format!("{ADVANCE_ALL}\n out s6, v1\n {ADVANCE}")), Tree);
}

#[test]
fn what_is_computed_of_a_read_happens_before_the_next_write_too() {
    let read = |rest: &str| placements(&format!("v1 = load s8\n v2 = fneg v1\n {rest}\n {ADVANCE_ALL}\n {REST}"));
    assert_eq!(read(&format!("out s6, v2\n {ADVANCE}"))[..2], [Tree, Tree]);
    assert_eq!(read(&format!("{ADVANCE}\n out s6, v2"))[..2], [Tree, Local]);
    // In a local the operand has been read in time.
    let twice = read(&format!("v3 = fadd v2, v1\n {ADVANCE}\n out s6, v3"));
    assert_eq!(twice[..3], [Local, Tree, Tree]);
    let both = read(&format!("v3 = load s4\n v4 = fadd v3, v2\n {ADVANCE}\n out s6, v4"));
    assert_eq!(both[..4], [Tree, Tree, Tree, Local]);
}

#[test]
fn a_loop_is_where_all_that_it_writes_is_written() {
    let around = |rest: &str| {
        let row = format!("v1 = position a0, 1\n v2 = load s5[v1]\n {rest}\n {ADVANCE}\n {REST}");
        let module = with_row(&format!("v0 = fconst 2.0\n{row}"));
        let load = row_value(&module);
        plan(&module).placements[load]
    };
    assert_eq!(around(&format!("{ADVANCE_ALL}\n out s6, v2")), Local);
    assert_eq!(around(&format!("out s6, v2\n {ADVANCE_ALL}")), Tree);
    assert_eq!(around("for a0 -> block1(v3) {\n rate s5[v3], v2\n }\n out s6, v0"), Local, "each pass needs it");
}

/// The result of the first load in a row.
fn row_value(module: &Module) -> Value {
    let func = row(module);
    let is_load = |inst: &Inst| func.insts[*inst].opcode == simc_ir::opcode::Opcode::Load;
    let load = func.blocks[func.entry].insts.iter().copied().find(is_load).expect("there is a load");
    func.insts[load].result.expect("a load has a result")
}

#[test]
fn what_a_loop_needs_of_outside_is_in_a_local_unless_it_costs_nothing() {
    let found = placements(&format!(
        "v1 = load s4\n v2 = fconst 3.0\n out s6, v0\n for a0 -> block1(v3) {{\n v4 = fmul v1, v2\n out s7[v3], v4\n }}\n\
         {ADVANCE}\n {ADVANCE_ALL}"
    ));
    assert_eq!((found[0], found[1], found[3]), (Local, Again, Tree));
}

#[test]
fn positions_along_a_loop_cost_nothing() {
    let module = parse(
        "module {\n time start=0.0 stop=1.0 dt=0.5 steps=2 save_every=1 method=euler\n axes { a0: 3 a1: 2 a2: 1 }\n\
         slots { s0: time s1: dt s2: start s3: stop s4: output[a0] s5: output[a1] s6: spill[a0] }\n}\n\
         func row {\nblock0:\n v0 = fconst 2.0\n for a1 -> block1(v1) {\n v2 = shift a0, 1, v1\n store s6[v2], v0\n out s4[v2], v0\n\
         v3 = ordinal v1\n out s5[v1], v3\n }\n v4 = position a0, 0\n out s4[v4], v0\n}\n",
    );
    let plan = plan(&module);
    assert_eq!((plan.placements[Value::from_u32(2)], plan.uses[Value::from_u32(2)]), (Again, 2));
    assert_eq!(plan.placements[Value::from_u32(3)], Tree);
}

#[test]
fn trees_are_cut_where_they_are_too_high() {
    let mut text = "v1 = load s4\n".to_owned();
    for n in 2..200 {
        text.push_str(&format!("v{n} = fneg v{}\n", n - 1));
    }
    let found = placements(&format!("{text} out s6, v199\n {ADVANCE}\n {ADVANCE_ALL}\n {REST}"));
    let locals: Vec<usize> = (0..199).filter(|&at| found[at] == Local).map(|at| at + 1).collect();
    assert_eq!(locals, [65, 130, 195]);
}

#[test]
fn what_is_in_a_local_anyway_adds_no_height() {
    let mut text = "v2 = ordinal v1\n".to_owned();
    for n in 3..100 {
        text.push_str(&format!("v{n} = fneg v{}\n", n - 1));
    }
    let found = placements(&format!(
        "out s6, v0\n for a0 -> block1(v1) {{\n {text} out s7[v1], v99\n }}\n {ADVANCE}\n {ADVANCE_ALL}"
    ));
    let locals: Vec<usize> = (1..99).filter(|&at| found[at] == Local).map(|at| at + 1).collect();
    assert_eq!(locals, [66]);
}

#[test]
fn effects_are_visible_or_advance_the_model() {
    let module = parse(
        "module {\n time start=0.0 stop=1.0 dt=0.5 steps=2 save_every=1 method=rk2\n axes { a0: 3 }\n\
         slots { s0: time s1: dt s2: start s3: stop s4: stock[a0] s5: output[a0] s6: held s7: spill s8: pending }\n}\n\
         func start {\nblock0:\n v0 = fconst 1.0\n store s6, v0\n for a0 -> block1(v1) {\n store s4[v1], v0\n }\n}\n\
         func row {\nblock0:\n v0 = fconst 2.0\n store s7, v0\n for a0 -> block1(v1) {\n out s5[v1], v0\n }\n store s8, v0\n\
         for a0 -> block2(v2) {\n v3 = ordinal v2\n rate s4[v2], v3\n }\n}\n\
         func stage {\nblock0:\n v0 = fconst 2.0\n for a0 -> block1(v1) {\n rate s4[v1], v0\n }\n}\n\
         func commit {\nblock0:\n v0 = load s8\n next s6, v0\n}\n",
    );
    let plan_of = plan(&module);
    let classes: Vec<Class> =
        row(&module).blocks[row(&module).entry].insts.iter().map(|&inst| plan_of.class(inst)).collect();
    assert_eq!(classes, [Class::Value, Class::Visible, Class::Visible, Class::Advance, Class::Advance]);
    assert_eq!((plan_of.last_visible, plan_of.first_advance), (Some(2), Some(3)));
}

#[test]
fn a_loop_that_does_both_is_visible_and_advances() {
    let module = parse(
        "module {\n time start=0.0 stop=1.0 dt=0.5 steps=2 save_every=1 method=euler\n axes { a0: 3 }\n\
         slots { s0: time s1: dt s2: start s3: stop s4: stock[a0] s5: output[a0] s6: output }\n}\n\
         func start {\nblock0:\n v0 = fconst 1.0\n for a0 -> block1(v1) {\n store s4[v1], v0\n }\n}\n\
         func row {\nblock0:\n v0 = fconst 2.0\n v1 = fconst 3.0\n for a0 -> block1(v2) {\n out s5[v2], v0\n rate s4[v2], v0\n }\n out s6, v1\n}\n",
    );
    let plan_of = plan(&module);
    let classes: Vec<Class> =
        row(&module).blocks[row(&module).entry].insts.iter().map(|&inst| plan_of.class(inst)).collect();
    assert_eq!(classes, [Class::Value, Class::Value, Class::Mixed, Class::Visible]);
    assert_eq!((plan_of.last_visible, plan_of.first_advance), (Some(3), Some(2)));
}
