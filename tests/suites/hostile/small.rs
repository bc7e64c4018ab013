//! Models of a few kilobytes that would take gigabytes: each is compiled in little memory, or refused with the budget that it exceeds.

use libtest_mimic::Trial;

use super::sandbox::Sandbox;
use crate::trial;

/// Mebibytes that any of them may take.
const MEMORY: u64 = 640;

/// Bytes of the text of any of them.
const LENGTH: usize = 10_000;

/// A name, what makes the model, and the words with which it is refused; none when it is accepted.
type Small = (&'static str, fn() -> String, Option<&'static str>);

const TOO_LARGE: Option<&str> = Some("error[E0312]");

const SMALL: &[Small] = &[
    ("numbered_dimensions", || arrays(4, |i| array("aux", i, &["D", "E", "F"][..1 + i % 3], "TIME")), TOO_LARGE),
    ("constants_of_a_million", || arrays(120, |i| array("aux", i, &["D"], "1")), TOO_LARGE),
    ("constants_of_two_dimensions", || arrays(2, |i| array("aux", i, &["D", "S"], "1")), TOO_LARGE),
    ("constants_of_arrayed_modules", arrayed_modules, TOO_LARGE),
    ("modules_in_modules", modules_in_modules, Some("error[E0222]")),
    ("macros_in_macros", macros_in_macros, Some("error[E0225]")),
    ("a_non_negative_element_among_many", non_negative_elements, None),
    ("a_flow_of_one_other_number", one_other_number, None),
    ("thresholds_in_a_column", thresholds, TOO_LARGE),
    ("elements_of_a_long_equation", || in_cycle(4000, &format!("x[8002-S4]{}", "+k".repeat(4000))), CYCLE),
    ("elements_with_long_sums", || in_cycle(4000, &format!("SUM(x[1:S4-1]{})", "+k".repeat(4000))), CYCLE),
    ("elements_that_read_many", || in_cycle(4000, &vec!["SUM(x[S4+1:4000])"; 24].join("+")), CYCLE),
    ("sums_within_sums", || model(&(array("aux", 0, &["S"], "TIME") + &sums(&["*"], 6))), None),
    ("sums_within_sums_of_a_matrix", || model(&(array("aux", 0, &["S", "S"], "TIME") + &sums(&["*", "*"], 6))), None),
];

pub(super) fn trials() -> Vec<Trial> {
    SMALL.iter().map(|case| trial(format!("hostile::small::{}", case.0), || is_bounded(case))).collect()
}

fn is_bounded((_, text, says): &Small) -> Result<(), String> {
    let text = text();
    if text.len() > LENGTH {
        return Err(format!("the model has {} bytes", text.len()));
    }
    let sandbox = Sandbox::with_memory(MEMORY)?;
    sandbox.write("model.xmile", text.as_bytes())?;
    match says {
        Some(says) => sandbox.simc(&["check", "model.xmile"])?.is_refused(1, says),
        None => sandbox.simc(&["check", "model.xmile"])?.is_accepted(),
    }?;
    // What can be run is run, if it is only about time.
    if says.is_none() && text.contains("SUM(") {
        sandbox.simc(&["run", "model.xmile", "-o", "out.csv"])?.is_accepted()
    } else {
        Ok(())
    }
}

const CYCLE: Option<&str> = Some("error[E0926]");

/// Elements that read others of their own array, over a dimension of some thousand.
fn in_cycle(n: usize, equation: &str) -> String {
    let x = format!("<aux name=\"x\">{}<eqn>IF S4 = 1 THEN TIME ELSE {equation}</eqn></aux>", over(&["S4"]));
    model(&(x + "<aux name=\"k\"><eqn>TIME</eqn></aux>"))
        .replace("<dimensions><dim name=\"D\"", &format!("<dimensions><dim name=\"S4\" size=\"{n}\"/><dim name=\"D\""))
}

/// Dimensions `D`, `E` and `F` of a million elements, `P` of two and `S` of a hundred.
fn model(variables: &str) -> String {
    let dim = |(name, size)| format!("<dim name=\"{name}\" size=\"{size}\"/>");
    let dims: String = [("D", 1_000_000), ("E", 999_999), ("F", 999_998), ("P", 2), ("S", 100)].map(dim).concat();
    format!(
        "<xmile version=\"1.0\" xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\" \
         xmlns:isee=\"http://iseesystems.com/XMILE\"><sim_specs><start>0</start><stop>2</stop></sim_specs>\
         <dimensions>{dims}</dimensions><model><variables>{variables}</variables></model></xmile>"
    )
}

