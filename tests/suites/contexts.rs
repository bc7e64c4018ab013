//! A structure computes the same wherever it is: in the root, a module, an array, a macro, a model that is called. Each kind of structure
//! follows from `p` and shows in `r` what becomes of it; every context gives `p` the same values.

use libtest_mimic::Trial;
use simc_midend::pipeline::OptLevel;
use simc_model::files::MemoryFiles;
use tests::engine::{Engine, Op, OracleEngine, WasmtimeEngine, bits};
use tests::subject::Subject;

use crate::trial;

/// Names of kinds, and what they consist of.
const KINDS: [(&str, &str); 27] = [
    ("auxiliary", "<aux name='r'><eqn>p*2 + MIN(p, 2) + MAX(p, 1, 0.5) + MEAN(p, 3)</eqn></aux>"),
    (
        "graphical_functions",
        "<aux name='c'><eqn>p</eqn><gf type='extrapolate'><xscale min='-1' max='2'/><ypts>-2,0,3</ypts></gf></aux>
<aux name='d'><eqn>p</eqn><gf type='discrete'><xscale min='-2' max='3'/><ypts>1,5,2,7,0,3</ypts></gf></aux><aux name='r'><eqn>c + 100*d</eqn></aux>",
    ),
    (
        "table",
        "<gf name='g'><xscale min='0' max='4'/><ypts>0,1,4,9,16</ypts></gf>
<aux name='r'><eqn>g(p) + LOOKUP(g, p) + LOOKUPINV(g, p) + LOOKUPAREA(g, p, 0)</eqn></aux>",
    ),
    (
        "stock",
        "<stock name='S'><eqn>p + 3</eqn><inflow>f</inflow></stock><flow name='f'><eqn>p</eqn></flow><aux name='r'><eqn>S + 100*f</eqn></aux>",
    ),
    (
        "uniflow",
        "<stock name='S'><eqn>1</eqn><inflow>f</inflow></stock><flow name='f'><eqn>p</eqn><multiplier>p + 0.5</multiplier><non_negative/></flow>
<aux name='r'><eqn>S + 100*f</eqn></aux>",
    ),
    (
        "limits",
        "<stock name='S'><eqn>2</eqn><outflow>f</outflow><outflow>g</outflow><non_negative/></stock><flow name='f'><eqn>p</eqn></flow>
<flow name='g'><eqn>p*f</eqn><non_negative/></flow><aux name='r'><eqn>S + 100*f + 10000*g</eqn></aux>",
    ),
    (
        "later_outflow",
        "<stock name='S'><eqn>5</eqn><outflow>f</outflow><outflow>g</outflow><non_negative/></stock><flow name='f'><eqn>h + 1</eqn></flow>
<flow name='g'><eqn>p</eqn></flow><aux name='h'><eqn>g*2</eqn></aux><aux name='r'><eqn>S + 100*f + 10000*g + 1000000*h</eqn></aux>",
    ),
    (
        "ring",
        "<stock name='S'><eqn>5</eqn><outflow>f</outflow><inflow>g</inflow><non_negative/></stock>
<stock name='T'><eqn>1</eqn><inflow>f</inflow><outflow>g</outflow><non_negative/></stock><flow name='f'><eqn>p + 2</eqn></flow>
<flow name='g'><eqn>p*2</eqn></flow><aux name='r'><eqn>S + 100*f + 10000*g + T*7</eqn></aux>",
    ),
    (
        "limited_multiplier",
        "<stock name='S'><eqn>2</eqn><outflow>f</outflow><non_negative/></stock><flow name='f'><eqn>p</eqn><multiplier>3</multiplier></flow>
<stock name='T'><eqn>0</eqn><inflow>f</inflow></stock><aux name='r'><eqn>S + 100*f + 10000*T</eqn></aux>",
    ),
    (
        "initial_equation",
        "<stock name='S'><eqn>k</eqn><inflow>f</inflow></stock><flow name='f'><eqn>k</eqn></flow>
<aux name='k'><eqn>p + S</eqn><init_eqn>p + 8</init_eqn></aux><aux name='r'><eqn>S + 100*k</eqn></aux>",
    ),
    (
        "memory",
        "<aux name='r'><eqn>SMTH3(p, 2) + DELAY(p, 2, 9) + DELAY1(p, 3) + PREVIOUS(p, 4) + INIT(p) + TREND(p + 9, 2)</eqn></aux>",
    ),
    ("history", "<aux name='r'><eqn>HISTORY(p, TIME - 2) + DERIVN(p, 1) + NPV(p, 0.1) + SAMPLE_IF_TRUE(p &gt; 1, p, 3)</eqn></aux>"),
    ("itself", "<aux name='r'><eqn>PREVIOUS(SELF, 1)*2 + p</eqn></aux>"),
    ("seeded_draw", "<aux name='r'><eqn>IF UNIFORM(0, 1, 3) &lt; 2 THEN SMTH1(p + POISSON(0, 5), 3) ELSE 99</eqn></aux>"),
    ("test_inputs", "<aux name='r'><eqn>PULSE(p, 1, 2) + STEP(p, 2) + RAMP(p, 1)</eqn></aux>"),
    (
        "conveyor",
        "<stock name='B'><eqn>p + 4</eqn><inflow>x</inflow><outflow>o</outflow><conveyor><len>2</len></conveyor></stock><flow name='o'/>
<flow name='x'><eqn>p</eqn><gf><xscale min='0' max='4'/><ypts>0,8</ypts></gf></flow><aux name='r'><eqn>B + 100*o + 10000*x</eqn></aux>",
    ),
    (
        "conveyor_with_capacity",
        "<stock name='B'><eqn>4</eqn><inflow>x</inflow><outflow>o</outflow><conveyor><len>2</len><capacity>5</capacity></conveyor></stock><flow name='o'/>
<flow name='x'><eqn>p + 1</eqn><multiplier>2</multiplier></flow><aux name='r'><eqn>B + 100*o + 10000*x</eqn></aux>",
    ),
    (
        "conveyor_of_changing_length",
        "<stock name='B'><eqn>4</eqn><inflow>x</inflow><outflow>o</outflow><conveyor><len>MAX(1, p)</len><arrest>p = 1</arrest></conveyor></stock>
<flow name='o'/><flow name='x'><eqn>1</eqn></flow><aux name='r'><eqn>B + 100*o</eqn></aux>",
    ),
    (
        "exponential_leak",
        "<stock name='B'><eqn>4</eqn><inflow>x</inflow><outflow>o</outflow><outflow>l</outflow><conveyor exponential_leak='true'><len>2</len></conveyor></stock>
<flow name='o'/><flow name='l'><eqn>p</eqn><gf><xscale min='0' max='10'/><ypts>0,1</ypts></gf><leak/></flow><flow name='x'><eqn>2</eqn></flow>
<aux name='r'><eqn>B + 100*o + 10000*l</eqn></aux>",
    ),
    (
        "linear_leak",
        "<stock name='B'><eqn>0</eqn><inflow>x</inflow><outflow>o</outflow><outflow>l</outflow><conveyor><len>3</len></conveyor></stock><flow name='o'/>
<flow name='l' leak_start='0.3' leak_end='1'><eqn>0.5</eqn><leak/></flow><flow name='x'><eqn>p + 1</eqn></flow><aux name='r'><eqn>B + 100*o + 10000*l</eqn></aux>",
    ),
    (
        "list_of_initial_values",
        "<stock name='B'><eqn>p + 5, 2, p + 6</eqn><inflow>x</inflow><outflow>o</outflow><conveyor><len>3</len></conveyor></stock><flow name='o'/>
<flow name='x'><eqn>0</eqn></flow><aux name='r'><eqn>B + 100*o</eqn></aux>",
    ),
    (
        "distribution",
        "<stock name='B'><eqn>0</eqn><inflow>x</inflow><outflow>o</outflow><conveyor><len>3</len></conveyor></stock><flow name='o'/>
<flow name='x' isee:spreadflow='dist'><eqn>p + 1</eqn><isee:distrib_eq>g</isee:distrib_eq></flow>
<gf name='g' type='discrete'><xscale min='0' max='1'/><ypts>0,1,4</ypts></gf><aux name='r'><eqn>B + 100*o</eqn></aux>",
    ),
    (
        "chain",
        "<stock name='B'><eqn>4</eqn><inflow>x</inflow><outflow>o</outflow><conveyor><len>2</len></conveyor></stock><flow name='o'><multiplier>3</multiplier></flow>
<flow name='x'><eqn>p + 1</eqn></flow><stock name='C'><eqn>1</eqn><inflow>o</inflow><outflow>q</outflow><conveyor><len>1</len></conveyor></stock>
<flow name='q'/><aux name='r'><eqn>B + 100*C + 10000*q</eqn></aux>",
    ),
    (
        "queue",
        "<stock name='Q'><eqn>1</eqn><inflow>a</inflow><outflow>s</outflow><queue/></stock><flow name='a'><eqn>p + 2</eqn></flow>
<flow name='s'><multiplier>p/4 + 1</multiplier></flow><stock name='B'><eqn>0</eqn><inflow>s</inflow><outflow>o</outflow>
<conveyor discrete='true' one_at_a_time='false'><len>2</len><capacity>5</capacity></conveyor></stock><flow name='o'/><aux name='r'><eqn>Q + 100*B + 10000*s</eqn></aux>",
    ),
    (
        "overflow",
        "<stock name='Q'><eqn>1</eqn><inflow>a</inflow><outflow>s</outflow><outflow>v</outflow><queue/></stock><flow name='a'><eqn>p + 2</eqn></flow>
<flow name='s'/><flow name='v'><overflow/></flow><stock name='B'><eqn>0</eqn><inflow>s</inflow><outflow>o</outflow>
<conveyor discrete='true' one_at_a_time='false'><len>2</len><capacity>5</capacity></conveyor></stock><flow name='o'/>
<stock name='W'><eqn>0</eqn><inflow>v</inflow></stock><aux name='r'><eqn>Q + 100*B + 10000*W</eqn></aux>",
    ),
    ("remainder", "<aux name='r'><eqn>(p*7) MOD 3*2 + 5//p + INT(-p/2)</eqn></aux>"),
    ("macro", "<aux name='r'><eqn>inner(p, p + 1)</eqn></aux>"),
];

