//! Conveyors: what leaves at the exit and by leaks, what is let in, and what they are initialised with.

use std::collections::BTreeSet;

use kernel::transport::MAX_CELLS;

use crate::definition::Spread;
use crate::definition::wording::Cure;
use crate::diagnostic::{Diagnostic, code};
use crate::model::{
    Clause, Conveyor, Def, Expr, ExprKind, Inflow, InflowDriver, InflowSpread, Leak, NodeId, StateKind, Table, TableId,
    TableKind, TableRef, TransportForm, TransportQuery, VarId,
};
use crate::sema::base::constant;
use crate::sema::base::time::Shown;
use crate::sema::instances::body::TransportPart;
use crate::sema::instances::module_tree::Target;
use crate::sema::rules::transport::{Cx, Found, Writer};
use crate::source::Span;

/// A distribution is looked up for that many slats at the start.
const MAX_SAMPLED: f64 = 1024.0;

/// A conveyor has no more slats.
const MAX_SLATS: f64 = MAX_CELLS as f64;

/// A conveyor whose transit time is no number has room for that many slats at least, and for that many runs of the model.
const MIN_SLATS: f64 = 1024.0;
const RUNS: f64 = 4.0;

/// Part of a step by which rounding may make a transit time miss a whole number of them.
const TOLERANCE: f64 = 1e-9;

/// What a conveyor must know to let something in, in the order of its ports and of what it advances with.
const ENTRY: [Entry; 5] = [Entry::Arrest, Entry::Capacity, Entry::InLimit, Entry::Time, Entry::Removed];

#[derive(Clone, Copy)]
enum Entry {
    Arrest,
    Capacity,
    InLimit,
    Time,
    Removed,
}

impl Cx<'_, '_> {
    /// Whether the conveyor that a flow enters is arrested; nothing when it enters none that can be.
    fn arrest_behind(&self, flow: VarId) -> Option<VarId> {
        let (transport, _) = self.enters.get(&flow)?;
        let behind = &self.transports[*transport];
        self.tree.transport_part(behind.stock, TransportPart::Arrest)
    }

    /// The fractions of all leaks.
    fn push_fractions(&self, found: &Found<'_>, writer: &mut Writer, args: &mut Vec<NodeId>) {
        args.extend(found.leaks.iter().map(|&(leak, _)| self.write_fraction(leak, writer)));
    }

    /// The fraction of a leak, 0 for one into a conveyor that is arrested.
    fn write_fraction(&self, leak: VarId, writer: &mut Writer) -> NodeId {
        let fraction = writer.var_or(self.part_of_flow(leak), 0.0);
        let Some(arrest) = self.arrest_behind(leak) else { return fraction };
        let (cond, zero) = (writer.var(arrest), writer.number(0.0));
        writer.push(ExprKind::If { cond, then: zero, otherwise: fraction })
    }

    /// All of [`ENTRY`].
    pub(in crate::sema) fn push_entry(&self, found: &Found<'_>, writer: &mut Writer, args: &mut Vec<NodeId>) {
        args.extend(ENTRY.map(|what| self.write_entry(found, what, writer)));
    }

    fn write_entry(&self, found: &Found<'_>, what: Entry, writer: &mut Writer) -> NodeId {
        let part = |what| self.tree.transport_part(found.stock, what);
        match what {
            Entry::Arrest => writer.var_or(part(TransportPart::Arrest), 0.0),
            Entry::Capacity => writer.var_or(part(TransportPart::Capacity), f64::INFINITY),
            Entry::InLimit => writer.var_or(part(TransportPart::InLimit), f64::INFINITY),
            Entry::Time => writer.push(ExprKind::Time),
            Entry::Removed => writer.sum(found.outflows.iter().chain(&found.leaks)),
        }
    }

    /// What is known of each inflow before the turn of one of them: the rates of those that other transports drive, what the others
    /// ask for, and 0 for what comes later.
    pub(in crate::sema) fn push_inflows(
        &self,
        found: &Found<'_>,
        turn: usize,
        writer: &mut Writer,
        args: &mut Vec<NodeId>,
    ) {
        let is_serving = self.driver(found, turn) == InflowDriver::Queue;
        for (position, &(flow, _)) in found.inflows.iter().enumerate() {
            let driver = self.driver(found, position);
            let is_known = match driver {
                InflowDriver::Conveyor => true,
                InflowDriver::Queue => !is_serving || position < turn,
                InflowDriver::Request => !is_serving && position <= turn,
            };
            args.push(match is_known {
                false => writer.number(0.0),
                true if driver == InflowDriver::Request => {
                    let request = self.request_of(flow);
                    writer.var_or(request, 0.0)
                }
                true => writer.var(flow),
            });
        }
    }

