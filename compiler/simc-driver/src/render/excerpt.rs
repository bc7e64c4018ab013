//! The lines that a diagnostic shows: few, and none of them long.

use std::ops::Range;

use super::places::Places;

/// A line with more bytes than this is cut around its mark.
const LONG_LINE: usize = 4096;
/// Bytes shown before and after a mark in a line that is cut.
const AROUND: usize = 60;
/// Lines between two marks that are still shown in one piece.
const GAP: usize = 3;
/// What stands for the part of a line that is not shown.
const CUT: &str = "...";

/// A place with a few words, to be shown.
#[derive(Clone, Debug)]
pub(super) struct Mark<'a> {
    /// Bytes of the file.
    pub(super) range: Range<usize>,
    /// Words at the mark; may be empty.
    pub(super) text: &'a str,
    /// Whether it is what the diagnostic is about.
    pub(super) is_primary: bool,
}

/// Some lines of one file with marks in them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Excerpt<'a> {
    /// Number of the first line, from 1.
    pub(super) first_line: usize,
    /// The lines.
    pub(super) text: String,
    /// Column of the mark in the file, from 1, when the line is cut and does not tell.
    pub(super) column: Option<usize>,
    /// Marks as bytes of `text`: range, words, whether primary.
    pub(super) marks: Vec<(Range<usize>, &'a str, bool)>,
}

/// Cuts a file into what must be seen of it, the primary mark's piece first.
pub(super) fn excerpts<'a>(text: &str, places: &Places<'_>, mut marks: Vec<Mark<'a>>) -> Vec<Excerpt<'a>> {
    for mark in &mut marks {
        mark.range = first_line_of(places, &mark.range);
    }
    marks.sort_by_key(|mark| (mark.range.start, mark.range.end));
    let mut pieces: Vec<Vec<Mark<'a>>> = Vec::new();
    for mark in marks {
        match pieces.last_mut() {
            Some(piece) if joins(places, piece, &mark) => piece.push(mark),
            Some(_) | None => pieces.push(vec![mark]),
        }
    }
    pieces.sort_by_key(|piece| !piece.iter().any(|mark| mark.is_primary));
    pieces.into_iter().map(|piece| excerpt(text, places, &piece)).collect()
}

/// The part of a range that lies on its first line.
fn first_line_of(places: &Places<'_>, range: &Range<usize>) -> Range<usize> {
    let start = places.floor(range.start);
    let line_end = places.line_range(places.line(start)).end;
    start..places.floor(range.end).clamp(start, line_end.max(start))
}

/// Whether a mark can be shown in the same piece as those before it: near, and no long line between.
fn joins(places: &Places<'_>, piece: &[Mark<'_>], mark: &Mark<'_>) -> bool {
    let Some(last) = piece.last() else { return true };
    let (from, to) = (places.line(last.range.start), places.line(mark.range.start));
    to - from <= GAP && (from..=to).all(|line| places.line_range(line).len() <= LONG_LINE)
}

fn excerpt<'a>(text: &str, places: &Places<'_>, piece: &[Mark<'a>]) -> Excerpt<'a> {
    let first = places.line(piece[0].range.start);
    let last = places.line(piece[piece.len() - 1].range.start);
    let lines = places.line_range(first).start..places.line_range(last).end;
    if lines.len() > LONG_LINE && first == last {
        return cut(text, places, first, &piece[0]);
    }
    let shown = visible(&text[lines.clone()]);
    let marks =
        piece.iter().map(|mark| (shift(&mark.range, lines.start, lines.len()), mark.text, mark.is_primary)).collect();
    Excerpt { first_line: first + 1, text: shown, column: None, marks }
}

/// A long line, reduced to the surroundings of one mark.
fn cut<'a>(text: &str, places: &Places<'_>, line: usize, mark: &Mark<'a>) -> Excerpt<'a> {
    let whole = places.line_range(line);
    let start = places.floor(mark.range.start.saturating_sub(AROUND)).max(whole.start);
    let end = places.floor(mark.range.end.min(mark.range.start + AROUND) + AROUND).min(whole.end);
    let before = if start > whole.start { CUT } else { "" };
    let behind = if end < whole.end { CUT } else { "" };
    let range = shift(&mark.range, start, end - start);
    Excerpt {
        first_line: line + 1,
        text: format!("{before}{}{behind}", visible(&text[start..end])),
        column: Some(places.column(mark.range.start) + 1),
        marks: vec![(range.start + before.len()..range.end + before.len(), mark.text, mark.is_primary)],
    }
}

/// A text without what a terminal would obey or pass over: see [`is_obeyed`]. What stands for one has as many bytes.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c.len_utf8() {
            _ if !is_obeyed(c) || matches!(c, '\n' | '\r' | '\t') => shown.push(c),
            1 => shown.push(' '),
            2 => shown.push('\u{b7}'),
            3 => shown.push(char::REPLACEMENT_CHARACTER),
            _ => shown.extend([char::REPLACEMENT_CHARACTER, ' ']),
        }
    }
    shown
}

