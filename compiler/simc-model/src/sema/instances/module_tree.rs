//! Instances of models: which there are, what names mean in each, and how a path leads from one to another.
//!
//! The variables of an instance have consecutive ids in the order of their definition, so an id is the instance's first one
//! plus the position in its body. A call of a macro is an instance like any other, made when the equation is read.

use std::collections::HashMap;

use crate::definition::wording::Cure;
use crate::definition::{Definition, ModelDef, ModuleDef, Name, Path, Resource, VarDef};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{DimId, VarId};
use crate::name::{self, Key};
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::base::dimension::Dims;
use crate::sema::instances::body::Body;
use crate::sema::instances::budget::{Budget, MAX_ENTITIES};
use crate::sema::instances::call_axis::{CallAxis, CallLink};
use crate::sema::instances::function::{self, Function, Usage};
use crate::source::Span;

mod callee;
mod usage;

/// Modules may nest this deep.
pub(in crate::sema) const MAX_DEPTH: usize = 64;

/// Index of a [`ModuleInstance`] in [`ModuleTree::scopes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sema) struct InstanceId(pub(in crate::sema) u32);

impl InstanceId {
    /// The instance of the root model.
    pub(in crate::sema) const ROOT: InstanceId = InstanceId(0);
}

/// All instances.
pub(in crate::sema) struct ModuleTree<'a> {
    /// The file.
    pub(in crate::sema) file: &'a Definition,
    /// The variables of all models, then of all macros.
    bodies: &'a [Body<'a>],
    /// The root's instance first, every other one after the instance that holds it.
    pub(in crate::sema) scopes: Vec<ModuleInstance<'a>>,
    /// The macros.
    pub(in crate::sema) functions: Vec<Function<'a>>,
    /// What each body that may be called does with its variables, by their positions.
    usages: Vec<Vec<Usage>>,
    /// Macros by name, as positions among the functions: one for each whole-model that has one.
    macros: HashMap<Key, Vec<usize>>,
    /// Models by the whole-model that they are part of and their name; a root has none.
    models: HashMap<(u32, Option<Key>), usize>,
    /// What names mean, for each body that is used.
    symbols: Vec<Option<Symbols>>,
    /// The instance of each variable.
    owners: Vec<InstanceId>,
    /// Instances by the names of their modules.
    named: HashMap<Key, Vec<InstanceId>>,
}

/// One use of a model or macro.
pub(in crate::sema) struct ModuleInstance<'a> {
    /// What is before the names of its variables: nothing in the root, else `Instance.`.
    pub(in crate::sema) prefix: String,
    /// The same before canonical names.
    pub(in crate::sema) canonical_prefix: String,
    /// The model, or the body of the macro.
    pub(in crate::sema) def: &'a ModelDef,
    /// The module definition that makes this instance; absent in the root and for a call.
    pub(in crate::sema) module: Option<&'a ModuleDef>,
    /// The instance in which that definition or call is.
    pub(in crate::sema) parent: Option<InstanceId>,
    /// Id of the first variable.
    pub(in crate::sema) first_var: u32,
    /// The dimensions that all its variables have in front of their own: those of the arrayed modules around, or of the call.
    pub(in crate::sema) dims: Vec<DimId>,
    /// See [`CallLink::axes`]; those of its own variables' dimensions are loops.
    pub(in crate::sema) axes: Vec<CallAxis>,
    /// See [`CallLink::path`].
    pub(in crate::sema) path: String,
    /// Whether it is a call, or is within one: nobody sees its variables.
    pub(in crate::sema) is_hidden: bool,
    /// The model or macro: models are numbered as in the file, macros after them.
    pub(in crate::sema) body: usize,
    /// Instances of its own modules; absent where one could not be made.
    modules: Vec<Option<InstanceId>>,
}

/// What a name means within a model; positions count within a [`Body`] and [`ModelDef::modules`].
#[derive(Clone, Copy, Debug)]
enum Symbol {
    Var(u32),
    Module(u32),
}

