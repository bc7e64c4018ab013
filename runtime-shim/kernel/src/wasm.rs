//! The exports of `kernel.wasm`: each is one function of this crate with everything that is known at compile time filled in,
//! so that a linked artifact holds only what its model calls.
//!
//! Addresses are bytes in the artifact's memory. The emitter guarantees that they are 8-aligned and that what lies there is as
//! long as the other arguments or the data itself say.
#![expect(unsafe_code, reason = "exports need names, and arguments are addresses in the artifact's memory")]

use core::slice;

use crate::event::{Entry as Watched, Memory, Record, Watch};
use crate::function::Function;
use crate::graph::Entry;
use crate::lookup::{self, Kind, Search, Table};
use crate::settable::{self, Run, Settables};
use crate::transport::{self, Query};
use crate::vector::{self, Function as Vector};
use crate::{abi, returns, ring};

macro_rules! functions {
    ($($export:ident ($($arg:ident),*) $function:ident;)*) => {$(
        #[unsafe(no_mangle)]
        extern "C" fn $export($($arg: f64),*) -> f64 {
            Function::$function.eval(&[$($arg),*])
        }
    )*};
}

functions! {
    simc_exp(x) Exp;
    simc_ln(x) Ln;
    simc_log10(x) Log10;
    simc_sin(x) Sin;
    simc_cos(x) Cos;
    simc_tan(x) Tan;
    simc_arcsin(x) Arcsin;
    simc_arccos(x) Arccos;
    simc_arctan(x) Arctan;
    simc_pow(a, b) Pow;
    simc_mod(a, b) Mod;
    simc_fmod(a, b) Fmod;
    simc_sinh(x) Sinh;
    simc_cosh(x) Cosh;
    simc_tanh(x) Tanh;
    simc_arctan2(y, x) Arctan2;
    simc_round(x) Round;
    simc_root(x, n) Root;
    simc_gamma_ln(x) GammaLn;
    simc_factorial(n) Factorial;
    simc_combinations(n, r) Combinations;
    simc_permutations(n, r) Permutations;
    simc_inverse_normal(p) InverseNormal;
    simc_normal_between(left, right, mean, sd) NormalBetween;
    simc_future_value(rate, periods, payment, value) FutureValue;
    simc_present_value(rate, periods, payment, value) PresentValue;
    simc_payment(rate, periods, present, future) Payment;
    simc_random_uniform(seed, call, element, step, min, max, low, high) RandomUniform;
    simc_random_normal(seed, call, element, step, min, max, mean, sd) RandomNormal;
    simc_random_lognormal(seed, call, element, step, min, max, mean, sd) RandomLognormal;
    simc_random_exponential(seed, call, element, step, min, max, mean) RandomExponential;
    simc_random_logistic(seed, call, element, step, min, max, mean, scale) RandomLogistic;
    simc_random_pareto(seed, call, element, step, min, max, shape, scale) RandomPareto;
    simc_random_weibull(seed, call, element, step, min, max, shape, scale) RandomWeibull;
    simc_random_triangular(seed, call, element, step, min, max, low, mode, high) RandomTriangular;
    simc_random_gamma(seed, call, element, step, min, max, shape, scale) RandomGamma;
    simc_random_beta(seed, call, element, step, min, max, alpha, beta) RandomBeta;
    simc_random_monte_carlo(seed, call, element, step, min, max, percent) RandomMonteCarlo;
    simc_random_poisson(seed, call, element, step, min, max, mean) RandomPoisson;
    simc_random_binomial(seed, call, element, step, min, max, trials, p) RandomBinomial;
    simc_random_geometric(seed, call, element, step, min, max, p) RandomGeometric;
    simc_random_negative_binomial(seed, call, element, step, min, max, successes, p) RandomNegativeBinomial;
}

macro_rules! lookups {
    ($($export:ident $kind:ident $search:ident;)*) => {$(
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $export(block: *const f64, n: usize, x: f64) -> f64 {
            // SAFETY: the emitter passes the address of the block of a table of this kind with `n` points.
            unsafe { table(Kind::$kind, Search::$search, block, n) }.eval(x)
        }
    )*};
}

