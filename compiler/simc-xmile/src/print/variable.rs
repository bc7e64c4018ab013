//! `<stock>`, `<flow>`, `<aux>` and `<gf>`.

use simc_model::builtin::Dialect;
use simc_model::definition::notation::print_number;
use simc_model::definition::scope::Scope;
use simc_model::definition::{Access, DefKind, ElementDef, Equation, Spread, TableDef, ThresholdDef, VarDef};
use simc_model::definition::{RepeatDef, TransportDef};
use simc_model::diagnostic::code;
use simc_model::model::TableKind;

use super::Printer;
use super::clause::Clauses;
use super::notation::inside;
use super::start::parts_of_start;

impl<'d> Printer<'d> {
    /// A variable; of the body of a macro as well.
    pub(super) fn variable(&mut self, scope: &Scope<'d>, var: &'d VarDef) {
        self.variable = Some(var.name.text.clone());
        let tag = match var.kind {
            DefKind::Stock => "stock",
            DefKind::Flow => "flow",
            DefKind::Aux => "aux",
            DefKind::Table => "gf",
        };
        let mut attributes = vec![("name", self.name(&var.name))];
        if let Some(access) = var.access {
            let word = if access == Access::Input { "input" } else { "output" };
            attributes.push(("access", word.to_owned()));
        }
        if let Some(leak) = &var.leak {
            attributes.push(("leak_start", print_number(leak.start)));
            attributes.push(("leak_end", print_number(leak.end)));
        }
        if let Some(spread) = &var.spread {
            attributes.push(("isee:spreadflow", spread_word(spread).to_owned()));
        }
        let clauses = self.clauses(scope, var);
        let of_all = clauses.default.as_ref().and_then(|clause| clause.table.as_ref());
        let table_alone = var.table.as_ref().or(of_all).filter(|_| var.kind == DefKind::Table);
        if let Some(kind) = table_alone.and_then(table_type) {
            attributes.push(("type", kind.to_owned()));
        }
        self.xml.open(tag, &attributes);
        self.notes(var);
        self.dimensions_of(&var.dims);
        if var.series.is_some() {
            self.refuse(
                code::CONVERT_DATA,
                var.span,
                format!("`{}` takes its values over time from data", var.name.text),
                "write them into the model as a graphical function over the time",
            );
        }
        match table_alone {
            Some(table) => {
                self.points(table);
                self.elements(scope, var, &clauses.elements);
            }
            None => self.body(scope, var, &clauses),
        }
        self.xml.close(tag);
        self.variable = None;
    }

    /// Documentation, units and range.
    fn notes(&mut self, var: &VarDef) {
        if let Some(doc) = &var.doc {
            let doc = self.note(doc, var.span);
            self.xml.text("doc", &[], &doc);
        }
        if let Some(units) = &var.units {
            let text = self.note(&units.text, units.span);
            self.xml.text("units", &[], &text);
        }
        if let Some((least, greatest)) = var.range {
            self.xml.empty("range", &[("min", print_number(least)), ("max", print_number(greatest))]);
        }
    }

    /// Equations, elements, flows and options.
    fn body(&mut self, scope: &Scope<'d>, var: &'d VarDef, clauses: &Clauses) {
        let whole = clauses.default.as_ref();
        let equation = var.equation.as_ref().or(whole.and_then(|clause| clause.equation.as_ref()));
        if let Some(TransportDef::Conveyor(conveyor)) = &var.transport
            && let Some(lists) = &conveyor.initial_lists
        {
            self.equation_list(scope, &lists.whole);
        } else if let Some(equation) = equation {
            self.equations(scope, var, equation);
        } else {
            self.equation_list(scope, &var.list);
        }
        self.elements(scope, var, &clauses.elements);
        if self.definition.dialect == Dialect::Vensim
            && let Some((span, message, cure)) = var.shift_fault()
        {
            self.refuse(code::CONVERT_FUNCTION, span, message, cure);
        }
        for (tag, flows) in [("inflow", &var.inflows), ("outflow", &var.outflows)] {
            for flow in flows {
                let name = self.names.get(&simc_model::name::Key::new(&flow.text));
                let text = inside(name.unwrap_or(&flow.text));
                self.xml.text(tag, &[], &text);
            }
        }
        if let Some(table) = var.table.as_ref().or(whole.and_then(|clause| clause.table.as_ref())) {
            self.table(table);
        }
        self.non_negative(var.non_negative);
        self.transport(scope, var);
        if let Some(multiplier) = &var.multiplier {
            let text = self.equation(scope, multiplier);
            self.xml.text("multiplier", &[], &text);
        }
        self.thresholds(&var.thresholds);
    }

