//! From the syntax tree of a file to a [`Definition`]: equations of one name become clauses of one
//! variable, subscript ranges become dimensions, `INTEG` becomes a stock with a flow that nobody
//! else sees, and control variables become the times of the run.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use simc_model::builtin::{Dialect, RunNumber};
use simc_model::data::{AddedFile, Role};
use simc_model::definition::{
    Behavior, Definition, GroupDef, MacroDef, ModelDef, Name as NeutralName, UnitDef, VarDef, Wording,
};

use crate::ast::{self, Body, Method, Name, Right, Variable};
use crate::code;
use crate::translate::changes::Changes;
use crate::translate::dataset::DataSets;
use crate::translate::external::External;
use crate::translate::fixed::Fixed;
use crate::translate::meaning::Written;
use crate::translate::ranges::Ranges;
use crate::translate::shift::Shift;
use crate::translate::tables::Tables;
use simc_model::diagnostic::Diagnostic;
use simc_model::files::Files;
use simc_model::name::Key;
use simc_model::source::Sources;

mod calendar;
mod changes;
pub(crate) mod constant;
mod data;
mod dataset;
mod delayp;
mod equation;
mod exogenous;
mod external;
mod fixed;
mod left_side;
mod lookup;
mod mark;
mod meaning;
mod misplaced;
mod part;
pub(crate) mod ranges;
mod run_file;
mod sample;
mod saved_run;
mod shift;
mod tables;
mod times;
mod variable;
mod wording;

/// What came of a translation.
#[derive(Clone, Debug)]
pub struct Translated {
    /// What the file defines: everything that could be understood.
    pub definition: Definition,
    /// What is wrong with the rest, and what else should be said.
    pub diagnostics: Vec<Diagnostic>,
    /// Files of data that hold no values at times.
    pub added: Vec<AddedFile>,
}

