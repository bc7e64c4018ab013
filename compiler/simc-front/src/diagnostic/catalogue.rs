//! What each code means: the source of `simc explain` and of the reference page on diagnostics. It is one table, and as long as there are codes.

use super::{Code, code};

/// The page on one code.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The code.
    pub code: Code,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// When it happens and why it matters, in a sentence or two.
    pub explanation: &'static str,
    /// Something that causes it.
    pub example: &'static str,
    /// What to do about it.
    pub cure: &'static str,
}

/// The page on a code, if it has one.
pub fn find(code: Code) -> Option<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.code == code)
}

const fn entry(
    code: Code,
    title: &'static str,
    explanation: &'static str,
    example: &'static str,
    cure: &'static str,
) -> Entry {
    Entry { code, title, explanation, example, cure }
}

/// All pages, in the order of their codes.
pub const ENTRIES: &[Entry] = &[
    // format
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
        "A graphical function needs at least one y, and either an `<xscale>` or as many x as y, in ascending order; all of them finite numbers.",
        "<gf><xpts>0,1,2</xpts><ypts>5,6</ypts></gf>",
        "Give it an `<xscale min=\"..\" max=\"..\"/>`, or one x for each y, sorted by x.",
    ),
    // equations
    entry(
        code::MISSING_OPERAND,
        "an operand is missing",
        "An operator, a parenthesis or a comma stands where a number, a name or an opening parenthesis is needed.",
        "births * / 2",
        "Write what is missing, or remove the operator.",
    ),
    entry(
        code::UNBALANCED,
        "parentheses do not match",
        "A parenthesis or bracket is opened and not closed, or closed and not opened.",
        "(births - deaths",
        "Add or remove one.",
    ),
    entry(
        code::UNKNOWN_CHARACTER,
        "a character that equations do not use",
        "No operator, number or name is written with this character.",
        "births ? deaths",
        "Remove it; a name with unusual characters must stand in double quotes.",
    ),
    entry(
        code::UNTERMINATED,
        "not closed before the end",
        "A comment in braces or a name in double quotes is opened and not closed.",
        "births {per year",
        "Add the closing brace or quote.",
    ),
    entry(
        code::BAD_LITERAL,
        "a malformed number",
        "What begins as a number does not go on as one.",
        "2kg",
        "Write digits with one decimal point at most, and an exponent such as 1e-3 if there is need; put names that begin with a digit in double quotes.",
    ),
    entry(
        code::FOREIGN_OPERATOR,
        "an operator of another language",
        "The operator belongs to a programming language or to another modelling tool, not to XMILE.",
        "a == b",
        "Write the operator that the hint names.",
    ),
    entry(
        code::TOO_DEEP,
        "an equation nests too deeply",
        "Parentheses and calls stand within one another beyond the limit.",
        "((((((( ... )))))))",
        "Move an inner part to a variable of its own.",
    ),
    entry(
        code::TOO_LARGE,
        "an equation is too long",
        "The equation has more numbers, names and operators than the limit.",
        "1 + 1 + 1 + ...",
        "Split it into several variables, or use a graphical function for tabulated data.",
    ),
    entry(
        code::INCOMPLETE_IF,
        "an incomplete IF",
        "`IF` needs both `THEN` and `ELSE`, and neither of these stands without it.",
        "IF stock > 0 THEN 1",
        "Write `IF condition THEN value ELSE other_value`.",
    ),
    entry(
        code::STRAY_COMMA,
        "a comma out of place",
        "Commas separate arguments and subscripts, and mean nothing elsewhere. A decimal comma is not understood.",
        "birth_rate * 0,5",
        "Write a decimal point, or put the arguments in parentheses.",
    ),
    entry(
        code::MISSING_OPERATOR,
        "an operator is missing",
        "Two numbers, names or parentheses stand side by side. Names with spaces are written with underscores in equations.",
        "birth rate * population",
        "Write `birth_rate`, or the operator that belongs between the two.",
    ),
    entry(
        code::BAD_SUBSCRIPT,
        "a subscript out of place",
        "Brackets, `*`, `:` and `@` select elements of arrays, behind the name of a variable and nowhere else.",
        "(a + b)[1]",
        "Put the subscript behind the variable's name.",
    ),
    // other files
    entry(
        code::FILE_MISSING,
        "a missing file",
        "The model refers to a file that does not exist, or to a pattern that no file matches. A relative path begins at the folder of the file in which it stands.",
        "<include resource=\"units/metric.xml\"/>",
        "Correct the path, or put the file there.",
    ),
    entry(
        code::FILE_OUTSIDE,
        "a file outside of the model's folder",
        "A model may refer to files in its own folder and below. Others are read only from folders that the user allows.",
        "<include resource=\"../../private.xml\"/>",
        "Move the file into the model's folder, or allow its folder with `--allow-path`.",
    ),
    entry(
        code::FILE_UNREADABLE,
        "a file that cannot be read",
        "The model refers to something that is no file, that is too large, that the user has no right to read, or that is not text where text is needed.",
        "<include resource=\"folder\"/>",
        "Check the file and its rights.",
    ),
    entry(
        code::BAD_RESOURCE,
        "not the path of a file",
        "A reference to a file is a relative or an absolute path, with wildcards (`*`, `?`) in its last part alone. Nothing is ever read from a network.",
        "<include resource=\"http://example.org/macros.xml\"/>",
        "Copy the file beside the model and refer to it by its path.",
    ),
    entry(
        code::INCLUDE_CIRCLE,
        "files include one another",
        "A file includes another that includes the first one again, directly or through others.",
        "a.xmile includes b.xmile, which includes a.xmile",
        "Move what both need into a file of its own.",
    ),
    entry(
        code::FILE_LIMIT,
        "too many files",
        "A model may consist of 1000 files, which may include one another 64 deep and have 256 MiB together.",
        "<include resource=\"*\"/> in a folder of thousands of files",
        "Include what is needed alone.",
    ),
    entry(
        code::UNUSED_MODEL,
        "a model that nothing can refer to",
        "An included file holds a model without a name, while the including file has a model without a name already: only one can be the root.",
        "<include resource=\"another_model.xmile\"/>",
        "Give it a name, or refer to its file with the `resource` of a module.",
    ),
    // data
    entry(
        code::DATA_FILE,
        "data that cannot be read",
        "A file of data is larger than what is read, is neither CSV nor a workbook (.xlsx, .xls, XML Spreadsheet 2003), is damaged, or has no worksheet of the name.",
        "<import type=\"Excel\" resource=\"rates.xlsx\" worksheet=\"Sheet 1\"/>",
        "Save the table as CSV in UTF-8, and name one of the worksheets that there are.",
    ),
    entry(
        code::DATA_ON_DEMAND,
        "data that is not imported by itself",
        "An import with the frequency `on_demand` is made when a modeller asks for it. The model keeps the values of the last time in its equations, and these are compiled; the file is not read.",
        "<import frequency=\"on_demand\" resource=\"rates.csv\"/>",
        "Compile with `--data rates.csv` to take what the file holds now, or set the frequency to automatic.",
    ),
    entry(
        code::DATA_NAME,
        "data for a variable that does not exist",
        "The first row of a table (of a horizontal one the first column) holds names of variables, and this is none. In a module the name is `Module.variable`. An import may hold more than the model needs, which is a warning; in a file given with `--data` it is an error.",
        "Time,Brith Rate",
        "Correct the name. A column of times is called `Time`.",
    ),
    entry(
        code::DATA_SUBSCRIPT,
        "data for an element that does not exist",
        "The subscripts of a heading are elements, names of dimensions, or `*`, one for each dimension of the variable.",
        "\"rate[North, Yuong]\"",
        "Correct the subscripts. In CSV a name with commas stands between double quotes.",
    ),
    entry(
        code::DATA_TARGET,
        "a variable that cannot take data",
        "Stocks take an initial value and graphical functions take points, but neither takes values over time; a connected module input takes nothing.",
        "Time,Population",
        "Give the data without times, or to the variable that is meant.",
    ),
    entry(
        code::DATA_VALUE,
        "data that is no number",
        "A cell below a heading holds text, an error, a date, a number that is too large, or a formula whose result is not in the file.",
        "2001,n/a",
        "Write a number with a decimal point. Between values over time, leave the cells of missing ones empty.",
    ),
    entry(
        code::DATA_TIMES,
        "times that are missing or not in order",
        "Every value over time needs its time, in the first column or, in a horizontal table, the first row. Times ascend.",
        "Time,rate\n2002,1\n2001,2",
        "Sort the rows by time, and keep one row for each.",
    ),
    entry(
        code::DATA_TWICE,
        "data that is given twice",
        "Two headings of one table mean the same variable or the same element of an array.",
        "rate,Rate",
        "Keep one of them.",
    ),
    entry(
        code::DATA_COUNT,
        "values that are too many or too few",
        "Below a heading stand as many values as it means elements of an array, or one for all of them; below a graphical function one for each of its points, of which there may be another number where the x are evenly spaced. A heading without values is a warning.",
        "rate[*]",
        "Count the values, which run without a gap from the heading on.",
    ),
    entry(
        code::DATA_IGNORED,
        "data of which a part is not taken",
        "A table without times has several values for a variable that takes one, or a direct import (`isee:overwrite`) has a value for a variable that an equation computes. Stella takes the first value, or none.",
        "rate\n0.1\n0.2",
        "For values over time, call the first column `Time`. To replace an equation, import without `isee:overwrite`.",
    ),
    // names
    entry(
        code::UNKNOWN_NAME,
        "an unknown name",
        "No variable, flow or module of this name can be seen from here. Within a module, only its own variables can; others are reached as `module.name`, or `.name` from the root.",
        "birth_rat * population",
        "Correct the spelling, define the variable, or write the path to it.",
    ),
    entry(
        code::UNKNOWN_FUNCTION,
        "an unknown function",
        "The name before the parentheses is neither a builtin function nor a graphical function of the model.",
        "SMTH2(sales, 5)",
        "Correct the spelling, or write `*` before the parenthesis to multiply.",
    ),
    entry(
        code::DUPLICATE_NAME,
        "a name defined twice",
        "Two variables, modules or models have the same name. Case does not matter in names, nor does it matter whether words are separated by spaces, underscores or line breaks.",
        "<aux name=\"Birth rate\"/> <aux name=\"birth_rate\"/>",
        "Rename or remove one of them.",
    ),
    entry(
        code::MISSING_EQUATION,
        "a variable without an equation",
        "A flow or auxiliary has neither an equation nor, if it is a module's input, a connection. Comments are no equation.",
        "<aux name=\"birth rate\"/>",
        "Write its equation in `<eqn>`.",
    ),
    entry(
        code::MISSING_INITIAL_VALUE,
        "a stock without an initial value",
        "A stock's equation is its value at the start; without one there is nothing to begin with.",
        "<stock name=\"population\"><inflow>births</inflow></stock>",
        "Write the initial value in `<eqn>`, 0 if that is what is meant.",
    ),
    entry(
        code::CIRCULAR,
        "a circular dependency",
        "To compute a variable in a step, its own value in the same step is needed. The message shows the way round, and each place where it goes on.",
        "price = cost * markup\ncost = price / 2",
        "Put a stock, a delay, a smooth or PREVIOUS somewhere on the way, as there is in the real system.",
    ),
    entry(
        code::CIRCULAR_INITIAL,
        "a circular dependency of initial values",
        "To compute the initial value of a stock or of a delay, that very value is needed. Within a step there would be no circle.",
        "stock = SMTH1(stock, 5)",
        "Give a stock on the way an initial value that depends on none of the others, or the delay its optional initial argument.",
    ),
    entry(
        code::ARGUMENT_COUNT,
        "too few or too many arguments",
        "The function does not take that many arguments. Arguments in brackets in the hint may be left out.",
        "SMTH1(sales)",
        "Write the call as the hint shows it.",
    ),
    entry(
        code::TABLE_EXPECTED,
        "the name of a graphical function is needed",
        "LOOKUP evaluates a graphical function that its first argument names; a number or a variable without a graphical function will not do.",
        "LOOKUP(2 * effect, density)",
        "Write the name of a variable that has a `<gf>`.",
    ),
    entry(
        code::TABLE_AS_VALUE,
        "a graphical function used as a number",
        "A graphical function without an equation has no value of its own, only one for each x.",
        "effect_of_density * births",
        "Write `effect_of_density(density)`, or give the graphical function an equation.",
    ),
    entry(
        code::NOT_CALLABLE,
        "a variable called like a function",
        "The name before the parentheses is a variable without a graphical function. Multiplication is never implied.",
        "population(births - deaths)",
        "Write `*` to multiply.",
    ),
    entry(
        code::FUNCTION_AS_VALUE,
        "a function without arguments",
        "A function's name stands where a number is needed.",
        "10 * STEP",
        "Write its arguments in parentheses, as the hint shows.",
    ),
    entry(
        code::MODULE_AS_VALUE,
        "a module used as a number",
        "A module's name stands where a number is needed.",
        "hares * 2",
        "Write `module.variable`.",
    ),
    entry(
        code::NOT_A_FLOW,
        "a stock changed by something that is not a flow",
        "The `<inflow>` and `<outflow>` entries of a stock name flows. An auxiliary serves as one, with a warning; a stock or a graphical function cannot.",
        "<aux name=\"births\"/> <stock name=\"population\"><inflow>births</inflow></stock>",
        "Define it as a `<flow>`.",
    ),
    entry(
        code::FLOW_REUSED,
        "a flow used twice",
        "A flow runs from one stock to one stock. When it fills, or drains, two stocks, both count it, with a warning: what leaves one place would arrive at two. When one stock names it twice, that is an error.",
        "<stock name=\"a\"><inflow>f</inflow></stock> <stock name=\"b\"><inflow>f</inflow></stock>",
        "Define a second flow with the first one as its equation.",
    ),
    entry(
        code::STOCK_WITH_TABLE,
        "a stock with a graphical function",
        "A graphical function transforms what an equation computes in each step; a stock is not computed but accumulated.",
        "<stock name=\"s\"><eqn>1</eqn><gf>...</gf></stock>",
        "Give the graphical function to an auxiliary or a flow.",
    ),
    entry(
        code::BAD_ORDER,
        "the order of a delay is not usable",
        "The order of DELAYN and SMTHN is the number of levels, which the compiled model must know before it runs: a number from 1 to 1000, or a variable computed by arithmetic from constants; all orders together may be 100000. A constant that an order depends on cannot be set by a host any more.",
        "DELAYN(orders, 5, TIME)",
        "Write a number, or the name of a constant.",
    ),
    entry(
        code::UNKNOWN_MODEL,
        "a module without a model",
        "A `<module>` is an instance of the `<model>` of the same name, or of the one that its `model` attribute names; the file has none.",
        "<module name=\"hares\"/>",
        "Add `<model name=\"hares\">`, or correct the name.",
    ),
    entry(
        code::RECURSIVE_MODULE,
        "a model that contains itself",
        "A module is an instance of a model of which it is a part, directly or through other modules: there would be no end of instances.",
        "<model name=\"region\"> ... <module name=\"inner\" isee:model=\"region\"/>",
        "Remove the inner module.",
    ),
    entry(
        code::MODULE_LIMIT,
        "too many modules",
        "Modules nest deeper than 64 levels, or all instances together have more than a million variables, fewer when their equations are long.",
        "<model name=\"a\"> with ten modules of <model name=\"b\"> with ten modules of ...",
        "Use fewer or smaller modules.",
    ),
    entry(
        code::BAD_CONNECTION,
        "a connection that leads nowhere",
        "A `<connect>` names, with `to`, an input of the module and, with `from`, a variable that can be seen where the module stands. One of the two is something else.",
        "<connect to=\"hares.no_such_input\" from=\".area\"/>",
        "Correct the name, or mark the variable in the module with `access=\"input\"`.",
    ),
    entry(
        code::CONNECTED_TWICE,
        "an input with two sources",
        "Two connections feed the same input from different variables.",
        "<connect to=\"hares.area\" from=\".a\"/> <connect to=\"hares.area\" from=\".b\"/>",
        "Remove one of them.",
    ),
    entry(
        code::MACRO_LIMIT,
        "macros beyond the limits",
        "Each call of a macro is an instance of its own. Together they make more variables than a model may have, or they call one another too deeply.",
        "a macro that calls another twice, which calls a third twice, and so on, 20 times",
        "Call less often, or compute the value once in a variable.",
    ),
    entry(
        code::NOT_A_FUNCTION,
        "a model that cannot be called",
        "A model can be called like a function when exactly one of its variables has `access=\"output\"`; its arguments are the variables with `access=\"input\"`, in their order.",
        "largest(a, b), where the model `largest` has no output",
        "Give the variable that is the result `access=\"output\"`.",
    ),
    entry(
        code::BELT_OUTFLOW,
        "a conveyor without exactly one outflow at its exit",
        "What reaches the end of a conveyor leaves by one outflow. All other outflows must be leaks.",
        "<stock name=\"line\"><eqn>0</eqn><outflow>a</outflow><outflow>b</outflow><conveyor><len>4</len></conveyor></stock>",
        "Mark all outflows but one with `<leak>`.",
    ),
    entry(
        code::BELT_FLOW,
        "a flow that belts cannot have",
        "A flow enters one conveyor or queue and leaves one; only a conveyor has leaks, and only a queue has an overflow.",
        "<flow name=\"loss\"><eqn>0.1</eqn><leak/></flow>",
        "Name each flow in one stock as an inflow and in one as an outflow, and make the stock a conveyor or queue.",
    ),
    entry(
        code::BELT_TRANSIT,
        "a transit time that a conveyor cannot have",
        "The transit time of a conveyor must be given, be above 0 and no longer than a million steps.",
        "<conveyor><len>0</len></conveyor>",
        "Write a positive transit time in `<len>`, or use a larger time step.",
    ),
    entry(
        code::BELT_SHAPE,
        "a conveyor or queue and a flow with different dimensions",
        "Each element of an array of belts has flows of its own, so the flows must have the dimensions of the stock.",
        "<stock name=\"line\"><dimensions><dim name=\"plant\"/></dimensions> ... <inflow>in</inflow></stock>",
        "Give the flow the dimensions of the stock.",
    ),
    entry(
        code::BELT_INITIAL,
        "a list of initial values that a conveyor cannot begin with",
        "A list gives the contents of slats or of units of time, so the number of slats must be known: the transit time must be a number.",
        "<eqn>10, 20, 30</eqn> ... <len>delay time</len>",
        "Write the transit time as a number, or one initial value for all contents.",
    ),
    entry(
        code::OVERFLOW_FIRST,
        "an overflow that no outflow comes before",
        "An overflow takes what the outflows before it could not take. So it cannot be the first.",
        "<outflow>spill</outflow> ... <flow name=\"spill\"><overflow/></flow>",
        "List another outflow of the queue before it.",
    ),
    entry(
        code::QUEUE_OPTIONS,
        "an option of conveyors in a queue",
        "A queue has no transit time, capacity, limit, sample or arrest.",
        "<queue><len>4</len></queue>",
        "Leave the option out, or make the stock a conveyor.",
    ),
    entry(
        code::BELT_LIMIT,
        "a conveyor or queue with too many flows",
        "A conveyor or queue may have 64 inflows and 64 outflows, and a conveyor 16 leaks.",
        "<stock name=\"line\"> ... <inflow>a1</inflow> ... <inflow>a65</inflow> ...",
        "Merge flows.",
    ),
    entry(
        code::BELT_EXPECTED,
        "an argument that should be a conveyor or queue",
        "QELEM, QLEN, PROCTIME and CAPACITY look at what is in a queue or on a conveyor, so their first argument is the name of one.",
        "QLEN(population)",
        "Name a stock with `<queue/>` or `<conveyor>`.",
    ),
    entry(
        code::BAD_REPEAT,
        "events that fire once and repeat",
        "The thresholds of an event poster say how often their events fire. Several events of one threshold are used one after \
         another, each of them once, so that they cannot repeat; and only an event that fires each time the threshold is passed \
         can have an interval after which it fires again.",
        "<threshold value=\"5\" repeat=\"each\"><event/><event sim_action=\"stop\"/></threshold>",
        "Write `once` or `once_ever` for several events, and an interval, which is not negative, with `each` alone.",
    ),
    entry(
        code::REPEATED_THRESHOLD,
        "the same threshold twice",
        "A variable has each threshold once in each direction, so that it is known which event comes first.",
        "<threshold value=\"5\"><event/></threshold><threshold value=\"5\"><event sim_action=\"stop\"/></threshold>",
        "Put the events into one threshold, where they are used one after another.",
    ),
    // dimensions
    entry(
        code::UNKNOWN_DIMENSION,
        "an unknown dimension",
        "A variable or a subscript names a dimension that the file does not declare.",
        "<dimensions><dim name=\"Regoin\"/></dimensions>",
        "Correct the spelling, or declare the dimension in the `<dimensions>` of the file.",
    ),
    entry(
        code::NO_SUCH_ELEMENT,
        "an unknown element",
        "A subscript is no element of the dimension in whose place it stands: neither one of its names nor a number from 1 to its size.",
        "population[nroth]",
        "Use an element of the dimension, a dimension's name for the current element, or an expression for a computed subscript.",
    ),
    entry(
        code::SUBSCRIPT_COUNT,
        "the wrong number of subscripts",
        "A variable takes one subscript for each of its dimensions, and a single number takes none.",
        "population[north] where population has two dimensions",
        "Give one subscript for each dimension, or none at all.",
    ),
    entry(
        code::DUPLICATE_ELEMENT,
        "an element named twice",
        "Two elements of one dimension have the same name, so a subscript could not tell them apart.",
        "<elem name=\"North\"/> <elem name=\"north\"/>",
        "Rename or remove one of them.",
    ),
    entry(
        code::ELEMENT_TWICE,
        "an element defined twice",
        "Two `<element>` entries of a variable speak of the same element.",
        "<element subscript=\"north\"> ... <element subscript=\"North\">",
        "Remove one of them.",
    ),
    entry(
        code::MISSING_ELEMENTS,
        "elements without a definition",
        "Some elements of an array have neither an entry of their own nor an equation for all of them.",
        "<dimensions><dim name=\"Region\"/></dimensions><element subscript=\"north\"><eqn>1</eqn></element>",
        "Add an `<element>` for each, or an `<eqn>` beside the entries for all the others.",
    ),
    entry(
        code::LIST_LENGTH,
        "a list of the wrong length",
        "An equation that lists one for each element has more or fewer of them than the array has elements.",
        "<eqn>1, 2</eqn> for three elements",
        "Give one equation for each element, or a single one for all of them.",
    ),
    entry(
        code::SHAPES,
        "shapes that do not fit",
        "Arrays meet element by element, so one of them must have all the dimensions of the other; and the result must have those of the variable that it defines.",
        "total = population",
        "Pick an element with subscripts, reduce the array with SUM or its like, or give the variable the dimensions.",
    ),
    entry(
        code::NOT_AN_ARRAY,
        "a reducer of a single number",
        "SUM, MEAN, MIN, MAX, PROD and STDDEV of one argument reduce an array; this argument is a single number.",
        "SUM(population[north])",
        "Give it an array or a part of one, such as `SUM(population[*])`.",
    ),
    entry(
        code::REVERSED_RANGE,
        "a range that runs backwards",
        "The last element of a range stands before its first.",
        "SUM(population[5:2])",
        "Exchange the ends.",
    ),
    entry(
        code::UNRELATED_DIMENSION,
        "an unrelated dimension as a subscript",
        "A dimension's name as a subscript means the current element, which must be an element of the dimension in whose place it stands.",
        "population[Product] where population is over Region",
        "Use a dimension that shares its elements, or a number such as `population[Product + 0]` to go by position.",
    ),
    entry(
        code::ARRAY_TOO_LARGE,
        "too many elements",
        "A dimension, an array or all arrays together have more elements than can be computed.",
        "<dim name=\"d\" size=\"1000000000\"/>",
        "Use smaller dimensions, or fewer of them.",
    ),
    entry(
        code::BAD_SEED,
        "a seed that is no constant",
        "A variable of the name `random seed` is the seed of all random numbers that have no seed of their own. It must be a single number that a host can set.",
        "random seed = TIME",
        "Give it a number, or another name.",
    ),
    entry(
        code::NO_INVERSE,
        "a graphical function without an inverse",
        "LOOKUPINV gives the x at which a graphical function has a value. There is one such x only when the points rise from left to right, or fall.",
        "LOOKUPINV(hump, 5)",
        "Take the part of the graphical function that only rises, or only falls.",
    ),
    entry(
        code::RANKED_MEMORY,
        "a vector of something that remembers",
        "RANK, ALLOCATE and the other functions of whole vectors take all elements at once, whichever element is computed. Delays, smooths and the other functions with a memory have one for each element that is computed.",
        "RANK(SMTH1(sales[*], 5), 1)",
        "Give the array a variable of its own.",
    ),
    entry(
        code::BAD_PROFILE,
        "no profile of an allocation",
        "The profile of ALLOCATE AVAILABLE is an array. Its last dimension has four elements, whatever their names: the type of the curve, the priority, the width, and a further number. The call names the first of them.",
        "ALLOCATE_AVAILABLE(demand[region], priority[region], supply)",
        "Give an array with such a dimension: `ALLOCATE_AVAILABLE(demand[region], profile[region, ptype], supply)`.",
    ),
    // units
    entry(
        code::UNREADABLE_UNITS,
        "units that cannot be read",
        "Units are names with `*`, `/`, `^` and parentheses, where exponents are whole numbers. What cannot be read counts as if it were not written.",
        "<units>people/</units>",
        "Write units such as `people`, `people/year`, `dollars/(person*year)` or `1/month`.",
    ),
    entry(
        code::CONTRADICTING_UNITS,
        "a unit with two meanings",
        "Two entries of `<model_units>` define the same name or alias in different ways, and nothing says which of them holds.",
        "<unit name=\"watt\"><eqn>joule/second</eqn></unit>\n<unit name=\"power\"><eqn>joule</eqn><alias>watt</alias></unit>",
        "Define each name once.",
    ),
    entry(
        code::CIRCULAR_UNITS,
        "a unit that is defined by itself",
        "The equation of a unit leads, directly or through others, back to the unit.",
        "<unit name=\"joule\"><eqn>watt*second</eqn></unit>\n<unit name=\"watt\"><eqn>joule/second</eqn></unit>",
        "Make one of them a base unit, with an empty `<eqn>`.",
    ),
    entry(
        code::UNITS_OF_EQUATION,
        "a variable's units are not those of its equation",
        "What the equation gives, according to the units of what it mentions, is not in the units of the variable. Often a factor is missing, such as a time constant. It is a warning unless units are denied.",
        "<aux name=\"births\"><eqn>population*birth_fraction</eqn><units>people/year</units></aux>, where birth_fraction is dimensionless",
        "Correct the units of the variable or of what it mentions, or the equation.",
    ),
    entry(
        code::UNITS_OF_OPERANDS,
        "quantities with different units side by side",
        "Only quantities with the same units can be added, subtracted and compared, and the branches of IF must have the same units. It is a warning unless units are denied.",
        "<aux name=\"total\"><eqn>people + dollars</eqn></aux>",
        "Convert one of them with a factor that has units, or correct the units.",
    ),
    entry(
        code::UNITS_OF_ARGUMENTS,
        "an argument with the wrong units",
        "A function asks for units that its argument does not have: a delay time must be in the model's time unit, and the arguments of MAX must have the same units. It is a warning unless units are denied.",
        "SMTH1(sales, region), where region is in square kilometers",
        "Pass what the function asks for, or correct the units. formats.md shows the units of every function.",
    ),
    entry(
        code::UNITS_OF_FLOWS,
        "a flow's units do not fit its stock",
        "A flow is in the units of its stock over the model's time unit. It is a warning unless units are denied.",
        "<stock name=\"population\"><inflow>births</inflow><units>people</units></stock>, where births is in people and time in years",
        "Correct the units of the flow, of the stock, or the `time_units` of the model.",
    ),
    entry(
        code::UNITS_OF_CONNECTIONS,
        "a module's input and its source differ in units",
        "The variable that feeds a module's input is not in the units of the input. It is a warning unless units are denied.",
        "<connect to=\"price\" from=\"cost\"/>, where price is in dollars/unit and cost in dollars",
        "Give both the same units, or convert in between.",
    ),
    // times and specifications
    entry(
        code::MISSING_TIME,
        "no start or stop time",
        "`<sim_specs>` must say when the run starts and stops.",
        "<sim_specs><start>0</start></sim_specs>",
        "Write both `<start>` and `<stop>`; `<dt>` is 1 when it is left out.",
    ),
    entry(
        code::BAD_TIME,
        "a time that is not finite",
        "The start or the stop time is infinite or not a number, or the run between them is too long to be measured.",
        "<stop>1e999</stop>",
        "Write finite times.",
    ),
    entry(
        code::EMPTY_RUN,
        "the run stops before it starts",
        "The stop time must come after the start time.",
        "<start>100</start><stop>0</stop>",
        "Exchange or correct the two.",
    ),
    entry(
        code::BAD_DT,
        "a time step that leads nowhere",
        "The time step must be a positive number, and large enough for the clock to move on at the times of the run.",
        "<dt>0</dt>",
        "Write a step such as 0.25 or 1.",
    ),
    entry(
        code::DT_BEYOND_RUN,
        "a time step longer than the run",
        "Not even one step fits between start and stop.",
        "<start>0</start><stop>1</stop><dt>5</dt>",
        "Write a smaller step; with `reciprocal=\"true\"` the number is the steps per time unit.",
    ),
    entry(
        code::TOO_MANY_STEPS,
        "too many steps",
        "The run takes more than 2^53 steps, which cannot be counted exactly, let alone computed.",
        "<start>0</start><stop>1e6</stop><dt>1e-12</dt>",
        "Write a larger step.",
    ),
    entry(
        code::BAD_SAVE_INTERVAL,
        "a save interval that is not positive",
        "Rows are saved every so often; the time between them must be a positive number.",
        "<sim_specs isee:save_interval=\"0\">",
        "Write a positive number, or leave it out to save every step.",
    ),
    entry(
        code::UNEVEN_SAVE_INTERVAL,
        "a save interval that is no whole number of steps",
        "Rows are saved at the ends of steps, so the interval is rounded to a whole number of steps. The times in the results differ from what the model asks for.",
        "<sim_specs isee:save_interval=\"1\"> ... <dt>0.4</dt>",
        "Make the save interval a multiple of the time step.",
    ),
    // unsupported
    entry(
        code::OVENS,
        "ovens are not supported",
        "Stocks that are ovens cannot be compiled yet.",
        "<stock name=\"batch\"><oven/></stock>",
        "A plain stock with a flow that empties it in pulses often serves.",
    ),
    entry(
        code::INITIAL_EQUATIONS,
        "initial equations of stocks and elements are not supported",
        "An `<init_eqn>` holds at the start only, and the `<eqn>` in every later step. A stock has an initial value anyway, and an array whose elements have equations of their own would need an initial equation for each.",
        "<stock name=\"s\"><eqn>1</eqn><init_eqn>2</init_eqn></stock>",
        "Write `IF TIME = STARTTIME THEN 5 ELSE b`, or for a stock its initial value alone.",
    ),
    entry(
        code::ENCRYPTION,
        "encrypted models are not supported",
        "The model's contents are encrypted.",
        "<model> ... <isee:encrypted> ...",
        "Save the model without a password.",
    ),
    entry(
        code::OWN_SPECIFICATIONS,
        "simulations of their own are not supported",
        "A module that runs at other times, or with another step, than the whole model exchanges values with it at times that XMILE does not define. A macro with `<sim_specs>` is a whole simulation within every call, in every step and stage, over times that may depend on its arguments: a loop whose length nobody knows before the run.",
        "<model name=\"fast\"><sim_specs> ... </sim_specs></model>",
        "Use one time specification, with the smallest step of all; write a loop over an array with SUM, PROD or another reducer.",
    ),
    entry(
        code::PARTIAL_RUNS,
        "running a part of a model is not supported",
        "In a run that is restricted to groups or modules, everything outside of them keeps the values of an earlier run, and an artifact has no earlier run.",
        "<sim_specs><run by=\"group\"/></sim_specs>",
        "Remove the restriction.",
    ),
    entry(
        code::UNKNOWN_ELEMENT,
        "an unknown element",
        "The element is not part of XMILE, and it stands where it could change the model's numbers.",
        "<aux name=\"a\"><eqn>1</eqn><override>2</override></aux>",
        "Remove it, if the model does not depend on it.",
    ),
    entry(
        code::BEHAVIORS,
        "option filters are not supported",
        "Defaults other than `<non_negative>`, and macros that run by themselves whenever a variable has an option, are not supported: XMILE states what such a filter is given, but neither the order of several filters nor how they meet the rules that the language itself has for the option.",
        "<macro filter=\"stock\" name=\"non_negative\" applyto=\"outflows\">",
        "Call the macro in the equations that need it, and say an option at each variable.",
    ),
    entry(
        code::METHODS,
        "an unsupported integration method",
        "None of the methods that the model names is supported. Of a list, the first supported one is taken.",
        "<sim_specs method=\"gear\">",
        "Use euler, rk2 or rk4.",
    ),
    entry(
        code::FUNCTIONS,
        "an unsupported function",
        "XMILE, Stella or Vensim has this function, and the compiler does not support it yet.",
        "NPV(cash_flow, rate, 0, 1)",
        "Write it with stocks and supported functions.",
    ),
    entry(
        code::FORMATS,
        "an unsupported file format",
        "The file is a model of another format, such as a Vensim .mdl file.",
        "{UTF-8} population = INTEG(births, 100) ~ ~ |",
        "Export the model as XMILE.",
    ),
    entry(
        code::MANY_OUTFLOWS,
        "too many flows of a non-negative stock",
        "The outflows of a non-negative stock are served one after another, each seeing all flows before it; this takes too many terms.",
        "<stock name=\"s\"> with 3,000 outflows <non_negative/></stock>",
        "Merge outflows, or let the stock become negative.",
    ),
    entry(
        code::COMPUTED_RANGE,
        "what must be known before the run",
        "The ends of this range, or which graphical function this is, are computed in the run. A range whose ends are computed can only be reduced, with SUM, MEAN, MIN, MAX or PROD.",
        "y = x[first:last]",
        "Use elements or numbers.",
    ),
    entry(
        code::SCATTERED,
        "subscripts without order",
        "The elements that this equation reads follow no order, so that it comes to one equation for almost every element.",
        "y[Shuffled] = x[Shuffled]",
        "List the elements of the dimensions in the same order.",
    ),
    entry(
        code::LARGE_CIRCLE,
        "a circle of too many elements",
        "Arrays that depend on one another are ordered element by element, up to a limit; only an array that reads its own earlier elements may have any size.",
        "x = IF Day = 5000 THEN 0 ELSE x[Day + 1] + 1",
        "Use a smaller dimension, or a stock.",
    ),
    entry(
        code::ARRAYED_CLAMPS,
        "a non-negative array with flows of another shape",
        "Each element of a non-negative stock limits the elements of its outflows, which therefore have the dimensions of the stock in the same order.",
        "non-negative stock s[Region] with a single outflow",
        "Give the outflow the dimensions of the stock, or let the stock become negative.",
    ),
    entry(
        code::RECURSIVE_MACROS,
        "recursive macros are not supported",
        "A macro that calls itself, directly or through others, never ends when every branch is evaluated, as it is here. XMILE leaves recursion to the implementation.",
        "<macro name=\"FACT\"><parm>x</parm><eqn>IF x <= 1 THEN 1 ELSE x*FACT(x - 1)</eqn></macro>",
        "Write the sum or product with SUM or PROD over a dimension.",
    ),
    entry(
        code::BELT_METHOD,
        "a conveyor or queue under a method other than Euler's",
        "Conveyors and queues move once a step. A method that looks into a step would need a part of such a move.",
        "<sim_specs method=\"RK4\">",
        "Write `method=\"Euler\"`.",
    ),
    entry(
        code::SPREAD_SOURCE,
        "an inflow that is spread as its source is",
        "An inflow with `spreadflow=\"source\"` would be put onto a conveyor where it leaked from another one.",
        "<flow name=\"moving on\" isee:spreadflow=\"source\">",
        "Spread it with `even`, `dest` or `dist`.",
    ),
    entry(
        code::QUEUE_TARGETS,
        "a queue's outflow into a conveyor that cannot take it",
        "A queue feeds discrete conveyors only, and an overflow feeds none.",
        "<conveyor><len>4</len></conveyor>",
        "Write `<conveyor discrete=\"true\">`, or put a stock between.",
    ),
    entry(
        code::SELECT_ERRORS,
        "a check of how many elements are selected",
        "The last argument of VECTOR SELECT can ask to stop where no element is selected, or several are. A run does not stop for that; where no element is selected the function gives its third argument.",
        "VECTOR_SELECT(is_open[*], price[*], 0, 3, 1)",
        "Write 0 there, and look at `SUM(is_open[*])` for how many there are.",
    ),
    entry(
        code::FILE_TAGS,
        "tags for files are not supported",
        "`--data ?tag=FILE` says which file a tag of a Vensim model stands for, and Vensim's models are not read.",
        "simc run model.xmile --data ?rates=rates.xlsx",
        "Name the file in the model, or give it as a data set: `--data rates.xlsx`.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of all constants in the source.
    fn constants() -> Vec<u16> {
        let source = include_str!("../diagnostic.rs");
        let definitions =
            source.lines().filter_map(|line| line.trim().strip_prefix("pub const ")?.split_once(": Code = Code("));
        definitions.map(|(_, rest)| rest.trim_end_matches(");").parse().expect("a code is a number")).collect()
    }

    #[test]
    fn every_code_has_a_page_and_every_page_a_code() {
        let pages: Vec<u16> = ENTRIES.iter().map(|entry| entry.code.0).collect();
        assert!(constants().len() > 60, "constants are found in the source");
        assert_eq!(pages, constants());
    }

    #[test]
    fn codes_ascend_and_none_is_used_twice() {
        assert!(constants().is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn every_page_is_complete() {
        for entry in ENTRIES {
            let texts = [entry.title, entry.explanation, entry.example, entry.cure];
            assert!(texts.iter().all(|text| !text.is_empty()), "{}", entry.code);
            assert!(
                !entry.title.ends_with('.') && entry.explanation.ends_with('.') && entry.cure.ends_with('.'),
                "{}",
                entry.code
            );
        }
    }

    #[test]
    fn finds_a_page_by_its_code() {
        assert_eq!(find(code::CIRCULAR).map(|entry| entry.code), Some(code::CIRCULAR));
        assert!(find(Code(1)).is_none());
    }
}
