//! Files that are made to do harm: refused in words, in bounded time and memory.

use super::*;

#[test]
fn an_archive_that_unpacks_to_too_much_is_refused() {
    let zeros = vec![b' '; bounds::MAX_UNPACKED as usize + 1];
    let bomb = archive(&[("xl/workbook.xml", b""), ("xl/worksheets/sheet1.xml", &zeros)]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(fault(&bomb).message, "unpacks to more than 128 MiB");
}

#[test]
fn cells_far_apart_take_no_memory_between_them() {
    let sheet = sheet(&xlsx(&[(
        "a",
        "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row>",
    )]));
    assert_eq!(sheet.cell(1_048_575, 16_383), Some(&Cell::Number(2.0)));
    assert_eq!(sheet.lines(Orientation::Vertical).len(), 2);
}

#[test]
fn numbers_of_shared_formulas_are_bounded() {
    let cell = "<row r=\"1\"><c r=\"A1\"><f t=\"shared\" ref=\"A1\" si = '99999999999'>1</f></c></row>";
    assert!(fault(&xlsx(&[("a", cell)])).message.contains("shared formula"));
}

#[test]
fn files_that_are_too_large_are_refused() {
    assert_eq!(fault(&vec![b'1'; bounds::MAX_BYTES + 1]).message, "is larger than 64 MiB");
    assert_eq!(fault("1,".repeat(bounds::MAX_CELLS + 1).as_bytes()).message, "has more than 2097152 cells");
}

#[test]
fn a_sheet_of_the_older_format_that_spreads_too_far_is_refused() {
    let mut book = include_bytes!("small.xls").to_vec();
    // The record of the number 8 in cell A6: type, length, row, column.
    let record: Vec<u8> = [0x027e_u16, 10, 5, 0].iter().flat_map(|word| word.to_le_bytes()).collect();
    let at = book.windows(record.len()).position(|window| window == record).expect("the cell is there");
    book[at + 4..at + 8].fill(0xff);
    assert_eq!(fault(&book).message, "has more than 2097152 cells");
}

#[test]
fn damaged_files_are_faults_and_never_a_panic() {
    let books = [include_bytes!("small.xls").to_vec(), xlsx(&[("a", "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>")])];
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let mut seed = 1_u64;
    for book in books {
        for _ in 0..600 {
            let mut damaged = book.clone();
            for _ in 0..4 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = (seed >> 20) as usize % damaged.len();
                damaged[at] = (seed >> 8) as u8;
            }
            let _ = read(&damaged, None);
            let _ = read(&damaged[..(seed >> 24) as usize % damaged.len()], Some("a"));
        }
    }
    std::panic::set_hook(quiet);
}
