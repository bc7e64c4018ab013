//! A variable under construction.

use std::collections::BTreeMap;

use crate::model::{StateId, TableId, Var, VarId};

/// What is known of a variable.
pub(in crate::sema) struct VarBuilder {
    /// What becomes of it in the model.
    pub(in crate::sema) var: Var,
    /// Whether it is a parameter that is bound to an argument, so that its equation is known.
    pub(in crate::sema) is_bound: bool,
    /// The graphical function that it stands for, if it is a parameter or an input of a module that is bound to one.
    pub(in crate::sema) alias: Option<VarId>,
    /// How many of its dimensions are those of its instance; they are in front of its own.
    pub(in crate::sema) n_outer: usize,
    /// Its tables.
    pub(in crate::sema) tables: VarTables,
    /// Whether its dimensions could not be resolved, which has been reported.
    pub(in crate::sema) is_broken: bool,
    /// The state of a stock that is a conveyor or queue and has been asked for.
    pub(in crate::sema) transport: Option<StateId>,
}

/// The tables of a variable.
#[derive(Clone, Debug, Default)]
pub(in crate::sema) struct VarTables {
    /// The table of all elements without one of their own.
    pub(in crate::sema) shared: Option<TableId>,
    /// The table of each clause.
    pub(in crate::sema) of_elements: Vec<Option<TableId>>,
    /// The table of each element, row-major, where they are not the same.
    pub(in crate::sema) each: Vec<Option<TableId>>,
    /// What data has made of a table for some of the elements that shared it, with that table.
    pub(in crate::sema) parted: BTreeMap<TableId, TableId>,
    /// How many elements have each table, as far as anybody has asked.
    pub(in crate::sema) n_elements: BTreeMap<TableId, u64>,
    /// The first clause that has each table, as far as anybody has asked.
    pub(in crate::sema) clause_of: BTreeMap<TableId, usize>,
}

/// Elements of an array that are constants among others that are not.
pub(in crate::sema) struct ConstantElements {
    /// The array.
    pub(in crate::sema) var: VarId,
    /// The clauses of its formula that hold them.
    pub(in crate::sema) clauses: Vec<u32>,
    /// A number for each of its elements; those of others mean nothing.
    pub(in crate::sema) values: Vec<f64>,
}

impl VarBuilder {
    /// A variable of which nothing else is known.
    pub(in crate::sema) fn new(var: Var) -> Self {
        Self {
            var,
            is_bound: false,
            alias: None,
            n_outer: 0,
            tables: VarTables::default(),
            is_broken: false,
            transport: None,
        }
    }
}

impl VarTables {
    /// Whether some element has a table of its own.
    pub(in crate::sema) fn has_own(&self) -> bool {
        self.of_elements.iter().any(Option::is_some)
    }

    /// Those that an argument passes on: one, or one for each element.
    pub(in crate::sema) fn passed(tables: Vec<TableId>) -> Self {
        match tables.as_slice() {
            &[table] => Self { shared: Some(table), ..Self::default() },
            _ => Self { each: tables.into_iter().map(Some).collect(), ..Self::default() },
        }
    }

    /// Gives an element a table of its own, which has been made of one.
    pub(in crate::sema) fn part(&mut self, place: usize, made: TableId, origin: TableId) {
        if let Some(before) = self.each[place].replace(made)
            && let Some(n) = self.n_elements.get_mut(&before)
        {
            *n -= 1;
        }
        self.n_elements.insert(made, 1);
        self.parted.insert(made, origin);
    }

    /// Whether some element has a table.
    pub(in crate::sema) fn has_any(&self) -> bool {
        self.shared.is_some() || self.has_own() || !self.each.is_empty()
    }
}
