//! Functions that the model defines: macros, and models with inputs and one output that are called like one.

use std::collections::HashMap;

use crate::builtin::{self, Builtin, Dialect, LookupFn, Meaning};
use crate::definition::{Access, DefKind, Definition, EquationKind, MacroDef, Name, Path, VarDef};
use crate::diagnostic::{Diagnostic, code};
use crate::name::{self, Key};
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::instances::body::Body;

/// Something that can be called, and what its parameters are.
#[derive(Clone, Debug)]
pub(in crate::sema) struct Function<'a> {
    /// The name.
    pub(in crate::sema) name: &'a Name,
    /// What a call makes an instance of.
    pub(in crate::sema) body: usize,
    /// The parameters, as positions among the variables of the body.
    pub(in crate::sema) params: Vec<Param<'a>>,
    /// How many arguments there must be.
    pub(in crate::sema) n_required: usize,
    /// The result, as a position among the variables of the body; none when a model does not have exactly one output.
    pub(in crate::sema) result: Option<u32>,
    /// An error in the definition has been reported.
    pub(in crate::sema) reported: bool,
}

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub(in crate::sema) struct Param<'a> {
    /// Its position among the variables of the body.
    pub(in crate::sema) position: u32,
    /// Its definition.
    pub(in crate::sema) def: &'a VarDef,
    /// What the body does with it.
    pub(in crate::sema) usage: Usage,
}

/// What a body does with a parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::sema) struct Usage {
    /// It is subscripted or reduced: an array is bound as a whole. Otherwise its elements are bound one by one.
    pub(in crate::sema) is_array: bool,
    /// It is called, or looked up: a graphical function is passed on.
    pub(in crate::sema) is_table: bool,
}

/// All functions of a file, and the macros among them by name. Of two macros of one name the first holds.
pub(in crate::sema) fn find_functions<'a>(
    file: &'a Definition,
    bodies: &'a [Body<'a>],
    diagnostics: &mut Diagnostics,
) -> (Vec<Function<'a>>, HashMap<Key, usize>) {
    let mut macros: HashMap<Key, usize> = HashMap::new();
    for (position, definition) in file.macros.iter().enumerate() {
        let first = *macros.entry(Key::new(&definition.name.text)).or_insert(position);
        if first != position {
            let (name, other) = (&definition.name, &file.macros[first].name);
            let message = format!("macro `{}` is defined twice", name::display(&name.text));
            diagnostics.report(
                Diagnostic::error(code::DUPLICATE_NAME, name.span, message)
                    .with_label("defined again here")
                    .with_place(other.span, "first defined here"),
            );
        }
    }
    let of_macros = &bodies[file.models.len()..];
    let usages = find_usages(file, of_macros, &macros);
    let all = file.macros.iter().zip(of_macros).zip(usages).zip(file.models.len()..);
    let functions = all.map(|(((definition, body), usages), position)| of_macro(definition, body, &usages, position));
    let functions = functions.collect();
    (functions, macros)
}

fn of_macro<'a>(definition: &'a MacroDef, of: &'a Body<'a>, usages: &[Usage], body: usize) -> Function<'a> {
    let params = (0u32..).zip(of.vars().take(definition.n_params)).zip(usages);
    let params: Vec<Param<'a>> = params.map(|((position, def), &usage)| Param { position, def, usage }).collect();
    let n_required = params.iter().take_while(|param| param.def.equation.is_none()).count();
    let result = u32::try_from(of.n_vars() - 1).ok();
    Function { name: &definition.name, body, params, n_required, result, reported: definition.reported }
}

/// A model as a function: its inputs in the order of their definition are the parameters, its only output is the result.
pub(in crate::sema) fn of_model<'a>(model: &'a Body<'a>, name: &'a Name, body: usize) -> Function<'a> {
    let with = |access: Access| (0u32..).zip(model.vars()).filter(move |(_, def)| def.access == Some(access));
    let params: Vec<Param<'a>> = with(Access::Input)
        .filter(|(_, def)| matches!(def.kind, DefKind::Aux | DefKind::Flow))
        .map(|(position, def)| {
            // One with a graphical function alone stands for one.
            let is_table = def.table.is_some() && def.equation.is_none() && def.dims.is_empty();
            let usage = Usage { is_array: !def.dims.is_empty(), is_table };
            Param { position, def, usage }
        })
        .collect();
    let n_optional = params.iter().rev().take_while(|param| param.def.equation.is_some()).count();
    let mut outputs = with(Access::Output).map(|(position, _)| position);
    let result = outputs.next().filter(|_| outputs.next().is_none());
    let n_required = params.len() - n_optional;
    Function { name, body, params, n_required, result, reported: false }
}

