//! The arguments of a call of a vector function: what each means, its shape and its frame.

use crate::builtin::{Builtin, VectorPart};
use crate::definition::{Equation, EquationKind, Path};
use crate::diagnostic::code;
use crate::model::vector::Span as Axes;
use crate::model::vector::takes_first_elements;
use crate::model::{Base, DimId, Index, VectorFn};
use crate::sema::base::dimension::Dims;
use crate::sema::base::shape::{self, Axis, Bound, Shape};
use crate::sema::equation::frame::{Planned, inner_bounds};
use crate::sema::equation::node_plan::{Mode, NodePlan, Planner, Read, Split, Sub, whole};
use crate::sema::equation::vector::{PROFILE, list_args, span_of};
use crate::source::Span;

impl<'c, 'a> Planner<'c, '_, 'a> {
    /// A call with as many arguments as it can have.
    pub(in crate::sema) fn plan_vector(
        &mut self,
        builtin: &'static Builtin,
        args: &[u32],
        mode: Mode,
    ) -> Result<NodePlan<'a>, Split> {
        let Some(function) = builtin.vector_fn(args.len()) else { return Ok(NodePlan::Broken) };
        let outside = self.hidden_here;
        let inside = outside | self.hide_vector(builtin, function, args);
        let mut is_broken = false;
        for (&arg, param) in args.iter().zip(builtin.params) {
            self.hidden_here = inside;
            match param.kind.vector_part() {
                VectorPart::List(_) if takes_first_elements(function) => {
                    is_broken |= !self.plan_first_element(builtin, arg, whole(mode))?;
                }
                VectorPart::List(_) => self.reach(arg, whole(mode)),
                VectorPart::Profile(_) => {
                    is_broken |= !self.plan_profile(builtin, function, arg, whole(mode))?;
                }
                VectorPart::Dimension => is_broken |= !self.check_dimension(builtin, arg),
                VectorPart::Number
                | VectorPart::Single(_)
                | VectorPart::Place
                | VectorPart::OnError
                | VectorPart::Other => {
                    self.hidden_here = outside;
                    self.reach(arg, mode);
                }
            }
        }
        self.hidden_here = outside;
        Ok(if is_broken { NodePlan::Broken } else { NodePlan::Vector(builtin, function) })
    }

    /// The loops along the vector, a bit for each: those of the dimension which an argument names, or else those of the last subscripts of
    /// the first array in the first input. An instance may run over the same dimension around the equation: its name is hidden there, too.
    fn hide_vector(&mut self, builtin: &Builtin, function: VectorFn, args: &[u32]) -> u64 {
        let Axes::Along(n_axes) = span_of(builtin, function) else { return 0 };
        let named =
            args.iter().zip(builtin.params).find(|(_, param)| param.kind.vector_part() == VectorPart::Dimension);
        let equation = self.equation;
        if let Some((&arg, _)) = named {
            return equation.nodes[arg as usize].kind.as_name().map_or(0, |path| self.loops_named(path));
        }
        let Some(first) = list_args(builtin, args).next() else { return 0 };
        let Some((path, subscripts)) = self.first_array(first) else { return 0 };
        let mut hidden = 0;
        if subscripts.is_empty() {
            let Some(var) = self.place.find_var(path) else { return 0 };
            for &dim in self.builder.var(var).dims.iter().rev().take(n_axes) {
                let same = self.loop_order().into_iter().filter(|&n| self.place.loops[n].dim == dim);
                hidden |= same.fold(0, |bits, n| bits | bit(n));
            }
        }
        for &subscript in subscripts.iter().rev().take(n_axes) {
            hidden |= equation.nodes[subscript as usize].kind.as_name().map_or(0, |path| self.loops_named(path));
        }
        hidden
    }

    /// The loops that a dimension's name can mean, a bit for each.
    fn loops_named(&mut self, path: &Path) -> u64 {
        let Some(found) = self.find_loop(path) else { return 0 };
        let name = self.place.loop_name(found);
        let same = self.loop_order().into_iter().filter(|&n| self.place.loop_name(n) == name);
        same.fold(0, |bits, n| bits | bit(n))
    }

    /// The first name in a part of the equation that is that of an array.
    fn first_array(&self, node: u32) -> Option<(&'c Path, &'c [u32])> {
        let equation: &'c Equation = self.equation;
        let mut pending = vec![node];
        while let Some(node) = pending.pop() {
            match &equation.nodes[node as usize].kind {
                EquationKind::Reference(path, subscripts) => {
                    let var = self.place.find_var(path);
                    if var.is_some_and(|var| !self.builder.var(var).dims.is_empty()) {
                        return Some((path, subscripts));
                    }
                }
                EquationKind::Call(_, args) | EquationKind::SubscriptedCall(_, _, args) => {
                    pending.extend(args.iter().rev());
                }
                EquationKind::Unary(_, a) | EquationKind::Transpose(a) => pending.push(*a),
                EquationKind::Binary(_, a, b) | EquationKind::InnerProduct(a, b) => pending.extend([*b, *a]),
                EquationKind::If(a, b, c) => pending.extend([*c, *b, *a]),
                EquationKind::Number(_)
                | EquationKind::Wildcard(_)
                | EquationKind::Range(..)
                | EquationKind::Position(_) => {}
            }
        }
        None
    }

    /// The profile of an allocation: an array whose last dimension has an element for each part, of which the call names the first or
    /// none. The node is planned here, as a read of that first element. Says whether it is one.
    fn plan_profile(&mut self, builtin: &Builtin, function: VectorFn, node: u32, mode: Mode) -> Result<bool, Split> {
        let equation = self.equation;
        let span = equation.nodes[node as usize].span;
        let found = if let EquationKind::Reference(path, subscripts) = &equation.nodes[node as usize].kind {
            self.place.find_var(path).map(|var| (path, subscripts, var))
        } else {
            None
        };
        if found.is_some_and(|(.., var)| self.place.tree.def(var).reported || self.builder.is_broken(var)) {
            return Ok(false);
        }
        let is_profile = |&dim: &DimId| self.builder.dims.len(dim) as usize == PROFILE.len();
        let found = found.filter(|(.., var)| self.builder.var(*var).dims.last().is_some_and(is_profile));
        let Some((path, subscripts, var)) = found else {
            let message = "this is no profile of an allocation";
            let hint = "a profile is an array whose last dimension has four elements: type, priority, width and extra";
            self.diagnostics.report(self.place.error(code::BAD_PROFILE, span, message).with_hint(hint));
            return Ok(false);
        };
        let read = self.plan_read((var, self.n_shared(path, var)), subscripts, span, mode)?;
        let Some(mut read) = read else { return Ok(false) };
        if let Some(last) = read.subs.last_mut() {
            if let Sub::Along(axis, _) = *last {
                read.axes.remove(axis);
            }
            *last = Sub::Index(Index::Fixed(0));
        }
        if takes_first_elements(function) {
            let n = read.subs.len() - 1;
            if !open_first(&mut read, n, &self.builder.var(var).dims, &self.builder.dims) {
                self.report_not_first(builtin, span);
                return Ok(false);
            }
        }
        self.reach(node, mode);
        self.plans[node as usize] = NodePlan::Value(var, Box::new(read));
        Ok(true)
    }

    /// A vector of which a call names the first element, or all of them. The node is planned here, as a read of all of its elements. Says
    /// whether it is one.
    fn plan_first_element(&mut self, builtin: &Builtin, node: u32, mode: Mode) -> Result<bool, Split> {
        let equation = self.equation;
        let span = equation.nodes[node as usize].span;
        let found = if let EquationKind::Reference(path, subscripts) = &equation.nodes[node as usize].kind {
            self.place.find_var(path).map(|var| (path, subscripts, var))
        } else {
            None
        };
        if found.is_some_and(|(.., var)| self.place.tree.def(var).reported || self.builder.is_broken(var)) {
            return Ok(false);
        }
        let found = found.filter(|(.., var)| !self.builder.var(*var).dims.is_empty());
        let Some((path, subscripts, var)) = found else {
            self.report_not_first(builtin, span);
            return Ok(false);
        };
        let read = self.plan_read((var, self.n_shared(path, var)), subscripts, span, mode)?;
        let Some(mut read) = read else { return Ok(false) };
        let n = read.subs.len();
        if !open_first(&mut read, n, &self.builder.var(var).dims, &self.builder.dims) {
            self.report_not_first(builtin, span);
            return Ok(false);
        }
        self.reach(node, mode);
        self.plans[node as usize] = NodePlan::Value(var, Box::new(read));
        Ok(true)
    }

    fn report_not_first(&mut self, builtin: &Builtin, span: Span) {
        let message = format!("{} needs a whole vector here", self.place.spelling(builtin));
        let hint = "name the first element of the vector's dimension, the last one of an array, or write `*` for it";
        self.diagnostics.report(self.place.error(code::NOT_AN_ARRAY, span, message).with_hint(hint));
    }

    /// Whether an argument is the name of a dimension; if not, that is reported.
    fn check_dimension(&mut self, builtin: &Builtin, node: u32) -> bool {
        let equation = self.equation;
        let node = &equation.nodes[node as usize];
        let is_dimension = node.kind.as_name().is_some_and(|path| self.find_dim(path).is_some());
        if !is_dimension {
            let message =
                format!("the second argument of {} must be the name of a dimension", self.place.spelling(builtin));
            self.diagnostics.report(self.place.error(code::UNKNOWN_DIMENSION, node.span, message));
        }
        is_dimension
    }

    /// The shape of what a call gives.
    pub(in crate::sema) fn shape_of_vector(
        &mut self,
        builtin: &Builtin,
        function: VectorFn,
        args: &[u32],
        span: Span,
    ) -> Shape {
        let mut lists: Vec<u32> = list_args(builtin, args).collect();
        if function == VectorFn::MarketPrice {
            // Demands and supplies need not fit: the price is found for all pairs of them.
            lists.truncate(2);
            if let &[.., quantities, profile] = args {
                self.merge_all(Shape::new(), &[quantities, profile], span);
            }
        }
        let all = self.merge_all(Shape::new(), &lists, span);
        let first = lists.first().map_or(0, |&first| self.shapes[first as usize].len());
        let (n_least, shape) = match span_of(builtin, function) {
            Axes::Along(n) => (n, all),
            Axes::Over => (1, Shape::new()),
        };
        if first < n_least
            && let Some(&first) = lists.first()
            && !self.is_broken(first)
        {
            self.report_no_array(builtin, first);
        }
        let axes = &shape[shape.len().saturating_sub(2)..];
        if let (VectorFn::Invert, [rows, columns]) = (function, axes)
            && rows.len != columns.len
        {
            let message = format!(
                "{} of a matrix with {} rows and {} columns",
                self.place.spelling(builtin),
                rows.len,
                columns.len
            );
            self.diagnostics.report(self.place.error(code::SHAPES, span, message));
        }
        let numbers: Vec<u32> = number_args(builtin, args).collect();
        self.merge_all(shape, &numbers, span)
    }

    /// The axes along which a call runs, and the shape of all of its inputs.
    fn vector_axes(&self, builtin: &Builtin, function: VectorFn, args: &[u32]) -> (Shape, Shape) {
        let mut all = Shape::new();
        for arg in list_args(builtin, args) {
            let (other, dims) = (&self.shapes[arg as usize], &self.builder.dims);
            let merged = if function == VectorFn::MarketPrice {
                shape::merge_pairs(&all, other, dims)
            } else {
                shape::merge(&all, other, dims)
            };
            all = merged.unwrap_or(all);
        }
        let axes = match span_of(builtin, function) {
            Axes::Over => all.clone(),
            Axes::Along(n) => {
                let first = list_args(builtin, args).next().map(|first| self.shapes[first as usize].clone());
                let mut first = first.unwrap_or_default();
                first.split_off(first.len().saturating_sub(n))
            }
        };
        (axes, all)
    }

    /// Gives the arguments of a call their frames: each its own, an input's under the axes of the vector. Which place of a sorted array is
    /// asked for is computed beside the call.
    pub(in crate::sema) fn assign_vector(
        &mut self,
        (index, frame): (usize, usize),
        builtin: &Builtin,
        function: VectorFn,
        args: &[u32],
        planned: &mut Planned<'_>,
    ) {
        let (shape, bounds) = (self.shapes[index].clone(), planned.bounds[index].clone());
        let (axes, all) = self.vector_axes(builtin, function, args);
        let along = inner_bounds(&planned.frames[frame], axes.len());
        let inside = self.bounds_inside(&axes, &along, &all, (&shape, &bounds));
        for (&arg, param) in args.iter().zip(builtin.params) {
            match param.kind.vector_part() {
                VectorPart::List(_) | VectorPart::Profile(_) => {
                    let inner = self.open_frame(frame, &axes, index, planned);
                    self.assign(arg, inner, &all, &inside, planned);
                }
                VectorPart::Place => {
                    planned.frames.push(Vec::new());
                    self.assign(arg, frame, &shape, &bounds, planned);
                }
                VectorPart::Dimension => planned.frames.push(Vec::new()),
                VectorPart::Number | VectorPart::Single(_) | VectorPart::OnError | VectorPart::Other => {
                    planned.frames.push(planned.frames[frame].clone());
                    self.assign(arg, planned.frames.len() - 1, &shape, &bounds, planned);
                }
            }
        }
    }

    /// The loops along the axes of all inputs: those of the vector itself, and those of the call for the others.
    fn bounds_inside(
        &self,
        axes: &[Axis],
        along: &[Bound],
        all: &[Axis],
        (shape, bounds): (&[Axis], &[Bound]),
    ) -> Vec<Bound> {
        let stray = Bound { base: Base::Bound(0), offset: 0 };
        let dims = &self.builder.dims;
        // For shapes that do not fit, which has been reported, anything will do.
        let outer = shape::align(all, shape, dims).unwrap_or_default();
        let mut inside = vec![stray; all.len()];
        for (place, (axis, offset)) in inside.iter_mut().zip(outer) {
            let bound = bounds.get(axis).copied().unwrap_or(stray);
            *place = Bound { offset: bound.offset + offset, ..bound };
        }
        for ((axis, offset), bound) in shape::align(axes, all, dims).unwrap_or_default().into_iter().zip(along) {
            inside[axis] = Bound { offset: bound.offset - offset, ..*bound };
        }
        inside
    }
}

