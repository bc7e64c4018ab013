//! The report for people.

use std::fmt::Write;

use simc_runs::Precision;

use super::{Comparison, Difference, Point, Role, causes};

/// Lines of each list that are shown; JSON has all of them.
const SHOWN: usize = 20;

/// The report, in lines. `here` and `reference` are the names of what was compared.
pub fn text(found: &Comparison, precision: Precision, here: &str, reference: &str) -> String {
    let mut out = String::new();
    let digits = match precision {
        Precision::Single => "single precision",
        Precision::Double => "double precision",
    };
    let absolute = match found.tolerance.absolute {
        Some(absolute) => format!("{absolute:e}"),
        None => "in proportion to each variable's greatest value".to_owned(),
    };
    let _ = writeln!(out, "{here} against {reference} ({digits})");
    let _ = writeln!(out, "tolerance: relative {:e}, absolute {absolute}\n", found.tolerance.relative);

    let n_differ = found.differences.len();
    let _ = writeln!(
        out,
        "{} of {} agree at {}",
        found.n_compared - n_differ,
        count(found.n_compared, "variable"),
        count(found.n_times, "time")
    );
    if let Some((name, error)) = found.closest_call.as_ref().filter(|(_, error)| *error > 0.0) {
        let _ = writeln!(out, "  the largest error among them, by the variable's greatest value: {error:.1e} ({name})");
    }
    if found.n_times_absent > 0 {
        let _ = writeln!(out, "{} of the reference not among the saved ones", were(found.n_times_absent, "time"));
    }
    if n_differ > 0 {
        differences(&mut out, found);
    }
    list(&mut out, "only in the reference", &found.only_in_reference);
    if found.n_only_here > 0 {
        let _ = writeln!(out, "\nonly here: {}", count(found.n_only_here, "variable"));
    }
    out
}

fn differences(out: &mut String, found: &Comparison) {
    let n_causes = causes(found).count();
    let is_known = found.differences.iter().all(|difference| difference.role != Role::Unknown);
    let title = if is_known { "where differences begin" } else { "what differs" };
    let _ = writeln!(out, "\n{title}: {}", count(n_causes, "variable"));
    table(out, found, causes(found));
    if n_causes < found.differences.len() {
        let follow = || found.differences.iter().filter(|difference| matches!(difference.role, Role::Follows(_)));
        let _ = writeln!(out, "\nwhat follows from them: {}", count(follow().count(), "variable"));
        table(out, found, follow());
    }
}

/// Lines of a table, as wide as its cells.
fn table<'d>(out: &mut String, found: &Comparison, differences: impl Iterator<Item = &'d Difference>) {
    let heads = ["", "first at", "here", "reference", "worst at", "relative error", "follows from"];
    let mut rows = vec![heads.map(str::to_owned)];
    let mut n_left = 0_usize;
    for difference in differences {
        if rows.len() > SHOWN {
            n_left += 1;
            continue;
        }
        let Point { time, here, reference } = difference.first;
        let worst = difference.worst;
        let from = match difference.role {
            Role::Follows(at) => found.differences[at].name.clone(),
            Role::Cause | Role::Unknown => String::new(),
        };
        let error = worst.relative_error();
        let error = if error.is_finite() { format!("{error:.1e}") } else { "not finite".to_owned() };
        let name = difference.name.clone();
        rows.push([name, number(time), number(here), number(reference), number(worst.time), error, from]);
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    for row in &rows {
        let mut line = String::from(" ");
        for (at, (cell, &width)) in row.iter().zip(&widths).enumerate() {
            let gap = " ".repeat(width - cell.chars().count());
            let is_text = at == 0 || at + 1 == row.len();
            let _ = if is_text { write!(line, " {cell}{gap} ") } else { write!(line, " {gap}{cell} ") };
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    if n_left > 0 {
        let _ = writeln!(out, "  and {n_left} more; --json lists all");
    }
}

fn list(out: &mut String, title: &str, names: &[String]) {
    if names.is_empty() {
        return;
    }
    let shown: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
    let more = names.len().checked_sub(SHOWN + 1).map(|n| format!(", and {} more", n + 1)).unwrap_or_default();
    let _ = writeln!(out, "\n{title}: {} ({}{more})", count(names.len(), "variable"), shown.join(", "));
}

/// Seven digits are enough to see where two numbers part.
fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    if !(1e-4..1e7).contains(&size) {
        return format!("{value:.6e}");
    }
    let decimals = (6 - size.log10().floor() as i32).clamp(0, 10) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

fn were(n: usize, noun: &str) -> String {
    format!("{} {}", count(n, noun), if n == 1 { "is" } else { "are" })
}