/// What a file defines. The files that its functions read are added to `sources`; `added` are files of data besides those: series for
/// data variables, the files of tags, and changes of constants, the last of which count. `given` are times of the run that take the place
/// of the file's own.
pub fn translate(
    file: &ast::File,
    sources: &mut Sources,
    files: &dyn Files,
    added: Vec<AddedFile>,
    given: &[(RunNumber, f64)],
) -> Translated {
    let mut diagnostics = Vec::new();
    let (changes, mut added): (Vec<_>, Vec<_>) = added.into_iter().partition(|file| file.role == Role::Changes);
    let changed;
    let (file, array_changes) = if changes.is_empty() {
        (file, Vec::new())
    } else {
        let mut with_changes = file.clone();
        let read = read_changes(changes, sources, &mut diagnostics);
        let arrays = changes::change_scalars(&mut with_changes, read, &mut diagnostics);
        changed = with_changes;
        (&changed, arrays)
    };
    let strings = strings(file);
    let mut tables = Tables::new(&file.settings, sources, files, &mut added);
    let mut n_read = 0;
    let ranges = Ranges::read(
        file,
        &mut |equation, diagnostics| {
            let mut external = External { tables: &mut tables, diagnostics, n_values: &mut n_read };
            external.subscript(&external::request(equation, &strings)?)
        },
        &mut diagnostics,
    );
    let mut data = data_variables(file);
    let mut undefined = if added.is_empty() { Vec::new() } else { exogenous::undefined(file, &ranges) };
    data.extend(undefined.iter().filter_map(data_variable));
    let sets = DataSets::read(&mut added, &mut tables, &data, &ranges, &mut diagnostics);
    // Names without a definition are data where a file has them.
    undefined.retain(|definition| data_variable(definition).is_some_and(|(key, _)| sets.has(&key)));
    let with_data;
    let file = if undefined.is_empty() {
        file
    } else {
        let mut longer = file.clone();
        longer.entries.append(&mut undefined);
        with_data = longer;
        &with_data
    };
    let macros: HashSet<Key> = file.macros.iter().map(|definition| Key::new(&definition.name.text)).collect();
    let globals = file.entries.iter().filter_map(|definition| match &definition.body {
        Body::Variable(variable) => Some(Key::new(&variable.name.text)),
        Body::Range(_) | Body::Equivalence { .. } | Body::RealityCheck { .. } | Body::TestInput { .. } => None,
    });
    let globals = globals.collect();
    let used = dataset::used_names(file);
    let changes = changes::of_arrays(array_changes, &ranges, &mut diagnostics);
    let mut translator = Translator {
        ranges,
        macros,
        macro_data: macro_data(file),
        n_results: file.macros.iter().map(|macro_| (Key::new(&macro_.name.text), macro_.outputs.len())).collect(),
        globals,
        tables,
        sets,
        used,
        strings,
        changes,
        fixed: OnceCell::new(),
        by_name: OnceCell::new(),
        levels: HashMap::new(),
        is_euler: matches!(file.settings.method, Method::Euler | Method::Difference),
        shifts: Vec::new(),
        definitions: &file.entries,
        n_read,
        data_of_macros: Vec::new(),
        budget: MAX_PARTS,
        diagnostics,
    };
    let mut root = translator.model(&file.entries, None);
    translator.report_unmade_changes();
    let groups = groups(file);
    let mut definitions = Vec::new();
    for definition in &file.macros {
        definitions.extend(translator.macro_def(definition));
    }
    root.append(&mut translator.data_of_macros);
    let (sim_specs, mut notes) = times::read(file, &mut root, &translator.ranges, given);
    translator.diagnostics.append(&mut notes);
    let is_checked = file
        .entries
        .iter()
        .find(|definition| matches!(definition.body, Body::RealityCheck { .. } | Body::TestInput { .. }));
    if let Some(definition) = is_checked {
        let message = "reality checks do not change a run: they are passed over";
        translator.diagnostics.push(Diagnostic::warning(code::REALITY_CHECK, definition.span, message));
    }
    let definition = Definition {
        dialect: Dialect::Vensim,
        wording: Wording(wording::wording),
        sim_specs: Some(sim_specs),
        calendar: calendar::calendar(&file.settings, &mut translator.diagnostics),
        behavior: BEHAVIOR,
        units: units(file),
        dims: translator.ranges.into_dims(),
        macros: definitions,
        models: vec![ModelDef { vars: root, groups, behavior: BEHAVIOR, ..ModelDef::default() }],
        ..Definition::default()
    };
    Translated { definition, diagnostics: translator.diagnostics, added }
}

/// The changes of all files in their order. The files are added to the sources.
fn read_changes(changes: Vec<AddedFile>, sources: &mut Sources, diagnostics: &mut Vec<Diagnostic>) -> Vec<Variable> {
    let mut all = Vec::new();
    for file in changes {
        let id = sources.add(file.name, crate::encoding::decode(&file.bytes));
        let (mut read, mut faults) = crate::changes::parse_changes(sources, id);
        all.append(&mut read);
        diagnostics.append(&mut faults);
    }
    all
}

/// The data variables of a file and its macros, with their numbers of subscripts.
fn data_variables(file: &ast::File) -> HashMap<Key, usize> {
    let definitions = file.macros.iter().flat_map(|definition| &definition.entries).chain(&file.entries);
    definitions.filter_map(data_variable).collect()
}

/// In how many macros each data variable is one.
fn macro_data(file: &ast::File) -> HashMap<Key, usize> {
    let mut n_macros = HashMap::new();
    for definition in &file.macros {
        let names: HashSet<Key> = definition.entries.iter().filter_map(data_variable).map(|(key, _)| key).collect();
        names.into_iter().for_each(|key| *n_macros.entry(key).or_default() += 1);
    }
    n_macros
}

