//! What is left of a rule once the account is known.
//!
//! A rule holds when it comes to yes; unknown is as good as no. So only the question "does it come to yes?" is kept, and that
//! has two answers: `!` is pushed down to the atoms ("does it come to no?"), and what remains is `&&` and `||` over atoms and
//! their contraries, with true and false for all that the account decides.

use std::collections::HashMap;

use crate::rule::{Instruction, Program};

/// A residual, or the part of one; equal ones have one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Residual {
    /// It does not hold, whatever the visit.
    False,
    /// It holds, whatever the visit.
    True,
    /// The visit decides.
    Open(u32),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Part {
    /// The atom comes to yes, or with `false` to no.
    Atom(Instruction, bool),
    And(Residual, Residual),
    Or(Residual, Residual),
}

/// All residuals of a compilation.
#[derive(Debug, Default)]
pub(super) struct Residuals {
    numbers: HashMap<Part, u32>,
    parts: Vec<Part>,
}

impl Residuals {
    fn number(&mut self, part: Part) -> Residual {
        let next = u32::try_from(self.parts.len()).unwrap_or(u32::MAX);
        Residual::Open(*self.numbers.entry(part).or_insert_with_key(|part| {
            self.parts.push(part.clone());
            next
        }))
    }

    /// That `atom` comes to yes, or to no.
    pub(super) fn atom(&mut self, atom: &Instruction, holds: bool) -> Residual {
        self.number(Part::Atom(atom.clone(), holds))
    }

    /// That both hold.
    pub(super) fn and(&mut self, left: Residual, right: Residual) -> Residual {
        match (left, right) {
            (Residual::False, _) | (_, Residual::False) => Residual::False,
            (Residual::True, other) | (other, Residual::True) => other,
            _ if left == right => left,
            // `a && (a || b)` is `a`.
            _ if self.is_side(left, right, false) => left,
            _ if self.is_side(right, left, false) => right,
            _ => self.number(Part::And(left, right)),
        }
    }

    /// That one holds.
    pub(super) fn or(&mut self, left: Residual, right: Residual) -> Residual {
        match (left, right) {
            (Residual::True, _) | (_, Residual::True) => Residual::True,
            (Residual::False, other) | (other, Residual::False) => other,
            _ if left == right => left,
            // `a || (a && b)` is `a`.
            _ if self.is_side(left, right, true) => left,
            _ if self.is_side(right, left, true) => right,
            _ => self.number(Part::Or(left, right)),
        }
    }

    /// Whether `side` is one of the two sides of `whole`, an `&&` or else an `||`.
    fn is_side(&self, side: Residual, whole: Residual, is_and: bool) -> bool {
        match self.part(whole) {
            Some(Part::And(left, right)) => is_and && (*left == side || *right == side),
            Some(Part::Or(left, right)) => !is_and && (*left == side || *right == side),
            _ => false,
        }
    }

    fn part(&self, residual: Residual) -> Option<&Part> {
        match residual {
            Residual::Open(number) => self.parts.get(usize::try_from(number).ok()?),
            _ => None,
        }
    }

    /// The program of a residual; `None` when it is larger than a program may be.
    pub(super) fn program(&self, residual: Residual) -> Option<Program> {
        let mut steps = Vec::new();
        self.lower(residual, &mut steps);
        Program::new(steps).ok()
    }

    fn lower(&self, residual: Residual, steps: &mut Vec<Instruction>) {
        match self.part(residual) {
            None => steps.push(Instruction::Constant(residual == Residual::True)),
            Some(Part::Atom(atom, holds)) => {
                steps.push(atom.clone());
                if !holds {
                    steps.push(Instruction::Not);
                }
            }
            Some(Part::And(left, right)) => self.lower_both(*left, *right, Instruction::And, steps),
            Some(Part::Or(left, right)) => self.lower_both(*left, *right, Instruction::Or, steps),
        }
    }

    fn lower_both(&self, left: Residual, right: Residual, operator: Instruction, steps: &mut Vec<Instruction>) {
        self.lower(left, steps);
        self.lower(right, steps);
        steps.push(operator);
    }
}

#[cfg(test)]
mod tests {
    use super::{Residual, Residuals};
    use crate::rule::{Comparison, Field, Instruction};

    fn visits(residuals: &mut Residuals, value: i64) -> Residual {
        let field = Field::from_name("visitor.visits").unwrap();
        residuals.atom(&Instruction::Int(field, Comparison::Equal, value), true)
    }

    #[test]
    fn constants_fold_and_repetitions_go() {
        let mut all = Residuals::default();
        let (a, b) = (visits(&mut all, 1), visits(&mut all, 2));
        assert_eq!(visits(&mut all, 1), a, "equal residuals have one number");
        assert_eq!(all.and(a, Residual::True), a);
        assert_eq!(all.and(Residual::False, a), Residual::False);
        assert_eq!(all.or(a, Residual::True), Residual::True);
        assert_eq!(all.or(a, Residual::False), a);
        assert_eq!(all.and(a, a), a);
        let both = all.and(a, b);
        let one = all.or(a, b);
        assert_eq!(all.or(a, both), a);
        assert_eq!(all.and(one, b), b);
        assert_ne!(both, one);
    }

    #[test]
    fn a_residual_becomes_a_program() {
        let mut all = Residuals::default();
        let (a, b) = (visits(&mut all, 1), visits(&mut all, 2));
        let both = all.and(a, b);
        let text = |residual| {
            all.program(residual).unwrap().instructions().iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(text(both), ["visitor.visits == 1", "visitor.visits == 2", "&&"]);
        assert_eq!(text(Residual::True), ["true"]);
        assert_eq!(text(Residual::False), ["false"]);
    }
}
