use simc_ir::module::{Method, ParamData, SlotData, SlotRole, TableData, TableKind, TimeSpec};

use super::*;

/// Two stocks, an output, a constant, and one hidden slot of each kind.
fn module(method: Method) -> Module {
    let time = TimeSpec { start: 0.0, stop: 10.0, dt: 1.0, n_steps: 10, save_every: 2, method };
    let mut module = Module { time, ..Module::default() };
    let roles = [
        SlotRole::Time,
        SlotRole::Dt,
        SlotRole::StartTime,
        SlotRole::StopTime,
        SlotRole::Stock,
        SlotRole::Stock,
        SlotRole::Output,
        SlotRole::Run,
        SlotRole::Ring { capacity: 5 },
        SlotRole::Level,
        SlotRole::Held,
        SlotRole::Level,
    ];
    for (number, role) in roles.into_iter().enumerate() {
        module.slots.push(SlotData { name: format!("slot {number}"), axes: Vec::new(), role });
    }
    module.params.push(ParamData {
        name: "slot 7".to_owned(),
        slot: Slot::from_u32(7),
        defaults: vec![1.0],
        through: None,
    });
    module.tables.push(TableData::single("table".to_owned(), TableKind::Continuous, vec![0.0, 1.0], vec![0.0, 1.0]));
    module
}

fn laid_out(module: &Module) -> Layout {
    layout(module, Symbols::default(), ADDRESSABLE).expect("the module is small")
}

#[test]
fn visible_slots_are_the_row_at_the_beginning_of_memory() {
    let layout = laid_out(&module(Method::Euler));
    for slot in 0..8 {
        assert_eq!(layout.slots[Slot::from_u32(slot)], 8 * u64::from(slot));
    }
    assert_eq!((layout.n_slots, layout.n_rows, layout.first_param_slot, layout.n_params), (8, 6, 7, 1));
}

#[test]
fn hidden_levels_lie_side_by_side_whatever_their_slots_numbers() {
    let layout = laid_out(&module(Method::Euler));
    assert_eq!(layout.slots[Slot::from_u32(9)], layout.levels_offset);
    assert_eq!(layout.slots[Slot::from_u32(11)], layout.levels_offset + 8);
    assert_eq!((layout.n_levels, layout.n_stocks), (4, 2));
}

#[test]
fn regions_follow_one_another_without_overlap() {
    for method in [Method::Euler, Method::Rk2, Method::Rk4] {
        let layout = laid_out(&module(method));
        for pair in layout.regions.windows(2) {
            assert!(pair[0].offset + pair[0].bytes <= pair[1].offset, "{pair:?}");
            assert_eq!(pair[1].offset % 16, 0);
        }
        let last = layout.regions.last().expect("results are always there");
        assert_eq!((last.name, last.bytes), ("results", 6 * 8 * 8));
        assert!(last.offset + last.bytes <= layout.end && layout.end.is_multiple_of(16));
    }
}

#[test]
fn a_ring_has_room_for_its_bookkeeping() {
    let layout = laid_out(&module(Method::Euler));
    let rings = layout.regions.iter().find(|region| region.name == "pipelines").expect("all regions are named");
    assert_eq!(rings.bytes, (2 + 5) * 8);
}

#[test]
fn only_runge_kutta_has_stages() {
    let bytes =
        |method| laid_out(&module(method)).regions.iter().find(|r| r.name == "stages of a step").map(|r| r.bytes);
    assert_eq!(bytes(Method::Euler), Some(0));
    assert_eq!(bytes(Method::Rk2), Some(3 * 4 * 8));
    assert_eq!(bytes(Method::Rk4), Some(3 * 4 * 8));
}

#[test]
fn too_many_rows_are_refused_and_named_without_overflow() {
    let mut module = module(Method::Euler);
    module.time.n_steps = u64::MAX - 1;
    module.time.save_every = 1;
    let error = layout(&module, Symbols::default(), u64::MAX).expect_err("no memory holds this");
    assert_eq!(error.regions[0], ("results", u128::from(u64::MAX) * 64));
    assert_eq!(error.max_memory, ADDRESSABLE);
}

#[test]
fn the_variable_with_the_longest_pipeline_is_named() {
    let mut module = module(Method::Euler);
    module.slots[Slot::from_u32(8)].role = SlotRole::Ring { capacity: u32::MAX };
    let error = layout(&module, Symbols::default(), 1 << 20).expect_err("a mebibyte is too little");
    assert_eq!(error.largest[0].0, "slot 8");
    assert!(error.to_string().contains("slot 8"), "{error}");
}

#[test]
fn the_limit_itself_is_enough() {
    let module = module(Method::Rk4);
    let end = laid_out(&module).end;
    assert!(layout(&module, Symbols::default(), end).is_ok());
    assert!(layout(&module, Symbols::default(), end - 1).is_err());
}
