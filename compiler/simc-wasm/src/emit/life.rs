//! The exported functions: the life of an instance.

use kernel::abi;
use kernel::settable::NUMBER_OFFSET;
use simc_artifact::export;
use simc_ir::module::FuncRole;
use wasm_encoder::{BlockType, Instruction as I, MemArg};

use super::code::{Code, Local, Signature, Ty};
use super::data::encode_defaults;
use super::geometry::{WORD, small};
use super::nan::emit_canonical;
use super::program::Program;
use super::roles::add_role;
use super::{Cx, Globals, watch};

mod inputs;

const NOTHING: Signature = (&[], &[]);

/// Adds everything that a host calls, and what only that needs.
pub(crate) fn add_exports(cx: &Cx<'_>, program: &mut Program, globals: &Globals, canonicalise: u32, advance: u32) {
    let load_defaults = (cx.geometry.n_params > 0).then(|| {
        let defaults = program.add_passive_data(encode_defaults(cx.module));
        program.add("load_defaults", NOTHING, emit_load_defaults(cx, globals, defaults))
    });
    let prepare = add_prepare(cx, program, globals, load_defaults, canonicalise);
    let start = add_role(cx, program, globals, FuncRole::Start);
    let begin = program.add("begin", NOTHING, emit_begin(cx, globals, prepare, start));
    program.add_export(export::RUN_INITIALS, NOTHING, emit_run_initials(cx, globals, begin, advance));
    let run_to =
        program.add_export(export::RUN_TO, (&[Ty::F64], &[]), emit_run_to(cx, globals, begin, prepare, advance));
    let rewind = program.add("rewind", NOTHING, emit_rewind(cx, globals));
    let reset = program.add_export(export::RESET, NOTHING, emit_reset(globals, rewind));
    program.add_export(export::RUN, NOTHING, emit_run(cx, globals, [reset, rewind, run_to]));
    let set_slots = inputs::add_set_slots(cx, program, globals, load_defaults);
    program.add_export(
        export::SET_VALUE,
        (&[Ty::I32, Ty::F64], &[Ty::I32]),
        emit_set_value(cx, globals, load_defaults, set_slots),
    );
    program.add_export(export::CLEAR_VALUES, NOTHING, emit_clear_values(cx, globals, load_defaults));
    inputs::add_exports(cx, program, globals, load_defaults, canonicalise, set_slots);
    watch::add_exports(globals, program);
    let (mut get_error, []) = Code::new([]);
    get_error.push(I::GlobalGet(globals.error));
    program.add_export(export::GET_ERROR, (&[], &[Ty::I64]), get_error);
}

/// Adds the function that makes the live chunk that of a fresh instance.
pub(crate) fn add_clear(cx: &Cx<'_>, program: &mut Program) -> u32 {
    program.add("clear", NOTHING, emit_clear(cx))
}

/// Every param has its default and no mark.
fn emit_load_defaults(cx: &Cx<'_>, globals: &Globals, defaults: u32) -> Code {
    let geometry = &cx.geometry;
    let (mut code, []) = Code::new([]);
    code.u32(geometry.values).i32(0).u32(geometry.n_params * WORD).push(I::MemoryInit { mem: 0, data_index: defaults });
    code.u32(geometry.marks).i32(0).u32(geometry.n_params).push(I::MemoryFill(0));
    set_flag(&mut code, globals.loaded, 1);
    set_flag(&mut code, globals.dirty, 1);
    code
}

/// The values that depend on params alone, params included, if anything may have changed.
fn add_prepare(
    cx: &Cx<'_>,
    program: &mut Program,
    globals: &Globals,
    load_defaults: Option<u32>,
    canonicalise: u32,
) -> u32 {
    let tail = cx.geometry.tail;
    let role = add_role(cx, program, globals, FuncRole::Prepare);
    let (mut code, []) = Code::new([]);
    code.push(I::GlobalGet(globals.dirty)).push(I::I32Eqz).push(I::If(BlockType::Empty)).push(I::Return).push(I::End);
    if let Some(load_defaults) = load_defaults {
        load_if_need_be(&mut code, globals, load_defaults);
    }
    if let Some(role) = role {
        code.push(I::Call(role));
    }
    if tail.len > 0 {
        code.u32(tail.offset).u32(tail.offset + tail.bytes()).push(I::Call(canonicalise)).push(I::Drop);
    }
    set_flag(&mut code, globals.dirty, 0);
    program.add("prepare_if_dirty", NOTHING, code)
}

