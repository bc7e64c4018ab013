//! Reads the section back. What is not exactly as it should be is an error; memory is only taken for what the input holds.

use std::collections::BTreeSet;
use std::fmt;

use kernel::abi::Method;
use kernel::event::{Action, Direction};
use kernel::lookup::Kind as TableKind;

use crate::layout::threshold::{Event, Repeat, Threshold};
use crate::layout::{
    Control, ControlKind, Dimension, Entry, Extension, Group, InputTable, Inputs, Kind, Link, Origin, ReadFile, Region,
    SettableElements, Sign, Time, Transport, TransportKind, Variable, WasmLayout,
};
use crate::wire::{FORMAT_VERSION, flag, tag};

/// Why bytes are no artifact, or no layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// Where, in bytes from the beginning of what was decoded.
    pub offset: u64,
    /// What is wrong there.
    pub reason: Reason,
}

/// What is wrong with bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// They end too early.
    Truncated,
    /// A record goes on after its content.
    Excess,
    /// A text is not UTF-8.
    NotUtf8,
    /// The extension records do not begin with the format record.
    NoFormat,
    /// A record occurs twice, or after one that needs it.
    Misplaced {
        /// Tag of the record.
        tag: u32,
    },
    /// The extension records have a version that this reader does not know.
    Version {
        /// The version.
        version: u32,
    },
    /// A field holds what it cannot mean.
    Invalid {
        /// What the field is.
        field: &'static str,
    },
    /// The module has no layout section, or two.
    NoLayout,
    /// The module is not valid WebAssembly.
    Wasm {
        /// What the validator says.
        message: String,
    },
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            Reason::Truncated => f.write_str("the data ends too early")?,
            Reason::Excess => f.write_str("a record is longer than its content")?,
            Reason::NotUtf8 => f.write_str("a text is not UTF-8")?,
            Reason::NoFormat => f.write_str("the extension does not begin with its format record")?,
            Reason::Misplaced { tag } => write!(f, "record {tag} occurs twice or too early")?,
            Reason::Version { version } => write!(f, "version {version} of the layout is not known")?,
            Reason::Invalid { field } => write!(f, "a {field} is out of range")?,
            Reason::NoLayout => f.write_str("the module does not have exactly one simc.layout section")?,
            Reason::Wasm { message } => write!(f, "this is no valid WebAssembly module: {message}")?,
        }
        write!(f, " (at byte {})", self.offset)
    }
}

impl std::error::Error for DecodeError {}

/// Decodes the content of `simc.layout`.
///
/// # Errors
/// When it is not exactly as `docs/artifact.md` says, but for records with unknown tags.
pub fn decode_layout(bytes: &[u8]) -> Result<WasmLayout, DecodeError> {
    let mut input = Reader { bytes, at: 0 };
    let n_slots = input.u64()?;
    let n_chunks = input.u64()?;
    let results_offset = input.u64()?;
    // A row has its place in memory also where none is saved.
    let results = n_slots.checked_mul(n_chunks.max(1)).and_then(|numbers| numbers.checked_mul(8));
    let end = results.and_then(|bytes| bytes.checked_add(results_offset));
    if end.is_none_or(|end| end > MEMORY_LIMIT) {
        return Err(input.invalid("results region"));
    }
    let entries = input.list(|input| {
        let name = input.str()?;
        let slot = input.u64()?;
        if slot < n_slots { Ok(Entry { name, slot }) } else { Err(input.invalid("slot")) }
    })?;
    let extension = if input.is_empty() { None } else { Some(decode_extension(&mut input, n_slots)?) };
    Ok(WasmLayout { n_slots, n_chunks, results_offset, entries, extension })
}

/// Records that refer to dimensions, and so come after theirs.
const USE_DIMENSIONS: [u32; 3] = [tag::VARIABLES, tag::TRANSPORTS, tag::EVENTS];

/// Dimensions that an array can have.
const MAX_RANK: usize = 16;

/// Bytes of the largest memory.
const MEMORY_LIMIT: u64 = 1 << 32;