    /// Who says how much an inflow of a conveyor brings.
    fn driver(&self, found: &Found<'_>, position: usize) -> InflowDriver {
        let Some(&(flow, _)) = found.inflows.get(position) else { return InflowDriver::Request };
        match self.left(flow) {
            Some((transport, _)) if self.transports[transport].def.is_queue() => InflowDriver::Queue,
            Some(_) => InflowDriver::Conveyor,
            None => InflowDriver::Request,
        }
    }

    pub(in crate::sema) fn resolve_conveyor(&mut self, index: usize) {
        let transports = self.transports;
        let found = &transports[index];
        let Some(def) = found.def.conveyor() else { return };
        self.set_contents(found);
        let part = |what| self.tree.transport_part(found.stock, what);
        let arrest = part(TransportPart::Arrest);
        let (transit, sample) = (part(TransportPart::Transit), part(TransportPart::Sample));
        let (exit, _) = found.outflows[0];
        let held = self.arrest_behind(exit);

        let mut writer = self.writer(found);
        let mut args = vec![writer.var_or(arrest, 0.0), writer.var_or(held, 0.0)];
        self.push_fractions(found, &mut writer, &mut args);
        writer.read(found.state, TransportQuery::Outflow, args);
        self.set(exit, writer);

        for (number, &(leak, _)) in found.leaks.iter().enumerate() {
            let mut writer = self.writer(found);
            let mut args = vec![writer.number(number as f64), writer.var_or(arrest, 0.0)];
            self.push_fractions(found, &mut writer, &mut args);
            writer.read(found.state, TransportQuery::Leak, args);
            self.set(leak, writer);
        }

        for (position, &(flow, _)) in found.inflows.iter().enumerate() {
            if self.driver(found, position) != InflowDriver::Request {
                continue;
            }
            let mut writer = self.writer(found);
            let mut args = vec![writer.number(position as f64)];
            self.push_entry(found, &mut writer, &mut args);
            self.push_inflows(found, position, &mut writer, &mut args);
            writer.read(found.state, TransportQuery::Admit, args);
            self.set(flow, writer);
            if let Some(request) = self.request_of(flow) {
                self.set_start(flow, request);
            }
        }

        if def.fifo && transit.is_some_and(|transit| self.may_change(transit)) {
            let name = self.tree.var_name(found.stock);
            let message = format!("the transit time of conveyor `{name}` may change, and moves all that is on it");
            let hint = "let the transit time follow from constants, or leave `fifo` out: what is on the conveyor then keeps its way";
            self.report(code::CHANGING_SPEED, found.stock, def.span, message, hint);
        }
        let inflows = self.inflows_of(found);
        let value = |var: Option<VarId>, default: f64| {
            let mut writer = self.writer(found);
            writer.var_or(var, default);
            writer.expr
        };
        let entry = |what: Entry| {
            let mut writer = self.writer(found);
            self.write_entry(found, what, &mut writer);
            writer.expr
        };
        let conveyor = Conveyor {
            is_discrete: def.discrete,
            leaks_exponentially: def.exponential_leak,
            ignores_losses: def.ignores_losses,
            transit: value(transit, 0.0),
            sample: value(sample, 1.0),
            arrest: entry(Entry::Arrest),
            held: value(held, 0.0),
            capacity: entry(Entry::Capacity),
            inflow_limit: entry(Entry::InLimit),
            removed: entry(Entry::Removed),
            n_initial: value(part(TransportPart::Entries), 0.0),
            initial: self.initial(found).into_iter().map(|initial| value(Some(initial), 0.0)).collect(),
            leaks: self.leaks_of(found, def.exponential_leak),
            inflows,
        };
        let cells = self.slats(found, transit);
        let transport = self.transport_mut(found);
        transport.cells = cells;
        transport.form = TransportForm::Conveyor(Box::new(conveyor));
    }

