//! Files of changes of any content: what they change, and that nothing panics.

use proptest::prelude::*;
use simc_model::data::{AddedFile, Role};
use simc_model::diagnostic::one_line;
use simc_model::files::NoFiles;

use crate::neutral::Sources;

const MODEL: &str = "D: d1, d2, d3 ~~|\nE: d1, d2 ~~|\na = 1 ~~|\nb[D] = 1, 2, 3 ~~|\nc[E] = 7 ~~|\nc[d3] = a ~~|\n\
    t((0,0),(1,1)) ~~|\nu[D]((0,0),(1,1)) ~~|\nINITIAL TIME = 0 ~~|\nFINAL TIME = 2 ~~|\nTIME STEP = 1 ~~|\nSAVEPER = 1 ~~|\n";

/// What is said of changes, a line for each, and the definition that they lead to, as text.
fn change(changes: &[u8]) -> (Vec<String>, String) {
    let mut sources = Sources::new();
    let root = sources.add("m.mdl", MODEL);
    let (tree, mut diagnostics) = crate::parse(&sources, root);
    let added = AddedFile { role: Role::Changes, name: "c.cin".to_owned(), bytes: changes.to_vec() };
    let translated = crate::translate(&tree, &mut sources, &NoFiles, vec![added], &[]);
    diagnostics.extend(translated.diagnostics);
    let lines = diagnostics.iter().map(|diagnostic| one_line(diagnostic, &sources)).collect();
    let vars = &translated.definition.models[0].vars;
    let var = |name: &str| vars.iter().find(|var| var.name.text == name).map(|var| format!("{var:?}"));
    (lines, ["a", "b", "c", "t", "u"].into_iter().filter_map(var).collect::<Vec<_>>().join("\n"))
}

#[test]
fn entries_end_with_their_lines_or_with_a_bar() {
    for changes in
        ["A=5", "a =\n 5\n", "{one}a = 5{two}\n", "a=5~dmnl~comment|", "0 <= a = 5 <= 9 \n", "\n\n| a=5", "A = +5 \r\n"]
    {
        let (lines, found) = change(changes.as_bytes());
        assert_eq!(lines, Vec::<String>::new(), "{changes}");
        assert!(found.contains("Number(5.0)"), "{changes}: {found}");
    }
    let (lines, _) = change(b"a = 5\nb[D] = 1,2,\n 3\nt(0,1,\n 2,3)\nu[E]((0,1),(2,\n3))\na = 6");
    assert_eq!(lines, Vec::<String>::new());
}

#[test]
fn what_is_no_constant_is_refused() {
    for (changes, fault) in [
        ("z = 1", "no variable `z`"),
        ("c[D] = 1", "`c[d3]` is no constant"),
        ("b[E] = 1, 2, 3", "3 numbers for 2 elements"),
        ("b[F] = 1", "`F` is neither"),
        ("b = 1", "0 subscripts here and 1"),
        ("t = 1", "`t` is no constant"),
        ("a(0,1,2,3)", "`a` is no lookup"),
        ("b[D] :EXCEPT: [d1] = 1", "exceptions"),
        ("F: x, y", "no subscript ranges"),
        ("a = 2*3", "neither a number"),
    ] {
        let (lines, _) = change(changes.as_bytes());
        assert!(lines.len() == 1 && lines[0].contains(fault), "{changes}: {lines:?}");
    }
}

proptest! {
    #[test]
    fn any_changes_are_read_or_refused(changes in "[abtu=0-9,;(){}\\[\\]\"'~|:\n <-]{0,80}") {
        change(changes.as_bytes());
    }

    #[test]
    fn any_bytes_are_read_or_refused(changes in proptest::collection::vec(any::<u8>(), 0..80)) {
        change(&changes);
    }
}
