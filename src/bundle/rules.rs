//! Section 3: a list of atoms, then the programs, in varints as in section 11: their count, and of each the count of its steps and
//! the steps. A step is 0 not, 1 and, 2 or, or else 3 + an atom's position; the steps stand in the order in which a stack machine
//! runs them. An atom is its code (1) and what the table says; `field` is a field's code (1).
//!
//! | code | atom | then |
//! | --- | --- | --- |
//! | 0, 1 | constant false, true | |
//! | 2 | holds | field |
//! | 3 | has | field |
//! | 4 | int | field, comparison (1: `== != < <= > >=` are 0 to 5), value (int) |
//! | 5 | text | field, test (1: `==` `!=` startsWith endsWith contains are 0 to 4), value (text) |
//! | 6 | int in | field, list of values (int) |
//! | 7 | text in | field, list of values (text) |
//! | 8 | includes | field, value (text) |
//! | 9 | in segment | segment (position) |
//! | 10 | in CIDR | prefix, as in section 6 |
//! | 11 | matches | field, pattern |
//! | 12 | any text of a list | field, whether it shall hold (1), test (1), value (text) |
//! | 13 | any text of a list matches | field, whether it shall (1), pattern |
//! | 14 | sum | list of field and times (int), comparison (1), value (int) |
//! | 15 | clock | field, part (1: hours minutes day-of-week date month year are 0 to 5), zone, comparison (1), value (int) |
//!
//! A pattern: its text, 1 if it is a glob, else 0 (1); for each byte its column (256); count of states; for each state and column 0 never, 1
//! surely, or 2 + the next state; for each state whether a text may end there (1). A zone: its name (text), a list of Unix seconds (int) and
//! the seconds ahead of UTC from then on (int).

use std::sync::Arc;

use crate::{
    bundle::{
        networks::{open_prefix, pack_prefix},
        parts::{OpenError, Packer, Section},
    },
    limit::{INSTRUCTION_MAX, OFFSET_MAX, OPERAND_MAX, PATTERN_STATE_MAX, SUM_MAX},
    rule::{ClockPart, Comparison, Field, Instruction, ItemTest, Pattern, Rules, Step, TextTest, Zone},
};

const NOT: u32 = 0;
const AND: u32 = 1;
const OR: u32 = 2;
/// The number of the first atom as a step.
const ATOMS: u32 = 3;

pub(super) fn pack(rules: &Rules, packer: &mut Packer) -> Vec<u8> {
    packer.list(rules.atoms(), pack_atom);
    packer.count(rules.len());
    for steps in rules.all_steps() {
        packer.count(steps.len());
        for step in steps {
            packer.varint(match step {
                Step::Not => NOT,
                Step::And => AND,
                Step::Or => OR,
                Step::Atom(atom) => atom.saturating_add(ATOMS),
            });
        }
    }
    packer.finish()
}

fn pack_atom(packer: &mut Packer, instruction: &Instruction) {
    let codes = |packer: &mut Packer, codes: &[u8]| packer.wire().bytes(codes);
    match instruction {
        Instruction::Constant(value) => codes(packer, &[u8::from(*value)]),
        Instruction::Holds(field) => codes(packer, &[2, field.code]),
        Instruction::Has(field) => codes(packer, &[3, field.code]),
        Instruction::Int(field, comparison, value) => {
            codes(packer, &[4, field.code, *comparison as u8]);
            packer.int(*value);
        }
        Instruction::Text(field, test, value) => {
            codes(packer, &[5, field.code, *test as u8]);
            packer.text(value);
        }
        Instruction::IntIn(field, values) => {
            codes(packer, &[6, field.code]);
            packer.list(values, |packer, value| packer.int(*value));
        }
        Instruction::TextIn(field, values) => {
            codes(packer, &[7, field.code]);
            packer.texts(values);
        }
        Instruction::Includes(field, value) => {
            codes(packer, &[8, field.code]);
            packer.text(value);
        }
        Instruction::InSegment(segment) => {
            codes(packer, &[9]);
            packer.varint(*segment);
        }
        Instruction::InCidr(prefix) => {
            codes(packer, &[10]);
            pack_prefix(packer, *prefix);
        }
        Instruction::Matches(field, pattern) => {
            codes(packer, &[11, field.code]);
            pack_pattern(packer, pattern);
        }
        Instruction::Any(field, ItemTest::Text(test, value), holds) => {
            codes(packer, &[12, field.code, u8::from(*holds), *test as u8]);
            packer.text(value);
        }
        Instruction::Any(field, ItemTest::Pattern(pattern), holds) => {
            codes(packer, &[13, field.code, u8::from(*holds)]);
            pack_pattern(packer, pattern);
        }
        Instruction::Sum(terms, comparison, value) => {
            codes(packer, &[14]);
            packer.list(terms, |packer, (field, times)| {
                packer.wire().u8(field.code);
                packer.int(*times);
            });
            packer.wire().u8(*comparison as u8);
            packer.int(*value);
        }
        Instruction::Clock(field, part, zone, comparison, value) => {
            codes(packer, &[15, field.code, *part as u8]);
            packer.text(zone.name());
            packer.list(zone.offsets(), |packer, (from, offset)| {
                packer.int(*from);
                packer.int(*offset);
            });
            packer.wire().u8(*comparison as u8);
            packer.int(*value);
        }
        // No atoms, so not among the atoms of rules.
        Instruction::Not | Instruction::And | Instruction::Or => {}
    }
}

