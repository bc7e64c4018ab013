//! What an artifact says of its model besides names: links and controls; and initial values, where a host may set them.

use serde_json::json;
use simc::driver::Options;
use simc_midend::pipeline::OptLevel;

use super::Artifacts;
use super::call::{Param, Sequence, bits};
use super::player::Compiled;
use crate::subject::Subject;

/// Links of every sign and controls of every kind, with names that hold what separates names.
const DRAWN: &str = r#"<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><name>Drawn</name></header>
<sim_specs><start>0</start><stop>4</stop><dt>0.5</dt></sim_specs>
<dimensions><dim name="Place"><elem name="North"/><elem name="Far South"/></dim></dimensions>
<model><variables>
<aux name="Contact Rate"><eqn>6</eqn></aux><aux name="on"><eqn>1</eqn></aux><aux name="first"><eqn>2</eqn></aux>
<aux name="share"><dimensions><dim name="Place"/></dimensions><eqn>0.5</eqn></aux>
<aux name="&quot;tax, in %&quot;"><eqn>20</eqn></aux>
<stock name="level"><eqn>first</eqn><inflow>growth</inflow><outflow>loss</outflow><non_negative/></stock>
<flow name="growth"><eqn>Contact_Rate * on * SUM(share[*])</eqn></flow>
<flow name="loss"><eqn>level / 4 * (100 - "tax, in %") / 100</eqn></flow>
<aux name="unclear"><eqn>level - 3 * level + SIN(first)</eqn></aux>
<module name="Farm"><connect to="Farm.input" from="level"/></module>
</variables>
<views><view type="interface">
<slider min="0" max="10" step="0.5" entity_name="contact_rate" label="How often&#10;people meet"/>
<knob min="0" max="1" entity_name="share[far_south]"/>
<switch entity_name="ON"/>
<graph type="time_series"><title>Levels "é"</title><plot index="0"><entity name="level"/></plot><plot index="1"><entity name="Farm.crop"/></plot></graph>
<gauge entity_name="level"><zone min="0" max="5"/><zone min="5" max="20"/></gauge>
</view></views></model>
<model name="Farm"><variables><aux name="input" access="input"><eqn>0</eqn></aux><aux name="crop"><eqn>-input</eqn></aux></variables></model></xmile>"#;

/// Stocks whose initial values are numbers, computed, both, and of a conveyor and a queue, where they are no host's to set.
const STOCKS: &str = r#"<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><name>Stocks</name></header>
<sim_specs><start>1</start><stop>5</stop><dt>0.5</dt></sim_specs>
<dimensions><dim name="Place"><elem name="North"/><elem name="South"/></dim></dimensions>
<model><variables>
<aux name="rate"><eqn>0.5</eqn></aux>
<stock name="level"><eqn>8</eqn><inflow>growth</inflow></stock><flow name="growth"><eqn>level * rate</eqn></flow>
<stock name="follows"><eqn>2 * level + first</eqn><outflow>drain</outflow><non_negative/></stock><flow name="drain"><eqn>3</eqn></flow>
<stock name="both"><dimensions><dim name="Place"/></dimensions>
<element subscript="North"><eqn>5</eqn></element><element subscript="South"><eqn>-rate</eqn></element><inflow>adding</inflow></stock>
<flow name="adding"><dimensions><dim name="Place"/></dimensions><eqn>Place</eqn></flow>
<aux name="first"><eqn>INIT(growth)</eqn></aux>
<stock name="line"><eqn>4</eqn><outflow>leaving</outflow><conveyor><len>2</len></conveyor></stock><flow name="leaving"/>
<stock name="waiting"><eqn>6</eqn><outflow>boarding</outflow><queue/></stock><flow name="boarding"><eqn>1</eqn></flow>
</variables></model></xmile>"#;

pub(super) fn sequences(artifacts: &mut Artifacts) -> Result<Vec<Sequence>, String> {
    let drawn = Compiled::new("drawn", Subject::from_xmile("drawn.xmile", DRAWN, OptLevel::O2)?, artifacts)?;
    let mut sequences = vec![drawn.play("links").links().done(), drawn.play("controls").controls().done()];
    for file in ["sir.xmile", "modules_nested.xmile", "array_stocks.xmile", "mdl_cohorts.mdl"] {
        let model = Compiled::from_models(file, artifacts)?;
        sequences.push(model.play(format!("{file}: links and controls")).links().controls().done());
    }
    let options = Options { level: OptLevel::O2, initials: true, ..Options::default() };
    let model = Compiled::new("stocks", Subject::with_options("stocks.xmile", STOCKS, &options)?, artifacts)?;
    sequences.extend(described(&model)?);
    sequences.extend(steered(&model)?);
    sequences.extend(refused(&model)?);
    for file in ["sir.xmile", "modules_nested.xmile", "array_stocks.xmile", "mdl_cohorts.mdl", "rk4_oscillator.xmile"] {
        sequences.push(of_models(file, &options, artifacts)?);
    }
    Ok(sequences)
}

