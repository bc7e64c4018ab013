//! The plain form: roles are called, everything is in memory.

use simc_ir::module::FuncRole;
use wasm_encoder::{BlockType, Instruction as I};

use crate::emit::code::{Code, Local, Ty};
use crate::emit::geometry::{Span, WORD};
use crate::emit::integrate::{emit_stage_in_memory, level_ranges};
use crate::emit::nan::emit_look_over;
use crate::emit::program::Program;
use crate::emit::roles::add_role;
use crate::emit::{Cx, Globals, watch};

/// What the loop calls.
struct Roles {
    row: Option<u32>,
    step: Option<u32>,
    stage: Option<u32>,
    commit: Option<u32>,
}

/// Locals of the call.
#[derive(Clone, Copy)]
struct Call {
    /// i32: whether the step is not due.
    rests: Local,
    /// i64: the last step that is due.
    limit: Local,
    /// i32: rows that were there before.
    first: Local,
}

/// Emits `advance` and adds what it calls.
pub(super) fn emit(cx: &Cx<'_>, program: &mut Program, globals: &Globals, canonicalise: u32) -> Code {
    let every_step_is_saved = cx.geometry.save_every == 1;
    let mut add = |role| add_role(cx, program, globals, role);
    let roles = Roles {
        row: add(FuncRole::Row),
        step: if every_step_is_saved { None } else { add(FuncRole::Step) },
        stage: add(FuncRole::Stage),
        commit: add(FuncRole::Commit),
    };
    let (mut code, [limit]) = Code::new([Ty::I64]);
    let (rests, first) = (code.local(Ty::I32), code.local(Ty::I32));
    let this = Call { rests, limit, first };
    code.push(I::GlobalGet(globals.saved)).set(first);
    code.push(I::Loop(BlockType::Empty));
    code.push(I::GlobalGet(globals.step)).get(limit).push(I::I64GtS).set(rests);
    if every_step_is_saved {
        emit_row(cx, globals, &mut code, this, roles.row, canonicalise);
    } else {
        code.get(rests).push(I::GlobalGet(globals.step));
        code.push(I::GlobalGet(globals.saved)).push(I::I64ExtendI32U).i64(cx.geometry.save_every).push(I::I64Mul);
        code.push(I::I64Eq).push(I::I32Or).push(I::If(BlockType::Empty));
        emit_row(cx, globals, &mut code, this, roles.row, canonicalise);
        code.push(I::Else);
        call(&mut code, roles.step);
        watch::emit_look_in_memory(globals, &mut code, limit);
        if cx.geometry.ends_behind_rows {
            emit_end_behind_rows(cx, globals, &mut code, first);
        }
        code.push(I::End);
    }
    emit_stages(cx, globals, &mut code, &roles);
    emit_next_step(cx, globals, &mut code);
    if cx.has_transports {
        emit_failure(cx, globals, &mut code, first);
    }
    code.push(I::Br(0)).push(I::End);
    code
}

/// Evaluates into a row or, at rest, into the live chunk; returns if that was all.
fn emit_row(
    cx: &Cx<'_>,
    globals: &Globals,
    code: &mut Code,
    Call { rests, limit, first }: Call,
    role: Option<u32>,
    canonicalise: u32,
) {
    let geometry = &cx.geometry;
    let row = code.local(Ty::I32);
    let goes_on = code.local(Ty::I32);
    code.i32(0).set(row).i32(0).set(goes_on);
    code.get(rests).push(I::I32Eqz).push(I::If(BlockType::Empty));
    code.push(I::GlobalGet(globals.saved))
        .u32(geometry.row_bytes)
        .push(I::I32Mul)
        .u32(geometry.results)
        .push(I::I32Add)
        .set(row);
    copy_to_row(code, row, Span { offset: 0, len: (geometry.stocks.offset + geometry.stocks.bytes()) / WORD });
    copy_to_row(code, row, geometry.tail);
    code.push(I::GlobalGet(globals.saved)).i32(1).push(I::I32Add).push(I::GlobalSet(globals.saved));
    if geometry.ends_behind_rows {
        code.i32(1);
    } else {
        code.push(I::GlobalGet(globals.saved)).u32(geometry.n_rows).push(I::I32LtU);
    }
    code.set(goes_on).push(I::End);
    if let Some(role) = role {
        code.get(row).get(goes_on).push(I::Call(role));
    }
    if globals.events.is_some() {
        code.get(rests).push(I::I32Eqz).push(I::If(BlockType::Empty));
        watch::emit_look_in_memory(globals, code, limit);
        code.push(I::End);
    }
    code.get(goes_on).push(I::I32Eqz).push(I::If(BlockType::Empty));
    emit_look_over(cx, code, row, canonicalise);
    code.i32(0).get(row).u32(geometry.row_bytes).push(I::MemoryCopy { src_mem: 0, dst_mem: 0 });
    emit_canonical_rows(globals, code, first);
    code.push(I::Return).push(I::End);
    code.release(row);
    code.release(goes_on);
}

