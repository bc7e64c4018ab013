use super::*;
use crate::definition::{ModelDef, Name};
use crate::files::{FileError, MemoryFiles};

/// A definition with an import of each of these resources.
fn importing(sources: &mut Sources, resources: &[&str]) -> Definition {
    let id = sources.add("models/m.xmile", "model");
    let import = |(at, text): (u32, &&str)| ImportDef {
        resource: Name { text: (*text).to_owned(), span: Span::new(id, at, at + 1) },
        worksheet: None,
        orientation: Orientation::Horizontal,
        is_series: Some(true),
        is_direct: true,
        whole: 7,
    };
    let imports = (0..).zip(resources).map(import).collect();
    Definition { imports, models: vec![ModelDef::default()], ..Definition::default() }
}

/// Files of these names with two bytes each.
fn files(names: impl IntoIterator<Item = String>) -> MemoryFiles {
    let mut files = MemoryFiles::new();
    names.into_iter().for_each(|name| files.add(name, *b"ab"));
    files
}

fn added(name: &str) -> AddedFile {
    AddedFile { role: Role::DataSet, name: name.to_owned(), bytes: b"c".to_vec() }
}

#[test]
fn each_file_is_read_once_and_later_sets_come_later() {
    let mut sources = Sources::new();
    let file = importing(&mut sources, &["b.csv", "*.csv", "none.csv", "a.csv"]);
    let there = files(["models/a.csv", "models/b.csv", "models/c.txt"].map(str::to_owned));
    let mut diagnostics = Vec::new();
    let found = read_files(&file, &mut sources, &there, vec![added("own.csv")], &mut diagnostics);
    let names: Vec<&str> = sources.data().iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["models/b.csv", "models/a.csv", "own.csv"]);
    assert_eq!(diagnostics.iter().map(|found| found.code).collect::<Vec<_>>(), [code::FILE_MISSING]);
    assert_eq!(diagnostics[0].span, Some(file.imports[2].resource.span));
    let sets = found.sets(&file, &sources);
    let shown: Vec<(&str, Option<u32>)> =
        sets.iter().map(|set| (set.name, set.place.map(|place| place.start))).collect();
    let (a, b) = ("models/a.csv", "models/b.csv");
    assert_eq!(shown, [(b, Some(0)), (a, Some(1)), (b, Some(1)), (a, Some(3)), ("own.csv", None)]);
    let [imported, .., own] = sets.as_slice() else { panic!("several") };
    assert_eq!(
        (imported.bytes, imported.orientation, imported.is_series),
        (&b"ab"[..], Orientation::Horizontal, Some(true))
    );
    assert_eq!((imported.is_direct, imported.whole), (true, 7));
    assert_eq!((own.bytes, own.orientation, own.is_series), (&b"c"[..], Orientation::Vertical, None));
    assert_eq!((own.is_direct, own.whole), (false, 0));
}

#[test]
fn imports_that_do_nothing_are_known_and_not_read() {
    let mut sources = Sources::new();
    let mut file = importing(&mut sources, &["a.csv"]);
    file.idle_imports = std::mem::take(&mut file.imports).into_iter().map(|import| import.resource).collect();
    let mut missing = file.idle_imports[0].clone();
    missing.text = "none.csv".to_owned();
    file.idle_imports.push(missing);
    let mut diagnostics = Vec::new();
    let found = read_files(&file, &mut sources, &files(["models/a.csv".to_owned()]), Vec::new(), &mut diagnostics);
    assert!(diagnostics.is_empty() && sources.data().is_empty() && found.sets(&file, &sources).is_empty());
    assert_eq!(sources.unread(), ["models/a.csv"]);
}

#[test]
fn files_of_data_have_a_number_that_is_the_greatest() {
    let refused = |n: usize, resources: &[&str]| {
        let mut sources = Sources::new();
        let file = importing(&mut sources, resources);
        let there = files((0..n).map(|at| format!("models/{at}.csv")));
        let mut diagnostics = Vec::new();
        read_files(&file, &mut sources, &there, Vec::new(), &mut diagnostics);
        diagnostics.into_iter().map(|found| found.message).collect::<Vec<_>>()
    };
    assert_eq!(refused(MAX_SETS, &["*.csv"]), Vec::<String>::new());
    let message = format!("more than {MAX_SETS} files of data are imported");
    assert_eq!(refused(MAX_SETS + 1, &["*.csv"]), [message.as_str()]);
    // Files count as often as they are imported.
    assert_eq!(refused(MAX_SETS, &["*.csv", "1.csv"]), [message.as_str()]);
    assert_eq!(refused(MAX_SETS - 1, &["*.csv", "1.csv"]), Vec::<String>::new());
}

/// Files whose names say how large they are.
struct Sized;

impl Files for Sized {
    fn find(&self, _: &str, resource: &str) -> Result<Vec<String>, FileError> {
        Ok(vec![resource.to_owned()])
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, FileError> {
        // Zeros take no memory until something is written into them.
        Ok(vec![0; name.parse().map_err(|_| FileError::Missing)?])
    }
}

#[test]
fn files_of_data_have_bytes_together_that_are_the_most() {
    let refused = |sizes: &[usize]| {
        let mut sources = Sources::new();
        let resources: Vec<String> = sizes.iter().map(usize::to_string).collect();
        let resources: Vec<&str> = resources.iter().map(String::as_str).collect();
        let file = importing(&mut sources, &resources);
        let mut diagnostics = Vec::new();
        read_files(&file, &mut sources, &Sized, Vec::new(), &mut diagnostics);
        diagnostics.into_iter().map(|found| found.message).collect::<Vec<_>>()
    };
    let message = "the files of data are together larger than 256 MiB";
    assert_eq!(refused(&[MAX_BYTES]), Vec::<String>::new());
    assert_eq!(refused(&[MAX_BYTES + 1]), [message]);
    assert_eq!(refused(&[MAX_BYTES - 5, 5, 1]), [message]);
}
