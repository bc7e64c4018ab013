//! Functions that read another file: `GET XLS DATA`, `GET DIRECT CONSTANTS` and their kin, and the cells that they mean.

use std::collections::HashMap;

use simc_data::{Area, Cell, parse_cell, parse_column, parse_row};
use simc_model::diagnostic::{Diagnostic, code as shared};
use simc_model::name::Key;
use simc_model::source::{Span, shorten};

use crate::ast::{self, Name, NodeKind};
use crate::code;
use crate::translate::tables::{Argument, Found, Tables};

/// Points of a series: x ascends.
pub(super) type Points = Vec<(f64, f64)>;

/// How many values all functions of a model may read.
pub(super) const MAX_VALUES: usize = 1 << 23;

/// Cells that are reported one by one when there is no number in them.
const MAX_TOLD: usize = 3;

/// Whether a function reads a file.
pub(super) fn is_external(key: &str) -> bool {
    let kinds = ["_xls_", "_direct_", "_vdf_", "_123_", "_odbc_"];
    kinds.iter().any(|kind| key.contains(kind))
}

/// Where the prefix is among the arguments of a function that asks for elements.
const PREFIX: usize = 4;

/// What a function asks a file for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Values at times.
    Data,
    /// Points of lookups.
    Lookups,
    /// Numbers.
    Constants,
    /// Names of elements.
    Subscript,
}

/// A call of a function that reads a file.
#[derive(Clone, Debug)]
pub(super) struct Request {
    /// What it asks for.
    pub(super) what: What,
    /// The name of the function.
    name: Name,
    arguments: Vec<Argument>,
}

/// The call that an equation is. Names of strings that the model defines stand for them.
///
/// # Errors
/// The function or its arguments are none that can be read.
pub(super) fn request(equation: &ast::Equation, strings: &HashMap<Key, String>) -> Result<Request, Box<Diagnostic>> {
    let refuse = |span: Span, message: String, hint: &str| {
        Box::new(Diagnostic::error(code::EXTERNAL, span, message).with_hint(hint))
    };
    let Some(NodeKind::Call { name, arguments, .. }) = equation.nodes.last().map(|node| &node.kind) else {
        return Err(refuse(equation.span, "this is no call of a function that reads a file".to_owned(), CURE));
    };
    let key = Key::new(&name.text);
    let kind = key.as_str().strip_prefix("get_xls_").or_else(|| key.as_str().strip_prefix("get_direct_"));
    let (what, form) = match kind {
        Some("data") => (What::Data, "('file', 'tab', 'row or column of times', 'first cell')"),
        Some("lookups") => (What::Lookups, "('file', 'tab', 'row or column of x', 'first cell')"),
        Some("constants") => (What::Constants, "('file', 'tab', 'first cell')"),
        Some("subscript") => (What::Subscript, "('file', 'tab', 'first cell', 'last cell', 'prefix')"),
        _ => {
            let message = format!("{} is not supported", name.text.to_uppercase());
            return Err(refuse(
                name.span,
                message,
                "keep the values in a text or a workbook, and read them with GET DIRECT DATA, CONSTANTS, LOOKUPS or SUBSCRIPT",
            ));
        }
    };
    let n_arguments = form.matches(',').count() + 1;
    let may_lack_prefix = what == What::Subscript && arguments.len() + 1 == n_arguments;
    if arguments.len() != n_arguments && !may_lack_prefix {
        let message =
            format!("{} takes {n_arguments} arguments, but has {} here", name.text.to_uppercase(), arguments.len());
        let error = Diagnostic::error(shared::ARGUMENT_COUNT, name.span, message);
        return Err(Box::new(error.with_hint(format!("write `{}{form}`", name.text.to_uppercase()))));
    }
    let mut texts = Vec::with_capacity(arguments.len());
    for (position, &argument) in arguments.iter().enumerate() {
        let node = &equation.nodes[argument as usize];
        let text = match &node.kind {
            NodeKind::Text(text) => Some(text.clone()),
            NodeKind::Reference(name, subscripts) if subscripts.is_empty() => {
                strings.get(&Key::new(&name.text)).cloned()
            }
            NodeKind::Number(_)
            | NodeKind::NotAvailable
            | NodeKind::Reference(..)
            | NodeKind::Call { .. }
            | NodeKind::Table(_)
            | NodeKind::Unary(..)
            | NodeKind::Binary(..) => None,
        };
        let Some(text) = text else {
            let message = format!("the arguments of {} are texts", name.text.to_uppercase());
            return Err(refuse(node.span, message, "write it between single quotes"));
        };
        // A tab may be the separator, and a prefix may end with a blank.
        let is_kept = text.trim().is_empty() || what == What::Subscript && position == PREFIX;
        let text = if is_kept { text } else { text.trim().to_owned() };
        texts.push(Argument { text, span: node.span });
    }
    Ok(Request { what, name: name.clone(), arguments: texts })
}

