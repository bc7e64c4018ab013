//! `simc inspect`: what is inside an artifact.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};
use simc::render::is_obeyed;
use simc::results::Number;
use simc_artifact::{Artifact, Direction, Extension, Inputs, Repeat, Time};

use super::byte_size::show_byte_size;
use super::failure::{Failure, shown};
use super::input::{self, Input};
use super::layout_json::{self, hex};
use super::output;

/// Show what is inside an artifact
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  simc inspect model.wasm
  simc inspect model.wasm --json")]
pub(super) struct Opts {
    /// The artifact, or `-` for standard input
    artifact: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Opts {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let Input::Artifact(wasm) = input::read(&self.artifact)? else {
            let message =
                format!("{} is a model, not an artifact; `simc build` makes one of it", shown(&self.artifact));
            return Err(Failure::Message(message));
        };
        let artifact = simc_artifact::read(&wasm);
        let artifact = artifact.map_err(|error| Failure::Message(format!("{}: {error}", shown(&self.artifact))))?;
        output::write_stdout(|out| {
            if self.json {
                writeln!(out, "{:#}", Value::from(object(&artifact, &wasm)))
            } else {
                text(out, &artifact, &wasm)
            }
        })
    }
}

/// Everything, for programs.
fn object(artifact: &Artifact, wasm: &[u8]) -> Map<String, Value> {
    let mut object = layout_json::layout(&artifact.layout);
    let sections = artifact.sections.iter().map(|section| json!({ "name": section.name, "bytes": section.bytes }));
    object.insert("bytes".to_owned(), wasm.len().into());
    object.insert("sha256".to_owned(), digest(wasm).into());
    object.insert("memory_bytes".to_owned(), artifact.memory_bytes.into());
    object.insert("sections".to_owned(), sections.collect());
    object.insert("exports".to_owned(), artifact.exports.iter().map(|export| export.name.as_str()).collect());
    object.insert("features".to_owned(), artifact.features.iter().map(String::as_str).collect());
    object.insert("function_bytes".to_owned(), artifact.function_bytes.iter().copied().collect());
    object
}

/// The most important things, for people.
fn text(out: &mut dyn Write, artifact: &Artifact, wasm: &[u8]) -> io::Result<()> {
    let layout = &artifact.layout;
    if let Some(extension) = &layout.extension {
        writeln!(out, "model     {}", one_line(&extension.origin.model))?;
        writeln!(out, "made by   {}", one_line(&extension.origin.producer))?;
        writeln!(out, "source    sha256 {}", hex(&extension.origin.source_digest))?;
        for file in &extension.files {
            writeln!(out, "file      {}, sha256 {}", one_line(&file.name), hex(&file.digest))?;
        }
        if let Some(time) = &extension.time {
            write_time(out, time)?;
        }
    }
    writeln!(out, "rows      {} of {} numbers, from byte {}", layout.n_chunks, layout.n_slots, layout.results_offset)?;
    writeln!(out, "artifact  {} bytes, sha256 {}", wasm.len(), digest(wasm))?;
    let largest = artifact.function_bytes.iter().max().copied().unwrap_or(0);
    writeln!(out, "functions {}, the largest has {largest} bytes", artifact.function_bytes.len())?;
    writeln!(
        out,
        "features  {}",
        if artifact.features.is_empty() { "-".to_owned() } else { artifact.features.join(", ") }
    )?;
    writeln!(out, "\nsections")?;
    for section in &artifact.sections {
        writeln!(out, "  {:>10}  {}", section.bytes, one_line(&section.name))?;
    }
    writeln!(out, "\nmemory    {}", show_byte_size(artifact.memory_bytes))?;
    let Some(extension) = &layout.extension else { return Ok(()) };
    for region in &extension.regions {
        writeln!(out, "  {:>10}  {} at byte {}", region.bytes, one_line(&region.name), region.offset)?;
    }
    if let Some(inputs) = &extension.inputs {
        write_inputs(out, inputs)?;
    }
    write_thresholds(out, extension)?;
    write_groups(out, extension)?;
    write_controls(out, extension)?;
    write_transports(out, extension)?;
    write_variables(out, extension)?;
    write_links(out, extension)
}

fn write_time(out: &mut dyn Write, time: &Time) -> io::Result<()> {
    let units = time.units.as_deref().map(|units| format!(" {}", one_line(units))).unwrap_or_default();
    let [start, stop, dt] = [time.start, time.stop, time.dt].map(Number);
    let method = time.method.name();
    writeln!(out, "time      {start} to {stop}{units}, dt {dt}, {method}, a row every {} steps", time.save_every)
}

fn write_inputs(out: &mut dyn Write, inputs: &Inputs) -> io::Result<()> {
    writeln!(out, "\ninputs    {} numbers at byte {}", inputs.capacity, inputs.offset)?;
    for (number, table) in inputs.tables.iter().enumerate() {
        let (name, kind, n) = (one_line(&table.name), table.kind.name(), table.points.len());
        writeln!(out, "  {number:>6}  {kind:<12}  {name}: {n} points, room for {}", table.capacity)?;
    }
    Ok(())
}

