//! Reducers.

use super::fixture::{clauses, complaint, complaints, formula, model};
use simc_model::model::Def;

const DIMS: &str = "dim Row r1 r2 r3\ndim Col 2\ndim Sub r2 r3\n\
                    aux a = TIME\n  over Row\naux b = TIME\n  over Col\naux m = TIME\n  over Row Col\n";

fn single(equation: &str) -> String {
    formula(&model(&format!("{DIMS}aux x = {equation}\n")), "x")
}

fn over(dims: &str, equation: &str) -> Vec<String> {
    clauses(&model(&format!("{DIMS}aux x = {equation}\n  over {dims}\n")), "x")
}

fn fault(equation: &str) -> String {
    let (line, _) = complaint(&format!("{DIMS}aux x = {equation}\n"));
    line.split(": ").skip(1).collect::<Vec<_>>().join(": ")
}

#[test]
fn a_reducer_takes_a_whole_array() {
    assert_eq!(single("SUM(a) + MEAN(a[*])"), "SUM(Row: a[j0]) + MEAN(Row: a[j0])");
    assert_eq!(
        single("MIN(a) + MAX(a[Row]) + PROD(b) + STDDEV(b)"),
        "MIN(Row: a[j0]) + MAX(Row: a[j0]) + PROD(Col: b[j0]) + STDDEV(Col: b[j0])"
    );
    assert_eq!(single("SUM(m)"), "SUM(Row, Col: m[j0, j1])");
}

#[test]
fn a_reducer_takes_an_expression_of_arrays() {
    assert_eq!(single("SUM(a*2 + 1)"), "SUM(Row: a[j0]*2 + 1)");
    assert_eq!(single("SUM(a[*]*m[*, *])"), "SUM(Row, Col: a[j0]*m[j0, j1])");
    assert_eq!(single("SUM(IF b > 1 THEN m ELSE 0)"), "SUM(Row, Col: IF b[j1] > 1 THEN m[j0, j1] ELSE 0)");
    assert_eq!(single("SUM(Row*a)"), "SUM(Row: @j0*a[j0])");
    assert_eq!(single("SUM(a*b)"), "SUM(Row, Col: a[j0]*b[j1])");
    assert_eq!(fault("SUM(a[1:2]*a)"), "error[E0308]: shapes do not fit: [Row r1 to r2] and [Row]");
}

#[test]
fn a_reducer_takes_a_part() {
    assert_eq!(single("SUM(a[2:3])"), "SUM(Row 2..3: a[j0])");
    assert_eq!(single("SUM(a[r1:r2]*a[r2:r3])"), "SUM(Row 1..2: a[j0]*a[j0+1])");
    assert_eq!(single("SUM(a[Sub])"), "SUM(Sub: a[j0+1])");
    assert_eq!(over("Row", "SUM(m[Row, *])"), ["[Row] = SUM(Col: m[i0, j0])"]);
    assert_eq!(over("Col", "SUM(m[*, Col])"), ["[Col] = SUM(Row: m[j0, i0])"]);
    assert_eq!(over("Row", "a/SUM(a)"), ["[Row] = a[i0]/SUM(Row: a[j0])"]);
}

#[test]
fn reducers_nest() {
    assert_eq!(single("SUM(a*SUM(m))"), "SUM(Row: a[j0]*SUM(Row, Col: m[j1, j2]))");
    let text = format!("{}a{}", "SUM(a*".repeat(40), ")".repeat(40));
    assert!(fault(&text).contains("E0126"));
}

#[test]
fn a_reducer_of_a_number_is_refused() {
    assert_eq!(fault("SUM(a[r1])"), "error[E0309]: SUM of a single number");
    assert_eq!(fault("STDDEV(1, 2)"), "error[E0208]: STDDEV takes 1 argument, but has 2 here");
}

#[test]
fn sums_products_and_means_take_several_numbers_too() {
    assert_eq!(single("SUM(1, TIME) + PROD(2, TIME, 3)"), "1 + TIME + 2*TIME*3");
    assert_eq!(single("MEAN(1, 2, TIME)"), "(1 + 2 + TIME)/3");
}

#[test]
fn the_size_is_a_number() {
    assert_eq!(
        single("SIZE(Row) + SIZE(a) + SIZE(m[*, 1]) + SIZE(m) + SIZE(a[2:3]) + SIZE(TIME)"),
        "3 + 3 + 3 + 6 + 2 + 1"
    );
    assert_eq!(over("Row", "SIZE(Row)"), ["[Row] = 3"]);
}

#[test]
fn the_ends_of_a_range_may_be_computed_within_a_reducer() {
    assert_eq!(single("SUM(a[1:TIME])"), "SUM(Row: IF 1 <= @j0 AND @j0 <= TIME THEN a[j0] ELSE 0)");
    assert_eq!(
        single("MEAN(a[TIME:r3]*2)"),
        "SUM(Row: IF TIME <= @j0 AND @j0 <= r3 THEN a[j0]*2 ELSE 0)".replace("r3", "3").clone()
            + "/SUM(Row: IF TIME <= @j0 AND @j0 <= 3 THEN 1 ELSE 0)"
    );
    for equation in ["STDDEV(a[1:TIME])", "SIZE(a[1:TIME])", "SUM(DELAY1(a[1:TIME], 3))", "SUM(a[1:TIME]) + a[1:TIME]"]
    {
        assert!(fault(equation).contains("error[E0924]"), "{equation}");
    }
}

#[test]
fn a_call_that_remembers_has_a_memory_for_each_element() {
    let model = model(&format!(
        "{DIMS}aux x = SUM(SMTH1(m[Row, *]*Row, 3))\n  over Row\naux y = a + DELAY(SUM(b), 2)\n  over Row\n"
    ));
    let lens = |index: usize| model.states[index].extents.iter().map(|extent| extent.len).collect::<Vec<_>>();
    assert_eq!((lens(0), model.states[0].n_loops), (vec![3, 2], 1));
    assert_eq!((lens(1), model.states[1].n_loops), (vec![3], 1));
    assert_eq!(simc_model::model::print_expr(&model, &model.states[0].input), "m[i0, j0]*@i0");
    let Def::Formula(clauses) = &super::fixture::var(&model, "x").def else { panic!("a formula") };
    assert_eq!(clauses.len(), 1);
}

#[test]
fn thirty_two_reducers_may_stand_within_one_another() {
    let text = |n: usize| {
        let open = "SUM(v[*] + ".repeat(n - 1);
        format!("dim d 2\naux v = 1\n  over d\naux x = {open}SUM(v[*]){}\n", ")".repeat(n - 1))
    };
    assert_eq!(complaints(&text(32)), Vec::<String>::new());
    let (line, _) = complaint(&text(33));
    assert!(line.contains("more than 32 dimensions within one another"), "{line}");
}

#[test]
fn an_element_of_a_vector_function_is_read_by_its_number() {
    let text = "dim D 4\ndim E 2\naux a = TIME\n  over D\naux m = TIME\n  over E D\naux r = RANK(a, 2)\naux s = RANK(m[E,*], r)\n  over E\n";
    let model = model(text);
    assert_eq!(formula(&model, "r"), "IF 1 <= 2 AND 2 <= 4 AND INT(2) = 2 THEN state#0[2] + 1 ELSE 0");
    assert_eq!(formula(&model, "s"), "IF 1 <= r AND r <= 4 AND INT(r) = r THEN state#1[i0][r] + 1 ELSE 0");
}
