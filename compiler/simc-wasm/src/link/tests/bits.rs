//! Linked code gives the bits of the same code natively.

use kernel::ring::{self, HEADER_WORDS};

use super::{Function, Instance, Kind, Random, Search, abi, everything, function, link_model, lookup, rings, table};

/// NaNs count as equal: their payloads differ from engine to engine.
#[track_caller]
fn assert_same(wasm: f64, native: f64, what: std::fmt::Arguments<'_>) {
    assert!(
        wasm.to_bits() == native.to_bits() || wasm.is_nan() && native.is_nan(),
        "{what}: {wasm:e}, natively {native:e}"
    );
}

const SPECIAL: [f64; 14] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    2.0,
    -3.0,
    1e22,
    f64::MAX,
    f64::MIN_POSITIVE,
    f64::from_bits(1),
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
];

/// Numbers of any size, numbers of the sizes that models have, and special ones.
fn number(random: &mut Random) -> f64 {
    match random.below(4) {
        0 => f64::from_bits(random.bits()),
        1 => random.within(-1.0..=1.0),
        2 => random.within(-800.0..=800.0),
        _ => SPECIAL[random.below(SPECIAL.len() as u64)],
    }
}

#[test]
fn functions_give_the_bits_of_the_native_kernel() {
    let imports: Vec<_> = Function::ALL.iter().copied().map(function).collect();
    let mut instance = Instance::new(&link_model(&imports, 1000).bytes);
    let mut random = Random(1);
    for &function in Function::ALL {
        // A draw that never fits between its bounds is tried many times.
        for _ in 0..if function.arity() > 4 { 200 } else { 4000 } {
            let args: Vec<f64> = (0..function.arity()).map(|_| number(&mut random)).collect();
            let args = &args[..];
            assert_same(
                instance.eval(function, args),
                function.eval(args),
                format_args!("{} {args:?}", function.name()),
            );
        }
    }
}

#[test]
fn large_angles_need_constants_and_a_stack() {
    let base = 70_000;
    let linked = link_model(&[function(Function::Exp), function(Function::Pow), function(Function::Sin)], base);
    assert!(linked.memory_end > base + 1024);
    let mut instance = Instance::new(&linked.bytes);
    let before = instance.memory()[..base as usize].to_vec();
    assert_eq!(instance.eval(Function::Sin, &[1e22]), -0.852_200_849_767_188_8);
    assert_eq!(instance.eval(Function::Sin, &[f64::MAX]), 0.004_961_954_789_184_062);
    assert_eq!(instance.eval(Function::Exp, &[1.0]).to_bits(), Function::Exp.eval(&[1.0]).to_bits());
    assert_eq!(instance.eval(Function::Pow, &[3.0, 0.5]), 3.0f64.sqrt());
    assert!(instance.memory()[..base as usize] == before, "the model's memory is not the kernel's");
}

#[test]
fn the_stack_is_deep_enough() {
    const STACK: usize = 1024;
    let linked = link_model(&everything(), 0);
    let mut instance = Instance::new(&linked.bytes);
    let end = linked.memory_end as usize;
    instance.memory()[end - STACK..end].fill(0xa5);
    let mut random = Random(2);
    for &function in Function::ALL {
        for _ in 0..if function.arity() > 4 { 200 } else { 4000 } {
            let args: Vec<f64> = (0..function.arity()).map(|_| number(&mut random)).collect();
            let _ = instance.eval(function, &args);
        }
    }
    let untouched = instance.memory()[end - STACK..].iter().take_while(|&&byte| byte == 0xa5).count();
    assert!((256..STACK).contains(&untouched), "{untouched} of {STACK} bytes are never used");
}

#[test]
fn lookups_give_the_bits_of_the_native_kernel() {
    const ADDRESS: usize = 256;
    let mut random = Random(3);
    for kind in [Kind::Continuous, Kind::Extrapolate, Kind::Discrete] {
        for search in [Search::Even, Search::Linear, Search::Binary] {
            let linked = link_model(&[table(kind, search)], 4096);
            assert_eq!(linked.memory_end, 4096);
            let mut instance = Instance::new(&linked.bytes);
            for n in 1..40 {
                let mut xs: Vec<f64> = (0..n).map(|i| f64::from(i) + random.within(-0.2..=2.0).floor()).collect();
                xs.sort_by(f64::total_cmp);
                let ys: Vec<f64> = xs.iter().map(|_| random.within(-5.0..=5.0)).collect();
                let mut block = vec![0.0; lookup::block_len(xs.len())];
                lookup::encode_block(kind, &xs, &ys, &mut block);
                instance.write(ADDRESS, &block);
                let native = lookup::Table::new(kind, search, &block);
                let between = (0..20).map(|_| random.within(-2.0..=42.0)).collect::<Vec<_>>();
                for x in xs.iter().copied().chain(between).chain(SPECIAL) {
                    let wasm = instance.call(lookup::export(kind, search), (ADDRESS as i32, n, x));
                    assert_same(wasm, native.eval(x), format_args!("{kind:?} {search:?} of {xs:?} at {x}"));
                }
            }
        }
    }
}

#[test]
fn rings_are_those_of_the_native_kernel() {
    const ADDRESS: usize = 64;
    let mut instance = Instance::new(&link_model(&rings(), 4096).bytes);
    for capacity in [1, 2, 7] {
        for n in [f64::NAN, 0.0, 1.0, 1.5, 3.0, 100.0] {
            let mut native = vec![0.0; HEADER_WORDS + capacity];
            instance.write(ADDRESS, &native);
            for step in 0..20 {
                let wasm: f64 = instance.call(abi::RING_OLDEST, ADDRESS as i32);
                assert_same(wasm, ring::oldest(&native), format_args!("oldest of {capacity}, {n} at {step}"));
                let x = f64::from(step);
                if step == 2 {
                    instance.call::<_, ()>(abi::RING_FILL, (ADDRESS as i32, capacity as i32, n, x));
                    ring::fill(&mut native, n, x);
                }
                instance.call::<_, ()>(abi::RING_PUSH, (ADDRESS as i32, x));
                ring::push(&mut native, x);
            }
            assert_eq!(instance.read(ADDRESS, native.len()), native);
        }
    }
}
