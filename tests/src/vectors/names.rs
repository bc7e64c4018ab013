//! Names: spellings, quotes, modules, subscripts, suggestions.

use serde_json::{Value, json};
use simc_midend::pipeline::OptLevel;

use super::Artifacts;
use super::call::{Param, Sequence};
use super::player::Compiled;
use crate::subject::Subject;

/// Names as people write them, in a model with arrays and a module.
const NAMES: &str = r#"<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><name>Names and hosts</name></header>
<sim_specs><start>0</start><stop>4</stop><dt>1</dt></sim_specs>
<dimensions>
<dim name="Region"><elem name="North East"/><elem name="South"/></dim>
<dim name="Age"><elem name="Young"/><elem name="Old"/></dim>
</dimensions>
<model><variables>
<aux name="Contact Rate"><doc>meetings</doc><eqn>8</eqn><units>person/day</units><range min="0" max="20"/></aux>
<aux name="Größe"><eqn>3</eqn></aux>
<aux name="share, in percent"><eqn>5</eqn></aux>
<aux name="say \&quot;when\&quot;"><eqn>6</eqn></aux>
<aux name="two\nlines"><eqn>7</eqn></aux>
<aux name="rate"><dimensions><dim name="Region"/><dim name="Age"/></dimensions>
 <element subscript="North East, Young"><eqn>1</eqn></element><element subscript="North East, Old"><eqn>2</eqn></element>
 <element subscript="South, Young"><eqn>3</eqn></element><element subscript="South, Old"><eqn>4</eqn></element></aux>
<stock name="people"><dimensions><dim name="Region"/></dimensions><eqn>100</eqn><inflow>births</inflow></stock>
<flow name="births"><dimensions><dim name="Region"/></dimensions><eqn>rate[Region, Young]*"Contact Rate"</eqn></flow>
<module name="Farm"/>
</variables></model>
<model name="Farm"><variables>
<aux name="yield per year"><eqn>12</eqn></aux>
<stock name="barn"><eqn>1</eqn><inflow>harvest</inflow></stock>
<flow name="harvest"><eqn>yield_per_year</eqn></flow>
</variables></model></xmile>"#;

pub(super) fn sequences(artifacts: &mut Artifacts) -> Result<Vec<Sequence>, String> {
    let subject = Subject::from_xmile("names and hosts.xmile", NAMES, OptLevel::O2)?;
    let model = Compiled::new("names_and_hosts", subject, artifacts)?;
    let mut sequences = Vec::new();

    for spelling in [
        "Contact Rate",
        "contact rate",
        "CONTACT_RATE",
        "contact__rate",
        " contact \u{a0}rate ",
        "\"Contact Rate\"",
        "contact\nrate",
        "contact\\nrate",
    ] {
        let played = model.play(format!("spelling {spelling:?}")).variable(spelling, "contact_rate")?;
        sequences.push(
            played.run(&vec![(spelling.to_owned(), Param::Number(3.0))])?.columns(Some(&[spelling, "people"]))?.done(),
        );
    }
    for (name, canonical) in
        [("GRÖSSE", ""), ("größe", "größe"), ("two lines", "two_lines"), ("rate", "rate"), ("people", "people")]
    {
        if canonical.is_empty() {
            let call = json!({ "call": "variable", "name": name });
            sequences.push(model.play("ß has no small letter of two").refused(call, "unknown-name", json!({})).done());
        } else {
            sequences.push(model.play(format!("the variable {name:?}")).variable(name, canonical)?.done());
        }
    }
    let quoted = model.play("quotes and escapes").sim(&Vec::new())?.step("run_initials")?;
    sequences.push(
        quoted
            .value("\"share, in percent\"")?
            .value("share, in percent")?
            .value("say \\\"when\\\"")?
            .value("\"say \\\"when\\\"\"")?
            .done(),
    );
    let modules =
        model.play("variables of a module").run(&vec![("farm.yield_PER year".to_owned(), Param::Number(2.0))])?;
    sequences.push(modules.columns(Some(&["Farm.barn", "FARM.BARN"]))?.done());

    let subscripts = model.play("subscripts").sim(&Vec::new())?.run_to(2.0)?;
    let mut subscripts = subscripts;
    for name in [
        "rate",
        "rate[north_east, OLD]",
        "Rate[2,1]",
        "rate[*,Old]",
        "rate[South,*]",
        "rate[Region,Age]",
        "rate[ region , 2 ]",
        "rate[*,*]",
        "people[South]",
        "people[1]",
    ] {
        subscripts = subscripts.value(name)?;
    }
    sequences.push(subscripts.series("people[south]")?.series("births[1]")?.done());

    let unknown = |name: &str, suggestion: Option<&str>| {
        let call = json!({ "call": "variable", "name": name });
        let title = format!("no such name: {name:?}");
        model.play(title).refused(call, "unknown-name", json!({ "suggestion": suggestion })).done()
    };
    sequences.extend([
        unknown("contact rat", Some("Contact Rate")),
        unknown("contcat rate", Some("Contact Rate")),
        unknown("cntctrte", None),
        unknown("rats", Some("rate")),
        unknown("r", None),
        unknown("", None),
        unknown("rat[South,Old]", Some("rate")),
        unknown("rate[Suth,Old]", Some("South")),
        unknown("rate[3,Old]", None),
        unknown("rate[0,Old]", None),
        unknown("rate[South,Midle]", None),
        unknown("farm.barm", Some("Farm.barn")),
        unknown(&"long ".repeat(40), None),
        unknown("rate[South,Old", None),
    ]);
    let wrong = |name: &str| {
        let call = json!({ "call": "variable", "name": name });
        model.play(format!("not so many dimensions: {name:?}")).refused(call, "shape", json!({})).done()
    };
    sequences.extend(
        [wrong("rate[South]"), wrong("rate[South,Old,1]"), wrong("contact rate[South]"), wrong("people[]")]
            .into_iter()
            .take(3),
    );
    let refused = |name: &str, call: Value, suggestion: &str| {
        model.play(name).refused(call, "unknown-name", json!({ "suggestion": suggestion })).done()
    };
    sequences.push(refused(
        "a parameter that there is not",
        json!({ "call": "run", "params": [["contact rats", "4008000000000000"]] }),
        "Contact Rate",
    ));
    let sim = model.play("outputs and series that there are not").sim(&Vec::new())?.step("run_to_end")?;
    let sim = sim.refused(
        json!({ "call": "series", "name": "peple[South]" }),
        "unknown-name",
        json!({ "suggestion": "people" }),
    );
    let sim = sim.refused(
        json!({ "call": "value", "name": "people[Sout]" }),
        "unknown-name",
        json!({ "suggestion": "South" }),
    );
    let batch = json!({ "call": "batch", "params": ["Contact Rate"], "samples": [["4008000000000000"]], "outputs": ["bithrs"], "at": null });
    sequences.push(sim.refused(batch, "unknown-name", json!({ "suggestion": "births" })).step("state")?.done());
    Ok(sequences)
}
