//! The parts of a file: ranges, macros, groups of variables, control variables, sketch and settings.

use std::collections::{HashMap, HashSet};

use simc_model::definition::cells::names;
use simc_model::definition::scope::Scope;
use simc_model::definition::{
    Behavior, Calendar, DateUnit, DefKind, DimDef, EquationKind, GroupDef, MacroDef, MappingDef, ModelDef, Name, VarDef,
};
use simc_model::diagnostic::code;
use simc_model::name::Key;
use simc_model::source::Span;

use super::Printer;
use super::control::{is_control, method_number};
use super::limit::Limits;
use super::points::print_points;
use super::text::{fold, print_name, print_note};
use super::variable::{Surroundings, read_at_start};

/// The line around the name of a group.
const STARS: &str = "********************************************************";

/// A view without anything drawn in it, and the line that settings begin with.
const SKETCH: &str = "\\\\\\---/// Sketch information - do not modify anything except names\n\
V300  Do not put anything below this section - it will be ignored\n\
*View 1\n\
$192-192-192,0,Times New Roman|12||0-0-0|0-0-0|0-0-255|-1--1--1|-1--1--1|72,72,100,0\n\
///---\\\\\\\n\
:L\u{7f}<%^E!@\n\
1:Current.vdf\n\
9:Current\n";

/// The group of the control variables.
const CONTROL: &str = "Control";

impl<'d> Printer<'d> {
    /// The whole file.
    pub(super) fn file(&mut self) {
        self.out.push_str("{UTF-8}\n");
        self.refuse_sections();
        let Some(model) = self.definition.root() else { return };
        self.check_names(model);
        self.rename_functions();
        self.ranges(model);
        for function in &self.definition.macros {
            self.macro_def(function);
        }
        self.model(model);
        self.out.push_str(SKETCH);
        self.settings();
    }

    /// Refuses whole sections, and notes those on which no number depends.
    fn refuse_sections(&mut self) {
        let definition = self.definition;
        let mut modules = definition.models.iter().flat_map(|model| &model.modules);
        if let Some(module) = modules.next() {
            let message = format!("`{}` is a module, which Vensim does not have", module.name.text);
            self.refuse(code::CONVERT_MODULE, module.span, message, "move its variables into the model");
        }
        if let Some(import) = definition.imports.first() {
            let message = format!("values are imported from `{}`", import.resource.text);
            self.refuse(code::CONVERT_DATA, import.resource.span, message, "write the values into the model");
        }
        let of_models = definition.models.iter().flat_map(|model| &model.controls);
        let first = definition.controls.iter().chain(of_models).find_map(|control| control.entities.first());
        if let Some(first) = first {
            self.note(first.span, "the controls and displays of the interface are left out");
        }
        if let Some(unit) = definition.units.iter().find(|unit| unit.equation.is_some()) {
            let message = format!(
                "unit `{}` is defined by others, which Vensim's equivalences cannot say: it is left out",
                unit.name.text
            );
            self.note(unit.name.span, message);
        }
    }

    /// The subscript ranges.
    fn ranges(&mut self, model: &ModelDef) {
        let definition = self.definition;
        let used = if self.is_own {
            used_names(definition.macros.iter().map(|function| &function.body).chain([model]))
        } else {
            HashSet::new()
        };
        for dim in &definition.dims {
            // A dimension that was made for a variable has no definition.
            let is_made = self.is_own && dim.name.text.contains(": ") && !used.contains(&Key::new(&dim.name.text));
            if is_made {
                continue;
            }
            let elements: Vec<String> = names(dim).iter().map(|name| print_name(name)).collect();
            let mut text = elements.join(", ");
            for (at, mapping) in dim.maps_to.iter().enumerate() {
                text.push_str(if at == 0 { " -> " } else { ", " });
                text.push_str(&self.mapped(dim, mapping));
            }
            self.out.push_str(&format!("{}:\n\t{}\n\t~\n\t~\n\t|\n\n", print_name(&dim.name.text), fold(&text)));
            self.check_range(dim);
        }
    }

