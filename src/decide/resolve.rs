//! Whom a visitor works for.

use super::company::IS_ASKED;
#[cfg(feature = "edge")]
use super::signals;
use crate::{
    bundle::{Bundle, HAS_NETWORKS},
    limit::{CONFIDENCE_MAX, DAY_SECONDS, SEEN_OLD_DAYS},
    model::{Attributes, Grade, Visit},
    net::{Address, AddressClass, Origin},
};

/// An account, in positions of the bundle's lists, and how it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Resolved {
    /// Position of the account.
    pub account: Option<usize>,
    /// Position of the network that holds the address, when that is how the account was found, or why none was.
    pub network: Option<usize>,
    /// How many days ago that network was seen, as far as that is known.
    pub age_days: Option<u16>,
    /// How it was found, or why not.
    pub how: How,
    /// The client's address. Rules may look at one that says nothing of a company, such as that of a private network.
    pub address: Option<Address>,
}

/// How an account was found, or why none was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub enum How {
    /// The address lies in one of its prefixes.
    Address = 0,
    /// The caller named it.
    Hint = 1,
    /// The caller named one that is not in the list.
    UnknownHint = 2,
    /// The visit has no address.
    #[default]
    NoAddress = 3,
    /// The visit's address is none.
    NotAnAddress = 4,
    /// No prefix holds the address.
    Miss = 5,
    /// The address is private.
    Private = 6,
    /// The address is this machine's own.
    Loopback = 7,
    /// The address is shared by a carrier's customers.
    CarrierNat = 8,
    /// The address is reserved for documentation.
    Documentation = 9,
    /// The address is reserved for something else.
    Special = 10,
    /// No account of the list was found, and the caller described the company.
    Described = 11,
    /// The address lies in a prefix that people of many companies come from.
    Shared = 12,
    /// A signed token names it.
    Token = 13,
    /// A signed token names it that a cookie keeps.
    Cookie = 14,
    /// It has the domain of the visitor's e-mail address.
    Email = 15,
    /// Several have that domain.
    Ambiguous = 16,
}

impl Resolved {
    /// The same at a time, Unix seconds: what is known of a network grows old.
    #[must_use]
    pub fn at(self, bundle: &Bundle, now: Option<i64>) -> Self {
        let seen =
            self.network.filter(|_| HAS_NETWORKS).and_then(|network| bundle.contents().networks.origin(network)?.seen);
        // A clock that is behind the database makes nothing old.
        let days = |(seen, now): (u32, i64)| now.div_euclid(DAY_SECONDS).saturating_sub(seen.into()).max(0);
        let age_days = seen.zip(now).map(|both| u16::try_from(days(both)).unwrap_or(u16::MAX));
        Self { age_days, ..self }
    }

    /// How sure it is that the visitor works for the account, 0 to 100.
    #[must_use]
    pub fn confidence(self, bundle: &Bundle) -> u8 {
        let origin =
            self.network.filter(|_| HAS_NETWORKS).and_then(|network| bundle.contents().networks.origin(network));
        origin.map_or(CONFIDENCE_MAX, |origin| self.confidence_of(origin))
    }

    /// How sure that is by where the network is known from, which is its own origin.
    pub(super) fn confidence_of(self, origin: &Origin) -> u8 {
        let is_old = self.age_days.is_some_and(|days| days > SEEN_OLD_DAYS);
        if is_old { Grade::lowered(origin.confidence) } else { origin.confidence }
    }
}

impl How {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 17] = [
        Self::Address,
        Self::Hint,
        Self::UnknownHint,
        Self::NoAddress,
        Self::NotAnAddress,
        Self::Miss,
        Self::Private,
        Self::Loopback,
        Self::CarrierNat,
        Self::Documentation,
        Self::Special,
        Self::Described,
        Self::Shared,
        Self::Token,
        Self::Cookie,
        Self::Email,
        Self::Ambiguous,
    ];

    fn of_special(class: &str) -> Self {
        match class {
            "private" => Self::Private,
            "loopback" => Self::Loopback,
            "carrier-grade NAT" => Self::CarrierNat,
            "documentation" => Self::Documentation,
            _ => Self::Special,
        }
    }
}

/// The account of a visit: the one that a signed token names, or else the caller, or that has the domain of the visitor's e-mail address,
/// or that a token in a cookie names, or else the one whose prefix holds the address; or else the company that the caller describes.
///
/// A name that is not in the list finds nobody, even if the address would: the caller knows better. A token that is not good counts as
/// none. Of an account and one that it owns, the latter is more exact.
#[must_use]
pub fn resolve(bundle: &Bundle, visit: &Visit) -> Resolved {
    resolve_found(bundle, visit, by_text(bundle, visit.ip.as_deref().unwrap_or_default()))
}

/// The same of a visit whose address was looked for already.
#[must_use]
pub fn resolve_found(bundle: &Bundle, visit: &Visit, found: Resolved) -> Resolved {
    #[cfg(feature = "edge")]
    let listed = signals::weigh(bundle, visit, found);
    #[cfg(not(feature = "edge"))]
    let listed = by_id(bundle, visit).map_or_else(
        || found.at(bundle, visit.now),
        |(account, how)| Resolved { account, network: None, how, ..found },
    );
    let is_described = IS_ASKED && visit.attributes.as_ref().is_some_and(Attributes::is_somebody);
    match listed.account {
        None if is_described && listed.how != How::Ambiguous => {
            Resolved { network: None, how: How::Described, ..listed }
        }
        _ => listed,
    }
}

/// The account that the caller names.
pub(super) fn by_id(bundle: &Bundle, visit: &Visit) -> Option<(Option<usize>, How)> {
    let account = bundle.site().accounts.find(visit.account.as_deref().filter(|id| !id.is_empty())?);
    Some((account, account.map_or(How::UnknownHint, |_| How::Hint)))
}

/// The account whose prefix holds the address that a text spells.
#[must_use]
pub fn by_text(bundle: &Bundle, text: &str) -> Resolved {
    Address::parse(text).map_or_else(|| by_no_address(text), |address| by_address(bundle, address))
}

/// What a text says that spells no address; an empty one is none at all.
#[must_use]
pub fn by_no_address(text: &str) -> Resolved {
    let how = if text.is_empty() { How::NoAddress } else { How::NotAnAddress };
    Resolved { how, ..Resolved::default() }
}

/// The account whose prefix holds an address. That it is shared beats that it lies in an account's prefix too.
#[must_use]
#[inline(always)]
pub fn by_address(bundle: &Bundle, address: Address) -> Resolved {
    let nobody = |how| Resolved { how, address: Some(address), ..Resolved::default() };
    if let AddressClass::Special(class) = address.class() {
        return nobody(How::of_special(class));
    }
    let Some(network) = bundle.table().find(address) else { return nobody(How::Miss) };
    let account = bundle.contents().networks.origin(network).and_then(Origin::account);
    let how = account.map_or(How::Shared, |_| How::Address);
    Resolved { account, network: Some(network), ..nobody(how) }
}
