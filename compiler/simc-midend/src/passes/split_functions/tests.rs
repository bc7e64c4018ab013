use simc_ir::builder::Builder;
use simc_ir::entity::{Slot, Value};
use simc_ir::interp::Instance;
use simc_ir::module::{FuncRole, Method, ParamData, SlotData, SlotRole, TimeSpec};
use simc_ir::opcode::{Immediate, Opcode};
use simc_ir::verify::verify;

use super::body::Access;
use super::*;
use crate::analysis::cost;

/// So small that the functions of these tests fall apart.
const TINY: FuncLimits = FuncLimits { bytes: 150, live: 4 };

/// Stocks in a row, the outflow of one being the inflow of the next one; in a ring if the last one flows into the first.
/// Half of the constants are derived.
fn stocks(n: u32, method: Method, is_ring: bool) -> Module {
    let time = TimeSpec { start: 0.0, stop: 5.0, dt: 0.5, n_steps: 10, save_every: 2, method };
    let mut module = Module { time, ..Module::default() };
    let mut slots = |role, n: u32| -> Vec<Slot> {
        (0..n).map(|at| module.slots.push(SlotData { name: format!("{at}"), axes: Vec::new(), role })).collect()
    };
    slots(SlotRole::Time, 1);
    slots(SlotRole::Dt, 1);
    slots(SlotRole::StartTime, 1);
    slots(SlotRole::StopTime, 1);
    let (stocks, flows) = (slots(SlotRole::Stock, n), slots(SlotRole::Output, n));
    let (derived, settable) = (slots(SlotRole::Run, n), slots(SlotRole::Run, n));
    for (number, &slot) in (1_u32..).zip(&settable) {
        module.params.push(ParamData {
            name: String::new(),
            slot,
            defaults: vec![f64::from(number) / 8.0],
            through: None,
        });
    }
    add_prepare(&mut module, &derived, &settable);
    add_start(&mut module, &stocks, &settable);
    for role in [FuncRole::Row, FuncRole::Step, FuncRole::Stage] {
        if role != FuncRole::Stage || method != Method::Euler {
            add_flows(&mut module, role, [&stocks, &flows, &derived], is_ring);
        }
    }
    verify(&module).unwrap_or_else(|errors| panic!("{errors}"));
    module
}

fn add_prepare(module: &mut Module, derived: &[Slot], settable: &[Slot]) {
    let mut func = FuncData::new(FuncRole::Prepare);
    let mut b = Builder::new(module, &mut func);
    let params: Vec<_> = module.params.keys().collect();
    let values: Vec<Value> = params.iter().map(|&param| b.param(param, &[])).collect();
    for (&slot, &value) in settable.iter().zip(&values) {
        b.write(Opcode::Store, slot, &[value]);
    }
    let mut sum = values[0];
    for (&slot, &value) in derived.iter().zip(&values) {
        sum = b.op(Opcode::Fadd, &[sum, value]);
        b.write(Opcode::Store, slot, &[sum]);
    }
    module.funcs.push(func);
}

fn add_start(module: &mut Module, stocks: &[Slot], settable: &[Slot]) {
    let mut func = FuncData::new(FuncRole::Start);
    let mut b = Builder::new(module, &mut func);
    for (&stock, &settable) in stocks.iter().zip(settable) {
        let value = b.load(settable, &[]);
        b.write(Opcode::Store, stock, &[value]);
    }
    module.funcs.push(func);
}

fn add_flows(module: &mut Module, role: FuncRole, [stocks, flows, derived]: [&[Slot]; 3], is_ring: bool) {
    let mut func = FuncData::new(role);
    let mut b = Builder::new(module, &mut func);
    let mut values = Vec::new();
    for ((&stock, &flow), &derived) in stocks.iter().zip(flows).zip(derived) {
        let (level, factor) = (b.load(stock, &[]), b.load(derived, &[]));
        let product = b.op(Opcode::Fmul, &[level, factor]);
        let is_large = b.op(Opcode::Fgt, &[product, factor]);
        let value = b.op(Opcode::Select, &[is_large, product, level]);
        if role == FuncRole::Row {
            b.write(Opcode::Out, flow, &[value]);
        }
        values.push((value, is_large, level));
    }
    for (at, &stock) in stocks.iter().enumerate() {
        let (outflow, is_large, _) = values[at];
        // The flow and the stock before: a load of a stock that has been advanced by now.
        let before = if at > 0 || !is_ring { at.saturating_sub(1) } else { stocks.len() - 1 };
        let (inflow, _, level) = values[before];
        let net = b.op(Opcode::Fsub, &[inflow, outflow]);
        let net = b.op(Opcode::Select, &[is_large, net, level]);
        b.write(Opcode::Rate, stock, &[net]);
    }
    module.funcs.push(func);
}

