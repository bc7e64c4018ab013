//! Names that headers cannot have: what other headers declare is asked of the compilers themselves.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use libtest_mimic::Trial;
use simc::driver::Options;
use simc_midend::pipeline::OptLevel;
use simc_native::Error;
use tests::gen_docs::root;
use tests::subject::Subject;

use super::c::{compile_both, folder, has, put, put_bound, write};
use super::{model, native, translate};
use crate::trial;

pub(super) fn trials() -> Vec<Trial> {
    vec![
        trial("native::names::what_the_library_of_c_declares_is_taken", library),
        trial("native::names::what_headers_call_their_own_is_taken", own),
        trial("native::names::models_may_be_called_as_functions_of_c", models_of_c),
        trial("native::names::variables_may_be_called_as_macros_of_c", variables_of_c),
        trial("native::names::what_headers_share_is_taken", shared),
    ]
}

/// The names of the library, of which `names.txt` is made.
const LIST: &str = "compiler/simc-native/src/identifier/names.txt";
/// Headers that headers of models include, or programs beside them: those of C, and one of POSIX with many short names.
const HEADERS: [&str; 23] = [
    "math", "stddef", "stdint", "string", "stdlib", "stdio", "assert", "complex", "ctype", "errno", "fenv", "float",
    "inttypes", "limits", "locale", "setjmp", "signal", "stdarg", "stdbool", "time", "wchar", "wctype", "unistd",
];
/// How they are compiled.
const MODES: [(&str, &[&str]); 4] =
    [("cc", &["-xc"]), ("cc", &["-xc", "-std=c99"]), ("c++", &["-xc++"]), ("c++", &["-xc++", "-std=c++11"])];

/// Macros, and whatever else cannot be declared again.
#[derive(Default)]
struct Declared {
    /// Every name.
    all: BTreeSet<String>,
    /// Macros without parameters that stand for something else.
    macros: BTreeSet<String>,
}

