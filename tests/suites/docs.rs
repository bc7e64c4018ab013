//! The documentation says what is so: generated parts are fresh, links lead somewhere, the table of crates is the tested one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use libtest_mimic::Trial;
use simc_artifact::ErrorCode;
use simc_artifact::export::EXPORTS;
use simc_midend::pipeline::OptLevel;
use tests::gen_docs::{Page, listed_names, pages, root};
use tests::subject::Subject;

use crate::{filetests, structure, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("docs::generated_parts_are_fresh", fresh),
        trial("docs::links_lead_somewhere", links),
        trial("docs::every_page_is_in_the_index", index),
        trial("docs::the_table_of_crates_is_the_tested_one", crates),
        trial("docs::the_exports_of_artifacts_are_those_of_the_contract", exports),
        trial("docs::the_error_codes_of_artifacts_are_those_of_the_contract", error_codes),
        trial("docs::every_published_result_that_differs_is_explained", differences),
        trial("docs::the_example_of_a_host_prints_what_the_page_says", host),
        trial("docs::the_calibration_sets_an_array_and_runs", calibration),
        trial("docs::every_element_that_the_parser_names_is_listed", vocabulary),
    ]
}

fn fresh() -> Result<(), String> {
    pages(root())?.iter().try_for_each(|page| filetests::bless_or_compare(&page.path, &page.fresh))
}

fn links() -> Result<(), String> {
    let pages = pages(root())?;
    let faults: Vec<String> = pages.iter().flat_map(|page| broken_links(page, &pages)).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// The links of a page that lead to no file, or to no heading of a page.
fn broken_links(page: &Page, pages: &[Page]) -> Vec<String> {
    let folder = page.path.parent().unwrap_or(root());
    let is_broken = |target: &String| {
        let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
        let path = if file.is_empty() { page.path.clone() } else { folder.join(file) };
        let Ok(path) = path.canonicalize() else { return true };
        let same = |other: &&Page| other.path.canonicalize().is_ok_and(|other| other == path);
        !anchor.is_empty() && pages.iter().find(same).is_some_and(|page| !anchors(&page.fresh).contains(anchor))
    };
    let outside = |target: &String| target.contains("://") || target.starts_with("mailto:");
    let targets = targets(&page.fresh).into_iter().filter(|target| !outside(target));
    targets.filter(is_broken).map(|target| format!("{}: nothing is at {target}", page.path.display())).collect()
}

/// What `](..)` holds, outside of code.
fn targets(text: &str) -> Vec<String> {
    let mut targets = Vec::new();
    for line in prose(text) {
        let plain: String = line.split('`').step_by(2).collect();
        let links = plain.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        targets.extend(links.map(|(target, _)| target.to_owned()));
    }
    targets
}

/// Lines that are not in a block of code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    })
}

/// Headings as links name them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).filter(|line| line.starts_with('#'));
    let slug = |heading: &str| -> String {
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = words.chars().filter(|&c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(slug).collect()
}

fn index() -> Result<(), String> {
    let text = std::fs::read_to_string(root().join("docs/README.md")).map_err(|error| error.to_string())?;
    let linked: BTreeSet<String> = targets(&text).into_iter().collect();
    let name = |page: &Page| page.path.file_name().map(|name| name.to_string_lossy().into_owned());
    let is_in_docs = |page: &&Page| page.path.parent().is_some_and(|folder| folder.ends_with("docs"));
    let pages = pages(root())?;
    let names = pages.iter().filter(is_in_docs).filter_map(name).filter(|name| name != "README.md");
    let missing: Vec<String> = names.filter(|name| !linked.contains(name)).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("docs/README.md does not link {missing:?}")) }
}

/// Compares the rows `| crate | depends on | from outside |` of the page with the table of the tests.
fn crates() -> Result<(), String> {
    let path = root().join("docs/architecture.md");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut documented: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in text.lines().skip_while(|line| !line.starts_with("| crate |")).skip(2) {
        let Some(row) = line.strip_prefix('|') else { break };
        let cells: Vec<&str> = row.trim_end_matches('|').split('|').map(str::trim).collect();
        let [crate_name, dependencies @ ..] = cells.as_slice() else { continue };
        let names = dependencies.iter().flat_map(|cell| cell.split('`').skip(1).step_by(2));
        documented.insert(crate_name.trim_matches('`'), names.collect());
    }
    let tested: BTreeMap<&str, BTreeSet<&str>> = structure::CRATES
        .iter()
        .map(|(crate_name, allowed)| (*crate_name, allowed.iter().copied().collect()))
        .collect();
    if documented == tested {
        return Ok(());
    }
    Err(format!("docs/architecture.md says\n{documented:#?}\nbut the tests hold\n{tested:#?}"))
}

/// Compares the rows `| export | type |` of the page with the table of the contract, in order.
fn exports() -> Result<(), String> {
    let page = artifact_page()?;
    let tables = page.split("| export | type |").skip(1);
    let rows = tables.flat_map(|table| table.lines().skip(2).take_while(|line| line.starts_with('|')));
    let cells = rows.filter_map(|row| row.strip_prefix("| `")?.split_once("` | "));
    let documented: Vec<(&str, &str)> =
        cells.map(|(name, rest)| (name, rest.split(" |").next().unwrap_or_default().trim_matches('`'))).collect();
    let types: Vec<String> = EXPORTS.iter().map(|spec| spec.ty.to_string()).collect();
    let expected: Vec<(&str, &str)> =
        EXPORTS.iter().map(|spec| spec.name).zip(types.iter().map(String::as_str)).collect();
    if documented == expected {
        return Ok(());
    }
    Err(format!("docs/artifact.md says\n{documented:#?}\nbut the contract has\n{expected:#?}"))
}

