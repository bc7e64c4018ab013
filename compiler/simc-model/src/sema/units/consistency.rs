//! Whether units of measure agree: in every equation, between stocks and flows, and at the inputs of modules.
//!
//! Equations are looked at as their authors wrote them, one after the other, and say which units must be the same; all of that is
//! solved together, since variables without units take those that follow. Only what no choice of units for them, and for bare
//! numbers, could mend is reported, as a warning, and only where all units are known in the end. A model of which no variable
//! has units is not looked at.

use crate::definition::{DefKind, Equation, Name, VarDef};
use crate::model::VarId;
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::builder::context::EquationContext;
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::instances::body::TransportPart;
use crate::sema::instances::connection::Connections;
use crate::sema::instances::module_tree::{InstanceId, ModuleTree, Target};
use crate::source::Span;
use crate::units::{Names, Symbol, Unit, solve};

use checker::{Checker, SiteKind};
use value::Value;

mod checker;
mod equation;
mod fold;
mod message;
mod rule;
mod value;

/// Checks the units of a whole model.
pub(in crate::sema) fn check_units(
    tree: &ModuleTree<'_>,
    connections: &Connections,
    builder: &ModelBuilder,
    diagnostics: &mut Diagnostics,
) {
    let n_vars = tree.iter_vars().count();
    let unknown_time = Unit::of(Symbol::Unknown(u32::try_from(n_vars).expect("fewer variables than the limit")));
    let (mut names, faults) = Names::new(&tree.file.units, unknown_time.clone());
    let mut is_broken = false;
    for fault in faults {
        let diagnostic = message::definition(fault);
        is_broken |= diagnostic.is_error();
        diagnostics.report(diagnostic);
    }
    if is_broken || tree.iter_vars().all(|(_, _, def)| def.units.is_none()) {
        return;
    }
    let time = read_time(tree, &mut names, diagnostics).unwrap_or(unknown_time);
    names.set_time(time.clone());
    let Some(of_vars) = read_units(tree, builder, &mut names, diagnostics) else { return };
    let mut checker = Checker { tree, builder, time, of_vars, rows: Vec::new(), sites: Vec::new(), n_equations: 0 };
    // Nothing is reported within macros: what their variables are depends on the call. The rate of a level is a flow that nobody sees.
    let is_rate = |instance: InstanceId, def: &VarDef| {
        def.is_implied && def.kind == DefKind::Flow && !tree.instance(instance).is_hidden
    };
    let is_checked =
        |(id, instance, def): &(VarId, InstanceId, &VarDef)| !builder.var(*id).is_hidden || is_rate(*instance, def);
    for (id, instance, def) in tree.iter_vars().filter(is_checked) {
        match connections.get(&id) {
            Some(connection) => checker.check_connection(id, connection.source, connection.span),
            None => checker.check_equations(id, instance, def),
        }
        checker.check_flows(id, instance, def);
    }
    for (id, instance, def) in tree.iter_vars().filter(|(_, instance, _)| !tree.instance(*instance).is_hidden) {
        if let Some(part) = tree.part(id) {
            checker.check_part(id, instance, def, part.what);
        }
    }
    let contradictions = solve(n_vars + 1, &checker.rows);
    for (contradiction, others) in fold::fold(&checker, contradictions) {
        diagnostics.report(message::contradiction(&checker, &names, &contradiction, &others));
    }
}

