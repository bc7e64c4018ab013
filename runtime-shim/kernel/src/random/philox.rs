//! Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
//!
//! It has no state: a block of 128 random bits is a function of a key and a counter, by multiplications of 32-bit words.

const ROUNDS: u32 = 10;
const MULTIPLIERS: [u32; 2] = [0xd251_1f53, 0xcd9e_8d57];
const KEY_STEPS: [u32; 2] = [0x9e37_79b9, 0xbb67_ae85];

/// The generator under one key.
#[derive(Clone, Copy, Debug)]
pub struct Philox {
    key: [u32; 2],
}

impl Philox {
    /// With this key.
    pub fn new(key: [u32; 2]) -> Self {
        Self { key }
    }

    /// The block that a counter names.
    pub fn block(self, counter: [u32; 4]) -> [u32; 4] {
        let [mut a, mut b, mut c, mut d] = counter;
        let [mut k, mut l] = self.key;
        for _ in 0..ROUNDS {
            let (p, q) = (product(MULTIPLIERS[0], a), product(MULTIPLIERS[1], c));
            (a, b, c, d) = (q.0 ^ b ^ k, q.1, p.0 ^ d ^ l, p.1);
            k = k.wrapping_add(KEY_STEPS[0]);
            l = l.wrapping_add(KEY_STEPS[1]);
        }
        [a, b, c, d]
    }
}

/// High and low word of a product.
fn product(a: u32, b: u32) -> (u32, u32) {
    let product = u64::from(a) * u64::from(b);
    ((product >> 32) as u32, product as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers that the authors publish with their generator.
    #[test]
    fn gives_the_published_answers() {
        let block = |counter, key| Philox::new(key).block(counter);
        assert_eq!(block([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(block([!0; 4], [!0; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        assert_eq!(
            block([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }
}
