//! What an artifact tells of its model besides names: links, controls, settable initial values, times that were given.

use libtest_mimic::Trial;
use simc::driver::Options;
use simc::front::Times;
use simc_artifact::{Control, ControlKind, Extension};
use simc_midend::pipeline::OptLevel;
use tests::engine::{Engine, Op, OracleEngine};
use tests::subject::{LEVELS, Subject};

use super::points::{check, slot, xmile};
use super::{agree, spelled_names};
use crate::trial;

pub(super) fn trials() -> Vec<Trial> {
    vec![
        trial("contract::links_say_what_reads_what", links),
        trial("contract::controls_are_those_that_the_author_drew", controls),
        trial("contract::initial_values_are_set_as_constants_are", initials),
        trial("contract::initial_values_of_every_shape_agree", initials_agree),
        trial("contract::times_take_the_place_of_the_models", times),
    ]
}

fn extension(subject: &Subject) -> Result<Extension, String> {
    let artifact = simc_artifact::read(&subject.wasm).map_err(|error| error.to_string())?;
    artifact.layout.extension.ok_or_else(|| "no extension".to_owned())
}

const EPIDEMIC: &str = r#"<model><variables>
<aux name="contacts"><eqn>6</eqn></aux><aux name="duration"><eqn>5</eqn></aux><aux name="first"><eqn>10</eqn></aux>
<stock name="well"><eqn>1000 - first</eqn><outflow>infection</outflow><non_negative/></stock>
<stock name="ill"><eqn>first</eqn><inflow>infection</inflow><outflow>recovery</outflow><non_negative/></stock>
<flow name="infection"><eqn>contacts * well * ill / 1000 * effect</eqn></flow>
<flow name="recovery"><eqn>ill / duration</eqn></flow>
<aux name="effect"><eqn>ill</eqn><gf><xscale min="0" max="1000"/><ypts>1,0.5,0.1</ypts></gf></aux>
<aux name="smoothed"><eqn>SMTH1(effect, duration)</eqn></aux>
<aux name="unclear"><eqn>ill - 3 * ill</eqn></aux>
</variables></model>"#;

fn links() -> Result<(), String> {
    let subject = Subject::from_xmile("links.xmile", &xmile(EPIDEMIC), OptLevel::O2)?;
    let extension = extension(&subject)?;
    let name = |index: u32| extension.variables[index as usize].name.as_str();
    let shown = |link: &simc_artifact::Link| {
        let start = if link.at_start { " at the start" } else { "" };
        format!("{} {} {}{start}", name(link.cause), link.sign.name(), name(link.effect))
    };
    let mut found: Vec<String> = extension.links.iter().map(shown).collect();
    found.sort();
    let mut expected = vec![
        "first - well at the start",
        "infection - well",
        "first + ill at the start",
        "infection + ill",
        "recovery - ill",
        "contacts + infection",
        "effect + infection",
        "ill + infection",
        "well + infection",
        "duration - recovery",
        "ill ? recovery",
        "infection + recovery",
        "ill - effect",
        "effect + smoothed",
        "duration ? smoothed",
        "ill ? unclear",
    ];
    expected.sort_unstable();
    // The clamp of `recovery` reads the stock with the same direction as its equation.
    let position = expected.iter().position(|link| *link == "ill ? recovery").ok_or("a link")?;
    expected[position] = "ill + recovery";
    expected.sort_unstable();
    check(found == expected, &format!("{found:#?}"))?;
    let order: Vec<(u32, u32)> = extension.links.iter().map(|link| (link.effect, link.cause)).collect();
    check(order.is_sorted(), "links are not sorted")
}

