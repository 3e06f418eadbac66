//! Whose address counts: what a proxy of ours wrote, whatever a client writes before it.

use std::collections::BTreeMap;

use nameplate::net::{Address, ClientPolicy, ClientSource, HEADERS};
use proptest::prelude::{prop, proptest};

use crate::server::{ALDER, BIRCH, Server};

type Headers<'a> = &'a [(&'a str, &'a str)];

/// The proxy that calls us, unless a case says otherwise.
const PROXY: &str = "10.0.0.1";

fn find(source: &str, headers: Headers<'_>, socket: &str) -> Option<Address> {
    let source: ClientSource = source.parse().unwrap();
    source.find(headers.iter().map(|(name, value)| (*name, value.as_bytes())), Address::parse(socket))
}

/// `expect` is an address, or nothing.
fn check_from(socket: &str, source: &str, headers: Headers<'_>, expect: &str) {
    assert_eq!(find(source, headers, socket), Address::parse(expect), "{source} {headers:?} from {socket}");
    assert_eq!(expect.is_empty(), Address::parse(expect).is_none());
}

fn check(source: &str, headers: Headers<'_>, expect: &str) {
    check_from(PROXY, source, headers, expect);
}

#[test]
fn only_the_source_that_was_chosen_counts() {
    let all: Headers<'_> = &[
        ("CF-Connecting-IP", "198.51.100.1"),
        ("X-Forwarded-For", "198.51.100.2"),
        ("Forwarded", "for=198.51.100.3"),
        ("X-Real-IP", "198.51.100.4"),
        ("True-Client-IP", "198.51.100.5"),
    ];
    for (source, expect) in [
        ("socket", PROXY),
        ("cf-connecting-ip", "198.51.100.1"),
        ("x-forwarded-for=1", "198.51.100.2"),
        ("x-forwarded-for=10.0.0.0/8", "198.51.100.2"),
        ("forwarded=1", "198.51.100.3"),
        ("forwarded=10.0.0.0/8", "198.51.100.3"),
    ] {
        check(source, all, expect);
        // Without its own header, none of the others stands in.
        let own = source.split('=').next().unwrap();
        let others: Vec<_> = all.iter().copied().filter(|(name, _)| !name.eq_ignore_ascii_case(own)).collect();
        check(source, &others, if source == "socket" { PROXY } else { "" });
        check(source, &[], if source == "socket" { PROXY } else { "" });
    }
    check_from("::ffff:192.0.2.7", "socket", all, "192.0.2.7");
    check_from("", "socket", all, "");
}

#[test]
fn a_header_of_one_address_holds_one_address() {
    let check = |value: &str, expect: &str| check("cf-connecting-ip", &[("cf-connecting-ip", value)], expect);
    check("192.0.2.7", "192.0.2.7");
    check(" 192.0.2.7 ", "192.0.2.7");
    check("2001:db8::7", "2001:db8::7");
    check("2001:DB8::7", "2001:db8::7");
    check("::ffff:192.0.2.7", "192.0.2.7");
    for value in [
        "",
        "192.0.2.7:80",
        "[2001:db8::7]",
        "192.0.2.7, 192.0.2.8",
        "192.0.2",
        "unknown",
        "192.0.2.7\u{e9}",
        "0xc0000207",
    ] {
        check(value, "");
    }
    let twice: Headers<'_> = &[("cf-connecting-ip", "192.0.2.7"), ("CF-Connecting-Ip", "192.0.2.7")];
    self::check("cf-connecting-ip", twice, "");
}

#[test]
fn hops_are_counted_from_the_right() {
    let check = |hops: usize, value: &str, expect: &str| {
        check(&format!("x-forwarded-for={hops}"), &[("X-Forwarded-For", value)], expect);
    };
    check(1, "192.0.2.7", "192.0.2.7");
    check(1, "192.0.2.6, 192.0.2.7", "192.0.2.7");
    check(2, "192.0.2.6, 192.0.2.7", "192.0.2.6");
    check(2, "192.0.2.5,192.0.2.6,192.0.2.7", "192.0.2.6");
    check(3, "192.0.2.5 ,\t192.0.2.6\t, 192.0.2.7", "192.0.2.5");
    // Too few: the request passed by one of our proxies.
    check(2, "192.0.2.7", "");
    check(3, "192.0.2.6, 192.0.2.7", "");
    check(1_000_000, "192.0.2.6, 192.0.2.7", "");
    check(1, "", "");
    // What cannot be read is not passed over.
    check(1, "192.0.2.6, unknown", "");
    check(1, "192.0.2.6, ", "");
    check(1, "192.0.2.6,,", "");
    check(2, "192.0.2.6,, 192.0.2.7", "");
    check(2, "unknown, 192.0.2.7", "");
    check(1, "unknown, 192.0.2.7", "192.0.2.7");
}

