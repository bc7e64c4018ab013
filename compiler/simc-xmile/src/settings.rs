//! `<sim_specs>`: when a model runs and how.

use roxmltree::{Attribute, Node};

use crate::code;
use crate::reader::Reader;
use crate::unit::as_written;
use crate::vocabulary::Place;
use simc_model::definition::{Definition, Name, SimSpecs};
use simc_model::diagnostic::Diagnostic;
use simc_model::source::Span;

impl Reader<'_> {
    /// Reads a `<sim_specs>`. Its other attributes concern windows, games and analyses.
    pub(crate) fn sim_specs(&mut self, node: Node<'_, '_>) -> SimSpecs {
        let mut specs = SimSpecs {
            start: None,
            stop: None,
            dt: None,
            methods: self.methods(node),
            save_interval: None,
            time_units: self.attribute_value(node, "time_units").and_then(|value| as_written(&value)),
            span: self.span(node),
        };
        if let Some(value) = self.attribute_value(node, "save_interval") {
            specs.save_interval = self.number(&value, "the save interval");
        }
        if let Some(attribute) = Self::attribute(node, "run") {
            self.check_run(node, attribute);
        }
        for child in Self::elements(node) {
            self.sim_spec(child, &mut specs);
        }
        specs
    }

    fn sim_spec(&mut self, node: Node<'_, '_>, specs: &mut SimSpecs) {
        match node.tag_name().name() {
            "start" => self.time(node, &mut specs.start),
            "stop" => self.time(node, &mut specs.stop),
            "save_interval" => self.time(node, &mut specs.save_interval),
            "dt" => {
                self.time(node, &mut specs.dt);
                if self.flag(node, "reciprocal").unwrap_or(false) {
                    specs.dt = specs.dt.and_then(|denominator| self.reciprocal(denominator));
                }
            }
            "time_units" => specs.time_units = self.units(node).or(specs.time_units.take()),
            // As files from before the standard have it.
            "method" => {
                let written = self.text(node);
                let (text, span) = written.trimmed();
                if specs.methods.is_empty() && !text.is_empty() {
                    specs.methods.push(Name { text: text.to_owned(), span });
                }
            }
            "run" => {
                if let Some(attribute) = Self::attribute(node, "by") {
                    self.check_run(node, attribute);
                }
            }
            _ => self.leave(node, Place::SimSpecs),
        }
    }

    /// Reads a number in an element that is once.
    fn time(&mut self, node: Node<'_, '_>, slot: &mut Option<(f64, Span)>) {
        if !self.once(node, slot) {
            return;
        }
        let what = format!("<{}>", self.tag(node));
        let written = self.text(node);
        *slot = self.number(&written, &what);
    }

    /// The step of which the file gives the reciprocal.
    fn reciprocal(&mut self, (denominator, place): (f64, Span)) -> Option<(f64, Span)> {
        let step = 1.0 / denominator;
        if step.is_finite() {
            return Some((step, place));
        }
        self.error(code::BAD_NUMBER, place, "the reciprocal of this <dt> is not finite");
        None
    }

    /// The entries of `method`, in the author's order of preference.
    fn methods(&mut self, node: Node<'_, '_>) -> Vec<Name> {
        let Some(value) = self.attribute_value(node, "method") else { return Vec::new() };
        let mut methods = Vec::new();
        let mut start = 0;
        for entry in value.text().split(',') {
            let lead = entry.len() - entry.trim_start().len();
            let text = entry.trim();
            let first = start + lead;
            if !text.is_empty() {
                methods.push(Name { text: text.to_owned(), span: value.span(first, first + text.len()) });
            }
            start += entry.len() + 1;
        }
        methods
    }

    /// Refuses to run a part of the model as if it were all.
    fn check_run(&mut self, node: Node<'_, '_>, attribute: Attribute<'_, '_>) {
        if !attribute.value().trim().eq_ignore_ascii_case("all") {
            self.unsupported(node, code::PARTIAL_RUNS, "runs of selected groups or modules");
        }
    }

    /// An attribute that is true or false.
    pub(crate) fn flag(&mut self, node: Node<'_, '_>, attribute: &str) -> Option<bool> {
        let value = self.attribute_value(node, attribute)?;
        let flag = parse_flag(value.trimmed().0);
        if flag.is_none() {
            let error =
                Diagnostic::error(code::BAD_VALUE, value.whole(), format!("`{attribute}` is neither true nor false"));
            self.report(error.with_hint("write `true` or `false`"));
        }
        flag
    }

    /// Puts what the root model says of its own times in place of what the file says, since the root is what runs, and refuses other
    /// models that differ.
    pub(crate) fn resolve_sim_specs(&mut self, file: &mut Definition) {
        let root = file.models.iter().position(|model| model.name.is_none());
        let own = file.models.get(root.unwrap_or(0)).and_then(|model| model.sim_specs.as_ref());
        match (file.sim_specs.as_mut(), own) {
            (None, own) => file.sim_specs = own.cloned(),
            (Some(specs), Some(own)) if root.is_some() => put(specs, own),
            (Some(_), _) => {}
        }
        for model in &file.models {
            let Some(own) = &model.sim_specs else { continue };
            if file.sim_specs.as_ref().is_none_or(|specs| differs(own, specs)) {
                let error = Diagnostic::error(
                    code::OWN_SPECIFICATIONS,
                    own.span,
                    "models that run at times of their own are not supported: <sim_specs>",
                );
                self.report(error.with_hint("remove it, or make it the same as the <sim_specs> of the file"));
            }
        }
    }
}

/// Puts what specifications say in place of what others say.
fn put(specs: &mut SimSpecs, own: &SimSpecs) {
    specs.start = own.start.or(specs.start);
    specs.stop = own.stop.or(specs.stop);
    specs.dt = own.dt.or(specs.dt);
    specs.save_interval = own.save_interval.or(specs.save_interval);
    if !own.methods.is_empty() {
        specs.methods.clone_from(&own.methods);
    }
    if own.time_units.is_some() {
        specs.time_units.clone_from(&own.time_units);
    }
}

/// Whether specifications say anything other than those of the whole file. What they leave out they leave to the file.
fn differs(own: &SimSpecs, file: &SimSpecs) -> bool {
    let number = |own: Option<(f64, Span)>, file: Option<(f64, Span)>| {
        own.is_some_and(|(value, _)| file.is_none_or(|(other, _)| value != other))
    };
    let methods = |specs: &SimSpecs| -> Vec<String> {
        specs.methods.iter().map(|method| method.text.to_ascii_lowercase()).collect()
    };
    number(own.start, file.start)
        || number(own.stop, file.stop)
        || number(own.dt, file.dt)
        || number(own.save_interval, file.save_interval)
        || (!own.methods.is_empty() && methods(own) != methods(file))
}

/// `true` or `false`, in any case, or as a digit.
pub(crate) fn parse_flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}
