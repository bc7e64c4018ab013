//! Which fragments become one loop, and in which order everything is.
//!
//! The fragments form a graph: an edge leads to a fragment from each that must be before it. An edge is *soft* when both are loops over
//! one axis that may be one loop in spite of it. Axis by axis, fragments gather in clusters, which are numbered in the order in which they
//! are: along a soft edge the number may stay the same, along a path with anything else it grows. So no two clusters wait for each
//! other. All walks are linear in the edges.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

use simc_ir::entity::{Axis, Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::module::SlotRole;
use simc_ir::opcode::Opcode;

use super::Rules;
use super::fragment::{Fragment, Places, Touches, axis_of, code_bytes, is_before, keeps_apart, meet, touches};

/// For how many axes loops of one block are fused.
const MAX_AXES: usize = 16;

/// How many clusters that are full already are looked at.
const MAX_TRIES: usize = 8;

/// How many fragments that write one spill go their own ways.
const MAX_WRITERS: usize = 4;

/// Gathers fragments in groups, each in the order of the fragments, and puts the groups in order. No group has more bytes of code than
/// allowed, unless a fragment has.
pub(super) fn cluster(func: &FuncData, fragments: &[Fragment], rules: Rules<'_>) -> Vec<Vec<usize>> {
    let touched: Vec<Touches> = fragments.iter().map(|fragment| touches(func, fragment.inst, &fragment.body)).collect();
    let axes: Vec<Option<Axis>> = fragments.iter().map(|fragment| axis_of(func, fragment.inst)).collect();
    let bytes = touched.iter().map(|touched| code_bytes(func, touched.insts.iter().copied())).collect();
    let graph = Graph { before: edges(func, fragments, &touched, &axes, rules), axes, bytes };
    let mut groups = Groups::new(fragments.len());
    for axis in graph.frequent_axes() {
        groups.gather(&graph, axis, rules.max_bytes);
    }
    groups.in_order(&graph)
}

/// What each fragment must be after.
pub(super) struct Graph {
    before: Vec<Vec<Edge>>,
    axes: Vec<Option<Axis>>,
    pub(super) bytes: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    from: usize,
    pub(super) is_soft: bool,
    /// Whether the one reads what the other writes.
    pub(super) is_flow: bool,
    /// Along how many axes there are numbers that are handed on.
    pub(super) n_axes: u8,
}

impl Graph {
    /// Axes over which there are several loops, those with most first.
    fn frequent_axes(&self) -> Vec<Axis> {
        let mut counts: BTreeMap<Axis, usize> = BTreeMap::new();
        for axis in self.axes.iter().flatten() {
            *counts.entry(*axis).or_default() += 1;
        }
        let mut axes: Vec<(Axis, usize)> = counts.into_iter().filter(|&(_, count)| count > 1).collect();
        axes.sort_by_key(|&(axis, count)| (Reverse(count), axis));
        axes.into_iter().take(MAX_AXES).map(|(axis, _)| axis).collect()
    }
}

/// Who has touched a slot so far.
#[derive(Default)]
struct History {
    /// The fragments that have written it and that a reader comes after, and where, and along how many axes.
    writers: Vec<(usize, Places, u8)>,
    /// Where all writes so far agree.
    written: Option<Places>,
    /// The fragments that have read it since, and where.
    readers: Vec<(usize, Places)>,
    /// Where all reads before the last write agree.
    read_before: Option<Places>,
}

fn edges(
    func: &FuncData,
    fragments: &[Fragment],
    touched: &[Touches],
    axes: &[Option<Axis>],
    rules: Rules<'_>,
) -> Vec<Vec<Edge>> {
    let mut makers: HashMap<Value, usize> = HashMap::new();
    let mut histories: BTreeMap<Slot, History> = BTreeMap::new();
    let mut before = Vec::with_capacity(fragments.len());
    let insts = touched.iter().flat_map(|touched| &touched.insts).map(|&inst| &func.insts[inst]);
    let arranges = insts.filter(|data| data.opcode == Opcode::Arrange);
    let arranged: BTreeSet<Slot> = arranges.filter_map(|data| data.immediate.as_slot()).collect();
    for (at, (fragment, touched)) in fragments.iter().zip(touched).enumerate() {
        let mut edges: Vec<Edge> = touched
            .values
            .iter()
            .filter_map(|value| Some(Edge { from: *makers.get(value)?, is_soft: false, is_flow: false, n_axes: 0 }))
            .collect();
        let is_alike = |from: usize| axes[at].is_some() && axes[at] == axes[from];
        for (&slot, touch) in &touched.slots {
            let history = histories.entry(slot).or_default();
            let is_spill = rules.module.slots[slot].role == SlotRole::Spill && !arranged.contains(&slot);
            if let Some(read) = &touch.read {
                history.add_edges_to_read(read, is_alike, is_spill && rules.may_hand_on, &mut edges);
            }
            if let Some(write) = &touch.write {
                let may_be_apart = is_spill && history.writers.len() < MAX_WRITERS;
                history.add_edges_to_write(write, is_alike, may_be_apart, &mut edges);
                if may_be_apart {
                    history.writers.push((at, write.clone(), touch.n_axes));
                } else {
                    history.write(at, write, touch.n_axes);
                }
            }
            if let Some(read) = &touch.read {
                history.readers.push((at, read.clone()));
            }
        }
        before.push(edges);
        makers.extend(func.insts[fragment.inst].result.map(|result| (result, at)));
    }
    before
}

impl History {
    fn add_edges_to_read(
        &self,
        read: &Places,
        is_alike: impl Fn(usize) -> bool,
        may_hand_on: bool,
        edges: &mut Vec<Edge>,
    ) {
        // All that could be in one loop with the reader.
        let mut written = self.written.clone();
        self.writers.iter().filter(|(from, ..)| is_alike(*from)).for_each(|(_, write, _)| join(&mut written, write));
        let is_soft = written
            .is_some_and(|written| keeps_apart(&meet(&written, read)) || (may_hand_on && is_before(read, &written)));
        edges.extend(self.writers.iter().map(|&(from, _, n_axes)| Edge {
            from,
            is_soft: is_soft && is_alike(from),
            is_flow: true,
            n_axes,
        }));
    }

    /// Of a spill no element is written twice: a writer need not wait for another one, unless they could be one loop and must not.
    fn add_edges_to_write(
        &self,
        write: &Places,
        is_alike: impl Fn(usize) -> bool,
        may_be_apart: bool,
        edges: &mut Vec<Edge>,
    ) {
        let mut written = self.written.clone();
        join(&mut written, write);
        let before = || self.writers.iter().filter(|(from, ..)| !may_be_apart || is_alike(*from));
        before().for_each(|(_, write, _)| join(&mut written, write));
        let Some(written) = written else { return };
        let is_apart = |places: &Places| keeps_apart(&meet(places, &written));
        let all_apart = keeps_apart(&written) && self.read_before.as_ref().is_none_or(is_apart);
        if !may_be_apart || !all_apart {
            let edge = |from| Edge { from, is_soft: all_apart && is_alike(from), is_flow: false, n_axes: 0 };
            edges.extend(before().map(|&(from, ..)| edge(from)));
        }
        edges.extend(self.readers.iter().map(|(from, read)| Edge {
            from: *from,
            is_soft: is_apart(read) && is_alike(*from),
            is_flow: false,
            n_axes: 0,
        }));
    }

    /// Whoever comes later comes after this one, and so after all before it.
    fn write(&mut self, at: usize, write: &Places, n_axes: u8) {
        for (_, written, _) in std::mem::replace(&mut self.writers, vec![(at, write.clone(), n_axes)]) {
            join(&mut self.written, &written);
        }
        join(&mut self.written, write);
        for (_, read) in std::mem::take(&mut self.readers) {
            join(&mut self.read_before, &read);
        }
    }
}

fn join(all: &mut Option<Places>, places: &Places) {
    *all = Some(match all {
        Some(known) => meet(known, places),
        None => places.clone(),
    });
}

/// Fragments that are together.
pub(super) struct Groups {
    of: Vec<usize>,
    members: Vec<Vec<usize>>,
}

impl Groups {
    fn new(len: usize) -> Self {
        Self { of: (0..len).collect(), members: (0..len).map(|fragment| vec![fragment]).collect() }
    }

    /// The groups from which edges lead to one; an edge within a group is none.
    pub(super) fn edges_to<'a>(&'a self, graph: &'a Graph, group: usize) -> impl Iterator<Item = (usize, Edge)> + 'a {
        let all = self.members[group].iter().flat_map(|&fragment| &graph.before[fragment]);
        all.map(|&edge| (self.of[edge.from], edge)).filter(move |&(from, _)| from != group)
    }

    /// Every group after those that it needs, and otherwise where its first fragment stood.
    fn order(&self, graph: &Graph) -> Vec<usize> {
        let mut missing = vec![0_usize; self.members.len()];
        let mut behind: Vec<Vec<usize>> = vec![Vec::new(); self.members.len()];
        for (group, members) in self.members.iter().enumerate().filter(|(_, members)| !members.is_empty()) {
            debug_assert!(members.is_sorted());
            for (from, _) in self.edges_to(graph, group) {
                behind[from].push(group);
                missing[group] += 1;
            }
        }
        let key = |group: usize| Reverse((self.members[group][0], group));
        let is_ready = |&group: &usize| !self.members[group].is_empty() && missing[group] == 0;
        let mut ready: BinaryHeap<_> = (0..self.members.len()).filter(is_ready).map(key).collect();
        let mut order = Vec::with_capacity(self.members.len());
        while let Some(Reverse((_, group))) = ready.pop() {
            order.push(group);
            for &next in &behind[group] {
                missing[next] -= 1;
                if missing[next] == 0 {
                    ready.push(key(next));
                }
            }
        }
        order
    }

    /// The members of each group, in order.
    fn in_order(mut self, graph: &Graph) -> Vec<Vec<usize>> {
        let order = self.order(graph);
        order.into_iter().map(|group| std::mem::take(&mut self.members[group])).collect()
    }

    /// Makes groups of the loops over an axis.
    fn gather(&mut self, graph: &Graph, axis: Axis, max_bytes: u32) {
        let order = self.order(graph);
        let mut gathering = Gathering { groups: self, graph, axis, max_bytes, clusters: Vec::new(), at: Vec::new() };
        gathering.at = vec![0; gathering.groups.members.len()];
        gathering.join_early(&order);
        gathering.move_to_users(&order);
        let at = std::mem::take(&mut gathering.at);
        let n_clusters = gathering.clusters.len();
        let mut firsts: Vec<Option<usize>> = vec![None; n_clusters];
        for fragment in (0..self.of.len()).filter(|&fragment| graph.axes[fragment] == Some(axis)) {
            let first = *firsts[at[fragment]].get_or_insert(fragment);
            if first != fragment {
                self.of[fragment] = first;
                self.members[fragment].clear();
                self.members[first].push(fragment);
            }
        }
    }
}

/// The loops over one axis on their way into clusters. A group that is none of them has a number too: it is after all clusters
/// of lesser ones.
pub(super) struct Gathering<'a> {
    pub(super) groups: &'a Groups,
    pub(super) graph: &'a Graph,
    axis: Axis,
    max_bytes: u32,
    /// Bytes of code in each.
    pub(super) clusters: Vec<u32>,
    /// The number of each group.
    pub(super) at: Vec<usize>,
}

