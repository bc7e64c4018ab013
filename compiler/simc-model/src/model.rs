//! The resolved model: what every later room works from.
//!
//! Modules are instantiated and flattened, names are ids, calls of stateful functions stand as [`State`]s of their own,
//! non-negative stocks and uniflows are spelt out in the equations that they change, and both evaluation orders are known.
//! A `Model` is correct by construction: whoever reads one need not check it again.

use crate::source::Span;

pub use belt::{Belt, BeltPort, BeltRead};
pub use event::{Action, Direction, Event, Repeat, Threshold, Watched};
pub use expr::{
    Base, BinaryOp, Distribution, Expr, ExprKind, ExprNode, Index, NodeId, PureFn, Reduce, ReduceOp, TableRef, UnaryOp,
};
pub use print::{print, print_expr};
pub use vector::{VectorFn, VectorRead};

pub mod belt;
mod event;
mod expr;
mod print;
pub mod vector;

/// Index of a [`Var`] in [`Model::vars`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VarId(pub u32);

/// Index of a [`State`] in [`Model::states`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateId(pub u32);

/// Index of a [`Table`] in [`Model::tables`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableId(pub u32);

/// Index of a [`Dim`] in [`Model::dims`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DimId(pub u32);

/// Index of a [`Belt`] in [`Model::belts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BeltId(pub u32);

/// Index of a [`Sweep`] in [`Model::sweeps`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SweepId(pub u32);

/// A model in which everything is known.
#[derive(Clone, Debug)]
pub struct Model {
    /// Name from the header, or the file's.
    pub name: String,
    /// When it runs and how it is integrated.
    pub time: TimeSpec,
    /// Dimensions of arrays.
    pub dims: Vec<Dim>,
    /// All variables, those of module instances included, in the order of the source.
    pub vars: Vec<Var>,
    /// One for each call of a function that remembers something.
    pub states: Vec<State>,
    /// Graphical functions.
    pub tables: Vec<Table>,
    /// Conveyors and queues.
    pub belts: Vec<Belt>,
    /// Pieces that are computed together.
    pub sweeps: Vec<Sweep>,
    /// What must be evaluated at t = start to know the start of every stock and state, in dependency order.
    /// A stock here means its initial value, a state means its start and then its value.
    pub init_order: Vec<Node>,
    /// Every variable but stocks and stand-alone tables, and every state, in the order in which their values can be computed in a step.
    pub step_order: Vec<Node>,
    /// What is looked at in every step for the sake of its thresholds.
    pub watched: Vec<Watched>,
    /// Thresholds, in the order of the source; their events are numbered in this order.
    pub thresholds: Vec<Threshold>,
    /// Variables that belong together for whoever reads the model, in the order of the source.
    pub groups: Vec<Group>,
    /// What a read gives whose computed subscript is no element: 0, or NaN when the file's `invalid_index_value` says so.
    pub invalid_index: f64,
}

/// A group of variables and modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// As the author wrote it; inside a module, behind the instance's name and a dot.
    pub name: String,
    /// Documentation as written.
    pub doc: Option<String>,
    /// Names of variables, as in [`Var::name`], and of module instances, which stand for all of theirs; in the order of the source.
    pub members: Vec<String>,
}

/// Something with a value in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// A variable.
    Var(VarId),
    /// One piece of an arrayed variable whose pieces depend on one another; all pieces of such a variable stand in an order one by one,
    /// and the variable as a whole does not.
    Piece(VarId, u32),
    /// A call of a stateful function.
    State(StateId),
    /// Pieces of arrays that read one another's elements.
    Sweep(SweepId),
}

/// Pieces over one region whose elements read one another at other positions: all of them are computed at one position before any is
/// computed at the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// The pieces of variables in the order in which they are computed at each position; never empty.
    pub pieces: Vec<(VarId, u32)>,
    /// The positions, in each dimension from first to last unless [`descends`](Self::descends) says otherwise; the last dimension goes
    /// fastest.
    pub region: Vec<Extent>,
    /// For each dimension whether its positions come from last to first.
    pub descends: Vec<bool>,
}

/// The time axis of a run. Step `i` is at `start + i*dt`, computed with one multiplication and one addition.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeSpec {
    /// First time.
    pub start: f64,
    /// Last time as the model states it.
    pub stop: f64,
    /// The step; positive and finite.
    pub dt: f64,
    /// How many steps are taken: `floor((stop - start)/dt + 1e-6)`.
    pub n_steps: u64,
    /// A row is saved at steps 0, `save_every`, 2 `save_every`, ...; at least 1.
    pub save_every: u64,
    /// How many rows a full run saves: `n_steps / save_every + 1`.
    pub n_rows: u64,
    /// Integration method.
    pub method: Method,
    /// Name of the time unit.
    pub units: Option<String>,
}

