//! Instances of models: which there are, what names mean in each, and how a path leads from one to another.
//!
//! The variables of an instance have consecutive ids in the order of their definition, so an id is the instance's first one
//! plus the position in its `<model>`. A call of a macro is an instance like any other, made when the equation is read.

use std::collections::HashMap;

use crate::definition::{BeltPart, Definition, GroupDef, ModelDef, ModuleDef, Name, Path, Resource, VarDef};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{DimId, VarId};
use crate::name::{self, Key};
use crate::sema::Problems;
use crate::sema::dimension::Dims;
use crate::sema::function::{self, Function};
use crate::source::Span;

/// Modules may nest this deep.
pub(super) const MAX_DEPTH: usize = 64;

/// All instances together may have this many variables and modules.
pub(super) const MAX_ENTITIES: usize = 1_000_000;

/// What all instances but the root may weigh together: see [`weight`]. It bounds memory where a small file repeats a large model.
const MAX_WEIGHT: usize = 1 << 24;

/// Index of a [`Scope`] in [`World::scopes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ScopeId(pub(super) u32);

impl ScopeId {
    /// The instance of the root model.
    pub(super) const ROOT: ScopeId = ScopeId(0);
}

/// All instances.
pub(super) struct World<'a> {
    /// The file.
    pub(super) file: &'a Definition,
    /// The root's instance first, every other one behind the instance that holds it.
    pub(super) scopes: Vec<Scope<'a>>,
    /// Macros, and models that can be called.
    pub(super) functions: Vec<Function<'a>>,
    /// Macros by name, as positions among the functions.
    pub(super) macros: HashMap<Key, usize>,
    /// Models by the whole-model that they are part of and their name; a root has none.
    models: HashMap<(u32, Option<Key>), usize>,
    /// What names mean, for each body that is used.
    symbols: Vec<Option<Symbols>>,
    /// The parts of flows, for each model that is used: positions in [`ModelDef::vars`].
    flow_parts: Vec<Option<HashMap<u32, u32>>>,
    /// The instance of each variable.
    owners: Vec<ScopeId>,
}

/// One use of a model or macro.
pub(super) struct Scope<'a> {
    /// What stands before the names of its variables: nothing in the root, else `Instance.`.
    pub(super) prefix: String,
    /// The model, or the body of the macro.
    pub(super) def: &'a ModelDef,
    /// The `<module>` that makes this instance; absent in the root and for a call.
    pub(super) module: Option<&'a ModuleDef>,
    /// The instance in which that `<module>` or call stands.
    pub(super) parent: Option<ScopeId>,
    /// Id of the first variable.
    pub(super) first_var: u32,
    /// The dimensions that all its variables have in front of their own: those of the arrayed modules around, or of the call.
    pub(super) dims: Vec<DimId>,
    /// Whether it is a call, or stands within one: nobody sees its variables.
    pub(super) is_hidden: bool,
    /// The model or macro: models are numbered as in the file, macros behind them.
    pub(super) body: usize,
    /// Instances of its own modules; absent where one could not be made.
    modules: Vec<Option<ScopeId>>,
}

/// What a name means within a model; positions count within [`ModelDef::vars`] and [`ModelDef::modules`].
#[derive(Clone, Copy, Debug)]
enum Symbol {
    Var(u32),
    Module(u32),
}

type Symbols = HashMap<Key, Symbol>;

/// What all instances take together.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Budget {
    n_entities: usize,
    weight: usize,
}

impl Budget {
    /// Adds an instance. Whether there is room for it.
    pub(super) fn take(&mut self, def: &ModelDef, prefix: &str) -> bool {
        let n_new = 1 + def.vars.len();
        self.n_entities += n_new;
        self.weight += weight(def) + n_new * prefix.len() / BYTES_PER_WEIGHT;
        self.n_entities <= MAX_ENTITIES && self.weight <= MAX_WEIGHT
    }
}

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A variable.
    Var(VarId),
    /// A module itself.
    Module,
    /// Nothing: the part with this index is not a name in the scope. No scope is known within a module that could not be made,
    /// which has been reported.
    Missing(usize, Option<ScopeId>),
}

