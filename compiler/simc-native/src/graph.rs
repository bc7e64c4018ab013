//! Which function calls which: only what exports reach is translated, and nothing calls itself.

use wasmparser::Operator;

use crate::error::{Error, limit, unsupported};
use crate::module::{WasmModule, broken};

/// Bytes of functions of which each calls the next, with [`FRAME`] for each of them. What a function has on the stack are values that its
/// instructions have left there, two bytes for one of code at most: so calls take a megabyte of the stack at most, and mostly far less.
const MAX_CHAIN: u64 = 1 << 19;
/// Bytes of the stack that a call takes by itself.
const FRAME: u64 = 1 << 7;

/// The functions that some roots reach, each after all that it calls. A stack that such code needs is bounded, since no function calls
/// itself, neither by itself nor by others, and no chain of calls is too long: both are errors.
pub(crate) fn order_by_calls(module: &WasmModule<'_>, roots: &[u32]) -> Result<Vec<u32>, Error> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut states = vec![State::New; module.funcs.len()];
    // How much the longest chain of calls takes that begins with a function.
    let mut chains = vec![0_u64; module.funcs.len()];
    let mut order = Vec::new();
    for &root in roots {
        if states[root as usize] != State::New {
            continue;
        }
        states[root as usize] = State::Open;
        let mut path = vec![(root, callees(module, root)?.into_iter())];
        while let Some((func, rest)) = path.last_mut() {
            let func = *func;
            let Some(callee) = rest.next() else {
                states[func as usize] = State::Done;
                order.push(func);
                path.pop();
                let bytes = module.funcs[func as usize].body.range().len() as u64;
                chains[func as usize] += FRAME + bytes;
                limit("bytes of functions of which each calls the next", chains[func as usize], MAX_CHAIN)?;
                if let Some((caller, _)) = path.last() {
                    chains[*caller as usize] = chains[*caller as usize].max(chains[func as usize]);
                }
                continue;
            };
            match states[callee as usize] {
                State::New => {
                    states[callee as usize] = State::Open;
                    path.push((callee, callees(module, callee)?.into_iter()));
                }
                State::Open => return unsupported(format!("function {callee} of the module calls itself")),
                State::Done => chains[func as usize] = chains[func as usize].max(chains[callee as usize]),
            }
        }
    }
    Ok(order)
}

/// What a function calls, each once.
fn callees(module: &WasmModule<'_>, func: u32) -> Result<Vec<u32>, Error> {
    let mut callees = Vec::new();
    let mut reader = module.funcs[func as usize].body.get_operators_reader().map_err(broken)?;
    while !reader.eof() {
        if let Operator::Call { function_index } = reader.read().map_err(broken)? {
            callees.push(function_index);
        }
    }
    callees.sort_unstable();
    callees.dedup();
    Ok(callees)
}
