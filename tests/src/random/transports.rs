//! Conveyors and queues, one after the other, with leaks, overflows, and stocks that feed and drain them.

use std::fmt::Write as _;

use arbitrary::{Result, Unstructured};

use super::arrays::{Array, FEW_ELEMENTS, entry};
use super::{Generator, element, pick, underscores};

/// Transit times: of a whole number of steps or not, and shorter than a step.
const TIMES: &[&str] = &["1", "2", "0.5", "3.3", "4", "0.01"];

/// What a flow says of where it enters a conveyor.
const SPREADS: &[&str] = &["beginning", "even", "dest"];

/// A transport of a line.
struct Transport {
    name: String,
    is_queue: bool,
    is_discrete: bool,
    /// Flows into it, in the order in which it names them.
    inflows: Vec<String>,
    /// Flows out of it, likewise.
    outflows: Vec<String>,
}

/// A line of transports, all of the same dimensions.
struct Line {
    dims: Vec<usize>,
    transports: Vec<Transport>,
    /// Flows with equations that nothing within the line reads, which are written when all of the line is known.
    requests: Vec<String>,
}

impl Generator {
    /// A line of up to three transports. Parameters read what was readable before the line, and the contents of transports before their own;
    /// what asks to be let in reads all that leaves the transports. So no cycle closes.
    pub(super) fn transports(&mut self, u: &mut Unstructured<'_>, body: &mut String) -> Result<()> {
        let mut line = Line { dims: self.shape_of_transports(u)?, transports: Vec::new(), requests: Vec::new() };
        for i in 0..u.int_in_range(1..=3)? {
            let is_queue = !u.ratio(2, 3)?;
            let is_discrete = !is_queue && !u.ratio(2, 3)?;
            let name = format!("transport {i}");
            line.transports.push(Transport { name, is_queue, is_discrete, inflows: Vec::new(), outflows: Vec::new() });
        }
        for at in 0..line.transports.len() {
            self.inflows(u, body, &mut line, at)?;
            if line.transports[at].is_queue {
                self.queue_outflows(u, body, &mut line, at)?;
            } else {
                self.conveyor_outflows(u, body, &mut line, at)?;
            }
        }
        for at in 0..line.transports.len() {
            self.transport(u, body, &line, at)?;
        }
        for name in std::mem::take(&mut line.requests) {
            let inner = self.equations_over(u, &line.dims, 2)?;
            let clamp = if u.ratio(3, 4)? { "" } else { "<non_negative/>" };
            let multiplier = self.multiplier(u, &line.dims)?;
            self.over(body, "flow", &name, &line.dims, &format!("{inner}{clamp}{multiplier}"));
            self.learn(&name, &line.dims);
        }
        Ok(())
    }

    /// Dimensions of few elements, each once; none in most lines.
    fn shape_of_transports(&self, u: &mut Unstructured<'_>) -> Result<Vec<usize>> {
        if self.dims.is_empty() || u.ratio(1, 2)? {
            return Ok(Vec::new());
        }
        let Some(array) = self.declare(u, "", 1)?.pop() else { return Ok(Vec::new()) };
        let few = self.elements_of(&array).len() <= FEW_ELEMENTS;
        Ok(if few && array.has_distinct_dims() { array.dims } else { Vec::new() })
    }

    /// Flows of a transport's own: from nowhere, or from a stock that may run dry.
    fn inflows(&mut self, u: &mut Unstructured<'_>, body: &mut String, line: &mut Line, at: usize) -> Result<()> {
        for n in 0..u.int_in_range(u32::from(at == 0)..=2)? {
            let name = format!("transport in {at}{n}");
            if !u.ratio(3, 4)? {
                let clamp = if u.ratio(1, 2)? { "" } else { "<non_negative/>" };
                let outflow = underscores(&name);
                let inner = format!("<eqn>40</eqn><outflow>{outflow}</outflow>{clamp}");
                self.over(body, "stock", &format!("supply {at}{n}"), &line.dims, &inner);
            }
            if line.transports[at].is_queue {
                // What a queue serves depends on what comes in.
                let inner = self.equations_over(u, &line.dims, 1)?;
                self.over(body, "flow", &name, &line.dims, &inner);
            } else {
                line.requests.push(name.clone());
            }
            line.transports[at].inflows.push(name);
        }
        Ok(())
    }

