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
