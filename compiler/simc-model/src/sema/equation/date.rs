//! `GET TIME VALUE(relative to, offset, measure)`: a time, and the parts of the date that it is.
//!
//! A model says the date of its time 0 and what a unit of its time is. With years, quarters and months the calendar has 360 days,
//! with weeks and all that is shorter it is the Gregorian one, before it began as well. A time that is less than a tenth of a
//! millisecond before a date is that date: steps such as 1/12 do not add up to a whole number.

use crate::definition::Calendar;
use crate::diagnostic::code;
use crate::model::{BinaryOp, ExprKind, NodeId, PureFn};
use crate::sema::base::stand_in::STAND_IN;
use crate::sema::equation::composed::Composer;
use crate::sema::equation::resolver::{Call, Frames, Resolver};

/// Seconds that a time may lack for the next second, minute, hour and day.
const TOLERANCE: f64 = 1e-4;

const DAY: f64 = 86_400.0;

/// A part of a date.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Year,
    Quarter,
    Month,
    DayOfMonth,
    DayOfWeek,
    Days,
    Hour,
    Minute,
    Second,
}

impl Part {
    /// What a measure asks for.
    fn of(measure: f64) -> Option<Self> {
        const PARTS: [Part; 9] = [
            Part::Year,
            Part::Quarter,
            Part::Month,
            Part::DayOfMonth,
            Part::DayOfWeek,
            Part::Days,
            Part::Hour,
            Part::Minute,
            Part::Second,
        ];
        (1..).zip(PARTS).find(|(number, _)| f64::from(*number) == measure).map(|(_, part)| part)
    }
}

impl Resolver<'_, '_, '_> {
    /// The call, appended to its frame.
    pub(super) fn time_value(&mut self, frames: &mut Frames<'_>, call: &Call<'_>) -> NodeId {
        let literal = |index: usize| self.equation.nodes[call.args[index] as usize].kind.as_number();
        let (relative, measure) = (literal(0), literal(2));
        let offset = frames.argument(call, 1);
        let (start, calendar) = (self.time.spec.start, self.time.calendar);
        let mut c = Composer { expr: &mut frames.exprs[call.frame], span: call.span };
        let fault = match (relative, measure) {
            (Some(2.0), _) | (_, Some(10.0)) => "a compiled model sees no clock, so that a run can be repeated",
            (Some(relative), Some(measure)) if relative == 0.0 || relative == 1.0 => {
                let part = Part::of(measure);
                if part.is_some() || measure == 0.0 {
                    let time = if relative == 0.0 { c.push(ExprKind::Time) } else { c.number(start) };
                    let time = c.binary(BinaryOp::Add, time, offset);
                    match (part, calendar) {
                        (None, _) => return time,
                        (Some(Part::DayOfWeek), Some(calendar)) if calendar.unit.has_even_months() => {
                            "a calendar of 360 days, which times in years, quarters and months have, has no weekdays"
                        }
                        (Some(part), Some(calendar)) => return date(&mut c, calendar, part, time),
                        (Some(_), None) => {
                            "the model does not say which date its time 0 is: a `.mdl` file does in records 37 to 40 of its settings"
                        }
                    }
                } else {
                    "the measure must be from 0, the time itself, to 9, the second of the minute"
                }
            }
            (_, None) => "the measure must be a number, from 0 to 9",
            _ => "what the time is relative to must be 0, the time of the run, or 1, its start",
        };
        self.diagnostics.report(self.place.error(code::FUNCTIONS, call.span, fault));
        c.push(STAND_IN)
    }
}

/// A part of the date that a time is.
fn date(c: &mut Composer<'_>, calendar: Calendar, part: Part, time: NodeId) -> NodeId {
    let (tolerance, day) = (c.number(TOLERANCE), c.number(DAY));
    let unit = c.number(calendar.unit.seconds());
    let seconds = c.binary(BinaryOp::Mul, time, unit);
    let reach = c.binary(BinaryOp::Add, seconds, tolerance);
    // Whole days since time 0.
    let passed = floor_of(c, reach, day);
    match part {
        Part::Hour | Part::Minute | Part::Second => {
            let whole = c.binary(BinaryOp::Mul, passed, day);
            time_of_day(c, part, [seconds, reach, whole])
        }
        Part::Year | Part::Quarter | Part::Month | Part::DayOfMonth | Part::DayOfWeek | Part::Days => {
            let is_even = calendar.unit.has_even_months();
            let first = if is_even { even_days(calendar) } else { gregorian_days(calendar) };
            let first = c.number(first);
            let days = c.binary(BinaryOp::Add, first, passed);
            if is_even { even_date(c, part, days) } else { gregorian_date(c, part, days) }
        }
    }
}

/// The hour, the minute or the second: of the seconds since time 0, the same with the tolerance, and those of whole days.
fn time_of_day(c: &mut Composer<'_>, part: Part, [seconds, reach, whole]: [NodeId; 3]) -> NodeId {
    let (hour, minute, zero) = (c.number(3600.0), c.number(60.0), c.number(0.0));
    let of_day = c.binary(BinaryOp::Sub, reach, whole);
    let hours = floor_of(c, of_day, hour);
    if part == Part::Hour {
        return hours;
    }
    let of_hours = c.binary(BinaryOp::Mul, hours, hour);
    let of_hour = c.binary(BinaryOp::Sub, of_day, of_hours);
    let minutes = floor_of(c, of_hour, minute);
    if part == Part::Minute {
        return minutes;
    }
    let of_minutes = c.binary(BinaryOp::Mul, minutes, minute);
    let of_day = c.binary(BinaryOp::Sub, seconds, whole);
    let of_hour = c.binary(BinaryOp::Sub, of_day, of_hours);
    let of_minute = c.binary(BinaryOp::Sub, of_hour, of_minutes);
    c.call(PureFn::Max, &[of_minute, zero])
}

