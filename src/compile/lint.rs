//! What is no mistake of writing and yet cannot be meant: facts about the whole site, which only a compiler knows that has every
//! account before it.
//!
//! Nothing here is a guess. "Never" is said of the accounts of the list and of strangers, whatever the visit; a company that only a visit
//! describes is another matter.

mod absent;
mod accounts;
mod language;
mod length;
mod networks;
mod pages;
mod proof;
mod reach;
mod test;
mod token;
mod unused;
mod variants;

pub(super) use length::Limited;

use std::{borrow::Cow, collections::HashMap};

use crate::{
    bundle::Classes,
    compile::{
        diagnostic::{Diagnostics, Span},
        specialise::Case,
    },
    model::{AccountField, Experience, LineItem, OwnColumn, Site},
    net::Networks,
    rule::{Programs, may_hold},
};

/// A whole site, with places.
pub(super) struct Subject<'a> {
    pub(super) site: &'a Site,
    pub(super) rules: &'a Programs,
    pub(super) networks: &'a Networks,
    pub(super) classes: &'a Classes,
    /// What is left of each rule, and for whom.
    pub(super) cases: &'a HashMap<u32, Vec<Case>>,
    pub(super) places: &'a Places,
    /// The sample pages, as HTML.
    pub(super) pages: &'a [Cow<'a, str>],
    /// Unix seconds, where somebody has a clock.
    pub(super) now: Option<i64>,
}

impl Subject<'_> {
    /// What authors call a field of accounts.
    fn name_of(&self, field: AccountField) -> String {
        let own = self.site.names.column(field).map(OwnColumn::spelled);
        own.unwrap_or_else(|| format!("account.{}", field.name()))
    }

    /// Whether any visit may satisfy a rule.
    fn may_hold(&self, rule: u32) -> bool {
        self.rules.get(rule).is_none_or(|program| may_hold(program.instructions().iter(), &proof::is_excluded))
    }
}

/// Where things are written, in the order of the site's lists.
#[derive(Default)]
pub(super) struct Places {
    pub(super) experiences: Vec<Written>,
    pub(super) line_items: Vec<Written>,
    pub(super) accounts: Vec<Span>,
    pub(super) segments: Vec<Span>,
    pub(super) slots: Vec<Spot>,
    pub(super) placements: Vec<Spot>,
    /// Where `nameplate.yaml` names the network list, or else the accounts that have none.
    pub(super) networks: Option<Span>,
    /// Mapped columns that are no part of what a bundle always carries, with the word that maps each.
    pub(super) columns: Vec<(AccountField, Span)>,
}

/// Where a slot or a placement is written.
pub(super) struct Spot {
    pub(super) name: Span,
    pub(super) selector: Span,
}

/// Where an experience or line item is written.
pub(super) struct Written {
    pub(super) name: Span,
    pub(super) when: Span,
    pub(super) window: Option<Span>,
    pub(super) test: Option<Span>,
    pub(super) texts: Vec<Limited>,
    /// The names of the variants.
    pub(super) variants: Vec<Span>,
}

/// Reports what cannot be meant.
pub(super) fn check(subject: &Subject<'_>, log: &mut Diagnostics) {
    let experiences = || subject.site.experiences.iter().zip(&subject.places.experiences);
    let line_items = || subject.site.line_items.iter().zip(&subject.places.line_items);
    let seers = Seers::of(subject);
    reach::check(subject, &seers, log);
    experiences().for_each(|(one, places)| past(subject.now, one.schedule.until, "schedule", places, log));
    line_items().for_each(|(one, places)| past(subject.now, one.flight.until, "flight", places, log));
    token::check(subject, &seers, log);
    length::check(subject, &seers, log);
    test::check(subject, &seers, log);
    accounts::check(subject, log);
    networks::check(subject, log);
    unused::check(subject, log);
    variants::check(subject, &seers, log);
    pages::check(subject, log);
}

/// Warns of what is over.
fn past(now: Option<i64>, until: Option<i64>, what: &str, places: &Written, log: &mut Diagnostics) {
    let Some(span) = now.zip(until).filter(|(now, until)| until <= now).and(places.window) else { return };
    log.warning(super::code::L004, span, format!("the {what} is over: this never shows again"))
        .help("move its end, or delete the file");
}

/// Who may see what: for each experience and each line item the classes that may, found in one pass.
pub(super) struct Seers {
    experiences: Vec<Vec<usize>>,
    line_items: Vec<Vec<usize>>,
    /// The accounts of each class, by their positions.
    members: Vec<Vec<usize>>,
}

impl Seers {
    fn of(subject: &Subject<'_>) -> Self {
        let classes = subject.classes;
        let mut members = vec![Vec::new(); classes.iter().len()];
        for (account, class) in classes.of_accounts().iter().enumerate() {
            if let Some(members) = members.get_mut(*class as usize) {
                members.push(account);
            }
        }
        let mut known: HashMap<u32, bool> = HashMap::new();
        let mut may_hold = |rule: u32| *known.entry(rule).or_insert_with(|| subject.may_hold(rule));
        let mut all = Self {
            experiences: vec![Vec::new(); subject.site.experiences.len()],
            line_items: vec![Vec::new(); subject.site.line_items.len()],
            members,
        };
        for (number, class) in classes.iter().enumerate() {
            for (candidates, lists) in
                [(class.experiences, &mut all.experiences), (class.line_items, &mut all.line_items)]
            {
                for candidate in candidates.iter().filter(|candidate| may_hold(candidate.rule)) {
                    if let Some(list) = lists.get_mut(candidate.position as usize) {
                        list.push(number);
                    }
                }
            }
        }
        all
    }

    /// The classes that may see an experience, or with `ads` a line item.
    fn classes(&self, position: usize, ads: bool) -> &[usize] {
        let lists = if ads { &self.line_items } else { &self.experiences };
        lists.get(position).map_or(&[], Vec::as_slice)
    }

    /// The accounts of a class.
    fn members(&self, class: usize) -> &[usize] {
        self.members.get(class).map_or(&[], Vec::as_slice)
    }

    /// How many accounts may see an experience.
    fn count(&self, position: usize) -> usize {
        self.classes(position, false).iter().map(|class| self.members(*class).len()).sum()
    }
}

/// A few ids, and how many more.
fn listing(site: &Site, accounts: &[usize]) -> String {
    const SHOWN: usize = 5;
    let ids: Vec<String> = accounts
        .iter()
        .take(SHOWN)
        .filter_map(|account| site.accounts.get(*account))
        .map(|account| format!("`{}`", account.id()))
        .collect();
    match accounts.len().saturating_sub(SHOWN) {
        0 => ids.join(", "),
        more => format!("{} and {more} more", ids.join(", ")),
    }
}

/// Everything that may show: with what stands in its file.
fn named<'a>(subject: &'a Subject<'_>) -> impl Iterator<Item = (usize, &'a Experience, &'a Written)> {
    let all = subject.site.experiences.iter().zip(&subject.places.experiences).enumerate();
    all.map(|(position, (experience, places))| (position, experience, places))
}

/// The same of line items.
fn named_ads<'a>(subject: &'a Subject<'_>) -> impl Iterator<Item = (usize, &'a LineItem, &'a Written)> {
    let all = subject.site.line_items.iter().zip(&subject.places.line_items).enumerate();
    all.map(|(position, (line_item, places))| (position, line_item, places))
}
