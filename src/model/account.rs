//! A company we want to win or keep.

use super::{Kind, Text, Value};

/// The stages of an account, from first contact to a customer at risk.
pub const STAGES: [&str; 7] = ["target", "awareness", "consideration", "decision", "customer", "expansion", "at-risk"];

/// One target account. Only `id` and `name` are always there; what the CRM left empty is `None` or an empty list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Unique in the site: `[a-z0-9-]`, 1 to 64 characters.
    pub id: Text,
    /// The full name, "Siemens AG".
    pub name: Text,
    /// What people call it, "Siemens".
    pub short_name: Option<Text>,
    /// Its web domains.
    pub domains: Vec<Text>,
    /// Its industry, in the CRM's words.
    pub industry: Option<Text>,
    /// How many people work there.
    pub employees: Option<i64>,
    /// Revenue a year, US dollars.
    pub revenue: Option<i64>,
    /// The country of its head office, in the CRM's words.
    pub country: Option<Text>,
    /// 1 one-to-one, 2 one-to-few, 3 one-to-many.
    pub tier: Option<i64>,
    /// One of [`STAGES`].
    pub stage: Option<Text>,
    /// What it is worth over the whole relation, US dollars.
    pub lifetime_value: Option<i64>,
    /// Readiness to buy, 0 to 100.
    pub intent: Option<i64>,
    /// What it is known to use.
    pub technologies: Vec<Text>,
    /// Who of us looks after it.
    pub owner: Option<Text>,
    /// The segments it is in: positions in [`Site::segments`](super::Site::segments), ascending. The compiler decides
    /// them, because a segment reads nothing but the account.
    pub segments: Vec<u32>,
}

/// A field of an account. The numbers are written into bundles and never change meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum AccountField {
    /// [`Account::id`]
    Id = 0,
    /// [`Account::name`]
    Name = 1,
    /// [`Account::short_name`]
    ShortName = 2,
    /// [`Account::domains`]
    Domains = 3,
    /// [`Account::industry`]
    Industry = 4,
    /// [`Account::employees`]
    Employees = 5,
    /// [`Account::revenue`]
    Revenue = 6,
    /// [`Account::country`]
    Country = 7,
    /// [`Account::tier`]
    Tier = 8,
    /// [`Account::stage`]
    Stage = 9,
    /// [`Account::lifetime_value`]
    LifetimeValue = 10,
    /// [`Account::intent`]
    Intent = 11,
    /// [`Account::technologies`]
    Technologies = 12,
    /// [`Account::owner`]
    Owner = 13,
}

impl AccountField {
    /// Every field, in the order of their numbers.
    pub const ALL: [Self; 14] = [
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

    /// Its value for `account`. A list is never missing, only empty.
    #[must_use]
    pub fn get(self, account: &Account) -> Value<'_> {
        match self {
            Self::Id => Value::Text(&account.id),
            Self::Name => Value::Text(&account.name),
            Self::ShortName => Value::text(account.short_name.as_deref()),
            Self::Domains => Value::List(&account.domains),
            Self::Industry => Value::text(account.industry.as_deref()),
            Self::Employees => Value::int(account.employees),
            Self::Revenue => Value::int(account.revenue),
            Self::Country => Value::text(account.country.as_deref()),
            Self::Tier => Value::int(account.tier),
            Self::Stage => Value::text(account.stage.as_deref()),
            Self::LifetimeValue => Value::int(account.lifetime_value),
            Self::Intent => Value::int(account.intent),
            Self::Technologies => Value::List(&account.technologies),
            Self::Owner => Value::text(account.owner.as_deref()),
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
        assert_eq!(AccountField::from_code(14), None);
    }
}
