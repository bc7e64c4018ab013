//! The ast as compact, stable text: what `simc dump --stage ast` shows and what tests of the parsers compare.
//!
//! One line for each thing that the file says, indented by what it belongs to; equations are as prefix expressions.

mod equation;

use std::fmt::{self, Write};

pub use equation::print_equation;
use equation::{print_name, print_path};

use crate::definition::{
    Access, Behavior, Calendar, ControlDef, DefKind, Definition, DimElements, ElementDef, MacroDef, ModelDef,
    ModuleDef, SeriesMode, SimSpecs, TableDef, TransportDef, VarDef,
};
use crate::model::TableKind;

/// The whole file as text.
pub fn print(file: &Definition) -> String {
    let mut out = String::new();
    print_file(&mut out, file).expect("writing to a string does not fail");
    out
}

fn print_file(out: &mut String, file: &Definition) -> fmt::Result {
    if let Some(name) = &file.name {
        writeln!(out, "file {name:?}")?;
    }
    print_sim_specs(out, "", file.sim_specs.as_ref())?;
    print_behavior(out, "", file.behavior)?;
    if file.invalid_index != 0.0 {
        writeln!(out, "invalid_index {:?}", file.invalid_index)?;
    }
    for unit in &file.units {
        let definition = unit.equation.as_ref().map_or(String::new(), |equation| format!(" = {:?}", equation.text));
        let aliases: String = unit.aliases.iter().map(|alias| format!(" alias {:?}", alias.text)).collect();
        writeln!(out, "unit {:?}{definition}{aliases}", unit.name.text)?;
    }
    for dim in &file.dims {
        write!(out, "dim {}", print_name(&dim.name))?;
        match &dim.elements {
            DimElements::Size(size) => writeln!(out, " size {size}")?,
            DimElements::Named(names) => {
                for (position, name) in names.iter().enumerate() {
                    write!(out, "{}{}", if position == 0 { ": " } else { ", " }, print_name(name))?;
                }
                out.push('\n');
            }
        }
        for target in &dim.maps_to {
            write!(out, "  maps_to {}", print_name(&target.to))?;
            for elements in &target.elements {
                write!(out, " ({})", elements.iter().map(print_name).collect::<Vec<_>>().join(", "))?;
            }
            writeln!(out)?;
        }
    }
    for include in &file.includes {
        writeln!(out, "include {:?}", include.path)?;
    }
    for definition in &file.macros {
        print_macro(out, definition)?;
    }
    if let Some(Calendar { year, month, day, unit }) = file.calendar {
        writeln!(out, "calendar {year}-{month:02}-{day:02} unit {unit:?}")?;
    }
    file.controls.iter().try_for_each(|control| print_control(out, "", control))?;
    file.models.iter().try_for_each(|model| print_model(out, model))
}

fn print_macro(out: &mut String, definition: &MacroDef) -> fmt::Result {
    write!(out, "macro {}", print_name(&definition.name))?;
    if let Some(namespace) = &definition.namespace {
        write!(out, " namespace {namespace:?}")?;
    }
    writeln!(out, " params {}", definition.n_params)?;
    definition.body.vars.iter().try_for_each(|var| print_var(out, var))?;
    definition.body.modules.iter().try_for_each(|module| print_module(out, module))
}

fn print_sim_specs(out: &mut String, indent: &str, specs: Option<&SimSpecs>) -> fmt::Result {
    let Some(specs) = specs else { return Ok(()) };
    write!(out, "{indent}sim_specs")?;
    let numbers =
        [("start", specs.start), ("stop", specs.stop), ("dt", specs.dt), ("save_interval", specs.save_interval)];
    for (what, number) in numbers {
        if let Some((value, _)) = number {
            write!(out, " {what} {value:?}")?;
        }
    }
    for method in &specs.methods {
        write!(out, " method {}", print_name(method))?;
    }
    if let Some(units) = &specs.time_units {
        write!(out, " time_units {:?}", units.text)?;
    }
    writeln!(out)
}

