//! Conveyors, queues and events.

use simc_xmile::code;

use super::{Feature, builtins, refused, shown};

pub(super) const CONVEYORS: &[Feature] = &[
    shown("a transit time: `<len>`", "models/conveyor.xmile", "<len>1</len>"),
    shown("`<capacity>`", "models/queue_and_conveyor.xmile", "<capacity>1.5</capacity>"),
    shown("`<in_limit>`", "models/conveyor_leak.xmile", "<in_limit>"),
    shown("`<arrest>`", "models/conveyor_leak.xmile", "<arrest>"),
    shown("`<sample>`", "models/conveyor_options.xmile", "<sample>"),
    shown("a linear leak", "models/conveyor_leak.xmile", "<leak/>"),
    shown("`exponential_leak`", "models/conveyor_options.xmile", "exponential_leak=\"true\""),
    shown(
        "several leaks of one conveyor",
        "models/conveyor_options.xmile",
        "<outflow>quarter</outflow><outflow>half</outflow>",
    ),
    shown("zones: `leak_start`, `leak_end`", "models/conveyor_options.xmile", "leak_end=\"0.5\""),
    shown("`isee:ignore_earlier_zone_losses`", "models/conveyor_options.xmile", "ignore_earlier_zone_losses"),
    shown("`<leak_integers/>`", "models/conveyor_options.xmile", "<leak_integers/>"),
    shown("lists of initial values", "models/conveyor_options.xmile", "<eqn>8, 4</eqn>"),
    shown("`spreadflow`: even", "models/conveyor_options.xmile", "spreadflow=\"even\""),
    shown("`spreadflow`: dest", "models/conveyor_options.xmile", "spreadflow=\"dest\""),
    shown("`spreadflow`: dist", "models/conveyor_options.xmile", "<isee:distrib_eq>shape"),
    shown("`discrete`", "models/queue_and_conveyor.xmile", "discrete=\"true\""),
    shown("arrays of conveyors, in modules", "models/conveyor_arrays.xmile", "<module name=\"plant\"/>"),
    shown("conveyors in macros", "models/macro_conveyor.xmile", "<conveyor>"),
    shown("`conveyor[n]`", "models/conveyor.xmile", "belt[1]"),
    shown("SUM, MEAN, MIN, MAX and SIZE of what is on them", "models/conveyor.xmile", "SUM(belt)"),
    shown("their outflow in other equations", "models/conveyor.xmile", "2 * departing"),
    builtins("`CAPACITY`, `PROCTIME`", &["CAPACITY", "PROCTIME"]),
    shown(
        "transit times, zones and arrests that change",
        "models/conveyor_changes.xmile",
        "IF TIME &lt; 2 THEN 4 ELSE 2",
    ),
    shown("`spreadflow=\"source\"` of a leak", "models/conveyor_source.xmile", "spreadflow=\"source\""),
    shown("`fifo`, where the transit time does not change", "models/conveyor_options.xmile", "fifo=\"true\""),
    refused(
        "methods other than Euler's",
        code::TRANSPORT_METHOD,
        "<sim_specs method=\"rk4\"><start>0</start><stop>2</stop></sim_specs><model><variables><stock name=\"s\">\
         <eqn>0</eqn><outflow>o</outflow><conveyor><len>1</len></conveyor></stock><flow name=\"o\"/></variables></model>",
        "a conveyor moves once a step",
    ),
    refused(
        "`fifo` where the transit time may change: all contents would move by the present one",
        code::CHANGING_SPEED,
        "<stock name=\"s\"><eqn>0</eqn><outflow>o</outflow><conveyor fifo=\"true\"><len>1 + TIME</len></conveyor></stock><flow name=\"o\"/>",
        "what is on a conveyor keeps the way that it had when it came in",
    ),
    builtins(
        "cycle times, and attributes of batches",
        &["CYCLETIME", "THROUGHPUT", "CTFLOW", "CTMAX", "CTMEAN", "CTMIN", "CTSTDDEV", "AGECOUNT", "ATTRCOUNT"],
    ),
];

pub(super) const QUEUES: &[Feature] = &[
    shown("queues", "models/queue_and_conveyor.xmile", "<queue/>"),
    shown("a queue before a conveyor", "models/queue_and_conveyor.xmile", "<inflow>boarding</inflow>"),
    shown("a multiplier between the two", "models/queue_multiplier.xmile", "<multiplier>2</multiplier>"),
    shown("`batch_integrity`", "models/queue_options.xmile", "batch_integrity=\"true\""),
    shown("`one_at_a_time`", "models/queue_options.xmile", "one_at_a_time=\"false\""),
    shown("`<overflow/>`", "models/queue_options.xmile", "<overflow/>"),
    shown("`queue[n]`, and SIZE of a queue", "models/queue_options.xmile", "one[2]"),
    builtins("`QLEN`, `QELEM`", &["QLEN", "QELEM"]),
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
