//! The table: a line a field, with what people are told of it.

use crate::{
    model::{AccountField, Kind, TextFact},
    rule::field::{Field, Read},
};

/// What people are told of a field. A runtime tells nobody, and holds nothing of it.
#[derive(Debug, Clone, Copy)]
pub struct Note {
    /// What it means, and its range.
    #[cfg(feature = "compiler")]
    pub about: &'static str,
    /// What a number counts, or how a text is written; empty where there is nothing to say.
    #[cfg(feature = "compiler")]
    pub unit: &'static str,
    /// Where the value comes from.
    #[cfg(feature = "compiler")]
    pub source: &'static str,
    /// Whether it is kept from browsers: no slice holds the value, unless a token shows it or `targeting` names it.
    #[cfg(feature = "compiler")]
    pub is_private: bool,
}

// Where values come from.
const BROWSER: &str = "the browser";
const CLOCK: &str = "the clock of who decides";
pub(super) const COOKIES: &str = "the visitor's cookies";
pub(super) const PAGE: &str = "the page";
const STORAGE: &str = "the tag, with consent to storage";
pub(super) const URL: &str = "the page's URL";

/// Every field.
pub static FIELDS: [Field; 38] = [
    account(AccountField::Id, "account.id", "the account's id in accounts.csv", "a name"),
    account(AccountField::Name, "account.name", "the full name", ""),
    account(AccountField::ShortName, "account.short_name", "what people call it", ""),
    account(AccountField::Domains, "account.domains", "its web domains", "domain names"),
    account(AccountField::Industry, "account.industry", "its industry, in the CRM's words", ""),
    account(AccountField::Employees, "account.employees", "how many people work there", "people"),
    account(AccountField::Revenue, "account.revenue", "revenue a year", "US dollars"),
    account(AccountField::Country, "account.country", "the country of its head office, in the CRM's words", ""),
    account(AccountField::Tier, "account.tier", "1 one-to-one, 2 one-to-few, 3 one-to-many", ""),
    account(
        AccountField::Stage,
        "account.stage",
        "target, awareness, consideration, decision, customer, expansion or at-risk",
        "",
    ),
    account(AccountField::LifetimeValue, "account.lifetime_value", "worth over the whole relation", "US dollars"),
    account(AccountField::Intent, "account.intent", "readiness to buy, 0 to 100", "percent"),
    account(AccountField::Technologies, "account.technologies", "what it is known to use", ""),
    account(AccountField::Owner, "account.owner", "who of us looks after it", ""),
    account(AccountField::Parent, "account.parent", "the id of the account that owns it", "a name"),
    visit(
        64,
        "account.known",
        Kind::Bool,
        open("whether the visitor's account is known", "", "the address, a token or the caller"),
        Read::IsKnown,
    ),
    visit(
        65,
        "visitor.visits",
        Kind::Int,
        open("number of visits, this one included: 1 is the first", "visits", STORAGE),
        Read::Visits,
    ),
    visit(
        66,
        "visitor.role",
        Kind::Text,
        open("champion, decision-maker, influencer, user, approver or gatekeeper", "", "the page, or a token"),
        Read::Text(TextFact::Role),
    ),
    visit(
        67,
        "visitor.language",
        Kind::Text,
        open("preferred language, `de` or `pt-BR`", "BCP 47 tag", BROWSER),
        Read::Text(TextFact::Language),
    ),
    visit(
        68,
        "visitor.ip",
        Kind::Address,
        note(
            "the client's address; only `in_cidr` reads it, and nothing prints it",
            "IPv4 or IPv6",
            "the connection",
            true,
        ),
        Read::Nowhere,
    ),
    visit(69, "page.url", Kind::Text, open("the page's full URL", "URL", BROWSER), Read::Text(TextFact::Url)),
    visit(70, "page.host", Kind::Text, open("the URL's host, without port", "", URL), Read::Text(TextFact::Host)),
    visit(71, "page.path", Kind::Text, open("the URL's path, from its first `/`", "", URL), Read::Text(TextFact::Path)),
    visit(
        72,
        "page.referrer",
        Kind::Text,
        open("the full URL of the page before", "URL", BROWSER),
        Read::Text(TextFact::Referrer),
    ),
    visit(
        73,
        "page.referrer_host",
        Kind::Text,
        open("the referrer's host, without port", "", BROWSER),
        Read::Text(TextFact::ReferrerHost),
    ),
    utm(74, "page.utm_source", "`utm_source` of the URL, decoded", TextFact::UtmSource),
    utm(75, "page.utm_medium", "`utm_medium` of the URL, decoded", TextFact::UtmMedium),
    visit(
        76,
        "page.utm_campaign",
        Kind::Text,
        open("`utm_campaign` of the URL, decoded, or else a token's campaign", "", "the page's URL, or a token"),
        Read::Text(TextFact::UtmCampaign),
    ),
    utm(77, "page.utm_term", "`utm_term` of the URL, decoded", TextFact::UtmTerm),
    utm(78, "page.utm_content", "`utm_content` of the URL, decoded", TextFact::UtmContent),
    visit(79, "time.unix", Kind::Int, open("seconds since 1 January 1970, UTC", "seconds", CLOCK), Read::Unix),
    visit(80, "time.hour", Kind::Int, open("hour of the day in UTC, 0 to 23", "hours", CLOCK), Read::Hour),
    visit(
        81,
        "time.weekday",
        Kind::Int,
        open("day of the week in UTC, 1 Monday to 7 Sunday", "days", CLOCK),
        Read::Weekday,
    ),
    visit(
        82,
        "visitor.days_away",
        Kind::Int,
        open("whole days since the visit before this one", "days", STORAGE),
        Read::DaysAway,
    ),
    visit(
        83,
        "visitor.device",
        Kind::Text,
        open("phone, tablet or desktop, by how the page is used", "", BROWSER),
        Read::Device,
    ),
    visit(
        84,
        "visitor.time_zone",
        Kind::Text,
        open("the visitor's time zone, `Europe/Berlin`", "IANA name", BROWSER),
        Read::TimeZone,
    ),
    visit(
        85,
        "visitor.viewport_width",
        Kind::Int,
        open("width of what is seen of the page", "CSS pixels", BROWSER),
        Read::ViewportWidth,
    ),
    visit(
        86,
        "visitor.visibility",
        Kind::Text,
        open("visible, or hidden in the background", "", BROWSER),
        Read::Visibility,
    ),
];

