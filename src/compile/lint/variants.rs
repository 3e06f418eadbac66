//! Variants that nobody gets, of experiences that show: most often what a test left behind.

use std::collections::BTreeSet;

use super::{Seers, Subject, named};
use crate::{
    bucket::{BUCKETS, Salt, pick},
    compile::{code, diagnostic::Diagnostics},
    model::{Experience, Unit},
};

pub(super) fn check(subject: &Subject<'_>, seers: &Seers, log: &mut Diagnostics) {
    for (position, experience, places) in named(subject) {
        // Of what never shows at all that is said.
        if seers.classes(position, false).is_empty() {
            continue;
        }
        let drawn = drawn(subject, seers, position, experience);
        for ((number, variant), span) in experience.variants.iter().enumerate().zip(&places.variants) {
            let help = if variant.weight == 0 {
                "its weight is 0: delete it, or `allow` this for as long as it is paused"
            } else if u32::from(experience.test.holdout_bp) == BUCKETS {
                "`holdout_percent: 100` keeps everybody on Default"
            } else if !has_bucket(experience, number) {
                "its share of all weights is less than a bucket, of which there are 10000: give it more"
            } else if drawn.as_ref().is_none_or(|drawn| drawn.contains(&number)) {
                continue;
            } else if seers.count(position) == 0 {
                "only strangers may see it, who have no account to draw for: draw by `visitor`"
            } else {
                "no account of the list that may see it is drawn for this one: draw by `visitor`, or widen the condition"
            };
            log.note(code::L018, *span, format!("nobody gets the variant `{}`", variant.name)).help(help);
        }
    }
}

fn weights(experience: &Experience) -> impl Iterator<Item = u32> + Clone {
    experience.variants.iter().map(|variant| variant.weight)
}

/// Whether any bucket falls on a variant: the first that could is looked at.
fn has_bucket(experience: &Experience, number: usize) -> bool {
    let before: u64 = weights(experience).take(number).map(u64::from).sum();
    let total: u64 = weights(experience).map(u64::from).sum();
    let first = (before * u64::from(BUCKETS)).div_ceil(total.max(1));
    u32::try_from(first).is_ok_and(|first| first < BUCKETS && pick(weights(experience), first) == Some(number))
}

/// The variants that accounts of the list get, where it is they that are drawn for.
fn drawn(subject: &Subject<'_>, seers: &Seers, position: usize, experience: &Experience) -> Option<BTreeSet<usize>> {
    let (test, mut drawn) = (&experience.test, BTreeSet::new());
    if test.unit != Unit::Account || experience.variants.len() == 1 && test.holdout_bp == 0 {
        return None;
    }
    let salt = Salt::default().with(&subject.site.salt).with(&experience.name);
    let wanted = weights(experience).filter(|weight| *weight > 0).count();
    for account in seers.classes(position, false).iter().flat_map(|class| seers.members(*class)) {
        let Some(account) = subject.site.accounts.get(*account) else { continue };
        if salt.with("holdout").bucket(account.id()) >= u32::from(test.holdout_bp) {
            drawn.extend(pick(weights(experience), salt.with("variant").bucket(account.id())));
        }
        // The list may be long.
        if drawn.len() == wanted {
            break;
        }
    }
    Some(drawn)
}
