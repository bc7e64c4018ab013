//! The functions of the kernel that a module calls: it imports these and no others.

use std::collections::BTreeMap;

use kernel::function::Function;
use kernel::transport;
use kernel::{abi, lookup};
use simc_ir::entity::Table;
use simc_ir::module::Module;
use simc_ir::opcode::{Immediate, Opcode};

use super::code::{Signature, Ty};

/// Imported functions by name: their indices, in the order of names, begin with 0.
#[derive(Debug, Default)]
pub(crate) struct Imports {
    functions: BTreeMap<&'static str, Signature>,
}

impl Imports {
    /// What the functions of a module call.
    pub(crate) fn new(module: &Module) -> Self {
        let mut functions = BTreeMap::new();
        for func in module.funcs.values() {
            for inst in func.listed_insts() {
                let data = &func.insts[inst];
                if let Some((name, signature)) = callee(module, data.opcode, data.immediate) {
                    functions.insert(name, signature);
                }
            }
        }
        if !module.thresholds.is_empty() {
            functions.insert(abi::WATCH_LOOK, (&[Ty::I32, Ty::I64], &[Ty::I32]));
            functions.insert(abi::WATCH_RESET, (&[Ty::I32], &[]));
        }
        if !module.has_plain_params() {
            functions.insert(abi::SETTABLE_SET, (&[Ty::I32; 5], &[Ty::I32]));
            functions.insert(abi::SETTABLE_SHOW, (&[Ty::I32], &[]));
        }
        if !module.graphs.is_empty() {
            functions.insert(abi::GRAPH_SET, (&[Ty::I32; 5], &[Ty::I32]));
            functions.insert(abi::GRAPH_CLEAR, (&[Ty::I32; 2], &[]));
        }
        Self { functions }
    }

    /// Names and types in order.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (&'static str, Signature)> + '_ {
        self.functions.iter().map(|(&name, &signature)| (name, signature))
    }

    /// The function that an instruction calls.
    ///
    /// # Panics
    /// When it calls none.
    pub(crate) fn index(&self, module: &Module, opcode: Opcode, immediate: Immediate) -> u32 {
        let (name, _) = callee(module, opcode, immediate).expect("the instruction calls the kernel");
        self.index_of(name)
    }

    /// A function by its name.
    ///
    /// # Panics
    /// When it is not imported.
    pub(crate) fn index_of(&self, name: &str) -> u32 {
        let position = self.functions.keys().position(|&known| known == name);
        u32::try_from(position.expect("every callee is imported")).expect("the kernel has few functions")
    }
}

fn callee(module: &Module, opcode: Opcode, immediate: Immediate) -> Option<(&'static str, Signature)> {
    match (opcode, immediate) {
        (Opcode::Call, Immediate::Function(function)) => {
            Some((function.export(), function_signature(function.arity())))
        }
        (Opcode::Lookup, Immediate::Table(table)) => {
            Some((lookup_export(module, table), (&[Ty::I32, Ty::I32, Ty::F64], &[Ty::F64])))
        }
        (Opcode::Oldest, _) => Some((abi::RING_OLDEST, (&[Ty::I32], &[Ty::F64]))),
        (Opcode::Recall, _) => Some((abi::RING_RECALL, (&[Ty::I32, Ty::F64], &[Ty::F64]))),
        (Opcode::Return, _) => Some((abi::RING_RETURN, (&[Ty::I32, Ty::F64, Ty::F64, Ty::F64, Ty::F64], &[Ty::F64]))),
        (Opcode::Fill, _) => Some((abi::RING_FILL, (&[Ty::I32, Ty::I32, Ty::F64, Ty::F64], &[]))),
        (Opcode::Push, _) => Some((abi::RING_PUSH, (&[Ty::I32, Ty::F64], &[]))),
        (Opcode::Measure, Immediate::Transport(_, query, _)) => {
            query.measure_export().map(|name| (name, (TRANSPORT, [Ty::F64].as_slice())))
        }
        (Opcode::Trace, _) => Some((transport::TRACE_EXPORT, (&[Ty::I32; 5], &[Ty::F64]))),
        (Opcode::Initialise, Immediate::Transport(_, query, _)) => {
            query.change_exports().map(|[initialise, _]| (initialise, (TRANSPORT, [Ty::I64].as_slice())))
        }
        (Opcode::Advance, Immediate::Transport(_, query, _)) => {
            query.change_exports().map(|[_, advance]| (advance, (TRANSPORT, [Ty::I64].as_slice())))
        }
        (Opcode::Arrange, Immediate::Vector(_, function, _)) => {
            Some((function.export(), vector_signature(function.numbers())))
        }
        _ => None,
    }
}

/// The address of a block, the numbers of a row, and single numbers.
fn vector_signature(n_numbers: usize) -> Signature {
    const ALL: &[Ty] = &[Ty::I32, Ty::I32, Ty::F64, Ty::F64, Ty::F64, Ty::F64];
    (&ALL[..2 + n_numbers], &[])
}

/// A transport: its address, its words, and how many of the last ones are operands.
const TRANSPORT: &[Ty] = &[Ty::I32; 3];

fn function_signature(arity: usize) -> Signature {
    const NUMBERS: &[Ty] = &[Ty::F64; Function::MAX_ARITY];
    (&NUMBERS[..arity], &NUMBERS[..1])
}

fn lookup_export(module: &Module, table: Table) -> &'static str {
    let table = &module.tables[table];
    lookup::export(table.kind, table.search)
}
