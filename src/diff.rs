//! What publishing another bundle would change: for whom, where, and by which rule.
//!
//! Exact, because it compares what the compiler left for each account and not what some visits happen to get: two accounts of the
//! same two classes see the same change, so each pair of classes is compared once, whatever the number of accounts.

mod recognition;
mod sight;

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use self::sight::{Place, Seen, Sights};
use crate::{
    bundle::Bundle,
    model::{Account, AccountField, Text},
};

pub use recognition::{Moved, Recognition};
pub use sight::PlaceKind;

/// What changes from one bundle to another.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diff {
    /// Accounts that are in both.
    pub accounts: usize,
    /// How many of them see something else somewhere.
    pub changed: usize,
    /// Whether strangers do.
    pub strangers: bool,
    /// Ids of accounts that are new.
    pub added: Vec<Text>,
    /// Ids of accounts that are gone.
    pub removed: Vec<Text>,
    /// By slot, then placement, each in the order of the new site; the change that most accounts see first.
    pub places: Vec<PlaceChange>,
    /// Who is found by address.
    pub recognition: Recognition,
    /// The salt is another one: every test and every share of ads is drawn anew.
    pub is_redrawn: bool,
    /// Ids of accounts that the site's holdout takes in, and of those that it lets go.
    pub holdout: (Vec<Text>, Vec<Text>),
}

/// One change in one place, and who sees it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlaceChange {
    /// What the place is.
    pub kind: PlaceKind,
    /// Its name.
    pub place: String,
    /// Experiences or line items that cause it.
    pub causes: Vec<Cause>,
    /// Ids of the accounts that see it, ascending.
    pub accounts: Vec<Text>,
    /// Whether strangers see it.
    pub strangers: bool,
}

/// An experience or line item that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Cause {
    /// Its name.
    pub name: String,
    /// What became of it.
    #[serde(flatten)]
    pub turn: Turn,
}

/// What became of an experience or line item in a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "turn", rename_all = "lowercase")]
pub enum Turn {
    /// It may show now.
    New {
        /// When: what is left of its rule for these accounts; `true` where nothing is.
        when: String,
    },
    /// It does not show any more.
    Gone {
        /// When it did.
        when: String,
    },
    /// It shows at other times, in another way or something else.
    Changed {
        /// In what: `rule`, `schedule`, `test`, `content`, `weight`, `values`, `order`.
        what: Vec<&'static str>,
    },
}

/// Compares what two bundles show, and to whom.
#[must_use]
pub fn diff(old: &Bundle, new: &Bundle) -> Diff {
    let mut all = Comparison::new(old, new);
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    let mut holdout = (Vec::new(), Vec::new());
    let mut accounts = 0;
    for account in new.site().accounts.iter() {
        let Some(position) = old.site().accounts.find(account.id()) else {
            added.push(account.id().into());
            continue;
        };
        accounts += 1;
        match (is_held_out(old, position), is_held_out(new, account.position())) {
            (false, true) => holdout.0.push(account.id().into()),
            (true, false) => holdout.1.push(account.id().into()),
            // Who is held out sees Default, whatever the rules say.
            (true, true) => {}
            (false, false) => all.compare(Some((position, account.position()))),
        }
    }
    for account in old.site().accounts.iter() {
        if new.site().accounts.find(account.id()).is_none() {
            removed.push(account.id().into());
        }
    }
    all.compare(None);
    let (changed, strangers) = (all.changed + holdout.0.len() + holdout.1.len(), all.strangers);
    Diff {
        accounts,
        changed,
        strangers,
        added,
        removed,
        places: all.into_places(),
        recognition: recognition::compare(old, new),
        is_redrawn: old.site().salt != new.site().salt,
        holdout,
    }
}

impl Diff {
    /// Whether nothing changes for anybody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let lists = [&self.added, &self.removed, &self.holdout.0, &self.holdout.1];
        self.places.is_empty()
            && !self.is_redrawn
            && self.recognition.is_empty()
            && lists.iter().all(|list| list.is_empty())
    }
}

fn is_held_out(bundle: &Bundle, account: usize) -> bool {
    let account = bundle.site().accounts.get(account);
    account.is_some_and(|account| crate::decide::is_held_out(bundle, account))
}

/// Who sees a change: accounts by their ids, and whether strangers do.
type Seers = (Vec<Text>, bool);
/// A place, by its number, and what is not as it was there.
type Change = (usize, Vec<Cause>);

struct Comparison<'a> {
    old: Sights<'a>,
    new: Sights<'a>,
    places: Vec<Place>,
    /// The changes of each pair of classes, known accounts or not.
    of_classes: HashMap<(u32, u32, bool), Vec<Change>>,
    /// By place and causes.
    found: BTreeMap<Change, Seers>,
    changed: usize,
    strangers: bool,
}

impl<'a> Comparison<'a> {
    fn new(old: &'a Bundle, new: &'a Bundle) -> Self {
        let mut places = sight::places(new);
        // Places that only the old site has stand behind.
        let more: Vec<Place> = sight::places(old).into_iter().filter(|place| !places.contains(place)).collect();
        places.extend(more);
        Self {
            old: Sights::new(old),
            new: Sights::new(new),
            places,
            of_classes: HashMap::new(),
            found: BTreeMap::new(),
            changed: 0,
            strangers: false,
        }
    }

