//! A choice: who shows what, in positions of the bundle's lists.

use std::sync::Arc;

use super::{
    company::{Company, IS_ASKED},
    resolve::{How, Resolved},
};
use crate::{
    bundle::Bundle,
    model::{Account, Visit},
};

/// Who shows what on one page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// Whom the visitor works for, and how that is known.
    pub resolved: Resolved,
    /// The company that the visit describes, where no account was found.
    pub company: Option<Arc<Company>>,
    /// Whom content acts on and may name; nobody where the prefix is not sure enough.
    pub content_whom: Whom,
    /// The same for ads: a prefix may be sure enough for the one and not for the other.
    pub ads_whom: Whom,
    /// The account's bucket, if the whole site holds it out.
    pub held_out: Option<u32>,
    /// One for every slot.
    pub slots: Vec<SlotChoice>,
    /// One for every placement; `None` leaves it on Default.
    pub ads: Vec<Option<AdChoice>>,
    /// Each experience that took a slot, in the order of the slots, once.
    pub exposures: Vec<ExposureChoice>,
}

/// Whom a choice acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Whom {
    /// Nobody who is known.
    #[default]
    Stranger,
    /// The account at a position.
    Listed(usize),
    /// The company that the visit describes.
    Company,
}

/// What became of a slot. Numbers are positions of experiences and of their variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotChoice {
    /// Default, because no experience names the slot.
    Unclaimed,
    /// Default, because none that names it matches.
    Unmatched,
    /// Default, because the whole site holds the account out.
    SiteHeldOut,
    /// Default, kept to measure the lift of this experience.
    HeldOut(usize),
    /// Default, because this variant of this experience leaves the slot alone.
    Control(usize, usize),
    /// The content of this variant of this experience.
    Shown(usize, usize),
}

/// Which creative of which line item fills a placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdChoice {
    /// Position of the line item.
    pub line_item: usize,
    /// Position among its creatives.
    pub creative: usize,
}

/// That an experience took a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExposureChoice {
    /// Position of the experience.
    pub experience: usize,
    /// Position of the variant; `None` for the holdout.
    pub variant: Option<usize>,
    /// The bucket that was drawn; `None` where there was nothing to draw.
    pub bucket: Option<u32>,
}

impl Choice {
    /// Becomes the page as its author wrote it.
    pub(super) fn reset(&mut self, bundle: &Bundle, visit: &Visit, resolved: Resolved) {
        let untaken = |candidates: &Vec<usize>| match candidates.is_empty() {
            true => SlotChoice::Unclaimed,
            false => SlotChoice::Unmatched,
        };
        let company = visit.attributes.as_ref().filter(|_| IS_ASKED && resolved.how == How::Described);
        self.company = company.and_then(|attributes| Company::new(bundle, attributes)).map(Arc::new);
        let confidence = resolved.confidence(bundle);
        let acting = |least: u8| match resolved.account {
            _ if self.company.is_some() => Whom::Company,
            Some(account) if confidence >= least => Whom::Listed(account),
            _ => Whom::Stranger,
        };
        self.content_whom = acting(bundle.site().content_confidence);
        self.ads_whom = acting(bundle.site().ads_confidence);
        self.resolved = resolved;
        self.held_out = None;
        self.slots.clear();
        self.slots.extend(bundle.slot_candidates().iter().map(untaken));
        self.ads.clear();
        self.ads.resize(bundle.site().placements.len(), None);
        self.exposures.clear();
    }

    /// The account that was found or described, whether anything acts on it or not.
    #[must_use]
    pub fn found<'a>(&'a self, bundle: &'a Bundle) -> Option<Account<'a>> {
        self.account(bundle, self.resolved.account.map_or(Whom::Company, Whom::Listed))
    }

    /// The account that is acted on.
    #[must_use]
    pub fn account<'a>(&'a self, bundle: &'a Bundle, whom: Whom) -> Option<Account<'a>> {
        match whom {
            Whom::Stranger => None,
            Whom::Listed(account) => bundle.site().accounts.get(account),
            Whom::Company => self.company.as_ref()?.account(),
        }
    }

    pub(super) fn hold_out(&mut self, bucket: u32) {
        self.held_out = Some(bucket);
        self.slots.fill(SlotChoice::SiteHeldOut);
    }
}
