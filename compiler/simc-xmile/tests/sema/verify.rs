//! Rules of a resolved model: each is broken in turn, and the check says so.

use super::fixture::model;
use simc_model::files::NoFiles;
use simc_model::model::verify::Rule;
use simc_model::model::{
    Base, BinaryOp, Conveyor, Def, DimId, Expr, ExprKind, Index, InflowSpread, Model, Node, NodeId, PureFn,
    RecurrenceId, ReduceOp, StateId, StateKind, TableId, TableRef, TransportForm, TransportQuery, VarId, VarKind,
};
use simc_model::source::{Sources, Span};

/// Stocks, arrays, calls, tables, a recurrence, reducers and a vector function.
const SAMPLE: &str = "dim d 4\naux c = 3\naux a = c*2\n  over d\naux pick = a[2] + SUM(a[*]) + SIZE(a)\nstock s = a[1]\n  in f\nflow f = SMTH1(c, 5) + s/10\n\
    table t\n  points 0,1,2 -> 5,6,7\naux u = t(TIME)\naux r = IF d = 1 THEN c ELSE r[d - 1]\n  over d\naux g = h[d - 1] + 1\n  over d\n\
    aux h = g\n  over d\naux rank = RANK(a, 1)\naux still = INIT(c)\n";

fn sample() -> Model {
    model(SAMPLE)
}

/// A conveyor with a leak and a threshold.
fn transport() -> Model {
    let text = "<xmile version=\"1.0\" xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\"><header/>\
        <sim_specs><start>0</start><stop>10</stop><dt>1</dt></sim_specs><model><variables>\
        <stock name=\"c\"><eqn>10</eqn><inflow>i</inflow><outflow>o</outflow><outflow>l</outflow><conveyor><len>4</len></conveyor></stock>\
        <flow name=\"i\"><eqn>1</eqn></flow><flow name=\"o\"/><flow name=\"l\"><eqn>0.1</eqn><leak/></flow>\
        <aux name=\"alarm\"><eqn>TIME</eqn><event_poster><threshold value=\"3\"><event sim_action=\"message\">late</event></threshold></event_poster></aux>\
        </variables></model></xmile>";
    let mut sources = Sources::new();
    let root = sources.add("test", text);
    let compiled = simc_xmile::compile(&mut sources, root, &NoFiles);
    assert!(compiled.model.is_some(), "{:?}", compiled.diagnostics);
    compiled.model.expect("a model")
}

fn id(model: &Model, name: &str) -> usize {
    model.vars.iter().position(|var| var.name == name).expect("a variable of this name")
}

fn clauses<'m>(model: &'m mut Model, name: &str) -> &'m mut Vec<simc_model::model::Clause> {
    let id = id(model, name);
    match &mut model.vars[id].def {
        Def::Formula(clauses) => clauses,
        Def::Stock { init, .. } => init,
        Def::Constant(_) | Def::Lookup(_) => panic!("`{name}` has no clauses"),
    }
}

fn expr<'m>(model: &'m mut Model, name: &str) -> &'m mut Expr {
    &mut clauses(model, name)[0].expr
}

fn conveyor(model: &mut Model) -> &mut Conveyor {
    match &mut model.transports[0].form {
        TransportForm::Conveyor(conveyor) => conveyor,
        TransportForm::Queue(_) => panic!("a conveyor"),
    }
}

/// Replaces an equation.
fn set(model: &mut Model, name: &str, kinds: &[ExprKind]) {
    let expr = expr(model, name);
    *expr = Expr::default();
    for kind in kinds {
        expr.push(kind.clone(), Span::default());
    }
}

fn state(model: &Model, is: impl Fn(&StateKind) -> bool) -> usize {
    model.states.iter().position(|state| is(&state.kind)).expect("such a call")
}

