//! Random models that are valid by construction, as XMILE text: the bytes that choose are the test case, so whoever shrinks bytes shrinks models.

use std::fmt::Write as _;

use arbitrary::{Result, Unstructured};
use simc_model::files::MemoryFiles;

use arrays::{Array, Dim};
pub use chains::chain_model;

mod arrays;
mod chains;
mod expression;
mod posters;
mod subscript;
mod tables;
mod transports;

/// A model and the files that it refers to.
pub struct RandomModel {
    /// The model, as XMILE.
    pub text: String,
    /// The tables that it imports.
    pub files: MemoryFiles,
}

/// A model that the compiler must accept. Exhausted bytes choose the simplest alternative everywhere, so any bytes will do.
pub fn model(bytes: &[u8]) -> RandomModel {
    let mut u = Unstructured::new(bytes);
    let mut generator = Generator::default();
    let text = generator
        .file(&mut u)
        .expect("running out of bytes is not an error of `Unstructured::ratio` and `int_in_range`");
    RandomModel { text, files: generator.files }
}

/// A model of constructs that XMILE and Vensim share, in whatever words.
pub fn shared_model(bytes: &[u8]) -> RandomModel {
    let mut u = Unstructured::new(bytes);
    let mut generator = Generator { is_shared: true, ..Generator::default() };
    let text = generator
        .file(&mut u)
        .expect("running out of bytes is not an error of `Unstructured::ratio` and `int_in_range`");
    RandomModel { text, files: generator.files }
}

/// What has been declared so far.
#[derive(Default)]
struct Generator {
    /// Only what Vensim has as well.
    is_shared: bool,
    /// Names that any equation may read without closing a cycle.
    readable: Vec<String>,
    /// Names that are only safe where last step's value is read: everything, in the end.
    all: Vec<String>,
    /// Constants.
    constants: Vec<String>,
    /// Tables that can be called.
    tables: Vec<String>,
    /// Dimensions; none in two of three models, which then have no arrays.
    dims: Vec<Dim>,
    /// Arrays that any equation may read without closing a cycle.
    arrays: Vec<Array>,
    /// Arrays that are only safe where last step's value is read.
    all_arrays: Vec<Array>,
    /// Arrays of tables.
    array_tables: Vec<Array>,
    /// Conveyors and queues without dimensions.
    transports: Vec<String>,
    /// Tables of data beside the model.
    files: MemoryFiles,
}

const NUMBERS: &[&str] = &["0", "1", "2", "0.5", "3.25", "10", "0.1", "100", "7", "1e-3", "0.333", "1e6", "40", ".75"];

/// Macros that every model has: with a default, with a stock and a memory, and one that calls the others.
const MACROS: &str = "<macro name=\"MIXED\"><parm>a</parm><parm>b</parm><parm default=\"a / 2\">c</parm>\
    <eqn>IF a &gt; b THEN a - c ELSE b * c</eqn></macro>\
    <macro name=\"CHASED\"><parm>goal</parm><parm>pace</parm><eqn>level + PREVIOUS(change, pace)</eqn><variables>\
    <stock name=\"level\"><eqn>goal / 2</eqn><inflow>change</inflow></stock>\
    <flow name=\"change\"><eqn>(goal - level) / MAX(1, ABS(pace))</eqn></flow></variables></macro>\
    <macro name=\"CHASED AGAIN\"><parm>x</parm><eqn>CHASED(MIXED(x, SMTH1(x, 2)), 3)</eqn></macro>\n";

