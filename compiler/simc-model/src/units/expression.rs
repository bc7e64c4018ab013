//! Units as texts: `people/year`, `dollars/(person-year)`, `1/second^2`.
//!
//! XMILE 1.0, section 2.3: names, which may have spaces, with `*`, `/`, `^` and parentheses. A `-` between names multiplies
//! and binds them together: `dollars/person-year` is `dollars/(person*year)`.

/// A name with its exponent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor {
    /// As written, without blanks at the ends.
    pub name: String,
    /// Never 0 and never beyond 1000.
    pub exponent: i32,
}

/// More factors than any unit has.
const MAX_FACTORS: usize = 64;

/// Parentheses may nest this deep.
const MAX_DEPTH: usize = 32;

/// Exponents may be this large.
const MAX_EXPONENT: i32 = 1000;

/// Reads a text; none when it says nothing. The number 1 is no unit, any other number is a unit of its own. What is in brackets
/// at the end is a range, as Vensim writes it. The error is a reason that follows a colon.
pub fn parse_units(text: &str) -> Result<Option<Vec<Factor>>, String> {
    let text = text.trim();
    let text = if text.ends_with(']') { text.split('[').next().unwrap_or(text).trim() } else { text };
    if text.is_empty() || text.chars().all(|c| c == '?') {
        return Ok(None);
    }
    let mut parser = Parser { rest: text, factors: Vec::new(), groups: Vec::new() };
    parser.expression()?;
    parser.factors.retain(|factor| factor.exponent != 0);
    Ok(Some(parser.factors))
}

struct Parser<'a> {
    rest: &'a str,
    factors: Vec<Factor>,
    /// For each open parenthesis, the first factor within and the exponent of all of it.
    groups: Vec<(usize, i32)>,
}