type Symbols = HashMap<Key, Symbol>;

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sema) enum Target {
    /// A variable.
    Var(VarId),
    /// A module itself.
    Module,
    /// Nothing: the part with this index is not a name in the scope. No scope is known within a module that could not be made,
    /// which has been reported.
    Missing(usize, Option<InstanceId>),
}

/// The model that runs: the first one without a name, or the first. When it is kept in another file, the model there.
pub(in crate::sema) fn root_model(file: &Definition) -> Option<usize> {
    let mut whole = 0;
    for _ in 0..MAX_DEPTH {
        let own = || file.models.iter().enumerate().filter(|(_, model)| model.whole == whole);
        let unnamed = own().find(|(_, model)| model.name.is_none());
        let (position, model) = unnamed.or_else(|| own().next())?;
        match &model.resource {
            None => return Some(position),
            Some(resource) => whole = resource.whole?,
        }
    }
    None
}

/// Makes an instance of the root model and of every module in it, depth first in the order of the file. There is no
/// result when they are too many or too large, which is reported.
pub(in crate::sema) fn resolve_modules<'a>(
    file: &'a Definition,
    bodies: &'a [Body<'a>],
    root: usize,
    dims: &mut Dims,
    diagnostics: &mut Diagnostics,
) -> Option<(ModuleTree<'a>, Budget)> {
    let models = find_models(file, diagnostics);
    let macros = function::find_macros(file, diagnostics);
    let symbols = (0..file.models.len() + file.macros.len()).map(|_| None).collect();
    let mut tree = ModuleTree {
        file,
        bodies,
        scopes: Vec::new(),
        functions: Vec::new(),
        usages: Vec::new(),
        macros,
        models,
        symbols,
        owners: Vec::new(),
        named: HashMap::new(),
    };
    tree.usages = usage::find_usages(&tree);
    let all = file.macros.iter().zip(file.models.len()..);
    let functions = all.map(|(definition, n)| function::of_macro(definition, &bodies[n], &tree.usages[n], n)).collect();
    tree.functions = functions;
    let mut budget = Budget::default();
    let root = tree.add_scope(root, Link::Root, String::new(), Vec::new(), diagnostics);
    let is_whole = tree.add_modules(root, &mut budget, dims, diagnostics);
    is_whole.then_some((tree, budget))
}

/// What an instance is.
enum Link {
    Root,
    Module(InstanceId, usize),
    Call(InstanceId, CallLink),
}

/// The modules of an instance, last one first.
fn module_positions(tree: &ModuleTree<'_>, instance: InstanceId) -> Vec<(InstanceId, usize)> {
    (0..tree.instance(instance).def.modules.len()).rev().map(|position| (instance, position)).collect()
}

/// Models by name; of two equal ones the first holds.
fn find_models(file: &Definition, diagnostics: &mut Diagnostics) -> HashMap<(u32, Option<Key>), usize> {
    let mut models: HashMap<(u32, Option<Key>), usize> = HashMap::new();
    for (position, model) in file.models.iter().enumerate() {
        let key = (model.whole, model.name.as_ref().map(|name| Key::new(&name.text)));
        let first = *models.entry(key).or_insert(position);
        if let (Some(name), Some(other)) = (&model.name, file.models[first].name.as_ref())
            && first != position
        {
            diagnostics.report(duplicate("model", &name.text, name.span, other.span));
        }
    }
    models
}

