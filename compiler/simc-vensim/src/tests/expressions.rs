//! Expressions: precedence, operands, names.

use super::tree;

/// The right side of `x`, printed.
#[track_caller]
fn prefix(text: &str) -> String {
    let printed = tree(&format!("x = {text} ~~|"));
    printed.strip_prefix("x = ").map(str::to_owned).unwrap_or(printed)
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(prefix(text), expected, "{text}");
}

#[test]
fn power_groups_to_the_right_and_binds_tighter_than_a_sign() {
    check("-2^2", "(- (^ 2.0 2.0))");
    check("(-2)^2", "(^ (- 2.0) 2.0)");
    check("4^3^2", "(^ 4.0 (^ 3.0 2.0))");
    check("2^-2^-3", "(^ 2.0 (- (^ 2.0 (- 3.0))))");
    check("a^-b*c", "(* (^ a (- b)) c)");
    check("10-a^2", "(- 10.0 (^ a 2.0))");
}

#[test]
fn signs_may_follow_operators() {
    check("5 - -3", "(- 5.0 (- 3.0))");
    check("2*-a", "(* 2.0 (- a))");
    check("+a", "a");
    check("a + + b", "(+ a b)");
    check("-a*b", "(* (- a) b)");
    check("MAX(-a,-4)", "(MAX (- a) (- 4.0))");
}

#[test]
fn products_and_sums_group_to_the_left() {
    check("a-b-c", "(- (- a b) c)");
    check("a/b*c", "(* (/ a b) c)");
    check("a+b*c", "(+ a (* b c))");
}

#[test]
fn logic_is_looser_than_comparisons() {
    check("a :OR: b :AND: c", "(:OR: a (:AND: b c))");
    check(":NOT: Time > 5", "(:NOT: (> Time 5.0))");
    check(":NOT: a :AND: b", "(:AND: (:NOT: a) b)");
    check("a<b:AND:c>=d :or:e<>f", "(:OR: (:AND: (< a b) (>= c d)) (<> e f))");
    check("a + 1 = b", "(= (+ a 1.0) b)");
    check("a=:NA:", "(= a :NA:)");
    check(": AND : = 1".trim_start_matches(": AND : = "), "1.0");
    check("a : and : b", "(:AND: a b)");
}

#[test]
fn numbers_in_every_form() {
    for (text, value) in
        [("1", "1.0"), ("1.", "1.0"), (".25", "0.25"), ("3e-05", "3e-5"), ("1e+006", "1000000.0"), ("2.5E2", "250.0")]
    {
        check(text, value);
    }
}

#[test]
fn names_have_spaces_apostrophes_and_other_letters() {
    check("worker's wage*price $", "(* worker's wage price $)");
    check("net_income + NET  \n\tINCOME", "(+ net_income NET INCOME)");
    check("population à risque / 人口", "(/ population à risque 人口)");
    check("\"a-b\" + \"say \\\"hi\\\"\"", "(+ \"a-b\" \"say \\\"hi\\\"\")");
    check("\"a|b ~ c\"", "\"a|b ~ c\"");
    check("parents' house", "parents' house");
    check("R & D", "\"R & D\"");
    check("_hidden", "_hidden");
    check("TIME STEP$", "TIME STEP$");
    check("a\u{a0}b", "a b");
}

#[test]
fn calls_in_any_case_and_spacing() {
    check("if then else(Time>1, max (1,2), Min(3 , 4))", "(if then else (> Time 1.0) (max 1.0 2.0) (Min 3.0 4.0))");
    check("INTEG (\n\ta-b,\n\t\t c)", "(INTEG (- a b) c)");
    check("RANDOM 0 1()", "(RANDOM 0 1)");
    check("THEIL(a,b:R2,MAPE)", "(THEIL a b : R2, MAPE)");
    check("GET XLS DATA('?data', 'tab|1', 'A', 'B2*')", "(GET XLS DATA '?data' 'tab|1' 'A' 'B2*')");
}

#[test]
fn subscripts_and_their_marks() {
    check("SUM(m[r!,k]*x[k])", "(SUM (* m[r!, k] x[k]))");
    check("VMAX(m[ r! , \"k-1\" ! ])", "(VMAX m[r!, \"k-1\"!])");
    check("table[a](Time)", "(table[a] Time)");
}

#[test]
fn comments_stand_anywhere() {
    check("a {one {two} ~|} + {x} b", "(+ a b)");
    check("MIN({first} a, b{second})", "(MIN a b)");
}

#[test]
fn continued_lines_count_for_nothing() {
    check("popul\\\n\t\tation + 1.\\\n\t\t5", "(+ population 1.5)");
    check("a :AN\\\n\t\tD: b", "(:AND: a b)");
    check("a <\\\n\t\t> b", "(<> a b)");
}

#[test]
fn points_as_an_argument() {
    check(
        "WITH LOOKUP (Time, ([(0,0)-(10,10),(1,1)],(0,3),(-4,+7) ))",
        "(WITH LOOKUP Time (lookup range [0.0, 0.0, 10.0, 10.0] [(0.0, 3.0), (-4.0, 7.0)]))",
    );
    check("WITH LOOKUP(Time,((0,1),(2,3)))", "(WITH LOOKUP Time (lookup [(0.0, 1.0), (2.0, 3.0)]))");
    check("WITH LOOKUP(Time,(0,1,2,3))", "(WITH LOOKUP Time (lookup [(0.0, 2.0), (1.0, 3.0)]))");
    check("((a+1)*2)", "(* (+ a 1.0) 2.0)");
    check("((1)+a)", "(+ 1.0 a)");
}

#[test]
fn a_long_chain_is_one_level() {
    let chain = vec!["a"; 10_000].join(" + ");
    assert_eq!(prefix(&chain).matches('+').count(), 9_999);
}
