//! Which line item fills each placement, and with which creative.

use super::{Scene, reason, reason::Trace};
use crate::{
    bucket::pick,
    model::{Ad, CandidateKind, Creative, Decision, LineItem, Outcome, Placement, Reason, Template, Unit},
    rule::{Truth, evaluate},
};

/// Chooses for every placement in turn: of the line items that are in flight, whose rule holds and that have a creative of
/// a fitting size, those of the highest priority share the placement by weight.
pub(super) fn choose(scene: &Scene<'_>, decision: &mut Decision, trace: &mut Trace) {
    let site = scene.bundle.site();
    for (placement, candidates) in site.placements.iter().zip(scene.bundle.placement_candidates()) {
        let line_items: Vec<&LineItem> =
            candidates.iter().filter_map(|position| site.line_items.get(*position)).collect();
        let outcomes: Vec<Outcome> = line_items.iter().map(|line_item| judge(scene, placement, line_item)).collect();
        let winner = winner(scene, placement, &line_items, &outcomes);
        for (index, (line_item, outcome)) in line_items.iter().zip(&outcomes).enumerate() {
            note(scene, placement, line_item, *outcome, winner == Some(index), trace);
        }
        let line_item = winner.and_then(|index| line_items.get(index)).copied();
        let has_candidates = !line_items.is_empty();
        settle(scene, placement, line_item, has_candidates, decision);
    }
}

/// [`Outcome::Chosen`] means: it may be.
fn judge(scene: &Scene<'_>, placement: &Placement, line_item: &LineItem) -> Outcome {
    let holds = || scene.bundle.rule(line_item.rule).is_some_and(|rule| evaluate(rule, scene.context()) == Truth::Yes);
    if !line_item.flight.contains(scene.facts.visit.now) {
        Outcome::NotScheduled
    } else if !holds() {
        Outcome::NoMatch
    } else if line_item.weight == 0 {
        Outcome::NotSampled
    } else if creative(scene, placement, line_item).is_none() {
        Outcome::NoCreative
    } else {
        Outcome::Chosen
    }
}

fn winner(scene: &Scene<'_>, placement: &Placement, line_items: &[&LineItem], outcomes: &[Outcome]) -> Option<usize> {
    let may_be = |index: usize| outcomes.get(index) == Some(&Outcome::Chosen);
    let first = outcomes.iter().position(|outcome| *outcome == Outcome::Chosen)?;
    let priority = line_items.get(first)?.priority;
    // Equals stand together, because line items are in order of priority.
    let weights = line_items
        .iter()
        .enumerate()
        .map(|(index, line_item)| if may_be(index) && line_item.priority == priority { line_item.weight } else { 0 });
    pick(weights, scene.bucket(&placement.name, "line item", unit(scene)))
}

/// Who sees the same ad again. A stranger without an id has no unit: then everybody like that shares one.
fn unit<'a>(scene: &Scene<'a>) -> &'a str {
    scene.unit_id(Unit::Visitor).or_else(|| scene.unit_id(Unit::Account)).unwrap_or("")
}

/// The creative of the placement's most preferred size that the line item has; among several the weights decide.
fn creative<'a>(scene: &Scene<'_>, placement: &Placement, line_item: &'a LineItem) -> Option<&'a Creative> {
    let bucket = scene.bucket(&line_item.name, "creative", unit(scene));
    placement.sizes.iter().find_map(|size| {
        let weights = line_item.creatives.iter().map(|one| if one.size == *size { one.weight } else { 0 });
        line_item.creatives.get(pick(weights, bucket)?)
    })
}

fn settle(
    scene: &Scene<'_>,
    placement: &Placement,
    winner: Option<&LineItem>,
    has_candidates: bool,
    decision: &mut Decision,
) {
    let mut reason = Reason { about: placement.name.clone(), chosen: None, text: reason::NONE_MATCHES.into() };
    if let Some((line_item, creative)) = winner.and_then(|item| Some((item, creative(scene, placement, item)?))) {
        reason.chosen = Some(line_item.name.clone());
        reason.text = reason::CHOSEN.into();
        decision.ads.push(ad(scene, placement, line_item, creative));
    } else if !has_candidates {
        reason.text = reason::NO_LINE_ITEM.into();
    }
    decision.reasons.push(reason);
}

fn ad(scene: &Scene<'_>, placement: &Placement, line_item: &LineItem, creative: &Creative) -> Ad {
    let account = scene.facts.account;
    let optional = |template: &Option<Template>| template.as_ref().map(|template| template.render(account));
    Ad {
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
    }
}

fn note(
    scene: &Scene<'_>,
    placement: &Placement,
    line_item: &LineItem,
    outcome: Outcome,
    is_winner: bool,
    trace: &mut Trace,
) {
    let outcome = if outcome == Outcome::Chosen && !is_winner { Outcome::Outranked } else { outcome };
    trace.note((CandidateKind::LineItem, &placement.name, &line_item.name), outcome, || match outcome {
        Outcome::NotScheduled => reason::not_scheduled(scene),
        Outcome::NoMatch => reason::no_match(scene, line_item.rule),
        Outcome::NotSampled => "its rule holds, but its weight is 0".into(),
        Outcome::NoCreative => "its rule holds, but it has no creative of a size that fits".into(),
        Outcome::Outranked => "its rule holds, but another one has the placement".into(),
        _ => reason::CHOSEN.into(),
    });
}
