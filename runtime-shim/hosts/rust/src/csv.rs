//! Results as text, byte for byte as `simc run` writes them.

use std::fmt::Write;

/// A number as the shortest text that reads back to the same double.
fn write_number(out: &mut String, value: f64) {
    let size = value.abs();
    // Writing into a string cannot fail.
    let _ = if size == 0.0 || !size.is_finite() || (1e-5..1e16).contains(&size) {
        write!(out, "{value}")
    } else {
        write!(out, "{value:e}")
    };
}

/// Columns of one length: a header row, then a row for each number.
pub(crate) fn text(columns: &[(&str, Vec<f64>)]) -> String {
    let mut out = String::new();
    for (number, (title, _)) in columns.iter().enumerate() {
        if number > 0 {
            out.push(',');
        }
        if title.contains([',', '"', '\r', '\n']) {
            let _ = write!(out, "\"{}\"", title.replace('"', "\"\""));
        } else {
            out.push_str(title);
        }
    }
    out.push('\n');
    let n_rows = columns.first().map_or(0, |(_, values)| values.len());
    for row in 0..n_rows {
        for (number, (_, values)) in columns.iter().enumerate() {
            if number > 0 {
                out.push(',');
            }
            write_number(&mut out, values[row]);
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn writes_the_shortest_texts() {
        let values = vec![0.0, -0.0, 0.1, 1e300, -2.5e-9, 1e15, 1e16, f64::NAN, f64::NEG_INFINITY];
        let text = super::text(&[("a, \"b\"", values)]);
        assert_eq!(text, "\"a, \"\"b\"\"\"\n0\n-0\n0.1\n1e300\n-2.5e-9\n1000000000000000\n1e16\nNaN\n-inf\n");
    }
}
