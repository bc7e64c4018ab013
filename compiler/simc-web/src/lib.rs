//! The compiler as a WebAssembly module: a page or a bundler gives it the bytes of a model and gets those of an artifact, the same ones
//! that `simc build` writes. It exports plain functions over its memory and imports nothing.
//!
//! ```text
//! memory
//! simc_alloc(bytes) -> address            room for what the host gives
//! simc_free(address, bytes)
//! simc_compile(name, bytes, model, bytes, options, bytes) -> answer
//! simc_drop(answer)
//! ```
//!
//! Texts are UTF-8; the model is the bytes of its file, whose name chooses the format where the content leaves it open. An answer is five
//! u32s: 1 when there is an artifact and else 0, the artifact's address and length, and those of what there is to say, one JSON object a
//! line as `--message-format json` has it. Everything that was given can be freed once `simc_compile` is back; the answer lives until
//! `simc_drop`. A trap is a bug of the compiler, after which the instance must be thrown away.
//!
//! Options are lines `name=value`, as the command line has them: `O` (0, 1, 2, 3, s), `simd`, `outputs` (a name a line), `inputs` (`initials`,
//! `tables` or `tables=N`), `start`, `stop`, `dt`, `save-every`, `max-memory` (bytes). A model may refer to no other file.

mod options;

use serde_json::json;
use simc_driver::driver::{self, Options};
use simc_driver::front;
use simc_driver::render::{Renderer, bounded};
use simc_model::diagnostic::Diagnostic;
use simc_model::files::NoFiles;
use simc_model::source::Sources;

pub use options::parse_options;

/// What came of a compilation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The artifact, if there is one.
    pub wasm: Option<Vec<u8>>,
    /// Everything that there is to say, one JSON object a line.
    pub messages: String,
}

/// Compiles a model that refers to no other file.
pub fn compile(name: &str, model: &[u8], options: &str) -> Outcome {
    let options = match parse_options(options) {
        Ok(options) => options,
        Err(message) => return Outcome { wasm: None, messages: fault(&message) },
    };
    let Some(text) = front::decode(name, model.to_vec()) else {
        return Outcome { wasm: None, messages: fault("the model is no text in UTF-8 or UTF-16") };
    };
    compile_text(name, text, &options)
}

fn compile_text(name: &str, text: String, options: &Options) -> Outcome {
    let mut sources = Sources::new();
    let root = sources.add(name, text);
    let (wasm, diagnostics) = match driver::compile(&mut sources, root, &NoFiles, options) {
        Ok(build) => (Some(build.wasm), build.warnings),
        Err(failure) => (None, failure.diagnostics),
    };
    Outcome { wasm, messages: messages(&sources, &diagnostics) }
}

fn messages(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let renderer = Renderer::new(sources);
    bounded(diagnostics).iter().map(|diagnostic| format!("{}\n", renderer.json(diagnostic))).collect()
}

/// A mistake of whoever calls.
fn fault(message: &str) -> String {
    let object = json!({
        "code": null, "severity": "error", "message": message, "labels": [], "hint": null,
        "rendered": format!("error: {message}"),
    });
    format!("{object}\n")
}

/// The exports.
#[expect(unsafe_code, reason = "exports need names, and arguments are addresses in the module's own memory")]
pub mod exports {
    use std::{ptr, slice};

    use super::Outcome;

    /// What `simc_compile` gives: its artifact and its messages, each as address and length.
    #[derive(Debug)]
    #[repr(C)]
    pub struct Answer {
        /// 1 when there is an artifact, else 0.
        pub ok: u32,
        /// The artifact.
        pub wasm: *mut u8,
        /// Its bytes.
        pub wasm_len: usize,
        /// What there is to say.
        pub messages: *mut u8,
        /// Its bytes.
        pub messages_len: usize,
    }

    /// Room for bytes that the host fills; at least one.
    #[unsafe(no_mangle)]
    pub extern "C" fn simc_alloc(bytes: usize) -> *mut u8 {
        leak(vec![0; bytes]).0
    }

