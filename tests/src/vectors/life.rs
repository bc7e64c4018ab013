//! The life of an instance: targets, what stays over what, events, conveyors that fail.

use serde_json::json;
use simc_midend::pipeline::OptLevel;

use super::Artifacts;
use super::call::{Param, Sequence, bits};
use super::player::Compiled;
use crate::subject::Subject;

/// Memory of every kind, so that what is forgotten and what stays shows.
const LIFE: &str = r#"<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><name>Life</name></header>
<sim_specs><start>-1</start><stop>2</stop><dt reciprocal="true">3</dt></sim_specs>
<model><variables>
<aux name="pace"><eqn>0.5</eqn></aux>
<aux name="first"><eqn>10</eqn></aux>
<stock name="level"><eqn>first</eqn><inflow>rise</inflow></stock>
<flow name="rise"><eqn>pace*level</eqn></flow>
<aux name="at start"><eqn>INIT(pace)</eqn></aux>
<aux name="late"><eqn>DELAY(level, 1, 0)</eqn></aux>
<aux name="before"><eqn>PREVIOUS(level, -5)</eqn></aux>
<aux name="ratio"><eqn>1/(level - 10)</eqn></aux>
</variables></model></xmile>"#;

const EVENTS: &str = r#"<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0" xmlns:isee="http://iseesystems.com/XMILE">
<header><vendor>tests</vendor><product version="1">events</product><name>Events</name></header>
<sim_specs><start>0</start><stop>5</stop><dt>0.125</dt></sim_specs>
<dimensions><dim name="Place"><elem name="A"/><elem name="B"/></dim></dimensions>
<model><variables>
<aux name="height"><eqn>1</eqn></aux>
<aux name="limit"><eqn>3.1</eqn></aux>
<aux name="wave"><eqn>height*SIN(TIME*2)</eqn><event_poster min="-1" max="1">
<threshold value="0.5"><event sim_action="message">high</event></threshold>
<threshold value="0" direction="decreasing" repeat="once"><event sim_action="pause">first</event><event sim_action="message">second</event></threshold>
<threshold value="0.9" repeat="once_ever"><event/></threshold></event_poster></aux>
<stock name="sum"><dimensions><dim name="Place"/></dimensions><eqn>Place</eqn><inflow>adding</inflow>
<event_poster min="0" max="10"><threshold value="4"><event sim_action="message">four</event></threshold></event_poster></stock>
<flow name="adding"><dimensions><dim name="Place"/></dimensions><eqn>height*Place</eqn></flow>
<aux name="far"><eqn>TIME - limit</eqn><event_poster min="-10" max="10">
<threshold value="0"><event sim_action="stop">enough</event></threshold></event_poster></aux>
</variables></model></xmile>"#;

const TRANSPORTS: &str = r#"<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><name>Transports</name></header>
<sim_specs><start>0</start><stop>6</stop><dt>0.5</dt></sim_specs>
<dimensions><dim name="Line"><elem name="fast"/><elem name="slow"/></dim></dimensions>
<model><variables>
<aux name="way"><eqn>2</eqn></aux>
<stock name="transport"><dimensions><dim name="Line"/></dimensions><eqn>4</eqn><inflow>entering</inflow><outflow>leaving</outflow><conveyor><len>way*Line</len></conveyor></stock>
<flow name="entering"><dimensions><dim name="Line"/></dimensions><eqn>Line</eqn></flow>
<flow name="leaving"><dimensions><dim name="Line"/></dimensions></flow>
</variables></model></xmile>"#;

pub(super) fn sequences(artifacts: &mut Artifacts) -> Result<Vec<Sequence>, String> {
    let compile = |stem: &str, text: &str, artifacts: &mut Artifacts| {
        let subject = Subject::from_xmile(&format!("{stem}.xmile"), text, OptLevel::O2)
            .map_err(|error| format!("{stem}: {error}"))?;
        Compiled::new(stem, subject, artifacts)
    };
    let mut sequences = instance(&compile("life", LIFE, artifacts)?)?;
    sequences.extend(events(&compile("events", EVENTS, artifacts)?)?);
    sequences.extend(transports(&compile("transports", TRANSPORTS, artifacts)?)?);
    Ok(sequences)
}

