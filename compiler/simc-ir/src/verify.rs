//! The rules of the IR. Whatever keeps them can be interpreted and emitted without a panic; whoever breaks them is a bug of the compiler.
//!
//! **Declarations**
//! - Start and stop are finite, dt is positive and finite, `steps` follows from them, `save_every` is at least 1.
//! - Every axis has an element, a slot at most 64 axes, a ring room for one number; all slots together stay below 2^48 numbers.
//! - Slots are in the order of the row: time, dt, start and stop (once each, without axes), stocks, outputs, run slots, and last
//!   the run slots of the params in the order of the params; hidden slots follow in any order. Pending slots exist only under Runge-Kutta.
//! - A param has one default for each element of its slot, which no other param has.
//! - A table has a curve for each element of its axes. A curve has at least one point, as many y as x, x finite and ascending (equal neighbours are a jump); one that is searched as
//!   even has each x within half a segment of where even spacing puts it.
//! - A threshold is a number, looks at elements of a watched slot, and has an event.
//! - A graph has points as a curve has them, and room for as many at least. Of a table, either no curve belongs to a graph or each to
//!   one with the same points.
//!
//! **Structure**
//! - Whatever an instruction or a block names exists. A block is the body of one loop at most, an instruction is listed once at most,
//!   and loops nest at most 64 deep. Blocks and instructions that nothing lists do not count.
//! - An instruction has a result exactly when its opcode says so, and the result knows who makes it.
//! - A value is used after its definition, in the same block or inside a loop there; the result of a `fold` only after the `fold`.
//! - A `for` body has one parameter, the index; a `fold` body a second one, the accumulator. The function's own body has none.
//! - `yield` ends the body of each `fold` and is nowhere else.
//!
//! **Operands**
//! - Operands and indices are as many as the opcode, the function or the slot asks for, and of the right type; an index is of the axis
//!   that the slot or table has at its position.
//! - The immediate is of the opcode's kind, a position is on its axis, and a shift leads from each position of one axis to one of another.
//! - Type and variance of a value are those that [`crate::derive`] gives; an index is `const`, an accumulator `step`.
//!
//! **Roles**
//! - Each opcode is only in the functions, and touches only the slots, that its row of the table of instructions says.
//! - Inside a `fold` nothing is written.
//! - Stage and commit functions exist only under Runge-Kutta.
//!
//! **Order**, within a role, all its parts together
//! - `load` and `oldest` of a slot that the role stores or fills come after the first store or fill.
//! - No `load` or `oldest` of a slot follows its first `rate`, `next` or `push`.
//! - A loop that both reads and writes a slot uses its index, equally shifted, at one same place of the slot in all these accesses,
//!   so that no pass reads what another pass writes; or it reads what it has stored in an earlier pass, at a lesser shift, in a `down` at a greater one.
//!
//! **Coverage**, within a role, all its parts together
//! - `prepare` stores every element of each run and hoisted slot exactly once; `start` every element of each stock, level and held slot,
//!   and fills every ring, exactly once; `row` writes each output exactly once.
//! - `row`, `step` and, under Runge-Kutta, `stage` give each stock and level exactly one rate.
//! - Under Euler `row` and `step` push each ring exactly once; under Runge-Kutta they store each pending slot exactly once, and
//!   `commit` pushes. `next` comes at most once for an element, and for as many elements in `step` as in `row`.
//! - `row` and `step` store every element of each watched slot exactly once.
//! - A spill is stored at most once in a role, what loops hand on as often as need be.
//! - `step` may be absent when every step is saved.

mod coverage;
mod declaration;
mod operand;
mod order;
mod reference;
mod region;
mod role;
mod structure;

#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::error::Error;
use std::fmt;

use crate::entity::{Axis, Func, Graph, Inst, Param, Slot, Table, Threshold, Value};
use crate::func::FuncData;
use crate::module::Module;
use crate::text::{Numbering, print_inst};

