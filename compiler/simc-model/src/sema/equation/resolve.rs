//! Equations: names become ids, defaults are filled in, and calls that remember become states of their own.
//!
//! An array's definition is looked at for one region of its elements after the other: each becomes a piece. What a node of an
//! equation means and where it is computed has been planned (see `plan`); here the expressions are filled, from the
//! operands up.

use std::collections::BTreeMap;

use crate::builtin::{Builtin, Dialect, Meaning, RunNumber};
use crate::definition::{self, BeltPart, Equation, EquationKind, EquationNode, VarDef};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{
    BeltRead, BinaryOp, Def, Expr, ExprKind, Extent, Index, NodeId, Piece, TableId, TableRef, VarId, VarKind,
};
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::base::shape::{self, Bound};
use crate::sema::base::time::Time;
use crate::sema::declare::clause::{self, Source};
use crate::sema::declare::data::{self, DataOverrides, Replacement};
use crate::sema::declare::variables::ModelBuilder;
use crate::sema::equation::constant;
use crate::sema::equation::frame::Planned;
use crate::sema::equation::instantiate;
use crate::sema::equation::plan::{self, Plan};
use crate::sema::equation::reference::EquationContext;
use crate::sema::equation::subscript::{self, End, Read, Split, Sub};
use crate::sema::instances::connection::{Connected, Connections};
use crate::sema::instances::module_tree::ModuleTree;
use crate::sema::rules::clamp;
use crate::sema::rules::start;
use crate::sema::rules::stock;
use crate::source::Span;

/// How many pieces a definition may come to where subscripts do not move evenly with the elements.
const MAX_PIECES: usize = 4096;

/// How many nodes the pieces of one equation may have together.
const MAX_NODES: usize = 1 << 22;

/// Resolves the equation of every variable; stocks get their initial values.
pub(in crate::sema) fn resolve_equations(
    tree: &mut ModuleTree<'_>,
    connections: &mut Connections,
    overrides: &DataOverrides,
    time: &Time,
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) {
    let driven = stock::flows_of_refused_stocks(tree);
    let mut next = 0;
    // The instances of calls come in behind the variables that make them.
    while (next as usize) < tree.n_vars() {
        let id = VarId(next);
        next += 1;
        let (instance, def) = (tree.owner(id), tree.def(id));
        let given = tree.replaced_as(id);
        let is_driven = def.equation.is_none() && driven.contains(&id) && !overrides.contains_key(&given);
        let is_known = is_driven || def.is_driven || builder.is_bound(id);
        if builder.var(id).kind == VarKind::Lookup || is_known || builder.is_broken(id) {
            continue;
        }
        let place = EquationContext { tree, instance, owner: id, loops: &[] };
        let base = match (connections.get(&given), overrides.get(&given)) {
            // A single value takes the place of a list.
            (None, Some(_)) if def.part.is_some_and(|part| part.what == BeltPart::Entries) => {
                Some(Value::Formula(vec![Piece::new(
                    clause::whole_region(&builder.var(id).dims, &builder.dims),
                    Expr::number(0.0, def.span),
                )]))
            }
            (Some(feed), _) => fed_value(&place, feed, builder, diagnostics),
            (None, Some(overrides)) => given_value(&place, def, overrides, time, builder, diagnostics),
            (None, None) => own_value(&place, def, &[], time, builder, diagnostics),
        };
        instantiate::make_instances(tree, connections, builder, diagnostics);
        let Some(base) = base else { continue };
        match (&mut builder.var_mut(id).def, base) {
            (Def::Stock { init, .. }, Value::Formula(pieces)) => *init = pieces,
            (Def::Stock { .. }, Value::Constant(_)) => {}
            (def, Value::Constant(values)) => *def = Def::Constant(values),
            (def, Value::Formula(pieces)) => *def = Def::Formula(pieces),
        }
        if def.part.is_some() {
            // Nobody could set it.
            constant::make_formula(builder, id);
        }
    }
}

/// What an equation gives.
enum Value {
    /// A number for each element that a host may set.
    Constant(Vec<f64>),
    /// Anything else.
    Formula(Vec<Piece>),
}