    /// What leaves at the exit, and leaks, some of them into the conveyor after.
    fn conveyor_outflows(
        &mut self,
        u: &mut Unstructured<'_>,
        body: &mut String,
        line: &mut Line,
        at: usize,
    ) -> Result<()> {
        let exit = format!("transport out {at}");
        let has_next = at + 1 < line.transports.len();
        let spread = self.spread(u)?;
        self.flow(body, &exit, &line.dims, &spread, "");
        line.transports[at].outflows.push(exit.clone());
        if has_next && u.ratio(3, 4)? {
            line.transports[at + 1].inflows.push(exit);
        } else {
            self.sink(u, body, line, &exit, at)?;
        }
        for n in 0..u.int_in_range(0..=2)? {
            let name = format!("transport leak {at}{n}");
            let zone = if u.ratio(1, 2)? { "" } else { pick(u, &[" leak_start=\"0.4\"", " leak_end=\"0.5\""])? };
            let integers = if u.ratio(3, 4)? { "" } else { "<leak_integers/>" };
            let fraction = match u.int_in_range(0..=2)? {
                0 => format!("<leak>{}</leak>", pick(u, &["0.1", "0.25", "0.5", "1"])?),
                1 => format!("<leak>0.3*ABS(SIN({}))</leak>", self.expression(u, &line.dims, 1)?),
                _ => format!("{}<leak/>", self.equations_over(u, &line.dims, 1)?),
            };
            let enters = has_next && !line.transports[at + 1].is_queue && !u.ratio(1, 2)?;
            let mut spread = if enters { self.spread(u)? } else { String::new() };
            if enters && !u.ratio(1, 2)? {
                spread = " isee:spreadflow=\"source\"".to_owned();
            }
            self.flow(body, &name, &line.dims, &format!("{spread}{zone}"), &format!("{fraction}{integers}"));
            if enters {
                line.transports[at + 1].inflows.push(name.clone());
            }
            line.transports[at].outflows.push(name);
        }
        Ok(())
    }

    /// Outflows into a conveyor, which then is discrete, and into stocks or nowhere; what overflows.
    fn queue_outflows(
        &mut self,
        u: &mut Unstructured<'_>,
        body: &mut String,
        line: &mut Line,
        at: usize,
    ) -> Result<()> {
        let served = format!("transport out {at}");
        let multiplier = self.multiplier(u, &line.dims)?;
        self.flow(body, &served, &line.dims, "", &multiplier);
        line.transports[at].outflows.push(served.clone());
        let enters = at + 1 < line.transports.len() && u.ratio(3, 4)?;
        if enters {
            line.transports[at + 1].is_discrete |= !line.transports[at + 1].is_queue;
            line.transports[at + 1].inflows.push(served);
        } else {
            self.sink(u, body, line, &served, at)?;
        }
        if !u.ratio(1, 2)? {
            let name = format!("transport spill {at}");
            self.flow(body, &name, &line.dims, "", "<overflow/>");
            line.transports[at].outflows.push(name);
        }
        if !u.ratio(3, 4)? {
            let name = format!("transport rest {at}");
            self.flow(body, &name, &line.dims, "", "");
            line.transports[at].outflows.push(name);
        }
        Ok(())
    }

    /// A multiplier of a flow, or none.
    pub(super) fn multiplier(&self, u: &mut Unstructured<'_>, dims: &[usize]) -> Result<String> {
        if u.ratio(4, 5)? {
            return Ok(String::new());
        }
        Ok(format!("<multiplier>{}</multiplier>", self.leaf(u, dims)?))
    }

    /// A flow that a transport drives.
    fn flow(&mut self, body: &mut String, name: &str, dims: &[usize], attributes: &str, inner: &str) {
        let dimensions = self.dims_text(dims);
        writeln!(body, "<flow name=\"{name}\"{attributes}>{dimensions}{inner}</flow>").expect("writing to a string");
    }

    /// Where an inflow enters a conveyor, as an attribute.
    fn spread(&self, u: &mut Unstructured<'_>) -> Result<String> {
        if u.ratio(1, 2)? {
            return Ok(String::new());
        }
        Ok(format!(" isee:spreadflow=\"{}\"", pick(u, SPREADS)?))
    }

    /// A stock that gathers what leaves a line, or nothing.
    fn sink(&mut self, u: &mut Unstructured<'_>, body: &mut String, line: &Line, flow: &str, at: usize) -> Result<()> {
        if !u.ratio(1, 2)? {
            let inner = format!("<eqn>0</eqn><inflow>{}</inflow>", underscores(flow));
            self.over(body, "stock", &format!("basin {at}"), &line.dims, &inner);
        }
        Ok(())
    }

    /// The stock itself. Equations after it may read its contents.
    fn transport(&mut self, u: &mut Unstructured<'_>, body: &mut String, line: &Line, at: usize) -> Result<()> {
        let transport = &line.transports[at];
        let dims = &line.dims;
        let mut inner = String::new();
        if transport.is_queue {
            inner.push_str(&self.equations_over(u, dims, 1)?);
            inner.push_str("<queue/>");
        } else {
            self.conveyor(u, &mut inner, transport, dims)?;
        }
        for (tag, flows) in [("inflow", &transport.inflows), ("outflow", &transport.outflows)] {
            for flow in flows {
                write!(inner, "<{tag}>{}</{tag}>", underscores(flow)).expect("writing to a string");
            }
        }
        self.over(body, "stock", &transport.name, dims, &inner);
        self.learn(&transport.name, dims);
        if dims.is_empty() {
            self.transports.push(transport.name.clone());
        }
        Ok(())
    }

