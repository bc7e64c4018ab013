//! Files of data that whoever compiles the model gives: the series in them, by the names of data variables.
//!
//! Values belong to times. In Vensim's text format a name is on a line of its own, and after it a line for each point; in a table
//! the times are in the first column or the first row. Names of variables that are no data mean nothing.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use simc_data::{Cell, Line, Orientation, Sheet};
use simc_model::data::AddedFile;
use simc_model::diagnostic::{Diagnostic, Severity, code as shared};
use simc_model::name::{self, Key};
use simc_model::source::{Span, shorten};

use crate::encoding;
use crate::translate::external::Points;
use crate::translate::ranges::Ranges;
use crate::translate::run_file;
use crate::translate::tables::Tables;

/// How many points all files may give together.
const MAX_VALUES: usize = 1 << 23;

/// How many elements one name may mean.
const MAX_MEANT: usize = 1 << 16;

/// What is at most a missing value: Vensim's `:NA:` is below it.
const MISSING_BELOW: f64 = -6e32;

/// The series of elements, by their names; a scalar has none.
type Elements = HashMap<Vec<Key>, Rc<Points>>;

/// All series, by the names of variables.
#[derive(Default)]
pub(super) struct DataSets {
    series: HashMap<Key, Elements>,
    n_values: usize,
    /// Whether some file could not be read.
    is_faulty: bool,
}

/// A file whose series are being read.
struct Reader<'r> {
    file: &'r str,
    /// The data variables with their numbers of subscripts.
    wanted: &'r HashMap<Key, usize>,
    ranges: &'r Ranges,
    n_taken: usize,
}

impl DataSets {
    /// Takes the series of all files that hold values at times; the other files stay.
    pub(super) fn read(
        added: &mut Vec<AddedFile>,
        tables: &mut Tables<'_>,
        wanted: &HashMap<Key, usize>,
        ranges: &Ranges,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut sets = Self::default();
        for file in std::mem::take(added) {
            let mut reader = Reader { file: &file.name, wanted, ranges, n_taken: 0 };
            let text = text_format(&file.bytes);
            let is_read = match text {
                _ if simc_runs::is_run_file(&file.bytes) => reader.run(&file.bytes, &mut sets),
                Some(text) => reader.text(&text, &mut sets),
                None => reader.table(&file.bytes, &mut sets),
            };
            let n_taken = reader.n_taken;
            match is_read {
                Ok(true) if n_taken == 0 => {
                    let message = format!("`{}` has values of no data variable of the model", file.name);
                    diagnostics.push(
                        Diagnostic {
                            severity: Severity::Warning,
                            ..Diagnostic::error_without_place(shared::DATA_NAME, message)
                        }
                        .with_hint(
                            "a data variable is one without a right side; names in the file are those of the model",
                        ),
                    );
                }
                Ok(true) => {}
                Ok(false) => {
                    added.push(file);
                    continue;
                }
                Err(error) => {
                    sets.is_faulty = true;
                    diagnostics.push(*error);
                }
            }
            tables.sources.add_data(file.name, file.bytes);
        }
        sets
    }

    /// Whether some file could not be read, which has been reported.
    pub(super) fn is_faulty(&self) -> bool {
        self.is_faulty
    }

    /// Whether no file gives a series of any variable.
    pub(super) fn is_empty(&self) -> bool {
        self.series.is_empty()
    }

    /// Whether a file gives a series of a variable.
    pub(super) fn has(&self, variable: &Key) -> bool {
        self.series.contains_key(variable)
    }

    /// The series of an element of a variable.
    pub(super) fn find(&self, variable: &Key, element: &[Key]) -> Option<&Points> {
        self.series.get(variable)?.get(element).map(Rc::as_ref)
    }

    fn spend(&mut self, n: usize, file: &str) -> Result<(), Box<Diagnostic>> {
        self.n_values = self.n_values.saturating_add(n);
        if self.n_values <= MAX_VALUES {
            return Ok(());
        }
        let message = format!("`{file}` brings the data to more than {MAX_VALUES} values");
        Err(fault(shared::DATA_FILE, message, "keep the variables that the model needs in a file of their own"))
    }
}

