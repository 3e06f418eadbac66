//! The ways in which a rule can hold.
//!
//! A rule is spread into ways, each a list of atoms that must all come to yes, or to no; a way is given up as soon as it is known that what
//! it asks cannot be (`possible.rs`). That there is none is a proof. That there is one may be wrong.

use super::{Instruction, eval::Truth, possible::can_be};

/// More ways are not gone through.
pub(super) const WAY_MAX: usize = 256;

/// An atom and whether it must come to yes or to no.
pub type Literal<'a> = (&'a Instruction, bool);
/// What must be so at once.
pub(super) type Way<'a> = Vec<Literal<'a>>;
/// `None` where there are too many.
type Ways<'a> = Option<Vec<Way<'a>>>;

/// The ways in which a rule of these instructions can hold. Where there are more than [`WAY_MAX`] on the way, `choose` says which are
/// gone on with; `None` gives up.
pub(super) fn ways<'a>(
    instructions: impl Iterator<Item = &'a Instruction>,
    choose: &dyn Fn(Vec<Way<'a>>) -> Option<Vec<Way<'a>>>,
) -> Option<Vec<Way<'a>>> {
    let bound = |ways: Vec<Way<'a>>| if ways.len() > WAY_MAX { choose(ways) } else { Some(ways) };
    // On the stack, for every truth: the ways to yes, and to no.
    let mut stack: Vec<(Ways<'a>, Ways<'a>)> = Vec::new();
    for instruction in instructions {
        let next = match instruction {
            Instruction::Not => stack.pop().map(|(yes, no)| (no, yes)),
            Instruction::And | Instruction::Or => {
                let right = stack.pop();
                stack.pop().zip(right).map(|((yes, no), (right_yes, right_no))| match instruction {
                    Instruction::And => (both(yes, right_yes, &bound), either(no, right_no, &bound)),
                    _ => (either(yes, right_yes, &bound), both(no, right_no, &bound)),
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
        stack.extend(next);
    }
    stack.pop().and_then(|(yes, _)| yes)
}

/// Whether any visit may satisfy a rule of these instructions: "no" is a proof, where `is_excluded` proves of ways that they cannot be.
pub fn may_hold<'a>(
    instructions: impl Iterator<Item = &'a Instruction>,
    is_excluded: &dyn Fn(&[Literal<'_>]) -> bool,
) -> bool {
    ways(instructions, &|_| None).is_none_or(|ways| ways.iter().any(|way| !is_excluded(way)))
}

fn either<'a>(left: Ways<'a>, right: Ways<'a>, bound: &dyn Fn(Vec<Way<'a>>) -> Ways<'a>) -> Ways<'a> {
    let (mut left, right) = left.zip(right)?;
    left.extend(right);
    bound(left)
}

fn both<'a>(left: Ways<'a>, right: Ways<'a>, bound: &dyn Fn(Vec<Way<'a>>) -> Ways<'a>) -> Ways<'a> {
    // What cannot be stays so, however many ways the other has.
    if [&left, &right].into_iter().flatten().any(Vec::is_empty) {
        return Some(Vec::new());
    }
    let (left, right) = left.zip(right)?;
    let mut joined = Vec::new();
    for one in &left {
        for other in &right {
            let mut way = one.clone();
            way.extend(other.iter().filter(|literal| !one.contains(literal)));
            joined.extend(is_possible(&way).then_some(way));
        }
        // Two long lists would be very many before they are cut.
        if joined.len() > WAY_MAX {
            joined = bound(joined)?;
        }
    }
    Some(joined)
}

/// Whether it may be that all of it is so at once.
fn is_possible(literals: &[Literal<'_>]) -> bool {
    can_be(literals, &|_| true) != Truth::No
}

#[cfg(test)]
mod tests {
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
        let program = Program::new(steps.clone()).unwrap();
        assert_eq!(super::may_hold(program.instructions().iter(), &|_| false), expect, "{steps:?}");
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
