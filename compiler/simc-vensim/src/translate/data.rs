//! Data variables, and variables whose right side reads a file.

use std::collections::HashMap;

use simc_model::builtin::MISSING;
use simc_model::definition::{DefKind, ElementDef, Name as NeutralName, SeriesMode, TableDef, VarDef};
use simc_model::diagnostic::{Diagnostic, code as shared};
use simc_model::model::TableKind;
use simc_model::name::Key;

use crate::ast::{self, DataMode, Name, Right, Variable};
use crate::code;
use crate::translate::equation;
use crate::translate::external::{self, External, Points, What};
use crate::translate::left_side::{elements, is_excepted};
use crate::translate::meaning::{Meaning, Written, put};
use crate::translate::{Names, Translator, neutral};

/// How many elements one left side may give series to.
const MAX_ELEMENTS: usize = 1 << 20;

/// Through how many names data may be copied.
const MAX_COPIES: usize = 64;

/// Elements without values that a message names.
const MAX_NAMED: usize = 3;

impl Translator<'_> {
    /// What a right side means that is a call of a function which reads a file.
    pub(super) fn external_meaning(&mut self, variable: &Variable, equation: &ast::Equation) -> Meaning {
        match self.read_external(variable, equation) {
            Ok(meaning) => meaning,
            Err(error) => {
                self.diagnostics.push(error.with_variable(variable.name.text.clone()));
                Meaning::Broken
            }
        }
    }

    fn read_external(&mut self, variable: &Variable, equation: &ast::Equation) -> Result<Meaning, Box<Diagnostic>> {
        let is_of_run = equation.nodes.last().is_some_and(|node| {
            matches!(&node.kind, ast::NodeKind::Call { name, .. } if Key::new(&name.text).as_str().starts_with("get_vdf_"))
        });
        if is_of_run {
            return self.read_run(variable, equation);
        }
        let request = external::request(equation, &self.strings)?;
        let lens: Vec<usize> = variable
            .subscripts
            .iter()
            .filter_map(|subscript| self.ranges.find(&subscript.text))
            .map(|range| range.elements.len())
            .collect();
        let n: usize = lens.iter().fold(1, |n, &len| n.saturating_mul(len));
        if n > MAX_ELEMENTS {
            let message = format!("more than {MAX_ELEMENTS} elements are read at once");
            return Err(Box::new(Diagnostic::error(code::EXTERNAL, equation.span, message)));
        }
        let mut notes = Vec::new();
        let mut external = External { tables: &mut self.tables, diagnostics: &mut notes, n_values: &mut self.n_read };
        let meaning = match request.what {
            What::Data => Meaning::Series(external.series(&request, n)?.into_iter().map(Some).collect()),
            What::Lookups => Meaning::Lookups(external.series(&request, n)?),
            What::Constants => Meaning::Numbers(external.constants(&request, &lens)?),
            What::Subscript => {
                let error =
                    Diagnostic::error(code::EXTERNAL, equation.span, "this function gives the elements of a range");
                return Err(Box::new(
                    error.with_hint("write it after the colon of a subscript range: `Range: GET ...`"),
                ));
            }
        };
        self.diagnostics.extend(notes.into_iter().map(|note| note.with_variable(variable.name.text.clone())));
        Ok(meaning)
    }

    /// What a data equation means that is the name of other data, for the same elements: their points, which it reads by its own keyword.
    pub(super) fn copied_data(
        &mut self,
        definition: &ast::Entry,
        variable: &Variable,
        equation: &ast::Equation,
        names: &Names,
    ) -> Option<Meaning> {
        let is_computed = variable.operator == ast::Operator::Data || variable.mode.is_some();
        if !is_computed || is_data(variable) || names.is_macro {
            return None;
        }
        let is_own = |subscripts: &mut dyn Iterator<Item = &Name>| {
            subscripts.map(|name| Key::new(&name.text)).eq(variable.subscripts.iter().map(|own| Key::new(&own.text)))
        };
        let mut read = equation;
        for _ in 0..MAX_COPIES {
            let [ast::Node { kind: ast::NodeKind::Reference(name, subscripts), .. }] = read.nodes.as_slice() else {
                return None;
            };
            let [source] = self.by_name().get(&Key::new(&name.text))?.as_slice() else { return None };
            let source = *source;
            let is_same = !subscripts.iter().any(|subscript| subscript.is_marked)
                && is_own(&mut subscripts.iter().map(|subscript| &subscript.name))
                && is_own(&mut source.subscripts.iter());
            if !is_same || !source.exceptions.is_empty() || !variable.exceptions.is_empty() {
                return None;
            }
            match &source.right {
                Right::Nothing => return Some(self.data_meaning(definition, source, names)),
                Right::Equation(equation) if is_data(source) => return Some(self.external_meaning(source, equation)),
                Right::Equation(equation) if source.operator == ast::Operator::Data => read = equation,
                Right::Equation(_)
                | Right::Constants(_)
                | Right::FunctionOf(_)
                | Right::Lookup(_)
                | Right::LookupFrom(_)
                | Right::Text(_)
                | Right::Unreadable => return None,
            }
        }
        None
    }

    /// Whether the values that an equation computes are those of the variable at all times. With a keyword they are so at the times of its
    /// data alone, and likewise where it reads data that have values there only; that is not computed, and is reported.
    pub(super) fn has_all_times(&mut self, variable: &Variable, equation: &ast::Equation, names: &Names) -> bool {
        let is_even = |mode: Option<DataMode>| matches!(mode, None | Some(DataMode::Interpolate));
        let is_computed = variable.operator == ast::Operator::Data || variable.mode.is_some();
        // What a macro is given may well have values at all times, as what a model computes does.
        if !is_computed || is_data(variable) || names.is_macro {
            return true;
        }
        let mut read = equation
            .nodes
            .iter()
            .filter_map(|node| if let ast::NodeKind::Reference(name, _) = &node.kind { Some(name) } else { None });
        let is_uneven = |name: &&Name| {
            let others = self.by_name().get(&Key::new(&name.text));
            others.is_some_and(|others| others.iter().any(|other| !is_even(other.mode)))
        };
        let uneven = read.find(is_uneven);
        let (span, message) = if !is_even(variable.mode) {
            (
                variable.name.span,
                "a keyword for what holds between the points of data that an equation computes is not supported"
                    .to_owned(),
            )
        } else if let Some(name) = uneven {
            (name.span, format!("a data equation that reads between the points of `{}` is not supported", name.text))
        } else {
            return true;
        };
        let error = Diagnostic::error(code::EXTERNAL, span, message);
        let hint = "give the data themselves the keyword, in a variable of their own, and write the equation with `=`";
        self.diagnostics.push(error.with_hint(hint).with_variable(variable.name.text.clone()));
        false
    }

    /// How the data of a variable is read between its points. Left sides that do not agree on it are reported.
    pub(super) fn mode(&mut self, written: &Written<'_>) -> SeriesMode {
        let mode = |variable: &Variable| match variable.mode {
            None | Some(DataMode::Interpolate) => SeriesMode::Interpolate,
            Some(DataMode::HoldBackward) => SeriesMode::HoldBackward,
            Some(DataMode::LookForward) => SeriesMode::LookForward,
            Some(DataMode::Raw) => SeriesMode::Raw,
        };
        let is_any = |variable: &Variable| is_data(variable) || variable.operator == ast::Operator::Data;
        let mut data = written.parts.iter().filter(|(_, variable)| is_any(variable));
        let first = data.next().map_or(SeriesMode::Interpolate, |(_, variable)| mode(variable));
        if let Some((other, _)) = data.find(|(_, variable)| mode(variable) != first) {
            let message = format!("the data of `{}` have several keywords, which is not supported", written.name.text);
            let error = Diagnostic::error(code::EXTERNAL, other.span, message);
            let hint = "give the elements with each keyword an array of their own";
            self.diagnostics.push(error.with_hint(hint).with_variable(written.name.text.clone()));
        }
        first
    }

    /// What a left side without a right one means: the series of its elements in the files that were given.
    pub(super) fn data_meaning(&mut self, definition: &ast::Entry, variable: &Variable, names: &Names) -> Meaning {
        let name = &variable.name;
        if names.is_macro && self.is_ambiguous(&Key::new(&name.text)) {
            let message = format!("data variable `{}` of a macro has the name of another variable", name.text);
            let error = Diagnostic::error(code::MISSING_DATA, definition.span, message);
            self.diagnostics.push(error.with_hint("files of data know it by its name alone: give it one of its own"));
            return Meaning::Broken;
        }
        let Some(along) = self.elements_of_left_side(variable) else { return Meaning::Broken };
        let key = Key::new(&name.text);
        let mut series = Vec::new();
        let mut missing: Vec<String> = Vec::new();
        let mut n_missing = 0_usize;
        for element in elements(&along) {
            let keys: Vec<Key> = element.iter().map(|element| Key::new(&element.text)).collect();
            let found = self.sets.find(&key, &keys).cloned();
            if found.is_none() && !is_excepted(&self.ranges, variable, &element) {
                n_missing += 1;
                if missing.len() < MAX_NAMED {
                    missing.push(format!("`{}`", show(name, &element)));
                }
            }
            series.push(found);
        }
        if n_missing == 0 {
            return Meaning::Series(series);
        }
        if n_missing > missing.len() {
            missing.push(format!("{} more", n_missing - missing.len()));
        }
        let is_all = series.iter().all(Option::is_none);
        if is_all && self.sets.is_faulty() {
            // They may be in a file that could not be read.
            return Meaning::Broken;
        }
        let (shown, verb) = (missing.join(", "), if n_missing == 1 { "has" } else { "have" });
        let cure = format!(
            "give a file that holds them: `--data FILE`, with a column `{}` beside a column of times, called `Time`",
            name.text
        );
        if is_all && self.sets.is_empty() && self.used.contains(&key) {
            let message = format!("data variable `{}` has no values", name.text);
            let error = Diagnostic::error(code::MISSING_DATA, definition.span, message);
            self.diagnostics.push(error.with_hint(cure).with_variable(name.text.clone()));
            return Meaning::Broken;
        }
        let message = format!("{shown} {verb} no values in the data: `:NA:` throughout");
        let warning = Diagnostic::warning(code::MISSING_DATA, definition.span, message);
        self.diagnostics.push(warning.with_hint(cure).with_variable(name.text.clone()));
        if is_all {
            return Meaning::Value(equation::number(MISSING, definition.span), None);
        }
        Meaning::Series(series)
    }

    /// The data variables among those of a macro, with names that no equation of the model writes.
    pub(super) fn data_outside(&self, name: &str, written: &[Written<'_>]) -> HashMap<Key, NeutralName> {
        let is_data = |written: &&Written<'_>| written.parts.iter().any(|(_, variable)| is_data(variable));
        let outside = written.iter().filter(is_data).map(|written| {
            let text = format!("{name}: {}", written.name.text);
            (Key::new(&written.name.text), NeutralName { text, span: written.name.span })
        });
        outside.collect()
    }

    /// Gives a data variable of a macro its place outside, once for all results of the macro. What stays within is its value.
    pub(super) fn move_outside(&mut self, def: VarDef, outside: &NeutralName) -> VarDef {
        let mut within = VarDef::new(def.name.clone(), DefKind::Aux, def.span);
        (within.dims, within.reported) = (def.dims.clone(), def.reported);
        let path = NeutralName { span: def.span, ..outside.clone() };
        let equation = equation::outside(path, &def.dims);
        if def.dims.is_empty() {
            within.equation = Some(equation);
        } else {
            within.elements.push(ElementDef::new(def.dims.clone(), Some(equation), def.span));
        }
        let is_known = self.data_of_macros.iter().any(|known| Key::new(&known.name.text) == Key::new(&outside.text));
        if !is_known {
            self.data_of_macros.push(VarDef { name: outside.clone(), is_implied: true, ..def });
        }
        within
    }

    /// Whether a name of a data variable within a macro is also that of a variable of the model or of another macro.
    fn is_ambiguous(&self, key: &Key) -> bool {
        self.globals.contains(key) || self.macro_data.get(key).is_some_and(|&n_macros| n_macros > 1)
    }

    /// Gives each element of a left side its table; a series without points is `:NA:`.
    pub(super) fn tables(
        &mut self,
        def: &mut VarDef,
        definition: &ast::Entry,
        variable: &Variable,
        tables: Vec<Option<Points>>,
    ) {
        let Some(along) = self.elements_of_left_side(variable) else { return };
        if tables.len() > self.budget {
            let message = "the series of all arrays are together too many";
            let error = Diagnostic::error(shared::TOO_LARGE, definition.span, message);
            self.diagnostics.push(error.with_variable(variable.name.text.clone()));
            def.reported = true;
            return;
        }
        self.budget -= tables.len();
        for (element, points) in elements(&along).zip(tables) {
            if is_excepted(&self.ranges, variable, &element) {
                continue;
            }
            let points = points.filter(|points| !points.is_empty()).unwrap_or_else(|| vec![(0.0, MISSING)]);
            let (xs, ys) = points.into_iter().unzip();
            let table =
                TableDef { kind: TableKind::Continuous, x_scale: None, xs: Some(xs), ys, span: definition.span };
            let subscripts: Vec<NeutralName> = element.iter().map(|name| neutral(name)).collect();
            put(def, ElementDef { table: Some(table), ..ElementDef::new(subscripts, None, definition.span) });
        }
    }

    /// The elements of each subscript of a left side; too many are reported.
    fn elements_of_left_side(&mut self, variable: &Variable) -> Option<Vec<Vec<Name>>> {
        let along: Vec<Vec<Name>> = variable
            .subscripts
            .iter()
            .map(|subscript| self.ranges.elements_of(subscript).map(<[Name]>::to_vec))
            .collect::<Option<_>>()?;
        let n = along.iter().fold(1, |n: usize, elements| n.saturating_mul(elements.len()));
        if n <= MAX_ELEMENTS {
            return Some(along);
        }
        let message = format!("data variable `{}` has more than {MAX_ELEMENTS} elements", variable.name.text);
        self.diagnostics.push(Diagnostic::error(shared::ARRAY_TOO_LARGE, variable.name.span, message));
        None
    }
}

/// Whether a left side has values over time of its own.
fn is_data(variable: &Variable) -> bool {
    let is_call_for_data = |equation: &ast::Equation| {
        equation.nodes.last().is_some_and(|node| {
            let ast::NodeKind::Call { name, .. } = &node.kind else { return false };
            let key = Key::new(&name.text);
            external::is_external(key.as_str()) && key.as_str().ends_with("_data")
        })
    };
    match &variable.right {
        Right::Nothing => true,
        Right::Equation(equation) => is_call_for_data(equation),
        Right::Constants(_)
        | Right::FunctionOf(_)
        | Right::Lookup(_)
        | Right::LookupFrom(_)
        | Right::Text(_)
        | Right::Unreadable => false,
    }
}

fn show(name: &Name, element: &[&Name]) -> String {
    let subscripts: Vec<&str> = element.iter().map(|name| name.text.as_str()).collect();
    if subscripts.is_empty() { name.text.clone() } else { format!("{}[{}]", name.text, subscripts.join(",")) }
}
