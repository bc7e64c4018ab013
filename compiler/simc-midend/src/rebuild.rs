//! Rewriting a function: how passes change one.
//!
//! A pass walks the old function in program order and says for each instruction what is in its place. The new function has no
//! unlisted instructions, its values are numbered in program order, and types and variances are derived as they are for any function.

use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;
use simc_ir::builder::Builder;
use simc_ir::entity::{Axis, Block, Inst, Value};
use simc_ir::func::FuncData;
use simc_ir::func::walk::Step;
use simc_ir::module::{FuncRole, Module};
use simc_ir::opcode::{Immediate, Opcode};

/// The new function under construction, beside the old one.
pub(crate) struct Rebuild<'a> {
    /// Appends to the new function, in the block that corresponds to the one being walked.
    pub(crate) b: Builder<'a>,
    old: &'a FuncData,
    values: Values,
    outer: Vec<Block>,
}

/// What stands for each value of the old function.
#[derive(Debug, Default)]
pub(crate) struct Values {
    new: SecondaryMap<Value, PackedOption<Value>>,
    set: Vec<Value>,
}

impl Values {
    /// Forgets everything, in time proportional to what there is.
    fn clear(&mut self) {
        for old in self.set.drain(..) {
            self.new[old] = None.into();
        }
    }
}

/// Runs `each` for every instruction of `old` that is not a loop; loops are rebuilt around what it makes of their bodies.
pub(crate) fn rebuild(
    module: &Module,
    old: &FuncData,
    role: FuncRole,
    mut each: impl FnMut(&mut Rebuild<'_>, Inst),
) -> FuncData {
    let mut func = FuncData::new(role);
    let mut rebuild = Rebuild::new(module, old, &mut func);
    for step in old.walk() {
        match step {
            Step::Inst(inst) => each(&mut rebuild, inst),
            Step::Enter(inst, body) => rebuild.enter(inst, body),
            Step::Leave(..) => rebuild.leave(),
        }
    }
    func
}

impl<'a> Rebuild<'a> {
    /// Begins with an empty function.
    pub(crate) fn new(module: &'a Module, old: &'a FuncData, func: &'a mut FuncData) -> Self {
        Self::with_values(module, old, func, Values::default())
    }

    /// Begins with an empty function, in which nothing stands for any value yet; the memory of `values` is used again.
    pub(crate) fn with_values(
        module: &'a Module,
        old: &'a FuncData,
        func: &'a mut FuncData,
        mut values: Values,
    ) -> Self {
        values.clear();
        Self { b: Builder::new(module, func), old, values, outer: Vec::new() }
    }

    /// Ends the function and hands the memory on.
    pub(crate) fn into_values(self) -> Values {
        self.values
    }

    /// Goes one step further in the old function, changing nothing.
    pub(crate) fn follow(&mut self, step: Step) {
        match step {
            Step::Inst(inst) => self.copy(inst),
            Step::Enter(inst, body) => self.enter(inst, body),
            Step::Leave(..) => self.leave(),
        }
    }

    /// What stands for a value of the old function.
    ///
    /// # Panics
    /// When nothing does: its definition has been left out though it is used.
    pub(crate) fn value(&self, old: Value) -> Value {
        self.get(old).unwrap_or_else(|| panic!("{old} was left out but is used"))
    }

    /// What stands for a value of the old function, if anything does yet.
    pub(crate) fn get(&self, old: Value) -> Option<Value> {
        self.values.new[old].expand()
    }

    /// From here on, `new` stands for `old`.
    pub(crate) fn set(&mut self, old: Value, new: Value) {
        self.values.new[old] = new.into();
        self.values.set.push(old);
    }

    /// From here on, `new` stands for the result of an instruction of the old function.
    pub(crate) fn set_result(&mut self, inst: Inst, new: Value) {
        let old = self.old.insts[inst].result.expect("the instruction has a result");
        self.set(old, new);
    }

    /// What stands for the operands and indices of an instruction of the old function.
    pub(crate) fn args(&self, inst: Inst) -> Vec<Value> {
        self.old.args(inst).iter().map(|&arg| self.value(arg)).collect()
    }

    /// Appends the same instruction.
    pub(crate) fn copy(&mut self, inst: Inst) {
        let args = self.args(inst);
        self.append(inst, &args);
    }

    /// Appends the same instruction with other operands.
    pub(crate) fn append(&mut self, inst: Inst, args: &[Value]) {
        let data = &self.old.insts[inst];
        let (_, result) = self.b.append(data.opcode, args, data.immediate);
        if let (Some(old), Some(new)) = (data.result, result) {
            self.set(old, new);
        }
    }

    /// Opens the loop that `inst` is.
    pub(crate) fn enter(&mut self, inst: Inst, body: Block) {
        let data = &self.old.insts[inst];
        let Immediate::Loop(axis, _) = data.immediate else { panic!("{inst} has a body but is no loop") };
        let params = &self.old.blocks[body].params;
        let new = if data.opcode == Opcode::Fold {
            let first = self.value(self.old.args(inst)[0]);
            let (new, index, accumulator, result) = self.b.fold(axis, first);
            self.set(params[0], index);
            self.set(params[1], accumulator);
            self.set_result(inst, result);
            new
        } else {
            let is_down = data.opcode == Opcode::Down;
            let (new, index) = if is_down { self.b.for_down(axis) } else { self.b.for_each(axis) };
            self.set(params[0], index);
            new
        };
        self.outer.push(self.b.block());
        self.b.switch_to(new);
    }

    /// Opens a loop that the old function does not have; gives its index.
    pub(crate) fn enter_for(&mut self, axis: Axis) -> Value {
        let (body, index) = self.b.for_each(axis);
        self.outer.push(self.b.block());
        self.b.switch_to(body);
        index
    }

    /// Closes the innermost open loop.
    pub(crate) fn leave(&mut self) {
        let outer = self.outer.pop().expect("a loop is left after it was entered");
        self.b.switch_to(outer);
    }
}
