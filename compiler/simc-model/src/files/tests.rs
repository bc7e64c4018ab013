//! Paths, patterns, and what is refused before a file system is asked.

use super::*;
use crate::source::FileId;

fn here() -> Span {
    Span::new(FileId(0), 0, 1)
}

fn memory(names: &[&str]) -> MemoryFiles {
    let mut files = MemoryFiles::new();
    names.iter().for_each(|&name| files.add(name, name));
    files
}

#[test]
fn patterns_match_whole_names() {
    for (pattern, name) in [("*", ""), ("*.xml", "a.xml"), ("a*b*c", "a-b-b-c"), ("?", "é"), ("**", "x"), ("a", "a")] {
        assert!(matches(pattern, name), "{pattern} {name}");
    }
    for (pattern, name) in [("*.xml", "a.xmi"), ("?", ""), ("a*b", "abc"), ("", "a"), ("a*b*c", "acb")] {
        assert!(!matches(pattern, name), "{pattern} {name}");
    }
}

#[test]
fn a_pattern_of_many_wildcards_takes_no_more_than_their_product() {
    let (pattern, name) = ("*a".repeat(2000) + "b", "a".repeat(4000));
    assert!(!matches(&pattern, &name));
}

#[test]
fn paths_begin_at_the_folder_of_the_file_in_which_they_stand() {
    assert_eq!(join("m/a.xmile", "b.xmile"), "m/b.xmile");
    assert_eq!(join("a.xmile", "lib/./x.xml"), "lib/x.xml");
    assert_eq!(join("m/n/a.xmile", "../b.xmile"), "m/b.xmile");
    assert_eq!(join("m/a.xmile", "../../b.xmile"), "../b.xmile");
    assert_eq!(join("../a.xmile", "../b.xmile"), "../../b.xmile");
    assert_eq!(join("m/a.xmile", "/lib/../b.xmile"), "/b.xmile");
    assert_eq!(join("/m/a.xmile", "../../../b.xmile"), "/b.xmile");
    assert_eq!(join("m/a.xmile", "c:/b.xmile"), "c:/b.xmile");
}

#[test]
fn files_in_memory_are_found_by_path_and_pattern() {
    let files = memory(&["main.xmile", "lib/a.xml", "lib/b.xml", "lib/deep/c.xml", "other.xml"]);
    let find = |from: &str, resource: &str| find(&files, from, resource, here()).map_err(|error| error.code);
    assert_eq!(find("main.xmile", "lib/a.xml"), Ok(vec!["lib/a.xml".to_owned()]));
    assert_eq!(find("lib/a.xml", "..\\other.xml"), Ok(vec!["other.xml".to_owned()]));
    assert_eq!(find("lib/a.xml", "r../b.xml"), Ok(vec!["lib/b.xml".to_owned()]), "as Stella writes it");
    assert_eq!(find("main.xmile", "lib/*.xml"), Ok(vec!["lib/a.xml".to_owned(), "lib/b.xml".to_owned()]));
    assert_eq!(find("lib/a.xml", "*"), Ok(vec!["lib/b.xml".to_owned()]), "a file is no match of its own pattern");
    assert_eq!(find("lib/a.xml", "/some/where/b.xml"), Ok(vec!["lib/b.xml".to_owned()]), "beside the file");
    assert_eq!(find("lib/a.xml", "D:\\data\\b.xml"), Ok(vec!["lib/b.xml".to_owned()]));
    assert_eq!(find("main.xmile", "/some/where/b.xml"), Err(code::FILE_MISSING));
    assert_eq!(find("main.xmile", "none.xml"), Err(code::FILE_MISSING));
    assert_eq!(find("main.xmile", "*.none"), Err(code::FILE_MISSING));
    assert_eq!(find("main.xmile", "../a.xml"), Err(code::FILE_OUTSIDE));
}

#[test]
fn what_is_no_path_of_a_file_is_refused_before_anybody_is_asked() {
    let refused =
        ["", "  ", ".", "..", "a/..", "a/", "a\0b", "a\nb", "*/a.xml", "http://x.org/a.xml", "https:", "ftp://a"];
    for resource in refused.into_iter().chain(["\\\\server\\a", "//server/a"]) {
        let error = find(&NoFiles, "m.xmile", resource, here()).expect_err("it is refused");
        assert_eq!(error.code, code::BAD_RESOURCE, "{resource:?}");
        assert!(!error.message.contains(char::is_control), "{resource:?}");
    }
    let long = "a".repeat(5000);
    assert_eq!(find(&NoFiles, "m.xmile", &long, here()).map_err(|error| error.code), Err(code::BAD_RESOURCE));
    for resource in ["a.xml", "c:\\lib\\a.xml", "file:///lib/a.xml"] {
        let error = find(&NoFiles, "m.xmile", resource, here()).expect_err("there are no files");
        assert_eq!(error.code, code::FILE_UNREADABLE, "{resource:?}");
    }
}

#[test]
fn a_path_has_bytes_up_to_a_limit() {
    let of = |n: usize| find(&NoFiles, "m.xmile", &"a".repeat(n), here()).map_err(|error| error.message);
    assert_eq!(of(4097), Err(format!("`{}` is longer than any path", shorten(&"a".repeat(50)))));
    assert!(of(4096).is_err_and(|message| message.ends_with("the model is compiled without other files")));
}

#[test]
fn what_is_wrong_with_a_resource_is_said() {
    let reason = |resource: &str| find(&NoFiles, "m.xmile", resource, here()).expect_err("it is refused").message;
    for (resource, wanted) in [
        ("", "`` names no file"),
        ("a/..", "`a/..` names no file"),
        ("a/", "`a/` names no file"),
        ("a\nb", "`a\u{fffd}b` holds a control character"),
        ("x:/a*/b", "`x:/a*/b` has a wildcard in the name of a folder"),
        ("//s/a", "`//s/a` is an address on a network, and the compiler reads files alone"),
        ("xy:a/b", "`xy:a/b` cannot be read: the model is compiled without other files"),
        ("x1://a", "`x1://a` is an address on a network, and the compiler reads files alone"),
        ("x-y:/a", "`x-y:/a` cannot be read: the model is compiled without other files"),
    ] {
        assert_eq!(reason(resource), wanted, "{resource:?}");
    }
}

#[test]
fn what_keeps_a_file_from_being_read_is_said() {
    let of = |error: FileError, named: &str| {
        let found = refuse(&error, named, here());
        (found.code, found.message, found.hint.is_some())
    };
    let missing = code::FILE_MISSING;
    assert_eq!(of(FileError::Missing, " a.csv "), (missing, "there is no file `a.csv`".to_owned(), true));
    assert_eq!(of(FileError::Missing, "*.csv"), (missing, "no file matches `*.csv`".to_owned(), false));
    let outside = "`a.csv` is not in the model's folder".to_owned();
    assert_eq!(of(FileError::Outside, "a.csv"), (code::FILE_OUTSIDE, outside, true));
    let large = "`a.csv` is larger than 3 MiB".to_owned();
    assert_eq!(of(FileError::TooLarge(3 << 20), "a.csv"), (code::FILE_UNREADABLE, large, false));
    let unreadable = "cannot read `a.csv`: it is a folder".to_owned();
    let reason = FileError::Unreadable("it is a folder".to_owned());
    assert_eq!(of(reason, "a.csv"), (code::FILE_UNREADABLE, unreadable, false));
}
