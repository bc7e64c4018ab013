//! Copies of expressions, and what they depend on.

use crate::model::{Base, Expr, ExprKind, ExprNode, Index, NodeId, Reduce};

/// Appends a copy of an expression to another; where its result is.
pub(in crate::sema) fn append(expr: &Expr, onto: &mut Expr) -> NodeId {
    let offset = u32::try_from(onto.nodes.len()).expect("fewer than 2^32 nodes in an expression");
    let moved = |id: NodeId| NodeId(id.0 + offset);
    onto.nodes
        .extend(expr.nodes.iter().map(|node| ExprNode { kind: move_operands(&node.kind, moved), span: node.span }));
    moved(expr.root())
}

/// The same node with its operands elsewhere.
fn move_operands(kind: &ExprKind, mut moved: impl FnMut(NodeId) -> NodeId) -> ExprKind {
    let mut kind = kind.clone();
    kind.edit_operands(&mut |operand| *operand = moved(*operand));
    kind
}

/// Whether an expression, or the body of a reducer in it, calls a function that remembers.
pub(in crate::sema) fn remembers(expr: &Expr) -> bool {
    let mut found = false;
    expr.visit(&[], &mut |node, _| found |= matches!(node.kind, ExprKind::State(_)));
    found
}

/// Whether the value of an expression may depend on the position of a loop or reducer around it.
pub(in crate::sema) fn depends_on(expr: &Expr, base: Base) -> bool {
    let is_moved = |index: &Index| matches!(index, Index::Moving { base: by, .. } if *by == base);
    let mut found = false;
    // A call that remembers does so for each position.
    expr.visit(&[], &mut |node, _| {
        found |= matches!(node.kind, ExprKind::State(_)) || node.kind.indices().any(is_moved);
    });
    found
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
            for operand in node.kind.operands() {
                is_needed[taken[operand.0 as usize].0 as usize] = true;
            }
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
