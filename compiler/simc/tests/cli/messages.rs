//! Diagnostics, usage and help.

use crate::sandbox::{Sandbox, TANK};

/// Two faults in two variables.
const FAULTY: &str = "\
<aux name=\"growth\"><eqn>2 * birth_rat</eqn></aux>
<aux name=\"birth rate\"><eqn>(1 + </eqn></aux>";

#[test]
fn all_problems_are_shown_in_one_run_with_their_places() {
    let stderr = Sandbox::with_model(FAULTY).simc("check model.xmile").bad(1, "2 errors");
    for part in [
        "--> model.xmile:6:",
        "| <aux name=\"growth\"><eqn>2 * birth_rat</eqn></aux>",
        "^^^^^^^^^",
        "help: ",
        "--> model.xmile:7:",
    ] {
        assert!(stderr.contains(part), "{part} is missing in\n{stderr}");
    }
    assert!(!stderr.contains('\u{1b}'), "colour is for terminals");
}

#[test]
fn json_diagnostics_are_one_object_a_line() {
    let sandbox = Sandbox::with_model(FAULTY);
    for command in ["check", "run", "build", "dump --stage ir"] {
        let stderr = sandbox.simc(&format!("{command} model.xmile --message-format json")).bad(1, "");
        let objects: Vec<serde_json::Value> =
            stderr.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
        assert_eq!(objects.len(), 2, "{stderr}");
        assert_eq!((&objects[0]["file"], &objects[0]["line"]), (&"model.xmile".into(), &6.into()));
        assert_eq!((&objects[0]["severity"], &objects[0]["variable"]), (&"error".into(), &"growth".into()));
        assert!(objects.iter().all(|object| object["code"].as_str().is_some_and(|code| code.starts_with('E'))));
        assert!(objects[0]["rendered"].as_str().is_some_and(|text| text.contains("^^^")));
    }
    let stderr = sandbox.simc("check nothing.xmile --message-format json").bad(1, "cannot read");
    let object: serde_json::Value = serde_json::from_str(&stderr).expect("an object");
    assert!(object["code"].is_null());
}

#[test]
fn every_code_that_is_shown_can_be_explained() {
    let sandbox = Sandbox::with_model(FAULTY);
    let stderr = sandbox.simc("check model.xmile").bad(1, "error[");
    let codes: Vec<&str> = stderr.split("error[").skip(1).filter_map(|rest| rest.get(..5)).collect();
    assert_eq!(codes.len(), 2);
    for code in codes {
        let page = sandbox.simc(&format!("explain {}", code.to_lowercase())).good();
        assert!(page.starts_with(code) && page.contains("Example") && page.contains("Cure:"), "{page}");
    }
    let list = sandbox.simc("explain").good();
    assert!(list.lines().count() > 40 && list.contains("E0550") && list.contains("E0602"), "{list}");
    sandbox.simc("explain E9999").bad(2, "there is no code E9999");
    sandbox.simc("explain teapot").bad(2, "write a code such as E0201");
}

#[test]
fn a_good_model_is_checked_in_silence() {
    assert_eq!(Sandbox::with_model(TANK).simc("check model.xmile").good(), "");
}

#[test]
fn wrong_usage_has_a_status_of_its_own() {
    let sandbox = Sandbox::with_model(TANK);
    for command in [
        "frob",
        "run",
        "run model.xmile --frob",
        "run model.xmile --engine v8",
        "build model.xmile -O7",
        "dump model.xmile",
        "build model.xmile --max-memory lots",
        "build model.xmile --emit pdf",
        "dump model.xmile --stage ir --dump-after compact",
    ] {
        assert_eq!(sandbox.simc(command).status, 2, "{command}");
    }
    sandbox.simc("build model.xmile --target arm").bad(2, "invalid value 'arm'");
    assert_eq!(sandbox.files(), ["model.xmile"]);
}

#[test]
fn help_has_examples_and_goes_to_standard_output() {
    let sandbox = Sandbox::new();
    for command in ["build", "run", "check", "dump", "explain", "inspect"] {
        let help = sandbox.simc(&format!("{command} --help")).good();
        assert!(help.contains(&format!("Examples:\n  simc {command} ")), "{help}");
    }
    assert!(sandbox.simc("--version").good().starts_with("simc "));
}

#[test]
fn stages_are_printed() {
    let sandbox = Sandbox::with_model(TANK);
    for (stage, part) in [("ast", "Water Level"), ("model", "stock Water_Level"), ("ir", "func "), ("wat", "(module")] {
        let text = sandbox.simc(&format!("dump model.xmile --stage {stage}")).good();
        assert!(text.contains(part), "{stage}:\n{text}");
    }
    let after = sandbox.simc("dump model.xmile --dump-after compact").good();
    assert!(after.starts_with("module {"), "{after}");
    sandbox.simc("dump model.xmile --dump-after magic").bad(2, "no pass `magic` runs");
}

#[test]
fn a_model_that_does_not_fit_is_told_what_takes_the_space() {
    let sandbox = Sandbox::with_model(TANK);
    let stderr = sandbox.simc("build model.xmile --max-memory 100").bad(1, "error[E0550]");
    assert!(stderr.contains("results: ") && stderr.contains("100 are allowed"), "{stderr}");
    sandbox.simc("build model.xmile --max-memory 64K").good();
}
