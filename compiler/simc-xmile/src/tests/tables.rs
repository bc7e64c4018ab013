//! Graphical functions.

use super::{ast, check, faults, with_variables};
use crate::code;

/// The line of the ast that shows a table.
#[track_caller]
fn table(gf: &str) -> String {
    let text = ast(&with_variables(&format!("<aux name='a'><eqn>TIME</eqn>{gf}</aux>")));
    text.lines().find(|line| line.contains("gf")).expect("a table").trim().to_owned()
}

fn refused(gf: &str) -> Vec<(u16, String)> {
    let text = with_variables(&format!("<aux name='a'><eqn>TIME</eqn>{gf}</aux>"));
    faults(&text).into_iter().map(|(code, marked)| (code.0, marked.to_owned())).collect()
}

#[test]
fn points_are_given_by_a_scale_or_one_by_one() {
    assert_eq!(
        table("<gf><xscale min='0' max='10'/><yscale min='x'/><ypts>1, 2.5,\n -3e1</ypts></gf>"),
        "gf continuous xscale 0.0 10.0 ys [1.0, 2.5, -30.0]"
    );
    assert_eq!(table("<gf><ypts>5,6</ypts><xpts>0,1</xpts></gf>"), "gf continuous xs [0.0, 1.0] ys [5.0, 6.0]");
    assert_eq!(table("<gf><xscale min='2' max='2'/><ypts>7</ypts></gf>"), "gf continuous xscale 2.0 2.0 ys [7.0]");
}

#[test]
fn separators_may_be_chosen() {
    for (sep, points) in [(";", "0;1; 2"), ("|", "0|1|2"), (" ", "0 1\n\t2"), (", ", "0,1, 2"), ("::", "0::1::2")] {
        let gf = format!("<gf><xpts>0,1,2</xpts><ypts sep='{sep}'>{points}</ypts></gf>");
        assert_eq!(table(&gf), "gf continuous xs [0.0, 1.0, 2.0] ys [0.0, 1.0, 2.0]", "{sep:?}");
    }
}

#[test]
fn types_are_three_and_older_files_have_a_flag() {
    let with = |attribute: &str| table(&format!("<gf {attribute}><xpts>0</xpts><ypts>0</ypts></gf>"));
    assert!(with("type='Extrapolate'").starts_with("gf extrapolate"));
    assert!(with("type='discrete'").starts_with("gf discrete"));
    assert!(with("type='continuous' discrete='true'").starts_with("gf continuous"));
    assert!(with("discrete='true'").starts_with("gf discrete"));
    assert!(with("discrete='false'").starts_with("gf continuous"));
    assert_eq!(
        refused("<gf type='spline'><xpts>0</xpts><ypts>0</ypts></gf>"),
        [(code::BAD_VALUE.0, "spline".to_owned())]
    );
}

#[test]
fn every_x_needs_its_y() {
    let bad = |inside: &str| {
        assert_eq!(refused(&format!("<gf>{inside}</gf>")), [(code::BAD_TABLE.0, "<gf>".to_owned())], "{inside}");
    };
    bad("");
    bad("<xscale min='0' max='1'/>");
    bad("<ypts>1,2</ypts>");
    bad("<xpts>0,1,2</xpts><ypts>1,2</ypts>");
    bad("<xscale min='0' max='2'/><xpts>0,1,2</xpts><ypts>1,2</ypts>");
    bad("<xscale min='1' max='0'/><ypts>1,2</ypts>");
    bad("<xscale min='1' max='1'/><ypts>1,2</ypts>");
}

#[test]
fn points_that_are_no_numbers_are_refused_at_their_place() {
    let gf = |ys: &str| format!("<gf><xscale min='0' max='1'/><ypts>{ys}</ypts></gf>");
    let number = |marked: &str| [(code::BAD_NUMBER.0, marked.to_owned())];
    assert_eq!(refused(&gf("1, two, 3")), number("two"));
    assert_eq!(refused(&gf("1,,3")), number(""));
    assert_eq!(refused(&gf("1,2,")), number(""));
    assert_eq!(refused(&gf("1;2")), number("1;2"));
    assert_eq!(refused(&gf("1,nan")), number("nan"));
    assert_eq!(refused(&gf("1,1e400")), number("1e400"));
    assert_eq!(refused(&gf(" ")), [(code::BAD_TABLE.0, "<ypts> </ypts>".to_owned())]);
    assert_eq!(refused(&gf("a,b,c,d")).len(), 2, "a list is not refused point by point");
}

#[test]
fn a_scale_needs_both_ends() {
    assert_eq!(
        refused("<gf><xscale min='0'/><ypts>1</ypts></gf>"),
        [(code::MISSING_PART.0, "<xscale min='0'/>".to_owned())]
    );
    assert_eq!(refused("<gf><xscale min='0' max='b'/><ypts>1</ypts></gf>"), [(code::BAD_NUMBER.0, "b".to_owned())]);
}

#[test]
fn a_table_may_stand_alone_with_its_texts() {
    let text = with_variables(
        "<gf name='t'><xpts>0,1</xpts><ypts>1,2</ypts><units>m</units><doc>d</doc><scale/></gf><gf><ypts>1</ypts></gf>",
    );
    check(&text, code::MISSING_PART, "<gf>");
    let text = with_variables("<gf name='t'><xpts>0,1</xpts><ypts>1,2</ypts><units>m</units><doc>d</doc></gf>");
    assert_eq!(
        ast(&text),
        "model\n  table t\n    gf continuous xs [0.0, 1.0] ys [1.0, 2.0]\n    units \"m\"\n    doc \"d\"\n"
    );
}

#[test]
fn what_a_table_may_not_hold_is_refused() {
    assert_eq!(refused("<gf><xpts>0</xpts><ypts>1</ypts><zpts/></gf>")[0].0, code::UNKNOWN_ELEMENT.0);
    assert_eq!(faults(&with_variables("<gf name='t'><inflow>f</inflow></gf>"))[0].0, code::UNKNOWN_ELEMENT);
    assert_eq!(refused("<gf><xpts>0</xpts><xpts>1</xpts><ypts>1</ypts></gf>")[0].0, code::REPEATED_ELEMENT.0);
}
