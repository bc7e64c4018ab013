//! The artifact in wasmtime.
//!
//! An artifact may come from anywhere. It gets no imports, no features beyond those that artifacts use, and no more memory than
//! it declares; whatever it says of its own geometry is checked against its memory before it is believed.

use simc_artifact::{ErrorWord, RECORD_BYTES, RESERVED_SLOTS, Record, RunState, decode_record, export};
use wasmtime::{
    Config, Extern, Global, Instance, Memory, Module, Mutability, Store, StoreLimits, StoreLimitsBuilder, TypedFunc,
    ValType,
};

use super::{Engine, Fault, code};
use crate::results::Rows;

/// Bytes that a wasm32 memory can have.
const MAX_MEMORY: usize = 1 << 32;
/// Elements that tables may have; artifacts need none.
const MAX_TABLE: usize = 1 << 12;

/// An instance of an artifact.
pub struct WasmEngine {
    store: Store<StoreLimits>,
    memory: Memory,
    set_value: TypedFunc<(i32, f64), i32>,
    run_to: TypedFunc<f64, ()>,
    get_error: TypedFunc<(), i64>,
    saved_steps: Global,
    geometry: Geometry,
    inputs: Option<Inputs>,
    events: Option<Events>,
    saved: u64,
}

/// Where events are recorded; checked against the memory.
struct Events {
    state: Global,
    count: Global,
    /// First byte.
    offset: usize,
    /// Records that there is room for, at least one.
    capacity: u64,
}

/// Where the points of graphical functions go; checked against the memory.
struct Inputs {
    set_table: TypedFunc<(i32, i32), i32>,
    /// First byte.
    offset: usize,
    /// f64s that there are.
    capacity: usize,
}

/// Where the rows are; checked against the memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// f64s in a row.
    pub n_slots: u64,
    /// Rows of a full run.
    pub n_chunks: u64,
    /// First byte of the results.
    pub results_offset: u64,
}

impl WasmEngine {
    /// Compiles and instantiates an artifact and checks that it has what every artifact has.
    pub fn new(wasm: &[u8]) -> Result<Self, Fault> {
        // Where there is not enough address space for the usual reservation, the memory goes without.
        let first = Self::start(wasm, &config());
        let second = || Self::start(wasm, config().memory_reservation(0).memory_guard_size(0)).ok();
        first.or_else(|fault| second().ok_or(fault))
    }

    fn start(wasm: &[u8], config: &Config) -> Result<Self, Fault> {
        let runtime = wasmtime::Engine::new(config).map_err(|error| not_wasm(&error))?;
        let module = Module::from_binary(&runtime, wasm).map_err(|error| not_wasm(&error))?;
        if let Some(import) = module.imports().next() {
            let message =
                format!("the module imports `{}.{}`, artifacts import nothing", import.module(), import.name());
            return Err(Fault::new(code::NOT_AN_ARTIFACT, message));
        }
        let limits = StoreLimitsBuilder::new().memory_size(MAX_MEMORY).memories(1).table_elements(MAX_TABLE).build();
        let mut store = Store::new(&runtime, limits);
        store.limiter(|limits| limits);
        let instance = Instance::new(&mut store, &module, &[]).map_err(|error| not_started(&error))?;
        let memory = instance.get_memory(&mut store, export::MEMORY).ok_or_else(|| missing(export::MEMORY))?;
        let geometry = Geometry {
            n_slots: constant(&instance, &mut store, export::N_SLOTS)?,
            n_chunks: constant(&instance, &mut store, export::N_CHUNKS)?,
            results_offset: constant(&instance, &mut store, export::RESULTS_OFFSET)?,
        };
        geometry.check(memory.data_size(&store) as u64)?;
        Ok(Self {
            memory,
            geometry,
            set_value: function(&instance, &mut store, export::SET_VALUE)?,
            run_to: function(&instance, &mut store, export::RUN_TO)?,
            get_error: function(&instance, &mut store, export::GET_ERROR)?,
            saved_steps: global(&instance, &mut store, export::SAVED_STEPS)?,
            inputs: inputs(&instance, &mut store, &memory)?,
            events: events(&instance, &mut store, &memory)?,
            saved: 0,
            store,
        })
    }

    /// Where the rows are.
    pub fn geometry(&self) -> Geometry {
        self.geometry
    }
}

