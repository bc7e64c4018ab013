//! Tables: the times down the first column with a name at the head of each other one, or along the first row with a name
//! at the head of each other one.

use std::collections::HashSet;
use std::sync::Arc;

use crate::grid::{Cell, Grid};
use crate::{Fault, MAX_VALUES, Run, Series, too_many_values};

/// Reads the cells of a table.
pub(crate) fn read(grid: Grid) -> Result<Run, Fault> {
    let precision = grid.precision();
    let across = runs_across(&grid);
    let rows = if across { grid.transposed()? } else { grid }.rows;
    let mut rows = rows.into_iter().enumerate().skip_while(|(_, row)| row.iter().all(|cell| *cell == Cell::Empty));
    let Some((_, names)) = rows.next() else {
        return Err(Fault::new("is empty", "save a table with the times and a column for each variable"));
    };
    let place = |row: usize, column: usize| {
        let (row, column) = if across { (column, row) } else { (row, column) };
        format!("row {}, column {}", row + 1, column + 1)
    };
    let mut seen = HashSet::new();
    let columns: Vec<(usize, &str)> = names
        .iter()
        .enumerate()
        .skip(1)
        .filter_map(|(at, cell)| if let Cell::Text(name) = cell { Some((at, &**name)) } else { None })
        .filter(|&(_, name)| seen.insert(name))
        .collect();
    if columns.is_empty() {
        return Err(Fault::new(
            "has no variables beside its times",
            "save a table with a name at the head of each column, or of each row",
        ));
    }
    let (mut times, mut values) = (Vec::new(), vec![Vec::new(); columns.len()]);
    for (at, row) in rows {
        // Notes below the table are no part of it.
        let Some(&Cell::Number(time)) = row.first() else { continue };
        if !time.is_finite() || times.last().is_some_and(|&last| last >= time) {
            return Err(Fault::new(
                format!("{}: the time {time} is not later than the one before", place(at, 0)),
                "sort the table by time, with each time once",
            ));
        }
        times.push(time);
        if times.len().saturating_mul(columns.len()) > MAX_VALUES {
            return Err(too_many_values());
        }
        for (&(column, _), values) in columns.iter().zip(&mut values) {
            values.push(match row.get(column) {
                Some(Cell::Number(value)) => *value,
                Some(Cell::Empty) | None => f64::NAN,
                Some(Cell::Text(text)) => {
                    return Err(Fault::new(
                        format!("{}: `{text}` is no number", place(at, column)),
                        "correct the cell, or leave it empty",
                    ));
                }
            });
        }
    }
    if times.is_empty() {
        return Err(Fault::new(
            "has no times in its first column, nor along its first row",
            "let the first column hold the times, and the first row the names of variables",
        ));
    }
    let times: Arc<[f64]> = Arc::from(times);
    let series = columns.iter().zip(values).map(|(&(_, name), values)| Series {
        name: name.to_owned(),
        times: times.clone(),
        values,
    });
    Ok(Run { precision, series: series.collect() })
}

/// Times run along the first row where most cells after its head are numbers, and down the first column otherwise.
fn runs_across(grid: &Grid) -> bool {
    let Some(first) = grid.rows.iter().find(|row| row.iter().any(|cell| *cell != Cell::Empty)) else { return false };
    let numbers = first.iter().skip(1).filter(|cell| matches!(cell, Cell::Number(_))).count();
    let texts = first.iter().skip(1).filter(|cell| matches!(cell, Cell::Text(_))).count();
    numbers > texts
}
