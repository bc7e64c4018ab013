//! Names: when two of them are one, what a misspelt one may have meant, and subscripts.

/// The form in which names are compared: lower case, each run of separators one underscore, none at the ends.
pub(crate) fn key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    let mut separated = false;
    for c in name.chars() {
        if matches!(c, ' ' | '_' | '\n' | '\r' | '\t' | '\u{a0}') {
            separated = true;
            continue;
        }
        if separated && !key.is_empty() {
            key.push('_');
        }
        separated = false;
        // A sigma at the end of a word is a sigma.
        key.extend(c.to_lowercase().map(|lower| if lower == 'ς' { 'σ' } else { lower }));
    }
    if key.is_empty() && separated {
        key.push('_');
    }
    key
}

/// The key of a name as users write it: white space around it goes, then quotes, and escapes are resolved.
pub(crate) fn key_of_written(written: &str) -> String {
    let trimmed = written.trim();
    let inner = trimmed.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(trimmed);
    if !inner.contains('\\') {
        return key(inner);
    }
    let mut name = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => name.push('\n'),
                Some(escaped @ ('"' | '\\')) => name.push(escaped),
                Some(other) => name.extend(['\\', other]),
                None => name.push('\\'),
            },
            _ => name.push(c),
        }
    }
    key(&name)
}

/// The parts of a text between separators that do not stand between double quotes.
pub(crate) fn split_outside_quotes(text: &str, separator: char) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    let split = text.split(|c: char| {
        quoted ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        c == separator && !quoted
    });
    split.collect()
}

/// Subscripts between commas.
pub(crate) fn subscripts(text: &str) -> Vec<&str> {
    split_outside_quotes(text, ',').into_iter().map(str::trim).collect()
}

/// A name and the subscripts after it, which the last bracket outside of quotes opens; none when there are none.
pub(crate) fn split_subscripts(written: &str) -> Option<(&str, Vec<&str>)> {
    let written = written.trim();
    let parts = split_outside_quotes(written, '[');
    let last = parts.last().filter(|_| parts.len() > 1)?;
    let base = &written[..written.len() - last.len() - 1];
    Some((base.trim_end(), subscripts(last.strip_suffix(']')?)))
}

/// The candidate that a misspelt name most probably meant. Its work is bounded, whatever it is given.
pub(crate) fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Names beyond this length are not compared.
    const LONGEST: usize = 80;
    /// Cells of distance tables that one suggestion may cost.
    const BUDGET: usize = 1_000_000;

    let wanted: Vec<char> = key(name).chars().collect();
    if wanted.len() > LONGEST {
        return None;
    }
    let tolerated = match wanted.len() {
        0 | 1 => 0,
        2..=4 => 1,
        length => (length / 3).min(4),
    };
    let mut spent = 0;
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        spent += 1;
        if spent > BUDGET {
            break;
        }
        // A character takes at most four bytes: lengths alone tell most strangers apart.
        if candidate.len() > 4 * (wanted.len() + tolerated) {
            continue;
        }
        let other: Vec<char> = key(candidate).chars().collect();
        if other.len().abs_diff(wanted.len()) > tolerated {
            continue;
        }
        spent += (wanted.len() + 1) * (other.len() + 1);
        let distance = distance(&wanted, &other);
        if distance <= tolerated && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Insertions, deletions, replacements and swaps of neighbours that make one text the other.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, &y) in b.iter().enumerate() {
            let mut cell = (row[j + 1] + 1).min(next[j] + 1).min(row[j] + usize::from(x != y));
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                cell = cell.min(before[j - 1] + 1);
            }
            next.push(cell);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[b.len()]
}

/// What titles are compared by: names and subscripts as equations compare them.
pub(crate) fn title_key(name: &str) -> Vec<String> {
    match split_subscripts(name) {
        Some((base, subscripts)) => std::iter::once(base).chain(subscripts).map(key_of_written).collect(),
        None => vec![key_of_written(name)],
    }
}

#[cfg(test)]
mod tests {
    use super::{key, key_of_written, split_subscripts, suggest};

    #[test]
    fn names_are_compared_without_case_and_separators() {
        for spelling in ["Contact Rate", " contact_rate_", "CONTACT \n rate", "contact\u{a0}rate"] {
            assert_eq!(key(spelling), "contact_rate");
        }
        assert_eq!((key("_").as_str(), key("").as_str(), key("ΟΔΟΣ").as_str()), ("_", "", "οδοσ"));
        assert_eq!(key_of_written(r#" "a \"b\"" "#), r#"a_"b""#);
    }

    #[test]
    fn the_last_bracket_outside_of_quotes_opens_subscripts() {
        assert_eq!(split_subscripts("rate[North, *]"), Some(("rate", vec!["North", "*"])));
        assert_eq!(split_subscripts("a[1][x]"), Some(("a[1]", vec!["x"])));
        assert_eq!(split_subscripts("a[\"x, y\"]"), Some(("a", vec!["\"x, y\""])));
        assert_eq!((split_subscripts("a"), split_subscripts("a[x"), split_subscripts("\"a[x]\"")), (None, None, None));
    }

    #[test]
    fn suggests_what_is_near() {
        let names = ["Population", "births", "room temperature"];
        assert_eq!(suggest("room temprature", names), Some("room temperature"));
        assert_eq!(suggest("brihts", names), Some("births"), "a swap is one slip");
        assert_eq!((suggest("capital", names), suggest("x", ["y"])), (None, None));
        let long = "x".repeat(1 << 20);
        assert_eq!(suggest(&long, names), None);
    }
}
