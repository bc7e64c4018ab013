//! What is wrong with subscripts.

use crate::definition::Path;
use crate::diagnostic::{Code, Diagnostic, code};
use crate::model::{DimId, VarId};
use crate::name;
use crate::sema::base::diagnostics::count_subscripts;
use crate::sema::equation::node_plan::Planner;
use crate::source::Span;

impl Planner<'_, '_, '_> {
    pub(super) fn report(&mut self, code: Code, span: Span, message: String) {
        self.diagnostics.report(self.place.error(code, span, message));
    }

    pub(super) fn report_count(&mut self, var: VarId, n_own: usize, n: usize, span: Span) {
        if self.place.tree.def(var).reported {
            return;
        }
        let shown = self.builder.show_var_shape(var);
        let message = match n_own {
            0 => format!("`{}` is a single number and has no subscripts", self.builder.var(var).name),
            len => format!("{shown} has {}, but {n} here", count_subscripts(len)),
        };
        let error = self.place.error(code::SUBSCRIPT_COUNT, span, message);
        self.diagnostics.report(error.with_place(self.place.tree.def(var).name.span, "defined here"));
    }

    pub(super) fn report_unknown_element(&mut self, path: &Path, dim: DimId) {
        let Some(part) = path.parts.last() else { return };
        let message =
            format!("`{}` is no element of dimension `{}`", name::display(&part.text), self.builder.dims.name(dim));
        let mut error: Diagnostic = self.place.error(code::NO_SUCH_ELEMENT, path.span, message);
        error = error.with_place(self.builder.dims.span(dim), "the dimension");
        let elements = self.builder.dims.elements(dim).iter().map(String::as_str);
        error.hint = self.diagnostics.suggest(&part.text, elements.chain(self.builder.dims.names()));
        self.diagnostics.report(error);
    }

    pub(super) fn report_number(&mut self, value: f64, dim: DimId, span: Span) {
        let (name, len) = (self.builder.dims.name(dim), self.builder.dims.len(dim));
        let message = format!("dimension `{name}` has no element {value}");
        let error = self.place.error(code::NO_SUCH_ELEMENT, span, message);
        self.diagnostics.report(error.with_hint(format!("its elements are numbered from 1 to {len}")));
    }

    pub(in crate::sema) fn report_no_position(&mut self, dim: DimId, span: Span) {
        let message = format!(
            "an end of a range is a single number, and the equation is not over `{}`",
            self.builder.dims.name(dim)
        );
        let hint = "name an element, or give the variable this dimension";
        self.diagnostics.report(self.place.error(code::UNRELATED_DIMENSION, span, message).with_hint(hint));
    }

    /// `@n` in an equation that has fewer dimensions.
    pub(super) fn report_position(&mut self, n: f64, n_dims: usize, span: Span) {
        let message = format!("`@{n}` is no dimension of this equation, which has {n_dims}");
        let hint =
            "`@1` is the element being computed of the first dimension; an element goes by its name or number alone";
        self.diagnostics.report(self.place.error(code::NO_SUCH_ELEMENT, span, message).with_hint(hint));
    }

    pub(in crate::sema) fn report_unknown_dimension(&mut self, written: &str, span: Span) {
        let message = format!("unknown dimension `{}`", name::display(written));
        let mut error = self.place.error(code::UNKNOWN_DIMENSION, span, message);
        error.hint = self.diagnostics.suggest(written, self.builder.dims.names());
        self.diagnostics.report(error);
    }

    pub(super) fn report_unrelated(&mut self, mentioned: DimId, dim: DimId, span: Span) {
        let dims = &self.builder.dims;
        let lacking = (0..dims.len(mentioned)).find(|&at| dims.counterpart(mentioned, at, dim).is_none());
        let lacking = lacking.filter(|_| !dims.is_numeric(mentioned)).map(|at| dims.element(mentioned, at));
        let (mentioned, dim) = (dims.name(mentioned), dims.name(dim));
        let message = format!("dimension `{mentioned}` is used where one of the elements of `{dim}` is needed");
        let hint = match lacking {
            Some(element) => {
                format!("`{element}` is no element of `{dim}`, and no mapping says which one it stands for")
            }
            None => {
                format!("the elements of `{mentioned}` do not all stand in `{dim}`, side by side and in the same order")
            }
        };
        self.diagnostics.report(self.place.error(code::UNRELATED_DIMENSION, span, message).with_hint(hint));
    }
}
