//! Random models in Vensim's format that are valid by construction: ranges, subranges and mappings,
//! exceptions, lists of constants, levels of any rate, delays and smooths, lookups, data.

use arbitrary::{Result, Unstructured};
use simc_model::files::MemoryFiles;

use crate::random::RandomModel;

mod expression;

/// A model that the compiler must accept. Exhausted bytes choose the simplest alternative everywhere.
pub fn model(bytes: &[u8]) -> RandomModel {
    let mut u = Unstructured::new(bytes);
    let mut generator = Generator::default();
    let text = generator.file(&mut u).expect("running out of bytes is no error of the choices that are made");
    RandomModel { text, files: generator.files }
}

/// An array with the ranges of its declaration.
#[derive(Clone, Debug)]
struct Array {
    name: String,
    ranges: Vec<&'static str>,
}

/// What has been defined so far.
#[derive(Default)]
struct Generator {
    /// Names that any equation may read without closing a cycle.
    readable: Vec<String>,
    /// Arrays likewise.
    arrays: Vec<Array>,
    /// Constants, scalar and with ranges.
    constants: Vec<String>,
    array_constants: Vec<Array>,
    /// Lookups.
    lookups: Vec<String>,
    /// Data variables.
    data: Vec<String>,
    has_ranges: bool,
    has_flip: bool,
    files: MemoryFiles,
    out: String,
}

/// The ranges of every model with arrays: a subrange that is not contiguous, and one mapped in order.
const RANGES: &str = "Row: r1, r2, r3 ~~|\nCol: (c1-c2) ~~|\nPart: r1, r3 ~~|\nTwin: t1, t2, t3 -> Row ~~|\n";

/// A range that is mapped element by element, which XMILE cannot say.
const FLIP: &str = "Flip: f1, f2, f3 -> (Row: r3, r1, r2) ~~|\n";

const NUMBERS: &[&str] =
    &["0", "1", "2", "0.5", "3.25", "10", "0.1", "100", "7", "1e-3", "0.333", "40", ".75", "1e+006"];

