//! What can be called: the macros and models that an equation sees.

use super::ModuleTree;
use crate::definition::ModuleDef;
use crate::name::Key;
use crate::sema::instances::function::{self, Function};

impl<'a> ModuleTree<'a> {
    /// The model of a name that an equation of a whole-model may call.
    pub(in crate::sema) fn find_callable(&self, whole: u32, key: &Key) -> Option<usize> {
        self.find_model(whole, key, None).ok()
    }

    /// A model as a function, if it has a name.
    pub(in crate::sema) fn as_function(&self, model: usize) -> Option<Function<'a>> {
        let body = self.body(model);
        Some(function::of_model(body, body.def.name.as_ref()?, &self.usages[model], model))
    }

    /// The model of a module that a model or macro has.
    pub(in crate::sema) fn model_of(&self, body: usize, module: &ModuleDef) -> Option<usize> {
        let name = module.model.as_ref().unwrap_or(&module.name);
        self.find_model(self.body(body).def.whole, &Key::new(&name.text), module.resource.as_ref()).ok()
    }

    /// The macro of a name as the equations of a whole-model see it, as a position among the functions: its own, or that of the file that
    /// is compiled, or the only one.
    ///
    /// # Errors
    /// Those of other files, when there are several.
    pub(in crate::sema) fn find_macro(&self, whole: u32, key: &Key) -> Result<Option<usize>, &[usize]> {
        let Some(known) = self.macros.get(key) else { return Ok(None) };
        let of = |whole: u32| known.iter().copied().find(|&known| self.file.macros[known].body.whole == whole);
        if let Some(found) = of(whole).or_else(|| of(0)) {
            return Ok(Some(found));
        }
        // What several files include is the same.
        let place = |&known: &usize| self.file.macros[known].name.span;
        if known.iter().all(|other| place(other) == place(&known[0])) { Ok(Some(known[0])) } else { Err(known) }
    }
}
