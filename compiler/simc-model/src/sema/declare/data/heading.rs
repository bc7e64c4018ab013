//! The heads of lines: `Births`, `Hares.births`, `rate[North, *]`, `"a.b"[1]`.

use crate::definition::Name;
use crate::diagnostic::{Code, code};
use crate::model::{Extent, VarId};
use crate::name::{self, Key};
use crate::sema::base::region;
use crate::sema::declare::data::reader::{Meant, SetReader};
use crate::sema::instances::module_tree::Target;
use crate::source::Span;

/// Why a heading means nothing.
pub(in crate::sema) struct HeadingFault {
    pub(in crate::sema) code: Code,
    pub(in crate::sema) message: String,
    pub(in crate::sema) hint: Option<String>,
}

impl SetReader<'_, '_, '_> {
    /// The variable and the elements that a heading means. Without subscripts it means all of an array; `*` and the name of a
    /// dimension mean all of that dimension.
    pub(in crate::sema) fn find(&self, heading: &str) -> Result<Meant, HeadingFault> {
        let fault = |code: Code, message: String| HeadingFault { code, message, hint: None };
        let Some((path, subscripts)) = name::split_subscripts(heading) else {
            let message = format!("the brackets of `{heading}` are not closed");
            let hint = "in CSV, a name with commas stands between double quotes".to_owned();
            return Err(HeadingFault { hint: Some(hint), ..fault(code::DATA_SUBSCRIPT, message) });
        };
        let var = self
            .find_var(path)
            .ok_or_else(|| fault(code::DATA_NAME, format!("the model has no variable `{}`", name::display(path))))?;
        let dims = &self.builder.var(var).dims;
        let whole = region::whole_region(dims, &self.builder.dims);
        let Some(subscripts) = subscripts else { return Ok(Meant { var, region: whole }) };
        let n_outer = self.n_outer(var);
        let n_own = dims.len() - n_outer;
        if subscripts.len() != n_own {
            let shown = self.builder.show_var_shape(var);
            let message = format!("{shown} takes {n_own} subscripts, but `{heading}` has {}", subscripts.len());
            return Err(fault(code::DATA_SUBSCRIPT, message));
        }
        let mut region = whole[..n_outer].to_vec();
        for (written, all) in subscripts.iter().zip(whole.into_iter().skip(n_outer)) {
            let text = name::unescape(written);
            if let Some(start) = self.builder.dims.position(all.dim, &text) {
                region.push(Extent { start, len: 1, ..all });
            } else if text == "*" || Key::new(&text) == Key::new(self.builder.dims.name(all.dim)) {
                region.push(all);
            } else {
                let dim = self.builder.dims.name(all.dim);
                let message = format!("`{}` is no element of dimension `{dim}`", name::display(&text));
                let elements = self.builder.dims.elements(all.dim).iter().map(String::as_str);
                let near =
                    name::suggest(&text, elements).map(|near| format!("did you mean `{}`?", name::display(near)));
                let known = near.unwrap_or_else(|| {
                    let last = self.builder.dims.len(all.dim).saturating_sub(1);
                    let ends = [0, last].map(|position| self.builder.dims.element(all.dim, position));
                    format!("its elements are `{}` to `{}`", ends[0], ends[1])
                });
                return Err(HeadingFault { hint: Some(known), ..fault(code::DATA_SUBSCRIPT, message) });
            }
        }
        Ok(Meant { var, region })
    }

    /// The variable of a path from where names begin. A name that holds a full stop may be without quotes.
    fn find_var(&self, path: &str) -> Option<VarId> {
        let name = |text: &str| Name { text: name::unescape(text), span: Span::default() };
        let parts: Vec<Name> = name::split_outside_quotes(path.trim_start_matches('.'), '.').map(name).collect();
        [parts, vec![name(path)]].into_iter().find_map(|parts| match self.tree.walk(self.instance, &parts, 0) {
            Target::Var(var) => Some(var),
            Target::Module | Target::Missing(..) => None,
        })
    }
}
