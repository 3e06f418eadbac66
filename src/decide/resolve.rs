//! Whom a visitor works for.

use crate::{
    bundle::Bundle,
    model::{Account, Match, MatchKind, Visit},
    net::{Address, AddressClass},
};

/// An account, how it was found, and the address that rules may look at.
#[derive(Debug, Clone)]
pub struct Resolved<'a> {
    /// Whom the visitor works for.
    pub account: Option<&'a Account>,
    /// How it was found, or why not.
    pub matched: Match,
    /// The client's address. Rules may look at one that says nothing of a company, such as that of a private network.
    pub address: Option<Address>,
}

/// The account of a visit: the one the caller names, or else the one whose prefix holds the address.
///
/// A name that is not in the list finds nobody, even if the address would: the caller knows better.
#[must_use]
pub fn resolve<'a>(bundle: &'a Bundle, visit: &Visit) -> Resolved<'a> {
    let text = visit.ip.as_deref().filter(|text| !text.is_empty());
    let address = text.and_then(Address::parse);
    if let Some(id) = visit.account.as_deref().filter(|id| !id.is_empty()) {
        return by_hint(bundle, id, address);
    }
    match (text, address) {
        (None, _) => nobody("the visit has no address", None),
        (_, None) => nobody("the visit's address is not an IP address", None),
        (_, Some(address)) => by_address(bundle, address),
    }
}

fn by_hint<'a>(bundle: &'a Bundle, id: &str, address: Option<Address>) -> Resolved<'a> {
    let accounts = &bundle.site().accounts;
    let found = accounts.binary_search_by(|account| (*account.id).cmp(id)).ok();
    let Some(account) = found.and_then(|position| accounts.get(position)) else {
        return nobody("the caller named an account that is not in the list", address);
    };
    let matched = Match {
        kind: MatchKind::Hint,
        prefix: None,
        source: None,
        confidence: Some(100),
        reason: "the caller named the account".to_owned(),
    };
    Resolved { account: Some(account), matched, address }
}

fn by_address(bundle: &Bundle, address: Address) -> Resolved<'_> {
    if let AddressClass::Special(class) = address.class() {
        return nobody(special_reason(class), Some(address));
    }
    let network = bundle.table().find(address).and_then(|position| bundle.contents().networks.get(position));
    let Some(network) = network else {
        return nobody("the address lies in no account's prefix", Some(address));
    };
    let position = usize::try_from(network.account).ok();
    let matched = Match {
        kind: MatchKind::Address,
        prefix: Some(network.prefix.to_string()),
        source: Some(network.source.clone()),
        confidence: Some(network.confidence),
        reason: format!("the address lies in {}, known from {}", network.prefix, network.source),
    };
    let account = position.and_then(|position| bundle.site().accounts.get(position));
    Resolved { account, matched, address: Some(address) }
}

/// Why an address that is not of the public internet finds nobody. The reason never repeats the address.
fn special_reason(class: &str) -> &'static str {
    match class {
        "private" => "the address is private: it says nothing of a company",
        "loopback" => "the address is this machine's own (loopback)",
        "carrier-grade NAT" => "the address is shared by a carrier's customers (carrier-grade NAT)",
        "documentation" => "the address is reserved for documentation",
        _ => "the address is reserved for special use: it says nothing of a company",
    }
}

fn nobody<'a>(reason: &str, address: Option<Address>) -> Resolved<'a> {
    let matched =
        Match { kind: MatchKind::None, prefix: None, source: None, confidence: None, reason: reason.to_owned() };
    Resolved { account: None, matched, address }
}
