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
mod cohort;
mod company;
#[cfg(feature = "geo")]
mod databases;
mod describe;
mod explain;
mod resolve;
#[cfg(feature = "edge")]
mod signals;
mod slots;

pub use choice::{AdChoice, Choice, ExposureChoice, SlotChoice, Whom};
pub use cohort::cohort;
pub use company::Company;
#[cfg(feature = "geo")]
pub use databases::ask_databases;
pub use describe::{SITE_HOLDOUT, account_view, ad, describe, matched, placement_reason, slot_change, slot_reason};
#[cfg(feature = "edge")]
pub use explain::explain;
pub use explain::trace;
pub use resolve::{How, Resolved, by_address, by_no_address, by_text, resolve, resolve_found};
#[cfg(feature = "edge")]
pub use signals::{Told, signals, told};
pub use slots::content_of;

use std::borrow::Cow;

use self::{ads::Contests, company::IS_ASKED, slots::Claims};
use crate::{
    bundle::{Bundle, Candidate, Class, Recipient},
    model::{Account, Decision, Facts, Segment, Unit, Visit},
    net::Address,
    rule::{Context, Index, Memo},
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
    let mut chooser = Chooser::default();
    chooser.choose(bundle, visit, resolve(bundle, visit));
    chooser.choice
}

/// Chooses for visits one after the other, in memory that it keeps: to ask for it again and again would take as long as the rules.
/// No visit sees anything of the one before.
#[derive(Debug, Default)]
pub struct Chooser {
    choice: Choice,
    claims: Claims,
    contests: Contests,
    memo: Memo,
}

impl Chooser {
    /// Who shows what on the page of `visit`, whose account is `resolved`.
    pub fn choose(&mut self, bundle: &Bundle, visit: &Visit, resolved: Resolved) -> &Choice {
        let choice = &mut self.choice;
        choice.reset(bundle, visit, resolved);
        if let Some(bucket) = site_holdout(bundle, choice) {
            choice.hold_out(bucket);
            return choice;
        }
        let company = choice.company.clone();
        let view = |whom| View::new(bundle, visit, company.as_deref(), whom, resolved.address);
        self.memo.clear();
        let mut seen = view(choice.content_whom);
        let scene = seen.scene(&self.memo);
        let left = class_of(bundle, choice.content_whom).map(|class| class.experiences);
        let all = candidates(left, &scene, Bundle::experience_index, &bundle.site().experiences, |one| one.rule);
        slots::choose(&scene, &all, &mut self.claims, choice);
        if choice.ads_whom != choice.content_whom {
            seen = view(choice.ads_whom);
            self.memo.clear();
        }
        let scene = seen.scene(&self.memo);
        let left = class_of(bundle, choice.ads_whom).map(|class| class.line_items);
        let all = candidates(left, &scene, Bundle::line_item_index, &bundle.site().line_items, |one| one.rule);
        ads::choose(&scene, &all, &mut self.contests, choice);
        choice
    }

    /// The choice that was made last.
    #[must_use]
    pub fn choice(&self) -> &Choice {
        &self.choice
    }
}

/// Whom a slice is for that shall give a visitor the decisions that the whole bundle gives. Nobody makes slices for companies that
/// a visit describes.
#[must_use]
pub fn recipient(bundle: &Bundle, resolved: Resolved) -> Recipient {
    let site = bundle.site();
    let found = resolved.account.and_then(|position| Some((position, site.accounts.get(position)?)));
    let Some((position, account)) = found else { return Recipient::Stranger };
    if is_held_out(bundle, account) {
        return Recipient::HeldOut(position);
    }
    let confidence = resolved.confidence(bundle);
    match (confidence >= site.content_confidence, confidence >= site.ads_confidence) {
        (false, false) => Recipient::Stranger,
        (content, ads) => Recipient::Account { position, content, ads },
    }
}

/// What the compiler left for somebody; `None` for a company that it did not know.
fn class_of(bundle: &Bundle, whom: Whom) -> Option<Class<'_>> {
    let classes = &bundle.contents().classes;
    match whom {
        Whom::Stranger => classes.of(None),
        Whom::Listed(account) => classes.of(Some(account)),
        Whom::Company => None,
    }
}

