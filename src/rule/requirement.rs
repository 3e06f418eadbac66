//! What must be so for a rule to hold, field by field: less than the rule says, but enough to leave most rules out.
//!
//! One pass over the program carries two answers with every truth: what it needs to be yes, and to be no. `And` needs both sides'
//! for yes, and for no what both sides have in common; `Or` the other way round; `Not` swaps them.

use super::{Comparison, Instruction, Program, TextTest};
use crate::bucket::hash;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    /// A field, by its code.
    Field(u8),
    /// The segments of the account.
    Segments,
}

/// What a subject must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// One of some texts, by their hashes: what shares a hash by chance is one rule more to look at. A list must hold one of them;
    /// the account must be in one of some segments, by their positions.
    Key(Vec<u32>),
    /// A number from the first to the second, both included.
    Int(i64, i64),
}

/// What subjects must be, each once; whatever is not named may be anything.
pub(super) type Needs = Vec<(Subject, Wanted)>;

/// What is wanted of a subject.
pub(super) fn wanted(needs: &Needs, subject: Subject) -> Option<&Wanted> {
    needs.iter().find(|(one, _)| *one == subject).map(|(_, wanted)| wanted)
}

/// What `program` needs to hold; `None` when it cannot.
pub(super) fn needs(program: &Program) -> Option<Needs> {
    let mut stack: Vec<Answers> = Vec::new();
    for instruction in program.instructions() {
        let answers = match instruction {
            Instruction::Not => stack.pop().map(Answers::swapped),
            Instruction::And => stack.pop().zip(stack.pop()).map(|(right, left)| left.and(right)),
            Instruction::Or => {
                stack.pop().zip(stack.pop()).map(|(right, left)| left.swapped().and(right.swapped()).swapped())
            }
            atom => Some(Answers::of(atom)),
        };
        stack.extend(answers);
    }
    stack.pop().and_then(|answers| answers.yes)
}

/// `None` stands for what cannot be.
struct Answers {
    yes: Option<Needs>,
    no: Option<Needs>,
}

impl Answers {
    fn of(atom: &Instruction) -> Self {
        let one = |subject, wanted| Some(vec![(subject, wanted)]);
        let anything = || Some(Needs::new());
        let subject = atom.field().map(|field| Subject::Field(field.code));
        match (atom, subject) {
            (Instruction::Constant(value), _) => Self { yes: value.then(Needs::new), no: (!value).then(Needs::new) },
            (Instruction::InSegment(segment), _) => {
                Self { yes: one(Subject::Segments, Wanted::Key(vec![*segment])), no: anything() }
            }
            (Instruction::Text(_, TextTest::Equal, text) | Instruction::Includes(_, text), Some(subject)) => {
                Self { yes: one(subject, Wanted::Key(vec![hash(text)])), no: anything() }
            }
            (Instruction::Text(_, TextTest::NotEqual, text), Some(subject)) => {
                Self { yes: anything(), no: one(subject, Wanted::Key(vec![hash(text)])) }
            }
            (Instruction::TextIn(_, texts), Some(subject)) => {
                Self { yes: one(subject, Wanted::Key(texts.iter().map(|text| hash(text)).collect())), no: anything() }
            }
            (Instruction::Int(_, comparison, value), Some(subject)) => {
                let range = |comparison: Comparison| comparison.range(*value).map(|(low, high)| Wanted::Int(low, high));
                let needs = |wanted: Option<Wanted>| wanted.map(|wanted| vec![(subject, wanted)]);
                Self { yes: needs(range(*comparison)), no: needs(range(comparison.contrary())) }
            }
            (Instruction::IntIn(_, values), Some(subject)) => {
                let ends = values.iter().min().zip(values.iter().max());
                Self { yes: ends.and_then(|(low, high)| one(subject, Wanted::Int(*low, *high))), no: anything() }
            }
            _ => Self { yes: anything(), no: anything() },
        }
    }

    fn swapped(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }

