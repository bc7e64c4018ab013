//! Module to text. Prints anything, valid or not, without a panic.

use std::fmt::{Display, Write};

use kernel::event::Repeat;

use super::name::print_name;
use super::number::print_f64;
use super::numbering::Numbering;
use super::threshold::{direction_name, repeat_name};
use crate::derive::operand_count;
use crate::entity::{Axis, Block, Inst, Value};
use crate::func::FuncData;
use crate::func::walk::Step;
use crate::module::{Curve, GraphData, Module, ParamData, SlotData, SlotRole, TableData, ThresholdData};
use crate::opcode::Immediate;

const INFALLIBLE: &str = "a string takes everything";
const INDENT: &str = "    ";

/// A whole module.
pub fn print_module(module: &Module) -> String {
    let mut out = String::from("module {\n");
    print_time(&mut out, module);
    print_section(&mut out, "axes", module.axes.iter(), |out, axis| {
        write!(out, "{}", axis.size).expect(INFALLIBLE);
        &axis.name
    });
    print_section(&mut out, "slots", module.slots.iter(), print_slot);
    print_section(&mut out, "params", module.params.iter(), print_param);
    print_section(&mut out, "graphs", module.graphs.iter(), print_graph);
    print_section(&mut out, "thresholds", module.thresholds.iter(), print_threshold);
    print_section(&mut out, "tables", module.tables.iter(), print_table);
    out.push_str("}\n");
    for func in module.funcs.values() {
        out.push('\n');
        write_func(&mut out, func);
    }
    out
}

/// One function.
pub fn print_func(func: &FuncData) -> String {
    let mut out = String::new();
    write_func(&mut out, func);
    out
}

/// One instruction on one line, without what it holds.
pub fn print_inst(func: &FuncData, numbering: &Numbering, inst: Inst) -> String {
    let mut out = String::new();
    if func.insts.is_valid(inst) {
        write_inst(&mut out, func, numbering, inst);
    } else {
        write!(out, "undefined({inst})").expect(INFALLIBLE);
    }
    out
}

fn print_time(out: &mut String, module: &Module) {
    let time = &module.time;
    writeln!(
        out,
        "{INDENT}time start={} stop={} dt={} steps={} save_every={} method={}",
        print_f64(time.start),
        print_f64(time.stop),
        print_f64(time.dt),
        time.n_steps,
        time.save_every,
        time.method.name(),
    )
    .expect(INFALLIBLE);
}

/// A section with an entry per line; `print` writes the entry and gives its name.
fn print_section<'a, K: Display, V: 'a>(
    out: &mut String,
    title: &str,
    entries: impl ExactSizeIterator<Item = (K, &'a V)>,
    print: impl Fn(&mut String, &'a V) -> &'a str,
) {
    if entries.len() == 0 {
        return;
    }
    writeln!(out, "{INDENT}{title} {{").expect(INFALLIBLE);
    for (key, data) in entries {
        write!(out, "{INDENT}{INDENT}{key}: ").expect(INFALLIBLE);
        let name = print(out, data);
        print_name(out, name);
        out.push('\n');
    }
    writeln!(out, "{INDENT}}}").expect(INFALLIBLE);
}

fn print_slot<'a>(out: &mut String, slot: &'a SlotData) -> &'a str {
    out.push_str(slot.role.name());
    if let SlotRole::Ring { capacity } = slot.role {
        write!(out, "({capacity})").expect(INFALLIBLE);
    }
    if let SlotRole::Transport { words } = slot.role {
        write!(out, "({words})").expect(INFALLIBLE);
    }
    print_bracketed(out, &slot.axes, Axis::to_string);
    &slot.name
}

fn print_param<'a>(out: &mut String, param: &'a ParamData) -> &'a str {
    write!(out, "{} = ", param.slot).expect(INFALLIBLE);
    match param.defaults.as_slice() {
        [default] => out.push_str(&print_f64(*default)),
        [] => out.push_str("[]"),
        defaults => print_bracketed(out, defaults, |&default| print_f64(default)),
    }
    &param.name
}

fn print_table<'a>(out: &mut String, table: &'a TableData) -> &'a str {
    write!(out, "{} {}", table.kind.name(), table.search.name()).expect(INFALLIBLE);
    print_bracketed(out, &table.axes, Axis::to_string);
    for (position, curve) in table.curves.iter().enumerate() {
        print_curve(out, curve);
        if let Some(graph) = table.graphs.get(position) {
            write!(out, " {graph}").expect(INFALLIBLE);
        }
    }
    &table.name
}

fn print_threshold<'a>(out: &mut String, threshold: &'a ThresholdData) -> &'a str {
    let ThresholdData { slot, first, n, .. } = threshold;
    let (direction, value) = (direction_name(threshold.direction), print_f64(threshold.value));
    write!(out, "{slot}[{first}, {n}] {direction} {value} {}", repeat_name(threshold.repeat)).expect(INFALLIBLE);
    if let Repeat::Each(interval) = threshold.repeat {
        write!(out, " {interval}").expect(INFALLIBLE);
    }
    let actions: Vec<&str> = threshold.actions.iter().map(|&action| action.name()).collect();
    write!(out, " {{ {} }}", actions.join(", ")).expect(INFALLIBLE);
    &threshold.name
}

