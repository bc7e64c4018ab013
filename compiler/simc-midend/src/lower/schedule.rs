//! Which tasks share a nest of loops, and in which order the nests are.
//!
//! Tasks come in evaluation order. Each goes into the first nest over its extents after everything that it reads, or into a new one
//! at the end; what needs no loop is a nest of none. A task shares a nest with what it reads only if each pass reads nothing but
//! what the same pass computes. What is read otherwise has to be in memory.

use std::collections::{BTreeMap, BTreeSet};

use simc_model::model::{Extent, Model, Recurrence};

use super::makers::Makers;
use super::task::{Along, Read, Relation, Target, Task, Work};

/// A nest takes no more nodes of expressions: a loop cannot be split between functions.
const MAX_NODES: usize = 256;

/// How many nests that are full already are looked at before a new one is made.
const MAX_TRIES: usize = 8;

/// Tasks over the same extents.
#[derive(Debug, Default)]
pub(super) struct Nest {
    /// The loops, outermost first.
    pub(super) extents: Vec<Extent>,
    /// For each loop whether it goes from the last position to the first; empty when none does.
    pub(super) descends: Vec<bool>,
    /// Tasks in order.
    pub(super) tasks: Vec<usize>,
    n_nodes: usize,
}

/// The plan of a role.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    pub(super) tasks: Vec<Task>,
    /// What each task reads.
    pub(super) reads: Vec<Vec<Read>>,
    /// Nests in order; the first one has no loops.
    pub(super) nests: Vec<Nest>,
    /// What must be found in memory by another nest than the one that computes it.
    pub(super) kept: BTreeSet<Target>,
    /// Effects that must wait until every nest has been run, because a later one reads what they change.
    pub(super) waiting: BTreeSet<usize>,
    nest_of: Vec<usize>,
}

/// Plans the tasks of a role.
pub(super) fn schedule(model: &Model, tasks: Vec<Task>) -> Schedule {
    let mut scheduler = Scheduler {
        schedule: Schedule { nests: vec![Nest::default()], ..Schedule::default() },
        makers: BTreeMap::new(),
        by_loops: BTreeMap::from([(Loops::default(), vec![0])]),
    };
    for together in tasks.chunk_by(|a, b| a.recurrence.is_some() && a.recurrence == b.recurrence) {
        let descends = together[0].recurrence.map_or_else(Vec::new, |id| descents(model.recurrence(id)));
        let tasks: Vec<Planned> = together.iter().map(|task| (task.clone(), task.reads(model))).collect();
        scheduler.add(tasks, descends);
    }
    let mut schedule = scheduler.schedule;
    schedule.find_waiting(model);
    schedule
}

struct Scheduler {
    schedule: Schedule,
    makers: BTreeMap<Target, Makers>,
    by_loops: BTreeMap<Loops, Vec<usize>>,
}

/// A task with what it reads, and how many nodes it evaluates.
type Planned = (Task, (Vec<Read>, usize));

/// The loops of a nest.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Loops {
    extents: Vec<Extent>,
    descends: Vec<bool>,
}

impl Scheduler {
    /// Adds a task, or those of a recurrence, which share a nest.
    fn add(&mut self, tasks: Vec<Planned>, descends: Vec<bool>) {
        let loops = Loops { extents: tasks[0].0.loops(), descends };
        let all_reads = tasks.iter().flat_map(|(task, (reads, _))| reads.iter().cloned().chain(read_of_value(task)));
        let first = all_reads.map(|read| self.first_nest(&read, &loops.extents)).max().unwrap_or(0);
        let nest = self.choose(&loops, first, tasks.iter().map(|(_, (_, n_nodes))| n_nodes).sum());
        let mut own: BTreeMap<Target, Vec<&Task>> = BTreeMap::new();
        for (task, target) in tasks.iter().filter_map(|(task, _)| Some((task, task.target()?))) {
            own.entry(target).or_default().push(task);
        }
        for read in tasks.iter().flat_map(|(_, (reads, _))| reads) {
            // Elements that read others of their recurrence find these in memory.
            let mut of_target = own.get(&read.target).into_iter().flatten();
            let is_kept = self.schedule.kept.contains(&read.target)
                || of_target.any(|task| match task.relation(&read.along) {
                    Relation::Same => task.recurrence.is_none(),
                    Relation::Other => true,
                    Relation::Apart => false,
                })
                || self.is_kept(read, nest);
            if is_kept {
                self.schedule.kept.insert(read.target);
            }
        }
        for (task, (reads, n_nodes)) in tasks {
            self.place(task, reads, n_nodes, nest);
        }
    }

    /// Puts a task into a nest.
    fn place(&mut self, task: Task, reads: Vec<Read>, n_nodes: usize, nest: usize) {
        let schedule = &mut self.schedule;
        let number = schedule.tasks.len();
        schedule.nests[nest].tasks.push(number);
        schedule.nests[nest].n_nodes += n_nodes;
        if let Some(target) = task.target() {
            self.makers.entry(target).or_default().add(number, &task.region, nest);
        }
        schedule.nest_of.push(nest);
        schedule.reads.push(reads);
        schedule.tasks.push(task);
    }

