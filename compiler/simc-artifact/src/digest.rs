//! What tells the code of one artifact from that of another.

use sha2::{Digest, Sha256};

/// The first seven bytes of the SHA-256 of the section `simc.layout` and a 1, as a little-endian number: it is never 0, and takes as many
/// bytes in every artifact.
///
/// The section holds the digests of the model and of all files that it reads, the version of the compiler and every option that changes
/// results, so that artifacts with the same digest compute the same.
pub fn layout_digest(section: &[u8]) -> u64 {
    let digest = Sha256::digest(section);
    digest[..7].iter().rev().fold(1, |word, &byte| word << 8 | u64::from(byte))
}

#[cfg(test)]
mod tests {
    use super::layout_digest;

    #[test]
    fn the_first_bytes_come_first() {
        // SHA-256 of "abc" begins with ba7816bf 8f01cf.
        assert_eq!(layout_digest(b"abc"), 0x01cf_018f_bf16_78ba);
        assert_ne!(layout_digest(b""), 0);
    }
}
