//! Whether units of measure agree: in every equation, between stocks and flows, and at the inputs of modules.
//!
//! Equations are looked at as their authors wrote them, one after the other, and say which units must be the same; all of that is
//! solved together, since variables without units take those that follow. Only what no choice of units for them, and for bare
//! numbers, could mend is told, as a warning, and only where all units are known in the end. A model of which no variable
//! has units is not looked at.

use crate::builtin::Builtin;
use crate::definition::{BeltPart, DefKind, Equation, Name, VarDef};
use crate::model::VarId;
use crate::sema::Problems;
use crate::sema::connection::Feeds;
use crate::sema::declare::Draft;
use crate::sema::reference::Place;
use crate::sema::scope::{ScopeId, Target, World};
use crate::source::Span;
use crate::units::{Names, Row, Symbol, Unit, solve};

use value::Value;

mod equation;
mod fold;
mod message;
mod rule;
mod value;

/// Checks the units of a whole model.
pub(super) fn check_units(world: &World<'_>, feeds: &Feeds, draft: &Draft, problems: &mut Problems) {
    let n_vars = world.iter_vars().count();
    let unknown_time = Unit::of(Symbol::Unknown(u32::try_from(n_vars).expect("fewer variables than the limit")));
    let (mut names, faults) = Names::new(&world.file.units, unknown_time.clone());
    let mut is_broken = false;
    for fault in faults {
        let diagnostic = message::definition(fault);
        is_broken |= diagnostic.is_error();
        problems.report(diagnostic);
    }
    if is_broken || world.iter_vars().all(|(_, _, def)| def.units.is_none()) {
        return;
    }
    let time = read_time(world, &mut names, problems).unwrap_or(unknown_time);
    names.set_time(time.clone());
    let Some(of_vars) = read_units(world, draft, &mut names, problems) else { return };
    let mut checker = Checker { world, draft, time, of_vars, rows: Vec::new(), sites: Vec::new(), n_equations: 0 };
    // Nothing is told within macros: what their variables are depends on the call.
    for (id, scope, def) in world.iter_vars().filter(|(id, _, _)| !draft.var(*id).is_hidden) {
        match feeds.get(&id) {
            Some(feed) => checker.check_feed(id, feed.source, feed.span),
            None => checker.check_equations(id, scope, def),
        }
        checker.check_flows(id, scope, def);
    }
    for (id, scope, def) in world.iter_vars().filter(|(_, scope, _)| !world.scope(*scope).is_hidden) {
        if let Some(part) = def.part {
            checker.check_part(id, scope, def, part.what);
        }
    }
    let contradictions = solve(n_vars + 1, &checker.rows);
    for (contradiction, others) in fold::fold(&checker, contradictions) {
        problems.report(message::contradiction(&checker, &names, &contradiction, &others));
    }
}

/// The units of every variable: those that it says, or unknown ones with its own number. Nothing when none says any.
fn read_units(world: &World<'_>, draft: &Draft, names: &mut Names<'_>, problems: &mut Problems) -> Option<Vec<Unit>> {
    let mut has_units = false;
    let mut of_vars = Vec::new();
    for (id, _, def) in world.iter_vars() {
        let written = def.units.as_ref().filter(|_| !draft.var(id).is_hidden);
        let unit = written.and_then(|written| {
            let unit = read(written, names, problems, || world.var_name(id));
            has_units |= unit.is_some();
            unit
        });
        of_vars.push(unit.unwrap_or_else(|| Unit::of(Symbol::Unknown(id.0))));
    }
    has_units.then_some(of_vars)
}

/// The time unit, if the file says one. `Time` and `Unknown` are what tools write when nobody has.
fn read_time(world: &World<'_>, names: &mut Names<'_>, problems: &mut Problems) -> Option<Unit> {
    let written = world.file.sim_specs.as_ref().and_then(|specs| specs.time_units.as_ref());
    let is_said = |written: &&Name| !written.text.eq_ignore_ascii_case("unknown");
    written.filter(is_said).and_then(|written| read(written, names, problems, String::new))
}

/// Units as written; what cannot be read is reported and counts as not written.
fn read(
    written: &Name,
    names: &mut Names<'_>,
    problems: &mut Problems,
    variable: impl FnOnce() -> String,
) -> Option<Unit> {
    match names.unit(&written.text) {
        Ok(unit) => unit,
        Err(reason) => {
            let variable = Some(variable()).filter(|name| !name.is_empty());
            problems.report(message::unreadable(written, &reason, variable));
            None
        }
    }
}

/// What must agree, as far as the model has been looked at.
struct Checker<'w, 'a> {
    world: &'w World<'a>,
    draft: &'w Draft,
    /// The time unit.
    time: Unit,
    /// The units of each variable.
    of_vars: Vec<Unit>,
    rows: Vec<Row>,
    /// For each row, where it comes from.
    sites: Vec<Site>,
    n_equations: u32,
}

/// Where two units must be the same.
struct Site {
    /// The variable whose definition says so.
    var: VarId,
    /// What is told to be at fault.
    span: Span,
    kind: SiteKind,
}

