//! Transports against the steady states of their reference cases, and against conservation.

use super::conveyor::{AS_LEAKED, AS_THERE, AT_ENTRY, BY_TABLE, DISCRETE, DRIVEN, EVEN, EXPONENTIAL, REQUESTED};
use super::*;
use crate::abi::{ERROR_QUEUE_FULL, ERROR_TRANSIT_TIME, ERROR_TRANSPORT_TOO_LONG};

extern crate std;
use std::vec;
use std::vec::Vec;

const H: f64 = 0.25;

/// A conveyor on which every number may change from step to step.
#[derive(Clone)]
struct Conveyor {
    transport: Vec<f64>,
    step: u32,
    transit: f64,
    capacity: f64,
    in_limit: f64,
    arrest: f64,
    held: f64,
    sample: f64,
    fractions: Vec<f64>,
    requests: Vec<f64>,
    kinds: Vec<u32>,
}

/// What happened in a step, as rates.
struct Step {
    contents: f64,
    outflow: f64,
    leaks: Vec<f64>,
    admitted: Vec<f64>,
}

impl Step {
    fn leak(&self) -> f64 {
        self.leaks.iter().sum()
    }
}

struct Setup<'a> {
    flags: u32,
    transit: f64,
    /// Zone, whether in whole units, and fraction of each leak.
    leaks: &'a [(f64, f64, bool, f64)],
    /// Kind, spread and rate of each inflow.
    inflows: &'a [(u32, u32, f64)],
    table: &'a [f64],
    values: &'a [f64],
    is_list: bool,
}

const PLAIN: Setup<'static> = Setup {
    flags: 0,
    transit: 4.0,
    leaks: &[],
    inflows: &[(REQUESTED, AT_ENTRY, 250.0)],
    table: &[],
    values: &[1000.0],
    is_list: false,
};

impl Conveyor {
    fn new(setup: &Setup<'_>) -> Self {
        let n_points = setup.table.len() / 2;
        let sizes = Sizes {
            cells: 64,
            leaks: setup.leaks.len() as u32,
            inflows: setup.inflows.len() as u32,
            extra: 1 + crate::lookup::block_len(n_points) as u32 + 65 * setup.inflows.len() as u32,
            args: 0,
        };
        let mut transport = vec![f64::NAN; words(sizes) as usize];
        let n_tables = f64::from(u8::from(n_points > 0));
        let n_values = if setup.is_list { setup.values.len() as f64 } else { 0.0 };
        let (n_leaks, n_inflows) = (setup.leaks.len() as f64, setup.inflows.len() as f64);
        let mut args =
            vec![7.0, H, 64.0, f64::from(setup.flags), setup.transit, n_leaks, n_inflows, n_tables, n_values];
        args.extend(setup.leaks.iter().flat_map(|leak| [leak.0, leak.1, f64::from(u8::from(leak.2))]));
        let room = if setup.inflows.iter().any(|inflow| inflow.1 == AS_LEAKED) { 64.0 } else { 0.0 };
        args.extend(setup.inflows.iter().flat_map(|inflow| [f64::from(inflow.0), f64::from(inflow.1), room]));
        if n_points > 0 {
            args.push(n_points as f64);
            args.extend_from_slice(setup.table);
        }
        let fractions: Vec<f64> = setup.leaks.iter().map(|leak| leak.3).collect();
        args.extend_from_slice(&fractions);
        args.extend_from_slice(setup.values);
        assert_eq!(initialise(Query::Conveyor, &mut transport, &args), 0);
        Self {
            transport,
            step: 0,
            transit: setup.transit,
            capacity: f64::INFINITY,
            in_limit: f64::INFINITY,
            arrest: 0.0,
            held: 0.0,
            sample: 1.0,
            fractions,
            requests: setup.inflows.iter().map(|inflow| inflow.2).collect(),
            kinds: setup.inflows.iter().map(|inflow| inflow.0).collect(),
        }
    }

    fn measure(&mut self, query: Query, args: &[f64]) -> f64 {
        measure(query, &mut self.transport, args)
    }

    fn cells(&self) -> Vec<f64> {
        Cells::new(&self.transport).iter().collect()
    }