/// The data variable that a definition is, with its number of subscripts.
fn data_variable(definition: &ast::Entry) -> Option<(Key, usize)> {
    match &definition.body {
        Body::Variable(variable) if matches!(variable.right, Right::Nothing) => {
            Some((Key::new(&variable.name.text), variable.subscripts.len()))
        }
        Body::Variable(_)
        | Body::Range(_)
        | Body::Equivalence { .. }
        | Body::RealityCheck { .. }
        | Body::TestInput { .. } => None,
    }
}

/// The strings that a file defines.
fn strings(file: &ast::File) -> HashMap<Key, String> {
    let strings = file.entries.iter().filter_map(|definition| match &definition.body {
        Body::Variable(Variable { name, right: Right::Text(text), .. }) => {
            Some((Key::new(&name.text), text.text.clone()))
        }
        Body::Variable(_)
        | Body::Range(_)
        | Body::Equivalence { .. }
        | Body::RealityCheck { .. }
        | Body::TestInput { .. } => None,
    });
    strings.collect()
}

/// Stocks and flows have no limits but those that their equations state.
const BEHAVIOR: Behavior = Behavior { non_negative_stocks: Some(false), non_negative_flows: Some(false) };

/// How many numbers all lists of numbers may have together with the nodes that are copied for further results of macros.
const MAX_PARTS: usize = 1 << 20;

/// What the translation of variables works with.
struct Translator<'a> {
    ranges: Ranges,
    /// The names of all macros.
    macros: HashSet<Key>,
    /// How many further results each macro has.
    n_results: HashMap<Key, usize>,
    /// The data variables within macros, with how many macros have one of the name.
    macro_data: HashMap<Key, usize>,
    /// The files that functions read.
    tables: Tables<'a>,
    /// The series of files that were given.
    sets: DataSets,
    /// The names that equations use.
    used: HashSet<Key>,
    /// Texts that have names.
    strings: HashMap<Key, String>,
    /// What elements of arrays are to have instead of what the model says.
    changes: Changes,
    /// The definitions outside of macros.
    definitions: &'a [ast::Entry],
    /// Which variables change during a run, once that has been asked for.
    fixed: OnceCell<Fixed>,
    /// The variables outside of macros by their names, once that has been asked for.
    by_name: OnceCell<HashMap<Key, Vec<&'a Variable>>>,
    /// The arrays of levels that calls of SHIFT IF TRUE move along, by name and number of dimensions; nothing of those that are none.
    levels: HashMap<(Key, usize), Option<Rc<shift::Level>>>,
    /// Whether the method is Euler's.
    is_euler: bool,
    /// Flows that levels get besides.
    shifts: Vec<Shift>,
    /// How many values functions have read.
    n_read: usize,
    /// The data variables of macros, which belong to no call.
    data_of_macros: Vec<VarDef>,
    /// The names of all variables outside of macros.
    globals: HashSet<Key>,
    /// How many more numbers lists may have, and nodes the equations that are made for further results of macros.
    budget: usize,
    diagnostics: Vec<Diagnostic>,
}

/// The names that an equation can use, and variables that its equations need besides those of the file.
struct Names {
    /// Every name that is defined.
    defined: HashSet<Key>,
    /// Whether it is the body of a macro, where a `$` at the end of a name leads out of it.
    is_macro: bool,
    /// Data variables of a macro, which are the same in all calls, by their names outside.
    outside: HashMap<Key, NeutralName>,
    /// Variables that the file does not write.
    made: Vec<VarDef>,
    /// How often each name was given to one of them.
    made_names: HashMap<String, usize>,
    /// Arrays of the numbers of elements among them.
    numbers: HashMap<String, NeutralName>,
}

impl Names {
    /// A name that no equation writes, beginning with the given text.
    fn fresh(&mut self, text: String, span: simc_model::source::Span) -> NeutralName {
        loop {
            let count = self.made_names.entry(text.clone()).or_default();
            *count += 1;
            let text = if *count == 1 { text.clone() } else { format!("{text} ({count})") };
            if self.defined.insert(Key::new(&text)) {
                return NeutralName { text, span };
            }
        }
    }
}

