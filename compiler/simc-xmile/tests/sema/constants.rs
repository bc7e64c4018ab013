use super::fixture::{compile, complaint, formula, model, var};
use simc_model::model::{StateKind, VarKind};

#[test]
fn arithmetic_of_numbers_makes_a_constant() {
    let model = model("aux a = -(1 + 2)*3/4 - 0.25\nflow f = 5\naux b = 2^3\naux c = a\naux d = PI\naux e = 0/0\n");
    assert_eq!(formula(&model, "a"), "constant -2.5");
    assert_eq!(formula(&model, "b"), "constant 8");
    assert_eq!(formula(&model, "f"), "constant 5");
    assert_eq!(formula(&model, "e"), "constant NaN");
    assert_eq!(var(&model, "f").kind, VarKind::Constant);
    for (name, expected) in [("c", "a"), ("d", "3.141592653589793")] {
        assert_eq!(formula(&model, name), expected);
        assert_eq!(var(&model, name).kind, VarKind::Auxiliary);
    }
}

#[test]
fn tables_and_clamps_make_formulas_of_constants() {
    let model =
        model("aux t = 5\n  points 0,10 -> 0,1\nflow u = 3\n  uniflow\nstock s = 10\n  out o\n  nonneg\nflow o = 4\n");
    assert_eq!(formula(&model, "t"), "t(5)");
    assert_eq!(formula(&model, "u"), "MAX(0, 3)");
    assert_eq!(formula(&model, "o"), "MIN(4, s/1)");
    assert_eq!((var(&model, "u").kind, var(&model, "o").kind), (VarKind::Flow, VarKind::Flow));
}

fn order(kind: StateKind) -> u32 {
    match kind {
        StateKind::Smooth { order }
        | StateKind::Delay { order }
        | StateKind::ShortenedSmooth { order }
        | StateKind::ShortenedDelay { order } => order,
        StateKind::Integral
        | StateKind::Trend
        | StateKind::Forecast
        | StateKind::Pipeline
        | StateKind::Previous
        | StateKind::Init
        | StateKind::Frozen
        | StateKind::History
        | StateKind::Return
        | StateKind::Vector
        | StateKind::Transport(_) => panic!("{kind:?} has no order"),
    }
}

#[test]
fn an_order_is_computed_from_constants_which_are_no_longer_settable() {
    let model = model(
        "aux a = SMTHN(TIME, 5, levels + 1)\naux levels = INT(base*1.5)\naux base = 2\naux other = 7\n\
         aux b = DELAYN(TIME, 5, 2.5, 0)\n",
    );
    assert_eq!(order(model.states[0].kind), 4);
    assert_eq!(order(model.states[1].kind), 3, "halves round away from zero");
    assert_eq!(formula(&model, "base"), "2");
    assert_eq!(var(&model, "base").kind, VarKind::Auxiliary);
    assert_eq!(formula(&model, "other"), "constant 7");
}

#[test]
fn refuses_orders_that_change_or_are_out_of_bounds() {
    let (line, hint) = complaint("aux a = DELAYN(TIME, 5, SIN(TIME) + 1)\n");
    assert_eq!(line, "test:1:25: error[E0217]: the order must be known before the run");
    assert!(hint.starts_with("write a number"));
    for (order, shown) in
        [("0", "0"), ("-3", "-3"), ("1001", "1001"), ("0.4", "0.4"), ("1e300", "1e300"), ("0/0", "NaN")]
    {
        let (line, _) = complaint(&format!("aux a = SMTHN(TIME, 5, {order})\n"));
        assert!(line.contains("E0217") && (line.contains(&format!("order is {shown}")) || shown == "1e300"), "{line}");
    }
}

#[test]
fn orders_together_have_a_limit() {
    let delays = |n: usize| (0..n).map(|i| format!("aux a{i} = DELAYN(TIME, 5, 1000)\n")).collect::<String>();
    let (line, _) = complaint(&delays(101));
    assert!(line.starts_with("test:101:"), "{line}");
    assert!(
        line.contains("error[E0217]: the orders of all delays and smooths together are more than 100000"),
        "{line}"
    );
    model(&delays(100));
}

#[test]
fn an_order_of_a_stock_is_not_known_before_the_run() {
    assert!(complaint("stock s = 3\naux a = SMTHN(TIME, 5, s)\n").0.contains("E0217"));
}

#[test]
fn an_order_that_changes_is_that_of_the_start() {
    for (expr, expected) in [
        ("IF TIME < 1 THEN 3 ELSE 5", 3),
        ("IF TIME < 0 THEN 3 ELSE 5", 5),
        ("IF TIME <= 0 THEN 3 ELSE 5", 3),
        ("IF TIME > 0 THEN 3 ELSE 5", 5),
        ("IF TIME >= 0 THEN 3 ELSE 5", 3),
        ("IF TIME = 0 THEN 3 ELSE 5", 3),
        ("IF TIME <> 0 THEN 3 ELSE 5", 5),
        ("IF TIME = 0 AND TIME = 1 THEN 3 ELSE 5", 5),
        ("IF TIME = 0 OR TIME = 1 THEN 3 ELSE 5", 3),
        ("IF NOT (TIME = 1) THEN 3 ELSE 5", 3),
        ("STEP(2, 1) + 3", 3),
        ("STEP(2, 0) + 3", 5),
        ("RAMP(1, 0) + 3", 3),
        ("MAX(TIME, 4)", 4),
        ("MIN(TIME + 2, 4)", 2),
        ("INT(TIME + 2.7)", 2),
        ("6 - TIME", 6),
        ("-TIME + 7", 7),
    ] {
        let resolved = compile(&format!("aux a = DELAYN(TIME, 5, {expr})\n"));
        let model = resolved.model.unwrap_or_else(|| panic!("{expr}: {:?}", resolved.diagnostics));
        assert_eq!(order(model.states[0].kind), expected, "{expr}");
    }
}
