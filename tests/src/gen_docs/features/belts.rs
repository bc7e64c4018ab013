//! Conveyors, queues and events.

use simc_front::diagnostic::code;

use super::{Feature, builtins, refused, shown};

pub(super) const CONVEYORS: &[Feature] = &[
    shown("a transit time: `<len>`", "models/conveyor.xmile", "<len>1</len>"),
    shown("`<capacity>`", "models/queue_and_conveyor.xmile", "<capacity>1.5</capacity>"),
    shown("`<in_limit>`", "models/conveyor_leak.xmile", "<in_limit>"),
    shown("`<arrest>`", "models/conveyor_leak.xmile", "<arrest>"),
    shown("a leak", "models/conveyor_leak.xmile", "<leak/>"),
    shown("`discrete`", "models/queue_and_conveyor.xmile", "discrete=\"true\""),
    shown("arrays of conveyors, in modules", "models/conveyor_arrays.xmile", "<module name=\"plant\"/>"),
    shown("conveyors in macros", "models/macro_conveyor.xmile", "<conveyor>"),
    shown("`conveyor[n]`", "models/conveyor.xmile", "belt[1]"),
    shown("SUM, MEAN, MIN, MAX and SIZE of what is on them", "models/conveyor.xmile", "SUM(belt)"),
    shown("their outflow in other equations", "models/conveyor.xmile", "2 * departing"),
    builtins("`CAPACITY`, `PROCTIME`", &["CAPACITY", "PROCTIME"]),
    shown("`spreadflow=\"source\"` of a leak", "models/conveyor_source.xmile", "spreadflow=\"source\""),
    refused(
        "methods other than Euler's",
        code::BELT_METHOD,
        "<sim_specs method=\"rk4\"><start>0</start><stop>2</stop></sim_specs><model><variables><stock name=\"s\">\
         <eqn>0</eqn><outflow>o</outflow><conveyor><len>1</len></conveyor></stock><flow name=\"o\"/></variables></model>",
        "a conveyor moves once a step",
    ),
    builtins(
        "cycle times, and attributes of batches",
        &["CYCLETIME", "THROUGHPUT", "CTFLOW", "CTMAX", "CTMEAN", "CTMIN", "CTSTDDEV", "AGECOUNT", "ATTRCOUNT"],
    ),
];

pub(super) const QUEUES: &[Feature] = &[
    shown("queues", "models/queue_and_conveyor.xmile", "<queue/>"),
    shown("a queue before a conveyor", "models/queue_and_conveyor.xmile", "<inflow>boarding</inflow>"),
    builtins("`QLEN`", &["QLEN"]),
    refused(
        "ovens",
        code::OVENS,
        "<stock name=\"s\"><eqn>1</eqn><oven/></stock>",
        "they need states of filling and emptying, which no flow shows",
    ),
    builtins("`OSTATE`", &["OSTATE"]),
];

pub(super) const EVENTS: &[Feature] = &[
    shown(
        "thresholds of stocks, flows, auxiliaries and elements",
        "models/event_thresholds.xmile",
        "<event_poster min=",
    ),
    shown("`direction`", "models/event_thresholds.xmile", "direction=\"decreasing\""),
    shown("`repeat`: each, once, once_ever", "models/event_thresholds.xmile", "repeat=\"once_ever\""),
    shown("`interval`", "models/event_thresholds.xmile", "interval=\"2\""),
    shown("`sim_action`: message, pause, stop", "filetests/cli/events.cli", "pause"),
];
