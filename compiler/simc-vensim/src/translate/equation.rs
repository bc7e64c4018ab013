//! Expressions in the terms of all formats.

use simc_model::builtin::{self, Dialect, MISSING, Meaning};
use simc_model::definition::{
    DefKind, ElementDef, Equation, EquationKind, EquationNode, Name as NeutralName, Path, VarDef,
};
use simc_model::diagnostic::code as shared;
use simc_model::model;

use crate::ast::{self, BinaryOp, Name, NodeKind, Output, Subscript, UnaryOp};
use crate::code;
use crate::translate::external::is_external;
use crate::translate::left_side::unknown_subscript;
use crate::translate::lookup::table_def;
use crate::translate::mark::{is_comparison, is_reducer, marks, number_in, siblings};
use crate::translate::{Names, Translator, neutral, output_name};
use simc_model::diagnostic::Diagnostic;
use simc_model::name::Key;
use simc_model::source::Span;

/// An equation that is a number.
pub(super) fn number(value: f64, span: Span) -> Equation {
    Equation { nodes: vec![EquationNode { kind: EquationKind::Number(value), span }], span }
}

/// An equation that is the value of a variable.
pub(super) fn reference(name: NeutralName) -> Equation {
    let span = name.span;
    Equation { nodes: vec![EquationNode { kind: EquationKind::Reference(path(name), Vec::new()), span }], span }
}

/// The elements of an array that subscripts name.
pub(super) fn element(name: NeutralName, subscripts: &[NeutralName]) -> Equation {
    let span = name.span;
    let mut nodes: Vec<EquationNode> = Vec::with_capacity(subscripts.len() + 1);
    for subscript in subscripts {
        nodes.push(EquationNode { kind: EquationKind::Reference(path(subscript.clone()), Vec::new()), span });
    }
    let all = (0..).zip(subscripts).map(|(index, _)| index).collect();
    nodes.push(EquationNode { kind: EquationKind::Reference(path(name), all), span });
    Equation { nodes, span }
}

/// The variable of the model that a variable of a macro over these dimensions stands for.
pub(super) fn outside(name: NeutralName, dims: &[NeutralName]) -> Equation {
    let mut equation = element(name, dims);
    if let Some(EquationKind::Reference(path, _)) = equation.nodes.last_mut().map(|node| &mut node.kind) {
        path.absolute = true;
    }
    equation
}

fn path(name: NeutralName) -> Path {
    Path { absolute: false, span: name.span, parts: vec![name] }
}

/// The nodes of an equation that is being translated.
struct Writer {
    nodes: Vec<EquationNode>,
    /// Where each node of the source is.
    moved: Vec<u32>,
}

impl Writer {
    fn push(&mut self, kind: EquationKind, span: Span) -> u32 {
        self.nodes.push(EquationNode { kind, span });
        u32::try_from(self.nodes.len() - 1).expect("an equation has fewer nodes than the file has bytes")
    }

    /// The nodes of subscripts: a range with a mark is all of its elements.
    fn subscripts(&mut self, subscripts: &[Subscript]) -> Vec<u32> {
        let mut nodes = Vec::with_capacity(subscripts.len());
        for subscript in subscripts {
            let span = subscript.name.span;
            let name = self.push(EquationKind::Reference(path(neutral(&subscript.name)), Vec::new()), span);
            nodes.push(if subscript.is_marked { self.push(EquationKind::Wildcard(Some(name)), span) } else { name });
        }
        nodes
    }
}

