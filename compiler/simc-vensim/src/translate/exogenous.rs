//! Names that equations use and nothing defines: data variables, where a file of data gives them values.

use std::collections::{HashMap, HashSet};

use simc_model::builtin::{self, Dialect};
use simc_model::name::Key;

use crate::ast::{self, Body, Entry, Name, NodeKind, Operator, Right, Variable};
use crate::translate::ranges::Ranges;

/// Uses of a name that nothing defines.
struct Use {
    name: Name,
    /// Subscripts that are written, without those whose elements others among them have.
    subscripts: Vec<Vec<Name>>,
    /// Its position among all of them.
    at: usize,
}

/// How many subscripts of one name are told apart; further ones are left out, and so are those that share
/// some elements with an earlier one alone.
const MAX_SUBSCRIPTS: usize = 256;

/// What would define the names that equations outside of macros use and nothing defines, in the order of their first use: for the
/// elements with which they are used.
pub(super) fn undefined(file: &ast::File, ranges: &Ranges) -> Vec<Entry> {
    let mut defined: HashSet<Key> = HashSet::new();
    for definition in &file.entries {
        let Body::Variable(variable) = &definition.body else { continue };
        defined.insert(Key::new(&variable.name.text));
        if let Right::Equation(equation) = &variable.right {
            for node in &equation.nodes {
                if let NodeKind::Call { outputs, .. } = &node.kind {
                    defined.extend(outputs.iter().map(|output| Key::new(&output.name.text)));
                }
            }
        }
    }
    // Whether every element of a subscript is one of another.
    let has = |outer: &Name, inner: &Name| match (ranges.find(&outer.text), ranges.find(&inner.text)) {
        (Some(outer), Some(inner)) => inner.keys.iter().all(|key| outer.keys.contains(key)),
        (Some(outer), None) => outer.keys.contains(&Key::new(&inner.text)),
        (None, _) => Key::new(&outer.text) == Key::new(&inner.text),
    };
    let covers = |outer: &[Name], inner: &[Name]| {
        outer.len() == inner.len() && outer.iter().zip(inner).all(|(outer, inner)| has(outer, inner))
    };
    // Whether two lists of subscripts have an element in common.
    let shares = |a: &Name, b: &Name| match (ranges.find(&a.text), ranges.find(&b.text)) {
        (Some(a), Some(b)) => a.keys.iter().any(|key| b.keys.contains(key)),
        _ => has(a, b) || has(b, a),
    };
    let meets = |a: &[Name], b: &[Name]| a.iter().zip(b).all(|(a, b)| shares(a, b));
    let mut uses: HashMap<Key, Use> = HashMap::new();
    for definition in &file.entries {
        let Body::Variable(Variable { right: Right::Equation(equation), .. }) = &definition.body else { continue };
        for node in &equation.nodes {
            let NodeKind::Reference(name, subscripts) = &node.kind else { continue };
            let key = Key::new(&name.text);
            let is_known = defined.contains(&key)
                || ranges.find(&name.text).is_some()
                || ranges.is_element(&name.text)
                || builtin::find(Dialect::Vensim, &key).is_some();
            if is_known {
                continue;
            }
            let at = uses.len();
            let found = uses.entry(key).or_insert_with(|| Use { name: name.clone(), subscripts: Vec::new(), at });
            let written: Vec<Name> = subscripts.iter().map(|subscript| subscript.name.clone()).collect();
            let is_odd = found.subscripts.first().is_some_and(|first| first.len() != written.len());
            if is_odd || found.subscripts.iter().any(|earlier| covers(earlier, &written)) {
                continue;
            }
            found.subscripts.retain(|earlier| !covers(&written, earlier));
            let is_apart = !found.subscripts.iter().any(|earlier| meets(earlier, &written));
            if is_apart && found.subscripts.len() < MAX_SUBSCRIPTS {
                found.subscripts.push(written);
            }
        }
    }
    let mut uses: Vec<Use> = uses.into_values().collect();
    uses.sort_by_key(|found| found.at);
    let each = |found: Use| found.subscripts.into_iter().map(move |subscripts| definition(&found.name, subscripts));
    uses.into_iter().flat_map(each).collect()
}

fn definition(name: &Name, subscripts: Vec<Name>) -> Entry {
    let span = name.span;
    let variable = Variable {
        name: name.clone(),
        subscripts,
        exceptions: Vec::new(),
        mode: None,
        operator: Operator::None,
        right: Right::Nothing,
    };
    Entry {
        body: Body::Variable(variable),
        units: None,
        doc: String::new(),
        is_supplementary: false,
        group: None,
        reported: false,
        span,
    }
}
