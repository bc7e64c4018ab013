use super::*;
use crate::definition::{
    Connection, ConveyorDef, DimDef, Equation, EquationDef, EquationKind, EquationNode, GroupDef, InitialLists,
    LeakDef, MappingDef, Name, Path, QueueDef, UnitDef,
};
use crate::model::{BinaryOp, ControlKind, UnaryOp};
use crate::source::Span;

const PLACE: Span = Span { file: crate::source::FileId(0), start: 0, end: 0 };

fn name(text: &str) -> Name {
    Name { text: text.to_owned(), span: PLACE }
}

fn names(text: &str) -> Vec<Name> {
    text.split_whitespace().map(name).collect()
}

fn path(text: &str) -> Path {
    let parts = text.trim_start_matches('.').split('.').map(name).collect();
    Path { absolute: text.starts_with('.'), parts, span: PLACE }
}

fn equation(kinds: Vec<EquationKind>) -> Equation {
    let nodes = kinds.into_iter().map(|kind| EquationNode { kind, span: PLACE }).collect();
    Equation { nodes, span: PLACE }
}

fn number(value: f64) -> Equation {
    equation(vec![EquationKind::Number(value)])
}

fn var(kind: DefKind, text: &str) -> VarDef {
    VarDef::new(name(text), kind, PLACE)
}

fn element(subscripts: &str, value: Option<f64>) -> ElementDef {
    ElementDef {
        subscripts: names(subscripts),
        except: Vec::new(),
        equation: value.map(number),
        has_initial: false,
        table: None,
        thresholds: Vec::new(),
        non_negative: None,
        span: PLACE,
    }
}

fn table(kind: TableKind, xs: Option<Vec<f64>>) -> TableDef {
    let x_scale = xs.is_none().then_some((0.0, 2.0));
    TableDef { kind, x_scale, xs, ys: vec![5.0, 6.0, 7.0], span: PLACE }
}

