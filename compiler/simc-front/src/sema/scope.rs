//! Instances of models: which there are, what names mean in each, and how a path leads from one to another.
//!
//! The variables of an instance have consecutive ids in the order of their definition, so an id is the instance's first one
//! plus the position in its `<model>`.

use std::collections::{HashMap, HashSet};

use crate::ast::{BeltPart, File, ModelDef, ModuleDef, Name, Path, VarDef};
use crate::diagnostic::{Diagnostic, code};
use crate::model::VarId;
use crate::name::{self, Key};
use crate::sema::Problems;
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
    pub(super) file: &'a File,
    /// The root's instance first, every other one behind the instance that holds it.
    pub(super) scopes: Vec<Scope<'a>>,
    /// Names of macros, which are refused.
    pub(super) macros: HashSet<Key>,
    /// What names mean, for each model of the file that is used.
    symbols: Vec<Option<Symbols>>,
    /// The parts of flows, for each model that is used: positions in [`ModelDef::vars`].
    flow_parts: Vec<Option<HashMap<u32, u32>>>,
    /// The instance of each variable.
    owners: Vec<ScopeId>,
}

/// One use of a model.
pub(super) struct Scope<'a> {
    /// What stands before the names of its variables: nothing in the root, else `Instance.`.
    pub(super) prefix: String,
    /// The model.
    pub(super) def: &'a ModelDef,
    /// The `<module>` that makes this instance; absent in the root.
    pub(super) module: Option<&'a ModuleDef>,
    /// The instance in which that `<module>` stands.
    pub(super) parent: Option<ScopeId>,
    /// Id of the first variable.
    pub(super) first_var: u32,
    /// Position of the model in the file.
    model: usize,
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

/// The model that runs: the first one without a name, or the first.
pub(super) fn root_model(file: &File) -> Option<usize> {
    let unnamed = file.models.iter().position(|model| model.name.is_none());
    unnamed.or(if file.models.is_empty() { None } else { Some(0) })
}

/// Makes an instance of the root model and of every module in it, depth first in the order of the file. There is no
/// result when they are too many or too large, which is reported.
pub(super) fn resolve_modules<'a>(file: &'a File, root: usize, problems: &mut Problems) -> Option<World<'a>> {
    let models = find_models(file, problems);
    let symbols = file.models.iter().map(|_| None).collect();
    let macros = file.macros.iter().map(|name| Key::new(&name.text)).collect();
    let flow_parts = file.models.iter().map(|_| None).collect();
    let mut world = World { file, scopes: Vec::new(), macros, symbols, flow_parts, owners: Vec::new() };
    world.add_scope(root, None, String::new(), problems);
    let weights: Vec<usize> = file.models.iter().map(weight).collect();
    let mut n_entities = file.models[root].vars.len();
    let mut total_weight = 0;
    let mut pending: Vec<(ScopeId, usize)> = module_positions(&world, ScopeId::ROOT);
    while let Some((parent, position)) = pending.pop() {
        let Some(model) = check_module(&world, &models, parent, position, problems) else { continue };
        let scope = world.scope(parent);
        let prefix = format!("{}{}.", scope.prefix, name::display(&scope.def.modules[position].name.text));
        let n_new = 1 + file.models[model].vars.len();
        n_entities += n_new;
        total_weight += weights[model] + n_new * prefix.len() / BYTES_PER_WEIGHT;
        if n_entities > MAX_ENTITIES || total_weight > MAX_WEIGHT {
            problems.report(too_many(&world, parent, position));
            return None;
        }
        let id = world.add_scope(model, Some((parent, position)), prefix, problems);
        pending.extend(module_positions(&world, id));
    }
    Some(world)
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
    def.vars.iter().map(of_var).sum::<usize>() + def.modules.len()
}

/// The modules of an instance, last one first.
fn module_positions(world: &World<'_>, scope: ScopeId) -> Vec<(ScopeId, usize)> {
    (0..world.scope(scope).def.modules.len()).rev().map(|position| (scope, position)).collect()
}

