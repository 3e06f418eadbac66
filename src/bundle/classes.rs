//! Section 11: the class of each account, then of strangers, then who sees what, candidate by candidate: what a rule leaves open is
//! most often open for many classes, and classes that are alike stand together.
//!
//! Count of accounts, the class of each (position); the class of strangers (position); count of classes. Then for experiences and
//! again for line items: count of candidates; for each its position less that of the one before (the first: its position), its rule
//! (position), count of classes, and each class less the one before and 1 (the first: its position).

use std::collections::BTreeMap;

use crate::{
    bundle::parts::{OpenError, Packer, Section},
    limit::ACCOUNT_MAX,
};

/// For every account, what of the rules is left to decide.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Classes {
    experiences: Lists,
    line_items: Lists,
    /// The class of each account, and behind the last that of strangers.
    of_member: Vec<u32>,
}

/// What may show to some accounts: each candidate that they can match, the strongest first. A candidate that can never win is
/// left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Class<'a> {
    /// Positions ascend.
    pub experiences: &'a [Candidate],
    /// Positions ascend.
    pub line_items: &'a [Candidate],
}

/// An experience or line item, and the residual of its rule for the class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Candidate {
    /// Position among the site's experiences or line items.
    pub position: u32,
    /// Position of the residual among the rules.
    pub rule: u32,
}

/// A list of candidates for each class, one behind the other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Lists {
    /// Where each list ends; it begins where the one before ends.
    ends: Vec<u32>,
    candidates: Vec<Candidate>,
}

impl Lists {
    fn new<'a>(lists: impl Iterator<Item = &'a [Candidate]>) -> Self {
        let mut all = Self::default();
        for list in lists {
            all.candidates.extend_from_slice(list);
            all.ends.push(narrow(all.candidates.len()));
        }
        all
    }

    fn get(&self, class: usize) -> Option<&[Candidate]> {
        let start = class.checked_sub(1).map_or(Some(&0), |before| self.ends.get(before))?;
        self.candidates.get(widen(*start)..widen(*self.ends.get(class)?))
    }

    fn iter(&self) -> impl Iterator<Item = &[Candidate]> {
        (0..self.ends.len()).filter_map(|class| self.get(class))
    }
}

impl Classes {
    /// The classes in their order. `of_member` holds the class of each account and, last, that of strangers.
    #[must_use]
    pub fn new<'a>(classes: impl Iterator<Item = Class<'a>> + Clone, of_member: Vec<u32>) -> Self {
        Self {
            experiences: Lists::new(classes.clone().map(|class| class.experiences)),
            line_items: Lists::new(classes.map(|class| class.line_items)),
            of_member,
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Class<'_>> {
        (0..self.experiences.ends.len()).map(|class| self.class(class))
    }

    /// The class at a position; where there is none, one that sees nothing.
    #[must_use]
    pub fn get(&self, class: u32) -> Class<'_> {
        self.class(widen(class))
    }

    fn class(&self, class: usize) -> Class<'_> {
        Class {
            experiences: self.experiences.get(class).unwrap_or(&[]),
            line_items: self.line_items.get(class).unwrap_or(&[]),
        }
    }

    /// Positions of the classes of the accounts, in their order.
    #[must_use]
    pub fn of_accounts(&self) -> &[u32] {
        self.of_member.split_last().map_or(&[], |(_, accounts)| accounts)
    }

    /// Position of the class of strangers.
    #[must_use]
    pub fn of_strangers(&self) -> Option<u32> {
        self.of_member.last().copied()
    }

    /// The class of the account at a position, or of strangers.
    #[must_use]
    pub fn of(&self, account: Option<usize>) -> Option<Class<'_>> {
        let class = match account {
            Some(account) => self.of_accounts().get(account).copied(),
            None => self.of_strangers(),
        };
        class.map(|class| self.get(class))
    }
}

pub(super) fn pack(classes: &Classes, packer: &mut Packer) -> Vec<u8> {
    let accounts = classes.of_accounts();
    packer.count(accounts.len());
    accounts.iter().for_each(|class| packer.varint(*class));
    packer.varint(classes.of_strangers().unwrap_or(0));
    packer.count(classes.experiences.ends.len());
    pack_lists(&classes.experiences, packer);
    pack_lists(&classes.line_items, packer);
    packer.finish()
}