fn decode_extension(input: &mut Reader<'_>, n_slots: u64) -> Result<Extension, DecodeError> {
    let mut extension = Extension::default();
    let mut seen = BTreeSet::new();
    while !input.is_empty() {
        let start = input.at;
        let tag = input.u32()?;
        let mut payload = input.record()?;
        let misplaced = DecodeError { offset: start as u64, reason: Reason::Misplaced { tag } };
        if tag != tag::FORMAT && !seen.contains(&tag::FORMAT) {
            return Err(DecodeError { offset: start as u64, reason: Reason::NoFormat });
        }
        if !tag::KNOWN.contains(&tag) {
            continue;
        }
        if tag == tag::LINKS && !seen.contains(&tag::VARIABLES) {
            return Err(misplaced);
        }
        if !seen.insert(tag) || (tag == tag::DIMENSIONS && USE_DIMENSIONS.iter().any(|user| seen.contains(user))) {
            return Err(misplaced);
        }
        decode_record(tag, &mut payload, &mut extension, n_slots)?;
        if !payload.is_empty() {
            return Err(payload.error(Reason::Excess));
        }
    }
    Ok(extension)
}

fn decode_record(tag: u32, input: &mut Reader<'_>, extension: &mut Extension, n_slots: u64) -> Result<(), DecodeError> {
    match tag {
        tag::FORMAT => extension.arrays_have_one_entry = decode_format(input)?,
        tag::ORIGIN => extension.origin = decode_origin(input)?,
        tag::TIME => extension.time = Some(decode_time(input)?),
        tag::DIMENSIONS => extension.dimensions = input.list(decode_dimension)?,
        tag::VARIABLES => {
            extension.variables = input.list(|input| decode_variable(input, &extension.dimensions, n_slots))?
        }
        tag::REGIONS => extension.regions = input.list(decode_region)?,
        tag::GROUPS => extension.groups = input.list(decode_group)?,
        tag::TRANSPORTS => extension.transports = input.list(|input| decode_transport(input, &extension.dimensions))?,
        tag::LINKS => {
            let n_variables = extension.variables.len();
            extension.links = input.list(|input| decode_link(input, n_variables))?;
        }
        tag::CONTROLS => extension.controls = input.list(decode_control)?,
        tag::FILES => extension.files = input.list(decode_file)?,
        tag::INPUTS => extension.inputs = Some(decode_inputs(input)?),
        tag::EVENTS => extension.thresholds = input.list(|input| decode_threshold(input, &extension.dimensions))?,
        _ => unreachable!("only known tags are decoded"),
    }
    Ok(())
}

fn decode_format(input: &mut Reader<'_>) -> Result<bool, DecodeError> {
    let version = input.u32()?;
    if version != FORMAT_VERSION {
        return Err(input.error(Reason::Version { version }));
    }
    let flags = input.u32()?;
    if flags & !flag::ARRAYS_HAVE_ONE_ENTRY != 0 {
        return Err(input.invalid("flag"));
    }
    Ok(flags != 0)
}

fn decode_origin(input: &mut Reader<'_>) -> Result<Origin, DecodeError> {
    Ok(Origin { producer: input.str()?, model: input.str()?, source_digest: *input.take::<32>()? })
}

fn decode_time(input: &mut Reader<'_>) -> Result<Time, DecodeError> {
    Ok(Time {
        start: input.f64()?,
        stop: input.f64()?,
        dt: input.f64()?,
        n_steps: input.u64()?,
        save_every: input.u64()?,
        method: input.one_of(&Method::ALL, "method")?,
        units: {
            let flags = input.flags(flag::TIME_UNITS)?;
            input.optional(flags & flag::TIME_UNITS, Reader::str)?
        },
    })
}

fn decode_dimension(input: &mut Reader<'_>) -> Result<Dimension, DecodeError> {
    Ok(Dimension { name: input.str()?, elements: input.list(Reader::str)?.into() })
}

