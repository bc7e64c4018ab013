//! Functions of numbers.
//!
//! All are plain IEEE 754 arithmetic on every target, by the `libm` crate and by the modules beside this one: no hardware instruction
//! with a rounding of its own, no table of the platform. Special cases follow IEEE 754 and C's annex F; arguments outside a
//! function's domain give NaN.

use crate::elementary::inlined;
use crate::random::{Draws, Site, continuous, discrete};
use crate::special;

macro_rules! functions {
    ($($(#[$doc:meta])* $variant:ident $name:literal ($($arg:ident),*) $value:expr;)*) => {
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

            /// Names of the numbers that it takes.
            pub fn parameters(self) -> &'static [&'static str] {
                match self { $(Function::$variant => &[$(stringify!($arg)),*],)* }
            }

            /// The value at `args`.
            ///
            /// # Panics
            /// When there are not as many arguments as the arity says: a bug of the caller.
            #[inline(always)]
            pub fn eval(self, args: &[f64]) -> f64 {
                match (self, args) {
                    $((Function::$variant, &[$($arg),*]) => $value,)*
                    _ => panic!("a function does not take that many numbers"),
                }
            }
        }
    };
}

impl Function {
    /// The greatest number of numbers that a function takes.
    pub const MAX_ARITY: usize = 9;

    /// How many numbers it takes.
    pub fn arity(self) -> usize {
        self.parameters().len()
    }
}

