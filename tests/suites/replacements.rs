//! Whatever takes the place of an equation reaches every kind of variable: a table of all pairs, each a model that is made here, with
//! values from the recurrence of its kind.

use std::fmt::Write;

use libtest_mimic::Trial;
use simc_midend::pipeline::OptLevel;
use simc_model::files::MemoryFiles;
use tests::engine::{Engine, Op, OracleEngine, WasmtimeEngine};
use tests::subject::Subject;

use crate::trial;

/// Times of the run: 0, 1, ..., each a step.
const N: usize = 5;

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
}

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

const KINDS: [Kind; 9] = [
    Kind {
        name: "auxiliary",
        around: "<aux name='r'><eqn>x</eqn></aux>",
        tag: "aux",
        inside: "",
        is_settable: true,
        expected: |x| *x,
    },
    Kind {
        name: "flow",
        around: "<stock name='S'><eqn>10</eqn><inflow>x</inflow></stock><aux name='r'><eqn>S + 1000*x</eqn></aux>",
        tag: "flow",
        inside: "",
        is_settable: true,
        expected: |x| pair(&summed(10.0, x), x),
    },
    Kind {
        name: "uniflow",
        around: "<stock name='S'><eqn>10</eqn><inflow>x</inflow></stock><aux name='r'><eqn>S + 1000*x</eqn></aux>",
        tag: "flow",
        inside: "<non_negative/>",
        is_settable: false,
        expected: |x| pair(&summed(10.0, &positive(x)), &positive(x)),
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
    },
    Kind {
        name: "multiplied_flow",
        around: "<stock name='S'><eqn>10</eqn><inflow>x</inflow></stock><aux name='r'><eqn>S + 1000*x</eqn></aux>",
        tag: "flow",
        inside: "<multiplier>3</multiplier>",
        is_settable: true,
        expected: |x| pair(&summed(10.0, &x.map(|x| 3.0 * x)), x),
    },
    Kind {
        name: "conveyor_inflow",
        around: "<stock name='B'><eqn>0</eqn><inflow>x</inflow><outflow>o</outflow><conveyor><len>2</len></conveyor></stock><flow name='o'/>
<aux name='r'><eqn>B + 1000*x</eqn></aux>",
        tag: "flow",
        inside: "",
        is_settable: false,
        expected: |x| pair(&on_transport(&positive(x)), &positive(x)),
    },
    Kind {
        name: "multiplied_conveyor_inflow",
        around: "<stock name='B'><eqn>0</eqn><inflow>x</inflow><outflow>o</outflow><conveyor><len>2</len></conveyor></stock><flow name='o'/>
<aux name='r'><eqn>B + 1000*x</eqn></aux>",
        tag: "flow",
        inside: "<multiplier>3</multiplier>",
        is_settable: false,
        expected: |x| pair(&on_transport(&positive(x).map(|x| 3.0 * x)), &positive(x)),
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
    },
    Kind {
        name: "queue_inflow",
        around: "<stock name='Q'><eqn>0</eqn><inflow>x</inflow><outflow>o</outflow><queue/></stock><flow name='o'/>
<stock name='T'><eqn>0</eqn><inflow>o</inflow></stock><aux name='r'><eqn>T + 1000*x</eqn></aux>",
        tag: "flow",
        inside: "",
        is_settable: true,
        expected: |x| pair(&summed(0.0, &positive(x)), x),
    },
];

/// A trial for each pair that there is.
pub(crate) fn trials() -> Vec<Trial> {
    let pairs = KINDS.iter().flat_map(|&kind| REPLACEMENTS.map(|replacement| (kind, replacement)));
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
    let wanted = (kind.expected)(&given);
    let (text, title, data) = model(kind, replacement);
    let mut files = MemoryFiles::new();
    files.add("data.csv", data.into_bytes());
    let subject =
        Subject::from_files("model.xmile", &text, &files, OptLevel::O2).map_err(|why| format!("{why}\n{text}"))?;
    let titles = subject.titles();
    let slot =
        |wanted: &str| titles.iter().position(|title| title == wanted).ok_or(format!("no {wanted} among {titles:?}"));
    let mut oracle = OracleEngine::new(&subject.model, &subject.module, &subject.layout);
    let mut artifact = WasmtimeEngine::new(&subject.wasm);
    for engine in [&mut oracle as &mut dyn Engine, &mut artifact] {
        if replacement == Replacement::Host {
            let x = i32::try_from(slot("x")?).map_err(|error| error.to_string())?;
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
    let Kind { around, tag, inside, .. } = kind;
    let series = "TIME - 1";
    let x =
        |attributes: &str, equations: &str| format!("<{tag} name='x'{attributes}>{equations}{inside}</{tag}>{around}");
    let own = x("", "<eqn>1</eqn>");
    let input = x(" access='input'", "<eqn>1</eqn>");
    let root = |variables: &str| format!("<model><variables>{variables}</variables></model>");
    let import = "<data><import resource='data.csv'/></data>";
    let mut data = String::from("Time,x\n");
    (0..N).for_each(|at| writeln!(data, "{at},{}", at as f64 - 1.0).expect("a string takes everything"));
    let (body, title) = match replacement {
        Replacement::Own => (root(&x("", &format!("<eqn>{series}</eqn>"))), "r"),
        Replacement::Initial => (root(&x("", &format!("<eqn>{series}</eqn><init_eqn>99</init_eqn>"))), "r"),
        Replacement::Host => (root(&own), "r"),
        Replacement::Series => (format!("{import}{}", root(&own)), "r"),
        Replacement::Number => {
            data = "x\n5\n".to_owned();
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
    (format!("<xmile><header><name>m</name></header>{specs}{body}</xmile>"), title, data)
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
