//! The artifact in wasmi: an interpreter that shares no code with wasmtime.

use wasmi::{Engine as Runtime, Instance, Linker, Memory, Module, Store, TypedFunc};

use super::{Engine, Op, numbers, records, write_inputs};

/// The artifact in wasmi.
pub struct WasmiEngine {
    store: Store<()>,
    instance: Instance,
    memory: Memory,
    n_slots: usize,
    results_offset: usize,
}

impl WasmiEngine {
    /// Instantiates an artifact without imports.
    pub fn new(wasm: &[u8]) -> Self {
        let runtime = Runtime::default();
        let module = Module::new(&runtime, wasm).expect("an artifact is a valid module");
        let mut store = Store::new(&runtime, ());
        let instance = Linker::new(&runtime)
            .instantiate_and_start(&mut store, &module)
            .expect("an artifact has no imports and no start function");
        let memory = instance.get_memory(&store, "memory").expect("`memory` is exported");
        let mut engine = Self { store, instance, memory, n_slots: 0, results_offset: 0 };
        engine.n_slots = engine.global("n_slots");
        engine.results_offset = engine.global("results_offset");
        engine
    }

    fn global(&self, name: &str) -> usize {
        let global = self.instance.get_global(&self.store, name).expect("the global is exported");
        let value = global.get(&self.store).i32().expect("the global is an i32");
        u32::from_ne_bytes(value.to_ne_bytes()) as usize
    }

    /// Writes numbers where the artifact takes them, and calls what takes that many items.
    fn set_many(&mut self, name: &str, which: i32, numbers: &[f64], n: usize) -> i32 {
        let Ok(func) = self.instance.get_typed_func::<(i32, i32), i32>(&self.store, name) else { return 1 };
        let (offset, capacity) = (self.global("inputs_offset"), self.global("inputs_capacity"));
        write_inputs(self.memory.data_mut(&mut self.store), offset, capacity, numbers);
        let n = i32::try_from(n).expect("few numbers");
        func.call(&mut self.store, (which, n)).expect("artifacts do not trap")
    }

    fn nullary(&mut self, name: &str) {
        let func: TypedFunc<(), ()> = self.instance.get_typed_func(&self.store, name).expect("exported");
        func.call(&mut self.store, ()).expect("artifacts do not trap");
    }
}

impl Engine for WasmiEngine {
    fn name(&self) -> &'static str {
        "wasmi"
    }

    fn call(&mut self, op: Op) -> i32 {
        match op {
            Op::SetValue(slot, value) => {
                let func: TypedFunc<(i32, f64), i32> =
                    self.instance.get_typed_func(&self.store, "set_value").expect("exported");
                return func.call(&mut self.store, (slot, value)).expect("artifacts do not trap");
            }
            Op::SetValues(first, values) => return self.set_many("set_values", first, &values, values.len()),
            Op::SetTable(table, points) => {
                return self.set_many("set_table", table, points.as_flattened(), points.len());
            }
            Op::RunTo(target) => {
                let func: TypedFunc<f64, ()> = self.instance.get_typed_func(&self.store, "run_to").expect("exported");
                func.call(&mut self.store, target).expect("artifacts do not trap");
            }
            Op::ClearValues => self.nullary("clear_values"),
            Op::RunInitials => self.nullary("run_initials"),
            Op::Run => self.nullary("run"),
            Op::Reset => self.nullary("reset"),
        }
        0
    }

    fn live(&mut self) -> Vec<f64> {
        numbers(&self.memory.data(&self.store)[..8 * self.n_slots])
    }

    fn rows(&mut self) -> Vec<f64> {
        let bytes = 8 * self.n_slots * self.global("saved_steps");
        numbers(&self.memory.data(&self.store)[self.results_offset..self.results_offset + bytes])
    }

    fn saved(&mut self) -> u64 {
        self.global("saved_steps") as u64
    }

    fn state(&mut self) -> u32 {
        if self.instance.get_global(&self.store, "run_state").is_none() {
            return 0;
        }
        u32::try_from(self.global("run_state")).expect("a small number")
    }

    fn events(&mut self) -> (u64, Vec<[u64; 4]>) {
        if self.instance.get_global(&self.store, "event_count").is_none() {
            return (0, Vec::new());
        }
        let [offset, capacity, count] =
            ["events_offset", "events_capacity", "event_count"].map(|name| self.global(name));
        records(self.memory.data(&self.store), offset, capacity, count)
    }

    fn error(&mut self) -> u64 {
        let func: TypedFunc<(), i64> = self.instance.get_typed_func(&self.store, "get_error").expect("exported");
        let word = func.call(&mut self.store, ()).expect("artifacts do not trap");
        u64::from_ne_bytes(word.to_ne_bytes())
    }
}
