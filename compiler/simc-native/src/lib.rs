//! Native code: a finished artifact as a relocatable object and a C header.
//!
//! The artifact is the whole input: nothing of the compiler is needed to make an object of it. The code keeps the artifact's bits: the
//! rules of WebAssembly for NaN, least and greatest numbers and conversions hold, and nothing is fused. It needs no library.

// the artifact, taken apart
mod arguments;
mod effort;
mod graph;
mod module;

// machine code
mod code;
mod entry;
mod instance;
mod runtime;
mod target;
mod translate;
mod trap;

// what becomes of it
mod header;
mod identifier;
mod image;
mod object;

mod error;

use simc_artifact::export::{
    EVENT_COUNT, EVENTS_CAPACITY, EVENTS_OFFSET, INPUTS_CAPACITY, INPUTS_OFFSET, LAYOUT_SECTION, N_CHUNKS, N_SLOTS,
    RESULTS_OFFSET, RUN_STATE, SAVED_STEPS,
};
use simc_artifact::{RECORD_BYTES, RESERVED_SLOTS, WasmLayout};

use code::Code;
use instance::InstanceLayout;
use module::WasmModule;
use target::Target;

pub use entry::Status;
pub use error::Error;
pub use image::Image;
pub use target::Cpu;
pub use trap::Trap;

/// What to make native code for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The machine, as compilers name it (`aarch64-apple-darwin`); this one when absent.
    pub triple: Option<String>,
    /// What its processor must have.
    pub cpu: Cpu,
    /// What names begin with; when absent, the name of the model, made an identifier.
    pub prefix: Option<String>,
    /// SHA-256 of the artifact: the header names it, and object and header fit each other only when they have the same.
    pub sha256: [u8; 32],
}

/// An artifact as native code.
pub struct Native {
    prefix: String,
    sha256: [u8; 32],
    /// The digest of the artifact's layout.
    digest: u64,
    target: Target,
    code: Code,
    layout: WasmLayout,
    geometry: Geometry,
}

/// Where a host finds everything in an instance: byte offsets, and sizes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Geometry {
    /// Bytes of an instance.
    pub size: u64,
    /// Where the artifact's memory begins, and with it the live chunk.
    pub memory: u64,
    /// f64s of a row.
    pub n_slots: u64,
    /// Rows of a full run.
    pub n_chunks: u64,
    /// The first row.
    pub results: u64,
    /// The number of rows saved, a u32.
    pub saved_steps: u64,
    /// The numbers that a host writes, and how many f64s there are.
    pub inputs: Option<(u64, u64)>,
    /// What a host reads of events.
    pub events: Option<EventGeometry>,
}

/// Where a host finds what it reads of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventGeometry {
    /// What events have done to the run, a u32.
    pub state: u64,
    /// How many have fired, a u32.
    pub count: u64,
    /// The records.
    pub records: u64,
    /// How many records are kept.
    pub capacity: u64,
}

/// Translates an artifact.
///
/// # Errors
/// When the bytes are no artifact, hold what artifacts never do, or no code can be made for the machine.
pub fn translate(wasm: &[u8], options: &Options) -> Result<Native, Error> {
    let artifact = simc_artifact::read(wasm)?;
    let prefix = match &options.prefix {
        Some(prefix) => identifier::checked_prefix(prefix)?,
        None => {
            let origin = artifact.layout.extension.as_ref().map(|extension| extension.origin.model.as_str());
            identifier::prefix_of(origin.unwrap_or_default())
        }
    };
    let target = Target::new(options.triple.as_deref(), options.cpu)?;
    let module = WasmModule::read(wasm)?;
    let instance = InstanceLayout::new(&module);
    let geometry = Geometry::of(&module, &instance, &artifact.layout)?;
    let code = code::compile(&module, &instance, &target)?;
    let digest = simc_artifact::layout_digest(layout_section(wasm));
    Ok(Native { prefix, sha256: options.sha256, digest, target, code, layout: artifact.layout, geometry })
}

/// Writes bindings of an artifact for the host of C: what its header declares of the model, a record of what can be set, and the
/// section `simc.layout`. `prefix` is what names begin with; without it the name of the model, made an identifier.
///
/// # Errors
/// When the bytes are no artifact, or no name can begin with the prefix.
pub fn bindings(wasm: &[u8], prefix: Option<&str>, sha256: [u8; 32]) -> Result<String, Error> {
    let layout = simc_artifact::read(wasm)?.layout;
    let prefix = match prefix {
        Some(prefix) => identifier::checked_prefix(prefix)?,
        None => {
            let model = layout.extension.as_ref().map(|extension| extension.origin.model.as_str());
            identifier::prefix_of(model.unwrap_or_default())
        }
    };
    Ok(header::write_bindings(&layout, layout_section(wasm), &prefix, &sha256))
}

