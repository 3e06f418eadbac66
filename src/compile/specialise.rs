//! Partial evaluation: every rule for every account, and the classes that come of it.
//!
//! Every account is known when a bundle is compiled. So the atoms of a rule that read the account are decided now, for all
//! accounts at once: an atom is the set of accounts for which it comes to yes and the set for which it comes to no, and a rule
//! falls into *cases*, a set of accounts and what is left of the rule for them. Accounts for which the same is left of every
//! rule form a class; who has no account is treated as one more.
//!
//! Cost: an atom is evaluated once for every distinct value of its field, or of those it names; all else is done 64 accounts at a
//! time, or once a class.

use std::collections::HashMap;

use crate::{
    bundle::{Candidate, Classes},
    compile::{
        Observer, Step,
        groups::{Groups, Sides, truth_for},
        order::{Class, alike_together},
        residual::{Residual, Residuals},
    },
    model::{Accounts, LineItem, Segment, Site, Window},
    rule::{Field, Instruction, Program, Programs},
    set::Set,
};

/// What specialising found, for people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Specialised {
    /// How many classes there are, that of strangers included.
    pub classes: usize,
    /// The share of rules times accounts that is decided now, in basis points.
    pub decided_bp: u64,
    /// The most candidates that one class has, experiences and line items together.
    pub longest: usize,
}

/// The classes of a site, and of each rule who it can hold for. Programs of residuals are added to `rules`, which holds those of the
/// site.
pub(super) fn specialise(
    site: &Site,
    rules: &mut Programs,
    observer: Observer<'_>,
) -> (Classes, HashMap<u32, Vec<Case>>, Specialised) {
    let mut specialiser = Specialiser::new(site);
    let mut cases: HashMap<u32, Vec<Case>> = HashMap::new();
    let wanted = site.experiences.iter().map(|one| one.rule).chain(site.line_items.iter().map(|one| one.rule));
    let of = site.experiences.len() + site.line_items.len();
    for (done, rule) in wanted.enumerate() {
        observer(Step::Specialising { done, of });
        let Some(program) = rules.get(rule).filter(|_| !cases.contains_key(&rule)).cloned() else { continue };
        let found = specialiser.cases(&program);
        let found = found.into_iter().filter(|(members, residual)| *residual != Residual::False && !members.is_empty());
        let case = |(members, residual)| {
            // A residual that is too large is left whole: the rule itself says the same.
            let program = specialiser.residuals.program(residual).unwrap_or_else(|| program.clone());
            Case { members, is_true: residual == Residual::True, rule: rules.add(program) }
        };
        cases.insert(rule, found.map(case).collect());
    }
    let partition = Partition::of(specialiser.bound, cases.values().flatten());
    let classes = list_candidates(site, &cases, &partition);
    let decided = share_decided(&cases, specialiser.bound);
    let (classes, of_member) = merge_equal(classes, &partition.of_member);
    let longest = classes.iter().map(|class| class.experiences.len() + class.line_items.len()).max().unwrap_or(0);
    let found = Specialised { classes: classes.len(), decided_bp: decided, longest };
    (alike_together(classes, of_member), cases, found)
}

/// Some accounts, and the rule that is left for them.
pub(super) struct Case {
    members: Set,
    /// Nothing is left: it holds.
    is_true: bool,
    pub(super) rule: u32,
}

/// The accounts by their position, and who has none behind the last.
struct Specialiser<'a> {
    accounts: &'a Accounts,
    segments: &'a [Segment],
    bound: usize,
    everybody: Set,
    /// The accounts by their values of each field.
    groups: HashMap<u8, Groups>,
    /// For each atom, who it comes to yes and to no for.
    atoms: HashMap<Instruction, Sides>,
    residuals: Residuals,
}

/// Parts of everybody that do not meet, and what is left for each.
type Cases = Vec<(Set, Residual)>;

impl<'a> Specialiser<'a> {
    fn new(site: &'a Site) -> Self {
        let (accounts, segments) = (&site.accounts, site.segments.as_slice());
        let bound = accounts.len() + 1;
        let (groups, atoms, residuals) = (HashMap::new(), HashMap::new(), Residuals::default());
        Self { accounts, segments, bound, everybody: Set::full(bound), groups, atoms, residuals }
    }

    /// The cases of a whole rule.
    fn cases(&mut self, program: &Program) -> Cases {
        // On the stack, for every truth: what is left of "it is yes", and of "it is no".
        let mut stack: Vec<(Cases, Cases)> = Vec::new();
        for instruction in program.instructions() {
            let combined = match instruction {
                Instruction::Not => stack.pop().map(|(yes, no)| (no, yes)),
                Instruction::And | Instruction::Or => {
                    let right = stack.pop();
                    stack.pop().zip(right).map(|(left, right)| self.combine(instruction, &left, &right))
                }
                atom => Some(self.atom(atom)),
            };
            stack.extend(combined);
        }
        stack.pop().map(|(yes, _)| yes).unwrap_or_default()
    }

