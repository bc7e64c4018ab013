//! What a call of a vector function becomes: a state, and reads of its elements.

use crate::builtin::{Builtin, Default, Meaning, VectorPart};
use crate::definition::EquationKind;
use crate::diagnostic::{Diagnostic, code};
use crate::model::vector::Span as Axes;
use crate::model::{
    Base, BinaryOp, Expr, ExprKind, Extent, Index, NodeId, PureFn, Reduce, ReduceOp, State, StateId, StateKind,
    VectorFn, VectorRead,
};
use crate::sema::base::inline;
use crate::sema::base::shape::{self, Axis, Shape};
use crate::sema::base::stand_in::{STAND_IN, stand_in};
use crate::sema::equation::resolver::{Call, Frames, Resolver, flat_indices};
use crate::sema::equation::vector::{PROFILE, span_of};
use crate::source::Span;

impl Resolver<'_, '_, '_> {
    /// What a call becomes, appended to its frame.
    pub(in crate::sema) fn resolve_vector(
        &mut self,
        frames: &mut Frames<'_>,
        call: &Call<'_>,
        builtin: &Builtin,
        function: VectorFn,
    ) -> NodeId {
        let depth = frames.planned.frames[call.frame].len();
        let inputs = self.take_inputs(frames, call, builtin, function);
        let axes = list_frames(call, builtin).next().and_then(|frame| frames.planned.frames[frame].get(depth..));
        let axes: Vec<Extent> = axes.unwrap_or_default().to_vec();
        let (Some(inputs), false) = (inputs, axes.is_empty()) else {
            return frames.exprs[call.frame].push(STAND_IN, call.span);
        };
        let (state, indices) = self.push_vector(frames, call, arranged(function, inputs, &axes, call.span));
        let read = |element: Vec<Index>| ExprKind::Vector(Box::new(VectorRead { state, indices, element }));
        let kind = match span_of(builtin, function) {
            Axes::Over if builtin.meaning == Meaning::Rank => {
                return resolve_place(frames, call, &axes, read);
            }
            Axes::Over => read(axes.iter().map(|extent| Index::Fixed(extent.start)).collect()),
            Axes::Along(_) => read(self.element_here(frames, call, &axes)),
        };
        frames.exprs[call.frame].push(kind, call.span)
    }

    /// The element of the result that the loops around the call are at.
    fn element_here(&self, frames: &Frames<'_>, call: &Call<'_>, axes: &[Extent]) -> Vec<Index> {
        let axes: Shape =
            axes.iter().map(|extent| Axis { dim: extent.dim, start: extent.start, len: extent.len }).collect();
        let shape = &frames.planned.shapes[call.index];
        let bounds = &frames.planned.bounds[call.index];
        let pairs = shape::align(&axes, shape, &self.builder.dims).unwrap_or_default();
        let here = |axis: usize| {
            let &(at, offset) = pairs.get(axis)?;
            let bound = bounds.get(at)?;
            Some(Index::Moving { base: bound.base, offset: bound.offset + offset })
        };
        (0..axes.len()).map(|axis| here(axis).unwrap_or(Index::Fixed(axes[axis].start))).collect()
    }

    /// Inputs and single numbers of a call, in the order of the function; none when one is at fault, which is reported.
    fn take_inputs(
        &mut self,
        frames: &mut Frames<'_>,
        call: &Call<'_>,
        builtin: &Builtin,
        function: VectorFn,
    ) -> Option<Inputs> {
        let mut lists = vec![stand_in(call.span); function.inputs()];
        let mut numbers = vec![stand_in(call.span); function.numbers()];
        if builtin.meaning == Meaning::Rank {
            // RANK counts from the least.
            numbers[0] = Expr::number(1.0, call.span);
        }
        if function == VectorFn::MarketPrice {
            for (number, arg) in numbers.iter_mut().zip([0, 2]) {
                let shape = &frames.planned.shapes[call.args[arg] as usize];
                *number = Expr::number(shape.first().map_or(1.0, |axis| f64::from(axis.len)), call.span);
            }
        }
        let mut is_fine = true;
        for (index, param) in builtin.params.iter().enumerate() {
            let frame = call.first_frame + index;
            let overrides = match param.default {
                _ if index < call.args.len() => None,
                Default::Value(value) => Some(Expr::number(value, call.span)),
                Default::Absent | Default::Required | Default::Start | Default::EveryStep => continue,
            };
            let is_given = overrides.is_none();
            match param.kind.vector_part() {
                VectorPart::List(row) => {
                    is_fine &= !is_given || self.check_list(frames, call, builtin, frame);
                    lists[row] = overrides.unwrap_or_else(|| frames.take(frame, call.span));
                }
                VectorPart::Single(number) => {
                    numbers[number] = overrides.unwrap_or_else(|| frames.take(frame, call.span));
                }
                VectorPart::Profile(first) => {
                    let of_kind = frames.take(frame, call.span);
                    for (part, row) in (0u32..).zip(PROFILE) {
                        lists[first + row] = part_of(&of_kind, part);
                    }
                }
                VectorPart::Number => is_fine &= overrides.is_some() || self.check_quiet(call, index),
                VectorPart::OnError => self.warn_unless_quiet(call, index),
                VectorPart::Place | VectorPart::Dimension | VectorPart::Other => {}
            }
        }
        is_fine.then_some(Inputs { lists, numbers })
    }

    /// Whether an input can be computed as a whole; if not, that is reported.
    fn check_list(&mut self, frames: &mut Frames<'_>, call: &Call<'_>, builtin: &Builtin, frame: usize) -> bool {
        if !frames.limits[frame].is_empty() {
            std::mem::take(&mut frames.limits[frame]);
            let message =
                format!("{} of a range whose ends are computed is not supported", self.place.spelling(builtin));
            self.diagnostics.report(self.place.error(code::COMPUTED_RANGE, call.span, message));
            return false;
        }
        if inline::remembers(&frames.exprs[frame]) {
            let message = format!(
                "{} looks at whole arrays, which a function that remembers does not allow",
                self.place.spelling(builtin)
            );
            let hint = "give the array a variable of its own";
            self.diagnostics.report(self.place.error(code::RANKED_MEMORY, call.span, message).with_hint(hint));
            return false;
        }
        true
    }

    /// Whether what VECTOR SELECT is to do about a wrong number of selected elements is nothing; if not, that is reported.
    fn check_quiet(&mut self, call: &Call<'_>, index: usize) -> bool {
        let is_quiet = self.is_quiet(call, index);
        if !is_quiet {
            let span = self.equation.nodes[call.args[index] as usize].span;
            let message = "a run does not stop at a wrong number of selected elements: this must be 0";
            self.diagnostics.report(self.place.error(code::SELECT_ERRORS, span, message));
        }
        is_quiet
    }

    /// Says that a run goes on where Vensim would tell of an error.
    fn warn_unless_quiet(&mut self, call: &Call<'_>, index: usize) {
        if !self.is_quiet(call, index) {
            let span = self.equation.nodes[call.args[index] as usize].span;
            let message =
                "a run does not stop at a wrong number of selected elements: it goes on with the missing value";
            let owner = self.place.tree.var_name(self.place.owner);
            self.diagnostics.report(Diagnostic::warning(code::SELECT_ERRORS, span, message).with_variable(owner));
        }
    }

    /// Whether an argument is 0, or a name of it: Vensim's models give the number a name.
    fn is_quiet(&self, call: &Call<'_>, index: usize) -> bool {
        let node = &self.equation.nodes[call.args[index] as usize];
        let is_zero = |kind: &EquationKind| kind.as_number() == Some(0.0);
        let named = if let EquationKind::Reference(path, subscripts) = &node.kind
            && subscripts.is_empty()
        {
            self.place.find_var(path).and_then(|var| self.place.tree.def(var).equation.as_ref())
        } else {
            None
        };
        is_zero(&node.kind) || named.is_some_and(|named| named.nodes.iter().all(|node| is_zero(&node.kind)))
    }

    /// Makes the state of a call; with the subscripts that choose what it gives at the position of the loops and reducers around.
    fn push_vector(&mut self, frames: &Frames<'_>, call: &Call<'_>, input: Expr) -> (StateId, Vec<Index>) {
        let within = &frames.planned.frames[call.frame];
        let n_loops = self.place.loops.len();
        let mut extents: Vec<Extent> = self.place.loops.iter().chain(within).copied().collect();
        let mut indices = Vec::with_capacity(extents.len());
        for (n, extent) in extents.iter_mut().enumerate() {
            let base = match n.checked_sub(n_loops) {
                None => Base::Loop(n as u32),
                Some(bound) => Base::Bound(bound as u32),
            };
            if inline::depends_on(&input, base) {
                indices.push(Index::Moving { base, offset: 0 });
            } else {
                extent.len = 1;
                indices.push(Index::Fixed(extent.start));
            }
        }
        let state = self.builder.push_state(State {
            kind: StateKind::Vector,
            input,
            time: None,
            init: None,
            horizon: None,
            owner: self.place.owner,
            extents,
            n_loops: u32::try_from(n_loops).expect("dimensions are few"),
            span: call.span,
        });
        (state, indices)
    }

    /// `VECTOR_ELM_MAP(a[i], n)`: the element n places after a[i], in row-major order over the whole array; `outside` where there is none.
    /// Where a[i] is no element itself, the value for invalid subscripts.
    pub(in crate::sema) fn resolve_element_map(
        &mut self,
        frames: &mut Frames<'_>,
        call: &Call<'_>,
        builtin: &Builtin,
        outside: f64,
    ) -> NodeId {
        let (first, offset) = (frames.argument(call, 0), frames.argument(call, 1));
        let expr = &mut frames.exprs[call.frame];
        let ExprKind::Var(var, indices) = expr.node(first).kind.clone() else {
            // Subscripts that lead nowhere give the value for invalid ones; after nothing there is nothing else.
            let written = &self.equation.nodes[call.args[0] as usize].kind;
            if matches!(written, EquationKind::Reference(_, subscripts) if !subscripts.is_empty()) {
                return first;
            }
            let message =
                format!("the first argument of {} must be an element of an array", self.place.spelling(builtin));
            self.diagnostics.report(self.place.error(code::NOT_AN_ARRAY, call.span, message));
            return expr.push(STAND_IN, call.span);
        };
        let written = &self.equation.nodes[call.args[0] as usize].kind;
        let is_absolute = matches!(written, EquationKind::Reference(path, _) if path.absolute);
        let n_instance = if is_absolute { 0 } else { self.place.tree.instance(self.place.instance).dims.len() };
        let n_shared = n_instance.min(self.builder.n_outer(var));
        let (shared, indices) = indices.split_at(n_shared.min(indices.len()));
        let own = &self.builder.var(var).dims[shared.len()..];
        let lens: Vec<u32> = own.iter().map(|&dim| self.builder.dims.len(dim)).collect();
        let mut push = |kind: ExprKind| expr.push(kind, call.span);
        let mut place = push(ExprKind::Call(PureFn::Round, vec![offset]));
        let mut stride = 1.0;
        for (&index, &len) in indices.iter().zip(&lens).rev() {
            let number = match index {
                Index::Computed(number) => push(ExprKind::Call(PureFn::Int, vec![number])),
                Index::Fixed(_) | Index::Moving { .. } => push(ExprKind::Position(index)),
            };
            let one = push(ExprKind::Number(1.0));
            let before = push(ExprKind::Binary(BinaryOp::Sub, number, one));
            let by = push(ExprKind::Number(stride));
            let before = push(ExprKind::Binary(BinaryOp::Mul, before, by));
            place = push(ExprKind::Binary(BinaryOp::Add, place, before));
            stride *= f64::from(len);
        }
        let one = push(ExprKind::Number(1.0));
        let number = push(ExprKind::Binary(BinaryOp::Add, place, one));
        let is_inside = push_is_within(expr, number, stride, call.span);
        let mut all = shared.to_vec();
        all.extend(flat_indices(expr, number, &lens, call.span));
        let mut push = |kind: ExprKind| expr.push(kind, call.span);
        let then = push(ExprKind::Var(var, all));
        let otherwise = push(ExprKind::Number(outside));
        push(ExprKind::If { cond: is_inside, then, otherwise })
    }
}

