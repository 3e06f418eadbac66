//! Says whose account a [`Holder`] of addresses is, and how that is known.
//!
//! Recognising the wrong company is worse than recognising none. So a holder matches an account only on [`Evidence`] that can
//! be shown to a person; what is near and not safe is [`Verdict::Close`] with its reason, for a person to judge.

mod evidence;

pub use evidence::Evidence;

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
}

/// What can be said of a holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is this account.
    Match(Finding),
    /// It may be this account; the reason why that is not safe, for a person to judge.
    Close(Finding, String),
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

impl Matcher {
    /// A matcher for these accounts. Their order does not change what is found.
    #[must_use]
    pub fn new(targets: &[Target]) -> Self {
        Self { targets: targets.to_vec() }
    }

    /// Whose the range of `holder` is. Pure, and some microseconds: keep the answer for holders that come again.
    #[must_use]
    pub fn find(&self, holder: &Holder) -> Verdict {
        let Some(asn) = holder.asn else { return Verdict::None };
        match self.targets.iter().position(|target| target.asns.contains(&asn)) {
            Some(target) => Verdict::Match(Finding { target, confidence: 100, evidence: Evidence::Asn(asn) }),
            None => Verdict::None,
        }
    }

    /// The prefixes that accounts list themselves: they are theirs whatever a database says of them.
    pub fn listed(&self) -> impl Iterator<Item = (Prefix, Finding)> {
        self.targets.iter().enumerate().flat_map(|(target, account)| {
            let finding = move |prefix| Finding { target, confidence: 100, evidence: Evidence::Prefix(prefix) };
            account.prefixes.iter().map(move |prefix| (*prefix, finding(*prefix)))
        })
    }
}
