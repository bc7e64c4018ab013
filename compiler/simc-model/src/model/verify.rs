//! The rules of a [`Model`]. Whatever keeps them can be lowered and evaluated without a further check; whoever breaks them is a
//! bug of the compiler. [`Rule`] names each group.
//!
//! **Time.** `dt` is positive and finite, the start finite, `save_every` at least 1; `n_rows` follows from `n_steps`.
//!
//! **Reference.** Every id, wherever it is, is that of a part of the model.
//!
//! **Region.** An extent has a position at least, and ends within its dimension. The region of a clause has one extent for each
//! dimension of the variable, in its order.
//!
//! **Cover.** The clauses of a definition hold every element of the variable, and none twice.
//!
//! **Kind.** A variable is a constant, or a graphical function, exactly when its definition is one; only stocks are integrated. A
//! constant has a number for each element; an arrayed graphical function a table for each element, or one for all, or none where
//! it stands for another function. A constant that is set through elements of another variable is hidden, and the variable is not
//! and has its dimensions.
//!
//! **Expression.** An expression has a node; operands are before the node that uses them; a reducer runs over something. A list
//! is only as an input of a vector function, and a vector function only as the result of the input of its call.
//!
//! **Index.** A read has a subscript for each dimension of what it reads. A fixed or moving one is inside for every position of
//! its loop, and the loop exists. Tables, and what a vector function gives for a position, are chosen before the run.
//!
//! **Call.** A call has the arguments of its kind, and runs over the loops of its owner's clause and the reducers around it: where
//! its value is read, they are the same ones, and it has a memory for each of their positions. The inputs of a vector function
//! run over the same extents.
//!
//! **Table.** Points are as many x as y, at least one; x are finite and ascending.
//!
//! **Transport.** A conveyor or queue has just one call, owned by its stock; its elements are numbered after those before it; it
//! has an initial value, and its flows exist; and it is asked with the arguments of the question.
//!
//! **Event.** A threshold is a number, looks at elements of a watched variable, and has an event, or just one if it repeats.
//!
//! **Order.** Both orders list no value twice. That of a step lists every variable but stocks and graphical functions, as a whole
//! or in all of its clauses, and every call; the one before the first step every stock and every call. A recurrence is in one
//! order once.
//!
//! **Dependency.** What a value needs in a phase comes before it in the order of the phase, the equation before the first step
//! being what counts there. A clause may need its own earlier elements.
//!
//! **Recurrence.** All clauses of a recurrence have its region and a direction for each dimension. Elements of one read elements of
//! another at a fixed distance against the direction, or at the same position of clauses listed before.

mod expression;
mod order;
mod part;
mod schedule;
mod violation;

use crate::model::resolved::Model;

pub use violation::{Rule, Violation, Violations};

impl Model {
    /// Checks every rule.
    ///
    /// # Errors
    /// Every violation. Where parts break their rules, expressions are not looked at; where expressions do, orders are not.
    pub fn verify(&self) -> Result<(), Violations> {
        let mut list = Vec::new();
        for check in [part::verify_parts, expression::verify_exprs, order::verify_orders] {
            check(self, &mut list);
            if !list.is_empty() {
                return Err(Violations { list });
            }
        }
        Ok(())
    }
}
