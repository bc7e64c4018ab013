//! `<stock>`, `<flow>`, `<aux>` and the `<gf>` that is among them.

use roxmltree::Node;

use crate::code;
use crate::equation;
use crate::reader::{Reader, Vocabulary};
use crate::transport::TransportSources;
use crate::vocabulary::Place;
use simc_model::definition::{Access, DefKind, Equation, ModelDef, Name, VarDef};
use simc_model::diagnostic::{Diagnostic, Severity};

impl Reader<'_> {
    /// Reads a definition into a model; there is none without a name.
    pub(crate) fn variable(&mut self, node: Node<'_, '_>, kind: DefKind, model: &mut ModelDef) {
        let Some(name) = self.required_name(node) else { return };
        let is_conveyor = kind == DefKind::Stock && Self::is_conveyor(node);
        let mut transports = TransportSources { is_conveyor, ..TransportSources::default() };
        self.enter_variable(Some(&name));
        let before = self.n_errors();
        let mut var = VarDef::new(name, kind, self.start_span(node));
        var.access = self.access(node);
        if kind == DefKind::Flow {
            var.spread = self.spread(node);
        }
        for child in Self::elements(node).filter(|child| child.tag_name().name() == "dimensions") {
            var.dims.extend(self.dimensions_of_variable(child));
        }
        if kind == DefKind::Table {
            self.table_alone(node, &mut var);
        } else {
            let mut fraction = None;
            for child in Self::elements(node) {
                if kind != DefKind::Flow || !self.flow_of_transport(child, node, &mut var, &mut fraction) {
                    self.part(child, &mut var, &mut transports);
                }
            }
            var.equation = fraction.or(var.equation);
        }
        self.check_shared(node, kind);
        self.resolve_initial(node, &mut var);
        var.reported = self.n_errors() > before;
        Self::set_transport(&mut var, transports);
        model.vars.push(var);
        self.enter_variable(None);
    }

    /// A table without an equation: its texts are beside its points.
    fn table_alone(&mut self, node: Node<'_, '_>, var: &mut VarDef) {
        let is_arrayed = !var.dims.is_empty();
        let has_points = Self::elements(node).any(|child| child.tag_name().name() == "ypts");
        if has_points || !is_arrayed {
            var.table = self.table(node);
        }
        for child in Self::elements(node) {
            match child.tag_name().name() {
                "element" if is_arrayed => {
                    let element = self.element(child, var, &mut TransportSources::default());
                    var.elements.extend(element);
                }
                "units" => var.units = self.units(child),
                "doc" => var.doc = self.note(child),
                _ => {}
            }
        }
    }

    /// Reads an element of a definition.
    fn part(&mut self, node: Node<'_, '_>, var: &mut VarDef, transports: &mut TransportSources) {
        let is_stock = var.kind == DefKind::Stock;
        if self.vocabulary(node) == Vocabulary::Vendor {
            return self.leave(node, Place::Variable);
        }
        match node.tag_name().name() {
            "eqn" | "init_eqn" if transports.is_conveyor && Self::begins(node) => {
                if self.once(node, &transports.initial.first().map(|_| ())) {
                    transports.initial = self.initial_list(node);
                }
            }
            "eqn" => self.equations(node, var),
            "dimensions" => {}
            "event_poster" => var.thresholds.extend(self.event_poster(node)),
            "element" => {
                let element = self.element(node, var, transports);
                var.elements.extend(element);
            }
            "conveyor" | "queue" if is_stock => {
                let known = transports.whole.as_ref().map(|_| ());
                if self.once(node, &known) {
                    transports.whole = Some(self.transport(node));
                }
            }
            "gf" => {
                if self.once(node, &var.table) {
                    var.table = self.table(node);
                }
            }
            "inflow" if is_stock => var.inflows.extend(self.flow_name(node)),
            "outflow" if is_stock => var.outflows.extend(self.flow_name(node)),
            "non_negative" if is_stock || var.kind == DefKind::Flow => {
                if self.once(node, &var.non_negative) {
                    var.non_negative = self.non_negative(node);
                }
            }
            "multiplier" if var.kind == DefKind::Flow => {}
            "init_eqn" => {}
            "units" => var.units = self.units(node).or(var.units.take()),
            "doc" => var.doc = self.note(node).or(var.doc.take()),
            "range" => var.range = self.range_of_values(node),
            _ => self.leave(node, Place::Variable),
        }
    }

    /// Reads an `<eqn>` of a variable: one equation, or in an array a list of them. What exporters of other languages write as several
    /// `<eqn>` is such a list.
    pub(crate) fn equations(&mut self, node: Node<'_, '_>, var: &mut VarDef) {
        let is_first = var.equation.is_none() && var.list.is_empty();
        if !is_first && !var.dims.is_empty() && node.tag_name().name() == "eqn" {
            let before = self.n_errors();
            let further = self.equation(node);
            if self.n_errors() == before {
                var.list.extend(var.equation.take().into_iter().chain(further));
            }
            return;
        }
        if !self.once(node, &var.equation) || !self.once(node, &var.list.first()) {
            return;
        }
        if var.dims.is_empty() {
            var.equation = self.equation(node);
            return;
        }
        let before = self.n_errors();
        let text = self.text(node);
        if self.n_errors() > before {
            return;
        }
        match equation::parse_list(&text, self.dialect()) {
            Ok(mut list) if list.len() == 1 => var.equation = list.pop(),
            Ok(list) => var.list = list,
            Err(error) => self.report(*error),
        }
    }

    /// Reads an `<eqn>`. One of blanks and comments says nothing: Stella fills an input's with a comment.
    pub(crate) fn equation(&mut self, node: Node<'_, '_>) -> Option<Equation> {
        let before = self.n_errors();
        let text = self.text(node);
        if self.n_errors() > before {
            return None;
        }
        match equation::parse(&text, self.dialect()) {
            Ok(equation) => equation,
            Err(mut error) => {
                if self.is_input(node) {
                    error.severity = Severity::Warning;
                    error
                        .hint
                        .get_or_insert_with(|| "a connection to this input takes the place of its equation".to_owned());
                }
                self.report(*error);
                None
            }
        }
    }

    /// Whether an equation is that of an input, which counts only while nothing is connected to it. Where nothing is, the input has
    /// no equation.
    fn is_input(&self, node: Node<'_, '_>) -> bool {
        let parent = node.parent().and_then(|parent| self.attribute_value(parent, "access"));
        parent.is_some_and(|access| access.trimmed().0.eq_ignore_ascii_case("input"))
    }

    /// The name in an `<inflow>` or `<outflow>`.
    fn flow_name(&mut self, node: Node<'_, '_>) -> Option<Name> {
        let written = self.text(node);
        self.name(&written)
    }

    /// `<range min max>`; one without both says nothing that can be kept.
    fn range_of_values(&mut self, node: Node<'_, '_>) -> Option<(f64, f64)> {
        Self::attribute(node, "min").and(Self::attribute(node, "max"))?;
        let least = self.number_attribute(node, "min");
        let greatest = self.number_attribute(node, "max");
        least.zip(greatest)
    }

    /// `access`.
    fn access(&mut self, node: Node<'_, '_>) -> Option<Access> {
        let written = self.attribute_value(node, "access")?;
        match written.trimmed().0.to_ascii_lowercase().as_str() {
            "input" => Some(Access::Input),
            "output" => Some(Access::Output),
            _ => {
                let error = Diagnostic::error(code::BAD_VALUE, written.whole(), "`access` is neither input nor output");
                self.report(error.with_hint("write `input` or `output`, or leave the attribute out"));
                None
            }
        }
    }
}
