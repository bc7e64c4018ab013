//! What a role has to compute: one equation over a box of elements each.

use simc_model::model::{
    Base, Clause, Def, Expr, ExprKind, Extent, Index, Method, Model, RecurrenceId, StateId, StateKind, Transport, VarId,
};

use super::transport_args::{Taken, n_known, taken_at_start, taken_in_step};
use super::visit;

/// Something with elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    Var(VarId),
    State(StateId),
}

/// What is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// A settable constant, from its param.
    Param(VarId),
    /// A clause of a formula.
    Formula(VarId, u32),
    /// A clause of a formula at t = start.
    First(VarId, u32),
    /// A clause of a stock's start.
    Init(VarId, u32),
    /// A clause of a stock's rate.
    Net(VarId, u32),
    /// What is watched, by its index.
    Watch(u32),
    /// What a state remembers at first.
    Start(StateId),
    /// A state's value in a step.
    Value(StateId),
    /// What a state does at the end of a step.
    Advance(StateId),
}

/// A piece of work.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) work: Work,
    /// The elements that it computes: one extent for each dimension or loop.
    pub(super) region: Vec<Extent>,
    /// The recurrence that it is a part of.
    pub(super) recurrence: Option<RecurrenceId>,
}

/// Where along a dimension something is read, as seen from a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Along {
    /// At one position.
    At(u32),
    /// Where the n-th loop of the nest is, which covers these positions.
    Loop { nth: usize, start: u32, len: u32 },
    /// Anywhere within these positions.
    Within { start: u32, len: u32 },
    /// Anywhere.
    Anywhere,
}

/// Elements that a task reads.
#[derive(Clone, Debug)]
pub(super) struct Read {
    pub(super) target: Target,
    pub(super) along: Vec<Along>,
    /// Whether it happens inside a reducer.
    pub(super) is_inside: bool,
}

/// How what is read lies to what is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// Nothing in common.
    Apart,
    /// In each pass exactly the element of the pass.
    Same,
    /// Other elements.
    Other,
}

impl Task {
    /// Work that shares its loops with nothing that it needs at other positions.
    pub(super) fn new(work: Work, region: Vec<Extent>) -> Self {
        Self { work, region, recurrence: None }
    }

    /// The value that it gives, unless it is an effect.
    pub(super) fn target(&self) -> Option<Target> {
        match self.work {
            Work::Param(id) | Work::Formula(id, _) | Work::First(id, _) | Work::Init(id, _) => Some(Target::Var(id)),
            Work::Start(id) | Work::Value(id) => Some(Target::State(id)),
            Work::Net(..) | Work::Watch(_) | Work::Advance(_) => None,
        }
    }

    /// What it changes at the end of the evaluation, at once: under Runge-Kutta pipelines and held values wait for the end of the step.
    pub(super) fn changed(&self, model: &Model) -> Option<Target> {
        match self.work {
            Work::Net(id, _) => Some(Target::Var(id)),
            Work::Advance(id) => {
                let waits = matches!(
                    model.state(id).kind,
                    StateKind::Pipeline | StateKind::History | StateKind::Return | StateKind::Previous
                );
                (model.time.method == Method::Euler || !waits).then_some(Target::State(id))
            }
            Work::Param(_)
            | Work::Formula(..)
            | Work::First(..)
            | Work::Init(..)
            | Work::Watch(_)
            | Work::Start(_)
            | Work::Value(_) => None,
        }
    }

    /// The extents that need a loop.
    pub(super) fn loops(&self) -> Vec<Extent> {
        self.region.iter().copied().filter(|extent| extent.len > 1).collect()
    }

