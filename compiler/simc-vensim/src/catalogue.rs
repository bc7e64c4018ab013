//! What each code of this crate means, as `simc explain` shows it.

use crate::code;
use crate::neutral::{Code, Entry};

const fn entry(
    code: Code,
    title: &'static str,
    explanation: &'static str,
    example: &'static str,
    cure: &'static str,
) -> Entry {
    Entry { code, title, explanation, example, cure }
}

/// Pages in the order of their codes.
pub const ENTRIES: &[Entry] = &[
    entry(
        code::UNFINISHED,
        "a definition or macro without its end",
        "A definition ends with `|`, a macro with `:END OF MACRO:`. The text ends, or another definition begins, before that.",
        "births = 3 ~ people/Year ~ yearly births",
        "Write `|` after the comment, or `:END OF MACRO:` after the last definition of the macro.",
    ),
    entry(
        code::BAD_DEFINITION,
        "not a definition",
        "A definition begins with a name, which may have subscripts, and goes on with `=`, `==`, `:=`, `:IS:`, `:`, `<->` or points in parentheses.",
        "birth rate + 3 ~~|",
        "Write `name = equation ~ units ~ comment |`; a name with unusual characters needs double quotes.",
    ),
    entry(
        code::BAD_RANGE,
        "a subscript range that cannot be read",
        "A range lists elements and other ranges, separated by commas; `(a1-a9)` means numbered elements. After `->` come the ranges that it maps to, each a name or `(Range: elements)`.",
        "Region: north south -> Zone ~~|",
        "Write `Region: north, south -> Zone ~~|`.",
    ),
    entry(
        code::BAD_LIST,
        "a list of numbers that cannot be read",
        "Constants of an array, tabbed arrays and the points of lookups consist of numbers; a lookup has as many x as y.",
        "table((0,0),(1,2),(3)) ~~|",
        "Write the missing number, or remove what is none.",
    ),
    entry(
        code::BAD_MACRO,
        "a macro that cannot be read",
        "A macro begins with `:MACRO: NAME(inputs : outputs)` and ends with `:END OF MACRO:`. A macro holds no other macro.",
        ":MACRO: SMOOTHED",
        "Write the parameters in parentheses after the macro's name, and close a macro before the next one begins.",
    ),
    entry(
        code::MISPLACED_KEYWORD,
        "a keyword that means nothing here",
        "Words between colons are keywords: `:AND:`, `:OR:`, `:NOT:` and `:NA:` in equations, `:EXCEPT:`, `:INTERPOLATE:`, `:RAW:`, `:HOLD BACKWARD:`, `:LOOK FORWARD:` and `:IS:` before the right side of a definition.",
        "x = IF THEN ELSE(a :XOR: b, 1, 0) ~~|",
        "Correct the keyword or remove it.",
    ),
    entry(
        code::BAD_SETTINGS,
        "settings that cannot be read",
        "After the sketch, a file holds records of settings. The fourth number of record 15 is the integration method; a record 30 names a file: `30:?tag=file`.",
        "15:0,0,0,fast,0,0",
        "Save the model with Vensim again, or correct the record. Without record 15 the method is Euler's.",
    ),
    entry(
        code::EXTERNAL,
        "a function that reads another file",
        "`GET XLS DATA`, `GET DIRECT CONSTANTS` and their kin take values from another file. This one stands in a place, or has a form, that is not supported.",
        "demand := GET XLS DATA('data.xlsx', 'Sheet1', 'A', 'B2') + 1 ~~|",
        "Make the call the whole right side, or write the values into the model.",
    ),
    entry(
        code::CONTROL_VARIABLE,
        "a time of the run that changes",
        "`INITIAL TIME`, `FINAL TIME`, `TIME STEP` and `SAVEPER` are numbers, or follow from constants by + - * /: the number of steps is known before a run.",
        "FINAL TIME = IF THEN ELSE(stock > 10, Time, 100) ~~|",
        "Write a number.",
    ),
    entry(
        code::REALITY_CHECK,
        "a reality check",
        "Reality checks (`:THE CONDITION:`, `:TEST INPUT:`) say what a model should do under a test. They do not change a run, and are passed over.",
        "no births :THE CONDITION: births = 0 :IMPLIES: population <= 100 ~~|",
        "Nothing needs to be done.",
    ),
];

#[cfg(test)]
mod tests {
    use super::ENTRIES;

    #[test]
    fn every_code_has_a_complete_page_and_every_page_a_code() {
        let source = include_str!("code.rs");
        let definitions =
            source.lines().filter_map(|line| line.strip_prefix("pub const ")?.split_once(": Code = Code("));
        let codes: Vec<u16> =
            definitions.map(|(_, rest)| rest.trim_end_matches(");").parse().expect("a code is a number")).collect();
        let pages: Vec<u16> = ENTRIES.iter().map(|entry| entry.code.0).collect();
        assert!(codes.is_sorted_by(|a, b| a < b));
        assert_eq!(pages, codes);
        for entry in ENTRIES {
            assert!(
                [entry.title, entry.example].iter().all(|text| !text.is_empty() && !text.ends_with('.')),
                "{}",
                entry.code
            );
            assert!(entry.explanation.ends_with('.') && entry.cure.ends_with('.'), "{}", entry.code);
        }
    }
}
