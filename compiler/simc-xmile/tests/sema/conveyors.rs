//! How much room conveyors have.

use simc_model::files::NoFiles;
use simc_model::source::Sources;

/// Slats of a conveyor with a transit time, in a run of that many steps of 1. `t` is a constant of 500.
fn slats(transit: &str, steps: u32) -> u32 {
    let text = format!(
        "<xmile version=\"1.0\" xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\"><header/>\
         <sim_specs><start>0</start><stop>{steps}</stop><dt>1</dt></sim_specs><model><variables>\
         <stock name=\"c\"><eqn>10</eqn><inflow>i</inflow><outflow>o</outflow><conveyor><len>{transit}</len></conveyor></stock>\
         <flow name=\"i\"><eqn>1</eqn></flow><flow name=\"o\"/><aux name=\"t\"><eqn>500</eqn></aux></variables></model></xmile>"
    );
    let mut sources = Sources::new();
    let root = sources.add("test", text);
    let compiled = simc_xmile::compile(&mut sources, root, &NoFiles);
    compiled.model.unwrap_or_else(|| panic!("{transit}: {:?}", compiled.diagnostics)).transports[0].cells
}

#[test]
fn a_known_transit_time_has_a_slat_for_each_step() {
    for transit in ["4", "2 + 2", "6 - 2", "2*2", "8/2", "INT(4.7)", "MAX(4, 3)", "MIN(4, 5)", "-(1 - 5)", "3.6", "4.4"]
    {
        assert_eq!(slats(transit, 10), 4, "{transit}");
    }
}

#[test]
fn one_that_a_host_may_change_has_room_for_several_times_its_value_and_the_run() {
    // 4 times the default, 4 times the rows of the run, and never fewer than 1024.
    assert_eq!(slats("t", 10), 2000);
    assert_eq!(slats("t", 999), 4000);
    assert_eq!(slats("t/100", 10), 1024);
}

/// What is said of a transit time that is no whole number of steps of 0.1.
fn rounded(transit: &str) -> Vec<String> {
    let text = format!(
        "<xmile version=\"1.0\" xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\"><header/>\
         <sim_specs><start>0</start><stop>4</stop><dt>0.1</dt></sim_specs><model><variables>\
         <stock name=\"c\"><eqn>10</eqn><outflow>o</outflow><conveyor><len>{transit}</len></conveyor></stock>\
         <flow name=\"o\"/></variables></model></xmile>"
    );
    let mut sources = Sources::new();
    let root = sources.add("test", text);
    let compiled = simc_xmile::compile(&mut sources, root, &NoFiles);
    assert!(compiled.model.is_some());
    compiled.diagnostics.iter().map(|diagnostic| diagnostic.label.clone()).collect()
}

#[test]
fn a_transit_time_between_two_steps_is_told_and_rounding_is_none() {
    // 0.3 is not three times 0.1 as doubles have it.
    for transit in ["0.3", "0.1", "0.7", "1.1", "100", "0.3000000000001", "0.10000000000001"] {
        assert_eq!(rounded(transit), Vec::<String>::new(), "{transit}");
    }
    let travels =
        |steps: u32, time: &str| vec![format!("what is on it travels for {steps} steps of 0.1, that is for {time}")];
    assert_eq!(rounded("0.24"), travels(2, "0.2"));
    assert_eq!(rounded("0.26"), travels(3, "0.30000000000000004"));
    assert_eq!(rounded("0.04"), travels(1, "0.1"));
    assert_eq!(rounded("0.20001"), travels(2, "0.2"));
}

/// A conveyor of that transit time: the message that refuses it.
fn refused(transit: &str) -> Option<String> {
    let text = format!(
        "<xmile version=\"1.0\" xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\"><header/>\
         <sim_specs><start>0</start><stop>4</stop><dt>1</dt></sim_specs><model><variables>\
         <stock name=\"c\"><eqn>10</eqn><outflow>o</outflow><conveyor><len>{transit}</len></conveyor></stock>\
         <flow name=\"o\"/><aux name=\"t\"><eqn>1000000</eqn></aux><aux name=\"u\"><eqn>1000001</eqn></aux></variables></model></xmile>"
    );
    let mut sources = Sources::new();
    let root = sources.add("test", text);
    let compiled = simc_xmile::compile(&mut sources, root, &NoFiles);
    compiled.diagnostics.iter().find(|diagnostic| diagnostic.is_error()).map(|found| found.message.clone())
}

#[test]
fn a_transit_time_is_above_0_and_a_million_steps_at_most() {
    assert_eq!(refused("1000000"), None);
    assert_eq!(refused("t"), None);
    let refusal = |text: &str| Some(format!("the transit time of conveyor `c` is {text}"));
    assert_eq!(refused("1000001"), refusal("1000001"));
    assert_eq!(refused("u"), refusal("1000001"));
    assert_eq!(refused("0"), refusal("0"));
    assert_eq!(refused("-1"), refusal("-1"));
}

#[test]
fn an_element_that_the_run_computes_is_asked() {
    let text = "<xmile version=\"1.0\" xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\"><header/>\
         <sim_specs><start>1</start><stop>2</stop><dt>1</dt></sim_specs><dimensions><dim name=\"E\" size=\"2\"/></dimensions>\
         <model><variables>\
         <stock name=\"c\"><dimensions><dim name=\"E\"/></dimensions><eqn>10</eqn><outflow>o</outflow><conveyor><len>4</len></conveyor></stock>\
         <flow name=\"o\"><dimensions><dim name=\"E\"/></dimensions></flow>\
         <aux name=\"x\"><eqn>QLEN(c[TIME])</eqn></aux></variables></model></xmile>";
    let mut sources = Sources::new();
    let root = sources.add("test", text);
    let compiled = simc_xmile::compile(&mut sources, root, &NoFiles);
    let model = compiled.model.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
    assert_eq!(model.verify(), Ok(()));
}
