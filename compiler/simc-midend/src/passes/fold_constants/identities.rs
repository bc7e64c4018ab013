//! Identities that hold for every operand, infinities, zeros of both signs and NaN included (whose payload and sign nobody sees).

use kernel::function::Function;
use simc_ir::entity::Value;
use simc_ir::func::FuncData;
use simc_ir::opcode::{Immediate, Opcode};

use super::constant_of;
use crate::analysis::constants::Constant;

/// What may be in the place of an instruction.
#[derive(Debug)]
pub(super) enum Simpler {
    /// A value that is there already.
    Value(Value),
    /// A constant.
    Constant(Constant),
    /// Another operation.
    Op(Opcode, Vec<Value>),
    /// Another operation on a value and a number.
    WithConstant(Opcode, Value, f64),
    /// 1/x
    Inverse(Value),
    /// 1 where the condition does not hold, else 0.
    SelectNot(Value),
}

/// Something cheaper with the same result. No operand is what could be simplified itself.
pub(super) fn simplify(func: &FuncData, opcode: Opcode, immediate: Immediate, args: &[Value]) -> Option<Simpler> {
    let cx = Cx { func };
    match (opcode, args) {
        (Opcode::Fneg, &[x]) => cx.simplify_neg(x),
        (Opcode::Fabs, &[x]) => cx.simplify_abs(x),
        (Opcode::Fadd, &[a, b]) => cx.simplify_add(a, b),
        (Opcode::Fsub, &[a, b]) => cx.simplify_sub(a, b),
        (Opcode::Fmul, &[a, b]) => cx.simplify_mul(a, b),
        (Opcode::Fdiv, &[a, b]) => cx.simplify_div(a, b),
        // The lesser or greater of x and x is x.
        (Opcode::Fmin | Opcode::Fmax, &[a, b]) if a == b => Some(Simpler::Value(a)),
        (Opcode::Feq, &[a, b]) => cx.simplify_equality(a, b, true),
        (Opcode::Fne, &[a, b]) => cx.simplify_equality(a, b, false),
        (Opcode::Band, &[a, b]) => cx.simplify_logic(a, b, false),
        (Opcode::Bor, &[a, b]) => cx.simplify_logic(a, b, true),
        (Opcode::Bnot, &[x]) => cx.simplify_not(x),
        (Opcode::Select, &[cond, a, b]) => cx.simplify_select(cond, a, b),
        (Opcode::Call, &[a, b]) if immediate == Immediate::Function(Function::Pow) => cx.simplify_pow(a, b),
        _ => None,
    }
}

struct Cx<'a> {
    func: &'a FuncData,
}

