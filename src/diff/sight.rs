//! What an account may see in a place, candidate by candidate, in a form that two bundles can be compared by: with names in the
//! place of positions.

use std::{
    collections::{BTreeSet, HashMap},
    rc::Rc,
};

use serde::Serialize;

use super::{Cause, Turn};
use crate::{
    bundle::{Bundle, Candidate},
    model::{AccountField, Change, Experience, LineItem, Template, Variant, Window},
    rule::Worded,
};

/// A slot or a placement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) kind: PlaceKind,
    pub(super) name: String,
}

/// What a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PlaceKind {
    /// Holds content.
    Slot,
    /// Holds an ad.
    Placement,
}

/// A candidate among the others of its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) sight: Rc<Sight>,
    /// How many are before it; ads of one priority share a rank. The priority itself nobody sees.
    rank: usize,
}

/// One candidate, as it shows in one place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sight {
    pub(super) name: String,
    /// What is left of its rule.
    pub(super) when: String,
    window: Window,
    /// Who gets which part of it.
    test: String,
    content: String,
    weight: u32,
    /// Fields of the account that its content names.
    pub(super) fields: BTreeSet<AccountField>,
    /// Nothing behind it ever shows.
    is_last: bool,
}

impl Seen {
    pub(super) fn changed(&self, what: Vec<&'static str>) -> Cause {
        Cause { name: self.sight.name.clone(), turn: Turn::Changed { what } }
    }

    /// In what it differs from one of the same name.
    pub(super) fn differences(&self, now: &Self) -> Vec<&'static str> {
        let (old, new) = (&self.sight, &now.sight);
        let parts = [
            ("rule", old.when != new.when),
            ("schedule", old.window != new.window),
            ("test", old.test != new.test),
            ("content", old.content != new.content),
            ("weight", old.weight != new.weight),
            ("order", self.rank != now.rank),
        ];
        parts.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }
}

/// The places of a site, slots first.
pub(super) fn places(bundle: &Bundle) -> Vec<Place> {
    let site = bundle.site();
    let slots = site.slots.iter().map(|slot| Place { kind: PlaceKind::Slot, name: slot.name.to_string() });
    let placements =
        site.placements.iter().map(|place| Place { kind: PlaceKind::Placement, name: place.name.to_string() });
    slots.chain(placements).collect()
}

/// The sights of a bundle. Each candidate of a place is put into words once.
pub(super) struct Sights<'a> {
    pub(super) bundle: &'a Bundle,
    known: HashMap<(PlaceKind, usize, Candidate, bool), Rc<Sight>>,
}

impl<'a> Sights<'a> {
    pub(super) fn new(bundle: &'a Bundle) -> Self {
        Self { bundle, known: HashMap::new() }
    }

    /// What a class may see in a place, the strongest first, up to the one behind which nothing shows.
    pub(super) fn of(&mut self, class: u32, place: &Place, is_known: bool) -> Vec<Seen> {
        let bundle = self.bundle;
        let site = bundle.site();
        let position = match place.kind {
            PlaceKind::Slot => site.slots.iter().position(|slot| *slot.name == *place.name),
            PlaceKind::Placement => site.placements.iter().position(|one| *one.name == *place.name),
        };
        let Some(position) = position else { return Vec::new() };
        let class = bundle.contents().classes.get(class);
        let candidates = match place.kind {
            PlaceKind::Slot => class.experiences,
            PlaceKind::Placement => class.line_items,
        };
        let mut all: Vec<Seen> = Vec::new();
        let mut before = None;
        for candidate in candidates {
            let priority = priority(bundle, place.kind, *candidate);
            let is_level = before == Some(priority) && priority.is_some();
            if !is_level && all.iter().any(|seen| seen.sight.is_last) {
                break;
            }
            let Some(sight) = self.sight(place.kind, position, *candidate, is_known) else { continue };
            let rank = match all.last() {
                Some(last) if is_level => last.rank,
                _ => all.len(),
            };
            before = Some(priority);
            all.push(Seen { sight, rank });
        }
        all
    }

