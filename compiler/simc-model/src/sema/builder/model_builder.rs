//! The model under construction. Definitions are stand-ins until the stage that resolves them.

use std::collections::{BTreeMap, BTreeSet};

use crate::definition::TransportDef;
use crate::diagnostic::Diagnostic;
use crate::model::{
    Def, Expr, Extent, State, StateId, StateKind, Table, TableId, TableKind, Transport, TransportId, Var, VarId,
};
use crate::sema::base::derived_table::{self, Derived};
use crate::sema::base::dimension::Dims;
use crate::sema::base::region;
use crate::sema::base::stand_in::stand_in;
use crate::sema::builder::call::PendingCall;
use crate::sema::builder::var_builder::{ConstantElements, VarBuilder};
use crate::sema::instances::budget::Budget;
use crate::sema::instances::module_tree::ModuleTree;

/// The model as far as it is known.
pub(in crate::sema) struct ModelBuilder {
    /// Dimensions.
    pub(in crate::sema) dims: Dims,
    /// What a read gives whose computed subscript is no element.
    pub(in crate::sema) invalid_index: f64,
    /// Constants whose numbers shape the model, so that no host may set them.
    pub(in crate::sema) shaping: BTreeSet<VarId>,
    /// Variables without an equation, each with the error that it is where anything reads it.
    pub(in crate::sema) unvalued: Vec<(VarId, Diagnostic)>,
    /// Boxes of the elements of arrays that have no equation.
    pub(in crate::sema) absent: BTreeMap<VarId, Vec<Vec<Extent>>>,
    /// Variables by id.
    vars: Vec<VarBuilder>,
    /// Tables by id.
    pub(in crate::sema) tables: Vec<Table>,
    /// Stateful calls by id.
    pub(in crate::sema) states: Vec<State>,
    /// Orders of delays and smooths that are still to be computed, by the ids of their states.
    pub(in crate::sema) orders: Vec<PendingOrder>,
    /// Conveyors and queues by id.
    pub(in crate::sema) transports: Vec<Transport>,
    /// Arrays that are constants in part.
    pub(in crate::sema) constant_elements: Vec<ConstantElements>,
    /// Calls whose instances are still to be made.
    pub(in crate::sema) calls: Vec<PendingCall>,
    /// How many calls there have been.
    pub(in crate::sema) n_calls: usize,
    /// How many nodes there are in the clauses after the first one of each equation whose subscripts do not move evenly.
    pub(in crate::sema) n_part_nodes: u64,
    /// How many graphical functions arguments have chosen.
    pub(in crate::sema) n_passed: u64,
    /// The id of the next variable after those of the pending calls.
    pub(in crate::sema) next_var: u32,
    /// What all instances take together.
    pub(in crate::sema) budget: Budget,
    /// Whether the instances have become too many, which has been reported.
    pub(in crate::sema) is_full: bool,
    /// How many elements all arrays have together.
    pub(in crate::sema) n_elements: u64,
    /// How many elements have been looked at one by one, to see which equation holds for each.
    pub(in crate::sema) n_cells: u64,
    /// How many numbers all constants have together.
    pub(in crate::sema) n_numbers: u64,
    /// The seed of the run, when the model draws random numbers that follow from it.
    pub(in crate::sema) random_seed: Option<VarId>,
    /// Tables that follow from others.
    derived_tables: BTreeMap<(TableId, Derived), TableId>,
    /// Tables that subscripts are looked up in, by the positions that they hold.
    index_tables: BTreeMap<Vec<u32>, TableId>,
}

/// The argument that says how many levels a state has.
pub(in crate::sema) struct PendingOrder {
    /// The state.
    pub(in crate::sema) state: StateId,
    /// The argument.
    pub(in crate::sema) expr: Expr,
    /// Whether it may change over time, and counts as it is at the start.
    pub(in crate::sema) at_start: bool,
}

impl ModelBuilder {
    /// A model without variables.
    pub(in crate::sema) fn new(dims: Dims, invalid_index: f64, budget: Budget) -> Self {
        Self {
            dims,
            invalid_index,
            shaping: BTreeSet::new(),
            unvalued: Vec::new(),
            absent: BTreeMap::new(),
            vars: Vec::new(),
            tables: Vec::new(),
            states: Vec::new(),
            orders: Vec::new(),
            transports: Vec::new(),
            constant_elements: Vec::new(),
            calls: Vec::new(),
            n_calls: 0,
            n_part_nodes: 0,
            n_passed: 0,
            next_var: 0,
            budget,
            is_full: false,
            n_elements: 0,
            n_cells: 0,
            n_numbers: 0,
            random_seed: None,
            derived_tables: BTreeMap::new(),
            index_tables: BTreeMap::new(),
        }
    }

