//! Rules of a resolved model at their edges: what just holds, beside what just does not.

use super::fixture::model;
use simc_model::files::NoFiles;
use simc_model::model::verify::Rule;
use simc_model::model::{
    Base, BinaryOp, Clause, Conveyor, Def, DimId, Expr, ExprKind, Extent, Index, InflowSpread, Model, Node, NodeId,
    Repeat, StateId, StateKind, TableId, TableRef, Through, TransportForm, TransportQuery, VarId,
};
use simc_model::source::{Sources, Span};

/// The rules that a model breaks, each once.
fn broken(model: &Model) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for violation in model.verify().err().iter().flat_map(|found| &found.list) {
        if !rules.contains(&violation.rule) {
            rules.push(violation.rule);
        }
    }
    rules
}

/// The rules that a sound model breaks after a change.
fn after(model: &Model, change: impl FnOnce(&mut Model)) -> Vec<Rule> {
    assert_eq!(broken(model), []);
    let mut changed = model.clone();
    change(&mut changed);
    broken(&changed)
}

fn id(model: &Model, name: &str) -> usize {
    model.vars.iter().position(|var| var.name == name).expect("a variable of this name")
}

fn clauses<'m>(model: &'m mut Model, name: &str) -> &'m mut Vec<Clause> {
    let id = id(model, name);
    let Def::Formula(clauses) = &mut model.vars[id].def else { panic!("`{name}` has no clauses") };
    clauses
}

fn number(x: f64) -> Expr {
    Expr::number(x, Span::default())
}

fn expr(kinds: &[ExprKind]) -> Expr {
    let mut expr = Expr::default();
    kinds.iter().for_each(|kind| _ = expr.push(kind.clone(), Span::default()));
    expr
}

fn xmile(variables: &str) -> Model {
    let text = format!(
        "<xmile version=\"1.0\" xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\"><header/>\
         <sim_specs><start>0</start><stop>10</stop><dt>1</dt></sim_specs><model><variables>{variables}</variables></model></xmile>"
    );
    let mut sources = Sources::new();
    let root = sources.add("test", text);
    let compiled = simc_xmile::compile(&mut sources, root, &NoFiles);
    compiled.model.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics))
}

/// A queue before a conveyor with two inflows and a leak, and a threshold.
fn transports() -> Model {
    xmile(
        "<stock name=\"q\"><eqn>1</eqn><inflow>a</inflow><outflow>b</outflow><queue/></stock><flow name=\"a\"><eqn>1</eqn></flow>\
         <flow name=\"b\"/><stock name=\"c\"><eqn>10</eqn><inflow>b</inflow><inflow>i</inflow><outflow>o</outflow><outflow>l</outflow>\
         <conveyor discrete=\"true\"><len>4</len></conveyor></stock>\
         <flow name=\"i\"><eqn>1</eqn></flow><flow name=\"o\"/><flow name=\"l\"><eqn>0.1</eqn><leak/></flow><aux name=\"u\"><eqn>TIME</eqn></aux>\
         <aux name=\"alarm\"><eqn>TIME</eqn><event_poster><threshold value=\"3\"><event sim_action=\"message\">late</event></threshold></event_poster></aux>",
    )
}

fn conveyor(model: &mut Model) -> &mut Conveyor {
    let forms = model.transports.iter_mut().map(|transport| &mut transport.form);
    let conveyors = forms.filter_map(|form| match form {
        TransportForm::Conveyor(conveyor) => Some(conveyor),
        TransportForm::Queue(_) => None,
    });
    conveyors.into_iter().next().expect("a conveyor")
}

#[test]
fn a_step_is_a_positive_number_and_rows_follow_from_it() {
    let sound = model("aux a = TIME\n");
    assert_eq!(after(&sound, |model| model.time.dt = f64::INFINITY), [Rule::Time]);
    assert_eq!(after(&sound, |model| model.time.dt = -1.0), [Rule::Time]);
    assert_eq!(after(&sound, |model| model.time.dt = f64::MIN_POSITIVE), []);
    assert_eq!(after(&sound, |model| model.time.start = f64::INFINITY), [Rule::Time]);
    // 10 steps, 11 rows; every third step is one of 4.
    assert_eq!(after(&sound, |model| (model.time.save_every, model.time.n_rows) = (3, 4)), []);
    assert_eq!(after(&sound, |model| (model.time.save_every, model.time.n_rows) = (3, 3)), [Rule::Time]);
}

