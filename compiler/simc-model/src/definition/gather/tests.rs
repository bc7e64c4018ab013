use super::*;
use crate::definition::{ModelDef, SeriesMode, TableDef};
use crate::diagnostic::code;
use crate::model::TableKind;

fn name(text: &str) -> Name {
    Name { text: text.to_owned(), span: Span::default() }
}

fn names(text: &str) -> Vec<Name> {
    text.split_whitespace().map(name).collect()
}

fn path(text: &str) -> Path {
    Path { absolute: false, parts: text.split('.').map(name).collect(), span: Span::default() }
}

fn dim(text: &str, elements: Vec<Name>) -> DimDef {
    DimDef { name: name(text), elements: DimElements::Named(elements), maps_to: Vec::new(), span: Span::default() }
}

/// An equation that calls a function of one argument, or is a number.
fn equation(text: &str) -> Equation {
    let node = |kind| EquationNode { kind, span: Span::default() };
    let nodes = match text.parse() {
        Ok(number) => vec![node(EquationKind::Number(number))],
        Err(_) => vec![node(EquationKind::Number(1.0)), node(EquationKind::Call(path(text), vec![0]))],
    };
    Equation { nodes, span: Span::default() }
}

fn clause(subscripts: &str, except: &[&str], text: &str) -> ElementDef {
    ElementDef {
        subscripts: names(subscripts),
        except: except.iter().map(|list| names(list)).collect(),
        equation: Some(equation(text)),
        has_initial: false,
        table: None,
        thresholds: Vec::new(),
        non_negative: None,
        span: Span::default(),
    }
}

fn array(text: &str, dims: &str, elements: Vec<ElementDef>) -> VarDef {
    VarDef { dims: names(dims), elements, ..VarDef::new(name(text), DefKind::Aux, Span::default()) }
}

/// A file with a dimension of `n` elements and its parts of every other one.
fn file(n: usize, vars: Vec<VarDef>) -> Definition {
    let all: Vec<Name> = (0..n).map(|at| name(&format!("e{at}"))).collect();
    let every = |first: usize| all.iter().skip(first).step_by(2).cloned().collect();
    let dims = vec![dim("even", every(0)), dim("odd", every(1)), dim("all", all.clone()), dim("small", names("s1 s2"))];
    let models = vec![ModelDef { vars, ..ModelDef::default() }];
    Definition { dialect: Dialect::Vensim, dims, models, ..Definition::default() }
}

fn is_gathered(n: usize, var: VarDef) -> bool {
    gather(&file(n, vec![var])).is_some()
}

/// An array with an equation for every other element, and another one for those between them.
fn halves(text: &str) -> VarDef {
    array("a", "all", vec![clause("even", &[], text), clause("odd", &[], text)])
}

/// What a clause reads, if it is one array by its subscripts.
fn read_of(clause: &ElementDef) -> String {
    let Some(equation) = &clause.equation else { return String::new() };
    let shown = |node: &EquationNode| {
        let name = node.kind.as_named().map(|path| path.parts[0].text.clone());
        name.unwrap_or_else(|| format!("{:?}", node.kind))
    };
    equation.nodes.iter().map(shown).collect::<Vec<_>>().join(" ")
}

#[test]
fn elements_of_one_clause_come_side_by_side_in_an_array_beside() {
    let made = gather(&file(40, vec![halves("ABS")])).expect("it is scattered");
    let [whole, beside] = made.models[0].vars.as_slice() else { panic!("two arrays") };
    assert_eq!((whole.name.text.as_str(), beside.name.text.as_str()), ("a", "a: gathered"));
    assert!(beside.is_implied && !whole.is_implied);
    let [clause] = whole.elements.as_slice() else { panic!("one clause") };
    assert_eq!((clause.subscripts[0].text.as_str(), read_of(clause).as_str()), ("all", "all a: gathered"));
    assert_eq!(beside.elements.len(), 2);
    assert_eq!(beside.dims[0].text, "all: gathered");
    let dim = made.dims.iter().find(|dim| dim.name.text == "all: gathered").expect("a dimension more");
    let DimElements::Named(elements) = &dim.elements else { panic!("its elements have names") };
    let order: Vec<&str> = elements.iter().map(|name| name.text.as_str()).collect();
    assert_eq!((order[0], order[19], order[20], order[39]), ("e0", "e38", "e1", "e39"));
}

#[test]
fn an_array_more_has_to_save_loops() {
    // 18 runs become 2, which saves 16.
    assert!(is_gathered(18, halves("ABS")));
    assert!(!is_gathered(17, halves("ABS")));
    // Elements that are side by side are so already.
    assert!(!is_gathered(40, array("a", "all", vec![clause("all", &[], "ABS")])));
    let single = |except: &[&str]| array("a", "all", vec![clause("all", except, "ABS")]);
    assert!(is_gathered(40, single(&["even"])) && !is_gathered(40, single(&["e7"])));
    assert!(!is_gathered(40, array("a", "all", vec![clause("even", &[], "ABS")])));
    // Along two dimensions runs multiply.
    let wide = |n: usize| {
        let clauses =
            vec![clause("even s1", &[], "ABS"), clause("odd small", &[], "ABS"), clause("even s2", &[], "ABS")];
        is_gathered(n, array("a", "all small", clauses))
    };
    assert!(wide(40) && !wide(8));
    let mut changed = file(40, vec![halves("ABS")]);
    changed.dialect = Dialect::Stella;
    assert!(gather(&changed).is_none());
}

