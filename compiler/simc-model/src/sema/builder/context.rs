//! The equation that is looked at: whose it is, and for which elements.

use std::ops::Range;

use crate::builtin::Builtin;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{DimId, Extent, VarId};
use crate::sema::base::dimension::Dims;
use crate::sema::instances::module_tree::{InstanceId, ModuleTree};
use crate::source::Span;

/// The equation in which names are looked up.
#[derive(Clone, Copy)]
pub(in crate::sema) struct EquationContext<'w, 'a> {
    /// All instances.
    pub(in crate::sema) tree: &'w ModuleTree<'a>,
    /// The instance of the equation's variable.
    pub(in crate::sema) instance: InstanceId,
    /// The variable.
    pub(in crate::sema) owner: VarId,
    /// The elements for which the equation is looked at; empty for a scalar.
    pub(in crate::sema) loops: &'w [Extent],
    /// For each loop how the equation calls the element at hand; may be shorter, and then by the loop's own dimension.
    pub(in crate::sema) known_as: &'w [KnownAs],
    /// How many of the loops, at the end, are none of the equation's variable but what its instance is for: one element of a dimension
    /// each. Their names are known, and nothing runs over them.
    pub(in crate::sema) n_fixed: usize,
}

/// How an equation calls the element that a loop is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sema) enum KnownAs {
    /// By the name of the loop's dimension.
    Own,
    /// By that of another dimension.
    Other(DimId),
    /// By no name: the left side names the element itself.
    Nobody,
}

impl EquationContext<'_, '_> {
    /// An error in the equation.
    pub(in crate::sema) fn error(&self, code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, span, message).with_variable(self.tree.var_name(self.owner))
    }

    /// How the language of the model calls a builtin.
    pub(in crate::sema) fn spelling(&self, builtin: &Builtin) -> &'static str {
        builtin.name_in(self.tree.file.dialect)
    }

    /// How a call of a builtin is written in the language of the model.
    pub(in crate::sema) fn usage(&self, builtin: &Builtin) -> String {
        builtin.usage_in(self.tree.file.dialect)
    }

    /// The loops that the equation runs over.
    pub(in crate::sema) fn run_loops(&self) -> &[Extent] {
        &self.loops[..self.loops.len() - self.n_fixed]
    }

    /// The loops over the variable's own dimensions, in their order.
    pub(in crate::sema) fn own_loops(&self) -> Range<usize> {
        let n_run = self.run_loops().len();
        self.tree.instance(self.instance).dims.len().min(n_run)..n_run
    }

    /// The loops that a name can mean, those over the variable's own dimensions first: they are meant before those of its instance.
    pub(in crate::sema) fn loop_order(&self) -> Vec<usize> {
        let instance = self.tree.instance(self.instance);
        let own = self.own_loops();
        let n_outer = own.start;
        let is_named = |n: &usize| self.known_as.get(*n) != Some(&KnownAs::Nobody);
        if self.n_fixed == 0 {
            return own.chain(0..n_outer).filter(is_named).collect();
        }
        let mut fixed = own.end..self.loops.len();
        let outer = instance.axes.iter().filter_map(|axis| match axis.at {
            Ok(n) => Some(n as usize).filter(|&n| n < n_outer),
            Err(_) => fixed.next(),
        });
        own.chain(outer).filter(is_named).collect()
    }

    /// The dimension whose name means a loop.
    pub(in crate::sema) fn loop_name(&self, n: usize) -> DimId {
        match self.known_as.get(n) {
            Some(&KnownAs::Other(dim)) => dim,
            Some(KnownAs::Own | KnownAs::Nobody) | None => self.loops[n].dim,
        }
    }

    /// The position, in the dimension by whose name an equation speaks of a loop, of the element that is at a position of the
    /// loop: the element itself where the name is the loop's own, else what a mapping makes of it, or the element where there
    /// is no mapping.
    pub(in crate::sema) fn position_as(&self, dims: &Dims, n: usize, at: u32, mentioned: DimId) -> Option<u32> {
        let (from, name) = (self.loops[n].dim, self.loop_name(n));
        if mentioned == name {
            return dims.counterpart(from, at, mentioned);
        }
        if dims.has_mapping(name, mentioned) {
            let within = if name == from { Some(at) } else { dims.position(name, &dims.element(from, at)) };
            return dims.mapped(name, within?, mentioned);
        }
        if dims.has_mapping(from, mentioned) {
            return dims.mapped(from, at, mentioned);
        }
        dims.counterpart(from, at, mentioned)
    }
}
