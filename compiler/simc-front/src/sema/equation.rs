//! Equations: names become ids, defaults are filled in, and calls that remember become states of their own.
//!
//! An equation is a tree laid flat. The arguments of a stateful call do not belong to the expression around it: each is an
//! expression of its own, held by the state. So every node of the equation is first given the *frame* in which it is
//! computed, from the result down, and then the frames are filled from the operands up. Nothing recurses.

use crate::ast::{self, EquationKind, VarDef};
use crate::builtin::{Builtin, Meaning, RunNumber};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{Def, Expr, ExprKind, NodeId, Piece, TableRef, VarKind};
use crate::sema::Problems;
use crate::sema::call::Call;
use crate::sema::clamp;
use crate::sema::connection::{Feed, Feeds};
use crate::sema::constant;
use crate::sema::declare::Draft;
use crate::sema::reference::{Callee, Place, Referent};
use crate::sema::scope::World;
use crate::sema::stock;
use crate::sema::time::Time;
use crate::source::Span;

/// Resolves the equation of every variable; stocks get their initial values.
pub(super) fn resolve_equations(
    world: &World<'_>,
    feeds: &Feeds,
    time: &Time,
    draft: &mut Draft,
    problems: &mut Problems,
) {
    let driven = stock::flows_of_refused_stocks(world);
    for (id, scope, def) in world.iter_vars() {
        let is_driven = def.equation.is_none() && driven.contains(&id);
        if draft.var(id).kind == VarKind::Lookup || is_driven {
            continue;
        }
        let place = Place { world, scope, owner: id };
        let base = match feeds.get(&id) {
            Some(feed) => fed_value(&place, feed, draft, problems),
            None => own_value(&place, def, time, draft, problems),
        };
        let Some(base) = base else { continue };
        if let Def::Stock { init, .. } = &mut draft.var_mut(id).def {
            if let Value::Formula(expr) = base {
                *init = vec![Piece::scalar(expr)];
            }
            continue;
        }
        let table = draft.table_of(id);
        draft.var_mut(id).def = match (base, table) {
            (Value::Constant(value), _) => Def::Constant(vec![value]),
            (Value::Formula(expr), None) => Def::Formula(vec![Piece::scalar(expr)]),
            (Value::Formula(mut expr), Some(table)) => {
                let x = expr.root();
                expr.push(ExprKind::Lookup(TableRef::One(table), x), expr.node(x).span);
                Def::Formula(vec![Piece::scalar(expr)])
            }
        };
    }
}

/// What an equation gives.
enum Value {
    /// A number that a host may set.
    Constant(f64),
    /// Anything else.
    Formula(Expr),
}

/// The value of a connected input, if its source is known.
fn fed_value(place: &Place<'_, '_>, feed: &Feed, draft: &Draft, problems: &mut Problems) -> Option<Value> {
    let source = feed.source?;
    if draft.var(source).kind == VarKind::Lookup {
        let message = format!("module input is fed by the graphical function `{}`", draft.var(source).name);
        problems.report(place.error(code::TABLE_AS_VALUE, feed.span, message));
        return None;
    }
    let mut expr = Expr::default();
    expr.push(ExprKind::Var(source, Vec::new()), feed.span);
    Some(Value::Formula(expr))
}

/// The value of a variable's own equation, if it has one.
fn own_value(
    place: &Place<'_, '_>,
    def: &VarDef,
    time: &Time,
    draft: &mut Draft,
    problems: &mut Problems,
) -> Option<Value> {
    let Some(equation) = &def.equation else {
        if !def.reported {
            problems.report(missing_equation(place, def, draft));
        }
        return None;
    };
    if equation.nodes.is_empty() {
        return None;
    }
    let kind = draft.var(place.owner).kind;
    let is_settable = matches!(kind, VarKind::Auxiliary | VarKind::Flow)
        && draft.table_of(place.owner).is_none()
        && !clamp::is_uniflow(place.world, place.owner);
    if is_settable && let Some(value) = constant::fold_literals(equation) {
        return Some(Value::Constant(value));
    }
    Some(Value::Formula(resolve_equation(place, equation, time, draft, problems)))
}