    /// Takes a step, and holds that what came in less what went out is what the contents have changed by.
    fn step(&mut self) -> Step {
        let contents = self.measure(Query::Contents, &[]);
        let fractions = self.fractions.clone();
        let outflow = self.measure(Query::Outflow, &[&[self.arrest, self.held], fractions.as_slice()].concat());
        let leak = |leak: usize, this: &mut Self| {
            this.measure(Query::Leak, &[&[leak as f64, this.arrest], fractions.as_slice()].concat())
        };
        let leaks: Vec<f64> = (0..fractions.len()).map(|number| leak(number, self)).collect();
        let removed = leaks.iter().fold(outflow, |sum, leak| sum + leak);
        let time = f64::from(self.step) * H;
        let mut entry = vec![self.arrest, self.capacity, self.in_limit, time, removed];
        entry.extend_from_slice(&self.requests);
        let admit = |inflow: usize, this: &mut Self| match this.kinds[inflow] {
            REQUESTED => this.measure(Query::Admit, &[&[inflow as f64], entry.as_slice()].concat()),
            _ => this.requests[inflow],
        };
        let admitted: Vec<f64> = (0..self.requests.len()).map(|number| admit(number, self)).collect();
        let mut args = vec![self.held, self.sample, self.transit];
        args.extend_from_slice(&fractions);
        args.extend_from_slice(&entry);
        assert_eq!(advance(Query::Conveyor, &mut self.transport, &args), 0);
        self.step += 1;
        let step = Step { contents, outflow, leaks, admitted };
        let change = self.measure(Query::Contents, &[]) - contents;
        let balance = (step.admitted.iter().sum::<f64>() - outflow - step.leak()) * H;
        let slack = 1e-9 * contents.max(1.0);
        assert!((change - balance).abs() <= slack, "step {}: {change} is not {balance}", self.step);
        step
    }

    fn settle(&mut self, steps: u32) -> Step {
        (1..steps).for_each(|_| _ = self.step());
        self.step()
    }
}

fn assert_close(actual: f64, expected: f64) {
    assert!((actual - expected).abs() <= 1e-6 * expected.abs().max(1.0), "{actual} is not {expected}");
}

#[test]
fn a_steady_transport_stays_as_it_is() {
    let step = Conveyor::new(&PLAIN).settle(40);
    assert_eq!((step.contents, step.outflow, step.admitted[0]), (1000.0, 250.0, 250.0));
}

#[test]
fn an_empty_transport_lets_nothing_out_for_as_long_as_the_way_takes() {
    let mut transport = Conveyor::new(&Setup { values: &[0.0], ..PLAIN });
    for step in 0..16 {
        let now = transport.step();
        assert_eq!((now.contents, now.outflow), (62.5 * f64::from(step), 0.0));
    }
    let now = transport.step();
    assert_eq!((now.contents, now.outflow), (1000.0, 250.0));
}

#[test]
fn a_linear_leak_takes_its_fraction_of_what_came_in() {
    let setup = Setup { leaks: &[(0.0, 1.0, false, 0.2)], values: &[906.25], ..PLAIN };
    for step in [Conveyor::new(&setup).step(), Conveyor::new(&setup).settle(60)] {
        assert_close(step.contents, 906.25);
        assert_close(step.outflow, 200.0);
        assert_close(step.leak(), 50.0);
    }
    let step = Conveyor::new(&Setup { values: &[0.0], ..setup }).settle(60);
    assert_close(step.contents, 906.25);
    assert_close(step.outflow, 200.0);
}

#[test]
fn an_exponential_leak_takes_its_fraction_of_what_is_there() {
    let leaks = &[(0.0, 1.0, false, 0.1)];
    let setup = Setup { flags: EXPONENTIAL, leaks, values: &[832.699579], ..PLAIN };
    for step in [Conveyor::new(&setup).step(), Conveyor::new(&setup).settle(60)] {
        assert_close(step.contents, 832.699579);
        assert_close(step.outflow, 166.730042);
        assert_close(step.leak(), 83.269958);
    }
}

