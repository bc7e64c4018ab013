use simc_model::model::{DimId, VarId};

use super::*;

const LEN: u32 = 4;

/// The element of the pass itself, in a loop over all of the dimension.
const SAME: Along = Along::Loop { nth: 0, start: 0, len: LEN };

/// An equation of a variable over positions of one dimension, given by the first one and their number.
fn over(var: u32, extents: &[(u32, u32)]) -> Task {
    let extent = |&(start, len): &(u32, u32)| Extent { dim: DimId(0), start, len };
    Task::new(Work::Formula(VarId(var), 0), extents.iter().map(extent).collect())
}

/// The equation of all elements.
fn whole(var: u32) -> Task {
    over(var, &[(0, LEN)])
}

/// The equation of one element.
fn element(var: u32, position: u32) -> Task {
    over(var, &[(position, 1)])
}

fn read(var: u32, along: &[Along]) -> Read {
    Read { target: Target::Var(VarId(var)), along: along.to_vec(), is_inside: false }
}

fn reads(var: u32, along: Along) -> Vec<Read> {
    vec![read(var, &[along])]
}

fn scheduler() -> Scheduler {
    Scheduler {
        schedule: Schedule { nests: vec![Nest::default()], ..Schedule::default() },
        makers: BTreeMap::new(),
        by_loops: BTreeMap::from([(Loops::default(), vec![0])]),
    }
}

/// The nest of each task, and the variables that are kept in memory.
fn found(scheduler: Scheduler) -> (Vec<usize>, Vec<u32>) {
    let var = |target: Target| if let Target::Var(id) = target { id.0 } else { panic!("{target:?} is no variable") };
    (scheduler.schedule.nest_of, scheduler.schedule.kept.into_iter().map(var).collect())
}

/// The same of tasks one after the other.
fn nests(tasks: Vec<(Task, Vec<Read>)>) -> (Vec<usize>, Vec<u32>) {
    let mut scheduler = scheduler();
    for (task, reads) in tasks {
        scheduler.add(vec![(task, (reads, 1))], Vec::new());
    }
    found(scheduler)
}

#[test]
fn the_element_of_the_same_pass_needs_no_memory() {
    let tasks = vec![(whole(0), Vec::new()), (whole(1), reads(0, SAME))];
    assert_eq!(nests(tasks), (vec![1, 1], vec![]));
}

#[test]
fn any_other_element_is_read_from_memory_by_a_later_nest() {
    for along in [Along::Anywhere, Along::At(2), Along::At(3), Along::Within { start: 0, len: LEN }] {
        let tasks = vec![(whole(0), Vec::new()), (whole(1), reads(0, along))];
        assert_eq!(nests(tasks), (vec![1, 2], vec![0]), "{along:?}");
    }
}

#[test]
fn the_element_of_the_same_pass_in_a_later_nest_is_in_memory() {
    let other = Along::Anywhere;
    // The third reads one in the same pass, and elsewhere one that shares the nest of that.
    let both = vec![read(0, &[SAME]), read(1, &[other])];
    let tasks = vec![(whole(0), Vec::new()), (whole(1), Vec::new()), (whole(2), both)];
    assert_eq!(nests(tasks), (vec![1, 1, 2], vec![0, 1]));
}

#[test]
fn what_needs_no_loop_comes_before_all_loops_if_it_can() {
    let scalar = |var| over(var, &[]);
    let tasks = vec![
        (whole(0), Vec::new()),
        (scalar(1), Vec::new()),
        // Every element comes of it, which is a value and not in memory.
        (whole(2), vec![read(1, &[])]),
        // Comes after a loop, in a nest of no loops of its own.
        (scalar(3), reads(0, Along::Anywhere)),
        (scalar(4), vec![read(3, &[])]),
        (whole(5), vec![read(4, &[])]),
        (scalar(6), Vec::new()),
    ];
    assert_eq!(nests(tasks), (vec![1, 0, 1, 2, 2, 3, 0], vec![0]));
}

