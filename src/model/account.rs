//! A company we want to win or keep.

use super::{Accounts, Kind, Texts, Value};

/// The stages of an account, from first contact to a customer at risk.
pub const STAGES: [&str; 7] = ["target", "awareness", "consideration", "decision", "customer", "expansion", "at-risk"];

/// One target account: a row of [`Accounts`].
///
/// Only the id and the name are always there. What the CRM left empty is missing, and so is what no rule and no content reads:
/// a bundle does not carry it.
#[derive(Debug, Clone, Copy)]
pub struct Account<'a> {
    accounts: &'a Accounts,
    position: usize,
}

impl<'a> Account<'a> {
    pub(super) fn new(accounts: &'a Accounts, position: usize) -> Self {
        Self { accounts, position }
    }

    /// Which of the accounts it is.
    #[must_use]
    pub fn position(self) -> usize {
        self.position
    }

    /// Unique in the site: `[a-z0-9-]`, 1 to 64 characters.
    #[must_use]
    pub fn id(self) -> &'a str {
        self.text(AccountField::Id).unwrap_or("")
    }

    /// The full name, "Siemens AG".
    #[must_use]
    pub fn name(self) -> &'a str {
        self.text(AccountField::Name).unwrap_or("")
    }

    /// A field of kind [`Kind::Text`].
    #[must_use]
    pub fn text(self, field: AccountField) -> Option<&'a str> {
        self.accounts.text(self.position, field)
    }

    /// A field of kind [`Kind::Int`].
    #[must_use]
    pub fn int(self, field: AccountField) -> Option<i64> {
        self.accounts.int(self.position, field)
    }

    /// A field of kind [`Kind::List`]. A list is never missing, only empty.
    #[must_use]
    pub fn list(self, field: AccountField) -> Texts<'a> {
        self.accounts.list(self.position, field)
    }

    /// A field, whatever its kind.
    #[must_use]
    pub fn get(self, field: AccountField) -> Value<'a> {
        match field.kind() {
            Kind::Int => Value::int(self.int(field)),
            Kind::Bool => self.int(field).map_or(Value::Missing, |int| Value::Bool(int != 0)),
            Kind::List => Value::List(self.list(field)),
            _ => Value::text(self.text(field)),
        }
    }
}

/// A field of an account, by the number in bundles, which never changes meaning: one of ours, or a column that the site has named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountField(u8);

/// The numbers of the columns that a site may name: 16 for texts, 12 for whole numbers, 8 for booleans and 8 for lists.
const OWN_START: u8 = 20;
const OWN_END: u8 = 64;

#[allow(non_upper_case_globals, reason = "they stand for the variants that a closed list would have")]
impl AccountField {
    /// Unique in the site: `[a-z0-9-]`, 1 to 64 characters.
    pub const Id: Self = Self(0);
    /// The full name, "Siemens AG".
    pub const Name: Self = Self(1);
    /// What people call it, "Siemens".
    pub const ShortName: Self = Self(2);
    /// Its web domains.
    pub const Domains: Self = Self(3);
    /// Its industry, in the CRM's words.
    pub const Industry: Self = Self(4);
    /// How many people work there.
    pub const Employees: Self = Self(5);
    /// Revenue a year, US dollars.
    pub const Revenue: Self = Self(6);
    /// The country of its head office, in the CRM's words.
    pub const Country: Self = Self(7);
    /// 1 one-to-one, 2 one-to-few, 3 one-to-many.
    pub const Tier: Self = Self(8);
    /// One of [`STAGES`].
    pub const Stage: Self = Self(9);
    /// What it is worth over the whole relation, US dollars.
    pub const LifetimeValue: Self = Self(10);
    /// Readiness to buy, 0 to 100.
    pub const Intent: Self = Self(11);
    /// What it is known to use.
    pub const Technologies: Self = Self(12);
    /// Who of us looks after it.
    pub const Owner: Self = Self(13);
    /// The id of the account that owns it.
    pub const Parent: Self = Self(14);
    /// Its country's letters and names, where it shares a domain of e-mail addresses with another account. No column of a list: the
    /// compiler makes them.
    pub const Countries: Self = Self(15);

    /// Every field that a list may have and that is ours, in the order of their numbers.
    pub const ALL: [Self; 15] = [
        Self::Id,
        Self::Name,
        Self::ShortName,
        Self::Domains,
        Self::Industry,
        Self::Employees,
        Self::Revenue,
        Self::Country,
        Self::Tier,
        Self::Stage,
        Self::LifetimeValue,
        Self::Intent,
        Self::Technologies,
        Self::Owner,
        Self::Parent,
    ];

    /// The number in a bundle.
    #[must_use]
    pub const fn code(self) -> u8 {
        self.0
    }

    /// Every field, in the order of their numbers: ours, then those that a site may name.
    pub fn every() -> impl Iterator<Item = Self> {
        (0..OWN_END).filter_map(Self::from_code)
    }

    /// The field for the column of this type that a site has named at a position; `None` where there are no more.
    #[must_use]
    pub fn own(kind: Kind, position: usize) -> Option<Self> {
        let mut fields = Self::every().filter(|field| field.is_own() && field.kind() == kind);
        fields.nth(position)
    }

    /// Whether it is a column that the site has named.
    #[must_use]
    pub const fn is_own(self) -> bool {
        self.0 >= OWN_START
    }

    /// The field of a number, or `None` when there is none such.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            0..=15 | OWN_START..OWN_END => Some(Self(code)),
            _ => None,
        }
    }

    /// Its name, as in `account.short_name` and as a key under `accounts.columns`; the names that a site gives are in [`Names`](super::Names).
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::ShortName => "short_name",
            Self::Domains => "domains",
            Self::Industry => "industry",
            Self::Employees => "employees",
            Self::Revenue => "revenue",
            Self::Country => "country",
            Self::Tier => "tier",
            Self::Stage => "stage",
            Self::LifetimeValue => "lifetime_value",
            Self::Intent => "intent",
            Self::Technologies => "technologies",
            Self::Owner => "owner",
            Self::Parent => "parent",
            Self::Countries => "countries",
            _ => "custom",
        }
    }

    /// Its type.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Domains | Self::Technologies | Self::Countries | Self(56..=63) => Kind::List,
            Self::Employees | Self::Revenue | Self::Tier | Self::LifetimeValue | Self::Intent | Self(36..=47) => {
                Kind::Int
            }
            Self(48..=55) => Kind::Bool,
            _ => Kind::Text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AccountField, Kind};

    #[test]
    fn a_code_gives_its_field_back() {
        for field in AccountField::every() {
            assert_eq!(AccountField::from_code(field.code()), Some(field));
        }
        assert_eq!([16, 19, 64].map(AccountField::from_code), [None, None, None]);
    }

    #[test]
    fn a_site_names_columns_of_each_type() {
        let check = |kind: Kind, count: usize, first: u8| {
            for position in 0..count {
                let field = AccountField::own(kind, position).unwrap();
                assert_eq!((field.kind(), usize::from(field.code())), (kind, usize::from(first) + position));
                assert!(field.is_own() && !AccountField::ALL.contains(&field));
            }
            assert_eq!(AccountField::own(kind, count), None);
        };
        check(Kind::Text, 16, 20);
        check(Kind::Int, 12, 36);
        check(Kind::Bool, 8, 48);
        check(Kind::List, 8, 56);
        check(Kind::Address, 0, 0);
    }
}
