use super::*;
use crate::sema::base::dimension::tests::dims_of;

/// Start and length in each dimension.
fn region(sides: &[(u32, u32)]) -> Vec<Extent> {
    (0_u32..).zip(sides).map(|(dim, &(start, len))| Extent { dim: DimId(dim), start, len }).collect()
}

/// The elements of a region, as starts.
fn starts(region: &[Extent]) -> Vec<Vec<u32>> {
    elements_of(region).iter().map(|element| element.iter().map(|extent| extent.start).collect()).collect()
}

#[test]
fn elements_are_numbered_row_by_row() {
    let (dims, ids) = dims_of(&["a: 2", "b: 3"]);
    assert_eq!(whole_region(&ids, &dims), region(&[(0, 2), (0, 3)]));
    assert_eq!(count(&region(&[(0, 2), (1, 2)])), 4);
    assert_eq!(count(&[]), 1);
    assert_eq!(cells(&region(&[(0, 2), (1, 2)]), &ids, &dims).collect::<Vec<_>>(), [1, 2, 4, 5]);
    assert_eq!(cell(5, &ids, &dims), region(&[(1, 1), (2, 1)]));
    assert_eq!(cell(2, &ids, &dims), region(&[(0, 1), (2, 1)]));
    assert_eq!(cell_of(2, &region(&[(0, 2), (1, 2)])), region(&[(1, 1), (1, 1)]));
    assert_eq!(starts(&region(&[(0, 2), (1, 2)])), [[0, 1], [0, 2], [1, 1], [1, 2]]);
    assert_eq!(show_element("v", &region(&[(1, 1), (2, 1)]), &dims), "v[2,3]");
    assert_eq!(show_element("v", &[], &dims), "v");
}

#[test]
fn what_two_regions_share_lies_between_their_inner_ends() {
    assert_eq!(common(&region(&[(0, 3)]), &region(&[(1, 5)])), Some(region(&[(1, 2)])));
    assert_eq!(common(&region(&[(2, 3)]), &region(&[(0, 3)])), Some(region(&[(2, 1)])));
    assert_eq!(common(&region(&[(0, 3)]), &region(&[(3, 2)])), None);
    assert_eq!(common(&region(&[(0, 2), (0, 2)]), &region(&[(1, 2), (2, 2)])), None);
}

/// Of every choice of boxes the rest is what a look at each element finds, each element once.
#[test]
fn what_is_left_are_the_elements_of_no_other() {
    let mut state = 7_u32;
    let mut draw = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) % below
    };
    for _ in 0..200 {
        let whole: Vec<(u32, u32)> = (0..1 + draw(3)).map(|_| (draw(3), 1 + draw(4))).collect();
        let mut taken: Vec<Vec<u32>> = Vec::new();
        let mut others: Vec<Vec<Extent>> = Vec::new();
        for _ in 0..draw(4) {
            let side = |&(start, len): &(u32, u32), first: u32, n: u32| {
                let first = first % len;
                (start + first, 1 + n % (len - first))
            };
            let other: Vec<(u32, u32)> = whole.iter().map(|whole| side(whole, draw(9), draw(9))).collect();
            let elements = starts(&region(&other));
            // Others do not overlap.
            if elements.iter().all(|element| !taken.contains(element)) {
                taken.extend(elements);
                others.push(region(&other));
            }
        }
        let boxes = without(&region(&whole), &others);
        let mut left: Vec<Vec<u32>> = boxes.iter().flat_map(|found| starts(found)).collect();
        left.sort();
        let mut expected = starts(&region(&whole));
        expected.retain(|element| !taken.contains(element));
        assert_eq!(left, expected, "{whole:?} without {others:?}");
    }
}