#[test]
fn single_elements_are_values_where_the_position_is_known() {
    let tasks = vec![(element(0, 1), Vec::new()), (whole(1), reads(0, Along::At(1)))];
    assert_eq!(nests(tasks), (vec![0, 1], vec![]));
    // One that is computed after a loop makes what reads it come later; one that is not there makes nothing.
    let late = |position| {
        let tasks = vec![
            (whole(0), Vec::new()),
            (element(1, 1), reads(0, Along::At(3))),
            (element(1, 2), Vec::new()),
            (whole(2), reads(1, Along::At(position))),
        ];
        nests(tasks)
    };
    assert_eq!(late(1), (vec![1, 2, 0, 3], vec![0]));
    assert_eq!(late(2), (vec![1, 2, 0, 1], vec![0]));
    assert_eq!(late(3), (vec![1, 2, 0, 1], vec![0]));
}

#[test]
fn single_elements_are_in_memory_where_the_position_is_not_known() {
    let all = |along| {
        let tasks = vec![
            (element(0, 0), Vec::new()),
            (whole(1), Vec::new()),
            (element(0, 1), reads(1, Along::At(0))),
            (element(0, 2), Vec::new()),
            (whole(2), reads(0, along)),
        ];
        nests(tasks)
    };
    for along in [Along::Anywhere, SAME, Along::Within { start: 0, len: 3 }] {
        assert_eq!(all(along), (vec![0, 1, 2, 0, 3], vec![0, 1]), "{along:?}");
    }
}

#[test]
fn parts_of_an_array_have_nests_of_their_own() {
    let (first, second) = (over(0, &[(0, 2)]), over(0, &[(2, 2)]));
    let part = |start| Along::Loop { nth: 0, start, len: 2 };
    let tasks = |over_: &[(u32, u32)], along| {
        nests(vec![(first.clone(), Vec::new()), (second.clone(), Vec::new()), (over(1, over_), reads(0, along))])
    };
    // The nest of the second part is the last that computes some of it: only loops over that can be the same.
    assert_eq!(tasks(&[(2, 2)], part(2)), (vec![1, 2, 2], vec![]));
    assert_eq!(tasks(&[(0, 2)], part(0)), (vec![1, 2, 3], vec![0]));
    assert_eq!(tasks(&[(2, 2)], part(0)), (vec![1, 2, 3], vec![0]));
    assert_eq!(tasks(&[(0, LEN)], SAME), (vec![1, 2, 3], vec![0]));
    // A single position is in one of the parts.
    assert_eq!(tasks(&[], Along::At(3)), (vec![1, 2, 3], vec![0]));
}

#[test]
fn rows_of_a_matrix_are_found_by_their_position() {
    let row = |position| over(0, &[(position, 1), (0, LEN)]);
    let of_row = |position| vec![Along::At(position), SAME];
    let tasks = |along: Vec<Along>| {
        let makers = vec![(row(0), Vec::new()), (row(1), Vec::new())];
        let user = vec![(whole(1), vec![read(0, &along)])];
        nests([makers, user].concat())
    };
    // Both rows are in one nest, but only one is that of the pass.
    assert_eq!(tasks(of_row(0)), (vec![1, 1, 2], vec![0]));
    assert_eq!(tasks(of_row(1)), (vec![1, 1, 2], vec![0]));
    assert_eq!(tasks(vec![Along::Anywhere, SAME]), (vec![1, 1, 2], vec![0]));
    // Where there is one row alone, the pass has it.
    let alone = vec![(row(1), Vec::new()), (whole(1), vec![read(0, &of_row(1))])];
    assert_eq!(nests(alone), (vec![1, 1], vec![]));
}

