//! Text taken out of a file and decoded on the way, with the way back.

use std::num::NonZeroU32;

use crate::source::place::{FileId, Span};

/// Decoded text in which every byte still knows where it came from.
///
/// Characters that stand for themselves come in runs; whatever was written otherwise (an entity, the borders of a CDATA
/// section, a comment left out) begins a new run. A plain text costs one run however long it is.
#[derive(Clone, Debug)]
pub struct Excerpt {
    text: String,
    runs: Vec<Run>,
    whole: Span,
}

/// Bytes of the decoded text from one place in the file. Runs ascend in both texts and none is empty.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// First byte in the decoded text.
    decoded: u32,
    /// Where it is in the file.
    source: u32,
    /// For a run of a single character that is written otherwise: how many bytes of the file stand for it.
    escaped: Option<NonZeroU32>,
}

impl Excerpt {
    /// Nothing yet, to be taken from the given part of the file.
    pub fn new(whole: Span) -> Self {
        Self { text: String::new(), runs: Vec::new(), whole }
    }

    /// Text that is in the file as it is, from the given byte on.
    pub fn verbatim(file: FileId, start: u32, text: &str) -> Self {
        let mut excerpt = Self::new(Span::new(file, start, start.saturating_add(offset(text.len()))));
        excerpt.push_verbatim(text, start);
        excerpt
    }

    /// Appends characters that stand for themselves at `source` in the file.
    pub fn push_verbatim(&mut self, text: &str, source: u32) {
        if text.is_empty() {
            return;
        }
        let decoded = offset(self.text.len());
        let continues = self
            .runs
            .last()
            .is_some_and(|run| run.escaped.is_none() && source.wrapping_sub(run.source) == decoded - run.decoded);
        if !continues {
            self.runs.push(Run { decoded, source, escaped: None });
        }
        self.text.push_str(text);
    }

    /// Appends a character for which `length` bytes at `source` are.
    pub fn push_escaped(&mut self, c: char, source: u32, length: u32) {
        self.runs.push(Run { decoded: offset(self.text.len()), source, escaped: NonZeroU32::new(length) });
        self.text.push(c);
    }

    /// The decoded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The part of the file that was decoded.
    pub fn whole(&self) -> Span {
        self.whole
    }

    /// Where the decoded bytes `start..end` are in the file. An empty range is an empty span, at the end of the text after
    /// its last character.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let first = if start < self.text.len() { self.source_of(start) } else { self.source_behind(self.text.len()) };
        let last = if end > start { self.source_behind(end) } else { first };
        Span::new(self.whole.file, first, last.max(first))
    }

    /// The empty span right after the decoded byte before `end`.
    pub fn span_behind(&self, end: usize) -> Span {
        let at = self.source_behind(end);
        Span::new(self.whole.file, at, at)
    }

    /// The decoded text without blanks at its ends, and where that is.
    pub fn trimmed(&self) -> (&str, Span) {
        let text = self.text.trim();
        let start = self.text.len() - self.text.trim_start().len();
        (text, self.span(start, start + text.len()))
    }

    /// Where the decoded byte at `at` is.
    fn source_of(&self, at: usize) -> u32 {
        self.run_of(at).map_or(self.whole.start, |run| match run.escaped {
            Some(_) => run.source,
            None => run.source + (offset(at) - run.decoded),
        })
    }

    /// One past the byte of the file that stands for the decoded byte before `end`.
    fn source_behind(&self, end: usize) -> u32 {
        let Some(before) = end.checked_sub(1) else { return self.whole.start };
        self.run_of(before).map_or(self.whole.start, |run| match run.escaped {
            Some(length) => run.source + length.get(),
            None => run.source + (offset(end) - run.decoded),
        })
    }

    /// The run of a decoded byte; absent only when there is no text.
    fn run_of(&self, at: usize) -> Option<Run> {
        let behind = self.runs.partition_point(|run| run.decoded as usize <= at);
        self.runs.get(behind.checked_sub(1)?).copied()
    }
}

/// A place in a text. Texts of 4 GiB and more are refused before anything is taken out of them.
fn offset(at: usize) -> u32 {
    u32::try_from(at).expect("a source text is shorter than 4 GiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Excerpt {
        // a &lt; bé<!---->c
        let mut excerpt = Excerpt::new(Span::new(FileId(0), 10, 28));
        excerpt.push_verbatim("a ", 10);
        excerpt.push_escaped('<', 12, 4);
        excerpt.push_verbatim(" b", 16);
        excerpt.push_verbatim("é", 18);
        excerpt.push_verbatim("c", 27);
        excerpt
    }

    #[test]
    fn maps_places_through_what_was_decoded() {
        let excerpt = sample();
        assert_eq!(excerpt.text(), "a < béc");
        let place = |start, end| {
            let span = excerpt.span(start, end);
            (span.start, span.end)
        };
        assert_eq!(place(0, 1), (10, 11));
        assert_eq!(place(2, 3), (12, 16));
        assert_eq!(place(0, 3), (10, 16));
        assert_eq!(place(4, 7), (17, 20));
        assert_eq!(place(7, 8), (27, 28));
        assert_eq!(place(4, 8), (17, 28));
        assert_eq!(place(8, 8), (28, 28));
        assert_eq!(place(3, 3), (16, 16));
    }

    #[test]
    fn joins_neighbours_into_one_run() {
        assert_eq!(sample().runs.len(), 4);
    }

    #[test]
    fn an_empty_text_stands_at_its_start() {
        let excerpt = Excerpt::new(Span::new(FileId(0), 5, 9));
        assert_eq!(excerpt.span(0, 0), Span::new(FileId(0), 5, 5));
        assert_eq!(excerpt.trimmed(), ("", Span::new(FileId(0), 5, 5)));
    }

    #[test]
    fn trimming_keeps_the_place() {
        let excerpt = Excerpt::verbatim(FileId(0), 3, "  x+y \n");
        assert_eq!(excerpt.trimmed(), ("x+y", Span::new(FileId(0), 5, 8)));
    }
}
