//! Calls in equations: how many arguments they have, and what they become.

use crate::builtin::{Builtin, Default, Dialect, Meaning, Order, Param, ParamKind, StateFn};
use crate::definition::{self, EquationKind};
use crate::diagnostic::code;
use crate::model::{BinaryOp, Expr, ExprKind, Index, NodeId, PureFn, State, StateId, StateKind, VarId};
use crate::sema::base::diagnostics::count_arguments;
use crate::sema::base::shape::Axis;
use crate::sema::base::stand_in::STAND_IN;
use crate::sema::base::{constant, inline, lag};
use crate::sema::builder::model_builder::PendingOrder;
use crate::sema::equation::node_plan::{FlatRead, NodePlan, Read, Sub, TableRead};
use crate::sema::equation::resolver::{Call, Frames, Resolver, flat_indices, shared_indices};
use crate::sema::instances::connection::show_path;
use crate::source::Span;

/// A run that asks for a rate of return may have that many steps: each of them looks at all before it.
const MAX_PAYMENTS: u64 = 10_000;

impl<'c, 'a> Resolver<'c, '_, 'a> {
    /// Appends what a call becomes to its frame; what is at fault becomes a number.
    pub(in crate::sema) fn resolve_call(
        &mut self,
        frames: &mut Frames<'a>,
        frame: usize,
        index: usize,
        plan: NodePlan<'a>,
    ) -> NodeId {
        let equation: &'c definition::Equation = self.equation;
        let node = &equation.nodes[index];
        let (EquationKind::Call(path, args) | EquationKind::SubscriptedCall(path, _, args)) = &node.kind else {
            unreachable!("only calls are planned as such")
        };
        let first_frame = frames.planned.first_frame[index];
        let call = Call { path, args, index, first_frame, frame, span: node.span };
        let kind = match plan {
            NodePlan::Call(builtin, tables) if self.check_arity(builtin, &call) => {
                return self.resolve_builtin(frames, &call, builtin, &tables);
            }
            NodePlan::Reduce(_, op) => self.resolve_reduce(frames, &call, op),
            NodePlan::Table(var, read) if self.check_table_arity(&call) => {
                self.resolve_lookup(frames, &call, (var, &read), 0)
            }
            NodePlan::Flat(read) => return self.resolve_flat(frames, &call, read),
            NodePlan::Vector(builtin, function) => return self.resolve_vector(frames, &call, builtin, function),
            NodePlan::Function(planned) => return self.resolve_function(frames, &call, &planned),
            NodePlan::Call(..)
            | NodePlan::Table(..)
            | NodePlan::Skipped
            | NodePlan::Operator
            | NodePlan::Value(..)
            | NodePlan::Position(_)
            | NodePlan::Same(_)
            | NodePlan::Transport(..)
            | NodePlan::Capacity(..)
            | NodePlan::Constant(_)
            | NodePlan::Broken => STAND_IN,
        };
        frames.exprs[frame].push(kind, call.span)
    }

    /// A builtin with as many arguments as it can have.
    fn resolve_builtin(
        &mut self,
        frames: &mut Frames<'_>,
        call: &Call<'_>,
        builtin: &Builtin,
        tables: &[TableRead],
    ) -> NodeId {
        let kind = match builtin.meaning {
            Meaning::Pure(function) => {
                let spec = &self.time.spec;
                ExprKind::Call(function, frames.all_arguments(call, builtin, spec.start, spec.dt))
            }
            Meaning::Draw(distribution) | Meaning::VensimDraw(distribution) => {
                return self.resolve_draw(frames, call, builtin, distribution);
            }
            Meaning::Fold(function) => return frames.fold_call(call, function),
            Meaning::Binary(op) => ExprKind::Binary(op, frames.argument(call, 0), frames.argument(call, 1)),
            Meaning::If => ExprKind::If {
                cond: frames.argument(call, 0),
                then: frames.argument(call, 1),
                otherwise: frames.argument(call, 2),
            },
            Meaning::State(function) => {
                let state = ExprKind::State(self.resolve_state(frames, call, builtin, function));
                match call.args.get(2).filter(|_| function == StateFn::History) {
                    Some(_) => return self.resolve_run(frames, call, state),
                    None => state,
                }
            }
            Meaning::IsNan => {
                let x = frames.argument(call, 0);
                ExprKind::Binary(BinaryOp::Ne, x, x)
            }
            Meaning::Interpolate => match tables.first() {
                Some((var, read)) => return self.resolve_interpolation(frames, call, *var, read),
                None => STAND_IN,
            },
            Meaning::Lookup(function) => return self.resolve_derived_table(frames, call, function, tables),
            Meaning::Memory(function) => return self.resolve_memory(frames, call, builtin, function),
            // A wrong number of arguments has been reported.
            Meaning::Rank | Meaning::Vector(_) => STAND_IN,
            Meaning::ElementMap(outside) => return self.resolve_element_map(frames, call, builtin, outside),
            Meaning::Composed(function) => return self.resolve_composed(frames, call, function),
            Meaning::ActiveInitial => return self.resolve_active_initial(frames, call, builtin),
            Meaning::TimeBase => {
                let (start, slope) = (frames.argument(call, 0), frames.argument(call, 1));
                let expr = &mut frames.exprs[call.frame];
                let time = expr.push(ExprKind::Time, call.span);
                let rise = expr.push(ExprKind::Binary(BinaryOp::Mul, slope, time), call.span);
                ExprKind::Binary(BinaryOp::Add, start, rise)
            }
            Meaning::Size => self.resolve_size(frames, call),
            Meaning::Reduce(op) => return frames.reduce_call(call, op),
            Meaning::Constant(_) | Meaning::Run(_) | Meaning::Time | Meaning::Own => self.constant(builtin),
            Meaning::Transport(_) => unreachable!("{} is no call once it is planned", builtin.name()),
            Meaning::Unsupported => unreachable!("{} is refused as a callee", builtin.name()),
        };
        frames.exprs[call.frame].push(kind, call.span)
    }

    /// `ACTIVE_INITIAL(active, initial)`, which is a whole equation: the first argument, with the second one in its place before the first step.
    fn resolve_active_initial(&mut self, frames: &mut Frames<'_>, call: &Call<'_>, builtin: &Builtin) -> NodeId {
        let (active, initial) = (frames.argument(call, 0), frames.argument(call, 1));
        if call.index + 1 == self.equation.nodes.len() {
            frames.initial = Some(initial);
        } else {
            let message = format!("{} must be the whole equation", self.place.spelling(builtin));
            let hint = "give it a variable of its own";
            self.diagnostics.report(self.place.error(code::ACTIVE_PART, call.span, message).with_hint(hint));
        }
        active
    }

    /// HISTORY of a run, which the third argument names: there is no other than the present one, 0.
    fn resolve_run(&mut self, frames: &mut Frames<'_>, call: &Call<'_>, state: ExprKind) -> NodeId {
        let run = frames.take(call.first_frame + 2, call.span);
        let expr = &mut frames.exprs[call.frame];
        let then = expr.push(state, call.span);
        let run = inline::append(&run, expr);
        let present = expr.push(ExprKind::Number(0.0), call.span);
        let cond = expr.push(ExprKind::Binary(BinaryOp::Eq, run, present), call.span);
        let otherwise = expr.push(ExprKind::Number(f64::NAN), call.span);
        expr.push(ExprKind::If { cond, then, otherwise }, call.span)
    }

    /// The least time of a delay or smooth: in Stella no level is shorter than a step.
    fn least_time(&self, function: StateFn) -> Option<f64> {
        let (StateFn::Smooth(Order::Fixed(n)) | StateFn::Delay(Order::Fixed(n))) = function else { return None };
        let is_limited = self.place.tree.file.dialect == Dialect::Stella;
        is_limited.then(|| f64::from(n) * self.time.spec.dt)
    }

    /// Makes a state of a call and its arguments.
    fn resolve_state(
        &mut self,
        frames: &mut Frames<'_>,
        call: &Call<'_>,
        builtin: &Builtin,
        function: StateFn,
    ) -> StateId {
        let mut arguments: Vec<(ParamKind, Expr)> = Vec::with_capacity(builtin.params.len());
        for (index, param) in builtin.params.iter().enumerate() {
            // The run that HISTORY may name is no part of its state.
            if param.kind == ParamKind::Number {
                continue;
            }
            let expr = match param.default {
                _ if index < call.args.len() => frames.take(call.first_frame + index, call.span),
                Default::Value(value) => Expr::number(value, call.span),
                Default::Absent | Default::Required | Default::Start | Default::EveryStep => continue,
            };
            arguments.push((param.kind, expr));
        }
        let within = &frames.planned.frames[call.frame];
        let extents = self.place.loops.iter().chain(within).copied().collect();
        let mut take = |kind: ParamKind| {
            let position = arguments.iter().position(|(of, _)| *of == kind)?;
            Some(arguments.swap_remove(position).1)
        };
        let order = take(ParamKind::Order);
        let mut input = take(ParamKind::Input).expect("every stateful function has an input");
        let mut time = take(ParamKind::Time);
        let mut init = take(ParamKind::Initial);
        if let (Some(time), Some(least)) = (&mut time, self.least_time(function)) {
            constant::limit_below(time, least);
        }
        if function == StateFn::Init {
            // ENDVAL with a value for the first run.
            input = init.take().unwrap_or(input);
        }
        if function == StateFn::Return && self.time.spec.n_steps > MAX_PAYMENTS {
            let message = format!("{} over {} steps is not supported", builtin.name(), self.time.spec.n_steps);
            let hint = format!("in each step it looks at all payments so far; {MAX_PAYMENTS} steps are the most");
            self.diagnostics.report(self.place.error(code::FUNCTIONS, call.span, message).with_hint(hint));
        }
        let mut state = State {
            kind: state_kind(function),
            input,
            time,
            init,
            horizon: take(ParamKind::Horizon),
            owner: self.place.owner,
            extents,
            n_loops: u32::try_from(self.place.loops.len()).expect("dimensions are few"),
            span: call.span,
        };
        lag::shorten(&mut state, &self.time.spec, |_| None);
        let state = self.builder.push_state(state);
        if let Some(expr) = order {
            self.builder.orders.push(PendingOrder { state, expr, at_start: false });
        }
        state
    }

    /// A graphical function at the argument with this index.
    fn resolve_lookup(
        &mut self,
        frames: &mut Frames<'_>,
        call: &Call<'_>,
        table: (VarId, &Read),
        x: usize,
    ) -> ExprKind {
        let (var, read) = table;
        if read.is_outside {
            return ExprKind::Number(self.place.tree.file.invalid_index);
        }
        let indices = self.resolve_indices(frames, call.frame, call.index, read);
        match self.choose_table(var, indices, call) {
            Some(table) => ExprKind::Lookup(table, frames.argument(call, x)),
            None => STAND_IN,
        }
    }

    /// `a(n)`: the n-th element in row-major order, of the equation's own instance.
    fn resolve_flat(&mut self, frames: &mut Frames<'_>, call: &Call<'_>, read: FlatRead) -> NodeId {
        let own = &self.builder.var(read.var).dims[read.n_shared..];
        let lens: Vec<u32> = own.iter().map(|&dim| self.builder.dims.len(dim)).collect();
        let number = frames.argument(call, 0);
        let expr = &mut frames.exprs[call.frame];
        let mut indices = shared_indices(read.n_shared);
        indices.extend(flat_indices(expr, number, &lens, call.span));
        expr.push(ExprKind::Var(read.var, indices), call.span)
    }

    /// INTERPOLATE: lines between the elements on both sides of each part, first along the last dimension.
    fn resolve_interpolation(&self, frames: &mut Frames<'_>, call: &Call<'_>, var: VarId, read: &Read) -> NodeId {
        let chosen = Read { axes: Vec::new(), ..read.clone() };
        let chosen = self.resolve_indices(frames, call.frame, call.index, &chosen);
        let parts: Vec<NodeId> = (1..call.args.len()).map(|part| frames.argument(call, part)).collect();
        let expr = &mut frames.exprs[call.frame];
        let sides: Vec<Side> =
            parts.iter().zip(&read.axes).map(|(&part, axis)| Side::new(expr, part, *axis, call.span)).collect();
        let mut values = Vec::new();
        for corner in 0..1_usize << sides.len() {
            let mut indices = chosen.clone();
            for (index, sub) in indices.iter_mut().zip(&read.subs) {
                if let Sub::Along(axis, offset) = *sub {
                    let is_next = corner >> (sides.len() - 1 - axis) & 1 == 1;
                    let side = if is_next { sides[axis].next } else { sides[axis].first };
                    *index = Index::Computed(moved(expr, side, offset, call.span));
                }
            }
            values.push(expr.push(ExprKind::Var(var, indices), call.span));
        }
        for side in sides.iter().rev() {
            let between = |pair: &[NodeId]| {
                let rise = expr.push(ExprKind::Binary(BinaryOp::Sub, pair[1], pair[0]), call.span);
                let risen = expr.push(ExprKind::Binary(BinaryOp::Mul, side.rest, rise), call.span);
                expr.push(ExprKind::Binary(BinaryOp::Add, pair[0], risen), call.span)
            };
            values = values.chunks_exact(2).map(between).collect();
        }
        values[0]
    }

    /// Whether a builtin has as many arguments as it can have; if not, that is reported.
    fn check_arity(&mut self, builtin: &Builtin, call: &Call<'_>) -> bool {
        let (least, greatest) = builtin.arity();
        let n = call.args.len();
        if n >= least && greatest.is_none_or(|greatest| n <= greatest) {
            return true;
        }
        let wanted = match greatest {
            None => format!("at least {}", count_arguments(least)),
            Some(greatest) if greatest == least => count_arguments(least),
            Some(greatest) => format!("{least} to {}", count_arguments(greatest)),
        };
        let message = format!("{} takes {wanted}, but has {n} here", self.place.spelling(builtin));
        self.diagnostics.report(
            self.place
                .error(code::ARGUMENT_COUNT, call.span, message)
                .with_hint(format!("write `{}`", self.place.usage(builtin))),
        );
        false
    }

    fn check_table_arity(&mut self, call: &Call<'_>) -> bool {
        let n = call.args.len();
        if n == 1 {
            return true;
        }
        let shown = show_path(call.path);
        let message = format!("graphical function `{shown}` takes 1 argument, but has {n} here");
        self.diagnostics.report(
            self.place.error(code::ARGUMENT_COUNT, call.span, message).with_hint(format!("write `{shown}(x)`")),
        );
        false
    }
}

