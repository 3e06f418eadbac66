//! The answer to a visit.

use std::borrow::Cow;

use serde::Serialize;

use super::{Grade, Text};

/// What a page shows, to whom, and why. Holds no address.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Decision {
    /// Whom the visitor works for; `null` for a stranger.
    pub account: Option<AccountView>,
    /// How the account was found, or why none was.
    #[serde(rename = "match")]
    pub matched: Match,
    /// The slots that change, in the site's order. A slot that is not here stays on Default.
    pub slots: Vec<SlotChange>,
    /// The placements that show an ad, in the site's order.
    pub ads: Vec<Ad>,
    /// What to record for measurement: each experience that acted, or was held out, once.
    pub exposures: Vec<Exposure>,
    /// One for every slot and placement.
    pub reasons: Vec<Reason>,
    /// Equal for all who see the same in every slot, whichever bundle says so: under it one copy of a page does for them all. `null`
    /// where values of the account may be in a slot, and in the tag, which keeps pages for nobody.
    pub cohort: Option<String>,
}

/// What a decision says of the account.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    /// Unique in the site.
    pub id: Text,
    /// The full name.
    pub name: Text,
    /// What people call it.
    pub short_name: Option<Text>,
    /// 1 one-to-one, 2 one-to-few, 3 one-to-many.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub tier: Option<i64>,
    /// Where it is on its way.
    pub stage: Option<Text>,
    /// The names of its segments.
    pub segments: Vec<Text>,
}

/// How the account was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Match {
    /// What came of it.
    pub outcome: MatchOutcome,
    /// By what.
    pub kind: MatchKind,
    /// The prefix that holds the address: never the address itself.
    pub prefix: Option<String>,
    /// Where the prefix is known from.
    pub source: Option<Text>,
    /// How sure it is that the visitor works for the account, 0 to 100; 100 for all but an address. That of a prefix that has not been seen for
    /// more than 180 days is a grade lower than the list says.
    pub confidence: Option<u8>,
    /// The same in a word.
    pub grade: Option<Grade>,
    /// How many days ago the prefix was seen to be the account's; `null` where nobody noted it, or the visit has no time.
    pub age_days: Option<u16>,
    /// Whether that is more than 45 days ago.
    pub is_stale: bool,
    /// The same in a sentence.
    pub reason: String,
}

/// By what an account was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum MatchKind {
    /// The address lies in one of its prefixes.
    Address,
    /// A signed token names it.
    Token,
    /// The caller named it.
    Hint,
    /// It has the domain of the visitor's e-mail address.
    Email,
    /// A signed token names it that a cookie keeps.
    Cookie,
    /// It is in no list; the caller described it.
    Described,
    /// Nobody was found: a miss, which is ordinary.
    None,
}

impl MatchKind {
    /// Its word in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Token => "token",
            Self::Hint => "hint",
            Self::Email => "email",
            Self::Cookie => "cookie",
            Self::Described => "described",
            Self::None => "none",
        }
    }
}

/// What came of looking for the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum MatchOutcome {
    /// The company is known.
    Match,
    /// The address is shared egress: people of many companies come from there, and nothing acts on it.
    Shared,
    /// It is one of several accounts, and nothing says which.
    Ambiguous,
    /// Nothing says who it is.
    None,
}

/// A slot that changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SlotChange {
    /// The slot's name.
    pub slot: Text,
    /// CSS selector of its elements.
    pub selector: Text,
    /// The experience that got it.
    pub experience: Text,
    /// The variant shown.
    pub variant: Text,
    /// What to do, in this order.
    pub changes: Vec<AppliedChange>,
}

/// One change to the elements of a slot, with the account's values in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum AppliedChange {
    /// Replaces what is inside by text.
    Text {
        /// Plain text.
        value: String,
    },
    /// Replaces what is inside by HTML.
    Html {
        /// Cleaned when it was compiled; values in it are escaped.
        value: String,
    },
    /// Sets an attribute.
    Attribute {
        /// In lower case, one of those the compiler allows.
        name: Text,
        /// Plain text.
        value: String,
    },
    /// Adds a class name, or removes it.
    Class {
        /// One name.
        name: Text,
        /// `true` adds, `false` removes.
        value: bool,
    },
    /// Shows or hides, for assistive technology too.
    Visible {
        /// `true` takes the attribute `hidden` away, `false` hides whatever the page's styles say.
        value: bool,
    },
    /// Inserts HTML before each element.
    Before {
        /// As in `html`.
        value: String,
    },
    /// The same behind it.
    After {
        /// As in `html`.
        value: String,
    },
    /// Goes to another page: the one change of the slot `redirect`, which has no elements.
    Redirect {
        /// A path from the site's root, or an `https:` address.
        value: String,
    },
}

/// An ad in a placement.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Ad {
    /// The placement's name.
    pub placement: Text,
    /// CSS selector of its elements.
    pub selector: Text,
    /// The word that marks it as advertising.
    pub label: Option<Text>,
    /// The line item that delivers.
    pub line_item: Text,
    /// The creative shown.
    pub creative: Text,
    /// CSS pixels.
    pub width: u16,
    /// CSS pixels.
    pub height: u16,
    /// Where a click goes.
    pub link: String,
    /// What it says to those who cannot see it.
    pub alt: String,
    /// Address of the image.
    pub image: Option<Text>,
    /// The line in large type.
    pub headline: Option<String>,
    /// The lines below it.
    pub body: Option<String>,
    /// The words on its button.
    pub cta: Option<String>,
    /// HTML with styles, for a frame in which no script runs; cleaned when it was compiled, values in it are escaped.
    pub html: Option<String>,
}

/// That an experience acted on this page view, or was held out from it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Exposure {
    /// The experience's name; `*` for the holdout of the whole site.
    pub experience: Text,
    /// The variant's name; `null` for the holdout.
    pub variant: Option<Text>,
    /// Who was drawn: `account` or `visitor`.
    #[cfg_attr(test, ts(type = "\"account\" | \"visitor\""))]
    pub unit: &'static str,
    /// The bucket that was drawn, 0 to 9,999; `null` where there was nothing to draw.
    pub bucket: Option<u32>,
}

/// Why a slot or a placement shows what it shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Reason {
    /// The slot's or the placement's name.
    pub about: Text,
    /// The experience or line item that got it; `null` for Default.
    pub chosen: Option<Text>,
    /// The reason in a sentence.
    pub text: Cow<'static, str>,
}