impl<'a> Translator<'a> {
    /// The variables outside of macros by their names.
    fn by_name(&self) -> &HashMap<Key, Vec<&'a Variable>> {
        let definitions = self.definitions;
        self.by_name.get_or_init(|| {
            let mut index: HashMap<Key, Vec<&Variable>> = HashMap::new();
            for definition in definitions {
                if let Body::Variable(variable) = &definition.body {
                    index.entry(Key::new(&variable.name.text)).or_default().push(variable);
                }
            }
            index
        })
    }

    /// The variables of a model, or of the body of a macro.
    fn model(&mut self, definitions: &[ast::Entry], body_of: Option<&ast::Macro>) -> Vec<VarDef> {
        let written = self.group(definitions);
        let outside = body_of.map(|definition| self.data_outside(&definition.name.text, &written));
        let params = body_of.map(|definition| &definition.inputs);
        let mut names = Names {
            defined: written.iter().map(|variable| Key::new(&variable.name.text)).collect(),
            is_macro: body_of.is_some(),
            outside: outside.unwrap_or_default(),
            made: Vec::new(),
            made_names: HashMap::new(),
            numbers: HashMap::new(),
        };
        names.defined.extend(params.into_iter().flatten().map(|param| Key::new(&param.text)));
        let mut vars: Vec<VarDef> = Vec::with_capacity(written.len());
        for variable in &written {
            self.report_shared_name(variable.name);
            let defs = self.variable(variable, &mut names);
            match names.outside.get(&Key::new(&variable.name.text)) {
                Some(outside) => vars.extend(defs.into_iter().map(|def| self.move_outside(def, outside))),
                None => vars.extend(defs),
            }
            vars.append(&mut names.made);
        }
        self.add_shifts(&mut vars);
        vars
    }

    /// Reports a variable that has the name of a subscript range, by which an equation would mean the one or the other.
    fn report_shared_name(&mut self, name: &Name) {
        let Some(range) = self.ranges.find(&name.text) else { return };
        let message = format!("`{}` is a variable and a subscript range", name.text);
        self.diagnostics.push(
            Diagnostic::error(simc_model::diagnostic::code::DUPLICATE_NAME, name.span, message)
                .with_place(range.name.span, "the range")
                .with_hint(
                    "names are the same when only case, spaces and underscores differ: give one of them another name",
                )
                .with_variable(name.text.clone()),
        );
    }

    /// The definitions of variables by their names, in the order in which each name comes first.
    fn group<'e>(&mut self, definitions: &'e [ast::Entry]) -> Vec<Written<'e>> {
        let mut written: Vec<Written<'e>> = Vec::new();
        let mut index: HashMap<Key, usize> = HashMap::new();
        for definition in definitions {
            let Body::Variable(variable) = &definition.body else { continue };
            let key = Key::new(&variable.name.text);
            let at = *index.entry(key).or_insert_with(|| {
                written.push(Written { name: &variable.name, parts: Vec::new() });
                written.len() - 1
            });
            written[at].parts.push((definition, variable));
        }
        for variable in &mut written {
            variable.drop_diagrams();
        }
        written
    }

    /// A macro, and one for each of its further results.
    fn macro_def(&mut self, definition: &ast::Macro) -> Vec<MacroDef> {
        let mut made = vec![self.macro_with(definition, &definition.name, neutral(&definition.name))];
        for (position, output) in definition.outputs.iter().enumerate() {
            let name = NeutralName { text: output_name(&definition.name.text, position), span: output.span };
            made.push(self.macro_with(definition, output, name));
        }
        made
    }

    /// A macro whose result is the variable `result` of its body.
    fn macro_with(&mut self, definition: &ast::Macro, result: &Name, name: NeutralName) -> MacroDef {
        let params: Vec<&Name> = definition.inputs.iter().collect();
        let mut vars: Vec<VarDef> = params
            .iter()
            .map(|param| VarDef::new(neutral(param), simc_model::definition::DefKind::Aux, param.span))
            .collect();
        vars.extend(self.model(&definition.entries, Some(definition)));
        let key = Key::new(&result.text);
        let has_result = vars.iter().any(|var| Key::new(&var.name.text) == key);
        let mut value = VarDef::new(neutral(result), simc_model::definition::DefKind::Aux, result.span);
        if has_result {
            value.equation = Some(equation::reference(neutral(result)));
        } else if !definition.reported {
            let message = format!("macro `{}` does not define `{}`", definition.name.text, result.text);
            self.diagnostics.push(
                Diagnostic::error(code::BAD_MACRO, definition.span, message)
                    .with_hint(format!("give it an equation `{} = ...` before `:END OF MACRO:`", result.text)),
            );
        }
        value.reported = !has_result;
        vars.push(value);
        let body = ModelDef { vars, behavior: BEHAVIOR, ..ModelDef::default() };
        MacroDef {
            name,
            namespace: None,
            n_params: params.len(),
            body,
            reported: definition.reported || !has_result,
            span: definition.span,
        }
    }
}

