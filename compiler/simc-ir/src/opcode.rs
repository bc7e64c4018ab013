//! The one table of instructions: name, operands, result, effect and meaning stand side by side.
//! The printer, the parser, the verifier, the interpreter and the emitter match on it without a wildcard arm.

use kernel::belt::Port;
use kernel::function::Function;
use kernel::vector;

use crate::entity::{Axis, Block, Param, Slot, Table};

/// What an instruction takes and gives. `F` is an f64, `B` a bool, `I` an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Operands before the indices.
    pub operands: &'static [Kind],
    /// Whether an index for each axis of the immediate slot, param or table follows.
    pub indexed: bool,
    /// The result, if any.
    pub result: Option<Kind>,
    /// What stands besides the operands.
    pub immediate: ImmediateKind,
    /// What it does to the world.
    pub effect: Effect,
}

/// Types as far as a table can say them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// f64
    F64,
    /// bool
    Bool,
    /// index(a) of any axis
    Index,
}

/// What an immediate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImmediateKind {
    /// None.
    None,
    /// A number.
    F64,
    /// A truth value.
    Bool,
    /// A position on an axis.
    Position,
    /// An axis.
    Axis,
    /// A slot.
    Slot,
    /// A param.
    Param,
    /// A table.
    Table,
    /// A kernel function; its arity says how many operands there are.
    Function,
    /// A slot with a belt and one of its ports; it says itself how many operands there are.
    Belt,
    /// Two slots with belts; it says itself how many operands there are.
    Trace,
    /// A slot that holds the blocks of a vector function.
    Vector,
    /// A loop over an axis with its body.
    Loop,
}

/// What an instruction does to the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing, and the result depends on the operands and the immediate alone.
    Pure,
    /// Reads memory that no instruction of the same evaluation writes, up to the effects at its end.
    Read,
    /// Writes; must not be removed.
    Write,
    /// Holds other instructions.
    Region,
}

/// What stands besides the operands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Immediate {
    /// None.
    None,
    /// A number.
    F64(f64),
    /// A truth value.
    Bool(bool),
    /// A position on an axis.
    Position(Axis, u32),
    /// An axis.
    Axis(Axis),
    /// A slot.
    Slot(Slot),
    /// A param.
    Param(Param),
    /// A table.
    Table(Table),
    /// A kernel function.
    Function(Function),
    /// A port of a belt, and the number of operands.
    Belt(Slot, Port, u32),
    /// A belt into which another one leaks, that other one, and the number of operands.
    Trace(Slot, Slot, u32),
    /// A vector function with the slot of its blocks, and the number of indices that choose one.
    Vector(Slot, vector::Function, u32),
    /// A loop: the axis, and the body, whose first parameter is the index (and whose second, in a `fold`, is the accumulator).
    Loop(Axis, Block),
}

impl Immediate {
    /// The slot, if it is one; of two the one that is asked.
    pub fn as_slot(self) -> Option<Slot> {
        match self {
            Immediate::Slot(slot)
            | Immediate::Belt(slot, ..)
            | Immediate::Trace(_, slot, _)
            | Immediate::Vector(slot, ..) => Some(slot),
            Immediate::None
            | Immediate::F64(_)
            | Immediate::Bool(_)
            | Immediate::Position(..)
            | Immediate::Axis(_)
            | Immediate::Param(_)
            | Immediate::Table(_)
            | Immediate::Function(_)
            | Immediate::Loop(..) => None,
        }
    }

    /// The axis and the body, if it is a loop.
    pub fn as_loop(self) -> Option<(Axis, Block)> {
        match self {
            Immediate::Loop(axis, body) => Some((axis, body)),
            Immediate::None
            | Immediate::F64(_)
            | Immediate::Bool(_)
            | Immediate::Position(..)
            | Immediate::Axis(_)
            | Immediate::Slot(_)
            | Immediate::Param(_)
            | Immediate::Table(_)
            | Immediate::Function(_)
            | Immediate::Belt(..)
            | Immediate::Trace(..)
            | Immediate::Vector(..) => None,
        }
    }
}

