//! Units of measure that agree, and those that do not.

use super::fixture::{compile, complaint, complaints, marked};

/// The only warning of a text that begins at a line of its own, without its place.
fn warning(text: &str) -> String {
    let (line, _) = complaint(text);
    line.split_once(": ").map_or(line.clone(), |(_, rest)| rest.to_owned())
}

fn is_quiet(text: &str) {
    assert_eq!(complaints(text), Vec::<String>::new(), "{text}");
}

const PEOPLE: &str = "time_units year
stock population = 100
  units people
  in births
  out deaths
flow births = population * birth_rate
  units people/year
flow deaths = population / lifetime
  units people/year
aux birth_rate = 0.03
  units 1/year
aux lifetime = 70
  units years
";

#[test]
fn a_model_that_declares_its_units_is_quiet() {
    is_quiet(PEOPLE);
    is_quiet("time_units years\naux a = b + c\naux b = 1\naux c = TIME\n");
}

#[test]
fn a_missing_time_is_found() {
    let text = PEOPLE.replace("units 1/year", "units dmnl");
    assert_eq!(warning(&text), "warning[E0410]: `births` is in people/year, but its equation gives people");
    assert_eq!(marked(&text), "population * birth_rate");
    assert_eq!(complaint(&text).1, "change the units of `births`, or multiply by what is missing: something in 1/year");
}

#[test]
fn flows_have_the_units_of_their_stock_over_time() {
    let text = "time_units months\nstock s = 1\n  units widgets\n  in f\nflow f = 1\n  units widgets\n";
    assert_eq!(warning(text), "warning[E0413]: inflow `f` of stock `s` must be in widgets/months, but is in widgets");
    assert_eq!(marked(text), "f");
    is_quiet("time_units months\nstock s = 1\n  units widgets\n  out f\nflow f = 1\n  units widgets per month\n");
    is_quiet("stock s = 1\n  units widgets\n  out f\nflow f = 1\n  units widgets/fortnight\n");
}

#[test]
fn sums_comparisons_and_branches_have_one_unit() {
    let model = |equation: &str| {
        format!("aux p = 1\n  units people\naux d = 1\n  units dollars\naux x = {equation}\naux n = 5\n  units dmnl\n")
    };
    assert_eq!(warning(&model("p + d")), "warning[E0411]: people cannot be added to dollars");
    assert_eq!(warning(&model("p - d")), "warning[E0411]: dollars cannot be subtracted from people");
    assert_eq!(warning(&model("IF p > d THEN 1 ELSE 0")), "warning[E0411]: people cannot be compared with dollars");
    assert_eq!(
        warning(&model("IF n > 3 THEN p ELSE d")),
        "warning[E0411]: one branch of IF is in people, the other in dollars"
    );
    assert_eq!(
        warning(&model("MAX(p, d)")),
        "warning[E0412]: argument `b` of MAX must be in people, but is in dollars"
    );
    assert_eq!(warning(&model("p MOD d")), "warning[E0411]: people cannot be divided with a remainder by dollars");
    for fits in [
        "p + 1",
        "2*p - 5",
        "IF p > 3 AND d < 1 THEN p ELSE 0",
        "MAX(0, p)",
        "n + p/p",
        "p*d + d*p",
        "-p + p",
        "p MOD 2",
    ] {
        is_quiet(&model(fits));
    }
}

#[test]
fn powers_need_exponents_that_are_known() {
    let model = |equation: &str| {
        format!("aux m = 1\n  units meters\naux n = 1\n  units dmnl\naux area = {equation}\n  units meters^2\n")
    };
    for fits in ["m*m", "m^2", "POWER(m, 2)", "SQRT(m^4)", "m^n", "(m^8)^(1/4)", "m^3 / m"] {
        is_quiet(&model(fits));
    }
    for not in ["m", "m^3", "SQRT(m)", "n^2", "n^n", "m^0.5"] {
        assert!(warning(&model(not)).contains("E0410"), "{not}");
    }
}

#[test]
fn a_bare_number_fits_anything() {
    let model = |equation: &str| {
        format!(
            "time_units weeks\naux p = 1\n  units people\naux t = 2\n  units weeks\naux x = {equation}\n  units people\n"
        )
    };
    for fits in [
        "100",
        "5 + 3*2",
        "100*EXP(-TIME/5)",
        "100*(1 + SIN(2*PI*TIME/12))",
        "STEP(20, 3)",
        "p + 7",
        "(TIME > 5)*10",
        "10^3",
        "t/1",
        "1*t",
        "-1*p",
        "1/(1/p)",
        "PULSE(5, 2)",
    ] {
        is_quiet(&model(fits));
    }
    let (text, hint) = complaint(&model("p/4 + p*t"));
    assert!(text.contains("E0411") || text.contains("E0410"), "{text}");
    assert!(!hint.is_empty());
}

