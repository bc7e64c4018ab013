//! Two ways to write one model that must give the same bits: another order, another name, an array as scalars, a module or a macro
//! written out.

use libtest_mimic::Trial;
use simc_midend::pipeline::OptLevel;
use tests::engine::{Engine, Op, OracleEngine, artifact, bits};
use tests::subject::Subject;

use crate::trial;

/// Two models, and which titles of the one stand for which of the other.
struct Pair {
    name: &'static str,
    left: String,
    right: String,
    titles: Vec<(&'static str, &'static str)>,
}

/// Stocks with limits, delays, draws, transports, multipliers, start equations, tables and memory.
const PARTS: [&str; 12] = [
    "<stock name='S'><eqn>start_of_S</eqn><inflow>f</inflow><outflow>g</outflow><non_negative/></stock>",
    "<aux name='start of S'><eqn>h*2</eqn><init_eqn>7 + UNIFORM(0, 1)</init_eqn></aux>",
    "<flow name='f'><eqn>3 + SMTH3(h, 2)</eqn><multiplier>1.5</multiplier></flow>",
    "<flow name='g'><eqn>S + h - 4</eqn><non_negative/></flow>",
    "<aux name='h'><eqn>SIN(TIME) + PREVIOUS(g, 1) + NORMAL(0, 1, 7)</eqn></aux>",
    "<stock name='B'><eqn>4*into</eqn><inflow>into</inflow><outflow>out</outflow><outflow>lost</outflow><conveyor><len>2</len></conveyor></stock>",
    "<flow name='into'><eqn>2 + EXPRND(1)</eqn><multiplier>0.5</multiplier></flow>",
    "<flow name='out'/>",
    "<flow name='lost'><eqn>B/100</eqn><leak/></flow>",
    "<aux name='t'><eqn>out</eqn><gf><xscale min='0' max='4'/><ypts>0,3,1</ypts></gf></aux>",
    "<aux name='d'><eqn>DELAY1(out, 3, 1) + DELAY(h, 1) + HISTORY(S, TIME - 1)</eqn></aux>",
    "<aux name='m'><eqn>MAX(t, d) + POISSON(2)</eqn></aux>",
];

const NAMES: [&str; 9] = ["S", "f", "g", "h", "B", "out", "lost", "d", "m"];

fn file(models: &str) -> String {
    let specs = "<sim_specs method='euler'><start>0</start><stop>6</stop><dt>0.5</dt></sim_specs>";
    let dims = "<dimensions><dim name='D'><elem name='a'/><elem name='b'/></dim></dimensions>";
    format!("<xmile><header><name>m</name></header>{specs}{dims}{models}</xmile>")
}

fn root(variables: &str) -> String {
    file(&format!("<model><variables>{variables}</variables></model>"))
}