impl Geometry {
    /// The live chunk and the results lie one after the other in memory, and a row has room for the time.
    fn check(self, memory: u64) -> Result<(), Fault> {
        let row = self.n_slots.checked_mul(8);
        let end =
            row.and_then(|row| row.checked_mul(self.n_chunks)).and_then(|size| size.checked_add(self.results_offset));
        let fits = end.is_some_and(|end| end <= memory) && row.is_some_and(|row| row <= self.results_offset);
        if fits && self.n_slots >= u64::from(RESERVED_SLOTS) && self.n_chunks > 0 {
            return Ok(());
        }
        let Geometry { n_slots, n_chunks, results_offset } = self;
        let message = format!(
            "{n_chunks} rows of {n_slots} slots from byte {results_offset} do not fit the module's memory of {memory} bytes"
        );
        Err(Fault::new(code::CONTRADICTORY, message))
    }
}

impl Rows for WasmEngine {
    fn n_rows(&self) -> u64 {
        self.saved
    }

    fn value(&self, row: u64, position: usize) -> f64 {
        let Geometry { n_slots, results_offset, .. } = self.geometry;
        let at = results_offset as usize + 8 * (row as usize * n_slots as usize + position);
        let bytes = self.memory.data(&self.store).get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(f64::NAN, f64::from_le_bytes)
    }
}

impl Engine for WasmEngine {
    fn set_value(&mut self, slot: u64, value: f64) -> Result<bool, Fault> {
        let Ok(slot) = i32::try_from(slot) else { return Ok(false) };
        let status = self.set_value.call(&mut self.store, (slot, value)).map_err(|error| trapped(&error))?;
        Ok(status == 0)
    }

    fn set_table(&mut self, number: usize, points: &[[f64; 2]]) -> Result<bool, Fault> {
        let Some(inputs) = self.inputs.as_ref().filter(|inputs| 2 * points.len() <= inputs.capacity) else {
            return Ok(false);
        };
        let (Ok(number), Ok(n)) = (i32::try_from(number), i32::try_from(points.len())) else { return Ok(false) };
        let bytes: Vec<u8> = points.iter().flatten().flat_map(|number| number.to_le_bytes()).collect();
        if self.memory.write(&mut self.store, inputs.offset, &bytes).is_err() {
            return Ok(false);
        }
        let status = inputs.set_table.call(&mut self.store, (number, n)).map_err(|error| trapped(&error))?;
        Ok(status == 0)
    }

    /// Never believes in more rows than the results region holds.
    fn run_to(&mut self, target: f64) -> Result<(), Fault> {
        self.run_to.call(&mut self.store, target).map_err(|error| trapped(&error))?;
        self.saved = read(&self.saved_steps, &mut self.store).min(self.geometry.n_chunks);
        Ok(())
    }

    fn run_state(&mut self) -> RunState {
        let state = self.events.as_ref().map(|events| read(&events.state, &mut self.store));
        state.map_or(RunState::Running, RunState::from_number)
    }

    fn events(&mut self) -> (u64, Vec<Record>) {
        let Some(events) = &self.events else { return (0, Vec::new()) };
        let count = read(&events.count, &mut self.store);
        let memory = self.memory.data(&self.store);
        let record = |number: u64| {
            let at = events.offset + (number % events.capacity) as usize * RECORD_BYTES as usize;
            decode_record(&memory[at..])
        };
        (count, (count.saturating_sub(events.capacity)..count).map(record).collect())
    }

    fn error(&mut self) -> Result<ErrorWord, Fault> {
        let word = self.get_error.call(&mut self.store, ()).map_err(|error| trapped(&error))?;
        Ok(ErrorWord(word.cast_unsigned()))
    }

    fn is_complete(&self) -> bool {
        self.saved == self.geometry.n_chunks
    }
}

/// What artifacts use, and nothing beyond.
fn config() -> Config {
    let mut config = Config::new();
    config.wasm_multi_memory(false).wasm_memory64(false).wasm_simd(true).wasm_relaxed_simd(false).wasm_tail_call(false);
    config
}

