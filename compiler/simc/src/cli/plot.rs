//! Variables over time, drawn in the terminal.

use std::fmt::Write;

use colored::Colorize;
use rgb::RGB8;
use simc::render::is_obeyed;
use simc::results::{Column, Rows};
use textplots::{Chart, ColorPlot, LabelBuilder, LabelFormat, Plot, Shape};

/// Colours of the lines. A terminal that knows sixteen colours shows the nearest of them, and those differ too.
const PALETTE: [(u8, u8, u8); 6] =
    [(205, 160, 0), (70, 90, 255), (0, 175, 60), (205, 60, 190), (215, 50, 40), (0, 190, 200)];

/// Dots of a braille character.
const DOTS_ACROSS: u32 = 2;
/// Dots of a braille character.
const DOTS_DOWN: u32 = 4;

/// The space that there is, in characters, and whether colours show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Canvas {
    /// Characters in a line.
    pub(super) width: u32,
    /// Lines.
    pub(super) height: u32,
    /// Whether lines can be told apart by colour.
    pub(super) colour: bool,
}

impl Canvas {
    /// The size of the terminal, or that of an old one.
    pub(super) fn of_terminal() -> Self {
        let size = terminal_size::terminal_size_of(std::io::stderr());
        let (width, height) = size.map_or((80, 24), |(width, height)| (u32::from(width.0), u32::from(height.0)));
        let colour = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
        Self { width, height, colour }
    }
}

/// One variable over time.
struct Series<'a> {
    title: &'a str,
    /// Points of which both numbers are finite; a gap begins a new part.
    parts: Vec<Vec<(f64, f64)>>,
}

/// The numbers that a chart spans.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Range {
    min: f64,
    max: f64,
}

/// Draws columns over the time. With colour all share one chart; without, each has its own.
pub(super) fn draw(columns: &[Column], rows: &dyn Rows, canvas: Canvas) -> String {
    let width = canvas.width.clamp(40, 200);
    let height = canvas.height.saturating_sub(8).clamp(6, 24);
    let canvas = Canvas { width, height, ..canvas };
    let series: Vec<Series<'_>> = columns.iter().map(|column| sample(column, rows, width)).collect();
    if canvas.colour {
        // Otherwise the canvas decides by standard output, where the plot does not go.
        colored::control::set_override(true);
        return chart(&series, canvas);
    }
    let height = (height * 2 / series.len().max(1) as u32).clamp(6, height);
    series.chunks(1).map(|one| chart(one, Canvas { height, ..canvas })).collect()
}

/// Reads a column, reduced to the least and the greatest number in each of a few hundred stretches of time.
fn sample<'a>(column: &'a Column, rows: &dyn Rows, width: u32) -> Series<'a> {
    let n_rows = rows.n_rows();
    let stretch = (n_rows / (4 * u64::from(width))).max(1);
    let mut parts = vec![Vec::new()];
    for first in (0..n_rows).step_by(usize::try_from(stretch).unwrap_or(usize::MAX)) {
        let points =
            (first..n_rows.min(first + stretch)).map(|row| (rows.value(row, 0), rows.value(row, column.position)));
        let (finite, other): (Vec<_>, Vec<_>) = points.partition(|(x, y)| x.is_finite() && y.is_finite());
        let mut ends: Vec<(f64, f64)> =
            [finite.iter().min_by(by_value), finite.iter().max_by(by_value)].into_iter().flatten().copied().collect();
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        ends.dedup();
        match parts.last_mut() {
            Some(part) if other.is_empty() => part.extend(ends),
            Some(_) | None => parts.push(ends),
        }
    }
    Series { title: &column.title, parts }
}

fn by_value(a: &&(f64, f64), b: &&(f64, f64)) -> std::cmp::Ordering {
    a.1.total_cmp(&b.1)
}

