//! Functions that Vensim takes as a whole right side alone: elsewhere they get a variable of their own.

use std::collections::{BTreeSet, HashMap};

use simc_model::builtin::Meaning;
use simc_model::definition::notation::print_equation;
use simc_model::definition::scope::{Callee, Scope};
use simc_model::definition::{Equation, EquationKind, EquationNode, Name, Path, VarDef};
use simc_model::name::Key;
use simc_model::source::Span;

use super::Printer;
use super::notation::Mdl;
use super::text::{fold, print_name};

/// The functions, with what their values are called.
const WHOLE: [(&str, &str); 4] = [
    ("INITIAL", "at the start"),
    ("DELAY FIXED", "delayed"),
    ("SAMPLE IF TRUE", "sampled"),
    ("ACTIVE INITIAL", "with start"),
];

impl<'d> Printer<'d> {
    /// An equation without such functions in it; as a whole it may be one when `is_whole` says so. The
    /// variables that take them are defined before.
    pub(super) fn hoist(
        &mut self,
        scope: &Scope<'d>,
        owner: &VarDef,
        left: &[Name],
        equation: Equation,
        is_whole: bool,
    ) -> Equation {
        let whole = |kind: &EquationKind| {
            let EquationKind::Call(path, _) = kind else { return None };
            let [name] = path.parts.as_slice() else { return None };
            let key = Key::new(&name.text);
            WHOLE.into_iter().find(|(function, _)| Key::new(function) == key && !scope.is_taken(&key))
        };
        let last = equation.nodes.len().saturating_sub(1);
        let is_out = |at: usize, kind: &EquationKind| whole(kind).filter(|_| !is_whole || at != last);
        if !equation.nodes.iter().enumerate().any(|(at, node)| is_out(at, &node.kind).is_some()) {
            return equation;
        }
        let span = equation.span;
        let mut nodes: Vec<EquationNode> = Vec::with_capacity(equation.nodes.len());
        let mut moved: Vec<u32> = Vec::with_capacity(equation.nodes.len());
        for (at, node) in equation.nodes.iter().enumerate() {
            let kind = node.kind.with_operands(|operand| moved[operand as usize]);
            nodes.push(EquationNode { kind, span: node.span });
            if let Some((_, what)) = is_out(at, &node.kind) {
                let part = part_of(&nodes, span);
                if may_move(scope, &part) {
                    nodes.pop();
                    let (name, ranges) = self.take_out(scope, owner, left, &part, what);
                    let path = |name: Name| Path { absolute: false, span: name.span, parts: vec![name] };
                    let mut subscripts = Vec::with_capacity(ranges.len());
                    for range in ranges {
                        subscripts.push(u32::try_from(nodes.len()).unwrap_or(u32::MAX));
                        nodes.push(EquationNode { kind: EquationKind::Reference(path(range), Vec::new()), span });
                    }
                    nodes.push(EquationNode { kind: EquationKind::Reference(path(name), subscripts), span });
                }
            }
            moved.push(u32::try_from(nodes.len() - 1).unwrap_or(u32::MAX));
        }
        Equation { nodes, span }
    }

    /// Defines a variable for a part of an equation; its name and its ranges.
    fn take_out(
        &mut self,
        scope: &Scope<'d>,
        owner: &VarDef,
        left: &[Name],
        part: &Equation,
        what: &str,
    ) -> (Name, Vec<Name>) {
        let ranges: Vec<Name> = left.iter().filter(|name| scope.dim(&name.text).is_some()).cloned().collect();
        let wanted = format!("{} {what}", owner.name.text);
        let mut text = wanted.clone();
        let mut n = 1;
        let is_taken =
            |text: &str| scope.is_taken(&Key::new(text)) || scope.dim(text).is_some() || scope.is_element(text);
        while is_taken(&text) || !self.made.insert(Key::new(&text)) {
            n += 1;
            text = format!("{wanted} {n}");
        }
        let notation = Mdl { scope, inline: &self.inline, renamed: &self.renamed, is_macro: self.is_macro };
        let right = print_equation(&notation, part);
        let written: Vec<String> = ranges.iter().map(|range| print_name(&range.text)).collect();
        let subscripts = if written.is_empty() { String::new() } else { format!("[{}]", written.join(",")) };
        self.out.push_str(&format!("{}{subscripts}=\n\t{}\n\t~\t\n\t~\t\n\t|\n\n", print_name(&text), fold(&right)));
        (Name { text, span: part.span }, ranges)
    }
}

/// The last of some nodes, with all that it uses.
fn part_of(nodes: &[EquationNode], span: Span) -> Equation {
    let mut used: BTreeSet<usize> = BTreeSet::new();
    let mut pending: Vec<usize> = nodes.len().checked_sub(1).into_iter().collect();
    while let Some(at) = pending.pop() {
        if used.insert(at) {
            let _moved = nodes[at].kind.with_operands(|operand| {
                pending.push(operand as usize);
                operand
            });
        }
    }
    let mut moved: HashMap<u32, u32> = HashMap::new();
    let mut part: Vec<EquationNode> = Vec::with_capacity(used.len());
    for at in used {
        let kind = nodes[at].kind.with_operands(|operand| moved.get(&operand).copied().unwrap_or(0));
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        moved.insert(number(at), number(part.len()));
        part.push(EquationNode { kind, span: nodes[at].span });
    }
    Equation { nodes: part, span }
}

/// Whether a part of an equation is the same in a variable of its own: it runs over no range, and draws no random numbers, which
/// depend on the variable that they are for.
fn may_move(scope: &Scope<'_>, part: &Equation) -> bool {
    part.nodes.iter().all(|node| {
        let draws = matches!(&node.kind, EquationKind::Call(path, _) if draws(scope, path));
        !draws && !matches!(node.kind, EquationKind::Wildcard(_))
    })
}

/// Whether a call may draw random numbers.
fn draws(scope: &Scope<'_>, path: &Path) -> bool {
    match scope.callee(path) {
        Callee::Builtin(builtin) => matches!(builtin.meaning, Meaning::Draw(_) | Meaning::VensimDraw(_)),
        Callee::Macro => true,
        // Vensim's own names are none of XMILE.
        Callee::Other => path.parts.last().is_some_and(|name| name.text.starts_with("RANDOM")),
        Callee::Table(_) => false,
    }
}
