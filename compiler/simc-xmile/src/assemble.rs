//! A model from all the files that it consists of: those that it includes, and those in which models and modules are kept.
//!
//! What a file includes is merged into it: where both define a model or macro of one name the including file's holds (XMILE 1.0,
//! section 2.11). A file that a `resource` of a model or module names is a whole-model of its own: its models are found by its own
//! modules alone, and of macros of one name its own holds, so that files developed apart may use the same names; dimensions are common to
//! all, and so are macros of which there is only one.

use std::collections::{BTreeMap, BTreeSet};

use crate::code;
use crate::file;
use simc_model::definition::{Behavior, Definition, DimDef, DimElements, MacroDef, ModelDef, Name, Resource, SimSpecs};
use simc_model::diagnostic::Diagnostic;
use simc_model::files::{self, Files};
use simc_model::name::Key;
use simc_model::source::{self, FileId, Sources, Span};

/// How many files a model may consist of.
const MAX_FILES: usize = 1000;

/// How many files may include one another in a chain.
const MAX_DEPTH: usize = 64;

/// How many bytes the files that a model refers to may have together.
const MAX_BYTES: usize = 1 << 28;

/// Reads a file in XMILE and all that it refers to.
pub(crate) fn parse_all(sources: &mut Sources, root: FileId, files: &dyn Files) -> (Definition, Vec<Diagnostic>) {
    let mut assembly = Assembly {
        sources,
        files,
        ids: BTreeMap::new(),
        wholes: BTreeMap::new(),
        n_files: 0,
        n_bytes: 0,
        is_full: false,
        other_times: Vec::new(),
        diagnostics: Vec::new(),
    };
    let name = assembly.sources.file(root).name.clone();
    assembly.ids.insert(name.clone(), root);
    let mut file = assembly.whole_model(name.clone(), root, false);
    assembly.wholes.insert(name, 0);
    assembly.link(&mut file);
    if let Some(specs) = &file.sim_specs {
        let others = assembly.other_times.iter().filter_map(|other| other_times(other, specs));
        assembly.diagnostics.extend(others);
    }
    if file.models.is_empty() && !assembly.diagnostics.iter().any(Diagnostic::is_error) {
        let error =
            Diagnostic::error_without_place(code::NO_MODEL, "neither the file nor what it includes holds a model");
        assembly.diagnostics.push(error);
    }
    (file, assembly.diagnostics)
}

/// A model that is being put together.
struct Assembly<'s> {
    sources: &'s mut Sources,
    files: &'s dyn Files,
    /// Files that have been read.
    ids: BTreeMap<String, FileId>,
    /// The numbers of whole-models, by the names of their files.
    wholes: BTreeMap<String, u32>,
    /// How often a file was read.
    n_files: usize,
    n_bytes: usize,
    /// Whether a limit has been reached, which has been reported.
    is_full: bool,
    /// Times that whole-models of their own state, which do not count.
    other_times: Vec<SimSpecs>,
    diagnostics: Vec<Diagnostic>,
}

/// A file that waits for what it includes.
struct Open {
    name: String,
    file: Definition,
    /// Files that are still to be included, the next one last.
    pending: Vec<(String, Span)>,
    /// What it includes, in order.
    included: Vec<Definition>,
}