    /// Gives room back.
    ///
    /// # Safety
    /// `address` comes from [`simc_alloc`] with just so many bytes, and has not been freed.
    #[unsafe(no_mangle)]
    pub unsafe extern "C" fn simc_free(address: *mut u8, bytes: usize) {
        // SAFETY: the caller promises it.
        drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(address, bytes)) });
    }

    /// Compiles a model.
    ///
    /// # Safety
    /// Each address has so many bytes.
    #[unsafe(no_mangle)]
    pub unsafe extern "C" fn simc_compile(
        name: *const u8,
        name_len: usize,
        model: *const u8,
        model_len: usize,
        options: *const u8,
        options_len: usize,
    ) -> *mut Answer {
        // SAFETY: the caller promises it.
        let [name, model, options] = [(name, name_len), (model, model_len), (options, options_len)]
            .map(|(address, len)| unsafe { slice::from_raw_parts(address, len) });
        let Outcome { wasm, messages } =
            super::compile(&String::from_utf8_lossy(name), model, &String::from_utf8_lossy(options));
        let ok = u32::from(wasm.is_some());
        let (wasm, wasm_len) = leak(wasm.unwrap_or_default());
        let (messages, messages_len) = leak(messages.into_bytes());
        Box::into_raw(Box::new(Answer { ok, wasm, wasm_len, messages, messages_len }))
    }

    /// Gives an answer back.
    ///
    /// # Safety
    /// `answer` comes from [`simc_compile`] and has not been dropped.
    #[unsafe(no_mangle)]
    pub unsafe extern "C" fn simc_drop(answer: *mut Answer) {
        // SAFETY: the caller promises it, and what an answer points to was leaked with these lengths.
        unsafe {
            let answer = Box::from_raw(answer);
            simc_free(answer.wasm, answer.wasm_len);
            simc_free(answer.messages, answer.messages_len);
        }
    }

    fn leak(bytes: Vec<u8>) -> (*mut u8, usize) {
        let bytes = Box::leak(bytes.into_boxed_slice());
        (bytes.as_mut_ptr(), bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODEL: &str = r#"<xmile><header><name>m</name></header><sim_specs><start>0</start><stop>2</stop></sim_specs>
<model><variables><aux name="v"><eqn>TIME * 2</eqn></aux></variables></model></xmile>"#;

    #[test]
    fn a_model_becomes_an_artifact_or_says_why_not() {
        let made = compile("m.xmile", MODEL.as_bytes(), "");
        assert!(made.messages.is_empty() && made.wasm.is_some_and(|wasm| wasm.starts_with(b"\0asm")));
        let wrong = compile("m.xmile", MODEL.replace("TIME", "TIMES").as_bytes(), "");
        assert!(wrong.wasm.is_none() && wrong.messages.contains("\"severity\":\"error\""), "{}", wrong.messages);
        for options in ["dt=0", "colour=red", "outputs=nothing", "O=9"] {
            let wrong = compile("m.xmile", MODEL.as_bytes(), options);
            assert!(wrong.wasm.is_none() && !wrong.messages.is_empty(), "{options}");
        }
        assert!(compile("m.xmile", &[0xff, 0xfe, 0x00], "").wasm.is_none());
    }

    #[test]
    #[expect(unsafe_code, reason = "a host is played")]
    fn what_is_given_out_is_taken_back() {
        let (name, options) = ("m.xmile", "O=0");
        // SAFETY: addresses are those of slices, and every answer is dropped once.
        unsafe {
            let room = exports::simc_alloc(0);
            exports::simc_free(room, 0);
            let answer = exports::simc_compile(
                name.as_ptr(),
                name.len(),
                MODEL.as_ptr(),
                MODEL.len(),
                options.as_ptr(),
                options.len(),
            );
            assert!(!answer.is_null());
            exports::simc_drop(answer);
        }
    }
}
