//! CSV in its dialects.

use super::*;

#[test]
fn separators_are_told_by_the_first_line() {
    for text in ["a,b\n1.5,-2e3\n", "a;b\r\n1.5;-2e3\r\n", "a\tb\n1.5\t-2e3", "sep=|\r\na|b\n1.5|-2e3\n"] {
        let sheet = sheet(text.as_bytes());
        let at = u32::from(text.starts_with("sep"));
        assert_eq!(sheet.cell(at, 1), Some(&super::text("b")), "{text}");
        assert_eq!(sheet.cell(at + 1, 0), Some(&Cell::Number(1.5)), "{text}");
        assert_eq!(sheet.cell(at + 1, 1), Some(&Cell::Number(-2000.0)), "{text}");
    }
}

#[test]
fn commas_of_subscripts_separate_no_cells_of_other_separators() {
    let sheet = sheet(b"\"a[x,y]\";b[x,y,z]\n1;2\n");
    assert_eq!(sheet.cell(0, 0), Some(&text("a[x,y]")));
    assert_eq!(sheet.cell(0, 1), Some(&text("b[x,y,z]")));
}

#[test]
fn decimals_may_stand_behind_a_comma_where_it_does_not_separate() {
    assert_eq!(numbers::<3, 2>(&sheet(b"a;b\n1,5;2\n-,25;1,5E+2\n"))[1..], [[1.5, 2.0], [-0.25, 150.0]][..]);
    let [[_], [quoted]] = numbers(&sheet(b"a\n\"1,5\"\n"));
    assert!(f64::is_nan(quoted), "in a file with commas it is no number");
    assert!(fault(b"a;b\n1,5;2.5\n").message.contains("a decimal point and others with a decimal comma"));
}

#[test]
fn only_plain_numbers_are_numbers() {
    for cell in ["inf", "nan", "1 000", "5%", "$3", "1_0", "0x10", "--1", "e", "-", "TRUE", "1e", "1.2.3"] {
        assert_eq!(sheet(format!("a\n{cell}\n").as_bytes()).cell(1, 0), Some(&text(cell)), "{cell}");
    }
    assert_eq!(sheet(b"a\n1e999\n").cell(1, 0), Some(&Cell::Number(f64::INFINITY)));
    for error in ["#N/A", "#DIV/0!", "#NAME?"] {
        assert_eq!(sheet(format!("a\n{error}\n").as_bytes()).cell(1, 0), Some(&Cell::Error(error.to_owned())));
    }
}

#[test]
fn rows_are_counted_as_an_editor_counts_lines() {
    let sheet = sheet(b"a,\"two\nlines\"\n\n1,2\n");
    assert_eq!(sheet.cell(0, 1), Some(&text("two\nlines")));
    assert_eq!(sheet.cell(3, 0), Some(&Cell::Number(1.0)));
    let old = super::sheet(b"a\r1\r2\r");
    assert_eq!((old.cell(1, 0), old.cell(2, 0)), (Some(&Cell::Number(1.0)), Some(&Cell::Number(2.0))));
}

#[test]
fn encodings_are_those_that_a_mark_announces_or_utf_8() {
    let units = |from: fn(u16) -> [u8; 2]| -> Vec<u8> { "\u{feff}é,b\n1,2".encode_utf16().flat_map(from).collect() };
    for bytes in [units(u16::to_le_bytes), units(u16::to_be_bytes), "\u{feff}é,b\n1,2".as_bytes().to_vec()] {
        assert_eq!(sheet(&bytes).cell(0, 0), Some(&text("é")));
        assert_eq!(sheet(&bytes).cell(1, 1), Some(&Cell::Number(2.0)));
    }
    assert_eq!(fault(b"a,b\n1,\xe9\n").message, "is not in UTF-8: line 2 holds bytes of another encoding");
    assert_eq!(fault(b"a\x00,\x00b\x00").message, "is no text: line 1 holds a zero byte");
    assert!(fault(b"\xff\xfea").message.contains("UTF-16"));
}

#[test]
fn a_text_without_cells_is_empty() {
    for bytes in [&b""[..], b"\n\n", b",,\n", b"\xef\xbb\xbf"] {
        assert!(sheet(bytes).is_empty(), "{bytes:?}");
    }
}

#[test]
fn xml_spreadsheets_are_read() {
    let table = "<Row ss:Index=\"2\"><Cell><Data ss:Type=\"String\">Time</Data></Cell>\
        <Cell ss:Index=\"3\"><Data ss:Type=\"String\">Births</Data></Cell></Row>\
        <Row><Cell><Data ss:Type=\"Number\">1</Data></Cell><Cell ss:Formula=\"=1+1\"/>\
        <Cell><Data ss:Type=\"DateTime\">2020-01-01</Data></Cell></Row>";
    let book = |name: &str, table: &str| {
        format!(
            "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" \
             xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet ss:Name=\"{name}\">\
             <Table>{table}</Table></Worksheet></Workbook>"
        )
    };
    let sheet = read(book("Rates", table).as_bytes(), Some("rates")).expect("it is read");
    assert_eq!(sheet.cell(1, 2), Some(&text("Births")));
    assert_eq!(sheet.cell(2, 0), Some(&Cell::Number(1.0)));
    assert_eq!(sheet.cell(2, 1), Some(&Cell::Uncomputed));
    assert_eq!(sheet.cell(2, 2), Some(&Cell::Date));
    assert!(fault(b"<html/>").message.contains("its root is <html>"));
    assert!(fault("<a>".repeat(100_000).as_bytes()).message.contains("deeper"));
    assert!(fault(book("a", "<Row ss:Index=\"0\"/>").as_bytes()).message.contains("a number that no spreadsheet has"));
}

#[test]
fn files_that_are_too_large_are_refused() {
    assert_eq!(fault(&vec![b'1'; bounds::MAX_BYTES + 1]).message, "is larger than 64 MiB");
    assert_eq!(fault("1,".repeat(bounds::MAX_CELLS + 1).as_bytes()).message, "has more than 2097152 cells");
}

#[test]
fn binary_workbooks_are_refused_by_name() {
    for magic in super::super::WORKBOOKS {
        assert_eq!(fault(magic).message, "is a binary workbook, which is not read");
    }
}