/// The value of a connected input, if its source is known.
fn fed_value(
    place: &EquationContext<'_, '_>,
    feed: &Connected,
    builder: &ModelBuilder,
    diagnostics: &mut Diagnostics,
) -> Option<Value> {
    let source = feed.source?;
    if builder.var(source).kind == VarKind::Lookup {
        let message = format!("module input is fed by the graphical function `{}`", builder.var(source).name);
        diagnostics.report(place.error(code::TABLE_AS_VALUE, feed.span, message));
        return None;
    }
    if builder.is_broken(source) {
        return None;
    }
    let region = clause::whole_region(&builder.var(place.owner).dims, &builder.dims);
    let Some(indices) = subscript::follow_loops(&builder.dims, &region, &builder.var(source).dims).ok().flatten()
    else {
        let (input, source) = (builder.show_var_shape(place.owner), builder.show_var_shape(source));
        let message = format!("shapes do not fit: module input {input} is fed by {source}");
        diagnostics.report(place.error(code::SHAPES, feed.span, message));
        return None;
    };
    let mut expr = Expr::default();
    expr.push(ExprKind::Var(source, indices), feed.span);
    // A graphical function of the source takes the place of the input's own.
    if let Some(table) = builder.shared_table(place.owner).filter(|_| builder.resolve_alias(place.owner) == place.owner)
    {
        apply_table(&mut expr, table);
    }
    Some(Value::Formula(vec![Piece::new(region, expr)]))
}

/// The value of a variable to which data gives elements; the others keep their equations.
fn given_value(
    place: &EquationContext<'_, '_>,
    def: &VarDef,
    overrides: &BTreeMap<u64, data::Value>,
    time: &Time,
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) -> Option<Value> {
    let n = clause::count(&clause::whole_region(&builder.var(place.owner).dims, &builder.dims));
    let taken: Vec<u64> = overrides.keys().copied().collect();
    let own =
        if taken.len() as u64 == n { None } else { Some(own_value(place, def, &taken, time, builder, diagnostics)?) };
    let own = match own {
        Some(Value::Constant(mut values)) => {
            let is_number = |value: &data::Value| matches!(value, data::Value::Number(_));
            if overrides.values().all(is_number) {
                for (&flat, value) in overrides {
                    if let data::Value::Number(number) = value {
                        values[flat as usize] = *number;
                    }
                }
                return Some(Value::Constant(values));
            }
            let numbers = (0..).zip(values.into_iter().map(data::Value::Number));
            let all: BTreeMap<u64, data::Value> =
                numbers.chain(overrides.iter().map(|(&flat, &value)| (flat, value))).collect();
            return Some(data::replace(place, &all, builder).into());
        }
        Some(Value::Formula(pieces)) => pieces,
        None => Vec::new(),
    };
    Some(match data::replace(place, overrides, builder) {
        Replacement::Formula(pieces) => Value::Formula([own, pieces].concat()),
        constant @ Replacement::Constant(_) => constant.into(),
    })
}

impl From<Replacement> for Value {
    fn from(replacement: Replacement) -> Self {
        match replacement {
            Replacement::Constant(values) => Value::Constant(values),
            Replacement::Formula(pieces) => Value::Formula(pieces),
        }
    }
}

/// The value of a variable's own equations, if it has any; the elements `taken` have none.
fn own_value(
    place: &EquationContext<'_, '_>,
    def: &VarDef,
    taken: &[u64],
    time: &Time,
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) -> Option<Value> {
    let is_arrayed = !builder.var(place.owner).dims.is_empty();
    let has_entries = !def.elements.is_empty() || !def.list.is_empty();
    if def.equation.is_none() && !(is_arrayed && has_entries) {
        if !def.reported {
            diagnostics.report(missing_equation(place, def, builder));
        }
        return None;
    }
    let sources = match &def.equation {
        Some(equation) if !is_arrayed => {
            vec![Source { region: Vec::new(), equation, table: builder.shared_table(place.owner) }]
        }
        _ => clause::resolve_sources(place, def, taken, builder, diagnostics),
    };
    if sources.is_empty() || sources.iter().any(|source| source.equation.nodes.is_empty()) {
        return None;
    }
    // Nobody could set a constant within a macro.
    if !builder.var(place.owner).is_hidden
        && let Some(constant) = fold_constant(place, &sources, builder)
    {
        return Some(constant);
    }
    let mut pieces = Vec::with_capacity(sources.len());
    for source in sources {
        resolve_source(place, source, time, builder, diagnostics, &mut pieces);
    }
    Some(Value::Formula(pieces))
}