fn pairs() -> Vec<Pair> {
    let all = PARTS.concat();
    let reversed: String = PARTS.iter().rev().copied().collect();
    let same = || NAMES.map(|name| (name, name)).to_vec();
    let unrelated = "<aux name='other'><eqn>UNIFORM(0, 1) + twice(UNIFORM(0, 1))</eqn></aux>";
    let twice = "<macro name='twice'><parm>x</parm><eqn>2*x + UNIFORM(0, 1)</eqn></macro>";
    let array = "<stock name='A'><dimensions><dim name='D'/></dimensions><eqn>D*2</eqn><inflow>in</inflow></stock>
<flow name='in'><dimensions><dim name='D'/></dimensions><eqn>A/4 + DELAY3(A, 2) + rate</eqn></flow>
<aux name='rate'><dimensions><dim name='D'/></dimensions><element subscript='a'><eqn>TIME</eqn></element>
<element subscript='b'><eqn>SMTH1(A[a], 2)</eqn></element></aux>";
    let scalars = "<stock name='Aa'><eqn>1*2</eqn><inflow>ina</inflow></stock><stock name='Ab'><eqn>2*2</eqn><inflow>inb</inflow></stock>
<flow name='ina'><eqn>Aa/4 + DELAY3(Aa, 2) + ratea</eqn></flow><flow name='inb'><eqn>Ab/4 + DELAY3(Ab, 2) + rateb</eqn></flow>
<aux name='ratea'><eqn>TIME</eqn></aux><aux name='rateb'><eqn>SMTH1(Aa, 2)</eqn></aux>";
    let inner = "<stock name='L'><eqn>i</eqn><inflow>gain</inflow></stock><flow name='gain'><eqn>i - L/3</eqn></flow>
<aux name='r'><eqn>L + DELAY1(gain, 2)</eqn></aux>";
    let fed = "<aux name='src'><eqn>5 + SIN(TIME)</eqn></aux>";
    let module = format!(
        "<model><variables>{fed}<module name='M'><connect to='i' from='src'/></module></variables></model>
<model name='M'><variables><aux name='i' access='input'><eqn>1</eqn></aux>{inner}</variables></model>"
    );
    let called = format!(
        "<macro name='f'><parm>i</parm><eqn>r</eqn><variables>{inner}</variables></macro>
<model><variables>{fed}<aux name='r'><eqn>f(src)</eqn></aux></variables></model>"
    );
    let inlined = root(&format!("{fed}<aux name='i'><eqn>src</eqn></aux>{inner}"));
    vec![
        Pair { name: "another_order", left: root(&all), right: root(&reversed), titles: same() },
        Pair {
            name: "unrelated_draws_and_calls",
            left: root(&all),
            right: file(&format!("{twice}<model><variables>{unrelated}{all}</variables></model>")),
            titles: same(),
        },
        Pair {
            name: "another_name_of_what_draws_nothing",
            left: root(&all),
            right: root(&all.replace("name='d'", "name='Delayed thing'").replace("MAX(t, d)", "MAX(t, delayed_THING)")),
            titles: NAMES.map(|name| (name, if name == "d" { "Delayed thing" } else { name })).to_vec(),
        },
        Pair {
            name: "an_array_as_scalars",
            left: root(array),
            right: root(scalars),
            titles: vec![("A[a]", "Aa"), ("A[b]", "Ab"), ("in[a]", "ina"), ("in[b]", "inb"), ("rate[b]", "rateb")],
        },
        Pair {
            name: "a_module_written_out",
            left: file(&module),
            right: inlined.clone(),
            titles: vec![("M.L", "L"), ("M.r", "r")],
        },
        Pair { name: "a_macro_written_out", left: file(&called), right: inlined, titles: vec![("r", "r")] },
        macros_in_reducers(),
    ]
}

/// Calls of macros over two dimensions, within reducers and in single elements, beside arrays of what they compute.
fn macros_in_reducers() -> Pair {
    let dims = "<dimensions><dim name='D'><elem name='a'/><elem name='b'/></dim>
<dim name='E'><elem name='x'/><elem name='y'/><elem name='z'/></dim></dimensions>";
    let model = |macros: &str, variables: &str| {
        let specs = "<sim_specs method='euler'><start>0</start><stop>4</stop><dt>0.5</dt></sim_specs>";
        let fed = over("m", "D E", "10*D + E*TIME");
        let variables = format!("<model><variables>{fed}{variables}</variables></model>");
        format!("<xmile><header><name>m</name></header>{specs}{dims}{macros}{variables}</xmile>")
    };
    let lag = |name: &str, dims: &str, of: &str| {
        let inflow = over(&format!("to {name}"), dims, &format!("({of} - {name})/2")).replace("aux", "flow");
        let level = over(name, dims, of).replace("aux", "stock");
        inflow + &level.replace("</eqn>", &format!("</eqn><inflow>to_{name}</inflow>"))
    };
    let macros = format!(
        "<macro name='lag'><parm>i</parm><eqn>L</eqn><variables>{}</variables></macro>
<macro name='twice'><parm>v</parm><eqn>2*SUM(v)</eqn></macro>",
        lag("L", "", "i")
    );
    let first_and_rest = |first: &str, rest: &str| {
        format!(
            "<aux name='w'><dimensions><dim name='D'/></dimensions><element subscript='a'><eqn>{first}</eqn></element>
<element subscript='b'><eqn>{rest}</eqn></element></aux>"
        )
    };
    let left = [
        over("all", "", "SUM(lag(m[*, *]))"),
        over("part", "", "SUM(lag(m[*, y:z] + 1))"),
        over("last", "", "SUM(lag(m[b:b, z:z]))"),
        over("rows", "D", "SUM(lag(m[D, *] + D)) + MAX(lag(m[D, x:y]*2))"),
        over("each", "D E", "lag(m) + lag(m[D, x])"),
        first_and_rest("lag(m[a, y])", "SUM(lag(m[b, *]))"),
        over("whole", "", "twice(m) + twice(m[a, *]) + twice(m[*, y:z])"),
        over("wholes", "D", "twice(m[D, *]) + twice(m[D, y:z]*3) + lag(twice(m[D, x:y]))"),
        over("ranked", "D", "SUM(lag(m[D, *]*RANK(m[D, *], 2)))"),
        over("remembered", "D", "SUM(lag(PREVIOUS(m[D, *], 3) + SMTH1(m[D, *], 2)))"),
    ];
    let right = [
        lag("l", "D E", "m"),
        lag("l1", "D E", "(m + 1)"),
        lag("ld", "D E", "(m + D)"),
        lag("le", "D E", "(m*2)"),
        over("all", "", "SUM(l)"),
        over("part", "", "SUM(l1[*, y:z])"),
        over("last", "", "l[b, z]"),
        over("rows", "D", "SUM(ld[D, *]) + MAX(le[D, x:y])"),
        over("each", "D E", "l + l[D, x]"),
        first_and_rest("l[a, y]", "SUM(l[b, *])"),
        over("whole", "", "2*SUM(m) + 2*SUM(m[a, *]) + 2*SUM(m[*, y:z])"),
        over("begin", "D", "2*SUM(m[D, x:y])"),
        lag("lb", "D", "begin"),
        over("wholes", "D", "2*SUM(m[D, *]) + 2*SUM(m[D, y:z]*3) + lb"),
        over("second", "D", "RANK(m[D, *], 2)"),
        over("times second", "D E", "m*second[D]"),
        lag("lr", "D E", "times_second"),
        over("ranked", "D", "SUM(lr[D, *])"),
        over("late", "D E", "PREVIOUS(m, 3) + SMTH1(m, 2)"),
        lag("ll", "D E", "late"),
        over("remembered", "D", "SUM(ll[D, *])"),
    ];
    let titles = [
        "all",
        "part",
        "last",
        "rows[a]",
        "rows[b]",
        "each[a,x]",
        "each[a,z]",
        "each[b,y]",
        "w[a]",
        "w[b]",
        "whole",
        "wholes[a]",
        "wholes[b]",
        "ranked[a]",
        "ranked[b]",
        "remembered[a]",
        "remembered[b]",
    ];
    Pair {
        name: "macros_in_reducers_written_out",
        left: model(&macros, &left.concat()),
        right: model("", &right.concat()),
        titles: titles.map(|title| (title, title)).to_vec(),
    }
}