    /// Compares what an account sees, by its positions in both bundles, or what strangers see.
    fn compare(&mut self, positions: Option<(usize, usize)>) {
        let class_of = |bundle: &Bundle, position: Option<usize>| {
            let classes = &bundle.contents().classes;
            let of = |position: usize| classes.of_accounts().get(position).copied();
            position.map_or(classes.of_strangers(), of).unwrap_or(0)
        };
        let (old, new) = (self.old.bundle, self.new.bundle);
        let of_old = class_of(old, positions.map(|(old, _)| old));
        let of_new = class_of(new, positions.map(|(_, new)| new));
        let accounts =
            positions.and_then(|(before, now)| Some((old.site().accounts.get(before)?, new.site().accounts.get(now)?)));
        let key = (of_old, of_new, accounts.is_some());
        if !self.of_classes.contains_key(&key) {
            let changes = self.compare_classes(key);
            self.of_classes.insert(key, changes);
        }
        let mut changes = self.of_classes.get(&key).cloned().unwrap_or_default();
        if let Some((before, now)) = accounts.filter(|(before, now)| differ(*before, *now)) {
            self.compare_values(of_new, before, now, &mut changes);
        }
        let id = accounts.map(|(_, now)| Text::from(now.id()));
        self.changed += usize::from(id.is_some() && !changes.is_empty());
        self.strangers |= id.is_none() && !changes.is_empty();
        for change in changes {
            let (ids, strangers) = self.found.entry(change).or_default();
            match &id {
                Some(id) => ids.push(id.clone()),
                None => *strangers = true,
            }
        }
    }

    fn compare_classes(&mut self, (old, new, is_known): (u32, u32, bool)) -> Vec<Change> {
        let mut changes = Vec::new();
        for (number, place) in self.places.iter().enumerate() {
            let causes = causes(&self.old.of(old, place, is_known), &self.new.of(new, place, is_known));
            changes.extend((!causes.is_empty()).then_some((number, causes)));
        }
        changes
    }

    /// Adds the places in which only values of the account differ, in texts that name them.
    fn compare_values(&mut self, class: u32, before: Account<'_>, now: Account<'_>, changes: &mut Vec<Change>) {
        for (number, place) in self.places.iter().enumerate() {
            if changes.iter().any(|(changed, _)| *changed == number) {
                continue;
            }
            let differs = |seen: &&Seen| seen.sight.fields.iter().any(|field| field_differs(*field, before, now));
            let sights = self.new.of(class, place, true);
            let causes: Vec<Cause> = sights.iter().filter(differs).map(|seen| seen.changed(vec!["values"])).collect();
            changes.extend((!causes.is_empty()).then_some((number, causes)));
        }
    }

    fn into_places(self) -> Vec<PlaceChange> {
        let mut places: Vec<(usize, PlaceChange)> = self
            .found
            .into_iter()
            .filter_map(|((number, causes), (accounts, strangers))| {
                let Place { kind, name } = self.places.get(number)?.clone();
                Some((number, PlaceChange { kind, place: name, causes, accounts, strangers }))
            })
            .collect();
        places.sort_by_key(|(number, change)| (*number, std::cmp::Reverse(change.accounts.len())));
        places.into_iter().map(|(_, change)| change).collect()
    }
}

fn differ(before: Account<'_>, now: Account<'_>) -> bool {
    AccountField::every().any(|field| field_differs(field, before, now))
}

fn field_differs(field: AccountField, before: Account<'_>, now: Account<'_>) -> bool {
    before.get(field) != now.get(field)
}

/// What is not as it was in a place, in the order in which it competes.
fn causes(before: &[Seen], now: &[Seen]) -> Vec<Cause> {
    fn of_name<'a>(all: &'a [Seen], name: &str) -> Option<&'a Seen> {
        all.iter().find(|seen| seen.sight.name == name)
    }
    let cause = |seen: &Seen, turn: fn(String) -> Turn| Cause {
        name: seen.sight.name.clone(),
        turn: turn(seen.sight.when.clone()),
    };
    let mut causes = Vec::new();
    for seen in now {
        match of_name(before, &seen.sight.name) {
            Some(old) if old == seen => {}
            Some(old) => causes.push(seen.changed(old.differences(seen))),
            None => causes.push(cause(seen, |when| Turn::New { when })),
        }
    }
    let is_gone = |seen: &&Seen| of_name(now, &seen.sight.name).is_none();
    causes.extend(before.iter().filter(is_gone).map(|seen| cause(seen, |when| Turn::Gone { when })));
    // Who only moved because another came, went or moved is not the cause.
    let only_moved = |cause: &Cause| cause.turn == Turn::Changed { what: vec!["order"] };
    if !causes.iter().all(only_moved) {
        causes.retain(|cause| !only_moved(cause));
    } else {
        let places: Vec<usize> =
            now.iter().filter_map(|seen| before.iter().position(|old| old.sight == seen.sight)).collect();
        let stayed = longest_ascending(&places);
        let has_moved = |cause: &Cause| {
            let place = before.iter().position(|old| old.sight.name == cause.name);
            place.is_none_or(|place| !stayed.contains(&place))
        };
        // Where only who shares a rank is another, nobody has moved past anybody.
        if causes.iter().any(has_moved) {
            causes.retain(has_moved);
        }
    }
    causes
}

/// The longest part of numbers, each once, that ascends: of a list in another order, those that stayed.
fn longest_ascending(numbers: &[usize]) -> Vec<usize> {
    // For each number the longest such part that ends with it.
    let mut parts: Vec<Vec<usize>> = Vec::new();
    for number in numbers {
        let ends_below = |part: &&Vec<usize>| part.last().is_some_and(|last| last < number);
        let mut part = parts.iter().filter(ends_below).max_by_key(|part| part.len()).cloned().unwrap_or_default();
        part.push(*number);
        parts.push(part);
    }
    parts.into_iter().max_by_key(Vec::len).unwrap_or_default()
}
