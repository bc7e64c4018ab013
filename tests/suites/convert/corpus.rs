//! Published models: what becomes of each when it is converted, and the bits of those that convert.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use libtest_mimic::Trial;
use tests::corpus::{cases, shared};

use super::{FORMATS, convert_file, keeps_bits, shown};
use crate::trial;

pub(super) fn trials() -> Vec<Trial> {
    let Some(shared) = shared() else { return Vec::new() };
    let paths: BTreeSet<_> = cases(&shared).into_iter().map(|case| case.model).collect();
    let counted = paths.clone();
    let root = shared.join("corpus");
    let mut trials = vec![trial("convert::corpus::counts", move || counts(&root, &counted))];
    for path in paths {
        let name = path.strip_prefix(shared.join("corpus")).unwrap_or(&path).display().to_string();
        trials.push(trial(format!("convert::corpus::bits::{name}"), move || keeps_bits(&path)));
    }
    trials
}

/// How many models convert in each direction, how many are refused by which code, and what becomes of each.
fn counts(root: &Path, paths: &BTreeSet<std::path::PathBuf>) -> Result<(), String> {
    let mut sums: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut lines = String::new();
    for path in paths {
        let name = path.strip_prefix(root).unwrap_or(path).display().to_string();
        let from = if name.to_ascii_lowercase().ends_with(".mdl") { "mdl" } else { "xmile" };
        for (format, word) in FORMATS {
            let way = format!("{from} to {word}");
            let outcome = match convert_file(path, format) {
                Ok(_) => {
                    *sums.entry((way, "converts".to_owned())).or_default() += 1;
                    continue;
                }
                Err(refusal) => {
                    *sums.entry((way.clone(), "refused".to_owned())).or_default() += 1;
                    for code in &refusal.codes {
                        *sums.entry((way.clone(), code.clone())).or_default() += 1;
                    }
                    shown(&refusal.codes)
                }
            };
            writeln!(lines, "{name} to {word}: {outcome}").map_err(|error| error.to_string())?;
        }
    }
    let mut got = String::from("# What becomes of the corpus when it is converted. `just bless` rewrites it.\n");
    for ((way, what), n) in sums {
        writeln!(got, "{way}: {what} {n}").map_err(|error| error.to_string())?;
    }
    got.push_str(&lines);
    crate::filetests::bless_or_compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("convert_corpus.expect"), &got)
}