#[test]
fn every_kind_of_call_has_its_own_arguments() {
    let sound = model("aux a = SMTH1(TIME, 5)\n");
    let kinds = [
        // Which of time, initial value and horizon there must be; the initial value may be either of some.
        (StateKind::Smooth { order: 1 }, [Some(true), None, Some(false)]),
        (StateKind::Smooth { order: 0 }, [Some(true), Some(true), None]),
        (StateKind::Delay { order: 1 }, [Some(true), None, Some(false)]),
        (StateKind::ShortenedSmooth { order: 1 }, [Some(true), None, Some(true)]),
        (StateKind::ShortenedDelay { order: 1 }, [Some(true), None, Some(true)]),
        (StateKind::Integral, [Some(false), Some(true), Some(false)]),
        (StateKind::Trend, [Some(true), Some(true), Some(false)]),
        (StateKind::Forecast, [Some(true), Some(true), Some(true)]),
        (StateKind::Pipeline, [Some(true), None, Some(false)]),
        (StateKind::History, [Some(true), None, Some(false)]),
        (StateKind::Previous, [Some(false), Some(true), Some(false)]),
        (StateKind::Init, [Some(false), Some(false), Some(false)]),
    ];
    for (kind, wanted) in kinds {
        for bits in 0..8 {
            let has = [1, 2, 4].map(|bit| bits & bit != 0);
            let fits = wanted.iter().zip(has).all(|(wanted, has)| wanted.is_none_or(|wanted| wanted == has));
            let is_ordered = !matches!(kind, StateKind::Smooth { order: 0 });
            let rules = after(&sound, |model| {
                let state = &mut model.states[0];
                let some = |has: bool| has.then(|| number(1.0));
                (state.kind, state.time, state.init, state.horizon) = (kind, some(has[0]), some(has[1]), some(has[2]));
            });
            assert_eq!(rules.is_empty(), fits && is_ordered, "{kind:?} with {has:?}: {rules:?}");
            assert!(rules.iter().all(|rule| *rule == Rule::Call));
        }
    }
}

#[test]
fn a_constant_is_set_through_elements_of_a_variable_of_its_shape() {
    // A host sets the numbers of `a` through `a`, whose two others are no constants.
    let sound =
        model("dim d 5\naux a\n  over d\n  elem 1 = 1\n  elem 2 = 2\n  elem 3 = TIME\n  elem 4 = 4\n  elem 5 = TIME\n");
    let hidden = sound.vars.iter().position(|var| var.through.is_some()).expect("a constant behind `a`");
    let with = |runs: &[(u32, u32)]| {
        after(&sound, |model| model.vars[hidden].through.as_mut().expect("it is one").runs = runs.to_vec())
    };
    assert_eq!(sound.vars[hidden].through.as_ref().expect("it is one").runs, [(0, 2), (3, 1)]);
    assert_eq!(with(&[(0, 5)]), []);
    assert_eq!(with(&[(0, 6)]), [Rule::Region]);
    assert_eq!(with(&[(0, 2), (3, 2)]), []);
    assert_eq!(with(&[(0, 2), (3, 3)]), [Rule::Region]);
    assert_eq!(with(&[(4, 1)]), []);
    assert_eq!(with(&[(0, 0)]), [Rule::Region]);
    // Runs that touch are one run; none is no place.
    assert_eq!(with(&[(0, 2), (2, 1)]), [Rule::Region]);
    assert_eq!(with(&[(3, 1), (0, 2)]), [Rule::Region]);
    assert_eq!(with(&[]), [Rule::Region]);
    assert_eq!(after(&sound, |model| model.vars[hidden].is_hidden = false), [Rule::Kind]);
    let none = VarId(u32::try_from(sound.vars.len()).expect("few"));
    let through =
        |var: VarId| move |model: &mut Model| model.vars[hidden].through = Some(Through { var, runs: vec![(0, 1)] });
    assert_eq!(after(&sound, through(none)), [Rule::Reference]);
    assert_eq!(after(&sound, through(VarId(u32::try_from(hidden).expect("few")))), [Rule::Kind]);
}

