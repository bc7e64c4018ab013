//! Reads of arrays: names alone, elements, slices and computed subscripts.

use super::fixture::{clauses, complaint, formula, model};

const DIMS: &str = "dim Row r1 r2 r3\ndim Col 2\ndim Sub r2 r3\ndim Mix r3 r1 r2\n\
                    aux a = TIME\n  over Row\naux m = TIME\n  over Row Col\naux q = TIME\n  over Row Row\n";

fn with_dims(text: &str) -> String {
    format!("{DIMS}{text}")
}

/// The clauses of `x`, defined by an equation over some dimensions.
fn over(dims: &str, equation: &str) -> Vec<String> {
    clauses(&model(&with_dims(&format!("aux x = {equation}\n  over {dims}\n"))), "x")
}

/// The formula of `x` without dimensions.
fn single(equation: &str) -> String {
    formula(&model(&with_dims(&format!("aux x = {equation}\n"))), "x")
}

fn fault(dims: &str, equation: &str) -> String {
    let over = if dims.is_empty() { String::new() } else { format!("  over {dims}\n") };
    let (line, _) = complaint(&with_dims(&format!("aux x = {equation}\n{over}")));
    line.split(": ").skip(1).collect::<Vec<_>>().join(": ")
}

#[test]
fn a_name_alone_follows_the_loops_by_dimension() {
    assert_eq!(over("Row", "a"), ["[Row] = a[i0]"]);
    assert_eq!(over("Col Row", "m + a"), ["[Col, Row] = m[i1, i0] + a[i1]"]);
    assert_eq!(over("Row Row", "q + a"), ["[Row, Row] = q[i0, i1] + a[i0]"]);
}

#[test]
fn elements_are_named_and_numbered() {
    assert_eq!(single("a[r2] + a[2] + a[@2] + a[Row.r2]"), "a[r2] + a[r2] + a[r2] + a[r2]");
    assert_eq!(single("Row.r2 + Mix.r2"), "@2 + @3");
    assert_eq!(single("a[Mix.r3]"), "a[r1]");
    assert_eq!(fault("", "a[r4]"), "error[E0302]: `r4` is no element of dimension `Row`");
    assert_eq!(fault("", "a[4]"), "error[E0302]: dimension `Row` has no element 4");
    assert_eq!(fault("", "a[@0]"), "error[E0302]: dimension `Row` has no element 0");
    assert_eq!(fault("", "m[1]"), "error[E0303]: `m[Row, Col]` has 2 subscripts, but 1 here");
}

#[test]
fn an_element_comes_before_a_variable_of_the_same_name_within_subscripts() {
    let model = model(&with_dims("aux r1 = 2\naux x = a[r1] + r1\naux n = 1\naux y = a[n]\n"));
    assert_eq!(formula(&model, "x"), "a[r1] + r1");
    assert_eq!(formula(&model, "y"), "a[n]");
}

#[test]
fn a_position_is_a_dimension_of_the_equation() {
    assert_eq!(over("Row Row", "q[@2, @1] + q[@1, @1]"), ["[Row, Row] = q[i1, i0] + q[i0, i0]"]);
    assert_eq!(over("Col Row", "m[@2, @1] + a[@2]"), ["[Col, Row] = m[i1, i0] + a[i1]"]);
    assert_eq!(over("Row", "SUM(m[@1, *])"), over("Row", "SUM(m[Row, *])"));
    assert_eq!(over("Row", "a[@1]"), over("Row", "a[Row]"));
    let error = fault("Row", "a[@2]");
    assert_eq!(error, "error[E0302]: `@2` is no dimension of this equation, which has 1");
}

#[test]
fn a_dimension_means_the_current_element() {
    assert_eq!(over("Row Col", "m[Row, Col] + a[Row] + Row"), ["[Row, Col] = m[i0, i1] + a[i0] + @i0"]);
    assert_eq!(over("Row", "q[Row, Row]"), ["[Row] = q[i0, i0]"]);
}

#[test]
fn elements_of_other_dimensions_are_found_by_name() {
    assert_eq!(over("Sub", "a"), ["[Sub] = a[i0+1]"]);
    assert_eq!(over("Sub", "a[Sub]"), ["[Sub] = a[i0+1]"]);
    assert_eq!(over("Mix", "a[Mix]"), ["[Mix 1] = a[i0+2]", "[Mix 2..3] = a[i0-1]"]);
    assert_eq!(
        fault("Col", "a[Col]"),
        "error[E0311]: dimension `Col` is used where one of the elements of `Row` is needed"
    );
}

#[test]
fn mapped_dimensions_correspond_by_position() {
    let model = model(
        "dim A a1 a2 -> B\ndim B b1 b2\naux v = TIME\n  over A\naux x = v[A]\n  over B\naux y = v + A\n  over B\n",
    );
    assert_eq!(clauses(&model, "x"), ["[B] = v[i0]"]);
    assert_eq!(clauses(&model, "y"), ["[B] = v[i0] + @i0"]);
}