    /// What it evaluates.
    pub(super) fn exprs<'a>(&self, model: &'a Model) -> Vec<&'a Expr> {
        match self.work {
            Work::Param(_) => Vec::new(),
            Work::Formula(id, clause) => vec![&value_clauses(model, id)[clause as usize].expr],
            Work::First(id, clause) | Work::Init(id, clause) => {
                vec![value_clauses(model, id)[clause as usize].at_start()]
            }
            Work::Net(id, clause) => vec![&net_clauses(model, id)[clause as usize].expr],
            Work::Watch(n) => vec![&model.watched[n as usize].read],
            Work::Start(id) => start_args(model, id),
            Work::Value(id) => {
                let state = model.state(id);
                match state.kind {
                    StateKind::Smooth { .. }
                    | StateKind::ShortenedSmooth { .. }
                    | StateKind::Integral
                    | StateKind::Pipeline
                    | StateKind::Previous
                    | StateKind::Init
                    | StateKind::Transport(_) => Vec::new(),
                    StateKind::Vector | StateKind::Frozen => vec![&state.input],
                    StateKind::Delay { .. } => state.time.iter().collect(),
                    StateKind::ShortenedDelay { .. } => state.time.iter().chain(&state.horizon).collect(),
                    StateKind::Trend | StateKind::Forecast | StateKind::History | StateKind::Return => {
                        [Some(&state.input), state.time.as_ref(), state.horizon.as_ref()]
                            .into_iter()
                            .flatten()
                            .collect()
                    }
                }
            }
            Work::Advance(id) => {
                let state = model.state(id);
                match state.kind {
                    StateKind::Smooth { .. } | StateKind::Delay { .. } | StateKind::Trend | StateKind::Forecast => {
                        std::iter::once(&state.input).chain(&state.time).collect()
                    }
                    StateKind::ShortenedSmooth { .. } | StateKind::ShortenedDelay { .. } => {
                        std::iter::once(&state.input).chain(&state.time).chain(&state.horizon).collect()
                    }
                    StateKind::Integral
                    | StateKind::Pipeline
                    | StateKind::History
                    | StateKind::Return
                    | StateKind::Previous => {
                        vec![&state.input]
                    }
                    StateKind::Init | StateKind::Frozen | StateKind::Vector => Vec::new(),
                    StateKind::Transport(id) => model.transport(id).advance_exprs(),
                }
            }
        }
    }

    /// How many numbers it hands to a conveyor or queue that are known without an expression.
    fn n_known(&self, model: &Model) -> usize {
        let (taken, id): (fn(&Transport) -> Vec<Taken<'_>>, _) = match self.work {
            Work::Start(id) => (taken_at_start, id),
            Work::Advance(id) => (taken_in_step, id),
            Work::Param(_)
            | Work::Formula(..)
            | Work::First(..)
            | Work::Init(..)
            | Work::Net(..)
            | Work::Watch(_)
            | Work::Value(_) => return 0,
        };
        if let StateKind::Transport(transport) = model.state(id).kind {
            n_known(&taken(model.transport(transport)))
        } else {
            0
        }
    }

    /// What it reads; and how many nodes it evaluates.
    pub(super) fn reads(&self, model: &Model) -> (Vec<Read>, usize) {
        let mut nth = 0;
        let own = self.region.iter().map(|extent| along_own(extent, &mut nth)).collect::<Vec<_>>();
        let n_loops = match self.work {
            Work::Start(id) | Work::Value(id) | Work::Advance(id) => model.state(id).n_loops as usize,
            Work::Param(_) | Work::Formula(..) | Work::First(..) | Work::Init(..) | Work::Net(..) | Work::Watch(_) => {
                own.len()
            }
        };
        let (loops, bounds) = own.split_at(n_loops);
        let (mut reads, mut n_nodes) = (Vec::new(), 1 + self.n_known(model));
        for expr in self.exprs(model) {
            visit::visit(expr, |kind, around| {
                n_nodes += 1;
                let bounds: Vec<Along> = bounds.iter().copied().chain(around.iter().map(along_bound)).collect();
                let is_inside = !around.is_empty();
                let (target, along) = match kind {
                    ExprKind::Var(id, indices) => {
                        let along = indices.iter().map(|index| along_index(index, loops, &bounds)).collect();
                        (Target::Var(*id), along)
                    }
                    ExprKind::Transport(read) => {
                        let along = read.indices.iter().map(|index| along_index(index, loops, &bounds)).collect();
                        (Target::State(read.state), along)
                    }
                    ExprKind::Vector(read) => {
                        let along = read.indices.iter().map(|index| along_index(index, loops, &bounds)).collect();
                        (Target::State(read.state), along)
                    }
                    ExprKind::State(id) => {
                        let state = model.state(*id);
                        let n_loops = state.n_loops as usize;
                        let n_bounds = state.extents.len() - n_loops;
                        let along = loops[..n_loops].iter().chain(&bounds[..n_bounds]).copied().collect();
                        (Target::State(*id), along)
                    }
                    ExprKind::Number(_)
                    | ExprKind::Time
                    | ExprKind::Arrange(..)
                    | ExprKind::Position(_)
                    | ExprKind::Reduce(_)
                    | ExprKind::Unary(..)
                    | ExprKind::Binary(..)
                    | ExprKind::If { .. }
                    | ExprKind::Call(..)
                    | ExprKind::Lookup(..) => return,
                };
                reads.push(Read { target, along, is_inside });
            });
        }
        (reads, n_nodes)
    }

    /// How what is read lies to what this task computes, when both are in one nest of loops.
    pub(super) fn relation(&self, along: &[Along]) -> Relation {
        let mut nth = 0;
        let mut relation = Relation::Same;
        for (extent, &along) in self.region.iter().zip(along) {
            let own = along_own(extent, &mut nth);
            let overlaps = |start: u32, len: u32| start < extent.start + extent.len && extent.start < start + len;
            let is_apart = match along {
                Along::At(position) => !overlaps(position, 1),
                Along::Loop { start, len, .. } | Along::Within { start, len } => !overlaps(start, len),
                Along::Anywhere => false,
            };
            if is_apart {
                return Relation::Apart;
            }
            if own != along {
                relation = Relation::Other;
            }
        }
        relation
    }
}

