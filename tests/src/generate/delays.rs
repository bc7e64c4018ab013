//! A chain of delays, each of the first order, as XMILE and in C.

use std::fmt::Write as _;

use super::wrap;

const DELAYS: usize = 200;
/// Rows of a run.
const ROWS: usize = 21;

/// How long a delay is.
fn time(i: usize) -> usize {
    2 + i % 7
}

/// The model: 200 delays.
pub fn model() -> String {
    let mut body =
        String::from("<aux name=\"target\"><eqn>100</eqn></aux>\n<aux name=\"d0\"><eqn>target + TIME</eqn></aux>\n");
    for i in 1..=DELAYS {
        writeln!(body, "<aux name=\"d{i}\"><eqn>SMTH1(d{}, {}, 5)</eqn></aux>", i - 1, time(i))
            .expect("writing to a string");
    }
    wrap(&body)
}

/// The same in C; `bench.h` says what such a program does.
pub fn c_program() -> String {
    let width = 4 + DELAYS + 2;
    let times: Vec<String> = (1..=DELAYS).map(|i| format!("{}.0", time(i))).collect();
    format!(
        "#include \"bench.h\"\n\n\
         typedef struct {{ double target; }} Params;\n\
         #define DEFAULTS {{100.0}}\n\
         static const double times[{DELAYS}] = {{{}}};\n\
         static __attribute__((noinline)) void run(const Params *p, double *row) {{\n\
         \x20   double level[{DELAYS}];\n\
         \x20   for (int i = 0; i < {DELAYS}; i++) level[i] = 5.0;\n\
         \x20   for (int step = 0; step < {ROWS}; step++) {{\n\
         \x20       double time = step * 0.5, before = p->target + time;\n\
         \x20       row[0] = time; row[1] = 0.5; row[2] = 0.0; row[3] = 10.0; row[4] = before;\n\
         \x20       for (int i = 0; i < {DELAYS}; i++) {{\n\
         \x20           double now = level[i];\n\
         \x20           row[5 + i] = now;\n\
         \x20           level[i] = now + 0.5 * ((before - now) / times[i]);\n\
         \x20           before = now;\n\
         \x20       }}\n\
         \x20       row[{}] = p->target;\n\
         \x20       row += {width};\n\
         \x20   }}\n\
         }}\n\n\
         BENCH_MAIN(Params, {ROWS}, {width}, run)\n",
        times.join(", "),
        width - 1
    )
}
