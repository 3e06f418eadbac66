//! Where the vendors of address databases write what we read: the one table of schemas.
//!
//! No vendor is told by the name of his database, which everybody may choose: a path that is in the table means the same in all of
//! them. What has no place there, its owner can map.

use std::str::FromStr;

use crate::limit::MAPPING_MAX;

/// What is read out of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The number of the autonomous system, or its handle: `AS123`.
    Asn,
    /// Whom the range is registered to.
    Organisation,
    /// A web domain of that organisation.
    Domain,
    /// Who runs the autonomous system.
    AsOrganisation,
    /// A web domain of who runs it.
    AsDomain,
    /// The provider of the connection.
    Isp,
    /// Two letters of ISO 3166-1.
    Country,
    /// What the range is used for, in the words of a vendor.
    Usage,
    /// Whether it is a relay, a VPN, a proxy.
    IsProxy,
    /// Whether servers stand there.
    IsHosting,
    /// Whether it is a mobile carrier's.
    IsMobile,
    /// Whether it is a satellite provider's.
    IsSatellite,
    /// The organisation's industry.
    Industry,
    /// How many people work there.
    Employees,
    /// Its revenue a year, US dollars.
    Revenue,
}

impl Field {
    /// All, by which a mapping names them.
    pub const ALL: [(&'static str, Self); 15] = [
        ("asn", Self::Asn),
        ("organisation", Self::Organisation),
        ("domain", Self::Domain),
        ("as_organisation", Self::AsOrganisation),
        ("as_domain", Self::AsDomain),
        ("isp", Self::Isp),
        ("country", Self::Country),
        ("usage", Self::Usage),
        ("is_proxy", Self::IsProxy),
        ("is_hosting", Self::IsHosting),
        ("is_mobile", Self::IsMobile),
        ("is_satellite", Self::IsSatellite),
        ("industry", Self::Industry),
        ("employees", Self::Employees),
        ("revenue", Self::Revenue),
    ];
}

/// Paths and what stands there. Where a record has two of a field, the first counts.
const TABLE: [(&str, Field); 72] = [
    // GeoIP2 Enterprise, DB-IP. What a person measured of the range stands before what holds for the whole system.
    ("traits.organization", Field::Organisation),
    ("traits.domain", Field::Domain),
    ("traits.isp", Field::Isp),
    ("traits.autonomous_system_number", Field::Asn),
    ("traits.autonomous_system_organization", Field::AsOrganisation),
    ("traits.user_type", Field::Usage),
    ("traits.connection_type", Field::Usage),
    ("traits.is_anonymous", Field::IsProxy),
    ("traits.is_anonymous_vpn", Field::IsProxy),
    ("traits.is_public_proxy", Field::IsProxy),
    ("traits.is_residential_proxy", Field::IsProxy),
    ("traits.is_tor_exit_node", Field::IsProxy),
    ("traits.is_anonymous_proxy", Field::IsProxy),
    ("traits.is_hosting_provider", Field::IsHosting),
    ("traits.mobile_country_code", Field::IsMobile),
    // An address that is at many places at once is a server's.
    ("traits.is_anycast", Field::IsHosting),
    // GeoLite2 and GeoIP2: ASN, ISP, Domain, Connection-Type, Anonymous-IP and -Plus, Country and City.
    ("organization", Field::Organisation),
    ("domain", Field::Domain),
    ("isp", Field::Isp),
    ("autonomous_system_number", Field::Asn),
    ("autonomous_system_organization", Field::AsOrganisation),
    ("user_type", Field::Usage),
    ("is_anonymous", Field::IsProxy),
    ("is_anonymous_vpn", Field::IsProxy),
    ("is_public_proxy", Field::IsProxy),
    ("is_residential_proxy", Field::IsProxy),
    ("is_tor_exit_node", Field::IsProxy),
    ("is_hosting_provider", Field::IsHosting),
    ("mobile_country_code", Field::IsMobile),
    ("country.iso_code", Field::Country),
    ("registered_country.iso_code", Field::Country),
    // IPinfo. Its free databases write the country's name in `country`, which is passed over.
    ("name", Field::Organisation),
    ("type", Field::Usage),
    ("asn", Field::Asn),
    ("as_name", Field::AsOrganisation),
    ("as_domain", Field::AsDomain),
    ("as_type", Field::Usage),
    ("country_code", Field::Country),
    ("country", Field::Country),
    ("vpn", Field::IsProxy),
    ("proxy", Field::IsProxy),
    ("tor", Field::IsProxy),
    ("relay", Field::IsProxy),
    ("hosting", Field::IsHosting),
    ("carrier", Field::Isp),
    ("mcc", Field::IsMobile),
    ("asn.asn", Field::Asn),
    ("asn.name", Field::AsOrganisation),
    ("asn.domain", Field::AsDomain),
    // Its Core and Plus, flat as they are downloaded and nested as they are asked for.
    ("is_vpn", Field::IsProxy),
    ("is_proxy", Field::IsProxy),
    ("is_tor", Field::IsProxy),
    ("is_relay", Field::IsProxy),
    ("is_res_proxy", Field::IsProxy),
    ("is_hosting", Field::IsHosting),
    ("is_anycast", Field::IsHosting),
    ("is_mobile", Field::IsMobile),
    ("is_satellite", Field::IsSatellite),
    ("carrier_name", Field::Isp),
    ("as.asn", Field::Asn),
    ("as.name", Field::AsOrganisation),
    ("as.domain", Field::AsDomain),
    ("as.type", Field::Usage),
    ("geo.country_code", Field::Country),
    ("mobile.name", Field::Isp),
    ("mobile.mcc", Field::IsMobile),
    ("anonymous.is_vpn", Field::IsProxy),
    ("anonymous.is_proxy", Field::IsProxy),
    ("anonymous.is_tor", Field::IsProxy),
    ("anonymous.is_relay", Field::IsProxy),
    ("anonymous.is_res_proxy", Field::IsProxy),
    // The last: it says how one is connected, and hardly who is.
    ("connection_type", Field::Usage),
];

/// Fields of a schema that the table does not know, by their paths. What it names counts before what the table does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping(Vec<(Box<str>, Field)>);

/// What is wrong with a mapping, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingError(String);

impl std::fmt::Display for MappingError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for MappingError {}

impl Mapping {
    /// Adds that `path`, its parts joined by dots, holds what the field of this name is.
    ///
    /// # Errors
    /// No such field, an empty part of a path, more than [`MAPPING_MAX`] of them.
    pub fn add(&mut self, field: &str, path: &str) -> Result<(), MappingError> {
        let Some((_, found)) = Field::ALL.iter().find(|(name, _)| *name == field) else {
            let names: Vec<&str> = Field::ALL.iter().map(|(name, _)| *name).collect();
            return Err(MappingError(format!("expected one of {}, found `{field}`", names.join(", "))));
        };
        if path.split('.').any(str::is_empty) {
            return Err(MappingError(format!("expected keys with dots between, `company.name`, found `{path}`")));
        }
        if self.0.len() >= MAPPING_MAX {
            return Err(MappingError(format!("expected at most {MAPPING_MAX} fields")));
        }
        self.0.push((path.into(), *found));
        Ok(())
    }
}

impl FromStr for Mapping {
    type Err = MappingError;

