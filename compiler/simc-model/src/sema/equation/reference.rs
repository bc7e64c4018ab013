//! What a name in an equation refers to, without and with arguments.
//!
//! A variable of the model comes before a builtin of the same name: models that were converted from Vensim define `TIME STEP` and the
//! like as variables. Only in its own equation does such a variable's name mean the builtin. With arguments, a graphical
//! function of the model comes before a builtin. `std.` and `isee.` may be before a builtin, and `vensim.` before one of Vensim's.

use crate::builtin::{self, Builtin, Dialect, Meaning};
use crate::definition::{EquationKind, EquationNode, Name, Path};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{VarId, VarKind};
use crate::name::{self, Key};
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::builder::context::EquationContext;
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::instances::connection::{self, show_path};
use crate::sema::instances::function::Function;
use crate::sema::instances::module_tree::{InstanceId, Target};
use crate::source::Span;

/// What a name without arguments is.
#[derive(Clone, Copy, Debug)]
pub(in crate::sema) enum Referent {
    /// The value of a variable.
    Var(VarId),
    /// A builtin that needs no arguments.
    Builtin(&'static Builtin),
    /// Nothing; it has been reported.
    Broken,
}

/// What a name with arguments is.
#[derive(Clone, Copy, Debug)]
pub(in crate::sema) enum Callee {
    /// A builtin.
    Builtin(&'static Builtin),
    /// A graphical function of the model.
    Table(VarId),
    /// An array, of which an element is read by its number.
    Array(VarId),
    /// A macro, by its position among the functions.
    Macro(usize),
    /// A model, by its number.
    Model(usize),
    /// Nothing; it has been reported.
    Broken,
}

impl EquationContext<'_, '_> {
    /// What a path leads to. Where its first name is none of the equation's own model, it is that of a module around it, or of the only
    /// one of that name in the whole model.
    pub(in crate::sema) fn find_target(&self, path: &Path) -> Target {
        let target = self.tree.resolve_path(self.instance, path);
        let is_foreign = matches!(target, Target::Missing(0, _)) && path.parts.len() > 1 && !path.absolute;
        if !is_foreign
            || self.tree.instance(self.instance).is_hidden
            || self.find_builtin(path).is_some()
            || self.find_macro(path).is_some()
        {
            return target;
        }
        let elsewhere = connection::find_elsewhere(self.tree, self.instance, path);
        match elsewhere.map(|start| self.tree.walk(start, &path.parts, 1)) {
            Some(found @ Target::Var(_)) => found,
            Some(Target::Module | Target::Missing(..)) | None => target,
        }
    }

    /// The variable of a path, if it is one.
    pub(in crate::sema) fn find_var(&self, path: &Path) -> Option<VarId> {
        match self.find_target(path) {
            Target::Var(var) => Some(var),
            Target::Module | Target::Missing(..) => None,
        }
    }

    /// What a name without arguments is.
    pub(in crate::sema) fn resolve_reference(
        &self,
        path: &Path,
        builder: &ModelBuilder,
        diagnostics: &mut Diagnostics,
    ) -> Referent {
        let builtin = self.find_builtin(path);
        let fault = match self.find_target(path) {
            Target::Var(var)
                if var == self.owner && path.parts.len() == 1 && builtin.is_some_and(Builtin::is_constant) =>
            {
                return builtin.map_or(Referent::Broken, Referent::Builtin);
            }
            Target::Var(var) if builder.var(var).kind != VarKind::Lookup => return Referent::Var(var),
            Target::Var(var) => self.table_as_value(path, var),
            Target::Module => self.module_as_value(path),
            Target::Missing(_, None) => return Referent::Broken,
            Target::Missing(index, Some(instance)) => match builtin {
                Some(builtin) if builtin.is_constant() => return Referent::Builtin(builtin),
                Some(builtin) if builtin.meaning == Meaning::Unsupported => self.unsupported(path, builtin),
                Some(builtin) => self.function_as_value(path, self.spelling(builtin), &self.usage(builtin)),
                None if self.find_macro(path).is_some() => {
                    let usage = self.find_macro(path).map(|index| self.tree.functions[index].usage());
                    self.function_as_value(path, &show_path(path), &usage.unwrap_or_default())
                }
                None => self.unknown_name(path, index, instance, diagnostics),
            },
        };
        diagnostics.report(fault);
        Referent::Broken
    }

