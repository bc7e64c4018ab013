//! Where sema's stages report what is wrong.

use std::collections::BTreeSet;

use crate::definition::wording::{Cure, Wording};
use crate::diagnostic::{Code, Diagnostic};
use crate::name;
use crate::source::Span;

/// Collects diagnostics. A model that is used many times has each of its problems reported once.
pub(in crate::sema) struct Diagnostics {
    list: Vec<Diagnostic>,
    seen: BTreeSet<(Code, Span)>,
    /// How many more misspelt names are compared with all others.
    suggestions: u32,
    wording: Wording,
}

impl Diagnostics {
    /// A suggestion costs a comparison with every name in sight, so that hostile files get a few only.
    const MAX_SUGGESTIONS: u32 = 20;

    pub(in crate::sema) fn new(wording: Wording) -> Self {
        Self { list: Vec::new(), seen: BTreeSet::new(), suggestions: Self::MAX_SUGGESTIONS, wording }
    }

    /// What cures a fault, in the words of the model's format.
    pub(in crate::sema) fn cure(&self, cure: Cure) -> &'static str {
        (self.wording.0)(cure)
    }

    /// Adds a problem unless the same one has been reported at the same place.
    pub(in crate::sema) fn report(&mut self, diagnostic: Diagnostic) {
        let is_new = diagnostic.span.is_none_or(|span| self.seen.insert((diagnostic.code, span)));
        if is_new {
            self.list.push(diagnostic);
        }
    }

    /// Adds a problem even where one of its code has been reported at the same place.
    pub(in crate::sema) fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// How many problems there are so far.
    pub(in crate::sema) fn count(&self) -> usize {
        self.list.len()
    }

    /// What a misspelt name may have meant, as a hint.
    pub(in crate::sema) fn suggest<'n>(
        &mut self,
        written: &str,
        candidates: impl IntoIterator<Item = &'n str>,
    ) -> Option<String> {
        self.suggestions = self.suggestions.checked_sub(1)?;
        let meant = name::suggest(written, candidates)?;
        Some(format!("did you mean `{}`?", name::display(meant)))
    }

    /// Everything that was reported, in that order.
    pub(in crate::sema) fn into_list(self) -> Vec<Diagnostic> {
        self.list
    }
}

/// `1 subscript`, `2 subscripts`.
pub(in crate::sema) fn count_subscripts(n: usize) -> String {
    if n == 1 { "1 subscript".to_owned() } else { format!("{n} subscripts") }
}

/// `no arguments`, `1 argument`, `2 arguments`.
pub(in crate::sema) fn count_arguments(n: usize) -> String {
    match n {
        0 => "no arguments".to_owned(),
        1 => "1 argument".to_owned(),
        _ => format!("{n} arguments"),
    }
}
