//! Which experience gets each slot, and which variant it shows.

use super::{
    Scene,
    choice::{Choice, ExposureChoice, SlotChoice},
};
use crate::{
    bucket::pick,
    bundle::Candidate,
    model::{Experience, SlotContent, Variant},
};

/// What an experience does on this page view, whatever the slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    NotScheduled,
    NoMatch,
    /// There is nobody to draw for.
    NotSampled,
    HeldOut {
        bucket: u32,
    },
    /// The bucket is `None` where there was nothing to draw.
    Shown {
        variant: usize,
        bucket: Option<u32>,
    },
}

/// Lets candidates take slots, the strongest first. Ends as soon as there is none left to take.
pub(super) fn choose(scene: &Scene<'_>, candidates: &[Candidate], choice: &mut Choice) {
    let mut claims = Claims::new(choice.slots.len());
    for candidate in candidates {
        if claims.is_full() {
            break;
        }
        let Ok(position) = usize::try_from(candidate.position) else { continue };
        let slots = scene.bundle.experience_slots(position);
        let Some(experience) = scene.bundle.site().experiences.get(position).filter(|_| claims.has_room(slots)) else {
            continue;
        };
        claims.offer(position, slots, judge(scene, experience, candidate.rule));
    }
    claims.settle(scene, choice);
}

/// What an experience does, with `rule` in the place of its rule.
pub(super) fn judge(scene: &Scene<'_>, experience: &Experience, rule: u32) -> Verdict {
    if !experience.schedule.contains(scene.facts.visit.now) {
        Verdict::NotScheduled
    } else if !scene.holds(rule) {
        Verdict::NoMatch
    } else {
        draw(scene, experience)
    }
}

fn draw(scene: &Scene<'_>, experience: &Experience) -> Verdict {
    if experience.variants.len() == 1 && experience.test.holdout_bp == 0 {
        return Verdict::Shown { variant: 0, bucket: None };
    }
    let Some(unit) = scene.unit_id(experience.test.unit) else {
        return Verdict::NotSampled;
    };
    // Two buckets, so that growing the holdout moves nobody from one variant to another.
    if experience.test.holdout_bp > 0 {
        let bucket = scene.bucket(&experience.name, "holdout", unit);
        if bucket < u32::from(experience.test.holdout_bp) {
            return Verdict::HeldOut { bucket };
        }
    }
    let bucket = scene.bucket(&experience.name, "variant", unit);
    match pick(experience.variants.iter().map(|variant| variant.weight), bucket) {
        Some(variant) => Verdict::Shown { variant, bucket: Some(bucket) },
        None => Verdict::NotSampled,
    }
}

/// Who took which slot.
///
/// An experience that is held out takes its slots too, and keeps them on Default: were a weaker one to take them, its lift would
/// be measured against that one.
pub(super) struct Claims {
    of_slot: Vec<Option<(usize, Verdict)>>,
    left: usize,
}

impl Claims {
    pub(super) fn new(slots: usize) -> Self {
        Self { of_slot: vec![None; slots], left: slots }
    }

    fn is_full(&self) -> bool {
        self.left == 0
    }

    /// Whether one of these slots can still be taken.
    fn has_room(&self, slots: &[usize]) -> bool {
        slots.iter().any(|slot| self.of_slot.get(*slot).is_some_and(Option::is_none))
    }

    /// Lets an experience take what is left of its slots, if its verdict is one to take them by.
    pub(super) fn offer(&mut self, experience: usize, slots: &[usize], verdict: Verdict) {
        if !matches!(verdict, Verdict::HeldOut { .. } | Verdict::Shown { .. }) {
            return;
        }
        for slot in slots {
            if let Some(claim @ None) = self.of_slot.get_mut(*slot) {
                *claim = Some((experience, verdict));
                self.left = self.left.saturating_sub(1);
            }
        }
    }

    /// Who has a slot.
    pub(super) fn owner(&self, slot: usize) -> Option<usize> {
        self.of_slot.get(slot).copied().flatten().map(|(experience, _)| experience)
    }

    /// Writes the claims into a choice.
    pub(super) fn settle(&self, scene: &Scene<'_>, choice: &mut Choice) {
        for (slot, (claim, chosen)) in self.of_slot.iter().zip(&mut choice.slots).enumerate() {
            let Some((experience, verdict)) = *claim else { continue };
            let (variant, bucket) = match verdict {
                Verdict::HeldOut { bucket } => (None, Some(bucket)),
                Verdict::Shown { variant, bucket } => (Some(variant), bucket),
                _ => continue,
            };
            *chosen = match variant {
                None => SlotChoice::HeldOut(experience),
                Some(variant) if content(scene, slot, experience, variant).is_some() => {
                    SlotChoice::Shown(experience, variant)
                }
                Some(variant) => SlotChoice::Control(experience, variant),
            };
            if !choice.exposures.iter().any(|exposure| exposure.experience == experience) {
                choice.exposures.push(ExposureChoice { experience, variant, bucket });
            }
        }
    }
}

fn content<'a>(scene: &Scene<'a>, slot: usize, experience: usize, variant: usize) -> Option<&'a SlotContent> {
    let experience = scene.bundle.site().experiences.get(experience)?;
    content_of(slot, experience.variants.get(variant)?)
}

/// What a variant puts into the slot at a position.
#[must_use]
pub fn content_of(slot: usize, variant: &Variant) -> Option<&SlotContent> {
    let slot = u32::try_from(slot).ok()?;
    let found = variant.contents.binary_search_by_key(&slot, |content| content.slot).ok()?;
    variant.contents.get(found)
}
