//! A program as its author could have written it.

use std::{borrow::Cow, fmt};

use super::{Field, Instruction, ItemTest, Program, TextTest};
use crate::model::{Measure, Names, OwnColumn, Quoted, listed, spelled};

/// How strongly a text holds together: what holds less than its place asks for stands in brackets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hold {
    Or,
    And,
    Not,
    Atom,
}

/// A rule, or an atom, as its author could have written it, with the names that the site has for what is no field of ours.
#[derive(Debug, Clone, Copy)]
pub struct Worded<'a, T>(pub &'a T, pub &'a Names);

/// What conditions call a field.
fn name_of<'a>(field: &Field, names: &'a Names) -> Cow<'a, str> {
    let named = field.name_place().and_then(|(origin, place)| Some(spelled(origin, names.of(origin).get(place)?)));
    let column = || names.column(field.account_field()?).map(OwnColumn::spelled);
    named.or_else(column).map_or(Cow::Borrowed(field.name), Cow::Owned)
}

/// What a field's numbers stand for.
pub(super) fn measure_of(field: &Field, names: &Names) -> Measure {
    let column = field.account_field().and_then(|field| names.column(field));
    column.map_or(Measure::Plain, |column| column.measure)
}

impl fmt::Display for Instruction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Worded(self, Names::NONE).fmt(f)
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Worded(self, Names::NONE).fmt(f)
    }
}

impl fmt::Display for Worded<'_, Instruction> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Once for all: what drops it is code in each place that asks for it.
        let name = self.0.field().map_or(Cow::Borrowed(""), |field| name_of(field, self.1));
        let number = |field: &Field, value: i64| measure_of(field, self.1).written(value);
        match self.0 {
            Instruction::Constant(value) => f.write_str(if *value { "true" } else { "false" }),
            Instruction::Holds(_) => f.write_str(&name),
            Instruction::Has(_) => write!(f, "has({name})"),
            Instruction::Int(field, comparison, value) => {
                write!(f, "{name} {} {}", comparison.sign(), number(field, *value))
            }
            Instruction::Text(_, test @ (TextTest::Equal | TextTest::NotEqual), value) => {
                let sign = if *test == TextTest::Equal { "==" } else { "!=" };
                write!(f, "{name} {sign} {}", Quoted(value))
            }
            Instruction::Text(_, test, value) => write!(f, "{name}.{}({})", test.name(), Quoted(value)),
            Instruction::IntIn(field, values) => {
                write!(f, "{name} in ")?;
                listed(f, values.iter().map(|value| number(field, *value)))
            }
            Instruction::TextIn(_, values) => {
                write!(f, "{name} in ")?;
                listed(f, values.iter().map(|value| Quoted(value)))
            }
            Instruction::Includes(_, value)
            | Instruction::Any(_, ItemTest::Text(TextTest::Equal, value), true)
            | Instruction::Any(_, ItemTest::Text(TextTest::NotEqual, value), false) => {
                write!(f, "{} in {name}", Quoted(value))
            }
            Instruction::Matches(_, pattern) => write!(f, "{name}.{pattern}"),
            Instruction::Any(_, test, holds) => {
                let not = if *holds { "" } else { "!" };
                match test {
                    ItemTest::Pattern(pattern) => write!(f, "{name}.exists(x, {not}x.{pattern})"),
                    ItemTest::Text(TextTest::Equal | TextTest::NotEqual, text) => {
                        write!(f, "{name}.exists(x, x != {})", Quoted(text))
                    }
                    ItemTest::Text(test, text) => {
                        write!(f, "{name}.exists(x, {not}x.{}({}))", test.name(), Quoted(text))
                    }
                }
            }
            Instruction::Sum(terms, comparison, value) => {
                for (index, (field, times)) in terms.iter().enumerate() {
                    let sign = match (index, *times < 0) {
                        (0, false) => "",
                        (0, true) => "-",
                        (_, false) => " + ",
                        (_, true) => " - ",
                    };
                    // A sum is one of numbers without points.
                    let zeros = match measure_of(field, self.1) {
                        Measure::Decimal(scale) => "000000000".get(..scale.into()).unwrap_or(""),
                        _ => "",
                    };
                    f.write_str(sign)?;
                    match times.unsigned_abs() {
                        1 if zeros.is_empty() => {}
                        times => write!(f, "{times}{zeros} * ")?,
                    }
                    f.write_str(&name_of(field, self.1))?;
                }
                write!(f, " {} {value}", comparison.sign())
            }
            Instruction::Clock(_, part, zone, comparison, value) => {
                write!(f, "now.{}({}) {} {value}", part.name(), Quoted(zone.name()), comparison.sign())
            }
            Instruction::InSegment(segment) => write!(f, "in_segment({segment})"),
            Instruction::InCidr(prefix) => write!(f, "in_cidr(visitor.ip, \"{prefix}\")"),
            Instruction::Not => f.write_str("!"),
            Instruction::And => f.write_str("&&"),
            Instruction::Or => f.write_str("||"),
        }
    }
}

impl fmt::Display for Worded<'_, Program> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let worded = |instruction: &Instruction| Worded(instruction, self.1).to_string();
        let mut stack: Vec<(String, Hold)> = Vec::new();
        for instruction in self.0.instructions() {
            let next = match instruction {
                Instruction::Not => stack.pop().map(|inner| (format!("!{}", bracketed(inner, Hold::Not)), Hold::Not)),
                Instruction::And => both(&mut stack, "&&", Hold::And),
                Instruction::Or => both(&mut stack, "||", Hold::Or),
                // A comparison under `!` needs brackets, a call does not.
                atom @ (Instruction::Int(..) | Instruction::IntIn(..) | Instruction::TextIn(..)) => {
                    Some((worded(atom), Hold::And))
                }
                atom @ (Instruction::Includes(..) | Instruction::Sum(..) | Instruction::Clock(..)) => {
                    Some((worded(atom), Hold::And))
                }
                // It may read as `"a" in list`.
                atom @ Instruction::Any(..) => Some((worded(atom), Hold::And)),
                Instruction::Text(_, test, _) => {
                    let is_call = !matches!(test, TextTest::Equal | TextTest::NotEqual);
                    Some((worded(instruction), if is_call { Hold::Atom } else { Hold::And }))
                }
                atom => Some((worded(atom), Hold::Atom)),
            };
            stack.extend(next);
        }
        f.write_str(stack.last().map_or("", |(text, _)| text))
    }
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