lookups! {
    simc_lookup_continuous_even Continuous Even;
    simc_lookup_continuous_linear Continuous Linear;
    simc_lookup_continuous_binary Continuous Binary;
    simc_lookup_extrapolate_even Extrapolate Even;
    simc_lookup_extrapolate_linear Extrapolate Linear;
    simc_lookup_extrapolate_binary Extrapolate Binary;
    simc_lookup_discrete_even Discrete Even;
    simc_lookup_discrete_linear Discrete Linear;
    simc_lookup_discrete_binary Discrete Binary;
}

/// The table whose block is at an address.
///
/// # Safety
/// `block` is the address of a block with `n` points.
#[inline(always)]
unsafe fn table<'a>(kind: Kind, search: Search, block: *const f64, n: usize) -> Table<'a> {
    // SAFETY: a block holds one word and its points.
    let (inverse_step, points) = unsafe { (block.read(), slice::from_raw_parts(block.add(1).cast(), n)) };
    Table { kind, search, inverse_step, points }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn simc_graph_set(
    entries: *mut Entry,
    n_entries: usize,
    number: usize,
    points: *const f64,
    n: usize,
) -> u32 {
    // SAFETY: the emitter passes the address of that many entries.
    let entries = unsafe { slice::from_raw_parts_mut(entries, n_entries) };
    let Some(entry) = entries.get_mut(number).filter(|entry| n <= entry.capacity as usize) else { return 1 };
    // SAFETY: the host's numbers have room for the points of the largest capacity.
    let points = unsafe { slice::from_raw_parts(points.cast::<[f64; 2]>(), n) };
    if !lookup::are_points(points) {
        return 1;
    }
    // SAFETY: an entry's host block has room for as many points as its capacity says.
    let block = unsafe { slice::from_raw_parts_mut(entry.host_block as *mut f64, lookup::block_len(n)) };
    lookup::encode_points(entry.kind(), points, block);
    entry.take_host_points(n as u32);
    0
}

#[unsafe(no_mangle)]
unsafe extern "C" fn simc_graph_clear(entries: *mut Entry, n_entries: usize) {
    // SAFETY: the emitter passes the address of that many entries.
    let entries = unsafe { slice::from_raw_parts_mut(entries, n_entries) };
    entries.iter_mut().for_each(Entry::take_own_points);
}

#[unsafe(no_mangle)]
#[optimize(size)]
unsafe extern "C" fn simc_settable_set(
    settables: *const Settables,
    first: u32,
    n: u32,
    numbers: *const f64,
    started: u32,
) -> u32 {
    // SAFETY: the emitter passes the address of what can be set.
    let runs = unsafe { runs(settables) };
    let Some(mut at) = settable::cover(runs, first, n) else { return 1 };
    let mut position = 0;
    while position < n
        && let Some(run) = runs.get(at)
    {
        let slot = first + position;
        if run.has(slot) {
            // SAFETY: there are that many numbers at the address, and the slot is in the run.
            unsafe { set(&*settables, run, slot, numbers.add(position as usize).read(), started) };
            position += 1;
        } else {
            at += 1;
        }
    }
    0
}

#[unsafe(no_mangle)]
#[optimize(size)]
unsafe extern "C" fn simc_settable_show(settables: *const Settables) {
    // SAFETY: the emitter passes the address of what can be set; each slot of a run has a number and a mark, and is in the live chunk.
    unsafe {
        for run in runs(settables) {
            for position in 0..run.n {
                let number = (run.first_value + position) as usize;
                if ((*settables).marks as *const u8).add(number).read() != 0 {
                    live(run.first_slot + position).write(((*settables).values as *const f64).add(number).read());
                }
            }
        }
    }
}

/// The runs of what can be set.
///
/// # Safety
/// `settables` is the address of what can be set.
unsafe fn runs<'a>(settables: *const Settables) -> &'a [Run] {
    // SAFETY: there are that many runs at their address.
    unsafe { slice::from_raw_parts((*settables).runs as *const Run, (*settables).n_runs as usize) }
}

/// Sets a slot of a run: its number, its mark, and what the live chunk shows.
///
/// # Safety
/// The slot is in the run, and the run is one of what can be set.
#[inline(always)]
unsafe fn set(settables: &Settables, run: &Run, slot: u32, number: f64, started: u32) {
    let number = if number.is_nan() { f64::from_bits(abi::CANONICAL_NAN) } else { number };
    let place = (run.first_value + (slot - run.first_slot)) as usize;
    // SAFETY: each slot of a run has a number and a mark, and is in the live chunk.
    unsafe {
        (settables.values as *mut f64).add(place).write(number);
        (settables.marks as *mut u8).add(place).write(1);
        if run.at_start == 0 || started == 0 {
            live(slot).write(number);
        }
    }
}

/// Where the live chunk shows a slot. No slot that can be set is at address 0, where the time is.
fn live(slot: u32) -> *mut f64 {
    (slot * 8) as *mut f64
}

#[unsafe(no_mangle)]
unsafe extern "C" fn simc_watch_look(watch: *mut Watch, step: u64) -> u32 {
    // SAFETY: the emitter passes the address of what is watched.
    let watch = unsafe { &mut *watch };
    let mut strongest = 0;
    // SAFETY: there are that many entries at the address, and that many numbers and memories at theirs; none of them overlap.
    for entry in unsafe { slice::from_raw_parts(watch.entries as *const Watched, watch.n_entries as usize) } {
        let numbers = unsafe { slice::from_raw_parts(entry.numbers as *const f64, entry.n as usize) };
        let memories = unsafe { slice::from_raw_parts_mut(entry.memories as *mut Memory, entry.n as usize) };
        let threshold = entry.threshold();
        for ((element, &value), memory) in (entry.first_element..).zip(numbers).zip(memories) {
            let Some(event) = threshold.watch(memory, value, step) else { continue };
            let event = entry.first_event + event;
            let time = abi::step_time(watch.start, watch.dt, step);
            // SAFETY: the place is below the capacity, and there is an action for each event.
            unsafe {
                let place = (watch.records as *mut Record).add((watch.fired % watch.capacity) as usize);
                place.write(Record { event, element, step, time, value });
                strongest = u32::from((watch.actions as *const u8).add(event as usize).read()).max(strongest);
            }
            watch.fired = watch.fired.wrapping_add(1);
        }
    }
    strongest
}

#[unsafe(no_mangle)]
unsafe extern "C" fn simc_watch_reset(watch: *mut Watch) {
    // SAFETY: the emitter passes the address of what is watched.
    let watch = unsafe { &mut *watch };
    watch.fired = 0;
    // SAFETY: there are that many entries at the address, and that many memories at theirs.
    for entry in unsafe { slice::from_raw_parts(watch.entries as *const Watched, watch.n_entries as usize) } {
        let memories = unsafe { slice::from_raw_parts_mut(entry.memories as *mut Memory, entry.n as usize) };
        memories.iter_mut().for_each(|memory| entry.threshold().reset(memory));
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn simc_ring_fill(ring: *mut f64, capacity: usize, n: f64, x: f64) {
    // SAFETY: the emitter passes the address of a ring with room for `capacity` numbers.
    let ring = unsafe { slice::from_raw_parts_mut(ring, ring::HEADER_WORDS + capacity) };
    ring::fill(ring, n, x);
}

#[unsafe(no_mangle)]
unsafe extern "C" fn simc_ring_oldest(ring: *const f64) -> f64 {
    // SAFETY: the emitter passes the address of a ring, whose length is never above its capacity.
    ring::oldest(unsafe { slice::from_raw_parts(ring, used_words(ring)) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn simc_ring_recall(ring: *const f64, pushes: f64) -> f64 {
    // SAFETY: the emitter passes the address of a ring, whose length is never above its capacity.
    ring::recall(unsafe { slice::from_raw_parts(ring, used_words(ring)) }, pushes)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn simc_ring_return(ring: *const f64, n: f64, present: f64, dt: f64, missing: f64) -> f64 {
    // SAFETY: the emitter passes the address of a ring, whose length is never above its capacity.
    returns::rate(unsafe { slice::from_raw_parts(ring, used_words(ring)) }, n, present, dt, missing)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn simc_ring_push(ring: *mut f64, x: f64) {
    // SAFETY: the emitter passes the address of a ring, whose length is never above its capacity.
    ring::push(unsafe { slice::from_raw_parts_mut(ring, used_words(ring)) }, x);
}

macro_rules! vectors {
    ($($export:ident ($($number:ident),*) $function:ident;)*) => {$(
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $export(address: *mut f64, n: usize, $($number: f64),*) {
            // SAFETY: the emitter passes the address of the function's block, whose rows have `n` numbers.
            let block = unsafe { slice::from_raw_parts_mut(address, Vector::$function.rows() * n) };
            vector::arrange(Vector::$function, block, n, &[$($number),*]);
        }
    )*};
}

vectors! {
    simc_vector_allocate(available) Allocate;
    simc_vector_allocate_by_priority(size, width, supply) AllocateByPriority;
    simc_vector_sort_order(direction) SortOrder;
    simc_vector_sort_order_tied(direction) SortOrderTied;
    simc_vector_rank(direction) Rank;
    simc_vector_reorder() Reorder;
    simc_vector_select(missing, action) Select;
    simc_vector_median() Median;
    simc_vector_mode() Mode;
    simc_vector_invert() Invert;
    simc_vector_interpolate(x, first, last, mode) Interpolate;
    simc_vector_demand(price) Demand;
    simc_vector_supply(price) Supply;
    simc_vector_market_price(demands, supplies) MarketPrice;
}

macro_rules! transports {
    ($($export:ident $function:ident $query:ident -> $result:ty;)*) => {$(
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $export(address: *mut f64, words: usize, n_args: usize) -> $result {
            // SAFETY: the emitter passes the address of a transport with that many words, the arguments in the last ones.
            let (transport, args) = unsafe { slice::from_raw_parts_mut(address, words) }.split_at_mut(words - n_args);
            transport::$function(Query::$query, transport, args)
        }
    )*};
}

transports! {
    simc_transport_contents measure Contents -> f64;
    simc_transport_cell measure Cell -> f64;
    simc_transport_least measure Least -> f64;
    simc_transport_greatest measure Greatest -> f64;
    simc_transport_mean measure Mean -> f64;
    simc_transport_deviation measure Deviation -> f64;
    simc_transport_count measure Count -> f64;
    simc_transport_transit measure Transit -> f64;
    simc_transport_outflow measure Outflow -> f64;
    simc_transport_leak measure Leak -> f64;
    simc_transport_room measure Room -> f64;
    simc_transport_admit measure Admit -> f64;
    simc_transport_serve measure Serve -> f64;
    simc_transport_refuse measure Refuse -> f64;
    simc_conveyor_initialise initialise Conveyor -> u64;
    simc_queue_initialise initialise Queue -> u64;
    simc_conveyor_advance advance Conveyor -> u64;
    simc_queue_advance advance Queue -> u64;
}

#[unsafe(no_mangle)]
unsafe extern "C" fn simc_transport_trace(
    address: *mut f64,
    words: usize,
    source: *mut f64,
    source_words: usize,
    n_args: usize,
) -> f64 {
    // SAFETY: the emitter passes the addresses of two transports with that many words, the arguments in the last ones of the second.
    let transport = unsafe { slice::from_raw_parts_mut(address, words) };
    let source = unsafe { slice::from_raw_parts_mut(source, source_words) };
    let (source, args) = source.split_at_mut(source_words - n_args);
    transport::conveyor::trace(transport, source, args)
}

/// Words of the ring's header and of the places in use.
///
/// # Safety
/// `ring` is the address of a ring.
unsafe fn used_words(ring: *const f64) -> usize {
    // SAFETY: a ring begins with its header.
    let header = unsafe { slice::from_raw_parts(ring, ring::HEADER_WORDS) };
    ring::HEADER_WORDS + ring::length(header)
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
