use simc_ir::builder::Builder;
use simc_ir::entity::Value;
use simc_ir::interp::Instance;
use simc_ir::module::{AxisData, FuncRole, Method, TimeSpec};

use super::cluster::cluster;
use super::fragment::{axis_of, code_bytes, fragments, touches};
use super::*;

/// Loops of a `row` function in a few lines of text.
///
/// `a: q[i] = p[i] x` is a loop over axis `a`, which has 3 positions, that stores a number made of all that stands behind the equals
/// sign; several such statements are separated by `;`. `a: x = sum p[i]` is a fold, and `down a: ..` goes the other way. Of the
/// places `d` `e` `f` lie along axis `b`, which has 2 positions, `g` and `h` along `c`, which has 4, `m` and `n` along `a` twice,
/// `x` `y` `z` along none, and all other letters along `a`. An index is a number, `i`, or `i+1`.
struct Text {
    module: Module,
    func: FuncData,
}

const NAMES: &str = "defghmnxyzjklopqrstuvw";

impl Text {
    fn new(lines: &[&str]) -> Self {
        Self::with_places(SlotRole::Spill, lines)
    }

    /// The same with places of another role: spills are written once, pending slots as often as need be.
    fn with_places(role: SlotRole, lines: &[&str]) -> Self {
        let time = TimeSpec { start: 0.0, stop: 2.0, dt: 1.0, n_steps: 2, save_every: 1, method: Method::Euler };
        let mut module = Module { time, ..Module::default() };
        for role in [SlotRole::Time, SlotRole::Dt, SlotRole::StartTime, SlotRole::StopTime] {
            module.slots.push(SlotData { name: String::new(), axes: Vec::new(), role });
        }
        let [a, b, c] = [3, 2, 4].map(|len| module.axes.push(AxisData { name: String::new(), size: len }));
        for role in [SlotRole::Output, role] {
            for name in NAMES.chars() {
                let axes = match name {
                    'd'..='f' => vec![b],
                    'g' | 'h' => vec![c],
                    'm' | 'n' => vec![a, a],
                    'x'..='z' => Vec::new(),
                    _ => vec![a],
                };
                module.slots.push(SlotData { name: name.to_string(), axes, role });
            }
        }
        let mut func = FuncData::new(FuncRole::Row);
        let mut text = Writing { b: Builder::new(&module, &mut func), module: &module, axes: [a, b, c] };
        lines.iter().for_each(|line| text.line(line));
        Self { module, func }
    }

    /// What each loop stores, those that become one together, in their new order.
    fn groups(&self, max_bytes: u32) -> String {
        self.groups_by(max_bytes, false)
    }

    /// The same, where passes may read what earlier ones have written.
    fn groups_by(&self, max_bytes: u32, may_hand_on: bool) -> String {
        let insts = &self.func.blocks[self.func.entry].insts;
        let fragments = fragments(&self.func, insts);
        let label = |inst: Inst| {
            let data = &self.func.insts[inst];
            let slot = data.immediate.as_slot().filter(|_| data.opcode == Opcode::Store)?;
            Some(self.module.slots[slot].name.clone())
        };
        let name = |&at: &usize| -> String {
            let inst = fragments[at].inst;
            let of_fold = || insts.iter().skip_while(|&&other| other != inst).find_map(|&inst| label(inst));
            let of_body = || fragments[at].body.iter().filter_map(|&(_, inst)| label(inst)).collect();
            let is_fold = self.func.insts[inst].opcode == Opcode::Fold;
            if is_fold { of_fold().unwrap_or_default() } else { of_body() }
        };
        let is_loop = |at: &&usize| self.func.body(fragments[**at].inst).is_some();
        let groups =
            cluster(&self.func, &fragments, Rules { module: &self.module, max_bytes, may_hand_on }).into_iter();
        let shown = groups.map(|group| group.iter().filter(is_loop).map(name).collect::<Vec<_>>().join(" "));
        shown.filter(|group| !group.is_empty()).collect::<Vec<_>>().join(" | ")
    }