    /// The parameters of a conveyor, and what it begins with.
    fn conveyor(
        &self,
        u: &mut Unstructured<'_>,
        inner: &mut String,
        transport: &Transport,
        dims: &[usize],
    ) -> Result<()> {
        let mut options = String::new();
        if transport.is_discrete {
            options.push_str(" discrete=\"true\"");
            for option in ["one_at_a_time=\"false\"", "batch_integrity=\"true\""] {
                if !u.ratio(2, 3)? {
                    write!(options, " {option}").expect("writing to a string");
                }
            }
        }
        if !u.ratio(2, 3)? {
            options.push_str(" exponential_leak=\"true\"");
        }
        let mut parts = match u.int_in_range(0..=3)? {
            0..=1 => format!("<len>{}</len>", pick(u, TIMES)?),
            2 => format!("<len>MAX(DT, MIN(5, ABS({})))</len>", self.expression(u, dims, 1)?),
            // The time is nothing that the compiler knows: a way that is too short is a fault of the run.
            _ => format!("<len>MIN(5, TIME + {})</len>", self.expression(u, dims, 1)?),
        };
        let is_number = !parts.contains('(');
        for (tag, bound) in [("capacity", "20"), ("in_limit", "7"), ("sample", "1"), ("arrest", "0")] {
            if u.ratio(3, 4)? {
                continue;
            }
            let is_condition = tag == "sample" || tag == "arrest";
            let value = match u.int_in_range(0..=1)? {
                0 => bound.to_owned(),
                _ if is_condition => format!("({}) &gt; ({})", self.leaf(u, dims)?, self.leaf(u, dims)?),
                _ => self.expression(u, dims, 1)?,
            };
            write!(parts, "<{tag}>{value}</{tag}>").expect("writing to a string");
        }
        let is_list = is_number && !u.ratio(3, 4)?;
        if is_list && dims.is_empty() {
            write!(inner, "<eqn>{}</eqn>", pick(u, &["3, 1.5, 0.25", "8, 4", "1, 1, 1, 1, 1, 1, 1, 1"])?)
                .expect("writing to a string");
        } else {
            inner.push_str(&self.equations_over(u, dims, 1)?);
        }
        write!(inner, "<conveyor{options}>{parts}</conveyor>").expect("writing to a string");
        if !dims.is_empty() && !inner.contains("<element") && !u.ratio(1, 2)? {
            let elements = self.elements_of(&Array { name: String::new(), dims: dims.to_vec() });
            let exception = &elements[u.int_in_range(0..=elements.len() - 1)?];
            let conveyor = format!("<conveyor{options}><len>{}</len></conveyor>", pick(u, TIMES)?);
            inner.push_str(&entry(exception, &conveyor));
        }
        Ok(())
    }

    /// What is on a transport, or known of it.
    pub(super) fn transport_read(&self, u: &mut Unstructured<'_>) -> Result<String> {
        let transport = underscores(&self.transports[u.int_in_range(0..=self.transports.len() - 1)?]);
        Ok(match u.int_in_range(0..=4)? {
            0 => format!("{}({transport})", pick(u, &["SUM", "MIN", "MAX", "MEAN", "STDDEV", "SIZE"])?),
            1 => format!("{transport}[{}]", u.int_in_range(1..=4)?),
            2 => format!("QELEM({transport}, {})", self.scalar_leaf(u)?),
            _ => format!("{}({transport})", pick(u, &["QLEN", "SIZE"])?),
        })
    }

    /// Equations of a variable with these dimensions.
    fn equations_over(&self, u: &mut Unstructured<'_>, dims: &[usize], depth: u32) -> Result<String> {
        if dims.is_empty() {
            return Ok(format!("<eqn>{}</eqn>", self.expression(u, &[], depth)?));
        }
        self.equations(u, &Array { name: String::new(), dims: dims.to_vec() }, depth)
    }

    fn dims_text(&self, dims: &[usize]) -> String {
        if dims.is_empty() { String::new() } else { self.dims_of(&Array { name: String::new(), dims: dims.to_vec() }) }
    }

    fn over(&self, body: &mut String, tag: &str, name: &str, dims: &[usize], inner: &str) {
        element(body, tag, name, &format!("{}{inner}", self.dims_text(dims)));
    }

    /// From here on equations may read a variable.
    fn learn(&mut self, name: &str, dims: &[usize]) {
        if dims.is_empty() {
            self.readable.push(name.to_owned());
            self.all.push(name.to_owned());
        } else {
            let array = Array { name: name.to_owned(), dims: dims.to_vec() };
            self.arrays.push(array.clone());
            self.all_arrays.push(array);
        }
    }
}
