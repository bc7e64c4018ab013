//! Calls of builtins: what the rule in the builtin table asks of the arguments, and what it says of the value.

use crate::builtin::{Builtin, UnitPattern, UnitRule};
use crate::model::VarId;
use crate::source::Span;
use crate::units::{Exponent, Unit};

use crate::sema::units::consistency::checker::{Checker, SiteKind};
use crate::sema::units::consistency::value::{Bare, Value};

/// The units that `a` or `b` of a rule has in a call.
#[derive(Clone, Default)]
struct Bound {
    /// What is known, and the argument that says so.
    known: Option<(Unit, usize)>,
    /// An argument that is a bare number.
    number: Option<Bare>,
    /// Whether nothing is known of an argument.
    is_free: bool,
}

impl Checker<'_, '_> {
    /// The units of a call.
    pub(in crate::sema) fn call(&mut self, owner: VarId, builtin: &'static Builtin, args: &[(Value, Span)]) -> Value {
        let (patterns, result) = match builtin.units {
            UnitRule::Call(patterns, result) => (patterns, result),
            UnitRule::Own => return Value::Unit(self.of_var(owner)),
            UnitRule::Unstated | UnitRule::Power | UnitRule::Root | UnitRule::Derivative | UnitRule::Lookup => {
                return Value::Free;
            }
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

    /// Finds the units of `a` and `b`: from the first argument of which they follow.
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
                Value::Number(bare) => slot.number = Some(*bare),
                Value::Unit(unit) => {
                    let solved = || {
                        let time = self.time.power(Exponent::new(i64::from(time), 1)?)?;
                        unit.per(&time)?.power(Exponent::new(2, i64::from(twice))?)
                    };
                    match solved() {
                        Some(unit) => drop(slot.known.get_or_insert((unit, index))),
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
        let mut product = time.map_or(Value::Free, Value::Unit);
        for (twice, bound) in [(a, &bound[0]), (b, &bound[1])].into_iter().filter(|(twice, _)| *twice != 0) {
            let Some(exponent) = Exponent::new(i64::from(twice), 2) else { return Value::Free };
            let factor = match &bound.known {
                Some((unit, _)) => Value::Unit(unit.clone()),
                None if bound.is_free => Value::Free,
                None => bound.number.map_or(Value::Free, Value::Number),
            };
            product = match (product, factor) {
                (Value::Unit(unit), factor @ Value::Number(_)) if unit.is_one() => factor,
                (product, factor) => product.times(factor, exponent),
            };
        }
        product
    }
}
