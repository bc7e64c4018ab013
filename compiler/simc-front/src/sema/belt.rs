//! Conveyors and queues: which flows they drive, and what these and the belts themselves compute.
//!
//! All that a belt shows in a step follows from its state at the beginning of the step: its contents, what leaves at its exit and what
//! its leaks take. What comes in is decided afterwards, once it is known what leaves and what is asked for. So the flows are ordinary
//! formulas that ask the belt, and the order of all equations follows from what they read, as everywhere.

use std::collections::BTreeMap;

use crate::ast::{BeltDef, BeltPart, Spread, VarDef};
use crate::diagnostic::{Code, Diagnostic, code};
use crate::model::belt::{
    AS_LEAKED, AS_THERE, ASKS, AT_ENTRY, BY_TABLE, DISCRETE, DRIVEN, EVEN, EXPONENTIAL, IGNORES_LOSSES, SERVED,
};
use crate::model::{
    Belt, BeltPort, BeltRead, BinaryOp, Def, Expr, ExprKind, Index, Method, NodeId, Piece, PureFn, StateId, StateKind,
    TimeSpec, VarId,
};
use crate::sema::Problems;
use crate::sema::constant;
use crate::sema::declare::Draft;
use crate::sema::piece;
use crate::sema::scope::{Target, World};
use crate::sema::stock::StockFlows;
use crate::sema::time::Shown;
use crate::source::Span;

/// A conveyor has no more slats.
const MAX_SLATS: f64 = 1_000_000.0;

/// A conveyor whose transit time is no number has room for so many slats at least, and for so many runs of the model.
const MIN_SLATS: f64 = 1024.0;
const RUNS: f64 = 4.0;

/// Part of a step by which rounding may make a transit time miss a whole number of them.
const TOLERANCE: f64 = 1e-9;

/// A queue has room for so many batches at most.
const MAX_BATCHES: u64 = 1 << 20;

/// A conveyor has no more leaks, a belt no more inflows, a queue no more outflows.
const MAX_LEAKS: usize = 16;
const MAX_FLOWS: usize = 64;

/// A flow, and where its belt names it.
type Flow = (VarId, Span);

/// A belt with its flows.
struct Found<'a> {
    stock: VarId,
    def: &'a BeltDef,
    state: StateId,
    inflows: Vec<Flow>,
    /// What leaves at the exit of a conveyor; all outflows of a queue.
    outflows: Vec<Flow>,
    leaks: Vec<Flow>,
}

/// Gives every belt and its flows their equations.
pub(super) fn resolve_belts(
    world: &World<'_>,
    flows: &[StockFlows],
    time: &TimeSpec,
    draft: &mut Draft,
    problems: &mut Problems,
) {
    let mut found = Vec::new();
    for flows in flows {
        let def: &VarDef = world.def(flows.stock);
        let Some(belt) = &def.belt else { continue };
        let mut cx = Cx { world, time, draft, problems, belts: &[], at: BTreeMap::new() };
        found.extend(cx.find(flows, belt));
    }
    draft.number_belts();
    check_claims(world, &found, problems);
    let mut at = BTreeMap::new();
    for (index, belt) in found.iter().enumerate() {
        for (position, &(flow, _)) in belt.inflows.iter().enumerate() {
            at.entry(flow).or_insert((index, position));
        }
    }
    let mut cx = Cx { world, time, draft, problems, belts: &found, at };
    for (index, belt) in found.iter().enumerate() {
        if belt.def.is_queue {
            cx.resolve_queue(index);
        } else {
            cx.resolve_conveyor(index);
        }
    }
}

