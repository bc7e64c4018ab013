//! The model under construction: every variable with its kind and its table, before any equation is read.

use crate::ast::{DefKind, VarDef};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{Def, Expr, Piece, State, StateId, Table, TableId, Var, VarId, VarKind};
use crate::sema::Problems;
use crate::sema::connection::Feeds;
use crate::sema::scope::World;
use crate::sema::table;

/// The model as far as it is known. Definitions are stand-ins until the stage that resolves them.
pub(super) struct Draft {
    /// Variables by id.
    pub(super) vars: Vec<Var>,
    /// Tables by id.
    pub(super) tables: Vec<Table>,
    /// Stateful calls by id.
    pub(super) states: Vec<State>,
    /// Orders of delays and smooths that are still to be computed.
    pub(super) orders: Vec<PendingOrder>,
    /// The table of each variable that has one.
    table_of: Vec<Option<TableId>>,
}

/// The argument that says how many levels a state has.
pub(super) struct PendingOrder {
    /// The state.
    pub(super) state: StateId,
    /// The argument.
    pub(super) expr: Expr,
}

/// Declares all variables.
pub(super) fn declare_vars(world: &World<'_>, feeds: &Feeds, problems: &mut Problems) -> Draft {
    let mut draft =
        Draft { vars: Vec::new(), tables: Vec::new(), states: Vec::new(), orders: Vec::new(), table_of: Vec::new() };
    for (id, _, def) in world.iter_vars() {
        let name = world.var_name(id);
        let kind = kind_of(def, feeds.contains_key(&id));
        let table = def.table.as_ref().map(|table_def| {
            let table = TableId(u32::try_from(draft.tables.len()).expect("no more tables than variables"));
            draft.tables.push(table::resolve_table(table_def, &name, def.reported, problems));
            table
        });
        if kind == VarKind::Stock && table.is_some() {
            problems.report(stock_with_table(def, &name));
        }
        draft.table_of.push(table);
        draft.vars.push(declare_var(def, name, kind, table));
    }
    draft
}

fn declare_var(def: &VarDef, name: String, kind: VarKind, table: Option<TableId>) -> Var {
    let span = def.equation.as_ref().map_or(def.span, |equation| equation.span);
    let stand_in = || vec![Piece::scalar(Expr::number(0.0, span))];
    let meaning = match (kind, table) {
        (VarKind::Stock, _) => Def::Stock { init: stand_in(), net: stand_in() },
        (VarKind::Lookup, Some(table)) => Def::Lookup(vec![table]),
        (VarKind::Flow | VarKind::Auxiliary | VarKind::Constant | VarKind::Lookup | VarKind::ModuleInput, _) => {
            Def::Formula(stand_in())
        }
    };
    Var {
        name,
        kind,
        dims: Vec::new(),
        def: meaning,
        units: def.units.clone(),
        doc: def.doc.clone(),
        range: def.range,
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
        DefKind::Aux if def.table.is_some() && def.equation.is_none() && !def.reported => VarKind::Lookup,
        DefKind::Aux => VarKind::Auxiliary,
    }
}

fn stock_with_table(def: &VarDef, name: &str) -> Diagnostic {
    let span = def.table.as_ref().map_or(def.span, |table| table.span);
    Diagnostic::error(code::STOCK_WITH_TABLE, span, format!("stock `{name}` has a graphical function"))
        .with_hint("give the graphical function to an auxiliary or a flow")
        .with_variable(name)
}

impl Draft {
    /// The variable with this id.
    pub(super) fn var(&self, id: VarId) -> &Var {
        &self.vars[id.0 as usize]
    }

    /// The variable with this id, to be completed.
    pub(super) fn var_mut(&mut self, id: VarId) -> &mut Var {
        &mut self.vars[id.0 as usize]
    }

    /// The table of a variable.
    pub(super) fn table_of(&self, id: VarId) -> Option<TableId> {
        self.table_of[id.0 as usize]
    }

    /// Whether a variable keeps its value from step to step.
    pub(super) fn is_stock(&self, id: VarId) -> bool {
        matches!(self.var(id).def, Def::Stock { .. })
    }

    /// Adds a stateful call.
    pub(super) fn push_state(&mut self, state: State) -> StateId {
        let id = StateId(u32::try_from(self.states.len()).expect("fewer than 2^32 stateful calls"));
        self.states.push(state);
        id
    }
}