impl Gathering<'_> {
    /// A loop over the axis has its group for itself, of the same number, until all have been gathered.
    pub(super) fn is_loop(&self, group: usize) -> bool {
        self.graph.axes.get(group).is_some_and(|axis| *axis == Some(self.axis))
            && !self.groups.members[group].is_empty()
    }

    /// Each loop goes into the first cluster where it can be.
    fn join_early(&mut self, order: &[usize]) {
        for &group in order {
            let mut first = 0;
            for (from, edge) in self.groups.edges_to(self.graph, group) {
                let is_hard = self.is_loop(from) && !(edge.is_soft && self.is_loop(group));
                first = first.max(self.at[from] + usize::from(is_hard));
            }
            self.at[group] = first;
            if self.is_loop(group) {
                let bytes = self.graph.bytes[group];
                let tried = (first..self.clusters.len()).take(MAX_TRIES);
                let found = tried.into_iter().find(|&cluster| self.has_room(cluster, bytes));
                let cluster = found.unwrap_or(self.clusters.len());
                if cluster == self.clusters.len() {
                    self.clusters.push(0);
                }
                self.clusters[cluster] += bytes;
                self.at[group] = cluster;
            }
        }
    }

    pub(super) fn has_room(&self, cluster: usize, bytes: u32) -> bool {
        self.clusters.get(cluster).is_some_and(|known| known.saturating_add(bytes) <= self.max_bytes)
    }
}
