//! What the layout section says about a model.

use kernel::event;
use simc_artifact::{
    Action, Control, ControlKind, Dimension, Entry, Event, Extension, Group, InputTable, Inputs, Kind, Link,
    MAX_ELEMENT_ENTRIES, Origin, Region, Repeat, SettableElements, Sign, Threshold, Time, Transport, TransportKind,
    Variable, WasmLayout,
};
use simc_ir::module::{GraphData, Module, ThresholdData, TimeSpec};
use simc_midend::layout::{
    self, Layout, SettableElements as SettableSymbols, Symbol, SymbolGroup, SymbolKind, SymbolLink, SymbolThreshold,
    SymbolTransport, Symbols,
};

/// Describes a model: `producer` is the compiler with its version.
pub(crate) fn describe(module: &Module, layout: &Layout, producer: &str, source_digest: [u8; 32]) -> WasmLayout {
    let symbols = &layout.symbols;
    let arrays_have_one_entry = layout.n_slots > MAX_ELEMENT_ENTRIES;
    let origin = Origin { producer: producer.to_owned(), model: symbols.model.clone(), source_digest };
    let dimensions =
        symbols.dims.iter().map(|dim| Dimension { name: dim.name.clone(), elements: dim.elements.clone() });
    let regions = layout.regions.iter().map(|r| Region { name: r.name.to_owned(), offset: r.offset, bytes: r.bytes });
    WasmLayout {
        n_slots: layout.n_slots,
        n_chunks: layout.n_rows,
        results_offset: layout.results_offset,
        entries: symbols.vars.iter().flat_map(|var| describe_entries(symbols, var, arrays_have_one_entry)).collect(),
        extension: Some(Extension {
            arrays_have_one_entry,
            origin,
            time: Some(describe_time(&module.time, symbols)),
            dimensions: dimensions.collect(),
            variables: symbols.vars.iter().map(|symbol| describe_variable(symbols, symbol)).collect(),
            regions: regions.collect(),
            transports: symbols.transports.iter().map(describe_transport).collect(),
            files: Vec::new(),
            groups: symbols.groups.iter().map(describe_group).collect(),
            links: symbols.links.iter().map(describe_link).collect(),
            controls: symbols.controls.iter().map(describe_control).collect(),
            thresholds: module.thresholds.values().zip(&symbols.thresholds).map(describe_threshold).collect(),
            inputs: Some(describe_inputs(module, layout)),
        }),
    }
}

fn describe_group(group: &SymbolGroup) -> Group {
    Group { name: group.name.clone(), doc: group.doc.clone(), members: group.members.clone() }
}

fn describe_link(link: &SymbolLink) -> Link {
    let sign = match link.sign {
        layout::Sign::Unknown => Sign::Unknown,
        layout::Sign::Same => Sign::Same,
        layout::Sign::Opposite => Sign::Opposite,
    };
    Link { cause: link.cause, effect: link.effect, sign, at_start: link.at_start }
}

fn describe_control(control: &layout::Control) -> Control {
    Control {
        kind: match control.kind {
            layout::ControlKind::Slider => ControlKind::Slider,
            layout::ControlKind::Knob => ControlKind::Knob,
            layout::ControlKind::Switch => ControlKind::Switch,
            layout::ControlKind::Graph => ControlKind::Graph,
            layout::ControlKind::Gauge => ControlKind::Gauge,
        },
        names: control.names.clone(),
        range: control.range,
        step: control.step,
        label: control.label.clone(),
    }
}

fn describe_time(time: &TimeSpec, symbols: &Symbols) -> Time {
    Time {
        start: time.start,
        stop: time.stop,
        dt: time.dt,
        n_steps: time.n_steps,
        save_every: time.save_every,
        method: time.method,
        units: symbols.time_units.clone(),
    }
}

fn describe_transport(transport: &SymbolTransport) -> Transport {
    let kind = if transport.is_queue { TransportKind::Queue } else { TransportKind::Conveyor };
    Transport { name: transport.name.clone(), kind, dims: transport.dims.clone() }
}