#[test]
fn two_exponential_leaks_share() {
    let leaks = &[(0.0, 1.0, false, 0.1), (0.0, 1.0, false, 0.1)];
    let step = Conveyor::new(&Setup { flags: EXPONENTIAL, leaks, ..PLAIN }).settle(60);
    assert_close(step.outflow, 110.031667);
    assert_eq!(step.leaks[0], step.leaks[1]);
}

#[test]
fn a_zone_behind_another_finds_what_that_has_left() {
    let leaks = &[(0.0, 0.5, false, 0.5), (0.5, 1.0, false, 0.5)];
    let step = Conveyor::new(&Setup { leaks, ..PLAIN }).settle(60);
    assert_close(step.outflow, 62.5);
    assert_close(step.leaks[0], 125.0);
    assert_close(step.leaks[1], 62.5);
    let flags = conveyor::IGNORES_LOSSES;
    let step = Conveyor::new(&Setup { flags, leaks, ..PLAIN }).settle(60);
    assert_close(step.outflow, 0.0);
    assert_close(step.leaks[1], 125.0);
}

#[test]
fn capacity_and_limit_hold_back() {
    let mut transport = Conveyor::new(&Setup { values: &[0.0], ..PLAIN });
    transport.capacity = 600.0;
    let most = (0..60).map(|_| transport.step().contents).fold(0.0, f64::max);
    assert_eq!(most, 600.0);
    let mut transport = Conveyor::new(&Setup { values: &[0.0], ..PLAIN });
    transport.in_limit = 150.0;
    let step = transport.settle(40);
    assert_eq!((step.contents, step.outflow, step.admitted[0]), (600.0, 150.0, 150.0));
}

#[test]
fn two_inflows_get_room_in_their_order() {
    let inflows = &[(REQUESTED, AT_ENTRY, 100.0), (DRIVEN, AT_ENTRY, 60.0), (REQUESTED, AT_ENTRY, 100.0)];
    let mut transport = Conveyor::new(&Setup { inflows, values: &[0.0], ..PLAIN });
    transport.in_limit = 150.0;
    let step = transport.step();
    assert_eq!(step.admitted, [100.0, 60.0, 50.0]);
    let mut transport = Conveyor::new(&Setup { inflows, values: &[0.0], ..PLAIN });
    transport.capacity = 30.0;
    assert_eq!(transport.step().admitted, [60.0, 60.0, 0.0]);
}

#[test]
fn a_transit_time_between_steps_is_rounded() {
    for (transit, slats) in [(4.1, 16), (4.125, 17), (0.1, 1)] {
        assert_eq!(Conveyor::new(&Setup { transit, ..PLAIN }).cells().len(), slats);
    }
}

#[test]
fn a_shorter_way_leads_back_to_the_same_outflow() {
    let setup = Setup { leaks: &[(0.0, 1.0, false, 0.2)], values: &[906.25], ..PLAIN };
    let mut transport = Conveyor::new(&setup);
    transport.settle(8);
    transport.transit = 2.0;
    let step = transport.settle(40);
    assert_close(step.outflow, 200.0);
    assert_eq!(transport.cells().len(), 8);
    transport.transit = 6.0;
    transport.step();
    assert_eq!(transport.cells().len(), 24);
    assert_close(transport.settle(60).outflow, 200.0);
}

#[test]
fn a_leak_that_doubles_leaks_twice_as_much_at_once() {
    let setup = Setup { leaks: &[(0.0, 1.0, false, 0.2)], values: &[906.25], ..PLAIN };
    let mut transport = Conveyor::new(&setup);
    transport.fractions[0] = 0.4;
    assert_close(transport.step().leak(), 100.0);
    assert_close(transport.settle(60).outflow, 150.0);
}

#[test]
fn an_arrested_transport_stands_still() {
    let mut transport = Conveyor::new(&Setup { leaks: &[(0.0, 1.0, false, 0.2)], ..PLAIN });
    transport.settle(3);
    let before = transport.cells();
    transport.arrest = 1.0;
    transport.transit = 2.0;
    let step = transport.settle(5);
    assert_eq!((step.outflow, step.leak(), step.admitted[0]), (0.0, 0.0, 0.0));
    assert_eq!(transport.cells(), before);
    assert_eq!(transport.measure(Query::Transit, &[]), 4.0);
}

