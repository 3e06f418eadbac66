//! Our reading and the crate's own say the same of every prefix and of many addresses; and so does the package in JavaScript, whose test
//! (`www/test/geo.test.mjs`) comes to the same digest. In `make test` of the small database; by hand of whole ones, by their paths with colons
//! between: `NAMEPLATE_MMDB=a.mmdb:b.mmdb NAMEPLATE_ADDRESSES=1000000 cargo test --test it mmdb::same -- --nocapture`.

use std::{env, fs, net::IpAddr};

use maxminddb::{Reader, WithinOptions};
use nameplate::net::{
    Address, AddressClass, Holder, Prefix,
    geo::{Found, Record},
};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::open;

/// What JavaScript finds too: of the small database, and as many addresses.
const ADDRESSES: usize = 20_000;
const DIGEST: &str = "d35060c0b6d78962d225405b031e10d837972b42b93ef3fae396d0154d4fe45c";

fn databases() -> Vec<String> {
    let small = concat!(env!("CARGO_MANIFEST_DIR"), "/data/mmdb/sample-asn.mmdb").to_owned();
    env::var("NAMEPLATE_MMDB").map_or(vec![small], |paths| paths.split(':').map(str::to_owned).collect())
}

fn address_count() -> usize {
    env::var("NAMEPLATE_ADDRESSES").map_or(ADDRESSES, |count| count.parse().unwrap())
}

/// Chance that is the same in every language.
fn addresses(count: usize) -> impl Iterator<Item = Address> {
    let mut state = 2_463_534_242_u32;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state
    };
    (0..count).map(move |at| {
        let first = next();
        match at % 2 {
            0 => Address::V4(first),
            // Where most are that are in use.
            _ => Address::V6(u128::from(first >> 8 | 0x2a00_0000) << 96 | u128::from(next()) << 64),
        }
    })
}

fn ip(address: Address) -> IpAddr {
    match address {
        Address::V4(bits) => IpAddr::V4(bits.into()),
        Address::V6(bits) => IpAddr::V6(bits.into()),
    }
}

/// What the crate's own decoder makes of a record, by the keys of the real databases.
fn expected(value: &Value) -> Holder {
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    Holder {
        asn: value["autonomous_system_number"]
            .as_u64()
            .and_then(|number| u32::try_from(number).ok())
            .filter(|asn| *asn != 0),
        organisation: text("autonomous_system_organization"),
        country: text("country_code").filter(|code| code.len() == 2),
        ..Holder::default()
    }
}

#[test]
fn every_prefix_says_what_the_crate_says_of_it() {
    for path in databases() {
        let bytes = fs::read(&path).unwrap();
        let (database, reader) = (open(bytes.clone()), Reader::from_source(bytes).unwrap());
        let mut count = 0;
        let mut listed = database.networks();
        for found in reader.networks(WithinOptions::default()).unwrap() {
            let found = found.unwrap();
            let network = found.network().unwrap();
            let holder = expected(&found.decode().unwrap().unwrap());
            let (prefix, record) = listed.next().unwrap().unwrap();
            assert_eq!(prefix.to_string(), network.to_string());
            assert_eq!(record.holder, holder, "{prefix}");
            for address in [prefix.first(), prefix.last()] {
                let expect = match address.class() {
                    AddressClass::Public => Found::Record(Record { holder: holder.clone(), ..Record::default() }),
                    AddressClass::Special(_) => Found::Nothing,
                };
                assert_eq!(database.find(address), expect, "{prefix}");
            }
            count += 1;
        }
        assert!(listed.next().is_none());
        println!("{path}: {count} prefixes");
    }
}

#[test]
fn every_address_is_found_as_the_crate_finds_it() {
    for path in databases() {
        let bytes = fs::read(&path).unwrap();
        let (database, reader) = (open(bytes.clone()), Reader::from_source(bytes).unwrap());
        let (mut digest, mut found_count) = (Sha256::new(), 0);
        for address in addresses(address_count()) {
            let value = match (address.class(), reader.lookup(ip(address))) {
                (AddressClass::Public, Ok(found)) => found.decode::<Value>().unwrap(),
                // What is not public is nobody's, and a database of IPv4 knows no IPv6.
                _ => None,
            };
            let found = match database.find(address) {
                Found::Record(record) => Some(record.holder),
                Found::Nothing => None,
                Found::NotAnswerable => panic!("{address:?} cannot be answered"),
            };
            assert_eq!(found, value.as_ref().map(expected), "{address:?}");
            found_count += usize::from(found.is_some());
            let Holder { asn, organisation, country, .. } = found.unwrap_or_default();
            let asn = asn.map(|asn| asn.to_string());
            let line = [asn, organisation, country].map(Option::unwrap_or_default).join("\t");
            digest.update(format!("{line}\n"));
        }
        let digest: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        println!("{path}: {found_count} of {} addresses found, {digest}", address_count());
        if env::var_os("NAMEPLATE_MMDB").is_none() && address_count() == ADDRESSES {
            assert_eq!(digest, DIGEST);
        }
    }
}

#[test]
fn a_prefix_is_listed_once() {
    let database = open(fs::read(&databases()[0]).unwrap());
    let listed: Vec<Prefix> = database.networks().map(|entry| entry.unwrap().0).collect();
    assert!(listed.windows(2).all(|pair| pair[0] < pair[1]));
}
