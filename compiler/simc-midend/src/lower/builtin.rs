//! Functions without memory, as the operations that define them.

use kernel::function::Function;
use simc_front::model::PureFn;
use simc_ir::entity::Value;
use simc_ir::opcode::Opcode;

use super::scope::Scope;

impl Scope<'_> {
    /// A function of numbers. The number of arguments is the function's, as [`PureFn`] states it.
    pub(super) fn lower_call(&mut self, function: PureFn, args: &[Value]) -> Value {
        match function {
            PureFn::Abs => self.op(Opcode::Fabs, args),
            PureFn::Exp => self.b.call(Function::Exp, args),
            PureFn::Ln => self.b.call(Function::Ln, args),
            PureFn::Log10 => self.b.call(Function::Log10, args),
            PureFn::Sqrt => self.op(Opcode::Fsqrt, args),
            PureFn::Sin => self.b.call(Function::Sin, args),
            PureFn::Cos => self.b.call(Function::Cos, args),
            PureFn::Tan => self.b.call(Function::Tan, args),
            PureFn::Arcsin => self.b.call(Function::Arcsin, args),
            PureFn::Arccos => self.b.call(Function::Arccos, args),
            PureFn::Arctan => self.b.call(Function::Arctan, args),
            PureFn::Int => self.op(Opcode::Ffloor, args),
            PureFn::Trunc => self.truncate(args[0]),
            PureFn::Remainder => self.b.call(Function::Fmod, args),
            PureFn::Max => self.op(Opcode::Fmax, args),
            PureFn::Min => self.op(Opcode::Fmin, args),
            PureFn::SafeDiv => self.divide_unless_zero(args[0], args[1], args[2]),
            PureFn::Xidz => self.divide_unless_tiny(args[0], args[1], args[2]),
            PureFn::Step => self.step(args[0], args[1]),
            PureFn::Ramp => self.ramp(args[0], args[1], args[2]),
            PureFn::Pulse => self.pulse(args[0], args[1], args[2]),
        }
    }

    fn truncate(&mut self, x: Value) -> Value {
        let zero = self.b.fconst(0.0);
        let is_negative = self.op(Opcode::Flt, &[x, zero]);
        let opposite = self.op(Opcode::Fneg, &[x]);
        let below = self.op(Opcode::Ffloor, &[opposite]);
        let negative = self.op(Opcode::Fneg, &[below]);
        let positive = self.op(Opcode::Ffloor, &[x]);
        self.op(Opcode::Select, &[is_negative, negative, positive])
    }

    fn divide_unless_tiny(&mut self, a: Value, b: Value, fallback: Value) -> Value {
        let size = self.op(Opcode::Fabs, &[b]);
        let threshold = self.b.fconst(1e-6);
        let is_tiny = self.op(Opcode::Flt, &[size, threshold]);
        let quotient = self.op(Opcode::Fdiv, &[a, b]);
        self.op(Opcode::Select, &[is_tiny, fallback, quotient])
    }

    fn step(&mut self, height: Value, start: Value) -> Value {
        let time = self.time();
        let half = self.half_dt();
        let reach = self.op(Opcode::Fadd, &[time, half]);
        let is_on = self.op(Opcode::Fgt, &[reach, start]);
        self.or_zero(is_on, height)
    }

    fn ramp(&mut self, slope: Value, start: Value, end: Value) -> Value {
        let time = self.time();
        let is_on = self.op(Opcode::Fgt, &[time, start]);
        let last = self.op(Opcode::Fmax, &[end, start]);
        let now = self.op(Opcode::Fmin, &[time, last]);
        let run = self.op(Opcode::Fsub, &[now, start]);
        let rise = self.op(Opcode::Fmul, &[slope, run]);
        self.or_zero(is_on, rise)
    }

    fn pulse(&mut self, magnitude: Value, first: Value, interval: Value) -> Value {
        let time = self.step_time();
        let half = self.half_dt();
        let reach = self.op(Opcode::Fadd, &[time, half]);
        let since_first = self.op(Opcode::Fsub, &[reach, first]);
        let zero = self.b.fconst(0.0);
        let has_begun = self.op(Opcode::Fge, &[since_first, zero]);

        let repeats = self.op(Opcode::Fgt, &[interval, zero]);
        let passed = self.op(Opcode::Fdiv, &[since_first, interval]);
        let whole = self.op(Opcode::Ffloor, &[passed]);
        let begun_at = self.op(Opcode::Fmul, &[interval, whole]);
        let since_begun = self.op(Opcode::Fsub, &[since_first, begun_at]);
        let since = self.op(Opcode::Select, &[repeats, since_begun, since_first]);

        let dt = self.dt();
        let has_not_ended = self.op(Opcode::Flt, &[since, dt]);
        let is_on = self.op(Opcode::Band, &[has_begun, has_not_ended]);
        let rate = self.op(Opcode::Fdiv, &[magnitude, dt]);
        self.or_zero(is_on, rate)
    }

    fn or_zero(&mut self, cond: Value, value: Value) -> Value {
        let zero = self.b.fconst(0.0);
        self.op(Opcode::Select, &[cond, value, zero])
    }

    fn dt(&mut self) -> Value {
        self.b.fconst(self.cx.model.time.dt)
    }

    fn half_dt(&mut self) -> Value {
        self.b.fconst(self.cx.model.time.dt / 2.0)
    }
}
