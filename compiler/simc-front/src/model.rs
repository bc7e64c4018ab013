//! The resolved model: what every later room works from.
//!
//! Modules are instantiated and flattened, names are ids, calls of stateful functions stand as [`State`]s of their own,
//! non-negative stocks and uniflows are spelt out in the equations that they change, and both evaluation orders are known.
//! A `Model` is correct by construction: whoever reads one need not check it again.

use crate::source::Span;

pub use belt::{Belt, BeltPort, BeltRead};
pub use print::{print, print_expr};

pub mod belt;
mod print;

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
    /// What must be evaluated at t = start to know the start of every stock and state, in dependency order.
    /// A stock here means its initial value, a state means its start and then its value.
    pub init_order: Vec<Node>,
    /// Every variable but stocks and stand-alone tables, and every state, in the order in which their values can be computed in a step.
    pub step_order: Vec<Node>,
    /// What is looked at in every step for the sake of its thresholds.
    pub watched: Vec<Watched>,
    /// Thresholds, in the order of the source; their events are numbered in this order.
    pub thresholds: Vec<Threshold>,
    /// What a read gives whose computed subscript is no element: 0, or NaN when the file's `invalid_index_value` says so.
    pub invalid_index: f64,
}

/// A variable whose value is looked at in every step.
#[derive(Clone, Debug)]
pub struct Watched {
    /// The variable.
    pub var: VarId,
    /// Reads it at the position of a loop for each of its dimensions.
    pub read: Expr,
}

/// A threshold of elements of a variable. At a step where an element is beyond it, and was not at the step before, an event fires.
#[derive(Clone, Debug)]
pub struct Threshold {
    /// Index of the variable in [`Model::watched`].
    pub watched: u32,
    /// The first element, row-major.
    pub first: u32,
    /// How many elements there are; each passes the threshold on its own.
    pub n: u32,
    /// The number that is passed.
    pub value: f64,
    /// In which direction.
    pub direction: Direction,
    /// How often.
    pub repeat: Repeat,
    /// Used one after another; never empty, and one alone where the threshold repeats.
    pub events: Vec<Event>,
}

/// On which side of a threshold a variable is beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Above.
    Increasing,
    /// Below.
    Decreasing,
}

/// How often events of a threshold fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Each time the threshold is passed; and while the variable stays beyond it, each time so many steps have gone by since the event
    /// has fired, unless that is 0.
    Each(u32),
    /// Each event once in a run.
    Once,
    /// Each event once in the life of an instance.
    OnceEver,
}

/// What happens when a threshold is passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What the run does.
    pub action: Action,
    /// What is said; may be empty.
    pub message: String,
}

/// What a run does at an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Goes on.
    Message,
    /// Pauses behind the step.
    Pause,
    /// Is over behind the step.
    Stop,
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

/// One subscript of a read, as a position in the dimension of what is read, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    /// Always the same position.
    Fixed(u32),
    /// The position of a loop, moved by `offset`; it always lies inside.
    Moving {
        /// Which loop.
        base: Base,
        /// Added to the loop's position.
        offset: i64,
    },
    /// A number counted from 1, rounded down. When it is no element (NaN included), the whole read gives [`Model::invalid_index`].
    Computed(NodeId),
}

/// A loop around an expression; its position counts from 0 within the whole dimension, not within the extent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Base {
    /// The loop over dimension n of the variable that is computed.
    Loop(u32),
    /// The n-th extent of the reducers around, counted from the outermost reducer's first one.
    Bound(u32),
}

/// A reducer: the body is evaluated for each element of the extents, row-major.
#[derive(Clone, Debug)]
pub struct Reduce {
    /// What becomes of the values.
    pub op: ReduceOp,
    /// What it runs over; never empty.
    pub extents: Vec<Extent>,
    /// Evaluated for each element; a complete expression of its own that sees the loops and reducers around it.
    pub body: Expr,
}

/// What becomes of the values of a reducer's body, taken in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReduceOp {
    /// `0 + v1 + v2 + ...`
    Sum,
    /// `1 * v1 * v2 * ...`
    Product,
    /// Least: `Min` of infinity and each value in turn.
    Min,
    /// Greatest: `Max` of minus infinity and each value in turn.
    Max,
    /// The sum divided by the count.
    Mean,
    /// Population standard deviation: `m` the mean; the square root of (`0 + (v1 - m)*(v1 - m) + ...`) divided by the count.
    StdDev,
}

/// Which table a lookup reads.
#[derive(Clone, Debug)]
pub enum TableRef {
    /// Always the same.
    One(TableId),
    /// One of an arrayed graphical function: tables row-major, and the subscripts that choose.
    Each {
        /// One for each element.
        tables: Vec<TableId>,
        /// Lengths of the dimensions of the graphical function.
        shape: Vec<u32>,
        /// One subscript for each dimension; never [`Index::Computed`].
        indices: Vec<Index>,
    },
}

