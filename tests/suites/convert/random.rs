//! Random models of both languages, in the language of their own and in the other one.

use libtest_mimic::Trial;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use simc::convert::Format;
use simc_midend::pipeline::OptLevel;
use tests::compare::{V8, engines_agree};
use tests::convert::{converted, file_name, same_bits};
use tests::engine::Op;
use tests::random::RandomModel;
use tests::subject::Subject;

use super::FORMATS;
use crate::trial;

/// How many models a run tries; `SIMC_RANDOM_CASES` asks for more.
const CASES: u32 = 100;

pub(super) fn trials() -> Vec<Trial> {
    let of_mdl = (0..2u8).map(|stream| trial(format!("convert::random_mdl_{stream}"), move || random_mdl(stream)));
    let of_xmile =
        (0..2u8).map(|stream| trial(format!("convert::random_xmile_{stream}"), move || random_xmile(stream)));
    of_mdl.chain(of_xmile).collect()
}

fn runner(stream: u8) -> TestRunner {
    let cases = std::env::var("SIMC_RANDOM_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES) / 2;
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 500, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[stream; 32]))
}

/// Models of Vensim's constructs: every engine agrees, and so do both languages.
fn random_mdl(stream: u8) -> Result<(), String> {
    let mut n_converted = [0_usize; 2];
    let counts = std::cell::RefCell::new(&mut n_converted);
    let outcome = runner(100 + stream).run(&vec(any::<u8>(), 0..1200), |bytes| {
        let model = tests::random_mdl::model(&bytes);
        let fail = |why: String| TestCaseError::fail(format!("{why}\n{}", model.text));
        for level in [OptLevel::O0, OptLevel::O2] {
            let subject = Subject::from_files("random.mdl", &model.text, &model.files, level).map_err(fail)?;
            let ops = [Op::RunTo(2.0), Op::SetValue(7, 1.5), Op::RunTo(f64::INFINITY), Op::Run];
            engines_agree(&subject, &ops, V8::Without).map_err(|why| fail(format!("at {level:?}: {why}")))?;
        }
        for (at, is_converted) in both(&model, "random.mdl").map_err(fail)?.into_iter().enumerate() {
            counts.borrow_mut()[at] += usize::from(is_converted);
        }
        Ok(())
    });
    outcome.map_err(|error| error.to_string())?;
    enough("random .mdl models", n_converted)
}

/// Models of XMILE's constructs that both languages have.
fn random_xmile(stream: u8) -> Result<(), String> {
    let mut n_converted = [0_usize; 2];
    let counts = std::cell::RefCell::new(&mut n_converted);
    let outcome = runner(stream).run(&vec(any::<u8>(), 0..1200), |bytes| {
        let model = tests::random::shared_model(&bytes);
        let fail = |why: String| TestCaseError::fail(format!("{why}\n{}", model.text));
        for (at, is_converted) in both(&model, "random.xmile").map_err(fail)?.into_iter().enumerate() {
            counts.borrow_mut()[at] += usize::from(is_converted);
        }
        Ok(())
    });
    outcome.map_err(|error| error.to_string())?;
    enough("random XMILE models", n_converted)
}

/// Whether a model converts to each format; where it does, all bits are kept.
fn both(model: &RandomModel, name: &str) -> Result<[bool; 2], String> {
    let mut outcome = [false; 2];
    let mut original = None;
    for (at, (format, word)) in FORMATS.into_iter().enumerate() {
        let text = match converted(name, &model.text, &model.files, format) {
            Ok(text) => text,
            Err(refusal) if refusal.codes.iter().all(|code| code.starts_with("E08") && code != "E0815") => continue,
            Err(refusal) => return Err(format!("to {word}: {}", refusal.text)),
        };
        let original = match &mut original {
            Some(original) => original,
            empty => empty.insert(Subject::from_files(name, &model.text, &model.files, OptLevel::O2)?),
        };
        let subject = Subject::from_xmile(file_name(format), &text, OptLevel::O2)
            .map_err(|why| format!("to {word}: {why}\n{text}"))?;
        same_bits(original, &subject).map_err(|why| format!("to {word}: {why}\n{text}"))?;
        super::is_settled(&text, format).map_err(|why| format!("to {word}: {why}\n{text}"))?;
        outcome[at] = true;
    }
    Ok(outcome)
}

/// Whether enough models convert for the test to mean something.
fn enough(what: &str, n_converted: [usize; 2]) -> Result<(), String> {
    let least = (runner(0).config().cases / 10) as usize;
    let named = FORMATS.iter().zip(n_converted);
    match named.into_iter().find(|(_, n)| *n < least) {
        None => Ok(()),
        Some(((_, word), n)) => Err(format!("only {n} of the {what} convert to {word}")),
    }
}

/// The formats in the order in which they are tried.
const _: () = assert!(matches!(FORMATS[0].0, Format::Xmile) && matches!(FORMATS[1].0, Format::Mdl));