/// The lines of a model with these variables.
fn lines(vars: Vec<VarDef>) -> Vec<String> {
    let model = ModelDef { vars, ..ModelDef::default() };
    let text = print(&Definition { models: vec![model], ..Definition::default() });
    let text = text.strip_prefix("model\n").expect("one model").to_owned();
    assert!(text.ends_with('\n'));
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_file_says_each_thing_on_a_line() {
    let specs = SimSpecs {
        start: Some((0.0, PLACE)),
        stop: Some((8.0, PLACE)),
        dt: Some((0.5, PLACE)),
        methods: names("rk4 euler"),
        save_interval: Some((2.0, PLACE)),
        time_units: Some(name("year")),
        span: PLACE,
    };
    let half = SimSpecs { dt: None, methods: Vec::new(), save_interval: None, time_units: None, ..specs.clone() };
    let slider = ControlDef {
        kind: ControlKind::Slider,
        entities: names("a"),
        range: Some((0.0, 1.0)),
        step: Some(0.1),
        label: Some("how much".to_owned()),
    };
    let graph = ControlDef { kind: ControlKind::Graph, entities: names("a b"), range: None, step: None, label: None };
    let mappings = vec![
        MappingDef { to: name("Other"), elements: Vec::new() },
        MappingDef { to: name("Third"), elements: vec![names("t1"), names("t2 t3")] },
    ];
    let dim = |text: &str, elements: DimElements, maps_to: Vec<MappingDef>| DimDef {
        name: name(text),
        elements,
        maps_to,
        span: PLACE,
    };
    let body = ModelDef {
        vars: vec![var(DefKind::Aux, "f"), var(DefKind::Aux, "x")],
        modules: vec![ModuleDef {
            name: name("deep"),
            model: None,
            resource: None,
            dims: Vec::new(),
            connections: Vec::new(),
            span: PLACE,
        }],
        ..ModelDef::default()
    };
    let function = MacroDef {
        name: name("f"),
        namespace: Some("isee".to_owned()),
        n_params: 1,
        body: body.clone(),
        reported: false,
        span: PLACE,
    };
    let connection = Connection { to: path("input"), from: path(".town.output"), span: PLACE };
    let root = ModelDef {
        sim_specs: Some(half),
        behavior: Behavior { non_negative_stocks: None, non_negative_flows: Some(false) },
        vars: vec![var(DefKind::Aux, "a")],
        modules: vec![ModuleDef {
            name: name("Town"),
            model: Some(name("Place")),
            resource: None,
            dims: names("Dim Other"),
            connections: vec![connection],
            span: PLACE,
        }],
        groups: vec![GroupDef { name: name("Rates"), doc: None, members: names("a Town") }],
        controls: vec![graph.clone()],
        ..ModelDef::default()
    };
    let file = Definition {
        name: Some("All".to_owned()),
        sim_specs: Some(specs),
        behavior: Behavior { non_negative_stocks: Some(true), non_negative_flows: None },
        units: vec![
            UnitDef { name: name("person"), equation: None, aliases: names("people") },
            UnitDef { name: name("rate"), equation: Some(name("person/year")), aliases: Vec::new() },
        ],
        dims: vec![
            dim("Dim", DimElements::Named(names("d1 d2")), mappings),
            dim("Number", DimElements::Size(3), Vec::new()),
        ],
        invalid_index: f64::NAN,
        macros: vec![
            function,
            MacroDef { name: name("g"), namespace: None, n_params: 0, body, reported: false, span: PLACE },
        ],
        controls: vec![slider],
        models: vec![root, ModelDef { name: Some(name("Place")), ..ModelDef::default() }],
        ..Definition::default()
    };
    let expected = "file \"All\"\n\
        sim_specs start 0.0 stop 8.0 dt 0.5 save_interval 2.0 method rk4 method euler time_units \"year\"\n\
        behavior stocks non_negative true\n\
        invalid_index NaN\n\
        unit \"person\" alias \"people\"\n\
        unit \"rate\" = \"person/year\"\n\
        dim Dim: d1, d2\n\
        \x20 maps_to Other\n\
        \x20 maps_to Third (t1) (t2, t3)\n\
        dim Number size 3\n\
        macro f namespace \"isee\" params 1\n\
        \x20 aux f\n\
        \x20 aux x\n\
        \x20 module deep\n\
        macro g params 0\n\
        \x20 aux f\n\
        \x20 aux x\n\
        \x20 module deep\n\
        slider a range 0.0 1.0 step 0.1 label \"how much\"\n\
        model\n\
        \x20 sim_specs start 0.0 stop 8.0\n\
        \x20 behavior flows non_negative false\n\
        \x20 aux a\n\
        \x20 module Town of Place [Dim, Other]\n\
        \x20   connect input from .town.output\n\
        \x20 group Rates: a, Town\n\
        \x20 graph a, b\n\
        model Place\n";
    assert_eq!(print(&file), expected);
    assert_eq!(print(&Definition { models: vec![ModelDef::default()], ..Definition::default() }), "model\n");
}

#[test]
fn a_variable_is_followed_by_its_details() {
    let stock = VarDef {
        dims: names("Dim Other"),
        equation: Some(number(1.0)),
        inflows: names("i j"),
        outflows: names("o"),
        elements: vec![
            element("d1 o1", Some(2.0)),
            ElementDef {
                except: vec![names("d1 o1"), names("d2")],
                non_negative: Some(false),
                ..element("Dim", Some(3.0))
            },
            ElementDef { table: Some(table(TableKind::Discrete, None)), ..element("d2 o2", None) },
        ],
        non_negative: Some(true),
        units: Some(name("people")),
        doc: Some("who is\nthere".to_owned()),
        range: Some((0.0, 9.5)),
        access: Some(Access::Output),
        ..var(DefKind::Stock, "s")
    };
    let expected = [
        "  stock s[Dim, Other] = 1.0",
        "    inflow i",
        "    inflow j",
        "    outflow o",
        "    element [d1, o1] = 2.0",
        "    element [Dim] except [d1, o1] except [d2] = 3.0 non_negative false",
        "    element [d2, o2]",
        "    gf discrete xscale 0.0 2.0 ys [5.0, 6.0, 7.0]",
        "    non_negative true",
        "    access output",
        "    range 0.0 9.5",
        "    units \"people\"",
        "    doc \"who is\\nthere\"",
    ];
    assert_eq!(lines(vec![stock]), expected);
}

#[test]
fn kinds_and_series_have_their_words() {
    let data = |mode| VarDef { series: Some(mode), ..var(DefKind::Aux, "a") };
    let vars = vec![
        VarDef { list: vec![number(1.0), number(2.0)], reported: true, ..var(DefKind::Flow, "two words") },
        VarDef { table: Some(table(TableKind::Continuous, None)), ..var(DefKind::Table, "3rd") },
        VarDef { table: Some(table(TableKind::Extrapolate, Some(vec![0.0, 1.0, 4.0]))), ..var(DefKind::Table, "t") },
        data(SeriesMode::Interpolate),
        data(SeriesMode::HoldBackward),
        data(SeriesMode::LookForward),
        data(SeriesMode::Raw),
        VarDef { access: Some(Access::Input), multiplier: Some(number(2.0)), ..var(DefKind::Aux, "in") },
    ];
    let expected = [
        "  flow \"two words\" = 1.0, 2.0 (with errors)",
        "  table \"3rd\"",
        "    gf continuous xscale 0.0 2.0 ys [5.0, 6.0, 7.0]",
        "  table t",
        "    gf extrapolate xs [0.0, 1.0, 4.0] ys [5.0, 6.0, 7.0]",
        "  aux a data",
        "  aux a data hold backward",
        "  aux a data look forward",
        "  aux a data raw",
        "  aux in",
        "    multiplier = 2.0",
        "    access input",
    ];
    assert_eq!(lines(vars), expected);
}

#[test]
fn a_conveyor_is_followed_by_its_equations() {
    let part = |value: f64| Some(EquationDef { equation: Some(number(value)), elements: Vec::new() });
    let all = ConveyorDef {
        discrete: true,
        batch_integrity: true,
        one_at_a_time: false,
        fifo: true,
        exponential_leak: true,
        ignores_losses: true,
        transit: part(4.0),
        capacity: part(5.0),
        inflow_limit: part(6.0),
        sample: part(7.0),
        arrest: Some(EquationDef { equation: None, elements: vec![element("d1", Some(8.0))] }),
        initial_lists: Some(InitialLists {
            whole: vec![number(1.0), number(2.0)],
            elements: vec![(1, vec![number(3.0), number(4.0)])],
        }),
        span: PLACE,
    };
    let plain = ConveyorDef {
        discrete: false,
        batch_integrity: false,
        one_at_a_time: true,
        fifo: false,
        exponential_leak: false,
        ignores_losses: false,
        capacity: None,
        inflow_limit: None,
        sample: None,
        arrest: None,
        initial_lists: None,
        ..all.clone()
    };
    let belt = |conveyor| VarDef {
        transport: Some(TransportDef::Conveyor(Box::new(conveyor))),
        ..var(DefKind::Stock, "belt")
    };
    let leak = |integers| Some(LeakDef { start: 0.25, end: 1.0, integers, span: PLACE });
    let vars = vec![
        belt(all),
        belt(plain),
        VarDef { transport: Some(TransportDef::Queue(QueueDef { span: PLACE })), ..var(DefKind::Stock, "line") },
        VarDef { leak: leak(true), overflow: true, ..var(DefKind::Flow, "f") },
        VarDef { leak: leak(false), ..var(DefKind::Flow, "g") },
    ];
    let expected = [
        "  stock belt",
        "    conveyor discrete batch_integrity several_at_a_time fifo exponential_leak ignores_losses",
        "    transit = 4.0",
        "    capacity = 5.0",
        "    inflow_limit = 6.0",
        "    sample = 7.0",
        "    arrest",
        "    element [d1] = 8.0",
        "    list: 1.0, 2.0",
        "    list of clause 1: 3.0, 4.0",
        "  stock belt",
        "    conveyor",
        "    transit = 4.0",
        "  stock line",
        "    queue",
        "  flow f",
        "    leak from 0.25 to 1.0 integers",
        "    overflow",
        "  flow g",
        "    leak from 0.25 to 1.0",
    ];
    assert_eq!(lines(vars), expected);
}

#[test]
fn an_equation_is_printed_with_operators_first() {
    let a = || EquationKind::Reference(path("a"), Vec::new());
    let shown = |kinds: Vec<EquationKind>| print_equation(&equation(kinds));
    assert_eq!(shown(Vec::new()), "");
    let sub = EquationKind::Reference(path(".m.b c"), vec![0, 1, 2]);
    assert_eq!(shown(vec![EquationKind::Number(1.0), a(), EquationKind::Wildcard(None), sub]), ".m.\"b c\"[1.0, a, *]");
    assert_eq!(shown(vec![a(), EquationKind::Number(2.0), EquationKind::Call(path("f"), vec![0, 1])]), "(f a 2.0)");
    let called = EquationKind::SubscriptedCall(path("f"), vec![0], vec![1, 0]);
    assert_eq!(shown(vec![a(), EquationKind::Number(2.0), called]), "(f[a] 2.0 a)");
    let binary = |op| shown(vec![a(), EquationKind::Number(2.0), EquationKind::Binary(op, 0, 1)]);
    let all = [
        (BinaryOp::Add, "+"),
        (BinaryOp::Sub, "-"),
        (BinaryOp::Mul, "*"),
        (BinaryOp::Div, "/"),
        (BinaryOp::SafeDiv, "//"),
        (BinaryOp::Mod, "mod"),
        (BinaryOp::Pow, "^"),
        (BinaryOp::Eq, "="),
        (BinaryOp::Ne, "<>"),
        (BinaryOp::Lt, "<"),
        (BinaryOp::Le, "<="),
        (BinaryOp::Gt, ">"),
        (BinaryOp::Ge, ">="),
        (BinaryOp::And, "and"),
        (BinaryOp::Or, "or"),
    ];
    for (op, symbol) in all {
        assert_eq!(binary(op), format!("({symbol} a 2.0)"));
    }
    let unary = |kind| shown(vec![a(), kind]);
    assert_eq!(unary(EquationKind::Unary(UnaryOp::Neg, 0)), "(- a)");
    assert_eq!(unary(EquationKind::Unary(UnaryOp::Not, 0)), "(not a)");
    assert_eq!(unary(EquationKind::Wildcard(Some(0))), "(all a)");
    assert_eq!(unary(EquationKind::Position(0)), "(@ a)");
    assert_eq!(unary(EquationKind::Transpose(0)), "(transpose a)");
    assert_eq!(shown(vec![a(), a(), EquationKind::Range(0, 1)]), "(range a a)");
    assert_eq!(shown(vec![a(), a(), EquationKind::InnerProduct(0, 1)]), "(*.* a a)");
    assert_eq!(shown(vec![a(), EquationKind::If(0, 0, 0)]), "(if a a a)");
    for (text, is_plain) in [("a_1$", true), ("é", true), ("1a", false), ("a b", false), ("", false), ("a.b", false)] {
        assert_eq!(print_name(&name(text)) == text, is_plain, "{text}");
    }
}
