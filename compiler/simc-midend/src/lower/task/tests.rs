use simc_model::model::DimId;

use super::*;

/// Start and length in each dimension.
fn region(sides: &[(u32, u32)]) -> Vec<Extent> {
    (0_u32..).zip(sides).map(|(dim, &(start, len))| Extent { dim: DimId(dim), start, len }).collect()
}

fn task(sides: &[(u32, u32)]) -> Task {
    Task::new(Work::Formula(VarId(0), 0), region(sides))
}

fn own(sides: &[(u32, u32)]) -> Vec<Along> {
    let mut nth = 0;
    region(sides).iter().map(|extent| along_own(extent, &mut nth)).collect()
}

#[test]
fn a_dimension_with_several_positions_is_a_loop() {
    let (one, two) = (Along::Loop { nth: 0, start: 1, len: 2 }, Along::Loop { nth: 1, start: 0, len: 3 });
    assert_eq!(own(&[(1, 2), (4, 1), (0, 3)]), [one, Along::At(4), two]);
    let loops: Vec<(u32, u32)> =
        task(&[(1, 2), (4, 1), (0, 3)]).loops().iter().map(|own| (own.start, own.len)).collect();
    assert_eq!(loops, [(1, 2), (0, 3)]);
    assert_eq!(along_bound(&region(&[(2, 1)])[0]), Along::At(2));
    assert_eq!(along_bound(&region(&[(2, 2)])[0]), Along::Within { start: 2, len: 2 });
}

#[test]
fn what_is_read_is_the_same_element_another_or_apart() {
    let relation = |sides: &[(u32, u32)], along: &[Along]| task(sides).relation(along);
    let of_loop = |along: Along| relation(&[(2, 3)], &[along]);
    assert_eq!(of_loop(Along::Loop { nth: 0, start: 2, len: 3 }), Relation::Same);
    assert_eq!(of_loop(Along::Loop { nth: 1, start: 2, len: 3 }), Relation::Other);
    for (start, wanted) in [(0, Relation::Apart), (1, Relation::Other), (4, Relation::Other), (5, Relation::Apart)] {
        assert_eq!(of_loop(Along::Within { start, len: 2 }), wanted, "{start}");
        assert_eq!(of_loop(Along::Loop { nth: 0, start, len: 2 }), wanted, "{start}");
    }
    let at = [1, 2, 4, 5].map(|position| of_loop(Along::At(position)));
    assert_eq!(at, [Relation::Apart, Relation::Other, Relation::Other, Relation::Apart]);
    assert_eq!(of_loop(Along::Anywhere), Relation::Other);
    assert_eq!(relation(&[(2, 1)], &[Along::At(2)]), Relation::Same);
    assert_eq!(relation(&[(2, 1)], &[Along::Anywhere]), Relation::Other);
    assert_eq!(relation(&[], &[]), Relation::Same);
    // Apart in one dimension is apart, whatever the others are.
    assert_eq!(relation(&[(0, 2), (3, 1)], &[Along::Anywhere, Along::At(4)]), Relation::Apart);
    assert_eq!(relation(&[(0, 2), (3, 1)], &[Along::Anywhere, Along::At(3)]), Relation::Other);
    assert_eq!(relation(&[(0, 2), (3, 2)], &own(&[(0, 2), (3, 2)])), Relation::Same);
}

#[test]
fn subscripts_move_with_what_they_follow() {
    let loops = own(&[(1, 2), (4, 1)]);
    let bounds = [Along::Within { start: 3, len: 2 }, Along::Anywhere];
    let moving = |base, offset| along_index(&Index::Moving { base, offset }, &loops, &bounds);
    assert_eq!(moving(Base::Loop(0), 2), Along::Loop { nth: 0, start: 3, len: 2 });
    assert_eq!(moving(Base::Loop(1), -1), Along::At(3));
    assert_eq!(moving(Base::Bound(0), -3), Along::Within { start: 0, len: 2 });
    assert_eq!(moving(Base::Bound(1), 1), Along::Anywhere);
    assert_eq!(along_index(&Index::Fixed(7), &loops, &bounds), Along::At(7));
}

#[test]
fn values_have_targets_and_effects_have_none() {
    let target = |work: Work| Task::new(work, Vec::new()).target();
    let (var, state) = (VarId(3), StateId(5));
    for work in [Work::Param(var), Work::Formula(var, 1), Work::First(var, 1), Work::Init(var, 1)] {
        assert_eq!(target(work), Some(Target::Var(var)));
    }
    for work in [Work::Start(state), Work::Value(state)] {
        assert_eq!(target(work), Some(Target::State(state)));
    }
    for work in [Work::Net(var, 1), Work::Watch(1), Work::Advance(state)] {
        assert_eq!(target(work), None);
    }
}