/// Compares the rows `| code | what is wrong |` of the page with the codes of the contract.
fn error_codes() -> Result<(), String> {
    let page = artifact_page()?;
    let table = page.split("| code | what is wrong |").nth(1).ok_or("there is no table of codes")?;
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let documented: Vec<&str> = rows.filter_map(|row| row.split('|').nth(1)).map(str::trim).collect();
    let of_transports = ErrorCode::ALL.into_iter().filter(|code| code.transport_fault().is_some());
    let expected: Vec<String> = of_transports.map(|code| code.number().to_string()).collect();
    if documented == expected {
        return Ok(());
    }
    Err(format!("docs/artifact.md says {documented:?} but the contract has {expected:?}"))
}

/// The page about artifacts.
fn artifact_page() -> Result<String, String> {
    std::fs::read_to_string(root().join("docs/artifact.md")).map_err(|error| error.to_string())
}

/// Cases that do not pass by the list of outcomes are on the page about them, and no others.
fn differences() -> Result<(), String> {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"));
    let (outcomes, page) = (read("tests/corpus.expect")?, read("docs/corpus.md")?);
    let cases = outcomes.lines().filter_map(|line| line.split_once("  "));
    let differing: BTreeSet<&str> =
        cases.filter(|(id, outcome)| !id.starts_with('#') && *outcome != "pass").map(|(id, _)| id).collect();
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.filter_map(|row| row.split('|').nth(1));
    let explained: BTreeSet<&str> = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    if differing == explained {
        return Ok(());
    }
    Err(format!("differing: {differing:#?}\nexplained in docs/corpus.md: {explained:#?}"))
}

/// Runs the program in `docs/artifact.md` beside the artifact that it asks for.
fn host() -> Result<(), String> {
    let model = root().join("tests/models/teacup.xmile");
    let text = std::fs::read_to_string(&model).map_err(|error| error.to_string())?;
    let program = block("js", 0)?;
    expect_printed(&text, &program, &block("text", 0)?)
}

/// A model with the array that the page's calibration sets.
const RATES: &str = r#"<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<sim_specs><start>0</start><stop>1</stop></sim_specs>
<dimensions>
<dim name="Region"><elem name="north"/><elem name="south"/></dim>
<dim name="Age"><elem name="young"/><elem name="old"/></dim>
</dimensions>
<model><variables>
<aux name="rate"><dimensions><dim name="Region"/><dim name="Age"/></dimensions><eqn>0</eqn></aux>
<aux name="weighted"><eqn>SUM(rate[*, *]*Region) + 100*rate[south, old]</eqn></aux>
</variables></model></xmile>"#;

/// Runs the page's calibration after the part of its program that finds the slots.
fn calibration() -> Result<(), String> {
    let (program, calibration) = (block("js", 0)?, block("js", 1)?);
    let (opening, _) = program.split_once("model.set_value(").ok_or("the first program sets no value")?;
    let candidate = "const candidate = [1, 2, 3, 4];";
    let result = "new Float64Array(model.memory.buffer, model.results_offset.value)[slots.get(\"weighted\")]";
    let whole = format!("{opening}{candidate}\n{calibration}console.log({result});\n");
    // 1 + 2 of the first region, twice 3 + 4 of the second one, and 100 times 4.
    expect_printed(RATES, &whole, "417\n")
}

/// A block of code of `docs/artifact.md`, counted from 0 among those of its language.
fn block(language: &str, number: usize) -> Result<String, String> {
    let page = artifact_page()?;
    let fence = format!("```{language}\n");
    let behind = page.split(&fence).nth(number + 1).and_then(|behind| behind.split_once("```"));
    behind.map(|(block, _)| block.to_owned()).ok_or(format!("there is no {language} block {number}"))
}

/// Runs a program beside the artifact of a model, `teacup.wasm`.
fn expect_printed(model: &str, program: &str, expected: &str) -> Result<(), String> {
    let subject = Subject::from_xmile("model.xmile", model, OptLevel::O2)?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let put =
        |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).map_err(|error| error.to_string());
    put("teacup.wasm", &subject.wasm)?;
    put("host.mjs", program.as_bytes())?;
    let mut node = Command::new("node");
    let output = node.arg("host.mjs").current_dir(folder.path()).output().map_err(|error| format!("node: {error}"))?;
    let printed = String::from_utf8_lossy(&output.stdout);
    if printed == expected {
        return Ok(());
    }
    Err(format!("the host prints\n{printed}{}", String::from_utf8_lossy(&output.stderr)))
}

/// Looks for the names in the source of the parser's own vocabulary.
fn vocabulary() -> Result<(), String> {
    let path = Path::new("compiler/simc-xmile/src/vocabulary.rs");
    let source = std::fs::read_to_string(root().join(path)).map_err(|error| format!("{}: {error}", path.display()))?;
    let tables = source.split("impl Reader").next().unwrap_or("");
    let is_name = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let code = tables.lines().filter(|line| !line.trim_start().starts_with("//"));
    let names: BTreeSet<&str> = code.flat_map(|line| line.split('"').skip(1).step_by(2)).filter(is_name).collect();
    let descriptions = ["arrays", "conveyors", "events", "leaks", "macros", "ovens", "overflows", "queues"];
    let listed: BTreeSet<&str> = listed_names().into_iter().chain(descriptions).collect();
    let missing: Vec<&&str> = names.difference(&listed).collect();
    if names.len() < 20 {
        return Err(format!("only {} names were found in {}", names.len(), path.display()));
    }
    if missing.is_empty() { Ok(()) } else { Err(format!("the vocabulary of gen_docs lacks {missing:?}")) }
}
