//! `<gf>`: graphical functions.

use roxmltree::Node;

use super::reader::Reader;
use super::vocabulary::Place;
use crate::ast::TableDef;
use crate::diagnostic::{Diagnostic, code};
use crate::model::TableKind;

impl Reader<'_> {
    /// Reads a `<gf>`. There is no table when anything about its points is wrong; that has been reported then.
    pub(super) fn table(&mut self, node: Node<'_, '_>) -> Option<TableDef> {
        let before = self.n_errors();
        let kind = self.table_kind(node);
        let (mut scale, mut xs, mut ys) = (None, None, None);
        for child in Self::elements(node) {
            match child.tag_name().name() {
                "xscale" => {
                    if self.once(child, &scale) {
                        scale = self.scale(child);
                    }
                }
                "xpts" => {
                    if self.once(child, &xs) {
                        xs = self.numbers(child);
                    }
                }
                "ypts" => {
                    if self.once(child, &ys) {
                        ys = self.numbers(child);
                    }
                }
                _ => self.leave(child, Place::Table),
            }
        }
        if self.n_errors() > before {
            return None;
        }
        let table = TableDef { kind, x_scale: scale, xs, ys: ys.unwrap_or_default(), span: self.span(node) };
        self.check_table(node, &table).then_some(table)
    }

    /// Checks that there is exactly one x for every y.
    fn check_table(&mut self, node: Node<'_, '_>, table: &TableDef) -> bool {
        let n_ys = table.ys.len();
        let (message, hint) = match (&table.xs, table.x_scale) {
            _ if n_ys == 0 => ("the graphical function has no <ypts>".to_owned(), "give a y for every x in <ypts>"),
            (Some(_), Some(_)) => {
                ("the graphical function has both <xscale> and <xpts>".to_owned(), "remove one of them")
            }
            (None, None) => (
                "the graphical function has neither <xscale> nor <xpts>".to_owned(),
                "give <xscale min=\"...\" max=\"...\"/> for evenly spaced points, or <xpts>",
            ),
            (Some(xs), None) if xs.len() != n_ys => {
                (format!("<xpts> has {} points but <ypts> has {n_ys}", xs.len()), "give as many x as y")
            }
            (None, Some((least, greatest))) if least > greatest || (least == greatest && n_ys > 1) => {
                (format!("<xscale> runs from {least:?} to {greatest:?}"), "`min` is to be less than `max`")
            }
            (Some(_), None) | (None, Some(_)) => return true,
        };
        let place = self.start_span(node);
        self.report(Diagnostic::error(code::BAD_TABLE, place, message).with_hint(hint));
        false
    }

    /// `min` and `max`.
    fn scale(&mut self, node: Node<'_, '_>) -> Option<(f64, f64)> {
        let least = self.number_attribute(node, "min");
        let greatest = self.number_attribute(node, "max");
        least.zip(greatest)
    }

    /// `type`, or the `discrete` of older files.
    fn table_kind(&mut self, node: Node<'_, '_>) -> TableKind {
        let discrete = self.flag(node, "discrete").unwrap_or(false);
        let Some(written) = self.attribute_value(node, "type") else {
            return if discrete { TableKind::Discrete } else { TableKind::Continuous };
        };
        match written.trimmed().0.to_ascii_lowercase().as_str() {
            "continuous" => TableKind::Continuous,
            "extrapolate" => TableKind::Extrapolate,
            "discrete" => TableKind::Discrete,
            _ => {
                let message = format!("`{}` is no type of graphical function", written.trimmed().0);
                let error = Diagnostic::error(code::BAD_VALUE, written.whole(), message);
                self.report(error.with_hint("the types are continuous, extrapolate and discrete"));
                TableKind::Continuous
            }
        }
    }
}
