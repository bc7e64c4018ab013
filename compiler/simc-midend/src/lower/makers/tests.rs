use simc_model::model::DimId;

use super::*;

/// Start and length in each dimension.
fn region(sides: &[(u32, u32)]) -> Vec<Extent> {
    (0_u32..).zip(sides).map(|(dim, &(start, len))| Extent { dim: DimId(dim), start, len }).collect()
}

#[test]
fn single_elements_are_found_by_their_positions() {
    let mut makers = Makers::default();
    assert_eq!((makers.last_single(), makers.single(&[0])), (None, None));
    makers.add(7, &region(&[(1, 1), (2, 1)]), 3);
    makers.add(8, &region(&[(0, 1), (2, 1)]), 2);
    assert_eq!((makers.single(&[1, 2]), makers.single(&[0, 2]), makers.single(&[2, 1])), (Some(7), Some(8), None));
    assert_eq!((makers.last_single(), makers.last_looped()), (Some(3), None));
    makers.add(9, &region(&[(0, 1), (0, 1)]), 4);
    assert_eq!(makers.last_single(), Some(4));
}

#[test]
fn tasks_with_loops_of_the_last_nest_are_known() {
    let mut makers = Makers::default();
    let whole = region(&[(0, 4)]);
    makers.add(1, &whole, 3);
    assert_eq!(makers.last_looped(), Some((3, [1].as_slice())));
    makers.add(2, &whole, 3);
    makers.add(3, &whole, 2);
    assert_eq!(makers.last_looped(), Some((3, [1, 2].as_slice())));
    makers.add(4, &whole, 5);
    assert_eq!((makers.last_looped(), makers.last_single()), (Some((5, [4].as_slice())), None));
}

#[test]
fn what_is_read_at_a_position_is_made_by_the_tasks_there() {
    let mut makers = Makers::default();
    makers.add(1, &region(&[(0, 4), (0, 1)]), 1);
    makers.add(2, &region(&[(0, 4), (1, 1)]), 1);
    makers.add(3, &region(&[(2, 1), (0, 3)]), 1);
    makers.add(4, &region(&[(0, 2), (0, 2)]), 1);
    let found = |along: [Along; 2]| {
        let mut found: Vec<usize> = makers.looped(&along).collect();
        found.sort_unstable();
        found
    };
    let (at, any) = (Along::At, Along::Anywhere);
    assert_eq!(found([any, at(0)]), [1, 3, 4]);
    assert_eq!(found([any, at(1)]), [2, 3, 4]);
    assert_eq!(found([any, at(2)]), [3, 4]);
    assert_eq!(found([at(2), any]), [1, 2, 3, 4]);
    assert_eq!(found([at(3), any]), [1, 2, 4]);
    assert_eq!(found([any, any]), [1, 2, 3, 4]);
    assert_eq!(found([at(2), at(1)]), [2, 3, 4]);
    assert_eq!(found([at(3), at(5)]), [4]);
}
