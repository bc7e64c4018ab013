//! What becomes of every element and attribute of XMILE and Stella: found out by giving each to the parser.
//!
//! A small file is read twice, with the element and with blanks of the same length in its place. Errors that only the first
//! one has say that the element is refused; syntax trees that differ, or errors that it cures, say that it is read; else it is
//! passed over.

use std::collections::BTreeMap;

use simc_model::diagnostic::{Code, Severity};
use simc_model::files::MemoryFiles;
use simc_model::source::Sources;
use simc_xmile::code;

use super::{code_list, table};

use vocabulary::{ATTRIBUTES, Context, ELEMENTS, FILE};

mod vocabulary;

/// What becomes of something in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Treatment {
    /// It has a part in the syntax tree.
    Read,
    /// Nothing is said and nothing changes.
    PassedOver,
    /// A warning says that it is left out.
    LeftOut,
    /// It is refused with this code.
    Refused(Code),
}

/// What becomes of elements: a row for each place.
pub(super) fn elements() -> String {
    by_treatment("in", ELEMENTS, element_name)
}

/// What becomes of attributes: a row for each element.
pub(super) fn attributes() -> String {
    by_treatment("of", ATTRIBUTES, attribute_name)
}

/// Names of all elements that the page lists.
pub fn listed_names() -> Vec<&'static str> {
    ELEMENTS.iter().flat_map(|context| context.samples).map(|sample| local(element_name(sample))).collect()
}

/// Whether an element or attribute changes nothing wherever it is listed; false for one that is not listed.
pub(super) fn is_passed_over(name: &str) -> bool {
    let samples = |contexts: &'static [Context], local: fn(&'static str) -> &'static str| {
        let all = contexts.iter().flat_map(|context| context.samples.iter().map(move |sample| (context, *sample)));
        all.filter(move |(_, sample)| local(sample) == name)
    };
    let mut listed = samples(ELEMENTS, element_name).chain(samples(ATTRIBUTES, attribute_name)).peekable();
    listed.peek().is_some() && listed.all(|(context, sample)| treat(context, sample) == Treatment::PassedOver)
}

fn by_treatment(preposition: &str, contexts: &[Context], name: fn(&'static str) -> &'static str) -> String {
    let mut places: Vec<(&str, Names)> = Vec::new();
    for context in contexts {
        if places.last().is_none_or(|(place, _)| *place != context.place) {
            places.push((context.place, Names::new()));
        }
        let (_, names) = places.last_mut().expect("there is one now");
        for sample in context.samples {
            names.entry(treat(context, sample)).or_default().push(name(sample));
        }
    }
    let heads = [preposition, "read", "without effect on numbers: passed over", "refused"];
    table(&heads, places.into_iter().map(|(place, names)| row(place, names)))
}

/// Names by what becomes of them.
type Names = BTreeMap<Treatment, Vec<&'static str>>;

fn row(place: &str, mut names: Names) -> Vec<String> {
    let mut list = |treatment: Treatment| code_list(names.remove(&treatment).unwrap_or_default());
    let (read, passed_over) = (list(Treatment::Read), list(Treatment::PassedOver));
    let refused: Vec<String> = names
        .into_iter()
        .map(|(treatment, names)| match treatment {
            Treatment::Refused(code) => format!("{code}: {}", code_list(names)),
            Treatment::LeftOut => format!("left out with a warning: {}", code_list(names)),
            Treatment::Read | Treatment::PassedOver => unreachable!("taken out above"),
        })
        .collect();
    vec![format!("`{place}`"), read, passed_over, refused.join("; ")]
}

/// Tries a sample in its place.
fn treat(context: &Context, sample: &str) -> Treatment {
    let (before, behind) = context.around.split_once('@').expect("a context has a place for the sample");
    let file = |inside: &str| FILE.replace('@', &format!("{before}{inside}{behind}"));
    let (with, without) = (parse(&file(sample)), parse(&file(&" ".repeat(sample.len()))));
    let is_new = |severity| {
        let new = with.diagnostics.iter().find(|found| found.0 == severity && !without.diagnostics.contains(found));
        new.map(|&(_, code)| code)
    };
    match (is_new(Severity::Error), is_new(Severity::Warning)) {
        (Some(code), _) => Treatment::Refused(code),
        (None, Some(code::UNKNOWN_ELEMENT)) => Treatment::LeftOut,
        (None, _) if with.tree != without.tree || with.diagnostics != without.diagnostics => Treatment::Read,
        (None, _) => Treatment::PassedOver,
    }
}

/// A syntax tree as text, and what was said about the file.
struct Parsed {
    tree: String,
    diagnostics: Vec<(Severity, Code)>,
}

fn parse(text: &str) -> Parsed {
    let mut sources = Sources::new();
    let root = sources.add("probe.xmile", text);
    let mut files = MemoryFiles::new();
    files.add("x", "<xmile><macro name=\"elsewhere\"><eqn>1</eqn></macro><model/></xmile>");
    let (file, diagnostics) = simc::front::parse(&mut sources, root, &files);
    let diagnostics = diagnostics.into_iter().map(|diagnostic| (diagnostic.severity, diagnostic.code)).collect();
    Parsed { tree: format!("{file:?}"), diagnostics }
}

/// `<isee:pause/>`: `isee:pause`.
fn element_name(sample: &str) -> &str {
    let name = sample.trim_start_matches('<');
    &name[..name.find([' ', '/', '>']).unwrap_or(name.len())]
}

/// `name="x"`: `name`.
fn attribute_name(sample: &str) -> &str {
    sample.split_once('=').map_or(sample, |(name, _)| name.trim())
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_is_read_from_what_is_passed_over_and_what_is_refused() {
        let context = Context { place: "aux", around: "<aux name=\"a\">@</aux>", samples: &[] };
        let model = Context { around: "<model><variables><aux name=\"a\">@</aux></variables></model>", ..context };
        assert_eq!(treat(&model, "<eqn>1</eqn>"), Treatment::Read);
        assert_eq!(treat(&model, "<format/>"), Treatment::PassedOver);
        assert_eq!(treat(&model, "<init_eqn>2</init_eqn><eqn>1</eqn>"), Treatment::Read);
        assert_eq!(treat(&model, "<nonsense/>"), Treatment::Refused(code::UNKNOWN_ELEMENT));
    }

    #[test]
    fn no_probe_is_broken_without_its_sample() {
        for context in ELEMENTS.iter().chain(ATTRIBUTES) {
            let whole = FILE.replace('@', &context.around.replace('@', ""));
            let codes: Vec<Code> = parse(&whole).diagnostics.into_iter().map(|(_, code)| code).collect();
            let allowed = [code::MISSING_PART, code::BAD_NUMBER, code::BAD_TABLE, code::PARTIAL_RUNS];
            assert!(codes.iter().all(|code| allowed.contains(code)), "{}: {codes:?}", context.place);
        }
    }

    #[test]
    fn nothing_is_listed_twice_in_one_place() {
        let mut seen = std::collections::BTreeSet::new();
        for context in ELEMENTS {
            for name in context.samples.iter().map(|sample| element_name(sample)) {
                assert!(seen.insert((context.place, name)), "{} {name}", context.place);
            }
        }
    }
}
