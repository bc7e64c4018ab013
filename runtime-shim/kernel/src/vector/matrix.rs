//! Matrices.

/// The inverse of a square matrix, row-major, by elimination with the greatest pivot of each column, the first of several; NaN everywhere
/// when there is none. `scratch` has room for the matrix.
pub fn invert(matrix: &[f64], inverse: &mut [f64], scratch: &mut [f64]) {
    let size = matrix.len().isqrt();
    let left = &mut scratch[..size * size];
    left.copy_from_slice(&matrix[..size * size]);
    for (at, place) in inverse.iter_mut().enumerate() {
        *place = if at % (size + 1) == 0 { 1.0 } else { 0.0 };
    }
    for column in 0..size {
        let Some(pivot) = find_pivot(left, size, column) else {
            inverse.fill(f64::NAN);
            return;
        };
        swap_rows(left, size, column, pivot);
        swap_rows(inverse, size, column, pivot);
        let divisor = left[column * size + column];
        for at in column * size..(column + 1) * size {
            left[at] /= divisor;
            inverse[at] /= divisor;
        }
        for row in (0..size).filter(|&row| row != column) {
            let factor = left[row * size + column];
            for at in 0..size {
                left[row * size + at] -= factor * left[column * size + at];
                inverse[row * size + at] -= factor * inverse[column * size + at];
            }
        }
    }
}

/// The row, from the diagonal on, with the greatest number in a column; none when that is 0 or NaN.
fn find_pivot(matrix: &[f64], size: usize, column: usize) -> Option<usize> {
    let (mut found, mut greatest) = (None, 0.0);
    for row in column..size {
        let number = matrix[row * size + column].abs();
        if number.is_nan() {
            return None;
        }
        if number > greatest {
            (found, greatest) = (Some(row), number);
        }
    }
    found
}

fn swap_rows(matrix: &mut [f64], size: usize, a: usize, b: usize) {
    for at in 0..size {
        matrix.swap(a * size + at, b * size + at);
    }
}