/// An expression in evaluation order: every node stands after its operands, and the last one is the result.
/// There is no nesting to recurse into, so no expression is too deep for whoever reads it.
#[derive(Clone, Debug, Default)]
pub struct Expr {
    /// Nodes; operands come before the node that uses them. Never empty in a [`Model`].
    pub nodes: Vec<ExprNode>,
}

/// One node with its place in the source.
#[derive(Clone, Debug)]
pub struct ExprNode {
    /// What it computes.
    pub kind: ExprKind,
    /// The text it came from.
    pub span: Span,
}

/// Index of an operand in [`Expr::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// What a node computes. Truth values are numbers: 1 and 0; a number is true when it is not equal to 0.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A number; DT, STARTTIME, STOPTIME, PI, INF and NAN are numbers by now.
    Number(f64),
    /// TIME: the time of the step, or of the stage within a Runge-Kutta step.
    Time,
    /// A variable's value, with one subscript for each of its dimensions.
    Var(VarId, Vec<Index>),
    /// What a belt shows.
    Belt(Box<BeltRead>),
    /// The value of a stateful call, for the present position of every loop and reducer around it.
    State(StateId),
    /// A position as a number, counted from 1: a dimension's name, or `Dim.element`.
    Position(Index),
    /// A reducer.
    Reduce(Box<Reduce>),
    /// One operand.
    Unary(UnaryOp, NodeId),
    /// Two operands, both evaluated.
    Binary(BinaryOp, NodeId, NodeId),
    /// `IF cond THEN then ELSE otherwise`; all three are evaluated.
    If {
        /// The condition.
        cond: NodeId,
        /// Value when it is true.
        then: NodeId,
        /// Value when it is not.
        otherwise: NodeId,
    },
    /// A function without memory, with all its arguments: defaults have been filled in.
    Call(PureFn, Vec<NodeId>),
    /// A table at x.
    Lookup(TableRef, NodeId),
}

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-x`.
    Neg,
    /// 1 when x is 0, else 0.
    Not,
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `a + b`.
    Add,
    /// `a - b`.
    Sub,
    /// `a * b`.
    Mul,
    /// `a / b`, IEEE division.
    Div,
    /// `a // b`: 0 when b is 0, else `a / b`.
    SafeDiv,
    /// `a MOD b`, floored: `a - b*floor(a/b)`.
    Mod,
    /// `a ^ b`.
    Pow,
    /// 1 when equal (exactly), else 0.
    Eq,
    /// 1 when not equal.
    Ne,
    /// 1 when less.
    Lt,
    /// 1 when less or equal.
    Le,
    /// 1 when greater.
    Gt,
    /// 1 when greater or equal.
    Ge,
    /// 1 when both are true.
    And,
    /// 1 when at least one is true.
    Or,
}