#[test]
fn runs_of_elements_are_as_long_as_they_can_be() {
    let through = Through::new(VarId(0), [0, 1, 2, 5, 6, 9]);
    assert_eq!(through.runs, [(0, 3), (5, 2), (9, 1)]);
    assert_eq!(through.elements().collect::<Vec<_>>(), [0, 1, 2, 5, 6, 9]);
    let has: Vec<u32> = (0..12).filter(|&element| through.has(element)).collect();
    assert_eq!(has, [0, 1, 2, 5, 6, 9]);
    assert!(!Through::new(VarId(0), []).has(0));
}

/// Two clauses of an array over two dimensions, the second one from a position of the first dimension on.
fn halves(n: u32, second: u32) -> Vec<Rule> {
    let sound = model(&format!("dim d {n}\ndim e 2\naux a = TIME\n  over d e\n"));
    after(&sound, |model| {
        let clauses = clauses(model, "a");
        let mut other = clauses[0].clone();
        clauses[0].region[0].len = n / 2;
        (other.region[0].start, other.region[0].len) = (second, n - n / 2);
        clauses.push(other);
    })
}

#[test]
fn an_element_in_two_clauses_is_found_however_large_the_array() {
    // Each element of the smaller ones is counted, those of the larger ones are compared as regions.
    for n in [8, 40_000] {
        assert_eq!(halves(n, n / 2), []);
        assert_eq!(halves(n, n / 2 - 1), [Rule::Cover]);
        assert_eq!(halves(n, 0), [Rule::Cover]);
    }
    let sound = model("dim d 300\naux a = TIME\n  over d d\n");
    let quarters = |starts: [(u32, u32); 4]| {
        after(&sound, |model| {
            let clauses = clauses(model, "a");
            let whole = clauses[0].clone();
            *clauses = vec![whole; 4];
            for (clause, (first, second)) in clauses.iter_mut().zip(starts) {
                (clause.region[0].start, clause.region[0].len) = (first, 150);
                (clause.region[1].start, clause.region[1].len) = (second, 150);
            }
        })
    };
    assert_eq!(quarters([(0, 0), (0, 150), (150, 0), (150, 150)]), []);
    assert_eq!(quarters([(0, 0), (0, 150), (150, 0), (149, 150)]), [Rule::Cover]);
    assert_eq!(quarters([(0, 0), (0, 149), (150, 0), (150, 150)]), [Rule::Cover]);
}

#[test]
fn an_extent_ends_within_its_dimension() {
    let sound = model("dim d 4\naux a = TIME\n  over d\naux s = SUM(a[*])\n");
    let sum = |start: u32, len: u32| {
        after(&sound, |model| {
            for node in &mut clauses(model, "s")[0].expr.nodes {
                if let ExprKind::Reduce(reduce) = &mut node.kind {
                    reduce.extents = vec![Extent { dim: DimId(0), start, len }];
                }
            }
        })
    };
    assert_eq!(sum(0, 4), []);
    assert_eq!(sum(3, 1), []);
    assert_eq!(sum(4, 0), [Rule::Region]);
    assert_eq!(sum(2, 3), [Rule::Region]);
    // The loop's position counts within the whole dimension, so that a shorter one stays inside.
    assert_eq!(sum(1, 2), []);
}

#[test]
fn a_subscript_stays_inside_by_one() {
    let sound = model("dim d 4\naux a = TIME\n  over d\naux r = TIME\n  over d\n");
    let a = VarId(u32::try_from(id(&sound, "a")).expect("few"));
    let read = |index: Index, region: Option<(u32, u32)>| {
        after(&sound, |model| {
            let clauses = clauses(model, "r");
            clauses[0].expr = expr(&[ExprKind::Time, ExprKind::Var(a, vec![index])]);
            if let Some((start, len)) = region {
                let mut rest = clauses[0].clone();
                rest.expr = number(0.0);
                let Extent { start: first, len: own, .. } = &mut clauses[0].region[0];
                (*first, *own) = (start, len);
                // The other half.
                (rest.region[0].start, rest.region[0].len) = (if start == 0 { len } else { 0 }, 4 - len);
                clauses.push(rest);
            }
        })
    };
    let moving = |offset: i64| Index::Moving { base: Base::Loop(0), offset };
    assert_eq!(read(Index::Fixed(3), None), []);
    assert_eq!(read(moving(0), None), []);
    assert_eq!(read(moving(1), None), [Rule::Index]);
    assert_eq!(read(moving(2), Some((0, 2))), []);
    assert_eq!(read(moving(3), Some((0, 2))), [Rule::Index]);
    assert_eq!(read(moving(-2), Some((2, 2))), []);
    assert_eq!(read(moving(-3), Some((2, 2))), [Rule::Index]);
    assert_eq!(read(Index::Computed(NodeId(0)), None), []);
}

