//! The sections of a file: header, times, units, dimensions, macros and models.

use std::collections::{HashMap, HashSet};

use simc_model::builtin::Dialect;
use simc_model::definition::notation::{Notation as _, print_number};
use simc_model::definition::scope::Scope;
use simc_model::definition::{
    Behavior, DefKind, DimDef, DimElements, MacroDef, ModelDef, ModuleDef, Name, SimSpecs, VarDef,
};
use simc_model::diagnostic::{Diagnostic, code};
use simc_model::name::Key;
use simc_model::source::Span;

use super::Printer;
use super::mapping::is_declarable;
use super::notation::{inside, outside};

/// The namespaces of the root element.
const ROOT: [(&str, &str); 3] = [
    ("version", "1.0"),
    ("xmlns", "http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"),
    ("xmlns:isee", "http://iseesystems.com/XMILE"),
];

impl<'d> Printer<'d> {
    /// The whole file.
    pub(super) fn file(&mut self) {
        let definition = self.definition;
        self.xml.raw("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
        self.xml.open("xmile", &ROOT.map(|(name, value)| (name, value.to_owned())));
        self.header();
        self.sim_specs(definition.sim_specs.as_ref());
        self.units();
        self.behavior(definition.behavior);
        self.dimensions();
        if let Some(import) = definition.imports.first() {
            self.refuse(
                code::CONVERT_DATA,
                import.resource.span,
                format!("values are imported from `{}`", import.resource.text),
                "write the values into the model",
            );
        }
        self.notes_of_interface();
        // Those of other files come with their models, which are refused.
        for function in definition.macros.iter().filter(|function| function.body.whole == 0) {
            self.macro_def(function);
        }
        for model in &definition.models {
            self.model(model);
        }
        self.xml.close("xmile");
    }

    fn header(&mut self) {
        let definition = self.definition;
        let (vendor, product) = match definition.dialect {
            Dialect::Stella => ("isee systems, inc.", "Stella"),
            Dialect::Xmile | Dialect::Vensim => ("simc", "simc"),
        };
        self.xml.open("header", &[]);
        self.xml.text("vendor", &[], vendor);
        let version = env!("CARGO_PKG_VERSION").to_owned();
        self.xml.text("product", &[("version", version), ("lang", "en".to_owned())], product);
        if let Some(name) = &definition.name {
            let name = self.note(name, Span::default());
            self.xml.text("name", &[], &name);
        }
        if definition.invalid_index.is_nan() {
            self.options();
        }
        self.xml.close("header");
    }

    /// What the model uses; the list is whole, since one that leaves something out contradicts its file.
    fn options(&mut self) {
        let models = &self.definition.models;
        let bodies = self.definition.macros.iter().map(|function| &function.body);
        let vars = || models.iter().chain(bodies.clone()).flat_map(|model| &model.vars);
        let n_dims = vars().map(|var| var.dims.len()).max().unwrap_or(0).max(1).to_string();
        let has_conveyor = vars().any(|var| var.transport.as_ref().is_some_and(|transport| !transport.is_queue()));
        let has_queue =
            vars().any(|var| var.transport.as_ref().is_some_and(simc_model::definition::TransportDef::is_queue));
        let has_posters = vars()
            .any(|var| !var.thresholds.is_empty() || var.elements.iter().any(|element| !element.thresholds.is_empty()));
        let has_modules = models.iter().any(|model| !model.modules.is_empty());
        let has_macros = !self.definition.macros.is_empty();
        self.xml.open("options", &[]);
        let attributes = [("maximum_dimensions", n_dims), ("invalid_index_value", "NaN".to_owned())];
        self.xml.empty("uses_arrays", &attributes);
        let uses = [
            ("uses_conveyor", has_conveyor),
            ("uses_queue", has_queue),
            ("uses_submodels", has_modules),
            ("uses_macros", has_macros),
            ("uses_event_posters", has_posters),
        ];
        for (tag, _) in uses.into_iter().filter(|(_, is_used)| *is_used) {
            self.xml.empty(tag, &[]);
        }
        self.xml.close("options");
    }

    fn sim_specs(&mut self, specs: Option<&SimSpecs>) {
        let Some(specs) = specs else { return };
        let mut attributes = Vec::new();
        let methods: Vec<&str> = specs.methods.iter().map(|method| method.text.as_str()).collect();
        if !methods.is_empty() {
            attributes.push(("method", methods.join(", ")));
        }
        if let Some(units) = &specs.time_units {
            attributes.push(("time_units", units.text.clone()));
        }
        if let Some((interval, _)) = specs.save_interval {
            attributes.push(("isee:save_interval", print_number(interval)));
        }
        self.xml.open("sim_specs", &attributes);
        for (tag, time) in [("start", specs.start), ("stop", specs.stop), ("dt", specs.dt)] {
            if let Some((time, _)) = time {
                self.xml.text(tag, &[], &print_number(time));
            }
        }
        self.xml.close("sim_specs");
    }

    fn units(&mut self) {
        let units = &self.definition.units;
        if units.is_empty() {
            return;
        }
        self.xml.open("model_units", &[]);
        for unit in units {
            self.xml.open("unit", &[("name", outside(&unit.name.text))]);
            if let Some(equation) = &unit.equation {
                self.xml.text("eqn", &[], &equation.text);
            }
            for alias in &unit.aliases {
                self.xml.text("alias", &[], &alias.text);
            }
            self.xml.close("unit");
        }
        self.xml.close("model_units");
    }

    /// Defaults of limits. Where there are none, as in all models from Vensim, nothing is limited.
    fn behavior(&mut self, behavior: Behavior) {
        let options = [("stock", behavior.non_negative_stocks), ("flow", behavior.non_negative_flows)];
        if self.definition.dialect == Dialect::Vensim || options.iter().all(|(_, option)| option.is_none()) {
            return;
        }
        self.xml.open("behavior", &[]);
        for (tag, option) in options {
            if let Some(is_limited) = option {
                self.xml.open(tag, &[]);
                self.xml.text("non_negative", &[], if is_limited { "true" } else { "false" });
                self.xml.close(tag);
            }
        }
        self.xml.close("behavior");
    }

    fn dimensions(&mut self) {
        let definition = self.definition;
        if definition.dims.is_empty() {
            return;
        }
        let by_name: HashMap<Key, &DimDef> =
            definition.dims.iter().rev().map(|dim| (Key::new(&dim.name.text), dim)).collect();
        self.xml.open("dimensions", &[]);
        for dim in &definition.dims {
            let name = self.name(&dim.name);
            match &dim.elements {
                DimElements::Size(size) if dim.maps_to.is_empty() => {
                    self.xml.empty("dim", &[("name", name), ("size", size.to_string())]);
                    continue;
                }
                DimElements::Size(size) => {
                    self.xml.open("dim", &[("name", name), ("size", size.to_string())]);
                }
                DimElements::Named(elements) => {
                    self.xml.open("dim", &[("name", name)]);
                    for element in elements {
                        let name = self.name(element);
                        self.xml.empty("elem", &[("name", name)]);
                    }
                }
            }
            for mapping in &dim.maps_to {
                let target = by_name.get(&Key::new(&mapping.to.text));
                // Equations that read through any other mapping are written for each element.
                if is_declarable(target.copied(), mapping) {
                    self.xml.text("isee:maps_to", &[], &outside(&mapping.to.text));
                }
            }
            self.xml.close("dim");
        }
        self.xml.close("dimensions");
    }

    /// Controls and displays belong to views, which are not printed.
    fn notes_of_interface(&mut self) {
        let models = self.definition.models.iter().flat_map(|model| &model.controls);
        let controls: Vec<&Name> =
            self.definition.controls.iter().chain(models).filter_map(|control| control.entities.first()).collect();
        if let Some(first) = controls.first() {
            let n = controls.len();
            let message = format!(
                "{n} controls and displays of the interface are left out, beginning with that of `{}`",
                first.text
            );
            self.diagnostics.push(Diagnostic::warning(code::CONVERT_NOTE, first.span, message));
        }
    }

    fn macro_def(&mut self, function: &'d MacroDef) {
        let scope = Scope::new(self.definition, &function.body);
        self.name_implied(&function.body);
        self.variable = Some(function.name.text.clone());
        let mut attributes = vec![("name", self.name(&function.name))];
        attributes.extend(function.namespace.clone().map(|namespace| ("namespace", namespace)));
        self.xml.open("macro", &attributes);
        let (params, rest) = function.body.vars.split_at(function.n_params.min(function.body.vars.len()));
        for param in params {
            let default = param.equation.as_ref().map(|equation| ("default", self.equation(&scope, equation)));
            let attributes: Vec<_> = default.into_iter().collect();
            let name = inside(&param.name.text);
            self.xml.text("parm", &attributes, &name);
        }
        let Some((result, vars)) = rest.split_last() else { return self.xml.close("macro") };
        if let Some(equation) = &result.equation {
            let text = self.equation(&scope, equation);
            self.xml.text("eqn", &[], &text);
        }
        let declared: Vec<&VarDef> = params.iter().filter(|param| says_more(param)).collect();
        if !vars.is_empty() || !declared.is_empty() || !function.body.modules.is_empty() {
            self.xml.open("variables", &[]);
            for var in declared.into_iter().chain(vars) {
                self.variable(&scope, var);
            }
            for module in &function.body.modules {
                self.module(module);
            }
            self.xml.close("variables");
        }
        self.xml.close("macro");
        self.variable = None;
    }

    fn model(&mut self, model: &'d ModelDef) {
        let scope = Scope::new(self.definition, model);
        self.name_implied(model);
        if model.whole != 0 {
            let span = model.name.as_ref().map_or(Span::default(), |name| name.span);
            self.refuse(
                code::CONVERT_MODULE,
                span,
                "a model in a file of its own cannot be printed with the others".to_owned(),
                "convert each file by itself, or include it",
            );
            return;
        }
        let attributes: Vec<_> = model.name.as_ref().map(|name| ("name", self.name(name))).into_iter().collect();
        self.xml.open("model", &attributes);
        self.sim_specs(model.sim_specs.as_ref().filter(|_| model.name.is_some()));
        self.behavior(model.behavior);
        self.xml.open("variables", &[]);
        for var in &model.vars {
            self.variable(&scope, var);
        }
        for module in &model.modules {
            self.module(module);
        }
        self.groups(model);
        self.xml.close("variables");
        self.xml.close("model");
    }

    fn module(&mut self, module: &ModuleDef) {
        let mut attributes = vec![("name", self.name(&module.name))];
        if let Some(model) = &module.model {
            attributes.push(("isee:model_name", outside(&model.text)));
        }
        self.xml.open("module", &attributes);
        self.dimensions_of(&module.dims);
        for connection in &module.connections {
            let ends = [("to", &connection.to), ("from", &connection.from)];
            let ends = ends.map(|(end, path)| (end, self.notation.path(path)));
            self.xml.empty("connect", &ends);
        }
        self.xml.close("module");
    }

    /// The `<dimensions>` of a variable or module.
    pub(super) fn dimensions_of(&mut self, dims: &[Name]) {
        if dims.is_empty() {
            return;
        }
        self.xml.open("dimensions", &[]);
        for dim in dims {
            let name = self.name(dim);
            self.xml.empty("dim", &[("name", name)]);
        }
        self.xml.close("dimensions");
    }

    fn groups(&mut self, model: &ModelDef) {
        for group in &model.groups {
            let name = self.name(&group.name);
            self.xml.open("group", &[("name", name)]);
            if let Some(doc) = &group.doc {
                let doc = self.note(doc, group.name.span);
                self.xml.text("doc", &[], &doc);
            }
            let mut seen = HashSet::new();
            for member in group.members.iter().filter(|member| seen.insert(Key::new(&member.text))) {
                let name = self.name(member);
                self.xml.empty("entity", &[("name", name)]);
            }
            self.xml.close("group");
        }
    }
}

/// Whether a parameter has a declaration among the variables: dimensions, units or a table.
fn says_more(param: &VarDef) -> bool {
    !matches!(param.kind, DefKind::Aux | DefKind::Table)
        || param.multiplier.is_some()
        || !param.dims.is_empty()
        || param.units.is_some()
        || param.doc.is_some()
        || param.table.is_some()
        || !param.elements.is_empty()
}