/// The model of a module, when it can be instantiated.
fn check_module(
    tree: &ModuleTree<'_>,
    parent: InstanceId,
    position: usize,
    diagnostics: &mut Diagnostics,
) -> Option<usize> {
    let instance = tree.instance(parent);
    let module = &instance.def.modules[position];
    let name = module.model.as_ref().unwrap_or(&module.name);
    let shown = name::display(&name.text);
    let model = match tree.find_model(instance.def.whole, &Key::new(&name.text), module.resource.as_ref()) {
        Ok(model) => model,
        Err(Unfound::Reported) => return None,
        Err(Unfound::Cycle) => {
            let message = format!("model `{shown}` is kept in a file that refers to another one for it, and so on");
            diagnostics.report(Diagnostic::error(code::RECURSIVE_MODULE, module.span, message));
            return None;
        }
        Err(Unfound::Missing) => {
            let models = tree.file.models.iter().filter(|model| model.whole == instance.def.whole);
            let names = models.filter_map(|model| model.name.as_ref()).map(|name| name.text.as_str());
            let mut diagnostic =
                Diagnostic::error(code::UNKNOWN_MODEL, name.span, format!("the file has no model named `{shown}`"))
                    .with_variable(format!("{}{}", instance.prefix, name::display(&module.name.text)))
                    .with_label(diagnostics.cure(Cure::NoSuchModel));
            diagnostic.hint = diagnostics.suggest(&name.text, names);
            diagnostics.report(diagnostic);
            return None;
        }
    };
    let chain: Vec<usize> = tree.ancestors(parent).map(|instance| tree.instance(instance).body).collect();
    if chain.contains(&model) {
        let message = format!("model `{shown}` contains itself");
        diagnostics.report(
            Diagnostic::error(code::RECURSIVE_MODULE, module.span, message)
                .with_label("this module is an instance of a model that it is part of")
                .with_hint("a model can be used any number of times, but not within itself"),
        );
        return None;
    }
    if chain.len() > MAX_DEPTH {
        let message = format!("modules nest deeper than {MAX_DEPTH} levels");
        diagnostics
            .report(Diagnostic::error(code::MODULE_LIMIT, module.span, message).with_label("this one is too deep"));
        return None;
    }
    Some(model)
}