/// The name of the macro that gives a further result of another one. No equation can write it.
fn output_name(name: &str, position: usize) -> String {
    format!("{name} : result {}", position + 2)
}

/// A name in the terms of all formats.
fn neutral(name: &Name) -> NeutralName {
    NeutralName { text: name.text.clone(), span: name.span }
}

/// Units that are the same by the settings.
fn units(file: &ast::File) -> Vec<UnitDef> {
    let records = &file.settings.unit_equivalences;
    // Records that share a name are one: for each the first of those that it belongs to.
    let mut one: Vec<usize> = (0..records.len()).collect();
    let mut record_of: HashMap<Key, usize> = HashMap::new();
    let root = |one: &mut Vec<usize>, mut at: usize| {
        while one[at] != at {
            one[at] = one[one[at]];
            at = one[at];
        }
        at
    };
    for (at, names) in records.iter().enumerate() {
        for name in names {
            let other = *record_of.entry(Key::new(&name.text)).or_insert(at);
            let (a, b) = (root(&mut one, at), root(&mut one, other));
            one[a.max(b)] = a.min(b);
        }
    }
    let mut joined: BTreeMap<usize, Vec<NeutralName>> = BTreeMap::new();
    let mut seen: HashSet<Key> = HashSet::new();
    for (at, names) in records.iter().enumerate() {
        let own = names.iter().filter(|name| seen.insert(Key::new(&name.text))).map(neutral);
        joined.entry(root(&mut one, at)).or_default().extend(own);
    }
    let def = |names: Vec<NeutralName>| {
        let (first, others) = names.split_first()?;
        Some(UnitDef { name: first.clone(), equation: None, aliases: others.to_vec() })
    };
    joined.into_values().filter_map(def).collect()
}

/// Groups with the variables that are under them.
fn groups(file: &ast::File) -> Vec<GroupDef> {
    let mut groups: Vec<GroupDef> = file
        .groups
        .iter()
        .map(|group| GroupDef {
            name: NeutralName {
                text: group.name.text.trim_start_matches('.').trim().to_owned(),
                span: group.name.span,
            },
            doc: Some(group.doc.clone()).filter(|doc| !doc.is_empty()),
            members: Vec::new(),
        })
        .collect();
    let mut seen: HashSet<Key> = HashSet::new();
    for definition in &file.entries {
        let Body::Variable(Variable { name, .. }) = &definition.body else { continue };
        if let Some(group) = definition.group.and_then(|group| groups.get_mut(group as usize))
            && seen.insert(Key::new(&name.text))
        {
            group.members.push(neutral(name));
        }
    }
    groups.retain(|group| !group.members.is_empty());
    groups
}