#[test]
fn functions_ask_for_units_and_give_units() {
    let model = |equation: &str, units: &str| {
        format!(
            "time_units weeks\naux p = 1\n  units people\naux t = 2\n  units weeks\naux n = 2\n  units dmnl\n\
             aux d = 3\n  units dollars\naux x = {equation}\n  units {units}\n"
        )
    };
    let fits = [
        ("SMTH1(p, t)", "people"),
        ("SMTH1(p, t, p)", "people"),
        ("DELAYN(p, 4, n, 0)", "people"),
        ("DELAY(p, t)", "people"),
        ("TREND(p, t)", "1/week"),
        ("FORCST(p, t, 2*t)", "people"),
        ("SAFEDIV(p, d)", "people/dollar"),
        ("SAFEDIV(1, t)", "1/week"),
        ("p // d", "people/dollar"),
        ("STEP(p, t)", "people"),
        ("RAMP(p/t, t, 3*t)", "people"),
        ("PULSE(p, t)", "people/week"),
        ("INT(p)", "people"),
        ("PREVIOUS(p, 0)", "people"),
        ("PREVIOUS(SELF, 0) + p", "people"),
        ("INIT(p)", "people"),
        ("TIME - STARTTIME", "weeks"),
        ("p/DT", "people/week"),
        ("EXP(p/p)", "dmnl"),
        ("LN(p)", "dmnl"),
        ("NOT p", "dmnl"),
        ("MODULO(TIME, 7)", "weeks"),
        ("IF_THEN_ELSE(p > 1, d, 0)", "dollars"),
        ("NORMAL(p, p/10, 7, 0, p*3, t)", "people"),
        ("UNIFORM(0, p)", "people"),
        ("TRIANGULAR(1, 2, 3, 4, p)", "people"),
        ("WEIBULL(n, p)", "people"),
        ("BINOMIAL(p, n)", "people"),
        ("POISSON(p*n)", "people"),
        ("EXPRND(t)", "weeks"),
        ("BETA(n, n)", "dmnl"),
        ("p*BETA(2, 5)", "people"),
        ("MONTECARLO(20)*p", "people"),
        ("p + d/d*p*INVNORM(0.9)", "people"),
        ("NORMALCDF(p, 2*p, p, p)", "dmnl"),
        ("ROOTN(p^3, 3)", "people"),
        ("DERIVN(p, 1)", "people/week"),
        ("DERIVN(p, 2)*t^2", "people"),
        ("NPV(p/t, 0.1/t)", "people"),
        ("SAMPLE_IF_TRUE(t > 3, p, 0)", "people"),
        ("p*CGROWTH(10)", "people/week"),
        ("PV(0.1, 12, 5, d)", "dollars"),
        ("COUNTER(t, 5*t)", "weeks"),
        ("COMBINATIONS(p, p)", "dmnl"),
        ("MIN(p, SINH(n)*p)", "people"),
    ];
    for (equation, units) in fits {
        is_quiet(&model(equation, units));
    }
    let faults = [
        ("SMTH1(p, n)", "people", "E0412"),
        ("SMTH1(p, t, d)", "people", "E0412"),
        ("DELAYN(p, t, t, p)", "people", "E0412"),
        ("TREND(p, t)", "people", "E0410"),
        ("SAFEDIV(p, d, n)", "people/dollar", "E0412"),
        ("STEP(p, d)", "people", "E0412"),
        ("RAMP(p, t, t)", "people", "E0410"),
        ("EXP(p)", "dmnl", "E0412"),
        ("PREVIOUS(SELF, 0)*t", "people", "E0410"),
        ("NORMAL(p, d)", "people", "E0412"),
        ("NORMAL(p, 5, 7, d)", "people", "E0412"),
        ("UNIFORM(0, 1, 2, 3, p, p)", "people", "E0412"),
        ("BINOMIAL(p, t)", "people", "E0412"),
        ("WEIBULL(t, p)", "people", "E0412"),
        ("GAMMA(2, d)", "people", "E0410"),
        ("NORMALCDF(p, d)", "dmnl", "E0412"),
        ("ROOTN(p^3, 2)", "people", "E0410"),
        ("DERIVN(p, 1)", "people", "E0410"),
        ("NPV(p, 0.1)", "people", "E0410"),
        ("SAMPLE_IF_TRUE(t > 3, p, d)", "people", "E0412"),
        ("p*CGROWTH(10)", "people", "E0410"),
        ("COUNTER(p, d)", "people", "E0412"),
    ];
    for (equation, units, code) in faults {
        let warning = warning(&model(equation, units));
        assert!(warning.contains(code), "{equation}: {warning}");
    }
}

