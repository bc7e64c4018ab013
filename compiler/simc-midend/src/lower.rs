//! Model to IR: the one place where stocks, flows and functions become slots, rates and instructions.
//!
//! Slots are declared first, in the order of a row, then one function for each role is built from the model's two evaluation orders.
//! The operations and their order are those of `docs/semantics.md`, one instruction for each: what is exact there is exact here.
//! Expressions are flat, so lowering one is a loop over its nodes, and no model is too deep.

mod alive;
mod builtin;
mod expr;
mod roles;
mod scope;
mod slots;
mod state;
mod symbols;
mod variance;

use std::collections::BTreeSet;

use simc_front::model::{Model, VarId};
use simc_ir::module::{FuncRole, Module};

use crate::layout::Symbols;
use crate::passes::bound_rings;

/// What to make of a model.
#[derive(Clone, Debug, Default)]
pub struct LowerOptions {
    /// The variables whose values a run is to show, besides the four time slots; all when absent.
    /// What they do not need is left out; constants that they do need stay in the row, where a host can set them.
    pub keep: Option<BTreeSet<VarId>>,
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
///
/// # Panics
/// When the model has arrays, which no front end makes yet.
pub fn lower(model: &Model, options: &LowerOptions) -> Lowered {
    if let Some(var) = model.vars.iter().find(|var| !var.dims.is_empty()) {
        panic!("the array {:?} reached scalar lowering", var.name);
    }
    let variances = variance::variances(model);
    let alive = alive::Alive::new(model, options.keep.as_ref());
    let (mut module, places) = slots::declare(model, &variances, &alive, options.keep.as_ref());
    let cx = scope::Context { model, places: &places, variances: &variances, alive: &alive };
    for role in FuncRole::ALL {
        let func = match role {
            FuncRole::Prepare => roles::prepare(&module, &cx),
            FuncRole::Start => roles::start(&module, &cx),
            FuncRole::Row => roles::row(&module, &cx),
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
