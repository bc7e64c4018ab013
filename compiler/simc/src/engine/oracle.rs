//! The oracle, its columns in the order of the artifact's slots.

use std::collections::BTreeMap;

use simc_artifact::{ErrorWord, Extension, RESERVED_SLOTS, Record, RunState};
use simc_model::model::{Action, Model, TableId, VarId};
use simc_model::name::Key;
use simc_oracle::Instance;
use simc_oracle::event::Fired;

use super::{Engine, Fault, REFERENCE_MEMORY, too_large};
use crate::results::Rows;

/// The reference interpreter of models.
pub struct OracleEngine<'m> {
    instance: Instance<'m>,
    n_rows: u64,
    /// The oracle's column of each slot, and whose slot it is: a variable and an element of it.
    slots: Vec<(usize, Option<(VarId, usize)>)>,
    /// The tables that can be changed, in the order of their numbers, with the points that each has room for.
    tables: Vec<(TableId, usize)>,
}

impl<'m> OracleEngine<'m> {
    /// A new instance; slots are those of an artifact of the same model.
    pub fn new(model: &'m Model, extension: &Extension) -> Result<Self, Fault> {
        let instance = Instance::new(model, REFERENCE_MEMORY).map_err(|error| too_large(error.needed, error.limit))?;
        // Whoever sees no hidden variable may use its name for another.
        let shown = model.iter_vars().filter(|(_, var)| !var.is_hidden);
        let by_key: BTreeMap<Key, VarId> = shown.map(|(id, var)| (Key::new(&var.name), id)).collect();
        let mut slots: Vec<_> = (0..RESERVED_SLOTS as usize).map(|slot| (slot, None)).collect();
        for variable in extension.variables.iter().skip(slots.len()) {
            let var = by_key[&Key::new(&variable.name)];
            let first = instance.column(var).expect("a variable with a slot has a column");
            let sizes = variable.dims.iter().map(|&dim| extension.dimensions[dim as usize].elements.len());
            slots.extend((0..sizes.product()).map(|element| (first + element, Some((var, element)))));
        }
        let ids: BTreeMap<&str, TableId> =
            (0..).map(TableId).zip(&model.tables).map(|(id, table)| (table.name.as_str(), id)).collect();
        let tables = extension.inputs.iter().flat_map(|inputs| &inputs.tables);
        let tables = tables.map(|table| (ids[table.name.as_str()], table.capacity as usize)).collect();
        Ok(Self { instance, n_rows: model.time.n_rows, slots, tables })
    }
}

impl Rows for OracleEngine<'_> {
    fn n_rows(&self) -> u64 {
        self.instance.saved_steps()
    }

    fn value(&self, row: u64, position: usize) -> f64 {
        self.instance.row(row)[self.slots[position].0]
    }
}

impl Engine for OracleEngine<'_> {
    fn set_value(&mut self, slot: u64, value: f64) -> Result<bool, Fault> {
        let owner = usize::try_from(slot).ok().and_then(|slot| self.slots.get(slot)).and_then(|slot| slot.1);
        Ok(owner.is_some_and(|(var, element)| self.instance.set_value(var, element, value)))
    }

    fn set_table(&mut self, number: usize, points: &[[f64; 2]]) -> Result<bool, Fault> {
        let table = self.tables.get(number).filter(|&&(_, capacity)| points.len() <= capacity);
        Ok(table.is_some_and(|&(table, _)| self.instance.set_table(table, points)))
    }

    fn run_to(&mut self, target: f64) -> Result<(), Fault> {
        self.instance.run_to(target);
        Ok(())
    }

    fn run_state(&mut self) -> RunState {
        match self.instance.ended_by() {
            Action::Message => RunState::Running,
            Action::Pause => RunState::Paused,
            Action::Stop => RunState::Stopped,
        }
    }

    fn events(&mut self) -> (u64, Vec<Record>) {
        let record =
            |&Fired { event, element, step, time, value }: &Fired| Record { event, element, step, time, value };
        let events: Vec<Record> = self.instance.events().iter().map(record).collect();
        (events.len() as u64, events)
    }

    fn error(&mut self) -> Result<ErrorWord, Fault> {
        Ok(ErrorWord(self.instance.error()))
    }

    fn is_complete(&self) -> bool {
        self.instance.saved_steps() == self.n_rows
    }
}