#[test]
fn variables_without_units_take_those_that_follow() {
    is_quiet(
        "aux a = b*c\naux b = 1\n  units people\naux c = 2\naux d = a\n  units people/year\naux e = c\n  units 1/year\n",
    );
    let text = "aux a = b\naux b = 1\n  units people\naux c = a\naux d = c\n  units dollars\n";
    assert_eq!(warning(text), "warning[E0410]: `d` is in dollars, but its equation gives people");
    let diagnostics = compile(text).diagnostics;
    assert_eq!(diagnostics[0].labels[1].text, "`c` says no units; this is where its units follow from");
}

#[test]
fn one_mistake_is_told_once() {
    let text = "aux a = p + d\naux b = a*2\naux c = a + b\naux p = 1\n  units people\naux d = 1\n  units dollars\naux e = a\n  units yards\n";
    assert_eq!(complaints(text).len(), 1, "{:#?}", complaints(text));
    let text = "aux y = x\n  units people\naux p = 1\n  units people\naux x = p\n  units dollars\naux z = x + p\n  units people\n";
    assert_eq!(warning(text), "warning[E0410]: `x` is in dollars, but its equation gives people");
}

#[test]
fn graphical_functions_have_the_units_that_they_say() {
    let model = |units: &str| {
        format!(
            "aux p = 1\n  units people\naux effect = p\n  points 0,1 -> 0,1\n  units {units}\naux x = effect*p\n  units people\naux y = effect(p)*p\n  units people\n"
        )
    };
    is_quiet(&model("dmnl"));
    assert_eq!(complaints(&model("dollars")).len(), 2);
    is_quiet("table g\n  points 0,1 -> 0,1\n  units people\naux x = g(3) + LOOKUP(g, TIME)\n  units people\n");
    let call = |equation: &str| {
        format!(
            "time_units weeks\ntable g\n  points 0,1 -> 0,1\n  units people\naux d = 1\n  units dollars\naux x = {equation}\n  units people\n"
        )
    };
    for fits in ["LOOKUPMEAN(g, 0, 1)", "LOOKUP_FORWARD(g, d)", "LOOKUPAREA(g, TIME, 0)/TIME", "d*LOOKUPINV(g, g(1))"] {
        is_quiet(&call(fits));
    }
    for not in ["LOOKUPMEAN(g, 0, 1)*d", "LOOKUPAREA(g, TIME, 0)", "LOOKUPINV(g, d)", "LOOKUPXY(g, g, d)"] {
        assert!(warning(&call(not)).contains("E041"), "{not}");
    }
}

#[test]
fn arrays_have_one_unit() {
    let model = |equation: &str| {
        format!(
            "dim Region north south\naux a = 1\n  over Region\n  units people\naux b = 2\n  over Region\n  units dollars/person\n\
             aux x = {equation}\n  units people\n"
        )
    };
    for fits in [
        "SUM(a[*])",
        "MEAN(a[*])",
        "a[north]",
        "MAX(a[*])",
        "STDDEV(a[*])",
        "a[Region.south]",
        "SIZE(a[*])*a[1]",
        "a[2 - 1]",
    ] {
        is_quiet(&model(fits));
    }
    for fits in ["MEDIAN(a[*])", "VECTOR_ELM_MAP(a[north], 1)", "a[RANK(a[*], 1)]", "SUM(VECTOR_REORDER(a[*], 1))"] {
        is_quiet(&model(fits));
    }
    for fits in ["SUM(ALLOCATE(a[south], Region, a, b, b, 3))", "SUM(ALLOCATE_BY_PRIORITY(a[*], b[*], 2, 5, a[south]))"]
    {
        is_quiet(&model(fits));
    }
    let faults = [
        "SUM(ALLOCATE(b[north], Region, a, b, b, 3))",
        "SUM(ALLOCATE(a[south], Region, a, a, b, 3))",
        "SUM(VECTOR_RANK(a, 1))",
    ];
    for not in faults {
        assert!(warning(&model(not)).contains("E041"), "{not}");
    }
    for not in ["SUM(a[*]*b[*])", "SIZE(a[*])", "a *.* b"] {
        assert!(warning(&model(not)).contains("E0410"), "{not}");
    }
    let text = "dim R n s\naux d = 1\n  units dollars\naux a\n  over R\n  elem n = 1\n  elem s = d\n  units people\n";
    assert_eq!(marked(text), "d");
}

