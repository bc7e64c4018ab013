use super::*;

#[test]
fn a_text_within_brackets_is_compared_as_names_are() {
    assert_eq!(folded("North East"), "north_east");
    assert_eq!(folded("A,b"), "a,b");
    // Blanks beside brackets stand where names have one.
    assert_eq!((folded(" a "), folded("")), ("_a_".to_owned(), String::new()));
}

#[test]
fn a_name_before_a_comma_may_be_another_name() {
    let has = |names: &[&str]| has_prefix(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    assert!(has(&["a", "a,b"]) && has(&["A,B,c", "a,b"]) && has(&["x y,z", "x_y"]));
    assert!(!has(&["a", "b"]) && !has(&["a,b", "b"]) && !has(&["a,b", "ab"]) && !has(&[]));
    // Only so many commas are looked at.
    let many = |n: usize| format!("{},b", vec!["a"; n].join(","));
    assert!(has(&[&many(64), &vec!["a"; 64].join(",")]));
    assert!(!has(&[&many(65), &vec!["a"; 65].join(",")]));
}
