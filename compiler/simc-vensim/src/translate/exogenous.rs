//! Names that equations use and nothing defines: data variables, where a file of data gives them values.

use std::collections::{HashMap, HashSet};

use simc_model::builtin::{self, Dialect};
use simc_model::name::Key;

use crate::ast::{self, Body, Definition, Name, NodeKind, Operator, Right, Variable};
use crate::translate::ranges::Ranges;

/// Uses of a name that nothing defines.
struct Use {
    name: Name,
    /// For each place of a subscript the range of the most elements that is written there, or else an element.
    subscripts: Vec<Option<Name>>,
    /// Its position among all of them.
    at: usize,
}

/// What would define the names that equations outside of macros use and nothing defines, in the order of their first use: with
/// the largest range that any use has in each place.
pub(super) fn undefined(file: &ast::File, ranges: &Ranges) -> Vec<Definition> {
    let mut defined: HashSet<Key> = HashSet::new();
    for definition in &file.definitions {
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
    let size = |name: &Name| ranges.find(&name.text).map_or(0, |range| range.elements.len());
    let mut uses: HashMap<Key, Use> = HashMap::new();
    for definition in &file.definitions {
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
            let found = uses.entry(key).or_insert_with(|| Use {
                name: name.clone(),
                subscripts: vec![None; subscripts.len()],
                at,
            });
            if found.subscripts.len() == subscripts.len() {
                for (widest, subscript) in found.subscripts.iter_mut().zip(subscripts) {
                    let written = &subscript.name;
                    if widest.as_ref().is_none_or(|widest| size(widest) < size(written)) {
                        *widest = Some(written.clone());
                    }
                }
            }
        }
    }
    let mut uses: Vec<Use> = uses.into_values().collect();
    uses.sort_by_key(|found| found.at);
    uses.into_iter().filter_map(definition).collect()
}

fn definition(found: Use) -> Option<Definition> {
    let span = found.name.span;
    let subscripts: Option<Vec<Name>> = found.subscripts.into_iter().collect();
    let variable = Variable {
        name: found.name,
        subscripts: subscripts?,
        exceptions: Vec::new(),
        mode: None,
        operator: Operator::None,
        right: Right::Nothing,
    };
    Some(Definition {
        body: Body::Variable(variable),
        units: None,
        doc: String::new(),
        is_supplementary: false,
        group: None,
        reported: false,
        span,
    })
}
