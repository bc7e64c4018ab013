//! `<data>`: tables that a model takes values from.

use roxmltree::Node;

use crate::code;
use crate::reader::Reader;
use simc_model::data::Orientation;
use simc_model::definition::{Definition, ImportDef, Name};
use simc_model::diagnostic::Diagnostic;

/// Formats of files. What a file is, its content says: the attribute is only looked at for being one of these.
const TYPES: [(&str, ()); 3] = [("csv", ()), ("excel", ()), ("xml", ())];

impl Reader<'_> {
    /// Reads the imports: those that are switched on, and of others the files. Exports are what whoever runs the model does with its
    /// results.
    pub(crate) fn data(&mut self, node: Node<'_, '_>, file: &mut Definition) {
        for import in Self::elements(node).filter(|child| child.tag_name().name() == "import") {
            let made = self.import(import);
            if made.is_none()
                && let Some(written) = self.attribute_value(import, "resource")
            {
                let (text, span) = written.trimmed();
                file.idle_imports.push(Name { text: text.to_owned(), span });
            }
            file.imports.extend(made);
        }
    }

    fn import(&mut self, node: Node<'_, '_>) -> Option<ImportDef> {
        if self.flag(node, "enabled") == Some(false) {
            return None;
        }
        let is_on_demand = self.choice(node, "frequency", &[("automatic", false), ("on_demand", true)]) == Some(true);
        let is_horizontal =
            self.choice(node, "orientation", &[("vertical", false), ("horizontal", true)]) == Some(true);
        self.choice(node, "type", &TYPES);
        let Some(written) = self.attribute_value(node, "resource") else {
            let message = format!("<{}> does not say from where", self.tag(node));
            let error = Diagnostic::error(code::MISSING_PART, self.start_span(node), message);
            self.report(error.with_hint("give it an attribute `resource=\"FILE\"`"));
            return None;
        };
        let (text, span) = written.trimmed();
        let resource = Name { text: text.to_owned(), span };
        if is_on_demand {
            let message = format!("`{}` is imported on demand: equations keep the values of the last import", text);
            let warning = Diagnostic::warning(code::DATA_ON_DEMAND, self.start_span(node), message);
            self.report(warning.with_hint(
                "to take the values in the file, compile with `--data FILE`, or set the frequency to automatic",
            ));
            return None;
        }
        Some(ImportDef {
            resource,
            worksheet: self
                .attribute_value(node, "worksheet")
                .map(|name| name.trimmed().0.to_owned())
                .filter(|name| !name.is_empty()),
            orientation: if is_horizontal { Orientation::Horizontal } else { Orientation::Vertical },
            is_series: self.flag(node, "timevarying"),
            is_direct: self.flag(node, "overwrite").unwrap_or(false),
            whole: 0,
        })
    }
}
