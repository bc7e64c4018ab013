//! The section's bytes.

use crate::layout::threshold::Threshold;
use crate::layout::{
    Dimension, Extension, Group, InputTable, Inputs, Origin, ReadFile, Region, Time, Transport, Variable, WasmLayout,
};
use crate::wire::{FORMAT_VERSION, flag, tag};

/// Encodes the content of `simc.layout`.
pub fn encode_layout(layout: &WasmLayout) -> Vec<u8> {
    let mut out = Writer::default();
    out.u64(layout.n_slots);
    out.u64(layout.n_chunks);
    out.u64(layout.results_offset);
    out.list(&layout.entries, |out, entry| {
        out.str(&entry.name);
        out.u64(entry.slot);
    });
    if let Some(extension) = &layout.extension {
        encode_extension(&mut out, extension);
    }
    out.0
}

fn encode_extension(out: &mut Writer, extension: &Extension) {
    out.record(tag::FORMAT, |out| {
        out.u32(FORMAT_VERSION);
        out.u32(if extension.arrays_have_one_entry { flag::ARRAYS_HAVE_ONE_ENTRY } else { 0 });
    });
    out.record(tag::ORIGIN, |out| encode_origin(out, &extension.origin));
    if let Some(time) = &extension.time {
        out.record(tag::TIME, |out| encode_time(out, time));
    }
    out.record(tag::DIMENSIONS, |out| out.list(&extension.dimensions, encode_dimension));
    out.record(tag::VARIABLES, |out| out.list(&extension.variables, encode_variable));
    out.record(tag::REGIONS, |out| out.list(&extension.regions, encode_region));
    if !extension.groups.is_empty() {
        out.record(tag::GROUPS, |out| out.list(&extension.groups, encode_group));
    }
    if !extension.transports.is_empty() {
        out.record(tag::TRANSPORTS, |out| out.list(&extension.transports, encode_transport));
    }
    if !extension.files.is_empty() {
        out.record(tag::FILES, |out| out.list(&extension.files, encode_file));
    }
    if let Some(inputs) = &extension.inputs {
        out.record(tag::INPUTS, |out| encode_inputs(out, inputs));
    }
    if !extension.thresholds.is_empty() {
        out.record(tag::EVENTS, |out| out.list(&extension.thresholds, encode_threshold));
    }
}

fn encode_group(out: &mut Writer, group: &Group) {
    out.str(&group.name);
    out.u8(bit(flag::GROUP_DOC, group.doc.is_some()));
    out.optional_str(group.doc.as_deref());
    out.list(&group.members, |out, member| out.str(member));
}

fn encode_origin(out: &mut Writer, origin: &Origin) {
    out.str(&origin.producer);
    out.str(&origin.model);
    out.0.extend(origin.source_digest);
}

fn encode_time(out: &mut Writer, time: &Time) {
    out.f64(time.start);
    out.f64(time.stop);
    out.f64(time.dt);
    out.u64(time.n_steps);
    out.u64(time.save_every);
    out.u8(time.method as u8);
    out.u8(bit(flag::TIME_UNITS, time.units.is_some()));
    out.optional_str(time.units.as_deref());
}

fn encode_dimension(out: &mut Writer, dimension: &Dimension) {
    out.str(&dimension.name);
    out.list(&dimension.elements, |out, element| out.str(element));
}

fn encode_variable(out: &mut Writer, variable: &Variable) {
    out.str(&variable.name);
    out.u8(variable.kind as u8);
    out.u8(bit(flag::SETTABLE, variable.defaults.is_some())
        | bit(flag::UNITS, variable.units.is_some())
        | bit(flag::DOC, variable.doc.is_some())
        | bit(flag::RANGE, variable.range.is_some()));
    out.u64(variable.slot);
    out.list(&variable.dims, |out, &dim| out.u32(dim));
    for &default in variable.defaults.iter().flatten() {
        out.f64(default);
    }
    out.optional_str(variable.units.as_deref());
    out.optional_str(variable.doc.as_deref());
    if let Some((least, greatest)) = variable.range {
        out.f64(least);
        out.f64(greatest);
    }
}

fn encode_region(out: &mut Writer, region: &Region) {
    out.str(&region.name);
    out.u64(region.offset);
    out.u64(region.bytes);
}

fn encode_transport(out: &mut Writer, transport: &Transport) {
    out.str(&transport.name);
    out.u8(transport.kind as u8);
    out.list(&transport.dims, |out, &dim| out.u32(dim));
}

fn encode_file(out: &mut Writer, file: &ReadFile) {
    out.str(&file.name);
    out.0.extend(file.digest);
}

fn encode_inputs(out: &mut Writer, inputs: &Inputs) {
    out.u64(inputs.offset);
    out.u64(inputs.capacity);
    out.list(&inputs.tables, encode_input_table);
}

fn encode_input_table(out: &mut Writer, table: &InputTable) {
    out.str(&table.name);
    out.u8(table.kind as u8);
    out.u32(table.capacity);
    out.list(&table.points, |out, &[x, y]| {
        out.f64(x);
        out.f64(y);
    });
}

fn encode_threshold(out: &mut Writer, threshold: &Threshold) {
    out.str(&threshold.variable);
    out.list(&threshold.dims, |out, &dim| out.u32(dim));
    out.u32(threshold.first);
    out.u32(threshold.n);
    out.f64(threshold.value);
    out.u8(threshold.direction as u8);
    out.u8(threshold.repeat as u8);
    out.u32(threshold.interval);
    out.list(&threshold.events, |out, event| {
        out.u8(event.action as u8);
        out.str(&event.message);
    });
}

fn bit(flag: u8, is_set: bool) -> u8 {
    if is_set { flag } else { 0 }
}

/// Little-endian bytes.
#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    fn u32(&mut self, value: u32) {
        self.0.extend(value.to_le_bytes());
    }

    fn u64(&mut self, value: u64) {
        self.0.extend(value.to_le_bytes());
    }

    fn f64(&mut self, value: f64) {
        self.0.extend(value.to_le_bytes());
    }

    fn len(&mut self, len: usize) {
        self.u32(u32::try_from(len).expect("a section is smaller than 4 GiB"));
    }

    fn str(&mut self, text: &str) {
        self.len(text.len());
        self.0.extend(text.as_bytes());
    }

    fn optional_str(&mut self, text: Option<&str>) {
        if let Some(text) = text {
            self.str(text);
        }
    }

    fn list<T>(&mut self, items: &[T], encode: impl Fn(&mut Self, &T)) {
        self.len(items.len());
        for item in items {
            encode(self, item);
        }
    }

    fn record(&mut self, tag: u32, encode: impl FnOnce(&mut Self)) {
        let mut payload = Self::default();
        encode(&mut payload);
        self.u32(tag);
        self.len(payload.0.len());
        self.0.extend(payload.0);
    }
}