/// An auxiliary over dimensions.
fn over(name: &str, dims: &str, equation: &str) -> String {
    let dims: String = dims.split_whitespace().map(|dim| format!("<dim name='{dim}'/>")).collect();
    let dims = if dims.is_empty() { dims } else { format!("<dimensions>{dims}</dimensions>") };
    format!("<aux name='{name}'>{dims}<eqn>{equation}</eqn></aux>")
}

/// A trial for each pair.
pub(crate) fn trials() -> Vec<Trial> {
    pairs().into_iter().map(|pair| trial(format!("metamorphic::{}", pair.name), move || check(&pair))).collect()
}

fn check(pair: &Pair) -> Result<(), String> {
    let [left, right] = [&pair.left, &pair.right].map(|text| columns("model.xmile", text));
    let (left, right) = (left?, right?);
    for (engine, (left, right)) in ["oracle", "artifact"].iter().zip(left.iter().zip(&right)) {
        for (a, b) in &pair.titles {
            let find = |columns: &Columns, title: &str| {
                columns
                    .iter()
                    .find(|(other, _)| other == title)
                    .map(|(_, bits)| bits.clone())
                    .ok_or(format!("no {title}"))
            };
            if find(left, a)? != find(right, b)? {
                return Err(format!("{engine}: `{a}` and `{b}` differ"));
            }
        }
    }
    Ok(())
}

/// Titles with the bits of their values.
pub(crate) type Columns = Vec<(String, Vec<u64>)>;

/// What the oracle and the artifact show.
pub(crate) fn columns(name: &str, text: &str) -> Result<[Columns; 2], String> {
    let subject = Subject::from_xmile(name, text, OptLevel::O2).map_err(|why| format!("{why}\n{text}"))?;
    let titles = subject.titles();
    let mut oracle = OracleEngine::new(&subject.model, &subject.module, &subject.layout);
    let mut artifact = artifact(&subject.wasm);
    let shown = |engine: &mut dyn Engine| -> Columns {
        engine.call(Op::Run);
        let width = engine.live().len();
        let rows: Vec<Vec<f64>> = engine.rows().chunks_exact(width).map(<[f64]>::to_vec).collect();
        let column = |at: usize| bits(&rows.iter().map(|row| row[at]).collect::<Vec<f64>>());
        titles.iter().enumerate().map(|(at, title)| (title.clone(), column(at))).collect()
    };
    Ok([shown(&mut oracle), shown(artifact.as_mut())])
}