#[test]
fn what_is_held_is_joined_by_what_follows() {
    let mut transport = Conveyor::new(&PLAIN);
    transport.held = 1.0;
    for step in 1..16 {
        assert_eq!(transport.step().outflow, 0.0);
        assert_eq!(transport.cells()[0], 62.5 * f64::from(step + 1));
        assert_eq!(transport.cells().len(), 16);
    }
    transport.held = 0.0;
    assert_eq!(transport.step().outflow, 62.5 * 16.0 / H);
}

#[test]
fn a_transit_time_that_is_not_sampled_does_not_count() {
    let mut transport = Conveyor::new(&PLAIN);
    (transport.sample, transport.transit) = (0.0, 2.0);
    transport.step();
    assert_eq!(transport.measure(Query::Transit, &[]), 4.0);
    transport.transit = f64::NAN;
    transport.sample = 1.0;
    transport.step();
    assert_eq!(transport.measure(Query::Transit, &[]), 4.0);
    transport.transit = -1.0;
    transport.step();
    assert_eq!(transport.measure(Query::Transit, &[]), H);
}

#[test]
fn lists_fill_slats_or_units_of_time() {
    let values: Vec<f64> = (1..=8).map(f64::from).collect();
    let slats = Setup { transit: 2.0, values: &values, is_list: true, ..PLAIN };
    assert_eq!(Conveyor::new(&slats).cells(), values);
    let units = Setup { values: &[40.0, 80.0], ..slats };
    assert_eq!(Conveyor::new(&units).cells(), [10.0, 10.0, 10.0, 10.0, 20.0, 20.0, 20.0, 20.0]);
    let short = Setup { values: &[40.0], ..slats };
    assert_eq!(Conveyor::new(&short).cells(), [10.0; 8]);
    let discrete = Setup { flags: DISCRETE, ..units };
    assert_eq!(Conveyor::new(&discrete).cells(), [0.0, 0.0, 0.0, 40.0, 0.0, 0.0, 0.0, 80.0]);
    let steady = Setup { values: &[100.0], is_list: false, ..discrete };
    assert_eq!(Conveyor::new(&steady).cells(), [0.0, 0.0, 0.0, 50.0, 0.0, 0.0, 0.0, 50.0]);
}

#[test]
fn a_discrete_transport_takes_whole_units() {
    let inflows = &[(REQUESTED, AT_ENTRY, 3.0)];
    let mut transport = Conveyor::new(&Setup { flags: DISCRETE, inflows, values: &[0.0], ..PLAIN });
    let admitted: Vec<f64> = (0..8).map(|_| transport.step().admitted[0]).collect();
    // 0.75 a step: a unit whenever the sum passes a whole number.
    assert_eq!(admitted, [0.0, 4.0, 4.0, 4.0, 0.0, 4.0, 4.0, 4.0]);
    assert!(transport.cells().iter().all(|cell| cell.fract() == 0.0));
}

#[test]
fn a_discrete_limit_counts_within_a_unit_of_time() {
    let inflows = &[(REQUESTED, AT_ENTRY, 20.0)];
    let mut transport = Conveyor::new(&Setup { flags: DISCRETE, inflows, values: &[0.0], ..PLAIN });
    transport.in_limit = 7.0;
    let admitted: Vec<f64> = (0..8).map(|_| transport.step().admitted[0] * H).collect();
    assert_eq!(admitted, [5.0, 2.0, 0.0, 0.0, 5.0, 2.0, 0.0, 0.0]);
}

#[test]
fn a_leak_of_integers_takes_whole_units_from_the_exit() {
    let setup =
        Setup { leaks: &[(0.0, 1.0, true, 0.2)], values: &[100.0], inflows: &[(REQUESTED, AT_ENTRY, 25.0)], ..PLAIN };
    let mut transport = Conveyor::new(&setup);
    let mut sum = 0.0;
    for _ in 0..64 {
        let step = transport.step();
        assert_eq!((step.leak() * H).fract(), 0.0);
        sum += step.leak() * H;
    }
    assert!((sum - 80.0).abs() <= 3.0, "{sum}");
}

