//! Where differences begin.

use std::collections::{HashMap, HashSet};

use super::{Difference, Link, Role};

/// Gives each difference its role and puts causes first. `compared` has for every variable or element that both runs have,
/// in their order, the key of its variable and whether it differs.
pub(super) fn find(differences: &mut Vec<Difference>, compared: &[(String, bool)], links: Option<&[Link]>) {
    let keys: Vec<&str> = compared.iter().filter(|(_, differs)| *differs).map(|(key, _)| key.as_str()).collect();
    let mut roles = vec![Role::Unknown; differences.len()];
    if let Some(links) = links {
        let graph = Graph::new(differences, &keys, compared, links);
        for (at, role) in roles.iter_mut().enumerate() {
            *role = graph.before(at, Delayed::Before).map_or(Role::Cause, Role::Follows);
        }
        follow_to_causes(&mut roles);
        // Several steps can be between two saved times, so that a stock and a flow of it part at the same one.
        for at in 0..roles.len() {
            let Some(flow) = graph.before(at, Delayed::BeforeOrSame).filter(|_| roles[at] == Role::Cause) else {
                continue;
            };
            let cause = match roles[flow] {
                Role::Follows(cause) => cause,
                Role::Cause | Role::Unknown => flow,
            };
            if cause != at {
                roles[at] = Role::Follows(cause);
                follow_to_causes(&mut roles);
            }
        }
    }
    let mut order: Vec<usize> = (0..differences.len()).collect();
    order.sort_by(|&a, &b| {
        let is_caused = |at: usize| !matches!(roles[at], Role::Cause);
        let time = |at: usize| differences[at].first.time;
        is_caused(a).cmp(&is_caused(b)).then(time(a).total_cmp(&time(b)))
    });
    let mut place = vec![0; order.len()];
    for (to, &from) in order.iter().enumerate() {
        place[from] = to;
    }
    let sorted = order.iter().map(|&from| {
        let role = match roles[from] {
            Role::Follows(cause) => Role::Follows(place[cause]),
            Role::Cause => Role::Cause,
            Role::Unknown => Role::Unknown,
        };
        Difference { role, ..differences[from].clone() }
    });
    *differences = sorted.collect();
}

/// When a variable that acts a step later must have parted to be the reason.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Delayed {
    /// At an earlier saved time.
    Before,
    /// At the same one is early enough.
    BeforeOrSame,
}

/// What reads what, between variables that differ, agree, or were not compared.
struct Graph<'a> {
    differences: &'a [Difference],
    keys: &'a [&'a str],
    /// The earliest difference of each variable.
    first: HashMap<&'a str, usize>,
    /// Variables that were compared.
    compared: HashSet<&'a str>,
    /// For each effect its causes, and whether they act a step later.
    causes: HashMap<&'a str, Vec<(&'a str, bool)>>,
}

impl<'a> Graph<'a> {
    fn new(
        differences: &'a [Difference],
        keys: &'a [&'a str],
        compared: &'a [(String, bool)],
        links: &'a [Link],
    ) -> Self {
        let mut first: HashMap<&str, usize> = HashMap::new();
        for (at, &key) in keys.iter().enumerate() {
            let earliest = first.entry(key).or_insert(at);
            if differences[at].first.time < differences[*earliest].first.time {
                *earliest = at;
            }
        }
        let mut causes: HashMap<&str, Vec<(&str, bool)>> = HashMap::new();
        for link in links {
            causes.entry(link.effect.as_str()).or_default().push((link.cause.as_str(), link.is_delayed));
        }
        let compared = compared.iter().map(|(key, _)| key.as_str()).collect();
        Self { differences, keys, first, compared, causes }
    }

    /// The earliest difference among what a difference's variable reads, directly or by way of variables that were not
    /// compared, if that is early enough to be the reason.
    fn before(&self, at: usize, delayed: Delayed) -> Option<usize> {
        let time = self.differences[at].first.time;
        // Another element of the same variable can be the reason, as in a chain along a dimension.
        let own = self.first.get(self.keys[at]).copied().filter(|&own| self.differences[own].first.time < time);
        let mut seen = HashSet::from([(self.keys[at], false)]);
        let mut open = vec![(self.keys[at], false)];
        let mut best: Option<usize> = own;
        while let Some((effect, was_delayed)) = open.pop() {
            for &(cause, is_delayed) in self.causes.get(effect).map(Vec::as_slice).unwrap_or_default() {
                let is_delayed = is_delayed || was_delayed;
                match self.first.get(cause) {
                    Some(&other) => {
                        let other_time = self.differences[other].first.time;
                        let is_strict = is_delayed && delayed == Delayed::Before;
                        let is_before = if is_strict { other_time < time } else { other_time <= time };
                        let is_best = best.is_none_or(|best| other_time < self.differences[best].first.time);
                        if cause != self.keys[at] && is_before && is_best {
                            best = Some(other);
                        }
                    }
                    None if !self.compared.contains(cause) && seen.insert((cause, is_delayed)) => {
                        open.push((cause, is_delayed));
                    }
                    None => {}
                }
            }
        }
        best
    }
}

/// Makes every difference that follows from another follow from a cause. Where each of several follows from the next all
/// around, the first of them is taken for the cause.
fn follow_to_causes(roles: &mut [Role]) {
    for start in 0..roles.len() {
        let mut path = vec![start];
        let mut seen = HashSet::from([start]);
        let end = loop {
            let at = path[path.len() - 1];
            match roles[at] {
                Role::Follows(next) if seen.insert(next) => path.push(next),
                Role::Follows(next) => {
                    roles[next] = Role::Cause;
                    break next;
                }
                Role::Cause | Role::Unknown => break at,
            }
        };
        for at in path.into_iter().filter(|&at| at != end) {
            roles[at] = Role::Follows(end);
        }
    }
}
