//! Everything a marketer wrote, with names resolved.

use serde::Serialize;

use super::{Accounts, Experience, LineItem, Names, Placement, Segment, Slot, Text};
use crate::limit::CONFIDENCE_MAX;

/// A site.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Site {
    /// Its name.
    pub name: Text,
    /// Mixed into every bucket, so that two sites do not hold out the same accounts.
    pub salt: Text,
    /// The share of accounts kept on Default everywhere, in basis points, 0 to 10,000.
    pub holdout_bp: u16,
    /// The least confidence of a prefix from which content acts on its account, 0 to 100, or [`Site::NEVER_SURE`].
    pub content_confidence: u8,
    /// The same for ads.
    pub ads_confidence: u8,
    /// The site's own hosts.
    pub hosts: Vec<Text>,
    /// The names that rules have for what is no field of ours.
    pub names: Names,
    /// What of an account its visitors' browsers may tell ad servers.
    pub targeting: Targeting,
    /// Ascending by id.
    pub accounts: Accounts,
    /// Ascending by name.
    pub segments: Vec<Segment>,
    /// In the order of the source.
    pub slots: Vec<Slot>,
    /// In the order of the source.
    pub placements: Vec<Placement>,
    /// The highest priority first, then by name: the first whose rule holds gets a slot.
    pub experiences: Vec<Experience>,
    /// The highest priority first, then by name.
    pub line_items: Vec<LineItem>,
}

/// What of an account its visitors' browsers may tell ad servers: nothing unless the site says so, because whoever looks into such a browser
/// learns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Targeting {
    /// Its tier.
    pub tier: bool,
    /// Its stage.
    pub stage: bool,
    /// The names of the segments that it is in.
    pub segments: bool,
}

impl Targeting {
    /// The byte in a bundle.
    #[must_use]
    pub fn bits(self) -> u8 {
        u8::from(self.tier) | u8::from(self.stage) << 1 | u8::from(self.segments) << 2
    }

    /// What a byte in a bundle says, or `None` for one that says more.
    #[must_use]
    pub fn from_bits(bits: u8) -> Option<Self> {
        let has = |bit: u8| bits & bit != 0;
        (bits < 8).then(|| Self { tier: has(1), stage: has(2), segments: has(4) })
    }
}

impl Site {
    /// A least confidence that not even the caller's word reaches: a slice says so that content, or ads, take its account for a
    /// stranger.
    pub const NEVER_SURE: u8 = CONFIDENCE_MAX + 1;
}

/// What a preview lists of a bundle: no rule and no content.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SiteIndex {
    /// Its name.
    pub site: Text,
    /// The site's own hosts.
    pub hosts: Vec<Text>,
    /// The slots, in the order of the source.
    pub slots: Vec<SlotEntry>,
    /// The placements, in the order of the source.
    pub placements: Vec<PlacementEntry>,
    /// The accounts, ascending by id.
    pub accounts: Vec<AccountEntry>,
    /// The names of the segments.
    pub segments: Vec<Text>,
    /// SHA-256 of the bundle, 64 hexadecimal digits.
    pub hash: String,
}

/// A slot in a [`SiteIndex`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SlotEntry {
    /// Unique in the site.
    pub name: Text,
    /// CSS selector of its elements.
    pub selector: Text,
    /// What it is, for people.
    pub about: Option<Text>,
}

/// A placement in a [`SiteIndex`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PlacementEntry {
    /// Unique in the site.
    pub name: Text,
    /// CSS selector of its elements.
    pub selector: Text,
    /// Sizes as `300x250`, the preferred one first.
    pub sizes: Vec<String>,
    /// The word that marks it as advertising.
    pub label: Option<Text>,
}

/// An account in a [`SiteIndex`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AccountEntry {
    /// Unique in the site.
    pub id: Text,
    /// The full name.
    pub name: Text,
    /// What people call it.
    pub short_name: Option<Text>,
    /// Its industry.
    pub industry: Option<Text>,
    /// The country of its head office.
    pub country: Option<Text>,
    /// 1, 2 or 3.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub tier: Option<i64>,
    /// Where it is on its way.
    pub stage: Option<Text>,
}
