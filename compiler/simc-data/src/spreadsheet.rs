//! XML spreadsheets (Excel's "XML Spreadsheet 2003"): `<Workbook>` of `<Worksheet>`s of `<Table>`s of `<Row>`s of `<Cell>`s.

use roxmltree::{Document, Node, ParsingOptions};

use crate::Fault;
use crate::bounds::{self, MAX_CELLS};
use crate::number::{self, Mark};
use crate::sheet::{Cell, Kind, Sheet};
use crate::worksheet;

/// Elements, texts and comments of a file.
const NODE_LIMIT: u32 = 16 << 20;

/// How deep elements may nest: the reader of XML recurses.
const DEPTH_LIMIT: usize = 64;

/// Rows and columns of a sheet.
const MAX_POSITION: u32 = 1 << 20;

/// Reads a worksheet.
pub(crate) fn read(text: &str, worksheet: Option<&str>) -> Result<Sheet, Fault> {
    if depth(text) > DEPTH_LIMIT {
        return Err(broken("its elements nest deeper than those of any spreadsheet"));
    }
    let options = ParsingOptions { nodes_limit: NODE_LIMIT, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| broken(&error.to_string()))?;
    let root = document.root_element();
    if root.tag_name().name() != "Workbook" {
        return Err(broken(&format!("its root is <{}>, not <Workbook>", root.tag_name().name())));
    }
    let sheets: Vec<(&str, Node<'_, '_>)> =
        children(root, "Worksheet").map(|sheet| (attribute(sheet, "Name").unwrap_or(""), sheet)).collect();
    let names: Vec<&str> = sheets.iter().map(|(name, _)| *name).collect();
    let chosen = worksheet::choose(&names, worksheet)?;
    let sheet = sheets.iter().find(|(name, _)| *name == chosen).map(|(_, sheet)| *sheet);
    let rows = sheet.into_iter().flat_map(|sheet| children(sheet, "Table")).flat_map(|table| children(table, "Row"));
    let mut cells = Vec::new();
    let mut row_at = 0;
    for row in rows {
        row_at = position(row, row_at)?;
        let mut column_at = 0;
        for node in children(row, "Cell") {
            column_at = position(node, column_at)?;
            cells.extend(cell(node).map(|cell| ((row_at, column_at), cell)));
            column_at += 1;
        }
        row_at += 1;
        if cells.len() > MAX_CELLS {
            return Err(bounds::too_many_cells());
        }
    }
    Sheet::new(Kind::Workbook, cells)
}

/// What a `<Cell>` holds.
fn cell(node: Node<'_, '_>) -> Option<Cell> {
    let has_formula = attribute(node, "Formula").is_some();
    let Some(data) = children(node, "Data").next() else { return has_formula.then_some(Cell::Uncomputed) };
    let text: String = data.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect();
    let text = text.trim();
    Some(match attribute(data, "Type") {
        Some("DateTime") => Cell::Date,
        Some("Error") => Cell::Error(text.to_owned()),
        _ if text.is_empty() && has_formula => Cell::Uncomputed,
        _ if text.is_empty() => return None,
        Some("Boolean") => Cell::Text(if text == "0" { "FALSE" } else { "TRUE" }.to_owned()),
        _ => number::parse(text, Mark::Point).map_or_else(|| Cell::Text(text.to_owned()), Cell::Number),
    })
}

/// Where a row or a cell is: at its `Index`, counted from 1, or at the next place.
fn position(node: Node<'_, '_>, next: u32) -> Result<u32, Fault> {
    let at = match attribute(node, "Index") {
        None => next,
        Some(index) => index.trim().parse::<u32>().ok().and_then(|index| index.checked_sub(1)).unwrap_or(u32::MAX),
    };
    if at < MAX_POSITION { Ok(at) } else { Err(broken("a row or a cell has a number that no spreadsheet has")) }
}

fn children<'d, 'i>(node: Node<'d, 'i>, name: &'static str) -> impl Iterator<Item = Node<'d, 'i>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// An attribute by its name without prefix.
fn attribute<'d>(node: Node<'d, '_>, name: &str) -> Option<&'d str> {
    node.attributes().find(|attribute| attribute.name() == name).map(|attribute| attribute.value())
}

/// At most how deep elements nest: start tags that no end tag has closed.
fn depth(text: &str) -> usize {
    let (mut depth, mut most) = (0_usize, 0);
    for tag in text.split('<').skip(1) {
        if tag.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if !tag.starts_with(['!', '?']) && !tag.split('>').next().is_some_and(|tag| tag.ends_with('/')) {
            depth += 1;
            most = most.max(depth);
        }
    }
    most
}

fn broken(reason: &str) -> Fault {
    Fault::new(
        format!("is XML, but cannot be read as a spreadsheet: {reason}"),
        "save it as an XML Spreadsheet 2003 or as CSV in UTF-8",
    )
}