fn number(name: &str, value: f64) -> (String, Param) {
    (name.to_owned(), Param::Number(value))
}

fn described(model: &Compiled) -> Result<Vec<Sequence>, String> {
    let mut played = model.play("initial values: variables").model();
    for name in ["level", "follows", "both", "line", "waiting", "rate"] {
        played = played.variable(name, name)?;
    }
    Ok(vec![played.run(&Vec::new())?.columns(None)?.csv(None)?.done()])
}

fn steered(model: &Compiled) -> Result<Vec<Sequence>, String> {
    let none = Vec::new();
    let set = vec![number("Level", 20.0), number("both[South]", 2.5), number("rate", 0.25)];
    let runs = model.play("initial values: of a run").run(&set)?.columns(None)?.run(&none)?;
    let list = vec![("both".to_owned(), Param::List(vec![1.0, -2.0])), number("follows", 0.0)];
    let runs = runs.run(&list)?.run(&[number("level", -3.0)].to_vec())?;
    let sim = model.play("initial values: of a Sim").sim(&none)?.set("level", Param::Number(20.0))?.value("level")?;
    // Once the run has started the value waits for the next start.
    let sim = sim.step("run_initials")?.value("level")?.value("follows")?.set("level", Param::Number(2.0))?;
    let sim = sim.value("level")?.run_to(2.0)?.value("level")?.step("run_to_end")?.sim_run()?;
    let sim = sim.step("reset")?.value("level")?.step("run_to_end")?.sim_run()?;
    let sim = sim.step("clear")?.step("reset")?.value("level")?.step("run_to_end")?.sim_run()?;
    let given = model.play("initial values: given to a new Sim").sim(&set)?.value("level")?.value("both")?;
    let given = given.run_to(3.0)?.step("reset")?.value("both")?.step("run_to_end")?.sim_run()?;
    let batch = model.play("initial values: a batch").batch(
        &["level", "both"],
        &[&[8.0, 5.0], &[1.0, 2.0], &[-1.0, 0.0]],
        None,
        None,
    )?;
    let batch = batch.batch(&["follows"], &[&[0.0], &[100.0]], Some(&["level", "follows"]), Some(&[f64::INFINITY]))?;
    Ok(vec![runs.done(), sim.done(), given.done(), batch.done()])
}

fn refused(model: &Compiled) -> Result<Vec<Sequence>, String> {
    let none = Vec::new();
    let run = |name: &str, value: f64| json!({ "call": "run", "params": [[name, bits(value)]] });
    let mut sequences = Vec::new();
    for name in ["line", "waiting"] {
        let played = model.play(format!("initial values: none of {name}"));
        let played = played.refused(run(name, 1.0), "not-settable", json!({ "variable": name }));
        sequences.push(played.run(&none)?.done());
    }
    let wrong = model.play("initial values: no number").refused(run("level", f64::NAN), "bad-value", json!({}));
    let wrong = wrong.refused(run("both[South]", f64::INFINITY), "bad-value", json!({}));
    sequences.push(wrong.run(&none)?.done());
    Ok(sequences)
}

/// A model of the tests, whose first stocks start elsewhere.
fn of_models(file: &str, options: &Options, artifacts: &mut Artifacts) -> Result<Sequence, String> {
    let model = Compiled::of_file(file, "_initials", options, artifacts)?;
    let stocks = model.stocks();
    let params: Vec<(String, Param)> = stocks.iter().take(3).map(|name| number(name, 7.5)).collect();
    let names: Vec<&str> = stocks.iter().take(1).map(String::as_str).collect();
    let played = model.play(format!("{file}: initial values")).model().run(&params)?.columns(None)?;
    let played = played.batch(&names, &[&[1.0], &[2.0]], None, None)?.sim(&params)?.step("run_initials")?;
    Ok(played.step("run_to_end")?.sim_run()?.step("clear")?.step("reset")?.step("run_to_end")?.sim_run()?.done())
}
