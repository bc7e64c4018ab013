//! What each code of this crate means, and what causes faults in Vensim's files, as `simc explain` shows it.

use crate::code;
use crate::neutral::{Entry, Example, entry, example, shared};

/// Pages in the order of their codes.
pub const ENTRIES: &[Entry] = &[
    entry(
        code::UNFINISHED,
        "a definition or macro without its end",
        "A definition ends with `|`, a macro with `:END OF MACRO:`. The text ends, or another definition begins, before that.",
        "Write `|` after the comment, or `:END OF MACRO:` after the last definition of the macro.",
    ),
    entry(
        code::BAD_DEFINITION,
        "not a definition",
        "A definition begins with a name, which may have subscripts, and goes on with `=`, `==`, `:=`, `:IS:`, `:`, `<->` or points in parentheses.",
        "Write `name = equation ~ units ~ comment |`; a name with unusual characters needs double quotes.",
    ),
    entry(
        code::BAD_RANGE,
        "a subscript range that cannot be read",
        "A range lists elements and other ranges, separated by commas; `(a1-a9)` means numbered elements. After `->` come the ranges that it maps to, each a name or `(Range: elements)`.",
        "Write `Region: north, south -> Zone ~~|`.",
    ),
    entry(
        code::BAD_LIST,
        "a list of numbers that cannot be read",
        "Constants of an array, tabbed arrays and the points of lookups consist of numbers; a lookup has as many x as y.",
        "Write the missing number, or remove what is none.",
    ),
    entry(
        code::BAD_MACRO,
        "a macro that cannot be read",
        "A macro begins with `:MACRO: NAME(inputs : outputs)` and ends with `:END OF MACRO:`. A macro holds no other macro.",
        "Write the parameters in parentheses after the macro's name, and close a macro before the next one begins.",
    ),
    entry(
        code::MISPLACED_KEYWORD,
        "a keyword that means nothing here",
        "Words between colons are keywords: `:AND:`, `:OR:`, `:NOT:` and `:NA:` in equations, `:EXCEPT:`, `:INTERPOLATE:`, `:RAW:`, `:HOLD BACKWARD:`, `:LOOK FORWARD:` and `:IS:` before the right side of a definition.",
        "Correct the keyword or remove it.",
    ),
    entry(
        code::BAD_SETTINGS,
        "settings that cannot be read",
        "After the sketch, a file holds records of settings. The fourth number of record 15 is the integration method; a record 30 names a file: `30:?tag=file`.",
        "Save the model with Vensim again, or correct the record. Without record 15 the method is Euler's.",
    ),
    entry(
        code::EXTERNAL,
        "a function that reads another file",
        "`GET XLS DATA`, `GET DIRECT CONSTANTS` and their kin take values from another file. This one stands in a place, or has arguments, that cannot be read.",
        "Make the call the whole right side, or write the values into the model.",
    ),
    entry(
        code::CONTROL_VARIABLE,
        "a time of the run that changes",
        "`INITIAL TIME`, `FINAL TIME`, `TIME STEP` and `SAVEPER` are numbers, or follow from constants: the number of steps is known before a run. `FINAL TIME` alone may change, where its equation says the latest time.",
        "Write a number, or for a run that ends by itself `IF THEN ELSE(condition, Time, latest time)`.",
    ),
    entry(
        code::REALITY_CHECK,
        "a reality check",
        "Reality checks (`:THE CONDITION:`, `:TEST INPUT:`) say what a model should do under a test. They do not change a run, and are passed over.",
        "Nothing needs to be done.",
    ),
    entry(
        code::MISSING_DATA,
        "data that is not there",
        "A variable without a right side is data: its values come from a file that is given beside the model. No file has values for this one, or for some of its elements, which are `:NA:` throughout then. It is an error when an equation uses the variable and no file gives data at all.",
        "Give the file with `--data FILE`: a table with a column for the variable beside a column `Time`, or a text with the name on a line and `time value` on each line after it.",
    ),
    entry(
        code::CHANGES,
        "a change that cannot be made",
        "A changes file (`--changes FILE`, in Vensim a `.cin` file) gives constants of a Vensim model other numbers, lookups other points and string variables other texts. It changes nothing else, and only names that the model has.",
        "Correct the name, or change the constants that the variable is computed from.",
    ),
    entry(
        code::FILE_TAGS,
        "tags for files are not supported",
        "`--data ?tag=FILE` says which file a tag of a Vensim model stands for. Models in other formats have no tags.",
        "Name the file in the model, or give it as a data set: `--data rates.xlsx`.",
    ),
];

