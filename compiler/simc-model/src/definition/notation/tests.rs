use super::*;
use crate::definition::{EquationNode, Name};
use crate::source::Span;

/// A language with operators of many levels.
struct Plain(Choice);

impl Notation for Plain {
    fn binary(&self, op: BinaryOp) -> Operator {
        let (text, level) = match op {
            BinaryOp::Or => (" OR ", 2),
            BinaryOp::And => (" AND ", 3),
            BinaryOp::Lt => (" < ", 5),
            BinaryOp::Add => (" + ", 6),
            BinaryOp::Sub => (" - ", 6),
            BinaryOp::Mul => ("*", 7),
            BinaryOp::Div => ("/", 7),
            BinaryOp::Pow => ("^", 9),
            BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => (" = ", 5),
            BinaryOp::SafeDiv | BinaryOp::Mod => (" // ", 7),
        };
        Operator { text, level: Level(level) }
    }

    fn unary(&self, op: UnaryOp) -> Operator {
        match op {
            UnaryOp::Neg => Operator { text: "-", level: Level(8) },
            UnaryOp::Not => Operator { text: "NOT ", level: Level(4) },
        }
    }

    fn number(&self, value: f64) -> String {
        print_number(value)
    }

    fn path(&self, path: &Path) -> String {
        path.parts.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(".")
    }

    fn choice(&self) -> Choice {
        self.0
    }

    fn all_of(&self) -> (&'static str, &'static str) {
        ("<", "!>")
    }
}

/// An equation that grows from its leaves.
#[derive(Default)]
struct Nodes(Equation);

impl Nodes {
    fn push(&mut self, kind: EquationKind) -> u32 {
        self.0.nodes.push(EquationNode { kind, span: Span::default() });
        u32::try_from(self.0.nodes.len() - 1).expect("few")
    }

    fn name(&mut self, text: &str) -> u32 {
        self.push(EquationKind::Reference(path(text), Vec::new()))
    }

    fn number(&mut self, value: f64) -> u32 {
        self.push(EquationKind::Number(value))
    }

    fn binary(&mut self, op: BinaryOp, left: u32, right: u32) -> u32 {
        self.push(EquationKind::Binary(op, left, right))
    }

    fn unary(&mut self, op: UnaryOp, operand: u32) -> u32 {
        self.push(EquationKind::Unary(op, operand))
    }
}

fn path(text: &str) -> Path {
    let parts = text.split('.').map(|text| Name { text: text.to_owned(), span: Span::default() }).collect();
    Path { absolute: false, parts, span: Span::default() }
}

fn printed_as(choice: Choice, build: impl FnOnce(&mut Nodes) -> u32) -> String {
    let mut nodes = Nodes::default();
    let root = build(&mut nodes);
    assert_eq!(root as usize + 1, nodes.0.nodes.len());
    let text = print_equation(&Plain(choice), &nodes.0);
    assert_eq!(print_node(&Plain(choice), &nodes.0, root as usize), text);
    text
}

fn printed(build: impl FnOnce(&mut Nodes) -> u32) -> String {
    printed_as(Choice::Words, build)
}

/// `(a LEFT b) RIGHT c` and `a LEFT (b RIGHT c)`.
fn both_groupings(left: BinaryOp, right: BinaryOp) -> [String; 2] {
    [true, false].map(|is_left_first| {
        printed(|nodes| {
            let [a, b, c] = ["a", "b", "c"].map(|text| nodes.name(text));
            // Operands before operators, whatever their order.
            if is_left_first {
                let inner = nodes.binary(left, a, b);
                nodes.binary(right, inner, c)
            } else {
                let inner = nodes.binary(right, b, c);
                nodes.binary(left, a, inner)
            }
        })
    })
}

