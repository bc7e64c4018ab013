//! Which function calls which: only what exports reach is translated, and nothing calls itself.

use wasmparser::Operator;

use crate::error::{Error, unsupported};
use crate::module::{WasmModule, broken};

/// The functions that some roots reach, each after all that it calls. A stack that such code needs is bounded, since no function calls
/// itself, neither by itself nor by others: that is an error.
pub(crate) fn order_by_calls(module: &WasmModule<'_>, roots: &[u32]) -> Result<Vec<u32>, Error> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut states = vec![State::New; module.funcs.len()];
    let mut order = Vec::new();
    for &root in roots {
        if states[root as usize] != State::New {
            continue;
        }
        states[root as usize] = State::Open;
        let mut path = vec![(root, callees(module, root)?.into_iter())];
        while let Some((func, rest)) = path.last_mut() {
            let Some(callee) = rest.next() else {
                states[*func as usize] = State::Done;
                order.push(*func);
                path.pop();
                continue;
            };
            match states[callee as usize] {
                State::New => {
                    states[callee as usize] = State::Open;
                    path.push((callee, callees(module, callee)?.into_iter()));
                }
                State::Open => return unsupported(format!("function {callee} of the module calls itself")),
                State::Done => {}
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