fn print_behavior(out: &mut String, indent: &str, behavior: Behavior) -> fmt::Result {
    for (what, option) in [("stocks", behavior.non_negative_stocks), ("flows", behavior.non_negative_flows)] {
        if let Some(non_negative) = option {
            writeln!(out, "{indent}behavior {what} non_negative {non_negative}")?;
        }
    }
    Ok(())
}

fn print_model(out: &mut String, model: &ModelDef) -> fmt::Result {
    out.push_str("model");
    if let Some(name) = &model.name {
        write!(out, " {}", print_name(name))?;
    }
    if let Some(resource) = &model.resource {
        write!(out, " resource {:?}", resource.path)?;
    }
    out.push('\n');
    print_sim_specs(out, "  ", model.sim_specs.as_ref())?;
    print_behavior(out, "  ", model.behavior)?;
    model.vars.iter().try_for_each(|var| print_var(out, var))?;
    model.modules.iter().try_for_each(|module| print_module(out, module))?;
    for group in &model.groups {
        let members: Vec<String> = group.members.iter().map(print_name).collect();
        writeln!(out, "  group {}: {}", print_name(&group.name), members.join(", "))?;
    }
    model.controls.iter().try_for_each(|control| print_control(out, "  ", control))
}

fn print_control(out: &mut String, indent: &str, control: &ControlDef) -> fmt::Result {
    let ControlDef { kind, entities, range, step, label } = control;
    let entities: Vec<String> = entities.iter().map(print_name).collect();
    write!(out, "{indent}{} {}", kind.name(), entities.join(", "))?;
    if let Some((least, greatest)) = range {
        write!(out, " range {least:?} {greatest:?}")?;
    }
    if let Some(step) = step {
        write!(out, " step {step:?}")?;
    }
    if let Some(label) = label {
        write!(out, " label {label:?}")?;
    }
    writeln!(out)
}

fn print_var(out: &mut String, var: &VarDef) -> fmt::Result {
    let kind = match var.kind {
        DefKind::Stock => "stock",
        DefKind::Flow => "flow",
        DefKind::Aux => "aux",
        DefKind::Table => "table",
    };
    write!(out, "  {kind} {}", print_name(&var.name))?;
    if !var.dims.is_empty() {
        let dims: Vec<String> = var.dims.iter().map(print_name).collect();
        write!(out, "[{}]", dims.join(", "))?;
    }
    if let Some(mode) = var.series {
        out.push_str(match mode {
            SeriesMode::Interpolate => " data",
            SeriesMode::HoldBackward => " data hold backward",
            SeriesMode::LookForward => " data look forward",
            SeriesMode::Raw => " data raw",
        });
    }
    if let Some(equation) = &var.equation {
        write!(out, " = {}", print_equation(equation))?;
    }
    for (position, equation) in var.list.iter().enumerate() {
        let separator = if position == 0 { " =" } else { "," };
        write!(out, "{separator} {}", print_equation(equation))?;
    }
    if var.reported {
        out.push_str(" (with errors)");
    }
    out.push('\n');
    for (what, flows) in [("inflow", &var.inflows), ("outflow", &var.outflows)] {
        for flow in flows {
            writeln!(out, "    {what} {}", print_name(flow))?;
        }
    }
    var.elements.iter().try_for_each(|element| print_element(out, element))?;
    print_details(out, var)
}

fn print_element(out: &mut String, element: &ElementDef) -> fmt::Result {
    let subscripts: Vec<String> = element.subscripts.iter().map(print_name).collect();
    write!(out, "    element [{}]", subscripts.join(", "))?;
    for except in &element.except {
        write!(out, " except [{}]", except.iter().map(print_name).collect::<Vec<_>>().join(", "))?;
    }
    if let Some(equation) = &element.equation {
        write!(out, " = {}", print_equation(equation))?;
    }
    if let Some(non_negative) = element.non_negative {
        write!(out, " non_negative {non_negative}")?;
    }
    out.push('\n');
    element.table.as_ref().map_or(Ok(()), |table| print_table(out, table))
}