/// Breaks a sound model and expects violations of one rule alone, which name a part of the model.
fn expect(rule: Rule, mut model: Model, change: impl FnOnce(&mut Model)) {
    assert_eq!(model.verify(), Ok(()));
    change(&mut model);
    let found = model.verify().expect_err("a violation");
    assert!(found.list.iter().all(|violation| violation.rule == rule), "{rule:?} expected:\n{found}");
    assert!(found.list.iter().all(|violation| !violation.place.is_empty() && !violation.message.is_empty()));
}

#[test]
fn times_follow_from_one_another() {
    expect(Rule::Time, sample(), |model| model.time.dt = 0.0);
    expect(Rule::Time, sample(), |model| model.time.start = f64::NAN);
    expect(Rule::Time, sample(), |model| model.time.save_every = 0);
    expect(Rule::Time, sample(), |model| model.time.n_rows += 1);
}

#[test]
fn ids_are_those_of_parts() {
    let none = VarId(9999);
    expect(Rule::Reference, sample(), |model| set(model, "u", &[ExprKind::Var(none, Vec::new())]));
    expect(Rule::Reference, sample(), |model| set(model, "u", &[ExprKind::State(StateId(99))]));
    expect(Rule::Reference, sample(), |model| model.states[0].owner = none);
    expect(Rule::Reference, sample(), |model| {
        let table = TableRef::One(TableId(9));
        set(model, "u", &[ExprKind::Time, ExprKind::Lookup(table, NodeId(0))]);
    });
    expect(Rule::Reference, sample(), |model| {
        let id = id(model, "a");
        model.vars[id].dims[0] = DimId(7);
    });
    expect(Rule::Reference, sample(), |model| model.step_order[0] = Node::Var(none));
    expect(Rule::Reference, sample(), |model| model.step_order[0] = Node::Recurrence(RecurrenceId(9)));
    expect(Rule::Reference, transport(), |model| model.thresholds[0].watched = 4);
    expect(Rule::Reference, transport(), |model| model.watched[0].var = none);
    expect(Rule::Reference, transport(), |model| model.transports[0].stock = none);
    expect(Rule::Reference, transport(), |model| conveyor(model).leaks[0].flow = none);
}

#[test]
fn what_holds_before_the_first_step_is_looked_at_too() {
    expect(Rule::Reference, sample(), |model| {
        let mut start = Expr::default();
        start.push(ExprKind::Var(VarId(9999), Vec::new()), Span::default());
        clauses(model, "u")[0].start = Some(start);
    });
    // An initial value needs `a`, which may need nothing else at the start.
    expect(Rule::Dependency, sample(), |model| {
        let stock = VarId(id(model, "s") as u32);
        let mut start = Expr::default();
        start.push(ExprKind::Var(stock, Vec::new()), Span::default());
        clauses(model, "a")[0].start = Some(start);
    });
}

#[test]
fn regions_lie_in_their_dimensions() {
    expect(Rule::Region, sample(), |model| clauses(model, "a")[0].region[0].len = 5);
    expect(Rule::Region, sample(), |model| clauses(model, "a")[0].region[0].len = 0);
    expect(Rule::Region, sample(), |model| clauses(model, "a")[0].region.clear());
    expect(Rule::Region, sample(), |model| {
        for node in &mut expr(model, "pick").nodes {
            if let ExprKind::Reduce(reduce) = &mut node.kind {
                reduce.extents[0].start = 1;
            }
        }
    });
}

#[test]
fn clauses_hold_every_element_once() {
    expect(Rule::Cover, sample(), |model| clauses(model, "a")[0].region[0].len = 3);
    expect(Rule::Cover, sample(), |model| {
        let clauses = clauses(model, "a");
        clauses[0].region[0].len = 2;
        clauses.push(clauses[0].clone());
    });
}

#[test]
fn kinds_say_what_definitions_are() {
    expect(Rule::Kind, sample(), |model| model.vars[0].kind = VarKind::Auxiliary);
    expect(Rule::Kind, sample(), |model| model.vars[0].def = Def::Constant(vec![1.0, 2.0]));
    expect(Rule::Kind, sample(), |model| {
        let id = id(model, "s");
        model.vars[id].kind = VarKind::Flow;
    });
    expect(Rule::Kind, sample(), |model| {
        let id = id(model, "t");
        model.vars[id].def = Def::Lookup(vec![TableId(0); 2]);
    });
}

