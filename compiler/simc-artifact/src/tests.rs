use proptest::prelude::*;

use super::*;

/// A stock and a constant, and an array of the two kinds of cups.
fn sample() -> WasmLayout {
    let scalar = |name: &str, kind, slot| Variable {
        name: name.to_owned(),
        kind,
        slot,
        dims: vec![],
        defaults: None,
        settable_parts: vec![],
        units: None,
        doc: None,
        range: None,
    };
    let entry = |name: &str, slot| Entry { name: name.to_owned(), slot };
    WasmLayout {
        n_slots: 8,
        n_chunks: 3,
        results_offset: 256,
        entries: vec![
            entry("time", 0),
            entry("dt", 1),
            entry("initial_time", 2),
            entry("final_time", 3),
            entry("tea_cup", 4),
            entry("room", 5),
            entry("cups[small]", 6),
            entry("cups[large]", 7),
        ],
        extension: Some(Extension {
            arrays_have_one_entry: false,
            origin: Origin { producer: "simc 0".to_owned(), model: "tea".to_owned(), source_digest: [7; 32] },
            time: Some(Time {
                start: 0.0,
                stop: 30.0,
                dt: 0.125,
                n_steps: 240,
                save_every: 120,
                method: Method::Rk4,
                units: Some("minutes".to_owned()),
            }),
            dimensions: vec![Dimension {
                name: "Size".to_owned(),
                elements: ["small".to_owned(), "large".to_owned()].into(),
            }],
            variables: vec![
                scalar("Tea Cup", Kind::Stock, 4),
                Variable {
                    defaults: Some(vec![70.0]),
                    units: Some("°F".to_owned()),
                    doc: Some("of the room".to_owned()),
                    range: Some((0.0, 120.0)),
                    ..scalar("room", Kind::Constant, 5)
                },
                Variable { dims: vec![0], defaults: Some(vec![1.0, 2.0]), ..scalar("cups", Kind::Constant, 6) },
            ],
            regions: vec![Region { name: "results".to_owned(), offset: 256, bytes: 192 }],
            groups: vec![
                Group { name: "tea".to_owned(), doc: Some("hot".to_owned()), members: vec!["Tea Cup".to_owned()] },
                Group { name: "all".to_owned(), doc: None, members: vec![] },
            ],
            transports: vec![
                Transport { name: "Kettle".to_owned(), kind: TransportKind::Queue, dims: vec![] },
                Transport { name: "cups".to_owned(), kind: TransportKind::Conveyor, dims: vec![0] },
            ],
            links: vec![],
            controls: vec![],
            files: vec![ReadFile { name: "data/rates.csv".to_owned(), digest: [7; 32] }],
            thresholds: vec![],
            inputs: Some(Inputs {
                offset: 128,
                capacity: 16,
                tables: vec![InputTable {
                    name: "yield[small]".to_owned(),
                    kind: TableKind::Extrapolate,
                    capacity: 8,
                    points: vec![[0.0, 1.0], [0.5, -2.0]],
                }],
            }),
        }),
    }
}

fn reason(bytes: &[u8]) -> Reason {
    decode_layout(bytes).expect_err("the bytes are broken").reason
}

