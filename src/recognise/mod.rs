//! Says whose account a [`Holder`] of addresses is, and how that is known.
//!
//! Recognising the wrong company is worse than recognising none. So a holder matches an account only on [`Evidence`] that can
//! be shown to a person; what is near and not safe is [`Verdict::Close`] or [`Verdict::Tie`], for a person to judge.

mod decisions;
mod domain;
mod evidence;
mod handle;
mod index;
mod interner;
mod judge;
mod lexicon;
mod list;
mod outcome;
mod range;
mod range_file;
mod read_error;
mod resolve;
mod review;
mod shared;
mod sheet;
mod similar;
mod survey;
mod text;

pub use evidence::Evidence;
pub use range::Range;
pub use range_file::read_ranges;
pub use read_error::ReadError;
pub use resolve::Found;
pub use review::{Decision, Entry, Review, Subject};
pub use shared::{Shared, SharedEgress};
pub use survey::{Database, Idle, Origin, Pass, SharedOrigin, Survey};

use std::collections::{BTreeMap, HashMap, HashSet};

use self::{
    index::{Census, Index, Key, Span, Strength},
    judge::{Judgement, Rest},
    lexicon::LEXICON,
    text::{Umlaut, words},
};
use crate::net::{Holder, Prefix};

/// An account, as far as names and addresses can tell that a range is its.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Target {
    /// Its id in the site.
    pub id: String,
    /// Its name in full: "Siemens AG".
    pub name: String,
    /// The name that it goes by: "Siemens".
    pub short_name: Option<String>,
    /// Its web domains.
    pub domains: Vec<String>,
    /// Brands and other names that it goes by.
    pub aliases: Vec<String>,
    /// Names that it, or a company since merged into it, once had; and joint ventures.
    pub former_names: Vec<String>,
    /// Names of companies that it owns and that are no account themselves.
    pub subsidiaries: Vec<String>,
    /// Autonomous systems that are known to be its.
    pub asns: Vec<u32>,
    /// Prefixes that are known to be its.
    pub prefixes: Vec<Prefix>,
    /// The id of the account that owns it.
    pub parent: Option<String>,
    /// Its country, by name or by two letters.
    pub country: Option<String>,
}

/// Finds whose a holder's range is.
#[derive(Debug, Clone)]
pub struct Matcher {
    targets: Vec<Target>,
    /// Positions of accounts by their ids.
    ids: HashMap<String, usize>,
    /// The two letters of each account's country.
    countries: Vec<Option<String>>,
    /// Whose each autonomous system is.
    asns: HashMap<u32, Vec<usize>>,
    domains: HashMap<String, Vec<usize>>,
    names: Index,
}

/// What can be said of a holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is this account.
    Match(Finding),
    /// It may be this account; the reason why that is not safe, for a person to judge.
    Close(Finding, String),
    /// It may be any of these accounts, which ascend by id; nothing says which.
    Tie(Vec<Finding>),
    /// It is none that is known.
    None,
}

/// Which account, how sure, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Position of the account among the targets.
    pub target: usize,
    /// 0 to 100.
    pub confidence: u8,
    /// How it is known; prints in words.
    pub evidence: Evidence,
}

/// The account says so itself.
const LISTED: u8 = 100;
const DOMAIN: u8 = 95;
const HANDLE: u8 = 70;
/// Of a holder's name no more words are read: no organisation has as many.
const WORD_MAX: usize = 64;
/// Of what is close and no match.
const CLOSE: u8 = 40;

/// An account whose name is in a holder's.
struct Candidate<'a> {
    target: usize,
    key: &'a Key,
    /// Words of the account's name.
    length: usize,
    bears_form: bool,
    judgement: Judgement,
}

impl Verdict {
    fn or_else(self, next: impl FnOnce() -> Self) -> Self {
        if self == Self::None { next() } else { self }
    }
}

impl Matcher {
    /// A matcher for these accounts. Their order does not change what is found.
    #[must_use]
    pub fn new(targets: &[Target]) -> Self {
        let mut matcher = Self {
            targets: targets.to_vec(),
            ids: targets.iter().enumerate().map(|(position, target)| (target.id.clone(), position)).collect(),
            countries: targets.iter().map(|target| LEXICON.country(target.country.as_deref()?)).collect(),
            asns: HashMap::new(),
            domains: HashMap::new(),
            names: Index::new(targets),
        };
        for (position, target) in targets.iter().enumerate() {
            for asn in target.asns.iter().collect::<HashSet<_>>() {
                matcher.asns.entry(*asn).or_default().push(position);
            }
            for domain in target.domains.iter().filter_map(|domain| domain::own(domain)).collect::<HashSet<_>>() {
                matcher.domains.entry(domain).or_default().push(position);
            }
        }
        matcher
    }

