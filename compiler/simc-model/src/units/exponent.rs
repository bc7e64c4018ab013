//! Exponents of units: small rational numbers.

use std::fmt;

/// A rational number in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exponent {
    numerator: i32,
    /// Above 0.
    denominator: i32,
}

/// Numerators and denominators beyond this are of no use to anybody.
const LIMIT: i64 = 10_000;

impl Exponent {
    /// 1.
    pub const ONE: Exponent = Exponent { numerator: 1, denominator: 1 };
    /// -1.
    pub const MINUS_ONE: Exponent = Exponent { numerator: -1, denominator: 1 };

    /// `numerator/denominator`; none when the denominator is 0 or the result beyond the limit.
    pub fn new(numerator: i64, denominator: i64) -> Option<Self> {
        let divisor = greatest_common_divisor(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i64::try_from(divisor).ok().filter(|&divisor| divisor != 0 && denominator != 0)?;
        let (n, d) = (numerator / divisor, denominator / divisor);
        let (n, d) = if d < 0 { (n.checked_neg()?, d.checked_neg()?) } else { (n, d) };
        if n.abs() > LIMIT || d > LIMIT {
            return None;
        }
        Some(Self { numerator: i32::try_from(n).ok()?, denominator: i32::try_from(d).ok()? })
    }

    /// The fraction with a small denominator that a number stands for, if it does.
    pub fn of_number(value: f64) -> Option<Self> {
        const DENOMINATORS: std::ops::RangeInclusive<i32> = 1..=6;
        if !value.is_finite() || value.abs() > 1000.0 {
            return None;
        }
        let fraction = |denominator: i32| {
            let scaled = value * f64::from(denominator);
            let is_whole = (scaled - scaled.round()).abs() < 1e-9;
            is_whole.then(|| Self::new(scaled.round() as i64, i64::from(denominator))).flatten()
        };
        DENOMINATORS.into_iter().find_map(fraction)
    }

    /// Whether it is 0.
    pub fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// Whether it is below 0.
    pub fn is_negative(self) -> bool {
        self.numerator < 0
    }

    /// The sum; none beyond the limit.
    pub fn plus(self, other: Self) -> Option<Self> {
        let (n, d) = (i64::from(self.numerator), i64::from(self.denominator));
        let (m, e) = (i64::from(other.numerator), i64::from(other.denominator));
        Self::new(n * e + m * d, d * e)
    }

    /// The product; none beyond the limit.
    pub fn times(self, other: Self) -> Option<Self> {
        Self::new(
            i64::from(self.numerator) * i64::from(other.numerator),
            i64::from(self.denominator) * i64::from(other.denominator),
        )
    }

    /// The same with the other sign.
    #[must_use]
    pub fn negated(self) -> Self {
        Self { numerator: -self.numerator, ..self }
    }

    /// `1/x`; none for 0.
    pub fn inverse(self) -> Option<Self> {
        Self::new(i64::from(self.denominator), i64::from(self.numerator))
    }
}

fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// `2`, `-1`, `(1/2)`.
impl fmt::Display for Exponent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.denominator {
            1 => write!(f, "{}", self.numerator),
            denominator => write!(f, "({}/{denominator})", self.numerator),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reduces_to_lowest_terms() {
        let half = Exponent::new(-3, -6).expect("a half");
        assert_eq!(half.to_string(), "(1/2)");
        assert_eq!(half.plus(half), Some(Exponent::ONE));
        assert_eq!(half.inverse().expect("two").to_string(), "2");
        assert_eq!(Exponent::new(1, 0), None);
    }

    #[test]
    fn has_a_sign_unless_it_is_zero() {
        let signs = |numerator: i64| Exponent::new(numerator, 5).map(|found| (found.is_zero(), found.is_negative()));
        assert_eq!(signs(0), Some((true, false)));
        assert_eq!(signs(1), Some((false, false)));
        assert_eq!(signs(-1), Some((false, true)));
        assert_eq!(Exponent::new(-1, 5).map(Exponent::negated), Exponent::new(1, 5));
        assert_eq!(Exponent::new(0, 5).and_then(Exponent::inverse), None);
    }

    #[test]
    fn has_limits() {
        let large = Exponent::new(10_000, 1).expect("within the limit");
        assert_eq!(large.plus(Exponent::ONE), None);
        assert_eq!(large.times(large), None);
        assert_eq!(Exponent::new(i64::MIN, i64::MIN), None);
    }

    #[test]
    fn knows_the_fractions_that_are_written_as_decimals() {
        let shown = |value: f64| Exponent::of_number(value).map(|exponent| exponent.to_string());
        assert_eq!(shown(0.5).as_deref(), Some("(1/2)"));
        assert_eq!(shown(1.0 / 3.0).as_deref(), Some("(1/3)"));
        assert_eq!(shown(-2.0).as_deref(), Some("-2"));
        assert_eq!((shown(0.7134), shown(f64::NAN), shown(1e300)), (None, None, None));
        assert_eq!(shown(1.0 / 6.0).as_deref(), Some("(1/6)"));
        assert_eq!((shown(1.0 / 7.0), shown(1000.5), shown(-1001.0)), (None, None, None));
        assert_eq!((shown(1000.0).as_deref(), shown(-1000.0).as_deref()), (Some("1000"), Some("-1000")));
    }
}