fn print_graph<'a>(out: &mut String, graph: &'a GraphData) -> &'a str {
    write!(out, "{} {}", graph.kind.name(), graph.capacity).expect(INFALLIBLE);
    print_curve(out, &graph.curve);
    &graph.name
}

/// ` { x:y, x:y }`
fn print_curve(out: &mut String, curve: &Curve) {
    let coordinate = |all: &[f64], at: usize| all.get(at).map_or_else(|| "?".to_owned(), |&value| print_f64(value));
    out.push_str(" {");
    for at in 0..curve.xs.len().max(curve.ys.len()) {
        let comma = if at == 0 { " " } else { ", " };
        write!(out, "{comma}{}:{}", coordinate(&curve.xs, at), coordinate(&curve.ys, at)).expect(INFALLIBLE);
    }
    out.push_str(" }");
}

/// `[a, b]`, or nothing when there is nothing.
fn print_bracketed<T>(out: &mut String, items: &[T], print: impl Fn(&T) -> String) {
    for (position, item) in items.iter().enumerate() {
        out.push_str(if position == 0 { "[" } else { ", " });
        out.push_str(&print(item));
    }
    if !items.is_empty() {
        out.push(']');
    }
}

fn write_func(out: &mut String, func: &FuncData) {
    let numbering = Numbering::new(func);
    writeln!(out, "func {} {{", func.role.name()).expect(INFALLIBLE);
    writeln!(out, "{}:", numbering.print_block(func.entry)).expect(INFALLIBLE);
    let mut depth = 1;
    for step in func.walk() {
        if let Step::Leave(..) = step {
            depth -= 1;
        }
        (0..depth).for_each(|_| out.push_str(INDENT));
        match step {
            Step::Inst(inst) => out.push_str(&print_inst(func, &numbering, inst)),
            Step::Enter(inst, _) => {
                write_inst(out, func, &numbering, inst);
                out.push_str(" {");
                depth += 1;
            }
            Step::Leave(..) => out.push('}'),
        }
        out.push('\n');
    }
    out.push_str("}\n");
}

fn write_inst(out: &mut String, func: &FuncData, numbering: &Numbering, inst: Inst) {
    let data = &func.insts[inst];
    if let Some(result) = data.result {
        write!(out, "{} = ", numbering.print_value(result)).expect(INFALLIBLE);
    }
    out.push_str(data.opcode.name());
    let args = func.args(inst);
    let n_operands = if data.opcode.signature().indexed {
        operand_count(data.opcode, data.immediate).min(args.len())
    } else {
        args.len()
    };
    let (operands, indices) = args.split_at(n_operands);
    let immediate = print_immediate(data.immediate);
    let print_value = |value: &Value| numbering.print_value(*value).to_string();
    if let Some(immediate) = &immediate {
        write!(out, " {immediate}").expect(INFALLIBLE);
    }
    print_bracketed(out, indices, print_value);
    for (position, operand) in operands.iter().enumerate() {
        let comma = if position == 0 && immediate.is_none() { " " } else { ", " };
        write!(out, "{comma}{}", print_value(operand)).expect(INFALLIBLE);
    }
    if let Immediate::Loop(_, body) = data.immediate {
        write_body(out, func, numbering, body);
    }
}

/// What is between the opcode and the operands.
fn print_immediate(immediate: Immediate) -> Option<String> {
    Some(match immediate {
        Immediate::None => return None,
        Immediate::F64(value) => print_f64(value),
        Immediate::Bool(value) => value.to_string(),
        Immediate::Position(axis, position) => format!("{axis}, {position}"),
        Immediate::Axis(axis) => axis.to_string(),
        Immediate::Slot(slot) => slot.to_string(),
        Immediate::Param(param) => param.to_string(),
        Immediate::Table(table) => table.to_string(),
        Immediate::Function(function) => function.name().to_owned(),
        Immediate::Transport(slot, query, _) => format!("{slot} {}", query.name()),
        Immediate::Trace(into, of, _) => format!("{into}, {of}"),
        Immediate::Vector(slot, function, _) => format!("{slot} {}", function.name()),
        Immediate::Loop(axis, _) => axis.to_string(),
    })
}

/// ` -> block1(v0, v1)`
fn write_body(out: &mut String, func: &FuncData, numbering: &Numbering, body: Block) {
    write!(out, " -> {}(", numbering.print_block(body)).expect(INFALLIBLE);
    let params = func.blocks.get(body).map_or(&[][..], |data| &data.params);
    for (position, &param) in params.iter().enumerate() {
        let comma = if position == 0 { "" } else { ", " };
        write!(out, "{comma}{}", numbering.print_value(param)).expect(INFALLIBLE);
    }
    out.push(')');
}
