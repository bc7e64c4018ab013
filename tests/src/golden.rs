//! Layouts whose bytes are committed, so that the format cannot change unseen: `tests/golden/NAME.layout.bin`.

use std::path::{Path, PathBuf};

use simc::driver::Options;
use simc_artifact::{
    Action, Control, ControlKind, Dimension, Direction, Entry, Event, Extension, Group, InputTable, Inputs, Kind, Link,
    Method, Origin, ReadFile, Region, Repeat, SettableElements, Sign, TableKind, Threshold, Time, Transport,
    TransportKind, Variable, WasmLayout, read,
};

use simc_midend::pipeline::OptLevel;

use crate::subject::Subject;

/// A layout and the name of its file.
#[derive(Clone, Debug)]
pub struct Golden {
    /// What the file is called.
    pub name: &'static str,
    /// What its bytes say.
    pub layout: WasmLayout,
}

/// The folder of the files.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

/// All of them: of a compiled model, of one with arrays and settable graphical functions, and one that uses every part of the format.
///
/// # Errors
/// When the model cannot be read or compiled.
pub fn layouts() -> Result<Vec<Golden>, String> {
    let compiled = |path: PathBuf, options: &Options| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{name}: {error}"))?;
        let subject = Subject::with_options(&name, &text, options)?;
        read(&subject.wasm).map(|artifact| artifact.layout).map_err(|error| error.to_string())
    };
    let options = Options { level: OptLevel::O2, ..Options::default() };
    let settable = Options { table_points: Some(4), ..options.clone() };
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    Ok(vec![
        Golden { name: "decay", layout: compiled(folder().join("decay.xmile"), &options)? },
        Golden { name: "array_tables", layout: compiled(models.join("array_tables.xmile"), &settable)? },
        Golden { name: "array_stocks", layout: compiled(models.join("array_stocks.xmile"), &options)? },
        Golden { name: "arrays", layout: arrays() },
    ])
}

/// Arrays, defaults of each element, units, documentation, ranges.
fn arrays() -> WasmLayout {
    let entry = |name: &str, slot| Entry { name: name.to_owned(), slot };
    WasmLayout {
        n_slots: 13,
        n_chunks: 3,
        results_offset: 96,
        entries: vec![
            entry("time", 0),
            entry("dt", 1),
            entry("initial_time", 2),
            entry("final_time", 3),
            entry("population[north,young]", 4),
            entry("population[north,old]", 5),
            entry("population[south,young]", 6),
            entry("population[south,old]", 7),
            entry("größe", 8),
            entry("birth_rate[north]", 9),
            entry("birth_rate[south]", 10),
            entry("mixed[north]", 11),
            entry("mixed[south]", 12),
        ],
        extension: Some(Extension {
            arrays_have_one_entry: false,
            origin: Origin { producer: "simc".to_owned(), model: "Regions".to_owned(), source_digest: [0xab; 32] },
            time: Some(Time {
                start: -1.0,
                stop: 1.0,
                dt: 1.0,
                n_steps: 2,
                save_every: 1,
                method: Method::Rk4,
                units: Some("year".to_owned()),
            }),
            dimensions: vec![dimension("Region", ["North", "South"]), dimension("Age", ["Young", "Old"])],
            variables: variables(),
            regions: vec![Region { name: "live values".to_owned(), offset: 0, bytes: 104 }],
            groups: vec![
                Group {
                    name: "People".to_owned(),
                    doc: Some("who is where".to_owned()),
                    members: vec!["Population".to_owned(), "birth rate".to_owned()],
                },
                Group { name: "Rest".to_owned(), doc: None, members: vec![] },
            ],
            transports: vec![
                Transport { name: "Population".to_owned(), kind: TransportKind::Conveyor, dims: vec![0, 1] },
                Transport { name: "Registry".to_owned(), kind: TransportKind::Queue, dims: vec![] },
            ],
            links: vec![
                Link { cause: 5, effect: 4, sign: Sign::Unknown, at_start: true },
                Link { cause: 6, effect: 4, sign: Sign::Same, at_start: false },
                Link { cause: 4, effect: 5, sign: Sign::Opposite, at_start: false },
            ],
            controls: vec![
                Control {
                    kind: ControlKind::Slider,
                    names: vec!["birth rate[North]".to_owned()],
                    range: Some((0.0, 0.5)),
                    step: Some(0.01),
                    label: Some("births".to_owned()),
                },
                Control {
                    kind: ControlKind::Graph,
                    names: vec!["Population".to_owned(), "Größe".to_owned()],
                    range: None,
                    step: None,
                    label: None,
                },
            ],
            files: vec![
                ReadFile { name: "regions.xmile".to_owned(), digest: [0x11; 32] },
                ReadFile { name: "data/rates.csv".to_owned(), digest: [0x22; 32] },
            ],
            thresholds: vec![Threshold {
                variable: "Population".to_owned(),
                dims: vec![0, 1],
                first: 1,
                n: 2,
                value: 1000.0,
                direction: Direction::Decreasing,
                repeat: Repeat::OnceEver,
                interval: 0,
                events: vec![
                    Event { action: Action::Pause, message: "few are left".to_owned() },
                    Event { action: Action::Stop, message: String::new() },
                ],
            }],
            inputs: Some(Inputs {
                offset: 64,
                capacity: 4,
                tables: vec![InputTable {
                    name: "yield[North]".to_owned(),
                    kind: TableKind::Discrete,
                    capacity: 2,
                    points: vec![[0.0, 1.0], [0.5, -2.0]],
                }],
            }),
        }),
    }
}

fn dimension(name: &str, elements: [&str; 2]) -> Dimension {
    Dimension { name: name.to_owned(), elements: elements.map(str::to_owned).to_vec().into() }
}

fn variables() -> Vec<Variable> {
    let plain = |name: &str, kind, slot, dims: &[u32]| Variable {
        name: name.to_owned(),
        kind,
        slot,
        dims: dims.to_vec(),
        defaults: None,
        settable_parts: Vec::new(),
        units: None,
        doc: None,
        range: None,
    };
    vec![
        plain("time", Kind::Time, 0, &[]),
        plain("dt", Kind::Time, 1, &[]),
        plain("initial_time", Kind::Time, 2, &[]),
        plain("final_time", Kind::Time, 3, &[]),
        Variable { units: Some("people".to_owned()), ..plain("Population", Kind::Stock, 4, &[0, 1]) },
        plain("Größe", Kind::Auxiliary, 8, &[]),
        Variable {
            defaults: Some(vec![0.25, f64::NEG_INFINITY]),
            doc: Some("per year\nof each region".to_owned()),
            range: Some((0.0, 1.0)),
            ..plain("birth rate", Kind::Constant, 9, &[0])
        },
        Variable {
            settable_parts: vec![SettableElements { first: 1, defaults: vec![0.5] }],
            units: Some("1".to_owned()),
            ..plain("mixed", Kind::Auxiliary, 11, &[0])
        },
    ]
}
