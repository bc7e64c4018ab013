//! Whole runs of models that show one thing each, against the IR interpreter and against numbers worked out by hand.

use super::instance::Trio;
use super::parse;

/// The declarations that every model has, for a run over `0..stop`, then those of the model and its functions.
fn model(time: &str, rest: &str) -> String {
    format!("module {{\n    time start=0.0 {time}\n    slots {{\n        s0: time\n        s1: dt\n        s2: start\n        s3: stop\n{rest}")
}

/// Exponential growth: `s4' = s4 * p0`, with the flow as an output.
fn growth(time: &str) -> String {
    let step = "v0 = load s4\n v1 = load s6\n v2 = fmul v0, v1\n";
    let stage = if time.contains("euler") { String::new() } else { format!("func stage {{\nblock0:\n {step} rate s4, v2\n}}\n") };
    model(
        time,
        &format!(
            "s4: stock ; population\n s5: output ; births\n s6: run ; rate\n }}\n params {{\n p0: s6 = 0.5 ; rate\n }}\n}}\n\
             func prepare {{\nblock0:\n v0 = param p0\n store s6, v0\n}}\n\
             func start {{\nblock0:\n v0 = fconst 100.0\n store s4, v0\n}}\n\
             func row {{\nblock0:\n {step} out s5, v2\n rate s4, v2\n}}\n\
             func step {{\nblock0:\n {step} rate s4, v2\n}}\n{stage}"
        ),
    )
}

fn column(rows: &[u64], n_slots: usize, slot: usize) -> Vec<f64> {
    rows.chunks(n_slots).map(|row| f64::from_bits(row[slot])).collect()
}

#[test]
fn euler_advances_by_dt_times_the_rate() {
    let mut trio = Trio::new(&parse(&growth("stop=3.0 dt=1.0 steps=3 save_every=1 method=euler")));
    let run = trio.all("run", |engine| engine.run());
    assert_eq!(column(&run.rows, 7, 4), [100.0, 150.0, 225.0, 337.5]);
    assert_eq!(column(&run.rows, 7, 5), [50.0, 75.0, 112.5, 168.75]);
    assert_eq!(run.live, run.rows[21..]);
}

#[test]
fn heun_and_the_classic_method_give_their_series() {
    let mut heun = Trio::new(&parse(&growth("stop=2.0 dt=1.0 steps=2 save_every=1 method=rk2")));
    let run = heun.all("run", |engine| engine.run());
    assert_eq!(column(&run.rows, 7, 4), [100.0, 162.5, 264.0625]);
    let mut classic = Trio::new(&parse(&growth("stop=2.0 dt=1.0 steps=2 save_every=1 method=rk4")));
    let run = classic.all("run", |engine| engine.run());
    assert_eq!(column(&run.rows, 7, 4)[1], 100.0 + (50.0 + 2.0 * 62.5 + 2.0 * 65.625 + 82.8125) / 6.0);
}

#[test]
fn every_third_step_is_saved_when_that_is_asked_for() {
    for method in ["euler", "rk2", "rk4"] {
        let mut trio = Trio::new(&parse(&growth(&format!("stop=2.5 dt=0.25 steps=10 save_every=3 method={method}"))));
        for target in [0.3, 0.8, 1.4] {
            trio.all("run_to", |engine| engine.run_to(target));
        }
        let run = trio.all("run_to the end", |engine| engine.run_to(2.5));
        assert_eq!(column(&run.rows, 7, 0), [0.0, 0.75, 1.5, 2.25]);
    }
}

#[test]
fn a_tenth_gives_eleven_rows_from_0_to_1() {
    let mut trio = Trio::new(&parse(&growth("stop=1.0 dt=0.1 steps=10 save_every=1 method=euler")));
    let at_rest = trio.all("run_to(0.3)", |engine| engine.run_to(0.3));
    assert_eq!((at_rest.saved_steps, f64::from_bits(at_rest.live[0])), (4, 0.4));
    let run = trio.all("run", |engine| engine.run());
    let times: Vec<f64> = (0..11).map(|step| f64::from(step) * 0.1).collect();
    assert_eq!(column(&run.rows, 7, 0), times);
}