#[test]
fn tables_of_an_array_are_as_many_as_its_elements() {
    let sound = model("dim d 3\ntable t\n  points 0,1 -> 5,6\naux a = t(TIME)\n  over d\n");
    let lookup = |n: usize, shape: &[u32], indices: &[Index]| {
        after(&sound, |model| {
            let table =
                TableRef::Each { tables: vec![TableId(0); n], shape: shape.to_vec(), indices: indices.to_vec() };
            clauses(model, "a")[0].expr = expr(&[ExprKind::Time, ExprKind::Lookup(table, NodeId(0))]);
        })
    };
    let own = Index::Moving { base: Base::Loop(0), offset: 0 };
    assert_eq!(lookup(3, &[3], &[own]), []);
    assert_eq!(lookup(2, &[2], &[own]), [Rule::Index]);
    assert_eq!(lookup(2, &[2], &[Index::Fixed(1)]), []);
    assert_eq!(lookup(2, &[2], &[Index::Fixed(2)]), [Rule::Index]);
    assert_eq!(lookup(6, &[3, 2], &[own, Index::Fixed(1)]), []);
    assert_eq!(lookup(5, &[3, 2], &[own, Index::Fixed(1)]), [Rule::Index]);
    assert_eq!(lookup(3, &[3], &[Index::Computed(NodeId(0))]), [Rule::Index]);
    let tables = |n: usize| {
        after(&sound, |model| {
            let at = id(model, "t");
            model.vars[at].def = Def::Lookup(vec![TableId(0); n]);
        })
    };
    assert_eq!(tables(1), []);
    assert_eq!(tables(2), [Rule::Kind]);
    assert_eq!(after(&sound, |model| model.tables[0].xs = vec![1.0, 1.0]), []);
}

#[test]
fn a_call_is_read_within_its_own_loops_and_reducers() {
    let sound = model("dim d 4\naux a = SMTH1(d, 2)\n  over d\naux b = TIME\n  over d\n");
    let call = StateId(0);
    let read_by = |start: u32, len: u32, extent: (u32, u32)| {
        after(&sound, |model| {
            let first = &mut clauses(model, "a")[0];
            (first.region[0].start, first.region[0].len) = (start, len);
            let mut rest = first.clone();
            rest.expr = number(0.0);
            (rest.region[0].start, rest.region[0].len) = (if start == 0 { len } else { 0 }, 4 - len);
            if len < 4 {
                clauses(model, "a").push(rest);
            }
            let own = &mut model.states[call.0 as usize].extents[0];
            (own.start, own.len) = extent;
        })
    };
    assert_eq!(read_by(0, 4, (0, 4)), []);
    // The elements of the call may be more than those that are read.
    assert_eq!(read_by(0, 2, (0, 4)), []);
    assert_eq!(read_by(2, 2, (0, 4)), []);
    assert_eq!(read_by(2, 2, (2, 2)), []);
    assert_eq!(read_by(2, 2, (0, 3)), [Rule::Call]);
    assert_eq!(read_by(0, 2, (1, 3)), [Rule::Call]);
    assert_eq!(after(&sound, |model| model.states[0].n_loops = 2), [Rule::Call]);
    // What the call itself reads along its loop has none then.
    assert_eq!(after(&sound, |model| model.states[0].n_loops = 0), [Rule::Call, Rule::Index]);
}

