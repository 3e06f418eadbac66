//! Which experience gets each slot, and which variant it shows.

use super::{
    Scene,
    choice::{Choice, ExposureChoice, SlotChoice},
};
use crate::{
    bucket::pick,
    bundle::{Candidate, SHARING, Stake},
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
pub(super) fn choose(scene: &Scene<'_>, candidates: &[Candidate], claims: &mut Claims, choice: &mut Choice) {
    claims.reset(choice.slots.len());
    for candidate in candidates {
        if claims.is_full() {
            break;
        }
        let Ok(position) = usize::try_from(candidate.position) else { continue };
        let Some(stake) = scene.bundle.stake(position).filter(|stake| claims.has_room(*stake)) else { continue };
        if !scene.holds(candidate.rule) {
            continue;
        }
        // Where there is nothing else to ask, the experience need not be looked at.
        let verdict = if stake.is_always && stake.is_single {
            Verdict::Shown { variant: 0, bucket: None }
        } else {
            let Some(experience) = scene.bundle.site().experiences.get(position) else { continue };
            if !is_scheduled(scene, experience) {
                continue;
            }
            draw(scene, experience)
        };
        claims.offer(position, scene.bundle.experience_slots(position), verdict);
    }
    claims.settle(scene, choice);
}

/// What an experience does, by its whole rule.
pub(super) fn judge(scene: &Scene<'_>, experience: &Experience) -> Verdict {
    if !is_scheduled(scene, experience) {
        Verdict::NotScheduled
    } else if !scene.holds(experience.rule) {
        Verdict::NoMatch
    } else {
        draw(scene, experience)
    }
}

fn is_scheduled(scene: &Scene<'_>, experience: &Experience) -> bool {
    experience.schedule.contains(scene.context.facts.visit.now)
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
#[derive(Debug, Default)]
pub(super) struct Claims {
    of_slot: Vec<Option<Claim>>,
    left: usize,
    /// The bits of the slots that are left, and perhaps of some that no site has.
    open: u64,
}

/// An experience has a slot.
#[derive(Debug, Clone, Copy)]
struct Claim {
    experience: usize,
    verdict: Verdict,
    /// It is the first of the slots that the experience has.
    is_first: bool,
}

impl Claims {
    /// Nobody has any of so many slots.
    pub(super) fn reset(&mut self, slots: usize) {
        self.of_slot.clear();
        self.of_slot.resize(slots, None);
        self.left = slots;
        self.open = u64::MAX;
    }

    fn is_full(&self) -> bool {
        self.left == 0
    }

    /// Whether a slot can still be taken that an experience wants, or that shares a bit with one.
    fn has_room(&self, stake: Stake) -> bool {
        self.open & stake.slots != 0
    }

    /// Lets an experience take what is left of its slots, which ascend, if its verdict is one to take them by.
    pub(super) fn offer(&mut self, experience: usize, slots: &[usize], verdict: Verdict) {
        if !matches!(verdict, Verdict::HeldOut { .. } | Verdict::Shown { .. }) {
            return;
        }
        let mut is_first = true;
        for slot in slots {
            if let Some(claim @ None) = self.of_slot.get_mut(*slot) {
                *claim = Some(Claim { experience, verdict, is_first });
                is_first = false;
                self.left = self.left.saturating_sub(1);
                let mut sharing = self.of_slot.iter().skip(slot % SHARING).step_by(SHARING);
                if self.of_slot.len() <= SHARING || sharing.all(Option::is_some) {
                    self.open &= !Stake::bit(*slot);
                }
            }
        }
    }

    /// Who has a slot.
    pub(super) fn owner(&self, slot: usize) -> Option<usize> {
        self.of_slot.get(slot).copied().flatten().map(|claim| claim.experience)
    }

    /// Writes the claims into a choice.
    pub(super) fn settle(&self, scene: &Scene<'_>, choice: &mut Choice) {
        for (slot, (claim, chosen)) in self.of_slot.iter().zip(&mut choice.slots).enumerate() {
            let Some(Claim { experience, verdict, is_first }) = *claim else { continue };
            let (variant, bucket) = match verdict {
                Verdict::HeldOut { bucket } => (None, Some(bucket)),
                Verdict::Shown { variant, bucket } => (Some(variant), bucket),
                _ => continue,
            };
            *chosen = match variant {
                None => SlotChoice::HeldOut(experience),
                Some(variant) if shows(scene, slot, experience, variant) => SlotChoice::Shown(experience, variant),
                Some(variant) => SlotChoice::Control(experience, variant),
            };
            if is_first {
                choice.exposures.push(ExposureChoice { experience, variant, bucket });
            }
        }
    }
}

/// Whether a variant puts something into a slot that its experience wants.
fn shows(scene: &Scene<'_>, slot: usize, experience: usize, variant: usize) -> bool {
    let is_single = scene.bundle.stake(experience).is_some_and(|stake| stake.is_single);
    let variants = || scene.bundle.site().experiences.get(experience).map(|experience| &experience.variants);
    is_single || variants().and_then(|variants| content_of(slot, variants.get(variant)?)).is_some()
}

/// What a variant puts into the slot at a position.
#[must_use]
pub fn content_of(slot: usize, variant: &Variant) -> Option<&SlotContent> {
    let slot = u32::try_from(slot).ok()?;
    let found = variant.contents.binary_search_by_key(&slot, |content| content.slot).ok()?;
    variant.contents.get(found)
}
