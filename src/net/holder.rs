//! Who holds a range of addresses, in the words of an address database.

/// What an address database says of whoever holds a range. Everything may be missing: each database knows something else.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Holder {
    /// The number of the autonomous system that announces the range.
    pub asn: Option<u32>,
    /// The organisation that the range is registered to, or that runs the autonomous system: "SIEMENS AG", "SIEMENS-AS".
    pub organisation: Option<String>,
    /// The provider of the connection, where it is another than the organisation.
    pub isp: Option<String>,
    /// A web domain of the organisation.
    pub domain: Option<String>,
    /// The country of the range by its two letters of ISO 3166-1, in capitals.
    pub country: Option<String>,
    /// What the range is used for.
    pub usage: Option<Usage>,
}

/// What a range of addresses is used for. All but [`Usage::Business`] are shared: people of many companies come from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Usage {
    /// One organisation's own staff.
    Business,
    /// A provider's customers at home and in small offices.
    Access,
    /// A mobile carrier's customers.
    Mobile,
    /// Servers: clouds, data centres, networks that deliver content.
    Hosting,
    /// Schools and universities: staff, students and guests.
    Education,
    /// Public administration.
    Government,
    /// Relays that hide who calls: VPN, proxies, security gateways in the cloud.
    Proxy,
    /// Programs that read the web.
    Crawler,
}

impl Usage {
    /// All, business first.
    pub const ALL: [Self; 8] = [
        Self::Business,
        Self::Access,
        Self::Mobile,
        Self::Hosting,
        Self::Education,
        Self::Government,
        Self::Proxy,
        Self::Crawler,
    ];

    /// Its word in files and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Business => "business",
            Self::Access => "access",
            Self::Mobile => "mobile",
            Self::Hosting => "hosting",
            Self::Education => "education",
            Self::Government => "government",
            Self::Proxy => "proxy",
            Self::Crawler => "crawler",
        }
    }

    /// Whether an address there says nothing of one company.
    #[must_use]
    pub const fn is_shared(self) -> bool {
        !matches!(self, Self::Business)
    }
}
