//! Copies a function of the kernel to its new surroundings.

use super::LinkError;
use super::kernel::{Function, Target};
use super::place::Placement;

/// Indices that kernel functions mention, as they are in the artifact.
#[derive(Clone, Copy, Debug)]
pub(super) struct Indices<'a> {
    /// Where things are.
    pub(super) placement: &'a Placement,
    /// The first of the kernel's functions.
    pub(super) first_function: u32,
    /// The global that is the stack pointer.
    pub(super) stack_pointer: u32,
}

impl Indices<'_> {
    /// The index in the artifact of a function of the kernel that is linked.
    pub(super) fn function(&self, index: u32) -> u32 {
        let position = self.placement.functions.binary_search(&index).expect("whatever is mentioned is linked");
        self.first_function + u32::try_from(position).expect("the kernel has fewer than 2^32 functions")
    }

    /// The body of a function with all that it mentions in its new place.
    ///
    /// # Errors
    /// When an address falls out of the memory.
    pub(super) fn relocate(&self, function: &Function<'_>) -> Result<Vec<u8>, LinkError> {
        let mut body = function.body.to_vec();
        for relocation in &function.relocations {
            let bytes = match relocation.target {
                Target::Function(index) => unsigned(self.function(index)),
                Target::StackPointer => unsigned(self.stack_pointer),
                Target::Offset(constant, distance) => unsigned(address(self.placement.constants[&constant], distance)?),
                Target::Address(constant, distance) => {
                    signed(address(self.placement.constants[&constant], distance)?.cast_signed())
                }
            };
            body[relocation.position..][..bytes.len()].copy_from_slice(&bytes);
        }
        Ok(body)
    }
}

fn address(constant: u64, distance: i64) -> Result<u32, LinkError> {
    constant
        .checked_add_signed(distance)
        .and_then(|address| u32::try_from(address).ok())
        .ok_or_else(|| LinkError::malformed("the kernel mentions an address outside the memory"))
}

/// A number as LEB128, padded to five bytes.
fn unsigned(value: u32) -> [u8; 5] {
    [0, 7, 14, 21, 28].map(|shift| (value >> shift) as u8 & 0x7f | if shift < 28 { 0x80 } else { 0 })
}

/// A number as signed LEB128, padded to five bytes.
fn signed(value: i32) -> [u8; 5] {
    [0, 7, 14, 21, 28].map(|shift| (value >> shift) as u8 & 0x7f | if shift < 28 { 0x80 } else { 0 })
}

#[cfg(test)]
mod tests {
    use wasmparser::BinaryReader;

    use super::{signed, unsigned};

    #[test]
    fn padded_numbers_read_back() {
        for value in [0, 1, 127, 128, 2048, 0x7fff_ffff, 0x8000_0000, u32::MAX] {
            assert_eq!(BinaryReader::new(&unsigned(value), 0).read_var_u32().ok(), Some(value));
            let value = value.cast_signed();
            assert_eq!(BinaryReader::new(&signed(value), 0).read_var_i32().ok(), Some(value));
        }
    }
}
