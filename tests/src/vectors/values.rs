//! Parameters: their forms, what can be set and what not, tables, seeds, many runs at once.

use serde_json::json;
use simc::driver::Options;
use simc_midend::pipeline::OptLevel;
use simc_model::data::{AddedFile, Role};

use super::Artifacts;
use super::call::{Param, Sequence, bits};
use super::player::Compiled;
use crate::subject::Subject;

/// A variable of every kind, an array of two dimensions, and a graphical function.
const KINDS: &str = r#"<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><name>Kinds</name></header>
<sim_specs><start>2000</start><stop>2002</stop><dt>0.25</dt></sim_specs>
<dimensions>
<dim name="Region"><elem name="North"/><elem name="South"/></dim>
<dim name="Age"><elem name="Young"/><elem name="Old"/></dim>
</dimensions>
<model><variables>
<aux name="pace"><eqn>0.5</eqn></aux>
<aux name="rate"><dimensions><dim name="Region"/><dim name="Age"/></dimensions><eqn>1</eqn></aux>
<stock name="people"><dimensions><dim name="Region"/><dim name="Age"/></dimensions><eqn>10</eqn><inflow>births</inflow></stock>
<flow name="births"><dimensions><dim name="Region"/><dim name="Age"/></dimensions><eqn>rate*people*pace</eqn></flow>
<aux name="all people"><eqn>SUM(people[*, *])</eqn></aux>
<aux name="effect"><eqn>TIME - 2000</eqn><gf><xpts>0,1,2</xpts><ypts>1,3,2</ypts></gf></aux>
</variables></model></xmile>"#;

pub(super) fn sequences(artifacts: &mut Artifacts) -> Result<Vec<Sequence>, String> {
    let options = Options { level: OptLevel::O2, table_points: Some(4), ..Options::default() };
    let model = Compiled::new("kinds", Subject::with_options("kinds.xmile", KINDS, &options)?, artifacts)?;
    let plain = Compiled::new("kinds_plain", Subject::from_xmile("kinds.xmile", KINDS, OptLevel::O2)?, artifacts)?;
    let mut sequences = Vec::new();

    let forms: [(&str, &str, Param); 9] = [
        ("a number for a scalar", "pace", Param::Number(0.25)),
        ("a list of one for a scalar", "pace", Param::List(vec![0.25])),
        ("a number for all elements", "rate", Param::Number(0.5)),
        ("a list", "rate", Param::List(vec![1.0, 2.0, 3.0, 4.0])),
        ("a list of lists", "rate", Param::Nested(vec![vec![1.0, 2.0], vec![3.0, 4.0]])),
        (
            "by element",
            "rate",
            Param::Map(vec![("North,Old", Param::Number(7.0)), ("south, young", Param::Number(-1.0))]),
        ),
        (
            "by element with a star",
            "rate",
            Param::Map(vec![("*,Old", Param::List(vec![5.0, 6.0])), ("1,1", Param::Number(0.0))]),
        ),
        ("elements of a dimension", "rate[South,*]", Param::List(vec![0.1, 0.2])),
        ("one element", "rate[2,Old]", Param::Number(-0.0)),
    ];
    for (name, target, value) in forms {
        let params = vec![(target.to_owned(), value.clone())];
        let played = model.play(format!("form: {name}")).run(&params)?.columns(Some(&["all people", "rate"]))?;
        sequences
            .push(played.sim(&Vec::new())?.set(target, value)?.value("rate")?.step("run_to_end")?.sim_run()?.done());
    }

    let wrong: [(&str, &str, Param, &str); 13] = [
        ("a list that is too short", "rate", Param::List(vec![1.0, 2.0, 3.0]), "shape"),
        ("a list that is too long", "rate[North,*]", Param::List(vec![1.0, 2.0, 3.0]), "shape"),
        (
            "a list of lists of another shape",
            "rate",
            Param::Nested(vec![vec![1.0], vec![2.0], vec![3.0], vec![4.0]]),
            "shape",
        ),
        ("an empty list", "pace", Param::List(vec![]), "shape"),
        ("elements of a scalar", "pace", Param::Map(vec![("North", Param::Number(1.0))]), "shape"),
        ("too few subscripts", "rate", Param::Map(vec![("North", Param::Number(1.0))]), "shape"),
        ("a text", "pace", Param::Wrong("text:0.5"), "shape"),
        ("a truth", "pace", Param::Wrong("true"), "shape"),
        ("nothing", "pace", Param::Wrong("null"), "shape"),
        ("NaN", "pace", Param::Number(f64::NAN), "bad-value"),
        ("infinity", "pace", Param::Number(f64::INFINITY), "bad-value"),
        ("minus infinity in a list", "rate", Param::List(vec![1.0, 1.0, f64::NEG_INFINITY, 1.0]), "bad-value"),
        ("an element that there is not", "rate", Param::Map(vec![("North,Oldd", Param::Number(1.0))]), "unknown-name"),
    ];
    for (name, target, value, code) in wrong {
        let params = json!([["rate", bits(3.0)], [target, value.json()]]);
        // The first of them is fine, and is not set either.
        let call =
            json!({ "call": "run", "params": if target == "rate" { json!([[target, value.json()]]) } else { params } });
        let played = model.play(format!("refused: {name}")).refused(call, code, json!({})).run(&Vec::new())?;
        let call = json!({ "call": "set", "name": target, "value": value.json() });
        sequences.push(
            played
                .sim(&Vec::new())?
                .refused(call, code, json!({}))
                .value("pace")?
                .step("run_to_end")?
                .sim_run()?
                .done(),
        );
    }

    for name in ["people", "births", "all people", "effect", "time", "dt", "final time", "people[North,Old]"] {
        let call = json!({ "call": "run", "params": [[name, bits(1.0)]] });
        let played = model.play(format!("cannot be set: {name}")).refused(call, "not-settable", json!({}));
        sequences.push(played.run(&Vec::new())?.done());
    }
    let twice = json!({ "call": "run", "params": [["Pace", bits(1.0)], ["pace", bits(2.0)]] });
    sequences.push(
        model
            .play("a parameter that is given twice")
            .refused(twice, "ambiguous-name", json!({}))
            .run(&Vec::new())?
            .done(),
    );
    let both = vec![("rate".to_owned(), Param::Number(2.0)), ("rate[North,Old]".to_owned(), Param::Number(3.0))];
    sequences.push(model.play("all elements, then one").run(&both)?.done());

    sequences.extend(tables(&model, &plain)?);
    sequences.extend(batches(&model)?);

    sequences.extend(in_part(artifacts)?);
    sequences.extend(given(artifacts)?);
    let random = Compiled::from_models("random_numbers.xmile", artifacts)?;
    let seed = |seed: f64| vec![("Random Seed".to_owned(), Param::Number(seed))];
    sequences.push(random.play("seeds").run(&seed(1.0))?.run(&seed(-2.5))?.run(&seed(1.0))?.run(&Vec::new())?.done());
    Ok(sequences)
}

