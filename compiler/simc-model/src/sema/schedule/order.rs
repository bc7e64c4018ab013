//! Orders of evaluation: within a step, and for what is needed before the first one.
//!
//! Whole variables are ordered first. Where they form a cycle, the arrays in it are ordered clause by clause. Clauses whose elements read
//! one another at even distances are computed together, position by position. Where that does not help either, clauses are cut into
//! elements, of which computed subscripts and ends of ranges may be known, at last from the numbers of constants; what is a cycle then is
//! one of elements.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, code};
use crate::model::{Def, Expr, Node, Recurrence, RecurrenceId, StateId, StateKind, TimeSpec, VarId};
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::base::graph::{self, Dependencies};
use crate::sema::base::region;
use crate::sema::base::work::Work;
use crate::sema::builder::dependency::{EvalNode, EvalNodes, Phase, dependencies, dependencies_in_parts, owner};
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::builder::split;
use crate::sema::schedule::cycle;
use crate::sema::schedule::recurrence::{Cuts, Cycle};

/// How many elements may be ordered one by one in a cycle of variables.
const MAX_CIRCLE: u64 = 4096;

/// How many elements may be ordered one by one in all cycles of variables.
const MAX_CUT: u64 = 1 << 16;

/// Both orders.
pub(in crate::sema) struct Orders {
    /// What is computed in a step: every variable but stocks and tables, and every state.
    pub(in crate::sema) step: Vec<Node>,
    /// What the initial values of stocks and the starts of states need.
    pub(in crate::sema) init: Vec<Node>,
    /// The recurrences of both.
    pub(in crate::sema) recurrences: Vec<Recurrence>,
}

/// Finds both orders. A cycle that holds part of one within a step is not reported again for the start.
pub(in crate::sema) fn resolve_orders(
    builder: &mut ModelBuilder,
    time: &TimeSpec,
    diagnostics: &mut Diagnostics,
) -> Orders {
    let mut work = Work::whole();
    let mut step = Graph::whole(builder, Phase::Step);
    step.refine(builder, time, &mut work, diagnostics);
    let mut in_cycle = BTreeSet::new();
    for cycle in step.cycles().filter(|cycle| !step.is_refused(builder, cycle)) {
        cycle::report(builder, &step.units, cycle, &step.dependencies, Phase::Step, diagnostics);
        in_cycle.extend(cycle.iter().map(|&unit| owner(builder, step.units.unit(unit))));
    }
    let mut init = Graph::whole(builder, Phase::Initial);
    // What one phase cuts the other one has to look at again.
    while init.refine(builder, time, &mut work, diagnostics) {
        step.look_again(builder, diagnostics);
        if !step.refine(builder, time, &mut work, diagnostics) {
            break;
        }
        init.look_again(builder, diagnostics);
    }
    for cycle in init.cycles() {
        if init.is_refused(builder, cycle) {
            continue;
        }
        if !cycle.iter().any(|&unit| in_cycle.contains(&owner(builder, init.units.unit(unit)))) {
            cycle::report(builder, &init.units, cycle, &init.dependencies, Phase::Initial, diagnostics);
        }
    }
    let mut recurrences = Vec::new();
    Orders { step: step.order(&mut recurrences), init: init.order(&mut recurrences), recurrences }
}

/// What depends on what in a phase.
struct Graph {
    phase: Phase,
    /// The variables that are ordered clause by clause.
    refined: BTreeSet<VarId>,
    /// The conveyors and queues that are ordered element by element.
    in_elements: BTreeSet<StateId>,
    units: EvalNodes,
    dependencies: Dependencies,
    components: Vec<Vec<u32>>,
    /// How cycles are computed that are none of elements, by their first units.
    recurrences: BTreeMap<u32, Recurrence>,
    /// Variables of cycles that are too large to be ordered, which has been reported.
    refused: BTreeSet<VarId>,
    /// How many elements have been cut apart.
    n_cut: u64,
    /// Whether clauses and elements read too many others, which has been reported: nothing is looked at more closely.
    is_given_up: bool,
}

