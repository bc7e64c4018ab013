//! Event posters: which elements are watched, against which thresholds.

use crate::definition::wording::Cure;
use crate::definition::{RepeatDef, ThresholdDef, VarDef};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{Base, Def, DimId, Expr, ExprKind, Extent, Index, Repeat, Threshold, VarId, Watched};
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::base::region;
use crate::sema::builder::context::EquationContext;
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::declare::clause;
use crate::sema::instances::module_tree::ModuleTree;
use crate::source::Span;

/// How many thresholds of runs of elements there may be.
const MAX_THRESHOLDS: usize = 1 << 16;

/// What a run looks at in every step.
#[derive(Default)]
pub(in crate::sema) struct Watch {
    pub(in crate::sema) watched: Vec<Watched>,
    pub(in crate::sema) thresholds: Vec<Threshold>,
}

/// Finds the thresholds of all variables.
pub(in crate::sema) fn resolve_events(
    tree: &ModuleTree<'_>,
    dt: f64,
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) -> Watch {
    let mut watch = Watch::default();
    for (id, instance, def) in tree.iter_vars() {
        let has_thresholds = !def.thresholds.is_empty() || def.elements.iter().any(|it| !it.thresholds.is_empty());
        if !has_thresholds || builder.is_broken(id) || matches!(builder.var(id).def, Def::Lookup(_)) {
            continue;
        }
        let place = EquationContext { tree, instance, owner: id, loops: &[], known_as: &[], n_fixed: 0 };
        let watched = u32::try_from(watch.watched.len()).expect("fewer variables than bytes in the file");
        watch.watched.push(Watched { var: id, read: read(id, builder) });
        for (thresholds, region) in regions(&place, def, builder, diagnostics) {
            check(&place, thresholds, diagnostics);
            let left = MAX_THRESHOLDS.saturating_sub(watch.thresholds.len()) / thresholds.len();
            let Some(runs) = runs(&region, &builder.var(id).dims, left, builder) else {
                diagnostics.report(too_many(&place, thresholds[0].span));
                continue;
            };
            for (first, n) in runs {
                let resolve = |threshold: &ThresholdDef| resolve(threshold, watched, first, n, dt);
                watch.thresholds.extend(thresholds.iter().map(resolve));
            }
        }
    }
    watch
}

/// The variable at the position of a loop for each of its dimensions.
fn read(id: VarId, builder: &ModelBuilder) -> Expr {
    let var = builder.var(id);
    let index = |n: usize| Index::Moving { base: Base::Loop(n as u32), offset: 0 };
    let mut expr = Expr::default();
    expr.push(ExprKind::Var(id, (0..var.dims.len()).map(index).collect()), var.span);
    expr
}

/// Thresholds with the elements that they belong to.
fn regions<'d>(
    place: &EquationContext<'_, '_>,
    def: &'d VarDef,
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) -> Vec<(&'d [ThresholdDef], Vec<Extent>)> {
    let whole = region::whole_region(&builder.var(place.owner).dims, &builder.dims);
    let mut regions = vec![(def.thresholds.as_slice(), whole)];
    if def.elements.iter().any(|element| !element.thresholds.is_empty()) {
        for entry in clause::resolve_entries(place, def, builder, diagnostics) {
            if let Some(element) = entry.element {
                regions.push((def.elements[element].thresholds.as_slice(), entry.region));
            }
        }
    }
    regions.retain(|(thresholds, _)| !thresholds.is_empty());
    regions
}

/// Elements of a region that are side by side, row-major: the first one and how many. Nothing when there are more such runs than `most`.
fn runs(region: &[Extent], of: &[DimId], most: usize, builder: &ModelBuilder) -> Option<Vec<(u32, u32)>> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for flat in region::cells(region, of, &builder.dims) {
        let flat = u32::try_from(flat).expect("the size of an array is bounded");
        if let Some((_, n)) = runs.last_mut().filter(|(first, n)| *first + *n == flat) {
            *n += 1;
        } else if runs.len() < most {
            runs.push((flat, 1));
        } else {
            return None;
        }
    }
    Some(runs)
}

fn too_many(place: &EquationContext<'_, '_>, span: Span) -> Diagnostic {
    let message = format!("the thresholds of all elements together come to more than {MAX_THRESHOLDS}");
    let hint = "elements next to one another along the last dimension count as one: watch whole arrays, or order their dimensions so";
    place.error(code::ARRAY_TOO_LARGE, span, message).with_hint(hint)
}

/// Reports thresholds that contradict themselves or one another.
fn check(place: &EquationContext<'_, '_>, thresholds: &[ThresholdDef], diagnostics: &mut Diagnostics) {
    for (position, threshold) in thresholds.iter().enumerate() {
        let is_same = |other: &ThresholdDef| other.value == threshold.value && other.direction == threshold.direction;
        if thresholds[..position].iter().any(is_same) {
            let message = "the same threshold, in the same direction, a second time";
            let error = place.error(code::REPEATED_THRESHOLD, threshold.span, message);
            diagnostics.report(error.with_hint(diagnostics.cure(Cure::MergeThresholds)));
        }
        let repeats = threshold.repeat == RepeatDef::Each;
        let fault = if repeats && threshold.events.len() > 1 {
            "a threshold with several events repeats each time"
        } else if !repeats && threshold.interval.is_some_and(|interval| interval != 0.0) {
            "a threshold whose events fire once has an interval"
        } else if threshold.interval.is_some_and(|interval| interval < 0.0) {
            "the interval of a threshold is negative"
        } else {
            continue;
        };
        let error = place.error(code::BAD_REPEAT, threshold.span, fault);
        let hint = diagnostics.cure(Cure::SayRepeat);
        diagnostics.report(error.with_hint(hint));
    }
}

fn resolve(def: &ThresholdDef, watched: u32, first: u32, n: u32, dt: f64) -> Threshold {
    // A quotient beyond the range saturates.
    let steps = |interval: f64| if interval > 0.0 { ((interval / dt).round() as u32).max(1) } else { 0 };
    let repeat = match def.repeat {
        RepeatDef::Each => Repeat::Each(def.interval.map_or(0, steps)),
        RepeatDef::Once => Repeat::Once,
        RepeatDef::OnceEver => Repeat::OnceEver,
    };
    Threshold { watched, first, n, value: def.value, direction: def.direction, repeat, events: def.events.clone() }
}

#[cfg(test)]
mod tests;