#[test]
fn an_entry_may_have_a_port_and_brackets() {
    let check = |value: &str, expect: &str| check("x-forwarded-for=1", &[("x-forwarded-for", value)], expect);
    for (value, expect) in [
        ("192.0.2.7:80", "192.0.2.7"),
        ("192.0.2.7:65535", "192.0.2.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("[::ffff:192.0.2.7]:443", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
    ] {
        check(value, expect);
    }
    for value in [
        "192.0.2.7:",
        "192.0.2.7:x",
        "192.0.2.7:123456",
        "192.0.2.7:-1",
        "192.0.2.7:+1",
        ":80",
        "[192.0.2.7]",
        "[192.0.2.7]:80",
        "[2001:db8::7",
        "2001:db8::7]",
        "[2001:db8::7]443",
        "[2001:db8::7]:",
        "[2001:db8::7]x",
        "[]",
        "[]:80",
        "[ 2001:db8::7]",
        "fe80::1%eth0",
        "[fe80::1%25eth0]",
        "192.0.2.07",
        "192.0.2.7.",
        "192.0.2.7/24",
        "\"192.0.2.7\"",
        "for=192.0.2.7",
        "_hidden",
        "unknown",
        "127.1",
        "3221225991",
        "192.0.2.7 192.0.2.8",
        "\u{a0}192.0.2.7",
        "١٩٢.0.2.7",
        "-",
        "null",
        "192 .0.2.7",
    ] {
        check(value, "");
    }
}

#[test]
fn repeated_headers_are_one_list() {
    let headers: Headers<'_> = &[
        ("X-Forwarded-For", "192.0.2.4, 192.0.2.5"),
        ("Host", "www.example.com"),
        ("x-forwarded-FOR", "192.0.2.6"),
        ("X-FORWARDED-FOR", "192.0.2.7"),
    ];
    for (hops, expect) in [(1, "192.0.2.7"), (2, "192.0.2.6"), (3, "192.0.2.5"), (4, "192.0.2.4"), (5, "")] {
        check(&format!("x-forwarded-for={hops}"), headers, expect);
    }
    let headers: Headers<'_> = &[("Forwarded", "for=192.0.2.5, for=192.0.2.6"), ("forwarded", "For=192.0.2.7")];
    for (hops, expect) in [(1, "192.0.2.7"), (2, "192.0.2.6"), (3, "192.0.2.5"), (4, "")] {
        check(&format!("forwarded={hops}"), headers, expect);
    }
    // A header of nearly the same name is another.
    for name in ["X-Forwarded-For-", "X_Forwarded_For", "Forwarded-For", "X-Forwarded", "X-Forwarded-Fo\u{17f}"] {
        check("x-forwarded-for=1", &[(name, "192.0.2.7")], "");
    }
}

#[test]
fn with_prefixes_the_last_who_is_none_of_ours_is_the_client() {
    let source = "x-forwarded-for=10.0.0.0/8,fd00::/8,198.51.100.0/24";
    let from =
        |socket: &str, value: &str, expect: &str| check_from(socket, source, &[("x-forwarded-for", value)], expect);
    from(PROXY, "192.0.2.7", "192.0.2.7");
    from(PROXY, "192.0.2.7, 10.9.9.9", "192.0.2.7");
    from(PROXY, "192.0.2.6, 192.0.2.7, 198.51.100.9, 10.9.9.9", "192.0.2.7");
    from(PROXY, "10.1.1.1, 192.0.2.7", "192.0.2.7");
    from("fd00::1", "192.0.2.7, [fd00::2]:443", "192.0.2.7");
    from("::ffff:10.0.0.1", "192.0.2.7, ::ffff:10.0.0.2", "192.0.2.7");
    // One who calls us past our proxies is believed nothing, and gets nobody's address, not even his own.
    from("192.0.2.99", "192.0.2.7", "");
    from("192.0.2.99", "192.0.2.7, 10.9.9.9", "");
    from("", "192.0.2.7", "");
    // All are ours: no client is in sight.
    from(PROXY, "10.1.1.1, 10.2.2.2", "");
    from(PROXY, "", "");
    // Nobody looks behind what cannot be read.
    from(PROXY, "192.0.2.7, unknown, 10.9.9.9", "");
    from(PROXY, "192.0.2.7, , 10.9.9.9", "");
    from(PROXY, "192.0.2.7, 10.9.9.9x", "");
}

