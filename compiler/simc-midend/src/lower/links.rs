//! Which variable reads which, and in which direction the one moves with the other where that is known.
//!
//! What is known is known of the equation and of the signs of its parts, with constants as their defaults have them. An
//! equation is looked at from its result to its operands: a sum moves with each of its terms, a product with a factor when the sign
//! of the other one is known, a graphical function with its input when its points ascend. Variables that no row shows, such as
//! those of macros, are looked through.

use std::collections::{BTreeMap, BTreeSet};

use simc_model::model::{
    BinaryOp, Conveyor, Def, Expr, ExprKind, Index, Model, Node, NodeId, PureFn, ReduceOp, StateKind, TableId,
    TableRef, Transport, TransportForm, UnaryOp, VarId,
};

use super::task::Target;
use crate::layout::{Sign, SymbolLink};

/// How many reads are followed for one effect through variables that no row shows. Where there are more, the many flows of one
/// non-negative stock say, the effect has links from what its own equation reads alone.
const MAX_THROUGH: usize = 256;

/// The links between variables of a row, by their positions in it; sorted by the effect, then by the cause.
pub(super) fn links(model: &Model, position_of: impl Fn(VarId) -> Option<u32>) -> Vec<SymbolLink> {
    let reads = Reads::new(model);
    let mut links = Vec::new();
    for (effect, _) in model.iter_vars() {
        let Some(effect_at) = position_of(effect) else { continue };
        let mut causes: BTreeMap<u32, (Sign, bool)> = BTreeMap::new();
        let mut own: Option<BTreeMap<u32, (Sign, bool)>> = None;
        let mut seen = BTreeSet::new();
        let mut work = vec![(Target::Var(effect), Sign::Same, false)];
        let mut followed = 0;
        while let Some((target, sign, at_start)) = work.pop() {
            for read in reads.of(target) {
                followed += usize::from(own.is_some());
                let (sign, at_start) = (sign.times(read.sign), at_start || read.at_start);
                let position = if let Target::Var(id) = read.target { position_of(id) } else { None };
                match position {
                    Some(cause) => {
                        let link = causes.entry(cause).or_insert((sign, at_start));
                        *link = join(*link, (sign, at_start));
                    }
                    None if seen.insert((read.target, sign, at_start)) => work.push((read.target, sign, at_start)),
                    None => {}
                }
            }
            if own.is_none() {
                own = Some(causes.clone());
            }
            if followed > MAX_THROUGH {
                causes = own.take().unwrap_or_default();
                break;
            }
        }
        causes.remove(&effect_at);
        let link = |(cause, (sign, at_start))| SymbolLink { cause, effect: effect_at, sign, at_start };
        links.extend(causes.into_iter().map(link));
    }
    links.sort_by_key(|link| (link.effect, link.cause));
    links
}

/// Two ways in which one variable reads another: what it does in every step counts for more than what it does at the start.
fn join(a: (Sign, bool), b: (Sign, bool)) -> (Sign, bool) {
    match (a.1, b.1) {
        (true, false) => b,
        (false, true) => a,
        (at_start, _) => (a.0.or(b.0), at_start),
    }
}

/// Something that is read.
#[derive(Clone, Copy)]
struct Read {
    target: Target,
    sign: Sign,
    at_start: bool,
}

/// What each variable and each call reads itself.
struct Reads {
    vars: Vec<Vec<Read>>,
    states: Vec<Vec<Read>>,
}

