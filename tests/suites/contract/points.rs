//! What the contract says in single points, each with a model of its own.

use libtest_mimic::Trial;
use simc_midend::pipeline::OptLevel;
use tests::engine::{Engine, Op, OracleEngine};
use tests::subject::{LEVELS, Subject};

use super::{agree, spelled_names};
use crate::trial;

pub(super) fn trials() -> Vec<Trial> {
    vec![
        trial("contract::names_are_canonical", names_are_canonical),
        trial("contract::a_run_rests_evaluated_on_every_call", rests_evaluated),
        trial("contract::error_codes_and_the_count_of_elements", error_codes),
        trial("contract::a_step_that_fails_leaves_no_row", failing_step),
        trial("contract::what_is_written_as_a_constant_can_be_set", settable),
        trial("contract::events_pause_only_when_asked", events),
        trial("contract::a_nan_target_has_a_code_of_our_own", nan_target),
        trial("contract::inputs_are_always_there", inputs),
    ]
}

pub(super) fn check(holds: bool, what: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}

pub(super) fn xmile(body: &str) -> String {
    format!(
        r#"<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0" xmlns:isee="http://iseesystems.com/XMILE">
<header><name>point</name></header><sim_specs><start>0</start><stop>8</stop><dt>1</dt></sim_specs>{body}</xmile>"#
    )
}

fn subject(body: &str, level: OptLevel) -> Result<Subject, String> {
    Subject::from_xmile("point.xmile", &xmile(body), level)
}

/// The slot of an element by its canonical name.
pub(super) fn slot(subject: &Subject, canonical: &str) -> i32 {
    let layout = simc_artifact::read(&subject.wasm).expect("an artifact").layout;
    let entry = layout.entries.iter().find(|entry| entry.name == canonical);
    i32::try_from(entry.unwrap_or_else(|| panic!("no entry {canonical}")).slot).expect("few slots")
}

const NAMES: &str = r#"
<dimensions><dim name="Place"><elem name="North East"/><elem name="söder_"/></dim><dim name="One"><elem name="The Only"/></dim></dimensions>
<model><variables>
<aux name="a__b"><eqn>1</eqn></aux>
<aux name="tail_"><eqn>2</eqn></aux>
<aux name="two  blanks\nand a line"><eqn>3</eqn></aux>
<aux name="hard&#160;blank"><eqn>4</eqn></aux>
<aux name="&quot;v. 1.5&quot;"><eqn>5</eqn></aux>
<aux name="ΟΔΟΣ"><eqn>6</eqn></aux>
<aux name="People"><dimensions><dim name="Place"/></dimensions><eqn>7</eqn></aux>
<aux name="Single"><dimensions><dim name="One"/></dimensions><eqn>8</eqn></aux>
<module name="My Farm"/>
</variables></model>
<model name="My Farm"><variables><aux name="Yield Now"><eqn>9</eqn></aux></variables></model>"#;

fn names_are_canonical() -> Result<(), String> {
    let subject = subject(NAMES, OptLevel::O2)?;
    let layout = simc_artifact::read(&subject.wasm).map_err(|error| error.to_string())?.layout;
    let mut found: Vec<&str> = layout.entries.iter().skip(4).map(|entry| entry.name.as_str()).collect();
    found.sort_unstable();
    let mut expected = vec![
        "a__b",
        "tail_",
        "two_blanks_and_a_line",
        "hard_blank",
        "v\u{2024}_1\u{2024}5",
        "οδοσ",
        "people[north_east]",
        "people[söder_]",
        "single[the_only]",
        "single",
        "my_farm\u{b7}yield_now",
    ];
    expected.sort_unstable();
    check(found == expected, &format!("{found:?}"))?;
    check(slot(&subject, "single") == slot(&subject, "single[the_only]"), "one element, two slots")?;
    // What users write leads there.
    agree(&subject, &spelled_names(&subject), &[Op::Run])
}

const GROWTH: &str = r#"<model><variables>
<aux name="rate"><eqn>0.25</eqn></aux><aux name="twice"><eqn>2 * rate</eqn></aux>
<stock name="level"><eqn>8</eqn><inflow>growth</inflow></stock><flow name="growth"><eqn>level * rate</eqn></flow>
</variables></model>"#;

fn rests_evaluated() -> Result<(), String> {
    for level in LEVELS {
        let subject = subject(GROWTH, level)?;
        let rate = slot(&subject, "rate");
        let calls = [
            Op::RunTo(3.0),
            Op::SetValue(rate, 0.5),
            Op::RunTo(3.0),
            Op::RunTo(-1.0),
            Op::SetValue(rate, 0.125),
            Op::RunTo(f64::NEG_INFINITY),
            Op::RunTo(5.0),
            Op::Run,
            Op::RunTo(5.0),
        ];
        agree(&subject, &spelled_names(&subject), &calls)?;
        let mut engine = OracleEngine::new(&subject.model, &subject.module, &subject.layout);
        engine.call(Op::RunTo(3.0));
        engine.call(Op::SetValue(rate, 0.5));
        engine.call(Op::RunTo(3.0));
        check(engine.live()[slot(&subject, "twice") as usize] == 1.0, "what follows is not evaluated")?;
    }
    Ok(())
}

