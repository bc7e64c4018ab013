//! Blocks form a tree, every value has one definition, and uses see it.

use cranelift_entity::{EntitySet, SecondaryMap};

use super::{Errors, FuncCx};
use crate::entity::{Block, Inst, Value};
use crate::func::walk::Step;
use crate::func::{MAX_NESTING, ValueDef};
use crate::opcode::Opcode;
use crate::types::Type;

/// What is open and defined on the way through a function.
struct Scope<'a> {
    cx: &'a FuncCx<'a>,
    errors: &'a mut Errors,
    listed: EntitySet<Inst>,
    /// The block in which each value that has been defined is visible.
    home: SecondaryMap<Value, Option<Block>>,
    /// Blocks around the next instruction, with the loops that hold them.
    open: Vec<(Block, Option<Inst>)>,
    is_open: SecondaryMap<Block, bool>,
}

pub(super) fn verify_structure(cx: &FuncCx<'_>, errors: &mut Errors) {
    let func = cx.func;
    if !func.blocks[func.entry].params.is_empty() {
        cx.report(errors, "a function's body has no parameters");
    }
    let (home, is_open) =
        (SecondaryMap::with_capacity(func.values.len()), SecondaryMap::with_capacity(func.blocks.len()));
    let mut scope = Scope { cx, errors, listed: EntitySet::new(), home, open: Vec::new(), is_open };
    scope.open(func.entry, None);
    for step in func.walk() {
        match step {
            Step::Inst(inst) => scope.verify_plain(inst),
            Step::Enter(inst, body) => scope.enter(inst, body),
            Step::Leave(inst, body) => scope.leave(inst, body),
        }
    }
}

impl Scope<'_> {
    fn verify_plain(&mut self, inst: Inst) {
        self.verify_listed(inst);
        self.verify_uses(inst);
        if self.cx.func.body(inst).is_some() {
            self.report(inst, "its body is the body of another loop already");
        }
        if self.cx.func.insts[inst].opcode == Opcode::Yield {
            self.verify_yield(inst);
        }
        self.define_result(inst);
    }

    fn enter(&mut self, inst: Inst, body: Block) {
        self.verify_listed(inst);
        self.verify_uses(inst);
        if self.open.len() == MAX_NESTING + 1 {
            self.report(inst, format!("loops nest at most {MAX_NESTING} deep"));
        }
        self.open(body, Some(inst));
        self.verify_params(inst, body);
    }

    fn leave(&mut self, inst: Inst, body: Block) {
        let func = self.cx.func;
        let yields = func.blocks[body].insts.last().is_some_and(|&last| func.insts[last].opcode == Opcode::Yield);
        if func.insts[inst].opcode == Opcode::Fold && !yields {
            self.report(inst, "its body does not end with `yield`");
        }
        self.open.pop();
        self.is_open[body] = false;
        self.define_result(inst);
    }

    fn report(&mut self, inst: Inst, message: impl Into<String>) {
        self.cx.report_inst(self.errors, inst, message);
    }

    fn open(&mut self, block: Block, holder: Option<Inst>) {
        self.open.push((block, holder));
        self.is_open[block] = true;
    }

    fn verify_listed(&mut self, inst: Inst) {
        if !self.listed.insert(inst) {
            self.report(inst, "is listed twice");
        }
    }

    fn verify_uses(&mut self, inst: Inst) {
        for &arg in self.cx.func.args(inst) {
            match self.home[arg] {
                Some(home) if self.is_open[home] => {}
                Some(_) => self
                    .report(inst, format!("uses {}, which is visible only inside another loop", self.cx.printed(arg))),
                None => self.report(inst, format!("uses {}, which is not defined before it", self.cx.printed(arg))),
            }
        }
    }

    /// `yield` is the last instruction of a fold's body.
    fn verify_yield(&mut self, inst: Inst) {
        let func = self.cx.func;
        let in_place = self.open.last().is_some_and(|&(block, holder)| {
            let in_fold = holder.is_some_and(|holder| func.insts[holder].opcode == Opcode::Fold);
            in_fold && func.blocks[block].insts.last() == Some(&inst)
        });
        if !in_place {
            self.report(inst, "`yield` belongs at the end of the body of a `fold`");
        }
    }

    /// The parameters of a body are those of its loop, and know it.
    fn verify_params(&mut self, inst: Inst, body: Block) {
        let func = self.cx.func;
        let params = &func.blocks[body].params;
        let types: Vec<_> = params.iter().map(|&param| func.values[param].ty).collect();
        let expected = match func.insts[inst].immediate.as_loop() {
            Some((axis, _)) if func.insts[inst].opcode == Opcode::Fold => vec![Type::Index(axis), Type::F64],
            Some((axis, _)) => vec![Type::Index(axis)],
            None => vec![],
        };
        if types != expected {
            self.report(inst, "its body has the wrong parameters");
        }
        for (position, &param) in (0u32..).zip(params) {
            if func.values[param].def != ValueDef::Param(body, position) {
                self.report(inst, format!("{} is not a parameter of this body", self.cx.printed(param)));
            }
            self.home[param] = Some(body);
        }
    }

    fn define_result(&mut self, inst: Inst) {
        let data = &self.cx.func.insts[inst];
        match data.result {
            Some(_) if data.opcode.signature().result.is_none() => {
                self.report(inst, "has a result, but its opcode makes none")
            }
            None if data.opcode.signature().result.is_some() => {
                self.report(inst, "has no result, but its opcode makes one")
            }
            Some(_) | None => {}
        }
        let Some(result) = data.result else { return };
        if self.cx.func.values[result].def != ValueDef::Result(inst) {
            self.report(inst, format!("{} is not its result alone", self.cx.printed(result)));
        }
        self.home[result] = self.open.last().map(|&(block, _)| block);
    }
}