/// Functions without memory. Each takes exactly the arguments named here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PureFn {
    /// `(x)`
    Abs,
    /// `(x)`
    Exp,
    /// `(x)` natural logarithm
    Ln,
    /// `(x)`
    Log10,
    /// `(x)`
    Sqrt,
    /// `(x)` in radians
    Sin,
    /// `(x)` in radians
    Cos,
    /// `(x)` in radians
    Tan,
    /// `(x)`
    Arcsin,
    /// `(x)`
    Arccos,
    /// `(x)`
    Arctan,
    /// `(x)`: the greatest integer not above x
    Int,
    /// `(x)`: rounded toward zero: `-floor(-x)` when `x < 0`, else `floor(x)`
    Trunc,
    /// `(a, b)`: the exact remainder with the sign of a, as C's `fmod`; NaN when b is 0
    Remainder,
    /// `(a, b)`: NaN when either is; -0 is below +0
    Max,
    /// `(a, b)`: NaN when either is; -0 is below +0
    Min,
    /// `(a, b, c)`: c when b is 0, else `a / b`
    SafeDiv,
    /// `(a, b, c)`: c when `abs(b) < 1e-6`, else `a / b`
    Xidz,
    /// `(height, start)`: height once `TIME + dt/2 > start`, else 0
    Step,
    /// `(slope, start, end)`: `slope*(min(TIME, max(end, start)) - start)` once `TIME > start`, else 0. An absent end is infinity.
    Ramp,
    /// `(magnitude, first, interval)`: `magnitude/dt` while a pulse is on, else 0. With T the time of the step (never of a stage) and
    /// `u = (T + dt/2) - first`, it is on when `u >= 0` and `v < dt`, where `v` is `u - interval*floor(u/interval)` if `interval > 0` and `u` otherwise.
    /// An absent interval is 0.
    Pulse,
    /// `(x)`: 1 above 0, -1 below, else x
    Sign,
    /// `(x)`: the nearest whole number, halves away from zero
    Round,
    /// `(x)`: `100*x`
    Percent,
    /// `(x, n)`: the n-th root; of a negative x the negative one when n is an odd whole number
    Root,
    /// `(x, q)`: x when `q <= 0`, else `q*trunc(x/q)`
    Quantum,
    /// `(x)`
    Sinh,
    /// `(x)`
    Cosh,
    /// `(x)`
    Tanh,
    /// `(y, x)`: the angle of the point (x, y) in radians
    Arctan2,
    /// `(x)`: the logarithm of the magnitude of the gamma function
    GammaLn,
    /// `(n)` of n rounded down
    Factorial,
    /// `(n, r)` of both rounded down
    Combinations,
    /// `(n, r)` of both rounded down
    Permutations,
    /// `(p)`: the quantile of the standard normal distribution
    InverseNormal,
    /// `(left, right, mean, sd)`: how likely a normal number lies between
    NormalBetween,
    /// `(rate, periods, payment, present)`
    FutureValue,
    /// `(rate, periods, payment, future)`
    PresentValue,
    /// `(rate, periods, present, future)`
    Payment,
    /// `(amplitude, period)`: `amplitude*sin((2*PI*TIME)/period)`
    SinWave,
    /// `(amplitude, period)`: `amplitude*cos((2*PI*TIME)/period)`
    CosWave,
    /// `(percentage)`: `((1 + percentage/100)^dt - 1)/dt`
    CompoundGrowth,
    /// `(start, width, interval, end)`, with T the time of the step: 1 when `T + dt/2 > start`, `T + dt/2 <= end + dt` and
    /// `v < max(width, dt)`, where `u = (T + dt/2) - start` and `v` is `u - interval*floor(u/interval)` if `interval > 0` and `u`
    /// otherwise; else 0
    PulseTrain,
    /// `(from, to, start, end)`: `from` up to the start, `to` from the end on, and the line between in between
    RampFromTo,
    /// `(from, to, speed)`: with `s = speed*(T - STARTTIME)` and `w = to - from`: `from + (s - w*floor(s/w))` when `w > 0`, else from;
    /// T is the time of the step
    Counter,
    /// `()`: how many steps lie between the start and the step
    StepIndex,
    /// `(seed, call, element, sample, min, max, ...)`: a random number. `call` tells calls that share a seed apart; `element` is the
    /// element that is computed, counted from 0, row-major within whole dimensions; with `sample > 0` the number is drawn
    /// anew for each such time, else in each step; it lies from `min` to `max`. Then come the parameters of the distribution.
    Draw(Distribution),
}

/// Distributions of random numbers, with their parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Distribution {
    /// `(low, high)`
    Uniform,
    /// `(mean, sd)`
    Normal,
    /// `(mean, sd)` of the number itself
    Lognormal,
    /// `(mean)`
    Exponential,
    /// `(mean, scale)`
    Logistic,
    /// `(shape, scale)`
    Pareto,
    /// `(shape, scale)`
    Weibull,
    /// `(low, mode, high)`
    Triangular,
    /// `(shape, scale)`
    Gamma,
    /// `(alpha, beta)`
    Beta,
    /// `(percent)`: 1 with this chance in each step, else 0
    MonteCarlo,
    /// `(mean)`
    Poisson,
    /// `(trials, probability)`
    Binomial,
    /// `(probability)`: trials up to the first success
    Geometric,
    /// `(successes, probability)`: trials up to so many successes
    NegativeBinomial,
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
    /// FORCST's horizon; absent otherwise.
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
    /// TREND: fractional change of the input against its average.
    Trend,
    /// FORCST: the input extrapolated by its trend over `horizon`.
    Forecast,
    /// DELAY: a pipeline of `max(1, round(time/dt))` steps, the length taken at start.
    Pipeline,
    /// PREVIOUS: the input at the last completed step; `init` before (0 when absent).
    Previous,
    /// INIT: the input at start.
    Init,
    /// A conveyor or queue, whose stock is the owner. It has no value, and its input is the number 0: what it is asked with and what
    /// its steps need is in [`Model::belts`].
    Belt(BeltId),
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

impl Expr {
    /// A single number.
    pub fn number(value: f64, span: Span) -> Self {
        Self { nodes: vec![ExprNode { kind: ExprKind::Number(value), span }] }
    }

    /// Appends a node and returns its id.
    pub fn push(&mut self, kind: ExprKind, span: Span) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).expect("fewer than 2^32 nodes in an expression"));
        self.nodes.push(ExprNode { kind, span });
        id
    }

    /// The node with this id.
    pub fn node(&self, id: NodeId) -> &ExprNode {
        &self.nodes[id.0 as usize]
    }

    /// The result.
    pub fn root(&self) -> NodeId {
        NodeId(u32::try_from(self.nodes.len()).expect("fewer than 2^32 nodes") - 1)
    }

    /// The number it is, when it is nothing else.
    pub fn as_number(&self) -> Option<f64> {
        match self.nodes.as_slice() {
            [ExprNode { kind: ExprKind::Number(value), .. }] => Some(*value),
            _ => None,
        }
    }
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