impl Reads {
    fn new(model: &Model) -> Self {
        let ranges = Ranges::new(model);
        let mut vars: Vec<Collector<'_>> = model.vars.iter().map(|_| Collector::new(model, &ranges)).collect();
        for ((_, var), collector) in model.iter_vars().zip(&mut vars) {
            match &var.def {
                Def::Stock { init, net } => {
                    init.iter().for_each(|clause| collector.add(&clause.expr, Sign::Same, true));
                    net.iter().for_each(|clause| collector.add(&clause.expr, Sign::Same, false));
                }
                Def::Formula(clauses) => {
                    clauses.iter().for_each(|clause| collector.add(&clause.expr, Sign::Same, false));
                    let starts = clauses.iter().filter_map(|clause| clause.start.as_ref());
                    starts.for_each(|start| collector.add(start, Sign::Same, true));
                }
                Def::Constant(_) | Def::Lookup(_) => {}
            }
        }
        let states = model.states.iter().map(|state| {
            let mut collector = Collector::new(model, &ranges);
            if let StateKind::Transport(id) = state.kind {
                add_transport(model.transport(id), &mut collector);
                return collector.finish();
            }
            let follows = match state.kind {
                StateKind::Smooth { .. }
                | StateKind::Delay { .. }
                | StateKind::ShortenedSmooth { .. }
                | StateKind::ShortenedDelay { .. }
                | StateKind::Integral
                | StateKind::Pipeline
                | StateKind::Previous
                | StateKind::Init
                | StateKind::Frozen => Sign::Same,
                StateKind::Trend
                | StateKind::Forecast
                | StateKind::History
                | StateKind::Return
                | StateKind::Vector
                | StateKind::Transport(_) => Sign::Unknown,
            };
            collector.add(&state.input, follows, state.kind == StateKind::Init);
            for expr in state.time.iter().chain(&state.horizon) {
                collector.add(expr, Sign::Unknown, false);
            }
            state.init.iter().for_each(|expr| collector.add(expr, follows, true));
            collector.finish()
        });
        let states = states.collect();
        let mut vars: Vec<Vec<Read>> = vars.into_iter().map(Collector::finish).collect();
        // What enters a conveyor or queue adds to it; what leaves it takes away.
        for transport in &model.transports {
            let mut collector = Collector::new(model, &ranges);
            match &transport.form {
                TransportForm::Conveyor(conveyor) => {
                    let inflows = conveyor.inflows.iter().map(|inflow| Target::Var(inflow.flow));
                    inflows.for_each(|inflow| collector.note(inflow, Sign::Same, false));
                    collector.add(&conveyor.removed, Sign::Opposite, false);
                    conveyor.initial.iter().for_each(|initial| collector.add(initial, Sign::Same, true));
                }
                TransportForm::Queue(queue) => {
                    queue.inflows.iter().for_each(|inflow| collector.add(inflow, Sign::Same, false));
                    collector.add(&queue.outflow, Sign::Opposite, false);
                    collector.add(&queue.initial, Sign::Same, true);
                }
            }
            vars[transport.stock.0 as usize] = collector.finish();
        }
        Self { vars, states }
    }

    fn of(&self, target: Target) -> &[Read] {
        match target {
            Target::Var(id) => &self.vars[id.0 as usize],
            Target::State(id) => &self.states[id.0 as usize],
        }
    }
}

/// What a conveyor or queue is asked for depends on what it holds, and on how it is run.
fn add_transport(transport: &Transport, collector: &mut Collector<'_>) {
    collector.note(Target::Var(transport.stock), Sign::Unknown, false);
    if let TransportForm::Conveyor(conveyor) = &transport.form {
        let Conveyor { transit, sample, arrest, held, capacity, inflow_limit, .. } = &**conveyor;
        let fractions = conveyor.leaks.iter().map(|leak| &leak.fraction);
        let all = [transit, sample, arrest, held, capacity, inflow_limit].into_iter().chain(fractions);
        all.for_each(|expr| collector.add(expr, Sign::Unknown, false));
    }
}

/// The reads of one variable or call as they are found.
struct Collector<'a> {
    model: &'a Model,
    ranges: &'a Ranges,
    found: BTreeMap<Target, (Sign, bool)>,
}

impl<'a> Collector<'a> {
    fn new(model: &'a Model, ranges: &'a Ranges) -> Self {
        Self { model, ranges, found: BTreeMap::new() }
    }

    fn finish(self) -> Vec<Read> {
        let read = |(target, (sign, at_start))| Read { target, sign, at_start };
        self.found.into_iter().map(read).collect()
    }

