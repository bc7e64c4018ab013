//! What a linked module holds, and what cannot be linked.

use std::collections::BTreeSet;

use simc_artifact::export;
use wasmparser::{ExternalKind, KnownCustom, Name, Operator, Parser, Payload, Validator, WasmFeatures};

use super::{
    Function, I32, Import, Instance, KERNEL_WASM, Kind, LinkError, Search, abi, everything, function, link, link_model,
    model, rings, table,
};
use crate::link::kernel::{Kernel, Target};

const PAGE: u64 = 65_536;

/// What the baseline of engines knows.
const BASELINE: WasmFeatures = WasmFeatures::WASM1
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT);

#[derive(Debug, Default)]
struct Shape {
    imports: u32,
    functions: u32,
    globals: u32,
    segments: u32,
    memory: Option<(u64, Option<u64>)>,
    customs: Vec<String>,
    names: Vec<(u32, String)>,
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the tests look at some sections")]
fn shape(bytes: &[u8]) -> Shape {
    Validator::new_with_features(BASELINE).validate_all(bytes).expect("a linked module is valid on the baseline");
    let mut shape = Shape::default();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.expect("a valid module parses") {
            Payload::ImportSection(imports) => shape.imports = imports.count(),
            Payload::FunctionSection(functions) => shape.functions = functions.count(),
            Payload::GlobalSection(globals) => shape.globals = globals.count(),
            Payload::DataSection(segments) => shape.segments = segments.count(),
            Payload::MemorySection(memories) => {
                let memory = memories.into_iter().next().expect("there is one memory").expect("it parses");
                shape.memory = Some((memory.initial, memory.maximum));
            }
            Payload::CustomSection(section) => {
                shape.customs.push(section.name().to_owned());
                if let KnownCustom::Name(names) = section.as_known() {
                    for name in names {
                        if let Name::Function(map) = name.expect("names parse") {
                            let namings = map.into_iter().map(|naming| naming.expect("names parse"));
                            shape.names.extend(namings.map(|naming| (naming.index, naming.name.to_owned())));
                        }
                    }
                }
            }
            _ => {}
        }
    }
    shape
}

#[test]
fn a_model_that_imports_nothing_gets_nothing() {
    let linked = link_model(&[], 1001);
    let shape = shape(&linked.bytes);
    assert_eq!((shape.imports, shape.functions, shape.globals, shape.segments), (0, 0, 1, 1));
    assert_eq!((linked.memory_end, shape.memory), (1001, Some((1, Some(1)))));
}

#[test]
fn code_alone_costs_no_memory() {
    let imports = [function(Function::Mod), table(Kind::Continuous, Search::Even), rings().remove(1)];
    let linked = link_model(&imports, 1001);
    let shape = shape(&linked.bytes);
    assert_eq!((shape.imports, shape.functions, shape.globals, shape.segments), (0, 6, 1, 1));
    assert_eq!(linked.memory_end, 1001);
}

/// Bytes of the constants that powers need.
const POW_TABLE: u64 = 4096;

#[test]
fn constants_alone_bring_no_stack() {
    let linked = link_model(&[function(Function::Pow)], 1001);
    let shape = shape(&linked.bytes);
    assert_eq!((shape.globals, shape.segments), (1, 2));
    assert_eq!(linked.memory_end, 1008 + POW_TABLE);
}

#[test]
fn the_stack_pointer_follows_the_globals_of_the_model() {
    let linked = link_model(&[function(Function::Sin)], 1000);
    assert_eq!(shape(&linked.bytes).globals, 2);
    let mut instance = Instance::new(&linked.bytes);
    let answer = instance.instance.get_global(&instance.store, "answer").expect("it is exported").get(&instance.store);
    assert_eq!(answer.i32(), Some(42));
    assert_eq!(instance.memory()[8..11], [1, 2, 3]);
}

#[test]
fn the_memory_has_the_pages_it_needs() {
    for (base, pages) in [(PAGE - POW_TABLE, 1), (PAGE - POW_TABLE + 1, 2), (5 * PAGE, 6)] {
        let linked = link_model(&[function(Function::Pow)], base);
        assert_eq!(shape(&linked.bytes).memory, Some((pages, Some(pages))), "{base}");
        assert_eq!(linked.memory_end.div_ceil(PAGE), pages);
    }
}

#[test]
fn a_full_memory_is_the_limit() {
    let sine = [function(Function::Sin)];
    let size = link_model(&sine, 0).memory_end;
    let linked = link_model(&sine, (1 << 32) - size);
    assert_eq!(linked.memory_end, 1 << 32);
    shape(&linked.bytes);
    let too_much = link(&model(&sine), KERNEL_WASM, (1 << 32) - size + 1);
    assert_eq!(too_much, Err(LinkError::TooMuchMemory { bytes: (1 << 32) + 16 }));
    assert!(matches!(link(&model(&sine), KERNEL_WASM, u64::MAX), Err(LinkError::TooMuchMemory { .. })));
    assert!(matches!(link(&model(&[]), KERNEL_WASM, (1 << 32) + 1), Err(LinkError::TooMuchMemory { .. })));
}

#[test]
fn importing_twice_links_once() {
    let once = shape(&link_model(&[function(Function::Exp)], 0).bytes).functions;
    let linked = link(&model_with_two_exps(), KERNEL_WASM, 0).expect("the model links");
    assert_eq!(shape(&linked.bytes).functions, once + 1);
}