/// Why two units must be the same.
#[derive(Clone, Copy)]
enum SiteKind {
    /// A variable has the units of its equation.
    Equation,
    /// A stock has the units of its initial value.
    Initial,
    /// What an equation of a conveyor says.
    Belt(BeltPart),
    /// The sides of an operator; the place is that of the left one.
    Operands(&'static str, Span),
    /// The branches of IF; the place is that of the first one.
    Branches(Span),
    /// An argument of a builtin.
    Argument(&'static Builtin, &'static str),
    /// A flow changes a stock within a time unit.
    Flow {
        /// The flow.
        flow: VarId,
        /// Whether it fills the stock.
        is_inflow: bool,
    },
    /// A module's input has the units of its source.
    Connection(VarId),
}

impl Checker<'_, '_> {
    /// A module's input and its source.
    fn check_feed(&mut self, input: VarId, source: Option<VarId>, span: Span) {
        let Some(source) = source else { return };
        if self.draft.has_table(input) {
            return;
        }
        let found = self.of_var(source);
        self.open_equation();
        self.require_definition(input, Value::Unit(found), span, SiteKind::Connection(source));
    }

    /// All equations of a variable. Those behind a graphical function give its x, whose units it does not say.
    fn check_equations(&mut self, var: VarId, scope: ScopeId, def: &VarDef) {
        let own = def.elements.iter().filter_map(|element| element.equation.as_ref());
        for equation in def.equation.iter().chain(&def.list).chain(own) {
            self.check_equation(var, scope, def, equation);
        }
    }

    fn check_equation(&mut self, var: VarId, scope: ScopeId, def: &VarDef, equation: &Equation) {
        self.open_equation();
        let place = Place { world: self.world, scope, owner: var, loops: &[] };
        let value = self.value_of(&place, equation);
        let kind = if def.kind == DefKind::Stock { SiteKind::Initial } else { SiteKind::Equation };
        if !self.draft.has_table(var) {
            self.require_definition(var, value, equation.span, kind);
        }
    }

    /// An equation of a belt, or of a flow of one. What a leak takes may be a fraction of what is there, or of it in a time.
    fn check_part(&mut self, part: VarId, scope: ScopeId, def: &VarDef, what: BeltPart) {
        let whole = self.world.whole_of(part);
        let of_whole = self.of_var(whole);
        let expected = match what {
            BeltPart::Transit => Some(self.time.clone()),
            BeltPart::Capacity | BeltPart::Initial | BeltPart::Request => Some(of_whole),
            BeltPart::InLimit => of_whole.per(&self.time),
            BeltPart::Sample | BeltPart::Arrest | BeltPart::Entries | BeltPart::Fraction => None,
        };
        let kind = match what {
            BeltPart::Request => SiteKind::Equation,
            BeltPart::Initial => SiteKind::Initial,
            BeltPart::Transit
            | BeltPart::Capacity
            | BeltPart::InLimit
            | BeltPart::Sample
            | BeltPart::Arrest
            | BeltPart::Entries
            | BeltPart::Fraction => SiteKind::Belt(what),
        };
        let own = def.elements.iter().filter_map(|element| element.equation.as_ref());
        for equation in def.equation.iter().chain(&def.list).chain(own) {
            self.open_equation();
            let place = Place { world: self.world, scope, owner: whole, loops: &[] };
            let found = self.value_of(&place, equation);
            if let Some(expected) = expected.clone().filter(|_| !self.draft.has_table(whole)) {
                self.require(&Value::Unit(expected), &found, whole, equation.span, kind);
            }
        }
    }

    /// The flows of a stock: each has the stock's units over the time unit.
    fn check_flows(&mut self, stock: VarId, scope: ScopeId, def: &VarDef) {
        let inflows = def.inflows.iter().map(|name| (name, true));
        for (name, is_inflow) in inflows.chain(def.outflows.iter().map(|name| (name, false))) {
            let Target::Var(flow) = self.world.resolve_name(scope, name) else { continue };
            // What a multiplier makes of the flow has other units.
            if is_inflow && self.world.def(flow).has_multiplier {
                continue;
            }
            let Some(expected) = self.of_var(stock).per(&self.time) else { continue };
            self.open_equation();
            let found = Value::Unit(self.of_var(flow));
            self.require(&Value::Unit(expected), &found, stock, name.span, SiteKind::Flow { flow, is_inflow });
        }
    }

    fn of_var(&self, var: VarId) -> Unit {
        self.of_vars[var.0 as usize].clone()
    }

    /// What is required from now on comes from another equation.
    fn open_equation(&mut self) {
        self.n_equations += 1;
    }

    /// Requires that a variable has the units of what defines it.
    fn require_definition(&mut self, var: VarId, found: Value, span: Span, kind: SiteKind) {
        let n_rows = self.rows.len();
        self.require(&Value::Unit(self.of_var(var)), &found, var, span, kind);
        if let Some(row) = self.rows.get_mut(n_rows) {
            row.defines = Some(var.0);
        }
    }

    /// Requires that two values have the same units. Bare numbers, and values of which nothing is known, have any.
    fn require(&mut self, expected: &Value, found: &Value, var: VarId, span: Span, kind: SiteKind) {
        let (Value::Unit(expected), Value::Unit(found)) = (expected, found) else { return };
        let row = Row { expected: expected.clone(), found: found.clone(), equation: self.n_equations, defines: None };
        self.rows.push(row);
        self.sites.push(Site { var, span, kind });
    }
}
