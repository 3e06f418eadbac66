//! Section 11: the class of each account, then of strangers, then the classes. All numbers here are varints (seven bits a byte,
//! the lowest first, the top bit set on all but the last).
//!
//! Count of accounts, the class of each (position); the class of strangers (position); count of classes; each class: experiences,
//! line items. Either is a count of candidates, then for each: position less that of the one before (the first: its position),
//! rule (position).

use crate::{
    bundle::parts::{OpenError, Packer, Section},
    limit::{ACCOUNT_MAX, EXPERIENCE_MAX, LINE_ITEM_MAX},
};

/// For every account, what of the rules is left to decide.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Classes {
    classes: Vec<Class>,
    /// The class of each account, and behind the last that of strangers.
    of_member: Vec<u32>,
}

/// What may show to some accounts: each candidate that they can match, the strongest first. A candidate that can never win is
/// left out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Class {
    /// Positions ascend.
    pub experiences: Vec<Candidate>,
    /// Positions ascend.
    pub line_items: Vec<Candidate>,
}

/// An experience or line item, and the residual of its rule for the class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Candidate {
    /// Position among the site's experiences or line items.
    pub position: u32,
    /// Position of the residual among the rules.
    pub rule: u32,
}

impl Classes {
    /// `of_member` holds the class of each account and, last, that of strangers.
    #[must_use]
    pub fn new(classes: Vec<Class>, of_member: Vec<u32>) -> Self {
        Self { classes, of_member }
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Class] {
        &self.classes
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
    pub fn of(&self, account: Option<usize>) -> Option<&Class> {
        let class = match account {
            Some(account) => self.of_accounts().get(account).copied(),
            None => self.of_strangers(),
        };
        self.classes.get(usize::try_from(class?).ok()?)
    }
}

pub(super) fn pack(classes: &Classes, packer: &mut Packer) -> Vec<u8> {
    let accounts = classes.of_accounts();
    packer.count(accounts.len());
    accounts.iter().for_each(|class| packer.varint(*class));
    packer.varint(classes.of_strangers().unwrap_or(0));
    packer.count(classes.classes.len());
    for class in &classes.classes {
        pack_candidates(&class.experiences, packer);
        pack_candidates(&class.line_items, packer);
    }
    packer.finish()
}

fn pack_candidates(candidates: &[Candidate], packer: &mut Packer) {
    packer.count(candidates.len());
    let mut before = 0;
    for candidate in candidates {
        packer.varint(candidate.position.wrapping_sub(before));
        packer.varint(candidate.rule);
        before = candidate.position;
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
    let count = section.count(ACCOUNT_MAX.saturating_add(1))?;
    let is_class = |class: &u32| usize::try_from(*class).is_ok_and(|class| class < count);
    section.require(of_member.iter().all(is_class), "positions of classes")?;
    let mut classes = Vec::new();
    for _ in 0..count {
        classes.push(Class {
            experiences: open_candidates(section, counts.experiences.min(EXPERIENCE_MAX), counts.rules)?,
            line_items: open_candidates(section, counts.line_items.min(LINE_ITEM_MAX), counts.rules)?,
        });
    }
    section.finish()?;
    Ok(Classes { classes, of_member })
}

fn open_candidates(section: &mut Section<'_>, max: usize, rules: usize) -> Result<Vec<Candidate>, OpenError> {
    let count = section.count(max)?;
    let mut candidates: Vec<Candidate> = Vec::new();
    for _ in 0..count {
        let gap = section.varint()?;
        let before = candidates.last().map(|candidate| candidate.position);
        let position =
            before.unwrap_or(0).checked_add(gap).filter(|position| before.is_none_or(|last| last < *position));
        let position = position.filter(|position| usize::try_from(*position).is_ok_and(|position| position < max));
        let position = section.expect(position, "the position of a candidate, ascending")?;
        let rule = section.varint()?;
        section.require(usize::try_from(rule).is_ok_and(|rule| rule < rules), "the position of a rule")?;
        candidates.push(Candidate { position, rule });
    }
    Ok(candidates)
}