    /// What leaks from a conveyor.
    fn leaks_of(&self, found: &Found<'_>, is_exponential: bool) -> Vec<Leak> {
        let mut leaks = Vec::with_capacity(found.leaks.len());
        for &(flow, _) in &found.leaks {
            let Some(def) = self.tree.def(flow).leak else { continue };
            let (mut fraction, mut initial) = (self.writer(found), self.writer(found));
            self.write_fraction(flow, &mut fraction);
            initial.var_or(self.part_of_flow(flow), 0.0);
            leaks.push(Leak {
                flow,
                start: def.start,
                end: def.end,
                is_whole: def.integers && !is_exponential,
                initial_fraction: initial.expr,
                fraction: fraction.expr,
            });
        }
        leaks
    }

    /// What enters a conveyor.
    fn inflows_of(&mut self, found: &Found<'_>) -> Vec<Inflow> {
        self.check_list(found);
        let mut inflows = Vec::with_capacity(found.inflows.len());
        for (position, &(flow, _)) in found.inflows.iter().enumerate() {
            let driver = self.driver(found, position);
            let spread = self.spread(found, flow);
            let mut writer = self.writer(found);
            if let Some((source, leak)) = self.source(found, flow) {
                self.write_trace(found, position, source, leak, &mut writer);
            } else {
                let is_asked = driver == InflowDriver::Request;
                writer.var_or(if is_asked { self.request_of(flow) } else { Some(flow) }, 0.0);
            }
            inflows.push(Inflow { flow, driver, spread, rate: writer.expr });
        }
        inflows
    }

    /// The conveyor from which a flow leaks that is spread as it leaked, and which of its leaks it is.
    fn source(&self, found: &Found<'_>, flow: VarId) -> Option<(usize, usize)> {
        let Some(Spread::Source(_)) = self.tree.def(flow).spread else { return None };
        let &(transport, leak) = self.leaves.get(&flow)?;
        Some((transport, leak?)).filter(|_| self.transports[transport].stock != found.stock)
    }

    /// What leaks from another conveyor, as its `Leak` query has it, noted with the inflow.
    fn write_trace(&self, found: &Found<'_>, position: usize, source: usize, leak: usize, writer: &mut Writer) {
        let source = &self.transports[source];
        let mut args = vec![writer.number(position as f64), writer.number(leak as f64)];
        args.push(writer.var_or(self.tree.transport_part(source.stock, TransportPart::Arrest), 0.0));
        self.push_fractions(source, writer, &mut args);
        writer.read_noted(source.state, found.state, args);
    }

    /// Reports a list of initial values whose length in steps is not known.
    fn check_list(&mut self, found: &Found<'_>) {
        let part = |what| self.tree.transport_part(found.stock, what);
        if let (Some(_), Some(transit)) = (part(TransportPart::Entries), part(TransportPart::Transit))
            && !self.is_number(transit)
        {
            let name = self.tree.var_name(found.stock);
            let message = format!("conveyor `{name}` begins with a list, but its transit time is no number");
            let hint = "write the transit time as a number, or a single initial value";
            self.report(code::TRANSPORT_INITIAL, found.stock, found.def.span(), message, hint);
        }
    }

    /// Where an inflow enters.
    fn spread(&mut self, found: &Found<'_>, flow: VarId) -> InflowSpread {
        match &self.tree.def(flow).spread {
            None | Some(Spread::Beginning) => InflowSpread::Entry,
            Some(Spread::Even) => InflowSpread::Even,
            Some(Spread::Dest) => InflowSpread::Contents,
            Some(Spread::Source(place)) => {
                let transports = self.transports;
                if let Some((source, _)) = self.source(found, flow) {
                    let source = &transports[source];
                    let transit = self.tree.transport_part(source.stock, TransportPart::Transit);
                    return InflowSpread::Leaked(self.slats(source, transit));
                }
                let message = format!("flow `{}` is no leak of another conveyor", self.tree.var_name(flow));
                let hint = "only what leaks from another conveyor can be put where it was there; write `even`, `dest` or `dist`";
                self.report(code::TRANSPORT_FLOW, found.stock, *place, message, hint);
                InflowSpread::Entry
            }
            Some(Spread::Dist(name, place)) => {
                let instance = self.tree.owner(flow);
                let target = name.as_ref().map(|name| self.tree.resolve_name(instance, name));
                let table = match target {
                    Some(Target::Var(var)) => self.builder.shared_table(self.builder.resolve_alias(var)),
                    Some(Target::Module | Target::Missing(..)) | None => None,
                };
                let Some(table) = table else {
                    let message = format!("flow `{}` names no graphical function", self.tree.var_name(flow));
                    let hint = self.diagnostics.cure(Cure::NameDistribution);
                    self.report(code::TABLE_EXPECTED, flow, *place, message, hint);
                    return InflowSpread::Entry;
                };
                self.distribution(found, table, *place)
            }
        }
    }

