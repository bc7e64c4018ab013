//! Moves loops to later clusters, where their results are used.
//!
//! Loops move in sets: with a loop go all that must not be before it, and those that compute what it needs and nobody else does. A set
//! moves when fewer numbers then pass from cluster to cluster. What is weighed are the flows between loops, by the axes of what is handed
//! on: one that leaves a cluster goes through memory, one within may stay in registers. Each set is small, and so few edges are looked at
//! for each loop.

use std::collections::BTreeMap;

use super::cluster::{Edge, Gathering};

/// Groups in a set that moves.
const MAX_GROUPS: usize = 48;
/// Edges that are followed to find what must move along with a loop.
const MAX_EDGES: usize = 256;
/// Loops that are tried as further members of a set.
const MAX_FEEDERS: usize = 12;

/// Groups that get other numbers.
type Moves = BTreeMap<usize, usize>;

/// Who comes after each group.
pub(super) type Users = Vec<Vec<(usize, Edge)>>;

impl Gathering<'_> {
    /// Moves what had better be later, the last loops first.
    pub(super) fn move_to_users(&mut self, order: &[usize]) {
        if self.clusters.len() < 2 {
            return;
        }
        let mut users: Users = vec![Vec::new(); self.at.len()];
        for &group in order {
            for (from, edge) in self.groups.edges_to(self.graph, group) {
                users[from].push((group, edge));
            }
        }
        for &group in order.iter().rev() {
            if !self.is_loop(group) {
                continue;
            }
            let later = users[group].iter().filter(|&&(user, edge)| self.is_flow(group, user, edge));
            let to = later.map(|&(user, _)| self.at[user]).filter(|&at| at > self.at[group]).min();
            if let Some(moves) = to.and_then(|to| self.find_moves(group, to, &users)) {
                self.apply(&moves);
            }
        }
    }

    /// The set with which a loop moves to a cluster, if that is worth it.
    fn find_moves(&self, group: usize, to: usize, users: &Users) -> Option<Moves> {
        let mut moves = self.with_followers(Moves::new(), group, to, users)?;
        let mut gain = self.gain(&moves, users);
        let mut tried = 0;
        let mut work: Vec<usize> = moves.keys().copied().collect();
        while let Some(member) = work.pop() {
            let feeders = self.groups.edges_to(self.graph, member);
            let feeders = feeders.filter(|&(from, edge)| self.is_flow(from, member, edge) && self.at[from] < to);
            for (feeder, _) in feeders.take(MAX_FEEDERS) {
                if tried == MAX_FEEDERS || moves.contains_key(&feeder) {
                    continue;
                }
                tried += 1;
                let Some(more) = self.with_followers(moves.clone(), feeder, to, users) else { continue };
                let better = self.gain(&more, users);
                if better > gain {
                    work.extend(more.keys().filter(|key| !moves.contains_key(key)));
                    (moves, gain) = (more, better);
                }
            }
        }
        (gain > 0 && self.have_room(&moves, to)).then_some(moves)
    }

    /// Adds a loop to a set, and all that must then move as well; nothing when that is too much, or cannot be.
    fn with_followers(&self, mut moves: Moves, group: usize, to: usize, users: &Users) -> Option<Moves> {
        moves.insert(group, to);
        let mut work = vec![group];
        let mut n_edges = 0;
        while let Some(group) = work.pop() {
            n_edges += users[group].len();
            if n_edges > MAX_EDGES || moves.len() > MAX_GROUPS {
                return None;
            }
            for &(user, edge) in &users[group] {
                let is_hard = self.is_loop(group) && !(edge.is_soft && self.is_loop(user));
                let least = self.place(&moves, group) + usize::from(is_hard);
                if self.place(&moves, user) >= least {
                    continue;
                }
                let place = if self.is_loop(user) { to } else { least };
                if place < least {
                    return None;
                }
                moves.insert(user, place);
                work.push(user);
            }
        }
        Some(moves)
    }

    /// How many numbers less pass between clusters.
    fn gain(&self, moves: &Moves, users: &Users) -> i64 {
        let mut gain = 0;
        let mut count = |from: usize, to: usize, edge: Edge| {
            if self.is_flow(from, to, edge) {
                let weight = 1_i64 << (3 * u32::from(edge.n_axes)).min(48);
                let is_apart = self.at[from] != self.at[to];
                let will_be_apart = self.place(moves, from) != self.place(moves, to);
                gain += weight * (i64::from(is_apart) - i64::from(will_be_apart));
            }
        };
        for &group in moves.keys() {
            for (from, edge) in self.groups.edges_to(self.graph, group) {
                count(from, group, edge);
            }
            for &(user, edge) in users[group].iter().filter(|(user, _)| !moves.contains_key(user)) {
                count(group, user, edge);
            }
        }
        gain
    }

    fn have_room(&self, moves: &Moves, to: usize) -> bool {
        let coming = moves.keys().filter(|&&group| self.is_loop(group) && self.at[group] != to);
        let bytes = coming.fold(0_u32, |sum, &group| sum.saturating_add(self.graph.bytes[group]));
        self.has_room(to, bytes)
    }

    fn apply(&mut self, moves: &Moves) {
        for (&group, &to) in moves {
            if self.is_loop(group) {
                let bytes = self.graph.bytes[group];
                self.clusters[self.at[group]] -= bytes;
                self.clusters[to] += bytes;
            }
            self.at[group] = to;
        }
    }

    fn place(&self, moves: &Moves, group: usize) -> usize {
        moves.get(&group).copied().unwrap_or(self.at[group])
    }

    /// Whether a loop hands numbers on to another one that may be one with it.
    fn is_flow(&self, from: usize, to: usize, edge: Edge) -> bool {
        edge.is_soft && edge.is_flow && self.is_loop(from) && self.is_loop(to)
    }
}