/// A macro that a kind calls.
const INNER: &str = "<macro name='inner'><parm>a</parm><parm>b</parm><eqn>S + b</eqn><variables><stock name='S'><eqn>a + 1</eqn><inflow>f</inflow></stock>
<flow name='f'><eqn>a</eqn><non_negative/></flow></variables></macro>";

const DIMS: &str = "<dimensions><dim name='D'/></dimensions>";

fn root(variables: &str) -> String {
    format!("<model><variables>{variables}</variables></model>")
}

/// A macro that consists of a structure.
fn macro_of(body: &str) -> String {
    format!("<macro name='m'><parm>p</parm><eqn>r</eqn><variables>{body}</variables></macro>")
}

/// A model of a structure, whose `p` is an input.
fn model_of(name: &str, body: &str) -> String {
    format!("<model name='{name}'><variables><aux name='p' access='input'><eqn>5</eqn></aux>{body}</variables></model>")
}

/// Each variable with a dimension of its own.
fn arrayed(body: &str) -> String {
    let mut text = String::new();
    for part in body.split_inclusive('>') {
        let is_opened = |tag: &str| part.trim_start().starts_with(&format!("<{tag} name="));
        if !["aux", "stock", "flow"].into_iter().any(is_opened) {
            text.push_str(part);
        } else if let Some(open) = part.strip_suffix("/>") {
            let tag: String =
                open.trim_start_matches(['\n', '<']).chars().take_while(char::is_ascii_alphabetic).collect();
            text.push_str(&format!("{open}>{DIMS}</{tag}>"));
        } else {
            text.push_str(&format!("{part}{DIMS}"));
        }
    }
    text
}

