//! The `module { .. }` part.

use cranelift_entity::{EntityRef, PrimaryMap};

use kernel::event::{Action, Direction, Repeat};

use super::{Parser, Result, mistake_at};
use crate::entity::{Axis, Graph, Slot};
use crate::module::{
    AxisData, Curve, GraphData, Method, Module, ParamData, SlotData, SlotRole, TableData, TableKind, TableSearch,
    ThresholdData, TimeSpec,
};
use crate::text::threshold::{direction_name, repeat_name};

/// Sizes aside, what a slot's role can be in text.
const SLOT_ROLES: [SlotRole; 16] = [
    SlotRole::Time,
    SlotRole::Dt,
    SlotRole::StartTime,
    SlotRole::StopTime,
    SlotRole::Stock,
    SlotRole::Output,
    SlotRole::Run,
    SlotRole::Level,
    SlotRole::Held,
    SlotRole::Pending,
    SlotRole::Hoisted,
    SlotRole::Watched,
    SlotRole::Spill,
    SlotRole::Carry,
    SlotRole::Ring { capacity: 0 },
    SlotRole::Transport { words: 0 },
];

pub(super) fn parse_declarations(parser: &mut Parser<'_>) -> Result<Module> {
    parser.expect_word("module")?;
    parser.expect_punct('{')?;
    let time = parse_time(parser)?;
    let mut module = Module { time, ..Module::default() };
    module.axes = parse_section(parser, "axes", "a", parse_axis)?;
    module.slots = parse_section(parser, "slots", "s", |parser| parse_slot(parser, &module))?;
    module.params = parse_section(parser, "params", "p", |parser| parse_param(parser, &module))?;
    module.graphs = parse_section(parser, "graphs", "g", parse_graph)?;
    module.thresholds = parse_section(parser, "thresholds", "h", |parser| parse_threshold(parser, &module))?;
    module.tables = parse_section(parser, "tables", "t", |parser| parse_table(parser, &module))?;
    parser.expect_punct('}')?;
    Ok(module)
}

/// The entries of a section; none when the section is not there.
fn parse_section<K: EntityRef, V>(
    parser: &mut Parser<'_>,
    title: &str,
    prefix: &str,
    entry: impl Fn(&mut Parser<'_>) -> Result<V>,
) -> Result<PrimaryMap<K, V>> {
    let mut entries = PrimaryMap::new();
    if !parser.eat_word(title) {
        return Ok(entries);
    }
    parser.expect_punct('{')?;
    while !parser.eat_punct('}') {
        let at = parser.next.at;
        let number = parser.parse_entity(prefix, "an entry")?;
        if number as usize != entries.len() {
            return mistake_at(at, format!("{title} are numbered in order: expected {prefix}{}", entries.len()));
        }
        parser.expect_punct(':')?;
        entries.push(entry(parser)?);
    }
    Ok(entries)
}

fn parse_time(parser: &mut Parser<'_>) -> Result<TimeSpec> {
    parser.expect_word("time")?;
    let key = |parser: &mut Parser<'_>, key: &str| {
        parser.expect_word(key)?;
        parser.expect_punct('=')
    };
    key(parser, "start")?;
    let start = parser.parse_number()?;
    key(parser, "stop")?;
    let stop = parser.parse_number()?;
    key(parser, "dt")?;
    let dt = parser.parse_number()?;
    key(parser, "steps")?;
    let n_steps = parser.parse_integer("a number of steps")?;
    key(parser, "save_every")?;
    let save_every = parser.parse_integer("a number of steps")?;
    key(parser, "method")?;
    let method = parser.parse_named("method", &Method::ALL, Method::name)?;
    Ok(TimeSpec { start, stop, dt, n_steps, save_every, method })
}

fn parse_axis(parser: &mut Parser<'_>) -> Result<AxisData> {
    let size = parser.parse_integer("a size")?;
    Ok(AxisData { size, name: parser.parse_name()? })
}

fn parse_slot(parser: &mut Parser<'_>, module: &Module) -> Result<SlotData> {
    let mut role = parser.parse_named("slot role", &SLOT_ROLES, SlotRole::name)?;
    if let SlotRole::Ring { capacity: size } | SlotRole::Transport { words: size } = &mut role {
        parser.expect_punct('(')?;
        *size = parser.parse_integer("a size")?;
        parser.expect_punct(')')?;
    }
    let axes = parse_axes(parser, module)?;
    Ok(SlotData { role, axes, name: parser.parse_name()? })
}

