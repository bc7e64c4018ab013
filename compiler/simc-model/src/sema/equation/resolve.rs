//! Equations: names become ids, defaults are filled in, and calls that remember become states of their own.
//!
//! An array's definition is looked at for one region of its elements after the other: each becomes a clause. What a node of an
//! equation means and where it is computed is planned first (see `node_plan`); then the expressions are filled, from the operands up.

use crate::builtin::Dialect;
use crate::definition::{Equation, EquationKind, EquationNode};
use crate::diagnostic::code;
use crate::model::{BinaryOp, Clause, Expr, ExprKind, Extent, Index, NodeId, TableId, TableRef, TransportRead};
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::base::inline;
use crate::sema::base::stand_in::STAND_IN;
use crate::sema::base::time::Time;
use crate::sema::builder::context::EquationContext;
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::declare::clause::Source;
use crate::sema::equation::draw;
use crate::sema::equation::node_plan::{End, NodePlan, Planner, Read, Split};
use crate::sema::equation::resolver::{Frames, Resolver};
use crate::sema::instances::body::TransportPart;

/// How many clauses a definition may come to where subscripts do not move evenly with the elements.
const MAX_CLAUSES: usize = 4096;

/// How many nodes the clauses after the first one of each equation may have together in a model.
const MAX_NODES: u64 = 1 << 21;

/// Resolves one equation for the elements for which it holds: in as many clauses as its subscripts need.
pub(in crate::sema) fn resolve_source(
    place: &EquationContext<'_, '_>,
    source: Source<'_>,
    time: &Time,
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
    clauses: &mut Vec<Clause>,
) {
    let mut pending = vec![source.region];
    let n_before = clauses.len();
    while let Some(region) = pending.pop() {
        let place = EquationContext { loops: &region, known_as: &source.known_as, ..*place };
        match resolve_equation(&place, source.equation, time, builder, diagnostics) {
            Ok((mut expr, mut start)) => {
                if let Some(table) = source.table {
                    [Some(&mut expr), start.as_mut()].into_iter().flatten().for_each(|expr| apply_table(expr, table));
                }
                clauses.push(Clause { region, expr, start });
            }
            Err(split) => {
                let n_parts = clauses.len() - n_before + pending.len() + 1;
                builder.n_part_nodes += source.equation.nodes.len() as u64;
                if n_parts < MAX_CLAUSES && builder.n_part_nodes <= MAX_NODES {
                    let (first, second) = cut(&region, split);
                    pending.extend([second, first]);
                    continue;
                }
                let message =
                    format!("the subscripts of this equation follow no order: it comes to more than {n_parts} parts");
                diagnostics.report(place.error(code::SCATTERED, source.equation.span, message));
                return;
            }
        }
    }
}

/// The two parts of a region.
fn cut(region: &[Extent], split: Split) -> (Vec<Extent>, Vec<Extent>) {
    let (mut first, mut second) = (region.to_vec(), region.to_vec());
    let whole = region[split.n];
    let n_first = split.at - whole.start;
    first[split.n].len = n_first;
    second[split.n] = Extent { start: split.at, len: whole.len - n_first, ..whole };
    (first, second)
}

/// The graphical function at what the expression gives.
fn apply_table(expr: &mut Expr, table: TableId) {
    let x = expr.root();
    expr.push(ExprKind::Lookup(TableRef::One(table), x), expr.node(x).span);
}

/// The loops of an equation, and after them the elements that its instance is for; how many these are.
fn with_fixed(place: &EquationContext<'_, '_>) -> (Vec<Extent>, usize) {
    let instance = place.tree.instance(place.instance);
    let fixed = instance.axes.iter().filter_map(|axis| Some(Extent { dim: axis.dim, start: axis.at.err()?, len: 1 }));
    let loops: Vec<Extent> = place.loops.iter().copied().chain(fixed).collect();
    let n_fixed = loops.len() - place.loops.len();
    (loops, n_fixed)
}