    /// What a name with arguments is.
    pub(in crate::sema) fn resolve_callee(
        &self,
        path: &Path,
        n_args: usize,
        builder: &ModelBuilder,
        diagnostics: &mut Diagnostics,
    ) -> Callee {
        let target = self.find_target(path);
        if let Target::Var(var) = target
            && builder.has_table(builder.resolve_alias(var))
        {
            return Callee::Table(builder.resolve_alias(var));
        }
        let builtin = self.find_builtin(path);
        if let Some(fault) = self.ambiguous_macro(path) {
            diagnostics.report(fault);
            return Callee::Broken;
        }
        if let Some(index) = self.find_macro(path)
            && (builtin.is_none() || !self.is_within(self.tree.functions[index].body))
        {
            return Callee::Macro(index);
        }
        if let (None, Some(model), Target::Missing(..) | Target::Module) = (builtin, self.find_model(path), target) {
            return Callee::Model(model);
        }
        let fault = match (builtin, target) {
            (Some(builtin), _) if builtin.meaning == Meaning::Unsupported => self.unsupported(path, builtin),
            (Some(builtin), _) => return Callee::Builtin(builtin),
            (None, Target::Var(var)) if self.tree.def(var).reported => return Callee::Broken,
            (None, Target::Var(var)) if n_args == 1 && !builder.var(var).dims.is_empty() => return Callee::Array(var),
            (None, Target::Var(_)) => self.not_callable(path, "a variable"),
            (None, Target::Module) => self.not_callable(path, "a module"),
            (None, Target::Missing(_, None)) => return Callee::Broken,
            (None, Target::Missing(_, Some(_))) => self.unknown_function(path, builder, diagnostics),
        };
        diagnostics.report(fault);
        Callee::Broken
    }

    /// The builtin of this name, after its namespace or alone.
    pub(in crate::sema) fn find_builtin(&self, path: &Path) -> Option<&'static Builtin> {
        let dialect = self.tree.file.dialect;
        match path.parts.as_slice() {
            _ if path.absolute => None,
            [name] => builtin::find(dialect, &Key::new(&name.text)),
            [namespace, name] => {
                let key = Key::new(&namespace.text);
                let meant = match key.as_str() {
                    _ if self.tree.has_module(self.instance, &key) => return None,
                    "std" | "isee" => dialect,
                    "vensim" => Dialect::Vensim,
                    _ => return None,
                };
                builtin::find(meant, &Key::new(&name.text))
            }
            _ => None,
        }
    }

    /// The macro of this name, after its namespace or alone, as a position among the functions.
    pub(in crate::sema) fn find_macro(&self, path: &Path) -> Option<usize> {
        let whole = self.tree.instance(self.instance).def.whole;
        let find = |name: &Name| self.tree.find_macro(whole, &Key::new(&name.text)).ok().flatten();
        match path.parts.as_slice() {
            _ if path.absolute => None,
            [name] => find(name),
            [namespace, name] => find(name).filter(|&index| {
                let own = self.tree.file.macros[index].namespace.as_ref();
                own.is_some_and(|own| Key::new(own) == Key::new(&namespace.text))
            }),
            _ => None,
        }
    }