impl Assembly<'_> {
    /// A file with what it includes. Every file is included once; files that include one another in a cycle are reported.
    fn whole_model(&mut self, name: String, id: FileId, is_included: bool) -> Definition {
        let mut seen = BTreeSet::from([name.clone()]);
        let mut stack = vec![self.open(name, id, is_included)];
        loop {
            let depth = stack.len();
            let top = stack.last_mut().expect("the first file is closed last");
            if let Some((name, place)) = top.pending.pop() {
                let chain = stack.iter().map(|open| open.name.as_str());
                if let Some(cycle) = cycle(chain, &name) {
                    self.diagnostics.push(in_a_cycle(&cycle, place));
                } else if depth == MAX_DEPTH {
                    self.limit(place, format!("files include one another more than {MAX_DEPTH} deep"));
                } else if seen.insert(name.clone())
                    && let Some(id) = self.read(&name, place)
                {
                    stack.push(self.open(name, id, true));
                }
                continue;
            }
            let Some(Open { mut file, included, .. }) = stack.pop() else { return Definition::default() };
            self.merge(&mut file, included);
            let Some(outer) = stack.last_mut() else { return file };
            outer.included.push(file);
        }
    }

    /// Parses a file and finds what it includes.
    fn open(&mut self, name: String, id: FileId, is_included: bool) -> Open {
        let (mut file, diagnostics) = file::parse(self.sources, id, is_included);
        self.diagnostics.extend(diagnostics);
        let mut pending = Vec::new();
        for Resource { path, span, .. } in std::mem::take(&mut file.includes) {
            match files::find(self.files, &name, &path, span) {
                Ok(found) => pending.extend(found.into_iter().map(|name| (name, span))),
                Err(error) => self.diagnostics.push(*error),
            }
        }
        pending.reverse();
        if is_included {
            resolve_behavior(&mut file);
        }
        Open { name, file, pending, included: Vec::new() }
    }

    /// The text of a file that the model refers to.
    fn read(&mut self, name: &str, place: Span) -> Option<FileId> {
        self.n_files += 1;
        if self.n_files > MAX_FILES {
            self.limit(place, format!("the model consists of more than {MAX_FILES} files"));
            return None;
        }
        if let Some(&id) = self.ids.get(name) {
            return Some(id);
        }
        let text = files::read(self.files, name, place).map(|bytes| {
            self.n_bytes = self.n_bytes.saturating_add(bytes.len());
            source::decode(bytes)
        });
        let text = match text {
            Ok(Some(text)) => text,
            Ok(None) => {
                let message = format!("`{name}` is not text in UTF-8 or UTF-16");
                self.diagnostics.push(Diagnostic::error(code::FILE_UNREADABLE, place, message));
                return None;
            }
            Err(error) => {
                self.diagnostics.push(*error);
                return None;
            }
        };
        if self.n_bytes > MAX_BYTES {
            self.limit(place, format!("the files of the model are larger than {} MiB together", MAX_BYTES >> 20));
            return None;
        }
        let id = self.sources.add(name, text);
        self.ids.insert(name.to_owned(), id);
        Some(id)
    }

    /// Reads the files in which models and modules are kept, and says which whole-model each is.
    fn link(&mut self, all: &mut Definition) {
        let mut others = Vec::new();
        let mut done = 0;
        while done < all.models.len() {
            let model = &mut all.models[done];
            let own = model.resource.iter_mut();
            let wholes: Vec<Option<u32>> = own
                .chain(model.modules.iter_mut().filter_map(|module| module.resource.as_mut()))
                .map(|resource| {
                    resource.whole = self.whole(resource, &mut others);
                    resource.whole
                })
                .collect();
            // Models are numbered in the order in which they are found; the loop comes to those of other files in turn.
            if !wholes.is_empty() {
                all.models
                    .extend(others.iter_mut().flat_map(|other: &mut Definition| std::mem::take(&mut other.models)));
            }
            done += 1;
        }
        self.merge(all, others);
        let modules = all.macros.iter().flat_map(|definition| &definition.body.modules);
        for resource in modules.filter_map(|module| module.resource.as_ref()) {
            let fault = "a module within a macro cannot be kept in another file";
            self.diagnostics.push(Diagnostic::error(code::BAD_RESOURCE, resource.span, fault));
        }
    }

    /// The whole-model that a resource is; one that is new is added to the others.
    fn whole(&mut self, resource: &Resource, others: &mut Vec<Definition>) -> Option<u32> {
        let from = self.sources.file(resource.span.file).name.clone();
        let found = match files::find(self.files, &from, &resource.path, resource.span) {
            Ok(found) => found,
            Err(error) => {
                self.diagnostics.push(*error);
                return None;
            }
        };
        let [name] = found.as_slice() else {
            let message = format!("`{}` means {} files, where one is needed", resource.path, found.len());
            self.diagnostics.push(Diagnostic::error(code::BAD_RESOURCE, resource.span, message));
            return None;
        };
        if let Some(&whole) = self.wholes.get(name) {
            return Some(whole);
        }
        let id = self.read(name, resource.span)?;
        let mut file = self.whole_model(name.clone(), id, false);
        if let Some(specs) = file.sim_specs.take() {
            self.other_times.push(specs);
        }
        resolve_behavior(&mut file);
        let whole = u32::try_from(self.wholes.len()).expect("fewer files than the limit");
        self.wholes.insert(name.clone(), whole);
        // Its defaults are those of its own models.
        file.behavior = Behavior::default();
        // What a read outside of an array gives, the file that is compiled says.
        file.invalid_index = 0.0;
        for model in &mut file.models {
            model.whole = whole;
        }
        for definition in &mut file.macros {
            definition.body.whole = whole;
        }
        for import in &mut file.imports {
            import.whole = whole;
        }
        others.push(file);
        Some(whole)
    }

    /// Adds what included files say to what the including one says.
    fn merge(&mut self, outer: &mut Definition, included: Vec<Definition>) {
        if included.is_empty() {
            return;
        }
        let named = |name: &Name| Key::new(&name.text);
        let named_macro = |other: &MacroDef| (other.body.whole, named(&other.name));
        let mut taken_macros: BTreeSet<(u32, Key)> = outer.macros.iter().map(named_macro).collect();
        let mut taken_models: BTreeSet<Option<Key>> =
            outer.models.iter().map(|model| model.name.as_ref().map(named)).collect();
        let mut dims_by_name: BTreeMap<Key, usize> =
            outer.dims.iter().enumerate().map(|(index, dim)| (named(&dim.name), index)).collect();
        for file in included {
            let Definition {
                name: _,
                dialect: _,
                wording: _,
                sim_specs,
                // XMILE says none.
                calendar: _,
                behavior,
                dims,
                units,
                invalid_index,
                includes: _,
                macros,
                models,
                imports,
                idle_imports,
                controls,
            } = file;
            outer.controls.extend(controls);
            outer.units.extend(units);
            outer.imports.extend(imports);
            outer.idle_imports.extend(idle_imports);
            outer.sim_specs = outer.sim_specs.take().or(sim_specs);
            if models.is_empty() && macros.is_empty() {
                let Behavior { non_negative_stocks, non_negative_flows } = behavior;
                outer.behavior.non_negative_stocks = outer.behavior.non_negative_stocks.or(non_negative_stocks);
                outer.behavior.non_negative_flows = outer.behavior.non_negative_flows.or(non_negative_flows);
            }
            if outer.invalid_index == 0.0 {
                outer.invalid_index = invalid_index;
            }
            for dim in dims {
                let index = *dims_by_name.entry(named(&dim.name)).or_insert(outer.dims.len());
                // One that says something else is left to whoever reports what is defined twice.
                if outer.dims.get(index).is_none_or(|other| !is_same_dimension(other, &dim)) {
                    outer.dims.push(dim);
                }
            }
            outer.macros.extend(macros.into_iter().filter(|other| taken_macros.insert(named_macro(other))));
            for model in models {
                if taken_models.insert(model.name.as_ref().map(named)) {
                    outer.models.push(model);
                } else if model.name.is_none() {
                    self.diagnostics.extend(unused_root(&model));
                }
            }
        }
    }

    /// Reports a limit, once.
    fn limit(&mut self, place: Span, message: String) {
        if !std::mem::replace(&mut self.is_full, true) {
            self.diagnostics.push(Diagnostic::error(code::FILE_LIMIT, place, message));
        }
    }
}

