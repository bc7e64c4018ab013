//! Definitions of arrays: dimensions, constants, tables, stocks with their flows, auxiliaries.

use std::fmt::Write as _;

use arbitrary::{Result, Unstructured};

use super::{Generator, NUMBERS, element, pick, underscores};

/// A dimension.
pub(super) struct Dim {
    /// Its name.
    pub(super) name: String,
    /// Its elements; numbers when it has a size only.
    pub(super) elements: Vec<String>,
    /// Whether it has a size only.
    pub(super) is_numeric: bool,
}

/// A variable, or an array of tables.
#[derive(Clone)]
pub(super) struct Array {
    /// Its name.
    pub(super) name: String,
    /// Its dimensions, of which there is at least one: indices of the generator's.
    pub(super) dims: Vec<usize>,
}

/// No more elements than these are defined one by one.
pub(super) const FEW_ELEMENTS: usize = 8;

impl Array {
    /// Whether each dimension occurs once, so that its name says which is meant.
    pub(super) fn has_distinct_dims(&self) -> bool {
        (1..self.dims.len()).all(|n| !self.dims[..n].contains(&self.dims[n]))
    }
}

impl Generator {
    /// Decides upon the dimensions.
    pub(super) fn dimensions(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        for i in 0..u.int_in_range(1..=3)? {
            let len = u.int_in_range(1..=4)?;
            let is_numeric = u.ratio(1, 2)?;
            let element = |n: usize| if is_numeric { n.to_string() } else { format!("place_{i}{n}") };
            self.dims.push(Dim { name: format!("Dim {i}"), elements: (1..=len).map(element).collect(), is_numeric });
        }
        Ok(())
    }

    /// The dimensions as the file declares them.
    pub(super) fn dimension_elements(&self) -> String {
        let mut text = String::from("<dimensions>");
        for Dim { name, elements, is_numeric } in &self.dims {
            if *is_numeric {
                write!(text, "<dim name=\"{name}\" size=\"{}\"/>", elements.len()).expect("writing to a string");
            } else {
                let elements: String = elements.iter().map(|element| format!("<elem name=\"{element}\"/>")).collect();
                write!(text, "<dim name=\"{name}\">{elements}</dim>").expect("writing to a string");
            }
        }
        text + "</dimensions>\n"
    }

    /// Some arrays of this name. About half have the dimensions of one that there is, in its order or the opposite one.
    pub(super) fn declare(&self, u: &mut Unstructured<'_>, name: &str, count: usize) -> Result<Vec<Array>> {
        let mut arrays: Vec<Array> = Vec::new();
        for i in 0..count {
            let like = match arrays.last().or(self.arrays.last()) {
                Some(last) if !u.ratio(1, 2)? => last.dims.clone(),
                _ => self.shape(u)?,
            };
            let dims = if u.ratio(1, 2)? { like } else { like.into_iter().rev().collect() };
            arrays.push(Array { name: format!("{name} {i}"), dims });
        }
        Ok(arrays)
    }

    /// One to three dimensions; seldom one of them twice.
    fn shape(&self, u: &mut Unstructured<'_>) -> Result<Vec<usize>> {
        let mut dims = Vec::new();
        for _ in 0..u.int_in_range(1..=3)? {
            let dim = u.int_in_range(0..=self.dims.len() - 1)?;
            if !dims.contains(&dim) || !u.ratio(4, 5)? && !self.is_shared {
                dims.push(dim);
            }
        }
        Ok(dims)
    }

    /// Constants that a host may set, one number for all or one for each element.
    pub(super) fn array_constants(&mut self, u: &mut Unstructured<'_>, body: &mut String) -> Result<()> {
        let count = u.int_in_range(1..=3)?;
        for array in self.declare(u, "array constant", count)? {
            let mut inner = self.dims_of(&array);
            let elements = self.elements_of(&array);
            if elements.len() > FEW_ELEMENTS || u.ratio(1, 3)? {
                write!(inner, "<eqn>{}</eqn>", pick(u, NUMBERS)?).expect("writing to a string");
            } else {
                for subscript in elements {
                    let equation = format!("<eqn>{}</eqn>", pick(u, NUMBERS)?);
                    inner.push_str(&entry(&subscript, &equation));
                }
            }
            element(body, "aux", &array.name, &inner);
            self.arrays.push(array.clone());
            self.all_arrays.push(array);
        }
        Ok(())
    }

    /// Arrays of tables that can be called.
    pub(super) fn array_tables(&mut self, u: &mut Unstructured<'_>, body: &mut String) -> Result<()> {
        let count = u.int_in_range(0..=1)?;
        for array in self.declare(u, "array table", count)? {
            let mut inner = self.dims_of(&array);
            let elements = self.elements_of(&array);
            if elements.len() > FEW_ELEMENTS {
                continue;
            }
            for subscript in elements {
                inner.push_str(&entry(&subscript, &Self::table(u, "")?));
            }
            element(body, "aux", &array.name, &inner);
            self.array_tables.push(array);
        }
        Ok(())
    }

