use super::*;
use crate::model::DimId;

/// Start and length in each dimension.
fn region(sides: &[(u32, u32)]) -> Vec<Extent> {
    (0_u32..).zip(sides).map(|(dim, &(start, len))| Extent { dim: DimId(dim), start, len }).collect()
}

fn sides(regions: &[Vec<Extent>]) -> Vec<Vec<(u32, u32)>> {
    regions.iter().map(|region| region.iter().map(|extent| (extent.start, extent.len)).collect()).collect()
}

#[test]
fn ends_lie_inside_of_an_extent() {
    let within = |start: u32, len: u32| ends_within(&region(&[(start, len)])[0], &[0, 2, 3, 7]).to_vec();
    assert_eq!(within(0, 7), [2, 3]);
    assert_eq!(within(0, 8), [2, 3, 7]);
    assert_eq!(within(2, 1), Vec::<u32>::new());
    assert_eq!(within(1, 2), [2]);
    assert_eq!(within(1, 1), Vec::<u32>::new());
}

#[test]
fn a_region_is_cut_into_parts_row_by_row() {
    let whole = region(&[(0, 4), (5, 2)]);
    assert_eq!(sides(&parts_of(&whole, &[&[], &[]])), [[(0, 4), (5, 2)]]);
    let parts = parts_of(&whole, &[&[1, 3], &[6]]);
    let rows = [(0, 1), (1, 2), (3, 1)];
    let wanted: Vec<Vec<(u32, u32)>> =
        rows.into_iter().flat_map(|row| [vec![row, (5, 1)], vec![row, (6, 1)]]).collect();
    assert_eq!(sides(&parts), wanted);
}

#[test]
fn a_distance_is_the_same_everywhere_or_none() {
    let loops = region(&[(0, 4), (2, 1)]);
    let of = |indices: &[Index]| distance(Mention::Var(VarId(0), indices), &loops);
    let moving = |n: u32, offset: i64| Index::Moving { base: Base::Loop(n), offset };
    assert_eq!(of(&[moving(0, -1), moving(1, 0)]), Some(vec![-1, 0]));
    assert_eq!(of(&[moving(0, 0), Index::Fixed(5)]), Some(vec![0, 3]));
    assert_eq!(of(&[moving(0, 0), Index::Fixed(1)]), Some(vec![0, -1]));
    // One element of many, another loop, another number of subscripts, and what the run decides.
    assert_eq!(of(&[Index::Fixed(0), Index::Fixed(2)]), None);
    assert_eq!(of(&[moving(1, 0), moving(0, 0)]), None);
    assert_eq!(of(&[moving(0, 0)]), None);
    assert_eq!(of(&[moving(0, 0), Index::Moving { base: Base::Bound(1), offset: 0 }]), None);
}