#[test]
fn forwarded_is_read_as_rfc_7239_writes_it() {
    let check = |value: &str, expect: &str| check("forwarded=1", &[("Forwarded", value)], expect);
    for (value, expect) in [
        ("for=192.0.2.7", "192.0.2.7"),
        ("For=192.0.2.7", "192.0.2.7"),
        ("FOR=\"192.0.2.7\"", "192.0.2.7"),
        ("for=\"192.0.2.7:4711\"", "192.0.2.7"),
        ("for=192.0.2.7:4711", "192.0.2.7"),
        ("for=\"[2001:db8::7]\"", "2001:db8::7"),
        ("for=\"[2001:db8::7]:4711\"", "2001:db8::7"),
        ("for=[2001:db8::7]:4711", "2001:db8::7"),
        ("for=\"\\1\\92.0.2.7\"", "192.0.2.7"),
        ("proto=http;for=192.0.2.7;by=203.0.113.43", "192.0.2.7"),
        ("by=203.0.113.43; proto=https ;\tfor=192.0.2.7", "192.0.2.7"),
        ("for=192.0.2.6, for=192.0.2.7", "192.0.2.7"),
        ("for=192.0.2.6,for=192.0.2.7;host=\"a,b;for=192.0.2.9\"", "192.0.2.7"),
        ("host=\"\\\"\";for=192.0.2.7", "192.0.2.7"),
        ("for=unknown, for=192.0.2.7", "192.0.2.7"),
        (";for=192.0.2.7;", "192.0.2.7"),
        ("secret=_x.y;for=192.0.2.7", "192.0.2.7"),
    ] {
        check(value, expect);
    }
    for value in [
        "",
        "192.0.2.7",
        "for",
        "for=",
        "for=\"\"",
        "for =192.0.2.7",
        "for= 192.0.2.7",
        "for=unknown",
        "for=\"unknown\"",
        "for=_hidden",
        "for=\"_SEVKISEK\"",
        "for=\"_gazonk:80\"",
        "by=192.0.2.7",
        "fo=192.0.2.7",
        "for=192.0.2.6;for=192.0.2.7",
        "for=192.0.2.7;FOR=192.0.2.7",
        "for=\"192.0.2.7",
        "for=192.0.2.7\"",
        "for=\"192.0.2.7\"x",
        "for=192.0.2.7 x",
        "for=192.0.2.7, ",
        "for=192.0.2.7,",
        "for=\"192.0.2.7\\",
        "for=192.0.2.7;by",
        "for=192.0.2.7 for=192.0.2.8",
        "for=(192.0.2.7)",
        "for='192.0.2.7'",
        "for==192.0.2.7",
        "for=2001:db8::7:",
        "\u{e9}=x;for=192.0.2.7",
        "for=192.0.2.7, for=unknown",
        "for=192.0.2.7, by=192.0.2.8",
        "for=\"[192.0.2.7]\"",
        "for=192.0.2.7;x=\"",
        "x=\";for=192.0.2.7",
    ] {
        check(value, "");
    }
    let prefixes = "forwarded=10.0.0.0/8";
    for (value, expect) in
        [("for=192.0.2.7, for=10.9.9.9", "192.0.2.7"), ("for=192.0.2.7, for=_ours", ""), ("for=10.1.1.1", "")]
    {
        self::check(prefixes, &[("forwarded", value)], expect);
    }
    check_from("192.0.2.99", prefixes, &[("forwarded", "for=192.0.2.7")], "");
}