/// How stocks are integrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `S + dt*k`.
    Euler,
    /// Heun: `k1` at t, `k2` at t + dt from `S + dt*k1`; advance by `(dt*(k1 + k2))/2`.
    Rk2,
    /// The classic four stages: advance by `(dt*(((k1 + 2 k2) + 2 k3) + k4))/6`; stages 2 and 3 start from `S + (dt/2)*k`, stage 4 from `S + dt*k3`.
    Rk4,
}

/// A dimension: an ordered set of elements.
#[derive(Clone, Debug)]
pub struct Dim {
    /// As the author wrote it.
    pub name: String,
    /// Elements in order; `1`, `2`, ... when the dimension has a size only.
    pub elements: Vec<String>,
    /// Whether its elements are numbers.
    pub is_numeric: bool,
}

/// A variable.
#[derive(Clone, Debug)]
pub struct Var {
    /// As the author wrote it; inside a module, behind the instance's name and a dot: `Hares.births`.
    pub name: String,
    /// What it is.
    pub kind: VarKind,
    /// Its dimensions, outermost first; empty for a scalar.
    pub dims: Vec<DimId>,
    /// How its value comes about.
    pub def: Def,
    /// Units text as written.
    pub units: Option<String>,
    /// Documentation as written.
    pub doc: Option<String>,
    /// Least and greatest sensible value, from `<range>`.
    pub range: Option<(f64, f64)>,
    /// Whether it stands within a macro, or is an equation of a belt: nobody sees its values, and no host can set it.
    pub is_hidden: bool,
    /// The equation, or the definition where there is none.
    pub span: Span,
}

/// What a variable is to its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VarKind {
    /// Integrates flows.
    Stock,
    /// Changes stocks.
    Flow,
    /// Anything computed.
    Auxiliary,
    /// An auxiliary or flow whose equation is a constant expression: a host may set it.
    Constant,
    /// A graphical function without an equation: it can be called but has no value of its own.
    Lookup,
    /// A variable of a module that takes its value from outside.
    ModuleInput,
}

/// How a variable's value comes about.
#[derive(Clone, Debug)]
pub enum Def {
    /// `init` holds at start; `net` is the sum of inflows less the outflows, in that order: see [`Expr`].
    Stock {
        /// Value at t = start.
        init: Vec<Piece>,
        /// Rate of change: inflows added left to right, then outflows subtracted left to right;
        /// without inflows the first term is the negated first outflow; without any flow the constant 0.
        net: Vec<Piece>,
    },
    /// Evaluated in every step.
    Formula(Vec<Piece>),
    /// The defaults of a settable constant, one for each element, row-major.
    Constant(Vec<f64>),
    /// A table that other equations call: one for all elements, or one for each, row-major.
    Lookup(Vec<TableId>),
}

/// The equation of a box of elements. The pieces of a definition do not overlap and cover the variable.
#[derive(Clone, Debug)]
pub struct Piece {
    /// For each dimension of the variable, outermost first, the positions that it covers; empty for a scalar.
    pub region: Vec<Extent>,
    /// The equation, evaluated for each element of the region in row-major order; [`Base::Loop`] n is the position in dimension n.
    pub expr: Expr,
    /// What stands for the equation before the first step, where that is another one: initial values and stateful functions see it.
    pub start: Option<Expr>,
}

/// A run of positions of a dimension, counted from 0; never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Extent {
    /// The dimension.
    pub dim: DimId,
    /// First position.
    pub start: u32,
    /// How many.
    pub len: u32,
}

/// A call of a function that remembers: its start, its value in a step and its advance at the end of one are in
/// `docs/semantics.md`. Each owns its memory.
#[derive(Clone, Debug)]
pub struct State {
    /// Which function.
    pub kind: StateKind,
    /// What is smoothed, delayed, ...
    pub input: Expr,
    /// Averaging or delay time; absent for PREVIOUS and INIT.
    pub time: Option<Expr>,
    /// Value, or trend, at the start; absent where the call has none and the default is the input. PREVIOUS, TREND and FORCST
    /// always have one, 0 by default; INIT never has.
    pub init: Option<Expr>,
    /// FORCST's horizon; how many levels of a shortened smooth or delay count, which stays as it is at the start; absent otherwise.
    pub horizon: Option<Expr>,
    /// The variable in whose equation the call stands.
    pub owner: VarId,
    /// The loops of the owner's piece, then the extents of the reducers around the call: it has a memory for each combination, row-major.
    /// Inside its expressions they are [`Base::Loop`] and [`Base::Bound`] as for the owner.
    pub extents: Vec<Extent>,
    /// How many of `extents` are loops of the piece.
    pub n_loops: u32,
    /// The call.
    pub span: Span,
}

