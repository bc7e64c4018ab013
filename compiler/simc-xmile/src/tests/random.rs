//! Whatever the bytes, the reader comes back, and what it marks is in the file.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::{read, with_variables};
use simc_model::definition::print::print;
use simc_model::diagnostic::one_line;
use simc_model::source::{Sources, Span};

/// Pieces of which most mutilated models are made.
const PIECES: [&str; 52] = [
    "<xmile>",
    "</xmile>",
    "<model>",
    "<model name='m'>",
    "</model>",
    "<variables>",
    "</variables>",
    "<stock name='s'>",
    "</stock>",
    "<aux name='a b'>",
    "<aux>",
    "</aux>",
    "<flow name='f'/>",
    "<eqn>",
    "</eqn>",
    "<gf>",
    "</gf>",
    "<xpts>",
    "</xpts>",
    "<ypts sep=';'>",
    "</ypts>",
    "<xscale min='0' max='1'/>",
    "<sim_specs method='rk4,'>",
    "</sim_specs>",
    "<dt reciprocal='true'>",
    "</dt>",
    "<module name='m'>",
    "</module>",
    "<connect to='a.' from='.b'/>",
    "<behavior>",
    "</behavior>",
    "<non_negative/>",
    "<isee:prefs/>",
    "<!-- -- -->",
    "<![CDATA[",
    "]]>",
    "&lt;",
    "&#10;",
    "&",
    "<",
    "é",
    "\u{a0}",
    "1",
    ",",
    "+",
    "(",
    "IF a THEN ",
    "\"",
    "{",
    "\r\n",
    "'",
    "\u{0}",
];

/// Pieces of which most mutilated equations are made.
const TOKENS: [&str; 40] = [
    "a", "_b", "é", "\u{a0}", "1", ".5", "1e", "2.", "\"x y\"", "\"", "\\", "(", ")", "[", "]", ",", ":", "@", ".",
    "*", "*.*", "/", "//", "+", "-", "^", "'", "=", "<", ">", "!", "{", "}", " ", "\n", "IF ", " THEN ", " ELSE ",
    " NOT ", " MOD ",
];

/// Reads a text and looks at every place that comes out.
fn survive(text: &str) {
    let (file, diagnostics) = read(text);
    let mut sources = Sources::new();
    sources.add("m", text);
    let check =
        |span: Span| assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} in {text:?}");
    for diagnostic in &diagnostics {
        diagnostic.span.into_iter().chain(diagnostic.labels.iter().map(|label| label.span)).for_each(check);
        assert!(!one_line(diagnostic, &sources).is_empty());
    }
    for var in file.models.iter().flat_map(|model| &model.vars) {
        check(var.span);
        check(var.name.span);
        var.equation.iter().flat_map(|equation| &equation.nodes).for_each(|node| check(node.span));
    }
    let _ = print(&file);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_survived(text in ".{0,200}") {
        survive(&text);
        survive(&format!("<{text}"));
    }

    #[test]
    fn any_mutilated_model_is_survived(pieces in vec(select(PIECES.as_slice()), 0..60)) {
        survive(&pieces.concat());
        survive(&format!("<xmile><model><variables><aux name='a'>{}</aux></variables></model></xmile>", pieces.concat()));
    }

    #[test]
    fn any_equation_is_survived(tokens in vec(select(TOKENS.as_slice()), 0..40)) {
        survive(&with_variables(&format!("<aux name='a'><eqn><![CDATA[{}]]></eqn></aux>", tokens.concat())));
        survive(&with_variables(&format!("<aux name='a'><eqn>{}</eqn></aux>", tokens.concat().replace('<', "&lt;"))));
    }

    #[test]
    fn a_model_with_a_hole_or_a_scar_is_survived(cut in 0..SAMPLE.len(), length in 0..40usize, scar in ".{0,4}") {
        let start = (0..=cut).rev().find(|&at| SAMPLE.is_char_boundary(at)).expect("a text begins at a boundary");
        let end = (start + length..=SAMPLE.len()).find(|&at| SAMPLE.is_char_boundary(at)).unwrap_or(SAMPLE.len());
        survive(&format!("{}{scar}{}", &SAMPLE[..start], &SAMPLE[end..]));
        survive(&SAMPLE[..start]);
    }
}

/// A model with something of everything in it.
const SAMPLE: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
  <header><name>Büro</name><options><uses_arrays/></options></header>
  <sim_specs method="RK4, euler" isee:save_interval="0.5"><start>0</start><stop>10</stop><dt reciprocal="true">4</dt></sim_specs>
  <isee:prefs layer="model"/><!-- a -- b -->
  <behavior><stock><non_negative/></stock></behavior>
  <dimensions><dim name="d" size="2"/></dimensions>
  <model><variables>
    <stock name="Größe\nS"><eqn>1 {one} + "x y"</eqn><inflow>f</inflow><outflow>"x y"</outflow><units>m²</units></stock>
    <flow name="f"><eqn>IF a &lt; 3 AND NOT b THEN <![CDATA[m.x[*, 1:2] < t(2)]]> ELSE -a^2'</eqn><non_negative/></flow>
    <aux name="a" access="output"><eqn>TIME</eqn><gf type="discrete"><xscale min="0" max="1"/><ypts sep=";">1;2</ypts></gf></aux>
    <gf name="t"><xpts>0,1</xpts><ypts>1,2</ypts></gf>
    <module name="m"><connect to="m.x" from=".a"/><connect2 to="m.x" from="a"/></module>
  </variables></model>
  <model name="m"><variables><aux name="x" access="input"/></variables></model>
</xmile>"#;
