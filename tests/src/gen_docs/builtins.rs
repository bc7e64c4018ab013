//! Functions and constants, from the table that the front end resolves calls with.

use std::collections::BTreeMap;

use simc_model::builtin::{self, Builtin, Default, Meaning};

use super::{cell, code_list, table};

/// What is computed: a row for each function.
pub(super) fn supported() -> String {
    let rows = builtin::all().filter(|builtin| builtin.meaning != Meaning::Unsupported && !builtin.names.is_empty());
    table(&["call", "gives", "left out", "units", "example", "defined in"], rows.map(row))
}

/// What is computed of a Vensim model: a row for each function, as Vensim spells it.
pub(super) fn vensim() -> String {
    let rows = builtin::all().filter(|builtin| builtin.meaning != Meaning::Unsupported && !builtin.vensim.is_empty());
    let row = |builtin: &Builtin| {
        let mut spellings = builtin.vensim.iter();
        let name = spellings.next().copied().unwrap_or_default();
        let usage = format!("`{name}{}`", builtin.usage().strip_prefix(builtin.name()).unwrap_or_default());
        let aliases = code_list(spellings.copied());
        let about = cell(builtin.about);
        let about = if aliases.is_empty() { about } else { format!("{about}; also spelt {aliases}") };
        let elsewhere = if builtin.names.is_empty() { "Vensim alone" } else { "as in XMILE" };
        vec![usage, about, defaults(builtin), builtin.units.to_string(), elsewhere.to_owned()]
    };
    table(&["call", "gives", "left out", "units", "meaning"], rows.map(row))
}

fn row(builtin: &Builtin) -> Vec<String> {
    let aliases = code_list(builtin.names[1..].iter().copied());
    let about =
        if aliases.is_empty() { cell(builtin.about) } else { format!("{}; also spelt {aliases}", cell(builtin.about)) };
    vec![
        format!("`{}`", builtin.usage()),
        about,
        defaults(builtin),
        builtin.units.to_string(),
        format!("`{}`", builtin.example),
        cell(builtin.origin),
    ]
}

/// What stands for arguments that are left out.
fn defaults(builtin: &Builtin) -> String {
    let defaults = builtin.params.iter().filter_map(|param| match param.default {
        Default::Required => None,
        Default::Absent => Some(format!("{}: the input at the start", param.name)),
        Default::Value(value) => Some(format!("{}: {value}", param.name)),
        Default::Start => Some(format!("{}: the first time", param.name)),
        Default::EveryStep => Some(format!("{}: every step", param.name)),
    });
    defaults.collect::<Vec<_>>().join("; ")
}

/// What an XMILE file refuses by name, by where it is defined.
pub(super) fn refused() -> String {
    let mut by_origin: BTreeMap<&str, Vec<&Builtin>> = BTreeMap::new();
    let refused = |builtin: &&Builtin| builtin.meaning == Meaning::Unsupported && !builtin.names.is_empty();
    for builtin in builtin::all().filter(refused) {
        by_origin.entry(builtin.origin).or_default().push(builtin);
    }
    let rows = by_origin.into_iter().flat_map(|(origin, builtins)| {
        builtins.into_iter().map(move |builtin| {
            vec![code_list(builtin.names.iter().copied()), cell(builtin.about), cell(builtin.why), cell(origin)]
        })
    });
    table(&["function", "what it is", "why it is refused", "defined in"], rows)
}

/// What a `.mdl` file reads as a whole right side, or as the points of a lookup, and is refused only within an expression:
/// the matrix of Vensim's language has these.
const WHOLE_RIGHT_SIDES: [&str; 8] = [
    "INTEG",
    "DELAY MATERIAL",
    "DELAY INFORMATION",
    "DELAYP",
    "SHIFT IF TRUE",
    "GET XLS DATA",
    "TABBED ARRAY",
    "A FUNCTION OF",
];

/// What a Vensim model refuses by name, as Vensim spells it.
pub(super) fn vensim_refused() -> String {
    let is_refused = |builtin: &&Builtin| {
        let first = builtin.vensim.first();
        builtin.meaning == Meaning::Unsupported && first.is_some_and(|name| !WHOLE_RIGHT_SIDES.contains(name))
    };
    let row =
        |builtin: &Builtin| vec![code_list(builtin.vensim.iter().copied()), cell(builtin.about), cell(builtin.why)];
    table(&["function", "what it is", "why it is refused"], builtin::all().filter(is_refused).map(row))
}
