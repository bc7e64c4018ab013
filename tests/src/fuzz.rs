//! What a fuzzer calls: each takes any bytes and panics only when simc is at fault.
//!
//! The targets in `tests/fuzz` hand them libFuzzer's bytes; the test suite hands them mutated seeds.

use simc_front::source::Sources;
use simc_midend::pipeline::OptLevel;
use simc_wasm::artifact::{decode_layout, encode_layout, read};

use crate::compare::{V8, levels_agree};
use crate::engine::Op;

/// Bytes as a model file: diagnostics or a model, never a panic.
pub fn xmile(bytes: &[u8]) {
    let mut sources = Sources::new();
    let root = sources.add("fuzz.xmile", String::from_utf8_lossy(bytes));
    let compiled = simc_front::compile(&sources, root);
    let is_refused = compiled.diagnostics.iter().any(simc_front::diagnostic::Diagnostic::is_error);
    assert_eq!(compiled.model.is_none(), is_refused, "a model comes out exactly when there is no error");
}

/// Bytes as the equation of the one variable of a model.
pub fn equation(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).replace('&', "&amp;").replace('<', "&lt;");
    xmile(
        format!(
            "<xmile version=\"1.0\"><sim_specs><start>0</start><stop>2</stop></sim_specs><model><variables>\
             <aux name=\"a\"><eqn>{text}</eqn></aux><aux name=\"b\"><eqn>1</eqn></aux></variables></model></xmile>"
        )
        .as_bytes(),
    );
}

/// Bytes as IR in text: an error with a place, or a module that prints and parses to the same.
pub fn sir(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(module) = simc_ir::text::parse_module(&text) {
        let printed = simc_ir::text::print_module(&module);
        let again = simc_ir::text::parse_module(&printed).expect("what was printed parses");
        assert_eq!(printed, simc_ir::text::print_module(&again), "printing is stable");
        // Whatever parses can be verified: the outcome does not matter.
        drop(simc_ir::verify::verify(&module));
    }
}

/// Bytes as a layout section, and as an artifact.
pub fn layout(bytes: &[u8]) {
    if let Ok(layout) = decode_layout(bytes) {
        let encoded = encode_layout(&layout);
        let again = decode_layout(&encoded).expect("what was encoded decodes");
        // Bytes are compared, since a number in it may be NaN.
        assert_eq!(encode_layout(&again), encoded, "what was decoded encodes to the same");
    }
    drop(read(bytes));
}

/// Bytes as the choices of the model generator: engines agree on it.
pub fn engines(bytes: &[u8]) {
    let text = crate::random::xmile(bytes);
    let ops = [Op::RunTo(1.5), Op::SetValue(6, 0.25), Op::Run];
    if let Err(difference) = levels_agree("fuzz.xmile", &text, &[OptLevel::O0, OptLevel::O2], &ops, V8::Without) {
        panic!("{difference}\n{text}");
    }
}