    /// Adds what an expression reads whose value moves the whole in a direction.
    fn add(&mut self, expr: &Expr, sign: Sign, at_start: bool) {
        let mut work: Vec<(&Expr, Sign)> = vec![(expr, sign)];
        while let Some((expr, sign)) = work.pop() {
            let values = self.ranges.of_nodes(self.model, expr);
            let mut directions: Vec<Option<Sign>> = vec![None; expr.nodes.len()];
            if let Some(last) = directions.last_mut() {
                *last = Some(sign);
            }
            for (at, node) in expr.nodes.iter().enumerate().rev() {
                let Some(direction) = directions[at] else { continue };
                let mut push = |id: NodeId, sign: Sign| {
                    let operand = &mut directions[id.0 as usize];
                    *operand = Some(operand.map_or(sign, |known| known.or(sign)));
                };
                let value = |id: &NodeId| values[id.0 as usize];
                match &node.kind {
                    ExprKind::Number(_) | ExprKind::Time | ExprKind::Position(_) => {}
                    ExprKind::Var(id, indices) => {
                        self.note(Target::Var(*id), direction, at_start);
                        for index in indices {
                            if let Index::Computed(id) = *index {
                                push(id, Sign::Unknown);
                            }
                        }
                    }
                    ExprKind::State(id) => self.note(Target::State(*id), direction, at_start),
                    ExprKind::Transport(read) => {
                        self.note(Target::State(read.state), Sign::Unknown, at_start);
                        read.args.iter().for_each(|&arg| push(arg, Sign::Unknown));
                    }
                    ExprKind::Vector(read) => self.note(Target::State(read.state), Sign::Unknown, at_start),
                    ExprKind::Arrange(_, args) => args.iter().for_each(|&arg| push(arg, Sign::Unknown)),
                    ExprKind::Reduce(reduce) => {
                        let inner = match reduce.op {
                            ReduceOp::Sum | ReduceOp::Min | ReduceOp::Max | ReduceOp::Mean => direction,
                            ReduceOp::Product | ReduceOp::List | ReduceOp::StdDev => Sign::Unknown,
                        };
                        work.push((&reduce.body, inner));
                    }
                    ExprKind::Unary(UnaryOp::Neg, a) => push(*a, direction.times(Sign::Opposite)),
                    ExprKind::Unary(UnaryOp::Not, a) => push(*a, Sign::Unknown),
                    ExprKind::Binary(op, a, b) => {
                        let (of_a, of_b) = of_operands(*op, value(a), value(b));
                        push(*a, direction.times(of_a));
                        push(*b, direction.times(of_b));
                    }
                    ExprKind::If { cond, then, otherwise } => {
                        // The greater of two moves with both, whichever it is.
                        let is_greater = matches!(
                            &expr.node(*cond).kind,
                            ExprKind::Binary(BinaryOp::Gt, a, b) if a == then && b == otherwise
                        );
                        if !is_greater {
                            push(*cond, Sign::Unknown);
                        }
                        push(*then, direction);
                        push(*otherwise, direction);
                    }
                    ExprKind::Call(function, args) => {
                        let values: Vec<Range> = args.iter().map(value).collect();
                        for (n, &arg) in args.iter().enumerate() {
                            push(arg, direction.times(of_argument(*function, n, &values)));
                        }
                    }
                    ExprKind::Lookup(table, x) => push(*x, direction.times(of_table(self.model, table))),
                }
            }
        }
    }

    fn note(&mut self, target: Target, sign: Sign, at_start: bool) {
        let known = self.found.entry(target).or_insert((sign, at_start));
        *known = join(*known, (sign, at_start));
    }
}

/// How a result moves with each of two operands whose signs may be known.
fn of_operands(op: BinaryOp, a: Range, b: Range) -> (Sign, Sign) {
    match op {
        BinaryOp::Add => (Sign::Same, Sign::Same),
        BinaryOp::Sub => (Sign::Same, Sign::Opposite),
        BinaryOp::Mul => (b.sign(), a.sign()),
        BinaryOp::Div | BinaryOp::SafeDiv => (b.sign(), a.sign().times(Sign::Opposite)),
        BinaryOp::Gt | BinaryOp::Ge => (Sign::Same, Sign::Opposite),
        BinaryOp::Lt | BinaryOp::Le => (Sign::Opposite, Sign::Same),
        BinaryOp::Pow if a == Range::NotNegative => (b.sign(), Sign::Unknown),
        BinaryOp::Pow | BinaryOp::Mod | BinaryOp::Eq | BinaryOp::Ne | BinaryOp::And | BinaryOp::Or => {
            (Sign::Unknown, Sign::Unknown)
        }
    }
}

