//! The places of a page: a slot holds content, a placement holds an ad.

use super::{Size, Text};

/// A named place in a page that can change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Unique in the site.
    pub name: Text,
    /// CSS selector of its elements.
    pub selector: Text,
    /// What it is, for people.
    pub about: Option<Text>,
}

/// One place where an ad may appear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Unique in the site.
    pub name: Text,
    /// CSS selector of its elements.
    pub selector: Text,
    /// Sizes that fit, the preferred one first; at least one.
    pub sizes: Vec<Size>,
    /// The word that marks it as advertising.
    pub label: Option<Text>,
}
