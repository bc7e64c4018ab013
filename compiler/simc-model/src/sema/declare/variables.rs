//! The model under construction: every variable with its kind and its table, before any equation is read.

use std::collections::BTreeMap;

use crate::definition::{DefKind, ElementDef, TableDef, VarDef};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{
    Belt, BeltId, Def, DimId, Expr, Piece, State, StateId, StateKind, Table, TableId, Var, VarId, VarKind,
};
use crate::name;
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::base::dimension::{Dims, MAX_DIM};
use crate::sema::base::table;
use crate::sema::declare::clause;
use crate::sema::equation::derived_table::Derived;
use crate::sema::equation::instantiate::{Argument, PendingCall};
use crate::sema::equation::reference::EquationContext;
use crate::sema::instances::connection::Connections;
use crate::sema::instances::module_tree::{Budget, InstanceId, ModuleTree};
use crate::source::Span;

/// The model as far as it is known. Definitions are stand-ins until the stage that resolves them.
pub(in crate::sema) struct ModelBuilder {
    /// Dimensions.
    pub(in crate::sema) dims: Dims,
    /// Variables by id.
    pub(in crate::sema) vars: Vec<Var>,
    /// Tables by id.
    pub(in crate::sema) tables: Vec<Table>,
    /// Stateful calls by id.
    pub(in crate::sema) states: Vec<State>,
    /// Orders of delays and smooths that are still to be computed.
    pub(in crate::sema) orders: Vec<PendingOrder>,
    /// Belts by id.
    pub(in crate::sema) belts: Vec<Belt>,
    /// The state of each stock that is a belt and has been asked for.
    belt_states: BTreeMap<VarId, StateId>,
    /// Calls whose instances are still to be made.
    pub(in crate::sema) calls: Vec<PendingCall>,
    /// How many calls there have been.
    pub(in crate::sema) n_calls: usize,
    /// The id of the next variable behind those of the pending calls.
    pub(in crate::sema) next_var: u32,
    /// What all instances take together.
    pub(in crate::sema) budget: Budget,
    /// Whether the instances have become too many, which has been reported.
    pub(in crate::sema) is_full: bool,
    /// Whether a variable is a parameter that is bound to an argument, so that its equation is known.
    is_bound: Vec<bool>,
    /// Parameters that stand for a graphical function, and that function.
    aliases: BTreeMap<VarId, VarId>,
    /// How many of the dimensions of each variable are those of its instance.
    n_outer: Vec<usize>,
    /// How many elements all arrays have together.
    n_elements: u64,
    /// The tables of each variable.
    tables_of: Vec<Tables>,
    /// Whether the dimensions of a variable could not be resolved, which has been reported.
    broken: Vec<bool>,
    /// The seed of the run, when the model draws random numbers that follow from it.
    pub(in crate::sema) random_seed: Option<VarId>,
    /// Tables that follow from others.
    pub(in crate::sema) derived_tables: BTreeMap<(TableId, Derived), TableId>,
}

/// The argument that says how many levels a state has.
pub(in crate::sema) struct PendingOrder {
    /// The state.
    pub(in crate::sema) state: StateId,
    /// The argument.
    pub(in crate::sema) expr: Expr,
}

/// The tables of a variable.
#[derive(Clone, Debug, Default)]
struct Tables {
    /// The table of all elements without one of their own.
    shared: Option<TableId>,
    /// The table of each `<element>` entry.
    of_elements: Vec<Option<TableId>>,
    /// The table of each element, row-major, where entries have tables.
    each: Vec<Option<TableId>>,
}

/// How many elements an array may have, and all arrays together.
const MAX_ELEMENTS: [u64; 2] = [1 << 26, 1 << 27];

/// Through how many modules, one in the other, a graphical function may be handed on.
const MAX_DEPTH: usize = 64;

/// How many dimensions an array may have.
const MAX_RANK: usize = 16;