/// A field of the account list. Of an account a browser knows the id and the name, see the slice.
const fn account(field: AccountField, name: &'static str, about: &'static str, unit: &'static str) -> Field {
    let is_private = !matches!(field, AccountField::Id | AccountField::Name);
    visit(field.code(), name, field.kind(), note(about, unit, "accounts.csv", is_private), Read::Account(field))
}

/// A column of the account list that the site has named.
#[cfg(feature = "edge")]
pub(super) const fn column(field: AccountField) -> Field {
    account(field, "account.custom", "what the site says", "")
}

const fn visit(code: u8, name: &'static str, kind: Kind, note: Note, read: Read) -> Field {
    Field { code, name: for_people(name), kind, note, read }
}

const fn utm(code: u8, name: &'static str, about: &'static str, fact: TextFact) -> Field {
    visit(code, name, Kind::Text, open(about, "", URL), Read::Text(fact))
}

/// What the visitor's browser knows anyway.
pub(super) const fn open(about: &'static str, unit: &'static str, source: &'static str) -> Note {
    note(about, unit, source, false)
}

#[cfg_attr(not(feature = "compiler"), expect(unused_variables, reason = "a runtime tells nobody"))]
pub(super) const fn note(about: &'static str, unit: &'static str, source: &'static str, is_private: bool) -> Note {
    Note {
        #[cfg(feature = "compiler")]
        about,
        #[cfg(feature = "compiler")]
        unit,
        #[cfg(feature = "compiler")]
        source,
        #[cfg(feature = "compiler")]
        is_private,
    }
}

/// What a browser's module never says, no browser downloads.
pub(super) const fn for_people(text: &'static str) -> &'static str {
    if cfg!(all(target_arch = "wasm32", not(feature = "edge"))) { "" } else { text }
}