impl Graph {
    /// Of whole variables.
    fn whole(builder: &ModelBuilder, phase: Phase) -> Self {
        let units = EvalNodes::whole(builder, phase);
        let dependencies = dependencies(builder, phase, &units);
        Self::new(builder, phase, units, dependencies)
    }

    /// Of some variables in clauses, and of some conveyors and queues in elements. Nothing when these read too many others.
    fn in_parts(
        builder: &ModelBuilder,
        phase: Phase,
        refined: BTreeSet<VarId>,
        in_elements: BTreeSet<StateId>,
    ) -> Option<Self> {
        let units = EvalNodes::new(builder, phase, &refined, &in_elements);
        let dependencies = dependencies_in_parts(builder, phase, &units)?;
        Some(Self { refined, in_elements, ..Self::new(builder, phase, units, dependencies) })
    }

    fn new(builder: &ModelBuilder, phase: Phase, units: EvalNodes, dependencies: Dependencies) -> Self {
        let is_root = |&unit: &u32| match units.unit(unit) {
            EvalNode::State(_) | EvalNode::Element(..) => true,
            EvalNode::Var(id) | EvalNode::Clause(id, _) => match (&builder.var(id).def, phase) {
                (Def::Formula(_) | Def::Constant(_), Phase::Step) | (Def::Stock { .. }, Phase::Initial) => true,
                (Def::Formula(_) | Def::Constant(_), Phase::Initial)
                | (Def::Stock { .. }, Phase::Step)
                | (Def::Lookup(_), _) => false,
            },
        };
        let components = graph::components(&dependencies, units.all().filter(is_root));
        let cycles = components.iter().filter(|component| graph::is_cycle(component, &dependencies));
        let recurrence_of =
            |cycle: &Vec<u32>| Some((cycle[0], Cycle::new(builder, &units, phase, cycle)?.recurrence()?));
        let recurrences = cycles.filter_map(recurrence_of).collect();
        Self {
            phase,
            refined: BTreeSet::new(),
            in_elements: BTreeSet::new(),
            units,
            dependencies,
            components,
            recurrences,
            refused: BTreeSet::new(),
            n_cut: 0,
            is_given_up: false,
        }
    }

    /// Looks at a draft whose clauses have been cut since.
    fn look_again(&mut self, builder: &ModelBuilder, diagnostics: &mut Diagnostics) {
        if self.is_given_up {
            return;
        }
        let (mut refused, n_cut) = (std::mem::take(&mut self.refused), self.n_cut);
        let (refined, in_elements) = (std::mem::take(&mut self.refined), std::mem::take(&mut self.in_elements));
        let known: Vec<VarId> =
            refined.iter().copied().chain(in_elements.iter().map(|id| builder.states[id.0 as usize].owner)).collect();
        *self = match Self::in_parts(builder, self.phase, refined, in_elements) {
            Some(graph) => Self { refused, n_cut, ..graph },
            None => {
                if let Some(first) = known.iter().copied().min() {
                    diagnostics.report(many_reads(builder, first));
                }
                refused.extend(known);
                Self { refused, is_given_up: true, ..Self::whole(builder, self.phase) }
            }
        };
    }

    fn cycles(&self) -> impl Iterator<Item = &Vec<u32>> {
        let is_cycle = |cycle: &&Vec<u32>| graph::is_cycle(cycle, &self.dependencies);
        self.components.iter().filter(is_cycle).filter(|cycle| !self.recurrences.contains_key(&cycle[0]))
    }

    fn is_refused(&self, builder: &ModelBuilder, cycle: &[u32]) -> bool {
        cycle.iter().any(|&unit| self.refused.contains(&owner(builder, self.units.unit(unit))))
    }

