//! Why a rule does not hold, and what would make it hold.
//!
//! Of the ways in which it can hold (`ways.rs`), the one for which the fewest facts would have to change. What it asks of such a fact is said
//! in full, also where that is so already: whoever changes the fact must keep it.

use super::{
    Context, Field, Instruction, Truth, Worded,
    eval::truth,
    text::measure_of,
    ways::{Literal, WAY_MAX, Way, ways},
};
use crate::model::{NearMiss, Quoted, Value, Wish};

/// What would make a rule of these instructions hold, or `None` when it holds already or never can.
#[must_use]
pub fn near_miss(instructions: &[&Instruction], context: Context<'_>) -> Option<NearMiss> {
    let all = ways(instructions.iter().copied(), &|ways| Some(cheapest(ways, context)))?;
    let way = all.into_iter().min_by_key(|way| cost(way, context))?;
    let is_met = |literal: &Literal<'_>| is_met(literal, context);
    let changes: Vec<Fact<'_>> = way.iter().filter(|literal| !is_met(literal)).map(|(atom, _)| fact(atom)).collect();
    // In the order in which the rule asks, each once. A sort's code would be larger than the rest of this file's.
    let mut left: Way<'_> = way.into_iter().filter(|(atom, _)| changes.contains(&fact(atom))).collect();
    let mut wishes = Vec::new();
    for instruction in instructions {
        while let Some(place) = left.iter().position(|(atom, _)| atom == instruction) {
            let literal = left.swap_remove(place);
            wishes.push(wish(&literal, is_met(&literal), context));
        }
    }
    (!wishes.is_empty()).then_some(NearMiss { wishes })
}

/// A few ways that cost least: more are not gone on with.
fn cheapest<'a>(ways: Vec<Way<'a>>, context: Context<'_>) -> Vec<Way<'a>> {
    let mut left: Vec<((usize, usize), Way<'a>)> = ways.into_iter().map(|way| (cost(&way, context), way)).collect();
    let mut kept = Vec::new();
    while kept.len() < WAY_MAX / 4 {
        let Some((place, _)) = left.iter().enumerate().min_by_key(|(_, (cost, _))| *cost) else { break };
        kept.push(left.swap_remove(place).1);
    }
    kept
}

/// What would have to change for an atom: a field, or what the atom asks where that is none.
#[derive(PartialEq)]
enum Fact<'a> {
    Field(u8),
    Atom(&'a Instruction),
}

fn fact(atom: &Instruction) -> Fact<'_> {
    atom.field().map_or(Fact::Atom(atom), |field| Fact::Field(field.code))
}

fn is_met((atom, wanted): &Literal<'_>, context: Context<'_>) -> bool {
    truth(atom, &context) == Truth::from(*wanted)
}

/// How many facts would have to change, then how many atoms.
fn cost(way: &Way<'_>, context: Context<'_>) -> (usize, usize) {
    let unmet: Vec<&Literal<'_>> = way.iter().filter(|literal| !is_met(literal, context)).collect();
    let mut facts: Vec<Fact<'_>> = Vec::new();
    for (atom, _) in &unmet {
        let fact = fact(atom);
        if !facts.contains(&fact) {
            facts.push(fact);
        }
    }
    (facts.len(), unmet.len())
}

fn words(instruction: &Instruction, context: Context<'_>) -> String {
    Worded(instruction, context.facts.names).to_string()
}

fn wish((instruction, should_hold): &Literal<'_>, is_met: bool, context: Context<'_>) -> Wish {
    let (text, found) = match instruction {
        Instruction::InSegment(segment) => {
            let segment = usize::try_from(*segment).ok().and_then(|segment| context.segments.get(segment));
            (format!("in_segment({})", Quoted(segment.map_or("", |segment| &segment.name))), None)
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
        | Instruction::Includes(field, _) => (words(instruction, context), found(field, context)),
        Instruction::Constant(_) | Instruction::Not | Instruction::And | Instruction::Or => {
            (instruction.to_string(), None)
        }
    };
    let needs = if *should_hold { text } else { format!("!({text})") };
    Wish { needs, is: found.filter(|_| !is_met), is_met }
}

/// The value as a few words; a long URL or list would drown the sentence. A cookie's is nobody's to know.
fn found(field: &Field, context: Context<'_>) -> Option<String> {
    const SHOWN_CHARS: usize = 80;
    if field.is_cookie() {
        return None;
    }
    let text = match field.get(context.facts) {
        Value::Int(number) => measure_of(field, context.facts.names).written(number),
        value => value.to_string(),
    };
    Some(match text.char_indices().nth(SHOWN_CHARS).and_then(|(end, _)| text.get(..end)) {
        Some(start) => format!("{start}…"),
        None => text,
    })
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
