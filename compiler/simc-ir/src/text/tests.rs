use super::*;
use crate::samples;

/// The error of a text, as `line:column: message`.
fn error_of(text: &str) -> String {
    parse_module(text).err().map_or_else(|| "no error".to_owned(), |error| error.to_string())
}

/// The error of a `row` function with one axis, a scalar stock `s0`, an array `s1`, a param and a table, whose body begins in line 12.
fn body_error(body: &str) -> String {
    let head = "module {\ntime start=0 stop=1 dt=1 steps=1 save_every=1 method=euler\naxes { a0: 2 }\nslots {\ns0: stock\n\
                s1: run[a0]\n}\nparams { p0: s1 = [1, 2] }\ntables { t0: discrete linear { 0:1 } } }\nfunc row {\nblock0:\n";
    error_of(&format!("{head}{body}\n}}\n"))
}

#[test]
fn samples_print_as_they_are_written() {
    for sample in samples::ALL {
        assert_eq!(print_module(&samples::parse(sample)), sample);
    }
}

#[test]
fn names_with_line_breaks_stay_names() {
    let mut module = samples::parse(samples::TEACUP);
    let slot = module.slots.keys().nth(4).expect("there is a fifth slot");
    module.slots[slot].name = "tea\n;; cup \\ ".to_owned();
    let text = print_module(&module);
    let again = samples::parse(&text);
    assert_eq!(again.slots, module.slots);
    assert_eq!(print_module(&again), text);
}

#[test]
fn comments_of_people_are_no_names() {
    let text = samples::TEACUP.replace("s4: stock ; teacup", ";; the cup\ns4: stock ;; not its name\n; nor this");
    let module = samples::parse(&text);
    let names: Vec<_> = module.slots.values().map(|slot| slot.name.as_str()).collect();
    assert_eq!(names[3..6], ["final_time", "", "heat loss"]);
}

#[test]
fn sparse_numbers_are_closed_up_in_the_order_of_definition() {
    let sparse = samples::TEACUP.replace("v5", "v4000000000").replace("v4 ", "v77 ").replace("v4\n", "v77\n");
    assert_ne!(sparse, samples::TEACUP);
    assert_eq!(print_module(&samples::parse(&sparse)), samples::TEACUP);
}

#[test]
fn unlisted_instructions_leave_no_trace() {
    let mut module = samples::parse(samples::TEACUP);
    let row = module.parts(crate::module::FuncRole::Row).next().expect("there is a row");
    let func = &mut module.funcs[row];
    let entry = func.entry;
    func.blocks[entry].insts.remove(1);
    let printed = print_func(func);
    assert!(printed.contains("v1 = fsub v0, undefined(v1)"), "{printed}");
}

#[test]
fn an_empty_module_needs_its_time_alone() {
    let text = "module {\n    time start=0.0 stop=0.0 dt=1.0 steps=0 save_every=1 method=rk2\n}\n";
    assert_eq!(print_module(&samples::parse(text)), text);
}

#[test]
fn mistakes_are_told_with_their_place() {
    assert_eq!(error_of(""), "1:1: expected `module`, found the end of the text");
    assert_eq!(error_of("modul {"), "1:1: expected `module`, found `modul`");
    assert_eq!(error_of("module {\n  axes"), "2:3: expected `time`, found `axes`");
    assert_eq!(error_of("é"), "1:1: expected `module`, found `é`");
    assert_eq!(error_of(&samples::TEACUP.replace("euler", "gear")), "2:69: there is no method `gear`");
    assert_eq!(
        error_of(&samples::TEACUP.replace("save_every=8", "save_every=-8")),
        "2:60: `-8` is not a whole number that a number of steps can be"
    );
    assert_eq!(
        error_of(&samples::TEACUP.replace("s5: output", "s4: output")),
        "9:9: slots are numbered in order: expected s5"
    );
    assert_eq!(error_of(&samples::TEACUP.replace("p0: s7", "p0: s9")), "15:13: s9 is not declared");
    assert_eq!(
        error_of(&samples::TEACUP.replace("; teacup", "; tea\\cup")),
        "8:19: the name holds an unknown escape; there are `\\n`, `\\r`, `\\\\` and `\\u{hex}`"
    );
}

#[test]
fn mistakes_in_functions_are_told_with_their_place() {
    let cases = [
        ("v0 = fcosnt 1", "12:6: there is no instruction `fcosnt`"),
        ("fconst 1", "12:1: `fconst` has a result: write `v0 = fconst ..`"),
        ("v0 = rate s0, v0", "12:6: `rate` has no result"),
        ("v0 = fconst 1 v1 = time", "12:15: expected a new line, found `v1`"),
        ("rate s0 s0", "12:9: expected a new line, found `s0`"),
        ("v0 = fneg v1", "12:11: v1 is not defined before it is used"),
        ("v0 = fneg v0", "12:11: v0 is not defined before it is used"),
        ("v0 = time\nv0 = time", "13:1: v0 is defined twice"),
        ("v0 = load s2", "12:11: s2 is not declared"),
        ("v0 = lookup t1", "12:13: t1 is not declared"),
        ("v0 = param p01", "12:12: expected a param like `p0`, found `p01`"),
        ("v0 = fconst 1e999", "12:13: `1e999` is not a number"),
        ("v0 = fconst nan(1)", "12:13: nan(..) takes the bits of a NaN like `0x7ff8000000000001`"),
        ("v0 = bconst maybe", "12:13: expected `true` or `false`, found `maybe`"),
        ("v0 = position a0, 4294967296", "12:19: `4294967296` is not a whole number that a position can be"),
        ("v0 = position a1, 0", "12:15: a1 is not declared"),
        ("v0 = call gamma, v0", "12:11: there is no function `gamma`"),
        ("for a0 -> block0(v0) {", "12:11: block0 is defined twice"),
        ("for a0 -> block1(v0, v1) {", "12:20: expected `)`, found `,`"),
        ("for a0 -> block1(v0) {", "14:1: expected an instruction or `}`, found the end of the text"),
        ("v9 = time\nv0 = fold a0 -> block1(v1, v2) {", "13:14: expected `,`, found `->`"),
    ];
    for (body, expected) in cases {
        assert_eq!(body_error(body), expected, "{body}");
    }
}

#[test]
fn nesting_is_bounded() {
    let nest =
        |depth: usize| (0..depth).map(|i| format!("for a0 -> block{}(v{i}) {{", i + 1)).collect::<Vec<_>>().join("\n");
    let close = |depth: usize| "\n}".repeat(depth);
    assert_eq!(body_error(&(nest(64) + &close(64))), "no error");
    assert_eq!(body_error(&(nest(65) + &close(65))), "76:1: loops nest at most 64 deep");
    assert_eq!(body_error(&nest(100_000)), "76:1: loops nest at most 64 deep");
}

#[test]
fn any_number_of_operands_is_syntax() {
    for body in [
        "v0 = fadd",
        "v0 = time\nv1 = fadd v0, v0, v0",
        "v0 = time\nv1 = load s0[v0, v0]",
        "v0 = time\nrate s0, v0, v0",
    ] {
        assert_eq!(body_error(body), "no error", "{body}");
    }
}
