use kernel::event::{Action, Direction, Repeat};
use simc_ir::builder::Builder;
use simc_ir::func::FuncData;
use simc_ir::module::{
    AxisData, Curve, FuncRole, GraphData, Method, ParamData, SlotData, SlotRole, TableData, TableKind, ThresholdData,
    TimeSpec,
};
use simc_ir::opcode::Opcode;

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
    layout(module, Symbols::default(), ADDRESSABLE, true).expect("the module is small")
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

/// Looks table 0 up in a row, at the time.
fn look_up(module: &mut Module) {
    let mut row = FuncData::new(FuncRole::Row);
    let mut b = Builder::new(module, &mut row);
    let time = b.op(Opcode::Time, &[]);
    let value = b.lookup(Table::from_u32(0), time, &[]);
    b.write(Opcode::Out, Slot::from_u32(6), &[value]);
    module.funcs.push(row);
}

#[test]
fn what_is_looked_up_in_rows_is_open_and_has_a_place_unless_bytes_count() {
    let table = Table::from_u32(0);
    let mut module = module(Method::Euler);
    let plain = laid_out(&module);
    assert!(plain.open.is_empty() && plain.regions.iter().all(|region| region.name != "places of lookups"));
    look_up(&mut module);
    let layout = laid_out(&module);
    let of = |name: &str| layout.regions.iter().find(|region| region.name == name).map(|region| region.bytes);
    assert!(layout.open.contains(table));
    assert_eq!((of("lookup tables"), of("places of lookups")), (Some(8 * (1 + 2 * 3 + 1)), Some(2)));
    let compact = super::layout(&module, Symbols::default(), ADDRESSABLE, false).expect("the module is small");
    assert!(compact.open.is_empty() && compact.places.values().all(|places| places.is_empty()));
}

#[test]
fn a_curve_that_adding_a_zero_changes_is_not_open() {
    for (xs, ys) in [
        ([0.0, 1.0], [-0.0, 2.0]),
        ([0.0, 1e-300], [0.0, 1e300]),
        ([0.0, 0.0], [0.0, 1.0]),
        ([0.0, 1e300], [0.0, 1.0]),
        ([0.0, f64::INFINITY], [0.0, 1.0]),
    ] {
        let mut module = module(Method::Euler);
        look_up(&mut module);
        assert!(!laid_out(&module).open.is_empty());
        module.tables[Table::from_u32(0)].curves[0] = Curve { xs: xs.to_vec(), ys: ys.to_vec() };
        assert!(laid_out(&module).open.is_empty(), "{xs:?} {ys:?}");
    }
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
    let error = layout(&module, Symbols::default(), u64::MAX, true).expect_err("no memory holds this");
    assert_eq!(error.regions[0], ("results", u128::from(u64::MAX) * 64));
    assert_eq!(error.max_memory, ADDRESSABLE);
}

#[test]
fn the_variable_with_the_longest_pipeline_is_named() {
    let mut module = module(Method::Euler);
    module.slots[Slot::from_u32(8)].role = SlotRole::Ring { capacity: u32::MAX };
    let error = layout(&module, Symbols::default(), 1 << 20, true).expect_err("a mebibyte is too little");
    assert_eq!(error.largest[0].0, "slot 8");
    assert!(error.to_string().contains("slot 8"), "{error}");
}

#[test]
fn the_limit_itself_is_enough() {
    let module = module(Method::Rk4);
    let end = laid_out(&module).end;
    assert!(layout(&module, Symbols::default(), end, true).is_ok());
    assert!(layout(&module, Symbols::default(), end - 1, true).is_err());
}

/// A module with arrays, a constant that is set through a stock, graphical functions that a host may change, and thresholds.
fn full() -> Module {
    let mut module = module(Method::Rk4);
    let axis = module.axes.push(AxisData { name: String::new(), size: 3 });
    let hidden = [
        SlotRole::Pending,
        SlotRole::Hoisted,
        SlotRole::Spill,
        SlotRole::Carry,
        SlotRole::Watched,
        SlotRole::Transport { words: 20 },
    ];
    for role in hidden {
        module.slots.push(SlotData { name: String::new(), axes: vec![axis], role });
    }
    let curve = |n: usize| Curve { xs: (0..n).map(|x| x as f64).collect(), ys: vec![1.0; n] };
    let graph = |n: usize, capacity: u32| GraphData {
        name: String::new(),
        kind: TableKind::Continuous,
        capacity,
        curve: curve(n),
    };
    let own = module.graphs.push(graph(3, 8));
    module.graphs.push(graph(2, 5));
    let table = |axes: Vec<_>, curves, graphs| TableData {
        axes,
        curves,
        graphs,
        ..TableData::single(String::new(), TableKind::Continuous, Vec::new(), Vec::new())
    };
    module.tables.push(table(vec![axis], vec![curve(2), curve(3), curve(4)], Vec::new()));
    module.tables.push(table(vec![axis], vec![curve(2); 3], vec![own; 3]));
    for (n, n_actions) in [(3, 2), (1, 1)] {
        module.thresholds.push(ThresholdData {
            name: String::new(),
            slot: Slot::from_u32(16),
            first: 0,
            n,
            value: 1.0,
            direction: Direction::Increasing,
            repeat: Repeat::Once,
            actions: vec![Action::Message; n_actions],
        });
    }
    module
}

