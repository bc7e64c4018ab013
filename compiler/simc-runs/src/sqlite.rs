//! Tables of an SQLite database, as far as reading them whole needs: pages, trees, records.
//!
//! The format is that of <https://www.sqlite.org/fileformat2.html>. A database is hostile: every number in it is checked against the
//! bytes that are there, and no more pages are looked at than a sound file of that length has.

use std::cell::Cell;
use std::collections::HashSet;

use crate::Fault;

/// What a database begins with.
pub(crate) const MARK: &[u8] = b"SQLite format 3";

/// Where the tree of the first page begins.
const FIRST_TREE: usize = 100;
/// The page of the table of tables.
const SCHEMA: u32 = 1;
/// Kinds of pages.
const INNER: u8 = 0x05;
const LEAF: u8 = 0x0d;

/// A value of a record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

impl Value {
    /// As a number.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Value::Integer(value) => Some(*value as f64),
            Value::Real(value) => Some(*value),
            Value::Text(text) => text.trim().parse().ok(),
            Value::Null | Value::Blob(_) => None,
        }
    }

    /// As a whole number.
    pub(crate) fn integer(&self) -> Option<i64> {
        match self {
            Value::Integer(value) => Some(*value),
            Value::Real(_) | Value::Text(_) | Value::Null | Value::Blob(_) => None,
        }
    }
}

/// The rows of a table, with the names of its columns in lower case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    columns: Vec<String>,
    pub(crate) rows: Vec<Vec<Value>>,
}

impl Table {
    /// The position of a column.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }
}

/// A database.
pub(crate) struct Database<'a> {
    bytes: &'a [u8],
    page_size: usize,
    /// The bytes of a page that hold something.
    usable: usize,
    encoding: u32,
    /// How many more pages may be looked at.
    left: Cell<usize>,
}

