//! One function for each role.

use simc_front::model::{Def, Node};
use simc_ir::builder::Builder;
use simc_ir::entity::Func;
use simc_ir::func::FuncData;
use simc_ir::module::{FuncRole, Method, Module, SlotRole};
use simc_ir::opcode::Opcode;
use simc_ir::types::Variance;

use super::scope::{Context, Operand, Scope};
use super::state::Advance;
use crate::passes::remove_dead;

/// Params into their slots, then what follows from them.
pub(super) fn prepare(module: &Module, cx: &Context<'_>) -> Option<FuncData> {
    let mut func = FuncData::new(FuncRole::Prepare);
    let mut scope = Scope::new(*cx, module, &mut func);
    let mut params = module.params.keys();
    for (id, var) in cx.model.iter_vars() {
        if let (Def::Constant(_), Some(slot)) = (&var.def, cx.places.vars[id.0 as usize]) {
            let param = params.next().expect("each constant with a slot is a param, in this order");
            let value = scope.b.param(param, &[]);
            scope.b.write(Opcode::Store, slot, &[value]);
            scope.set_var(id, Operand::number(value));
        }
    }
    for node in &cx.model.step_order {
        if let Node::Var(id) = *node
            && let Def::Formula(expr) = &cx.model.var(id).def
            && cx.variances[id.0 as usize] < Variance::Step
            && let Some(slot) = cx.places.vars[id.0 as usize]
        {
            let value = scope.lower_var(id, expr);
            scope.b.write(Opcode::Store, slot, &[value]);
        }
    }
    unless_empty(func)
}

/// Stocks and states at t = start.
pub(super) fn start(module: &Module, cx: &Context<'_>) -> Option<FuncData> {
    let mut func = FuncData::new(FuncRole::Start);
    let mut scope = Scope::new(*cx, module, &mut func);
    for node in &cx.model.init_order {
        match *node {
            Node::State(id) if cx.alive.state(id) => scope.start_state(id),
            Node::Var(id) if cx.alive.var(id) => match &cx.model.var(id).def {
                Def::Stock { init, .. } => {
                    let slot = cx.places.vars[id.0 as usize].expect("a stock that is computed has a slot");
                    let value = scope.lower_var(id, init);
                    scope.b.write(Opcode::Store, slot, &[value]);
                }
                Def::Formula(expr) if cx.variances[id.0 as usize] == Variance::Step => {
                    scope.lower_var(id, expr);
                }
                Def::Formula(_) | Def::Constant(_) | Def::Lookup(_) => {}
            },
            Node::State(_) | Node::Var(_) => {}
        }
    }
    unless_empty(func)
}

/// Everything in evaluation order, each output as soon as it is known; then the effects.
pub(super) fn row(module: &Module, cx: &Context<'_>) -> Option<FuncData> {
    let mut func = FuncData::new(FuncRole::Row);
    let mut scope = Scope::new(*cx, module, &mut func);
    for node in &cx.model.step_order {
        match *node {
            Node::State(id) if cx.alive.state(id) => scope.eval_state(id),
            Node::Var(id) if cx.alive.var(id) => {
                if let Def::Formula(expr) = &cx.model.var(id).def
                    && cx.variances[id.0 as usize] == Variance::Step
                {
                    let value = scope.lower_var(id, expr);
                    if let Some(slot) = cx.places.vars[id.0 as usize] {
                        scope.b.write(Opcode::Out, slot, &[value]);
                    }
                }
            }
            Node::State(_) | Node::Var(_) => {}
        }
    }
    let advances = advances(&mut scope);
    for advance in advances {
        match advance.pending {
            Some(pending) => scope.b.write(Opcode::Store, pending, &[advance.value]),
            None => scope.b.write(advance.opcode, advance.slot, &[advance.value]),
        };
    }
    unless_empty(func)
}

/// What every stock and state does at the end of the step, all of it computed before any of it is done.
fn advances(scope: &mut Scope<'_>) -> Vec<Advance> {
    let cx = scope.cx;
    let mut advances = Vec::new();
    for (id, var) in cx.model.iter_vars() {
        if let (Def::Stock { net, .. }, Some(slot)) = (&var.def, cx.places.vars[id.0 as usize]) {
            let value = scope.lower_number(net);
            advances.push(Advance { opcode: Opcode::Rate, slot, value, pending: None });
        }
    }
    for (id, _) in cx.model.iter_states() {
        if cx.alive.state(id) {
            scope.advance_state(id, &mut advances);
        }
    }
    advances
}

/// What a step needs of the row: its effects, and what they are made of. Absent when there is a row at every step.
pub(super) fn step(module: &Module) -> Option<FuncData> {
    if module.time.save_every == 1 {
        return None;
    }
    let row = row_of(module)?;
    unless_empty(remove_dead::rebuild_with(module, &module.funcs[row], FuncRole::Step, |opcode| opcode != Opcode::Out))
}

/// What a later stage needs of the row: its rates.
pub(super) fn stage(module: &Module) -> Option<FuncData> {
    if module.time.method == Method::Euler {
        return None;
    }
    let row = row_of(module)?;
    unless_empty(remove_dead::rebuild_with(module, &module.funcs[row], FuncRole::Stage, |opcode| {
        opcode == Opcode::Rate
    }))
}

/// Moves what the first evaluation of a Runge-Kutta step left pending to where it belongs.
pub(super) fn commit(module: &Module, cx: &Context<'_>) -> Option<FuncData> {
    let mut func = FuncData::new(FuncRole::Commit);
    let mut b = Builder::new(module, &mut func);
    for place in &cx.places.states {
        let Some(pending) = place.pending else { continue };
        let is_ring = matches!(module.slots[place.slots[0]].role, SlotRole::Ring { .. });
        let value = b.load(pending, &[]);
        b.write(if is_ring { Opcode::Push } else { Opcode::Next }, place.slots[0], &[value]);
    }
    unless_empty(func)
}

fn row_of(module: &Module) -> Option<Func> {
    module.parts(FuncRole::Row).next()
}

/// A role with nothing to do is absent.
fn unless_empty(func: FuncData) -> Option<FuncData> {
    (!func.blocks[func.entry].insts.is_empty()).then_some(func)
}
