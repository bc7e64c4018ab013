//! Random arrays: whatever they say, the resolution ends with a diagnostic or with a model whose reads stay inside.

use proptest::prelude::*;

use super::fixture;
use simc_model::diagnostic::Diagnostic;
use simc_model::model::{Base, Clause, Def, Expr, ExprKind, Extent, Index, Model, Node, print};

const DIMS: &str = "dim A a1 a2 a3 a4\ndim N 3\ndim S a2 a3\ndim X a3 a1 a2 a4\n";
const NAMES: [&str; 4] = ["A", "N", "S", "X"];
const OVER: [&str; 8] = ["", "A", "N", "S", "X", "A N", "A A", "X S"];

/// Equations over variables `v0`, `v1`, ... made of pieces of text that are chosen at random.
fn equation(choices: &[u8], n_vars: usize) -> String {
    let mut parts = Vec::new();
    for pair in choices.chunks(2) {
        let (kind, var) = (pair[0], usize::from(pair.get(1).copied().unwrap_or(0)));
        let name = format!("v{}", var % n_vars);
        let dim = NAMES[var / 7 % NAMES.len()];
        parts.push(match kind % 14 {
            0 => name,
            1 => format!("{name}[{dim}]"),
            2 => format!("{name}[{dim} - 1]"),
            3 => format!("SUM({name})"),
            4 => format!("SUM({name}[*]*2)"),
            5 => format!("{name}[{dim}, *]'"),
            6 => format!("MAX({name}[2:3])"),
            7 => format!("{name}[a2]"),
            8 => format!("DELAY1({name}, 2)"),
            9 => format!("SUM(SMTH1({name}[*], 2))"),
            10 => format!("{name} *.* {name}"),
            11 => format!("(IF {dim} = a3 THEN 1 ELSE {name}[TIME])"),
            12 => format!("{name}[{dim}, {dim} + 1]"),
            _ => format!("SIZE({name}) + {dim}"),
        });
    }
    if parts.is_empty() { "TIME".to_owned() } else { parts.join(" + ") }
}

/// Choices for a variable: its dimensions, its equation and that of an element.
type VarChoices = (u8, Vec<u8>, Option<Vec<u8>>);

fn text(vars: &[VarChoices]) -> String {
    let mut text = DIMS.to_owned();
    for (index, (over, choices, element)) in vars.iter().enumerate() {
        let over = OVER[usize::from(*over) % OVER.len()];
        text.push_str(&format!("aux v{index} = {}\n", equation(choices, vars.len())));
        if over.is_empty() {
            continue;
        }
        text.push_str(&format!("  over {over}\n"));
        if let Some(choices) = element {
            let subscripts = vec!["2"; over.split(' ').count()].join(", ");
            let named = if over.contains('N') { subscripts } else { subscripts.replace('2', "a2") };
            text.push_str(&format!("  elem {named} = {}\n", equation(choices, vars.len())));
        }
    }
    text
}

/// Every subscript that is known lies inside.
fn check_expr(model: &Model, expr: &Expr, loops: &[Extent], bounds: &[Extent]) {
    assert!(!expr.nodes.is_empty());
    for node in &expr.nodes {
        if let ExprKind::Var(id, indices) = &node.kind {
            let dims = &model.var(*id).dims;
            assert_eq!(dims.len(), indices.len());
            for (dim, index) in dims.iter().zip(indices) {
                check_index(*index, model.dims[dim.0 as usize].elements.len(), loops, bounds);
            }
        } else if let ExprKind::Reduce(reduce) = &node.kind {
            assert!(!reduce.extents.is_empty());
            let inner: Vec<Extent> = bounds.iter().chain(&reduce.extents).copied().collect();
            check_expr(model, &reduce.body, loops, &inner);
        } else if let ExprKind::State(id) = &node.kind {
            let state = model.state(*id);
            assert_eq!(state.extents, [loops, bounds].concat());
            assert_eq!(state.n_loops as usize, loops.len());
            check_expr(model, &state.input, loops, bounds);
        }
    }
}

fn check_index(index: Index, len: usize, loops: &[Extent], bounds: &[Extent]) {
    match index {
        Index::Fixed(at) => assert!((at as usize) < len),
        Index::Moving { base, offset } => {
            let extent = match base {
                Base::Loop(n) => loops[n as usize],
                Base::Bound(n) => bounds[n as usize],
            };
            let start = i64::from(extent.start) + offset;
            assert!(start >= 0 && start + i64::from(extent.len) <= len as i64);
        }
        Index::Computed(_) => {}
    }
}

/// Clauses do not overlap and leave nothing out.
fn check_cover(model: &Model, dims: &[simc_model::model::DimId], clauses: &[Clause]) {
    let lens: Vec<usize> = dims.iter().map(|dim| model.dims[dim.0 as usize].elements.len()).collect();
    let mut seen = vec![false; lens.iter().product()];
    for clause in clauses {
        assert_eq!(clause.region.len(), dims.len());
        let mut cells = vec![0_usize];
        for (extent, len) in clause.region.iter().zip(&lens) {
            let range = extent.start as usize..(extent.start + extent.len) as usize;
            cells = cells.iter().flat_map(|cell| range.clone().map(move |at| cell * len + at)).collect();
        }
        for cell in cells {
            assert!(!std::mem::replace(&mut seen[cell], true));
        }
    }
    assert!(seen.iter().all(|seen| *seen));
}

/// Every variable or each of its clauses is in the order of a step.
fn check_order(model: &Model) {
    for (id, var) in model.iter_vars() {
        let Def::Formula(clauses) = &var.def else { continue };
        let n_whole = model.step_order.iter().filter(|node| **node == Node::Var(id)).count();
        let is_clause = |node: &&Node| matches!(node, Node::Clause(var, _) if *var == id);
        let n_clauses = model.step_order.iter().filter(is_clause).count();
        assert!((n_whole, n_clauses) == (1, 0) || (n_whole, n_clauses) == (0, clauses.len()));
    }
}

proptest! {
    #[test]
    fn random_arrays_are_resolved_or_refused(
        vars in prop::collection::vec(
            (any::<u8>(), prop::collection::vec(any::<u8>(), 0..5), prop::option::of(prop::collection::vec(any::<u8>(), 0..4))),
            1..6,
        )
    ) {
        let text = text(&vars);
        let resolved = fixture::compile(&text);
        let has_error = resolved.diagnostics.iter().any(Diagnostic::is_error);
        prop_assert_eq!(resolved.model.is_none(), has_error);
        if let Some(model) = resolved.model {
            for var in &model.vars {
                let Def::Formula(clauses) = &var.def else { continue };
                check_cover(&model, &var.dims, clauses);
                for clause in clauses {
                    check_expr(&model, &clause.expr, &clause.region, &[]);
                }
            }
            check_order(&model);
            prop_assert!(!print(&model).is_empty());
        }
    }
}