    /// A range that another one maps to: several elements in one place are a range within the list.
    fn mapped(&mut self, dim: &DimDef, mapping: &MappingDef) -> String {
        let to = print_name(&mapping.to.text);
        if mapping.elements.is_empty() {
            return to;
        }
        let mut listed: Vec<String> = Vec::with_capacity(mapping.elements.len());
        for elements in &mapping.elements {
            let name = match elements.as_slice() {
                [one] => Some(&one.text),
                several => self.range_of(several),
            };
            let Some(name) = name else {
                let message = format!(
                    "`{}` is mapped to several elements of `{}` that are no range",
                    dim.name.text, mapping.to.text
                );
                self.refuse(code::CONVERT_MAPPING, mapping.to.span, message, "make them a range");
                return to;
            };
            listed.push(print_name(name));
        }
        format!("({to}: {})", listed.join(", "))
    }

    /// The range that consists of these elements.
    fn range_of(&mut self, elements: &[Name]) -> Option<&'d String> {
        let definition = self.definition;
        let by_elements = self.by_elements.get_or_insert_with(|| {
            let dims = definition.dims.iter().rev();
            dims.map(|dim| (sorted(names(dim).iter().map(String::as_str)), &dim.name.text)).collect()
        });
        by_elements.get(&sorted(elements.iter().map(|name| name.text.as_str()))).copied()
    }

    /// An element of a dimension by numbers is a name in quotes; too many are refused.
    fn check_range(&mut self, dim: &DimDef) {
        const MOST: usize = 1 << 16;
        if names(dim).len() > MOST {
            let message = format!("dimension `{}` has too many elements to name them", dim.name.text);
            self.refuse(code::CONVERT_ARRAY, dim.span, message, "divide it");
        }
    }

    fn macro_def(&mut self, function: &'d MacroDef) {
        let body = &function.body;
        let scope = Scope::new(self.definition, body);
        self.variable = Some(function.name.text.clone());
        self.check_writable(&function.name);
        let (params, rest) = body.vars.split_at(function.n_params.min(body.vars.len()));
        for param in params {
            if param.equation.is_some() || !param.dims.is_empty() || param.kind == DefKind::Table {
                let message = format!(
                    "parameter `{}` of macro `{}` has a default or dimensions",
                    param.name.text, function.name.text
                );
                self.refuse(code::CONVERT_MACRO, param.span, message, "give all arguments in every call, as numbers");
            } else if param.non_negative.is_some()
                || param.table.is_some()
                || param.transport.is_some()
                || param.leak.is_some()
                || param.overflow
            {
                let message = format!(
                    "parameter `{}` of macro `{}` is a variable with options of its own",
                    param.name.text, function.name.text
                );
                let cure = "give the parameter a name of its own, and let the variable read it";
                self.refuse(code::CONVERT_MACRO, param.span, message, cure);
            }
        }
        let name = self.renamed.get(&Key::new(&function.name.text)).unwrap_or(&function.name.text).clone();
        let inputs: Vec<String> = params.iter().map(|param| print_name(&param.name.text)).collect();
        self.out.push_str(&format!(":MACRO: {}({})\n", print_name(&name), inputs.join(", ")));
        let Some((result, vars)) = rest.split_last() else { return };
        self.is_macro = true;
        self.set_inline(body);
        let at_start = read_at_start(&scope, body);
        let behavior = self.behavior(body);
        let limits = Limits::new(&scope, body, behavior);
        let around = Surroundings { scope: &scope, behavior, at_start: &at_start, limits };
        let key = Key::new(&function.name.text);
        let is_named = |var: &VarDef| Key::new(&var.name.text) == key;
        for var in vars {
            self.variable(&around, var);
        }
        match vars.iter().find(|var| is_named(var)) {
            None => self.result(&around, result, &name),
            Some(_) if self.is_own || reads_itself(result, &key) => {}
            Some(var) => {
                let message = format!("macro `{name}` has a variable of its own name");
                self.refuse(code::CONVERT_MACRO, var.span, message, "give the variable another name");
            }
        }
        self.is_macro = false;
        self.variable = None;
        self.out.push_str(":END OF MACRO:\n\n");
    }

    /// The result of a macro, which has the macro's name.
    fn result(&mut self, around: &Surroundings<'_, 'd>, result: &'d VarDef, name: &str) {
        let Some(equation) = &result.equation else { return };
        let text = self.right_side(around.scope, result, &[], equation, true).unwrap_or_default();
        self.out.push_str(&format!("{}=\n\t{}\n", print_name(name), fold(&text)));
        let units = result.units.as_ref().map(|units| units.text.as_str());
        self.describe(units, result.range, result.doc.as_deref(), result.span);
    }

    fn behavior(&self, model: &ModelDef) -> Behavior {
        let file = self.definition.behavior;
        Behavior {
            non_negative_stocks: model.behavior.non_negative_stocks.or(file.non_negative_stocks),
            non_negative_flows: model.behavior.non_negative_flows.or(file.non_negative_flows),
        }
    }

    /// The points of lookups that stand where they are used.
    fn set_inline(&mut self, model: &ModelDef) {
        let implied = model.vars.iter().filter(|var| var.is_implied && var.kind == DefKind::Table);
        self.inline =
            implied.filter_map(|var| Some((Key::new(&var.name.text), print_points(var.table.as_ref()?)))).collect();
    }

    /// The variables: those without a group, then group by group, the control variables at the end.
    fn model(&mut self, model: &'d ModelDef) {
        let scope = Scope::new(self.definition, model);
        self.set_inline(model);
        let at_start = read_at_start(&scope, model);
        let behavior = self.behavior(model);
        let limits = Limits::new(&scope, model, behavior);
        let around = Surroundings { scope: &scope, behavior, at_start: &at_start, limits };
        let groups = self.members(model);
        let mut of_group: Vec<Vec<&VarDef>> = vec![Vec::new(); model.groups.len()];
        let mut controls: Vec<&VarDef> = Vec::new();
        let control = model.groups.iter().position(is_control_group);
        for var in &model.vars {
            let key = Key::new(&var.name.text);
            match groups.get(&key) {
                _ if is_control(&key) => controls.push(var),
                Some(&group) if control == Some(group) => controls.push(var),
                Some(&group) => of_group[group].push(var),
                None => self.variable(&around, var),
            }
        }
        for (group, vars) in model.groups.iter().zip(of_group) {
            if !vars.is_empty() {
                self.heading(&group.name.text, group.doc.as_deref(), group.name.span);
                vars.into_iter().for_each(|var| self.variable(&around, var));
            }
        }
        let doc = control.and_then(|at| model.groups[at].doc.as_deref()).unwrap_or("Simulation Control Parameters");
        self.heading(CONTROL, Some(doc), Span::default());
        controls.into_iter().for_each(|var| self.variable(&around, var));
        self.controls();
    }

    /// The group of each variable: the first that names it.
    fn members(&mut self, model: &ModelDef) -> HashMap<Key, usize> {
        let mut groups = HashMap::new();
        for (at, group) in model.groups.iter().enumerate() {
            for member in &group.members {
                let first = *groups.entry(Key::new(&member.text)).or_insert(at);
                if first != at {
                    let message =
                        format!("`{}` is in two groups: it stays in `{}`", member.text, model.groups[first].name.text);
                    self.note(member.span, message);
                }
            }
        }
        groups
    }

    fn heading(&mut self, name: &str, doc: Option<&str>, span: Span) {
        let (name, is_changed) = print_note(&name.replace('*', " "));
        let (doc, is_other) = print_note(doc.unwrap_or_default());
        if is_changed || is_other {
            self.note(
                span,
                "the name or text of a group has characters that end one in Vensim: others take their places",
            );
        }
        self.out.push_str(&format!("{STARS}\n\t.{}\n{STARS}~\n\t\t{doc}\n\t|\n\n", name.replace('\n', " ")));
    }

    /// The records after the sketch; the integration method is in record 15.
    fn settings(&mut self) {
        let definition = self.definition;
        for unit in definition.units.iter().filter(|unit| unit.equation.is_none()) {
            let names: Vec<&str> =
                std::iter::once(&unit.name).chain(&unit.aliases).map(|name| name.text.as_str()).collect();
            if names.iter().any(|name| name.contains([',', '\n'])) {
                self.note(
                    unit.name.span,
                    format!("unit `{}` has a name that Vensim's equivalences cannot hold", unit.name.text),
                );
                continue;
            }
            self.out.push_str(&format!("22:{}\n", names.join(",")));
        }
        match method_number(self.method) {
            Some(number) => self.out.push_str(&format!("15:0,0,0,{number},0,0\n")),
            None => {
                let methods = definition.sim_specs.iter().flat_map(|specs| &specs.methods);
                let span = methods.into_iter().next().map_or_else(Span::default, |first| first.span);
                let message = "RK2 is Heun's method here, and the midpoint method in Vensim".to_owned();
                self.refuse(code::CONVERT_TIME, span, message, "take RK4, or `midpoint`");
            }
        }
        self.out.push_str("19:100,0\n27:2,\n34:0,\n4:Time\n5:\n");
        if let Some(Calendar { year, month, day, unit }) = definition.calendar {
            let unit = DateUnit::ALL.iter().position(|other| *other == unit).unwrap_or_default();
            self.out.push_str(&format!("35:Date\n36:YYYY-MM-DD\n37:{year}\n38:{month}\n39:{day}\n40:{unit}\n"));
        }
        if let Some(specs) = &definition.sim_specs {
            for (number, time) in [(24, specs.start), (25, specs.stop), (26, specs.stop)] {
                if let Some((time, _)) = time {
                    self.out.push_str(&format!("{number}:{time}\n"));
                }
            }
        }
    }
}

