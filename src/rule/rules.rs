//! The rules of a site, ready to be asked on every page view.
//!
//! Their atoms are numbered, so that what many rules ask is found out once a decision ([`Memo`]), and a rule is a way through
//! its atoms that ends as soon as the answer is sure. Only "does it come to yes?" is asked, and that has two answers: with `!`
//! pushed down to the atoms ("does it come to no?") a truth that is unknown is as good as the contrary of the one asked for, for
//! `&&` and `||` cannot turn it around. So there is no stack: behind every atom, either answer leads on to a later atom or out.

use std::collections::BinaryHeap;

use super::{
    Context, Instruction, Memo, Program, ProgramError, Programs, Truth,
    eval::truth,
    memo::Note,
    program::{check_balance, check_length},
};

/// The rules of a site, in the order in which they were added.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// Each once.
    atoms: Vec<Instruction>,
    /// The programs as they were written, one behind the other.
    steps: Vec<Step>,
    /// Where the steps of each rule end.
    ends: Vec<usize>,
    /// The same programs, ready to be asked.
    questions: Vec<Question>,
    /// Where each rule begins: at a question of its own, or at its end where the account decided all.
    begins: Vec<u32>,
}

/// A step of a program whose atoms are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The atom at a position.
    Atom(u32),
    /// See [`Instruction::Not`].
    Not,
    /// See [`Instruction::And`].
    And,
    /// See [`Instruction::Or`].
    Or,
}

/// An atom, what it is asked for, and where either answer leads: to a later question, or to the rule's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Question {
    asked: Note,
    yes: u32,
    no: u32,
}

/// The rule holds. Questions are bounded by the bytes of a bundle, far below 32 bits.
const HOLDS: u32 = u32::MAX;
/// The rule does not hold.
const FAILS: u32 = HOLDS - 1;

impl Rules {
    /// Rules over these atoms; none is there yet.
    ///
    /// # Errors
    /// [`ProgramError`] of the first that is no atom or reads a field of another type.
    pub fn over(atoms: Vec<Instruction>) -> Result<Self, ProgramError> {
        atoms.iter().try_for_each(Instruction::check_atom)?;
        Ok(Self { atoms, ..Self::default() })
    }

    /// Rules that say the same as `programs`. The atoms that most of them share come first.
    #[must_use]
    pub fn of(programs: &[Program]) -> Self {
        let (mut atoms, mut uses) = (Programs::default(), Vec::new());
        let mut step = |instruction: &Instruction| match instruction {
            Instruction::Not => Step::Not,
            Instruction::And => Step::And,
            Instruction::Or => Step::Or,
            atom => {
                let position = atoms.add(Program::of_atom(atom.clone()));
                uses.resize(atoms.all().len(), 0_u32);
                if let Some(uses) = at(&mut uses, position) {
                    *uses = uses.saturating_add(1);
                }
                Step::Atom(position)
            }
        };
        let mut all: Vec<Vec<Step>> = Vec::new();
        for program in programs {
            all.push(program.instructions().iter().map(&mut step).collect());
        }
        // A heap sorts as well here, in a tenth of the code of a sort. The complement: what is used most comes first.
        let ranks = uses.iter().zip(0..).map(|(uses, position)| (!*uses, position));
        let order = ranks.collect::<BinaryHeap<(u32, u32)>>().into_sorted_vec();
        let mut numbers = vec![0; uses.len()];
        let mut rules = Self::default();
        for (number, (_, position)) in (0..).zip(order) {
            rules.atoms.extend(atoms.get(position).into_iter().flat_map(Program::instructions).cloned());
            if let Some(place) = at(&mut numbers, position) {
                *place = number;
            }
        }
        for mut steps in all {
            for step in &mut steps {
                if let Step::Atom(atom) = step {
                    *atom = at(&mut numbers, *atom).copied().unwrap_or(0);
                }
            }
            rules.append(&steps);
        }
        rules
    }

    /// Adds a rule.
    ///
    /// # Errors
    /// [`ProgramError`], as of [`Program::new`]; the rule is not added then.
    pub fn add(&mut self, steps: &[Step]) -> Result<(), ProgramError> {
        check_length(steps.len())?;
        check_balance(steps.iter().map(|step| step.arity()))?;
        let is_known = |step: &Step| !matches!(step, Step::Atom(atom) if self.atom(*atom).is_none());
        if !steps.iter().all(is_known) {
            return Err(ProgramError::Atom);
        }
        self.append(steps);
        Ok(())
    }