/// Functions that remember.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateKind {
    /// SMTH1, SMTH3, SMTHN: `order` levels in series, each with `time/order`, all starting at `init` or the input.
    Smooth {
        /// Number of levels, at least 1.
        order: u32,
    },
    /// DELAY1, DELAY3, DELAYN: `order` levels of material, each starting at `init*time/order`.
    Delay {
        /// Number of levels, at least 1.
        order: u32,
    },
    /// Vensim's SMOOTH N: as [`Smooth`](StateKind::Smooth) of the last k of its levels, with `time/k` each, where k is `horizon` within
    /// 1 and `order`.
    ShortenedSmooth {
        /// Number of levels, at least 1.
        order: u32,
    },
    /// Vensim's DELAY N: as [`Delay`](StateKind::Delay) of the last k of its levels, with `time/k` each, where k is `horizon` within
    /// 1 and `order`.
    ShortenedDelay {
        /// Number of levels, at least 1.
        order: u32,
    },
    /// A stock within an expression: it starts at `init`, and the input is its net flow.
    Integral,
    /// TREND: fractional change of the input against its average.
    Trend,
    /// FORCST: the input extrapolated by its trend over `horizon`.
    Forecast,
    /// DELAY: a pipeline of `max(1, round(time/dt))` steps, the length taken at start.
    Pipeline,
    /// HISTORY: the input at the step of `time`, which is `floor((time - STARTTIME)/dt + 1e-6)`: 0 before the start (and for NaN), the
    /// present input from the present step on.
    History,
    /// PREVIOUS: the input at the last completed step; `init` before (0 when absent).
    Previous,
    /// INIT: the input at start.
    Init,
    /// A conveyor or queue, whose stock is the owner. It has no value, and its input is the number 0: what it is asked with and what
    /// its steps need is in [`Model::belts`].
    Belt(BeltId),
    /// A function of whole vectors, which remembers nothing: its input is computed anew at each evaluation. It has no value; what it gives is
    /// read by [`ExprKind::Vector`]. An extent that its input does not depend on has length 1.
    Vector,
}

/// A graphical function: x ascending (equal x allowed: a jump), as many y, at least one point.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The variable it belongs to.
    pub name: String,
    /// What happens between and beyond the points.
    pub kind: TableKind,
    /// Points' x, finite, ascending.
    pub xs: Vec<f64>,
    /// Points' y.
    pub ys: Vec<f64>,
    /// Whether its points follow from those of other tables, so that they are not for a host to set.
    pub is_derived: bool,
}

/// XMILE 1.0, section 3.1.4: the kinds of graphical function. With i the last point with `x[i] <= x`:
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableKind {
    /// `y[i] + (x - x[i])*((y[i+1] - y[i])/(x[i+1] - x[i]))`; first and last y outside.
    Continuous,
    /// The same, continued along the first and the last segment.
    Extrapolate,
    /// `y[i]`; first and last y outside.
    Discrete,
}

impl Piece {
    /// An equation that always holds.
    pub fn new(region: Vec<Extent>, expr: Expr) -> Self {
        Self { region, expr, start: None }
    }

    /// The equation of a variable without dimensions.
    pub fn scalar(expr: Expr) -> Self {
        Self::new(Vec::new(), expr)
    }

    /// What holds before the first step.
    pub fn at_start(&self) -> &Expr {
        self.start.as_ref().unwrap_or(&self.expr)
    }
}

impl Model {
    /// The sweep with this id.
    pub fn sweep(&self, id: SweepId) -> &Sweep {
        &self.sweeps[id.0 as usize]
    }

    /// The variable with this id.
    pub fn var(&self, id: VarId) -> &Var {
        &self.vars[id.0 as usize]
    }

    /// The belt with this id.
    pub fn belt(&self, id: BeltId) -> &Belt {
        &self.belts[id.0 as usize]
    }

    /// The state with this id.
    pub fn state(&self, id: StateId) -> &State {
        &self.states[id.0 as usize]
    }

    /// The table with this id.
    pub fn table(&self, id: TableId) -> &Table {
        &self.tables[id.0 as usize]
    }

    /// All variables with their ids, in order.
    pub fn iter_vars(&self) -> impl Iterator<Item = (VarId, &Var)> {
        (0u32..).map(VarId).zip(&self.vars)
    }

    /// All states with their ids, in order.
    pub fn iter_states(&self) -> impl Iterator<Item = (StateId, &State)> {
        (0u32..).map(StateId).zip(&self.states)
    }
}
