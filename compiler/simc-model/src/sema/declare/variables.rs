//! Every variable with its kind and its tables, before any equation is read.

use std::collections::BTreeMap;

use crate::builtin;
use crate::definition::wording::Cure;
use crate::definition::{DefKind, ElementDef, TableDef, VarDef};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{Clause, Def, DimId, Table, TableId, TableKind, Var, VarKind};
use crate::name;
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::base::dimension::{Dims, MAX_DIM};
use crate::sema::base::stand_in::stand_in;
use crate::sema::base::{region, table};
use crate::sema::builder::call::{Argument, PassedTable};
use crate::sema::builder::context::EquationContext;
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::builder::var_builder::{VarBuilder, VarTables};
use crate::sema::declare::clause;
use crate::sema::instances::budget::Budget;
use crate::sema::instances::connection::Connections;
use crate::sema::instances::module_tree::{InstanceId, ModuleTree};
use crate::source::Span;

/// How many elements an array may have, and all arrays together.
const MAX_ELEMENTS: [u64; 2] = [1 << 26, 1 << 27];

/// Through how many modules, one in the other, a graphical function may be handed on.
const MAX_DEPTH: usize = 64;

/// How many dimensions an array may have.
const MAX_RANK: usize = 16;

/// Declares all variables.
pub(in crate::sema) fn declare_vars(
    tree: &ModuleTree<'_>,
    connections: &Connections,
    dims: Dims,
    budget: Budget,
    diagnostics: &mut Diagnostics,
) -> ModelBuilder {
    let mut builder = ModelBuilder::new(dims, tree.file.invalid_index, budget);
    for (id, _) in tree.iter_scopes() {
        builder.declare_scope(tree, id, connections, BTreeMap::new(), diagnostics);
    }
    builder.follow_tables(connections);
    builder
}

fn declare_var(
    def: &VarDef,
    (name, canonical): (String, String),
    kind: VarKind,
    of: Vec<DimId>,
    tables: &VarTables,
    dims: &Dims,
) -> Var {
    let span = def.equation.as_ref().map_or(def.span, |equation| equation.span);
    let region = region::whole_region(&of, dims);
    let clauses = || vec![Clause::new(region.clone(), stand_in(span))];
    let meaning = match (kind, tables.shared) {
        (VarKind::Stock, _) => Def::Stock { init: clauses(), net: clauses() },
        (VarKind::Lookup, table) => Def::Lookup(table.into_iter().collect()),
        (VarKind::Flow | VarKind::Auxiliary | VarKind::Constant | VarKind::ModuleInput, _) => Def::Formula(clauses()),
    };
    Var {
        name,
        canonical,
        kind,
        dims: of,
        def: meaning,
        units: def.units.as_ref().map(|units| units.text.clone()),
        doc: def.doc.clone(),
        range: def.range,
        is_hidden: false,
        is_non_negative: false,
        through: None,
        span,
    }
}

/// What a variable is, before constants are known. A graphical function without an equation can only be called.
fn kind_of(def: &VarDef, is_fed: bool) -> VarKind {
    if is_fed {
        return VarKind::ModuleInput;
    }
    match def.kind {
        DefKind::Stock => VarKind::Stock,
        DefKind::Flow => VarKind::Flow,
        DefKind::Table => VarKind::Lookup,
        DefKind::Aux if is_table_alone(def) && def.series.is_none() && !def.reported => VarKind::Lookup,
        DefKind::Aux => VarKind::Auxiliary,
    }
}

/// Whether a definition has graphical functions and no equation at all.
fn is_table_alone(def: &VarDef) -> bool {
    let has_table = def.table.is_some() || def.elements.iter().any(|element| element.table.is_some());
    let has_equation =
        def.equation.is_some() || !def.list.is_empty() || def.elements.iter().any(|element| element.equation.is_some());
    has_table && !has_equation
}

fn too_large(def: &VarDef, name: &str, n: u64, rank: usize) -> Diagnostic {
    let span = def.dims.iter().map(|dim| dim.span).reduce(Span::to).unwrap_or(def.span);
    let [each, all] = MAX_ELEMENTS;
    Diagnostic::error(code::ARRAY_TOO_LARGE, span, format!("array `{name}` is too large"))
        .with_label(format!("{n} elements in {rank} dimensions"))
        .with_hint(format!("an array may have {each} elements in {MAX_RANK} dimensions, and all arrays together {all}"))
        .with_variable(name)
}

fn stock_with_table(def: &VarDef, name: &str) -> Diagnostic {
    let span = def.table.as_ref().map_or(def.span, |table| table.span);
    Diagnostic::error(code::STOCK_WITH_TABLE, span, format!("stock `{name}` has a graphical function"))
        .with_hint("give the graphical function to an auxiliary or a flow")
        .with_variable(name)
}

