//! The tests that try mutants: what they are called, how long they take, and which mutations they
//! reach.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};

use crate::TRACE_VARIABLE;
use crate::build::Executable;
use crate::process::{Ended, Finished, run};

/// Trials of the suite that take part, by how their names begin. The unit tests of all crates do.
const FAST: [&str; 13] = [
    "filetests::",
    "models::",
    "life::",
    "contexts::",
    "contract::controls_",
    "contract::links_",
    "convert::",
    "limits::are_as_committed",
    "metamorphic::",
    "vensim_pairs::",
    "replacements::",
    "counts::of::",
    "golden::",
];

/// Tests that take longer do not take part.
const MAX_SECONDS: f64 = 1.5;

/// How long a test may take before it counts as one that does not end.
const LIMIT: Duration = Duration::from_secs(60);

/// A test.
#[derive(Clone, Debug)]
pub(crate) struct Test {
    /// Which of the programs holds it.
    pub(crate) program: usize,
    /// Its name there.
    pub(crate) name: String,
    /// Seconds that it takes.
    pub(crate) seconds: f64,
    /// Its place among all tests when those that differ most come first.
    pub(crate) rank: usize,
    /// The mutations that it reaches.
    pub(crate) reaches: Vec<u32>,
}

/// The programs and all tests of theirs that take part.
pub(crate) struct Suite {
    /// The programs.
    pub(crate) programs: Vec<Executable>,
    /// What each of them holds, as a hash.
    stamps: Vec<u64>,
    /// The tests.
    pub(crate) tests: Vec<Test>,
    /// Names of tests that fail without a mutation, which are left out.
    pub(crate) failing: Vec<String>,
    /// Names of tests that take too long, which are left out.
    pub(crate) slow: Vec<String>,
    /// Variables that every run needs.
    pub(crate) variables: Vec<(String, String)>,
}

impl Suite {
    /// Lists all tests and runs each on its own to learn what it reaches. What is known from
    /// `cache`, a file of an earlier call with the same programs, is not learnt again.
    ///
    /// # Errors
    /// A program that cannot be run.
    pub(crate) fn learn(
        programs: Vec<Executable>,
        variables: Vec<(String, String)>,
        folder: &Path,
        jobs: usize,
        say: &dyn Fn(String),
    ) -> Result<Self, String> {
        let stamps = programs.iter().map(|program| stamp(&program.path)).collect();
        let mut suite = Self { programs, stamps, tests: Vec::new(), failing: Vec::new(), slow: Vec::new(), variables };
        let cache = folder.join("tests.json");
        let known = read_cache(&cache);
        let mut pending = Vec::new();
        let mut learnt = BTreeMap::new();
        for program in 0..suite.programs.len() {
            for name in suite.list(program, folder)? {
                let key = suite.key(program, &name);
                match known.get(&key) {
                    Some(found) => drop(learnt.insert(key, (program, name, found.clone()))),
                    None => pending.push((program, name)),
                }
            }
        }
        say(format!("{} tests known, {} to learn", learnt.len(), pending.len()));
        let queue = Mutex::new(pending.into_iter());
        let found = Mutex::new(Vec::new());
        let outcome: Mutex<Result<(), String>> = Mutex::new(Ok(()));
        std::thread::scope(|scope| {
            for job in 0..jobs {
                let (queue, found, outcome, suite) = (&queue, &found, &outcome, &suite);
                scope.spawn(move || {
                    let scratch = folder.join(format!("scratch{job}"));
                    while let Some((program, name)) = queue.lock().ok().and_then(|mut queue| queue.next()) {
                        match suite.trace(program, &name, &scratch) {
                            Ok(record) => drop(found.lock().map(|mut found| found.push((program, name, record)))),
                            Err(error) => drop(outcome.lock().map(|mut outcome| *outcome = Err(error))),
                        }
                    }
                });
            }
        });
        outcome.into_inner().map_err(|error| error.to_string())??;
        for (program, name, record) in found.into_inner().map_err(|error| error.to_string())? {
            learnt.insert(suite.key(program, &name), (program, name, record));
        }
        let all: Value = learnt.iter().map(|(key, (_, _, record))| (key.clone(), record.to_json())).collect();
        fs::write(&cache, all.to_string()).map_err(|error| format!("{}: {error}", cache.display()))?;
        for (program, name, record) in learnt.into_values() {
            if !record.passes {
                suite.failing.push(name);
            } else if record.seconds > MAX_SECONDS {
                suite.slow.push(name);
            } else {
                suite.tests.push(Test { program, name, seconds: record.seconds, rank: 0, reaches: record.reaches });
            }
        }
        suite.subtract_starts();
        for (rank, test) in cover(&suite.tests).into_iter().enumerate() {
            suite.tests[test].rank = rank;
        }
        Ok(suite)
    }

    /// Tests were timed one by one, each with the start of its program, and run together: their
    /// times are made those of the tests alone. A start takes what the quickest tests do.
    fn subtract_starts(&mut self) {
        for program in 0..self.programs.len() {
            let mut own: Vec<&mut Test> = self.tests.iter_mut().filter(|test| test.program == program).collect();
            own.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
            let start = own.get(own.len() / 20).map_or(0.0, |test| test.seconds);
            own.iter_mut().for_each(|test| test.seconds = (test.seconds - start).max(0.002));
        }
    }

    /// Whether a program is the suite of everything that needs more than one crate.
    fn is_whole(&self, program: usize) -> bool {
        self.programs[program].name == "suite"
    }

    /// What tells a test and its program from all others.
    fn key(&self, program: usize, name: &str) -> String {
        let executable = &self.programs[program];
        let file = name.strip_prefix("filetests::").map(|file| executable.folder.join("filetests").join(file));
        let stamps = [self.stamps[program], file.map_or(0, |file| stamp(&file))];
        format!("{} {name} {stamps:?}", executable.package)
    }

