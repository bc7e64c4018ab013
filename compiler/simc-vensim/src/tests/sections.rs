//! Groups, macros, the sketch and the settings.

use super::{faults, read, tree};
use crate::ast::Method;

const SKETCH: &str = "\\\\\\---/// Sketch information - do not modify anything except names\n\
    V300  Do not put anything below this section - it will be ignored\n*View 1\n$192,0|12|x\n10,1,a ~ {\" |,2\n";

#[test]
fn groups_head_what_follows() {
    let text = "a=1~~|\n****\n .One's-1\n****~\n\t\tabout one\n\t|\nb=2~~|\n{*****\n.Two\n*****}\nc=3~~|\n*****\n.Three\n*****~~~|d=4~~|";
    assert_eq!(
        tree(text),
        "a = 1.0\ngroup \".One's-1\" doc \"about one\"\nb = 2.0\ngroup \".Two\" doc \"\"\nc = 3.0\n\
         group \".Three\" doc \"\"\nd = 4.0"
    );
}

#[test]
fn macros_hold_their_definitions() {
    let text = ":MACRO: M(in, TIME STEP : out 1,out 2)\nM = in~~|out 1=2~~|\n:END OF MACRO:\na=M(1,2:b,c)~~|:macro:N()N=1~~|:END OF MACRO:";
    assert_eq!(
        tree(text),
        "macro M(in, TIME STEP : out 1, out 2)\n  M = in\n  out 1 = 2.0\nend of macro\n\
         macro N()\n  N = 1.0\nend of macro\na = (M 1.0 2.0 : b, c)"
    );
}

#[test]
fn free_comments_and_stray_bars() {
    assert_eq!(tree("{UTF-8}\n| {a ~ b | c} a = 1 ~~| {d} || \n"), "a = 1.0");
    assert_eq!(tree(""), "");
    assert_eq!(tree("~~|"), "");
}

#[test]
fn settings_after_the_sketch() {
    let text = format!(
        "a=1~~|\n{SKETCH}///---\\\\\\\n:L\u{7f}<%^E!@\n1:C:\\x.vdf\n15:0,0,0,5,0,0\n22:$,Dollar, Dollars\n22:Hour,Hours\n30:?d=a b=c.xls\n"
    );
    let (file, diagnostics) = read(&text);
    assert!(diagnostics.is_empty());
    let settings = &file.settings;
    assert_eq!(settings.method, Method::Rk4);
    assert_eq!(settings.unit_equivalences.len(), 2);
    let last = &settings.unit_equivalences[0][2];
    assert_eq!((last.text.as_str(), &text[last.span.start as usize..last.span.end as usize]), ("Dollars", "Dollars"));
    let alias = &settings.file_aliases[0];
    assert_eq!((alias.tag.text.as_str(), alias.path.text.as_str()), ("?d", "a b=c.xls"));
    assert_eq!(&text[alias.path.span.start as usize..alias.path.span.end as usize], "a b=c.xls");
    let numbers: Vec<u32> = settings.records.iter().map(|record| record.number).collect();
    assert_eq!(numbers, [1, 15, 22, 22, 30]);
    assert_eq!(settings.records[0].text.text, "C:\\x.vdf");
}

#[test]
fn methods_by_their_numbers() {
    for (number, method) in [
        ("0", Method::Euler),
        ("1", Method::Rk4Auto),
        ("2", Method::Difference),
        ("3", Method::Rk2Auto),
        ("4", Method::Rk2),
        ("5", Method::Rk4),
        ("9", Method::Euler),
    ] {
        assert_eq!(read(&format!("{SKETCH}:L<%^E!@\n15:0,0,0,{number},0,0\n")).0.settings.method, method, "{number}");
    }
    assert_eq!(
        faults(":L<%^E!@\n15:0,0,0,fast\n"),
        ["m:2:4: warning[E0707]: the integration method cannot be read: Euler's is used"]
    );
}

#[test]
fn broken_ends_are_tolerated() {
    let rest = ":L<%^E!@\n15:0,0,0,1,0,0\n";
    for (text, method) in [
        (format!("a=1~~|\n{SKETCH}"), Method::Euler),
        (format!("a=1~~|\n{SKETCH}{SKETCH}///---\\\\\\"), Method::Euler),
        (format!("a=1~~|\n{SKETCH}{rest}"), Method::Rk4Auto),
        (format!("a=1~~|\n///---\\\\\\\n{rest}"), Method::Rk4Auto),
        (format!("a=1~~|\n{rest}"), Method::Rk4Auto),
        ("a=1~~|\n\\\\---/// Sketch".to_owned(), Method::Euler),
        ("a=1~~|\n\\\\\\---/".to_owned(), Method::Euler),
        ("a=1~~|\n\\\\".to_owned(), Method::Euler),
    ] {
        let (file, diagnostics) = read(&text);
        assert_eq!((file.entries.len(), file.settings.method), (1, method), "{text}");
        assert!(diagnostics.is_empty(), "{text}: {diagnostics:?}");
    }
}