/// The model that runs: the first one without a name, or the first. When it is kept in another file, the model there.
pub(super) fn root_model(file: &Definition) -> Option<usize> {
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
pub(super) fn resolve_modules<'a>(
    file: &'a Definition,
    root: usize,
    dims: &mut Dims,
    problems: &mut Problems,
) -> Option<(World<'a>, Budget)> {
    let models = find_models(file, problems);
    let (functions, macros) = function::find_functions(file, problems);
    let symbols = (0..file.models.len() + file.macros.len()).map(|_| None).collect();
    let flow_parts = (0..file.models.len() + file.macros.len()).map(|_| None).collect();
    let mut world =
        World { file, scopes: Vec::new(), functions, macros, models, symbols, flow_parts, owners: Vec::new() };
    let mut budget = Budget { n_entities: file.models[root].vars.len(), weight: 0 };
    let root = world.add_scope(root, Link::Root, String::new(), Vec::new(), problems);
    let is_whole = world.add_modules(root, &mut budget, dims, problems);
    is_whole.then_some((world, budget))
}

/// What an instance is.
#[derive(Clone, Copy)]
enum Link {
    Root,
    Module(ScopeId, usize),
    Call(ScopeId),
}

/// The modules of an instance, last one first.
fn module_positions(world: &World<'_>, scope: ScopeId) -> Vec<(ScopeId, usize)> {
    (0..world.scope(scope).def.modules.len()).rev().map(|position| (scope, position)).collect()
}

/// Bytes of text that weigh as much as a node of an equation.
const BYTES_PER_WEIGHT: usize = 16;

/// About how much one instance of a model takes: variables, nodes of equations, points of tables and texts.
fn weight(def: &ModelDef) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let of_var = |var: &VarDef| {
        let own = var.elements.iter().filter_map(|element| element.equation.as_ref());
        let equations = var.equation.iter().chain(&var.list).chain(own);
        let nodes: usize = equations.map(|equation| equation.nodes.len()).sum();
        let tables = var.table.iter().chain(var.elements.iter().filter_map(|element| element.table.as_ref()));
        let points: usize = tables.map(|table| table.ys.len()).sum();
        let bytes = var.name.text.len() + var.units.as_ref().map_or(0, |units| units.text.len()) + text(&var.doc);
        1 + nodes + points + var.elements.len() + var.inflows.len() + var.outflows.len() + bytes / BYTES_PER_WEIGHT
    };
    let of_group = |group: &GroupDef| {
        let bytes: usize = group.members.iter().chain([&group.name]).map(|name| name.text.len()).sum();
        1 + group.members.len() + (bytes + text(&group.doc)) / BYTES_PER_WEIGHT
    };
    let groups: usize = def.groups.iter().map(of_group).sum();
    def.vars.iter().map(of_var).sum::<usize>() + def.modules.len() + groups
}

/// Models by name; of two equal ones the first holds.
fn find_models(file: &Definition, problems: &mut Problems) -> HashMap<(u32, Option<Key>), usize> {
    let mut models: HashMap<(u32, Option<Key>), usize> = HashMap::new();
    for (position, model) in file.models.iter().enumerate() {
        let key = (model.whole, model.name.as_ref().map(|name| Key::new(&name.text)));
        let first = *models.entry(key).or_insert(position);
        if let (Some(name), Some(other)) = (&model.name, file.models[first].name.as_ref())
            && first != position
        {
            problems.report(duplicate("model", &name.text, name.span, other.span));
        }
    }
    models
}