impl Cx<'_> {
    /// -(-x) = x: the sign bit is flipped twice.
    fn simplify_neg(&self, x: Value) -> Option<Simpler> {
        self.unary(Opcode::Fneg, x).map(Simpler::Value)
    }

    /// ||x|| = |x| and |-x| = |x|: the sign bit is cleared in any case.
    fn simplify_abs(&self, x: Value) -> Option<Simpler> {
        if self.unary(Opcode::Fabs, x).is_some() {
            return Some(Simpler::Value(x));
        }
        self.unary(Opcode::Fneg, x).map(|x| Simpler::Op(Opcode::Fabs, vec![x]))
    }

    fn simplify_add(&self, a: Value, b: Value) -> Option<Simpler> {
        // x + -0 = x, also for zeros: only +0 + +0 and +0 + -0 are +0, and -0 + -0 is -0. x + +0 would lose the sign of -0.
        if self.is_number(b, -0.0) {
            return Some(Simpler::Value(a));
        }
        if self.is_number(a, -0.0) {
            return Some(Simpler::Value(b));
        }
        // a + (-b) = a - b: IEEE 754 defines the difference so.
        if let Some(b) = self.unary(Opcode::Fneg, b) {
            return Some(Simpler::Op(Opcode::Fsub, vec![a, b]));
        }
        // (-a) + b = b - a: the same, and sums commute.
        self.unary(Opcode::Fneg, a).map(|a| Simpler::Op(Opcode::Fsub, vec![b, a]))
    }

    fn simplify_sub(&self, a: Value, b: Value) -> Option<Simpler> {
        // x - +0 = x + -0 = x. x - -0 would lose the sign of -0.
        if self.is_number(b, 0.0) {
            return Some(Simpler::Value(a));
        }
        // -0 - x = -0 + -x = -x.
        if self.is_number(a, -0.0) {
            return Some(Simpler::Op(Opcode::Fneg, vec![b]));
        }
        // a - (-b) = a + b: IEEE 754 defines the difference so.
        self.unary(Opcode::Fneg, b).map(|b| Simpler::Op(Opcode::Fadd, vec![a, b]))
    }

    fn simplify_mul(&self, a: Value, b: Value) -> Option<Simpler> {
        for (x, factor) in [(a, b), (b, a)] {
            // The exact product x*1 is x, and x*-1 is -x, each with the sign that IEEE 754 gives products of zeros.
            if self.is_number(factor, 1.0) {
                return Some(Simpler::Value(x));
            }
            if self.is_number(factor, -1.0) {
                return Some(Simpler::Op(Opcode::Fneg, vec![x]));
            }
        }
        self.simplify_signs(Opcode::Fmul, a, b)
    }

    fn simplify_div(&self, a: Value, b: Value) -> Option<Simpler> {
        if self.is_number(b, 1.0) {
            return Some(Simpler::Value(a));
        }
        if self.is_number(b, -1.0) {
            return Some(Simpler::Op(Opcode::Fneg, vec![a]));
        }
        if let Some(divisor) = self.number(b)
            && let Some(reciprocal) = exact_reciprocal(divisor)
        {
            // x/2^k and x*2^-k are roundings of the same real number, so they are equal, where they underflow or overflow as well.
            return Some(Simpler::WithConstant(Opcode::Fmul, a, reciprocal));
        }
        self.simplify_signs(Opcode::Fdiv, a, b)
    }

    /// (-a)*(-b) = a*b and (-a)/(-b) = a/b: the sign of the result is that of one operand times that of the other, and rounding to
    /// nearest does not depend on it.
    fn simplify_signs(&self, opcode: Opcode, a: Value, b: Value) -> Option<Simpler> {
        let (a, b) = (self.unary(Opcode::Fneg, a)?, self.unary(Opcode::Fneg, b)?);
        Some(Simpler::Op(opcode, vec![a, b]))
    }

    /// A truth value made a number and compared with a truth value's number again.
    fn simplify_equality(&self, a: Value, b: Value, equal: bool) -> Option<Simpler> {
        for (x, constant) in [(a, b), (b, a)] {
            let (Some(cond), Some(number)) = (self.unary(Opcode::Btof, x), self.number(constant)) else { continue };
            let holds_when = if number == 0.0 {
                false
            } else if number == 1.0 {
                true
            } else {
                return Some(Simpler::Constant(Constant::Bool(!equal)));
            };
            return Some(if holds_when == equal {
                Simpler::Value(cond)
            } else {
                Simpler::Op(Opcode::Bnot, vec![cond])
            });
        }
        None
    }

    /// `absorbing` decides alone: false for "both", true for "at least one". The other truth value decides nothing.
    fn simplify_logic(&self, a: Value, b: Value, absorbing: bool) -> Option<Simpler> {
        if a == b {
            return Some(Simpler::Value(a));
        }
        [(a, b), (b, a)].into_iter().find_map(|(x, constant)| {
            self.truth(constant).map(|constant| {
                if constant == absorbing { Simpler::Constant(Constant::Bool(absorbing)) } else { Simpler::Value(x) }
            })
        })
    }

    fn simplify_not(&self, x: Value) -> Option<Simpler> {
        if let Some(x) = self.unary(Opcode::Bnot, x) {
            return Some(Simpler::Value(x));
        }
        // "Equal" and "not equal" are opposites, beside NaN too. "Less" and "greater or equal" are not: both are false there.
        let (opposite, args) = match self.opcode(x)? {
            (Opcode::Feq, args) => (Opcode::Fne, args),
            (Opcode::Fne, args) => (Opcode::Feq, args),
            _ => return None,
        };
        Some(Simpler::Op(opposite, args.to_vec()))
    }

    fn simplify_select(&self, cond: Value, a: Value, b: Value) -> Option<Simpler> {
        if let Some(cond) = self.truth(cond) {
            return Some(Simpler::Value(if cond { a } else { b }));
        }
        if a == b {
            return Some(Simpler::Value(a));
        }
        if let Some(cond) = self.unary(Opcode::Bnot, cond) {
            return Some(Simpler::Op(Opcode::Select, vec![cond, b, a]));
        }
        if self.is_number(a, 1.0) && self.is_number(b, 0.0) {
            return Some(Simpler::Op(Opcode::Btof, vec![cond]));
        }
        (self.is_number(a, 0.0) && self.is_number(b, 1.0)).then_some(Simpler::SelectNot(cond))
    }

    /// The kernel's power function gives exactly these for these exponents, whatever the base; its tests and this pass's hold it to that.
    fn simplify_pow(&self, a: Value, b: Value) -> Option<Simpler> {
        let exponent = self.number(b)?;
        if exponent == 0.0 {
            Some(Simpler::Constant(Constant::F64(1.0)))
        } else if exponent == 1.0 {
            Some(Simpler::Value(a))
        } else if exponent == 2.0 {
            Some(Simpler::Op(Opcode::Fmul, vec![a, a]))
        } else if exponent == -1.0 {
            Some(Simpler::Inverse(a))
        } else {
            None
        }
    }

    fn opcode(&self, value: Value) -> Option<(Opcode, &[Value])> {
        let inst = self.func.def_inst(value)?;
        Some((self.func.insts[inst].opcode, self.func.args(inst)))
    }

    /// The operand of `opcode`, when a value is the result of that.
    fn unary(&self, opcode: Opcode, value: Value) -> Option<Value> {
        match self.opcode(value)? {
            (found, &[x]) if found == opcode => Some(x),
            _ => None,
        }
    }

    fn number(&self, value: Value) -> Option<f64> {
        match constant_of(self.func, value)? {
            Constant::F64(x) => Some(x),
            Constant::Bool(_) => None,
        }
    }

    fn truth(&self, value: Value) -> Option<bool> {
        match constant_of(self.func, value)? {
            Constant::Bool(x) => Some(x),
            Constant::F64(_) => None,
        }
    }

    /// Whether a value is this number, to the bit.
    fn is_number(&self, value: Value, x: f64) -> bool {
        self.number(value).is_some_and(|number| number.to_bits() == x.to_bits())
    }
}

/// 1/x, when x is a power of two (so that 1/x is not rounded) and both are normal numbers.
pub(super) fn exact_reciprocal(x: f64) -> Option<f64> {
    const MANTISSA: u64 = (1 << 52) - 1;
    let reciprocal = 1.0 / x;
    (x.is_normal() && reciprocal.is_normal() && x.to_bits() & MANTISSA == 0).then_some(reciprocal)
}
