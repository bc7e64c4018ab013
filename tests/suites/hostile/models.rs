//! Models that cannot be compiled, and models that are merely enormous.

use std::fmt::Write as _;

use libtest_mimic::Trial;

use super::sandbox::Sandbox;
use crate::trial;

/// Makes a file.
type Text = fn() -> Vec<u8>;

/// A model that is refused, and in which words.
struct Bad {
    name: &'static str,
    text: Text,
    says: &'static str,
}

const fn bad(name: &'static str, text: Text, says: &'static str) -> Bad {
    Bad { name, text, says }
}

const BAD: &[Bad] = &[
    // files
    bad("an_empty_file", Vec::new, "error[E0101]"),
    bad("plain_text", || b"population = 100\n".to_vec(), "error[E0101]"),
    bad("another_document", || b"<html><body/></html>".to_vec(), "error[E0105]"),
    bad(
        "garbage",
        || (0..100_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect(),
        "is neither text",
    ),
    bad("invalid_utf_8", || b"<xmile><model>\xff\xfe\xc0</model></xmile>".to_vec(), "is neither text"),
    bad("half_a_document", || model("").into_bytes()[..150].to_vec(), "error[E0102]"),
    bad("entities_that_multiply", entity_bomb, "error[E0103]"),
    bad(
        "an_entity_from_a_file",
        || b"<!DOCTYPE x [<!ENTITY a SYSTEM \"/etc/passwd\">]><xmile>&a;</xmile>".to_vec(),
        "error[E0103]",
    ),
    bad("a_hundred_thousand_nested_elements", || "<a>".repeat(100_000).into_bytes(), "error[E0104]"),
    bad("a_hundred_thousand_attributes", many_attributes, "error[E0104]"),
    // equations
    bad(
        "ten_thousand_parentheses",
        || equation(&format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000))),
        "error[E0126]",
    ),
    bad("a_million_signs", || equation(&format!("{}1", "-".repeat(1_000_000))), "error[E0126]"),
    bad("a_million_powers", || equation(&format!("{}2", "2^".repeat(1_000_000))), "error[E0126]"),
    bad("an_equation_of_50_mb", || equation(&format!("1{}", "+1".repeat(25_000_000))), "error[E0127]"),
    bad("a_number_of_10_mb", || equation(&"9".repeat(10_000_000)), "error[E0124]"),
    bad("a_name_of_10_mb", || equation(&"x".repeat(10_000_000)), "error[E0201]"),
    bad("a_comment_that_does_not_end", || equation(&format!("1 {{{}", "{".repeat(1_000_000))), "error[E0123]"),
    bad("a_call_with_a_million_arguments", || equation(&format!("SQRT(1{})", ",1".repeat(400_000))), "error[E0208]"),
    // names
    bad(
        "variables_defined_twice",
        || variables("<aux name=\"a b\"><eqn>1</eqn></aux><aux name=\"A_B\"><eqn>1</eqn></aux>"),
        "error[E0203]",
    ),
    bad("variables_that_are_missing", || equation("nowhere + Nobody.home"), "error[E0201]"),
    bad("a_cycle", || variables(&cycle(3)), "error[E0206]"),
    bad("a_cycle_of_20000", || variables(&cycle(20_000)), "error[E0206]"),
    bad("modules_without_end", modules_without_end, "error[E0221]"),
    bad("modules_that_multiply", modules_that_multiply, "error[E0222]"),
    bad(
        "a_macro_that_calls_itself",
        || macros("M(1)", "<macro name=\"M\"><parm>x</parm><eqn>M(x)</eqn></macro>"),
        "error[E0930]",
    ),
    bad("macros_that_multiply", macros_that_multiply, "error[E0225]"),
    bad("macros_in_a_chain_of_10000", macros_in_a_chain, "error[E0225]"),
    // other files
    bad("a_file_that_includes_itself", || includes("model.xmile"), "error[E0137]"),
    bad("an_include_outside_of_the_folder", || includes("../../../../../../etc/passwd"), "error[E0134]"),
    bad("an_include_from_a_network", || includes("https://example.org/macros.xml"), "error[E0136]"),
    bad("an_include_of_a_device", || includes("/dev/zero"), "error[E0134]"),
    bad("an_include_without_end", || includes(&"a/".repeat(1_000_000)), "error[E0136]"),
    bad(
        "a_module_in_a_file_that_is_missing",
        || variables("<module name=\"m\" resource=\"missing.xml\"/>"),
        "error[E0133]",
    ),
    bad(
        "a_module_that_is_the_whole_file",
        || variables("<module name=\"m\" resource=\"model.xmile\"/>"),
        "error[E0221]",
    ),
    bad("delays_that_multiply", delays_that_multiply, "error[E0217]"),
    // tables
    bad("a_table_without_points", || table("<xscale min=\"0\" max=\"1\"/><ypts></ypts>"), "error[E0113]"),
    bad("a_table_with_too_few_x", || table("<xpts>0,1</xpts><ypts>1,2,3</ypts>"), "error[E0113]"),
    bad("a_table_out_of_order", || table("<xpts>1,5,3</xpts><ypts>1,2,3</ypts>"), "error[E0113]"),
    bad("a_table_of_words", || table("<xpts>0,one</xpts><ypts>1,2</ypts>"), "error[E0108]"),
    // times
    bad("a_step_of_zero", || times("<start>0</start><stop>9</stop><dt>0</dt>"), "error[E0504]"),
    bad("a_negative_step", || times("<start>0</start><stop>9</stop><dt>-1</dt>"), "error[E0504]"),
    bad("a_step_that_is_no_number", || times("<start>0</start><stop>9</stop><dt>NaN</dt>"), "error[E0108]"),
    bad("a_step_beyond_the_run", || times("<start>0</start><stop>9</stop><dt>10</dt>"), "error[E0505]"),
    bad(
        "a_step_that_time_does_not_feel",
        || times("<start>1e16</start><stop>1.000000000000001e16</stop><dt>0.1</dt>"),
        "error[E0504]",
    ),
    bad("a_stop_before_the_start", || times("<start>9</start><stop>0</stop>"), "error[E0503]"),
    bad("no_times", || times(""), "error[E0501]"),
    bad("a_million_million_rows", || times("<start>0</start><stop>1e12</stop>"), "error[E0550]"),
    bad(
        "more_steps_than_can_be_counted",
        || times("<start>0</start><stop>1e300</stop><dt>1e-300</dt>"),
        "error[E0506]",
    ),
    bad("a_pipeline_beyond_memory", a_pipeline_beyond_memory, "error[E0550]"),
];

