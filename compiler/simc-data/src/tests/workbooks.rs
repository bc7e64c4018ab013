//! Excel's workbooks.

use super::*;
use crate::{Area, NamedArea, read_names, read_separated};

const RATES: &str = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Time</t></is></c>\
    <c r=\"B1\" t=\"inlineStr\"><is><t>Births</t></is></c></row>\
    <row r=\"2\"><c r=\"A2\"><v>0</v></c><c r=\"B2\"><f>1+1</f><v>2</v></c></row>\
    <row r=\"3\"><c r=\"A3\"><v>1</v></c><c r=\"B3\"><f>B2+1</f></c><c r=\"C3\" t=\"e\"><v>#N/A</v></c></row>";

#[test]
fn a_worksheet_gives_numbers_texts_errors_and_formulas_without_results() {
    let sheet = sheet(&xlsx(&[("Rates", RATES), ("Other", "")]));
    assert_eq!(sheet.cell(0, 1), Some(&text("Births")));
    assert_eq!(sheet.cell(1, 1), Some(&Cell::Number(2.0)));
    assert_eq!(sheet.cell(2, 1), Some(&Cell::Uncomputed));
    assert_eq!(sheet.cell(2, 2), Some(&Cell::Error("#N/A".to_owned())));
    assert_eq!(sheet.show_place((2, 1)), "cell B3");
}

#[test]
fn the_worksheet_is_the_named_one_or_the_first() {
    let book = xlsx(&[("First", ""), ("Second", "<row r=\"1\"><c r=\"A1\"><v>7</v></c></row>")]);
    assert!(sheet(&book).is_empty());
    assert_eq!(read(&book, Some(" second ")).expect("it is there").cell(0, 0), Some(&Cell::Number(7.0)));
    let missing = read(&book, Some("Third")).expect_err("it is not there");
    assert_eq!(missing.message, "has no worksheet `Third`");
    assert_eq!(missing.hint, "its worksheets are `First`, `Second`");
}

#[test]
fn the_older_format_is_read() {
    let book = include_bytes!("small.xls");
    let sheet = sheet(book);
    assert_eq!(sheet.cell(0, 2), Some(&text("Note")));
    assert_eq!(numbers::<4, 2>(&sheet)[1..], [[0.0, 1.5], [1.0, 2.0], [4.0, 2.25]][..]);
    assert_eq!(read(book, Some("OTHER")).expect("it is there").cell(3, 2), Some(&Cell::Number(7.0)));
    assert_eq!(read(book, Some("x")).expect_err("it is not").hint, "its worksheets are `Rates`, `Other`");
}

#[test]
fn other_archives_and_formats_are_refused_by_name() {
    assert_eq!(fault(&archive(&[("content.xml", b"")])).message, "is an OpenDocument spreadsheet");
    assert_eq!(fault(&archive(&[("xl/workbook.bin", b"")])).message, "is a binary workbook (.xlsb)");
    assert_eq!(fault(&archive(&[("word/document.xml", b"")])).message, "is an archive, but no workbook");
}

#[test]
fn names_of_cells_are_read_and_other_names_left_out() {
    let names = "<definedNames><definedName name=\"rate\">Rates!$B$2</definedName>\
        <definedName name=\"times\">'Other one'!$A$2:$A$9</definedName><definedName name=\"sum\">SUM(1,2)</definedName></definedNames>";
    let found = read_names(&xlsx_with(&[("Rates", RATES), ("Other one", "")], names)).expect("a workbook");
    let area = |name: &str, worksheet: &str, first: (u32, u32), last: (u32, u32)| NamedArea {
        name: name.to_owned(),
        worksheet: worksheet.to_owned(),
        area: Area { first, last },
    };
    assert_eq!(found, [area("rate", "Rates", (1, 1), (1, 1)), area("times", "Other one", (1, 0), (8, 0))]);
    assert_eq!(read_names(b"a,b"), Ok(Vec::new()));
    assert!(read_names(b"PK\x03\x04 and no archive").is_err());
}

#[test]
fn a_known_separator_is_that_of_a_text_alone() {
    let semicolon = read_separated(b"a;b,c\n1;2", None, ';').expect("a text");
    assert_eq!((semicolon.cell(0, 1), semicolon.cell(1, 1)), (Some(&text("b,c")), Some(&Cell::Number(2.0))));
    let book = read_separated(&xlsx(&[("Rates", RATES)]), Some("rates"), ',').expect("a workbook");
    assert_eq!((book.cell(1, 1), book.n_cells()), (Some(&Cell::Number(2.0)), 7));
    assert!(read_separated(b"a", None, '"').is_err() && read_separated(b"a", None, 'ü').is_err());
}
