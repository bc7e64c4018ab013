//! Source files and places in them.

use std::fmt;

use lines::Lines;

pub use excerpt::Excerpt;
pub use place::{FileId, LineColumn, Span};

mod excerpt;
mod lines;
mod place;

/// One source file: the name shown in messages and the text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The name shown to the user, usually the path as it was given.
    pub name: String,
    /// The whole text.
    pub text: String,
    lines: Lines,
}

/// A file of data that the model refers to.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// The name shown to the user.
    pub name: String,
    /// The whole contents.
    pub bytes: Vec<u8>,
}

/// The files of one compilation, in the order in which they were added: texts, in which messages have their places, and data.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
    data: Vec<DataFile>,
    unread: Vec<String>,
}

impl Sources {
    /// No files yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file and returns its id.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).expect("fewer than 2^32 source files"));
        let text = text.into();
        let lines = Lines::new(&text);
        self.files.push(SourceFile { name: name.into(), text, lines });
        id
    }

    /// Adds a file of data; only its contents matter, no message has a place in it.
    pub fn add_data(&mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.data.push(DataFile { name: name.into(), bytes: bytes.into() });
    }

    /// Notes a file that the model refers to, and of which nothing is needed now.
    pub fn add_unread(&mut self, name: impl Into<String>) {
        self.unread.push(name.into());
    }

    /// The files that the model refers to, and of which nothing has been needed.
    pub fn unread(&self) -> &[String] {
        &self.unread
    }

    /// The files of data in order.
    pub fn data(&self) -> &[DataFile] {
        &self.data
    }

    /// The file with this id.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The files in order.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0u32..).map(FileId).zip(&self.files)
    }

    /// The text of a span; empty when the span does not fit the file.
    pub fn text(&self, span: Span) -> &str {
        self.files
            .get(span.file.0 as usize)
            .and_then(|file| file.text.get(span.start as usize..span.end as usize))
            .unwrap_or("")
    }

    /// Line and column of the first byte of a span.
    pub fn line_column(&self, span: Span) -> LineColumn {
        self.files
            .get(span.file.0 as usize)
            .map_or(LineColumn { line: 1, column: 1 }, |file| file.lines.place(&file.text, span.start as usize))
    }
}

/// Text in UTF-8, or in UTF-16 after a byte order mark.
pub fn decode(bytes: Vec<u8>) -> Option<String> {
    let units = |from: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes[2..].as_chunks::<2>();
        rest.is_empty().then(|| String::from_utf16(&pairs.iter().map(|&pair| from(pair)).collect::<Vec<_>>()).ok())
    };
    match bytes.first_chunk() {
        Some([0xff, 0xfe]) => units(u16::from_le_bytes)?,
        Some([0xfe, 0xff]) => units(u16::from_be_bytes)?,
        Some(_) | None => String::from_utf8(bytes).ok(),
    }
}

/// A piece of a source that fits a message: its beginning, if it is long.
pub fn shorten(text: &str) -> String {
    /// Characters shown.
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}...", &text[..at]),
        None => text.to_owned(),
    }
}

impl fmt::Display for LineColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn decodes_what_byte_order_marks_announce() {
        assert_eq!(decode(b"abc".to_vec()).as_deref(), Some("abc"));
        assert_eq!(decode(vec![0xff, 0xfe, b'a', 0]).as_deref(), Some("a"));
        assert_eq!(decode(vec![0xfe, 0xff, 0, b'a']).as_deref(), Some("a"));
        assert_eq!(decode(vec![0xfe, 0xff, 0]), None);
        assert_eq!(decode(vec![0xff]), None);
    }
}
