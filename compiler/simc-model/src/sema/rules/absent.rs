//! Elements without an equation, in arrays that may leave some out: an error where anything reads one that is known.

use crate::definition::wording::Cure;
use crate::diagnostic::{Diagnostic, code};
use crate::model::listed::Surroundings;
use crate::model::{Clause, Def, Expr, Extent, State, VarId};
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::base::read::{self, Mention};
use crate::sema::base::region;
use crate::sema::builder::model_builder::ModelBuilder;
use crate::source::Span;

/// How many pairs of a read and a box of elements without an equation are looked at; reads after that give NaN.
const MAX_PAIRS: usize = 1 << 24;

/// Reports reads of elements that have no equation, once for each variable that reads and each that is read.
pub(in crate::sema) fn report_absent(builder: &ModelBuilder, diagnostics: &mut Diagnostics) {
    if builder.absent.is_empty() {
        return;
    }
    let mut search = Search { builder, n_pairs: 0, found: Vec::new() };
    for id in (0u32..).map(VarId).take(builder.n_vars()) {
        // What a stock sums up are flows, whose own equations are looked at.
        let clauses: &[Clause] = match &builder.var(id).def {
            Def::Stock { init, .. } => init,
            Def::Formula(clauses) => clauses,
            Def::Constant(_) | Def::Lookup(_) => &[],
        };
        for clause in clauses {
            clause.exprs().for_each(|expr| search.look_at(id, expr, &clause.region, &[]));
        }
    }
    for state in &builder.states {
        let State { owner, extents, n_loops, .. } = state;
        let (loops, bounds) = extents.split_at((*n_loops as usize).min(extents.len()));
        state.exprs().for_each(|expr| search.look_at(*owner, expr, loops, bounds));
    }
    let mut found = search.found;
    found.sort_by_key(|absent| (absent.reader, absent.read));
    found.dedup_by_key(|absent| (absent.reader, absent.read));
    for absent in found {
        let read = builder.var(absent.read);
        let element = region::show_element(&read.name, &absent.element, &builder.dims);
        let error = Diagnostic::error(code::MISSING_ELEMENTS, absent.span, format!("`{element}` has no equation"))
            .with_place(read.span, "other elements have one")
            .with_hint(diagnostics.cure(Cure::WriteElements).to_owned())
            .with_variable(builder.var(absent.reader).name.clone());
        diagnostics.report(error);
    }
}

/// A read of an element without an equation.
struct Absent {
    reader: VarId,
    read: VarId,
    span: Span,
    element: Vec<Extent>,
}

struct Search<'b> {
    builder: &'b ModelBuilder,
    n_pairs: usize,
    found: Vec<Absent>,
}

impl Search<'_> {
    fn look_at(&mut self, reader: VarId, expr: &Expr, loops: &[Extent], bounds: &[Extent]) {
        let builder = self.builder;
        read::visit_with_nodes(expr, bounds, &mut |mention, span, bounds, nodes| {
            let Mention::Var(read, indices) = mention else { return };
            let Some(absent) = builder.absent.get(&read) else { return };
            let around = Surroundings { loops, bounds, nodes, tables: &builder.tables };
            let boxes = around.boxes_of(indices);
            let known = boxes.iter().filter_map(|sides| sides.iter().copied().collect::<Option<Vec<_>>>());
            let common = |(extent, &(start, end)): (&Extent, &(i64, i64))| {
                let first = start.max(i64::from(extent.start));
                let is_any = first < end.min(i64::from(extent.start) + i64::from(extent.len));
                is_any.then_some(Extent { start: u32::try_from(first).ok()?, len: 1, ..*extent })
            };
            let mut element = None;
            for sides in known {
                if element.is_some() || self.n_pairs >= MAX_PAIRS {
                    break;
                }
                self.n_pairs += absent.len();
                let meets = |hole: &Vec<Extent>| hole.iter().zip(&sides).map(common).collect::<Option<Vec<_>>>();
                element = absent.iter().find_map(meets);
            }
            if let Some(element) = element {
                self.found.push(Absent { reader, read, span, element });
            }
        });
    }
}
