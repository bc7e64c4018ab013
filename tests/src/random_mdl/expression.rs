//! Expressions in Vensim's grammar over what is readable.

use arbitrary::{Result, Unstructured};

use super::{Array, Generator, NUMBERS, pick};

const UNARY: &[&str] = &["ABS", "SIN", "COS", "TANH", "INTEGER", "SQRT", "LN", "ARCTAN", "GAMMA LN"];
const BINARY: &[&str] = &["MAX", "MIN", "MODULO", "ZIDZ", "QUANTUM", "POWER", "LOG", "STEP", "PULSE"];
const OPERATORS: &[&str] = &["+", "-", "*", "/", " - ", " + ", "^"];
const COMPARISONS: &[&str] = &["<", "<=", ">", ">=", "=", "<>"];
const CURVES: &[&str] = &["LOOKUP FORWARD", "LOOKUP BACKWARD", "LOOKUP EXTRAPOLATE"];
/// Functions that remember, of an input, a time and an initial value.
const MEMORIES: &[&str] = &["DELAY1I", "DELAY3I", "DELAY FIXED", "SMOOTHI", "SMOOTH3I", "TREND"];

/// The ranges that may stand for a range in an equation whose left side names another one.
fn subscript(range: &str, left: &[&'static str]) -> Option<&'static str> {
    let found = left.iter().copied().find(|own| *own == range);
    let related = |own: &&&'static str| range == "Row" && ["Part", "Twin", "Flip"].contains(*own);
    found.or_else(|| match left.iter().find(related) {
        Some(&"Part") => Some("Part"),
        Some(_) => Some("Row"),
        None => None,
    })
}

/// The first element of a range, and another one.
fn elements(range: &str) -> [&'static str; 2] {
    match range {
        "Row" => ["r1", "r3"],
        "Col" => ["c1", "c2"],
        "Twin" => ["t1", "t2"],
        "Flip" => ["f2", "f3"],
        _ => ["r1", "r3"],
    }
}

impl Generator {
    /// An expression for the elements of a left side.
    pub(super) fn expression(&self, u: &mut Unstructured<'_>, left: &[&'static str], depth: u32) -> Result<String> {
        if depth == 0 || u.ratio(1, 5)? {
            return self.leaf(u, left);
        }
        let next = depth - 1;
        Ok(match u.int_in_range(0..=11)? {
            0 | 1 => {
                let (a, b) = (self.expression(u, left, next)?, self.expression(u, left, next)?);
                format!("({a}){}({b})", pick(u, OPERATORS)?)
            }
            2 => {
                let (a, b) = (self.leaf(u, left)?, self.leaf(u, left)?);
                format!("{a}{}{b}*{}", pick(u, &["+", "-", "*", "/"])?, self.leaf(u, left)?)
            }
            3 => format!("{}({})", pick(u, UNARY)?, self.expression(u, left, next)?),
            4 => {
                let (a, b) = (self.expression(u, left, next)?, self.expression(u, left, next)?);
                format!("{}({a}, {b})", pick(u, BINARY)?)
            }
            5 => {
                let (then, otherwise) = (self.expression(u, left, next)?, self.expression(u, left, next)?);
                format!("IF THEN ELSE({}, {then}, {otherwise})", self.condition(u, left, next)?)
            }
            6 if !self.lookups.is_empty() => {
                let x = self.expression(u, left, next)?;
                let lookup = &self.lookups[u.int_in_range(0..=self.lookups.len() - 1)?];
                match u.ratio(1, 3)? {
                    true => format!("{}({lookup}, {x})", pick(u, CURVES)?),
                    false => format!("{lookup}({x})"),
                }
            }
            7 => format!("-{}", self.leaf(u, left)?),
            8 if !self.arrays.is_empty() => self.reducer(u, left)?,
            9 => {
                let (a, b, c) = (self.leaf(u, left)?, self.leaf(u, left)?, self.leaf(u, left)?);
                match u.int_in_range(0..=3)? {
                    0 => format!("XIDZ({a}, {b}, {c})"),
                    1 => format!("RAMP({a}, {b}, {c})"),
                    2 => format!("PULSE TRAIN({a}, 1, 2, {c})"),
                    _ => format!("SAMPLE IF TRUE({}, {a}, 3)", self.condition(u, left, 0)?),
                }
            }
            _ => self.memory(u, left)?,
        })
    }

    /// A function that remembers, as a whole right side or a part of one.
    pub(super) fn memory(&self, u: &mut Unstructured<'_>, left: &[&'static str]) -> Result<String> {
        let input = self.leaf(u, left)?;
        let time = pick(u, &["2", "0.3", "5", "1.5", "constant 0"])?;
        Ok(match u.int_in_range(0..=6)? {
            0 => format!("SMOOTH({input}, {time})"),
            1 => format!("DELAY3({input}, {time})"),
            2 => format!("DELAY N({input}, {time}, 1, {})", u.int_in_range(1..=4)?),
            3 => format!("INITIAL({input})"),
            4 => format!("FORECAST({input}, {time}, 2)"),
            _ => format!("{}({input}, {time}, {})", pick(u, MEMORIES)?, pick(u, NUMBERS)?),
        })
    }

    fn condition(&self, u: &mut Unstructured<'_>, left: &[&'static str], depth: u32) -> Result<String> {
        let (a, b) = (self.expression(u, left, depth)?, self.leaf(u, left)?);
        let first = format!("{a} {} {b}", pick(u, COMPARISONS)?);
        Ok(match u.int_in_range(0..=5)? {
            0 => format!("{first} :AND: Time > {}", self.leaf(u, left)?),
            1 => format!(":NOT: {first} :OR: Time < 2"),
            2 if left.contains(&"Row") => format!("Row = r2 :OR: {first}"),
            _ => first,
        })
    }

    fn leaf(&self, u: &mut Unstructured<'_>, left: &[&'static str]) -> Result<String> {
        Ok(match u.int_in_range(0..=8)? {
            0 => "Time".to_owned(),
            1 => pick(u, NUMBERS)?.to_owned(),
            2 => pick(u, &["TIME STEP", "INITIAL TIME", "FINAL TIME"])?.to_owned(),
            3 if left.contains(&"Row") => "Row".to_owned(),
            4..=6 if !self.arrays.is_empty() => {
                let array = &self.arrays[u.int_in_range(0..=self.arrays.len() - 1)?];
                Self::read(u, array, left)?
            }
            _ => {
                let names = if self.readable.is_empty() { &self.constants } else { &self.readable };
                names[u.int_in_range(0..=names.len() - 1)?].clone()
            }
        })
    }

    /// An element of an array: that of the left side, or a named one.
    fn read(u: &mut Unstructured<'_>, array: &Array, left: &[&'static str]) -> Result<String> {
        let mut subscripts = Vec::new();
        for range in &array.ranges {
            let follows = subscript(range, left).filter(|name| !subscripts.contains(name));
            subscripts.push(match follows {
                Some(name) if !u.ratio(1, 4)? => name,
                _ => elements(range)[usize::from(u.ratio(1, 2)?)],
            });
        }
        Ok(format!("{}[{}]", array.name, subscripts.join(", ")))
    }

    /// A function of all elements of an array, or of those of a row.
    fn reducer(&self, u: &mut Unstructured<'_>, left: &[&'static str]) -> Result<String> {
        let array = &self.arrays[u.int_in_range(0..=self.arrays.len() - 1)?];
        let mut subscripts = Vec::new();
        for (at, range) in array.ranges.iter().enumerate() {
            let follows = subscript(range, left).filter(|_| at > 0 || array.ranges.len() > 1);
            subscripts.push(match follows {
                Some(name) if at + 1 < array.ranges.len() => name.to_owned(),
                _ if *range == "Row" && u.ratio(1, 4)? => "Part!".to_owned(),
                _ => format!("{range}!"),
            });
        }
        let function = pick(u, &["SUM", "VMIN", "VMAX", "PROD"])?;
        let factor = self.constant(u, &[])?;
        Ok(format!("{function}({}[{}]*{factor})", array.name, subscripts.join(", ")))
    }

    /// A value that does not change.
    pub(super) fn constant(&self, u: &mut Unstructured<'_>, left: &[&'static str]) -> Result<String> {
        if !self.array_constants.is_empty() && u.ratio(1, 2)? {
            let array = &self.array_constants[u.int_in_range(0..=self.array_constants.len() - 1)?];
            return Self::read(u, array, left);
        }
        Ok(self.constants[u.int_in_range(0..=self.constants.len() - 1)?].clone())
    }
}
