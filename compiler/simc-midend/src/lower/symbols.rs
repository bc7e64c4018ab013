//! The row as a host sees it.

use simc_ir::module::Module;
use simc_model::model::{Def, Group, Model, Threshold, Transport, VarId, VarKind};
use simc_model::name::Key;

use super::slots::Places;
use crate::layout::{Symbol, SymbolDim, SymbolGroup, SymbolKind, SymbolThreshold, SymbolTransport, Symbols};

/// Describes the visible slots, the four time slots first.
pub(super) fn symbols(model: &Model, module: &Module, places: &Places) -> Symbols {
    let mut vars: Vec<Symbol> = Vec::with_capacity(places.row.len() + 4);
    let mut position = 0;
    for (slot, data) in module.slots.iter().filter(|(_, data)| data.role.is_visible()) {
        let symbol = match vars.len().checked_sub(4) {
            None => reserved(&data.name, position, model),
            Some(behind) => variable(model, places.row[behind], position),
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
            .map(|dim| SymbolDim { name: dim.name.clone(), elements: dim.elements.clone() })
            .collect(),
        vars,
        transports: transports(model),
        thresholds: model.thresholds.iter().map(|it| threshold(model, it)).collect(),
        groups: model.groups.iter().map(group).collect(),
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
        key: name.to_owned(),
        kind: SymbolKind::Time,
        slot,
        dims: Vec::new(),
        defaults: None,
        units: model.time.units.clone(),
        doc: None,
        range: None,
    }
}

fn variable(model: &Model, id: VarId, slot: u64) -> Symbol {
    let var = model.var(id);
    Symbol {
        name: var.name.clone(),
        key: Key::new(&var.name).as_str().to_owned(),
        kind: match var.kind {
            VarKind::Stock => SymbolKind::Stock,
            VarKind::Flow => SymbolKind::Flow,
            VarKind::Auxiliary | VarKind::Lookup => SymbolKind::Auxiliary,
            VarKind::Constant => SymbolKind::Constant,
            VarKind::ModuleInput => SymbolKind::ModuleInput,
        },
        slot,
        dims: var.dims.iter().map(|dim| dim.0).collect(),
        defaults: match &var.def {
            Def::Constant(defaults) => Some(defaults.clone()),
            Def::Stock { .. } | Def::Formula(_) | Def::Lookup(_) => None,
        },
        units: var.units.clone(),
        doc: var.doc.clone(),
        range: var.range,
    }
}
