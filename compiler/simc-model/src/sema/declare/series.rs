//! Variables that follow data over time: for each mode a table that gives the value at a time in one look.

use crate::definition::{SeriesMode, over_time};
use crate::model::{Table, TableId};
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::declare::data::{DataOverrides, Value};
use crate::sema::instances::module_tree::ModuleTree;

/// What the model's own data says of each variable that follows some. The points stay tables of the variable, for functions that ask
/// for them.
pub(in crate::sema) fn resolve_series(tree: &ModuleTree<'_>, builder: &mut ModelBuilder) -> DataOverrides {
    let mut overrides = DataOverrides::new();
    for (id, _, def) in tree.iter_vars() {
        let Some(mode) = def.series.filter(|_| !builder.is_broken(id)) else { continue };
        let each: Vec<Option<TableId>> = match builder.each_table(id) {
            [] => vec![builder.shared_table(id); usize::from(builder.var(id).dims.is_empty())],
            each => each.to_vec(),
        };
        let values = overrides.entry(id).or_default();
        let mut last: Option<(TableId, TableId)> = None;
        for (flat, points) in (0..).zip(each) {
            let Some(points) = points else { continue };
            let read = match (mode, last) {
                (SeriesMode::Interpolate, _) => points,
                (_, Some((of, read))) if of == points => read,
                _ => builder.push_table(read_as(&builder.tables[points.0 as usize], mode)),
            };
            last = Some((points, read));
            values.insert(flat, Value::Series(read));
        }
    }
    overrides.retain(|_, values| !values.is_empty());
    overrides
}

/// The table whose value at a time is that of data in a mode.
fn read_as(points: &Table, mode: SeriesMode) -> Table {
    let suffix = match mode {
        SeriesMode::Interpolate => "interpolated",
        SeriesMode::HoldBackward => "held backward",
        SeriesMode::LookForward => "looking forward",
        SeriesMode::Raw => "raw",
    };
    let (kind, made) = over_time::read_as(&points.xs, &points.ys, mode);
    let (xs, ys) = made.into_iter().unzip();
    Table { name: format!("{}: {suffix}", points.name), kind, xs, ys, is_derived: true }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin::MISSING;
    use crate::model::TableKind;

    /// What the table of a mode gives at a time: the last point that is not after it.
    fn at(mode: SeriesMode, time: f64) -> f64 {
        let points = Table {
            name: String::new(),
            kind: TableKind::Continuous,
            xs: vec![0.0, 0.3, 2.0],
            ys: vec![5.0, 7.0, 9.0],
            is_derived: false,
        };
        let table = read_as(&points, mode);
        assert!(table.xs.is_sorted());
        let last = table.xs.partition_point(|&x| x <= time).max(1) - 1;
        table.ys[last]
    }

    #[test]
    fn modes_say_what_data_is_between_and_beyond_its_points() {
        let times = [-1.0, 0.0, 0.1, 0.3, 0.1 + 0.2, 1.0, 2.0 - 1e-15, 2.0, 3.0];
        let all = |mode: SeriesMode| times.map(|time| at(mode, time));
        assert_eq!(all(SeriesMode::HoldBackward), [5.0, 5.0, 5.0, 7.0, 7.0, 7.0, 9.0, 9.0, 9.0]);
        assert_eq!(all(SeriesMode::LookForward), [5.0, 5.0, 7.0, 7.0, 7.0, 9.0, 9.0, 9.0, 9.0]);
        let no = MISSING;
        assert_eq!(all(SeriesMode::Raw), [no, 5.0, no, 7.0, 7.0, no, 9.0, 9.0, no]);
    }

    #[test]
    fn points_near_each_other_and_far_away_stay_in_order() {
        let xs = vec![-f64::MAX, -1.0, (-1.0_f64).next_up(), 0.0, f64::MIN_POSITIVE, f64::MAX];
        let ys = xs.clone();
        let points = Table { name: String::new(), kind: TableKind::Continuous, xs, ys, is_derived: false };
        for mode in [SeriesMode::HoldBackward, SeriesMode::LookForward, SeriesMode::Raw] {
            let table = read_as(&points, mode);
            assert!(table.xs.is_sorted() && table.xs.iter().all(|x| x.is_finite()), "{mode:?}: {:?}", table.xs);
        }
    }

    #[test]
    fn a_single_point_has_all_modes() {
        let points =
            Table { name: String::new(), kind: TableKind::Continuous, xs: vec![0.0], ys: vec![4.0], is_derived: false };
        assert_eq!(read_as(&points, SeriesMode::HoldBackward).ys, [4.0]);
        assert_eq!(read_as(&points, SeriesMode::LookForward).ys, [4.0]);
        assert_eq!(read_as(&points, SeriesMode::Raw).ys, [MISSING, 4.0, MISSING]);
    }
}
