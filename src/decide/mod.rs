//! From a visit to a decision: [`resolve`](mod@self) the account, then choose for every slot and every placement.
//!
//! Pure: no I/O, no clock, no chance. The same bundle and the same visit give the same decision on every platform. There
//! is no error: whatever a visit lacks, the answer is Default.

mod ads;
mod reason;
mod render;
mod resolve;
mod slots;
#[cfg(test)]
mod tests;

pub use resolve::resolve;

use crate::{
    bundle::Bundle,
    decide::{reason::Trace, resolve::Resolved},
    model::{Account, AccountView, Decision, Explanation, Exposure, Facts, Reason, Unit, Visit},
    net::Address,
    rule::Context,
};

/// The experience that an [`Exposure`] names for an account that the whole site holds out. No experience can be called so.
pub const SITE_HOLDOUT: &str = "*";

/// What the page of `visit` shows. Costs one look-up of the address and one evaluation of each rule that competes.
#[must_use]
pub fn decide(bundle: &Bundle, visit: &Visit) -> Decision {
    run(bundle, visit, &mut Trace::off())
}

/// The same decision, with every candidate and what became of it. Costs an evaluation of every rule; for people, not for
/// page views.
#[must_use]
pub fn explain(bundle: &Bundle, visit: &Visit) -> Explanation {
    let mut trace = Trace::on();
    let decision = run(bundle, visit, &mut trace);
    Explanation { decision, candidates: trace.into_candidates() }
}

fn run(bundle: &Bundle, visit: &Visit, trace: &mut Trace) -> Decision {
    let Resolved { matched, account, address } = resolve(bundle, visit);
    let mut decision = Decision {
        account: account.map(|account| view(bundle, account)),
        matched,
        slots: Vec::new(),
        ads: Vec::new(),
        exposures: Vec::new(),
        reasons: Vec::new(),
    };
    if let Some(bucket) = account.and_then(|account| site_holdout(bundle, account)) {
        hold_out(bundle, bucket, &mut decision);
        return decision;
    }
    // A prefix may be sure enough for content and not for ads, or the other way round.
    let confidence = decision.matched.confidence.unwrap_or(0);
    let acts_on = |least: u8| account.filter(|_| confidence >= least);
    let facts = Facts::new(acts_on(bundle.site().content_confidence), visit);
    slots::choose(&Scene { bundle, facts: &facts, address }, &mut decision, trace);
    let facts = facts.with_account(acts_on(bundle.site().ads_confidence));
    ads::choose(&Scene { bundle, facts: &facts, address }, &mut decision, trace);
    decision
}

/// What a choice looks at.
struct Scene<'a> {
    bundle: &'a Bundle,
    facts: &'a Facts<'a>,
    address: Option<Address>,
}

impl<'a> Scene<'a> {
    fn context(&self) -> Context<'a> {
        Context { facts: self.facts, address: self.address }
    }

    /// Who is drawn for by `unit`, or `None` when nobody knows.
    fn unit_id(&self, unit: Unit) -> Option<&'a str> {
        match unit {
            Unit::Account => self.facts.account.map(|account| &*account.id),
            Unit::Visitor => self.facts.visit.visitor.id.as_deref().filter(|id| !id.is_empty()),
        }
    }

    fn bucket(&self, of: &str, purpose: &str, unit: &str) -> u32 {
        crate::bucket::bucket(&[&self.bundle.site().salt, of, purpose], unit)
    }
}

fn view(bundle: &Bundle, account: &Account) -> AccountView {
    let segment = |position: &u32| bundle.site().segments.get(usize::try_from(*position).ok()?);
    AccountView {
        id: account.id.clone(),
        name: account.name.clone(),
        short_name: account.short_name.clone(),
        tier: account.tier,
        stage: account.stage.clone(),
        segments: account.segments.iter().filter_map(segment).map(|segment| segment.name.clone()).collect(),
    }
}

/// The account's bucket, if it falls into the share that the site keeps on Default.
fn site_holdout(bundle: &Bundle, account: &Account) -> Option<u32> {
    let bucket = crate::bucket::bucket(&[&bundle.site().salt, SITE_HOLDOUT, "holdout"], &account.id);
    (bucket < u32::from(bundle.site().holdout_bp)).then_some(bucket)
}

fn hold_out(bundle: &Bundle, bucket: u32, decision: &mut Decision) {
    let unit = Unit::Account.name();
    decision.exposures.push(Exposure { experience: SITE_HOLDOUT.into(), variant: None, unit, bucket: Some(bucket) });
    let slots = bundle.site().slots.iter().map(|slot| &slot.name);
    let placements = bundle.site().placements.iter().map(|placement| &placement.name);
    decision.reasons = slots
        .chain(placements)
        .map(|name| Reason { about: name.clone(), chosen: None, text: reason::SITE_HELD_OUT.into() })
        .collect();
}
