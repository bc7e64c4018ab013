//! Units as products of powers.

use crate::units::exponent::Exponent;

/// A factor of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symbol {
    /// A base unit, which nothing defines.
    Base(u32),
    /// The units of something that does not say which it has.
    Unknown(u32),
}

/// A product of powers; without any factor, no unit at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unit {
    /// Ascending, no exponent is 0.
    factors: Vec<(Symbol, Exponent)>,
}

/// A unit with more factors than this is not followed any further.
const MAX_FACTORS: usize = 64;

impl Unit {
    /// No unit: dimensionless.
    pub const ONE: Unit = Unit { factors: Vec::new() };

    /// A single factor.
    pub fn of(symbol: Symbol) -> Self {
        Self { factors: vec![(symbol, Exponent::ONE)] }
    }

    /// Whether it is dimensionless.
    pub fn is_one(&self) -> bool {
        self.factors.is_empty()
    }

    /// The factors, ascending.
    pub fn factors(&self) -> &[(Symbol, Exponent)] {
        &self.factors
    }

    /// The unknown factors, ascending.
    pub fn unknowns(&self) -> impl DoubleEndedIterator<Item = (u32, Exponent)> {
        self.factors.iter().filter_map(|&(symbol, exponent)| match symbol {
            Symbol::Base(_) => None,
            Symbol::Unknown(unknown) => Some((unknown, exponent)),
        })
    }

    /// The product; none when exponents or factors are beyond their limits.
    pub fn times(&self, other: &Self) -> Option<Self> {
        let mut factors = Vec::with_capacity(self.factors.len() + other.factors.len());
        let (mut left, mut right) = (self.factors.as_slice(), other.factors.as_slice());
        loop {
            match (left, right) {
                ([a, rest @ ..], [b, others @ ..]) if a.0 == b.0 => {
                    let sum = a.1.plus(b.1)?;
                    factors.extend(Some((a.0, sum)).filter(|_| !sum.is_zero()));
                    (left, right) = (rest, others);
                }
                ([a, rest @ ..], [b, ..]) if a.0 < b.0 => {
                    factors.push(*a);
                    left = rest;
                }
                ([a, rest @ ..], []) => {
                    factors.push(*a);
                    left = rest;
                }
                (_, [b, others @ ..]) => {
                    factors.push(*b);
                    right = others;
                }
                ([], []) => break,
            }
        }
        (factors.len() <= MAX_FACTORS).then_some(Self { factors })
    }

    /// The quotient; none when exponents or factors are beyond their limits.
    pub fn per(&self, other: &Self) -> Option<Self> {
        self.times(&other.inverse())
    }

    /// The power; none when an exponent is beyond its limits.
    pub fn power(&self, exponent: Exponent) -> Option<Self> {
        if exponent.is_zero() {
            return Some(Self::ONE);
        }
        let factors =
            self.factors.iter().map(|&(symbol, own)| Some((symbol, own.times(exponent)?))).collect::<Option<_>>()?;
        Some(Self { factors })
    }

    /// `1/self`.
    #[must_use]
    pub fn inverse(&self) -> Self {
        Self { factors: self.factors.iter().map(|&(symbol, exponent)| (symbol, exponent.negated())).collect() }
    }

    /// As people write it: `people/year`, `1/month`, `dollars/(person*year)`; `name` says how a factor is called.
    pub fn show(&self, name: impl Fn(Symbol) -> String) -> String {
        let part = |is_below: bool| {
            let chosen = self.factors.iter().filter(move |(_, exponent)| exponent.is_negative() == is_below);
            let shown = chosen.map(|&(symbol, exponent)| {
                let exponent = if is_below { exponent.negated() } else { exponent };
                let power = if exponent == Exponent::ONE { String::new() } else { format!("^{exponent}") };
                format!("{}{power}", name(symbol))
            });
            shown.collect::<Vec<_>>()
        };
        let (above, below) = (part(false), part(true));
        let numerator = if above.is_empty() { "1".to_owned() } else { above.join("*") };
        match below.as_slice() {
            [] if above.is_empty() => "dimensionless".to_owned(),
            [] => numerator,
            [one] => format!("{numerator}/{one}"),
            several => format!("{numerator}/({})", several.join("*")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(id: u32) -> Unit {
        Unit::of(Symbol::Base(id))
    }

    fn show(unit: &Unit) -> String {
        unit.show(|symbol| match symbol {
            Symbol::Base(id) => ["people", "year", "dollar"][id as usize].to_owned(),
            Symbol::Unknown(id) => format!("?{id}"),
        })
    }

    #[test]
    fn multiplies_divides_and_cancels() {
        let rate = base(0).per(&base(1)).expect("a unit");
        assert_eq!(show(&rate), "people/year");
        assert_eq!(rate.times(&base(1)), Some(base(0)));
        assert_eq!(rate.per(&rate), Some(Unit::ONE));
    }

    #[test]
    fn is_shown_as_people_write_it() {
        let below = base(0).times(&base(1)).expect("a unit");
        assert_eq!(show(&base(2).per(&below).expect("a unit")), "dollar/(people*year)");
        assert_eq!(show(&base(1).inverse()), "1/year");
        assert_eq!(show(&base(1).power(Exponent::new(-2, 1).expect("small")).expect("a unit")), "1/year^2");
        assert_eq!(show(&Unit::ONE), "dimensionless");
    }

    #[test]
    fn gives_up_beyond_its_limits() {
        let mut product = Unit::ONE;
        for id in 0..64 {
            product = product.times(&Unit::of(Symbol::Base(id))).expect("within the limit");
        }
        assert_eq!(product.times(&base(64)), None);
        assert_eq!(product.power(Exponent::new(10_000, 1).expect("small")).and_then(|high| high.times(&high)), None);
    }
}
