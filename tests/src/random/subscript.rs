//! Reads of arrays: elements, slices in reducers, positions.

use arbitrary::{Result, Unstructured};

use super::arrays::{Array, Dim};
use super::{Generator, pick, underscores};

const REDUCERS: &[&str] = &["SUM", "MIN", "MAX", "MEAN", "PROD", "STDDEV"];

impl Generator {
    /// An element of an array, in one of the forms that the place allows: whole when every dimension of it runs, or subscripted.
    pub(super) fn read(&self, u: &mut Unstructured<'_>, scope: &[usize], array: &Array) -> Result<String> {
        let is_running = array.has_distinct_dims() && array.dims.iter().all(|dim| scope.contains(dim));
        if is_running && !u.ratio(2, 3)? {
            let prime = if array.dims.len() == 2 && !u.ratio(1, 2)? && !self.is_shared { "'" } else { "" };
            return Ok(format!("{}{prime}", underscores(&array.name)));
        }
        self.subscripted(u, scope, array)
    }

    /// An element of an array, chosen by one subscript for each dimension.
    fn subscripted(&self, u: &mut Unstructured<'_>, scope: &[usize], array: &Array) -> Result<String> {
        let mut subscripts = Vec::new();
        for &dim in &array.dims {
            subscripts.push(self.subscript(u, scope, dim)?);
        }
        Ok(format!("{}[{}]", underscores(&array.name), subscripts.join(", ")))
    }

    /// An element of an array whose subscripts compute nothing.
    pub(super) fn element(&self, u: &mut Unstructured<'_>, scope: &[usize], array: &Array) -> Result<String> {
        let mut subscripts = Vec::new();
        for &dim in &array.dims {
            subscripts.push(match scope.contains(&dim) && u.ratio(2, 3)? {
                true => underscores(&self.dims[dim].name),
                false => self.dims[dim].pick_element(u)?,
            });
        }
        Ok(format!("{}[{}]", underscores(&array.name), subscripts.join(", ")))
    }

    /// One subscript: the running element, one beside it, one that is named, or one that is computed and may not exist.
    fn subscript(&self, u: &mut Unstructured<'_>, scope: &[usize], dim: usize) -> Result<String> {
        let dimension = &self.dims[dim];
        let name = underscores(&dimension.name);
        if self.is_shared {
            return if scope.contains(&dim) && u.ratio(2, 3)? { Ok(name) } else { dimension.pick_element(u) };
        }
        if let Some(place) = scope.iter().position(|&running| running == dim)
            && u.ratio(2, 3)?
        {
            return Ok(match u.int_in_range(0..=5)? {
                0..=2 => name,
                3 => format!("@{}", place + 1),
                4 => format!("{name} {} {}", pick(u, &["-", "+"])?, u.int_in_range(1..=2)?),
                _ => format!("{} - {name}", u.int_in_range(1..=5)?),
            });
        }
        Ok(match u.int_in_range(0..=6)? {
            0..=2 => dimension.pick_element(u)?,
            3 => u.int_in_range(1..=dimension.elements.len())?.to_string(),
            4 if !dimension.is_numeric => format!("{name}.{}", dimension.pick_element(u)?),
            4 | 5 => format!("INT({})", self.scalar_leaf(u)?),
            _ => format!("{} + {}", self.scalar_leaf(u)?, pick(u, &["0.5", "1", "2"])?),
        })
    }

    /// A position as a number: of the element that runs, or of one that is named.
    pub(super) fn position(&self, u: &mut Unstructured<'_>, scope: &[usize]) -> Result<String> {
        match scope {
            [] => {
                let dim = &self.dims[u.int_in_range(0..=self.dims.len() - 1)?];
                let element = dim.pick_element(u)?;
                Ok(if dim.is_numeric { element } else { format!("{}.{element}", underscores(&dim.name)) })
            }
            dims => Ok(underscores(&self.dims[dims[u.int_in_range(0..=dims.len() - 1)?]].name)),
        }
    }

    /// A reducer over an array, a slice of it, or an expression of one or two slices.
    pub(super) fn reducer(&self, u: &mut Unstructured<'_>, scope: &[usize]) -> Result<String> {
        let array = &self.arrays[u.int_in_range(0..=self.arrays.len() - 1)?];
        let function = pick(u, if self.is_shared { &REDUCERS[..5] } else { REDUCERS })?;
        let (slice, starred) = self.slice(u, scope, array, None)?;
        if self.is_shared {
            return Ok(match u.int_in_range(0..=3)? {
                0 => format!("{function}({})", underscores(&array.name)),
                1 => format!("SIZE({slice})"),
                2 => format!("{function}({slice} {} {})", pick(u, &["*", "+", "-"])?, self.number(u, scope)?),
                _ => format!("{function}({slice})"),
            });
        }
        Ok(match u.int_in_range(0..=10)? {
            0 => format!("{function}({})", underscores(&array.name)),
            1..=2 => format!("{function}({slice})"),
            3 => format!("{function}({})", self.range(u, scope, array)?),
            4 => format!("SIZE({slice})"),
            5 => format!("{function}({slice} {} {})", pick(u, &["*", "+", "-"])?, self.number(u, scope)?),
            6 => format!("{function}(PREVIOUS({slice}, {}))", self.number(u, scope)?),
            7 => format!("{function}(SMTH1({slice}, 2, {}))", self.number(u, scope)?),
            8 => format!("RANK({slice}, {})", self.number(u, scope)?),
            9 => self.vector_number(u, scope, &slice)?,
            _ => {
                let other = &self.arrays[u.int_in_range(0..=self.arrays.len() - 1)?];
                let (other, _) = self.slice(u, scope, other, Some(&starred))?;
                format!("{function}({slice}*{other})")
            }
        })
    }

