use super::*;
use crate::definition::{DimDef, Wording};

fn name(text: &str) -> Name {
    Name { text: text.to_owned(), span: Span::default() }
}

/// `name: a b c` or `name: 3` with the mappings behind, `> other` by position and `> other a+b c` with the elements of
/// the other one for each element of this one. All count as used, in this order.
pub(in crate::sema) fn dims_of(texts: &[&str]) -> (Dims, Vec<DimId>) {
    let def = |text: &&str| {
        let mut parts = text.split('>');
        let (own, elements) = parts.next().and_then(|part| part.split_once(':')).expect("a name and elements");
        let elements = match elements.trim().parse() {
            Ok(size) => DimElements::Size(size),
            Err(_) => DimElements::Named(elements.split_whitespace().map(name).collect()),
        };
        let mapping = |part: &str| {
            let mut words = part.split_whitespace();
            let to = name(words.next().expect("a dimension"));
            MappingDef { to, elements: words.map(|word| word.split('+').map(name).collect()).collect() }
        };
        DimDef { name: name(own.trim()), elements, maps_to: parts.map(mapping).collect(), span: Span::default() }
    };
    let file = Definition { dims: texts.iter().map(def).collect(), ..Definition::default() };
    let mut dims = resolve_dims(&file, &mut Diagnostics::new(Wording::default()));
    let ids = file.dims.iter().map(|def| dims.find(&def.name.text).expect("it is declared")).collect();
    (dims, ids)
}

fn messages(texts: &[&str]) -> Vec<String> {
    let (dims, _) = dims_of(texts);
    let mut diagnostics = Diagnostics::new(Wording::default());
    dims.into_model(&mut diagnostics);
    diagnostics.into_list().into_iter().map(|found| found.message).collect()
}

#[test]
fn a_number_is_a_position_only_within_the_dimension() {
    let (dims, ids) = dims_of(&["three: 3", "named: a b", "years: 2020 2010"]);
    let positions = |at: usize| ["0", "1", " 3 ", "4", "b", "2010"].map(|text| dims.position(ids[at], text));
    assert_eq!(positions(0), [None, Some(0), Some(2), None, None, None]);
    assert_eq!(positions(1), [None, None, None, None, Some(1), None]);
    assert_eq!(positions(2), [None, None, None, None, None, Some(1)]);
    let numbers = |at: usize| [0.9, 1.0, 2.5, 3.0, 3.9, 4.0, 2010.0].map(|x| dims.position_of_number(ids[at], x));
    assert_eq!(numbers(0), [None, Some(0), Some(1), Some(2), Some(2), None, None]);
    assert_eq!(numbers(1), [None, Some(0), Some(1), None, None, None, None]);
    assert_eq!(numbers(2), [None, Some(0), Some(1), None, None, None, Some(1)]);
}

#[test]
fn elements_are_shown_as_written_or_as_numbers_from_1() {
    let (mut dims, ids) = dims_of(&["three: 3", "named: a b"]);
    assert_eq!([0, 2].map(|at| dims.element(ids[0], at)), ["1", "3"]);
    assert_eq!([0, 1].map(|at| dims.element(ids[1], at)), ["a", "b"]);
    assert!(dims.elements(ids[0]).is_empty());
    assert_eq!(dims.elements(ids[1]), ["a", "b"]);
    let part = dims.part(ids[1], 2);
    assert_eq!((dims.name(part), dims.len(part), dims.is_numeric(part)), ("named[1:2]", 2, true));
    assert_eq!(dims.part(ids[1], 2), part);
    assert_ne!(dims.part(ids[1], 1), part);
    assert!(dims.has("named") && !dims.has("other"));
}

#[test]
fn dimensions_correspond_by_position_only_when_a_mapping_says_so() {
    let (dims, ids) = dims_of(&["a: a1 a2 > b", "b: b1 b2", "c: c1 c2", "d: d1 d2 d3 > b", "e: e1 e2 > b b2 b1"]);
    let [a, b, c, d, e] = ids[..] else { panic!("five dimensions") };
    assert!(dims.are_mapped(a, b) && dims.are_mapped(b, a));
    assert!(!dims.are_mapped(a, c) && !dims.has_mapping(a, c));
    // Of another size, and element by element.
    assert!(!dims.are_mapped(d, b) && dims.has_mapping(d, b));
    assert!(!dims.are_mapped(e, b) && dims.has_mapping(b, e));
}

#[test]
fn the_counterpart_of_an_element_follows_from_its_name_or_a_mapping() {
    let texts =
        ["all: x y z", "some: z x", "one: o1 o2 > all y x+z", "three: 3", "more: 3", "four: 4", "p: p1 p2 p3 > all"];
    let (dims, ids) = dims_of(&texts);
    let [all, some, one, three, more, four, p] = ids[..] else { panic!("seven dimensions") };
    let all_of = |from, to| (0..dims.len(from)).map(|at| dims.counterpart(from, at, to)).collect::<Vec<_>>();
    assert_eq!(all_of(all, all), [Some(0), Some(1), Some(2)]);
    assert_eq!(all_of(all, some), [Some(1), None, Some(0)]);
    assert_eq!(all_of(some, all), [Some(2), Some(0)]);
    // `o2` is both `x` and `z`, so it has no counterpart; each of them has one.
    assert_eq!(all_of(one, all), [Some(1), None]);
    assert_eq!(all_of(all, one), [Some(1), Some(0), Some(1)]);
    assert_eq!(all_of(three, more), [Some(0), Some(1), Some(2)]);
    assert_eq!(all_of(three, four), [None; 3]);
    assert_eq!(all_of(three, all), [None; 3]);
    assert_eq!(all_of(all, three), [None; 3]);
    assert_eq!(all_of(p, all), [Some(0), Some(1), Some(2)]);
    // By way of what it is mapped to: `p1` is `x`, which is the second of `some`.
    assert_eq!(all_of(p, some), [Some(1), None, Some(0)]);
    assert_eq!(all_of(some, p), [Some(2), Some(0)]);
}

#[test]
fn a_mapping_goes_before_equal_names() {
    let (dims, ids) = dims_of(&["a: x y > b y x", "b: x y"]);
    let all_of = |from, to| (0..2).map(|at| dims.mapped(from, at, to)).collect::<Vec<_>>();
    assert_eq!(all_of(ids[0], ids[1]), [Some(1), Some(0)]);
    assert_eq!(all_of(ids[1], ids[0]), [Some(1), Some(0)]);
    assert_eq!(dims.counterpart(ids[0], 0, ids[1]), Some(0));
}

#[test]
fn a_dimension_and_all_numbers_together_are_limited() {
    let limit = 1_048_576;
    assert_eq!(messages(&[&format!("a: {limit}"), &format!("b: {limit}")]), none());
    let too_large = |name: &str, n: u32| format!("dimension `{name}` has {n} elements, more than can be used");
    assert_eq!(messages(&[&format!("a: {}", limit + 1)]), [too_large("a", limit + 1)]);
    assert_eq!(messages(&[&format!("a: {limit}"), &format!("b: {limit}"), "c: 1"]), [too_large("c", 1)]);
    assert_eq!(messages(&[&format!("a: {limit}"), &format!("b: {limit}"), "c: x y"]), none());
}

fn none() -> Vec<String> {
    Vec::new()
}
