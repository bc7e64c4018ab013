//! Artifacts that are damaged or come from elsewhere.

use crate::sandbox::{Sandbox, TANK};

/// A sandbox with `tank.wasm`, and its bytes.
fn tank() -> (Sandbox, Vec<u8>) {
    let sandbox = Sandbox::with_model(TANK);
    sandbox.simc("build model.xmile -o tank.wasm").good();
    let wasm = sandbox.read("tank.wasm");
    (sandbox, wasm)
}

#[test]
fn a_truncated_artifact_is_refused_wherever_it_ends() {
    let (sandbox, wasm) = tank();
    for keep in (4..wasm.len() - 1).step_by(wasm.len() / 25) {
        sandbox.write("cut.wasm", &wasm[..keep]);
        sandbox.simc("run cut.wasm -o out.csv").bad(1, "error");
        sandbox.simc("inspect cut.wasm").bad(1, "error");
    }
    assert_eq!(sandbox.files(), ["cut.wasm", "model.xmile", "tank.wasm"]);
}

#[test]
fn a_damaged_byte_is_refused_or_harmless() {
    let (sandbox, wasm) = tank();
    for at in (8..wasm.len()).step_by(wasm.len() / 60) {
        let mut damaged = wasm.clone();
        damaged[at] ^= 0x55;
        sandbox.write("damaged.wasm", &damaged);
        for command in ["run damaged.wasm", "inspect damaged.wasm"] {
            let outcome = sandbox.simc(command);
            assert!([0, 1].contains(&outcome.status), "byte {at}: {outcome:?}");
        }
    }
}

#[test]
fn modules_from_elsewhere_are_refused() {
    let sandbox = Sandbox::new();
    for (text, words) in [("(module)", "simc.layout"), (r#"(module (func (export "run")))"#, "simc.layout")] {
        sandbox.write("other.wasm", wat::parse_str(text).expect("the text is a module"));
        sandbox.simc("run other.wasm").bad(1, words);
        sandbox.simc("inspect other.wasm").bad(1, words);
    }
}

#[test]
fn an_artifact_is_no_model() {
    let (sandbox, _) = tank();
    for command in ["build tank.wasm -o out.wasm", "check tank.wasm", "dump tank.wasm --stage ir"] {
        sandbox.simc(command).bad(1, "is a compiled artifact, not a model");
    }
}
