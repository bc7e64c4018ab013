//! The same small model as XMILE and as Vensim's `.mdl`: where the languages mean the same, all bits are the same.

use libtest_mimic::Trial;

use crate::metamorphic::columns;
use crate::trial;

/// A model in both languages, and which of its titles are compared.
struct Pair {
    name: &'static str,
    xmile: &'static str,
    mdl: &'static str,
    titles: &'static [&'static str],
}

/// Dimensions that every model has.
const DIMS: &str = "<dimensions><dim name='Dim'><elem name='a'/><elem name='b'/><elem name='c'/></dim>\
<dim name='Row'><elem name='p'/><elem name='q'/></dim></dimensions>";

const RANGES: &str = "Dim: a, b, c ~~|\nRow: p, q ~~|\n";

const PAIRS: &[Pair] = &[
    Pair {
        name: "growth",
        xmile: "<stock name='S'><eqn>100</eqn><inflow>f</inflow></stock><flow name='f'><eqn>S*0.07 - 3</eqn></flow>",
        mdl: "S = INTEG(f, 100) ~~| f = S*0.07 - 3 ~~|",
        titles: &["S", "f"],
    },
    Pair {
        name: "two_levels",
        xmile: "<stock name='Prey'><eqn>10</eqn><inflow>up</inflow></stock><stock name='Foe'><eqn>3</eqn><inflow>down</inflow></stock>\
<flow name='up'><eqn>Prey*(0.3 - Foe/10)</eqn></flow><flow name='down'><eqn>Foe*(Prey/20 - 0.4)</eqn></flow>",
        mdl: "Prey = INTEG(up, 10) ~~| Foe = INTEG(down, 3) ~~| up = Prey*(0.3 - Foe/10) ~~| down = Foe*(Prey/20 - 0.4) ~~|",
        titles: &["Prey", "Foe"],
    },
    Pair {
        name: "elementary",
        xmile: "<aux name='x'><eqn>EXP(SIN(TIME)) + SQRT(TIME + 1) - LN(TIME + 2) + ABS(COS(TIME))</eqn></aux>",
        mdl: "x = EXP(SIN(Time)) + SQRT(Time + 1) - LN(Time + 2) + ABS(COS(Time)) ~~|",
        titles: &["x"],
    },
    Pair {
        name: "conditions",
        xmile: "<aux name='x'><eqn>IF TIME &gt; 2 AND TIME &lt;= 4 THEN MAX(TIME, 3) ELSE MIN(TIME, 1) - 7</eqn></aux>",
        mdl: "x = IF THEN ELSE(Time > 2 :AND: Time <= 4, MAX(Time, 3), MIN(Time, 1) - 7) ~~|",
        titles: &["x"],
    },
    Pair {
        name: "powers_and_order",
        xmile: "<aux name='x'><eqn>2*TIME^3/7 - 5 - TIME/3/2</eqn></aux>",
        mdl: "x = 2*Time^3/7 - 5 - Time/3/2 ~~|",
        titles: &["x"],
    },
    Pair {
        name: "table",
        xmile: "<aux name='t'><eqn>TIME/2</eqn><gf><xpts>0,1,2.5,3</xpts><ypts>1,4,2,7</ypts></gf></aux>",
        mdl: "t = WITH LOOKUP(Time/2, ((0,1),(1,4),(2.5,2),(3,7))) ~~|",
        titles: &["t"],
    },
    Pair {
        name: "smooth",
        xmile: "<aux name='x'><eqn>SMTH1(SIN(TIME), 2)</eqn></aux><aux name='y'><eqn>SMTH3(TIME, 4, 1)</eqn></aux>",
        mdl: "x = SMOOTH(SIN(Time), 2) ~~| y = SMOOTH3I(Time, 4, 1) ~~|",
        titles: &["x", "y"],
    },
    Pair {
        name: "array",
        xmile: "<aux name='x'><dimensions><dim name='Dim'/></dimensions><eqn>TIME*3 + 1</eqn></aux>",
        mdl: "x[Dim] = Time*3 + 1 ~~|",
        titles: &["x[a]", "x[c]"],
    },
    Pair {
        name: "elements",
        xmile: "<aux name='x'><dimensions><dim name='Dim'/></dimensions><element subscript='a'><eqn>TIME</eqn></element>\
<element subscript='b'><eqn>x[a]/3</eqn></element><element subscript='c'><eqn>x[b] - x[a]</eqn></element></aux>",
        mdl: "x[a] = Time ~~| x[b] = x[a]/3 ~~| x[c] = x[b] - x[a] ~~|",
        titles: &["x[a]", "x[b]", "x[c]"],
    },
    Pair {
        name: "numbers_of_elements",
        xmile: "<aux name='x'><dimensions><dim name='Row'/><dim name='Dim'/></dimensions><eqn>Row*10 + Dim</eqn></aux>",
        mdl: "x[Row, Dim] = Row*10 + Dim ~~|",
        titles: &["x[p,a]", "x[q,c]"],
    },
    Pair {
        name: "levels_of_an_array",
        xmile: "<stock name='S'><dimensions><dim name='Dim'/></dimensions><eqn>Dim</eqn><inflow>f</inflow></stock>\
<flow name='f'><dimensions><dim name='Dim'/></dimensions><eqn>S[a]/7 + Dim</eqn></flow>",
        mdl: "S[Dim] = INTEG(f[Dim], Dim) ~~| f[Dim] = S[a]/7 + Dim ~~|",
        titles: &["S[a]", "S[b]", "f[c]"],
    },
    Pair {
        name: "sums",
        xmile: "<aux name='x'><dimensions><dim name='Row'/><dim name='Dim'/></dimensions><eqn>Row/3 + Dim*TIME/7</eqn></aux>\
<aux name='s'><eqn>SUM(x[*,*])</eqn></aux>\
<aux name='r'><dimensions><dim name='Row'/></dimensions><eqn>SUM(x[Row,*])</eqn></aux>",
        mdl: "x[Row, Dim] = Row/3 + Dim*Time/7 ~~| s = SUM(x[Row!, Dim!]) ~~| r[Row] = SUM(x[Row, Dim!]) ~~|",
        titles: &["s", "r[p]", "r[q]"],
    },
    Pair {
        name: "greatest_and_least",
        xmile: "<aux name='x'><dimensions><dim name='Dim'/></dimensions><eqn>SIN(Dim*TIME)</eqn></aux>\
<aux name='g'><eqn>MAX(x[*])</eqn></aux><aux name='l'><eqn>MIN(x[*])</eqn></aux>",
        mdl: "x[Dim] = SIN(Dim*Time) ~~| g = VMAX(x[Dim!]) ~~| l = VMIN(x[Dim!]) ~~|",
        titles: &["g", "l"],
    },
    Pair {
        name: "an_exception",
        xmile: "<aux name='x'><dimensions><dim name='Dim'/></dimensions><element subscript='a'><eqn>TIME/3</eqn></element>\
<element subscript='b'><eqn>9</eqn></element><element subscript='c'><eqn>TIME/3</eqn></element></aux>",
        mdl: "x[Dim] :EXCEPT: [b] = Time/3 ~~| x[b] = 9 ~~|",
        titles: &["x[a]", "x[b]", "x[c]"],
    },
    Pair {
        name: "a_level_for_some_elements",
        xmile: "<stock name='L'><eqn>5</eqn><inflow>f</inflow></stock><flow name='f'><eqn>y</eqn></flow><aux name='y'><eqn>L/3 + TIME</eqn></aux>\
<aux name='x'><dimensions><dim name='Row'/></dimensions><element subscript='p'><eqn>L</eqn></element><element subscript='q'><eqn>y</eqn></element></aux>",
        mdl: "x[p] = INTEG(x[q], 5) ~~| x[q] = x[p]/3 + Time ~~|",
        titles: &["x[p]", "x[q]"],
    },
    Pair {
        name: "initial_values",
        xmile: "<stock name='S'><eqn>2 + TIME</eqn><inflow>f</inflow></stock><flow name='f'><eqn>S/7</eqn></flow><aux name='i'><eqn>INIT(S*3)</eqn></aux>",
        mdl: "S = INTEG(f, 2 + Time) ~~| f = S/7 ~~| i = INITIAL(S*3) ~~|",
        titles: &["S", "i"],
    },
    Pair {
        name: "inputs",
        xmile: "<aux name='x'><eqn>STEP(3, 2) + RAMP(0.5, 1)</eqn></aux>",
        mdl: "x = STEP(3, 2) + RAMP(0.5, 1, 1000) ~~|",
        titles: &["x"],
    },
    Pair {
        name: "names",
        xmile: "<aux name='Größe der Stadt'><eqn>TIME*3</eqn></aux><aux name='x'><eqn>größe_der_STADT/7</eqn></aux>",
        mdl: "Größe der Stadt = Time*3 ~~| x = größe_der  STADT/7 ~~|",
        titles: &["Größe der Stadt", "x"],
    },
    Pair {
        name: "a_safe_division",
        xmile: "<aux name='x'><eqn>SAFEDIV(3, TIME - 2, 7)</eqn></aux>",
        mdl: "x = XIDZ(3, Time - 2, 7) ~~|",
        titles: &["x"],
    },
    Pair {
        name: "a_matrix_by_rows",
        xmile: "<aux name='m'><dimensions><dim name='Row'/><dim name='Dim'/></dimensions><element subscript='p,a'><eqn>1</eqn></element>\
<element subscript='p,b'><eqn>2</eqn></element><element subscript='p,c'><eqn>3</eqn></element><element subscript='q,a'><eqn>4</eqn></element>\
<element subscript='q,b'><eqn>5</eqn></element><element subscript='q,c'><eqn>6</eqn></element></aux>\
<aux name='x'><dimensions><dim name='Dim'/></dimensions><eqn>m[p,Dim]*TIME + m[q,Dim]/3</eqn></aux>",
        mdl: "m[Row, Dim] = 1, 2, 3; 4, 5, 6; ~~| x[Dim] = m[p, Dim]*Time + m[q, Dim]/3 ~~|",
        titles: &["m[p,b]", "m[q,c]", "x[a]", "x[c]"],
    },
    Pair {
        name: "a_macro",
        xmile: "<aux name='x'><eqn>1 + TIME/3*2</eqn></aux><aux name='y'><eqn>5 + TIME/3*2</eqn></aux>",
        mdl: ":MACRO: PLUS(base, rate)\nPLUS = base + Time/3*rate ~~|\n:END OF MACRO:\nx = PLUS(1, 2) ~~| y = PLUS(5, 2) ~~|",
        titles: &["x", "y"],
    },
];