    /// The error for a macro that several files have, none of which is the equation's own or the one that is compiled.
    fn ambiguous_macro(&self, path: &Path) -> Option<Diagnostic> {
        let [name] = path.parts.as_slice() else { return None };
        let whole = self.tree.instance(self.instance).def.whole;
        let several = self.tree.find_macro(whole, &Key::new(&name.text)).err().filter(|_| !path.absolute)?;
        let message = format!("several files have a macro `{}`", name::display(&name.text));
        let error = self.error(code::DUPLICATE_NAME, path.span, message).with_label("which one is not said");
        let places = several.iter().map(|&index| self.tree.functions[index].name.span);
        let error = places.fold(error, |error, place| error.with_place(place, "one is defined here"));
        Some(error.with_hint("define it in the file that calls it, or include the file that is meant"))
    }

    /// The model of this name, which the equation may call.
    fn find_model(&self, path: &Path) -> Option<usize> {
        let [name] = path.parts.as_slice() else { return None };
        self.tree.find_callable(self.tree.instance(self.instance).def.whole, &Key::new(&name.text))
    }

    /// Whether the equation is in an instance of a model or macro, or in one within it. There, a builtin of the macro's name
    /// is what the name means.
    pub(in crate::sema) fn is_within(&self, body: usize) -> bool {
        self.tree.ancestors(self.instance).any(|instance| self.tree.instance(instance).body == body)
    }

    /// Whether a path is the name of a builtin without arguments.
    pub(in crate::sema) fn is_constant_builtin(&self, path: &Path) -> bool {
        self.find_builtin(path).is_some_and(Builtin::is_constant)
    }

    /// Whether a path has a value as it is.
    pub(in crate::sema) fn is_known(&self, path: &Path) -> bool {
        self.is_constant_builtin(path) || !matches!(self.find_target(path), Target::Missing(..))
    }

    /// Reports an argument, the first or second one, that is not the name of a graphical function; `var` is the variable that it is.
    pub(in crate::sema) fn report_no_table(
        &self,
        (builtin, place): (&Builtin, &str),
        node: &EquationNode,
        var: Option<VarId>,
        diagnostics: &mut Diagnostics,
    ) {
        if var.is_some_and(|var| self.tree.def(var).reported) {
            return;
        }
        let message =
            format!("the {place} argument of {} must be the name of a graphical function", self.spelling(builtin));
        let label = if var.is_some() { "has no graphical function" } else { "is not the name of one" };
        let mut diagnostic = self.error(code::TABLE_EXPECTED, node.span, message).with_label(label);
        if let (None, EquationKind::Reference(path, _)) = (var, &node.kind)
            && let Some(part) = path.parts.last()
        {
            diagnostic.hint = diagnostics.suggest(&part.text, self.tree.names_in(self.instance));
        }
        diagnostics.report(diagnostic);
    }

    fn unsupported(&self, path: &Path, builtin: &Builtin) -> Diagnostic {
        let called = path.parts.last().map(|name| Key::new(&name.text));
        let names = builtin.names_in(self.tree.file.dialect).iter().copied();
        let name = names.into_iter().find(|name| Some(Key::new(name)) == called);
        let message = format!("function {} is not supported yet", name.unwrap_or_else(|| self.spelling(builtin)));
        self.error(code::FUNCTIONS, path.span, message).with_label(builtin.about).with_hint(builtin.why)
    }

    fn table_as_value(&self, path: &Path, var: VarId) -> Diagnostic {
        let shown = show_path(path);
        self.error(code::TABLE_AS_VALUE, path.span, format!("graphical function `{shown}` has no value of its own"))
            .with_label("needs an argument")
            .with_place(self.tree.def(var).name.span, "has no equation")
            .with_hint(format!("write `{shown}(x)` for its value at x"))
    }

    fn module_as_value(&self, path: &Path) -> Diagnostic {
        let shown = show_path(path);
        self.error(code::MODULE_AS_VALUE, path.span, format!("`{shown}` is a module, not a variable"))
            .with_hint(format!("write `{shown}.name` for a variable in it"))
    }