/// How a function moves with one of its arguments.
fn of_argument(function: PureFn, n: usize, args: &[Range]) -> Sign {
    match (function, n) {
        (
            PureFn::Exp
            | PureFn::Ln
            | PureFn::Log10
            | PureFn::Sqrt
            | PureFn::Arctan
            | PureFn::Arcsin
            | PureFn::Int
            | PureFn::Trunc
            | PureFn::Sign
            | PureFn::Round
            | PureFn::Percent
            | PureFn::Sinh
            | PureFn::Tanh,
            0,
        )
        | (PureFn::Max | PureFn::Min, _) => Sign::Same,
        (PureFn::Arccos, 0) => Sign::Opposite,
        (PureFn::Abs, 0) => args[0].sign(),
        (PureFn::SafeDiv | PureFn::Xidz, 0) => args.get(1).map_or(Sign::Unknown, |b| b.sign()),
        (PureFn::SafeDiv | PureFn::Xidz, 1) => args[0].sign().times(Sign::Opposite),
        (PureFn::Step | PureFn::Ramp, 0) => Sign::Same,
        _ => Sign::Unknown,
    }
}

/// How a graphical function moves with its input: as all of its points do.
fn of_table(model: &Model, table: &TableRef) -> Sign {
    let tables: &[TableId] = match table {
        TableRef::One(id) => std::slice::from_ref(id),
        TableRef::Each { tables, .. } => tables,
    };
    let direction = |ys: &[f64]| {
        let ascends = ys.is_sorted();
        let descends = ys.is_sorted_by(|a, b| a >= b);
        if ascends {
            Sign::Same
        } else if descends {
            Sign::Opposite
        } else {
            Sign::Unknown
        }
    };
    let directions = tables.iter().map(|&id| direction(&model.table(id).ys));
    directions.reduce(Sign::or).unwrap_or(Sign::Unknown)
}

/// Which sign a value has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Range {
    NotNegative,
    NotPositive,
    Any,
}

impl Range {
    fn of(least: f64, greatest: f64) -> Self {
        if least >= 0.0 {
            Range::NotNegative
        } else if greatest <= 0.0 {
            Range::NotPositive
        } else {
            Range::Any
        }
    }

    fn of_all(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values = values.into_iter();
        let Some(first) = values.next() else { return Range::Any };
        let (least, greatest) = values.fold((first, first), |(least, greatest), x| (least.min(x), greatest.max(x)));
        Range::of(least, greatest)
    }

    /// What a factor of this sign makes of a direction.
    fn sign(self) -> Sign {
        match self {
            Range::NotNegative => Sign::Same,
            Range::NotPositive => Sign::Opposite,
            Range::Any => Sign::Unknown,
        }
    }

    fn negated(self) -> Self {
        match self {
            Range::NotNegative => Range::NotPositive,
            Range::NotPositive => Range::NotNegative,
            Range::Any => Range::Any,
        }
    }

    fn times(self, other: Self) -> Self {
        match (self, other) {
            (Range::Any, _) | (_, Range::Any) => Range::Any,
            (a, b) if a == b => Range::NotNegative,
            _ => Range::NotPositive,
        }
    }

    /// Of two values of which either may hold, or that are added.
    fn and(self, other: Self) -> Self {
        if self == other { self } else { Range::Any }
    }
}

/// The signs of all variables, where equations say them; constants count as their defaults are.
struct Ranges(Vec<Range>);

impl Ranges {
    fn new(model: &Model) -> Self {
        let mut ranges = Self(
            model
                .vars
                .iter()
                .map(|var| match (&var.def, var.range) {
                    (Def::Constant(values), _) => Range::of_all(values.iter().copied().filter(|value| !value.is_nan())),
                    (Def::Stock { .. }, _) if var.is_non_negative => Range::NotNegative,
                    (_, Some((least, greatest))) => Range::of(least, greatest),
                    (Def::Stock { .. } | Def::Formula(_) | Def::Lookup(_), None) => Range::Any,
                })
                .collect(),
        );
        for node in &model.step_order {
            if let Node::Var(id) = *node
                && let Def::Formula(clauses) = &model.var(id).def
                && ranges.0[id.0 as usize] == Range::Any
            {
                let of_clauses = clauses.iter().map(|clause| ranges.of_expr(model, &clause.expr));
                ranges.0[id.0 as usize] = of_clauses.reduce(Range::and).unwrap_or(Range::Any);
            }
        }
        ranges
    }

    fn of_expr(&self, model: &Model, expr: &Expr) -> Range {
        self.of_nodes(model, expr).last().copied().unwrap_or(Range::Any)
    }

