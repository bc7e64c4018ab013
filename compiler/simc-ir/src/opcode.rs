//! The one table of instructions: name, operands, result, effect and meaning, and whatever else is known of an
//! instruction: how often it varies, where it may be, what it costs. Lists of opcodes elsewhere follow from it.
//!
//! What does something else for each opcode (the interpreter, the emitter, the evaluator of constants) matches without a wildcard arm.

use kernel::function::Function;
use kernel::transport::Query;
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
    /// What is besides the operands.
    pub immediate: ImmediateKind,
    /// What it does to the world.
    pub effect: Effect,
}

/// What is known of an instruction besides its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// How often its result can change, whatever the operands are.
    pub varies: Varies,
    /// Which slots it may touch.
    pub touches: Touches,
    /// In which functions it may be.
    pub allowed_in: AllowedIn,
    /// When it accesses its slot.
    pub accesses: Accesses,
    /// Bytes of its code in an artifact, at most: without those of locals for operands and result, and without what a
    /// transport takes to be given its operands.
    pub code: u32,
    /// Its time in rough units, 0 where a load would cost as much.
    pub time: u32,
    /// What it saves, in the same units, to carry it out on a vector of two numbers; none where no one instruction does
    /// the same to each half.
    pub lanes: Option<u32>,
}

/// How often the result of an instruction can change by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Varies {
    /// Never.
    Const,
    /// When a host overrides a constant.
    Run,
    /// In every step. What a `fold` gives depends on everything inside, which is not known when the fold is made.
    Step,
    /// As its slot does.
    AsSlot,
    /// Never, or when a host replaces the points of its table, if one may.
    AsTable,
}

/// Which slots an instruction may touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touches {
    /// It has no slot.
    Nothing,
    /// Those that [`Facts::allowed_in`] says.
    Any,
    /// Pipelines.
    Ring,
    /// Conveyors and queues.
    Transport,
    /// What carries values within a role.
    Spill,
    /// Outputs.
    Output,
    /// What a rate integrates.
    Level,
    /// Numbers that are held.
    Held,
}

/// In which functions an instruction may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowedIn {
    /// In all.
    Everywhere,
    /// In `prepare`.
    Prepare,
    /// In `start`.
    Start,
    /// In `row`.
    Row,
    /// Where the model is evaluated at a time: in `start`, `row`, `step` and `stage`.
    Evaluations,
    /// In `start`, `row` and `step`.
    StartAndSteps,
    /// In `row` and `step`.
    Steps,
    /// In `row`, `step` and `stage`.
    StepsAndStages,
    /// Where what changes once a step changes: in `row` and `step`, or under Runge-Kutta in `commit`.
    EndOfStep,
    /// Where its slot may be loaded.
    LoadsOfSlot,
    /// Where its slot may be stored to.
    StoresOfSlot,
}

/// When an instruction accesses its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accesses {
    /// It has none, or one that nothing reads.
    None,
    /// It reads it.
    Read,
    /// It writes it, and reads come after.
    Early,
    /// It writes it, and reads come ahead.
    Late,
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
    /// A slot with a transport and one of its queries; it says itself how many operands there are.
    Transport,
    /// Two slots with transports; it says itself how many operands there are.
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

/// What is besides the operands.
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
    /// A query of a transport, and the number of operands.
    Transport(Slot, Query, u32),
    /// A transport into which another one leaks, that other one, and the number of operands.
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
            | Immediate::Transport(slot, ..)
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
            | Immediate::Transport(..)
            | Immediate::Trace(..)
            | Immediate::Vector(..) => None,
        }
    }
}

macro_rules! opcodes {
    ($($(#[doc = $doc:literal])* $variant:ident $name:literal ($($operand:ident),*) $indexed:literal -> $result:expr, $immediate:ident, $effect:ident
        | $varies:ident, $touches:ident, $allowed_in:ident, $accesses:ident | $code:expr, $time:expr, $lanes:expr;)*) => {
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

            /// What it does, in Markdown: the words that are above its row.
            pub fn about(self) -> &'static str {
                match self {
                    $(Opcode::$variant => concat!($($doc),*).trim_ascii(),)*
                }
            }

            /// What it takes and gives.
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

            /// What is known of it besides.
            pub fn facts(self) -> Facts {
                match self {
                    $(Opcode::$variant => Facts {
                        varies: Varies::$varies,
                        touches: Touches::$touches,
                        allowed_in: AllowedIn::$allowed_in,
                        accesses: Accesses::$accesses,
                        code: $code,
                        time: $time,
                        lanes: $lanes,
                    },)*
                }
            }
        }
    };
}

