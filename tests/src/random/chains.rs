//! Chains of elements: what leaves an element arrives in the next one, in arrays of one or two dimensions, with sums, extremes and NaN among what is
//! computed of them.

use std::fmt::Write as _;

use arbitrary::{Result, Unstructured};
use simc_model::files::MemoryFiles;

use super::{RandomModel, pick};

/// A model that the compiler must accept, of any bytes.
pub fn chain_model(bytes: &[u8]) -> RandomModel {
    let text = Chains::default()
        .file(&mut Unstructured::new(bytes))
        .expect("running out of bytes is not an error of `Unstructured::ratio` and `int_in_range`");
    RandomModel { text, files: MemoryFiles::default() }
}

/// What has been declared so far.
#[derive(Default)]
struct Chains {
    /// The names of the dimensions, in the order in which every array has them; the chains go along `Age`.
    dims: Vec<&'static str>,
    arrays: Vec<String>,
    numbers: Vec<String>,
}

impl Chains {
    fn file(mut self, u: &mut Unstructured<'_>) -> Result<String> {
        self.dims = match u.int_in_range(0..=3)? {
            0 => vec!["Age"],
            1 => vec!["Age", "Place"],
            _ => vec!["Place", "Age"],
        };
        let (ages, places) = (u.int_in_range(2..=14)?, u.int_in_range(1..=3)?);
        let mut body = String::new();
        let start = pick(u, &["10*Age", "1000/Age", "Age - 2", "SQRT(Age - 2)", "3"])?;
        let dims: String = self.dims.iter().map(|dim| format!("<dim name=\"{dim}\"/>")).collect();
        let mut var = |tag: &str, name: &str, rest: &str| {
            writeln!(body, "<{tag} name=\"{name}\"><dimensions>{dims}</dimensions>{rest}</{tag}>")
                .expect("writing to a string");
        };
        self.arrays.push("people".to_owned());
        let flows = "<inflow>arriving</inflow><outflow>leaving</outflow>";
        var("stock", "people", &format!("<eqn>{start}</eqn>{flows}"));
        var("flow", "leaving", &format!("<eqn>{}</eqn>", self.equation(u)?));
        self.arrays.push("leaving".to_owned());
        var("flow", "arriving", &self.shifted(u, "leaving")?);
        self.arrays.push("arriving".to_owned());
        let mut numbers = String::new();
        for n in 0..u.int_in_range(0..=5)? {
            let name = format!("aux {n}");
            if u.ratio(1, 3)? {
                let array = self.array(u)?;
                let function = pick(u, &["SUM", "MAX", "MIN", "MEAN"])?;
                let all = self.dims.iter().map(|_| "*").collect::<Vec<_>>().join(", ");
                writeln!(numbers, "<aux name=\"{name}\"><eqn>{function}({array}[{all}])</eqn></aux>")
                    .expect("writing to a string");
                self.numbers.push(name.replace(' ', "_"));
                continue;
            }
            let rest = if u.ratio(1, 2)? {
                let array = self.array(u)?;
                self.shifted(u, &array)?
            } else {
                format!("<eqn>{}</eqn>", self.equation(u)?)
            };
            var("aux", &name, &rest);
            self.arrays.push(name.replace(' ', "_"));
        }
        let method = pick(u, &["euler", "euler", "euler", "rk4"])?;
        let every = pick(u, &["0.5", "2", "4"])?;
        Ok(format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<xmile version=\"1.0\" xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\" \
             xmlns:isee=\"http://iseesystems.com/XMILE\">\n<header><vendor>tests</vendor><product version=\"1\">random</product></header>\n\
             <sim_specs method=\"{method}\" isee:save_interval=\"{every}\"><start>0</start><stop>8</stop><dt>0.5</dt></sim_specs>\n\
             <dimensions><dim name=\"Age\" size=\"{ages}\"/><dim name=\"Place\" size=\"{places}\"/></dimensions>\n\
             <model><variables>\n{body}{numbers}<aux name=\"years\"><eqn>5</eqn></aux>\n</variables></model>\n</xmile>\n"
        ))
    }

    fn array(&self, u: &mut Unstructured<'_>) -> Result<String> {
        Ok(self.arrays[u.int_in_range(0..=self.arrays.len() - 1)?].clone())
    }

    /// The subscript of an element's own place, with something else for its age.
    fn at(&self, age: &str) -> String {
        self.dims.iter().map(|&dim| if dim == "Age" { age } else { dim }).collect::<Vec<_>>().join(", ")
    }

    /// An array that is another one, shifted, and in its first element something else.
    fn shifted(&self, u: &mut Unstructured<'_>, array: &str) -> Result<String> {
        let by = pick(u, &["1", "1", "1", "2"])?;
        let [own, first, second] = ["Age", "1", "2"].map(|age| self.at(age));
        let factor = pick(u, &["", "", "", "0.5*"])?;
        let here = self.equation(u)?;
        let first_equation = match u.int_in_range(0..=3)? {
            0 => format!("SUM(people[{}])*0.1", self.at("*")),
            1 => "TIME".to_owned(),
            2 => "2".to_owned(),
            _ => here.replace("Age", "1"),
        };
        let mut text = format!("<eqn>{factor}{array}[{}]</eqn>", own.replace("Age", &format!("Age - {by}")));
        write!(text, "<element subscript=\"{first}\"><eqn>{first_equation}</eqn></element>")
            .expect("writing to a string");
        if by == "2" {
            write!(text, "<element subscript=\"{second}\"><eqn>7</eqn></element>").expect("writing to a string");
        }
        Ok(text)
    }

    /// Of what has been declared so far.
    fn equation(&self, u: &mut Unstructured<'_>) -> Result<String> {
        let own = self.at("Age");
        let [one, other] = [self.array(u)?, self.array(u)?].map(|array| format!("{array}[{own}]"));
        let sum = format!("SUM({}[{}])", self.array(u)?, self.at("*"));
        let number = match self.numbers.len() {
            0 => "years".to_owned(),
            n => self.numbers[u.int_in_range(0..=n - 1)?].clone(),
        };
        Ok(match u.int_in_range(0..=8)? {
            0 => format!("{one}/years"),
            1 => format!("{one}*0.25 - {other}*0.125"),
            2 => format!("SQRT({one} - 3)"),
            3 => format!("({one} - 10)/({other} - 10)*0.1"),
            4 => format!("IF {one} &gt; 4 THEN {other}*0.1 ELSE 0.5"),
            5 => format!("MIN({one}, {number})*0.1"),
            6 => format!("{one}/({sum} + 1)"),
            7 => format!("MAX({one}, {other})*Age*0.01"),
            _ => format!("0.1*{one}"),
        })
    }
}