/// Models that are right, however unlikely: they take what they need and no more.
const GOOD: &[(&str, Text)] = &[
    ("fifty_thousand_variables", || tests::generate::chain(50_000).into_bytes()),
    ("an_equation_of_100000_terms", || equation(&format!("TIME{}", "+TIME".repeat(100_000)))),
    ("a_macro_of_20000_parameters", a_macro_of_many_parameters),
    ("a_table_of_100000_points", || {
        table(&format!("<xscale min=\"0\" max=\"1\"/><ypts>0{}</ypts>", ",1".repeat(99_999)))
    }),
    ("twenty_thousand_variables_with_units", || units("", &many_units(20_000))),
    ("units_of_100000_names", || units("", &with_units(&vec!["a"; 100_000].join("*")))),
    ("units_with_huge_exponents", || units("", &with_units("((a^1000)^1000/b^999)^999"))),
    ("units_in_10000_parentheses", || units("", &with_units(&"(".repeat(10_000)))),
    ("a_cycle_of_10000_units", a_cycle_of_units),
    ("a_chain_of_20000_units", || {
        let links = (0..20_000).map(|i| format!("<unit name=\"u{i}\"><eqn>u{}</eqn></unit>", i + 1));
        units(&links.collect::<String>(), &with_units("u0"))
    }),
    ("a_million_million_steps_with_few_rows", a_million_million_steps),
];

