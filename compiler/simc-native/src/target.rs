//! The machines for which there is native code.

use cranelift_codegen::ir::Function;
use cranelift_codegen::isa::{self, CallConv, LookupError, OwnedTargetIsa, TargetIsa};
use cranelift_codegen::settings::{self, Configurable, SetError};
use target_lexicon::{Aarch64Architecture, Architecture, BinaryFormat, Environment, OperatingSystem, Triple};

use crate::error::Error;
use crate::translate::VECTOR;

/// What a processor of the family x86-64 must have; every processor of the family AArch64 has what is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cpu {
    /// SSE 4.2, as every such processor since 2009 has: the level x86-64-v2.
    #[default]
    Baseline,
    /// AVX2 and what came with it: the level x86-64-v3. The results are the same, since multiplication and addition are never fused.
    Avx2,
}

impl Cpu {
    /// What the processor at hand has.
    pub fn host() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let has_all = std::arch::is_x86_feature_detected!("avx2")
                && std::arch::is_x86_feature_detected!("bmi1")
                && std::arch::is_x86_feature_detected!("bmi2")
                && std::arch::is_x86_feature_detected!("lzcnt");
            if has_all {
                return Self::Avx2;
            }
        }
        Self::Baseline
    }
}

/// A machine.
pub(crate) struct Target {
    /// Generates its code, in the order of a function's instructions.
    pub(crate) isa: OwnedTargetIsa,
    /// Generates its code, and computes what is pure where it is used first, once.
    reordering: OwnedTargetIsa,
    /// How C calls functions on it.
    pub(crate) c_conv: CallConv,
}

impl Target {
    /// The machine with a triple, or this one.
    pub(crate) fn new(triple: Option<&str>, cpu: Cpu) -> Result<Self, Error> {
        let name = triple.map_or_else(|| Triple::host().to_string(), str::to_owned);
        let fail = |reason: String| Error::Target { triple: name.clone(), reason };
        let triple: Triple = plain(&name).parse().map_err(|error| fail(format!("{error}")))?;
        if let Some(reason) = no_code(&triple, cpu) {
            return Err(fail(reason.to_owned()));
        }
        let is_x86 = triple.architecture == Architecture::X86_64;
        let isa = |level: &str| {
            let builder = isa::lookup(triple.clone()).map_err(|error| fail(refused(&error)))?;
            let features = if is_x86 { features(cpu) } else { &[] };
            finish(builder, features, level).map_err(|error| fail(error.to_string()))
        };
        let (isa, reordering) = (isa("none")?, isa("speed")?);
        let windows_arm = !is_x86 && triple.operating_system == OperatingSystem::Windows;
        let c_conv = if windows_arm { CallConv::SystemV } else { CallConv::triple_default(&triple) };
        Ok(Self { isa, reordering, c_conv })
    }

    /// What generates the code of a function.
    ///
    /// Artifacts are optimised already, and in an order in which divisions begin early and what is at hand stays in registers: to put each
    /// computation where its result is used first makes `world` 4 % slower, and 200 delays 30 %. Code with vectors gains by it, 5 %: there
    /// Cranelift shares what its own instructions are made of.
    pub(crate) fn isa_for(&self, function: &Function) -> &dyn TargetIsa {
        let has_vectors = function.dfg.values().any(|value| function.dfg.value_type(value) == VECTOR);
        if has_vectors { &*self.reordering } else { &*self.isa }
    }

    /// How translated functions call each other.
    pub(crate) fn inner_conv(&self) -> CallConv {
        CallConv::Fast
    }
}