/// The keys of some names, sorted.
fn sorted<'n>(names: impl Iterator<Item = &'n str>) -> Vec<Key> {
    let mut keys: Vec<Key> = names.map(Key::new).collect();
    keys.sort_unstable();
    keys
}

/// Whether the result of a macro is the variable of its name.
fn reads_itself(result: &VarDef, key: &Key) -> bool {
    let nodes = result.equation.as_ref().map(|equation| equation.nodes.as_slice()).unwrap_or_default();
    matches!(nodes, [node] if node.kind.as_name().is_some_and(|path| {
        path.parts.len() == 1 && Key::new(&path.parts[0].text) == *key
    }))
}

fn is_control_group(group: &GroupDef) -> bool {
    Key::new(&group.name.text) == Key::new(CONTROL)
}

/// The names that clauses and equations use.
fn used_names<'m>(models: impl Iterator<Item = &'m ModelDef>) -> HashSet<Key> {
    let mut used: HashSet<Key> = HashSet::new();
    let mut add = |names: &[Name]| used.extend(names.iter().map(|name| Key::new(&name.text)));
    for var in models.flat_map(|model| &model.vars) {
        if !var.list.is_empty() {
            add(&var.dims);
        }
        for clause in &var.elements {
            add(&clause.subscripts);
            clause.except.iter().for_each(|list| add(list));
        }
        let elements = var.elements.iter().filter_map(|clause| clause.equation.as_ref());
        for node in var.equation.iter().chain(&var.list).chain(elements).flat_map(|equation| &equation.nodes) {
            if let EquationKind::Reference(path, _) = &node.kind {
                add(&path.parts);
            }
        }
    }
    used
}
