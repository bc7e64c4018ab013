//! A Vensim model as large as those of climate policy: about 19 equations, 56 numbers a row and 3 lookups for each sector,
//! series of data, policies over time, arrays over regions with mappings, explicit lists, subranges and exceptions; and the same as a C program.

use std::fmt::Write as _;

/// The first and the last year, and steps a year; a row is saved each year.
const START: usize = 1850;
const STOP: usize = 2100;
const STEPS_A_YEAR: usize = 4;

/// Blocs that regions belong to.
const BLOCS: usize = 6;

/// Years between the points of a series of data, and how many sectors follow one series.
const YEARS_A_POINT: usize = 5;
const SECTORS_A_SERIES: usize = 5;

/// Policies, each with a lookup over time.
const POLICIES: usize = 15;

/// Points of the lookup of a policy, and of the three of a sector.
const POLICY: &[(f64, f64)] = &[(0.0, 0.0), (10.0, 0.2), (30.0, 0.8), (60.0, 1.0)];
const EFFECT: &[(f64, f64)] = &[(0.0, 1.0), (1.0, 0.9), (2.0, 0.7), (4.0, 0.4), (8.0, 0.1)];
const PRICE: &[(f64, f64)] = &[(0.0, 0.5), (1.0, 1.0), (2.0, 1.6), (3.0, 2.0)];
const DAMAGE: &[(f64, f64)] = &[(0.0, 0.0), (2.0, 0.05), (4.0, 0.2), (6.0, 0.5)];

/// A model with what it reads.
#[derive(Clone, Debug)]
pub struct Climate {
    /// The `.mdl` text.
    pub model: String,
    /// What the model reads as `drivers.csv`: a column of years, and one for every fifth sector.
    pub drivers: String,
    /// A C program that computes the same, prints the seconds that as many runs took as its argument says, then numbers of the last row.
    pub program: String,
    /// How many equations the model has.
    pub n_equations: usize,
    /// How many lookups.
    pub n_lookups: usize,
}

/// Sectors of an economy in this many regions, at least one for each bloc.
pub fn climate(sectors: usize, regions: usize) -> Climate {
    let mut made = Climate {
        model: String::from("{UTF-8}\n"),
        drivers: drivers(sectors),
        program: String::new(),
        n_equations: 0,
        n_lookups: 0,
    };
    let list = |of: &dyn Fn(usize) -> String| (0..regions).map(of).collect::<Vec<_>>().join(",");
    let is_rich = |region: usize| is_rich(region, regions);
    let named = |wanted: bool| {
        let names = (0..regions).filter(|&region| is_rich(region) == wanted).map(|region| format!("r{}", region + 1));
        names.collect::<Vec<_>>().join(", ")
    };
    let of_blocs = (0..BLOCS).map(|bloc| format!("bloc{bloc}: {}", members(bloc, regions))).collect::<Vec<_>>();
    for range in &of_blocs {
        made.line(range);
    }
    let blocs = (0..BLOCS).map(|bloc| format!("b{}", bloc + 1)).collect::<Vec<_>>().join(", ");
    let to = (0..BLOCS).map(|bloc| format!("bloc{bloc}")).collect::<Vec<_>>().join(", ");
    made.line(&format!("Bloc: {blocs} -> (Region: {to})"));
    made.line(&format!("Region: (r1-r{regions})"));
    made.line(&format!("Rich: {}", named(true)));
    made.line(&format!("Poor: {}", named(false)));
    made.equation(&format!("base[Region] = {}", list(&|region| base(region).to_string())));
    made.equation(&format!("weight[Region] = {}", list(&|region| weight(region).to_string())));
    made.equation("share[Bloc] = 0.5, 0.75, 1, 1.25, 1.5, 1.75");
    for k in 0..POLICIES {
        made.lookup(&format!("policy table {k}"), POLICY);
        made.equation(&format!("year of policy {k} = {}", year_of_policy(k)));
        made.equation(&format!("level of policy {k} = {}", level_of_policy(k)));
        made.equation(&format!("policy {k} = level of policy {k}*policy table {k}(Time - year of policy {k})"));
    }
    let mut c = CProgram::default();
    for sector in 0..sectors {
        made.sector(sector, &mut c);
    }
    for (name, value) in [("INITIAL TIME", START), ("FINAL TIME", STOP), ("SAVEPER", 1)] {
        made.equation(&format!("{name} = {value}"));
    }
    made.equation(&format!("TIME STEP = {}", 1.0 / STEPS_A_YEAR as f64));
    made.program = c.text(sectors, regions);
    made
}

