//! Valid modules for tests: each shows what another does not.

use crate::module::Module;
use crate::text::parse_module;

mod arbitrary;
mod properties;

/// One stock under Euler: every role but those of Runge-Kutta methods.
pub(crate) const TEACUP: &str = "\
module {
    time start=0.0 stop=30.0 dt=0.125 steps=240 save_every=8 method=euler
    slots {
        s0: time ; time
        s1: dt ; dt
        s2: start ; initial_time
        s3: stop ; final_time
        s4: stock ; teacup
        s5: output ; heat loss
        s6: run ; rate constant
        s7: run ; room
        s8: run ; cooling time
    }
    params {
        p0: s7 = 70.0 ; room
        p1: s8 = 10.0 ; cooling time
    }
}

func prepare {
block0:
    v0 = param p0
    store s7, v0
    v1 = param p1
    store s8, v1
    v2 = fconst 1.0
    v3 = fdiv v2, v1
    store s6, v3
}

func start {
block0:
    v0 = fconst 180.0
    store s4, v0
}

func row {
block0:
    v0 = load s4
    v1 = load s7
    v2 = fsub v0, v1
    v3 = load s8
    v4 = fdiv v2, v3
    out s5, v4
    v5 = fneg v4
    rate s4, v5
}

func step {
block0:
    v0 = load s4
    v1 = load s7
    v2 = fsub v0, v1
    v3 = load s8
    v4 = fdiv v2, v3
    v5 = fneg v4
    rate s4, v5
}
";

/// Arrays, loops, a fold, a lookup, a function, a ring and a held slot, in a `row` of two parts that share a spill; a step is never
/// taken without saving.
pub(crate) const ARRAYS: &str = "\
module {
    time start=1.0 stop=5.0 dt=1.0 steps=4 save_every=1 method=euler
    axes {
        a0: 3 ; region
        a1: 2 ; age
    }
    slots {
        s0: time ; time
        s1: dt ; dt
        s2: start ; initial_time
        s3: stop ; final_time
        s4: stock[a0, a1] ; people
        s5: output ; total
        s6: output ; delayed total
        s7: output ; last total
        s8: run[a1] ; growth
        s9: level ; smooth total
        s10: ring(2) ; DELAY of total
        s11: held ; PREVIOUS of total
        s12: spill
        s13: hoisted
    }
    params {
        p0: s8 = [0.5, -0.25] ; growth
    }
    tables {
        t0: continuous even { 0.0:0.0, 10.0:1.0, 20.0:1.5 } ; crowding
    }
}

func prepare {
block0:
    for a1 -> block1(v0) {
        v1 = param p0[v0]
        store s8[v0], v1
    }
    v2 = fconst 2.0
    v3 = call exp, v2
    store s13, v3
}

func start {
block0:
    for a0 -> block1(v0) {
        v1 = ordinal v0
        for a1 -> block2(v2) {
            v3 = ordinal v2
            v4 = fmul v1, v3
            store s4[v0, v2], v4
        }
    }
    v5 = fconst 0.0
    store s9, v5
    store s11, v5
    v6 = fconst 2.0
    fill s10, v6, v5
}

func row {
block0:
    v0 = fconst 0.0
    v3 = fold a0, v0 -> block1(v1, v2) {
        v6 = fold a1, v2 -> block2(v4, v5) {
            v7 = load s4[v1, v4]
            v8 = fadd v5, v7
            yield v8
        }
        yield v6
    }
    out s5, v3
    store s12, v3
    v9 = oldest s10
    out s6, v9
    v10 = load s11
    out s7, v10
}

func row {
block0:
    v0 = load s12
    v1 = lookup t0, v0
    v2 = load s13
    v3 = fdiv v1, v2
    for a0 -> block1(v4) {
        v5 = position a1, 0
        v6 = load s8[v5]
        v7 = fsub v6, v3
        v8 = load s4[v4, v5]
        v9 = fmul v8, v7
        v10 = position a1, 1
        v11 = load s8[v10]
        v12 = load s4[v4, v10]
        v13 = fmul v12, v11
        rate s4[v4, v5], v9
        rate s4[v4, v10], v13
    }
    v14 = load s9
    v15 = fsub v0, v14
    rate s9, v15
    push s10, v0
    next s11, v0
}
";

/// Runge-Kutta with a stage, a pending slot and what changes once a step.
pub(crate) const OSCILLATOR: &str = "\
module {
    time start=0.0 stop=2.0 dt=0.5 steps=4 save_every=2 method=rk4
    slots {
        s0: time ; time
        s1: dt ; dt
        s2: start ; initial_time
        s3: stop ; final_time
        s4: stock ; position
        s5: stock ; speed
        s6: output ; push
        s7: held ; PREVIOUS of position
        s8: pending
    }
}

func start {
block0:
    v0 = fconst 1.0
    store s4, v0
    v1 = fconst 0.0
    store s5, v1
    store s7, v1
}

func row {
block0:
    v0 = load s4
    v1 = load s5
    v2 = time
    v3 = call sin, v2
    v4 = load s7
    v5 = fsub v3, v4
    out s6, v5
    v6 = fsub v5, v0
    rate s4, v1
    rate s5, v6
    store s8, v0
}

func step {
block0:
    v0 = load s4
    v1 = load s5
    v2 = time
    v3 = call sin, v2
    v4 = load s7
    v5 = fsub v3, v4
    v6 = fsub v5, v0
    rate s4, v1
    rate s5, v6
    store s8, v0
}

func stage {
block0:
    v0 = load s4
    v1 = load s5
    v2 = time
    v3 = call sin, v2
    v4 = load s7
    v5 = fsub v3, v4
    v6 = fsub v5, v0
    rate s4, v1
    rate s5, v6
}

func commit {
block0:
    v0 = load s8
    next s7, v0
}
";

/// All of them.
pub(crate) const ALL: [&str; 3] = [TEACUP, ARRAYS, OSCILLATOR];

/// The module that a sample spells.
pub(crate) fn parse(text: &str) -> Module {
    parse_module(text).unwrap_or_else(|error| panic!("the sample parses: {error}"))
}