#[test]
fn slices_are_assigned_along_the_dimension_that_is_left() {
    assert_eq!(over("Row", "m[*, 2]"), ["[Row] = m[i0, 2]".replace("2]", "\"2\"]")]);
    assert_eq!(over("Col", "a[r2:r3]"), ["[Col] = a[i0+1]"]);
    assert_eq!(over("Col", "a[2:3] + a[1:2]"), ["[Col] = a[i0+1] + a[i0]"]);
    assert_eq!(over("Sub", "a[*:Sub] + a[Sub.*]"), ["[Sub] = a[i0+1] + a[i0+1]"]);
    assert_eq!(fault("Col", "a[*]"), "error[E0308]: the equation has shape [Row], but `x` is an array [Col]");
    assert_eq!(fault("", "a"), "error[E0308]: the equation has shape [Row], but `x` is a single number");
    assert_eq!(fault("", "a[3:2]"), "error[E0310]: the range runs backwards: `r3` comes after `r2`");
    assert_eq!(fault("Row", "m[*, *]"), "error[E0308]: the equation has shape [Row, Col], but `x` is an array [Row]");
}

#[test]
fn the_transpose_exchanges_the_last_two_dimensions() {
    assert_eq!(over("Row Row", "q'"), ["[Row, Row] = q[i1, i0]"]);
    assert_eq!(over("Row Row", "q + q'"), ["[Row, Row] = q[i0, i1] + q[i1, i0]"]);
    assert_eq!(over("Col Row", "m'"), ["[Col, Row] = m[i1, i0]"]);
}

#[test]
fn the_inner_product_runs_along_the_dimensions_that_meet() {
    assert_eq!(single("a *.* a"), "SUM(Row: a[j0]*a[j0])");
    assert_eq!(over("Row Row", "q *.* q"), ["[Row, Row] = SUM(Row: q[i0, j0]*q[j0, i1])"]);
    assert_eq!(over("Row Col", "q[Row, *] *.* m[*, Col]"), ["[Row, Col] = SUM(Row: q[i0, j0]*m[j0, i1])"]);
    assert_eq!(over("Row Row", "q[Row, *] *.* q[*, Row]"), ["[Row, Row] = SUM(Row: q[i0, j0]*q[j0, i1])"]);
    assert_eq!(fault("", "a *.* m[r1, *]"), "error[E0308]: shapes do not fit: [Row] and [Col]");
}

#[test]
fn other_subscripts_are_computed() {
    assert_eq!(single("a[INT(TIME) + 1]"), "a[INT(TIME) + 1]");
    assert_eq!(over("Col", "a[m[r1, Col]]"), ["[Col] = a[m[r1, i0]]"]);
    assert_eq!(over("Row", "a[a]"), ["[Row] = a[a[i0]]"]);
    assert_eq!(single("a(2.5)"), "a[2.5]");
    assert!(single("m(TIME)").starts_with("m[INT((INT(TIME) - 1)/2) + 1, INT((INT(TIME) - 1)/1) MOD 2 + 1]"));
}

#[test]
fn elements_are_compared_by_identity() {
    assert_eq!(over("Row", "IF Row = r2 THEN 1 ELSE 0"), ["[Row] = IF @i0 = @2 THEN 1 ELSE 0"]);
    assert_eq!(over("Sub Row", "Sub <> Row"), ["[Sub, Row] = @i0+1 <> @i1"]);
    assert_eq!(over("Mix", "Mix = Row.r3"), ["[Mix] = @i0 = @1"]);
    assert_eq!(over("Row Sub", "Row = Sub"), ["[Row 1, Sub] = 0", "[Row 2..3, Sub] = @i0-1 = @i1"]);
}

#[test]
fn runs_of_one_dimension_meet_at_a_distance_through_several_operators() {
    let dims = "dim D 6\naux a = TIME\n  over D\naux b = TIME\n  over D\naux c = TIME\n  over D\n";
    let of = |equation: &str| formula(&model(&format!("{dims}aux x = {equation}\n")), "x");
    // The loop goes along the second to fourth element of `a`; `c` lies two before `b`, which lies one after `a`.
    assert_eq!(of("SUM(a[2:4] * (b[3:5] + c[1:3]))"), "SUM(D 2..4: a[j0]*(b[j0+1] + c[j0-1]))");
    assert_eq!(of("SUM(a[1:2] + (b[3:4] - (c[5:6] * a[2:3])))"), "SUM(D 1..2: a[j0] + (b[j0+2] - c[j0+4]*a[j0+1]))");
}

#[test]
fn a_whole_dimension_is_one_that_there_is() {
    let of = |subscript: &str| {
        let text = format!("dim D a b c\ndim F x y\naux v = TIME\n  over D\naux w = SUM(v[{subscript}])\n");
        super::fixture::complaints(&text)
            .into_iter()
            .map(|line| line.split_once("error").expect("one").1.to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(of("*:D"), Vec::<String>::new());
    for subscript in ["*:Nowhere", "Nowhere.*"] {
        assert_eq!(of(subscript), ["[E0301]: unknown dimension `Nowhere`"], "{subscript}");
    }
    for subscript in ["*:F", "F.*"] {
        let told = of(subscript);
        assert!(told.len() == 1 && told[0].starts_with("[E0311]"), "{told:#?}");
    }
}

#[test]
fn a_numbered_dimension_counts_in_another_one() {
    let of = |size: u32| {
        let text = format!("dim n 3\ndim m {size}\naux v = TIME\n  over m\naux w = v[n]\n  over n\n");
        clauses(&model(&text), "w")
    };
    assert_eq!(of(5), ["[n] = v[i0]"]);
    assert_eq!(of(3), ["[n] = v[i0]"]);
    assert_eq!(of(2), ["[n 1..2] = v[i0]", "[n 3] = 0"]);
}
