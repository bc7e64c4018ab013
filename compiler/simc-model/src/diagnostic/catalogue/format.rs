//! The form of a file: XML, and what is where.

use super::entry::{Entry, entry};
use crate::diagnostic::code;

/// Pages in the order of their codes.
pub(super) const ENTRIES: &[Entry] = &[
    entry(
        code::NOT_XML,
        "the file is not XML",
        "A model in XMILE is an XML document. This file is empty, or begins as no XML document does.",
        "population = 100",
        "Check that the right file was given; export the model as XMILE (.xmile or .stmx).",
    ),
    entry(
        code::BROKEN_XML,
        "broken XML",
        "The document breaks a rule of XML, so that its elements cannot be told apart. The place is where reading stopped.",
        "<aux name=\"a\"><eqn>1</eqn>\n<aux name=\"b\">",
        "Close every element, quote every attribute, and write `&lt;` and `&amp;` for `<` and `&` in equations.",
    ),
    entry(
        code::DOCUMENT_TYPE,
        "document type declaration",
        "The XML declares a document type. Models need none, and the entities that it can define may make a small file expand without limit.",
        "<!DOCTYPE xmile [<!ENTITY a \"...\">]>",
        "Remove the `<!DOCTYPE ...>` declaration.",
    ),
    entry(
        code::XML_LIMIT,
        "XML beyond the limits",
        "Elements nest deeper, or one has more attributes, than any model needs.",
        "<a><a><a><a> ... </a></a></a></a>",
        "Check how the file was produced.",
    ),
    entry(
        code::WRONG_ROOT,
        "not an XMILE document",
        "The file is XML, but its outermost element is not `<xmile>`.",
        "<html> ... </html>",
        "Export the model as XMILE.",
    ),
    entry(
        code::NO_MODEL,
        "no model in the file",
        "An XMILE file holds its variables in a `<model>` element; this one has none.",
        "<xmile version=\"1.0\"><header/></xmile>",
        "Add a `<model>` with `<variables>`.",
    ),
    entry(
        code::MISSING_PART,
        "a needed part is missing",
        "An element lacks an attribute, or an element inside it, without which it means nothing.",
        "<aux><eqn>1</eqn></aux>",
        "Add what the message names.",
    ),
    entry(
        code::BAD_NUMBER,
        "not a number",
        "A number is needed here, and the text is none. Numbers have a decimal point, no thousands separators and no units.",
        "<stop>one hundred</stop>",
        "Write a number such as 100, 0.25 or 1e6.",
    ),
    entry(
        code::REPEATED_ELEMENT,
        "an element stands twice",
        "An element that may stand once stands again, and nothing says which of the two holds.",
        "<aux name=\"a\"><eqn>1</eqn><eqn>2</eqn></aux>",
        "Remove one of them.",
    ),
    entry(
        code::BAD_VALUE,
        "a value that cannot be",
        "An attribute or a text has none of the values that it may have.",
        "<gf type=\"smooth\">",
        "Write one of the values that the message lists.",
    ),
    entry(
        code::EMPTY_NAME,
        "an empty name",
        "A variable, module or model has a name without any character.",
        "<aux name=\"\"><eqn>1</eqn></aux>",
        "Give it a name.",
    ),
    entry(
        code::TEXT_EXPECTED,
        "elements where text is needed",
        "An element that holds plain text, such as an equation, holds other elements.",
        "<eqn><b>1</b></eqn>",
        "Write the text alone.",
    ),
    entry(
        code::BAD_TABLE,
        "a graphical function without proper points",
        "A graphical function needs at least one y, and either an `<xscale>` or as many x as y, in ascending order; all of them finite numbers. Where it has both, the points count, and a scale that is not their range is a warning.",
        "<gf><xpts>0,1,2</xpts><ypts>5,6</ypts></gf>",
        "Give it an `<xscale min=\"..\" max=\"..\"/>`, or one x for each y, sorted by x.",
    ),
    entry(
        code::OPTIONS,
        "options that contradict the model",
        "The `<options>` of the header list what the model uses, and the model uses something that they leave out or deny. The list changes nothing, but programs that read it would be misled, or the model is not what its author thinks.",
        "<options><uses_arrays maximum_dimensions=\"1\"/></options>",
        "Correct the list, or remove it.",
    ),
];