/// Resolves one equation for a region, with what holds before the first step where that is another one; its calls that remember are added to the
/// draft.
fn resolve_equation(
    place: &EquationContext<'_, '_>,
    equation: &Equation,
    time: &Time,
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) -> Result<(Expr, Option<Expr>), Split> {
    let (named_loops, n_fixed) = with_fixed(place);
    let named = EquationContext { loops: &named_loops, n_fixed, ..*place };
    let mut planner = Planner::new(&named, equation, builder, diagnostics);
    planner.resolve_names()?;
    planner.find_shapes();
    let rewritten = (!planner.reduced.is_empty()).then(|| planner.with_reduced());
    let (equation, planned) = match &rewritten {
        None => (equation, planner.assign_frames()?),
        Some(rewritten) => {
            let mut planner = Planner::new(&named, rewritten, builder, diagnostics);
            planner.resolve_names()?;
            planner.find_shapes();
            (rewritten, planner.assign_frames()?)
        }
    };
    let places = draw::places(&planned.plans);
    let mut frames = Frames::new(planned, equation.nodes.len());
    let mut cx = Resolver { place, equation, places: &places, time, builder, diagnostics };
    for (index, node) in equation.nodes.iter().enumerate() {
        if let Some(frame) = frames.planned.frame_of[index] {
            let id = cx.resolve_node(&mut frames, frame, index, node);
            frames.ids[index] = id;
        }
    }
    if frames.limits.iter().any(|limits| !limits.is_empty()) {
        let message = "a range whose ends are computed can only be reduced";
        cx.diagnostics.report(place.error(code::COMPUTED_RANGE, equation.span, message));
    }
    let active = frames.ids.last().copied();
    let initial = frames.initial;
    let expr = frames.take(0, equation.span);
    Ok(match (active, initial) {
        (Some(active), Some(initial)) => (inline::part_of(&expr, active), Some(inline::part_of(&expr, initial))),
        (Some(_) | None, _) => (expr, None),
    })
}

impl<'a> Resolver<'_, '_, 'a> {
    /// Appends a node to its frame; what is at fault becomes a number.
    fn resolve_node(&mut self, frames: &mut Frames<'a>, frame: usize, index: usize, node: &EquationNode) -> NodeId {
        let plan = frames.planned.plans[index].clone();
        let kind = match plan {
            NodePlan::Operator => return self.resolve_operator(frames, frame, index, node),
            NodePlan::Value(_, read) if read.is_outside => ExprKind::Number(self.place.tree.file.invalid_index),
            NodePlan::Value(var, read) => {
                let indices = self.resolve_indices(frames, frame, index, &read);
                self.note_limits(frames, frame, index, &read);
                ExprKind::Var(var, indices)
            }
            NodePlan::Transport(var, read, number, query) => {
                let indices = self.resolve_indices(frames, frame, index, &read);
                let args = number.map(|node| frames.id(node)).into_iter().collect();
                let state = self.builder.transport_state(var, self.place.tree);
                ExprKind::Transport(Box::new(TransportRead { state, indices, query, noted_with: None, args }))
            }
            NodePlan::Capacity(var, read) => {
                let indices = self.resolve_indices(frames, frame, index, &read);
                match self.place.tree.transport_part(var, TransportPart::Capacity) {
                    Some(capacity) => ExprKind::Var(capacity, indices),
                    None => ExprKind::Number(f64::INFINITY),
                }
            }
            NodePlan::Position(read) => match self.resolve_indices(frames, frame, index, &read).first() {
                // The number that a table of places gives is that of the element.
                Some(&Index::Computed(number)) => return number,
                Some(&position) => ExprKind::Position(position),
                None => STAND_IN,
            },
            NodePlan::Same(same) => return resolve_same(&mut frames.exprs[frame], same, node),
            NodePlan::Constant(builtin) => self.constant(builtin),
            NodePlan::Call(..)
            | NodePlan::Reduce(..)
            | NodePlan::Vector(..)
            | NodePlan::Table(..)
            | NodePlan::Flat(_)
            | NodePlan::Function(_) => {
                return self.resolve_call(frames, frame, index, plan);
            }
            NodePlan::Skipped | NodePlan::Broken => STAND_IN,
        };
        frames.exprs[frame].push(kind, node.span)
    }