impl Translator<'_> {
    /// An equation of the variable `owner`; nothing when it is at fault, which has been reported.
    pub(super) fn equation(&mut self, equation: &ast::Equation, owner: &Name, names: &mut Names) -> Option<Equation> {
        let n_before = self.diagnostics.len();
        self.report_misplaced(equation, owner, names);
        let siblings = siblings(equation);
        let marks = marks(equation);
        let texts = self.texts(equation, names);
        let mut writer = Writer { nodes: Vec::with_capacity(equation.nodes.len()), moved: Vec::new() };
        for (index, node) in equation.nodes.iter().enumerate() {
            let span = node.span;
            let at = |index: &u32, writer: &Writer| writer.moved[*index as usize];
            let kind = match &node.kind {
                NodeKind::Number(value) => EquationKind::Number(*value),
                NodeKind::NotAvailable => EquationKind::Number(MISSING),
                NodeKind::Text(text) => {
                    if !texts[index] {
                        self.report_text(text, span, owner);
                    }
                    // An argument of a function that is refused for it.
                    EquationKind::Number(0.0)
                }
                NodeKind::Reference(name, subscripts) => {
                    if self.is_marked_in_vain(name, subscripts, names) {
                        self.report_mark(name, owner);
                    }
                    let other = siblings[index].map(|other| &equation.nodes[other].kind);
                    self.reference(name, subscripts, other, names, &mut writer)
                }
                NodeKind::Call { name, subscripts, arguments, outputs } => {
                    if is_reducer(name) && !marks[index] && !names.defined.contains(&Key::new(&name.text)) {
                        self.report_no_range(name, owner);
                    }
                    let arguments: Vec<u32> = arguments.iter().map(|argument| at(argument, &writer)).collect();
                    self.call(name, subscripts, (arguments, outputs), owner, names, &mut writer)
                }
                NodeKind::Table(table) => {
                    let mut def =
                        VarDef::new(names.fresh(format!("{}: lookup", owner.text), span), DefKind::Table, table.span);
                    (def.table, def.is_implied) = (Some(table_def(table)), true);
                    let name = def.name.clone();
                    names.made.push(def);
                    EquationKind::Reference(path(name), Vec::new())
                }
                NodeKind::Unary(UnaryOp::Negate, a) => EquationKind::Unary(model::UnaryOp::Neg, at(a, &writer)),
                NodeKind::Unary(UnaryOp::Not, a) => EquationKind::Unary(model::UnaryOp::Not, at(a, &writer)),
                NodeKind::Binary(op, a, b) => {
                    let (left, mut right) = (at(a, &writer), at(b, &writer));
                    if is_comparison(*op) && self.are_strangers(equation, *a, *b) {
                        // Elements of ranges that have none in common are compared by their numbers.
                        let zero = writer.push(EquationKind::Number(0.0), span);
                        right = writer.push(EquationKind::Binary(model::BinaryOp::Add, right, zero), span);
                    }
                    EquationKind::Binary(binary(*op), left, right)
                }
            };
            let id = writer.push(kind, span);
            writer.moved.push(id);
        }
        let is_fine = self.diagnostics.len() == n_before && !writer.nodes.is_empty();
        writer.nodes.shrink_to_fit();
        is_fine.then_some(Equation { nodes: writer.nodes, span: equation.span })
    }

    /// The texts that are arguments of functions which take one, or which nobody knows: those are refused themselves.
    fn texts(&self, equation: &ast::Equation, names: &Names) -> Vec<bool> {
        let mut texts = vec![false; equation.nodes.len()];
        for node in &equation.nodes {
            let NodeKind::Call { name, arguments, .. } = &node.kind else { continue };
            let key = Key::new(&name.text);
            let is_written = names.defined.contains(&key) || self.macros.contains(&key);
            let builtin = builtin::find(Dialect::Vensim, &key);
            let is_refused = builtin.is_none_or(|builtin| builtin.meaning == Meaning::Unsupported);
            if is_refused && !is_written {
                arguments.iter().for_each(|&argument| texts[argument as usize] = true);
            }
        }
        texts
    }

    /// Reports a text where a number belongs.
    fn report_text(&mut self, text: &str, span: Span, owner: &Name) {
        let error = Diagnostic::error(code::BAD_DEFINITION, span, format!("the text '{text}' is no number"));
        let hint = if self.used.contains(&Key::new(text)) || self.globals.contains(&Key::new(text)) {
            format!("names have double quotes: \"{text}\"")
        } else {
            "texts name files and messages; a variable that holds one is defined by `:IS:`".to_owned()
        };
        self.diagnostics.push(error.with_hint(hint).with_variable(owner.text.clone()));
    }

    /// Reports a sum, or another reduction, whose argument has no range to run over.
    fn report_no_range(&mut self, name: &Name, owner: &Name) {
        let function = name.text.to_uppercase();
        if self.macros.contains(&Key::new(&name.text)) {
            return;
        }
        let message = format!("{function} has no range to run over: no subscript has an exclamation mark");
        let error = Diagnostic::error(shared::NOT_AN_ARRAY, name.span, message);
        self.diagnostics.push(
            error
                .with_hint(format!("mark the ranges that it is to run over: `{function}(x[Range!])`"))
                .with_variable(owner.text.clone()),
        );
    }

    /// Whether two operands are ranges without a common element.
    fn are_strangers(&self, equation: &ast::Equation, a: u32, b: u32) -> bool {
        let range = |index: u32| {
            let NodeKind::Reference(name, subscripts) = &equation.nodes[index as usize].kind else { return None };
            self.ranges.find(&name.text).filter(|_| subscripts.is_empty())
        };
        range(a).zip(range(b)).is_some_and(|(a, b)| a.keys.is_disjoint(&b.keys))
    }

    /// A name without arguments.
    fn reference(
        &self,
        name: &Name,
        subscripts: &[Subscript],
        sibling: Option<&NodeKind>,
        names: &mut Names,
        writer: &mut Writer,
    ) -> EquationKind {
        let key = Key::new(&name.text);
        if let Some((array, subscript)) = self.numbers_of(name, subscripts, sibling, names) {
            let subscripts = writer.subscripts(&[subscript]);
            return EquationKind::Reference(path(array), subscripts);
        }
        if let Some(outside) = names.outside.get(&key) {
            let subscripts = writer.subscripts(subscripts);
            let name = NeutralName { span: name.span, ..outside.clone() };
            return EquationKind::Reference(Path { absolute: true, ..path(name) }, subscripts);
        }
        let is_defined = names.defined.contains(&key);
        if !is_defined
            && names.is_macro
            && let Some(outside) = name.text.strip_suffix('$')
        {
            let name = NeutralName { text: outside.trim_end().to_owned(), span: name.span };
            let subscripts = writer.subscripts(subscripts);
            // What the model does not define is a name of the language, such as Time.
            let absolute = self.globals.contains(&Key::new(&name.text));
            return EquationKind::Reference(Path { absolute, ..path(name) }, subscripts);
        }
        if !is_defined
            && subscripts.is_empty()
            && self.ranges.find(&name.text).is_none()
            && self.ranges.is_element(&name.text)
        {
            return self.element(name, sibling, names);
        }
        let subscripts = writer.subscripts(subscripts);
        EquationKind::Reference(path(neutral(name)), subscripts)
    }

    /// An element as a value: compared with a range, the element itself; else its number, in the range that it is compared
    /// with or in the first one that holds it.
    fn element(&self, name: &Name, sibling: Option<&NodeKind>, names: &Names) -> EquationKind {
        let range = if let Some(NodeKind::Reference(other, subscripts)) = sibling {
            if let Some(marked) = self.marked(other, subscripts, names) {
                return EquationKind::Number(number_in(marked, name));
            }
            self.ranges.find(&other.text).filter(|_| subscripts.is_empty())
        } else {
            None
        };
        let range = range.filter(|range| range.keys.contains(&Key::new(&name.text)));
        match range.or_else(|| self.ranges.range_of(&name.text)) {
            Some(range) => {
                let parts = vec![NeutralName { text: range.name.text.clone(), span: name.span }, neutral(name)];
                EquationKind::Reference(Path { absolute: false, parts, span: name.span }, Vec::new())
            }
            None => EquationKind::Reference(path(neutral(name)), Vec::new()),
        }
    }

    /// A name with arguments.
    fn call(
        &mut self,
        name: &Name,
        subscripts: &[Subscript],
        (arguments, outputs): (Vec<u32>, &[Output]),
        owner: &Name,
        names: &mut Names,
        writer: &mut Writer,
    ) -> EquationKind {
        let key = Key::new(&name.text);
        if !outputs.is_empty() {
            self.outputs(name, &arguments, outputs, owner, names, writer);
        }
        if !subscripts.is_empty() {
            let subscripts = writer.subscripts(subscripts);
            return EquationKind::SubscriptedCall(path(neutral(name)), subscripts, arguments);
        }
        if names.defined.contains(&key) || self.macros.contains(&key) {
            return EquationKind::Call(path(neutral(name)), arguments);
        }
        match (key.as_str(), arguments.as_slice()) {
            ("with_lookup", &[x, table]) => {
                if let EquationKind::Reference(table, _) = &writer.nodes[table as usize].kind {
                    return EquationKind::Call(table.clone(), vec![x]);
                }
            }
            ("integ", _) => {
                let message = "INTEG must be the whole right side";
                self.diagnostics.push(
                    Diagnostic::error(code::BAD_DEFINITION, name.span, message)
                        .with_hint("give the level a variable of its own, and use that variable here")
                        .with_variable(owner.text.clone()),
                );
            }
            (external, _) if external.starts_with("get_") && is_external(external) => {
                let message = format!("{} must be the whole right side", name.text);
                self.diagnostics.push(
                    Diagnostic::error(code::EXTERNAL, name.span, message)
                        .with_hint("give it a variable of its own, and use that variable here")
                        .with_variable(owner.text.clone()),
                );
            }
            _ => {}
        }
        EquationKind::Call(path(neutral(name)), arguments)
    }

    /// Defines the variables that take the further results of a macro.
    fn outputs(
        &mut self,
        name: &Name,
        arguments: &[u32],
        outputs: &[Output],
        owner: &Name,
        names: &mut Names,
        writer: &Writer,
    ) {
        if !self.macros.contains(&Key::new(&name.text)) {
            let message = format!("`{}` is no macro with further results", name.text);
            let error = Diagnostic::error(shared::NOT_A_FUNCTION, name.span, message);
            self.diagnostics.push(error.with_variable(owner.text.clone()));
            return;
        }
        let n_results = self.n_results.get(&Key::new(&name.text)).copied().unwrap_or(0);
        if let Some(first) = outputs.get(n_results) {
            let message = format!(
                "macro `{}` has {n_results} further result{}, and {} are named here",
                name.text,
                if n_results == 1 { "" } else { "s" },
                outputs.len()
            );
            let error = Diagnostic::error(shared::ARGUMENT_COUNT, first.name.span, message);
            let hint = "further results are named after the colon of `:MACRO: NAME(inputs : results)`";
            self.diagnostics.push(error.with_hint(hint).with_variable(owner.text.clone()));
            return;
        }
        for (position, output) in outputs.iter().enumerate() {
            if writer.nodes.len() > self.budget {
                let message = "calls with further results make the model too large";
                let error = Diagnostic::error(shared::TOO_LARGE, name.span, message);
                self.diagnostics.push(error.with_variable(owner.text.clone()));
                return;
            }
            self.budget -= writer.nodes.len();
            let function = NeutralName { text: output_name(&name.text, position), span: name.span };
            let mut nodes = writer.nodes.clone();
            nodes.push(EquationNode { kind: EquationKind::Call(path(function), arguments.to_vec()), span: name.span });
            let equation = Equation { nodes, span: name.span };
            let Some(def) = self.output(output, equation) else { continue };
            let output = &output.name;
            if !names.defined.insert(Key::new(&output.text)) {
                let message = format!("variable `{}` is defined twice", output.text);
                self.diagnostics.push(
                    Diagnostic::error(shared::DUPLICATE_NAME, output.span, message)
                        .with_hint("this call defines it: a further result of the macro")
                        .with_variable(owner.text.clone()),
                );
                continue;
            }
            names.made.push(def);
        }
    }
}