fn instance(model: &Compiled) -> Result<Vec<Sequence>, String> {
    let none = Vec::new();
    let mut sequences = Vec::new();
    let new = model.play("a new Sim").sim(&none)?.step("state")?.value("pace")?.value("level")?.sim_run()?;
    sequences.push(new.set("pace", Param::Number(0.25))?.value("pace")?.step("state")?.done());

    let parts =
        model.play("in parts").sim(&none)?.run_to(-0.5)?.series("level")?.run_to(0.0)?.run_to(0.1)?.run_to(1.0)?;
    sequences
        .push(parts.value("late")?.value("before")?.step("run_to_end")?.sim_run()?.series("late")?.run_to(5.0)?.done());
    let targets = model
        .play("targets in the past and beyond")
        .sim(&none)?
        .run_to(f64::NEG_INFINITY)?
        .run_to(0.5)?
        .run_to(0.0)?
        .run_to(-7.0)?;
    sequences.push(targets.value("rise")?.run_to(1e9)?.step("state")?.run_to(f64::INFINITY)?.sim_run()?.done());
    let nan = json!({ "call": "run_to", "target": bits(f64::NAN) });
    let refused = model
        .play("NaN is no target")
        .sim(&none)?
        .refused(nan.clone(), "bad-time", json!({}))
        .step("state")?
        .run_to(0.0)?;
    sequences.push(refused.refused(nan, "bad-time", json!({})).step("state")?.step("run_to_end")?.sim_run()?.done());

    let between = model
        .play("set between two targets")
        .sim(&none)?
        .run_to(0.0)?
        .set("pace", Param::Number(2.0))?
        .value("pace")?;
    let between = between.step("run_to_end")?.value("at start")?.series("level")?.sim_run()?;
    let between = between
        .step("reset")?
        .value("pace")?
        .value("first")?
        .step("state")?
        .step("run_to_end")?
        .value("at start")?
        .sim_run()?;
    sequences.push(between.step("clear")?.step("reset")?.value("pace")?.step("run_to_end")?.sim_run()?.done());
    let initials = model
        .play("t = start, twice")
        .sim(&none)?
        .step("run_initials")?
        .value("level")?
        .step("run_initials")?
        .step("state")?;
    sequences.push(initials.set("first", Param::Number(7.0))?.value("level")?.step("run_to_end")?.sim_run()?.done());
    let start =
        model.play("an initial value through a constant").sim(&vec![("first".to_owned(), Param::Number(7.0))])?;
    sequences.push(start.step("run_to_end")?.series("level")?.step("reset")?.step("run_to_end")?.sim_run()?.done());
    let runs =
        model.play("run begins with the defaults each time").run(&vec![("pace".to_owned(), Param::Number(0.0))])?;
    sequences.push(
        runs.run(&none)?
            .csv(Some(&["ratio", "late"]))?
            .sim(&none)?
            .set("pace", Param::Number(9.0))?
            .run(&none)?
            .step("run_to_end")?
            .sim_run()?
            .done(),
    );
    let closed = model
        .play("closed")
        .sim(&none)?
        .run_to(0.0)?
        .gives(json!({ "call": "close" }), json!({}))
        .gives(json!({ "call": "close" }), json!({}));
    let closed = closed.refused(json!({ "call": "run_to", "target": bits(1.0) }), "closed", json!({}));
    let closed = closed.refused(json!({ "call": "set", "name": "pace", "value": bits(1.0) }), "closed", json!({}));
    let closed = closed.refused(json!({ "call": "value", "name": "pace" }), "closed", json!({}));
    sequences.push(closed.refused(json!({ "call": "state" }), "closed", json!({})).run(&none)?.done());
    Ok(sequences)
}

fn events(model: &Compiled) -> Result<Vec<Sequence>, String> {
    let none = Vec::new();
    let far = vec![("limit".to_owned(), Param::Number(100.0))];
    let stopped = model
        .play("an event stops a run")
        .run(&none)?
        .events()?
        .columns(Some(&["wave", "sum"]))?
        .run(&none)?
        .events()?;
    let whole = model.play("events of a whole run").run(&far)?.events()?.run(&far)?.events()?;
    let sim = model
        .play("events in a Sim, which runs on")
        .sim(&far)?
        .run_to(2.0)?
        .events()?
        .step("run_to_end")?
        .events()?
        .sim_run()?;
    let sim = sim.step("reset")?.events()?.step("run_to_end")?.events()?;
    let stop = model
        .play("nothing follows a stop")
        .sim(&none)?
        .step("run_to_end")?
        .step("state")?
        .run_to(4.5)?
        .step("reset")?;
    let stop = stop.set("limit", Param::Number(100.0))?.step("run_to_end")?.sim_run()?;
    Ok(vec![stopped.done(), whole.done(), sim.done(), stop.done(), pauses(model)?])
}

fn pauses(model: &Compiled) -> Result<Sequence, String> {
    let far = vec![("limit".to_owned(), Param::Number(100.0))];
    let played = model
        .play("a Sim that comes back at events that pause")
        .sim(&far)?
        .pause_on_events(true)?
        .step("run_to_end")?;
    let played =
        played.step("state")?.events()?.value("wave")?.run_to(3.0)?.step("state")?.step("run_to_end")?.sim_run()?;
    Ok(played.done())
}

fn transports(model: &Compiled) -> Result<Vec<Sequence>, String> {
    let none = Vec::new();
    let way = |value: f64| vec![("way".to_owned(), Param::Number(value))];
    let at_start = model.play("a conveyor that fails at the start").run(&way(0.0))?.run(&none)?;
    let later = model.play("a conveyor that fails later").sim(&none)?.run_to(2.0)?.set("way", Param::Number(1e6))?;
    let later = later.step("run_to_end")?.step("state")?.run_to(4.0)?.sim_run()?.series("transport[slow]")?;
    let later = later.step("clear")?.step("reset")?.step("run_to_end")?.sim_run()?;
    let batch =
        model.play("a run of a batch fails").batch(&["way"], &[&[1.0], &[-1.0], &[2.0]], Some(&["transport"]), None)?;
    Ok(vec![at_start.done(), later.done(), batch.done()])
}
