//! Why a rule does not hold, and what would make it hold.
//!
//! Of the ways in which it can hold (`ways.rs`), the one for which the fewest facts would have to change, of those that surely can be if there
//! is one. What it asks of such a fact is said in full, also where that is so already: whoever changes the fact must keep it.

use super::{
    Context, Instruction, Truth, Worded,
    eval::truth,
    possible::{can_be, is_one_fact},
    text::measure_of,
    ways::{Literal, WAY_MAX, Way, ways},
};
use crate::model::{NearMiss, Quoted, Value, Wish};

/// What would make a rule of these instructions hold, or `None` when it holds already or never can.
#[must_use]
pub fn near_miss(instructions: &[&Instruction], context: Context<'_>) -> Option<NearMiss> {
    let mut all = ways(instructions.iter().copied(), &|ways| Some(cheapest(ways, context, WAY_MAX / 4)))?;
    all = cheapest(all, context, 1);
    let mut way = all.pop()?;
    let is_certain = !cost(&way, context).0;
    let mut unmet = Vec::new();
    for literal in &way {
        if !is_met(literal, context) {
            unmet.push(*literal);
        }
    }
    // In the order in which the rule asks, each once. A sort's code would be larger than the rest of this file's.
    let mut wishes = Vec::new();
    for instruction in instructions {
        while let Some(place) = way.iter().position(|(atom, _)| atom == instruction) {
            let literal = way.swap_remove(place);
            if is_about(&unmet, literal.0) {
                wishes.push(wish(&literal, is_met(&literal, context), context));
            }
        }
    }
    (!wishes.is_empty()).then_some(NearMiss { wishes, is_certain })
}

/// A few ways that cost least: more are not gone on with.
fn cheapest<'a>(mut ways: Vec<Way<'a>>, context: Context<'_>, count: usize) -> Vec<Way<'a>> {
    let mut costs = Vec::new();
    for way in &ways {
        costs.push(cost(way, context));
    }
    let mut kept = Vec::new();
    while kept.len() < count && !ways.is_empty() {
        let mut best = 0;
        for (place, cost) in costs.iter().enumerate() {
            if costs.get(best).is_some_and(|least| cost < least) {
                best = place;
            }
        }
        costs.swap_remove(best);
        kept.push(ways.swap_remove(best));
    }
    kept
}

/// Whether one of the literals is about the fact that `atom` asks about.
fn is_about(literals: &[Literal<'_>], atom: &Instruction) -> bool {
    literals.iter().any(|(other, _)| is_one_fact(other, atom))
}

fn is_met((atom, wanted): &Literal<'_>, context: Context<'_>) -> bool {
    truth(atom, &context) == Truth::from(*wanted)
}

/// Whether nobody knows that it can be; how many facts would have to change; how many atoms.
type Cost = (bool, usize, usize);

#[inline(never)]
fn cost(way: &Way<'_>, context: Context<'_>) -> Cost {
    let (mut facts, mut unmet): (Way<'_>, usize) = (Vec::new(), 0);
    for literal in way {
        if !is_met(literal, context) {
            if !is_about(&facts, literal.0) {
                facts.push(*literal);
            }
            unmet = unmet.saturating_add(1);
        }
    }
    let is_open = can_be(way, &|literal| !is_met(literal, context)) == Truth::Unknown;
    (is_open, facts.len(), unmet)
}

fn wish((instruction, should_hold): &Literal<'_>, is_met: bool, context: Context<'_>) -> Wish {
    let text = match instruction {
        Instruction::InSegment(segment) => {
            let segment = usize::try_from(*segment).ok().and_then(|segment| context.segments.get(segment));
            format!("in_segment({})", Quoted(segment.map_or("", |segment| &segment.name)))
        }
        instruction => Worded(*instruction, context.facts.names).to_string(),
    };
    let needs = if *should_hold { text } else { format!("!({text})") };
    Wish { needs, is: if is_met { None } else { found(instruction, context) }, is_met }
}

/// The value as a few words; a long URL or list would drown the sentence. A cookie's is nobody's to know.
fn found(instruction: &Instruction, context: Context<'_>) -> Option<String> {
    const SHOWN_CHARS: usize = 80;
    let field = instruction.field().filter(|field| !field.is_cookie())?;
    let text = match (instruction, field.get(context.facts)) {
        (Instruction::Has(_), _) => return None,
        (Instruction::Clock(_, part, zone, ..), Value::Int(now)) => Value::int(zone.read(*part, now)).to_string(),
        (_, Value::Int(number)) => measure_of(field, context.facts.names).written(number),
        (_, value) => value.to_string(),
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
