use super::*;
use crate::definition::{Equation, MacroDef, ModuleDef, TableDef};
use crate::model::TableKind;
use crate::source::Span;

fn name(text: &str) -> Name {
    Name { text: text.to_owned(), span: Span::default() }
}

fn path(text: &str) -> Path {
    let parts = text.trim_start_matches('.').split('.').map(name).collect();
    Path { absolute: text.starts_with('.'), parts, span: Span::default() }
}

fn dim(text: &str, elements: DimElements) -> DimDef {
    DimDef { name: name(text), elements, maps_to: Vec::new(), span: Span::default() }
}

fn named(text: &str, elements: &str) -> DimDef {
    dim(text, DimElements::Named(elements.split_whitespace().map(name).collect()))
}

fn var(kind: DefKind, text: &str) -> VarDef {
    VarDef::new(name(text), kind, Span::default())
}

fn table() -> TableDef {
    TableDef {
        kind: TableKind::Continuous,
        x_scale: Some((0.0, 1.0)),
        xs: None,
        ys: vec![1.0, 2.0],
        span: Span::default(),
    }
}

/// A definition with a function, and a model with names of every kind.
fn definition() -> Definition {
    let function = MacroDef {
        name: name("own"),
        namespace: None,
        n_params: 1,
        body: ModelDef::default(),
        reported: false,
        span: Span::default(),
    };
    let module = ModuleDef {
        name: name("std"),
        model: None,
        resource: None,
        dims: Vec::new(),
        connections: Vec::new(),
        span: Span::default(),
    };
    let first = VarDef { table: Some(table()), ..var(DefKind::Aux, "curve") };
    let vars = vec![first, var(DefKind::Aux, "Curve"), var(DefKind::Aux, "pi"), var(DefKind::Table, "points")];
    let models =
        vec![ModelDef { vars, ..ModelDef::default() }, ModelDef { modules: vec![module], ..ModelDef::default() }];
    let dims = vec![named("letter", "a b a"), named("Letter", "z"), dim("row", DimElements::Size(3))];
    Definition { macros: vec![function], dims, models, ..Definition::default() }
}

#[test]
fn of_two_things_of_one_name_the_first_holds() {
    let definition = definition();
    let scope = Scope::new(&definition, &definition.models[0]);
    assert!(scope.var("CURVE").is_some_and(|var| var.table.is_some()));
    assert!(scope.var("nowhere").is_none() && scope.var("own").is_none());
    assert!(scope.var_of(&path("curve")).is_some() && scope.var_of(&path("m.curve")).is_none());
    let letter = scope.dim("LETTER").expect("it is declared");
    let at = |dim: &DimDef, element: &str| scope.position(dim, &Key::new(element));
    assert_eq!(["a", "B", "z"].map(|element| at(letter, element)), [Some(0), Some(1), None]);
    let row = scope.dim("row").expect("it is declared");
    assert_eq!(["0", "1", "3", "4", "a"].map(|element| at(row, element)), [None, Some(0), Some(2), None, None]);
    assert!(scope.is_element("b") && scope.is_element("Z") && !scope.is_element("1") && !scope.is_element("letter"));
}

#[test]
fn what_has_arguments_is_a_table_a_function_of_the_model_or_a_builtin() {
    let definition = definition();
    let scope = Scope::new(&definition, &definition.models[0]);
    assert!(matches!(scope.callee(&path("curve")), Callee::Table(var) if var.name.text == "curve"));
    assert!(matches!(scope.callee(&path("points")), Callee::Table(_)));
    assert!(matches!(scope.callee(&path("pi")), Callee::Builtin(_)));
    assert!(matches!(scope.callee(&path("OWN")), Callee::Macro));
    assert!(matches!(scope.callee(&path("std.own")), Callee::Other));
    assert!(matches!(scope.callee(&path("max")), Callee::Builtin(_)));
    assert!(matches!(scope.callee(&path("isee.max")), Callee::Builtin(_)));
    assert!(matches!(scope.callee(&path("std.max")), Callee::Builtin(_)));
    for other in [".max", "a.max", "isee.std.max", "nowhere"] {
        assert!(matches!(scope.callee(&path(other)), Callee::Other), "{other}");
    }
    let names = ["curve", "own", "std", "letter"].map(|text| scope.is_taken(&Key::new(text)));
    assert_eq!(names, [true, true, false, false]);
    // A module hides a namespace of its name.
    let with_module = Scope::new(&definition, &definition.models[1]);
    assert!(with_module.is_taken(&Key::new("std")));
    assert!(matches!(with_module.callee(&path("std.max")), Callee::Other));
    assert!(matches!(with_module.callee(&path("isee.max")), Callee::Builtin(_)));
}

#[test]
fn a_variable_hides_a_constant_but_in_its_own_equation() {
    let definition = definition();
    let scope = Scope::new(&definition, &definition.models[0]);
    let is_builtin = |owner: &str, text: &str| scope.constant(owner, &path(text)).is_some();
    assert!(!is_builtin("curve", "pi"));
    assert!(is_builtin("Pi", "pi"));
    assert!(is_builtin("curve", "std.pi"));
    assert!(is_builtin("curve", "time"));
    assert!(!is_builtin("curve", "max") && !is_builtin("max", "max") && !is_builtin("curve", "nowhere"));
}

#[test]
fn a_table_is_a_graphical_function_and_nothing_else() {
    let with = |change: fn(&mut VarDef)| {
        let mut var = var(DefKind::Aux, "x");
        change(&mut var);
        is_table(&var)
    };
    assert!(!with(|_| ()));
    assert!(with(|var| var.kind = DefKind::Table));
    assert!(with(|var| var.table = Some(table())));
    assert!(!with(|var| (var.table, var.kind) = (Some(table()), DefKind::Flow)));
    assert!(!with(|var| (var.table, var.equation) = (Some(table()), Some(Equation::default()))));
    assert!(!with(|var| (var.table, var.list) = (Some(table()), vec![Equation::default()])));
}

#[test]
fn lists_of_names_are_compared_as_names() {
    let names = |text: &str| -> Vec<Name> { text.split_whitespace().map(name).collect() };
    assert!(are_same(&names("a_b C"), &names("A_B c")));
    assert!(are_same(&[], &[]));
    for other in ["a", "a c", "a b c", "b a"] {
        assert!(!are_same(&names("a b"), &names(other)), "{other}");
    }
}
