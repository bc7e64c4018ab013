//! Models of several files.

use simc_model::diagnostic::one_line;
use simc_model::files::MemoryFiles;
use simc_model::source::Sources;

const SPECS: &str = "<sim_specs><start>0</start><stop>1</stop></sim_specs>";

/// A file that includes others, with further content.
fn file(includes: &[&str], content: &str) -> String {
    let includes: String = includes.iter().map(|path| format!("<include resource='{path}'/>")).collect();
    format!("<xmile><header><includes>{includes}</includes></header>{content}</xmile>")
}

fn model(name: &str, variables: &str) -> String {
    let name = if name.is_empty() { String::new() } else { format!(" name='{name}'") };
    format!("<model{name}><variables>{variables}</variables></model>")
}

fn aux(name: &str, equation: &str) -> String {
    format!("<aux name='{name}'><eqn>{equation}</eqn></aux>")
}

/// The variables of the model `main.xmile`, or everything that was said about it.
fn compile(files: &[(&str, &str)]) -> Result<Vec<String>, Vec<String>> {
    let mut memory = MemoryFiles::new();
    files.iter().for_each(|&(name, text)| memory.add(name, text));
    let mut sources = Sources::new();
    let root = sources.add("main.xmile", files[0].1);
    let compiled = crate::compile(&mut sources, root, &memory);
    let lines = compiled.diagnostics.iter().map(|diagnostic| one_line(diagnostic, &sources)).collect();
    compiled.model.map(|model| model.vars.into_iter().map(|var| var.name).collect()).ok_or(lines)
}

#[track_caller]
fn refused(files: &[(&str, &str)], code: &str) -> String {
    let lines = compile(files).expect_err("it is refused");
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].contains(code), "{lines:#?}");
    lines[0].clone()
}

#[test]
fn models_of_included_files_can_be_used() {
    let main = file(&["lib/*.xml"], &format!("{SPECS}{}", model("", "<module name='a'/><module name='b'/>")));
    let (a, b) = (file(&[], &model("a", &aux("x", "1"))), file(&[], &model("b", &aux("y", "2"))));
    let vars = compile(&[("main.xmile", &main), ("lib/a.xml", &a), ("lib/b.xml", &b)]);
    assert_eq!(vars, Ok(vec!["a.x".to_owned(), "b.y".to_owned()]));
}

#[test]
fn what_is_included_twice_counts_once_and_the_including_file_wins() {
    let main = file(
        &["a.xml", "b.xml"],
        &format!("{SPECS}{}{}", model("", "<module name='m'/>"), model("m", &aux("own", "1"))),
    );
    let a = file(&["b.xml"], "");
    let b = file(&[], &model("m", &aux("other", "2")));
    let vars = compile(&[("main.xmile", &main), ("a.xml", &a), ("b.xml", &b)]);
    assert_eq!(vars, Ok(vec!["m.own".to_owned()]));
}

#[test]
fn a_file_may_consist_of_includes() {
    let main = file(&["model.xml", "times.xml"], "");
    let vars = compile(&[
        ("main.xmile", &main),
        ("model.xml", &file(&[], &model("", &aux("x", "1")))),
        ("times.xml", &file(&[], SPECS)),
    ]);
    assert_eq!(vars, Ok(vec!["x".to_owned()]));
    let line = refused(&[("main.xmile", &file(&["times.xml"], "")), ("times.xml", &file(&[], SPECS))], "E0106");
    assert!(line.contains("neither the file nor what it includes"), "{line}");
}

#[test]
fn a_file_of_a_module_has_models_of_its_own() {
    let main = format!(
        "<xmile>{SPECS}{}{}</xmile>",
        model("", "<module name='a' resource='a.xml'/><module name='sub'/>"),
        model("sub", &aux("mine", "1"))
    );
    let a = format!("<xmile>{}{}</xmile>", model("", "<module name='sub'/>"), model("sub", &aux("theirs", "2")));
    let vars = compile(&[("main.xmile", &main), ("a.xml", &a)]);
    assert_eq!(vars, Ok(vec!["a.sub.theirs".to_owned(), "sub.mine".to_owned()]));
}

