//! What each instruction becomes.

use simc_ir::entity::{Inst, Value};
use simc_ir::opcode::Opcode;
use wasm_encoder::Instruction as I;

use super::body::Body;
use super::immediate::{axis, number, param, position, slot, table, trace, transport, truth};

impl Body<'_> {
    /// Emits one instruction with the operands that are on the operand stack; its result, if it has one, is on top then.
    pub(crate) fn emit_inst(&mut self, inst: Inst) {
        let data = &self.func.insts[inst];
        let immediate = data.immediate;
        match data.opcode {
            Opcode::Fconst => _ = self.code.f64(number(immediate)),
            Opcode::Bconst => _ = self.code.i32(i32::from(truth(immediate))),
            Opcode::Position => _ = self.code.u32(position(immediate)),
            Opcode::Shift => {
                self.use_value(self.func.args(inst)[0]);
                self.code.u32(position(immediate)).push(I::I32Add);
            }
            Opcode::IndexOf => self.emit_index_of(axis(immediate), inst),
            Opcode::IndexOk => {
                self.emit_counted(inst);
                self.code.u32(self.cx.module.axes[axis(immediate)].size).push(I::I32LtU);
            }
            Opcode::Ordinal => {
                self.use_value(self.func.args(inst)[0]);
                self.code.i32(1).push(I::I32Add).push(I::F64ConvertI32U);
            }
            Opcode::Param => self.emit_param(param(immediate), inst),
            Opcode::Load => self.emit_load(slot(immediate), inst),
            Opcode::Time => self.env.time.get(self.code),
            Opcode::StepTime => self.env.step_time.get(self.code),
            Opcode::StepIndex => self.env.step.get(self.code),
            Opcode::Oldest => self.emit_oldest(slot(immediate), inst),
            Opcode::Recall => self.emit_recall(slot(immediate), inst),
            Opcode::Return => self.emit_return(slot(immediate), inst),
            Opcode::Measure => {
                let (slot, n_args) = transport(immediate);
                self.emit_measure(slot, n_args, inst);
            }
            Opcode::Trace => {
                let (into, of, n_args) = trace(immediate);
                self.emit_trace(into, of, n_args, inst);
            }

            Opcode::Fneg => emit_op(self, inst, I::F64Neg),
            Opcode::Fabs => emit_op(self, inst, I::F64Abs),
            Opcode::Fsqrt => emit_op(self, inst, I::F64Sqrt),
            Opcode::Ffloor => emit_op(self, inst, I::F64Floor),
            Opcode::Fadd => emit_op(self, inst, I::F64Add),
            Opcode::Fsub => emit_op(self, inst, I::F64Sub),
            Opcode::Fmul => emit_op(self, inst, I::F64Mul),
            Opcode::Fdiv => emit_op(self, inst, I::F64Div),
            Opcode::Fmin | Opcode::Fmax => self.emit_extremum(inst),

            Opcode::Feq => emit_op(self, inst, I::F64Eq),
            Opcode::Fne => emit_op(self, inst, I::F64Ne),
            Opcode::Flt => emit_op(self, inst, I::F64Lt),
            Opcode::Fle => emit_op(self, inst, I::F64Le),
            Opcode::Fgt => emit_op(self, inst, I::F64Gt),
            Opcode::Fge => emit_op(self, inst, I::F64Ge),

            Opcode::Band => emit_op(self, inst, I::I32And),
            Opcode::Bor => emit_op(self, inst, I::I32Or),
            Opcode::Bnot => emit_op(self, inst, I::I32Eqz),
            Opcode::Btof => emit_op(self, inst, I::F64ConvertI32U),
            Opcode::Select => self.emit_select(inst),

            Opcode::Call => {
                let callee = self.cx.imports.index(self.cx.module, data.opcode, immediate);
                emit_op(self, inst, I::Call(callee));
            }
            Opcode::Lookup => self.emit_lookup(table(immediate), inst),

            Opcode::Store => self.emit_store(slot(immediate), inst),
            Opcode::Out => self.emit_out(slot(immediate), inst),
            Opcode::Rate => self.emit_rate(slot(immediate), inst),
            Opcode::Next => self.emit_store(slot(immediate), inst),
            Opcode::Fill => self.emit_fill(slot(immediate), inst),
            Opcode::Push => self.emit_push(slot(immediate), inst),
            Opcode::Initialise | Opcode::Advance => {
                let (slot, n_args) = transport(immediate);
                self.emit_change(slot, n_args, inst);
            }

            Opcode::Arrange => self.emit_arrange(inst),

            Opcode::For | Opcode::Down | Opcode::Fold => unreachable!("{inst}: loops are emitted where they stand"),
            Opcode::Yield => self.emit_yield(self.func.args(inst)[0]),
        }
    }
}

impl Body<'_> {
    /// The lesser or greater of two. Engines take ten instructions for `f64.min` and `f64.max`, for
    /// the sake of NaN and zeros. Where one operand is a constant a comparison does it: the
    /// constant where the other one lies beyond it, the other one else, also if it is NaN. A
    /// constant that is a zero wins over the zero of the other sign.
    fn emit_extremum(&mut self, inst: Inst) {
        let &[a, b] = self.func.args(inst) else { panic!("{inst}: it has two operands") };
        let is_min = self.func.insts[inst].opcode == Opcode::Fmin;
        let constants = [(a, b), (b, a)].map(|(constant, other)| Some((self.constant(constant)?, constant, other)));
        let constant = constants.into_iter().flatten().find(|(number, ..)| !number.is_nan());
        let Some((number, constant, other)) = constant.filter(|_| !self.cx.is_compact) else {
            return emit_op(self, inst, if is_min { I::F64Min } else { I::F64Max });
        };
        let wins_over_zero = number.is_sign_negative() == is_min;
        self.use_value(constant);
        let local = self.use_value_in_local(other);
        self.code.get(local);
        self.code.f64(number).push(match (is_min, wins_over_zero) {
            (true, true) => I::F64Ge,
            (true, false) => I::F64Gt,
            (false, true) => I::F64Le,
            (false, false) => I::F64Lt,
        });
        self.code.push(I::Select);
    }

    /// The number that a value is, if it is a constant.
    fn constant(&self, value: Value) -> Option<f64> {
        let data = &self.func.insts[self.func.def_inst(value)?];
        (data.opcode == Opcode::Fconst).then(|| number(data.immediate))
    }
}

/// All operands, then one wasm instruction.
fn emit_op(b: &mut Body<'_>, inst: Inst, instruction: I<'static>) {
    for position in 0..b.func.args(inst).len() {
        b.use_value(b.func.args(inst)[position]);
    }
    b.code.push(instruction);
}
