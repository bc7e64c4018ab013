//! Definitions of every form.

use super::tree;

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(tree(text), expected, "{text}");
}

#[test]
fn left_sides() {
    check("x[a,b] = 1 ~~|", "x[a, b] = 1.0");
    check("x[D,E] :EXCEPT: [a,E],[b,c] = 1 ~~|", "x[D, E] except [a, E], [b, c] = 1.0");
    check("\"x y\"[\"e 1\"]=1~~|", "x y[e 1] = 1.0");
    check("x == 3~~|", "x == 3.0");
    check("x=~~|", "x = nothing");
}

#[test]
fn data_and_strings() {
    check("x ~~|", "x data");
    check("x[D] :INTERPOLATE: ~~|", "x[D] interpolate data");
    check("x :RAW::=y~~|", "x raw := y");
    check(
        "x :hold  backward: := GET XLS DATA('f','t','A','B2')~~|",
        "x hold backward := (GET XLS DATA 'f' 't' 'A' 'B2')",
    );
    check("x:LOOK FORWARD:~~|", "x look forward data");
    check("x :IS: 'some, text: (here' ~~|", "x is \"some, text: (here\"");
    check("x:IS:~~|", "x is \"\"");
}

#[test]
fn lists_of_numbers() {
    check("x[D] = 1, -2,\n +.5 {c}, 3e+006 ~~|", "x[D] = constants [1.0, -2.0, 0.5, 3000000.0]");
    check("x[D,E] = 1,2;3,4; ~~|", "x[D, E] = constants [1.0, 2.0] [3.0, 4.0]");
    check("x[D,E] = 1,2;3,4 ~~|", "x[D, E] = constants [1.0, 2.0] [3.0, 4.0]");
    check("x[D] == 1;2; ~~|", "x[D] == constants [1.0] [2.0]");
    check("x[D] = :NA:, 1 ~~|", "x[D] = constants [-6.490371073168535e32, 1.0]");
    check("x[D] = - 1 ~~|", "x[D] = (- 1.0)");
}

#[test]
fn tabbed_arrays() {
    check("x[D,E]= TABBED ARRAY(\n\t1\t-2\n\t\n 3 4e1\n\t)\n~~|", "x[D, E] = constants [1.0, -2.0] [3.0, 40.0]");
    check("x == tabbed  array(1 :NA:)~~|", "x == constants [1.0, -6.490371073168535e32]");
}

#[test]
fn lookups() {
    check("f((0,0),(1,2.5),(1,3)) ~~|", "f (lookup [(0.0, 0.0), (1.0, 2.5), (1.0, 3.0)])");
    check(
        "f([(0,0)-(4,2),(0,0),(1,0.5)],(0,0),(2,1)) ~~|",
        "f (lookup range [0.0, 0.0, 4.0, 2.0] [(0.0, 0.0), (2.0, 1.0)])",
    );
    check("f([(0,?)-(4,2)],(0,0)) ~~|", "f (lookup [(0.0, 0.0)])");
    check("f(\n 0, 0.5, \n 7, -8) ~~|", "f (lookup [(0.0, 7.0), (0.5, -8.0)])");
    check("f[a]( (-1,0) , (1,1) ) ~~|", "f[a] (lookup [(-1.0, 0.0), (1.0, 1.0)])");
    check("f[a](GET XLS LOOKUPS('f','t','A','B2')) ~~|", "f[a] lookup (GET XLS LOOKUPS 'f' 't' 'A' 'B2')");
}

#[test]
fn diagrams_without_numbers() {
    check("x = A FUNCTION OF( -y,z[D],+w) ~~|", "x = a function of (y, z, w)");
    check("x = A FUNCTION OF( ) ~~|", "x = a function of ()");
    check("x = a function  of(,y,)~~|", "x = a function of (y)");
}

#[test]
fn subscript_ranges() {
    check("D: a, \"b-1\", (c1-c9), Sub ~~|", "range D: a, \"b-1\", (c1 - c9), Sub");
    check("D: a,b -> E, F ~~|", "range D: a, b -> E, F");
    check("D: a,b -> (E: x, (y1-y2)), F ; ~~|", "range D: a, b -> (E: x, (y1 - y2)), F");
    check(
        "D: GET XLS SUBSCRIPT('f','t','A1','A5','p') -> E ~~|",
        "range D: (GET XLS SUBSCRIPT 'f' 't' 'A1' 'A5' 'p') -> E",
    );
    check("D <-> E ~~|", "equivalence D <-> E");
}

#[test]
fn reality_checks_are_kept_as_text() {
    check(
        "c[s]:THE CONDITION:\n\tp[s]:IMPLIES:o[s] <= RC_STEP(0.5, o[s])\n~~|",
        "reality check c: \"p[s]\" implies \"o[s] <= RC_STEP(0.5, o[s])\"",
    );
    check("t[s] : TEST INPUT : p[s] = RC_STEP(p[s], 0) ~~|", "test input t: \"p[s] = RC_STEP(p[s], 0)\"");
}

#[test]
fn units_ranges_comments_and_flags() {
    check(
        "a=1~dmnl [0,10,0.5]~text~:SUP|",
        "a = 1.0\n  units \"dmnl\" range [0.0, 10.0, 0.5]\n  doc \"text\"\n  supplementary",
    );
    check("a=1~1/Month [?,?]~~ :SUPPLEMENTARY \n|", "a = 1.0\n  units \"1/Month\" range [?, ?, ?]\n  supplementary");
    check("a=1~[-1,1]~|", "a = 1.0\n  units \"\" range [-1.0, 1.0, ?]");
    check("a=1~m [-inf, INF,nan]~|", "a = 1.0\n  units \"m\" range [?, ?, ?]");
    check("a=1~~:sup|", "a = 1.0\n  supplementary");
    check("a=1~~one~two~:SUP|", "a = 1.0\n  doc \"one~two\"\n  supplementary");
    check("a=1|", "a = 1.0");
    check(
        "a=1~$/(person*Year)~ one\n\t\ttwo 12\" {(<richtext>'x' ~ three |b=2~~|",
        "a = 1.0\n  units \"$/(person*Year)\"\n  doc \"one\\ntwo 12\\\" {(<richtext>'x' ~ three\"\nb = 2.0",
    );
}
