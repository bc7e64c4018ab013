//! One model for each kind of part that a large model has many of, at any size: what compiles them must take time in proportion.

use std::fmt::Write as _;

use super::{chain, wrap};

/// Makes a model with that many parts of a kind.
pub type Shape = fn(usize) -> String;

/// A kind of part.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// What the model has many of.
    pub name: &'static str,
    /// Makes the model.
    pub shape: Shape,
}

/// Every kind that is measured.
pub const KINDS: [Kind; 21] = [
    Kind { name: "chain of variables", shape: chain },
    Kind { name: "conveyors in a row", shape: conveyors },
    Kind { name: "conveyors with leaks", shape: leaks },
    Kind { name: "queues and conveyors", shape: queues },
    Kind { name: "non-negative stocks", shape: non_negative },
    Kind { name: "outflows of one stock", shape: outflows },
    Kind { name: "stock in a ring", shape: ring },
    Kind { name: "outflows that read others", shape: wishes },
    Kind { name: "inflows of one stock", shape: inflows },
    Kind { name: "modules", shape: modules },
    Kind { name: "macros", shape: macros },
    Kind { name: "delays", shape: delays },
    Kind { name: "orders of delays", shape: orders },
    Kind { name: "wide sum", shape: sum },
    Kind { name: "star", shape: star },
    Kind { name: "graphical functions", shape: tables },
    Kind { name: "units of measure", shape: units },
    Kind { name: "elements of a stock", shape: elements },
    Kind { name: "non-negative elements", shape: non_negative_elements },
    Kind { name: "elements that read others", shape: recurrence },
    Kind { name: "rows of a matrix", shape: rows },
];

fn repeat(n: usize, part: impl Fn(usize) -> String) -> String {
    (0..n).fold(String::new(), |mut text, i| {
        let _ = writeln!(text, "{}", part(i));
        text
    })
}

fn aux(name: &str, equation: &str) -> String {
    format!("<aux name=\"{name}\"><eqn>{equation}</eqn></aux>\n")
}

/// What leaves one enters the next.
fn conveyors(n: usize) -> String {
    let transports = repeat(n, |i| {
        format!(
            "<stock name=\"c{i}\"><eqn>{i}</eqn><inflow>f{i}</inflow><outflow>f{}</outflow>\
             <conveyor><len>4</len></conveyor></stock>\n<flow name=\"f{}\"/>",
            i + 1,
            i + 1
        )
    });
    wrap(&format!("<flow name=\"f0\"><eqn>1</eqn></flow>\n{transports}"))
}

/// Each asks for what comes in, and two leaks take from it.
fn leaks(n: usize) -> String {
    wrap(&repeat(n, |i| {
        format!(
            "<stock name=\"c{i}\"><eqn>{i}</eqn><inflow>i{i}</inflow><outflow>o{i}</outflow><outflow>l{i}</outflow>\
             <outflow>m{i}</outflow><conveyor><len>2 + c{i}*0</len><capacity>100</capacity></conveyor></stock>\n\
             <flow name=\"i{i}\"><eqn>TIME</eqn></flow><flow name=\"o{i}\"/>\
             <flow name=\"l{i}\"><eqn>0.1</eqn><leak/></flow><flow name=\"m{i}\"><eqn>0.2</eqn><leak/></flow>"
        )
    }))
}

fn queues(n: usize) -> String {
    wrap(&repeat(n, |i| {
        format!(
            "<stock name=\"q{i}\"><eqn>0</eqn><inflow>i{i}</inflow><outflow>b{i}</outflow><outflow>v{i}</outflow><queue/></stock>\n\
             <flow name=\"i{i}\"><eqn>2</eqn></flow><flow name=\"b{i}\"/><flow name=\"v{i}\"><overflow/></flow>\n\
             <stock name=\"c{i}\"><eqn>0</eqn><inflow>b{i}</inflow><outflow>o{i}</outflow>\
             <conveyor discrete=\"true\"><len>2</len><capacity>4</capacity></conveyor></stock><flow name=\"o{i}\"/>"
        )
    }))
}

