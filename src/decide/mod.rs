//! From a visit to a decision: [`resolve`] the account, then choose for every slot and every placement.
//!
//! Pure: no I/O, no clock, no chance. The same bundle and the same visit give the same decision on every platform. There
//! is no error: whatever a visit lacks, the answer is Default.
//!
//! A decision is made in two steps. [`choose`] finds out who shows what, in positions of the bundle's lists; it looks only at the
//! candidates of the account's class, whose rules are the residuals that the compiler left. [`describe`] puts the choice into
//! words and content. What a choice says is little, and the same content is chosen again and again: so whoever can keep the
//! described parts, as the JavaScript package does, describes each once.

mod ads;
mod choice;
mod describe;
mod explain;
mod resolve;
mod slots;

pub use choice::{AdChoice, Choice, ExposureChoice, SlotChoice};
pub use describe::{SITE_HOLDOUT, account_view, ad, describe, matched, placement_reason, slot_change, slot_reason};
pub use explain::explain;
pub use resolve::{How, Resolved, by_address, resolve};
pub use slots::content_of;

use crate::{
    bundle::Bundle,
    model::{Account, Decision, Facts, Unit, Visit},
    net::Address,
    rule::{Context, Truth, evaluate},
};

/// What the page of `visit` shows. Costs one look-up of the address, and one evaluation of the residual of each candidate of the
/// account's class until every place is taken.
#[must_use]
pub fn decide(bundle: &Bundle, visit: &Visit) -> Decision {
    describe(bundle, &choose(bundle, visit))
}

/// Who shows what on the page of `visit`.
#[must_use]
pub fn choose(bundle: &Bundle, visit: &Visit) -> Choice {
    let resolved = resolve(bundle, visit);
    let mut choice = Choice::on_default(bundle, resolved);
    if let Some(bucket) = site_holdout(bundle, resolved) {
        choice.hold_out(bucket);
        return choice;
    }
    let classes = &bundle.contents().classes;
    let (content, ads) = (choice.content_account, choice.ads_account);
    let scene = Scene::new(bundle, visit, resolved, content);
    if let Some(class) = classes.of(content) {
        slots::choose(&scene, class, &mut choice);
    }
    let scene = if ads == content { scene } else { Scene::new(bundle, visit, resolved, ads) };
    if let Some(class) = classes.of(ads) {
        ads::choose(&scene, class, &mut choice);
    }
    choice
}

/// The bucket of the account that was found, if it falls into the share that the site keeps on Default.
fn site_holdout(bundle: &Bundle, resolved: Resolved) -> Option<u32> {
    let account = bundle.site().accounts.get(resolved.account?)?;
    let bucket = crate::bucket::bucket(&[&bundle.site().salt, SITE_HOLDOUT, "holdout"], account.id());
    (bucket < u32::from(bundle.site().holdout_bp)).then_some(bucket)
}

/// What a choice looks at.
struct Scene<'a> {
    bundle: &'a Bundle,
    facts: Facts<'a>,
    address: Option<Address>,
}

impl<'a> Scene<'a> {
    fn new(bundle: &'a Bundle, visit: &'a Visit, resolved: Resolved, account: Option<usize>) -> Self {
        let account = account.and_then(|account| bundle.site().accounts.get(account));
        Self { bundle, facts: Facts::new(account, visit), address: resolved.address }
    }

    fn context(&self) -> Context<'_> {
        Context { facts: &self.facts, address: self.address, segments: &self.bundle.site().segments }
    }

    /// Whether the rule at a position holds.
    fn holds(&self, rule: u32) -> bool {
        self.bundle.rule(rule).is_some_and(|rule| evaluate(rule, self.context()) == Truth::Yes)
    }

    /// Who is drawn for by `unit`, or `None` when nobody knows.
    fn unit_id(&self, unit: Unit) -> Option<&'a str> {
        match unit {
            Unit::Account => self.facts.account.map(Account::id),
            Unit::Visitor => self.facts.visit.visitor.id.as_deref().filter(|id| !id.is_empty()),
        }
    }

    fn bucket(&self, of: &str, purpose: &str, unit: &str) -> u32 {
        crate::bucket::bucket(&[&self.bundle.site().salt, of, purpose], unit)
    }
}
