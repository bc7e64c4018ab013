//! Limits: what is just within each, beside what is just beyond.

use super::fixture::{compile, complaint, complaints, file, model};
use simc_model::definition::{Definition, RepeatDef, ThresholdDef};
use simc_model::diagnostic::Diagnostic;
use simc_model::files::NoFiles;
use simc_model::model::{Action, Direction, Event};
use simc_model::sema::resolve;
use simc_model::source::{Sources, Span};

/// The messages of errors in a definition.
fn errors(file: &Definition) -> Vec<String> {
    let resolved = resolve(file, "test");
    resolved.diagnostics.into_iter().filter(Diagnostic::is_error).map(|found| found.message).collect()
}

/// The messages of errors in variables of a file.
fn xmile(variables: &str) -> Vec<String> {
    let text = format!(
        "<xmile version=\"1.0\" xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\"><header/>\
         <sim_specs><start>0</start><stop>4</stop><dt>1</dt></sim_specs><model><variables>{variables}</variables></model></xmile>"
    );
    let mut sources = Sources::new();
    let root = sources.add("test", text);
    let compiled = simc_xmile::compile(&mut sources, root, &NoFiles);
    compiled.diagnostics.into_iter().filter(Diagnostic::is_error).map(|found| found.message).collect()
}

/// Texts of numbered things.
fn each(n: usize, text: impl Fn(usize) -> String) -> String {
    (0..n).map(text).collect()
}

#[test]
fn a_delay_has_a_thousand_levels_and_all_together_a_hundred_thousand() {
    let of = |order: &str| complaints(&format!("aux a = SMTHN(TIME, 5, {order})\n"));
    for order in ["1", "1000", "0.5", "1000.4"] {
        assert_eq!(of(order), Vec::<String>::new(), "{order}");
    }
    for (order, shown) in [("0", "0"), ("1001", "1001"), ("1000.6", "1000.6"), ("0.4", "0.4"), ("-1", "-1")] {
        let (line, _) = complaint(&format!("aux a = SMTHN(TIME, 5, {order})\n"));
        assert!(line.ends_with(&format!("the order is {shown}, but must be from 1 to 1000")), "{line}");
    }
    let hundred = each(100, |n| format!("aux a{n} = SMTHN(TIME, 5, 1000)\n"));
    assert_eq!(complaints(&hundred), Vec::<String>::new());
    let (line, hint) = complaint(&format!("{hundred}aux b = DELAYN(TIME, 5, 1)\naux c = DELAYN(TIME, 5, 1)\n"));
    assert!(line.contains("together are more than 100000"), "{line}");
    assert!(hint.contains("needs no levels"), "{hint}");
}

#[test]
fn a_derivative_has_an_order_up_to_twenty() {
    let of = |order: &str| complaints(&format!("aux a = DERIVN(TIME, {order})\n"));
    for order in ["0", "1", "20"] {
        assert_eq!(of(order), Vec::<String>::new(), "{order}");
    }
    for order in ["21", "-1", "0.5", "TIME"] {
        assert!(of(order)[0].ends_with("the order of a derivative must be a whole number from 0 to 20"), "{order}");
    }
}

#[test]
fn conveyors_and_queues_have_a_number_of_flows() {
    let flow = |n: usize| format!("<flow name=\"f{n}\"><eqn>1</eqn></flow>");
    let leak = |n: usize| format!("<flow name=\"f{n}\"><eqn>0.01</eqn><leak/></flow>");
    let conveyor = |flows: &str| {
        format!("<stock name=\"c\"><eqn>1</eqn>{flows}<conveyor><len>4</len></conveyor></stock><flow name=\"o\"/>")
    };
    let leaks = |n: usize| {
        let outflows = each(n, |n| format!("<outflow>f{n}</outflow>"));
        xmile(&(conveyor(&format!("<outflow>o</outflow>{outflows}")) + &each(n, leak)))
    };
    let inflows = |n: usize| {
        let inflows = each(n, |n| format!("<inflow>f{n}</inflow>"));
        xmile(&(conveyor(&format!("{inflows}<outflow>o</outflow>")) + &each(n, flow)))
    };
    let queue = |what: &str, n: usize| {
        let flows = each(n, |n| format!("<{what}>f{n}</{what}>"));
        xmile(&(format!("<stock name=\"c\"><eqn>1</eqn>{flows}<queue/></stock>") + &each(n, flow)))
    };
    let too_many = ["`c` has too many flows"];
    assert_eq!((leaks(16), inflows(64)), (Vec::new(), Vec::new()));
    assert_eq!(leaks(17), too_many);
    assert_eq!(inflows(65), too_many);
    for what in ["inflow", "outflow"] {
        assert_eq!(queue(what, 64), Vec::<String>::new(), "{what}");
        assert_eq!(queue(what, 65), too_many, "{what}");
    }
}

