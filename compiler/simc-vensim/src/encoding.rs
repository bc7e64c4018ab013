//! Bytes of a file to text.
//!
//! Vensim marks files in UTF-8 by `{UTF-8}` on the first line. Others are in the code page of the
//! machine that saved them, which the bytes have to tell. A line may be continued in the middle of
//! a character: the character's bytes are put together, and the continuation moved after it, before
//! anything is decoded, so that lines keep their numbers.

use std::borrow::Cow;

use encoding_rs::{BIG5, EUC_KR, Encoding, GBK, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};

use crate::neutral::source;

/// The text of a model file. Never fails: bytes that no code page explains become the replacement
/// character or what they are in Windows-1252. Line ends become `\n`, a byte order mark goes.
pub fn decode(bytes: &[u8]) -> String {
    let text = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => source::decode(bytes.to_vec()).unwrap_or_else(|| from_utf8(bytes)),
        [0xef, 0xbb, 0xbf, rest @ ..] => from_utf8(rest),
        _ if bytes.is_ascii() => from_utf8(bytes),
        _ if is_marked(bytes) => from_utf8(&mend(bytes, utf8_length)),
        _ => from_unmarked(bytes),
    };
    with_plain_line_ends(text)
}

/// Whether the first line says that the file is in UTF-8.
fn is_marked(bytes: &[u8]) -> bool {
    const MARK: &[u8] = b"{UTF-8}";
    bytes.trim_ascii_start().get(..MARK.len()).is_some_and(|start| start.eq_ignore_ascii_case(MARK))
}

fn from_unmarked(bytes: &[u8]) -> String {
    let mended = mend(bytes, utf8_length);
    if let Ok(text) = std::str::from_utf8(&mended) {
        return text.to_owned();
    }
    let encoding = guess(bytes);
    let mended = if encoding.is_single_byte() { Cow::Borrowed(bytes) } else { mend(bytes, double_byte_length) };
    encoding.decode_without_bom_handling(&mended).0.into_owned()
}

/// UTF-8, in which every byte that does not belong there is read as Windows-1252.
fn from_utf8(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
        }
    }
    text
}

/// The bytes with each continuation that splits a character moved after that character. `length`
/// says how many bytes a character has that begins with a given one, and which may follow.
fn mend(bytes: &[u8], length: fn(u8) -> (usize, std::ops::RangeInclusive<u8>)) -> Cow<'_, [u8]> {
    let mut mended = Vec::new();
    let (mut kept_to, mut at) = (0, 0);
    while let Some(&first) = bytes.get(at) {
        let (length, trails) = length(first);
        let mut end = at + 1;
        let mut moved = Vec::new();
        let mut character = vec![];
        if length > 1 {
            character.push(first);
        }
        while character.len() < length && length > 1 {
            let skipped = if bytes.get(end) == Some(&b'\\') { continuation(&bytes[end..]) } else { 0 };
            match bytes.get(end + skipped) {
                Some(trail) if trails.contains(trail) => {
                    moved.extend_from_slice(&bytes[end..end + skipped]);
                    character.push(*trail);
                    end += skipped + 1;
                }
                Some(_) | None => break,
            }
        }
        if !moved.is_empty() {
            mended.extend_from_slice(&bytes[kept_to..at]);
            mended.append(&mut character);
            mended.append(&mut moved);
            kept_to = end;
        }
        at = end;
    }
    if kept_to == 0 {
        return Cow::Borrowed(bytes);
    }
    mended.extend_from_slice(&bytes[kept_to..]);
    Cow::Owned(mended)
}

/// How many bytes from a backslash on continue the line as Vensim does it: the line end and tabs.
/// 0 when they do not, as in a character whose second byte is a backslash.
fn continuation(bytes: &[u8]) -> usize {
    let rest = bytes.get(1..).unwrap_or_default();
    let rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).or_else(|| rest.strip_prefix(b"\r"));
    let Some(rest) = rest else { return 0 };
    let tabs = rest.iter().take_while(|&&byte| byte == b'\t').count();
    if tabs == 0 { 0 } else { bytes.len() - rest.len() + tabs }
}

fn utf8_length(first: u8) -> (usize, std::ops::RangeInclusive<u8>) {
    let length = match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    };
    (length, 0x80..=0xbf)
}

fn double_byte_length(first: u8) -> (usize, std::ops::RangeInclusive<u8>) {
    (if first > 0x80 { 2 } else { 1 }, 0x40..=0xfe)
}

/// The code page of a text that is not in UTF-8. East Asian text shows itself by characters of two
/// bytes that are side by side, Cyrillic by long runs of letters beyond ASCII.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let mended = mend(sample, double_byte_length);
    /// Whether a character belongs to what a text in some code page mostly consists of.
    type Belongs = fn(char) -> bool;
    let candidates: [(&'static Encoding, Belongs); 4] = [
        (SHIFT_JIS, |c| matches!(c, '\u{3000}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}')),
        (EUC_KR, |c| matches!(c, '\u{ac00}'..='\u{d7a3}')),
        (GBK, is_common_chinese),
        (BIG5, |c| matches!(c, '\u{3000}'..='\u{3020}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}')),
    ];
    let found = candidates.into_iter().find(|(encoding, belongs)| {
        let (text, _) = encoding.decode_without_bom_handling(&mended);
        looks_east_asian(&text, *belongs)
    });
    found.map_or_else(|| if is_cyrillic(sample) { WINDOWS_1251 } else { WINDOWS_1252 }, |(encoding, _)| encoding)
}