/// An array of which one element is a constant, a constant flow that a stock limits, and a constant that the compiler could have folded.
const IN_PART: &str = r#"<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><name>In part</name></header>
<sim_specs><start>0</start><stop>4</stop><dt>0.5</dt></sim_specs>
<dimensions><dim name="Region"><elem name="North"/><elem name="South"/></dim></dimensions>
<model><variables>
<aux name="mixed"><dimensions><dim name="Region"/></dimensions>
<element subscript="North"><eqn>2</eqn></element><element subscript="South"><eqn>TIME</eqn></element></aux>
<stock name="tank"><eqn>5</eqn><inflow>filling</inflow><outflow>draining</outflow><non_negative/></stock>
<flow name="filling"><eqn>1</eqn></flow>
<flow name="draining"><eqn>3</eqn><non_negative/></flow>
<aux name="divisor"><eqn>3</eqn></aux>
<aux name="rest"><eqn>(7 MOD divisor) + SUM(mixed[*])</eqn></aux>
</variables></model></xmile>"#;

fn in_part(artifacts: &mut Artifacts) -> Result<Vec<Sequence>, String> {
    let model = Compiled::new("in_part", Subject::from_xmile("in part.xmile", IN_PART, OptLevel::O2)?, artifacts)?;
    let params = |pairs: &[(&str, f64)]| {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), Param::Number(*value))).collect::<Vec<_>>()
    };
    let element = model.play("an element among equations").run(&params(&[("mixed[North]", 9.0)]))?;
    let element = element.sim(&Vec::new())?.set("mixed[1]", Param::Number(4.0))?.value("mixed")?.step("run_to_end")?;
    let refused = |name: &str, variable: &str| {
        let call = json!({ "call": "run", "params": [[name, bits(1.0)]] });
        let played = model.play(format!("cannot be set: {name}"));
        Ok::<_, String>(played.refused(call, "not-settable", json!({ "variable": variable })).run(&Vec::new())?.done())
    };
    let flows = model.play("constant flows").run(&params(&[("filling", 2.5), ("draining", -1.0)]))?;
    let flows = flows.run(&params(&[("draining", 20.0), ("divisor", 4.0)]))?.sim(&Vec::new())?.run_to(1.0)?;
    let flows = flows.set("draining", Param::Number(0.25))?.run_to(1.0)?.value("draining")?.step("run_to_end")?;
    let rests = model.play("what rests shows what is set").sim(&Vec::new())?.run_to(1.0)?;
    let rests = rests.set("divisor", Param::Number(5.0))?.value("rest")?.run_to(1.0)?.value("rest")?;
    Ok(vec![
        model.play("in part").model().variable("mixed", "mixed")?.variable("filling", "filling")?.done(),
        element.sim_run()?.step("reset")?.step("run_to_end")?.sim_run()?.done(),
        refused("mixed[South]", "mixed[South]")?,
        refused("mixed", "mixed[South]")?,
        flows.sim_run()?.done(),
        rests.step("run_to_end")?.sim_run()?.done(),
    ])
}