#[test]
fn lists_of_a_vector_function_run_over_the_same_elements() {
    let sound = model("dim d 4\ndim e 3\naux a = TIME\n  over d\naux r = RANK(a, 1, a)\n");
    let lists = |change: &dyn Fn(&mut Vec<Extent>, usize)| {
        after(&sound, |model| {
            let state =
                model.states.iter_mut().find(|state| state.kind == StateKind::Vector).expect("a vector function");
            let lists = state.lists().to_vec();
            for (number, list) in lists.into_iter().enumerate() {
                let ExprKind::Reduce(reduce) = &mut state.input.nodes[list.0 as usize].kind else { panic!("a list") };
                change(&mut reduce.extents, number);
            }
        })
    };
    assert!(sound.states.iter().any(|state| state.lists().len() == 2), "two lists");
    assert_eq!(lists(&|_, _| {}), []);
    let last = |extents: &mut Vec<Extent>, number: usize| {
        if number == 1 {
            (extents[0].start, extents[0].len) = (0, 3);
        }
    };
    assert_eq!(lists(&last), [Rule::Call]);
    // A function of another number of lists.
    let rules = after(&sound, |model| {
        let state = model.states.iter_mut().find(|state| state.kind == StateKind::Vector).expect("a vector function");
        let root = state.input.nodes.last_mut().expect("a root");
        let ExprKind::Arrange(function, operands) = &mut root.kind else { panic!("a vector function") };
        assert_eq!(operands.len(), function.inputs() + function.numbers());
        operands.push(operands[0]);
    });
    assert!(rules.contains(&Rule::Call), "{rules:?}");
}

#[test]
fn questions_have_as_many_arguments_as_there_are_flows() {
    let sound = transports();
    let call = |is_queue: bool| {
        let is =
            |kind: &StateKind| matches!(kind, StateKind::Transport(id) if sound.transport(*id).is_queue() == is_queue);
        StateId(u32::try_from(sound.states.iter().position(|state| is(&state.kind)).expect("a call")).expect("few"))
    };
    let least_noted = |query: TransportQuery, is_queue: bool, noted_with: Option<StateId>| -> Vec<usize> {
        let fits = |&n: &usize| {
            let rules = after(&sound, |model| {
                let mut asked = expr(&vec![ExprKind::Time; n]);
                let args = (0..u32::try_from(n).expect("few")).map(NodeId).collect();
                let (state, indices) = (call(is_queue), Vec::new());
                let read = simc_model::model::TransportRead { state, indices, query, noted_with, args };
                asked.push(ExprKind::Transport(Box::new(read)), Span::default());
                clauses(model, "u")[0].expr = asked;
            });
            rules.is_empty()
        };
        (0..12).filter(fits).collect()
    };
    let least = |query: TransportQuery, is_queue: bool| least_noted(query, is_queue, None);
    // The conveyor has 2 inflows and 1 leak.
    for query in [TransportQuery::Contents, TransportQuery::Least, TransportQuery::Transit, TransportQuery::Count] {
        assert_eq!(least(query, false), [0]);
    }
    assert_eq!(least(TransportQuery::Cell, true), [1]);
    assert_eq!(least(TransportQuery::Outflow, false), [3]);
    assert_eq!(least(TransportQuery::Leak, false), [3]);
    assert_eq!(least_noted(TransportQuery::Leak, false, Some(call(false))), [4]);
    assert_eq!(least(TransportQuery::Room, false), [7]);
    assert_eq!(least(TransportQuery::Admit, false), [8]);
    assert_eq!(least(TransportQuery::Serve, true), [5]);
    assert_eq!(least(TransportQuery::Refuse, true), [5]);
    // What changes a transport is no question, and only a leak is noted.
    for query in [TransportQuery::Conveyor, TransportQuery::Queue] {
        assert!(least(query, query == TransportQuery::Queue).is_empty());
    }
    assert!(least_noted(TransportQuery::Outflow, false, Some(call(false))).is_empty());
}

#[test]
fn conveyors_come_before_queues_and_are_numbered_one_after_the_other() {
    let sound = transports();
    let firsts: Vec<(bool, u64)> = sound.transports.iter().map(|found| (found.is_queue(), found.first)).collect();
    assert!(firsts.contains(&(false, 0)) && firsts.contains(&(true, 1)), "{firsts:?}");
    let swapped = |model: &mut Model| model.transports.iter_mut().for_each(|found| found.first = 1 - found.first);
    assert_eq!(after(&sound, swapped), [Rule::Transport]);
    let curve = |xs: &[f64], n: usize| {
        after(&sound, |model| {
            let spread = InflowSpread::Curve { xs: xs.to_vec(), ys: vec![number(1.0); n] };
            conveyor(model).inflows[0].spread = spread;
        })
    };
    assert_eq!(curve(&[0.0, 1.0], 2), []);
    assert_eq!(curve(&[0.0, 1.0], 1), [Rule::Transport]);
    assert_eq!(curve(&[], 0), [Rule::Transport]);
    let none = VarId(u32::try_from(sound.vars.len()).expect("few"));
    assert_eq!(after(&sound, |model| conveyor(model).inflows[1].flow = none), [Rule::Reference]);
}

