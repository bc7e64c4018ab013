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
    cell_of(flat, &whole_region(of, dims))
}

/// The element of a region with a number in the row-major order of the region.
pub(in crate::sema) fn cell_of(flat: u64, region: &[Extent]) -> Vec<Extent> {
    let mut rest = flat;
    let mut element: Vec<Extent> = Vec::with_capacity(region.len());
    for extent in region.iter().rev() {
        let len = u64::from(extent.len);
        element.push(Extent { start: extent.start + (rest % len) as u32, len: 1, ..*extent });
        rest /= len;
    }
    element.reverse();
    element
}

/// The elements that two regions share; nothing when they share none.
pub(in crate::sema) fn common(a: &[Extent], b: &[Extent]) -> Option<Vec<Extent>> {
    let along = |(a, b): (&Extent, &Extent)| {
        let (start, end) = (a.start.max(b.start), (a.start + a.len).min(b.start + b.len));
        (start < end).then(|| Extent { start, len: end - start, ..*a })
    };
    a.iter().zip(b).map(along).collect()
}

/// Boxes of the elements of a region that are in none of others, which lie within it and do not overlap.
pub(in crate::sema) fn without(region: &[Extent], others: &[Vec<Extent>]) -> Vec<Vec<Extent>> {
    let mut boxes = Vec::new();
    add_without(region, others.iter().map(Vec::as_slice).collect(), &mut Vec::new(), &mut boxes);
    boxes
}

/// Goes on by one dimension with each call; dimensions are few.
fn add_without(rest: &[Extent], mut others: Vec<&[Extent]>, prefix: &mut Vec<Extent>, boxes: &mut Vec<Vec<Extent>>) {
    if others.is_empty() {
        boxes.push(prefix.iter().chain(rest).copied().collect());
        return;
    }
    let Some((&whole, inner)) = rest.split_first() else { return };
    others.sort_by_key(|other| other[0].start);
    let ends = others.iter().flat_map(|other| [other[0].start, other[0].start + other[0].len]);
    let mut cuts: Vec<u32> = ends.chain([whole.start, whole.start + whole.len]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut coming = others.into_iter().peekable();
    let mut open: Vec<&[Extent]> = Vec::new();
    for cut in cuts.windows(2) {
        let [start, end] = [cut[0], cut[1]];
        open.retain(|other| other[0].start + other[0].len > start);
        while let Some(other) = coming.next_if(|other| other[0].start <= start) {
            open.push(other);
        }
        prefix.push(Extent { start, len: end - start, ..whole });
        add_without(inner, open.iter().map(|other| &other[1..]).collect(), prefix, boxes);
        prefix.pop();
    }
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

#[cfg(test)]
mod tests;
