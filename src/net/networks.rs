//! The prefixes of a bundle in columns: what prefixes of one origin share is kept once.

use std::{collections::HashMap, sync::Arc};

use super::{Prefix, Prefixes, Usage};

/// A prefix of an account, or one that many share, and how we know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// The addresses.
    pub prefix: Prefix,
    /// Whose they are.
    pub origin: Origin,
}

/// Whose a prefix is, and how we know.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    /// Whose.
    pub whose: Whose,
    /// How sure it is that people there work for the account, 0 to 100; 0 where they work for many.
    pub confidence: u8,
    /// When it was known, in days since 1970, if somebody noted that.
    pub seen: Option<u32>,
    /// Where it is known from.
    pub source: Source,
}

impl Origin {
    /// Position of the account, if it is one's.
    #[must_use]
    pub fn account(&self) -> Option<usize> {
        match self.whose {
            Whose::Account(account) => usize::try_from(account).ok(),
            Whose::Shared(_) => None,
        }
    }
}

/// Whose a prefix is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Whose {
    /// That of the account at a position.
    Account(u32),
    /// Many companies' people come from there, because of what it is used for. No prefix of an account lies in such a one.
    Shared(Usage),
}

/// Where a prefix is known from, for people: a text that most often ends in the account's name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Source {
    /// The text, or what stands before the name.
    pub text: Arc<str>,
    /// Whether the account's name follows.
    pub then_name: bool,
}

impl Source {
    /// The source that `text` spells for an account of this name.
    #[must_use]
    pub fn new(text: &str, name: &str) -> Self {
        let head = text.strip_suffix(name).filter(|_| !name.is_empty());
        Self { text: head.unwrap_or(text).into(), then_name: head.is_some() }
    }

    /// In full, for an account of this name.
    #[must_use]
    pub fn spell(&self, name: &str) -> String {
        format!("{}{}", self.text, if self.then_name { name } else { "" })
    }
}

/// Prefixes and their origins. Prefixes ascend, IPv4 first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Networks {
    prefixes: Prefixes,
    /// Positions of origins.
    origin_of: Vec<u32>,
    /// In the order in which prefixes name them first.
    origins: Vec<Origin>,
}

impl Networks {
    /// `networks` ascend by prefix, each once.
    #[must_use]
    pub fn new(networks: impl IntoIterator<Item = Network>) -> Self {
        let mut numbers: HashMap<Origin, u32> = HashMap::new();
        let mut all = Self::default();
        for Network { prefix, origin } in networks {
            let next = u32::try_from(all.origins.len()).unwrap_or(u32::MAX);
            let number = *numbers.entry(origin).or_insert_with_key(|origin| {
                all.origins.push(origin.clone());
                next
            });
            all.prefixes.push(prefix);
            all.origin_of.push(number);
        }
        all
    }

    /// The same of columns: as many positions of origins as prefixes.
    #[must_use]
    pub fn of_columns(prefixes: Prefixes, origin_of: Vec<u32>, origins: Vec<Origin>) -> Self {
        Self { prefixes, origin_of, origins }
    }

    /// How many prefixes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.prefixes.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.prefixes.is_empty()
    }

    /// The prefixes, ascending.
    #[must_use]
    pub fn prefixes(&self) -> &Prefixes {
        &self.prefixes
    }

    /// For each prefix, the position of its origin.
    #[must_use]
    pub fn origin_of(&self) -> &[u32] {
        &self.origin_of
    }

    /// The origins, in the order in which prefixes name them first.
    #[must_use]
    pub fn origins(&self) -> &[Origin] {
        &self.origins
    }

    /// Whose the prefix at a position is.
    #[must_use]
    pub fn origin(&self, position: usize) -> Option<&Origin> {
        self.origins.get(usize::try_from(*self.origin_of.get(position)?).ok()?)
    }
}