impl Reader<'_> {
    /// A run or a data set that Vensim has saved.
    fn run(&mut self, bytes: &[u8], sets: &mut DataSets) -> Result<bool, Box<Diagnostic>> {
        let run = simc_runs::read(bytes).map_err(|problem| {
            fault(shared::DATA_FILE, format!("`{}` {}", self.file, problem.message), &problem.hint)
        })?;
        for series in &run.series {
            if self.meant(&series.name).is_some() {
                self.take(&series.name, run_file::points(series, 0.0, 1.0), sets)?;
            }
        }
        Ok(true)
    }

    /// A text in Vensim's format.
    fn text(&mut self, text: &str, sets: &mut DataSets) -> Result<bool, Box<Diagnostic>> {
        let mut heading: Option<&str> = None;
        let mut points = Points::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            let Some((time, value)) = point(line) else {
                if let Some(before) = heading.replace(line) {
                    self.take(before, std::mem::take(&mut points), sets)?;
                }
                continue;
            };
            if points.last().is_some_and(|&(before, _)| before >= time) {
                let message =
                    format!("`{}`, line {number}: the time {time} does not come after the one before", self.file);
                return Err(fault(shared::DATA_TIMES, message, "sort the lines by time, and keep one for each time"));
            }
            if value > MISSING_BELOW {
                points.push((time, value));
            }
        }
        if let Some(last) = heading {
            self.take(last, points, sets)?;
        }
        Ok(true)
    }

    /// A table with times in its first column or its first row; false when it has none.
    fn table(&mut self, bytes: &[u8], sets: &mut DataSets) -> Result<bool, Box<Diagnostic>> {
        let sheet = simc_data::read(bytes, None).map_err(|problem| {
            fault(shared::DATA_FILE, format!("`{}` {}", self.file, problem.message), &problem.hint)
        })?;
        let is_whole = |line: &Line<'_>| line.cells.iter().all(|(_, cell)| matches!(cell, Cell::Number(_)));
        let both = [Orientation::Vertical, Orientation::Horizontal];
        let fitting = both.map(|orientation| (orientation, sheet.lines(orientation)));
        let mut fitting = fitting.iter().filter(|(_, lines)| lines.first().is_some_and(is_of_times)).peekable();
        let Some(&any) = fitting.peek() else { return Ok(false) };
        let (orientation, lines) = fitting.find(|(_, lines)| is_whole(&lines[0])).unwrap_or(any);
        let times = self.times(&lines[0], &sheet, *orientation)?;
        for line in &lines[1..] {
            let Some(Cell::Text(heading)) = line.heading else { continue };
            if self.meant(heading).is_some() {
                let points = self.points(line, &times, &sheet, *orientation)?;
                self.take(heading, points, sets)?;
            }
        }
        Ok(true)
    }

    fn times(
        &self,
        line: &Line<'_>,
        sheet: &Sheet,
        orientation: Orientation,
    ) -> Result<HashMap<u32, f64>, Box<Diagnostic>> {
        let mut last = f64::NEG_INFINITY;
        let mut times = HashMap::with_capacity(line.cells.len());
        for &(distance, cell) in &line.cells {
            let place = || format!("`{}`, {}", self.file, sheet.show_place(line.place_of(distance, orientation)));
            match cell {
                Cell::Number(time) if *time > last && time.is_finite() => last = *time,
                Cell::Number(time) => {
                    let message = format!("{}: the time {time} does not come after the one before", place());
                    return Err(fault(
                        shared::DATA_TIMES,
                        message,
                        "sort the table by time, and keep one entry for each time",
                    ));
                }
                Cell::Text(_) | Cell::Error(_) | Cell::Date | Cell::Uncomputed => {
                    let message = format!("{}: the time is no number", place());
                    return Err(fault(shared::DATA_TIMES, message, "write it in the time units of the model"));
                }
            }
            times.insert(distance, last);
        }
        Ok(times)
    }

    fn points(
        &self,
        line: &Line<'_>,
        times: &HashMap<u32, f64>,
        sheet: &Sheet,
        orientation: Orientation,
    ) -> Result<Points, Box<Diagnostic>> {
        let mut points = Points::with_capacity(line.cells.len());
        for &(distance, cell) in &line.cells {
            let place = || format!("`{}`, {}", self.file, sheet.show_place(line.place_of(distance, orientation)));
            let Some(&time) = times.get(&distance) else {
                let message = format!("{}: there is no time for this value", place());
                return Err(fault(shared::DATA_TIMES, message, "write a time for each value"));
            };
            match cell {
                Cell::Number(value) if value.is_finite() => {
                    if *value > MISSING_BELOW {
                        points.push((time, *value));
                    }
                }
                Cell::Text(text) if Key::new(text) == Key::new(":NA:") => {}
                Cell::Number(_) | Cell::Text(_) | Cell::Error(_) | Cell::Date | Cell::Uncomputed => {
                    let message = format!("{}: the value is no number", place());
                    return Err(fault(shared::DATA_VALUE, message, "write a number, or leave the cell empty"));
                }
            }
        }
        Ok(points)
    }

    /// The variable of a heading, if it is data, and the subscripts after it.
    fn meant<'h>(&self, heading: &'h str) -> Option<(Key, Vec<&'h str>)> {
        let (variable, subscripts) = name::split_subscripts(heading)?;
        let key = Key::new(&name::unescape(variable));
        self.wanted.contains_key(&key).then(|| (key, subscripts.unwrap_or_default()))
    }

    /// Gives a series to what its heading means: elements by their names, or all of a range. Later series take the place of earlier ones.
    fn take(&mut self, heading: &str, points: Points, sets: &mut DataSets) -> Result<(), Box<Diagnostic>> {
        let Some((key, subscripts)) = self.meant(heading) else { return Ok(()) };
        if points.is_empty() {
            return Ok(());
        }
        let rank = self.wanted[&key];
        if subscripts.len() != rank {
            let message = format!(
                "`{}`: `{}` has {} subscripts, but the variable takes {rank}",
                self.file,
                shorten(heading),
                subscripts.len()
            );
            return Err(fault(shared::DATA_SUBSCRIPT, message, "name each element: `Variable[element]`"));
        }
        let mut meant: Vec<Vec<Key>> = vec![Vec::new()];
        for subscript in subscripts {
            let written = ast_name(&name::unescape(subscript));
            let Some(elements) = self.ranges.elements_of(&written) else {
                let message = format!(
                    "`{}`: `{}` of `{}` is neither a subscript range nor an element of one",
                    self.file,
                    shorten(subscript),
                    shorten(heading)
                );
                return Err(fault(shared::DATA_SUBSCRIPT, message, "name elements as the model does"));
            };
            if meant.len().saturating_mul(elements.len()) > MAX_MEANT {
                let message = format!("`{}`: `{}` means too many elements", self.file, shorten(heading));
                return Err(fault(shared::DATA_SUBSCRIPT, message, "name the elements one by one"));
            }
            let longer = |before: &Vec<Key>| {
                let before = before.clone();
                elements.iter().map(move |element| [before.as_slice(), &[Key::new(&element.text)]].concat())
            };
            meant = meant.iter().flat_map(longer).collect();
        }
        sets.spend(points.len() + meant.len(), self.file)?;
        let points = Rc::new(points);
        self.n_taken += 1;
        let elements = sets.series.entry(key).or_default();
        elements.extend(meant.into_iter().map(|element| (element, Rc::clone(&points))));
        Ok(())
    }
}