/// Whether a terminal obeys a character instead of showing it, or shows nothing at all: controls, marks that turn the direction of
/// writing, separators of lines, tags, and what Unicode calls default ignorable, but for the selectors of a character's variants.
pub fn is_obeyed(c: char) -> bool {
    let is_unseen = matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    );
    c.is_control() || is_unseen
}

/// A range as seen from `start`, not beyond `len`.
fn shift(range: &Range<usize>, start: usize, len: usize) -> Range<usize> {
    let clamp = |at: usize| at.saturating_sub(start).min(len);
    clamp(range.start)..clamp(range.end)
}

#[cfg(test)]
mod tests {
    use super::{Excerpt, Mark, excerpts};
    use crate::render::places::Places;

    fn mark(text: &str, at: &str, is_primary: bool) -> Mark<'static> {
        let start = text.find(at).expect("is there");
        Mark { range: start..start + at.len(), text: "", is_primary }
    }

    fn marked<'a>(excerpt: &'a Excerpt<'_>) -> Vec<&'a str> {
        excerpt.marks.iter().map(|(range, _, _)| &excerpt.text[range.clone()]).collect()
    }

    #[test]
    fn near_marks_share_a_piece_and_far_ones_do_not() {
        let text = format!("a\nb\nc\n{}far\n", "\n".repeat(50));
        let marks = vec![mark(&text, "a", false), mark(&text, "c", false), mark(&text, "far", true)];
        let pieces = excerpts(&text, &Places::new(&text), marks);
        assert_eq!(pieces.len(), 2);
        assert_eq!((pieces[0].first_line, marked(&pieces[0])), (54, vec!["far"]));
        assert_eq!((pieces[1].text.as_str(), marked(&pieces[1])), ("a\nb\nc", vec!["a", "c"]));
    }

    #[test]
    fn a_long_line_is_cut_around_its_mark() {
        let text = format!("{}here{}", "ä".repeat(100_000), "ö".repeat(100_000));
        let pieces = excerpts(&text, &Places::new(&text), vec![mark(&text, "here", true)]);
        assert!(pieces[0].text.len() < 200 && pieces[0].text.starts_with("...ä") && pieces[0].text.ends_with("ö..."));
        assert_eq!(marked(&pieces[0]), ["here"]);
    }

    #[test]
    fn a_range_of_many_lines_is_marked_on_its_first() {
        let text = "x\r\nfirst\r\nsecond";
        let mark = Mark { range: 3..text.len(), text: "", is_primary: true };
        let pieces = excerpts(text, &Places::new(text), vec![mark]);
        assert_eq!(marked(&pieces[0]), ["first"]);
    }

    #[test]
    fn what_a_terminal_would_obey_is_replaced_byte_for_byte() {
        let text = "a\u{1b}b\u{9b}c\u{202e}\u{ad}\u{200b}\u{2028}\u{feff}\u{e0041}d\te";
        let pieces = excerpts(text, &Places::new(text), vec![mark(text, "d", true)]);
        assert_eq!(pieces[0].text, "a b\u{b7}c\u{fffd}\u{b7}\u{fffd}\u{fffd}\u{fffd}\u{fffd} d\te");
        assert_eq!(marked(&pieces[0]), ["d"]);
    }

    #[test]
    fn a_place_behind_the_end_is_the_end() {
        let mark = Mark { range: 70..90, text: "", is_primary: true };
        assert_eq!(marked(&excerpts("abc", &Places::new("abc"), vec![mark])[0]), [""]);
    }
}
