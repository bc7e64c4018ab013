//! Whatever takes the place of an equation reaches every kind of variable: a table of all pairs, each a model that is made here, with
//! values from the recurrence of its kind.

use std::fmt::Write;

use libtest_mimic::Trial;
use simc_midend::pipeline::OptLevel;
use simc_model::files::MemoryFiles;
use tests::engine::{Engine, Op, OracleEngine, artifact};
use tests::subject::Subject;

use crate::trial;

/// Times of the run: 0, 1, ..., each a step.
const N: usize = 5;

/// What values become of values.
type Recurrence = fn(&[f64; N]) -> [f64; N];

/// A kind of variable: `x`, with what surrounds it and shows in `r` what becomes of it.
#[derive(Clone, Copy)]
struct Kind {
    name: &'static str,
    /// What is around `x`, and `r`.
    around: &'static str,
    /// The tag of `x`, and what is in it besides its equation.
    tag: &'static str,
    inside: &'static str,
    /// Whether a host may set it.
    is_settable: bool,
    /// `r` at each time, given what takes the place of the equation.
    expected: fn(&[f64; N]) -> [f64; N],
    /// The same for data, where they take the place of more than the equation.
    with_data: Option<Recurrence>,
    /// What an element of an array has after its name.
    subscript: &'static str,
    /// What may take the place of its equation.
    replacements: &'static [Replacement],
}

/// A kind of which nothing particular is to be said.
const PLAIN: Kind = Kind {
    name: "",
    around: "",
    tag: "aux",
    inside: "",
    is_settable: true,
    expected: |x| *x,
    with_data: None,
    subscript: "",
    replacements: &REPLACEMENTS,
};

/// What a stock begins with: no data over time, and a connected stock or one that is a parameter has no flows.
const OF_STOCKS: [Replacement; 2] = [Replacement::Own, Replacement::Number];

/// What takes the place of an array's equation as it does of a number's.
const OF_ARRAYS: [Replacement; 5] =
    [Replacement::Own, Replacement::Series, Replacement::Number, Replacement::Connection, Replacement::Initial];

/// A connection, a parameter and an argument take the place of whole arrays.
const OF_ELEMENTS: [Replacement; 5] =
    [Replacement::Own, Replacement::Series, Replacement::Number, Replacement::Host, Replacement::Initial];

/// What takes the place of the equation 1 of `x`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Replacement {
    /// Nothing: the equation itself.
    Own,
    /// Data with times.
    Series,
    /// Data without times.
    Number,
    /// A connection of a module.
    Connection,
    /// A parameter of a macro.
    Parameter,
    /// An argument of a model that is called.
    Argument,
    /// A host.
    Host,
    /// An initial equation beside it, which no row sees.
    Initial,
}

const REPLACEMENTS: [Replacement; 8] = [
    Replacement::Own,
    Replacement::Series,
    Replacement::Number,
    Replacement::Connection,
    Replacement::Parameter,
    Replacement::Argument,
    Replacement::Host,
    Replacement::Initial,
];

/// A graphical function that doubles what is within 0 and 10.
const DOUBLE: &str = "<gf><xscale min='0' max='10'/><ypts>0,20</ypts></gf>";

