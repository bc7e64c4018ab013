//! Everything that needs more than one crate: the engines side by side, models with known results, filetests and random models.

// a model, compiled, ready for every engine
pub mod subject;

// the engines with one interface
pub mod engine;

// what their results are compared with
pub mod compare;
pub mod convert;
pub mod corpus;
pub mod expected;
pub mod reference;

// what artifacts are made of
pub mod inspect;

// models out of thin air, and bytes that are none
pub mod fuzz;
pub mod generate;
pub mod random;
pub mod random_mdl;
pub mod worked;

// what is committed and must not change unseen: bytes of the layout, generated parts of the documentation
pub mod gen_docs;
pub mod golden;

// calls that every host makes alike
pub mod vectors;