/// The records of events, if the artifact has some.
fn events(instance: &Instance, store: &mut Store<StoreLimits>, memory: &Memory) -> Result<Option<Events>, Fault> {
    if instance.get_export(&mut *store, export::EVENT_COUNT).is_none() {
        return Ok(None);
    }
    let offset = constant(instance, store, export::EVENTS_OFFSET)?;
    let capacity = constant(instance, store, export::EVENTS_CAPACITY)?;
    let memory = memory.data_size(&*store) as u64;
    if capacity == 0 || offset.saturating_add(capacity.saturating_mul(RECORD_BYTES.into())) > memory {
        let message =
            format!("{capacity} records of events from byte {offset} do not fit the module's memory of {memory} bytes");
        return Err(Fault::new(code::CONTRADICTORY, message));
    }
    let state = global(instance, store, export::RUN_STATE)?;
    let count = global(instance, store, export::EVENT_COUNT)?;
    Ok(Some(Events { state, count, offset: offset as usize, capacity }))
}

/// The place for points, if the artifact has one.
fn inputs(instance: &Instance, store: &mut Store<StoreLimits>, memory: &Memory) -> Result<Option<Inputs>, Fault> {
    if instance.get_func(&mut *store, export::SET_TABLE).is_none() {
        return Ok(None);
    }
    let offset = constant(instance, store, export::INPUTS_OFFSET)?;
    let capacity = constant(instance, store, export::INPUTS_CAPACITY)?;
    let memory = memory.data_size(&*store) as u64;
    if offset.saturating_add(capacity.saturating_mul(8)) > memory {
        let message =
            format!("{capacity} numbers of a host from byte {offset} do not fit the module's memory of {memory} bytes");
        return Err(Fault::new(code::CONTRADICTORY, message));
    }
    // What lies within a memory of 32 bits is counted in them.
    let (offset, capacity) = (offset as usize, capacity as usize);
    Ok(Some(Inputs { set_table: function(instance, store, export::SET_TABLE)?, offset, capacity }))
}

fn function<P, R>(instance: &Instance, store: &mut Store<StoreLimits>, name: &str) -> Result<TypedFunc<P, R>, Fault>
where
    P: wasmtime::WasmParams,
    R: wasmtime::WasmResults,
{
    let func = instance.get_func(&mut *store, name).ok_or_else(|| missing(name))?;
    func.typed(&*store).map_err(|_| wrong_type(name))
}

fn global(instance: &Instance, store: &mut Store<StoreLimits>, name: &str) -> Result<Global, Fault> {
    let global = instance.get_export(&mut *store, name).and_then(Extern::into_global).ok_or_else(|| missing(name))?;
    match global.ty(&*store).content() {
        ValType::I32 => Ok(global),
        ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 | ValType::Ref(_) => Err(wrong_type(name)),
    }
}

fn constant(instance: &Instance, store: &mut Store<StoreLimits>, name: &str) -> Result<u64, Fault> {
    let global = global(instance, store, name)?;
    match global.ty(&*store).mutability() {
        Mutability::Const => Ok(read(&global, store)),
        Mutability::Var => Err(wrong_type(name)),
    }
}

/// The value of a global of type i32, as the unsigned number that it stands for.
fn read(global: &Global, store: &mut Store<StoreLimits>) -> u64 {
    global.get(store).i32().map_or(0, |value| u64::from(value.cast_unsigned()))
}

fn not_wasm(error: &wasmtime::Error) -> Fault {
    let message = format!("this is no valid WebAssembly module: {}", error.root_cause());
    Fault::new(code::NOT_WASM, message)
}

fn missing(name: &str) -> Fault {
    let message = format!("the module is not an artifact of simc: it does not export `{name}`");
    Fault::new(code::NOT_AN_ARTIFACT, message)
}

fn wrong_type(name: &str) -> Fault {
    let message = format!("the module is not an artifact of simc: its export `{name}` has another type");
    Fault::new(code::NOT_AN_ARTIFACT, message)
}

fn not_started(error: &wasmtime::Error) -> Fault {
    let cause = error.root_cause().to_string();
    let hint = if cause.contains("emory") { " (does `ulimit -v` leave enough address space?)" } else { "" };
    Fault::new(code::TRAPPED, format!("the artifact cannot be started: {cause}{hint}"))
}

fn trapped(error: &wasmtime::Error) -> Fault {
    let message = format!("the artifact stopped: {}", error.root_cause());
    Fault::new(code::TRAPPED, message)
}

#[cfg(test)]
mod tests;
