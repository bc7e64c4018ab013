//! Dependency files as Make and Ninja read them.

use std::collections::BTreeSet;
use std::path::Path;

use super::failure::Failure;

/// What Make or Ninja takes for the end of a name, whatever is written before it.
const MISREAD: [char; 11] = ['"', '&', '\'', '*', ';', '<', '>', '?', '^', '`', '|'];
/// What no line of a rule can have in a name.
const UNREADABLE: [char; 3] = ['\t', '\n', '\r'];
/// What makes something else of a rule in Make when it is in the name of a target.
const NO_TARGET: [char; 2] = ['%', '='];

/// `TARGET...: SOURCE...`, one line, with what means something to Make or Ninja escaped; then a rule without prerequisites for each
/// source but the first, as compilers of C write it for `-MP`: a file that is read no more and has been deleted is no error of Make then.
/// A source whose name cannot be a target gets no such rule.
///
/// # Errors
/// When the rule would be another one in Make than it is meant to be.
pub(super) fn depfile(targets: &[&Path], sources: &[&Path]) -> Result<String, Failure> {
    if let Some(path) = targets.iter().find(|path| path.to_string_lossy().contains(NO_TARGET)) {
        let what = "Make reads a rule for a name with `%` or `=` as something else";
        return Err(Failure::Message(format!("the path {path:?} cannot be written to a dependency file: {what}")));
    }
    let list = |paths: &[&Path]| paths.iter().map(|path| escape(path)).collect::<Result<Vec<_>, _>>();
    let sources = list(sources)?;
    let mut text = format!("{}: {}\n", list(targets)?.join(" "), sources.join(" "));
    let mut seen = BTreeSet::from_iter(sources.first());
    for source in &sources {
        if seen.insert(source) && !source.contains(NO_TARGET) {
            text.push_str(source);
            text.push_str(":\n");
        }
    }
    Ok(text)
}

/// What to tell somebody whose paths Make or Ninja cannot be told in any form.
pub(super) fn warning(paths: &[&Path]) -> Option<String> {
    paths.iter().find_map(|path| {
        let c = path.to_string_lossy().chars().find(|c| MISREAD.contains(c))?;
        let what = "Ninja builds again every time, and Make may find no rule";
        Some(format!("warning: the path {path:?} has a `{c}`, which no dependency file can have: {what}"))
    })
}

/// Spaces, `#` and `:` get a backslash, as do the backslashes before spaces and `#`; `$` is doubled. The colon of a drive stays.
fn escape(path: &Path) -> Result<String, Failure> {
    let text = path.to_str().filter(|text| !text.contains(UNREADABLE));
    let text =
        text.ok_or_else(|| Failure::Message(format!("the path {path:?} cannot be written to a dependency file")))?;
    let mut escaped = String::with_capacity(text.len());
    let mut backslashes = 0;
    for (at, c) in text.char_indices() {
        match c {
            ' ' | '#' => {
                escaped.extend(std::iter::repeat_n('\\', backslashes + 1));
                escaped.push(c);
            }
            ':' if at == 1 && cfg!(windows) => escaped.push(c),
            ':' => escaped.push_str("\\:"),
            '$' => escaped.push_str("$$"),
            c => escaped.push(c),
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
    }
    Ok(escaped)
}

#[cfg(test)]
mod tests {
    use super::{depfile, warning};
    use std::path::Path;

    #[test]
    fn escapes_what_make_and_ninja_would_read_otherwise() {
        let targets = [Path::new("out dir/a$b.wasm")];
        let sources = [Path::new("my #1 model.xmile"), Path::new(r"a\b\ c.xmile")];
        let text = depfile(&targets, &sources).expect("paths are text");
        let first = "out\\ dir/a$$b.wasm: my\\ \\#1\\ model.xmile a\\b\\\\\\ c.xmile\n";
        assert_eq!(text, format!("{first}a\\b\\\\\\ c.xmile:\n"));
    }

    #[test]
    fn a_source_is_once_a_target() {
        let sources = ["m", "a", "m", "b", "a"].map(Path::new);
        assert_eq!(depfile(&[Path::new("o")], &sources).expect("paths are text"), "o: m a m b a\na:\nb:\n");
    }

    #[test]
    fn colons_are_escaped_and_patterns_are_no_targets() {
        let sources = ["a:b.xmile", "50%.xml", "x=1.xml", "c:d.xml"].map(Path::new);
        let text = depfile(&[Path::new("a:b.wasm")], &sources).expect("paths are text");
        assert_eq!(text, "a\\:b.wasm: a\\:b.xmile 50%.xml x=1.xml c\\:d.xml\nc\\:d.xml:\n");
    }

    #[test]
    fn tells_of_what_make_or_ninja_misreads() {
        for name in ["it's", "a\"b", "a;b", "a|b", "a&b", "a*b", "a?b", "a<b", "a>b", "a^b", "a`b"] {
            assert!(depfile(&[Path::new("o")], &[Path::new(name)]).is_ok());
            let text = warning(&[Path::new("o"), Path::new(name)]).expect("it is told");
            assert!(text.contains("which no dependency file can have"), "{text}");
        }
        assert_eq!(warning(&["a b", "a#b", "a$b", "a:b", "50%", "x=1", "é"].map(Path::new)), None);
    }

    #[test]
    fn refuses_what_would_be_another_rule() {
        for name in ["50%.wasm", "x=1.wasm", "a\tb", "a\nb", "a\rb"] {
            assert!(depfile(&[Path::new(name)], &[]).is_err());
        }
        assert!(depfile(&[Path::new("o")], &[Path::new("a\nb")]).is_err());
    }
}
