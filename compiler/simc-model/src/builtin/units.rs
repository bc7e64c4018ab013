//! What calls of builtins do with units of measure.

use std::fmt;

/// The units of a call's arguments and of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitRule {
    /// The row does not say: nothing is asked of the arguments, and the value may have any units.
    Unstated,
    /// A pattern for each parameter, the last of which holds for all further arguments, and one for the value.
    Call(&'static [UnitPattern], UnitPattern),
    /// The first argument to the power of the second.
    Power,
    /// The first argument to the power of one over the second.
    Root,
    /// The first argument over the time unit to the power of the second.
    Derivative,
    /// The units of the graphical function that the first argument names.
    Lookup,
    /// The units of the variable in whose equation it is.
    Own,
}

/// The units of one argument, or of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitPattern {
    /// Any units, of which nothing follows.
    Free,
    /// Whatever a bare number stands for.
    Number,
    /// `a^(a/2) * b^(b/2) * time^time`, where `a` and `b` are the same units wherever they occur in a rule, and `time` is the model's time unit.
    Product {
        /// Twice the exponent of the first units.
        a: i8,
        /// Twice the exponent of the second units.
        b: i8,
        /// The exponent of the time unit.
        time: i8,
    },
}

impl UnitPattern {
    /// Dimensionless.
    pub const ONE: UnitPattern = product(0, 0, 0);
    /// The first units.
    pub const A: UnitPattern = product(2, 0, 0);
    /// The second units.
    pub const B: UnitPattern = product(0, 2, 0);
    /// The first over the second units.
    pub const A_PER_B: UnitPattern = product(2, -2, 0);
    /// The square root of the first units.
    pub const ROOT_A: UnitPattern = product(1, 0, 0);
    /// The product of both units.
    pub const A_TIMES_B: UnitPattern = product(2, 2, 0);
    /// One over the first units.
    pub const PER_A: UnitPattern = product(-2, 0, 0);
    /// The time unit.
    pub const TIME: UnitPattern = product(0, 0, 1);
    /// One over the time unit.
    pub const PER_TIME: UnitPattern = product(0, 0, -1);
    /// The first units over the time unit.
    pub const A_PER_TIME: UnitPattern = product(2, 0, -1);
}

const fn product(a: i8, b: i8, time: i8) -> UnitPattern {
    UnitPattern::Product { a, b, time }
}

/// `a, time, a: a`: those of the arguments, then that of the value.
impl fmt::Display for UnitRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnitRule::Unstated => f.write_str("any"),
            UnitRule::Call([], result) => write!(f, "{result}"),
            UnitRule::Call(args, result) => {
                let args: Vec<String> = args.iter().map(UnitPattern::to_string).collect();
                write!(f, "{}: {result}", args.join(", "))
            }
            UnitRule::Power => f.write_str("a, exponent: a^exponent"),
            UnitRule::Root => f.write_str("a, n: a^(1/n)"),
            UnitRule::Derivative => f.write_str("a, n: a/time^n"),
            UnitRule::Lookup => f.write_str("those of the graphical function"),
            UnitRule::Own => f.write_str("those of the variable"),
        }
    }
}

/// `a/b`, `1/time`, `1` for no units.
impl fmt::Display for UnitPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (a, b, time) = match self {
            UnitPattern::Free => return f.write_str("any"),
            UnitPattern::Number => return f.write_str("a bare number"),
            UnitPattern::Product { a, b, time } => (*a, *b, 2 * *time),
        };
        let power = |(name, twice): (&str, i8)| match twice.abs() {
            2 => name.to_owned(),
            twice if twice % 2 == 0 => format!("{name}^{}", twice / 2),
            twice => format!("{name}^({twice}/2)"),
        };
        let factors = [("a", a), ("b", b), ("time", time)];
        let side = |sign: i8| -> Vec<String> {
            factors.into_iter().filter(|(_, twice)| twice.signum() == sign).map(power).collect()
        };
        let (above, below) = (side(1), side(-1));
        f.write_str(&if above.is_empty() { "1".to_owned() } else { above.join("*") })?;
        below.iter().try_for_each(|factor| write!(f, "/{factor}"))
    }
}