#[test]
fn parentheses_are_where_the_grouping_needs_them() {
    use BinaryOp::{Add, And, Div, Mul, Or, Pow, Sub};
    for (left, right, wanted) in [
        (Add, Add, ["a + b + c", "a + (b + c)"]),
        (Sub, Add, ["a - b + c", "a - (b + c)"]),
        (Add, Mul, ["(a + b)*c", "a + b*c"]),
        (Mul, Sub, ["a*b - c", "a*(b - c)"]),
        (Mul, Div, ["a*b/c", "a*(b/c)"]),
        (Pow, Pow, ["(a^b)^c", "a^b^c"]),
        (Mul, Pow, ["(a*b)^c", "a*b^c"]),
        (Pow, Mul, ["a^b*c", "a^(b*c)"]),
        (And, Or, ["a AND b OR c", "a AND (b OR c)"]),
    ] {
        assert_eq!(both_groupings(left, right), wanted, "{left:?} {right:?}");
    }
}

#[test]
fn a_sign_after_an_operator_or_a_sign_has_parentheses() {
    let after = |op: BinaryOp, value: f64| {
        printed(|nodes| {
            let (a, number) = (nodes.name("a"), nodes.number(value));
            nodes.binary(op, a, number)
        })
    };
    use BinaryOp::{Add, Lt, Mul, Pow, Sub};
    assert_eq!(after(Add, -2.0), "a + (-2)");
    assert_eq!(after(Sub, -2.0), "a - (-2)");
    assert_eq!(after(Mul, -0.0), "a*(-0)");
    assert_eq!(after(Pow, -2.0), "a^(-2)");
    assert_eq!(after(Lt, -2.0), "a < -2");
    assert_eq!(after(Sub, 2.0), "a - 2");
    let negated = |op: BinaryOp, is_left: bool| {
        printed(|nodes| {
            let (a, b) = (nodes.name("a"), nodes.name("b"));
            let negative = nodes.unary(UnaryOp::Neg, a);
            if is_left { nodes.binary(op, negative, b) } else { nodes.binary(op, b, negative) }
        })
    };
    assert_eq!(negated(Mul, true), "-a*b");
    assert_eq!(negated(Mul, false), "b*(-a)");
    assert_eq!(negated(Add, true), "-a + b");
    assert_eq!(negated(Lt, false), "b < -a");
    // A power binds more tightly than a sign, so that the base keeps its own.
    assert_eq!(negated(Pow, true), "(-a)^b");
    let number_to = printed(|nodes| {
        let (number, b) = (nodes.number(-2.0), nodes.name("b"));
        nodes.binary(Pow, number, b)
    });
    assert_eq!(number_to, "(-2)^b");
    let twice = printed(|nodes| {
        let a = nodes.name("a");
        let once = nodes.unary(UnaryOp::Neg, a);
        nodes.unary(UnaryOp::Neg, once)
    });
    assert_eq!(twice, "-(-a)");
    let of_a_sum = printed(|nodes| {
        let (a, b) = (nodes.name("a"), nodes.name("b"));
        let sum = nodes.binary(Add, a, b);
        nodes.unary(UnaryOp::Neg, sum)
    });
    assert_eq!(of_a_sum, "-(a + b)");
}

#[test]
fn a_negation_within_another_has_parentheses() {
    let twice = printed(|nodes| {
        let a = nodes.name("a");
        let once = nodes.unary(UnaryOp::Not, a);
        nodes.unary(UnaryOp::Not, once)
    });
    assert_eq!(twice, "NOT (NOT a)");
    let of_a_comparison = printed(|nodes| {
        let (a, b) = (nodes.name("a"), nodes.name("b"));
        let less = nodes.binary(BinaryOp::Lt, a, b);
        nodes.unary(UnaryOp::Not, less)
    });
    assert_eq!(of_a_comparison, "NOT a < b");
}