/// What headers declare: macros, and names that a compiler refuses when they are declared again.
fn declared(folder: &Path) -> Result<Declared, String> {
    let includes: String = HEADERS.iter().map(|header| format!("#include <{header}.h>\n")).collect();
    let mut declared = Declared::default();
    for (compiler, flags) in MODES {
        if !has(compiler) {
            continue;
        }
        write(folder, "headers.c", includes.as_bytes())?;
        let mut command = Command::new(compiler);
        command.args(flags).args(["-E", "-dD", "-P", "headers.c"]).current_dir(folder);
        let output = command.output().map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut macros = BTreeSet::new();
        let mut others = BTreeSet::new();
        for line in text.lines() {
            if let Some(definition) = line.strip_prefix("#define ") {
                let (name, rest) = definition.split_once([' ', '(']).unwrap_or((definition, ""));
                let is_plain = definition[name.len()..].starts_with(' ');
                if is_plain && rest != name && name.starts_with(|c: char| c.is_ascii_lowercase()) {
                    declared.macros.insert(name.to_owned());
                }
                macros.insert(name);
            } else if !line.starts_with('#') {
                others.extend(line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
            }
        }
        let can_begin = |name: &&str| name.starts_with(|c: char| c.is_ascii_alphabetic());
        let others: Vec<&str> = others.difference(&macros).copied().filter(can_begin).collect();
        let again: String = others.iter().map(|name| format!("typedef struct zq_probe_ {name};\n")).collect();
        write(folder, "again.c", format!("{includes}#line 1 \"again\"\n{again}").as_bytes())?;
        let mut command = Command::new(compiler);
        command.args(flags).args(["-fsyntax-only", "-fmax-errors=0", "again.c"]).current_dir(folder);
        let output = command.env("LC_ALL", "C").output().map_err(|error| error.to_string())?;
        for line in String::from_utf8_lossy(&output.stderr).lines() {
            let mut parts = line.splitn(4, ':');
            let (Some("again"), Some(number), Some(_), Some(text)) =
                (parts.next(), parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            let name = number.parse::<usize>().ok().and_then(|number| others.get(number.checked_sub(1)?));
            if let Some(name) = name.filter(|_| text.starts_with(" error")) {
                declared.all.insert((*name).to_owned());
            }
        }
        declared.all.extend(macros.into_iter().filter(|name| can_begin(name)).map(str::to_owned));
    }
    Ok(declared)
}

fn is_refused(wasm: &[u8], prefix: &str) -> bool {
    matches!(simc_native::bindings(wasm, Some(prefix), [0; 32]), Err(Error::Prefix { .. }))
}

/// With `SIMC_BLESS=1` names that are missing are added to the list.
fn library() -> Result<(), String> {
    let folder = folder()?;
    let declared = declared(folder.path())?;
    if std::env::var_os("SIMC_BLESS").is_some() {
        let path = root().join(LIST);
        let list = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
        let names: BTreeSet<&str> =
            list.split_ascii_whitespace().chain(declared.all.iter().map(String::as_str)).collect();
        let mut text = String::new();
        let mut column = 0;
        for name in names {
            if column > 0 && column + 1 + name.len() > 100 {
                text.push('\n');
                column = 0;
            }
            if column > 0 {
                text.push(' ');
                column += 1;
            }
            text.push_str(name);
            column += name.len();
        }
        text.push('\n');
        return std::fs::write(&path, text).map_err(|error| error.to_string());
    }
    let subject = model("teacup.xmile")?;
    // A name that is too long is refused for that.
    let free: Vec<&String> = declared.all.iter().filter(|name| !is_refused(&subject.wasm, name)).collect();
    if !free.is_empty() {
        return Err(format!("headers of this machine declare {free:?} too; SIMC_BLESS=1 adds them to {LIST}"));
    }
    // What a header of a model declares is a prefix with something fixed behind it.
    let fixed = own_names("zq")?;
    let meeting: BTreeSet<&str> = declared
        .all
        .iter()
        .flat_map(|name| fixed.iter().filter_map(|own| name.strip_suffix(own.get(2..)?)))
        .filter(|prefix| !prefix.is_empty() && !is_refused(&subject.wasm, prefix))
        .collect();
    if !meeting.is_empty() {
        return Err(format!("with prefixes {meeting:?} a header of a model declares what another one does"));
    }
    // Fields of bindings are called as variables are.
    let fields: Vec<String> =
        declared.macros.iter().map(|name| format!(r#"<aux name="{name}"><eqn>1</eqn></aux>"#)).collect();
    let subject = of_variables("m", &fields.concat())?;
    let bound = simc_native::bindings(&subject.wasm, Some("m"), [0; 32]).map_err(|error| error.to_string())?;
    match declared.macros.iter().find(|name| bound.contains(&format!("double {name};"))) {
        Some(name) => Err(format!("a field is called {name}, which is a macro")),
        None => Ok(()),
    }
}

/// A model with these variables.
fn of_variables(title: &str, variables: &str) -> Result<Subject, String> {
    let text = format!(
        r#"<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"><header><vendor>v</vendor><product version="1">p</product><name>{title}</name></header><sim_specs><start>0</start><stop>1</stop></sim_specs><model><variables>{variables}</variables></model></xmile>"#
    );
    Subject::from_xmile("m.xmile", &text, OptLevel::O2)
}

/// Models whose headers and bindings have all that there can be in them.
fn rich() -> Result<Vec<Vec<u8>>, String> {
    let options = Options { table_points: Some(32), initials: true, ..Options::default() };
    let names = ["conveyor.xmile", "event_thresholds.xmile", "array_tables.xmile", "lookup_calls.xmile"];
    let path = |name: &str| root().join("tests/models").join(name);
    names.into_iter().map(|name| Ok(Subject::from_file_with(&path(name), &options)?.wasm)).collect()
}

/// Lines of headers and bindings, without comments, texts and fields that are called after variables.
fn code(prefix: &str) -> Result<Vec<String>, String> {
    let mut lines = Vec::new();
    for wasm in rich()? {
        let header = native(&wasm, None, Some(prefix))?.header();
        let bound = simc_native::bindings(&wasm, Some(prefix), [0; 32]).map_err(|error| error.to_string())?;
        for text in [header, bound] {
            let mut rest = text.as_str();
            let mut bare = String::new();
            while let Some(at) = rest.find(['"', '/']) {
                let (before, found) = rest.split_at(at);
                bare.push_str(before);
                bare.push(' ');
                let is_comment = found.starts_with("/*");
                let (skip, end) = if is_comment { (2, "*/") } else { (1, "\"") };
                rest = if is_comment || found.starts_with('"') {
                    found[skip..].split_once(end).map_or("", |(_, rest)| rest)
                } else {
                    &found[1..]
                };
            }
            bare.push_str(rest);
            let is_field = |line: &str| {
                let is_member = line.starts_with("    double ") && line.trim_end().ends_with(';');
                is_member || line.contains("params.") || line.contains("offsetof")
            };
            lines.extend(
                bare.lines().filter(|line| !line.starts_with("#include") && !is_field(line)).map(str::to_owned),
            );
        }
    }
    Ok(lines)
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    let words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// What a header of a model declares besides constants that are called after its parts.
fn own_names(prefix: &str) -> Result<BTreeSet<String>, String> {
    let define = format!("#define {}_", prefix.to_ascii_uppercase());
    let mut names = BTreeSet::new();
    for line in code(prefix)? {
        if line.starts_with(&define) {
            names.extend(words(&line).nth(1).filter(|word| !word.ends_with("_AT")).map(str::to_owned));
        }
        names.extend(words(&line).filter(|word| word.starts_with(&format!("{prefix}_"))).map(str::to_owned));
    }
    Ok(names)
}

/// Members of structures, which any type may be called as.
const MEMBERS: [&str; 9] = ["default_value", "greatest", "kind", "least", "name", "settable", "step", "time", "units"];

fn own() -> Result<(), String> {
    let subject = model("teacup.xmile")?;
    let lines = code("zq")?;
    let code = lines.iter().filter(|line| !line.starts_with('#'));
    let others = code.flat_map(|line| words(line)).filter(|word| !word.to_ascii_lowercase().starts_with("zq"));
    let free: BTreeSet<&str> =
        others.filter(|word| *word != "model" && !MEMBERS.contains(word) && !is_refused(&subject.wasm, word)).collect();
    if !free.is_empty() {
        return Err(format!("headers have {free:?}, which can be prefixes"));
    }
    let folder = folder()?;
    for wasm in rich()? {
        put(folder.path(), &wasm, None, "model")?;
        put_bound(folder.path(), &wasm, "model")?;
        compile_both(folder.path(), "#include \"simc.h\"\n#include \"model.h\"\n#include \"model_bound.h\"\n")?;
    }
    Ok(())
}

/// Models that are called as something of C is, of headers that include each other with what programs include.
fn models_of_c() -> Result<(), String> {
    let titles = [
        "System",
        "Random",
        "Index",
        "Gamma",
        "Round",
        "Select",
        "j0",
        "Log",
        "Exp",
        "div",
        "Memory",
        "Instance",
        "Simc",
        "SIMC kind",
        "stdin",
        "Printf",
        "Time",
        "Free",
        "Abs",
        "Remove",
        "Signal",
        "Double",
        "Namespace",
        "Model",
        "errno",
        "y1",
        "Drem",
        "rand",
        "Rename",
        "Float t",
        "size t",
        "NULL",
        "EOF",
        "Pipe",
        "Sleep",
    ];
    let folder = folder()?;
    let mut plain = String::new();
    let mut with_host = "#include \"simc.h\"\n".to_owned();
    let mut prefixes = BTreeSet::new();
    for title in titles {
        let subject = of_variables(title, r#"<aux name="a"><eqn>1</eqn></aux>"#)?;
        let prefix = native(&subject.wasm, None, None)?.prefix().to_owned();
        if !prefixes.insert(prefix.clone()) {
            return Err(format!("two models have the prefix {prefix}"));
        }
        put(folder.path(), &subject.wasm, None, &prefix)?;
        put_bound(folder.path(), &subject.wasm, &prefix)?;
        plain.push_str(&format!("#include \"{prefix}.h\"\n"));
        with_host.push_str(&format!("#include \"{prefix}.h\"\n#include \"{prefix}_bound.h\"\n"));
    }
    for header in HEADERS.iter().filter(|header| **header != "complex") {
        plain.push_str(&format!("#include <{header}.h>\n"));
        with_host = format!("#include <{header}.h>\n{with_host}");
    }
    compile_everywhere(folder.path(), &plain)?;
    compile_everywhere(folder.path(), &with_host)
}

/// As the standards have it, and as compilers do without a word of it.
fn compile_everywhere(folder: &Path, text: &str) -> Result<(), String> {
    compile_both(folder, text)?;
    for (compiler, file) in [("cc", "all.c"), ("c++", "all.cpp")] {
        if has(compiler) {
            let mut command = Command::new(compiler);
            super::c::run(command.args(["-Wall", "-Wextra", "-Werror", "-fsyntax-only", file]).current_dir(folder))?;
        }
    }
    Ok(())
}

/// Variables whose constants would be macros, or enumerators, of other headers.
fn variables_of_c() -> Result<(), String> {
    let cases = [
        ("m", &["E", "PI", "PI 2", "LN2", "SQRT2", "1 PI", "E 2"][..]),
        ("size", &["MAX", "WIDTH", "BOUND H", "SIMC H", "PRODUCER", "SHA256"]),
        ("int8", &["MAX", "MIN", "C"]),
        ("uint64", &["MAX", "C"]),
        ("fp", &["NAN", "INFINITE", "ZERO"]),
        ("rand", &["MAX"]),
        ("p", &["ALL", "PID", "PGID", "tmpdir"]),
        ("seek", &["SET", "CUR", "END"]),
        ("bound", &["N SLOTS", "BOUND H", "DECLARED"]),
    ];
    for (prefix, names) in cases {
        let prefix = if prefix == "rand" { "Rand" } else { prefix };
        let variables: Vec<String> =
            names.iter().map(|name| format!(r#"<aux name="{name}"><eqn>1</eqn></aux>"#)).collect();
        let subject = of_variables("m", &variables.concat())?;
        let folder = folder()?;
        put(folder.path(), &subject.wasm, None, prefix)?;
        put_bound(folder.path(), &subject.wasm, prefix)?;
        let includes: String = HEADERS.iter().map(|header| format!("#include <{header}.h>\n")).collect();
        let both = format!("#include \"simc.h\"\n#include \"{prefix}.h\"\n#include \"{prefix}_bound.h\"\n");
        compile_everywhere(folder.path(), &format!("{includes}{both}"))?;
        compile_everywhere(folder.path(), &both)?;
    }
    Ok(())
}

fn shared() -> Result<(), String> {
    let subject = model("teacup.xmile")?;
    for prefix in ["simc", "SIMC", "Simc", "simc_status", "simc_kind", "simc_append", "sImC_x", "simcity"] {
        match translate(&subject.wasm, None, Some(prefix)) {
            Err(Error::Prefix { .. }) => {}
            Err(error) => return Err(error.to_string()),
            Ok(_) => return Err(format!("{prefix} is what all headers have")),
        }
    }
    // Two prefixes that differ in case alone are two headers.
    let folder = folder()?;
    let second = model("sir.xmile")?;
    put(folder.path(), &subject.wasm, None, "cup")?;
    put(folder.path(), &second.wasm, None, "Cup_2")?;
    put(folder.path(), &second.wasm, None, "CUP")?;
    compile_both(
        folder.path(),
        "#include \"cup.h\"\n#include \"Cup_2.h\"\ncup *f(void);\ncup *f(void) { return cup_new(); }\n",
    )?;
    let header = |prefix: &str| std::fs::read_to_string(folder.path().join(format!("{prefix}.h")));
    let guard = |text: String| text.lines().find(|line| line.starts_with("#ifndef")).map(str::to_owned);
    let guards = [header("cup"), header("CUP")].map(|text| text.ok().and_then(guard));
    if guards[0] == guards[1] { Err(format!("one guard for two headers: {guards:?}")) } else { Ok(()) }
}