/// The dimensions of a module's variables: those of its instance's surroundings, then its own.
fn module_dims(
    tree: &ModuleTree<'_>,
    parent: InstanceId,
    position: usize,
    dims: &mut Dims,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<DimId>> {
    let instance = tree.instance(parent);
    let module = &instance.def.modules[position];
    let mut of = instance.dims.clone();
    for written in &module.dims {
        let Some(dim) = dims.find(&written.text) else {
            let message = format!("unknown dimension `{}`", name::display(&written.text));
            let mut error = Diagnostic::error(code::UNKNOWN_DIMENSION, written.span, message).with_variable(format!(
                "{}{}",
                instance.prefix,
                name::display(&module.name.text)
            ));
            error.hint = diagnostics.suggest(&written.text, dims.names());
            diagnostics.report(error);
            return None;
        };
        of.push(dim);
    }
    Some(of)
}

/// Why a module has no model.
enum Unfound {
    Missing,
    /// A file that cannot be read has been reported.
    Reported,
    /// Models that refer to one another's files.
    Cycle,
}

fn too_many(tree: &ModuleTree<'_>, parent: InstanceId, position: usize) -> Diagnostic {
    let module = &tree.instance(parent).def.modules[position];
    Diagnostic::error(code::MODULE_LIMIT, module.span, "the modules together make the model too large")
        .with_label("this module goes beyond the limit")
        .with_hint(format!(
            "all instances together may have {MAX_ENTITIES} variables, and fewer when equations are long: \
             use arrays in the place of many modules"
        ))
}

/// An error for a name that is defined twice.
fn duplicate(what: &str, name: &str, span: Span, first: Span) -> Diagnostic {
    let shown = name::display(name);
    Diagnostic::error(code::DUPLICATE_NAME, span, format!("{what} `{shown}` is defined twice"))
        .with_label("defined again here")
        .with_place(first, "first defined here")
        .with_hint("names are the same when only case, spaces and underscores differ")
        .with_variable(shown)
}

impl<'a> ModuleTree<'a> {
    /// Adds an instance of a model or macro and, where it is a module's, tells its parent.
    fn add_scope(
        &mut self,
        body: usize,
        link: Link,
        prefix: String,
        dims: Vec<DimId>,
        diagnostics: &mut Diagnostics,
    ) -> InstanceId {
        let of = self.body(body);
        let def = of.def;
        if self.symbols[body].is_none() {
            let is_macro = body >= self.file.models.len();
            self.symbols[body] = Some(resolve_symbols(of, is_macro, diagnostics));
        }
        let id = InstanceId(u32::try_from(self.scopes.len()).expect("fewer instances than the limit"));
        let first_var = u32::try_from(self.owners.len()).expect("fewer variables than the limit");
        self.owners.extend((0..of.n_vars()).map(|_| id));
        let (mut path, mut axes, mut canonical_prefix) = (String::new(), Vec::new(), String::new());
        let (parent, module, is_hidden) = match link {
            Link::Root => (None, None, false),
            Link::Call(caller, link) => {
                (path, axes) = (link.path, link.axes);
                (Some(caller), None, true)
            }
            Link::Module(parent, position) => {
                let outer = &mut self.scopes[parent.0 as usize];
                path = format!("{}{}.", outer.path, name::display(&outer.def.modules[position].name.text));
                let module = name::canonical(&outer.def.modules[position].name.text);
                canonical_prefix = format!("{}{module}{}", outer.canonical_prefix, name::MODULE_SEPARATOR);
                axes.clone_from(&outer.axes);
                let own = (0u32..).zip(&dims).skip(outer.dims.len());
                axes.extend(own.map(|(n, &dim)| CallAxis { dim, at: Ok(n) }));
                outer.modules[position] = Some(id);
                self.named.entry(Key::new(&outer.def.modules[position].name.text)).or_default().push(id);
                (Some(parent), Some(&outer.def.modules[position]), outer.is_hidden)
            }
        };
        let modules = vec![None; def.modules.len()];
        self.scopes.push(ModuleInstance {
            prefix,
            canonical_prefix,
            def,
            module,
            parent,
            first_var,
            dims,
            axes,
            path,
            is_hidden,
            body,
            modules,
        });
        id
    }

    /// Adds an instance of every module in an instance, depth first. Whether there is room for all of them.
    pub(in crate::sema) fn add_modules(
        &mut self,
        instance: InstanceId,
        budget: &mut Budget,
        dims: &mut Dims,
        diagnostics: &mut Diagnostics,
    ) -> bool {
        let mut pending = module_positions(self, instance);
        while let Some((parent, position)) = pending.pop() {
            let Some(model) = check_module(self, parent, position, diagnostics) else { continue };
            let Some(of) = module_dims(self, parent, position, dims, diagnostics) else { continue };
            let outer = self.instance(parent);
            let prefix = format!("{}{}.", outer.prefix, name::display(&outer.def.modules[position].name.text));
            if !budget.take(self.body(model), &prefix) {
                diagnostics.report(too_many(self, parent, position));
                return false;
            }
            let id = self.add_scope(model, Link::Module(parent, position), prefix, of, diagnostics);
            pending.extend(module_positions(self, id));
        }
        true
    }

    /// Adds the instance of a call.
    pub(in crate::sema) fn add_call(
        &mut self,
        body: usize,
        caller: InstanceId,
        link: CallLink,
        prefix: String,
        dims: Vec<DimId>,
        diagnostics: &mut Diagnostics,
    ) -> InstanceId {
        self.add_scope(body, Link::Call(caller, link), prefix, dims, diagnostics)
    }

    /// A model, or the body of a macro.
    pub(in crate::sema) fn body(&self, body: usize) -> &'a Body<'a> {
        &self.bodies[body]
    }

    /// The body that a variable belongs to, and its position there.
    pub(in crate::sema) fn place_of(&self, var: VarId) -> (&'a Body<'a>, u32) {
        let instance = self.instance(self.owner(var));
        (self.body(instance.body), var.0 - instance.first_var)
    }

    /// The variable at another position of the same body.
    pub(in crate::sema) fn beside(&self, var: VarId, position: u32) -> VarId {
        VarId(self.instance(self.owner(var)).first_var + position)
    }

    /// The name of a model or macro.
    pub(in crate::sema) fn body_name(&self, body: usize) -> String {
        let n_models = self.file.models.len();
        let name = if body < n_models {
            self.file.models[body].name.as_ref()
        } else {
            Some(&self.file.macros[body - n_models].name)
        };
        name.map_or_else(|| "the root model".to_owned(), |name| name::display(&name.text))
    }

    /// The model of a name, as a whole-model's own modules see it, or in the file that a resource names: there a model of another
    /// name than all is the one without a name.
    fn find_model(&self, whole: u32, key: &Key, resource: Option<&Resource>) -> Result<usize, Unfound> {
        let mut resource = resource;
        let mut whole = whole;
        for _ in 0..MAX_DEPTH {
            let named = |whole: u32| self.models.get(&(whole, Some(key.clone())));
            let found = match resource {
                None => named(whole),
                Some(resource) => {
                    whole = resource.whole.ok_or(Unfound::Reported)?;
                    named(whole).or_else(|| self.models.get(&(whole, None)))
                }
            };
            let &model = found.ok_or(Unfound::Missing)?;
            resource = self.file.models[model].resource.as_ref();
            if resource.is_none() {
                return Ok(model);
            }
        }
        Err(Unfound::Cycle)
    }

    /// How many variables there are.
    pub(in crate::sema) fn n_vars(&self) -> usize {
        self.owners.len()
    }

    /// How many instances there are.
    pub(in crate::sema) fn n_scopes(&self) -> usize {
        self.scopes.len()
    }

    /// The variables of an instance with their ids.
    pub(in crate::sema) fn vars_of(&self, id: InstanceId) -> impl Iterator<Item = (VarId, &'a VarDef)> + use<'a> {
        let instance = self.instance(id);
        (instance.first_var..).map(VarId).zip(self.body(instance.body).vars())
    }

    /// The instance with this id.
    pub(in crate::sema) fn instance(&self, id: InstanceId) -> &ModuleInstance<'a> {
        &self.scopes[id.0 as usize]
    }

    /// The instances of modules of a name, wherever they are.
    pub(in crate::sema) fn instances_named(&self, name: &Key) -> &[InstanceId] {
        self.named.get(name).map_or(&[], Vec::as_slice)
    }

    /// All instances with their ids.
    pub(in crate::sema) fn iter_scopes(&self) -> impl Iterator<Item = (InstanceId, &ModuleInstance<'a>)> {
        (0u32..).map(InstanceId).zip(&self.scopes)
    }

    /// All variables in the order of their ids, with their instances.
    pub(in crate::sema) fn iter_vars(&self) -> impl Iterator<Item = (VarId, InstanceId, &'a VarDef)> {
        (0u32..).map(VarId).zip(&self.owners).map(|(var, &instance)| (var, instance, self.def(var)))
    }

    /// The definition of a variable.
    pub(in crate::sema) fn def(&self, var: VarId) -> &'a VarDef {
        let (body, position) = self.place_of(var);
        body.var(position as usize)
    }

    /// The instance of a variable.
    pub(in crate::sema) fn owner(&self, var: VarId) -> InstanceId {
        self.owners[var.0 as usize]
    }

    /// The name of a variable with its module path, as results and messages show it.
    pub(in crate::sema) fn var_name(&self, var: VarId) -> String {
        format!("{}{}", self.instance(self.owner(var)).prefix, name::display(&self.def(var).name.text))
    }

    /// The [canonical name](name::canonical) of a variable, those of its modules before it.
    pub(in crate::sema) fn canonical_name(&self, var: VarId) -> String {
        let prefix = &self.instance(self.owner(var)).canonical_prefix;
        format!("{prefix}{}", name::canonical(&self.def(var).name.text))
    }

    /// Names of variables and modules that can be written in an instance.
    pub(in crate::sema) fn names_in(&self, instance: InstanceId) -> impl Iterator<Item = &'a str> {
        let def = self.instance(instance).def;
        let vars = named(self.body(self.instance(instance).body)).map(|(var, _)| var.name.text.as_str());
        vars.chain(def.modules.iter().map(|module| module.name.text.as_str()))
    }

    /// Follows a path from an instance, or from the root when it is absolute.
    pub(in crate::sema) fn resolve_path(&self, from: InstanceId, path: &Path) -> Target {
        let start = if path.absolute { InstanceId::ROOT } else { from };
        self.walk(start, &path.parts, 0)
    }

    /// What a single name means in an instance.
    pub(in crate::sema) fn resolve_name(&self, instance: InstanceId, name: &Name) -> Target {
        self.walk(instance, std::slice::from_ref(name), 0)
    }

    /// Follows a path from its part with index `skip` on, starting in an instance.
    pub(in crate::sema) fn walk(&self, start: InstanceId, path: &[Name], skip: usize) -> Target {
        let mut instance = start;
        for (index, part) in path.iter().enumerate().skip(skip) {
            let is_last = index + 1 == path.len();
            match self.symbol(instance, &Key::new(&part.text)) {
                Some(Symbol::Var(position)) if is_last => {
                    return Target::Var(VarId(self.instance(instance).first_var + position));
                }
                Some(Symbol::Module(_)) if is_last => return Target::Module,
                Some(Symbol::Module(position)) => match self.instance(instance).modules[position as usize] {
                    Some(inner) => instance = inner,
                    None => return Target::Missing(index + 1, None),
                },
                Some(Symbol::Var(_)) | None => return Target::Missing(index, Some(instance)),
            }
        }
        Target::Module
    }

    /// The module of this name that is in an instance.
    pub(in crate::sema) fn has_module(&self, instance: InstanceId, name: &Key) -> bool {
        matches!(self.symbol(instance, name), Some(Symbol::Module(_)))
    }

    /// An instance, the one that holds it, and so on up to the root.
    pub(in crate::sema) fn ancestors(&self, instance: InstanceId) -> impl Iterator<Item = InstanceId> {
        std::iter::successors(Some(instance), |&instance| self.instance(instance).parent)
    }

    /// How many dimensions the innermost instance around both has.
    pub(in crate::sema) fn n_common_dims(&self, a: InstanceId, b: InstanceId) -> usize {
        let around: Vec<InstanceId> = self.ancestors(a).collect();
        let common = self.ancestors(b).find(|id| around.contains(id));
        common.map_or(0, |id| self.instance(id).dims.len())
    }

    fn symbol(&self, instance: InstanceId, name: &Key) -> Option<Symbol> {
        self.symbols[self.instance(instance).body].as_ref().and_then(|symbols| symbols.get(name).copied())
    }
}

