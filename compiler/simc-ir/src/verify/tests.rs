use super::*;
use crate::func::ValueDef;
use crate::module::FuncRole;
use crate::opcode::{Immediate, Opcode};
use crate::samples::{self, ARRAYS, OSCILLATOR, TEACUP};
use crate::types::{Type, Variance};

/// All violations as text.
fn errors_of(module: &Module) -> Vec<String> {
    verify(module).err().map_or_else(Vec::new, |all| all.errors.iter().map(VerifierError::to_string).collect())
}

/// The violations of a sample in which one text stands for another.
fn errors_with(sample: &str, from: &str, to: &str) -> Vec<String> {
    assert!(sample.contains(from), "{from}");
    errors_of(&samples::parse(&sample.replacen(from, to, 1)))
}

fn assert_all(cases: &[(&str, &str, &str, &[&str])]) {
    for (sample, from, to, expected) in cases {
        assert_eq!(errors_with(sample, from, to), *expected, "{to}");
    }
}

/// A sample's module and its first function of a role, to be broken.
fn broken(sample: &str, role: FuncRole, change: impl FnOnce(&mut FuncData)) -> Vec<String> {
    let mut module = samples::parse(sample);
    let func = module.parts(role).next().expect("the sample has the role");
    change(&mut module.funcs[func]);
    errors_of(&module)
}

#[test]
fn samples_are_valid() {
    for sample in samples::ALL {
        assert_eq!(errors_of(&samples::parse(sample)), [""; 0]);
    }
}

#[test]
fn times_must_make_sense() {
    assert_all(&[
        (
            TEACUP,
            "start=0.0",
            "start=-inf",
            &["module: start and stop must be finite", "module: from start to stop there are inf steps, not 240"],
        ),
        (
            TEACUP,
            "dt=0.125",
            "dt=-0.125",
            &["module: dt must be positive and finite", "module: from start to stop there are -240 steps, not 240"],
        ),
        (TEACUP, "steps=240", "steps=241", &["module: from start to stop there are 240 steps, not 241"]),
        (TEACUP, "save_every=8", "save_every=0", &["module: save_every must be at least 1"]),
    ]);
}

#[test]
fn slots_stand_in_the_order_of_the_row() {
    assert_all(&[
        (TEACUP, "s1: dt", "s1: time", &["module: the first four slots must be time, dt, start and stop, once each"]),
        (
            OSCILLATOR,
            "s4: stock ; position\n        s5: stock ; speed\n        s6: output ; push",
            "s4: output ; push\n        s5: stock ; position\n        s6: stock ; speed",
            &[
                "s5 (position): a stock slot cannot stand here in a row",
                "fn0 start, `store s4, v0`: `store` cannot touch a slot of role output",
                "fn1 row, `v0 = load s4`: `load` cannot touch a slot of role output",
                "fn1 row, `out s6, v5`: `out` cannot touch a slot of role stock",
                "fn1 row, `rate s4, v1`: `rate` cannot touch a slot of role output",
                "fn2 step, `v0 = load s4`: `load` cannot touch a slot of role output",
                "fn2 step, `rate s4, v1`: `rate` cannot touch a slot of role output",
                "fn3 stage, `v0 = load s4`: `load` cannot touch a slot of role output",
                "fn3 stage, `rate s4, v1`: `rate` cannot touch a slot of role output",
            ],
        ),
        (
            TEACUP,
            "s8: run ; cooling time",
            "s8: run ; cooling time\n        s9: dt",
            &["s9: a slot of the time stands once, among the first four, without axes"],
        ),
        (TEACUP, "p0: s7 = 70.0 ; room", "p0: s6 = 70.0 ; room", &["s7 (room): a run slot cannot stand here in a row"]),
        (
            TEACUP,
            "s8: run ; cooling time",
            "s8: run ; cooling time\n        s9: pending",
            &[
                "s9: pending slots exist only under runge-kutta",
                "s9: row writes 0 of its 1 elements",
                "s9: step writes 0 of its 1 elements",
            ],
        ),
    ]);
}

