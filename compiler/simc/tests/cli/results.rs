//! What `run` writes.

use std::process::Stdio;

use crate::sandbox::{Sandbox, TANK, xmile};

#[test]
fn csv_has_the_names_of_the_author_and_a_row_for_each_saved_step() {
    let csv = Sandbox::with_model(TANK).simc("run model.xmile").good();
    let expected = "time,Water Level,filling,Tap Rate\n\
        0,1,0.1,0.05\n1,1.1,0.1,0.05\n2,1.2000000000000002,0.1,0.05\n3,1.3000000000000003,0.1,0.05\n4,1.4000000000000004,0.1,0.05\n";
    assert_eq!(csv, expected);
}

#[test]
fn every_engine_and_level_writes_the_same_bytes() {
    let sandbox = Sandbox::with_model(TANK);
    let csv = sandbox.simc("run model.xmile").good();
    for option in ["--engine oracle", "--engine interp", "-O0", "-O1", "-O3", "-Os", "--engine interp -O0"] {
        assert_eq!(sandbox.simc(&format!("run model.xmile {option}")).good(), csv, "{option}");
    }
    sandbox.simc("build model.xmile -o tank.wasm").good();
    assert_eq!(sandbox.simc("run tank.wasm").good(), csv);
}

#[test]
fn outputs_choose_columns_and_their_order() {
    let sandbox = Sandbox::with_model(TANK);
    let args = ["run", "model.xmile", "--outputs", "tap_rate, \"WATER level\""];
    let csv = sandbox.simc_args(&args).good();
    assert!(csv.starts_with("time,Tap Rate,Water Level\n0,0.05,1\n"), "{csv}");
    sandbox.simc("build model.xmile -o tank.wasm").good();
    assert_eq!(sandbox.simc_args(&["run", "tank.wasm", args[2], args[3]]).good(), csv);
    sandbox.simc("run model.xmile --outputs fillign").bad(2, "did you mean `filling`");
    sandbox.simc("run tank.wasm --outputs fillign").bad(2, "did you mean `filling`");
    sandbox.simc("run tank.wasm --outputs a,,b").bad(2, "a name is missing");
}

#[test]
fn overrides_change_constants_alone() {
    let sandbox = Sandbox::with_model(TANK);
    for input in ["model.xmile --engine oracle", "model.xmile --engine interp", "model.xmile"] {
        let csv = sandbox.simc(&format!("run {input} --set tap_rate=7 --set Tap_Rate=0.5")).good();
        assert!(csv.ends_with("4,5,1,0.5\n"), "{csv}");
    }
    sandbox.simc("run model.xmile --set tap_rat=1").bad(2, "did you mean `Tap Rate`?");
    sandbox.simc("run model.xmile --set filling=1").bad(2, "`filling` cannot be set: it is a flow");
    sandbox.simc("run model.xmile --set water_level=1").bad(2, "it is a stock");
    let on_a_conveyor = xmile(
        "<start>0</start><stop>4</stop>",
        "<stock name=\"belt\"><eqn>4</eqn><outflow>end</outflow><conveyor><len>2</len></conveyor></stock>\
         <flow name=\"end\"><eqn>0</eqn></flow>",
    );
    sandbox.write("conveyor.xmile", &on_a_conveyor);
    sandbox.simc("run conveyor.xmile --set end=1").bad(2, "the conveyor or queue that it leaves");
    sandbox.simc("run model.xmile --set dt=1").bad(2, "time specification");
    sandbox.simc("run model.xmile --set tap_rate=fast").bad(2, "`fast` is not a number");
    sandbox.simc("run model.xmile --set tap_rate").bad(2, "write NAME=VALUE");
}

