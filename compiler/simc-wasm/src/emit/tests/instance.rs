//! Artifacts in an interpreter, beside the IR's own.

use simc_artifact::export;
use simc_ir::interp;
use simc_ir::module::Module;
use simc_midend::layout::{Symbols, layout};
use wasmi::{Engine, Instance, Linker, Store};

use crate::emit::StepperKind;
use crate::{Options, build};

/// Memory is plenty for a test.
const MAX_MEMORY: u64 = 1 << 24;

/// The artifact of a module.
pub(super) fn artifact(module: &Module, form: StepperKind) -> Vec<u8> {
    let layout = layout(module, Symbols::default(), MAX_MEMORY, true).expect("test models are small");
    build(module, &layout, &Options { form, ..Options::default() }).expect("test models build")
}

/// A running artifact.
pub(super) struct Wasm {
    store: Store<()>,
    instance: Instance,
}

impl Wasm {
    pub(super) fn new(artifact: &[u8]) -> Self {
        let engine = Engine::default();
        let module = wasmi::Module::new(&engine, artifact).expect("artifacts are valid");
        let mut store = Store::new(&engine, ());
        let linker = Linker::new(&engine);
        let instance = linker.instantiate_and_start(&mut store, &module).expect("artifacts import nothing");
        Self { store, instance }
    }

    fn call<P: wasmi::WasmParams, R: wasmi::WasmResults>(&mut self, name: &str, params: P) -> R {
        let function = self.instance.get_typed_func::<P, R>(&self.store, name).expect("the export exists");
        function.call(&mut self.store, params).expect("nothing traps")
    }

    fn global(&self, name: &str) -> usize {
        let value = self.instance.get_global(&self.store, name).expect("the export exists").get(&self.store);
        value.i32().expect("globals are 32 bits wide").cast_unsigned() as usize
    }

    /// All of memory.
    pub(super) fn memory(&self) -> Vec<u8> {
        self.instance.get_memory(&self.store, export::MEMORY).expect("the export exists").data(&self.store).to_vec()
    }

    /// Writes a number of the live chunk into memory, as no host may.
    pub(super) fn poke(&mut self, slot: usize, value: f64) {
        let memory = self.instance.get_memory(&self.store, export::MEMORY).expect("the export exists");
        memory.write(&mut self.store, 8 * slot, &value.to_le_bytes()).expect("the slot is in memory");
    }

    fn numbers(&self, offset: usize, len: usize) -> Vec<u64> {
        let memory = self.instance.get_memory(&self.store, export::MEMORY).expect("the export exists");
        let bytes = &memory.data(&self.store)[offset..offset + 8 * len];
        bytes.chunks_exact(8).map(|word| u64::from_le_bytes(*word.first_chunk().expect("8 bytes"))).collect()
    }
}

/// What every engine can do.
pub(super) trait Engines {
    fn set_value(&mut self, slot: i32, value: f64) -> i32;
    fn clear_values(&mut self);
    fn run_initials(&mut self);
    fn run_to(&mut self, target: f64);
    fn run(&mut self);
    fn reset(&mut self);
    /// What a host can see, in bits.
    fn visible(&mut self) -> Visible;
}

/// What a host can see, in bits.
#[derive(Debug, PartialEq)]
pub(super) struct Visible {
    pub(super) live: Vec<u64>,
    pub(super) rows: Vec<u64>,
    pub(super) saved_steps: u64,
    pub(super) error: u64,
}

impl Engines for Wasm {
    fn set_value(&mut self, slot: i32, value: f64) -> i32 {
        self.call(export::SET_VALUE, (slot, value))
    }

    fn clear_values(&mut self) {
        self.call(export::CLEAR_VALUES, ())
    }

    fn run_initials(&mut self) {
        self.call(export::RUN_INITIALS, ())
    }

    fn run_to(&mut self, target: f64) {
        self.call(export::RUN_TO, target)
    }

    fn run(&mut self) {
        self.call(export::RUN, ())
    }

    fn reset(&mut self) {
        self.call(export::RESET, ())
    }

    fn visible(&mut self) -> Visible {
        let (n_slots, saved) = (self.global(export::N_SLOTS), self.global(export::SAVED_STEPS));
        Visible {
            live: self.numbers(0, n_slots),
            rows: self.numbers(self.global(export::RESULTS_OFFSET), n_slots * saved),
            saved_steps: saved as u64,
            error: self.call::<(), i64>(export::GET_ERROR, ()).cast_unsigned(),
        }
    }
}

impl Engines for interp::Instance {
    fn set_value(&mut self, slot: i32, value: f64) -> i32 {
        self.set_value(slot, value)
    }

    fn clear_values(&mut self) {
        self.clear_values();
    }

    fn run_initials(&mut self) {
        self.run_initials();
    }

    fn run_to(&mut self, target: f64) {
        self.run_to(target);
    }

    fn run(&mut self) {
        self.run();
    }

    fn reset(&mut self) {
        self.reset();
    }

    fn visible(&mut self) -> Visible {
        let bits = |numbers: &[f64]| numbers.iter().map(|x| x.to_bits()).collect();
        Visible {
            live: bits(self.live()),
            rows: bits(self.rows()),
            saved_steps: self.saved_steps(),
            error: self.error(),
        }
    }
}

/// The interpreter and both forms of the artifact, side by side.
pub(super) struct Trio {
    interp: interp::Instance,
    plain: Wasm,
    inlined: Wasm,
}

impl Trio {
    pub(super) fn new(module: &Module) -> Self {
        Self {
            interp: interp::Instance::new(module).expect("test models are small"),
            plain: Wasm::new(&artifact(module, StepperKind::Plain)),
            inlined: Wasm::new(&artifact(module, StepperKind::Auto)),
        }
    }

    /// Does the same to all three, which must then look the same to the bit.
    pub(super) fn all(&mut self, what: &str, mut action: impl FnMut(&mut dyn Engines)) -> Visible {
        let engines: [&mut dyn Engines; 3] = [&mut self.interp, &mut self.plain, &mut self.inlined];
        let [interp, plain, inlined] = engines.map(|engine| {
            action(engine);
            engine.visible()
        });
        assert_eq!(plain, interp, "plain artifact and interpreter differ after {what}");
        assert_eq!(inlined, interp, "inlined artifact and interpreter differ after {what}");
        interp
    }
}
