//! Expressions: operators, functions, memory, over what is readable.

use arbitrary::{Result, Unstructured};

use super::{Generator, NUMBERS, pick, underscores};

const UNARY: &[&str] = &[
    "ABS",
    "EXP",
    "LN",
    "LOG10",
    "SQRT",
    "SIN",
    "COS",
    "TAN",
    "ARCSIN",
    "ARCCOS",
    "ARCTAN",
    "INT",
    "INTEGER",
    "SIGN",
    "ROUND",
    "PERCENT",
    "SINH",
    "COSH",
    "TANH",
    "FACTORIAL",
    "GAMMALN",
    "INVNORM",
    "CGROWTH",
];
const BINARY: &[&str] = &[
    "MAX",
    "MIN",
    "SAFEDIV",
    "ZIDZ",
    "MODULO",
    "POWER",
    "ROOTN",
    "QUANTUM",
    "ARCTAN2",
    "COMBINATIONS",
    "PERMUTATIONS",
    "SINWAVE",
    "COSWAVE",
    "COUNTER",
];
const CURVES: &[&str] =
    &["LOOKUP", "LOOKUPAREA", "LOOKUPMEAN", "LOOKUP_FORWARD", "LOOKUP_BACKWARD", "LOOKUP_EXTRAPOLATE"];
/// Functions of a graphical function and two numbers.
const QUESTIONS: &[&str] = &[
    "vensim.LOOKUP_SLOPE",
    "vensim.LOOKUP_AREA",
    "vensim.GET_DATA_BETWEEN_TIMES",
    "vensim.GET_DATA_TOTAL_POINTS",
    "vensim.GET_DATA_MEAN",
    "vensim.GET_DATA_MIN",
    "vensim.GET_DATA_MAX",
];
const DRAWS: &[&str] =
    &["NORMAL", "LOGNORMAL", "LOGISTIC", "PARETO", "WEIBULL", "GAMMA", "BETA", "BINOMIAL", "NEGBINOMIAL", "UNIFORM"];
/// Functions of the lists above that Vensim has, or that can be written with its own.
const SHARED_UNARY: &[&str] = &[
    "ABS", "EXP", "LN", "LOG10", "SQRT", "SIN", "COS", "TAN", "ARCSIN", "ARCCOS", "ARCTAN", "INT", "INTEGER", "SIGN",
    "ROUND", "PERCENT", "SINH", "COSH", "TANH", "GAMMALN", "CGROWTH",
];
const SHARED_BINARY: &[&str] = &["MAX", "MIN", "SAFEDIV", "ZIDZ", "MODULO", "POWER", "QUANTUM", "SINWAVE", "COSWAVE"];
const OPERATORS: &[&str] = &["+", "-", "*", "/", "^", "MOD", "//", "<", "<=", ">", ">=", "=", "<>", "AND", "OR"];

impl Generator {
    /// An expression over what is readable, for an element of an array over the dimensions of `scope`.
    pub(super) fn expression(&self, u: &mut Unstructured<'_>, scope: &[usize], depth: u32) -> Result<String> {
        if depth == 0 || u.ratio(1, 5)? {
            return self.leaf(u, scope);
        }
        if !self.arrays.is_empty() && !u.ratio(5, 6)? {
            return self.reducer(u, scope);
        }
        let inner = depth - 1;
        Ok(match u.int_in_range(0..=17)? {
            0 => self.leaf(u, scope)?,
            1..=5 => {
                let (a, b) = (self.expression(u, scope, inner)?, self.expression(u, scope, inner)?);
                format!("({a} {} {b})", escape(pick(u, OPERATORS)?))
            }
            6 => format!(
                "{}({})",
                pick(u, if self.is_shared { SHARED_UNARY } else { UNARY })?,
                self.expression(u, scope, inner)?
            ),
            7 => {
                let function = pick(u, if self.is_shared { SHARED_BINARY } else { BINARY })?;
                format!("{function}({}, {})", self.expression(u, scope, inner)?, self.expression(u, scope, inner)?)
            }
            8 => {
                let c = self.expression(u, scope, inner)?;
                let (a, b) = (self.expression(u, scope, inner)?, self.expression(u, scope, inner)?);
                format!("(IF {c} THEN {a} ELSE {b})")
            }
            9 => format!("{}{}", pick(u, &["-", "NOT "])?, self.leaf(u, scope)?),
            10 => self.input(u, scope)?,
            11 if !self.is_shared => self.draw(u, scope)?,
            12 if !self.tables.is_empty() || !self.array_tables.is_empty() => {
                let x = self.expression(u, scope, inner)?;
                self.lookup(u, scope, &x)?
            }
            13 if !self.is_shared => self.macro_call(u, scope, inner)?,
            14 if !self.transports.is_empty() => self.transport_read(u)?,
            15 if !self.is_shared => match self.vector_element(u, scope)? {
                Some(element) => element,
                None => self.memory(u, scope, inner)?,
            },
            _ => self.memory(u, scope, inner)?,
        })
    }

