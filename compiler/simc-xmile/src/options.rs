//! `<options>` of a header: what the model is said to use.
//!
//! What a model uses shows in the model, and the list changes nothing; but a list that contradicts its own file is a mistake of the
//! one or of the other. Most files hold no list or an empty one, which says nothing.

use roxmltree::Node;

use crate::code;
use crate::reader::Reader;
use simc_model::definition::Definition;
use simc_model::diagnostic::Diagnostic;
use simc_model::source::Span;

/// What a list may say of a model (XMILE 1.0, section 2.2.1).
#[derive(Clone, Copy)]
struct Use {
    /// The element's name; a final s makes no difference, since the specification is of two minds about it.
    tag: &'static str,
    /// The elements that show the use of it.
    shown_by: &'static [&'static str],
    /// Attributes that say `true` or `false` of a part of it, with the elements that show the use of that part.
    parts: &'static [(&'static str, &'static [&'static str])],
}

/// Everything that is compared.
const USES: [Use; 6] = [
    Use {
        tag: "uses_conveyor",
        shown_by: &["conveyor"],
        parts: &[("arrest", &["arrest"]), ("leak", &["leak", "leak_fraction"])],
    },
    Use { tag: "uses_queue", shown_by: &["queue"], parts: &[("overflow", &["overflow"])] },
    Use { tag: ARRAYS, shown_by: &["dimensions"], parts: &[] },
    Use { tag: "uses_submodels", shown_by: &["module"], parts: &[] },
    Use { tag: "uses_macros", shown_by: &["macro"], parts: &[] },
    Use { tag: "uses_event_posters", shown_by: &["event_poster"], parts: &[] },
];

const ARRAYS: &str = "uses_arrays";

impl Reader<'_> {
    /// Reads `invalid_index_value` of `<uses_arrays>`, and warns of what a list contradicts.
    pub(crate) fn options(&mut self, node: Node<'_, '_>, file: &mut Definition) {
        let listed: Vec<Node<'_, '_>> = Self::elements(node).collect();
        let find = |used: &Use| listed.iter().copied().find(|child| used.is(child.tag_name().name()));
        if !USES.iter().any(|used| find(used).is_some()) {
            return;
        }
        let entities: Vec<Node<'_, '_>> = entities(node.document().root_element()).collect();
        for used in USES {
            match find(&used) {
                None => self.check_unlisted(node, &entities, used),
                Some(child) => self.check_parts(child, &entities, used),
            }
            if let Some(arrays) = find(&used).filter(|_| used.tag == ARRAYS) {
                self.invalid_index(arrays, file);
                self.check_dimensions(arrays, &entities);
            }
        }
    }

    fn invalid_index(&mut self, node: Node<'_, '_>, file: &mut Definition) {
        let Some(written) = self.attribute_value(node, "invalid_index_value") else { return };
        match written.trimmed().0.to_ascii_lowercase().as_str() {
            "0" => file.invalid_index = 0.0,
            "nan" => file.invalid_index = f64::NAN,
            _ => {
                let message = "`invalid_index_value` is neither 0 nor NaN";
                let error = Diagnostic::error(code::BAD_VALUE, written.whole(), message);
                self.report(error.with_hint("write `0` or `NaN`"));
            }
        }
    }

    /// Warns of a use that the list leaves out.
    fn check_unlisted(&mut self, list: Node<'_, '_>, entities: &[Node<'_, '_>], used: Use) {
        let Some(user) = find_user(entities, used.shown_by) else { return };
        let message = format!("the options list what the model uses, and leave out <{}>", used.tag);
        self.contradiction(self.start_span(list), message, user, format!("uses <{}>", used.shown_by[0]));
    }

    /// Warns of a part that the list says is not used.
    fn check_parts(&mut self, listed: Node<'_, '_>, entities: &[Node<'_, '_>], used: Use) {
        for (part, shown_by) in used.parts {
            let Some(written) = self.attribute_value(listed, part) else { continue };
            let Some(user) = find_user(entities, shown_by).filter(|_| written.trimmed().0 == "false") else { continue };
            let message = format!("the options say that the model does not use <{}>", shown_by[0]);
            self.contradiction(written.whole(), message, user, "uses it".to_owned());
        }
    }

    /// Warns of the variable with most dimensions, when these are more than the list says there are.
    fn check_dimensions(&mut self, listed: Node<'_, '_>, entities: &[Node<'_, '_>]) {
        let Some(written) = self.attribute_value(listed, "maximum_dimensions") else { return };
        let Ok(most) = written.trimmed().0.parse::<usize>() else {
            let error = Diagnostic::error(code::BAD_NUMBER, written.whole(), "`maximum_dimensions` is no whole number");
            return self.report(error.with_hint("write the greatest number of dimensions that a variable has"));
        };
        let count = |entity: &Node<'_, '_>| {
            let dims = Self::elements(*entity).filter(|child| child.tag_name().name() == "dimensions");
            dims.flat_map(Self::elements).filter(|child| child.tag_name().name() == "dim").count()
        };
        let user = entities.iter().copied().map(|entity| (count(&entity), entity)).filter(|(n, _)| *n > most);
        // The first of those that have most.
        let Some((n, user)) = user.reduce(|best, next| if next.0 > best.0 { next } else { best }) else { return };
        let message = format!("the options say that no variable has more dimensions than {most}");
        self.contradiction(written.whole(), message, user, format!("has {n}"));
    }

    fn contradiction(&mut self, place: Span, message: String, user: Node<'_, '_>, does: String) {
        let warning = Diagnostic::warning(code::OPTIONS, place, message).with_place(self.start_span(user), does);
        self.report(warning.with_hint("correct the list, or remove it: nothing else depends on it"));
    }
}

impl Use {
    fn is(&self, tag: &str) -> bool {
        tag.trim_end_matches('s') == self.tag.trim_end_matches('s')
    }
}

/// Variables and modules of all models of a file, and its macros with theirs.
fn entities<'d, 'i>(root: Node<'d, 'i>) -> impl Iterator<Item = Node<'d, 'i>> {
    const ENTITIES: [&str; 5] = ["stock", "flow", "aux", "gf", "module"];
    let tag = |node: &Node<'d, 'i>| node.tag_name().name();
    let holders = Reader::elements(root).filter(move |node| matches!(tag(node), "model" | "macro"));
    holders.flat_map(move |holder| {
        let itself = std::iter::once(holder).filter(move |holder| tag(holder) == "macro");
        let within = Reader::elements(holder).flat_map(move |child| {
            let nested = Reader::elements(child).filter(move |_| tag(&child) == "variables");
            std::iter::once(child).chain(nested).filter(move |node| ENTITIES.contains(&tag(node)))
        });
        itself.chain(within)
    })
}

/// The first entity that is, or holds, an element of one of these names.
fn find_user<'d, 'i>(entities: &[Node<'d, 'i>], tags: &[&str]) -> Option<Node<'d, 'i>> {
    let has = |node: Node<'_, '_>| tags.contains(&node.tag_name().name());
    let is_user = |entity: &Node<'_, '_>| {
        // The variables of a macro are among the entities.
        let is_macro = entity.tag_name().name() == "macro";
        has(*entity) || !is_macro && entity.descendants().any(has)
    };
    entities.iter().copied().find(is_user)
}