macro_rules! opcodes {
    ($($(#[doc = $doc:literal])* $variant:ident $name:literal ($($operand:ident),*) $indexed:literal -> $result:expr, $immediate:ident, $effect:ident;)*) => {
        /// Instructions, in the order in which every match on them is written.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Opcode {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Opcode {
            /// All opcodes in order.
            pub const ALL: &'static [Opcode] = &[$(Opcode::$variant),*];

            /// The name in text.
            pub fn name(self) -> &'static str {
                match self {
                    $(Opcode::$variant => $name,)*
                }
            }

            /// What it does, in Markdown: the words that stand above its row.
            pub fn about(self) -> &'static str {
                match self {
                    $(Opcode::$variant => concat!($($doc),*).trim_ascii(),)*
                }
            }

            /// Its row of the table.
            pub fn signature(self) -> Signature {
                match self {
                    $(Opcode::$variant => Signature {
                        operands: &[$(Kind::$operand),*],
                        indexed: $indexed,
                        result: $result,
                        immediate: ImmediateKind::$immediate,
                        effect: Effect::$effect,
                    },)*
                }
            }
        }
    };
}

const F: Option<Kind> = Some(Kind::F64);
const B: Option<Kind> = Some(Kind::Bool);
const I: Option<Kind> = Some(Kind::Index);
const NO: Option<Kind> = None;

