//! Which experience gets each slot, and which variant it shows.

use super::{Scene, reason, reason::Trace, render};
use crate::{
    bucket::pick,
    model::{CandidateKind, Decision, Experience, Exposure, Outcome, Reason, Slot, SlotChange, SlotContent, Variant},
    rule::{Truth, evaluate},
};

/// What an experience does on this page view, whatever the slot.
#[derive(Debug, Clone, Copy)]
enum Verdict<'a> {
    NotScheduled,
    NoMatch,
    /// There is nobody to draw for.
    NotSampled,
    HeldOut {
        bucket: u32,
    },
    /// The bucket is `None` where there was nothing to draw.
    Shown {
        variant: &'a Variant,
        bucket: Option<u32>,
    },
}

/// Chooses for every slot in turn: the first of its experiences, by priority, that is due and whose rule holds.
///
/// An experience that is held out keeps its slots on Default: were a weaker one to take them, its lift would be measured
/// against that one.
pub(super) fn choose(scene: &Scene<'_>, decision: &mut Decision, trace: &mut Trace) {
    let site = scene.bundle.site();
    // One experience may want several slots: it is judged once.
    let mut verdicts: Vec<Option<Verdict<'_>>> = vec![None; site.experiences.len()];
    for (slot, candidates) in site.slots.iter().zip(scene.bundle.slot_candidates()) {
        let mut winner = None;
        for position in candidates {
            let Some((experience, known)) = site.experiences.get(*position).zip(verdicts.get_mut(*position)) else {
                continue;
            };
            let verdict = *known.get_or_insert_with(|| judge(scene, experience));
            let is_taken = winner.is_some();
            note(scene, slot, experience, verdict, is_taken, trace);
            if !is_taken && matches!(verdict, Verdict::HeldOut { .. } | Verdict::Shown { .. }) {
                winner = Some((experience, verdict));
                if !trace.is_on() {
                    break;
                }
            }
        }
        let has_candidates = !candidates.is_empty();
        settle(scene, slot, winner, has_candidates, decision);
    }
}

fn judge<'a>(scene: &Scene<'a>, experience: &'a Experience) -> Verdict<'a> {
    if !experience.schedule.contains(scene.facts.visit.now) {
        return Verdict::NotScheduled;
    }
    let holds = scene.bundle.rule(experience.rule).is_some_and(|rule| evaluate(rule, scene.context()) == Truth::Yes);
    if !holds {
        return Verdict::NoMatch;
    }
    draw(scene, experience)
}

fn draw<'a>(scene: &Scene<'a>, experience: &'a Experience) -> Verdict<'a> {
    if let ([variant], 0) = (experience.variants.as_slice(), experience.test.holdout_bp) {
        return Verdict::Shown { variant, bucket: None };
    }
    let Some(unit) = scene.unit_id(experience.test.unit) else {
        return Verdict::NotSampled;
    };
    // Two buckets, so that growing the holdout moves nobody from one variant to another.
    let bucket = scene.bucket(&experience.name, "holdout", unit);
    if bucket < u32::from(experience.test.holdout_bp) {
        return Verdict::HeldOut { bucket };
    }
    let bucket = scene.bucket(&experience.name, "variant", unit);
    let weights = experience.variants.iter().map(|variant| variant.weight);
    match pick(weights, bucket).and_then(|index| experience.variants.get(index)) {
        Some(variant) => Verdict::Shown { variant, bucket: Some(bucket) },
        None => Verdict::NotSampled,
    }
}

fn content_of<'a>(scene: &Scene<'_>, slot: &Slot, variant: &'a Variant) -> Option<&'a SlotContent> {
    variant.contents.iter().find(|content| {
        let named = usize::try_from(content.slot).ok().and_then(|slot| scene.bundle.site().slots.get(slot));
        named.is_some_and(|named| named.name == slot.name)
    })
}

fn settle(
    scene: &Scene<'_>,
    slot: &Slot,
    winner: Option<(&Experience, Verdict<'_>)>,
    has_candidates: bool,
    decision: &mut Decision,
) {
    let mut reason = Reason { about: slot.name.clone(), chosen: None, text: reason::NONE_MATCHES.into() };
    match winner {
        Some((experience, Verdict::HeldOut { bucket })) => {
            expose(experience, None, Some(bucket), decision);
            reason.text = format!("held out from `{}`: Default is kept to measure its lift", experience.name).into();
        }
        Some((experience, Verdict::Shown { variant, bucket })) => {
            expose(experience, Some(variant), bucket, decision);
            match content_of(scene, slot, variant) {
                Some(content) => {
                    reason.chosen = Some(experience.name.clone());
                    reason.text = reason::CHOSEN.into();
                    decision.slots.push(SlotChange {
                        slot: slot.name.clone(),
                        selector: slot.selector.clone(),
                        experience: experience.name.clone(),
                        variant: variant.name.clone(),
                        changes: render::changes(content, scene.facts.account),
                    });
                }
                None => {
                    let (variant, experience) = (&variant.name, &experience.name);
                    reason.text = format!("variant `{variant}` of `{experience}` keeps this slot on Default").into();
                }
            }
        }
        _ if !has_candidates => reason.text = reason::NO_EXPERIENCE.into(),
        _ => {}
    }
    decision.reasons.push(reason);
}

fn expose(experience: &Experience, variant: Option<&Variant>, bucket: Option<u32>, decision: &mut Decision) {
    if decision.exposures.iter().any(|exposure| exposure.experience == experience.name) {
        return;
    }
    decision.exposures.push(Exposure {
        experience: experience.name.clone(),
        variant: variant.map(|variant| variant.name.clone()),
        unit: experience.test.unit.name(),
        bucket,
    });
}

fn note(
    scene: &Scene<'_>,
    slot: &Slot,
    experience: &Experience,
    verdict: Verdict<'_>,
    is_taken: bool,
    trace: &mut Trace,
) {
    if !trace.is_on() {
        return;
    }
    let (outcome, text) = match verdict {
        Verdict::NotScheduled => (Outcome::NotScheduled, reason::not_scheduled(scene)),
        Verdict::NoMatch => (Outcome::NoMatch, reason::no_match(scene, experience.rule)),
        Verdict::NotSampled => {
            let unit = experience.test.unit.name();
            (Outcome::NotSampled, format!("its rule holds, but there is no {unit} to draw a variant for").into())
        }
        Verdict::HeldOut { .. } | Verdict::Shown { .. } if is_taken => {
            (Outcome::Outranked, "its rule holds, but a stronger one has the slot".into())
        }
        Verdict::HeldOut { bucket } => {
            let share = experience.test.holdout_bp;
            (Outcome::HeldOut, format!("bucket {bucket} is below the holdout's {share}: Default is kept").into())
        }
        Verdict::Shown { variant, bucket } => {
            let drawn = bucket.map_or(String::new(), |bucket| format!(" (bucket {bucket})"));
            match content_of(scene, slot, variant) {
                Some(_) => (Outcome::Chosen, format!("shows variant `{}`{drawn}", variant.name).into()),
                None => (Outcome::Control, format!("variant `{}`{drawn} keeps Default", variant.name).into()),
            }
        }
    };
    trace.note((CandidateKind::Experience, &slot.name, &experience.name), outcome, || text);
}
