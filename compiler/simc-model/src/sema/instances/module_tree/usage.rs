//! What macros and models do with their parameters: which are called, and which are read as arrays.
//!
//! A parameter is used as what it is handed on to uses it: a parameter of another macro or model, or an input of a module within.

use std::collections::HashMap;
use std::rc::Rc;

use super::ModuleTree;
use crate::builtin::{self, Builtin, Dialect, Meaning};
use crate::definition::{Access, Connection, EquationKind, ModuleDef, Name, Path, Spread, VarDef};
use crate::name::Key;
use crate::sema::instances::body::Body;
use crate::sema::instances::function::{self, Usage};

/// What each macro, and each model that may be called or is a module of one of these, does with its variables, by their positions. Of other
/// models nothing is known.
pub(in crate::sema) fn find_usages(tree: &ModuleTree<'_>) -> Vec<Vec<Usage>> {
    let n_models = tree.file.models.len();
    let n = n_models + tree.file.macros.len();
    let mut usages: Vec<Vec<Usage>> = vec![Vec::new(); n];
    let mut handed_on: HashMap<Place, Vec<Place>> = HashMap::new();
    let mut is_known: Vec<bool> = (0..n).map(|body| body >= n_models || is_callable(tree.body(body))).collect();
    let mut pending: Vec<usize> = (0..n).filter(|&body| is_known[body]).collect();
    let mut known: Vec<Known> = vec![Known::default(); n];
    while let Some(body) = pending.pop() {
        let mut scan = Scan::new(tree, body, &mut known);
        for def in tree.body(body).vars() {
            scan.variable(def);
        }
        for module in &tree.body(body).def.modules {
            let Some(model) = tree.model_of(body, module) else { continue };
            scan.connections(module, model);
            if !std::mem::replace(&mut is_known[model], true) {
                pending.push(model);
            }
        }
        for (from, to) in scan.passed {
            handed_on.entry(to).or_default().push((body, from));
        }
        usages[body] = scan.usages;
    }
    let mut pending: Vec<Place> =
        (0..n).flat_map(|body| (0..usages[body].len()).map(move |position| (body, position))).collect();
    while let Some((body, position)) = pending.pop() {
        let used = usages[body][position];
        for &(caller, handed) in handed_on.get(&(body, position)).into_iter().flatten() {
            let own = &mut usages[caller][handed];
            let all = Usage {
                // The dimensions of a model's variable are those that it declares.
                is_array: own.is_array || used.is_array && caller >= n_models,
                is_table: own.is_table || used.is_table,
                is_value: own.is_value || used.is_value,
            };
            if std::mem::replace(own, all) != all {
                pending.push((caller, handed));
            }
        }
    }
    usages
}

/// A body, and the position of a variable in it.
type Place = (usize, usize);

/// Variables by name, as positions in their body.
type Names = HashMap<Key, usize>;

/// What has been looked for of a body: each is found once, however often equations and connections ask for it.
#[derive(Clone, Default)]
struct Known {
    names: Option<Names>,
    /// Its modules by name, as positions among them.
    modules: Option<Names>,
    /// The positions of its parameters, in the order of the arguments of a call.
    params: Option<Rc<[u32]>>,
}

/// The first variables of a body by name.
fn names_of(body: &Body<'_>, n: usize) -> Names {
    let mut names = Names::new();
    for (def, position) in body.vars().zip(0u32..).take(n).filter(|&(_, position)| body.has_name(position)) {
        names.entry(Key::new(&def.name.text)).or_insert(position as usize);
    }
    names
}

/// The first module of each name.
fn modules_of(modules: &[ModuleDef]) -> Names {
    let mut names = Names::new();
    for (position, module) in modules.iter().enumerate() {
        names.entry(Key::new(&module.name.text)).or_insert(position);
    }
    names
}

/// Whether a model has an input and an output, as one that is called.
fn is_callable(model: &Body<'_>) -> bool {
    let has = |access: Access| function::with_access(model, access).next().is_some();
    model.def.name.is_some() && has(Access::Output) && has(Access::Input)
}

