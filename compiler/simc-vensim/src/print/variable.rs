//! A variable: its equations, its units and its comment.

use std::collections::HashSet;

use simc_model::builtin::Meaning;
use simc_model::definition::notation::{print_equation, print_number};
use simc_model::definition::scope::{Callee, Scope, is_table};
use simc_model::definition::{Behavior, DefKind, Equation, EquationKind, ModelDef, Name, VarDef};
use simc_model::diagnostic::code;
use simc_model::name::Key;
use simc_model::source::Span;

use super::Printer;
use super::clause::{Side, equations, list_of_numbers};
use super::level::{Level, hidden_level, own_level};
use super::limit::Limits;
use super::notation::Mdl;
use super::points::print_points;
use super::rewrite::{Context, rewrite};
use super::text::{fold, print_name, print_note};

/// The names around a variable.
pub(super) struct Surroundings<'m, 'd> {
    pub(super) scope: &'m Scope<'d>,
    /// Defaults of limits, those of the model before those of the file.
    pub(super) behavior: Behavior,
    /// Variables that some value at the start reads.
    pub(super) at_start: &'m HashSet<Key>,
    /// Stocks that limit their outflows.
    pub(super) limits: Limits<'d>,
}

/// Whether a variable has definitions of its own. Levels, rates and lookups that no equation of the file names stand where they
/// are used, and the end of the run follows from its control variables.
pub(super) fn is_written(var: &VarDef) -> bool {
    !var.is_implied || var.kind == DefKind::Aux && var.thresholds.is_empty()
}

impl<'d> Printer<'d> {
    /// All definitions of a variable.
    pub(super) fn variable(&mut self, around: &Surroundings<'_, 'd>, var: &'d VarDef) {
        if !is_written(var) {
            // It stands where it is used.
            return;
        }
        self.variable = Some(var.name.text.clone());
        self.check_control(var);
        self.refuse_parts(around, var);
        let mut definitions: Vec<String> = Vec::new();
        if let Some(numbers) = list_of_numbers(var).filter(|_| var.kind != DefKind::Stock) {
            definitions.push(format!(
                "{}=\n\t{}",
                left_side(var, &var.dims, &[]),
                self.numbers(around.scope, var, &numbers)
            ));
        } else {
            let sides = self.sides(around.scope, var);
            let mut n_hidden = 0;
            for (at, side) in sides.iter().enumerate() {
                definitions.push(self.definition(around, var, (side, at), &mut n_hidden));
            }
        }
        let units = var.units.as_ref().map(|units| units.text.clone());
        for (at, definition) in definitions.iter().enumerate() {
            self.out.push_str(definition);
            if at + 1 == definitions.len() {
                self.out.push('\n');
                self.describe(units.as_deref(), var.range, var.doc.as_deref(), var.span);
            } else {
                self.out.push_str(" ~~|\n");
            }
        }
        self.variable = None;
    }

    /// Refuses what no equation can say.
    fn refuse_parts(&mut self, around: &Surroundings<'_, 'd>, var: &VarDef) {
        let name = &var.name.text;
        if var.series.is_some() {
            let message = format!(
                "`{name}` takes its values over time from data, which a model in Vensim's format does not hold"
            );
            self.refuse(code::CONVERT_DATA, var.span, message, "write them into the model as a lookup over the time");
        }
        let posters = var.elements.iter().flat_map(|element| &element.thresholds);
        if let Some(threshold) = var.thresholds.iter().chain(posters).next() {
            let message = format!("`{name}` raises events");
            self.refuse(code::CONVERT_EVENT, threshold.span, message, "remove its thresholds");
        }
        let is_of_transport = var.leak.is_some() || var.overflow || var.spread.is_some();
        if let Some(transport) = &var.transport {
            let what = if transport.is_queue() { "queue" } else { "conveyor" };
            let message = format!("`{name}` is a {what}, which Vensim does not have");
            self.refuse(code::CONVERT_TRANSPORT, transport.span(), message, "write it as a stock with a delay");
        } else if is_of_transport {
            let message = format!("`{name}` is a flow of a conveyor or queue");
            self.refuse(code::CONVERT_TRANSPORT, var.span, message, "write it with an equation");
        }
        if around.limits.is_unwritable(var) {
            let message = format!("stock `{name}` keeps itself from falling below 0 in a way that no equation says");
            self.refuse(
                code::CONVERT_LIMIT,
                var.span,
                message,
                "write the limit into the equations of its outflows, and remove the option",
            );
        }
    }