#[test]
fn a_threshold_has_one_event_or_several_that_come_in_turn() {
    let sound = transports();
    let events = |n: usize, repeat: Repeat| {
        after(&sound, |model| {
            let threshold = &mut model.thresholds[0];
            threshold.events = vec![threshold.events[0].clone(); n];
            threshold.repeat = repeat;
        })
    };
    assert_eq!(events(1, Repeat::Each(2)), []);
    assert_eq!(events(2, Repeat::Each(2)), [Rule::Event]);
    assert_eq!(events(2, Repeat::Once), []);
    assert_eq!(events(0, Repeat::Each(2)), [Rule::Event]);
    let elements =
        |first: u32, n: u32| after(&sound, |model| (model.thresholds[0].first, model.thresholds[0].n) = (first, n));
    assert_eq!(elements(0, 1), []);
    assert_eq!(elements(0, 0), [Rule::Event]);
    assert_eq!(elements(1, 1), [Rule::Event]);
    let one_past = u32::try_from(sound.watched.len()).expect("few");
    assert_eq!(after(&sound, |model| model.thresholds[0].watched = one_past), [Rule::Reference]);
}

#[test]
fn an_order_lists_what_its_phase_computes() {
    let sound =
        model("dim d 3\naux a = TIME\n  over d\nstock s = 1\n  in f\nflow f = a[1]\ntable t\n  points 0,1 -> 5,6\n");
    let var = |name: &str| VarId(u32::try_from(id(&sound, name)).expect("few"));
    let place = sound.step_order.iter().position(|node| *node == Node::Var(var("a"))).expect("`a` is listed");
    // A variable may be listed clause by clause instead, each once.
    let listed =
        |nodes: &[Node]| after(&sound, |model| _ = model.step_order.splice(place..=place, nodes.iter().copied()));
    assert_eq!(listed(&[Node::Clause(var("a"), 0)]), []);
    assert_eq!(listed(&[Node::Clause(var("a"), 1)]), [Rule::Reference]);
    assert_eq!(listed(&[Node::Clause(var("a"), 0), Node::Clause(var("a"), 0)]), [Rule::Order]);
    assert_eq!(listed(&[Node::Clause(var("a"), 0), Node::Var(var("a"))]), [Rule::Order]);
    assert_eq!(listed(&[Node::Var(var("a")), Node::Clause(var("a"), 0)]), [Rule::Order]);
    let past = VarId(u32::try_from(sound.vars.len()).expect("few"));
    assert_eq!(listed(&[Node::Var(var("a")), Node::Clause(past, 0)]), [Rule::Reference]);
    assert_eq!(listed(&[Node::Var(var("a")), Node::Var(var("t"))]), [Rule::Order]);
    assert_eq!(after(&sound, |model| model.init_order.clear()), [Rule::Order]);
    assert_eq!(after(&sound, |model| model.init_order.extend([Node::Var(var("a")), Node::Var(var("f"))])), []);
}

