//! The artifact as native code of this machine.
//!
//! The code is the one that objects hold, put into executable memory. It checks every access to the memory of its instance itself, so that
//! an artifact from anywhere can do no harm; what it says of its own geometry is checked before it is believed.

use std::ffi::c_void;

use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{Module, default_libcall_names};
use simc_artifact::{ErrorWord, RECORD_BYTES, Record, RunState, decode_record, export};
use simc_native::{Cpu, Error, Geometry, Options, Status, Trap};

use super::{Engine, Fault, code};
use crate::results::Rows;

/// Bytes of a word of the memory of an instance: its address is a multiple of sixteen.
type Word = u128;

/// An instance of an artifact.
pub struct NativeEngine {
    code: Loaded,
    memory: Box<[Word]>,
    geometry: Geometry,
    saved: u64,
}

/// Executable memory, and what is called in it.
struct Loaded {
    /// None only while it is dropped.
    module: Option<JITModule>,
    base: *const u8,
    functions: std::collections::BTreeMap<String, usize>,
}

impl NativeEngine {
    /// Translates an artifact and makes an instance of it.
    pub fn new(wasm: &[u8]) -> Result<Self, Fault> {
        let options = Options { cpu: Cpu::host(), ..Options::default() };
        let native = simc_native::translate(wasm, &options).map_err(fault)?;
        let geometry = native.geometry().clone();
        let code = Loaded::new(native.image().map_err(fault)?)?;
        let words = usize::try_from(geometry.size.div_ceil(size_of::<Word>() as u64));
        let words = words.map_err(|_| super::too_large(geometry.size, usize::MAX as u64))?;
        let mut memory = Vec::<Word>::new();
        memory.try_reserve_exact(words).map_err(|_| super::too_large(geometry.size, usize::MAX as u64))?;
        drop(memory);
        let mut engine = Self { code, memory: vec![0; words].into_boxed_slice(), geometry, saved: 0 };
        engine.start();
        Ok(engine)
    }

    /// Where everything is.
    pub fn geometry(&self) -> &Geometry {
        &self.geometry
    }

    /// The instance, byte by byte.
    pub fn bytes(&self) -> &[u8] {
        bytes_of(&self.memory)
    }

    /// The numbers that a host writes; none when the artifact takes none.
    pub fn write_inputs(&mut self, numbers: &[f64]) {
        let Some((offset, capacity)) = self.geometry.inputs else { return };
        let words: Vec<u64> = numbers.iter().take(capacity as usize).map(|number| number.to_bits()).collect();
        for (at, word) in (offset..).step_by(8).zip(words) {
            self.write_word(at, word);
        }
    }

    fn write_word(&mut self, at: u64, word: u64) {
        let shift = 8 * (at % size_of::<Word>() as u64);
        if let Some(place) = self.memory.get_mut((at / size_of::<Word>() as u64) as usize) {
            *place = *place & !(Word::from(u64::MAX) << shift) | Word::from(word) << shift;
        }
    }

    /// Calls an export without parameters; what it returns is the number of a [`Status`]. None when the artifact does not have it.
    pub fn call(&mut self, name: &str) -> Option<i32> {
        let function = self.code.find(name)?;
        Some(self.call0(function))
    }

    /// Calls an export that takes a time.
    pub fn call_with_time(&mut self, name: &str, time: f64) -> Option<i32> {
        let function = self.code.find(name)?;
        Some(self.call_f64(function, time))
    }

    /// Calls an export that turns something on or off.
    pub fn call_with_switch(&mut self, name: &str, on: bool) -> Option<i32> {
        let function = self.code.find(name)?;
        Some(self.call_i32(function, i32::from(on)))
    }

    /// Calls an export that takes a slot and a number.
    pub fn call_with_value(&mut self, name: &str, slot: i32, value: f64) -> Option<i32> {
        let function = self.code.find(name)?;
        Some(self.call_i32_f64(function, slot, value))
    }

    /// Calls an export that takes two counts.
    pub fn call_with_counts(&mut self, name: &str, first: i32, n: i32) -> Option<i32> {
        let function = self.code.find(name)?;
        Some(self.call_i32_i32(function, first, n))
    }

    /// The error word.
    pub fn error_word(&mut self) -> u64 {
        self.code.find(export::GET_ERROR).map_or(0, |function| self.call_word(function))
    }

