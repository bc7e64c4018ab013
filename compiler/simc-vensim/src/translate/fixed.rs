//! Which variables never change during a run: those that follow from numbers alone.
//!
//! `DELAY INFORMATION` and `DELAY MATERIAL` are `DELAY FIXED` where their time is such a one.

use std::collections::{HashMap, HashSet};

use crate::ast::{self, Body, NodeKind, Right, Variable};
use crate::translate::external::is_external;
use simc_model::name::Key;

/// Functions whose value changes only when an argument does.
const PURE: [&str; 17] = [
    "max",
    "min",
    "abs",
    "integer",
    "initial",
    "reinitial",
    "exp",
    "ln",
    "log",
    "sqrt",
    "modulo",
    "quantum",
    "power",
    "zidz",
    "xidz",
    "elmcount",
    "if_then_else",
];

/// The variables of a file that change.
#[derive(Debug, Default)]
pub(super) struct Fixed {
    changing: HashSet<Key>,
}

impl Fixed {
    /// Of the definitions of a file. Takes time in proportion to them.
    pub(super) fn of(definitions: &[ast::Entry]) -> Self {
        let mut fixed = Self::default();
        let mut readers: HashMap<Key, Vec<Key>> = HashMap::new();
        let variables = || {
            definitions.iter().filter_map(|definition| match &definition.body {
                Body::Variable(variable) => Some(variable),
                Body::Range(_) | Body::Equivalence { .. } | Body::RealityCheck { .. } | Body::TestInput { .. } => None,
            })
        };
        let mut waiting: Vec<Key> = Vec::new();
        for variable in variables() {
            let key = Key::new(&variable.name.text);
            if changes_by_itself(variable) {
                waiting.push(key);
                continue;
            }
            let Right::Equation(equation) = &variable.right else { continue };
            for node in &equation.nodes {
                let NodeKind::Reference(name, _) = &node.kind else { continue };
                readers.entry(Key::new(&name.text)).or_default().push(key.clone());
            }
        }
        waiting.push(Key::new("Time"));
        while let Some(key) = waiting.pop() {
            let read_by = readers.remove(&key).unwrap_or_default();
            if fixed.changing.insert(key) {
                waiting.extend(read_by);
            }
        }
        fixed
    }

    /// The first name in these nodes of an equation that changes during a run, if any does.
    pub(super) fn changing<'e>(&self, nodes: &'e [ast::Node]) -> Option<&'e ast::Name> {
        nodes.iter().find_map(|node| match &node.kind {
            NodeKind::Reference(name, _) => {
                let key = Key::new(&name.text);
                self.changing.contains(&key).then_some(name)
            }
            NodeKind::Call { name, .. } => (!is_pure(name)).then_some(name),
            NodeKind::Number(_)
            | NodeKind::NotAvailable
            | NodeKind::Text(_)
            | NodeKind::Table(_)
            | NodeKind::Unary(..)
            | NodeKind::Binary(..) => None,
        })
    }
}

fn is_pure(name: &ast::Name) -> bool {
    PURE.contains(&Key::new(&name.text).as_str())
}

/// Whether a variable changes whatever it reads.
fn changes_by_itself(variable: &Variable) -> bool {
    match &variable.right {
        Right::Constants(_) | Right::Text(_) | Right::FunctionOf(_) => false,
        Right::Equation(equation) => equation.nodes.iter().any(|node| {
            let NodeKind::Call { name, .. } = &node.kind else { return false };
            let key = Key::new(&name.text);
            let is_read = is_external(key.as_str()) && key.as_str().ends_with("_constants");
            !is_pure(name) && !is_read
        }),
        // Lookups are not read without a call, which is not pure.
        Right::Nothing | Right::Lookup(_) | Right::LookupFrom(_) | Right::Unreadable => true,
    }
}
