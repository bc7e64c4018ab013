//! One number of selected values.

/// What becomes of the values whose selection is not 0; `missing` when there is none. NaN for an action that is none of these:
///
/// | action | value |
/// |---|---|
/// | 0, 1, 2, 3, 4 | sum, product, least, greatest, mean of `selection*value` |
/// | 5 | product of `value^selection` |
/// | 6, 7, 8, 9, 10 | sum, product, least, greatest, mean of `value` |
pub fn select(selection: &[f64], values: &[f64], missing: f64, action: f64) -> f64 {
    let selected = || selection.iter().zip(values).filter(|(by, _)| **by != 0.0);
    let count = selected().count();
    if count == 0 {
        return missing;
    }
    let weighted = selected().map(|(by, value)| by * value);
    let plain = selected().map(|(_, value)| *value);
    match libm::floor(action) as i64 {
        _ if action.is_nan() => f64::NAN,
        0 => sum(weighted),
        1 => product(weighted),
        2 => least(weighted),
        3 => greatest(weighted),
        4 => sum(weighted) / count as f64,
        5 => product(selected().map(|(by, value)| crate::elementary::pow(*value, *by))),
        6 => sum(plain),
        7 => product(plain),
        8 => least(plain),
        9 => greatest(plain),
        10 => sum(plain) / count as f64,
        _ => f64::NAN,
    }
}

fn sum(numbers: impl Iterator<Item = f64>) -> f64 {
    numbers.fold(0.0, |sum, number| sum + number)
}

fn product(numbers: impl Iterator<Item = f64>) -> f64 {
    numbers.fold(1.0, |product, number| product * number)
}

/// NaN when any is.
fn least(numbers: impl Iterator<Item = f64>) -> f64 {
    numbers.fold(f64::INFINITY, |least, number| if number < least || number.is_nan() { number } else { least })
}

/// NaN when any is.
fn greatest(numbers: impl Iterator<Item = f64>) -> f64 {
    numbers.fold(
        f64::NEG_INFINITY,
        |greatest, number| if number > greatest || number.is_nan() { number } else { greatest },
    )
}
