//! The value of each variable: that of its connection, of data, or of its own equations.

use std::collections::BTreeMap;

use crate::definition::wording::Cure;
use crate::definition::{self, VarDef};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{Clause, Def, Expr, ExprKind, Extent, Through, VarId, VarKind};
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::base::time::Time;
use crate::sema::base::{constant, region};
use crate::sema::builder::context::EquationContext;
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::builder::var_builder::ConstantElements;
use crate::sema::declare::clause::{self, Source};
use crate::sema::declare::data::{self, DataOverrides, Replacement};
use crate::sema::equation::resolve::resolve_source;
use crate::sema::equation::subscript;
use crate::sema::instances::body::TransportPart;
use crate::sema::instances::connection::{self, Connected, Connections};
use crate::sema::instances::flow;
use crate::sema::instances::module_tree::{InstanceId, ModuleTree};
use crate::source::Span;

/// Resolves the equation of every variable; stocks get their initial values.
pub(in crate::sema) fn resolve_equations(
    tree: &mut ModuleTree<'_>,
    connections: &mut Connections,
    overrides: &DataOverrides,
    time: &Time,
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) {
    let driven = flow::flows_of_refused_stocks(tree);
    let mut next = 0;
    // The instances of calls come in after the variables that make them.
    while (next as usize) < tree.n_vars() {
        let id = VarId(next);
        next += 1;
        let (instance, def) = (tree.owner(id), tree.def(id));
        let replaced = tree.replaced_as(id);
        let is_driven = def.equation.is_none() && driven.contains(&id) && !overrides.contains_key(&replaced);
        let is_known = is_driven || tree.is_driven(id) || builder.is_bound(id);
        if builder.var(id).kind == VarKind::Lookup || is_known || builder.is_broken(id) {
            continue;
        }
        if def.is_fixed {
            builder.shaping.insert(id);
        }
        let place = EquationContext { tree, instance, owner: id, loops: &[], known_as: &[], n_fixed: 0 };
        let base = match (connections.get(&replaced), overrides.get(&replaced)) {
            // A single value takes the place of a list.
            (None, Some(_)) if tree.part(id).is_some_and(|part| part.what == TransportPart::Entries) => {
                let all = region::whole_region(&builder.var(id).dims, &builder.dims);
                Some(Value::Formula(vec![Clause::new(all, Expr::number(0.0, def.span))]))
            }
            (Some(connection), _) => fed_value(&place, connection, builder, diagnostics),
            (None, Some(overrides)) => given_value(&place, def, overrides, time, builder, diagnostics),
            (None, None) => match def.run_number {
                Some(number) => {
                    let all = region::whole_region(&builder.var(id).dims, &builder.dims);
                    Some(Value::Formula(vec![Clause::new(all, Expr::number(time.number(number), def.span))]))
                }
                None => own_value(&place, def, &[], time, builder, diagnostics),
            },
        };
        make_instances(tree, connections, builder, diagnostics);
        let Some(base) = base else { continue };
        match (&mut builder.var_mut(id).def, base) {
            (Def::Stock { init, .. }, Value::Formula(clauses)) => *init = clauses,
            (Def::Stock { .. }, Value::Constant(_)) => {}
            (def, Value::Constant(values)) => *def = Def::Constant(values),
            (def, Value::Formula(clauses)) => *def = Def::Formula(clauses),
        }
        if tree.part(id).is_some() && matches!(builder.var(id).def, Def::Constant(_)) {
            match set_as(tree, builder, id) {
                Some(flow) => {
                    let n = region::count(&region::whole_region(&builder.var(id).dims, &builder.dims));
                    let n = u32::try_from(n).expect("the size of an array is bounded");
                    builder.var_mut(id).through = Some(Through::new(flow, 0..n));
                }
                // Nobody could set it.
                None => builder.make_formula(id),
            }
        }
    }
    builder.part_elements(|builder, id| set_as(tree, builder, id));
}

