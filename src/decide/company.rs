//! A company that is in no list: the caller described it with the visit.
//!
//! No class was made for it, so its rules are evaluated as their authors wrote them, those that an index cannot rule out.

use crate::{
    bundle::Bundle,
    model::{Account, Accounts, Attributes, Facts, Segment, Visit},
    rule::{Context, Memo},
};

/// Whether described companies are looked at. A browser's core is given the rules of one class alone: it could ask nothing else.
pub(super) const IS_ASKED: bool = cfg!(feature = "edge");

/// A described company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// A list of nobody else.
    accounts: Accounts,
    /// The site's segments, with the company as their only member where it is in them.
    segments: Vec<Segment>,
}

impl Company {
    /// The company that a caller described, or `None` where there is neither an id nor a name.
    #[must_use]
    pub fn new(bundle: &Bundle, attributes: &Attributes) -> Option<Self> {
        let accounts = attributes.to_accounts();
        let visit = Visit::default();
        let facts = Facts::new(Some(accounts.get(0)?), &visit);
        let context = Context { facts: &facts, address: None, segments: &[] };
        let memo = Memo::default();
        let is_in = |segment: &&Segment| bundle.rules().holds(segment.rule, &context, &memo);
        let judged = |segment: &Segment| Segment {
            name: segment.name.clone(),
            rule: segment.rule,
            members: Some(segment).filter(is_in).map(|_| 0).into_iter().collect(),
        };
        let segments = bundle.site().segments.iter().map(judged).collect();
        Some(Self { accounts, segments })
    }

    /// The company as an account.
    #[must_use]
    pub fn account(&self) -> Option<Account<'_>> {
        self.accounts.get(0)
    }

    /// The site's segments; it is the only member of those that it is in.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }
}
