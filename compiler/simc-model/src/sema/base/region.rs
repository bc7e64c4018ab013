//! Regions: boxes of elements of an array, one extent for each dimension.

use crate::model::{DimId, Extent};
use crate::sema::base::dimension::Dims;

/// All elements of an array.
pub(in crate::sema) fn whole_region(of: &[DimId], dims: &Dims) -> Vec<Extent> {
    of.iter().map(|&dim| Extent { dim, start: 0, len: dims.len(dim) }).collect()
}

/// How many elements a region has.
pub(in crate::sema) fn count(region: &[Extent]) -> u64 {
    region.iter().map(|extent| u64::from(extent.len)).product()
}

/// The element that a region consists of, or its first one: `a[north, 2]`.
pub(in crate::sema) fn show_element(name: &str, region: &[Extent], dims: &Dims) -> String {
    if region.is_empty() {
        return name.to_owned();
    }
    let elements: Vec<String> = region.iter().map(|extent| dims.element(extent.dim, extent.start)).collect();
    format!("{name}[{}]", elements.join(","))
}

/// The numbers of a region's elements, in row-major order of the array.
pub(in crate::sema) fn cells<'d>(
    region: &[Extent],
    of: &[DimId],
    dims: &'d Dims,
) -> impl Iterator<Item = u64> + use<'d> {
    let region = region.to_vec();
    let lens: Vec<u64> = of.iter().map(|&dim| u64::from(dims.len(dim))).collect();
    (0..count(&region)).map(move |n| {
        let mut rest = n;
        let mut flat = 0;
        let mut stride = 1;
        for (extent, len) in region.iter().zip(&lens).rev() {
            let own = u64::from(extent.len);
            flat += (u64::from(extent.start) + rest % own) * stride;
            rest /= own;
            stride *= len;
        }
        flat
    })
}

/// The element with a number in row-major order.
pub(in crate::sema) fn cell(flat: u64, of: &[DimId], dims: &Dims) -> Vec<Extent> {
    let mut rest = flat;
    let mut region: Vec<Extent> = Vec::with_capacity(of.len());
    for &dim in of.iter().rev() {
        let len = u64::from(dims.len(dim));
        region.push(Extent { dim, start: (rest % len) as u32, len: 1 });
        rest /= len;
    }
    region.reverse();
    region
}

/// The elements of a region, row-major.
pub(in crate::sema) fn elements_of(region: &[Extent]) -> Vec<Vec<Extent>> {
    let mut elements = vec![Vec::with_capacity(region.len())];
    for extent in region {
        let at = |prefix: &Vec<Extent>, start: u32| {
            let mut element = prefix.clone();
            element.push(Extent { start, len: 1, ..*extent });
            element
        };
        let starts = extent.start..extent.start + extent.len;
        elements = elements.iter().flat_map(|prefix| starts.clone().map(move |start| at(prefix, start))).collect();
    }
    elements
}
