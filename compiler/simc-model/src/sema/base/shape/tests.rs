use super::*;
use crate::sema::base::dimension::tests::dims_of;

fn axis(dim: DimId, start: u32, len: u32) -> Axis {
    Axis { dim, start, len }
}

#[test]
fn an_axis_is_one_of_its_own_dimension() {
    let (dims, ids) = dims_of(&["a: x y z", "b: p q"]);
    let [a, b] = ids[..] else { panic!("two dimensions") };
    let both = [Axis::whole(b, &dims), Axis::whole(a, &dims)];
    assert_eq!(align(&[Axis::whole(a, &dims)], &both, &dims), Some(vec![(1, 0)]));
    assert_eq!(align(&[axis(a, 0, 2)], &both, &dims), None);
    assert_eq!(align(&both, &both[1..], &dims), None);
    assert_eq!(align(&[], &both, &dims), Some(Vec::new()));
    // The run that begins at the same place goes before the first one; each is taken once.
    let runs = [axis(a, 0, 2), axis(a, 1, 2)];
    assert_eq!(align(&runs[1..], &runs, &dims), Some(vec![(1, 0)]));
    assert_eq!(align(&runs[1..], &runs[..1], &dims), Some(vec![(0, 1)]));
    assert_eq!(align(&runs[..1], &runs[1..], &dims), Some(vec![(0, -1)]));
    assert_eq!(align(&[runs[1], runs[1]], &runs, &dims), Some(vec![(1, 0), (0, 1)]));
    assert_eq!(align(&[runs[1]; 3], &runs, &dims), None);
}

#[test]
fn numbers_and_mapped_elements_fit_by_position() {
    let (dims, ids) = dims_of(&["n: 3", "m: 4", "a: x y z > b", "b: p q r", "c: s t u"]);
    let [n, m, a, b, c] = ids[..] else { panic!("five dimensions") };
    assert_eq!(align(&[axis(n, 0, 3)], &[axis(m, 1, 3)], &dims), Some(vec![(0, -1)]));
    assert_eq!(align(&[axis(n, 0, 3)], &[axis(m, 0, 4)], &dims), None);
    assert_eq!(align(&[axis(a, 1, 2)], &[axis(b, 1, 2)], &dims), Some(vec![(0, 0)]));
    assert_eq!(align(&[axis(b, 1, 2)], &[axis(a, 1, 2)], &dims), Some(vec![(0, 0)]));
    // Other elements of mapped dimensions, names against numbers, and names that nothing connects.
    assert_eq!(align(&[axis(a, 0, 2)], &[axis(b, 1, 2)], &dims), None);
    assert_eq!(align(&[axis(a, 0, 3)], &[axis(n, 0, 3)], &dims), None);
    assert_eq!(align(&[axis(n, 0, 3)], &[axis(a, 0, 3)], &dims), None);
    assert_eq!(align(&[axis(a, 0, 3)], &[axis(c, 0, 3)], &dims), None);
}

#[test]
fn the_larger_of_two_shapes_is_what_they_make() {
    let (dims, ids) = dims_of(&["a: x y", "b: p q r"]);
    let (a, b) = (Axis::whole(ids[0], &dims), Axis::whole(ids[1], &dims));
    assert_eq!(merge(&vec![a], &Vec::new(), &dims), Some(vec![a]));
    assert_eq!(merge(&Vec::new(), &vec![a], &dims), Some(vec![a]));
    assert_eq!(merge(&vec![a, b], &vec![b], &dims), Some(vec![a, b]));
    assert_eq!(merge(&vec![b], &vec![a, b], &dims), Some(vec![a, b]));
    assert_eq!(merge(&vec![a], &vec![b], &dims), None);
}

#[test]
fn pairs_extend_along_the_axes_of_both() {
    let (dims, ids) = dims_of(&["a: x y", "b: p q r"]);
    let (a, b) = (Axis::whole(ids[0], &dims), Axis::whole(ids[1], &dims));
    assert_eq!(merge_pairs(&vec![a], &vec![b], &dims), Some(vec![a, b]));
    assert_eq!(merge_pairs(&vec![a, b], &vec![b, a], &dims), Some(vec![a, b]));
    // The same dimension twice meets two axes, or else is one too many.
    assert_eq!(merge_pairs(&vec![a, a], &vec![a, a], &dims), Some(vec![a, a]));
    assert_eq!(merge_pairs(&vec![a], &vec![a, a], &dims), None);
    assert_eq!(merge_pairs(&vec![axis(ids[1], 0, 2)], &vec![b], &dims), None);
    assert_eq!(merge_pairs(&vec![a], &vec![b, b], &dims), None);
}

#[test]
fn dimensions_of_one_size_are_no_common_dimension_within_a_reducer() {
    let (dims, ids) = dims_of(&["n: 3", "m: 3"]);
    let (n, m) = (Axis::whole(ids[0], &dims), Axis::whole(ids[1], &dims));
    assert_eq!(merge(&vec![n], &vec![m], &dims), Some(vec![n]));
    assert_eq!(merge_within_reducer(&vec![n], &vec![m], &dims), Some(vec![n, m]));
    assert_eq!(merge_within_reducer(&vec![n], &vec![m, n], &dims), Some(vec![m, n]));
}

#[test]
fn a_shape_is_shown_by_its_dimensions_and_the_ends_of_parts() {
    let (dims, ids) = dims_of(&["DimA: x y z", "n: 5"]);
    assert_eq!(show(&[], &dims), "a single number");
    assert_eq!(show(&[Axis::whole(ids[0], &dims), axis(ids[1], 1, 3)], &dims), "[DimA, n 2 to 4]");
    assert_eq!(show(&[axis(ids[0], 0, 2)], &dims), "[DimA x to y]");
    assert_eq!(show(&[axis(ids[0], 1, 2)], &dims), "[DimA y to z]");
    assert_eq!(axis(ids[1], 1, 3).extent(), Extent { dim: ids[1], start: 1, len: 3 });
}
