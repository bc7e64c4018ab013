//! Functions of graphical functions: inverse, area, mean and other ways to read between the points. Each reads tables that are derived from
//! the points when the model is compiled.

use crate::builtin::LookupFn;
use crate::diagnostic::code;
use crate::model::{BinaryOp, ExprKind, NodeId, PureFn, Table, TableId, TableKind, TableRef, UnaryOp};
use crate::sema::base::derived_table::Derived;
use crate::sema::base::stand_in::STAND_IN;
use crate::sema::equation::composed::Composer;
use crate::sema::equation::node_plan::TableRead;
use crate::sema::equation::resolver::{Call, Frames, Resolver};
use crate::source::Span;

/// How many curves a call through two graphical functions may choose among, where each of one goes with each of the other.
const MAX_PAIRS: usize = 1 << 12;

impl Resolver<'_, '_, '_> {
    /// A function of the graphical functions that its first arguments name.
    pub(in crate::sema) fn resolve_derived_table(
        &mut self,
        frames: &mut Frames,
        call: &Call<'_>,
        function: LookupFn,
        tables: &[TableRead],
    ) -> NodeId {
        let mut curves = Vec::with_capacity(tables.len());
        for (var, read) in tables {
            if read.is_outside {
                let nothing = self.place.tree.file.invalid_index;
                return frames.exprs[call.frame].push(ExprKind::Number(nothing), call.span);
            }
            let indices = self.resolve_indices(frames, call.frame, call.index, read);
            curves.extend(self.choose_table(*var, indices, call));
        }
        let Some(curve) = curves.first().cloned().filter(|_| curves.len() == tables.len()) else {
            return frames.exprs[call.frame].push(STAND_IN, call.span);
        };
        let argument = |index: usize| (index < call.args.len()).then(|| frames.argument(call, index));
        let (first, second) = (argument(1), argument(2));
        let mut push = |kind: ExprKind| frames.exprs[call.frame].push(kind, call.span);
        let x = first.unwrap_or(NodeId(0));
        match function {
            LookupFn::Value => push(ExprKind::Lookup(curve, x)),
            LookupFn::Inverse => push(ExprKind::Lookup(self.derive(&curve, Derived::Inverse), x)),
            LookupFn::Extrapolated => push(ExprKind::Lookup(self.derive(&curve, Derived::Extrapolated), x)),
            LookupFn::Backward => push(ExprKind::Lookup(self.derive(&curve, Derived::Backward), x)),
            LookupFn::Forward => {
                let opposite = push(ExprKind::Unary(UnaryOp::Neg, x));
                push(ExprKind::Lookup(self.derive(&curve, Derived::Forward), opposite))
            }
            LookupFn::Slope => {
                let mut composer = Composer { expr: &mut frames.exprs[call.frame], span: call.span };
                self.push_slope(&curve, [x, second.unwrap_or(NodeId(0))], &mut composer)
            }
            LookupFn::Data(function) => {
                let mut composer = Composer { expr: &mut frames.exprs[call.frame], span: call.span };
                self.push_data(&curve, function, [x, second.unwrap_or(NodeId(0))], &mut composer)
            }
            LookupFn::Through => {
                let through =
                    curves.get(1).map_or_else(|| curve.clone(), |ys| self.table_through(&curve, ys, call.span));
                push(ExprKind::Lookup(through, second.unwrap_or(NodeId(0))))
            }
            LookupFn::AreaTo | LookupFn::AreaFrom | LookupFn::Mean => {
                let (from, to) = if function == LookupFn::AreaFrom { (first, second) } else { (second, first) };
                let from = from.unwrap_or_else(|| self.push_end(&curve, Derived::FirstX, &mut push));
                let to = to.unwrap_or_else(|| self.push_end(&curve, Derived::LastX, &mut push));
                let (from, to) = if function == LookupFn::AreaTo {
                    let (from, to) =
                        (self.push_bounded(&curve, from, &mut push), self.push_bounded(&curve, to, &mut push));
                    // Which end is named first does not matter.
                    let least = push(ExprKind::Call(PureFn::Min, vec![from, to]));
                    (least, push(ExprKind::Call(PureFn::Max, vec![from, to])))
                } else {
                    (from, to)
                };
                let upper = self.push_area(&curve, to, &mut push);
                let lower = self.push_area(&curve, from, &mut push);
                let area = push(ExprKind::Binary(BinaryOp::Sub, upper, lower));
                if function != LookupFn::Mean {
                    return area;
                }
                let width = push(ExprKind::Binary(BinaryOp::Sub, to, from));
                let height = push(ExprKind::Lookup(curve, from));
                push(ExprKind::Call(PureFn::SafeDiv, vec![area, width, height]))
            }
        }
    }

    /// An end of a curve.
    fn push_end(&mut self, curve: &TableRef, end: Derived, push: &mut dyn FnMut(ExprKind) -> NodeId) -> NodeId {
        let anywhere = push(ExprKind::Number(0.0));
        push(ExprKind::Lookup(self.derive(curve, end), anywhere))
    }

    /// x, or the nearest place where the area under a curve counts.
    fn push_bounded(&mut self, curve: &TableRef, x: NodeId, push: &mut dyn FnMut(ExprKind) -> NodeId) -> NodeId {
        let (left, right) =
            (self.push_end(curve, Derived::LeftEnd, push), self.push_end(curve, Derived::RightEnd, push));
        let bounded = push(ExprKind::Call(PureFn::Max, vec![left, x]));
        push(ExprKind::Call(PureFn::Min, vec![bounded, right]))
    }

    /// The area from the first point to x: `a + (x - p)*(q + y)/2` with a the area up to the last point (p, q) that is not right of x and
    /// y the value at x; of a discrete curve `a + (x - p)*y`.
    fn push_area(&mut self, curve: &TableRef, x: NodeId, push: &mut dyn FnMut(ExprKind) -> NodeId) -> NodeId {
        let before = push(ExprKind::Lookup(self.derive(curve, Derived::AreaBefore), x));
        let point = push(ExprKind::Lookup(self.derive(curve, Derived::PointBefore), x));
        let passed = push(ExprKind::Binary(BinaryOp::Sub, x, point));
        let left = push(ExprKind::Lookup(self.derive(curve, Derived::Backward), x));
        let right = push(ExprKind::Lookup(curve.clone(), x));
        let sum = push(ExprKind::Binary(BinaryOp::Add, left, right));
        let half = push(ExprKind::Number(0.5));
        let height = push(ExprKind::Binary(BinaryOp::Mul, sum, half));
        let rest = push(ExprKind::Binary(BinaryOp::Mul, passed, height));
        push(ExprKind::Binary(BinaryOp::Add, before, rest))
    }

    pub(in crate::sema) fn derive(&mut self, curve: &TableRef, what: Derived) -> TableRef {
        match curve {
            TableRef::One(table) => TableRef::One(self.builder.derive_table(*table, what)),
            TableRef::Each { tables, shape, indices } => TableRef::Each {
                tables: tables.iter().map(|&table| self.builder.derive_table(table, what)).collect(),
                shape: shape.clone(),
                indices: indices.clone(),
            },
        }
    }

    /// The curve through the points whose x are the y of one curve and whose y are those of another. Of curves that are chosen by different
    /// subscripts, one for each choice.
    fn table_through(&mut self, xs: &TableRef, ys: &TableRef, span: Span) -> TableRef {
        match (xs, ys) {
            (TableRef::One(xs), TableRef::One(ys)) => TableRef::One(self.push_through(*xs, *ys)),
            (TableRef::Each { tables, shape, indices }, TableRef::One(ys)) => TableRef::Each {
                tables: tables.iter().map(|&xs| self.push_through(xs, *ys)).collect(),
                shape: shape.clone(),
                indices: indices.clone(),
            },
            (TableRef::One(xs), TableRef::Each { tables, shape, indices }) => TableRef::Each {
                tables: tables.iter().map(|&ys| self.push_through(*xs, ys)).collect(),
                shape: shape.clone(),
                indices: indices.clone(),
            },
            (
                TableRef::Each { tables: xs, shape, indices },
                TableRef::Each { tables: ys, shape: of_ys, indices: at_ys },
            ) => {
                if shape == of_ys && indices == at_ys {
                    let pairs = xs.iter().zip(ys);
                    let tables = pairs.map(|(&xs, &ys)| self.push_through(xs, ys)).collect();
                    return TableRef::Each { tables, shape: shape.clone(), indices: indices.clone() };
                }
                if xs.len().saturating_mul(ys.len()) > MAX_PAIRS {
                    let message = format!(
                        "{} graphical functions of x, each with one of {} of y, are more than {MAX_PAIRS} pairs",
                        xs.len(),
                        ys.len()
                    );
                    let error = self.place.error(code::ARRAY_TOO_LARGE, span, message);
                    self.diagnostics.report(error.with_hint("name the element of one of the two"));
                    return xs.first().map_or(TableRef::One(TableId(0)), |&first| TableRef::One(first));
                }
                let pairs = xs.iter().flat_map(|&xs| ys.iter().map(move |&ys| (xs, ys)));
                let tables = pairs.map(|(xs, ys)| self.push_through(xs, ys)).collect();
                TableRef::Each {
                    tables,
                    shape: shape.iter().chain(of_ys).copied().collect(),
                    indices: indices.iter().chain(at_ys).copied().collect(),
                }
            }
        }
    }

    fn push_through(&mut self, xs: TableId, ys: TableId) -> TableId {
        let (xs, ys) = (&self.builder.tables[xs.0 as usize], &self.builder.tables[ys.0 as usize]);
        let mut points: Vec<(f64, f64)> = xs.ys.iter().copied().zip(ys.ys.iter().copied()).collect();
        points.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let name = format!("{} against {}", ys.name, xs.name);
        let (xs, ys) = points.into_iter().unzip();
        self.builder.push_table(Table { name, kind: TableKind::Continuous, xs, ys, is_derived: true })
    }
}