    /// Of `field=path`, with commas between: `organisation=company.name,employees=company.size`.
    fn from_str(text: &str) -> Result<Self, MappingError> {
        let mut mapping = Self::default();
        for item in text.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            let Some((field, path)) = item.split_once('=') else {
                return Err(MappingError(format!("expected `field=path`, found `{item}`")));
            };
            mapping.add(field.trim(), path.trim())?;
        }
        Ok(mapping)
    }
}

/// The paths as a tree, along which a record is read.
#[derive(Debug, Default)]
pub(super) struct Node {
    children: Vec<(Box<str>, Node)>,
    /// What stands here, and its place in the order of what counts.
    pub(super) field: Option<(Field, u16)>,
}

impl Node {
    /// The table, after what is mapped.
    pub(super) fn new(mapping: &Mapping) -> Self {
        let mut root = Self::default();
        let mapped = mapping.0.iter().map(|(path, field)| (&**path, *field));
        for (rank, (path, field)) in (0..).zip(mapped.chain(TABLE)) {
            let node = path.split('.').fold(&mut root, Self::child_mut);
            node.field.get_or_insert((field, rank));
        }
        root
    }

    /// What is below a key, if anything that we read.
    pub(super) fn child(&self, key: &[u8]) -> Option<&Self> {
        self.children.iter().find(|(name, _)| name.as_bytes() == key).map(|(_, node)| node)
    }

    fn child_mut(&mut self, key: &str) -> &mut Self {
        let place = self.children.iter().position(|(name, _)| **name == *key).unwrap_or(self.children.len());
        if place == self.children.len() {
            self.children.push((key.into(), Self::default()));
        }
        #[expect(clippy::indexing_slicing, reason = "found or pushed just now")]
        &mut self.children[place].1
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, Mapping, Node, TABLE};

    #[test]
    fn a_path_leads_to_its_field() {
        let root = Node::new(&Mapping::default());
        for (path, field) in TABLE {
            let node = path.split('.').fold(&root, |node, key| node.child(key.as_bytes()).unwrap());
            assert_eq!(node.field.unwrap().0, field, "{path}");
        }
        assert!(root.child(b"names").is_none());
    }

    #[test]
    fn what_is_mapped_counts_before_the_table() {
        let mapping: Mapping = "organisation=company.name, employees=company.size,isp=name".parse().unwrap();
        let root = Node::new(&mapping);
        let at = |path: &str| path.split('.').fold(&root, |node, key| node.child(key.as_bytes()).unwrap()).field;
        assert_eq!(at("company.name"), Some((Field::Organisation, 0)));
        assert_eq!(at("company.size"), Some((Field::Employees, 1)));
        assert_eq!(at("name"), Some((Field::Isp, 2)));
    }

    #[test]
    fn a_mapping_says_what_is_wrong_with_it() {
        let check = |text: &str, expect: &str| {
            let found = text.parse::<Mapping>().map_or_else(|error| error.to_string(), |_| String::new());
            assert!(found.contains(expect), "{text}: {found}");
        };
        check("", "");
        check("employes=size", "found `employes`");
        check("employees", "expected `field=path`");
        check("employees=a..b", "found `a..b`");
        check(&"asn=a,".repeat(65), "at most 64");
        assert_eq!("asn=a,".repeat(64).parse::<Mapping>().map(|mapping| mapping.0.len()), Ok(64));
    }
}