#[test]
fn a_nest_takes_so_many_nodes_and_no_more() {
    let place = |sizes: &[usize]| {
        let mut scheduler = scheduler();
        for (var, &n_nodes) in (0..).zip(sizes) {
            scheduler.add(vec![(whole(var), (Vec::new(), n_nodes))], Vec::new());
        }
        found(scheduler).0
    };
    assert_eq!(place(&[MAX_NODES - 1, 1, 1]), [1, 1, 2]);
    assert_eq!(place(&[MAX_NODES + 5, MAX_NODES, 1, 1, MAX_NODES - 2]), [1, 2, 3, 3, 3]);
    // There is room in an earlier one, unless so many others before it are full; the last is always looked at.
    let full = vec![MAX_NODES; MAX_TRIES - 1];
    let after = |n_full: usize| {
        let sizes = [vec![MAX_NODES; n_full], vec![MAX_NODES - 1, MAX_NODES, 1]].concat();
        *place(&sizes).last().expect("there are some")
    };
    assert_eq!(after(full.len()), MAX_TRIES);
    assert_eq!(after(MAX_TRIES), MAX_TRIES + 3);
    let last = [vec![MAX_NODES; MAX_TRIES + 2], vec![MAX_NODES - 1, 1]].concat();
    assert_eq!(place(&last).last(), Some(&(MAX_TRIES + 3)));
    // What has no loops can be split, and is never too much.
    let mut scheduler = scheduler();
    for var in 0..3 {
        scheduler.add(vec![(over(var, &[]), (Vec::new(), MAX_NODES))], Vec::new());
    }
    assert_eq!(found(scheduler).0, [0, 0, 0]);
}

#[test]
fn clauses_of_a_recurrence_share_a_nest_and_find_each_other_in_memory() {
    let together = |along, descends: Vec<bool>| {
        let mut scheduler = scheduler();
        scheduler.add(vec![(whole(9), (Vec::new(), 1))], Vec::new());
        let part = |var| Task { recurrence: Some(simc_model::model::RecurrenceId(0)), ..whole(var) };
        let tasks = vec![(part(0), (reads(1, along), 1)), (part(1), (reads(0, SAME), 1))];
        scheduler.add(tasks, descends);
        found(scheduler)
    };
    let before = Along::Loop { nth: 0, start: 1, len: LEN };
    assert_eq!(together(before, Vec::new()), (vec![1, 1, 1], vec![1]));
    assert_eq!(together(Along::Anywhere, Vec::new()), (vec![1, 1, 1], vec![1]));
    // Loops that descend are no loops that ascend.
    assert_eq!(together(before, vec![true]), (vec![1, 2, 2], vec![1]));
    // What a clause of no recurrence reads of its own array in the same pass was computed before, and somewhere else.
    let alone = vec![(whole(0), reads(0, SAME))];
    assert_eq!(nests(alone), (vec![1], vec![0]));
    let apart = vec![(over(0, &[(0, 2)]), reads(0, Along::At(3)))];
    assert_eq!(nests(apart), (vec![1], vec![]));
}

#[test]
fn what_advances_a_state_goes_with_its_value_or_after_it() {
    use simc_model::model::StateId;
    let of_state = |work| Task { work, ..whole(0) };
    let mut scheduler = scheduler();
    scheduler.add(vec![(whole(0), (Vec::new(), 1))], Vec::new());
    scheduler.add(vec![(whole(1), (reads(0, Along::Anywhere), 1))], Vec::new());
    scheduler.add(vec![(of_state(Work::Value(StateId(0))), (reads(1, SAME), 1))], Vec::new());
    scheduler.add(vec![(of_state(Work::Advance(StateId(0))), (Vec::new(), 1))], Vec::new());
    scheduler.add(vec![(of_state(Work::Advance(StateId(1))), (Vec::new(), 1))], Vec::new());
    assert_eq!(found(scheduler), (vec![1, 2, 2, 2, 1], vec![0]));
}

#[test]
fn fixed_positions_are_all_or_none() {
    assert_eq!(fixed(&[]), Some(vec![]));
    assert_eq!(fixed(&[Along::At(3), Along::At(1)]), Some(vec![3, 1]));
    for along in [SAME, Along::Within { start: 1, len: 2 }, Along::Anywhere] {
        assert_eq!(fixed(&[Along::At(3), along]), None);
    }
}

#[test]
fn loops_of_a_recurrence_descend_where_it_says_so() {
    let extent = |len| Extent { dim: DimId(0), start: 0, len };
    let found = |lens: &[u32], descends: &[bool]| {
        let region = lens.iter().map(|&len| extent(len)).collect();
        descents(&Recurrence { clauses: Vec::new(), region, descends: descends.to_vec() })
    };
    assert_eq!(found(&[3, 2], &[false, false]), Vec::<bool>::new());
    assert_eq!(found(&[3, 2], &[false, true]), [false, true]);
    // A dimension with one position needs no loop.
    assert_eq!(found(&[3, 1, 2], &[true, true, false]), [true, false]);
}
