//! Options of native code.

use clap::{Args, ValueEnum};
use sha2::{Digest, Sha256};
use simc::engine::native;
use simc_native::{Cpu, Error, Native, Options};

use super::failure::Failure;
use super::report::{self, MessageFormat};

/// For which machine, and under which names.
#[derive(Clone, Debug, Args)]
pub(super) struct NativeOptions {
    /// With `--target native`: the machine, as C compilers name it (x86-64 or AArch64; ELF, Mach-O or COFF); this one without it
    #[arg(long, value_name = "TRIPLE")]
    triple: Option<String>,
    /// With `--target native`: what names in object and header begin with; the model's name without it
    #[arg(long, value_name = "NAME")]
    prefix: Option<String>,
    /// With `--target native`: what an x86-64 processor must have. The results are the same to the last bit
    #[arg(long, value_enum, value_name = "CPU")]
    cpu: Option<CpuName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CpuName {
    /// SSE 4.2, as all since 2009
    Baseline,
    /// AVX2, as most since 2013
    Avx2,
}

impl NativeOptions {
    /// Wrong usage where these options mean nothing.
    pub(super) fn check_unused(&self) -> Result<(), Failure> {
        let given =
            [("--triple", self.triple.is_some()), ("--prefix", self.prefix.is_some()), ("--cpu", self.cpu.is_some())];
        match given.into_iter().find(|(_, is_given)| *is_given) {
            Some((option, _)) => Err(Failure::Usage(format!("{option} is for `--target native`"))),
            None => Ok(()),
        }
    }

    /// Translates an artifact.
    pub(super) fn translate(&self, wasm: &[u8], format: MessageFormat) -> Result<Native, Failure> {
        let options = Options {
            triple: self.triple.clone(),
            cpu: match self.cpu {
                Some(CpuName::Avx2) => Cpu::Avx2,
                Some(CpuName::Baseline) | None => Cpu::Baseline,
            },
            prefix: self.prefix.clone(),
            sha256: Sha256::digest(wasm).into(),
        };
        simc_native::translate(wasm, &options).map_err(|error| match error {
            Error::Target { .. } | Error::Prefix { .. } => Failure::Usage(error.to_string()),
            Error::Artifact(_)
            | Error::Contradictory(_)
            | Error::Unsupported(_)
            | Error::TooLarge { .. }
            | Error::Internal(_) => report::fail_without_source(native::fault(error).into(), format),
        })
    }
}
