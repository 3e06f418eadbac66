//! Accounts that share a domain of e-mail addresses, as the companies of a group do: the country of a visit says which of them is meant.

use std::collections::{HashMap, HashSet};

use crate::{
    model::{Account, AccountField, Accounts, Column, Span},
    net::country_words,
};

/// Gives each of them all words for its country: whoever decides has no table of countries, and a list may say `Germany` where an address
/// database says `DE`.
pub(super) fn tell_countries(accounts: &mut Accounts) {
    let mut known: HashMap<String, HashSet<usize>> = HashMap::new();
    for account in accounts.iter() {
        for domain in account.list(AccountField::Domains).iter() {
            known.entry(domain.to_ascii_lowercase()).or_default().insert(account.position());
        }
    }
    let sharing: HashSet<usize> = known.into_values().filter(|accounts| accounts.len() > 1).flatten().collect();
    if sharing.is_empty() {
        return;
    }
    let words: Vec<Vec<String>> = accounts
        .iter()
        .map(|account| if sharing.contains(&account.position()) { words_of(account) } else { Vec::new() })
        .collect();
    let (mut ends, mut items) = (Vec::new(), Vec::<Span>::new());
    for word in words {
        items.extend(word.iter().map(|word| accounts.add_text(word)));
        ends.push(u32::try_from(items.len()).unwrap_or(u32::MAX));
    }
    accounts.set_column(AccountField::Countries, Column::Lists { ends, items });
}

/// What the country of an account is called, its own word first.
fn words_of(account: Account<'_>) -> Vec<String> {
    let Some(own) = account.text(AccountField::Country) else { return Vec::new() };
    let others = country_words(own).into_iter().flatten().filter(|word| !word.eq_ignore_ascii_case(own));
    [own.to_owned()].into_iter().chain(others.map(str::to_owned)).collect()
}
