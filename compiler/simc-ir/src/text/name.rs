//! Names of things as comments: any string fits on one line, and survives.

use std::fmt::Write;

/// Writes ` ; name`, or nothing for an empty name.
pub(super) fn print_name(out: &mut String, name: &str) {
    if name.is_empty() {
        return;
    }
    out.push_str(" ; ");
    let last = name.char_indices().next_back().map_or(0, |(at, _)| at);
    for (at, c) in name.char_indices() {
        let at_edge = at == 0 || at == last;
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() || (at_edge && c.is_whitespace()) => {
                write!(out, "\\u{{{:x}}}", u32::from(c)).expect("a string takes everything");
            }
            c => out.push(c),
        }
    }
}

/// The name that a comment (what is after its `;`) spells; none when an escape in it is unknown.
pub(super) fn parse_name(comment: &str) -> Option<String> {
    let mut rest = comment.trim();
    let mut name = String::with_capacity(rest.len());
    while let Some((plain, escaped)) = rest.split_once('\\') {
        name.push_str(plain);
        rest = parse_escape(escaped, &mut name)?;
    }
    name.push_str(rest);
    Some(name)
}

/// Reads what follows a backslash; returns what is after it.
fn parse_escape<'a>(text: &'a str, name: &mut String) -> Option<&'a str> {
    let mut chars = text.chars();
    match chars.next()? {
        '\\' => name.push('\\'),
        'n' => name.push('\n'),
        'r' => name.push('\r'),
        'u' => {
            let (digits, rest) = chars.as_str().strip_prefix('{')?.split_once('}')?;
            name.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
            return Some(rest);
        }
        _ => return None,
    }
    Some(chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(name: &str) -> Option<String> {
        let mut text = String::new();
        print_name(&mut text, name);
        assert!(!text.contains('\n'), "{text:?} is one line");
        parse_name(text.strip_prefix(" ;").unwrap_or(&text))
    }

    #[test]
    fn any_string_survives() {
        for name in
            ["room", "", " ", "  a  b ", "two\nlines\r", "back\\slash\\", "; ;;", "\u{0}\u{7f}\u{85}", "Zürich\u{2003}"]
        {
            assert_eq!(round_trip(name).as_deref(), Some(name));
        }
    }

    #[test]
    fn unknown_escapes_are_refused() {
        for comment in ["\\x", "\\", "\\u{", "\\u{}", "\\u{d800}", "\\u{110000}"] {
            assert_eq!(parse_name(comment), None, "{comment}");
        }
    }
}
