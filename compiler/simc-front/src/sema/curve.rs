//! Functions of graphical functions: inverse, area, mean and other ways to read between the points. Each reads tables that are derived from
//! the points when the model is compiled.

use crate::ast::EquationKind;
use crate::builtin::{Builtin, LookupFn};
use crate::diagnostic::code;
use crate::model::{BinaryOp, ExprKind, NodeId, PureFn, Table, TableId, TableKind, TableRef, UnaryOp, VarId};
use crate::sema::call::Call;
use crate::sema::declare::Draft;
use crate::sema::equation::{Cx, Frames};
use crate::sema::subscript::Read;

/// A table that follows from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Derived {
    /// x at y.
    Inverse,
    /// Continued beyond its ends.
    Extrapolated,
    /// y of the last point that is not right of x.
    Backward,
    /// At -x, y of the first point that is not left of x.
    Forward,
    /// The area from the first point to the last one that is not right of x.
    AreaBefore,
    /// x of the last point that is not right of x.
    PointBefore,
    /// A single point: the first x.
    FirstX,
    /// A single point: the last x.
    LastX,
}

impl Cx<'_, '_, '_> {
    /// A function of the graphical function that its first argument names.
    pub(super) fn resolve_curve(
        &mut self,
        frames: &mut Frames,
        call: &Call<'_>,
        builtin: &Builtin,
        function: LookupFn,
        table: (VarId, &Read),
    ) -> NodeId {
        let indices = self.resolve_indices(frames, call.index, table.1);
        let Some(curve) = self.choose_table(table.0, indices, call) else {
            return frames.exprs[call.frame].push(ExprKind::Number(0.0), call.span);
        };
        let argument = |index: usize| (index < call.args.len()).then(|| frames.argument(call, index));
        let (first, second) = (argument(1), argument(2));
        let mut push = |kind: ExprKind| frames.exprs[call.frame].push(kind, call.span);
        let x = first.unwrap_or(NodeId(0));
        match function {
            LookupFn::Value => push(ExprKind::Lookup(curve, x)),
            LookupFn::Inverse => {
                self.check_inverse(&curve, call, builtin);
                push(ExprKind::Lookup(self.derive(&curve, Derived::Inverse), x))
            }
            LookupFn::Extrapolated => push(ExprKind::Lookup(self.derive(&curve, Derived::Extrapolated), x)),
            LookupFn::Backward => push(ExprKind::Lookup(self.derive(&curve, Derived::Backward), x)),
            LookupFn::Forward => {
                let opposite = push(ExprKind::Unary(UnaryOp::Neg, x));
                push(ExprKind::Lookup(self.derive(&curve, Derived::Forward), opposite))
            }
            LookupFn::Through => {
                let through = self.table_through(&curve, call, builtin);
                push(ExprKind::Lookup(TableRef::One(through), second.unwrap_or(NodeId(0))))
            }
            LookupFn::AreaTo | LookupFn::AreaFrom | LookupFn::Mean => {
                let (from, to) = if function == LookupFn::AreaTo { (second, first) } else { (first, second) };
                let from = from.unwrap_or_else(|| self.push_end(&curve, Derived::FirstX, &mut push));
                let to = to.unwrap_or_else(|| self.push_end(&curve, Derived::LastX, &mut push));
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

    fn derive(&mut self, curve: &TableRef, what: Derived) -> TableRef {
        match curve {
            TableRef::One(table) => TableRef::One(self.draft.derive_table(*table, what)),
            TableRef::Each { tables, shape, indices } => TableRef::Each {
                tables: tables.iter().map(|&table| self.draft.derive_table(table, what)).collect(),
                shape: shape.clone(),
                indices: indices.clone(),
            },
        }
    }

    /// Reports a curve that rises and falls.
    fn check_inverse(&mut self, curve: &TableRef, call: &Call<'_>, builtin: &Builtin) {
        let tables: &[TableId] = match curve {
            TableRef::One(table) => std::slice::from_ref(table),
            TableRef::Each { tables, .. } => tables,
        };
        let rises_and_falls = |&&table: &&TableId| {
            let ys = &self.draft.tables[table.0 as usize].ys;
            !ys.is_sorted() && !ys.is_sorted_by(|a, b| a >= b)
        };
        if let Some(table) = tables.iter().find(rises_and_falls) {
            let name = &self.draft.tables[table.0 as usize].name;
            let message = format!("graphical function `{name}` rises and falls: {} has no one answer", builtin.name());
            self.problems.report(self.place.error(code::NO_INVERSE, call.span, message));
        }
    }

    /// The curve through the points whose x are the y of one curve and whose y are those of another.
    fn table_through(&mut self, xs: &TableRef, call: &Call<'_>, builtin: &Builtin) -> TableId {
        let node = &self.equation.nodes[call.args[1] as usize];
        let var = if let EquationKind::Reference(path, subscripts) = &node.kind
            && subscripts.is_empty()
        {
            self.place.find_var(path)
        } else {
            None
        };
        let ys = var.and_then(|var| self.draft.shared_table(var));
        let (TableRef::One(xs), Some(ys)) = (xs, ys) else {
            self.place.report_no_table(builtin, node, var, self.problems);
            return TableId(0);
        };
        let (xs, ys) = (&self.draft.tables[xs.0 as usize], &self.draft.tables[ys.0 as usize]);
        let mut points: Vec<(f64, f64)> = xs.ys.iter().copied().zip(ys.ys.iter().copied()).collect();
        points.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let name = format!("{} against {}", ys.name, xs.name);
        let (xs, ys) = points.into_iter().unzip();
        self.draft.push_table(Table { name, kind: TableKind::Continuous, xs, ys, is_derived: true })
    }
}

impl Draft {
    /// The table that follows from another; made once.
    fn derive_table(&mut self, table: TableId, what: Derived) -> TableId {
        if let Some(&known) = self.derived_tables.get(&(table, what)) {
            return known;
        }
        let made = self.push_table(derive(&self.tables[table.0 as usize], what));
        self.derived_tables.insert((table, what), made);
        made
    }

    fn push_table(&mut self, table: Table) -> TableId {
        let id = TableId(u32::try_from(self.tables.len()).expect("fewer than 2^32 tables"));
        self.tables.push(table);
        id
    }
}

fn derive(of: &Table, what: Derived) -> Table {
    let (xs, ys) = (of.xs.clone(), of.ys.clone());
    let last = xs.len() - 1;
    let reversed = |numbers: &[f64]| numbers.iter().rev().copied().collect::<Vec<f64>>();
    let (kind, suffix, xs, ys) = match what {
        Derived::Inverse if ys[0] > ys[last] => (TableKind::Continuous, "inverse", reversed(&ys), reversed(&xs)),
        Derived::Inverse => (TableKind::Continuous, "inverse", ys, xs),
        Derived::Extrapolated => (TableKind::Extrapolate, "extrapolated", xs, ys),
        Derived::Backward => (TableKind::Discrete, "backward", xs, ys),
        Derived::Forward => (TableKind::Discrete, "forward", reversed(&xs).iter().map(|x| -x).collect(), reversed(&ys)),
        Derived::AreaBefore => {
            let areas = areas(of);
            (TableKind::Discrete, "area", xs, areas)
        }
        Derived::PointBefore => (TableKind::Discrete, "points", xs.clone(), xs),
        Derived::FirstX => (TableKind::Continuous, "first x", vec![0.0], vec![xs[0]]),
        Derived::LastX => (TableKind::Continuous, "last x", vec![0.0], vec![xs[last]]),
    };
    Table { name: format!("{}: {suffix}", of.name), kind, xs, ys, is_derived: true }
}

/// The area from the first point to each point.
fn areas(of: &Table) -> Vec<f64> {
    let mut area = 0.0;
    let mut areas = vec![0.0];
    for i in 1..of.xs.len() {
        let right = if of.kind == TableKind::Discrete { of.ys[i - 1] } else { of.ys[i] };
        area += (of.xs[i] - of.xs[i - 1]) * ((of.ys[i - 1] + right) * 0.5);
        areas.push(area);
    }
    areas
}
