//! What is left of a rule once some of its atoms are settled.
//!
//! A rule holds when it comes to yes; unknown is as good as no. So of every part two questions are kept, as the compiler does:
//! does it come to yes, and does it come to no? `!` lets them change places.

use crate::rule::{Instruction, Program, Truth};

/// An answer, as far as it is settled.
enum Answer {
    False,
    True,
    /// These instructions find out.
    Open(Vec<Instruction>),
}

/// A part of a rule: whether it comes to yes, and whether it comes to no.
struct Part {
    yes: Answer,
    no: Answer,
}

/// What is left of the rule with these instructions, or `None` where it cannot hold any more, or has outgrown what a program may be:
/// then nobody sees what it guards.
pub(super) fn settle(rule: &[&Instruction], known: impl Fn(&Instruction) -> Option<Truth>) -> Option<Program> {
    let mut stack = Vec::new();
    for instruction in rule {
        let part = match instruction {
            Instruction::Not => stack.pop().map(|Part { yes, no }| Part { yes: no, no: yes })?,
            Instruction::And | Instruction::Or => {
                let (right, left): (Part, Part) = (stack.pop()?, stack.pop()?);
                match instruction {
                    Instruction::And => Part { yes: both(left.yes, right.yes), no: one(left.no, right.no) },
                    _ => Part { yes: one(left.yes, right.yes), no: both(left.no, right.no) },
                }
            }
            atom => Part::of(atom, known(atom)),
        };
        stack.push(part);
    }
    match stack.pop()?.yes {
        Answer::False => None,
        Answer::True => Program::new(vec![Instruction::Constant(true)]).ok(),
        Answer::Open(instructions) => Program::new(instructions).ok(),
    }
}

impl Part {
    fn of(atom: &Instruction, truth: Option<Truth>) -> Self {
        match truth {
            Some(Truth::Yes) => Self { yes: Answer::True, no: Answer::False },
            Some(Truth::No) => Self { yes: Answer::False, no: Answer::True },
            Some(Truth::Unknown) => Self { yes: Answer::False, no: Answer::False },
            None => {
                let contrary = vec![atom.clone(), Instruction::Not];
                Self { yes: Answer::Open(vec![atom.clone()]), no: Answer::Open(contrary) }
            }
        }
    }
}

fn both(left: Answer, right: Answer) -> Answer {
    match (left, right) {
        (Answer::False, _) | (_, Answer::False) => Answer::False,
        (Answer::True, other) | (other, Answer::True) => other,
        (Answer::Open(left), Answer::Open(right)) => Answer::Open(join(left, right, Instruction::And)),
    }
}

fn one(left: Answer, right: Answer) -> Answer {
    match (left, right) {
        (Answer::True, _) | (_, Answer::True) => Answer::True,
        (Answer::False, other) | (other, Answer::False) => other,
        (Answer::Open(left), Answer::Open(right)) => Answer::Open(join(left, right, Instruction::Or)),
    }
}

fn join(mut left: Vec<Instruction>, right: Vec<Instruction>, operator: Instruction) -> Vec<Instruction> {
    left.extend(right);
    left.push(operator);
    left
}

#[cfg(test)]
mod tests {
    use super::settle;
    use crate::rule::{
        Instruction::{self, And, Constant, InSegment, Not, Or},
        Truth,
    };

    /// Segments 0, 1 and 2 are known to be no, yes and unknown; the others are open.
    fn check(rule: &[Instruction], expect: Option<&[Instruction]>) {
        let known = |atom: &Instruction| match atom {
            InSegment(0) => Some(Truth::No),
            InSegment(1) => Some(Truth::Yes),
            InSegment(2) => Some(Truth::Unknown),
            _ => None,
        };
        let left = settle(&rule.iter().collect::<Vec<_>>(), known);
        assert_eq!(left.as_ref().map(|program| program.instructions()), expect, "{rule:?}");
    }

    #[test]
    fn what_is_settled_goes_and_what_it_guards_goes_with_it() {
        let [no, yes, unknown, a, b] = [0, 1, 2, 3, 4].map(InSegment);
        check(std::slice::from_ref(&a), Some(std::slice::from_ref(&a)));
        check(&[a.clone(), b.clone(), And], Some(&[a.clone(), b.clone(), And]));
        check(&[yes.clone(), a.clone(), And], Some(std::slice::from_ref(&a)));
        check(&[no.clone(), a.clone(), And], None);
        check(&[no.clone(), a.clone(), And, b.clone(), Or], Some(std::slice::from_ref(&b)));
        check(&[yes.clone(), a.clone(), Or], Some(&[Constant(true)]));
        check(&[no.clone(), Not], Some(&[Constant(true)]));
        check(&[yes.clone(), Not], None);
        // Unknown stays so under `!`, and only `||` gets past it.
        check(std::slice::from_ref(&unknown), None);
        check(&[unknown.clone(), Not], None);
        check(&[unknown.clone(), a.clone(), And, Not], Some(&[a.clone(), Not]));
        check(&[a.clone(), unknown.clone(), Or], Some(std::slice::from_ref(&a)));
        check(&[a.clone(), unknown, Or, Not], None);
        check(&[a.clone(), b.clone(), Or, Not], Some(&[a, Not, b, Not, And]));
    }
}
