//! The interpreter of the intermediate representation.

use simc_artifact::{ErrorWord, Record, RunState};
use simc_ir::interp::Instance;
use simc_ir::module::Module;

use super::{Engine, Fault, REFERENCE_MEMORY, too_large};
use crate::results::Rows;

/// The reference interpreter of modules.
pub struct InterpEngine {
    instance: Instance,
    n_rows: u64,
}

impl InterpEngine {
    /// A new instance of a verified module.
    pub fn new(module: &Module) -> Result<Self, Fault> {
        let instance =
            Instance::with_limit(module, REFERENCE_MEMORY).map_err(|error| too_large(error.needed, error.limit))?;
        Ok(Self { instance, n_rows: module.time.n_rows() })
    }
}

impl Rows for InterpEngine {
    fn n_rows(&self) -> u64 {
        self.instance.saved_steps()
    }

    fn value(&self, row: u64, position: usize) -> f64 {
        self.instance.row(row)[position]
    }
}

impl Engine for InterpEngine {
    fn set_value(&mut self, slot: u64, value: f64) -> Result<bool, Fault> {
        Ok(i32::try_from(slot).is_ok_and(|slot| self.instance.set_value(slot, value) == 0))
    }

    fn set_table(&mut self, number: usize, points: &[[f64; 2]]) -> Result<bool, Fault> {
        Ok(i32::try_from(number).is_ok_and(|number| self.instance.set_table(number, points) == 0))
    }

    fn run_to(&mut self, target: f64) -> Result<(), Fault> {
        self.instance.run_to(target);
        Ok(())
    }

    fn run_state(&mut self) -> RunState {
        self.instance.ended_by().into()
    }

    fn events(&mut self) -> (u64, Vec<Record>) {
        let events = self.instance.events();
        (events.len() as u64, events.to_vec())
    }

    fn error(&mut self) -> Result<ErrorWord, Fault> {
        Ok(ErrorWord(self.instance.error()))
    }

    fn is_complete(&self) -> bool {
        self.instance.saved_steps() == self.n_rows
    }
}
