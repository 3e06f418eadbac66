//! A choice in words and content.

use std::borrow::Cow;

use super::{
    choice::{AdChoice, Choice, ExposureChoice, SlotChoice},
    cohort::cohort,
    resolve::{How, Resolved},
    slots::content_of,
};
use crate::{
    bundle::{Bundle, HAS_NETWORKS},
    limit::{CONFIDENCE_MAX, SEEN_OLD_DAYS, SEEN_STALE_DAYS},
    model::{
        Account, AccountField, AccountView, Ad, AppliedChange, Change, Decision, Exposure, Grade, Match, MatchKind,
        MatchOutcome, Reason, Segment, SlotChange, SlotContent, Template, Text, Unit,
    },
    net::{Origin, Prefix, Whose},
};

/// The experience that an [`Exposure`] names for an account that the whole site holds out. No experience can be called so.
pub const SITE_HOLDOUT: &str = "*";

const CHOSEN: &str = "its rule holds, and no stronger one's does";
const NONE_MATCHES: &str = "none of the candidates matches";
const SHARED: &str = "people of many companies come from there";
const SITE_HELD_OUT: &str = "the account is in the site's holdout: it stays on Default";

/// The decision that a choice stands for.
#[must_use]
pub fn describe(bundle: &Bundle, choice: &Choice) -> Decision {
    let (content, whom) = (choice.account(bundle, choice.content_whom), choice.account(bundle, choice.ads_whom));
    let segments = choice.company.as_ref().map_or(bundle.site().segments.as_slice(), |company| company.segments());
    let slots = || choice.slots.iter().enumerate();
    let ads = || choice.ads.iter().enumerate();
    let slot_reasons = slots().filter_map(|(slot, chosen)| slot_reason(bundle, slot, *chosen));
    let ad_reasons =
        ads().filter_map(|(place, chosen)| placement_reason(bundle, place, *chosen, choice.held_out.is_some()));
    let slots: Vec<_> = slots().filter_map(|(slot, chosen)| slot_change(bundle, slot, *chosen, content)).collect();
    Decision {
        account: choice.found(bundle).map(|account| account_view(account, segments)),
        matched: matched(bundle, choice.resolved),
        cohort: cohort(bundle, choice, &slots),
        slots,
        ads: ads().filter_map(|(placement, chosen)| ad(bundle, placement, (*chosen)?, whom)).collect(),
        exposures: exposures(bundle, choice),
        reasons: slot_reasons.chain(ad_reasons).collect(),
    }
}

/// What a decision says of an account. `segments` are those whose members it may be among.
#[must_use]
pub fn account_view(account: Account<'_>, segments: &[Segment]) -> AccountView {
    let is_in = |segment: &&Segment| segment.has(account);
    let text = |field| account.text(field).map(Text::from);
    AccountView {
        id: account.id().into(),
        name: account.name().into(),
        short_name: text(AccountField::ShortName),
        tier: account.int(AccountField::Tier),
        stage: text(AccountField::Stage),
        segments: segments.iter().filter(is_in).map(|segment| segment.name.clone()).collect(),
    }
}

/// How the account was found, or why none was. The reason never repeats the address.
#[must_use]
pub fn matched(bundle: &Bundle, resolved: Resolved) -> Match {
    if let Some(found) =
        resolved.network.filter(|_| HAS_NETWORKS).and_then(|network| by_network(bundle, resolved, network))
    {
        return found;
    }
    let (outcome, kind) = match resolved.how {
        How::Hint => (MatchOutcome::Match, MatchKind::Hint),
        How::Described => (MatchOutcome::Match, MatchKind::Described),
        How::Token => (MatchOutcome::Match, MatchKind::Token),
        How::Cookie => (MatchOutcome::Match, MatchKind::Cookie),
        How::Email => (MatchOutcome::Match, MatchKind::Email),
        How::Ambiguous => (MatchOutcome::Ambiguous, MatchKind::Email),
        _ => (MatchOutcome::None, MatchKind::None),
    };
    let confidence = (outcome == MatchOutcome::Match).then_some(CONFIDENCE_MAX);
    let reason = match resolved.how {
        How::Address | How::Miss => "the address lies in no account's prefix",
        How::Hint => "the caller named the account",
        How::Described => "the caller described the company, which is not in the list",
        How::UnknownHint => "the caller named an account that is not in the list",
        How::NoAddress => "the visit has no address",
        How::NotAnAddress => "the visit's address is not an IP address",
        How::Private => "the address is private: it says nothing of a company",
        How::Loopback => "the address is this machine's own (loopback)",
        How::CarrierNat => "the address is shared by a carrier's customers (carrier-grade NAT)",
        How::Documentation => "the address is reserved for documentation",
        How::Special => "the address is reserved for special use: it says nothing of a company",
        How::Shared => SHARED,
        How::Token => "a signed token names the account",
        How::Cookie => "a signed token names the account, which a cookie keeps",
        How::Email => "the domain of the visitor's e-mail address is the account's",
        How::Ambiguous => "the domain of the visitor's e-mail address is that of several accounts",
    };
    Match {
        outcome,
        kind,
        prefix: None,
        source: None,
        confidence,
        grade: confidence.map(Grade::of),
        age_days: None,
        is_stale: false,
        reason: reason.to_owned(),
    }
}