    /// The first nest in which something can be read from within loops over these extents.
    fn first_nest(&self, read: &Read, extents: &[Extent]) -> usize {
        let Some(makers) = self.makers.get(&read.target) else { return 0 };
        let behind = |nest: usize| if extents.is_empty() { nest } else { nest + 1 };
        let singles = match fixed(&read.along) {
            Some(positions) => makers.single(&positions).map_or(0, |task| behind(self.schedule.nest_of[task])),
            None => makers.last_single().map_or(0, behind),
        };
        let Some((last, tasks)) = makers.last_looped() else { return singles };
        // What lies apart could be read in the same nest, but whoever looks at the loops alone could not know that.
        let is_same = |&task: &usize| self.schedule.tasks[task].relation(&read.along) == Relation::Same;
        let may_share = self.schedule.nests[last].extents == extents && tasks.iter().all(is_same);
        singles.max(if may_share { last } else { last + 1 })
    }

    /// Whether what a task of a nest reads has to be in memory.
    fn is_kept(&self, read: &Read, nest: usize) -> bool {
        let Some(makers) = self.makers.get(&read.target) else { return false };
        let reads_single = makers.last_single().is_some() && fixed(&read.along).is_none();
        reads_single
            || makers.looped(&read.along).any(|task| match self.schedule.tasks[task].relation(&read.along) {
                Relation::Apart => false,
                Relation::Same => self.schedule.nest_of[task] != nest,
                Relation::Other => true,
            })
    }

    /// A nest of these loops, at `first` or after.
    fn choose(&mut self, loops: &Loops, first: usize, n_nodes: usize) -> usize {
        let nests = &mut self.schedule.nests;
        let known = self.by_loops.entry(loops.clone()).or_default();
        let from = known.partition_point(|&nest| nest < first);
        let has_room = |nest: usize| loops.extents.is_empty() || nests[nest].n_nodes + n_nodes <= MAX_NODES;
        let last = known[from..].last().copied();
        let found = known[from..].iter().copied().take(MAX_TRIES).chain(last).find(|&nest| has_room(nest));
        found.unwrap_or_else(|| {
            let Loops { extents, descends } = loops.clone();
            nests.push(Nest { extents, descends, ..Nest::default() });
            known.push(nests.len() - 1);
            nests.len() - 1
        })
    }
}

impl Schedule {
    /// Finds the effects in loops that change what the same nest reads elsewhere, or what a later one reads.
    fn find_waiting(&mut self, model: &Model) {
        let mut readers: BTreeMap<Target, Vec<(usize, &[Along])>> = BTreeMap::new();
        for (task, reads) in self.reads.iter().enumerate() {
            for read in reads {
                readers.entry(read.target).or_default().push((task, read.along.as_slice()));
            }
        }
        let own: Vec<Vec<Along>> = self.tasks.iter().map(own_value).collect();
        for (number, task) in self.tasks.iter().enumerate() {
            if let Work::Value(id) = task.work {
                readers.entry(Target::State(id)).or_default().push((number, own[number].as_slice()));
            }
        }
        let mut waiting = BTreeSet::new();
        for (number, task) in self.tasks.iter().enumerate() {
            let Some(changed) = task.changed(model) else { continue };
            let nest = self.nest_of[number];
            if self.nests[nest].extents.is_empty() {
                continue;
            }
            let is_hindered = readers.get(&changed).into_iter().flatten().any(|&(reader, along)| {
                let at = self.nest_of[reader];
                at > nest || (at == nest && task.relation(along) != Relation::Same)
            });
            if is_hindered {
                waiting.insert(number);
            }
        }
        self.waiting = waiting;
    }
}

/// What a state does at the end of a step goes with its value, or after it.
fn read_of_value(task: &Task) -> Option<Read> {
    match task.work {
        Work::Advance(id) => Some(Read { target: Target::State(id), along: own_value(task), is_inside: false }),
        Work::Param(_)
        | Work::Formula(..)
        | Work::First(..)
        | Work::Init(..)
        | Work::Net(..)
        | Work::Watch(_)
        | Work::Start(_)
        | Work::Value(_) => None,
    }
}

/// For each loop of a recurrence whether it descends; nothing when none does.
fn descents(recurrence: &Recurrence) -> Vec<bool> {
    if !recurrence.descends.contains(&true) {
        return Vec::new();
    }
    let loops = recurrence.region.iter().zip(&recurrence.descends).filter(|(extent, _)| extent.len > 1);
    loops.map(|(_, &descends)| descends).collect()
}

/// Where a task is itself, in each of its passes.
fn own_value(task: &Task) -> Vec<Along> {
    let mut nth = 0;
    task.region.iter().map(|extent| super::task::along_own(extent, &mut nth)).collect()
}

/// The positions, when all are fixed.
fn fixed(along: &[Along]) -> Option<Vec<u32>> {
    along
        .iter()
        .map(|along| match along {
            Along::At(position) => Some(*position),
            Along::Loop { .. } | Along::Within { .. } | Along::Anywhere => None,
        })
        .collect()
}

#[cfg(test)]
mod tests;
