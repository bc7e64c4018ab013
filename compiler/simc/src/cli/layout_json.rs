//! What an artifact says about itself, as JSON.

use serde_json::{Map, Value, json};
use simc_artifact::{
    Control, Extension, Inputs, Link, SettableElements, Threshold, Time, Transport, Variable, WasmLayout,
};

/// A layout as one object.
pub(super) fn layout(layout: &WasmLayout) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("n_slots".to_owned(), layout.n_slots.into());
    object.insert("n_chunks".to_owned(), layout.n_chunks.into());
    object.insert("results_offset".to_owned(), layout.results_offset.into());
    let Some(extension) = &layout.extension else { return object };
    object.insert("model".to_owned(), extension.origin.model.as_str().into());
    object.insert("producer".to_owned(), extension.origin.producer.as_str().into());
    object.insert("source_sha256".to_owned(), hex(&extension.origin.source_digest).into());
    let files = extension.files.iter().map(|it| json!({ "name": it.name, "sha256": hex(&it.digest) }));
    if !extension.files.is_empty() {
        object.insert("files".to_owned(), files.collect());
    }
    object.insert("time".to_owned(), extension.time.as_ref().map(time).into());
    let variables = extension.variables.iter().map(|it| variable(extension, it));
    object.insert("variables".to_owned(), variables.collect());
    let groups = extension.groups.iter().map(|it| json!({ "name": it.name, "doc": it.doc, "members": it.members }));
    object.insert("groups".to_owned(), groups.collect());
    let regions = extension.regions.iter().map(|it| json!({ "name": it.name, "offset": it.offset, "bytes": it.bytes }));
    object.insert("regions".to_owned(), regions.collect());
    object.insert("transports".to_owned(), extension.transports.iter().map(|it| transport(extension, it)).collect());
    object.insert("thresholds".to_owned(), extension.thresholds.iter().map(|it| threshold(extension, it)).collect());
    object.insert("links".to_owned(), extension.links.iter().map(|it| link(extension, it)).collect());
    object.insert("controls".to_owned(), extension.controls.iter().map(control).collect());
    object.insert("inputs".to_owned(), extension.inputs.as_ref().map(inputs).into());
    object
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn time(time: &Time) -> Value {
    json!({
        "start": time.start,
        "stop": time.stop,
        "dt": time.dt,
        "n_steps": time.n_steps,
        "save_every": time.save_every,
        "method": time.method.name(),
        "units": time.units,
    })
}

fn transport(extension: &Extension, transport: &Transport) -> Value {
    let dims = transport.dims.iter().map(|&dim| extension.dimensions[dim as usize].name.as_str());
    json!({ "name": transport.name, "kind": transport.kind.name(), "dims": dims.collect::<Vec<_>>() })
}

fn threshold(extension: &Extension, threshold: &Threshold) -> Value {
    let dims = threshold.dims.iter().map(|&dim| extension.dimensions[dim as usize].name.as_str());
    let events = threshold.events.iter().map(|it| json!({ "action": it.action.name(), "message": it.message }));
    json!({
        "variable": threshold.variable,
        "dims": dims.collect::<Vec<_>>(),
        "first": threshold.first,
        "n": threshold.n,
        "value": threshold.value,
        "direction": threshold.direction.name(),
        "repeat": threshold.repeat.name(),
        "interval": threshold.interval,
        "events": events.collect::<Value>(),
    })
}

fn link(extension: &Extension, link: &Link) -> Value {
    let name = |index: u32| extension.variables[index as usize].name.as_str();
    let (cause, effect) = (name(link.cause), name(link.effect));
    json!({ "cause": cause, "effect": effect, "sign": link.sign.name(), "at_start": link.at_start })
}

fn control(control: &Control) -> Value {
    json!({
        "kind": control.kind.as_str(),
        "names": control.names,
        "range": control.range.map(|(low, high)| [low, high]),
        "step": control.step,
        "label": control.label,
    })
}

fn inputs(inputs: &Inputs) -> Value {
    let tables = inputs.tables.iter().map(|table| {
        json!({
            "name": table.name,
            "kind": table.kind.name(),
            "capacity": table.capacity,
            "points": table.points,
        })
    });
    json!({ "offset": inputs.offset, "capacity": inputs.capacity, "tables": tables.collect::<Value>() })
}

/// Some of a variable's elements that can be set.
fn elements(part: &SettableElements) -> Value {
    json!({ "first": part.first, "defaults": part.defaults })
}

fn variable(extension: &Extension, variable: &Variable) -> Value {
    let dims = variable.dims.iter().map(|&dim| &extension.dimensions[dim as usize]);
    let dims: Vec<Value> = dims.map(|dim| json!({ "name": dim.name, "elements": dim.elements[..] })).collect();
    json!({
        "name": variable.name,
        "kind": variable.kind.name(),
        "slot": variable.slot,
        "dims": dims,
        "settable": variable.is_settable(),
        "defaults": variable.defaults,
        "settable_parts": variable.settable_parts.iter().map(elements).collect::<Value>(),
        "units": variable.units,
        "doc": variable.doc,
        "range": variable.range.map(|(low, high)| [low, high]),
    })
}