/// What a name with arguments is.
enum Callee {
    Builtin(&'static Builtin),
    /// A macro or model: which one, and the positions of its parameters.
    Function(usize, Rc<[u32]>),
}

/// Looks through the equations of a macro or model.
struct Scan<'s, 'a> {
    tree: &'s ModuleTree<'a>,
    body: usize,
    /// The parameters of the macro, or the variables of the model.
    names: Names,
    /// Of each body, what has been looked for.
    known: &'s mut [Known],
    usages: Vec<Usage>,
    /// What is handed on: from which position, to what.
    passed: Vec<(usize, Place)>,
}

impl<'s, 'a> Scan<'s, 'a> {
    fn new(tree: &'s ModuleTree<'a>, number: usize, known: &'s mut [Known]) -> Self {
        let body = tree.body(number);
        let n = match number.checked_sub(tree.file.models.len()) {
            Some(index) => tree.file.macros[index].n_params,
            None => body.n_vars(),
        };
        let declared = |def: &VarDef| Usage {
            is_array: !def.dims.is_empty(),
            // An input with a graphical function alone stands for one.
            is_table: def.access == Some(Access::Input) && has_table(def) && def.equation.is_none(),
            is_value: false,
        };
        let usages = body.vars().take(n).map(declared).collect();
        Self { tree, body: number, names: names_of(body, n), known, usages, passed: Vec::new() }
    }

    fn is_macro(&self) -> bool {
        self.body >= self.tree.file.models.len()
    }

    fn param(&self, path: &Path) -> Option<usize> {
        let [name] = path.parts.as_slice() else { return None };
        self.names.get(&Key::new(&name.text)).copied().filter(|_| !path.absolute)
    }

    fn variable(&mut self, def: &VarDef) {
        let own = def.elements.iter().filter_map(|element| element.equation.as_ref());
        for equation in def.equation.iter().chain(&def.list).chain(own) {
            self.equation(&equation.nodes.iter().map(|node| &node.kind).collect::<Vec<_>>());
        }
        for flow in def.inflows.iter().chain(&def.outflows) {
            if let Some(&param) = self.names.get(&Key::new(&flow.text)) {
                self.usages[param].is_value = true;
            }
        }
        if let Some(Spread::Dist(Some(name), _)) = &def.spread
            && let Some(&param) = self.names.get(&Key::new(&name.text))
        {
            self.usages[param].is_table = true;
        }
    }

    /// From the result down, so that each node knows whether it is reduced.
    fn equation(&mut self, nodes: &[&EquationKind]) {
        let mut is_reduced = vec![false; nodes.len()];
        // Names of graphical functions, and what is handed on.
        let mut is_name = vec![false; nodes.len()];
        for index in (0..nodes.len()).rev() {
            let reduced = is_reduced[index];
            let mut mark = |operands: &[u32], reduced: bool| {
                for &operand in operands {
                    is_reduced[operand as usize] |= reduced;
                }
            };
            match nodes[index] {
                EquationKind::Reference(path, subscripts) => {
                    if let Some(param) = self.param(path) {
                        self.usages[param].is_value |= !is_name[index];
                        self.usages[param].is_array |= self.is_macro() && (reduced || !subscripts.is_empty());
                    }
                }
                EquationKind::Call(path, args) | EquationKind::SubscriptedCall(path, _, args) => {
                    if let Some(param) = self.param(path) {
                        self.usages[param].is_table = true;
                        self.usages[param].is_array |= self.is_macro() && args.len() == 1;
                        continue;
                    }
                    match self.callee(path) {
                        None => {}
                        Some(Callee::Function(body, params)) => {
                            for (&node, &position) in args.iter().zip(params.iter()) {
                                if let Some(param) = nodes[node as usize].as_named().and_then(|path| self.param(path)) {
                                    is_name[node as usize] = true;
                                    self.passed.push((param, (body, position as usize)));
                                }
                            }
                        }
                        Some(Callee::Builtin(builtin)) => {
                            for (position, &arg) in args.iter().enumerate() {
                                mark(&[arg], reduced || reduces(builtin, args.len(), position));
                            }
                            for &table in args.iter().take(function::n_tables(builtin)) {
                                if let Some(param) = nodes[table as usize].as_named().and_then(|path| self.param(path))
                                {
                                    is_name[table as usize] = true;
                                    self.usages[param].is_table = true;
                                }
                            }
                        }
                    }
                }
                EquationKind::Unary(_, a) => mark(&[*a], reduced),
                EquationKind::Transpose(a) => mark(&[*a], true),
                EquationKind::Binary(_, a, b) => mark(&[*a, *b], reduced),
                EquationKind::InnerProduct(a, b) => mark(&[*a, *b], true),
                EquationKind::If(a, b, c) => mark(&[*a, *b, *c], reduced),
                EquationKind::Number(_)
                | EquationKind::Wildcard(_)
                | EquationKind::Range(..)
                | EquationKind::Position(_) => {}
            }
        }
    }

