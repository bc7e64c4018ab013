//! The artifact in wasmtime.

use wasmtime::{Engine as Runtime, Instance, Memory, Module, Store, TypedFunc};

use super::{Engine, Op, numbers, records, write_inputs};

/// The artifact in wasmtime.
pub struct WasmtimeEngine {
    store: Store<()>,
    instance: Instance,
    memory: Memory,
    n_slots: usize,
    results_offset: usize,
}

impl WasmtimeEngine {
    /// Instantiates an artifact without imports.
    pub fn new(wasm: &[u8]) -> Self {
        let runtime = Runtime::default();
        let module = Module::new(&runtime, wasm).expect("an artifact is a valid module");
        let mut store = Store::new(&runtime, ());
        let instance = Instance::new(&mut store, &module, &[]).expect("an artifact has no imports");
        let memory = instance.get_memory(&mut store, "memory").expect("`memory` is exported");
        let mut engine = Self { store, instance, memory, n_slots: 0, results_offset: 0 };
        engine.n_slots = engine.global("n_slots");
        engine.results_offset = engine.global("results_offset");
        engine
    }

    /// An exported i32 global.
    pub fn global(&mut self, name: &str) -> usize {
        let global = self.instance.get_global(&mut self.store, name).expect("the global is exported");
        let value = global.get(&mut self.store).i32().expect("the global is an i32");
        u32::from_ne_bytes(value.to_ne_bytes()) as usize
    }

    /// The whole linear memory.
    pub fn memory(&self) -> &[u8] {
        self.memory.data(&self.store)
    }

    /// `run`, looked up once: what a host that measures or calibrates would hold.
    pub fn runner(&mut self) -> impl FnMut() {
        let run: TypedFunc<(), ()> = self.instance.get_typed_func(&mut self.store, "run").expect("exported");
        move || run.call(&mut self.store, ()).expect("artifacts do not trap")
    }

    /// Writes numbers where the artifact takes them.
    pub fn write_inputs(&mut self, numbers: &[f64]) {
        let (offset, capacity) = (self.global("inputs_offset"), self.global("inputs_capacity"));
        write_inputs(self.memory.data_mut(&mut self.store), offset, capacity, numbers);
    }

    /// Calls `set_values` or `set_table` with any arguments; none when the artifact does not have it.
    pub fn call_setter(&mut self, name: &str, which: i32, n: i32) -> Option<i32> {
        let func = self.instance.get_typed_func::<(i32, i32), i32>(&mut self.store, name).ok()?;
        Some(func.call(&mut self.store, (which, n)).expect("artifacts do not trap"))
    }

    fn set_many(&mut self, name: &str, which: i32, numbers: &[f64], n: usize) -> i32 {
        if self.instance.get_func(&mut self.store, name).is_some() {
            self.write_inputs(numbers);
        }
        self.call_setter(name, which, i32::try_from(n).expect("few numbers")).unwrap_or(1)
    }

    fn nullary(&mut self, name: &str) {
        let func: TypedFunc<(), ()> = self.instance.get_typed_func(&mut self.store, name).expect("exported");
        func.call(&mut self.store, ()).expect("artifacts do not trap");
    }
}

impl Engine for WasmtimeEngine {
    fn name(&self) -> &'static str {
        "wasmtime"
    }

    fn call(&mut self, op: Op) -> i32 {
        match op {
            Op::SetValue(slot, value) => {
                let func: TypedFunc<(i32, f64), i32> =
                    self.instance.get_typed_func(&mut self.store, "set_value").expect("exported");
                return func.call(&mut self.store, (slot, value)).expect("artifacts do not trap");
            }
            Op::SetValues(first, values) => return self.set_many("set_values", first, &values, values.len()),
            Op::SetTable(table, points) => {
                return self.set_many("set_table", table, points.as_flattened(), points.len());
            }
            Op::RunTo(target) => {
                let func: TypedFunc<f64, ()> =
                    self.instance.get_typed_func(&mut self.store, "run_to").expect("exported");
                func.call(&mut self.store, target).expect("artifacts do not trap");
            }
            Op::ClearValues => self.nullary("clear_values"),
            Op::RunInitials => self.nullary("run_initials"),
            Op::Run => self.nullary("run"),
            Op::Reset => self.nullary("reset"),
            Op::PauseOnEvents(on) => {
                if let Ok(func) = self.instance.get_typed_func::<i32, ()>(&mut self.store, "pause_on_events") {
                    func.call(&mut self.store, i32::from(on)).expect("artifacts do not trap");
                }
            }
        }
        0
    }

    fn live(&mut self) -> Vec<f64> {
        numbers(&self.memory()[..8 * self.n_slots])
    }

    fn rows(&mut self) -> Vec<f64> {
        let bytes = 8 * self.n_slots * self.global("saved_steps");
        numbers(&self.memory()[self.results_offset..self.results_offset + bytes])
    }

    fn saved(&mut self) -> u64 {
        self.global("saved_steps") as u64
    }

    fn state(&mut self) -> u32 {
        if self.instance.get_global(&mut self.store, "run_state").is_none() {
            return 0;
        }
        u32::try_from(self.global("run_state")).expect("a small number")
    }

    fn events(&mut self) -> (u64, Vec<[u64; 4]>) {
        if self.instance.get_global(&mut self.store, "event_count").is_none() {
            return (0, Vec::new());
        }
        let [offset, capacity, count] =
            ["events_offset", "events_capacity", "event_count"].map(|name| self.global(name));
        records(self.memory.data(&self.store), offset, capacity, count)
    }

    fn error(&mut self) -> u64 {
        let func: TypedFunc<(), i64> = self.instance.get_typed_func(&mut self.store, "get_error").expect("exported");
        let word = func.call(&mut self.store, ()).expect("artifacts do not trap");
        u64::from_ne_bytes(word.to_ne_bytes())
    }
}
