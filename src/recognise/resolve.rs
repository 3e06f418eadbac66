//! From what a survey gathered to networks: the fewest prefixes, each of one account.

use std::{cmp::Reverse, collections::BTreeMap};

use crate::{
    model::Grade,
    net::{AddressClass, Prefix},
    recognise::{
        Origin, Range, Review, SharedOrigin, Survey, Target,
        range::{join, without},
        review::{ACCEPTED, Decision, Entry, Subject},
    },
};

/// The widest prefix that counts without a person's word, bits: IPv4. Some companies do have that much; nobody has more.
const PLAUSIBLE_V4: u8 = 8;
/// The same of IPv6.
const PLAUSIBLE_V6: u8 = 19;

/// What was found.
#[derive(Debug)]
pub struct Found {
    /// Prefixes and the positions of their origins, ascending by prefix, each once.
    pub networks: Vec<(Prefix, u32)>,
    /// Whose they are.
    pub origins: Vec<Origin>,
    /// Prefixes that would be an account's but are nobody's alone, ascending.
    pub shared: Vec<(Prefix, SharedOrigin)>,
    /// What people decided and have to decide.
    pub review: Review,
}

/// A prefix that an origin claims.
type Claim = (Prefix, u32);

impl Survey<'_> {
    /// Who has which prefix. Where accounts claim the same addresses, what a person said counts before what was found, then the
    /// surer evidence, then the longer prefix; what that does not settle is nobody's and stands in the review.
    #[must_use]
    pub fn resolve(mut self) -> Found {
        let named = self.named();
        let shared = self.shared_prefixes(&named);
        let claims = self.claimed().into_iter().chain(named).collect();
        let Self { targets, origins, mut review, .. } = self;
        let origins = origins.into_values();
        let mut table =
            Table { targets, origins: &origins, review: &mut review, open: Vec::new(), networks: Vec::new() };
        table.fill(claims);
        let networks = table.networks;
        Found { networks, origins, shared, review }
    }

    /// The prefixes that accounts list and that people accepted.
    fn named(&mut self) -> Vec<Claim> {
        let listed = self.matcher.listed().map(|(prefix, finding)| {
            let (source, confidence) = (finding.evidence.to_string(), finding.confidence);
            (prefix, Origin { target: finding.target, confidence, is_said: true, source, seen: None })
        });
        let accepted = self.review.entries().filter_map(|(subject, entry)| {
            let target = self.targets.binary_search_by(|target| target.id.cmp(&subject.account)).ok()?;
            let prefix = subject.prefix.filter(|_| entry.decision == Some(Decision::Accept))?;
            let source = format!("{prefix}, accepted by hand");
            Some((prefix, Origin { target, confidence: entry.confidence, is_said: true, source, seen: None }))
        });
        let named: Vec<(Prefix, Origin)> = listed.chain(accepted).collect();
        named.into_iter().map(|(prefix, origin)| (prefix, self.origins.number(origin))).collect()
    }

    /// The fewest prefixes of every origin, without what is shared and what people refused.
    fn claimed(&mut self) -> Vec<Claim> {
        let shared = join(self.shared.iter().map(|(range, _)| *range).collect());
        let mut refused: BTreeMap<&str, Vec<Range>> = BTreeMap::new();
        for (subject, _) in self.review.entries().filter(|(_, entry)| entry.decision == Some(Decision::Refuse)) {
            refused.entry(&subject.account).or_default().extend(subject.prefix.map(Range::of));
        }
        let refused: BTreeMap<&str, Vec<Range>> = refused.into_iter().map(|(id, ranges)| (id, join(ranges))).collect();
        let mut by_origin: BTreeMap<u32, Vec<Range>> = BTreeMap::new();
        for (range, origin) in std::mem::take(&mut self.claims) {
            by_origin.entry(origin).or_default().push(range);
        }
        let origins = self.origins.values();
        let mut claims = Vec::new();
        for (number, ranges) in by_origin {
            let origin = usize::try_from(number).ok().and_then(|number| origins.get(number));
            let target = origin.and_then(|origin| self.targets.get(origin.target)).map_or("", |target| &target.id);
            let ranges = without(&join(ranges), &shared);
            let ranges = without(&ranges, refused.get(target).map_or(&[], Vec::as_slice));
            claims.extend(ranges.into_iter().flat_map(Range::prefixes).map(|prefix| (prefix, number)));
        }
        claims
    }

    /// The prefixes of what is shared, where they lie in what is an account's otherwise. What a person named is the account's.
    fn shared_prefixes(&mut self, named: &[Claim]) -> Vec<(Prefix, SharedOrigin)> {
        let claims = self.claims.iter().map(|(range, _)| *range).chain(std::mem::take(&mut self.shared_claims));
        let claims = join(claims.collect());
        let named = join(named.iter().map(|(prefix, _)| Range::of(*prefix)).collect());
        let mut by_origin: BTreeMap<u32, Vec<Range>> = BTreeMap::new();
        for (range, origin) in &self.shared {
            let from = claims.partition_point(|claim| claim.is_before(*range));
            let common = claims.iter().skip(from).map_while(|claim| claim.common(*range));
            by_origin.entry(*origin).or_default().extend(common);
        }
        let origins = self.shared_origins.values();
        let mut found: BTreeMap<Prefix, &SharedOrigin> = BTreeMap::new();
        for (number, ranges) in by_origin {
            let Some(origin) = usize::try_from(number).ok().and_then(|number| origins.get(number)) else { continue };
            for prefix in without(&join(ranges), &named).into_iter().flat_map(Range::prefixes) {
                let known = found.entry(prefix).or_insert(origin);
                *known = (*known).min(origin);
            }
        }
        found.into_iter().map(|(prefix, origin)| (prefix, origin.clone())).collect()
    }
}

