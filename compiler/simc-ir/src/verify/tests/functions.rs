//! Rules of single functions: structure, operands, results.

use super::*;
use crate::func::{ValueData, ValueDef};
use crate::opcode::{Immediate, Opcode};
use crate::samples::{ARRAYS, TEACUP};
use crate::types::{Type, Variance};

#[test]
fn dangling_names_are_reported_and_nothing_else() {
    let mut module = samples::parse(TEACUP);
    let slot = module.slots.keys().nth(4).expect("there are more slots");
    module.slots[slot].axes.push(Axis::from_u32(7));
    let param = module.params.keys().next().expect("there is a param");
    module.params[param].slot = Slot::from_u32(99);
    assert_eq!(errors_of(&module), ["s4 (teacup): a7 is not declared", "p0 (room): s99 is not declared"]);

    let missing = broken(TEACUP, FuncRole::Step, |func| {
        let insts: Vec<_> = func.listed_insts().collect();
        func.insts[insts[0]].immediate = Immediate::Slot(Slot::from_u32(99));
        func.args_mut(insts[2])[1] = Value::from_u32(77);
        func.blocks[func.entry].insts.push(Inst::from_u32(55));
    });
    assert_eq!(
        missing,
        [
            "fn3 step, `v0 = load s99`: s99 does not exist",
            "fn3 step, `v2 = fsub v0, undefined(v77)`: v77 does not exist",
            "fn3 step: inst55 does not exist",
        ]
    );
}

#[test]
fn values_are_used_where_they_are_visible() {
    assert_all(&[
        (
            ARRAYS,
            "    v5 = fconst 0.0\n    store s9, v5",
            "    v5 = fconst 0.0\n    store s9, v4",
            &["fn1 start, `store s9, v4`: uses v4, which is visible only inside another loop"],
        ),
        (
            ARRAYS,
            "    store s8[v0], v1\n    }\n    v2",
            "    store s8[v0], v1\n    }\n    for a1 -> block7(v8) {\n    v9 = ordinal v0\n    }\n    v2",
            &["fn0 prepare, `v3 = ordinal v0`: uses v0, which is visible only inside another loop"],
        ),
    ]);
    let backwards = broken(TEACUP, FuncRole::Step, |func| {
        let entry = func.entry;
        func.blocks[entry].insts.swap(0, 2);
    });
    assert_eq!(
        backwards,
        [
            "fn3 step, `v0 = fsub v2, v1`: uses v2, which is not defined before it",
            "fn3 step, `v0 = fsub v2, v1`: uses v1, which is not defined before it"
        ]
    );
    let inside = broken(ARRAYS, FuncRole::Row, |func| {
        let fold = func.listed_insts().nth(1).expect("the fold comes second");
        let body = func.body(fold).expect("a fold has a body");
        let last = *func.blocks[body].insts.last().expect("it ends with yield");
        let result = func.insts[fold].result.expect("a fold has a result");
        func.args_mut(last)[0] = result;
    });
    assert_eq!(inside, ["fn2 row, `yield v3`: uses v3, which is not defined before it"]);
}

#[test]
fn blocks_form_a_tree() {
    let doubled = broken(ARRAYS, FuncRole::Prepare, |func| {
        let entry = func.entry;
        let first = func.blocks[entry].insts[0];
        func.blocks[entry].insts.push(first);
    });
    assert_eq!(
        doubled,
        [
            "fn0 prepare, `for a1 -> block1(v0)`: is listed twice",
            "fn0 prepare, `for a1 -> block1(v0)`: its body is the body of another loop already",
        ]
    );
    let strange = broken(ARRAYS, FuncRole::Prepare, |func| {
        let (entry, first) = (func.entry, func.blocks[func.entry].insts[0]);
        let body = func.body(first).expect("it is a loop");
        func.blocks[entry].params = func.blocks[body].params.clone();
        func.blocks[body].params.clear();
    });
    assert_eq!(strange.len(), 4, "{strange:?}");
    assert_eq!(strange[0], "fn0 prepare: a function's body has no parameters");
    assert_eq!(strange[1], "fn0 prepare, `for a1 -> block1()`: its body has the wrong parameters");
}

#[test]
fn nesting_is_bounded() {
    let nested = broken(ARRAYS, FuncRole::Prepare, |func| {
        let module = samples::parse(ARRAYS);
        let mut b = crate::builder::Builder::new(&module, func);
        for _ in 0..66 {
            let (body, _) = b.for_each(Axis::from_u32(0));
            b.switch_to(body);
        }
    });
    assert_eq!(nested, ["fn0 prepare, `for a0 -> block66(v68)`: loops nest at most 64 deep"]);
}