    /// A number, an operator, or a form of arrays.
    fn resolve_operator(&mut self, frames: &mut Frames<'_>, frame: usize, index: usize, node: &EquationNode) -> NodeId {
        let kind = match &node.kind {
            EquationKind::Number(value) => ExprKind::Number(*value),
            EquationKind::Unary(op, a) => ExprKind::Unary(*op, frames.id(*a)),
            EquationKind::Binary(BinaryOp::SafeDiv, a, b) if self.place.tree.file.dialect == Dialect::Stella => {
                // In Stella a divisor that is no number is as bad as 0.
                let (a, b) = (frames.id(*a), frames.id(*b));
                let mut push = |kind: ExprKind| frames.exprs[frame].push(kind, node.span);
                let cond = push(ExprKind::Binary(BinaryOp::Eq, b, b));
                let then = push(ExprKind::Binary(BinaryOp::SafeDiv, a, b));
                let otherwise = push(ExprKind::Number(0.0));
                ExprKind::If { cond, then, otherwise }
            }
            EquationKind::Binary(op, a, b) => ExprKind::Binary(*op, frames.id(*a), frames.id(*b)),
            EquationKind::If(cond, then, otherwise) => {
                ExprKind::If { cond: frames.id(*cond), then: frames.id(*then), otherwise: frames.id(*otherwise) }
            }
            // The loops along its axes have been exchanged; nothing is left to compute.
            EquationKind::Transpose(a) => return frames.id(*a),
            EquationKind::InnerProduct(a, b) => self.resolve_product(frames, index, (*a, *b), node.span),
            EquationKind::Reference(..)
            | EquationKind::Call(..)
            | EquationKind::SubscriptedCall(..)
            | EquationKind::Wildcard(_)
            | EquationKind::Range(..)
            | EquationKind::Position(_) => unreachable!("names and subscripts are no operators"),
        };
        frames.exprs[frame].push(kind, node.span)
    }

    /// Notes the computed ranges of a read for the reducer around it.
    fn note_limits(&self, frames: &mut Frames<'_>, frame: usize, index: usize, read: &Read) {
        let bounds = self.bounds_of(frames, index, read);
        for limit in &read.limits {
            let Some(bound) = bounds.get(limit.axis) else { continue };
            let position = Index::Moving { base: bound.base, offset: bound.offset };
            let [first, last] = [limit.first, limit.last].map(|end| {
                let kind = match end {
                    End::Computed(node) => return frames.id(node),
                    End::At(at) => ExprKind::Number(f64::from(at) + 1.0),
                    End::Moving(index) => ExprKind::Position(index),
                    End::Fault => ExprKind::Number(0.0),
                };
                frames.exprs[frame].push(kind, self.equation.span)
            });
            frames.limits[frame].push((position, first, last));
        }
    }
}

/// Whether two positions are equal; the comparison is written with `=` or `<>`.
fn resolve_same(expr: &mut Expr, same: Option<(Index, Index)>, node: &EquationNode) -> NodeId {
    let op = if let EquationKind::Binary(op, ..) = node.kind { op } else { BinaryOp::Eq };
    let Some((a, b)) = same else {
        let value = if op == BinaryOp::Ne { 1.0 } else { 0.0 };
        return expr.push(ExprKind::Number(value), node.span);
    };
    let a = expr.push(ExprKind::Position(a), node.span);
    let b = expr.push(ExprKind::Position(b), node.span);
    expr.push(ExprKind::Binary(op, a, b), node.span)
}