/// Opens the last one of the first n dimensions of a read of an array, of which its subscripts name the first element or none. Says
/// whether it is the only one that is open.
fn open_first(read: &mut Read, n: usize, of: &[DimId], dims: &Dims) -> bool {
    let Some(last) = n.checked_sub(1) else { return false };
    match read.subs[last] {
        Sub::Index(Index::Fixed(0)) => {
            read.axes.push(Axis::whole(of[last], dims));
            read.subs[last] = Sub::Along(read.axes.len() - 1, 0);
        }
        Sub::Along(..) | Sub::AlongTable(..) => {}
        Sub::Index(_) | Sub::Computed(_) | Sub::LoopTable(..) => return false,
    }
    read.axes.len() == 1
}

/// The arguments that are single numbers.
fn number_args<'b>(builtin: &'b Builtin, args: &'b [u32]) -> impl Iterator<Item = u32> + 'b {
    let is_number = |part: VectorPart| matches!(part, VectorPart::Number | VectorPart::Single(_) | VectorPart::Place);
    args.iter().zip(builtin.params).filter(move |(_, param)| is_number(param.kind.vector_part())).map(|(&arg, _)| arg)
}

fn bit(n: usize) -> u64 {
    u32::try_from(n).ok().and_then(|n| 1_u64.checked_shl(n)).unwrap_or(0)
}
