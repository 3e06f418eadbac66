//! Every schema in use, a record of each as its vendor's documentation has it.

use nameplate::net::{
    Holder, Prefix, Usage,
    geo::{Database, Mapping, Record},
};

use super::{
    found, open,
    write::{self, U16, U32, Value, text},
};

const PREFIX: &str = "8.8.0.0/16";

fn map(entries: &[(&'static str, Value)]) -> Value {
    Value::Map(entries.to_vec())
}

fn database(record: Value) -> Vec<u8> {
    write::Database::new(6, 24, &[(PREFIX, record)]).bytes()
}

/// asn, organisation, isp, domain, country, usage.
fn check(record: &[(&'static str, Value)], expect: [&str; 6]) {
    let Record { holder, .. } = found(&open(database(map(record))), "8.8.4.4").unwrap();
    let Holder { asn, organisation, isp, domain, country, usage } = holder;
    let shown = [
        asn.map(|asn| asn.to_string()),
        organisation,
        isp,
        domain,
        country,
        usage.map(|usage| usage.name().to_owned()),
    ];
    assert_eq!(shown.map(Option::unwrap_or_default), expect, "{record:?}");
}

#[test]
fn maxminds_schemas_are_read() {
    let asn = Value::Uint(U32, 15_465);
    let system = [("autonomous_system_number", asn), ("autonomous_system_organization", text("SIEMENS-AS"))];
    check(&system, ["15465", "SIEMENS-AS", "", "", "", ""]);
    let isp = [&system[..], &[("isp", text("Provider")), ("organization", text("Siemens AG"))]].concat();
    check(&isp, ["15465", "Siemens AG", "Provider", "", "", ""]);
    check(&[("domain", text("Siemens.COM"))], ["", "", "", "siemens.com", "", ""]);
    check(&[("connection_type", text("Cellular"))], ["", "", "", "", "", "mobile"]);
    check(&[("connection_type", text("Corporate"))], ["", "", "", "", "", "business"]);
    check(&[("connection_type", text("Cable/DSL"))], ["", "", "", "", "", ""]);
    for flag in ["is_anonymous", "is_anonymous_vpn", "is_public_proxy", "is_residential_proxy", "is_tor_exit_node"] {
        check(&[(flag, Value::Bool(true))], ["", "", "", "", "", "proxy"]);
        check(&[(flag, Value::Bool(false))], ["", "", "", "", "", ""]);
    }
    check(&[("is_hosting_provider", Value::Bool(true))], ["", "", "", "", "", "hosting"]);
    let plus = [
        ("anonymizer_confidence", Value::Uint(U16, 99)),
        ("is_anonymous", Value::Bool(true)),
        ("is_anonymous_vpn", Value::Bool(true)),
        ("network_last_seen", text("2026-04-14")),
        ("provider_name", text("NordVPN")),
    ];
    check(&plus, ["", "", "", "", "", "proxy"]);
    let names = map(&[("de", text("Deutschland")), ("en", text("Germany"))]);
    let country =
        |code: &str| map(&[("geoname_id", Value::Uint(U32, 1)), ("iso_code", text(code)), ("names", names.clone())]);
    let city = [
        ("city", map(&[("names", names.clone())])),
        ("registered_country", country("US")),
        ("country", country("DE")),
        ("location", map(&[("latitude", Value::Double(52.5)), ("time_zone", text("Europe/Berlin"))])),
        ("subdivisions", Value::List(vec![map(&[("iso_code", text("BE")), ("names", names.clone())])])),
    ];
    check(&city, ["", "", "", "", "DE", ""]);
    check(&city[1..2], ["", "", "", "", "US", ""]);
    let traits = map(&[
        ("autonomous_system_number", Value::Uint(U32, 15_465)),
        ("autonomous_system_organization", text("Provider AG")),
        ("connection_type", text("Corporate")),
        ("domain", text("siemens.com")),
        ("isp", text("Provider")),
        ("organization", text("Siemens AG")),
        ("user_type", text("business")),
    ]);
    let enterprise = [("country", country("de")), ("traits", traits)];
    check(&enterprise, ["15465", "Siemens AG", "Provider", "siemens.com", "DE", "business"]);
}

#[test]
fn a_vendors_word_for_a_use_is_one_of_ours() {
    for (word, expect) in [
        ("business", Usage::Business),
        ("cafe", Usage::Access),
        ("cellular", Usage::Mobile),
        ("college", Usage::Education),
        ("consumer_privacy_network", Usage::Proxy),
        ("content_delivery_network", Usage::Hosting),
        ("dialup", Usage::Access),
        ("government", Usage::Government),
        ("hosting", Usage::Hosting),
        ("library", Usage::Education),
        ("military", Usage::Government),
        ("residential", Usage::Access),
        ("router", Usage::Access),
        ("school", Usage::Education),
        ("search_engine_spider", Usage::Crawler),
        ("traveler", Usage::Access),
        ("isp", Usage::Access),
        ("education", Usage::Education),
        ("Business", Usage::Business),
    ] {
        check(&[("traits", map(&[("user_type", text(word))]))], ["", "", "", "", "", expect.name()]);
        check(&[("type", text(word))], ["", "", "", "", "", expect.name()]);
    }
    let mobile = ("mobile_country_code", text("262"));
    check(&[("isp", text("T-Mobile")), mobile.clone()], ["", "", "T-Mobile", "", "", "mobile"]);
    check(&[("traits", map(&[mobile]))], ["", "", "", "", "", "mobile"]);
    check(&[("type", text("inactive"))], ["", "", "", "", "", ""]);
    // A business whose addresses are a VPN's is nobody's employer there.
    let both = [("type", text("business")), ("vpn", text("true"))];
    check(&both, ["", "", "", "", "", "proxy"]);
}

#[test]
fn ipinfos_schemas_are_read() {
    let company = [
        ("name", text("Siemens AG")),
        ("domain", text("siemens.com")),
        ("type", text("business")),
        ("asn", text("AS15465")),
        ("as_name", text("Provider AG")),
        ("as_domain", text("provider.example")),
        ("as_type", text("isp")),
        ("country", text("DE")),
    ];
    check(&company, ["15465", "Siemens AG", "Provider AG", "siemens.com", "DE", "business"]);
    // The provider's domain is not the company's.
    let without = [company[0].clone(), company[4].clone(), company[5].clone()];
    check(&without, ["", "Siemens AG", "Provider AG", "", "", ""]);
    let lite = [
        ("asn", text("AS15465")),
        ("as_name", text("Siemens")),
        ("as_domain", text("siemens.com")),
        ("country", text("Germany")),
        ("country_code", text("DE")),
        ("continent", text("Europe")),
    ];
    check(&lite, ["15465", "Siemens", "", "siemens.com", "DE", ""]);
    let privacy = |flag: &'static str, value: &str| [("hosting", text("")), (flag, text(value)), ("service", text(""))];
    check(&privacy("vpn", "true"), ["", "", "", "", "", "proxy"]);
    check(&privacy("relay", "true"), ["", "", "", "", "", "proxy"]);
    check(&privacy("proxy", ""), ["", "", "", "", "", ""]);
    check(&privacy("tor", "false"), ["", "", "", "", "", ""]);
    check(&[("hosting", text("true"))], ["", "", "", "", "", "hosting"]);
    check(&[("carrier", text("T-Mobile")), ("mcc", text("262"))], ["", "", "T-Mobile", "", "", "mobile"]);
}

#[test]
fn ipinfos_core_and_plus_are_read_flat_and_nested() {
    let no = Value::Bool(false);
    let flags = ["is_anonymous", "is_anycast", "is_hosting", "is_mobile", "is_satellite"];
    let core = [
        ("country", text("Germany")),
        ("country_code", text("DE")),
        ("asn", text("AS3320")),
        ("as_name", text("Deutsche Telekom AG")),
        ("as_domain", text("telekom.de")),
        ("as_type", text("isp")),
    ];
    let flagged = |is: &str| -> Vec<(&'static str, Value)> {
        flags.iter().map(|flag| (*flag, Value::Bool(*flag == is))).chain(core.clone()).collect()
    };
    for (flag, usage) in [
        ("", "access"),
        ("is_anonymous", "proxy"),
        ("is_anycast", "hosting"),
        ("is_hosting", "hosting"),
        ("is_mobile", "mobile"),
        ("is_satellite", "access"),
    ] {
        check(&flagged(flag), ["3320", "Deutsche Telekom AG", "", "telekom.de", "DE", usage]);
    }
    for flag in ["is_vpn", "is_proxy", "is_tor", "is_relay", "is_res_proxy"] {
        check(&[(flag, Value::Bool(true)), ("is_hosting", no.clone())], ["", "", "", "", "", "proxy"]);
        check(&[("anonymous", map(&[(flag, Value::Bool(true))]))], ["", "", "", "", "", "proxy"]);
    }
    // A satellite's customers are not the business that it is registered to.
    let satellite = [("name", text("Alder Bank")), ("type", text("business")), ("is_satellite", Value::Bool(true))];
    check(&satellite, ["", "Alder Bank", "", "", "", "access"]);
    let nested = [
        ("geo", map(&[("country", text("Canada")), ("country_code", text("CA"))])),
        (
            "as",
            map(&[
                ("asn", text("AS577")),
                ("name", text("Bell Canada")),
                ("domain", text("bell.ca")),
                ("type", text("isp")),
            ]),
        ),
        ("mobile", map(&[("name", text("Bell Mobility")), ("mcc", text("302"))])),
        ("anonymous", map(&[("is_vpn", no)])),
    ];
    check(&nested, ["577", "Bell Canada", "Bell Mobility", "bell.ca", "CA", "mobile"]);
}

#[test]
fn db_ips_schema_is_read() {
    let traits = map(&[
        ("autonomous_system_number", Value::Uint(U32, 3_320)),
        ("autonomous_system_organization", text("Deutsche Telekom AG")),
        ("connection_type", text("Cable/DSL")),
        ("isp", text("Deutsche Telekom AG")),
        ("organization", text("Deutsche Telekom AG")),
        ("user_type", text("residential")),
    ]);
    let record = [("country", map(&[("iso_code", text("DE"))])), ("traits", traits)];
    check(&record, ["3320", "Deutsche Telekom AG", "", "", "DE", "access"]);
}

#[test]
fn values_that_make_no_sense_are_none() {
    for record in [
        [("asn", text("AS")), ("country", text("-"))],
        [("asn", Value::Uint(U32, 0)), ("country", text("ZZ"))],
        [("asn", text("AS99999999999")), ("country", text("D1"))],
        [("asn", Value::Bool(true)), ("name", text("  "))],
        [("asn", Value::List(vec![text("AS1")])), ("domain", text("localhost"))],
        [("autonomous_system_number", Value::Uint(10, u128::MAX)), ("name", text("-"))],
        [("autonomous_system_number", Value::Double(1.0)), ("traits", text("business"))],
    ] {
        check(&record, [""; 6]);
    }
}

#[test]
fn an_unknown_schema_is_mapped() {
    let record = map(&[
        (
            "company",
            map(&[
                ("legal", text("Alder Bank plc")),
                ("web", text("alder.example")),
                ("staff", Value::Uint(U32, 5_000)),
            ]),
        ),
        ("sector", text("banking")),
        ("turnover", text("1000000")),
        ("name", text("a name of something else")),
    ]);
    let mapping =
        "organisation=company.legal,domain=company.web,employees=company.staff,industry=sector,revenue=turnover";
    let database = Database::open(database(record), &mapping.parse::<Mapping>().unwrap()).unwrap();
    let record = found(&database, "8.8.8.8").unwrap();
    assert_eq!((record.holder.organisation.as_deref(), record.employees), (Some("Alder Bank plc"), Some(5_000)));
    let company = record.company().unwrap();
    assert_eq!(company.name.as_deref(), Some("Alder Bank plc"));
    assert_eq!(company.domains, Some(vec!["alder.example".to_owned()]));
    assert_eq!(
        (company.industry.as_deref(), company.employees, company.revenue),
        (Some("banking"), Some(5_000), Some(1_000_000))
    );
}

#[test]
fn only_a_business_of_its_own_is_a_company() {
    let check = |usage: Option<&str>, expect: bool| {
        let mut record = vec![("name", text("Alder Bank")), ("country", text("GB"))];
        record.extend(usage.map(|word| ("type", text(word))));
        let company = found(&open(database(map(&record))), "8.8.8.8").unwrap().company();
        assert_eq!(company.is_some(), expect, "{usage:?}");
        // A range is not where a head office is.
        assert_eq!(company.and_then(|company| company.country), None);
    };
    check(Some("business"), true);
    check(None, false);
    for shared in ["isp", "hosting", "education", "government", "cellular", "vpn", "crawler"] {
        check(Some(shared), false);
    }
}

#[test]
fn addresses_are_found_by_their_prefix_and_only_public_ones() {
    let name = |name: &str| map(&[("name", text(name))]);
    for record_size in [24, 28, 32] {
        let written = write::Database::new(
            6,
            record_size,
            &[
                ("0.0.0.0/0", name("all of IPv4")),
                ("8.0.0.0/8", name("eight")),
                ("8.8.8.8/32", name("one")),
                ("2001::/16", name("tunnels")),
                ("2a00::/12", name("Europe")),
                ("2a00:1450::/32", name("one of Europe")),
            ],
        );
        let database = open(written.bytes());
        let check = |address: &str, expect: Option<&str>| {
            let organisation = found(&database, address).and_then(|record| record.holder.organisation);
            assert_eq!(organisation.as_deref(), expect, "{address}, {record_size}");
        };
        check("8.8.8.8", Some("one"));
        check("::ffff:8.8.8.8", Some("one"));
        check("8.8.8.9", Some("eight"));
        check("9.9.9.9", Some("all of IPv4"));
        check("2a00:1450::1", Some("one of Europe"));
        check("2a00:1451::1", Some("Europe"));
        check("2b00::1", None);
        for special in
            ["10.0.0.1", "127.0.0.1", "100.64.0.1", "192.0.2.1", "::8.8.8.8", "2001::1", "2002:808:808::1", "::1"]
        {
            check(special, None);
        }
        let listed: Vec<(Prefix, Option<String>)> = database
            .networks()
            .map(|entry| entry.map(|(prefix, record)| (prefix, record.holder.organisation.clone())).unwrap())
            .collect();
        assert!(listed.windows(2).all(|pair| pair[0].0 < pair[1].0), "they ascend");
        assert_eq!(listed.iter().filter(|(_, name)| name.as_deref() == Some("one")).count(), 1);
        assert!(listed.contains(&(Prefix::parse("2a00:1450::/32").unwrap(), Some("one of Europe".to_owned()))));
        assert_eq!(database.about().node_count as usize, written.node_count());
    }
}

#[test]
fn a_database_of_ipv4_knows_no_ipv6() {
    let written = write::Database::new(4, 24, &[("8.8.0.0/16", map(&[("name", text("x"))]))]);
    let database = open(written.bytes());
    assert!(found(&database, "8.8.8.8").is_some());
    assert!(found(&database, "2a00:1450::1").is_none());
    assert_eq!(database.networks().map(|entry| entry.unwrap().0.to_string()).collect::<Vec<_>>(), ["8.8.0.0/16"]);
}
