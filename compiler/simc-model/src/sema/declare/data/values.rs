//! What is below a heading: times, values at times, numbers, and points of graphical functions.

use std::collections::{BTreeMap, BTreeSet};

use simc_data::{Cell, Line};

use crate::definition::points;
use crate::definition::wording::Cure;
use crate::diagnostic::{Severity, code};
use crate::model::{Def, Table, TableId, VarId, VarKind};
use crate::sema::base::constant;
use crate::sema::base::region;
use crate::sema::declare::data::reader::{Column, SetReader, Value};

/// How many elements an array may have of which data gives some a graphical function of their own.
const MAX_PARTED: u64 = 1 << 20;

/// The first and last x of a graphical function, where its x are evenly spaced between them.
type XScale = Option<(f64, f64)>;

impl SetReader<'_, '_, '_> {
    /// The times of a data set by their distance from the heading: finite, ascending, at least one.
    pub(in crate::sema) fn times(&mut self, line: &Line<'_>) -> Option<Vec<(u32, f64)>> {
        let mut times: Vec<(u32, f64)> = Vec::with_capacity(line.cells.len());
        let mut is_sound = true;
        for &(distance, cell) in &line.cells {
            let Some(time) = self.number(line, distance, cell, "the time") else {
                is_sound = false;
                continue;
            };
            if let Some(&(_, before)) = times.last()
                && time <= before
            {
                let place = self.place(line, distance);
                let message = format!("{place}: the time {time} does not come after {before}");
                self.tell_with(
                    code::DATA_TIMES,
                    Severity::Error,
                    message,
                    "sort the rows by time, and keep one row for each time",
                );
                return None;
            }
            times.push((distance, time));
        }
        if times.is_empty() && is_sound {
            let message = format!("`{}` has no times", self.set.name);
            self.tell_with(
                code::DATA_TIMES,
                Severity::Error,
                message,
                "its first column, or row, is to hold a time for each value",
            );
            return None;
        }
        is_sound.then_some(times)
    }

    /// The values of a column that belong to times; gaps are left out.
    pub(in crate::sema) fn points(&mut self, column: &Column<'_, '_>, times: &[(u32, f64)]) -> Option<Vec<(f64, f64)>> {
        let mut points = Vec::with_capacity(column.line.cells.len());
        let mut is_sound = true;
        let mut next = 0;
        for &(distance, cell) in &column.line.cells {
            while times.get(next).is_some_and(|&(at, _)| at < distance) {
                next += 1;
            }
            match times.get(next) {
                Some(&(at, time)) if at == distance => {
                    let value = self.number(column.line, distance, cell, "the value");
                    is_sound &= value.is_some();
                    points.extend(value.map(|value| (time, value)));
                }
                Some(_) | None => {
                    is_sound = false;
                    let message = format!("{}: there is no time for this value", self.place(column.line, distance));
                    self.tell_with(
                        code::DATA_TIMES,
                        Severity::Error,
                        message,
                        "write the time of each value into the first column, or row",
                    );
                }
            }
        }
        if points.is_empty() && is_sound {
            self.no_values(column);
        }
        (is_sound && !points.is_empty()).then_some(points)
    }

    /// Numbers without times: of a variable, of the elements of an array, or the points of a graphical function.
    pub(in crate::sema) fn read_numbers(&mut self, column: &Column<'_, '_>) {
        let n_run = column.line.cells.iter().zip(1..).take_while(|((distance, _), next)| distance == next).count();
        if n_run == 0 {
            return self.no_values(column);
        }
        let var = column.meant.var;
        let is_lookup = self.builder.var(var).kind == VarKind::Lookup;
        if is_lookup || self.builder.has_table(self.holder(var)) && (n_run > 1 || self.set.is_direct) {
            return self.read_points(column, n_run);
        }
        if self.set.is_direct && !self.is_number(column) {
            let message = format!(
                "{}: `{}` is computed by an equation, which a direct import does not replace",
                self.place(column.line, 0),
                column.heading
            );
            return self.tell_with(
                code::DATA_IGNORED,
                Severity::Warning,
                message,
                self.diagnostics.cure(Cure::ImportEquations),
            );
        }
        let n = self.n_elements(&column.meant);
        let elements: Vec<u64> = if n > 1 && n_run > 1 && n != n_run as u64 {
            let message = format!(
                "{}: {n_run} values stand below `{}`, which has {n} elements",
                self.place(column.line, 0),
                column.heading
            );
            return self.tell_with(
                code::DATA_COUNT,
                Severity::Error,
                message,
                "give one value for each element, the last dimension running fastest, or one for all",
            );
        } else if self.spend(usize::try_from(region::count(&column.meant.region)).unwrap_or(usize::MAX)) {
            self.elements(&column.meant)
        } else {
            return;
        };
        let n_read = if n == 1 { 1 } else { n_run };
        let Some(numbers) = self.run(column, n_read) else { return };
        if n == 1 && column.line.cells[1..n_run].iter().any(|(_, cell)| matches!(cell, Cell::Number(_))) {
            let message =
                format!("{}: `{}` takes the first of {n_run} values", self.place(column.line, 0), column.heading);
            self.tell_with(
                code::DATA_IGNORED,
                Severity::Warning,
                message,
                "to give values over time, call the first column `Time`",
            );
        }
        let overrides = self.overrides.entry(var).or_default();
        overrides.extend(
            elements.into_iter().zip(numbers.iter().cycle()).map(|(element, &number)| (element, Value::Number(number))),
        );
    }

    /// The first cells of a column as numbers.
    fn run(&mut self, column: &Column<'_, '_>, n: usize) -> Option<Vec<f64>> {
        let cells = &column.line.cells[..n];
        let numbers: Vec<Option<f64>> =
            cells.iter().map(|&(distance, cell)| self.number(column.line, distance, cell, "the value")).collect();
        numbers.into_iter().collect()
    }

    /// New y for a graphical function. Its x stay; where they are evenly spaced, their number may change.
    fn read_points(&mut self, column: &Column<'_, '_>, n: usize) {
        if !self.spend(n) {
            return;
        }
        let Some(ys) = self.run(column, n) else { return };
        let Some((ids, x_scale)) = self.tables_of(column) else {
            let message =
                format!("{}: `{}` does not name one graphical function", self.place(column.line, 0), column.heading);
            let hint = "name the element whose points these are";
            return self.tell_with(code::DATA_TARGET, Severity::Error, message, hint);
        };
        for id in ids {
            let table = &mut self.builder.tables[id.0 as usize];
            if n == table.ys.len() {
                table.ys.clone_from(&ys);
                continue;
            }
            if let Some((min, max)) = x_scale {
                table.xs = points::spread(min, max, n);
                table.ys.clone_from(&ys);
                continue;
            }
            let n_points = table.ys.len();
            let message = format!(
                "{}: {n} values stand below `{}`, which has {n_points} points",
                self.place(column.line, 0),
                column.heading
            );
            let hint = "give a value for each x of the graphical function";
            return self.tell_with(code::DATA_COUNT, Severity::Error, message, hint);
        }
    }

    /// The variable that has the graphical functions of a variable: of a flow of a transport, that with its equation.
    fn holder(&self, var: VarId) -> VarId {
        if self.tree.is_driven(var) { self.builder.resolve_alias(var) } else { var }
    }

    /// The graphical function that a heading means, as the tables of its elements, with the ends of its x where these are evenly spaced.
    /// Elements that share a table with others get one of their own.
    fn tables_of(&mut self, column: &Column<'_, '_>) -> Option<(BTreeSet<TableId>, XScale)> {
        let var = self.holder(column.meant.var);
        let tree = self.tree;
        let def = tree.def(var);
        let elements = self.elements(&column.meant);
        let n_all = region::count(&region::whole_region(&self.builder.var(var).dims, &self.builder.dims));
        let shared = self.builder.shared_table(var);
        if self.builder.each_table(var).is_empty() && elements.len() as u64 == n_all {
            return shared.map(|shared| BTreeSet::from([shared])).zip(def.table.as_ref().map(|table| table.x_scale));
        }
        if self.builder.each_table(var).is_empty() {
            let n = usize::try_from(n_all).ok().filter(|_| n_all <= MAX_PARTED)?;
            self.builder.of_mut(var).tables.each = vec![shared; n];
        }
        let tables = &mut self.builder.of_mut(var).tables;
        if tables.n_elements.is_empty() {
            for &id in tables.each.iter().flatten() {
                *tables.n_elements.entry(id).or_default() += 1;
            }
            for (clause, id) in tables.of_elements.iter().enumerate() {
                id.iter().for_each(|&id| _ = tables.clause_of.entry(id).or_insert(clause));
            }
        }
        let mut named: BTreeMap<TableId, u64> = BTreeMap::new();
        for &element in &elements {
            *named.entry(tables.each.get(usize::try_from(element).ok()?).copied().flatten()?).or_default() += 1;
        }
        // All of them follow from one that the model says.
        let origin_of = |id: &TableId| tables.parted.get(id).copied().unwrap_or(*id);
        let origins: BTreeSet<TableId> = named.keys().map(origin_of).collect();
        let [origin] = origins.into_iter().collect::<Vec<_>>()[..] else { return None };
        let is_shared = |id: &TableId| tables.n_elements.get(id) != named.get(id);
        let (kept, mut own): (BTreeSet<TableId>, BTreeSet<TableId>) = named.keys().copied().partition(is_shared);
        let clause = tables.clause_of.get(&origin).and_then(|&clause| def.elements.get(clause));
        let x_scale = clause.map_or(&def.table, |clause| &clause.table).as_ref()?.x_scale;
        for element in elements {
            let place = usize::try_from(element).ok()?;
            let Some(id) = self.builder.each_table(var)[place].filter(|id| kept.contains(id)) else { continue };
            // What is too much has been reported.
            if !self.spend(self.builder.tables[id.0 as usize].ys.len()) {
                return Some((BTreeSet::new(), x_scale));
            }
            let cell = region::cell(element, &self.builder.var(var).dims, &self.builder.dims);
            let name = region::show_element(&self.builder.var(var).name, &cell, &self.builder.dims);
            let table = Table { name, ..self.builder.tables[id.0 as usize].clone() };
            let made = self.builder.push_table(table);
            own.insert(made);
            self.builder.of_mut(var).tables.part(place, made, origin);
            self.part_lookup(var, place, made);
        }
        Some((own, x_scale))
    }

    /// Gives an element of a graphical function a table of its own.
    fn part_lookup(&mut self, var: VarId, place: usize, made: TableId) {
        let all = self.builder.each_table(var).len();
        match &mut self.builder.var_mut(var).def {
            Def::Lookup(tables) if tables.len() == all => tables[place] = made,
            Def::Lookup(tables) if tables.len() == 1 => {
                *tables = vec![tables[0]; all];
                tables[place] = made;
            }
            Def::Lookup(_) | Def::Constant(_) | Def::Formula(_) | Def::Stock { .. } => {}
        }
    }

    /// Whether all that a definition says of a variable is numbers, as a direct import needs it.
    fn is_number(&self, column: &Column<'_, '_>) -> bool {
        let def = self.tree.def(column.meant.var);
        let of_elements = def.elements.iter().filter_map(|element| element.equation.as_ref());
        let mut equations = def.equation.iter().chain(&def.list).chain(of_elements);
        !self.builder.has_table(self.holder(column.meant.var))
            && equations.all(|equation| constant::fold_literals(equation).is_some())
    }

    /// A cell as a finite number. Reports what is none.
    fn number(&mut self, line: &Line<'_>, distance: u32, cell: &Cell, what: &str) -> Option<f64> {
        let (fault, hint) = match cell {
            Cell::Number(number) if number.is_finite() => return Some(*number),
            Cell::Number(_) => ("is beyond the largest number".to_owned(), "write a number below 1.8e308"),
            Cell::Text(text) => (
                format!("is no number: `{}`", crate::source::shorten(text)),
                "write digits with a decimal point, without thousands and units; leave a cell without a value empty",
            ),
            Cell::Error(error) => (format!("is the error {error}"), "correct the formula, or leave the cell empty"),
            Cell::Date => ("is a date".to_owned(), "write the number that it is in the time units of the model"),
            Cell::Uncomputed => (
                "is a formula whose result is not in the file".to_owned(),
                "open the workbook in a spreadsheet program and save it, so that it holds results",
            ),
        };
        let message = format!("{}: {what} {fault}", self.place(line, distance));
        self.tell_with(code::DATA_VALUE, Severity::Error, message, hint);
        None
    }

    fn no_values(&mut self, column: &Column<'_, '_>) {
        let message = format!(
            "{}: `{}` has no values, so that its own equation holds",
            self.place(column.line, 0),
            column.heading
        );
        self.tell_with(
            code::DATA_COUNT,
            Severity::Warning,
            message,
            "write them directly below the heading, or remove it",
        );
    }

    /// A cell of the file: `` `rates.csv`, row 3, column 2 ``.
    fn place(&self, line: &Line<'_>, distance: u32) -> String {
        format!("`{}`, {}", self.set.name, self.sheet.show_place(line.place_of(distance, self.set.orientation)))
    }
}
