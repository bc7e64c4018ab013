//! Initial values of stocks that a host may set.

use crate::model::expr::{BinaryOp, Expr, ExprKind};
use crate::model::id::VarId;
use crate::model::index::{Base, Index, NodeId};
use crate::model::order::Node;
use crate::model::resolved::Model;
use crate::model::variable::{Def, Through, Var, VarKind};
use crate::name;

impl Model {
    /// Lets a host set the value of each stock at the start, but for conveyors and queues and for what stands within a macro. A hidden constant
    /// holds what is set: NaN, its default, stands for what the stock's own equation gives.
    pub fn make_initials_settable(&mut self) {
        let n_vars = u32::try_from(self.vars.len()).expect("fewer than 2^32 variables");
        let mut constants = Vec::new();
        for (id, var) in (0u32..).map(VarId).zip(&mut self.vars) {
            let Def::Stock { init, .. } = &mut var.def else { continue };
            if var.is_hidden {
                continue;
            }
            let sizes = var.dims.iter().map(|dim| self.dims[dim.0 as usize].elements.len());
            let n: usize = sizes.product();
            let constant = VarId(n_vars + u32::try_from(constants.len()).expect("no more than there are stocks"));
            let at: Vec<Index> =
                (0u32..).map(|n| Index::Moving { base: Base::Loop(n), offset: 0 }).take(var.dims.len()).collect();
            for clause in init {
                for expr in std::iter::once(&mut clause.expr).chain(&mut clause.start) {
                    prefer(expr, constant, &at);
                }
            }
            let name = format!("{}: initial value", var.name);
            constants.push(Var {
                canonical: name::canonical(&name),
                name,
                kind: VarKind::Constant,
                dims: var.dims.clone(),
                def: Def::Constant(vec![f64::NAN; n]),
                units: None,
                doc: None,
                range: None,
                is_hidden: true,
                is_non_negative: false,
                through: Some(Through::new(id, 0..u32::try_from(n).expect("the size of an array is bounded"))),
                span: var.span,
            });
        }
        let nodes: Vec<Node> = (n_vars..).map(VarId).map(Node::Var).take(constants.len()).collect();
        self.vars.extend(constants);
        for order in [&mut self.init_order, &mut self.step_order] {
            order.splice(0..0, nodes.iter().copied());
        }
    }
}

/// Lets an expression give the number of a constant unless that is NaN, which alone does not equal itself.
fn prefer(expr: &mut Expr, constant: VarId, at: &[Index]) {
    let (otherwise, span) = (expr.root(), expr.node(expr.root()).span);
    let mut read = || -> NodeId { expr.push(ExprKind::Var(constant, at.to_vec()), span) };
    let [a, b, then] = [read(), read(), read()];
    let cond = expr.push(ExprKind::Binary(BinaryOp::Eq, a, b), span);
    expr.push(ExprKind::If { cond, then, otherwise }, span);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_gives_what_is_set_unless_that_is_nan() {
        let mut expr = Expr::number(3.0, crate::source::Span::default());
        prefer(&mut expr, VarId(7), &[]);
        let kinds: Vec<String> = expr.nodes.iter().map(|node| format!("{:?}", node.kind)).collect();
        assert_eq!(
            kinds,
            [
                "Number(3.0)",
                "Var(VarId(7), [])",
                "Var(VarId(7), [])",
                "Var(VarId(7), [])",
                "Binary(Eq, NodeId(1), NodeId(2))",
                "If { cond: NodeId(4), then: NodeId(3), otherwise: NodeId(0) }",
            ]
        );
    }
}
