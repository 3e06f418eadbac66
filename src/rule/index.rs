//! Which rules may hold for a visit, without looking at each.
//!
//! For every subject that rules need something of (`requirement.rs`), the index knows the rules that need nothing of it, and for each
//! value those that it satisfies. What may hold is then, 64 rules to an instruction, what every subject lets through. The rest of
//! each rule is for [`evaluate`](super::evaluate) to decide.

use std::collections::BinaryHeap;

use super::{
    Context, Field, Program,
    requirement::{Needs, Subject, Wanted, needs, wanted},
};
use crate::{bucket::hash, model::Value, set::Set};

/// Parts that the numbers of one field are told apart by. More would keep out a few rules more and cost a set each.
const RANGE_MAX: usize = 48;

/// An index over programs, by their position in a list.
#[derive(Debug, Clone, Default)]
pub struct Index {
    possible: Set,
    dimensions: Vec<Dimension>,
}

/// One subject.
#[derive(Debug, Clone)]
struct Dimension {
    subject: Subject,
    /// Rules that need nothing of it.
    free: Set,
    lists: Lists,
}

/// Which rules a value satisfies.
#[derive(Debug, Clone)]
enum Lists {
    /// Keys, ascending, each with a rule that is not free and that it satisfies. Keys that satisfy many have a set of those and of the
    /// free ones instead, of at most four times the room: to pass over it costs less than to look at each.
    Key(Vec<(u32, u32)>, Vec<(u32, Set)>),
    /// Where each range begins but the first, and the rules, the free ones too, that numbers in each may satisfy.
    Int(Vec<i64>, Vec<Set>),
}

impl Index {
    /// The index of `programs`. Costs one pass over them for each subject that they need something of.
    #[must_use]
    pub fn new<'a>(programs: impl ExactSizeIterator<Item = &'a Program>) -> Self {
        let bound = programs.len();
        let needs: Vec<Option<Needs>> = programs.map(needs).collect();
        let mut possible = Set::empty(bound);
        let mut subjects: Vec<Subject> = Vec::new();
        for (rule, needs) in needs.iter().enumerate() {
            let Some(needs) = needs else { continue };
            possible.insert(rule);
            for (subject, _) in needs {
                if !subjects.contains(subject) {
                    subjects.push(*subject);
                }
            }
        }
        let dimensions = subjects.into_iter().map(|subject| Dimension::new(subject, &needs, &possible)).collect();
        Self { possible, dimensions }
    }

    /// The rules that may hold, by their position; all others do not. Costs a pass over a set for each subject that rules need
    /// something of.
    #[must_use]
    pub fn candidates(&self, context: Context<'_>) -> Set {
        let mut candidates = self.possible.clone();
        self.dimensions.iter().for_each(|dimension| dimension.narrow(&mut candidates, context));
        candidates
    }
}

impl Dimension {
    fn new(subject: Subject, needs: &[Option<Needs>], possible: &Set) -> Self {
        let mut free = possible.clone();
        // A heap sorts as well here, in a tenth of the code that a browser downloads for a sort.
        let mut keys: BinaryHeap<(u32, u32)> = BinaryHeap::new();
        let mut intervals: Vec<(usize, i64, i64)> = Vec::new();
        for (rule, needs) in needs.iter().enumerate() {
            let Some(wanted) = needs.as_ref().and_then(|needs| wanted(needs, subject)) else { continue };
            free.remove(rule);
            match wanted {
                Wanted::Key(wanted) => keys.extend(wanted.iter().map(|key| (*key, narrow(rule)))),
                Wanted::Int(low, high) => intervals.push((rule, *low, *high)),
            }
        }
        let lists = match intervals.is_empty() {
            true => Lists::of_keys(&keys.into_sorted_vec(), &free),
            false => Lists::of_intervals(&intervals, &free),
        };
        Self { subject, free, lists }
    }

