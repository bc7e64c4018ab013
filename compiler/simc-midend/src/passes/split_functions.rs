//! Splits large functions into parts, since engines compile one function at a time and limit its size.
//!
//! Only the sequence of a function's body is cut, loops stay whole. What a later part needs of an earlier one it reads from memory:
//! constants and loads are repeated, a value that the part has stored anyway is loaded from there, all others go through spill slots.
//! Before that, writes move up, so that little has to pass. Each of these walks is linear.

mod body;
mod cuts;
mod parts;
mod reorder;

use cranelift_entity::PrimaryMap;
use simc_ir::func::FuncData;
use simc_ir::module::Module;

use self::body::Body;
use crate::pass::{FuncLimits, Pass, PassCx};

/// See the module.
pub const PASS: Pass = Pass {
    name: "split_functions",
    about: "splits functions that are too large for one wasm function",
    run: |module: &mut Module, cx: &PassCx| split(module, cx.limits),
};

/// Splits every function that is beyond the limits. A single instruction or loop beyond them stays alone.
pub fn split(module: &mut Module, limits: FuncLimits) -> bool {
    let funcs = std::mem::replace(&mut module.funcs, PrimaryMap::new());
    let mut parts: Vec<FuncData> = Vec::with_capacity(funcs.len());
    let mut spills = parts::Spills::default();
    let mut changed = false;
    for (_, func) in funcs {
        let body = Body::new(&func);
        let segments = cuts::find(&func, &body, limits);
        if segments.count == 1 {
            parts.push(func);
            continue;
        }
        // Moving things is worth it only where there are cuts: short functions keep their effects after everything else.
        let func = reorder::reorder(module, &func, &body);
        let body = Body::new(&func);
        let segments = cuts::find(&func, &body, limits);
        spills.begin(&func);
        parts.extend(parts::write(module, &func, &body, &segments, &mut spills));
        changed = true;
    }
    for part in parts {
        module.funcs.push(part);
    }
    changed
}

#[cfg(test)]
mod tests;
