//! What a model and its instances have in common.

use std::sync::{Arc, LazyLock, Mutex};

use simc_artifact::{Extension, WasmLayout};

use crate::directory::Directory;
use crate::engine::Module;
use crate::instance::Checked;
use crate::variable::{Dimension, Time};

/// What a model and its instances share.
pub(crate) struct Shared {
    pub(crate) artifact: Vec<u8>,
    pub(crate) layout: WasmLayout,
    pub(crate) module: Box<dyn Module>,
    pub(crate) directory: Arc<Directory>,
    pub(crate) dimensions: Vec<Arc<Dimension>>,
    pub(crate) time: Time,
    /// Events that one step can leave.
    pub(crate) events_per_step: u64,
    /// Whether some events fire once in the life of an instance.
    pub(crate) lives_once: bool,
    /// Instances that wait for the next run.
    pub(crate) idle: Mutex<Vec<Checked>>,
}

impl Shared {
    pub(crate) fn extension(&self) -> &Extension {
        // A layout without one is refused when the model is loaded.
        static NONE: LazyLock<Extension> = LazyLock::new(Extension::default);
        self.layout.extension.as_ref().unwrap_or(&NONE)
    }
}