    /// One equation of a variable with its left side.
    fn definition(
        &mut self,
        around: &Surroundings<'_, 'd>,
        var: &'d VarDef,
        (side, at): (&Side, usize),
        n_hidden: &mut usize,
    ) -> String {
        let scope = around.scope;
        let left = left_side(var, &side.left, &side.except);
        if is_table(var) {
            let points = side.table.as_ref().map(print_points).unwrap_or_default();
            return format!("{left}(\n\t{}", fold(points.strip_prefix('(').unwrap_or(&points)));
        }
        let right = match var.kind {
            DefKind::Stock if self.is_own => {
                if at == 0
                    && let Some((span, message, cure)) = var.shift_fault()
                {
                    self.refuse(code::CONVERT_FUNCTION, span, message, cure);
                }
                own_level(scope, var, at).map(|level| self.level(scope, var, &side.left, &level))
            }
            DefKind::Stock => {
                let rate = self.net_rate(scope, var, &side.left);
                let initial =
                    side.equation.as_ref().and_then(|initial| self.expression(scope, var, &side.left, initial));
                Some(format!("INTEG({rate}, {})", initial.unwrap_or_default()))
            }
            DefKind::Aux | DefKind::Flow | DefKind::Table => {
                let hidden = side.equation.as_ref().and_then(|equation| hidden_level(scope, equation));
                match hidden {
                    Some(stock) => {
                        let level = own_level(scope, stock, *n_hidden);
                        *n_hidden += 1;
                        level.map(|level| self.level(scope, var, &side.left, &level))
                    }
                    None => self.value(around, var, side),
                }
            }
        };
        format!("{left}=\n\t{}", fold(&right.unwrap_or_default()))
    }

    fn level(&mut self, scope: &Scope<'d>, var: &VarDef, left: &[Name], level: &Level) -> String {
        let rate = self.expression(scope, var, left, &level.rate).unwrap_or_default();
        let initial = self.expression(scope, var, left, &level.initial).unwrap_or_default();
        format!("INTEG({rate}, {initial})")
    }

    /// The right side of what is no level: an equation, the lookup that it goes through, and its limit.
    fn value(&mut self, around: &Surroundings<'_, 'd>, var: &VarDef, side: &Side) -> Option<String> {
        let scope = around.scope;
        let equation = side.equation.as_ref()?;
        let is_limited = !self.limited(around, var, side, "").is_empty();
        let free = self.through_table(scope, var, side, equation, !is_limited)?;
        if !is_limited {
            return Some(free);
        }
        let limited = self.limited(around, var, side, &free);
        if starts_otherwise(scope, equation) {
            let message = format!("flow `{}` has a limit and another equation at the start", var.name.text);
            self.refuse(
                code::CONVERT_LIMIT,
                var.span,
                message,
                "write the limit into the equation, and remove the option",
            );
        }
        // Values at the start see the equation without its limit.
        let is_read = around.at_start.contains(&Key::new(&var.name.text));
        Some(if is_read { format!("ACTIVE INITIAL({limited}, {free})") } else { limited })
    }

