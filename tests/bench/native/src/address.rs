//! Address to account. Addresses are parsed beforehand; what is measured is the way from their bits to the account's number.

use std::{
    fs,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use ip_network::{Ipv4Network, Ipv6Network};
use ip_network_table::IpNetworkTable;
use maxminddb::Reader;
use nameplate::{bundle::Bundle, net::Address};
use poptrie::Poptrie;
use prefix_trie::PrefixMap;
use serde_json::{Value, json};

use crate::{Config, Contender, Opener, direct::Direct};

/// The record of the peers' database.
#[derive(serde::Deserialize)]
struct Record<'a> {
    id: &'a str,
    name: &'a str,
}

struct Prefixes {
    v4: Vec<(u32, u8, u32)>,
    v6: Vec<(u128, u8, u32)>,
}

fn read_prefixes(folder: &str) -> Prefixes {
    let mut prefixes = Prefixes { v4: Vec::new(), v6: Vec::new() };
    for line in fs::read_to_string(format!("{folder}/prefixes.txt")).expect("prefixes").lines() {
        let (prefix, account) = line.split_once(' ').expect("prefix and account");
        let (address, length) = prefix.split_once('/').expect("address and length");
        let (length, account) = (length.parse().expect("a length"), account.parse().expect("a position"));
        match address.parse().expect("an address") {
            IpAddr::V4(address) => prefixes.v4.push((address.to_bits(), length, account)),
            IpAddr::V6(address) => prefixes.v6.push((address.to_bits(), length, account)),
        }
    }
    prefixes
}

fn read_addresses(folder: &str, family: &str) -> Vec<IpAddr> {
    let text = fs::read_to_string(format!("{folder}/addresses-{family}.txt")).expect("addresses");
    text.lines().map(|line| line.split(' ').next().expect("an address").parse().expect("an address")).collect()
}

/// A look-up over addresses of type `A`; `None` is a miss.
struct Lookups<A, F> {
    addresses: Vec<A>,
    find: F,
    /// The accounts' ids, where they are numbered otherwise than in the set.
    ids: Vec<String>,
}

impl<A: Copy, F: FnMut(A) -> Option<u32>> Contender for Lookups<A, F> {
    fn run(&mut self, _: &str, from: usize, count: usize) -> u64 {
        let mut sum = 0_u64;
        let mut at = from % self.addresses.len();
        for _ in 0..count {
            sum = sum.wrapping_add(u64::from((self.find)(self.addresses[at]).unwrap_or(0)));
            at += 1;
            if at == self.addresses.len() {
                at = 0;
            }
        }
        sum
    }

    fn answer(&mut self, _: &str, at: usize) -> Value {
        let found = (self.find)(self.addresses[at]);
        match found.and_then(|account| self.ids.get(account as usize)) {
            Some(id) => json!(id),
            None => json!(found),
        }
    }

    fn len(&self, _: &str) -> usize {
        self.addresses.len()
    }
}

/// The way of `maxminddb`, which finds records and not numbers.
struct Database {
    reader: Reader<Vec<u8>>,
    addresses: Vec<IpAddr>,
    /// Turns a record's id into the account's number.
    ids: Vec<String>,
    decodes: bool,
}

impl Contender for Database {
    fn run(&mut self, _: &str, from: usize, count: usize) -> u64 {
        let mut sum = 0_u64;
        for at in from..from + count {
            let found = self.reader.lookup(self.addresses[at % self.addresses.len()]).expect("a valid database");
            sum = sum.wrapping_add(if self.decodes {
                found
                    .decode::<Record<'_>>()
                    .expect("a record")
                    .map_or(0, |record| (record.id.len() + record.name.len()) as u64)
            } else {
                found.offset().unwrap_or(0) as u64
            });
        }
        sum
    }

    fn answer(&mut self, _: &str, at: usize) -> Value {
        let found = self.reader.lookup(self.addresses[at]).expect("a valid database");
        let record = found.decode::<Record<'_>>().expect("a record");
        json!(record.and_then(|record| self.ids.iter().position(|id| id == record.id)))
    }

    fn len(&self, _: &str) -> usize {
        self.addresses.len()
    }
}

fn boxed<A: Copy + 'static>(addresses: Vec<A>, find: impl FnMut(A) -> Option<u32> + 'static) -> Box<dyn Contender> {
    Box::new(Lookups { addresses, find, ids: Vec::new() })
}

