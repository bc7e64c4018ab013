//! Data that is added to a model: which elements it gives which values, and what becomes of their equations.

use super::fixture::{clauses, file, var};
use simc_model::data::{AddedFile, Role};
use simc_model::definition::Definition;
use simc_model::diagnostic::one_line;
use simc_model::files::NoFiles;
use simc_model::model::{Def, Model};
use simc_model::source::Sources;
use simc_model::{Compiled, resolve};

/// A dimension of three elements, one of two, and variables of every kind.
const TEXT: &str = "dim D a b c\ndim E 2\ndim F 16\ndim G 15\naux x = 1\naux y = x + TIME\naux v = 1\n  over D\naux w = TIME\n  over D\n\
    aux m = 1\n  over D E\nflow f = 1\n  uniflow\nflow p = 1\n  over F\n  uniflow\nflow q = 1\n  over G\n  uniflow\nflow g = 1\n  over D\n  uniflow\nstock s = 5\n  in f\ntable t\n  points 0,1,2 -> 5,6,7\n";

fn with(csv: &str) -> (Compiled, Vec<String>) {
    with_file(&file(TEXT), csv)
}

fn with_file(file: &Definition, csv: &str) -> (Compiled, Vec<String>) {
    let mut sources = Sources::new();
    let root = sources.add("test", TEXT);
    let added = vec![AddedFile { role: Role::DataSet, name: "d.csv".to_owned(), bytes: csv.as_bytes().to_vec() }];
    let compiled = resolve(file, Vec::new(), &mut sources, root, &NoFiles, added);
    let told = compiled.diagnostics.iter().map(|diagnostic| one_line(diagnostic, &sources)).collect();
    (compiled, told)
}

fn model(csv: &str) -> Model {
    let (compiled, told) = with(csv);
    assert_eq!(told, Vec::<String>::new(), "{csv}");
    compiled.model.expect("a model without errors")
}

/// The only complaint about some data, without its code.
fn complaint(csv: &str) -> String {
    let (_, told) = with(csv);
    assert_eq!(told.len(), 1, "{csv}: {told:#?}");
    told[0].split_once("]: ").expect("a code").1.to_owned()
}

/// How many clauses the formula of a variable has.
fn n_clauses(model: &Model, name: &str) -> usize {
    let Def::Formula(clauses) = &var(model, name).def else { panic!("`{name}` is no formula") };
    clauses.len()
}

fn constant(model: &Model, name: &str) -> Vec<f64> {
    let Def::Constant(values) = &var(model, name).def else { panic!("`{name}` is no constant") };
    values.clone()
}