/// Arrays of constants of which data gives some elements a series, others a number, and the rest nothing.
const GIVEN: &str = r#"<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><name>Given</name></header>
<sim_specs><start>0</start><stop>4</stop><dt>0.5</dt></sim_specs>
<dimensions><dim name="Region"><elem name="North"/><elem name="South"/><elem name="East"/></dim></dimensions>
<model><variables>
<aux name="rate"><dimensions><dim name="Region"/></dimensions><eqn>1</eqn></aux>
<aux name="each"><dimensions><dim name="Region"/></dimensions>
<element subscript="North"><eqn>5</eqn></element><element subscript="South"><eqn>6</eqn></element><element subscript="East"><eqn>TIME</eqn></element></aux>
<aux name="whole"><dimensions><dim name="Region"/></dimensions><eqn>2</eqn></aux>
<aux name="numbers"><dimensions><dim name="Region"/></dimensions><eqn>TIME</eqn></aux>
<stock name="level"><dimensions><dim name="Region"/></dimensions><eqn>0</eqn><inflow>rise</inflow></stock>
<flow name="rise"><dimensions><dim name="Region"/></dimensions><eqn>rate + each + whole + numbers</eqn></flow>
</variables></model></xmile>"#;

const SERIES: &str = "Time,rate[North],each[South],whole\n0,10,20,30\n2,12,22,32\n";
const NUMBERS: &str = "numbers,rate[East]\n1,7\n2,\n3,\n";

fn given(artifacts: &mut Artifacts) -> Result<Vec<Sequence>, String> {
    let file = |name: &str, text: &str| AddedFile { role: Role::DataSet, name: name.to_owned(), bytes: text.into() };
    let data = vec![file("series.csv", SERIES), file("numbers.csv", NUMBERS)];
    let options = Options { level: OptLevel::O2, data, ..Options::default() };
    let model = Compiled::new("given", Subject::with_options("given.xmile", GIVEN, &options)?, artifacts)?;
    let params = |pairs: &[(&str, f64)]| {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), Param::Number(*value))).collect::<Vec<_>>()
    };
    let described = model.play("data: what can be set").model().variable("rate", "rate")?.variable("each", "each")?;
    let described = described.variable("whole", "whole")?.variable("numbers", "numbers")?;
    let set = [("rate[South]", -1.0), ("rate[East]", 2.0), ("each[North]", 9.0), ("numbers[2]", 0.5)];
    let runs = described.run(&Vec::new())?.columns(None)?.run(&params(&set))?.columns(None)?;
    let sim = model.play("data: constants beside series").sim(&params(&set[..1]))?.run_to(1.0)?.value("rate")?;
    let sim = sim.set("rate[East]", Param::Number(0.25))?.run_to(1.0)?.value("rise")?.step("run_to_end")?.sim_run()?;
    let sim = sim.step("reset")?.step("clear")?.step("run_to_end")?.sim_run()?;
    let mut sequences = vec![runs.done(), sim.done()];
    for (name, variable) in
        [("rate", "rate[North]"), ("rate[1]", "rate[North]"), ("each", "each[South]"), ("whole", "whole")]
    {
        let call = json!({ "call": "run", "params": [[name, bits(1.0)]] });
        let played = model.play(format!("data: a series cannot be set: {name}"));
        let played = played.refused(call, "not-settable", json!({ "variable": variable }));
        sequences.push(played.run(&Vec::new())?.done());
    }
    Ok(sequences)
}

