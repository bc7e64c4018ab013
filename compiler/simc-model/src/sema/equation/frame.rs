//! Frames: in which expression each node of an equation is computed, and the loops that run along its axes.

use crate::diagnostic::code;
use crate::model::{Base, Extent};
use crate::sema::base::shape::{self, Axis, Bound, Shape};
use crate::sema::equation::node_plan::{NodePlan, Planner};

/// How many dimensions reducers may run over within one another.
const MAX_REDUCERS: usize = 32;

/// An equation that has been looked through.
pub(in crate::sema) struct Planned<'a> {
    /// What each node is.
    pub(in crate::sema) plans: Vec<NodePlan<'a>>,
    /// The axes of each node.
    pub(in crate::sema) shapes: Vec<Shape>,
    /// The loops that run along the axes of each node.
    pub(in crate::sema) bounds: Vec<Vec<Bound>>,
    /// The frame of each node; none for what is not computed.
    pub(in crate::sema) frame_of: Vec<Option<usize>>,
    /// The first frame that a node has made for its operands.
    pub(in crate::sema) first_frame: Vec<usize>,
    /// What the reducers around each frame run over, outermost first.
    pub(in crate::sema) frames: Vec<Vec<Extent>>,
}

impl Planned<'_> {
    /// Whether a node reads a range whose ends are computed.
    pub(in crate::sema) fn has_limits(&self, node: u32) -> bool {
        matches!(&self.plans[node as usize], NodePlan::Value(_, read) if !read.limits.is_empty())
    }
}

impl Planner<'_, '_, '_> {
    /// A frame for the body of a reducer.
    pub(in crate::sema) fn open_frame(
        &mut self,
        outer: usize,
        axes: &[Axis],
        index: usize,
        planned: &mut Planned<'_>,
    ) -> usize {
        let mut extents = planned.frames[outer].clone();
        if extents.len() + axes.len() > MAX_REDUCERS {
            let message =
                format!("reducers and inner products run over more than {MAX_REDUCERS} dimensions within one another");
            if !std::mem::replace(&mut self.is_too_deep, true) {
                self.diagnostics.report(self.place.error(code::TOO_DEEP, self.equation.nodes[index].span, message));
            }
            extents.clear();
        }
        extents.extend(axes.iter().map(|axis| axis.extent()));
        planned.frames.push(extents);
        planned.frames.len() - 1
    }

    /// Gives a node its frame and, from the loops along the axes of what it is part of, its own.
    pub(in crate::sema) fn assign(
        &self,
        node: u32,
        frame: usize,
        outer: &[Axis],
        bounds: &[Bound],
        planned: &mut Planned<'_>,
    ) {
        planned.frame_of[node as usize] = Some(frame);
        let shape = &self.shapes[node as usize];
        if shape.is_empty() {
            return;
        }
        let stray = Bound { base: Base::Bound(0), offset: 0 };
        let pairs = shape::align(shape, outer, &self.builder.dims);
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
pub(in crate::sema) fn inner_bounds(outer: &[Extent], n: usize) -> Vec<Bound> {
    let first = outer.len();
    (first..first + n).map(|axis| Bound { base: Base::Bound(axis as u32), offset: 0 }).collect()
}
