//! Which line item fills each placement, and with which creative.

use super::{
    Scene,
    choice::{AdChoice, Choice},
};
use crate::{
    bucket::pick,
    bundle::{AdStake, Candidate, SHARING, Stake},
    model::{LineItem, Placement, Unit},
};

/// What a line item does on this page view, whatever the placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    NotScheduled,
    NoMatch,
    /// Its weight is 0.
    NotSampled,
    Enters,
}

/// Lets candidates compete: of those that are in flight, whose rule holds and that have a creative of a fitting
/// size, the ones of the highest priority share a placement by weight.
pub(super) fn choose(scene: &Scene<'_>, candidates: &[Candidate], contests: &mut Contests, choice: &mut Choice) {
    contests.reset(choice.ads.len());
    for candidate in candidates {
        let Ok(position) = usize::try_from(candidate.position) else { continue };
        let has_room = scene.bundle.ad_stake(position).is_some_and(|stake| contests.has_room(stake));
        if !has_room || !scene.holds(candidate.rule) {
            continue;
        }
        let Some(line_item) = scene.bundle.site().line_items.get(position) else { continue };
        if is_in_flight(scene, line_item) && line_item.weight > 0 {
            contests.enter(scene, position, line_item);
        }
    }
    contests.settle(scene, choice);
}

/// What a line item does, by its whole rule.
pub(super) fn judge(scene: &Scene<'_>, line_item: &LineItem) -> Entry {
    if !is_in_flight(scene, line_item) {
        Entry::NotScheduled
    } else if !scene.holds(line_item.rule) {
        Entry::NoMatch
    } else if line_item.weight == 0 {
        Entry::NotSampled
    } else {
        Entry::Enters
    }
}

fn is_in_flight(scene: &Scene<'_>, line_item: &LineItem) -> bool {
    line_item.flight.contains(scene.context.facts.visit.now)
}

/// The contest for each placement: those of the highest priority that entered. Line items come in order of priority.
#[derive(Debug, Default)]
pub(super) struct Contests {
    of_placement: Vec<Contest>,
    /// The bits of the placements that somebody has entered for; none of those that share one.
    entered: u64,
    /// Those that somebody of a higher priority than this has entered for.
    closed: u64,
    priority: u16,
}

/// Those who compete for one placement. Nearly always that is one: only a second costs memory.
#[derive(Debug, Clone, Default)]
struct Contest {
    first: Option<Entrant>,
    others: Vec<Entrant>,
}

#[derive(Debug, Clone, Copy)]
struct Entrant {
    priority: u16,
    weight: u32,
    ad: AdChoice,
}

impl Contests {
    /// Nobody has entered for any of so many placements.
    pub(super) fn reset(&mut self, placements: usize) {
        (self.entered, self.closed, self.priority) = (0, 0, 0);
        self.of_placement.resize(placements, Contest::default());
        for Contest { first, others } in &mut self.of_placement {
            *first = None;
            others.clear();
        }
    }

    /// Whether a line item can still compete somewhere; it may be said of one that cannot.
    fn has_room(&mut self, stake: AdStake) -> bool {
        if stake.priority != self.priority {
            self.priority = stake.priority;
            self.closed = self.entered;
        }
        stake.placements & !self.closed != 0
    }

    fn is_open(&self, placement: usize, line_item: &LineItem) -> bool {
        let first = self.of_placement.get(placement).and_then(|contest| contest.first);
        first.is_none_or(|first| first.priority == line_item.priority)
    }

    /// Lets a line item compete for its placements.
    pub(super) fn enter(&mut self, scene: &Scene<'_>, position: usize, line_item: &LineItem) {
        for place in placements(line_item) {
            let placement = scene.bundle.site().placements.get(place).filter(|_| self.is_open(place, line_item));
            let Some(creative) = placement.and_then(|placement| creative(scene, placement, line_item)) else {
                continue;
            };
            let ad = AdChoice { line_item: position, creative };
            let entrant = Entrant { priority: line_item.priority, weight: line_item.weight, ad };
            match self.of_placement.get_mut(place) {
                Some(Contest { first: first @ None, .. }) => {
                    *first = Some(entrant);
                    if self.of_placement.len() <= SHARING {
                        self.entered |= Stake::bit(place);
                    }
                }
                Some(Contest { others, .. }) => others.push(entrant),
                None => {}
            }
        }
    }

    /// Writes the winners into a choice.
    pub(super) fn settle(&self, scene: &Scene<'_>, choice: &mut Choice) {
        for (place, (contest, chosen)) in self.of_placement.iter().zip(&mut choice.ads).enumerate() {
            let mut entrants = contest.first.iter().chain(&contest.others);
            let winner = if contest.others.is_empty() {
                contest.first.as_ref()
            } else {
                let bucket = scene.bundle.contest_salt(place).bucket(unit(scene));
                pick(entrants.clone().map(|one| one.weight), bucket).and_then(|winner| entrants.nth(winner))
            };
            *chosen = winner.map(|winner| winner.ad);
        }
    }
}

fn placements(line_item: &LineItem) -> impl Iterator<Item = usize> {
    line_item.placements.iter().filter_map(|placement| usize::try_from(*placement).ok())
}

/// The creative of the placement's most preferred size that the line item has; among several the weights decide.
pub(super) fn creative(scene: &Scene<'_>, placement: &Placement, line_item: &LineItem) -> Option<usize> {
    placement.sizes.iter().find_map(|size| {
        let weights = line_item.creatives.iter().map(|one| if one.size == *size { one.weight } else { 0 });
        let mut fitting = weights.clone().enumerate().filter(|(_, weight)| *weight > 0).map(|(index, _)| index);
        match (fitting.next(), fitting.next()) {
            (Some(only), None) => Some(only),
            (None, _) => None,
            _ => pick(weights, scene.bucket(&line_item.name, "creative", unit(scene))),
        }
    })
}

/// Who sees the same ad again. A stranger without an id has no unit: then everybody like that shares one.
fn unit<'a>(scene: &Scene<'a>) -> &'a str {
    scene.unit_id(Unit::Visitor).or_else(|| scene.unit_id(Unit::Account)).unwrap_or("")
}
