//! Addresses and sizes of fixed width: the code of a model with arrays then takes the same bytes however many elements they have.

use std::ops::Range;

use wasm_encoder::{CodeSection, Module, RawSection};
use wasmparser::{FunctionBody, Operator, Parser, Payload};

use super::PostError;

/// The module with every memory offset, and every 32-bit constant, that does not fit in one byte written in five.
///
/// # Errors
/// When the module cannot be read.
pub(super) fn fix(module: &[u8]) -> Result<Vec<u8>, PostError> {
    let malformed = |error: wasmparser::BinaryReaderError| PostError::Malformed { message: error.to_string() };
    let mut fixed = Module::new();
    let mut code = CodeSection::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.map_err(malformed)?;
        if let Payload::CodeSectionEntry(body) = &payload {
            code.raw(&fix_body(module, body).map_err(malformed)?);
            continue;
        }
        if !code.is_empty() {
            fixed.section(&std::mem::take(&mut code));
        }
        if let Some((id, range)) = payload.as_section().filter(|_| !matches!(payload, Payload::CodeSectionStart { .. }))
        {
            fixed.section(&RawSection { id, data: slice(module, &range) });
        }
    }
    Ok(fixed.finish())
}

fn fix_body(module: &[u8], body: &FunctionBody<'_>) -> wasmparser::Result<Vec<u8>> {
    let mut reader = body.get_operators_reader()?;
    let whole = body.range();
    let mut bytes = slice(module, &(whole.start..reader.original_position())).to_vec();
    while !reader.eof() {
        let start = reader.original_position();
        let operator = reader.read()?;
        let own = slice(module, &(start..reader.original_position()));
        if let Some((before, offset, after)) = offset(&operator).filter(|&(_, offset, _)| offset > 0x7f) {
            bytes.extend(&own[..before]);
            bytes.extend(five_bytes(offset, (offset >> 28) & 0x0f));
            bytes.extend(&own[own.len() - after..]);
        } else if let Operator::I32Const { value } = operator
            && !(-0x40..0x40).contains(&value)
        {
            bytes.push(own[0]);
            bytes.extend(five_bytes(value.cast_unsigned(), (value >> 28).cast_unsigned() & 0x7f));
        } else {
            bytes.extend(own);
        }
    }
    Ok(bytes)
}

/// The offset of a load or store, the bytes that are before it: of the opcode, which has two in SIMD, and of the alignment; and
/// those after it: of a lane.
fn offset(operator: &Operator<'_>) -> Option<(usize, u32, usize)> {
    let (before, memarg, after) =
        if let Operator::F64Load { memarg } | Operator::F64Store { memarg } | Operator::I32Load { memarg } = operator {
            (2, memarg, 0)
        } else if let Operator::V128Load { memarg }
        | Operator::V128Store { memarg }
        | Operator::V128Load64Zero { memarg }
        | Operator::V128Load64Splat { memarg } = operator
        {
            (3, memarg, 0)
        } else if let Operator::V128Load64Lane { memarg, .. } = operator {
            (3, memarg, 1)
        } else {
            return None;
        };
    Some((before, u32::try_from(memarg.offset).ok()?, after))
}

/// A number in LEB128 of five bytes, given the last one.
fn five_bytes(number: u32, last: u32) -> [u8; 5] {
    let group = |at: u32| ((number >> (7 * at)) & 0x7f) as u8 | 0x80;
    [group(0), group(1), group(2), group(3), (last & 0x7f) as u8]
}

fn slice<'m>(module: &'m [u8], range: &Range<usize>) -> &'m [u8] {
    &module[range.clone()]
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        ExportKind, ExportSection, Function, FunctionSection, Instruction as I, MemArg, MemorySection, MemoryType,
        TypeSection,
    };

    use super::*;

    /// A module with one function of these instructions.
    fn module(instructions: &[I<'_>]) -> Vec<u8> {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut memories = MemorySection::new();
        memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
        let mut exports = ExportSection::new();
        exports.export("f", ExportKind::Func, 0);
        let mut function = Function::new([]);
        for instruction in instructions {
            function.instruction(instruction);
        }
        function.instruction(&I::End);
        let mut code = CodeSection::new();
        code.function(&function);
        module.section(&types).section(&functions).section(&memories).section(&exports).section(&code);
        module.finish()
    }

    fn operators(module: &[u8]) -> Vec<String> {
        let mut operators = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            if let Payload::CodeSectionEntry(body) = payload.expect("the module can be read") {
                let reader = body.get_operators_reader().expect("the body can be read");
                operators.extend(reader.into_iter().map(|operator| format!("{:?}", operator.expect("it can be read"))));
            }
        }
        operators
    }

    fn load(offset: u64) -> I<'static> {
        I::F64Load(MemArg { offset, align: 3, memory_index: 0 })
    }

    fn pair(offset: u64) -> I<'static> {
        I::V128Load(MemArg { offset, align: 3, memory_index: 0 })
    }

    #[test]
    fn what_does_not_fit_in_a_byte_takes_five_and_stays_the_same() {
        let small = [I::I32Const(63), load(127), I::Drop, I::I32Const(-64), I::Drop];
        let large = [I::I32Const(64), load(128), I::Drop, I::I32Const(-70_000), load(u64::from(u32::MAX)), I::Drop];
        let vectors = [I::I32Const(0), pair(300), I::Drop];
        let memarg = MemArg { offset: 300, align: 3, memory_index: 0 };
        let lane = I::V128Load64Lane { memarg, lane: 1 };
        let halves = [I::I32Const(0), I::I32Const(0), I::V128Load64Zero(memarg), lane, I::Drop];
        for (instructions, more) in [(&small[..], 0), (&large[..], 3 + 3 + 2), (&vectors[..], 3), (&halves[..], 3 + 3)]
        {
            let module = module(instructions);
            let fixed = fix(&module).expect("the module can be read");
            wasmparser::validate(&fixed).expect("the result is valid");
            assert_eq!(operators(&fixed), operators(&module));
            assert_eq!(fixed.len(), module.len() + more);
        }
    }
}