impl Function<'_> {
    /// How a call is written: `LOG(x, base)`, with what may be left out in brackets.
    pub(in crate::sema) fn usage(&self) -> String {
        let mut shown = format!("{}(", name::display(&self.name.text));
        for (index, param) in self.params.iter().enumerate() {
            let (open, close) = if index < self.n_required { ("", "") } else { ("[", "]") };
            let comma = if index == 0 { "" } else { ", " };
            shown.push_str(&format!("{open}{comma}{}{close}", name::display(&param.def.name.text)));
        }
        shown.push(')');
        shown
    }
}

/// What every macro does with its parameters. A parameter that is handed on to another macro is used as that one uses it.
fn find_usages(file: &Definition, bodies: &[Body<'_>], macros: &HashMap<Key, usize>) -> Vec<Vec<Usage>> {
    let mut usages: Vec<Vec<Usage>> = Vec::with_capacity(file.macros.len());
    // For each parameter of each macro, the parameters of callers that are handed on to it.
    let mut handed_on: HashMap<(usize, usize), Vec<(usize, usize)>> = HashMap::new();
    for (index, (definition, body)) in file.macros.iter().zip(bodies).enumerate() {
        let params = || body.vars().take(definition.n_params);
        let names: HashMap<Key, usize> = params().map(|def| Key::new(&def.name.text)).zip(0..).collect();
        let declared = |def: &VarDef| Usage { is_array: !def.dims.is_empty(), is_table: false };
        let mut scan =
            Scan { dialect: file.dialect, names, usages: params().map(declared).collect(), passed: Vec::new() };
        for def in body.vars() {
            let own = def.elements.iter().filter_map(|element| element.equation.as_ref());
            for equation in def.equation.iter().chain(&def.list).chain(own) {
                scan.equation(&equation.nodes.iter().map(|node| &node.kind).collect::<Vec<_>>(), macros);
            }
        }
        for (param, callee, argument) in scan.passed {
            handed_on.entry((callee, argument)).or_default().push((index, param));
        }
        usages.push(scan.usages);
    }
    let mut pending: Vec<(usize, usize)> =
        (0..usages.len()).flat_map(|index| (0..usages[index].len()).map(move |param| (index, param))).collect();
    while let Some((index, param)) = pending.pop() {
        let used = usages[index][param];
        for &(caller, handed) in handed_on.get(&(index, param)).into_iter().flatten() {
            let own = &mut usages[caller][handed];
            let all = Usage { is_array: own.is_array || used.is_array, is_table: own.is_table || used.is_table };
            if std::mem::replace(own, all) != all {
                pending.push((caller, handed));
            }
        }
    }
    usages
}

/// Looks through the equations of a macro.
struct Scan {
    dialect: Dialect,
    names: HashMap<Key, usize>,
    usages: Vec<Usage>,
    /// A parameter that stands alone as an argument of another macro: which one, of which macro, in which place.
    passed: Vec<(usize, usize, usize)>,
}

impl Scan {
    fn param(&self, path: &Path) -> Option<usize> {
        let [name] = path.parts.as_slice() else { return None };
        self.names.get(&Key::new(&name.text)).copied().filter(|_| !path.absolute)
    }

    /// From the result down, so that each node knows whether it is reduced.
    fn equation(&mut self, nodes: &[&EquationKind], macros: &HashMap<Key, usize>) {
        let mut is_reduced = vec![false; nodes.len()];
        for index in (0..nodes.len()).rev() {
            let reduced = is_reduced[index];
            let mut mark = |operands: &[u32], reduced: bool| {
                for &operand in operands {
                    is_reduced[operand as usize] |= reduced;
                }
            };
            match nodes[index] {
                EquationKind::Reference(path, subscripts) => {
                    if let Some(param) = self.param(path)
                        && (reduced || !subscripts.is_empty())
                    {
                        self.usages[param].is_array = true;
                    }
                }
                EquationKind::Call(path, args) | EquationKind::SubscriptedCall(path, _, args) => {
                    if let Some(param) = self.param(path) {
                        self.usages[param].is_table = true;
                        self.usages[param].is_array |= args.len() == 1;
                        continue;
                    }
                    let [name] = path.parts.as_slice() else { continue };
                    let key = Key::new(&name.text);
                    if let Some(&callee) = macros.get(&key) {
                        self.arguments(nodes, args, callee);
                    } else if let Some(builtin) = builtin::find(self.dialect, &key) {
                        for (position, &arg) in args.iter().enumerate() {
                            mark(&[arg], reduced || reduces(builtin, args.len(), position));
                        }
                        let n_tables = if let Meaning::Lookup(function) = builtin.meaning {
                            if function == LookupFn::Through { 2 } else { 1 }
                        } else {
                            0
                        };
                        for &table in args.iter().take(n_tables) {
                            if let Some(param) = nodes[table as usize].as_name().and_then(|path| self.param(path)) {
                                self.usages[param].is_table = true;
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

    fn arguments(&mut self, nodes: &[&EquationKind], args: &[u32], callee: usize) {
        for (argument, &node) in args.iter().enumerate() {
            if let Some(param) = nodes[node as usize].as_name().and_then(|path| self.param(path)) {
                self.passed.push((param, callee, argument));
            }
        }
    }
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