    fn combine(&mut self, operator: &Instruction, left: &(Cases, Cases), right: &(Cases, Cases)) -> (Cases, Cases) {
        let all = &mut self.residuals;
        if *operator == Instruction::And {
            (meet(&left.0, &right.0, |a, b| all.and(a, b)), meet(&left.1, &right.1, |a, b| all.or(a, b)))
        } else {
            (meet(&left.0, &right.0, |a, b| all.or(a, b)), meet(&left.1, &right.1, |a, b| all.and(a, b)))
        }
    }

    fn atom(&mut self, atom: &Instruction) -> (Cases, Cases) {
        if !reads_account(atom) {
            let open = |residual| vec![(self.everybody.clone(), residual)];
            return (open(self.residuals.atom(atom, true)), open(self.residuals.atom(atom, false)));
        }
        if !self.atoms.contains_key(atom) {
            let sides = self.sides_of(atom);
            self.atoms.insert(atom.clone(), sides);
        }
        let cases = |holds: Option<&Set>| -> Cases {
            let holds = holds.cloned().unwrap_or_else(|| Set::empty(self.bound));
            let rest = self.everybody.without(&holds);
            vec![(holds, Residual::True), (rest, Residual::False)]
        };
        let sides = self.atoms.get(atom);
        (cases(sides.map(|sides| &sides.yes)), cases(sides.map(|sides| &sides.no)))
    }

    fn sides_of(&mut self, atom: &Instruction) -> Sides {
        if let Instruction::InSegment(segment) = atom {
            return self.sides_of_segment(*segment);
        }
        let mut sides = Sides::empty(self.bound);
        if let Some((field, account_field)) = atom.field().and_then(|field| Some((field, field.account_field()?))) {
            let groups = self.groups.entry(field.code);
            let groups = groups.or_insert_with(|| Groups::of(self.accounts, account_field, self.bound));
            groups.sort(atom, self.accounts, &mut sides);
        } else {
            for (member, account) in self.accounts.iter().enumerate() {
                sides.add_all(&[member], truth_for(atom, Some(account)));
            }
        }
        let stranger = self.accounts.len();
        sides.add_all(&[stranger], truth_for(atom, None));
        sides
    }

    /// The members of a segment; nobody else is in it, and no stranger.
    fn sides_of_segment(&self, segment: u32) -> Sides {
        let mut yes = Set::empty(self.bound);
        let segment = usize::try_from(segment).ok().and_then(|segment| self.segments.get(segment));
        let members = segment.map_or(&[][..], |segment| &segment.members);
        members.iter().filter_map(|member| usize::try_from(*member).ok()).for_each(|member| yes.insert(member));
        let no = self.everybody.without(&yes);
        Sides { yes, no }
    }
}

fn reads_account(atom: &Instruction) -> bool {
    let mut fields = atom.fields().peekable();
    let is_of_account = fields.peek().is_some() && fields.all(Field::is_of_account);
    is_of_account || matches!(atom, Instruction::InSegment(_) | Instruction::Constant(_))
}

/// Both sides at once: where their parts meet, `both` says what is left. Parts for which the same is left become one.
fn meet(left: &Cases, right: &Cases, mut both: impl FnMut(Residual, Residual) -> Residual) -> Cases {
    let mut met: Cases = Vec::new();
    for (left_set, left_residual) in left {
        for (right_set, right_residual) in right {
            let set = left_set.and(right_set);
            if set.is_empty() {
                continue;
            }
            let residual = both(*left_residual, *right_residual);
            match met.iter_mut().find(|(_, known)| *known == residual) {
                Some((known, _)) => known.add(&set),
                None => met.push((set, residual)),
            }
        }
    }
    met
}

/// Everybody in parts within which the same is left of every rule.
struct Partition {
    of_member: Vec<u32>,
    /// The first member of each part.
    firsts: Set,
    count: usize,
}

impl Partition {
    /// Starts with one part and splits it by every case.
    fn of<'a>(bound: usize, cases: impl Iterator<Item = &'a Case>) -> Self {
        let mut of_member = vec![0_u64; bound];
        let mut next = 1_u64;
        for case in cases {
            let mut split: HashMap<u64, u64> = HashMap::new();
            for member in case.members.iter() {
                let Some(part) = of_member.get_mut(member) else { continue };
                *part = *split.entry(*part).or_insert_with(|| {
                    next += 1;
                    next - 1
                });
            }
        }
        Self::numbered(&of_member)
    }

    /// Numbers the parts that are left in the order of their first members.
    fn numbered(parts: &[u64]) -> Self {
        let mut numbers: HashMap<u64, u32> = HashMap::new();
        let mut firsts = Set::empty(parts.len());
        let mut of_member = Vec::with_capacity(parts.len());
        for (member, part) in parts.iter().enumerate() {
            let next = narrow(numbers.len());
            of_member.push(*numbers.entry(*part).or_insert_with(|| {
                firsts.insert(member);
                next
            }));
        }
        Self { of_member, firsts, count: numbers.len() }
    }

    /// The parts that a set holds; it holds each whole or not at all.
    fn parts_in(&self, set: &Set) -> Vec<usize> {
        let part = |member: usize| self.of_member.get(member).and_then(|part| usize::try_from(*part).ok());
        self.firsts.and(set).iter().filter_map(part).collect()
    }
}