/// The model of a module, when it can be instantiated.
fn check_module(world: &World<'_>, parent: ScopeId, position: usize, problems: &mut Problems) -> Option<usize> {
    let scope = world.scope(parent);
    let module = &scope.def.modules[position];
    let name = module.model.as_ref().unwrap_or(&module.name);
    let shown = name::display(&name.text);
    let model = match world.find_model(scope.def.whole, &Key::new(&name.text), module.resource.as_ref()) {
        Ok(model) => model,
        Err(Unfound::Reported) => return None,
        Err(Unfound::Circle) => {
            let message = format!("model `{shown}` is kept in a file that refers to another one for it, and so on");
            problems.report(Diagnostic::error(code::RECURSIVE_MODULE, module.span, message));
            return None;
        }
        Err(Unfound::Missing) => {
            let models = world.file.models.iter().filter(|model| model.whole == scope.def.whole);
            let names = models.filter_map(|model| model.name.as_ref()).map(|name| name.text.as_str());
            let mut diagnostic =
                Diagnostic::error(code::UNKNOWN_MODEL, name.span, format!("the file has no model named `{shown}`"))
                    .with_variable(format!("{}{}", scope.prefix, name::display(&module.name.text)))
                    .with_label("no `<model>` element has this name");
            diagnostic.hint = problems.suggest(&name.text, names);
            problems.report(diagnostic);
            return None;
        }
    };
    let chain: Vec<usize> = world.ancestors(parent).map(|scope| world.scope(scope).body).collect();
    if chain.contains(&model) {
        let message = format!("model `{shown}` contains itself");
        problems.report(
            Diagnostic::error(code::RECURSIVE_MODULE, module.span, message)
                .with_label("this module is an instance of a model that it is part of")
                .with_hint("a model can be used any number of times, but not within itself"),
        );
        return None;
    }
    if chain.len() > MAX_DEPTH {
        let message = format!("modules nest deeper than {MAX_DEPTH} levels");
        problems.report(Diagnostic::error(code::MODULE_LIMIT, module.span, message).with_label("this one is too deep"));
        return None;
    }
    Some(model)
}

