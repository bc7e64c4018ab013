//! Models in the other language, and whether they give the same bits.

use std::collections::{BTreeSet, HashMap, VecDeque};

use simc::convert::{self, Format};
use simc_model::diagnostic::one_line;
use simc_model::files::Files;
use simc_model::name::Key;
use simc_model::source::Sources;

use crate::engine::{Engine, InterpEngine, Op, OracleEngine, artifact, bits};
use crate::subject::Subject;

/// Why a model has no form in a format.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The codes of the errors, each once, ascending.
    pub codes: BTreeSet<String>,
    /// All errors, one a line.
    pub text: String,
}

/// The text of a model in a format.
///
/// # Errors
/// What the format cannot say.
pub fn converted(name: &str, text: &str, files: &dyn Files, format: Format) -> Result<String, Refusal> {
    let mut sources = Sources::new();
    let root = sources.add(name, text);
    match convert::convert(&mut sources, root, files, Vec::new(), format) {
        Ok(converted) => Ok(converted.text),
        Err(failure) => {
            let errors: Vec<_> = failure.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).collect();
            let lines: Vec<String> = errors.iter().map(|error| one_line(error, &sources)).collect();
            Err(Refusal { codes: errors.iter().map(|error| error.code.to_string()).collect(), text: lines.join("\n") })
        }
    }
}

/// The name of a file in a format.
pub fn file_name(format: Format) -> &'static str {
    match format {
        Format::Xmile => "converted.xmile",
        Format::Mdl => "converted.mdl",
    }
}

/// Whether a converted model shows all that the original shows, bit for bit, in the oracle, the interpreter and the artifact.
///
/// # Errors
/// The first title that differs.
pub fn same_bits(original: &Subject, converted: &Subject) -> Result<(), String> {
    let (before, after) = (columns(original), columns(converted));
    for ((engine, before), (_, after)) in before.iter().zip(&after) {
        // A variable may have the name of a number of the run, which every row begins with.
        let mut found: HashMap<Key, VecDeque<&Vec<u64>>> = HashMap::new();
        for (title, column) in after {
            found.entry(Key::new(title)).or_default().push_back(column);
        }
        for (title, column) in before {
            match found.get_mut(&Key::new(title)).and_then(VecDeque::pop_front) {
                None => return Err(format!("{engine}: the converted model has no `{title}`")),
                Some(other) if other != column => {
                    let at = column.iter().zip(other).position(|(a, b)| a != b).unwrap_or(0);
                    let shown = |column: &[u64]| column.get(at).map(|bits| f64::from_bits(*bits));
                    let (a, b) = (shown(column), shown(other));
                    return Err(format!("{engine}: `{title}` differs at row {at}: {a:?} and {b:?}"));
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}

/// Titles with the bits of their values.
type Columns = Vec<(String, Vec<u64>)>;

fn columns(subject: &Subject) -> Vec<(&'static str, Columns)> {
    let titles = subject.titles();
    let mut oracle = OracleEngine::new(&subject.model, &subject.module, &subject.layout);
    let mut interp = InterpEngine::new(&subject.module);
    let mut artifact = artifact(&subject.wasm);
    let engines: [(&str, &mut dyn Engine); 3] =
        [("oracle", &mut oracle), ("interp", &mut interp), ("artifact", artifact.as_mut())];
    let shown = engines.into_iter().map(|(name, engine)| {
        engine.call(Op::Run);
        let width = engine.live().len();
        let rows: Vec<Vec<f64>> = engine.rows().chunks_exact(width).map(<[f64]>::to_vec).collect();
        let column = |at: usize| bits(&rows.iter().map(|row| row[at]).collect::<Vec<f64>>());
        (name, titles.iter().enumerate().map(|(at, title)| (title.clone(), column(at))).collect())
    });
    shown.collect()
}