    fn append(&mut self, steps: &[Step]) {
        let constant = match steps {
            [Step::Atom(atom)] => self.atom(*atom),
            _ => None,
        };
        self.begins.push(match constant {
            Some(Instruction::Constant(true)) => HOLDS,
            Some(Instruction::Constant(false)) => FAILS,
            _ => append_questions(steps, &mut self.questions),
        });
        self.steps.extend_from_slice(steps);
        self.ends.push(self.steps.len());
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The atoms, each once.
    #[must_use]
    pub fn atoms(&self) -> &[Instruction] {
        &self.atoms
    }

    fn atom(&self, number: u32) -> Option<&Instruction> {
        self.atoms.get(usize::try_from(number).ok()?)
    }

    /// The steps of every rule.
    pub fn all_steps(&self) -> impl ExactSizeIterator<Item = &[Step]> {
        (0..self.len()).map(|position| self.steps(position).unwrap_or(&[]))
    }

    fn steps(&self, position: usize) -> Option<&[Step]> {
        let from = position.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.steps.get(from..*self.ends.get(position)?)
    }

    /// The atoms of the rule at a position, as often as they stand there.
    #[must_use]
    pub fn atoms_of(&self, position: u32) -> Option<impl Iterator<Item = &Instruction>> {
        let steps = self.steps(usize::try_from(position).ok()?)?;
        Some(steps.iter().filter_map(|step| match step {
            Step::Atom(atom) => self.atom(*atom),
            _ => None,
        }))
    }

    /// The rule at a position as it was written, listed anew: for people, not for page views.
    #[must_use]
    pub fn instructions(&self, position: u32) -> Option<Vec<&Instruction>> {
        let instruction = |step: &Step| match step {
            Step::Atom(atom) => self.atom(*atom),
            Step::Not => Some(&Instruction::Not),
            Step::And => Some(&Instruction::And),
            Step::Or => Some(&Instruction::Or),
        };
        self.steps(usize::try_from(position).ok()?)?.iter().map(instruction).collect()
    }

    /// The same as a program.
    #[must_use]
    pub fn program(&self, position: u32) -> Option<Program> {
        Program::new(self.instructions(position)?.into_iter().cloned().collect()).ok()
    }

    /// Whether the rule at a position comes to yes. What its atoms come to is looked up in `memo` and left there: it is one
    /// decision's, and belongs to this `context`.
    #[inline]
    #[must_use]
    pub fn holds(&self, position: u32, context: &Context<'_>, memo: &Memo) -> bool {
        let find = |atom| self.atom(atom).map_or(Truth::Unknown, |atom| truth(atom, context));
        self.ask(position, |asked| memo.has(asked, find))
    }

    #[inline]
    fn ask(&self, position: u32, is_so: impl Fn(Note) -> bool) -> bool {
        let begin = usize::try_from(position).ok().and_then(|position| self.begins.get(position));
        let mut at = begin.copied().unwrap_or(FAILS);
        // Every answer leads to a later question, so this ends.
        while let Some(question) = usize::try_from(at).ok().and_then(|at| self.questions.get(at)) {
            at = if is_so(question.asked) { question.yes } else { question.no };
        }
        at == HOLDS
    }
}

impl Step {
    fn arity(self) -> (usize, usize) {
        match self {
            Self::Atom(_) => (0, 1),
            Self::Not => (1, 1),
            Self::And | Self::Or => (2, 1),
        }
    }
}

/// Where the answers of a part of a rule lead, and whether it is its contrary that is asked for.
#[derive(Clone, Copy)]
struct Goal {
    yes: u32,
    no: u32,
    contrary: bool,
}

/// What stands at the position of an atom.
fn at(of_atoms: &mut [u32], position: u32) -> Option<&mut u32> {
    of_atoms.get_mut(usize::try_from(position).ok()?)
}

/// Adds the questions of a balanced program; where the first of them is. Runs backwards: an operator comes before its operands then,
/// the right one before the left, and an answer that leads on leads to what was added last.
fn append_questions(steps: &[Step], questions: &mut Vec<Question>) -> u32 {
    let from = questions.len();
    // Stands for the first question of the right side, until the left side is reached.
    const ON: u32 = FAILS - 1;
    let end = from.saturating_add(steps.iter().filter(|step| matches!(step, Step::Atom(_))).count());
    let mut goals = vec![Goal { yes: HOLDS, no: FAILS, contrary: false }];
    for step in steps.iter().rev() {
        let Some(goal) = goals.pop() else { break };
        let next = narrow(end.saturating_sub(questions.len().saturating_sub(from)));
        let next = |to: u32| if to == ON { next } else { to };
        let goal = Goal { yes: next(goal.yes), no: next(goal.no), ..goal };
        match step {
            Step::Not => goals.push(Goal { contrary: !goal.contrary, ..goal }),
            // The contrary of "both" is "one is not": under `!`, `&&` and `||` change places.
            Step::And | Step::Or if (*step == Step::And) != goal.contrary => {
                goals.extend([Goal { yes: ON, ..goal }, goal]);
            }
            Step::And | Step::Or => goals.extend([Goal { no: ON, ..goal }, goal]),
            Step::Atom(atom) => {
                let asked = Note::new(*atom, if goal.contrary { Truth::No } else { Truth::Yes });
                questions.push(Question { asked, yes: goal.yes, no: goal.no });
            }
        }
    }
    if let Some(added) = questions.get_mut(from..) {
        added.reverse();
    }
    narrow(from)
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(FAILS)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use proptest::prelude::{Just, Strategy, prop, prop_assert_eq, prop_oneof, proptest};

    use super::{Rules, Step};
    use crate::{
        model::{Facts, Visit},
        rule::{
            Context, Instruction, Memo, Program, ProgramError,
            Truth::{self, No, Unknown, Yes},
        },
    };

    /// Rules over as many atoms as a test may want; what they are is of no matter.
    fn rules(steps: &[Step]) -> Result<Rules, ProgramError> {
        let mut rules = Rules::over((0..9).map(Instruction::InSegment).collect())?;
        rules.add(steps).map(|()| rules)
    }

    /// What the steps come to on a stack of truths.
    fn run(steps: &[Step], truths: &[Truth]) -> Truth {
        let mut stack = Vec::new();
        for step in steps {
            let next = match step {
                Step::Not => stack.pop().map(Truth::not),
                Step::And => stack.pop().zip(stack.pop()).map(|(right, left)| left.and(right)),
                Step::Or => stack.pop().zip(stack.pop()).map(|(right, left)| left.or(right)),
                Step::Atom(atom) => Some(truths[*atom as usize]),
            };
            stack.extend(next);
        }
        stack[0]
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let atom = (0..9_u32).prop_map(|atom| vec![Step::Atom(atom)]);
        atom.prop_recursive(6, 40, 2, |part| {
            let both = (part.clone(), part.clone(), prop_oneof![Just(Step::And), Just(Step::Or)]);
            prop_oneof![
                part.prop_map(|inner| [inner, vec![Step::Not]].concat()),
                both.prop_map(|(left, right, operator)| [left, right, vec![operator]].concat()),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_rule_holds_when_its_steps_come_to_yes(
            steps in steps(),
            truths in prop::collection::vec(prop_oneof![Just(No), Just(Yes), Just(Unknown)], 9),
        ) {
            let mut rules = rules(&steps).unwrap();
            rules.add(&steps).unwrap();
            for position in [0, 1] {
                let holds = rules.ask(position, |asked| asked.is_so(truths[asked.atom() as usize]));
                prop_assert_eq!(holds, run(&steps, &truths) == Yes);
            }
        }
    }

    #[test]
    fn a_rule_ends_as_soon_as_the_answer_is_sure() {
        use Step::{And, Atom, Not, Or};
        let check = |steps: &[Step], comes_to: Truth, expect: &[u32]| {
            let asked = RefCell::new(Vec::new());
            let _ = rules(steps).unwrap().ask(0, |question| {
                asked.borrow_mut().push(question.atom());
                question.is_so(comes_to)
            });
            assert_eq!(*asked.borrow(), expect, "{steps:?} {comes_to:?}");
        };
        let both = [Atom(0), Atom(1), And, Atom(2), And];
        check(&both, No, &[0]);
        check(&both, Unknown, &[0]);
        check(&both, Yes, &[0, 1, 2]);
        let one = [Atom(0), Atom(1), Atom(2), Or, Or];
        check(&one, No, &[0, 1, 2]);
        check(&one, Yes, &[0]);
        let neither = [Atom(0), Atom(1), Or, Not];
        check(&neither, Yes, &[0]);
        check(&neither, Unknown, &[0]);
        check(&neither, No, &[0, 1]);
    }

    #[test]
    fn a_constant_yes_holds_and_a_constant_no_does_not() {
        let programs = [false, true, false].map(Program::constant);
        let (rules, visit) = (Rules::of(&programs), Visit::default());
        let context = Context { facts: &Facts::new(None, &visit), address: None, segments: &[] };
        let holds = |position| rules.holds(position, &context, &Memo::default());
        assert_eq!([0, 1, 2, 3].map(holds), [false, true, false, false]);
    }

    #[test]
    fn programs_share_their_atoms_the_most_used_first() {
        use Instruction::{And, InSegment, Not};
        let programs = [
            vec![InSegment(4), InSegment(5), And],
            vec![InSegment(5), Not],
            vec![InSegment(6), InSegment(5), And],
            vec![InSegment(6)],
        ];
        let programs = programs.map(|steps| Program::new(steps).unwrap());
        let rules = Rules::of(&programs);
        assert_eq!(rules.atoms(), [InSegment(5), InSegment(6), InSegment(4)]);
        for (position, program) in (0..).zip(&programs) {
            assert_eq!(rules.program(position).as_ref(), Some(program));
        }
        assert_eq!(rules.program(4), None);
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        let check = |steps: &[Step], expect: ProgramError| assert_eq!(rules(steps), Err(expect), "{steps:?}");
        check(&[], ProgramError::Unbalanced);
        check(&[Step::Atom(0), Step::And], ProgramError::Unbalanced);
        check(&[Step::Atom(9)], ProgramError::Atom);
        check(&[Step::Not; crate::limit::INSTRUCTION_MAX + 1], ProgramError::TooLong);
        assert_eq!(Rules::over(vec![Instruction::And]), Err(ProgramError::Atom));
    }
}
