use super::*;
use crate::sema::base::dimension::tests::dims_of;

fn whole(dims: &Dims, of: &[DimId]) -> Vec<Extent> {
    of.iter().map(|&dim| Extent { dim, start: 0, len: dims.len(dim) }).collect()
}

/// For each dimension the loop that it follows, with what is added.
fn followed(dims: &Dims, loops: &[DimId], of: &[DimId]) -> Vec<Option<(u32, i64)>> {
    let order: Vec<usize> = (0..loops.len()).collect();
    let found = find_loops(dims, &whole(dims, loops), &order, of).expect("nothing has to be split");
    let loop_of = |index: Option<Index>| match index {
        Some(Index::Moving { base: Base::Loop(n), offset }) => Some((n, offset)),
        Some(_) | None => None,
    };
    found.into_iter().map(loop_of).collect()
}

#[test]
fn each_loop_is_followed_by_one_dimension() {
    let (dims, ids) = dims_of(&["a: x y", "b: p q > a", "c: s t > a", "d: u v"]);
    let [a, b, c, d] = ids[..] else { panic!("four dimensions") };
    assert_eq!(followed(&dims, &[a], &[a, a]), [Some((0, 0)), None]);
    assert_eq!(followed(&dims, &[a], &[b, c]), [Some((0, 0)), None]);
    assert_eq!(followed(&dims, &[a, a], &[b, c]), [Some((0, 0)), Some((1, 0))]);
    // The same dimension comes before one that is mapped.
    assert_eq!(followed(&dims, &[a], &[b, a]), [None, Some((0, 0))]);
    assert_eq!(followed(&dims, &[d, a, b], &[a, b]), [Some((1, 0)), Some((2, 0))]);
    assert_eq!(followed(&dims, &[b, c], &[a]), [Some((0, 0))]);
    assert_eq!(followed(&dims, &[d], &[a, b, c]), [None; 3]);
    assert_eq!(followed(&dims, &[], &[]), []);
    assert_eq!(follow_loops(&dims, &whole(&dims, &[a]), &[a, a]).ok(), Some(None));
    let own = Index::Moving { base: Base::Loop(1), offset: 0 };
    assert_eq!(follow_loops(&dims, &whole(&dims, &[d, a]), &[a]).ok(), Some(Some(vec![own])));
}

#[test]
fn elements_of_one_name_are_an_even_distance_apart_or_split_the_loop() {
    let (dims, ids) = dims_of(&["all: a b c d e", "late: c d e", "odd: a c e", "none: x y", "n: 3", "m: 3", "k: 4"]);
    let [all, late, odd, none, n, m, k] = ids[..] else { panic!("seven dimensions") };
    let of = |from: DimId, start: u32, len: u32, to: DimId| {
        relate(&dims, &[Extent { dim: from, start, len }], 0, to).map_err(|split| (split.n, split.at))
    };
    assert_eq!(of(late, 0, 3, all), Ok(Some(2)));
    assert_eq!(of(all, 2, 3, late), Ok(Some(-2)));
    assert_eq!(of(all, 1, 2, late), Ok(None));
    assert_eq!(of(all, 2, 1, odd), Ok(Some(-1)));
    assert_eq!(of(odd, 0, 3, all), Err((0, 1)));
    assert_eq!(of(odd, 1, 2, all), Err((0, 2)));
    assert_eq!(of(odd, 2, 1, all), Ok(Some(2)));
    assert_eq!(of(all, 0, 5, none), Ok(None));
    assert_eq!(
        [of(n, 0, 3, m), of(n, 0, 3, k), of(n, 0, 3, all), of(all, 0, 5, n)],
        [Ok(Some(0)), Ok(None), Ok(None), Ok(None)]
    );
    assert_eq!(of(all, 3, 1, all), Ok(Some(0)));
}