impl<'a> Database<'a> {
    /// Reads the head of a database.
    ///
    /// # Errors
    /// The head contradicts the file.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Fault> {
        let page_size = match u16_at(bytes, 16)? {
            1 => 65536,
            size => usize::from(size),
        };
        let reserved = usize::from(*bytes.get(20).ok_or_else(damaged)?);
        let usable = page_size.saturating_sub(reserved);
        let encoding = u32_at(bytes, 56)?;
        if page_size < 512 || !page_size.is_power_of_two() || usable < 480 || encoding > 3 {
            return Err(damaged());
        }
        let n_pages = bytes.len() / page_size;
        Ok(Self { bytes, page_size, usable, encoding, left: Cell::new(4 * n_pages + 4) })
    }

    /// A table by its name; nothing when there is none.
    ///
    /// # Errors
    /// The file is damaged.
    pub(crate) fn table(&self, name: &str) -> Result<Option<Table>, Fault> {
        for row in self.rows(SCHEMA, 5, None)? {
            let [Value::Text(kind), Value::Text(own), _, Value::Integer(root), Value::Text(sql)] = row.as_slice()
            else {
                continue;
            };
            if kind != "table" || !own.eq_ignore_ascii_case(name) {
                continue;
            }
            let root = u32::try_from(*root).map_err(|_| damaged())?;
            let (columns, key) = columns(sql).ok_or_else(damaged)?;
            let rows = self.rows(root, columns.len(), key)?;
            return Ok(Some(Table { columns, rows }));
        }
        Ok(None)
    }

    /// All records of a tree in the order of their numbers, with that many values each; the one at `key` is the record's number.
    fn rows(&self, root: u32, n_columns: usize, key: Option<usize>) -> Result<Vec<Vec<Value>>, Fault> {
        let mut rows = Vec::new();
        let mut open = vec![root];
        let mut seen = HashSet::new();
        while let Some(number) = open.pop() {
            if !seen.insert(number) {
                return Err(damaged());
            }
            let page = self.page(number)?;
            let head = if number == SCHEMA { FIRST_TREE } else { 0 };
            let kind = *page.get(head).ok_or_else(damaged)?;
            let n_cells = usize::from(u16_at(page, head + 3)?);
            let pointers = head + if kind == INNER { 12 } else { 8 };
            let cell = |nth: usize| u16_at(page, pointers + 2 * nth).map(usize::from);
            match kind {
                INNER => {
                    open.push(u32_at(page, head + 8)?);
                    for nth in (0..n_cells).rev() {
                        open.push(u32_at(page, cell(nth)?)?);
                    }
                }
                LEAF => {
                    for nth in 0..n_cells {
                        rows.push(self.record(page, cell(nth)?, n_columns, key)?);
                    }
                }
                _ => return Err(damaged()),
            }
        }
        Ok(rows)
    }

    /// The record of a cell. Values that an older record lacks are absent.
    fn record(&self, page: &[u8], cell: usize, n_columns: usize, key: Option<usize>) -> Result<Vec<Value>, Fault> {
        let (length, at) = varint(page, cell)?;
        let (number, at) = varint(page, at)?;
        let payload = self.payload(page, at, usize::try_from(length).map_err(|_| damaged())?)?;
        let (head_length, mut at) = varint(&payload, 0)?;
        let head_end = usize::try_from(head_length).map_err(|_| damaged())?;
        let mut values = Vec::with_capacity(n_columns);
        let mut from = head_end;
        while at < head_end && values.len() < n_columns {
            let (kind, next) = varint(&payload, at)?;
            let (value, length) = self.value(&payload, from, kind)?;
            values.push(value);
            (at, from) = (next, from + length);
        }
        values.resize(n_columns, Value::Null);
        if let Some(value) = key.and_then(|key| values.get_mut(key)) {
            *value = Value::Integer(number as i64);
        }
        Ok(values)
    }

    /// What a cell holds: the beginning in its page, the rest in a chain of others.
    fn payload(&self, page: &[u8], at: usize, length: usize) -> Result<Vec<u8>, Fault> {
        if length > self.bytes.len() {
            return Err(damaged());
        }
        let most = self.usable - 35;
        if length <= most {
            return Ok(page.get(at..at + length).ok_or_else(damaged)?.to_vec());
        }
        let least = (self.usable - 12) * 32 / 255 - 23;
        let own = least + (length - least) % (self.usable - 4);
        let own = if own <= most { own } else { least };
        let mut payload = page.get(at..at + own).ok_or_else(damaged)?.to_vec();
        let mut next = u32_at(page, at + own)?;
        while payload.len() < length {
            let page = self.page(next)?;
            let part = (length - payload.len()).min(self.usable - 4);
            payload.extend_from_slice(page.get(4..4 + part).ok_or_else(damaged)?);
            next = u32_at(page, 0)?;
        }
        Ok(payload)
    }

    /// A value by its kind, and how many bytes it takes.
    fn value(&self, payload: &[u8], from: usize, kind: u64) -> Result<(Value, usize), Fault> {
        let bytes = |length: usize| payload.get(from..from.saturating_add(length)).ok_or_else(damaged);
        let whole = |length: usize| -> Result<(Value, usize), Fault> {
            let bytes = bytes(length)?;
            let negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
            let start = if negative { -1_i64 } else { 0 };
            let value = bytes.iter().fold(start, |value, &byte| (value << 8) | i64::from(byte));
            Ok((Value::Integer(value), length))
        };
        match kind {
            0 => Ok((Value::Null, 0)),
            1..=4 => whole(kind as usize),
            5 => whole(6),
            6 => whole(8),
            7 => {
                let bits = bytes(8)?.iter().fold(0_u64, |value, &byte| (value << 8) | u64::from(byte));
                Ok((Value::Real(f64::from_bits(bits)), 8))
            }
            8 | 9 => Ok((Value::Integer(kind as i64 - 8), 0)),
            10 | 11 => Err(damaged()),
            _ => {
                let length = usize::try_from((kind - 12) / 2).map_err(|_| damaged())?;
                let bytes = bytes(length)?;
                let value = if kind % 2 == 0 { Value::Blob(bytes.to_vec()) } else { Value::Text(self.text(bytes)) };
                Ok((value, length))
            }
        }
    }

    fn text(&self, bytes: &[u8]) -> String {
        let units = |join: fn([u8; 2]) -> u16| {
            let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|&pair| join(pair)).collect();
            String::from_utf16_lossy(&units)
        };
        match self.encoding {
            2 => units(u16::from_le_bytes),
            3 => units(u16::from_be_bytes),
            _ => String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    /// A page by its number, which counts from 1.
    fn page(&self, number: u32) -> Result<&'a [u8], Fault> {
        let left = self.left.get().checked_sub(1).ok_or_else(damaged)?;
        self.left.set(left);
        let start = usize::try_from(number).ok().and_then(|number| number.checked_sub(1)).ok_or_else(damaged)?;
        let start = start.checked_mul(self.page_size).ok_or_else(damaged)?;
        self.bytes.get(start..start + self.page_size).ok_or_else(damaged)
    }
}