/// What may show, the strongest first: what the compiler left for a class, or for a company that it did not know what an index lets
/// through, with whole rules.
fn candidates<'a, T>(
    of_class: Option<&'a [Candidate]>,
    scene: &Scene<'_>,
    index: fn(&Bundle) -> &Index,
    all: &[T],
    rule: impl Fn(&T) -> u32,
) -> Cow<'a, [Candidate]> {
    let candidate = |position: usize| {
        let rule = rule(all.get(position)?);
        Some(Candidate { position: u32::try_from(position).ok()?, rule })
    };
    match of_class {
        Some(candidates) => Cow::Borrowed(candidates),
        None if IS_ASKED => {
            let found = index(scene.bundle).candidates(scene.context);
            let mut candidates = Vec::with_capacity(found.len());
            candidates.extend(found.iter().filter_map(candidate));
            Cow::Owned(candidates)
        }
        None => Cow::Borrowed(&[]),
    }
}

/// The bucket of the account that was found, if it falls into the share that the site keeps on Default.
fn site_holdout(bundle: &Bundle, choice: &Choice) -> Option<u32> {
    holdout_bucket(bundle, choice.found(bundle)?)
}

/// Whether the site keeps an account on Default everywhere, to measure by it what all the others see.
#[must_use]
pub fn is_held_out(bundle: &Bundle, account: Account<'_>) -> bool {
    holdout_bucket(bundle, account).is_some()
}

fn holdout_bucket(bundle: &Bundle, account: Account<'_>) -> Option<u32> {
    if bundle.site().holdout_bp == 0 {
        return None;
    }
    let bucket = bundle.salt().with(SITE_HOLDOUT).with("holdout").bucket(account.id());
    (bucket < u32::from(bundle.site().holdout_bp)).then_some(bucket)
}

/// What there is to see of a visit, where it is looked at as somebody's.
struct View<'a> {
    bundle: &'a Bundle,
    facts: Facts<'a>,
    address: Option<Address>,
    /// The site's segments, as they hold for who is looked at.
    segments: &'a [Segment],
}

impl<'a> View<'a> {
    fn new(
        bundle: &'a Bundle,
        visit: &'a Visit,
        company: Option<&'a Company>,
        whom: Whom,
        address: Option<Address>,
    ) -> Self {
        let site = bundle.site();
        let (account, segments) = match (whom, company) {
            (Whom::Company, Some(company)) => (company.account(), company.segments()),
            (Whom::Listed(account), _) => (site.accounts.get(account), site.segments.as_slice()),
            _ => (None, site.segments.as_slice()),
        };
        let mut facts = Facts::new(account, visit);
        facts.name(&site.names);
        #[cfg(feature = "edge")]
        {
            let Told { role, campaign } = told(bundle, visit);
            facts.tell(role, campaign);
        }
        Self { bundle, facts, address, segments }
    }

    fn scene<'b>(&'b self, memo: &'b Memo) -> Scene<'b> {
        let context = Context { facts: &self.facts, address: self.address, segments: self.segments };
        Scene { bundle: self.bundle, context, memo }
    }
}

/// What a choice looks at.
struct Scene<'a> {
    bundle: &'a Bundle,
    context: Context<'a>,
    memo: &'a Memo,
}

impl<'a> Scene<'a> {
    /// Whether the rule at a position holds.
    #[inline]
    fn holds(&self, rule: u32) -> bool {
        self.bundle.rules().holds(rule, &self.context, self.memo)
    }

    /// Who is drawn for by `unit`, or `None` when nobody knows.
    fn unit_id(&self, unit: Unit) -> Option<&'a str> {
        match unit {
            Unit::Account => self.context.facts.account.map(Account::id),
            Unit::Visitor => self.context.facts.visit.visitor.id.as_deref().filter(|id| !id.is_empty()),
        }
    }

    fn bucket(&self, of: &str, purpose: &str, unit: &str) -> u32 {
        self.bundle.salt().with(of).with(purpose).bucket(unit)
    }
}