/// A trial for each pair and integration method.
pub(crate) fn trials() -> Vec<Trial> {
    let methods = [("euler", 0), ("rk4", 5)];
    let all = PAIRS.iter().flat_map(|pair| methods.map(|method| (pair, method)));
    all.map(|(pair, (method, number))| {
        trial(format!("vensim_pairs::{}::{method}", pair.name), move || check(pair, method, number))
    })
    .collect()
}

fn check(pair: &Pair, method: &str, number: u32) -> Result<(), String> {
    let specs = format!("<sim_specs method='{method}'><start>0</start><stop>6</stop><dt>0.5</dt></sim_specs>");
    let (variables, titles) = (pair.xmile, pair.titles);
    let xmile = format!(
        "<xmile><header><name>m</name></header>{specs}{DIMS}<model><variables>{variables}</variables></model></xmile>"
    );
    let times = "INITIAL TIME = 0 ~~|\nFINAL TIME = 6 ~~|\nTIME STEP = 0.5 ~~|\nSAVEPER = TIME STEP ~~|\n";
    let settings = format!("\\\\\\---///\n///---\\\\\\\n:L<%^E!@\n15:0,0,0,{number},0,0\n");
    let mdl = format!("{{UTF-8}}\n{RANGES}{}\n{times}{settings}", pair.mdl);
    let (left, right) = (columns("model.xmile", &xmile)?, columns("model.mdl", &mdl)?);
    for (engine, (left, right)) in ["oracle", "artifact"].iter().zip(left.iter().zip(&right)) {
        for title in titles {
            let [a, b] = [left, right].map(|columns| columns.iter().find(|(other, _)| other == title));
            let (a, b) = (a.ok_or(format!("XMILE: no {title}"))?, b.ok_or(format!("mdl: no {title}"))?);
            if a.1 != b.1 {
                return Err(format!("{engine}: `{title}` differs between the languages"));
            }
        }
    }
    Ok(())
}
