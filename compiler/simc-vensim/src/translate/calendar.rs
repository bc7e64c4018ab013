//! The date of time 0: records 37 to 39 of the settings are its year, month and day, record 40 is what a unit of time is.

use simc_model::definition::{Calendar, DateUnit};
use simc_model::diagnostic::Diagnostic;

use crate::ast::{Record, Settings};
use crate::code;

/// The calendar that the settings say; nothing where a record is absent, or, which is a warning, says no date.
pub(super) fn calendar(settings: &Settings, diagnostics: &mut Vec<Diagnostic>) -> Option<Calendar> {
    let record = |number: u32| settings.records.iter().rev().find(|record| record.number == number);
    let (year, month, day, unit) = (record(37)?, record(38)?, record(39)?, record(40)?);
    let mut number = |record: &Record, range: std::ops::RangeInclusive<i32>| {
        let value = record.text.text.trim().parse().ok().filter(|value| range.contains(value));
        if value.is_none() {
            let message = "the date of time 0 cannot be read: times have no date";
            diagnostics.push(Diagnostic::warning(code::BAD_SETTINGS, record.text.span, message).with_hint(
                "records 37 to 39 are the year, the month and the day, record 40 is the unit of time, from 0, a year, to 7, a second",
            ));
        }
        value
    };
    let year = number(year, -Calendar::MAX_YEAR..=Calendar::MAX_YEAR);
    let (month, day, unit) = (number(month, 1..=12), number(day, 1..=31), number(unit, 0..=7));
    Some(Calendar {
        year: year?,
        month: u8::try_from(month?).ok()?,
        day: u8::try_from(day?).ok()?,
        unit: DateUnit::ALL.get(usize::try_from(unit?).ok()?).copied()?,
    })
}
