//! What holds before the first step.

use super::fixture::{clauses, complaint, model, order};

#[test]
fn an_initial_value_may_follow_from_what_follows_from_it_later() {
    let model = model(
        "stock s = x\n  in f\nflow f = x - s\naux x = IF TIME = STARTTIME THEN a ELSE s*b\naux a = 100\naux b = s/2\n",
    );
    assert_eq!(order(&model, &model.init_order), "a x s");
    assert_eq!(order(&model, &model.step_order), "a b x f");
}

#[test]
fn the_branch_that_is_taken_stands_for_the_whole() {
    let text = "dim D 3\nstock s = x\n  over D\n  in f\nflow f = x\n  over D\n\
                    aux x = 1 + SUM(IF STARTTIME = TIME THEN c[*] ELSE s[*]*2) + D\n  over D\naux c = TIME\n  over D\n";
    let model = model(text);
    assert_eq!(order(&model, &model.init_order), "c x s");
    let both =
        ["[D] = 1 + SUM(D: IF 0 = TIME THEN c[j0] ELSE s[j0]*2) + @i0", "[D] at first = 1 + SUM(D: c[j0]) + @i0"];
    assert_eq!(clauses(&model, "x"), both);
}

#[test]
fn a_cycle_at_the_start_is_one_still() {
    let (line, _) = complaint("stock s = x\n  in f\nflow f = x\naux x = IF TIME = STARTTIME THEN s ELSE 2\n");
    assert!(line.contains("circular"), "{line}");
}