/// Declares all variables.
pub(in crate::sema) fn declare_vars(
    tree: &ModuleTree<'_>,
    connections: &Connections,
    dims: Dims,
    budget: Budget,
    diagnostics: &mut Diagnostics,
) -> ModelBuilder {
    let mut builder = ModelBuilder {
        dims,
        vars: Vec::new(),
        tables: Vec::new(),
        states: Vec::new(),
        orders: Vec::new(),
        belts: Vec::new(),
        belt_states: BTreeMap::new(),
        calls: Vec::new(),
        n_calls: 0,
        next_var: 0,
        budget,
        is_full: false,
        is_bound: Vec::new(),
        aliases: BTreeMap::new(),
        n_outer: Vec::new(),
        n_elements: 0,
        tables_of: Vec::new(),
        broken: Vec::new(),
        random_seed: None,
        derived_tables: BTreeMap::new(),
    };
    for (id, _) in tree.iter_scopes() {
        builder.declare_scope(tree, id, connections, BTreeMap::new(), diagnostics);
    }
    builder.follow_tables(connections);
    builder
}

fn declare_var(def: &VarDef, name: String, kind: VarKind, of: Vec<DimId>, tables: &Tables, dims: &Dims) -> Var {
    let span = def.equation.as_ref().map_or(def.span, |equation| equation.span);
    let region = clause::whole_region(&of, dims);
    let stand_in = || vec![Piece::new(region.clone(), Expr::number(0.0, span))];
    let meaning = match (kind, tables.shared) {
        (VarKind::Stock, _) => Def::Stock { init: stand_in(), net: stand_in() },
        (VarKind::Lookup, table) => Def::Lookup(table.into_iter().collect()),
        (VarKind::Flow | VarKind::Auxiliary | VarKind::Constant | VarKind::ModuleInput, _) => Def::Formula(stand_in()),
    };
    Var {
        name,
        kind,
        dims: of,
        def: meaning,
        units: def.units.as_ref().map(|units| units.text.clone()),
        doc: def.doc.clone(),
        range: def.range,
        is_hidden: false,
        span,
    }
}

/// What a variable is, before constants are known. A graphical function without an equation can only be called.
fn kind_of(def: &VarDef, is_fed: bool) -> VarKind {
    if is_fed {
        return VarKind::ModuleInput;
    }
    match def.kind {
        DefKind::Stock => VarKind::Stock,
        DefKind::Flow => VarKind::Flow,
        DefKind::Table => VarKind::Lookup,
        DefKind::Aux if is_table_alone(def) && !def.reported => VarKind::Lookup,
        DefKind::Aux => VarKind::Auxiliary,
    }
}

/// Whether a definition has graphical functions and no equation at all.
fn is_table_alone(def: &VarDef) -> bool {
    let has_table = def.table.is_some() || def.elements.iter().any(|element| element.table.is_some());
    let has_equation =
        def.equation.is_some() || !def.list.is_empty() || def.elements.iter().any(|element| element.equation.is_some());
    has_table && !has_equation
}

fn too_large(def: &VarDef, name: &str, n: u64, rank: usize) -> Diagnostic {
    let span = def.dims.iter().map(|dim| dim.span).reduce(Span::to).unwrap_or(def.span);
    let [each, all] = MAX_ELEMENTS;
    Diagnostic::error(code::ARRAY_TOO_LARGE, span, format!("array `{name}` is too large"))
        .with_label(format!("{n} elements in {rank} dimensions"))
        .with_hint(format!("an array may have {each} elements in {MAX_RANK} dimensions, and all arrays together {all}"))
        .with_variable(name)
}

fn stock_with_table(def: &VarDef, name: &str) -> Diagnostic {
    let span = def.table.as_ref().map_or(def.span, |table| table.span);
    Diagnostic::error(code::STOCK_WITH_TABLE, span, format!("stock `{name}` has a graphical function"))
        .with_hint("give the graphical function to an auxiliary or a flow")
        .with_variable(name)
}

