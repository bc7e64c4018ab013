use super::*;
use crate::sema::base::dimension::tests::dims_of;

/// The elements of boxes, each of which must be in one alone.
fn elements(boxes: &[Vec<Extent>], of: &[DimId], dims: &Dims) -> Vec<u64> {
    let mut all: Vec<u64> = boxes.iter().flat_map(|region| cells(region, of, dims)).collect();
    all.sort_unstable();
    assert!(all.windows(2).all(|pair| pair[0] != pair[1]), "an element is in two boxes: {boxes:?}");
    all
}

/// Starts and lengths.
fn sides(boxes: &[Vec<Extent>]) -> Vec<Vec<(u32, u32)>> {
    boxes.iter().map(|region| region.iter().map(|extent| (extent.start, extent.len)).collect()).collect()
}

#[test]
fn boxes_of_what_is_left_hold_every_other_element_once() {
    let (dims, ids) = dims_of(&["a: 3", "b: 4", "c: 2"]);
    for of in [&ids[..1], &ids[..2], &ids[..]] {
        let n = count(&whole_region(of, &dims));
        let mut state = 5_u64;
        for _ in 0..200 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let bits = (state >> 30) & (state >> 12);
            let (given, others): (Vec<u64>, Vec<u64>) = (0..n).partition(|flat| bits >> flat & 1 == 1);
            assert_eq!(elements(&complement(&given, of, &dims), of, &dims), others);
            assert_eq!(elements(&boxes_of(&given, of, &dims), of, &dims), given);
        }
    }
}

#[test]
fn what_is_alike_side_by_side_is_one_box() {
    let (dims, of) = dims_of(&["a: 4", "b: 3"]);
    assert_eq!(sides(&complement(&[], &of, &dims)), [[(0, 4), (0, 3)]]);
    assert!(complement(&(0..12).collect::<Vec<_>>(), &of, &dims).is_empty());
    // The middle column of two rows.
    assert_eq!(
        sides(&complement(&[4, 7], &of, &dims)),
        [[(0, 1), (0, 3)], [(1, 2), (0, 1)], [(1, 2), (2, 1)], [(3, 1), (0, 3)]]
    );
    // Rows that are alike, but not side by side; and rows of as many elements that are others.
    assert_eq!(complement(&[1, 7], &of, &dims).len(), 6);
    assert_eq!(complement(&[1, 5], &of, &dims).len(), 4);
    assert_eq!(sides(&boxes_of(&[3, 4, 6, 7], &of, &dims)), [[(1, 2), (0, 2)]]);
}

#[test]
fn runs_of_positions_make_boxes_without_what_is_left_out() {
    let (dims, of) = dims_of(&["a: 5", "b: 3"]);
    let selection = |except: Vec<Vec<Vec<Run>>>| {
        let runs = vec![vec![(0, 2), (4, 1)], vec![(1, 2)]];
        Selection { runs, known_as: vec![KnownAs::Own, KnownAs::Own], except }
    };
    let all = selection(Vec::new());
    assert_eq!(sides(&all.boxes(&of, &dims)), [[(0, 2), (1, 2)], [(4, 1), (1, 2)]]);
    assert_eq!((all.cells(&of, &dims), all.size()), (vec![1, 2, 4, 5, 13, 14], 6));
    let cut = selection(vec![vec![vec![(0, 1)], vec![(0, 3)]], vec![vec![(4, 1)], vec![(2, 1)]]]);
    assert_eq!((cut.cells(&of, &dims), cut.size()), (vec![4, 5, 13], 10));
    assert_eq!(sides(&cut.boxes(&of, &dims)), [[(1, 1), (1, 2)], [(4, 1), (1, 1)]]);
    assert!(selection(vec![vec![vec![(0, 5)], vec![(0, 3)]]]).boxes(&of, &dims).is_empty());
}

#[test]
fn a_part_of_a_dimension_is_runs_of_its_positions() {
    let (dims, ids) = dims_of(&["all: a b c d e", "some: e a b", "odd: a x", "n: 2", "m: 5"]);
    let [all, some, odd, n, m] = ids[..] else { panic!("five dimensions") };
    assert_eq!(runs_of_part(&dims, some, all, false), Some(vec![(0, 2), (4, 1)]));
    assert_eq!(runs_of_part(&dims, odd, all, false), None);
    assert_eq!(runs_of_part(&dims, odd, all, true), Some(vec![(0, 1)]));
    assert_eq!(runs_of_part(&dims, all, some, true), Some(vec![(0, 3)]));
    assert_eq!((runs_of_part(&dims, n, m, false), runs_of_part(&dims, n, all, true)), (None, None));
}