impl ModelBuilder {
    /// Declares the variables of an instance; `args` are what the parameters of a call are bound to.
    pub(in crate::sema) fn declare_scope(
        &mut self,
        tree: &ModuleTree<'_>,
        instance: InstanceId,
        connections: &Connections,
        mut args: BTreeMap<u32, Argument>,
        diagnostics: &mut Diagnostics,
    ) {
        let outer = &tree.instance(instance).dims;
        for (position, (id, def)) in (0u32..).zip(tree.vars_of(instance)) {
            let name = tree.shown_name(id);
            let mut argument = args.remove(&position);
            // What a flow of a transport is bound to is the equation that has been taken out of it.
            let has_value = argument.as_ref().is_some_and(|argument| argument.value.is_some());
            if let (true, Some(part)) = (tree.is_driven(id) && has_value, tree.parts_of(id)) {
                args.extend(argument.take().map(|argument| (part, argument)));
            }
            let is_fed = connections.contains_key(&id) && !tree.is_driven(id);
            let (value, table) = argument.map_or((None, None), |argument| (argument.value, argument.table));
            let is_bound = value.is_some() || table.is_some();
            let kind = match &table {
                Some(_) if value.is_none() => VarKind::Lookup,
                Some(_) | None => kind_of(def, is_fed || value.is_some()),
            };
            let (outer, own) = match (&value, &table) {
                (Some((own, _)), _) => (outer.as_slice(), Some(own.clone())),
                (None, Some(PassedTable::Each { dims, n_outer, .. })) => {
                    let (outer, own) = dims.split_at(*n_outer);
                    (outer, Some(own.to_vec()))
                }
                (None, Some(PassedTable::Of(_)) | None) => {
                    (if kind == VarKind::Lookup { &[] } else { outer.as_slice() }, None)
                }
            };
            let (dims, is_broken) = match self.resolve_var_dims(def, &name, outer, own, diagnostics) {
                Some(dims) => (dims, false),
                None => (Vec::new(), true),
            };
            // Who speaks of a graphical function names the flow that it was written for.
            let mut tables = self.push_tables(def, &tree.shown_name(tree.whole_of(id)), diagnostics);
            if kind == VarKind::Stock && tables.has_any() {
                diagnostics.report(stock_with_table(def, &name));
            }
            let mut var = declare_var(def, (name, tree.canonical_name(id)), kind, dims, &tables, &self.dims);
            var.is_hidden = tree.instance(instance).is_hidden || def.is_implied || tree.part(id).is_some();
            let mut declared = VarBuilder::new(var);
            declared.is_bound = is_bound;
            declared.is_broken = is_broken;
            // The graphical function of a flow of a transport has gone with the equation.
            declared.alias = tree.parts_of(id).filter(|_| tree.is_driven(id)).map(|part| tree.beside(id, part));
            declared.n_outer = if is_broken { 0 } else { outer.len() };
            let mut is_given = false;
            if let Some((_, clauses)) = value.filter(|_| !is_broken) {
                declared.var.def = Def::Formula(clauses);
                // A graphical function of the argument takes the place of the parameter's own.
                is_given = table.is_none();
            }
            let is_each = tables.has_own() && table.is_none();
            match table {
                Some(PassedTable::Of(table)) => declared.alias = Some(table),
                Some(PassedTable::Each { dims, tables: passed, .. }) if declared.var.dims == dims => {
                    tables = VarTables::passed(passed);
                }
                Some(PassedTable::Each { .. }) | None => {}
            }
            if kind == VarKind::Lookup && is_bound {
                declared.var.def = Def::Lookup(Vec::new());
            }
            declared.tables = tables;
            self.push(declared);
            if is_each && !is_broken {
                self.place_tables(
                    &EquationContext { tree, instance, owner: id, loops: &[], known_as: &[], n_fixed: 0 },
                    def,
                    diagnostics,
                );
            }
            if is_given && let Def::Formula(clauses) = &mut self.var_mut(id).def {
                let clauses = std::mem::take(clauses);
                let clauses = self.behind_tables(id, clauses);
                self.var_mut(id).def = Def::Formula(clauses);
            }
        }
        self.next_var = self.next_var.max(u32::try_from(self.n_vars()).expect("fewer variables than the limit"));
    }

    /// Lets each input of a module that is connected to a graphical function stand for that one.
    pub(in crate::sema) fn follow_tables(&mut self, connections: &Connections) {
        for &input in connections.keys() {
            // A source may be an input of its own module.
            let mut source = input;
            for _ in 0..MAX_DEPTH {
                let Some(next) = connections.get(&source).and_then(|connection| connection.source) else { break };
                source = next;
            }
            if source == input || self.n_vars() <= source.0 as usize {
                continue;
            }
            // It may be a parameter that stands for another one.
            let table = self.resolve_alias(source);
            if !self.has_table(table) {
                continue;
            }
            self.of_mut(input).alias.get_or_insert(table);
            let is_alone = self.var(source).kind == VarKind::Lookup;
            let var = self.var_mut(input);
            if is_alone && var.kind == VarKind::ModuleInput {
                (var.kind, var.def) = (VarKind::Lookup, Def::Lookup(Vec::new()));
            }
        }
    }