/// A flow runs between two belts at most, and only a conveyor leaks.
fn check_claims(world: &World<'_>, found: &[Found<'_>], problems: &mut Problems) {
    let mut report = |flow: VarId, place: Span, message: String| {
        problems.report(Diagnostic::error(code::BELT_FLOW, place, message).with_variable(world.var_name(flow)));
    };
    let (mut filled, mut drained) = (BTreeMap::new(), BTreeMap::new());
    for belt in found {
        for (flows, taken, verb) in
            [(vec![&belt.inflows], &mut filled, "enters"), (vec![&belt.outflows, &belt.leaks], &mut drained, "leaves")]
        {
            for &(flow, place) in flows.into_iter().flatten() {
                if let Some(other) = taken.insert(flow, belt.stock) {
                    let (name, other) = (world.var_name(flow), world.var_name(other));
                    report(flow, place, format!("flow `{name}` {verb} `{}` and `{other}`", world.var_name(belt.stock)));
                }
            }
        }
    }
    for (flow, _, def) in world.iter_vars() {
        let is_drained = drained.contains_key(&flow);
        if let Some(leak) = def.leak.filter(|_| !is_drained) {
            report(flow, leak.span, format!("`{}` leaks, but from no conveyor", world.var_name(flow)));
        }
        if def.overflow && !is_drained {
            report(flow, def.span, format!("`{}` overflows, but from no queue", world.var_name(flow)));
        }
    }
}

/// What the resolution of belts works with.
struct Cx<'c, 'a> {
    world: &'c World<'a>,
    time: &'c TimeSpec,
    draft: &'c mut Draft,
    problems: &'c mut Problems,
    belts: &'c [Found<'a>],
    /// The belt that each flow enters, and which of its inflows it is.
    at: BTreeMap<VarId, (usize, usize)>,
}

/// An equation of a belt or of a flow that is being written.
struct Writer {
    expr: Expr,
    /// One for each dimension.
    own: Vec<Index>,
    span: Span,
}

impl Writer {
    fn new(rank: usize, span: Span) -> Self {
        let index = |n| Index::Moving { base: crate::model::Base::Loop(n), offset: 0 };
        Self { expr: Expr::default(), own: (0u32..).map(index).take(rank).collect(), span }
    }

    fn push(&mut self, kind: ExprKind) -> NodeId {
        self.expr.push(kind, self.span)
    }

    fn number(&mut self, value: f64) -> NodeId {
        self.push(ExprKind::Number(value))
    }

    fn var(&mut self, var: VarId) -> NodeId {
        let own = self.own.clone();
        self.push(ExprKind::Var(var, own))
    }

    fn var_or(&mut self, var: Option<VarId>, default: f64) -> NodeId {
        match var {
            Some(var) => self.var(var),
            None => self.number(default),
        }
    }

    fn sum(&mut self, flows: &[Flow]) -> NodeId {
        let mut sum = None;
        for &(flow, _) in flows {
            let term = self.var(flow);
            sum = Some(sum.map_or(term, |sum| self.push(ExprKind::Binary(BinaryOp::Add, sum, term))));
        }
        sum.unwrap_or_else(|| self.number(0.0))
    }

    fn read(&mut self, state: StateId, port: BeltPort, args: Vec<NodeId>) -> NodeId {
        let read = BeltRead { state, indices: self.own.clone(), port, args };
        self.push(ExprKind::Belt(Box::new(read)))
    }
}

