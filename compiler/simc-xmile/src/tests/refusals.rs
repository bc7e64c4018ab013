//! What is outside of the language that is supported is refused by its name, and what has no effect is not.

use super::{ast, check, faults, read, with_variables};
use crate::code;
use simc_model::diagnostic::Severity;

#[test]
fn parts_of_variables_that_change_numbers() {
    for (inside, code) in [
        ("<isee:oven/>", code::OVENS),
        ("<isee:spreadflow/>", code::UNKNOWN_ELEMENT),
        ("<queue><len>4</len></queue>", code::QUEUE_OPTIONS),
        ("<conveyor><oven/></conveyor>", code::OVENS),
        ("<eqn>2</eqn><init_eqn>4</init_eqn>", code::INITIAL_EQUATIONS),
        ("<eqn>2</eqn><conveyor><len>1</len></conveyor><init_eqn>4</init_eqn>", code::INITIAL_EQUATIONS),
        ("<surprise/>", code::UNKNOWN_ELEMENT),
        ("<isee:surprise/>", code::UNKNOWN_ELEMENT),
    ] {
        let text = with_variables(&format!("<stock name='s'>{inside}</stock>"));
        let (file, diagnostics) = read(&text);
        assert_eq!(diagnostics.iter().map(|it| it.code).collect::<Vec<_>>(), [code], "{inside}");
        assert_eq!(diagnostics[0].variable.as_deref(), Some("s"));
        assert!(file.models[0].vars[0].reported);
    }
}

#[test]
fn parts_of_flows_and_auxiliaries_that_change_numbers() {
    for (inside, code) in
        [("<multiplier>2 +</multiplier>", code::MISSING_OPERAND), ("<inflow>x</inflow>", code::UNKNOWN_ELEMENT)]
    {
        let text = with_variables(&format!("<flow name='f'>{inside}</flow>"));
        assert_eq!(faults(&text)[0].0, code, "{inside}");
    }
    check(&with_variables("<aux name='a'><non_negative/></aux>"), code::UNKNOWN_ELEMENT, "<non_negative/>");
}

#[test]
fn parts_of_files_and_models_that_change_numbers() {
    for (section, code) in [
        ("<macro name='m'/>", code::MISSING_PART),
        ("<macro name='m' filter='flow'><eqn>1</eqn></macro>", code::BEHAVIORS),
        ("<macro name='m'><eqn>1</eqn><sim_specs/></macro>", code::OWN_SPECIFICATIONS),
        ("<macro name='m'><eqn>1</eqn><surprise/></macro>", code::UNKNOWN_ELEMENT),
        ("<macro name='m'><parm>a</parm><parm>A</parm><eqn>1</eqn></macro>", code::DUPLICATE_NAME),
        ("<macro name='m'><parm default='1'>a</parm><parm>b</parm><eqn>1</eqn></macro>", code::MISSING_PART),
        ("<header><includes><include/></includes></header>", code::MISSING_PART),
        ("<data><import/></data>", code::MISSING_PART),
        ("<data><import resource='a.csv' type='ODBC'/></data>", code::BAD_VALUE),
        ("<data><import resource='a.csv' orientation='diagonal'/></data>", code::BAD_VALUE),
        ("<data><import resource='a.csv' frequency='daily'/></data>", code::BAD_VALUE),
        ("<data><import resource='a.csv' enabled='perhaps'/></data>", code::BAD_VALUE),
        ("<model name='m' encrypted='true'/>", code::ENCRYPTION),
        ("<isee:encrypted>x</isee:encrypted>", code::ENCRYPTION),
        ("<sim_specs><run by='group'/></sim_specs>", code::PARTIAL_RUNS),
        ("<sim_specs run='module'/>", code::PARTIAL_RUNS),
        ("<sim_specs><surprise/></sim_specs>", code::UNKNOWN_ELEMENT),
        ("<behavior><flow><filter/></flow></behavior>", code::BEHAVIORS),
        ("<behavior><surprise/></behavior>", code::BEHAVIORS),
        ("<surprise/>", code::UNKNOWN_ELEMENT),
        ("<model name='m'><surprise/></model>", code::UNKNOWN_ELEMENT),
        ("<model name='m'><variables><surprise/></variables></model>", code::UNKNOWN_ELEMENT),
        ("<model name='m'><variables><isee:surprise/></variables></model>", code::UNKNOWN_ELEMENT),
        ("<model name='m'><macro name='x'/></model>", code::UNKNOWN_ELEMENT),
    ] {
        let text = format!("<xmile>{section}<model/></xmile>");
        let (_, diagnostics) = read(&text);
        assert_eq!(diagnostics.iter().map(|it| it.code).collect::<Vec<_>>(), [code], "{section}");
        assert!(diagnostics[0].is_error());
    }
}