const KINDS: [Kind; 22] = [
    Kind {
        name: "auxiliary",
        around: "<aux name='r'><eqn>x</eqn></aux>",
        tag: "aux",
        inside: "",
        is_settable: true,
        expected: |x| *x,
        ..PLAIN
    },
    Kind {
        name: "flow",
        around: "<stock name='S'><eqn>10</eqn><inflow>x</inflow></stock><aux name='r'><eqn>S + 1000*x</eqn></aux>",
        tag: "flow",
        inside: "",
        is_settable: true,
        expected: |x| pair(&summed(10.0, x), x),
        ..PLAIN
    },
    Kind {
        name: "uniflow",
        around: "<stock name='S'><eqn>10</eqn><inflow>x</inflow></stock><aux name='r'><eqn>S + 1000*x</eqn></aux>",
        tag: "flow",
        inside: "<non_negative/>",
        is_settable: false,
        expected: |x| pair(&summed(10.0, &positive(x)), &positive(x)),
        ..PLAIN
    },
    Kind {
        name: "limited_outflow",
        around: "<stock name='S'><eqn>2</eqn><outflow>x</outflow><non_negative/></stock><aux name='r'><eqn>S + 1000*x</eqn></aux>",
        tag: "flow",
        inside: "",
        is_settable: false,
        expected: |x| {
            let (mut level, mut granted, mut levels) = (2.0, [0.0; N], [0.0; N]);
            for at in 0..N {
                granted[at] = x[at].min(level);
                levels[at] = level;
                level -= granted[at];
            }
            pair(&levels, &granted)
        },
        ..PLAIN
    },
    Kind {
        name: "multiplied_flow",
        around: "<stock name='S'><eqn>10</eqn><inflow>x</inflow></stock><aux name='r'><eqn>S + 1000*x</eqn></aux>",
        tag: "flow",
        inside: "<multiplier>3</multiplier>",
        is_settable: true,
        expected: |x| pair(&summed(10.0, &x.map(|x| 3.0 * x)), x),
        ..PLAIN
    },
    Kind {
        name: "conveyor_inflow",
        around: "<stock name='B'><eqn>0</eqn><inflow>x</inflow><outflow>o</outflow><conveyor><len>2</len></conveyor></stock><flow name='o'/>
<aux name='r'><eqn>B + 1000*x</eqn></aux>",
        tag: "flow",
        inside: "",
        is_settable: false,
        expected: |x| pair(&on_transport(&positive(x)), &positive(x)),
        ..PLAIN
    },
    Kind {
        name: "multiplied_conveyor_inflow",
        around: "<stock name='B'><eqn>0</eqn><inflow>x</inflow><outflow>o</outflow><conveyor><len>2</len></conveyor></stock><flow name='o'/>
<aux name='r'><eqn>B + 1000*x</eqn></aux>",
        tag: "flow",
        inside: "<multiplier>3</multiplier>",
        is_settable: false,
        expected: |x| pair(&on_transport(&positive(x).map(|x| 3.0 * x)), &positive(x)),
        ..PLAIN
    },
    Kind {
        name: "leak",
        around: "<stock name='B'><eqn>0</eqn><inflow>i</inflow><outflow>o</outflow><outflow>x</outflow>
<conveyor exponential_leak='true'><len>1</len></conveyor></stock><flow name='o'/><flow name='i'><eqn>8</eqn></flow>
<aux name='r'><eqn>B + 1000*x</eqn></aux>",
        tag: "flow",
        inside: "<leak/>",
        is_settable: false,
        expected: |x| {
            let mut transport = [8.0; N];
            transport[0] = 0.0;
            let mut leak = transport;
            (0..N).for_each(|at| leak[at] *= x[at].clamp(0.0, 1.0));
            pair(&transport, &leak)
        },
        ..PLAIN
    },
    Kind {
        name: "queue_inflow",
        around: "<stock name='Q'><eqn>0</eqn><inflow>x</inflow><outflow>o</outflow><queue/></stock><flow name='o'/>
<stock name='T'><eqn>0</eqn><inflow>o</inflow></stock><aux name='r'><eqn>T + 1000*x</eqn></aux>",
        tag: "flow",
        inside: "",
        is_settable: true,
        expected: |x| pair(&summed(0.0, &positive(x)), &positive(x)),
        ..PLAIN
    },
    Kind {
        name: "stock",
        around: "<flow name='f'><eqn>2</eqn></flow><aux name='r'><eqn>x</eqn></aux>",
        tag: "stock",
        inside: "<inflow>f</inflow>",
        is_settable: false,
        expected: |x| summed(x[0], &[2.0; N]),
        replacements: &OF_STOCKS,
        ..PLAIN
    },
    Kind {
        name: "non_negative_stock",
        around: "<flow name='f'><eqn>2</eqn></flow><aux name='r'><eqn>x + 1000*f</eqn></aux>",
        tag: "stock",
        inside: "<outflow>f</outflow><non_negative/>",
        is_settable: false,
        // A stock that begins below 0 gives back what it lacks.
        expected: |x| {
            let (mut level, mut granted, mut levels) = (x[0], [0.0; N], [0.0; N]);
            for at in 0..N {
                (granted[at], levels[at]) = (level.min(2.0), level);
                level -= granted[at];
            }
            pair(&levels, &granted)
        },
        replacements: &OF_STOCKS,
        ..PLAIN
    },
    Kind {
        name: "conveyor",
        around: "<flow name='o'/><aux name='r'><eqn>x + 1000*o</eqn></aux>",
        tag: "stock",
        inside: "<outflow>o</outflow><conveyor><len>2</len></conveyor>",
        is_settable: false,
        expected: |x| {
            let half = x[0].max(0.0) / 2.0;
            pair(&[2.0 * half, half, 0.0, 0.0, 0.0], &[half, half, 0.0, 0.0, 0.0])
        },
        replacements: &OF_STOCKS,
        ..PLAIN
    },
    Kind {
        name: "queue",
        around: "<flow name='o'/><stock name='T'><eqn>0</eqn><inflow>o</inflow></stock><aux name='r'><eqn>x + 1000*T</eqn></aux>",
        tag: "stock",
        inside: "<outflow>o</outflow><queue/>",
        is_settable: false,
        expected: |x| {
            let all = x[0].max(0.0);
            pair(&[all, 0.0, 0.0, 0.0, 0.0], &[0.0, all, all, all, all])
        },
        replacements: &OF_STOCKS,
        ..PLAIN
    },
    Kind {
        name: "graphical_function",
        around: "<aux name='r'><eqn>x</eqn></aux>",
        inside: DOUBLE,
        is_settable: false,
        expected: |x| positive(x).map(|x| 2.0 * x),
        with_data: Some(|x| *x),
        ..PLAIN
    },
    Kind {
        name: "graphical_functions_of_elements",
        around: "<aux name='r'><eqn>x[a] + 1000*x[b]</eqn></aux>",
        inside: "<dimensions><dim name='D'/></dimensions>
<element subscript='a'><gf><xscale min='0' max='10'/><ypts>0,20</ypts></gf></element>
<element subscript='b'><gf><xscale min='0' max='10'/><ypts>0,30</ypts></gf></element>",
        is_settable: false,
        expected: |x| pair(&positive(x).map(|x| 2.0 * x), &positive(x).map(|x| 3.0 * x)),
        with_data: Some(|x| pair(x, x)),
        replacements: &OF_ARRAYS,
        ..PLAIN
    },
    Kind {
        name: "some_graphical_functions_of_elements",
        around: "<aux name='r'><eqn>x[a] + 1000*x[b]</eqn></aux>",
        inside: "<dimensions><dim name='D'/></dimensions>
<element subscript='a'><gf><xscale min='0' max='10'/><ypts>0,20</ypts></gf></element>",
        is_settable: false,
        expected: |x| pair(&positive(x).map(|x| 2.0 * x), x),
        with_data: Some(|x| pair(x, x)),
        replacements: &OF_ARRAYS,
        ..PLAIN
    },
    Kind {
        name: "conveyor_inflow_by_a_graphical_function",
        around: "<stock name='B'><eqn>0</eqn><inflow>x</inflow><outflow>o</outflow><conveyor><len>2</len></conveyor></stock><flow name='o'/>
<aux name='r'><eqn>B + 1000*x</eqn></aux>",
        tag: "flow",
        inside: DOUBLE,
        is_settable: false,
        expected: |x| pair(&on_transport(&positive(x).map(|x| 2.0 * x)), &positive(x).map(|x| 2.0 * x)),
        with_data: Some(|x| pair(&on_transport(&positive(x)), &positive(x))),
        ..PLAIN
    },
    Kind {
        name: "limited_multiplied_outflow",
        around: "<stock name='S'><eqn>2</eqn><outflow>x</outflow><non_negative/></stock>
<stock name='T'><eqn>0</eqn><inflow>x</inflow></stock><aux name='r'><eqn>S + 1000*T</eqn></aux>",
        tag: "flow",
        inside: "<multiplier>3</multiplier><non_negative/>",
        is_settable: false,
        expected: |x| {
            let (mut levels, mut given) = ([2.0; N], [0.0; N]);
            for at in 1..N {
                let granted = x[at - 1].min(levels[at - 1]).max(0.0);
                (levels[at], given[at]) = (levels[at - 1] - granted, given[at - 1] + 3.0 * granted);
            }
            pair(&levels, &given)
        },
        ..PLAIN
    },
    Kind {
        name: "limited_conveyor_inflow",
        around: "<stock name='S'><eqn>2</eqn><outflow>x</outflow><non_negative/></stock><stock name='B'><eqn>0</eqn><inflow>x</inflow><outflow>o</outflow>
<conveyor><len>2</len></conveyor></stock><flow name='o'/><aux name='r'><eqn>S + 1000*B</eqn></aux>",
        tag: "flow",
        is_settable: false,
        expected: |x| {
            let (mut levels, mut granted) = ([2.0; N], [0.0; N]);
            for at in 0..N {
                granted[at] = x[at].min(levels[at]).max(0.0);
                if at + 1 < N {
                    levels[at + 1] = levels[at] - granted[at];
                }
            }
            pair(&levels, &on_transport(&granted))
        },
        ..PLAIN
    },
    Kind {
        name: "element",
        around: "<aux name='r'><eqn>x[a] + 1000*x[b]</eqn></aux>",
        inside: "<dimensions><dim name='D'/></dimensions><element subscript='b'><eqn>2</eqn></element>",
        expected: |x| pair(x, &[2.0; N]),
        subscript: "[a]",
        replacements: &OF_ELEMENTS,
        ..PLAIN
    },
    Kind {
        name: "element_of_a_conveyor_inflow",
        around: "<stock name='B'><dimensions><dim name='D'/></dimensions><eqn>0</eqn><inflow>x</inflow><outflow>o</outflow><conveyor><len>2</len></conveyor></stock>
<flow name='o'><dimensions><dim name='D'/></dimensions></flow><aux name='r'><eqn>B[a] + 1000*B[b]</eqn></aux>",
        tag: "flow",
        inside: "<dimensions><dim name='D'/></dimensions><element subscript='b'><eqn>2</eqn></element>",
        is_settable: false,
        expected: |x| pair(&on_transport(&positive(x)), &[0.0, 2.0, 4.0, 4.0, 4.0]),
        subscript: "[a]",
        replacements: &OF_ELEMENTS,
        ..PLAIN
    },
    Kind {
        name: "element_of_a_limited_outflow",
        around: "<stock name='S'><dimensions><dim name='D'/></dimensions><eqn>2</eqn><outflow>x</outflow><non_negative/></stock>
<aux name='r'><eqn>S[a] + 1000*S[b]</eqn></aux>",
        tag: "flow",
        inside: "<dimensions><dim name='D'/></dimensions><element subscript='b'><eqn>1</eqn></element>",
        is_settable: false,
        expected: |x| {
            let mut levels = [2.0; N];
            (1..N).for_each(|at| levels[at] = levels[at - 1] - x[at - 1].min(levels[at - 1]));
            pair(&levels, &[2.0, 1.0, 0.0, 0.0, 0.0])
        },
        subscript: "[a]",
        replacements: &OF_ELEMENTS,
        ..PLAIN
    },
];