fn missing_equation(place: &Place<'_, '_>, def: &VarDef, draft: &Draft) -> Diagnostic {
    let var = draft.var(place.owner);
    let span = def.name.span;
    match var.kind {
        VarKind::Stock => place
            .error(code::MISSING_INITIAL_VALUE, span, format!("stock `{}` has no initial value", var.name))
            .with_hint("write the initial value in its `<eqn>`"),
        _ if def.access == Some(ast::Access::Input) => place
            .error(
                code::MISSING_EQUATION,
                span,
                format!("module input `{}` has no equation and is not connected", var.name),
            )
            .with_hint("connect it in the `<module>`, or give it an equation to use when it is not connected"),
        VarKind::Flow | VarKind::Auxiliary | VarKind::Constant | VarKind::Lookup | VarKind::ModuleInput => place
            .error(code::MISSING_EQUATION, span, format!("variable `{}` has no equation", var.name))
            .with_hint("write its equation in `<eqn>`"),
    }
}

/// Resolves one equation; its calls that remember are added to the draft.
fn resolve_equation(
    place: &Place<'_, '_>,
    equation: &ast::Equation,
    time: &Time,
    draft: &mut Draft,
    problems: &mut Problems,
) -> Expr {
    let mut frames = Frames::assign(place, equation, draft, problems);
    let mut cx = Cx { place, equation, time, draft, problems };
    for (index, node) in equation.nodes.iter().enumerate() {
        if let Some(frame) = frames.frame_of[index] {
            let id = cx.resolve_node(&mut frames, frame, index, node);
            frames.ids[index] = id;
        }
    }
    frames.take(0, equation.span)
}

/// Which node of an equation is computed in which expression.
pub(super) struct Frames {
    /// The expressions; 0 is the equation's own.
    pub(super) exprs: Vec<Expr>,
    /// The expression of each node; none for a name that is no value, such as a table argument.
    frame_of: Vec<Option<usize>>,
    /// What each call is, with the frame of its first argument if arguments have frames of their own.
    callees: Vec<Option<(Callee, usize)>>,
    /// Where each node has come to stand in its expression.
    pub(super) ids: Vec<NodeId>,
}

impl Frames {
    /// Gives every node its frame, from the result down.
    fn assign(place: &Place<'_, '_>, equation: &ast::Equation, draft: &Draft, problems: &mut Problems) -> Self {
        let n = equation.nodes.len();
        let mut frames = Self {
            exprs: vec![Expr::default()],
            frame_of: vec![None; n],
            callees: vec![None; n],
            ids: vec![NodeId(0); n],
        };
        frames.frame_of[n - 1] = Some(0);
        for (index, node) in equation.nodes.iter().enumerate().rev() {
            let Some(frame) = frames.frame_of[index] else { continue };
            match &node.kind {
                EquationKind::Call(path, args) => {
                    let callee = place.resolve_callee(path, draft, problems);
                    frames.callees[index] = Some((callee, frames.exprs.len()));
                    frames.assign_arguments(callee, args, frame);
                }
                EquationKind::Unary(_, a) => frames.set(&[*a], frame),
                EquationKind::Binary(_, a, b) => frames.set(&[*a, *b], frame),
                EquationKind::If(cond, then, otherwise) => frames.set(&[*cond, *then, *otherwise], frame),
                EquationKind::Number(_)
                | EquationKind::Reference(..)
                | EquationKind::SubscriptedCall(..)
                | EquationKind::Wildcard(_)
                | EquationKind::Range(..)
                | EquationKind::Position(_)
                | EquationKind::Transpose(_)
                | EquationKind::InnerProduct(..) => {}
            }
        }
        frames
    }

    fn set(&mut self, nodes: &[u32], frame: usize) {
        for &node in nodes {
            self.frame_of[node as usize] = Some(frame);
        }
    }

