//! Left sides: the elements that their subscripts name, and those that exceptions leave out.

use simc_model::diagnostic::{Diagnostic, code as shared};
use simc_model::name::Key;

use crate::ast::{Name, Variable};
use crate::translate::ranges::Ranges;

/// Whether the exceptions of a left side leave an element out.
pub(super) fn is_excepted(ranges: &Ranges, variable: &Variable, element: &[&Name]) -> bool {
    let means = |subscript: &Name, element: &Name| {
        let key = Key::new(&element.text);
        match ranges.find(&subscript.text) {
            Some(range) => range.keys.contains(&key),
            None => Key::new(&subscript.text) == key,
        }
    };
    let lists = variable.exceptions.iter();
    lists
        .filter(|list| list.len() == element.len())
        .any(|list| list.iter().zip(element).all(|(subscript, element)| means(subscript, element)))
}

/// All combinations of elements, the last one running fastest.
pub(super) fn elements<'a, T: AsRef<[Name]>>(along: &'a [T]) -> impl Iterator<Item = Vec<&'a Name>> + 'a {
    let n = along.iter().map(|names| names.as_ref().len()).product::<usize>();
    (0..n).map(move |index| {
        let mut rest = index;
        let mut element: Vec<&Name> = Vec::with_capacity(along.len());
        for names in along.iter().map(AsRef::as_ref).rev() {
            element.push(&names[rest % names.len()]);
            rest /= names.len();
        }
        element.reverse();
        element
    })
}

pub(super) fn unknown_subscript(subscript: &Name, variable: &Name) -> Diagnostic {
    let message = format!("`{}` is neither a subscript range nor an element of one", subscript.text);
    Diagnostic::error(shared::UNKNOWN_DIMENSION, subscript.span, message)
        .with_hint(format!("define it: `{}: element 1, element 2 ~~|`", subscript.text))
        .with_variable(variable.text.clone())
}