fn bits(module: &Module) -> Vec<u64> {
    let mut instance = Instance::new(module).expect("the module is small");
    instance.set_value(i32::try_from(instance.n_slots()).expect("few slots") - 1, 0.75);
    instance.run();
    instance.rows().iter().chain(instance.live()).map(|x| x.to_bits()).collect()
}

#[test]
fn parts_compute_what_the_whole_does() {
    for method in [Method::Euler, Method::Rk2, Method::Rk4] {
        let whole = stocks(12, method, true);
        let mut parts = whole.clone();
        assert!(split(&mut parts, TINY));
        verify(&parts).unwrap_or_else(|errors| panic!("{errors}"));
        for role in [FuncRole::Prepare, FuncRole::Start, FuncRole::Row, FuncRole::Step] {
            assert!(parts.parts(role).count() > 1, "{} has parts", role.name());
        }
        assert_eq!(bits(&whole), bits(&parts));
    }
}

#[test]
fn every_part_keeps_the_limits() {
    let limits = FuncLimits { bytes: 400, live: 6 };
    let mut module = stocks(100, Method::Euler, true);
    split(&mut module, limits);
    for func in module.funcs.values() {
        let body = Body::new(func);
        let bytes: u32 = body.items.iter().map(|item| item.bytes).sum();
        assert!(bytes <= limits.bytes, "{bytes}");
    }
}

#[test]
fn small_functions_stay_as_they_are() {
    let mut module = stocks(3, Method::Euler, true);
    let before = module.funcs.len();
    assert!(!split(&mut module, FuncLimits::default()));
    assert_eq!(module.funcs.len(), before);
}

#[test]
fn only_a_few_values_pass_at_each_cut() {
    let mut module = stocks(200, Method::Euler, false);
    split(&mut module, FuncLimits { bytes: 1000, live: 50 });
    let spills = module.slots.values().filter(|slot| slot.role == SlotRole::Spill).count();
    let cuts = module.parts(FuncRole::Row).count() - 1;
    // Two flows, two conditions: at most what the stock at the cut shares with its neighbours.
    assert!(cuts > 20 && spills <= 4 * cuts, "{spills} for {cuts} cuts");
}

#[test]
fn a_single_instruction_beyond_the_limits_stays_alone() {
    let mut module = stocks(3, Method::Euler, true);
    let whole = bits(&module);
    split(&mut module, FuncLimits { bytes: 1, live: 0 });
    verify(&module).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(bits(&module), whole);
}

/// Bytes and values alive of some items as a part: their code, what is read of earlier parts, what is written for later ones.
fn size_of(func: &FuncData, body: &Body, first: usize, last: usize) -> (u32, u32) {
    let items = &body.items[first..=last];
    let made: Vec<Value> = items.iter().filter_map(|item| item.result).collect();
    let mut met = made.clone();
    let mut bytes: u32 = items.iter().map(|item| item.bytes).sum();
    for &value in items.iter().flat_map(|item| body.uses_of(item)) {
        if !met.contains(&value) {
            met.push(value);
            bytes += cost::spill_bytes(func.values[value].ty);
        }
    }
    let is_needed = |value: Value| body.items[last + 1..].iter().any(|item| body.uses_of(item).contains(&value));
    let saved = made.iter().filter(|&&value| is_needed(value) && body.access(func, value) == Access::Spill);
    bytes += saved.map(|&value| cost::spill_bytes(func.values[value].ty)).sum::<u32>();
    (bytes, u32::try_from(met.into_iter().filter(|&value| is_needed(value)).count()).expect("few"))
}

