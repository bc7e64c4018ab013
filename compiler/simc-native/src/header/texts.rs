//! Texts of a model where C reads them, and texts that all headers have.

use crate::entry::Status;

/// Bytes of a text of C: compilers may refuse more than 4095.
const MAX_LITERAL: usize = 1000;

/// A text within a comment: on one line, and without what would end the comment or open another.
pub(super) fn comment(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() || is_direction(c) { ' ' } else { c }).collect();
    line.replace("*/", "* /").replace("/*", "/ *").replace("??", "? ?")
}

/// Characters that make a line show in another order than it is read in.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// A text as a literal: ASCII alone, the bytes of UTF-8 in octal.
pub(super) fn literal(text: &str) -> String {
    let mut end = text.len().min(MAX_LITERAL);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut literal = String::from("\"");
    for byte in text.as_bytes()[..end].iter().copied() {
        if byte.is_ascii_alphanumeric() || b" _-+./()[],:;*'=<>!&|^~#%$@{}".contains(&byte) {
            literal.push(char::from(byte));
        } else {
            literal.push_str(&format!("\\{byte:03o}"));
        }
    }
    literal.push('"');
    literal
}

/// A number that reads back to the same double.
pub(super) fn number(value: f64) -> String {
    if value.is_nan() {
        "NAN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "INFINITY".to_owned() } else { "(-INFINITY)".to_owned() }
    } else if value.is_sign_negative() {
        format!("({value:?})")
    } else {
        format!("{value:?}")
    }
}

/// The name of a status, without its prefix, and what it means.
pub(super) fn of_status(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Ok => ("OK", "all is well"),
        Status::NotSettable => ("NOT_SETTABLE", "the slot is none of a constant that can be set"),
        Status::Shape => ("SHAPE", "too many numbers, or numbers that are no points of a graphical function"),
        Status::BadTime => ("BAD_TIME", "the time is not a number"),
        Status::Transport => ("TRANSPORT", "a conveyor or queue cannot go on"),
        Status::Failed => ("FAILED", "the run ended with another error"),
        Status::Trapped => ("TRAPPED", "the artifact was damaged; the instance does nothing any more"),
        Status::Memory => ("MEMORY", "there is no memory"),
    }
}

/// After the last kind: the end of that enum, and structures.
pub(super) const SHARED: &str = "\
};

/* What is known of a variable. */
struct simc_variable {
    const char *name;     /* as its author wrote it, in UTF-8 */
    const char *units;    /* NULL when it has none */
    int32_t slot;         /* its first element */
    uint32_t count;       /* its elements */
    int kind;             /* an enum simc_kind */
    int settable;         /* whether it can be set */
    double default_value; /* of the first element; NAN when it cannot be set */
    double least;         /* sensible values; NAN when nobody says so */
    double greatest;
};

/* An event that has fired. */
struct simc_event {
    uint32_t event;   /* its number */
    uint32_t element; /* the element of its variable */
    uint64_t step;    /* the step in which it fired, from 0 */
    double time;      /* its time */
    double value;     /* the value that passed the threshold */
};

/* Puts a text behind what a buffer of so many bytes holds; for what composes messages. */
static inline size_t simc_append(char *buffer, size_t at, size_t bytes, const char *text)
{
    while (*text != '\\0' && at + 1 < bytes)
        buffer[at++] = *text++;
    buffer[at] = '\\0';
    return at;
}

#endif

";
