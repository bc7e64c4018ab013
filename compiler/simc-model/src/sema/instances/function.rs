//! Functions that the model defines: macros, and models with inputs and one output that are called like one.

use std::collections::HashMap;

use crate::builtin::{Builtin, LookupFn, Meaning};
use crate::definition::{Access, DefKind, Definition, MacroDef, Name, VarDef};
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
    /// Its value is read.
    pub(in crate::sema) is_value: bool,
}

/// The macros by name, as positions among all of them: one for each whole-model that has one, in their order. Of two of one name in the
/// same whole-model the first holds.
pub(in crate::sema) fn find_macros(file: &Definition, diagnostics: &mut Diagnostics) -> HashMap<Key, Vec<usize>> {
    let mut macros: HashMap<Key, Vec<usize>> = HashMap::new();
    for (position, definition) in file.macros.iter().enumerate() {
        let known = macros.entry(Key::new(&definition.name.text)).or_default();
        let first = known.iter().find(|&&known| file.macros[known].body.whole == definition.body.whole).copied();
        if first.is_none() {
            known.push(position);
        }
        if let Some(first) = first {
            let (name, other) = (&definition.name, &file.macros[first].name);
            let message = format!("macro `{}` is defined twice", name::display(&name.text));
            diagnostics.report(
                Diagnostic::error(code::DUPLICATE_NAME, name.span, message)
                    .with_label("defined again here")
                    .with_place(other.span, "first defined here"),
            );
        }
    }
    macros
}

/// A macro as a function, with what it does with its variables.
pub(in crate::sema) fn of_macro<'a>(
    definition: &'a MacroDef,
    of: &'a Body<'a>,
    usages: &[Usage],
    body: usize,
) -> Function<'a> {
    let params = (0u32..).zip(of.vars().take(definition.n_params)).zip(usages);
    let params: Vec<Param<'a>> = params.map(|((position, def), &usage)| Param { position, def, usage }).collect();
    let n_required = params.iter().take_while(|param| param.def.equation.is_none()).count();
    let result = u32::try_from(of.n_vars() - 1).ok();
    Function { name: &definition.name, body, params, n_required, result, reported: definition.reported }
}

/// A model as a function, with what it does with its variables: its inputs in the order of their definition are the parameters,
/// its only output is the result.
pub(in crate::sema) fn of_model<'a>(
    model: &'a Body<'a>,
    name: &'a Name,
    usages: &[Usage],
    body: usize,
) -> Function<'a> {
    let params: Vec<Param<'a>> = inputs(model)
        .map(|(position, def)| Param {
            position,
            def,
            usage: usages.get(position as usize).copied().unwrap_or_default(),
        })
        .collect();
    let n_optional = params.iter().rev().take_while(|param| param.def.equation.is_some()).count();
    let mut outputs = with_access(model, Access::Output).map(|(position, _)| position);
    let result = outputs.next().filter(|_| outputs.next().is_none());
    let n_required = params.len() - n_optional;
    Function { name, body, params, n_required, result, reported: false }
}

/// The variables of a model that take the arguments of a call, with their positions.
pub(in crate::sema) fn inputs<'b>(model: &'b Body<'_>) -> impl Iterator<Item = (u32, &'b VarDef)> {
    with_access(model, Access::Input).filter(|(_, def)| matches!(def.kind, DefKind::Aux | DefKind::Flow))
}

/// The variables of a model with an access, with their positions.
pub(in crate::sema) fn with_access<'b>(model: &'b Body<'_>, access: Access) -> impl Iterator<Item = (u32, &'b VarDef)> {
    (0u32..).zip(model.vars()).filter(move |(_, def)| def.access == Some(access))
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

/// How many of the first arguments of a builtin are names of graphical functions.
pub(in crate::sema) fn n_tables(builtin: &Builtin) -> usize {
    let Meaning::Lookup(function) = builtin.meaning else { return 0 };
    if function == LookupFn::Through { 2 } else { 1 }
}
