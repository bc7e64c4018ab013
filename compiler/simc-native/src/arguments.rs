//! What functions are always called with: a parameter for which all calls give the same constant is that constant, so that addresses are
//! known when the object is made.

use std::collections::BTreeSet;

use wasmparser::Operator;

use crate::error::Error;
use crate::module::{WasmModule, broken};

/// An argument of a call.
#[derive(Clone, Copy, PartialEq)]
enum Argument {
    /// The bits of a constant.
    Constant(u64),
    /// A parameter of the caller.
    Parameter(u32),
    Any,
}

/// What is known of a parameter.
#[derive(Clone, Copy, PartialEq)]
enum Known {
    /// No call has been seen.
    Nothing,
    Constant(u64),
    /// It differs, or hosts give it.
    Any,
}

/// For each parameter of each function, the bits that it always has. `order` holds each function after all that it calls, `roots` what hosts call.
pub(crate) fn constant_parameters(
    module: &WasmModule<'_>,
    order: &[u32],
    roots: &[u32],
) -> Result<Vec<Vec<Option<u64>>>, Error> {
    let n_params = |func: u32| module.func_type(func).params().len();
    let mut known: Vec<Vec<Known>> =
        (0..module.funcs.len()).map(|func| vec![Known::Nothing; n_params(func as u32)]).collect();
    for &root in roots {
        known[root as usize].fill(Known::Any);
    }
    // Callers come before what they call.
    for &caller in order.iter().rev() {
        let (calls, changed) = calls(module, caller)?;
        for (callee, arguments) in calls {
            for (at, argument) in arguments.into_iter().enumerate() {
                let given = match argument {
                    Argument::Constant(bits) => Known::Constant(bits),
                    Argument::Parameter(param) if !changed.contains(&param) => known[caller as usize][param as usize],
                    Argument::Parameter(_) | Argument::Any => Known::Any,
                };
                let place = &mut known[callee as usize][at];
                *place = if *place == Known::Nothing || *place == given { given } else { Known::Any };
            }
        }
    }
    let constant = |known| if let Known::Constant(bits) = known { Some(bits) } else { None };
    Ok(known.into_iter().map(|params| params.into_iter().map(constant).collect()).collect())
}

/// What a function calls, each with its arguments, and the locals that it sets.
type Calls = (Vec<(u32, Vec<Argument>)>, BTreeSet<u32>);

#[expect(clippy::wildcard_enum_match_arm, reason = "a few of hundreds of instructions")]
fn calls(module: &WasmModule<'_>, func: u32) -> Result<Calls, Error> {
    let n_params = module.func_type(func).params().len();
    let (mut calls, mut changed) = (Vec::new(), BTreeSet::new());
    // The topmost operands, as far as they are constants or locals.
    let mut operands = Vec::new();
    let mut reader = module.funcs[func as usize].body.get_operators_reader().map_err(broken)?;
    while !reader.eof() {
        match reader.read().map_err(broken)? {
            Operator::I32Const { value } => operands.push(Argument::Constant(value.cast_unsigned().into())),
            Operator::I64Const { value } => operands.push(Argument::Constant(value.cast_unsigned())),
            Operator::F64Const { value } => operands.push(Argument::Constant(value.bits())),
            Operator::LocalGet { local_index } if (local_index as usize) < n_params => {
                operands.push(Argument::Parameter(local_index));
            }
            Operator::LocalGet { .. } => operands.push(Argument::Any),
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                changed.insert(local_index);
                operands.clear();
            }
            Operator::Call { function_index } => {
                let n = module.func_type(function_index).params().len();
                let mut arguments = vec![Argument::Any; n.saturating_sub(operands.len())];
                arguments.extend_from_slice(&operands[operands.len().saturating_sub(n)..]);
                calls.push((function_index, arguments));
                operands.clear();
            }
            _ => operands.clear(),
        }
    }
    Ok((calls, changed))
}