    /// How many variables there are.
    pub(in crate::sema) fn n_vars(&self) -> usize {
        self.vars.len()
    }

    /// All variables in the order of their ids.
    pub(in crate::sema) fn vars(&self) -> impl Iterator<Item = &Var> {
        self.vars.iter().map(|builder| &builder.var)
    }

    /// All variables in the order of their ids, to be completed.
    pub(in crate::sema) fn vars_mut(&mut self) -> impl Iterator<Item = &mut Var> {
        self.vars.iter_mut().map(|builder| &mut builder.var)
    }

    /// All expressions of variables, calls and transports.
    pub(in crate::sema) fn exprs(&self) -> impl Iterator<Item = &Expr> {
        let of_vars = self.vars.iter().flat_map(|builder| builder.var.def.exprs());
        let of_states = self.states.iter().flat_map(State::exprs);
        of_vars.chain(of_states).chain(self.transports.iter().flat_map(Transport::exprs))
    }

    /// All expressions, those of pending orders included, to be changed. Arguments of pending calls have none that remain.
    pub(in crate::sema) fn exprs_mut(&mut self) -> impl Iterator<Item = &mut Expr> {
        let of_vars = self.vars.iter_mut().flat_map(|builder| builder.var.def.exprs_mut());
        let of_states = self.states.iter_mut().flat_map(State::exprs_mut);
        let of_transports = self.transports.iter_mut().flat_map(Transport::exprs_mut);
        of_vars.chain(of_states).chain(of_transports).chain(self.orders.iter_mut().map(|order| &mut order.expr))
    }

    /// The variables as they are in the model.
    pub(in crate::sema) fn take_vars(&mut self) -> Vec<Var> {
        std::mem::take(&mut self.vars).into_iter().map(|builder| builder.var).collect()
    }

    /// What is known of a variable.
    pub(in crate::sema) fn of(&self, id: VarId) -> &VarBuilder {
        &self.vars[id.0 as usize]
    }

    /// What is known of a variable, to be completed.
    pub(in crate::sema) fn of_mut(&mut self, id: VarId) -> &mut VarBuilder {
        &mut self.vars[id.0 as usize]
    }

    /// The variable with this id.
    pub(in crate::sema) fn var(&self, id: VarId) -> &Var {
        &self.of(id).var
    }

    /// The variable with this id, to be completed.
    pub(in crate::sema) fn var_mut(&mut self, id: VarId) -> &mut Var {
        &mut self.of_mut(id).var
    }

    /// Adds a variable with what is known of it.
    pub(in crate::sema) fn push(&mut self, var: VarBuilder) -> VarId {
        let id = VarId(u32::try_from(self.vars.len()).expect("fewer than 2^32 variables"));
        self.vars.push(var);
        id
    }

    /// Adds a variable that no definition of the file stands for.
    pub(in crate::sema) fn push_var(&mut self, var: Var) -> VarId {
        self.push(VarBuilder::new(var))
    }

    /// Adds a stateful call.
    pub(in crate::sema) fn push_state(&mut self, state: State) -> StateId {
        let id = StateId(u32::try_from(self.states.len()).expect("fewer than 2^32 stateful calls"));
        self.states.push(state);
        id
    }

    /// Adds a table.
    pub(in crate::sema) fn push_table(&mut self, table: Table) -> TableId {
        let id = TableId(u32::try_from(self.tables.len()).expect("fewer than 2^32 tables"));
        self.tables.push(table);
        id
    }

    /// The table of the positions, counted from 0, that a subscript has for each position of a dimension; its values count
    /// from 1.
    pub(in crate::sema) fn index_table(&mut self, positions: Vec<u32>) -> TableId {
        if let Some(&known) = self.index_tables.get(&positions) {
            return known;
        }
        let xs = (1..=positions.len()).map(|at| at as f64).collect();
        let ys = positions.iter().map(|&position| f64::from(position) + 1.0).collect();
        let table = Table { name: String::new(), kind: TableKind::Discrete, xs, ys, is_derived: true };
        let made = self.push_table(table);
        self.index_tables.insert(positions, made);
        made
    }