/// Returns if a transport has raised the error word. The step that has failed, before the one at which the instance is, leaves no row; the
/// live chunk shows the last one before it, or what it is without any.
fn emit_failure(cx: &Cx<'_>, globals: &Globals, code: &mut Code, first: Local) {
    code.push(I::GlobalGet(globals.error)).i64(0).push(I::I64Ne).push(I::If(BlockType::Empty));
    code.push(I::GlobalGet(globals.step)).i64(cx.geometry.save_every - 2).push(I::I64Add);
    code.i64(cx.geometry.save_every).push(I::I64DivU).push(I::I32WrapI64).push(I::GlobalSet(globals.saved));
    code.push(I::GlobalGet(globals.saved)).push(I::I32Eqz).push(I::If(BlockType::Empty));
    code.push(I::Call(globals.clear)).push(I::Return).push(I::End);
    emit_canonical_rows(globals, code, first);
    emit_last_row(cx, globals, code);
    code.push(I::Return).push(I::End);
}

/// Returns if the step was the last one: nothing is left but to show the last row.
fn emit_end_behind_rows(cx: &Cx<'_>, globals: &Globals, code: &mut Code, first: Local) {
    code.push(I::GlobalGet(globals.step)).i64(cx.geometry.last_step).push(I::I64Eq).push(I::If(BlockType::Empty));
    code.i64(cx.geometry.last_step + 1).push(I::GlobalSet(globals.step));
    emit_canonical_rows(globals, code, first);
    emit_last_row(cx, globals, code);
    code.push(I::Return).push(I::End);
}

/// Makes NaN canonical in the rows that this call has saved, and forgets that there was one.
fn emit_canonical_rows(globals: &Globals, code: &mut Code, first: Local) {
    code.get(first).push(I::GlobalGet(globals.has_nan)).push(I::Call(globals.canonicalise_rows));
    code.i32(0).push(I::GlobalSet(globals.has_nan));
}

/// Shows the last row in the live chunk. One has been saved at least at the start.
fn emit_last_row(cx: &Cx<'_>, globals: &Globals, code: &mut Code) {
    let geometry = &cx.geometry;
    code.i32(0).push(I::GlobalGet(globals.saved)).i32(1).push(I::I32Sub).u32(geometry.row_bytes).push(I::I32Mul);
    code.u32(geometry.results).push(I::I32Add).u32(geometry.row_bytes);
    code.push(I::MemoryCopy { src_mem: 0, dst_mem: 0 });
}

/// No more numbers than that are copied one by one: to copy a range engines call a function.
const MAX_COPIED_SINGLY: u32 = 8;

/// Copies a part of the live chunk into the row.
fn copy_to_row(code: &mut Code, row: Local, span: Span) {
    if span.len <= MAX_COPIED_SINGLY {
        for number in 0..span.len {
            let offset = span.offset + number * WORD;
            code.get(row).i32(0).load(offset).store(offset);
        }
    } else {
        code.get(row).u32(span.offset).push(I::I32Add).u32(span.offset).u32(span.bytes());
        code.push(I::MemoryCopy { src_mem: 0, dst_mem: 0 });
    }
}

/// What Runge-Kutta methods do after the first evaluation.
fn emit_stages(cx: &Cx<'_>, globals: &Globals, code: &mut Code, roles: &Roles) {
    let ranges = level_ranges(cx.module, cx.layout, |_| true);
    for (position, stage) in cx.stages.iter().enumerate() {
        if position > 0 {
            code.i32(0)
                .load(kernel::abi::TIME_SLOT * WORD)
                .f64(stage.offset)
                .push(I::F64Add)
                .push(I::GlobalSet(globals.stage_time));
            call(code, roles.stage);
        }
        emit_stage_in_memory(code, &cx.geometry, &ranges, stage.action, cx.simd);
    }
    call(code, roles.commit);
}

/// `step = step + 1`, and its time.
fn emit_next_step(cx: &Cx<'_>, globals: &Globals, code: &mut Code) {
    let time = &cx.module.time;
    code.push(I::GlobalGet(globals.step)).i64(1).push(I::I64Add).push(I::GlobalSet(globals.step));
    code.i32(0).f64(time.start).push(I::GlobalGet(globals.step)).push(I::F64ConvertI64S).f64(time.dt);
    code.push(I::F64Mul).push(I::F64Add).store(kernel::abi::TIME_SLOT * WORD);
}

fn call(code: &mut Code, role: Option<u32>) {
    if let Some(role) = role {
        code.push(I::Call(role));
    }
}
