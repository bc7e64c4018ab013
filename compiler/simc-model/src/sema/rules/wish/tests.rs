use super::*;
use crate::model::{DimId, NodeId};

/// Start and length in each dimension.
fn region(sides: &[(u32, u32)]) -> Vec<Extent> {
    (0_u32..).zip(sides).map(|(dim, &(start, len))| Extent { dim: DimId(dim), start, len }).collect()
}

#[test]
fn subscripts_may_name_the_element_at_hand_in_a_part_of_a_region() {
    let of = |indices: &[Index]| same_element(indices, &region(&[(1, 3), (0, 2)]));
    let moving = |n: u32, offset: i64| Index::Moving { base: Base::Loop(n), offset };
    assert_eq!(of(&[moving(0, 0), moving(1, 0)]), Some(region(&[(1, 3), (0, 2)])));
    assert_eq!(of(&[moving(0, -1), moving(1, 0)]), None);
    // The loop of another dimension, and what the run decides, may be at the same position.
    assert_eq!(of(&[moving(1, 1), Index::Computed(NodeId(0))]), Some(region(&[(1, 3), (0, 2)])));
    for (at, wanted) in [(0, None), (1, Some((1, 1))), (3, Some((3, 1))), (4, None)] {
        let found = of(&[Index::Fixed(at), moving(1, 0)]);
        assert_eq!(found, wanted.map(|side| region(&[side, (0, 2)])), "{at}");
    }
}