impl Translator<'_> {
    /// A variable that takes a further result, for the elements that its subscripts name.
    pub(super) fn output(&mut self, output: &Output, equation: Equation) -> Option<VarDef> {
        let mut def = VarDef::new(neutral(&output.name), DefKind::Aux, output.name.span);
        if output.subscripts.is_empty() {
            def.equation = Some(equation);
            return Some(def);
        }
        for subscript in &output.subscripts {
            if self.ranges.elements_of(subscript).is_none() {
                self.diagnostics.push(unknown_subscript(subscript, &output.name));
                return None;
            }
            def.dims.push(neutral(&self.ranges.dimension(&[subscript])?));
        }
        def.is_partial = true;
        def.elements.push(ElementDef::new(
            output.subscripts.iter().map(neutral).collect(),
            Some(equation),
            output.name.span,
        ));
        Some(def)
    }
}

fn binary(op: BinaryOp) -> model::BinaryOp {
    match op {
        BinaryOp::Add => model::BinaryOp::Add,
        BinaryOp::Subtract => model::BinaryOp::Sub,
        BinaryOp::Multiply => model::BinaryOp::Mul,
        BinaryOp::Divide => model::BinaryOp::Div,
        BinaryOp::Power => model::BinaryOp::Pow,
        BinaryOp::Equal => model::BinaryOp::Eq,
        BinaryOp::NotEqual => model::BinaryOp::Ne,
        BinaryOp::Less => model::BinaryOp::Lt,
        BinaryOp::LessOrEqual => model::BinaryOp::Le,
        BinaryOp::Greater => model::BinaryOp::Gt,
        BinaryOp::GreaterOrEqual => model::BinaryOp::Ge,
        BinaryOp::And => model::BinaryOp::And,
        BinaryOp::Or => model::BinaryOp::Or,
    }
}
