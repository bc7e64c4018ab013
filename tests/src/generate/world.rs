//! A model of one world in the size of those that the seventies wrote, as XMILE and as the C program that a translator would write:
//! 36 stocks with two flows each and 24 delays, 250 flows and auxiliaries, 55 of them graphical functions of which most have evenly
//! spaced points, policies that switch by time, and 400 steps, every one saved.

use std::fmt::Write as _;

const STOCKS: usize = 36;
const TABLES: usize = 55;
const AUXILIARIES: usize = 123;
/// Rows of a run.
const ROWS: usize = 401;

/// The variables that are asked for where only five are.
pub const FIVE: [&str; 5] = ["stock7", "aux121", "aux98", "table50", "in33"];

/// What an auxiliary is.
enum Auxiliary {
    Policy,
    Ratio,
    Delay(usize),
    Limit,
    Mean,
}

/// What auxiliary `i` is, and its operands: what it follows, a stock, a table.
fn auxiliary(i: usize) -> (Auxiliary, String, usize, usize) {
    let before =
        if i.is_multiple_of(4) { format!("stock{}", (11 * (i / 4)) % STOCKS) } else { format!("aux{}", i - 1) };
    let kind = match i % 5 {
        0 => Auxiliary::Policy,
        1 => Auxiliary::Ratio,
        2 => Auxiliary::Delay(3 + i % 11),
        3 => Auxiliary::Limit,
        _ => Auxiliary::Mean,
    };
    (kind, before, (7 * i + 1) % STOCKS, (i / 5 + 25 * (i % 5)) % TABLES)
}

/// Of table `i`, its points and what it depends on: every seventh table has points at uneven distances, every other x is a ratio.
fn table(i: usize) -> (Vec<f64>, Vec<f64>, String) {
    let ys = vec![0.1 * (1 + i % 7) as f64, 0.8, 1.0, 1.2, 1.5, 1.9, 2.0];
    let xs = if i % 7 == 6 {
        vec![0.0, 0.2, 0.5, 1.0, 2.0, 4.0, 5.0]
    } else {
        (0..7).map(|point| f64::from(point) * 5.0 / 6.0).collect()
    };
    let stock = (11 * i + 5) % STOCKS;
    let x = if i.is_multiple_of(2) {
        format!("stock{stock} / {}.0", 10 + stock)
    } else {
        format!("stock{stock} * 0.0{}", 10 + i)
    };
    (xs, ys, x)
}

/// What one of the flows of stock `i` follows.
fn source(i: usize) -> usize {
    (4 * i + 3) % AUXILIARIES
}

/// The model.
pub fn model() -> String {
    let mut body = String::from("<aux name=\"policy year\"><eqn>1975</eqn></aux>\n");
    let mut line = |text: String| {
        body.push_str(&text);
        body.push('\n');
    };
    let aux = |name: String, equation: String| format!("<aux name=\"{name}\"><eqn>{equation}</eqn></aux>");
    for i in 0..STOCKS {
        line(aux(format!("time{i}"), (2 + i % 17).to_string()));
        line(format!("<flow name=\"in{i}\"><eqn>MAX(0, stock{i} * 0.02 + aux{} * 0.01)</eqn></flow>", source(i)));
        let outflow = if i.is_multiple_of(2) {
            format!("stock{i} / time{i} * 0.1")
        } else {
            format!("stock{i} * time{i} * 0.004")
        };
        line(format!("<flow name=\"out{i}\"><eqn>{outflow}</eqn></flow>"));
        line(format!(
            "<stock name=\"stock{i}\"><eqn>{}</eqn><inflow>in{i}</inflow><outflow>out{i}</outflow></stock>",
            10 + i
        ));
    }
    for i in 0..TABLES {
        let (xs, ys, x) = table(i);
        let of_x = match i % 7 == 6 {
            true => format!("<xpts>{}</xpts>", list(&xs)),
            false => "<xscale min=\"0\" max=\"5\"/>".to_owned(),
        };
        line(format!("<aux name=\"table{i}\"><eqn>{x}</eqn><gf>{of_x}<ypts>{}</ypts></gf></aux>", list(&ys)));
    }
    for i in 0..AUXILIARIES {
        let (kind, before, stock, table) = auxiliary(i);
        line(aux(
            format!("aux{i}"),
            match kind {
                Auxiliary::Policy => {
                    format!("IF TIME &gt; policy_year THEN {before} * 0.5 ELSE stock{stock} * table{table}")
                }
                Auxiliary::Ratio => format!("{before} * table{table} / (1 + stock{stock})"),
                Auxiliary::Delay(time) => format!("SMTH1({before}, {time})"),
                Auxiliary::Limit => format!("MIN({before}, stock{stock}) + ABS({before} - 1) * 0.25"),
                Auxiliary::Mean => format!("({before} + stock{stock} * table{table}) * 0.3"),
            },
        ));
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <xmile version=\"1.0\" xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\">\n\
         <header><vendor>tests</vendor><product version=\"1\">generated</product></header>\n\
         <sim_specs method=\"euler\"><start>1900</start><stop>2100</stop><dt>0.5</dt></sim_specs>\n\
         <model><variables>\n{body}</variables></model>\n</xmile>\n"
    )
}

