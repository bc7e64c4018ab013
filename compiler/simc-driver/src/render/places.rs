//! Lines and columns of one text, found without reading it again for every question.

/// Bytes from one counted place to the next.
const STRIDE: usize = 4096;

/// An index over one text.
#[derive(Clone, Debug)]
pub(super) struct Places<'a> {
    text: &'a str,
    /// First byte of every line; a text is shorter than 4 GiB, as spans are.
    starts: Vec<u32>,
    /// How many characters begin before byte `k * STRIDE`.
    chars: Vec<usize>,
}

impl<'a> Places<'a> {
    /// Reads the text once.
    pub(super) fn new(text: &'a str) -> Self {
        let newlines = (1u32..).zip(text.bytes()).filter(|&(_, byte)| byte == b'\n').map(|(next, _)| next);
        let starts = std::iter::once(0).chain(newlines).collect();
        let mut total = 0;
        let chars = text
            .as_bytes()
            .chunks(STRIDE)
            .map(|chunk| {
                let before = total;
                total += count_chars(chunk);
                before
            })
            .collect();
        Self { text, starts, chars }
    }

    /// The line of a byte, from 0.
    pub(super) fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= at) - 1
    }

    /// The column of a byte in characters, from 0.
    pub(super) fn column(&self, at: usize) -> usize {
        self.chars_before(at) - self.chars_before(self.line_range(self.line(at)).start)
    }

    /// First byte of a line and one past its last, line break excluded.
    pub(super) fn line_range(&self, line: usize) -> std::ops::Range<usize> {
        let start = self.starts[line] as usize;
        let end = self.starts.get(line + 1).map_or(self.text.len(), |&next| next as usize - 1);
        let end = if self.text[start..end].ends_with('\r') { end - 1 } else { end };
        start..end
    }

    /// The greatest character boundary that is not after `at`.
    pub(super) fn floor(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    fn chars_before(&self, at: usize) -> usize {
        let chunk = (at / STRIDE).min(self.chars.len().saturating_sub(1));
        self.chars.get(chunk).map_or(0, |before| before + count_chars(&self.text.as_bytes()[chunk * STRIDE..at]))
    }
}

/// Characters that begin in these bytes of UTF-8.
fn count_chars(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn counts_lines_and_columns_as_a_person_does() {
        let text = format!("é{}\r\nzweite\n", "ü".repeat(5000));
        let places = Places::new(&text);
        let second = text.find("weite").expect("is there");
        assert_eq!((places.line(second), places.column(second)), (1, 1));
        assert_eq!(places.column(text.find('\r').expect("is there")), 5001);
        assert_eq!(&text[places.line_range(1)], "zweite");
        assert_eq!(places.line_range(0).end, text.find('\r').expect("is there"));
        assert_eq!((places.line(text.len()), places.column(text.len())), (2, 0));
    }

    #[test]
    fn an_empty_text_has_one_empty_line() {
        let places = Places::new("");
        assert_eq!((places.line(0), places.column(0), places.line_range(0)), (0, 0, 0..0));
    }
}