    /// `<eqn>`, and `<init_eqn>` where another equation holds before the first step. The fraction of a leak stands in its tag.
    fn equations(&mut self, scope: &Scope<'d>, var: &VarDef, equation: &Equation) {
        if var.leak.is_some() && var.kind == DefKind::Flow {
            return;
        }
        let Some([active, initial]) = parts_of_start(scope, equation).filter(|_| var.kind != DefKind::Stock) else {
            let text = self.equation(scope, equation);
            return self.xml.text("eqn", &[], &text);
        };
        for (tag, part) in [("eqn", active), ("init_eqn", initial)] {
            let text = self.equation(scope, &part);
            self.xml.text(tag, &[], &text);
        }
    }

    /// A list of equations for the elements of an array, or of what a conveyor begins with.
    fn equation_list(&mut self, scope: &Scope<'d>, list: &[Equation]) {
        if list.is_empty() {
            return;
        }
        let texts: Vec<String> = list.iter().map(|equation| self.equation(scope, equation)).collect();
        self.xml.text("eqn", &[], &texts.join(", "));
    }

    /// The `<element>`s.
    fn elements(&mut self, scope: &Scope<'d>, var: &'d VarDef, elements: &[ElementDef]) {
        for (at, element) in elements.iter().enumerate() {
            let subscripts: Vec<String> = element.subscripts.iter().map(|name| subscript(&name.text)).collect();
            self.xml.open("element", &[("subscript", subscripts.join(", "))]);
            if let Some(equation) = &element.equation {
                self.equations(scope, var, equation);
            }
            self.element_of_transport(scope, var, at);
            if let Some(table) = &element.table {
                self.table(table);
            }
            self.non_negative(element.non_negative);
            self.thresholds(&element.thresholds);
            self.xml.close("element");
        }
    }

    fn non_negative(&mut self, flag: Option<bool>) {
        match flag {
            Some(true) => self.xml.empty("non_negative", &[]),
            Some(false) => self.xml.text("non_negative", &[], "false"),
            None => {}
        }
    }

    /// A graphical function within a variable or an element.
    fn table(&mut self, table: &TableDef) {
        let kind: Vec<_> = table_type(table).map(|kind| ("type", kind.to_owned())).into_iter().collect();
        self.xml.open("gf", &kind);
        self.points(table);
        self.xml.close("gf");
    }

    fn points(&mut self, table: &TableDef) {
        if let Some((least, greatest)) = table.x_scale {
            self.xml.empty("xscale", &[("min", print_number(least)), ("max", print_number(greatest))]);
        }
        if let Some(xs) = &table.xs {
            self.xml.text("xpts", &[], &numbers(xs));
        }
        self.xml.text("ypts", &[], &numbers(&table.ys));
    }

    fn thresholds(&mut self, thresholds: &[ThresholdDef]) {
        if thresholds.is_empty() {
            return;
        }
        self.xml.open("event_poster", &[]);
        for threshold in thresholds {
            let repeat = match threshold.repeat {
                RepeatDef::Each => "each",
                RepeatDef::Once => "once",
                RepeatDef::OnceEver => "once_ever",
            };
            let mut attributes = vec![
                ("value", print_number(threshold.value)),
                ("direction", threshold.direction.name().to_owned()),
                ("repeat", repeat.to_owned()),
            ];
            attributes.extend(threshold.interval.map(|interval| ("interval", print_number(interval))));
            self.xml.open("threshold", &attributes);
            for event in &threshold.events {
                let action = [("sim_action", event.action.name().to_owned())];
                match event.message.is_empty() {
                    true => self.xml.empty("event", &action),
                    false => self.xml.text("event", &action, &event.message),
                }
            }
            self.xml.close("threshold");
        }
        self.xml.close("event_poster");
    }
}

/// A name among the subscripts of an `<element>`, which commas separate.
fn subscript(text: &str) -> String {
    super::notation::outside(text)
}

fn table_type(table: &TableDef) -> Option<&'static str> {
    match table.kind {
        TableKind::Continuous => None,
        TableKind::Extrapolate => Some("extrapolate"),
        TableKind::Discrete => Some("discrete"),
    }
}

fn spread_word(spread: &Spread) -> &'static str {
    match spread {
        Spread::Beginning => "beginning",
        Spread::Even => "even",
        Spread::Dest => "dest",
        Spread::Dist(..) => "dist",
        Spread::Source(_) => "source",
    }
}

fn numbers(numbers: &[f64]) -> String {
    numbers.iter().map(|number| print_number(*number)).collect::<Vec<_>>().join(",")
}