/// A trial for each pair that there is.
pub(crate) fn trials() -> Vec<Trial> {
    let pairs = KINDS.iter().flat_map(|&kind| kind.replacements.iter().map(move |&replacement| (kind, replacement)));
    let possible = pairs.filter(|(kind, replacement)| *replacement != Replacement::Host || kind.is_settable);
    possible
        .map(|(kind, replacement)| {
            trial(format!("replacements::{}::{replacement:?}", kind.name), move || check(kind, replacement))
        })
        .collect()
}

fn check(kind: Kind, replacement: Replacement) -> Result<(), String> {
    let is_number = matches!(replacement, Replacement::Number | Replacement::Host);
    let mut given = [5.0; N];
    if !is_number {
        (0..N).for_each(|at| given[at] = at as f64 - 1.0);
    }
    let is_data = matches!(replacement, Replacement::Series | Replacement::Number);
    let wanted = kind.with_data.filter(|_| is_data).unwrap_or(kind.expected)(&given);
    let (text, title, data) = model(kind, replacement);
    let mut files = MemoryFiles::new();
    files.add("data.csv", data.into_bytes());
    let subject =
        Subject::from_files("model.xmile", &text, &files, OptLevel::O2).map_err(|why| format!("{why}\n{text}"))?;
    let titles = subject.titles();
    let slot =
        |wanted: &str| titles.iter().position(|title| title == wanted).ok_or(format!("no {wanted} among {titles:?}"));
    let mut oracle = OracleEngine::new(&subject.model, &subject.module, &subject.layout);
    let mut artifact = artifact(&subject.wasm);
    for engine in [&mut oracle as &mut dyn Engine, artifact.as_mut()] {
        if replacement == Replacement::Host {
            let x = i32::try_from(slot(&format!("x{}", kind.subscript))?).map_err(|error| error.to_string())?;
            engine.call(Op::SetValue(x, 5.0));
        }
        // A reset keeps what a host has set.
        engine.call(Op::Run);
        let column = slot(title)?;
        let got: Vec<f64> = engine.rows().chunks_exact(engine.live().len()).map(|row| row[column]).collect();
        if got.len() != N || got.iter().zip(&wanted).any(|(got, wanted)| (got - wanted).abs() > 1e-9) {
            return Err(format!("{}: {got:?}, wanted {wanted:?}\n{text}", engine.name()));
        }
    }
    Ok(())
}

