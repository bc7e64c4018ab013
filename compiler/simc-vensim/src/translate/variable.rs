//! A variable: all equations of one name, as clauses over its dimensions.

use std::collections::HashSet;

use simc_model::definition::{DefKind, ElementDef, Equation, Name as NeutralName, TableDef, VarDef};
use simc_model::diagnostic::code as shared;

use crate::ast::{self, Name, Node, NodeKind, Right, Variable};
use crate::code;
use crate::translate::changes;
use crate::translate::external::{Points, is_external};
use crate::translate::fixed::Fixed;
use crate::translate::left_side::{is_excepted, unknown_subscript};
use crate::translate::lookup::table_def;
use crate::translate::meaning::{Meaning, Written, put};
use crate::translate::part::part;
use crate::translate::sample;
use crate::translate::{Names, Translator, equation, neutral};
use simc_model::diagnostic::Diagnostic;
use simc_model::name::Key;

impl Translator<'_> {
    /// A variable, and before it what it needs besides: of a level, its rate.
    pub(super) fn variable(&mut self, written: &Written<'_>, names: &mut Names) -> Vec<VarDef> {
        let (first, _) = written.parts[0];
        let mut def = VarDef::new(neutral(written.name), DefKind::Aux, first.span);
        def.is_partial = true;
        def.is_fixed = written.parts.iter().any(|(_, variable)| variable.operator == ast::Operator::Unchangeable);
        describe(&mut def, written);
        let Some(dims) = self.dims(written) else {
            self.changes.remove(&Key::new(&written.name.text));
            def.reported = true;
            return vec![def];
        };
        def.dims = dims;
        let mut rate = VarDef::new(def.name.clone(), DefKind::Flow, first.span);
        (rate.dims, rate.is_partial, rate.is_implied) = (def.dims.clone(), true, true);
        let mut levels: Vec<ElementDef> = Vec::new();
        for (definition, variable) in &written.parts {
            let meaning = self.meaning(definition, variable, names);
            let subscripts: Vec<NeutralName> = variable.subscripts.iter().map(neutral).collect();
            let except: Vec<Vec<NeutralName>> =
                variable.exceptions.iter().map(|list| list.iter().map(neutral).collect()).collect();
            let clause = |equation: Option<Equation>, table: Option<TableDef>| ElementDef {
                except: except.clone(),
                table,
                ..ElementDef::new(subscripts.clone(), equation, definition.span)
            };
            match self.changed(variable, meaning) {
                Meaning::Value(equation, table) => put(&mut def, clause(Some(equation), table)),
                Meaning::Level { initial, rate: change } => {
                    levels.push(clause(Some(initial), None));
                    put(&mut rate, clause(Some(change), None));
                }
                Meaning::Numbers(numbers) => {
                    let is_only = written.parts.len() == 1;
                    self.numbers(&mut def, (definition, variable), is_only, &numbers);
                }
                Meaning::Lookup(table) => {
                    def.kind = DefKind::Table;
                    put(&mut def, clause(None, Some(table)));
                }
                Meaning::Lookups(tables) => {
                    def.kind = DefKind::Table;
                    self.tables(&mut def, definition, variable, tables.into_iter().map(Some).collect());
                }
                Meaning::Series(series) => {
                    if def.series.is_none() {
                        def.series = Some(self.mode(written));
                    }
                    self.tables(&mut def, definition, variable, series);
                }
                Meaning::Text => return Vec::new(),
                Meaning::Broken => def.reported = true,
            }
        }
        if levels.is_empty() {
            return vec![def];
        }
        rate.name = names.fresh(format!("{}: rate of change", def.name.text), first.span);
        rate.reported = def.reported;
        if def.elements.is_empty() {
            def.kind = DefKind::Stock;
            def.inflows = vec![rate.name.clone()];
            levels.into_iter().for_each(|level| put(&mut def, level));
            return vec![def, rate];
        }
        vec![self.level_beside(&mut def, levels, &rate, names), def, rate]
    }

    /// What a right side means after the changes that are given for its elements.
    fn changed(&mut self, variable: &Variable, meaning: Meaning) -> Meaning {
        if variable.subscripts.is_empty() || !self.changes.contains_key(&Key::new(&variable.name.text)) {
            return meaning;
        }
        let changed = match &meaning {
            Meaning::Value(..) if changes::is_constant(&variable.right) => {
                let number = changes::constant(&variable.right);
                self.changed_numbers(variable, |_| number).map(Meaning::Numbers)
            }
            Meaning::Numbers(numbers) => {
                let number = |position: usize| numbers.get(position).copied().unwrap_or(f64::NAN);
                self.changed_numbers(variable, number).map(Meaning::Numbers)
            }
            Meaning::Lookup(table) => {
                let xs = table.xs.as_deref().unwrap_or_default();
                let points: Points = xs.iter().copied().zip(table.ys.iter().copied()).collect();
                self.changed_points(variable, |_| points.clone()).map(Meaning::Lookups)
            }
            Meaning::Lookups(tables) => {
                let points = |position: usize| tables.get(position).cloned().unwrap_or_default();
                self.changed_points(variable, points).map(Meaning::Lookups)
            }
            Meaning::Value(..) | Meaning::Level { .. } | Meaning::Series(_) | Meaning::Text | Meaning::Broken => None,
        };
        changed.unwrap_or(meaning)
    }

    /// The level of an array that is one for some elements only: a stock that nobody else sees, which the array reads where it is
    /// a level.
    fn level_beside(&mut self, def: &mut VarDef, levels: Vec<ElementDef>, rate: &VarDef, names: &mut Names) -> VarDef {
        let name = names.fresh(format!("{}: level", def.name.text), def.span);
        let mut stock = VarDef::new(name.clone(), DefKind::Stock, def.span);
        (stock.dims, stock.units) = (def.dims.clone(), def.units.clone());
        (stock.is_partial, stock.is_implied, stock.reported) = (true, true, def.reported);
        stock.inflows = vec![rate.name.clone()];
        for level in levels {
            let name = NeutralName { span: level.span, ..name.clone() };
            let equation = Some(equation::element(name, &level.subscripts));
            def.elements.push(ElementDef { equation, ..level.clone() });
            stock.elements.push(level);
        }
        stock
    }

    /// The dimensions of a variable; what is at fault is reported.
    fn dims(&mut self, written: &Written<'_>) -> Option<Vec<NeutralName>> {
        let (first, variable) = written.parts[0];
        let rank = variable.subscripts.len();
        for (definition, other) in &written.parts[1..] {
            if other.subscripts.len() != rank {
                let message = format!(
                    "`{}` has {} subscripts here and {rank} elsewhere",
                    written.name.text,
                    other.subscripts.len()
                );
                let error = Diagnostic::error(shared::SUBSCRIPT_COUNT, definition.span, message);
                self.diagnostics.push(error.with_place(first.span, "first defined here"));
                return None;
            }
            if rank == 0 {
                let message = format!("variable `{}` is defined twice", written.name.text);
                self.diagnostics.push(
                    Diagnostic::error(shared::DUPLICATE_NAME, definition.span, message)
                        .with_label("defined again here")
                        .with_place(first.span, "first defined here")
                        .with_hint("names are the same when only case, spaces and underscores differ"),
                );
                return None;
            }
        }
        if !self.check_left_sides(written) {
            return None;
        }
        let mut dims = Vec::with_capacity(rank);
        for position in 0..rank {
            let subscripts: Vec<&Name> =
                written.parts.iter().map(|(_, variable)| &variable.subscripts[position]).collect();
            dims.push(neutral(&self.ranges.dimension(&subscripts)?));
        }
        Some(dims)
    }

    /// Whether every subscript of the left sides exists, and no range is twice in one.
    fn check_left_sides(&mut self, written: &Written<'_>) -> bool {
        let n_before = self.diagnostics.len();
        for (_, variable) in &written.parts {
            let mut seen = HashSet::new();
            for subscript in variable.exceptions.iter().flatten() {
                if self.ranges.elements_of(subscript).is_none() {
                    self.diagnostics.push(unknown_subscript(subscript, written.name));
                }
            }
            for subscript in &variable.subscripts {
                if self.ranges.elements_of(subscript).is_some_and(<[Name]>::is_empty) {
                    // Its range has been reported.
                    return false;
                }
                if self.ranges.elements_of(subscript).is_none() {
                    self.diagnostics.push(unknown_subscript(subscript, written.name));
                }
                let is_range = self.ranges.find(&subscript.text).is_some();
                if is_range && !seen.insert(Key::new(&subscript.text)) {
                    let message = format!("subscript range `{}` occurs twice on one left side", subscript.text);
                    self.diagnostics.push(
                        Diagnostic::error(code::BAD_DEFINITION, subscript.span, message)
                            .with_hint("give the range a second name with `<->`, and use one name in each place")
                            .with_variable(written.name.text.clone()),
                    );
                    return false;
                }
            }
        }
        self.diagnostics.len() == n_before
    }

    /// What a right side says.
    fn meaning(&mut self, definition: &ast::Entry, variable: &Variable, names: &mut Names) -> Meaning {
        match &variable.right {
            Right::Nothing => self.data_meaning(definition, variable, names),
            Right::Equation(equation) => match self.copied_data(definition, variable, equation, names) {
                Some(copied) => copied,
                None => self.equation_meaning(variable, equation, names),
            },
            Right::Constants(rows) => Meaning::Numbers(rows.concat()),
            Right::FunctionOf(_) => {
                let message =
                    format!("`{}` has no equation: a diagram alone says what it depends on", variable.name.text);
                self.diagnostics.push(
                    Diagnostic::error(shared::MISSING_EQUATION, definition.span, message)
                        .with_hint("write its equation in place of `A FUNCTION OF`")
                        .with_variable(variable.name.text.clone()),
                );
                Meaning::Broken
            }
            Right::Lookup(table) => Meaning::Lookup(table_def(table)),
            Right::LookupFrom(equation) => self.external_meaning(variable, equation),
            Right::Text(_) => Meaning::Text,
            Right::Unreadable => Meaning::Broken,
        }
    }

    fn equation_meaning(&mut self, variable: &Variable, equation: &ast::Equation, names: &mut Names) -> Meaning {
        let n_before = self.diagnostics.len();
        self.check_unmarked(variable, equation, names);
        if self.diagnostics.len() > n_before || !self.has_all_times(variable, equation, names) {
            return Meaning::Broken;
        }
        let call = equation.nodes.last().and_then(|node| {
            let NodeKind::Call { name, arguments, subscripts, outputs } = &node.kind else { return None };
            subscripts.is_empty().then(|| (Key::new(&name.text), name, arguments.as_slice(), outputs.as_slice()))
        });
        let Some((key, name, arguments, outputs)) = call else {
            return self.value(variable, equation, names);
        };
        match (key.as_str(), arguments) {
            ("integ", &[rate, initial]) => {
                let rate = self.equation(&part(equation, 0, rate), &variable.name, names);
                let initial = self.equation(&part(equation, arguments[0] + 1, initial), &variable.name, names);
                rate.zip(initial).map_or(Meaning::Broken, |(rate, initial)| Meaning::Level { initial, rate })
            }
            ("integ", _) => {
                let message = format!("INTEG takes 2 arguments, but has {} here", arguments.len());
                self.diagnostics.push(
                    Diagnostic::error(shared::ARGUMENT_COUNT, name.span, message)
                        .with_hint("write `INTEG(rate, initial value)`")
                        .with_variable(variable.name.text.clone()),
                );
                Meaning::Broken
            }
            ("delay_information", &[input, time, initial]) | ("delay_material", &[input, time, initial, _]) => {
                let of_time = &equation.nodes[input as usize + 1..=time as usize];
                if let Some(changing) = self.changing(of_time, names) {
                    let function = name.text.to_uppercase();
                    let message =
                        format!("{function} with a time that changes is not supported: `{}` does", changing.text);
                    self.diagnostics.push(
                        Diagnostic::error(shared::FUNCTIONS, name.span, message)
                            .with_hint(
                                "write DELAY3 for material and SMOOTH3 for information, or a time that stays the same",
                            )
                            .with_variable(variable.name.text.clone()),
                    );
                    return Meaning::Broken;
                }
                let mut fixed = part(equation, 0, initial);
                let name = Name { text: "DELAY FIXED".to_owned(), span: name.span };
                let kind = NodeKind::Call {
                    name,
                    subscripts: Vec::new(),
                    arguments: vec![input, time, initial],
                    outputs: Vec::new(),
                };
                fixed.nodes.push(Node { kind, span: equation.span });
                fixed.span = equation.span;
                self.value(variable, &fixed, names)
            }
            ("delayp", &[input, time]) if outputs.len() == 1 => {
                let value = self.delayp(variable, equation, [input, time], &outputs[0], names);
                value.map_or(Meaning::Broken, |value| Meaning::Value(value, None))
            }
            ("shift_if_true", &[level, condition, size, accumulate, value]) => {
                let arguments = [level, condition, size, accumulate, value];
                let value = self.shift_if_true(variable, equation, arguments, names);
                value.map_or(Meaning::Broken, |value| Meaning::Value(value, None))
            }
            ("sample_if_true", &[_, input, initial]) if sample::reads_itself(variable, equation, input) => {
                let value = self.sample_of_itself(variable, equation, [input, initial], names);
                value.map_or(Meaning::Broken, |value| Meaning::Value(value, None))
            }
            ("with_lookup", &[x, table]) => {
                let NodeKind::Table(points) = &equation.nodes[table as usize].kind else {
                    return self.value(variable, equation, names);
                };
                let x = self.equation(&part(equation, 0, x), &variable.name, names);
                x.map_or(Meaning::Broken, |x| Meaning::Value(x, Some(table_def(points))))
            }
            (external, _) if external.starts_with("get_") && is_external(external) => {
                self.external_meaning(variable, equation)
            }
            _ => self.value(variable, equation, names),
        }
    }

    /// The first name in these nodes that changes during a run. What a macro is given may change.
    fn changing(&self, nodes: &[Node], names: &Names) -> Option<Name> {
        if names.is_macro {
            return nodes.iter().find_map(|node| {
                let (NodeKind::Reference(name, _) | NodeKind::Call { name, .. }) = &node.kind else { return None };
                Some(name.clone())
            });
        }
        self.fixed.get_or_init(|| Fixed::of(self.definitions)).changing(nodes).cloned()
    }

    fn value(&mut self, variable: &Variable, equation: &ast::Equation, names: &mut Names) -> Meaning {
        let value = self.equation(equation, &variable.name, names);
        value.map_or(Meaning::Broken, |value| Meaning::Value(value, None))
    }

    /// Numbers row by row: an equation for each element of the left side.
    fn numbers(
        &mut self,
        def: &mut VarDef,
        (definition, variable): (&ast::Entry, &Variable),
        is_only: bool,
        numbers: &[f64],
    ) {
        let along: Option<Vec<&[Name]>> =
            variable.subscripts.iter().map(|subscript| self.ranges.elements_of(subscript)).collect();
        let Some(along) = along else { return };
        let n: usize = along.iter().map(|elements| elements.len()).fold(1, usize::saturating_mul);
        if n != numbers.len() {
            let message = format!("the list has {} numbers for {n} elements", numbers.len());
            self.diagnostics.push(
                Diagnostic::error(shared::LIST_LENGTH, definition.span, message)
                    .with_hint(
                        "give a number for each element: commas between those of a row, a semicolon after each row",
                    )
                    .with_variable(variable.name.text.clone()),
            );
            def.reported = true;
            return;
        }
        if n > self.budget {
            let message = "the lists of numbers are together too long";
            self.diagnostics.push(
                Diagnostic::error(shared::TOO_LARGE, definition.span, message)
                    .with_hint("read large arrays from a file: `GET DIRECT CONSTANTS`")
                    .with_variable(variable.name.text.clone()),
            );
            def.reported = true;
            return;
        }
        self.budget -= n;
        // Numbers for a variable as a whole need no subscripts.
        let is_dim = |(subscript, dim): (&Name, &NeutralName)| Key::new(&subscript.text) == Key::new(&dim.text);
        let is_whole = is_only && !def.dims.is_empty() && variable.exceptions.is_empty();
        if is_whole && variable.subscripts.iter().zip(&def.dims).all(is_dim) {
            def.list = numbers.iter().map(|&number| equation::number(number, definition.span)).collect();
            return;
        }
        for (index, &number) in numbers.iter().enumerate() {
            let mut rest = index;
            let mut subscripts: Vec<NeutralName> = Vec::with_capacity(along.len());
            for elements in along.iter().rev() {
                subscripts.push(neutral(&elements[rest % elements.len()]));
                rest /= elements.len();
            }
            subscripts.reverse();
            if !variable.exceptions.is_empty() {
                let element: Vec<Name> =
                    subscripts.iter().map(|name| Name { text: name.text.clone(), span: name.span }).collect();
                if is_excepted(&self.ranges, variable, &element.iter().collect::<Vec<_>>()) {
                    continue;
                }
            }
            let element = ElementDef::new(subscripts, Some(equation::number(number, definition.span)), definition.span);
            put(def, element);
        }
    }
}

/// Units, documentation and range: the first that the definitions of a variable have.
fn describe(def: &mut VarDef, written: &Written<'_>) {
    let units = || written.parts.iter().filter_map(|(definition, _)| definition.units.as_ref());
    def.units = units().find_map(|units| units.text.as_ref()).map(neutral);
    def.range = units().find_map(|units| match units.range? {
        [Some(least), Some(greatest), _] => Some((least, greatest)),
        [..] => None,
    });
    def.doc = written.parts.iter().map(|(definition, _)| &definition.doc).find(|doc| !doc.is_empty()).cloned();
    def.reported = written.parts.iter().any(|(definition, _)| definition.reported);
}