functions! {
    /// e^x
    Exp "exp" (x) inlined::exp(x);
    /// Natural logarithm.
    Ln "ln" (x) inlined::ln(x);
    /// Logarithm to base 10.
    Log10 "log10" (x) libm::log10(x);
    /// Sine of radians.
    Sin "sin" (x) libm::sin(x);
    /// Cosine of radians.
    Cos "cos" (x) libm::cos(x);
    /// Tangent of radians.
    Tan "tan" (x) libm::tan(x);
    /// Inverse sine in radians.
    Arcsin "arcsin" (x) libm::asin(x);
    /// Inverse cosine in radians.
    Arccos "arccos" (x) libm::acos(x);
    /// Inverse tangent in radians.
    Arctan "arctan" (x) libm::atan(x);
    /// a ^ b by IEEE 754's `pow`: 1 when b is 0 or a is 1, even beside NaN; NaN for a negative a and a b that is not whole.
    Pow "pow" (a, b) inlined::pow(a, b);
    /// Remainder with the sign of b: exactly the operations `a - b*floor(a/b)`, hence NaN when b is 0.
    Mod "mod" (a, b) a - b * libm::floor(a / b);
    /// The exact remainder with the sign of a, as C's `fmod`.
    Fmod "fmod" (a, b) libm::fmod(a, b);
    /// Hyperbolic sine.
    Sinh "sinh" (x) libm::sinh(x);
    /// Hyperbolic cosine.
    Cosh "cosh" (x) libm::cosh(x);
    /// Hyperbolic tangent.
    Tanh "tanh" (x) libm::tanh(x);
    /// The angle in radians of the point (x, y), from -pi to pi.
    Arctan2 "arctan2" (y, x) libm::atan2(y, x);
    /// See [`special::round`].
    Round "round" (x) special::round(x);
    /// See [`special::root`].
    Root "root" (x, n) special::root(x, n);
    /// See [`special::gamma_ln`].
    GammaLn "gamma_ln" (x) special::gamma_ln(x);
    /// See [`special::factorial`].
    Factorial "factorial" (n) special::factorial(n);
    /// See [`special::combinations`].
    Combinations "combinations" (n, r) special::combinations(n, r);
    /// See [`special::permutations`].
    Permutations "permutations" (n, r) special::permutations(n, r);
    /// See [`special::inverse_normal`].
    InverseNormal "inverse_normal" (p) special::inverse_normal(p);
    /// See [`special::normal_between`].
    NormalBetween "normal_between" (left, right, mean, sd) special::normal_between(left, right, mean, sd);
    /// See [`special::future_value`].
    FutureValue "future_value" (rate, periods, payment, value) special::future_value(rate, periods, payment, value);
    /// See [`special::present_value`].
    PresentValue "present_value" (rate, periods, payment, value) special::present_value(rate, periods, payment, value);
    /// See [`special::payment`].
    Payment "payment" (rate, periods, present, future) special::payment(rate, periods, present, future);
    /// A draw of [`continuous::uniform`] between two bounds.
    RandomUniform "random_uniform" (seed, call, element, step, min, max, low, high)
        draw(Site { seed, call, element, step }, min, max, |draws| continuous::uniform(draws, low, high));
    /// A draw of [`continuous::normal`] between two bounds.
    RandomNormal "random_normal" (seed, call, element, step, min, max, mean, sd)
        draw(Site { seed, call, element, step }, min, max, |draws| continuous::normal(draws, mean, sd));
    /// A draw of [`continuous::lognormal`] between two bounds.
    RandomLognormal "random_lognormal" (seed, call, element, step, min, max, mean, sd)
        draw(Site { seed, call, element, step }, min, max, |draws| continuous::lognormal(draws, mean, sd));
    /// A draw of [`continuous::exponential`] between two bounds.
    RandomExponential "random_exponential" (seed, call, element, step, min, max, mean)
        draw(Site { seed, call, element, step }, min, max, |draws| continuous::exponential(draws, mean));
    /// A draw of [`continuous::logistic`] between two bounds.
    RandomLogistic "random_logistic" (seed, call, element, step, min, max, mean, scale)
        draw(Site { seed, call, element, step }, min, max, |draws| continuous::logistic(draws, mean, scale));
    /// A draw of [`continuous::pareto`] between two bounds.
    RandomPareto "random_pareto" (seed, call, element, step, min, max, shape, scale)
        draw(Site { seed, call, element, step }, min, max, |draws| continuous::pareto(draws, shape, scale));
    /// A draw of [`continuous::weibull`] between two bounds.
    RandomWeibull "random_weibull" (seed, call, element, step, min, max, shape, scale)
        draw(Site { seed, call, element, step }, min, max, |draws| continuous::weibull(draws, shape, scale));
    /// A draw of [`continuous::triangular`] between two bounds.
    RandomTriangular "random_triangular" (seed, call, element, step, min, max, low, mode, high)
        draw(Site { seed, call, element, step }, min, max, |draws| continuous::triangular(draws, low, mode, high));
    /// A draw of [`continuous::gamma`] between two bounds.
    RandomGamma "random_gamma" (seed, call, element, step, min, max, shape, scale)
        draw(Site { seed, call, element, step }, min, max, |draws| continuous::gamma(draws, shape, scale));
    /// A draw of [`continuous::beta`] between two bounds.
    RandomBeta "random_beta" (seed, call, element, step, min, max, alpha, beta)
        draw(Site { seed, call, element, step }, min, max, |draws| continuous::beta(draws, alpha, beta));
    /// A draw of [`discrete::monte_carlo`] between two bounds.
    RandomMonteCarlo "random_monte_carlo" (seed, call, element, step, min, max, percent)
        draw(Site { seed, call, element, step }, min, max, |draws| discrete::monte_carlo(draws, percent));
    /// A draw of [`discrete::poisson`] between two bounds.
    RandomPoisson "random_poisson" (seed, call, element, step, min, max, mean)
        draw(Site { seed, call, element, step }, min, max, |draws| discrete::poisson(draws, mean));
    /// A draw of [`discrete::binomial`] between two bounds.
    RandomBinomial "random_binomial" (seed, call, element, step, min, max, trials, p)
        draw(Site { seed, call, element, step }, min, max, |draws| discrete::binomial(draws, trials, p));
    /// A draw of [`discrete::geometric`] between two bounds.
    RandomGeometric "random_geometric" (seed, call, element, step, min, max, p)
        draw(Site { seed, call, element, step }, min, max, |draws| discrete::geometric(draws, p));
    /// A draw of [`discrete::negative_binomial`] between two bounds.
    RandomNegativeBinomial "random_negative_binomial" (seed, call, element, step, min, max, successes, p)
        draw(Site { seed, call, element, step }, min, max, |draws| discrete::negative_binomial(draws, successes, p));
}

/// A number of a distribution between two bounds.
#[inline(always)]
fn draw(site: Site, min: f64, max: f64, distribution: impl FnMut(&mut Draws) -> f64) -> f64 {
    Draws::new(site).within(min, max, distribution)
}

#[cfg(test)]
mod tests;
