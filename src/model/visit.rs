//! All facts about one page view.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::{Attributes, Custom, CustomValue};

/// Roles in a buying committee. They come from declared sources, never from an address.
pub const ROLES: [&str; 6] = ["champion", "decision-maker", "influencer", "user", "approver", "gatekeeper"];

/// How a page is used: by fingers on a small or a large screen, or otherwise.
pub const DEVICES: [&str; 3] = ["phone", "tablet", "desktop"];

/// Whether a page can be seen.
pub const VISIBILITIES: [&str; 2] = ["visible", "hidden"];

/// All facts about one page view, handed in by the caller. Every one may be missing: an empty visit is a stranger's.
///
/// The runtime ignores keys that it does not know; the command-line tools refuse them, because there they are typing
/// mistakes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(feature = "compiler", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct Visit {
    /// The client's address, IPv4 or IPv6, without a port. Used to find the account and for nothing else: it is in no
    /// decision and no reason.
    pub ip: Option<String>,
    /// A signed account token, from a login or a link (`?np=`): see docs/tokens.md. One that is not good counts as none.
    pub token: Option<String>,
    /// The id of an account that the caller knows of (a login, a preview). Beats all but a token.
    pub account: Option<String>,
    /// The domain of the visitor's e-mail address, of a form that he filled in: what stands behind the `@`, and nothing else of it.
    pub email_domain: Option<String>,
    /// The account token that a cookie of the site keeps.
    pub cookie: Option<String>,
    /// What the caller knows of the visitor's company, for companies that are not in the list. An account of the list beats it.
    pub attributes: Option<Attributes>,
    /// The page's full URL, as `location.href` or `Request.url` give it.
    pub url: Option<String>,
    /// The full URL of the page before, as `document.referrer` gives it.
    pub referrer: Option<String>,
    /// The time, Unix seconds. Without it nothing that has a schedule shows.
    #[cfg_attr(test, ts(as = "Option<f64>"))]
    pub now: Option<i64>,
    /// What is known of the person.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(test, ts(as = "Option<Visitor>"))]
    pub visitor: Visitor,
}

/// What is known of the person behind a visit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(feature = "compiler", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct Visitor {
    /// A stable pseudonym of the visitor, for tests by visitor; only with consent.
    pub id: Option<String>,
    /// How many visits there were, this one included: 1 is the first.
    #[cfg_attr(test, ts(as = "Option<f64>"))]
    pub visits: Option<i64>,
    /// The part in the buying committee, one of `champion`, `decision-maker`, `influencer`, `user`, `approver`,
    /// `gatekeeper`.
    pub role: Option<String>,
    /// The campaign by which the visitor came, where the URL names none: `page.utm_campaign` reads it.
    pub campaign: Option<String>,
    /// The preferred language, a BCP 47 tag such as `de` or `pt-BR`.
    pub language: Option<String>,
    /// Whole days since the visit before this one; missing where there was none.
    #[cfg_attr(test, ts(as = "Option<f64>"))]
    pub days_away: Option<i64>,
    /// How the page is used: `phone`, `tablet` or `desktop`.
    pub device: Option<String>,
    /// The time zone of the visitor's clock by its IANA name, `Europe/Berlin`: where he lives, not what time it is.
    pub time_zone: Option<String>,
    /// The width of the page's part that is seen, CSS pixels.
    #[cfg_attr(test, ts(as = "Option<f64>"))]
    pub viewport_width: Option<i64>,
    /// `visible`, or `hidden` while the page is in the background.
    pub visibility: Option<String>,
    /// What the page tells on its own, by the names that `nameplate.yaml` declares.
    #[cfg_attr(test, ts(as = "Option<std::collections::BTreeMap<String, Option<super::custom::CustomValue>>>"))]
    #[cfg_attr(
        feature = "compiler",
        schemars(with = "Option<std::collections::BTreeMap<String, Option<super::custom::CustomValue>>>")
    )]
    #[serde(deserialize_with = "null_as_default")]
    pub custom: Custom,
    /// Of the visitor's cookies those that `nameplate.yaml` declares, as far as they may be read. They are in no decision and no reason.
    #[cfg_attr(test, ts(as = "Option<std::collections::BTreeMap<String, Option<String>>>"))]
    #[cfg_attr(feature = "compiler", schemars(with = "Option<std::collections::BTreeMap<String, Option<String>>>"))]
    #[serde(deserialize_with = "texts")]
    pub cookies: Custom,
}

impl Visitor {
    /// What it says of which there are few words, in another word than those: the key, the word, and those that there are.
    pub fn strange_words(&self) -> impl Iterator<Item = (&'static str, &str, &'static [&'static str])> {
        let closed: [(_, _, &[&str]); 3] = [
            ("role", &self.role, &ROLES),
            ("device", &self.device, &DEVICES),
            ("visibility", &self.visibility, &VISIBILITIES),
        ];
        let said = closed.into_iter().filter_map(|(key, value, known)| Some((key, value.as_deref()?, known)));
        said.filter(|(_, value, known)| !known.contains(value))
    }
}

/// Cookies are texts and nothing else.
fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Custom, D::Error> {
    let texts: Option<BTreeMap<String, Option<String>>> = Option::deserialize(deserializer)?;
    let texts = texts.unwrap_or_default().into_iter();
    Ok(texts.map(|(name, text)| (name, text.map(CustomValue::Text))).collect::<BTreeMap<_, _>>().into())
}

/// `null` is how many programs write "nothing".
fn null_as_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