fn decode_variable(input: &mut Reader<'_>, dimensions: &[Dimension], n_slots: u64) -> Result<Variable, DecodeError> {
    let name = input.str()?;
    let kind = input.one_of(&Kind::ALL, "kind")?;
    let flags = input.flags(flag::SETTABLE | flag::UNITS | flag::DOC | flag::RANGE | flag::SETTABLE_PARTS)?;
    if flags & flag::SETTABLE != 0 && flags & flag::SETTABLE_PARTS != 0 {
        return Err(input.invalid("flag"));
    }
    let slot = input.u64()?;
    let mut len = 1u64;
    let dims = input.list(|input| {
        let dim = input.u32()?;
        let Some(dimension) = dimensions.get(dim as usize) else { return Err(input.invalid("dimension")) };
        len = len.saturating_mul(dimension.elements.len() as u64);
        Ok(dim)
    })?;
    if dims.len() > MAX_RANK {
        return Err(input.invalid("dimension"));
    }
    if slot.checked_add(len).is_none_or(|end| end > n_slots) {
        return Err(input.invalid("slot"));
    }
    Ok(Variable {
        name,
        kind,
        slot,
        dims,
        defaults: input.optional(flags & flag::SETTABLE, |input| (0..len).map(|_| input.f64()).collect())?,
        settable_parts: input
            .optional(flags & flag::SETTABLE_PARTS, |input| decode_parts(input, len))?
            .unwrap_or_default(),
        units: input.optional(flags & flag::UNITS, Reader::str)?,
        doc: input.optional(flags & flag::DOC, Reader::str)?,
        range: input.optional(flags & flag::RANGE, |input| Ok((input.f64()?, input.f64()?)))?,
    })
}

/// Some of that many elements that a host may set: ascending, with gaps between, and fewer than all.
fn decode_parts(input: &mut Reader<'_>, len: u64) -> Result<Vec<SettableElements>, DecodeError> {
    let mut least = 0u64;
    let parts = input.list(|input| {
        let first = input.u32()?;
        let defaults = input.list(Reader::f64)?;
        let end = u64::from(first) + defaults.len() as u64;
        if u64::from(first) < least || defaults.is_empty() || end > len || defaults.len() as u64 == len {
            return Err(input.invalid("settable element"));
        }
        least = end + 1;
        Ok(SettableElements { first, defaults })
    })?;
    if parts.is_empty() { Err(input.invalid("settable element")) } else { Ok(parts) }
}

fn decode_link(input: &mut Reader<'_>, n_variables: usize) -> Result<Link, DecodeError> {
    let variable = |input: &mut Reader<'_>| {
        let index = input.u32()?;
        if (index as usize) < n_variables { Ok(index) } else { Err(input.invalid("variable")) }
    };
    Ok(Link {
        cause: variable(input)?,
        effect: variable(input)?,
        sign: input.one_of(&Sign::ALL, "sign")?,
        at_start: input.flags(flag::LINK_AT_START)? != 0,
    })
}

fn decode_control(input: &mut Reader<'_>) -> Result<Control, DecodeError> {
    let kind = input.one_of(&ControlKind::ALL, "kind")?;
    let flags = input.flags(flag::CONTROL_RANGE | flag::CONTROL_STEP | flag::CONTROL_LABEL)?;
    Ok(Control {
        kind,
        names: input.list(Reader::str)?,
        range: input.optional(flags & flag::CONTROL_RANGE, |input| Ok((input.f64()?, input.f64()?)))?,
        step: input.optional(flags & flag::CONTROL_STEP, Reader::f64)?,
        label: input.optional(flags & flag::CONTROL_LABEL, Reader::str)?,
    })
}

fn decode_group(input: &mut Reader<'_>) -> Result<Group, DecodeError> {
    Ok(Group {
        name: input.str()?,
        doc: {
            let flags = input.flags(flag::GROUP_DOC)?;
            input.optional(flags & flag::GROUP_DOC, Reader::str)?
        },
        members: input.list(Reader::str)?,
    })
}

fn decode_file(input: &mut Reader<'_>) -> Result<ReadFile, DecodeError> {
    Ok(ReadFile { name: input.str()?, digest: *input.take::<32>()? })
}

fn decode_transport(input: &mut Reader<'_>, dimensions: &[Dimension]) -> Result<Transport, DecodeError> {
    Ok(Transport {
        name: input.str()?,
        kind: input.one_of(&TransportKind::ALL, "kind")?,
        dims: input.list(|input| decode_dim(input, dimensions))?,
    })
}

/// A dimension that there is, by its number.
fn decode_dim(input: &mut Reader<'_>, dimensions: &[Dimension]) -> Result<u32, DecodeError> {
    let dim = input.u32()?;
    if (dim as usize) < dimensions.len() { Ok(dim) } else { Err(input.invalid("dimension")) }
}

fn decode_region(input: &mut Reader<'_>) -> Result<Region, DecodeError> {
    Ok(Region { name: input.str()?, offset: input.u64()?, bytes: input.u64()? })
}