/// The networks while they are settled, prefix by prefix.
struct Table<'a> {
    targets: &'a [Target],
    origins: &'a [Origin],
    review: &'a mut Review,
    /// The networks that the last prefix lies in, from the widest to the narrowest.
    open: Vec<(Prefix, &'a Origin)>,
    networks: Vec<Claim>,
}

impl<'a> Table<'a> {
    fn fill(&mut self, claims: Vec<Claim>) {
        let mut by_prefix: BTreeMap<Prefix, Vec<(&'a Origin, u32)>> = BTreeMap::new();
        for (prefix, number) in claims {
            let origin = usize::try_from(number).ok().and_then(|number| self.origins.get(number));
            by_prefix.entry(prefix).or_default().extend(origin.map(|origin| (origin, number)));
        }
        for (prefix, mut claims) in by_prefix {
            // Of equals what was seen last, and then by what they say: the order of the databases must not count.
            claims.sort_by_key(|(origin, _)| (Reverse(strength(origin)), Reverse(origin.seen), *origin));
            if let Some((origin, number)) = self.settle(prefix, &claims) {
                self.open.push((prefix, origin));
                self.networks.push((prefix, number));
            }
        }
    }

    /// Which of the claims to one prefix stands, the strongest of which comes first.
    fn settle(&mut self, prefix: Prefix, claims: &[(&'a Origin, u32)]) -> Option<(&'a Origin, u32)> {
        let (first, number) = *claims.first()?;
        if let AddressClass::Special(_) = prefix.first().class() {
            return None;
        }
        let widest = if matches!(prefix, Prefix::V4 { .. }) { PLAUSIBLE_V4 } else { PLAUSIBLE_V6 };
        if prefix.length() < widest && !first.is_said {
            self.report(prefix, first, format!("wider than /{widest}: more than one company has ({})", first.source));
            return None;
        }
        let others = claims.iter().map(|(origin, _)| *origin).filter(|origin| origin.target != first.target);
        let rivals: Vec<&Origin> = others.collect();
        if let Some(rival) = rivals.iter().find(|rival| strength(rival) == strength(first)) {
            self.report(prefix, first, self.against("has as good a claim", rival));
            for rival in &rivals {
                self.report(prefix, rival, self.against("has as good a claim", first));
            }
            return None;
        }
        for rival in rivals {
            self.report(prefix, rival, self.against("has a better claim", first));
        }
        while self.open.pop_if(|(wider, _)| !wider.contains(prefix.first())).is_some() {}
        let Some((wider, outer)) = self.open.last().copied() else { return Some((first, number)) };
        if outer.target == first.target {
            // What the wider prefix says already need not be said again.
            return (strength(first) > strength(outer)).then_some((first, number));
        }
        let is_stronger = outer.is_said || Grade::of(outer.confidence) > Grade::of(first.confidence);
        if is_stronger && !first.is_said {
            let reason = self.against(&format!("has a better claim, to {wider}"), outer);
            self.report(prefix, first, reason);
            return None;
        }
        Some((first, number))
    }

    /// "`alder` has a better claim: AS64500 ...".
    fn against(&self, what: &str, other: &Origin) -> String {
        format!("`{}` {what}: {}", self.targets.get(other.target).map_or("", |target| &target.id), other.source)
    }

    /// Leaves it to a person.
    fn report(&mut self, prefix: Prefix, origin: &Origin, reason: String) {
        let account = self.targets.get(origin.target).map_or("", |target| &target.id).to_owned();
        let subject = Subject { account, prefix: Some(prefix), ..Subject::default() };
        let entry = Entry { decision: None, confidence: ACCEPTED.max(origin.confidence), ranges: 0, reason };
        self.review.add(subject, entry, 1);
    }
}

/// What counts when accounts claim the same addresses.
fn strength(origin: &Origin) -> (bool, u8) {
    (origin.is_said, origin.confidence)
}