/// What a definition says besides its equation and its flows.
fn print_details(out: &mut String, var: &VarDef) -> fmt::Result {
    if let Some(table) = &var.table {
        print_table(out, table)?;
    }
    if let Some(non_negative) = var.non_negative {
        writeln!(out, "    non_negative {non_negative}")?;
    }
    if let Some(transport) = &var.transport {
        print_transport(out, transport)?;
    }
    if let Some(leak) = &var.leak {
        let integers = if leak.integers { " integers" } else { "" };
        writeln!(out, "    leak from {:?} to {:?}{integers}", leak.start, leak.end)?;
    }
    if var.overflow {
        writeln!(out, "    overflow")?;
    }
    if let Some(multiplier) = &var.multiplier {
        writeln!(out, "    multiplier = {}", print_equation(multiplier))?;
    }
    match var.access {
        Some(Access::Input) => writeln!(out, "    access input")?,
        Some(Access::Output) => writeln!(out, "    access output")?,
        None => {}
    }
    if let Some((least, greatest)) = var.range {
        writeln!(out, "    range {least:?} {greatest:?}")?;
    }
    for (what, text) in [("units", var.units.as_ref().map(|units| &units.text)), ("doc", var.doc.as_ref())] {
        if let Some(text) = text {
            writeln!(out, "    {what} {text:?}")?;
        }
    }
    Ok(())
}

/// A conveyor with its options and equations, or a queue.
fn print_transport(out: &mut String, transport: &TransportDef) -> fmt::Result {
    let TransportDef::Conveyor(conveyor) = transport else { return writeln!(out, "    queue") };
    out.push_str("    conveyor");
    let options = [
        ("discrete", conveyor.discrete),
        ("batch_integrity", conveyor.batch_integrity),
        ("several_at_a_time", !conveyor.one_at_a_time),
        ("fifo", conveyor.fifo),
        ("exponential_leak", conveyor.exponential_leak),
        ("ignores_losses", conveyor.ignores_losses),
    ];
    for (name, _) in options.iter().filter(|(_, is_set)| *is_set) {
        write!(out, " {name}")?;
    }
    out.push('\n');
    let equations = [
        ("transit", &conveyor.transit),
        ("capacity", &conveyor.capacity),
        ("inflow_limit", &conveyor.inflow_limit),
        ("sample", &conveyor.sample),
        ("arrest", &conveyor.arrest),
    ];
    for (name, def) in equations.into_iter().filter_map(|(name, def)| Some((name, def.as_ref()?))) {
        write!(out, "    {name}")?;
        if let Some(equation) = &def.equation {
            write!(out, " = {}", print_equation(equation))?;
        }
        out.push('\n');
        def.elements.iter().try_for_each(|element| print_element(out, element))?;
    }
    let Some(lists) = &conveyor.initial_lists else { return Ok(()) };
    let own = lists.elements.iter().map(|(position, list)| (format!("list of clause {position}"), list));
    for (name, list) in std::iter::once(("list".to_owned(), &lists.whole)).chain(own) {
        writeln!(out, "    {name}: {}", list.iter().map(print_equation).collect::<Vec<_>>().join(", "))?;
    }
    Ok(())
}

fn print_table(out: &mut String, table: &TableDef) -> fmt::Result {
    let kind = match table.kind {
        TableKind::Continuous => "continuous",
        TableKind::Extrapolate => "extrapolate",
        TableKind::Discrete => "discrete",
    };
    write!(out, "    gf {kind}")?;
    if let Some((least, greatest)) = table.x_scale {
        write!(out, " xscale {least:?} {greatest:?}")?;
    }
    if let Some(xs) = &table.xs {
        write!(out, " xs {xs:?}")?;
    }
    writeln!(out, " ys {:?}", table.ys)
}

fn print_module(out: &mut String, module: &ModuleDef) -> fmt::Result {
    write!(out, "  module {}", print_name(&module.name))?;
    if let Some(model) = &module.model {
        write!(out, " of {}", print_name(model))?;
    }
    if let Some(resource) = &module.resource {
        write!(out, " resource {:?}", resource.path)?;
    }
    if !module.dims.is_empty() {
        let dims: Vec<String> = module.dims.iter().map(print_name).collect();
        write!(out, " [{}]", dims.join(", "))?;
    }
    out.push('\n');
    for connection in &module.connections {
        writeln!(out, "    connect {} from {}", print_path(&connection.to), print_path(&connection.from))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