    fn sight(&mut self, kind: PlaceKind, place: usize, candidate: Candidate, is_known: bool) -> Option<Rc<Sight>> {
        let key = (kind, place, candidate, is_known);
        if let Some(sight) = self.known.get(&key) {
            return Some(Rc::clone(sight));
        }
        let rule = self.bundle.rules().program(candidate.rule)?;
        let when = Worded(&rule, &self.bundle.site().names).to_string();
        let position = usize::try_from(candidate.position).ok()?;
        let sight = match kind {
            PlaceKind::Slot => of_experience(self.bundle, position, place, when, is_known)?,
            PlaceKind::Placement => of_line_item(self.bundle, position, place, when)?,
        };
        Some(Rc::clone(self.known.entry(key).or_insert(Rc::new(sight))))
    }
}

/// The priority that line items share a place by; experiences never share.
fn priority(bundle: &Bundle, kind: PlaceKind, candidate: Candidate) -> Option<u16> {
    let line_item = bundle.site().line_items.get(usize::try_from(candidate.position).ok()?)?;
    (kind == PlaceKind::Placement).then_some(line_item.priority)
}

/// What an experience does to a slot; `None` where it does nothing there.
fn of_experience(bundle: &Bundle, position: usize, slot: usize, when: String, is_known: bool) -> Option<Sight> {
    let experience: &Experience = bundle.site().experiences.get(position)?;
    bundle.experience_slots(position).contains(&slot).then_some(())?;
    let changes = |variant: &Variant| -> Vec<Change> {
        let content = variant.contents.iter().find(|content| usize::try_from(content.slot) == Ok(slot));
        content.map_or_else(Vec::new, |content| content.changes.clone())
    };
    let content: Vec<(String, Vec<Change>)> =
        experience.variants.iter().map(|variant| (variant.name.to_string(), changes(variant))).collect();
    let weights: Vec<u32> = experience.variants.iter().map(|variant| variant.weight).collect();
    let templates = content.iter().flat_map(|(_, changes)| changes).filter_map(Change::template);
    let is_last = when == "true" && experience.shows_surely(is_known);
    Some(Sight {
        name: experience.name.to_string(),
        window: experience.schedule,
        // With one variant its weight says nothing.
        test: if weights.len() > 1 {
            format!("{:?} {weights:?}", experience.test)
        } else {
            format!("{:?}", experience.test)
        },
        fields: fields(templates),
        content: format!("{content:?}"),
        weight: 0,
        is_last,
        when,
    })
}

/// What a line item delivers into a placement; `None` where it delivers nothing.
fn of_line_item(bundle: &Bundle, position: usize, place: usize, when: String) -> Option<Sight> {
    let line_item: &LineItem = bundle.site().line_items.get(position)?;
    let placement = bundle.site().placements.get(place)?;
    line_item.placements.iter().any(|known| usize::try_from(*known) == Ok(place)).then_some(())?;
    // Of its creatives those of the placement's most preferred size count, unless they are paused.
    let of_size = |size| line_item.creatives.iter().filter(move |one| one.size == size && one.weight > 0);
    let size = placement.sizes.iter().find(|size| of_size(**size).next().is_some())?;
    let creatives: Vec<_> = of_size(*size).collect();
    let is_last = when == "true" && line_item.flight == Window::default() && line_item.weight > 0;
    Some(Sight {
        name: line_item.name.to_string(),
        window: line_item.flight,
        test: String::new(),
        fields: fields(creatives.iter().flat_map(|creative| creative.templates())),
        content: format!("{creatives:?}"),
        weight: line_item.weight,
        is_last,
        when,
    })
}

/// The fields of the account that templates name, each once.
fn fields<'a>(templates: impl Iterator<Item = &'a Template>) -> BTreeSet<AccountField> {
    templates.flat_map(Template::fields).collect()
}
