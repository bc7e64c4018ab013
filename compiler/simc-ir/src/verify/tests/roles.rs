//! Rules of roles: what is where, in which order, how often.

use super::*;
use crate::samples::{ARRAYS, OSCILLATOR, TEACUP};

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
            &["fn2 row, `v6 = load s4`: reads s4 after its advance in row"],
        ),
        (
            ARRAYS,
            "    push s10, v0\n",
            "    push s10, v0\n    v20 = oldest s10\n",
            &["fn3 row, `v16 = oldest s10`: reads s10 after its advance in row"],
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
        ["fn4 step, `v0 = load s4`: reads s4 after its advance in step"]
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
fn passes_of_a_loop_may_read_what_none_of_them_writes() {
    let nested = "\
        for a1 -> block2(v2) {
            v3 = ordinal v2
            v4 = fmul v1, v3
            store s4[v0, v2], v4
        }
";
    // The second column from the first one of the last row, and from itself.
    let columns = |read: &str| {
        format!(
            "\
        v2 = position a1, 0
        store s4[v0, v2], v1
    }}
    for a0 -> block2(v3) {{
        v4 = position a0, 2
        v7 = position a1, 0
        v8 = position a1, 1
        v9 = load s4[v4, {read}]
        store s4[v3, v8], v9
"
        )
    };
    assert_all(&[
        (ARRAYS, nested, &columns("v7"), &[]),
        (
            ARRAYS,
            nested,
            &columns("v8"),
            &["fn1 start, `for a0 -> block2(v3)`: a pass of the loop may read what another one writes to s4"],
        ),
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
