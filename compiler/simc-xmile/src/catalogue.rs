//! What each code of this crate means, and what causes each fault in XMILE, as `simc explain` shows it.

use simc_model::diagnostic::catalogue::{Entry, entry};

use crate::code;

pub use examples::EXAMPLES;

mod examples;

/// Pages in the order of their codes.
pub const ENTRIES: &[Entry] = &[
    entry(
        code::NOT_XML,
        "the file is not XML",
        "A model in XMILE is an XML document. This file is empty, or begins as no XML document does.",
        "Check that the right file was given; export the model as XMILE (.xmile or .stmx).",
    ),
    entry(
        code::BROKEN_XML,
        "broken XML",
        "The document breaks a rule of XML, so that its elements cannot be told apart. The place is where reading stopped.",
        "Close every element, quote every attribute, and write `&lt;` and `&amp;` for `<` and `&` in equations.",
    ),
    entry(
        code::DOCUMENT_TYPE,
        "document type declaration",
        "The XML declares a document type. Models need none, and the entities that it can define may make a small file expand without limit.",
        "Remove the `<!DOCTYPE ...>` declaration.",
    ),
    entry(
        code::XML_LIMIT,
        "XML beyond the limits",
        "Elements nest deeper, or one has more attributes, than any model needs.",
        "Check how the file was produced.",
    ),
    entry(
        code::WRONG_ROOT,
        "not an XMILE document",
        "The file is XML, but its outermost element is not `<xmile>`.",
        "Export the model as XMILE.",
    ),
    entry(
        code::MISSING_PART,
        "a needed part is missing",
        "An element lacks an attribute, or an element inside it, without which it means nothing.",
        "Add what the message names.",
    ),
    entry(
        code::REPEATED_ELEMENT,
        "an element occurs twice",
        "An element that may occur once occurs again, and nothing says which of the two holds.",
        "Remove one of them.",
    ),
    entry(
        code::BAD_VALUE,
        "a value that cannot be",
        "An attribute or a text has none of the values that it may have.",
        "Write one of the values that the message lists.",
    ),
    entry(
        code::TEXT_EXPECTED,
        "elements where text is needed",
        "An element that holds plain text, such as an equation, holds other elements.",
        "Write the text alone.",
    ),
    entry(
        code::OPTIONS,
        "options that contradict the model",
        "The `<options>` of the header list what the model uses, and the model uses something that they leave out or deny. The list changes nothing, but programs that read it would be misled, or the model is not what its author thinks.",
        "Correct the list, or remove it.",
    ),
    entry(
        code::INCOMPLETE_IF,
        "an incomplete IF",
        "`IF` needs both `THEN` and `ELSE`, and neither of these stands without it.",
        "Write `IF condition THEN value ELSE other_value`.",
    ),
    entry(
        code::INCLUDE_CYCLE,
        "files include one another",
        "A file includes another that includes the first one again, directly or through others.",
        "Move what both need into a file of its own.",
    ),
    entry(
        code::FILE_LIMIT,
        "too many files",
        "A model may consist of 1000 files, which may include one another 64 deep and have 256 MiB together.",
        "Include what is needed alone.",
    ),
    entry(
        code::UNUSED_MODEL,
        "a model that nothing can refer to",
        "An included file holds a model without a name, while the including file has a model without a name already: only one can be the root.",
        "Give it a name, or refer to its file with the `resource` of a module.",
    ),
    entry(
        code::DATA_ON_DEMAND,
        "data that is not imported by itself",
        "An import with the frequency `on_demand` is made when a modeller asks for it. The model keeps the values of the last time in its equations, and these are compiled; the file is not read.",
        "Compile with `--data rates.csv` to take what the file holds now, or set the frequency to automatic.",
    ),
    entry(
        code::QUEUE_OPTIONS,
        "an option of conveyors in a queue",
        "A queue has no transit time, capacity, limit, sample or arrest.",
        "Leave the option out, or make the stock a conveyor.",
    ),
    entry(
        code::SHARED_OPTIONS,
        "an element with an option of its own",
        "Elements of an array may have equations of their own, also for the transit time, capacity, limit, sample and arrest of a conveyor. All of them are conveyors, or queues, or none, with the same options, and their outflows leak whole units, or are overflows, in all elements or in none.",
        "State the option in the stock or the flow itself, or split the array into two.",
    ),
    entry(
        code::OTHER_TIMES,
        "other times in a module's own file",
        "The file that holds a module has `<sim_specs>` that differ from those of the model. All of a model runs at the same times and by the same method, so that those of the module's file do not count.",
        "State the same in both files.",
    ),
    entry(
        code::OVENS,
        "ovens are not supported",
        "Stocks that are ovens cannot be compiled yet.",
        "A plain stock with a flow that empties it in pulses often serves.",
    ),
    entry(
        code::INITIAL_EQUATIONS,
        "an initial equation too many",
        "An `<init_eqn>` is what initial values see, and the `<eqn>` what holds in every step. The `<eqn>` of a stock is an initial value itself, so that with both nobody knows which one is meant; and where elements have equations of their own, a list does not tell which of its entries is whose.",
        "Leave one of a stock's two equations, or give each element its own `<init_eqn>`.",
    ),
    entry(
        code::ENCRYPTION,
        "encrypted models are not supported",
        "The model's contents are encrypted.",
        "Save the model without a password.",
    ),
    entry(
        code::OWN_SPECIFICATIONS,
        "simulations of their own are not supported",
        "A module that runs at other times, or with another step, than the whole model exchanges values with it at times that XMILE does not define. A macro with `<sim_specs>` is a whole simulation within every call: in every step and stage it starts its stocks and memories again and takes all of its own steps. The code of a step is loops over elements of arrays, which compute one after the other; a loop that carries the stocks of an inner run from one passage to the next is not among them.",
        "Use one time specification, with the smallest step of all. Write the steps of an inner run as the elements of an array that reads its own earlier elements: `x[Step] = x[Step - 1] + rate[Step]`.",
    ),
    entry(
        code::PARTIAL_RUNS,
        "running a part of a model is not supported",
        "In a run that is restricted to groups or modules, everything outside of them keeps the values of an earlier run, and an artifact has no earlier run.",
        "Remove the restriction.",
    ),
    entry(
        code::UNKNOWN_ELEMENT,
        "an unknown element",
        "The element is not part of XMILE, and it is used where it could change the model's numbers. An attribute of a variable, or of what is in one, that is not known is left out, with a warning: each once in a file.",
        "Remove it, if the model does not depend on it.",
    ),
    entry(
        code::BEHAVIORS,
        "option filters are not supported",
        "Defaults other than `<non_negative>`, and macros that run by themselves whenever a variable has an option, are not supported: XMILE states what such a filter is given, but neither the order of several filters nor how they meet the rules that the language itself has for the option.",
        "Call the macro in the equations that need it, and say an option at each variable.",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use simc_model::diagnostic::{Code, catalogue};

    use super::{ENTRIES, EXAMPLES};

    #[test]
    fn codes_ascend_and_each_has_an_example() {
        assert!(ENTRIES.is_sorted_by(|a, b| a.code < b.code));
        assert!(EXAMPLES.is_sorted_by(|a, b| a.code < b.code));
        let shown: BTreeSet<Code> = EXAMPLES.iter().map(|example| example.code).collect();
        // What `simc convert` refuses has its examples where that command is.
        let shared = catalogue::entries().filter(|entry| entry.code.0 / 100 != 8);
        assert!(ENTRIES.iter().chain(shared).all(|entry| shown.contains(&entry.code)));
    }

    #[test]
    fn every_code_has_a_page() {
        let constants = include_str!("code.rs").matches(": Code = Code(").count();
        assert_eq!(constants, ENTRIES.len());
    }
}