fn pack_lists(lists: &Lists, packer: &mut Packer) {
    // Of each candidate the classes that have it, ascending.
    let mut columns: BTreeMap<Candidate, Vec<u32>> = BTreeMap::new();
    for (class, list) in (0..).zip(lists.iter()) {
        list.iter().for_each(|candidate| columns.entry(*candidate).or_default().push(class));
    }
    packer.count(columns.len());
    let mut before = 0;
    for (candidate, classes) in columns {
        packer.varint(candidate.position.wrapping_sub(before));
        packer.varint(candidate.rule);
        before = candidate.position;
        packer.ascending(classes.into_iter());
    }
}

/// How many of each thing that classes name there are.
pub(super) struct Counts {
    pub(super) accounts: usize,
    pub(super) experiences: usize,
    pub(super) line_items: usize,
    pub(super) rules: usize,
}

pub(super) fn open(section: &mut Section<'_>, counts: &Counts) -> Result<Classes, OpenError> {
    let accounts = section.count(ACCOUNT_MAX)?;
    section.require(accounts == counts.accounts, "the class of every account")?;
    let of_member: Vec<u32> = (0..=accounts).map(|_| section.varint()).collect::<Result<_, _>>()?;
    // A class that nobody is in would be of no use.
    let count = section.count(accounts.saturating_add(1))?;
    let is_class = |class: &u32| usize::try_from(*class).is_ok_and(|class| class < count);
    section.require(of_member.iter().all(is_class), "positions of classes")?;
    let experiences = open_lists(section, count, counts.experiences, counts.rules)?;
    let line_items = open_lists(section, count, counts.line_items, counts.rules)?;
    section.finish()?;
    Ok(Classes { experiences, line_items, of_member })
}

fn open_lists(section: &mut Section<'_>, classes: usize, max: usize, rules: usize) -> Result<Lists, OpenError> {
    let mut columns: Vec<(Candidate, usize)> = Vec::new();
    let mut members: Vec<u32> = Vec::new();
    let mut sizes = vec![0_u32; classes];
    let mut position = 0_u32;
    for _ in 0..section.count(usize::MAX)? {
        position = position.wrapping_add(section.varint()?);
        let rule = section.varint()?;
        let candidate = Candidate { position, rule };
        let ascends = columns.last().is_none_or(|(before, _)| *before < candidate);
        section.require(ascends && widen(position) < max, "the position of a candidate, ascending")?;
        section.require(widen(rule) < rules, "the position of a rule")?;
        let column = section.ascending(classes)?;
        for class in &column {
            let size = section.expect(sizes.get_mut(widen(*class)), "the position of a class")?;
            *size = size.saturating_add(1);
        }
        columns.push((candidate, column.len()));
        members.extend(column);
    }
    let lists = turn(&columns, &members, sizes);
    let is_once = |list: &[Candidate]| list.is_sorted_by(|a, b| a.position < b.position);
    section.require(lists.iter().all(is_once), "a candidate once in a class")?;
    Ok(lists)
}

/// Turns "which classes each candidate is in" around into "which candidates each class has".
fn turn(columns: &[(Candidate, usize)], members: &[u32], sizes: Vec<u32>) -> Lists {
    let mut end = 0_u32;
    // Where the next candidate of each class goes: at first, where its list begins.
    let mut places: Vec<u32> = sizes
        .into_iter()
        .map(|size| {
            end = end.saturating_add(size);
            end.saturating_sub(size)
        })
        .collect();
    let mut candidates = vec![Candidate { position: 0, rule: 0 }; members.len()];
    let mut rest = members;
    for (candidate, count) in columns {
        let (column, behind) = rest.split_at_checked(*count).unwrap_or((rest, &[]));
        rest = behind;
        for class in column {
            let Some(place) = places.get_mut(widen(*class)) else { continue };
            if let Some(slot) = candidates.get_mut(widen(*place)) {
                *slot = *candidate;
            }
            *place = place.saturating_add(1);
        }
    }
    Lists { ends: places, candidates }
}

fn widen(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Candidates of all classes are bounded by a bundle's bytes, far below 32 bits.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
