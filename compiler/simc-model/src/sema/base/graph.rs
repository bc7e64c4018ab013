//! Strongly connected components of a dependency graph, which are both an order of evaluation and its obstacles.

/// For each node, the nodes that it depends on, in the order in which they are mentioned.
pub(in crate::sema) type Dependencies = Vec<Vec<u32>>;

/// The components that can be reached from `roots`, dependencies before their dependents: a component of one node that
/// does not depend on itself can be computed once those before it are, and any other one is a cycle.
///
/// Nodes are visited in the given order, so the result is deterministic and keeps that order where dependencies allow it.
/// The time is linear in nodes and dependencies; nothing recurses (Tarjan's algorithm with an explicit stack).
pub(in crate::sema) fn components(dependencies: &Dependencies, roots: impl IntoIterator<Item = u32>) -> Vec<Vec<u32>> {
    let mut search = Search {
        dependencies,
        index: vec![UNSEEN; dependencies.len()],
        low: vec![0; dependencies.len()],
        is_open: vec![false; dependencies.len()],
        open: Vec::new(),
        n_seen: 0,
        components: Vec::new(),
    };
    for root in roots {
        search.visit(root);
    }
    search.components
}

const UNSEEN: u32 = u32::MAX;

struct Search<'g> {
    dependencies: &'g Dependencies,
    /// When a node was first seen.
    index: Vec<u32>,
    /// The earliest node that is still open and known to be reached from it.
    low: Vec<u32>,
    /// Whether a node's component is still being found.
    is_open: Vec<bool>,
    open: Vec<u32>,
    n_seen: u32,
    components: Vec<Vec<u32>>,
}

impl Search<'_> {
    fn visit(&mut self, root: u32) {
        if self.index[root as usize] != UNSEEN {
            return;
        }
        // Nodes on the way from the root, each with its next dependency to look at.
        let mut path: Vec<(u32, usize)> = vec![(root, 0)];
        self.enter(root);
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            let Some(&dependency) = self.dependencies[node as usize].get(*next) else {
                path.pop();
                self.leave(node, path.last().map(|&(parent, _)| parent));
                continue;
            };
            *next += 1;
            if self.index[dependency as usize] == UNSEEN {
                self.enter(dependency);
                path.push((dependency, 0));
            } else if self.is_open[dependency as usize] {
                self.low[node as usize] = self.low[node as usize].min(self.index[dependency as usize]);
            }
        }
    }

    fn enter(&mut self, node: u32) {
        self.index[node as usize] = self.n_seen;
        self.low[node as usize] = self.n_seen;
        self.n_seen += 1;
        self.is_open[node as usize] = true;
        self.open.push(node);
    }

    /// All dependencies of a node have been seen: it may complete a component.
    fn leave(&mut self, node: u32, parent: Option<u32>) {
        if let Some(parent) = parent {
            self.low[parent as usize] = self.low[parent as usize].min(self.low[node as usize]);
        }
        if self.low[node as usize] != self.index[node as usize] {
            return;
        }
        let start =
            self.open.iter().rposition(|&open| open == node).expect("a node is open until its component is found");
        let component = self.open.split_off(start);
        for &member in &component {
            self.is_open[member as usize] = false;
        }
        self.components.push(component);
    }
}

/// Whether a component is a cycle: more than one node, or one that depends on itself.
pub(in crate::sema) fn is_cycle(component: &[u32], dependencies: &Dependencies) -> bool {
    match component {
        [node] => dependencies[*node as usize].contains(node),
        _ => true,
    }
}

/// A shortest way from a node through its component back to itself; the first node is not repeated at the end.
pub(in crate::sema) fn shortest_cycle(start: u32, component: &[u32], dependencies: &Dependencies) -> Vec<u32> {
    let members: std::collections::BTreeSet<u32> = component.iter().copied().collect();
    let mut came_from = std::collections::BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for &dependency in &dependencies[node as usize] {
            if dependency == start {
                let mut cycle = vec![node];
                while let Some(&before) = came_from.get(cycle.last().expect("the cycle is not empty")) {
                    cycle.push(before);
                }
                cycle.reverse();
                return cycle;
            }
            if members.contains(&dependency) && dependency != start && !came_from.contains_key(&dependency) {
                came_from.insert(dependency, node);
                queue.push_back(dependency);
            }
        }
    }
    vec![start]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(dependencies: &Dependencies) -> Vec<Vec<u32>> {
        components(dependencies, 0..u32::try_from(dependencies.len()).expect("a small graph"))
    }

    #[test]
    fn puts_dependencies_before_their_dependents() {
        assert_eq!(all(&vec![vec![2], vec![0], vec![]]), [[2], [0], [1]]);
    }

    #[test]
    fn keeps_the_order_of_definition_where_nothing_depends() {
        assert_eq!(all(&vec![vec![], vec![], vec![]]), [[0], [1], [2]]);
    }

    #[test]
    fn finds_each_cycle_as_a_component() {
        let graph = vec![vec![1], vec![2], vec![0, 3], vec![4], vec![3], vec![5], vec![]];
        let components = all(&graph);
        let cycles: Vec<_> = components.iter().filter(|component| is_cycle(component, &graph)).collect();
        assert_eq!(cycles, [&vec![3, 4], &vec![0, 1, 2], &vec![5]]);
    }

    #[test]
    fn shows_the_shortest_way_round() {
        let graph = vec![vec![1, 2], vec![2], vec![3], vec![0]];
        assert_eq!(shortest_cycle(0, &[0, 1, 2, 3], &graph), [0, 2, 3]);
        assert_eq!(shortest_cycle(0, &[0], &vec![vec![0]]), [0]);
    }

    #[test]
    fn reaches_only_what_the_roots_need() {
        assert_eq!(components(&vec![vec![1], vec![], vec![0]], [0]), [[1], [0]]);
    }

    #[test]
    fn orders_a_long_chain_in_either_direction() {
        let n = 100_000_u32;
        let backward: Dependencies = (0..n).map(|i| if i == 0 { vec![] } else { vec![i - 1] }).collect();
        let forward: Dependencies = (0..n).map(|i| if i + 1 == n { vec![] } else { vec![i + 1] }).collect();
        assert_eq!(all(&backward).concat(), (0..n).collect::<Vec<_>>());
        assert_eq!(all(&forward).concat(), (0..n).rev().collect::<Vec<_>>());
    }
}
