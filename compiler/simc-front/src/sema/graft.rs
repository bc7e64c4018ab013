//! Copies of expressions: appended to another one, or moved under further reducers.

use crate::model::{Base, BeltRead, Expr, ExprKind, ExprNode, Index, NodeId, TableRef};

/// Appends a copy of an expression to another; where its result has come to stand.
pub(super) fn append(expr: &Expr, onto: &mut Expr) -> NodeId {
    let offset = u32::try_from(onto.nodes.len()).expect("fewer than 2^32 nodes in an expression");
    let moved = |id: NodeId| NodeId(id.0 + offset);
    onto.nodes
        .extend(expr.nodes.iter().map(|node| ExprNode { kind: move_operands(&node.kind, moved), span: node.span }));
    moved(expr.root())
}

/// The same node with its operands elsewhere.
pub(super) fn move_operands(kind: &ExprKind, mut moved: impl FnMut(NodeId) -> NodeId) -> ExprKind {
    let move_index = |index: &Index| match *index {
        Index::Computed(id) => Index::Computed(moved(id)),
        Index::Fixed(_) | Index::Moving { .. } => *index,
    };
    match kind {
        ExprKind::Var(var, indices) => ExprKind::Var(*var, indices.iter().map(move_index).collect()),
        ExprKind::Belt(read) => ExprKind::Belt(Box::new(BeltRead {
            indices: read.indices.iter().map(move_index).collect(),
            args: read.args.iter().map(|&arg| moved(arg)).collect(),
            ..**read
        })),
        ExprKind::Unary(op, a) => ExprKind::Unary(*op, moved(*a)),
        ExprKind::Binary(op, a, b) => ExprKind::Binary(*op, moved(*a), moved(*b)),
        ExprKind::If { cond, then, otherwise } => {
            ExprKind::If { cond: moved(*cond), then: moved(*then), otherwise: moved(*otherwise) }
        }
        ExprKind::Call(function, args) => ExprKind::Call(*function, args.iter().map(|&arg| moved(arg)).collect()),
        ExprKind::Lookup(table, x) => ExprKind::Lookup(table.clone(), moved(*x)),
        ExprKind::Number(_) | ExprKind::Time | ExprKind::State(_) | ExprKind::Position(_) | ExprKind::Reduce(_) => {
            kind.clone()
        }
    }
}

/// A copy of an expression that stands under `by` more reducers: their loops come behind the first `depth` ones.
pub(super) fn under_reducers(expr: &Expr, depth: u32, by: u32) -> Expr {
    let move_index = |index: &Index| match *index {
        Index::Moving { base: Base::Bound(n), offset } if n >= depth => {
            Index::Moving { base: Base::Bound(n + by), offset }
        }
        Index::Moving { .. } | Index::Fixed(_) | Index::Computed(_) => *index,
    };
    let move_all = |indices: &[Index]| indices.iter().map(move_index).collect();
    let move_node = |kind: &ExprKind| match kind {
        ExprKind::Var(var, indices) => ExprKind::Var(*var, move_all(indices)),
        ExprKind::Belt(read) => {
            ExprKind::Belt(Box::new(BeltRead { indices: move_all(&read.indices), args: read.args.clone(), ..**read }))
        }
        ExprKind::Position(index) => ExprKind::Position(move_index(index)),
        ExprKind::Lookup(TableRef::Each { tables, shape, indices }, x) => {
            let table = TableRef::Each { tables: tables.clone(), shape: shape.clone(), indices: move_all(indices) };
            ExprKind::Lookup(table, *x)
        }
        ExprKind::Reduce(reduce) => {
            let mut reduce = reduce.clone();
            reduce.body = under_reducers(&reduce.body, depth, by);
            ExprKind::Reduce(reduce)
        }
        ExprKind::Number(_)
        | ExprKind::Time
        | ExprKind::State(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::If { .. }
        | ExprKind::Call(..)
        | ExprKind::Lookup(TableRef::One(_), _) => kind.clone(),
    };
    Expr { nodes: expr.nodes.iter().map(|node| ExprNode { kind: move_node(&node.kind), span: node.span }).collect() }
}

/// Whether an expression, or the body of a reducer in it, calls a function that remembers.
pub(super) fn remembers(expr: &Expr) -> bool {
    expr.nodes.iter().any(|node| match &node.kind {
        ExprKind::State(_) => true,
        ExprKind::Reduce(reduce) => remembers(&reduce.body),
        ExprKind::Number(_)
        | ExprKind::Time
        | ExprKind::Var(..)
        | ExprKind::Belt(_)
        | ExprKind::Position(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::If { .. }
        | ExprKind::Call(..)
        | ExprKind::Lookup(..) => false,
    })
}