#[test]
fn a_number_is_that_of_every_element_and_several_go_row_by_row() {
    assert_eq!(constant(&model("x\n7\n"), "x"), [7.0]);
    assert_eq!(constant(&model("v\n7\n"), "v"), [7.0; 3]);
    assert_eq!(constant(&model("v\n7\n8\n9\n"), "v"), [7.0, 8.0, 9.0]);
    assert_eq!(constant(&model("m\n1\n2\n3\n4\n5\n6\n"), "m"), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!(constant(&model("\"m[*,2]\",\"m[*,1]\"\n1,4\n2,5\n3,6\n"), "m"), [4.0, 1.0, 5.0, 2.0, 6.0, 3.0]);
}

#[test]
fn values_are_as_many_as_elements_or_one() {
    let count = |n: usize, heading: &str, of: usize| {
        format!("`d.csv`, row 1, column 1: {n} values stand below `{heading}`, which has {of} elements")
    };
    assert_eq!(complaint("v\n7\n8\n"), count(2, "v", 3));
    assert_eq!(complaint("v\n7\n8\n9\n10\n"), count(4, "v", 3));
    assert_eq!(complaint("\"m[a,*]\"\n7\n8\n9\n"), count(3, "m[a,*]", 2));
    assert_eq!(complaint("x\n7\n8\n"), "`d.csv`, row 1, column 1: `x` takes the first of 2 values");
    assert_eq!(complaint("\"v[a]\"\n7\n8\n"), "`d.csv`, row 1, column 1: `v[a]` takes the first of 2 values");
    assert!(complaint("x,v\n,1\n").contains("`x` has no values"));
    // What stands below a gap is not looked at, and words behind the first value of a scalar are remarks.
    assert_eq!(constant(&model("x,v\n7,1\nyears,2\n,3\n"), "x"), [7.0]);
}

#[test]
fn a_column_takes_elements_that_no_other_one_has() {
    let twice = |heading: &str, columns: &str| format!("`d.csv` gives `{heading}` twice, in {columns}");
    assert_eq!(complaint("x,x\n1,2\n"), twice("x", "row 1, column 1 and row 1, column 2"));
    assert_eq!(complaint("v,\"v[b]\"\n1,2\n"), twice("v[b]", "row 1, column 1 and row 1, column 2"));
    assert_eq!(
        complaint("\"m[a,*]\",\"m[b,1]\",\"m[*,2]\"\n1,2,3\n"),
        twice("m[*,2]", "row 1, column 1 and row 1, column 3")
    );
    assert_eq!(constant(&model("\"v[a]\",\"v[c]\",\"v[b]\"\n1,2,3\n"), "v"), [1.0, 3.0, 2.0]);
}

#[test]
fn elements_that_data_does_not_give_keep_their_equation() {
    let model = model("\"w[b]\"\n7\n");
    let w = clauses(&model, "w");
    assert!(w.contains(&"[D 2] = 7".to_owned()), "{w:?}");
    assert_eq!(w.iter().filter(|clause| clause.ends_with("= TIME")).count(), 2, "{w:?}");
}

#[test]
fn a_number_that_a_host_cannot_set_is_an_equation() {
    // A flow that goes one way is never below 0: its number stands in an equation.
    let one = model("f\n7\n");
    assert!(matches!(var(&one, "f").def, Def::Formula(_)));
    assert_eq!(var(&one, "s").kind, simc_model::model::VarKind::Stock);
    let same = model("g\n7\n7\n7\n");
    assert!(matches!(var(&same, "g").def, Def::Formula(_)));
    let stock = clauses(&model("s\n8\n"), "s");
    assert!(stock.iter().any(|line| line.starts_with("init") && line.ends_with("= 8")), "{stock:?}");
}

#[test]
fn entries_of_other_elements_stay_whole() {
    let text =
        "dim D a b c\ndim E 2\naux k\n  over D E\n  elem a, E = TIME\n  elem b, E = TIME + 1\n  elem c, E = TIME + 2\n";
    let (compiled, told) = with_file(&file(text), "\"k[a,1]\"\n7\n");
    assert_eq!(told, Vec::<String>::new());
    // The one of data, the other one of its entry, and two whole entries.
    assert_eq!(n_clauses(&compiled.model.expect("a model without errors"), "k"), 4);
}

#[test]
fn sixteen_different_numbers_come_from_a_table() {
    let column = |heading: &str, numbers: Vec<usize>| {
        let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
        n_clauses(&model(&format!("{heading}\n{}\n", numbers.join("\n"))), heading)
    };
    assert_eq!(column("q", (1..=15).collect()), 15);
    assert_eq!(column("p", (1..=16).collect()), 1);
    // One number for all is an equation of its own.
    assert_eq!(column("q", vec![7; 15]), 1);
}

#[test]
fn series_are_functions_of_the_time() {
    let shared = model("Time,v\n0,1\n2,5\n");
    assert_eq!(n_clauses(&shared, "v"), 1, "one for all elements");
    let tables = |model: &Model, name: &str| -> Vec<(Vec<f64>, Vec<f64>)> {
        let own = model.tables.iter().filter(|table| table.name.split('[').next() == Some(name));
        own.map(|table| (table.xs.clone(), table.ys.clone())).collect()
    };
    assert_eq!(tables(&shared, "v"), [(vec![0.0, 2.0], vec![1.0, 5.0])]);
    let each = model("Time,\"v[a]\",\"v[b]\",\"v[c]\"\n0,1,2,3\n1,,4,\n2,5,6,7\n");
    assert_eq!(n_clauses(&each, "v"), 1, "one equation over a table for each element");
    assert_eq!(tables(&each, "v").len(), 3);
    // Gaps are left out.
    assert!(tables(&each, "v").contains(&(vec![0.0, 2.0], vec![1.0, 5.0])));
    assert!(tables(&each, "v").contains(&(vec![0.0, 1.0, 2.0], vec![2.0, 4.0, 6.0])));
    let some = model("Time,\"v[a]\",\"v[c]\"\n0,1,3\n2,5,7\n");
    assert_eq!(n_clauses(&some, "v"), 3, "the element between keeps its number");
}

#[test]
fn times_ascend_and_every_value_has_one() {
    assert_eq!(complaint("Time,x\n0,1\n0,2\n"), "`d.csv`, row 3, column 1: the time 0 does not come after 0");
    assert_eq!(complaint("Time,x\n1,1\n0,2\n"), "`d.csv`, row 3, column 1: the time 0 does not come after 1");
    assert_eq!(complaint("Time,x\n0,1\n,2\n"), "`d.csv`, row 3, column 2: there is no time for this value");
    assert!(complaint("Time,x\n,\n").contains("`d.csv` has no times"));
    assert!(complaint("Time,x\n0,\n1,\n").contains("`x` has no values"));
    // A first column without a name is one of times when it holds numbers alone.
    assert_eq!(n_clauses(&model(",x\n0,1\n1,2\n"), "x"), 1);
    assert_eq!(constant(&model(",x\nyears,2\n"), "x"), [2.0]);
    assert_eq!(n_clauses(&model("times,x\n0,1\n1,2\n"), "x"), 1);
    assert_eq!(n_clauses(&model("Time (Year),x\n0,1\n1,2\n"), "x"), 1);
}

#[test]
fn a_graphical_function_gets_points() {
    let table = |csv: &str| {
        let model = model(csv);
        let table = model.tables.iter().find(|table| table.name == "t").expect("`t`").clone();
        (table.xs, table.ys)
    };
    assert_eq!(table("t\n1\n2\n3\n"), (vec![0.0, 1.0, 2.0], vec![1.0, 2.0, 3.0]));
    assert_eq!(complaint("t\n1\n2\n"), "`d.csv`, row 1, column 1: 2 values stand below `t`, which has 3 points");
}

#[test]
fn headings_name_elements_of_the_model() {
    let says = |heading: &str, message: &str| {
        let told = complaint(&format!("\"{heading}\"\n1\n"));
        assert_eq!(told, format!("`d.csv`, row 1, column 1: {message}"));
    };
    says("v[zz]", "`zz` is no element of dimension `D`");
    says("v[a,1]", "`v[D]` takes 1 subscripts, but `v[a,1]` has 2");
    says("x[1]", "`x` takes 0 subscripts, but `x[1]` has 1");
    says("v[a", "the brackets of `v[a` are not closed");
    says("zz", "the model has no variable `zz`");
    says("m[a,3]", "`3` is no element of dimension `E`");
}

#[test]
fn twenty_problems_are_told_one_by_one() {
    let columns = |n: usize| {
        let names: Vec<String> = (0..n).map(|number| format!("zz{number}")).collect();
        format!("{}\n{}\n", names.join(","), vec!["1"; n].join(","))
    };
    assert_eq!(with(&columns(20)).1.len(), 20);
    let (_, told) = with(&columns(23));
    assert_eq!(told.len(), 21);
    assert!(told.iter().any(|line| line.ends_with("`d.csv` has 3 more problems of this kind")), "{told:#?}");
}

#[test]
fn what_has_no_values_over_time_takes_none() {
    let place = "`d.csv`, row 1, column 2:";
    assert_eq!(complaint("Time,s\n0,1\n"), format!("{place} `s` is a stock, which its flows change"));
    let message = format!("{place} `t` is a graphical function, which has no values over time");
    assert_eq!(complaint("Time,t\n0,1\n"), message);
}

#[test]
fn cells_are_finite_numbers() {
    let place = |row: usize, column: usize| format!("`d.csv`, row {row}, column {column}:");
    assert_eq!(complaint("x\nabc\n"), format!("{} the value is no number: `abc`", place(2, 1)));
    assert_eq!(complaint("v\n1\nabc\n3\n"), format!("{} the value is no number: `abc`", place(3, 1)));
    assert_eq!(complaint("t\n1\nabc\n3\n"), format!("{} the value is no number: `abc`", place(3, 1)));
    assert_eq!(complaint("Time,x\nabc,1\n"), format!("{} the time is no number: `abc`", place(2, 1)));
    assert_eq!(complaint("Time,x\n0,1\n1,abc\n"), format!("{} the value is no number: `abc`", place(3, 2)));
    let told = with("Time,x\nabc,1\n1,2\nabd,3\n").1;
    assert_eq!(told.len(), 2, "each time that is none, and no value: {told:#?}");
    let told = with("Time,x\n0,abc\n1,abd\n").1;
    assert_eq!(told.len(), 2, "{told:#?}");
}

#[test]
fn a_file_begins_with_names() {
    assert_eq!(complaint("7,x\n1,2\n"), "`d.csv`, row 1, column 1, is not the name of a variable");
    // A column without a name is none, unless it is the first and holds times.
    assert_eq!(constant(&model("x,,y\n1,2,3\n"), "y"), [3.0]);
}

#[test]
fn the_name_of_the_time_unit_heads_times() {
    let mut yearly = file(TEXT);
    let name =
        |text: &str| simc_model::definition::Name { text: text.to_owned(), span: simc_model::source::Span::default() };
    let told = |file: &Definition, heading: &str| with_file(file, &format!("{heading},x\n0,1\n1,2\n")).1;
    assert_eq!(told(&yearly, "Years").len(), 2, "no such variable, and a second value for x");
    yearly.sim_specs.as_mut().expect("there are some").time_units = Some(name("Year"));
    for heading in ["Years", "year", "YEARS"] {
        assert_eq!(told(&yearly, heading), Vec::<String>::new(), "{heading}");
    }
    assert_eq!(told(&yearly, "Months").len(), 2);
    // A variable of that name is meant first.
    yearly.sim_specs.as_mut().expect("there are some").time_units = Some(name("y"));
    assert_eq!(told(&yearly, "y").len(), 2, "of both columns the first value counts");
}

#[test]
fn points_of_functions_of_elements_and_of_equations_are_given_one_by_one() {
    let text = "dim D a b\naux t = TIME\n  points 0,1,2 -> 5,6,7\naux u = TIME\n  over D\n  points 0,1,2 -> 5,6,7\n\
        aux x = 1\n";
    let with = |csv: &str| {
        let (compiled, told) = with_file(&file(text), csv);
        let ys = |model: &Model, name: &str| {
            let table = model.tables.iter().find(|table| table.name == name).expect("a table of this name");
            (table.xs.clone(), table.ys.clone())
        };
        (compiled.model.map(|model| ["t", "u"].map(|name| ys(&model, name))), told)
    };
    let points = |ys: [f64; 3]| (vec![0.0, 1.0, 2.0], ys.to_vec());
    let own = || points([5.0, 6.0, 7.0]);
    // Several numbers are points, a single one is a value.
    assert_eq!(with("t\n1\n2\n3\n"), (Some([points([1.0, 2.0, 3.0]), own()]), Vec::new()));
    assert_eq!(with("t\n1\n").1, Vec::<String>::new());
    assert_eq!(with("u\n1\n2\n3\n"), (Some([own(), points([1.0, 2.0, 3.0])]), Vec::new()));
    // An element of an array that shares them gets points of its own.
    let (compiled, told) = with_file(&file(text), "u[a]\n1\n2\n3\n");
    assert_eq!(told, Vec::<String>::new());
    let model = compiled.model.expect("a model without errors");
    for ys in [[1.0, 2.0, 3.0], [5.0, 6.0, 7.0]] {
        assert!(model.tables.iter().any(|table| table.ys == ys), "{ys:?}");
    }
    let mut even = file(text);
    let table = even.models[0].vars[0].table.as_mut().expect("`t` has points");
    (table.xs, table.x_scale) = (None, Some((0.0, 2.0)));
    let (compiled, told) = with_file(&even, "t\n1\n2\n3\n4\n5\n");
    assert_eq!(told, Vec::<String>::new());
    let model = compiled.model.expect("a model without errors");
    let table = model.tables.iter().find(|table| table.name == "t").expect("`t`");
    assert_eq!((&table.xs[..], &table.ys[..]), (&[0.0, 0.5, 1.0, 1.5, 2.0][..], &[1.0, 2.0, 3.0, 4.0, 5.0][..]));
}
