//! Data sets: which values they give to which variables.
//!
//! Each line of a table (a column, or a row of a horizontal one) has the name of a variable at its head. Where values
//! belong to times they replace the equation by a function of the time; without times they replace it by numbers, and
//! of a graphical function the points. Tables are read one after the other, so that only one of them is in memory.

use std::collections::HashMap;

use simc_data::{Cell, Line};

use crate::data::DataSet;
use crate::diagnostic::{Severity, code};
use crate::model::{VarId, VarKind};
use crate::name::Key;
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::base::time::Time;
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::instances::module_tree::{InstanceId, ModuleTree};

use reader::{Column, MAX_TOLD, Meant, SetReader, at};

pub(in crate::sema) use apply::{Replacement, replace};
pub(in crate::sema) use reader::{DataOverrides, Value};

mod apply;
mod heading;
mod reader;
mod values;

/// Reads all data sets. Points of graphical functions change in the draft; everything else comes to `overrides`, what the
/// model's own data gives, and takes its place.
pub(in crate::sema) fn resolve_data(
    tree: &ModuleTree<'_>,
    sets: &[DataSet<'_>],
    time: &Time,
    mut overrides: DataOverrides,
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) -> DataOverrides {
    let mut n_values = 0;
    for set in sets {
        let sheet = match simc_data::read(set.bytes, set.worksheet) {
            Ok(sheet) => sheet,
            Err(fault) => {
                let error = at(set, code::DATA_FILE, Severity::Error, format!("`{}` {}", set.name, fault.message));
                diagnostics.push(error.with_hint(fault.hint));
                continue;
            }
        };
        for instance in roots_of(tree, set.whole) {
            let mut reader = SetReader {
                tree,
                instance,
                set,
                sheet: &sheet,
                builder,
                diagnostics,
                overrides: &mut overrides,
                n_told: 0,
                hides_error: false,
                n_values,
            };
            reader.read(time);
            n_values = reader.n_values;
        }
    }
    overrides
}

/// The instances in which the names of a whole-model begin: the root, or those of a file of its own within models of other files.
fn roots_of(tree: &ModuleTree<'_>, whole: u32) -> Vec<InstanceId> {
    if whole == 0 {
        return vec![InstanceId::ROOT];
    }
    let is_root = |parent: Option<InstanceId>| parent.is_none_or(|parent| tree.instance(parent).def.whole != whole);
    let instances = tree.iter_scopes().filter(|(_, instance)| instance.def.whole == whole && is_root(instance.parent));
    instances.map(|(id, _)| id).collect()
}

impl SetReader<'_, '_, '_> {
    fn read(&mut self, time: &Time) {
        let sheet = self.sheet;
        let lines = sheet.lines(self.set.orientation);
        if lines.iter().all(|line| line.heading.is_none()) {
            let message = format!("`{}` holds no names of variables", self.set.name);
            return self.tell_with(code::DATA_NAME, Severity::Error, message, "write the names of variables into its first row, or with orientation=\"horizontal\" into its first column");
        }
        let first = lines.first().filter(|line| self.set.is_series.unwrap_or_else(|| self.is_of_times(line, time)));
        let rest = if first.is_some() { &lines[1..] } else { &lines[..] };
        let times = match first.map(|line| self.times(line)) {
            Some(Some(times)) => Some(times),
            Some(None) => return,
            None => None,
        };
        let columns = self.columns(rest, times.is_none());
        for column in &columns {
            match &times {
                Some(times) => self.read_series(column, times),
                None => self.read_numbers(column),
            }
        }
        if self.n_told > MAX_TOLD {
            let message = format!("`{}` has {} more problems of this kind", self.set.name, self.n_told - MAX_TOLD);
            let severity = if self.hides_error { Severity::Error } else { Severity::Warning };
            self.diagnostics.push(at(self.set, code::DATA_VALUE, severity, message));
        }
    }

    /// Whether a line holds the times of all others: it is called `Time` or like the time unit, or has no name and numbers alone.
    fn is_of_times(&self, line: &Line<'_>, time: &Time) -> bool {
        match line.heading {
            Some(Cell::Text(heading)) => {
                let key = Key::new(heading);
                let singular = |key: &str| key.strip_suffix('s').unwrap_or(key).to_owned();
                let units = time.spec.units.as_deref().map(|units| singular(Key::new(units).as_str()));
                matches!(key.as_str(), "time" | "times")
                    || key.as_str().starts_with("time_(")
                    || units.is_some_and(|units| units == singular(key.as_str()) && self.find(heading).is_err())
            }
            Some(Cell::Number(_) | Cell::Error(_) | Cell::Date | Cell::Uncomputed) => false,
            None => line.cells.iter().all(|(_, cell)| matches!(cell, Cell::Number(_))),
        }
    }

    /// The lines whose headings mean variables that can take data. No two may mean the same element.
    fn columns<'l, 's>(&mut self, lines: &'l [Line<'s>], are_numbers: bool) -> Vec<Column<'l, 's>> {
        let mut columns: Vec<Column<'l, 's>> = Vec::new();
        let mut seen: HashMap<VarId, Vec<usize>> = HashMap::new();
        for line in lines {
            let heading = match line.heading {
                None => continue,
                Some(Cell::Text(heading)) => heading.as_str(),
                Some(Cell::Number(_) | Cell::Error(_) | Cell::Date | Cell::Uncomputed) => {
                    let place = self.sheet.show_place(line.place);
                    let message = format!("`{}`, {place}, is not the name of a variable", self.set.name);
                    self.tell_with(
                        code::DATA_NAME,
                        Severity::Error,
                        message,
                        "names stand in the first row, or with orientation=\"horizontal\" in the first column",
                    );
                    continue;
                }
            };
            let Some(meant) = self.meant(heading, line, are_numbers) else { continue };
            let others = seen.entry(meant.var).or_default();
            let overlaps = |other: &&usize| clause_overlaps(&columns[**other].meant, &meant);
            if let Some(&other) = others.iter().take(MAX_TOLD).find(overlaps) {
                let places = [columns[other].line.place, line.place].map(|place| self.sheet.show_place(place));
                let message =
                    format!("`{}` gives `{heading}` twice, in {} and {}", self.set.name, places[0], places[1]);
                self.tell_with(code::DATA_TWICE, Severity::Error, message, "keep one of them");
                continue;
            }
            others.push(columns.len());
            columns.push(Column { line, heading, meant });
        }
        columns
    }

    /// The variable and elements of a heading, if they can take data.
    fn meant(&mut self, heading: &str, line: &Line<'_>, are_numbers: bool) -> Option<Meant> {
        let place = self.sheet.show_place(line.place);
        let meant = match self.find(heading) {
            Ok(meant) => meant,
            Err(fault) => {
                // A model's import may hold more than the model needs; a file that somebody adds is meant for this model.
                let severity = if fault.code == code::DATA_NAME && self.set.place.is_some() {
                    Severity::Warning
                } else {
                    Severity::Error
                };
                let message = format!("`{}`, {place}: {}", self.set.name, fault.message);
                let hint = self.diagnostics.suggest(heading, self.builder.vars().map(|var| var.name.as_str()));
                let hint =
                    fault.hint.or(hint).unwrap_or_else(|| "if this column holds times, call it `Time`".to_owned());
                self.tell_with(fault.code, severity, message, hint);
                return None;
            }
        };
        if self.builder.is_broken(meant.var) {
            return None;
        }
        let refusal = match (self.builder.var(meant.var).kind, are_numbers) {
            (VarKind::ModuleInput, _) => {
                Some(("takes its value from outside of its module", "give the data to the variable that feeds it"))
            }
            (VarKind::Stock, false) => {
                Some(("is a stock, which its flows change", "give its initial value in a data set without times"))
            }
            (VarKind::Lookup, false) => Some((
                "is a graphical function, which has no values over time",
                "give its points in a data set without times",
            )),
            (VarKind::Stock | VarKind::Lookup, true) | (VarKind::Flow | VarKind::Auxiliary | VarKind::Constant, _) => {
                None
            }
        };
        if let Some((reason, hint)) = refusal {
            let message = format!("`{}`, {place}: `{heading}` {reason}", self.set.name);
            self.tell_with(code::DATA_TARGET, Severity::Error, message, hint);
            return None;
        }
        Some(meant)
    }

    /// A series for each element of a column.
    fn read_series(&mut self, column: &Column<'_, '_>, times: &[(u32, f64)]) {
        let Some(points) = self.points(column, times) else { return };
        let elements = self.elements(&column.meant);
        if !self.spend(points.len().saturating_add(elements.len())) {
            return;
        }
        let (xs, ys) = points.into_iter().unzip();
        let table = self.push_table(column.heading, xs, ys);
        let overrides = self.overrides.entry(column.meant.var).or_default();
        overrides.extend(elements.into_iter().map(|element| (element, Value::Series(table))));
    }
}

/// Whether two headings of one variable mean a common element.
fn clause_overlaps(a: &Meant, b: &Meant) -> bool {
    a.region.iter().zip(&b.region).all(|(a, b)| a.start < b.start + b.len && b.start < a.start + a.len)
}
