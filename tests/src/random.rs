//! Random models that are valid by construction, as XMILE text: the bytes that choose are the test case, so whoever shrinks bytes shrinks models.

use std::fmt::Write as _;

use arbitrary::{Result, Unstructured};

/// A model that the compiler must accept. Exhausted bytes choose the simplest alternative everywhere, so any bytes will do.
pub fn xmile(bytes: &[u8]) -> String {
    let mut u = Unstructured::new(bytes);
    Generator::default()
        .file(&mut u)
        .expect("running out of bytes is not an error of `Unstructured::ratio` and `int_in_range`")
}

/// What has been declared so far.
#[derive(Default)]
struct Generator {
    /// Names that any equation may read without closing a circle.
    readable: Vec<String>,
    /// Names that are only safe where last step's value is read: everything, in the end.
    all: Vec<String>,
    /// Constants.
    constants: Vec<String>,
    /// Tables that can be called.
    tables: Vec<String>,
}

const NUMBERS: &[&str] = &["0", "1", "2", "0.5", "3.25", "10", "0.1", "100", "7", "1e-3", "0.333", "1e6", "40", ".75"];
const UNARY: &[&str] = &["ABS", "EXP", "LN", "LOG10", "SQRT", "SIN", "COS", "TAN", "ARCSIN", "ARCCOS", "ARCTAN", "INT"];
const OPERATORS: &[&str] = &["+", "-", "*", "/", "^", "MOD", "//", "<", "<=", ">", ">=", "=", "<>", "AND", "OR"];

