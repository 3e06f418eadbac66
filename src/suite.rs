//! Runs a site's own tests: each visit is decided as a page view would be, and what it got is held against what it must get.

use std::collections::BTreeSet;

use crate::{
    bundle::Bundle,
    compile::{Case, Diagnostic, Expectation, Expected, Shown},
    decide::explain,
    model::{Ad, AppliedChange, Candidate, Explanation, SlotChange},
};

/// What one test came to: nothing where all was as expected.
#[derive(Debug)]
pub struct Outcome<'a> {
    /// The test.
    pub case: &'a Case,
    /// One for each thing that came out otherwise, at the place where it is expected.
    pub failures: Vec<Diagnostic>,
}

/// What tests reach of a site, by the names that [`Part`] spells.
#[derive(Debug, Default)]
pub struct Coverage {
    reached: BTreeSet<Part>,
}

/// A part of a site that a visit can reach.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// `segment`, `experience`, `variant`, `line item` or `creative`.
    pub kind: &'static str,
    /// Its name; of a variant or creative behind that of its whole: `plants/furnace`.
    pub name: String,
}

/// Runs a test, and notes what it reaches. Costs an explanation: an evaluation of every rule of the site.
#[must_use]
pub fn run<'a>(bundle: &Bundle, case: &'a Case, coverage: &mut Coverage) -> Outcome<'a> {
    let explanation = explain(bundle, &case.visit);
    coverage.note(&explanation);
    let failures = case.expectations.iter().filter_map(|expectation| check(expectation, case, &explanation)).collect();
    Outcome { case, failures }
}

fn check(expectation: &Expectation, case: &Case, explanation: &Explanation) -> Option<Diagnostic> {
    let decision = &explanation.decision;
    let account = decision.account.as_ref();
    let failed = |message: String, help: Option<String>| Some(expectation.failed(case, message, help));
    match &expectation.expected {
        Expected::Account(id) => {
            let found = account.map(|account| &*account.id);
            let name = |id: Option<&str>| id.map_or("a stranger".to_owned(), |id| format!("`{id}`"));
            let expected = id.as_deref();
            if found == expected {
                return None;
            }
            let message = format!("the visitor is {}; expected {}", name(found), name(expected));
            failed(message, Some(decision.matched.reason.clone()))
        }
        Expected::Segment(segment, is_in) => {
            let found = account.is_some_and(|account| account.segments.iter().any(|known| **known == **segment));
            let who = account.map_or("a stranger".to_owned(), |account| format!("`{}`", account.id));
            let not = if found { "" } else { "not " };
            if found == *is_in { None } else { failed(format!("{who} is {not}in the segment `{segment}`"), None) }
        }
        Expected::Slot(slot, expected) => {
            let found = shown_in_slot(explanation, slot);
            compare(slot, &found, expected, explanation).and_then(|(message, help)| failed(message, help))
        }
        Expected::Placement(placement, expected) => {
            let ad = decision.ads.iter().find(|ad| *ad.placement == **placement);
            let found = ad.map_or(Shown::Default, content_of_ad);
            compare(placement, &found, expected, explanation).and_then(|(message, help)| failed(message, help))
        }
        Expected::Text(slot, words) => {
            let change = decision.slots.iter().find(|change| *change.slot == **slot);
            let found = change.and_then(text_of);
            match found {
                Some(found) if found.contains(words.as_str()) => None,
                Some(found) => failed(format!("`{slot}` says `{found}`; expected `{words}` in it"), None),
                None => failed(format!("`{slot}` keeps its text; expected `{words}` in it"), None),
            }
        }
        Expected::Reason(about, words) => {
            let found = decision.reasons.iter().find(|reason| *reason.about == **about);
            let found = found.map_or("", |reason| &reason.text);
            let is_so = found.contains(words.as_str());
            if is_so { None } else { failed(format!("the reason is `{found}`; expected `{words}` in it"), None) }
        }
    }
}

/// What a slot shows, or what was drawn for it: a variant that keeps Default there is shown too.
fn shown_in_slot(explanation: &Explanation, slot: &str) -> Shown {
    let change = explanation.decision.slots.iter().find(|change| *change.slot == *slot);
    change.map_or(Shown::Default, |change: &SlotChange| {
        Shown::Content(change.experience.to_string(), Some(change.variant.to_string()))
    })
}

