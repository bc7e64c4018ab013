//! Calls of macros and models: one instance for each, whatever the number of elements, and nobody sees it.

use simc_model::diagnostic::one_line;
use simc_model::files::NoFiles;
use simc_model::model::{Def, Model, Var, VarKind};
use simc_model::source::Sources;

const MACROS: &str = "<macro name='SQ'><parm>x</parm><eqn>x*x</eqn></macro>\
    <macro name='LEVEL'><parm>x</parm><parm default='x'>init</parm><eqn>s</eqn><variables>\
    <stock name='s'><eqn>init</eqn><inflow>x</inflow></stock><flow name='x'/></variables></macro>\
    <macro name='TOTAL'><parm>A</parm><eqn>SUM(A)</eqn></macro>";

fn compile(variables: &str, rest: &str) -> Result<Model, Vec<String>> {
    let text = format!(
        "<xmile><sim_specs><start>0</start><stop>1</stop></sim_specs><dimensions><dim name='D' size='1000'/>\
         <dim name='E'><elem name='e1'/><elem name='e2'/></dim></dimensions>\
         <model><variables>{variables}</variables></model>{MACROS}{rest}</xmile>"
    );
    let mut sources = Sources::new();
    let root = sources.add("test", text);
    let compiled = simc_xmile::compile(&mut sources, root, &NoFiles);
    let lines = compiled.diagnostics.iter().map(|diagnostic| one_line(diagnostic, &sources)).collect();
    compiled.model.ok_or(lines)
}

#[track_caller]
fn model(variables: &str) -> Model {
    compile(variables, "").expect("a model without errors")
}

fn hidden(model: &Model) -> Vec<&Var> {
    model.vars.iter().filter(|var| var.is_hidden && var.through.is_none()).collect()
}

fn aux(name: &str, equation: &str) -> String {
    format!("<aux name='{name}'><eqn>{equation}</eqn></aux>")
}

fn array(name: &str, dims: &[&str], equation: &str) -> String {
    let dims: String = dims.iter().map(|dim| format!("<dim name='{dim}'/>")).collect();
    format!("<aux name='{name}'><dimensions>{dims}</dimensions><eqn>{equation}</eqn></aux>")
}

#[test]
fn each_call_is_an_instance_that_nobody_sees() {
    let model = model(&aux("a", "SQ(TIME) + SQ(2)"));
    let names: Vec<&str> = model.vars.iter().map(|var| var.name.as_str()).collect();
    assert_eq!(names, ["a", "a: SQ#1.x", "a: SQ#1.SQ", "a: SQ#2.x", "a: SQ#2.SQ"]);
    assert_eq!(hidden(&model).len(), 4);
    assert!(hidden(&model).iter().all(|var| !matches!(var.def, Def::Constant(_))), "no host can set anything within");
    assert_eq!(model.vars[1].kind, VarKind::ModuleInput);
}

#[test]
fn a_call_in_an_arrayed_equation_is_one_instance_with_arrays_in_it() {
    let model = model(&array("a", &["D", "E"], "LEVEL(D)"));
    assert_eq!(model.vars.len(), 5);
    assert!(hidden(&model).iter().all(|var| var.dims == model.vars[0].dims));
}

#[test]
fn a_call_for_one_element_has_no_dimension() {
    let entry =
        |element: &str, equation: &str| format!("<element subscript='{element}'><eqn>{equation}</eqn></element>");
    let entries = entry("e1", "LEVEL(E)") + &entry("e2", "1");
    let model = model(&format!("<aux name='a'><dimensions><dim name='E'/></dimensions>{entries}</aux>"));
    assert!(hidden(&model).iter().all(|var| var.dims.is_empty()));
}

#[test]
fn a_call_within_a_reducer_runs_over_its_dimensions() {
    let model = model(&(array("x", &["D"], "D + TIME") + &aux("a", "SUM(LEVEL(x[*]))")));
    assert!(hidden(&model).iter().all(|var| var.dims == model.vars[0].dims));
}

#[test]
fn an_array_is_bound_as_a_whole_where_it_is_reduced() {
    let model = model(&(array("x", &["D"], "D + TIME") + &aux("a", "TOTAL(x)") + &array("b", &["E"], "TOTAL(x)*E")));
    let shapes: Vec<usize> = hidden(&model).iter().map(|var| var.dims.len()).collect();
    assert_eq!(shapes, [1, 0, 2, 1]);
}

#[test]
fn products_and_transposes_take_parameters_as_wholes() {
    let with = |equation: &str, call: &str| {
        let rest = format!("<macro name='OF'><parm>p</parm><parm>q</parm><eqn>{equation}</eqn></macro>");
        compile(&(array("x", &["E"], "E") + &array("m", &["E", "E"], "E") + &aux("a", call)), &rest)
    };
    let shapes = |model: Model| -> Vec<usize> { hidden(&model).iter().map(|var| var.dims.len()).collect() };
    // The result of the call, then the parameters.
    assert_eq!(with("p *.* q", "OF(x, x)").map(shapes), Ok(vec![1, 1, 0]));
    assert_eq!(with("SUM((p') *.* q)", "OF(m, m)").map(shapes), Ok(vec![2, 2, 0]));
}

#[test]
fn memory_in_an_argument_belongs_to_the_parameter() {
    let model = model(&(array("x", &["D"], "D") + &aux("a", "SUM(SQ(SMTHN(PREVIOUS(x[*], 1), 2, 1 + 1)))")));
    assert_eq!(model.states.len(), 2);
    for state in &model.states {
        assert_eq!(model.var(state.owner).name, "a: SQ#1.x");
        assert_eq!((state.extents.len(), state.n_loops), (1, 1));
    }
}

#[test]
fn a_cycle_through_a_macro_is_one() {
    let lines = compile(&(aux("a", "SQ(b)") + &aux("b", "a + 1")), "").expect_err("it is a cycle");
    assert!(lines.len() == 1 && lines[0].contains("E0206"), "{lines:#?}");
    assert!(compile(&(aux("a", "LEVEL(b, 1)") + &aux("b", "a + 1")), "").is_ok(), "a stock breaks it");
}

#[test]
fn arguments_are_looked_up_where_the_call_stands() {
    let lines = compile(
        &(aux("x", "1") + &aux("a", "HIDDEN(1)")),
        "<macro name='HIDDEN'><parm>y</parm><eqn>x + y</eqn></macro>",
    );
    assert!(lines.expect_err("x is not known within")[0].contains("E0201"));
    assert!(compile(&(aux("x", "1") + &aux("a", "SQ(x)")), "").is_ok());
}

#[test]
fn a_macro_that_nothing_calls_is_not_looked_into() {
    let rest = "<macro name='AGAIN'><parm>x</parm><eqn>AGAIN(x) + nowhere</eqn></macro>";
    assert!(compile(&aux("a", "1"), rest).is_ok());
}