/// A queue before two conveyors in the order of the model: the conveyors count first.
const TRANSPORT: &str = r#"<model><variables>
<aux name="way"><eqn>2</eqn></aux><aux name="rate"><eqn>3</eqn></aux><aux name="room"><eqn>1</eqn></aux>
<stock name="waiting"><eqn>0</eqn><inflow>arriving</inflow><outflow>boarding</outflow><queue/></stock>
<flow name="arriving"><eqn>rate</eqn></flow><flow name="boarding"/>
<stock name="first"><eqn>0</eqn><inflow>boarding</inflow><outflow>passing</outflow><conveyor discrete="true"><len>1</len><capacity>room</capacity></conveyor></stock>
<flow name="passing"/>
<stock name="second"><eqn>0</eqn><inflow>passing</inflow><outflow>gone</outflow><conveyor><len>way</len></conveyor></stock>
<flow name="gone"/>
</variables></model>"#;

fn error_codes() -> Result<(), String> {
    for level in LEVELS {
        let subject = subject(TRANSPORT, level)?;
        let way = slot(&subject, "way");
        for (value, code) in [(0.0, 58), (-1.0, 58), (f64::NAN, 58), (1e9, 59)] {
            let calls = [Op::SetValue(way, value), Op::RunTo(2.0), Op::RunTo(3.0), Op::Reset];
            agree(&subject, &spelled_names(&subject), &calls)?;
            let mut engine = OracleEngine::new(&subject.model, &subject.module, &subject.layout);
            engine.call(Op::SetValue(way, value));
            engine.call(Op::RunTo(2.0));
            // `second` is the second conveyor; the queue comes after both.
            check(engine.error() == 1 << 32 | code, &format!("{:x} for {value}", engine.error()))?;
        }
        let extension = simc_artifact::read(&subject.wasm).map_err(|error| error.to_string())?.layout.extension;
        let transports = extension.ok_or("a layout")?;
        let named: Vec<_> = (0..4).map(|number| transports.transport_name(number)).collect();
        let expected = [Some("first".to_owned()), Some("second".to_owned()), Some("waiting".to_owned()), None];
        check(named == expected, &format!("{named:?}"))?;
    }
    Ok(())
}

fn failing_step() -> Result<(), String> {
    for level in LEVELS {
        let subject = subject(TRANSPORT, level)?;
        let way = slot(&subject, "way");
        let calls = [Op::RunTo(2.0), Op::SetValue(way, 1e9), Op::RunTo(7.0), Op::RunTo(8.0), Op::Reset, Op::Run];
        agree(&subject, &spelled_names(&subject), &calls)?;
        let mut engine = OracleEngine::new(&subject.model, &subject.module, &subject.layout);
        engine.call(Op::RunTo(2.0));
        engine.call(Op::SetValue(way, 1e9));
        engine.call(Op::RunTo(7.0));
        check(engine.saved() == 3, &format!("{} rows are saved", engine.saved()))?;
        check(engine.live()[0] == 2.0, "the live chunk is not the last row before the failure")?;
    }
    Ok(())
}

/// Constants of every kind that something limits or that stand among equations.
const SETTABLE: &str = r#"
<dimensions><dim name="D"><elem name="p"/><elem name="q"/><elem name="r"/></dim></dimensions>
<model><variables>
<stock name="tank"><eqn>10</eqn><inflow>filling</inflow><outflow>draining</outflow><non_negative/></stock>
<flow name="filling"><eqn>1</eqn><non_negative/></flow>
<flow name="draining"><eqn>2</eqn></flow>
<stock name="line"><eqn>4</eqn><inflow>entering</inflow><outflow>leaving</outflow><outflow>lost</outflow><conveyor><len>2</len><capacity>9</capacity></conveyor></stock>
<flow name="entering"><eqn>3</eqn></flow><flow name="leaving"/><flow name="lost"><eqn>0.25</eqn><leak/></flow>
<aux name="mixed"><dimensions><dim name="D"/></dimensions>
<element subscript="p"><eqn>5</eqn></element><element subscript="q"><eqn>mixed[p] + TIME</eqn></element><element subscript="r"><eqn>7</eqn></element></aux>
<aux name="folded mod"><eqn>17 MOD 5</eqn></aux>
<aux name="folded if"><eqn>IF 2 &gt; 1 THEN 3 ELSE 4</eqn></aux>
<aux name="folded comparison"><eqn>(2 &gt;= 2) AND NOT (1 = 2)</eqn></aux>
<aux name="uses all"><eqn>folded_mod + folded_if + folded_comparison + SUM(mixed)</eqn></aux>
</variables></model>"#;