    fn list(&self, program: usize, folder: &Path) -> Result<Vec<String>, String> {
        let scratch = folder.join("scratch0");
        fs::create_dir_all(&scratch).map_err(|error| error.to_string())?;
        let executable = &self.programs[program];
        let arguments = ["--list", "--format", "terse"].map(str::to_owned);
        let finished = run(&executable.path, &arguments, &executable.folder, &self.variables, LIMIT, &scratch)?;
        if finished.ended != Ended::Well {
            return Err(format!("{} cannot list its tests", executable.path.display()));
        }
        let names = finished.stdout.lines().filter_map(|line| line.strip_suffix(": test"));
        let takes_part = |name: &&str| !self.is_whole(program) || FAST.iter().any(|prefix| name.starts_with(prefix));
        Ok(names.filter(takes_part).map(str::to_owned).collect())
    }

    /// Runs one test and records what it reaches.
    fn trace(&self, program: usize, name: &str, scratch: &Path) -> Result<Record, String> {
        fs::create_dir_all(scratch).map_err(|error| error.to_string())?;
        let trace = scratch.join("trace");
        // There may be none yet.
        let _ = fs::remove_file(&trace);
        let variable = (TRACE_VARIABLE.to_owned(), trace.to_string_lossy().into_owned());
        let finished = self.execute(program, &[name], &[variable], LIMIT, scratch)?;
        let bytes = fs::read(&trace).unwrap_or_default();
        let numbers = bytes.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]));
        let reaches: BTreeSet<u32> = numbers.collect();
        Ok(Record {
            passes: finished.ended == Ended::Well,
            seconds: finished.time.as_secs_f64(),
            reaches: reaches.into_iter().collect(),
        })
    }

    /// Runs tests of one program; the suite stops at the first that fails.
    ///
    /// # Errors
    /// The program cannot be started.
    pub(crate) fn execute(
        &self,
        program: usize,
        names: &[&str],
        variables: &[(String, String)],
        limit: Duration,
        scratch: &Path,
    ) -> Result<Finished, String> {
        let executable = &self.programs[program];
        let mut variables = [&self.variables, variables].concat();
        let mut arguments = vec!["--test-threads=1".to_owned()];
        if self.is_whole(program) {
            let list = scratch.join("trials");
            fs::write(&list, names.join("\n")).map_err(|error| format!("{}: {error}", list.display()))?;
            variables.push((TRIALS_VARIABLE.to_owned(), list.to_string_lossy().into_owned()));
        } else {
            arguments.push("--exact".to_owned());
            arguments.extend(names.iter().map(|name| (*name).to_owned()));
        }
        run(&executable.path, &arguments, &executable.folder, &variables, limit, scratch)
    }
}

/// The environment variable that names a file with the trials to run, in this order, up to the
/// first that fails.
pub(crate) const TRIALS_VARIABLE: &str = "SIMC_TRIALS";

/// All tests in an order of which each beginning reaches as much as it can in its time: in rounds,
/// each test of a round reaches something that those of the round before it do not.
fn cover(tests: &[Test]) -> Vec<usize> {
    let n_words = tests.iter().flat_map(|test| &test.reaches).max().map_or(0, |most| *most as usize / 64 + 1);
    let mut sets = vec![vec![0_u64; n_words]; tests.len()];
    for (set, test) in sets.iter_mut().zip(tests) {
        test.reaches.iter().for_each(|number| set[*number as usize / 64] |= 1 << (number % 64));
    }
    let mut left: Vec<usize> = (0..tests.len()).collect();
    let mut order = Vec::new();
    let mut covered = vec![0_u64; n_words];
    while !left.is_empty() {
        let gain = |test: usize| {
            let new = sets[test].iter().zip(&covered).map(|(set, covered)| (set & !covered).count_ones()).sum::<u32>();
            f64::from(new) / (tests[test].seconds + 0.005)
        };
        let gains = left.iter().enumerate().map(|(at, test)| (at, gain(*test)));
        let Some((at, best)) = gains.max_by(|a, b| a.1.total_cmp(&b.1)) else { break };
        if best == 0.0 {
            if covered.iter().all(|word| *word == 0) {
                // What is left reaches nothing.
                order.append(&mut left);
            }
            covered.fill(0);
            continue;
        }
        let test = left.swap_remove(at);
        covered.iter_mut().zip(&sets[test]).for_each(|(covered, set)| *covered |= set);
        order.push(test);
    }
    order
}

/// What is learnt about a test.
#[derive(Clone, Debug)]
struct Record {
    passes: bool,
    seconds: f64,
    reaches: Vec<u32>,
}

impl Record {
    fn to_json(&self) -> Value {
        json!([self.passes, self.seconds, self.reaches])
    }

    fn from_json(value: &Value) -> Option<Self> {
        let numbers = value[2].as_array()?.iter().filter_map(|number| u32::try_from(number.as_u64()?).ok());
        Some(Self { passes: value[0].as_bool()?, seconds: value[1].as_f64()?, reaches: numbers.collect() })
    }
}

fn read_cache(path: &Path) -> BTreeMap<String, Record> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let Ok(Value::Object(entries)) = serde_json::from_str(&text) else { return BTreeMap::new() };
    entries.iter().filter_map(|(key, value)| Some((key.clone(), Record::from_json(value)?))).collect()
}

/// What a file holds, as a hash: a program that was linked anew is often the same.
fn stamp(path: &Path) -> u64 {
    let mut hash = DefaultHasher::new();
    // One that is not there is told from all others when it is run.
    fs::read(path).unwrap_or_default().hash(&mut hash);
    hash.finish()
}