    /// A rate with the limits of the stock that it drains and of its own.
    fn limited(&mut self, around: &Surroundings<'_, 'd>, var: &VarDef, side: &Side, rate: &str) -> String {
        let mut limited = rate.to_owned();
        if self.is_own {
            return limited;
        }
        if let Some((stock, at)) = around.limits.of(var) {
            let read = |name: &str| {
                let subscripts: Vec<String> = side.left.iter().map(|left| print_name(&left.text)).collect();
                let name = print_name(around.scope.var(name).map_or(name, |var| &var.name.text));
                if subscripts.is_empty() { name } else { format!("{name}[{}]", subscripts.join(", ")) }
            };
            let mut available = format!("{}/TIME STEP{}", read(&stock.name.text), if self.is_macro { "$" } else { "" });
            for inflow in &stock.inflows {
                available.push_str(&format!(" + {}", read(&inflow.text)));
            }
            for outflow in &stock.outflows[..at] {
                available.push_str(&format!(" - {}", read(&outflow.text)));
            }
            limited = format!("MIN({limited}, {available})");
        }
        let flag = side.non_negative.or(var.non_negative).or(around.behavior.non_negative_flows);
        if var.kind == DefKind::Flow && flag == Some(true) {
            limited = format!("MAX(0, {limited})");
        }
        limited
    }

    fn through_table(
        &mut self,
        scope: &Scope<'d>,
        var: &VarDef,
        side: &Side,
        equation: &Equation,
        is_whole: bool,
    ) -> Option<String> {
        let text = self.right_side(scope, var, &side.left, equation, is_whole && side.table.is_none())?;
        let Some(table) = &side.table else { return Some(text) };
        use simc_model::model::TableKind;
        if starts_otherwise(scope, equation) {
            let message = format!("`{}` has a graphical function and another equation at the start", var.name.text);
            self.refuse(code::CONVERT_TABLE, table.span, message, "give the graphical function a variable of its own");
        }
        let points = print_points(table);
        match table.kind {
            TableKind::Continuous => Some(format!("WITH LOOKUP({text}, {points})")),
            TableKind::Extrapolate => Some(format!("LOOKUP EXTRAPOLATE({points}, {text})")),
            TableKind::Discrete => Some(format!("LOOKUP BACKWARD({points}, {text})")),
        }
    }

    /// An equation as text, a part of a right side; what Vensim cannot say is reported.
    pub(super) fn expression(
        &mut self,
        scope: &Scope<'d>,
        owner: &VarDef,
        left: &[Name],
        equation: &Equation,
    ) -> Option<String> {
        self.right_side(scope, owner, left, equation, false)
    }

    /// The same, as a whole right side where `is_whole` says so.
    pub(super) fn right_side(
        &mut self,
        scope: &Scope<'d>,
        owner: &VarDef,
        left: &[Name],
        equation: &Equation,
        is_whole: bool,
    ) -> Option<String> {
        let written = match self.is_own {
            true => equation.clone(),
            false => match rewrite(&Context { scope, owner, left, method: self.method }, equation) {
                Ok(written) => self.hoist(scope, owner, left, written, is_whole),
                Err(mut faults) => {
                    self.diagnostics.append(&mut faults);
                    return None;
                }
            },
        };
        let notation = Mdl { scope, inline: &self.inline, renamed: &self.renamed, is_macro: self.is_macro };
        Some(print_equation(&notation, &written))
    }

    /// Numbers row by row.
    fn numbers(&self, scope: &Scope<'d>, var: &VarDef, numbers: &[f64]) -> String {
        let last = var.dims.last().and_then(|dim| scope.dim(&dim.text));
        let width = last.map_or(numbers.len(), simc_model::definition::cells::length).max(1);
        let notation =
            |value: f64| if value == simc_model::builtin::MISSING { ":NA:".to_owned() } else { print_number(value) };
        let row = |row: &[f64]| row.iter().map(|number| notation(*number)).collect::<Vec<_>>().join(", ");
        match var.dims.len() {
            // A single number is no list.
            1 if numbers.len() == 1 => row(numbers),
            1 => fold(&row(numbers)),
            _ => numbers.chunks(width).map(|numbers| format!("{};", row(numbers))).collect::<Vec<_>>().join("\n\t"),
        }
    }

