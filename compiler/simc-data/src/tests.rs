//! Every format as its programs write it, and everything that can be wrong with it.

use std::io::{Cursor, Write};

use super::{Cell, Fault, Orientation, Sheet, bounds, column_name, read};

mod hostile;
mod texts;
mod workbooks;

fn sheet(bytes: &[u8]) -> Sheet {
    read(bytes, None).expect("it can be read")
}

fn fault(bytes: &[u8]) -> Fault {
    read(bytes, None).expect_err("it is refused")
}

/// The numbers of a sheet's first rows and columns; NaN where there is none.
fn numbers<const ROWS: usize, const COLUMNS: usize>(sheet: &Sheet) -> [[f64; COLUMNS]; ROWS] {
    std::array::from_fn(|row| {
        std::array::from_fn(|column| match sheet.cell(row as u32, column as u32) {
            Some(Cell::Number(number)) => *number,
            Some(Cell::Text(_) | Cell::Error(_) | Cell::Date | Cell::Uncomputed) | None => f64::NAN,
        })
    })
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

/// An archive of some files.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, contents) in files {
        archive.start_file(*name, options).expect("memory takes it");
        archive.write_all(contents).expect("memory takes it");
    }
    archive.finish().expect("memory takes it").into_inner()
}

/// A workbook of worksheets, each with what is in its `<sheetData>`.
fn xlsx(sheets: &[(&str, &str)]) -> Vec<u8> {
    xlsx_with(sheets, "")
}

/// The same, with more elements in the workbook after its sheets.
fn xlsx_with(sheets: &[(&str, &str)], more: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let numbered = || (1..).zip(sheets);
    let listed: String =
        numbered().map(|(n, (name, _))| format!("<sheet name=\"{name}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>")).collect();
    let relations: String = numbered()
        .map(|(n, _)| {
            format!("<Relationship Id=\"rId{n}\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>")
        })
        .collect();
    let book = format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>{listed}</sheets>{more}</workbook>");
    let relations = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relations}</Relationships>"
    );
    let parts: Vec<(String, String)> = numbered()
        .map(|(n, (_, data))| {
            let part = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{data}</sheetData></worksheet>");
            (format!("xl/worksheets/sheet{n}.xml"), part)
        })
        .collect();
    let root = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let mut files = vec![
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
    ];
    files.extend(parts.iter().map(|(name, part)| (name.as_str(), part.as_bytes())));
    archive(&files)
}

#[test]
fn columns_have_the_letters_of_a_spreadsheet() {
    let names: Vec<String> = [0, 25, 26, 701, 702, 16383].map(column_name).into();
    assert_eq!(names, ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
}

#[test]
fn lines_run_either_way_and_leave_out_what_is_empty() {
    let sheet = sheet(b"\na,,b\n1,,2\n\n,x,3\n");
    let down = sheet.lines(Orientation::Vertical);
    let headings: Vec<_> = down.iter().map(|line| line.heading.cloned()).collect();
    assert_eq!(headings, [Some(text("a")), None, Some(text("b"))]);
    assert_eq!(down[2].cells, [(1, &Cell::Number(2.0)), (3, &Cell::Number(3.0))]);
    assert_eq!(sheet.show_place(down[2].place_of(3, Orientation::Vertical)), "row 5, column 3");
    let across = sheet.lines(Orientation::Horizontal);
    assert_eq!(across[0].cells, [(2, &text("b"))]);
    assert_eq!(across[2].heading, None);
    assert_eq!(sheet.show_place(across[0].place_of(2, Orientation::Horizontal)), "row 2, column 3");
    assert!(read(b" \n", None).expect("a text").lines(Orientation::Vertical).is_empty());
}
