//! DataOverrides values as definitions: constants that a host may set where everything is a number, else equations.

use std::collections::BTreeMap;

use crate::model::{Clause, Expr, ExprKind, Extent, TableId, TableRef, VarKind};
use crate::sema::base::region;
use crate::sema::builder::context::EquationContext;
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::builder::numbers;
use crate::sema::declare::data::reader::Value;
use crate::sema::instances::flag;
use crate::source::Span;

/// Arrays with this many elements of different values, and more, get them from a table: the equation stays one loop.
const MIN_TABULATED: usize = 16;

/// The definition of a variable of which all is given.
pub(in crate::sema) enum Replacement {
    /// A number for each element that a host may set.
    Constant(Vec<f64>),
    /// Equations.
    Formula(Vec<Clause>),
}

/// The definition of the given elements: of a variable as a whole a constant if it can be one, else clauses that cover the
/// given elements and no others.
pub(in crate::sema) fn replace(
    place: &EquationContext<'_, '_>,
    overrides: &BTreeMap<u64, Value>,
    builder: &mut ModelBuilder,
) -> Replacement {
    let var = builder.var(place.owner);
    let (span, region) = (var.span, region::whole_region(&var.dims, &builder.dims));
    let is_whole = overrides.len() as u64 == region::count(&region);
    let numbers: Option<Vec<f64>> =
        overrides.values().map(|value| if let Value::Number(number) = value { Some(*number) } else { None }).collect();
    let series: Option<Vec<TableId>> =
        overrides.values().map(|value| if let Value::Series(table) = value { Some(*table) } else { None }).collect();
    let is_settable =
        matches!(var.kind, VarKind::Auxiliary | VarKind::Flow) && !flag::has_uniflow(place.tree, place.owner);
    match (numbers, series) {
        (Some(numbers), _) if is_whole && is_settable => Replacement::Constant(numbers),
        (Some(numbers), _) if is_whole && numbers.iter().all(|number| number.to_bits() == numbers[0].to_bits()) => {
            Replacement::Formula(vec![Clause::new(region, Expr::number(numbers[0], span))])
        }
        (Some(numbers), _) if is_whole && numbers.len() >= MIN_TABULATED => {
            Replacement::Formula(vec![builder.tabulate(place.owner, region, numbers, span)])
        }
        (_, Some(tables)) if is_whole => Replacement::Formula(vec![follow(region, tables, span)]),
        _ => {
            let of = builder.var(place.owner).dims.clone();
            let element = |(&flat, value): (&u64, &Value)| {
                let region = region::cell(flat, &of, &builder.dims);
                match *value {
                    Value::Number(number) => Clause::new(region, Expr::number(number, span)),
                    Value::Series(table) => follow(region, vec![table], span),
                }
            };
            Replacement::Formula(overrides.iter().map(element).collect())
        }
    }
}

/// Functions of the time: one for all of a region, or one for each of its elements, which is then all of the array.
fn follow(region: Vec<Extent>, tables: Vec<TableId>, span: Span) -> Clause {
    let mut expr = Expr::default();
    let time = expr.push(ExprKind::Time, span);
    let is_same = tables.iter().all(|&table| table == tables[0]);
    let table = if is_same {
        TableRef::One(tables[0])
    } else {
        let shape = region.iter().map(|extent| extent.len).collect();
        TableRef::Each { tables, shape, indices: numbers::loops(&region).collect() }
    };
    expr.push(ExprKind::Lookup(table, time), span);
    Clause::new(region, expr)
}