    fn function_as_value(&self, path: &Path, name: &str, usage: &str) -> Diagnostic {
        self.error(code::FUNCTION_AS_VALUE, path.span, format!("function {name} needs arguments"))
            .with_hint(format!("write `{usage}`"))
    }

    fn not_callable(&self, path: &Path, what: &str) -> Diagnostic {
        let shown = show_path(path);
        self.error(code::NOT_CALLABLE, path.span, format!("`{shown}` is {what}, not a function"))
            .with_label("has arguments")
            .with_hint(format!("write `{shown} * (...)` to multiply"))
    }

    fn unknown_name(
        &self,
        path: &Path,
        index: usize,
        instance: InstanceId,
        diagnostics: &mut Diagnostics,
    ) -> Diagnostic {
        let part = &path.parts[index];
        let what = if index + 1 < path.parts.len() { "module" } else { "variable" };
        let inside = self.tree.instance(instance).module.filter(|_| index > 0 || path.absolute);
        let place = inside.map_or(String::new(), |module| format!(" in module `{}`", name::display(&module.name.text)));
        let message = format!("unknown {what} `{}`{place}", name::display(&part.text));
        let mut diagnostic = self.error(code::UNKNOWN_NAME, part.span, message);
        if let Target::Var(_) = self.tree.walk(instance, std::slice::from_ref(part), 0) {
            let message = format!("`{}`{place} is a variable, not a module", name::display(&part.text));
            return self.error(code::UNKNOWN_NAME, part.span, message);
        }
        let constants = self.builtin_names(true);
        diagnostic.hint = match (name::stray_space(&part.text), name::lookalike(&part.text)) {
            (Some(shown), _) => {
                Some(format!("the character {shown} is part of the name here: it is none of the spaces of equations"))
            }
            (None, Some((c, instead))) => {
                Some(format!("`{c}` is part of the name here; the equation's own sign is `{instead}`"))
            }
            (None, None) => diagnostics.suggest(&part.text, self.tree.names_in(instance).chain(constants)),
        };
        diagnostic
    }

    fn unknown_function(&self, path: &Path, builder: &ModelBuilder, diagnostics: &mut Diagnostics) -> Diagnostic {
        let mut diagnostic =
            self.error(code::UNKNOWN_FUNCTION, path.span, format!("unknown function `{}`", show_path(path)));
        let vars = self.tree.vars_of(self.instance);
        let tables = vars.filter(|(var, _)| builder.has_table(*var)).map(|(_, def)| def.name.text.as_str());
        let functions = self.builtin_names(false);
        diagnostic.hint = path.parts.last().and_then(|part| diagnostics.suggest(&part.text, tables.chain(functions)));
        diagnostic
    }

    /// The names of the builtins of the model's dialect, as messages show them: constants, or functions.
    fn builtin_names<'n>(&self, constants: bool) -> impl Iterator<Item = &'n str> + use<'n> {
        let dialect = self.tree.file.dialect;
        let rows = builtin::all().filter(move |builtin| builtin.is_constant() == constants);
        rows.filter_map(move |builtin| builtin.names_in(dialect).first().copied())
    }
}

/// The error for a macro that calls itself, with its path.
pub(in crate::sema) fn recursive(place: &EquationContext<'_, '_>, function: &Function<'_>, span: Span) -> Diagnostic {
    let mut chain: Vec<String> = Vec::new();
    for id in place.tree.ancestors(place.instance) {
        let instance = place.tree.instance(id);
        chain.push(place.tree.body_name(instance.body));
        if instance.body == function.body {
            break;
        }
    }
    chain.reverse();
    chain.push(name::display(&function.name.text));
    let shown: Vec<String> = chain.iter().map(|name| format!("`{name}`")).collect();
    place
        .error(code::RECURSIVE_MACROS, span, format!("recursive macros are not supported: {}", shown.join(" calls ")))
        .with_label("this call never ends")
}