/// The text of a file in Vensim's text format: a first line that is a name, and a second one with a point.
fn text_format(bytes: &[u8]) -> Option<String> {
    if bytes.contains(&0) || bytes.starts_with(b"PK") {
        return None;
    }
    let text = encoding::decode(bytes);
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let (first, second) = (lines.next()?, lines.next()?);
    let is_one = !first.contains('\t') && point(first).is_none() && point(second).is_some();
    is_one.then_some(text)
}

/// A time and a value, with blanks between them.
fn point(line: &str) -> Option<(f64, f64)> {
    let mut parts = line.split_whitespace();
    let (time, value) = (parts.next()?, parts.next()?);
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    let value = if value.eq_ignore_ascii_case(":NA:") { f64::MIN } else { number(value)? };
    if parts.next().is_some() { None } else { Some((number(time)?, value)) }
}

/// Whether a line of a table holds the times of all others.
fn is_of_times(line: &Line<'_>) -> bool {
    match line.heading {
        Some(Cell::Text(heading)) => {
            let key = Key::new(heading);
            matches!(key.as_str(), "time" | "times") || key.as_str().starts_with("time_(")
        }
        Some(Cell::Number(_) | Cell::Error(_) | Cell::Date | Cell::Uncomputed) => false,
        None => line.cells.iter().all(|(_, cell)| matches!(cell, Cell::Number(_))),
    }
}

fn ast_name(text: &str) -> crate::ast::Name {
    crate::ast::Name { text: text.to_owned(), span: Span::default() }
}

fn fault(code: crate::neutral::Code, message: String, hint: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::error_without_place(code, message).with_hint(hint))
}

/// All names that equations of a file use.
pub(super) fn used_names(file: &crate::ast::File) -> HashSet<Key> {
    use crate::ast::{Body, NodeKind, Right};
    let definitions = file.macros.iter().flat_map(|definition| &definition.entries).chain(&file.entries);
    let mut used = HashSet::new();
    for definition in definitions {
        let Body::Variable(variable) = &definition.body else { continue };
        let Right::Equation(equation) = &variable.right else { continue };
        for node in &equation.nodes {
            match &node.kind {
                NodeKind::Reference(name, _) | NodeKind::Call { name, .. } => {
                    used.insert(Key::new(&name.text));
                }
                NodeKind::Number(_)
                | NodeKind::NotAvailable
                | NodeKind::Text(_)
                | NodeKind::Table(_)
                | NodeKind::Unary(..)
                | NodeKind::Binary(..) => {}
            }
        }
    }
    used
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_two_numbers() {
        assert_eq!(point("1\t2.5"), Some((1.0, 2.5)));
        assert_eq!(point("1970 4e+002"), Some((1970.0, 400.0)));
        for line in ["A Values[A1]", "1", "1 2 3", "1\tx", "1 inf", "3,4", "3, 4", ""] {
            assert_eq!(point(line), None, "{line}");
        }
    }

    #[test]
    fn the_text_format_is_told_by_its_first_lines() {
        assert!(text_format(b"Simple 1\n0\t1000\n").is_some());
        assert!(text_format(b"\r\nA[x,y]\r\n\r\n0\t1\r\n").is_some());
        for other in [b"Time\tx\n0\t1\n".as_slice(), b"Time,x\n", b"Time,x\n0,1\n", b"0\t1\n1\t2\n", b"PK\x03\x04", b""]
        {
            assert!(text_format(other).is_none());
        }
    }
}