impl Parser<'_> {
    fn expression(&mut self) -> Result<(), String> {
        let mut sign = 1;
        loop {
            self.operand(sign)?;
            sign = match self.operator() {
                Some('*') => 1,
                Some('-') => sign,
                Some('/') => -1,
                Some(')') => return Err("`)` has no `(`".to_owned()),
                Some('(') => return Err("an operator is missing before `(`".to_owned()),
                Some(_) => return Err("a power has no base".to_owned()),
                None if self.groups.is_empty() => return Ok(()),
                None => return Err("`(` is not closed".to_owned()),
            };
        }
    }

    /// A name, or a whole group; parentheses that open before it and close after it.
    fn operand(&mut self, mut sign: i32) -> Result<(), String> {
        while self.take('(') {
            if self.groups.len() == MAX_DEPTH {
                return Err(format!("parentheses nest deeper than {MAX_DEPTH}"));
            }
            self.groups.push((self.factors.len(), sign));
            sign = 1;
        }
        let end = self.rest.find(['*', '/', '^', '-', '(', ')']).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        let name = name.trim();
        if name.is_empty() {
            return Err("a unit is missing".to_owned());
        }
        self.rest = rest;
        let exponent = self.exponent()?;
        if name.parse() != Ok(1.0) {
            self.factors.push(Factor { name: name.to_owned(), exponent: sign * exponent });
        }
        if self.factors.len() > MAX_FACTORS {
            return Err(format!("it has more than {MAX_FACTORS} factors"));
        }
        while !self.groups.is_empty() && self.take(')') {
            let exponent = self.exponent()?;
            let (first, sign) = self.groups.pop().unwrap_or_default();
            for factor in &mut self.factors[first..] {
                factor.exponent = limited(i64::from(factor.exponent) * i64::from(sign * exponent))?;
            }
        }
        Ok(())
    }

    /// What is after `^`, in parentheses or not; 1 when there is none.
    fn exponent(&mut self) -> Result<i32, String> {
        if !self.take('^') {
            return Ok(1);
        }
        let is_enclosed = self.take('(');
        let sign = if self.take('-') { -1 } else { 1 };
        self.take('+');
        let rest = self.rest.trim_start();
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, rest) = rest.split_at(end);
        self.rest = rest;
        if digits.is_empty() || rest.starts_with('.') {
            return Err("an exponent is no whole number".to_owned());
        }
        if is_enclosed && !self.take(')') {
            return Err("an exponent is no whole number".to_owned());
        }
        limited(digits.parse::<i64>().unwrap_or(i64::MAX).saturating_mul(sign))
    }

    /// The next character, which is an operator or a parenthesis.
    fn operator(&mut self) -> Option<char> {
        let rest = self.rest.trim_start();
        let mut chars = rest.chars();
        let operator = chars.next();
        self.rest = chars.as_str();
        operator
    }

    fn take(&mut self, wanted: char) -> bool {
        match self.rest.trim_start().strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

fn limited(exponent: i64) -> Result<i32, String> {
    let exponent = i32::try_from(exponent).ok().filter(|exponent| exponent.abs() <= MAX_EXPONENT);
    exponent.ok_or_else(|| format!("an exponent is beyond {MAX_EXPONENT}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match parse_units(text) {
            Ok(Some(factors)) => {
                factors.iter().map(|f| format!("{}:{}", f.name, f.exponent)).collect::<Vec<_>>().join(" ")
            }
            Ok(None) => "nothing".to_owned(),
            Err(reason) => reason,
        }
    }

    #[test]
    fn reads_what_modellers_write() {
        assert_eq!(read("people"), "people:1");
        assert_eq!(read("Widgets / Month"), "Widgets:1 Month:-1");
        assert_eq!(read("person-year"), "person:1 year:1");
        assert_eq!(read("dollars/person-year*car"), "dollars:1 person:-1 year:-1 car:1");
        assert_eq!(read("kilowatt hours per day"), "kilowatt hours per day:1");
        assert_eq!(read("dollars/(person*year)"), "dollars:1 person:-1 year:-1");
        assert_eq!(read("a/b/c*d"), "a:1 b:-1 c:-1 d:1");
        assert_eq!(read("1/second^2"), "second:-2");
        assert_eq!(read("m^-2*(s^(-1)/kg)^2"), "m:-2 s:-2 kg:-2");
        assert_eq!(read("1"), "");
        assert_eq!(read("(1)/(((month)))"), "month:-1");
        assert_eq!(read("60*second"), "60:1 second:1");
        assert_eq!(read("$/MWh"), "$:1 MWh:-1");
        assert_eq!(read("a^0"), "");
        assert_eq!(read("dmnl [0,1]"), "dmnl:1");
    }

    #[test]
    fn a_text_may_say_nothing() {
        for text in ["", " \n", "?", "???", "[0,?]"] {
            assert_eq!(read(text), "nothing", "{text:?}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(read("people/"), "a unit is missing");
        assert_eq!(read("/month"), "a unit is missing");
        assert_eq!(read("a**b"), "a unit is missing");
        assert_eq!(read("()"), "a unit is missing");
        assert_eq!(read("-a"), "a unit is missing");
        assert_eq!(read("a/(b"), "`(` is not closed");
        assert_eq!(read("a)"), "`)` has no `(`");
        assert_eq!(read("people (thousands)"), "an operator is missing before `(`");
        assert_eq!(read("m^0.5"), "an exponent is no whole number");
        assert_eq!(read("m^n"), "an exponent is no whole number");
        assert_eq!(read("m^2^2"), "a power has no base");
    }

    #[test]
    fn is_bounded() {
        assert_eq!(read("m^99999999999999999999"), "an exponent is beyond 1000");
        assert_eq!(read("((m^999)^999)^999"), "an exponent is beyond 1000");
        assert_eq!(read(&"(".repeat(100_000)), "parentheses nest deeper than 32");
        assert_eq!(read(&vec!["a"; 100_000].join("*")), "it has more than 64 factors");
    }
}
