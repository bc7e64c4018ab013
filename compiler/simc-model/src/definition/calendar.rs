//! The calendar of a run: which date its times are.

/// The date of time 0, at midnight, and what a unit of time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// The year: 0 is the year 1 BC. Within [`Calendar::MAX_YEAR`] of it.
    pub year: i32,
    /// The month, from 1 to 12.
    pub month: u8,
    /// The day of the month, from 1 to 31.
    pub day: u8,
    /// What a unit of time is.
    pub unit: DateUnit,
}

/// A unit of time by which dates go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateUnit {
    /// 360 days.
    Year,
    /// 90 days.
    Quarter,
    /// 30 days.
    Month,
    /// 7 days.
    Week,
    /// A day.
    Day,
    /// An hour.
    Hour,
    /// A minute.
    Minute,
    /// A second.
    Second,
}

impl Calendar {
    /// The last year that a calendar can begin in, and the negative of the first one.
    pub const MAX_YEAR: i32 = 1_000_000;
}

impl DateUnit {
    /// All units, from the longest to the shortest.
    pub const ALL: [DateUnit; 8] = [
        DateUnit::Year,
        DateUnit::Quarter,
        DateUnit::Month,
        DateUnit::Week,
        DateUnit::Day,
        DateUnit::Hour,
        DateUnit::Minute,
        DateUnit::Second,
    ];

    /// How many seconds it has.
    pub fn seconds(self) -> f64 {
        match self {
            DateUnit::Year => 31_104_000.0,
            DateUnit::Quarter => 7_776_000.0,
            DateUnit::Month => 2_592_000.0,
            DateUnit::Week => 604_800.0,
            DateUnit::Day => 86_400.0,
            DateUnit::Hour => 3600.0,
            DateUnit::Minute => 60.0,
            DateUnit::Second => 1.0,
        }
    }

    /// Whether its years have 360 days, in months of 30.
    pub fn has_even_months(self) -> bool {
        matches!(self, DateUnit::Year | DateUnit::Quarter | DateUnit::Month)
    }
}
