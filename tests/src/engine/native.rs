//! The artifact as native code of this machine.

use simc_artifact::export;
use simc_native::{Geometry, Status};

use super::{Engine, Op, numbers, records};

/// The artifact as native code.
pub struct NativeEngine {
    engine: simc::engine::NativeEngine,
    geometry: Geometry,
}

impl NativeEngine {
    /// A new instance of an artifact.
    pub fn new(wasm: &[u8]) -> Self {
        let engine = simc::engine::NativeEngine::new(wasm).expect("an artifact has native code");
        let geometry = engine.geometry().clone();
        Self { engine, geometry }
    }

    /// `run`, for what measures.
    pub fn run(&mut self) {
        self.engine.call(export::RUN).expect("exported");
    }

    fn set_many(&mut self, name: &str, which: i32, numbers: &[f64], n: usize) -> i32 {
        self.engine.write_inputs(numbers);
        let status = self.engine.call_with_counts(name, which, i32::try_from(n).expect("few numbers"));
        status.map_or(1, returned)
    }

    /// What `status` is where only a trap or an error is no success.
    fn check(status: Option<i32>) {
        assert_ne!(status.expect("exported"), Status::Trapped.number(), "artifacts do not trap");
    }
}

/// What the export returned, of a status.
fn returned(status: i32) -> i32 {
    assert_ne!(status, Status::Trapped.number(), "artifacts do not trap");
    i32::from(status != Status::Ok.number())
}

impl Engine for NativeEngine {
    fn name(&self) -> &'static str {
        "native"
    }

    fn call(&mut self, op: Op) -> i32 {
        match op {
            Op::SetValue(slot, value) => {
                return returned(self.engine.call_with_value(export::SET_VALUE, slot, value).expect("exported"));
            }
            Op::SetValues(first, values) => return self.set_many(export::SET_VALUES, first, &values, values.len()),
            Op::SetTable(table, points) => {
                return self.set_many(export::SET_TABLE, table, points.as_flattened(), points.len());
            }
            Op::RunTo(target) => Self::check(self.engine.call_with_time(export::RUN_TO, target)),
            Op::ClearValues => Self::check(self.engine.call(export::CLEAR_VALUES)),
            Op::RunInitials => Self::check(self.engine.call(export::RUN_INITIALS)),
            Op::Run => Self::check(self.engine.call(export::RUN)),
            Op::Reset => Self::check(self.engine.call(export::RESET)),
            Op::PauseOnEvents(on) => {
                if let Some(status) = self.engine.call_with_switch(export::PAUSE_ON_EVENTS, on) {
                    Self::check(Some(status));
                }
            }
        }
        0
    }

    fn live(&mut self) -> Vec<f64> {
        let start = self.geometry.memory as usize;
        numbers(&self.engine.bytes()[start..start + 8 * self.geometry.n_slots as usize])
    }

    fn rows(&mut self) -> Vec<f64> {
        let bytes = 8 * self.geometry.n_slots * self.saved();
        let start = self.geometry.results as usize;
        numbers(&self.engine.bytes()[start..start + bytes as usize])
    }

    fn saved(&mut self) -> u64 {
        u64::from(self.engine.word_at(self.geometry.saved_steps))
    }

    fn state(&mut self) -> u32 {
        self.geometry.events.as_ref().map_or(0, |events| self.engine.word_at(events.state))
    }

    fn events(&mut self) -> (u64, Vec<[u64; 4]>) {
        let Some(events) = &self.geometry.events else { return (0, Vec::new()) };
        let count = self.engine.word_at(events.count) as usize;
        records(self.engine.bytes(), events.records as usize, events.capacity as usize, count)
    }

    fn error(&mut self) -> u64 {
        self.engine.error_word()
    }
}