/// What somebody may send who wants to be taken for 198.51.100.66, or wants us to look in the wrong place.
const SPOOFS: [&str; 24] = [
    "198.51.100.66",
    "198.51.100.66, 198.51.100.66, 198.51.100.66, 198.51.100.66",
    "198.51.100.66,",
    ",,,,",
    "198.51.100.66, 10.0.0.1",
    "10.0.0.1, 10.0.0.2",
    "127.0.0.1",
    "[198.51.100.66]:80",
    "::ffff:198.51.100.66",
    "unknown",
    "for=198.51.100.66",
    "for=198.51.100.66, for=10.0.0.1",
    "for=198.51.100.66;for=198.51.100.66",
    "for=\"198.51.100.66",
    "for=198.51.100.66;x=\"",
    "for=198.51.100.66;x=\"\\",
    "for=198.51.100.66;",
    "for=\"198.51.100.66\", for=\"",
    "x=\"a, for=198.51.100.66",
    "\"198.51.100.66",
    "198.51.100.66\"",
    " \t ",
    ";",
    "for",
];

#[test]
fn whatever_a_client_writes_he_is_himself_or_nobody() {
    // What our proxies add behind it: of one, or of two.
    let one = ["192.0.2.7", "192.0.2.7:1234"];
    for spoof in SPOOFS {
        for source in ["x-forwarded-for=1", "x-forwarded-for=10.0.0.0/8"] {
            for appended in one {
                check(source, &[("x-forwarded-for", &format!("{spoof}, {appended}"))], "192.0.2.7");
                check(source, &[("X-Forwarded-For", spoof), ("X-Forwarded-For", appended)], "192.0.2.7");
            }
        }
        let two = format!("{spoof}, 192.0.2.7, 10.0.0.2");
        for source in ["x-forwarded-for=2", "x-forwarded-for=10.0.0.0/8"] {
            check(source, &[("x-forwarded-for", &two), ("forwarded", spoof), ("cf-connecting-ip", spoof)], "192.0.2.7");
        }
        // A quote that he leaves open may cost him his address, but gives him nobody else's.
        for (source, appended) in [
            ("forwarded=1", "for=192.0.2.7"),
            ("forwarded=1", "for=\"192.0.2.7:1234\";by=\"[2001:db8::1]\""),
            ("forwarded=2", "for=192.0.2.7, for=\"[fd00::2]\""),
            ("forwarded=10.0.0.0/8", "for=192.0.2.7;proto=https, for=10.0.0.2"),
        ] {
            let joined = format!("{spoof}, {appended}");
            for headers in [&[("forwarded", joined.as_str())][..], &[("forwarded", spoof), ("forwarded", appended)]] {
                let found = find(source, headers, PROXY);
                assert!(found.is_none() || found == Address::parse("192.0.2.7"), "{source} {headers:?} {found:?}");
            }
        }
    }
}

proptest! {
    #[test]
    fn nobody_finds_words_that_make_him_another(
        // Of what `Forwarded` is made of, and of anything.
        made in prop::collection::vec(prop::sample::select(vec!["for", "=", "\"", "\\", ",", ";", " ", "[", "]", ":", "198.51.100.66", "x", "::1"]), 0..12),
        any in "\\PC{0,20}",
    ) {
        for spoof in [made.concat(), any] {
            for source in ["x-forwarded-for=1", "x-forwarded-for=10.0.0.0/8"] {
                check(source, &[("x-forwarded-for", &format!("{spoof}, 192.0.2.7"))], "192.0.2.7");
            }
            for (source, appended) in [
                ("forwarded=1", "for=192.0.2.7"),
                ("forwarded=1", "for=\"192.0.2.7:1\""),
                ("forwarded=2", "for=192.0.2.7, for=\"[fd00::2]\";by=\"[fd00::3]\""),
                ("forwarded=10.0.0.0/8", "by=\"[fd00::3]:1\";for=192.0.2.7, for=10.0.0.2"),
            ] {
                let found = find(source, &[("forwarded", &format!("{spoof}, {appended}"))], PROXY);
                assert!(found.is_none() || found == Address::parse("192.0.2.7"), "{source} {spoof:?} {found:?}");
            }
        }
    }
}

