//! The machines for which there is native code.

use cranelift_codegen::isa::{self, CallConv, LookupError, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable, SetError};
use target_lexicon::{Architecture, BinaryFormat, OperatingSystem, Triple};

use crate::error::Error;

/// What a processor of the family x86-64 must have; every processor of the family AArch64 has what is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cpu {
    /// SSE 4.2, as every such processor since 2009 has: the level x86-64-v2.
    #[default]
    Baseline,
    /// AVX2 and what came with it: the level x86-64-v3. The results are the same, since multiplication and addition are never fused.
    Avx2,
}

/// A machine.
pub(crate) struct Target {
    /// Generates its code.
    pub(crate) isa: OwnedTargetIsa,
    /// How C calls functions on it.
    pub(crate) c_conv: CallConv,
}

impl Target {
    /// The machine with a triple, or this one.
    pub(crate) fn new(triple: Option<&str>, cpu: Cpu) -> Result<Self, Error> {
        let name = triple.map_or_else(|| Triple::host().to_string(), str::to_owned);
        let fail = |reason: String| Error::Target { triple: name.clone(), reason };
        let triple: Triple = name.parse().map_err(|error| fail(format!("{error}")))?;
        let is_x86 = triple.architecture == Architecture::X86_64;
        if !is_x86 && !matches!(triple.architecture, Architecture::Aarch64(_)) {
            return Err(fail("it is neither of the family x86-64 nor of AArch64".to_owned()));
        }
        if !matches!(triple.binary_format, BinaryFormat::Elf | BinaryFormat::Macho | BinaryFormat::Coff) {
            return Err(fail("its objects are none of ELF, Mach-O and COFF".to_owned()));
        }
        let builder = isa::lookup(triple.clone()).map_err(|error| fail(refused(&error)))?;
        let isa = finish(builder, if is_x86 { features(cpu) } else { &[] }).map_err(|error| fail(error.to_string()))?;
        let windows_arm = !is_x86 && triple.operating_system == OperatingSystem::Windows;
        let c_conv = if windows_arm { CallConv::SystemV } else { CallConv::triple_default(&triple) };
        Ok(Self { isa, c_conv })
    }

    /// How translated functions call each other.
    pub(crate) fn inner_conv(&self) -> CallConv {
        CallConv::Fast
    }
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
fn finish(mut builder: isa::Builder, features: &[&str]) -> Result<OwnedTargetIsa, Box<dyn std::error::Error>> {
    let mut flags = settings::builder();
    let mut set = |name: &str, value: &str| -> Result<(), SetError> { flags.set(name, value) };
    set("opt_level", "speed")?;
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