/// A place, the model with a structure there, and the titles of what it shows.
type Context = (&'static str, fn(&str) -> String, &'static [&'static str]);

const CONTEXTS: [Context; 10] = [
    (
        "module",
        |body| {
            let outer =
                root("<aux name='src'><eqn>TIME - 1</eqn></aux><module name='M'><connect to='p' from='src'/></module>");
            format!("{outer}{}", model_of("M", body))
        },
        &["M.r"],
    ),
    (
        "array_of_modules",
        |body| {
            let module = format!("<module name='M'>{DIMS}<connect to='p' from='src'/></module>");
            format!(
                "{}{}",
                root(&format!("<aux name='src'>{DIMS}<eqn>TIME - 1</eqn></aux>{module}")),
                model_of("M", body)
            )
        },
        &["M.r[a]", "M.r[b]"],
    ),
    (
        "module_in_a_module",
        |body| {
            let outer = "<model name='O'><variables><aux name='src'><eqn>TIME - 1</eqn></aux><module name='M'><connect to='M.p' from='src'/></module></variables></model>";
            format!("{}{outer}{}", root("<module name='O'/>"), model_of("M", body))
        },
        &["O.M.r"],
    ),
    ("macro", |body| format!("{}{}", macro_of(body), root("<aux name='y'><eqn>m(TIME - 1)</eqn></aux>")), &["y"]),
    (
        "macro_in_an_array",
        |body| {
            format!(
                "{}{}",
                macro_of(body),
                root(&format!("<aux name='y'>{DIMS}<eqn>m(TIME - D + (D - 1))</eqn></aux>"))
            )
        },
        &["y[a]", "y[b]"],
    ),
    (
        "macro_in_a_reducer",
        |body| {
            let array = format!("<aux name='s'>{DIMS}<eqn>TIME - 1</eqn></aux>");
            let reducers = "<aux name='y'><eqn>MAX(m(s[*]))</eqn></aux><aux name='z'><eqn>MIN(m(s[*]))</eqn></aux>";
            format!("{}{}", macro_of(body), root(&format!("{array}{reducers}")))
        },
        &["y", "z"],
    ),
    (
        "module_in_a_macro",
        |body| {
            let definition = "<macro name='m'><parm>q</parm><eqn>N.r</eqn><variables><module name='N'><connect to='p' from='q'/></module></variables></macro>";
            format!("{definition}{}{}", root("<aux name='y'><eqn>m(TIME - 1)</eqn></aux>"), model_of("N", body))
        },
        &["y"],
    ),
    (
        "model_that_is_called",
        |body| {
            let body = body.replace("<aux name='r'>", "<aux name='r' access='output'>");
            format!("{}{}", root("<aux name='y'><eqn>m(TIME - 1)</eqn></aux>"), model_of("m", &body))
        },
        &["y"],
    ),
    (
        "array",
        |body| root(&format!("<aux name='p'>{DIMS}<eqn>TIME - 1</eqn></aux>{}", arrayed(body))),
        &["r[a]", "r[b]"],
    ),
    (
        "data",
        |body| {
            format!(
                "<data><import resource='data.csv'/></data>{}",
                root(&format!("<aux name='p'><eqn>77</eqn></aux>{body}"))
            )
        },
        &["r"],
    ),
];

/// A trial for each kind and vendor.
pub(crate) fn trials() -> Vec<Trial> {
    let vendors = [("stella", "isee systems, inc."), ("other", "somebody")];
    let all = KINDS.iter().flat_map(|&kind| vendors.map(|vendor| (kind, vendor)));
    all.map(|((name, body), (short, vendor))| trial(format!("contexts::{name}::{short}"), move || check(body, vendor)))
        .collect()
}

fn check(body: &str, vendor: &str) -> Result<(), String> {
    for dt in ["1", "0.5"] {
        let own = root(&format!("<aux name='p'><eqn>TIME - 1</eqn></aux>{body}"));
        let wanted = columns(&own, vendor, dt, &["r"])?;
        for (name, place, titles) in CONTEXTS {
            let got = columns(&place(body), vendor, dt, titles)?;
            for (engine, (got, wanted)) in ["oracle", "artifact"].iter().zip(got.iter().zip(&wanted)) {
                for (title, got) in titles.iter().zip(got) {
                    if bits(got) != bits(&wanted[0]) {
                        let text = place(body);
                        return Err(format!("{engine}, {name}: {title} is {got:?} instead of {:?}\n{text}", wanted[0]));
                    }
                }
            }
        }
    }
    Ok(())
}

/// The columns with these titles, as the oracle and the artifact show them.
fn columns(models: &str, vendor: &str, dt: &str, titles: &[&str]) -> Result<[Vec<Vec<f64>>; 2], String> {
    let text = format!(
        "<xmile xmlns:isee='http://iseesystems.com/XMILE'><header><vendor>{vendor}</vendor><name>m</name></header>
<sim_specs method='euler'><start>0</start><stop>6</stop><dt>{dt}</dt></sim_specs>
<dimensions><dim name='D'><elem name='a'/><elem name='b'/></dim></dimensions>{INNER}{models}</xmile>"
    );
    let mut files = MemoryFiles::new();
    files.add("data.csv", b"Time,p\n0,-1\n6,5\n".to_vec());
    let subject =
        Subject::from_files("model.xmile", &text, &files, OptLevel::O2).map_err(|why| format!("{why}\n{text}"))?;
    let all = subject.titles();
    let mut slots = Vec::new();
    for title in titles {
        slots.push(
            all.iter().position(|other| other == title).ok_or_else(|| format!("no {title} among {all:?}\n{text}"))?,
        );
    }
    let mut oracle = OracleEngine::new(&subject.model, &subject.module, &subject.layout);
    let mut artifact = WasmtimeEngine::new(&subject.wasm);
    let shown = |engine: &mut dyn Engine| -> Vec<Vec<f64>> {
        engine.call(Op::Run);
        let (width, rows) = (engine.live().len(), engine.rows());
        let column = |slot: &usize| rows.chunks_exact(width).map(|row| row[*slot]).collect();
        slots.iter().map(column).collect()
    };
    Ok([shown(&mut oracle), shown(&mut artifact)])
}