#[test]
fn sizes_are_positive_and_bounded() {
    assert_all(&[
        (ARRAYS, "ring(2)", "ring(0)", &["s10 (DELAY of total): a ring has room for at least one number"]),
        (ARRAYS, "    s13: hoisted", "    s13: hoisted\n        s14: spill[a0, a0]", &[]),
        (ARRAYS, "    a1: 2 ; age", "    a1: 2 ; age\n        a2: 0", &["a2: an axis has at least one element"]),
    ]);
    let huge = ARRAYS
        .replace("a1: 2 ; age", "a1: 2 ; age\n a2: 4294967295")
        .replace("    s13: hoisted", "    s13: hoisted\n s14: spill[a2, a2, a2, a2]");
    assert_eq!(
        errors_of(&samples::parse(&huge)),
        ["module: the slots hold 18446744073709551615 numbers, too many to address"]
    );
    let many = format!("s14: spill[{}]", ["a0"; 65].join(", "));
    assert!(
        errors_with(ARRAYS, "    s13: hoisted", &format!("    s13: hoisted\n{many}"))[0]
            .starts_with("s14: has 65 axes")
    );
}

#[test]
fn params_and_tables_are_well_formed() {
    assert_all(&[
        (ARRAYS, "[0.5, -0.25]", "[0.5]", &["p0 (growth): has 1 defaults for 2 elements"]),
        (
            TEACUP,
            "p1: s8 =",
            "p1: s7 =",
            &[
                "s8 (cooling time): a run slot cannot stand here in a row",
                "p1 (cooling time): s7 does not stand behind the slot of the param before",
            ],
        ),
        (TEACUP, "p0: s7 =", "p0: s4 =", &["p0 (room): s4 is not a run slot"]),
        (
            ARRAYS,
            "{ 0.0:0.0, 10.0:1.0, 20.0:1.5 }",
            "{}",
            &[
                "t0 (crowding): a table has at least one point",
                "t0 (crowding): x are not spaced evenly enough for an even search",
            ],
        ),
        (ARRAYS, "0.0:0.0, 10.0", "nan:0.0, 10.0", &["t0 (crowding): every x must be finite"]),
        (ARRAYS, "0.0:0.0, 10.0", "11.0:0.0, 10.0", &["t0 (crowding): x must ascend"]),
        (
            ARRAYS,
            "0.0:0.0, 10.0",
            "0.0:0.0, 15.5",
            &["t0 (crowding): x are not spaced evenly enough for an even search"],
        ),
        (ARRAYS, "0.0:0.0, 10.0", "0.0:0.0, 14.5", &[]),
        (ARRAYS, "even { 0.0:0.0, 10.0", "binary { 10.0:0.0, 10.0", &[]),
    ]);
    let mut module = samples::parse(ARRAYS);
    module.tables.values_mut().for_each(|table| table.ys.truncate(1));
    assert_eq!(errors_of(&module), ["t0 (crowding): a table has as many y as x"]);
}

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
        let value = func.values.push(crate::func::ValueData { ty, variance: Variance::Const, def });
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
fn instructions_stand_in_their_roles() {
    assert_all(&[
        (TEACUP, "v0 = fconst 180.0", "v0 = param p0", &["fn1 start, `v0 = param p0`: belongs in prepare"]),
        (TEACUP, "v2 = fconst 1.0", "v2 = time", &["fn0 prepare, `v2 = time`: belongs in start, row, step, stage"]),
        (TEACUP, "v1 = load s7", "v1 = load s0", &["fn2 row, `v1 = load s0`: `load` cannot touch a slot of role time"]),
        (
            TEACUP,
            "v1 = load s7",
            "v1 = load s5",
            &["fn2 row, `v1 = load s5`: `load` cannot touch a slot of role output"],
        ),
        (
            OSCILLATOR,
            "v0 = load s8",
            "v0 = load s4",
            &["fn4 commit, `v0 = load s4`: belongs in start, row, step, stage"],
        ),
        (
            OSCILLATOR,
            "store s8, v0\n}\n\nfunc step",
            "store s8, v0\n    next s7, v0\n}\n\nfunc step",
            &["fn1 row, `next s7, v0`: belongs in commit"],
        ),
        (TEACUP, "func step", "func stage", &["fn3 stage: exists only under runge-kutta"]),
        (
            ARRAYS,
            "        yield v6\n",
            "        store s12, v6\n        yield v6\n",
            &["fn2 row, `store s12, v6`: nothing is written inside a `fold`"],
        ),
    ]);
}

