//! Models that cannot be compiled: a clear error and status 1, soon, in little memory, without a panic or a partial file.

use std::time::{Duration, Instant};

use crate::sandbox::{Sandbox, TANK, xmile};

/// Far beyond what refusing takes, and far below what a hang takes.
const SOON: Duration = Duration::from_secs(60);

/// Building, running and checking the model all fail with these words.
#[track_caller]
fn refused(content: impl AsRef<[u8]>, words: &str) -> String {
    let sandbox = Sandbox::new();
    sandbox.write("model.xmile", content);
    let begin = Instant::now();
    sandbox.simc("build model.xmile -o out.wasm").bad(1, words);
    sandbox.simc("run model.xmile -o out.csv").bad(1, words);
    assert_eq!(sandbox.files(), ["model.xmile"]);
    let stderr = sandbox.simc("check model.xmile").bad(1, words);
    assert!(begin.elapsed() < SOON, "it took {:?}", begin.elapsed());
    assert!(stderr.len() < 20_000, "a message of {} bytes", stderr.len());
    stderr
}

fn equation(equation: &str) -> String {
    xmile("<start>0</start><stop>4</stop><dt>1</dt>", &format!("<aux name=\"a\"><eqn>{equation}</eqn></aux>"))
}

#[test]
fn files_that_are_no_models() {
    refused("", "the file is empty");
    refused("hello", "error[E01");
    refused("<html></html>", "error[E0105]");
    refused(&xmile("<stop>4</stop>", TANK)[..300], "error[E01");
    refused("\0\0\0\0", "error[E01");
    refused("{UTF-8}\na = 1 ~~|", "error[E0501]");
    refused("{UTF-8}\na = 1 + ~~|", "error[E0120]");
}

#[test]
fn entities_that_multiply() {
    let mut bomb = "<!DOCTYPE x [<!ENTITY a0 \"aaaaaaaaaa\">".to_owned();
    for level in 1..20 {
        let previous = format!("&a{};", level - 1);
        bomb.push_str(&format!("<!ENTITY a{level} \"{}\">", previous.repeat(10)));
    }
    bomb.push_str("]>");
    refused(bomb + &equation("&a19;"), "error[E01");
}

#[test]
fn parentheses_beyond_all_measure() {
    refused(equation(&format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000))), "error[E0126]");
    refused(equation(&"(".repeat(100_000)), "error[E01");
    refused(equation(&format!("{}1", "-".repeat(1_000_000))), "error[E01");
}

#[test]
fn an_equation_of_fifty_megabytes() {
    let text = "1 + ".repeat(50 * 1024 * 1024 / 4);
    refused(equation(&format!("{text} nowhere")), "error[E");
}

#[test]
fn names_that_lead_nowhere_or_in_cycles() {
    refused(equation("b"), "error[E02");
    let model = |variables| xmile("<start>0</start><stop>4</stop><dt>1</dt>", variables);
    let twice = "<aux name=\"a b\"><eqn>1</eqn></aux><aux name=\"A_B\"><eqn>1</eqn></aux>";
    refused(model(twice), "error[E0203]");
    let cycle =
        "<aux name=\"a\"><eqn>b</eqn></aux><aux name=\"b\"><eqn>c</eqn></aux><aux name=\"c\"><eqn>a</eqn></aux>";
    let stderr = refused(model(cycle), "error[E02");
    assert!(["a", "b", "c"].iter().all(|name| stderr.contains(name)), "{stderr}");
    let long: String =
        (0..20_000).map(|i| format!("<aux name=\"v{i}\"><eqn>v{}</eqn></aux>\n", (i + 1) % 20_000)).collect();
    refused(model(&long), "error[E02");
}

#[test]
fn tables_that_are_none() {
    let table = |gf: &str| {
        let variables = format!("<aux name=\"a\"><eqn>TIME</eqn><gf>{gf}</gf></aux>");
        xmile("<start>0</start><stop>4</stop><dt>1</dt>", &variables)
    };
    refused(table(""), "error[E01");
    refused(table("<xpts>0,1</xpts><ypts></ypts>"), "error[E01");
    refused(table("<xpts>0,1,2</xpts><ypts>1,2</ypts>"), "error[E01");
}

#[test]
fn times_that_cannot_be_run() {
    for specs in [
        "<start>0</start><stop>4</stop><dt>0</dt>",
        "<start>0</start><stop>4</stop><dt>-1</dt>",
        "<start>0</start><stop>4</stop><dt>NaN</dt>",
        "<start>0</start><stop>4</stop><dt>5</dt>",
        "<start>4</start><stop>0</stop><dt>1</dt>",
        "<start>0</start><stop>1e300</stop><dt>1e-300</dt>",
        "<start>0</start><stop>1e12</stop><dt>1</dt>",
    ] {
        refused(xmile(specs, TANK), "error[E0");
    }
}

#[test]
fn what_is_not_supported_is_refused_by_name() {
    let oven = "<stock name=\"s\"><eqn>1</eqn><oven><cook_time>2</cook_time></oven></stock>";
    refused(xmile("<start>0</start><stop>4</stop><dt>1</dt>", oven), "error[E0905]");
}