#[test]
fn operands_come_first_and_forms_stand_where_they_may() {
    expect(Rule::Expression, sample(), |model| set(model, "u", &[]));
    expect(Rule::Expression, sample(), |model| {
        set(model, "u", &[ExprKind::Binary(BinaryOp::Add, NodeId(0), NodeId(1)), ExprKind::Time]);
    });
    expect(Rule::Expression, sample(), |model| {
        set(model, "u", &[ExprKind::Call(PureFn::Abs, vec![NodeId(0)])]);
    });
    expect(Rule::Expression, sample(), |model| {
        for node in &mut expr(model, "pick").nodes {
            if let ExprKind::Reduce(reduce) = &mut node.kind {
                reduce.op = ReduceOp::List;
            }
        }
    });
    expect(Rule::Expression, sample(), |model| {
        for node in &mut expr(model, "pick").nodes {
            if let ExprKind::Reduce(reduce) = &mut node.kind {
                reduce.extents.clear();
                reduce.body = Expr::number(0.0, Span::default());
            }
        }
    });
    expect(Rule::Expression, sample(), |model| {
        let vector = state(model, |kind| *kind == StateKind::Vector);
        let ExprKind::Arrange(function, operands) =
            model.states[vector].input.nodes.last().expect("a root").kind.clone()
        else {
            panic!("the input of a vector function")
        };
        set(model, "u", &[ExprKind::Time, ExprKind::Arrange(function, vec![NodeId(0); operands.len()])]);
    });
}

#[test]
fn subscripts_stay_inside() {
    let read = |index: Index| {
        move |model: &mut Model| {
            let a = VarId(id(model, "a") as u32);
            set(model, "r", &[ExprKind::Time, ExprKind::Var(a, vec![index])]);
        }
    };
    let moving = |base: Base, offset: i64| Index::Moving { base, offset };
    expect(Rule::Index, sample(), read(Index::Fixed(4)));
    expect(Rule::Index, sample(), read(moving(Base::Loop(0), 4)));
    expect(Rule::Index, sample(), read(moving(Base::Loop(0), -1)));
    expect(Rule::Index, sample(), read(moving(Base::Loop(1), 0)));
    expect(Rule::Index, sample(), read(moving(Base::Bound(0), 0)));
    expect(Rule::Index, sample(), |model| {
        let a = VarId(id(model, "a") as u32);
        set(model, "u", &[ExprKind::Var(a, Vec::new())]);
    });
    expect(Rule::Index, sample(), |model| {
        set(model, "u", &[ExprKind::Position(moving(Base::Loop(3), 0))]);
    });
    expect(Rule::Index, sample(), |model| {
        let table = TableRef::Each { tables: vec![TableId(0); 2], shape: vec![3], indices: vec![Index::Fixed(0)] };
        set(model, "u", &[ExprKind::Time, ExprKind::Lookup(table, NodeId(0))]);
    });
    expect(Rule::Index, sample(), |model| {
        let indices = vec![Index::Computed(NodeId(0))];
        let table = TableRef::Each { tables: vec![TableId(0); 2], shape: vec![2], indices };
        set(model, "u", &[ExprKind::Time, ExprKind::Lookup(table, NodeId(0))]);
    });
}

#[test]
fn calls_have_their_arguments_and_run_with_their_equation() {
    let smooth = |kind: &StateKind| matches!(kind, StateKind::Smooth { .. });
    expect(Rule::Call, sample(), |model| {
        let at = state(model, smooth);
        model.states[at].time = None;
    });
    expect(Rule::Call, sample(), |model| {
        let at = state(model, smooth);
        model.states[at].kind = StateKind::Delay { order: 0 };
    });
    expect(Rule::Call, sample(), |model| {
        let at = state(model, smooth);
        model.states[at].n_loops = 1;
    });
    // The call of a scalar equation is read by an element of an array.
    expect(Rule::Call, sample(), |model| {
        let at = StateId(state(model, smooth) as u32);
        set(model, "g", &[ExprKind::State(at)]);
    });
    expect(Rule::Call, sample(), |model| {
        let vector = StateId(state(model, |kind| *kind == StateKind::Vector) as u32);
        set(model, "u", &[ExprKind::State(vector)]);
    });
}

