//! The module that a mutated crate is given: it knows which mutation is active.

use crate::{TRACE_VARIABLE, VARIABLE};

/// Its name in the crate.
pub(crate) const MODULE: &str = "mutation_switch";

/// Its source, for a build with `count` mutations.
///
/// The variable is read at the first question and kept in a static, so that a question costs one load and one comparison. While a
/// trace is asked for, each number is appended to the file when it is first asked about, without a buffer: what is written stays
/// written however the process ends, and processes can share the file.
pub(crate) fn source(count: u32) -> String {
    let size = count + 1;
    format!(
        r#"use std::fs::{{File, OpenOptions}};
use std::io::Write;
use std::sync::OnceLock;
use std::sync::atomic::{{AtomicBool, AtomicU32, Ordering}};

const UNREAD: u32 = u32::MAX;
const TRACING: u32 = u32::MAX - 1;
static ACTIVE: AtomicU32 = AtomicU32::new(UNREAD);
static REACHED: [AtomicBool; {size}] = [const {{ AtomicBool::new(false) }}; {size}];
static TRACE: OnceLock<Option<File>> = OnceLock::new();

#[inline]
pub(crate) fn is(number: u32) -> bool {{
    let active = ACTIVE.load(Ordering::Relaxed);
    if active < TRACING {{ active == number }} else {{ look(number, active) }}
}}

#[cold]
fn look(number: u32, active: u32) -> bool {{
    if active == UNREAD {{
        let state = match std::env::var_os("{TRACE_VARIABLE}") {{
            Some(path) => {{
                TRACE.get_or_init(|| OpenOptions::new().create(true).append(true).open(path).ok());
                TRACING
            }}
            None => std::env::var("{VARIABLE}").ok().and_then(|text| text.parse().ok()).unwrap_or(0),
        }};
        ACTIVE.store(state, Ordering::Relaxed);
        return is(number);
    }}
    if !REACHED[number as usize].swap(true, Ordering::Relaxed)
        && let Some(Some(mut file)) = TRACE.get().map(Option::as_ref)
    {{
        let _ = file.write_all(&number.to_le_bytes());
    }}
    false
}}
"#
    )
}
