//! Why what a way asks cannot be at once, where that takes longer than a server has: texts that patterns share, what sums come to, prefixes.
//! Lists are accounts' alone, and those are all known.

use super::language::{Reader, is_empty};
use crate::{
    net::Prefix,
    rule::{Field, Instruction, Literal, TextTest, shape},
};

/// Whether what a way asks cannot be.
pub(super) fn is_excluded(way: &[Literal<'_>]) -> bool {
    way.iter().any(|(atom, wanted)| match atom {
        Instruction::Matches(field, _) => is_empty(&text(field, way)),
        Instruction::Sum(terms, ..) => !has_sum(terms, way),
        Instruction::InCidr(prefix) if *wanted => way.iter().any(|literal| has_no_room(*prefix, literal)),
        _ => false,
    })
}

/// Whether no address of a prefix is in another that is asked for, or each is in one that is refused.
fn has_no_room(prefix: Prefix, (atom, wanted): &Literal<'_>) -> bool {
    let Instruction::InCidr(other) = atom else { return false };
    let is_within = |inner: Prefix, outer: Prefix| outer.contains(inner.first()) && outer.length() <= inner.length();
    if *wanted { !is_within(prefix, *other) && !is_within(*other, prefix) } else { is_within(prefix, *other) }
}

/// All that is asked of a text, and what every text of the field is.
fn text<'a>(field: &Field, way: &[Literal<'a>]) -> Vec<(Reader<'a>, bool)> {
    let mut readers: Vec<(Reader<'a>, bool)> =
        shape(field).iter().map(|(test, operand, wanted)| (Reader::Text(*test, operand), *wanted)).collect();
    for (atom, wanted) in way.iter().filter(|(atom, _)| atom.field() == Some(field)) {
        match atom {
            Instruction::Text(_, test, operand) => readers.push((Reader::Text(*test, operand), *wanted)),
            Instruction::Matches(_, pattern) => readers.push((Reader::Pattern(pattern), *wanted)),
            // Of those that it may be, each was tried.
            Instruction::TextIn(_, texts) if !wanted => {
                readers.extend(texts.iter().map(|text| (Reader::Text(TextTest::Equal, text), false)));
            }
            _ => {}
        }
    }
    readers
}

/// Whether a sum can come to what is asked of it, by what is asked of its numbers.
fn has_sum(terms: &[(&'static Field, i64)], way: &[Literal<'_>]) -> bool {
    let (mut low, mut high) = (0_i128, 0_i128);
    for (field, times) in terms {
        let (from, to) = bounds(field, way);
        let ends = [from, to].map(|end| i128::from(end) * i128::from(*times));
        low += ends[0].min(ends[1]);
        high += ends[0].max(ends[1]);
    }
    // The same sum with other signs is asked for the contrary number.
    let sign = |other: &[(&'static Field, i64)]| {
        let is_times = |sign: i64| {
            let has = |(field, times): &(&Field, i64)| {
                other.iter().any(|(own, own_times)| own == field && times.checked_mul(sign) == Some(*own_times))
            };
            other.len() == terms.len() && terms.iter().all(has)
        };
        [1, -1].into_iter().find(|sign| is_times(*sign))
    };
    let asked: Vec<_> = way
        .iter()
        .filter_map(|(atom, wanted)| match atom {
            Instruction::Sum(other, comparison, operand) => {
                Some((i128::from(sign(other)?), *comparison, i128::from(*operand), *wanted))
            }
            _ => None,
        })
        .collect();
    let holds = |sum: &i128| {
        asked.iter().all(|(sign, comparison, operand, wanted)| comparison.holds_wide(sum * sign, *operand) == *wanted)
    };
    let near = asked.iter().flat_map(|(sign, _, operand, _)| [-1, 0, 1].map(|beside| operand * sign + beside));
    near.chain([low, high]).filter(|sum| (low..=high).contains(sum)).any(|sum| holds(&sum))
}

/// From the least that a number can be to the greatest.
fn bounds(field: &Field, way: &[Literal<'_>]) -> (i64, i64) {
    let mut range = field.range();
    for (atom, wanted) in way.iter().filter(|(atom, _)| atom.field() == Some(field)) {
        let (low, high) = match atom {
            Instruction::Int(_, comparison, operand) => {
                let comparison = if *wanted { *comparison } else { comparison.contrary() };
                comparison.range(*operand).unwrap_or((1, 0))
            }
            Instruction::IntIn(_, operands) if *wanted => {
                operands.iter().min().zip(operands.iter().max()).map_or((1, 0), |(low, high)| (*low, *high))
            }
            _ => continue,
        };
        range = (range.0.max(low), range.1.min(high));
    }
    range
}
