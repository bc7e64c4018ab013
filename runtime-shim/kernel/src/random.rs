//! Random numbers that depend on nothing but where they are drawn.
//!
//! A draw is a pure function of a seed, the site of the call in the model, the element of the array that is computed, and the
//! number of the step. So a run is the same on every host, in whatever order a model is evaluated and whichever of its outputs
//! are kept. The generator is [`philox`]; [`Draws`] gives the numbers of one draw, which a distribution turns into its own.
//!
//! Loops that redraw are bounded: a distribution ends after a fixed number of tries whatever its parameters.

use self::philox::Philox;

pub mod continuous;
pub mod discrete;
pub mod philox;

#[cfg(test)]
mod tests;

/// How often a distribution draws again for a number between two bounds; then the nearer bound is taken.
const MAX_REDRAWS: u32 = 1000;

/// Where a draw is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Site {
    /// Any number; every f64 is a seed of its own, but for the two zeros, which are one, and all NaN, which are one.
    pub seed: f64,
    /// Which call it is: a whole number below 2^53; 0 for a call that has a seed of its own.
    pub call: f64,
    /// Which element of an array is computed: a whole number below 2^32.
    pub element: f64,
    /// Which step it is: a whole number below 2^53.
    pub step: f64,
}

/// The uniform numbers of one draw, one after the other.
#[derive(Clone, Debug)]
pub struct Draws {
    philox: Philox,
    counter: [u32; 4],
    spare: Option<u64>,
}

impl Draws {
    /// Those of a site: Philox under the key `mix(mix(seed) + call)`, with the words of the counter the low and the high half of the
    /// step, the element, and the number of blocks drawn before.
    pub fn new(site: Site) -> Self {
        let seed = if site.seed.is_nan() {
            crate::abi::CANONICAL_NAN
        } else {
            // Adding 0 makes -0 the other zero.
            (site.seed + 0.0).to_bits()
        };
        let key = mix(mix(seed).wrapping_add(site.call as u64));
        let step = site.step as u64;
        Self {
            philox: Philox::new([key as u32, (key >> 32) as u32]),
            counter: [step as u32, (step >> 32) as u32, site.element as u64 as u32, 0],
            spare: None,
        }
    }

    /// The next number, between 0 and 1 and never either: `(k + 1/2)/2^52` for a whole k below 2^52, all equally likely.
    pub fn uniform(&mut self) -> f64 {
        ((self.bits() >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
    }

    fn bits(&mut self) -> u64 {
        if let Some(bits) = self.spare.take() {
            return bits;
        }
        let [a, b, c, d] = self.philox.block(self.counter);
        self.counter[3] = self.counter[3].wrapping_add(1);
        self.spare = Some(u64::from(c) | u64::from(d) << 32);
        u64::from(a) | u64::from(b) << 32
    }

    /// What `draw` gives, drawn again while it is below `min` or above `max`; NaN bounds nothing. What never fits becomes the
    /// nearer bound, and `max` when the bounds are crossed.
    pub fn within(&mut self, min: f64, max: f64, mut draw: impl FnMut(&mut Self) -> f64) -> f64 {
        let mut x = draw(self);
        for _ in 0..MAX_REDRAWS {
            if !(x < min || x > max) {
                return x;
            }
            x = draw(self);
        }
        if x > max {
            max
        } else if x < min {
            if min > max { max } else { min }
        } else {
            x
        }
    }
}

/// A bijection of 64 bits in which every bit of the result depends on every bit of the argument: the finaliser of SplitMix64,
/// on the argument moved by the golden ratio.
fn mix(bits: u64) -> u64 {
    let mut z = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
