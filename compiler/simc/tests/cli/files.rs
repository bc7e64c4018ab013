//! What `build` leaves in the file system, and what it does not.

use std::fs;
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::sandbox::{Sandbox, TANK, xmile};

#[test]
fn build_writes_one_artifact_and_nothing_else() {
    let sandbox = Sandbox::with_model(TANK);
    assert_eq!(sandbox.simc("build model.xmile -o tank.wasm").good(), "");
    assert_eq!(sandbox.files(), ["model.xmile", "tank.wasm"]);
    assert!(sandbox.read("tank.wasm").starts_with(b"\0asm"));
    sandbox.simc("build model.xmile").good();
    assert_eq!(sandbox.read("model.wasm"), sandbox.read("tank.wasm"));
}

#[test]
fn the_bytes_do_not_depend_on_where_the_model_lies() {
    let (here, there) = (Sandbox::with_model(TANK), Sandbox::new());
    fs::create_dir(there.path("deeper")).expect("a folder can be made");
    there.write("deeper/model.xmile", here.read("model.xmile"));
    here.simc("build model.xmile -o a.wasm").good();
    there.simc("build deeper/model.xmile -o b.wasm").good();
    assert_eq!(here.read("a.wasm"), there.read("b.wasm"));
}

#[test]
fn several_kinds_go_beside_each_other() {
    let sandbox = Sandbox::with_model(TANK);
    sandbox.simc("build model.xmile -o tank.wasm --emit wasm,wat,ir,layout,model,ast").good();
    let files =
        ["model.xmile", "tank.ast.txt", "tank.layout.json", "tank.model.txt", "tank.sir", "tank.wasm", "tank.wat"];
    assert_eq!(sandbox.files(), files);
    assert!(sandbox.read("tank.wat").starts_with(b"(module"));
    assert!(sandbox.read("tank.sir").starts_with(b"module {"));
    let layout: serde_json::Value = serde_json::from_slice(&sandbox.read("tank.layout.json")).expect("valid JSON");
    assert_eq!(layout["variables"][4]["name"], "Water Level");
}

#[test]
fn one_kind_goes_to_the_file_that_is_named() {
    let sandbox = Sandbox::with_model(TANK);
    sandbox.simc("build model.xmile -o text --emit wat").good();
    assert!(sandbox.read("text").starts_with(b"(module"));
    let text = sandbox.simc("build model.xmile -o - --emit wat").good();
    assert_eq!(text.as_bytes(), sandbox.read("text"));
    sandbox.simc("build model.xmile -o - --emit wat,ir").bad(2, "room for one kind");
    sandbox.simc("build - -o x.wasm --depfile x.d").bad(1, "the file is empty");
    sandbox.simc("build -").bad(2, "say with -o where to write");
}

#[test]
fn a_depfile_names_outputs_and_model_as_make_reads_them() {
    let sandbox = Sandbox::with_model(TANK);
    fs::rename(sandbox.path("model.xmile"), sandbox.path("my #1 model.xmile")).expect("can be renamed");
    let args = ["build", "my #1 model.xmile", "-o", "a$b.wasm", "--depfile", "deps.d", "--emit", "wasm,wat"];
    sandbox.simc_args(&args).good();
    assert_eq!(sandbox.read("deps.d"), b"a$$b.wasm a$$b.wat: my\\ \\#1\\ model.xmile\n");
}

#[test]
fn a_depfile_has_an_empty_rule_for_what_the_model_reads() {
    let sandbox = sandbox_with_data();
    sandbox.simc("build model.xmile -o out.wasm --depfile deps.d").good();
    let expected = "out.wasm: model.xmile data\\ dir/a\\ $$1.csv\ndata\\ dir/a\\ $$1.csv:\n";
    assert_eq!(String::from_utf8_lossy(&sandbox.read("deps.d")), expected);
}

#[test]
fn check_looks_at_all_models_that_it_is_given() {
    let sandbox = Sandbox::with_model(TANK);
    sandbox.write("wrong.xmile", xmile("<start>0</start><stop>1</stop>", "<aux name=\"a\"><eqn>nothing</eqn></aux>"));
    sandbox.simc("check model.xmile model.xmile").good();
    let args = "check wrong.xmile none.xmile model.xmile wrong.xmile";
    let said = sandbox.simc(args).bad(1, "unknown variable `nothing`");
    assert_eq!(said.matches("unknown variable").count(), 2, "{said}");
    assert!(said.contains("cannot read \"none.xmile\""), "{said}");
}

/// A model that reads two tables, one of which the command line adds.
fn sandbox_with_data() -> Sandbox {
    let sandbox = Sandbox::new();
    let model =
        xmile("<start>0</start><stop>1</stop>", "<aux name=\"a\"><eqn>1</eqn></aux><aux name=\"b\"><eqn>1</eqn></aux>");
    sandbox
        .write("model.xmile", model.replace("<model>", "<data><import resource=\"data dir/a $1.csv\"/></data><model>"));
    fs::create_dir(sandbox.path("data dir")).expect("a folder can be made");
    sandbox.write("data dir/a $1.csv", "a\n2\n");
    sandbox.write("b#.csv", "b\n3\n");
    sandbox
}

