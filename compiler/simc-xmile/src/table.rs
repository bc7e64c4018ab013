//! `<gf>`: graphical functions.

use roxmltree::Node;

use crate::code;
use crate::reader::Reader;
use crate::vocabulary::Place;
use simc_model::definition::TableDef;
use simc_model::diagnostic::Diagnostic;
use simc_model::model::TableKind;
use simc_model::source::Span;

impl Reader<'_> {
    /// Reads a `<gf>`. There is no table when anything about its points is wrong; that has been reported then.
    pub(crate) fn table(&mut self, node: Node<'_, '_>) -> Option<TableDef> {
        let before = self.n_errors();
        let kind = self.table_kind(node);
        let (mut scale, mut xs, mut ys) = (None, None, None);
        let is_arrayed = Self::elements(node).any(|child| child.tag_name().name() == "dimensions");
        for child in Self::elements(node) {
            match child.tag_name().name() {
                "xscale" => {
                    if self.once(child, &scale) {
                        scale = self.scale(child);
                    }
                }
                "xpts" => {
                    if self.once(child, &xs) {
                        xs = self.numbers(child).and_then(|xs| self.check_order(xs));
                    }
                }
                "ypts" => {
                    if self.once(child, &ys) {
                        ys = self.numbers(child).map(without_places);
                    }
                }
                // Of a variable of its own.
                "dimensions" | "element" if is_arrayed && Self::attribute(node, "name").is_some() => {}
                _ => self.leave(child, Place::Table),
            }
        }
        if self.n_errors() > before {
            return None;
        }
        if let (Some(points), Some((least, greatest))) = (&xs, scale) {
            let ends = points.first().copied().zip(points.last().copied());
            if ends.is_some_and(|ends| ends != (least, greatest)) {
                let message = "the <xscale> of the graphical function is not the range of its <xpts>";
                let warning = Diagnostic::warning(code::BAD_TABLE, self.start_span(node), message);
                self.report(warning.with_hint("the points count; the scale is that of the axis"));
            }
            // Points are exact, a scale beside them is that of the axis.
            scale = None;
        }
        let table = TableDef { kind, x_scale: scale, xs, ys: ys.unwrap_or_default(), span: self.span(node) };
        self.check_table(node, &table).then_some(table)
    }

    /// Checks that there is exactly one x for every y.
    fn check_table(&mut self, node: Node<'_, '_>, table: &TableDef) -> bool {
        let n_ys = table.ys.len();
        let (message, hint) = match (&table.xs, table.x_scale) {
            _ if n_ys == 0 => ("the graphical function has no <ypts>".to_owned(), "give a y for every x in <ypts>"),
            (None, None) => (
                "the graphical function has neither <xscale> nor <xpts>".to_owned(),
                "give <xscale min=\"...\" max=\"...\"/> for evenly spaced points, or <xpts>",
            ),
            (Some(xs), _) if xs.len() != n_ys => {
                (format!("<xpts> has {} points but <ypts> has {n_ys}", xs.len()), "give as many x as y")
            }
            (None, Some((least, greatest))) if least > greatest || (least == greatest && n_ys > 1) => {
                (format!("<xscale> runs from {least:?} to {greatest:?}"), "`min` is to be less than `max`")
            }
            (Some(_), _) | (None, Some(_)) => return true,
        };
        let place = self.start_span(node);
        self.report(Diagnostic::error(code::BAD_TABLE, place, message).with_hint(hint));
        false
    }

    /// Checks that no x is below the one before it.
    fn check_order(&mut self, xs: Vec<(f64, Span)>) -> Option<Vec<f64>> {
        let falls = xs.iter().zip(&xs[1..]).zip(2..).find(|(((x, _), (next, _)), _)| next < x);
        if let Some((((x, before), (next, place)), n)) = falls {
            let table = self.variable_name().map_or("a graphical function".to_owned(), |name| format!("`{name}`"));
            let message =
                format!("the x of {table} do not ascend: point {n} is at {next:?}, the one before it at {x:?}");
            let error = Diagnostic::error(code::BAD_TABLE, *place, message)
                .with_label("less than the x before it")
                .with_place(*before, "the x before it")
                .with_hint("sort the points by x, each with its y; equal x make a jump");
            self.report(error);
            return None;
        }
        Some(without_places(xs))
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

fn without_places(numbers: Vec<(f64, Span)>) -> Vec<f64> {
    numbers.into_iter().map(|(number, _)| number).collect()
}