#[test]
fn stocks_that_feed_each_other_advance_together() {
    let swap = "v0 = load s4\n v1 = load s5\n";
    let text = model(
        "stop=4.0 dt=1.0 steps=4 save_every=1 method=euler",
        &format!(
            "s4: stock\n s5: stock\n }}\n}}\n\
             func start {{\nblock0:\n v0 = fconst 1.0\n store s4, v0\n v1 = fconst 2.0\n store s5, v1\n}}\n\
             func row {{\nblock0:\n {swap} v2 = fsub v1, v0\n rate s4, v2\n v3 = fsub v0, v1\n rate s5, v3\n}}\n"
        ),
    );
    let mut trio = Trio::new(&parse(&text));
    let run = trio.all("run", |engine| engine.run());
    assert_eq!(column(&run.rows, 6, 4), [1.0, 2.0, 1.0, 2.0, 1.0]);
    assert_eq!(column(&run.rows, 6, 5), [2.0, 1.0, 2.0, 1.0, 2.0]);
}

#[test]
fn nan_is_canonical_wherever_it_can_be_seen() {
    let text = model(
        "stop=3.0 dt=1.0 steps=3 save_every=1 method=euler",
        "s4: stock\n s5: output\n s6: output\n s7: run\n s8: run\n }\n params {\n p0: s8 = nan(0xfff8000000001234)\n }\n}\n\
         func prepare {\nblock0:\n v0 = param p0\n store s8, v0\n v1 = fneg v0\n store s7, v1\n}\n\
         func start {\nblock0:\n v0 = fconst nan(0x7ff8000000000777)\n store s4, v0\n}\n\
         func row {\nblock0:\n v0 = load s4\n v1 = fneg v0\n out s5, v1\n v2 = fconst 1.0\n out s6, v2\n rate s4, v0\n}\n",
    );
    let mut trio = Trio::new(&parse(&text));
    let nan = kernel::abi::CANONICAL_NAN;
    let expected = [nan, nan, 1.0f64.to_bits(), nan, nan];
    assert_eq!(trio.all("run_initials", |engine| engine.run_initials()).live[4..], expected);
    let run = trio.all("run", |engine| engine.run());
    assert!(run.rows.chunks(9).all(|row| row[4..] == expected));
    trio.all("set_value", |engine| assert_eq!(engine.set_value(8, f64::from_bits(0xfff0_0000_0000_0001)), 0));
    let shown = trio.all("reset", |engine| engine.reset());
    assert_eq!(shown.live[8], nan);
}

#[test]
fn infinities_are_no_nan() {
    let text = model(
        "stop=1.0 dt=1.0 steps=1 save_every=1 method=euler",
        "s4: stock\n s5: stock\n s6: output\n }\n}\n\
         func start {\nblock0:\n v0 = fconst inf\n store s4, v0\n v1 = fconst -inf\n store s5, v1\n}\n\
         func row {\nblock0:\n v0 = load s4\n v1 = load s5\n v2 = fmul v0, v1\n out s6, v2\n\
         v3 = fconst 0.0\n rate s4, v3\n rate s5, v3\n}\n",
    );
    let run = Trio::new(&parse(&text)).all("run", |engine| engine.run());
    assert_eq!(run.rows[4..7].iter().map(|&bits| f64::from_bits(bits)).collect::<Vec<_>>(), [f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY]);
}