#[test]
fn parts_of_modules_that_change_numbers() {
    for module in ["<module name='m'><surprise/></module>", "<module name='m'><element/></module>"] {
        assert_eq!(faults(&with_variables(module))[0].0, code::UNKNOWN_ELEMENT, "{module}");
    }
}

#[test]
fn models_with_specifications_of_their_own_must_agree_with_the_file() {
    let with = |file: &str, own: &str| {
        format!("<xmile>{file}<model/><model name='m'><sim_specs{own}</sim_specs></model></xmile>")
    };
    let specs = "<sim_specs method='RK4'><start>0</start><stop>10</stop><dt>0.5</dt></sim_specs>";
    assert!(faults(&with(specs, " method='rk4'><stop>10</stop><dt reciprocal='true'>2</dt>")).is_empty());
    assert!(faults(&with(specs, ">")).is_empty());
    for own in ["><stop>11</stop>", " method='Euler'>", "><dt>1</dt>", " isee:save_interval='1'>"] {
        assert_eq!(faults(&with(specs, own))[0].0, code::OWN_SPECIFICATIONS, "{own}");
    }
    assert_eq!(faults(&with("", "><stop>11</stop>"))[0].0, code::OWN_SPECIFICATIONS);
}

#[test]
fn the_root_model_may_hold_the_specifications_of_the_file() {
    let text = "<xmile><model name='m'/><model><sim_specs><stop>11</stop></sim_specs></model></xmile>";
    assert!(ast(text).starts_with("sim_specs stop 11.0\n"));
}

#[test]
fn what_the_root_model_says_of_its_times_holds_before_what_the_file_says() {
    let with = |own: &str, of_another: &str| {
        format!(
            "<xmile><sim_specs method='RK4'><start>0</start><stop>10</stop><dt>5</dt></sim_specs>\
             <model><sim_specs{own}</sim_specs></model><model name='m'>{of_another}</model></xmile>"
        )
    };
    let own = " method='euler'><stop>3</stop><dt>0.5</dt>";
    assert!(ast(&with(own, "")).starts_with("sim_specs start 0.0 stop 3.0 dt 0.5 method euler\n"));
    assert!(faults(&with(own, "<sim_specs><stop>3</stop></sim_specs>")).is_empty());
    assert_eq!(faults(&with(own, "<sim_specs><stop>10</stop></sim_specs>"))[0].0, code::OWN_SPECIFICATIONS);
}

#[test]
fn what_vendors_keep_around_a_model_gets_a_warning_unless_it_is_known_to_be_harmless() {
    let (_, diagnostics) = read("<xmile><isee:surprise/><model><isee:surprise/></model></xmile>");
    assert_eq!(diagnostics.len(), 2);
    assert!(diagnostics.iter().all(|it| it.severity == Severity::Warning && it.code == code::UNKNOWN_ELEMENT));
    let harmless = "<xmile><ai_information/><isee:prefs/><isee:data_manager>1</isee:data_manager><isee:time_formats/>
        <isee:multiplayer_settings/><isee:number_format_extenders/><isee:equation_prefs/><default_format/><style/>
        <model_units/><data><export resource='x.csv'><all/></export>
        <import enabled='false' resource='y.csv'/></data>
        <model><isee:extra_collection_variables/><variables><isee:dependencies/></variables><views/></model></xmile>";
    assert_eq!(ast(harmless), "model\n");
}

#[test]
fn a_declared_dimension_is_no_array() {
    assert_eq!(
        ast("<xmile><dimensions><dim name='d' size='2'/></dimensions><model/></xmile>"),
        "dim d size 2\nmodel\n"
    );
}
