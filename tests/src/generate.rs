//! Models of any size, for growth of compile time and for limits.

use std::fmt::Write as _;

/// A chain of `n` variables in which each reads the one before: every tenth is a stock, the rest are auxiliaries and flows.
pub fn chain(n: usize) -> String {
    let mut body =
        String::from("<aux name=\"rate\"><eqn>0.01</eqn></aux>\n<aux name=\"x0\"><eqn>1 + rate</eqn></aux>\n");
    for i in 1..n {
        let before = i - 1;
        match i % 10 {
            0 => writeln!(body, "<stock name=\"x{i}\"><eqn>{i}</eqn><inflow>x{before}</inflow></stock>"),
            9 => writeln!(body, "<flow name=\"x{i}\"><eqn>x{before} * rate</eqn></flow>"),
            5 => writeln!(
                body,
                "<aux name=\"x{i}\"><eqn>IF x{before} &gt; {i} THEN x{before} ELSE MAX(x{before}, rate)</eqn></aux>"
            ),
            _ => writeln!(body, "<aux name=\"x{i}\"><eqn>x{before} * 0.5 + rate * {i}</eqn></aux>"),
        }
        .expect("writing to a string");
    }
    wrap(&body)
}

/// The frame of a model around its variables.
pub fn wrap(variables: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <xmile version=\"1.0\" xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\">\n\
         <header><vendor>tests</vendor><product version=\"1\">generated</product></header>\n\
         <sim_specs method=\"euler\"><start>0</start><stop>10</stop><dt>0.5</dt></sim_specs>\n\
         <model><variables>\n{variables}</variables></model>\n</xmile>\n"
    )
}