fn write_transports(out: &mut dyn Write, extension: &Extension) -> io::Result<()> {
    if extension.transports.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nbelts")?;
    for transport in &extension.transports {
        let (name, dims) = (one_line(&transport.name), show_dims(extension, &transport.dims));
        writeln!(out, "  {:<8}  {name}{dims}", transport.kind.name())?;
    }
    Ok(())
}

/// Thresholds with the number of their first event, by which records of events name them.
fn write_thresholds(out: &mut dyn Write, extension: &Extension) -> io::Result<()> {
    if extension.thresholds.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nevents")?;
    let mut number = 0;
    for threshold in &extension.thresholds {
        let side = match threshold.direction {
            Direction::Increasing => "above",
            Direction::Decreasing => "below",
        };
        let variable = one_line(&threshold.variable);
        let dims = show_dims(extension, &threshold.dims);
        let elements = match (threshold.dims.as_slice(), threshold.n) {
            ([], _) => String::new(),
            (_, 1) => format!(", element {}", threshold.first),
            (_, n) => format!(", elements {} to {}", threshold.first, u64::from(threshold.first) + u64::from(n) - 1),
        };
        let repeat = match (threshold.repeat, threshold.interval) {
            (Repeat::Each, 0) => "each time".to_owned(),
            (Repeat::Each, steps) => format!("each time, again after {steps} steps"),
            (Repeat::Once, _) => "once".to_owned(),
            (Repeat::OnceEver, _) => "once ever".to_owned(),
        };
        writeln!(out, "          {variable}{dims} {side} {}{elements}: {repeat}", Number(threshold.value))?;
        for event in &threshold.events {
            let message =
                if event.message.is_empty() { String::new() } else { format!("  {}", one_line(&event.message)) };
            writeln!(out, "  {number:>6}  {}{message}", event.action.name())?;
            number += 1;
        }
    }
    Ok(())
}

fn write_groups(out: &mut dyn Write, extension: &Extension) -> io::Result<()> {
    if !extension.groups.is_empty() {
        writeln!(out, "\ngroups")?;
    }
    for group in &extension.groups {
        let members: Vec<String> = group.members.iter().map(|member| one_line(member)).collect();
        writeln!(out, "          {}: {}", one_line(&group.name), members.join(", "))?;
    }
    Ok(())
}

fn write_controls(out: &mut dyn Write, extension: &Extension) -> io::Result<()> {
    if !extension.controls.is_empty() {
        writeln!(out, "\ncontrols")?;
    }
    for control in &extension.controls {
        let names: Vec<String> = control.names.iter().map(|name| one_line(name)).collect();
        let range = control.range.map(|(low, high)| format!(", from {} to {}", Number(low), Number(high)));
        let step = control.step.map(|step| format!(", by {}", Number(step)));
        let label = control.label.as_deref().map(|label| format!(", {}", one_line(label)));
        let rest: String = [range, step, label].into_iter().flatten().collect();
        writeln!(out, "  {:<8}  {}{rest}", control.kind.as_str(), names.join(", "))?;
    }
    Ok(())
}

/// What reads what: `+` and `-` where the direction is known, in brackets what counts at the start alone.
fn write_links(out: &mut dyn Write, extension: &Extension) -> io::Result<()> {
    let mut last = None;
    for link in &extension.links {
        if last.is_none() {
            write!(out, "\nlinks")?;
        }
        if last != Some(link.effect) {
            write!(out, "\n          {}:", one_line(&extension.variables[link.effect as usize].name))?;
            last = Some(link.effect);
        }
        let cause = one_line(&extension.variables[link.cause as usize].name);
        let sign = link.sign.name();
        if link.at_start { write!(out, " ({sign} {cause})")? } else { write!(out, " {sign} {cause}")? }
    }
    if last.is_some() { writeln!(out) } else { Ok(()) }
}

/// `[Region,Age]`; nothing for a scalar.
fn show_dims(extension: &Extension, dims: &[u32]) -> String {
    if dims.is_empty() {
        return String::new();
    }
    let names: Vec<String> = dims.iter().map(|&dim| one_line(&extension.dimensions[dim as usize].name)).collect();
    format!("[{}]", names.join(","))
}

fn write_variables(out: &mut dyn Write, extension: &Extension) -> io::Result<()> {
    writeln!(out, "\nvariables")?;
    for variable in &extension.variables {
        let dims = show_dims(extension, &variable.dims);
        let default = match variable.defaults.as_deref() {
            Some([value]) => format!(" = {}", Number(*value)),
            Some(_) => " (settable)".to_owned(),
            None if variable.is_settable() => " (settable in part)".to_owned(),
            None => String::new(),
        };
        let units = variable.units.as_deref().map(|units| format!(" {{{}}}", one_line(units))).unwrap_or_default();
        writeln!(
            out,
            "  {:>6}  {:<12}  {}{dims}{default}{units}",
            variable.slot,
            variable.kind.name(),
            one_line(&variable.name)
        )?;
    }
    Ok(())
}

/// A text from the artifact, made harmless for a terminal.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if is_obeyed(c) { ' ' } else { c }).collect()
}

fn digest(bytes: &[u8]) -> String {
    use sha2::Digest;
    hex(&sha2::Sha256::digest(bytes))
}
