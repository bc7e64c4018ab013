//! Clauses of arrays as `<eqn>` and `<element>`s. XMILE has no exceptions: an equation of all
//! elements but some is that of all which have none of their own, or is written out for each.

use simc_model::builtin::Dialect;
use simc_model::definition::cells::{Grid, are_equal};
use simc_model::definition::scope::{Scope, are_same};
use simc_model::definition::{ElementDef, Equation, EquationKind, EquationNode, Name, Path, VarDef};
use simc_model::diagnostic::code;
use simc_model::name::Key;

use super::Printer;
use super::mapping::{element_in, reads_through};
use super::start::roots_of_start;

/// Elements that clauses are written out for, at most, in one variable.
const MAX_WRITTEN: usize = 1 << 16;

/// The clauses of a variable as XMILE has them: one for all elements without one of their own, and the others.
pub(super) struct Clauses {
    pub(super) default: Option<ElementDef>,
    pub(super) elements: Vec<ElementDef>,
}

impl<'d> Printer<'d> {
    /// The clauses of a variable; what cannot be written is reported.
    pub(super) fn clauses(&mut self, scope: &Scope<'d>, var: &VarDef) -> Clauses {
        let mut clauses = Clauses { default: None, elements: var.elements.clone() };
        if self.definition.dialect != Dialect::Vensim || var.elements.is_empty() {
            return clauses;
        }
        let Some(grid) = Grid::new(scope, &var.dims) else {
            self.refuse(
                code::CONVERT_ARRAY,
                var.span,
                format!("array `{}` has too many elements to write its equations", var.name.text),
                "divide it among several variables",
            );
            return clauses;
        };
        let cells: Option<Vec<Vec<usize>>> = var.elements.iter().map(|clause| grid.cells(scope, clause)).collect();
        // What cannot be followed has been reported before.
        let Some(cells) = cells else { return clauses };
        let mut is_covered = vec![false; grid.n_cells];
        cells.iter().flatten().for_each(|&cell| is_covered[cell] = true);
        if var.is_implied && is_covered.contains(&false) && var.table.is_none() {
            // Nobody reads the elements of a level or rate that the file does not name.
            if var.elements.iter().any(|clause| !clause.except.is_empty() || reads_through(scope, clause)) {
                self.write_out(scope, var, (&grid, &cells), &mut clauses);
            }
            clauses.default = Some(zero(var));
            return clauses;
        }
        if let Some(hole) = is_covered.iter().position(|covered| !covered) {
            let missing = grid.subscripts(hole).join(", ");
            self.refuse(
                code::CONVERT_HOLES,
                var.span,
                format!("element `{}[{missing}]` does not exist, which XMILE cannot say", var.name.text),
                "give it an equation, or make the elements that exist a range of their own",
            );
            return clauses;
        }
        if var.elements.iter().any(|clause| reads_through(scope, clause)) {
            self.write_out(scope, var, (&grid, &cells), &mut clauses);
            return clauses;
        }
        let is_whole = |clause: &ElementDef| self.is_whole(scope, clause, var);
        let default = match var.elements.as_slice() {
            [only] if only.except.is_empty() => Some(0).filter(|_| is_whole(only)),
            several => {
                let with_exceptions = several.iter().filter(|clause| !clause.except.is_empty()).count();
                let at = several.iter().position(|clause| !clause.except.is_empty());
                at.filter(|&at| with_exceptions == 1 && is_whole(&several[at]))
            }
        };
        if let Some(at) = default.filter(|&at| !reaches_others(scope, var, at)) {
            clauses.default = Some(clauses.elements.remove(at));
            return clauses;
        }
        self.write_out(scope, var, (&grid, &cells), &mut clauses);
        clauses
    }

    /// Whether a clause speaks of all elements, but for exceptions, and calls them as the dimensions do.
    fn is_whole(&self, scope: &Scope<'d>, clause: &ElementDef, var: &VarDef) -> bool {
        are_same(&clause.subscripts, &var.dims)
            || clause.subscripts.iter().zip(&var.dims).all(|(subscript, dim)| {
                // A range of the same elements has another name, which the equation may use.
                Key::new(&subscript.text) == Key::new(&dim.text)
                    && scope.dim(&subscript.text).zip(scope.dim(&dim.text)).is_some_and(|(a, b)| are_equal(a, b))
            })
    }