/// `a` in three clauses of one element each, and `b`, which reads one of them.
#[test]
fn only_the_clauses_that_a_read_meets_must_be_computed_before() {
    let sound =
        model("dim d 3\naux a\n  over d\n  elem 1 = TIME\n  elem 2 = TIME+1\n  elem 3 = TIME+2\naux b = a[2]\n");
    let (a, b) = (id(&sound, "a"), id(&sound, "b"));
    let [a, b] = [a, b].map(|id| VarId(u32::try_from(id).expect("few")));
    let Def::Formula(parts) = &sound.var(a).def else { panic!("clauses") };
    let ordered = |index: Index, nodes: [u32; 4]| {
        after(&sound, |model| {
            model.step_order.retain(|node| *node != Node::Var(a) && *node != Node::Var(b));
            model
                .step_order
                .extend(nodes.map(|clause| if clause == 9 { Node::Var(b) } else { Node::Clause(a, clause) }));
            clauses(model, "b")[0].expr = expr(&[ExprKind::Time, ExprKind::Var(a, vec![index])]);
        })
    };
    let of = |element: u32| {
        let at = parts.iter().position(|part| part.region[0].start == element).expect("a clause");
        u32::try_from(at).expect("few")
    };
    let [first, second, third] = [0, 1, 2].map(of);
    assert_eq!(ordered(Index::Fixed(1), [second, 9, first, third]), []);
    assert_eq!(ordered(Index::Fixed(0), [second, 9, first, third]), [Rule::Dependency]);
    assert_eq!(ordered(Index::Fixed(2), [first, second, 9, third]), [Rule::Dependency]);
    assert_eq!(ordered(Index::Computed(NodeId(0)), [first, second, third, 9]), []);
    assert_eq!(ordered(Index::Computed(NodeId(0)), [first, second, 9, third]), [Rule::Dependency]);
}

/// `a` in two clauses, of the elements 1 to 2 and 3 to 4, and `b`, which reads two of them, or one.
#[test]
fn a_read_of_several_elements_meets_the_clauses_that_hold_any() {
    let sound = model("dim d 4\naux a = TIME\n  over d\naux b = TIME\n  over d\n");
    let [a, b] = ["a", "b"].map(|name| VarId(u32::try_from(id(&sound, name)).expect("few")));
    let half = |start: u32, body: Expr| Clause::new(vec![Extent { dim: DimId(0), start, len: 2 }], body);
    // `b` in its first half reads at a distance.
    let ordered = |offset: i64, late: u32| {
        after(&sound, |model| {
            *clauses(model, "a") = vec![half(0, number(1.0)), half(2, number(2.0))];
            let index = Index::Moving { base: Base::Loop(0), offset };
            *clauses(model, "b") = vec![half(0, expr(&[ExprKind::Var(a, vec![index])])), half(2, number(2.0))];
            model.step_order.retain(|node| *node != Node::Var(a) && *node != Node::Var(b));
            let order = [Node::Clause(a, 1 - late), Node::Clause(b, 0), Node::Clause(b, 1), Node::Clause(a, late)];
            model.step_order.extend(order);
        })
    };
    assert_eq!(ordered(0, 1), []);
    assert_eq!(ordered(0, 0), [Rule::Dependency]);
    assert_eq!(ordered(1, 1), [Rule::Dependency]);
    assert_eq!(ordered(1, 0), [Rule::Dependency]);
    assert_eq!(ordered(2, 0), []);
    assert_eq!(ordered(2, 1), [Rule::Dependency]);
}

#[test]
fn an_expression_is_printed_with_the_parentheses_that_it_needs() {
    let any = model("aux a = TIME\n");
    let shown = |kinds: &[ExprKind]| simc_model::model::print_expr(&any, &expr(kinds));
    let (n, time) = (ExprKind::Number(-2.0), ExprKind::Time);
    let binary = |op| ExprKind::Binary(op, NodeId(0), NodeId(1));
    assert_eq!(shown(&[time.clone(), n.clone(), binary(BinaryOp::Mul)]), "TIME*-2");
    assert_eq!(shown(&[n.clone(), time.clone(), binary(BinaryOp::Mul)]), "-2*TIME");
    assert_eq!(shown(&[n.clone(), time.clone(), binary(BinaryOp::Pow)]), "(-2)^TIME");
    let sum = [time.clone(), n, binary(BinaryOp::Add), time];
    let of_sum = |kind: ExprKind| shown(&[&sum[..], &[kind]].concat());
    assert_eq!(of_sum(ExprKind::Binary(BinaryOp::Mul, NodeId(2), NodeId(3))), "(TIME + -2)*TIME");
    assert_eq!(of_sum(ExprKind::Binary(BinaryOp::Sub, NodeId(3), NodeId(2))), "TIME - (TIME + -2)");
    assert_eq!(of_sum(ExprKind::Binary(BinaryOp::Sub, NodeId(2), NodeId(3))), "TIME + -2 - TIME");
}
