//! Chooses for each table the fastest way to find a segment. All ways find the same one.

use kernel::lookup::{Search, choose_search};
use simc_ir::module::{Module, TableSearch};

use crate::pass::{Pass, PassCx};

/// See the module.
pub const PASS: Pass = Pass {
    name: "specialise_tables",
    about: "chooses how the segment of each lookup table is found",
    run: |module: &mut Module, _: &PassCx| specialise(module),
};

/// Asks the kernel, which knows what its searches cost.
pub fn specialise(module: &mut Module) -> bool {
    let mut changed = false;
    for (_, table) in module.tables.iter_mut() {
        let search = table.curves.iter().map(|curve| search_for(&curve.xs)).fold(None, |all, one| match all {
            None => Some(one),
            Some(all) => Some(for_both(all, one)),
        });
        let search = search.unwrap_or(table.search);
        changed |= search != table.search;
        table.search = search;
    }
    changed
}

fn search_for(xs: &[f64]) -> TableSearch {
    match choose_search(xs) {
        Search::Even => TableSearch::Even,
        Search::Linear => TableSearch::Linear,
        Search::Binary => TableSearch::Binary,
    }
}

/// What serves curves of one table of which some are best searched one way and some another.
fn for_both(a: TableSearch, b: TableSearch) -> TableSearch {
    match (a, b) {
        (TableSearch::Even, TableSearch::Even) => TableSearch::Even,
        (TableSearch::Linear, TableSearch::Linear | TableSearch::Even) | (TableSearch::Even, TableSearch::Linear) => {
            TableSearch::Linear
        }
        (TableSearch::Binary, _) | (_, TableSearch::Binary) => TableSearch::Binary,
    }
}

#[cfg(test)]
mod tests {
    use simc_ir::module::{TableData, TableKind};

    use super::*;

    fn search_of(xs: Vec<f64>) -> TableSearch {
        let mut module = Module::default();
        let ys = vec![0.0; xs.len()];
        let table = module.tables.push(TableData::single(String::new(), TableKind::Continuous, xs, ys));
        specialise(&mut module);
        module.tables[table].search
    }

    #[test]
    fn even_spacing_needs_no_search() {
        assert_eq!(search_of((0..50).map(|i| f64::from(i) * 0.1).collect()), TableSearch::Even);
    }

    #[test]
    fn uneven_points_are_searched_by_their_number() {
        assert_eq!(search_of(vec![0.0, 1.0, 10.0, 100.0]), TableSearch::Linear);
        assert_eq!(search_of((0..200).map(|i| f64::from(i * i)).collect()), TableSearch::Binary);
    }
}
