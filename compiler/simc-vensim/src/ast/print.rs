//! The tree as text, for `simc dump` and tests: one line for each definition and each detail.

use std::fmt::{self, Write};

use super::{
    Body, DataMode, Entry, Equation, File, Mapping, Name, NodeKind, Operator, Output, RangeItem, Right, Subscript,
    Table, Variable,
};

/// A whole file as text.
pub fn print(file: &File) -> String {
    let mut out = String::new();
    print_file(&mut out, file).expect("a string takes everything");
    out
}

fn print_file(out: &mut String, file: &File) -> fmt::Result {
    for it in &file.macros {
        writeln!(
            out,
            "macro {}({}){}",
            print_name(&it.name),
            parameters(&it.inputs, &it.outputs),
            errors(it.reported)
        )?;
        it.entries.iter().try_for_each(|definition| print_entry(out, "  ", definition))?;
        writeln!(out, "end of macro")?;
    }
    let mut group = None;
    for definition in &file.entries {
        if definition.group != group {
            group = definition.group;
            if let Some(group) = group.and_then(|group| file.groups.get(group as usize)) {
                writeln!(out, "group {:?} doc {:?}", group.name.text, group.doc)?;
            }
        }
        print_entry(out, "", definition)?;
    }
    let settings = &file.settings;
    writeln!(out, "method {:?}", settings.method)?;
    for names in &settings.unit_equivalences {
        let names: Vec<&str> = names.iter().map(|name| name.text.as_str()).collect();
        writeln!(out, "units {}", names.join(" = "))?;
    }
    settings.file_aliases.iter().try_for_each(|alias| writeln!(out, "file {:?} {:?}", alias.tag.text, alias.path.text))
}

fn print_entry(out: &mut String, indent: &str, definition: &Entry) -> fmt::Result {
    write!(out, "{indent}{}", print_body(&definition.body))?;
    writeln!(out, "{}", errors(definition.reported))?;
    if let Some(units) = &definition.units {
        let text = units.text.as_ref().map_or("", |text| &text.text);
        write!(out, "{indent}  units {text:?}")?;
        if let Some(range) = units.range {
            let bounds = range.map(|bound| bound.map_or("?".to_owned(), |bound| format!("{bound:?}")));
            write!(out, " range [{}]", bounds.join(", "))?;
        }
        out.push('\n');
    }
    if !definition.doc.is_empty() {
        writeln!(out, "{indent}  doc {:?}", definition.doc)?;
    }
    if definition.is_supplementary {
        writeln!(out, "{indent}  supplementary")?;
    }
    Ok(())
}

fn errors(reported: bool) -> &'static str {
    if reported { " (with errors)" } else { "" }
}

fn print_body(body: &Body) -> String {
    match body {
        Body::Variable(variable) => print_variable(variable),
        Body::Range(range) => {
            let mappings: Vec<String> = range.mappings.iter().map(print_mapping).collect();
            let arrow = if mappings.is_empty() { "" } else { " -> " };
            format!("range {}: {}{arrow}{}", print_name(&range.name), print_items(&range.elements), mappings.join(", "))
        }
        Body::Equivalence { alias, range } => format!("equivalence {} <-> {}", print_name(alias), print_name(range)),
        Body::RealityCheck { name, condition, consequence } => {
            format!("reality check {}: {:?} implies {:?}", print_name(name), condition.text, consequence.text)
        }
        Body::TestInput { name, change } => format!("test input {}: {:?}", print_name(name), change.text),
    }
}

fn print_variable(variable: &Variable) -> String {
    let mut out = print_name(&variable.name) + &bracketed(&variable.subscripts);
    if !variable.exceptions.is_empty() {
        let lists: Vec<String> = variable.exceptions.iter().map(|list| bracketed(list)).collect();
        out += &format!(" except {}", lists.join(", "));
    }
    out += match variable.mode {
        None => "",
        Some(DataMode::Interpolate) => " interpolate",
        Some(DataMode::HoldBackward) => " hold backward",
        Some(DataMode::LookForward) => " look forward",
        Some(DataMode::Raw) => " raw",
    };
    out += match variable.operator {
        Operator::None => "",
        Operator::Equals => " =",
        Operator::Unchangeable => " ==",
        Operator::Data => " :=",
        Operator::Is => " is",
    };
    out += &match &variable.right {
        Right::Nothing if variable.operator == Operator::None => " data".to_owned(),
        Right::Nothing => " nothing".to_owned(),
        Right::Equation(equation) => format!(" {}", print_equation(equation)),
        Right::Constants(rows) => {
            let rows: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
            format!(" constants {}", rows.join(" "))
        }
        Right::FunctionOf(causes) => {
            let causes: Vec<String> = causes.iter().map(print_name).collect();
            format!(" a function of ({})", causes.join(", "))
        }
        Right::Lookup(table) => format!(" {}", print_table(table)),
        Right::LookupFrom(equation) => format!(" lookup {}", print_equation(equation)),
        Right::Text(text) => format!(" {:?}", text.text),
        Right::Unreadable => " ?".to_owned(),
    };
    out
}

