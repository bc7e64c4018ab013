//! What holds for all modules, and for all texts.

use proptest::prelude::*;

use super::arbitrary::modules;
use crate::func::FuncData;
use crate::interp::Instance;
use crate::module::Module;
use crate::opcode::{Immediate, Opcode};
use crate::text::{Numbering, parse_module, print_module};
use crate::types::{Type, Variance};
use crate::verify::verify;

/// An instruction, its entities by the numbers that the text gives them.
type Shape = (Opcode, String, Vec<Option<u32>>, Option<(Option<u32>, Type, Variance)>);

/// All that makes a function, however its entities are called in memory.
fn shape(func: &FuncData) -> Vec<Shape> {
    let numbering = Numbering::new(func);
    let of = |inst| {
        let data = &func.insts[inst];
        let immediate = match data.immediate {
            Immediate::Loop(axis, body) => format!("{axis} {:?}", numbering.block(body)),
            // A NaN's payload counts.
            Immediate::F64(value) => format!("{:x}", value.to_bits()),
            other @ (Immediate::None
            | Immediate::Bool(_)
            | Immediate::Position(..)
            | Immediate::Axis(_)
            | Immediate::Slot(_)
            | Immediate::Param(_)
            | Immediate::Table(_)
            | Immediate::Function(_)
            | Immediate::Transport(..)
            | Immediate::Trace(..)
            | Immediate::Vector(..)) => format!("{other:?}"),
        };
        let args = func.args(inst).iter().map(|&arg| numbering.value(arg)).collect();
        let result = data.result.map(|result| {
            let value = &func.values[result];
            (numbering.value(result), value.ty, value.variance)
        });
        (data.opcode, immediate, args, result)
    };
    func.listed_insts().map(of).collect()
}

/// All that a host sees of a run that stops at these times on its way, bit for bit.
fn trace(module: &Module, targets: &[f64]) -> Vec<u64> {
    let mut instance = Instance::new(module).expect("the module is small");
    let mut seen = Vec::new();
    for &target in targets.iter().chain(&[f64::INFINITY]) {
        instance.run_to(target);
    }
    seen.extend(instance.live().iter().chain(instance.rows()).map(|x| x.to_bits()));
    seen.push(instance.saved_steps());
    seen
}

/// The text with some bytes replaced, removed and repeated, at character boundaries.
fn mutated(text: &str, mutations: &[(u16, u16, u8)]) -> String {
    let mut bytes: Vec<u8> = text.bytes().collect();
    for &(at, len, what) in mutations {
        let at = usize::from(at) % (bytes.len() + 1);
        let end = (at + usize::from(len) % 40).min(bytes.len());
        match what % 4 {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.insert(at, what),
            2 => {
                let copy = bytes[at..end].to_vec();
                let to = usize::from(len) * 7 % (bytes.len() + 1);
                bytes.splice(to..to, copy);
            }
            _ => bytes.splice(at..at, *b"99999999999").for_each(drop),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Goes as far with a text as it leads; true when it is a module that runs.
fn survive(text: &str) -> bool {
    let Ok(module) = parse_module(text) else { return false };
    let printed = print_module(&module);
    assert_eq!(parse_module(&printed).map(|again| print_module(&again)), Ok(printed));
    let quick = module.time.n_steps < 1000 && module.axes.values().all(|axis| axis.size < 100);
    if verify(&module).is_err() || !quick {
        return false;
    }
    Instance::with_limit(&module, 1 << 20).is_ok_and(|mut instance| {
        instance.run();
        true
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_modules_are_valid(module in modules()) {
        prop_assert_eq!(verify(&module).map_err(|errors| errors.to_string() + "\n" + &print_module(&module)), Ok(()));
    }

    #[test]
    fn printing_and_parsing_round_trip(module in modules()) {
        let text = print_module(&module);
        let again = parse_module(&text).expect("printed text parses");
        prop_assert_eq!(print_module(&again), text);
        prop_assert_eq!(&again.time, &module.time);
        prop_assert_eq!(&again.axes, &module.axes);
        prop_assert_eq!(&again.slots, &module.slots);
        prop_assert_eq!(format!("{:?}", again.params), format!("{:?}", module.params));
        prop_assert_eq!(format!("{:?}", again.tables), format!("{:?}", module.tables));
        prop_assert_eq!(again.funcs.len(), module.funcs.len());
        for (one, other) in again.funcs.values().zip(module.funcs.values()) {
            prop_assert_eq!(one.role, other.role);
            prop_assert_eq!(shape(one), shape(other));
        }
        prop_assert_eq!(verify(&again), Ok(()));
    }

    #[test]
    fn runs_are_the_same_however_they_are_cut(module in modules(), targets in proptest::collection::vec(0.0..4.0f64, 0..4)) {
        let whole = trace(&module, &[]);
        prop_assert_eq!(&trace(&module, &targets), &whole);
        let again = parse_module(&print_module(&module)).expect("printed text parses");
        prop_assert_eq!(&trace(&again, &[]), &whole);
    }

    #[test]
    fn mutated_text_is_no_danger(module in modules(), mutations in proptest::collection::vec(any::<(u16, u16, u8)>(), 1..5)) {
        survive(&mutated(&print_module(&module), &mutations));
    }

    #[test]
    fn arbitrary_text_is_no_danger(text in any::<String>()) {
        survive(&text);
        survive(&format!("module {{ {text}"));
    }
}

#[test]
fn samples_survive() {
    assert!(super::ALL.iter().all(|sample| survive(sample)));
}
