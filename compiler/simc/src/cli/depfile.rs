//! Dependency files as Make and Ninja read them.

use std::path::Path;

use super::failure::Failure;

/// `TARGET...: SOURCE...`, one line, with what means something to Make or Ninja escaped.
pub(super) fn depfile(targets: &[&Path], sources: &[&Path]) -> Result<String, Failure> {
    let list = |paths: &[&Path]| paths.iter().map(|path| escape(path)).collect::<Result<Vec<_>, _>>();
    Ok(format!("{}: {}\n", list(targets)?.join(" "), list(sources)?.join(" ")))
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
        assert_eq!(text, "out\\ dir/a$$b.wasm: my\\ \\#1\\ model.xmile a\\b\\\\\\ c.xmile\n");
    }

    #[test]
    fn refuses_a_path_of_two_lines() {
        assert!(depfile(&[Path::new("a\nb")], &[]).is_err());
    }
}
