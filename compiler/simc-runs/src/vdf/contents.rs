//! What a file says of its variables: names, shapes and places among the values.

use std::collections::{HashMap, HashSet};

use super::file::{File, Kind, damaged};
use crate::Fault;

/// A scalar or an element of an array.
pub(super) struct Variable {
    /// Its name, with subscripts.
    pub(super) name: String,
    /// Its entry in the table of offsets.
    pub(super) position: usize,
}

/// Classes of records that are not variables: groups, units, elements, dimensions, functions.
const METADATA: u32 = 0x80;
/// The class of a dimension's record.
const DIMENSION: u32 = 0x84;
/// Dimensions of one array at most.
const MAX_DIMENSIONS: usize = 8;

/// Where things are within records and shapes, in words.
struct Form {
    /// Where the first record begins within its section: that of Time.
    first: usize,
    /// From one record to the next.
    stride: usize,
    /// The position among the values, within a record.
    position: usize,
    /// Words of each size and stride in a shape.
    size_words: usize,
}

const SINGLE: Form = Form { first: 0x2b, stride: 16, position: 9, size_words: 1 };
const DOUBLE: Form = Form { first: 0x43, stride: 22, position: 10, size_words: 2 };

/// Within a record: the key of its name, its shape, and its class in the low byte of its last word.
const NAME: usize = 0;
const SHAPE: usize = 4;

/// The tables of a file.
pub(super) struct Contents {
    form: &'static Form,
    records: Vec<u32>,
    names: HashMap<u32, String>,
    shapes: Vec<u32>,
    /// By the reference of a dimension, those of its elements.
    elements: HashMap<u32, Vec<u32>>,
    /// Entries of the table of offsets.
    n_positions: usize,
}

impl Contents {
    pub(super) fn of(file: &File<'_>) -> Result<Self, Fault> {
        // A run begins with a text.
        let first = match file.kind {
            Kind::Run => 1,
            Kind::Data => 0,
        };
        let section = |at: usize| file.section(first + at).ok_or_else(|| damaged("a section is missing"));
        let names = file.section_bytes(first + 1).ok_or_else(|| damaged("a section is missing"))?;
        let mut contents = Self {
            form: if file.is_double { &DOUBLE } else { &SINGLE },
            records: section(0)?,
            names: names_of(names),
            shapes: section(2)?,
            elements: HashMap::new(),
            n_positions: file.n_positions,
        };
        contents.elements = contents.find_elements(&section(4)?);
        Ok(contents)
    }

    /// The record that begins at a word; nothing when there is none.
    fn record(&self, at: usize) -> Option<&[u32]> {
        let from = at.checked_sub(self.form.first)?;
        if from % self.form.stride != 0 {
            return None;
        }
        self.records.get(at..at + self.form.stride)
    }

    /// The record that a reference means: references count from the word before.
    fn referenced(&self, reference: u32) -> Option<&[u32]> {
        self.record((reference as usize).checked_sub(1)?)
    }

    fn class(&self, record: &[u32]) -> u32 {
        record[self.form.stride - 1] & 0xff
    }

    /// The name after a reference.
    fn name(&self, reference: u32) -> Option<&str> {
        self.names.get(&self.referenced(reference)?[NAME]).map(String::as_str)
    }

    /// The section of dimensions has for each its reference, the number of elements, that of its mappings, the elements,
    /// the mappings. Words between are passed over.
    fn find_elements(&self, section: &[u32]) -> HashMap<u32, Vec<u32>> {
        let mut found = HashMap::new();
        // The mark, two lengths and a constant.
        let mut at = 4;
        // A damaged file can have lists of elements within each other.
        let mut budget = 4 * section.len();
        while at + 3 < section.len() && budget > 0 {
            let (dimension, n, n_mappings) = (section[at], section[at + 1] as usize, section[at + 2] as usize);
            let is_dimension = self.referenced(dimension).is_some_and(|record| self.class(record) == DIMENSION);
            let elements = section.get(at + 3..(at + 3).saturating_add(n)).filter(|_| is_dimension && n > 0);
            budget = budget.saturating_sub(elements.map_or(0, <[u32]>::len));
            match elements {
                Some(elements) if elements.iter().all(|&element| self.name(element).is_some()) => {
                    found.entry(dimension).or_insert_with(|| elements.to_vec());
                    at = (at + 3 + n).saturating_add(n_mappings);
                }
                Some(_) | None => at += 1,
            }
        }
        found
    }

