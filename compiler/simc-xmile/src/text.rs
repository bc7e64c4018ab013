//! Character data to decoded text: entities, CDATA sections and comments resolved, every byte with its place.

use std::ops::Range;

use simc_model::source::{Excerpt, FileId, Span};

/// What is between the tags of an element.
#[derive(Debug)]
pub(crate) struct Content {
    /// The text.
    pub(crate) text: Excerpt,
    /// The first element within, which is left out of the text.
    pub(crate) element: Option<Range<usize>>,
}

/// Decodes the content of an element that is known to be well-formed. `range` is what is between its tags.
pub(crate) fn decode_content(file: FileId, source: &str, range: Range<usize>) -> Content {
    let mut content = Content { text: Excerpt::new(span(file, &range)), element: None };
    let mut at = range.start;
    while at < range.end {
        let rest = &source[at..range.end];
        let length = rest.find(['<', '&', '\r']).unwrap_or(rest.len());
        content.text.push_verbatim(&rest[..length], offset(at));
        at += length;
        let rest = &rest[length..];
        if rest.starts_with('&') {
            at += decode_reference(&mut content.text, rest, at);
        } else if rest.starts_with('\r') {
            at += decode_line_break(&mut content.text, rest, at, '\n');
        } else if let Some(section) = rest.strip_prefix("<![CDATA[") {
            let inside = section.find("]]>").unwrap_or(section.len());
            decode_section(&mut content.text, &section[..inside], at + "<![CDATA[".len());
            at += ("<![CDATA[".len() + inside + "]]>".len()).min(rest.len());
        } else if rest.starts_with("<!--") {
            at += length_up_to(rest, "-->");
        } else if rest.starts_with("<?") {
            at += length_up_to(rest, "?>");
        } else if !rest.is_empty() {
            let tag = length_up_to(rest, ">");
            content.element.get_or_insert(at..at + tag);
            at += tag;
        }
    }
    content
}

/// Decodes the value of an attribute. A line break or tab that is not written as a reference is a space, as XML has it.
pub(crate) fn decode_attribute(file: FileId, source: &str, range: Range<usize>) -> Excerpt {
    let mut text = Excerpt::new(span(file, &range));
    let mut at = range.start;
    while at < range.end {
        let rest = &source[at..range.end];
        let length = rest.find(['&', '\r', '\n', '\t']).unwrap_or(rest.len());
        text.push_verbatim(&rest[..length], offset(at));
        at += length;
        let rest = &rest[length..];
        if rest.starts_with('&') {
            at += decode_reference(&mut text, rest, at);
        } else if !rest.is_empty() {
            at += decode_line_break(&mut text, rest, at, ' ');
        }
    }
    text
}

/// The text of a CDATA section, in which only line ends are not what they seem.
fn decode_section(text: &mut Excerpt, section: &str, start: usize) {
    let mut at = 0;
    while let Some(found) = section[at..].find('\r') {
        text.push_verbatim(&section[at..at + found], offset(start + at));
        at += found;
        at += decode_line_break(text, &section[at..], start + at, '\n');
    }
    text.push_verbatim(&section[at..], offset(start + at));
}

/// Appends what the reference at the start of `rest` stands for and returns its length. The XML reader has checked it.
fn decode_reference(text: &mut Excerpt, rest: &str, at: usize) -> usize {
    let length = length_up_to(rest, ";");
    let name = rest[..length].trim_start_matches('&').trim_end_matches(';');
    let c = match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => match name.strip_prefix('#') {
            Some(number) => match number.strip_prefix('x') {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => number.parse(),
            }
            .ok()
            .and_then(char::from_u32),
            None => None,
        },
    };
    text.push_escaped(c.unwrap_or(char::REPLACEMENT_CHARACTER), offset(at), offset(length));
    length
}

/// Appends `c` for the line break (or tab) at the start of `rest` and returns its length: CR LF is one.
fn decode_line_break(text: &mut Excerpt, rest: &str, at: usize, c: char) -> usize {
    let length = if rest.starts_with("\r\n") { 2 } else { 1 };
    text.push_escaped(c, offset(at), offset(length));
    length
}

/// The length of `rest` up to and with `mark`, or all of it.
fn length_up_to(rest: &str, mark: &str) -> usize {
    rest.find(mark).map_or(rest.len(), |found| found + mark.len())
}

fn span(file: FileId, range: &Range<usize>) -> Span {
    Span::new(file, offset(range.start), offset(range.end))
}

/// A place in a file; the reader refuses files of 4 GiB and more.
pub(crate) fn offset(at: usize) -> u32 {
    u32::try_from(at).expect("a model file is shorter than 4 GiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(source: &str) -> Content {
        decode_content(FileId(0), source, 0..source.len())
    }

    /// The source text that stands for a piece of the decoded text.
    fn source_of<'a>(source: &'a str, excerpt: &Excerpt, piece: &str) -> &'a str {
        let start = excerpt.text().find(piece).expect("the piece is there");
        let span = excerpt.span(start, start + piece.len());
        &source[span.start as usize..span.end as usize]
    }

    #[test]
    fn resolves_references_sections_and_comments() {
        let source = "a &lt; b &#x26;&#38; <![CDATA[c & <d>\r\n]]><!-- no --><?no?>e&gt;&quot;&apos;\r\nf";
        let decoded = content(source);
        assert_eq!(decoded.text.text(), "a < b && c & <d>\ne>\"'\nf");
        assert!(decoded.element.is_none());
        for (piece, written) in [
            ("<", "&lt;"),
            ("b", "b"),
            ("&&", "&#x26;&#38;"),
            ("c & <d>", "c & <d>"),
            ("e>", "e&gt;"),
            ("f", "f"),
            ("b && c", "b &#x26;&#38; <![CDATA[c"),
        ] {
            assert_eq!(source_of(source, &decoded.text, piece), written);
        }
    }

    #[test]
    fn finds_an_element_where_text_should_be() {
        let decoded = content("a <b x='1'>c</b> d");
        assert_eq!(decoded.text.text(), "a c d");
        assert_eq!(decoded.element, Some(2..11));
    }

    #[test]
    fn an_attribute_has_spaces_for_line_breaks_unless_they_are_written_as_references() {
        let source = "size of\r\none&#10;time\tx";
        assert_eq!(decode_attribute(FileId(0), source, 0..source.len()).text(), "size of one\ntime x");
    }

    #[test]
    fn truncated_input_ends_quietly() {
        for source in ["&", "&lt", "<![CDATA[", "<![CDATA[x]]", "<!--", "<", "<a", "\r"] {
            let _ = content(source);
            let _ = decode_attribute(FileId(0), source, 0..source.len());
        }
    }
}