/// The names of the columns in the text that made a table, and which one is the number of the record.
fn columns(sql: &str) -> Option<(Vec<String>, Option<usize>)> {
    let inside = sql.get(sql.find('(')? + 1..sql.rfind(')')?)?;
    if sql.get(sql.rfind(')')?..)?.to_ascii_uppercase().contains("WITHOUT") {
        return None;
    }
    let (mut names, mut key) = (Vec::new(), None);
    let mut depth = 0_u32;
    let parts = inside.split(|c: char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    });
    for part in parts {
        let part = part.trim();
        let quote = part.chars().next().filter(|c| matches!(c, '"' | '`' | '[' | '\''));
        let name = match quote {
            Some(quote) => part[1..].split(if quote == '[' { ']' } else { quote }).next()?,
            None => part.split(|c: char| c.is_whitespace() || c == '(').next()?,
        };
        let upper = part.to_ascii_uppercase();
        if quote.is_none()
            && ["PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "CONSTRAINT"].contains(&name.to_ascii_uppercase().as_str())
        {
            continue;
        }
        if upper.contains("INTEGER") && upper.contains("PRIMARY KEY") {
            key = Some(names.len());
        }
        names.push(name.to_ascii_lowercase());
    }
    Some((names, key))
}

/// A number of one to nine bytes, and where the next byte is.
fn varint(bytes: &[u8], at: usize) -> Result<(u64, usize), Fault> {
    let mut value = 0_u64;
    for n in 0..9 {
        let byte = *bytes.get(at + n).ok_or_else(damaged)?;
        if n == 8 {
            return Ok(((value << 8) | u64::from(byte), at + 9));
        }
        value = (value << 7) | u64::from(byte & 0x7f);
        if byte < 0x80 {
            return Ok((value, at + n + 1));
        }
    }
    Err(damaged())
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, Fault> {
    let bytes = bytes.get(at..at.saturating_add(2)).and_then(|bytes| bytes.try_into().ok());
    bytes.map(u16::from_be_bytes).ok_or_else(damaged)
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, Fault> {
    let bytes = bytes.get(at..at.saturating_add(4)).and_then(|bytes| bytes.try_into().ok());
    bytes.map(u32::from_be_bytes).ok_or_else(damaged)
}

pub(crate) fn damaged() -> Fault {
    Fault::new("is a damaged database", "save the run again, or export it from Stella as CSV")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_by_the_text_that_made_the_table() {
        let (names, key) =
            columns("CREATE TABLE \"a\" (id INTEGER PRIMARY KEY, [my name] TEXT, data BLOB(3,4), UNIQUE (id, data))")
                .expect("can be read");
        assert_eq!(names, ["id", "my name", "data"]);
        assert_eq!(key, Some(0));
        assert!(columns("CREATE TABLE a (x) WITHOUT ROWID").is_none());
        assert!(columns("CREATE TABLE a").is_none());
    }

    #[test]
    fn numbers_have_one_to_nine_bytes() {
        assert_eq!(varint(&[0x7f], 0).expect("is there"), (127, 1));
        assert_eq!(varint(&[0x81, 0x00], 0).expect("is there"), (128, 2));
        assert_eq!(varint(&[0xff; 9], 0).expect("is there"), (u64::MAX, 9));
        assert!(varint(&[0xff; 3], 0).is_err());
    }
}