/// The units of every variable: those that it says, or unknown ones with its own number. Nothing when none says any.
fn read_units(
    tree: &ModuleTree<'_>,
    builder: &ModelBuilder,
    names: &mut Names<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Unit>> {
    let mut has_units = false;
    let mut of_vars = Vec::new();
    for (id, _, def) in tree.iter_vars() {
        let written = def.units.as_ref().filter(|_| !builder.var(id).is_hidden);
        let unit = written.and_then(|written| {
            let unit = read(written, names, diagnostics, || tree.var_name(id));
            has_units |= unit.is_some();
            unit
        });
        of_vars.push(unit.unwrap_or_else(|| Unit::of(Symbol::Unknown(id.0))));
    }
    has_units.then_some(of_vars)
}

/// The time unit, if the file says one. `Time` and `Unknown` are what tools write when nobody has.
fn read_time(tree: &ModuleTree<'_>, names: &mut Names<'_>, diagnostics: &mut Diagnostics) -> Option<Unit> {
    let written = tree.file.sim_specs.as_ref().and_then(|specs| specs.time_units.as_ref());
    let is_said = |written: &&Name| !written.text.eq_ignore_ascii_case("unknown");
    written.filter(is_said).and_then(|written| read(written, names, diagnostics, String::new))
}

/// Units as written; what cannot be read is reported and counts as not written.
fn read(
    written: &Name,
    names: &mut Names<'_>,
    diagnostics: &mut Diagnostics,
    variable: impl FnOnce() -> String,
) -> Option<Unit> {
    match names.unit(&written.text) {
        Ok(unit) => unit,
        Err(reason) => {
            let variable = Some(variable()).filter(|name| !name.is_empty());
            diagnostics.report(message::unreadable(written, &reason, variable));
            None
        }
    }
}

impl Checker<'_, '_> {
    /// A module's input and its source.
    fn check_connection(&mut self, input: VarId, source: Option<VarId>, span: Span) {
        let Some(source) = source else { return };
        if self.builder.has_table(input) {
            return;
        }
        let found = self.of_var(source);
        self.open_equation();
        self.require_definition(input, Value::Unit(found), span, SiteKind::Connection(source));
    }

    /// All equations of a variable. Those after a graphical function give its x, whose units it does not say.
    fn check_equations(&mut self, var: VarId, instance: InstanceId, def: &VarDef) {
        let own = def.elements.iter().filter_map(|element| element.equation.as_ref());
        for equation in def.equation.iter().chain(&def.list).chain(own) {
            self.check_equation(var, instance, def, equation);
        }
    }

    fn check_equation(&mut self, var: VarId, instance: InstanceId, def: &VarDef, equation: &Equation) {
        self.open_equation();
        let place = EquationContext { tree: self.tree, instance, owner: var, loops: &[], known_as: &[], n_fixed: 0 };
        let value = self.value_of(&place, equation);
        let kind = if def.kind == DefKind::Stock { SiteKind::Initial } else { SiteKind::Equation };
        if !self.builder.has_table(var) {
            self.require_definition(var, value, equation.span, kind);
        }
    }

    /// An equation of a transport, or of a flow of one. What a leak takes may be a fraction of what is there, or of it in a time.
    fn check_part(&mut self, part: VarId, instance: InstanceId, def: &VarDef, what: TransportPart) {
        let whole = self.tree.whole_of(part);
        let of_whole = self.of_var(whole);
        let expected = match what {
            TransportPart::Transit => Some(self.time.clone()),
            TransportPart::Capacity | TransportPart::Initial | TransportPart::Request => Some(of_whole),
            TransportPart::InLimit => of_whole.per(&self.time),
            TransportPart::Sample | TransportPart::Arrest | TransportPart::Entries | TransportPart::Fraction => None,
        };
        let kind = match what {
            TransportPart::Request => SiteKind::Equation,
            TransportPart::Initial => SiteKind::Initial,
            TransportPart::Transit
            | TransportPart::Capacity
            | TransportPart::InLimit
            | TransportPart::Sample
            | TransportPart::Arrest
            | TransportPart::Entries
            | TransportPart::Fraction => SiteKind::Transport(what),
        };
        let own = def.elements.iter().filter_map(|element| element.equation.as_ref());
        for equation in def.equation.iter().chain(&def.list).chain(own) {
            self.open_equation();
            let place =
                EquationContext { tree: self.tree, instance, owner: whole, loops: &[], known_as: &[], n_fixed: 0 };
            let found = self.value_of(&place, equation);
            if let Some(expected) = expected.clone().filter(|_| !self.builder.has_table(whole)) {
                self.require(&Value::Unit(expected), &found, whole, equation.span, kind);
            }
        }
    }

    /// The flows of a stock: each has the stock's units over the time unit.
    fn check_flows(&mut self, stock: VarId, instance: InstanceId, def: &VarDef) {
        let inflows = def.inflows.iter().map(|name| (name, true));
        for (name, is_inflow) in inflows.chain(def.outflows.iter().map(|name| (name, false))) {
            let Target::Var(flow) = self.tree.resolve_name(instance, name) else { continue };
            // What a multiplier makes of the flow has other units.
            if is_inflow && self.tree.delivered(flow).is_some() {
                continue;
            }
            let Some(expected) = self.of_var(stock).per(&self.time) else { continue };
            self.open_equation();
            let found = Value::Unit(self.of_var(flow));
            self.require(&Value::Unit(expected), &found, stock, name.span, SiteKind::Flow { flow, is_inflow });
        }
    }
}