#[test]
fn a_choice_is_words_or_a_call() {
    let build = |nodes: &mut Nodes| {
        let [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map(|text| nodes.name(text));
        let inner = nodes.push(EquationKind::If(a, b, c));
        let middle = nodes.push(EquationKind::If(inner, d, e));
        let (f, g) = (nodes.name("f"), nodes.name("g"));
        let outer = nodes.push(EquationKind::If(f, middle, inner));
        nodes.binary(BinaryOp::Add, outer, g)
    };
    let words = "(IF f THEN (IF (IF a THEN b ELSE c) THEN d ELSE e) ELSE IF a THEN b ELSE c) + g";
    assert_eq!(printed_as(Choice::Words, build), words);
    let call = "IF THEN ELSE(f, IF THEN ELSE(IF THEN ELSE(a, b, c), d, e), IF THEN ELSE(a, b, c)) + g";
    assert_eq!(printed_as(Choice::Call("IF THEN ELSE"), build), call);
}

#[test]
fn calls_and_subscripts_have_their_lists() {
    let call = |n: usize| {
        printed(|nodes| {
            let arguments = ["a", "b", "c"][..n].iter().map(|text| nodes.name(text)).collect();
            nodes.push(EquationKind::Call(path("f"), arguments))
        })
    };
    assert_eq!([0, 1, 3].map(call), ["f()", "f(a)", "f(a, b, c)"]);
    let table = printed(|nodes| {
        let (one, two, x) = (nodes.name("one"), nodes.number(2.0), nodes.name("x"));
        nodes.push(EquationKind::SubscriptedCall(path("m.t"), vec![one, two], vec![x]))
    });
    assert_eq!(table, "m.t[one, 2](x)");
    let read = printed(|nodes| {
        let star = nodes.push(EquationKind::Wildcard(None));
        let (dim, one, three) = (nodes.name("dim"), nodes.number(1.0), nodes.number(3.0));
        let all = nodes.push(EquationKind::Wildcard(Some(dim)));
        let range = nodes.push(EquationKind::Range(one, three));
        let position = nodes.push(EquationKind::Position(one));
        nodes.push(EquationKind::Reference(path("a"), vec![star, all, range, position]))
    });
    assert_eq!(read, "a[*, <dim!>, 1:3, @1]");
}

#[test]
fn products_of_vectors_bind_more_tightly_than_powers() {
    let product = |is_left: bool| {
        printed(|nodes| {
            let [a, b, c] = ["a", "b", "c"].map(|text| nodes.name(text));
            let inner = nodes.push(EquationKind::InnerProduct(a, b));
            let (left, right) = if is_left { (inner, c) } else { (c, inner) };
            nodes.push(EquationKind::InnerProduct(left, right))
        })
    };
    assert_eq!([true, false].map(product), ["a *.* b *.* c", "c *.* (a *.* b)"]);
    let of_a_power = printed(|nodes| {
        let (a, b) = (nodes.name("a"), nodes.name("b"));
        let power = nodes.binary(BinaryOp::Pow, a, b);
        let turned = nodes.push(EquationKind::Transpose(power));
        nodes.push(EquationKind::InnerProduct(power, turned))
    });
    assert_eq!(of_a_power, "(a^b) *.* (a^b)'");
}

#[test]
fn no_equation_is_no_text() {
    assert_eq!(print_equation(&Plain(Choice::Words), &Equation::default()), "");
    assert_eq!(Level::OPERAND.above(), Level::OPERAND);
}

#[test]
fn a_number_has_an_exponent_where_it_would_be_long() {
    for (value, text) in [
        (0.0, "0"),
        (-0.0, "-0"),
        (1e-5, "0.00001"),
        (9.9e-6, "9.9e-6"),
        (-9.9e-6, "-9.9e-6"),
        (999_999_999_999_999.0, "999999999999999"),
        (1e15, "1e15"),
        (-1e15, "-1e15"),
        (0.1, "0.1"),
    ] {
        assert_eq!(print_number(value), text);
    }
}

#[test]
fn a_number_ends_where_its_digits_point_and_exponent_do() {
    let ends = [
        ("", ""),
        ("x1", ""),
        ("7", "7"),
        ("12 + 3", "12"),
        ("1.50*x", "1.50"),
        ("1.", "1."),
        (".5x", ".5"),
        ("1..2", "1."),
        ("2e3", "2e3"),
        ("2E-30/4", "2E-30"),
        ("2.5e+1e2", "2.5e+1"),
        ("2e", "2"),
        ("2e+", "2"),
        ("2e-x", "2"),
        ("e5", ""),
    ];
    for (text, number) in ends {
        assert_eq!(&text[..number_length(text)], number, "{text}");
    }
}
