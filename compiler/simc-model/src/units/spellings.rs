//! The units that need no definition.

/// Spellings of one unit.
pub(super) struct Group {
    /// Spellings that a model's own definition of any of them takes along.
    pub(super) long: &'static [&'static str],
    /// Short spellings, which may mean something else in a model: a definition of one of them takes that one alone.
    pub(super) short: &'static [&'static str],
    /// Whether it is no unit.
    pub(super) is_one: bool,
}

const fn unit(long: &'static [&'static str], short: &'static [&'static str]) -> Group {
    Group { long, short, is_one: false }
}

/// All of them; case does not count, and spaces and underscores are the same. `per_x` is `1/x`, for these and for any other unit.
pub(super) const GROUPS: &[Group] = &[
    Group { long: &["dimensionless", "unitless", "dmnl", "fraction", "nil"], short: &[], is_one: true },
    unit(&["nanosecond", "nanoseconds"], &["ns"]),
    unit(&["microsecond", "microseconds"], &["us", "µs"]),
    unit(&["millisecond", "milliseconds"], &["ms"]),
    unit(&["second", "seconds", "sec", "secs"], &["s"]),
    unit(&["minute", "minutes", "mins"], &["min"]),
    unit(&["hour", "hours", "hrs"], &["hr"]),
    unit(&["day", "days"], &[]),
    unit(&["week", "weeks", "wks"], &["wk"]),
    unit(&["month", "months", "mos"], &["mo"]),
    unit(&["quarter", "quarters", "qtrs"], &["qtr"]),
    unit(&["year", "years", "yrs", "yr"], &[]),
    unit(&["person", "people", "persons"], &[]),
    unit(&["dollar", "dollars", "$"], &["$s"]),
    unit(&["unit", "units"], &[]),
];