#[test]
fn an_even_inflow_reaches_every_slat() {
    let inflows = &[(REQUESTED, EVEN, 64.0)];
    let mut transport = Conveyor::new(&Setup { inflows, values: &[0.0], ..PLAIN });
    transport.step();
    assert_eq!(transport.cells(), [1.0; 16]);
    let step = transport.step();
    assert_eq!(step.outflow, 4.0);
    // On average half of the way: 64 a time unit stay for 8.5 steps.
    assert_close(transport.settle(60).contents, 64.0 * 8.5 * H);
}

#[test]
fn an_inflow_follows_what_is_there_or_a_table() {
    let values: Vec<f64> = (1..=16).map(f64::from).collect();
    let there = Setup { inflows: &[(REQUESTED, AS_THERE, 4.0 * 135.0)], values: &values, is_list: true, ..PLAIN };
    let mut transport = Conveyor::new(&there);
    transport.step();
    let doubled: Vec<f64> = (2..=16).map(|n| 2.0 * f64::from(n)).chain([0.0]).collect();
    assert_eq!(transport.cells(), doubled);
    let empty = Setup { values: &[0.0], is_list: false, ..there };
    let mut transport = Conveyor::new(&empty);
    transport.step();
    assert_eq!(transport.cells()[15], 135.0);
    // All of it in the half that is nearer to the exit.
    let table = [0.0, 0.5, 0.5, 1.0, 0.0, 0.0, 1.0, 1.0];
    let by_table = Setup { inflows: &[(REQUESTED, BY_TABLE, 32.0)], values: &[0.0], table: &table, ..PLAIN };
    let mut transport = Conveyor::new(&by_table);
    transport.step();
    let expected: Vec<f64> = [1.0; 8].into_iter().chain([0.0; 8]).collect();
    assert_eq!(transport.cells(), expected);
}

/// A transport into which a leak of another one comes where it leaked, before its first step.
fn behind_a_leak(source: &mut Conveyor, transit: f64) -> Conveyor {
    let inflows = &[(DRIVEN, AS_LEAKED, 0.0)];
    let mut transport = Conveyor::new(&Setup { transit, inflows, values: &[0.0], ..PLAIN });
    let args = [&[0.0, 0.0, source.arrest], source.fractions.as_slice()].concat();
    transport.requests[0] = conveyor::trace(&mut transport.transport, &mut source.transport, &args);
    transport
}

#[test]
fn what_has_leaked_goes_on_where_it_was() {
    // Slats of 1, 2, 3 and 4 from the exit lose half of what they hold in a unit of time, an eighth in a step.
    let setup = Setup {
        flags: EXPONENTIAL,
        transit: 1.0,
        leaks: &[(0.0, 1.0, false, 0.5)],
        values: &[8.0, 16.0, 24.0, 32.0],
        is_list: true,
        ..PLAIN
    };
    // As long, half as long, twice as long, and of one slat alone: of two that are as near it is the one nearer to the exit.
    let cases: [(f64, &[f64]); 4] = [
        (1.0, &[1.0, 2.0, 3.0, 4.0]),
        (0.5, &[3.0, 7.0]),
        (2.0, &[1.0, 0.0, 2.0, 0.0, 3.0, 0.0, 4.0, 0.0]),
        (0.25, &[10.0]),
    ];
    for (transit, expected) in cases {
        let mut source = Conveyor::new(&setup);
        let mut transport = behind_a_leak(&mut source, transit);
        assert_eq!(transport.requests[0], 40.0);
        assert_eq!(source.step().leaks[0], 40.0);
        transport.step();
        assert_eq!(transport.cells(), expected);
    }
    let mut source = Conveyor::new(&setup);
    source.arrest = 1.0;
    let mut transport = behind_a_leak(&mut source, 1.0);
    transport.step();
    assert_eq!((transport.requests[0], transport.cells()), (0.0, vec![0.0; 4]));
}