#[test]
fn constants_stay_where_a_host_can_set_them() {
    let clauses = vec![clause("even", &[], "ABS"), clause("odd", &[], "7"), clause("e1", &[], "ABS")];
    let made = gather(&file(60, vec![array("a", "all", clauses)])).expect("it is scattered");
    let [whole, beside] = made.models[0].vars.as_slice() else { panic!("two arrays") };
    let reads: Vec<String> = whole.elements.iter().map(read_of).collect();
    assert_eq!(reads, ["even a: gathered", "Number(7.0)", "e1 a: gathered"]);
    let moved: Vec<&str> = beside.elements.iter().map(|clause| clause.subscripts[0].text.as_str()).collect();
    assert_eq!(moved, ["even", "e1"]);
    // Numbers alone are no loops.
    assert!(!is_gathered(60, halves("7")));
}

#[test]
fn names_that_are_taken_are_left_to_their_owners() {
    let mut taken = file(40, vec![halves("ABS"), array("A: Gathered", "small", vec![clause("small", &[], "ABS")])]);
    taken.dims.push(dim("ALL: gathered", names("x y")));
    let made = gather(&taken).expect("it is scattered");
    assert_eq!(made.models[0].vars.last().map(|var| var.name.text.as_str()), Some("a: gathered'"));
    assert_eq!(made.dims.last().map(|dim| dim.name.text.as_str()), Some("all: gathered'"));
}

#[test]
fn what_depends_on_the_place_of_an_element_is_not_moved() {
    for (function, is_moved) in [
        ("ABS", true),
        ("a", true),
        ("SMOOTH", true),
        ("RANDOM UNIFORM", false),
        ("VECTOR SORT ORDER", false),
        ("nowhere", false),
        ("m.ABS", false),
    ] {
        assert_eq!(is_gathered(40, halves(function)), is_moved, "{function}");
    }
    let mut own = file(40, vec![halves("ABS")]);
    own.macros.push(crate::definition::MacroDef {
        name: name("abs"),
        namespace: None,
        n_params: 1,
        body: ModelDef::default(),
        reported: false,
        span: Span::default(),
    });
    assert!(gather(&own).is_none());
}

#[test]
fn only_plain_arrays_are_moved() {
    type Change = fn(&mut VarDef);
    let table = || TableDef {
        kind: TableKind::Continuous,
        x_scale: Some((0.0, 1.0)),
        xs: None,
        ys: vec![1.0, 2.0],
        span: Span::default(),
    };
    let same: [Change; 3] =
        [|var| var.kind = DefKind::Flow, |var| var.kind = DefKind::Stock, |var| var.is_partial = true];
    for change in same {
        let mut var = halves("ABS");
        change(&mut var);
        let made = gather(&file(40, vec![var.clone()])).expect("it is moved");
        assert_eq!(made.models[0].vars[1].is_partial, var.is_partial);
    }
    let others: [Change; 12] = [
        |var| var.kind = DefKind::Table,
        |var| var.equation = Some(equation("7")),
        |var| var.list = vec![equation("7")],
        |var| var.series = Some(SeriesMode::Raw),
        |var| var.multiplier = Some(equation("7")),
        |var| var.overflow = true,
        |var| var.reported = true,
        |var| var.access = Some(crate::definition::Access::Input),
        |var| var.elements[1].has_initial = true,
        |var| var.elements[1].non_negative = Some(false),
        |var| var.elements[1].equation = None,
        |var| var.elements[1].subscripts = names("odd odd"),
    ];
    for (position, change) in others.into_iter().enumerate() {
        let mut var = halves("ABS");
        change(&mut var);
        assert!(!is_gathered(40, var), "change {position}");
    }
    assert!(!is_gathered(40, VarDef { table: Some(table()), ..halves("ABS") }));
    assert!(!is_gathered(40, VarDef { dims: names("nowhere"), ..halves("ABS") }));
}

#[test]
fn a_diagnostic_that_names_what_is_made_is_known() {
    let plain = || Diagnostic::error(code::SHAPES, Span::default(), "a: gather");
    let made = "x a: gathered y";
    assert!(!speaks_of(&plain().with_label("b").with_hint("c").with_variable("d").with_place(Span::default(), "e")));
    for spoken in [
        Diagnostic::error(code::SHAPES, Span::default(), made),
        plain().with_label(made),
        plain().with_hint(made),
        plain().with_variable(made),
        plain().with_place(Span::default(), made),
    ] {
        assert!(speaks_of(&spoken));
    }
}

#[test]
fn runs_of_neighbours_are_counted_with_and_without_cuts() {
    let within = [vec![], vec![], vec![0], vec![0], vec![]];
    let count = |places: &[u32]| count_runs(places.iter().map(|&place| (place, place)), &within);
    assert_eq!(count(&[]), [1, 1]);
    assert_eq!(count(&[3]), [1, 1]);
    assert_eq!(count(&[0, 1]), [1, 1]);
    assert_eq!(count(&[0, 1, 2, 3, 4]), [1, 3]);
    assert_eq!(count(&[0, 2, 3]), [2, 2]);
    assert_eq!(count(&[0, 1, 4]), [2, 2]);
}