fn content_of_ad(ad: &Ad) -> Shown {
    Shown::Content(ad.line_item.to_string(), Some(ad.creative.to_string()))
}

/// What a slot says, HTML as it is written.
fn text_of(change: &SlotChange) -> Option<&str> {
    change.changes.iter().find_map(|change| match change {
        AppliedChange::Text { value } | AppliedChange::Html { value } => Some(value.as_str()),
        _ => None,
    })
}

/// What is wrong with what a place shows, and why what was expected lost.
fn compare(
    about: &str,
    found: &Shown,
    expected: &Shown,
    explanation: &Explanation,
) -> Option<(String, Option<String>)> {
    if matches(found, expected) {
        return None;
    }
    let name = |shown: &Shown| match shown {
        Shown::Default => shown.to_string(),
        Shown::Content(..) => format!("`{shown}`"),
    };
    let message = format!("`{about}` shows {}; expected {}", name(found), name(expected));
    let is_meant = |candidate: &&Candidate| match expected {
        Shown::Content(name, _) => *candidate.about == *about && *candidate.name == **name,
        Shown::Default => false,
    };
    let help = match explanation.candidates.iter().find(is_meant) {
        Some(candidate) => Some(format!("`{}`: {}", candidate.name, candidate.text)),
        None => reason_of(about, explanation),
    };
    Some((message, help))
}

/// Whether a place shows what is expected; a variant that nobody named may be any.
fn matches(found: &Shown, expected: &Shown) -> bool {
    match (found, expected) {
        (Shown::Content(found, _), Shown::Content(expected, None)) => found == expected,
        _ => found == expected,
    }
}

fn reason_of(about: &str, explanation: &Explanation) -> Option<String> {
    let reason = explanation.decision.reasons.iter().find(|reason| *reason.about == *about)?;
    Some(reason.text.to_string())
}

impl Coverage {
    fn note(&mut self, explanation: &Explanation) {
        let decision = &explanation.decision;
        let segments = decision.account.iter().flat_map(|account| &account.segments);
        self.reached.extend(segments.map(|segment| Part { kind: "segment", name: segment.to_string() }));
        for exposure in &decision.exposures {
            if let Some(variant) = &exposure.variant {
                self.whole_and_part(("experience", &exposure.experience), ("variant", variant));
            }
        }
        for ad in &decision.ads {
            self.whole_and_part(("line item", &ad.line_item), ("creative", &ad.creative));
        }
    }

    fn whole_and_part(&mut self, (kind, whole): (&'static str, &str), (part_kind, part): (&'static str, &str)) {
        self.reached.insert(Part { kind, name: whole.to_owned() });
        self.reached.insert(Part { kind: part_kind, name: format!("{whole}/{part}") });
    }

    /// What no test reached, in the site's order. The variants of an experience that is not reached either are not named again.
    #[must_use]
    pub fn missing(&self, bundle: &Bundle) -> Vec<Part> {
        let site = bundle.site();
        let mut missing = Vec::new();
        for segment in &site.segments {
            self.miss("segment", segment.name.to_string(), &mut missing);
        }
        for experience in &site.experiences {
            if !self.miss("experience", experience.name.to_string(), &mut missing) {
                for variant in experience.variants.iter().filter(|variant| variant.weight > 0) {
                    self.miss("variant", format!("{}/{}", experience.name, variant.name), &mut missing);
                }
            }
        }
        for line_item in &site.line_items {
            if !self.miss("line item", line_item.name.to_string(), &mut missing) {
                for creative in line_item.creatives.iter().filter(|creative| creative.weight > 0) {
                    self.miss("creative", format!("{}/{}", line_item.name, creative.name), &mut missing);
                }
            }
        }
        missing
    }

    fn miss(&self, kind: &'static str, name: String, missing: &mut Vec<Part>) -> bool {
        let part = Part { kind, name };
        let is_missed = !self.reached.contains(&part);
        missing.extend(is_missed.then_some(part));
        is_missed
    }
}
