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
            Kind::List => Value::List(self.list(field)),
            _ => Value::text(self.text(field)),
        }
    }
}

/// A field of an account. The numbers are written into bundles and never change meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum AccountField {
    /// Unique in the site: `[a-z0-9-]`, 1 to 64 characters.
    Id = 0,
    /// The full name, "Siemens AG".
    Name = 1,
    /// What people call it, "Siemens".
    ShortName = 2,
    /// Its web domains.
    Domains = 3,
    /// Its industry, in the CRM's words.
    Industry = 4,
    /// How many people work there.
    Employees = 5,
    /// Revenue a year, US dollars.
    Revenue = 6,
    /// The country of its head office, in the CRM's words.
    Country = 7,
    /// 1 one-to-one, 2 one-to-few, 3 one-to-many.
    Tier = 8,
    /// One of [`STAGES`].
    Stage = 9,
    /// What it is worth over the whole relation, US dollars.
    LifetimeValue = 10,
    /// Readiness to buy, 0 to 100.
    Intent = 11,
    /// What it is known to use.
    Technologies = 12,
    /// Who of us looks after it.
    Owner = 13,
    /// The id of the account that owns it.
    Parent = 14,
}

impl AccountField {
    /// Every field, in the order of their numbers.
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
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The field of a number, or `None` when there is none such.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// Its name, as in `account.short_name` and as a key under `accounts.columns`.
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
        }
    }

    /// Its type.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Domains | Self::Technologies => Kind::List,
            Self::Employees | Self::Revenue | Self::Tier | Self::LifetimeValue | Self::Intent => Kind::Int,
            _ => Kind::Text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::AccountField;

    #[test]
    fn a_code_gives_its_field_back() {
        for field in AccountField::ALL {
            assert_eq!(AccountField::from_code(field.code()), Some(field));
        }
        assert_eq!(AccountField::from_code(15), None);
    }
}