    /// Bytes of the loops, as they are estimated.
    fn bytes(&self) -> Vec<u32> {
        let loops = self.func.blocks[self.func.entry].insts.iter().filter(|&&inst| self.func.body(inst).is_some());
        loops.map(|&inst| code_bytes(&self.func, touches(&self.func, inst, &[]).insts)).collect()
    }
}

struct Writing<'a> {
    b: Builder<'a>,
    module: &'a Module,
    axes: [simc_ir::entity::Axis; 3],
}

impl Writing<'_> {
    fn line(&mut self, line: &str) {
        let Some((head, statements)) = line.split_once(": ") else { return self.statement(line, None) };
        let axis = self.axes[head.bytes().last().map_or(0, |name| usize::from(name - b'a'))];
        let outside = self.b.block();
        if let Some((target, terms)) = statements.split_once(" = sum ") {
            let zero = self.b.fconst(0.0);
            let (body, index, sum, result) = self.b.fold(axis, zero);
            self.b.switch_to(body);
            let term = self.terms(terms, Some(index));
            let next = self.b.op(Opcode::Fadd, &[sum, term]);
            self.b.append(Opcode::Yield, &[next], Immediate::None);
            self.b.switch_to(outside);
            return self.store(target, result, None);
        }
        let (body, index) = if head.starts_with("down") { self.b.for_down(axis) } else { self.b.for_each(axis) };
        self.b.switch_to(body);
        statements.split("; ").for_each(|statement| self.statement(statement, Some(index)));
        self.b.switch_to(outside);
    }

    fn statement(&mut self, text: &str, index: Option<Value>) {
        let (target, terms) = text.split_once(" = ").expect("a target and terms");
        let value = self.terms(terms, index);
        self.store(target, value, index);
    }

    fn terms(&mut self, text: &str, index: Option<Value>) -> Value {
        let mut sum = None;
        for term in text.split(' ') {
            let value = match term.parse() {
                Ok(number) => self.b.fconst(number),
                Err(_) => {
                    let (slot, indices) = self.place(term, index);
                    self.b.load(slot, &indices)
                }
            };
            sum = Some(sum.map_or(value, |sum| self.b.op(Opcode::Fsub, &[sum, value])));
        }
        sum.expect("a term")
    }

    fn store(&mut self, target: &str, value: Value, index: Option<Value>) {
        let (slot, indices) = self.place(target, index);
        self.b.write(Opcode::Store, slot, &[vec![value], indices].concat());
    }

    fn place(&mut self, text: &str, index: Option<Value>) -> (Slot, Vec<Value>) {
        let (name, indices) = text.split_once('[').unwrap_or((text, ""));
        let slot =
            |slot: &Slot| self.module.slots[*slot].name == name && self.module.slots[*slot].role != SlotRole::Output;
        let slot = self.module.slots.keys().find(slot).expect("a place");
        let words = indices.trim_end_matches(']').split(',').filter(|word| !word.is_empty());
        let indices = words.zip(&self.module.slots[slot].axes).map(|(word, &axis)| match word.strip_prefix('i') {
            None => self.b.position(axis, word.parse().expect("a position")),
            Some("") => index.expect("a loop"),
            Some(shift) => {
                let shift = shift.trim_start_matches('+').parse().expect("a shift");
                self.b.value(Opcode::Shift, &[index.expect("a loop")], Immediate::Position(axis, shift))
            }
        });
        (slot, indices.collect())
    }
}

/// The groups of lines, whatever their size.
fn groups(lines: &[&str]) -> String {
    Text::new(lines).groups(u32::MAX)
}

#[test]
fn loops_over_one_axis_become_one_when_each_pass_keeps_to_its_elements() {
    assert_eq!(groups(&["a: q[i] = p[i]", "b: d[i] = e[i]", "a: r[i] = q[i]"]), "q r | d");
    assert_eq!(groups(&["a: q[i] = p[i]", "a: r[i] = q[0]"]), "q | r");
    assert_eq!(groups(&["a: g[i+1] = p[i]", "a: q[i] = g[i+1]"]), "g q");
    assert_eq!(groups(&["a: g[i+1] = p[i]", "a: q[i] = g[i]"]), "g | q");
    assert_eq!(groups(&["a: m[i,0] = p[i]", "a: m[i,1] = p[i]", "a: q[i] = m[i,0] m[i,1]"]), "m m q");
    assert_eq!(groups(&["a: m[i,0] = p[i]", "a: q[i] = m[i,1]"]), "m q");
    assert_eq!(groups(&["a: m[i,0] = p[i]", "a: q[i] = m[0,i]"]), "m | q");
    assert_eq!(groups(&["down a: q[i] = p[i]", "a: s[i] = r[i]", "down a: t[i] = p[i]"]), "q | s | t");
}