impl<'a> Cx<'_, 'a> {
    fn report(&mut self, code: Code, stock: VarId, place: Span, message: String, hint: &str) {
        let error = Diagnostic::error(code, place, message).with_variable(self.world.var_name(stock));
        self.problems.report(error.with_hint(hint));
    }

    /// The flows of a belt, with a state for it.
    fn find(&mut self, flows: &StockFlows, def: &'a BeltDef) -> Option<Found<'a>> {
        let stock = flows.stock;
        let name = self.world.var_name(stock);
        if self.time.method != Method::Euler {
            let message = format!("`{name}` needs Euler's method");
            let hint = "write `method=\"Euler\"`: the steps of a belt cannot be divided";
            self.report(code::BELT_METHOD, stock, def.span, message, hint);
        }
        let dims = self.draft.var(stock).dims.clone();
        let all = flows.inflows.iter().chain(&flows.outflows);
        if let Some(&(flow, place)) = all.clone().find(|(flow, _)| self.draft.var(*flow).dims != dims) {
            let (flow, stock_shape) = (self.draft.show_var_shape(flow), self.draft.show_var_shape(stock));
            let message = format!("shapes do not fit: flow {flow} of {stock_shape}");
            self.report(code::BELT_SHAPE, stock, place, message, "give the flow the dimensions of the belt");
            return None;
        }
        let mut found = Found {
            stock,
            def,
            state: StateId(0),
            inflows: flows.inflows.clone(),
            outflows: flows.outflows.clone(),
            leaks: Vec::new(),
        };
        if !def.is_queue {
            let is_leak = |&(flow, _): &Flow| self.world.def(flow).leak.is_some();
            (found.leaks, found.outflows) = flows.outflows.iter().copied().partition(is_leak);
        }
        self.check_flows(&found)?;
        found.state = self.draft.belt_state(stock, self.world);
        Some(found)
    }

    fn check_flows(&mut self, found: &Found<'_>) -> Option<()> {
        let (stock, def) = (found.stock, found.def);
        let name = self.world.var_name(stock);
        let n_flows = found.inflows.len().max(found.outflows.len());
        if n_flows > MAX_FLOWS || found.leaks.len() > MAX_LEAKS {
            let message = format!("`{name}` has too many flows");
            let hint = format!("a belt may have {MAX_FLOWS} inflows, a conveyor {MAX_LEAKS} leaks");
            self.report(code::BELT_LIMIT, stock, def.span, message, &hint);
            return None;
        }
        if def.is_queue {
            if let Some(&(flow, place)) = found.outflows.first().filter(|(flow, _)| self.world.def(*flow).overflow) {
                let message = format!("`{}` overflows, but no outflow comes before it", self.world.var_name(flow));
                let hint = "an overflow takes what the outflows listed before it could not";
                self.report(code::OVERFLOW_FIRST, stock, place, message, hint);
            }
            return Some(());
        }
        match found.outflows.as_slice() {
            [_] => {}
            [] => {
                let message = format!("conveyor `{name}` has no outflow");
                let hint = "one outflow without `<leak>` takes what reaches the exit";
                self.report(code::BELT_OUTFLOW, stock, def.span, message, hint);
                return None;
            }
            [_, (_, place), ..] => {
                let message = format!("conveyor `{name}` has {} outflows at its exit", found.outflows.len());
                let hint = "mark all outflows but one with `<leak>`";
                self.report(code::BELT_OUTFLOW, stock, *place, message, hint);
                return None;
            }
        }
        if self.world.belt_part(stock, BeltPart::Transit).is_none() && !self.world.def(stock).reported {
            let message = format!("conveyor `{name}` has no transit time");
            self.report(code::BELT_TRANSIT, stock, def.span, message, "write it in `<len>`");
            return None;
        }
        Some(())
    }

    /// All variables of what a belt begins with.
    fn initial(&self, found: &Found<'_>) -> Vec<VarId> {
        let first = self.world.scope(self.world.owner(found.stock)).first_var;
        let is_initial = |(what, _): &&(BeltPart, u32)| *what == BeltPart::Initial;
        found.def.parts.iter().filter(is_initial).map(|&(_, position)| VarId(first + position)).collect()
    }

    /// The variable of the equation that has been taken out of a flow.
    fn part_of_flow(&self, flow: VarId) -> Option<VarId> {
        self.draft.part_of_flow(self.world, flow)
    }

    fn writer(&self, found: &Found<'_>) -> Writer {
        Writer::new(self.draft.var(found.stock).dims.len(), found.def.span)
    }

    fn set(&mut self, var: VarId, writer: Writer) {
        let region = piece::whole_region(&self.draft.var(var).dims, &self.draft.dims);
        self.draft.var_mut(var).def = Def::Formula(vec![Piece::new(region, writer.expr)]);
    }

    fn set_contents(&mut self, found: &Found<'_>) {
        let mut writer = self.writer(found);
        writer.read(found.state, BeltPort::Contents, Vec::new());
        self.set(found.stock, writer);
    }

    /// Whether the conveyor that a flow enters is arrested; nothing when it enters none that can be.
    fn arrest_behind(&self, flow: VarId) -> Option<VarId> {
        let (belt, _) = self.at.get(&flow)?;
        let behind = &self.belts[*belt];
        self.world.belt_part(behind.stock, BeltPart::Arrest)
    }

    /// The fractions of all leaks, 0 for one into a conveyor that is arrested.
    fn push_fractions(&self, found: &Found<'_>, writer: &mut Writer, args: &mut Vec<NodeId>) {
        for &(leak, _) in &found.leaks {
            let fraction = self.part_of_flow(leak);
            let mut fraction = writer.var_or(fraction, 0.0);
            if let Some(arrest) = self.arrest_behind(leak) {
                let (cond, zero) = (writer.var(arrest), writer.number(0.0));
                fraction = writer.push(ExprKind::If { cond, then: zero, otherwise: fraction });
            }
            args.push(fraction);
        }
    }

    /// `arrest, capacity, in_limit, time, removed`
    fn push_entry(&self, found: &Found<'_>, writer: &mut Writer, args: &mut Vec<NodeId>) {
        let part = |what| self.world.belt_part(found.stock, what);
        args.push(writer.var_or(part(BeltPart::Arrest), 0.0));
        args.push(writer.var_or(part(BeltPart::Capacity), f64::INFINITY));
        args.push(writer.var_or(part(BeltPart::InLimit), f64::INFINITY));
        args.push(writer.push(ExprKind::Time));
        let removed = [found.outflows.as_slice(), &found.leaks].concat();
        args.push(writer.sum(&removed));
    }

    /// What is known of each inflow before the turn of one of them: the rates of those that other belts drive, what the others
    /// ask for, and 0 for what comes later.
    fn push_inflows(&self, found: &Found<'_>, turn: usize, writer: &mut Writer, args: &mut Vec<NodeId>) {
        let is_serving = self.kind(found, turn) == SERVED;
        for (position, &(flow, _)) in found.inflows.iter().enumerate() {
            let kind = self.kind(found, position);
            let is_known = match kind {
                DRIVEN => true,
                SERVED => !is_serving || position < turn,
                _ => !is_serving && position <= turn,
            };
            args.push(match is_known {
                false => writer.number(0.0),
                true if kind == ASKS => {
                    let request = self.part_of_flow(flow);
                    writer.var_or(request, 0.0)
                }
                true => writer.var(flow),
            });
        }
    }

    /// What an inflow of a conveyor is.
    fn kind(&self, found: &Found<'_>, position: usize) -> f64 {
        let Some(&(flow, _)) = found.inflows.get(position) else { return ASKS };
        let source =
            self.belts.iter().find(|belt| belt.outflows.iter().chain(&belt.leaks).any(|(out, _)| *out == flow));
        match source {
            Some(belt) if belt.def.is_queue => SERVED,
            Some(_) => DRIVEN,
            None => ASKS,
        }
    }

    fn resolve_conveyor(&mut self, index: usize) {
        let belts = self.belts;
        let found = &belts[index];
        self.set_contents(found);
        let part = |what| self.world.belt_part(found.stock, what);
        let arrest = part(BeltPart::Arrest);
        let (transit, sample) = (part(BeltPart::Transit), part(BeltPart::Sample));
        let (capacity, in_limit) = (part(BeltPart::Capacity), part(BeltPart::InLimit));
        let (exit, _) = found.outflows[0];
        let held = self.arrest_behind(exit);

        let mut writer = self.writer(found);
        let mut args = vec![writer.var_or(arrest, 0.0), writer.var_or(held, 0.0)];
        self.push_fractions(found, &mut writer, &mut args);
        writer.read(found.state, BeltPort::Outflow, args);
        self.set(exit, writer);

        for (number, &(leak, _)) in found.leaks.iter().enumerate() {
            let mut writer = self.writer(found);
            let mut args = vec![writer.number(number as f64), writer.var_or(arrest, 0.0)];
            self.push_fractions(found, &mut writer, &mut args);
            writer.read(found.state, BeltPort::Leak, args);
            self.set(leak, writer);
        }

        for (position, &(flow, _)) in found.inflows.iter().enumerate() {
            if self.kind(found, position) != ASKS {
                continue;
            }
            let mut writer = self.writer(found);
            let mut args = vec![writer.number(position as f64)];
            self.push_entry(found, &mut writer, &mut args);
            self.push_inflows(found, position, &mut writer, &mut args);
            writer.read(found.state, BeltPort::Admit, args);
            self.set(flow, writer);
        }

        let start = self.charge_of(found);
        let mut advance = Vec::new();
        let mut push = |writer: Writer| advance.push(writer.expr);
        for (var, default) in [(held, 0.0), (sample, 1.0), (transit, 0.0)] {
            let mut writer = self.writer(found);
            writer.var_or(var, default);
            push(writer);
        }
        for leak in 0..found.leaks.len() {
            let mut writer = self.writer(found);
            let only = Found { leaks: vec![found.leaks[leak]], inflows: Vec::new(), outflows: Vec::new(), ..*found };
            self.push_fractions(&only, &mut writer, &mut Vec::new());
            push(writer);
        }
        for entry in 0..5 {
            let mut writer = self.writer(found);
            match entry {
                0 => writer.var_or(arrest, 0.0),
                1 => writer.var_or(capacity, f64::INFINITY),
                2 => writer.var_or(in_limit, f64::INFINITY),
                3 => writer.push(ExprKind::Time),
                _ => writer.sum(&[found.outflows.as_slice(), &found.leaks].concat()),
            };
            push(writer);
        }
        for (position, &(flow, _)) in found.inflows.iter().enumerate() {
            let asks = self.kind(found, position) == ASKS;
            let mut writer = self.writer(found);
            if let Some((source, leak)) = self.source(found, flow) {
                self.write_trace(found, position, source, leak, &mut writer);
                push(writer);
                continue;
            }
            writer.var_or(if asks { self.part_of_flow(flow) } else { Some(flow) }, 0.0);
            push(writer);
        }
        let cells = self.slats(found, transit);
        let belt = self.belt_mut(found);
        belt.cells = cells;
        belt.leaks = u32::try_from(found.leaks.len()).expect("leaks are bounded");
        belt.inflows = u32::try_from(found.inflows.len()).expect("inflows are bounded");
        (belt.start, belt.advance) = (start, advance);
    }

    /// The conveyor from which a flow leaks that is spread as it leaked, and which of its leaks it is.
    fn source(&self, found: &Found<'_>, flow: VarId) -> Option<(usize, usize)> {
        let Some(Spread::Source(_)) = self.world.def(flow).spread else { return None };
        let leak_of = |belt: &Found<'_>| belt.leaks.iter().position(|&(leak, _)| leak == flow);
        let mut others = self.belts.iter().enumerate().filter(|(_, belt)| belt.stock != found.stock);
        others.find_map(|(index, belt)| Some((index, leak_of(belt)?)))
    }

    /// What leaks from another conveyor, as its `Leak` port has it, noted with the inflow.
    fn write_trace(&self, found: &Found<'_>, position: usize, source: usize, leak: usize, writer: &mut Writer) {
        let source = &self.belts[source];
        let mut args = vec![writer.number(position as f64), writer.number(leak as f64)];
        args.push(writer.var_or(self.world.belt_part(source.stock, BeltPart::Arrest), 0.0));
        self.push_fractions(source, writer, &mut args);
        writer.read(source.state, BeltPort::Trace(found.state), args);
    }

    fn belt_mut(&mut self, found: &Found<'_>) -> &mut Belt {
        let StateKind::Belt(id) = self.draft.states[found.state.0 as usize].kind else {
            unreachable!("the state is a belt's")
        };
        &mut self.draft.belts[id.0 as usize]
    }

    /// The numbers with which a conveyor is charged: see [`Belt::start`].
    fn charge_of(&mut self, found: &Found<'_>) -> Vec<Expr> {
        let def = found.def;
        let span = def.span;
        let part = |what| self.world.belt_part(found.stock, what);
        let flags =
            [(def.discrete, DISCRETE), (def.exponential_leak, EXPONENTIAL), (def.ignores_losses, IGNORES_LOSSES)];
        let flags = flags.iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| flag).sum();
        let (transit, entries, initial) = (part(BeltPart::Transit), part(BeltPart::Entries), self.initial(found));
        if let (Some(_), Some(transit)) = (entries, transit)
            && !self.is_number(transit)
        {
            let name = self.world.var_name(found.stock);
            let message = format!("conveyor `{name}` begins with a list, but its transit time is no number");
            let hint = "write the transit time as a number, or a single initial value";
            self.report(code::BELT_INITIAL, found.stock, span, message, hint);
        }
        let mut spreads = Vec::new();
        let mut tables = Vec::new();
        let mut notes = 0;
        for (position, &(flow, _)) in found.inflows.iter().enumerate() {
            spreads.push(self.kind(found, position));
            spreads.push(self.spread(found, flow, &mut tables));
            let belts = self.belts;
            let noted = self.source(found, flow).map(|(source, _)| &belts[source]);
            let slats =
                noted.map_or(0, |source| self.slats(source, self.world.belt_part(source.stock, BeltPart::Transit)));
            spreads.push(f64::from(slats));
            notes += if noted.is_some() { 1 + slats } else { 0 };
        }
        let rank = self.draft.var(found.stock).dims.len();
        let var = |var: Option<VarId>, default: f64| {
            let mut writer = Writer::new(rank, span);
            writer.var_or(var, default);
            writer.expr
        };
        let number = |value: f64| Expr::number(value, span);
        let mut start = vec![number(flags), var(transit, 0.0), number(found.leaks.len() as f64)];
        start.extend([number(found.inflows.len() as f64), number(tables.len() as f64), var(entries, 0.0)]);
        for &(leak, _) in &found.leaks {
            if let Some(leak) = self.world.def(leak).leak {
                let integers = f64::from(u8::from(leak.integers && !def.exponential_leak));
                start.extend([leak.start, leak.end, integers].map(number));
            }
        }
        start.extend(spreads.into_iter().map(number));
        let mut extra = 0;
        for (xs, ys) in &tables {
            start.push(number(xs.len() as f64));
            start.extend(xs.iter().chain(ys).copied().map(number));
            extra += xs.len();
        }
        for &(leak, _) in &found.leaks {
            start.push(var(self.part_of_flow(leak), 0.0));
        }
        start.extend(initial.into_iter().map(|initial| var(Some(initial), 0.0)));
        let belt = self.belt_mut(found);
        belt.tables = tables.len() as u32;
        belt.points = extra as u32;
        belt.notes = notes;
        start
    }

    /// Where an inflow enters.
    fn spread(&mut self, found: &Found<'_>, flow: VarId, tables: &mut Vec<(Vec<f64>, Vec<f64>)>) -> f64 {
        match &self.world.def(flow).spread {
            None | Some(Spread::Beginning) => AT_ENTRY,
            Some(Spread::Even) => EVEN,
            Some(Spread::Dest) => AS_THERE,
            Some(Spread::Source(_)) if self.source(found, flow).is_some() => AS_LEAKED,
            Some(Spread::Source(place)) => {
                let message = format!("flow `{}` is no leak of another conveyor", self.world.var_name(flow));
                let hint = "only what leaks from another conveyor can be put where it was there; write `even`, `dest` or `dist`";
                self.report(code::BELT_FLOW, found.stock, *place, message, hint);
                AT_ENTRY
            }
            Some(Spread::Dist(name, place)) => {
                let scope = self.world.owner(flow);
                let target = name.as_ref().map(|name| self.world.resolve_name(scope, name));
                let table = match target {
                    Some(Target::Var(var)) => self.draft.shared_table(var),
                    Some(Target::Module | Target::Missing(..)) | None => None,
                };
                let Some(table) = table else {
                    let message = format!("flow `{}` names no graphical function", self.world.var_name(flow));
                    let hint = "name the graphical function of the distribution in `<isee:distrib_eq>`";
                    self.report(code::TABLE_EXPECTED, flow, *place, message, hint);
                    return AT_ENTRY;
                };
                let table = &self.draft.tables[table.0 as usize];
                tables.push((table.xs.clone(), table.ys.clone()));
                BY_TABLE + (tables.len() - 1) as f64
            }
        }
    }

    /// Whether a variable is a number for each of its elements.
    fn is_number(&self, var: VarId) -> bool {
        let none = vec![None; self.draft.vars.len()];
        let Def::Formula(pieces) = &self.draft.var(var).def else { return false };
        pieces.iter().all(|piece| constant::eval_constant(&piece.expr, &none).is_some())
    }

    /// Room for so many slats: what the transit time needs when it is a number, else several times the steps of a run, and several
    /// times what the defaults of constants would need.
    fn slats(&mut self, found: &Found<'_>, transit: Option<VarId>) -> u32 {
        let Some(transit) = transit else { return 1 };
        let Def::Formula(pieces) = &self.draft.var(transit).def else { return 1 };
        let none = vec![None; self.draft.vars.len()];
        let mut most = 1.0_f64;
        let mut is_known = true;
        let (mut fault, mut rounded) = (None, None);
        for piece in pieces {
            let known = constant::eval_constant(&piece.expr, &none);
            is_known &= known.is_some();
            let value = known.or_else(|| constant::eval_constant(&piece.expr, &self.defaults(&piece.expr)));
            let Some(value) = value else { continue };
            let slats = (value / self.time.dt + 0.5).floor();
            let place = piece.expr.node(piece.expr.root()).span;
            rounded = rounded.or((value > 0.0 && self.is_between_steps(value)).then_some((value, place)));
            if known.is_some() && !(value > 0.0 && slats <= MAX_SLATS) || slats > MAX_SLATS {
                fault = Some((value, place));
            }
            most = most.max(if known.is_some() { slats } else { RUNS * slats });
        }
        if let Some((value, place)) = fault {
            let name = self.world.var_name(found.stock);
            let message = format!("the transit time of conveyor `{name}` is {}", Shown(value));
            let hint = format!("it must be above 0 and at most {MAX_SLATS} steps long");
            self.report(code::BELT_TRANSIT, found.stock, place, message, &hint);
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
        let name = self.world.var_name(found.stock);
        let [transit, dt, travelled] = [transit, dt, slats * dt].map(Shown);
        let message = format!("the transit time of conveyor `{name}` is {transit}, which is no whole number of steps");
        let warning = Diagnostic::warning(code::BELT_ROUNDED, place, message)
            .with_label(format!("what is on it travels for {slats} steps of {dt}, that is for {travelled}"))
            .with_hint("use a multiple of the time step, or a time step that divides the transit time")
            .with_variable(name);
        self.problems.report(warning);
    }

    /// The defaults of the constants that an expression reads.
    fn defaults(&self, expr: &Expr) -> Vec<Option<f64>> {
        let mut defaults = vec![None; self.draft.vars.len()];
        for node in &expr.nodes {
            if let ExprKind::Var(var, _) = node.kind
                && let Def::Constant(values) = &self.draft.var(var).def
            {
                defaults[var.0 as usize] = values.iter().copied().reduce(f64::max);
            }
        }
        defaults
    }

    fn resolve_queue(&mut self, index: usize) {
        let belts = self.belts;
        let found = &belts[index];
        self.set_contents(found);
        for (position, &(flow, place)) in found.outflows.iter().enumerate() {
            let mut writer = self.writer(found);
            let is_overflow = self.world.def(flow).overflow;
            match self.at.get(&flow).copied() {
                Some((belt, _)) if !belts[belt].def.is_queue && (is_overflow || !belts[belt].def.discrete) => {
                    let (flow, behind) = (self.world.var_name(flow), self.world.var_name(belts[belt].stock));
                    let (message, hint) = if is_overflow {
                        (format!("overflow `{flow}` enters conveyor `{behind}`"), "let it flow into a stock or a queue")
                    } else {
                        let hint = "write `discrete=\"true\"` on the conveyor";
                        (format!("queue outflow `{flow}` enters conveyor `{behind}`, which is not discrete"), hint)
                    };
                    self.report(code::QUEUE_TARGETS, found.stock, place, message, hint);
                }
                _ if is_overflow => self.write_overflow(found, position, &mut writer),
                _ => _ = self.write_turn(found, position, BeltPort::Serve, &mut writer),
            }
            if writer.expr.nodes.is_empty() {
                writer.number(0.0);
            }
            self.set(flow, writer);
        }
        let initial = self.initial(found);
        let mut start = self.writer(found);
        start.var_or(initial.first().copied(), 0.0);
        let (mut inflow, mut outflow) = (self.writer(found), self.writer(found));
        self.write_inflow(found, &mut inflow);
        outflow.sum(&found.outflows);
        let cells = u32::try_from(self.time.n_steps.saturating_add(2).min(MAX_BATCHES)).expect("batches are bounded");
        let belt = self.belt_mut(found);
        belt.cells = cells;
        (belt.start, belt.advance) = (vec![start.expr], vec![inflow.expr, outflow.expr]);
    }

    /// The sum of what flows into a queue, no flow below 0.
    fn write_inflow(&self, found: &Found<'_>, writer: &mut Writer) -> NodeId {
        let mut sum = None;
        for &(flow, _) in &found.inflows {
            let (zero, rate) = (writer.number(0.0), writer.var(flow));
            let rate = writer.push(ExprKind::Call(PureFn::Max, vec![zero, rate]));
            sum = Some(sum.map_or(rate, |sum| writer.push(ExprKind::Binary(BinaryOp::Add, sum, rate))));
        }
        sum.unwrap_or_else(|| writer.number(0.0))
    }

    /// What an outflow takes, or is refused, when its turn comes.
    fn write_turn(&self, found: &Found<'_>, position: usize, port: BeltPort, writer: &mut Writer) -> NodeId {
        let (flow, _) = found.outflows[position];
        let inflow = self.write_inflow(found, writer);
        let before = writer.sum(&found.outflows[..position]);
        let mut args = vec![inflow, before];
        match self.at.get(&flow).copied() {
            Some((belt, turn)) if !self.belts[belt].def.is_queue => {
                let behind = &self.belts[belt];
                let mut entry = Vec::new();
                self.push_entry(behind, writer, &mut entry);
                self.push_inflows(behind, turn, writer, &mut entry);
                args.push(writer.read(behind.state, BeltPort::Room, entry));
                args.push(writer.number(f64::from(u8::from(behind.def.one_at_a_time))));
                args.push(writer.number(f64::from(u8::from(behind.def.batch_integrity))));
            }
            _ => args.extend([writer.number(f64::INFINITY), writer.number(0.0), writer.number(0.0)]),
        }
        writer.read(found.state, port, args)
    }

    /// What the outflows before it were refused, as far as it is still there.
    fn write_overflow(&self, found: &Found<'_>, position: usize, writer: &mut Writer) {
        let mut refused = None;
        for earlier in 0..position {
            let (flow, _) = found.outflows[earlier];
            let enters_conveyor = self.at.get(&flow).is_some_and(|(belt, _)| !self.belts[*belt].def.is_queue);
            if enters_conveyor {
                let term = self.write_turn(found, earlier, BeltPort::Refuse, writer);
                refused = Some(refused.map_or(term, |sum| writer.push(ExprKind::Binary(BinaryOp::Add, sum, term))));
            }
        }
        let refused = refused.unwrap_or_else(|| writer.number(0.0));
        let left = self.write_turn(found, position, BeltPort::Serve, writer);
        writer.push(ExprKind::Call(PureFn::Min, vec![left, refused]));
    }
}
