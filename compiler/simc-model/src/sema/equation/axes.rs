//! The shape of each node of an equation, from the operands up.

use crate::builtin::{Builtin, Dialect, Meaning};
use crate::definition::{Equation, EquationKind, EquationNode};
use crate::diagnostic::code;
use crate::sema::base::shape::{self, Shape};
use crate::sema::equation::node_plan::{End, Mode, NodePlan, Planner, computed_of};
use crate::source::Span;

impl Planner<'_, '_, '_> {
    /// From the operands up: the axes of each node.
    pub(in crate::sema) fn find_shapes(&mut self) {
        for index in 0..self.equation.nodes.len() {
            self.pairs_up = matches!(self.modes[index], Some(Mode::Whole | Mode::Size));
            let shape = if self.modes[index].is_some() { self.shape_of(index) } else { Shape::new() };
            self.shapes.push(shape);
        }
    }

    fn shape_of(&mut self, index: usize) -> Shape {
        let equation = self.equation;
        let node = &equation.nodes[index];
        let operands = match (&self.plans[index], &node.kind) {
            (NodePlan::Skipped | NodePlan::Broken | NodePlan::Constant(_) | NodePlan::Same(_), _) => {
                return Shape::new();
            }
            (NodePlan::Reduce(builtin, _), EquationKind::Call(_, args)) => {
                if self.shapes[args[0] as usize].is_empty() && !self.is_broken(args[0]) {
                    self.report_no_array(builtin, args[0]);
                }
                return Shape::new();
            }
            (NodePlan::Call(Builtin { meaning: Meaning::Size, .. }, _), _) => return Shape::new(),
            (&NodePlan::Vector(builtin, function), EquationKind::Call(_, args)) => {
                return self.shape_of_vector(builtin, function, args, node.span);
            }
            (NodePlan::Function(call), EquationKind::Call(_, args)) => {
                let params = args.iter().copied().zip(&call.function.params);
                let bound = params.filter(|(arg, param)| !param.usage.is_array && self.modes[*arg as usize].is_some());
                bound.map(|(arg, _)| arg).collect()
            }
            // The parts lie along the axes of the array.
            (NodePlan::Call(Builtin { meaning: Meaning::Interpolate, .. }, reads), _) => {
                let computed = reads.iter().flat_map(|(_, read)| computed_of(read));
                computed.chain(self.operands(index)).collect()
            }
            (NodePlan::Call(Builtin { meaning: Meaning::Fold(_), .. }, _), EquationKind::Call(_, args))
                if self.modes[index] == Some(Mode::Current) && self.is_reduced(args) =>
            {
                self.reduced.insert(index as u32);
                return Shape::new();
            }
            (NodePlan::Call(_, reads), _) => {
                let reads: Vec<(Shape, Vec<u32>)> =
                    reads.iter().map(|(_, read)| (read.axes.clone(), computed_of(read))).collect();
                let mut shape = Shape::new();
                for (axes, computed) in reads {
                    shape = self.merge_axes(shape, &axes, node.span);
                    shape = self.merge_all(shape, &computed, node.span);
                }
                let args = self.operands(index);
                return self.merge_all(shape, &args, node.span);
            }
            (NodePlan::Value(_, read) | NodePlan::Position(read) | NodePlan::Table(_, read), _) => {
                let (axes, computed) = (read.axes.clone(), computed_of(read));
                let ends = read.limits.iter().flat_map(|limit| [limit.first, limit.last]);
                let ends: Vec<u32> =
                    ends.filter_map(|end| if let End::Computed(node) = end { Some(node) } else { None }).collect();
                if let Some((end, axis)) = ends.iter().find_map(|&end| Some((end, *self.shapes[end as usize].first()?)))
                {
                    self.report_no_position(axis.dim, equation.nodes[end as usize].span);
                }
                let shape = self.merge_all(axes, &computed, node.span);
                let args = self.operands(index);
                return self.merge_all(shape, &args, node.span);
            }
            (NodePlan::Transport(_, read, number, _), _) => {
                let operands: Vec<u32> = computed_of(read).into_iter().chain(*number).collect();
                let axes = read.axes.clone();
                return self.merge_all(axes, &operands, node.span);
            }
            (NodePlan::Capacity(_, read), _) => {
                let (axes, computed) = (read.axes.clone(), computed_of(read));
                return self.merge_all(axes, &computed, node.span);
            }
            (NodePlan::Operator, EquationKind::Transpose(a)) => {
                let mut shape = self.shapes[*a as usize].clone();
                transpose(self.place.tree.file.dialect, &mut shape);
                return shape;
            }
            (NodePlan::Operator, EquationKind::InnerProduct(a, b)) => return self.shape_of_product(*a, *b, node.span),
            (
                NodePlan::Operator
                | NodePlan::Reduce(..)
                | NodePlan::Vector(..)
                | NodePlan::Flat(_)
                | NodePlan::Function(_),
                _,
            ) => self.operands(index),
        };
        self.merge_all(Shape::new(), &operands, node.span)
    }

    /// Whether several arguments of MAX or MIN do not go together element by element, or what they come to is no value of the equation: then
    /// the greatest or least of all elements of all of them is meant.
    fn is_reduced(&self, args: &[u32]) -> bool {
        if self.place.tree.file.dialect == Dialect::Vensim || args.iter().any(|&arg| self.is_broken(arg)) {
            return false;
        }
        let merged = args
            .iter()
            .try_fold(Shape::new(), |shape, &arg| shape::merge(&shape, &self.shapes[arg as usize], &self.builder.dims));
        // A shape that fits in parts alone is looked at again in these.
        merged.is_none_or(|shape| matches!(self.find_bounds(&shape), Ok(None)))
    }

    /// `a *.* b`: the last axis of a runs along the first of b.
    fn shape_of_product(&mut self, a: u32, b: u32, span: Span) -> Shape {
        let (left, right) = (&self.shapes[a as usize], &self.shapes[b as usize]);
        let fits = matches!((left.last(), right.first()), (Some(a), Some(b)) if a.len == b.len);
        if !fits {
            let dims = &self.builder.dims;
            let message = format!("shapes do not fit: {} and {}", shape::show(left, dims), shape::show(right, dims));
            let hint = "an inner product needs as many elements in the last dimension of the left side as in the first of the right";
            self.diagnostics.report(self.place.error(code::SHAPES, span, message).with_hint(hint));
            return Shape::new();
        }
        left[..left.len() - 1].iter().chain(&right[1..]).copied().collect()
    }

    /// The equation with arrays that count as a whole reduced: `MAX(MAX(a), 0)` in the place of `MAX(a, 0)`.
    pub(in crate::sema) fn with_reduced(&self) -> Equation {
        let mut nodes: Vec<EquationNode> = Vec::with_capacity(self.equation.nodes.len());
        let mut moved: Vec<u32> = Vec::with_capacity(self.equation.nodes.len());
        for (index, node) in (0_u32..).zip(&self.equation.nodes) {
            let kind = if let EquationKind::Call(path, args) = &node.kind
                && self.reduced.contains(&index)
            {
                let mut all = Vec::with_capacity(args.len());
                for &arg in args {
                    let mut operand = moved[arg as usize];
                    if !self.shapes[arg as usize].is_empty() {
                        let span = self.equation.nodes[arg as usize].span;
                        nodes.push(EquationNode { kind: EquationKind::Call(path.clone(), vec![operand]), span });
                        operand = nodes.len() as u32 - 1;
                    }
                    all.push(operand);
                }
                EquationKind::Call(path.clone(), all)
            } else {
                node.kind.with_operands(|operand| moved[operand as usize])
            };
            nodes.push(EquationNode { kind, span: node.span });
            moved.push(nodes.len() as u32 - 1);
        }
        Equation { nodes, span: self.equation.span }
    }
}

/// Puts what belongs to each axis of an array in the order of `a'`: XMILE 1.0, 3.7.1 reverses the axes, Stella exchanges the last two.
pub(in crate::sema) fn transpose<T>(dialect: Dialect, axes: &mut [T]) {
    match axes {
        [.., before, last] if dialect == Dialect::Stella => std::mem::swap(before, last),
        _ => axes.reverse(),
    }
}
