//! Names, comments and long lines.

use simc_model::name::is_separator;

/// What a comment or a name must not hold: it would end the definitions.
const MARKS: [&str; 4] = ["\\\\---///", "///---\\\\\\", "<%^E!@", "---///"];

/// Characters that would end a comment, and the ones that take their places.
const LOOKALIKES: [(char, char); 3] = [('|', '\u{a6}'), ('~', '\u{223c}'), ('\\', '\u{2216}')];

/// Columns of a line.
const WIDTH: usize = 80;

/// A name, in double quotes where it needs them.
pub(super) fn print_name(text: &str) -> String {
    let text = text.replace(['\n', '\r', '\t'], " ");
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | ' ');
    let begins = text.starts_with(|c: char| c.is_alphabetic());
    let is_single = !text.contains("  ") && !text.ends_with(is_separator);
    if begins && is_single && text.chars().all(is_plain) {
        return text;
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

/// Whether a name can be written: it is not too long, and no part of it ends the definitions.
pub(super) fn is_writable(text: &str) -> bool {
    /// Bytes of a name in quotes.
    const LONGEST: usize = 2000;
    let written = print_name(text);
    written.len() <= LONGEST && !MARKS.iter().any(|mark| written.contains(mark)) && !written.contains('\0')
}

/// A text as a comment may hold it, and whether it had to be changed.
pub(super) fn print_note(text: &str) -> (String, bool) {
    let mut is_changed = false;
    let mut lines: Vec<String> = Vec::new();
    for line in text.trim().lines() {
        let mut line = line.trim().to_owned();
        for (c, instead) in LOOKALIKES {
            // A backslash matters before the end of a line, and in marks.
            let matters = c != '\\' || line.ends_with(c) || MARKS.iter().any(|mark| line.contains(mark));
            if matters && line.contains(c) {
                line = line.replace(c, &instead.to_string());
                is_changed = true;
            }
        }
        while let Some(mark) = MARKS.iter().find(|mark| line.contains(**mark)) {
            line = line.replace(mark, "");
            is_changed = true;
        }
        lines.push(line);
    }
    (lines.join("\n\t\t"), is_changed)
}

/// An equation in lines, of which all but the last end with a backslash; broken after commas and
/// around operators, never within a name.
pub(super) fn fold(text: &str) -> String {
    if text.len() <= WIDTH {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let (mut line_start, mut last_break, mut is_quoted, mut is_escaped) = (0, None, false, false);
    let mut breaks: Vec<usize> = Vec::new();
    for (at, c) in text.char_indices() {
        if !is_quoted
            && at > line_start + WIDTH
            && let Some(place) = last_break.take()
        {
            breaks.push(place);
            line_start = place;
        }
        if is_escaped {
            is_escaped = false;
        } else if c == '\\' {
            is_escaped = true;
        } else if c == '"' {
            is_quoted = !is_quoted;
        }
        if !is_quoted && (c == ',' || c == '(') {
            last_break = Some(at + 1);
        } else if !is_quoted && c == ' ' {
            let after = &text[at + 1..];
            // Blanks are parts of names; those around operators are none.
            if after.starts_with(['+', '-', '<', '>', '=', ':']) {
                last_break = Some(at);
            }
        }
    }
    let mut from = 0;
    for place in breaks {
        out.push_str(&text[from..place]);
        out.push_str("\\\n\t\t");
        from = place;
    }
    out.push_str(&text[from..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_quotes_where_they_need_them() {
        let cases = [
            ("birth rate", "birth rate"),
            ("taux d\u{e9}s", "taux d\u{e9}s"),
            ("2nd", "\"2nd\""),
            ("a-b", "\"a-b\""),
            ("a  b", "\"a  b\""),
            ("say \"x\\y\"", "\"say \\\"x\\\\y\\\"\""),
            ("two\nlines", "two lines"),
        ];
        for (name, written) in cases {
            assert_eq!(print_name(name), written);
        }
        assert!(!is_writable("x\\\\\\---///") && !is_writable(&"x".repeat(5000)));
    }

    #[test]
    fn comments_end_nothing() {
        assert_eq!(print_note("a\n b \n"), ("a\n\t\tb".to_owned(), false));
        for text in ["a|b", "a~b", "ends\\", "x \\\\\\---/// y", "///---\\\\\\", ":L<%^E!@"] {
            let (note, is_changed) = print_note(text);
            assert!(
                is_changed && !note.contains(['|', '~']) && !MARKS.iter().any(|mark| note.contains(mark)),
                "{note}"
            );
        }
    }

    #[test]
    fn long_lines_break_outside_of_names() {
        let text = format!("MAX({}, \"{}\", 3)", "a long name of words".repeat(3), "x, y ".repeat(20));
        let folded = fold(&text);
        assert_eq!(folded.replace("\\\n\t\t", ""), text);
        assert!(folded.lines().count() > 1 && !folded.contains("x,\\"));
    }
}
