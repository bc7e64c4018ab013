//! Native code: objects with their headers, as a C program sees them. What the code computes, every comparison of engines checks.

mod c;
mod calls;
mod conversions;
mod forged;
mod loops;
mod names;
mod ways;

use std::collections::BTreeSet;
use std::path::Path;

use libtest_mimic::Trial;
use object::{BinaryFormat, Object, ObjectSection, ObjectSymbol, SectionKind};
use sha2::{Digest, Sha256};
use simc_artifact::export::EXPORTS;
use simc_midend::pipeline::OptLevel;
use simc_native::{Cpu, Error, Native, Options};
use tests::subject::Subject;

use crate::{models, trial};

pub(crate) fn trials() -> Vec<Trial> {
    let own = vec![
        trial("native::every_format_of_objects_has_the_same_symbols", formats),
        trial("native::objects_need_nothing_and_are_the_same_twice", self_sufficient),
        trial("native::machines_without_code_are_refused", machines),
        trial("native::prefixes_are_identifiers", prefixes),
    ];
    own.into_iter()
        .chain(c::trials())
        .chain(calls::trials())
        .chain(conversions::trials())
        .chain(forged::trials())
        .chain(loops::trials())
        .chain(names::trials())
        .chain(ways::trials())
        .collect()
}

/// Machines of both families in all formats.
const TRIPLES: [&str; 6] = [
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
    "aarch64-pc-windows-msvc",
];

/// The text of an artifact before the function `run` and behind its last instruction, to put another one between.
fn around_run(wasm: &[u8]) -> Result<[String; 2], String> {
    let text = wasmprinter::print_bytes(wasm).map_err(|error| error.to_string())?;
    let (head, rest) = text.split_once("(func $run ").ok_or("no function `run`")?;
    let (_, tail) = rest.split_once("\n  )").ok_or("no end of `run`")?;
    Ok([head, tail].map(str::to_owned))
}

/// A model of the project.
fn model(name: &str) -> Result<Subject, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(name);
    Subject::from_file(&path, OptLevel::O2)
}

/// Its native code; on x86-64 for any processor.
fn native(wasm: &[u8], triple: Option<&str>, prefix: Option<&str>) -> Result<Native, String> {
    translate(wasm, triple, prefix).map_err(|error| error.to_string())
}

fn translate(wasm: &[u8], triple: Option<&str>, prefix: Option<&str>) -> Result<Native, Error> {
    let options = Options {
        triple: triple.map(str::to_owned),
        cpu: Cpu::Baseline,
        prefix: prefix.map(str::to_owned),
        sha256: Sha256::digest(wasm).into(),
    };
    simc_native::translate(wasm, &options)
}