fn arrays(n: usize, array: fn(usize) -> String) -> String {
    model(&(0..n).map(array).collect::<String>())
}

/// `a0`, `a1` and so on.
fn array(tag: &str, number: usize, dims: &[&str], equation: &str) -> String {
    format!("<{tag} name=\"a{number}\">{}<eqn>{equation}</eqn></{tag}>", over(dims))
}

fn over(dims: &[&str]) -> String {
    let dims: String = dims.iter().map(|dim| format!("<dim name=\"{dim}\"/>")).collect();
    format!("<dimensions>{dims}</dimensions>")
}

/// `SUM(a0[*]*SUM(a0[*]*...))`
fn sums(subscripts: &[&str], depth: usize) -> String {
    let open = format!("SUM(a0[{}]*", subscripts.join(","));
    format!("<aux name=\"x\"><eqn>{}1{}</eqn></aux>", open.repeat(depth), ")".repeat(depth))
}

fn arrayed_modules() -> String {
    let module = |i| format!("<module name=\"m{i}\" isee:model=\"p\">{}</module>", over(&["D"]));
    let part = "<model name=\"p\"><variables><aux name=\"x\"><eqn>1</eqn></aux></variables></model></xmile>";
    model(&(0..20).map(module).collect::<String>()).replace("</xmile>", part)
}

/// Ten in ten in ten, five levels deep, with seven variables each: 700,000.
fn modules_in_modules() -> String {
    let level = |level: usize| {
        let inner: String = (0..10).map(|i| format!("<module name=\"x{i}\" isee:model=\"m{}\"/>", level + 1)).collect();
        format!("<model name=\"m{level}\"><variables>{inner}</variables></model>")
    };
    let vars: String = (0..7).map(|i| format!("<aux name=\"v{i}\"><eqn>TIME*{i}</eqn></aux>")).collect();
    let last = format!("<model name=\"m5\"><variables>{vars}</variables></model></xmile>");
    model("<module name=\"m0\"/>").replace("</xmile>", &((0..5).map(level).collect::<String>() + &last))
}

/// Two calls in two calls, sixteen levels deep.
fn macros_in_macros() -> String {
    let level =
        |n: usize| format!("<macro name=\"M{n}\"><parm>x</parm><eqn>M{0}(x) + M{0}(x + 1)</eqn></macro>", n + 1);
    let last = "<macro name=\"M16\"><parm>x</parm><eqn>x*2</eqn></macro></xmile>";
    model("<aux name=\"a\"><eqn>M0(TIME)</eqn></aux>")
        .replace("</xmile>", &((0..16).map(level).collect::<String>() + last))
}

/// One element of each stock may not become negative, the others may.
fn non_negative_elements() -> String {
    let dims = over(&["D"]);
    let stock = |i| {
        format!(
            "<stock name=\"s{i}\">{dims}<eqn>1</eqn><element subscript=\"2\"><non_negative/></element>\
             <outflow>o{i}</outflow></stock><flow name=\"o{i}\">{dims}<eqn>TIME</eqn></flow>"
        )
    };
    model(&(0..2).map(stock).collect::<String>())
}

/// A limited flow is the same number everywhere but for one element.
fn one_other_number() -> String {
    let dims = over(&["D"]);
    let stock = |i| {
        format!(
            "<stock name=\"s{i}\">{dims}<eqn>1</eqn><outflow>o{i}</outflow><non_negative/></stock><flow name=\"o{i}\">{dims}\
             <eqn>1</eqn><element subscript=\"2\"><eqn>5</eqn></element></flow>"
        )
    };
    model(&(0..2).map(stock).collect::<String>())
}

/// The elements that are watched are never next to one another.
fn thresholds() -> String {
    let watched = |i| {
        format!(
            "<aux name=\"a{i}\">{}<eqn>TIME</eqn><element subscript=\"*,1\"><event_poster min=\"0\" max=\"10\">\
             <threshold value=\"3\"><event>m</event></threshold></event_poster></element></aux>",
            over(&["D", "P"])
        )
    };
    model(&(0..4).map(watched).collect::<String>())
}
