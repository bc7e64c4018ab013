use super::*;
use crate::source::{FileId, Sources, Span};

fn file() -> FileId {
    Sources::new().add("test", "")
}

fn written(text: &str) -> Name {
    Name { text: text.to_owned(), span: Span::new(file(), 0, 0) }
}

/// `name = equation | alias | alias`, separated by semicolons.
fn definitions(text: &str) -> Vec<UnitDef> {
    let definition = |line: &str| {
        let mut parts = line.split('|');
        let (name, equation) = match parts.next().unwrap_or_default().split_once('=') {
            Some((name, equation)) => (name, Some(equation)),
            None => (line.split('|').next().unwrap_or_default(), None),
        };
        UnitDef {
            name: written(name.trim()),
            equation: equation.map(|text| written(text.trim())),
            aliases: parts.map(|alias| written(alias.trim())).collect(),
        }
    };
    text.split(';').filter(|line| !line.trim().is_empty()).map(definition).collect()
}

fn show(names: &Names<'_>, unit: &Unit) -> String {
    unit.show(|symbol| match symbol {
        Symbol::Base(base) => names.base_name(base).to_owned(),
        Symbol::Unknown(unknown) => format!("?{unknown}"),
    })
}

/// Units of texts in a model with definitions.
fn units(definitions_text: &str, texts: &[&str]) -> Vec<String> {
    let defs = definitions(definitions_text);
    let (mut names, faults) = Names::new(&defs, Unit::of(Symbol::Unknown(0)));
    assert!(faults.is_empty(), "{faults:?}");
    let unit = |text: &&str| match names.unit(text) {
        Ok(Some(unit)) => show(&names, &unit),
        Ok(None) => "nothing".to_owned(),
        Err(reason) => reason,
    };
    texts.iter().map(unit).collect()
}

fn faults(text: &str) -> Vec<String> {
    let defs = definitions(text);
    let (_, faults) = Names::new(&defs, Unit::of(Symbol::Unknown(0)));
    let shown = faults.iter().map(|fault| match fault {
        Fault::Contradiction { again, first } => format!("{} again, first in {}", again.text, first.text),
        Fault::Cycle(path) => path.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(" > "),
        Fault::Unreadable(name, reason) => format!("{}: {reason}", name.text),
    });
    shown.collect()
}

#[test]
fn built_in_spellings_are_one_unit() {
    assert_eq!(units("", &["Month", "months", "MO", "1/per month"]), ["Month"; 4]);
    assert_eq!(units("", &["people", "Person", "persons"]), ["people"; 3]);
    assert_eq!(units("", &["$", "dollars/dollar", "Dollars"]), ["$", "dimensionless", "$"]);
    assert_eq!(units("", &["dmnl", "Dimensionless", "1", "unitless/fraction"]), ["dimensionless"; 4]);
    assert_eq!(units("", &["per_year", "1/years", "yr^-1"]), ["1/year"; 3]);
    assert_eq!(units("", &["month/year"]), ["month/year"]);
}

#[test]
fn other_names_are_base_units_in_singular_and_plural() {
    assert_eq!(units("", &["Widgets", "widget", "WIDGETS"]), ["Widgets"; 3]);
    assert_eq!(
        units("", &["companies", "company", "boxes", "box", "mass"]),
        ["companies", "companies", "boxes", "boxes", "mass"]
    );
    assert_eq!(units("", &["kilowatt hours", "kilowatt_hour"]), ["kilowatt hours"; 2]);
}

#[test]
fn per_divides_where_nothing_defines_the_name() {
    assert_eq!(units("", &["people per year", "people/year"]), ["people/year"; 2]);
    assert_eq!(units("", &["dollars per person per year"]), ["dollars/(person*year)"]);
    assert_eq!(units("use per day = kWh/day", &["use_per_day", "kWh/day"]), ["kWh/day"; 2]);
    assert_eq!(units("", &["expert", "per"]), ["expert", "per"]);
}

#[test]
fn definitions_have_equations_and_aliases() {
    assert_eq!(
        units("watt = joule/second | W; kW | kilowatt", &["W*second", "kilowatts", "watts"]),
        ["joule", "kW", "joule/second"]
    );
    assert_eq!(units("a = b; b = c/d; c = e*d", &["a"]), ["e"]);
    assert_eq!(units("minute = 60*second", &["minutes/second"]), ["60"]);
}

#[test]
fn a_definition_of_a_built_in_spelling_takes_the_others_along() {
    assert_eq!(units("person = worker", &["people"]), ["worker"]);
    assert_eq!(units("Years | yr | year", &["yrs", "Year"]), ["Years"; 2]);
    assert_eq!(units("Dollar = $ | Dollars | $s", &["$", "dollars", "$s"]), ["$"; 3]);
    assert_eq!(units("min = minimum", &["min", "minutes"]), ["minimum", "minutes"]);
    assert_eq!(units("dmnl = 1 | unitless", &["fraction"]), ["dimensionless"]);
}

#[test]
fn time_is_the_time_unit_unless_it_is_defined() {
    assert_eq!(units("", &["people/time", "per time"]), ["people/?0", "1/?0"]);
    assert_eq!(units("time = day", &["people/time"]), ["people/day"]);
}

#[test]
fn contradictions_are_told() {
    assert_eq!(faults("a = x; a = y"), ["a again, first in a"]);
    assert_eq!(faults("a | thing; b | thing"), ["thing again, first in a"]);
    assert_eq!(faults("a = x*y; a = y*x; b; b; c | b = 1"), Vec::<String>::new());
}

#[test]
fn cycles_are_told_with_their_path() {
    assert_eq!(faults("a = b; b = c; c = a/s"), ["a > b > c"]);
    assert_eq!(faults("a = a*b"), ["a"]);
    assert_eq!(faults("x = y; y = x | z; w = z"), ["x > y"]);
}

#[test]
fn an_equation_that_cannot_be_read_is_told() {
    assert_eq!(faults("a = b/"), ["b/: a unit is missing"]);
}

#[test]
fn a_chain_of_definitions_may_be_of_any_length() {
    let n = 50_000;
    let text: Vec<String> = (0..n).map(|i| format!("u{i} = u{}", i + 1)).collect();
    assert_eq!(units(&text.join(";"), &["u0"]), [format!("u{n}")]);
}
