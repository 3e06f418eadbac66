//! Why a rule does not hold, and what would make it hold.
//!
//! One pass over the program carries two lists with every truth: the atoms to change for it to hold, and those to change
//! for it not to. `And` needs both sides' changes to hold but only the cheaper one's not to; `Or` the other way round;
//! `Not` swaps the lists. What is left at the end is a smallest set of changes.

use super::{Context, Instruction, Truth, eval::truth, with_names};
use crate::model::Value;

/// The changes that would make a rule hold. Reads as a sentence:
/// ``would match if account.tier == 1 (it is 2) and visitor.visits > 2 (it is not known)``.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    wishes: Vec<Wish>,
}

/// One atom that would have to change.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wish {
    /// The atom as its author could have written it, negated if it should not hold.
    atom: String,
    /// What was found instead; `None` where that is no one's business (an address) or says nothing.
    found: Option<String>,
}

/// What would make a program of these instructions hold, or `None` when it holds already or never can.
#[must_use]
pub fn near_miss(instructions: &[&Instruction], context: Context<'_>) -> Option<NearMiss> {
    let mut stack: Vec<Costs> = Vec::new();
    for (index, instruction) in instructions.iter().enumerate() {
        let costs = match instruction {
            Instruction::Not => stack.pop()?.swapped(),
            Instruction::And => stack.pop()?.with(stack.pop()?),
            Instruction::Or => stack.pop()?.swapped().with(stack.pop()?.swapped()).swapped(),
            Instruction::Constant(value) => Costs::constant(*value),
            instruction => Costs::atom(index, truth(instruction, &context)),
        };
        stack.push(costs);
    }
    let changes = stack.pop()?.to_hold?;
    let wishes: Vec<Wish> = changes
        .into_iter()
        .filter_map(|change| Some(wish(instructions.get(change.index)?, change.should_hold, context)))
        .collect();
    (!wishes.is_empty()).then_some(NearMiss { wishes })
}

/// The changes that bring a truth to hold, and not to hold; `None` where nothing can.
struct Costs {
    to_hold: Option<Vec<Change>>,
    to_fail: Option<Vec<Change>>,
}

/// An atom, by its position, that should come out otherwise.
#[derive(Clone, Copy)]
struct Change {
    index: usize,
    should_hold: bool,
}

impl Costs {
    fn constant(value: bool) -> Self {
        let free = |wanted: bool| (value == wanted).then(Vec::new);
        Self { to_hold: free(true), to_fail: free(false) }
    }

    fn atom(index: usize, truth: Truth) -> Self {
        let cost = |wanted: Truth, should_hold: bool| {
            if truth == wanted { Vec::new() } else { vec![Change { index, should_hold }] }
        };
        Self { to_hold: Some(cost(Truth::Yes, true)), to_fail: Some(cost(Truth::No, false)) }
    }

    fn swapped(self) -> Self {
        Self { to_hold: self.to_fail, to_fail: self.to_hold }
    }

    /// Costs of `before && self`; on the stack the left side lies below.
    fn with(self, before: Self) -> Self {
        let to_hold = before.to_hold.zip(self.to_hold).map(|(mut all, more)| {
            all.extend(more);
            all
        });
        let to_fail = match (before.to_fail, self.to_fail) {
            (Some(left), Some(right)) => Some(if left.len() <= right.len() { left } else { right }),
            (left, right) => left.or(right),
        };
        Self { to_hold, to_fail }
    }
}

fn words(instruction: &Instruction, context: Context<'_>) -> String {
    with_names(instruction.to_string(), context.facts.custom)
}

