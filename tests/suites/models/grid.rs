//! Every function without memory, of numbers around those at which it changes its mind.

use simc::driver::Options;
use simc_midend::pipeline::OptLevel;
use simc_model::builtin::{self, Builtin, Dialect, Meaning, ParamKind};
use tests::compare::{V8, engines_agree};
use tests::engine::Op;
use tests::subject::Subject;

/// The arguments of functions that have one or two, and of those that have more.
const FEW: [&str; 11] = ["-2.5", "-1", "-0.5", "0", "1e-7", "0.25", "0.5", "1", "1.5", "2", "3"];
const MANY: [&str; 5] = ["-1", "0", "0.5", "1", "2.5"];

/// All engines agree about all of them.
pub(super) fn check(level: OptLevel) -> Result<(), String> {
    let text = model();
    let subject = Subject::with_options("grid.xmile", &text, &Options { level, ..Options::default() })?;
    engines_agree(&subject, &[Op::Run], V8::Without)
}

fn model() -> String {
    let mut dims = String::new();
    let mut variables = String::new();
    for (kind, values) in [("few", &FEW[..]), ("many", &MANY[..])] {
        for place in ["a", "b", "c", "d", "e"] {
            dims.push_str(&format!("<dim name='{kind} {place}' size='{}'/>", values.len()));
            let element = |(n, value): (usize, &&str)| {
                format!("<element subscript='{}'><eqn>{value} + 0*TIME</eqn></element>", n + 1)
            };
            let elements: String = values.iter().enumerate().map(element).collect();
            variables.push_str(&format!(
                "<aux name='of {kind} {place}'><dimensions><dim name='{kind} {place}'/></dimensions>{elements}</aux>"
            ));
        }
    }
    for (n, builtin) in builtin::all().filter(|builtin| is_of_numbers(builtin)).enumerate() {
        let name = builtin.name_in(Dialect::Xmile);
        let kind = if builtin.params.len() > 2 { "many" } else { "few" };
        let places = &["a", "b", "c", "d", "e"][..builtin.params.len()];
        let dims: String = places.iter().map(|place| format!("<dim name='{kind} {place}'/>")).collect();
        let args: Vec<String> = places.iter().map(|place| format!("of_{kind}_{place}")).collect();
        let call = format!("{name}({})", args.join(", "));
        variables.push_str(&format!("<aux name='f{n}'><dimensions>{dims}</dimensions><eqn>{call}</eqn></aux>"));
    }
    format!(
        "<xmile version='1.0' xmlns='http://docs.oasis-open.org/xmile/ns/XMILE/v1.0'><header><name>grid</name></header>
<sim_specs method='euler'><start>0</start><stop>2</stop><dt>0.5</dt></sim_specs>
<dimensions>{dims}</dimensions><model><variables>{variables}</variables></model></xmile>"
    )
}

/// Whether a function takes nothing but numbers, up to five, and gives a number of these alone.
fn is_of_numbers(builtin: &Builtin) -> bool {
    let n = builtin.params.len();
    !builtin.names.is_empty()
        && builtin.only.is_none()
        && (1..=5).contains(&n)
        && builtin.params.iter().all(|param| param.kind == ParamKind::Number)
        && matches!(builtin.meaning, Meaning::Pure(_))
}
