//! The oracle, its columns put in the order of the artifact's slots.

use std::collections::BTreeMap;

use kernel::event::Record;
use simc_artifact::{RESERVED_SLOTS, event_capacity};
use simc_ir::module::Module;
use simc_midend::layout::Layout;
use simc_model::model::{Action, Model, TableId, VarId};
use simc_model::name::Key;
use simc_oracle::Instance;
use simc_oracle::event::Fired;

use super::{Engine, Op, kept, record_words};

/// The oracle with the slot numbers of a layout.
pub struct OracleEngine<'m> {
    instance: Instance<'m>,
    /// The oracle's column of each slot.
    columns: Vec<usize>,
    /// The variable and element of each slot after the reserved ones.
    owners: Vec<Option<(VarId, usize)>>,
    /// The tables that can be changed, in the order of their numbers, with the points that each has room for.
    tables: Vec<(TableId, usize)>,
    /// Records of events that an artifact keeps.
    capacity: u64,
}

impl<'m> OracleEngine<'m> {
    /// A new instance; slots are those of `layout`.
    pub fn new(model: &'m Model, module: &Module, layout: &Layout) -> Self {
        let instance = Instance::new(model, super::MEMORY_LIMIT).expect("the model fits the limit");
        let by_key: BTreeMap<String, VarId> =
            model.iter_vars().map(|(id, var)| (Key::new(&var.name).to_string(), id)).collect();
        let mut columns: Vec<usize> = (0..RESERVED_SLOTS as usize).collect();
        let mut owners = vec![None; RESERVED_SLOTS as usize];
        for symbol in layout.symbols.vars.iter().filter(|symbol| symbol.slot >= u64::from(RESERVED_SLOTS)) {
            let var = by_key[&symbol.key];
            let first = instance.column(var).expect("a variable with a slot has a column");
            let count: usize =
                symbol.dims.iter().map(|&dim| layout.symbols.dims[dim as usize].elements.len()).product();
            assert_eq!(columns.len() as u64, symbol.slot, "symbols come in slot order without gaps");
            columns.extend(first..first + count);
            owners.extend((0..count).map(|element| Some((var, element))));
        }
        let ids: BTreeMap<&str, TableId> =
            (0..).map(TableId).zip(&model.tables).map(|(id, table)| (table.name.as_str(), id)).collect();
        let tables = module.graphs.values().map(|graph| (ids[graph.name.as_str()], graph.capacity as usize)).collect();
        Self { instance, columns, owners, tables, capacity: event_capacity(module.n_watched()) }
    }

    fn set_values(&mut self, first: i32, values: &[f64]) -> i32 {
        let owners = usize::try_from(first).ok().and_then(|first| self.owners.get(first..first + values.len()));
        let settable = |owner: &Option<(VarId, usize)>| owner.filter(|&(var, _)| self.instance.is_settable(var));
        let owners: Option<Vec<_>> = owners.and_then(|owners| owners.iter().map(settable).collect());
        let Some(owners) = owners.filter(|owners| !owners.is_empty()) else { return 1 };
        for ((var, element), &value) in owners.into_iter().zip(values) {
            assert!(self.instance.set_value(var, element, value), "each of them is settable");
        }
        0
    }

    fn in_slot_order(&self, rows: &[f64]) -> Vec<f64> {
        let width = self.instance.live().len();
        rows.chunks_exact(width).flat_map(|row| self.columns.iter().map(|&column| row[column])).collect()
    }
}

impl Engine for OracleEngine<'_> {
    fn name(&self) -> &'static str {
        "oracle"
    }

    fn call(&mut self, op: Op) -> i32 {
        match op {
            Op::SetValue(slot, value) => {
                let owner = usize::try_from(slot).ok().and_then(|slot| self.owners.get(slot).copied().flatten());
                let set = owner.is_some_and(|(var, element)| self.instance.set_value(var, element, value));
                return i32::from(!set);
            }
            Op::SetValues(first, values) => return self.set_values(first, &values),
            Op::SetTable(number, points) => {
                let number = usize::try_from(number).ok();
                let table = number.and_then(|number| self.tables.get(number)).copied();
                let set = table.is_some_and(|(table, capacity)| {
                    points.len() <= capacity && self.instance.set_table(table, &points)
                });
                return i32::from(!set);
            }
            Op::ClearValues => self.instance.clear_values(),
            Op::RunInitials => self.instance.run_initials(),
            Op::RunTo(target) => self.instance.run_to(target),
            Op::Run => self.instance.run(),
            Op::Reset => self.instance.reset(),
        }
        0
    }

    fn live(&mut self) -> Vec<f64> {
        self.in_slot_order(self.instance.live())
    }

    fn rows(&mut self) -> Vec<f64> {
        self.in_slot_order(self.instance.rows())
    }

    fn saved(&mut self) -> u64 {
        self.instance.saved_steps()
    }

    fn state(&mut self) -> u32 {
        match self.instance.ended_by() {
            Action::Message => 0,
            Action::Pause => 1,
            Action::Stop => 2,
        }
    }

    fn events(&mut self) -> (u64, Vec<[u64; 4]>) {
        let record = |&Fired { event, element, step, time, value }: &Fired| {
            record_words(&Record { event, element, step, time, value })
        };
        kept(self.instance.events().iter().map(record).collect(), self.capacity)
    }

    fn error(&mut self) -> u64 {
        self.instance.error()
    }
}
