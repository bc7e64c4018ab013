//! Functions of numbers.
//!
//! All are those of the `libm` crate, whose arithmetic is plain IEEE 754 on every target: no hardware instruction with a
//! rounding of its own, no table of the platform. Special cases follow IEEE 754 and C's annex F; arguments outside a function's
//! domain give NaN.

macro_rules! functions {
    ($($(#[$doc:meta])* $variant:ident $name:literal $arity:literal;)*) => {
        /// A function of one or more numbers that an artifact can call.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Function {
            $($(#[$doc])* $variant,)*
        }

        impl Function {
            /// All functions in order.
            pub const ALL: &'static [Function] = &[$(Function::$variant),*];

            /// The name in the IR's text.
            pub fn name(self) -> &'static str {
                match self { $(Function::$variant => $name,)* }
            }

            /// The name of its export from `kernel.wasm`, which takes as many f64s as the arity says and gives one.
            pub fn export(self) -> &'static str {
                match self { $(Function::$variant => concat!("simc_", $name),)* }
            }

            /// How many numbers it takes.
            pub fn arity(self) -> usize {
                match self { $(Function::$variant => $arity,)* }
            }
        }
    };
}

impl Function {
    /// The value at `args`.
    ///
    /// # Panics
    /// When there are not as many arguments as the arity says: a bug of the caller.
    pub fn eval(self, args: &[f64]) -> f64 {
        match *args {
            [x] => self.eval1(x),
            [a, b] => self.eval2(a, b),
            _ => panic!("{} takes {} numbers, not {}", self.name(), self.arity(), args.len()),
        }
    }

    /// The value of a function of one number.
    ///
    /// # Panics
    /// When it is a function of two.
    #[inline]
    pub fn eval1(self, x: f64) -> f64 {
        match self {
            Function::Exp => libm::exp(x),
            Function::Ln => libm::log(x),
            Function::Log10 => libm::log10(x),
            Function::Sin => libm::sin(x),
            Function::Cos => libm::cos(x),
            Function::Tan => libm::tan(x),
            Function::Arcsin => libm::asin(x),
            Function::Arccos => libm::acos(x),
            Function::Arctan => libm::atan(x),
            Function::Pow | Function::Mod | Function::Fmod => panic!("{} takes two numbers", self.name()),
        }
    }

    /// The value of a function of two numbers.
    ///
    /// # Panics
    /// When it is a function of one.
    #[inline]
    pub fn eval2(self, a: f64, b: f64) -> f64 {
        match self {
            Function::Pow => libm::pow(a, b),
            Function::Mod => a - b * libm::floor(a / b),
            Function::Fmod => libm::fmod(a, b),
            Function::Exp
            | Function::Ln
            | Function::Log10
            | Function::Sin
            | Function::Cos
            | Function::Tan
            | Function::Arcsin
            | Function::Arccos
            | Function::Arctan => panic!("{} takes one number", self.name()),
        }
    }
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
    /// a ^ b by IEEE 754's `pow`: 1 when b is 0 or a is 1, even beside NaN; NaN for a negative a and a b that is not whole.
    Pow "pow" 2;
    /// Remainder with the sign of b: exactly the operations `a - b*floor(a/b)`, hence NaN when b is 0.
    Mod "mod" 2;
    /// The exact remainder with the sign of a, as C's `fmod`.
    Fmod "fmod" 2;
}

#[cfg(test)]
mod tests;
