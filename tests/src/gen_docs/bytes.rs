//! The bytes of a golden layout section, each with its meaning: read here again, by the words of the page and not by the decoder.

use std::fmt::Write;
use std::path::Path;

/// Bytes on a line.
const WIDTH: usize = 8;

/// Tags of extension records with their names.
const RECORDS: [(u32, &str); 8] = [
    (1, "format"),
    (2, "origin"),
    (3, "time"),
    (4, "dimensions"),
    (5, "variables"),
    (6, "regions"),
    (43, "links"),
    (48, "inputs"),
];

/// The golden section of the smallest model, field by field.
pub(super) fn layout(root: &Path) -> Result<String, String> {
    let path = root.join("tests/golden/decay.layout.bin");
    let bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut reader = Reader { bytes: &bytes, at: 0, out: String::from("```text\n") };
    reader.section().ok_or_else(|| format!("{}: ends within a field at byte {}", path.display(), reader.at))?;
    reader.out.push_str("```\n");
    Ok(reader.out)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    out: String,
}

impl Reader<'_> {
    fn section(&mut self) -> Option<()> {
        self.heading("core record");
        self.u64("n_slots")?;
        self.u64("n_chunks")?;
        self.u64("results_offset")?;
        self.list("entries", |reader| {
            reader.str("name")?;
            reader.u64("slot").map(drop)
        })?;
        while self.at < self.bytes.len() {
            self.record()?;
        }
        Some(())
    }

    fn record(&mut self) -> Option<()> {
        let tag = u32::from_le_bytes(self.bytes.get(self.at..self.at + 4)?.try_into().ok()?);
        let name = RECORDS.iter().find(|(known, _)| *known == tag).map_or("unknown", |(_, name)| name);
        self.heading(&format!("{name} record"));
        self.u32("tag")?;
        let len = self.u32("len")? as usize;
        let end = self.at + len;
        match tag {
            1 => {
                self.u32("version")?;
                self.u32("flags")?;
            }
            2 => {
                self.str("producer")?;
                self.str("model")?;
                self.raw(32, "SHA-256 of the source")?;
            }
            3 => self.time()?,
            4 => self.list("dimensions", |reader| {
                reader.str("name")?;
                reader.list("elements", |reader| reader.str("element"))
            })?,
            5 => self.list("variables", Self::variable)?,
            6 => self.list("regions", |reader| {
                reader.str("name")?;
                reader.u64("offset")?;
                reader.u64("bytes").map(drop)
            })?,
            43 => self.list("links", |reader| {
                reader.u32("cause")?;
                reader.u32("effect")?;
                reader.u8("sign")?;
                reader.u8("flags").map(drop)
            })?,
            48 => {
                self.u64("offset")?;
                self.u64("capacity")?;
                // The golden model has no graphical functions that can be set.
                self.u32("count of tables")?;
            }
            _ => self.raw(len, "payload")?,
        }
        (self.at == end).then_some(())
    }

    fn time(&mut self) -> Option<()> {
        for field in ["start", "stop", "dt"] {
            self.f64(field)?;
        }
        self.u64("n_steps")?;
        self.u64("save_every")?;
        self.u8("method")?;
        if self.u8("flags")? & 1 != 0 {
            self.str("units")?;
        }
        Some(())
    }

    fn variable(&mut self) -> Option<()> {
        self.str("name")?;
        self.u8("kind")?;
        let flags = self.u8("flags")?;
        self.u64("slot")?;
        let rank = self.u32("rank")?;
        // The golden model has no arrays: every variable has one element.
        for _ in 0..rank {
            self.u32("dimension")?;
        }
        if flags & 1 != 0 {
            self.f64("default")?;
        }
        if flags & 2 != 0 {
            self.str("units")?;
        }
        if flags & 4 != 0 {
            self.str("documentation")?;
        }
        if flags & 8 != 0 {
            self.f64("least")?;
            self.f64("greatest")?;
        }
        Some(())
    }

    fn list(&mut self, what: &str, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        let count = self.u32(&format!("count of {what}"))?;
        (0..count).try_for_each(|_| item(self))
    }

    fn str(&mut self, what: &str) -> Option<()> {
        let len = u32::from_le_bytes(self.bytes.get(self.at..self.at + 4)?.try_into().ok()?) as usize;
        let text = std::str::from_utf8(self.bytes.get(self.at + 4..self.at + 4 + len)?).ok()?;
        self.field(4 + len, &format!("{what} {text:?}"))
    }

    fn u8(&mut self, what: &str) -> Option<u8> {
        let value = *self.bytes.get(self.at)?;
        self.field(1, &format!("{what} {value}"))?;
        Some(value)
    }

    fn u32(&mut self, what: &str) -> Option<u32> {
        let value = u32::from_le_bytes(self.bytes.get(self.at..self.at + 4)?.try_into().ok()?);
        self.field(4, &format!("{what} {value}"))?;
        Some(value)
    }

    fn u64(&mut self, what: &str) -> Option<u64> {
        let value = u64::from_le_bytes(self.bytes.get(self.at..self.at + 8)?.try_into().ok()?);
        self.field(8, &format!("{what} {value}"))?;
        Some(value)
    }

    fn f64(&mut self, what: &str) -> Option<()> {
        let value = f64::from_le_bytes(self.bytes.get(self.at..self.at + 8)?.try_into().ok()?);
        self.field(8, &format!("{what} {value:?}"))
    }

    fn raw(&mut self, len: usize, what: &str) -> Option<()> {
        self.field(len, what)
    }

    fn heading(&mut self, text: &str) {
        let gap = if self.at == 0 { "" } else { "\n" };
        writeln!(self.out, "{gap}{text}").expect("a string takes everything");
    }

    /// Shows the next `len` bytes, the meaning after the first line of them.
    fn field(&mut self, len: usize, meaning: &str) -> Option<()> {
        let bytes = self.bytes.get(self.at..self.at + len)?;
        for (line, chunk) in bytes.chunks(WIDTH).enumerate() {
            let hex: Vec<String> = chunk.iter().map(|byte| format!("{byte:02x}")).collect();
            let meaning = if line == 0 { meaning } else { "" };
            let text = format!("{:04x}  {:<23}  {meaning}", self.at + line * WIDTH, hex.join(" "));
            writeln!(self.out, "{}", text.trim_end()).expect("a string takes everything");
        }
        self.at += len;
        Some(())
    }
}
