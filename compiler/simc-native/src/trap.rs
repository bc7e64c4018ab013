//! What stops a call where WebAssembly traps: a code, stored in the instance and returned through every frame.

/// Why a call stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trap {
    /// An instruction that is never to be reached was reached.
    Unreachable,
    /// An access outside of the memory.
    OutOfBounds,
    /// An integer was divided by zero.
    DivisionByZero,
    /// A quotient of integers, or a number converted to one, has no integer that could hold it.
    Overflow,
}

impl Trap {
    /// All of them.
    pub const ALL: [Trap; 4] = [Trap::Unreachable, Trap::OutOfBounds, Trap::DivisionByZero, Trap::Overflow];

    /// The number that stands for it in an instance; never 0.
    pub fn number(self) -> u32 {
        match self {
            Trap::Unreachable => 1,
            Trap::OutOfBounds => 2,
            Trap::DivisionByZero => 3,
            Trap::Overflow => 4,
        }
    }

    /// The trap that a number stands for.
    pub fn from_number(number: u32) -> Option<Self> {
        Trap::ALL.into_iter().find(|trap| trap.number() == number)
    }

    /// What happened, in words.
    pub fn text(self) -> &'static str {
        match self {
            Trap::Unreachable => "unreachable code was reached",
            Trap::OutOfBounds => "an access outside of the memory",
            Trap::DivisionByZero => "an integer was divided by zero",
            Trap::Overflow => "an integer overflowed",
        }
    }
}
