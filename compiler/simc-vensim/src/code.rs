//! The codes of what only the text of a Vensim model can have wrong. Faults that equations of any
//! language share (a missing operand, a parenthesis without partner) have the shared codes.

use crate::neutral::Code;

/// A definition without its closing `|`, or a macro without its end.
pub const UNFINISHED: Code = Code(701);
/// The left side of a definition, or what follows it, has none of the forms of a definition.
pub const BAD_DEFINITION: Code = Code(702);
/// The elements or mappings of a subscript range cannot be read.
pub const BAD_RANGE: Code = Code(703);
/// A list of numbers holds something else, or has an odd number of them where x and y alternate.
pub const BAD_LIST: Code = Code(704);
/// A macro's first line cannot be read, or a macro begins within another one.
pub const BAD_MACRO: Code = Code(705);
/// A keyword between colons that does not exist, or means nothing where it is.
pub const MISPLACED_KEYWORD: Code = Code(706);
/// A record of the settings cannot be read.
pub const BAD_SETTINGS: Code = Code(707);
/// A function that reads another file, in a place or a form that is not supported.
pub const EXTERNAL: Code = Code(708);
/// A control variable that does not follow from constants.
pub const CONTROL_VARIABLE: Code = Code(709);
/// Reality checks, which are passed over.
pub const REALITY_CHECK: Code = Code(710);
/// A data variable, or some of its elements, without values.
pub const MISSING_DATA: Code = Code(711);
/// A file of changes that changes what it cannot, or none that this model can have.
pub const CHANGES: Code = Code(712);
/// A file for a tag of a Vensim model.
pub const FILE_TAGS: Code = Code(950);
