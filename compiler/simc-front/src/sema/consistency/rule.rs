//! Calls of builtins: what the rule in the builtin table asks of the arguments, and what it says of the value.

use crate::builtin::{Builtin, UnitPattern, UnitRule};
use crate::model::VarId;
use crate::source::Span;
use crate::units::{Exponent, Unit};

use super::value::{Measured, Value};
use super::{Checker, SiteKind};

/// The units that `a` or `b` of a rule has in a call.
#[derive(Clone, Default)]
struct Bound {
    /// What is known, and the argument that says so.
    known: Option<(Measured, usize)>,
    /// Whether an argument is a bare number.
    is_number: bool,
    /// Whether nothing is known of an argument.
    is_free: bool,
}

impl Checker<'_, '_> {
    /// The units of a call.
    pub(super) fn call(&mut self, owner: VarId, builtin: &'static Builtin, args: &[(Value, Span)]) -> Value {
        let (patterns, result) = match builtin.units {
            UnitRule::Call(patterns, result) => (patterns, result),
            UnitRule::Own => return Value::unit(self.of_var(owner)),
            UnitRule::Unstated | UnitRule::Power | UnitRule::Lookup => return Value::Free,
        };
        let pattern = |index: usize| patterns.get(index).or(patterns.last()).copied().unwrap_or(UnitPattern::Free);
        let bound = self.bind(pattern, args);
        for (index, (found, span)) in args.iter().enumerate() {
            let is_binder = bound.iter().any(|bound| bound.known.as_ref().is_some_and(|(_, arg)| *arg == index));
            if is_binder {
                continue;
            }
            let expected = self.pattern_value(pattern(index), &bound);
            let param = builtin.params.get(index).or(builtin.params.last()).map_or("", |param| param.name);
            self.require(&expected, found, owner, *span, SiteKind::Argument(builtin, param));
        }
        self.pattern_value(result, &bound)
    }

    /// Finds the units of `a` and `b`: from the first argument of which they follow, if possible one without a bare number.
    fn bind(&self, pattern: impl Fn(usize) -> UnitPattern, args: &[(Value, Span)]) -> [Bound; 2] {
        let mut bound = [Bound::default(), Bound::default()];
        for (index, (value, _)) in args.iter().enumerate() {
            let UnitPattern::Product { a, b, time } = pattern(index) else { continue };
            let (which, twice) = match (a, b) {
                (0, 0) => continue,
                (a, 0) => (0, a),
                (0, b) => (1, b),
                _ => continue,
            };
            let slot = &mut bound[which];
            match value {
                Value::Free => slot.is_free = true,
                Value::Number { .. } => slot.is_number = true,
                Value::Unit(measured) => {
                    let is_better = slot.known.as_ref().is_none_or(|(known, _)| known.is_loose && !measured.is_loose);
                    let solved = || {
                        let time = self.time.power(Exponent::new(i64::from(time), 1)?)?;
                        measured.unit.per(&time)?.power(Exponent::new(2, i64::from(twice))?)
                    };
                    match solved() {
                        Some(unit) if is_better => {
                            slot.known = Some((Measured { unit, is_loose: measured.is_loose }, index));
                        }
                        Some(_) => {}
                        None => slot.is_free = true,
                    }
                }
            }
        }
        bound
    }

    /// The units that a pattern stands for.
    fn pattern_value(&self, pattern: UnitPattern, bound: &[Bound; 2]) -> Value {
        let (a, b, time) = match pattern {
            UnitPattern::Free => return Value::Free,
            UnitPattern::Number => return Value::NUMBER,
            UnitPattern::Product { a, b, time } => (a, b, time),
        };
        let time = Exponent::new(i64::from(time), 1).and_then(|exponent| self.time.power(exponent));
        let mut product = time.map_or(Value::Free, Value::unit);
        let used = [(a, &bound[0]), (b, &bound[1])].into_iter().filter(|(twice, _)| *twice != 0);
        let is_number = |(_, bound): &(i8, &Bound)| bound.known.is_none() && !bound.is_free && bound.is_number;
        if a != 0 || b != 0 {
            if used.clone().all(|entry| is_number(&entry)) {
                return Value::NUMBER;
            }
        }
        for (twice, bound) in used {
            let Some(exponent) = Exponent::new(i64::from(twice), 2) else { return Value::Free };
            let factor = match &bound.known {
                Some((measured, _)) => Value::Unit(measured.clone()),
                None if bound.is_number && !bound.is_free => {
                    Value::Unit(Measured { unit: Unit::ONE, is_loose: true })
                }
                None => Value::Free,
            };
            product = product.times(factor, exponent);
        }
        product
    }
}