fn list_candidates(site: &Site, cases: &HashMap<u32, Vec<Case>>, partition: &Partition) -> Vec<Class> {
    let mut classes = vec![Class::default(); partition.count];
    let stranger = partition.of_member.last().and_then(|part| usize::try_from(*part).ok());
    let mut taken = vec![Set::empty(site.slots.len()); classes.len()];
    for (position, experience) in (0_u32..).zip(&site.experiences) {
        let slots = experience.slots();
        for case in cases.get(&experience.rule).into_iter().flatten() {
            for part in partition.parts_in(&case.members) {
                let surely = case.is_true && experience.shows_surely(Some(part) != stranger);
                let list = classes.get_mut(part).map(|class| &mut class.experiences);
                offer(list, taken.get_mut(part), &slots, surely, Candidate { position, rule: case.rule });
            }
        }
    }
    let mut taken = vec![Set::empty(site.placements.len()); classes.len()];
    let mut positions = 0_u32..;
    for equals in site.line_items.chunk_by(|a, b| a.priority == b.priority) {
        // Equals share a placement, so one closes it only for those below.
        let mut closed = Vec::new();
        for (line_item, position) in equals.iter().zip(&mut positions) {
            for case in cases.get(&line_item.rule).into_iter().flatten() {
                for part in partition.parts_in(&case.members) {
                    let list = classes.get_mut(part).map(|class| &mut class.line_items);
                    let candidate = Candidate { position, rule: case.rule };
                    offer(list, taken.get_mut(part), &line_item.placements, false, candidate);
                    if case.is_true {
                        closed.extend(surely_filled(site, line_item).map(|placement| (part, placement)));
                    }
                }
            }
        }
        for (part, placement) in closed {
            if let Some(taken) = taken.get_mut(part) {
                taken.insert(placement);
            }
        }
    }
    classes
}

/// Adds a candidate to a class, unless all it wants is surely taken by stronger ones: it could never win.
fn offer(
    list: Option<&mut Vec<Candidate>>,
    taken: Option<&mut Set>,
    wanted: &[u32],
    surely: bool,
    candidate: Candidate,
) {
    let Some((list, taken)) = list.zip(taken) else { return };
    let wanted = || wanted.iter().filter_map(|place| usize::try_from(*place).ok());
    if wanted().all(|place| taken.contains(place)) {
        return;
    }
    list.push(candidate);
    if surely {
        wanted().for_each(|place| taken.insert(place));
    }
}

/// The placements that a line item whose rule holds fills whatever the visit, unless an equal does.
fn surely_filled<'a>(site: &'a Site, line_item: &'a LineItem) -> impl Iterator<Item = usize> + 'a {
    let may_fill = line_item.flight == Window::default() && line_item.weight > 0;
    line_item.placements.iter().filter_map(|place| usize::try_from(*place).ok()).filter(move |place| {
        let sizes = site.placements.get(*place).map_or(&[][..], |placement| &placement.sizes);
        may_fill && line_item.creatives.iter().any(|one| one.weight > 0 && sizes.contains(&one.size))
    })
}

/// Of rules times accounts, what is no open question any more, in basis points.
fn share_decided(cases: &HashMap<u32, Vec<Case>>, bound: usize) -> u64 {
    let all = (cases.len() * bound) as u64;
    let open: usize = cases.values().flatten().filter(|case| !case.is_true).map(|case| case.members.len()).sum();
    (all.saturating_sub(open as u64) * 10_000).checked_div(all).unwrap_or(10_000)
}

/// Classes that came out alike, because what told them apart can never win, become one.
fn merge_equal(classes: Vec<Class>, of_member: &[u32]) -> (Vec<Class>, Vec<u32>) {
    let mut numbers: HashMap<Class, u32> = HashMap::new();
    let mut merged = Vec::new();
    let mut number_of = Vec::new();
    for class in classes {
        let next = narrow(merged.len());
        number_of.push(*numbers.entry(class).or_insert_with_key(|class| {
            merged.push(class.clone());
            next
        }));
    }
    let of = |part: &u32| usize::try_from(*part).ok().and_then(|part| number_of.get(part).copied()).unwrap_or(0);
    (merged, of_member.iter().map(of).collect())
}

/// Counts here are bounded by [`crate::limit`], far below 32 bits.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
