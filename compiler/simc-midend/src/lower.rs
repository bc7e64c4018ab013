//! Model to IR: the one place where stocks, flows and functions become slots, rates and instructions.
//!
//! An array is a loop: each equation is lowered once, inside a loop for each dimension. Slots are declared first, in the order of a row, then one function for each role is built from the model's two evaluation orders.
//! The operations and their order are those of `docs/semantics.md`, one instruction for each: what is exact there is exact here.
//! Expressions are flat, so lowering one is a loop over its nodes, and no model is too deep.

// what there is
mod alive;
mod axes;
mod families;
mod links;
mod names;
mod slots;
mod symbols;
mod variance;
mod visit;

// what is computed where
mod makers;
mod schedule;
mod task;
mod transport_args;

// how
mod advance;
mod builtin;
mod expr;
mod func_lowering;
mod index;
mod reduce;
mod roles;
mod state;
mod transport;
mod vector;

use std::collections::BTreeSet;

use simc_ir::module::{FuncRole, Module};
use simc_model::model::{Model, VarId};

use crate::layout::Symbols;
use crate::passes::bound_rings;

/// What to make of a model.
#[derive(Clone, Debug, Default)]
pub struct LowerOptions {
    /// The variables whose values a run is to show, besides the four time slots; all when absent.
    /// What they do not need is left out; constants that they do need stay in the row, where a host can set them.
    pub keep: Option<BTreeSet<VarId>>,
    /// How many points a host may give each graphical function, and at least as many as it has; absent when it may give none.
    pub table_points: Option<u32>,
}

/// A model as IR, and what a host should know of it.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// The module, not yet optimised: verified, and runnable as it is.
    pub module: Module,
    /// The variables of the row, in slot order.
    pub symbols: Symbols,
}

/// Lowers a model.
pub fn lower(model: &Model, options: &LowerOptions) -> Lowered {
    let variances = variance::variances(model);
    let alive = alive::Alive::new(model, options.keep.as_ref());
    let (mut module, mut places) = slots::declare(model, &variances, &alive, options);
    let plans = roles::plan(model, &places, &variances, &alive);
    slots::declare_kept(model, &mut module, &mut places, &[&plans.start, &plans.row]);
    slots::declare_waiting(model, &mut module, &mut places, &plans.row);
    let cx = func_lowering::Context { model, places: &places };
    for role in FuncRole::ALL {
        let func = match role {
            FuncRole::Prepare => roles::prepare(&module, &cx, &plans),
            FuncRole::Start => roles::start(&module, &cx, &plans),
            FuncRole::Row => roles::row(&module, &cx, &plans),
            FuncRole::Step => roles::step(&module),
            FuncRole::Stage => roles::stage(&module),
            FuncRole::Commit => roles::commit(&module, &cx),
        };
        if let Some(func) = func {
            module.funcs.push(func);
        }
    }
    bound_rings::bound(&mut module);
    let symbols = symbols::symbols(model, &module, &places);
    Lowered { module, symbols }
}

#[cfg(test)]
mod tests;
