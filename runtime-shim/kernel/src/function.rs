//! Functions of numbers.

macro_rules! functions {
    ($($(#[$doc:meta])* $variant:ident $name:literal $arity:literal;)*) => {
        /// A function of one or more numbers that an artifact can call. The name is also its export from `kernel.wasm`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Function {
            $($(#[$doc])* $variant,)*
        }

        impl Function {
            /// All functions in order.
            pub const ALL: &'static [Function] = &[$(Function::$variant),*];

            /// The name in the IR's text and of the export.
            pub fn name(self) -> &'static str {
                match self { $(Function::$variant => $name,)* }
            }

            /// How many numbers it takes.
            pub fn arity(self) -> usize {
                match self { $(Function::$variant => $arity,)* }
            }
        }
    };
}

functions! {
    /// e^x
    Exp "exp" 1;
    /// Natural logarithm.
    Ln "ln" 1;
    /// Logarithm to base 10.
    Log10 "log10" 1;
    /// Sine of radians.
    Sin "sin" 1;
    /// Cosine of radians.
    Cos "cos" 1;
    /// Tangent of radians.
    Tan "tan" 1;
    /// Inverse sine in radians.
    Arcsin "arcsin" 1;
    /// Inverse cosine in radians.
    Arccos "arccos" 1;
    /// Inverse tangent in radians.
    Arctan "arctan" 1;
    /// a ^ b
    Pow "pow" 2;
    /// Remainder with the sign of b: `a - b*floor(a/b)`.
    Mod "mod" 2;
    /// The exact remainder with the sign of a, as C's `fmod`.
    Fmod "fmod" 2;
}
