//! An equation that says what its variable begins with, `ACTIVE_INITIAL(equation, initial)`, as two.

use simc_model::builtin::Meaning;
use simc_model::definition::scope::{Callee, Scope};
use simc_model::definition::{Equation, EquationKind};

/// The last nodes of the two arguments, where `equation` is such a call.
pub(super) fn roots_of_start(scope: &Scope<'_>, equation: &Equation) -> Option<[u32; 2]> {
    let EquationKind::Call(path, arguments) = &equation.nodes.last()?.kind else { return None };
    let Callee::Builtin(builtin) = scope.callee(path) else { return None };
    let &[active, initial] = arguments.as_slice() else { return None };
    (builtin.meaning == Meaning::ActiveInitial).then_some([active, initial])
}

/// The equation of all steps, and that before the first, where `equation` is such a call.
pub(super) fn parts_of_start(scope: &Scope<'_>, equation: &Equation) -> Option<[Equation; 2]> {
    let part = |root: u32| {
        let nodes = equation.nodes[..=root as usize].to_vec();
        Equation { nodes, span: equation.span }
    };
    Some(roots_of_start(scope, equation)?.map(part))
}
