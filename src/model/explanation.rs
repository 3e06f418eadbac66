//! A decision with all that could have been.

use serde::Serialize;

use super::{Decision, MatchKind, Text};

/// A decision, and every candidate for every slot and placement with what became of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Explanation {
    /// The same as `decide` gives.
    pub decision: Decision,
    /// What was said of whom the visitor works for, in the order in which it counts.
    pub signals: Vec<Signal>,
    /// By slot, then placement, each in the order in which they were tried.
    pub candidates: Vec<Candidate>,
}

/// Something that says whom the visitor works for.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Signal {
    /// What.
    pub signal: MatchKind,
    /// Ids of the accounts that it names: several where it does not say which.
    pub accounts: Vec<Text>,
    /// What became of it.
    pub verdict: SignalVerdict,
    /// What it says, or why it says nothing, in a sentence.
    pub evidence: String,
}

/// What became of a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum SignalVerdict {
    /// It is by this that the account was found.
    Wins,
    /// It names the same account, or one that owns it or belongs to it.
    Agrees,
    /// It names another, and counts for less.
    Overruled,
    /// It names no account, or several.
    Silent,
}

/// An experience or a line item that wanted a slot or a placement.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// The slot's or the placement's name.
    pub about: Text,
    /// Which of the two.
    pub kind: CandidateKind,
    /// Its name.
    pub name: Text,
    /// What became of it.
    pub outcome: Outcome,
    /// The same in a sentence; for a rule that did not hold, what would have made it hold.
    pub text: String,
    /// That as data, where a rule did not hold and can.
    pub near_miss: Option<NearMiss>,
}

/// The fewest facts that would have to change for a rule to hold. Reads as a sentence:
/// ``would match if account.tier == 1 (it is 2) and visitor.visits > 2 (it is not known)``.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct NearMiss {
    /// What those facts must be, in the order in which the rule asks.
    pub wishes: Vec<Wish>,
    /// All of it can be at once. Otherwise nobody knows: two patterns for one text may exclude each other.
    pub is_certain: bool,
}

/// What the rule asks of a fact that would have to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Wish {
    /// As its author could have written it.
    pub needs: String,
    /// What it is instead; `null` where that is no one's business (an address) or says nothing.
    pub is: Option<String>,
    /// It is so already, and must stay so when the fact changes for another wish.
    pub is_met: bool,
}

impl std::fmt::Display for NearMiss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("would match if ")?;
        // A `write!` costs servers' modules more than what it says.
        let (open, close) = if self.wishes.len() == 1 { ("; it is ", "") } else { (" (it is ", ")") };
        for (index, Wish { needs, is, .. }) in self.wishes.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { " and " })?;
            f.write_str(needs)?;
            if let Some(found) = is {
                f.write_str(open)?;
                f.write_str(found)?;
                f.write_str(close)?;
            }
        }
        f.write_str(if self.is_certain { "" } else { "; whether it can be is not known" })
    }
}

/// What a candidate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum CandidateKind {
    /// Wants a slot.
    Experience,
    /// Wants a placement.
    LineItem,
}

/// What became of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It got the place.
    Chosen,
    /// Its rule holds, but a stronger one was there.
    Outranked,
    /// Its rule does not hold.
    NoMatch,
    /// Its schedule or flight is not open.
    NotScheduled,
    /// It would have shown, and Default is kept to measure its lift.
    HeldOut,
    /// It would have shown, but there is nobody to draw a variant for.
    NotSampled,
    /// It has no creative of a size that fits.
    NoCreative,
    /// The rule holds, and its variant leaves this slot on Default.
    Control,
}