    fn order(&self, recurrences: &mut Vec<Recurrence>) -> Vec<Node> {
        let mut order = Vec::with_capacity(self.units.all().len());
        for component in &self.components {
            match self.recurrences.get(&component[0]) {
                // A clause that reads its own earlier elements is computed like any other.
                Some(recurrence) if recurrence.clauses.len() > 1 || recurrence.descends.contains(&true) => {
                    order.push(Node::Recurrence(RecurrenceId(
                        u32::try_from(recurrences.len()).expect("fewer than 2^32 recurrences"),
                    )));
                    recurrences.push(recurrence.clone());
                }
                _ => order.extend(component.iter().map(|&unit| match self.units.unit(unit) {
                    EvalNode::Var(id) => Node::Var(id),
                    EvalNode::Clause(id, index) => Node::Clause(id, index),
                    EvalNode::State(id) => Node::State(id),
                    EvalNode::Element(id, element) => Node::Element(id, element),
                })),
            }
        }
        order
    }

    /// Looks at arrays in cycles more closely until no cycle is left or nothing is left to look at. Says whether anything was
    /// cut.
    fn refine(
        &mut self,
        builder: &mut ModelBuilder,
        time: &TimeSpec,
        work: &mut Work,
        diagnostics: &mut Diagnostics,
    ) -> bool {
        let mut has_cut = false;
        while !self.is_given_up {
            let cycles: Vec<Vec<u32>> = self.cycles().cloned().collect();
            let mut refined = std::mem::take(&mut self.refined);
            let known = refined.clone();
            let n_in_elements = self.in_elements.len();
            let mut cuts = Cuts::new();
            for cycle in &cycles {
                let is_refused =
                    self.refine_cycle(builder, cycle, &mut refined, (&mut cuts, work), diagnostics).is_err();
                if is_refused {
                    self.refused.extend(cycle.iter().map(|&unit| owner(builder, self.units.unit(unit))));
                }
            }
            let has_more = self.in_elements.len() > n_in_elements;
            let is_final = refined.len() == known.len() && cuts.is_empty() && !has_more;
            has_cut |= !cuts.is_empty();
            for var in refined.difference(&known) {
                split::pin(builder, *var, self.phase);
            }
            for (var, clauses) in &cuts {
                split::split(builder, *var, self.phase, |clause, _| clauses.get(&clause).cloned());
            }
            if is_final {
                let unsolved = self.cycles().flatten().map(|&unit| owner(builder, self.units.unit(unit))).collect();
                if !split::apply_numbers(builder, &unsolved, self.phase, time) {
                    self.refined = refined;
                    return has_cut;
                }
                has_cut = true;
            }
            self.refined = refined;
            self.look_again(builder, diagnostics);
        }
        has_cut
    }

    /// Chooses what to look at in a cycle: the clauses of its arrays; once they are known apart, parts of them that have one region; or
    /// their elements.
    fn refine_cycle(
        &mut self,
        builder: &ModelBuilder,
        cycle: &[u32],
        refined: &mut BTreeSet<VarId>,
        (cuts, work): (&mut Cuts, &mut Work),
        diagnostics: &mut Diagnostics,
    ) -> Result<(), TooLarge> {
        let n_before = refined.len() + self.in_elements.len();
        let mut n_elements = 0_u64;
        let mut clauses = Vec::new();
        for &unit in cycle {
            match self.units.unit(unit) {
                EvalNode::Var(id) if self.units.n_clauses(builder, id) > 0 && !builder.var(id).dims.is_empty() => {
                    refined.insert(id);
                }
                EvalNode::Clause(id, index) => {
                    let n = region::count(&self.units.clause(builder, id, index).region);
                    n_elements = n_elements.saturating_add(n);
                    if n > 1 {
                        clauses.push((id, index));
                    }
                }
                EvalNode::State(id) => self.look_into(builder, id, work),
                EvalNode::Var(_) | EvalNode::Element(..) => {}
            }
        }
        if refined.len() + self.in_elements.len() > n_before || clauses.is_empty() {
            return Ok(());
        }
        let even = Cycle::new(builder, &self.units, self.phase, cycle);
        if let Some(parts) = even.as_ref().and_then(|even| even.align(MAX_CIRCLE)) {
            let n_parts = |id: VarId, index: u32| parts.get(&id)?.get(&index).map(|parts| parts.len() as u64);
            self.n_cut += clauses.iter().filter_map(|&(id, index)| n_parts(id, index)).sum::<u64>();
            self.pay(builder, &clauses, |id, index, _| n_parts(id, index).unwrap_or(0), (work, diagnostics))?;
            for (var, parts) in parts {
                cuts.entry(var).or_default().extend(parts);
            }
            return Ok(());
        }
        if n_elements > MAX_CIRCLE || self.n_cut + n_elements > MAX_CUT {
            match even.as_ref().and_then(Cycle::same_element) {
                Some((cycle, dependencies)) => {
                    cycle::report(builder, &self.units, &cycle, &dependencies, self.phase, diagnostics);
                }
                None => diagnostics.report(large_cycle(builder, clauses[0].0, n_elements)),
            }
            return Err(TooLarge);
        }
        self.n_cut += n_elements;
        self.pay(builder, &clauses, |_, _, n_elements| n_elements, (work, diagnostics))?;
        for (var, index) in clauses {
            let elements = region::elements_of(&self.units.clause(builder, var, index).region);
            cuts.entry(var).or_default().insert(index, elements);
        }
        Ok(())
    }
}

