//! Files of a model, and what their headers say.

use simc_xmile::code;

use super::{Feature, passed_over, refused, shown, warned};

pub(super) const FILES: &[Feature] = &[
    shown("XMILE 1.0", "models/teacup.xmile", "<xmile version=\"1.0\""),
    shown("Stella's files", "filetests/cli/formats.cli", "$ simc run tea.stmx"),
    shown(
        "files from before the standard: another namespace, variables directly in `<model>`",
        "filetests/model/before_the_standard.xmile",
        "http://www.systemdynamics.org/XMILE",
    ),
    shown("files that others include, by path or by a pattern", "models/include_files.xmile", "include_files/*.xml"),
    shown(
        "files outside of the model's folder, when the user allows them",
        "filetests/cli/other_folders.cli",
        "--allow-path",
    ),
    refused(
        "files from a network",
        code::BAD_RESOURCE,
        "<includes><include resource=\"https://example.org/a.xml\"/></includes><model/>",
        "an artifact follows from files on the disk alone",
    ),
    refused(
        "encrypted models",
        code::ENCRYPTION,
        "<model encrypted=\"true\"/>",
        "they cannot be read without the password",
    ),
    shown("several models in a file", "models/modules_twice.xmile", "<model name="),
    shown("entities, character references and CDATA in equations", "models/markup.xmile", "<![CDATA["),
    shown("`\\n` in names", "models/names.xmile", "two\\nlines"),
    shown(
        "sliders, knobs, switches, graphs and gauges of views and interfaces, for hosts: [controls](artifact.md#controls)",
        "suites/contract/description.rs",
        "<slider x=",
    ),
    passed_over(
        "drawings, pages and styles",
        &["style", "view", "views", "interface", "display", "isee:prefs", "isee:equation_prefs", "isee:time_formats"],
    ),
];

pub(super) const HEADER: &[Feature] = &[
    shown("the name of the model", "models/teacup.xmile", "<name>Teacup</name>"),
    passed_over(
        "who made the file, and when",
        &[
            "vendor",
            "product",
            "version",
            "caption",
            "image",
            "author",
            "affiliation",
            "client",
            "copyright",
            "contact",
            "created",
            "modified",
            "uuid",
        ],
    ),
    warned(
        "lists of options that contradict the model: `uses_conveyor`, `uses_queue`, `uses_arrays`, `uses_submodels`, \
         `uses_macros`, `uses_event_posters`",
        code::OPTIONS,
        "<header><options><uses_conveyor/></options></header><dimensions><dim name=\"D\" size=\"2\"/></dimensions><model>\
         <variables><aux name=\"a\"><dimensions><dim name=\"D\"/></dimensions><eqn>1</eqn></aux></variables></model>",
        "no list, or an empty one, says nothing",
    ),
    passed_over(
        "what a program shows of the model",
        &["has_model_view", "uses_outputs", "uses_inputs", "uses_annotation"],
    ),
    shown("`invalid_index_value`", "models/array_invalid_index.xmile", "invalid_index_value=\"NaN\""),
    shown("namespaces before builtins: `std.`, `isee.`, `vensim.`", "models/names.xmile", "isee."),
    shown("defaults in `<behavior>` of a file and of a model", "models/behavior_defaults.xmile", "<behavior>"),
    refused(
        "defaults other than `<non_negative>`",
        code::BEHAVIORS,
        "<behavior><stock><queue/></stock></behavior><model/>",
        "XMILE does not say how they meet what an entity says",
    ),
    warned(
        "a vendor's elements around models",
        code::UNKNOWN_ELEMENT,
        "<isee:anything_else/><model/>",
        "left out: they are about windows and games",
    ),
    refused(
        "a vendor's elements in variables, graphical functions and modules",
        code::UNKNOWN_ELEMENT,
        "<aux name=\"a\"><eqn>1</eqn><isee:anything_else/></aux>",
        "what nobody has listed could change numbers",
    ),
];