#[test]
fn whole_units_that_leak_go_on_where_they_were_taken() {
    let setup = Setup {
        flags: EXPONENTIAL,
        transit: 1.0,
        leaks: &[(0.0, 1.0, true, 0.5)],
        values: &[2.0, 3.0, 24.0, 35.0],
        is_list: true,
        ..PLAIN
    };
    let mut source = Conveyor::new(&setup);
    // An eighth of all 64 is taken from the exit on.
    let mut transport = behind_a_leak(&mut source, 1.0);
    transport.step();
    assert_eq!(transport.cells(), [2.0, 3.0, 3.0, 0.0]);
}

#[test]
fn what_enters_half_way_leaks_half_as_long() {
    let setup = Setup { leaks: &[(0.0, 1.0, false, 0.5)], inflows: &[(REQUESTED, EVEN, 250.0)], ..PLAIN };
    let step = Conveyor::new(&setup).settle(80);
    // A slat at depth i has i + 1 sixteenths of its fraction before it.
    assert_close(step.leak(), 250.0 * 0.5 * 8.5 / 16.0);
}

#[test]
fn cells_are_measured() {
    let mut transport =
        Conveyor::new(&Setup { transit: 1.0, values: &[10.0, 10.0, 10.0, 5.0], is_list: true, ..PLAIN });
    assert_eq!(transport.measure(Query::Contents, &[]), 35.0);
    assert_eq!(transport.measure(Query::Mean, &[]), 8.75);
    assert_eq!(transport.measure(Query::Least, &[]), 5.0);
    assert_eq!(transport.measure(Query::Greatest, &[]), 10.0);
    assert_eq!(transport.measure(Query::Count, &[]), 4.0);
    assert_close(transport.measure(Query::Deviation, &[]), 4.6875_f64.sqrt());
    assert_eq!(transport.measure(Query::Cell, &[4.5]), 5.0);
    for n in [0.0, 5.0, f64::NAN, -1.0] {
        assert!(transport.measure(Query::Cell, &[n]).is_nan());
    }
}

#[test]
fn what_cannot_be_done_is_a_fault() {
    let args = |transit: f64| [3.0, H, 64.0, 0.0, transit, 0.0, 0.0, 0.0, 0.0, 100.0];
    let mut transport = vec![0.0; words(Sizes { cells: 64, ..Sizes::default() }) as usize];
    for (transit, code) in [
        (0.0, ERROR_TRANSIT_TIME),
        (-1.0, ERROR_TRANSIT_TIME),
        (f64::NAN, ERROR_TRANSIT_TIME),
        (f64::INFINITY, ERROR_TRANSIT_TIME),
        (1e300, ERROR_TRANSPORT_TOO_LONG),
        (16.25, ERROR_TRANSPORT_TOO_LONG),
    ] {
        assert_eq!(initialise(Query::Conveyor, &mut transport, &args(transit)), 3 << 32 | u64::from(code), "{transit}");
    }
    assert_eq!(initialise(Query::Conveyor, &mut transport, &args(16.0)), 0);
    let longer = [0.0, 1.0, 17.0, 0.0, f64::INFINITY, f64::INFINITY, 0.0, 25.0];
    assert_eq!(advance(Query::Conveyor, &mut transport, &longer), 3 << 32 | u64::from(ERROR_TRANSPORT_TOO_LONG));
}

/// A queue with room for that many batches.
fn queue(cells: u32, volume: f64) -> Vec<f64> {
    let mut transport = vec![f64::NAN; words(Sizes { cells, ..Sizes::default() }) as usize];
    assert_eq!(initialise(Query::Queue, &mut transport, &[2.0, H, f64::from(cells), volume]), 0);
    transport
}

fn batches(transport: &[f64]) -> Vec<f64> {
    Cells::new(transport).iter().collect()
}