fn settable() -> Result<(), String> {
    let names = [
        "filling",
        "draining",
        "entering",
        "lost",
        "mixed[p]",
        "mixed[r]",
        "folded_mod",
        "folded_if",
        "folded_comparison",
    ];
    for level in LEVELS {
        let subject = subject(SETTABLE, level)?;
        let n_slots = i32::try_from(subject.layout.n_slots).expect("few slots");
        let settable: Vec<i32> = names.iter().map(|name| slot(&subject, name)).collect();
        let mut calls = Vec::new();
        let mut engine = OracleEngine::new(&subject.model, &subject.module, &subject.layout);
        for slot in 0..n_slots {
            let returned = engine.call(Op::SetValue(slot, 0.5));
            check((returned == 0) == settable.contains(&slot), &format!("set_value({slot}) gives {returned}"))?;
            calls.push(Op::SetValue(slot, 0.5));
        }
        calls.extend([Op::Run, Op::Reset, Op::ClearValues, Op::Reset, Op::Run]);
        for (name, value) in names.iter().zip([-2.0, 50.0, 20.0, 0.5, -1.0, 4.0, 8.0, 9.0, f64::NAN]) {
            calls.extend([Op::RunTo(2.0), Op::SetValue(slot(&subject, name), value), Op::RunTo(2.0), Op::RunTo(5.0)]);
            calls.extend([Op::Reset, Op::Run, Op::Reset, Op::ClearValues, Op::Reset]);
        }
        agree(&subject, &spelled_names(&subject), &calls)?;
        // What is set is limited as the equation would have been.
        engine.call(Op::ClearValues);
        engine.call(Op::SetValue(slot(&subject, "filling"), -2.0));
        engine.call(Op::SetValue(slot(&subject, "draining"), 50.0));
        check(engine.live()[slot(&subject, "draining") as usize] == 50.0, "what is set is not shown at once")?;
        engine.call(Op::RunTo(0.0));
        let row = engine.rows();
        check(row[slot(&subject, "filling") as usize] == 0.0, "a flow that is never negative is set to be")?;
        check(row[slot(&subject, "draining") as usize] == 10.0, "the stock limits the flow no longer")?;
    }
    Ok(())
}

const EVENTS: &str = r#"<model><variables><aux name="v"><eqn>TIME * 2</eqn><event_poster min="0" max="99">
<threshold value="5"><event sim_action="pause">half way</event></threshold>
<threshold value="9"><event sim_action="message">near</event></threshold></event_poster></aux></variables></model>"#;

fn events() -> Result<(), String> {
    for level in LEVELS {
        let subject = subject(EVENTS, level)?;
        let calls = [
            Op::RunTo(f64::INFINITY),
            Op::Reset,
            Op::PauseOnEvents(true),
            Op::RunTo(f64::INFINITY),
            Op::RunTo(f64::INFINITY),
            Op::Reset,
            Op::Run,
            Op::PauseOnEvents(false),
            Op::Run,
        ];
        agree(&subject, &spelled_names(&subject), &calls)?;
        let mut engine = OracleEngine::new(&subject.model, &subject.module, &subject.layout);
        engine.call(Op::RunTo(f64::INFINITY));
        check(engine.saved() == 9 && engine.state() == 0, "a host that asks for nothing is paused")?;
        check(engine.events().0 == 2, "events are not recorded")?;
        engine.call(Op::PauseOnEvents(true));
        engine.call(Op::Run);
        check(engine.state() == 1 && engine.saved() == 4, "the run does not pause")?;
    }
    Ok(())
}

fn nan_target() -> Result<(), String> {
    let subject = subject(GROWTH, OptLevel::O2)?;
    let calls = [Op::RunTo(2.0), Op::RunTo(f64::NAN), Op::RunTo(3.0), Op::Reset, Op::RunTo(3.0)];
    agree(&subject, &spelled_names(&subject), &calls)?;
    let mut engine = OracleEngine::new(&subject.model, &subject.module, &subject.layout);
    engine.call(Op::RunTo(f64::NAN));
    check(engine.error() == 1000, "another error word")
}

fn inputs() -> Result<(), String> {
    let subject = subject(GROWTH, OptLevel::O2)?;
    let rate = slot(&subject, "rate");
    agree(&subject, &spelled_names(&subject), &[Op::SetValues(rate, vec![0.75]), Op::Run])?;
    // Of a model without constants they are there as well, and nothing can be set.
    let empty =
        self::subject(r#"<model><variables><aux name="v"><eqn>TIME</eqn></aux></variables></model>"#, OptLevel::O2)?;
    agree(&empty, &spelled_names(&empty), &[Op::SetValues(4, vec![]), Op::Run])
}
