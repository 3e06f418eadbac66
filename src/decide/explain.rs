//! A decision with all that could have been: every rule is evaluated as its author wrote it.

use std::borrow::Cow;

use super::{
    Scene, View, ads,
    ads::{Contests, Entry},
    choice::Choice,
    resolve::Resolved,
    site_holdout,
    slots::{self, Claims, Verdict, content_of},
};
#[cfg(feature = "edge")]
use super::{
    describe::describe,
    resolve::{by_text, resolve_found},
    signals::signals,
};
#[cfg(feature = "edge")]
use crate::model::Explanation;
use crate::{
    bundle::Bundle,
    model::{Candidate, CandidateKind, Experience, LineItem, NearMiss, Outcome, Text, Visit, Window},
    rule::{Memo, day, near_miss},
};

/// The same decision as `decide` gives, with every candidate and what became of it. Costs an evaluation of every rule; for people,
/// not for page views.
#[cfg(feature = "edge")]
#[must_use]
pub fn explain(bundle: &Bundle, visit: &Visit) -> Explanation {
    let found = by_text(bundle, visit.ip.as_deref().unwrap_or_default());
    let (choice, candidates) = trace(bundle, visit, resolve_found(bundle, visit, found));
    let signals = signals(bundle, visit, found, choice.resolved);
    Explanation { decision: describe(bundle, &choice), signals, candidates }
}

/// The choice for a visit whose account is `resolved`, and every candidate with what became of it.
#[must_use]
pub fn trace(bundle: &Bundle, visit: &Visit, resolved: Resolved) -> (Choice, Vec<Candidate>) {
    let mut choice = Choice::default();
    choice.reset(bundle, visit, resolved);
    if let Some(bucket) = site_holdout(bundle, &choice) {
        choice.hold_out(bucket);
        // What would have been is of interest all the same.
        let mut candidates = candidates(bundle, visit, &mut choice.clone());
        for candidate in candidates.iter_mut().filter(|candidate| candidate.outcome == Outcome::Chosen) {
            candidate.outcome = Outcome::HeldOut;
            candidate.text = "it would show, but the account is in the site's holdout".to_owned();
        }
        return (choice, candidates);
    }
    let candidates = candidates(bundle, visit, &mut choice);
    (choice, candidates)
}

/// Every candidate and what became of it; the winners go into the choice.
fn candidates(bundle: &Bundle, visit: &Visit, choice: &mut Choice) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    let (company, address) = (choice.company.clone(), choice.resolved.address);
    let view = |whom| View::new(bundle, visit, company.as_deref(), whom, address);
    explain_slots(&view(choice.content_whom).scene(&Memo::default()), choice, &mut candidates);
    explain_ads(&view(choice.ads_whom).scene(&Memo::default()), choice, &mut candidates);
    candidates
}

fn explain_slots(scene: &Scene<'_>, choice: &mut Choice, candidates: &mut Vec<Candidate>) {
    let site = scene.bundle.site();
    let mut claims = Claims::default();
    claims.reset(site.slots.len());
    let judge = |experience: &Experience| slots::judge(scene, experience);
    let verdicts: Vec<Verdict> = site.experiences.iter().map(judge).collect();
    for (position, verdict) in verdicts.iter().enumerate() {
        claims.offer(position, scene.bundle.experience_slots(position), *verdict);
    }
    claims.settle(scene, choice);
    for (slot, (named, positions)) in site.slots.iter().zip(scene.bundle.slot_candidates()).enumerate() {
        for position in positions {
            let Some((experience, verdict)) = site.experiences.get(*position).zip(verdicts.get(*position)) else {
                continue;
            };
            let stronger = claims.owner(slot).filter(|owner| owner != position);
            let stronger = stronger.and_then(|owner| site.experiences.get(owner));
            let (outcome, text) = slot_outcome(scene, slot, experience, *verdict, stronger);
            let miss = missed(scene, outcome, experience.rule);
            candidates.push(note(CandidateKind::Experience, (&named.name, &experience.name), outcome, text, miss));
        }
    }
}

