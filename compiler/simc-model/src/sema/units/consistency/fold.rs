//! Contradictions with one cause: a variable with the wrong units shows wherever it is mentioned, always by the same factor.

use std::collections::{BTreeMap, HashMap};

use crate::definition::{EquationKind, VarDef};
use crate::model::VarId;
use crate::sema::instances::module_tree::Target;
use crate::units::{Contradiction, Exponent, Symbol, Unit};

use crate::sema::units::consistency::checker::{Checker, SiteKind};

/// Two units that differ by this factor, or by its inverse.
type Factor = Vec<(Symbol, Exponent)>;

/// Gives each contradiction that is to be reported, with those that are taken to have the same cause. Where units stay unknown,
/// nothing is reported.
pub(in crate::sema) fn fold(
    checker: &Checker<'_, '_>,
    contradictions: Vec<Contradiction>,
) -> Vec<(Contradiction, Vec<Contradiction>)> {
    let known: Vec<Contradiction> = contradictions.into_iter().filter(|found| is_known(checker, found)).collect();
    let factors: Vec<Factor> = known.iter().map(factor).collect();
    let mut owned: HashMap<(VarId, &Factor), usize> = HashMap::new();
    for (index, found) in known.iter().enumerate() {
        for var in owners(checker, found) {
            owned.entry((var, &factors[index])).or_insert(index);
        }
    }
    // Each points to the one that is about a variable which it mentions, or to itself.
    let mut causes: Vec<usize> = (0..known.len()).collect();
    for (index, found) in known.iter().enumerate() {
        let mentioned = owners(checker, found).into_iter().chain(mentions(checker, found));
        let cause = mentioned.filter_map(|var| owned.get(&(var, &factors[index])).copied()).find(|&at| at != index);
        if let Some(cause) = cause {
            let (cause, own) = (root(&causes, cause), root(&causes, index));
            causes[own] = cause;
        }
    }
    let roots: Vec<usize> = (0..known.len()).map(|index| root(&causes, index)).collect();
    let mut told: BTreeMap<usize, (Option<Contradiction>, Vec<Contradiction>)> = BTreeMap::new();
    for (index, found) in known.into_iter().enumerate() {
        let entry = told.entry(roots[index]).or_default();
        if roots[index] == index {
            entry.0 = Some(found);
        } else {
            entry.1.push(found);
        }
    }
    told.into_values().filter_map(|(cause, others)| Some((cause?, others))).collect()
}

fn root(causes: &[usize], mut at: usize) -> usize {
    while causes[at] != at {
        at = causes[at];
    }
    at
}

/// Whether both sides are known, but for the time unit.
fn is_known(checker: &Checker<'_, '_>, found: &Contradiction) -> bool {
    let time = checker.of_vars.len();
    [&found.expected, &found.found].iter().all(|unit| unit.unknowns().all(|(unknown, _)| unknown as usize == time))
}

/// The factor between both sides, in the direction in which its first exponent is above 0.
fn factor(found: &Contradiction) -> Factor {
    let factor = found.expected.per(&found.found).unwrap_or(Unit::ONE);
    let is_inverse = factor.factors().first().is_some_and(|(_, exponent)| exponent.is_negative());
    if is_inverse { factor.inverse().factors().to_vec() } else { factor.factors().to_vec() }
}

/// The variables whose units are at fault, unless it is something else.
fn owners(checker: &Checker<'_, '_>, found: &Contradiction) -> Vec<VarId> {
    let site = &checker.sites[found.row];
    match site.kind {
        SiteKind::Equation | SiteKind::Initial | SiteKind::Transport(_) => vec![site.var],
        SiteKind::Flow { flow, .. } => vec![flow, site.var],
        SiteKind::Connection(source) => vec![source, site.var],
        SiteKind::Operands(..) | SiteKind::Branches(_) | SiteKind::Argument(..) => Vec::new(),
    }
}

/// The variables that the equations of the place mention.
fn mentions(checker: &Checker<'_, '_>, found: &Contradiction) -> Vec<VarId> {
    let site = &checker.sites[found.row];
    let is_in_equation = match site.kind {
        SiteKind::Flow { .. } | SiteKind::Connection(_) => false,
        SiteKind::Equation
        | SiteKind::Initial
        | SiteKind::Transport(_)
        | SiteKind::Operands(..)
        | SiteKind::Branches(_)
        | SiteKind::Argument(..) => true,
    };
    if !is_in_equation {
        return Vec::new();
    }
    let def: &VarDef = checker.tree.def(site.var);
    let instance = checker.tree.owner(site.var);
    let own = def.elements.iter().filter_map(|element| element.equation.as_ref());
    let equations = def.equation.iter().chain(&def.list).chain(own).filter(|equation| {
        equation.span.file == site.span.file && (equation.span.start..=equation.span.end).contains(&site.span.start)
    });
    let nodes = equations.flat_map(|equation| &equation.nodes);
    let paths = nodes.filter_map(|node| match &node.kind {
        EquationKind::Reference(path, _) | EquationKind::Call(path, _) | EquationKind::SubscriptedCall(path, ..) => {
            Some(path)
        }
        EquationKind::Number(_)
        | EquationKind::Unary(..)
        | EquationKind::Binary(..)
        | EquationKind::If(..)
        | EquationKind::Wildcard(_)
        | EquationKind::Range(..)
        | EquationKind::Position(_)
        | EquationKind::Transpose(_)
        | EquationKind::InnerProduct(..) => None,
    });
    let vars = paths.filter_map(|path| match checker.tree.resolve_path(instance, path) {
        Target::Var(var) => Some(var),
        Target::Module | Target::Missing(..) => None,
    });
    vars.collect()
}
