//! Whatever a client writes before what our proxies write: he is himself or nobody, and nothing panics.

#![cfg_attr(fuzzing, no_main)]

use nameplate::net::{Address, ClientPolicy, HEADERS, Nat64};
use nameplate_fuzz::fuzz_target;

const CLIENT: &str = "192.0.2.7";

fn find(source: &str, name: &str, values: &[&[u8]]) -> Option<Address> {
    let nat64 = vec!["64:ff9b::/96".parse::<Nat64>().unwrap()];
    let policy = ClientPolicy { source: source.parse().unwrap(), nat64 };
    policy.find(values.iter().map(|value| (name, *value)), Address::parse("10.0.0.1"))
}

fuzz_target!(|bytes: &[u8]| {
    let client = Address::parse(CLIENT);
    let joined = |appended: &str| [bytes, b", ", appended.as_bytes()].concat();
    for source in ["x-forwarded-for=1", "x-forwarded-for=10.0.0.0/8,fd00::/8"] {
        assert_eq!(find(source, "X-Forwarded-For", &[&joined(CLIENT)]), client);
        assert_eq!(find(source, "x-forwarded-for", &[bytes, CLIENT.as_bytes()]), client);
    }
    for (source, appended) in [
        ("forwarded=1", "for=192.0.2.7"),
        ("forwarded=1", "for=\"192.0.2.7:1\";by=\"[fd00::1]\""),
        ("forwarded=2", "for=192.0.2.7, for=\"[fd00::2]\""),
        ("forwarded=10.0.0.0/8", "by=_x;for=192.0.2.7, for=10.0.0.2"),
    ] {
        for values in [&[&*joined(appended)][..], &[bytes, appended.as_bytes()]] {
            let found = find(source, "forwarded", values);
            assert!(found.is_none() || found == client, "{source} {found:?}");
        }
    }
    for header in HEADERS {
        // One address, or none: never one of two.
        assert_eq!(find(header, header, &[bytes, CLIENT.as_bytes()]), None);
        find(header, header, &[bytes]);
    }
});