/// The dimensions of a module's variables: those of its instance's surroundings, then its own.
fn module_dims(
    world: &World<'_>,
    parent: ScopeId,
    position: usize,
    dims: &mut Dims,
    problems: &mut Problems,
) -> Option<Vec<DimId>> {
    let scope = world.scope(parent);
    let module = &scope.def.modules[position];
    let mut of = scope.dims.clone();
    for written in &module.dims {
        let Some(dim) = dims.find(&written.text) else {
            let message = format!("unknown dimension `{}`", name::display(&written.text));
            let mut error = Diagnostic::error(code::UNKNOWN_DIMENSION, written.span, message).with_variable(format!(
                "{}{}",
                scope.prefix,
                name::display(&module.name.text)
            ));
            error.hint = problems.suggest(&written.text, dims.names());
            problems.report(error);
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
    Circle,
}

fn too_many(world: &World<'_>, parent: ScopeId, position: usize) -> Diagnostic {
    let module = &world.scope(parent).def.modules[position];
    Diagnostic::error(code::MODULE_LIMIT, module.span, "the modules together make the model too large")
        .with_label("this module goes beyond the limit")
        .with_hint(format!(
            "all instances together may have {MAX_ENTITIES} variables, and fewer when equations are long"
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

impl<'a> World<'a> {
    /// Adds an instance of a model or macro and, where it is a module's, tells its parent.
    fn add_scope(
        &mut self,
        body: usize,
        link: Link,
        prefix: String,
        dims: Vec<DimId>,
        problems: &mut Problems,
    ) -> ScopeId {
        let def = self.body(body);
        if self.symbols[body].is_none() {
            let is_macro = body >= self.file.models.len();
            self.symbols[body] = Some(resolve_symbols(def, is_macro, problems));
            let parts = def.vars.iter().zip(0u32..).filter_map(|(var, position)| Some((var.part?.of, position)));
            self.flow_parts[body] = Some(parts.collect());
        }
        let id = ScopeId(u32::try_from(self.scopes.len()).expect("fewer instances than the limit"));
        let first_var = u32::try_from(self.owners.len()).expect("fewer variables than the limit");
        self.owners.extend(def.vars.iter().map(|_| id));
        let (parent, module, is_hidden) = match link {
            Link::Root => (None, None, false),
            Link::Call(caller) => (Some(caller), None, true),
            Link::Module(parent, position) => {
                let outer = &mut self.scopes[parent.0 as usize];
                outer.modules[position] = Some(id);
                (Some(parent), Some(&outer.def.modules[position]), outer.is_hidden)
            }
        };
        let modules = vec![None; def.modules.len()];
        self.scopes.push(Scope { prefix, def, module, parent, first_var, dims, is_hidden, body, modules });
        id
    }

    /// Adds an instance of every module in an instance, depth first. Whether there is room for all of them.
    pub(super) fn add_modules(
        &mut self,
        scope: ScopeId,
        budget: &mut Budget,
        dims: &mut Dims,
        problems: &mut Problems,
    ) -> bool {
        let mut pending = module_positions(self, scope);
        while let Some((parent, position)) = pending.pop() {
            let Some(model) = check_module(self, parent, position, problems) else { continue };
            let Some(of) = module_dims(self, parent, position, dims, problems) else { continue };
            let outer = self.scope(parent);
            let prefix = format!("{}{}.", outer.prefix, name::display(&outer.def.modules[position].name.text));
            if !budget.take(self.body(model), &prefix) {
                problems.report(too_many(self, parent, position));
                return false;
            }
            let id = self.add_scope(model, Link::Module(parent, position), prefix, of, problems);
            pending.extend(module_positions(self, id));
        }
        true
    }

    /// Adds the instance of a call.
    pub(super) fn add_call(
        &mut self,
        body: usize,
        caller: ScopeId,
        prefix: String,
        dims: Vec<DimId>,
        problems: &mut Problems,
    ) -> ScopeId {
        self.add_scope(body, Link::Call(caller), prefix, dims, problems)
    }

    /// A model, or the body of a macro.
    pub(super) fn body(&self, body: usize) -> &'a ModelDef {
        let n_models = self.file.models.len();
        if body < n_models { &self.file.models[body] } else { &self.file.macros[body - n_models].body }
    }

    /// The name of a model or macro.
    pub(super) fn body_name(&self, body: usize) -> String {
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
        Err(Unfound::Circle)
    }

    /// The model of a name that an equation of a whole-model may call.
    pub(super) fn find_callable(&self, whole: u32, key: &Key) -> Option<usize> {
        self.find_model(whole, key, None).ok()
    }

    /// How many variables there are.
    pub(super) fn n_vars(&self) -> usize {
        self.owners.len()
    }

    /// How many instances there are.
    pub(super) fn n_scopes(&self) -> usize {
        self.scopes.len()
    }

    /// The variables of an instance with their ids.
    pub(super) fn vars_of(&self, id: ScopeId) -> impl Iterator<Item = (VarId, &'a VarDef)> + use<'a> {
        let scope = self.scope(id);
        (scope.first_var..).map(VarId).zip(&scope.def.vars)
    }

    /// The instance with this id.
    pub(super) fn scope(&self, id: ScopeId) -> &Scope<'a> {
        &self.scopes[id.0 as usize]
    }

    /// All instances with their ids.
    pub(super) fn iter_scopes(&self) -> impl Iterator<Item = (ScopeId, &Scope<'a>)> {
        (0u32..).map(ScopeId).zip(&self.scopes)
    }

    /// All variables in the order of their ids, with their instances.
    pub(super) fn iter_vars(&self) -> impl Iterator<Item = (VarId, ScopeId, &'a VarDef)> {
        (0u32..).map(VarId).zip(&self.owners).map(|(var, &scope)| (var, scope, self.def(var)))
    }

    /// The definition of a variable.
    pub(super) fn def(&self, var: VarId) -> &'a VarDef {
        let scope = self.scope(self.owner(var));
        &scope.def.vars[(var.0 - scope.first_var) as usize]
    }

    /// The instance of a variable.
    pub(super) fn owner(&self, var: VarId) -> ScopeId {
        self.owners[var.0 as usize]
    }

    /// The name of a variable with its module path, as results and messages show it.
    pub(super) fn var_name(&self, var: VarId) -> String {
        format!("{}{}", self.scope(self.owner(var)).prefix, name::display(&self.def(var).name.text))
    }

    /// The same, with what it says behind it when it is a part of that variable.
    pub(super) fn shown_name(&self, var: VarId) -> String {
        match self.def(var).part {
            Some(part) => format!("{}: {}", self.var_name(var), part.what.name()),
            None => self.var_name(var),
        }
    }

    /// The variable that is meant where one speaks of itself: of a part, the whole.
    pub(super) fn whole_of(&self, var: VarId) -> VarId {
        let first = self.scope(self.owner(var)).first_var;
        self.def(var).part.map_or(var, |part| VarId(first + part.of))
    }

    /// The variable of an equation of a belt.
    pub(super) fn belt_part(&self, stock: VarId, what: BeltPart) -> Option<VarId> {
        let first = self.scope(self.owner(stock)).first_var;
        let belt = self.def(stock).belt.as_ref()?;
        belt.parts.iter().find(|(known, _)| *known == what).map(|&(_, position)| VarId(first + position))
    }

    /// The position in its `<model>` of the equation that has been taken out of a flow.
    pub(super) fn parts_of(&self, flow: VarId) -> Option<u32> {
        let scope = self.scope(self.owner(flow));
        let parts = self.flow_parts[scope.body].as_ref()?;
        parts.get(&(flow.0 - scope.first_var)).copied()
    }

    /// Names of variables and modules that can be written in an instance.
    pub(super) fn names_in(&self, scope: ScopeId) -> impl Iterator<Item = &'a str> {
        let def = self.scope(scope).def;
        let vars = def.vars.iter().filter(|var| var.part.is_none()).map(|var| var.name.text.as_str());
        vars.chain(def.modules.iter().map(|module| module.name.text.as_str()))
    }

    /// Follows a path from an instance, or from the root when it is absolute.
    pub(super) fn resolve_path(&self, from: ScopeId, path: &Path) -> Target {
        let start = if path.absolute { ScopeId::ROOT } else { from };
        self.walk(start, &path.parts, 0)
    }

    /// What a single name means in an instance.
    pub(super) fn resolve_name(&self, scope: ScopeId, name: &Name) -> Target {
        self.walk(scope, std::slice::from_ref(name), 0)
    }

    /// Follows a path from its part with index `skip` on, starting in an instance.
    pub(super) fn walk(&self, start: ScopeId, path: &[Name], skip: usize) -> Target {
        let mut scope = start;
        for (index, part) in path.iter().enumerate().skip(skip) {
            let is_last = index + 1 == path.len();
            match self.symbol(scope, &Key::new(&part.text)) {
                Some(Symbol::Var(position)) if is_last => {
                    return Target::Var(VarId(self.scope(scope).first_var + position));
                }
                Some(Symbol::Module(_)) if is_last => return Target::Module,
                Some(Symbol::Module(position)) => match self.scope(scope).modules[position as usize] {
                    Some(inner) => scope = inner,
                    None => return Target::Missing(index + 1, None),
                },
                Some(Symbol::Var(_)) | None => return Target::Missing(index, Some(scope)),
            }
        }
        Target::Module
    }

    /// The module of this name that stands in an instance.
    pub(super) fn has_module(&self, scope: ScopeId, name: &Key) -> bool {
        matches!(self.symbol(scope, name), Some(Symbol::Module(_)))
    }

    /// An instance, the one that holds it, and so on up to the root.
    pub(super) fn ancestors(&self, scope: ScopeId) -> impl Iterator<Item = ScopeId> {
        std::iter::successors(Some(scope), |&scope| self.scope(scope).parent)
    }

    fn symbol(&self, scope: ScopeId, name: &Key) -> Option<Symbol> {
        self.symbols[self.scope(scope).body].as_ref().and_then(|symbols| symbols.get(name).copied())
    }
}

/// The names of a model or macro; of two equal ones the first holds. The result of a macro is no name within it.
fn resolve_symbols(def: &ModelDef, is_macro: bool, problems: &mut Problems) -> Symbols {
    let n_named = def.vars.len() - usize::from(is_macro);
    let mut symbols = Symbols::with_capacity(def.vars.len() + def.modules.len());
    let mut places: HashMap<Key, Span> = HashMap::new();
    let named = def.vars[..n_named].iter().zip(0u32..).filter(|(var, _)| var.part.is_none());
    let vars = named.map(|(var, position)| ("variable", &var.name, Symbol::Var(position)));
    let modules =
        def.modules.iter().zip(0u32..).map(|(module, position)| ("module", &module.name, Symbol::Module(position)));
    for (what, name, symbol) in vars.chain(modules) {
        let key = Key::new(&name.text);
        if let Some(&first) = places.get(&key) {
            problems.report(duplicate(what, &name.text, name.span, first));
        } else {
            places.insert(key.clone(), name.span);
            symbols.insert(key, symbol);
        }
    }
    symbols
}
