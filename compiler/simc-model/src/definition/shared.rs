//! What more than one printer asks of a definition.

use super::{DimDef, VarDef};
use crate::name::Key;
use crate::source::Span;

impl DimDef {
    /// Whether a mapping to a range of this name is declared.
    pub fn has_mapping_to(&self, range: &str) -> bool {
        let key = Key::new(range);
        self.maps_to.iter().any(|mapping| Key::new(&mapping.to.text) == key)
    }
}

impl VarDef {
    /// Of a level of a Vensim model that SHIFT IF TRUE moves along, which no other file can say: where, what, and the cure.
    pub fn shift_fault(&self) -> Option<(Span, String, &'static str)> {
        let [_, shift, ..] = self.inflows.as_slice() else { return None };
        let message = format!("SHIFT IF TRUE moves the contents of `{}` along", self.name.text);
        Some((shift.span, message, "write a flow between the elements, and let the levels have it"))
    }
}