    /// The table that follows from another; made once.
    pub(in crate::sema) fn derive_table(&mut self, table: TableId, what: Derived) -> TableId {
        if let Some(&known) = self.derived_tables.get(&(table, what)) {
            return known;
        }
        let made = self.push_table(derived_table::derive(&self.tables[table.0 as usize], what));
        self.derived_tables.insert((table, what), made);
        made
    }

    /// Whether a variable is a parameter that is bound to an argument.
    pub(in crate::sema) fn is_bound(&self, id: VarId) -> bool {
        self.of(id).is_bound
    }

    /// The graphical function that a parameter or a module's input stands for, or the variable itself.
    pub(in crate::sema) fn resolve_alias(&self, id: VarId) -> VarId {
        self.of(id).alias.unwrap_or(id)
    }

    /// How many of a variable's dimensions are those of its instance; they are in front of its own.
    pub(in crate::sema) fn n_outer(&self, id: VarId) -> usize {
        self.of(id).n_outer
    }

    /// Whether the dimensions of a variable could not be resolved, which has been reported.
    pub(in crate::sema) fn is_broken(&self, id: VarId) -> bool {
        self.of(id).is_broken
    }

    /// Whether a variable has a graphical function.
    pub(in crate::sema) fn has_table(&self, id: VarId) -> bool {
        self.of(id).tables.has_any()
    }

    /// The table of all elements of a variable that have none of their own.
    pub(in crate::sema) fn shared_table(&self, id: VarId) -> Option<TableId> {
        self.of(id).tables.shared
    }

    /// The table of a clause of a variable.
    pub(in crate::sema) fn element_table(&self, id: VarId, element: usize) -> Option<TableId> {
        self.of(id).tables.of_elements.get(element).copied().flatten()
    }

    /// The table of each element of a variable, row-major; empty when all elements share one.
    pub(in crate::sema) fn each_table(&self, id: VarId) -> &[Option<TableId>] {
        &self.of(id).tables.each
    }

    /// Whether a variable keeps its value from step to step.
    pub(in crate::sema) fn is_stock(&self, id: VarId) -> bool {
        matches!(self.var(id).def, Def::Stock { .. })
    }

    /// A variable with its dimensions, for messages: `` `a[DimA, DimB]` ``.
    pub(in crate::sema) fn show_var_shape(&self, id: VarId) -> String {
        let var = self.var(id);
        let dims: Vec<&str> = var.dims.iter().map(|&dim| self.dims.name(dim)).collect();
        if dims.is_empty() { format!("`{}`", var.name) } else { format!("`{}[{}]`", var.name, dims.join(", ")) }
    }

    /// The state of a stock that is a transport; what it computes is filled in when all flows are known.
    pub(in crate::sema) fn transport_state(&mut self, stock: VarId, tree: &ModuleTree<'_>) -> StateId {
        if let Some(state) = self.of(stock).transport {
            return state;
        }
        let def = tree.def(stock);
        let is_queue = def.transport.as_ref().is_some_and(TransportDef::is_queue);
        let transport = TransportId(u32::try_from(self.transports.len()).expect("fewer transports than variables"));
        self.transports.push(Transport::unknown(stock, is_queue));
        let extents = region::whole_region(&self.var(stock).dims, &self.dims);
        let state = self.push_state(State {
            kind: StateKind::Transport(transport),
            input: stand_in(def.span),
            time: None,
            init: None,
            horizon: None,
            owner: stock,
            n_loops: u32::try_from(extents.len()).expect("dimensions are few"),
            extents,
            span: def.transport.as_ref().map_or(def.span, TransportDef::span),
        });
        self.of_mut(stock).transport = Some(state);
        state
    }

    /// Counts the elements of all conveyors in the order of their stocks, then those of all queues.
    pub(in crate::sema) fn number_transports(&mut self) {
        let mut order: Vec<usize> = (0..self.transports.len()).collect();
        order.sort_by_key(|&transport| (self.transports[transport].is_queue(), self.transports[transport].stock));
        let mut first = 0_u64;
        for transport in order {
            self.transports[transport].first = first;
            let whole = region::whole_region(&self.var(self.transports[transport].stock).dims, &self.dims);
            first = first.saturating_add(region::count(&whole));
        }
    }

    /// The variable of the equation that has been taken out of a flow of a transport.
    pub(in crate::sema) fn part_of_flow(&self, tree: &ModuleTree<'_>, flow: VarId) -> Option<VarId> {
        let first = tree.instance(tree.owner(flow)).first_var;
        let parts = tree.parts_of(flow);
        parts.map(|position| VarId(first + position))
    }
}