#[test]
fn a_source_is_one_of_these() {
    for source in
        ["socket", "x-forwarded-for=1", "forwarded=12", "forwarded=10.0.0.0/8, fd00::/8"].iter().chain(&HEADERS)
    {
        assert!(source.parse::<ClientSource>().is_ok(), "{source}");
    }
    for source in [
        "",
        "Socket",
        "x-forwarded-for",
        "x-forwarded-for=",
        "x-forwarded-for=0",
        "x-forwarded-for=-1",
        "x-forwarded-for=+1",
        "x-forwarded-for=1.5",
        "x-forwarded-for=10.0.0.1",
        "x-forwarded-for=10.0.0.1/8",
        "x-forwarded-for=10.0.0.0/8,",
        "x-forwarded-for=10.0.0.0/8,2",
        "socket=1",
        "cf-connecting-ip=1",
        "X-Real-IP",
        "x-client-ip",
        "x-real-ip=1",
        "forwarded=99999999999999999999",
    ] {
        assert!(source.parse::<ClientSource>().is_err(), "{source}");
    }
}

/// Whom those who forge headers want to be taken for.
const FORGED: &str = "198.51.100.66";

/// Source, the other end of the connection, what is expected, headers.
type Request<'a> = (&'a str, &'a str, &'a str, Vec<(&'a str, &'a str)>);

/// A row of the table.
fn request(line: &str) -> Request<'_> {
    let mut parts = line.split('\t');
    let [source, socket, expect] = [(); 3].map(|()| parts.next().unwrap());
    let headers = parts.map(|header| header.split_once(": ").unwrap()).collect();
    (source, socket, if expect == "-" { "" } else { expect }, headers)
}

fn table() -> impl Iterator<Item = &'static str> {
    include_str!("../client.txt").lines().filter(|line| !line.starts_with('#'))
}

#[test]
fn no_forged_header_makes_somebody_another() {
    let mut forged = 0;
    for (source, socket, expect, headers) in table().map(request) {
        forged += usize::from(headers.iter().any(|(_, value)| value.contains(FORGED)));
        assert_ne!(expect, FORGED, "{source} {headers:?}");
        check_from(socket, source, &headers, expect);
    }
    assert!(forged >= 200, "{forged} forged requests");
}

#[test]
fn nor_on_the_decision_server() {
    // Those of documentation are nobody's, so the client is alder here, and wants to be birch. All come from this machine.
    let mut servers: BTreeMap<String, Server> = BTreeMap::new();
    for line in table().filter(|line| request(line).1 == PROXY) {
        let real = line.replace("192.0.2.7", ALDER.1).replace("C000:207", "84BA:5807").replace(FORGED, BIRCH.1);
        let (source, _, expect, headers) = request(&real);
        let source = source.replace("10.0.0.0/8", "127.0.0.0/8");
        let ours = |text: &str| text.replace("10.0.0.", "127.0.0.");
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, ours(value))).collect();
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, &**value)).collect();
        let server = servers.entry(source.clone()).or_insert_with(|| Server::start(&["--client-address", &source]));
        let answer = server.post("/np/decide", &headers, "{}");
        let decision: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        let account = decision["account"]["id"].as_str();
        assert_eq!(account, (expect == ALDER.1).then_some("alder"), "{line}");
    }
    assert!(servers.len() > 10);
}

#[test]
fn a_translators_prefix_counts_where_it_is_named() {
    let check = |nat64: &[&str], address: &str, expect: &str| {
        let nat64 = nat64.iter().map(|prefix| prefix.parse().unwrap()).collect();
        let policy = ClientPolicy { source: ClientSource::Header("x-real-ip"), nat64 };
        let found = policy.find([("x-real-ip", address.as_bytes())], None);
        assert_eq!(found, Address::parse(expect), "{address}");
    };
    check(&[], "64:ff9b::192.0.2.7", "64:ff9b::192.0.2.7");
    check(&["64:ff9b::/96"], "64:ff9b::192.0.2.7", "192.0.2.7");
    check(&["2001:db8::/96", "64:ff9b::/96"], "64:ff9b::192.0.2.7", "192.0.2.7");
    check(&["64:ff9b::/96"], "64:ff9b:1::192.0.2.7", "64:ff9b:1::192.0.2.7");
    check(&["64:ff9b::/96"], "192.0.2.8", "192.0.2.8");
    check(&["64:ff9b::/96"], "", "");
}
