//! What is said about texts that are no models.

use super::{faults, read};
use crate::ast::{Body, Right};

/// The only diagnostic of a text, from its line on.
#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(faults(text), [format!("m:{expected}")], "{text}");
    let (_, diagnostics) = read(text);
    assert!(diagnostics[0].hint.is_some(), "{text}: a cure");
}

#[test]
fn expressions() {
    check("x = a + ~~|", "1:8: error[E0120]: the equation ends where an operand is expected");
    check("x = a + * b ~~|", "1:9: error[E0120]: an operand is missing before `*`");
    check("x = MAX(a,) ~~|", "1:11: error[E0120]: an operand is missing before `)`");
    check("x = (a + b ~~|", "1:11: error[E0121]: `(` is not closed");
    check("x = a) ~~|", "1:6: error[E0121]: `)` closes nothing");
    check("x = a ? b ~~|", "1:7: error[E0122]: the character `?` has no meaning in an equation");
    check("x = a {b ~~|", "1:7: error[E0123]: the comment is not closed");
    check("x = \"a + b ~~|", "1:5: error[E0123]: the quoted name is not closed");
    check("x = GET('a) ~~|", "1:9: error[E0123]: the text in quotes is not closed");
    check("x = 2kg ~~|", "1:5: error[E0124]: `2kg` is neither a number nor a name");
    check("x = 1e999 ~~|", "1:5: error[E0124]: the number is too large for a 64-bit float");
    check("x = a ** b ~~|", "1:7: error[E0125]: `**` is not an operator of Vensim");
    check("x = IF THEN ELSE(a == b, 1, 0) ~~|", "1:20: error[E0125]: `==` compares nothing in Vensim");
    check("x = 2 a ~~|", "1:7: error[E0131]: an operator is missing before `a`");
    check("x = a[b!c] ~~|", "1:9: error[E0131]: an operator is missing before `c`");
    check("x = a[] ~~|", "1:7: error[E0132]: `]` is no subscript");
    check("x = (a)! ~~|", "1:8: error[E0132]: `!` only follows a subscript range in an equation");
    check(
        "x = a, b ~~|",
        "1:6: error[E0130]: commas and semicolons only separate arguments, subscripts and the numbers of an array",
    );
    check("x = \"\" ~~|", "1:5: error[E0111]: there is no name between the quotes");
}

#[test]
fn keywords() {
    check("x = a :XOR: b ~~|", "1:7: error[E0706]: there is no keyword `:XOR:`");
    check("x :INTERPOLTE: ~~|", "1:3: error[E0706]: there is no keyword `:INTERPOLTE:`");
    check("x = a :IMPLIES: b ~~|", "1:7: error[E0706]: `:IMPLIES:` means nothing here");
    check("x = :RAW: ~~|", "1:5: error[E0706]: `:RAW:` means nothing here");
    let (_, diagnostics) = read("x :INTERPOLTE: ~~|");
    assert_eq!(diagnostics[0].hint.as_deref(), Some("did you mean `:INTERPOLATE:`?"));
}

#[test]
fn definitions() {
    check("= 3 ~~|", "1:1: error[E0702]: a definition cannot begin with `=`");
    check("birth rate + 3 ~~|", "1:12: error[E0702]: `=` is missing before `+`");
    check("~ people ~ |", "1:1: error[E0702]: this definition is empty");
    check("c :THE CONDITION: a > 1 ~~|", "1:3: error[E0702]: this reality check has no consequence");
    check("x = a := b ~~|", "1:7: error[E0702]: `:=` has no meaning here");
}

#[test]
fn ranges_and_lists() {
    check("D: a b, ~~|", "1:8: error[E0703]: an element is missing here");
    check("D: a, (b1) ~~|", "1:10: error[E0703]: a minus and the last element are missing here");
    check("D: a -> ~~|", "1:8: error[E0703]: the range that this one maps to is missing");
    check("D: a -> (E b) ~~|", "1:13: error[E0703]: a colon and elements are missing after the range");
    check("D: a = 3 ~~|", "1:6: error[E0703]: a comma or the end of the range is missing here");
    check("D <-> 3 ~~|", "1:7: error[E0703]: a subscript range is missing after `<->`");
    check("x = 1, 2, ~~|", "1:10: error[E0704]: a number is missing");
    check("x = 1, a ~~|", "1:8: error[E0704]: `a` is no number of the list");
    check("f((0,0),(1,2),(3)) ~~|", "1:17: error[E0704]: `)` is no number of the list");
    check("f(0,1,2) ~~|", "1:3: error[E0704]: this lookup has 3 numbers, which are not as many x as y");
    check("f() ~~|", "1:2: error[E0704]: this lookup has no points");
    check("x = TABBED ARRAY(1\n2 b) ~~|", "2:3: error[E0108]: `b` is not a number");
    check("x = TABBED ARRAY(\n) ~~|", "1:17: error[E0704]: this tabbed array holds no numbers");
}

#[test]
fn macros() {
    check(":MACRO: M\nM=1~~|:END OF MACRO:", "2:2: error[E0705]: the first line of this macro cannot be read");
    check(":END OF MACRO:", "1:1: error[E0705]: there is no macro to end here");
    check(":MACRO: M(a) M=a~~|", "1:9: error[E0701]: this macro has no end");
    check(
        ":MACRO: M(a) M=a~~| :MACRO: N(a) N=a~~| :END OF MACRO:",
        "1:21: error[E0705]: a macro begins within another one",
    );
}

#[test]
fn units_are_warned_of() {
    check("x = 1 ~ m [a,b] ~|", "1:11: warning[E0401]: the range of these values cannot be read");
}

#[test]
fn reading_goes_on_after_an_error() {
    let text = "a = 1 +\n~~|\nb = 2 ~~|\nc = (3\n~ x ~|\nd[ = 4 ~~|\ne = 5 ~ y ~ unfinished";
    assert_eq!(
        faults(text),
        [
            "m:1:8: error[E0120]: the equation ends where an operand is expected",
            "m:4:7: error[E0121]: `(` is not closed",
            "m:6:4: error[E0132]: `=` is no subscript",
            "m:7:6: error[E0701]: the text ends before this definition does",
        ]
    );
    let (file, diagnostics) = read(text);
    let names: Vec<(&str, bool)> = file.entries.iter().map(|it| (it.body.name().text.as_str(), it.reported)).collect();
    assert_eq!(names, [("a", true), ("b", false), ("c", true), ("d", true), ("e", true)]);
    assert!(matches!(&file.entries[0].body, Body::Variable(it) if matches!(it.right, Right::Unreadable)));
    assert_eq!(diagnostics[0].variable.as_deref(), Some("a"));
}

#[test]
fn a_missing_bar_is_suspected() {
    check(
        "a = 1 ~ x ~ text\nb = 2 ~ y ~ more |",
        "2:1: warning[E0701]: this comment holds what looks like a definition",
    );
    assert!(faults("a = 1 ~ x ~ text\n one ~ two. So b = 2 ~ more |").is_empty());
}

#[test]
fn places_are_those_of_the_file() {
    check(
        "a = 1 ~~|\nb = popul\\\n\t\tation + ? ~~|",
        "3:11: error[E0122]: the character `?` has no meaning in an equation",
    );
    let text = "é = popul\\\n\t\tation + x ~~|";
    let (file, _) = read(text);
    let Body::Variable(variable) = &file.entries[0].body else { panic!("a variable") };
    let Right::Equation(equation) = &variable.right else { panic!("an equation") };
    let span = equation.nodes[0].span;
    assert_eq!(&text[span.start as usize..span.end as usize], "popul\\\n\t\tation");
}
