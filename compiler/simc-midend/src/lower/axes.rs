//! Axes: one for each run of positions that something is indexed by or a loop runs over.

use std::collections::BTreeMap;

use cranelift_entity::PrimaryMap;
use simc_ir::entity::Axis;
use simc_ir::module::{AxisData, Module};
use simc_model::model::{Expr, ExprKind, Extent, Model, State, TableRef, VarId};

use super::{names, visit};

/// The axes of a module by what they stand for. A whole dimension is the extent of all its positions.
#[derive(Debug, Default)]
pub(super) struct Axes {
    extents: BTreeMap<Extent, Axis>,
    /// Axes of which only the length is known: those of arrays of tables, and the rows of vector functions.
    lengths: BTreeMap<u32, Axis>,
}

impl Axes {
    /// The axis of some positions of a dimension.
    pub(super) fn of(&self, extent: &Extent) -> Axis {
        self.extents[extent]
    }

    /// The axis of an array of tables, or of the rows of a vector function.
    pub(super) fn of_length(&self, len: u32) -> Axis {
        self.lengths[&len]
    }

    /// The axes of the blocks of a vector function: those of its call, its rows, and the vector.
    pub(super) fn of_block(&self, state: &State) -> Vec<Axis> {
        let (function, extents) = state.vector().expect("the state is a vector function");
        let outer = state.extents.iter().map(|extent| self.of(extent));
        let rows = self.of_length(names::rows(function));
        outer.chain([rows]).chain(extents.iter().map(|extent| self.of(extent))).collect()
    }

    /// The axes of a variable.
    pub(super) fn of_var(&self, model: &Model, id: VarId) -> Vec<Axis> {
        whole(model, id).iter().map(|extent| self.of(extent)).collect()
    }
}

/// The extents of all elements of a variable.
pub(super) fn whole(model: &Model, id: VarId) -> Vec<Extent> {
    let len =
        |dim: u32| u32::try_from(model.dims[dim as usize].elements.len()).expect("positions are counted in 32 bits");
    model.var(id).dims.iter().map(|&dim| Extent { dim, start: 0, len: len(dim.0) }).collect()
}

/// Declares every axis that the model needs.
pub(super) fn declare(model: &Model, module: &mut Module) -> Axes {
    let mut declarer = Declarer { model, axes: Axes::default(), map: PrimaryMap::new() };
    for (id, var) in model.iter_vars() {
        declarer.extents(&whole(model, id));
        for clause in visit::clauses(var) {
            declarer.extents(&clause.region);
        }
        visit::exprs(var).for_each(|expr| declarer.expr(expr));
    }
    for state in &model.states {
        declarer.extents(&state.extents);
        visit::args(model, state).for_each(|expr| declarer.expr(expr));
        if let Some((function, _)) = state.vector() {
            declarer.length(names::rows(function), "rows");
        }
    }
    module.axes = declarer.map;
    declarer.axes
}

struct Declarer<'a> {
    model: &'a Model,
    axes: Axes,
    map: PrimaryMap<Axis, AxisData>,
}

impl Declarer<'_> {
    fn expr(&mut self, expr: &Expr) {
        visit::visit(expr, |kind, _| match kind {
            ExprKind::Reduce(reduce) => self.extents(&reduce.extents),
            ExprKind::Lookup(TableRef::Each { shape, .. }, _) => {
                shape.iter().for_each(|&len| self.length(len, "tables"))
            }
            ExprKind::Number(_)
            | ExprKind::Time
            | ExprKind::Var(..)
            | ExprKind::State(_)
            | ExprKind::Transport(_)
            | ExprKind::Vector(_)
            | ExprKind::Arrange(..)
            | ExprKind::Position(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::If { .. }
            | ExprKind::Call(..)
            | ExprKind::Lookup(..) => {}
        });
    }

    fn extents(&mut self, extents: &[Extent]) {
        for extent in extents {
            if self.axes.extents.contains_key(extent) {
                continue;
            }
            let dim = &self.model.dims[extent.dim.0 as usize];
            let is_whole = extent.start == 0 && extent.len as usize == dim.elements.len();
            let last = extent.start + extent.len;
            let name = if is_whole { dim.name.clone() } else { format!("{} {}:{last}", dim.name, extent.start + 1) };
            let axis = self.map.push(AxisData { name, size: extent.len });
            self.axes.extents.insert(*extent, axis);
        }
    }

    fn length(&mut self, len: u32, what: &str) {
        let map = &mut self.map;
        self.axes.lengths.entry(len).or_insert_with(|| map.push(AxisData { name: what.to_owned(), size: len }));
    }
}