#[test]
fn formats_hold_the_same_numbers() {
    let sandbox = Sandbox::with_model("<aux name=\"a,b\"><eqn>1/TIME</eqn></aux><aux name=\"c\"><eqn>0/0</eqn></aux>");
    let csv = sandbox.simc("run model.xmile").good();
    assert!(csv.starts_with("time,\"a,b\",c\n0,inf,NaN\n1,1,NaN\n2,0.5,NaN\n"), "{csv}");
    let tsv = sandbox.simc("run model.xmile --format tsv").good();
    assert!(tsv.starts_with("time\ta,b\tc\n0\tinf\tNaN\n1\t1\tNaN\n"), "{tsv}");
    let json = sandbox.simc("run model.xmile --format json").good();
    let json: serde_json::Value = serde_json::from_str(&json).expect("valid JSON");
    assert_eq!(json["time"], serde_json::json!([0, 1, 2, 3, 4]));
    assert_eq!(json["a,b"][0], "Infinity");
    assert_eq!(json["c"][4], "NaN");
}

#[test]
fn a_plot_goes_to_standard_error_and_leaves_the_data_alone() {
    let sandbox = Sandbox::with_model(TANK);
    let csv = sandbox.simc("run model.xmile").good();
    let outcome = sandbox.simc("run model.xmile --plot");
    assert_eq!((outcome.status, outcome.stdout), (0, csv));
    assert!(outcome.stderr.contains("━━ Water Level") && outcome.stderr.contains(" 1.4"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains('\u{1b}'));
    let outcome = sandbox.simc("run model.xmile --plot filling,tap_rate -o out.csv");
    assert!(outcome.stderr.contains("━━ filling") && outcome.stderr.contains("━━ Tap Rate"), "{}", outcome.stderr);
    sandbox.simc("run model.xmile --plot fillign -o other.csv").bad(2, "did you mean `filling`");
    assert_eq!(sandbox.files(), ["model.xmile", "out.csv"]);
}

#[test]
fn a_model_comes_from_standard_input_as_well() {
    let sandbox = Sandbox::with_model(TANK);
    let model = std::fs::File::open(sandbox.path("model.xmile")).expect("is there");
    let output = sandbox.command().args(["run", "-"]).stdin(model).output().expect("simc can be started");
    assert_eq!(String::from_utf8_lossy(&output.stdout), sandbox.simc("run model.xmile").good());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let sandbox = Sandbox::new();
    sandbox.write("model.xmile", xmile("<start>0</start><stop>100000</stop><dt>1</dt>", TANK));
    let mut command = sandbox.command();
    command.args(["run", "model.xmile"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("simc can be started");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("simc ends");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn an_artifact_runs_in_its_own_engine_alone() {
    let sandbox = Sandbox::with_model(TANK);
    sandbox.simc("build model.xmile -o tank.wasm").good();
    sandbox.simc("run tank.wasm --engine oracle").bad(2, "need the model");
}

#[test]
fn data_sets_give_values_to_variables() {
    let sandbox = Sandbox::with_model(TANK);
    sandbox.write("rain.csv", "Time,Tap Rate\n0,1\n4,3\n");
    sandbox.write("start.csv", "water level\n10\n");
    let csv = sandbox.simc("run model.xmile --data rain.csv --data start.csv").good();
    assert!(csv.ends_with("\n3,19,5,2.5\n4,24,6,3\n"), "{csv}");
    sandbox.simc("build model.xmile -o out.wasm --data rain.csv --data start.csv").good();
    assert_eq!(sandbox.simc("run out.wasm").good(), csv);
    sandbox.simc("run out.wasm --data rain.csv").bad(2, "when compiling the model");
    sandbox.simc("run model.xmile --data rain.csv --set tap_rate=1").bad(2, "only constants can be set");
    for command in
        ["run model.xmile", "build model.xmile -o none.wasm", "check model.xmile", "dump model.xmile --stage ir"]
    {
        sandbox.simc(&format!("{command} --data none.csv")).bad(1, "cannot read \"none.csv\"");
    }
    assert_eq!(sandbox.files(), ["model.xmile", "out.wasm", "rain.csv", "start.csv"]);
}