#[test]
fn pipelines_and_held_values_change_once_a_step() {
    let euler = model(
        "stop=6.0 dt=1.0 steps=6 save_every=2 method=euler",
        "s4: output\n s5: output\n s6: ring(5)\n s7: held\n }\n}\n\
         func start {\nblock0:\n v0 = fconst 3.0\n v1 = fconst -1.0\n fill s6, v0, v1\n store s7, v1\n}\n\
         func row {\nblock0:\n v0 = oldest s6\n out s4, v0\n v1 = load s7\n out s5, v1\n v2 = time\n push s6, v2\n next s7, v2\n}\n\
         func step {\nblock0:\n v0 = time\n push s6, v0\n next s7, v0\n}\n",
    );
    let run = Trio::new(&parse(&euler)).all("run", |engine| engine.run());
    assert_eq!(column(&run.rows, 6, 4), [-1.0, -1.0, 1.0, 3.0]);
    assert_eq!(column(&run.rows, 6, 5), [-1.0, 1.0, 3.0, 5.0]);
    let rk4 = model(
        "stop=3.0 dt=0.5 steps=6 save_every=1 method=rk4",
        "s4: stock\n s5: output\n s6: held\n s7: pending\n s8: ring(2)\n s9: pending\n }\n}\n\
         func start {\nblock0:\n v0 = fconst 0.0\n store s4, v0\n store s6, v0\n v1 = fconst 2.0\n fill s8, v1, v0\n}\n\
         func row {\nblock0:\n v0 = load s6\n v1 = time\n v2 = fadd v0, v1\n out s5, v2\n v3 = load s4\n rate s4, v2\n store s7, v1\n store s9, v3\n}\n\
         func stage {\nblock0:\n v0 = load s6\n v1 = time\n v2 = fadd v0, v1\n v3 = step_time\n v4 = fsub v2, v3\n v5 = oldest s8\n v6 = fadd v4, v5\n rate s4, v6\n}\n\
         func commit {\nblock0:\n v0 = load s7\n next s6, v0\n v1 = load s9\n push s8, v1\n}\n",
    );
    Trio::new(&parse(&rk4)).all("run", |engine| engine.run());
}

#[test]
fn parts_of_a_role_run_in_order_and_share_spills() {
    let text = model(
        "stop=3.0 dt=1.0 steps=3 save_every=1 method=euler",
        "s4: stock\n s5: output\n s6: output\n s7: spill\n }\n}\n\
         func start {\nblock0:\n v0 = fconst 2.0\n store s4, v0\n}\n\
         func row {\nblock0:\n v0 = load s4\n v1 = fmul v0, v0\n out s5, v1\n store s7, v1\n}\n\
         func row {\nblock0:\n v0 = load s7\n v1 = fneg v0\n out s6, v1\n rate s4, v1\n}\n",
    );
    let run = Trio::new(&parse(&text)).all("run", |engine| engine.run());
    assert_eq!(column(&run.rows, 7, 6)[..2], [-4.0, -4.0]);
}