    fn and(self, other: Self) -> Self {
        let yes = self.yes.zip(other.yes).and_then(|(left, right)| both(left, right));
        let no = match (self.no, other.no) {
            (Some(left), Some(right)) => Some(common(&left, &right)),
            (left, right) => left.or(right),
        };
        Self { yes, no }
    }
}

/// What is needed where both are; `None` where nothing is both. A list may hold one text of either, and an account be in two
/// segments: there the shorter list is kept.
fn both(mut left: Needs, right: Needs) -> Option<Needs> {
    for (subject, wanted) in right {
        let Some((_, known)) = left.iter_mut().find(|(one, _)| *one == subject) else {
            left.push((subject, wanted));
            continue;
        };
        match (&mut *known, wanted) {
            (Wanted::Int(low, high), Wanted::Int(from, to)) => {
                (*low, *high) = ((*low).max(from), (*high).min(to));
                if low > high {
                    return None;
                }
            }
            (Wanted::Key(keys), Wanted::Key(other)) if other.len() < keys.len() => *keys = other,
            _ => {}
        }
    }
    Some(left)
}

/// What is needed where one of both is.
fn common(left: &Needs, right: &Needs) -> Needs {
    let widened = |(subject, one): &(Subject, Wanted)| Some((*subject, widen(one, wanted(right, *subject)?)?));
    left.iter().filter_map(widened).collect()
}

fn widen(left: &Wanted, right: &Wanted) -> Option<Wanted> {
    match (left, right) {
        (Wanted::Int(a, b), Wanted::Int(c, d)) => Some(Wanted::Int(*a.min(c), *b.max(d))),
        (Wanted::Key(left), Wanted::Key(right)) => Some(Wanted::Key([left.as_slice(), right].concat())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Needs, Wanted, needs};
    use crate::{
        bucket::hash,
        rule::{Comparison, Field, Instruction, Program, TextTest},
    };

    fn int(comparison: Comparison, value: i64) -> Instruction {
        Instruction::Int(Field::from_name("account.tier").unwrap(), comparison, value)
    }

    fn text(value: &str) -> Instruction {
        Instruction::Text(Field::from_name("account.industry").unwrap(), TextTest::Equal, value.into())
    }

    fn check(instructions: Vec<Instruction>, expect: Option<&[Wanted]>) {
        let found = needs(&Program::new(instructions.clone()).unwrap());
        let found: Option<Vec<Wanted>> =
            found.map(|needs: Needs| needs.into_iter().map(|(_, wanted)| wanted).collect());
        assert_eq!(found.as_deref(), expect, "{instructions:?}");
    }

    #[test]
    fn what_a_rule_needs_is_found_behind_and_or_and_not() {
        use Comparison::{Equal, Greater, Less};
        use Instruction::{And, Constant, InSegment, Not, Or};
        let texts = |texts: &[&str]| Wanted::Key(texts.iter().map(|text| hash(text)).collect());
        check(vec![text("a")], Some(&[texts(&["a"])]));
        check(vec![text("a"), Not], Some(&[]));
        check(vec![text("a"), Not, Not], Some(&[texts(&["a"])]));
        check(vec![text("a"), text("b"), Or], Some(&[texts(&["a", "b"])]));
        check(vec![text("a"), int(Equal, 1), And], Some(&[texts(&["a"]), Wanted::Int(1, 1)]));
        check(vec![text("a"), int(Equal, 1), Or], Some(&[]));
        check(vec![int(Greater, 1), int(Less, 5), And], Some(&[Wanted::Int(2, 4)]));
        check(vec![int(Greater, 5), int(Less, 5), And], None);
        check(vec![int(Greater, 1), Not, text("a"), Not, Or, Not], Some(&[Wanted::Int(2, i64::MAX), texts(&["a"])]));
        check(vec![int(Greater, 5), Not], Some(&[Wanted::Int(i64::MIN, 5)]));
        check(vec![int(Greater, i64::MAX)], None);
        check(vec![InSegment(3), Constant(false), Or], Some(&[Wanted::Key(vec![3])]));
        check(vec![text("a"), Constant(false), And], None);
        check(vec![Constant(true)], Some(&[]));
    }
}
