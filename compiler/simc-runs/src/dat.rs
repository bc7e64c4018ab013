//! Vensim's text data: a name on a line, then a line for each time with the time, a tab and the value, and so on.

use std::collections::HashSet;
use std::sync::Arc;

use crate::text::{number, significant_digits};
use crate::{Fault, MAX_VALUES, Precision, Run, Series, too_many_values};

/// Whether a text is of this form: its first line has no tab and is a name, its second is two numbers with a tab between.
pub(crate) fn is_dat(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return false };
    !first.contains('\t') && point(second).is_some()
}

/// Reads a text of this form.
pub(crate) fn read(text: &str) -> Result<Run, Fault> {
    let mut series: Vec<Series> = Vec::new();
    let mut names = HashSet::new();
    let mut digits = 0;
    let mut n_values = 0;
    let mut open: Option<(&str, Vec<(f64, f64)>)> = None;
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        if !line.contains('\t') {
            close(open.replace((line.trim(), Vec::new())), &mut names, &mut series);
            continue;
        }
        let Some((_, points)) = &mut open else {
            return Err(at_line(
                at,
                "has a value before any name",
                "begin with the name of a variable on a line of its own",
            ));
        };
        let Some((time, value)) = point(line) else {
            return Err(at_line(at, "is no time and value with a tab between", "write such as `10<tab>2.5`"));
        };
        if points.last().is_some_and(|&(last, _)| last >= time) {
            return Err(at_line(
                at,
                "has a time that is not later than the one before",
                "sort the points of a variable by time",
            ));
        }
        digits = digits.max(line.split('\t').nth(1).map_or(0, |cell| significant_digits(cell.trim())));
        n_values += 1;
        if n_values > MAX_VALUES {
            return Err(too_many_values());
        }
        points.push((time, value));
    }
    close(open, &mut names, &mut series);
    let precision = if digits > 8 { Precision::Double } else { Precision::Single };
    Ok(Run { precision, series })
}

/// Adds a variable that has come to its end. A name that occurs again is passed over: the first one counts.
fn close<'t>(open: Option<(&'t str, Vec<(f64, f64)>)>, names: &mut HashSet<&'t str>, series: &mut Vec<Series>) {
    let Some((name, points)) = open else { return };
    if points.is_empty() || !names.insert(name) {
        return;
    }
    let (times, values): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
    // Variables that are saved at the same times share them.
    let times = match series.last() {
        Some(before) if *before.times == *times => before.times.clone(),
        Some(_) | None => Arc::from(times),
    };
    series.push(Series { name: name.to_owned(), times, values });
}

/// The time and value of a line.
fn point(line: &str) -> Option<(f64, f64)> {
    let mut cells = line.split('\t');
    let time = number(cells.next()?).filter(|time| time.is_finite())?;
    Some((time, number(cells.next()?)?))
}

fn at_line(at: usize, what: &str, hint: &str) -> Fault {
    Fault::new(format!("line {} {what}", at + 1), hint)
}