/// Bytes that a guess looks at.
const SAMPLE: usize = 1 << 20;

/// Whether a character is one of GB 2312, which ordinary text keeps to.
fn is_common_chinese(c: char) -> bool {
    let mut buffer = [0; 4];
    let (bytes, _, failed) = GBK.encode(c.encode_utf8(&mut buffer));
    !failed && matches!(*bytes, [0xa1..=0xa9 | 0xb0..=0xf7, 0xa1..=0xfe])
}

/// Whether nearly all characters beyond ASCII belong, and most have another one beside them. A few
/// strangers are forgiven: the end of the sample may split a character.
fn looks_east_asian(text: &str, belongs: fn(char) -> bool) -> bool {
    let (mut beyond, mut strangers, mut paired) = (0_usize, 0_usize, 0_usize);
    let (mut previous, mut run) = (false, 0_usize);
    for c in text.chars().chain([' ']) {
        let is_beyond = !c.is_ascii();
        if is_beyond {
            beyond += 1;
            run += 1;
            strangers += usize::from(!belongs(c));
        } else if previous {
            paired += if run > 1 { run } else { 0 };
            run = 0;
        }
        previous = is_beyond;
    }
    beyond > 1 && strangers * 10 <= beyond && paired * 2 >= beyond
}

/// Whether the letters beyond ASCII of Windows-1251 make up words of their own.
fn is_cyrillic(bytes: &[u8]) -> bool {
    let letters = |run: &&[u8]| !run.is_empty();
    let runs: Vec<usize> = bytes.split(|&byte| byte < 0xc0).filter(letters).map(<[u8]>::len).collect();
    let total: usize = runs.iter().sum();
    total >= 3 * runs.len() && total > 3
}

/// `\r\n` and `\r` become `\n`.
fn with_plain_line_ends(text: String) -> String {
    if !text.contains('\r') {
        return text;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((line, after)) = rest.split_once('\r') {
        plain.push_str(line);
        plain.push('\n');
        rest = after.strip_prefix('\n').unwrap_or(after);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(encoding: &'static Encoding, text: &str) -> Vec<u8> {
        encoding.encode(text).0.into_owned()
    }

    #[test]
    fn utf8_with_and_without_its_marks() {
        assert_eq!(decode("{UTF-8}\naé = 1".as_bytes()), "{UTF-8}\naé = 1");
        assert_eq!(decode("aé = 1".as_bytes()), "aé = 1");
        assert_eq!(decode("\u{feff}{UTF-8}\naé".as_bytes()), "{UTF-8}\naé");
        assert_eq!(decode(b"\xff\xfea\0\xe9\0"), "aé");
    }

    #[test]
    fn line_ends_of_every_kind_are_one() {
        assert_eq!(decode(b"a\r\nb\rc\nd\r"), "a\nb\nc\nd\n");
    }

    #[test]
    fn a_stray_byte_in_marked_utf8_is_windows_1252() {
        assert_eq!(decode(b"{UTF-8}\n\xc3\xa9 \xb0C"), "{UTF-8}\né °C");
    }

    #[test]
    fn a_continuation_within_a_character_comes_after_it() {
        let text = "{UTF-8}\nab人口 = 1".as_bytes();
        let at = 8 + 2 + 1;
        for split in [at, at + 1] {
            let bytes = [&text[..split], b"\\\r\n\t\t", &text[split..]].concat();
            assert_eq!(decode(&bytes), "{UTF-8}\nab人\\\n\t\t口 = 1");
        }
        let japanese = encoded(SHIFT_JIS, "人口の増加 = 出生\n");
        let bytes = [&japanese[..1], b"\\\n\t\t", &japanese[1..]].concat();
        assert_eq!(decode(&bytes), "人\\\n\t\t口の増加 = 出生\n");
    }

    #[test]
    fn code_pages_are_told_by_their_bytes() {
        let cases: [(&'static Encoding, &str); 8] = [
            (WINDOWS_1252, "température de l'été = 20 ~ °C ~ it’s “warm” – très |"),
            (WINDOWS_1252, "it’s"),
            (WINDOWS_1252, "Bevölkerung = Geburten ~ Stück ~ groß|"),
            (WINDOWS_1251, "население = рождения ~ люди ~ |"),
            (SHIFT_JIS, "人口 = INTEG(出生, 100) ~ 人 ~ ソフト能力 |"),
            (GBK, "人口 = INTEG(出生率, 100) ~ 人 ~ 数量很多 |"),
            (EUC_KR, "인구 = INTEG(출생, 100) ~ 명 ~ |"),
            (BIG5, "人口 = INTEG(出生率, 100) ~ 人 ~ 數量很多 |"),
        ];
        for (encoding, text) in cases {
            assert_eq!(decode(&encoded(encoding, text)), text, "{}", encoding.name());
        }
    }
}