/// One chart with its legend above.
fn chart(series: &[Series<'_>], canvas: Canvas) -> String {
    let mut text = String::new();
    for (index, series) in series.iter().enumerate() {
        legend(&mut text, series.title, canvas.colour.then(|| PALETTE[index % PALETTE.len()]));
    }
    let points = || series.iter().flat_map(|series| series.parts.iter().flatten());
    let (Some(x), Some(y)) = (Range::of(points().map(|point| point.0)), Range::of(points().map(|point| point.1)))
    else {
        text.push_str("(no finite values)\n\n");
        return text;
    };
    let place =
        |part: &Vec<(f64, f64)>| part.iter().map(|point| (x.place(point.0), y.place(point.1))).collect::<Vec<_>>();
    let lines: Vec<Vec<Vec<(f32, f32)>>> =
        series.iter().map(|series| series.parts.iter().map(place).collect()).collect();
    let shapes: Vec<Vec<Shape<'_>>> =
        lines.iter().map(|parts| parts.iter().map(|part| Shape::Lines(part)).collect()).collect();
    let room = [x.min, x.max, y.min, y.max].map(|value| label(value).len()).into_iter().max().unwrap_or(0) as u32;
    let (across, down) = ((canvas.width - room - 2) * DOTS_ACROSS, canvas.height * DOTS_DOWN);
    let mut chart = Chart::new_with_y_range(across.max(32), down, 0.0, 1.0, 0.0, 1.0);
    let mut chart = chart
        .x_label_format(LabelFormat::Custom(Box::new(move |at| label(x.at(at)))))
        .y_label_format(LabelFormat::Custom(Box::new(move |at| label(y.at(at)))));
    for (index, shapes) in shapes.iter().enumerate() {
        let (r, g, b) = PALETTE[index % PALETTE.len()];
        for shape in shapes {
            chart = if canvas.colour { chart.linecolorplot(shape, RGB8 { r, g, b }) } else { chart.lineplot(shape) };
        }
    }
    chart.axis();
    chart.figures();
    let _ = writeln!(text, "{chart}");
    text
}

fn legend(text: &mut String, title: &str, colour: Option<(u8, u8, u8)>) {
    let title: String = title.chars().filter(|c| !is_obeyed(*c)).take(120).collect();
    let line = match colour {
        Some((r, g, b)) => "━━".truecolor(r, g, b),
        None => "━━".normal(),
    };
    let _ = writeln!(text, "{line} {title}");
}

/// A number at an axis: four digits are enough to orient oneself.
fn label(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-3..1e6).contains(&size) {
        return format!("{value:.3e}");
    }
    let decimals = if size >= 1000.0 {
        0
    } else if size >= 10.0 {
        1
    } else {
        3
    };
    let text = format!("{value:.decimals$}");
    let trimmed = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    trimmed.to_owned()
}

impl Range {
    /// From the least to the greatest; around a single number, some space.
    fn of(values: impl Iterator<Item = f64> + Clone) -> Option<Self> {
        let min = values.clone().min_by(f64::total_cmp)?;
        let max = values.max_by(f64::total_cmp)?;
        if min < max {
            return Some(Self { min, max });
        }
        let space = if min == 0.0 { 1.0 } else { min.abs() / 2.0 };
        Some(Self { min: min - space, max: max + space })
    }

    /// Where a number lies between 0 and 1. Halves keep the width of the range finite.
    fn place(self, value: f64) -> f32 {
        ((value / 2.0 - self.min / 2.0) / (self.max / 2.0 - self.min / 2.0)) as f32
    }

    /// The number at a place between 0 and 1.
    fn at(self, place: f32) -> f64 {
        let place = f64::from(place);
        self.min * (1.0 - place) + self.max * place
    }
}

#[cfg(test)]
mod tests {
    use super::{Canvas, draw, label};
    use simc::results::{Column, Rows};

    struct Numbers<'a>(&'a dyn Fn(u64) -> f64, u64);

    impl Rows for Numbers<'_> {
        fn n_rows(&self) -> u64 {
            self.1
        }

        fn value(&self, row: u64, position: usize) -> f64 {
            if position == 0 { row as f64 } else { (self.0)(row) }
        }
    }

    fn plot(values: &dyn Fn(u64) -> f64, n_rows: u64, colour: bool) -> String {
        let columns =
            [Column { title: "Water".to_owned(), position: 1 }, Column { title: "Level".to_owned(), position: 2 }];
        draw(&columns, &Numbers(values, n_rows), Canvas { width: 80, height: 24, colour })
    }

    #[test]
    fn a_chart_has_its_legend_and_the_ends_of_its_axes() {
        let text = plot(&|row| row as f64 * 2.5, 101, false);
        assert_eq!(text.matches("━━").count(), 2);
        for part in ["Water", "Level", " 250", "100"] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn with_colour_all_variables_share_a_chart() {
        let text = plot(&|row| row as f64, 10, true);
        assert!(text.contains("\u{1b}["), "{text}");
        assert!(text.lines().count() < 24, "{text}");
    }

    #[test]
    fn no_number_is_too_strange_to_draw() {
        for value in [f64::NAN, f64::INFINITY, f64::MAX, -0.0, 5e-324] {
            plot(&|row| if row % 3 == 0 { value } else { -value }, 1000, false);
            plot(&|_| value, 1, true);
        }
        assert!(plot(&|_| f64::NAN, 5, false).contains("no finite values"));
        plot(&|row| row as f64, 0, false);
    }

    #[test]
    fn a_peak_in_a_long_run_is_seen() {
        let text = plot(&|row| if row == 77_777 { 1000.0 } else { 0.0 }, 200_000, false);
        assert!(text.contains(" 1000"), "{text}");
    }

    #[test]
    fn labels_are_short() {
        let labels = [0.0, 0.25, 12.34, 1234.5, 2e7, -1.5e-7, 100.0].map(label);
        assert_eq!(labels, ["0", "0.25", "12.3", "1234", "2.000e7", "-1.500e-7", "100"]);
    }
}