impl Climate {
    fn line(&mut self, text: &str) {
        self.model.push_str(text);
        self.model.push_str(" ~~|\n");
    }

    fn equation(&mut self, text: &str) {
        self.n_equations += 1;
        self.line(text);
    }

    fn lookup(&mut self, name: &str, points: &[(f64, f64)]) {
        self.n_lookups += 1;
        let points: Vec<String> = points.iter().map(|(x, y)| format!("({x},{y})")).collect();
        self.equation(&format!("{name}({})", points.join(",")));
    }

    fn sector(&mut self, i: usize, c: &mut CProgram) {
        let constants = [
            (format!("fraction {i}"), 0.05 + 0.0005 * i as f64),
            (format!("life {i}"), 15.0 + (i % 10) as f64),
            (format!("productivity {i}"), 0.3 + 0.002 * i as f64),
            (format!("reference {i}"), 100.0 + i as f64),
        ];
        for (name, value) in &constants {
            self.equation(&format!("{name} = {value}"));
        }
        c.defaults.push(constants.map(|(_, value)| value));
        self.lookup(&format!("effect table {i}"), EFFECT);
        self.lookup(&format!("price table {i}"), PRICE);
        self.lookup(&format!("damage table {i}"), DAMAGE);
        let leader = i - i % SECTORS_A_SERIES;
        if i == leader {
            let column = column(i / SECTORS_A_SERIES + 1);
            self.equation(&format!("driver {i} := GET DIRECT DATA('drivers.csv', ',', 'A', '{column}2')"));
        } else {
            self.equation(&format!("driver {i} = driver {leader}*{}", share_of_driver(i)));
        }
        self.equation(&format!("capital {i} = INTEG(investment {i} - depreciation {i}, reference {i})"));
        self.equation(&format!("ratio {i} = capital {i}/reference {i}"));
        self.equation(&format!("effect {i} = effect table {i}(ratio {i})"));
        self.equation(&format!("output {i} = productivity {i}*capital {i}*effect {i}*(1 - damage {i})"));
        self.equation(&format!("investment {i} = fraction {i}*output {i}"));
        self.equation(&format!("depreciation {i} = capital {i}/life {i}"));
        self.equation(&format!("smoothed {i} = SMOOTHI(output {i}, 5, productivity {i}*reference {i})"));
        self.equation(&format!("price {i} = price table {i}(smoothed {i}/(productivity {i}*reference {i}))"));
        self.equation(&format!("damage {i} = damage table {i}(total {i}/(4000*reference {i}))"));
        self.equation(&format!("total {i} = SUM(demand {i}[Region!])"));
        let demand = match i % 5 {
            0 => {
                self.equation(&format!(
                    "demand {i}[Region] = INTEG(weight[Region]*smoothed {i} - demand {i}[Region]/10, base[Region])"
                ));
                c.is_stock.push(true);
                c.advance.push(format!(
                    "for (int r = 0; r < REGIONS; r++) row->demand{i}[r] = before->demand{i}[r] + DT*(weight[r]*before->smoothed{i} - before->demand{i}[r]/10);"
                ));
                String::new()
            }
            1 => {
                self.equation(&format!("demand {i}[Region] = base[Region]*share[Bloc]*price {i}"));
                format!("for (int r = 0; r < REGIONS; r++) row->demand{i}[r] = base[r]*share[bloc[r]]*row->price{i};")
            }
            2 => {
                self.equation(&format!("demand {i}[Rich] = base[Rich]*price {i}*1.5"));
                self.equation(&format!("demand {i}[Poor] = base[Poor]*driver {i}"));
                format!(
                    "for (int k = 0; k < RICH; k++) row->demand{i}[rich[k]] = base[rich[k]]*row->price{i}*1.5; for (int k = 0; k < POOR; k++) row->demand{i}[poor[k]] = base[poor[k]]*row->driver{i};"
                )
            }
            3 => {
                self.equation(&format!(
                    "demand {i}[Region] = IF THEN ELSE(base[Region] > driver {i}, base[Region]*price {i}, driver {i})"
                ));
                format!(
                    "for (int r = 0; r < REGIONS; r++) row->demand{i}[r] = base[r] > row->driver{i} ? base[r]*row->price{i} : row->driver{i};"
                )
            }
            _ => {
                self.equation(&format!(
                    "demand {i}[Region] :EXCEPT: [r1] = MAX(base[Region], price {i})*weight[Region]"
                ));
                self.equation(&format!("demand {i}[r1] = driver {i}"));
                format!(
                    "for (int r = 1; r < REGIONS; r++) row->demand{i}[r] = (base[r] > row->price{i} ? base[r] : row->price{i})*weight[r]; row->demand{i}[0] = row->driver{i};"
                )
            }
        };
        if !i.is_multiple_of(5) {
            c.is_stock.push(false);
        }
        c.compute.push(demand);
    }
}