fn pick<'a, T: ?Sized>(u: &mut Unstructured<'_>, from: &[&'a T]) -> Result<&'a T> {
    Ok(from[u.int_in_range(0..=from.len() - 1)?])
}

impl Generator {
    fn file(&mut self, u: &mut Unstructured<'_>) -> Result<String> {
        self.has_ranges = !u.ratio(1, 3)?;
        if self.has_ranges {
            self.out.push_str(RANGES);
            self.has_flip = u.ratio(1, 4)?;
            if self.has_flip {
                self.out.push_str(FLIP);
            }
        }
        self.constants(u)?;
        self.lookups(u)?;
        if u.ratio(1, 3)? {
            self.data(u)?;
        }
        let levels: Vec<String> = (0..u.int_in_range(0..=3)?).map(|i| format!("level {i}")).collect();
        let n_array_levels = if self.has_ranges { u.int_in_range(0..=2)? } else { 0 };
        let mut array_levels = Vec::new();
        for i in 0..n_array_levels {
            let ranges = if u.ratio(1, 3)? { vec!["Row", "Col"] } else { vec!["Row"] };
            array_levels.push(Array { name: format!("array level {i}"), ranges });
        }
        self.readable = self.constants.iter().chain(&levels).chain(&self.data).cloned().collect();
        self.arrays = self.array_constants.iter().chain(&array_levels).cloned().collect();
        for i in 0..u.int_in_range(1..=5)? {
            self.scalar(u, &format!("aux {i}"))?;
        }
        if self.has_ranges {
            for i in 0..u.int_in_range(1..=4)? {
                self.array(u, &format!("array {i}"))?;
            }
        }
        self.scalar(u, "last one")?;
        for level in &levels {
            let rate = self.expression(u, &[], 3)?;
            let initial = self.constant(u, &[])?;
            self.define(&format!("{level} = INTEG({rate}, {initial})"));
        }
        for level in &array_levels {
            self.array_level(u, level)?;
        }
        self.control(u)?;
        Ok(format!("{{UTF-8}}\n{}", self.out))
    }

    /// A definition, sometimes with units and a comment.
    fn define(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push_str("\n\t~\tDmnl\n\t~\tmade at random\n\t|\n");
    }

    fn constants(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        for i in 0..u.int_in_range(1..=3)? {
            let sign = if u.ratio(1, 4)? { "-" } else { "" };
            let value = pick(u, NUMBERS)?;
            self.define(&format!("constant {i} = {sign}{value}"));
            self.constants.push(format!("constant {i}"));
        }
        if !self.has_ranges {
            return Ok(());
        }
        let mut list =
            |n: usize| -> Result<Vec<String>> { (0..n).map(|_| Ok(u.int_in_range(-9..=9)?.to_string())).collect() };
        let (row, table) = (list(3)?, list(6)?);
        self.define(&format!("list[Row] = {}", row.join(", ")));
        let rows: Vec<String> = table.chunks(2).map(|row| format!("{};", row.join(","))).collect();
        self.define(&format!("table[Row, Col] = {}", rows.join("")));
        self.array_constants.push(Array { name: "list".to_owned(), ranges: vec!["Row"] });
        self.array_constants.push(Array { name: "table".to_owned(), ranges: vec!["Row", "Col"] });
        Ok(())
    }

    fn lookups(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        for i in 0..u.int_in_range(0..=2)? {
            let points = Self::points(u)?;
            self.define(&format!("lookup {i}({points})"));
            self.lookups.push(format!("lookup {i}"));
        }
        Ok(())
    }

    /// Points in one of the forms in which Vensim takes them.
    fn points(u: &mut Unstructured<'_>) -> Result<String> {
        let mut xs: Vec<i32> = Vec::new();
        for _ in 0..u.int_in_range(2..=5)? {
            xs.push(u.int_in_range(-20..=20)?);
        }
        xs.sort_unstable();
        xs.dedup();
        let mut ys: Vec<i32> = Vec::new();
        for _ in &xs {
            ys.push(u.int_in_range(-30..=30)?);
        }
        let points: Vec<String> = xs.iter().zip(&ys).map(|(x, y)| format!("({},{y})", f64::from(*x) / 2.0)).collect();
        let range = if u.ratio(1, 2)? { "[(-10,-30)-(10,30)]," } else { "" };
        Ok(format!("{range}{}", points.join(",")))
    }

    /// Series from a file beside the model, each with a mode of its own.
    fn data(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let mut table = String::from("Time,a,b\n");
        let mut time = u.int_in_range(-4..=2)?;
        for _ in 0..u.int_in_range(2..=8)? {
            let (a, b) = (u.int_in_range(-50..=50)?, u.int_in_range(-50..=50)?);
            table.push_str(&format!("{time},{a},{b}\n"));
            time += u.int_in_range(1..=4)?;
        }
        self.files.add("series.csv", table);
        for (name, cell) in [("data a", "B2"), ("data b", "C2")] {
            let mode = pick(u, &["", ":INTERPOLATE:", ":HOLD BACKWARD:", ":LOOK FORWARD:", ":RAW:"])?;
            self.define(&format!("{name} {mode} := GET DIRECT DATA('series.csv', ',', 'A', '{cell}')"));
            self.data.push(name.to_owned());
        }
        Ok(())
    }

    fn scalar(&mut self, u: &mut Unstructured<'_>, name: &str) -> Result<()> {
        let right = match u.int_in_range(0..=9)? {
            0 => {
                let (x, points) = (self.expression(u, &[], 2)?, Self::points(u)?);
                format!("WITH LOOKUP({x}, ({points}))")
            }
            1 => {
                let (active, initial) = (self.expression(u, &[], 3)?, self.constant(u, &[])?);
                format!("ACTIVE INITIAL({active}, {initial})")
            }
            2 => self.memory(u, &[])?,
            _ => self.expression(u, &[], 4)?,
        };
        self.define(&format!("{name} = {right}"));
        self.readable.push(name.to_owned());
        Ok(())
    }

    /// An array: as a whole, by exceptions, by a subrange and elements, over a mapped range.
    fn array(&mut self, u: &mut Unstructured<'_>, name: &str) -> Result<()> {
        let way = u.int_in_range(0..=5)?;
        let (ranges, definitions) = match way {
            0 => {
                let left = ["Row", "Col"];
                (left.to_vec(), vec![format!("[Row, Col] = {}", self.right(u, &left)?)])
            }
            1 => {
                let (rest, own) = (self.right(u, &["Row"])?, self.right(u, &[])?);
                (vec!["Row"], vec![format!("[Row] :EXCEPT: [r2] = {rest}"), format!("[r2] = {own}")])
            }
            2 => {
                let (part, own) = (self.right(u, &["Part"])?, self.right(u, &[])?);
                (vec!["Row"], vec![format!("[Part] = {part}"), format!("[r2] = {own}")])
            }
            3 => (vec!["Twin"], vec![format!("[Twin] = {}", self.right(u, &["Twin"])?)]),
            4 if self.has_flip => (vec!["Flip"], vec![format!("[Flip] = {}", self.right(u, &["Flip"])?)]),
            _ => (vec!["Row"], vec![format!("[Row] = {}", self.right(u, &["Row"])?)]),
        };
        for definition in definitions {
            self.define(&format!("{name}{definition}"));
        }
        self.arrays.push(Array { name: name.to_owned(), ranges });
        Ok(())
    }

    /// A right side of an array.
    fn right(&self, u: &mut Unstructured<'_>, left: &[&'static str]) -> Result<String> {
        if u.ratio(1, 6)? { self.memory(u, left) } else { self.expression(u, left, 3) }
    }

    fn array_level(&mut self, u: &mut Unstructured<'_>, level: &Array) -> Result<()> {
        let left = level.ranges.join(", ");
        if level.ranges.len() == 1 && u.ratio(1, 3)? {
            let (part, other) = (self.expression(u, &["Part"], 2)?, self.expression(u, &[], 2)?);
            let (first, second) = (self.constant(u, &["Part"])?, self.constant(u, &[])?);
            self.define(&format!("{}[Part] = INTEG({part}, {first})", level.name));
            self.define(&format!("{}[r2] = INTEG({other}, {second})", level.name));
            return Ok(());
        }
        let rate = self.expression(u, &level.ranges, 3)?;
        let initial = self.constant(u, &level.ranges)?;
        self.define(&format!("{}[{left}] = INTEG({rate}, {initial})", level.name));
        Ok(())
    }

    fn control(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let step = ["1", "0.5", "0.25", "0.1"][u.int_in_range(0..=3)?];
        let start = u.int_in_range(-2..=3)?;
        let stop = start + u.int_in_range(2..=12)?;
        self.define(&format!("INITIAL TIME = {start}"));
        self.define(&format!("FINAL TIME = {stop}"));
        self.define(&format!("TIME STEP = {step}"));
        self.define("SAVEPER = TIME STEP");
        let method = [0, 0, 4, 5][u.int_in_range(0..=3)?];
        self.out.push_str("\\\\\\---/// Sketch\n*View 1\n///---\\\\\\\n:L<%^E!@\n");
        self.out.push_str(&format!("15:0,0,0,{method},0,0\n"));
        Ok(())
    }
}