impl ModelBuilder {
    /// Declares the variables of an instance; `args` are what the parameters of a call are bound to.
    pub(in crate::sema) fn declare_scope(
        &mut self,
        tree: &ModuleTree<'_>,
        instance: InstanceId,
        connections: &Connections,
        mut args: BTreeMap<u32, Argument>,
        diagnostics: &mut Diagnostics,
    ) {
        let outer = &tree.instance(instance).dims;
        for (position, (id, def)) in (0u32..).zip(tree.vars_of(instance)) {
            let name = tree.shown_name(id);
            let mut argument = args.remove(&position);
            // What a flow of a belt is bound to is the equation that has been taken out of it.
            if let (true, Some(part), Some(Argument::Value(..))) = (def.is_driven, tree.parts_of(id), &argument) {
                args.extend(argument.take().map(|argument| (part, argument)));
            }
            let is_fed = connections.contains_key(&id) && !def.is_driven;
            let kind = kind_of(def, is_fed || matches!(argument, Some(Argument::Value(..))));
            let own = match &argument {
                Some(Argument::Value(own, _)) => Some(own.clone()),
                Some(Argument::Table(_)) | None => None,
            };
            let outer = if kind == VarKind::Lookup { &[] } else { outer.as_slice() };
            let (dims, is_broken) = match self.resolve_var_dims(def, &name, outer, own, diagnostics) {
                Some(dims) => (dims, false),
                None => (Vec::new(), true),
            };
            let tables = self.push_tables(def, &name, diagnostics);
            let has_table = tables.shared.is_some() || tables.of_elements.iter().any(Option::is_some);
            if kind == VarKind::Stock && has_table {
                diagnostics.report(stock_with_table(def, &name));
            }
            self.n_outer.push(if is_broken { 0 } else { outer.len() });
            self.broken.push(is_broken);
            let mut var = declare_var(def, name, kind, dims, &tables, &self.dims);
            var.is_hidden = tree.instance(instance).is_hidden || def.is_implied || def.part.is_some();
            self.is_bound.push(argument.is_some());
            match argument {
                Some(Argument::Value(_, pieces)) if !is_broken => var.def = Def::Formula(pieces),
                Some(Argument::Table(table)) => {
                    var.kind = VarKind::Lookup;
                    var.def = Def::Lookup(Vec::new());
                    self.aliases.insert(id, table);
                }
                Some(Argument::Value(..)) | None => {}
            }
            self.vars.push(var);
            self.tables_of.push(tables);
            let is_each = self.tables_of[id.0 as usize].of_elements.iter().any(Option::is_some);
            if is_each && !is_broken {
                self.place_tables(&EquationContext { tree, instance, owner: id, loops: &[] }, def, diagnostics);
            }
        }
        self.next_var = self.next_var.max(u32::try_from(self.vars.len()).expect("fewer variables than the limit"));
    }

    /// Whether a variable is a parameter that is bound to an argument.
    pub(in crate::sema) fn is_bound(&self, id: VarId) -> bool {
        self.is_bound[id.0 as usize]
    }

    /// Lets each input of a module that is connected to a graphical function stand for that one.
    pub(in crate::sema) fn follow_tables(&mut self, connections: &Connections) {
        for &input in connections.keys() {
            // A source may be an input of its own module.
            let mut source = input;
            for _ in 0..MAX_DEPTH {
                let Some(next) = connections.get(&source).and_then(|feed| feed.source) else { break };
                source = next;
            }
            if source == input || self.vars.len() <= source.0 as usize || !self.has_table(source) {
                continue;
            }
            self.aliases.entry(input).or_insert(source);
            let is_alone = self.var(source).kind == VarKind::Lookup;
            let var = self.var_mut(input);
            if is_alone && var.kind == VarKind::ModuleInput {
                (var.kind, var.def) = (VarKind::Lookup, Def::Lookup(Vec::new()));
            }
        }
    }

    /// The graphical function that a parameter or a module's input stands for, or the variable itself.
    pub(in crate::sema) fn resolve_alias(&self, id: VarId) -> VarId {
        self.aliases.get(&id).copied().unwrap_or(id)
    }

    /// How many of a variable's dimensions are those of its instance; they stand in front of its own.
    pub(in crate::sema) fn n_outer(&self, id: VarId) -> usize {
        self.n_outer[id.0 as usize]
    }

    /// The variable with this id.
    pub(in crate::sema) fn var(&self, id: VarId) -> &Var {
        &self.vars[id.0 as usize]
    }

    /// The variable with this id, to be completed.
    pub(in crate::sema) fn var_mut(&mut self, id: VarId) -> &mut Var {
        &mut self.vars[id.0 as usize]
    }

