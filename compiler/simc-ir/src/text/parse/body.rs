//! The `func role { .. }` parts.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use kernel::function::Function;
use kernel::transport::Query;
use kernel::vector;

use super::declarations::{parse_axis_name, parse_declared, parse_slot_name};
use super::{Parser, Result, Token, mistake_at};
use crate::builder::Builder;
use crate::entity::{Axis, Block, Value};
use crate::func::{FuncData, MAX_NESTING};
use crate::module::{FuncRole, Module};
use crate::opcode::{Immediate, ImmediateKind, Opcode};

/// What the text calls things, against what they are.
struct Names<'m> {
    module: &'m Module,
    values: HashMap<u32, Value>,
    blocks: HashMap<u32, Block>,
    opcodes: HashMap<&'static str, Opcode>,
}

/// Everything after the role.
pub(super) fn parse_func(parser: &mut Parser<'_>, module: &Module, role: FuncRole) -> Result<FuncData> {
    let mut func = FuncData::new(role);
    let opcodes = Opcode::ALL.iter().map(|&opcode| (opcode.name(), opcode)).collect();
    let mut names = Names { module, values: HashMap::new(), blocks: HashMap::new(), opcodes };
    parser.expect_punct('{')?;
    names.define_block(parser, func.entry)?;
    parser.expect_punct(':')?;
    let mut b = Builder::new(module, &mut func);
    let mut outer = Vec::new();
    loop {
        let at = parser.next.at;
        if parser.eat_punct('}') {
            match outer.pop() {
                Some(block) => b.switch_to(block),
                None => return Ok(func),
            }
        } else if let Some(body) = names.parse_inst(parser, &mut b)? {
            outer.push(b.block());
            b.switch_to(body);
            if outer.len() > MAX_NESTING {
                return mistake_at(at, format!("loops nest at most {MAX_NESTING} deep"));
            }
        }
    }
}

