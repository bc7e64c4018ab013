//! Tries mutants, each with the tests that reach it, the most telling ones first.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write as _;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};

use crate::VARIABLE;
use crate::process::Ended;
use crate::site::Mutation;
use crate::suite::{Suite, Test};

/// Seconds of the processor that the first tests of a mutant may take; most mutants are killed by them.
const FIRST_SECONDS: f64 = 0.3;

/// Seconds of the processor that all tests of a mutant may take; those that are left then are not tried.
const MUTANT_SECONDS: f64 = 20.0;

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// A test failed; which one, where it is known.
    Killed(String),
    /// The tests did not end, where without the mutation they do.
    TimedOut,
    /// The tests that reach it passed, as many of them as there is time for.
    Survived,
    /// No test reaches it.
    NotCovered,
}

impl Fate {
    /// Whether the tests notice it.
    pub(crate) fn is_noticed(&self) -> bool {
        matches!(self, Self::Killed(_) | Self::TimedOut)
    }
}

/// Every `sample`th mutation of a crate by lot: the same seed gives the same mutations, and a
/// mutation's lot does not depend on the others.
pub(crate) fn sample(mut mutations: Vec<Mutation>, size: usize, seed: u64) -> Vec<Mutation> {
    let lot = |mutation: &Mutation| {
        let mut hash = DefaultHasher::new();
        (seed, mutation.key()).hash(&mut hash);
        hash.finish()
    };
    mutations.sort_by_cached_key(lot);
    mutations.truncate(size);
    mutations
}

/// What is known of mutants from earlier runs, and grows while this one goes on.
pub(crate) struct Results {
    fates: Mutex<BTreeMap<String, Fate>>,
    file: Mutex<File>,
}

impl Results {
    /// Reads a file of results, one a line, and opens it for more.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).unwrap_or_default();
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let fates = lines.filter_map(|line| Some((line[0].as_str()?.to_owned(), fate_from(&line)?))).collect();
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self { fates: Mutex::new(fates), file: Mutex::new(file) })
    }

    /// What became of a mutant.
    pub(crate) fn fate(&self, mutation: &Mutation) -> Option<Fate> {
        self.fates.lock().ok()?.get(&mutation.key()).cloned()
    }

    fn add(&self, mutation: &Mutation, fate: Fate) {
        let (word, test) = match &fate {
            Fate::Killed(test) => ("killed", test.as_str()),
            Fate::TimedOut => ("timed out", ""),
            Fate::Survived => ("survived", ""),
            Fate::NotCovered => ("not covered", ""),
        };
        if let Ok(mut file) = self.file.lock() {
            // What is not written is tried again.
            let _ = writeln!(file, "{}", json!([mutation.key(), word, test]));
        }
        if let Ok(mut fates) = self.fates.lock() {
            fates.insert(mutation.key(), fate);
        }
    }
}

fn fate_from(line: &Value) -> Option<Fate> {
    Some(match line[1].as_str()? {
        "killed" => Fate::Killed(line[2].as_str()?.to_owned()),
        "timed out" => Fate::TimedOut,
        "survived" => Fate::Survived,
        "not covered" => Fate::NotCovered,
        _ => return None,
    })
}

/// How often a test was run and how often it failed.
#[derive(Clone, Copy, Debug, Default)]
struct Record {
    runs: f64,
    kills: f64,
}

/// Tries all mutations that have no result yet.
///
/// # Errors
/// A test program cannot be started.
pub(crate) fn try_all(
    suite: &Suite,
    mutations: &[Mutation],
    results: &Results,
    folder: &Path,
    jobs: usize,
    say: &(dyn Fn(String) + Sync),
) -> Result<(), String> {
    let mut reached_by: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (test, found) in suite.tests.iter().enumerate() {
        for number in &found.reaches {
            reached_by.entry(*number).or_default().push(test);
        }
    }
    let records = Mutex::new(vec![Record::default(); suite.tests.len()]);
    let outcome: Mutex<Result<(), String>> = Mutex::new(Ok(()));
    let queue = Mutex::new(mutations.iter().enumerate());
    std::thread::scope(|scope| {
        for job in 0..jobs {
            let (records, outcome, queue, reached_by) = (&records, &outcome, &queue, &reached_by);
            scope.spawn(move || {
                let scratch = folder.join(format!("scratch{job}"));
                while let Some((at, mutation)) = queue.lock().ok().and_then(|mut queue| queue.next()) {
                    let tests = reached_by.get(&mutation.number).cloned().unwrap_or_default();
                    match try_one(suite, mutation, tests, records, &scratch) {
                        Ok(fate) => {
                            say(format!("{}/{} {} {fate:?}", at + 1, mutations.len(), mutation.key()));
                            results.add(mutation, fate);
                        }
                        Err(error) => drop(outcome.lock().map(|mut outcome| *outcome = Err(error))),
                    }
                }
            });
        }
    });
    outcome.into_inner().map_err(|error| error.to_string())?
}

