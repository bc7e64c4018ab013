use super::*;
use crate::definition::ModelDef;

const MODES: [SeriesMode; 4] =
    [SeriesMode::Interpolate, SeriesMode::HoldBackward, SeriesMode::LookForward, SeriesMode::Raw];

#[test]
fn a_point_holds_from_a_little_before_its_time() {
    let (xs, ys) = ([0.0, 4.0, 1024.0], [5.0, 6.0, 7.0]);
    let read = |mode| read_as(&xs, &ys, mode);
    assert_eq!(read(SeriesMode::Interpolate), (TableKind::Continuous, vec![(0.0, 5.0), (4.0, 6.0), (1024.0, 7.0)]));
    // A part of the greatest time.
    let near = 1024.0 * 1e-10;
    let back = vec![(-near, 5.0), (4.0 - near, 6.0), (1024.0 - near, 7.0)];
    assert_eq!(read(SeriesMode::HoldBackward), (TableKind::Discrete, back));
    let ahead = vec![(0.0, 5.0), (near.next_up(), 6.0), ((4.0 + near).next_up(), 7.0)];
    assert_eq!(read(SeriesMode::LookForward), (TableKind::Discrete, ahead));
    let (kind, raw) = read(SeriesMode::Raw);
    let wanted = [
        ((0.0 - near).next_down(), MISSING),
        (-near, 5.0),
        (near.next_up(), MISSING),
        (4.0 - near, 6.0),
        ((4.0 + near).next_up(), MISSING),
        (1024.0 - near, 7.0),
        ((1024.0 + near).next_up(), MISSING),
    ];
    assert_eq!((kind, raw), (TableKind::Discrete, wanted.to_vec()));
}

#[test]
fn points_next_to_each_other_stay_apart() {
    // A quarter of the gap is less than the part of the greatest time.
    let xs = [1.0, 1.0 + 1e-12, 2.0];
    let near = (xs[1] - xs[0]) / 4.0;
    let (_, points) = read_as(&xs, &[1.0, 2.0, 3.0], SeriesMode::HoldBackward);
    assert_eq!(points.iter().map(|point| point.0).collect::<Vec<_>>(), xs.map(|x| x - near));
    // Of one point nothing is known but its own time.
    assert_eq!(read_as(&[0.0], &[4.0], SeriesMode::HoldBackward).1, [(-f64::MIN_POSITIVE * 1e-10, 4.0)]);
    for mode in MODES {
        let n_points = read_as(&[], &[], mode).1.len();
        assert_eq!(n_points, usize::from(mode == SeriesMode::Raw));
    }
}

fn name(text: &str) -> Name {
    Name { text: text.to_owned(), span: Span::default() }
}

fn table() -> TableDef {
    let (xs, ys) = (vec![0.0, 1.0], vec![5.0, 6.0]);
    TableDef { kind: TableKind::Continuous, x_scale: None, xs: Some(xs), ys, span: Span::default() }
}

fn data(text: &str, mode: SeriesMode) -> VarDef {
    VarDef { table: Some(table()), series: Some(mode), ..VarDef::new(name(text), DefKind::Table, Span::default()) }
}

/// `TABLE(argument, 1)` as the equation of a variable.
fn asking(function: &str, argument: &str) -> VarDef {
    let path = |text: &str| Path { absolute: false, parts: vec![name(text)], span: Span::default() };
    let kinds = [
        EquationKind::Reference(path(argument), Vec::new()),
        EquationKind::Number(1.0),
        EquationKind::Call(path(function), vec![0, 1]),
    ];
    let nodes = kinds.into_iter().map(|kind| EquationNode { kind, span: Span::default() }).collect();
    let equation = Some(Equation { nodes, span: Span::default() });
    VarDef { equation, ..VarDef::new(name("asks"), DefKind::Aux, Span::default()) }
}

fn with(vars: Vec<VarDef>) -> Definition {
    let models = vec![ModelDef { vars, ..ModelDef::default() }];
    Definition { dialect: builtin::Dialect::Vensim, models, ..Definition::default() }
}

#[test]
fn data_becomes_a_function_of_the_time() {
    let plain = VarDef { table: Some(table()), ..VarDef::new(name("plain"), DefKind::Table, Span::default()) };
    assert!(as_tables(&with(vec![plain.clone()])).is_none());
    let made = as_tables(&with(vec![plain, data("d", SeriesMode::HoldBackward)])).expect("there is data");
    let [plain, d] = made.models[0].vars.as_slice() else { panic!("two variables") };
    assert!(plain.kind == DefKind::Table && plain.equation.is_none());
    assert!(d.kind == DefKind::Aux && d.series.is_none());
    let kinds: Vec<&EquationKind> =
        d.equation.iter().flat_map(|equation| &equation.nodes).map(|node| &node.kind).collect();
    let [EquationKind::Reference(path, subscripts)] = kinds.as_slice() else { panic!("{kinds:?}") };
    assert!(!path.absolute && path.parts[0].text == "Time" && subscripts.is_empty());
    let d = d.table.as_ref().expect("the points");
    assert_eq!((d.kind, d.ys.as_slice()), (TableKind::Discrete, [5.0, 6.0].as_slice()));
}

#[test]
fn data_that_functions_ask_for_its_points_stays() {
    let asked = vec![data("d", SeriesMode::Raw), asking("GET DATA AT TIME", "D")];
    assert!(as_tables(&with(asked)).is_none());
    let both = vec![data("d", SeriesMode::Raw), data("e", SeriesMode::Raw), asking("GET DATA AT TIME", "d")];
    let made = as_tables(&with(both)).expect("e is data");
    let is_data: Vec<bool> = made.models[0].vars.iter().map(|var| var.series.is_some()).collect();
    assert_eq!(is_data, [true, false, false]);
    // The value of data is no question for its points.
    assert!(as_tables(&with(vec![data("d", SeriesMode::Raw), asking("MAX", "d")])).is_some());
}
