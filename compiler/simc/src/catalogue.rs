//! What each code means, with what causes it in each format: the source of `simc explain`. The pages come from the crates whose codes
//! they are.

use simc_model::diagnostic::catalogue::{self, Entry, Example, example};
use simc_model::diagnostic::{Code, code};

use crate::{driver, engine};

/// All pages, in the order of their codes.
pub fn entries() -> Vec<&'static Entry> {
    let of_formats = simc_xmile::catalogue::ENTRIES.iter().chain(simc_vensim::catalogue::ENTRIES);
    let mut entries: Vec<&Entry> = catalogue::entries().chain(of_formats).chain(ENTRIES).collect();
    entries.sort_by_key(|entry| entry.code);
    entries
}

/// The page on a code.
pub fn find(code: Code) -> Option<&'static Entry> {
    entries().into_iter().find(|entry| entry.code == code)
}

/// What causes a fault: the name of a format, none where that does not matter, and the text.
pub fn examples(code: Code) -> Vec<(Option<&'static str>, &'static str)> {
    let of = |format, examples: &'static [Example]| {
        let found = examples.iter().find(|example| example.code == code);
        found.map(|example| (format, example.text))
    };
    let found = [
        of(None, EXAMPLES),
        of(Some("XMILE"), simc_xmile::catalogue::EXAMPLES),
        of(Some("Vensim"), simc_vensim::catalogue::EXAMPLES),
    ];
    found.into_iter().flatten().collect()
}

const ENTRIES: &[Entry] = &[
    Entry {
        code: driver::code::UNKNOWN_OUTPUT,
        title: "unknown output",
        explanation: "A name behind `--outputs` is not that of a variable, or is that of a graphical function, which has no value of its own. \
            Names are compared as equations compare them: case does not count, and spaces and underscores are the same.",
        cure: "Correct the name; `simc dump model.xmile --stage model` shows all of them.",
    },
    Entry {
        code: driver::code::OUT_OF_MEMORY,
        title: "the model needs too much memory",
        explanation: "An artifact has one memory of fixed size, which holds every saved row, all tables and all pipelines. \
            It can have 4 GiB at most, or what `--max-memory` says. The message lists what takes the space.",
        cure: "Save fewer rows with a longer save interval, or keep fewer variables with `--outputs`.",
    },
    Entry {
        code: driver::code::TOO_MANY_STEPS,
        title: "too many steps",
        explanation: "Steps are counted in whole numbers, and the run has more of them than can be counted.",
        cure: "Choose a later start, an earlier stop or a longer dt.",
    },
    Entry {
        code: engine::code::NOT_WASM,
        title: "not a valid WebAssembly module",
        explanation: "The file begins as WebAssembly does, but a WebAssembly engine refuses it: it is truncated or damaged, or uses features that artifacts do not use.",
        cure: "Build the artifact again.",
    },
    Entry {
        code: engine::code::NOT_AN_ARTIFACT,
        title: "not an artifact of simc",
        explanation: "The module is valid WebAssembly, but lacks an export or the section `simc.layout` that every artifact has, has one of the wrong type, or imports something.",
        cure: "Give a module that `simc build` made.",
    },
    Entry {
        code: engine::code::CONTRADICTORY,
        title: "an artifact that contradicts itself",
        explanation: "The rows that the module announces do not fit into the memory that it has.",
        cure: "Build the artifact again.",
    },
    Entry {
        code: engine::code::TRAPPED,
        title: "the artifact stopped",
        explanation: "The module trapped, which artifacts of simc never do: it is damaged, or comes from elsewhere.",
        cure: "Build the artifact again; if it still stops, this is a bug of simc.",
    },
    Entry {
        code: engine::code::RUN_TIME_ERROR,
        title: "the model stopped with an error",
        explanation: "The model did what cannot go on. The message names the error and the variable; every row before it is good.",
        cure: "Look at the variable at the time of the last row.",
    },
    Entry {
        code: engine::code::INCOMPLETE,
        title: "the run ended early",
        explanation: "The module returned from its run, but has saved fewer rows than it announces.",
        cure: "Build the artifact again.",
    },
    Entry {
        code: engine::code::TOO_LARGE,
        title: "too large for a reference engine",
        explanation: "The reference engines keep every row and every level in memory of their own, and may take 4 GiB.",
        cure: "Run the model in the engine `wasm`, or save fewer rows.",
    },
    Entry {
        code: engine::code::NOT_TRANSLATED,
        title: "no native code",
        explanation: "The artifact holds what artifacts of simc never do (an instruction, a start function, a function that calls itself), \
            or is larger in some respect than any of them: it comes from elsewhere, or was made with a `--function-size` that lets \
            functions grow beyond 128 KiB. The message names what it is.",
        cure: "Give a module that `simc build` made, with a smaller `--function-size` if its functions are too large.",
    },
];

