//! Equations beside `<eqn>`: the `<multiplier>` of a flow, and the choice between `<init_eqn>` and `<eqn>`.

use roxmltree::Node;

use crate::code;
use crate::reader::Reader;
use simc_model::definition::{DefKind, ElementDef, Equation, EquationKind, EquationNode, Name, Path, VarDef};
use simc_model::diagnostic::Diagnostic;
use simc_model::source::Span;

impl Reader<'_> {
    /// The `<multiplier>` of a flow (XMILE 1.0, section 4.3).
    pub(crate) fn multiplier(&mut self, node: Node<'_, '_>, flow: &Name) -> Option<Equation> {
        let mut elements = Self::elements(node).filter(|child| child.tag_name().name() == "multiplier");
        let written = elements.next()?;
        self.enter_variable(Some(flow));
        if let Some(second) = elements.next() {
            self.once(second, &Some(()));
        }
        let multiplier = self.equation(written);
        self.enter_variable(None);
        multiplier
    }

    /// Gives a variable with an `<init_eqn>`, and elements with one of their own, the equation `ACTIVE_INITIAL(eqn, init_eqn)`: initial
    /// values see the one, every step the other. That of the variable holds for all elements that have none, one by one when it is a list. For a stock it is what it
    /// begins with, as its `<eqn>` would be.
    pub(crate) fn resolve_initial(&mut self, node: Node<'_, '_>, var: &mut VarDef) {
        let Some(written) = Self::elements(node).find(|child| child.tag_name().name() == "init_eqn") else { return };
        if var.kind == DefKind::Stock {
            if var.equation.is_some() || !var.list.is_empty() || Self::is_conveyor(node) {
                if !Self::begins(written) || !Self::is_conveyor(node) {
                    self.refuse_initial(written);
                }
                return;
            }
            return self.equations(written, var);
        }
        let mut given = VarDef { dims: var.dims.clone(), ..VarDef::new(var.name.clone(), var.kind, var.span) };
        self.equations(written, &mut given);
        let n_repeated = var.list.len() + var.elements.len();
        let n_nodes = given.equation.as_ref().map_or(0, |initial| initial.nodes.len());
        if n_nodes.saturating_mul(n_repeated) > MAX_REPEATED {
            let message = format!("the initial equation, repeated for {n_repeated} elements, has too many parts");
            let error = Diagnostic::error(code::TOO_LARGE, self.start_span(written), message);
            return self.report(error.with_hint("give it a variable of its own"));
        }
        match given.equation {
            Some(initial) => {
                let has_own = |element: &ElementDef| element.has_initial || element.equation.is_none();
                let elements = var.elements.iter_mut().filter(|element| !has_own(element));
                let own = elements.filter_map(|element| element.equation.as_mut());
                for equation in var.equation.iter_mut().chain(&mut var.list).chain(own) {
                    *equation = from_start(initial.clone(), std::mem::take(equation));
                }
            }
            None if given.list.is_empty() => {}
            None if !var.elements.is_empty() => self.refuse_initial(written),
            None => {
                let equations = match var.equation.take() {
                    Some(equation) => vec![equation; given.list.len()],
                    None => std::mem::take(&mut var.list),
                };
                if equations.len() != given.list.len() {
                    let (n, expected) = (given.list.len(), equations.len());
                    let message = format!("the <init_eqn> lists {n} equations, and the <eqn> {expected}");
                    return self.report(Diagnostic::error(code::LIST_LENGTH, self.start_span(written), message));
                }
                let paired = given.list.into_iter().zip(equations);
                var.list = paired.map(|(initial, equation)| from_start(initial, equation)).collect();
            }
        }
    }

    /// The same for an element: whether it has an initial equation of its own.
    pub(crate) fn resolve_element(
        &mut self,
        node: Node<'_, '_>,
        kind: DefKind,
        is_conveyor: bool,
        equation: &mut Option<Equation>,
    ) -> bool {
        let Some(written) = Self::elements(node).find(|child| child.tag_name().name() == "init_eqn") else {
            return false;
        };
        if kind == DefKind::Stock && (equation.is_some() || is_conveyor) {
            if !Self::begins(written) || !is_conveyor {
                self.refuse_initial(written);
            }
            return true;
        }
        let Some(initial) = self.equation(written) else { return true };
        *equation = match equation.take() {
            Some(own) => Some(from_start(initial, own)),
            None if kind == DefKind::Stock => Some(initial),
            None => None,
        };
        true
    }

    /// Whether an equation of a conveyor is what it begins with: its `<eqn>`, or the `<init_eqn>` of one that has none.
    pub(crate) fn begins(node: Node<'_, '_>) -> bool {
        let is_equation = |child: Node<'_, '_>| child.tag_name().name() == "eqn";
        is_equation(node) || !node.parent().is_some_and(|stock| Self::elements(stock).any(is_equation))
    }

    fn refuse_initial(&mut self, written: Node<'_, '_>) {
        let what = "initial equations beside the <eqn> of a stock, and lists of them beside elements";
        self.unsupported(written, code::INITIAL_EQUATIONS, what);
    }
}

/// Numbers, names and operators that an initial equation may come to when each element gets it.
const MAX_REPEATED: usize = 1 << 20;

/// `ACTIVE_INITIAL(equation, initial)`, its nodes in the order in which that is read: the draws in either form have the same places.
fn from_start(initial: Equation, equation: Equation) -> Equation {
    let span = equation.span;
    let mut nodes = equation.nodes;
    let active = last(&nodes);
    let moved = u32::try_from(nodes.len()).expect("an equation has fewer nodes");
    let behind = |node: EquationNode| EquationNode { kind: node.kind.with_operands(|of| of + moved), ..node };
    nodes.extend(initial.nodes.into_iter().map(behind));
    let initial = last(&nodes);
    let path = path(&["std", "ACTIVE_INITIAL"], span);
    push(&mut nodes, EquationKind::Call(path, vec![active, initial]), span);
    Equation { nodes, span }
}

fn push(nodes: &mut Vec<EquationNode>, kind: EquationKind, span: Span) -> u32 {
    nodes.push(EquationNode { kind, span });
    last(nodes)
}

/// The node that is the result of those so far.
fn last(nodes: &[EquationNode]) -> u32 {
    u32::try_from(nodes.len() - 1).expect("an equation has fewer nodes")
}

fn path(parts: &[&str], span: Span) -> Path {
    let parts = parts.iter().map(|&part| Name { text: part.to_owned(), span }).collect();
    Path { absolute: false, parts, span }
}