    /// The same matcher, once it has gone through a database's `organisations`, each once: a name that in it is one company's is
    /// believed more. Without it, names of a few letters and words of the dictionary are matched only as they are written.
    #[must_use]
    pub fn learn<'a>(mut self, organisations: impl IntoIterator<Item = &'a str>) -> Self {
        let mut census = Census::default();
        for organisation in organisations {
            let words = words(handle::split(organisation).1, Umlaut::Short);
            self.names.count(words.get(..WORD_MAX).unwrap_or(&words), &mut census);
        }
        self.names.prove(&census);
        self
    }

    /// Whose the range of `holder` is. Pure, and some microseconds: keep the answer for holders that come again.
    #[must_use]
    pub fn find(&self, holder: &Holder) -> Verdict {
        let listed = || {
            let asn = holder.asn?;
            let targets = self.asns.get(&asn)?;
            Some(self.settle(targets, &[], holder, |_| (LISTED, Evidence::Asn(asn))))
        };
        let by_domain = || {
            let domain = holder.domain.as_deref()?;
            let (domain, targets) = domain::and_above(domain)
                .find_map(|domain| self.domains.get(&domain).map(|targets| (domain.clone(), targets)))?;
            Some(self.settle(targets, &[], holder, |_| (DOMAIN, Evidence::Domain(domain.clone()))))
        };
        let by_name = || Some(self.by_organisation(holder.organisation.as_deref()?, holder));
        listed().or_else(by_domain).or_else(by_name).unwrap_or(Verdict::None)
    }

    /// The prefixes that accounts list themselves: they are theirs whatever a database says of them.
    pub fn listed(&self) -> impl Iterator<Item = (Prefix, Finding)> {
        self.targets.iter().enumerate().flat_map(|(target, account)| {
            let finding = move |prefix| Finding { target, confidence: LISTED, evidence: Evidence::Prefix(prefix) };
            account.prefixes.iter().map(move |prefix| (*prefix, finding(*prefix)))
        })
    }

    fn by_organisation(&self, organisation: &str, holder: &Holder) -> Verdict {
        let (handle, name) = handle::split(organisation);
        let short = words(name, Umlaut::Short);
        match handle {
            Some(handle) if short.is_empty() => self.by_handle(handle, holder),
            _ => self
                .by_words(organisation, &short, holder)
                .or_else(|| self.by_words(organisation, &words(name, Umlaut::Long), holder))
                .or_else(|| self.by_similarity(organisation, name)),
        }
    }

    /// A letter may be a slip, or make another company's name: that is for a person to judge.
    fn by_similarity(&self, organisation: &str, name: &str) -> Verdict {
        let nearest = self.names.similar(name).min_by_key(|key| (self.id(key.target), &key.name));
        let Some(key) = nearest else { return Verdict::None };
        let of = self.targets.get(key.target).map_or("", |target| &target.name);
        let evidence = Evidence::of_name(organisation, key, &[], of);
        let finding = Finding { target: key.target, confidence: CLOSE, evidence };
        Verdict::Close(finding, format!("it is `{}` but for one letter", key.name))
    }

    fn by_words(&self, organisation: &str, words: &[String], holder: &Holder) -> Verdict {
        let words = words.get(..WORD_MAX).unwrap_or(words);
        let mut spans: BTreeMap<usize, Vec<Span<'_>>> = BTreeMap::new();
        for span in self.names.spans(words) {
            spans.entry(span.key.target).or_default().push(span);
        }
        let mut countries: Vec<&str> = Vec::new();
        let mut candidates = Vec::new();
        for (target, spans) in spans {
            let rest = Rest::new(words, &spans);
            let Some(best) = spans.iter().max_by_key(|span| (span.len(), std::cmp::Reverse(span.key.kind))) else {
                continue;
            };
            countries.extend(rest.countries());
            candidates.push(Candidate {
                target,
                key: best.key,
                length: best.len(),
                bears_form: rest.bears_form_of(best.key),
                judgement: rest.judge(best.key, self.country(target)),
            });
        }
        self.choose(organisation, &candidates, &countries, holder)
    }

    /// The verdict on the accounts whose names are in a holder's.
    fn choose(&self, organisation: &str, candidates: &[Candidate<'_>], countries: &[&str], holder: &Holder) -> Verdict {
        let evidence = |candidate: &Candidate<'_>| {
            let with = match &candidate.judgement {
                Judgement::Is(_, with) => with.as_slice(),
                _ => &[],
            };
            let name = self.targets.get(candidate.target).map_or("", |target| &target.name);
            Evidence::of_name(organisation, candidate.key, with, name)
        };
        let rank = |candidate: &Candidate<'_>| match candidate.judgement {
            Judgement::Is(confidence, _) => Some((candidate.length, candidate.bears_form, confidence)),
            _ => None,
        };
        if let Some(best) = candidates.iter().filter_map(rank).max() {
            let tied = candidates.iter().filter(|candidate| rank(candidate) == Some(best));
            let targets: Vec<usize> = tied.map(|candidate| candidate.target).collect();
            let (_, _, confidence) = best;
            return self.settle(&targets, countries, holder, |target| {
                let chosen = candidates.iter().find(|candidate| candidate.target == target);
                (confidence, chosen.map_or_else(|| Evidence::Name(organisation.to_owned()), &evidence))
            });
        }
        let near = candidates.iter().filter_map(|candidate| match &candidate.judgement {
            Judgement::Near(reason) => Some((candidate, reason)),
            _ => None,
        });
        match near.max_by_key(|(candidate, _)| (candidate.length, std::cmp::Reverse(self.id(candidate.target)))) {
            Some((candidate, reason)) => {
                let finding = Finding { target: candidate.target, confidence: CLOSE, evidence: evidence(candidate) };
                Verdict::Close(finding, reason.clone())
            }
            None => Verdict::None,
        }
    }

    /// A handle is a name that was squeezed: nothing may stand beside it.
    fn by_handle(&self, handle: &str, holder: &Holder) -> Verdict {
        let words = words(&handle::parts(handle).join(" "), Umlaut::Short);
        let spans = self.names.spans(&words);
        let whole: Vec<&Span<'_>> = spans.iter().filter(|span| span.len() == words.len()).collect();
        let Some(key) = whole.first().map(|span| span.key) else { return Verdict::None };
        let targets: Vec<usize> = whole.iter().map(|span| span.key.target).collect();
        let is_safe = key.strength >= Strength::Distinctive;
        let confidence = if is_safe { HANDLE.min(key.kind.confidence()) } else { CLOSE };
        match self.settle(&targets, &[], holder, |_| (confidence, Evidence::Handle(handle.to_owned()))) {
            Verdict::Match(finding) if !is_safe => {
                Verdict::Close(finding, format!("`{}` is a handle that others may have too", key.name))
            }
            verdict => verdict,
        }
    }

    /// The one of `targets` that are all as likely: the one in the holder's country or in one of `countries`, else the one
    /// that owns the others. `found` says how sure a match is, and why.
    fn settle(
        &self,
        targets: &[usize],
        countries: &[&str],
        holder: &Holder,
        found: impl Fn(usize) -> (u8, Evidence),
    ) -> Verdict {
        let finding = |target: usize| {
            let (confidence, evidence) = found(target);
            Finding { target, confidence, evidence }
        };
        let is_there = |target: &&usize| {
            self.country(**target).is_some_and(|country| {
                countries.contains(&country) || countries.is_empty() && holder.country.as_deref() == Some(country)
            })
        };
        let there: Vec<&usize> = targets.iter().filter(is_there).collect();
        let owner = || targets.iter().find(|owner| targets.iter().all(|target| self.owns(**owner, *target)));
        let one = match (targets, there.as_slice()) {
            ([only], _) => Some(only),
            (_, [only]) => Some(*only),
            _ => owner(),
        };
        if let Some(one) = one {
            return Verdict::Match(finding(*one));
        }
        let mut tied = targets.to_vec();
        tied.sort_by_key(|target| self.id(*target));
        Verdict::Tie(tied.into_iter().map(|target| Finding { confidence: CLOSE, ..finding(target) }).collect())
    }

    fn id(&self, target: usize) -> &str {
        self.targets.get(target).map_or("", |target| &target.id)
    }

    fn country(&self, target: usize) -> Option<&str> {
        self.countries.get(target)?.as_deref()
    }

    /// Whether `owner` is `target` or above it.
    fn owns(&self, owner: usize, target: usize) -> bool {
        let parent = |target: &usize| {
            let id = self.targets.get(*target)?.parent.as_deref()?;
            self.ids.get(id).copied()
        };
        // By mistake an account may own itself: no chain is longer than there are accounts.
        std::iter::successors(Some(target), parent).take(self.targets.len()).any(|above| above == owner)
    }
}