fn pack_pattern(packer: &mut Packer, pattern: &Pattern) {
    let (source, is_glob) = pattern.source();
    let (columns, next, ends) = pattern.parts();
    packer.text(source);
    packer.wire().u8(is_glob.into());
    packer.wire().bytes(columns);
    packer.count(ends.len());
    next.iter().for_each(|next| packer.varint(u32::from(*next)));
    ends.iter().for_each(|ends| packer.wire().u8((*ends).into()));
}

pub(super) fn open(section: &mut Section<'_>, segments: usize) -> Result<Rules, OpenError> {
    let atoms = section.list(usize::MAX, |section| open_atom(section, segments))?;
    let mut rules = section.expect(Rules::over(atoms).ok(), "atoms that are well typed")?;
    let mut steps = Vec::new();
    for _ in 0..section.count(usize::MAX)? {
        steps.clear();
        for _ in 0..section.count(INSTRUCTION_MAX)? {
            steps.push(match section.varint()? {
                NOT => Step::Not,
                AND => Step::And,
                OR => Step::Or,
                atom => Step::Atom(atom.saturating_sub(ATOMS)),
            });
        }
        section.expect(rules.add(&steps).ok(), "a program that is balanced and bounded, over these atoms")?;
    }
    section.finish()?;
    Ok(rules)
}

fn open_atom(section: &mut Section<'_>, segments: usize) -> Result<Instruction, OpenError> {
    Ok(match section.u8()? {
        0 => Instruction::Constant(false),
        1 => Instruction::Constant(true),
        2 => Instruction::Holds(field(section)?),
        3 => Instruction::Has(field(section)?),
        4 => Instruction::Int(field(section)?, code(section, &Comparison::ALL)?, section.int()?),
        5 => Instruction::Text(field(section)?, code(section, &TextTest::ALL)?, section.text()?),
        6 => Instruction::IntIn(field(section)?, section.list(OPERAND_MAX, Section::int)?),
        7 => Instruction::TextIn(field(section)?, section.list(OPERAND_MAX, Section::text)?),
        8 => Instruction::Includes(field(section)?, section.text()?),
        9 => Instruction::InSegment(section.position(segments, "the position of a segment")?),
        10 => Instruction::InCidr(open_prefix(section)?),
        11 => Instruction::Matches(field(section)?, open_pattern(section)?),
        12 => {
            let (field, holds) = (field(section)?, section.flag("whether a test shall hold")?);
            Instruction::Any(field, ItemTest::Text(code(section, &TextTest::ALL)?, section.text()?), holds)
        }
        13 => {
            let (field, holds) = (field(section)?, section.flag("whether a pattern shall match")?);
            Instruction::Any(field, ItemTest::Pattern(open_pattern(section)?), holds)
        }
        14 => {
            let terms = section.list(SUM_MAX, |section| Ok((field(section)?, section.int()?)))?;
            Instruction::Sum(terms, code(section, &Comparison::ALL)?, section.int()?)
        }
        15 => {
            let (field, part) = (field(section)?, code(section, &ClockPart::ALL)?);
            let zone = open_zone(section)?;
            Instruction::Clock(field, part, zone, code(section, &Comparison::ALL)?, section.int()?)
        }
        _ => return Err(section.error("an atom's code")),
    })
}

fn open_pattern(section: &mut Section<'_>) -> Result<Arc<Pattern>, OpenError> {
    let (source, is_glob) = (section.text()?, section.flag("whether a pattern is a glob")?);
    let columns = section.bytes(256)?.to_vec();
    let states = section.count(PATTERN_STATE_MAX)?;
    let width = columns.iter().max().map_or(1, |last| usize::from(*last).saturating_add(1));
    let mut next = Vec::new();
    for _ in 0..states.saturating_mul(width) {
        let state = u16::try_from(section.varint()?).ok();
        next.push(section.expect(state, "a state of a pattern")?);
    }
    let ends = (0..states).map(|_| section.flag("whether a text may end")).collect::<Result<_, _>>()?;
    let pattern = Pattern::new(source, is_glob, columns, next, ends);
    section.expect(pattern.map(Arc::new), "a pattern whose states lead to its own")
}

fn open_zone(section: &mut Section<'_>) -> Result<Arc<Zone>, OpenError> {
    let name = section.text()?;
    let offsets = section.list(OFFSET_MAX, |section| Ok((section.int()?, section.int()?)))?;
    section.expect(Zone::new(name, offsets).map(Arc::new), "a time zone whose offsets ascend")
}

fn field(section: &mut Section<'_>) -> Result<&'static Field, OpenError> {
    let field = Field::from_code(section.u8()?);
    section.expect(field, "a field's code")
}

fn code<T: Copy>(section: &mut Section<'_>, all: &[T]) -> Result<T, OpenError> {
    let value = all.get(usize::from(section.u8()?)).copied();
    section.expect(value, "the code of a comparison or test")
}