#[test]
fn inputs_of_modules_have_the_units_of_their_sources() {
    let model = |units: &str| {
        format!(
            "aux p = 1\n  units people\nmodule m inner\n  connect a p\naux q = m.b\n  units people/week\nmodel inner\naux a = 0\n  input\n{units}aux b = a/t\naux t = 1\n  units weeks\n"
        )
    };
    is_quiet(&model("  units people\n"));
    is_quiet(&model(""));
    let text = model("  units dollars\n").replace("  units people/week\n", "");
    assert_eq!(
        warning(&text),
        "warning[E0414]: module input `m.a` is in dollars, but `p` feeds it, which is in people"
    );
}

#[test]
fn definitions_of_the_model_count() {
    is_quiet(
        "unit watt = joule/second | W\naux a = 1\n  units W\naux b = a*t\n  units joules\naux t = 1\n  units seconds\n",
    );
    let text = "unit widget = 1\nunit widget = box\naux a = 1\n";
    assert_eq!(warning(text), "warning[E0402]: unit `widget` has two meanings");
    let text = "unit a = b\nunit b = a*c\naux x = 1\n";
    assert_eq!(warning(text), "warning[E0403]: unit `a` is defined by itself");
}

#[test]
fn units_that_cannot_be_read_are_told_and_left_out() {
    let text = "aux a = b\n  units people/\naux b = 1\n  units dollars\n";
    assert_eq!(warning(text), "warning[E0401]: the units `people/` cannot be read: a unit is missing");
    assert_eq!(marked(text), "people/");
}

#[test]
fn a_misspelt_unit_is_named() {
    let (_, hint) = complaint("aux a = b\n  units peple\naux b = 1\n  units people\n");
    assert!(hint.starts_with("`peple` may be a misspelling of `people`"), "{hint}");
    let (_, hint) = complaint("aux a = b\n  units people\naux b = 1\n  units workers\n");
    assert!(hint.starts_with("change the units"), "{hint}");
}

#[test]
fn what_is_broken_is_no_contradiction_of_units() {
    let text = "aux a = b + nothing\n  units people\naux b = 1\n  units people\naux c = nothing + a\n  units dollars\n";
    let lines = complaints(text);
    assert_eq!(lines.iter().filter(|line| line.contains("E04")).count(), 1, "{lines:#?}");
}

#[test]
fn units_take_time_in_proportion_to_the_model() {
    let chain = |n: usize| {
        let link = |i: usize| format!("aux v{i} = v{} * k{i} + v{}\naux k{i} = 1\n", i + 1, i + 1);
        let links: String = (0..n).map(link).collect();
        format!("{links}aux v{n} = 1\n  units people\naux end = v0\n  units dollars\n")
    };
    let time = |n: usize| {
        let text = chain(n);
        // The best of several: what else the machine does is left out.
        let once = || {
            let start = std::time::Instant::now();
            let n_warnings = compile(&text).diagnostics.len();
            (start.elapsed().as_secs_f64(), n_warnings)
        };
        (0..3).map(|_| once()).fold((f64::INFINITY, 0), |best, (seconds, n)| (best.0.min(seconds), n))
    };
    let ((small, one), (large, also_one)) = (time(300), time(3000));
    assert_eq!((one, also_one), (1, 1));
    assert!(large < 40.0 * small.max(0.01), "{small} s, then {large} s");
}

#[test]
fn short_names_and_those_in_ss_have_no_plural() {
    for (singular, other) in [("bu", "bus"), ("mas", "mass"), ("lens", "lenss")] {
        let text = format!("aux a = b\n  units {singular}\naux b = 1\n  units {other}\n");
        assert_eq!(warning(&text), format!("warning[E0410]: `a` is in {singular}, but its equation gives {other}"));
    }
    is_quiet("aux a = b\n  units widget\naux b = 1\n  units widgets\n");
}

#[test]
fn one_letter_is_no_short_form_of_a_name() {
    let hint = |units: &str| complaint(&format!("aux a = b\n  units {units}\naux b = 1\n  units meters\n")).1;
    assert!(hint("met").contains("make one an alias of the other"), "{}", hint("met"));
    assert!(!hint("m").contains("make one an alias of the other"), "{}", hint("m"));
}

#[test]
fn a_variable_hides_a_constant_of_its_name() {
    is_quiet("time_units year\naux pi = 3\n  units cm\naux x = pi\n  units cm\n");
    assert!(warning("time_units year\naux pi = 3\n  units cm\naux x = pi\n  units kg\n").contains('x'));
    assert!(warning("time_units year\naux y = pi\n  units kg\naux z = y\n  units cm\n").contains('z'));
}
