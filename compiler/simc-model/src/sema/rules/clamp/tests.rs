use super::*;
use crate::model::DimId;

/// Start and length in each dimension.
fn region(sides: &[(u32, u32)]) -> Vec<Extent> {
    (0_u32..).zip(sides).map(|(dim, &(start, len))| Extent { dim: DimId(dim), start, len }).collect()
}

#[test]
fn elements_that_two_regions_share_are_counted() {
    let common = |a: &[(u32, u32)], b: &[(u32, u32)]| count_common(&region(a), &region(b));
    assert_eq!(common(&[(0, 4), (0, 3)], &[(1, 2), (2, 5)]), 2);
    assert_eq!(common(&[(2, 4)], &[(0, 4)]), 2);
    assert_eq!(common(&[(0, 2)], &[(2, 2)]), 0);
    assert_eq!(common(&[(2, 2)], &[(0, 2)]), 0);
    assert_eq!(common(&[], &[]), 1);
}

/// Of an array of six elements, the second and third are non-negative and the fifth is not, whatever the others are.
fn flags(default: bool) -> Flags {
    let own = vec![(region(&[(1, 2)]), true), (region(&[(4, 1)]), false)];
    let index = RegionIndex::new(own.iter().map(|(region, _)| region.as_slice()));
    Flags { own, index, default }
}

#[test]
fn a_region_has_a_flag_when_all_of_its_elements_have_the_same() {
    let of = |default: bool, start: u32, len: u32| flags(default).of(&region(&[(start, len)]));
    assert_eq!([of(true, 0, 1), of(false, 0, 1)], [Some(true), Some(false)]);
    assert_eq!([of(true, 1, 2), of(false, 1, 2)], [Some(true), Some(true)]);
    assert_eq!([of(true, 4, 1), of(false, 4, 1)], [Some(false), Some(false)]);
    assert_eq!([of(true, 0, 4), of(false, 0, 4)], [Some(true), None]);
    assert_eq!([of(true, 3, 3), of(false, 3, 3)], [None, Some(false)]);
    assert_eq!([of(true, 0, 6), of(false, 0, 6)], [None, None]);
}

#[test]
fn a_region_is_cut_where_flags_change() {
    let mut parts: Vec<(u32, u32)> =
        flags(true).parts(&region(&[(0, 6)])).iter().map(|part| (part[0].start, part[0].len)).collect();
    parts.sort_unstable();
    assert_eq!(parts, [(0, 1), (1, 2), (3, 1), (4, 1), (5, 1)]);
    assert_eq!(flags(true).parts(&region(&[(2, 1)])), [region(&[(2, 1)])]);
}
