//! What the layout section says about a model.

use kernel::event;
use simc_artifact::{
    Action, Dimension, Entry, Event, Extension, Group, InputTable, Inputs, Kind, MAX_ELEMENT_ENTRIES, Origin, Region,
    Repeat, Threshold, Time, Transport, TransportKind, Variable, WasmLayout,
};
use simc_ir::module::{GraphData, Module, ThresholdData, TimeSpec};
use simc_midend::layout::{Layout, Symbol, SymbolGroup, SymbolKind, SymbolThreshold, SymbolTransport, Symbols};

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
            variables: symbols.vars.iter().map(describe_variable).collect(),
            regions: regions.collect(),
            transports: symbols.transports.iter().map(describe_transport).collect(),
            files: Vec::new(),
            groups: symbols.groups.iter().map(describe_group).collect(),
            thresholds: module.thresholds.values().zip(&symbols.thresholds).map(describe_threshold).collect(),
            inputs: describe_inputs(module, layout),
        }),
    }
}

fn describe_group(group: &SymbolGroup) -> Group {
    Group { name: group.name.clone(), doc: group.doc.clone(), members: group.members.clone() }
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

fn describe_inputs(module: &Module, layout: &Layout) -> Option<Inputs> {
    let describe_table = |graph: &GraphData| InputTable {
        name: graph.name.clone(),
        kind: graph.kind,
        capacity: graph.capacity,
        points: graph.curve.xs.iter().zip(&graph.curve.ys).map(|(&x, &y)| [x, y]).collect(),
    };
    let tables = module.graphs.values().map(describe_table).collect();
    (layout.n_inputs > 0).then_some(Inputs { offset: layout.inputs_offset, capacity: layout.n_inputs, tables })
}

fn describe_variable(symbol: &Symbol) -> Variable {
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
        defaults: symbol.defaults.clone(),
        units: symbol.units.clone(),
        doc: symbol.doc.clone(),
        range: symbol.range,
    }
}

/// A variable's canonical names: one for each element, the last dimension fastest, unless arrays have one entry.
fn describe_entries(symbols: &Symbols, symbol: &Symbol, arrays_have_one_entry: bool) -> Vec<Entry> {
    if symbol.dims.is_empty() || arrays_have_one_entry {
        return vec![Entry { name: symbol.key.clone(), slot: symbol.slot }];
    }
    let mut subscripts = vec![String::new()];
    for &dim in &symbol.dims {
        let elements = &symbols.dims[dim as usize].elements;
        let extend = |so_far: String| {
            let separator = if so_far.is_empty() { "" } else { "," };
            elements.iter().map(move |element| format!("{so_far}{separator}{element}"))
        };
        subscripts = subscripts.into_iter().flat_map(extend).collect();
    }
    let named = subscripts.into_iter().map(|subscript| format!("{}[{subscript}]", symbol.key));
    named.zip(symbol.slot..).map(|(name, slot)| Entry { name, slot }).collect()
}
