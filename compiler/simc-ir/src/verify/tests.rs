use super::*;
use crate::samples;

#[test]
fn samples_are_valid() {
    for sample in samples::ALL {
        assert_eq!(verify(&samples::parse(sample)), Ok(()), "{sample}");
    }
}
