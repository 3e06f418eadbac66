//! A program as its author could have written it.

use std::fmt;

use super::{Field, Instruction, Program};
use crate::model::{Kind, Names, Origin, spelled};

/// How strongly a text holds together: what holds less than its place asks for stands in brackets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hold {
    Or,
    And,
    Not,
    Atom,
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut stack: Vec<(String, Hold)> = Vec::new();
        for instruction in self.instructions() {
            let next = match instruction {
                Instruction::Not => stack.pop().map(|inner| (format!("!{}", bracketed(inner, Hold::Not)), Hold::Not)),
                Instruction::And => both(&mut stack, "&&", Hold::And),
                Instruction::Or => both(&mut stack, "||", Hold::Or),
                // A comparison under `!` needs brackets, a call does not.
                atom @ (Instruction::Int(..) | Instruction::IntIn(..) | Instruction::TextIn(..)) => {
                    Some((atom.to_string(), Hold::And))
                }
                atom @ (Instruction::Includes(..) | Instruction::Sum(..) | Instruction::Clock(..)) => {
                    Some((atom.to_string(), Hold::And))
                }
                // It may read as `"a" in list`.
                atom @ Instruction::Any(..) => Some((atom.to_string(), Hold::And)),
                Instruction::Text(_, test, _) => {
                    let is_call = !matches!(test, super::TextTest::Equal | super::TextTest::NotEqual);
                    Some((instruction.to_string(), if is_call { Hold::Atom } else { Hold::And }))
                }
                atom => Some((atom.to_string(), Hold::Atom)),
            };
            stack.extend(next);
        }
        f.write_str(stack.last().map_or("", |(text, _)| text))
    }
}

/// What a rule says, with the names that the site has for what is no field of ours: a rule's fields know only their positions.
#[must_use]
pub fn with_names(text: String, names: &Names) -> String {
    Origin::ALL.into_iter().fold(text, |text, origin| {
        names.of(origin).iter().enumerate().fold(text, |text, (position, name)| {
            match Field::named(origin, position, Kind::Text) {
                Some(field) => text.replace(field.name, &spelled(origin, name)),
                None => text,
            }
        })
    })
}

fn both(stack: &mut Vec<(String, Hold)>, sign: &str, hold: Hold) -> Option<(String, Hold)> {
    let right = bracketed(stack.pop()?, hold);
    let left = bracketed(stack.pop()?, hold);
    Some((format!("{left} {sign} {right}"), hold))
}

fn bracketed((text, own): (String, Hold), asked: Hold) -> String {
    if own < asked { format!("({text})") } else { text }
}

#[cfg(test)]
mod tests {
    use crate::rule::{Comparison, Field, Instruction, Program, TextTest};

    #[test]
    fn brackets_stand_where_they_are_needed() {
        use Instruction::{And, Not, Or};
        let visits = || Instruction::Int(Field::from_name("visitor.visits").unwrap(), Comparison::Equal, 1);
        let path = || Instruction::Text(Field::from_name("page.path").unwrap(), TextTest::StartsWith, "/a".into());
        let check = |steps: Vec<Instruction>, expect: &str| {
            assert_eq!(Program::new(steps).unwrap().to_string(), expect);
        };
        check(vec![visits(), Not], "!(visitor.visits == 1)");
        check(vec![path(), Not], "!page.path.startsWith(\"/a\")");
        check(
            vec![visits(), path(), And, visits(), Or],
            "visitor.visits == 1 && page.path.startsWith(\"/a\") || visitor.visits == 1",
        );
        check(
            vec![visits(), path(), Or, visits(), And],
            "(visitor.visits == 1 || page.path.startsWith(\"/a\")) && visitor.visits == 1",
        );
        check(vec![visits(), path(), And, Not], "!(visitor.visits == 1 && page.path.startsWith(\"/a\"))");
        check(vec![path(), Not, Not], "!!page.path.startsWith(\"/a\")");
    }
}
