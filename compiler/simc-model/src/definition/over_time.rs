//! Data over time as graphical functions of the time, for formats that hold no data.

use std::collections::HashSet;

use super::{
    DefKind, Definition, ElementDef, Equation, EquationKind, EquationNode, Name, Path, SeriesMode, TableDef, VarDef,
};
use crate::builtin::{self, MISSING, ParamKind};
use crate::model::TableKind;
use crate::name::Key;
use crate::source::Span;

/// How far from a point a time may be to be that of the point, as a part of the greatest time of the series.
const TOLERANCE: f64 = 1e-10;

/// The same definition with data as variables of the equation `TIME` and a graphical function, which have the same values. Data that
/// functions ask for its points stays what it is. Nothing when nothing changes.
pub fn as_tables(file: &Definition) -> Option<Definition> {
    let asked = asked(file);
    let is_written = |var: &VarDef| var.series.is_some() && !asked.contains(&Key::new(&var.name.text));
    if !file.models.iter().flat_map(|model| &model.vars).any(is_written) {
        return None;
    }
    let mut made = file.clone();
    for var in made.models.iter_mut().flat_map(|model| &mut model.vars) {
        if !is_written(var) {
            continue;
        }
        let Some(mode) = var.series.take() else { continue };
        var.kind = DefKind::Aux;
        let write = |table: &mut Option<TableDef>, equation: &mut Option<Equation>, span: Span| {
            let Some(table) = table else { return };
            let (kind, points) = read_as(table.xs.as_deref().unwrap_or_default(), &table.ys, mode);
            let (xs, ys) = points.into_iter().unzip();
            *table = TableDef { kind, x_scale: None, xs: Some(xs), ys, span: table.span };
            *equation = Some(time(span));
        };
        write(&mut var.table, &mut var.equation, var.span);
        for ElementDef { table, equation, span, .. } in &mut var.elements {
            write(table, equation, *span);
        }
    }
    Some(made)
}

/// The variables whose points functions ask for.
fn asked(file: &Definition) -> HashSet<Key> {
    let bodies = file.macros.iter().map(|function| &function.body).chain(&file.models);
    let vars = bodies.flat_map(|model| &model.vars);
    let equations = vars.flat_map(|var| {
        let own = var.elements.iter().filter_map(|element| element.equation.as_ref());
        var.equation.iter().chain(&var.list).chain(own)
    });
    let mut asked = HashSet::new();
    for equation in equations {
        for node in &equation.nodes {
            let EquationKind::Call(path, arguments) = &node.kind else { continue };
            let Some(name) = path.parts.last() else { continue };
            let Some(function) = builtin::find(file.dialect, &Key::new(&name.text)) else { continue };
            for (argument, param) in arguments.iter().zip(function.params) {
                let table = equation.nodes[*argument as usize].kind.as_named().and_then(|path| path.parts.last());
                asked.extend(table.filter(|_| param.kind == ParamKind::Table).map(|name| Key::new(&name.text)));
            }
        }
    }
    asked
}

fn time(span: Span) -> Equation {
    let path = Path { absolute: false, parts: vec![Name { text: "Time".to_owned(), span }], span };
    Equation { nodes: vec![EquationNode { kind: EquationKind::Reference(path, Vec::new()), span }], span }
}

/// The points of the table whose value at a time is that of data in a mode, and its kind. A point holds from a little before its time.
pub(crate) fn read_as(xs: &[f64], ys: &[f64], mode: SeriesMode) -> (TableKind, Vec<(f64, f64)>) {
    let least_gap = xs.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    let greatest = xs.iter().fold(0.0_f64, |greatest, x| greatest.max(x.abs()));
    let near = (greatest.max(f64::MIN_POSITIVE) * TOLERANCE).min(least_gap / 4.0);
    let first = xs.first().copied().unwrap_or(0.0);
    let points: Vec<(f64, f64)> = match mode {
        SeriesMode::Interpolate => xs.iter().copied().zip(ys.iter().copied()).collect(),
        SeriesMode::HoldBackward => xs.iter().map(|x| x - near).zip(ys.iter().copied()).collect(),
        SeriesMode::LookForward => {
            let starts = std::iter::once(first).chain(xs.iter().map(|x| (x + near).next_up()));
            starts.zip(ys.iter().copied()).collect()
        }
        SeriesMode::Raw => {
            let around = |(&x, &y): (&f64, &f64)| [(x - near, y), ((x + near).next_up(), MISSING)];
            let before = ((first - near).next_down(), MISSING);
            std::iter::once(before).chain(xs.iter().zip(ys).flat_map(around)).collect()
        }
    };
    let kind = if mode == SeriesMode::Interpolate { TableKind::Continuous } else { TableKind::Discrete };
    (kind, points.into_iter().map(|(x, y)| (x.clamp(f64::MIN, f64::MAX), y)).collect())
}

#[cfg(test)]
mod tests;
