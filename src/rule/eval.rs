//! Evaluates a program for one visit.
//!
//! Truth has three values, as in CEL, where reading a missing key is an error that `&&` and `||` can absorb: a comparison
//! with a value that nobody knows is [`Truth::Unknown`], and a rule holds only when it ends in [`Truth::Yes`]. So
//! `!(account.tier == 1)` says nothing of a stranger, and `has(account.tier)` asks.

use crate::{
    limit::STACK_MAX,
    model::{Facts, Segment, Value},
    net::Address,
    rule::{Field, Instruction, Program},
};

/// What a program may look at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The account and the page view.
    pub facts: &'a Facts<'a>,
    /// The client's address.
    pub address: Option<Address>,
    /// The site's segments.
    pub segments: &'a [Segment],
}

impl Context<'_> {
    /// Whether the account is in the segment of this position; a stranger is in none.
    #[must_use]
    pub fn is_in_segment(&self, segment: u32) -> bool {
        let segment = usize::try_from(segment).ok().and_then(|segment| self.segments.get(segment));
        segment.zip(self.facts.account).is_some_and(|(segment, account)| segment.has(account))
    }
}

/// What a program, or an atom of it, comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It does not hold.
    No,
    /// It holds.
    Yes,
    /// Something it reads is missing.
    Unknown,
}

impl Truth {
    /// Both hold; one that does not is enough to say no.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Unknown,
        }
    }

    /// One holds; one that does is enough to say yes.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    /// The contrary; of what is not known, nothing is known.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "stands beside `and` and `or`, which are no operators either")]
    pub fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Yes => Self::No,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

/// What `program` comes to. Costs one step an instruction and allocates nothing.
#[must_use]
pub fn evaluate(program: &Program, context: Context<'_>) -> Truth {
    let mut stack = Stack::default();
    for instruction in program.instructions() {
        let next = match instruction {
            Instruction::Not => stack.pop().not(),
            Instruction::And => stack.pop().and(stack.pop()),
            Instruction::Or => stack.pop().or(stack.pop()),
            atom => truth(atom, &context),
        };
        stack.push(next);
    }
    stack.pop()
}

/// What one atom comes to; an operator, which is none, is unknown.
#[must_use]
pub fn truth(instruction: &Instruction, context: &Context<'_>) -> Truth {
    // Most atoms of a page view test a text of it.
    if let Instruction::Text(field, test, operand) = instruction
        && let Some(fact) = field.text_fact()
    {
        return context.facts.text(fact).map_or(Truth::Unknown, |value| Truth::from(test.holds(value, operand)));
    }
    // Read in one place: there are many fields, and each place that reads any of them is much code.
    let value = instruction.field().map_or(Value::Missing, |field| field.get(context.facts));
    match (instruction, value) {
        (Instruction::Constant(value), _) => Truth::from(*value),
        (Instruction::Has(_), value) => Truth::from(value != Value::Missing),
        (Instruction::InSegment(segment), _) => Truth::from(context.is_in_segment(*segment)),
        (Instruction::InCidr(prefix), _) => {
            context.address.map_or(Truth::Unknown, |address| Truth::from(prefix.contains(address)))
        }
        (Instruction::Holds(_), Value::Bool(value)) => Truth::from(value),
        (Instruction::Int(_, comparison, operand), Value::Int(value)) => Truth::from(comparison.holds(value, *operand)),
        (Instruction::IntIn(_, operands), Value::Int(value)) => Truth::from(operands.contains(&value)),
        (Instruction::Text(_, test, operand), Value::Text(value)) => Truth::from(test.holds(value, operand)),
        (Instruction::TextIn(_, operands), Value::Text(value)) => {
            Truth::from(operands.iter().any(|operand| &**operand == value))
        }
        (Instruction::Includes(_, operand), Value::List(values)) => Truth::from(values.contains(operand)),
        (Instruction::Any(_, test, holds), Value::List(values)) => {
            Truth::from(values.iter().any(|value| test.holds(value) == *holds))
        }
        (Instruction::Matches(_, pattern), Value::Text(value)) => Truth::from(pattern.matches(value)),
        (Instruction::Clock(_, part, zone, comparison, operand), Value::Int(now)) => {
            zone.read(*part, now).map_or(Truth::Unknown, |shown| Truth::from(comparison.holds(shown, *operand)))
        }
        (Instruction::Sum(terms, comparison, operand), _) => sum(terms, context).map_or(Truth::Unknown, |sum| {
            // The sum of a few products of 64 bits is far from the end of 128.
            Truth::from(comparison.holds_wide(sum, i128::from(*operand)))
        }),
        _ => Truth::Unknown,
    }
}

/// What fields come to, each taken so many times; `None` where one is not known.
fn sum(terms: &[(&'static Field, i64)], context: &Context<'_>) -> Option<i128> {
    terms.iter().try_fold(0_i128, |sum, (field, times)| match field.get(context.facts) {
        Value::Int(value) => Some(sum.wrapping_add(i128::from(value).wrapping_mul(i128::from(*times)))),
        _ => None,
    })
}

/// A program's truths. [`Program`] proves that it neither runs over nor dry; were it to, the rule would not hold.
struct Stack {
    truths: [Truth; STACK_MAX],
    depth: usize,
}

impl Default for Stack {
    fn default() -> Self {
        Self { truths: [Truth::Unknown; STACK_MAX], depth: 0 }
    }
}

impl Stack {
    fn push(&mut self, truth: Truth) {
        if let Some(place) = self.truths.get_mut(self.depth) {
            *place = truth;
            self.depth = self.depth.saturating_add(1);
        }
    }

    fn pop(&mut self) -> Truth {
        self.depth = self.depth.saturating_sub(1);
        self.truths.get(self.depth).copied().unwrap_or(Truth::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{No, Unknown, Yes};

    #[test]
    fn three_valued_logic_is_kleenes() {
        let all = [No, Yes, Unknown];
        for left in all {
            for right in all {
                assert_eq!(left.and(right), right.and(left));
                assert_eq!(left.or(right), right.or(left));
            }
        }
        assert_eq!(all.map(|truth| No.and(truth)), [No, No, No]);
        assert_eq!(all.map(|truth| Yes.and(truth)), [No, Yes, Unknown]);
        assert_eq!(all.map(|truth| Unknown.and(truth)), [No, Unknown, Unknown]);
        assert_eq!(all.map(|truth| Yes.or(truth)), [Yes, Yes, Yes]);
        assert_eq!(all.map(|truth| No.or(truth)), [No, Yes, Unknown]);
        assert_eq!(all.map(|truth| Unknown.or(truth)), [Unknown, Yes, Unknown]);
    }
}