#[test]
fn what_is_read_is_written_after_that() {
    assert_eq!(groups(&["a: q[i] = p[i]", "a: p[i] = r[i]"]), "q p");
    assert_eq!(groups(&["a: q[i] = p[0]", "a: p[i] = r[i]"]), "q | p");
    assert_eq!(groups(&["a: q[i] = p[i]", "a: s[i] = p[0]", "a: p[i] = r[i]"]), "q s | p");
    assert_eq!(groups(&["a: s[i] = p[0]", "a: q[i] = p[i]", "a: p[i] = r[i]"]), "s q | p");
    assert_eq!(groups(&["a: q[i] = p[0] p[i]", "a: p[i] = r[i]"]), "q | p");
}

#[test]
fn writes_keep_their_order_unless_they_are_those_of_one_element() {
    assert_eq!(groups(&["a: p[i] = q[i]", "a: p[i] = r[i]"]), "p p");
    assert_eq!(groups(&["a: g[i] = q[i]", "a: g[i+1] = r[i]"]), "g | g");
    assert_eq!(groups(&["a: g[i] = p[i]", "a: g[i] = q[i]", "a: r[i] = g[i]"]), "g g r");
    // A read lies behind all writes before it, not only the last one.
    assert_eq!(groups(&["a: g[i] = p[i]", "a: g[i+1] = q[i]", "a: r[i] = g[i+1]"]), "g | g | r");
    // A write lies behind all reads before it, not only those since the last write.
    assert_eq!(groups(&["a: q[i] = m[i,0]", "a: m[i,i] = p[i]", "a: m[1,i] = p[i]"]), "q m | m");
    assert_eq!(groups(&["a: q[i] = m[i,0]", "a: m[i,i] = p[i]", "a: m[i,1] = p[i]"]), "q m m");
    let two_reads =
        ["a: q[i] = m[i,0]", "a: m[i,i] = p[i]", "a: s[i] = m[i,i]", "a: m[i,i] = r[i]", "a: m[0,i] = t[i]"];
    assert_eq!(groups(&two_reads), "q m s m | m");
}

#[test]
fn a_loop_stays_behind_what_it_needs_by_way_of_others() {
    assert_eq!(groups(&["a: q[i] = p[i]", "b: d[i] = q[0]", "a: r[i] = d[0]", "a: s[i] = p[i]"]), "q s | d | r");
    assert_eq!(groups(&["a: q[i] = p[i]", "b: d[i] = e[i]", "a: r[i] = d[0]", "a: s[i] = p[i]"]), "d | q r s");
    assert_eq!(groups(&["a: x = sum p[i]", "a: q[i] = p[i] x", "a: r[i] = p[i]"]), "x r | q");
    assert_eq!(groups(&["a: q[i] = p[i]", "x = q[0]", "a: r[i] = x", "a: s[i] = q[i]"]), "q s | r");
}

#[test]
fn the_most_frequent_axis_comes_first() {
    // `q` and `r` as one leave `d` and `e` apart, and the other way round.
    let two = ["a: q[i] = p[i]", "b: d[i] = q[0]", "b: e[i] = d[i]", "a: r[i] = e[0]"];
    assert_eq!(groups(&two), "q | d e | r");
    let apart = ["a: q[i] = p[i]", "b: d[i] = q[0]", "b: e[i] = f[i]", "a: r[i] = e[0]"];
    assert_eq!(groups(&apart), "e | q r | d");
    assert_eq!(groups(&[&apart[..], &["b: f[i] = 1"]].concat()), "q | d e f | r");
}

