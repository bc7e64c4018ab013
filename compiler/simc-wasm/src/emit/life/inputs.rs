//! The exports that take many numbers at once, from a place in memory where the host writes them.

use kernel::abi;
use simc_artifact::export;
use wasm_encoder::{BlockType, Instruction as I};

use super::{element, load_if_need_be, set_flag};
use crate::emit::code::{Code, Signature, Ty};
use crate::emit::geometry::{WORD, small};
use crate::emit::program::Program;
use crate::emit::{Cx, Globals};

/// `(first slot or table, how many) -> status`
const SETTER: Signature = (&[Ty::I32, Ty::I32], &[Ty::I32]);

/// Adds them; the second one where graphical functions can be changed.
pub(super) fn add_exports(
    cx: &Cx<'_>,
    program: &mut Program,
    globals: &Globals,
    load_defaults: Option<u32>,
    canonicalise: u32,
    set_slots: Option<u32>,
) {
    let geometry = &cx.geometry;
    program.export_constant(export::INPUTS_OFFSET, geometry.inputs.offset);
    program.export_constant(export::INPUTS_CAPACITY, geometry.inputs.len);
    program.add_export(
        export::SET_VALUES,
        SETTER,
        emit_set_values(cx, globals, load_defaults, canonicalise, set_slots),
    );
    if geometry.n_graphs > 0 {
        program.add_export(export::SET_TABLE, SETTER, emit_set_table(cx, globals));
    }
}

/// Adds `set_slots(first, n, numbers) -> status`, where what can be set is not just the end of the row.
pub(super) fn add_set_slots(
    cx: &Cx<'_>,
    program: &mut Program,
    globals: &Globals,
    load_defaults: Option<u32>,
) -> Option<u32> {
    let (Some(place), Some(load_defaults)) = (&cx.layout.settables, load_defaults) else { return None };
    let (mut code, [first, n, numbers]) = Code::new([Ty::I32; 3]);
    load_if_need_be(&mut code, globals, load_defaults);
    code.u32(small(place.settables)).get(first).get(n).get(numbers).push(I::GlobalGet(globals.initialised));
    code.push(I::Call(cx.imports.index_of(abi::SETTABLE_SET)));
    // Where nothing has been set, preparing gives what it gave before.
    set_flag(&mut code, globals.dirty, 1);
    Some(program.add("set_slots", (&[Ty::I32; 3], &[Ty::I32]), code))
}

/// `set_values(first, n)`
fn emit_set_values(
    cx: &Cx<'_>,
    globals: &Globals,
    load_defaults: Option<u32>,
    canonicalise: u32,
    set_slots: Option<u32>,
) -> Code {
    let geometry = &cx.geometry;
    let (mut code, [first, n]) = Code::new([Ty::I32, Ty::I32]);
    let Some(load_defaults) = load_defaults else {
        code.i32(1);
        return code;
    };
    if let Some(set_slots) = set_slots {
        code.get(n).u32(geometry.inputs.len).push(I::I32GtU);
        refuse(&mut code);
        code.get(first).get(n).u32(geometry.inputs.offset).push(I::Call(set_slots));
        return code;
    }
    let param = code.local(Ty::I32);
    let values = code.local(Ty::I32);
    code.get(first).u32(geometry.params.offset / WORD).push(I::I32Sub).tee(param).u32(geometry.params.len);
    code.push(I::I32GeU);
    // One less than none is more than any.
    code.get(n).i32(1).push(I::I32Sub).u32(geometry.params.len.min(geometry.inputs.len)).push(I::I32GeU).push(I::I32Or);
    refuse(&mut code);
    code.get(n).u32(geometry.params.len).get(param).push(I::I32Sub).push(I::I32GtU);
    refuse(&mut code);
    load_if_need_be(&mut code, globals, load_defaults);
    element(&mut code, param).u32(geometry.values).push(I::I32Add).set(values);
    code.get(values).u32(geometry.inputs.offset);
    element(&mut code, n).push(I::MemoryCopy { src_mem: 0, dst_mem: 0 });
    code.get(values).get(values);
    element(&mut code, n).push(I::I32Add).push(I::Call(canonicalise)).push(I::Drop);
    element(&mut code, param).u32(geometry.params.offset).push(I::I32Add).get(values);
    element(&mut code, n).push(I::MemoryCopy { src_mem: 0, dst_mem: 0 });
    code.get(param).u32(geometry.marks).push(I::I32Add).i32(1).get(n).push(I::MemoryFill(0));
    set_flag(&mut code, globals.dirty, 1);
    code.i32(0);
    code
}

/// `set_table(number, n)`
fn emit_set_table(cx: &Cx<'_>, globals: &Globals) -> Code {
    let geometry = &cx.geometry;
    let (mut code, [number, n]) = Code::new([Ty::I32, Ty::I32]);
    code.u32(geometry.graphs).u32(geometry.n_graphs).get(number).u32(geometry.inputs.offset).get(n);
    code.push(I::Call(cx.imports.index_of(abi::GRAPH_SET)));
    refuse(&mut code);
    set_flag(&mut code, globals.dirty, 1);
    code.i32(0);
    code
}

/// Pops a flag; returns 1 if it is set.
pub(super) fn refuse(code: &mut Code) {
    code.push(I::If(BlockType::Empty)).i32(1).push(I::Return).push(I::End);
}
