//! Input that nobody means well with: no panic, and time in proportion to length.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::read;
use crate::ast::print;
use crate::{NESTING_LIMIT, decode};

/// A model that uses everything the language has.
const EVERYTHING: &str = "{UTF-8}\n:MACRO: M(in, tau : out)\nM = INTEG((in-M)/tau, in) ~ in ~|\nout = M$ ~~|\n:END OF MACRO:\n\
    ****\n .Group\n****~\n\tabout |\nD: a, (b1-b3), \"c-1\" -> E, (F: x, y) ~~|\nG <-> D ~~|\n\
    H: GET XLS SUBSCRIPT('f','t','A1','A3','p') ~~|\n\
    x[D,E] :EXCEPT: [a,E],[b1,e] = IF THEN ELSE(:NOT: Time > 5 :AND: y[D!] <> :NA:, -2^2^-z, {c {d}} 1e+006) ~ m [0,?,1] ~ doc ~ :SUP |\n\
    k[D] = 1, -2; +3, 4; ~~|\nt == TABBED ARRAY(\n\t1\t2\n\t3\t4) ~~|\n\
    f([(0,0)-(1,1),(0,0)],(0,0),(1,\\\n\t\t1)) ~~|\ng(1,2,3,4) ~~|\nw = WITH LOOKUP(Time, ((0,0),(1,1))) ~~|\n\
    d :INTERPOLATE: := GET XLS DATA('?f', 't', 'A', 'B2*') ~ kg ~ odd \" and ' |\nr :RAW: ~~|\ns :IS: 'text' ~~|\n\
    q = A FUNCTION OF(x, -y) ~~|\nc :THE CONDITION: x > 1 :IMPLIES: y > 2 ~~|\ni :TEST INPUT: x = 1 ~~|\n\
    \"odd \\\" n|me\" = worker's wage * 人口 ~~|\n\
    \\\\\\---/// Sketch information\nV300\n*View 1\n10,1,x\n///---\\\\\\\n:L\x7f<%^E!@\n15:0,0,0,5,0,0\n22:$,Dollar\n30:?f=data.xls\n";

/// Reads and prints; what is said has places in the text.
fn run(text: &str) -> usize {
    let (file, diagnostics) = read(text);
    for it in &diagnostics {
        let span = it.span.expect("a place");
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{text:?}: {span:?}");
    }
    print(&file).len() + diagnostics.len()
}

#[test]
fn the_model_with_everything_is_sound() {
    let (file, diagnostics) = read(EVERYTHING);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert_eq!((file.macros.len(), file.groups.len(), file.entries.len()), (1, 1, 16));
}

#[test]
fn truncation_at_every_byte() {
    for end in 0..EVERYTHING.len() {
        run(&decode(&EVERYTHING.as_bytes()[..end]));
    }
}

#[test]
fn every_byte_missing_or_replaced() {
    let bytes = EVERYTHING.as_bytes();
    for at in 0..bytes.len() {
        run(&decode(&[&bytes[..at], &bytes[at + 1..]].concat()));
        for other in *b"\"'{}()[]~|:\\,\n\xff" {
            let mut changed = bytes.to_vec();
            changed[at] = other;
            run(&decode(&changed));
        }
    }
}

#[test]
fn nesting_has_a_limit() {
    for (open, close) in [("(", ")"), ("-", ""), (":NOT:", ""), ("f(", ")"), ("2^", "")] {
        let model = |depth: usize| format!("x = {}1{} ~~|", open.repeat(depth), close.repeat(depth));
        assert!(read(&model(NESTING_LIMIT)).1.is_empty(), "{open}");
        let (_, diagnostics) = read(&model(NESTING_LIMIT + 1));
        assert_eq!(diagnostics[0].code.0, 126, "{open}");
        assert!(read(&model(100_000)).1[0].message.contains("levels deep"), "{open}");
    }
}

#[test]
fn time_is_linear_in_length() {
    let repeated = |piece: &str, length: usize| piece.repeat(length / piece.len());
    for piece in [
        "{",
        "}",
        "\"",
        "\"\\",
        "\\\"",
        "'",
        "('",
        "[",
        "(",
        "((",
        "([",
        ":",
        ":A",
        "a ",
        "a b=",
        "|",
        "~",
        "x=1~~|",
        "*",
        "****",
        "\\\n",
        "\\ ",
        "\n",
        "f(",
        "1,",
        "-",
        "x=1,",
        ":MACRO:",
        ":MACRO:M(",
        ":MACRO:\n",
        ":MACRO:M(a,\n",
        ":MACRO:{c}M\n",
        "x=TABBED ARRAY(|",
        "x=([|",
        ":END OF MACRO:",
        "D:(",
        "TABBED ARRAY(",
        "é",
        "x=TABBED ARRAY(~|",
        "x=([~|",
        "x={~|",
        "x=\"~|",
        "x='~|",
        "a{b}",
        "<%^E!@\n",
        "///---\\\\\\",
        "22:a,",
        "x=1~[",
        "x=1~~a\n=~",
    ] {
        for head in ["", "x = ", ":L<%^E!@\n", "x=1~~"] {
            let text = format!("{head}{}", repeated(piece, 200_000));
            let start = Instant::now();
            run(&decode(text.as_bytes()));
            assert!(start.elapsed() < Duration::from_secs(5), "{head:?} {piece:?}: {:?}", start.elapsed());
        }
    }
}

#[test]
fn half_a_million_definitions() {
    let mut text = String::new();
    for n in 0..500_000 {
        text.push_str(&format!("v{n} = v{} + 1 ~ m ~|\n", n / 2));
    }
    let start = Instant::now();
    let (file, diagnostics) = read(&text);
    assert_eq!((file.entries.len(), diagnostics.len()), (500_000, 0));
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

/// Pieces that mean something to the language.
const PIECES: [&str; 48] = [
    "x",
    " ",
    "=",
    "1",
    ",",
    ";",
    "(",
    ")",
    "[",
    "]",
    "~",
    "|",
    ":",
    "!",
    "\"",
    "'",
    "{",
    "}",
    "\\\n\t\t",
    "\n",
    "\\",
    "+",
    "-",
    "^",
    "<->",
    "->",
    ":=",
    "==",
    "<>",
    ":AND:",
    ":NOT:",
    ":NA:",
    ":EXCEPT:",
    ":RAW:",
    ":IS:",
    ":MACRO:",
    ":END OF MACRO:",
    ":THE CONDITION:",
    ":IMPLIES:",
    "****",
    "TABBED ARRAY(",
    "A FUNCTION OF(",
    "é",
    "\\\\\\---///",
    "<%^E!@\n",
    "15:0,0,0,",
    "\t",
    "\u{a0}",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        run(&decode(&bytes));
    }

    #[test]
    fn any_pieces(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60)) {
        run(&decode(pieces.concat().as_bytes()));
    }

    #[test]
    fn any_text_without_decoding(text in "\\PC{0,200}") {
        run(&text);
    }
}