fn pick<'a, T: ?Sized>(u: &mut Unstructured<'_>, from: &[&'a T]) -> Result<&'a T> {
    Ok(from[u.int_in_range(0..=from.len() - 1)?])
}

impl Generator {
    fn file(&mut self, u: &mut Unstructured<'_>) -> Result<String> {
        let mut body = String::new();
        let n_stocks = u.int_in_range(0..=3)?;
        let stocks: Vec<String> = (0..n_stocks).map(|i| format!("stock {i}")).collect();
        let n_flows = if stocks.is_empty() { 0 } else { u.int_in_range(1..=5)? };
        let flows: Vec<String> = (0..n_flows).map(|i| format!("flow {i}")).collect();
        let auxes: Vec<String> = (0..u.int_in_range(1..=9)?).map(|i| format!("aux {i}")).collect();

        self.constants(u, &mut body)?;
        self.tables(u, &mut body)?;
        self.all = self.constants.clone();
        self.all.extend(stocks.iter().chain(&flows).chain(&auxes).cloned());
        self.stocks(u, &mut body, &stocks, &flows)?;
        self.readable = self.constants.iter().chain(&stocks).cloned().collect();
        for name in auxes.iter().chain(&flows) {
            self.variable(u, &mut body, name, flows.contains(name))?;
        }
        if u.ratio(1, 4)? {
            self.modules(u, &mut body)?;
        }
        self.wrap(u, &body)
    }

    fn constants(&mut self, u: &mut Unstructured<'_>, body: &mut String) -> Result<()> {
        for i in 0..u.int_in_range(1..=4)? {
            let name = format!("constant {i}");
            let sign = if u.ratio(1, 5)? { "-" } else { "" };
            let value = pick(u, NUMBERS)?;
            element(body, "aux", &name, &format!("<eqn>{sign}{value}</eqn>"));
            self.constants.push(name);
        }
        Ok(())
    }

    fn tables(&mut self, u: &mut Unstructured<'_>, body: &mut String) -> Result<()> {
        for i in 0..u.int_in_range(0..=2)? {
            let name = format!("table {i}");
            let table = Self::table(u, &format!(" name=\"{name}\""))?;
            body.push_str(&table);
            self.tables.push(name.replace(' ', "_"));
        }
        Ok(())
    }

    fn table(u: &mut Unstructured<'_>, attributes: &str) -> Result<String> {
        let kind = pick(u, &["continuous", "extrapolate", "discrete"])?;
        let n = u.int_in_range(1..=12)?;
        let mut ys = Vec::new();
        for _ in 0..n {
            ys.push(u.int_in_range(-50..=50)?.to_string());
        }
        let xs = if u.ratio(1, 2)? {
            let min = u.int_in_range(-20..=20)?;
            format!("<xscale min=\"{min}\" max=\"{}\"/>", f64::from(min + u.int_in_range(1..=30)?) + 0.1)
        } else {
            let mut xs = Vec::new();
            for _ in 0..n {
                xs.push((f64::from(u.int_in_range(-40..=40)?) / 4.0).to_string());
            }
            format!("<xpts>{}</xpts>", xs.join(","))
        };
        Ok(format!("<gf{attributes} type=\"{kind}\">{xs}<ypts>{}</ypts></gf>\n", ys.join(",")))
    }

    fn stocks(
        &mut self,
        u: &mut Unstructured<'_>,
        body: &mut String,
        stocks: &[String],
        flows: &[String],
    ) -> Result<()> {
        // Flows are dealt out in order, so that the inflows of a stock come before its outflows: a clamp reads the former.
        let mut free_in: Vec<&String> = flows.iter().collect();
        let mut free_out: Vec<&String> = flows.iter().collect();
        self.readable = self.constants.clone();
        for stock in stocks {
            let mut inner = format!("<eqn>{}</eqn>", self.expression(u, 2)?);
            let inflow = if !free_in.is_empty() && u.ratio(2, 3)? { Some(free_in.remove(0)) } else { None };
            if let Some(flow) = inflow {
                write!(inner, "<inflow>{}</inflow>", underscores(flow)).expect("writing to a string");
            }
            for _ in 0..u.int_in_range(0..=2)? {
                let later = |flow: &&String| inflow.is_none_or(|inflow| *flow > inflow);
                if let Some(at) = free_out.iter().position(later) {
                    let flow = free_out.remove(at);
                    write!(inner, "<outflow>{}</outflow>", underscores(flow)).expect("writing to a string");
                }
            }
            if u.ratio(1, 3)? {
                inner.push_str("<non_negative/>");
            }
            element(body, "stock", stock, &inner);
            self.readable.push(stock.clone());
        }
        Ok(())
    }

    fn variable(&mut self, u: &mut Unstructured<'_>, body: &mut String, name: &str, is_flow: bool) -> Result<()> {
        let mut inner = format!("<eqn>{}</eqn>", self.expression(u, 4)?);
        if u.ratio(1, 8)? {
            inner.push_str(&Self::table(u, "")?);
        }
        if is_flow && u.ratio(1, 4)? {
            inner.push_str("<non_negative/>");
        }
        element(body, if is_flow { "flow" } else { "aux" }, name, &inner);
        // A flow may be clamped by what other flows leave, so only flows that come later may be read by nobody.
        if !is_flow {
            self.readable.push(name.to_owned());
        }
        Ok(())
    }

    fn modules(&mut self, u: &mut Unstructured<'_>, body: &mut String) -> Result<()> {
        for name in ["Left", "Right"] {
            let feed = &self.readable[u.int_in_range(0..=self.readable.len() - 1)?];
            writeln!(
                body,
                "<module name=\"{name}\" isee:model_name=\"Part\" simlin:model_name=\"Part\"><connect to=\"{name}.input\" from=\"{}\"/></module>",
                underscores(feed)
            )
            .expect("writing to a string");
        }
        element(body, "aux", "from modules", "<eqn>Left.level - Right.level</eqn>");
        Ok(())
    }

    fn wrap(&mut self, u: &mut Unstructured<'_>, body: &str) -> Result<String> {
        let method = pick(u, &["euler", "rk2", "rk4"])?;
        let (dt, step) = [
            ("<dt>1</dt>", 1.0),
            ("<dt>0.5</dt>", 0.5),
            ("<dt>0.1</dt>", 0.1),
            ("<dt>0.3</dt>", 0.3),
            ("<dt reciprocal=\"true\">3</dt>", 1.0 / 3.0),
        ][u.int_in_range(0..=4)?];
        let start = u.int_in_range(-3..=5)?;
        let stop = f64::from(start) + f64::from(u.int_in_range(1..=25)?) * step * 1.04;
        let every = u.int_in_range(1..=3)?;
        let part = if body.contains("<module") {
            "<model name=\"Part\"><variables>\
             <aux name=\"input\" access=\"input\"><eqn>1</eqn></aux>\
             <stock name=\"level\"><eqn>input / 2</eqn><inflow>change</inflow></stock>\
             <flow name=\"change\"><eqn>SMTH1(input, 2) - level / 4</eqn></flow>\
             </variables></model>"
        } else {
            ""
        };
        Ok(format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
             <xmile version=\"1.0\" xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\" \
             xmlns:isee=\"http://iseesystems.com/XMILE\" xmlns:simlin=\"https://simlin.com/XMILE/v1.0\">\n\
             <header><vendor>tests</vendor><product version=\"1\">random</product></header>\n\
             <sim_specs method=\"{method}\" isee:save_interval=\"{}\"><start>{start}</start><stop>{stop}</stop>{dt}</sim_specs>\n\
             <model><variables>\n{body}</variables></model>\n{part}</xmile>\n",
            f64::from(every) * step,
        ))
    }

    /// An expression over what is readable.
    fn expression(&self, u: &mut Unstructured<'_>, depth: u32) -> Result<String> {
        if depth == 0 || u.ratio(1, 5)? {
            return self.leaf(u);
        }
        let inner = depth - 1;
        Ok(match u.int_in_range(0..=12)? {
            0 => self.leaf(u)?,
            1..=5 => {
                let (a, b) = (self.expression(u, inner)?, self.expression(u, inner)?);
                format!("({a} {} {b})", escape(pick(u, OPERATORS)?))
            }
            6 => format!("{}({})", pick(u, UNARY)?, self.expression(u, inner)?),
            7 => format!(
                "{}({}, {})",
                pick(u, &["MAX", "MIN", "SAFEDIV"])?,
                self.expression(u, inner)?,
                self.expression(u, inner)?
            ),
            8 => {
                let (c, a, b) = (self.expression(u, inner)?, self.expression(u, inner)?, self.expression(u, inner)?);
                format!("(IF {c} THEN {a} ELSE {b})")
            }
            9 => format!("{}{}", pick(u, &["-", "NOT "])?, self.leaf(u)?),
            10 => self.input(u)?,
            11 if !self.tables.is_empty() => {
                let table = &self.tables[u.int_in_range(0..=self.tables.len() - 1)?];
                format!("{table}({})", self.expression(u, inner)?)
            }
            _ => self.memory(u, inner)?,
        })
    }

    fn leaf(&self, u: &mut Unstructured<'_>) -> Result<String> {
        if self.readable.is_empty() || u.ratio(1, 4)? {
            return Ok((*pick(u, &["TIME", "1", "DT", "PI", "2.5", "STARTTIME", "STOPTIME", "0"])?).to_owned());
        }
        Ok(underscores(&self.readable[u.int_in_range(0..=self.readable.len() - 1)?]))
    }

    fn input(&self, u: &mut Unstructured<'_>) -> Result<String> {
        let (a, b, c) = (self.leaf(u)?, pick(u, NUMBERS)?, pick(u, NUMBERS)?);
        Ok(match u.int_in_range(0..=4)? {
            0 => format!("STEP({a}, {b})"),
            1 => format!("RAMP({a}, {b})"),
            2 => format!("RAMP({a}, {b}, {c})"),
            3 => format!("PULSE({a}, {b})"),
            _ => format!("PULSE({a}, {b}, {c})"),
        })
    }

    /// A stateful call. Where an initial value is given, the input may be anything: last step's value breaks the circle.
    fn memory(&self, u: &mut Unstructured<'_>, depth: u32) -> Result<String> {
        let input = self.expression(u, depth.min(1))?;
        let time = if u.ratio(3, 4)? { (*pick(u, &["1", "2.5", "0.7", "4"])?).to_owned() } else { self.leaf(u)? };
        let init = self.leaf(u)?;
        let any = match self.all.len() {
            0 => input.clone(),
            n => underscores(&self.all[u.int_in_range(0..=n - 1)?]),
        };
        Ok(match u.int_in_range(0..=12)? {
            0 => format!("SMTH1({input}, {time})"),
            1 => format!("SMTH3({input}, {time}, {init})"),
            2 => format!("SMTHN({input}, {time}, 2)"),
            3 => format!("DELAY1({input}, {time})"),
            4 => format!("DELAY3({input}, {time}, {init})"),
            5 => format!("DELAYN({input}, {time}, 4, {init})"),
            6 => format!("DELAY({input}, {time})"),
            7 => format!("DELAY({any}, {time}, {init})"),
            8 => format!("TREND({input}, {time})"),
            9 => format!("FORCST({input}, {time}, 3)"),
            10 => format!("INIT({input})"),
            11 => format!("SMTH1({any}, {time}, {init})"),
            _ => format!("PREVIOUS({any}, {init})"),
        })
    }
}

fn element(body: &mut String, tag: &str, name: &str, inner: &str) {
    writeln!(body, "<{tag} name=\"{name}\">{inner}</{tag}>").expect("writing to a string");
}

fn underscores(name: &str) -> String {
    name.replace(' ', "_")
}

fn escape(operator: &str) -> String {
    operator.replace('<', "&lt;").replace('>', "&gt;")
}