/// The state at the start, unless a run has begun: nothing is evaluated yet.
fn emit_begin(cx: &Cx<'_>, globals: &Globals, prepare: u32, start: Option<u32>) -> Code {
    let time = &cx.module.time;
    let (mut code, []) = Code::new([]);
    return_if_set(&mut code, globals.initialised);
    let slots = [
        (abi::TIME_SLOT, time.start),
        (abi::DT_SLOT, time.dt),
        (abi::INITIAL_TIME_SLOT, time.start),
        (abi::FINAL_TIME_SLOT, time.stop),
    ];
    for (slot, value) in slots {
        code.i32(0).f64(value).store(slot * WORD);
    }
    code.push(I::Call(prepare));
    if let Some(start) = start {
        code.push(I::Call(start));
    }
    set_flag(&mut code, globals.initialised, 1);
    if cx.has_transports {
        push_transport_has_failed(&mut code, globals);
        code.push(I::If(BlockType::Empty)).push(I::Call(globals.clear)).push(I::End);
    }
    code
}

/// `run_initials()`
fn emit_run_initials(cx: &Cx<'_>, globals: &Globals, begin: u32, advance: u32) -> Code {
    let (mut code, []) = Code::new([]);
    return_if_set(&mut code, globals.initialised);
    code.push(I::Call(begin));
    if cx.has_transports {
        push_transport_has_failed(&mut code, globals);
        code.push(I::If(BlockType::Empty)).push(I::Return).push(I::End);
    }
    code.i64(-1).push(I::Call(advance));
    code
}

/// `run_to(target)`
fn emit_run_to(cx: &Cx<'_>, globals: &Globals, begin: u32, prepare: u32, advance: u32) -> Code {
    let (mut code, [target]) = Code::new([Ty::F64]);
    push_has_failed(&mut code, globals);
    code.push(I::If(BlockType::Empty)).push(I::Return).push(I::End);
    code.get(target).get(target).push(I::F64Ne).push(I::If(BlockType::Empty));
    code.i64(abi::ERROR_NAN_TARGET.into()).push(I::GlobalSet(globals.error)).push(I::Return).push(I::End);
    push_is_complete(cx, globals, &mut code);
    code.push(I::If(BlockType::Empty)).push(I::Return).push(I::End);
    code.push(I::Call(begin));
    if cx.has_transports {
        push_transport_has_failed(&mut code, globals);
        code.push(I::If(BlockType::Empty)).push(I::Return).push(I::End);
    }
    let limit = emit_limit(cx, &mut code, target);
    watch::emit_stop(globals, &mut code, limit);
    // Without a step that is due, the one before the next is the limit: the time at which the run rests is evaluated.
    let last = code.local(Ty::I64);
    code.push(I::GlobalGet(globals.step)).i64(1).push(I::I64Sub).tee(last).get(limit);
    code.get(last).get(limit).push(I::I64GtS).push(I::Select).set(limit);
    code.push(I::Call(prepare)).get(limit).push(I::Call(advance));
    code
}

/// The last step that is due at a target: `abi::steps_until`, rounded down.
fn emit_limit(cx: &Cx<'_>, code: &mut Code, target: Local) -> Local {
    let time = &cx.module.time;
    let limit = code.local(Ty::I64);
    code.get(target)
        .f64(time.start)
        .push(I::F64Sub)
        .f64(time.dt)
        .push(I::F64Div)
        .f64(abi::TIME_TOLERANCE)
        .push(I::F64Add);
    code.push(I::F64Floor).push(I::I64TruncSatF64S).set(limit);
    limit
}

/// The live chunk as a fresh instance has it: zeros and what has been set.
fn emit_clear(cx: &Cx<'_>) -> Code {
    let geometry = &cx.geometry;
    let (mut code, []) = Code::new([]);
    code.i32(0).i32(0).u32(geometry.row_bytes).push(I::MemoryFill(0));
    if let Some(settables) = &cx.layout.settables {
        code.u32(small(settables.settables)).push(I::Call(cx.imports.index_of(abi::SETTABLE_SHOW)));
    } else if geometry.params.len > 0 {
        let param = code.local(Ty::I32);
        code.i32(0).set(param).push(I::Loop(BlockType::Empty));
        code.get(param).push(I::I32Load8U(byte_at(geometry.marks))).push(I::If(BlockType::Empty));
        element(&mut code, param)
            .get(param)
            .u32(WORD)
            .push(I::I32Mul)
            .load(geometry.values)
            .store(geometry.params.offset);
        code.push(I::End);
        code.get(param).i32(1).push(I::I32Add).tee(param).u32(geometry.params.len);
        code.push(I::I32LtU).push(I::BrIf(0)).push(I::End);
    }
    code
}

/// Back to the start, but for what the live chunk shows.
fn emit_rewind(cx: &Cx<'_>, globals: &Globals) -> Code {
    let (mut code, []) = Code::new([]);
    set_flag(&mut code, globals.saved, 0);
    set_flag(&mut code, globals.initialised, 0);
    code.i64(0).push(I::GlobalSet(globals.step)).i64(0).push(I::GlobalSet(globals.error));
    watch::emit_reset(cx, globals, &mut code);
    code
}

/// `reset()`
fn emit_reset(globals: &Globals, rewind: u32) -> Code {
    let (mut code, []) = Code::new([]);
    code.push(I::Call(globals.clear));
    set_flag(&mut code, globals.dirty, 1);
    code.push(I::Call(rewind));
    code
}

