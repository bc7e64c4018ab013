//! Lines and columns of a text, found in logarithmic time: a file of one enormous line with a million faults in it is
//! reported as quickly as any other.

use crate::source::place::LineColumn;

/// Bytes between two counts of characters.
const BLOCK: usize = 512;

/// Where the lines of a text begin, and how many characters are before each of its blocks.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    /// The first byte of each line but the first.
    starts: Vec<u32>,
    /// How many characters begin before byte `BLOCK`, `2*BLOCK`, ...
    characters: Vec<u32>,
}

impl Lines {
    /// The lines of a text.
    pub(super) fn new(text: &str) -> Self {
        let starts = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| count(at + 1)).collect();
        let mut characters = Vec::new();
        let mut before = 0;
        for block in text.as_bytes().chunks_exact(BLOCK) {
            before += characters_in(block);
            characters.push(before);
        }
        Self { starts, characters }
    }

    /// The line and column of a byte of the text that these are the lines of.
    pub(super) fn place(&self, text: &str, at: usize) -> LineColumn {
        let mut at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let line = self.starts.partition_point(|&start| start as usize <= at);
        let start = line.checked_sub(1).map_or(0, |index| self.starts[index] as usize);
        let column = self.characters_before(text, at) - self.characters_before(text, start);
        LineColumn { line: count(line) + 1, column: column + 1 }
    }

    /// How many characters begin before a byte.
    fn characters_before(&self, text: &str, at: usize) -> u32 {
        let block = at / BLOCK;
        let before = block.checked_sub(1).map_or(0, |index| self.characters[index]);
        before + characters_in(&text.as_bytes()[block * BLOCK..at])
    }
}

/// How many characters begin in some bytes of a text.
fn characters_in(bytes: &[u8]) -> u32 {
    count(bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count())
}

/// A count of bytes or lines; one of a text that is too large for places in it is as good as the greatest.
fn count(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, at: usize) -> (u32, u32) {
        let LineColumn { line, column } = Lines::new(text).place(text, at);
        (line, column)
    }

    #[test]
    fn counts_lines_and_characters_from_one() {
        let text = "ab\ncé√d\n\nx";
        let places: Vec<(u32, u32)> = text.char_indices().map(|(at, _)| place(text, at)).collect();
        assert_eq!(places, [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (2, 4), (2, 5), (3, 1), (4, 1)]);
        assert_eq!(place(text, text.len()), (4, 2));
    }

    #[test]
    fn a_place_within_a_character_or_behind_the_text_is_moved_back() {
        assert_eq!(place("é", 1), (1, 1));
        assert_eq!(place("ab", 99), (1, 3));
        assert_eq!(place("", 0), (1, 1));
    }

    #[test]
    fn blocks_do_not_show() {
        let text = format!("{}\n{}", "é".repeat(BLOCK), "√x".repeat(BLOCK));
        let lines = Lines::new(&text);
        for (n, (at, _)) in text.char_indices().enumerate() {
            let (line, column) = if n <= BLOCK { (1, count(n) + 1) } else { (2, count(n - BLOCK)) };
            assert_eq!(lines.place(&text, at), LineColumn { line, column }, "byte {at}");
        }
    }

    #[test]
    fn many_places_in_one_long_line_are_found_quickly() {
        let text = "x".repeat(10_000_000);
        let lines = Lines::new(&text);
        let total: u64 = (0..10_000).map(|n| u64::from(lines.place(&text, n * 1_000).column)).sum();
        assert_eq!(total, (0..10_000u64).map(|n| n * 1_000 + 1).sum());
    }
}