    /// Stocks, each with flows of its own, which are returned with what is still to be written of them.
    pub(super) fn array_stocks(
        &mut self,
        u: &mut Unstructured<'_>,
        body: &mut String,
        stocks: &[Array],
    ) -> Result<Vec<Array>> {
        let mut flows = Vec::new();
        for stock in stocks {
            let mut inner = self.dims_of(stock);
            inner.push_str(&self.equations(u, stock, 2)?);
            for tag in ["inflow", "outflow", "outflow"] {
                if u.ratio(2, 3)? {
                    let name = format!("array flow {}", flows.len());
                    write!(inner, "<{tag}>{}</{tag}>", underscores(&name)).expect("writing to a string");
                    flows.push(Array { name, dims: stock.dims.clone() });
                }
            }
            if u.ratio(1, 3)? {
                inner.push_str("<non_negative/>");
            }
            inner.push_str(&self.poster(u)?);
            element(body, "stock", &stock.name, &inner);
            self.arrays.push(stock.clone());
        }
        Ok(flows)
    }

    /// An auxiliary or flow.
    pub(super) fn array_variable(
        &mut self,
        u: &mut Unstructured<'_>,
        body: &mut String,
        array: &Array,
        is_flow: bool,
    ) -> Result<()> {
        let mut inner = self.dims_of(array);
        if !is_flow && array.has_distinct_dims() && !u.ratio(4, 5)? && !self.is_shared {
            inner.push_str(&self.chain(u, body, array)?);
        } else {
            inner.push_str(&self.equations(u, array, 3)?);
            if u.ratio(1, 10)? {
                inner.push_str(&Self::table(u, "")?);
            }
        }
        if is_flow && u.ratio(1, 4)? {
            inner.push_str("<non_negative/>");
        }
        inner.push_str(&self.poster(u)?);
        element(body, if is_flow { "flow" } else { "aux" }, &array.name, &inner);
        if !is_flow {
            self.arrays.push(array.clone());
        }
        Ok(())
    }

    /// One equation for all elements, one for each, or one for all but some.
    pub(super) fn equations(&self, u: &mut Unstructured<'_>, array: &Array, depth: u32) -> Result<String> {
        // Under a dimension that occurs twice its name would mean either.
        let scope = if array.has_distinct_dims() { array.dims.as_slice() } else { &[] };
        let mut elements = self.elements_of(array);
        let choice = u.int_in_range(0..=3)?;
        if choice == 3 && elements.len() <= FEW_ELEMENTS {
            let mut text = String::new();
            for subscript in elements {
                let equation = format!("<eqn>{}</eqn>", self.expression(u, &[], depth.min(2))?);
                text.push_str(&entry(&subscript, &equation));
            }
            return Ok(text);
        }
        let mut text = format!("<eqn>{}</eqn>", self.expression(u, scope, depth)?);
        if choice == 2 {
            for _ in 0..u.int_in_range(1..=2)? {
                if elements.len() > 1 {
                    let exception = elements.remove(u.int_in_range(0..=elements.len() - 1)?);
                    let equation = format!("<eqn>{}</eqn>", self.expression(u, &[], 1)?);
                    text.push_str(&entry(&exception, &equation));
                }
            }
        }
        Ok(text)
    }

    /// Each element reads the one before it, or the one after it, in one of the dimensions: of its own array, or of a partner that reads
    /// this one.
    fn chain(&self, u: &mut Unstructured<'_>, body: &mut String, array: &Array) -> Result<String> {
        let along = u.int_in_range(0..=array.dims.len() - 1)?;
        let step = pick(u, &["- 1", "+ 1", "- 2"])?;
        let subscripts: Vec<String> = array
            .dims
            .iter()
            .enumerate()
            .map(|(n, &dim)| {
                let name = underscores(&self.dims[dim].name);
                if n == along { format!("{name} {step}") } else { name }
            })
            .collect();
        let at = |name: &str| format!("{}[{}]", underscores(name), subscripts.join(", "));
        let mut neighbour = at(&array.name);
        if u.ratio(1, 2)? {
            let partner = format!("{} partner", array.name);
            neighbour = at(&partner);
            let mut inner = self.dims_of(array);
            let also = if u.ratio(1, 2)? { format!(" - {}/4", at(&array.name)) } else { String::new() };
            write!(inner, "<eqn>{}/3{also} + {}</eqn>", underscores(&array.name), self.expression(u, &array.dims, 1)?)
                .expect("writing to a string");
            element(body, "aux", &partner, &inner);
        }
        let mut text = format!("<eqn>{neighbour}*0.5 + {}</eqn>", self.expression(u, &array.dims, 2)?);
        if u.ratio(1, 2)? {
            let elements = self.elements_of(array);
            let exception = &elements[u.int_in_range(0..=elements.len() - 1)?];
            let equation = format!("<eqn>{}</eqn>", self.expression(u, &[], 1)?);
            text.push_str(&entry(exception, &equation));
        }
        Ok(text)
    }

    pub(super) fn dims_of(&self, array: &Array) -> String {
        let dims: String = array.dims.iter().map(|&dim| format!("<dim name=\"{}\"/>", self.dims[dim].name)).collect();
        format!("<dimensions>{dims}</dimensions>")
    }

    /// The subscripts of all elements, row-major.
    pub(super) fn elements_of(&self, array: &Array) -> Vec<String> {
        let mut all = vec![String::new()];
        for (n, &dim) in array.dims.iter().enumerate() {
            let comma = if n == 0 { "" } else { ", " };
            let elements = &self.dims[dim].elements;
            let with_each = |before: String| elements.iter().map(move |element| format!("{before}{comma}{element}"));
            all = all.into_iter().flat_map(with_each).collect();
        }
        all
    }
}

/// An entry of an array.
pub(super) fn entry(subscript: &str, inner: &str) -> String {
    format!("<element subscript=\"{subscript}\">{inner}</element>")
}
