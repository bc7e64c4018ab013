//! Small models built by hand for the tests of this crate.

use simc_model::model::{
    Base, BinaryOp, Clause, Def, Dim, DimId, Expr, ExprKind, Extent, Index, Method, Model, Node, NodeId, PureFn,
    Reduce, ReduceOp, State, StateId, StateKind, Table, TableId, TableKind, TableRef, TimeSpec, TransportRead, UnaryOp,
    Var, VarId, VarKind,
};
use simc_model::name::canonical;
use simc_model::source::Span;

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
        let (name, invalid_index) = ("sample".into(), 0.0);
        Self {
            model: Model {
                name,
                time,
                dims,
                vars,
                states,
                tables,
                transports: Vec::new(),
                recurrences: Vec::new(),
                init_order,
                step_order,
                watched: Vec::new(),
                thresholds: Vec::new(),
                groups: Vec::new(),
                controls: Vec::new(),
                invalid_index,
            },
        }
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

    pub(crate) fn with_invalid_index(mut self, value: f64) -> Self {
        self.model.invalid_index = value;
        self
    }

    pub(crate) fn model(&self) -> &Model {
        &self.model
    }

    /// A dimension of that many elements.
    pub(crate) fn dim(&mut self, len: u32) -> DimId {
        let id = DimId(self.model.dims.len() as u32);
        let elements = (1..=len).map(|n| n.to_string()).collect();
        self.model.dims.push(Dim { name: format!("dim {}", id.0), elements, is_numeric: true });
        id
    }

    /// Dimensions whole.
    pub(crate) fn whole(&self, dims: &[DimId]) -> Vec<Extent> {
        let len = |dim: DimId| self.model.dims[dim.0 as usize].elements.len() as u32;
        dims.iter().map(|&dim| Extent { dim, start: 0, len: len(dim) }).collect()
    }

    pub(crate) fn constant(&mut self, name: &str, value: f64) -> VarId {
        self.constants(name, &[], &[value])
    }

    pub(crate) fn constants(&mut self, name: &str, dims: &[DimId], values: &[f64]) -> VarId {
        let id = self.var(name, VarKind::Constant, dims, Def::Constant(values.to_vec()));
        self.model.step_order.push(Node::Var(id));
        id
    }

    pub(crate) fn aux(&mut self, name: &str, expr: Expr) -> VarId {
        self.aux_for_all(name, &[], expr)
    }

    pub(crate) fn aux_for_all(&mut self, name: &str, dims: &[DimId], expr: Expr) -> VarId {
        let region = self.whole(dims);
        self.aux_of(name, dims, vec![Clause::new(region, expr)])
    }

    pub(crate) fn aux_of(&mut self, name: &str, dims: &[DimId], clauses: Vec<Clause>) -> VarId {
        let id = self.var(name, VarKind::Auxiliary, dims, Def::Formula(clauses));
        self.model.step_order.push(Node::Var(id));
        id
    }

    pub(crate) fn stock(&mut self, name: &str, init: Expr, net: Expr) -> VarId {
        self.stock_for_all(name, &[], init, net)
    }

    pub(crate) fn stock_for_all(&mut self, name: &str, dims: &[DimId], init: Expr, net: Expr) -> VarId {
        let clause = |expr| vec![Clause::new(self.whole(dims), expr)];
        let def = Def::Stock { init: clause(init), net: clause(net) };
        self.var(name, VarKind::Stock, dims, def)
    }

    /// Puts an order of evaluation in the place of the one in which things were added.
    pub(crate) fn set_order(&mut self, init_order: &[Node], step_order: &[Node]) {
        self.model.init_order = init_order.to_vec();
        self.model.step_order = step_order.to_vec();
    }

    /// Gives a stock the rate of change that later variables make up.
    pub(crate) fn set_net(&mut self, stock: VarId, expr: Expr) {
        let region = self.whole(&self.model.var(stock).dims);
        self.set_nets(stock, vec![Clause::new(region, expr)]);
    }

    /// Gives a stock its rate of change, clause by clause.
    pub(crate) fn set_nets(&mut self, stock: VarId, clauses: Vec<Clause>) {
        match &mut self.model.vars[stock.0 as usize].def {
            Def::Stock { net, .. } => *net = clauses,
            Def::Formula(_) | Def::Constant(_) | Def::Lookup(_) => panic!("{stock:?} is not a stock"),
        }
    }

    /// Gives a stock its initial value, clause by clause.
    pub(crate) fn set_inits(&mut self, stock: VarId, clauses: Vec<Clause>) {
        match &mut self.model.vars[stock.0 as usize].def {
            Def::Stock { init, .. } => *init = clauses,
            Def::Formula(_) | Def::Constant(_) | Def::Lookup(_) => panic!("{stock:?} is not a stock"),
        }
    }

    pub(crate) fn table(&mut self, kind: TableKind, points: &[(f64, f64)]) -> TableId {
        let (xs, ys) = points.iter().copied().unzip();
        let id = TableId(self.model.tables.len() as u32);
        self.model.tables.push(Table { name: "table".into(), kind, xs, ys, is_derived: false });
        id
    }

    /// A table without an equation: it has no column.
    pub(crate) fn lookup_var(&mut self, name: &str) -> VarId {
        let table = self.table(TableKind::Continuous, &[(0.0, 0.0)]);
        self.push_var(name, VarKind::Lookup, &[], Def::Lookup(vec![table]))
    }

    pub(crate) fn state(&mut self, kind: StateKind, input: Expr, args: Args) -> StateId {
        self.state_over(&[], &[], kind, input, args)
    }

    /// A stateful call inside of loops and of reducers.
    pub(crate) fn state_over(
        &mut self,
        loops: &[Extent],
        bounds: &[Extent],
        kind: StateKind,
        input: Expr,
        args: Args,
    ) -> StateId {
        let id = StateId(self.model.states.len() as u32);
        let Args { time, init, horizon } = args;
        let (owner, extents, n_loops, span) = (VarId(0), [loops, bounds].concat(), loops.len() as u32, Span::default());
        self.model.states.push(State { kind, input, time, init, horizon, owner, extents, n_loops, span });
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

    fn var(&mut self, name: &str, kind: VarKind, dims: &[DimId], def: Def) -> VarId {
        let id = self.push_var(name, kind, dims, def);
        self.model.init_order.push(Node::Var(id));
        id
    }

    fn push_var(&mut self, name: &str, kind: VarKind, dims: &[DimId], def: Def) -> VarId {
        let id = VarId(self.model.vars.len() as u32);
        self.model.vars.push(Var {
            name: name.into(),
            canonical: canonical(name),
            kind,
            dims: dims.to_vec(),
            def,
            units: None,
            doc: None,
            range: None,
            is_hidden: false,
            is_non_negative: false,
            through: None,
            span: Span::default(),
        });
        id
    }
}