/// The functions of an artifact that hosts call, as the header names them.
fn expected_symbols(wasm: &[u8], prefix: &str) -> Result<BTreeSet<String>, String> {
    let artifact = simc_artifact::read(wasm).map_err(|error| error.to_string())?;
    let digest: String = Sha256::digest(wasm)[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let has = |name: &str| artifact.exports.iter().any(|export| export.name == name && export.kind == "func");
    let exports = EXPORTS.iter().filter(|spec| has(spec.name)).map(|spec| format!("{prefix}_{}", spec.name));
    Ok(exports.chain([format!("{prefix}_size"), format!("{prefix}_start_{digest}")]).collect())
}

fn formats() -> Result<(), String> {
    for name in ["sir.xmile", "array_tables.xmile", "conveyor.xmile"] {
        let subject = model(name)?;
        for wasm in [&subject.wasm, &subject.simd_artifact()] {
            let expected = expected_symbols(wasm, "m")?;
            for triple in TRIPLES {
                let native = native(wasm, Some(triple), Some("m"))?;
                let bytes = native.object().map_err(|error| error.to_string())?;
                let file = object::File::parse(bytes.as_slice()).map_err(|error| format!("{triple}: {error}"))?;
                let text = file.sections().find(|section| section.kind() == SectionKind::Text);
                let size = text.ok_or(format!("{triple}: no text"))?.size();
                let mut found = BTreeSet::new();
                for symbol in file.symbols().filter(|symbol| symbol.is_global()) {
                    let name = symbol.name().map_err(|error| error.to_string())?;
                    let name = if triple.contains("apple") { name.trim_start_matches('_') } else { name };
                    if symbol.is_undefined() || symbol.address() >= size {
                        return Err(format!("{triple}: {name} is not in the code"));
                    }
                    found.insert(name.to_owned());
                }
                if found != expected {
                    return Err(format!("{triple}: {found:?}, not {expected:?}"));
                }
            }
        }
    }
    Ok(())
}

fn self_sufficient() -> Result<(), String> {
    for path in models::models() {
        let subject = Subject::from_file(&path, OptLevel::O2)?;
        let objects: Result<Vec<Vec<u8>>, String> = (0..2)
            .map(|_| native(&subject.wasm, Some(TRIPLES[0]), None)?.object().map_err(|error| error.to_string()))
            .collect();
        let objects = objects?;
        if objects[0] != objects[1] {
            return Err(format!("{}: two objects differ", path.display()));
        }
        let file = object::File::parse(objects[0].as_slice()).map_err(|error| error.to_string())?;
        if let Some(symbol) = file.symbols().find(|symbol| symbol.is_undefined() && symbol.index().0 != 0) {
            return Err(format!("{} needs {:?}", path.display(), symbol.name()));
        }
        if !file.sections().any(|section| section.name() == Ok(".note.GNU-stack")) {
            return Err("the stack would be executable".to_owned());
        }
    }
    Ok(())
}

/// What has no code, and nothing looks like a bug of the compiler.
const NO_MACHINES: [&str; 20] = [
    "",
    "-",
    "wibble",
    "riscv64gc-unknown-linux-gnu",
    "i686-unknown-linux-gnu",
    "wasm32-unknown-unknown",
    "aarch64_be-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu_ilp32",
    "x86_64-unknown-linux-gnux32",
    "aarch64-unknown-linux-softfloat",
    "aarch64-apple-ios",
    "aarch64-apple-ios-sim",
    "x86_64-apple-ios-macabi",
    "aarch64-apple-tvos",
    "aarch64-apple-watchos",
    "arm64-apple-visionos1.0",
    "x86_64-unknown-uefi",
    "x86_64-pc-cygwin",
    "x86_64-unknown-none",
    "x86_64-unknown-linux-gnu-wasm",
];

/// What compilers print of themselves, and the format of objects there.
const SPELLINGS: [(&str, BinaryFormat); 26] = [
    ("x86_64", BinaryFormat::Elf),
    ("x86_64-linux-gnu", BinaryFormat::Elf),
    ("x86_64-pc-linux-gnu", BinaryFormat::Elf),
    ("x86_64-redhat-linux", BinaryFormat::Elf),
    ("x86_64-alpine-linux-musl", BinaryFormat::Elf),
    ("aarch64-unknown-linux-android21", BinaryFormat::Elf),
    ("aarch64-linux-android", BinaryFormat::Elf),
    ("aarch64-none-elf", BinaryFormat::Elf),
    ("x86_64-unknown-freebsd14.0", BinaryFormat::Elf),
    ("x86_64-portbld-freebsd14.0", BinaryFormat::Elf),
    ("amd64-unknown-freebsd14.0", BinaryFormat::Elf),
    ("aarch64-unknown-freebsd14.1", BinaryFormat::Elf),
    ("amd64-unknown-openbsd7.4", BinaryFormat::Elf),
    ("x86_64--netbsd", BinaryFormat::Elf),
    ("x86_64-unknown-netbsd10.0", BinaryFormat::Elf),
    ("x86_64-unknown-dragonfly6.4", BinaryFormat::Elf),
    ("x86_64-pc-solaris2.11", BinaryFormat::Elf),
    ("x86_64-w64-mingw32", BinaryFormat::Coff),
    ("aarch64-w64-mingw32", BinaryFormat::Coff),
    ("x86_64-w64-windows-gnu", BinaryFormat::Coff),
    ("x86_64-pc-windows-msvc19.33.0", BinaryFormat::Coff),
    ("arm64-apple-macos11", BinaryFormat::MachO),
    ("arm64-apple-macosx14.0", BinaryFormat::MachO),
    ("arm64-apple-macosx14.0.0", BinaryFormat::MachO),
    ("arm64-apple-darwin23.1.0", BinaryFormat::MachO),
    ("x86_64-apple-darwin22", BinaryFormat::MachO),
];

fn machines() -> Result<(), String> {
    let subject = model("teacup.xmile")?;
    for triple in NO_MACHINES {
        match translate(&subject.wasm, Some(triple), None) {
            Err(Error::Target { .. }) => {}
            Err(other) => return Err(format!("{triple:?}: {other}")),
            Ok(_) => return Err(format!("{triple:?} has code")),
        }
    }
    for (triple, format) in SPELLINGS {
        let bytes = native(&subject.wasm, Some(triple), None)?.object().map_err(|error| error.to_string())?;
        let file = object::File::parse(bytes.as_slice()).map_err(|error| format!("{triple}: {error}"))?;
        let is_x86 = file.architecture() == object::Architecture::X86_64;
        if file.format() != format || is_x86 != (triple.starts_with("x86_64") || triple.starts_with("amd64")) {
            return Err(format!("{triple}: {:?} of {:?}", file.format(), file.architecture()));
        }
    }
    let options = |triple: &str| Options { triple: Some(triple.to_owned()), cpu: Cpu::Avx2, ..Options::default() };
    for triple in TRIPLES {
        let is_x86 = triple.starts_with("x86_64");
        match simc_native::translate(&subject.wasm, &options(triple)) {
            Ok(_) if is_x86 => {}
            Err(Error::Target { .. }) if !is_x86 => {}
            Ok(_) => return Err(format!("{triple} has AVX2")),
            Err(error) => return Err(error.to_string()),
        }
    }
    Ok(())
}

fn prefixes() -> Result<(), String> {
    let subject = model("teacup.xmile")?;
    for prefix in ["", "int", "1st", "_x", "a b", "ä", "class", &"x".repeat(101)] {
        if !matches!(translate(&subject.wasm, None, Some(prefix)), Err(Error::Prefix { .. })) {
            return Err(format!("{prefix:?} is no prefix"));
        }
    }
    let of = |title: &str| {
        let equations = r#"<aux name="a"><eqn>1</eqn></aux>"#;
        let text = format!(
            r#"<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"><header><vendor>v</vendor><product version="1">p</product><name>{title}</name></header><sim_specs><start>0</start><stop>1</stop></sim_specs><model><variables>{equations}</variables></model></xmile>"#
        );
        let subject = Subject::from_xmile("m.xmile", &text, OptLevel::O2)?;
        Ok::<_, String>(native(&subject.wasm, None, None)?.prefix().to_owned())
    };
    for (title, prefix) in [("int", "int_model"), ("Tea Cup!", "tea_cup"), ("3 Lakes", "model_3_lakes")] {
        let found = of(title)?;
        if found != prefix {
            return Err(format!("the prefix for {title:?} is {found:?}"));
        }
    }
    Ok(())
}
