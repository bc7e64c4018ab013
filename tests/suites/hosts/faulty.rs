//! An engine that fails in one run of many.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use simc_host::Error;
use simc_host::engine::{Call, Engine, Instance, Module, Wasmi};

/// How a run fails.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Fault {
    Panic,
    Trap,
}

/// Wasmi, but for one run.
pub(super) struct Faulty {
    fault: Fault,
    /// After how many runs one fails, and none after it.
    pub(super) runs_until_fault: Arc<AtomicU32>,
}

impl Faulty {
    pub(super) fn new(fault: Fault) -> Self {
        Self { fault, runs_until_fault: Arc::new(AtomicU32::new(u32::MAX)) }
    }
}

/// A module or an instance of wasmi.
struct Within<T: ?Sized> {
    inner: Box<T>,
    fault: Fault,
    runs_until_fault: Arc<AtomicU32>,
}

impl Engine for Faulty {
    fn compile(&self, artifact: &[u8]) -> Result<Box<dyn Module>, Error> {
        let inner = Wasmi::new().compile(artifact)?;
        Ok(Box::new(Within { inner, fault: self.fault, runs_until_fault: Arc::clone(&self.runs_until_fault) }))
    }
}

impl Module for Within<dyn Module> {
    fn instantiate(&self) -> Result<Box<dyn Instance>, Error> {
        let inner = self.inner.instantiate()?;
        Ok(Box::new(Within { inner, fault: self.fault, runs_until_fault: Arc::clone(&self.runs_until_fault) }))
    }
}

impl Instance for Within<dyn Instance> {
    fn call(&mut self, call: Call) -> Result<u64, String> {
        let is_run = matches!(call, Call::Run | Call::RunTo(_));
        if is_run && self.runs_until_fault.fetch_sub(1, Ordering::Relaxed) == 0 {
            return match self.fault {
                // Without the message that a panic prints.
                Fault::Panic => std::panic::resume_unwind(Box::new("a panic that is wanted")),
                Fault::Trap => Err("a trap that is wanted".to_owned()),
            };
        }
        self.inner.call(call)
    }

    fn global(&mut self, name: &str) -> Option<u32> {
        self.inner.global(name)
    }

    fn memory(&self) -> &[u8] {
        self.inner.memory()
    }

    fn memory_mut(&mut self) -> &mut [u8] {
        self.inner.memory_mut()
    }
}