/// The variable through which a host sets the constants in the equation of a variable: itself, or the flow of a transport whose equation it is. None
/// within a macro.
fn set_as(tree: &ModuleTree<'_>, builder: &ModelBuilder, id: VarId) -> Option<VarId> {
    let shown = match tree.part(id).map(|part| part.what) {
        Some(TransportPart::Request | TransportPart::Fraction) => tree.whole_of(id),
        Some(
            TransportPart::Initial
            | TransportPart::Entries
            | TransportPart::Transit
            | TransportPart::Capacity
            | TransportPart::InLimit
            | TransportPart::Sample
            | TransportPart::Arrest,
        ) => return None,
        None => id,
    };
    let is_seen = !builder.var(shown).is_hidden && builder.var(shown).dims == builder.var(id).dims;
    is_seen.then_some(shown)
}

/// Makes the instances of all calls that the equations read last have.
fn make_instances(
    tree: &mut ModuleTree<'_>,
    connections: &mut Connections,
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) {
    if builder.calls.is_empty() {
        return;
    }
    let first = tree.n_scopes();
    let mut args = BTreeMap::new();
    for call in std::mem::take(&mut builder.calls) {
        let id = tree.add_call(call.body, call.caller, call.link, call.prefix, call.dims, diagnostics);
        args.insert(id, call.args);
    }
    for &id in args.keys() {
        if !builder.is_full && !tree.add_modules(id, &mut builder.budget, &mut builder.dims, diagnostics) {
            builder.is_full = true;
        }
    }
    let new = || (first..tree.n_scopes()).map(|index| InstanceId(index as u32));
    for id in new() {
        connection::resolve_scope(tree, id, connections, diagnostics);
    }
    for id in new() {
        builder.declare_scope(tree, id, connections, args.remove(&id).unwrap_or_default(), diagnostics);
    }
    builder.follow_tables(connections);
}

/// What an equation gives.
enum Value {
    /// A number for each element that a host may set.
    Constant(Vec<f64>),
    /// Anything else.
    Formula(Vec<Clause>),
}

/// The value of a connected input, if its source is known.
fn fed_value(
    place: &EquationContext<'_, '_>,
    connection: &Connected,
    builder: &ModelBuilder,
    diagnostics: &mut Diagnostics,
) -> Option<Value> {
    let source = connection.source?;
    if builder.var(source).kind == VarKind::Lookup {
        let message = format!("module input is fed by the graphical function `{}`", builder.var(source).name);
        diagnostics.report(place.error(code::TABLE_AS_VALUE, connection.span, message));
        return None;
    }
    if builder.is_broken(source) {
        return None;
    }
    let region = region::whole_region(&builder.var(place.owner).dims, &builder.dims);
    let Some(indices) = subscript::follow_loops(&builder.dims, &region, &builder.var(source).dims).ok().flatten()
    else {
        let (input, source) = (builder.show_var_shape(place.owner), builder.show_var_shape(source));
        let message = format!("shapes do not fit: module input {input} is fed by {source}");
        diagnostics.report(place.error(code::SHAPES, connection.span, message));
        return None;
    };
    let mut expr = Expr::default();
    expr.push(ExprKind::Var(source, indices), connection.span);
    let fed = vec![Clause::new(region, expr)];
    // A graphical function of the source takes the place of the input's own.
    let has_own = builder.resolve_alias(place.owner) == place.owner;
    Some(Value::Formula(if has_own { builder.behind_tables(place.owner, fed) } else { fed }))
}

/// The value of a variable to which data gives elements; the others keep their equations.
fn given_value(
    place: &EquationContext<'_, '_>,
    def: &VarDef,
    overrides: &BTreeMap<u64, data::Value>,
    time: &Time,
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) -> Option<Value> {
    let n = region::count(&region::whole_region(&builder.var(place.owner).dims, &builder.dims));
    let taken: Vec<u64> = overrides.keys().copied().collect();
    let own =
        if taken.len() as u64 == n { None } else { Some(own_value(place, def, &taken, time, builder, diagnostics)?) };
    let own = match own {
        Some(Value::Constant(mut values)) => {
            fill_in(&mut values, overrides);
            if overrides.values().all(is_number) {
                return Some(Value::Constant(values));
            }
            return Some(constants_and_series(place, overrides, values, builder));
        }
        None if is_settable(place, builder) && set_as(place.tree, builder, place.owner).is_some() => {
            let mut values = vec![f64::NAN; taken.len()];
            fill_in(&mut values, overrides);
            return Some(constants_and_series(place, overrides, values, builder));
        }
        Some(Value::Formula(clauses)) => clauses,
        None => Vec::new(),
    };
    Some(match data::replace(place, overrides, builder) {
        Replacement::Formula(clauses) => Value::Formula([own, clauses].concat()),
        constant @ Replacement::Constant(_) => constant.into(),
    })
}