    /// Arguments of a stateful call get a frame each; a table's name gets none; all others are computed beside the call.
    fn assign_arguments(&mut self, callee: Callee, args: &[u32], frame: usize) {
        match callee {
            Callee::Builtin(Builtin { meaning: Meaning::State(_), .. }) => {
                for &arg in args {
                    self.frame_of[arg as usize] = Some(self.exprs.len());
                    self.exprs.push(Expr::default());
                }
            }
            Callee::Builtin(Builtin { meaning: Meaning::Lookup, .. }) => self.set(args.get(1..).unwrap_or(&[]), frame),
            Callee::Builtin(_) | Callee::Table(_) | Callee::Broken => self.set(args, frame),
        }
    }

    /// Takes a finished expression out; an empty one, left by an error, becomes a stand-in.
    pub(super) fn take(&mut self, frame: usize, span: Span) -> Expr {
        let expr = std::mem::take(&mut self.exprs[frame]);
        if expr.nodes.is_empty() { Expr::number(0.0, span) } else { expr }
    }
}

/// What the resolution of a node works with.
pub(super) struct Cx<'c, 'w, 'a> {
    pub(super) place: &'c Place<'w, 'a>,
    pub(super) equation: &'c ast::Equation,
    pub(super) time: &'c Time,
    pub(super) draft: &'c mut Draft,
    pub(super) problems: &'c mut Problems,
}

impl Cx<'_, '_, '_> {
    /// Appends a node to its frame; what is at fault becomes a number.
    fn resolve_node(&mut self, frames: &mut Frames, frame: usize, index: usize, node: &ast::EquationNode) -> NodeId {
        let id = |node: u32| frames.ids[node as usize];
        let kind = match &node.kind {
            EquationKind::Number(value) => ExprKind::Number(*value),
            EquationKind::Reference(path, subscripts) if subscripts.is_empty() => self.resolve_reference(path),
            EquationKind::Unary(op, a) => ExprKind::Unary(*op, id(*a)),
            EquationKind::Binary(op, a, b) => ExprKind::Binary(*op, id(*a), id(*b)),
            EquationKind::If(cond, then, otherwise) => {
                ExprKind::If { cond: id(*cond), then: id(*then), otherwise: id(*otherwise) }
            }
            EquationKind::Call(path, args) => {
                let (callee, first_frame) = frames.callees[index].expect("every call in a frame has a callee");
                let call = Call { callee, path, args, first_frame, frame, span: node.span };
                return self.resolve_call(frames, &call);
            }
            EquationKind::Reference(..)
            | EquationKind::SubscriptedCall(..)
            | EquationKind::Wildcard(_)
            | EquationKind::Range(..)
            | EquationKind::Position(_)
            | EquationKind::Transpose(_)
            | EquationKind::InnerProduct(..) => {
                self.problems.report(self.place.error(code::ARRAYS, node.span, "arrays are not supported yet"));
                ExprKind::Number(0.0)
            }
        };
        frames.exprs[frame].push(kind, node.span)
    }

    fn resolve_reference(&mut self, path: &ast::Path) -> ExprKind {
        match self.place.resolve_reference(path, self.draft, self.problems) {
            Referent::Var(var) => ExprKind::Var(var, Vec::new()),
            Referent::Builtin(builtin) => self.constant(builtin),
            Referent::Broken => ExprKind::Number(0.0),
        }
    }

    /// A builtin that needs no arguments.
    pub(super) fn constant(&self, builtin: &Builtin) -> ExprKind {
        let spec = &self.time.spec;
        match builtin.meaning {
            Meaning::Constant(value) => ExprKind::Number(value),
            Meaning::Run(RunNumber::Dt) => ExprKind::Number(spec.dt),
            Meaning::Run(RunNumber::Start) => ExprKind::Number(spec.start),
            Meaning::Run(RunNumber::Stop) => ExprKind::Number(spec.stop),
            Meaning::Run(RunNumber::SaveInterval) => ExprKind::Number(self.time.save_interval),
            Meaning::Time => ExprKind::Time,
            Meaning::Own => ExprKind::Var(self.place.owner, Vec::new()),
            Meaning::Pure(_)
            | Meaning::Fold(_)
            | Meaning::Binary(_)
            | Meaning::If
            | Meaning::State(_)
            | Meaning::Lookup
            | Meaning::Unsupported => unreachable!("{} takes arguments", builtin.name()),
        }
    }
}