/// `run()`: `reset`, and `run_to` the stop time. After a run that nothing has changed since, what follows from constants is there already,
/// and nobody sees the live chunk before a row is copied into it, so that it need not be cleared.
fn emit_run(cx: &Cx<'_>, globals: &Globals, [reset, rewind, run_to]: [u32; 3]) -> Code {
    let (mut code, []) = Code::new([]);
    if cx.has_transports || cx.layout.settables.is_some() || cx.geometry.n_graphs > 0 {
        code.push(I::Call(reset));
    } else {
        code.push(I::GlobalGet(globals.initialised)).push(I::GlobalGet(globals.dirty)).push(I::I32Eqz).push(I::I32And);
        code.push(I::If(BlockType::Empty)).push(I::Call(rewind));
        code.push(I::Else).push(I::Call(reset)).push(I::End);
    }
    code.f64(cx.module.time.stop).push(I::Call(run_to));
    code
}

/// `set_value(slot, value)`
fn emit_set_value(cx: &Cx<'_>, globals: &Globals, load_defaults: Option<u32>, set_slots: Option<u32>) -> Code {
    let geometry = &cx.geometry;
    let (mut code, [slot, value]) = Code::new([Ty::I32, Ty::F64]);
    let Some(load_defaults) = load_defaults else {
        code.i32(1);
        return code;
    };
    if let (Some(place), Some(set_slots)) = (&cx.layout.settables, set_slots) {
        let number = small(place.settables) + NUMBER_OFFSET;
        code.i32(0).get(value).store(number);
        code.get(slot).i32(1).u32(number).push(I::Call(set_slots));
        return code;
    }
    let param = code.local(Ty::I32);
    code.get(slot).u32(geometry.params.offset / WORD).push(I::I32Sub).tee(param).u32(geometry.params.len);
    code.push(I::I32GeU).push(I::If(BlockType::Empty)).i32(1).push(I::Return).push(I::End);
    load_if_need_be(&mut code, globals, load_defaults);
    code.get(value);
    emit_canonical(&mut code, value);
    code.set(value);
    element(&mut code, param).get(value).store(geometry.values);
    element(&mut code, param).get(value).store(geometry.params.offset);
    code.get(param).i32(1).push(I::I32Store8(byte_at(geometry.marks)));
    set_flag(&mut code, globals.dirty, 1);
    code.i32(0);
    code
}

/// `clear_values()`
fn emit_clear_values(cx: &Cx<'_>, globals: &Globals, load_defaults: Option<u32>) -> Code {
    let (mut code, []) = Code::new([]);
    if let Some(load_defaults) = load_defaults {
        code.push(I::Call(load_defaults));
    }
    if cx.geometry.n_graphs > 0 {
        code.u32(cx.geometry.graphs).u32(cx.geometry.n_graphs).push(I::Call(cx.imports.index_of(abi::GRAPH_CLEAR)));
        set_flag(&mut code, globals.dirty, 1);
    }
    code
}

/// Pushes how far a param's number is after the first one's.
fn element(code: &mut Code, param: Local) -> &mut Code {
    code.get(param).u32(WORD).push(I::I32Mul)
}

fn load_if_need_be(code: &mut Code, globals: &Globals, load_defaults: u32) {
    code.push(I::GlobalGet(globals.loaded)).push(I::I32Eqz).push(I::If(BlockType::Empty));
    code.push(I::Call(load_defaults)).push(I::End);
}

/// Pushes whether the last step has been evaluated.
fn push_is_complete(cx: &Cx<'_>, globals: &Globals, code: &mut Code) {
    if cx.geometry.ends_behind_rows {
        code.push(I::GlobalGet(globals.step)).i64(cx.geometry.last_step).push(I::I64GtS);
    } else {
        code.push(I::GlobalGet(globals.saved)).u32(cx.geometry.n_rows).push(I::I32Eq);
    }
}

/// Pushes whether the error word is set.
fn push_has_failed(code: &mut Code, globals: &Globals) {
    code.push(I::GlobalGet(globals.error)).i64(0).push(I::I64Ne);
}

/// Pushes whether a transport has set the error word: it is set, and not that of a NaN target.
fn push_transport_has_failed(code: &mut Code, globals: &Globals) {
    push_has_failed(code, globals);
    code.push(I::GlobalGet(globals.error)).i64(abi::ERROR_NAN_TARGET.into()).push(I::I64Ne).push(I::I32And);
}

fn return_if_set(code: &mut Code, flag: u32) {
    code.push(I::GlobalGet(flag)).push(I::If(BlockType::Empty)).push(I::Return).push(I::End);
}

fn set_flag(code: &mut Code, flag: u32, value: i32) {
    code.i32(value).push(I::GlobalSet(flag));
}

fn byte_at(offset: u32) -> MemArg {
    MemArg { offset: offset.into(), align: 0, memory_index: 0 }
}