/// The position in dimension n of the variable that is computed.
pub(crate) fn here(n: u32) -> Index {
    here_and(n, 0)
}

/// The position in dimension n of the variable that is computed, moved.
pub(crate) fn here_and(n: u32, offset: i64) -> Index {
    Index::Moving { base: Base::Loop(n), offset }
}

/// The position in the n-th extent of the reducers around.
pub(crate) fn bound(n: u32) -> Index {
    Index::Moving { base: Base::Bound(n), offset: 0 }
}

/// An element of a variable, chosen without computing a value.
pub(crate) fn element(id: VarId, indices: &[Index]) -> Expr {
    leaf(ExprKind::Var(id, indices.to_vec()))
}

/// An element of a variable, chosen by one value for each dimension.
pub(crate) fn element_at(id: VarId, subscripts: Vec<Expr>) -> Expr {
    join(subscripts, |ids| ExprKind::Var(id, ids.into_iter().map(Index::Computed).collect()))
}

pub(crate) fn reduce(op: ReduceOp, extents: Vec<Extent>, body: Expr) -> Expr {
    leaf(ExprKind::Reduce(Box::new(Reduce { op, extents, body })))
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
    element(id, &[])
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
    lookup_in(TableRef::One(table), x)
}

pub(crate) fn lookup_in(table: TableRef, x: Expr) -> Expr {
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

/// A node whose operands are `base` further on.
fn moved(kind: ExprKind, base: u32) -> ExprKind {
    let at = |id: NodeId| NodeId(id.0 + base);
    match kind {
        ExprKind::Number(_) | ExprKind::Time | ExprKind::State(_) | ExprKind::Position(_) | ExprKind::Reduce(_) => kind,
        ExprKind::Var(id, indices) => {
            let moved = |index| match index {
                Index::Computed(id) => Index::Computed(at(id)),
                Index::Fixed(_) | Index::Moving { .. } => index,
            };
            ExprKind::Var(id, indices.into_iter().map(moved).collect())
        }
        ExprKind::Unary(op, x) => ExprKind::Unary(op, at(x)),
        ExprKind::Binary(op, a, b) => ExprKind::Binary(op, at(a), at(b)),
        ExprKind::If { cond, then, otherwise } => {
            ExprKind::If { cond: at(cond), then: at(then), otherwise: at(otherwise) }
        }
        ExprKind::Call(function, args) => ExprKind::Call(function, args.into_iter().map(at).collect()),
        ExprKind::Lookup(table, x) => ExprKind::Lookup(table, at(x)),
        ExprKind::Vector(_) | ExprKind::Arrange(..) => unreachable!("samples have no vector functions"),
        ExprKind::Transport(read) => {
            let args = read.args.into_iter().map(at).collect();
            ExprKind::Transport(Box::new(TransportRead { args, ..*read }))
        }
    }
}
