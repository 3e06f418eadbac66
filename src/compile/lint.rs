//! What is no mistake of writing and yet cannot be meant: facts about the whole site, which only a compiler knows that has every
//! account before it.
//!
//! Nothing here is a guess. "Never" is said of the accounts of the list and of strangers, whatever the visit; a company that only a visit
//! describes is another matter.

mod accounts;
mod networks;
mod reach;
mod test;
mod token;
mod unused;

use std::collections::HashMap;

use crate::{
    bundle::Classes,
    compile::{
        diagnostic::{Diagnostics, Span},
        placed::Placed,
        specialise::Case,
    },
    model::{AccountField, Experience, LineItem, Site},
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
    /// Unix seconds, where somebody has a clock.
    pub(super) now: Option<i64>,
}

impl Subject<'_> {
    /// Whether any visit may satisfy a rule.
    fn may_hold(&self, rule: u32) -> bool {
        self.rules.get(rule).is_none_or(|program| may_hold(program.instructions().iter()))
    }
}

/// Where things are written, in the order of the site's lists.
#[derive(Default)]
pub(super) struct Places {
    pub(super) experiences: Vec<Written>,
    pub(super) line_items: Vec<Written>,
    pub(super) accounts: Vec<Span>,
    pub(super) segments: Vec<Span>,
    pub(super) slots: Vec<Span>,
    pub(super) placements: Vec<Span>,
    /// Where `nameplate.yaml` names the network list, if it does.
    pub(super) networks: Option<Span>,
    /// Mapped columns that are no part of what a bundle always carries, with the word that maps each.
    pub(super) columns: Vec<(AccountField, Span)>,
}

/// Where an experience or line item is written.
#[derive(Clone, Copy)]
pub(super) struct Written {
    pub(super) name: Span,
    pub(super) when: Span,
    pub(super) window: Option<Span>,
    pub(super) test: Option<Span>,
}

impl<T> From<&Placed<T>> for Written {
    fn from(placed: &Placed<T>) -> Self {
        Self { name: placed.name.span, when: placed.when, window: placed.window, test: placed.test }
    }
}

/// Reports what cannot be meant.
pub(super) fn check(subject: &Subject<'_>, log: &mut Diagnostics) {
    let experiences = || subject.site.experiences.iter().zip(&subject.places.experiences);
    let line_items = || subject.site.line_items.iter().zip(&subject.places.line_items);
    reach::check(subject, log);
    experiences().for_each(|(one, places)| past(subject.now, one.schedule.until, "schedule", places, log));
    line_items().for_each(|(one, places)| past(subject.now, one.flight.until, "flight", places, log));
    token::check(subject, log);
    test::check(subject, log);
    accounts::check(subject, log);
    networks::check(subject, log);
    unused::check(subject, log);
}

/// Warns of what is over.
fn past(now: Option<i64>, until: Option<i64>, what: &str, places: &Written, log: &mut Diagnostics) {
    let Some(span) = now.zip(until).filter(|(now, until)| until <= now).and(places.window) else { return };
    log.warning(super::code::L004, span, format!("the {what} is over: this never shows again"))
        .help("move its end, or delete the file");
}

/// The positions of the classes in which an experience, or with `ads` a line item, may show.
fn classes_of<'a>(subject: &'a Subject<'_>, position: usize, ads: bool) -> impl Iterator<Item = (usize, u32)> + 'a {
    subject.classes.iter().enumerate().filter_map(move |(number, class)| {
        let candidates = if ads { class.line_items } else { class.experiences };
        let found = candidates.binary_search_by_key(&position, |candidate| candidate.position as usize).ok()?;
        Some((number, candidates.get(found)?.rule))
    })
}

/// The accounts that may see an experience or line item, by their positions, and whether strangers may.
fn seers(subject: &Subject<'_>, position: usize, ads: bool) -> (Vec<usize>, bool) {
    let may_hold = |rule: u32| subject.may_hold(rule);
    let classes: Vec<usize> =
        classes_of(subject, position, ads).filter(|(_, rule)| may_hold(*rule)).map(|(class, _)| class).collect();
    let is_in = |class: u32| classes.binary_search(&(class as usize)).is_ok();
    let all = subject.classes.of_accounts().iter().enumerate();
    let accounts = all.filter(|(_, class)| is_in(**class)).map(|(account, _)| account).collect();
    (accounts, subject.classes.of_strangers().is_some_and(is_in))
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

/// `1 account`, `2 accounts`.
fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
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
