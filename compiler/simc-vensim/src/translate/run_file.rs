//! `GET VDF DATA` and `GET VDF CONSTANTS`: values of a run that Vensim has saved.

use simc_model::diagnostic::{Diagnostic, code as shared};
use simc_model::name::{self, Key};
use simc_model::source::Span;
use simc_runs::Series;

use crate::ast::{self, Name, NodeKind, UnaryOp, Variable};
use crate::code;
use crate::translate::Translator;
use crate::translate::external::Points;
use crate::translate::meaning::Meaning;
use crate::translate::tables::Argument;

/// How many elements one call may read.
const MAX_ELEMENTS: usize = 1 << 20;

/// What is at most a missing value: Vensim's `:NA:` is below it.
const MISSING_BELOW: f64 = -6e32;

/// How much of the time between two saved values a time may lack of the later one.
const TOLERANCE: f64 = 1e-6;

impl Translator<'_> {
    /// What a call of one of these functions means.
    ///
    /// # Errors
    /// The file or an argument is at fault.
    pub(super) fn read_run(
        &mut self,
        variable: &Variable,
        equation: &ast::Equation,
    ) -> Result<Meaning, Box<Diagnostic>> {
        let Some(NodeKind::Call { name, arguments, .. }) = equation.nodes.last().map(|node| &node.kind) else {
            return Err(fault(equation.span, "this is no call of a function".to_owned(), "write `GET VDF DATA(...)`"));
        };
        let function = name.text.to_uppercase();
        let (is_data, form) = match Key::new(&name.text).as_str() {
            "get_vdf_data" => (true, "('file', 'variable', start, slope)"),
            "get_vdf_constants" => (false, "('file', 'variable', time)"),
            _ => {
                let message = format!("{function} is not supported: the points of lookups in run files are not read");
                return Err(fault(name.span, message, "keep the points in a text or a workbook: GET DIRECT LOOKUPS"));
            }
        };
        if arguments.len() != form.matches(',').count() + 1 {
            let message = format!("{function} has {} arguments here", arguments.len());
            let error = Diagnostic::error(shared::ARGUMENT_COUNT, name.span, message);
            return Err(Box::new(error.with_hint(format!("write `{function}{form}`"))));
        }
        let file = self.text_of(equation, arguments[0])?;
        let written = self.text_of(equation, arguments[1])?;
        let first = number_of(equation, arguments[2])?;
        let along: Option<Vec<&[Name]>> =
            variable.subscripts.iter().map(|subscript| self.ranges.elements_of(subscript)).collect();
        let n = along.unwrap_or_default().iter().fold(1, |n: usize, elements| n.saturating_mul(elements.len()));
        if !is_data && file.text.trim().is_empty() {
            // Without a file the value is the time.
            return Ok(Meaning::Numbers(vec![first; n.min(MAX_ELEMENTS)]));
        }
        let wanted = self.expand(&written, n)?;
        let run = self.tables.run(&file)?;
        let mut found: Vec<&Series> = Vec::with_capacity(wanted.len());
        for name in &wanted {
            let Some(series) = run.series(name) else {
                let message = format!("the run `{}` has no variable `{name}`", file.text);
                return Err(Box::new(
                    Diagnostic::error(shared::DATA_NAME, written.span, message)
                        .with_hint("write the name as the run has it; subscripts may be ranges of this model"),
                ));
            };
            found.push(series);
        }
        let n_values: usize = found.iter().map(|series| series.values.len()).sum();
        self.n_read = self.n_read.saturating_add(n_values);
        if self.n_read > super::external::MAX_VALUES {
            let message = format!("the model reads more than {} values from files", super::external::MAX_VALUES);
            return Err(Box::new(Diagnostic::error(shared::DATA_FILE, name.span, message)));
        }
        if is_data {
            let slope = number_of(equation, arguments[3])?;
            let (start, slope) = if slope > 0.0 { (first, slope) } else { (0.0, 1.0) };
            let series = found.into_iter().map(|series| Some(points(series, start, slope))).collect();
            return Ok(Meaning::Series(series));
        }
        let mut numbers = Vec::with_capacity(found.len());
        for (series, name) in found.into_iter().zip(&wanted) {
            let Some(value) = at(series, first) else {
                let message = format!("`{name}` has no value in the run `{}`", file.text);
                return Err(fault(written.span, message, "name a variable that the run has values of"));
            };
            numbers.push(value);
        }
        Ok(Meaning::Numbers(numbers))
    }

    /// The text of an argument: written in place, or that of a string variable.
    fn text_of(&self, equation: &ast::Equation, argument: u32) -> Result<Argument, Box<Diagnostic>> {
        let node = &equation.nodes[argument as usize];
        let text = if let NodeKind::Text(text) = &node.kind {
            Some(text.trim().to_owned())
        } else if let NodeKind::Reference(name, subscripts) = &node.kind
            && subscripts.is_empty()
        {
            self.strings.get(&Key::new(&name.text)).cloned()
        } else {
            None
        };
        match text {
            Some(text) => Ok(Argument { text, span: node.span }),
            None => Err(fault(node.span, "this argument is a text".to_owned(), "write it between single quotes")),
        }
    }

    /// The names in the run of as many elements as the left side has. A subscript that is no range of the model is an element of the run's.
    fn expand(&self, written: &Argument, n: usize) -> Result<Vec<String>, Box<Diagnostic>> {
        let (base, subscripts) = name::split_subscripts(&written.text).unwrap_or((written.text.as_str(), None));
        let mut names: Vec<String> = vec![String::new()];
        for subscript in subscripts.into_iter().flatten() {
            let element = Name { text: name::unescape(subscript), span: written.span };
            let elements = match self.ranges.find(&element.text) {
                Some(range) => range.elements.as_slice(),
                None => std::slice::from_ref(&element),
            };
            if names.len().saturating_mul(elements.len()) > n {
                return Err(uneven(written, n));
            }
            let longer = |before: &String| {
                let before = before.clone();
                elements.iter().map(move |element| match before.is_empty() {
                    true => quoted(&element.text),
                    false => format!("{before},{}", quoted(&element.text)),
                })
            };
            names = names.iter().flat_map(longer).collect();
        }
        if names.len() != n {
            return Err(uneven(written, n));
        }
        let whole = |subscripts: String| match subscripts.is_empty() {
            true => base.to_owned(),
            false => format!("{base}[{subscripts}]"),
        };
        Ok(names.into_iter().map(whole).collect())
    }
}