/// Defaults hold in the file that states them: its models take them along.
fn resolve_behavior(file: &mut Definition) {
    let defaults = file.behavior;
    let bodies = file.macros.iter_mut().map(|definition| &mut definition.body);
    for model in file.models.iter_mut().chain(bodies) {
        let own = &mut model.behavior;
        own.non_negative_stocks = own.non_negative_stocks.or(defaults.non_negative_stocks).or(Some(false));
        own.non_negative_flows = own.non_negative_flows.or(defaults.non_negative_flows).or(Some(false));
    }
}

/// Whether two declarations say the same.
fn is_same_dimension(a: &DimDef, b: &DimDef) -> bool {
    let same_names = |a: &[Name], b: &[Name]| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| Key::new(&a.text) == Key::new(&b.text))
    };
    let same_elements = match (&a.elements, &b.elements) {
        (DimElements::Size(a), DimElements::Size(b)) => a == b,
        (DimElements::Named(a), DimElements::Named(b)) => same_names(a, b),
        (DimElements::Size(_), DimElements::Named(_)) | (DimElements::Named(_), DimElements::Size(_)) => false,
    };
    let targets = |dim: &DimDef| dim.maps_to.iter().map(|mapping| Key::new(&mapping.to.text)).collect::<Vec<_>>();
    Key::new(&a.name.text) == Key::new(&b.name.text) && same_elements && targets(a) == targets(b)
}