/// Each part ends where one more item would be too much, found by adding up every beginning anew.
#[test]
fn cuts_are_as_late_as_the_limits_allow() {
    for is_ring in [false, true] {
        let module = stocks(6, Method::Rk4, is_ring);
        for func in module.funcs.values() {
            let body = Body::new(func);
            let all = size_of(func, &body, 0, body.items.len() - 1);
            assert_eq!(all.1, 0, "nothing is needed after the end");
            for limits in
                (20..all.0 + 20).step_by(7).flat_map(|bytes| [2, 4, 9, 99].map(|live| FuncLimits { bytes, live }))
            {
                let mut expected = vec![0_u32];
                let mut first = 0;
                for at in 1..body.items.len() {
                    let (bytes, live) = size_of(func, &body, first, at);
                    let is_too_much = bytes > limits.bytes || live > limits.live;
                    if is_too_much {
                        first = at;
                    }
                    expected.push(expected[at - 1] + u32::from(is_too_much));
                }
                let found = cuts::find(func, &body, limits);
                assert_eq!(found.of, expected, "{limits:?}");
                assert_eq!(found.count, expected.last().expect("an item") + 1);
            }
            assert_eq!(cuts::find(func, &body, FuncLimits { bytes: u32::MAX, live: 1000 }).count, 1);
        }
    }
}

/// The items of a function, each by its opcode and slot.
fn shown(func: &FuncData) -> Vec<String> {
    let insts = func.blocks[func.entry].insts.iter().map(|&inst| &func.insts[inst]);
    let slot =
        |data: &simc_ir::func::InstData| data.immediate.as_slot().map_or(String::new(), |slot| format!(" {slot}"));
    insts.map(|data| format!("{}{}", data.opcode.name(), slot(data))).collect()
}

/// The order of a `row` function with three outputs, stocks and spills each, which lie from slot 4, 7 and 10 on.
fn order_of(fill: impl FnOnce(&mut Builder<'_>, [Slot; 3], [Slot; 3], [Slot; 3])) -> Vec<String> {
    let mut module = Module::default();
    for role in [SlotRole::Time, SlotRole::Dt, SlotRole::StartTime, SlotRole::StopTime] {
        module.slots.push(SlotData { name: String::new(), axes: Vec::new(), role });
    }
    let mut slots = |role| -> [Slot; 3] {
        [0; 3].map(|_| module.slots.push(SlotData { name: String::new(), axes: Vec::new(), role }))
    };
    let (outputs, stocks, spills) = (slots(SlotRole::Output), slots(SlotRole::Stock), slots(SlotRole::Spill));
    let mut func = FuncData::new(FuncRole::Row);
    fill(&mut Builder::new(&module, &mut func), outputs, stocks, spills);
    let body = Body::new(&func);
    shown(&reorder::reorder(&module, &func, &body))
}

#[test]
fn a_write_goes_behind_what_it_needs() {
    // Two outputs of numbers of their own, and then of a number that both share.
    let order = order_of(|b, [first, second, third], _, _| {
        let time = b.value(Opcode::Time, &[], Immediate::None);
        let (one, two) = (b.fconst(1.0), b.fconst(2.0));
        let sum = b.op(Opcode::Fadd, &[time, one]);
        let product = b.op(Opcode::Fmul, &[time, two]);
        b.write(Opcode::Out, first, &[product]);
        b.write(Opcode::Out, second, &[sum]);
        b.write(Opcode::Out, third, &[time]);
    });
    assert_eq!(order, ["time", "out s6", "fconst", "fmul", "out s4", "fconst", "fadd", "out s5"].map(str::to_owned));
}

#[test]
fn an_advance_waits_for_all_that_read_the_slot() {
    let order = order_of(|b, [output, ..], [stock, other, _], _| {
        let rate = b.value(Opcode::Time, &[], Immediate::None);
        let level = b.load(other, &[]);
        let read = b.load(stock, &[]);
        let sum = b.op(Opcode::Fadd, &[level, read]);
        b.write(Opcode::Out, output, &[sum]);
        b.write(Opcode::Rate, stock, &[rate]);
    });
    let place = |text: &str| order.iter().position(|item| item == text).expect("it is there");
    assert!(place("rate s7") > place("fadd") && place("fadd") > place("load s7"), "{order:?}");
}

#[test]
fn a_load_stays_behind_the_store_of_its_slot() {
    let order = order_of(|b, [output, ..], _, [spill, ..]| {
        let time = b.value(Opcode::Time, &[], Immediate::None);
        let square = b.op(Opcode::Fmul, &[time, time]);
        b.write(Opcode::Store, spill, &[square]);
        let back = b.load(spill, &[]);
        b.write(Opcode::Out, output, &[back]);
    });
    assert_eq!(order, ["time", "fmul", "store s10", "load s10", "out s4"].map(str::to_owned));
}
