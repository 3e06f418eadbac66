//! A rule as instructions for a stack machine: atoms push a truth, `And`, `Or` and `Not` combine what is there.
//!
//! A [`Program`] is valid by construction: its types fit, its stack never runs dry and ends with one truth. So evaluating
//! it cannot fail.

use std::sync::Arc;

use crate::{
    limit::{INSTRUCTION_MAX, OPERAND_MAX, STACK_MAX, SUM_MAX},
    model::{Kind, Text},
    net::Prefix,
    rule::{ClockPart, Field, Pattern, Zone},
    search::contains,
};

/// A valid rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Program {
    instructions: Vec<Instruction>,
}

/// One step of a program.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Instruction {
    /// Pushes a truth.
    Constant(bool),
    /// Pushes a boolean field.
    Holds(&'static Field),
    /// Pushes whether a field has a value.
    Has(&'static Field),
    /// Compares a whole number.
    Int(&'static Field, Comparison, i64),
    /// Tests a text.
    Text(&'static Field, TextTest, Text),
    /// Whether a whole number is one of these.
    IntIn(&'static Field, Vec<i64>),
    /// Whether a text is one of these.
    TextIn(&'static Field, Vec<Text>),
    /// Whether a list holds this text.
    Includes(&'static Field, Text),
    /// Whether a text matches.
    Matches(&'static Field, Arc<Pattern>),
    /// Whether a test comes to this for one of a list's texts.
    Any(&'static Field, ItemTest, bool),
    /// Compares the sum of several fields, each taken so many times.
    Sum(Vec<(&'static Field, i64)>, Comparison, i64),
    /// Compares what a clock shows somewhere at the time of a field.
    Clock(&'static Field, ClockPart, Arc<Zone>, Comparison, i64),
    /// Whether the account is in the segment of this position; a stranger is in none.
    InSegment(u32),
    /// Whether the client's address lies in this prefix.
    InCidr(Prefix),
    /// Replaces the top truth by its contrary.
    Not,
    /// Replaces the two top truths by whether both hold.
    And,
    /// Replaces the two top truths by whether one holds.
    Or,
}

/// How one text of a list is tested.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ItemTest {
    /// Against another text.
    Text(TextTest, Text),
    /// By a pattern.
    Pattern(Arc<Pattern>),
}

impl ItemTest {
    /// Whether it holds for `text`.
    #[must_use]
    pub fn holds(&self, text: &str) -> bool {
        match self {
            Self::Text(test, operand) => test.holds(text, operand),
            Self::Pattern(pattern) => pattern.matches(text),
        }
    }
}

/// How two whole numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Comparison {
    /// `==`
    Equal = 0,
    /// `!=`
    NotEqual = 1,
    /// `<`
    Less = 2,
    /// `<=`
    LessOrEqual = 3,
    /// `>`
    Greater = 4,
    /// `>=`
    GreaterOrEqual = 5,
}

impl Comparison {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 6] =
        [Self::Equal, Self::NotEqual, Self::Less, Self::LessOrEqual, Self::Greater, Self::GreaterOrEqual];

    /// As it is written.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// Whether it asks for one number alone.
    #[must_use]
    pub fn is_exact(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual)
    }

    /// The one that holds where this one does not.
    #[must_use]
    pub fn contrary(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::GreaterOrEqual,
            Self::LessOrEqual => Self::Greater,
            Self::Greater => Self::LessOrEqual,
            Self::GreaterOrEqual => Self::Less,
        }
    }

    /// The numbers for which a comparison with `value` holds: from, to.
    #[must_use]
    pub fn range(self, value: i64) -> Option<(i64, i64)> {
        match self {
            Self::Equal => Some((value, value)),
            Self::NotEqual => Some((i64::MIN, i64::MAX)),
            Self::Less => Some((i64::MIN, value.checked_sub(1)?)),
            Self::LessOrEqual => Some((i64::MIN, value)),
            Self::Greater => Some((value.checked_add(1)?, i64::MAX)),
            Self::GreaterOrEqual => Some((value, i64::MAX)),
        }
    }

    /// Whether it holds between `left` and `right`.
    #[must_use]
    pub fn holds(self, left: i64, right: i64) -> bool {
        self.compares(left, right)
    }

    /// The same of sums.
    #[must_use]
    pub fn holds_wide(self, left: i128, right: i128) -> bool {
        self.compares(left, right)
    }

    #[inline]
    fn compares<T: Ord>(self, left: T, right: T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}

/// How a text is tested. Byte by byte: case counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum TextTest {
    /// `==`
    Equal = 0,
    /// `!=`
    NotEqual = 1,
    /// `startsWith`
    StartsWith = 2,
    /// `endsWith`
    EndsWith = 3,
    /// `contains`
    Contains = 4,
}

impl TextTest {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 5] = [Self::Equal, Self::NotEqual, Self::StartsWith, Self::EndsWith, Self::Contains];

    /// The sign or the function that asks for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::StartsWith => "startsWith",
            Self::EndsWith => "endsWith",
            Self::Contains => "contains",
        }
    }

    /// Whether it holds for `text`.
    #[inline]
    #[must_use]
    pub fn holds(self, text: &str, operand: &str) -> bool {
        match self {
            Self::Equal => text == operand,
            Self::NotEqual => text != operand,
            Self::StartsWith => text.starts_with(operand),
            Self::EndsWith => text.ends_with(operand),
            Self::Contains => contains(text.as_bytes(), operand.as_bytes()),
        }
    }
}

/// What is wrong with a list of instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgramError {
    /// More than [`INSTRUCTION_MAX`] instructions.
    TooLong,
    /// More than [`STACK_MAX`] truths at once.
    TooDeep,
    /// More than [`OPERAND_MAX`] literals in one instruction.
    TooManyOperands,
    /// An instruction finds too few truths, or more than one is left.
    Unbalanced,
    /// An instruction reads a field of another type.
    Kind,
    /// An atom is none, or one that is not there.
    Atom,
}

impl Program {
    /// A program of `instructions`.
    ///
    /// # Errors
    /// [`ProgramError`], the first that is found.
    pub fn new(instructions: Vec<Instruction>) -> Result<Self, ProgramError> {
        check_length(instructions.len())?;
        instructions.iter().try_for_each(Instruction::check)?;
        check_balance(instructions.iter().map(Instruction::arity))?;
        Ok(Self { instructions })
    }

    /// The program that always gives `value`.
    #[must_use]
    pub fn constant(value: bool) -> Self {
        Self::of_atom(Instruction::Constant(value))
    }

    /// The program that gives what `atom` comes to.
    pub(super) fn of_atom(atom: Instruction) -> Self {
        Self { instructions: vec![atom] }
    }

    /// Its steps.
    #[must_use]
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }
}

/// That a program has no more than [`INSTRUCTION_MAX`] steps.
pub(super) fn check_length(steps: usize) -> Result<(), ProgramError> {
    if steps > INSTRUCTION_MAX { Err(ProgramError::TooLong) } else { Ok(()) }
}

/// That steps which take and give so many truths never run dry, keep within [`STACK_MAX`] and end with one.
pub(super) fn check_balance(arities: impl Iterator<Item = (usize, usize)>) -> Result<(), ProgramError> {
    let mut depth = 0_usize;
    for (taken, given) in arities {
        depth = depth.checked_sub(taken).ok_or(ProgramError::Unbalanced)?.saturating_add(given);
        if depth > STACK_MAX {
            return Err(ProgramError::TooDeep);
        }
    }
    if depth == 1 { Ok(()) } else { Err(ProgramError::Unbalanced) }
}

impl Instruction {
    /// Whether it pushes a truth and takes none.
    #[must_use]
    pub fn is_atom(&self) -> bool {
        !matches!(self, Self::Not | Self::And | Self::Or)
    }

    /// How many truths it takes from the stack and how many it puts there.
    #[must_use]
    pub fn arity(&self) -> (usize, usize) {
        match self {
            Self::Not => (1, 1),
            Self::And | Self::Or => (2, 1),
            _ => (0, 1),
        }
    }

    /// The field it reads, if it reads one by name.
    #[must_use]
    pub fn field(&self) -> Option<&'static Field> {
        match self {
            Self::Holds(field)
            | Self::Has(field)
            | Self::Int(field, ..)
            | Self::Text(field, ..)
            | Self::IntIn(field, _)
            | Self::TextIn(field, _)
            | Self::Includes(field, _)
            | Self::Matches(field, _)
            | Self::Any(field, ..)
            | Self::Clock(field, ..) => Some(field),
            _ => None,
        }
    }

    /// The fields it reads by name: one, or those of a sum.
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> {
        let terms = if let Self::Sum(terms, ..) = self { terms.as_slice() } else { &[] };
        terms.iter().map(|(field, _)| *field).chain(self.field())
    }

    pub(super) fn check_atom(&self) -> Result<(), ProgramError> {
        if self.is_atom() { self.check() } else { Err(ProgramError::Atom) }
    }

    fn check(&self) -> Result<(), ProgramError> {
        let (field, kind, operands) = match self {
            Self::Holds(field) => (field, Kind::Bool, 0),
            Self::Int(field, ..) => (field, Kind::Int, 0),
            Self::IntIn(field, values) => (field, Kind::Int, values.len()),
            Self::Text(field, ..) => (field, Kind::Text, 0),
            Self::TextIn(field, values) => (field, Kind::Text, values.len()),
            Self::Includes(field, _) | Self::Any(field, ..) => (field, Kind::List, 0),
            Self::Matches(field, _) => (field, Kind::Text, 0),
            Self::Clock(field, ..) => (field, Kind::Int, 0),
            Self::Sum(terms, ..) => {
                let is_number = |(field, _): &(&'static Field, i64)| field.kind == Kind::Int;
                let is_bounded = (1..=SUM_MAX).contains(&terms.len());
                let is_well_typed = terms.iter().all(is_number) && is_bounded;
                return if is_well_typed { Ok(()) } else { Err(ProgramError::Kind) };
            }
            Self::Has(field) if field.kind == Kind::Address => return Err(ProgramError::Kind),
            _ => return Ok(()),
        };
        if field.kind != kind {
            return Err(ProgramError::Kind);
        }
        if operands > OPERAND_MAX { Err(ProgramError::TooManyOperands) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Comparison, Field, Instruction, Program, ProgramError};
    use crate::limit::{INSTRUCTION_MAX, STACK_MAX};

    fn check(instructions: Vec<Instruction>, expect: Result<(), ProgramError>) {
        assert_eq!(Program::new(instructions.clone()).map(|_| ()), expect, "{instructions:?}");
    }

    #[test]
    fn a_program_leaves_one_truth() {
        use Instruction::{And, Constant, Not};
        check(vec![Constant(true)], Ok(()));
        check(vec![Constant(true), Not], Ok(()));
        check(vec![], Err(ProgramError::Unbalanced));
        check(vec![Not], Err(ProgramError::Unbalanced));
        check(vec![Constant(true), And], Err(ProgramError::Unbalanced));
        check(vec![Constant(true), Constant(true)], Err(ProgramError::Unbalanced));
    }

    #[test]
    fn a_program_is_bounded() {
        let nested = |depth: usize| {
            let mut steps = vec![Instruction::Constant(true); depth];
            steps.extend(vec![Instruction::And; depth - 1]);
            steps
        };
        check(nested(STACK_MAX), Ok(()));
        check(nested(STACK_MAX + 1), Err(ProgramError::TooDeep));
        check(vec![Instruction::Not; INSTRUCTION_MAX + 1], Err(ProgramError::TooLong));
    }

    #[test]
    fn an_instruction_reads_a_field_of_its_type() {
        let field = |name| Field::from_name(name).unwrap();
        check(vec![Instruction::Int(field("account.name"), Comparison::Equal, 1)], Err(ProgramError::Kind));
        check(vec![Instruction::Holds(field("account.tier"))], Err(ProgramError::Kind));
        check(vec![Instruction::Has(field("visitor.ip"))], Err(ProgramError::Kind));
        check(vec![Instruction::Includes(field("account.technologies"), "x".into())], Ok(()));
    }
}