fn wish(instruction: &Instruction, should_hold: bool, context: Context<'_>) -> Wish {
    let (text, found) = match instruction {
        Instruction::InSegment(segment) => {
            let segment = usize::try_from(*segment).ok().and_then(|segment| context.segments.get(segment));
            (format!("in_segment({:?})", segment.map_or("", |segment| &segment.name)), None)
        }
        Instruction::InCidr(_) | Instruction::Has(_) | Instruction::Sum(..) => (words(instruction, context), None),
        Instruction::Clock(field, part, zone, ..) => {
            let found = match field.get(context.facts) {
                Value::Int(now) => Value::int(zone.read(*part, now)),
                other => other,
            };
            (words(instruction, context), Some(found.to_string()))
        }
        Instruction::Holds(field)
        | Instruction::Int(field, ..)
        | Instruction::IntIn(field, _)
        | Instruction::Text(field, ..)
        | Instruction::TextIn(field, _)
        | Instruction::Matches(field, _)
        | Instruction::Any(field, ..)
        | Instruction::Includes(field, _) => (words(instruction, context), Some(found(field.get(context.facts)))),
        Instruction::Constant(_) | Instruction::Not | Instruction::And | Instruction::Or => {
            (instruction.to_string(), None)
        }
    };
    Wish { atom: if should_hold { text } else { format!("!({text})") }, found }
}

/// The value as a few words; a long URL or list would drown the sentence.
fn found(value: Value<'_>) -> String {
    const SHOWN_CHARS: usize = 80;
    let text = value.to_string();
    match text.char_indices().nth(SHOWN_CHARS).and_then(|(end, _)| text.get(..end)) {
        Some(start) => format!("{start}…"),
        None => text,
    }
}

impl std::fmt::Display for NearMiss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("would match if ")?;
        let is_single = self.wishes.len() == 1;
        for (index, Wish { atom, found }) in self.wishes.iter().enumerate() {
            let joint = if index == 0 { "" } else { " and " };
            match found {
                Some(found) if is_single => write!(f, "{joint}{atom}; it is {found}")?,
                Some(found) => write!(f, "{joint}{atom} (it is {found})")?,
                None => write!(f, "{joint}{atom}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::near_miss;
    use crate::{
        model::{Facts, Segment, Visit, Visitor},
        rule::{Comparison, Context, Field, Instruction},
    };

    fn int(name: &str, comparison: Comparison, value: i64) -> Instruction {
        Instruction::Int(Field::from_name(name).unwrap(), comparison, value)
    }

    fn check(instructions: Vec<Instruction>, expect: Option<&str>) {
        let visit = Visit { visitor: Visitor { visits: Some(2), ..Visitor::default() }, ..Visit::default() };
        let facts = Facts::new(None, &visit);
        let segments = [Segment { name: "banks".into(), rule: 0, members: vec![] }];
        let context = Context { facts: &facts, address: None, segments: &segments };
        let instructions: Vec<&Instruction> = instructions.iter().collect();
        let found = near_miss(&instructions, context).map(|miss| miss.to_string());
        assert_eq!(found.as_deref(), expect);
    }

    #[test]
    fn one_atom_says_what_it_found() {
        let visits = |value| int("visitor.visits", Comparison::Greater, value);
        check(vec![visits(2)], Some("would match if visitor.visits > 2; it is 2"));
        check(vec![visits(1)], None);
        check(vec![visits(1), Instruction::Not], Some("would match if !(visitor.visits > 1); it is 2"));
        check(
            vec![int("account.tier", Comparison::Equal, 1)],
            Some("would match if account.tier == 1; it is not known"),
        );
        check(vec![Instruction::InSegment(0)], Some("would match if in_segment(\"banks\")"));
    }

    #[test]
    fn the_fewest_changes_are_named() {
        use Instruction::{And, Constant, Not, Or};
        let no = || int("visitor.visits", Comparison::Equal, 9);
        let other = || int("time.hour", Comparison::Less, 6);
        check(
            vec![no(), other(), And],
            Some("would match if visitor.visits == 9 (it is 2) and time.hour < 6 (it is not known)"),
        );
        check(vec![no(), other(), And, other(), Or], Some("would match if time.hour < 6; it is not known"));
        check(vec![no(), Constant(true), And], Some("would match if visitor.visits == 9; it is 2"));
        check(vec![no(), Constant(false), And], None);
        check(
            vec![no(), Not, other(), Or, Not],
            Some("would match if visitor.visits == 9 (it is 2) and !(time.hour < 6) (it is not known)"),
        );
    }
}
