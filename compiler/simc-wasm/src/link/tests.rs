//! Links small models by hand and runs them.

use std::ops::RangeInclusive;

use kernel::KERNEL_WASM;
use kernel::abi::{self, KERNEL_MODULE};
use kernel::function::Function;
use kernel::lookup::{self, Kind, Search};
use kernel::transport::{Query, TRACE_EXPORT};
use kernel::vector;
use simc_artifact::export;
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, ExportKind, ExportSection, Function as Body, FunctionSection,
    GlobalSection, GlobalType, ImportSection, MemorySection, MemoryType, Module, NameMap, NameSection, TypeSection,
    ValType,
};

use super::{LinkError, Linked, link};

mod bits;
mod shape;

const F64: ValType = ValType::F64;
const I32: ValType = ValType::I32;

/// A kernel function as a model imports it.
#[derive(Clone, Debug)]
struct Import {
    name: &'static str,
    params: Vec<ValType>,
    results: Vec<ValType>,
}

fn function(function: Function) -> Import {
    Import { name: function.export(), params: vec![F64; function.arity()], results: vec![F64] }
}

fn table(kind: Kind, search: Search) -> Import {
    Import { name: lookup::export(kind, search), params: vec![I32, I32, F64], results: vec![F64] }
}

fn rings() -> Vec<Import> {
    vec![
        Import { name: abi::RING_FILL, params: vec![I32, I32, F64, F64], results: vec![] },
        Import { name: abi::RING_OLDEST, params: vec![I32], results: vec![F64] },
        Import { name: abi::RING_RECALL, params: vec![I32, F64], results: vec![F64] },
        Import { name: abi::RING_RETURN, params: vec![I32, F64, F64, F64, F64], results: vec![F64] },
        Import { name: abi::RING_PUSH, params: vec![I32, F64], results: vec![] },
    ]
}

fn graphs() -> Vec<Import> {
    vec![
        Import { name: abi::GRAPH_SET, params: vec![I32; 5], results: vec![I32] },
        Import { name: abi::GRAPH_CLEAR, params: vec![I32; 2], results: vec![] },
        Import { name: abi::SETTABLE_SET, params: vec![I32; 5], results: vec![I32] },
        Import { name: abi::SETTABLE_SHOW, params: vec![I32], results: vec![] },
        Import { name: abi::WATCH_LOOK, params: vec![I32, ValType::I64], results: vec![I32] },
        Import { name: abi::WATCH_RESET, params: vec![I32], results: vec![] },
    ]
}

fn everything() -> Vec<Import> {
    let functions = Function::ALL.iter().copied().map(function);
    let tables = [Kind::Continuous, Kind::Extrapolate, Kind::Discrete]
        .into_iter()
        .flat_map(|kind| [Search::Even, Search::Linear, Search::Binary].map(|search| table(kind, search)));
    functions.chain(tables).chain(rings()).chain(graphs()).chain(transports()).chain(vectors()).collect()
}

fn vectors() -> impl Iterator<Item = Import> {
    vector::Function::ALL.iter().map(|function| {
        let params = [I32; 2].into_iter().chain(std::iter::repeat_n(F64, function.numbers())).collect();
        Import { name: function.export(), params, results: vec![] }
    })
}

fn transports() -> impl Iterator<Item = Import> {
    let measures = Query::ALL.iter().copied().filter_map(Query::measure_export);
    let changes = Query::ALL.iter().copied().filter_map(Query::change_exports).flatten();
    let measures = measures.map(|name| (name, F64)).chain(changes.map(|name| (name, ValType::I64)));
    let trace = Import { name: TRACE_EXPORT, params: vec![I32; 5], results: vec![F64] };
    measures.map(|(name, result)| Import { name, params: vec![I32; 3], results: vec![result] }).chain([trace])
}