fn print_mapping(mapping: &Mapping) -> String {
    match &mapping.elements {
        Some(elements) => format!("({}: {})", print_name(&mapping.range), print_items(elements)),
        None => print_name(&mapping.range),
    }
}

fn print_items(items: &[RangeItem]) -> String {
    let items: Vec<String> = items
        .iter()
        .map(|item| match item {
            RangeItem::Name(name) => print_name(name),
            RangeItem::Sequence(first, last) => format!("({} - {})", print_name(first), print_name(last)),
            RangeItem::Call(equation) => print_equation(equation),
        })
        .collect();
    items.join(", ")
}

fn print_table(table: &Table) -> String {
    let range = table.range.map_or(String::new(), |range| format!(" range {range:?}"));
    format!("(lookup{range} {:?})", table.points)
}

fn parameters(inputs: &[Name], outputs: &[Name]) -> String {
    let list = |names: &[Name]| names.iter().map(print_name).collect::<Vec<_>>().join(", ");
    if outputs.is_empty() { list(inputs) } else { format!("{} : {}", list(inputs), list(outputs)) }
}

fn bracketed(names: &[Name]) -> String {
    if names.is_empty() { String::new() } else { format!("[{}]", parameters(names, &[])) }
}

/// A name, in quotes when it would not be one without them.
fn print_name(name: &Name) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '\'' | ' ');
    let is_plain = name.text.chars().all(plain) && !name.text.is_empty();
    if is_plain { name.text.clone() } else { format!("{:?}", name.text) }
}

/// Something still to be printed.
enum Pending {
    Node(u32),
    Text(String),
}

/// An expression as a prefix expression: `(+ a (* 2.0 b))`. Depth costs no stack.
pub fn print_equation(equation: &Equation) -> String {
    let mut out = String::new();
    let Some(root) = equation.nodes.len().checked_sub(1) else { return out };
    let mut pending = vec![Pending::Node(u32::try_from(root).unwrap_or(u32::MAX))];
    while let Some(next) = pending.pop() {
        match next {
            Pending::Text(text) => out.push_str(&text),
            Pending::Node(node) => {
                if let Some(node) = equation.nodes.get(node as usize) {
                    print_node(&mut out, &node.kind, &mut pending);
                }
            }
        }
    }
    out
}

/// Prints how a node begins and leaves what follows in `pending`, last thing first.
fn print_node(out: &mut String, kind: &NodeKind, pending: &mut Vec<Pending>) {
    match kind {
        NodeKind::Number(value) => out.push_str(&format!("{value:?}")),
        NodeKind::NotAvailable => out.push_str(":NA:"),
        NodeKind::Text(text) => out.push_str(&format!("'{text}'")),
        NodeKind::Reference(name, subscripts) => {
            out.push_str(&print_name(name));
            out.push_str(&print_subscripts(subscripts));
        }
        NodeKind::Call { name, subscripts, arguments, outputs } => {
            if !outputs.is_empty() {
                pending.push(Pending::Text(")".to_owned()));
                let shown = |output: &Output| print_name(&output.name) + &bracketed(&output.subscripts);
                let shown: Vec<String> = outputs.iter().map(shown).collect();
                pending.push(Pending::Text(format!(" : {}", shown.join(", "))));
            }
            let head = format!("({}{}", print_name(name), print_subscripts(subscripts));
            print_form(out, &head, arguments, outputs.is_empty(), pending);
        }
        NodeKind::Table(table) => out.push_str(&print_table(table)),
        NodeKind::Unary(op, operand) => print_form(out, &format!("({}", op.symbol()), &[*operand], true, pending),
        NodeKind::Binary(op, left, right) => {
            print_form(out, &format!("({}", op.symbol()), &[*left, *right], true, pending);
        }
    }
}

/// `(head operand operand ...`, with the closing parenthesis perhaps.
fn print_form(out: &mut String, head: &str, operands: &[u32], closes: bool, pending: &mut Vec<Pending>) {
    out.push_str(head);
    if closes {
        pending.push(Pending::Text(")".to_owned()));
    }
    for &operand in operands.iter().rev() {
        pending.push(Pending::Node(operand));
        pending.push(Pending::Text(" ".to_owned()));
    }
}

/// `[a, b!]`, or nothing.
fn print_subscripts(subscripts: &[Subscript]) -> String {
    if subscripts.is_empty() {
        return String::new();
    }
    let marked = |it: &Subscript| print_name(&it.name) + if it.is_marked { "!" } else { "" };
    format!("[{}]", subscripts.iter().map(marked).collect::<Vec<_>>().join(", "))
}