    /// What a graphical function says of where an inflow enters: on a conveyor whose depth is known, its values at the middles of the
    /// slats; else its points.
    fn distribution(&mut self, found: &Found<'_>, table: TableId, place: Span) -> InflowSpread {
        let mut xs: Vec<f64> = Vec::new();
        for depth in self.depths(found) {
            // As the conveyor itself finds them.
            xs.extend((0..depth).map(|slat| 1.0 - (f64::from(slat) + 0.5) / f64::from(depth)));
        }
        xs.sort_by(f64::total_cmp);
        xs.dedup();
        if !xs.is_empty() {
            let value = |&x: &f64| {
                let mut y = Expr::number(x, place);
                y.push(ExprKind::Lookup(TableRef::One(table), y.root()), place);
                y
            };
            return InflowSpread::Curve { ys: xs.iter().map(value).collect(), xs };
        }
        let table = &mut self.builder.tables[table.0 as usize];
        // The conveyor is initialised with its points, so that nobody may change them.
        table.is_derived = true;
        let points = way_points(table);
        let ys = points.iter().map(|&(_, y)| Expr::number(y, place)).collect();
        InflowSpread::Curve { xs: points.into_iter().map(|(x, _)| x).collect(), ys }
    }

    /// How many slats deep the elements of a conveyor are, where all of that is known and not too much.
    fn depths(&self, found: &Found<'_>) -> Vec<u32> {
        let part = self.tree.transport_part(found.stock, TransportPart::Transit);
        let Some(Def::Formula(clauses)) = part.map(|transit| &self.builder.var(transit).def) else { return Vec::new() };
        let depth = |clause: &Clause| {
            let transit = constant::eval_constant(&clause.expr, |_| None).filter(|transit| *transit > 0.0)?;
            Some((transit.max(self.time.dt) / self.time.dt + 0.5).floor())
        };
        let depths: Option<Vec<f64>> = clauses.iter().map(depth).collect();
        let depths = depths.filter(|depths| depths.iter().sum::<f64>() <= MAX_SAMPLED);
        depths.into_iter().flatten().map(|depth| depth as u32).collect()
    }

    /// Whether a variable is a number for each of its elements.
    fn is_number(&self, var: VarId) -> bool {
        let Def::Formula(clauses) = &self.builder.var(var).def else { return false };
        clauses.iter().all(|clause| constant::eval_constant(&clause.expr, |_| None).is_some())
    }

    /// Room for that many slats: what the transit time needs when it is a number, else several times the steps of a run, and several
    /// times what the defaults of constants would need.
    fn slats(&mut self, found: &Found<'_>, transit: Option<VarId>) -> u32 {
        let Some(transit) = transit else { return 1 };
        let Def::Formula(clauses) = &self.builder.var(transit).def else { return 1 };
        let mut most = 1.0_f64;
        let mut is_known = true;
        let (mut fault, mut rounded) = (None, None);
        for clause in clauses {
            let known = constant::eval_constant(&clause.expr, |_| None);
            is_known &= known.is_some();
            let value = known.or_else(|| constant::eval_constant(&clause.expr, |var| self.greatest_default(var)));
            let Some(value) = value else { continue };
            let slats = (value / self.time.dt + 0.5).floor();
            let place = clause.expr.node(clause.expr.root()).span;
            rounded = rounded.or((value > 0.0 && self.is_between_steps(value)).then_some((value, place)));
            if known.is_some() && !(value > 0.0 && slats <= MAX_SLATS) || slats > MAX_SLATS {
                fault = Some((value, place));
            }
            most = most.max(if known.is_some() { slats } else { RUNS * slats });
        }
        if let Some((value, place)) = fault {
            let name = self.tree.var_name(found.stock);
            let message = format!("the transit time of conveyor `{name}` is {}", Shown(value));
            let hint = format!("it must be above 0 and at most {MAX_SLATS} steps long");
            self.report(code::TRANSPORT_TRANSIT, found.stock, place, message, &hint);
            return 1;
        }
        if let Some((value, place)) = rounded {
            self.warn_of_rounding(found, value, place);
        }
        if !is_known {
            let steps = self.time.n_steps as f64 + 1.0;
            most = most.max(RUNS * steps).max(MIN_SLATS);
        }
        most.min(MAX_SLATS) as u32
    }