#[test]
fn a_pass_may_read_what_an_earlier_one_has_written() {
    let groups = |lines: &[&str]| Text::new(lines).groups_by(u32::MAX, true);
    assert_eq!(groups(&["a: g[i+1] = p[i]", "a: q[i] = g[i]"]), "g q");
    assert_eq!(groups(&["a: g[i+1] = p[i]", "g[0] = 1", "a: q[i] = g[i] g[i+1]"]), "g q");
    // Not what a later one writes, nor what any one does.
    assert_eq!(groups(&["a: g[i] = p[i]", "a: q[i] = g[i+1]"]), "g | q");
    assert_eq!(groups(&["a: g[i+1] = p[i]", "a: q[i] = g[i] g[2]"]), "g | q");
    // Nor what is written afterwards.
    assert_eq!(groups(&["a: q[i] = g[i]", "a: g[i+1] = p[i]"]), "q | g");
    // A place that can be written again holds the last number.
    let again = Text::with_places(SlotRole::Pending, &["a: g[i+1] = p[i]", "a: q[i] = g[i]"]);
    assert_eq!(again.groups_by(u32::MAX, true), "g | q");
}

#[test]
fn a_loop_goes_where_its_results_are_used() {
    assert_eq!(groups(&["a: q[i] = p[i]", "a: x = sum r[i]", "a: s[i] = q[i] x"]), "x | q s");
    // To the first one that uses them.
    let twice = ["a: q[i] = p[i]", "a: x = sum r[i]", "a: s[i] = q[i] x", "a: y = sum s[i]", "a: t[i] = q[i] y"];
    assert_eq!(groups(&twice), "x | q s y | t");
    // With others that use them, and with what it uses itself.
    assert_eq!(groups(&["a: q[i] = p[i]", "a: t[i] = q[i]", "a: x = sum r[i]", "a: s[i] = q[i] x"]), "x | q t s");
    assert_eq!(groups(&["a: q[i] = p[i]", "a: t[i] = q[i]", "a: x = sum r[i]", "a: s[i] = t[i] x"]), "x | q t s");
    // Not away from what it uses itself, and what others use where it is, unless that is less than what it computes.
    assert_eq!(groups(&["a: q[i] = p[i]", "a: x = sum q[i]", "a: t[i] = q[i]", "a: s[i] = t[i] x"]), "q x t | s");
    assert_eq!(groups(&["a: q[i] = p[i]", "a: x = sum q[i]", "a: m[i,i] = q[i]", "a: s[i] = m[i,i] x"]), "q x | m s");
    // A single place along an axis is a single number.
    assert_eq!(groups(&["a: q[i] = p[i]", "a: x = sum q[i]", "a: m[i,0] = q[i]", "a: s[i] = m[i,0] x"]), "q x m | s");
    // Not beyond a loop that writes what it reads, but together with it, which alone has no reason to go there.
    assert_eq!(groups(&["a: q[i] = p[i]", "a: x = sum r[i]", "a: p[i] = r[i]", "a: s[i] = q[i] x"]), "x | q p s");
    assert_eq!(groups(&["a: q[i] = p[i]", "a: x = sum r[i]", "a: p[i] = r[i] x"]), "q x | p");
    // Not when another group is needed in between.
    let between = ["a: q[i] = p[i]", "a: x = sum r[i]", "b: d[i] = q[0]"];
    assert_eq!(groups(&[&between[..], &["a: s[i] = q[i] x"]].concat()), "x | q s | d");
    assert_eq!(groups(&[&between[..], &["a: s[i] = q[i] x d[0]"]].concat()), "q x | d | s");
}

#[test]
fn a_loop_is_taken_apart_where_its_statements_have_nothing_in_common() {
    assert_eq!(groups(&["a: q[i] = p[i]; s[i] = r[i]", "a: x = sum s[i]", "a: t[i] = q[i] x"]), "s x | q t");
    assert_eq!(groups(&["a: q[i] = p[i]; s[i] = q[i]", "a: x = sum s[i]", "a: t[i] = q[i] x"]), "qs x | t");
    assert_eq!(groups(&["a: q[i] = p[i]; p[i] = r[i]", "a: x = sum r[i]", "a: t[i] = q[i] x"]), "x | qp t");
}