pub fn opener(config: &Config) -> Opener {
    let folder = config.set.clone();
    let addresses = read_addresses(&folder, &config.family);
    let v4: Vec<u32> = addresses
        .iter()
        .filter_map(|address| if let IpAddr::V4(v4) = address { Some(v4.to_bits()) } else { None })
        .collect();
    let v6: Vec<u128> = addresses
        .iter()
        .filter_map(|address| if let IpAddr::V6(v6) = address { Some(v6.to_bits()) } else { None })
        .collect();
    let is_v4 = config.family == "v4";
    let prefixes = read_prefixes(&folder);
    match config.peer.as_str() {
        "ours" => {
            let bytes = fs::read(format!("{folder}/site.npb")).expect("a bundle");
            Box::new(move || ours(&bytes, &addresses))
        }
        "maxminddb decode" | "maxminddb raw" => {
            let bytes = fs::read(format!("{folder}/accounts.mmdb")).expect("a database");
            let accounts: Vec<Value> =
                serde_json::from_str(&fs::read_to_string(format!("{folder}/accounts.json")).expect("accounts"))
                    .expect("JSON");
            let ids = accounts.iter().map(|account| account["id"].as_str().expect("an id").to_owned()).collect();
            let decodes = config.peer.ends_with("decode");
            Box::new(move || {
                Box::new(Database { reader: Reader::from_source(bytes).expect("a database"), addresses, ids, decodes })
            })
        }
        "poptrie" if is_v4 => Box::new(move || {
            let mut trie = Poptrie::<(u32, u8), u32>::new();
            for (bits, length, account) in prefixes.v4 {
                trie.insert((bits, length), account);
            }
            boxed(v4, move |bits| trie.lookup(bits).copied())
        }),
        "poptrie" => Box::new(move || {
            let mut trie = Poptrie::<(u128, u8), u32>::new();
            for (bits, length, account) in prefixes.v6 {
                trie.insert((bits, length), account);
            }
            boxed(v6, move |bits| trie.lookup(bits).copied())
        }),
        "prefix-trie" if is_v4 => Box::new(move || {
            let map: PrefixMap<(u32, u8), u32> =
                prefixes.v4.into_iter().map(|(bits, length, account)| ((bits, length), account)).collect();
            boxed(v4, move |bits| map.get_lpm(&(bits, 32)).map(|(_, account)| *account))
        }),
        "prefix-trie" => Box::new(move || {
            let map: PrefixMap<(u128, u8), u32> =
                prefixes.v6.into_iter().map(|(bits, length, account)| ((bits, length), account)).collect();
            boxed(v6, move |bits| map.get_lpm(&(bits, 128)).map(|(_, account)| *account))
        }),
        "ip_network_table" => Box::new(move || {
            let mut table = IpNetworkTable::new();
            for (bits, length, account) in prefixes.v4.into_iter().filter(|_| is_v4) {
                table.insert(Ipv4Network::new(Ipv4Addr::from_bits(bits), length).expect("a prefix"), account);
            }
            for (bits, length, account) in prefixes.v6.into_iter().filter(|_| !is_v4) {
                table.insert(Ipv6Network::new(Ipv6Addr::from_bits(bits), length).expect("a prefix"), account);
            }
            if is_v4 {
                boxed(v4, move |bits| table.longest_match_ipv4(Ipv4Addr::from_bits(bits)).map(|(_, account)| *account))
            } else {
                boxed(v6, move |bits| table.longest_match_ipv6(Ipv6Addr::from_bits(bits)).map(|(_, account)| *account))
            }
        }),
        "DIR-24-8" if is_v4 => Box::new(move || {
            let direct = Direct::new(&prefixes.v4);
            boxed(v4, move |bits| direct.find(bits))
        }),
        other => panic!("no such peer for {}: {other}", config.family),
    }
}

/// The bundle's own table, and from the prefix to its account.
fn ours(bytes: &[u8], addresses: &[IpAddr]) -> Box<dyn Contender> {
    let bundle = Bundle::open(bytes).expect("a valid bundle");
    let ids = bundle.site().accounts.iter().map(|account| account.id().to_string()).collect();
    let parse = |address: &IpAddr| Address::parse(&address.to_string()).expect("an address");
    let find = move |address| {
        let position = bundle.table().find(address)?;
        bundle.contents().networks.origin(position)?.account().and_then(|account| u32::try_from(account).ok())
    };
    Box::new(Lookups { addresses: addresses.iter().map(parse).collect(), find, ids })
}
