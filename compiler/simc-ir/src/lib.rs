//! The intermediate representation: data, text, rules, and an interpreter.

// the data
pub mod entity;
pub mod opcode;
mod role;
pub mod types;

pub mod func;
pub mod module;

pub mod builder;
pub mod derive;

// the same as text
pub mod text;

// the rules
pub mod verify;

// what it means
pub mod interp;

#[cfg(test)]
mod samples;