impl Names<'_> {
    /// One instruction; the body, when it opens one.
    fn parse_inst(&mut self, parser: &mut Parser<'_>, b: &mut Builder<'_>) -> Result<Option<Block>> {
        if !parser.next.starts_line {
            return parser.expected("a new line");
        }
        let result = parse_result(parser)?;
        let at = parser.next.at;
        let word = parser.parse_word("an instruction or `}`")?;
        let Some(&opcode) = self.opcodes.get(word) else {
            return mistake_at(at, format!("there is no instruction `{word}`"));
        };
        match (result, opcode.signature().result) {
            (None, Some(_)) => return mistake_at(at, format!("`{word}` has a result: write `v0 = {word} ..`")),
            (Some(_), None) => return mistake_at(at, format!("`{word}` has no result")),
            (None, None) | (Some(_), Some(_)) => {}
        }
        if opcode.signature().immediate == ImmediateKind::Loop {
            return self.parse_loop(parser, b, opcode, result).map(Some);
        }
        let immediate = self.parse_immediate(parser, opcode)?;
        let indices = self.parse_indices(parser, opcode)?;
        let mut args = self.parse_operands(parser, immediate)?;
        let immediate = with_count(immediate, args.len(), indices.len());
        args.extend(indices);
        let (_, value) = b.append(opcode, &args, immediate);
        self.define_result(result, value)?;
        Ok(None)
    }

    /// `a0 -> block1(v1) {` of a `for`; `a0, v0 -> block1(v1, v2) {` of a `fold`.
    fn parse_loop(
        &mut self,
        parser: &mut Parser<'_>,
        b: &mut Builder<'_>,
        opcode: Opcode,
        result: Option<(usize, u32)>,
    ) -> Result<Block> {
        let axis = parse_axis_name(parser, self.module)?;
        let (body, params, value) = if opcode == Opcode::Fold {
            self.open_fold(parser, b, axis)?
        } else {
            let (body, index) = if opcode == Opcode::Down { b.for_down(axis) } else { b.for_each(axis) };
            (body, vec![index], None)
        };
        parser.expect_arrow()?;
        self.define_block(parser, body)?;
        parser.expect_punct('(')?;
        for (position, param) in params.into_iter().enumerate() {
            if position > 0 {
                parser.expect_punct(',')?;
            }
            let at = parser.next.at;
            let number = parser.parse_entity("v", "a value")?;
            self.define_value(at, number, param)?;
        }
        parser.expect_punct(')')?;
        self.define_result(result, value)?;
        parser.expect_punct('{')?;
        Ok(body)
    }

    fn open_fold(
        &self,
        parser: &mut Parser<'_>,
        b: &mut Builder<'_>,
        axis: Axis,
    ) -> Result<(Block, Vec<Value>, Option<Value>)> {
        parser.expect_punct(',')?;
        let first = self.parse_value(parser)?;
        let (body, index, accumulator, result) = b.fold(axis, first);
        Ok((body, vec![index, accumulator], Some(result)))
    }

    fn parse_immediate(&self, parser: &mut Parser<'_>, opcode: Opcode) -> Result<Immediate> {
        Ok(match opcode.signature().immediate {
            ImmediateKind::None => Immediate::None,
            ImmediateKind::F64 => Immediate::F64(parser.parse_number()?),
            ImmediateKind::Bool => Immediate::Bool(parse_bool(parser)?),
            ImmediateKind::Position => {
                let axis = parse_axis_name(parser, self.module)?;
                parser.expect_punct(',')?;
                Immediate::Position(axis, parser.parse_integer("a position")?)
            }
            ImmediateKind::Axis => Immediate::Axis(parse_axis_name(parser, self.module)?),
            ImmediateKind::Slot => Immediate::Slot(parse_slot_name(parser, self.module)?),
            ImmediateKind::Param => Immediate::Param(parse_declared(parser, "p", "a param", &self.module.params)?),
            ImmediateKind::Table => Immediate::Table(parse_declared(parser, "t", "a table", &self.module.tables)?),
            ImmediateKind::Function => {
                Immediate::Function(parser.parse_named("function", Function::ALL, Function::name)?)
            }
            ImmediateKind::Transport => {
                let slot = parse_slot_name(parser, self.module)?;
                Immediate::Transport(slot, parser.parse_named("query", Query::ALL, Query::name)?, 0)
            }
            ImmediateKind::Trace => {
                let into = parse_slot_name(parser, self.module)?;
                parser.expect_punct(',')?;
                Immediate::Trace(into, parse_slot_name(parser, self.module)?, 0)
            }
            ImmediateKind::Vector => {
                let slot = parse_slot_name(parser, self.module)?;
                let all = vector::Function::ALL;
                Immediate::Vector(slot, parser.parse_named("vector function", all, vector::Function::name)?, 0)
            }
            ImmediateKind::Loop => unreachable!("loops have a syntax of their own"),
        })
    }

    fn parse_indices(&self, parser: &mut Parser<'_>, opcode: Opcode) -> Result<Vec<Value>> {
        if opcode.signature().indexed && parser.eat_punct('[') {
            parser.parse_list(']', |parser| self.parse_value(parser))
        } else {
            Ok(Vec::new())
        }
    }

    /// Operands, a comma ahead of each but the first that follows the opcode directly.
    fn parse_operands(&self, parser: &mut Parser<'_>, immediate: Immediate) -> Result<Vec<Value>> {
        let mut operands = Vec::new();
        if immediate == Immediate::None && at_value(parser) && !parser.next.starts_line {
            operands.push(self.parse_value(parser)?);
        }
        while (immediate != Immediate::None || !operands.is_empty()) && parser.eat_punct(',') {
            operands.push(self.parse_value(parser)?);
        }
        Ok(operands)
    }

    fn parse_value(&self, parser: &mut Parser<'_>) -> Result<Value> {
        let at = parser.next.at;
        let number = parser.parse_entity("v", "a value")?;
        match self.values.get(&number) {
            Some(&value) => Ok(value),
            None => mistake_at(at, format!("v{number} is not defined before it is used")),
        }
    }

    fn define_result(&mut self, result: Option<(usize, u32)>, value: Option<Value>) -> Result<()> {
        match (result, value) {
            (Some((at, number)), Some(value)) => self.define_value(at, number, value),
            (Some(_), None) | (None, _) => Ok(()),
        }
    }

    fn define_value(&mut self, at: usize, number: u32, value: Value) -> Result<()> {
        match self.values.entry(number) {
            Entry::Occupied(_) => mistake_at(at, format!("v{number} is defined twice")),
            Entry::Vacant(entry) => {
                entry.insert(value);
                Ok(())
            }
        }
    }

    fn define_block(&mut self, parser: &mut Parser<'_>, block: Block) -> Result<()> {
        let at = parser.next.at;
        let number = parser.parse_entity("block", "a block")?;
        match self.blocks.insert(number, block) {
            Some(_) => mistake_at(at, format!("block{number} is defined twice")),
            None => Ok(()),
        }
    }
}

/// The immediate, which may be one that says how many operands or indices there are.
fn with_count(immediate: Immediate, n_operands: usize, n_indices: usize) -> Immediate {
    let count = |n: usize| u32::try_from(n).expect("fewer than 2^32 operands");
    if let Immediate::Transport(slot, query, _) = immediate {
        Immediate::Transport(slot, query, count(n_operands))
    } else if let Immediate::Trace(into, of, _) = immediate {
        Immediate::Trace(into, of, count(n_operands))
    } else if let Immediate::Vector(slot, function, _) = immediate {
        Immediate::Vector(slot, function, count(n_indices))
    } else {
        immediate
    }
}

/// `v7 =`, if the instruction begins with it: where it is and the number.
fn parse_result(parser: &mut Parser<'_>) -> Result<Option<(usize, u32)>> {
    if !at_value(parser) {
        return Ok(None);
    }
    let at = parser.next.at;
    let number = parser.parse_entity("v", "a value")?;
    parser.expect_punct('=')?;
    Ok(Some((at, number)))
}

/// Whether the next lexeme names a value: no opcode is a `v` with digits.
fn at_value(parser: &Parser<'_>) -> bool {
    match parser.next.token {
        Token::Word(word) => {
            word.strip_prefix('v').is_some_and(|digits| digits.starts_with(|c: char| c.is_ascii_digit()))
        }
        Token::Number(_) | Token::Punct(_) | Token::Arrow | Token::Unknown(_) | Token::End => false,
    }
}

fn parse_bool(parser: &mut Parser<'_>) -> Result<bool> {
    let value = parser.eat_word("true");
    if value || parser.eat_word("false") { Ok(value) } else { parser.expected("`true` or `false`") }
}
