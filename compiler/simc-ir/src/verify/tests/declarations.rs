//! Rules of declarations.

use super::*;
use crate::samples::{ARRAYS, OSCILLATOR, TEACUP};

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
                "p1 (cooling time): s7 does not stand after the slot of the param before",
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
    module.tables.values_mut().for_each(|table| table.curves[0].ys.truncate(1));
    assert_eq!(errors_of(&module), ["t0 (crowding): a table has as many y as x"]);
}