const EXAMPLES: &[Example] = &[
    example(code::CONVERT_FUNCTION, "<aux name=\"old\"><eqn>HISTORY(sales, TIME - 12)</eqn></aux>"),
    example(code::CONVERT_ARRAY, "<aux name=\"chosen\"><eqn>price[INT(choice) + 1]</eqn></aux>"),
    example(code::CONVERT_HOLES, "pair[a, Column] = 1 ~~| pair[b, c] = 2 ~~|"),
    example(code::CONVERT_MAPPING, "Long: (l1-l70000) -> (Wide: (w2-w70001)) ~~|"),
    example(
        code::CONVERT_TABLE,
        "<aux name=\"effect\"><eqn>crowding(2)</eqn></aux>, where `crowding` is a variable with a graphical function",
    ),
    example(
        code::CONVERT_LIMIT,
        "<stock name=\"S\"><eqn>1</eqn><inflow>recovery</inflow><outflow>infection</outflow><non_negative/></stock>, where `recovery` depends on `infection`",
    ),
    example(
        code::CONVERT_TRANSPORT,
        "<stock name=\"assembly\"><eqn>0</eqn><outflow>done</outflow><conveyor><len>3</len></conveyor></stock>",
    ),
    example(code::CONVERT_MODULE, "<module name=\"Hares\"/>"),
    example(code::CONVERT_MACRO, "<macro name=\"HALF\"><parm default=\"2\">x</parm><eqn>x/2</eqn></macro>"),
    example(code::CONVERT_DATA, "sales := GET XLS DATA('data.xlsx', 'Sheet1', 'A', 'B2') ~~|"),
    example(
        code::CONVERT_EVENT,
        "<event_poster><threshold value=\"3\"><event sim_action=\"pause\"/></threshold></event_poster>",
    ),
    example(code::CONVERT_NAME, "<dim name=\"Region\" size=\"3\"/> and <aux name=\"region\"><eqn>1</eqn></aux>"),
    example(code::CONVERT_TIME, "<aux name=\"FINAL TIME\"><eqn>9</eqn></aux> in a run that stops at 10"),
    example(code::CONVERT_NOTE, "<doc>births | deaths</doc>"),
    example(
        code::CONVERT_RESULT,
        "<aux name=\"wanted\"><eqn>IF TIME = STARTTIME THEN 1 ELSE staff</eqn></aux>, with which `staff` begins",
    ),
    example(driver::code::UNKNOWN_OUTPUT, "simc build model.xmile -o model.wasm --outputs Popluation"),
    example(
        driver::code::OUT_OF_MEMORY,
        "<sim_specs><start>0</start><stop>1000000000</stop><dt>0.001</dt></sim_specs>",
    ),
    example(driver::code::TOO_MANY_STEPS, "<sim_specs><start>0</start><stop>1e300</stop><dt>1e-300</dt></sim_specs>"),
    example(engine::code::NOT_WASM, "head -c 100 model.wasm > damaged.wasm; simc run damaged.wasm"),
    example(engine::code::NOT_AN_ARTIFACT, "simc run game.wasm"),
    example(engine::code::CONTRADICTORY, "an artifact whose `n_chunks` was edited"),
    example(engine::code::TRAPPED, "an artifact whose code was edited"),
    example(engine::code::NOT_TRANSLATED, "simc build game.wasm --target native -o game.o"),
    example(engine::code::RUN_TIME_ERROR, "a host that calls `run_to` with NaN"),
    example(engine::code::INCOMPLETE, "an artifact whose `n_chunks` was edited"),
    example(engine::code::TOO_LARGE, "simc run large.xmile --engine oracle"),
];

#[cfg(test)]
mod tests {
    use super::{entries, examples};

    #[test]
    fn every_code_has_one_page_and_an_example() {
        assert!(entries().is_sorted_by(|a, b| a.code < b.code));
        let without: Vec<_> =
            entries().iter().map(|entry| entry.code).filter(|&code| examples(code).is_empty()).collect();
        assert!(without.is_empty(), "{without:?}");
    }
}