    /// A call of one of [`super::MACROS`].
    fn macro_call(&self, u: &mut Unstructured<'_>, scope: &[usize], depth: u32) -> Result<String> {
        let a = self.expression(u, scope, depth)?;
        let b = self.leaf(u, scope)?;
        Ok(match u.int_in_range(0..=3)? {
            0 => format!("MIXED({a}, {b})"),
            1 => format!("MIXED({a}, 2, {b})"),
            2 => format!("CHASED({a}, {b})"),
            _ => format!("CHASED_AGAIN({a})"),
        })
    }

    /// Something without operators.
    pub(super) fn leaf(&self, u: &mut Unstructured<'_>, scope: &[usize]) -> Result<String> {
        if !self.arrays.is_empty() && !u.ratio(2, 3)? {
            let array = &self.arrays[u.int_in_range(0..=self.arrays.len() - 1)?];
            return self.read(u, scope, array);
        }
        if !self.dims.is_empty() && !u.ratio(9, 10)? {
            return self.position(u, scope);
        }
        self.scalar_leaf(u)
    }

    /// Something without operators, subscripts and dimensions.
    pub(super) fn scalar_leaf(&self, u: &mut Unstructured<'_>) -> Result<String> {
        if self.readable.is_empty() || u.ratio(1, 4)? {
            return Ok((*pick(u, &["TIME", "1", "DT", "PI", "2.5", "STARTTIME", "STOPTIME", "0"])?).to_owned());
        }
        Ok(underscores(&self.readable[u.int_in_range(0..=self.readable.len() - 1)?]))
    }

    fn input(&self, u: &mut Unstructured<'_>, scope: &[usize]) -> Result<String> {
        let (a, b, c) = (self.leaf(u, scope)?, pick(u, NUMBERS)?, pick(u, NUMBERS)?);
        let choice = if self.is_shared { [0, 1, 2, 4, 8, 9][u.int_in_range(0..=5)?] } else { u.int_in_range(0..=9)? };
        Ok(match choice {
            8 => format!("vensim.STEP({a}, {b}) + vensim.PULSE({b}, {c}) + vensim.LOG({a}, {c})"),
            9 => format!("vensim.RAMP({a}, {b}, {c}) - vensim.RAMP_FROM_TO({a}, {b}, 1, {c})"),
            0 => format!("STEP({a}, {b})"),
            1 => format!("RAMP({a}, {b})"),
            2 => format!("RAMP({a}, {b}, {c})"),
            3 => format!("PULSE({a}, {b})"),
            4 => format!("PULSE_TRAIN({b}, {a}, {c}, 10)"),
            5 => format!("RAMP_FROM_TO({a}, {b}, 1, {c})"),
            6 => format!("PMT({a}, {b}, {c}, 1) + NORMALCDF({b}, {a})"),
            _ => format!("PULSE({a}, {b}, {c})"),
        })
    }

    /// A random number, with or without a seed of its own.
    fn draw(&self, u: &mut Unstructured<'_>, scope: &[usize]) -> Result<String> {
        let (a, b) = (self.leaf(u, scope)?, pick(u, NUMBERS)?);
        let seed = if u.ratio(1, 2)? { String::new() } else { format!(", {}", self.leaf(u, scope)?) };
        Ok(match u.int_in_range(0..=9)? {
            8 => format!("vensim.RANDOM_WEIBULL(-1, 5, {b}, {a}, 2, 0) + vensim.RANDOM_GAMMA(0, {b}, {a}, 0, 1, 0)"),
            9 => format!("vensim.RANDOM_BINOMIAL(0, 9, 0.3, {b}, {a}, 1, 0)"),
            0 => format!("RANDOM({a}, {b}{seed})"),
            1 => format!("{}({a}{seed})", pick(u, &["POISSON", "EXPRND", "GEOMETRIC", "MONTECARLO"])?),
            2 => format!("NORMAL({a}, {b}, 3, -1, {a}, {b})"),
            3 => format!("TRIANGULAR(0, {b}, {a}{seed})"),
            4 => format!("RANDOM NORMAL({a}, {b}, 1, {b}, 0) + RANDOM 0 1()"),
            5 => format!("{}(0, {b}, 2, 3, {a}, {b}, 1)", pick(u, &["RANDOM BETA", "RANDOM_BETA"])?),
            _ => format!("{}({a}, {b}{seed})", pick(u, DRAWS)?),
        })
    }

