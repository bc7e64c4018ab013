//! Files that are no models, and odd files that are.

use super::{ast, check, faults, read, with_variables};
use crate::code;

#[test]
fn what_is_not_xml_is_refused() {
    check("", code::NOT_XML, "");
    check(" \n\t ", code::NOT_XML, "");
    check("hello\nworld", code::NOT_XML, "hello");
    check("\u{0}\u{0}", code::NOT_XML, "\u{0}\u{0}");
    check("{UTF-8}\nx = 1 ~~|", code::NOT_XML, "{UTF-8}");
}

#[test]
fn broken_xml_is_refused_at_its_place() {
    check("<xmile><model></xmile>", code::BROKEN_XML, "<");
    check("<xmile><model/>", code::BROKEN_XML, "");
    check("<xmile>\n  <a b=c/></xmile>", code::BROKEN_XML, "c");
    check("<xmile>&nope;</xmile>", code::BROKEN_XML, "&");
    check("<xmile>\u{0}</xmile>", code::BROKEN_XML, "\u{0}");
    check("<xmile a='1' a='2'/>", code::BROKEN_XML, "a");
    check("<xmile><vendor:a/></xmile>", code::BROKEN_XML, "v");
    check("<xmile/><xmile/>", code::BROKEN_XML, "<");
    check("<", code::BROKEN_XML, "");
}

#[test]
fn places_after_a_mended_prefix_are_right() {
    let text = "<xmile>\n<isee:prefs/>é<a></b></xmile>";
    let faults = faults(text);
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].0, code::BROKEN_XML);
    let (_, diagnostics) = read(text);
    let start = diagnostics[0].span.expect("a place").start as usize;
    assert!(text[start..].starts_with("</b>"), "{}", &text[start..]);
}

#[test]
fn document_types_are_refused_with_all_their_entities() {
    let bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]><xmile>&b;</xmile>";
    check(bomb, code::DOCUMENT_TYPE, "<!DOCTYPE");
    check(
        "<?xml version='1.0'?>\n<!DOCTYPE xmile SYSTEM 'file:///etc/passwd'>\n<xmile/>",
        code::DOCUMENT_TYPE,
        "<!DOCTYPE",
    );
}

#[test]
fn endless_nesting_and_attributes_are_refused() {
    assert_eq!(faults(&"<a>".repeat(100_000))[0].0, code::XML_LIMIT);
    assert_eq!(
        faults(&format!("<xmile>{}{}</xmile>", "<a>".repeat(100_000), "</a>".repeat(100_000)))[0].0,
        code::XML_LIMIT
    );
    let attributes: String = (0..100_000).map(|n| format!(" a{n}='1'")).collect();
    assert_eq!(faults(&format!("<xmile{attributes}/>"))[0].0, code::XML_LIMIT);
}

#[test]
fn another_root_and_a_file_without_model_are_refused() {
    check("<html><body/></html>", code::WRONG_ROOT, "<html>");
    check("<xmile version='1.0'><header/></xmile>", code::NO_MODEL, "<xmile version='1.0'>");
}

#[test]
fn byte_order_marks_declarations_and_namespaces_do_not_matter() {
    let expected = ast("<xmile><model/></xmile>");
    for text in [
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<!-- c -->\r\n<xmile><model/></xmile>\r\n",
        "<xmile xmlns='http://docs.oasis-open.org/xmile/ns/XMILE/v1.0'><model/></xmile>",
        "<xmile xmlns='http://www.systemdynamics.org/XMILE' level='3'><model/></xmile>",
        "<x:xmile xmlns:x='urn:x'><x:model/></x:xmile>",
    ] {
        assert_eq!(ast(text), expected, "{text}");
    }
}

#[test]
fn comments_with_two_hyphens_and_undeclared_vendor_prefixes_are_accepted() {
    let text = "<xmile><isee:prefs show='1'/><!-- a -- b ---><sim_specs isee:save_interval='2'/><model/></xmile>";
    assert_eq!(ast(text), "sim_specs save_interval 2.0\nmodel\n");
}

#[test]
fn a_large_file_takes_linear_time() {
    let variables = "<aux name='a'><eqn>1 + 2*x</eqn></aux>".repeat(20_000);
    let (file, diagnostics) = read(&with_variables(&variables));
    assert_eq!((file.models[0].vars.len(), diagnostics.len()), (20_000, 0));
}

#[test]
fn every_fault_is_reported_in_one_run() {
    let variables = "<aux name='a'><eqn>1 +</eqn></aux><aux/><stock name='s'><isee:oven/></stock>";
    let text = with_variables(variables);
    let codes: Vec<u16> = faults(&text).iter().map(|(code, _)| code.0).collect();
    assert_eq!(codes, [code::MISSING_OPERAND.0, code::MISSING_PART.0, code::OVENS.0]);
}

#[test]
fn units_are_read_unless_they_are_disabled() {
    let text = "<xmile><model_units><unit name='kW'><eqn> kJ/s </eqn><alias>kilowatt</alias></unit><unit name='b'><eqn/></unit>
        <unit name='c' disabled='true'><eqn>d</eqn></unit></model_units>
        <sim_specs time_units=' Months '/><model><variables><aux name='x'><units> kW
        </units></aux><aux name='y'><units/></aux></variables></model></xmile>";
    let expected = "sim_specs time_units \"Months\"\nunit \"kW\" = \"kJ/s\" alias \"kilowatt\"\nunit \"b\"\n\
        model\n  aux x\n    units \"kW\"\n  aux y\n";
    assert_eq!(ast(text), expected);
}