#[test]
fn the_core_record_is_what_existing_hosts_parse() {
    let core = WasmLayout { extension: None, entries: sample().entries[..1].to_vec(), ..sample() };
    let mut expected = Vec::new();
    expected.extend([8, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    expected.extend([1, 0, 0, 0, 4, 0, 0, 0]);
    expected.extend(b"time");
    expected.extend([0; 8]);
    assert_eq!(encode_layout(&core), expected);
}

#[test]
fn the_extension_keeps_its_bytes() {
    let layout = sample();
    let bytes = encode_layout(&layout);
    let core = encode_layout(&WasmLayout { extension: None, ..layout });
    let hex: String = bytes[core.len()..].iter().map(|byte| format!("{byte:02x}")).collect();
    let expected = [
        "01000000 08000000 02000000 00000000",
        "02000000 31000000 06000000 73696d632030 03000000 746561",
        "0707070707070707070707070707070707070707070707070707070707070707",
        "03000000 35000000 0000000000000000 0000000000003e40 000000000000c03f f000000000000000 7800000000000000 02 01",
        "07000000 6d696e75746573",
        "04000000 22000000 01000000 04000000 53697a65 02000000 05000000 736d616c6c 05000000 6c61726765",
        "05000000 8b000000 03000000",
        "07000000 54656120437570 01 00 0400000000000000 00000000",
        "04000000 726f6f6d 04 0f 0500000000000000 00000000 0000000000805140 03000000 c2b046 0b000000 6f662074686520726f6f6d",
        "0000000000000000 0000000000005e40",
        "04000000 63757073 04 01 0600000000000000 01000000 00000000 000000000000f03f 0000000000000040",
        "06000000 1f000000 01000000 07000000 726573756c7473 0001000000000000 c000000000000000",
        "28000000 2e000000 02000000",
        "03000000 746561 01 03000000 686f74 01000000 07000000 54656120437570",
        "03000000 616c6c 00 00000000",
        "2a000000 24000000 02000000 06000000 4b6574746c65 01 00000000 04000000 63757073 00 01000000 00000000",
        "2e000000 36000000 01000000 0e000000 646174612f72617465732e637376",
        "0707070707070707070707070707070707070707070707070707070707070707",
        "30000000 4d000000 8000000000000000 1000000000000000 01000000",
        "0c000000 7969656c645b736d616c6c5d 01 08000000 02000000",
        "0000000000000000 000000000000f03f 000000000000e03f 00000000000000c0",
    ];
    assert_eq!(hex, expected.concat().replace(' ', ""));
}

#[test]
fn what_is_encoded_decodes_to_the_same() {
    assert_eq!(decode_layout(&encode_layout(&sample())), Ok(sample()));
    let core = WasmLayout { extension: None, ..sample() };
    assert_eq!(decode_layout(&encode_layout(&core)), Ok(core));
}

/// The same with what else an artifact may say.
fn full_sample() -> WasmLayout {
    let mut layout = sample();
    let extension = layout.extension.as_mut().expect("the sample has one");
    extension.variables[2] = Variable {
        defaults: None,
        settable_parts: vec![SettableElements { first: 1, defaults: vec![2.0] }],
        ..extension.variables[2].clone()
    };
    extension.links = vec![
        Link { cause: 1, effect: 0, sign: Sign::Same, at_start: true },
        Link { cause: 2, effect: 0, sign: Sign::Opposite, at_start: false },
    ];
    extension.controls = vec![
        Control {
            kind: ControlKind::Knob,
            names: vec!["room".to_owned()],
            range: Some((0.0, 100.0)),
            step: Some(5.0),
            label: Some("how warm".to_owned()),
        },
        Control { kind: ControlKind::Graph, names: vec![], range: None, step: None, label: None },
    ];
    layout
}

#[test]
fn links_controls_and_elements_that_can_be_set_come_back() {
    assert_eq!(decode_layout(&encode_layout(&full_sample())), Ok(full_sample()));
    let extension = full_sample().extension.expect("the sample has one");
    let cups = &extension.variables[2];
    assert_eq!((cups.default_of(0), cups.default_of(1), cups.default_of(2)), (None, Some(2.0), None));
    assert!(cups.is_settable() && !extension.variables[0].is_settable());
    let broken = |change: fn(&mut Extension)| {
        let mut layout = full_sample();
        change(layout.extension.as_mut().expect("the sample has one"));
        reason(&encode_layout(&layout))
    };
    assert_eq!(broken(|it| it.links[0].cause = 3), Reason::Invalid { field: "variable" });
    let out_of_place = Reason::Invalid { field: "settable element" };
    assert_eq!(broken(|it| it.variables[2].settable_parts[0].first = 2), out_of_place);
    assert_eq!(broken(|it| it.variables[2].settable_parts[0].defaults = vec![]), out_of_place);
    assert_eq!(
        broken(|it| it.variables[2].settable_parts = vec![SettableElements { first: 0, defaults: vec![1.0, 2.0] }]),
        out_of_place
    );
}

#[test]
fn elements_of_transports_are_counted_through() {
    let extension = sample().extension.expect("the sample has one");
    let names: Vec<_> = (0..4).map(|number| extension.transport_name(number)).collect();
    let named = ["Kettle", "cups[small]", "cups[large]"].map(|name| Some(name.to_owned()));
    assert_eq!(names, [&named[..], &[None]].concat());
    assert_eq!(extension.transport_name(u64::MAX), None);
}

#[test]
fn unknown_records_are_skipped() {
    let mut bytes = encode_layout(&sample());
    bytes.extend([99, 0, 0, 0, 3, 0, 0, 0, 1, 2, 3]);
    assert_eq!(decode_layout(&bytes), Ok(sample()));
}

#[test]
fn every_cut_is_noticed_or_ends_a_record() {
    let bytes = encode_layout(&sample());
    let core = encode_layout(&WasmLayout { extension: None, ..sample() }).len();
    for len in 0..bytes.len() {
        match decode_layout(&bytes[..len]) {
            Ok(layout) => assert!(len >= core && encode_layout(&layout) != bytes, "{len} bytes"),
            Err(error) => {
                assert_eq!((error.reason, error.offset <= len as u64), (Reason::Truncated, true), "{len} bytes")
            }
        }
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let broken = |change: fn(&mut WasmLayout)| {
        let mut layout = sample();
        change(&mut layout);
        reason(&encode_layout(&layout))
    };
    assert_eq!(broken(|layout| layout.n_chunks = u64::MAX), Reason::Invalid { field: "results region" });
    // A row that no memory holds, and none of them.
    let wide = broken(|layout| (layout.n_slots, layout.n_chunks) = (1 << 52, 0));
    assert_eq!(wide, Reason::Invalid { field: "results region" });
    // As many dimensions as an array can have are fine, and one more is not.
    let dims = |n: usize| {
        let mut layout = sample();
        let extension = layout.extension.as_mut().expect("the sample has one");
        let one = u32::try_from(extension.dimensions.len()).expect("few dimensions");
        extension.dimensions.push(Dimension { name: "one".to_owned(), elements: vec!["only".to_owned()].into() });
        let scalar = extension.variables.iter().position(|variable| variable.dims.is_empty()).expect("a scalar");
        extension.variables[scalar].dims = vec![one; n];
        decode_layout(&encode_layout(&layout)).map(drop).map_err(|error| error.reason)
    };
    assert_eq!((dims(16), dims(17)), (Ok(()), Err(Reason::Invalid { field: "dimension" })));
    assert_eq!(broken(|layout| layout.entries[2].slot = 8), Reason::Invalid { field: "slot" });
    let of = |layout: &mut WasmLayout| layout.extension.take().expect("the sample has one");
    assert_eq!(
        broken(|layout| layout.extension.as_mut().expect("the sample has one").variables[2].slot = 7),
        Reason::Invalid { field: "slot" }
    );
    assert_eq!(
        broken(|layout| layout.extension.as_mut().expect("the sample has one").variables[2].dims = vec![1]),
        Reason::Invalid { field: "dimension" }
    );
    assert_eq!(
        broken(|layout| layout.extension.as_mut().expect("the sample has one").transports[1].dims = vec![1]),
        Reason::Invalid { field: "dimension" }
    );
    let mut layout = sample();
    let extension = of(&mut layout);
    let mut bytes = encode_layout(&layout);
    let format = encode_layout(&WasmLayout { extension: Some(extension), ..layout })[bytes.len()..][..16].to_vec();
    bytes.extend(&format);
    bytes.extend(&format);
    assert_eq!(reason(&bytes), Reason::Misplaced { tag: 1 });
}

#[test]
fn an_error_word_has_a_code_and_a_place() {
    for code in ErrorCode::ALL {
        let word = ErrorWord(7 << 32 | u64::from(code.number()));
        assert_eq!((word.code(), word.place()), (Some(code), 7));
    }
    assert_eq!((ErrorWord::default().code(), ErrorWord(2).code()), (None, None));
}

#[test]
fn a_record_is_four_words() {
    let words = [1 | 2 << 32, 3, 0.5_f64.to_bits(), (-1.0_f64).to_bits()];
    let bytes: Vec<u8> = words.into_iter().flat_map(u64::to_le_bytes).collect();
    let record = Record { event: 1, element: 2, step: 3, time: 0.5, value: -1.0 };
    assert_eq!(bytes.len(), RECORD_BYTES as usize);
    assert_eq!(decode_record(&bytes), record);
    assert_eq!(decode_record(&bytes[..24]), Record { value: 0.0, ..record });
}

#[test]
fn the_format_record_stands_first_and_has_a_known_version() {
    let core = encode_layout(&WasmLayout { extension: None, ..sample() });
    let with = |record: &[u8]| reason(&[core.as_slice(), record].concat());
    assert_eq!(with(&[6, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0]), Reason::NoFormat);
    assert_eq!(with(&[1, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]), Reason::Version { version: 1 });
    assert_eq!(with(&[1, 0, 0, 0, 9, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0]), Reason::Excess);
    assert_eq!(with(&[1, 0, 0, 0, 8, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0]), Reason::Invalid { field: "flag" });
}

#[test]
fn a_count_that_lies_costs_nothing() {
    let mut bytes = encode_layout(&WasmLayout { entries: vec![], extension: None, ..sample() });
    let count = bytes.len() - 4;
    bytes[count..].fill(0xff);
    assert_eq!(reason(&bytes), Reason::Truncated);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hostile_bytes_are_an_error_or_a_layout(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let mut bytes = encode_layout(&full_sample());
        for (position, byte) in changes {
            let position = position.index(bytes.len());
            bytes[position] = byte;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        match decode_layout(&bytes) {
            Ok(layout) => prop_assert!(encode_layout(&layout).len() <= bytes.len() + 200),
            Err(error) => prop_assert!(error.offset <= bytes.len() as u64),
        }
    }

    #[test]
    fn noise_is_an_error_or_a_layout(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        _ = decode_layout(&bytes);
        _ = read(&bytes);
    }
}