    /// Leaves of `candidates` what this subject lets through.
    fn narrow(&self, candidates: &mut Set, context: Context<'_>) {
        let value = match self.subject {
            Subject::Field(code) => Field::from_code(code).map_or(Value::Missing, |field| field.get(context.facts)),
            Subject::Segments => Value::Missing,
        };
        let (mut few, mut many): (Vec<usize>, Vec<&Set>) = Default::default();
        match (&self.lists, value) {
            (Lists::Int(starts, ranges), Value::Int(value)) => {
                let range = starts.partition_point(|start| *start <= value);
                many.extend(ranges.get(range));
            }
            (Lists::Int(..), _) => {}
            (Lists::Key(list, sets), value) => {
                let mut add = |key| {
                    let rules = of_key(list, key).iter().filter_map(|(_, rule)| usize::try_from(*rule).ok());
                    few.extend(rules.filter(|rule| candidates.contains(*rule)));
                    let place = sets.binary_search_by_key(&key, |(one, _)| *one);
                    many.extend(place.ok().and_then(|place| sets.get(place)).map(|(_, set)| set));
                };
                match (self.subject, value) {
                    (Subject::Segments, _) => (0_u32..)
                        .zip(context.segments)
                        .filter(|(segment, _)| context.is_in_segment(*segment))
                        .for_each(|(segment, _)| add(segment)),
                    (_, Value::Text(text)) => add(hash(text)),
                    (_, Value::List(texts)) => texts.iter().for_each(|text| add(hash(text))),
                    _ => {}
                }
            }
        }
        match many.as_slice() {
            [] => candidates.keep(&self.free),
            [only] => candidates.keep(only),
            [first, more @ ..] => {
                let mut satisfied = (*first).clone();
                more.iter().for_each(|set| satisfied.add(set));
                candidates.keep(&satisfied);
            }
        }
        few.into_iter().for_each(|rule| candidates.insert(rule));
    }
}

impl Lists {
    fn of_keys(keys: &[(u32, u32)], free: &Set) -> Self {
        let (mut list, mut sets) = (Vec::new(), Vec::new());
        for rules in keys.chunk_by(|(one, _), (next, _)| one == next) {
            match rules.first() {
                Some((key, _)) if rules.len() > free.words() / 4 => {
                    let mut set = free.clone();
                    rules.iter().filter_map(|(_, rule)| usize::try_from(*rule).ok()).for_each(|rule| set.insert(rule));
                    sets.push((*key, set));
                }
                _ => list.extend_from_slice(rules),
            }
        }
        Self::Key(list, sets)
    }

    fn of_intervals(intervals: &[(usize, i64, i64)], free: &Set) -> Self {
        let ends = intervals.iter().flat_map(|(_, low, high)| [Some(*low), high.checked_add(1)]).flatten();
        let mut starts = BinaryHeap::from_iter(ends).into_sorted_vec();
        starts.dedup();
        let step = starts.len().div_ceil(RANGE_MAX).max(1);
        let starts: Vec<i64> = starts.into_iter().step_by(step).collect();
        let mut ranges = vec![free.clone(); starts.len().saturating_add(1)];
        for (rule, low, high) in intervals {
            let first = starts.partition_point(|start| start <= low);
            let last = starts.partition_point(|start| start <= high);
            ranges.get_mut(first..=last).into_iter().flatten().for_each(|range| range.insert(*rule));
        }
        Self::Int(starts, ranges)
    }
}

/// The part of a list that has a key.
fn of_key(list: &[(u32, u32)], key: u32) -> &[(u32, u32)] {
    let start = list.partition_point(|(one, _)| *one < key);
    let rest = list.get(start..).unwrap_or(&[]);
    rest.get(..rest.partition_point(|(one, _)| *one == key)).unwrap_or(&[])
}