/// A model that exports each of its imports through a function of its own, and its memory.
fn model(imports: &[Import]) -> Vec<u8> {
    let n_imports = imports.len() as u32;
    let (mut types, mut import_section, mut functions) =
        (TypeSection::new(), ImportSection::new(), FunctionSection::new());
    let (mut exports, mut code, mut names) = (ExportSection::new(), CodeSection::new(), NameMap::new());
    for (index, import) in (0..).zip(imports) {
        types.ty().function(import.params.iter().copied(), import.results.iter().copied());
        import_section.import(KERNEL_MODULE, import.name, wasm_encoder::EntityType::Function(index));
        functions.function(index);
        exports.export(import.name, ExportKind::Func, n_imports + index);
        names.append(n_imports + index, &format!("calls {}", import.name));
        let mut body = Body::new([]);
        for param in 0..import.params.len() as u32 {
            body.instructions().local_get(param);
        }
        body.instructions().call(index).end();
        code.function(&body);
    }
    let mut memories = MemorySection::new();
    memories.memory(MemoryType { minimum: 0, maximum: None, memory64: false, shared: false, page_size_log2: None });
    exports.export("memory", ExportKind::Memory, 0);
    let mut globals = GlobalSection::new();
    globals.global(GlobalType { val_type: I32, mutable: false, shared: false }, &ConstExpr::i32_const(42));
    exports.export("answer", ExportKind::Global, 0);
    let mut data = DataSection::new();
    data.active(0, &ConstExpr::i32_const(8), [1, 2, 3]);
    let mut name_section = NameSection::new();
    name_section.functions(&names);

    let mut module = Module::new();
    module.section(&types);
    if n_imports > 0 {
        module.section(&import_section);
    }
    module.section(&functions).section(&memories).section(&globals).section(&exports).section(&code).section(&data);
    module.section(&CustomSection { name: export::LAYOUT_SECTION.into(), data: b"layout".as_slice().into() });
    module.section(&name_section);
    module.finish()
}

#[track_caller]
fn link_model(imports: &[Import], kernel_base: u64) -> Linked {
    link(&model(imports), KERNEL_WASM, kernel_base).expect("the model links")
}

/// A linked model that runs.
struct Instance {
    store: wasmi::Store<()>,
    instance: wasmi::Instance,
}

impl Instance {
    fn new(bytes: &[u8]) -> Self {
        let engine = wasmi::Engine::default();
        let module = wasmi::Module::new(&engine, bytes).expect("the engine accepts the module");
        let mut store = wasmi::Store::new(&engine, ());
        let instance =
            wasmi::Linker::new(&engine).instantiate_and_start(&mut store, &module).expect("it needs no imports");
        Self { store, instance }
    }

    fn call<A: wasmi::WasmParams, R: wasmi::WasmResults>(&mut self, name: &str, args: A) -> R {
        let function = self.instance.get_typed_func::<A, R>(&self.store, name).expect("it is exported with this type");
        function.call(&mut self.store, args).expect("it does not trap")
    }

    fn eval(&mut self, function: Function, args: &[f64]) -> f64 {
        let export = self.instance.get_func(&self.store, function.export()).expect("it is exported");
        let args: Vec<wasmi::Val> = args.iter().map(|&x| wasmi::Val::F64(x.into())).collect();
        let mut results = [wasmi::Val::F64(0.0.into())];
        export.call(&mut self.store, &args, &mut results).expect("it does not trap");
        results[0].f64().expect("a function gives a number").into()
    }

    fn memory(&mut self) -> &mut [u8] {
        let memory = self.instance.get_memory(&self.store, "memory").expect("the memory is exported");
        memory.data_mut(&mut self.store)
    }

    fn write(&mut self, address: usize, numbers: &[f64]) {
        for (bytes, number) in self.memory()[address..].chunks_exact_mut(8).zip(numbers) {
            bytes.copy_from_slice(&number.to_le_bytes());
        }
    }

    fn read(&mut self, address: usize, n: usize) -> Vec<f64> {
        let words = self.memory()[address..].chunks_exact(8).take(n);
        words.map(|bytes| f64::from_le_bytes(bytes.try_into().expect("a word has eight bytes"))).collect()
    }
}

/// Reproducible numbers.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: u64) -> usize {
        ((self.bits() >> 32) % n) as usize
    }

    /// Evenly distributed.
    fn within(&mut self, range: RangeInclusive<f64>) -> f64 {
        range.start() + (range.end() - range.start()) * ((self.bits() >> 11) as f64 / (1u64 << 53) as f64)
    }
}
