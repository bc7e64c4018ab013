//! Arrays.

use simc_model::diagnostic::code;

use super::{Feature, builtins, refused, shown};

pub(super) const ARRAYS: &[Feature] = &[
    shown("dimensions with named elements", "models/array_dimensions.xmile", "<elem name=\"top\"/>"),
    shown("dimensions with a size", "models/array_dimensions.xmile", "<dim name=\"Row\" size=\"3\"/>"),
    shown(
        "any number of dimensions, one of them twice",
        "models/array_dimensions.xmile",
        "<dim name=\"Row\"/><dim name=\"Row\"/>",
    ),
    shown("one equation for all elements", "models/array_equations.xmile", "<aux name=\"same\">"),
    shown("an equation for each", "models/array_equations.xmile", "<element subscript=\"far_east\">"),
    shown("one equation for all but some", "models/array_equations.xmile", "<aux name=\"mostly\">"),
    shown("a graphical function for each, one equation", "models/array_tables.xmile", "<aux name=\"one equation\">"),
    refused(
        "arrays of which elements are missing",
        code::MISSING_ELEMENTS,
        "<dimensions><dim name=\"D\" size=\"2\"/></dimensions><model><variables><aux name=\"a\"><dimensions>\
         <dim name=\"D\"/></dimensions><element subscript=\"1\"><eqn>1</eqn></element></aux></variables></model>",
        "an error of the model: they have no value",
    ),
    shown("elements by name", "models/array_subscripts.xmile", "a[South]"),
    shown("elements by number", "models/array_subscripts.xmile", "a[2]"),
    shown("elements by a number that is computed", "models/array_subscripts.xmile", "a[TIME]"),
    shown("elements by position, in equations of one number: `@n`", "models/array_subscripts.xmile", "a[@3]"),
    shown("dimensions by position, in equations of arrays: `@n`", "models/array_places.xmile", "a[@3, @2, @1]"),
    shown("all elements in a row: `array(n)`", "models/array_subscripts.xmile", "m(TIME)"),
    shown("wildcards: `a[*]`", "models/array_reducers.xmile", "SUM(m[*, Product])"),
    shown("wildcards with the dimension: `a[*:D]`, `a[D.*]`", "models/array_reducers.xmile", "Region.*"),
    shown("ranges: `a[2:4]`, `a[first:last]`", "models/array_reducers.xmile", "a[North:South]"),
    shown("slices as values", "models/array_reducers.xmile", "SUM(m[Region, *])"),
    shown("transpose: `a'`", "models/array_algebra.xmile", "<eqn>a'</eqn>"),
    shown("inner product: `a *.* b`", "models/array_algebra.xmile", "a *.* b"),
    refused(
        "`*` as a product of matrices",
        code::SHAPES,
        "<dimensions><dim name=\"R\" size=\"2\"/><dim name=\"Q\" size=\"3\"/></dimensions><model><variables>\
         <aux name=\"a\"><dimensions><dim name=\"R\"/><dim name=\"Q\"/></dimensions><eqn>1</eqn></aux>\
         <aux name=\"b\"><dimensions><dim name=\"Q\"/><dim name=\"R\"/></dimensions><eqn>1</eqn></aux>\
         <aux name=\"c\"><dimensions><dim name=\"R\"/><dim name=\"R\"/></dimensions><eqn>a*b</eqn></aux></variables></model>",
        "`*` works element by element; the product is `a *.* b`",
    ),
    shown("elements as numbers: `Dim.element`", "models/array_positions.xmile", "Stage.Larva"),
    shown("a dimension as a number", "models/array_positions.xmile", "<eqn>Stage*10 + Year</eqn>"),
    shown("subscripts that are no element give 0, or NaN", "models/array_invalid_index.xmile", "invalid_index_value"),
    shown("arrays of fewer dimensions in equations of more", "models/array_equations.xmile", "base + 10*weight + TIME"),
    shown("elements that read others of their own array", "models/array_recurrence.xmile", "power[Year - 1]"),
    shown("arrays as arguments of functions", "models/array_memory.xmile", "SMTH1(goal, pace, 0)"),
    shown("stocks, flows and non-negativity by element", "models/array_stocks.xmile", "<element subscript=\"small\">"),
    shown("Stella's maps of dimensions of one size: `isee:maps_to`", "models/array_mapped.xmile", "isee:maps_to"),
    builtins("reducers", &["SUM", "MEAN", "MIN", "MAX", "PROD", "STDDEV", "SIZE", "VMIN", "VMAX"]),
    builtins("`RANK`", &["RANK"]),
    builtins("`MEDIAN`, `MODE`", &["MEDIAN", "MODE"]),
    builtins("`INVERT_MATRIX`", &["INVERT_MATRIX"]),
    builtins(
        "Vensim's functions of vectors",
        &["VECTOR_SELECT", "VECTOR_ELM_MAP", "VECTOR_SORT_ORDER", "VECTOR_RANK", "VECTOR_REORDER"],
    ),
    builtins("allocation", &["ALLOCATE", "ALLOCATE_AVAILABLE", "ALLOCATE_BY_PRIORITY"]),
];