    /// A number of 32 bits at an offset.
    pub fn word_at(&self, offset: u64) -> u32 {
        let bytes = self.bytes().get(offset as usize..).and_then(|rest| rest.first_chunk());
        bytes.copied().map_or(0, u32::from_le_bytes)
    }

    fn instance(&mut self) -> *mut c_void {
        self.memory.as_mut_ptr().cast()
    }

    #[expect(unsafe_code, reason = "machine code that simc has generated is called")]
    fn start(&mut self) {
        let Some(function) = self.code.find("start") else { return };
        let instance = self.instance();
        // SAFETY: the function of this name takes an address of as many bytes as the geometry says, at a multiple of sixteen, and a flag.
        unsafe {
            let function: extern "C" fn(*mut c_void, i32) = std::mem::transmute(function);
            function(instance, 1);
        }
    }

    #[expect(unsafe_code, reason = "machine code that simc has generated is called")]
    fn call0(&mut self, function: *const u8) -> i32 {
        let instance = self.instance();
        // SAFETY: the export takes an instance, whose memory this is, and returns a status; the translation has compared its type.
        unsafe {
            let function: extern "C" fn(*mut c_void) -> i32 = std::mem::transmute(function);
            function(instance)
        }
    }

    #[expect(unsafe_code, reason = "machine code that simc has generated is called")]
    fn call_word(&mut self, function: *const u8) -> u64 {
        let instance = self.instance();
        // SAFETY: as for `call0`; the export gives a word.
        unsafe {
            let function: extern "C" fn(*mut c_void) -> u64 = std::mem::transmute(function);
            function(instance)
        }
    }

    #[expect(unsafe_code, reason = "machine code that simc has generated is called")]
    fn call_f64(&mut self, function: *const u8, value: f64) -> i32 {
        let instance = self.instance();
        // SAFETY: as for `call0`, with a double.
        unsafe {
            let function: extern "C" fn(*mut c_void, f64) -> i32 = std::mem::transmute(function);
            function(instance, value)
        }
    }

    #[expect(unsafe_code, reason = "machine code that simc has generated is called")]
    fn call_i32(&mut self, function: *const u8, number: i32) -> i32 {
        let instance = self.instance();
        // SAFETY: as for `call0`, with an integer.
        unsafe {
            let function: extern "C" fn(*mut c_void, i32) -> i32 = std::mem::transmute(function);
            function(instance, number)
        }
    }

    #[expect(unsafe_code, reason = "machine code that simc has generated is called")]
    fn call_i32_f64(&mut self, function: *const u8, slot: i32, value: f64) -> i32 {
        let instance = self.instance();
        // SAFETY: as for `call0`, with an integer and a double.
        unsafe {
            let function: extern "C" fn(*mut c_void, i32, f64) -> i32 = std::mem::transmute(function);
            function(instance, slot, value)
        }
    }

    #[expect(unsafe_code, reason = "machine code that simc has generated is called")]
    fn call_i32_i32(&mut self, function: *const u8, first: i32, n: i32) -> i32 {
        let instance = self.instance();
        // SAFETY: as for `call0`, with two integers.
        unsafe {
            let function: extern "C" fn(*mut c_void, i32, i32) -> i32 = std::mem::transmute(function);
            function(instance, first, n)
        }
    }

    /// An error when the code has trapped.
    fn check(&self) -> Result<(), Fault> {
        match self.word_at(0) {
            0 => Ok(()),
            trap => {
                let text = Trap::from_number(trap).map_or("it is damaged", Trap::text);
                Err(Fault::new(code::TRAPPED, format!("the artifact stopped: {text}")))
            }
        }
    }
}

#[expect(unsafe_code, reason = "words are looked at as bytes")]
fn bytes_of(words: &[Word]) -> &[u8] {
    // SAFETY: words have no padding, and every byte of them is initialised.
    unsafe { std::slice::from_raw_parts(words.as_ptr().cast(), size_of_val(words)) }
}