/// Examples in the order of their codes: of the faults above, and of some that models of every format can have.
pub const EXAMPLES: &[Example] = &[
    example(shared::MISSING_OPERAND, "births = people * ~ people/Year ~ |"),
    example(shared::UNBALANCED, "births = (people * rate ~~|"),
    example(shared::UNKNOWN_NAME, "births = popluation * rate ~~|"),
    example(shared::UNKNOWN_FUNCTION, "x = SMOTH(y, 3) ~~|"),
    example(shared::DUPLICATE_NAME, "rate = 1 ~~|\nRATE = 2 ~~|"),
    example(shared::MISSING_EQUATION, "rate ~~|"),
    example(shared::CIRCULAR, "a = b ~~|\nb = a ~~|"),
    example(shared::ARGUMENT_COUNT, "x = MAX(1) ~~|"),
    example(shared::NO_SUCH_ELEMENT, "Region: north, south ~~|\nx = rate[west] ~~|"),
    example(shared::SHAPES, "Region: north, south ~~|\nrate[Region] = 1, 2 ~~|\nx = rate[Region] ~~|"),
    example(shared::MISSING_TIME, "INITIAL TIME = 0 ~~|"),
    example(code::UNFINISHED, "births = 3 ~ people/Year ~ yearly births"),
    example(code::BAD_DEFINITION, "birth rate + 3 ~~|"),
    example(code::BAD_RANGE, "Region: north south -> Zone ~~|"),
    example(code::BAD_LIST, "table((0,0),(1,2),(3)) ~~|"),
    example(code::BAD_MACRO, ":MACRO: SMOOTHED"),
    example(code::MISPLACED_KEYWORD, "x = IF THEN ELSE(a :XOR: b, 1, 0) ~~|"),
    example(code::BAD_SETTINGS, "15:0,0,0,fast,0,0"),
    example(code::EXTERNAL, "demand := GET XLS DATA('data.xlsx', 'Sheet1', 'A', 'B2') + 1 ~~|"),
    example(code::CONTROL_VARIABLE, "TIME STEP = IF THEN ELSE(stock > 10, 0.5, 1) ~~|"),
    example(code::REALITY_CHECK, "no births :THE CONDITION: births = 0 :IMPLIES: population <= 100 ~~|"),
    example(code::MISSING_DATA, "sales :INTERPOLATE: ~~|"),
    example(
        code::CHANGES,
        "simc run model.mdl --changes new.cin, where new.cin says `births = 3` and births is computed",
    ),
    example(code::FILE_TAGS, "simc run model.xmile --data ?rates=rates.xlsx"),
];

#[cfg(test)]
mod tests {
    use super::{ENTRIES, EXAMPLES};

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
        assert!(EXAMPLES.is_sorted_by(|a, b| a.code < b.code));
        assert!(ENTRIES.iter().all(|entry| EXAMPLES.iter().any(|example| example.code == entry.code)));
        for entry in ENTRIES {
            assert!(!entry.title.is_empty() && !entry.title.ends_with('.'), "{}", entry.code);
            assert!(entry.explanation.ends_with('.') && entry.cure.ends_with('.'), "{}", entry.code);
        }
    }
}