fn is_number(value: &data::Value) -> bool {
    matches!(value, data::Value::Number(_))
}

/// Puts the numbers that data gives into the places of their elements.
fn fill_in(values: &mut [f64], overrides: &BTreeMap<u64, data::Value>) {
    for (&flat, value) in overrides {
        if let data::Value::Number(number) = value {
            values[flat as usize] = *number;
        }
    }
}

/// A variable with a number for each element but those to which data gives a series: these follow the time, and the others are constants.
fn constants_and_series(
    place: &EquationContext<'_, '_>,
    overrides: &BTreeMap<u64, data::Value>,
    values: Vec<f64>,
    builder: &mut ModelBuilder,
) -> Value {
    let numbers = (0..).zip(values.iter().copied().map(data::Value::Number));
    let all: BTreeMap<u64, data::Value> =
        numbers.chain(overrides.iter().map(|(&flat, &value)| (flat, value))).collect();
    let replacement = data::replace(place, &all, builder);
    if let Replacement::Formula(clauses) = &replacement
        && clauses.len() == all.len()
        && !all.values().all(is_number)
    {
        // Each element has a clause of its own, in their order.
        let clauses = (0..).zip(all.values()).filter(|(_, value)| is_number(value)).map(|(clause, _)| clause);
        let clauses: Vec<u32> = clauses.collect();
        if !clauses.is_empty() {
            builder.constant_elements.push(ConstantElements { var: place.owner, clauses, values });
        }
    }
    replacement.into()
}

impl From<Replacement> for Value {
    fn from(replacement: Replacement) -> Self {
        match replacement {
            Replacement::Constant(values) => Value::Constant(values),
            Replacement::Formula(clauses) => Value::Formula(clauses),
        }
    }
}

