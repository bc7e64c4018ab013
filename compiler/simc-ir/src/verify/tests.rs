//! Every rule is broken once, and the message is the one that a developer will see.

mod declarations;
mod functions;
mod roles;

use super::*;
use crate::module::FuncRole;
use crate::samples;

/// All violations as text.
fn errors_of(module: &Module) -> Vec<String> {
    verify(module).err().map_or_else(Vec::new, |all| all.errors.iter().map(VerifierError::to_string).collect())
}

/// The violations of a sample in which one text stands for another.
fn errors_with(sample: &str, from: &str, to: &str) -> Vec<String> {
    assert!(sample.contains(from), "{from}");
    errors_of(&samples::parse(&sample.replacen(from, to, 1)))
}

fn assert_all(cases: &[(&str, &str, &str, &[&str])]) {
    for (sample, from, to, expected) in cases {
        assert_eq!(errors_with(sample, from, to), *expected, "{to}");
    }
}

/// A sample's module and its first function of a role, to be broken.
fn broken(sample: &str, role: FuncRole, change: impl FnOnce(&mut FuncData)) -> Vec<String> {
    let mut module = samples::parse(sample);
    let func = module.parts(role).next().expect("the sample has the role");
    change(&mut module.funcs[func]);
    errors_of(&module)
}

#[test]
fn samples_are_valid() {
    for sample in samples::ALL {
        assert_eq!(errors_of(&samples::parse(sample)), [""; 0]);
    }
}

#[test]
fn every_violation_is_reported() {
    let text = samples::TEACUP
        .replace("steps=240", "steps=1")
        .replace("v2 = fconst 1.0", "v2 = time")
        .replace("v1 = load s7", "v1 = load s5");
    let errors = errors_of(&samples::parse(&text));
    assert_eq!(errors.len(), 4, "{errors:?}");
    let joined = verify(&samples::parse(&text)).expect_err("it is not valid").to_string();
    assert_eq!(joined, errors.join("\n"));
}