#[test]
fn reads_come_in_their_order() {
    assert_all(&[
        (
            TEACUP,
            "    rate s4, v5\n}\n\nfunc step",
            "    rate s4, v5\n    v6 = load s4\n}\n\nfunc step",
            &["fn2 row, `v6 = load s4`: reads s4 behind its advance in row"],
        ),
        (
            ARRAYS,
            "    push s10, v0\n",
            "    push s10, v0\n    v20 = oldest s10\n",
            &["fn3 row, `v16 = oldest s10`: reads s10 behind its advance in row"],
        ),
        (
            TEACUP,
            "    v0 = param p0\n",
            "    v9 = load s7\n    v0 = param p0\n",
            &["fn0 prepare, `v0 = load s7`: reads s7 before prepare stores it"],
        ),
        (
            ARRAYS,
            "    v3 = fold",
            "    v90 = load s12\n    v3 = fold",
            &["fn2 row, `v1 = load s12`: reads s12 before row stores it"],
        ),
        (
            ARRAYS,
            "    v6 = fconst 2.0\n",
            "    v6 = oldest s10\n",
            &["fn1 start, `v6 = oldest s10`: reads s10 before start stores it"],
        ),
    ]);
}

#[test]
fn parts_of_a_role_are_one_sequence() {
    let second = "\nfunc step {\nblock0:\n    v0 = load s4\n}\n";
    assert_eq!(
        errors_of(&samples::parse(&(TEACUP.to_owned() + second))),
        ["fn4 step, `v0 = load s4`: reads s4 behind its advance in step"]
    );
}

#[test]
fn passes_of_a_loop_do_not_meet() {
    assert_all(&[
        (
            ARRAYS,
            "v8 = load s4[v4, v5]",
            "v20 = position a0, 2\n        v8 = load s4[v20, v5]",
            &["fn3 row, `for a0 -> block1(v4)`: a pass of the loop may read what another one writes to s4"],
        ),
        (ARRAYS, "v11 = load s8[v10]", "v11 = load s4[v4, v10]", &[]),
    ]);
}

