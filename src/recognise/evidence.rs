//! How it is known that a range is an account's, in words that a person can check.

use std::fmt::{self, Display, Formatter};

use crate::net::Prefix;

/// How a holder was found to be an account. The strongest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// The account lists the autonomous system.
    Asn(u32),
    /// The account lists the prefix.
    Prefix(Prefix),
    /// The holder's web domain is the account's.
    Domain(String),
    /// The holder bears the account's name.
    Name(String),
}

impl Display for Evidence {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asn(asn) => write!(f, "AS{asn} is listed"),
            Self::Prefix(prefix) => write!(f, "{prefix} is listed"),
            Self::Domain(domain) => write!(f, "domain {domain}"),
            Self::Name(name) => write!(f, "organisation `{name}`"),
        }
    }
}
