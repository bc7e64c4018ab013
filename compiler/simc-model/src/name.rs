//! Names: when two of them are one, how they are shown, and what a misspelt one may have meant.

use std::fmt;

/// The canonical form of a name: two names are the same exactly when their keys are equal.
///
/// Every run of separators (space, underscore, line break, tab, no-break space) counts as one underscore, separators at the
/// ends do not count, and case does not either. Nothing else is folded: `a-b` and `a+b` stay apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    /// The key of a name whose quotes and escapes have been resolved.
    pub fn new(name: &str) -> Self {
        let mut key = String::with_capacity(name.len());
        let mut separated = false;
        for c in name.chars() {
            if is_separator(c) {
                separated = true;
                continue;
            }
            if separated && !key.is_empty() {
                key.push('_');
            }
            separated = false;
            if c.is_ascii() {
                key.push(c.to_ascii_lowercase());
            } else {
                key.extend(c.to_lowercase().map(|lower| if lower == 'ς' { 'σ' } else { lower }));
            }
        }
        if key.is_empty() && separated {
            key.push('_');
        }
        Self(key)
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is between the canonical names of a module and of what is in it.
pub const MODULE_SEPARATOR: char = '\u{b7}';

/// The canonical name of a variable, an element or a module, by which hosts look it up literally. Letters are small, each by itself;
/// a run of white space is one underscore, as are the two characters `\n`; what separates modules elsewhere, a period, becomes U+2024.
/// Unlike in a [`Key`], an underscore that the author wrote stays one, wherever it is.
pub fn canonical(name: &str) -> String {
    let mut canonical = String::with_capacity(name.len());
    let mut chars = name.trim().chars().peekable();
    let mut is_behind_space = false;
    while let Some(c) = chars.next() {
        let is_escape = c == '\\' && chars.next_if_eq(&'n').is_some();
        if is_escape || c.is_whitespace() {
            if !std::mem::replace(&mut is_behind_space, true) {
                canonical.push('_');
            }
            continue;
        }
        is_behind_space = false;
        match c {
            '.' => canonical.push('\u{2024}'),
            _ => canonical.extend(c.to_lowercase()),
        }
    }
    canonical
}

/// Whether a character separates words within a name.
pub fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '_' | '\n' | '\r' | '\t' | '\u{a0}')
}

/// A name as titles and messages show it: as the author wrote it, on one line. A line break and the blanks around it
/// become one space; blanks at the ends go.
pub fn display(name: &str) -> String {
    let mut shown = String::with_capacity(name.len());
    for line in name.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()) {
        if !shown.is_empty() {
            shown.push(' ');
        }
        shown.push_str(line);
    }
    shown
}

/// A name outside of equations, as a file holds it: with the escapes `\n`, `\"` and `\\` resolved, and without the quotes
/// that may be around all of it.
pub fn unescape(written: &str) -> String {
    let trimmed = written.trim();
    let inner = trimmed.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(trimmed);
    let mut name = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            name.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => name.push('\n'),
            Some(escaped @ ('"' | '\\')) => name.push(escaped),
            Some(other) => name.extend(['\\', other]),
            None => name.push('\\'),
        }
    }
    name
}

/// A written name and the subscripts after it, if there are any: `rate[North, *]`. The last bracket outside of quotes opens
/// them, so that a name may hold brackets itself, as titles of columns show it. Nothing when that bracket is not closed at the end.
pub fn split_subscripts(written: &str) -> Option<(&str, Option<Vec<&str>>)> {
    let written = written.trim();
    let Some(open) =
        split_outside_quotes(written, '[').last().and_then(|last| (written.len() - last.len()).checked_sub(1))
    else {
        return Some((written, None));
    };
    let inside = written[open + 1..].strip_suffix(']')?;
    Some((written[..open].trim_end(), Some(split_outside_quotes(inside, ',').map(str::trim).collect())))
}

/// The parts of a text between separators that do not come between double quotes.
pub fn split_outside_quotes(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |c: char| {
        quoted ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        c == separator && !quoted
    })
}

/// Characters that look like an operator or a mark of equations and are none, with what to write instead. Word processors put them in.
const LOOKALIKES: &[(&str, &str)] = &[
    ("\u{2212}\u{2013}\u{2014}\u{2010}\u{2011}", "-"),
    ("×·∙⋅∗", "*"),
    ("÷∕⁄", "/"),
    ("≤", "<="),
    ("≥", ">="),
    ("≠", "<>"),
    ("“”„‟", "\""),
    ("²", "^2"),
    ("³", "^3"),
    ("，", ","),
    ("（", "("),
    ("）", ")"),
];

/// The first character of a text that only looks like one of equations, with what to write instead.
pub fn lookalike(text: &str) -> Option<(char, &'static str)> {
    text.chars().find_map(|c| {
        let (_, instead) = LOOKALIKES.iter().find(|(characters, _)| characters.contains(c))?;
        Some((c, *instead))
    })
}

/// The first character of a text that shows as a space, or not at all, and is part of a name all the same, with how to write it.
pub fn stray_space(text: &str) -> Option<String> {
    let is_stray = |c: &char| {
        matches!(
            c,
            '\u{ad}' | '\u{1680}' | '\u{2000}'
                ..='\u{200d}' | '\u{202f}' | '\u{205f}' | '\u{2060}' | '\u{3000}' | '\u{feff}'
        )
    };
    text.chars().find(is_stray).map(|c| format!("U+{:04X}", u32::from(c)))
}

/// The candidate that a misspelt name most probably meant, if one is near enough. The nearest wins, the first among equals.
///
/// Work is bounded whatever is passed: long names have no suggestion, and candidates beyond a fixed budget are not looked at.
pub fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Names beyond this length are not compared.
    const LONGEST: usize = 80;
    /// Cells of distance tables that one suggestion may cost.
    const BUDGET: usize = 1_000_000;

    let wanted = Key::new(name);
    let length = wanted.as_str().chars().count();
    if length > LONGEST {
        return None;
    }
    let tolerated = tolerated_distance(length);
    let mut spent = 0;
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        spent += 1;
        if spent > BUDGET {
            break;
        }
        // A character takes at most four bytes: lengths in bytes alone tell most strangers apart.
        if candidate.len() > 4 * (length + tolerated) {
            continue;
        }
        let key = Key::new(candidate);
        let key_length = key.as_str().chars().count();
        if key_length.abs_diff(length) > tolerated {
            continue;
        }
        spent += (length + 1) * (key_length + 1);
        let distance = strsim::osa_distance(wanted.as_str(), key.as_str());
        if distance <= tolerated && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// How many slips a name of this many characters may have: none in the shortest, then one for every three characters.
fn tolerated_distance(length: usize) -> usize {
    match length {
        0 | 1 => 0,
        2..=4 => 1,
        _ => (length / 3).min(4),
    }
}

#[cfg(test)]
mod tests;
