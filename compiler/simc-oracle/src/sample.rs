//! Small models built by hand for the tests of this crate.

use simc_front::model::{
    BinaryOp, Def, Expr, ExprKind, Method, Model, Node, NodeId, PureFn, State, StateId, StateKind, Table, TableId,
    TableKind, TimeSpec, UnaryOp, Var, VarId, VarKind,
};
use simc_front::source::Span;

/// A model under construction. Variables and calls are evaluated in the order in which they are added, stocks first.
pub(crate) struct Sample {
    model: Model,
}

/// The arguments of a stateful call, absent ones `None`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Args {
    pub(crate) time: Option<Expr>,
    pub(crate) init: Option<Expr>,
    pub(crate) horizon: Option<Expr>,
}

impl Sample {
    /// An Euler run from start to stop that saves every step.
    pub(crate) fn new(start: f64, stop: f64, dt: f64) -> Self {
        let n_steps = ((stop - start) / dt + 1e-6).floor() as u64;
        let time = TimeSpec {
            start,
            stop,
            dt,
            n_steps,
            save_every: 1,
            n_rows: n_steps + 1,
            method: Method::Euler,
            units: None,
        };
        let (dims, vars, states, tables) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (init_order, step_order) = (Vec::new(), Vec::new());
        Self { model: Model { name: "sample".into(), time, dims, vars, states, tables, init_order, step_order } }
    }

    pub(crate) fn with_method(mut self, method: Method) -> Self {
        self.model.time.method = method;
        self
    }

    pub(crate) fn with_save_every(mut self, save_every: u64) -> Self {
        self.model.time.save_every = save_every;
        self.model.time.n_rows = self.model.time.n_steps / save_every + 1;
        self
    }

    pub(crate) fn model(&self) -> &Model {
        &self.model
    }

    pub(crate) fn constant(&mut self, name: &str, value: f64) -> VarId {
        let id = self.var(name, VarKind::Constant, Def::Constant(value));
        self.model.step_order.push(Node::Var(id));
        id
    }

    pub(crate) fn aux(&mut self, name: &str, expr: Expr) -> VarId {
        let id = self.var(name, VarKind::Auxiliary, Def::Formula(expr));
        self.model.step_order.push(Node::Var(id));
        id
    }

    pub(crate) fn stock(&mut self, name: &str, init: Expr, net: Expr) -> VarId {
        self.var(name, VarKind::Stock, Def::Stock { init, net })
    }

    /// Gives a stock the rate of change that later variables make up.
    pub(crate) fn set_net(&mut self, stock: VarId, expr: Expr) {
        match &mut self.model.vars[stock.0 as usize].def {
            Def::Stock { net, .. } => *net = expr,
            Def::Formula(_) | Def::Constant(_) | Def::Lookup(_) => panic!("{stock:?} is not a stock"),
        }
    }

    pub(crate) fn table(&mut self, kind: TableKind, points: &[(f64, f64)]) -> TableId {
        let (xs, ys) = points.iter().copied().unzip();
        let id = TableId(self.model.tables.len() as u32);
        self.model.tables.push(Table { name: "table".into(), kind, xs, ys });
        id
    }

    /// A table without an equation: it has no column.
    pub(crate) fn lookup_var(&mut self, name: &str) -> VarId {
        let table = self.table(TableKind::Continuous, &[(0.0, 0.0)]);
        self.push_var(name, VarKind::Lookup, Def::Lookup(table))
    }

    pub(crate) fn state(&mut self, kind: StateKind, input: Expr, args: Args) -> StateId {
        let id = StateId(self.model.states.len() as u32);
        let Args { time, init, horizon } = args;
        let (owner, dims, span) = (VarId(0), Vec::new(), Span::default());
        self.model.states.push(State { kind, input, time, init, horizon, owner, dims, span });
        self.model.init_order.push(Node::State(id));
        self.model.step_order.push(Node::State(id));
        id
    }

    /// A stateful call, and a variable that shows its value.
    pub(crate) fn shown(&mut self, kind: StateKind, input: Expr, args: Args) -> VarId {
        let state = self.state(kind, input, args);
        self.aux("shown", leaf(ExprKind::State(state)))
    }

    /// Gives a call an input that later variables make up.
    pub(crate) fn set_input(&mut self, state: StateId, input: Expr) {
        self.model.states[state.0 as usize].input = input;
    }

    fn var(&mut self, name: &str, kind: VarKind, def: Def) -> VarId {
        let id = self.push_var(name, kind, def);
        self.model.init_order.push(Node::Var(id));
        id
    }

    fn push_var(&mut self, name: &str, kind: VarKind, def: Def) -> VarId {
        let id = VarId(self.model.vars.len() as u32);
        let (dims, units, doc, range, span) = (Vec::new(), None, None, None, Span::default());
        self.model.vars.push(Var { name: name.into(), kind, dims, def, units, doc, range, span });
        id
    }
}

pub(crate) fn leaf(kind: ExprKind) -> Expr {
    let mut expr = Expr::default();
    expr.push(kind, Span::default());
    expr
}

pub(crate) fn number(value: f64) -> Expr {
    leaf(ExprKind::Number(value))
}

pub(crate) fn time() -> Expr {
    leaf(ExprKind::Time)
}

pub(crate) fn var(id: VarId) -> Expr {
    leaf(ExprKind::Var(id))
}

pub(crate) fn unary(op: UnaryOp, x: Expr) -> Expr {
    join(vec![x], |ids| ExprKind::Unary(op, ids[0]))
}

pub(crate) fn binary(op: BinaryOp, a: Expr, b: Expr) -> Expr {
    join(vec![a, b], |ids| ExprKind::Binary(op, ids[0], ids[1]))
}

pub(crate) fn choose(cond: Expr, then: Expr, otherwise: Expr) -> Expr {
    join(vec![cond, then, otherwise], |ids| ExprKind::If { cond: ids[0], then: ids[1], otherwise: ids[2] })
}

pub(crate) fn call(function: PureFn, args: Vec<Expr>) -> Expr {
    join(args, |ids| ExprKind::Call(function, ids))
}

pub(crate) fn lookup(table: TableId, x: Expr) -> Expr {
    join(vec![x], |ids| ExprKind::Lookup(table, ids[0]))
}

/// Operands one after the other, then the node that uses them.
fn join(operands: Vec<Expr>, kind: impl FnOnce(Vec<NodeId>) -> ExprKind) -> Expr {
    let mut expr = Expr::default();
    let mut roots = Vec::new();
    for operand in operands {
        let base = expr.nodes.len() as u32;
        for node in operand.nodes {
            expr.push(moved(node.kind, base), node.span);
        }
        roots.push(expr.root());
    }
    expr.push(kind(roots), Span::default());
    expr
}

/// A node whose operands stand `base` further on.
fn moved(kind: ExprKind, base: u32) -> ExprKind {
    let at = |id: NodeId| NodeId(id.0 + base);
    match kind {
        ExprKind::Number(_) | ExprKind::Time | ExprKind::Var(_) | ExprKind::State(_) => kind,
        ExprKind::Unary(op, x) => ExprKind::Unary(op, at(x)),
        ExprKind::Binary(op, a, b) => ExprKind::Binary(op, at(a), at(b)),
        ExprKind::If { cond, then, otherwise } => {
            ExprKind::If { cond: at(cond), then: at(then), otherwise: at(otherwise) }
        }
        ExprKind::Call(function, args) => ExprKind::Call(function, args.into_iter().map(at).collect()),
        ExprKind::Lookup(table, x) => ExprKind::Lookup(table, at(x)),
    }
}