#[test]
fn a_cycle_is_shown_with_twelve_hops() {
    let of = |n: usize| complaint(&each(n, |i| format!("aux v{i} = v{}\n", (i + 1) % n))).0;
    assert!(of(12).ends_with("v10 -> v11 -> v0"), "{}", of(12));
    assert!(of(13).ends_with("v10 -> v11 -> ... (1 more) -> v0"), "{}", of(13));
}

#[test]
fn three_elements_without_an_equation_are_named() {
    let of = |n: usize| complaint(&format!("dim d {}\naux a\n  over d\n  elem 1 = TIME\n", n + 1)).0;
    assert!(of(1).ends_with(": `a[2]` has no equation"), "{}", of(1));
    assert!(of(2).ends_with(": `a[2]`, `a[3]` have no equation"), "{}", of(2));
    assert!(of(3).ends_with(": `a[2]`, `a[3]`, `a[4]` have no equation"), "{}", of(3));
    assert!(of(4).ends_with(": `a[2]`, `a[3]`, `a[4]`, 1 more have no equation"), "{}", of(4));
}

#[test]
fn twenty_misspelt_names_have_a_suggestion() {
    let text = each(22, |n| format!("aux x{n} = misspelld\n")) + "aux misspelled = 1\n";
    let hints = compile(&text).diagnostics.into_iter().filter(|found| found.hint.is_some()).count();
    assert_eq!(hints, 20);
}

#[test]
fn clamps_add_up_eight_terms_by_themselves() {
    // The first outflow has the inflows before it, the last one all outflows but itself as well.
    let n_vars = |n_in: usize, n_out: usize| {
        let flows = each(n_in, |n| format!("  in i{n}\n")) + &each(n_out, |n| format!("  out o{n}\n"));
        let vars = each(n_in, |n| format!("flow i{n} = 1 + TIME\n")) + &each(n_out, |n| format!("flow o{n} = TIME\n"));
        let model = model(&format!("stock s = 100\n  nonneg\n{flows}{vars}"));
        model.vars.len() - 1 - n_in - n_out
    };
    assert_eq!([n_vars(8, 1), n_vars(9, 1)], [0, 1]);
    assert_eq!([n_vars(1, 8), n_vars(1, 9)], [0, 1]);
    assert_eq!(n_vars(1, 18), 2);
}

/// An array of that many rows and two columns, of which the first has thresholds.
fn watched(rows: usize, n_thresholds: usize) -> Definition {
    let mut file = file(&format!("dim r {rows}\ndim c 2\naux a\n  over r c\n  elem r, 1 = TIME\n  elem r, 2 = TIME\n"));
    let threshold = |n: usize| ThresholdDef {
        value: n as f64,
        direction: Direction::Increasing,
        repeat: RepeatDef::Once,
        interval: None,
        events: vec![Event { action: Action::Pause, message: String::new() }],
        span: Span::default(),
    };
    file.models[0].vars[0].elements[0].thresholds = (0..n_thresholds).map(threshold).collect();
    file
}

#[test]
fn thresholds_of_runs_of_elements_are_counted() {
    let too_many = ["the thresholds of all elements together come to more than 65536"];
    assert_eq!((errors(&watched(1 << 16, 1)), errors(&watched(1 << 15, 2))), (Vec::new(), Vec::new()));
    assert_eq!(errors(&watched((1 << 16) + 1, 1)), too_many);
    assert_eq!(errors(&watched((1 << 15) + 1, 2)), too_many);
}
