//! What follows from the table of instructions: the type and the variance of a result.

use kernel::function::Function;

use crate::entity::{Block, Inst, Value};
use crate::func::{FuncData, ValueDef};
use crate::module::{Module, TableData};
use crate::opcode::{Immediate, Kind, Opcode, Varies};
use crate::types::{Type, Variance};

/// The type of what an instruction makes; none when it makes nothing, or when its immediate is of the wrong kind.
pub fn result_type(opcode: Opcode, immediate: Immediate) -> Option<Type> {
    match (opcode.signature().result?, immediate) {
        (Kind::F64, _) => Some(Type::F64),
        (Kind::Bool, _) => Some(Type::Bool),
        (Kind::Index, Immediate::Position(axis, _) | Immediate::Axis(axis)) => Some(Type::Index(axis)),
        (Kind::Index, _) => None,
    }
}

/// How often the result of an instruction can change: the greatest of its own variance and its operands'.
pub fn variance(module: &Module, func: &FuncData, opcode: Opcode, args: &[Value], immediate: Immediate) -> Variance {
    let own = own_variance(module, opcode, immediate);
    args.iter().map(|&arg| func.values[arg].variance).fold(own, Variance::max)
}

/// The variance of the result of an instruction that is in place.
pub fn variance_of(module: &Module, func: &FuncData, inst: Inst) -> Variance {
    let data = &func.insts[inst];
    variance(module, func, data.opcode, func.args(inst), data.immediate)
}

/// Derives the variance of every result again, in program order: what a pass calls after it has replaced operands.
pub fn refresh_variances(module: &Module, func: &mut FuncData) {
    let insts: Vec<Inst> = func.listed_insts().collect();
    for inst in insts {
        if let Some(result) = func.insts[inst].result {
            func.values[result].variance = variance_of(module, func, inst);
        }
    }
}

/// What an index comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is always this position.
    Fixed(u32),
    /// It lies that many positions after the index of the loop with this body.
    Loop(Block, u32),
    /// A number says.
    Computed,
}

/// What an index comes from, through all its shifts.
pub fn index_origin(func: &FuncData, index: Value) -> Origin {
    let (mut index, mut shift) = (index, 0u32);
    loop {
        let inst = match func.values[index].def {
            ValueDef::Param(body, _) => return Origin::Loop(body, shift),
            ValueDef::Result(inst) => inst,
        };
        match (func.insts[inst].opcode, func.insts[inst].immediate, func.args(inst)) {
            (Opcode::Position, Immediate::Position(_, position), _) => {
                return Origin::Fixed(shift.saturating_add(position));
            }
            (Opcode::Shift, Immediate::Position(_, by), &[from]) => {
                shift = shift.saturating_add(by);
                index = from;
            }
            _ => return Origin::Computed,
        }
    }
}

/// How many operands an instruction takes before its indices.
pub fn operand_count(opcode: Opcode, immediate: Immediate) -> usize {
    match immediate {
        Immediate::Transport(_, _, n_args) | Immediate::Trace(_, _, n_args) => n_args as usize,
        Immediate::Vector(_, function, _) => function.numbers(),
        Immediate::Function(function) if opcode == Opcode::Call => Function::arity(function),
        Immediate::Function(_)
        | Immediate::None
        | Immediate::F64(_)
        | Immediate::Bool(_)
        | Immediate::Position(..)
        | Immediate::Axis(_)
        | Immediate::Slot(_)
        | Immediate::Param(_)
        | Immediate::Table(_)
        | Immediate::Loop(..) => opcode.signature().operands.len(),
    }
}

/// The variance that the opcode and the immediate bring along, whatever the operands are.
fn own_variance(module: &Module, opcode: Opcode, immediate: Immediate) -> Variance {
    match opcode.facts().varies {
        Varies::Const => Variance::Const,
        Varies::Run => Variance::Run,
        Varies::Step => Variance::Step,
        Varies::AsSlot => immediate.as_slot().map_or(Variance::Step, |slot| module.slots[slot].role.variance()),
        Varies::AsTable if is_settable(module, immediate) => Variance::Run,
        Varies::AsTable => Variance::Const,
    }
}

/// Whether a host may replace the points of a lookup's table.
fn is_settable(module: &Module, immediate: Immediate) -> bool {
    matches!(immediate, Immediate::Table(table) if module.tables.get(table).is_some_and(TableData::is_settable))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builder::Builder;
    use crate::module::FuncRole;

    #[test]
    fn a_result_varies_as_its_most_varying_operand() {
        let module = Module::default();
        let mut func = FuncData::new(FuncRole::Row);
        let mut b = Builder::new(&module, &mut func);
        let one = b.fconst(1.0);
        let time = b.op(Opcode::Time, &[]);
        let sum = b.op(Opcode::Fadd, &[one, time]);
        let twice = b.op(Opcode::Fadd, &[one, one]);
        assert_eq!(func.values[sum].variance, Variance::Step);
        assert_eq!(func.values[twice].variance, Variance::Const);
    }

    #[test]
    fn refreshing_follows_replaced_operands() {
        let module = Module::default();
        let mut func = FuncData::new(FuncRole::Row);
        let mut b = Builder::new(&module, &mut func);
        let one = b.fconst(1.0);
        let time = b.op(Opcode::Time, &[]);
        let sum = b.op(Opcode::Fadd, &[one, time]);
        let more = b.op(Opcode::Fneg, &[sum]);
        let inst = func.def_inst(sum).expect("an instruction makes the sum");
        func.args_mut(inst)[1] = one;
        refresh_variances(&module, &mut func);
        assert_eq!(func.values[sum].variance, Variance::Const);
        assert_eq!(func.values[more].variance, Variance::Const);
    }
}
