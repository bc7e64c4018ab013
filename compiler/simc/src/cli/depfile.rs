//! Dependency files as Make and Ninja read them.

use std::collections::BTreeSet;
use std::path::Path;

use super::failure::Failure;

/// `TARGET...: SOURCE...`, one line, with what means something to Make or Ninja escaped; then a rule without prerequisites for each
/// source but the first, as compilers of C write it for `-MP`: a file that is read no more and has been deleted is no error of Make then.
pub(super) fn depfile(targets: &[&Path], sources: &[&Path]) -> Result<String, Failure> {
    let list = |paths: &[&Path]| paths.iter().map(|path| escape(path)).collect::<Result<Vec<_>, _>>();
    let sources = list(sources)?;
    let mut text = format!("{}: {}\n", list(targets)?.join(" "), sources.join(" "));
    let mut seen = BTreeSet::from_iter(sources.first());
    for source in &sources {
        if seen.insert(source) {
            text.push_str(source);
            text.push_str(":\n");
        }
    }
    Ok(text)
}

/// Spaces and `#` get a backslash, as do the backslashes before them; `$` is doubled.
fn escape(path: &Path) -> Result<String, Failure> {
    let text = path.to_str().filter(|text| !text.contains(['\n', '\r']));
    let text =
        text.ok_or_else(|| Failure::Message(format!("the path {path:?} cannot be written to a dependency file")))?;
    let mut escaped = String::with_capacity(text.len());
    let mut backslashes = 0;
    for c in text.chars() {
        match c {
            ' ' | '\t' | '#' => {
                escaped.extend(std::iter::repeat_n('\\', backslashes + 1));
                escaped.push(c);
            }
            '$' => escaped.push_str("$$"),
            c => escaped.push(c),
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
    }
    Ok(escaped)
}

#[cfg(test)]
mod tests {
    use super::depfile;
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
    fn refuses_a_path_of_two_lines() {
        assert!(depfile(&[Path::new("a\nb")], &[]).is_err());
    }
}
