//! A named set of accounts.

use super::{Account, Text};

/// A segment. Its rule reads only `account.*`, so who is in it is known when the bundle is compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Unique in the site.
    pub name: Text,
    /// Position of its program among the bundle's rules.
    pub rule: u32,
    /// Positions of the accounts in it, ascending. Kept, so that a bundle need not carry what only segments read.
    pub members: Vec<u32>,
}

impl Segment {
    /// Whether an account of the same list as its members is among them.
    #[must_use]
    pub fn has(&self, account: Account<'_>) -> bool {
        u32::try_from(account.position()).is_ok_and(|account| self.members.binary_search(&account).is_ok())
    }
}