#[test]
fn yield_ends_folds_and_nothing_else() {
    assert_all(&[
        (
            ARRAYS,
            "        yield v6\n",
            "",
            &["fn2 row, `v3 = fold a0, v0 -> block1(v1, v2)`: its body does not end with `yield`"],
        ),
        (
            ARRAYS,
            "    out s5, v3\n",
            "    out s5, v3\n    yield v3\n",
            &["fn2 row, `yield v3`: `yield` belongs at the end of the body of a `fold`"],
        ),
        (
            ARRAYS,
            "        yield v6\n",
            "        yield v6\n        yield v6\n",
            &["fn2 row, `yield v6`: `yield` belongs at the end of the body of a `fold`"],
        ),
    ]);
}

#[test]
fn results_know_their_instruction() {
    let stolen = broken(TEACUP, FuncRole::Step, |func| {
        let insts: Vec<_> = func.listed_insts().collect();
        func.insts[insts[1]].result = func.insts[insts[0]].result;
    });
    assert!(stolen.contains(&"fn3 step, `v0 = load s7`: v0 is not its result alone".to_owned()), "{stolen:?}");
    let missing = broken(TEACUP, FuncRole::Start, |func| {
        let insts: Vec<_> = func.listed_insts().collect();
        func.insts[insts[0]].result = None;
        let ty = Type::F64;
        let def = ValueDef::Result(insts[1]);
        let value = func.values.push(ValueData { ty, variance: Variance::Const, def });
        func.insts[insts[1]].result = Some(value);
    });
    assert_eq!(
        missing,
        [
            "fn1 start, `fconst 180.0`: has no result, but its opcode makes one",
            "fn1 start, `v0 = store s4, undefined(v0)`: uses undefined(v0), which is not defined before it",
            "fn1 start, `v0 = store s4, undefined(v0)`: has a result, but its opcode makes none",
            "fn1 start, `v0 = store s4, undefined(v0)`: its result cannot be of type f64",
        ]
    );
}

#[test]
fn operands_and_indices_fit() {
    assert_all(&[
        (
            TEACUP,
            "v3 = fdiv v2, v1",
            "v3 = fdiv v2",
            &["fn0 prepare, `v3 = fdiv v2`: takes 2 operands and 0 indices, but has 1 in all"],
        ),
        (
            ARRAYS,
            "v3 = call exp, v2",
            "v3 = call pow, v2",
            &["fn0 prepare, `v3 = call pow, v2`: takes 2 operands and 0 indices, but has 1 in all"],
        ),
        (
            ARRAYS,
            "store s8[v0], v1",
            "store s8, v1",
            &["fn0 prepare, `store s8, v1`: takes 1 operands and 1 indices, but has 1 in all"],
        ),
        (
            ARRAYS,
            "v8 = load s4[v4, v5]",
            "v8 = load s4[v5, v4]",
            &[
                "fn3 row, `v8 = load s4[v5, v4]`: wants index(a0), not index(a1), as an index",
                "fn3 row, `v8 = load s4[v5, v4]`: wants index(a1), not index(a0), as an index",
            ],
        ),
        (
            TEACUP,
            "v2 = fconst 1.0\n",
            "v2 = bconst true\n",
            &["fn0 prepare, `v3 = fdiv v2, v1`: operand 1 cannot be of type bool"],
        ),
        (
            ARRAYS,
            "v3 = ordinal v2",
            "v3 = ordinal v1",
            &["fn1 start, `v3 = ordinal v1`: operand 1 cannot be of type f64"],
        ),
        (
            ARRAYS,
            "v5 = position a1, 0",
            "v5 = position a1, 2",
            &["fn3 row, `v5 = position a1, 2`: a1 has only 2 positions"],
        ),
    ]);
}

#[test]
fn immediates_types_and_variances_are_those_of_the_opcode() {
    let kind = broken(TEACUP, FuncRole::Start, |func| {
        let inst = func.listed_insts().next().expect("it is not empty");
        func.insts[inst].immediate = Immediate::Bool(true);
    });
    assert_eq!(kind, ["fn1 start, `v0 = fconst true`: its immediate is of the wrong kind"]);
    let derived = broken(TEACUP, FuncRole::Start, |func| {
        let value = func.values.keys().next().expect("it has a value");
        func.values[value].ty = Type::Bool;
        func.values[value].variance = Variance::Run;
    });
    assert_eq!(
        derived,
        [
            "fn1 start, `v0 = fconst 180.0`: its result cannot be of type bool",
            "fn1 start, `v0 = fconst 180.0`: its result varies by const, not by run",
            "fn1 start, `store s4, v0`: operand 1 cannot be of type bool",
        ]
    );
    let index = broken(ARRAYS, FuncRole::Prepare, |func| {
        let value = func.values.keys().next().expect("it has a value");
        func.values[value].variance = Variance::Step;
    });
    assert!(index[0].ends_with("v0 varies by const, not by step"), "{index:?}");
}

#[test]
fn immediates_of_loops_are_checked_like_others() {
    let kind = broken(ARRAYS, FuncRole::Prepare, |func| {
        let first = func.blocks[func.entry].insts[0];
        func.insts[first].opcode = Opcode::Yield;
    });
    assert!(kind.iter().any(|error| error.ends_with("its immediate is of the wrong kind")), "{kind:?}");
}