#[test]
fn a_queue_keeps_the_order_of_its_batches() {
    let mut transport = queue(3, 5.0);
    for (inflow, outflow, expected) in [
        (4.0, 0.0, vec![5.0, 1.0]),
        (8.0, 8.0, vec![3.0, 1.0, 2.0]),
        (0.0, 14.0, vec![0.5, 2.0]),
        (12.0, 2.0, vec![2.0, 3.0]),
        (4.0, 24.0, vec![]),
        (4.0, 2.0, vec![0.5]),
    ] {
        assert_eq!(advance(Query::Queue, &mut transport, &[outflow, inflow]), 0);
        assert_eq!(batches(&transport), expected);
        assert_eq!(measure(Query::Contents, &mut transport, &[]), expected.iter().sum::<f64>());
    }
}

#[test]
fn a_queue_serves_as_its_options_say() {
    let mut transport = queue(8, 3.0);
    for volume in [2.0, 4.0] {
        assert_eq!(advance(Query::Queue, &mut transport, &[0.0, volume / H]), 0);
    }
    let mut serve = |request: f64, one: bool, integrity: bool| {
        let args = [0.0, request, f64::from(u8::from(one)), f64::from(u8::from(integrity)), 1.0 / H];
        (measure(Query::Serve, &mut transport, &args) * H, measure(Query::Refuse, &mut transport, &args) * H)
    };
    assert_eq!(serve(f64::INFINITY, false, false), (10.0, 0.0));
    assert_eq!(serve(6.0, false, false), (6.0, 4.0));
    assert_eq!(serve(6.0, false, true), (5.0, 5.0));
    assert_eq!(serve(6.0, true, false), (3.0, 0.0));
    assert_eq!(serve(2.0, true, false), (2.0, 1.0));
    assert_eq!(serve(2.0, true, true), (0.0, 3.0));
    assert_eq!(serve(0.0, false, false), (0.0, 10.0));
}

#[test]
fn what_was_served_before_is_not_there_any_more() {
    let mut transport = queue(8, 3.0);
    let args = |before: f64| [before / H, f64::INFINITY, 1.0, 0.0, 4.0];
    assert_eq!(measure(Query::Serve, &mut transport, &args(0.0)) * H, 3.0);
    assert_eq!(measure(Query::Serve, &mut transport, &args(1.0)) * H, 2.0);
    assert_eq!(measure(Query::Serve, &mut transport, &args(3.0)) * H, 1.0);
    assert_eq!(measure(Query::Serve, &mut transport, &args(3.5)) * H, 0.5);
    assert_eq!(measure(Query::Serve, &mut transport, &args(4.0)) * H, 0.0);
}

#[test]
fn each_inflow_of_a_queue_brings_a_batch() {
    let mut transport = queue(8, 1.0);
    let serve = |transport: &mut Vec<f64>, before: f64, one: f64, inflows: [f64; 4]| {
        let [a, b, c, d] = inflows.map(|volume| volume / H);
        measure(Query::Serve, transport, &[before / H, f64::INFINITY, one, 0.0, a, b, c, d]) * H
    };
    let inflows = [2.0, f64::NAN, -1.0, 3.0];
    assert_eq!(serve(&mut transport, 0.0, 1.0, inflows), 1.0);
    assert_eq!(serve(&mut transport, 1.0, 1.0, inflows), 2.0);
    assert_eq!(serve(&mut transport, 3.0, 1.0, inflows), 3.0);
    assert_eq!(serve(&mut transport, 0.0, 0.0, inflows), 6.0);
    assert_eq!(advance(Query::Queue, &mut transport, &[2.0 / H, 2.0 / H, 0.0, 3.0 / H, 4.0 / H]), 0);
    assert_eq!(batches(&transport), [1.0, 3.0, 4.0]);
    assert_eq!(advance(Query::Queue, &mut transport, &[11.0 / H, 1.0 / H, 2.0 / H, 1.0 / H]), 0);
    assert_eq!(batches(&transport), [1.0]);
}

#[test]
fn a_queue_that_outgrows_its_memory_is_a_fault() {
    let mut transport = queue(2, 1.0);
    assert_eq!(advance(Query::Queue, &mut transport, &[0.0, 1.0]), 0);
    assert_eq!(advance(Query::Queue, &mut transport, &[4.0, 1.0]), 0);
    assert_eq!(advance(Query::Queue, &mut transport, &[0.0, 1.0]), 2 << 32 | u64::from(ERROR_QUEUE_FULL));
}