const CURE: &str = "make the call the whole right side, or write the values into the model";

/// Which way something runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Down,
    Right,
}

impl Way {
    /// The place that many cells on, and that many across.
    fn step(self, (row, column): (u32, u32), along: u32, across: u32) -> (u32, u32) {
        match self {
            Way::Down => (row.saturating_add(along), column.saturating_add(across)),
            Way::Right => (row.saturating_add(across), column.saturating_add(along)),
        }
    }
}

/// Where the first value is.
struct Start {
    cell: (u32, u32),
    /// The cells of a name.
    area: Option<Area>,
    is_transposed: bool,
}

/// Where x are.
struct Axis {
    way: Way,
    first: (u32, u32),
    /// How many there may be.
    limit: u32,
}

/// Reads what functions ask for.
pub(super) struct External<'t, 'a> {
    pub(super) tables: &'t mut Tables<'a>,
    pub(super) diagnostics: &'t mut Vec<Diagnostic>,
    /// How many values have been read.
    pub(super) n_values: &'t mut usize,
}

impl External<'_, '_> {
    /// The points of that many series side by side: those of the elements of a variable, the last subscript running fastest.
    ///
    /// # Errors
    /// The file, the worksheet, an address or a time is at fault.
    pub(super) fn series(&mut self, request: &Request, n_elements: usize) -> Result<Vec<Points>, Box<Diagnostic>> {
        let [file, tab, axis, first] = request.arguments.as_slice() else { return Ok(Vec::new()) };
        let found = self.tables.sheet(file, tab)?;
        let start = self.start(&found, first, (file, tab))?;
        let line = self.axis(&found, axis, (file, tab), &start)?;
        let way = line.way;
        let xs = self.xs(request, &found, &line, axis)?;
        self.spend(xs.len().saturating_mul(n_elements), request.name.span)?;
        let mut all = Vec::with_capacity(n_elements);
        let mut n_told = 0;
        for element in 0..n_elements {
            let across = u32::try_from(element).unwrap_or(u32::MAX);
            let mut points = Points::with_capacity(xs.len());
            for (along, &x) in (0..).zip(&xs) {
                let place = way.step(start.cell, along, across);
                match found.sheet.cell(place.0, place.1) {
                    None => {}
                    Some(Cell::Number(y)) if y.is_finite() => points.push((x, *y)),
                    Some(cell) => {
                        n_told += 1;
                        if n_told <= MAX_TOLD {
                            let message = format!("{}, so that the point is left out", no_number(&found, place, cell));
                            self.diagnostics.push(Diagnostic::warning(shared::DATA_VALUE, first.span, message));
                        }
                    }
                }
            }
            all.push(points);
        }
        if all.iter().all(Vec::is_empty) {
            let place = found.sheet.show_place(start.cell);
            let message = format!("`{}`, {place}: there are no values here", found.name);
            return Err(Box::new(
                Diagnostic::error(shared::DATA_COUNT, first.span, message)
                    .with_hint("the last argument is the cell of the first value, such as 'B2'"),
            ));
        }
        Ok(all)
    }

