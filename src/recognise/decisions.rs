//! Which decisions of people a holder falls under.

use std::collections::HashMap;

use crate::{
    net::Holder,
    recognise::{
        Review,
        review::{Decision, Entry, Subject},
    },
};

/// The rows of a review that name holders, findable by what they name.
#[derive(Debug)]
pub(super) struct Decisions {
    rows: Vec<(Subject, Entry)>,
    by_asn: HashMap<u32, Vec<usize>>,
    /// Of those that name no autonomous system: by organisation, or else by domain.
    by_text: HashMap<String, Vec<usize>>,
}

/// What people decided of one holder.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Ruling<'a> {
    /// The accounts that it is, and how sure; most often none or one.
    pub(super) accepted: Vec<(&'a str, u8)>,
    /// The accounts that it is not.
    pub(super) refused: Vec<&'a str>,
    /// Positions of the rows that say so.
    pub(super) rows: Vec<usize>,
}

impl Decisions {
    pub(super) fn new(review: &Review) -> Self {
        let named = review.entries().filter(|(subject, entry)| subject.prefix.is_none() && entry.decision.is_some());
        let rows: Vec<(Subject, Entry)> = named.map(|(subject, entry)| (subject.clone(), entry.clone())).collect();
        let mut found = Self { rows: Vec::new(), by_asn: HashMap::new(), by_text: HashMap::new() };
        for (position, (subject, _)) in rows.iter().enumerate() {
            let text = subject.organisation.as_ref().or(subject.domain.as_ref());
            match (subject.asn, text) {
                (Some(asn), _) => found.by_asn.entry(asn).or_default().push(position),
                (None, Some(text)) => found.by_text.entry(text.clone()).or_default().push(position),
                (None, None) => {}
            }
        }
        Self { rows, ..found }
    }

    /// The row at a position.
    pub(super) fn row(&self, position: usize) -> Option<&(Subject, Entry)> {
        self.rows.get(position)
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// What was decided of a holder. Of two rows for one account the one that names more counts; if they name as much, the refusal.
    pub(super) fn of(&self, holder: &Holder) -> Ruling<'_> {
        let by_text = |text: &Option<String>| text.as_ref().and_then(|text| self.by_text.get(text));
        let by_asn = holder.asn.and_then(|asn| self.by_asn.get(&asn));
        let near = [by_asn, by_text(&holder.organisation), by_text(&holder.domain)];
        let mut fitting: Vec<usize> =
            near.into_iter().flatten().flatten().copied().filter(|position| self.fits(*position, holder)).collect();
        fitting.sort_by_key(|position| {
            let row = self.rows.get(*position);
            let weight = row.map_or(0, |(subject, _)| subject.weight());
            let refuses = row.is_some_and(|(_, entry)| entry.decision == Some(Decision::Refuse));
            (std::cmp::Reverse((weight, refuses)), *position)
        });
        fitting.dedup();
        let mut ruling = Ruling::default();
        for position in fitting {
            let Some((subject, entry)) = self.rows.get(position) else { continue };
            let account = subject.account.as_str();
            if ruling.accepted.iter().any(|(known, _)| *known == account) || ruling.refused.contains(&account) {
                continue;
            }
            match entry.decision {
                Some(Decision::Accept) => ruling.accepted.push((account, entry.confidence)),
                _ => ruling.refused.push(account),
            }
            ruling.rows.push(position);
        }
        ruling
    }

    fn fits(&self, position: usize, holder: &Holder) -> bool {
        let Some((subject, _)) = self.rows.get(position) else { return false };
        let fits = |named: &Option<String>, has: &Option<String>| named.is_none() || named == has;
        (subject.asn.is_none() || subject.asn == holder.asn)
            && fits(&subject.organisation, &holder.organisation)
            && fits(&subject.domain, &holder.domain)
    }
}

#[cfg(test)]
mod tests {
    use super::Decisions;
    use crate::{net::Holder, recognise::Review};

    const REVIEW: &str = "decision,account,asn,organisation,domain,confidence,reason
accept,alder,64500,,,90,its own
refuse,alder,64500,Alder Guests,,,a hotel
accept,birch,,Birch Ltd,,,
refuse,birch,,,birch.example,,sold
accept,cedar,64501,Cedar,cedar.example,70,
,cedar,64502,Cedar,,,nobody decided
";

    #[test]
    fn the_row_that_names_more_decides() {
        let review = Review::read(REVIEW.as_bytes()).unwrap();
        let decisions = Decisions::new(&review);
        let check = |asn: u32, organisation: &str, domain: &str, accepted: &[(&str, u8)], refused: &[&str]| {
            let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            let holder =
                Holder { asn: Some(asn), organisation: text(organisation), domain: text(domain), ..Holder::default() };
            let ruling = decisions.of(&holder);
            assert_eq!((&ruling.accepted[..], &ruling.refused[..]), (accepted, refused), "{holder:?}");
        };
        check(64500, "Alder AG", "", &[("alder", 90)], &[]);
        check(64500, "Alder Guests", "", &[], &["alder"]);
        check(64509, "Birch Ltd", "", &[("birch", 80)], &[]);
        check(64509, "Birch Ltd", "birch.example", &[], &["birch"]);
        check(64501, "Cedar", "cedar.example", &[("cedar", 70)], &[]);
        check(64501, "Cedar", "", &[], &[]);
        check(64502, "Cedar", "", &[], &[]);
    }
}
