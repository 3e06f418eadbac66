//! Who is found by address, before and after.

use std::{cmp::Ordering, collections::BTreeMap};

use serde::Serialize;

use crate::{bundle::Bundle, model::Text, net::Prefix};

/// What changes in whom an address finds. A prefix counts where content acts on it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Recognition {
    /// Ids of accounts that no address found before.
    pub gained: Vec<Text>,
    /// Ids of accounts that no address finds any more.
    pub lost: Vec<Text>,
    /// Prefixes that found nobody before.
    pub more: usize,
    /// Prefixes that find nobody any more.
    pub fewer: usize,
    /// Prefixes that find somebody else now.
    pub moved: Vec<Moved>,
}

/// A prefix that finds somebody else now.
#[derive(Debug, Clone, Serialize)]
pub struct Moved {
    /// The prefix.
    pub prefix: String,
    /// Id of the account that it found.
    pub from: Text,
    /// Id of the account that it finds.
    pub to: Text,
}

impl Recognition {
    pub(super) fn is_empty(&self) -> bool {
        self.gained.is_empty() && self.lost.is_empty() && self.more + self.fewer == 0 && self.moved.is_empty()
    }
}

/// The prefixes on whose accounts content acts, ascending, each with its account's id.
fn acting(bundle: &Bundle) -> Vec<(Prefix, &str)> {
    let networks = &bundle.contents().networks;
    let site = bundle.site();
    let owner = |position: usize| {
        let origin = networks.origin(position).filter(|origin| origin.confidence >= site.content_confidence)?;
        Some(site.accounts.get(origin.account()?)?.id())
    };
    let all = networks.prefixes().iter().enumerate();
    all.filter_map(|(position, prefix)| Some((prefix, owner(position)?))).collect()
}

pub(super) fn compare(old: &Bundle, new: &Bundle) -> Recognition {
    let (old, new) = (acting(old), acting(new));
    let mut found = Recognition::default();
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    old.iter().for_each(|(_, id)| counts.entry(id).or_default().0 += 1);
    new.iter().for_each(|(_, id)| counts.entry(id).or_default().1 += 1);
    for (id, count) in counts {
        match count {
            (0, _) => found.gained.push(id.into()),
            (_, 0) => found.lost.push(id.into()),
            _ => {}
        }
    }
    let (mut before, mut now) = (old.iter().peekable(), new.iter().peekable());
    loop {
        let order = match (before.peek(), now.peek()) {
            (Some((before, _)), Some((now, _))) => before.cmp(now),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return found,
        };
        let old = if order == Ordering::Greater { None } else { before.next() };
        let new = if order == Ordering::Less { None } else { now.next() };
        match (old, new) {
            (Some((prefix, from)), Some((_, to))) if from != to => {
                let (from, to) = (Text::from(*from), Text::from(*to));
                found.moved.push(Moved { prefix: prefix.to_string(), from, to });
            }
            (Some(_), None) => found.fewer += 1,
            (None, Some(_)) => found.more += 1,
            _ => {}
        }
    }
}
