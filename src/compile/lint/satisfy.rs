//! Whether any visit can satisfy a program.
//!
//! The program is spread into alternatives, each a list of atoms that must all come to yes, or to no; an alternative is given up as soon
//! as what it asks of one field cannot be. "No" is a proof. "Yes" may be wrong: relations between fields (a host and a URL) are not
//! looked at, and programs with very many alternatives are not spread.

use std::collections::HashSet;

use crate::{
    model::Kind,
    rule::{Field, Instruction, Program, TextTest},
};

/// More alternatives are not gone through: then it is said to be possible.
const ALTERNATIVE_MAX: usize = 256;

/// An atom and whether it must come to yes or to no.
type Literal<'a> = (&'a Instruction, bool);
/// Alternatives; `None` when there are too many.
type Alternatives<'a> = Option<Vec<Vec<Literal<'a>>>>;

/// Whether the program may come to yes.
pub(super) fn may_hold(program: &Program) -> bool {
    // On the stack, for every truth: the ways to yes, and to no.
    let mut stack: Vec<(Alternatives<'_>, Alternatives<'_>)> = Vec::new();
    for instruction in program.instructions() {
        let ways = match instruction {
            Instruction::Not => stack.pop().map(|(yes, no)| (no, yes)),
            Instruction::And | Instruction::Or => {
                let right = stack.pop();
                stack.pop().zip(right).map(|((yes, no), (right_yes, right_no))| match instruction {
                    Instruction::And => (both(yes, right_yes), either(no, right_no)),
                    _ => (either(yes, right_yes), both(no, right_no)),
                })
            }
            Instruction::Constant(value) => {
                let one = |holds: bool| Some(if holds { vec![Vec::new()] } else { Vec::new() });
                Some((one(*value), one(!*value)))
            }
            atom => {
                let one =
                    |wanted| Some(vec![vec![(atom, wanted)]].into_iter().filter(|one| is_possible(one)).collect());
                Some((one(true), one(false)))
            }
        };
        stack.extend(ways);
    }
    stack.pop().and_then(|(yes, _)| yes).is_none_or(|yes| !yes.is_empty())
}

fn either<'a>(left: Alternatives<'a>, right: Alternatives<'a>) -> Alternatives<'a> {
    let (mut left, right) = left.zip(right)?;
    left.extend(right);
    (left.len() <= ALTERNATIVE_MAX).then_some(left)
}

fn both<'a>(left: Alternatives<'a>, right: Alternatives<'a>) -> Alternatives<'a> {
    // What cannot be stays so, however many ways the other has.
    if [&left, &right].into_iter().flatten().any(Vec::is_empty) {
        return Some(Vec::new());
    }
    let (left, right) = left.zip(right)?;
    if left.len() * right.len() > ALTERNATIVE_MAX {
        return None;
    }
    let joined = left.iter().flat_map(|one| right.iter().map(move |other| [one.as_slice(), other].concat()));
    Some(joined.filter(|all| is_possible(all)).collect())
}