    /// What is called: within a macro that has the name of a builtin, the name means the builtin.
    fn callee(&mut self, path: &Path) -> Option<Callee> {
        let tree = self.tree;
        let (name, space) = match path.parts.as_slice() {
            _ if path.absolute => return None,
            [name] => (name, None),
            [space, name] => (name, Some(Key::new(&space.text))),
            _ => return None,
        };
        let key = Key::new(&name.text);
        let builtin = match space.as_ref().map(Key::as_str) {
            None | Some("std" | "isee") => builtin::find(tree.file.dialect, &key),
            Some("vensim") => builtin::find(Dialect::Vensim, &key),
            Some(_) => None,
        };
        let is_of = |index: &usize| match &space {
            None => true,
            Some(space) => tree.file.macros[*index].namespace.as_ref().is_some_and(|own| Key::new(own) == *space),
        };
        let n_models = tree.file.models.len();
        let whole = tree.body(self.body).def.whole;
        let found = tree.find_macro(whole, &key).ok().flatten();
        let found = found.filter(is_of).map(|index| (n_models + index, index));
        match (found, builtin) {
            (Some((body, index)), builtin) if builtin.is_none() || body != self.body => {
                let n_params = u32::try_from(tree.file.macros[index].n_params).unwrap_or(u32::MAX);
                Some(Callee::Function(body, self.params(body, || (0..n_params).collect())))
            }
            (_, Some(builtin)) => Some(Callee::Builtin(builtin)),
            (_, None) if space.is_none() => {
                let model = tree.find_callable(whole, &key)?;
                let inputs = || function::inputs(tree.body(model)).map(|(position, _)| position).collect();
                Some(Callee::Function(model, self.params(model, inputs)))
            }
            (_, None) => None,
        }
    }

    /// The parameters of a body.
    fn params(&mut self, body: usize, find: impl FnOnce() -> Rc<[u32]>) -> Rc<[u32]> {
        Rc::clone(self.known[body].params.get_or_insert_with(find))
    }

    /// What a module within is connected to.
    fn connections(&mut self, module: &ModuleDef, model: usize) {
        for connection in &module.connections {
            if let Some(from) = self.param(&connection.from)
                && let Some(to) = self.find_input(module, model, connection)
            {
                self.passed.push((from, to));
            }
        }
    }

    /// The variable that a connection of a module leads to: in the module, or in one beside it.
    fn find_input(&mut self, module: &ModuleDef, model: usize, connection: &Connection) -> Option<Place> {
        let parts = connection.to.parts.as_slice();
        let (first, rest) = parts.split_first()?;
        if rest.is_empty() || Key::new(&first.text) == Key::new(&module.name.text) {
            return self.walk(model, if rest.is_empty() { parts } else { rest });
        }
        self.walk(self.body, parts).or_else(|| self.walk(model, parts))
    }

    fn walk(&mut self, from: usize, path: &[Name]) -> Option<Place> {
        let (last, modules) = path.split_last()?;
        let mut body = from;
        for name in modules {
            let modules = &self.tree.body(body).def.modules;
            let by_name = self.known[body].modules.get_or_insert_with(|| modules_of(modules));
            let module = &modules[*by_name.get(&Key::new(&name.text))?];
            body = self.tree.model_of(body, module)?;
        }
        let of = self.tree.body(body);
        let names = self.known[body].names.get_or_insert_with(|| names_of(of, of.n_vars()));
        Some((body, *names.get(&Key::new(&last.text))?))
    }
}

/// Whether a definition has a graphical function.
fn has_table(def: &VarDef) -> bool {
    def.table.is_some() || def.elements.iter().any(|element| element.table.is_some())
}

/// Whether a builtin takes whole arrays as the argument at a position.
fn reduces(builtin: &Builtin, n_args: usize, position: usize) -> bool {
    let kind = builtin.params.get(position).map(|param| param.kind);
    match builtin.meaning {
        Meaning::Size => true,
        // Of several numbers it reduces none of them.
        Meaning::Reduce(_) => n_args == 1,
        Meaning::Rank | Meaning::Vector(_) => kind.is_some_and(|kind| kind.vector_part().is_list()),
        Meaning::ElementMap(_) | Meaning::Interpolate => position == 0,
        Meaning::Fold(_) => n_args == 1,
        Meaning::Own
        | Meaning::ActiveInitial
        | Meaning::TimeBase
        | Meaning::Composed(_)
        | Meaning::IsNan
        | Meaning::Pure(_)
        | Meaning::Binary(_)
        | Meaning::If
        | Meaning::State(_)
        | Meaning::Lookup(_)
        | Meaning::Draw(_)
        | Meaning::VensimDraw(_)
        | Meaning::Memory(_)
        | Meaning::Transport(_)
        | Meaning::Constant(_)
        | Meaning::Run(_)
        | Meaning::Time
        | Meaning::Unsupported => false,
    }
}