pub(super) fn trials() -> Vec<Trial> {
    let bad = BAD.iter().map(|case| trial(format!("hostile::models::{}", case.name), || is_refused(case)));
    let good = GOOD.iter().map(|&(name, text)| trial(format!("hostile::good::{name}"), move || is_accepted(&text())));
    bad.chain(good).collect()
}

fn is_refused(case: &Bad) -> Result<(), String> {
    let sandbox = Sandbox::new()?;
    sandbox.write("model.xmile", &(case.text)())?;
    for arguments in [
        &["check", "model.xmile"][..],
        &["build", "model.xmile", "-o", "out.wasm", "--emit", "wasm,wat,ir", "--depfile", "out.d"],
        &["run", "model.xmile", "-o", "out.csv"],
    ] {
        sandbox.simc(arguments)?.is_refused(1, case.says)?;
    }
    Ok(())
}

fn is_accepted(text: &[u8]) -> Result<(), String> {
    let sandbox = Sandbox::new()?;
    sandbox.write("model.xmile", text)?;
    sandbox.simc(&["check", "model.xmile"])?.is_accepted()?;
    sandbox.simc(&["build", "model.xmile", "-o", "out.wasm"])?.is_accepted()?;
    sandbox.simc(&["inspect", "out.wasm"])?.is_accepted()
}

fn specified(specs: &str, variables: &str) -> String {
    format!(
        "<xmile version=\"1.0\" xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\" \
         xmlns:isee=\"http://iseesystems.com/XMILE\">{specs}\n<model><variables>\n{variables}</variables></model></xmile>"
    )
}

fn model(variables: &str) -> String {
    specified("<sim_specs><start>0</start><stop>9</stop></sim_specs>", variables)
}

fn variables(variables: &str) -> Vec<u8> {
    model(variables).into_bytes()
}

fn aux(name: &str, equation: &str) -> String {
    format!("<aux name=\"{name}\"><eqn>{equation}</eqn></aux>\n")
}

fn equation(equation: &str) -> Vec<u8> {
    variables(&aux("a", equation))
}

fn table(points: &str) -> Vec<u8> {
    variables(&format!("<aux name=\"a\"><eqn>TIME</eqn><gf>{points}</gf></aux>"))
}

fn units(definitions: &str, variables: &str) -> Vec<u8> {
    let specs = "<sim_specs time_units=\"year\"><start>0</start><stop>1</stop></sim_specs>";
    specified(&format!("{specs}<model_units>{definitions}</model_units>"), variables).into_bytes()
}

fn with_units(units: &str) -> String {
    format!("<aux name=\"a\"><eqn>TIME</eqn><units>{units}</units></aux>\n")
}

/// Variables without units between two that have some, which do not agree.
fn many_units(n: usize) -> String {
    let link = |i: usize| aux(&format!("v{i}"), &format!("v{}*k{} + v{}/k{}", i + 1, i % 7, i + 1, i % 5));
    let links: String = (0..n).map(link).collect();
    let factors: String = (0..7).map(|i| aux(&format!("k{i}"), "2")).collect();
    format!("{links}{factors}{}{}", aux(&format!("v{n}"), "a"), with_units("people"))
}

fn a_cycle_of_units() -> Vec<u8> {
    let link = |i: usize| format!("<unit name=\"u{i}\"><eqn>u{}</eqn></unit>", (i + 1) % 10_000);
    units(&(0..10_000).map(link).collect::<String>(), &with_units("u0"))
}

fn times(times: &str) -> Vec<u8> {
    specified(&format!("<sim_specs>{times}</sim_specs>"), &aux("a", "TIME")).into_bytes()
}

fn cycle(n: usize) -> String {
    (0..n).map(|i| aux(&format!("v{i}"), &format!("v{} + 1", (i + 1) % n))).collect()
}

fn entity_bomb() -> Vec<u8> {
    let mut text = "<!DOCTYPE xmile [<!ENTITY a0 \"aaaaaaaaaa\">".to_owned();
    for level in 1..30 {
        write!(text, "<!ENTITY a{level} \"{}\">", format!("&a{};", level - 1).repeat(10)).expect("a string takes all");
    }
    format!("{text}]><xmile>&a29;</xmile>").into_bytes()
}

