//! The roles as functions of their own, which work on memory.

use simc_ir::func::FuncData;
use simc_ir::module::FuncRole;
use wasm_encoder::Instruction;

use super::body::Body;
use super::carriers::{Carrier, carries};
use super::code::{Code, Signature, Ty};
use super::env::{Clock, Counter, Env, Rate};
use super::nan::NanCheck;
use super::program::Program;
use super::{Cx, Globals};

/// One function calls no more than that many parts.
const MAX_CALLS: usize = 256;

/// No more numbers that loops hand on are in locals at a time.
const MAX_CARRIES: usize = 64;

/// `row(address, advance)`: writes outputs into the row at the address, and takes the step's effects if `advance` is not 0.
const ROW: Signature = (&[Ty::I32, Ty::I32], &[]);
const NOTHING: Signature = (&[], &[]);

/// Adds all parts of a role, and what calls them in order; none if there is nothing to do.
pub(crate) fn add_role(cx: &Cx<'_>, program: &mut Program, globals: &Globals, role: FuncRole) -> Option<u32> {
    let parts: Vec<_> = cx.module.parts(role).collect();
    let signature = if role == FuncRole::Row { ROW } else { NOTHING };
    let mut functions = Vec::with_capacity(parts.len());
    for (position, &func) in parts.iter().enumerate() {
        let (mut code, mut env) = surroundings(cx, globals, role);
        env.in_place.clone_from(&cx.in_place[func]);
        env.places.clone_from(&cx.layout.places[func]);
        let looks = &cx.looks[func];
        if !looks.is_empty() {
            env.check = Some(NanCheck::new(&mut code, looks.iter().count()));
            env.looks.clone_from(looks);
        }
        cache_carries(cx, &cx.module.funcs[func], &mut code, &mut env);
        Body::new(cx, &cx.module.funcs[func], &mut env, &mut code).emit();
        if let Some(mut check) = env.check.take()
            && check.finish(&mut code)
        {
            code.push(Instruction::GlobalGet(globals.has_nan)).push(Instruction::I32Or);
            code.push(Instruction::GlobalSet(globals.has_nan));
        }
        let name = if parts.len() == 1 { role.name().to_owned() } else { format!("{}.{position}", role.name()) };
        functions.push(program.add(name, signature, code));
    }
    while functions.len() > 1 {
        functions = functions
            .chunks(MAX_CALLS)
            .map(|callees| program.add(role.name(), signature, call_all(role, callees)))
            .collect();
    }
    functions.first().copied()
}

fn surroundings(cx: &Cx<'_>, globals: &Globals, role: FuncRole) -> (Code, Env) {
    let mut env = Env::new(Counter::Global(globals.step));
    if !cx.stages.is_empty() {
        env.rate = Rate::Slopes;
    }
    if role == FuncRole::Stage {
        env.time = Clock::Global(globals.stage_time);
    }
    if role != FuncRole::Row {
        return (Code::new([]).0, env);
    }
    let (code, [row, advance]) = Code::new([Ty::I32, Ty::I32]);
    env.row = Some(row);
    env.advance = Some(advance);
    (code, env)
}

/// Gives locals to the numbers that loops of a function hand on, if no other function touches them.
fn cache_carries(cx: &Cx<'_>, func: &FuncData, code: &mut Code, env: &mut Env) {
    for slot in carries(cx.module, func).into_iter().take(MAX_CARRIES) {
        if cx.carried_by[slot] == Some(Carrier::One) {
            env.cached[slot] = Some(code.local(Ty::F64));
        }
    }
}

fn call_all(role: FuncRole, callees: &[u32]) -> Code {
    let is_row = role == FuncRole::Row;
    let (mut code, [row, advance]) = if is_row { Code::new([Ty::I32, Ty::I32]) } else { return call_plain(callees) };
    for &callee in callees {
        code.get(row).get(advance).push(Instruction::Call(callee));
    }
    code
}

fn call_plain(callees: &[u32]) -> Code {
    let (mut code, []) = Code::new([]);
    for &callee in callees {
        code.push(Instruction::Call(callee));
    }
    code
}
