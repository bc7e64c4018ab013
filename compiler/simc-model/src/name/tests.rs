use super::*;

fn same(a: &str, b: &str) -> bool {
    Key::new(a) == Key::new(b)
}

#[test]
fn runs_of_separators_are_one() {
    for spelling in [
        "birth_rate",
        "Birth  Rate",
        "BIRTH _ RATE",
        "birth\nrate",
        "birth\u{a0}rate",
        "birth \r\n rate",
        "birth__rate",
    ] {
        assert!(same("birth rate", spelling), "{spelling:?}");
    }
    assert!(!same("birth rate", "birthrate"));
}

#[test]
fn separators_at_the_ends_do_not_count() {
    assert!(same(" birth rate_", "birth_rate"));
    assert_eq!(Key::new("_").as_str(), "_");
    assert!(!same("_", ""));
}

#[test]
fn case_is_folded_beyond_ascii() {
    assert!(same("ÉLAN", "élan"));
    assert!(same("ΟΔΟΣ", "οδος"));
    assert!(same("ПОПУЛЯЦИЯ", "популяция"));
}

#[test]
fn other_characters_are_never_merged() {
    assert!(!same("a-b", "a+b"));
    assert!(!same("a-b", "a b"));
    assert!(!same("ａ", "a"), "full width");
    assert!(!same("a\u{2003}b", "a b"), "an em space is no separator");
}

#[test]
fn shows_a_name_on_one_line() {
    assert_eq!(display("size of one\ntime  harvest"), "size of one time  harvest");
    assert_eq!(display("Stock with \n Newline"), "Stock with Newline");
    assert_eq!(display("birth_rate"), "birth_rate");
}

#[test]
fn resolves_quotes_and_escapes() {
    assert_eq!(unescape(r#"size of one\ntime"#), "size of one\ntime");
    assert_eq!(unescape(r#""a \"b\" \\ c""#), r#"a "b" \ c"#);
    assert_eq!(unescape(r"a\qb\"), r"a\qb\");
    assert_eq!(unescape("\""), "\"");
}

#[test]
fn quoted_and_plain_spellings_are_one_name() {
    assert!(same(&unescape("\"x\""), "x"));
    assert!(same(&unescape("\"Birth rate\""), "birth_rate"));
}

#[test]
fn suggests_the_nearest_name() {
    let names = ["Population", "births", "room temperature", "deaths"];
    assert_eq!(suggest("room temprature", names), Some("room temperature"));
    assert_eq!(suggest("Room_Temperatur", names), Some("room temperature"));
    assert_eq!(suggest("brihts", names), Some("births"));
    assert_eq!(suggest("capital", names), None);
}

#[test]
fn suggests_the_first_of_equally_near_names() {
    assert_eq!(suggest("rate3", ["rate1", "rate2"]), Some("rate1"));
    assert_eq!(suggest("x", ["y"]), None, "one letter names are not guessed");
}

#[test]
fn suggesting_takes_bounded_work() {
    let long = "x".repeat(1 << 20);
    let candidates = vec![long.as_str(); 100_000];
    assert_eq!(suggest("y", candidates.iter().copied()), None);
    assert_eq!(suggest(&long, candidates.iter().copied()), None);
}

#[test]
fn names_and_subscripts_are_told_apart_outside_of_quotes() {
    assert_eq!(split_subscripts(" a b "), Some(("a b", None)));
    let quoted = split_subscripts("m.\"a[1], b\" [ x , \"y, z\" ]");
    assert_eq!(quoted, Some(("m.\"a[1], b\"", Some(vec!["x", "\"y, z\""]))));
    assert_eq!(split_subscripts("\"a\\\"[b\""), Some(("\"a\\\"[b\"", None)));
    assert_eq!(split_subscripts("a[1][x]"), Some(("a[1]", Some(vec!["x"]))), "the last bracket counts");
    assert_eq!(split_subscripts("a[\"b[c\"]"), Some(("a", Some(vec!["\"b[c\""]))), "a quoted bracket does not");
    assert_eq!(split_subscripts("a[x"), None);
    assert_eq!(split_subscripts("m[x].a"), None);
    assert_eq!(split_subscripts("a[]"), Some(("a", Some(vec![""]))));
}

#[test]
fn characters_of_word_processors_are_known() {
    assert_eq!(lookalike("a \u{2212} b"), Some(('\u{2212}', "-")));
    assert_eq!(lookalike("a≤3"), Some(('≤', "<=")));
    assert_eq!((lookalike("größe"), lookalike("a - b")), (None, None));
    assert_eq!(stray_space("a\u{2009}b").as_deref(), Some("U+2009"));
    assert_eq!((stray_space("a b"), stray_space("a\u{a0}b")), (None, None));
}

#[test]
fn a_long_name_may_have_four_slips_and_no_more() {
    let name = "abcdefghijklmnopqrst";
    let slips = |n: usize| format!("{}{}", "z".repeat(n), &name[n..]);
    for n in 0..=4 {
        let other = slips(n);
        assert_eq!(suggest(name, [other.as_str()]), Some(other.as_str()));
    }
    assert_eq!(suggest(name, [slips(5).as_str()]), None);
    // One for every three characters of a shorter one, and one of up to four.
    assert_eq!((suggest("abcdefgh", ["zzcdefgh"]), suggest("abcdefgh", ["zzzdefgh"])), (Some("zzcdefgh"), None));
    assert_eq!((suggest("abcd", ["zbcd"]), suggest("abcd", ["zzcd"])), (Some("zbcd"), None));
}

#[test]
fn a_suggestion_looks_at_a_million_names() {
    let stranger = "x".repeat(100);
    let among = |n: usize| {
        let strangers = std::iter::repeat_n(stranger.as_str(), n);
        suggest("births", strangers.chain(["birth"]))
    };
    assert_eq!(among(999_999), Some("birth"));
    assert_eq!(among(1_000_000), None);
    // A name that is compared costs as much as its table of distances: 50 by 51 here.
    let (wanted, near) = ("a".repeat(49), "a".repeat(34) + &"b".repeat(16));
    let compared = |n: usize| suggest(&wanted, std::iter::repeat_n(near.as_str(), n).chain([wanted.as_str()]));
    assert_eq!(compared(391), Some(wanted.as_str()));
    assert_eq!(compared(393), None);
}