/// What differs between the sectors of the program.
#[derive(Default)]
struct CProgram {
    defaults: Vec<[f64; 4]>,
    is_stock: Vec<bool>,
    /// The array of each sector, where it is no stock.
    compute: Vec<String>,
    /// The arrays that are stocks.
    advance: Vec<String>,
}

impl CProgram {
    fn text(&self, sectors: usize, regions: usize) -> String {
        let mut out = String::from("#include \"bench.h\"\n");
        let years = STOP - START;
        let is_rich = |region: usize| is_rich(region, regions);
        let n_rich = (0..regions).filter(|&region| is_rich(region)).count();
        let _ = writeln!(
            out,
            "enum {{ SECTORS = {sectors}, REGIONS = {regions}, RICH = {n_rich}, POOR = {}, STEPS = {}, EVERY = {STEPS_A_YEAR}, ROWS = {} }};\n#define DT {:?}",
            regions - n_rich,
            years * STEPS_A_YEAR,
            years + 1,
            1.0 / STEPS_A_YEAR as f64
        );
        let numbers = |of: &dyn Fn(usize) -> String, n: usize| (0..n).map(of).collect::<Vec<_>>().join(",");
        let _ = writeln!(out, "static double base[] = {{{}}};", numbers(&|r| base(r).to_string(), regions));
        let _ = writeln!(out, "static double weight[] = {{{}}};", numbers(&|r| weight(r).to_string(), regions));
        out.push_str("static double share[] = {0.5, 0.75, 1, 1.25, 1.5, 1.75};\n");
        let _ = writeln!(out, "static const int bloc[] = {{{}}};", numbers(&|r| bloc_of(r).to_string(), regions));
        for (name, wanted) in [("rich", true), ("poor", false)] {
            let members: Vec<String> =
                (0..regions).filter(|&region| is_rich(region) == wanted).map(|region| region.to_string()).collect();
            let _ = writeln!(out, "static const int {name}[] = {{{}}};", members.join(","));
        }
        for i in 0..sectors {
            for (name, points) in [("effect", EFFECT), ("price", PRICE), ("damage", DAMAGE)] {
                let column =
                    |of: fn(&(f64, f64)) -> f64| points.iter().map(|p| of(p).to_string()).collect::<Vec<_>>().join(",");
                let _ = writeln!(
                    out,
                    "static double {name}_x{i}[] = {{{}}}, {name}_y{i}[] = {{{}}};",
                    column(|point| point.0),
                    column(|point| point.1)
                );
            }
            if i % SECTORS_A_SERIES == 0 {
                let points = numbers(&|point| driver(i, point).to_string(), years / YEARS_A_POINT + 1);
                let _ = writeln!(out, "static double data{i}[] = {{{points}}};");
            }
            let [fraction, life, productivity, reference] = self.defaults[i];
            let _ = writeln!(
                out,
                "static double fraction{i} = {fraction}, life{i} = {life}, productivity{i} = {productivity}, reference{i} = {reference};"
            );
        }
        let column =
            |of: fn(&(f64, f64)) -> f64| POLICY.iter().map(|p| of(p).to_string()).collect::<Vec<_>>().join(",");
        for k in 0..POLICIES {
            let _ = writeln!(
                out,
                "static double policy_x{k}[] = {{{}}}, policy_y{k}[] = {{{}}}, year{k} = {}, level{k} = {};",
                column(|point| point.0),
                column(|point| point.1),
                year_of_policy(k),
                level_of_policy(k)
            );
        }
        let _ = writeln!(out, "typedef struct {{\n    double time, policy[{POLICIES}];");
        for i in 0..sectors {
            let _ = writeln!(
                out,
                "    double capital{i}, smoothed{i}, demand{i}[REGIONS], driver{i}, price{i}, total{i}, damage{i}, ratio{i}, effect{i}, output{i}, investment{i}, depreciation{i};"
            );
        }
        out.push_str("} Row;\nstatic Row rows[ROWS], work[2];\n");
        // One function a sector: a single one of all is more than compilers optimise.
        for i in 0..sectors {
            let _ = writeln!(
                out,
                "static void compute{i}(Row *row) {{
    row->driver{i} = {driver};
    row->price{i} = lookup(price_x{i}, price_y{i}, {}, row->smoothed{i}/(productivity{i}*reference{i}));
    {demand}
    double total = 0;
    for (int r = 0; r < REGIONS; r++) total += row->demand{i}[r];
    row->total{i} = total;
    row->damage{i} = lookup(damage_x{i}, damage_y{i}, {}, total/(4000*reference{i}));
    row->ratio{i} = row->capital{i}/reference{i};
    row->effect{i} = lookup(effect_x{i}, effect_y{i}, {}, row->ratio{i});
    row->output{i} = productivity{i}*row->capital{i}*row->effect{i}*(1 - row->damage{i});
    row->investment{i} = fraction{i}*row->output{i};
    row->depreciation{i} = row->capital{i}/life{i};
}}",
                PRICE.len(),
                DAMAGE.len(),
                EFFECT.len(),
                driver = if i % SECTORS_A_SERIES == 0 {
                    format!("lookup_even(data{i}, {}, {START}, {YEARS_A_POINT}, row->time)", years / YEARS_A_POINT + 1)
                } else {
                    format!("row->driver{}*{}", i - i % SECTORS_A_SERIES, share_of_driver(i))
                },
                demand = self.compute[i]
            );
        }
        out.push_str("static void compute(Row *row) {\n");
        for k in 0..POLICIES {
            let _ = writeln!(
                out,
                "    row->policy[{k}] = level{k}*lookup(policy_x{k}, policy_y{k}, {}, row->time - year{k});",
                POLICY.len()
            );
        }
        for i in 0..sectors {
            let _ = writeln!(out, "    compute{i}(row);");
        }
        out.push_str("}\nstatic void start(Row *row) {\n");
        for i in 0..sectors {
            let _ =
                writeln!(out, "    row->capital{i} = reference{i}; row->smoothed{i} = productivity{i}*reference{i};");
            if self.is_stock[i] {
                let _ = writeln!(out, "    for (int r = 0; r < REGIONS; r++) row->demand{i}[r] = base[r];");
            }
        }
        out.push_str("}\nstatic void advance(const Row *before, Row *row) {\n");
        for i in 0..sectors {
            let _ = writeln!(
                out,
                "    row->capital{i} = before->capital{i} + DT*(before->investment{i} - before->depreciation{i});
    row->smoothed{i} = before->smoothed{i} + DT*((before->output{i} - before->smoothed{i})/5);"
            );
        }
        for line in &self.advance {
            let _ = writeln!(out, "    {line}");
        }
        let _ = writeln!(
            out,
            "}}
static void run(void) {{
    Row *now = &work[0], *next = &work[1];
    start(now);
    for (int n = 0; n <= STEPS; n++) {{
        now->time = {START} + n*DT;
        compute(now);
        if (n % EVERY == 0) rows[n / EVERY] = *now;
        if (n < STEPS) advance(now, next);
        Row *other = now;
        now = next;
        next = other;
    }}
}}
int main(int argc, char **argv) {{
    long repetitions = argc > 1 ? atol(argv[1]) : 1;
    double begin = seconds();
    for (long i = 0; i < repetitions; i++) {{
        run();
        __asm__ volatile(\"\" ::\"g\"(rows) : \"memory\");
    }}
    printf(\"%.9f\\n\", seconds() - begin);"
        );
        for i in 0..sectors {
            let _ = writeln!(
                out,
                "    printf(\"%.17g %.17g %.17g %.17g \", rows[ROWS - 1].capital{i}, rows[ROWS - 1].total{i}, rows[ROWS - 1].output{i}, rows[ROWS - 1].price{i});"
            );
        }
        out.push_str("    printf(\"\\n\");\n    return 0;\n}\n");
        out
    }
}

fn base(region: usize) -> f64 {
    50.0 + ((region * 7) % 40) as f64
}

fn weight(region: usize) -> f64 {
    0.1 + 0.01 * ((region * 3) % 20) as f64
}

/// The rich regions are every second quarter: a subrange that is not contiguous.
fn is_rich(region: usize, regions: usize) -> bool {
    (region * 4 / regions).is_multiple_of(2)
}

/// Blocs take turns, so that the elements of none lie side by side.
fn bloc_of(region: usize) -> usize {
    region % BLOCS
}

fn members(bloc: usize, regions: usize) -> String {
    let names = (0..regions).filter(|&region| bloc_of(region) == bloc).map(|region| format!("r{}", region + 1));
    names.collect::<Vec<_>>().join(", ")
}

fn year_of_policy(policy: usize) -> usize {
    1900 + 5 * policy
}

fn level_of_policy(policy: usize) -> f64 {
    1.0 + policy as f64 / 8.0
}

/// The part of the leading sector's data that a sector follows.
fn share_of_driver(sector: usize) -> f64 {
    1.0 + (sector % SECTORS_A_SERIES) as f64 / 16.0
}

/// A point of a sector's data.
fn driver(sector: usize, point: usize) -> f64 {
    60.0 + ((point * 13 + sector * 29) % 50) as f64 / 4.0
}

fn drivers(sectors: usize) -> String {
    let leaders = || (0..sectors).step_by(SECTORS_A_SERIES);
    let mut text = String::from("year");
    for i in leaders() {
        let _ = write!(text, ",driver {i}");
    }
    text.push('\n');
    for point in 0..=(STOP - START) / YEARS_A_POINT {
        let _ = write!(text, "{}", START + point * YEARS_A_POINT);
        for i in leaders() {
            let _ = write!(text, ",{}", driver(i, point));
        }
        text.push('\n');
    }
    text
}

/// The letters of a column of a worksheet, counted from 0.
fn column(mut number: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(b'A' + (number % 26) as u8);
        if number < 26 {
            break;
        }
        number = number / 26 - 1;
    }
    letters.reverse();
    letters.into_iter().map(char::from).collect()
}
