//! Exponentials, logarithms and powers by tables: short intervals, in each of which a polynomial of low degree does.
//!
//! Plain additions and multiplications of f64s, for wasm has no fused ones; where a sum or a product has to be exact, its operands
//! are short. Each is wrong by less than one place of the result, hence exact where the result is an f64 with some room.
//!
//! What is composed of them calls the functions here; [`inlined`] is for those who are called themselves.

mod exp;
mod log;
mod pow;
mod tables;

/// The functions where they are called from: for exports that are nothing else.
pub mod inlined {
    pub use super::exp::exp;
    pub use super::log::ln;
    pub use super::pow::pow;
}

/// e^x
#[inline(never)]
pub fn exp(x: f64) -> f64 {
    inlined::exp(x)
}

/// The natural logarithm.
#[inline(never)]
pub fn ln(x: f64) -> f64 {
    inlined::ln(x)
}

/// a^b
#[inline(never)]
pub fn pow(a: f64, b: f64) -> f64 {
    inlined::pow(a, b)
}
