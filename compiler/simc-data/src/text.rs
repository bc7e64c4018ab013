//! Bytes as text: UTF-8, or UTF-16 after a byte order mark.

use crate::Fault;

/// Decodes a whole file.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, Fault> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, Fault> {
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        return Err(Fault::new(
            format!("is no text: line {} holds a zero byte", line_of(bytes, at)),
            "save it as CSV in UTF-8",
        ));
    }
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| {
        let line = line_of(bytes, error.valid_up_to());
        Fault::new(format!("is not in UTF-8: line {line} holds bytes of another encoding"), "save it as CSV in UTF-8")
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Fault> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let text = String::from_utf16(&pairs.iter().map(|&pair| unit(pair)).collect::<Vec<_>>());
    match text {
        Ok(text) if rest.is_empty() && !text.contains('\0') => Ok(text),
        Ok(_) | Err(_) => {
            Err(Fault::new("begins like a text in UTF-16, but is none throughout", "save it as CSV in UTF-8"))
        }
    }
}

/// The line, from 1, of a byte.
fn line_of(bytes: &[u8], at: usize) -> usize {
    bytes[..at].iter().filter(|&&byte| byte == b'\n').count() + 1
}
