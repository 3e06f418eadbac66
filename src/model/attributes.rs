//! A company that is in no list: what the caller knows of it.

use serde::{Deserialize, Serialize};

use super::{AccountField, Accounts, Column, Span};
use crate::limit::LIST_MAX;

/// What the caller knows of the company that a visitor works for: from an address database, a form, a login. Counts only where no
/// account of the list is found. The fields are those of an account, see [`AccountField`]; every one may be missing. Of a list the
/// first 256 items count.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(feature = "compiler", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct Attributes {
    /// A stable id, by which tests draw; the name stands in for it.
    pub id: Option<String>,
    /// The full name, "Siemens AG".
    pub name: Option<String>,
    /// What people call it, "Siemens".
    pub short_name: Option<String>,
    /// Its web domains.
    pub domains: Option<Vec<String>>,
    /// Its industry, in the words of the list.
    pub industry: Option<String>,
    /// How many people work there.
    #[cfg_attr(test, ts(as = "Option<f64>"))]
    pub employees: Option<i64>,
    /// Revenue a year, US dollars.
    #[cfg_attr(test, ts(as = "Option<f64>"))]
    pub revenue: Option<i64>,
    /// The country of its head office, in the words of the list.
    pub country: Option<String>,
    /// 1 one-to-one, 2 one-to-few, 3 one-to-many.
    #[cfg_attr(test, ts(as = "Option<f64>"))]
    pub tier: Option<i64>,
    /// A stage, as in the list.
    pub stage: Option<String>,
    /// What it is worth over the whole relation, US dollars.
    #[cfg_attr(test, ts(as = "Option<f64>"))]
    pub lifetime_value: Option<i64>,
    /// Readiness to buy, 0 to 100.
    #[cfg_attr(test, ts(as = "Option<f64>"))]
    pub intent: Option<i64>,
    /// What it is known to use.
    pub technologies: Option<Vec<String>>,
    /// Who of us looks after it.
    pub owner: Option<String>,
    /// The id of the account that owns it.
    pub parent: Option<String>,
}

impl Attributes {
    /// Whether an id or a name is known. Without either there is nobody to speak of.
    #[must_use]
    pub fn is_somebody(&self) -> bool {
        self.key().is_some()
    }

    fn key(&self) -> Option<&String> {
        [&self.id, &self.name].into_iter().flatten().find(|text| !text.is_empty())
    }

    /// A list of one account, this one; empty where it is nobody.
    #[must_use]
    pub fn to_accounts(&self) -> Accounts {
        let Some(key) = self.key() else { return Accounts::default() };
        let mut known = self.clone();
        known.id = Some(key.clone());
        known.name = known.name.filter(|name| !name.is_empty()).or_else(|| Some(key.clone()));
        let mut accounts = Accounts::with_count(1);
        for field in AccountField::ALL {
            let column = if let Some(text) = known.text_mut(field) {
                let span = text.as_deref().filter(|text| !text.is_empty()).map(|text| accounts.add_text(text));
                Column::Texts(vec![span.unwrap_or(Span::MISSING)])
            } else if let Some(int) = known.int_mut(field) {
                Column::Ints(vec![*int])
            } else {
                let texts = known.list_mut(field).and_then(Option::take).unwrap_or_default();
                let items: Vec<Span> = texts.iter().take(LIST_MAX).map(|text| accounts.add_text(text)).collect();
                Column::Lists { ends: vec![u32::try_from(items.len()).unwrap_or(u32::MAX)], items }
            };
            accounts.set_column(field, column);
        }
        accounts
    }

    /// The place of a field of kind [`Kind::Text`](super::Kind::Text).
    pub fn text_mut(&mut self, field: AccountField) -> Option<&mut Option<String>> {
        match field {
            AccountField::Id => Some(&mut self.id),
            AccountField::Name => Some(&mut self.name),
            AccountField::ShortName => Some(&mut self.short_name),
            AccountField::Industry => Some(&mut self.industry),
            AccountField::Country => Some(&mut self.country),
            AccountField::Stage => Some(&mut self.stage),
            AccountField::Owner => Some(&mut self.owner),
            AccountField::Parent => Some(&mut self.parent),
            _ => None,
        }
    }

    /// The place of a field of kind [`Kind::Int`](super::Kind::Int).
    pub fn int_mut(&mut self, field: AccountField) -> Option<&mut Option<i64>> {
        match field {
            AccountField::Employees => Some(&mut self.employees),
            AccountField::Revenue => Some(&mut self.revenue),
            AccountField::Tier => Some(&mut self.tier),
            AccountField::LifetimeValue => Some(&mut self.lifetime_value),
            AccountField::Intent => Some(&mut self.intent),
            _ => None,
        }
    }

    /// The place of a field of kind [`Kind::List`](super::Kind::List).
    pub fn list_mut(&mut self, field: AccountField) -> Option<&mut Option<Vec<String>>> {
        match field {
            AccountField::Domains => Some(&mut self.domains),
            AccountField::Technologies => Some(&mut self.technologies),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Attributes;
    use crate::model::{AccountField, Kind};

    #[test]
    fn every_field_has_its_place() {
        let mut attributes = Attributes::default();
        for field in AccountField::ALL {
            let places = [
                attributes.text_mut(field).is_some(),
                attributes.int_mut(field).is_some(),
                attributes.list_mut(field).is_some(),
            ];
            assert_eq!(places, [Kind::Text, Kind::Int, Kind::List].map(|kind| field.kind() == kind), "{field:?}");
        }
    }

    #[test]
    fn a_company_without_id_and_name_is_nobody() {
        let check = |id: Option<&str>, name: Option<&str>, expect: Option<(&str, &str)>| {
            let [id, name] = [id, name].map(|text| text.map(str::to_owned));
            let accounts = Attributes { id, name, tier: Some(1), ..Attributes::default() }.to_accounts();
            let found = accounts.get(0).map(|account| (account.id(), account.name()));
            assert_eq!(found, expect);
            assert_eq!(
                accounts.iter().filter_map(|account| account.int(AccountField::Tier)).sum::<i64>(),
                i64::from(expect.is_some())
            );
        };
        check(None, None, None);
        check(Some(""), Some(""), None);
        check(Some("7"), None, Some(("7", "7")));
        check(None, Some("Alder"), Some(("Alder", "Alder")));
        check(Some("7"), Some("Alder"), Some(("7", "Alder")));
    }
}