/// The text of a model, the title of what it shows, and its data.
fn model(kind: Kind, replacement: Replacement) -> (String, &'static str, String) {
    let Kind { around, tag, inside, subscript, .. } = kind;
    let series = "TIME - 1";
    let x =
        |attributes: &str, equations: &str| format!("<{tag} name='x'{attributes}>{equations}{inside}</{tag}>{around}");
    let own = x("", "<eqn>1</eqn>");
    let input = x(" access='input'", "<eqn>1</eqn>");
    let root = |variables: &str| format!("<model><variables>{variables}</variables></model>");
    let import = "<data><import resource='data.csv'/></data>";
    let mut data = format!("Time,x{subscript}\n");
    (0..N).for_each(|at| writeln!(data, "{at},{}", at as f64 - 1.0).expect("a string takes everything"));
    let (body, title) = match replacement {
        Replacement::Own => (root(&x("", &format!("<eqn>{series}</eqn>"))), "r"),
        Replacement::Initial => (root(&x("", &format!("<eqn>{series}</eqn><init_eqn>99</init_eqn>"))), "r"),
        Replacement::Host => (root(&own), "r"),
        Replacement::Series => (format!("{import}{}", root(&own)), "r"),
        Replacement::Number => {
            data = format!("x{subscript}\n5\n");
            (format!("{import}{}", root(&own)), "r")
        }
        Replacement::Connection => {
            let outer = format!(
                "<module name='M'><connect to='x' from='src'/></module><aux name='src'><eqn>{series}</eqn></aux>"
            );
            (format!("{}<model name='M'><variables>{input}</variables></model>", root(&outer)), "M.r")
        }
        Replacement::Parameter => {
            let definition = format!("<macro name='f'><parm>x</parm><eqn>r</eqn><variables>{own}</variables></macro>");
            (format!("{definition}{}", root(&format!("<aux name='y'><eqn>f({series})</eqn></aux>"))), "y")
        }
        Replacement::Argument => {
            let inner = input.replace("<aux name='r'>", "<aux name='r' access='output'>");
            let outer = root(&format!("<aux name='y'><eqn>f({series})</eqn></aux>"));
            (format!("{outer}<model name='f'><variables>{inner}</variables></model>"), "y")
        }
    };
    let specs = format!("<sim_specs method='euler'><start>0</start><stop>{}</stop></sim_specs>", N - 1);
    let dims = "<dimensions><dim name='D'><elem name='a'/><elem name='b'/></dim></dimensions>";
    (format!("<xmile><header><name>m</name></header>{specs}{dims}{body}</xmile>"), title, data)
}

/// What a stock is that begins with a number and gains these, each in its step.
fn summed(first: f64, gains: &[f64; N]) -> [f64; N] {
    let mut levels = [first; N];
    (1..N).for_each(|at| levels[at] = levels[at - 1] + gains[at - 1]);
    levels
}

fn positive(x: &[f64; N]) -> [f64; N] {
    x.map(|x| x.max(0.0))
}

/// What is on a transport on which everything travels for two steps.
fn on_transport(inflow: &[f64; N]) -> [f64; N] {
    let mut transport = [0.0; N];
    (0..N).for_each(|at| transport[at] = inflow[at.saturating_sub(2)..at].iter().sum());
    transport
}

/// Two numbers that are shown as one.
fn pair(a: &[f64; N], b: &[f64; N]) -> [f64; N] {
    let mut all = *a;
    (0..N).for_each(|at| all[at] += 1000.0 * b[at]);
    all
}