    /// Whether a transit time is not a whole number of steps, but for what rounding makes of it.
    fn is_between_steps(&self, transit: f64) -> bool {
        let steps = transit / self.time.dt;
        (steps - steps.round()).abs() > TOLERANCE * steps.max(1.0)
    }

    fn warn_of_rounding(&mut self, found: &Found<'_>, transit: f64, place: Span) {
        let dt = self.time.dt;
        let slats = (transit / dt + 0.5).floor().max(1.0);
        let name = self.tree.var_name(found.stock);
        let [transit, dt, travelled] = [transit, dt, slats * dt].map(Shown);
        let message = format!("the transit time of conveyor `{name}` is {transit}, which is no whole number of steps");
        let warning = Diagnostic::warning(code::TRANSPORT_ROUNDED, place, message)
            .with_label(format!("what is on it travels for {slats} steps of {dt}, that is for {travelled}"))
            .with_hint("use a multiple of the time step, or a time step that divides the transit time")
            .with_variable(name);
        self.diagnostics.report(warning);
    }

    /// Whether a variable may change in a run, unless a host sets what it follows from.
    fn may_change(&self, var: VarId) -> bool {
        let mut pending = vec![var];
        let mut seen = BTreeSet::new();
        while let Some(var) = pending.pop() {
            if !seen.insert(var) {
                continue;
            }
            let clauses = match &self.builder.var(var).def {
                Def::Constant(_) | Def::Lookup(_) => continue,
                Def::Stock { .. } => return true,
                Def::Formula(clauses) => clauses,
            };
            for clause in clauses {
                if clause.start.is_some() {
                    return true;
                }
                let mut changes = false;
                clause.expr.visit(&[], &mut |node, _| match &node.kind {
                    ExprKind::Var(of, _) => pending.push(*of),
                    ExprKind::State(state) if self.builder.states[state.0 as usize].kind == StateKind::Init => {}
                    ExprKind::Time
                    | ExprKind::State(_)
                    | ExprKind::Transport(_)
                    | ExprKind::Vector(_)
                    | ExprKind::Arrange(..) => changes = true,
                    ExprKind::Call(function, _) => changes |= function.reads_time(),
                    ExprKind::Number(_)
                    | ExprKind::Position(_)
                    | ExprKind::Reduce(_)
                    | ExprKind::Unary(..)
                    | ExprKind::Binary(..)
                    | ExprKind::If { .. }
                    | ExprKind::Lookup(..) => {}
                });
                if changes {
                    return true;
                }
            }
        }
        false
    }

    /// The greatest of the defaults of a constant.
    fn greatest_default(&self, var: VarId) -> Option<f64> {
        let Def::Constant(values) = &self.builder.var(var).def else { return None };
        values.iter().copied().reduce(f64::max)
    }
}

/// The points of a graphical function along the way as those of a continuous one: a jump for each step of a discrete one, and the lines
/// of one that extrapolates up to both ends.
fn way_points(table: &Table) -> Vec<(f64, f64)> {
    let points: Vec<(f64, f64)> = table.xs.iter().copied().zip(table.ys.iter().copied()).collect();
    match table.kind {
        TableKind::Continuous => points,
        TableKind::Discrete => {
            let mut all: Vec<(f64, f64)> = points.first().copied().into_iter().collect();
            for pair in points.windows(2) {
                all.extend([(pair[1].0, pair[0].1), pair[1]]);
            }
            all
        }
        TableKind::Extrapolate => {
            let on_line = |a: (f64, f64), b: (f64, f64), x: f64| {
                let width = b.0 - a.0;
                (x, if width > 0.0 { a.1 + (x - a.0) * ((b.1 - a.1) / width) } else { a.1 })
            };
            let mut all = points.clone();
            if let [a, b, ..] = points[..]
                && a.0 > 0.0
            {
                all.insert(0, on_line(a, b, 0.0));
            }
            if let [.., a, b] = points[..]
                && b.0 < 1.0
            {
                all.push(on_line(a, b, 1.0));
            }
            all
        }
    }
}

#[cfg(test)]
mod tests;
