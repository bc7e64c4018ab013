//! Mutation testing: small faults are put into the compiler, and the tests have to notice.
//!
//! Building the compiler once per fault would take days, so all faults are built at once (*mutant schemata*). The project is
//! copied, the sources of the chosen crates are parsed, and every expression with a fault becomes a choice between itself and its
//! faulty forms, made while the program runs by the environment variable [`VARIABLE`]. One build then serves every mutant.
//!
//! | module | does |
//! |---|---|
//! | [`site`] | says what a mutation is |
//! | [`find`] | finds the places of a source file where one is possible |
//! | [`rewrite`] | writes the source with all of them in it |
//! | [`switch`] | is the module by which a crate asks which one is active |
//! | [`plant`] | numbers the mutations of all crates and writes the rewritten sources |
//! | [`copy`] | copies the project and what is compiled already |
//! | [`build`] | compiles the copy and drops the mutations that do not compile |
//! | [`process`] | runs a test program, within limits of time and memory |
//! | [`suite`] | lists tests and learns which mutations each of them reaches |
//! | [`campaign`] | tries mutants, each with the tests that reach it |
//! | [`expect`] | reads which mutants no test can tell from the original, and why |
//! | [`report`] | counts what became of the mutants |

pub mod build;
pub mod campaign;
pub mod copy;
pub mod expect;
pub mod find;
pub mod plant;
pub mod process;
pub mod report;
pub mod rewrite;
pub mod site;
pub mod suite;
pub mod switch;

/// The environment variable that holds the number of the active mutation; none is active without it.
pub const VARIABLE: &str = "SIMC_MUTANT";

/// The environment variable that names a file to which the numbers of the mutations that are reached are appended.
pub const TRACE_VARIABLE: &str = "SIMC_MUTANT_TRACE";