/// The clauses that give a variable its value; a stock's at the start.
pub(super) fn value_clauses(model: &Model, id: VarId) -> &[Clause] {
    match &model.var(id).def {
        Def::Stock { init, .. } => init,
        Def::Formula(clauses) => clauses,
        Def::Constant(_) | Def::Lookup(_) => &[],
    }
}

/// The clauses of a stock's rate.
pub(super) fn net_clauses(model: &Model, id: VarId) -> &[Clause] {
    match &model.var(id).def {
        Def::Stock { net, .. } => net,
        Def::Formula(_) | Def::Constant(_) | Def::Lookup(_) => &[],
    }
}

/// What a state's start evaluates.
fn start_args(model: &Model, id: StateId) -> Vec<&Expr> {
    let state = model.state(id);
    let first = state.init.as_ref().unwrap_or(&state.input);
    match state.kind {
        StateKind::Smooth { .. } | StateKind::ShortenedSmooth { .. } => vec![first],
        StateKind::ShortenedDelay { .. } => std::iter::once(first).chain(&state.time).chain(&state.horizon).collect(),
        StateKind::Delay { .. } | StateKind::Pipeline => std::iter::once(first).chain(&state.time).collect(),
        StateKind::Trend | StateKind::Forecast | StateKind::History | StateKind::Return => {
            visit::args(model, state).collect()
        }
        StateKind::Previous | StateKind::Integral => state.init.iter().collect(),
        StateKind::Init | StateKind::Frozen | StateKind::Vector => vec![&state.input],
        StateKind::Transport(id) => model.transport(id).start_exprs(),
    }
}

/// A dimension as a task itself runs over it; counts the loops.
pub(super) fn along_own(extent: &Extent, nth: &mut usize) -> Along {
    if extent.len == 1 {
        return Along::At(extent.start);
    }
    *nth += 1;
    Along::Loop { nth: *nth - 1, start: extent.start, len: extent.len }
}

fn along_bound(extent: &Extent) -> Along {
    if extent.len == 1 { Along::At(extent.start) } else { Along::Within { start: extent.start, len: extent.len } }
}

fn along_index(index: &Index, loops: &[Along], bounds: &[Along]) -> Along {
    match *index {
        Index::Fixed(position) => Along::At(position),
        Index::Moving { base, offset } => {
            let base = match base {
                Base::Loop(n) => loops[n as usize],
                Base::Bound(n) => bounds[n as usize],
            };
            match base {
                Along::At(position) => Along::At(moved(position, offset)),
                Along::Loop { nth, start, len } => Along::Loop { nth, start: moved(start, offset), len },
                Along::Within { start, len } => Along::Within { start: moved(start, offset), len },
                Along::Anywhere => Along::Anywhere,
            }
        }
        Index::Computed(_) => Along::Anywhere,
    }
}

/// A position moved by an offset of the model.
///
/// # Panics
/// When the model does not keep its promise that positions lie inside.
pub(super) fn moved(position: u32, offset: i64) -> u32 {
    u32::try_from(i64::from(position) + offset).expect("a moving index lies inside")
}

#[cfg(test)]
mod tests;