/// Rules are bounded by the limits of a bundle, far below 32 bits.
fn narrow(rule: usize) -> u32 {
    u32::try_from(rule).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::Index;
    use crate::{
        model::{AccountField, Accounts, Cell, Facts, Row, Segment, Visit, Visitor},
        rule::{Comparison, Context, Field, Instruction, Program, TextTest},
    };

    fn field(name: &str) -> &'static Field {
        Field::from_name(name).unwrap()
    }

    fn check(programs: &[Vec<Instruction>], expect: &[usize]) {
        let text = |text: &str| Cell::Text(text.into());
        let alder = [
            (AccountField::Id, text("alder")),
            (AccountField::Name, text("Alder")),
            (AccountField::Industry, text("Banking")),
            (AccountField::Technologies, Cell::List(vec!["lake".into(), "mesh".into()])),
            (AccountField::Tier, Cell::Int(2)),
        ];
        let accounts = Accounts::new(&[Row::from(alder)]);
        let visit = Visit { visitor: Visitor { visits: Some(3), ..Visitor::default() }, ..Visit::default() };
        let facts = Facts::new(accounts.get(0), &visit);
        let segments = [vec![0], vec![]].map(|members| Segment { name: "s".into(), rule: 0, members });
        let programs: Vec<Program> = programs.iter().map(|steps| Program::new(steps.clone()).unwrap()).collect();
        let found =
            Index::new(programs.iter()).candidates(Context { facts: &facts, address: None, segments: &segments });
        assert_eq!(found.iter().collect::<Vec<_>>(), expect);
    }

    #[test]
    fn only_what_may_hold_is_a_candidate() {
        use Instruction::{And, Constant, InSegment, Includes, Int, Not, Or, Text, TextIn};
        let industry = |value: &str| Text(field("account.industry"), TextTest::Equal, value.into());
        let visits = |comparison, value| Int(field("visitor.visits"), comparison, value);
        check(&[vec![industry("Banking")], vec![industry("Steel")], vec![industry("Steel"), Not]], &[0, 2]);
        check(&[vec![TextIn(field("account.stage"), vec!["target".into()])]], &[]);
        let uses = |value: &str| vec![Includes(field("account.technologies"), value.into())];
        check(&[uses("lake"), uses("hub"), uses("mesh")], &[0, 2]);
        check(&[vec![InSegment(0)], vec![InSegment(1)], vec![InSegment(1), InSegment(0), Or]], &[0, 2]);
        let counts = [1, 2, 3, 4].map(|value| vec![visits(Comparison::Greater, value)]);
        check(&counts, &[0, 1]);
        check(&[vec![visits(Comparison::Less, 4)], vec![visits(Comparison::NotEqual, 3)]], &[0, 1]);
        check(&[vec![Int(field("time.hour"), Comparison::GreaterOrEqual, 0)], vec![Constant(false)]], &[]);
        check(
            &[
                vec![industry("Steel"), visits(Comparison::Equal, 3), Or],
                vec![industry("Banking"), visits(Comparison::Equal, 9), And],
            ],
            &[0],
        );
    }

    /// Keys that many rules want have sets, the others a list.
    #[test]
    fn rules_are_found_whether_few_or_many_want_a_key() {
        let industry = |value: &str| Instruction::Text(field("account.industry"), TextTest::Equal, value.into());
        let uses = |value: &str| Instruction::Includes(field("account.technologies"), value.into());
        let program = |rule: usize| match rule {
            7 => vec![uses("lake")],
            8 => vec![uses("hub")],
            9 => vec![uses("lake"), industry("Steel"), Instruction::And],
            11 => vec![uses("mesh"), industry("Banking"), Instruction::And],
            rule if rule % 2 == 0 => vec![industry("Banking")],
            _ => vec![industry("Steel")],
        };
        let programs: Vec<_> = (0..600).map(program).collect();
        let expect: Vec<_> = (0..600).filter(|rule| [7, 11].contains(rule) || (rule % 2 == 0 && *rule != 8)).collect();
        check(&programs, &expect);
    }

    /// Ranges are thinned out where numbers are many: what remains may be too many rules, never too few.
    #[test]
    fn many_numbers_keep_every_rule_that_may_hold() {
        let programs: Vec<Vec<Instruction>> =
            (0..200).map(|value| vec![Instruction::Int(field("visitor.visits"), Comparison::Equal, value)]).collect();
        let first = |programs: &[Vec<Instruction>]| {
            let programs: Vec<Program> = programs.iter().map(|steps| Program::new(steps.clone()).unwrap()).collect();
            let visit = Visit { visitor: Visitor { visits: Some(3), ..Visitor::default() }, ..Visit::default() };
            let facts = Facts::new(None, &visit);
            Index::new(programs.iter()).candidates(Context { facts: &facts, address: None, segments: &[] })
        };
        let found = first(&programs);
        assert!(found.contains(3) && found.len() < 20, "{}", found.len());
    }
}
