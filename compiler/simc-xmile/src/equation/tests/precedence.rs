//! How tightly operators bind.

use super::prefix;

/// Operators between two operands with how they print, by level, tightest first. Only `^` groups to the right.
const LEVELS: [&[(&str, &str)]; 8] = [
    &[("*.*", "*.*")],
    &[("^", "^")],
    &[("*", "*"), ("/", "/"), ("//", "//"), ("MOD", "mod")],
    &[("+", "+"), ("-", "-")],
    &[("<", "<"), ("<=", "<="), (">", ">"), (">=", ">=")],
    &[("=", "="), ("<>", "<>")],
    &[("AND", "and")],
    &[("OR", "or")],
];

const POWER: usize = 1;

/// Runs over all pairs of operators, with the level of either.
fn for_each_pair(mut check: impl FnMut((usize, &str, &str), (usize, &str, &str))) {
    for (first_level, firsts) in LEVELS.iter().enumerate() {
        for (second_level, seconds) in LEVELS.iter().enumerate() {
            for &(first, first_shown) in *firsts {
                for &(second, second_shown) in *seconds {
                    check((first_level, first, first_shown), (second_level, second, second_shown));
                }
            }
        }
    }
}

#[test]
fn the_tighter_of_two_operators_groups_first_and_equals_group_to_the_left() {
    for_each_pair(|(level, op, shown), (next_level, next_op, next_shown)| {
        let left_first = if level == next_level { level != POWER } else { level < next_level };
        let expected = if left_first {
            format!("({next_shown} ({shown} a b) c)")
        } else {
            format!("({shown} a ({next_shown} b c))")
        };
        assert_eq!(prefix(&format!("a {op} b {next_op} c")), expected);
    });
}

#[test]
fn parentheses_group_whatever_the_operators() {
    for_each_pair(|(_, op, shown), (_, next_op, next_shown)| {
        assert_eq!(prefix(&format!("(a {op} b) {next_op} c")), format!("({next_shown} ({shown} a b) c)"));
        assert_eq!(prefix(&format!("a {op} (b {next_op} c)")), format!("({shown} a ({next_shown} b c))"));
    });
}

#[test]
fn signs_stand_between_the_power_and_the_product() {
    for (sign, shown) in [("-", "-"), ("NOT ", "not")] {
        for (level, ops) in LEVELS.iter().enumerate() {
            for (op, op_shown) in *ops {
                let expected = if level <= POWER {
                    format!("({shown} ({op_shown} a b))")
                } else {
                    format!("({op_shown} ({shown} a) b)")
                };
                assert_eq!(prefix(&format!("{sign}a {op} b")), expected);
                assert_eq!(prefix(&format!("a {op} {sign}b")), format!("({op_shown} a ({shown} b))"));
            }
        }
    }
}

#[test]
fn a_signed_exponent_ends_where_the_power_does() {
    assert_eq!(prefix("2^-2^-3"), "(^ 2.0 (- (^ 2.0 (- 3.0))))");
    assert_eq!(prefix("2^-3*4"), "(* (^ 2.0 (- 3.0)) 4.0)");
    assert_eq!(prefix("-2^2"), "(- (^ 2.0 2.0))");
    assert_eq!(prefix("4^3^2"), "(^ 4.0 (^ 3.0 2.0))");
}

#[test]
fn signs_may_follow_each_other() {
    assert_eq!(prefix("- -3"), "(- (- 3.0))");
    assert_eq!(prefix("+-+3"), "(- 3.0)");
    assert_eq!(prefix("a - -b"), "(- a (- b))");
    assert_eq!(prefix("NOT NOT a"), "(not (not a))");
    assert_eq!(prefix("NOT -a"), "(not (- a))");
}

#[test]
fn a_unary_plus_leaves_no_trace() {
    assert_eq!(prefix("+a"), "a");
    assert_eq!(prefix("a*+b"), "(* a b)");
}

#[test]
fn the_transpose_and_subscripts_bind_tightest() {
    assert_eq!(prefix("-a'^b'"), "(- (^ (transpose a) (transpose b)))");
    assert_eq!(prefix("a[1]'"), "(transpose a[1.0])");
    assert_eq!(prefix("(a+b)''"), "(transpose (transpose (+ a b)))");
    assert_eq!(prefix("a' *.* b"), "(*.* (transpose a) b)");
}

#[test]
fn not_binds_tighter_than_a_comparison() {
    assert_eq!(prefix("NOT a > b"), "(> (not a) b)");
    assert_eq!(prefix("a OR b AND c"), "(or a (and b c))");
    assert_eq!(prefix("a MOD b * c"), "(* (mod a b) c)");
}

#[test]
fn the_last_branch_of_an_if_reaches_as_far_as_it_can() {
    assert_eq!(prefix("IF a THEN b ELSE c + d"), "(if a b (+ c d))");
    assert_eq!(prefix("1 + IF a THEN b ELSE c OR d"), "(+ 1.0 (if a b (or c d)))");
    assert_eq!(prefix("2^IF a THEN b ELSE c*d"), "(^ 2.0 (if a b (* c d)))");
    assert_eq!(prefix("(IF a THEN b ELSE c) + d"), "(+ (if a b c) d)");
    assert_eq!(prefix("IF a THEN IF b THEN c ELSE d ELSE e"), "(if a (if b c d) e)");
    assert_eq!(prefix("IF a THEN b ELSE IF c THEN d ELSE e"), "(if a b (if c d e))");
}