fn describe_threshold((data, symbol): (&ThresholdData, &SymbolThreshold)) -> Threshold {
    let event = |(&action, message): (&Action, &String)| Event { action, message: message.clone() };
    let (repeat, interval) = match data.repeat {
        event::Repeat::Each(interval) => (Repeat::Each, interval),
        event::Repeat::Once => (Repeat::Once, 0),
        event::Repeat::OnceEver => (Repeat::OnceEver, 0),
    };
    Threshold {
        variable: symbol.variable.clone(),
        dims: symbol.dims.clone(),
        first: data.first,
        n: data.n,
        value: data.value,
        direction: data.direction,
        repeat,
        interval,
        events: data.actions.iter().zip(&symbol.messages).map(event).collect(),
    }
}

fn describe_inputs(module: &Module, layout: &Layout) -> Inputs {
    let describe_table = |graph: &GraphData| InputTable {
        name: graph.name.clone(),
        kind: graph.kind,
        capacity: graph.capacity,
        points: graph.curve.xs.iter().zip(&graph.curve.ys).map(|(&x, &y)| [x, y]).collect(),
    };
    let tables = module.graphs.values().map(describe_table).collect();
    Inputs { offset: layout.inputs_offset, capacity: layout.n_inputs, tables }
}

fn describe_variable(symbols: &Symbols, symbol: &Symbol) -> Variable {
    let sizes = symbol.dims.iter().map(|&dim| symbols.dims[dim as usize].elements.len());
    let n: usize = sizes.product();
    let (defaults, settable_parts) = match symbol.settable.as_slice() {
        [all] if all.defaults.len() == n => (Some(all.defaults.clone()), Vec::new()),
        parts => (None, parts.iter().map(describe_elements).collect()),
    };
    Variable {
        name: symbol.name.clone(),
        kind: match symbol.kind {
            SymbolKind::Time => Kind::Time,
            SymbolKind::Stock => Kind::Stock,
            SymbolKind::Flow => Kind::Flow,
            SymbolKind::Auxiliary => Kind::Auxiliary,
            SymbolKind::Constant => Kind::Constant,
            SymbolKind::ModuleInput => Kind::ModuleInput,
        },
        slot: symbol.slot,
        dims: symbol.dims.clone(),
        defaults,
        settable_parts,
        units: symbol.units.clone(),
        doc: symbol.doc.clone(),
        range: symbol.range,
    }
}

fn describe_elements(elements: &SettableSymbols) -> SettableElements {
    let first = u32::try_from(elements.first).expect("elements of an array are counted in 32 bits");
    SettableElements { first, defaults: elements.defaults.clone() }
}

/// A variable's canonical names: one for each element, the last dimension fastest, unless arrays have one entry. A single element goes by
/// the bare name as well.
fn describe_entries(symbols: &Symbols, symbol: &Symbol, arrays_have_one_entry: bool) -> Vec<Entry> {
    if symbol.dims.is_empty() || arrays_have_one_entry {
        return vec![Entry { name: symbol.canonical.clone(), slot: symbol.slot }];
    }
    let dims: Vec<&[String]> =
        symbol.dims.iter().map(|&dim| symbols.dims[dim as usize].canonical_elements.as_slice()).collect();
    let names = element_names(&symbol.canonical, &dims);
    let bare = (names.len() == 1).then(|| Entry { name: symbol.canonical.clone(), slot: symbol.slot });
    names.into_iter().zip(symbol.slot..).map(|(name, slot)| Entry { name, slot }).chain(bare).collect()
}

/// The names of an array's elements, the last dimension fastest.
fn element_names(array: &str, dims: &[&[String]]) -> Vec<String> {
    let mut names = Vec::with_capacity(dims.iter().map(|elements| elements.len()).product());
    if names.capacity() == 0 {
        return names;
    }
    let mut name = format!("{array}[");
    // Where in the name each subscript begins, and which element it is.
    let mut subscripts: Vec<(usize, usize)> = Vec::with_capacity(dims.len());
    let mut element = 0;
    loop {
        for elements in &dims[subscripts.len()..] {
            subscripts.push((name.len(), element));
            if subscripts.len() > 1 {
                name.push(',');
            }
            name.push_str(&elements[element]);
            element = 0;
        }
        name.push(']');
        names.push(name.clone());
        loop {
            let Some((start, last)) = subscripts.pop() else { return names };
            name.truncate(start);
            element = last + 1;
            if element < dims[subscripts.len()].len() {
                break;
            }
        }
    }
}
