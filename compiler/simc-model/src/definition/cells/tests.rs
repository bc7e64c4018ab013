use super::*;
use crate::definition::{Definition, ModelDef};
use crate::source::Span;

fn name(text: &str) -> Name {
    Name { text: text.to_owned(), span: Span::default() }
}

fn names_of(text: &str) -> Vec<Name> {
    text.split_whitespace().map(name).collect()
}

fn named(text: &str, elements: &str) -> DimDef {
    let elements = DimElements::Named(names_of(elements));
    DimDef { name: name(text), elements, maps_to: Vec::new(), span: Span::default() }
}

fn sized(text: &str, size: u32) -> DimDef {
    DimDef { name: name(text), elements: DimElements::Size(size), maps_to: Vec::new(), span: Span::default() }
}

/// A definition with the dimensions that these tests speak of.
fn definition() -> Definition {
    let dims = vec![
        named("letter", "a b c d"),
        named("middle", "c B"),
        named("other", "c z"),
        sized("row", 3),
        named("none", ""),
        sized("large", 1 << 20),
        sized("larger", (1 << 20) + 1),
    ];
    Definition { dims, ..Definition::default() }
}

fn clause(subscripts: &str, except: &[&str]) -> ElementDef {
    ElementDef {
        subscripts: names_of(subscripts),
        except: except.iter().map(|list| names_of(list)).collect(),
        equation: None,
        has_initial: false,
        table: None,
        thresholds: Vec::new(),
        non_negative: None,
        span: Span::default(),
    }
}

#[test]
fn subscripts_are_elements_dimensions_parts_and_numbers() {
    let (definition, model) = (definition(), ModelDef::default());
    let scope = Scope::new(&definition, &model);
    let grid = Grid::new(&scope, &names_of("letter row")).expect("both are known");
    assert_eq!(grid.n_cells, 12);
    let cells = |subscripts: &str, except: &[&str]| grid.cells(&scope, &clause(subscripts, except));
    assert_eq!(cells("a 1", &[]), Some(vec![0]));
    assert_eq!(cells("D 3", &[]), Some(vec![11]));
    assert_eq!(cells("b row", &[]), Some(vec![3, 4, 5]));
    assert_eq!(cells("* 2", &[]), Some(vec![1, 4, 7, 10]));
    // A part has an order of its own; of the dimension letter, 2 is b.
    assert_eq!(cells("middle 1", &[]), Some(vec![6, 3]));
    assert_eq!(cells("2 *", &[]), Some(vec![3, 4, 5]));
    assert_eq!(cells("4 3", &[]), Some(vec![11]));
    assert_eq!(cells("row 1", &[]), None);
    for unknown in ["other 1", "0 1", "5 1", "a 0", "a 4", "e 1", "a", "a 1 1", ""] {
        assert_eq!(cells(unknown, &[]), None, "{unknown}");
    }
    assert_eq!(cells("letter row", &["a *", "* 2", "d 3"]), Some(vec![3, 5, 6, 8, 9]));
    assert_eq!(cells("letter row", &["a *", "e *"]), None);
}

#[test]
fn an_element_has_the_names_of_its_subscripts() {
    let (definition, model) = (definition(), ModelDef::default());
    let scope = Scope::new(&definition, &model);
    let grid = Grid::new(&scope, &names_of("row letter")).expect("both are known");
    let all: Vec<String> = (0..grid.n_cells).map(|cell| grid.subscripts(cell).join("")).collect();
    assert_eq!(all.join(" "), "1a 1b 1c 1d 2a 2b 2c 2d 3a 3b 3c 3d");
    let scalar = Grid::new(&scope, &[]).expect("it needs nothing");
    assert_eq!((scalar.n_cells, scalar.subscripts(0)), (1, Vec::<String>::new()));
    let empty = Grid::new(&scope, &names_of("none")).expect("it is known");
    assert_eq!((empty.n_cells, empty.subscripts(0)), (0, vec![String::new()]));
}

#[test]
fn a_grid_has_known_dimensions_and_no_more_elements_than_are_looked_at() {
    let (definition, model) = (definition(), ModelDef::default());
    let scope = Scope::new(&definition, &model);
    let n_cells = |dims: &str| Grid::new(&scope, &names_of(dims)).map(|grid| grid.n_cells);
    assert_eq!(n_cells("large"), Some(MAX_CELLS));
    assert_eq!(n_cells("larger"), None);
    assert_eq!(n_cells("large large large large"), None);
    assert_eq!(n_cells("letter nowhere"), None);
}

#[test]
fn dimensions_are_equal_by_their_elements_in_order() {
    let letters = named("letter", "a b");
    assert!(are_equal(&letters, &named("other", "A B")));
    for other in [named("letter", "b a"), named("letter", "a"), named("letter", "a b c"), sized("letter", 2)] {
        assert!(!are_equal(&letters, &other) && !are_equal(&other, &letters));
    }
    assert!(are_equal(&sized("row", 2), &named("other", "1 2")));
    assert_eq!(names(&sized("row", 2)), ["1", "2"]);
    assert_eq!((length(&letters), element(&letters, 1), element(&letters, 2)), (2, "b".to_owned(), String::new()));
}
