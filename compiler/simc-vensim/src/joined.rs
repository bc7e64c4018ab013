//! Text whose continued lines have been joined, with the way back to the file.
//!
//! A backslash right before the end of a line continues the line: backslash, line end and the blanks
//! that begin the next line count for nothing, even in the middle of a word.

use std::borrow::Cow;

use crate::neutral::{FileId, Span};

/// The joined text of a part of a file.
#[derive(Debug)]
pub(crate) struct Joined<'a> {
    text: Cow<'a, str>,
    file: FileId,
    cuts: Vec<Cut>,
}

/// Something that has been left out. Cuts ascend in both members.
#[derive(Clone, Copy, Debug)]
struct Cut {
    /// The first joined byte after it.
    at: usize,
    /// How many bytes have been left out up to there.
    removed: usize,
}

impl<'a> Joined<'a> {
    /// Joins the lines of a text that begins the file.
    pub(crate) fn new(file: FileId, source: &'a str) -> Self {
        let mut joined = String::new();
        let mut cuts = Vec::new();
        let (mut kept_to, mut at) = (0, 0);
        while let Some(found) = source[at..].find('\\') {
            let backslash = at + found;
            let Some(length) = continuation(&source[backslash..]) else {
                at = backslash + 1;
                continue;
            };
            joined.push_str(&source[kept_to..backslash]);
            kept_to = backslash + length;
            at = kept_to;
            cuts.push(Cut { at: joined.len(), removed: kept_to - joined.len() });
        }
        let text = if cuts.is_empty() {
            Cow::Borrowed(source)
        } else {
            joined.push_str(&source[kept_to..]);
            Cow::Owned(joined)
        };
        Self { text, file, cuts }
    }

    /// The whole joined text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Where the joined bytes `start..end` are in the file. An empty range is an empty span.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        let first = self.source_of(start);
        let last = if end > start { self.source_of(end - 1) + 1 } else { first };
        Span::new(self.file, offset(first), offset(last))
    }

    fn source_of(&self, at: usize) -> usize {
        let before = self.cuts.partition_point(|cut| cut.at <= at);
        at + before.checked_sub(1).map_or(0, |last| self.cuts[last].removed)
    }
}

/// How many bytes at the start of a text, which is a backslash, continue the line. Blanks may be
/// between the backslash and the end of its line.
fn continuation(text: &str) -> Option<usize> {
    let after = text[1..].trim_start_matches([' ', '\t', '\r']);
    let next_line = after.strip_prefix('\n')?;
    Some(text.len() - next_line.trim_start_matches([' ', '\t']).len())
}

/// A place in a file; a file that is too long for places is refused before it is read.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn continued_lines_are_one_and_know_where_they_were() {
        let joined = Joined::new(FileId(0), "ab\\\n\t\tcd\\ \r\n  e\n\\x");
        assert_eq!(joined.text(), "abcde\n\\x");
        assert_eq!(joined.span(0, 2), Span::new(FileId(0), 0, 2));
        assert_eq!(joined.span(1, 3), Span::new(FileId(0), 1, 7));
        assert_eq!(joined.span(4, 5), Span::new(FileId(0), 14, 15));
        assert_eq!(joined.span(8, 8), Span::new(FileId(0), 18, 18));
    }

    #[test]
    fn a_text_without_continuations_is_not_copied() {
        let joined = Joined::new(FileId(0), "a\\b\n");
        assert!(matches!(joined.text, Cow::Borrowed("a\\b\n")));
    }
}