fn try_one(
    suite: &Suite,
    mutation: &Mutation,
    mut tests: Vec<usize>,
    records: &Mutex<Vec<Record>>,
    scratch: &Path,
) -> Result<Fate, String> {
    if tests.is_empty() {
        return Ok(Fate::NotCovered);
    }
    fs::create_dir_all(scratch).map_err(|error| error.to_string())?;
    let known = records.lock().map_err(|error| error.to_string())?.clone();
    // Kills for each second, where nothing is known yet a kill in two runs.
    let worth = |test: &usize| {
        let Record { runs, kills } = known[*test];
        (kills + 1.0) / (runs + 2.0) / (suite.tests[*test].seconds + 0.01)
    };
    tests.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    let within = |tests: &[usize], limit: f64| {
        let mut seconds = 0.0;
        let fitting = tests.iter().take_while(|test| {
            let fits = seconds < limit;
            seconds += suite.tests[**test].seconds;
            fits
        });
        fitting.count()
    };
    // What has killed most comes first; then tests that are called like the file; then tests that
    // differ from one another.
    let mut rest = tests.split_off(within(&tests, FIRST_SECONDS));
    let stems = stems(&mutation.file);
    rest.sort_by_key(|test| {
        let Test { name, rank, .. } = &suite.tests[*test];
        (std::cmp::Reverse(stems.iter().filter(|stem| name.contains(**stem)).count()), *rank)
    });
    rest.truncate(within(&rest, MUTANT_SECONDS));
    let variable = (VARIABLE.to_owned(), mutation.number.to_string());
    for batch in [tests, rest] {
        for program in 0..suite.programs.len() {
            let own: Vec<usize> = batch.iter().copied().filter(|test| suite.tests[*test].program == program).collect();
            if own.is_empty() {
                continue;
            }
            let names: Vec<&str> = own.iter().map(|test| suite.tests[*test].name.as_str()).collect();
            let expected: f64 = own.iter().map(|test| suite.tests[*test].seconds).sum();
            let limit = Duration::from_secs_f64(10.0 + 5.0 * expected);
            let variables = std::slice::from_ref(&variable);
            let finished = suite.execute(program, &names, variables, limit, scratch)?;
            match finished.ended {
                Ended::TimedOut => return Ok(Fate::TimedOut),
                Ended::Well => note(records, &own, None)?,
                Ended::Badly => {
                    let killer = own.iter().copied().find(|test| failed(&finished.stdout, &suite.tests[*test].name));
                    let until = killer.and_then(|killer| own.iter().position(|test| *test == killer));
                    note(records, &own[..until.unwrap_or(0)], killer)?;
                    let name = killer.map_or("(the process died)", |killer| suite.tests[killer].name.as_str());
                    return Ok(Fate::Killed(name.to_owned()));
                }
            }
        }
    }
    Ok(Fate::Survived)
}

/// The names of a file and its folders below `src` that are long enough to tell something.
fn stems(file: &str) -> Vec<&str> {
    let inner = file.split_once("/src/").map_or(file, |(_, inner)| inner);
    inner.trim_end_matches(".rs").split('/').filter(|stem| stem.len() >= 4).collect()
}

fn note(records: &Mutex<Vec<Record>>, passed: &[usize], killer: Option<usize>) -> Result<(), String> {
    let mut records = records.lock().map_err(|error| error.to_string())?;
    for test in passed.iter().copied().chain(killer) {
        records[test].runs += 1.0;
    }
    if let Some(killer) = killer {
        records[killer].kills += 1.0;
    }
    Ok(())
}

/// Whether the output of a test program says that a test failed.
fn failed(stdout: &str, name: &str) -> bool {
    let (own, libtest) = (format!("first failure: {name}"), format!("test {name} ... FAILED"));
    stdout.lines().any(|line| line == own || line == libtest)
}
