//! What a database says of an address, in our words.

use super::schema::Field;
use crate::{
    model::{Attributes, CustomValue, Visit},
    net::{Holder, Usage},
};

/// What an address database says of whoever holds an address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Record {
    /// Who it is.
    pub holder: Holder,
    /// The organisation's industry.
    pub industry: Option<String>,
    /// How many people work there.
    pub employees: Option<i64>,
    /// Its revenue a year, US dollars.
    pub revenue: Option<i64>,
}

impl Record {
    /// The company that a visitor from there works for: the organisation, where the database says that the range is a business's own,
    /// or knows the organisation as a company. Of whom it only says who announces the range, that is most often a provider.
    ///
    /// Without a country: an account's is that of its head office, and a range lies elsewhere.
    #[must_use]
    pub fn company(&self) -> Option<Attributes> {
        let is_company = self.industry.is_some() || self.employees.is_some() || self.revenue.is_some();
        let is_own = self.holder.usage.map_or(is_company, |usage| !usage.is_shared());
        self.holder.organisation.as_ref().filter(|_| is_own).map(|name| Attributes {
            name: Some(name.clone()),
            domains: self.holder.domain.clone().map(|domain| vec![domain]),
            industry: self.industry.clone(),
            employees: self.employees,
            revenue: self.revenue,
            ..Attributes::default()
        })
    }
}

impl Record {
    /// Adds to a visit what it does not say itself: the company, and under the names that a site may declare as `custom` values what is
    /// known of the range.
    pub fn describe(&self, visit: &mut Visit) {
        if visit.attributes.is_none() {
            visit.attributes = self.company();
        }
        let Holder { asn, organisation, country, usage, .. } = &self.holder;
        let text = |text: &str| CustomValue::Text(text.to_owned());
        let facts = [
            ("country", country.as_deref().map(text)),
            ("asn", asn.map(|asn| CustomValue::Int(asn.into()))),
            ("organisation", organisation.as_deref().map(text)),
            ("usage", usage.map(|usage| text(usage.name()))),
        ];
        // Of two with one name the first counts.
        for (name, value) in facts {
            if let Some(value) = value {
                visit.visitor.custom.add(name, value);
            }
        }
    }
}

/// A value of a record that is no map and no list.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'a> {
    Text(&'a str),
    Int(i64),
    Bool(bool),
    /// Of a kind that no field has.
    Other,
}

/// A record while it is read: of each field what counts so far.
#[derive(Debug, Default)]
pub(super) struct Draft {
    asn: Ranked<u32>,
    organisation: Ranked<String>,
    domain: Ranked<String>,
    as_organisation: Ranked<String>,
    as_domain: Ranked<String>,
    isp: Ranked<String>,
    country: Ranked<String>,
    usage: Ranked<Usage>,
    industry: Ranked<String>,
    employees: Ranked<i64>,
    revenue: Ranked<i64>,
    is_proxy: bool,
    is_hosting: bool,
    is_mobile: bool,
    is_satellite: bool,
}

/// The value of the lowest rank.
#[derive(Debug)]
struct Ranked<T>(Option<(u16, T)>);

impl<T> Default for Ranked<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Ranked<T> {
    fn put(&mut self, rank: u16, value: Option<T>) {
        if let Some(value) = value
            && self.0.as_ref().is_none_or(|(best, _)| rank < *best)
        {
            self.0 = Some((rank, value));
        }
    }

    fn take(self) -> Option<T> {
        self.0.map(|(_, value)| value)
    }
}

impl Draft {
    /// Takes the value of a field; one that makes no sense there is none.
    pub(super) fn put(&mut self, (field, rank): (Field, u16), value: Value<'_>) {
        match field {
            Field::Asn => self.asn.put(rank, value.asn()),
            Field::Organisation => self.organisation.put(rank, value.text()),
            Field::Domain => self.domain.put(rank, value.domain()),
            Field::AsOrganisation => self.as_organisation.put(rank, value.text()),
            Field::AsDomain => self.as_domain.put(rank, value.domain()),
            Field::Isp => self.isp.put(rank, value.text()),
            Field::Country => self.country.put(rank, value.country()),
            Field::Usage => self.usage.put(rank, value.usage()),
            Field::Industry => self.industry.put(rank, value.text()),
            Field::Employees => self.employees.put(rank, value.int()),
            Field::Revenue => self.revenue.put(rank, value.int()),
            Field::IsProxy => self.is_proxy |= value.is_true(),
            Field::IsHosting => self.is_hosting |= value.is_true(),
            Field::IsMobile => self.is_mobile |= value.is_true(),
            Field::IsSatellite => self.is_satellite |= value.is_true(),
        }
    }