    /// A number that a function of a whole vector gives, or the sum of a vector.
    fn vector_number(&self, u: &mut Unstructured<'_>, scope: &[usize], slice: &str) -> Result<String> {
        let number = self.number(u, scope)?;
        Ok(match u.int_in_range(0..=4)? {
            0 => format!("MEDIAN({slice})"),
            1 => format!("MODE({slice})"),
            2 => format!("VECTOR SELECT({slice} &lt; {number}, {slice}, {number}, {}, 0)", u.int_in_range(0..=10)?),
            3 => format!("SUM(VECTOR REORDER({slice}, VECTOR RANK({slice}, {number}) - 1)/2)"),
            _ => format!("SUM(VECTOR_SORT_ORDER({slice}, {number})*{slice})"),
        })
    }

    /// An element of a vector that a function gives, where the last dimension of an array runs.
    pub(super) fn vector_element(&self, u: &mut Unstructured<'_>, scope: &[usize]) -> Result<Option<String>> {
        let is_usable =
            |array: &&Array| array.has_distinct_dims() && array.dims.last().is_some_and(|last| scope.contains(last));
        let usable: Vec<&Array> = self.arrays.iter().filter(is_usable).collect();
        let Some(last) = usable.len().checked_sub(1) else { return Ok(None) };
        let array = usable[u.int_in_range(0..=last)?];
        let (along, others) = array.dims.split_last().expect("an array has a dimension");
        let mut subscripts = Vec::new();
        for &dim in others {
            subscripts.push(self.subscript(u, scope, dim)?);
        }
        let dim = underscores(&self.dims[*along].name);
        let whole = [subscripts.as_slice(), &["*".to_owned()]].concat().join(", ");
        let whole = format!("{}[{whole}]", underscores(&array.name));
        subscripts.push(if u.ratio(1, 2)? { dim.clone() } else { "*".to_owned() });
        let vector = format!("{}[{}]", underscores(&array.name), subscripts.join(", "));
        let (a, b) = (self.number(u, scope)?, self.number(u, scope)?);
        Ok(Some(match u.int_in_range(0..=5)? {
            5 => format!("vensim.VECTOR_LOOKUP({whole}, {a}, {b}, 2, {})", u.int_in_range(0..=10)?),
            0 => format!("VECTOR_SORT_ORDER({vector}, {a})"),
            1 => format!("VECTOR RANK({vector}, {a})"),
            2 => format!("ALLOCATE({a}, {dim}, ABS({vector}), {vector}, {b}, {})", u.int_in_range(0..=14)?),
            3 => format!("ALLOCATE BY PRIORITY({vector}, {vector}, 3, {a}, {b})"),
            _ => format!("VECTOR_ELM_MAP({}, {a})", self.subscripted(u, scope, array)?),
        }))
    }

    /// A single number, whatever runs: in a reducer, the name of an array alone is all of it.
    fn number(&self, u: &mut Unstructured<'_>, scope: &[usize]) -> Result<String> {
        if u.ratio(1, 2)? {
            return self.scalar_leaf(u);
        }
        let array = &self.arrays[u.int_in_range(0..=self.arrays.len() - 1)?];
        self.subscripted(u, scope, array)
    }

    /// An array with a star for some of its dimensions, no dimension twice, and what it has stars for. It is at least one;
    /// with `allowed`, those and no others, and perhaps none.
    fn slice(
        &self,
        u: &mut Unstructured<'_>,
        scope: &[usize],
        array: &Array,
        allowed: Option<&[usize]>,
    ) -> Result<(String, Vec<usize>)> {
        let (mut subscripts, mut starred) = (Vec::new(), Vec::new());
        for (n, &dim) in array.dims.iter().enumerate() {
            let may = !starred.contains(&dim) && allowed.is_none_or(|allowed| allowed.contains(&dim));
            let must = allowed.is_none() && starred.is_empty() && n + 1 == array.dims.len();
            if may && (must || u.ratio(2, 3)?) {
                starred.push(dim);
                subscripts.push("*".to_owned());
            } else {
                subscripts.push(self.subscript(u, scope, dim)?);
            }
        }
        Ok((format!("{}[{}]", underscores(&array.name), subscripts.join(", ")), starred))
    }

    /// An array with a range for its last dimension.
    fn range(&self, u: &mut Unstructured<'_>, scope: &[usize], array: &Array) -> Result<String> {
        let (last, others) = array.dims.split_last().expect("an array has a dimension");
        let mut subscripts = Vec::new();
        for &dim in others {
            subscripts.push(self.subscript(u, scope, dim)?);
        }
        let elements = &self.dims[*last].elements;
        let from = u.int_in_range(0..=elements.len() - 1)?;
        let to = u.int_in_range(from..=elements.len() - 1)?;
        subscripts.push(format!("{}:{}", elements[from], elements[to]));
        Ok(format!("{}[{}]", underscores(&array.name), subscripts.join(", ")))
    }
}

impl Dim {
    /// An element, as an equation names it.
    fn pick_element(&self, u: &mut Unstructured<'_>) -> Result<String> {
        Ok(self.elements[u.int_in_range(0..=self.elements.len() - 1)?].clone())
    }
}