impl Frames<'_> {
    /// All arguments, with numbers for those that are left out.
    fn all_arguments(&mut self, call: &Call<'_>, builtin: &Builtin, start: f64, dt: f64) -> Vec<NodeId> {
        let value = |(index, param): (usize, &Param)| match param.default {
            _ if index < call.args.len() => self.argument(call, index),
            Default::Value(value) => self.exprs[call.frame].push(ExprKind::Number(value), call.span),
            Default::Start => self.exprs[call.frame].push(ExprKind::Number(start), call.span),
            Default::EveryStep => self.exprs[call.frame].push(ExprKind::Number(dt / 2.0), call.span),
            Default::Absent | Default::Required => unreachable!("{} has arguments without a value", builtin.name()),
        };
        builtin.params.iter().enumerate().map(value).collect()
    }

    /// `f(a, b, c)` as `f(f(a, b), c)`.
    fn fold_call(&mut self, call: &Call<'_>, function: PureFn) -> NodeId {
        let mut result = self.argument(call, 0);
        for index in 1..call.args.len() {
            let next = self.argument(call, index);
            result = self.exprs[call.frame].push(ExprKind::Call(function, vec![result, next]), call.span);
        }
        result
    }
}

/// Where a part lies along an axis.
struct Side {
    /// The element before it, counted from 1 in its dimension.
    first: NodeId,
    /// The one after it.
    next: NodeId,
    /// How far it is from the one before it, of the way to the one after it.
    rest: NodeId,
}

