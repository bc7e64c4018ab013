//! The section `simc.layout`, byte for byte.
//!
//! All numbers are little-endian; a `str` is its length in bytes as u32, then UTF-8. The section begins with the core record:
//!
//! ```text
//! n_slots u64 | n_chunks u64 | results_offset u64 | count u32 | count x { name str | slot u64 }
//! ```
//!
//! with one entry for each scalar and each array element (`name[elem1,elem2]`), in the order of the slots; an array of one element has a
//! second one, its bare name. If the row has more than [`MAX_ELEMENT_ENTRIES`](crate::MAX_ELEMENT_ENTRIES) slots, an array has one entry:
//! its bare name with its first slot.
//!
//! Extension records follow to the end of the section, each `tag u32 | len u32 | payload`. The format record is the first of them;
//! each tag occurs at most once; a reader skips tags that it does not know.
//!
//! ```text
//! 1 format      version u32 = 2 | flags u32: bit 0 when arrays have one entry
//! 2 origin      producer str | model str | SHA-256 of the source, 32 bytes
//! 3 time        start f64 | stop f64 | dt f64 | n_steps u64 | save_every u64 | method u8: 0 Euler, 1 RK2, 2 RK4, 3 midpoint
//!               | flags u8: bit 0 units | [units str]
//! 4 dimensions  count u32 | count x { name str | n u32 | n x element str }
//! 5 variables   count u32 | count x { name str | kind u8 | flags u8: bit 0 settable, 1 units, 2 documentation, 3 range,
//!               4 settable in part | slot u64 | rank u32 | rank x dimension u32 | [element count x default f64]
//!               | [n u32 | n x { first element u32 | k u32 | k x default f64 }] | [units str] | [documentation str]
//!               | [least f64 | greatest f64] }
//!               kind: 0 time slot, 1 stock, 2 flow, 3 auxiliary, 4 constant, 5 module input
//! 6 regions     count u32 | count x { name str | offset u64 | bytes u64 }
//! 40 groups     count u32 | count x { name str | flags u8: bit 0 documentation | [documentation str] | n u32 | n x member str };
//!               only when the model has groups
//! 42 transports      count u32 | count x { name str | kind u8: 0 conveyor, 1 queue | rank u32 | rank x dimension u32 }; only when there are any
//! 43 links      count u32 | count x { cause u32 | effect u32 | sign u8: 0 unknown, 1 same, 2 opposite | flags u8: bit 0 at the start alone };
//!               variables by their place in record 5; sorted by the effect, then by the cause; only when there are any
//! 44 controls   count u32 | count x { kind u8: 0 slider, 1 knob, 2 switch, 3 graph, 4 gauge | flags u8: bit 0 range, 1 step, 2 label
//!               | n u32 | n x name str | [least f64 | greatest f64] | [step f64] | [label str] }; only when there are any
//! 46 files      count u32 | count x { name str | SHA-256 of the contents, 32 bytes }; only when the model was read from several files
//! 48 inputs     offset u64 | capacity u64 | count u32 | count x { name str | kind u8: 0 continuous, 1 extrapolate, 2 discrete
//!               | capacity u32 | n u32 | n x { x f64 | y f64 } }
//! 49 events     count u32 | count x { variable str | rank u32 | rank x dimension u32 | first u32 | n u32 | value f64
//!               | direction u8: 0 increasing, 1 decreasing | repeat u8: 0 each, 1 once, 2 once ever | interval u32
//!               | k u32 | k x { action u8: 0 message, 1 pause, 2 stop | message str } }
//! ```
//!
//! A variable's name is the one that its author wrote; its canonical name is in the first core entry with the same slot.

/// Version of the extension records that this crate writes and reads.
pub(crate) const FORMAT_VERSION: u32 = 2;

/// Tags of extension records.
pub(crate) mod tag {
    pub(crate) const FORMAT: u32 = 1;
    pub(crate) const ORIGIN: u32 = 2;
    pub(crate) const TIME: u32 = 3;
    pub(crate) const DIMENSIONS: u32 = 4;
    pub(crate) const VARIABLES: u32 = 5;
    pub(crate) const REGIONS: u32 = 6;
    pub(crate) const GROUPS: u32 = 40;
    pub(crate) const TRANSPORTS: u32 = 42;
    pub(crate) const LINKS: u32 = 43;
    pub(crate) const CONTROLS: u32 = 44;
    pub(crate) const FILES: u32 = 46;
    pub(crate) const INPUTS: u32 = 48;
    pub(crate) const EVENTS: u32 = 49;

    /// All of them.
    pub(crate) const KNOWN: [u32; 13] = [
        FORMAT, ORIGIN, TIME, DIMENSIONS, VARIABLES, REGIONS, GROUPS, TRANSPORTS, LINKS, CONTROLS, FILES, INPUTS,
        EVENTS,
    ];
}

/// Bits of flag fields.
pub(crate) mod flag {
    pub(crate) const ARRAYS_HAVE_ONE_ENTRY: u32 = 1;
    pub(crate) const TIME_UNITS: u8 = 1;
    pub(crate) const GROUP_DOC: u8 = 1;
    pub(crate) const SETTABLE: u8 = 1;
    pub(crate) const UNITS: u8 = 2;
    pub(crate) const DOC: u8 = 4;
    pub(crate) const RANGE: u8 = 8;
    pub(crate) const SETTABLE_PARTS: u8 = 16;
    pub(crate) const LINK_AT_START: u8 = 1;
    pub(crate) const CONTROL_RANGE: u8 = 1;
    pub(crate) const CONTROL_STEP: u8 = 2;
    pub(crate) const CONTROL_LABEL: u8 = 4;
}