/// Named models by name.
fn find_models(file: &File, problems: &mut Problems) -> HashMap<Key, usize> {
    let mut models: HashMap<Key, usize> = HashMap::new();
    for (position, model) in file.models.iter().enumerate() {
        let Some(name) = &model.name else { continue };
        if let Some(&first) = models.get(&Key::new(&name.text)) {
            let place = file.models[first].name.as_ref().map_or(name.span, |name| name.span);
            problems.report(duplicate("model", &name.text, name.span, place));
        } else {
            models.insert(Key::new(&name.text), position);
        }
    }
    models
}

/// The model of a module, when it can be instantiated.
fn check_module(
    world: &World<'_>,
    models: &HashMap<Key, usize>,
    parent: ScopeId,
    position: usize,
    problems: &mut Problems,
) -> Option<usize> {
    let scope = world.scope(parent);
    let module = &scope.def.modules[position];
    let name = module.model.as_ref().unwrap_or(&module.name);
    let shown = name::display(&name.text);
    let Some(&model) = models.get(&Key::new(&name.text)) else {
        let names = world.file.models.iter().filter_map(|model| model.name.as_ref()).map(|name| name.text.as_str());
        let mut diagnostic =
            Diagnostic::error(code::UNKNOWN_MODEL, name.span, format!("the file has no model named `{shown}`"))
                .with_variable(format!("{}{}", scope.prefix, name::display(&module.name.text)))
                .with_label("no `<model>` element has this name");
        diagnostic.hint = problems.suggest(&name.text, names);
        problems.report(diagnostic);
        return None;
    };
    let chain: Vec<usize> = world.ancestors(parent).map(|scope| world.scope(scope).model).collect();
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
    /// Adds an instance of a model and, where it is a module's, tells its parent.
    fn add_scope(
        &mut self,
        model: usize,
        place: Option<(ScopeId, usize)>,
        prefix: String,
        problems: &mut Problems,
    ) -> ScopeId {
        let def = &self.file.models[model];
        if self.symbols[model].is_none() {
            self.symbols[model] = Some(resolve_symbols(def, problems));
            let parts = def.vars.iter().zip(0u32..).filter_map(|(var, position)| Some((var.part?.of, position)));
            self.flow_parts[model] = Some(parts.collect());
        }
        let id = ScopeId(u32::try_from(self.scopes.len()).expect("fewer instances than the limit"));
        let first_var = u32::try_from(self.owners.len()).expect("fewer variables than the limit");
        self.owners.extend(def.vars.iter().map(|_| id));
        let module = place.map(|(parent, position)| {
            let parent = &mut self.scopes[parent.0 as usize];
            parent.modules[position] = Some(id);
            &parent.def.modules[position]
        });
        let parent = place.map(|(parent, _)| parent);
        self.scopes.push(Scope {
            prefix,
            def,
            module,
            parent,
            first_var,
            model,
            modules: vec![None; def.modules.len()],
        });
        id
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
        let parts = self.flow_parts[scope.model].as_ref()?;
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
    fn ancestors(&self, scope: ScopeId) -> impl Iterator<Item = ScopeId> {
        std::iter::successors(Some(scope), |&scope| self.scope(scope).parent)
    }

    fn symbol(&self, scope: ScopeId, name: &Key) -> Option<Symbol> {
        self.symbols[self.scope(scope).model].as_ref().and_then(|symbols| symbols.get(name).copied())
    }
}

/// The names of a model; of two equal ones the first holds.
fn resolve_symbols(def: &ModelDef, problems: &mut Problems) -> Symbols {
    let mut symbols = Symbols::with_capacity(def.vars.len() + def.modules.len());
    let mut places: HashMap<Key, Span> = HashMap::new();
    let named = def.vars.iter().zip(0u32..).filter(|(var, _)| var.part.is_none());
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