fn by_network(bundle: &Bundle, resolved: Resolved, network: usize) -> Option<Match> {
    let networks = &bundle.contents().networks;
    let (prefix, origin) = networks.prefixes().get(network).zip(networks.origin(network))?;
    let named = |account: u32| bundle.site().accounts.get(usize::try_from(account).ok()?);
    let (outcome, kind, confidence, name) = match origin.whose {
        Whose::Account(account) => {
            let confidence = resolved.confidence_of(origin);
            (MatchOutcome::Match, MatchKind::Address, Some(confidence), named(account)?.name())
        }
        Whose::Shared(_) => (MatchOutcome::Shared, MatchKind::None, None, ""),
    };
    let source = origin.source.spell(name);
    Some(Match {
        outcome,
        kind,
        reason: reason(prefix, origin, &source, resolved.age_days),
        prefix: Some(prefix.to_string()),
        source: Some(source.into()),
        confidence,
        grade: confidence.map(Grade::of),
        age_days: resolved.age_days,
        is_stale: resolved.age_days.is_some_and(|days| days > SEEN_STALE_DAYS),
    })
}

/// What a network says, and what its age does to that.
fn reason(prefix: Prefix, origin: &Origin, source: &str, age_days: Option<u16>) -> String {
    let lies = format!("the address lies in {prefix}, known from {source}");
    let days = age_days.unwrap_or(0);
    match origin.whose {
        Whose::Shared(usage) => format!("{lies} ({}): {SHARED}", usage.name()),
        Whose::Account(_) if days > SEEN_OLD_DAYS => {
            let (sure, left) = (origin.confidence, Grade::lowered(origin.confidence));
            format!("{lies} {days} days ago: so long that the confidence of {sure} counts as {left}")
        }
        Whose::Account(_) if days > SEEN_STALE_DAYS => format!("{lies} {days} days ago, which is long"),
        Whose::Account(_) => lies,
    }
}

/// What changes in the slot at a position, for an account or for a stranger; `None` for Default.
#[must_use]
pub fn slot_change(
    bundle: &Bundle,
    slot: usize,
    chosen: SlotChoice,
    account: Option<Account<'_>>,
) -> Option<SlotChange> {
    let SlotChoice::Shown(experience, variant) = chosen else { return None };
    let named = bundle.site().slots.get(slot)?;
    let experience = bundle.site().experiences.get(experience)?;
    let variant = experience.variants.get(variant)?;
    Some(SlotChange {
        slot: named.name.clone(),
        selector: named.selector.clone(),
        experience: experience.name.clone(),
        variant: variant.name.clone(),
        changes: changes(content_of(slot, variant)?, account),
    })
}

fn changes(content: &SlotContent, account: Option<Account<'_>>) -> Vec<AppliedChange> {
    let apply = |change: &Change| match change {
        Change::Text(template) => AppliedChange::Text { value: template.render(account) },
        Change::Html(template) => AppliedChange::Html { value: template.render(account) },
        Change::Attribute(name, template) => {
            AppliedChange::Attribute { name: name.clone(), value: template.render(account) }
        }
        Change::Class(name, value) => AppliedChange::Class { name: name.clone(), value: *value },
        Change::Visible(value) => AppliedChange::Visible { value: *value },
        Change::Before(template) => AppliedChange::Before { value: template.render(account) },
        Change::After(template) => AppliedChange::After { value: template.render(account) },
        Change::Redirect(template) => AppliedChange::Redirect { value: template.render(account) },
    };
    content.changes.iter().map(apply).collect()
}