/// An element as it is written among others.
fn quoted(element: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.');
    match element.chars().all(is_plain) {
        true => element.to_owned(),
        false => format!("\"{}\"", element.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

fn uneven(written: &Argument, n: usize) -> Box<Diagnostic> {
    let message = format!("`{}` has not as many elements as the left side, which has {n}", written.text);
    let error = Diagnostic::error(shared::DATA_COUNT, written.span, message);
    Box::new(error.with_hint("name the same ranges on both sides"))
}

/// A number, with a sign perhaps.
fn number_of(equation: &ast::Equation, argument: u32) -> Result<f64, Box<Diagnostic>> {
    let (mut at, mut sign) = (argument as usize, 1.0);
    loop {
        let node = &equation.nodes[at];
        if let NodeKind::Number(value) = node.kind {
            return Ok(sign * value);
        }
        let NodeKind::Unary(UnaryOp::Negate, inner) = node.kind else {
            return Err(fault(node.span, "this argument is a number".to_owned(), "write the number itself"));
        };
        (at, sign) = (inner as usize, -sign);
    }
}

/// The points of a series, with other times.
pub(super) fn points(series: &Series, start: f64, slope: f64) -> Points {
    let mut points = Points::with_capacity(series.values.len());
    for (&time, &value) in series.times.iter().zip(&series.values) {
        let time = start + slope * time;
        let follows = points.last().is_none_or(|&(before, _)| before < time);
        if value > MISSING_BELOW && value.is_finite() && time.is_finite() && follows {
            points.push((time, value));
        }
    }
    points
}

/// The value that was saved last at a time, or first when there is none before.
fn at(series: &Series, time: f64) -> Option<f64> {
    let n = series.times.len().min(series.values.len());
    let times = &series.times[..n];
    let step = times.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    let near = if step.is_finite() { step * TOLERANCE } else { 0.0 };
    let place = times.partition_point(|&saved| saved <= time + near).max(1) - 1;
    series.values.get(place).copied().filter(|value| value.is_finite())
}

fn fault(span: Span, message: String, hint: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(code::EXTERNAL, span, message).with_hint(hint.to_owned()))
}