const DRAWN: &str = r#"
<dimensions><dim name="Place"><elem name="North"/><elem name="Far South"/></dim></dimensions>
<model><variables>
<aux name="Contact Rate"><eqn>6</eqn></aux><aux name="on"><eqn>1</eqn></aux>
<aux name="share"><dimensions><dim name="Place"/></dimensions><eqn>0.5</eqn></aux>
<stock name="level"><eqn>1</eqn><inflow>growth</inflow></stock><flow name="growth"><eqn>Contact_Rate * on * share[North]</eqn></flow>
<module name="Farm"/>
</variables>
<views>
<style><slider color="red" min="0" max="1"/></style>
<view><stock name="level" x="1" y="2"/></view>
<view type="interface">
<slider x="1" y="2" min="0" max="10" step="0.5" entity_name="contact_rate" label="How often&#10;people meet"/>
<knob min="0" max="1" entity_name="share[far_south]"/>
<switch entity_name="ON"/>
<graph type="time_series"><title>Levels</title><plot index="0"><entity name="level"/></plot><plot index="1"><entity name="Farm.crop"/></plot></graph>
<gauge entity_name="level"><zone min="0" max="5"/><zone min="5" max="20"/></gauge>
<slider min="0" max="1" entity_name="nothing that there is"/>
<numeric_input entity_name="on"/>
</view></views></model>
<model name="Farm"><variables><aux name="crop"><eqn>TIME</eqn></aux></variables></model>"#;

fn controls() -> Result<(), String> {
    let subject = Subject::from_xmile("controls.xmile", &xmile(DRAWN), OptLevel::O2)?;
    let control = |kind, names: &[&str], range, step, label: Option<&str>| Control {
        kind,
        names: names.iter().map(|&name| name.to_owned()).collect(),
        range,
        step,
        label: label.map(str::to_owned),
    };
    let expected = [
        control(ControlKind::Slider, &["Contact Rate"], Some((0.0, 10.0)), Some(0.5), Some("How often people meet")),
        control(ControlKind::Knob, &["share[Far South]"], Some((0.0, 1.0)), None, None),
        control(ControlKind::Switch, &["on"], None, None, None),
        control(ControlKind::Graph, &["level", "Farm.crop"], None, None, Some("Levels")),
        control(ControlKind::Gauge, &["level"], Some((0.0, 20.0)), None, None),
    ];
    let found = extension(&subject)?.controls;
    check(found == expected, &format!("{found:#?}"))
}

const STOCKS: &str = r#"
<dimensions><dim name="D"><elem name="p"/><elem name="q"/></dim></dimensions>
<model><variables>
<aux name="rate"><eqn>0.5</eqn></aux>
<stock name="level"><eqn>8</eqn><inflow>growth</inflow></stock><flow name="growth"><eqn>level * rate</eqn></flow>
<stock name="follows"><eqn>2 * level + first</eqn><outflow>drain</outflow><non_negative/></stock><flow name="drain"><eqn>3</eqn></flow>
<stock name="both"><dimensions><dim name="D"/></dimensions><element subscript="p"><eqn>5</eqn></element><element subscript="q"><eqn>-rate</eqn></element></stock>
<aux name="first"><eqn>INIT(growth)</eqn></aux>
<stock name="line"><eqn>4</eqn><outflow>leaving</outflow><conveyor><len>2</len></conveyor></stock><flow name="leaving"/>
</variables></model>"#;

fn with_initials(body: &str, level: OptLevel) -> Result<Subject, String> {
    let options = Options { level, initials: true, ..Options::default() };
    Subject::with_options("initials.xmile", &xmile(body), &options)
}

