//! Models of any size, for growth of compile time and for limits.

pub mod climate;
pub mod delays;
pub mod growth;
pub mod world;

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

/// Regions whose people grow older, have children, die and move: `regions` times `cohorts` elements, with an ageing chain, a matrix of
/// migration, graphical functions for single numbers and elements, and sums along each dimension.
pub fn regions(regions: usize, cohorts: usize) -> String {
    const PEOPLE: &str = "<dim name=\"Region\"/><dim name=\"Cohort\"/>";
    const MOVES: &str = "<dim name=\"Region\"/><dim name=\"Destination\"/>";
    const REGION: &str = "<dim name=\"Region\"/>";
    const COHORT: &str = "<dim name=\"Cohort\"/>";
    let dimensions: String = [("Region", regions), ("Destination", regions), ("Cohort", cohorts)]
        .map(|(name, size)| format!("<dim name=\"{name}\" size=\"{size}\"/>\n"))
        .concat();
    let table =
        |scale: &str, points: &str| format!("<gf><xscale min=\"0\" max=\"{scale}\"/><ypts>{points}</ypts></gf>");
    let var = |tag: &str, name: &str, dims: &str, rest: &str| {
        format!("<{tag} name=\"{name}\"><dimensions>{dims}</dimensions>{rest}</{tag}>\n")
    };
    let of = |equation: &str| format!("<eqn>{equation}</eqn>");
    let age = format!("Cohort/{cohorts}");
    let variables = [
        var(
            "stock",
            "population",
            PEOPLE,
            &(of(&format!("1000/Cohort + 10*Region/{regions}"))
                + "<inflow>arriving</inflow><inflow>immigrating</inflow>\
                   <outflow>ageing</outflow><outflow>dying</outflow><outflow>emigrating</outflow>"),
        ),
        var("flow", "ageing", PEOPLE, &of("population/years")),
        var(
            "flow",
            "arriving",
            PEOPLE,
            &(of("ageing[Region, Cohort - 1]")
                + "<element subscript=\"Region, 1\"><eqn>births[Region]</eqn></element>"),
        ),
        var("aux", "care", PEOPLE, &(of("population/normal_size") + &table("2", "0.8,0.9,1,1.05,1.2,1.5"))),
        var("flow", "dying", PEOPLE, &of("population*mortality[Cohort]*effect_of_crowding[Region]*care")),
        var("flow", "emigrating", PEOPLE, &of("population*(emigrants[Region]/total[Region])")),
        var("flow", "immigrating", PEOPLE, &of("immigrants[Region]*age_share[Cohort]")),
        var("aux", "share", PEOPLE, &of("population/total[Region]")),
        var("aux", "total", REGION, &of("SUM(population[Region, *])")),
        var("aux", "crowding", REGION, &of("total/capacity")),
        var("aux", "effect of crowding", REGION, &(of("crowding") + &table("2.5", "0.9,0.95,1,1.1,1.4,2"))),
        var("aux", "births", REGION, &of("SUM(population[Region, *]*fertility[*])/effect_of_crowding")),
        var("aux", "emigrants", REGION, &of("SUM(moving[Region, *])")),
        var("aux", "immigrants", REGION, &of("SUM(moving[*, Region])")),
        var("aux", "moving", MOVES, &of("total[Region]*rate[Region, Destination]")),
        "<aux name=\"world population\"><eqn>SUM(total[*])</eqn></aux>\n".to_owned(),
        "<aux name=\"world deaths\"><eqn>SUM(dying[*, *])</eqn></aux>\n".to_owned(),
        "<aux name=\"largest\"><eqn>MAX(share[*, *])</eqn></aux>\n".to_owned(),
        var("aux", "fertility", COHORT, &(of(&age) + &table("1", "0,0.05,0.3,0.2,0.02,0"))),
        var("aux", "mortality", COHORT, &(of(&age) + &table("1", "0.02,0.01,0.01,0.02,0.08,0.3"))),
        var("aux", "weight", COHORT, &of("1/(1 + Cohort)")),
        var("aux", "age share", COHORT, &of("weight/SUM(weight[*])")),
        var("aux", "rate", MOVES, &of("0.01/(1 + ABS(Region - Destination))")),
        "<aux name=\"years\"><eqn>5</eqn></aux>\n".to_owned(),
        "<aux name=\"capacity\"><eqn>4000</eqn></aux>\n".to_owned(),
        "<aux name=\"normal size\"><eqn>250</eqn></aux>\n".to_owned(),
    ]
    .concat();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <xmile version=\"1.0\" xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\" \
         xmlns:isee=\"http://iseesystems.com/XMILE\">\n\
         <header><vendor>tests</vendor><product version=\"1\">generated</product></header>\n\
         <sim_specs method=\"euler\" isee:save_interval=\"2.5\"><start>0</start><stop>5</stop><dt>0.25</dt></sim_specs>\n\
         <dimensions>\n{dimensions}</dimensions>\n<model><variables>\n{variables}</variables></model>\n</xmile>\n"
    )
}
