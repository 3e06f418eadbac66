//! How it is known that a range is an account's, in words that a person can check.

use std::fmt::{self, Display, Formatter};

use super::index::{Key, Kind};
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
    /// The organisation bears the account's name, and at most a legal form beside it.
    Name(String),
    /// The organisation bears an alias of the account.
    Alias {
        /// As the database has it.
        organisation: String,
        /// As the account has it.
        alias: String,
    },
    /// The organisation is a company that the account owns.
    Subsidiary {
        /// As the database has it.
        organisation: String,
        /// As the account has it.
        name: String,
        /// The account's name.
        of: String,
    },
    /// The organisation bears a name that the account, or a company merged into it, once had.
    Former {
        /// As the database has it.
        organisation: String,
        /// As the account has it.
        name: String,
    },
    /// The handle of the autonomous system is the account's name.
    Handle(String),
    /// The organisation bears the account's name and words that say where it is or what it does.
    Company {
        /// As the database has it.
        organisation: String,
        /// The account's name in it.
        name: String,
        /// The words beside it.
        with: String,
    },
}

impl Evidence {
    /// The evidence that `organisation` bears the name of `key` beside the words `with`; `of` is the account's name.
    pub(super) fn of_name(organisation: &str, key: &Key, with: &[String], of: &str) -> Self {
        let (organisation, name) = (organisation.to_owned(), key.name.clone());
        match key.kind {
            Kind::Alias => Self::Alias { organisation, alias: name },
            Kind::Subsidiary => Self::Subsidiary { organisation, name, of: of.to_owned() },
            Kind::Former => Self::Former { organisation, name },
            Kind::Own | Kind::Part if with.is_empty() => Self::Name(organisation),
            Kind::Own | Kind::Part => Self::Company { organisation, name, with: with.join(" ") },
        }
    }
}

impl Display for Evidence {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asn(asn) => write!(f, "AS{asn} is listed"),
            Self::Prefix(prefix) => write!(f, "{prefix} is listed"),
            Self::Domain(domain) => write!(f, "domain {domain}"),
            Self::Name(organisation) => write!(f, "organisation `{organisation}`"),
            Self::Alias { organisation, alias } => write!(f, "organisation `{organisation}`, alias `{alias}`"),
            Self::Subsidiary { organisation, name, of } => {
                write!(f, "organisation `{organisation}`, subsidiary `{name}` of `{of}`")
            }
            Self::Former { organisation, name } => write!(f, "organisation `{organisation}`, former name `{name}`"),
            Self::Handle(handle) => write!(f, "handle `{handle}`"),
            Self::Company { organisation, name, with } => {
                write!(f, "organisation `{organisation}`, `{name}` with `{with}`")
            }
        }
    }
}