    /// The dimensions of a variable: those of its instance, then its own, which are given or written in its definition. What is at fault is reported, a dimension that is too large with the others at the end.
    fn resolve_var_dims(
        &mut self,
        def: &VarDef,
        name: &str,
        outer: &[DimId],
        own: Option<Vec<DimId>>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Vec<DimId>> {
        let mut of = outer.to_vec();
        let is_given = own.is_some();
        of.extend(own.into_iter().flatten());
        for written in def.dims.iter().filter(|_| !is_given) {
            let Some(dim) = self.dims.find(&written.text) else {
                let message = format!("unknown dimension `{}`", name::display(&written.text));
                let mut error = Diagnostic::error(code::UNKNOWN_DIMENSION, written.span, message).with_variable(name);
                error.hint = diagnostics.suggest(&written.text, self.dims.names());
                diagnostics.report(error);
                return None;
            };
            of.push(dim);
        }
        if let Some(element) = def.elements.first().filter(|_| def.dims.is_empty()) {
            let message = format!("`{name}` has elements but no dimensions");
            let error = Diagnostic::error(code::SUBSCRIPT_COUNT, element.span, message).with_variable(name);
            diagnostics.report(error.with_hint(diagnostics.cure(Cure::NameDimensions)));
            return None;
        }
        if of.iter().any(|&dim| self.dims.len(dim) > MAX_DIM) {
            return None;
        }
        if of.is_empty() {
            return Some(of);
        }
        let n = of.iter().fold(1_u64, |n, &dim| n.saturating_mul(u64::from(self.dims.len(dim))));
        self.n_elements = self.n_elements.saturating_add(n);
        if n > MAX_ELEMENTS[0] || self.n_elements > MAX_ELEMENTS[1] || of.len() > MAX_RANK {
            diagnostics.report(too_large(def, name, n, of.len()));
            self.n_elements -= n.min(self.n_elements);
            return None;
        }
        Some(of)
    }

    /// Reads the tables of a definition.
    fn push_tables(&mut self, def: &VarDef, name: &str, diagnostics: &mut Diagnostics) -> VarTables {
        let mut push = |table: &TableDef, name: &str| {
            self.push_table(table::resolve_table(table, name, def.reported, diagnostics))
        };
        let shared = def.table.as_ref().map(|table| push(table, name));
        let of_element = |element: &ElementDef| {
            let subscripts: Vec<String> = element.subscripts.iter().map(|name| name::display(&name.text)).collect();
            element.table.as_ref().map(|table| push(table, &format!("{name}[{}]", subscripts.join(","))))
        };
        VarTables { shared, of_elements: def.elements.iter().map(of_element).collect(), ..VarTables::default() }
    }

    /// Finds the table of each element of a variable whose entries have tables.
    fn place_tables(&mut self, place: &EquationContext<'_, '_>, def: &VarDef, diagnostics: &mut Diagnostics) {
        let of = self.var(place.owner).dims.clone();
        let n = region::count(&region::whole_region(&of, &self.dims));
        let entries = clause::resolve_entries(place, def, self, diagnostics);
        let tables = &self.of(place.owner).tables;
        let mut each = vec![tables.shared; usize::try_from(n).expect("the size of an array is bounded")];
        for entry in &entries {
            let own = entry.element.and_then(|element| tables.of_elements[element]);
            for flat in region::cells(&entry.region, &of, &self.dims).filter(|_| own.is_some()) {
                each[flat as usize] = own;
            }
        }
        if def.is_partial && self.var(place.owner).kind == VarKind::Lookup && each.contains(&None) {
            // An element that does not exist has no value that is one.
            let name = self.var(place.owner).name.clone();
            let (xs, ys) = (vec![0.0], vec![builtin::MISSING]);
            let absent = self.push_table(Table { name, kind: TableKind::Continuous, xs, ys, is_derived: true });
            each.iter_mut().for_each(|table| *table = table.or(Some(absent)));
        }
        let complete: Option<Vec<TableId>> = each.iter().copied().collect();
        self.of_mut(place.owner).tables.each = each;
        if self.var(place.owner).kind != VarKind::Lookup {
            return;
        }
        match complete {
            Some(tables) => self.var_mut(place.owner).def = Def::Lookup(tables),
            None => {
                let name = &self.var(place.owner).name;
                let message = format!("some elements of `{name}` have no graphical function");
                let error = place.error(code::MISSING_ELEMENTS, def.name.span, message);
                diagnostics.report(error.with_hint(diagnostics.cure(Cure::WriteTables)));
            }
        }
    }
}
