//! Events: what lies in memory for the kernel to look at, and the function that lets it look at a step.

use kernel::abi;
use kernel::event::{Action, ENTRY_BYTES, Entry, MEMORY_BYTES, Watch};
use simc_artifact::export;
use simc_midend::layout::WatchPlace;
use wasm_encoder::{BlockType, Instruction as I, MemArg};

use super::code::{Code, Local, Ty};
use super::geometry::{WORD, address, small};
use super::program::Program;
use super::{Cx, EventGlobals, Globals};

/// Where a [`Watch`] says how many events have fired.
const FIRED: u32 = 36;

/// Adds exports, data and the function, where the model has events.
pub(crate) fn add_events(cx: &Cx<'_>, program: &mut Program) -> Option<EventGlobals> {
    let place = cx.layout.watch.as_ref()?;
    program.export_constant(export::EVENTS_OFFSET, small(place.records));
    program.export_constant(export::EVENTS_CAPACITY, small(place.capacity));
    let (count, state) = (program.add_global(Ty::I32, 0), program.add_global(Ty::I32, 0));
    let pauses = program.add_global(Ty::I32, 0);
    program.export_global(export::EVENT_COUNT, count);
    program.export_global(export::RUN_STATE, state);
    program.add_data(small(place.watch), encode(cx, place));
    let (mut code, [step]) = Code::new([Ty::I64]);
    let action = code.local(Ty::I32);
    code.u32(small(place.watch)).get(step).push(I::Call(cx.imports.index_of(abi::WATCH_LOOK))).set(action);
    code.i32(0).push(I::I32Load(MemArg { offset: place.watch + u64::from(FIRED), align: 2, memory_index: 0 }));
    code.push(I::GlobalSet(count));
    // No host has asked for a pause, or after the last step there is none left to pause before.
    code.get(step).push(I::I64Const(cx.geometry.last_step)).push(I::I64Eq);
    code.push(I::GlobalGet(pauses)).push(I::I32Eqz).push(I::I32Or);
    code.get(action)
        .i32(1)
        .push(I::I32Eq)
        .push(I::I32And)
        .push(I::If(BlockType::Empty))
        .i32(0)
        .set(action)
        .push(I::End);
    code.get(action).push(I::GlobalSet(state)).get(action);
    let look = program.add("look", (&[Ty::I64], &[Ty::I32]), code);
    Some(EventGlobals { count, state, pauses, look })
}

/// What is known of thresholds and events; memories follow as zeros.
fn encode(cx: &Cx<'_>, place: &WatchPlace) -> Vec<u8> {
    let time = &cx.module.time;
    let watch = Watch {
        start: time.start,
        dt: time.dt,
        entries: small(place.entries),
        n_entries: small(cx.module.thresholds.len() as u64),
        actions: small(place.actions),
        records: small(place.records),
        capacity: small(place.capacity),
        fired: 0,
        unused: 0,
    };
    let mut bytes: Vec<u8> = [watch.start, watch.dt].into_iter().flat_map(f64::to_le_bytes).collect();
    bytes.extend(watch.words().into_iter().flat_map(u32::to_le_bytes));
    let (mut memories, mut first_event) = (small(place.memories), 0);
    for data in cx.module.thresholds.values() {
        let threshold = data.in_kernel();
        let entry = Entry {
            numbers: address(cx.layout, data.slot) + data.first * WORD,
            n: data.n,
            memories,
            first_element: data.first,
            first_event,
            ..Entry::new(&threshold)
        };
        bytes.extend(entry.value.to_le_bytes());
        bytes.extend(entry.words().into_iter().flat_map(u32::to_le_bytes));
        memories += data.n * MEMORY_BYTES;
        first_event += threshold.n_events;
    }
    debug_assert_eq!(bytes.len(), watch.words().len() * 4 + 16 + cx.module.thresholds.len() * ENTRY_BYTES as usize);
    let actions = cx.module.thresholds.values().flat_map(|data| &data.actions);
    bytes.extend(actions.map(|action| match action {
        Action::Message => 0,
        Action::Pause => 1,
        Action::Stop => 2,
    }));
    bytes
}

/// Looks at a step that has been evaluated; pushes whether an event ends the call of `run_to`.
pub(crate) fn push_look(code: &mut Code, events: EventGlobals, push_step: impl FnOnce(&mut Code)) {
    push_step(code);
    code.push(I::Call(events.look));
}

/// Forgets what a run has left over.
pub(crate) fn emit_reset(cx: &Cx<'_>, globals: &Globals, code: &mut Code) {
    let (Some(events), Some(place)) = (globals.events, &cx.layout.watch) else { return };
    code.u32(small(place.watch)).push(I::Call(cx.imports.index_of(abi::WATCH_RESET)));
    code.i32(0).push(I::GlobalSet(events.count)).i32(0).push(I::GlobalSet(events.state));
}

/// Lets no further step be due when an event has stopped the run.
pub(crate) fn emit_stop(globals: &Globals, code: &mut Code, limit: Local) {
    let Some(events) = globals.events else { return };
    code.i64(-1).get(limit).push(I::GlobalGet(events.state)).i32(2).push(I::I32Eq).push(I::Select).set(limit);
}

/// `pause_on_events(on)`
pub(crate) fn add_exports(globals: &Globals, program: &mut Program) {
    let Some(events) = globals.events else { return };
    let (mut code, [on]) = Code::new([Ty::I32]);
    code.get(on).i32(0).push(I::I32Ne).push(I::GlobalSet(events.pauses));
    program.add_export(export::PAUSE_ON_EVENTS, (&[Ty::I32], &[]), code);
}

/// Lets the limit of a call be the step in the global, when a look at that step says so.
pub(crate) fn emit_look_in_memory(globals: &Globals, code: &mut Code, limit: Local) {
    let Some(events) = globals.events else { return };
    push_look(code, events, |code| _ = code.push(I::GlobalGet(globals.step)));
    code.push(I::If(BlockType::Empty)).push(I::GlobalGet(globals.step)).set(limit).push(I::End);
}
