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
    /// It names the same account.
    Agrees,
    /// It names another, and counts for less.
    Overruled,
    /// It names no account, or several.
    Silent,
}

/// An experience or a line item that wanted a slot or a placement.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
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
