//! From the result of an equation down: each operand gets its frame, and the loops along its axes.

use crate::builtin::{Builtin, Dialect, Meaning};
use crate::definition::EquationKind;
use crate::definition::wording::Cure;
use crate::diagnostic::code;
use crate::model::Base;
use crate::sema::base::shape::{self, Axis, Bound, Shape};
use crate::sema::equation::axes::transpose;
use crate::sema::equation::frame::{Planned, inner_bounds};
use crate::sema::equation::node_plan::{End, NodePlan, Planner, Read, Split, computed_of};
use crate::sema::equation::subscript::relate;

/// What a read needs the values of: computed subscripts, and the ends of ranges.
fn nodes_of(read: &Read) -> impl Iterator<Item = u32> {
    let ends = read.limits.iter().flat_map(|limit| [limit.first, limit.last]);
    let ends = ends.filter_map(|end| if let End::Computed(node) = end { Some(node) } else { None });
    computed_of(read).into_iter().chain(ends)
}

impl<'a> Planner<'_, '_, 'a> {
    /// From the result down: frames, and the loops along each node's axes.
    pub(in crate::sema) fn assign_frames(mut self) -> Result<Planned<'a>, Split> {
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
        if let Some(bounds) = self.find_bounds(&shape)? {
            return Ok(bounds);
        }
        self.report_result(&shape);
        Ok(vec![Bound { base: Base::Loop(0), offset: 0 }; shape.len()])
    }

    /// The loops of the region along the axes of a shape; nothing when it has others.
    pub(in crate::sema) fn find_bounds(&self, shape: &[Axis]) -> Result<Option<Vec<Bound>>, Split> {
        let loops = self.place.run_loops();
        let dims = &self.builder.dims;
        let order: Vec<usize> = self.place.loop_order().into_iter().filter(|&n| n < loops.len()).collect();
        let mut taken = vec![false; loops.len()];
        let mut bounds = Vec::with_capacity(shape.len());
        for axis in shape {
            let is_whole = axis.start == 0 && axis.len == dims.len(axis.dim);
            let is_free = |n: &usize| !taken[*n];
            let same = order.iter().copied().filter(is_free).find(|&n| is_whole && loops[n].dim == axis.dim);
            let mut found = same.map(|n| (n, 0));
            for n in order.iter().copied().filter(is_free) {
                if found.is_none() && is_whole {
                    found = relate(dims, loops, n, axis.dim)?.map(|offset| (n, offset));
                }
            }
            let as_long =
                order.iter().copied().filter(is_free).find(|&n| !is_whole && dims.len(loops[n].dim) == axis.len);
            let Some((n, offset)) = found.or(as_long.map(|n| (n, i64::from(axis.start)))) else { return Ok(None) };
            taken[n] = true;
            bounds.push(Bound { base: Base::Loop(n as u32), offset });
        }
        Ok(Some(bounds))
    }

    fn report_result(&mut self, shape: &[Axis]) {
        let owner = self.place.owner;
        let own = &self.builder.var(owner).dims;
        let dims = &self.builder.dims;
        let wanted: Shape = own.iter().map(|&dim| Axis::whole(dim, dims)).collect();
        let name = &self.builder.var(owner).name;
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
        let own_hint = if wanted.is_empty() { self.reduce_arguments() } else { None };
        let hint = own_hint.unwrap_or_else(|| self.diagnostics.cure(Cure::ReduceArray).to_owned());
        self.diagnostics.report(error.with_hint(hint));
    }

    /// What to write for a call of MEAN and its like with arrays among several arguments, in the place of a number: one argument alone is
    /// looked at as a whole. The innermost such call is meant.
    fn reduce_arguments(&self) -> Option<String> {
        if self.place.tree.file.dialect == Dialect::Vensim {
            return None;
        }
        let nodes = &self.equation.nodes;
        (0..nodes.len()).find_map(|index| {
            let (EquationKind::Call(_, args), NodePlan::Call(builtin, _)) = (&nodes[index].kind, &self.plans[index])
            else {
                return None;
            };
            let is_meant = matches!(builtin.meaning, Meaning::Reduce(_)) && args.len() > 1;
            if !is_meant || self.shapes[index].is_empty() {
                return None;
            }
            let name = self.place.spelling(builtin);
            let shown: Vec<String> = args
                .iter()
                .map(|&arg| {
                    let kind = &nodes[arg as usize].kind;
                    let text = match (kind.as_name().filter(|path| !path.absolute), kind.as_number()) {
                        (Some(path), _) => {
                            path.parts.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(".")
                        }
                        (None, Some(value)) => value.to_string(),
                        (None, None) => "...".to_owned(),
                    };
                    if self.shapes[arg as usize].is_empty() { text } else { format!("{name}({text})") }
                })
                .collect();
            let what = format!("{name} of several arguments goes through arrays element by element");
            Some(format!("{what}; for one number reduce each array first: `{name}({})`", shown.join(", ")))
        })
    }

    /// Gives the operands of a node their frames and loops.
    fn assign_operands(&mut self, index: usize, frame: usize, planned: &mut Planned<'_>) {
        let equation = self.equation;
        let bounds = planned.bounds[index].clone();
        let shape = self.shapes[index].clone();
        planned.first_frame[index] = planned.frames.len();
        let computed = match &self.plans[index] {
            NodePlan::Value(_, read) | NodePlan::Position(read) | NodePlan::Table(_, read) => nodes_of(read).collect(),
            NodePlan::Call(_, reads) => reads.iter().flat_map(|(_, read)| nodes_of(read)).collect(),
            NodePlan::Transport(_, read, number, _) => computed_of(read).into_iter().chain(*number).collect(),
            NodePlan::Capacity(_, read) => computed_of(read),
            NodePlan::Skipped
            | NodePlan::Operator
            | NodePlan::Same(_)
            | NodePlan::Constant(_)
            | NodePlan::Reduce(..)
            | NodePlan::Vector(..)
            | NodePlan::Flat(_)
            | NodePlan::Function(_)
            | NodePlan::Broken => Vec::new(),
        };
        for node in computed {
            self.assign(node, frame, &shape, &bounds, planned);
        }
        match (&self.plans[index], &equation.nodes[index].kind) {
            (NodePlan::Skipped | NodePlan::Same(_) | NodePlan::Constant(_) | NodePlan::Broken, _) => {}
            (NodePlan::Call(Builtin { meaning: Meaning::Size, .. }, _), _) => {}
            (
                NodePlan::Call(Builtin { meaning: Meaning::State(_) | Meaning::Memory(_), .. }, _),
                EquationKind::Call(_, args),
            ) => {
                for &arg in args {
                    planned.frames.push(planned.frames[frame].clone());
                    self.assign(arg, planned.frames.len() - 1, &shape, &bounds, planned);
                }
            }
            (NodePlan::Function(planned_call), EquationKind::Call(_, args)) => {
                let arrays: Vec<bool> = planned_call.function.params.iter().map(|param| param.usage.is_array).collect();
                for (&arg, is_array) in args.iter().zip(arrays) {
                    if self.modes[arg as usize].is_none() {
                        planned.frames.push(Vec::new());
                    } else if is_array {
                        let axes = self.shapes[arg as usize].clone();
                        let inner = self.open_frame(frame, &axes, index, planned);
                        let bounds = inner_bounds(&planned.frames[frame], axes.len());
                        self.assign(arg, inner, &axes, &bounds, planned);
                    } else {
                        planned.frames.push(planned.frames[frame].clone());
                        self.assign(arg, planned.frames.len() - 1, &shape, &bounds, planned);
                    }
                }
            }
            (NodePlan::Reduce(..), EquationKind::Call(_, args)) => {
                let axes = self.shapes[args[0] as usize].clone();
                let inner = self.open_frame(frame, &axes, index, planned);
                let bounds = inner_bounds(&planned.frames[frame], axes.len());
                self.assign(args[0], inner, &axes, &bounds, planned);
            }
            (&NodePlan::Vector(builtin, function), EquationKind::Call(_, args)) => {
                self.assign_vector((index, frame), builtin, function, args, planned);
            }
            (NodePlan::Operator, EquationKind::Transpose(a)) => {
                let (mut axes, mut bounds) = (shape, bounds);
                let dialect = self.place.tree.file.dialect;
                transpose(dialect, &mut axes);
                transpose(dialect, &mut bounds);
                self.assign(*a, frame, &axes, &bounds, planned);
            }
            (NodePlan::Operator, EquationKind::InnerProduct(a, b)) => {
                self.assign_product((*a, *b), index, frame, planned)
            }
            (
                NodePlan::Operator
                | NodePlan::Call(..)
                | NodePlan::Reduce(..)
                | NodePlan::Vector(..)
                | NodePlan::Flat(_)
                | NodePlan::Table(..)
                | NodePlan::Function(_),
                _,
            ) => {
                for operand in self.operands(index) {
                    self.assign(operand, frame, &shape, &bounds, planned);
                }
            }
            (NodePlan::Value(..) | NodePlan::Position(_) | NodePlan::Transport(..) | NodePlan::Capacity(..), _) => {}
        }
    }

    /// The sides of an inner product are computed in one frame.
    fn assign_product(&mut self, (a, b): (u32, u32), index: usize, frame: usize, planned: &mut Planned<'_>) {
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
}