fn parse_param(parser: &mut Parser<'_>, module: &Module) -> Result<ParamData> {
    let slot = parse_slot_name(parser, module)?;
    parser.expect_punct('=')?;
    let defaults = if parser.eat_punct('[') {
        parser.parse_list(']', Parser::parse_number)?
    } else {
        vec![parser.parse_number()?]
    };
    Ok(ParamData { slot, defaults, name: parser.parse_name()? })
}

fn parse_table(parser: &mut Parser<'_>, module: &Module) -> Result<TableData> {
    let kind = parser.parse_named("table kind", &TableKind::ALL, TableKind::name)?;
    let search = parser.parse_named("table search", &TableSearch::ALL, TableSearch::name)?;
    let axes = parse_axes(parser, module)?;
    let (mut curves, mut graphs) = (Vec::new(), Vec::new());
    while curves.is_empty() || parser.at_punct('{') {
        curves.push(parse_curve(parser)?);
        if graphs.len() + 1 == curves.len() && parser.at_entity("g") {
            graphs.push(parse_graph_name(parser, module)?);
        }
    }
    Ok(TableData { kind, search, axes, curves, graphs, name: parser.parse_name()? })
}

fn parse_threshold(parser: &mut Parser<'_>, module: &Module) -> Result<ThresholdData> {
    let slot = parse_slot_name(parser, module)?;
    parser.expect_punct('[')?;
    let first = parser.parse_integer("an element")?;
    parser.expect_punct(',')?;
    let n = parser.parse_integer("a number of elements")?;
    parser.expect_punct(']')?;
    let direction = parser.parse_named("direction", &Direction::ALL, direction_name)?;
    let value = parser.parse_number()?;
    let repeats = [Repeat::Each(0), Repeat::Once, Repeat::OnceEver];
    let mut repeat = parser.parse_named("repetition", &repeats, repeat_name)?;
    if let Repeat::Each(interval) = &mut repeat {
        *interval = parser.parse_integer("a number of steps")?;
    }
    parser.expect_punct('{')?;
    let actions = parser.parse_list('}', |parser| parser.parse_named("action", &Action::ALL, Action::name))?;
    Ok(ThresholdData { slot, first, n, value, direction, repeat, actions, name: parser.parse_name()? })
}

fn parse_graph(parser: &mut Parser<'_>) -> Result<GraphData> {
    let kind = parser.parse_named("table kind", &TableKind::ALL, TableKind::name)?;
    let capacity = parser.parse_integer("a number of points")?;
    let curve = parse_curve(parser)?;
    Ok(GraphData { kind, capacity, curve, name: parser.parse_name()? })
}

fn parse_curve(parser: &mut Parser<'_>) -> Result<Curve> {
    parser.expect_punct('{')?;
    let points = parser.parse_list('}', |parser| {
        let x = parser.parse_number()?;
        parser.expect_punct(':')?;
        Ok((x, parser.parse_number()?))
    })?;
    let (xs, ys) = points.into_iter().unzip();
    Ok(Curve { xs, ys })
}

/// `[a0, a1]`, or nothing.
fn parse_axes(parser: &mut Parser<'_>, module: &Module) -> Result<Vec<Axis>> {
    if parser.eat_punct('[') {
        parser.parse_list(']', |parser| parse_axis_name(parser, module))
    } else {
        Ok(Vec::new())
    }
}

/// The name of a declared axis.
pub(super) fn parse_axis_name(parser: &mut Parser<'_>, module: &Module) -> Result<Axis> {
    parse_declared(parser, "a", "an axis", &module.axes)
}

/// The name of a declared slot.
pub(super) fn parse_slot_name(parser: &mut Parser<'_>, module: &Module) -> Result<Slot> {
    parse_declared(parser, "s", "a slot", &module.slots)
}

/// The name of a declared graphical function.
fn parse_graph_name(parser: &mut Parser<'_>, module: &Module) -> Result<Graph> {
    parse_declared(parser, "g", "a graphical function", &module.graphs)
}

/// The name of something that the module declares.
pub(super) fn parse_declared<K: EntityRef, V>(
    parser: &mut Parser<'_>,
    prefix: &str,
    what: &str,
    declared: &PrimaryMap<K, V>,
) -> Result<K> {
    let at = parser.next.at;
    let number = parser.parse_entity(prefix, what)?;
    if number as usize >= declared.len() {
        return mistake_at(at, format!("{prefix}{number} is not declared"));
    }
    Ok(K::new(number as usize))
}