#[test]
fn tables_have_points_that_ascend() {
    expect(Rule::Table, sample(), |model| model.tables[0].xs[1] = 9.0);
    expect(Rule::Table, sample(), |model| model.tables[0].xs[2] = f64::INFINITY);
    expect(Rule::Table, sample(), |model| _ = model.tables[0].ys.pop());
    expect(Rule::Table, sample(), |model| {
        (model.tables[0].xs, model.tables[0].ys) = (Vec::new(), Vec::new());
    });
}

#[test]
fn conveyors_have_a_call_and_the_numbers_of_their_flows() {
    expect(Rule::Transport, transport(), |model| conveyor(model).initial.clear());
    expect(Rule::Transport, transport(), |model| {
        conveyor(model).inflows[0].spread = InflowSpread::Curve { xs: vec![0.0], ys: Vec::new() };
    });
    expect(Rule::Transport, transport(), |model| {
        let conveyor = conveyor(model);
        conveyor.leaks.push(conveyor.leaks[0].clone());
    });
    expect(Rule::Transport, transport(), |model| model.transports[0].first = 1);
    expect(Rule::Transport, transport(), |model| model.transports[0].cells = 0);
    expect(Rule::Transport, transport(), |model| {
        let at = state(model, |kind| matches!(kind, StateKind::Transport(_)));
        model.states[at].owner = VarId(id(model, "alarm") as u32);
    });
    expect(Rule::Transport, transport(), |model| {
        let again = model.states[state(model, |kind| matches!(kind, StateKind::Transport(_)))].clone();
        model.states.push(again);
    });
    expect(Rule::Transport, transport(), |model| {
        for node in &mut expr(model, "o").nodes {
            if let ExprKind::Transport(read) = &mut node.kind {
                read.query = TransportQuery::Contents;
            }
        }
    });
}

#[test]
fn thresholds_look_at_elements_and_have_events() {
    expect(Rule::Event, transport(), |model| model.thresholds[0].n = 2);
    expect(Rule::Event, transport(), |model| model.thresholds[0].value = f64::NAN);
    expect(Rule::Event, transport(), |model| model.thresholds[0].events.clear());
}

#[test]
fn orders_list_everything_once() {
    expect(Rule::Order, sample(), |model| model.step_order.push(model.step_order[0]));
    expect(Rule::Order, sample(), |model| _ = model.step_order.pop());
    expect(Rule::Order, sample(), |model| _ = model.init_order.pop());
    expect(Rule::Order, sample(), |model| {
        let stock = VarId(id(model, "s") as u32);
        model.step_order.push(Node::Var(stock));
    });
    expect(Rule::Order, sample(), |model| {
        let recurrence = model.step_order.iter().copied().find(|node| matches!(node, Node::Recurrence(_)));
        model.init_order.extend(recurrence);
    });
}

#[test]
fn what_is_needed_comes_before() {
    expect(Rule::Dependency, sample(), |model| model.step_order.reverse());
    expect(Rule::Dependency, sample(), |model| {
        let u = VarId(id(model, "u") as u32);
        set(model, "u", &[ExprKind::Var(u, Vec::new())]);
    });
    // A call needs its own earlier value, and no later one.
    expect(Rule::Dependency, sample(), |model| {
        let at = state(model, |kind| *kind == StateKind::Init);
        let of = StateId(at as u32);
        let mut input = Expr::default();
        input.push(ExprKind::State(of), Span::default());
        model.states[at].input = input;
    });
}