/// The variables of a body that an equation can name, with their positions.
fn named<'b>(body: &'b Body<'_>) -> impl Iterator<Item = (&'b VarDef, u32)> {
    body.vars().zip(0u32..).filter(|&(_, position)| body.has_name(position))
}

/// The names of a model or macro; of two equal ones the first holds. The result of a macro is no name within it.
fn resolve_symbols(body: &Body<'_>, is_macro: bool, diagnostics: &mut Diagnostics) -> Symbols {
    let def = body.def;
    let n_named = body.n_vars() - usize::from(is_macro);
    let mut symbols = Symbols::with_capacity(n_named + def.modules.len());
    let mut places: HashMap<Key, Span> = HashMap::new();
    let named = named(body).filter(|&(_, position)| (position as usize) < n_named);
    let vars = named.map(|(var, position)| ("variable", &var.name, Symbol::Var(position)));
    let modules =
        def.modules.iter().zip(0u32..).map(|(module, position)| ("module", &module.name, Symbol::Module(position)));
    for (what, name, symbol) in vars.chain(modules) {
        let key = Key::new(&name.text);
        if let Some(&first) = places.get(&key) {
            diagnostics.report(duplicate(what, &name.text, name.span, first));
        } else {
            places.insert(key.clone(), name.span);
            symbols.insert(key, symbol);
        }
    }
    symbols
}
