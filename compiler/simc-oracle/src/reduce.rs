//! What becomes of the values of an array in a reducer.

use simc_model::model::ReduceOp;

use crate::builtin::{max, min};

/// The values, in order, reduced to one. Those of a standard deviation are asked for twice.
pub(crate) fn eval_reduce(op: ReduceOp, values: impl Iterator<Item = f64> + Clone) -> f64 {
    match op {
        ReduceOp::Sum => sum(values),
        ReduceOp::Product => values.fold(1.0, |product, value| product * value),
        ReduceOp::Min => values.fold(f64::INFINITY, min),
        ReduceOp::Max => values.fold(f64::NEG_INFINITY, max),
        ReduceOp::Mean => mean(values),
        ReduceOp::StdDev => {
            let mean_value = mean(values.clone());
            mean(values.map(|value| (value - mean_value) * (value - mean_value))).sqrt()
        }
        ReduceOp::List => unreachable!("the inputs of vector functions are no values"),
    }
}

/// `0 + v1 + v2 + ...`; not `Iterator::sum`, which leaves open what it starts from.
fn sum(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |sum, value| sum + value)
}

/// The sum divided by the count.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let mut count = 0.0;
    sum(values.inspect(|_| count += 1.0)) / count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(op: ReduceOp, values: &[f64]) -> f64 {
        eval_reduce(op, values.iter().copied())
    }

    fn bits(op: ReduceOp, values: &[f64]) -> u64 {
        of(op, values).to_bits()
    }

    #[test]
    fn each_reducer_of_four_numbers() {
        let values = [4.0, -2.0, 1.0, 5.0];
        assert_eq!(of(ReduceOp::Sum, &values), 8.0);
        assert_eq!(of(ReduceOp::Product, &values), -40.0);
        assert_eq!(of(ReduceOp::Min, &values), -2.0);
        assert_eq!(of(ReduceOp::Max, &values), 5.0);
        assert_eq!(of(ReduceOp::Mean, &values), 2.0);
        // Squares of the deviations: 4, 16, 1, 9.
        assert_eq!(of(ReduceOp::StdDev, &values), 7.5f64.sqrt());
    }

    #[test]
    fn sums_are_taken_from_the_first_to_the_last() {
        assert_eq!(of(ReduceOp::Sum, &[1e16, 1.0, 1.0, -1e16]), 0.0);
        assert_eq!(of(ReduceOp::Sum, &[1e16, -1e16, 1.0, 1.0]), 2.0);
        assert_eq!(of(ReduceOp::Product, &[1e200, 1e200, 1e-200, 1e-200]), f64::INFINITY);
        assert_eq!(of(ReduceOp::Product, &[1e200, 1e-200]), 1.0);
    }

    #[test]
    fn sum_starts_from_positive_zero_and_product_keeps_the_sign() {
        assert_eq!(bits(ReduceOp::Sum, &[-0.0, -0.0]), 0.0f64.to_bits());
        assert_eq!(bits(ReduceOp::Mean, &[-0.0]), 0.0f64.to_bits());
        assert_eq!(bits(ReduceOp::Product, &[-0.0]), (-0.0f64).to_bits());
        assert_eq!(bits(ReduceOp::Min, &[0.0, -0.0]), (-0.0f64).to_bits());
        assert_eq!(bits(ReduceOp::Max, &[-0.0, 0.0]), 0.0f64.to_bits());
    }

    #[test]
    fn nan_among_the_values_is_the_result() {
        let ops = [ReduceOp::Sum, ReduceOp::Product, ReduceOp::Min, ReduceOp::Max, ReduceOp::Mean, ReduceOp::StdDev];
        for op in ops {
            assert!(of(op, &[1.0, f64::NAN, 2.0]).is_nan(), "{op:?}");
        }
    }

    #[test]
    fn one_value_deviates_by_nothing() {
        assert_eq!(of(ReduceOp::StdDev, &[7.25]), 0.0);
        assert!(of(ReduceOp::StdDev, &[f64::INFINITY]).is_nan());
    }
}