#[test]
fn recurrences_read_what_lies_against_their_direction() {
    expect(Rule::Recurrence, sample(), |model| model.recurrences[0].descends[0] = true);
    expect(Rule::Recurrence, sample(), |model| model.recurrences[0].descends.clear());
    expect(Rule::Recurrence, sample(), |model| model.recurrences[0].clauses.reverse());
    expect(Rule::Recurrence, sample(), |model| model.recurrences[0].region[0].len -= 1);
    // A clause alone reads itself at the same element.
    expect(Rule::Recurrence, sample(), |model| {
        let r = VarId(id(model, "r") as u32);
        let here = Index::Moving { base: Base::Loop(0), offset: 0 };
        let last = clauses(model, "r").len() - 1;
        let mut expr = Expr::default();
        expr.push(ExprKind::Var(r, vec![here]), Span::default());
        clauses(model, "r")[last].expr = expr;
    });
}

#[test]
fn arguments_are_those_of_the_call() {
    let delayed = || model("aux a = PREVIOUS(TIME, 1)\naux b = DELAY(TIME, 2)\naux c = HISTORY(b, TIME - b)\n");
    for is in [
        (|kind: &StateKind| *kind == StateKind::Previous) as fn(&StateKind) -> bool,
        |kind| *kind == StateKind::Pipeline,
        |kind| *kind == StateKind::History,
    ] {
        // A second argument too many, and one too few.
        expect(Rule::Call, delayed(), |model| {
            let at = state(model, is);
            model.states[at].horizon = Some(model.states[at].input.clone());
        });
        expect(Rule::Call, delayed(), |model| {
            let at = state(model, is);
            let input = model.states[at].input.clone();
            model.states[at].time = if model.states[at].time.is_some() { None } else { Some(input) };
        });
    }
    expect(Rule::Call, delayed(), |model| {
        let at = state(model, |kind| *kind == StateKind::Previous);
        model.states[at].init = None;
    });
}

#[test]
fn an_array_of_tables_has_one_for_each_element() {
    expect(Rule::Kind, sample(), |model| {
        let at = id(model, "t");
        model.vars[at].def = Def::Lookup(vec![TableId(0), TableId(0)]);
    });
}

#[test]
fn a_conveyor_without_a_call_is_found() {
    expect(Rule::Transport, transport(), |model| {
        let mut other = model.transports[0].clone();
        other.first = 1;
        model.transports.push(other);
    });
}

#[test]
fn extents_of_calls_are_of_dimensions_that_there_are() {
    expect(Rule::Reference, model("dim d 3\naux a = SMTH1(d, 2)\n  over d\n"), |model| {
        let at = state(model, |kind| matches!(kind, StateKind::Smooth { .. }));
        model.states[at].extents[0].dim = DimId(7);
    });
}

#[test]
fn ids_one_past_the_last_are_none() {
    let past = |n: usize| u32::try_from(n).expect("a small model");
    expect(Rule::Reference, sample(), |model| {
        let none = VarId(past(model.vars.len()));
        set(model, "u", &[ExprKind::Var(none, Vec::new())]);
    });
    expect(Rule::Reference, sample(), |model| {
        let none = StateId(past(model.states.len()));
        set(model, "u", &[ExprKind::State(none)]);
    });
    expect(Rule::Reference, sample(), |model| {
        let none = TableRef::One(TableId(past(model.tables.len())));
        set(model, "u", &[ExprKind::Time, ExprKind::Lookup(none, NodeId(0))]);
    });
    expect(Rule::Reference, sample(), |model| model.step_order[0] = Node::Var(VarId(past(model.vars.len()))));
    expect(Rule::Reference, sample(), |model| model.states[0].owner = VarId(past(model.vars.len())));
    expect(Rule::Reference, sample(), |model| {
        let (id, none) = (id(model, "a"), DimId(past(model.dims.len())));
        model.vars[id].dims[0] = none;
    });
    expect(Rule::Reference, transport(), |model| model.watched[0].var = VarId(past(model.vars.len())));
}
