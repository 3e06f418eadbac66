//! Whom a visitor works for: by address, by hint, or nobody, and always why.

use nameplate::{
    bundle::Bundle,
    decide::decide,
    model::{MatchKind, Visit},
};

use crate::site;

fn visit(ip: &str, account: &str) -> Visit {
    let text = |text: &str| Some(text.to_owned()).filter(|text| text != "-");
    Visit { ip: text(ip), account: text(account), ..Visit::default() }
}

/// `alder by address 132.186.88.0/24 (AS400242 Example) 90: reason`, or `nobody: reason`.
fn found(bundle: &Bundle, visit: &Visit) -> String {
    let decision = decide(bundle, visit);
    let matched = decision.matched;
    match (decision.account, matched.kind) {
        (Some(account), MatchKind::Address) => format!(
            "{} by address {} ({}) {}: {}",
            account.id,
            matched.prefix.unwrap(),
            matched.source.unwrap(),
            matched.confidence.unwrap(),
            matched.reason
        ),
        (Some(account), MatchKind::Hint) => {
            assert_eq!((matched.prefix, matched.source, matched.confidence), (None, None, Some(100)));
            format!("{} by hint: {}", account.id, matched.reason)
        }
        (None, MatchKind::None) => {
            assert_eq!((matched.prefix, matched.source, matched.confidence), (None, None, None));
            format!("nobody: {}", matched.reason)
        }
        (account, kind) => panic!("{account:?} {kind:?}"),
    }
}

fn check_all(cases: &[(&str, &str, &str)]) {
    let bundle = site::bundle(&site::with(&[]));
    for (ip, account, expect) in cases {
        assert_eq!(found(&bundle, &visit(ip, account)), *expect, "{ip} {account}");
    }
}

const WIDE: &str =
    "alder by address 134.244.0.0/16 (AS1 Example) 90: the address lies in 134.244.0.0/16, known from AS1 Example";
const LONG: &str =
    "birch by address 134.244.29.0/24 (AS2 Example) 60: the address lies in 134.244.29.0/24, known from AS2 Example";
const CEDAR: &str = "cedar by address 2a00:1450:4001::/48 (AS3 Example) 80: the address lies in 2a00:1450:4001::/48, \
    known from AS3 Example";
const MISS: &str = "nobody: the address lies in no account's prefix";
const NONE: &str = "nobody: the visit has no address";
const GARBAGE: &str = "nobody: the visit's address is not an IP address";

#[test]
fn a_longer_prefix_wins() {
    check_all(&[
        ("134.244.28.255", "-", WIDE),
        ("134.244.29.0", "-", LONG),
        ("134.244.29.255", "-", LONG),
        ("134.244.30.0", "-", WIDE),
    ]);
}

#[test]
fn a_prefix_ends_where_it_should() {
    check_all(&[
        ("134.243.255.255", "-", MISS),
        ("134.244.0.0", "-", WIDE),
        ("134.244.255.255", "-", WIDE),
        ("134.245.0.0", "-", MISS),
        ("2a00:1450:4000:ffff:ffff:ffff:ffff:ffff", "-", MISS),
        ("2a00:1450:4001::", "-", CEDAR),
        ("2A00:1450:4001:ffff:ffff:ffff:ffff:ffff", "-", CEDAR),
        ("2a00:1450:4002::", "-", MISS),
    ]);
}

#[test]
fn an_ipv4_address_inside_ipv6_is_the_ipv4_address() {
    check_all(&[
        ("::ffff:134.244.29.7", "-", LONG),
        ("::FFFF:86f4:1d07", "-", LONG),
        ("::ffff:10.0.0.1", "-", "nobody: the address is private: it says nothing of a company"),
        ("::134.244.29.7", "-", "nobody: the address is reserved for special use: it says nothing of a company"),
        ("64:ff9b::134.244.29.7", "-", "nobody: the address is reserved for special use: it says nothing of a company"),
        ("2002:86f4:1d07::1", "-", "nobody: the address is reserved for special use: it says nothing of a company"),
    ]);
}