fn decode_threshold(input: &mut Reader<'_>, dimensions: &[Dimension]) -> Result<Threshold, DecodeError> {
    Ok(Threshold {
        variable: input.str()?,
        dims: input.list(|input| decode_dim(input, dimensions))?,
        first: input.u32()?,
        n: input.u32()?,
        value: input.f64()?,
        direction: input.one_of(&Direction::ALL, "direction")?,
        repeat: input.one_of(&Repeat::ALL, "repetition")?,
        interval: input.u32()?,
        events: input
            .list(|input| Ok(Event { action: input.one_of(&Action::ALL, "action")?, message: input.str()? }))?,
    })
}

fn decode_inputs(input: &mut Reader<'_>) -> Result<Inputs, DecodeError> {
    let (offset, capacity) = (input.u64()?, input.u64()?);
    let end = capacity.checked_mul(8).and_then(|bytes| bytes.checked_add(offset));
    if end.is_none_or(|end| end > MEMORY_LIMIT) {
        return Err(input.invalid("place for inputs"));
    }
    let tables = input.list(|input| {
        Ok(InputTable {
            name: input.str()?,
            kind: input.one_of(&TableKind::ALL, "kind")?,
            capacity: input.u32()?,
            points: input.list(|input| Ok([input.f64()?, input.f64()?]))?,
        })
    })?;
    Ok(Inputs { offset, capacity, tables })
}

/// Bytes, and where in them one is.
struct Reader<'a> {
    /// Everything up to the end of the record that is read.
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn is_empty(&self) -> bool {
        self.at == self.bytes.len()
    }

    fn error(&self, reason: Reason) -> DecodeError {
        DecodeError { offset: self.at as u64, reason }
    }

    fn invalid(&self, field: &'static str) -> DecodeError {
        self.error(Reason::Invalid { field })
    }

    fn slice(&mut self, len: usize) -> Result<&'a [u8], DecodeError> {
        let end = self.at.checked_add(len);
        let slice = end.and_then(|end| self.bytes.get(self.at..end)).ok_or_else(|| self.error(Reason::Truncated))?;
        self.at += len;
        Ok(slice)
    }

    fn take<const N: usize>(&mut self) -> Result<&'a [u8; N], DecodeError> {
        Ok(self.slice(N)?.first_chunk().expect("the slice has this length"))
    }

    fn u8(&mut self) -> Result<u8, DecodeError> {
        Ok(self.take::<1>()?[0])
    }

    fn u32(&mut self) -> Result<u32, DecodeError> {
        self.take().copied().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, DecodeError> {
        self.take().copied().map(u64::from_le_bytes)
    }

    fn f64(&mut self) -> Result<f64, DecodeError> {
        self.take().copied().map(f64::from_le_bytes)
    }

    fn str(&mut self) -> Result<String, DecodeError> {
        let len = self.u32()? as usize;
        let start = self.at;
        let text = str::from_utf8(self.slice(len)?);
        text.map(str::to_owned)
            .map_err(|error| DecodeError { offset: (start + error.valid_up_to()) as u64, reason: Reason::NotUtf8 })
    }

    /// Each item takes at least a byte, so that a count that lies runs into the end before it costs memory.
    fn list<T>(&mut self, mut decode: impl FnMut(&mut Self) -> Result<T, DecodeError>) -> Result<Vec<T>, DecodeError> {
        let count = self.u32()?;
        (0..count).map(|_| decode(self)).collect()
    }

    fn optional<T>(
        &mut self,
        flag: u8,
        decode: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        if flag == 0 { Ok(None) } else { decode(self).map(Some) }
    }

    fn flags(&mut self, known: u8) -> Result<u8, DecodeError> {
        let flags = self.u8()?;
        if flags & !known == 0 { Ok(flags) } else { Err(self.invalid("flag")) }
    }

    fn one_of<T: Copy>(&mut self, all: &[T], field: &'static str) -> Result<T, DecodeError> {
        let number = self.u8()?;
        all.get(usize::from(number)).copied().ok_or_else(|| self.invalid(field))
    }

    /// The payload of a record, whose length comes first; offsets in it go on counting from the beginning of the section.
    fn record(&mut self) -> Result<Self, DecodeError> {
        let len = self.u32()? as usize;
        let start = self.at;
        self.slice(len)?;
        Ok(Self { bytes: &self.bytes[..self.at], at: start })
    }
}