impl Loaded {
    fn new(image: simc_native::Image) -> Result<Self, Fault> {
        let fail = |error: &dyn std::fmt::Display| Fault::new(code::NOT_TRANSLATED, format!("no native code: {error}"));
        let builder = JITBuilder::new(default_libcall_names()).map_err(|error| fail(&error))?;
        let mut module = JITModule::new(builder);
        let signature = module.make_signature();
        let whole = module.declare_anonymous_function(&signature).map_err(|error| fail(&error))?;
        // The first bytes that a new module allocates begin a page.
        module.define_function_bytes(whole, 1 << 12, &image.bytes, &[]).map_err(|error| fail(&error))?;
        module.finalize_definitions().map_err(|error| fail(&error))?;
        let base = module.get_finalized_function(whole);
        Ok(Self { module: Some(module), base, functions: image.functions })
    }

    fn find(&self, name: &str) -> Option<*const u8> {
        self.functions.get(name).map(|&offset| self.base.wrapping_add(offset))
    }
}

impl Drop for Loaded {
    #[expect(unsafe_code, reason = "executable memory is given back by hand")]
    fn drop(&mut self) {
        if let Some(module) = self.module.take() {
            // SAFETY: nothing refers to the code but this value, which is gone.
            unsafe { module.free_memory() };
        }
    }
}

impl Rows for NativeEngine {
    fn n_rows(&self) -> u64 {
        self.saved
    }

    fn value(&self, row: u64, position: usize) -> f64 {
        let at = self.geometry.results as usize + 8 * (row as usize * self.geometry.n_slots as usize + position);
        let bytes = self.bytes().get(at..).and_then(|rest| rest.first_chunk());
        bytes.copied().map_or(f64::NAN, f64::from_le_bytes)
    }
}

impl Engine for NativeEngine {
    fn set_value(&mut self, slot: u64, value: f64) -> Result<bool, Fault> {
        let Ok(slot) = i32::try_from(slot) else { return Ok(false) };
        let status = self.call_with_value(export::SET_VALUE, slot, value);
        self.check()?;
        Ok(status == Some(Status::Ok.number()))
    }

    fn set_table(&mut self, number: usize, points: &[[f64; 2]]) -> Result<bool, Fault> {
        let capacity = self.geometry.inputs.map_or(0, |(_, capacity)| capacity);
        let (Ok(number), Ok(n)) = (i32::try_from(number), i32::try_from(points.len())) else { return Ok(false) };
        if 2 * points.len() as u64 > capacity {
            return Ok(false);
        }
        self.write_inputs(points.as_flattened());
        let status = self.call_with_counts(export::SET_TABLE, number, n);
        self.check()?;
        Ok(status == Some(Status::Ok.number()))
    }

    fn run_to(&mut self, target: f64) -> Result<(), Fault> {
        self.call_with_time(export::RUN_TO, target);
        self.check()?;
        self.saved = u64::from(self.word_at(self.geometry.saved_steps)).min(self.geometry.n_chunks);
        Ok(())
    }

    fn run_state(&mut self) -> RunState {
        let state = self.geometry.events.as_ref().map(|events| self.word_at(events.state));
        state.map_or(RunState::Running, |state| RunState::from_number(state.into()))
    }

    fn events(&mut self) -> (u64, Vec<Record>) {
        let Some(events) = &self.geometry.events else { return (0, Vec::new()) };
        let count = u64::from(self.word_at(events.count));
        let record = |number: u64| {
            let at = events.records + number % events.capacity * u64::from(RECORD_BYTES);
            decode_record(self.bytes().get(at as usize..).unwrap_or_default())
        };
        (count, (count.saturating_sub(events.capacity)..count).map(record).collect())
    }

    fn error(&mut self) -> Result<ErrorWord, Fault> {
        let word = self.error_word();
        self.check()?;
        Ok(ErrorWord(word))
    }

    fn is_complete(&self) -> bool {
        self.saved == self.geometry.n_chunks
    }
}

/// Why there is no native code, as what is wrong with an artifact.
pub fn fault(error: Error) -> Fault {
    let code = match error {
        Error::Artifact(_) => code::NOT_AN_ARTIFACT,
        Error::Contradictory(_) => code::CONTRADICTORY,
        Error::Unsupported(_)
        | Error::TooLarge { .. }
        | Error::Internal(_)
        | Error::Target { .. }
        | Error::Prefix { .. } => code::NOT_TRANSLATED,
    };
    Fault::new(code, error.to_string())
}

#[cfg(test)]
mod tests;