/// Checks all rules.
///
/// # Errors
/// Every violation. Where one makes other rules meaningless (a name without anything after it), those are not checked.
pub fn verify(module: &Module) -> Result<(), VerifierErrors> {
    let mut errors = Vec::new();
    if declaration::verify_declarations(module, &mut errors) {
        verify_funcs(module, &mut errors);
    }
    if errors.is_empty() { Ok(()) } else { Err(VerifierErrors { errors }) }
}

/// All violations found in a module, in a fixed order; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierErrors {
    /// Declarations first, then functions in order.
    pub errors: Vec<VerifierError>,
}

/// One violation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierError {
    /// What breaks the rule.
    pub entity: Culprit,
    /// The entity as people read it: for an instruction its text, numbered as the function prints.
    pub text: String,
    /// How it breaks the rule.
    pub message: String,
}

/// What a violation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Culprit {
    /// The module as a whole.
    Module,
    /// An axis.
    Axis(Axis),
    /// A slot.
    Slot(Slot),
    /// A param.
    Param(Param),
    /// A table.
    Table(Table),
    /// A graphical function whose points a host may replace.
    Graph(Graph),
    /// A threshold that is watched.
    Threshold(Threshold),
    /// A function as a whole.
    Func(Func),
    /// An instruction.
    Inst(Func, Inst),
}

type Errors = Vec<VerifierError>;

/// A function that is being checked, and how to complain about it.
struct FuncCx<'a> {
    module: &'a Module,
    id: Func,
    func: &'a FuncData,
    numbering: OnceCell<Numbering>,
}

fn verify_funcs(module: &Module, errors: &mut Errors) {
    let cxs: Vec<_> = module.funcs.keys().map(|id| FuncCx::new(module, id)).collect();
    let mut all_sound = true;
    for cx in &cxs {
        let known = errors.len();
        let sound = reference::verify_references(cx, errors);
        if sound {
            structure::verify_structure(cx, errors);
            operand::verify_operands(cx, errors);
            role::verify_roles(cx, errors);
        }
        all_sound &= errors.len() == known;
    }
    if all_sound {
        order::verify_order(module, &cxs, errors);
        coverage::verify_coverage(module, &cxs, errors);
    }
}

impl<'a> FuncCx<'a> {
    fn new(module: &'a Module, id: Func) -> Self {
        Self { module, id, func: &module.funcs[id], numbering: OnceCell::new() }
    }

    fn numbering(&self) -> &Numbering {
        self.numbering.get_or_init(|| Numbering::new(self.func))
    }

    /// The value as the function prints it.
    fn printed(&self, value: Value) -> String {
        self.numbering().print_value(value).to_string()
    }

    fn report(&self, errors: &mut Errors, message: impl Into<String>) {
        let text = format!("{} {}", self.id, self.func.role.name());
        errors.push(VerifierError { entity: Culprit::Func(self.id), text, message: message.into() });
    }

    fn report_inst(&self, errors: &mut Errors, inst: Inst, message: impl Into<String>) {
        let text =
            format!("{} {}, `{}`", self.id, self.func.role.name(), print_inst(self.func, self.numbering(), inst));
        errors.push(VerifierError { entity: Culprit::Inst(self.id, inst), text, message: message.into() });
    }
}

fn report_slot(module: &Module, errors: &mut Errors, slot: Slot, message: impl Into<String>) {
    let text = described(slot, &module.slots[slot].name);
    errors.push(VerifierError { entity: Culprit::Slot(slot), text, message: message.into() });
}

/// `s4 (teacup)`, or the bare entity when it has no name.
fn described(entity: impl fmt::Display, name: &str) -> String {
    if name.is_empty() { entity.to_string() } else { format!("{entity} ({name})") }
}

impl fmt::Display for VerifierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.text, self.message)
    }
}

impl fmt::Display for VerifierErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, error) in self.errors.iter().enumerate() {
            if position > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl Error for VerifierError {}

impl Error for VerifierErrors {}