    /// The record. Whoever runs the system stands in for an organisation that is not told, with his domain; beside one that is told he
    /// is its provider, and his domain is not the organisation's.
    pub(super) fn finish(self) -> Record {
        let (organisation, domain) = (self.organisation.take(), self.domain.take());
        let (runs, runs_domain) = (self.as_organisation.take(), self.as_domain.take());
        let is_registered = organisation.is_some();
        let isp = self.isp.take().or_else(|| runs.clone().filter(|_| is_registered));
        let usage = match () {
            () if self.is_proxy => Some(Usage::Proxy),
            () if self.is_mobile => Some(Usage::Mobile),
            () if self.is_hosting => Some(Usage::Hosting),
            () if self.is_satellite => Some(Usage::Access),
            () => self.usage.take(),
        };
        let holder = Holder {
            asn: self.asn.take(),
            isp: isp.filter(|isp| organisation.as_ref() != Some(isp)),
            domain: domain.or(runs_domain.filter(|_| !is_registered)),
            organisation: organisation.or(runs),
            country: self.country.take(),
            usage,
        };
        let (industry, employees, revenue) = (self.industry.take(), self.employees.take(), self.revenue.take());
        Record { holder, industry, employees, revenue }
    }
}

impl Value<'_> {
    /// A text that says something.
    fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.trim()).filter(|text| !matches!(*text, "" | "-")).map(str::to_owned),
            _ => None,
        }
    }

    fn domain(self) -> Option<String> {
        self.text().filter(|text| text.contains('.')).map(|text| text.trim_end_matches('.').to_ascii_lowercase())
    }

    fn int(self) -> Option<i64> {
        match self {
            Self::Int(int) => Some(int).filter(|int| *int >= 0),
            Self::Text(text) => text.trim().parse().ok().filter(|int| *int >= 0),
            _ => None,
        }
    }

    /// `123`, or `AS123`. Zero is nobody's.
    fn asn(self) -> Option<u32> {
        let number = match self {
            Self::Text(text) => {
                let text = text.trim();
                Value::Text(text.strip_prefix("AS").or_else(|| text.strip_prefix("as")).unwrap_or(text)).int()
            }
            other => other.int(),
        };
        number.and_then(|number| u32::try_from(number).ok()).filter(|number| *number != 0)
    }

    /// Two letters. `ZZ` stands for none.
    fn country(self) -> Option<String> {
        let is_code = |text: &String| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
        self.text().filter(is_code).map(|code| code.to_ascii_uppercase()).filter(|code| code != "ZZ")
    }

    /// Some vendors write flags as texts, and leave them empty or name what it is.
    fn is_true(self) -> bool {
        match self {
            Self::Bool(bool) => bool,
            Self::Int(int) => int != 0,
            Self::Other => false,
            Self::Text(text) => !matches!(&*text.trim().to_ascii_lowercase(), "" | "-" | "0" | "false" | "no"),
        }
    }

    /// What the vendors' words mean. How somebody is connected says who he is where it is by radio or a line of a company's own.
    fn usage(self) -> Option<Usage> {
        let word = self.text()?.to_ascii_lowercase();
        let known = Usage::ALL.into_iter().find(|usage| usage.name() == word);
        known.or(match &*word {
            "corporate" | "enterprise" => Some(Usage::Business),
            "residential" | "isp" | "cafe" | "dialup" | "traveler" | "router" | "satellite" => Some(Usage::Access),
            "cellular" => Some(Usage::Mobile),
            "content_delivery_network" | "cdn" => Some(Usage::Hosting),
            "school" | "college" | "university" | "library" => Some(Usage::Education),
            "military" => Some(Usage::Government),
            "consumer_privacy_network" | "vpn" | "relay" | "tor" => Some(Usage::Proxy),
            "search_engine_spider" => Some(Usage::Crawler),
            _ => None,
        })
    }
}