impl Graph {
    /// Orders a conveyor or queue element by element, unless it has too many.
    fn look_into(&mut self, builder: &ModelBuilder, id: StateId, work: &mut Work) {
        let state = &builder.states[id.0 as usize];
        let n = region::count(&state.extents);
        let is_small = n > 1 && n <= MAX_CIRCLE && self.n_cut + n <= MAX_CUT;
        if let (Phase::Initial, true, StateKind::Transport(transport)) = (self.phase, is_small, state.kind) {
            // Each element is looked at as often as the elements of others are cut.
            let starts = builder.transports[transport.0 as usize].start_exprs();
            let n_nodes: u64 = state.start_exprs().chain(starts).map(Expr::n_nodes).sum();
            if work.take_copies(n.saturating_mul(n_nodes)).is_some() {
                self.n_cut += n;
                self.in_elements.insert(id);
            }
        }
    }

    /// Takes the copies of clauses that are cut into parts from the work of the model. An error when that is too much.
    fn pay(
        &self,
        builder: &ModelBuilder,
        clauses: &[(VarId, u32)],
        n_parts: impl Fn(VarId, u32, u64) -> u64,
        (work, diagnostics): (&mut Work, &mut Diagnostics),
    ) -> Result<(), TooLarge> {
        let mut n_nodes = 0_u64;
        for &(id, index) in clauses {
            let clause = self.units.clause(builder, id, index);
            let n = n_parts(id, index, region::count(&clause.region));
            if n > 1 {
                n_nodes = n_nodes.saturating_add(n.saturating_mul(split::n_nodes(builder, clause)));
            }
        }
        if work.take_copies(n_nodes).is_none() {
            diagnostics.report(long_equations(builder, clauses[0].0));
            return Err(TooLarge);
        }
        Ok(())
    }
}

/// A cycle has too many elements; it has been reported.
struct TooLarge;

fn large_cycle(builder: &ModelBuilder, var: VarId, n: u64) -> Diagnostic {
    let hint = format!("up to {MAX_CIRCLE} elements are ordered one by one, and {MAX_CUT} in the whole model");
    too_large(builder, var, format!("{n} elements depend on one another")).with_hint(hint)
}

fn long_equations(builder: &ModelBuilder, var: VarId) -> Diagnostic {
    too_large(builder, var, "the equations of these elements are too long together".to_owned())
        .with_hint("let long parts of the equation be a variable of its own, which does not depend on the array")
}

fn many_reads(builder: &ModelBuilder, var: VarId) -> Diagnostic {
    too_large(builder, var, "elements that depend on one another read too many others".to_owned())
        .with_hint("read sums and other values of many elements from a variable that does not depend on them")
}

fn too_large(builder: &ModelBuilder, var: VarId, label: String) -> Diagnostic {
    let var = builder.var(var);
    let message =
        format!("`{}` depends on itself or on arrays that depend on it, and is too large to be ordered", var.name);
    Diagnostic::error(code::LARGE_CYCLE, var.span, message).with_label(label).with_variable(var.name.clone())
}
