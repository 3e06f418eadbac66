//! Accounts that stand in each other's way, or that no address finds.

use std::collections::BTreeMap;

use super::{Subject, listing};
use crate::{
    compile::{
        code,
        count::plural,
        diagnostic::{Diagnostics, Span},
    },
    model::AccountField,
};

pub(super) fn check(subject: &Subject<'_>, log: &mut Diagnostics) {
    check_names(subject, log);
    check_domains(subject, log);
    check_prefixes(subject, log);
}

fn place(subject: &Subject<'_>, account: usize) -> Option<Span> {
    subject.places.accounts.get(account).copied()
}

/// Two accounts of one name: a CRM that was not tidied up, most often.
fn check_names(subject: &Subject<'_>, log: &mut Diagnostics) {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for (position, account) in subject.site.accounts.iter().enumerate() {
        let name = account.name().split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let known = *first.entry(name).or_insert(position);
        let spans = place(subject, position).zip(place(subject, known)).filter(|_| known != position);
        let Some((span, other)) = spans else { continue };
        let id = subject.site.accounts.get(known).map_or("", |account| account.id());
        log.warning(code::L007, span, format!("`{}` has the name of `{id}`", account.id()))
            .related(other, "the other")
            .help("an address finds only one of them; merge them in the CRM, or tell them apart by name");
    }
}

/// A domain of several accounts says of none that it is meant, unless one of them owns the others.
fn check_domains(subject: &Subject<'_>, log: &mut Diagnostics) {
    let mut owners: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (position, account) in subject.site.accounts.iter().enumerate() {
        for domain in account.list(AccountField::Domains).iter() {
            let all = owners.entry(domain.to_lowercase()).or_default();
            if all.last() != Some(&position) {
                all.push(position);
            }
        }
    }
    for (domain, accounts) in owners.iter().filter(|(_, accounts)| subject.site.accounts.head(accounts).is_none()) {
        let Some(span) = accounts.last().and_then(|account| place(subject, *account)) else { continue };
        let whom = plural(accounts.len(), "account");
        log.warning(code::L008, span, format!("the domain `{domain}` belongs to {whom}"))
            .help(format!("{}: by it alone nobody can say which is meant", listing(subject.site, accounts)));
    }
}

/// Accounts that no address finds; said once for all.
fn check_prefixes(subject: &Subject<'_>, log: &mut Diagnostics) {
    let Some(span) = subject.places.networks else { return };
    let mut found = vec![false; subject.site.accounts.len()];
    for origin in subject.networks.origins() {
        if let Some(found) = origin.account().and_then(|account| found.get_mut(account)) {
            *found = true;
        }
    }
    let without: Vec<usize> =
        found.iter().enumerate().filter(|(_, found)| !**found).map(|(account, _)| account).collect();
    if !without.is_empty() {
        let whom = plural(without.len(), "account");
        log.note(code::L006, span, format!("{whom} of {} without a prefix: no address finds them", found.len()))
            .help(listing(subject.site, &without));
    }
}