/// A triple in plain words: compilers print versions of systems too, and have other names for some.
fn plain(name: &str) -> String {
    let version = |c: char| c.is_ascii_digit() || c == '.';
    let words = name.split('-').enumerate().filter(|(_, word)| !word.is_empty()).map(|(at, word)| {
        let stem = word.trim_end_matches(version);
        match word {
            "amd64" if at == 0 => "x86_64".to_owned(),
            _ if at > 0 && VERSIONED.contains(&stem) => stem.to_owned(),
            _ if at > 0 && stem == "macos" => word.replacen("macos", "macosx", 1),
            _ if at > 0 && word.starts_with("mingw32") => "windows-gnu".to_owned(),
            _ => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join("-")
}

/// Names of systems behind which compilers print a version.
const VERSIONED: [&str; 7] = ["android", "dragonfly", "freebsd", "msvc", "netbsd", "openbsd", "solaris"];

/// Why there is no code for a machine; none where there may be.
fn no_code(triple: &Triple, cpu: Cpu) -> Option<&'static str> {
    use OperatingSystem as System;
    let is_x86 = triple.architecture == Architecture::X86_64;
    if !is_x86 && !matches!(triple.architecture, Architecture::Aarch64(_)) {
        return Some("it is neither of the family x86-64 nor of AArch64");
    }
    if triple.architecture == Architecture::Aarch64(Aarch64Architecture::Aarch64be) {
        return Some("numbers in its memory begin with their highest byte");
    }
    if !is_x86 && cpu == Cpu::Avx2 {
        return Some("AVX2 is for processors of the family x86-64");
    }
    let system = triple.operating_system;
    let is_unix = matches!(
        system,
        System::Dragonfly
            | System::Freebsd
            | System::Fuchsia
            | System::Haiku
            | System::Hermit
            | System::Hurd
            | System::Illumos
            | System::Linux
            | System::Netbsd
            | System::Openbsd
            | System::Redox
            | System::Solaris
    );
    let is_macos = matches!(system, System::Darwin(_) | System::MacOSX(_));
    if system.is_like_darwin() && !is_macos {
        return Some("of Apple's systems there is code for macOS alone");
    }
    if !is_unix && !is_macos && !matches!(system, System::Windows | System::None_ | System::Unknown) {
        return Some("its operating system is none for which there is code");
    }
    if matches!(triple.environment, Environment::Gnux32 | Environment::GnuIlp32) {
        return Some("its addresses have 32 bits");
    }
    if triple.environment == Environment::Softfloat {
        return Some("it has no registers for floating-point numbers");
    }
    if !matches!(triple.binary_format, BinaryFormat::Elf | BinaryFormat::Macho | BinaryFormat::Coff) {
        return Some("its objects are none of ELF, Mach-O and COFF");
    }
    None
}

/// Why there is no code for a machine that simc knows.
fn refused(error: &LookupError) -> String {
    match error {
        LookupError::SupportDisabled => {
            "this simc makes code for its own family of processors alone; build it with the cargo feature `cross`"
                .to_owned()
        }
        LookupError::Unsupported => error.to_string(),
    }
}

fn features(cpu: Cpu) -> &'static [&'static str] {
    const V2: [&str; 5] = ["has_sse3", "has_ssse3", "has_sse41", "has_sse42", "has_popcnt"];
    const V3: [&str; 10] = [
        "has_sse3",
        "has_ssse3",
        "has_sse41",
        "has_sse42",
        "has_popcnt",
        "has_avx",
        "has_avx2",
        "has_bmi1",
        "has_bmi2",
        "has_lzcnt",
    ];
    match cpu {
        Cpu::Baseline => &V2,
        Cpu::Avx2 => &V3,
    }
}

/// Stacks are probed page by page: a stack that is too short is the operating system's fault to tell, and never the memory of
/// something else.
fn finish(
    mut builder: isa::Builder,
    features: &[&str],
    level: &str,
) -> Result<OwnedTargetIsa, Box<dyn std::error::Error>> {
    let mut flags = settings::builder();
    let mut set = |name: &str, value: &str| -> Result<(), SetError> { flags.set(name, value) };
    set("opt_level", level)?;
    // Everything that code refers to is in the same object, at a distance that is known there.
    set("is_pic", "false")?;
    set("unwind_info", "false")?;
    set("enable_probestack", "true")?;
    set("probestack_strategy", "inline")?;
    set("enable_heap_access_spectre_mitigation", "false")?;
    set("enable_table_access_spectre_mitigation", "false")?;
    set("enable_verifier", if cfg!(debug_assertions) { "true" } else { "false" })?;
    for feature in features {
        builder.enable(feature)?;
    }
    Ok(builder.finish(settings::Flags::new(flags))?)
}
