//! What a fuzzer calls: each takes any bytes and panics only when simc is at fault.
//!
//! The targets in `tests/fuzz` hand them libFuzzer's bytes; the test suite hands them mutated seeds.

use simc::convert::Format;
use simc_artifact::{decode_layout, encode_layout, read};
use simc_ir::interp::Instance;
use simc_ir::module::Module;
use simc_ir::text::{parse_module, print_module};
use simc_ir::verify::verify;
use simc_midend::layout::{self, Symbols};
use simc_midend::pass::{FuncLimits, PassCx};
use simc_midend::passes;
use simc_midend::pipeline::OptLevel;
use simc_model::files::NoFiles;
use simc_model::source::Sources;

use crate::compare::{V8, levels_agree};
use crate::engine::{Engine, InterpEngine, Op, WasmtimeEngine};

/// Bytes as a model file: diagnostics or a model, and that in either language; never a panic.
pub fn xmile(bytes: &[u8]) {
    compile("fuzz.xmile", String::from_utf8_lossy(bytes).into_owned());
}

/// Bytes as a file of Vensim's, in whatever code page: diagnostics or a model, never a panic.
pub fn vensim(bytes: &[u8]) {
    let name = "fuzz.mdl";
    let text = simc::front::decode(name, bytes.to_vec()).expect("any bytes are text in some code page");
    compile(name, text);
}

fn compile(name: &str, text: String) {
    let mut sources = Sources::new();
    let root = sources.add(name, text.clone());
    let compiled = simc::front::compile(&mut sources, root, &NoFiles);
    let is_refused = compiled.diagnostics.iter().any(simc_model::diagnostic::Diagnostic::is_error);
    assert_eq!(compiled.model.is_none(), is_refused, "a model comes out exactly when there is no error");
    for format in [Format::Xmile, Format::Mdl].into_iter().filter(|_| !is_refused) {
        // A model in the other language, or diagnostics.
        drop(crate::convert::converted(name, &text, &NoFiles, format));
    }
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

/// Bytes as IR in text: an error with a place, or a module that prints and parses to the same. One that keeps the rules also runs,
/// before and after the passes and as an artifact, and a host sees the same each time.
pub fn sir(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    // In such lines the files of the tests say what is to be done with them.
    let text: String = text.lines().filter(|line| !line.starts_with("test ")).flat_map(|line| [line, "\n"]).collect();
    let Ok(module) = parse_module(&text) else { return };
    let printed = print_module(&module);
    let again = parse_module(&printed).expect("what was printed parses");
    assert_eq!(printed, print_module(&again), "printing is stable");
    if verify(&module).is_ok() && runs_soon(&module) {
        passes_keep_every_bit(&module);
    }
}

/// Whether a module is small, and its loops together take few passes.
fn runs_soon(module: &Module) -> bool {
    let insts = || module.funcs.values().flat_map(|func| func.insts.values());
    let n_loops = insts().filter(|inst| inst.immediate.as_loop().is_some()).count();
    let is_short = module.time.n_steps <= 500 && n_loops <= 5 && module.axes.values().all(|axis| axis.size <= 4);
    is_short && Instance::with_limit(module, 1 << 20).is_ok()
}

/// Functions are split where they are very short already, so that splitting has something to do.
fn passes_keep_every_bit(module: &Module) {
    let ops = [Op::RunTo(1.0), Op::SetValue(5, 0.5), Op::Run];
    let observe = |engine: &mut dyn Engine| ops.clone().map(|op| engine.observe(op));
    let expected = observe(&mut InterpEngine::new(module));
    let cx = PassCx { limits: FuncLimits { bytes: 120, live: 6 }, ..PassCx::default() };
    let mut optimised = module.clone();
    for pass in passes::ALL {
        (pass.run)(&mut optimised, &cx);
        verify(&optimised).unwrap_or_else(|errors| panic!("after {}: {errors}", pass.name));
        assert_eq!(observe(&mut InterpEngine::new(&optimised)), expected, "after {}", pass.name);
    }
    for module in [module, &optimised] {
        let layout = layout::layout(module, Symbols::default(), 1 << 24, true).expect("it is small");
        let wasm = simc_wasm::build(module, &layout, &simc_wasm::Options::default()).expect("it is small");
        assert_eq!(observe(&mut WasmtimeEngine::new(&wasm)), expected, "wasmtime");
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
    let model = crate::random::model(bytes);
    let ops = [Op::RunTo(1.5), Op::SetValue(6, 0.25), Op::Run];
    if let Err(difference) = levels_agree(&model, &[OptLevel::O0, OptLevel::O2], &ops, V8::Without) {
        panic!("{difference}\n{}", model.text);
    }
}