    /// The numbers of an array with dimensions of these lengths, row by row.
    ///
    /// # Errors
    /// The file, the worksheet, an address or a number is at fault.
    pub(super) fn constants(&mut self, request: &Request, lens: &[usize]) -> Result<Vec<f64>, Box<Diagnostic>> {
        let [file, tab, first] = request.arguments.as_slice() else { return Ok(Vec::new()) };
        let found = self.tables.sheet(file, tab)?;
        let start = self.start(&found, first, (file, tab))?;
        let n_columns = lens.last().copied().unwrap_or(1);
        let n: usize = lens.iter().fold(1, |n, &len| n.saturating_mul(len));
        self.spend(n, request.name.span)?;
        let way = if start.is_transposed { Way::Down } else { Way::Right };
        let mut numbers = Vec::with_capacity(n);
        for index in 0..n {
            let cell_of = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
            let place = way.step(start.cell, cell_of(index % n_columns), cell_of(index / n_columns));
            match found.sheet.cell(place.0, place.1) {
                Some(Cell::Number(number)) if number.is_finite() => numbers.push(*number),
                cell => {
                    let fault = match cell {
                        Some(cell) => no_number(&found, place, cell),
                        None => format!("`{}`, {} is empty", found.name, found.sheet.show_place(place)),
                    };
                    let error = Diagnostic::error(shared::DATA_VALUE, first.span, fault);
                    let label = format!("{n} numbers are read from here on");
                    return Err(Box::new(
                        if n == 1 { error } else { error.with_label(label) }
                            .with_hint("write a number there; the last subscript runs to the right, the one before it down, and with a `*` after the cell the other way round"),
                    ));
                }
            }
        }
        Ok(numbers)
    }

    /// The names of the elements of a range: across, then down; empty cells are none.
    ///
    /// # Errors
    /// The file, the worksheet or an address is at fault, or there are no names.
    pub(super) fn subscript(&mut self, request: &Request) -> Result<Vec<Name>, Box<Diagnostic>> {
        let [file, tab, first, last, rest @ ..] = request.arguments.as_slice() else { return Ok(Vec::new()) };
        let found = self.tables.sheet(file, tab)?;
        let start = self.start(&found, first, (file, tab))?;
        let end = match (last.text.as_str(), start.area) {
            ("", Some(area)) => area.last,
            ("", None) => (u32::MAX, u32::MAX),
            (text, _) => parse_cell(text)
                .or_else(|| parse_column(text).map(|column| (u32::MAX, column)))
                .or_else(|| parse_row(text).map(|row| (row, u32::MAX)))
                .ok_or_else(|| bad_place(last, "a cell such as 'B9', a column, a row, or nothing"))?,
        };
        let prefix = rest.first().map_or("", |prefix| prefix.text.as_str());
        let is_within = |(row, column): (u32, u32)| {
            (start.cell.0..=end.0).contains(&row) && (start.cell.1..=end.1).contains(&column)
        };
        let mut names = Vec::new();
        for (place, cell) in found.sheet.cells().filter(|(place, _)| is_within(*place)) {
            let text = match cell {
                Cell::Text(text) => text.clone(),
                Cell::Number(number) => number.to_string(),
                Cell::Error(_) | Cell::Date | Cell::Uncomputed => {
                    let message = format!("`{}`, {} holds no name", found.name, found.sheet.show_place(place));
                    return Err(Box::new(Diagnostic::error(shared::DATA_VALUE, first.span, message)));
                }
            };
            names.push(Name { text: format!("{prefix}{text}"), span: request.name.span });
        }
        self.spend(names.len(), request.name.span)?;
        if names.is_empty() {
            let place = found.sheet.show_place(start.cell);
            let message = format!("`{}` holds no names from {place} on", found.name);
            return Err(Box::new(Diagnostic::error(shared::DATA_COUNT, first.span, message)));
        }
        Ok(names)
    }

    fn spend(&mut self, n: usize, span: Span) -> Result<(), Box<Diagnostic>> {
        *self.n_values = self.n_values.saturating_add(n);
        if *self.n_values <= MAX_VALUES {
            return Ok(());
        }
        let message = format!("the model reads more than {MAX_VALUES} values from files");
        Err(Box::new(Diagnostic::error(shared::DATA_FILE, span, message)))
    }

