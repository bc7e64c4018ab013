//! What hides marks: comments in braces, names in double quotes, literals in single quotes.
//!
//! Cutting a file into definitions and reading the definitions use the same rules, so that they
//! agree on what hides what.

/// Bytes that a quoted name or a literal may have.
const QUOTED_LIMIT: usize = 4096;

/// Which brace closes which: comments nest.
#[derive(Debug, Default)]
pub(crate) struct Braces {
    /// An opening brace and the one that closes it, ascending.
    pairs: Vec<(usize, usize)>,
}

impl Braces {
    /// The braces of a text.
    pub(crate) fn new(text: &str) -> Self {
        let mut open = Vec::new();
        let mut pairs = Vec::new();
        for (at, byte) in text.bytes().enumerate() {
            if byte == b'{' {
                open.push(at);
            } else if byte == b'}'
                && let Some(opened) = open.pop()
            {
                pairs.push((opened, at));
            }
        }
        pairs.sort_unstable();
        Self { pairs }
    }

    /// One past the brace that closes the comment opened at a byte, if it is closed.
    pub(crate) fn comment_end(&self, at: usize) -> Option<usize> {
        let found = self.pairs.binary_search_by_key(&at, |&(open, _)| open).ok()?;
        Some(self.pairs[found].1 + 1)
    }
}

/// One past the double quote that closes the name opened at a byte. A backslash takes the next
/// character along. A name that goes over lines holds neither `~` nor `|`.
///
/// # Errors
/// Where the search was given up.
pub(crate) fn quoted_end(text: &str, at: usize) -> Result<usize, usize> {
    let bytes = &text.as_bytes()[..text.len().min(at + QUOTED_LIMIT)];
    let (mut lines, mut marks) = (false, false);
    let mut end = at + 1;
    while let Some(&byte) = bytes.get(end) {
        match byte {
            b'"' => return Ok(end + 1),
            b'\\' => end += 1,
            b'\n' => lines = true,
            b'~' | b'|' => marks = true,
            _ => {}
        }
        if lines && marks {
            break;
        }
        end += 1;
    }
    Err(end)
}

/// One past the single quote that closes the literal opened at a byte, on the same line.
///
/// # Errors
/// Where the search was given up.
pub(crate) fn literal_end(text: &str, at: usize) -> Result<usize, usize> {
    let bytes = &text.as_bytes()[..text.len().min(at + QUOTED_LIMIT)];
    let inside = &bytes[at + 1..];
    match inside.iter().position(|byte| matches!(byte, b'\'' | b'\n')) {
        Some(length) if inside[length] == b'\'' => Ok(at + length + 2),
        Some(length) => Err(at + 1 + length),
        None => Err(bytes.len()),
    }
}

/// Whether a byte may be in a name without quotes. All bytes beyond ASCII may.
pub(crate) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'\'' | b'&' | b'%') || !byte.is_ascii()
}

/// Whether a character may be in a name without quotes.
pub(crate) fn is_name_char(c: char) -> bool {
    !c.is_ascii() || u8::try_from(c).is_ok_and(is_name_byte)
}

/// Whether a character separates words and tokens.
pub(crate) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{a0}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_nest() {
        let braces = Braces::new("{a{b}c} {d {e}");
        assert_eq!(braces.comment_end(0), Some(7));
        assert_eq!(braces.comment_end(8), None);
        assert_eq!(braces.comment_end(11), Some(14));
    }

    #[test]
    fn quotes_close_on_their_line_or_before_a_mark() {
        assert_eq!(quoted_end("\"a|~b\"", 0), Ok(6));
        assert_eq!(quoted_end("\"a\\\"b\"", 0), Ok(6));
        assert_eq!(quoted_end("\"a\nb\"", 0), Ok(5));
        assert!(quoted_end("\"a\n~b\"", 0).is_err());
        assert!(quoted_end("\"a\\", 0).is_err());
        assert_eq!(literal_end("'a|b'", 0), Ok(5));
        assert_eq!(literal_end("'a\n'", 0), Err(2));
        assert_eq!(literal_end("'a", 0), Err(2));
    }
}
