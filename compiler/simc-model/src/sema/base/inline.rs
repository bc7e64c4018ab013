//! Copies of expressions, and what they depend on.

use crate::model::{Base, BeltRead, Expr, ExprKind, ExprNode, Index, NodeId, Reduce, TableRef, VectorRead};

/// Appends a copy of an expression to another; where its result has come to stand.
pub(in crate::sema) fn append(expr: &Expr, onto: &mut Expr) -> NodeId {
    let offset = u32::try_from(onto.nodes.len()).expect("fewer than 2^32 nodes in an expression");
    let moved = |id: NodeId| NodeId(id.0 + offset);
    onto.nodes
        .extend(expr.nodes.iter().map(|node| ExprNode { kind: move_operands(&node.kind, moved), span: node.span }));
    moved(expr.root())
}

/// The same node with its operands elsewhere.
pub(in crate::sema) fn move_operands(kind: &ExprKind, mut moved: impl FnMut(NodeId) -> NodeId) -> ExprKind {
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
        ExprKind::Vector(read) => ExprKind::Vector(Box::new(VectorRead {
            element: read.element.iter().map(move_index).collect(),
            ..(**read).clone()
        })),
        ExprKind::Arrange(function, operands) => {
            ExprKind::Arrange(*function, operands.iter().map(|&operand| moved(operand)).collect())
        }
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

/// Whether an expression, or the body of a reducer in it, calls a function that remembers.
pub(in crate::sema) fn remembers(expr: &Expr) -> bool {
    expr.nodes.iter().any(|node| match &node.kind {
        ExprKind::State(_) => true,
        ExprKind::Reduce(reduce) => remembers(&reduce.body),
        ExprKind::Number(_)
        | ExprKind::Time
        | ExprKind::Var(..)
        | ExprKind::Belt(_)
        | ExprKind::Vector(_)
        | ExprKind::Arrange(..)
        | ExprKind::Position(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::If { .. }
        | ExprKind::Call(..)
        | ExprKind::Lookup(..) => false,
    })
}

/// Whether the value of an expression may depend on the position of a loop or reducer around it.
pub(in crate::sema) fn depends_on(expr: &Expr, base: Base) -> bool {
    let is_moved = |index: &Index| matches!(index, Index::Moving { base: by, .. } if *by == base);
    expr.nodes.iter().any(|node| match &node.kind {
        ExprKind::Var(_, indices) | ExprKind::Lookup(TableRef::Each { indices, .. }, _) => indices.iter().any(is_moved),
        ExprKind::Belt(read) => read.indices.iter().any(is_moved),
        ExprKind::Vector(read) => read.indices.iter().chain(&read.element).any(is_moved),
        ExprKind::Position(index) => is_moved(index),
        ExprKind::Reduce(reduce) => depends_on(&reduce.body, base),
        // A call that remembers does so for each position.
        ExprKind::State(_) => true,
        ExprKind::Number(_)
        | ExprKind::Time
        | ExprKind::Arrange(..)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::If { .. }
        | ExprKind::Call(..)
        | ExprKind::Lookup(TableRef::One(_), _) => false,
    })
}

/// A node of an expression as an expression of its own.
pub(in crate::sema) fn part_of(expr: &Expr, node: NodeId) -> Expr {
    let mut taken: Vec<NodeId> = (0u32..).map(NodeId).take(expr.nodes.len()).collect();
    taken[expr.root().0 as usize] = node;
    keep_needed(expr, &taken, vec![None; expr.nodes.len()])
}

/// The nodes that the result needs, each operand in the place of which another one is `taken` replaced by that.
pub(in crate::sema) fn keep_needed(expr: &Expr, taken: &[NodeId], mut bodies: Vec<Option<Reduce>>) -> Expr {
    let mut is_needed = vec![false; expr.nodes.len()];
    is_needed[taken[expr.root().0 as usize].0 as usize] = true;
    for (index, node) in expr.nodes.iter().enumerate().rev() {
        if is_needed[index] {
            move_operands(&node.kind, |operand| {
                is_needed[taken[operand.0 as usize].0 as usize] = true;
                operand
            });
        }
    }
    let mut kept = Expr::default();
    let mut places = vec![NodeId(0); expr.nodes.len()];
    for (index, ExprNode { kind, span }) in expr.nodes.iter().enumerate() {
        if is_needed[index] {
            let kind = match bodies[index].take() {
                Some(reduce) => ExprKind::Reduce(Box::new(reduce)),
                None => move_operands(kind, |operand| places[taken[operand.0 as usize].0 as usize]),
            };
            places[index] = kept.push(kind, *span);
        }
    }
    kept
}