#[test]
fn every_region_is_as_large_as_what_lies_there() {
    let module = full();
    let layout = laid_out(&module);
    let bytes: Vec<(&str, u64)> = layout.regions.iter().map(|region| (region.name, region.bytes)).collect();
    let expected = [
        ("live values", 8 * 8),
        ("constants", 8),
        ("marks of constants that were set", 1),
        ("levels inside functions", 2 * 8),
        ("held values", 8),
        ("pending values", 3 * 8),
        ("values computed once a run", 3 * 8),
        ("values within a step", 6 * 8),
        ("watched values", 3 * 8),
        ("pipelines", (2 + 5) * 8),
        ("conveyors and queues", 3 * 20 * 8),
        ("stages of a step", 3 * 4 * 8),
        // Blocks of 2 points, and a directory of 3 with blocks of 2, 3 and 4; of those of a host the directory alone.
        ("lookup tables", (7 + 3 + 7 + 10 + 13 + 3) * 8),
        // Two entries, and blocks of 3 and 2 points.
        ("settable lookup tables", 2 * 32 + (10 + 7) * 8),
        ("points set by a host", (25 + 16) * 8),
        // The head, two entries, three actions up to a whole word, and a memory for each of four elements.
        ("thresholds", 48 + 2 * 48 + 8 + 4 * 16),
        ("records of events", 256 * 32),
        // As many points as the largest graphical function takes, two numbers each.
        ("inputs of a host", 2 * 8 * 8),
        ("results", 6 * 8 * 8),
    ];
    assert_eq!(bytes, expected);
    let mut end = 0;
    for region in &layout.regions {
        assert_eq!(region.offset, end, "{} follows at once", region.name);
        end = (region.offset + region.bytes).next_multiple_of(16);
    }
    assert_eq!(layout.end, end);
}

#[test]
fn what_lies_in_a_region_follows_one_after_the_other() {
    let module = full();
    let layout = laid_out(&module);
    let start = |name: &str| layout.regions.iter().find(|region| region.name == name).expect("it is there").offset;
    let tables: Vec<u64> = layout.tables.values().map(|at| at - start("lookup tables")).collect();
    assert_eq!(tables, [0, 7 * 8, (7 + 33) * 8]);
    let graphs: Vec<[u64; 3]> = layout.graphs.values().map(|place| [place.entry, place.own, place.host]).collect();
    let (own, host) = (start("settable lookup tables"), start("points set by a host"));
    assert_eq!(graphs, [[own, own + 64, host], [own + 32, own + 64 + 80, host + 25 * 8]]);
    let watch = layout.watch.expect("there are thresholds");
    let first = start("thresholds");
    let places = [watch.watch, watch.entries, watch.actions, watch.memories];
    assert_eq!(places, [0, 48, 48 + 96, 48 + 96 + 8].map(|at| first + at));
    assert_eq!((watch.records, watch.capacity), (start("records of events"), 256));
    assert_eq!(layout.params.values().copied().collect::<Vec<_>>(), [start("constants")]);
    assert_eq!((layout.n_inputs, layout.n_stage_arrays, layout.settables.is_none()), (16, 3, true));
    assert_eq!(
        [layout.marks_offset, layout.stages_offset, layout.inputs_offset, layout.results_offset],
        [
            start("marks of constants that were set"),
            start("stages of a step"),
            start("inputs of a host"),
            start("results"),
        ]
    );
}

#[test]
fn constants_outside_of_the_end_of_the_row_are_listed() {
    let mut module = full();
    module.params.push(ParamData {
        name: String::new(),
        slot: Slot::from_u32(9),
        defaults: vec![1.0],
        through: Some(simc_ir::module::Through { slot: Slot::from_u32(4), runs: vec![(0, 1)] }),
    });
    let layout = laid_out(&module);
    let runs = module.settable_runs().len() as u64;
    let settables = layout.settables.expect("one is set through a stock");
    assert_eq!(settables.runs - settables.settables, 24);
    let region = layout.regions.iter().find(|region| region.name == "settable slots").expect("it is there");
    assert_eq!((region.offset, region.bytes), (settables.settables, 24 + 16 * runs));
    assert_eq!(layout.params.values().copied().collect::<Vec<_>>(), [layout.params_offset, layout.params_offset + 8]);
}