/// Each stock feeds the next.
fn non_negative(n: usize) -> String {
    let stocks = repeat(n, |i| {
        format!(
            "<stock name=\"s{i}\"><eqn>{i}</eqn><inflow>f{i}</inflow><outflow>f{}</outflow><non_negative/></stock>\n\
             <flow name=\"f{i}\"><eqn>{i} * 0.1</eqn><non_negative/></flow>",
            i + 1
        )
    });
    wrap(&(stocks + &format!("<flow name=\"f{n}\"><eqn>1</eqn></flow>")))
}

fn outflows(n: usize) -> String {
    let names = repeat(n, |i| format!("<outflow>f{i}</outflow>"));
    let flows = repeat(n, |i| format!("<flow name=\"f{i}\"><eqn>s * 0.1</eqn></flow>"));
    wrap(&format!("<stock name=\"s\"><eqn>100</eqn>{names}<non_negative/></stock>\n{flows}"))
}

/// What leaves the stock comes back to it.
fn ring(n: usize) -> String {
    let names = repeat(n, |i| format!("<inflow>i{i}</inflow><outflow>f{i}</outflow>"));
    let flows = repeat(n, |i| {
        format!("<flow name=\"f{i}\"><eqn>s * 0.1</eqn></flow><flow name=\"i{i}\"><eqn>f{i} / 2</eqn></flow>")
    });
    wrap(&format!("<stock name=\"s\"><eqn>100</eqn>{names}<non_negative/></stock>\n{flows}"))
}

/// Each outflow asks for a part of what the next one asks for.
fn wishes(n: usize) -> String {
    let names = repeat(n, |i| format!("<outflow>f{i}</outflow>"));
    let flows = repeat(n - 1, |i| format!("<flow name=\"f{i}\"><eqn>f{} * 0.5 + 1</eqn></flow>", i + 1));
    let last = format!("<flow name=\"f{}\"><eqn>1</eqn></flow>", n - 1);
    wrap(&format!("<stock name=\"s\"><eqn>100</eqn>{names}<non_negative/></stock>\n{flows}{last}"))
}

fn inflows(n: usize) -> String {
    let names = repeat(n, |i| format!("<inflow>f{i}</inflow>"));
    let flows = repeat(n, |i| format!("<flow name=\"f{i}\"><eqn>s * {i}</eqn></flow>"));
    wrap(&format!("<stock name=\"s\"><eqn>1e-9</eqn>{names}</stock>\n{flows}"))
}

/// Instances of one model, each connected to the one before.
fn modules(n: usize) -> String {
    let instances = repeat(n, |i| {
        let from = if i == 0 { "source".to_owned() } else { format!("m{}.out", i - 1) };
        format!("<module name=\"m{i}\" isee:model=\"part\"><connect to=\"m{i}.in\" from=\"{from}\"/></module>")
    });
    let part = "<model name=\"part\"><variables><aux name=\"in\" access=\"input\"><eqn>0</eqn></aux>\
                <stock name=\"s\"><eqn>1</eqn><inflow>f</inflow></stock><flow name=\"f\"><eqn>in - s</eqn></flow>\
                <aux name=\"out\" access=\"output\"><eqn>s * 2</eqn></aux></variables></model>";
    wrap(&(aux("source", "TIME") + &instances)).replace("</xmile>", &format!("{part}</xmile>"))
}

fn macros(n: usize) -> String {
    let calls = repeat(n, |i| aux(&format!("a{i}"), &format!("M(TIME, {i}) + 1")));
    let def = "<macro name=\"M\"><parm>x</parm><parm>y</parm><eqn>s + x*y</eqn><variables>\
               <stock name=\"s\"><eqn>y</eqn><inflow>f</inflow></stock><flow name=\"f\"><eqn>x - s</eqn></flow>\
               </variables></macro>";
    wrap(&calls).replace("</xmile>", &format!("{def}</xmile>"))
}

/// Memory of every kind, all of it fed by one variable.
fn delays(n: usize) -> String {
    let kinds = ["SMTH3(x, 5)", "DELAY3(x, 4, 1)", "DELAY(x, 3)", "PREVIOUS(x, 0)", "TREND(x, 2)", "INIT(x)"];
    wrap(&(aux("x", "SIN(TIME)") + &repeat(n, |i| aux(&format!("m{i}"), kinds[i % kinds.len()]))))
}

