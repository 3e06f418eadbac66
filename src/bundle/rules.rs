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

use crate::{
    bundle::{
        networks::{open_prefix, pack_prefix},
        parts::{OpenError, Packer, Section},
    },
    limit::{INSTRUCTION_MAX, OPERAND_MAX},
    rule::{Comparison, Field, Instruction, Rules, Step, TextTest},
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
            packer.list(values, |packer, value| packer.text(value));
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
        // No atoms, so not among the atoms of rules.
        Instruction::Not | Instruction::And | Instruction::Or => {}
    }
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
        _ => return Err(section.error("an atom's code")),
    })
}

fn field(section: &mut Section<'_>) -> Result<&'static Field, OpenError> {
    let field = Field::from_code(section.u8()?);
    section.expect(field, "a field's code")
}

fn code<T: Copy>(section: &mut Section<'_>, all: &[T]) -> Result<T, OpenError> {
    let value = all.get(usize::from(section.u8()?)).copied();
    section.expect(value, "the code of a comparison or test")
}