fn list(numbers: &[f64]) -> String {
    numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(",")
}

/// The same in C, which saves all variables, or those of [`FIVE`]; `bench.h` says what such a program does.
pub fn c_program(saves_all: bool) -> String {
    let mut text = String::from("#include \"bench.h\"\n\n");
    let mut outputs: Vec<String> = vec!["time".into(), "0.5".into(), "1900.0".into(), "2100.0".into()];
    if saves_all {
        outputs.extend((0..STOCKS).map(|i| format!("stock{i}")));
        outputs.extend((0..STOCKS).flat_map(|i| [format!("in{i}"), format!("out{i}")]));
        outputs.extend((0..TABLES).map(|i| format!("table{i}")));
        outputs.extend((0..AUXILIARIES).map(|i| format!("aux{i}")));
        outputs.push("p->policy_year".into());
        outputs.extend((0..STOCKS).map(|i| format!("p->time[{i}]")));
    } else {
        outputs.extend(FIVE.map(str::to_owned));
    }
    let times: Vec<f64> = (0..STOCKS).map(|i| (2 + i % 17) as f64).collect();
    let mut line = |line: String| writeln!(text, "{line}").expect("writing to a string");
    line("typedef struct { double policy_year, time[36]; } Params;".into());
    line(format!("#define DEFAULTS {{1975.0, {{{}}}}}", list(&times)));
    line("#define MAXIMUM(a, b) ((a) > (b) ? (a) : (b))\n#define MINIMUM(a, b) ((a) < (b) ? (a) : (b))".into());
    for i in 0..TABLES {
        let (xs, ys, _) = table(i);
        line(format!("static const double xs{i}[] = {{{}}}, ys{i}[] = {{{}}};", list(&xs), list(&ys)));
    }
    line("static __attribute__((noinline)) void run(const Params *p, double *row) {\n    double time = 1900.0;".into());
    (0..STOCKS).for_each(|i| line(format!("    double stock{i} = {}.0;", 10 + i)));
    let delays = || (0..AUXILIARIES).filter(|i| i % 5 == 2);
    delays().for_each(|i| line(format!("    double delay{i};")));
    line("    {".into());
    body(&mut line, |before, i| format!("delay{i} = {before}"));
    line("    }\n    for (int step = 0; step <= 400; step++) {\n        time = 1900.0 + step * 0.5;".into());
    body(&mut line, |_, i| format!("delay{i}"));
    for i in 0..STOCKS {
        let from = source(i);
        line(format!("    double in{i} = MAXIMUM(0.0, stock{i} * 0.02 + aux{from} * 0.01);"));
        let outflow = if i.is_multiple_of(2) {
            format!("stock{i} / p->time[{i}] * 0.1")
        } else {
            format!("stock{i} * p->time[{i}] * 0.004")
        };
        line(format!("    double out{i} = {outflow};"));
    }
    for (position, output) in outputs.iter().enumerate() {
        line(format!("    row[{position}] = {output};"));
    }
    line(format!("    row += {};", outputs.len()));
    (0..STOCKS).for_each(|i| line(format!("    stock{i} += 0.5 * (in{i} - out{i});")));
    for i in delays() {
        let (Auxiliary::Delay(time), before, ..) = auxiliary(i) else { continue };
        let before = if before.starts_with("stock") { format!("before{i}") } else { before };
        line(format!("    delay{i} += 0.5 * ((({before}) - delay{i}) / {time}.0);"));
    }
    line(format!("    }}\n}}\n\nBENCH_MAIN(Params, {ROWS}, {}, run)", outputs.len()));
    text
}

/// Tables and auxiliaries of a step; what a delay of a variable shows is what `delay` says. A stock that is delayed is kept as it was.
fn body(line: &mut impl FnMut(String), delay: impl Fn(&str, usize) -> String) {
    for i in 0..TABLES {
        let (_, _, x) = table(i);
        line(match i % 7 == 6 {
            true => format!("    double table{i} = lookup(xs{i}, ys{i}, 7, {x});"),
            false => format!("    double table{i} = lookup_even(ys{i}, 7, 0.0, 5.0 / 6.0, {x});"),
        });
    }
    for i in 0..AUXILIARIES {
        let (kind, before, stock, table) = auxiliary(i);
        if matches!(kind, Auxiliary::Delay(_)) && before.starts_with("stock") {
            line(format!("    double before{i} = {before};"));
        }
        let value = match kind {
            Auxiliary::Policy => format!("time > p->policy_year ? {before} * 0.5 : stock{stock} * table{table}"),
            Auxiliary::Ratio => format!("{before} * table{table} / (1.0 + stock{stock})"),
            Auxiliary::Delay(_) => delay(&before, i),
            Auxiliary::Limit => format!("MINIMUM({before}, stock{stock}) + fabs({before} - 1.0) * 0.25"),
            Auxiliary::Mean => format!("({before} + stock{stock} * table{table}) * 0.3"),
        };
        line(format!("    double aux{i} = {value};"));
    }
}
