//! `<macro>`: a function that the model defines.

use std::collections::HashMap;

use roxmltree::Node;

use crate::code;
use crate::equation;
use crate::reader::{Reader, Vocabulary};
use crate::transport::mark_leaks;
use crate::vocabulary::Place;
use simc_model::definition::{
    Access, DefKind, Equation, EquationKind, EquationNode, MacroDef, ModelDef, Name, Path, VarDef,
};
use simc_model::diagnostic::Diagnostic;
use simc_model::name::{self, Key};
use simc_model::source::Span;

impl Reader<'_> {
    /// Reads a `<macro>`; there is none without a name. A variable within that has the name of a parameter is the parameter:
    /// Stella writes both, and the variable's equation serves for trying the macro out.
    pub(crate) fn macro_def(&mut self, node: Node<'_, '_>) -> Option<MacroDef> {
        let name = self.required_name(node)?;
        self.enter_variable(Some(&name));
        let before = self.n_errors();
        self.refuse_filter(node);
        let mut result = VarDef::new(name.clone(), DefKind::Aux, self.start_span(node));
        let mut body = ModelDef { vars: self.parameters(node), ..ModelDef::default() };
        let n_params = body.vars.len();
        let mut value = None;
        for child in Self::elements(node) {
            match (self.vocabulary(child), child.tag_name().name()) {
                (Vocabulary::Main, "eqn") => {
                    if self.once(child, &value) {
                        value = Some(child);
                    }
                }
                (Vocabulary::Main, "parm") => {}
                (Vocabulary::Main, "variables") => {
                    for entity in Self::elements(child) {
                        self.entity(entity, &mut body, Place::Variables);
                        self.enter_variable(Some(&name));
                    }
                }
                (Vocabulary::Main, "sim_specs") => {
                    self.unsupported(child, code::OWN_SPECIFICATIONS, "macros with a simulation of their own");
                }
                _ => self.leave(child, Place::Macro),
            }
        }
        mark_leaks(&mut body.vars);
        result.equation = value.and_then(|value| self.value_of_macro(value, &body.vars[n_params..]));
        if result.equation.is_none() && self.n_errors() == before {
            let error = Diagnostic::error(code::MISSING_PART, self.start_span(node), "<macro> has no equation");
            self.report(error.with_hint("write its result in `<eqn>`"));
        }
        let reported = self.n_errors() > before;
        result.reported = reported;
        take_declarations(&mut body, n_params);
        body.vars.push(result);
        self.enter_variable(None);
        let namespace = self.attribute_value(node, "namespace").map(|value| value.trimmed().0.to_owned());
        let namespace = namespace.filter(|namespace| !namespace.is_empty());
        Some(MacroDef { name, namespace, n_params, body, reported, span: self.start_span(node) })
    }

    /// The `<eqn>` of a macro. The name of a variable within may be there as it is written in its `name`, with spaces.
    fn value_of_macro(&mut self, node: Node<'_, '_>, vars: &[VarDef]) -> Option<Equation> {
        let written = self.text(node);
        let (text, span) = written.trimmed();
        let key = Key::new(&name::unescape(text));
        if !vars.iter().any(|var| Key::new(&var.name.text) == key) {
            return self.equation(node);
        }
        let name = Name { text: name::unescape(text), span };
        let path = Path { absolute: false, parts: vec![name], span };
        let node = EquationNode { kind: EquationKind::Reference(path, Vec::new()), span };
        Some(Equation { nodes: vec![node], span })
    }

    /// An option filter runs whenever a variable with its option is evaluated, called or not.
    fn refuse_filter(&mut self, node: Node<'_, '_>) {
        if Self::attribute(node, "filter").is_some() {
            self.unsupported(node, code::BEHAVIORS, "macros that act as option filters");
        }
    }

    /// The parameters of a macro, which are its first variables.
    fn parameters(&mut self, node: Node<'_, '_>) -> Vec<VarDef> {
        let mut params: Vec<VarDef> = Vec::new();
        let mut known = HashMap::new();
        for child in Self::elements(node) {
            if matches!((self.vocabulary(child), child.tag_name().name()), (Vocabulary::Main, "parm")) {
                params.extend(self.parameter(child, params.last(), &mut known));
            }
        }
        params
    }

    /// Reads a `<parm>` that comes after another one, or first; those before are known by their names, with their places.
    fn parameter(
        &mut self,
        node: Node<'_, '_>,
        before: Option<&VarDef>,
        known: &mut HashMap<Key, Span>,
    ) -> Option<VarDef> {
        let written = self.text(node);
        let name = self.name(&written)?;
        let shown = name::display(&name.text);
        let key = Key::new(&name.text);
        if let Some(&first) = known.get(&key) {
            let error = Diagnostic::error(code::DUPLICATE_NAME, name.span, format!("two parameters `{shown}`"));
            self.report(error.with_place(first, "first named here"));
            return None;
        }
        known.insert(key, name.span);
        let default = self.default_value(node);
        if default.is_none() && before.is_some_and(|param| param.equation.is_some()) {
            let message = format!("parameter `{shown}` has no default, but the one before it has");
            let error = Diagnostic::error(code::MISSING_PART, name.span, message);
            self.report(error.with_hint("who leaves out an argument leaves out all after it: give it a `default`"));
        }
        let span = self.start_span(node);
        Some(VarDef { access: Some(Access::Input), equation: default, ..VarDef::new(name, DefKind::Aux, span) })
    }

    /// `default`: an equation that may use the parameters before.
    fn default_value(&mut self, node: Node<'_, '_>) -> Option<Equation> {
        let written = self.attribute_value(node, "default")?;
        match equation::parse(&written, self.dialect()) {
            Ok(equation) => equation,
            Err(error) => {
                self.report(*error);
                None
            }
        }
    }
}

/// Gives each parameter what the variable of its name says besides an equation; those variables go.
fn take_declarations(body: &mut ModelDef, n_params: usize) {
    let declared = body.vars.split_off(n_params);
    let keys = body.vars.iter().map(|param| Key::new(&param.name.text));
    let mut places: HashMap<Key, usize> = keys.zip(0..).collect();
    for mut var in declared {
        let can_declare = matches!(var.kind, DefKind::Aux | DefKind::Flow);
        let place = can_declare.then(|| places.remove(&Key::new(&var.name.text))).flatten();
        let Some(param) = place.and_then(|place| body.vars.get_mut(place)) else {
            body.vars.push(var);
            continue;
        };
        var.elements.iter_mut().for_each(|element| element.equation = None);
        *param = VarDef {
            name: param.name.clone(),
            access: Some(Access::Input),
            equation: param.equation.take(),
            list: Vec::new(),
            span: param.span,
            ..var
        };
    }
}