/// Runs another program in a sandbox; nothing when there is none of this name.
fn other_program(sandbox: &Sandbox, name: &str, arguments: &[&str]) -> Option<String> {
    let output =
        Command::new(name).args(arguments).current_dir(sandbox.path("")).env_remove("MAKEFLAGS").output().ok()?;
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Makes a file look as if somebody had just written it.
fn touch(sandbox: &Sandbox, name: &str) {
    let file = fs::File::options().write(true).open(sandbox.path(name)).expect("it is there");
    let later = SystemTime::now() + Duration::from_secs(10);
    file.set_modified(later).expect("times can be set");
}

const SOURCES: [&str; 3] = ["model.xmile", "data dir/a $1.csv", "b#.csv"];

#[test]
fn make_builds_again_when_any_file_that_was_read_changes() {
    let rule = format!(
        "out.wasm: model.xmile\n\t@echo built\n\t@{} build model.xmile --data b#.csv -o out.wasm --depfile out.d\n-include out.d\n",
        env!("CARGO_BIN_EXE_simc")
    );
    for source in SOURCES {
        let sandbox = sandbox_with_data();
        sandbox.write("Makefile", &rule);
        let Some(first) = other_program(&sandbox, "make", &["-s"]) else { return };
        assert_eq!(first, "built\n");
        assert_eq!(other_program(&sandbox, "make", &["-s"]).as_deref(), Some(""), "nothing has changed");
        touch(&sandbox, source);
        assert_eq!(other_program(&sandbox, "make", &["-s"]).as_deref(), Some("built\n"), "{source} has changed");
    }
}

#[test]
fn ninja_builds_again_when_any_file_that_was_read_changes() {
    let rule = format!(
        "rule simc\n  command = {} build $in --data b#.csv -o $out --depfile out.d\n  depfile = out.d\n  description = built\nbuild out.wasm: simc model.xmile\n",
        env!("CARGO_BIN_EXE_simc")
    );
    for source in SOURCES {
        let sandbox = sandbox_with_data();
        sandbox.write("build.ninja", &rule);
        let Some(first) = other_program(&sandbox, "ninja", &[]) else { return };
        assert!(first.contains("built"), "{first}");
        let again = other_program(&sandbox, "ninja", &[]).expect("it was there");
        assert!(again.contains("no work to do"), "{again}");
        touch(&sandbox, source);
        let changed = other_program(&sandbox, "ninja", &[]).expect("it was there");
        assert!(changed.contains("built"), "{source} has changed: {changed}");
    }
}

#[test]
fn a_failed_build_leaves_the_old_artifact_as_it_was() {
    let sandbox = Sandbox::with_model("<aux name=\"a\"><eqn>b</eqn></aux>");
    sandbox.write("out.wasm", "old");
    sandbox.simc("build model.xmile -o out.wasm --emit wasm,wat --depfile out.d").bad(1, "error[E");
    assert_eq!(sandbox.files(), ["model.xmile", "out.wasm"]);
    assert_eq!(sandbox.read("out.wasm"), b"old");
}

#[test]
fn places_that_cannot_be_written_are_named() {
    let sandbox = Sandbox::with_model(TANK);
    fs::create_dir(sandbox.path("folder")).expect("a folder can be made");
    sandbox.simc("build model.xmile -o missing/out.wasm").bad(1, "\"missing\" is no folder");
    sandbox.simc("build model.xmile -o model.xmile/out.wasm").bad(1, "\"model.xmile\" is no folder");
    sandbox.simc("build model.xmile -o folder").bad(1, "cannot write \"folder\": is a directory");
    sandbox.simc("run model.xmile -o folder").bad(1, "cannot write \"folder\": is a directory");
    sandbox.simc("build model.xmile -o out.wasm --depfile missing/out.d").bad(1, "\"missing\" is no folder");
    assert_eq!(sandbox.files(), ["folder", "model.xmile"]);
}

#[test]
fn inputs_that_cannot_be_read_are_named() {
    let sandbox = Sandbox::new();
    sandbox.write("latin", b"<xmile>\xe9</xmile>");
    for command in ["run", "build", "check", "inspect", "dump --stage ast"] {
        sandbox.simc(&format!("{command} nothing.xmile")).bad(1, "cannot read \"nothing.xmile\"");
        sandbox.simc(&format!("{command} .")).bad(1, "cannot read \".\"");
        sandbox.simc(&format!("{command} latin")).bad(1, "\"latin\" is neither text");
    }
    assert_eq!(sandbox.files(), ["latin"]);
}

#[cfg(unix)]
#[test]
fn devices_are_written_to_and_links_are_followed() {
    use std::os::unix::fs::{FileTypeExt, symlink};
    let sandbox = Sandbox::with_model(TANK);
    sandbox.simc("run model.xmile -o /dev/null").good();
    assert!(fs::metadata("/dev/null").expect("is there").file_type().is_char_device());
    sandbox.write("real.csv", "");
    symlink("real.csv", sandbox.path("link.csv")).expect("a link can be made");
    sandbox.simc("run model.xmile -o link.csv").good();
    assert!(sandbox.read("real.csv").starts_with(b"time,"));
    assert!(fs::symlink_metadata(sandbox.path("link.csv")).expect("is there").is_symlink());
    // To a file that does not exist yet, and to none.
    symlink("later.csv", sandbox.path("early.csv")).expect("a link can be made");
    sandbox.simc("run model.xmile -o early.csv").good();
    assert!(sandbox.read("later.csv").starts_with(b"time,"));
    assert!(fs::symlink_metadata(sandbox.path("early.csv")).expect("is there").is_symlink());
    symlink("itself.csv", sandbox.path("itself.csv")).expect("a link can be made");
    sandbox.simc("run model.xmile -o itself.csv").bad(1, "is a link that leads to no file");
    sandbox.simc("build model.xmile -o later.csv --depfile early.csv").bad(2, "two outputs of this command");
}

#[test]
fn what_a_terminal_would_obey_does_not_reach_it() {
    let sandbox =
        Sandbox::with_model("<aux name=\"a\"><eqn>b\u{200b} + \u{ad}c + \u{feff}d\u{2028}\u{e0041}</eqn></aux>");
    for args in [["run", "model.xmile"], ["run", "--\u{9b}31m"]] {
        let output = sandbox.command().args(args).output().expect("simc can be run");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let is_raw = |c: char| matches!(c, '\u{9b}' | '\u{ad}' | '\u{200b}' | '\u{2028}' | '\u{feff}' | '\u{e0041}');
        assert!(!output.status.success() && !said.is_empty() && !said.contains(is_raw), "{said:?}");
    }
    sandbox.write("broken.xmile", "<xmile><model><variables><aux name=\u{e9}\"x\"/></variables></model></xmile>");
    sandbox.simc("check broken.xmile").bad(1, "not '\u{e9}'");
}

#[test]
fn inspect_lists_events_and_groups() {
    let sandbox = Sandbox::with_model(
        "<aux name=\"level\"><eqn>TIME</eqn><event_poster>\
         <threshold value=\"2\" interval=\"3\"><event sim_action=\"pause\"><text_box>high</text_box></event></threshold>\
         <threshold value=\"1\" direction=\"decreasing\" repeat=\"once\"><event sim_action=\"stop\"/>\
         <event sim_action=\"message\"/></threshold></event_poster></aux>\
         <group name=\"Water\"><entity name=\"level\"/></group>",
    );
    sandbox.simc("build model.xmile -o events.wasm").good();
    let text = sandbox.simc("inspect events.wasm").good();
    let listed = "\nevents\n          level above 2: each time, again after 3 steps\n\
        \x20      0  pause  high\n          level below 1: once\n       1  stop\n       2  message\n\
        \ngroups\n          Water: level\n\nvariables\n";
    assert!(text.contains(listed), "{text}");
}

#[test]
fn inspect_tells_what_is_inside() {
    let sandbox = Sandbox::with_model(TANK);
    sandbox.simc("build model.xmile -o tank.wasm").good();
    let text = sandbox.simc("inspect tank.wasm").good();
    for part in ["0 to 4, dt 1, euler", "Tap Rate = 0.05", "simc.layout", "results at byte"] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    let json = sandbox.simc("inspect tank.wasm --json").good();
    let json: serde_json::Value = serde_json::from_str(&json).expect("valid JSON");
    assert_eq!(json["bytes"], sandbox.read("tank.wasm").len());
    assert_eq!(json["time"]["n_steps"], 4);
    assert_eq!(json["variables"][6]["defaults"], serde_json::json!([0.05]));
    sandbox.simc("inspect model.xmile").bad(1, "is a model, not an artifact");
}

#[test]
#[cfg(unix)]
fn the_file_that_standard_input_comes_from_is_no_output() {
    let sandbox = Sandbox::with_model(TANK);
    let before = sandbox.read("model.xmile");
    for args in [["run", "-", "-o", "model.xmile"], ["build", "-", "-o", "model.xmile"]] {
        let model = fs::File::open(sandbox.path("model.xmile")).expect("it is there");
        let output = sandbox.command().args(args).stdin(model).output().expect("simc can be run");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && said.contains("would destroy an input"), "{said}");
        assert_eq!(sandbox.read("model.xmile"), before);
    }
}
