//! The units of a part of an equation, as far as they are known.

use crate::units::{Exponent, Unit};

/// The units of a part of an equation.
#[derive(Clone, Debug, Default)]
pub(super) enum Value {
    /// Nothing is known.
    #[default]
    Free,
    /// A bare number, or a product with one among its factors: since the number may stand for anything, so may the product.
    Number {
        /// Whether it is 1 or -1, which leave what they are multiplied with as it is.
        is_one: bool,
    },
    /// Known, but for the units of variables that do not say which they have.
    Unit(Unit),
}

impl Value {
    /// Dimensionless.
    pub(super) const ONE: Value = Value::Unit(Unit::ONE);

    /// A number that is neither 1 nor -1.
    pub(super) const NUMBER: Value = Value::Number { is_one: false };

    /// The product, or with an exponent of -1 for the other the quotient.
    pub(super) fn times(self, other: Value, exponent: Exponent) -> Value {
        match (self, other) {
            (Value::Free, _) | (_, Value::Free) => Value::Free,
            (Value::Unit(a), Value::Unit(b)) => of(b.power(exponent).and_then(|b| a.times(&b))),
            (Value::Number { is_one: true }, Value::Unit(unit)) => of(unit.power(exponent)),
            (Value::Unit(unit), Value::Number { is_one: true }) => Value::Unit(unit),
            (Value::Number { is_one: a }, Value::Number { is_one: b }) => Value::Number { is_one: a && b },
            (Value::Number { .. }, Value::Unit(_)) | (Value::Unit(_), Value::Number { .. }) => Value::NUMBER,
        }
    }

    /// The power with a known exponent, or with an unknown one.
    pub(super) fn power(self, exponent: Option<Exponent>) -> Value {
        match (self, exponent) {
            (Value::Free, _) => Value::Free,
            (Value::Number { is_one }, _) => Value::Number { is_one },
            (Value::Unit(base), Some(exponent)) => of(base.power(exponent)),
            (Value::Unit(base), None) if base.is_one() => Value::ONE,
            (Value::Unit(_), None) => Value::Free,
        }
    }

    /// What is known of either of two values with the same units: the one of which more is known.
    pub(super) fn or(self, other: Value) -> Value {
        match (self, other) {
            (Value::Number { .. }, Value::Number { .. }) => Value::NUMBER,
            (Value::Free, Value::Number { .. } | Value::Free) | (Value::Number { .. }, Value::Free) => Value::Free,
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