#[test]
fn a_model_may_be_kept_in_another_file() {
    let main = format!("<xmile>{SPECS}{}<model name='m' resource='m.xml'/></xmile>", model("", "<module name='m'/>"));
    let unnamed = format!("<xmile>{}</xmile>", model("", &aux("x", "1")));
    assert_eq!(compile(&[("main.xmile", &main), ("m.xml", &unnamed)]), Ok(vec!["m.x".to_owned()]));
    let named = format!("<xmile>{}{}</xmile>", model("", &aux("x", "1")), model("M", &aux("y", "1")));
    assert_eq!(compile(&[("main.xmile", &main), ("m.xml", &named)]), Ok(vec!["m.y".to_owned()]));
    let cycle = "<xmile><model name='m' resource='main.xmile'/></xmile>";
    refused(&[("main.xmile", &main), ("m.xml", cycle)], "E0221");
}

#[test]
fn cycles_are_refused_with_their_path() {
    let main = file(&["a.xml"], &format!("{SPECS}{}", model("", &aux("x", "1"))));
    let (a, b) = (file(&["b.xml"], ""), file(&["a.xml"], ""));
    let line = refused(&[("main.xmile", &main), ("a.xml", &a), ("b.xml", &b)], "E0137");
    assert!(line.contains("`a.xml`, then `b.xml`, then `a.xml`"), "{line}");
    refused(&[("main.xmile", &file(&["main.xmile"], &format!("{SPECS}{}", model("", &aux("x", "1")))))], "E0137");
}

#[test]
fn chains_and_crowds_of_files_have_limits() {
    let content = format!("{SPECS}{}", model("", &aux("x", "1")));
    let mut files = vec![("main.xmile".to_owned(), file(&["1.xml"], &content))];
    files.extend((1..100).map(|n| (format!("{n}.xml"), file(&[&format!("{}.xml", n + 1)], ""))));
    files.push(("100.xml".to_owned(), file(&[], "")));
    let borrowed: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    refused(&borrowed, "E0138");
    let mut files = vec![("main.xmile".to_owned(), file(&["*.xml"], &content))];
    files.extend((0..1100).map(|n| (format!("{n}.xml"), file(&[], ""))));
    let borrowed: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    refused(&borrowed, "E0138");
}

#[test]
fn files_that_cannot_be_read_are_told_at_the_place_that_names_them() {
    let content = format!("{SPECS}{}", model("", &aux("x", "1")));
    for (path, code) in
        [("none.xml", "E0133"), ("../outside.xml", "E0134"), ("http://example.org/a.xml", "E0136"), ("a&#0;b", "E0102")]
    {
        refused(&[("main.xmile", &file(&[path], &content))], code);
    }
    let mut memory = MemoryFiles::new();
    memory.add("a.xml", [0xff, 0x00, 0xc0]);
    let mut sources = Sources::new();
    let root = sources.add("main.xmile", file(&["a.xml"], &content));
    let compiled = crate::compile(&mut sources, root, &memory);
    assert!(compiled.diagnostics.iter().any(|it| it.message == "`a.xml` is not text in UTF-8 or UTF-16"));
}

#[test]
fn defaults_stay_in_their_file_unless_it_holds_nothing_else() {
    let stock = "<stock name='s'><eqn>1</eqn><outflow>f</outflow></stock><flow name='f'><eqn>2</eqn></flow>";
    let main = file(&["d.xml"], &format!("{SPECS}{}", model("", stock)));
    let defaults = "<behavior><stock><non_negative/></stock></behavior>";
    let clamped = |extra: &str| {
        let mut memory = MemoryFiles::new();
        memory.add("d.xml", file(&[], &format!("{defaults}{extra}")));
        let mut sources = Sources::new();
        let root = sources.add("main.xmile", main.as_str());
        let model = crate::compile(&mut sources, root, &memory).model.expect("a model");
        matches!(model.vars[1].def, simc_model::model::Def::Formula(_))
    };
    assert!(clamped(""));
    assert!(!clamped("<model name='other'><variables/></model>"));
}