/// Delays of two levels, whose orders are looked up one by one.
fn orders(n: usize) -> String {
    wrap(&(aux("x", "SIN(TIME)") + &repeat(n, |i| aux(&format!("m{i}"), "DELAYN(x, 4, 2)"))))
}

/// One equation with no variable to break it at.
fn sum(n: usize) -> String {
    wrap(&aux("a", &format!("1{}", repeat(n, |i| format!(" + TIME * {i}")))))
}

/// One variable that all others read.
fn star(n: usize) -> String {
    wrap(&(aux("hub", "SIN(TIME)") + &repeat(n, |i| aux(&format!("a{i}"), &format!("hub * {i}")))))
}

fn tables(n: usize) -> String {
    wrap(&repeat(n, |i| {
        format!(
            "<aux name=\"a{i}\"><eqn>TIME / 10</eqn><gf><xscale min=\"0\" max=\"1\"/><ypts>0,{i},2,3,1</ypts></gf></aux>"
        )
    }))
}

fn units(n: usize) -> String {
    let unit = ["people", "year", "people/year", "kg*m"];
    wrap(&repeat(n, |i| {
        format!("<aux name=\"a{i}\"><eqn>TIME * {i}</eqn><units>{}*u{i}</units></aux>", unit[i % unit.len()])
    }))
}

/// A model with dimensions `D`, of that many elements, and `E`, of three.
fn arrayed(n: usize, variables: &str) -> String {
    let dims = format!("<dimensions><dim name=\"D\" size=\"{n}\"/><dim name=\"E\" size=\"3\"/></dimensions>");
    wrap(variables).replace("<model>", &format!("{dims}<model>"))
}

const D: &str = "<dimensions><dim name=\"D\"/></dimensions>";

/// An equation for each element of a stock and of its flow.
fn elements(n: usize) -> String {
    let stocks = repeat(n, |i| format!("<element subscript=\"{}\"><eqn>{i} * 2</eqn></element>", i + 1));
    let flows = repeat(n, |i| format!("<element subscript=\"{0}\"><eqn>s[{0}] * {i}</eqn></element>", i + 1));
    arrayed(n, &format!("<stock name=\"s\">{D}{stocks}<inflow>f</inflow></stock><flow name=\"f\">{D}{flows}</flow>"))
}

/// Every other element of a stock is non-negative, and every flow into it a uniflow.
fn non_negative_elements(n: usize) -> String {
    let flag = ["", "<non_negative/>"];
    let stocks = repeat(n, |i| format!("<element subscript=\"{}\"><eqn>{i}</eqn>{}</element>", i + 1, flag[i % 2]));
    let flows =
        repeat(n, |i| format!("<element subscript=\"{}\"><eqn>TIME - {i}</eqn><non_negative/></element>", i + 1));
    arrayed(
        n,
        &format!(
            "<stock name=\"s\">{D}{stocks}<inflow>f</inflow><outflow>o</outflow></stock>\
             <flow name=\"f\">{D}{flows}</flow><flow name=\"o\">{D}<eqn>s * 0.1</eqn></flow>"
        ),
    )
}

/// Each element has an equation that reads the one before.
fn recurrence(n: usize) -> String {
    let elements = repeat(n - 1, |i| format!("<element subscript=\"{}\"><eqn>f[{}] * 2</eqn></element>", i + 2, i + 1));
    arrayed(n, &format!("<aux name=\"f\">{D}<element subscript=\"1\"><eqn>TIME</eqn></element>{elements}</aux>"))
}

/// An equation for each row, which other rows read.
fn rows(n: usize) -> String {
    let dims = "<dimensions><dim name=\"D\"/><dim name=\"E\"/></dimensions>";
    let row = |i: usize, equation: &str| format!("<element subscript=\"{i},E\"><eqn>{equation}</eqn></element>");
    let first = repeat(n, |i| row(i + 1, &format!("TIME * {i} + E")));
    let second = repeat(n, |i| row(i + 1, &format!("f[{}, E] * 2", i + 1)));
    arrayed(n, &format!("<aux name=\"f\">{dims}{first}</aux><aux name=\"g\">{dims}{second}</aux>"))
}