fn tables(model: &Compiled, plain: &Compiled) -> Result<Vec<Sequence>, String> {
    let played = model.play("points of a graphical function").sim(&Vec::new())?;
    let played = played
        .set_table("Effect", &[[0.0, 5.0], [1.0, 5.5], [1.0, 7.0], [2.0, -1.0]])?
        .step("run_to_end")?
        .sim_run()?;
    let played = played
        .step("reset")?
        .step("run_to_end")?
        .sim_run()?
        .step("clear")?
        .step("reset")?
        .step("run_to_end")?
        .sim_run()?;
    let refused = |name: &str, points: &[[f64; 2]]| {
        let points: Vec<[String; 2]> = points.iter().map(|point| point.map(bits)).collect();
        json!({ "call": "set_table", "name": name, "points": points })
    };
    let wrong = model.play("points that cannot be").sim(&Vec::new())?;
    let wrong = wrong.refused(refused("effect", &[]), "bad-value", json!({}));
    let wrong = wrong.refused(refused("effect", &[[1.0, 1.0], [0.0, 1.0]]), "bad-value", json!({}));
    let wrong = wrong.refused(refused("effect", &[[0.0, f64::NAN]]), "bad-value", json!({}));
    let wrong = wrong.refused(refused("effect", &[[0.0, 1.0]; 5]), "bad-value", json!({}));
    let wrong = wrong.refused(refused("efect", &[[0.0, 1.0]]), "unknown-name", json!({ "suggestion": "effect" }));
    let unsupported = plain.play("points where the artifact takes none").sim(&Vec::new())?;
    let unsupported = unsupported.refused(refused("effect", &[[0.0, 1.0]]), "unsupported", json!({}));
    Ok(vec![played.done(), wrong.step("run_to_end")?.sim_run()?.done(), unsupported.step("run_to_end")?.done()])
}

fn batches(model: &Compiled) -> Result<Vec<Sequence>, String> {
    let samples: [&[f64]; 4] = [&[0.5, 1.0], &[0.25, -1.0], &[0.0, 2.0], &[0.5, 1.0]];
    let params = ["pace", "rate[North,Old]"];
    let all = model.play("a batch").batch(&params, &samples, Some(&["all people", "people[South,*]"]), None)?;
    let stocks = model.play("a batch of the stocks").batch(&["PACE"], &[&[0.1], &[0.2]], None, None)?;
    let times = model.play("a batch at times").batch(
        &params,
        &samples,
        Some(&["all people"]),
        Some(&[2000.0, 2000.5, f64::INFINITY]),
    )?;
    let unordered = model
        .play("a batch at times in any order")
        .batch(&params, &samples, None, Some(&[2000.0, 2001.0, 2000.5, 2001.5]))?
        .batch(&params, &samples, Some(&["time", "all people"]), Some(&[2000.0, 2000.0, 2001.0]))?;
    let array = model.play("a number for all elements in a batch").batch(
        &["rate"],
        &[&[1.0], &[2.0]],
        Some(&["people"]),
        Some(&[2002.0]),
    )?;
    let wrong = |samples: serde_json::Value, at: serde_json::Value| json!({ "call": "batch", "params": ["pace"], "samples": samples, "outputs": ["all people"], "at": at });
    let refused = model.play("batches that cannot be");
    let refused = refused.refused(wrong(json!([[bits(1.0)]]), json!([bits(2000.1)])), "bad-time", json!({}));
    let refused = refused.refused(wrong(json!([[bits(1.0)]]), json!([bits(f64::NAN)])), "bad-time", json!({}));
    let refused = refused.refused(wrong(json!([[bits(1.0), bits(2.0)]]), json!(null)), "shape", json!({}));
    let refused = refused.refused(wrong(json!([[bits(1.0)], [bits(f64::NAN)]]), json!(null)), "bad-value", json!({}));
    let many: Vec<f64> = (0..64).map(|run| f64::from(run) / 64.0).collect();
    let rows: Vec<&[f64]> = many.chunks(1).collect();
    let single =
        model.play("a batch of many").batch(&["pace"], &rows, Some(&["all people"]), Some(&[f64::INFINITY]))?;
    Ok(vec![all.done(), stocks.done(), times.done(), unordered.done(), array.done(), refused.done(), single.done()])
}
