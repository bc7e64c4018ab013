use std::collections::BTreeSet;

use simc_artifact::{DecodeError, Reason, export, read};
use simc_ir::text::parse_module;
use simc_midend::layout::{Symbols, layout};
use wasmparser::{Parser, Payload};

use crate::{BuildError, Options, build};

/// A stock that one function of the kernel drives.
const TEXT: &str = "\
module {
    time start=0.0 stop=2.0 dt=1.0 steps=2 save_every=1 method=euler
    slots {
        s0: time
        s1: dt
        s2: start
        s3: stop
        s4: stock
        s5: output
    }
}
func start {
block0:
    v0 = fconst 0.5
    store s4, v0
}
func row {
block0:
    v0 = load s4
    v1 = FUNCTION
    out s5, v1
    rate s4, v1
}
";

fn build_with(function: &str, options: &Options) -> Result<Vec<u8>, BuildError> {
    let module = parse_module(&TEXT.replace("FUNCTION", function)).expect("the model parses");
    let layout = layout(&module, Symbols::default(), 1 << 20, true).expect("the model is small");
    build(&module, &layout, options)
}

fn artifact(function: &str, options: &Options) -> Vec<u8> {
    build_with(function, options).expect("the model builds")
}

#[test]
fn an_artifact_has_the_exports_of_the_contract_and_no_imports() {
    let artifact = read(&artifact("call exp, v0", &Options::default())).expect("artifacts can be read");
    let exports: BTreeSet<&str> = artifact.exports.iter().map(|export| export.name.as_str()).collect();
    let always = export::EXPORTS.iter().filter(|spec| spec.presence == export::Presence::Always);
    assert_eq!(exports, always.map(|spec| spec.name).collect());
    let sections: Vec<&str> = artifact.sections.iter().map(|section| section.name.as_str()).collect();
    assert!(!sections.contains(&"import") && !sections.contains(&"start"), "{sections:?}");
    assert_eq!(sections[sections.len() - 4..], ["name", "simc.layout", "producers", "target_features"]);
}

/// What the code of an artifact says of its layout, and the digest of the layout.
fn digests(bytes: &[u8]) -> (u64, u64) {
    let engine = wasmi::Engine::default();
    let module = wasmi::Module::new(&engine, bytes).expect("artifacts are valid");
    let layout = module.custom_sections().find(|section| section.name() == export::LAYOUT_SECTION);
    let digest = simc_artifact::layout_digest(layout.expect("it has a layout").data());
    let mut store = wasmi::Store::new(&engine, ());
    let instance = wasmi::Linker::new(&engine).instantiate_and_start(&mut store, &module).expect("it imports nothing");
    let function = instance.get_typed_func::<(), i64>(&store, export::LAYOUT_DIGEST).expect("it is exported");
    (function.call(&mut store, ()).expect("it does not trap").cast_unsigned(), digest)
}

#[test]
fn its_code_gives_the_digest_of_its_layout() {
    let one = digests(&artifact("fneg v0", &Options::default()));
    let other = digests(&artifact("fneg v0", &Options { source_digest: [7; 32], ..Options::default() }));
    assert_eq!(one.0, one.1);
    assert_eq!(other.0, other.1);
    assert_ne!(one, other);
    assert_eq!(one.0 >> 56, 1);
}

#[test]
fn it_says_who_made_it_and_what_it_uses() {
    let artifact = read(&artifact("fneg v0", &Options::default())).expect("artifacts can be read");
    assert_eq!(artifact.features, ["bulk-memory", "mutable-globals", "nontrapping-fptoint"]);
    let producers: Vec<_> =
        artifact.producers.iter().map(|p| (p.field.as_str(), p.name.as_str(), p.version.as_str())).collect();
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(producers, [("language", "simc", version), ("processed-by", "simc", version)]);
}

/// A stock with five elements that grow.
const ARRAY: &str = "\
module {
    time start=0.0 stop=2.0 dt=1.0 steps=2 save_every=1 method=euler
    axes { a0: 5 }
    slots {
        s0: time
        s1: dt
        s2: start
        s3: stop
        s4: stock[a0]
    }
}
func start {
block0:
    for a0 -> block1(v0) {
        v1 = ordinal v0
        store s4[v0], v1
    }
}
func row {
block0:
    for a0 -> block1(v0) {
        v1 = load s4[v0]
        rate s4[v0], v1
    }
}
";

#[test]
fn simd_is_used_where_it_may_be_and_helps() {
    let features = |text: &str, simd: bool| {
        let module = parse_module(text).expect("the model parses");
        let layout = layout(&module, Symbols::default(), 1 << 20, true).expect("the model is small");
        let bytes = build(&module, &layout, &Options { simd, ..Options::default() }).expect("the model builds");
        read(&bytes).expect("artifacts can be read").features.contains(&"simd128".to_owned())
    };
    let scalar = TEXT.replace("FUNCTION", "fneg v0");
    assert_eq!([features(ARRAY, false), features(ARRAY, true), features(&scalar, true)], [false, true, false]);
}

#[test]
fn a_model_without_mathematics_carries_no_kernel() {
    let plain = artifact("fneg v0", &Options { names: false, ..Options::default() });
    assert!(plain.len() < 2_000, "{} bytes", plain.len());
    let with_exp = artifact("call exp, v0", &Options { names: false, ..Options::default() });
    assert!(with_exp.len() > plain.len() + 300);
}

#[test]
fn names_are_left_out_when_nobody_wants_them() {
    let has_names = |names| {
        let artifact =
            read(&artifact("fneg v0", &Options { names, ..Options::default() })).expect("artifacts can be read");
        artifact.sections.iter().any(|section| section.name == "name")
    };
    assert_eq!([has_names(true), has_names(false)], [true, false]);
}

#[test]
fn memory_beyond_what_is_allowed_is_refused() {
    let error = build_with("call sin, v0", &Options { max_memory: 64, ..Options::default() });
    assert!(matches!(error, Err(BuildError::Memory { needed, allowed: 64 }) if needed > 64), "{error:?}");
}

#[test]
fn a_truncated_artifact_is_an_error() {
    let bytes = artifact("call exp, v0", &Options::default());
    let custom = Parser::new(0).parse_all(&bytes).filter_map(|payload| match payload {
        Ok(Payload::CustomSection(section)) => Some((section.name().to_owned(), section.range().end)),
        _ => None,
    });
    // After the layout come sections that nobody needs.
    let ends: Vec<usize> = custom.skip_while(|(name, _)| name != export::LAYOUT_SECTION).map(|(_, end)| end).collect();
    assert!(ends.len() > 1);
    for len in (0..bytes.len()).step_by(7).chain(ends.iter().copied()) {
        assert_eq!(read(&bytes[..len]).is_ok(), ends.contains(&len), "{len} bytes");
    }
    let empty = b"\0asm\x01\0\0\0";
    assert_eq!(read(empty), Err(DecodeError { offset: 8, reason: Reason::NoLayout }));
}