fn many_attributes() -> Vec<u8> {
    let attributes: String = (0..100_000).map(|i| format!(" a{i}=\"\"")).collect();
    variables(&format!("<aux name=\"a\"{attributes}><eqn>1</eqn></aux>"))
}

fn modules_without_end() -> Vec<u8> {
    let models = "<model name=\"m\"><variables><module name=\"a\" isee:model_name=\"m\"/><module name=\"m\"/></variables></model>";
    model("<module name=\"m\"/>").replace("</xmile>", &format!("{models}</xmile>")).into_bytes()
}

/// Ten in ten in ten, eight levels deep.
fn modules_that_multiply() -> Vec<u8> {
    let mut models = String::new();
    for level in 0..8 {
        let inner: String = (0..10).map(|i| format!("<module name=\"x{i}\" isee:model=\"m{}\"/>", level + 1)).collect();
        write!(models, "<model name=\"m{level}\"><variables>{inner}</variables></model>").expect("a string takes all");
    }
    models.push_str("<model name=\"m8\"><variables><aux name=\"a\"><eqn>1</eqn></aux></variables></model>");
    model("<module name=\"m0\"/>").replace("</xmile>", &format!("{models}</xmile>")).into_bytes()
}

fn macros(equation: &str, macros: &str) -> Vec<u8> {
    model(&aux("a", equation)).replace("</xmile>", &format!("{macros}</xmile>")).into_bytes()
}

/// Two calls in two calls in two calls, twenty levels deep: a million.
fn macros_that_multiply() -> Vec<u8> {
    let level =
        |n: usize| format!("<macro name=\"M{n}\"><parm>x</parm><eqn>M{0}(x) + M{0}(x + 1)</eqn></macro>", n + 1);
    let last = "<macro name=\"M20\"><parm>x</parm><eqn>x*2</eqn></macro>";
    macros("M0(TIME)", &((0..20).map(level).collect::<String>() + last))
}

/// All but the first have a default, and a variable of their name.
fn a_macro_of_many_parameters() -> Vec<u8> {
    let numbers = || 1..20_000;
    let params = numbers().map(|n| format!("<parm default=\"p{}\">p{n}</parm>", n - 1)).collect::<String>();
    let variables = numbers().map(|n| aux(&format!("p{n}"), "2")).collect::<String>();
    macros(
        "M(TIME)",
        &format!(
            "<macro name=\"M\"><parm>p0</parm>{params}<eqn>p19999</eqn><variables>{variables}</variables></macro>"
        ),
    )
}

fn macros_in_a_chain() -> Vec<u8> {
    let level = |n: usize| format!("<macro name=\"M{n}\"><parm>x</parm><eqn>M{}(x)</eqn></macro>", n + 1);
    let last = "<macro name=\"M10000\"><parm>x</parm><eqn>x</eqn></macro>";
    macros("M0(TIME)", &((0..10_000).map(level).collect::<String>() + last))
}

fn includes(resource: &str) -> Vec<u8> {
    let header = format!("<header><includes><include resource=\"{resource}\"/></includes></header>");
    model(&aux("a", "1")).replace("<sim_specs>", &format!("{header}<sim_specs>")).into_bytes()
}

/// A thousand levels each.
fn delays_that_multiply() -> Vec<u8> {
    variables(&(0..10_000).map(|i| aux(&format!("d{i}"), "DELAYN(TIME, 5, 1000)")).collect::<String>())
}

fn a_pipeline_beyond_memory() -> Vec<u8> {
    let specs = "<sim_specs isee:save_interval=\"1e9\"><start>0</start><stop>1e9</stop></sim_specs>";
    specified(specs, &aux("a", "DELAY(TIME, 1e12)")).into_bytes()
}

fn a_million_million_steps() -> Vec<u8> {
    let specs = "<sim_specs isee:save_interval=\"1e12\"><start>0</start><stop>1e12</stop></sim_specs>";
    specified(specs, &aux("a", "TIME")).into_bytes()
}