#[test]
fn loops_folds_tables_and_functions_agree_with_the_interpreter() {
    for method in ["euler", "rk2", "rk4"] {
        let evaluation = "v0 = fconst 0.0\n v3 = fold a0, v0 -> block1(v1, v2) {\n v6 = fold a1, v2 -> block2(v4, v5) {\n\
            v7 = load s4[v1, v4]\n v8 = fadd v5, v7\n yield v8\n }\n yield v6\n }\n v9 = lookup t0, v3\n v10 = lookup t1, v3\n\
            v11 = lookup t2, v3\n v12 = fadd v9, v10\n v13 = fadd v12, v11\n v14 = load s7\n v15 = fdiv v13, v14\n";
        let rates = "for a0 -> block3(v16) {\n v17 = position a1, 0\n v18 = load s6[v17]\n v19 = load s4[v16, v17]\n v20 = fmul v18, v19\n\
            v21 = fmul v20, v15\n rate s4[v16, v17], v21\n v22 = position a1, 1\n v23 = load s6[v22]\n rate s4[v16, v22], v23\n }\n";
        let stage = if method == "euler" { String::new() } else { format!("func stage {{\nblock0:\n {evaluation} {rates}\n}}\n") };
        let text = format!(
            "module {{\n time start=1.0 stop=5.0 dt=0.5 steps=8 save_every=2 method={method}\n axes {{\n a0: 3\n a1: 2\n }}\n slots {{\n\
             s0: time\n s1: dt\n s2: start\n s3: stop\n s4: stock[a0, a1]\n s5: output[a0]\n s6: run[a1]\n s7: hoisted\n }}\n\
             params {{\n p0: s6 = [0.5, -0.25]\n }}\n tables {{\n t0: continuous even {{ 0.0:0.0, 10.0:1.0, 20.0:1.5, 30.0:2.0 }}\n\
             t1: extrapolate linear {{ 1.0:0.0, 3.0:7.0 }}\n t2: discrete binary {{ 0.0:1.0, 5.0:2.0, 50.0:3.0 }}\n }}\n}}\n\
             func prepare {{\nblock0:\n for a1 -> block1(v0) {{\n v1 = param p0[v0]\n store s6[v0], v1\n }}\n v2 = fconst 2.0\n\
             v3 = call exp, v2\n store s7, v3\n}}\n\
             func start {{\nblock0:\n for a0 -> block1(v0) {{\n v1 = ordinal v0\n for a1 -> block2(v2) {{\n v3 = ordinal v2\n\
             v4 = fmul v1, v3\n store s4[v0, v2], v4\n }}\n }}\n}}\n\
             func row {{\nblock0:\n {evaluation} for a0 -> block4(v30) {{\n v31 = ordinal v30\n v32 = fadd v31, v15\n\
             out s5[v30], v32\n }}\n {rates}\n}}\n\
             func step {{\nblock0:\n {evaluation} {rates}\n}}\n{stage}"
        );
        let mut trio = Trio::new(&parse(&text));
        trio.all("run_to(2.2)", |engine| engine.run_to(2.2));
        trio.all("set_value", |engine| assert_eq!(engine.set_value(14, 0.75), 0));
        trio.all("run_to the end", |engine| engine.run_to(f64::INFINITY));
    }
}

#[test]
fn a_model_without_stocks_or_params_still_keeps_time() {
    let text = model("stop=2.0 dt=1.0 steps=2 save_every=1 method=euler", "}\n}\n");
    let mut trio = Trio::new(&parse(&text));
    trio.all("run_to(0)", |engine| engine.run_to(0.0));
    let run = trio.all("run", |engine| engine.run());
    assert_eq!(column(&run.rows, 4, 0), [0.0, 1.0, 2.0]);
    trio.all("set_value", |engine| assert_eq!(engine.set_value(4, 1.0), 1));
}

#[test]
fn many_constants_are_copied_into_every_row() {
    let n = 60;
    let slots: String = (0..n).map(|i| format!("s{}: run\n", i + 5)).collect();
    let params: String = (0..n).map(|i| format!("p{i}: s{} = {i}.5\n", i + 5)).collect();
    let stores: String = (0..n).map(|i| format!("v{i} = param p{i}\n store s{}, v{i}\n", i + 5)).collect();
    let text = model(
        "stop=2.0 dt=1.0 steps=2 save_every=1 method=euler",
        &format!(
            "s4: stock\n {slots} }}\n params {{\n {params} }}\n}}\nfunc prepare {{\nblock0:\n {stores}}}\n\
             func start {{\nblock0:\n v0 = fconst 0.0\n store s4, v0\n}}\n\
             func row {{\nblock0:\n v0 = load s64\n rate s4, v0\n}}\n"
        ),
    );
    let mut trio = Trio::new(&parse(&text));
    let run = trio.all("run", |engine| engine.run());
    assert_eq!(column(&run.rows, 65, 4), [0.0, 59.5, 119.0]);
    assert_eq!(column(&run.rows, 65, 33), [28.5; 3]);
}