impl Opcode {
    /// Whether the immediate alone says what the result is.
    pub fn is_constant(self) -> bool {
        let Signature { operands, immediate, effect, .. } = self.signature();
        operands.is_empty() && effect == Effect::Pure && immediate != ImmediateKind::Function
    }
}

const F: Option<Kind> = Some(Kind::F64);
const B: Option<Kind> = Some(Kind::Bool);
const I: Option<Kind> = Some(Kind::Index);
const NO: Option<Kind> = None;

/// Bytes of a constant address with its memory operator, at most.
pub const MEMORY: u32 = 12;
/// Bytes of a `local.get` or `local.set`, at most.
pub const LOCAL: u32 = 3;
/// Bytes of an immediate f64.
const NUMBER: u32 = 9;

opcodes! {
    // name, operands, indexed -> result, immediate, effect
    //     | varies, touches, allowed in, accesses | code, time, lanes

    /// A number.
    Fconst "fconst" () false -> F, F64, Pure
        | Const, Nothing, Everywhere, None | NUMBER, 0, None;
    /// A truth value.
    Bconst "bconst" () false -> B, Bool, Pure
        | Const, Nothing, Everywhere, None | 6, 0, None;
    /// A fixed position on an axis.
    Position "position" () false -> I, Position, Pure
        | Const, Nothing, Everywhere, None | 6, 0, None;
    /// `shift a, n, i`: the position on another axis that lies n after the one that i is on its own.
    Shift "shift" (Index) false -> I, Position, Pure
        | Const, Nothing, Everywhere, None | 0, 0, None;
    /// `index_of a, x`: the position that x counts from 1, rounded down; the first one where there is no such position.
    IndexOf "index_of" (F64) false -> I, Axis, Pure
        | Const, Nothing, Everywhere, None | 16, 1, None;
    /// `index_ok a, x`: whether x, rounded down, counts a position from 1. NaN does not.
    IndexOk "index_ok" (F64) false -> B, Axis, Pure
        | Const, Nothing, Everywhere, None | 16, 1, None;
    /// The position as a number, counted from 1.
    Ordinal "ordinal" (Index) false -> F, None, Pure
        | Const, Nothing, Everywhere, None | 2, 1, None;
    /// The current value of a settable constant. Only in `prepare`.
    Param "param" () true -> F, Param, Read
        | Run, Nothing, Prepare, None | MEMORY, 0, Some(1);
    /// A slot's value. Never of an output; of a `Pending` slot what the step's own evaluation has stored; the time is read by `time` and
    /// `step_time`, a ring by `oldest`, a transport by `measure`.
    Load "load" () true -> F, Slot, Read
        | AsSlot, Any, LoadsOfSlot, Read | MEMORY, 0, Some(1);
    /// Time of the step, or of the stage within it.
    Time "time" () false -> F, None, Read
        | Step, Nothing, Evaluations, None | MEMORY, 0, None;
    /// Time of the step, also in a stage.
    StepTime "step_time" () false -> F, None, Read
        | Step, Nothing, Evaluations, None | MEMORY, 0, None;
    /// How many steps lie between the start and the step.
    StepIndex "step_index" () false -> F, None, Read
        | Step, Nothing, Evaluations, None | MEMORY, 0, None;
    /// The number that entered a ring first.
    Oldest "oldest" () true -> F, Slot, Read
        | Step, Ring, Evaluations, Read | 4 * MEMORY, 1, None;
    /// `recall s, n`: the number that entered a ring n pushes ago, 1 being the last one; the oldest where there is no such number.
    Recall "recall" (F64) true -> F, Slot, Read
        | Step, Ring, Evaluations, Read | 4 * MEMORY, 1, None;
    /// `return s, n, x, dt, missing`: the interest rate at which the last n numbers that entered a ring and x, dt apart, are worth nothing; `missing`
    /// where there is none.
    Return "return" (F64, F64, F64, F64) true -> F, Slot, Read
        | Step, Ring, Evaluations, Read | 8 * MEMORY, 1000, None;
    /// `measure s query, ..`: what a query of a transport shows, given as many numbers as it takes.
    Measure "measure" () true -> F, Transport, Read
        | Step, Transport, StartAndSteps, Read | 6 * MEMORY, 100, None;
    /// `trace s, r, inflow, leak, ..`: the rate of a leak of transport r that is an inflow of transport s, with which it is noted, for `advance` alone,
    /// where on r it leaks. The axes of both are the same.
    Trace "trace" () true -> F, Trace, Read
        | Step, Transport, Steps, Read | 6 * MEMORY, 100, None;

    /// -x: the sign bit flipped.
    Fneg "fneg" (F64) false -> F, None, Pure
        | Const, Nothing, Everywhere, None | 2, 1, Some(1);
    /// |x|
    Fabs "fabs" (F64) false -> F, None, Pure
        | Const, Nothing, Everywhere, None | 2, 1, Some(1);
    /// Square root, correctly rounded.
    Fsqrt "fsqrt" (F64) false -> F, None, Pure
        | Const, Nothing, Everywhere, None | 2, 4, Some(3);
    /// Greatest integer not above x.
    Ffloor "ffloor" (F64) false -> F, None, Pure
        | Const, Nothing, Everywhere, None | 2, 1, Some(1);
    /// a + b
    Fadd "fadd" (F64, F64) false -> F, None, Pure
        | Const, Nothing, Everywhere, None | 2, 1, Some(1);
    /// a - b
    Fsub "fsub" (F64, F64) false -> F, None, Pure
        | Const, Nothing, Everywhere, None | 2, 1, Some(1);
    /// a * b
    Fmul "fmul" (F64, F64) false -> F, None, Pure
        | Const, Nothing, Everywhere, None | 2, 1, Some(1);
    /// a / b
    Fdiv "fdiv" (F64, F64) false -> F, None, Pure
        | Const, Nothing, Everywhere, None | 2, 4, Some(3);
    /// Lesser: NaN when either is, -0 below +0.
    Fmin "fmin" (F64, F64) false -> F, None, Pure
        | Const, Nothing, Everywhere, None | 2, 1, Some(3);
    /// Greater: NaN when either is, +0 above -0.
    Fmax "fmax" (F64, F64) false -> F, None, Pure
        | Const, Nothing, Everywhere, None | 2, 1, Some(3);

    /// a = b
    Feq "feq" (F64, F64) false -> B, None, Pure
        | Const, Nothing, Everywhere, None | 2, 1, Some(1);
    /// a <> b; true when either is NaN.
    Fne "fne" (F64, F64) false -> B, None, Pure
        | Const, Nothing, Everywhere, None | 2, 1, Some(1);
    /// a < b
    Flt "flt" (F64, F64) false -> B, None, Pure
        | Const, Nothing, Everywhere, None | 2, 1, Some(1);
    /// a <= b
    Fle "fle" (F64, F64) false -> B, None, Pure
        | Const, Nothing, Everywhere, None | 2, 1, Some(1);
    /// a > b
    Fgt "fgt" (F64, F64) false -> B, None, Pure
        | Const, Nothing, Everywhere, None | 2, 1, Some(1);
    /// a >= b
    Fge "fge" (F64, F64) false -> B, None, Pure
        | Const, Nothing, Everywhere, None | 2, 1, Some(1);

    /// Both.
    Band "band" (Bool, Bool) false -> B, None, Pure
        | Const, Nothing, Everywhere, None | 2, 1, Some(1);
    /// At least one.
    Bor "bor" (Bool, Bool) false -> B, None, Pure
        | Const, Nothing, Everywhere, None | 2, 1, Some(1);
    /// The opposite.
    Bnot "bnot" (Bool) false -> B, None, Pure
        | Const, Nothing, Everywhere, None | 2, 1, Some(1);
    /// 1 or 0.
    Btof "btof" (Bool) false -> F, None, Pure
        | Const, Nothing, Everywhere, None | 2, 1, Some(1);
    /// `select cond, a, b`: a when cond, else b.
    Select "select" (Bool, F64, F64) false -> F, None, Pure
        | Const, Nothing, Everywhere, None | 2, 1, Some(0);

    /// A kernel function of as many numbers as its arity says.
    Call "call" () false -> F, Function, Pure
        | Const, Nothing, Everywhere, None | 6, 20, None;
    /// `lookup t, x`, with an index for each axis of the table.
    Lookup "lookup" (F64) true -> F, Table, Pure
        | AsTable, Nothing, Everywhere, None | 110, 10, None;

    /// `store s, x`: at once. In `prepare` to `Run` and `Hoisted` slots, in `start` to stocks, levels and held slots, in `row` and
    /// `step` to `Pending` slots; anywhere to `Spill` and `Carry` slots.
    Store "store" (F64) true -> NO, Slot, Write
        | Const, Any, StoresOfSlot, Early | MEMORY, 1, Some(1);
    /// `out s, x`: into the row that is being saved, NaN made canonical.
    Out "out" (F64) true -> NO, Slot, Write
        | Const, Output, Row, None | MEMORY + NUMBER + 3 * LOCAL + 4, 1, Some(1);
    /// `rate s, x`: the derivative of a stock or level. No load of the slot follows in the same role.
    Rate "rate" (F64) true -> NO, Slot, Write
        | Const, Level, StepsAndStages, Late | 4 * MEMORY + NUMBER, 1, Some(3);
    /// `next s, x`: what a held slot holds from the next step on. No load of the slot follows in the same role.
    Next "next" (F64) true -> NO, Slot, Write
        | Const, Held, EndOfStep, Late | 2 * MEMORY, 1, Some(1);
    /// `fill s, n, x`: makes a ring n long (at least 1, at most its capacity, NaN as 1), every place holding x.
    Fill "fill" (F64, F64) true -> NO, Slot, Write
        | Const, Ring, Start, Early | 4 * MEMORY, 20, None;
    /// `push s, x`: drops the oldest and appends x. No `oldest` of the slot follows in the same role.
    Push "push" (F64) true -> NO, Slot, Write
        | Const, Ring, EndOfStep, Late | 4 * MEMORY, 1, None;
    /// `initialise s query, ..`: fills a transport; the error word is set if that cannot be.
    Initialise "initialise" () true -> NO, Transport, Write
        | Const, Transport, Start, Early | 6 * MEMORY, 100, None;
    /// `advance s query, ..`: takes a transport to the next step, likewise. No `measure` of the slot follows in the same role.
    Advance "advance" () true -> NO, Transport, Write
        | Const, Transport, Steps, Late | 6 * MEMORY, 100, None;
    /// `arrange s function, ..`: computes the result of a block of a vector function, given its single numbers. The block is what the indices
    /// leave open of a spill: an axis for its rows, then those of the vector. The inputs have been stored, and the result is loaded after.
    Arrange "arrange" () true -> NO, Vector, Write
        | Const, Spill, Evaluations, Early | 4 * MEMORY, 100, None;

    /// `for a, block`: runs the block for each position on the axis, in order.
    For "for" () false -> NO, Loop, Region
        | Const, Nothing, Everywhere, None | 40, 20, None;
    /// `down a, block`: runs the block for each position on the axis, from the last to the first.
    Down "down" () false -> NO, Loop, Region
        | Const, Nothing, Everywhere, None | 40, 20, None;
    /// `fold a, block, x`: the block's second parameter is x at first, then what the block's `yield` gave; the result is the last of these.
    Fold "fold" (F64) false -> F, Loop, Region
        | Step, Nothing, Everywhere, None | 40, 20, None;
    /// `yield x`: ends the block of a `fold`.
    Yield "yield" (F64) false -> NO, None, Write
        | Const, Nothing, Everywhere, None | 6, 0, Some(0);
}
