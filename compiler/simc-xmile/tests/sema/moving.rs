//! Arrays that read their neighbours, and arrays in cycles.

use super::fixture::{clauses, complaint, model, order};

#[test]
fn a_read_beyond_the_ends_gives_the_value_for_invalid_subscripts() {
    let text = "dim D 4\naux a = TIME\n  over D\naux x = a[D - 1]\n  over D\naux y = a[2 + D]\n  over D\n";
    let zero = model(text);
    assert_eq!(clauses(&zero, "x"), ["[D 1] = 0", "[D 2..4] = a[i0-1]"]);
    assert_eq!(clauses(&zero, "y"), ["[D 1..2] = a[i0+2]", "[D 3..4] = 0"]);
    let nan = model(&format!("outside NaN\n{text}"));
    assert_eq!(clauses(&nan, "x")[0], "[D 1] = NAN");
    assert!(nan.invalid_index.is_nan() && zero.invalid_index == 0.0);
}

#[test]
fn arrays_that_read_one_another_at_even_distances_are_computed_position_by_position() {
    let text = "dim D 1000000\naux a = b[D - 1] + 1\n  over D\naux b = a*2\n  over D\naux c = SUM(b)\n";
    let resolved = model(text);
    // The first element of each stands alone, since there is nothing before it.
    assert_eq!(order(&resolved, &resolved.step_order), "a#0 b#0 +(a#1 b#1) c");
    assert_eq!(clauses(&resolved, "b"), ["[D 1] = a[i0]*2", "[D 2..1000000] = a[i0]*2"]);
    let downwards = model(&text.replace("b[D - 1]", "b[D + 2]"));
    assert_eq!(order(&downwards, &downwards.step_order), "a#1 b#1 -(a#0 b#0) c");
}

#[test]
fn what_is_even_in_one_dimension_may_be_so_in_another() {
    let text = "dim D 300\ndim E 400\naux a = a[D - 1, E] + a[D, E + 1] + b\n  over D E\naux b = a[D - 1, E + 2]\n  over D E\n";
    let model = model(text);
    let last = order(&model, &model.step_order);
    assert!(last.ends_with("+-(b#3 a#3)") || last.contains("+-("), "{last}");
}

#[test]
fn elements_that_read_both_ways_are_ordered_one_by_one() {
    let text = "dim D 4\naux a = b[D + 1]\n  over D\n\
                aux b\n  over D\n  elem 1 = 7\n  elem 2 = TIME\n  elem 3 = a[1]\n  elem 4 = a[1]\n";
    let model = model(text);
    let order = order(&model, &model.step_order);
    assert!(!order.contains('('), "{order}");
    assert_eq!(clauses(&model, "a").len(), 4);
}

#[test]
fn a_cycle_of_one_element_is_found_in_arrays_of_any_size() {
    let (line, _) = complaint("dim D 5000\naux a = b + b[D - 1]\n  over D\naux b = a*2\n  over D\n");
    assert!(line.contains("error[E0206]: circular dependency: a -> b -> a"), "{line}");
}

#[test]
fn clauses_are_ordered_before_they_are_cut() {
    let text = "dim D x y z\naux a\n  over D\n  elem x = TIME\n  elem y = b[x]\n  elem z = b[y]\n\
                aux b = a + 1\n  over D\n  elem z = 0\n";
    let model = model(text);
    assert_eq!(order(&model, &model.step_order), "a#0 b#1 a#1 b#2 a#2 b#0");
    let text = "dim D 1000000\naux a = b\n  over D\n  elem 1 = TIME\naux b = a[1]\n  over D\n";
    let model = super::fixture::model(text);
    assert_eq!(order(&model, &model.step_order), "a#0 b#0 a#1");
}

#[test]
fn a_cycle_of_elements_is_reported_with_its_path() {
    let text = "dim D 3\naux a = b[D - 1]\n  over D\naux b = a + c\n  over D\naux c = b[3]\n";
    let (line, _) = complaint(text);
    assert!(line.contains("error[E0206]: circular dependency: "), "{line}");
    assert!(line.contains("a[3] -> b[2]") || line.contains("c -> b[3]"), "{line}");
    let (line, _) = complaint("dim D n s\naux a = IF D = n THEN a[s] ELSE a[n]\n  over D\n");
    assert!(line.contains("a[n] -> a[s] -> a[n]"), "{line}");
}

#[test]
fn stateful_calls_are_cut_with_their_clauses() {
    let text = "dim D 3\naux a = DELAYN(b[D - 1], 1, 2, 0) + b[D - 1]\n  over D\naux b = a*2\n  over D\n";
    let model = model(text);
    assert_eq!(model.states.len(), 2);
    assert!(model.states.iter().all(|state| state.kind == simc_model::model::StateKind::Delay { order: 2 }));
    let mut parts: Vec<(u32, u32)> =
        model.states.iter().map(|state| (state.extents[0].start, state.extents[0].len)).collect();
    parts.sort_unstable();
    assert_eq!(parts, [(0, 1), (1, 2)]);
}

#[test]
fn initial_values_may_follow_one_another() {
    let text = "dim D 3\nstock s = IF D = 1 THEN 5 ELSE s[D - 1] + 1\n  over D\n  in f\nflow f = s\n  over D\n";
    let model = model(text);
    assert_eq!(order(&model, &model.init_order), "s#0 s#1");
    assert_eq!(order(&model, &model.step_order), "f");
}

#[test]
fn a_cycle_of_too_many_elements_is_refused() {
    let (line, _) = complaint("dim D 5000\naux k = 5000 - TIME\naux a = IF D = 5000 THEN 1 ELSE a[k]\n  over D\n");
    assert!(line.contains("error[E0926]"), "{line}");
}

#[test]
fn elements_that_read_others_of_their_own_array_are_not_cut() {
    let earlier = model("dim D 1000000\naux a = IF D = 1 THEN TIME ELSE a[D - 1]\n  over D\naux b = a[7]\n");
    assert_eq!(order(&earlier, &earlier.step_order), "a#0 a#1 b");
    let later = model("dim D 1000000\naux a = a[D + 1] + 1\n  over D\naux b = a[7]\n");
    assert_eq!(order(&later, &later.step_order), "a#1 -(a#0) b");
}