#[test]
fn groups_stay_within_the_bytes() {
    let lines = ["a: q[i] = p[i]", "a: r[i] = p[i]", "a: s[i] = p[i]"];
    let text = Text::new(&lines);
    let [bytes, second, third] = text.bytes()[..] else { panic!("three loops") };
    assert!(bytes == second && bytes == third);
    assert_eq!(text.groups(3 * bytes), "q r s");
    assert_eq!(text.groups(3 * bytes - 1), "q r | s");
    assert_eq!(text.groups(2 * bytes), "q r | s");
    assert_eq!(text.groups(2 * bytes - 1), "q | r | s");
    assert_eq!(text.groups(0), "q | r | s");
    // A loop moves only where there is room for it, and makes some where it was.
    let text = Text::new(&["a: q[i] = p[i]", "a: x = sum r[i]", "a: s[i] = q[i] x"]);
    let [first, _, user] = text.bytes()[..] else { panic!("three loops") };
    assert_eq!(text.groups(first + user), "x | q s");
    assert_eq!(text.groups(first + user - 1), "q x | s");
}

#[test]
fn eight_full_groups_are_tried() {
    let large = |name: char| format!("a: {name}[i] = p[i] p[i] p[i] p[i]");
    let with = |n: usize| {
        let mut lines: Vec<String> = "jklostuv".chars().take(n).map(large).collect();
        lines.extend(["a: q[i] = p[i]", "a: r[i] = p[i]"].map(str::to_owned));
        let text = Text::new(&lines.iter().map(String::as_str).collect::<Vec<_>>());
        text.groups(text.bytes()[0])
    };
    assert_eq!(with(7), "j | k | l | o | s | t | u | q r");
    assert_eq!(with(8), "j | k | l | o | s | t | u | v | q | r");
}

#[test]
fn estimates_count_everything_inside() {
    let lines = ["a: q[i] = p[i]", "a: q[i] = p[i] r[i]"];
    let text = Text::new(&lines);
    let [one, two] = text.bytes()[..] else { panic!("two loops") };
    let inner = |opcode, operands| crate::analysis::cost::code_bytes(opcode, operands);
    assert_eq!(two - one, inner(Opcode::Load, 1) + inner(Opcode::Fsub, 2));
    assert_eq!(one, inner(Opcode::For, 0) + inner(Opcode::Load, 1) + inner(Opcode::Store, 2));
    let down = Text::new(&["down a: q[i] = p[i]"]);
    let insts = &down.func.blocks[down.func.entry].insts;
    assert_eq!(insts.iter().find_map(|&inst| axis_of(&down.func, inst)), None);
}

/// Copies every place into the row, so that what is in it can be seen.
fn show_all(text: &mut Text) {
    let Text { module, func } = text;
    let is_place = |&slot: &Slot| matches!(module.slots[slot].role, SlotRole::Spill | SlotRole::Pending);
    let slots: Vec<Slot> = module.slots.keys().filter(is_place).collect();
    let mut b = Builder::new(module, func);
    for slot in slots {
        let data = &module.slots[slot];
        let is_output = |other: &Slot| module.slots[*other].name == data.name && *other != slot;
        let output = module.slots.keys().find(is_output).expect("each place has an output");
        let outside = b.block();
        let mut indices = Vec::new();
        for &axis in &data.axes {
            let (body, index) = b.for_each(axis);
            b.switch_to(body);
            indices.push(index);
        }
        let value = b.load(slot, &indices);
        b.write(Opcode::Out, output, &[vec![value], indices].concat());
        b.switch_to(outside);
    }
}

fn bits(module: &Module) -> Vec<u64> {
    let mut instance = Instance::new(module).expect("the module is small");
    instance.run();
    instance.rows().iter().map(|x| x.to_bits()).collect()
}

