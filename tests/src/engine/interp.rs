//! The IR interpreter.

use simc_artifact::event_capacity;
use simc_ir::interp::Instance;
use simc_ir::module::Module;

use super::{Engine, Op, kept, record_words, state_of};

/// The IR interpreter.
pub struct InterpEngine {
    instance: Instance,
    /// Records of events that an artifact keeps.
    capacity: u64,
}

impl InterpEngine {
    /// A new instance of a verified module.
    pub fn new(module: &Module) -> Self {
        let instance = Instance::with_limit(module, super::MEMORY_LIMIT).expect("the module fits the limit");
        Self { instance, capacity: event_capacity(module.n_watched()) }
    }
}

impl Engine for InterpEngine {
    fn name(&self) -> &'static str {
        "interp"
    }

    fn call(&mut self, op: Op) -> i32 {
        match op {
            Op::SetValue(slot, value) => return self.instance.set_value(slot, value),
            Op::SetValues(first, values) => return self.instance.set_values(first, &values),
            Op::SetTable(table, points) => return self.instance.set_table(table, &points),
            Op::ClearValues => self.instance.clear_values(),
            Op::RunInitials => self.instance.run_initials(),
            Op::RunTo(target) => self.instance.run_to(target),
            Op::Run => self.instance.run(),
            Op::Reset => self.instance.reset(),
            Op::PauseOnEvents(on) => self.instance.pause_on_events(on),
        }
        0
    }

    fn live(&mut self) -> Vec<f64> {
        self.instance.live().to_vec()
    }

    fn rows(&mut self) -> Vec<f64> {
        self.instance.rows().to_vec()
    }

    fn saved(&mut self) -> u64 {
        self.instance.saved_steps()
    }

    fn state(&mut self) -> u32 {
        state_of(self.instance.ended_by())
    }

    fn events(&mut self) -> (u64, Vec<[u64; 4]>) {
        kept(self.instance.events().iter().map(record_words).collect(), self.capacity)
    }

    fn error(&mut self) -> u64 {
        self.instance.error()
    }
}
