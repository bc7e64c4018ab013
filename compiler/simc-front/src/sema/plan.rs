//! What becomes of each node of an equation, before any of it is computed.
//!
//! An equation is a tree laid flat, and so is looked through in sweeps; nothing recurses. From the result down, names get their meaning and
//! subscripts are resolved (`Plan`). From the operands up, every node gets its shape. From the result down again, every
//! node gets the *frame* in which it is computed, and the loops that run along its axes: the arguments of a stateful call and
//! the body of a reducer are expressions of their own. Then the frames can be filled from the operands up.

use crate::ast::{Equation, EquationKind, Path};
use crate::builtin::{Builtin, Meaning};
use crate::diagnostic::code;
use crate::model::{Base, BinaryOp, Extent, Index, PureFn, ReduceOp, VarId};
use crate::sema::Problems;
use crate::sema::declare::Draft;
use crate::sema::reference::{Callee, Place, Referent};
use crate::sema::shape::{self, Axis, Bound, Shape};
use crate::sema::subscript::{End, Read, Split, Sub, relate};
use crate::source::Span;

/// Reducers may nest this deep.
const MAX_REDUCERS: usize = 32;

/// What an array's name alone means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// The element at the position of the loops.
    Current,
    /// The whole array: within reducers.
    Whole,
    /// The whole array, and a dimension's name is one too: within SIZE.
    Size,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(super) enum Plan {
    /// Not computed.
    Skipped,
    /// A number, an operator, or a form with operands alone.
    Operator,
    /// A variable's value.
    Value(VarId, Box<Read>),
    /// A position in a dimension; the read has a single subscript.
    Position(Box<Read>),
    /// Whether two positions are those of one element; nothing when they never are.
    Same(Option<(Index, Index)>),
    /// A builtin without arguments.
    Constant(&'static Builtin),
    /// A call of a builtin; with the read of the table when its first argument is one.
    Call(&'static Builtin, Option<(VarId, Box<Read>)>),
    /// A reducer of its only argument.
    Reduce(&'static Builtin, ReduceOp),
    /// A graphical function at x.
    Table(VarId, Box<Read>),
    /// `a(n)`: an element of an array by its number in row-major order.
    Flat(VarId),
    /// At fault, which has been reported.
    Broken,
}

/// Looks through an equation.
pub(super) struct Planner<'c, 'w, 'a> {
    pub(super) place: &'c Place<'w, 'a>,
    pub(super) equation: &'c Equation,
    pub(super) draft: &'c mut Draft,
    pub(super) problems: &'c mut Problems,
    /// How each node is wanted, where it is.
    modes: Vec<Option<Mode>>,
    plans: Vec<Plan>,
    shapes: Vec<Shape>,
}

/// An equation that has been looked through.
pub(super) struct Planned {
    /// What each node is.
    pub(super) plans: Vec<Plan>,
    /// The axes of each node.
    pub(super) shapes: Vec<Shape>,
    /// The loops that run along the axes of each node.
    pub(super) bounds: Vec<Vec<Bound>>,
    /// The frame of each node; none for what is not computed.
    pub(super) frame_of: Vec<Option<usize>>,
    /// The first frame that a node has made for its operands.
    pub(super) first_frame: Vec<usize>,
    /// What the reducers around each frame run over, outermost first.
    pub(super) frames: Vec<Vec<Extent>>,
}

impl Planned {
    /// Whether a node reads a range whose ends are computed.
    pub(super) fn has_limits(&self, node: u32) -> bool {
        matches!(&self.plans[node as usize], Plan::Value(_, read) if !read.limits.is_empty())
    }
}

/// Looks through an equation for the elements of a region.
pub(super) fn plan_equation(
    place: &Place<'_, '_>,
    equation: &Equation,
    draft: &mut Draft,
    problems: &mut Problems,
) -> Result<Planned, Split> {
    let n = equation.nodes.len();
    let mut planner = Planner {
        place,
        equation,
        draft,
        problems,
        modes: vec![None; n],
        plans: Vec::new(),
        shapes: Vec::with_capacity(n),
    };
    planner.resolve_names()?;
    planner.find_shapes();
    planner.assign_frames()
}

impl Planner<'_, '_, '_> {
    /// Says that a node is computed.
    pub(super) fn reach(&mut self, node: u32, mode: Mode) {
        self.modes[node as usize] = Some(mode);
    }

    fn reach_all(&mut self, nodes: &[u32], mode: Mode) {
        for &node in nodes {
            self.reach(node, mode);
        }
    }

    /// From the result down: what names mean.
    fn resolve_names(&mut self) -> Result<(), Split> {
        let n = self.equation.nodes.len();
        self.plans = vec![Plan::Skipped; n];
        self.modes[n - 1] = Some(Mode::Current);
        for index in (0..n).rev() {
            if let Some(mode) = self.modes[index] {
                self.plans[index] = self.plan_node(index, mode)?;
            }
        }
        Ok(())
    }

    fn plan_node(&mut self, index: usize, mode: Mode) -> Result<Plan, Split> {
        let equation = self.equation;
        let node = &equation.nodes[index];
        match &node.kind {
            EquationKind::Number(_) => {}
            EquationKind::Reference(path, subscripts) => return self.plan_reference(path, subscripts, node.span, mode),
            EquationKind::Call(path, args) => return self.plan_call(path, args, node.span, mode),
            EquationKind::SubscriptedCall(path, subscripts, args) => {
                return self.plan_subscripted_call(path, subscripts, args, node.span, mode);
            }
            EquationKind::Unary(_, a) => self.reach(*a, mode),
            EquationKind::Binary(op, a, b) => {
                if matches!(op, BinaryOp::Eq | BinaryOp::Ne)
                    && let Some(same) = self.plan_same(*a, *b)?
                {
                    return Ok(Plan::Same(same));
                }
                self.reach_all(&[*a, *b], mode);
            }
            EquationKind::If(cond, then, otherwise) => self.reach_all(&[*cond, *then, *otherwise], mode),
            EquationKind::Transpose(a) => self.reach(*a, whole(mode)),
            EquationKind::InnerProduct(a, b) => self.reach_all(&[*a, *b], whole(mode)),
            EquationKind::Wildcard(_) | EquationKind::Range(..) | EquationKind::Position(_) => {
                let message = "this can only be a subscript";
                self.problems.report(self.place.error(code::BAD_SUBSCRIPT, node.span, message));
                return Ok(Plan::Broken);
            }
        }
        Ok(Plan::Operator)
    }

    /// A name without arguments.
    fn plan_reference(&mut self, path: &Path, subscripts: &[u32], span: Span, mode: Mode) -> Result<Plan, Split> {
        if subscripts.is_empty()
            && let Some(plan) = self.plan_position(path, mode)
        {
            return Ok(plan);
        }
        let var = match self.place.resolve_reference(path, self.draft, self.problems) {
            Referent::Var(var) => var,
            Referent::Builtin(builtin) if builtin.meaning == Meaning::Own => {
                let read = self.plan_read(self.place.owner, &[], span, Mode::Current)?;
                return Ok(read.map_or(Plan::Broken, |read| Plan::Value(self.place.owner, Box::new(read))));
            }
            Referent::Builtin(builtin) => return Ok(Plan::Constant(builtin)),
            Referent::Broken => return Ok(Plan::Broken),
        };
        if self.draft.is_broken(var) {
            return Ok(Plan::Broken);
        }
        let read = self.plan_read(var, subscripts, span, mode)?;
        Ok(read.map_or(Plan::Broken, |read| Plan::Value(var, Box::new(read))))
    }

    /// A dimension's name or `Dim.element` as a number.
    fn plan_position(&mut self, path: &Path, mode: Mode) -> Option<Plan> {
        let position = |sub: Sub, axes: Shape| {
            Plan::Position(Box::new(Read { axes, subs: vec![sub], limits: Vec::new(), is_outside: false }))
        };
        if let Some((_, element)) = self.find_element(path) {
            return Some(position(Sub::Index(Index::Fixed(element)), Vec::new()));
        }
        let dim = self.find_dim(path)?;
        if mode != Mode::Size
            && let Some(n) = self.find_loop(path)
        {
            return Some(position(Sub::Index(loop_index(n, 0)), Vec::new()));
        }
        Some(position(Sub::Along(0, 0), vec![Axis::whole(dim, &self.draft.dims)]))
    }

    /// Compares dimensions and elements by the identity of the element: `DimA = A1`, `DimA = DimB`.
    fn plan_same(&mut self, a: u32, b: u32) -> Result<Option<Option<(Index, Index)>>, Split> {
        let equation = self.equation;
        let path = |node: u32| match &equation.nodes[node as usize].kind {
            EquationKind::Reference(path, subscripts) if subscripts.is_empty() => Some(path),
            _ => None,
        };
        let (Some(left), Some(right)) = (path(a), path(b)) else { return Ok(None) };
        let loops = self.place.loops;
        let ends = (self.find_loop(left), self.find_loop(right));
        let (n, other) = match ends {
            (Some(n), Some(m)) if loops[n].dim == loops[m].dim => {
                return Ok(Some(Some((loop_index(n, 0), loop_index(m, 0)))));
            }
            (Some(n), Some(m)) => return self.plan_same_loops(n, m).map(Some),
            (Some(n), None) => (n, right),
            (None, Some(n)) => (n, left),
            (None, None) => return Ok(None),
        };
        let element = match other.parts.as_slice() {
            [name] if !self.place.is_known(other) => &name.text,
            [_, name] if self.find_element(other).is_some() => &name.text,
            _ => return Ok(None),
        };
        match self.draft.dims.position(loops[n].dim, element) {
            Some(position) => Ok(Some(Some((loop_index(n, 0), Index::Fixed(position))))),
            None if other.parts.len() > 1 => Ok(Some(None)),
            None => Ok(None),
        }
    }

    /// Two dimensions: elements with equal names are the same.
    fn plan_same_loops(&mut self, n: usize, m: usize) -> Result<Option<(Index, Index)>, Split> {
        let dims = &self.draft.dims;
        let (from, to) = (self.place.loops[n], self.place.loops[m].dim);
        if dims.is_numeric(from.dim) && dims.is_numeric(to) {
            return Ok(Some((loop_index(n, 0), loop_index(m, 0))));
        }
        let has = |at: u32| dims.position(to, &dims.element(from.dim, at)).is_some();
        let first = has(from.start);
        let end = from.start + from.len;
        if let Some(at) = (from.start + 1..end).find(|&at| has(at) != first) {
            return Err(Split { n, at });
        }
        let offset = if first { relate(dims, self.place.loops, n, to)? } else { None };
        Ok(offset.map(|offset| (loop_index(n, offset), loop_index(m, 0))))
    }

    /// A name with arguments.
    fn plan_call(&mut self, path: &Path, args: &[u32], span: Span, mode: Mode) -> Result<Plan, Split> {
        let builtin = match self.place.resolve_callee(path, args.len(), self.draft, self.problems) {
            Callee::Broken => {
                self.reach_all(args, mode);
                return Ok(Plan::Broken);
            }
            Callee::Array(var) => {
                self.reach_all(args, mode);
                return Ok(Plan::Flat(var));
            }
            Callee::Table(var) => return self.plan_table(var, &[], args, path.span, mode),
            Callee::Builtin(builtin) => builtin,
        };
        match builtin.meaning {
            Meaning::Lookup if args.len() == 2 => {
                self.reach_all(&args[1..], mode);
                let table = self.plan_table_argument(args[0], builtin, mode)?;
                return Ok(table.map_or(Plan::Broken, |table| Plan::Call(builtin, Some(table))));
            }
            Meaning::Size => self.reach_all(args, Mode::Size),
            Meaning::Reduce(op) if args.len() == 1 => {
                self.reach(args[0], whole(mode));
                return Ok(Plan::Reduce(builtin, op));
            }
            Meaning::Fold(function) if args.len() == 1 => {
                self.reach(args[0], whole(mode));
                let op = if function == PureFn::Max { ReduceOp::Max } else { ReduceOp::Min };
                return Ok(Plan::Reduce(builtin, op));
            }
            Meaning::Lookup
            | Meaning::Reduce(_)
            | Meaning::Fold(..)
            | Meaning::Pure(_)
            | Meaning::Binary(_)
            | Meaning::If
            | Meaning::State(_)
            | Meaning::Constant(_)
            | Meaning::Run(_)
            | Meaning::Time
            | Meaning::Own
            | Meaning::Unsupported => self.reach_all(args, mode),
        }
        let _ = span;
        Ok(Plan::Call(builtin, None))
    }

    /// `name[a](x)`.
    fn plan_subscripted_call(
        &mut self,
        path: &Path,
        subscripts: &[u32],
        args: &[u32],
        span: Span,
        mode: Mode,
    ) -> Result<Plan, Split> {
        match self.place.resolve_callee(path, args.len(), self.draft, self.problems) {
            Callee::Table(var) => self.plan_table(var, subscripts, args, span, mode),
            Callee::Builtin(_) | Callee::Array(_) => {
                let message = "only the name of a graphical function can have subscripts and arguments";
                self.problems.report(self.place.error(code::NOT_CALLABLE, span, message));
                Ok(Plan::Broken)
            }
            Callee::Broken => Ok(Plan::Broken),
        }
    }

    /// A graphical function at x.
    fn plan_table(&mut self, var: VarId, subs: &[u32], args: &[u32], span: Span, mode: Mode) -> Result<Plan, Split> {
        self.reach_all(args, mode);
        if self.draft.is_broken(var) {
            return Ok(Plan::Broken);
        }
        let read = self.plan_read(var, subs, span, mode)?;
        Ok(read.map_or(Plan::Broken, |read| Plan::Table(var, Box::new(read))))
    }

    /// The table that the first argument of a builtin names.
    fn plan_table_argument(
        &mut self,
        node: u32,
        builtin: &Builtin,
        mode: Mode,
    ) -> Result<Option<(VarId, Box<Read>)>, Split> {
        let equation = self.equation;
        let node = &equation.nodes[node as usize];
        let EquationKind::Reference(path, subscripts) = &node.kind else {
            self.place.report_no_table(builtin, node, None, self.problems);
            return Ok(None);
        };
        let var = self.place.find_var(path);
        let Some(var) = var.filter(|&var| self.draft.has_table(var)) else {
            self.place.report_no_table(builtin, node, var, self.problems);
            return Ok(None);
        };
        if self.draft.is_broken(var) {
            return Ok(None);
        }
        Ok(self.plan_read(var, subscripts, node.span, mode)?.map(|read| (var, Box::new(read))))
    }

    /// From the operands up: the axes of each node.
    fn find_shapes(&mut self) {
        for index in 0..self.equation.nodes.len() {
            let shape = if self.modes[index].is_some() { self.shape_of(index) } else { Shape::new() };
            self.shapes.push(shape);
        }
    }

    fn shape_of(&mut self, index: usize) -> Shape {
        let equation = self.equation;
        let node = &equation.nodes[index];
        let operands = match (&self.plans[index], &node.kind) {
            (Plan::Skipped | Plan::Broken | Plan::Constant(_) | Plan::Same(_), _) => return Shape::new(),
            (Plan::Reduce(builtin, _), EquationKind::Call(_, args)) => {
                if self.shapes[args[0] as usize].is_empty() && !self.is_broken(args[0]) {
                    self.report_no_array(builtin, args[0]);
                }
                return Shape::new();
            }
            (Plan::Call(Builtin { meaning: Meaning::Size, .. }, _), _) => return Shape::new(),
            (
                Plan::Value(_, read) | Plan::Position(read) | Plan::Table(_, read) | Plan::Call(_, Some((_, read))),
                _,
            ) => {
                let (axes, computed) = (read.axes.clone(), computed_of(read));
                let shape = self.merge_all(axes, &computed, node.span);
                let args = self.operands(index);
                return self.merge_all(shape, &args, node.span);
            }
            (Plan::Operator, EquationKind::Transpose(a)) => {
                let mut shape = self.shapes[*a as usize].clone();
                match shape.len() {
                    0 | 1 => {}
                    n => shape.swap(n - 2, n - 1),
                }
                return shape;
            }
            (Plan::Operator, EquationKind::InnerProduct(a, b)) => return self.shape_of_product(*a, *b, node.span),
            (Plan::Operator | Plan::Call(..) | Plan::Reduce(..) | Plan::Flat(_), _) => self.operands(index),
        };
        self.merge_all(Shape::new(), &operands, node.span)
    }

    /// Whether a node, or one that it is made of, has been reported; only the nearest are asked.
    fn is_broken(&self, node: u32) -> bool {
        let is = |node: u32| match &self.plans[node as usize] {
            Plan::Broken | Plan::Skipped => true,
            Plan::Value(var, _) => self.place.world.def(*var).reported,
            Plan::Operator
            | Plan::Position(_)
            | Plan::Same(_)
            | Plan::Constant(_)
            | Plan::Call(..)
            | Plan::Reduce(..)
            | Plan::Table(..)
            | Plan::Flat(_) => false,
        };
        is(node) || self.operands(node as usize).iter().any(|&operand| is(operand))
    }

    /// The operands that are computed beside a node.
    pub(super) fn operands(&self, index: usize) -> Vec<u32> {
        match (&self.equation.nodes[index].kind, &self.plans[index]) {
            (EquationKind::Call(_, args), Plan::Call(_, Some(_))) => args[1..].to_vec(),
            (EquationKind::Call(_, args) | EquationKind::SubscriptedCall(_, _, args), _) => args.clone(),
            (EquationKind::Unary(_, a) | EquationKind::Transpose(a), _) => vec![*a],
            (EquationKind::Binary(_, a, b) | EquationKind::InnerProduct(a, b), _) => vec![*a, *b],
            (EquationKind::If(cond, then, otherwise), _) => vec![*cond, *then, *otherwise],
            (
                EquationKind::Number(_)
                | EquationKind::Reference(..)
                | EquationKind::Wildcard(_)
                | EquationKind::Range(..)
                | EquationKind::Position(_),
                _,
            ) => Vec::new(),
        }
    }

    fn merge_all(&mut self, mut shape: Shape, operands: &[u32], span: Span) -> Shape {
        for &operand in operands {
            let other = &self.shapes[operand as usize];
            match shape::merge(&shape, other, &self.draft.dims) {
                Some(merged) => shape = merged,
                None => {
                    let dims = &self.draft.dims;
                    let message =
                        format!("shapes do not fit: {} and {}", shape::show(&shape, dims), shape::show(other, dims));
                    let hint = "one of them must have all the dimensions of the other, with as many elements";
                    self.problems.report(self.place.error(code::SHAPES, span, message).with_hint(hint));
                }
            }
        }
        shape
    }

    /// `a *.* b`: the last axis of a runs along the first of b.
    fn shape_of_product(&mut self, a: u32, b: u32, span: Span) -> Shape {
        let (left, right) = (&self.shapes[a as usize], &self.shapes[b as usize]);
        let fits = matches!((left.last(), right.first()), (Some(a), Some(b)) if a.len == b.len);
        if !fits {
            let dims = &self.draft.dims;
            let message = format!("shapes do not fit: {} and {}", shape::show(left, dims), shape::show(right, dims));
            let hint = "an inner product needs as many elements in the last dimension of the left side as in the first of the right";
            self.problems.report(self.place.error(code::SHAPES, span, message).with_hint(hint));
            return Shape::new();
        }
        left[..left.len() - 1].iter().chain(&right[1..]).copied().collect()
    }

    fn report_no_array(&mut self, builtin: &Builtin, node: u32) {
        let span = self.equation.nodes[node as usize].span;
        let message = format!("{} of a single number", builtin.name());
        let error = self.place.error(code::NOT_AN_ARRAY, span, message);
        self.problems.report(error.with_hint(format!("give it an array, such as `{}(a[*])`", builtin.name())));
    }

    /// From the result down: frames, and the loops along each node's axes.
    fn assign_frames(mut self) -> Result<Planned, Split> {
        let n = self.equation.nodes.len();
        let root = self.bind_root()?;
        let mut planned = Planned {
            plans: Vec::new(),
            shapes: Vec::new(),
            bounds: vec![Vec::new(); n],
            frame_of: vec![None; n],
            first_frame: vec![0; n],
            frames: vec![Vec::new()],
        };
        planned.frame_of[n - 1] = Some(0);
        planned.bounds[n - 1] = root;
        for index in (0..n).rev() {
            if let Some(frame) = planned.frame_of[index] {
                self.assign_operands(index, frame, &mut planned);
            }
        }
        planned.plans = std::mem::take(&mut self.plans);
        planned.shapes = std::mem::take(&mut self.shapes);
        Ok(planned)
    }

    /// The loops of the region along the axes of the result.
    fn bind_root(&mut self) -> Result<Vec<Bound>, Split> {
        let shape = self.shapes.last().cloned().unwrap_or_default();
        let loops = self.place.loops;
        let dims = &self.draft.dims;
        let mut taken = vec![false; loops.len()];
        let mut bounds = Vec::with_capacity(shape.len());
        for axis in &shape {
            let is_whole = axis.start == 0 && axis.len == dims.len(axis.dim);
            let is_free = |n: &usize| !taken[*n];
            let same = (0..loops.len()).filter(is_free).find(|&n| is_whole && loops[n].dim == axis.dim);
            let mut found = same.map(|n| (n, 0));
            for n in (0..loops.len()).filter(is_free) {
                if found.is_none() && is_whole {
                    found = relate(dims, loops, n, axis.dim)?.map(|offset| (n, offset));
                }
            }
            let as_long = (0..loops.len()).filter(is_free).find(|&n| !is_whole && dims.len(loops[n].dim) == axis.len);
            let found = found.or(as_long.map(|n| (n, i64::from(axis.start))));
            let Some((n, offset)) = found else {
                self.report_result(&shape);
                return Ok(vec![Bound { base: Base::Loop(0), offset: 0 }; shape.len()]);
            };
            taken[n] = true;
            bounds.push(Bound { base: Base::Loop(n as u32), offset });
        }
        Ok(bounds)
    }

    fn report_result(&mut self, shape: &[Axis]) {
        let owner = self.place.owner;
        let own = &self.draft.var(owner).dims;
        let dims = &self.draft.dims;
        let wanted: Shape = own.iter().map(|&dim| Axis::whole(dim, dims)).collect();
        let name = &self.draft.var(owner).name;
        let message = format!(
            "the equation has shape {}, but `{name}` is {}",
            shape::show(shape, dims),
            if wanted.is_empty() {
                "a single number".to_owned()
            } else {
                format!("an array {}", shape::show(&wanted, dims))
            }
        );
        let error = self.place.error(code::SHAPES, self.equation.span, message);
        self.problems
            .report(error.with_hint("pick an element with subscripts, or reduce the array with SUM, MEAN, MIN or MAX"));
    }

    /// Gives the operands of a node their frames and loops.
    fn assign_operands(&mut self, index: usize, frame: usize, planned: &mut Planned) {
        let equation = self.equation;
        let bounds = planned.bounds[index].clone();
        let shape = self.shapes[index].clone();
        planned.first_frame[index] = planned.frames.len();
        let computed = match &self.plans[index] {
            Plan::Value(_, read) | Plan::Position(read) | Plan::Table(_, read) | Plan::Call(_, Some((_, read))) => {
                let ends = read.limits.iter().flat_map(|limit| [limit.first, limit.last]);
                let ends = ends.filter_map(|end| if let End::Computed(node) = end { Some(node) } else { None });
                computed_of(read).into_iter().chain(ends).collect()
            }
            Plan::Skipped
            | Plan::Operator
            | Plan::Same(_)
            | Plan::Constant(_)
            | Plan::Call(_, None)
            | Plan::Reduce(..)
            | Plan::Flat(_)
            | Plan::Broken => Vec::new(),
        };
        for node in computed {
            self.assign(node, frame, &shape, &bounds, planned);
        }
        match (&self.plans[index], &equation.nodes[index].kind) {
            (Plan::Skipped | Plan::Same(_) | Plan::Constant(_) | Plan::Broken, _) => {}
            (Plan::Call(Builtin { meaning: Meaning::Size, .. }, _), _) => {}
            (Plan::Call(Builtin { meaning: Meaning::State(_), .. }, _), EquationKind::Call(_, args)) => {
                for &arg in args {
                    planned.frames.push(planned.frames[frame].clone());
                    self.assign(arg, planned.frames.len() - 1, &shape, &bounds, planned);
                }
            }
            (Plan::Reduce(..), EquationKind::Call(_, args)) => {
                let axes = self.shapes[args[0] as usize].clone();
                let inner = self.open_frame(frame, &axes, index, planned);
                let bounds = inner_bounds(&planned.frames[frame], axes.len());
                self.assign(args[0], inner, &axes, &bounds, planned);
            }
            (Plan::Operator, EquationKind::Transpose(a)) => {
                let (mut axes, mut bounds) = (shape, bounds);
                if let Some(first) = axes.len().checked_sub(2) {
                    axes.swap(first, first + 1);
                    bounds.swap(first, first + 1);
                }
                self.assign(*a, frame, &axes, &bounds, planned);
            }
            (Plan::Operator, EquationKind::InnerProduct(a, b)) => self.assign_product((*a, *b), index, frame, planned),
            (Plan::Operator | Plan::Call(..) | Plan::Reduce(..) | Plan::Flat(_) | Plan::Table(..), _) => {
                for operand in self.operands(index) {
                    self.assign(operand, frame, &shape, &bounds, planned);
                }
            }
            (Plan::Value(..) | Plan::Position(_), _) => {}
        }
    }

    /// A frame for the body of a reducer.
    fn open_frame(&mut self, outer: usize, axes: &[Axis], index: usize, planned: &mut Planned) -> usize {
        let mut extents = planned.frames[outer].clone();
        if extents.len() + axes.len() > MAX_REDUCERS {
            let message =
                format!("reducers and inner products run over more than {MAX_REDUCERS} dimensions within one another");
            self.problems.report(self.place.error(code::TOO_DEEP, self.equation.nodes[index].span, message));
            extents.clear();
        }
        extents.extend(axes.iter().map(|axis| axis.extent()));
        planned.frames.push(extents);
        planned.frames.len() - 1
    }

    /// The sides of an inner product are computed in one frame.
    fn assign_product(&mut self, (a, b): (u32, u32), index: usize, frame: usize, planned: &mut Planned) {
        let (left, right) = (self.shapes[a as usize].clone(), self.shapes[b as usize].clone());
        let (Some(&last), Some(&first)) = (left.last(), right.first()) else { return };
        let outer = planned.bounds[index].clone();
        let inner = self.open_frame(frame, &[last], index, planned);
        let along = Bound { base: Base::Bound(planned.frames[frame].len() as u32), offset: 0 };
        let n_left = left.len() - 1;
        let moved = Bound { offset: i64::from(first.start) - i64::from(last.start), ..along };
        let left_bounds: Vec<Bound> = outer.iter().take(n_left).copied().chain([along]).collect();
        let right_bounds: Vec<Bound> = [moved].into_iter().chain(outer.iter().skip(n_left).copied()).collect();
        self.assign(a, inner, &left, &left_bounds, planned);
        self.assign(b, inner, &right, &right_bounds, planned);
    }

    /// Gives a node its frame and, from the loops along the axes of what it is part of, its own.
    fn assign(&self, node: u32, frame: usize, outer: &[Axis], bounds: &[Bound], planned: &mut Planned) {
        planned.frame_of[node as usize] = Some(frame);
        let shape = &self.shapes[node as usize];
        if shape.is_empty() {
            return;
        }
        let stray = Bound { base: Base::Bound(0), offset: 0 };
        let pairs = shape::align(shape, outer, &self.draft.dims);
        // Shapes that do not fit have been reported.
        planned.bounds[node as usize] = pairs.map_or(vec![stray; shape.len()], |pairs| {
            let bound = |(axis, offset): (usize, i64)| {
                let outer = bounds.get(axis).copied().unwrap_or(stray);
                Bound { base: outer.base, offset: outer.offset + offset }
            };
            pairs.into_iter().map(bound).collect()
        });
    }
}

/// The loops of the reducer that opens a frame in another.
fn inner_bounds(outer: &[Extent], n: usize) -> Vec<Bound> {
    let first = outer.len();
    (first..first + n).map(|axis| Bound { base: Base::Bound(axis as u32), offset: 0 }).collect()
}

/// The nodes that are subscripts of a read.
fn computed_of(read: &Read) -> Vec<u32> {
    read.subs.iter().filter_map(|sub| if let Sub::Computed(node) = sub { Some(*node) } else { None }).collect()
}

fn loop_index(n: usize, offset: i64) -> Index {
    Index::Moving { base: Base::Loop(n as u32), offset }
}

/// Arrays are wanted as a whole within reducers.
fn whole(mode: Mode) -> Mode {
    if mode == Mode::Size { mode } else { Mode::Whole }
}
