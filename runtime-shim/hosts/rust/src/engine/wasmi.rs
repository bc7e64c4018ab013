//! Artifacts in wasmi, an interpreter.

use simc_artifact::export;
use wasmi::{Linker, Memory, Store, TypedFunc, WasmParams, WasmResults};

use super::{Call, Engine, Instance, Module};
use crate::error::{Code, Error};

/// The engine [wasmi](https://docs.rs/wasmi): an interpreter that starts at once.
#[derive(Clone, Debug, Default)]
pub struct Wasmi {
    engine: wasmi::Engine,
}

impl Wasmi {
    /// An engine with the usual settings.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Engine for Wasmi {
    fn compile(&self, artifact: &[u8]) -> Result<Box<dyn Module>, Error> {
        let module = wasmi::Module::new(&self.engine, artifact)
            .map_err(|error| Error::new(Code::BadArtifact, format!("this is no valid WebAssembly module: {error}")))?;
        if let Some(import) = module.imports().next() {
            let name = format!("{}.{}", import.module(), import.name());
            return Err(not_an_artifact(&format!("it imports `{name}`")));
        }
        Ok(Box::new(WasmiModule(module)))
    }
}

struct WasmiModule(wasmi::Module);

impl Module for WasmiModule {
    fn instantiate(&self) -> Result<Box<dyn Instance>, Error> {
        let mut store = Store::new(self.0.engine(), ());
        let instance = Linker::new(self.0.engine())
            .instantiate_and_start(&mut store, &self.0)
            .map_err(|error| Error::new(Code::BadArtifact, format!("the artifact cannot be started: {error}")))?;
        let memory = instance.get_memory(&store, export::MEMORY).ok_or_else(|| missing(export::MEMORY))?;
        Ok(Box::new(WasmiInstance {
            run: function(&instance, &store, export::RUN)?,
            run_to: function(&instance, &store, export::RUN_TO)?,
            run_initials: function(&instance, &store, export::RUN_INITIALS)?,
            reset: function(&instance, &store, export::RESET)?,
            clear_values: function(&instance, &store, export::CLEAR_VALUES)?,
            set_value: function(&instance, &store, export::SET_VALUE)?,
            set_values: function(&instance, &store, export::SET_VALUES)?,
            get_error: function(&instance, &store, export::GET_ERROR)?,
            set_table: function(&instance, &store, export::SET_TABLE).ok(),
            pause_on_events: function(&instance, &store, export::PAUSE_ON_EVENTS).ok(),
            memory,
            instance,
            store,
        }))
    }
}

struct WasmiInstance {
    store: Store<()>,
    instance: wasmi::Instance,
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

impl Instance for WasmiInstance {
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
        .map_err(|error| error.to_string())
    }

    fn global(&mut self, name: &str) -> Option<u32> {
        let value = self.instance.get_global(&self.store, name)?.get(&self.store);
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
    instance: &wasmi::Instance,
    store: &Store<()>,
    name: &str,
) -> Result<TypedFunc<P, R>, Error> {
    let func = instance.get_func(store, name).ok_or_else(|| missing(name))?;
    func.typed(store).map_err(|_| not_an_artifact(&format!("its export `{name}` has another type")))
}

fn missing(name: &str) -> Error {
    not_an_artifact(&format!("it does not export `{name}`"))
}

fn not_an_artifact(why: &str) -> Error {
    Error::new(Code::BadArtifact, format!("the module is not an artifact of simc: {why}"))
}