fn slot_outcome(
    scene: &Scene<'_>,
    slot: usize,
    experience: &Experience,
    verdict: Verdict,
    stronger: Option<&Experience>,
) -> (Outcome, Cow<'static, str>) {
    match verdict {
        Verdict::NotScheduled => (Outcome::NotScheduled, not_scheduled(scene, experience.schedule)),
        Verdict::NoMatch => (Outcome::NoMatch, NEVER.into()),
        Verdict::NotSampled => {
            let unit = experience.test.unit.name();
            (Outcome::NotSampled, format!("its rule holds, but there is no {unit} to draw a variant for").into())
        }
        Verdict::HeldOut { .. } | Verdict::Shown { .. } if stronger.is_some() => {
            let name = stronger.map_or("", |stronger| &stronger.name);
            (Outcome::Outranked, format!("its rule holds, but the stronger `{name}` has the slot").into())
        }
        Verdict::HeldOut { bucket } => {
            let share = experience.test.holdout_bp;
            (Outcome::HeldOut, format!("bucket {bucket} is below the holdout's {share}: Default is kept").into())
        }
        Verdict::Shown { variant, bucket } => {
            let drawn = bucket.map_or(String::new(), |bucket| format!(" (bucket {bucket})"));
            let variant = experience.variants.get(variant);
            let name = variant.map_or("", |variant| &variant.name);
            match variant.and_then(|variant| content_of(slot, variant)) {
                Some(_) => (Outcome::Chosen, format!("shows variant `{name}`{drawn}").into()),
                None => (Outcome::Control, format!("variant `{name}`{drawn} keeps Default").into()),
            }
        }
    }
}

fn explain_ads(scene: &Scene<'_>, choice: &mut Choice, candidates: &mut Vec<Candidate>) {
    let site = scene.bundle.site();
    let mut contests = Contests::default();
    contests.reset(site.placements.len());
    let judge = |line_item: &LineItem| ads::judge(scene, line_item);
    let entries: Vec<Entry> = site.line_items.iter().map(judge).collect();
    for (position, (line_item, entry)) in site.line_items.iter().zip(&entries).enumerate() {
        if *entry == Entry::Enters {
            contests.enter(scene, position, line_item);
        }
    }
    contests.settle(scene, choice);
    let placements = site.placements.iter().zip(scene.bundle.placement_candidates()).zip(&choice.ads);
    for ((placement, positions), winner) in placements {
        for position in positions {
            let Some((line_item, entry)) = site.line_items.get(*position).zip(entries.get(*position)) else { continue };
            let is_winner = winner.is_some_and(|winner| winner.line_item == *position);
            let fits = ads::creative(scene, placement, line_item).is_some();
            let (outcome, text) = match entry {
                Entry::NotScheduled => (Outcome::NotScheduled, not_scheduled(scene, line_item.flight)),
                Entry::NoMatch => (Outcome::NoMatch, NEVER.into()),
                Entry::NotSampled => (Outcome::NotSampled, "its rule holds, but its weight is 0".into()),
                Entry::Enters if !fits => {
                    (Outcome::NoCreative, "its rule holds, but it has no creative of a size that fits".into())
                }
                Entry::Enters if !is_winner => {
                    let winner = winner.and_then(|winner| site.line_items.get(winner.line_item));
                    let name = winner.map_or("", |winner| &winner.name);
                    (Outcome::Outranked, format!("its rule holds, but `{name}` has the placement").into())
                }
                Entry::Enters => (Outcome::Chosen, "its rule holds, and no stronger one's does".into()),
            };
            let miss = missed(scene, outcome, line_item.rule);
            candidates.push(note(CandidateKind::LineItem, (&placement.name, &line_item.name), outcome, text, miss));
        }
    }
}

/// Of a rule that nothing would make hold.
const NEVER: &str = "its rule can never hold";

fn note(
    kind: CandidateKind,
    (about, name): (&Text, &Text),
    outcome: Outcome,
    text: Cow<'static, str>,
    near_miss: Option<NearMiss>,
) -> Candidate {
    let text = near_miss.as_ref().map_or_else(|| text.into_owned(), ToString::to_string);
    Candidate { about: about.clone(), kind, name: name.clone(), outcome, text, near_miss }
}

/// What would have made a rule hold.
fn missed(scene: &Scene<'_>, outcome: Outcome, rule: u32) -> Option<NearMiss> {
    let instructions = scene.bundle.rules().instructions(rule).filter(|_| outcome == Outcome::NoMatch)?;
    near_miss(&instructions, scene.context)
}

/// A window that is not open.
fn not_scheduled(scene: &Scene<'_>, window: Window) -> Cow<'static, str> {
    let Some(now) = scene.context.facts.visit.now else { return "it has a schedule, and the visit has no time".into() };
    match window.from.filter(|from| *from > now).or(window.until) {
        Some(from) if from > now => format!("it starts {}", day(from)).into(),
        Some(until) => format!("it ended {}", day(until)).into(),
        None => "its time has not come, or is over".into(),
    }
}
