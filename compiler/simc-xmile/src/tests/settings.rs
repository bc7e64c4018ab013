//! Times, methods, behaviours and dimensions.

use super::{ast, check};
use crate::code;

fn specs(inside: &str) -> String {
    format!("<xmile><sim_specs>{inside}</sim_specs><model/></xmile>")
}

#[test]
fn times_take_every_form_of_a_number() {
    for (text, value) in [("1", "1.0"), (" -2.5 ", "-2.5"), ("+.5", "0.5"), ("1e3", "1000.0"), ("3.", "3.0")] {
        assert_eq!(ast(&specs(&format!("<start>{text}</start>"))), format!("sim_specs start {value}\nmodel\n"));
    }
}

#[test]
fn what_is_no_number_is_refused_at_its_place() {
    for text in ["ten", "1,5", "1 000", "inf", "NaN", "0x10", "1e999", "--1", "."] {
        check(&specs(&format!("<stop> {text} </stop>")), code::BAD_NUMBER, text);
    }
    check(&specs("<stop></stop>"), code::BAD_NUMBER, "");
    check(&specs("<dt reciprocal='true'>0</dt>"), code::BAD_NUMBER, "0");
    check("<xmile><sim_specs isee:save_interval='x'/><model/></xmile>", code::BAD_NUMBER, "x");
}

#[test]
fn the_reciprocal_of_a_step_is_taken() {
    assert_eq!(ast(&specs("<dt reciprocal='TRUE'>4</dt>")), "sim_specs dt 0.25\nmodel\n");
    assert_eq!(ast(&specs("<dt reciprocal='false'>4</dt>")), "sim_specs dt 4.0\nmodel\n");
}

#[test]
fn a_time_stands_once() {
    check(&specs("<stop>1</stop><stop x=''>2</stop>"), code::REPEATED_ELEMENT, "<stop x=''>");
}

#[test]
fn methods_save_intervals_and_units_are_read_wherever_they_stand() {
    let text = "<xmile><sim_specs method=' RK4 ,, euler' save_interval='2' pause='5'><time_units>Year</time_units></sim_specs><model/></xmile>";
    assert_eq!(ast(text), "sim_specs save_interval 2.0 method RK4 method euler time_units \"Year\"\nmodel\n");
    assert_eq!(ast(&specs("<isee:save_interval>3</isee:save_interval>")), "sim_specs save_interval 3.0\nmodel\n");
}

#[test]
fn behaviours_hold_for_one_kind_or_for_all() {
    let behavior = |inside: &str| ast(&format!("<xmile><model><behavior>{inside}</behavior></model></xmile>"));
    assert_eq!(behavior(""), "model\n");
    assert_eq!(
        behavior("<non_negative/>"),
        "model\n  behavior stocks non_negative true\n  behavior flows non_negative true\n"
    );
    assert_eq!(
        behavior("<flow><non_negative>false</non_negative></flow><non_negative/>"),
        "model\n  behavior stocks non_negative true\n  behavior flows non_negative false\n"
    );
    assert_eq!(behavior("<stock><non_negative/></stock>"), "model\n  behavior stocks non_negative true\n");
}

#[test]
fn dimensions_need_elements() {
    let dimension = |dim: &str| format!("<xmile><dimensions>{dim}</dimensions><model/></xmile>");
    check(&dimension("<dim name='d'/>"), code::MISSING_PART, "<dim name='d'/>");
    check(&dimension("<dim name='d' size='0'/>"), code::BAD_NUMBER, "0");
    check(&dimension("<dim name='d' size='1.5'/>"), code::BAD_NUMBER, "1.5");
    check(&dimension("<dim size='2'/>"), code::MISSING_PART, "<dim size='2'/>");
}
