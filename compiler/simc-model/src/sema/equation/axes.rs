//! The shape of each node of an equation, from the operands up.

use crate::builtin::{Builtin, Meaning};
use crate::definition::EquationKind;
use crate::diagnostic::code;
use crate::sema::base::shape::{self, Shape};
use crate::sema::equation::plan::{Mode, Plan, Planner, computed_of};
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
            (Plan::Skipped | Plan::Broken | Plan::Constant(_) | Plan::Same(_), _) => return Shape::new(),
            (Plan::Reduce(builtin, _), EquationKind::Call(_, args)) => {
                if self.shapes[args[0] as usize].is_empty() && !self.is_broken(args[0]) {
                    self.report_no_array(builtin, args[0]);
                }
                return Shape::new();
            }
            (Plan::Call(Builtin { meaning: Meaning::Size, .. }, _), _) => return Shape::new(),
            (&Plan::Vector(builtin, function), EquationKind::Call(_, args)) => {
                return self.shape_of_vector(builtin, function, args, node.span);
            }
            (Plan::Function(function), EquationKind::Call(_, args)) => {
                let params = args.iter().copied().zip(&function.params);
                let bound = params.filter(|(arg, param)| !param.usage.is_array && self.modes[*arg as usize].is_some());
                bound.map(|(arg, _)| arg).collect()
            }
            (
                Plan::Value(_, read) | Plan::Position(read) | Plan::Table(_, read) | Plan::Call(_, Some((_, read))),
                _,
            ) => {
                let (axes, computed) = (read.axes.clone(), computed_of(read));
                let shape = self.merge_all(axes, &computed, node.span);
                let args = self.operands(index);
                return self.merge_all(shape, &args, node.span);
            }
            (Plan::Belt(_, read, number, _), _) => {
                let operands: Vec<u32> = computed_of(read).into_iter().chain(*number).collect();
                let axes = read.axes.clone();
                return self.merge_all(axes, &operands, node.span);
            }
            (Plan::Capacity(_, read), _) => {
                let (axes, computed) = (read.axes.clone(), computed_of(read));
                return self.merge_all(axes, &computed, node.span);
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
            (
                Plan::Operator
                | Plan::Call(..)
                | Plan::Reduce(..)
                | Plan::Vector(..)
                | Plan::Flat(_)
                | Plan::Function(_),
                _,
            ) => self.operands(index),
        };
        self.merge_all(Shape::new(), &operands, node.span)
    }

    /// Whether a node, or one that it is made of, has been reported; only the nearest are asked.
    pub(in crate::sema) fn is_broken(&self, node: u32) -> bool {
        let is = |node: u32| match &self.plans[node as usize] {
            Plan::Broken | Plan::Skipped => true,
            Plan::Value(var, _) => self.place.tree.def(*var).reported,
            Plan::Operator
            | Plan::Position(_)
            | Plan::Belt(..)
            | Plan::Capacity(..)
            | Plan::Same(_)
            | Plan::Constant(_)
            | Plan::Call(..)
            | Plan::Reduce(..)
            | Plan::Vector(..)
            | Plan::Table(..)
            | Plan::Function(_)
            | Plan::Flat(_) => false,
        };
        is(node) || self.operands(node as usize).iter().any(|&operand| is(operand))
    }

    /// The operands that are computed beside a node.
    pub(in crate::sema) fn operands(&self, index: usize) -> Vec<u32> {
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

    pub(in crate::sema) fn merge_all(&mut self, mut shape: Shape, operands: &[u32], span: Span) -> Shape {
        for &operand in operands {
            let other = &self.shapes[operand as usize];
            let dims = &self.builder.dims;
            let merged = shape::merge(&shape, other, dims);
            match merged.or_else(|| shape::merge_pairs(&shape, other, dims).filter(|_| self.pairs_up)) {
                Some(merged) => shape = merged,
                None => {
                    let dims = &self.builder.dims;
                    let message =
                        format!("shapes do not fit: {} and {}", shape::show(&shape, dims), shape::show(other, dims));
                    let hint = "one of them must have all the dimensions of the other, with as many elements";
                    self.diagnostics.report(self.place.error(code::SHAPES, span, message).with_hint(hint));
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
            let dims = &self.builder.dims;
            let message = format!("shapes do not fit: {} and {}", shape::show(left, dims), shape::show(right, dims));
            let hint = "an inner product needs as many elements in the last dimension of the left side as in the first of the right";
            self.diagnostics.report(self.place.error(code::SHAPES, span, message).with_hint(hint));
            return Shape::new();
        }
        left[..left.len() - 1].iter().chain(&right[1..]).copied().collect()
    }

    pub(in crate::sema) fn report_no_array(&mut self, builtin: &Builtin, node: u32) {
        let span = self.equation.nodes[node as usize].span;
        let message = format!("{} of a single number", builtin.name());
        let error = self.place.error(code::NOT_AN_ARRAY, span, message);
        self.diagnostics.report(error.with_hint(format!("give it an array, such as `{}(a[*])`", builtin.name())));
    }
}
