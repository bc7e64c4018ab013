//! Functions of whole vectors: sorting, ranks, allocation, matrices.
//!
//! Such a call is a state: its input holds what the function is given, and equations read elements of what it gives. Along the vector, a name of
//! a dimension within the inputs means all of its elements, `demand[region]` as well as `demand[*]` and `demand` alone; all other
//! dimensions are those of the equation. So the function is computed once for all elements of its vector.

use crate::builtin::{Builtin, Meaning};
use crate::model::VectorFn;
use crate::model::vector::Span as Axes;

pub(in crate::sema) mod arguments;
pub(in crate::sema) mod result;

/// The inputs of an allocation that are in its profile, in the order of the elements of that: type, priority, width, extra.
pub(in crate::sema) const PROFILE: [usize; 4] = [3, 1, 2, 4];

/// Arguments of vector functions that are arrays, with the parts that they play.
pub(in crate::sema) fn list_args<'b>(builtin: &'b Builtin, args: &'b [u32]) -> impl Iterator<Item = u32> + 'b {
    args.iter().zip(builtin.params).filter(|(_, param)| param.kind.vector_part().is_list()).map(|(&arg, _)| arg)
}

/// How a call takes the axes of its inputs: RANK sorts over all of them.
pub(in crate::sema) fn span_of(builtin: &Builtin, function: VectorFn) -> Axes {
    if builtin.meaning == Meaning::Rank { Axes::Over } else { Axes::of(function) }
}