/// What a function is given.
struct Inputs {
    lists: Vec<Expr>,
    numbers: Vec<Expr>,
}

/// The input of a state that computes a function of these inputs over the axes of the vector.
fn arranged(function: VectorFn, inputs: Inputs, axes: &[Extent], span: Span) -> Expr {
    let mut input = Expr::default();
    let mut operands = Vec::with_capacity(inputs.lists.len() + inputs.numbers.len());
    for body in inputs.lists {
        let list = Reduce { op: ReduceOp::List, extents: axes.to_vec(), body };
        operands.push(input.push(ExprKind::Reduce(Box::new(list)), span));
    }
    operands.extend(inputs.numbers.iter().map(|number| inline::append(number, &mut input)));
    input.push(ExprKind::Arrange(function, operands), span);
    input
}

/// The frames of the inputs.
fn list_frames<'b>(call: &Call<'_>, builtin: &'b Builtin) -> impl Iterator<Item = usize> + 'b {
    let of_lists = (call.first_frame..).zip(builtin.params).filter(|(_, param)| param.kind.vector_part().is_list());
    of_lists.map(|(frame, _)| frame)
}

/// The same read of another element of the last dimension.
fn part_of(first: &Expr, part: u32) -> Expr {
    let mut expr = first.clone();
    if let Some(node) = expr.nodes.last_mut()
        && let ExprKind::Var(_, indices) = &mut node.kind
        && let Some(last) = indices.last_mut()
    {
        *last = Index::Fixed(part);
    }
    expr
}

