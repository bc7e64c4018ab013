//! What the resolution of an equation works with: its expressions, as far as they are filled.

use crate::builtin::{Builtin, Meaning};
use crate::definition::{self, Equation};
use crate::diagnostic::code;
use crate::model::{Base, BinaryOp, Expr, ExprKind, Index, NodeId, PureFn, TableRef, VarId};
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::base::shape::{self, Bound};
use crate::sema::base::stand_in::stand_in;
use crate::sema::base::time::Time;
use crate::sema::builder::context::EquationContext;
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::equation::frame::Planned;
use crate::sema::equation::node_plan::{Read, Sub};
use crate::source::Span;

/// The expressions of an equation, as far as they are filled.
pub(in crate::sema) struct Frames<'a> {
    /// What was planned.
    pub(in crate::sema) planned: Planned<'a>,
    /// The expressions; 0 is the equation's own.
    pub(in crate::sema) exprs: Vec<Expr>,
    /// Where each node is in its expression.
    pub(in crate::sema) ids: Vec<NodeId>,
    /// What holds before the first step instead of the equation, if it says so.
    pub(in crate::sema) initial: Option<NodeId>,
    /// Computed ranges in each expression: a position, and nodes for the first and the last number that it may have.
    pub(in crate::sema) limits: Vec<Vec<(Index, NodeId, NodeId)>>,
}

impl<'a> Frames<'a> {
    /// Nothing is filled.
    pub(in crate::sema) fn new(planned: Planned<'a>, n: usize) -> Self {
        let n_frames = planned.frames.len();
        Self {
            planned,
            exprs: vec![Expr::default(); n_frames],
            ids: vec![NodeId(0); n],
            initial: None,
            limits: vec![Vec::new(); n_frames],
        }
    }

    /// Takes a finished expression out; an empty one, left by an error, becomes a stand-in.
    pub(in crate::sema) fn take(&mut self, frame: usize, span: Span) -> Expr {
        let mut expr = std::mem::take(&mut self.exprs[frame]);
        // A model keeps as many of them as it has equations.
        expr.nodes.shrink_to_fit();
        if expr.nodes.is_empty() { stand_in(span) } else { expr }
    }

    /// Where an operand that is computed in the same expression is.
    pub(in crate::sema) fn id(&self, node: u32) -> NodeId {
        self.ids[node as usize]
    }

    /// Where an argument that is computed beside the call is.
    pub(in crate::sema) fn argument(&self, call: &Call<'_>, index: usize) -> NodeId {
        self.ids[call.args[index] as usize]
    }
}

/// What the resolution of a node works with.
pub(in crate::sema) struct Resolver<'c, 'w, 'a> {
    pub(in crate::sema) place: &'c EquationContext<'w, 'a>,
    pub(in crate::sema) equation: &'c Equation,
    /// For each node how many calls before it may draw random numbers, see [`draw::places`](super::draw::places).
    pub(in crate::sema) places: &'c [u32],
    pub(in crate::sema) time: &'c Time,
    pub(in crate::sema) builder: &'c mut ModelBuilder,
    pub(in crate::sema) diagnostics: &'c mut Diagnostics,
}

/// A call that is being resolved.
#[derive(Clone, Copy)]
pub(in crate::sema) struct Call<'e> {
    /// Its name as written.
    pub(in crate::sema) path: &'e definition::Path,
    /// Arguments, as nodes of the equation.
    pub(in crate::sema) args: &'e [u32],
    /// The call as a node of the equation.
    pub(in crate::sema) index: usize,
    /// Frame of the first argument, of those that have frames of their own; those of the others follow.
    pub(in crate::sema) first_frame: usize,
    /// Frame of the call.
    pub(in crate::sema) frame: usize,
    /// All of it.
    pub(in crate::sema) span: Span,
}

