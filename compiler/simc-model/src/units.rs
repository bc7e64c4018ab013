//! Units of measure: how they are written, what their names mean, and which of them variables without any must have.
//!
//! A [`Unit`] is a product of powers of base units. Texts become units in [`Names`], which knows the spellings that are built in
//! and those that a model defines. Equations between units, some of them unknown, are solved in [`solve`].

pub use exponent::Exponent;
pub use expression::{Factor, parse_units};
pub use names::{Fault, Names};
pub use product::{Symbol, Unit};
pub use solve::{Contradiction, Row, solve};

mod exponent;
mod expression;
mod names;
mod product;
mod solve;
mod spellings;