    /// All scalars and elements, in the order of the file; the time itself is none of them.
    pub(super) fn variables(&self) -> Result<Vec<Variable>, Fault> {
        let mut variables = Vec::new();
        let mut names = HashSet::new();
        let mut at = self.form.first + self.form.stride;
        while let Some(record) = self.record(at) {
            at += self.form.stride;
            let Some(name) = self.names.get(&record[NAME]) else { break };
            // Names in `#` are what Vensim makes for delays and macros.
            if self.class(record) >= METADATA || name.starts_with('#') || !names.insert(name) {
                continue;
            }
            let position = record[self.form.position] as usize;
            if position == 0 {
                continue;
            }
            self.add(name, record[SHAPE] as usize, position, &mut variables)?;
        }
        Ok(variables)
    }

    /// Adds a variable, or its elements in row-major order.
    fn add(&self, name: &str, shape: usize, position: usize, variables: &mut Vec<Variable>) -> Result<(), Fault> {
        let cut = || damaged(&format!("the shape of `{name}` is none"));
        let words = |from: usize, n: usize| self.shapes.get(from..from + n).ok_or_else(cut);
        let size_words = self.form.size_words;
        let sizes = shape + 1;
        let dimensions = words(sizes + 2 * MAX_DIMENSIONS * size_words, MAX_DIMENSIONS + 1)?;
        let n_dimensions = dimensions[MAX_DIMENSIONS] as usize;
        if n_dimensions == 0 {
            variables.push(Variable { name: name.to_owned(), position });
            return Ok(());
        }
        if n_dimensions > MAX_DIMENSIONS {
            return Err(cut());
        }
        let n_elements = words(shape, 1)?[0] as usize;
        // No two variables share an entry.
        if variables.len().saturating_add(n_elements) > self.n_positions {
            return Err(cut());
        }
        let mut subscripts = vec![String::new()];
        for &dimension in &dimensions[..n_dimensions] {
            let elements = self.elements.get(&dimension).ok_or_else(cut)?;
            if subscripts.len().saturating_mul(elements.len()) > n_elements {
                return Err(cut());
            }
            let deeper = subscripts.iter().flat_map(|outer| {
                let comma = if outer.is_empty() { "" } else { "," };
                elements.iter().map(move |&element| format!("{outer}{comma}{}", self.name(element).unwrap_or_default()))
            });
            subscripts = deeper.collect();
        }
        if subscripts.len() != n_elements {
            return Err(cut());
        }
        let elements = subscripts.iter().enumerate();
        variables.extend(
            elements
                .map(|(at, subscripts)| Variable { name: format!("{name}[{subscripts}]"), position: position + at }),
        );
        Ok(())
    }
}

/// Names by their keys. A name is a length and as many bytes, padded with zeros; the length has two bytes, or four with
/// four zero bytes after each name. A key counts words from the first name, and begins at 7.
fn names_of(section: &[u8]) -> HashMap<u32, String> {
    /// Where the first name begins within its section.
    const FIRST: usize = 24;
    /// The key of the first name.
    const FIRST_KEY: usize = 7;

    let mut names = HashMap::new();
    let number = |at: usize, n: usize| {
        let bytes = section.get(at..at + n)?;
        Some(bytes.iter().rev().fold(0usize, |number, &byte| number << 8 | usize::from(byte)))
    };
    let is_wide = number(FIRST - 2, 2) == Some(0);
    let (length_bytes, gap) = if is_wide { (4, 4) } else { (2, 0) };
    let mut at = FIRST;
    while let Some(length) = number(at - length_bytes, length_bytes) {
        if length == 0 {
            // Room that no name takes.
            at += length_bytes;
            continue;
        }
        let Some(bytes) = section.get(at..at.saturating_add(length)) else { break };
        let name = bytes.split(|&byte| byte == 0).next().unwrap_or_default();
        names.insert(((at - FIRST) / 4 + FIRST_KEY) as u32, decode(name));
        at += length + gap + length_bytes;
    }
    names
}

/// A name in UTF-8, or else in Windows-1252.
fn decode(name: &[u8]) -> String {
    match std::str::from_utf8(name) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(name).0.into_owned(),
    }
}