/// The section in which an artifact describes itself.
fn layout_section(wasm: &[u8]) -> &[u8] {
    let custom = wasmparser::Parser::new(0).parse_all(wasm).filter_map(|payload| {
        if let Ok(wasmparser::Payload::CustomSection(section)) = payload { Some(section) } else { None }
    });
    let mut sections = custom.filter(|section| section.name() == LAYOUT_SECTION);
    sections.next().map(|section| section.data()).unwrap_or_default()
}

impl Native {
    /// What names begin with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Where everything is in an instance.
    pub fn geometry(&self) -> &Geometry {
        &self.geometry
    }

    /// The code as a relocatable object.
    ///
    /// # Errors
    /// When the format of objects cannot hold it: a bug.
    pub fn object(&self) -> Result<Vec<u8>, Error> {
        object::write(self)
    }

    /// The C header of the object.
    pub fn header(&self) -> String {
        header::write(self)
    }

    /// The code as it is loaded into memory.
    ///
    /// # Errors
    /// When it is too large for the references within.
    pub fn image(&self) -> Result<Image, Error> {
        image::load(&self.code)
    }

    /// The name of a function for hosts. That of the one that makes instances holds a part of the digest, so that a header links with the
    /// object of the same artifact alone.
    fn symbol(&self, name: &str) -> String {
        let prefix = &self.prefix;
        if name == entry::START {
            let digest: String = self.sha256[..8].iter().map(|byte| format!("{byte:02x}")).collect();
            return format!("{prefix}_{name}_{digest}");
        }
        format!("{prefix}_{name}")
    }
}

impl Geometry {
    /// What a module says of itself, compared with what it has.
    fn of(module: &WasmModule<'_>, instance: &InstanceLayout, layout: &WasmLayout) -> Result<Self, Error> {
        let contradiction = |what: &str| Error::Contradictory(what.to_owned());
        let constant = |name: &str| module.exported_constant(name);
        let global = |name: &str| {
            let global = module.exported_global(name)?;
            instance.globals.get(global as usize).map(|offset| u64::from(offset.unsigned_abs()))
        };
        let memory = module.memory_bytes;
        let fits = |offset: u64, count: u64, bytes: u64| {
            count.checked_mul(bytes).and_then(|size| size.checked_add(offset)).is_some_and(|end| end <= memory)
        };
        let all = [N_SLOTS, N_CHUNKS, RESULTS_OFFSET].map(constant);
        let [Some(n_slots), Some(n_chunks), Some(results)] = all else {
            return Err(contradiction("it does not say where its rows are"));
        };
        if [n_slots, n_chunks, results] != [layout.n_slots, layout.n_chunks, layout.results_offset] {
            return Err(contradiction("its globals and its section `simc.layout` place rows differently"));
        }
        if n_slots < u64::from(RESERVED_SLOTS) || n_chunks == 0 || !fits(results, n_chunks, 8 * n_slots) {
            return Err(contradiction("its rows do not fit its memory"));
        }
        if 8 * n_slots > results {
            return Err(contradiction("its rows overlap its live chunk"));
        }
        // What C reads as an f64 in place, or another host as a word.
        let mut offsets = [RESULTS_OFFSET, INPUTS_OFFSET, EVENTS_OFFSET].into_iter().filter_map(constant);
        if offsets.any(|offset| !offset.is_multiple_of(8)) {
            return Err(contradiction("its numbers are not at multiples of 8"));
        }
        let saved_steps = global(SAVED_STEPS).ok_or_else(|| contradiction("it does not count its rows"))?;
        let inputs = match [INPUTS_OFFSET, INPUTS_CAPACITY].map(constant) {
            [Some(offset), Some(capacity)] if fits(offset, capacity, 8) => Some((instance.memory + offset, capacity)),
            [None, None] => None,
            _ => return Err(contradiction("the numbers of a host do not fit its memory")),
        };
        let events = match ([RUN_STATE, EVENT_COUNT].map(global), [EVENTS_OFFSET, EVENTS_CAPACITY].map(constant)) {
            ([Some(state), Some(count)], [Some(offset), Some(capacity)])
                if capacity > 0 && fits(offset, capacity, RECORD_BYTES.into()) =>
            {
                Some(EventGeometry { state, count, records: instance.memory + offset, capacity })
            }
            ([None, None], [None, None]) => None,
            _ => return Err(contradiction("its records of events do not fit its memory")),
        };
        let (size, memory) = (instance.size, instance.memory);
        Ok(Self { size, memory, n_slots, n_chunks, results: memory + results, saved_steps, inputs, events })
    }
}
