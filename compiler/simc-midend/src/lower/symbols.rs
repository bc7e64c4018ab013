//! The row as a host sees it.

use std::collections::BTreeMap;

use simc_ir::module::Module;
use simc_model::model::{Clause, Def, ExprKind, Group, Model, Threshold, Transport, UnaryOp, VarId, VarKind};

use super::links;
use super::slots::Places;
use simc_model::name::canonical;

use crate::layout::{
    SettableElements, Symbol, SymbolDim, SymbolGroup, SymbolKind, SymbolThreshold, SymbolTransport, Symbols,
};

/// Describes the visible slots, the four time slots first.
pub(super) fn symbols(model: &Model, module: &Module, places: &Places) -> Symbols {
    let constants = model.iter_vars().filter_map(|(id, var)| Some((var.through.as_ref()?.var, id)));
    let constants: BTreeMap<VarId, VarId> = constants.filter(|(_, id)| places.vars[id.0 as usize].is_some()).collect();
    // The four time slots come first.
    let positions: BTreeMap<VarId, u32> = places.row.iter().copied().zip(4..).collect();
    let mut vars: Vec<Symbol> = Vec::with_capacity(places.row.len());
    let mut position = 0;
    for (slot, data) in module.slots.iter().filter(|(_, data)| data.role.is_visible()) {
        let symbol = match vars.len().checked_sub(4) {
            None => reserved(&data.name, position, model),
            Some(behind) => {
                let id = places.row[behind];
                variable(model, id, constants.get(&id).copied(), position)
            }
        };
        vars.push(symbol);
        position += module.slot_len(slot);
    }
    Symbols {
        model: model.name.clone(),
        time_units: model.time.units.clone(),
        dims: model
            .dims
            .iter()
            .map(|dim| SymbolDim {
                name: dim.name.clone(),
                elements: dim.elements.clone(),
                canonical_elements: dim.elements.iter().map(|element| canonical(element)).collect(),
            })
            .collect(),
        vars,
        transports: transports(model),
        thresholds: model.thresholds.iter().map(|it| threshold(model, it)).collect(),
        groups: model.groups.iter().map(group).collect(),
        links: links::links(model, |id| positions.get(&id).copied()),
        controls: model.controls.clone(),
    }
}

fn threshold(model: &Model, threshold: &Threshold) -> SymbolThreshold {
    let var = model.var(model.watched[threshold.watched as usize].var);
    SymbolThreshold {
        variable: var.name.clone(),
        dims: var.dims.iter().map(|dim| dim.0).collect(),
        messages: threshold.events.iter().map(|event| event.message.clone()).collect(),
    }
}

fn group(group: &Group) -> SymbolGroup {
    SymbolGroup { name: group.name.clone(), doc: group.doc.clone(), members: group.members.clone() }
}

/// The elements through which a constant is set, with its numbers. Those of a stock are what its equation gives at the start, where that
/// is a number.
fn settable(model: &Model, constant: VarId) -> Vec<SettableElements> {
    let var = model.var(constant);
    let (Def::Constant(values), Some(through)) = (&var.def, &var.through) else { return Vec::new() };
    let mut values = values.clone();
    if let Def::Stock { init, .. } = &model.var(through.var).def {
        init.iter().for_each(|clause| put_initial(model, clause, &mut values));
    }
    let runs = through.runs.iter().map(|&(first, n)| SettableElements {
        first: first.into(),
        defaults: values[first as usize..][..n as usize].to_vec(),
    });
    runs.collect()
}

/// Puts the number that a stock starts from into the elements of a clause, where it is one unless a host sets it.
fn put_initial(model: &Model, clause: &Clause, values: &mut [f64]) {
    let expr = clause.at_start();
    let ExprKind::If { otherwise, .. } = expr.node(expr.root()).kind else { return };
    let number = if let ExprKind::Number(number) = expr.node(otherwise).kind {
        number
    } else if let ExprKind::Unary(UnaryOp::Neg, operand) = expr.node(otherwise).kind
        && let ExprKind::Number(number) = expr.node(operand).kind
    {
        -number
    } else {
        return;
    };
    let mut elements = vec![0_usize];
    for extent in &clause.region {
        let size = model.dims[extent.dim.0 as usize].elements.len();
        let positions = extent.start as usize..(extent.start + extent.len) as usize;
        elements = elements.iter().flat_map(|at| positions.clone().map(move |position| at * size + position)).collect();
    }
    elements.into_iter().for_each(|element| values[element] = number);
}

fn transports(model: &Model) -> Vec<SymbolTransport> {
    let mut transports: Vec<&Transport> = model.transports.iter().collect();
    transports.sort_by_key(|transport| transport.first);
    let describe = |transport: &Transport| {
        let var = model.var(transport.stock);
        SymbolTransport {
            name: var.name.clone(),
            is_queue: transport.is_queue(),
            dims: var.dims.iter().map(|dim| dim.0).collect(),
        }
    };
    transports.into_iter().map(describe).collect()
}

fn reserved(name: &str, slot: u64, model: &Model) -> Symbol {
    Symbol {
        name: name.to_owned(),
        canonical: name.to_owned(),
        kind: SymbolKind::Time,
        slot,
        dims: Vec::new(),
        settable: Vec::new(),
        units: model.time.units.clone(),
        doc: None,
        range: None,
    }
}

/// Describes a variable of the row; `constant` is set through it.
fn variable(model: &Model, id: VarId, constant: Option<VarId>, slot: u64) -> Symbol {
    let var = model.var(id);
    Symbol {
        name: var.name.clone(),
        canonical: var.canonical.clone(),
        kind: match var.kind {
            VarKind::Stock => SymbolKind::Stock,
            VarKind::Flow => SymbolKind::Flow,
            VarKind::Auxiliary | VarKind::Lookup => SymbolKind::Auxiliary,
            VarKind::Constant => SymbolKind::Constant,
            VarKind::ModuleInput => SymbolKind::ModuleInput,
        },
        slot,
        dims: var.dims.iter().map(|dim| dim.0).collect(),
        settable: match (&var.def, constant) {
            (Def::Constant(defaults), _) => vec![SettableElements { first: 0, defaults: defaults.clone() }],
            (Def::Stock { .. } | Def::Formula(_) | Def::Lookup(_), None) => Vec::new(),
            (Def::Stock { .. } | Def::Formula(_) | Def::Lookup(_), Some(constant)) => settable(model, constant),
        },
        units: var.units.clone(),
        doc: var.doc.clone(),
        range: var.range,
    }
}
