//! What a match tells whoever ran it.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
    path::Path,
};

use nameplate::{
    compile::plural,
    model::Grade,
    net::{AddressClass, Prefix},
    recognise::{Found, Idle, Subject, Target},
};
use serde_json::json;

use super::databases::Read;
use crate::cli::Failure;

/// Of a long list, so many are named.
const NAMED_MAX: usize = 10;

/// All that there is to tell.
pub(super) struct Report<'a> {
    pub(super) databases: &'a [Read],
    pub(super) targets: &'a [Target],
    pub(super) found: &'a Found,
    pub(super) idle: &'a Idle,
}

impl Report<'_> {
    pub(super) fn print(&self, networks: &Path, review: &Path) -> io::Result<()> {
        let mut out = io::stdout().lock();
        for Read { file, database, ranges } in self.databases {
            let seen = database.seen.map(|day| format!(" of {day}")).unwrap_or_default();
            writeln!(out, "{file}{seen}: {}", plural(usize::try_from(*ranges).unwrap_or(usize::MAX), "range"))?;
        }
        let [v4, v6] = self.families();
        let without = self.without();
        let with = plural(self.targets.len().saturating_sub(without.len()), "account");
        let grades: Vec<String> =
            self.grades().iter().rev().map(|(grade, count)| format!("{count} {}", grade.name())).collect();
        writeln!(out, "{}: {} IPv4 and {} IPv6 prefixes of {with}; {}", networks.display(), v4, v6, grades.join(", "))?;
        let [accepted, refused, undecided] = self.found.review.counts();
        writeln!(out, "{}: {accepted} accepted, {refused} refused, {undecided} to decide", review.display())?;
        self.list(&mut out, "without a network", without.into_iter())?;
        for (_, what, items) in self.ineffective() {
            self.list(&mut out, what, items.into_iter())?;
        }
        Ok(())
    }

    pub(super) fn print_json(&self) -> Result<(), Failure> {
        let databases: Vec<_> = self
            .databases
            .iter()
            .map(|done| {
                let seen = done.database.seen.map(|day| day.to_string());
                json!({ "file": done.file, "name": done.database.label, "seen": seen, "ranges": done.ranges })
            })
            .collect();
        let [v4, v6] = self.families();
        let grades: BTreeMap<&str, usize> =
            self.grades().into_iter().map(|(grade, count)| (grade.name(), count)).collect();
        let [accepted, refused, undecided] = self.found.review.counts();
        let ineffective: BTreeMap<_, _> = self.ineffective().into_iter().map(|(key, _, items)| (key, items)).collect();
        let summary = json!({
            "databases": databases,
            "prefixes": { "ipv4": v4, "ipv6": v6, "shared": self.found.shared.len() },
            "grades": grades,
            "accounts": self.targets.len(),
            "without_network": self.without(),
            "review": { "accepted": accepted, "refused": refused, "undecided": undecided },
            "ineffective": ineffective,
        });
        writeln!(io::stdout(), "{}", serde_json::to_string_pretty(&summary)?)?;
        Ok(())
    }

    /// What people wrote that changes nothing, and why: for programs and in words.
    fn ineffective(&self) -> [(&'static str, &'static str, Vec<String>); 4] {
        let listed = self.targets.iter().flat_map(|target| target.asns.iter().map(move |asn| (target, asn)));
        let unmet = listed.filter(|(_, asn)| self.idle.asns.contains(asn));
        let prefixes =
            self.targets.iter().flat_map(|target| target.prefixes.iter().map(move |prefix| (target, prefix)));
        let reserved = prefixes.filter(|(_, prefix)| matches!(prefix.first().class(), AddressClass::Special(_)));
        let is_account = |id: &str| self.targets.binary_search_by(|target| target.id.as_str().cmp(id)).is_ok();
        let decided = self.found.review.entries().filter(|(_, entry)| entry.decision.is_some());
        let strangers = decided.filter(|(subject, _)| !is_account(&subject.account));
        [
            ("decisions", "decided, and in no database", self.idle.decisions.iter().map(words).collect()),
            (
                "accounts",
                "decided, and of no account of the site",
                strangers.map(|(subject, _)| words(subject)).collect(),
            ),
            (
                "asns",
                "listed, and in no database",
                unmet.map(|(target, asn)| format!("{} AS{asn}", target.id)).collect(),
            ),
            (
                "prefixes",
                "listed, and reserved",
                reserved.map(|(target, prefix)| format!("{} {prefix}", target.id)).collect(),
            ),
        ]
    }

    fn list(
        &self,
        out: &mut impl Write,
        what: &str,
        mut items: impl ExactSizeIterator<Item = String>,
    ) -> io::Result<()> {
        let count = items.len();
        if count == 0 {
            return Ok(());
        }
        let named: Vec<String> = items.by_ref().take(NAMED_MAX).collect();
        let more = if count > NAMED_MAX { " ..." } else { "" };
        writeln!(out, "{count} {what}: {}{more}", named.join(", "))
    }

    fn families(&self) -> [usize; 2] {
        let v4 = self.found.networks.iter().filter(|(prefix, _)| matches!(prefix, Prefix::V4 { .. })).count();
        [v4, self.found.networks.len().saturating_sub(v4)]
    }

    /// How many prefixes are of each grade.
    fn grades(&self) -> Vec<(Grade, usize)> {
        let mut counts = Grade::ALL.map(|grade| (grade, 0));
        for (_, number) in &self.found.networks {
            let grade = self.found.origin(*number).map(|origin| Grade::of(origin.confidence));
            counts.iter_mut().filter(|(known, _)| Some(*known) == grade).for_each(|(_, count)| *count += 1);
        }
        counts.into_iter().filter(|(_, count)| *count > 0).collect()
    }

    /// The accounts of which no network was found.
    fn without(&self) -> Vec<String> {
        let numbers = self.found.networks.iter().filter_map(|(_, number)| self.found.origin(*number));
        let with: BTreeSet<usize> = numbers.map(|origin| origin.target).collect();
        let without = self.targets.iter().enumerate().filter(|(position, _)| !with.contains(position));
        without.map(|(_, target)| target.id.clone()).collect()
    }
}

/// "siemens AS64500 `Example AG`"
fn words(subject: &Subject) -> String {
    let asn = subject.asn.map(|asn| format!("AS{asn}"));
    let prefix = subject.prefix.map(|prefix| prefix.to_string());
    let texts = [&subject.organisation, &subject.domain].into_iter().flatten().map(|text| format!("`{text}`"));
    [subject.account.clone()].into_iter().chain(asn).chain(prefix).chain(texts).collect::<Vec<_>>().join(" ")
}
