//! Tables and text data, by what they mean.

use super::{fault, run, shown};
use crate::Precision;

#[test]
fn times_run_down_or_across() {
    let down = run(b"Time,Stock,\"rate[North,Young]\"\n0,100,5\n0.5,102.5,\n1,105,6e2\n");
    let across = run(b"Time\t0\t0.5\t1\nStock\t100\t102.5\t105\nrate[North,Young]\t5\t\t6e2\n");
    assert_eq!(shown(&down)[0], "Stock [0.0, 0.5, 1.0] [100.0, 102.5, 105.0]");
    assert_eq!(shown(&down)[1], "rate[North,Young] [0.0, 0.5, 1.0] [5.0, NaN, 600.0]");
    assert_eq!(shown(&across), shown(&down));
    assert_eq!(down.precision, Precision::Single);
}

#[test]
fn names_may_hold_separators_in_quotes() {
    let found = run(b"\"Months\",\"Costs, all\",\"Says \"\"so\"\"\"\n1,2,3\n");
    assert_eq!(shown(&found), ["Costs, all [1.0] [2.0]", "Says \"so\" [1.0] [3.0]"]);
}

#[test]
fn semicolons_go_with_decimal_commas() {
    let found = run("Zeit;Höhe\n0;1,5\n1;2,25\n".as_bytes());
    assert_eq!(shown(&found), ["Höhe [0.0, 1.0] [1.5, 2.25]"]);
}

#[test]
fn old_windows_text_is_read() {
    assert_eq!(shown(&run(b"Time,H\xf6he\r\n0,1\r\n")), ["Höhe [0.0] [1.0]"]);
}

#[test]
fn nine_digits_are_double_precision() {
    assert_eq!(run(b"Time,x\n0,1.23456789\n").precision, Precision::Double);
    assert_eq!(run(b"Time,x\n0,0.0012345678\n").precision, Precision::Single);
}

#[test]
fn words_for_missing_values_and_infinities() {
    let found = run(b"Time,x,y\n0,:NA:,1.#INF\n1,#N/A,-1.#INF\n");
    assert_eq!(shown(&found), ["x [0.0, 1.0] [NaN, NaN]", "y [0.0, 1.0] [inf, -inf]"]);
}

#[test]
fn the_first_of_two_columns_of_a_name_counts_and_notes_below_do_not() {
    let found = run(b"Time,x,x\n0,1,2\n1,3,4\nmade in spring,,\n");
    assert_eq!(shown(&found), ["x [0.0, 1.0] [1.0, 3.0]"]);
}

#[test]
fn text_data_has_times_for_each_variable() {
    let found = run(b"Stock\n0\t100\n1\t110\nPrice[A, B]\n1\t2.5\n");
    assert_eq!(shown(&found), ["Stock [0.0, 1.0] [100.0, 110.0]", "Price[A, B] [1.0] [2.5]"]);
}

#[test]
fn faults_say_where() {
    assert_eq!(fault(b"Time,x\n0,1\n1,two\n"), "row 3, column 2: `two` is no number");
    assert_eq!(fault(b"Time,x\n1,1\n0,1\n"), "row 3, column 1: the time 0 is not later than the one before");
    assert_eq!(fault(b"Time\t0\t1\nx\t1\ttwo\n"), "row 2, column 3: `two` is no number");
    assert_eq!(fault(b"x\n0\t1\n0\t2\n"), "line 3 has a time that is not later than the one before");
    assert_eq!(fault(b"x\n0\t1\nTime\tx\n"), "line 3 is no time and value with a tab between");
    assert_eq!(fault(b""), "is empty");
    assert_eq!(fault(b"Time,x\n"), "has no times in its first column, nor along its first row");
    assert_eq!(fault(b"Time\n0\n"), "has no variables beside its times");
    assert!(fault(b"\x00\x01\x02\x03").contains("neither text"));
}
