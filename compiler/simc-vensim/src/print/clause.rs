//! The clauses of a variable as equations with left sides.

use simc_model::definition::cells::{Grid, element, length};
use simc_model::definition::scope::Scope;
use simc_model::definition::{ElementDef, Equation, EquationKind, Name, TableDef, VarDef};
use simc_model::diagnostic::code;
use simc_model::model::UnaryOp;
use simc_model::name::Key;

use super::Printer;

/// Equations of a list that are written one by one, at most.
const MAX_WRITTEN: usize = 1 << 16;

/// An equation with its left side.
#[derive(Clone)]
pub(super) struct Side {
    /// A range or an element for each dimension.
    pub(super) left: Vec<Name>,
    /// Lists of the same that are left out.
    pub(super) except: Vec<Vec<Name>>,
    pub(super) equation: Option<Equation>,
    pub(super) table: Option<TableDef>,
    /// The clause's own limit.
    pub(super) non_negative: Option<bool>,
}

impl<'d> Printer<'d> {
    /// The equations of a variable with their left sides.
    pub(super) fn sides(&mut self, scope: &Scope<'d>, var: &VarDef) -> Vec<Side> {
        let whole = Side {
            left: var.dims.clone(),
            except: Vec::new(),
            equation: var.equation.clone(),
            table: var.table.clone(),
            non_negative: None,
        };
        if var.dims.is_empty() {
            return vec![whole];
        }
        let mut sides: Vec<Side> = Vec::new();
        if !self.is_own && has_same_twice(&var.dims) {
            self.refuse(
                code::CONVERT_ARRAY,
                var.span,
                format!("`{}` has one dimension twice, which no left side of Vensim's can have", var.name.text),
                "give one of the two another dimension",
            );
            return sides;
        }
        sides.extend(self.items(scope, var));
        for clause in &var.elements {
            let left = clause.subscripts.iter().zip(&var.dims).map(|(name, dim)| subscript(scope, name, dim)).collect();
            sides.push(Side {
                left,
                except: clause.except.clone(),
                equation: clause.equation.clone().or_else(|| var.equation.clone()),
                table: clause.table.clone().or_else(|| var.table.clone()),
                non_negative: clause.non_negative,
            });
        }
        let has_default = var.equation.is_some() || var.table.is_some() && var.list.is_empty();
        if has_default && !self.is_covered(scope, var) {
            let except = sides.iter().map(|side| side.left.clone()).collect();
            sides.insert(0, Side { except, ..whole });
        }
        sides
    }

    /// An equation for each element, of a list.
    fn items(&mut self, scope: &Scope<'d>, var: &VarDef) -> Vec<Side> {
        if var.list.is_empty() || list_of_numbers(var).is_some() {
            return Vec::new();
        }
        let grid = Grid::new(scope, &var.dims).filter(|_| var.list.len() <= MAX_WRITTEN);
        let Some(grid) = grid else {
            self.refuse(
                code::CONVERT_ARRAY,
                var.span,
                format!("the list of equations of `{}` is too long to write them one by one", var.name.text),
                "divide the array",
            );
            return Vec::new();
        };
        let item = |(cell, equation): (usize, &Equation)| {
            let name = |text: String| Name { text, span: equation.span };
            Side {
                left: grid.subscripts(cell).into_iter().map(name).collect(),
                except: Vec::new(),
                equation: Some(equation.clone()),
                table: var.table.clone(),
                non_negative: None,
            }
        };
        (0..).zip(&var.list).map(item).collect()
    }

    /// Whether every element has a clause of its own.
    fn is_covered(&self, scope: &Scope<'d>, var: &VarDef) -> bool {
        if var.elements.is_empty() {
            return false;
        }
        let Some(grid) = Grid::new(scope, &var.dims) else { return false };
        let cells: Option<Vec<Vec<usize>>> =
            var.elements.iter().map(|clause: &ElementDef| grid.cells(scope, clause)).collect();
        let Some(cells) = cells else { return false };
        let distinct: std::collections::HashSet<usize> = cells.into_iter().flatten().collect();
        distinct.len() == grid.n_cells
    }
}

fn has_same_twice(dims: &[Name]) -> bool {
    let mut seen = std::collections::HashSet::new();
    dims.iter().any(|dim| !seen.insert(Key::new(&dim.text)))
}

/// A subscript of a clause: all of a dimension by its name, an element by its own.
fn subscript(scope: &Scope<'_>, name: &Name, dim: &Name) -> Name {
    if name.text == "*" {
        return Name { text: dim.text.clone(), span: name.span };
    }
    let Some(def) = scope.dim(&dim.text) else { return name.clone() };
    let number = name.text.trim().parse::<usize>().ok().filter(|number| (1..=length(def)).contains(number));
    let key = Key::new(&name.text);
    let is_name = || scope.dim(&name.text).is_some() || scope.position(def, &key).is_some();
    match number {
        Some(number) if !is_name() => Name { text: element(def, number - 1), span: name.span },
        Some(_) | None => name.clone(),
    }
}

/// The numbers of a list, if it holds nothing else and nothing is done to them.
pub(super) fn list_of_numbers(var: &VarDef) -> Option<Vec<f64>> {
    if var.table.is_some() || !var.elements.is_empty() || var.list.is_empty() {
        return None;
    }
    var.list.iter().map(number_of).collect()
}

/// The number that an equation is, with a sign perhaps.
pub(super) fn number_of(equation: &Equation) -> Option<f64> {
    match equation.nodes.as_slice() {
        [number] => number.kind.as_number(),
        [number, sign] => {
            let is_negative = matches!(sign.kind, EquationKind::Unary(UnaryOp::Neg, 0));
            number.kind.as_number().filter(|_| is_negative).map(|number| -number)
        }
        _ => None,
    }
}

/// All equations of a variable.
pub(super) fn equations(var: &VarDef) -> impl Iterator<Item = &Equation> {
    let elements = var.elements.iter().filter_map(|element| element.equation.as_ref());
    var.equation.iter().chain(&var.list).chain(elements)
}
