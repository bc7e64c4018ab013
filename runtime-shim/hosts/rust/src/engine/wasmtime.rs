//! Artifacts in wasmtime, a compiler.

use simc_artifact::export;
use wasmtime::{Memory, Store, TypedFunc, WasmParams, WasmResults};

use super::{Call, Engine, Instance, Module};
use crate::error::{Code, Error};

/// The engine [wasmtime](https://docs.rs/wasmtime): a compiler, whose code runs fast.
#[derive(Clone, Default)]
pub struct Wasmtime {
    engine: wasmtime::Engine,
}

impl Wasmtime {
    /// An engine with the usual settings.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Engine for Wasmtime {
    fn compile(&self, artifact: &[u8]) -> Result<Box<dyn Module>, Error> {
        let module = wasmtime::Module::new(&self.engine, artifact).map_err(|error| {
            Error::new(Code::BadArtifact, format!("this is no valid WebAssembly module: {}", error.root_cause()))
        })?;
        if let Some(import) = module.imports().next() {
            let name = format!("{}.{}", import.module(), import.name());
            return Err(not_an_artifact(&format!("it imports `{name}`")));
        }
        Ok(Box::new(WasmtimeModule(module)))
    }
}

struct WasmtimeModule(wasmtime::Module);

impl Module for WasmtimeModule {
    fn instantiate(&self) -> Result<Box<dyn Instance>, Error> {
        let mut store = Store::new(self.0.engine(), ());
        let instance = wasmtime::Instance::new(&mut store, &self.0, &[]).map_err(|error| {
            Error::new(Code::BadArtifact, format!("the artifact cannot be started: {}", error.root_cause()))
        })?;
        let memory = instance.get_memory(&mut store, export::MEMORY).ok_or_else(|| missing(export::MEMORY))?;
        Ok(Box::new(WasmtimeInstance {
            run: function(&instance, &mut store, export::RUN)?,
            run_to: function(&instance, &mut store, export::RUN_TO)?,
            run_initials: function(&instance, &mut store, export::RUN_INITIALS)?,
            reset: function(&instance, &mut store, export::RESET)?,
            clear_values: function(&instance, &mut store, export::CLEAR_VALUES)?,
            set_value: function(&instance, &mut store, export::SET_VALUE)?,
            set_values: function(&instance, &mut store, export::SET_VALUES)?,
            get_error: function(&instance, &mut store, export::GET_ERROR)?,
            set_table: function(&instance, &mut store, export::SET_TABLE).ok(),
            pause_on_events: function(&instance, &mut store, export::PAUSE_ON_EVENTS).ok(),
            memory,
            instance,
            store,
        }))
    }
}

struct WasmtimeInstance {
    store: Store<()>,
    instance: wasmtime::Instance,
    memory: Memory,
    run: TypedFunc<(), ()>,
    run_to: TypedFunc<f64, ()>,
    run_initials: TypedFunc<(), ()>,
    reset: TypedFunc<(), ()>,
    clear_values: TypedFunc<(), ()>,
    set_value: TypedFunc<(i32, f64), i32>,
    set_values: TypedFunc<(i32, i32), i32>,
    get_error: TypedFunc<(), i64>,
    set_table: Option<TypedFunc<(i32, i32), i32>>,
    pause_on_events: Option<TypedFunc<i32, ()>>,
}

impl Instance for WasmtimeInstance {
    fn call(&mut self, call: Call) -> Result<u64, String> {
        let store = &mut self.store;
        let status = |status: i32| u64::from(status.cast_unsigned());
        let absent = || "the artifact does not have this function".to_owned();
        match call {
            Call::Run => self.run.call(store, ()).map(|()| 0),
            Call::RunTo(target) => self.run_to.call(store, target).map(|()| 0),
            Call::RunInitials => self.run_initials.call(store, ()).map(|()| 0),
            Call::Reset => self.reset.call(store, ()).map(|()| 0),
            Call::ClearValues => self.clear_values.call(store, ()).map(|()| 0),
            Call::SetValue(slot, value) => self.set_value.call(store, (slot, value)).map(status),
            Call::SetValues(first, n) => self.set_values.call(store, (first, n)).map(status),
            Call::SetTable(table, n) => self.set_table.as_ref().ok_or_else(absent)?.call(store, (table, n)).map(status),
            Call::PauseOnEvents(on) => self.pause_on_events.as_ref().ok_or_else(absent)?.call(store, on).map(|()| 0),
            Call::GetError => self.get_error.call(store, ()).map(i64::cast_unsigned),
        }
        .map_err(|error| error.root_cause().to_string())
    }

    fn global(&mut self, name: &str) -> Option<u32> {
        let value = self.instance.get_global(&mut self.store, name)?.get(&mut self.store);
        value.i32().map(i32::cast_unsigned)
    }

    fn memory(&self) -> &[u8] {
        self.memory.data(&self.store)
    }

    fn memory_mut(&mut self) -> &mut [u8] {
        self.memory.data_mut(&mut self.store)
    }
}

fn function<P: WasmParams, R: WasmResults>(
    instance: &wasmtime::Instance,
    store: &mut Store<()>,
    name: &str,
) -> Result<TypedFunc<P, R>, Error> {
    let func = instance.get_func(&mut *store, name).ok_or_else(|| missing(name))?;
    func.typed(&*store).map_err(|_| not_an_artifact(&format!("its export `{name}` has another type")))
}

fn missing(name: &str) -> Error {
    not_an_artifact(&format!("it does not export `{name}`"))
}

fn not_an_artifact(why: &str) -> Error {
    Error::new(Code::BadArtifact, format!("the module is not an artifact of simc: {why}"))
}