/// Boxes of the elements of which a definition says nothing, noted for those that read them.
fn absent_elements(
    place: &EquationContext<'_, '_>,
    def: &VarDef,
    (sources, taken): (&[Source<'_>], &[u64]),
    builder: &mut ModelBuilder,
) -> Vec<Vec<Extent>> {
    let absent = clause::absent_elements(def, sources, taken, &builder.var(place.owner).dims, &builder.dims);
    if !absent.is_empty() && !def.reported {
        builder.absent.insert(place.owner, absent.clone());
    }
    absent
}

/// The value of a variable's own equations, if it has any; the elements `taken` have none.
fn own_value(
    place: &EquationContext<'_, '_>,
    def: &VarDef,
    taken: &[u64],
    time: &Time,
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) -> Option<Value> {
    let is_arrayed = !builder.var(place.owner).dims.is_empty();
    let has_entries = !def.elements.is_empty() || !def.list.is_empty();
    if def.equation.is_none() && !(is_arrayed && has_entries) {
        if !def.reported {
            let error = missing_equation(place, def, builder);
            builder.unvalued.push((place.owner, error));
        }
        return None;
    }
    let sources = match &def.equation {
        Some(equation) if !is_arrayed => {
            vec![Source {
                region: Vec::new(),
                known_as: Vec::new(),
                equation,
                table: builder.shared_table(place.owner),
            }]
        }
        _ => clause::resolve_sources(place, def, taken, builder, diagnostics),
    };
    if sources.is_empty() && def.is_partial && !def.reported && !taken.is_empty() {
        // Elements that do not exist are beside those to which data gives values.
        let absent = absent_elements(place, def, (&sources, taken), builder);
        let absent = absent.into_iter().map(|region| Clause::new(region, Expr::number(f64::NAN, def.span)));
        return Some(Value::Formula(absent.collect()));
    }
    if sources.is_empty() || sources.iter().any(|source| source.equation.nodes.is_empty()) {
        return None;
    }
    let absent = absent_elements(place, def, (&sources, taken), builder);
    // Nobody could set a constant within a macro.
    let is_settable = is_settable(place, builder) && set_as(place.tree, builder, place.owner).is_some();
    let mut folded: Vec<Option<f64>> = match is_settable {
        true => sources.iter().map(|source| constant::fold_literals(source.equation)).collect(),
        false => vec![None; sources.len()],
    };
    let mut values = Vec::new();
    if folded.iter().any(Option::is_some) {
        match constants(place, &sources, &folded, builder, diagnostics) {
            Some(all) if folded.iter().all(Option::is_some) => return Some(Value::Constant(all)),
            Some(some) => values = some,
            None => folded.fill(None),
        }
    }
    let mut clauses = Vec::with_capacity(sources.len());
    clauses.extend(absent.into_iter().map(|region| Clause::new(region, Expr::number(f64::NAN, def.span))));
    let mut constant_clauses = Vec::new();
    // Data has given elements of one equation graphical functions of their own.
    let is_parted = !builder.of(place.owner).tables.parted.is_empty();
    for (source, folded) in sources.into_iter().zip(folded) {
        let source = Source { table: source.table.filter(|_| !is_parted), ..source };
        let first = clauses.len();
        resolve_source(place, source, time, builder, diagnostics, &mut clauses);
        if folded.is_some() {
            constant_clauses.extend((first..clauses.len()).filter_map(|clause| u32::try_from(clause).ok()));
        }
    }
    if !constant_clauses.is_empty() {
        builder.constant_elements.push(ConstantElements { var: place.owner, clauses: constant_clauses, values });
    }
    Some(Value::Formula(if is_parted { builder.behind_tables(place.owner, clauses) } else { clauses }))
}

fn missing_equation(place: &EquationContext<'_, '_>, def: &VarDef, builder: &ModelBuilder) -> Diagnostic {
    let var = builder.var(place.owner);
    let span = def.name.span;
    let cure = place.tree.file.wording.0;
    match var.kind {
        VarKind::Stock => place
            .error(code::MISSING_INITIAL_VALUE, span, format!("stock `{}` has no initial value", var.name))
            .with_hint(cure(Cure::WriteInitial)),
        _ if def.access == Some(definition::Access::Input) => place
            .error(
                code::MISSING_EQUATION,
                span,
                format!("module input `{}` has no equation and is not connected", var.name),
            )
            .with_hint(cure(Cure::ConnectInput)),
        VarKind::Flow | VarKind::Auxiliary | VarKind::Constant | VarKind::Lookup | VarKind::ModuleInput => place
            .error(code::MISSING_EQUATION, span, format!("variable `{}` has no equation", var.name))
            .with_hint(cure(Cure::WriteEquation)),
    }
}

/// Whether a variable is what its equation says, so that a host may set it where that is a constant.
fn is_settable(place: &EquationContext<'_, '_>, builder: &ModelBuilder) -> bool {
    let kind = builder.var(place.owner).kind;
    matches!(kind, VarKind::Auxiliary | VarKind::Flow) && !builder.has_table(place.owner)
}

/// How many numbers all constants may have together: each is kept several times on its way to the artifact.
const MAX_NUMBERS: u64 = 1 << 22;

fn too_many_numbers(place: &EquationContext<'_, '_>, span: Span, n: u64) -> Diagnostic {
    let message = format!("the constants have more than {MAX_NUMBERS} numbers together");
    place.error(code::ARRAY_TOO_LARGE, span, message).with_label(format!("{n} of them here")).with_hint(
        "a host can set each of them: compute what is the same for many elements from a constant without dimensions",
    )
}

/// The numbers of a variable's elements that a host may set; NaN for those without one. None when they are too many.
fn constants(
    place: &EquationContext<'_, '_>,
    sources: &[Source<'_>],
    folded: &[Option<f64>],
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<f64>> {
    let var = builder.var(place.owner);
    let n = region::count(&region::whole_region(&var.dims, &builder.dims));
    let before = builder.n_numbers;
    builder.n_numbers = before.saturating_add(n);
    if builder.n_numbers > MAX_NUMBERS {
        if before <= MAX_NUMBERS {
            diagnostics.report(too_many_numbers(place, builder.var(place.owner).span, n));
        }
        return None;
    }
    let var = builder.var(place.owner);
    let mut values = vec![f64::NAN; usize::try_from(n).expect("the size of an array is bounded")];
    for (source, value) in sources.iter().zip(folded) {
        let Some(value) = *value else { continue };
        for flat in region::cells(&source.region, &var.dims, &builder.dims) {
            values[flat as usize] = value;
        }
    }
    Some(values)
}
