//! Models in the other language: what converts gives the same bits, and what does not is refused by name.

mod corpus;
mod hostile;
mod random;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use simc::convert::Format;
use simc::folder::Folders;
use simc_midend::pipeline::OptLevel;
use tests::convert::{Refusal, converted, file_name, same_bits};
use tests::subject::Subject;

use crate::trial;

/// Both formats, with their names.
const FORMATS: [(Format, &str); 2] = [(Format::Xmile, "xmile"), (Format::Mdl, "mdl")];

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = vec![trial("convert::what_becomes_of_each_model", outcomes)];
    for path in crate::models::models() {
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        trials.push(trial(format!("convert::bits::{name}"), move || keeps_bits(&path)));
    }
    trials.extend(hostile::trials());
    trials.extend(random::trials());
    trials.extend(corpus::trials());
    trials
}

/// What becomes of every model is written down.
fn outcomes() -> Result<(), String> {
    let mut got = String::from("# What becomes of each model when it is converted. `just bless` rewrites it.\n");
    for path in crate::models::models() {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        for (format, word) in FORMATS {
            let outcome = match convert_file(&path, format) {
                Ok(_) => "converts".to_owned(),
                Err(refusal) => shown(&refusal.codes),
            };
            writeln!(got, "{name} to {word}: {outcome}").map_err(|error| error.to_string())?;
        }
    }
    crate::filetests::bless_or_compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("convert.expect"), &got)
}

fn shown(codes: &BTreeSet<String>) -> String {
    format!("refused {}", codes.iter().map(String::as_str).collect::<Vec<_>>().join(" "))
}

/// The model in a file, in a format.
fn convert_file(path: &PathBuf, format: Format) -> Result<String, Refusal> {
    let refusal = |text: String| Refusal { codes: BTreeSet::new(), text };
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| refusal(error.to_string()))?;
    let text = simc::front::decode(&name, bytes).ok_or_else(|| refusal("no text".to_owned()))?;
    let mut folders = Folders::new(1 << 28);
    folders.allow(path.parent().unwrap_or(Path::new("."))).map_err(|error| refusal(error.to_string()))?;
    converted(&name, &text, &folders, format)
}

/// A model that converts gives the same bits in each format, and prints the same when it is printed again.
fn keeps_bits(path: &PathBuf) -> Result<(), String> {
    let mut original = None;
    for (format, word) in FORMATS {
        let Ok(text) = convert_file(path, format) else { continue };
        let fail = |what: String| format!("as {word}: {what}\n{text}");
        let original = match &mut original {
            Some(original) => original,
            empty => empty.insert(Subject::from_file(path, OptLevel::O2)?),
        };
        let subject = Subject::from_xmile(file_name(format), &text, OptLevel::O2).map_err(fail)?;
        same_bits(original, &subject).map_err(fail)?;
        is_settled(&text, format).map_err(fail)?;
    }
    Ok(())
}

/// What has been printed in a format is printed the same when it is read again.
fn is_settled(text: &str, format: Format) -> Result<(), String> {
    let again = converted(file_name(format), text, &simc_model::files::NoFiles, format)
        .map_err(|refusal| format!("it is refused when it is read again: {}", refusal.text))?;
    if again == text {
        return Ok(());
    }
    let at = again.lines().zip(text.lines()).find(|(a, b)| a != b);
    Err(format!("printed again it differs: {at:?}"))
}