#[test]
fn an_address_that_is_not_of_the_public_internet_is_nobodys() {
    let private = "nobody: the address is private: it says nothing of a company";
    let special = "nobody: the address is reserved for special use: it says nothing of a company";
    let documentation = "nobody: the address is reserved for documentation";
    let loopback = "nobody: the address is this machine's own (loopback)";
    let carrier = "nobody: the address is shared by a carrier's customers (carrier-grade NAT)";
    check_all(&[
        ("10.1.2.3", "-", private),
        ("172.31.255.255", "-", private),
        ("192.168.0.1", "-", private),
        ("fd00::1", "-", private),
        ("127.0.0.1", "-", loopback),
        ("::1", "-", loopback),
        ("100.64.0.1", "-", carrier),
        ("192.0.2.1", "-", documentation),
        ("2001:db8::1", "-", documentation),
        ("169.254.1.1", "-", special),
        ("224.0.0.1", "-", special),
        ("255.255.255.255", "-", special),
        ("0.0.0.0", "-", special),
        ("::", "-", special),
        ("fe80::1", "-", special),
        ("ff02::1", "-", special),
    ]);
}

/// Even where the list has the prefix: it is a mistake there, and a warning (N007).
#[test]
fn a_reserved_prefix_in_the_list_matches_nobody() {
    let rows = "10.0.0.0/16,alder,90,x\n192.0.2.0/24,alder,90,x\n2001:db8::/32,alder,90,x\nfc00::/32,alder,90,x\n";
    let bundle = site::bundle(&site::with(&[("networks.csv", &format!("{}{rows}", site::NETWORKS))]));
    for ip in ["10.0.1.1", "192.0.2.1", "2001:db8::1", "fc00::1"] {
        assert!(found(&bundle, &visit(ip, "-")).starts_with("nobody: the address is "), "{ip}");
    }
}

#[test]
fn a_hint_beats_the_address() {
    check_all(&[
        ("134.244.29.7", "cedar", "cedar by hint: the caller named the account"),
        ("-", "dogwood", "dogwood by hint: the caller named the account"),
        ("garbage", "alder", "alder by hint: the caller named the account"),
        ("134.244.29.7", "", LONG),
    ]);
}

#[test]
fn an_unknown_hint_is_nobody_even_with_a_known_address() {
    let unknown = "nobody: the caller named an account that is not in the list";
    for hint in ["elm", "Alder", "alder ", "aldera", "alde", "\u{0}", "é"] {
        check_all(&[("134.244.29.7", hint, unknown)]);
    }
}

#[test]
fn what_is_no_address_is_nobody() {
    check_all(&[("-", "-", NONE), ("", "-", NONE), ("8.8.8.8", "-", MISS), (" 134.244.29.7 ", "-", LONG)]);
    for ip in [
        "x",
        "134.244.29",
        "134.244.29.7:80",
        "[2a00:1450:4001::1]",
        "134.244.29.07",
        "134.244.29.7, 10.0.0.1",
        "٣.1.1.1",
    ] {
        check_all(&[(ip, "-", GARBAGE)]);
    }
    check_all(&[(&"1".repeat(100_000), "-", GARBAGE)]);
}

#[test]
fn the_account_is_described_with_its_segments() {
    let bundle = site::bundle(&site::with(&[]));
    let check = |id: &str, expect: &str| {
        let account = decide(&bundle, &visit("-", id)).account;
        assert_eq!(serde_json::to_string(&account).unwrap(), expect);
    };
    check(
        "alder",
        r#"{"id":"alder","name":"Alder Bank AG","shortName":"Alder","tier":1,"stage":"customer","segments":["banks"]}"#,
    );
    check("dogwood", r#"{"id":"dogwood","name":"Dogwood","shortName":null,"tier":null,"stage":null,"segments":[]}"#);
}

/// The sample site against a naive scan of its list, at the edges of every prefix.
#[test]
fn every_prefix_of_the_sample_site_is_found_at_its_edges() {
    let bundle = site::bundle(&site::sample());
    let prefixes = bundle.contents().networks.prefixes();
    for prefix in prefixes.iter() {
        for address in [prefix.first(), prefix.last()] {
            let longest = prefixes.iter().filter(|other| other.contains(address));
            let expect = longest.max_by_key(|other| other.length()).unwrap();
            let ip = match address {
                nameplate::net::Address::V4(bits) => std::net::Ipv4Addr::from_bits(bits).to_string(),
                nameplate::net::Address::V6(bits) => std::net::Ipv6Addr::from_bits(bits).to_string(),
            };
            let found = nameplate::decide::resolve(&bundle, &visit(&ip, "-")).network;
            assert_eq!(found.and_then(|found| prefixes.get(found)), Some(expect), "{ip}");
        }
    }
}
