//! The units of a part of an equation, as far as they are known.

use crate::units::{Exponent, Unit};

/// The units of a part of an equation.
#[derive(Clone, Debug, Default)]
pub(in crate::sema) enum Value {
    /// Nothing is known.
    #[default]
    Free,
    /// A bare number, or a product with one among its factors: since the number may stand for anything, so may the product.
    Number(Bare),
    /// Known, but for the units of variables that do not say which they have.
    Unit(Unit),
}

/// A bare number as a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sema) enum Bare {
    /// 1: it has no units in `1/x`. To multiply or divide by it would be idle, so that it must stand for a quantity there.
    One,
    /// -1, which changes the sign of what it is multiplied with.
    MinusOne,
    /// Any other number.
    Other,
}

impl Bare {
    /// What a number is.
    pub(in crate::sema) fn of(value: f64) -> Self {
        match value {
            1.0 => Bare::One,
            -1.0 => Bare::MinusOne,
            _ => Bare::Other,
        }
    }
}

impl Value {
    /// Dimensionless.
    pub(in crate::sema) const ONE: Value = Value::Unit(Unit::ONE);

    /// Anything that a bare number may stand for.
    pub(in crate::sema) const NUMBER: Value = Value::Number(Bare::Other);

    /// The product, or with an exponent of -1 for the other the quotient.
    pub(in crate::sema) fn times(self, other: Value, exponent: Exponent) -> Value {
        match (self, other) {
            (Value::Free, _) | (_, Value::Free) => Value::Free,
            (Value::Unit(a), Value::Unit(b)) => of(b.power(exponent).and_then(|b| a.times(&b))),
            (Value::Number(Bare::One), Value::Unit(unit)) if exponent.is_negative() => of(unit.power(exponent)),
            (Value::Number(Bare::MinusOne), Value::Unit(unit)) => of(unit.power(exponent)),
            (Value::Unit(unit), Value::Number(Bare::MinusOne)) => Value::Unit(unit),
            (Value::Number(_), Value::Number(_) | Value::Unit(_)) | (Value::Unit(_), Value::Number(_)) => Value::NUMBER,
        }
    }

    /// The same with the other sign.
    pub(in crate::sema) fn negated(self) -> Value {
        if let Value::Number(Bare::One) = self { Value::Number(Bare::MinusOne) } else { self }
    }

    /// The power with a known exponent, or with an unknown one.
    pub(in crate::sema) fn power(self, exponent: Option<Exponent>) -> Value {
        match (self, exponent) {
            (Value::Free, _) => Value::Free,
            (Value::Number(_), _) => Value::NUMBER,
            (Value::Unit(base), Some(exponent)) => of(base.power(exponent)),
            (Value::Unit(base), None) if base.is_one() => Value::ONE,
            (Value::Unit(_), None) => Value::Free,
        }
    }

    /// What is known of either of two values with the same units: the one of which more is known.
    pub(in crate::sema) fn or(self, other: Value) -> Value {
        match (self, other) {
            (Value::Number(_), Value::Number(_)) => Value::NUMBER,
            (Value::Free, Value::Number(_) | Value::Free) | (Value::Number(_), Value::Free) => Value::Free,
            (Value::Unit(a), Value::Unit(b)) => {
                Value::Unit(if b.unknowns().count() < a.unknowns().count() { b } else { a })
            }
            (Value::Unit(a), _) => Value::Unit(a),
            (_, Value::Unit(b)) => Value::Unit(b),
        }
    }
}

fn of(unit: Option<Unit>) -> Value {
    unit.map_or(Value::Free, Value::Unit)
}