/// The numbers of a variable that a host may set.
fn fold_constant(place: &EquationContext<'_, '_>, sources: &[Source<'_>], builder: &ModelBuilder) -> Option<Value> {
    let var = builder.var(place.owner);
    let is_settable = matches!(var.kind, VarKind::Auxiliary | VarKind::Flow)
        && !builder.has_table(place.owner)
        && !clamp::has_uniflow(place.tree, place.owner);
    if !is_settable {
        return None;
    }
    let folded: Option<Vec<f64>> = sources.iter().map(|source| constant::fold_literals(source.equation)).collect();
    let n = clause::count(&clause::whole_region(&var.dims, &builder.dims));
    let mut values = vec![0.0; usize::try_from(n).expect("the size of an array is bounded")];
    for (source, value) in sources.iter().zip(folded?) {
        for flat in clause::cells(&source.region, &var.dims, &builder.dims) {
            values[flat as usize] = value;
        }
    }
    Some(Value::Constant(values))
}

/// Resolves one equation for the elements for which it holds: in as many pieces as its subscripts need.
fn resolve_source(
    place: &EquationContext<'_, '_>,
    source: Source<'_>,
    time: &Time,
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
    pieces: &mut Vec<Piece>,
) {
    let mut pending = vec![source.region];
    let n_most = MAX_PIECES.min(MAX_NODES / source.equation.nodes.len()).max(2);
    let limit = pieces.len() + n_most;
    while let Some(region) = pending.pop() {
        let place = EquationContext { loops: &region, ..*place };
        match resolve_equation(&place, source.equation, time, builder, diagnostics) {
            Ok((mut expr, mut start)) => {
                if let Some(table) = source.table {
                    [Some(&mut expr), start.as_mut()].into_iter().flatten().for_each(|expr| apply_table(expr, table));
                }
                pieces.push(Piece { region, expr, start });
            }
            Err(split) if pieces.len() + pending.len() < limit => {
                let (first, second) = cut(&region, split);
                pending.extend([second, first]);
            }
            Err(_) => {
                let message =
                    format!("the subscripts of this equation follow no order: it comes to more than {n_most} parts");
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

fn missing_equation(place: &EquationContext<'_, '_>, def: &VarDef, builder: &ModelBuilder) -> Diagnostic {
    let var = builder.var(place.owner);
    let span = def.name.span;
    match var.kind {
        VarKind::Stock => place
            .error(code::MISSING_INITIAL_VALUE, span, format!("stock `{}` has no initial value", var.name))
            .with_hint("write the initial value in its `<eqn>`"),
        _ if def.access == Some(definition::Access::Input) => place
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

/// Resolves one equation for a region, with what holds before the first step where that is another one; its calls that remember are added to the
/// draft.
fn resolve_equation(
    place: &EquationContext<'_, '_>,
    equation: &Equation,
    time: &Time,
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) -> Result<(Expr, Option<Expr>), Split> {
    let planned = plan::plan_equation(place, equation, builder, diagnostics)?;
    let mut frames = Frames::new(planned, equation.nodes.len());
    let mut cx = Cx { place, equation, time, builder, diagnostics };
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
        (Some(active), Some(initial)) => (start::part_of(&expr, active), Some(start::part_of(&expr, initial))),
        (Some(_) | None, _) => (expr, None),
    })
}

/// The expressions of an equation, as far as they are filled.
pub(in crate::sema) struct Frames<'a> {
    /// What was planned.
    pub(in crate::sema) planned: Planned<'a>,
    /// The expressions; 0 is the equation's own.
    pub(in crate::sema) exprs: Vec<Expr>,
    /// Where each node has come to stand in its expression.
    pub(in crate::sema) ids: Vec<NodeId>,
    /// What holds before the first step instead of the equation, if it says so.
    pub(in crate::sema) initial: Option<NodeId>,
    /// Computed ranges in each expression: a position, and nodes for the first and the last number that it may have.
    pub(in crate::sema) limits: Vec<Vec<(Index, NodeId, NodeId)>>,
}

impl<'a> Frames<'a> {
    fn new(planned: Planned<'a>, n: usize) -> Self {
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
        let expr = std::mem::take(&mut self.exprs[frame]);
        if expr.nodes.is_empty() { Expr::number(0.0, span) } else { expr }
    }

    /// Where an operand that is computed in the same expression has come to stand.
    pub(in crate::sema) fn id(&self, node: u32) -> NodeId {
        self.ids[node as usize]
    }
}

/// What the resolution of a node works with.
pub(in crate::sema) struct Cx<'c, 'w, 'a> {
    pub(in crate::sema) place: &'c EquationContext<'w, 'a>,
    pub(in crate::sema) equation: &'c Equation,
    pub(in crate::sema) time: &'c Time,
    pub(in crate::sema) builder: &'c mut ModelBuilder,
    pub(in crate::sema) diagnostics: &'c mut Diagnostics,
}

impl<'a> Cx<'_, '_, 'a> {
    /// Appends a node to its frame; what is at fault becomes a number.
    fn resolve_node(&mut self, frames: &mut Frames<'a>, frame: usize, index: usize, node: &EquationNode) -> NodeId {
        let plan = frames.planned.plans[index].clone();
        let kind = match plan {
            Plan::Operator => return self.resolve_operator(frames, frame, index, node),
            Plan::Value(_, read) if read.is_outside => ExprKind::Number(self.place.tree.file.invalid_index),
            Plan::Value(var, read) => {
                let indices = self.resolve_indices(frames, index, &read);
                self.note_limits(frames, frame, index, &read);
                ExprKind::Var(var, indices)
            }
            Plan::Belt(var, read, number, port) => {
                let indices = self.resolve_indices(frames, index, &read);
                let args = number.map(|node| frames.id(node)).into_iter().collect();
                let state = self.builder.belt_state(var, self.place.tree);
                ExprKind::Belt(Box::new(BeltRead { state, indices, port, args }))
            }
            Plan::Capacity(var, read) => {
                let indices = self.resolve_indices(frames, index, &read);
                match self.place.tree.belt_part(var, BeltPart::Capacity) {
                    Some(capacity) => ExprKind::Var(capacity, indices),
                    None => ExprKind::Number(f64::INFINITY),
                }
            }
            Plan::Position(read) => match self.resolve_indices(frames, index, &read).first() {
                Some(&position) => ExprKind::Position(position),
                None => ExprKind::Number(0.0),
            },
            Plan::Same(same) => return resolve_same(&mut frames.exprs[frame], same, node),
            Plan::Constant(builtin) => self.constant(builtin),
            Plan::Call(..)
            | Plan::Reduce(..)
            | Plan::Vector(..)
            | Plan::Table(..)
            | Plan::Flat(_)
            | Plan::Function(_) => {
                return self.resolve_call(frames, frame, index, plan);
            }
            Plan::Skipped | Plan::Broken => ExprKind::Number(0.0),
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

    /// The subscripts of a read, with the loops along its axes.
    pub(in crate::sema) fn resolve_indices(&self, frames: &Frames<'_>, index: usize, read: &Read) -> Vec<Index> {
        let bounds = self.bounds_of(frames, index, read);
        let resolve = |sub: &Sub| match *sub {
            Sub::Index(index) => index,
            Sub::Computed(node) => Index::Computed(frames.id(node)),
            Sub::Along(axis, offset) => match bounds.get(axis) {
                Some(bound) => Index::Moving { base: bound.base, offset: bound.offset + offset },
                None => Index::Fixed(0),
            },
        };
        read.subs.iter().map(resolve).collect()
    }

    /// The loops along the axes of a read, which are among those of its node.
    fn bounds_of(&self, frames: &Frames<'_>, index: usize, read: &Read) -> Vec<Bound> {
        let outer = &frames.planned.bounds[index];
        let pairs = shape::align(&read.axes, &frames.planned.shapes[index], &self.builder.dims).unwrap_or_default();
        let bound = |(axis, offset): (usize, i64)| {
            outer.get(axis).map(|bound| Bound { base: bound.base, offset: bound.offset + offset })
        };
        pairs.into_iter().filter_map(bound).collect()
    }

    /// Notes the computed ranges of a read for the reducer around it.
    fn note_limits(&self, frames: &mut Frames<'_>, frame: usize, index: usize, read: &Read) {
        let bounds = self.bounds_of(frames, index, read);
        for limit in &read.limits {
            let Some(bound) = bounds.get(limit.axis) else { continue };
            let position = Index::Moving { base: bound.base, offset: bound.offset };
            let mut ends = [limit.first, limit.last].map(|end| match end {
                End::Computed(node) => Ok(frames.id(node)),
                End::At(at) => Err(f64::from(at) + 1.0),
                End::Fault => Err(0.0),
            });
            for end in &mut ends {
                if let Err(number) = *end {
                    *end = Ok(frames.exprs[frame].push(ExprKind::Number(number), self.equation.span));
                }
            }
            if let [Ok(first), Ok(last)] = ends {
                frames.limits[frame].push((position, first, last));
            }
        }
    }

    /// A builtin that needs no arguments.
    pub(in crate::sema) fn constant(&self, builtin: &Builtin) -> ExprKind {
        let spec = &self.time.spec;
        match builtin.meaning {
            Meaning::Constant(value) => ExprKind::Number(value),
            Meaning::Run(RunNumber::Dt) => ExprKind::Number(spec.dt),
            Meaning::Run(RunNumber::Start) => ExprKind::Number(spec.start),
            Meaning::Run(RunNumber::Stop) => ExprKind::Number(spec.stop),
            Meaning::Run(RunNumber::SaveInterval) => ExprKind::Number(self.time.save_interval),
            Meaning::Time => ExprKind::Time,
            Meaning::Own
            | Meaning::Size
            | Meaning::Reduce(_)
            | Meaning::Pure(_)
            | Meaning::Draw(_)
            | Meaning::Fold(_)
            | Meaning::Binary(_)
            | Meaning::If
            | Meaning::State(_)
            | Meaning::Lookup(_)
            | Meaning::Memory(_)
            | Meaning::Rank
            | Meaning::Vector(_)
            | Meaning::ElementMap
            | Meaning::ActiveInitial
            | Meaning::TimeBase
            | Meaning::IsNan
            | Meaning::Interpolate
            | Meaning::Belt(_)
            | Meaning::Unsupported => unreachable!("{} takes arguments", builtin.name()),
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
