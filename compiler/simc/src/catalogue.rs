//! What each code means that is found outside of the front end; with the front end's own pages, the source of `simc explain`.

use simc_model::diagnostic::Code;
use simc_model::diagnostic::catalogue::{self, Entry};

use crate::{driver, engine};

/// All pages, in the order of their codes.
pub fn entries() -> Vec<&'static Entry> {
    let mut entries: Vec<&Entry> = catalogue::entries().chain(simc_vensim::catalogue::ENTRIES).chain(ENTRIES).collect();
    entries.sort_by_key(|entry| entry.code);
    entries
}

/// The page on a code.
pub fn find(code: Code) -> Option<&'static Entry> {
    let own = || simc_vensim::catalogue::ENTRIES.iter().chain(ENTRIES).find(|entry| entry.code == code);
    catalogue::find(code).or_else(own)
}

const ENTRIES: &[Entry] = &[
    Entry {
        code: driver::code::UNKNOWN_OUTPUT,
        title: "unknown output",
        explanation: "A name behind `--outputs` is not that of a variable, or is that of a graphical function, which has no value of its own. \
            Names are compared as equations compare them: case does not count, and spaces and underscores are the same.",
        example: "simc build model.xmile -o model.wasm --outputs Popluation",
        cure: "Correct the name; `simc dump model.xmile --stage model` shows all of them.",
    },
    Entry {
        code: driver::code::OUT_OF_MEMORY,
        title: "the model needs too much memory",
        explanation: "An artifact has one memory of fixed size, which holds every saved row, all tables and all pipelines. \
            It can have 4 GiB at most, or what `--max-memory` says. The message lists what takes the space.",
        example: "<sim_specs><start>0</start><stop>1000000000</stop><dt>0.001</dt></sim_specs>",
        cure: "Save fewer rows with a longer save interval, or keep fewer variables with `--outputs`.",
    },
    Entry {
        code: driver::code::TOO_MANY_STEPS,
        title: "too many steps",
        explanation: "Steps are counted in whole numbers, and the run has more of them than can be counted.",
        example: "<sim_specs><start>0</start><stop>1e300</stop><dt>1e-300</dt></sim_specs>",
        cure: "Choose a later start, an earlier stop or a longer dt.",
    },
    Entry {
        code: engine::code::NOT_WASM,
        title: "not a valid WebAssembly module",
        explanation: "The file begins as WebAssembly does, but a WebAssembly engine refuses it: it is truncated or damaged, or uses features that artifacts do not use.",
        example: "head -c 100 model.wasm > damaged.wasm; simc run damaged.wasm",
        cure: "Build the artifact again.",
    },
    Entry {
        code: engine::code::NOT_AN_ARTIFACT,
        title: "not an artifact of simc",
        explanation: "The module is valid WebAssembly, but lacks an export or the section `simc.layout` that every artifact has, has one of the wrong type, or imports something.",
        example: "simc run game.wasm",
        cure: "Give a module that `simc build` made.",
    },
    Entry {
        code: engine::code::CONTRADICTORY,
        title: "an artifact that contradicts itself",
        explanation: "The rows that the module announces do not fit into the memory that it has.",
        example: "an artifact whose `n_chunks` was edited",
        cure: "Build the artifact again.",
    },
    Entry {
        code: engine::code::TRAPPED,
        title: "the artifact stopped",
        explanation: "The module trapped, which artifacts of simc never do: it is damaged, or comes from elsewhere.",
        example: "an artifact whose code was edited",
        cure: "Build the artifact again; if it still stops, this is a bug of simc.",
    },
    Entry {
        code: engine::code::RUN_TIME_ERROR,
        title: "the model stopped with an error",
        explanation: "The model did what cannot go on. The message names the error and the variable; every row before it is good.",
        example: "a host that calls `run_to` with NaN",
        cure: "Look at the variable at the time of the last row.",
    },
    Entry {
        code: engine::code::INCOMPLETE,
        title: "the run ended early",
        explanation: "The module returned from its run, but has saved fewer rows than it announces.",
        example: "an artifact whose `n_chunks` was edited",
        cure: "Build the artifact again.",
    },
    Entry {
        code: engine::code::TOO_LARGE,
        title: "too large for a reference engine",
        explanation: "The reference engines keep every row and every level in memory of their own, and may take 4 GiB.",
        example: "simc run large.xmile --engine oracle",
        cure: "Run the model in the engine `wasm`, or save fewer rows.",
    },
    Entry {
        code: engine::code::NOT_TRANSLATED,
        title: "no native code",
        explanation: "The artifact holds what artifacts of simc never do (an instruction, a start function, a function that calls itself), \
            or is larger in some respect than any of them: it comes from elsewhere. The message names what it is.",
        example: "simc build game.wasm --target native -o game.o",
        cure: "Give a module that `simc build` made.",
    },
];

#[cfg(test)]
mod tests {
    use super::entries;

    #[test]
    fn every_code_has_one_page() {
        assert!(entries().is_sorted_by(|a, b| a.code < b.code));
    }
}