    /// A table that there is, at `x`.
    fn lookup(&self, u: &mut Unstructured<'_>, scope: &[usize], x: &str) -> Result<String> {
        let n = u.int_in_range(0..=self.tables.len() + self.array_tables.len() - 1)?;
        match n.checked_sub(self.tables.len()) {
            None if u.ratio(1, 2)? && !self.is_shared => {
                let function = pick(u, CURVES)?;
                Ok(format!("{function}({}, {x})", self.tables[n]))
            }
            None if u.ratio(1, 2)? && !self.is_shared => {
                let (function, y) = (pick(u, QUESTIONS)?, pick(u, NUMBERS)?);
                Ok(format!("{function}({}, {x}, {y})", self.tables[n]))
            }
            None => Ok(format!("{}({x})", self.tables[n])),
            Some(n) => {
                let table = self.element(u, scope, &self.array_tables[n])?;
                Ok(if u.ratio(1, 2)? { format!("{table}({x})") } else { format!("LOOKUP({table}, {x})") })
            }
        }
    }

    /// A stateful call. Where an initial value is given, the input may be anything: last step's value breaks the cycle.
    fn memory(&self, u: &mut Unstructured<'_>, scope: &[usize], depth: u32) -> Result<String> {
        let input = self.expression(u, scope, depth.min(1))?;
        let time =
            if u.ratio(3, 4)? { (*pick(u, &["1", "2.5", "0.7", "4"])?).to_owned() } else { self.leaf(u, scope)? };
        let init = self.leaf(u, scope)?;
        let any = self.anything(u, scope)?.unwrap_or_else(|| input.clone());
        const SHARED: [u32; 11] = [0, 1, 3, 4, 6, 7, 10, 11, 14, 19, 20];
        let choice = if self.is_shared { SHARED[u.int_in_range(0..=10)?] } else { u.int_in_range(0..=22)? };
        Ok(match choice {
            19 => self.vensim_memory(u, &input, &time, &init)?,
            20 => format!("vensim.DELAY_N({any}, {time}, {init}, 3)"),
            21 => format!("vensim.SMOOTH_N({any}, {time}, {init}, 2 + vensim.STEP(1, 3))"),
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
            12 => format!("DERIVN({input}, 2)"),
            13 => format!("NPV({input}, 0.1, {init})"),
            15 => format!("SAMPLE UNTIL({time}, {input}, {init})"),
            17 => format!("HISTORY({input}, TIME - {time})"),
            18 => format!("IRR({input} - {init}, {time})"),
            16 => format!("DELAY N({any}, {time}, {init}, 2)"),
            14 => format!("SAMPLE_IF_TRUE({time} &lt; {init}, {input}, {init})"),
            _ => format!("PREVIOUS({any}, {init})"),
        })
    }

    /// A call of a function of Vensim's that remembers.
    fn vensim_memory(&self, u: &mut Unstructured<'_>, input: &str, time: &str, init: &str) -> Result<String> {
        Ok(match u.int_in_range(0..=if self.is_shared { 5 } else { 8 })? {
            0 => format!("vensim.DELAY3({input}, {time})"),
            1 => format!("vensim.SMOOTH3({input}, {time})"),
            2 => format!("vensim.TREND({input}, {time}, {init})"),
            3 => format!("vensim.FORECAST({input}, {time}, 3)"),
            4 => format!("vensim.NPV({input}, 0.1, {init}, 2)"),
            5 => format!("vensim.NPVE({input}, {init}, {time}, 1)"),
            7 => format!("vensim.DEPRECIATE_STRAIGHTLINE({input}, {time}, 0.7, {init})"),
            6 => format!("vensim.RANDOM_PINK_NOISE({input}, {init}, {time}, 0)"),
            _ => format!("vensim.SMOOTH({input}, {time}) + vensim.DELAY1({input}, {time})"),
        })
    }

    /// A variable of the model, whether it is known by now or not; none when the model has none.
    fn anything(&self, u: &mut Unstructured<'_>, scope: &[usize]) -> Result<Option<String>> {
        if !self.all_arrays.is_empty() && !u.ratio(2, 3)? {
            let array = &self.all_arrays[u.int_in_range(0..=self.all_arrays.len() - 1)?];
            return Ok(Some(self.read(u, scope, array)?));
        }
        Ok(match self.all.len() {
            0 => None,
            n => Some(underscores(&self.all[u.int_in_range(0..=n - 1)?])),
        })
    }
}

fn escape(operator: &str) -> String {
    operator.replace('<', "&lt;").replace('>', "&gt;")
}
