//! The units of a part of an equation, as far as they are known.

use crate::units::{Exponent, Unit};

/// The units of a part of an equation.
#[derive(Clone, Debug, Default)]
pub(super) enum Value {
    /// Nothing is known.
    #[default]
    Free,
    /// A bare number, or what is computed from bare numbers alone: it may stand for any units.
    Number {
        /// Whether it is 1 or -1, which leave what they are multiplied with as it is.
        is_one: bool,
    },
    /// Known, but for the units of variables that do not say which they have.
    Unit(Measured),
}

/// A product of units.
#[derive(Clone, Debug)]
pub(super) struct Measured {
    /// The product.
    pub(super) unit: Unit,
    /// Whether a bare number is among its factors.
    pub(super) is_loose: bool,
}

impl Value {
    /// Dimensionless.
    pub(super) const ONE: Value = Value::Unit(Measured { unit: Unit::ONE, is_loose: false });

    /// A number that is neither 1 nor -1.
    pub(super) const NUMBER: Value = Value::Number { is_one: false };

    /// Units without a bare number.
    pub(super) fn unit(unit: Unit) -> Self {
        Value::Unit(Measured { unit, is_loose: false })
    }

    fn measured(unit: Option<Unit>, is_loose: bool) -> Self {
        unit.map_or(Value::Free, |unit| Value::Unit(Measured { unit, is_loose }))
    }

    /// The product, or with an exponent of -1 for the other the quotient.
    pub(super) fn times(self, other: Value, exponent: Exponent) -> Value {
        match (self, other) {
            (Value::Free, _) | (_, Value::Free) => Value::Free,
            (Value::Number { is_one: a }, Value::Number { is_one: b }) => Value::Number { is_one: a && b },
            (Value::Unit(a), Value::Unit(b)) => {
                let product = b.unit.power(exponent).and_then(|b| a.unit.times(&b));
                Value::measured(product, a.is_loose || b.is_loose)
            }
            (Value::Number { is_one }, Value::Unit(measured)) => {
                let unit = measured.unit.power(exponent);
                Value::scaled(unit, measured.is_loose, is_one)
            }
            (Value::Unit(measured), Value::Number { is_one }) => {
                Value::scaled(Some(measured.unit), measured.is_loose, is_one)
            }
        }
    }

    /// A bare number times something. A number times what has no units may stand for any units, as the number alone may.
    fn scaled(unit: Option<Unit>, is_loose: bool, is_one: bool) -> Value {
        match unit {
            Some(unit) if unit.is_one() && !is_one => Value::NUMBER,
            unit => Value::measured(unit, is_loose || !is_one),
        }
    }

    /// The power with a known exponent, or with an unknown one.
    pub(super) fn power(self, exponent: Option<Exponent>) -> Value {
        match (self, exponent) {
            (Value::Free, _) => Value::Free,
            (Value::Number { is_one }, _) => Value::Number { is_one },
            (Value::Unit(base), Some(exponent)) => Value::measured(base.unit.power(exponent), base.is_loose),
            (Value::Unit(base), None) if base.unit.is_one() => Value::ONE,
            (Value::Unit(_), None) => Value::Free,
        }
    }

    /// What is known of either of two values with the same units: the one of which more is known.
    pub(super) fn or(self, other: Value) -> Value {
        match (self, other) {
            (Value::Number { .. }, Value::Number { .. }) => Value::NUMBER,
            (Value::Free, Value::Number { .. } | Value::Free) | (Value::Number { .. }, Value::Free) => Value::Free,
            (Value::Unit(a), Value::Unit(b)) => {
                let rank = |side: &Measured| (side.is_loose, side.unit.unknowns().count());
                Value::Unit(if rank(&b) < rank(&a) { b } else { a })
            }
            (Value::Unit(a), _) => Value::Unit(a),
            (_, Value::Unit(b)) => Value::Unit(b),
        }
    }
}