/// Whether all of it can be at once.
fn is_possible(literals: &[Literal<'_>]) -> bool {
    let wanted: HashSet<Literal<'_>> = literals.iter().copied().collect();
    if wanted.iter().any(|(atom, is_yes)| wanted.contains(&(*atom, !is_yes))) {
        return false;
    }
    let mut fields: Vec<&'static Field> = literals.iter().filter_map(|(atom, _)| atom.field()).collect();
    fields.dedup();
    fields.iter().all(|field| {
        let of_field: Vec<Literal<'_>> =
            literals.iter().copied().filter(|(atom, _)| atom.field() == Some(*field)).collect();
        is_possible_of(field, &of_field)
    })
}

/// Whether one field can be all that is asked of it.
fn is_possible_of(field: &Field, literals: &[Literal<'_>]) -> bool {
    // An atom over a missing value comes to neither yes nor no.
    let is_missing = literals.iter().any(|(atom, wanted)| matches!(atom, Instruction::Has(_)) && !wanted);
    let asks = || literals.iter().filter(|(atom, _)| !matches!(atom, Instruction::Has(_)));
    if is_missing {
        return asks().next().is_none() && field.kind != Kind::List;
    }
    match field.kind {
        Kind::Int => is_number(field, literals),
        Kind::Text => is_text(literals),
        _ => true,
    }
}

/// What a number can be: those of most fields, any.
fn range_of(field: &Field) -> (i64, i64) {
    match field.name {
        "time.hour" => (0, 23),
        "time.weekday" => (1, 7),
        _ => (i64::MIN, i64::MAX),
    }
}

fn is_number(field: &Field, literals: &[Literal<'_>]) -> bool {
    let holds = |value: i64| {
        literals.iter().all(|(atom, wanted)| match atom {
            Instruction::Int(_, comparison, operand) => comparison.holds(value, *operand) == *wanted,
            Instruction::IntIn(_, operands) => operands.contains(&value) == *wanted,
            _ => true,
        })
    };
    let (low, high) = range_of(field);
    // Where anything changes is at an operand or beside it: if no such number will do, none does.
    let operands = literals.iter().flat_map(|(atom, _)| match atom {
        Instruction::Int(_, _, operand) => vec![*operand],
        Instruction::IntIn(_, operands) => operands.clone(),
        _ => Vec::new(),
    });
    let near = operands.flat_map(|one| [one.saturating_sub(1), one, one.saturating_add(1)]);
    near.chain([low, high]).filter(|value| (low..=high).contains(value)).any(holds)
}

fn is_text(literals: &[Literal<'_>]) -> bool {
    let holds = |value: &str| {
        literals.iter().all(|(atom, wanted)| match atom {
            Instruction::Text(_, test, operand) => test.holds(value, operand) == *wanted,
            Instruction::TextIn(_, operands) => operands.iter().any(|operand| **operand == *value) == *wanted,
            Instruction::Matches(_, pattern) => pattern.matches(value) == *wanted,
            _ => true,
        })
    };
    // Where it must be one of a few, they can be tried.
    for (atom, wanted) in literals {
        match (atom, wanted) {
            (Instruction::Text(_, TextTest::Equal, text), true)
            | (Instruction::Text(_, TextTest::NotEqual, text), false) => {
                return holds(text);
            }
            (Instruction::TextIn(_, texts), true) => return texts.iter().any(|text| holds(text)),
            _ => {}
        }
    }
    let parts = |test: TextTest, wanted: bool| {
        literals.iter().filter_map(move |(atom, is_yes)| match atom {
            Instruction::Text(_, one, text) if *one == test && *is_yes == wanted => Some(&**text),
            _ => None,
        })
    };
    let fit = |test: TextTest, is_part: fn(&str, &str) -> bool| {
        let mut pairs = parts(test, true).flat_map(|one| parts(test, true).map(move |other| (one, other)));
        pairs.all(|(one, other)| is_part(one, other) || is_part(other, one))
    };
    let starts = |text: &str, part: &str| text.starts_with(part);
    let ends = |text: &str, part: &str| text.ends_with(part);
    let refused = |test: TextTest, is_part: fn(&str, &str) -> bool| {
        parts(test, false).any(|no| no.is_empty() || parts(test, true).any(|yes| is_part(yes, no)))
    };
    let held = || {
        [TextTest::StartsWith, TextTest::EndsWith, TextTest::Contains].into_iter().flat_map(|test| parts(test, true))
    };
    let no_part = parts(TextTest::Contains, false).any(|no| no.is_empty() || held().any(|yes| yes.contains(no)));
    fit(TextTest::StartsWith, starts)
        && fit(TextTest::EndsWith, ends)
        && !refused(TextTest::StartsWith, starts)
        && !refused(TextTest::EndsWith, ends)
        && !no_part
}

#[cfg(test)]
mod tests {
    use super::may_hold;
    use crate::rule::{
        Comparison::{Equal, Greater, GreaterOrEqual, Less, NotEqual},
        Field,
        Instruction::{self, And, Constant, Has, Int, IntIn, Not, Or, Text, TextIn},
        Program, TextTest,
    };

    fn field(name: &str) -> &'static Field {
        Field::from_name(name).unwrap()
    }

    fn check(steps: Vec<Instruction>, expect: bool) {
        assert_eq!(may_hold(&Program::new(steps.clone()).unwrap()), expect, "{steps:?}");
    }

    #[test]
    fn numbers_that_cannot_be_are_found() {
        let visits = |comparison, value| Int(field("visitor.visits"), comparison, value);
        check(vec![visits(Greater, 5), visits(Less, 3), And], false);
        check(vec![visits(Greater, 2), visits(Less, 4), And], true);
        check(vec![visits(Greater, 2), visits(Less, 4), And, visits(NotEqual, 3), And], false);
        check(vec![visits(Greater, 5), visits(Less, 3), Or], true);
        check(vec![visits(GreaterOrEqual, 3), Not, visits(Equal, 7), And], false);
        check(vec![IntIn(field("visitor.visits"), vec![1, 2]), visits(Greater, 2), And], false);
        check(vec![visits(Greater, i64::MAX)], false);
        check(vec![Int(field("time.hour"), GreaterOrEqual, 24)], false);
        check(vec![Int(field("time.weekday"), Equal, 7)], true);
        check(vec![Has(field("visitor.visits")), Not, visits(Equal, 1), And], false);
    }

    #[test]
    fn texts_that_cannot_be_are_found() {
        let path = |test, value: &str| Text(field("page.path"), test, value.into());
        use TextTest::{Contains, EndsWith, Equal, StartsWith};
        check(vec![path(Equal, "/a"), path(Equal, "/b"), And], false);
        check(vec![path(Equal, "/a"), path(StartsWith, "/b"), And], false);
        check(vec![path(Equal, "/a/b"), path(StartsWith, "/a"), And], true);
        check(vec![path(StartsWith, "/a"), path(StartsWith, "/b"), And], false);
        check(vec![path(StartsWith, "/a"), path(StartsWith, "/a/b"), And], true);
        check(vec![path(StartsWith, "/a/b"), path(StartsWith, "/a"), Not, And], false);
        check(vec![path(EndsWith, "x"), path(EndsWith, "y"), And], false);
        check(vec![path(StartsWith, "/shop"), path(Contains, "hop"), Not, And], false);
        check(vec![TextIn(field("page.path"), vec!["/a".into(), "/b".into()]), path(Equal, "/c"), And], false);
        check(vec![path(Equal, "/a"), path(Equal, "/a"), Not, And], false);
        check(vec![path(StartsWith, ""), Not], false);
    }

    #[test]
    fn constants_and_contraries_are_seen_through() {
        check(vec![Constant(false)], false);
        check(vec![Constant(true), Not], false);
        let known = || Instruction::Holds(field("account.known"));
        check(vec![known(), known(), Not, And], false);
        check(vec![known(), known(), Not, Or], true);
    }
}