fn initials() -> Result<(), String> {
    let subject = with_initials(STOCKS, OptLevel::O2)?;
    let mut engine = OracleEngine::new(&subject.model, &subject.module, &subject.layout);
    let at = |name: &str| slot(&subject, name);
    let live = |engine: &mut OracleEngine<'_>, name: &str| engine.live()[at(name) as usize];
    check(engine.call(Op::SetValue(at("level"), 20.0)) == 0, "an initial value is refused")?;
    check(live(&mut engine, "level") == 20.0, "a new instance does not show it")?;
    engine.call(Op::RunTo(0.0));
    check(live(&mut engine, "level") == 30.0 && live(&mut engine, "follows") == 47.0, "the run starts elsewhere")?;
    engine.call(Op::SetValue(at("level"), 2.0));
    check(live(&mut engine, "level") == 30.0, "the stock of a run jumps")?;
    engine.call(Op::RunTo(1.0));
    check(live(&mut engine, "level") == 45.0, "the stock of a run has jumped")?;
    engine.call(Op::Reset);
    check(live(&mut engine, "level") == 2.0, "a reset drops it")?;
    engine.call(Op::SetValue(at("level"), f64::NAN));
    engine.call(Op::RunTo(0.0));
    check(live(&mut engine, "level") == 12.0, "NaN is not what the model computes")?;
    engine.call(Op::SetValue(at("level"), 2.0));
    engine.call(Op::ClearValues);
    engine.call(Op::Run);
    check(engine.rows()[at("level") as usize] == 8.0, "clear_values keeps it")?;
    check(engine.call(Op::SetValue(at("line"), 1.0)) == 1, "the value of a conveyor is set")?;
    let variables = extension(&subject)?.variables;
    let defaults =
        |name: &str| variables.iter().find(|variable| variable.name == name).and_then(|it| it.defaults.clone());
    check(defaults("level") == Some(vec![8.0]), "the default is not the equation's number")?;
    let both = defaults("both").ok_or("no defaults")?;
    check(both[0] == 5.0 && both[1].is_nan(), &format!("{both:?}"))?;
    let plain = Subject::from_xmile("initials.xmile", &xmile(STOCKS), OptLevel::O2)?;
    let mut engine = OracleEngine::new(&plain.model, &plain.module, &plain.layout);
    check(engine.call(Op::SetValue(slot(&plain, "level"), 1.0)) == 1, "initial values are set unasked")
}

fn initials_agree() -> Result<(), String> {
    for level in LEVELS {
        let subject = with_initials(STOCKS, level)?;
        let at = |name: &str| slot(&subject, name);
        let calls = [
            Op::SetValue(at("level"), 20.0),
            Op::SetValues(at("both[p]"), vec![1.0, 2.0]),
            Op::RunTo(3.0),
            Op::SetValue(at("follows"), 7.0),
            Op::SetValue(at("rate"), 0.25),
            Op::RunTo(3.0),
            Op::RunTo(f64::INFINITY),
            Op::Reset,
            Op::Run,
            Op::SetValue(at("both[q]"), f64::NAN),
            Op::SetValue(at("drain"), 1.0),
            Op::Reset,
            Op::RunInitials,
            Op::ClearValues,
            Op::Run,
            Op::SetValue(at("line"), 3.0),
            Op::Run,
        ];
        agree(&subject, &spelled_names(&subject), &calls)?;
        let engines = tests::compare::engines_agree(&subject, &calls, tests::compare::V8::With);
        engines.map_err(|error| format!("at {level:?}: {error}"))?;
    }
    Ok(())
}

fn times() -> Result<(), String> {
    let times = Times { start: Some(-1.0), stop: Some(3.0), dt: Some(0.25), save_every: Some(0.5) };
    let options = Options { times, ..Options::default() };
    let subject = Subject::with_options("times.xmile", &xmile(EPIDEMIC), &options)?;
    let time = extension(&subject)?.time.ok_or("no times")?;
    let found = (time.start, time.stop, time.dt, time.n_steps, time.save_every);
    check(found == (-1.0, 3.0, 0.25, 16, 2), &format!("{found:?}"))?;
    agree(&subject, &spelled_names(&subject), &[Op::Run])?;
    let bad = Options { times: Times { dt: Some(50.0), ..Times::default() }, ..Options::default() };
    match Subject::with_options("times.xmile", &xmile(EPIDEMIC), &bad) {
        Ok(_) => Err("a step longer than the run is taken".to_owned()),
        Err(message) => check(message.contains("is longer than the run"), &message),
    }
}