#[test]
fn what_must_be_written_is_written_once() {
    assert_all(&[
        (TEACUP, "    store s6, v3\n", "", &["s6 (rate constant): prepare writes 0 of its 1 elements"]),
        (
            TEACUP,
            "    store s4, v0\n",
            "    store s4, v0\n    store s4, v0\n",
            &["fn1 start, `store s4, v0`: writes an element that is written already"],
        ),
        (TEACUP, "    out s5, v4\n", "", &["s5 (heat loss): row writes 0 of its 1 elements"]),
        (ARRAYS, "        rate s4[v4, v10], v13\n", "", &["s4 (people): row writes 3 of its 6 elements"]),
        (
            ARRAYS,
            "rate s4[v4, v10], v13",
            "rate s4[v4, v5], v13",
            &["fn3 row, `rate s4[v4, v5], v13`: writes an element that is written already"],
        ),
        (ARRAYS, "    push s10, v0\n", "", &["s10 (DELAY of total): row writes 0 of its 1 elements"]),
        (ARRAYS, "    next s11, v0\n", "", &[]),
        (
            ARRAYS,
            "    next s11, v0\n",
            "    next s11, v0\n    next s11, v0\n",
            &["fn3 row, `next s11, v0`: writes an element that is written already"],
        ),
        (
            ARRAYS,
            "    store s12, v3\n",
            "    store s12, v3\n    store s12, v3\n",
            &["fn2 row, `store s12, v3`: writes an element that is written already"],
        ),
        (
            ARRAYS,
            "    push s10, v0\n",
            "    for a0 -> block9(v99) {\n        push s10, v0\n    }\n",
            &[
                "fn3 row, `push s10, v0`: writes the same element in several passes of a loop",
                "s10 (DELAY of total): row writes 0 of its 1 elements",
            ],
        ),
        (
            ARRAYS,
            "            store s4[v0, v2], v4\n",
            "            v9 = position a1, 1\n            store s4[v0, v9], v4\n",
            &[
                "fn1 start, `store s4[v0, v5], v4`: writes the same element in several passes of a loop",
                "s4 (people): start writes 0 of its 6 elements",
            ],
        ),
        (OSCILLATOR, "    store s8, v0\n}\n\nfunc stage", "}\n\nfunc stage", &["s8: step writes 0 of its 1 elements"]),
        (
            OSCILLATOR,
            "    rate s4, v1\n    rate s5, v6\n}\n\nfunc commit",
            "    rate s4, v1\n}\n\nfunc commit",
            &["s5 (speed): stage writes 0 of its 1 elements"],
        ),
    ]);
}

#[test]
fn a_step_may_be_absent_only_when_every_step_is_saved() {
    let at = TEACUP.find("\nfunc step").expect("the sample has a step");
    let without = &TEACUP[..at];
    assert_eq!(errors_of(&samples::parse(without)), ["s4 (teacup): step writes 0 of its 1 elements"]);
    assert_eq!(errors_with(without, "save_every=8", "save_every=1"), [""; 0]);
}

#[test]
fn row_and_step_advance_the_same_held_slots() {
    let text = TEACUP
        .replace("s8: run ; cooling time", "s8: run ; cooling time\n s9: held ; last")
        .replace("    store s4, v0\n", "    store s4, v0\n    store s9, v0\n")
        .replacen("    rate s4, v5\n", "    rate s4, v5\n    next s9, v5\n", 1);
    assert_eq!(
        errors_of(&samples::parse(&text)),
        ["s9 (last): row and step do not give the same elements a next value"]
    );
}

#[test]
fn enormous_slots_are_not_looked_at_element_by_element() {
    let text = ARRAYS.replace("a1: 2 ; age", "a1: 2 ; age\n a2: 8388608").replace("    s13: hoisted", "    s13: hoisted\n s14: spill[a2, a2]").replace(
        "    out s5, v3\n",
        "    out s5, v3\n    v70 = position a2, 0\n    store s14[v70, v70], v3\n    v71 = position a2, 1\n    store s14[v70, v71], v3\n",
    );
    assert_eq!(errors_of(&samples::parse(&text)), ["s14: has too many elements to be written in parts"]);
}

#[test]
fn every_violation_is_reported() {
    let text = TEACUP
        .replace("steps=240", "steps=1")
        .replace("v2 = fconst 1.0", "v2 = time")
        .replace("v1 = load s7", "v1 = load s5");
    let errors = errors_of(&samples::parse(&text));
    assert_eq!(errors.len(), 4, "{errors:?}");
    let joined = verify(&samples::parse(&text)).expect_err("it is not valid").to_string();
    assert_eq!(joined, errors.join("\n"));
}

#[test]
fn immediates_of_loops_are_checked_like_others() {
    let kind = broken(ARRAYS, FuncRole::Prepare, |func| {
        let first = func.blocks[func.entry].insts[0];
        func.insts[first].opcode = Opcode::Yield;
    });
    assert!(kind.iter().any(|error| error.ends_with("its immediate is of the wrong kind")), "{kind:?}");
}
