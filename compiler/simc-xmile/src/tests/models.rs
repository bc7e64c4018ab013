//! Models, variables and modules.

use super::{ast, check, read, with_variables};
use crate::code;

#[test]
fn a_whole_model() {
    let text = r#"<?xml version="1.0"?>
<xmile xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0" xmlns:isee="http://iseesystems.com/XMILE" version="1.0">
  <header><vendor>v</vendor><product version="1">p</product><name> Teacup </name><options><uses_arrays/></options></header>
  <sim_specs method="rk4, Euler" time_units="Minutes" isee:save_interval="0.5" isee:sim_duration="0">
    <start>0</start><stop>30</stop><dt reciprocal="true">8</dt>
  </sim_specs>
  <behavior><stock><non_negative/></stock></behavior>
  <dimensions><dim name="Size" size="3"/><dim name="Region"><elem name="North"/><elem name="Far South"/></dim></dimensions>
  <isee:prefs layer="model"/>
  <model>
    <variables>
      <stock name="Teacup\nTemperature" access="output">
        <eqn>180</eqn><inflow> warming </inflow><outflow>"Heat Loss"</outflow>
        <non_negative>false</non_negative><units> degrees </units><doc>how hot &amp; how &lt;</doc>
      </stock>
      <flow name="Heat Loss"><eqn>(Teacup_Temperature - room) / time_constant</eqn><non_negative/></flow>
      <flow name="warming"><eqn>0</eqn></flow>
      <aux name="room"><eqn>70</eqn><range min="-5" max="100"/><scale min="0" max="1"/></aux>
      <aux name="time constant" access="input" autoexport="true"><isee:delay_aux/></aux>
      <group name="g"><entity name="room"/></group>
    </variables>
    <views><view><stock name="Teacup Temperature" x="1" y="2"/></view></views>
  </model>
</xmile>"#;
    let expected = r#"file "Teacup"
sim_specs start 0.0 stop 30.0 dt 0.125 save_interval 0.5 method rk4 method Euler time_units "Minutes"
behavior stocks non_negative true
dim Size size 3
dim Region: North, "Far South"
model
  stock "Teacup\nTemperature" = 180.0
    inflow warming
    outflow "Heat Loss"
    non_negative false
    access output
    units "degrees"
    doc "how hot & how <"
  flow "Heat Loss" = (/ (- Teacup_Temperature room) time_constant)
    non_negative true
  flow warming = 0.0
  aux room = 70.0
    range -5.0 100.0
  aux "time constant"
    access input
  group g: room
"#;
    assert_eq!(ast(text), expected);
}

#[test]
fn variables_without_their_element_are_read_from_older_files() {
    let text =
        "<xmile><model><display/><stock name='s'><eqn>1</eqn></stock><aux name='a'/><interface/></model></xmile>";
    assert_eq!(ast(text), "model\n  stock s = 1.0\n  aux a\n");
}

#[test]
fn modules_with_their_connections() {
    let text = r#"<xmile xmlns:isee="u"><model><variables>
        <module name="hares" isee:label=""><connect to="hares.area" from=".area"/><connect2 to="hares.area" from="area"/></module>
        <module name="more hares" isee:model="hares"><connect to="area" from="&quot;a.b&quot;.c d"/><doc>x</doc></module>
        </variables></model><model name="hares"/></xmile>"#;
    let expected = "model
  module hares
    connect hares.area from .area
  module \"more hares\" of hares
    connect area from \"a.b\".\"c d\"
model hares
";
    assert_eq!(ast(text), expected);
}

#[test]
fn a_connection_in_the_second_spelling_counts_where_the_first_does_not_say_it() {
    let module = |inside: &str| with_variables(&format!("<module name='m'>{inside}</module>"));
    let said = |inside: &str| ast(&module(inside)).lines().filter(|line| line.contains("connect")).count();
    assert_eq!(said("<connect2 to='a' from='b'/>"), 1);
    assert_eq!(said("<connect to='.a' from='m.b'/><connect2 to='a' from='m.b'/>"), 1);
    assert_eq!(said("<connect to='m.a' from='b'/><connect2 to='m.c' from='b'/>"), 2);
}

#[test]
fn connections_that_lack_something_are_refused() {
    let module = |inside: &str| with_variables(&format!("<module name='m'>{inside}</module>"));
    check(&module("<connect from='a'/>"), code::MISSING_PART, "<connect from='a'/>");
    check(&module("<connect to='a..b' from='a'/>"), code::EMPTY_NAME, "a..b");
}

#[test]
fn an_equation_of_a_comment_alone_is_none() {
    let (file, diagnostics) = read(&with_variables(
        "<aux name='a' access='input'><eqn> {from outside} </eqn></aux><aux name='b'><eqn/></aux>",
    ));
    assert!(diagnostics.is_empty());
    assert!(file.models[0].vars.iter().all(|var| var.equation.is_none() && !var.reported));
}

#[test]
fn a_definition_with_a_fault_is_kept_and_marked() {
    let (file, diagnostics) =
        read(&with_variables("<aux name='my\\naux'><eqn>1 + </eqn></aux><aux name='b'><eqn>2</eqn></aux>"));
    let vars = &file.models[0].vars;
    assert_eq!((vars[0].reported, vars[1].reported), (true, false));
    assert_eq!(diagnostics[0].variable.as_deref(), Some("my aux"));
}

#[test]
fn names_are_required() {
    check(&with_variables("<aux><eqn>1</eqn></aux>"), code::MISSING_PART, "<aux>");
    check(&with_variables("<aux name=' '/>"), code::EMPTY_NAME, " ");
    check(&with_variables("<aux name='&quot;&quot;'/>"), code::EMPTY_NAME, "&quot;&quot;");
    check(&with_variables("<stock name='s'><inflow/></stock>"), code::EMPTY_NAME, "");
}

#[test]
fn what_may_stand_once_is_refused_the_second_time() {
    for (inside, second) in [
        ("<eqn>1</eqn><eqn>2</eqn>", "<eqn>"),
        ("<non_negative/><non_negative>false</non_negative>", "<non_negative>"),
        ("<gf><xpts>1</xpts><ypts>1</ypts></gf><gf type='discrete'/>", "<gf type='discrete'/>"),
    ] {
        check(&with_variables(&format!("<flow name='f'>{inside}</flow>")), code::REPEATED_ELEMENT, second);
    }
    check("<xmile><sim_specs/><sim_specs a=''/><model/></xmile>", code::REPEATED_ELEMENT, "<sim_specs a=''/>");
    check("<xmile><model/><model name=''/></xmile>", code::REPEATED_ELEMENT, "<model name=''/>");
}

#[test]
fn options_that_are_neither_true_nor_false_are_refused() {
    check(&with_variables("<stock name='s'><non_negative>maybe</non_negative></stock>"), code::BAD_VALUE, "maybe");
    check(&with_variables("<aux name='a' access='both'/>"), code::BAD_VALUE, "both");
    check("<xmile><sim_specs><dt reciprocal='yes'>4</dt></sim_specs><model/></xmile>", code::BAD_VALUE, "yes");
}

#[test]
fn an_element_within_an_equation_is_refused() {
    check(&with_variables("<aux name='a'><eqn>1 <b/> 2</eqn></aux>"), code::TEXT_EXPECTED, "<b/>");
}
