//! The codes of what only a file of XMILE or Stella can have wrong, and beside them those that models of every format share.

use simc_model::diagnostic::Code;

pub use simc_model::diagnostic::code::*;

/// The file is empty or does not begin as XML does.
pub const NOT_XML: Code = Code(101);
/// The XML breaks a rule of XML.
pub const BROKEN_XML: Code = Code(102);
/// The XML declares a document type, which could define entities.
pub const DOCUMENT_TYPE: Code = Code(103);
/// The XML nests deeper, or has more attributes on one element, than any model needs.
pub const XML_LIMIT: Code = Code(104);
/// The root element is not `<xmile>`.
pub const WRONG_ROOT: Code = Code(105);
/// An element lacks an attribute, or an element within, that it needs.
pub const MISSING_PART: Code = Code(107);
/// An element is twice where it may occur once.
pub const REPEATED_ELEMENT: Code = Code(109);
/// An attribute or a text has none of the values that it may have.
pub const BAD_VALUE: Code = Code(110);
/// An element holds others where it may hold text alone.
pub const TEXT_EXPECTED: Code = Code(112);
/// The options of a header contradict the model.
pub const OPTIONS: Code = Code(114);
/// IF lacks its THEN or its ELSE, or one of those lacks its IF.
pub const INCOMPLETE_IF: Code = Code(128);
/// Files include one another in a cycle.
pub const INCLUDE_CYCLE: Code = Code(137);
/// A model consists of too many files, of too large ones, or of files that include one another too deeply.
pub const FILE_LIMIT: Code = Code(138);
/// A model of an included file that nothing can refer to.
pub const UNUSED_MODEL: Code = Code(139);
/// Data that is imported on demand alone.
pub const DATA_ON_DEMAND: Code = Code(141);
/// An option of conveyors in a queue.
pub const QUEUE_OPTIONS: Code = Code(246);
/// An element of an array with another option than the array has.
pub const SHARED_OPTIONS: Code = Code(253);
/// Times in a module's own file that are not those of the model.
pub const OTHER_TIMES: Code = Code(509);
/// Ovens.
pub const OVENS: Code = Code(905);
/// An initial equation beside the equation of a stock, or a list of them beside elements.
pub const INITIAL_EQUATIONS: Code = Code(908);
/// Encrypted models.
pub const ENCRYPTION: Code = Code(912);
/// Models and modules that run at times of their own.
pub const OWN_SPECIFICATIONS: Code = Code(913);
/// Runs of a part of the model.
pub const PARTIAL_RUNS: Code = Code(914);
/// An element that could change the model's numbers and that no rule of XMILE explains.
pub const UNKNOWN_ELEMENT: Code = Code(916);
/// Option filters and defaults other than `<non_negative>`.
pub const BEHAVIORS: Code = Code(917);
