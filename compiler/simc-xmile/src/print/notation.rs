//! How XMILE writes equations and names.

use simc_model::builtin::Dialect;
use simc_model::definition::Path;
use simc_model::definition::notation::{Choice, Level, Notation, Operator, print_number};
use simc_model::model::{BinaryOp, UnaryOp};
use simc_model::name::is_separator;

/// The notation, in which the remainder binds as the dialect has it.
pub(super) struct Xmile {
    pub(super) dialect: Dialect,
}

/// Words that are no names without quotes.
const KEYWORDS: [&str; 7] = ["IF", "THEN", "ELSE", "NOT", "AND", "OR", "MOD"];

const SIGN: Level = Level(9);

impl Notation for Xmile {
    fn binary(&self, op: BinaryOp) -> Operator {
        let (text, level) = match op {
            BinaryOp::Or => (" OR ", 2),
            BinaryOp::And => (" AND ", 3),
            BinaryOp::Eq => (" = ", 4),
            BinaryOp::Ne => (" <> ", 4),
            BinaryOp::Lt => (" < ", 5),
            BinaryOp::Le => (" <= ", 5),
            BinaryOp::Gt => (" > ", 5),
            BinaryOp::Ge => (" >= ", 5),
            BinaryOp::Add => (" + ", 6),
            BinaryOp::Sub => (" - ", 6),
            BinaryOp::Mod if self.dialect == Dialect::Stella => (" MOD ", 7),
            BinaryOp::Mod => (" MOD ", 8),
            BinaryOp::Mul => ("*", 8),
            BinaryOp::Div => ("/", 8),
            BinaryOp::SafeDiv => ("//", 8),
            BinaryOp::Pow => ("^", 10),
        };
        Operator { text, level: Level(level) }
    }

    fn unary(&self, op: UnaryOp) -> Operator {
        match op {
            UnaryOp::Neg => Operator { text: "-", level: SIGN },
            UnaryOp::Not => Operator { text: "NOT ", level: SIGN },
        }
    }

    fn number(&self, value: f64) -> String {
        print_number(value)
    }

    fn path(&self, path: &Path) -> String {
        let names: Vec<String> = path.parts.iter().map(|name| inside(&name.text)).collect();
        format!("{}{}", if path.absolute { "." } else { "" }, names.join("."))
    }

    fn choice(&self) -> Choice {
        Choice::Words
    }

    fn all_of(&self) -> (&'static str, &'static str) {
        ("*:", "")
    }
}

/// A name within an equation: with underscores, or in double quotes where it needs them.
pub(super) fn inside(text: &str) -> String {
    let is_plain =
        |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$' || (!c.is_ascii() && c.is_alphanumeric());
    let joined: String = text.chars().map(|c| if c == ' ' { '_' } else { c }).collect();
    let begins = |c: char| !c.is_ascii_digit() && c != '$' && c != '_';
    let is_keyword = KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(&joined));
    // Runs of separators are one in the key, and shown as they are written.
    if joined.chars().all(is_plain) && joined.starts_with(begins) && !joined.ends_with('_') && !is_keyword {
        return joined;
    }
    format!("\"{}\"", escaped(text))
}

/// A name outside of equations: quotes and backslashes are written with a backslash.
pub(super) fn outside(text: &str) -> String {
    let escaped = escaped(text);
    if text.trim() == text && !text.starts_with(is_separator) { escaped } else { format!("\"{escaped}\"") }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}