/// Whatever the loops read and write, one after the other or as one they leave the same numbers.
#[test]
fn fused_loops_compute_what_they_did_one_by_one() {
    let mut state = 7_u32;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as usize % below
    };
    let places =
        ["p[i]", "q[i]", "p[1]", "q[0]", "g[i]", "g[i+1]", "m[i,0]", "m[0,i]", "m[i,i]", "m[i,1]", "x", "r[i]", "y"];
    let mut n_fused = 0;
    for case in 0..400 {
        let mut lines = vec!["a: p[i] = 1 q[i]".to_owned(), "a: m[i,i] = 3; g[i+1] = p[i] 0.5".to_owned()];
        for _ in 0..2 + draw(7) {
            let mut place = || places[draw(places.len())];
            let [target, first, second, other] = [place(), place(), place(), place()];
            lines.push(match draw(6) {
                0 => format!("a: x = sum {first} {second}"),
                1 => format!("a: y = sum {first}"),
                2 => format!("a: {target} = {first} 1; {other} = {second}"),
                3 => format!("b: d[i] = {} e[i]", first.replace("i+1", "1").replace('i', "0")),
                4 => "b: e[i] = d[1] 2; f[i] = x".to_owned(),
                _ => format!("a: {target} = {first} {second}"),
            });
        }
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let max_bytes = if case % 2 == 0 { u32::MAX } else { 300 };
        n_fused += u32::from(keeps_bits(Text::with_places(SlotRole::Pending, &lines), max_bytes, &lines));
    }
    assert!(n_fused > 300, "{n_fused}");
}

/// Fuses, and compares what is in all places before and after; whether anything was fused.
fn keeps_bits(mut text: Text, max_bytes: u32, lines: &[&str]) -> bool {
    show_all(&mut text);
    text.module.funcs.push(text.func.clone());
    let before = bits(&text.module);
    let has_fused = fuse(&mut text.module, max_bytes, true);
    assert_eq!(before, bits(&text.module), "{lines:#?}");
    has_fused
}

/// Spills are written once, after which a pass may read what an earlier one has written, whatever else there is.
#[test]
fn fused_loops_hand_on_what_they_did_one_by_one() {
    let mut state = 11_u32;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as usize % below
    };
    // What is written once, in any order, and what may be read when it has been.
    let targets = [
        "g[i+1]", "g[0]", "h[i]", "h[3]", "m[i,0]", "m[i,1]", "n[1,i]", "n[0,i]", "q[i]", "r[i]", "s[i]", "t[i]", "x",
        "y",
    ];
    let readers = [
        ("g", &["g[i]", "g[i+1]", "g[0]", "g[2]"][..]),
        ("h", &["h[i]", "h[i+1]", "h[3]", "h[1]"]),
        ("m", &["m[i,0]", "m[i,1]", "m[1,0]"]),
        ("n", &["n[1,i]", "n[0,i]", "n[1,2]"]),
        ("q", &["q[i]", "q[0]"]),
        ("r", &["r[i]", "r[2]"]),
        ("s", &["s[i]"]),
        ("t", &["t[i]"]),
        ("x", &["x"]),
        ("y", &["y"]),
    ];
    let mut n_fused = 0;
    for case in 0..600 {
        let mut left = targets.to_vec();
        let mut lines: Vec<String> = Vec::new();
        for _ in 0..3 + draw(9) {
            let target = left.swap_remove(draw(left.len()));
            let known_to = |name: &str| !left.iter().any(|other| other.starts_with(name)) && !target.starts_with(name);
            let open: Vec<&str> = readers
                .iter()
                .filter(|(name, _)| known_to(name))
                .flat_map(|(_, places)| places.iter().copied())
                .collect();
            let mut term = || match open.len() {
                0 => "2".to_owned(),
                n => open[draw(n)].to_owned(),
            };
            let [first, second] = [term(), term()];
            lines.push(match target {
                "x" | "y" => format!("a: {target} = sum {first} {second}"),
                "g[0]" | "h[3]" => format!("{target} = {} 0.5", first.replace("i+1", "1").replace('i', "0")),
                _ => format!("a: {target} = {first} {second} {}", draw(3)),
            });
        }
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let max_bytes = if case % 3 == 0 { 300 } else { u32::MAX };
        n_fused += u32::from(keeps_bits(Text::new(&lines), max_bytes, &lines));
    }
    assert!(n_fused > 300, "{n_fused}");
}
