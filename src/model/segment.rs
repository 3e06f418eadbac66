//! A named set of accounts.

use super::Text;

/// A segment. Its rule reads only `account.*`; who is in it is decided when the bundle is compiled and kept in
/// [`Account::segments`](super::Account::segments).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Unique in the site.
    pub name: Text,
    /// Position of its program among the bundle's rules.
    pub rule: u32,
}
