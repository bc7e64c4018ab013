//! The header, the sections, the table of offsets and the blocks of values.

use crate::Fault;

/// The bytes that every file of Vensim's begins with; the next one says which kind it is.
pub(super) const MAGIC: &[u8] = b"\x7f\xf7\x17";

/// The bytes that every section begins with.
const MARK: &[u8] = b"\xa1\x37\x4c\xbf";

/// Where the first section of a file in single precision begins. One in double precision has a longer header.
const FIRST_SECTION: usize = 0xa8;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A run: every variable at every saved time.
    Run,
    /// A data set: variables at times of their own.
    Data,
}

/// A file whose header has been read.
pub(super) struct File<'b> {
    bytes: &'b [u8],
    /// What it holds.
    pub(super) kind: Kind,
    /// Whether offsets and values have eight bytes, and not four.
    pub(super) is_double: bool,
    /// Where each section begins, at its mark.
    sections: Vec<usize>,
    /// Where the value of each scalar or element at the last time begins; a data set has none.
    final_values: Option<usize>,
    /// Where the table of offsets begins.
    offsets: usize,
    /// Entries of that table.
    pub(super) n_positions: usize,
    /// Times that a block's bitmap counts.
    n_bits: usize,
}

impl<'b> File<'b> {
    /// Reads the header.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Fault> {
        let kind = match bytes.get(MAGIC.len()) {
            Some(0x52) => Kind::Run,
            Some(0x41) => Kind::Data,
            Some(0x53) => {
                return Err(Fault::new(
                    "is a result of Vensim's sensitivity runs or of its optimiser, which simc does not read",
                    "save a single run as .vdf, or export the result as a table",
                ));
            }
            Some(_) | None => return Err(damaged("its header is of an unknown kind")),
        };
        let sections = sections(bytes);
        let is_double = sections.first() != Some(&FIRST_SECTION);
        let word =
            |at: usize| Ok::<_, Fault>(read_u32(bytes, at).ok_or_else(|| damaged("its header is cut"))? as usize);
        // The upper half of each wide number is 0 in any file that is read here.
        let [last, end, offsets, n_bits] = if is_double { [0x64, 0x6c, 0x74, 0xa0] } else { [0x58, 0x5c, 0x60, 0x7c] };
        let (last, end, offsets, n_bits) = (word(last)?, word(end)?, word(offsets)?, word(n_bits)?);
        let mut file =
            Self { bytes, kind, is_double, sections, final_values: Some(last), offsets, n_positions: 0, n_bits };
        if offsets >= bytes.len() || last > end || n_bits > bytes.len().saturating_mul(8) {
            return Err(damaged("its header points out of the file"));
        }
        file.n_positions = (end - last) / file.width();
        if file.n_positions == 0 {
            file.final_values = None;
            file.n_positions = file.count_positions();
        }
        if file.n_positions > (bytes.len() - offsets) / file.width() {
            return Err(damaged("its table of offsets is cut"));
        }
        Ok(file)
    }

    /// Bytes of an offset, and of a value.
    fn width(&self) -> usize {
        if self.is_double { 8 } else { 4 }
    }

    /// Entries up to the first block of values, where the header does not say how many there are.
    fn count_positions(&self) -> usize {
        let mut first_block = self.bytes.len();
        let mut at = 0;
        while self.offsets + (at + 1) * self.width() <= first_block {
            let entry = self.entry(at);
            if entry > (self.offsets + at * self.width()) as u64 {
                first_block = usize::try_from(entry).map_or(first_block, |entry| entry.min(first_block));
            }
            at += 1;
        }
        at
    }

    /// The words of a section, its mark first.
    pub(super) fn section(&self, at: usize) -> Option<Vec<u32>> {
        let start = *self.sections.get(at)?;
        let end = self.sections.get(at + 1).copied().unwrap_or(self.bytes.len());
        Some(self.bytes[start..end].as_chunks::<4>().0.iter().map(|&word| u32::from_le_bytes(word)).collect())
    }

    /// The bytes of a section, its mark first.
    pub(super) fn section_bytes(&self, at: usize) -> Option<&'b [u8]> {
        let start = *self.sections.get(at)?;
        let end = self.sections.get(at + 1).copied().unwrap_or(self.bytes.len());
        Some(&self.bytes[start..end])
    }

    /// An entry of the table of offsets.
    fn entry(&self, position: usize) -> u64 {
        self.number(self.offsets + position * self.width())
    }

    /// An offset or the bits of a value; 0 beyond the file.
    fn number(&self, at: usize) -> u64 {
        let found = self.bytes.get(at..at.saturating_add(self.width())).unwrap_or_default();
        found.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
    }

    fn value(&self, bits: u64) -> f64 {
        if self.is_double { f64::from_bits(bits) } else { f64::from(f32::from_bits(bits as u32)) }
    }

    /// The saved times, which are the values of the first position.
    pub(super) fn times(&self) -> Result<Vec<f64>, Fault> {
        let times = self.block(0)?.ok_or_else(|| damaged("it has no times"))?;
        if times.is_empty() || times.iter().any(|time| !time.is_finite()) || !times.is_sorted_by(|a, b| a < b) {
            return Err(damaged("its times do not ascend"));
        }
        Ok(times)
    }

    /// The value of a scalar or element at each of the saved times.
    pub(super) fn values(&self, position: usize, n_times: usize) -> Result<Vec<f64>, Fault> {
        let Some(mut values) = self.block(position)? else {
            let bits = self.entry(position);
            let is_final = bits == 0 && self.final_values.is_some();
            let at = self.final_values.unwrap_or(0) + position * self.width();
            return Ok(vec![self.value(if is_final { self.number(at) } else { bits }); n_times]);
        };
        values.resize(n_times, values.last().copied().unwrap_or(f64::NAN));
        Ok(values)
    }

    /// The block of values of a position, unless its entry is a value itself. A time without a value of its own has the one
    /// before in a run, and NaN in a data set.
    fn block(&self, position: usize) -> Result<Option<Vec<f64>>, Fault> {
        if position >= self.n_positions {
            return Err(damaged("a variable has no place among its values"));
        }
        let first_block = (self.offsets + self.n_positions * self.width()) as u64;
        let entry = self.entry(position);
        if entry < first_block || entry >= self.bytes.len() as u64 {
            return Ok(None);
        }
        let at = entry as usize;
        let n_bytes = self.n_bits.div_ceil(8);
        // The count has as many bytes as it needs, which the file does not say; the bitmap tells.
        for count_bytes in [2, 4, 8] {
            let Some(count) = self.bytes.get(at..at + count_bytes) else { break };
            let count = count.iter().rev().fold(0u64, |count, &byte| count << 8 | u64::from(byte));
            let Some(bitmap) = self.bytes.get(at + count_bytes..at + count_bytes + n_bytes) else { break };
            let is_set = |time: &usize| bitmap[time / 8] >> (time % 8) & 1 == 1;
            if (0..self.n_bits).filter(is_set).count() as u64 != count {
                continue;
            }
            let values = at + count_bytes + n_bytes;
            if count > ((self.bytes.len() - values) / self.width()) as u64 {
                break;
            }
            let (mut next, mut last) = (values, f64::NAN);
            let held = |time: usize| {
                if is_set(&time) {
                    last = self.value(self.number(next));
                    next += self.width();
                } else if self.kind == Kind::Data {
                    last = f64::NAN;
                }
                last
            };
            return Ok(Some((0..self.n_bits).map(held).collect()));
        }
        Err(damaged(&format!("the values at byte {at} are cut")))
    }
}

/// Where sections begin.
fn sections(bytes: &[u8]) -> Vec<usize> {
    /// A run has eight; values can hold the same bytes as a mark.
    const MOST: usize = 8;
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = bytes[from..].windows(MARK.len()).position(|window| window == MARK) {
        found.push(from + at);
        from += at + MARK.len();
        if found.len() == MOST {
            break;
        }
    }
    found
}

fn read_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// What is said of a file that contradicts itself.
pub(super) fn damaged(what: &str) -> Fault {
    Fault::new(
        format!("is damaged, or of a version of Vensim that simc does not know: {what}"),
        "save the run again, or export it as a table (.tab, .csv) or as .dat",
    )
}