/// The days from the beginning of the year 0 to time 0 in a calendar of months of 30 days.
fn even_days(calendar: Calendar) -> f64 {
    let Calendar { year, month, day, .. } = calendar;
    360.0 * f64::from(year) + 30.0 * f64::from(month - 1) + f64::from(day.min(30) - 1)
}

/// The date of a day of that calendar.
fn even_date(c: &mut Composer<'_>, part: Part, days: NodeId) -> NodeId {
    match part {
        Part::Year => floor_by(c, days, 360.0),
        Part::Quarter | Part::Month => {
            let of_year = rest_of(c, days, 360.0);
            let number = floor_by(c, of_year, if part == Part::Month { 30.0 } else { 90.0 });
            plus(c, number, 1.0)
        }
        Part::DayOfMonth => {
            let of_month = rest_of(c, days, 30.0);
            plus(c, of_month, 1.0)
        }
        Part::DayOfWeek | Part::Days | Part::Hour | Part::Minute | Part::Second => days,
    }
}

/// The days from 1 January of the year 0 to time 0 in the Gregorian calendar.
fn gregorian_days(calendar: Calendar) -> f64 {
    let (month, day) = (i64::from(calendar.month), i64::from(calendar.day));
    // Years that begin in March end with the day that not all have.
    let year = i64::from(calendar.year) - i64::from(month <= 2);
    let since_march = (month + 9) % 12;
    let of_year = (153 * since_march + 2) / 5 + day - 1;
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year;
    // 1 March of the year 0 is its day 60.
    (days + 60) as f64
}

/// The date of a day of that calendar.
fn gregorian_date(c: &mut Composer<'_>, part: Part, days: NodeId) -> NodeId {
    match part {
        Part::DayOfWeek => {
            // 1 January of the year 0 is a Saturday.
            let days = plus(c, days, 6.0);
            return rest_of(c, days, 7.0);
        }
        Part::Days | Part::Hour | Part::Minute | Part::Second => return days,
        Part::Year | Part::Quarter | Part::Month | Part::DayOfMonth => {}
    }
    let days = plus(c, days, -60.0);
    let cycle = floor_by(c, days, 146_097.0);
    let of_cycle = rest_of(c, days, 146_097.0);
    // Of the days of 400 years, those that leap years have more than others.
    let (leaps, centuries, last) =
        (floor_by(c, of_cycle, 1460.0), floor_by(c, of_cycle, 36_524.0), floor_by(c, of_cycle, 146_096.0));
    let even = c.binary(BinaryOp::Sub, of_cycle, leaps);
    let even = c.binary(BinaryOp::Add, even, centuries);
    let even = c.binary(BinaryOp::Sub, even, last);
    let year = floor_by(c, even, 365.0);
    let (leaps, centuries) = (floor_by(c, year, 4.0), floor_by(c, year, 100.0));
    let before = times(c, year, 365.0);
    let before = c.binary(BinaryOp::Add, before, leaps);
    let before = c.binary(BinaryOp::Sub, before, centuries);
    let of_year = c.binary(BinaryOp::Sub, of_cycle, before);
    // Months from March on have 31, 30, 31, 30 and 31 days, again and again.
    let five = times(c, of_year, 5.0);
    let five = plus(c, five, 2.0);
    let since_march = floor_by(c, five, 153.0);
    if part == Part::DayOfMonth {
        let before = times(c, since_march, 153.0);
        let before = plus(c, before, 2.0);
        let before = floor_by(c, before, 5.0);
        let day = c.binary(BinaryOp::Sub, of_year, before);
        return plus(c, day, 1.0);
    }
    let month = plus(c, since_march, 2.0);
    let is_next = {
        let december = c.number(11.0);
        c.binary(BinaryOp::Gt, month, december)
    };
    if part == Part::Year {
        let of_cycles = times(c, cycle, 400.0);
        let year = c.binary(BinaryOp::Add, of_cycles, year);
        return c.binary(BinaryOp::Add, year, is_next);
    }
    let early = plus(c, month, -12.0);
    let month = c.choose(is_next, early, month);
    let number = if part == Part::Quarter { floor_by(c, month, 3.0) } else { month };
    plus(c, number, 1.0)
}

fn plus(c: &mut Composer<'_>, a: NodeId, b: f64) -> NodeId {
    let b = c.number(b);
    c.binary(BinaryOp::Add, a, b)
}

fn times(c: &mut Composer<'_>, a: NodeId, b: f64) -> NodeId {
    let b = c.number(b);
    c.binary(BinaryOp::Mul, a, b)
}

/// The greatest whole number not above `a/b`.
fn floor_of(c: &mut Composer<'_>, a: NodeId, b: NodeId) -> NodeId {
    let quotient = c.binary(BinaryOp::Div, a, b);
    c.call(PureFn::Int, &[quotient])
}

fn floor_by(c: &mut Composer<'_>, a: NodeId, b: f64) -> NodeId {
    let b = c.number(b);
    floor_of(c, a, b)
}

/// What is left of `a` after as many whole `b` as are in it.
fn rest_of(c: &mut Composer<'_>, a: NodeId, b: f64) -> NodeId {
    let number = c.number(b);
    let quotient = floor_of(c, a, number);
    let whole = c.binary(BinaryOp::Mul, quotient, number);
    c.binary(BinaryOp::Sub, a, whole)
}
