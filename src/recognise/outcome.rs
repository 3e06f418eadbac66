//! What is to be said of the ranges of one holder: the list of shared systems, what people decided, the database and the matcher
//! put together.

use crate::{
    net::{Holder, Usage},
    recognise::{
        Evidence, Finding, Matcher, SharedEgress, Target, Verdict,
        decisions::{Decisions, Ruling},
        interner::Interner,
        review::{ACCEPTED, Entry, Subject},
        survey::{Database, Origin, SharedOrigin},
    },
};

/// Characters of a source in a list of networks.
const SOURCE_CHAR_MAX: usize = 200;

/// What is to be said.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Numbers of origins: whose they are. More than one where people accepted more.
    pub(super) claims: Vec<u32>,
    /// Number of the origin that makes them nobody's alone.
    pub(super) shared: Option<u32>,
    /// Whether they would be an account's otherwise.
    pub(super) is_shared_claim: bool,
    /// Rows for a person to decide.
    pub(super) close: Vec<(Subject, Entry)>,
    /// Positions of the decisions that the holder falls under.
    pub(super) rows: Vec<usize>,
}

impl Outcome {
    pub(super) fn is_nothing(&self) -> bool {
        self.claims.is_empty() && self.shared.is_none() && self.close.is_empty() && self.rows.is_empty()
    }
}

/// All that an outcome depends on beside the holder.
pub(super) struct Judge<'a> {
    pub(super) targets: &'a [Target],
    pub(super) matcher: &'a Matcher,
    pub(super) list: &'a SharedEgress,
    pub(super) decisions: &'a Decisions,
    pub(super) database: &'a Database,
}

