//! Reasons: a short one for every choice, and on demand what became of every candidate.

use std::borrow::Cow;

use super::Scene;
use crate::{
    model::{Candidate, CandidateKind, Outcome, Text},
    rule::near_miss,
};

pub(super) const SITE_HELD_OUT: &str = "the account is in the site's holdout: it stays on Default";
pub(super) const CHOSEN: &str = "its rule holds, and no stronger one's does";
pub(super) const NO_EXPERIENCE: &str = "no experience names this slot";
pub(super) const NO_LINE_ITEM: &str = "no line item names this placement";
pub(super) const NONE_MATCHES: &str = "none of the candidates matches";

/// Collects candidates, or does not.
pub(super) struct Trace {
    candidates: Option<Vec<Candidate>>,
}

impl Trace {
    pub(super) fn off() -> Self {
        Self { candidates: None }
    }

    pub(super) fn on() -> Self {
        Self { candidates: Some(Vec::new()) }
    }

    /// Whether losers are wanted too.
    pub(super) fn is_on(&self) -> bool {
        self.candidates.is_some()
    }

    pub(super) fn into_candidates(self) -> Vec<Candidate> {
        self.candidates.unwrap_or_default()
    }

    pub(super) fn note(
        &mut self,
        (kind, about, name): (CandidateKind, &Text, &Text),
        outcome: Outcome,
        text: impl FnOnce() -> Cow<'static, str>,
    ) {
        if let Some(candidates) = &mut self.candidates {
            let (about, name) = (about.clone(), name.clone());
            candidates.push(Candidate { about, kind, name, outcome, text: text().into_owned() });
        }
    }
}

/// What would have made a rule hold.
pub(super) fn no_match(scene: &Scene<'_>, rule: u32) -> Cow<'static, str> {
    let miss = scene.bundle.rule(rule).and_then(|rule| near_miss(rule, scene.context(), &scene.bundle.site().segments));
    miss.map_or("its rule can never hold".into(), |miss| miss.to_string().into())
}

/// A window that is not open.
pub(super) fn not_scheduled(scene: &Scene<'_>) -> Cow<'static, str> {
    match scene.facts.visit.now {
        Some(_) => "its time has not come, or is over".into(),
        None => "it has a schedule, and the visit has no time".into(),
    }
}