    /// Units with their range, the comment, and the end of a definition.
    pub(super) fn describe(&mut self, units: Option<&str>, range: Option<(f64, f64)>, doc: Option<&str>, span: Span) {
        let written = units.unwrap_or_default().replace(['\n', '\r', '\t'], " ");
        let mut units = written.replace(['|', '~'], " ");
        if units.trim_end().ends_with(']') {
            units = units.replace(']', ")").replace('[', "(");
        }
        if units != written {
            self.note(span, format!("the units `{written}` have characters that end a definition in Vensim"));
        }
        if let Some((least, greatest)) = range {
            units.push_str(&format!(" [{},{}]", print_number(least), print_number(greatest)));
        }
        let (doc, is_changed) = print_note(doc.unwrap_or_default());
        if is_changed {
            self.note(span, "the comment has characters that end one in Vensim: others take their places");
        }
        self.out.push_str(&format!("\t~\t{}\n\t~\t{doc}\n\t|\n\n", units.trim()));
    }
}

/// `name[a,b] :EXCEPT: [c,d]`
fn left_side(var: &VarDef, left: &[Name], except: &[Vec<Name>]) -> String {
    let list = |names: &[Name]| names.iter().map(|name| print_name(&name.text)).collect::<Vec<_>>().join(",");
    let mut text = print_name(&var.name.text);
    if !left.is_empty() {
        text.push_str(&format!("[{}]", list(left)));
    }
    for (at, names) in except.iter().enumerate() {
        text.push_str(if at == 0 { " :EXCEPT: " } else { "," });
        text.push_str(&format!("[{}]", list(names)));
    }
    text
}

/// Whether another equation holds before the first step.
fn starts_otherwise(scope: &Scope<'_>, equation: &Equation) -> bool {
    let Some(EquationKind::Call(path, _)) = equation.nodes.last().map(|node| &node.kind) else { return false };
    matches!(scope.callee(path), Callee::Builtin(builtin) if builtin.meaning == Meaning::ActiveInitial)
}

/// The variables that values at the start read, at once or through others: initial values of stocks,
/// and all that equations read which remember something.
pub(super) fn read_at_start<'d>(scope: &Scope<'d>, model: &'d ModelDef) -> HashSet<Key> {
    let mut reached: HashSet<Key> = HashSet::new();
    let mut pending: Vec<&'d VarDef> = Vec::new();
    let remembers = |equation: &&Equation| {
        equation.nodes.iter().any(|node| {
            let EquationKind::Call(path, _) = &node.kind else { return false };
            match scope.callee(path) {
                Callee::Builtin(builtin) => {
                    matches!(builtin.meaning, Meaning::State(_) | Meaning::Memory(_) | Meaning::ActiveInitial)
                }
                Callee::Macro | Callee::Other => true,
                Callee::Table(_) => false,
            }
        })
    };
    for var in &model.vars {
        for equation in equations(var) {
            if var.kind == DefKind::Stock || remembers(&equation) {
                reach(scope, equation, &mut reached, &mut pending);
            }
        }
    }
    while let Some(var) = pending.pop() {
        equations(var).for_each(|equation| reach(scope, equation, &mut reached, &mut pending));
    }
    reached
}

/// Notes what an equation reads.
fn reach<'d>(scope: &Scope<'d>, equation: &Equation, reached: &mut HashSet<Key>, pending: &mut Vec<&'d VarDef>) {
    for node in &equation.nodes {
        if let EquationKind::Reference(path, _) | EquationKind::Call(path, _) = &node.kind
            && let [name] = path.parts.as_slice()
            && reached.insert(Key::new(&name.text))
        {
            pending.extend(scope.var(&name.text));
        }
    }
}