impl Side {
    fn new(expr: &mut Expr, part: NodeId, axis: Axis, span: Span) -> Self {
        let mut push = |kind: ExprKind| expr.push(kind, span);
        let [zero, one, last] = [0.0, 1.0, f64::from(axis.len - 1)].map(|number| push(ExprKind::Number(number)));
        let bounded = push(ExprKind::Call(PureFn::Max, vec![zero, part]));
        let part = push(ExprKind::Call(PureFn::Min, vec![bounded, one]));
        let place = push(ExprKind::Binary(BinaryOp::Mul, part, last));
        let before = push(ExprKind::Call(PureFn::Int, vec![place]));
        let rest = push(ExprKind::Binary(BinaryOp::Sub, place, before));
        let counted = push(ExprKind::Binary(BinaryOp::Add, before, one));
        let behind = push(ExprKind::Call(PureFn::Min, vec![counted, last]));
        let counted_behind = push(ExprKind::Binary(BinaryOp::Add, behind, one));
        let start = i64::from(axis.start);
        Self { first: moved(expr, counted, start, span), next: moved(expr, counted_behind, start, span), rest }
    }
}

/// The number of an element that many places on.
fn moved(expr: &mut Expr, number: NodeId, by: i64, span: Span) -> NodeId {
    if by == 0 {
        return number;
    }
    let by = expr.push(ExprKind::Number(by as f64), span);
    expr.push(ExprKind::Binary(BinaryOp::Add, number, by), span)
}

/// The state of a function; an order that is an argument is set when it has been computed.
fn state_kind(function: StateFn) -> StateKind {
    let levels = |order: Order| match order {
        Order::Fixed(n) => n,
        Order::Argument => 1,
    };
    match function {
        StateFn::Smooth(order) => StateKind::Smooth { order: levels(order) },
        StateFn::Delay(order) => StateKind::Delay { order: levels(order) },
        StateFn::Trend => StateKind::Trend,
        StateFn::Forecast => StateKind::Forecast,
        StateFn::Pipeline => StateKind::Pipeline,
        StateFn::History => StateKind::History,
        StateFn::Return => StateKind::Return,
        StateFn::Previous => StateKind::Previous,
        StateFn::Init => StateKind::Init,
    }
}