/// Why the slot at a position shows what it shows.
#[must_use]
pub fn slot_reason(bundle: &Bundle, slot: usize, chosen: SlotChoice) -> Option<Reason> {
    let about = bundle.site().slots.get(slot)?.name.clone();
    let experience = |position: usize| bundle.site().experiences.get(position);
    let text: Cow<'static, str> = match chosen {
        SlotChoice::Unclaimed => "no experience names this slot".into(),
        SlotChoice::Unmatched => NONE_MATCHES.into(),
        SlotChoice::SiteHeldOut => SITE_HELD_OUT.into(),
        SlotChoice::Shown(position, _) => {
            return Some(Reason { about, chosen: Some(experience(position)?.name.clone()), text: CHOSEN.into() });
        }
        SlotChoice::HeldOut(position) => {
            format!("held out from `{}`: Default is kept to measure its lift", experience(position)?.name).into()
        }
        SlotChoice::Control(position, variant) => {
            let experience = experience(position)?;
            let variant = &experience.variants.get(variant)?.name;
            format!("variant `{variant}` of `{}` keeps this slot on Default", experience.name).into()
        }
    };
    Some(Reason { about, chosen: None, text })
}

/// What fills the placement at a position, for an account or for a stranger.
#[must_use]
pub fn ad(bundle: &Bundle, placement: usize, chosen: AdChoice, account: Option<Account<'_>>) -> Option<Ad> {
    let placement = bundle.site().placements.get(placement)?;
    let line_item = bundle.site().line_items.get(chosen.line_item)?;
    let creative = line_item.creatives.get(chosen.creative)?;
    let optional = |template: &Option<Template>| template.as_ref().map(|template| template.render(account));
    Some(Ad {
        placement: placement.name.clone(),
        selector: placement.selector.clone(),
        label: placement.label.clone(),
        line_item: line_item.name.clone(),
        creative: creative.name.clone(),
        width: creative.size.width,
        height: creative.size.height,
        link: creative.link.render(account),
        alt: creative.alt.render(account),
        image: creative.image.clone(),
        headline: optional(&creative.headline),
        body: optional(&creative.body),
        cta: optional(&creative.cta),
        html: optional(&creative.html),
    })
}

/// Why the placement at a position shows what it shows.
#[must_use]
pub fn placement_reason(bundle: &Bundle, place: usize, chosen: Option<AdChoice>, is_held_out: bool) -> Option<Reason> {
    let about = bundle.site().placements.get(place)?.name.clone();
    let line_item = chosen.and_then(|chosen| bundle.site().line_items.get(chosen.line_item));
    let has_candidates = bundle.placement_candidates().get(place).is_some_and(|candidates| !candidates.is_empty());
    let text = match line_item {
        Some(_) => CHOSEN,
        None if is_held_out => SITE_HELD_OUT,
        None if has_candidates => NONE_MATCHES,
        None => "no line item names this placement",
    };
    Some(Reason { about, chosen: line_item.map(|line_item| line_item.name.clone()), text: text.into() })
}

fn exposures(bundle: &Bundle, choice: &Choice) -> Vec<Exposure> {
    let unit = Unit::Account.name();
    let site = choice.held_out.map(|bucket| Exposure {
        experience: SITE_HOLDOUT.into(),
        variant: None,
        unit,
        bucket: Some(bucket),
    });
    let exposure = |chosen: &ExposureChoice| {
        let experience = bundle.site().experiences.get(chosen.experience)?;
        let variant = chosen.variant.and_then(|variant| experience.variants.get(variant));
        Some(Exposure {
            experience: experience.name.clone(),
            variant: variant.map(|variant| variant.name.clone()),
            unit: experience.test.unit.name(),
            bucket: chosen.bucket,
        })
    };
    site.into_iter().chain(choice.exposures.iter().filter_map(exposure)).collect()
}
