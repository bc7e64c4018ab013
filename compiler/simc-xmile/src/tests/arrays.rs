//! Dimensions, and definitions over them.

use super::{ast, check, with_variables};
use crate::code;

#[test]
fn an_arrayed_definition_keeps_its_dimensions_and_elements() {
    let text = with_variables(
        "<flow name='f'><eqn>1</eqn><dimensions><dim name='R'/><dim name='C'/></dimensions>\
         <element subscript='north, 2'><eqn>x</eqn><non_negative/></element>\
         <element subscript='south,1'><gf><xpts>0,1</xpts><ypts>1,2</ypts></gf></element></flow>",
    );
    assert_eq!(
        ast(&text),
        "model\n  flow f[R, C] = 1.0\n    element [north, \"2\"] = x non_negative true\n    element [south, \"1\"]\n    \
         gf continuous xs [0.0, 1.0] ys [1.0, 2.0]\n"
    );
}

#[test]
fn an_equation_of_an_array_may_be_a_list() {
    let text = with_variables("<aux name='a'><dimensions><dim name='R'/></dimensions><eqn>1, MAX(2, 3), x</eqn></aux>");
    assert_eq!(ast(&text), "model\n  aux a[R] = 1.0, (MAX 2.0 3.0), x\n");
    check(&with_variables("<aux name='a'><eqn>1, 2</eqn></aux>"), code::STRAY_COMMA, ",");
}

#[test]
fn a_table_alone_may_be_an_array() {
    let text = with_variables(
        "<gf name='t'><dimensions><dim name='R'/></dimensions>\
         <element subscript='a'><gf><xpts>0</xpts><ypts>1</ypts></gf></element></gf>",
    );
    assert_eq!(ast(&text), "model\n  table t[R]\n    element [a]\n    gf continuous xs [0.0] ys [1.0]\n");
}

#[test]
fn an_element_has_a_subscript_without_gaps() {
    let element = |attribute: &str| {
        with_variables(&format!(
            "<aux name='a'><dimensions><dim name='R'/></dimensions><element{attribute}><eqn>1</eqn></element></aux>"
        ))
    };
    check(&element(""), code::MISSING_PART, "<element>");
    check(&element(" subscript='a,,b'"), code::EMPTY_NAME, "a,,b");
}
