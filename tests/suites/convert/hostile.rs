//! Names, comments and units with anything in them.

use libtest_mimic::Trial;
use simc::convert::Format;
use simc_midend::pipeline::OptLevel;
use simc_model::files::NoFiles;
use tests::convert::{converted, file_name, same_bits};
use tests::subject::Subject;

use super::{FORMATS, is_settled};
use crate::trial;

/// A model and the codes with which it is refused in each format; none where it converts.
struct Case {
    name: &'static str,
    file: &'static str,
    body: &'static str,
    refused: [&'static str; 2],
}

const CASES: &[Case] = &[
    Case {
        name: "names_of_every_kind",
        file: "m.xmile",
        body: "<aux name='a-b'><eqn>1</eqn></aux><aux name='2nd'><eqn>\"a-b\" + 1</eqn></aux>\
<aux name='say \\\"hi\\\"'><eqn>\"2nd\"*2</eqn></aux><aux name='back\\\\slash'><eqn>\"say \\\"hi\\\"\" + 1</eqn></aux>\
<aux name='two\\nlines'><eqn>\"back\\\\slash\"</eqn></aux><aux name='d\u{e9}j\u{e0} vu \u{20ac}'><eqn>two_lines/3</eqn></aux>\
<aux name='a.b|c~d{e}'><eqn>\"d\u{e9}j\u{e0} vu \u{20ac}\"</eqn></aux><aux name=':AND:'><eqn>\"a.b|c~d{e}\" - 1</eqn></aux>\
<aux name='if'><eqn>\":AND:\"</eqn></aux><aux name='x[a]'><eqn>\"if\" + 1</eqn></aux><aux name='\u{6c49}\u{5b57}'><eqn>\"x[a]\"</eqn></aux>\
<aux name='a&amp;b &lt;c&gt;'><eqn>\u{6c49}\u{5b57}</eqn></aux><aux name='&apos;'><eqn>\"a&amp;b &lt;c&gt;\"</eqn></aux>",
        refused: ["", ""],
    },
    Case {
        name: "names_of_vensim",
        file: "m.mdl",
        body: "\"a | b\" = 1 ~~|\n\"~\" = \"a | b\" + 1 ~~|\n\"say \\\"x\\\"\" = \"~\" ~~|\nBob's share & 10% = 2 ~~|\n\
mod = Bob's share & 10% ~~|\nif = mod ~~|\n\"a.b\" = if ~~|\npi = \"a.b\" ~~|\ndt = pi + 1 ~~|\n\u{e9}t\u{e9} = dt ~~|\n\"{x}\" = \u{e9}t\u{e9} ~~|\n",
        refused: ["", ""],
    },
    Case {
        name: "texts_with_anything_in_them",
        file: "m.xmile",
        body: "<aux name='v'><eqn>1</eqn><doc>a | b ~ c \\\n\\\\\\---/// Sketch { and ///---\\\\\\ :L&lt;%^E!@\n  ]]&gt; \"quoted</doc>\
<units>people | ~ [x]</units></aux><aux name='w'><eqn>v + 1</eqn><doc>}</doc><units>kW/h\u{b2}</units></aux>",
        refused: ["", ""],
    },
    Case {
        name: "a_variable_and_a_dimension_of_one_name",
        file: "m.xmile",
        body: "<aux name='d'><eqn>1</eqn></aux><aux name='x'><dimensions><dim name='D'/></dimensions><eqn>2</eqn></aux>",
        refused: ["", "E0812"],
    },
    Case {
        name: "a_variable_and_an_element_of_one_name",
        file: "m.xmile",
        body: "<aux name='a'><eqn>1</eqn></aux><aux name='x'><dimensions><dim name='D'/></dimensions><eqn>2</eqn></aux>",
        refused: ["", "E0812"],
    },
    Case {
        name: "a_function_of_vensim",
        file: "m.xmile",
        body: "<aux name='integ'><eqn>1</eqn></aux>",
        refused: ["", "E0812"],
    },
    Case {
        name: "a_control_variable_with_another_value",
        file: "m.xmile",
        body: "<aux name='FINAL TIME'><eqn>77</eqn></aux><aux name='SAVEPER'><eqn>TIME_STEP</eqn></aux>",
        refused: ["", "E0813"],
    },
    Case {
        name: "a_control_variable_with_its_value",
        file: "m.xmile",
        body: "<aux name='FINAL TIME'><eqn>6</eqn></aux><aux name='x'><eqn>FINAL_TIME + DT</eqn></aux>",
        refused: ["", ""],
    },
    Case {
        name: "comparisons_as_numbers",
        file: "m.xmile",
        body: "<aux name='x'><eqn>(TIME &gt; 2) + 3*(NOT (TIME = 1)) - (TIME AND 1)^2 + (TIME MOD 3) + -2^2 - -(TIME)</eqn></aux>",
        refused: ["", ""],
    },
    Case {
        name: "nested_choices",
        file: "m.xmile",
        body: "<aux name='x'><eqn>IF (IF TIME &gt; 2 THEN 1 ELSE 0) THEN (IF TIME = 3 THEN 5 ELSE 6) + 1 ELSE IF TIME &lt; 1 THEN 7 ELSE 8 + 2</eqn></aux>",
        refused: ["", ""],
    },
    Case {
        name: "operators_of_vensim",
        file: "m.mdl",
        body: "x = IF THEN ELSE(:NOT: Time > 2 :AND: (Time <> 1 :OR: Time = 0), -2^2, 2^-Time^0.5) ~~|\ny = x - (x - (x - 1)) + x/(x/2)/3 ~~|\nz = -(-x) + (-x)^2 ~~|\n",
        refused: ["", ""],
    },
    Case {
        name: "a_range_of_numbers",
        file: "m.xmile",
        body: "<aux name='x'><dimensions><dim name='N'/></dimensions><eqn>N*2</eqn></aux><aux name='y'><eqn>x[2] + SUM(x)</eqn></aux>",
        refused: ["", ""],
    },
    Case {
        name: "holes",
        file: "m.mdl",
        body: "Row: a, b ~~|\nCol: c, d ~~|\nx[a, Col] = 1 ~~|\nx[b, c] = 2 ~~|\ny = x[a, d] ~~|\n",
        refused: ["E0803", ""],
    },
    Case {
        name: "computed_subscripts",
        file: "m.xmile",
        body: "<aux name='x'><dimensions><dim name='D'/></dimensions><eqn>D</eqn></aux><aux name='y'><eqn>x[INT(TIME/4) + 1]</eqn></aux>",
        refused: ["", "E0802"],
    },
];

pub(super) fn trials() -> Vec<Trial> {
    CASES.iter().map(|case| trial(format!("convert::hostile::{}", case.name), || check(case))).collect()
}

/// The whole text of a case.
fn text(case: &Case) -> String {
    if case.file.ends_with(".mdl") {
        let control = "INITIAL TIME = 0 ~~|\nFINAL TIME = 6 ~~|\nTIME STEP = 0.5 ~~|\nSAVEPER = TIME STEP ~~|\n";
        return format!("{{UTF-8}}\n{}{control}", case.body);
    }
    format!(
        "<xmile version='1.0' xmlns='http://docs.oasis-open.org/xmile/ns/XMILE/v1.0'><header><vendor>v</vendor></header>\
<sim_specs><start>0</start><stop>6</stop><dt>0.5</dt></sim_specs>\
<dimensions><dim name='D'><elem name='a'/><elem name='b'/></dim><dim name='N' size='3'/></dimensions>\
<model><variables>{}</variables></model></xmile>",
        case.body
    )
}

fn check(case: &Case) -> Result<(), String> {
    let text = text(case);
    let original = Subject::from_xmile(case.file, &text, OptLevel::O2)?;
    for ((format, word), expected) in FORMATS.into_iter().zip(case.refused) {
        match converted(case.file, &text, &NoFiles, format) {
            Ok(printed) => {
                let fail = |why: String| format!("to {word}: {why}\n{printed}");
                if !expected.is_empty() {
                    return Err(fail("it is not refused".to_owned()));
                }
                let subject = Subject::from_xmile(file_name(format), &printed, OptLevel::O2).map_err(fail)?;
                same_bits(&original, &subject).map_err(fail)?;
                is_settled(&printed, format).map_err(fail)?;
                let back = if format == Format::Mdl { Format::Xmile } else { Format::Mdl };
                if let Ok(again) = converted(file_name(format), &printed, &NoFiles, back) {
                    let fail = |why: String| format!("to {word} and back: {why}\n{again}");
                    let subject = Subject::from_xmile(file_name(back), &again, OptLevel::O2).map_err(fail)?;
                    same_bits(&original, &subject).map_err(fail)?;
                }
            }
            Err(refusal) => {
                let codes: Vec<&str> = refusal.codes.iter().map(String::as_str).collect();
                if expected.is_empty() || codes != [expected] {
                    return Err(format!("to {word}: refused {codes:?} instead of {expected:?}: {}", refusal.text));
                }
            }
        }
    }
    Ok(())
}