/// RANK: the number, counted from 1, of the element in the place that is asked for; 0 where there is none.
fn resolve_place(
    frames: &mut Frames<'_>,
    call: &Call<'_>,
    axes: &[Extent],
    read: impl FnOnce(Vec<Index>) -> ExprKind,
) -> NodeId {
    let place = frames.argument(call, 1);
    let lens: Vec<u32> = axes.iter().map(|extent| extent.len).collect();
    let expr = &mut frames.exprs[call.frame];
    let n: f64 = lens.iter().map(|&len| f64::from(len)).product();
    let is_within = push_is_within(expr, place, n, call.span);
    let element = flat_indices(expr, place, &lens, call.span);
    let mut push = |kind: ExprKind| expr.push(kind, call.span);
    let whole = push(ExprKind::Call(PureFn::Int, vec![place]));
    let is_whole = push(ExprKind::Binary(BinaryOp::Eq, whole, place));
    let cond = push(ExprKind::Binary(BinaryOp::And, is_within, is_whole));
    let position = push(read(element));
    let one = push(ExprKind::Number(1.0));
    let then = push(ExprKind::Binary(BinaryOp::Add, position, one));
    let otherwise = push(ExprKind::Number(0.0));
    push(ExprKind::If { cond, then, otherwise })
}

/// `1 <= number AND number <= n`
fn push_is_within(expr: &mut Expr, number: NodeId, n: f64, span: Span) -> NodeId {
    let mut push = |kind: ExprKind| expr.push(kind, span);
    let (one, n) = (push(ExprKind::Number(1.0)), push(ExprKind::Number(n)));
    let from = push(ExprKind::Binary(BinaryOp::Le, one, number));
    let to = push(ExprKind::Binary(BinaryOp::Le, number, n));
    push(ExprKind::Binary(BinaryOp::And, from, to))
}