    /// The state of a stock that is a belt; what it computes is filled in when all flows are known.
    pub(in crate::sema) fn belt_state(&mut self, stock: VarId, tree: &ModuleTree<'_>) -> StateId {
        if let Some(&state) = self.belt_states.get(&stock) {
            return state;
        }
        let def = tree.def(stock);
        let is_queue = def.belt.as_ref().is_some_and(|belt| belt.is_queue);
        let belt = BeltId(u32::try_from(self.belts.len()).expect("fewer belts than variables"));
        self.belts.push(Belt { stock, is_queue, ..Belt::default() });
        let extents = clause::whole_region(&self.var(stock).dims, &self.dims);
        let state = self.push_state(State {
            kind: StateKind::Belt(belt),
            input: Expr::number(0.0, def.span),
            time: None,
            init: None,
            horizon: None,
            owner: stock,
            n_loops: u32::try_from(extents.len()).expect("dimensions are few"),
            extents,
            span: def.belt.as_ref().map_or(def.span, |belt| belt.span),
        });
        self.belt_states.insert(stock, state);
        state
    }

    /// Counts the elements of all belts, in the order of their stocks.
    pub(in crate::sema) fn number_belts(&mut self) {
        let mut order: Vec<usize> = (0..self.belts.len()).collect();
        order.sort_by_key(|&belt| self.belts[belt].stock);
        let mut first = 0_u64;
        for belt in order {
            self.belts[belt].first = first;
            let whole = clause::whole_region(&self.var(self.belts[belt].stock).dims, &self.dims);
            first = first.saturating_add(clause::count(&whole));
        }
    }

    /// The variable of the equation that has been taken out of a flow of a belt.
    pub(in crate::sema) fn part_of_flow(&self, tree: &ModuleTree<'_>, flow: VarId) -> Option<VarId> {
        let first = tree.instance(tree.owner(flow)).first_var;
        let parts = tree.parts_of(flow);
        parts.map(|position| VarId(first + position))
    }

