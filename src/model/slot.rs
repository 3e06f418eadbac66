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

impl Slot {
    /// The name of the slot that redirects take. A site has it, behind its own, where an experience redirects: so redirects compete,
    /// are held out and are explained as all content is.
    pub const REDIRECT: &str = "redirect";

    /// That slot. It stands for the page as a whole, so its selector matches nothing.
    #[must_use]
    pub fn redirect() -> Self {
        let about = Some("Another page in the place of this one".into());
        Self { name: Self::REDIRECT.into(), selector: ":not(*)".into(), about }
    }
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