    /// The sign of each node. A reducer's is that of its body, which is looked at one level deep.
    fn of_nodes(&self, model: &Model, expr: &Expr) -> Vec<Range> {
        let bodies: BTreeMap<usize, Range> = expr
            .nodes
            .iter()
            .enumerate()
            .filter_map(|(at, node)| {
                let ExprKind::Reduce(reduce) = &node.kind else { return None };
                let body = self.values(model, &reduce.body, &BTreeMap::new()).last().copied()?;
                let range = match reduce.op {
                    ReduceOp::Sum | ReduceOp::Min | ReduceOp::Max | ReduceOp::Mean => body,
                    ReduceOp::Product if body == Range::NotNegative => Range::NotNegative,
                    ReduceOp::StdDev => Range::NotNegative,
                    ReduceOp::Product | ReduceOp::List => Range::Any,
                };
                Some((at, range))
            })
            .collect();
        self.values(model, expr, &bodies)
    }

    fn values(&self, model: &Model, expr: &Expr, bodies: &BTreeMap<usize, Range>) -> Vec<Range> {
        let mut values: Vec<Range> = Vec::with_capacity(expr.nodes.len());
        for (at, node) in expr.nodes.iter().enumerate() {
            let value = |id: &NodeId| values[id.0 as usize];
            values.push(match &node.kind {
                ExprKind::Number(number) => Range::of(*number, *number),
                ExprKind::Time => Range::of(model.time.start, model.time.stop),
                ExprKind::Position(_) => Range::NotNegative,
                ExprKind::Var(id, _) => self.0[id.0 as usize],
                ExprKind::Reduce(_) => bodies.get(&at).copied().unwrap_or(Range::Any),
                ExprKind::Unary(UnaryOp::Neg, a) => value(a).negated(),
                ExprKind::Unary(UnaryOp::Not, _) => Range::NotNegative,
                ExprKind::Binary(op, a, b) => match op {
                    BinaryOp::Add => value(a).and(value(b)),
                    BinaryOp::Sub => value(a).and(value(b).negated()),
                    BinaryOp::Mul | BinaryOp::Div | BinaryOp::SafeDiv => value(a).times(value(b)),
                    BinaryOp::Pow if value(a) == Range::NotNegative => Range::NotNegative,
                    BinaryOp::Pow | BinaryOp::Mod => Range::Any,
                    BinaryOp::Eq
                    | BinaryOp::Ne
                    | BinaryOp::Lt
                    | BinaryOp::Le
                    | BinaryOp::Gt
                    | BinaryOp::Ge
                    | BinaryOp::And
                    | BinaryOp::Or => Range::NotNegative,
                },
                ExprKind::If { then, otherwise, .. } => value(then).and(value(otherwise)),
                ExprKind::Call(function, args) => of_call(*function, &args.iter().map(value).collect::<Vec<_>>()),
                ExprKind::Lookup(table, _) => match table {
                    TableRef::One(id) => Range::of_all(model.table(*id).ys.iter().copied()),
                    TableRef::Each { tables, .. } => {
                        Range::of_all(tables.iter().flat_map(|&id| model.table(id).ys.iter().copied()))
                    }
                },
                ExprKind::State(_) | ExprKind::Transport(_) | ExprKind::Vector(_) | ExprKind::Arrange(..) => Range::Any,
            });
        }
        values
    }
}

/// The sign of what a function gives.
fn of_call(function: PureFn, args: &[Range]) -> Range {
    let first = args.first().copied().unwrap_or(Range::Any);
    if matches!(function, PureFn::Abs | PureFn::Exp | PureFn::Sqrt | PureFn::Cosh)
        || function == PureFn::Max && args.contains(&Range::NotNegative)
        || function == PureFn::Int && first == Range::NotNegative
    {
        Range::NotNegative
    } else if function == PureFn::Min && args.contains(&Range::NotPositive) {
        Range::NotPositive
    } else if matches!(function, PureFn::Max | PureFn::Min) {
        args.iter().copied().reduce(Range::and).unwrap_or(Range::Any)
    } else if matches!(function, PureFn::Trunc | PureFn::Round | PureFn::Sign | PureFn::Percent | PureFn::Step) {
        first
    } else {
        Range::Any
    }
}

#[cfg(test)]
mod tests;