/// The files from where `name` is in a chain to its end, and `name` again.
fn cycle<'n>(chain: impl Iterator<Item = &'n str>, name: &'n str) -> Option<Vec<String>> {
    let mut cycle: Vec<String> = chain.skip_while(|open| *open != name).map(str::to_owned).collect();
    cycle.push(name.to_owned());
    (cycle.len() > 1).then_some(cycle)
}

fn in_a_cycle(cycle: &[String], place: Span) -> Diagnostic {
    let shown: Vec<String> = cycle.iter().map(|name| format!("`{name}`")).collect();
    Diagnostic::error(code::INCLUDE_CYCLE, place, format!("files include one another: {}", shown.join(", then ")))
        .with_label("closes the cycle")
        .with_hint("move what both need into a file of its own")
}

/// What a file of a module says of times and methods, where the model that runs says something else.
fn other_times(other: &SimSpecs, specs: &SimSpecs) -> Option<Diagnostic> {
    let method = |specs: &SimSpecs| specs.methods.first().map(|method| Key::new(&method.text));
    let number = |stated: Option<(f64, Span)>| stated.map(|(value, _)| value);
    let step = |specs: &SimSpecs| number(specs.dt).or(Some(1.0));
    let times = [
        (number(other.start), number(specs.start)),
        (number(other.stop), number(specs.stop)),
        (step(other), step(specs)),
    ];
    let differs = |(a, b): &(Option<f64>, Option<f64>)| a.zip(*b).is_some_and(|(a, b)| a.to_bits() != b.to_bits());
    let is_other_method = method(other).zip(method(specs)).is_some_and(|(a, b)| a != b);
    (times.iter().any(differs) || is_other_method).then(|| {
        let message = "the times and the method of a module's own file do not count";
        Diagnostic::warning(code::OTHER_TIMES, other.span, message)
            .with_label("not used")
            .with_place(specs.span, "all of the model runs by these")
            .with_hint("state the same in both files, so that the module shows alone what it shows as a part")
    })
}

/// What is said of a model without a name that counts for nothing; one that holds nothing leaves nothing out.
fn unused_root(model: &ModelDef) -> Option<Diagnostic> {
    let message = "a model without a name in an included file is left out: the including file has one already";
    let places = model.vars.iter().map(|var| var.span).chain(model.modules.iter().map(|module| module.span));
    let hint = "to use it, refer to its file from a module: <module name=\"...\" resource=\"...\"/>";
    Some(Diagnostic::warning(code::UNUSED_MODEL, places.min_by_key(|span| span.start)?, message).with_hint(hint))
}

#[cfg(test)]
mod tests;