fn pick<'a, T: ?Sized>(u: &mut Unstructured<'_>, from: &[&'a T]) -> Result<&'a T> {
    Ok(from[u.int_in_range(0..=from.len() - 1)?])
}

impl Generator {
    fn file(&mut self, u: &mut Unstructured<'_>) -> Result<String> {
        let mut body = String::new();
        if !u.ratio(2, 3)? {
            self.dimensions(u)?;
        }
        let n_stocks = u.int_in_range(0..=3)?;
        let stocks: Vec<String> = (0..n_stocks).map(|i| format!("stock {i}")).collect();
        let n_flows = if stocks.is_empty() { 0 } else { u.int_in_range(1..=5)? };
        let flows: Vec<String> = (0..n_flows).map(|i| format!("flow {i}")).collect();
        let auxes: Vec<String> = (0..u.int_in_range(1..=9)?).map(|i| format!("aux {i}")).collect();

        self.constants(u, &mut body)?;
        self.tables(u, &mut body)?;
        self.all = self.constants.clone();
        self.all.extend(stocks.iter().chain(&flows).chain(&auxes).cloned());
        self.readable = self.constants.clone();
        let (array_flows, array_auxes) = self.begin_arrays(u, &mut body)?;
        self.stocks(u, &mut body, &stocks, &flows)?;
        self.readable = self.constants.iter().chain(&stocks).cloned().collect();
        if !u.ratio(3, 4)? && !self.is_shared {
            self.transports(u, &mut body)?;
        }
        for array in &array_auxes {
            self.array_variable(u, &mut body, array, false)?;
        }
        for name in auxes.iter().chain(&flows) {
            self.variable(u, &mut body, name, flows.contains(name))?;
        }
        for array in &array_flows {
            self.array_variable(u, &mut body, array, true)?;
        }
        if u.ratio(1, 4)? && !self.is_shared {
            self.modules(u, &mut body)?;
        }
        let data = if u.ratio(1, 2)? || self.is_shared { String::new() } else { self.data(u, &auxes, &stocks)? };
        self.wrap(u, &body, &data)
    }

    /// Arrays that are before everything else; the flows and auxiliaries that are still to be written.
    fn begin_arrays(&mut self, u: &mut Unstructured<'_>, body: &mut String) -> Result<(Vec<Array>, Vec<Array>)> {
        if self.dims.is_empty() {
            return Ok((Vec::new(), Vec::new()));
        }
        let (n_stocks, n_auxes) = (u.int_in_range(0..=2)?, u.int_in_range(1..=4)?);
        self.array_constants(u, body)?;
        self.array_tables(u, body)?;
        let stocks = self.declare(u, "array stock", n_stocks)?;
        let auxes = self.declare(u, "array", n_auxes)?;
        self.all_arrays.extend(stocks.iter().chain(&auxes).cloned());
        let flows = self.array_stocks(u, body, &stocks)?;
        self.all_arrays.extend(flows.iter().cloned());
        Ok((flows, auxes))
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
            let mut quarters: Vec<i32> = Vec::new();
            for _ in 0..n {
                quarters.push(u.int_in_range(-40..=40)?);
            }
            quarters.sort_unstable();
            let xs: Vec<String> = quarters.iter().map(|&x| (f64::from(x) / 4.0).to_string()).collect();
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
            let mut inner = format!("<eqn>{}</eqn>", self.expression(u, &[], 2)?);
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
            inner.push_str(&self.poster(u)?);
            element(body, "stock", stock, &inner);
            self.readable.push(stock.clone());
        }
        Ok(())
    }

    fn variable(&mut self, u: &mut Unstructured<'_>, body: &mut String, name: &str, is_flow: bool) -> Result<()> {
        let mut inner = format!("<eqn>{}</eqn>", self.expression(u, &[], 4)?);
        let has_table = u.ratio(1, 8)?;
        if has_table {
            inner.push_str(&Self::table(u, "")?);
        }
        if is_flow && u.ratio(1, 4)? {
            inner.push_str("<non_negative/>");
        }
        if is_flow && !self.is_shared {
            inner.push_str(&self.multiplier(u, &[])?);
        }
        if !u.ratio(7, 8)? && !(self.is_shared && (has_table || is_flow)) {
            write!(inner, "<init_eqn>{}</init_eqn>", self.expression(u, &[], 1)?).expect("writing to a string");
        }
        inner.push_str(&self.poster(u)?);
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
        if let Some(dim) = self.dims.first() {
            let feed = &self.readable[u.int_in_range(0..=self.readable.len() - 1)?];
            writeln!(
                body,
                "<module name=\"Many\" isee:model_name=\"Part\"><dimensions><dim name=\"{}\"/></dimensions><connect to=\"input\" from=\"{}\"/></module>",
                dim.name,
                underscores(feed)
            )
            .expect("writing to a string");
            element(body, "aux", "from many", "<eqn>SUM(Many.level) + MAX(Many.change)</eqn>");
        }
        Ok(())
    }

    fn wrap(&mut self, u: &mut Unstructured<'_>, body: &str, data: &str) -> Result<String> {
        let has_transports = body.contains("<conveyor") || body.contains("<queue");
        // Both languages have all methods but Heun's.
        let methods =
            if self.is_shared { &["euler", "midpoint", "rk4"][..] } else { &["euler", "rk2", "rk4", "midpoint"] };
        let method = if has_transports { "euler" } else { pick(u, methods)? };
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
        let (options, dimensions) = match self.dims.is_empty() {
            true => (String::new(), String::new()),
            false => {
                let invalid = pick(u, &["0", "NaN"])?;
                let options = format!(
                    "<options><uses_arrays maximum_dimensions=\"3\" invalid_index_value=\"{invalid}\"/></options>"
                );
                (options, self.dimension_elements())
            }
        };
        let part = if body.contains("<module") {
            "<model name=\"Part\"><variables>\
             <aux name=\"input\" access=\"input\"><eqn>1</eqn></aux>\
             <stock name=\"level\"><eqn>input / 2</eqn><inflow>change</inflow></stock>\
             <flow name=\"change\"><eqn>SMTH1(input, 2) - level / 4</eqn></flow>\
             </variables></model>"
        } else {
            ""
        };
        let macros = if self.is_shared { "" } else { MACROS };
        Ok(format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
             <xmile version=\"1.0\" xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\" \
             xmlns:isee=\"http://iseesystems.com/XMILE\" xmlns:simlin=\"https://simlin.com/XMILE/v1.0\">\n\
             <header><vendor>tests</vendor><product version=\"1\">random</product>{options}</header>\n\
             <sim_specs method=\"{method}\" isee:save_interval=\"{}\"><start>{start}</start><stop>{stop}</stop>{dt}</sim_specs>\n{dimensions}{data}\
             <model><variables>\n{body}</variables></model>\n{part}{macros}</xmile>\n",
            f64::from(every) * step,
        ))
    }
}

fn element(body: &mut String, tag: &str, name: &str, inner: &str) {
    writeln!(body, "<{tag} name=\"{name}\">{inner}</{tag}>").expect("writing to a string");
}

fn underscores(name: &str) -> String {
    name.replace(' ', "_")
}