    /// The dimensions of a variable: those of its instance, then its own, which are given or written in its definition. What is at fault is reported, a dimension that is too large with the others at the end.
    fn resolve_var_dims(
        &mut self,
        def: &VarDef,
        name: &str,
        outer: &[DimId],
        own: Option<Vec<DimId>>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Vec<DimId>> {
        let mut of = outer.to_vec();
        let is_given = own.is_some();
        of.extend(own.into_iter().flatten());
        for written in def.dims.iter().filter(|_| !is_given) {
            let Some(dim) = self.dims.find(&written.text) else {
                let message = format!("unknown dimension `{}`", name::display(&written.text));
                let mut error = Diagnostic::error(code::UNKNOWN_DIMENSION, written.span, message).with_variable(name);
                error.hint = diagnostics.suggest(&written.text, self.dims.names());
                diagnostics.report(error);
                return None;
            };
            of.push(dim);
        }
        if let Some(element) = def.elements.first().filter(|_| def.dims.is_empty()) {
            let message = format!("`{name}` has elements but no dimensions");
            let error = Diagnostic::error(code::SUBSCRIPT_COUNT, element.span, message).with_variable(name);
            diagnostics.report(error.with_hint("name its dimensions in `<dimensions>`"));
            return None;
        }
        if of.iter().any(|&dim| self.dims.len(dim) > MAX_DIM) {
            return None;
        }
        if of.is_empty() {
            return Some(of);
        }
        let n = of.iter().fold(1_u64, |n, &dim| n.saturating_mul(u64::from(self.dims.len(dim))));
        self.n_elements = self.n_elements.saturating_add(n);
        if n > MAX_ELEMENTS[0] || self.n_elements > MAX_ELEMENTS[1] || of.len() > MAX_RANK {
            diagnostics.report(too_large(def, name, n, of.len()));
            self.n_elements -= n.min(self.n_elements);
            return None;
        }
        Some(of)
    }

    /// Reads the tables of a definition.
    fn push_tables(&mut self, def: &VarDef, name: &str, diagnostics: &mut Diagnostics) -> Tables {
        let mut push = |table: &TableDef, name: &str| {
            let id = TableId(u32::try_from(self.tables.len()).expect("fewer tables than bytes in the file"));
            self.tables.push(table::resolve_table(table, name, def.reported, diagnostics));
            id
        };
        let shared = def.table.as_ref().map(|table| push(table, name));
        let of_element = |element: &ElementDef| {
            let subscripts: Vec<String> = element.subscripts.iter().map(|name| name::display(&name.text)).collect();
            element.table.as_ref().map(|table| push(table, &format!("{name}[{}]", subscripts.join(","))))
        };
        Tables { shared, of_elements: def.elements.iter().map(of_element).collect(), each: Vec::new() }
    }

    /// Finds the table of each element of a variable whose entries have tables.
    fn place_tables(&mut self, place: &EquationContext<'_, '_>, def: &VarDef, diagnostics: &mut Diagnostics) {
        let of = self.var(place.owner).dims.clone();
        let n = clause::count(&clause::whole_region(&of, &self.dims));
        let entries = clause::resolve_entries(place, def, self, diagnostics);
        let tables = &self.tables_of[place.owner.0 as usize];
        let mut each = vec![tables.shared; usize::try_from(n).expect("the size of an array is bounded")];
        for entry in &entries {
            let own = entry.element.and_then(|element| tables.of_elements[element]);
            for flat in clause::cells(&entry.region, &of, &self.dims).filter(|_| own.is_some()) {
                each[flat as usize] = own;
            }
        }
        let complete: Option<Vec<TableId>> = each.iter().copied().collect();
        self.tables_of[place.owner.0 as usize].each = each;
        if self.var(place.owner).kind != VarKind::Lookup {
            return;
        }
        match complete {
            Some(tables) => self.var_mut(place.owner).def = Def::Lookup(tables),
            None => {
                let name = &self.var(place.owner).name;
                let message = format!("some elements of `{name}` have no graphical function");
                let error = place.error(code::MISSING_ELEMENTS, def.name.span, message);
                diagnostics.report(error.with_hint("give each element a `<gf>`, or the variable one for all of them"));
            }
        }
    }

    /// Whether the dimensions of a variable could not be resolved, which has been reported.
    pub(in crate::sema) fn is_broken(&self, id: VarId) -> bool {
        self.broken[id.0 as usize]
    }

    /// Whether a variable has a graphical function.
    pub(in crate::sema) fn has_table(&self, id: VarId) -> bool {
        let tables = &self.tables_of[id.0 as usize];
        tables.shared.is_some() || tables.of_elements.iter().any(Option::is_some)
    }

    /// The table of all elements of a variable that have none of their own.
    pub(in crate::sema) fn shared_table(&self, id: VarId) -> Option<TableId> {
        self.tables_of[id.0 as usize].shared
    }

    /// The table of an `<element>` entry of a variable.
    pub(in crate::sema) fn element_table(&self, id: VarId, element: usize) -> Option<TableId> {
        self.tables_of[id.0 as usize].of_elements.get(element).copied().flatten()
    }

    /// The table of each element of a variable, row-major; empty when all elements share one.
    pub(in crate::sema) fn each_table(&self, id: VarId) -> &[Option<TableId>] {
        &self.tables_of[id.0 as usize].each
    }

    /// A variable with its dimensions, for messages: `` `a[DimA, DimB]` ``.
    pub(in crate::sema) fn show_var_shape(&self, id: VarId) -> String {
        let var = self.var(id);
        let dims: Vec<&str> = var.dims.iter().map(|&dim| self.dims.name(dim)).collect();
        if dims.is_empty() { format!("`{}`", var.name) } else { format!("`{}[{}]`", var.name, dims.join(", ")) }
    }

    /// Whether a variable keeps its value from step to step.
    pub(in crate::sema) fn is_stock(&self, id: VarId) -> bool {
        matches!(self.var(id).def, Def::Stock { .. })
    }

    /// Adds a variable that no definition of the file stands for.
    pub(in crate::sema) fn push_var(&mut self, var: Var) -> VarId {
        let id = VarId(u32::try_from(self.vars.len()).expect("fewer than 2^32 variables"));
        self.vars.push(var);
        self.tables_of.push(Tables::default());
        self.broken.push(false);
        id
    }

    /// Adds a stateful call.
    pub(in crate::sema) fn push_state(&mut self, state: State) -> StateId {
        let id = StateId(u32::try_from(self.states.len()).expect("fewer than 2^32 stateful calls"));
        self.states.push(state);
        id
    }
}