    /// The cell of the first value: an address, or a name that the workbook gives to cells.
    fn start(
        &mut self,
        found: &Found,
        first: &Argument,
        place: (&Argument, &Argument),
    ) -> Result<Start, Box<Diagnostic>> {
        let text = first.text.strip_suffix('*').map_or(first.text.as_str(), str::trim_end);
        let is_transposed = text.len() < first.text.len();
        if let Some(cell) = parse_cell(text) {
            return Ok(Start { cell, area: None, is_transposed });
        }
        let named = Argument { text: text.to_owned(), span: first.span };
        match self.tables.named(found, &named, place)? {
            Some(named) => Ok(Start { cell: named.area.first, area: Some(named.area), is_transposed }),
            None => Err(bad_place(first, "a cell such as 'B2', or a name of cells in the workbook")),
        }
    }

    /// Which way x run, and where the x of the first value is: in the row or column at hand, beside the first value.
    fn axis(
        &mut self,
        found: &Found,
        axis: &Argument,
        place: (&Argument, &Argument),
        start: &Start,
    ) -> Result<Axis, Box<Diagnostic>> {
        let (row, column) = start.cell;
        let line = |way: Way, first: (u32, u32)| Axis { way, first, limit: u32::MAX };
        if let Some(at) = parse_row(&axis.text) {
            return Ok(line(Way::Right, (at, column)));
        }
        if let Some(at) = parse_column(&axis.text) {
            return Ok(line(Way::Down, (row, at)));
        }
        let Some(named) = self.tables.named(found, axis, place)? else {
            return Err(bad_place(axis, "a row such as '1', a column such as 'A', or a name of cells in the workbook"));
        };
        let Area { first, last } = named.area;
        let is_row = last.1 > first.1 && last.0 == first.0;
        let way = if is_row { Way::Right } else { Way::Down };
        // Beside cells that have a name too, each x belongs to the value at the same distance from the first one.
        let first = match (start.area, way) {
            (Some(_), _) => first,
            (None, Way::Right) => (first.0, column),
            (None, Way::Down) => (row, first.1),
        };
        let limit = if is_row { (last.1 + 1).saturating_sub(first.1) } else { (last.0 + 1).saturating_sub(first.0) };
        Ok(Axis { way, first, limit })
    }

    /// The x from a cell on: they end at the first cell that holds no number.
    fn xs(
        &mut self,
        request: &Request,
        found: &Found,
        line: &Axis,
        axis: &Argument,
    ) -> Result<Vec<f64>, Box<Diagnostic>> {
        let mut xs: Vec<f64> = Vec::new();
        for along in 0..line.limit {
            let place = line.way.step(line.first, along, 0);
            let Some(Cell::Number(x)) = found.sheet.cell(place.0, place.1) else { break };
            let is_ascending =
                xs.last().is_none_or(|before| before < x || before == x && request.what == What::Lookups);
            if !is_ascending || !x.is_finite() {
                let place = found.sheet.show_place(place);
                let before = xs.last().copied().unwrap_or(f64::NAN);
                let message = format!("`{}`, {place}: {x} does not come after {before}", found.name);
                return Err(Box::new(
                    Diagnostic::error(shared::DATA_TIMES, axis.span, message)
                        .with_hint("sort the rows or columns, and keep one for each time"),
                ));
            }
            xs.push(*x);
        }
        if xs.is_empty() {
            let message = format!("`{}`, {} holds no number", found.name, found.sheet.show_place(line.first));
            return Err(Box::new(
                Diagnostic::error(shared::DATA_TIMES, axis.span, message)
                    .with_hint("a number means a row of times, which run to the right; letters mean a column, in which they run down; they begin beside the first value"),
            ));
        }
        Ok(xs)
    }
}

fn no_number(found: &Found, place: (u32, u32), cell: &Cell) -> String {
    let place = found.sheet.show_place(place);
    let fault = match cell {
        Cell::Text(text) => format!("holds `{}`, which is no number", shorten(text)),
        Cell::Error(error) => format!("holds the error {error}"),
        Cell::Date => "holds a date, which is no number".to_owned(),
        Cell::Uncomputed => "holds a formula whose result is not in the file".to_owned(),
        Cell::Number(number) => format!("holds {number}, which is no finite number"),
    };
    format!("`{}`, {place} {fault}", found.name)
}

fn bad_place(argument: &Argument, meant: &str) -> Box<Diagnostic> {
    let message = format!("`{}` is no place in a table", argument.text);
    Box::new(Diagnostic::error(code::EXTERNAL, argument.span, message).with_hint(format!("write {meant}")))
}