impl Resolver<'_, '_, '_> {
    /// The subscripts of a read, with the loops along its axes; what has to be looked up is appended to the frame.
    pub(in crate::sema) fn resolve_indices(
        &self,
        frames: &mut Frames<'_>,
        frame: usize,
        index: usize,
        read: &Read,
    ) -> Vec<Index> {
        let bounds = self.bounds_of(frames, index, read);
        let span = self.equation.nodes[index].span;
        let mut indices = Vec::with_capacity(read.subs.len());
        for sub in &read.subs {
            let along = |axis: usize, offset: i64| match bounds.get(axis) {
                Some(bound) => Index::Moving { base: bound.base, offset: bound.offset + offset },
                None => Index::Fixed(0),
            };
            let (position, table) = match *sub {
                Sub::Index(index) => (index, None),
                Sub::Computed(node) => (Index::Computed(frames.id(node)), None),
                Sub::Along(axis, offset) => (along(axis, offset), None),
                Sub::AlongTable(axis, table) => (along(axis, 0), Some(table)),
                Sub::LoopTable(n, table) => (Index::Moving { base: Base::Loop(n as u32), offset: 0 }, Some(table)),
            };
            indices.push(match table {
                None => position,
                Some(table) => {
                    let expr = &mut frames.exprs[frame];
                    let at = expr.push(ExprKind::Position(position), span);
                    Index::Computed(expr.push(ExprKind::Lookup(TableRef::One(table), at), span))
                }
            });
        }
        indices
    }

    /// The loops along the axes of a read, which are among those of its node.
    pub(in crate::sema) fn bounds_of(&self, frames: &Frames<'_>, index: usize, read: &Read) -> Vec<Bound> {
        let outer = &frames.planned.bounds[index];
        let pairs = shape::align(&read.axes, &frames.planned.shapes[index], &self.builder.dims).unwrap_or_default();
        let bound = |(axis, offset): (usize, i64)| {
            outer.get(axis).map(|bound| Bound { base: bound.base, offset: bound.offset + offset })
        };
        pairs.into_iter().filter_map(bound).collect()
    }

    /// A builtin that needs no arguments.
    pub(in crate::sema) fn constant(&self, builtin: &Builtin) -> ExprKind {
        if let Meaning::Constant(value) = builtin.meaning {
            return ExprKind::Number(value);
        }
        if let Meaning::Run(number) = builtin.meaning {
            return ExprKind::Number(self.time.number(number));
        }
        // The variable's own value has been replaced by that variable.
        assert_eq!(builtin.meaning, Meaning::Time, "{} takes arguments", builtin.name());
        ExprKind::Time
    }

    /// The table that subscripts choose.
    pub(in crate::sema) fn choose_table(
        &mut self,
        var: VarId,
        indices: Vec<Index>,
        call: &Call<'_>,
    ) -> Option<TableRef> {
        let each = self.builder.each_table(var);
        if each.is_empty() {
            return self.builder.shared_table(var).map(TableRef::One);
        }
        let Some(tables) = each.iter().copied().collect::<Option<Vec<_>>>() else {
            let message = format!("some elements of `{}` have no graphical function", self.builder.var(var).name);
            self.diagnostics.report(self.place.error(code::MISSING_ELEMENTS, call.span, message));
            return None;
        };
        let dims = &self.builder.var(var).dims;
        let shape: Vec<u32> = dims.iter().map(|&dim| self.builder.dims.len(dim)).collect();
        let mut flat = Some(0);
        for (index, &len) in indices.iter().zip(&shape) {
            flat = match *index {
                Index::Fixed(at) => flat.map(|flat| flat * len as usize + at as usize),
                Index::Moving { .. } => None,
                Index::Computed(_) => {
                    let message = "which graphical function this is must be known before the run";
                    self.diagnostics.report(self.place.error(code::COMPUTED_RANGE, call.span, message));
                    return None;
                }
            };
        }
        match flat {
            Some(flat) => tables.get(flat).copied().map(TableRef::One),
            None => Some(TableRef::Each { tables, shape, indices }),
        }
    }
}

/// The present element of the dimensions that two variables of an instance share.
pub(in crate::sema) fn shared_indices(n_shared: usize) -> Vec<Index> {
    (0u32..).take(n_shared).map(|n| Index::Moving { base: Base::Loop(n), offset: 0 }).collect()
}

/// The subscripts of the element with this number, counted from 1, row-major.
pub(in crate::sema) fn flat_indices(expr: &mut Expr, number: NodeId, lens: &[u32], span: Span) -> Vec<Index> {
    if lens.len() == 1 {
        return vec![Index::Computed(number)];
    }
    let mut push = |kind: ExprKind| expr.push(kind, span);
    let one = push(ExprKind::Number(1.0));
    let whole = push(ExprKind::Call(PureFn::Int, vec![number]));
    let from_zero = push(ExprKind::Binary(BinaryOp::Sub, whole, one));
    let mut indices = Vec::with_capacity(lens.len());
    for position in 0..lens.len() {
        let stride: f64 = lens[position + 1..].iter().map(|&len| f64::from(len)).product();
        let stride = push(ExprKind::Number(stride));
        let ratio = push(ExprKind::Binary(BinaryOp::Div, from_zero, stride));
        let mut at = push(ExprKind::Call(PureFn::Int, vec![ratio]));
        if position > 0 {
            let len = push(ExprKind::Number(f64::from(lens[position])));
            at = push(ExprKind::Binary(BinaryOp::Mod, at, len));
        }
        indices.push(Index::Computed(push(ExprKind::Binary(BinaryOp::Add, at, one))));
    }
    indices
}
