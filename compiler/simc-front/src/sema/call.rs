//! Calls in equations: how many arguments they have, and what they become.

use crate::ast::{self, EquationKind};
use crate::builtin::{Builtin, Default, Meaning, Order, Param, ParamKind, StateFn};
use crate::diagnostic::code;
use crate::model::{Expr, ExprKind, NodeId, PureFn, State, StateId, StateKind, TableId};
use crate::sema::connection::show_path;
use crate::sema::declare::PendingOrder;
use crate::sema::equation::{Cx, Frames};
use crate::sema::reference::Callee;
use crate::source::Span;

/// A call that is being resolved.
pub(super) struct Call<'e> {
    /// What is called.
    pub(super) callee: Callee,
    /// Its name as written.
    pub(super) path: &'e ast::Path,
    /// Arguments, as nodes of the equation.
    pub(super) args: &'e [u32],
    /// Frame of the first argument of a stateful call; those of the others follow.
    pub(super) first_frame: usize,
    /// Frame of the call.
    pub(super) frame: usize,
    /// All of it.
    pub(super) span: Span,
}

impl Cx<'_, '_, '_> {
    /// Appends what a call becomes to its frame; what is at fault becomes a number.
    pub(super) fn resolve_call(&mut self, frames: &mut Frames, call: &Call<'_>) -> NodeId {
        let kind = match call.callee {
            Callee::Builtin(builtin) if self.check_arity(builtin, call) => {
                return self.resolve_builtin(frames, call, builtin);
            }
            Callee::Table(table) if self.check_table_arity(call) => ExprKind::Lookup(table, frames.argument(call, 0)),
            Callee::Builtin(_) | Callee::Table(_) | Callee::Broken => ExprKind::Number(0.0),
        };
        frames.exprs[call.frame].push(kind, call.span)
    }

    /// A builtin with as many arguments as it can have.
    fn resolve_builtin(&mut self, frames: &mut Frames, call: &Call<'_>, builtin: &Builtin) -> NodeId {
        let kind = match builtin.meaning {
            Meaning::Pure(function) => ExprKind::Call(function, frames.all_arguments(call, builtin)),
            Meaning::Fold(function) => return frames.fold_call(call, function),
            Meaning::Binary(op) => ExprKind::Binary(op, frames.argument(call, 0), frames.argument(call, 1)),
            Meaning::If => ExprKind::If {
                cond: frames.argument(call, 0),
                then: frames.argument(call, 1),
                otherwise: frames.argument(call, 2),
            },
            Meaning::State(function) => ExprKind::State(self.resolve_state(frames, call, builtin, function)),
            Meaning::Lookup => match self.resolve_table(call, builtin) {
                Some(table) => ExprKind::Lookup(table, frames.argument(call, 1)),
                None => ExprKind::Number(0.0),
            },
            Meaning::Constant(_) | Meaning::Run(_) | Meaning::Time | Meaning::Own => self.constant(builtin),
            Meaning::Unsupported => unreachable!("{} is refused as a callee", builtin.name()),
        };
        frames.exprs[call.frame].push(kind, call.span)
    }

    /// Makes a state of a call and its arguments.
    fn resolve_state(&mut self, frames: &mut Frames, call: &Call<'_>, builtin: &Builtin, function: StateFn) -> StateId {
        let mut arguments: Vec<(ParamKind, Expr)> = Vec::with_capacity(builtin.params.len());
        for (index, param) in builtin.params.iter().enumerate() {
            let expr = match param.default {
                _ if index < call.args.len() => frames.take(call.first_frame + index, call.span),
                Default::Value(value) => Expr::number(value, call.span),
                Default::Absent | Default::Required => continue,
            };
            arguments.push((param.kind, expr));
        }
        let mut take = |kind: ParamKind| {
            let position = arguments.iter().position(|(of, _)| *of == kind)?;
            Some(arguments.swap_remove(position).1)
        };
        let order = take(ParamKind::Order);
        let state = self.draft.push_state(State {
            kind: state_kind(function),
            input: take(ParamKind::Input).expect("every stateful function has an input"),
            time: take(ParamKind::Time),
            init: take(ParamKind::Initial),
            horizon: take(ParamKind::Horizon),
            owner: self.place.owner,
            dims: Vec::new(),
            span: call.span,
        });
        if let Some(expr) = order {
            self.draft.orders.push(PendingOrder { state, expr });
        }
        state
    }

    /// The table that the first argument names.
    fn resolve_table(&mut self, call: &Call<'_>, builtin: &Builtin) -> Option<TableId> {
        let node = &self.equation.nodes[*call.args.first()? as usize];
        let var = match &node.kind {
            EquationKind::Reference(path, subscripts) if subscripts.is_empty() => self.place.find_var(path),
            EquationKind::Reference(..)
            | EquationKind::Number(_)
            | EquationKind::Call(..)
            | EquationKind::SubscriptedCall(..)
            | EquationKind::Unary(..)
            | EquationKind::Binary(..)
            | EquationKind::If(..)
            | EquationKind::Wildcard(_)
            | EquationKind::Range(..)
            | EquationKind::Position(_)
            | EquationKind::Transpose(_)
            | EquationKind::InnerProduct(..) => None,
        };
        if let EquationKind::Reference(_, subscripts) = &node.kind
            && !subscripts.is_empty()
        {
            self.problems.report(self.place.error(code::ARRAYS, node.span, "arrays are not supported yet"));
            return None;
        }
        if let Some(var) = var {
            let table = self.draft.table_of(var);
            if table.is_some() || self.place.world.def(var).reported {
                return table;
            }
        }
        let message = format!("the first argument of {} must be the name of a graphical function", builtin.name());
        let label = if var.is_some() { "has no graphical function" } else { "is not the name of one" };
        let mut diagnostic = self.place.error(code::TABLE_EXPECTED, node.span, message).with_label(label);
        if let (None, EquationKind::Reference(path, _)) = (var, &node.kind)
            && let Some(part) = path.parts.last()
        {
            diagnostic.hint = self.problems.suggest(&part.text, self.place.world.names_in(self.place.scope));
        }
        self.problems.report(diagnostic);
        None
    }

    /// Whether a builtin has as many arguments as it can have; if not, that is reported.
    fn check_arity(&mut self, builtin: &Builtin, call: &Call<'_>) -> bool {
        let (least, greatest) = builtin.arity();
        let n = call.args.len();
        if n >= least && greatest.is_none_or(|greatest| n <= greatest) {
            return true;
        }
        if let (Meaning::Fold(_), 1) = (builtin.meaning, n) {
            let message = format!("{} of an array is not supported yet", builtin.name());
            let hint = format!("write `{}` for {}", builtin.usage(), builtin.about);
            self.problems.report(self.place.error(code::ARRAYS, call.span, message).with_hint(hint));
            return false;
        }
        let wanted = match greatest {
            None => format!("at least {}", count_arguments(least)),
            Some(greatest) if greatest == least => count_arguments(least),
            Some(greatest) => format!("{least} to {}", count_arguments(greatest)),
        };
        let message = format!("{} takes {wanted}, but has {n} here", builtin.name());
        self.problems.report(
            self.place
                .error(code::ARGUMENT_COUNT, call.span, message)
                .with_hint(format!("write `{}`", builtin.usage())),
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
        self.problems.report(
            self.place.error(code::ARGUMENT_COUNT, call.span, message).with_hint(format!("write `{shown}(x)`")),
        );
        false
    }
}

impl Frames {
    /// Where an argument that is computed beside the call has come to stand.
    fn argument(&self, call: &Call<'_>, index: usize) -> NodeId {
        self.ids[call.args[index] as usize]
    }

    /// All arguments, with numbers for those that are left out.
    fn all_arguments(&mut self, call: &Call<'_>, builtin: &Builtin) -> Vec<NodeId> {
        let value = |(index, param): (usize, &Param)| match param.default {
            _ if index < call.args.len() => self.argument(call, index),
            Default::Value(value) => self.exprs[call.frame].push(ExprKind::Number(value), call.span),
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
        StateFn::Previous => StateKind::Previous,
        StateFn::Init => StateKind::Init,
    }
}

fn count_arguments(n: usize) -> String {
    match n {
        0 => "no arguments".to_owned(),
        1 => "1 argument".to_owned(),
        _ => format!("{n} arguments"),
    }
}
