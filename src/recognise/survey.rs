//! Goes through address databases and gathers which ranges are whose.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;

use crate::{
    net::{Holder, Usage},
    recognise::{
        Matcher, Range, Review, SharedEgress, Target,
        decisions::Decisions,
        interner::Interner,
        outcome::{Judge, Outcome},
        range::flatten,
        review::Subject,
    },
};

/// So many holders are remembered; those of a larger database are asked after again.
const HOLDER_MAX: usize = 1 << 20;
/// In the place of an outcome: nothing is to be said of this range. The greatest, so that it lies above a claim to the same range.
const NOTHING: u32 = u32::MAX;

/// Where ranges are from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// What people call it: the type of the database or the name of the file.
    pub label: String,
    /// The day that its data is of.
    pub seen: Option<Date>,
    /// Whether its ranges may lie over each other, as those of a list may and those of a tree cannot.
    pub may_overlap: bool,
}

/// Whose ranges are, and how that is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// Position of the account among the targets.
    pub target: usize,
    /// 0 to 100.
    pub confidence: u8,
    /// Whether a person said so.
    pub is_said: bool,
    /// In words: who holds them, how it is known, which database says so.
    pub source: String,
    /// The day of the database.
    pub seen: Option<Date>,
}

/// Why ranges are nobody's alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SharedOrigin {
    /// What they are used for.
    pub usage: Usage,
    /// In words.
    pub source: String,
}

/// What people said of the world that no database speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Idle {
    /// Whom decisions are about.
    pub decisions: Vec<Subject>,
    /// Autonomous systems that accounts list.
    pub asns: BTreeSet<u32>,
}

/// What was gathered so far.
#[derive(Debug)]
pub struct Survey<'a> {
    pub(super) targets: &'a [Target],
    pub(super) matcher: &'a Matcher,
    list: &'a SharedEgress,
    decisions: Decisions,
    pub(super) review: Review,
    /// Ranges and the numbers of their origins.
    pub(super) claims: Vec<(Range, u32)>,
    pub(super) origins: Interner<Origin>,
    /// The same of ranges that are nobody's alone.
    pub(super) shared: Vec<(Range, u32)>,
    pub(super) shared_origins: Interner<SharedOrigin>,
    /// Those of them that would be an account's.
    pub(super) shared_claims: Vec<Range>,
    /// Autonomous systems that accounts list and no database has had so far.
    unmet: BTreeSet<u32>,
    /// For each decision, how many ranges fell under it.
    decided: Vec<u64>,
}

/// One database on its way into a survey.
#[derive(Debug)]
pub struct Pass<'s, 'a> {
    survey: &'s mut Survey<'a>,
    database: Database,
    known: HashMap<Holder, u32>,
    outcomes: Vec<(Outcome, u64)>,
    records: Vec<(Range, u32)>,
}

impl<'a> Survey<'a> {
    /// A survey of no database yet. `targets` ascend by id.
    #[must_use]
    pub fn new(targets: &'a [Target], matcher: &'a Matcher, review: Review, list: &'a SharedEgress) -> Self {
        let decisions = Decisions::new(&review);
        Self {
            targets,
            matcher,
            list,
            decided: vec![0; decisions.len()],
            decisions,
            review,
            claims: Vec::new(),
            origins: Interner::default(),
            shared: Vec::new(),
            shared_origins: Interner::default(),
            shared_claims: Vec::new(),
            unmet: targets.iter().flat_map(|target| target.asns.iter().copied()).collect(),
        }
    }

    /// Begins a database.
    pub fn pass(&mut self, database: Database) -> Pass<'_, 'a> {
        Pass { survey: self, database, known: HashMap::new(), outcomes: Vec::new(), records: Vec::new() }
    }

    /// What no database speaks of, once all are gone through.
    #[must_use]
    pub fn idle(&self) -> Idle {
        let idle = self.decided.iter().enumerate().filter(|(_, ranges)| **ranges == 0);
        let rows = idle.filter_map(|(position, _)| self.decisions.row(position));
        Idle { decisions: rows.map(|(subject, _)| subject.clone()).collect(), asns: self.unmet.clone() }
    }
}

impl Pass<'_, '_> {
    /// A range of the database and who holds it.
    pub fn record(&mut self, range: Range, holder: &Holder) {
        let number = match self.known.get(holder) {
            Some(number) => *number,
            None => self.ask(holder),
        };
        match usize::try_from(number).ok().and_then(|number| self.outcomes.get_mut(number)) {
            Some((_, ranges)) => *ranges += 1,
            None if !self.database.may_overlap => return,
            None => {}
        }
        let goes_on = self.records.last_mut().is_some_and(|(before, known)| *known == number && before.extend(range));
        if !goes_on {
            self.records.push((range, number));
        }
    }

    /// Finds out what is to be said of a holder that is new.
    fn ask(&mut self, holder: &Holder) -> u32 {
        if self.known.len() >= HOLDER_MAX {
            self.known.clear();
        }
        if let Some(asn) = holder.asn {
            self.survey.unmet.remove(&asn);
        }
        let Survey { targets, matcher, list, decisions, origins, shared_origins, .. } = &mut *self.survey;
        let judge = Judge { targets, matcher, list, decisions, database: &self.database };
        let outcome = judge.outcome(holder, origins, shared_origins);
        let number = match outcome.is_nothing() {
            true => NOTHING,
            false => u32::try_from(self.outcomes.len()).unwrap_or(NOTHING),
        };
        if number != NOTHING {
            self.outcomes.push((outcome, 0));
        }
        self.known.insert(holder.clone(), number);
        number
    }

    /// Ends the database.
    pub fn finish(self) {
        let Self { survey, outcomes, records, .. } = self;
        for (range, number) in flatten(records) {
            let Some((outcome, _)) = usize::try_from(number).ok().and_then(|number| outcomes.get(number)) else {
                continue;
            };
            survey.claims.extend(outcome.claims.iter().map(|origin| (range, *origin)));
            survey.shared.extend(outcome.shared.map(|origin| (range, origin)));
            survey.shared_claims.extend(outcome.is_shared_claim.then_some(range));
        }
        for (outcome, ranges) in outcomes {
            for row in outcome.rows {
                survey.decided.get_mut(row).into_iter().for_each(|decided| *decided += ranges);
            }
            for (subject, entry) in outcome.close {
                survey.review.add(subject, entry, ranges);
            }
        }
    }
}