    /// Writes out the clauses with exceptions, and those that read through a mapping, for each of their elements.
    fn write_out(
        &mut self,
        scope: &Scope<'d>,
        var: &VarDef,
        (grid, cells): (&Grid<'d>, &[Vec<usize>]),
        clauses: &mut Clauses,
    ) {
        let is_kept = |clause: &ElementDef| clause.except.is_empty() && !reads_through(scope, clause);
        let n: usize =
            var.elements.iter().zip(cells).filter(|(clause, _)| !is_kept(clause)).map(|(_, c)| c.len()).sum();
        if n > MAX_WRITTEN {
            let is_mapped = var.elements.iter().any(|clause| reads_through(scope, clause));
            let (code, what) = match is_mapped {
                true => (code::CONVERT_MAPPING, "a mapping that lists elements"),
                false => (code::CONVERT_ARRAY, "`:EXCEPT:`"),
            };
            self.refuse(
                code,
                var.span,
                format!("`{}` has {n} elements by {what}, too many to write one by one", var.name.text),
                "write equations for ranges, without exceptions and mappings",
            );
            return;
        }
        let mut written = Vec::with_capacity(var.elements.len() + n);
        for (clause, cells) in var.elements.iter().zip(cells) {
            if is_kept(clause) {
                written.push(clause.clone());
                continue;
            }
            for &cell in cells {
                let elements = grid.subscripts(cell);
                match element_of(scope, clause, &elements) {
                    Ok(element) => written.push(element),
                    Err(range) => {
                        self.refuse(
                            code::CONVERT_ARRAY,
                            clause.span,
                            format!("`{range}` has no element for each one of the left side"),
                            "make a range of the elements that are left, and write the equation for it",
                        );
                        return;
                    }
                }
            }
        }
        clauses.elements = written;
    }
}

/// Whether the clause at `at`, as that of all elements, would reach beyond its own: the graphical function and the equation before the
/// first step of all elements are those of each that has none of its own.
fn reaches_others(scope: &Scope<'_>, var: &VarDef, at: usize) -> bool {
    let has_initial =
        |clause: &ElementDef| clause.equation.as_ref().is_some_and(|of| roots_of_start(scope, of).is_some());
    let default = &var.elements[at];
    let (has_table, starts) = (default.table.is_some(), has_initial(default));
    let mut others = (0..).zip(&var.elements).filter(|(other, _)| *other != at).map(|(_, clause)| clause);
    others.any(|clause| has_table && clause.table.is_none() || starts && !has_initial(clause))
}

/// A clause for one of its elements: where its equation names a range of the left side, the element.
///
/// # Errors
/// The name of a range that is not on the left side.
fn element_of(scope: &Scope<'_>, clause: &ElementDef, elements: &[String]) -> Result<ElementDef, String> {
    let span = clause.span;
    let name = |text: &String| Name { text: text.clone(), span };
    let mut single =
        ElementDef { subscripts: elements.iter().map(name).collect(), except: Vec::new(), ..clause.clone() };
    if let Some(equation) = &mut single.equation {
        *equation = with_elements(scope, equation, &clause.subscripts, elements)?;
    }
    Ok(single)
}

/// A clause of all elements that is 0.
fn zero(var: &VarDef) -> ElementDef {
    let number = EquationNode { kind: EquationKind::Number(0.0), span: var.span };
    ElementDef::new(var.dims.clone(), Some(Equation { nodes: vec![number], span: var.span }), var.span)
}

fn with_elements(
    scope: &Scope<'_>,
    equation: &Equation,
    ranges: &[Name],
    elements: &[String],
) -> Result<Equation, String> {
    let mut is_subscript = vec![false; equation.nodes.len()];
    let mut is_whole = vec![false; equation.nodes.len()];
    for node in &equation.nodes {
        if let EquationKind::Reference(_, subscripts) | EquationKind::SubscriptedCall(_, subscripts, _) = &node.kind {
            subscripts.iter().for_each(|&subscript| is_subscript[subscript as usize] = true);
        }
        if let EquationKind::Wildcard(Some(dim)) = &node.kind {
            is_whole[*dim as usize] = true;
        }
    }
    let mut nodes: Vec<EquationNode> = equation.nodes.clone();
    for (index, node) in nodes.iter_mut().enumerate() {
        let EquationKind::Reference(path, subscripts) = &node.kind else { continue };
        let [name] = path.parts.as_slice() else { continue };
        if !subscripts.is_empty() || is_whole[index] || scope.dim(&name.text).is_none() {
            continue;
        }
        let key = Key::new(&name.text);
        let own = ranges.iter().position(|range| Key::new(&range.text) == key).map(|at| elements[at].clone());
        let text = own.or_else(|| element_in(scope, &name.text, ranges, elements)).ok_or(name.text.clone())?;
        let element = Name { text, span: name.span };
        let parts = if is_subscript[index] { vec![element] } else { vec![name.clone(), element] };
        node.kind = EquationKind::Reference(Path { absolute: false, parts, span: name.span }, Vec::new());
    }
    Ok(Equation { nodes, span: equation.span })
}
