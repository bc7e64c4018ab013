//! Data and files of any content: what they give, and that nothing panics.

use proptest::prelude::*;
use simc_model::data::{AddedFile, Role};
use simc_model::definition::{Definition, SeriesMode, VarDef};
use simc_model::diagnostic::one_line;
use simc_model::files::MemoryFiles;

use crate::neutral::Sources;

const TIMES: &str = "INITIAL TIME = 0 ~~|\nFINAL TIME = 2 ~~|\nTIME STEP = 1 ~~|\nSAVEPER = 1 ~~|\n";

/// A model whose functions read the file `f.csv` beside it, with a file `d` that is given; a line for each thing that is said.
fn translate(model: &str, cells: &[u8], given: &[u8]) -> (Definition, Vec<String>) {
    let mut files = MemoryFiles::default();
    files.add("f.csv", cells.to_vec());
    let mut sources = Sources::new();
    let root = sources.add("m.mdl", format!("{model}{TIMES}"));
    let (tree, mut diagnostics) = crate::parse(&sources, root);
    let added = AddedFile { role: Role::DataSet, name: "d".to_owned(), bytes: given.to_vec() };
    let translated = crate::translate(&tree, &mut sources, &files, vec![added], &[]);
    diagnostics.extend(translated.diagnostics);
    let lines = diagnostics.iter().map(|diagnostic| one_line(diagnostic, &sources)).collect();
    (translated.definition, lines)
}

fn var<'d>(definition: &'d Definition, name: &str) -> &'d VarDef {
    definition.models[0].vars.iter().find(|var| var.name.text == name).expect("a variable")
}

/// The points of an element: all of them, or of the nth entry.
fn points(var: &VarDef, element: Option<usize>) -> Vec<(f64, f64)> {
    let table = match element {
        None => var.table.as_ref(),
        Some(element) => var.elements[element].table.as_ref(),
    };
    let table = table.expect("a table");
    table.xs.iter().flatten().copied().zip(table.ys.iter().copied()).collect()
}

#[test]
fn series_run_down_or_to_the_right_and_end_with_their_times() {
    let model = "D: a, b ~~|\nx := GET DIRECT DATA('f.csv', ',', 'A', 'B2') ~~|\n\
        y[D]:RAW: := GET XLS DATA('f.csv', '', '1', 'B2') ~~|\n";
    let (definition, lines) = translate(model, b"t,0,1,2\n0,10,11,\n1,20,21,22\nend,30\n", b"");
    assert_eq!(lines, Vec::<String>::new());
    assert_eq!(points(var(&definition, "x"), None), [(0.0, 10.0), (1.0, 20.0)]);
    let y = var(&definition, "y");
    assert_eq!(y.series, Some(SeriesMode::Raw));
    assert_eq!(points(y, Some(0)), [(0.0, 10.0), (1.0, 11.0)]);
    assert_eq!(points(y, Some(1)), [(0.0, 20.0), (1.0, 21.0), (2.0, 22.0)]);
}

#[test]
fn given_series_go_to_elements_and_to_ranges() {
    let model = "D: a, b, c ~~|\nE: a, b ~~|\nx[D] ~~|\ny = x[a] ~~|\n";
    let (definition, lines) = translate(model, b"", b"x[E]\n0 1\n1 2\nX[b]\n0 5\nother\n0 0\n");
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("`x[c]` has no values"), "{lines:?}");
    let x = var(&definition, "x");
    assert_eq!((points(x, Some(0)), points(x, Some(1))), (vec![(0.0, 1.0), (1.0, 2.0)], vec![(0.0, 5.0)]));
}

#[test]
fn a_range_takes_its_elements_from_cells() {
    let model = "D: GET XLS SUBSCRIPT('f.csv', ',', 'B1', '2', 'p ') ~~|\nx[D] = 1 ~~|\n";
    let (definition, lines) = translate(model, b"no,1,b\nno,,c\nno,d\n", b"");
    assert_eq!(lines, Vec::<String>::new());
    let shown = format!("{:?}", definition.dims[0].elements);
    assert!(["p 1", "p b", "p c"].iter().all(|name| shown.contains(name)) && !shown.contains("p d"), "{shown}");
}

proptest! {
    #[test]
    fn no_content_of_files_does_harm(
        cells in "[-0-9.,\t\n ;a-c\"\\[\\]]{0,80}",
        given in "(Time|time|x|z\\[a\\]|0|1|-2|e|,|\t|\n| |:NA:|1e309){0,40}",
        places in proptest::collection::vec("[A-C1-3$*]{0,4}", 6),
    ) {
        let [a, b, c, d, e, f] = places.as_slice() else { return Ok(()) };
        let model = format!(
            "D: a, b ~~|\nS: GET XLS SUBSCRIPT('f.csv', ',', '{a}', '{b}', '') ~~|\nx ~~|\nz[D]:RAW: ~~|\nu = x + z[a] ~~|\n\
             p[D]:LOOK FORWARD: := GET XLS DATA('f.csv', ',', '{c}', '{d}') ~~|\n\
             q[D] = GET XLS CONSTANTS('f.csv', ',', '{e}') ~~|\nl(GET XLS LOOKUPS('f.csv', ',', '{f}', '{d}')) ~~|\n"
        );
        translate(&model, cells.as_bytes(), given.as_bytes());
    }

    #[test]
    fn no_bytes_of_files_do_harm(cells in proptest::collection::vec(any::<u8>(), 0..60)) {
        translate("x := GET XLS DATA('f.csv', 'S', 'A', 'B1') ~~|\n", &cells, &cells);
    }
}
