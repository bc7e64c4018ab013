//! What is beside the translated functions so that an object needs no library: filling and copying memory.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, BlockArg, Function, InstBuilder, MemFlagsData, Type, UserFuncName, Value, types};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};

use crate::translate::{COPY, Env, FILL, RUNTIME, bulk_signature};

/// Bytes that one round of the fast loops moves.
const ROUND: i64 = 64;

/// The functions with their names.
pub(crate) fn functions(env: &Env<'_>) -> Vec<(u32, Function)> {
    vec![(FILL, function(env, FILL, fill)), (COPY, function(env, COPY, copy))]
}

fn function(env: &Env<'_>, name: u32, emit: fn(&mut FunctionBuilder<'_>, [Value; 3])) -> Function {
    let mut function = Function::with_name_signature(UserFuncName::user(RUNTIME, name), bulk_signature(env.conv));
    let mut context = FunctionBuilderContext::new();
    let mut builder = FunctionBuilder::new(&mut function, &mut context);
    let entry = builder.create_block();
    builder.append_block_params_for_function_params(entry);
    builder.switch_to_block(entry);
    let params = builder.block_params(entry);
    let params = [params[0], params[1], params[2]];
    emit(&mut builder, params);
    builder.seal_all_blocks();
    builder.finalize(env.frontend);
    function
}

fn flags() -> MemFlagsData {
    MemFlagsData::new().with_notrap()
}

/// Writes a byte to `count` addresses.
fn fill(builder: &mut FunctionBuilder<'_>, [to, byte, count]: [Value; 3]) {
    let byte = builder.ins().ireduce(types::I8, byte);
    let sixteen = builder.ins().splat(types::I8X16, byte);
    let done = stride(builder, count, None, ROUND, &mut |builder, at| {
        let to = builder.ins().iadd(to, at);
        for piece in 0..4 {
            builder.ins().store(flags(), sixteen, to, 16 * piece);
        }
    });
    stride(builder, count, Some(done), 1, &mut |builder, at| {
        let to = builder.ins().iadd(to, at);
        builder.ins().store(flags(), byte, to, 0);
    });
    builder.ins().return_(&[]);
}

/// Copies `count` bytes; the two ranges may overlap. When the target begins within the source, the last bytes go first.
fn copy(builder: &mut FunctionBuilder<'_>, [to, from, count]: [Value; 3]) {
    let distance = builder.ins().isub(to, from);
    let overlaps = builder.ins().icmp(IntCC::UnsignedLessThan, distance, count);
    let [forwards, backwards] = [builder.create_block(), builder.create_block()];
    builder.ins().brif(overlaps, backwards, &[], forwards, &[]);

    builder.switch_to_block(forwards);
    let mut done = None;
    for (step, ty) in [(ROUND, types::I8X16), (8, types::I64), (1, types::I8)] {
        done = Some(stride(builder, count, done, step, &mut |builder, at| {
            let [to, from] = [to, from].map(|base| builder.ins().iadd(base, at));
            move_pieces(builder, to, from, step, ty);
        }));
    }
    builder.ins().return_(&[]);

    builder.switch_to_block(backwards);
    for (step, ty) in [(ROUND, types::I8X16), (8, types::I64), (1, types::I8)] {
        let left = if step == ROUND { count } else { builder.block_params(current(builder))[0] };
        let [head, body, exit] = [(); 3].map(|()| builder.create_block());
        let left_at_head = builder.append_block_param(head, types::I64);
        builder.append_block_param(exit, types::I64);
        builder.ins().jump(head, &[BlockArg::from(left)]);
        builder.switch_to_block(head);
        let size = builder.ins().iconst(types::I64, step);
        let enough = builder.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, left_at_head, size);
        builder.ins().brif(enough, body, &[], exit, &[BlockArg::from(left_at_head)]);
        builder.switch_to_block(body);
        let less = builder.ins().isub(left_at_head, size);
        let [to, from] = [to, from].map(|base| builder.ins().iadd(base, less));
        move_pieces(builder, to, from, step, ty);
        builder.ins().jump(head, &[BlockArg::from(less)]);
        builder.switch_to_block(exit);
    }
    builder.ins().return_(&[]);
}

fn current(builder: &FunctionBuilder<'_>) -> Block {
    builder.current_block().expect("a builder is within a block")
}

/// Reads that many bytes before it writes any.
fn move_pieces(builder: &mut FunctionBuilder<'_>, to: Value, from: Value, bytes: i64, ty: Type) {
    let offsets: Vec<i32> = (0..bytes as i32).step_by(ty.bytes() as usize).collect();
    let values: Vec<Value> = offsets.iter().map(|&at| builder.ins().load(ty, flags(), from, at)).collect();
    for (value, at) in values.into_iter().zip(offsets) {
        builder.ins().store(flags(), value, to, at);
    }
}

/// A loop that does something at `start`, `start + step`, ..., as long as a whole step is left before `count`; the offset after the last one.
fn stride(
    builder: &mut FunctionBuilder<'_>,
    count: Value,
    start: Option<Value>,
    step: i64,
    emit: &mut dyn FnMut(&mut FunctionBuilder<'_>, Value),
) -> Value {
    let start = start.unwrap_or_else(|| builder.ins().iconst(types::I64, 0));
    let [head, body, exit] = [(); 3].map(|()| builder.create_block());
    let at = builder.append_block_param(head, types::I64);
    builder.ins().jump(head, &[BlockArg::from(start)]);
    builder.switch_to_block(head);
    let left = builder.ins().isub(count, at);
    let size = builder.ins().iconst(types::I64, step);
    let enough = builder.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, left, size);
    builder.ins().brif(enough, body, &[], exit, &[]);
    builder.switch_to_block(body);
    emit(builder, at);
    let next = builder.ins().iadd(at, size);
    builder.ins().jump(head, &[BlockArg::from(next)]);
    builder.switch_to_block(exit);
    at
}