opcodes! {
    /// A number.
    Fconst "fconst" () false -> F, F64, Pure;
    /// A truth value.
    Bconst "bconst" () false -> B, Bool, Pure;
    /// A fixed position on an axis.
    Position "position" () false -> I, Position, Pure;
    /// `shift a, n, i`: the position on another axis that lies n behind the one that i is on its own.
    Shift "shift" (Index) false -> I, Position, Pure;
    /// `index_of a, x`: the position that x counts from 1, rounded down; the first one where there is no such position.
    IndexOf "index_of" (F64) false -> I, Axis, Pure;
    /// `index_ok a, x`: whether x, rounded down, counts a position from 1. NaN does not.
    IndexOk "index_ok" (F64) false -> B, Axis, Pure;
    /// The position as a number, counted from 1.
    Ordinal "ordinal" (Index) false -> F, None, Pure;
    /// The current value of a settable constant. Only in `prepare`.
    Param "param" () true -> F, Param, Read;
    /// A slot's value. Never of an output; the time is read by `time` and `step_time`, a ring by `oldest`, a belt by `measure`.
    Load "load" () true -> F, Slot, Read;
    /// Time of the step, or of the stage within it.
    Time "time" () false -> F, None, Read;
    /// Time of the step, also in a stage.
    StepTime "step_time" () false -> F, None, Read;
    /// How many steps lie between the start and the step.
    StepIndex "step_index" () false -> F, None, Read;
    /// The number that entered a ring first.
    Oldest "oldest" () true -> F, Slot, Read;
    /// `recall s, n`: the number that entered a ring n pushes ago, 1 being the last one; the oldest where there is no such number.
    Recall "recall" (F64) true -> F, Slot, Read;
    /// `measure s port, ..`: what a port of a belt shows, given as many numbers as it takes.
    Measure "measure" () true -> F, Belt, Read;
    /// `trace s, r, inflow, leak, ..`: the rate of a leak of belt r that is an inflow of belt s, with which it is noted, for `advance` alone,
    /// where on r it leaks. The axes of both are the same.
    Trace "trace" () true -> F, Trace, Read;

    /// -x: the sign bit flipped.
    Fneg "fneg" (F64) false -> F, None, Pure;
    /// |x|
    Fabs "fabs" (F64) false -> F, None, Pure;
    /// Square root, correctly rounded.
    Fsqrt "fsqrt" (F64) false -> F, None, Pure;
    /// Greatest integer not above x.
    Ffloor "ffloor" (F64) false -> F, None, Pure;
    /// a + b
    Fadd "fadd" (F64, F64) false -> F, None, Pure;
    /// a - b
    Fsub "fsub" (F64, F64) false -> F, None, Pure;
    /// a * b
    Fmul "fmul" (F64, F64) false -> F, None, Pure;
    /// a / b
    Fdiv "fdiv" (F64, F64) false -> F, None, Pure;
    /// Lesser: NaN when either is, -0 below +0.
    Fmin "fmin" (F64, F64) false -> F, None, Pure;
    /// Greater: NaN when either is, +0 above -0.
    Fmax "fmax" (F64, F64) false -> F, None, Pure;

    /// a = b
    Feq "feq" (F64, F64) false -> B, None, Pure;
    /// a <> b; true when either is NaN.
    Fne "fne" (F64, F64) false -> B, None, Pure;
    /// a < b
    Flt "flt" (F64, F64) false -> B, None, Pure;
    /// a <= b
    Fle "fle" (F64, F64) false -> B, None, Pure;
    /// a > b
    Fgt "fgt" (F64, F64) false -> B, None, Pure;
    /// a >= b
    Fge "fge" (F64, F64) false -> B, None, Pure;

    /// Both.
    Band "band" (Bool, Bool) false -> B, None, Pure;
    /// At least one.
    Bor "bor" (Bool, Bool) false -> B, None, Pure;
    /// The opposite.
    Bnot "bnot" (Bool) false -> B, None, Pure;
    /// 1 or 0.
    Btof "btof" (Bool) false -> F, None, Pure;
    /// `select cond, a, b`: a when cond, else b.
    Select "select" (Bool, F64, F64) false -> F, None, Pure;

    /// A kernel function of as many numbers as its arity says.
    Call "call" () false -> F, Function, Pure;
    /// `lookup t, x`, with an index for each axis of the table.
    Lookup "lookup" (F64) true -> F, Table, Pure;

    /// `store s, x`: at once. In `prepare` to `Run` and `Hoisted` slots, in `start` to stocks, levels and held slots, in `row` and
    /// `step` to `Pending` slots; anywhere to `Spill` and `Carry` slots.
    Store "store" (F64) true -> NO, Slot, Write;
    /// `out s, x`: into the row that is being saved, NaN made canonical.
    Out "out" (F64) true -> NO, Slot, Write;
    /// `rate s, x`: the derivative of a stock or level. No load of the slot follows in the same role.
    Rate "rate" (F64) true -> NO, Slot, Write;
    /// `next s, x`: what a held slot holds from the next step on. No load of the slot follows in the same role.
    Next "next" (F64) true -> NO, Slot, Write;
    /// `fill s, n, x`: makes a ring n long (at least 1, at most its capacity, NaN as 1), every place holding x.
    Fill "fill" (F64, F64) true -> NO, Slot, Write;
    /// `push s, x`: drops the oldest and appends x. No `oldest` of the slot follows in the same role.
    Push "push" (F64) true -> NO, Slot, Write;
    /// `charge s port, ..`: fills a belt; the error word is set if that cannot be.
    Charge "charge" () true -> NO, Belt, Write;
    /// `advance s port, ..`: takes a belt to the next step, likewise. No `measure` of the slot follows in the same role.
    Advance "advance" () true -> NO, Belt, Write;
    /// `arrange s function, ..`: computes the result of a block of a vector function, given its single numbers. The block is what the indices
    /// leave open of a spill: an axis for its rows, then those of the vector. The inputs have been stored, and the result is loaded behind.
    Arrange "arrange" () true -> NO, Vector, Write;

    /// `for a, block`: runs the block for each position on the axis, in order.
    For "for" () false -> NO, Loop, Region;
    /// `down a, block`: runs the block for each position on the axis, from the last to the first.
    Down "down" () false -> NO, Loop, Region;
    /// `fold a, block, x`: the block's second parameter is x at first, then what the block's `yield` gave; the result is the last of these.
    Fold "fold" (F64) false -> F, Loop, Region;
    /// `yield x`: ends the block of a `fold`.
    Yield "yield" (F64) false -> NO, None, Write;
}
