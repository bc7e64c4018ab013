use simc_ir::module::Module;
use simc_ir::text::parse_module;

mod instance;
mod life;
mod limits;
mod lookups;
mod models;
mod placement;
mod random;

/// A module from its text, which the verifier accepts.
fn parse(text: &str) -> Module {
    let module = parse_module(text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    assert_eq!(simc_ir::verify::verify(&module), Ok(()), "{text}");
    module
}