fn model_with_two_exps() -> Vec<u8> {
    use wasm_encoder::{
        CodeSection, EntityType, FunctionSection, ImportSection, MemorySection, MemoryType, Module, TypeSection,
    };
    let (mut types, mut imports, mut functions, mut code) =
        (TypeSection::new(), ImportSection::new(), FunctionSection::new(), CodeSection::new());
    types.ty().function([super::F64], [super::F64]);
    for index in 0..2 {
        imports.import(abi::KERNEL_MODULE, Function::Exp.export(), EntityType::Function(0));
        functions.function(0);
        let mut body = super::Body::new([]);
        body.instructions().local_get(0).call(index).end();
        code.function(&body);
    }
    let mut memories = MemorySection::new();
    memories.memory(MemoryType { minimum: 0, maximum: None, memory64: false, shared: false, page_size_log2: None });
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&memories).section(&code);
    module.finish()
}

#[test]
fn names_and_custom_sections_are_kept() {
    let shape = shape(&link_model(&[function(Function::Exp), function(Function::Mod)], 0).bytes);
    assert_eq!(shape.customs, [export::LAYOUT_SECTION, "name"]);
    let names: Vec<(u32, &str)> = shape.names.iter().map(|(index, name)| (*index, name.as_str())).collect();
    assert_eq!(names[..2], [(0, "calls simc_exp"), (1, "calls simc_mod")]);
    assert!(names[2..].iter().any(|(_, name)| *name == "simc_exp"));
    assert!(names.is_sorted());
}

#[test]
fn walrus_reads_the_result() {
    let linked = link_model(&everything(), 1000);
    shape(&linked.bytes);
    let mut module = walrus::Module::from_buffer(&linked.bytes).expect("walrus reads it");
    walrus::passes::gc::run(&mut module);
    let bytes = module.emit_wasm();
    shape(&bytes);
    assert_eq!(Instance::new(&bytes).eval(Function::Sin, &[1e22]), 1e22f64.sin());
}

#[test]
fn strange_imports_are_errors() {
    let result = |import: Import| link(&model(&[import]), KERNEL_WASM, 0);
    let unknown = Import { name: "simc_gamma", ..function(Function::Exp) };
    assert_eq!(result(unknown), Err(LinkError::UnknownImport { import: "kernel.simc_gamma".to_owned() }));
    let wrong = Import { params: vec![I32], ..function(Function::Exp) };
    assert_eq!(result(wrong), Err(LinkError::ImportType { name: "simc_exp".to_owned() }));
    assert_eq!(link(&wasm_encoder::Module::new().finish(), KERNEL_WASM, 0), Err(LinkError::NoMemory));
}

#[test]
fn damaged_modules_are_errors_or_link() {
    let good = model(&[function(Function::Exp), function(Function::Sin)]);
    for end in 0..good.len() {
        let _ = link(&good[..end], KERNEL_WASM, 0);
    }
    for end in (0..KERNEL_WASM.len()).step_by(97) {
        let _ = link(&good, &KERNEL_WASM[..end], 0);
    }
    for (position, flip) in (0..good.len()).flat_map(|position| [0x01, 0x80, 0xff].map(|flip| (position, flip))) {
        let mut damaged = good.clone();
        damaged[position] ^= flip;
        let _ = link(&damaged, KERNEL_WASM, 0);
    }
    for position in (0..KERNEL_WASM.len()).step_by(29) {
        let mut damaged = KERNEL_WASM.to_vec();
        damaged[position] ^= 0xff;
        let _ = link(&good, &damaged, 0);
    }
}

#[test]
fn the_kernel_exports_what_models_import() {
    let mut exports = BTreeSet::new();
    for payload in Parser::new(0).parse_all(KERNEL_WASM) {
        if let Payload::ExportSection(section) = payload.expect("the kernel parses") {
            let functions = section.into_iter().map(|export| export.expect("exports parse"));
            exports.extend(functions.filter(|export| export.kind == ExternalKind::Func).map(|export| export.name));
        }
    }
    assert_eq!(exports, everything().iter().map(|import| import.name).collect());
}

/// What the linker would miss: a mention without a relocation.
#[test]
#[expect(clippy::wildcard_enum_match_arm, reason = "most instructions mention nothing")]
fn every_mention_in_the_kernel_has_a_relocation() {
    let kernel = Kernel::parse(KERNEL_WASM).expect("the kernel parses");
    let (mut functions, mut calls, mut globals) = (0, 0, 0);
    for payload in Parser::new(0).parse_all(KERNEL_WASM) {
        let Payload::CodeSectionEntry(body) = payload.expect("the kernel parses") else { continue };
        functions += 1;
        for operator in body.get_operators_reader().expect("code parses") {
            match operator.expect("code parses") {
                Operator::Call { .. } => calls += 1,
                Operator::GlobalGet { .. } | Operator::GlobalSet { .. } => globals += 1,
                Operator::CallIndirect { .. } | Operator::MemoryGrow { .. } | Operator::MemoryInit { .. } => {
                    panic!("the kernel uses no table, no more memory and no passive data")
                }
                Operator::Block { blockty } | Operator::Loop { blockty } | Operator::If { blockty } => {
                    assert!(
                        !matches!(blockty, wasmparser::BlockType::FuncType(_)),
                        "blocks have no type of the module"
                    );
                }
                _ => {}
            }
        }
    }
    let targets =
        || (0..functions).flat_map(|index| &kernel.function(index).relocations).map(|relocation| relocation.target);
    assert_eq!(targets().filter(|target| matches!(target, Target::Function(_))).count(), calls);
    assert_eq!(targets().filter(|target| matches!(target, Target::StackPointer)).count(), globals);
}