impl Judge<'_> {
    pub(super) fn outcome(
        &self,
        holder: &Holder,
        origins: &mut Interner<Origin>,
        shared_origins: &mut Interner<SharedOrigin>,
    ) -> Outcome {
        let customer = self.customer(holder);
        let holder = customer.as_ref().unwrap_or(holder);
        let ruling = self.decisions.of(holder);
        let accepted = self.accepted(&ruling);
        let found = self.found(holder, &ruling);
        let mut outcome = Outcome { rows: ruling.rows, ..Outcome::default() };
        if let Some((usage, why)) = self.shared(holder, !accepted.is_empty()) {
            let mut targets: Vec<usize> = found.iter().map(|(finding, _)| finding.target).collect();
            if targets.is_empty() {
                targets.extend(accepted.first().map(|(target, _)| *target));
            }
            outcome.is_shared_claim = !targets.is_empty();
            let close = |target| self.close(target, holder, format!("{}: {why}", usage.name()));
            outcome.close = targets.into_iter().filter_map(close).collect();
            outcome.shared = Some(shared_origins.number(SharedOrigin { usage, source: cut(why, SOURCE_CHAR_MAX) }));
            return outcome;
        }
        let mut claim = |target, confidence, is_said, how: &str| {
            let source = self.source(holder, how);
            origins.number(Origin { target, confidence, is_said, source, seen: self.database.seen })
        };
        if !accepted.is_empty() {
            let claims = accepted.iter().map(|(target, sure)| claim(*target, *sure, true, "accepted by hand"));
            outcome.claims = claims.collect();
            return outcome;
        }
        for (Finding { target, confidence, evidence }, doubt) in found {
            match doubt {
                Some(reason) => outcome.close.extend(self.close(target, holder, reason)),
                None => {
                    let is_said = matches!(evidence, Evidence::Asn(_));
                    outcome.claims.push(claim(target, confidence, is_said, &evidence.to_string()));
                }
            }
        }
        outcome
    }

    /// The holder without the number of his system, where that is an access provider's whose customer he is: it says nothing of him.
    fn customer(&self, holder: &Holder) -> Option<Holder> {
        let usage = holder.asn.and_then(|asn| self.list.get(asn)).map(|listed| listed.usage);
        let is_customer = usage == Some(Usage::Access) && holder.isp.is_some() && holder.organisation != holder.isp;
        is_customer.then(|| Holder { asn: None, ..holder.clone() })
    }

    /// The accounts that people accepted, where the site still has them.
    fn accepted(&self, ruling: &Ruling<'_>) -> Vec<(usize, u8)> {
        let position = |id: &str| self.targets.binary_search_by(|target| target.id.as_str().cmp(id)).ok();
        ruling.accepted.iter().filter_map(|(id, confidence)| Some((position(id)?, *confidence))).collect()
    }

    /// What the matcher finds and nobody refused, each with the reason why it is not safe.
    fn found(&self, holder: &Holder, ruling: &Ruling<'_>) -> Vec<(Finding, Option<String>)> {
        let mut found = match self.matcher.find(holder) {
            Verdict::Match(finding) => {
                let doubt = self.carries_others(holder, &finding.evidence);
                vec![(finding, doubt)]
            }
            Verdict::Close(finding, reason) => vec![(finding, Some(reason))],
            Verdict::Tie(findings) => self.tied(findings),
            Verdict::None => Vec::new(),
        };
        found.retain(|(finding, _)| !ruling.refused.contains(&self.id(finding)));
        found
    }

    /// Each of the findings, and of whom it could be said as well.
    fn tied(&self, findings: Vec<Finding>) -> Vec<(Finding, Option<String>)> {
        let ids: Vec<String> = findings.iter().map(|finding| format!("`{}`", self.id(finding))).collect();
        let reason = |at: usize| {
            let others: Vec<&str> =
                ids.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, id)| id.as_str()).collect();
            format!("it says as much of {}", others.join(", "))
        };
        findings.into_iter().enumerate().map(|(at, finding)| (finding, Some(reason(at)))).collect()
    }

    fn id(&self, finding: &Finding) -> &str {
        self.targets.get(finding.target).map_or("", |target| &target.id)
    }

    /// Why a system may be full of others, though nobody has listed it: its organisation has another that is, and carries people.
    fn carries_others(&self, holder: &Holder, evidence: &Evidence) -> Option<String> {
        if matches!(evidence, Evidence::Asn(_)) {
            return None;
        }
        let (asn, listed) = self.list.of_organisation(holder.organisation.as_deref()?)?;
        // Who rents out servers has staff as well, and calls from other systems than those.
        if !matches!(listed.usage, Usage::Access | Usage::Mobile) {
            return None;
        }
        Some(format!("the same organisation's AS{asn} has {}", listed.reason))
    }

    /// What makes a holder's ranges nobody's alone, and where that is known from. A system that is on the list is nobody's, whoever
    /// accepted it; what else a database says of its use, people know better.
    fn shared(&self, holder: &Holder, is_accepted: bool) -> Option<(Usage, String)> {
        if let Some((asn, listed)) = holder.asn.and_then(|asn| Some((asn, self.list.get(asn)?))) {
            return Some((listed.usage, format!("AS{asn} {}: {}", listed.name, listed.reason)));
        }
        let usage = holder.usage.filter(|usage| usage.is_shared() && !is_accepted)?;
        Some((usage, format!("{} says so", self.database.label)))
    }

    fn close(&self, target: usize, holder: &Holder, reason: String) -> Option<(Subject, Entry)> {
        let subject = Subject::of(&self.targets.get(target)?.id, holder);
        Some((subject, Entry { decision: None, confidence: ACCEPTED, ranges: 0, reason }))
    }

    /// "AS64500, organisation `Example AG` (asn)": the holder as far as `how` does not name him. Where that is too long, he is cut.
    fn source(&self, holder: &Holder, how: &str) -> String {
        let asn = holder.asn.map(|asn| format!("AS{asn}"));
        let names = [&holder.organisation, &holder.domain, &holder.isp].into_iter().flatten();
        let name = names.filter(|name| !name.is_empty()).take(1);
        let who: Vec<&str> = asn.iter().chain(name).map(String::as_str).filter(|part| !how.contains(part)).collect();
        let rest = format!("{how} ({})", self.database.label);
        let room = SOURCE_CHAR_MAX.saturating_sub(rest.chars().count() + 2);
        match who.as_slice() {
            [] => cut(rest, SOURCE_CHAR_MAX),
            _ => cut(format!("{}, {rest}", cut(who.join(" "), room)), SOURCE_CHAR_MAX),
        }
    }
}

/// At most so many characters.
fn cut(text: String, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some(_) => text.chars().take(max.saturating_sub(1)).chain(['…']).collect(),
        None => text,
    }
}
