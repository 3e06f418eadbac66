//! A list of networks as long as those of the whole internet: it compiles, opens, and says whose an address is.

use std::{
    collections::BTreeSet,
    fmt::Write,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use nameplate::{
    bundle::{Bundle, pack},
    compile::compile,
    decide::{How, by_address},
    net::{Address, AddressClass, Prefix, PrefixError},
};

use crate::site;

const COUNT: usize = 1_000_000;
const ACCOUNTS: [&str; 4] = ["alder", "birch", "cedar", "dogwood"];
/// Whose edges are looked at.
const SAMPLE: usize = 5;

/// Numbers that are the same in every run (SplitMix64).
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    /// A prefix of the public internet. They lie so close together that many nest.
    fn prefix(&mut self) -> Prefix {
        let (address, length): (IpAddr, u64) = if self.below(4) > 0 {
            let bits = 0x4000_0000 | self.below(1 << 25) as u32;
            (Ipv4Addr::from_bits(bits).into(), 20 + self.below(13))
        } else {
            let bits = 0x2a00_u128 << 112 | u128::from(self.below(1 << 28)) << 68;
            (Ipv6Addr::from_bits(bits).into(), 36 + self.below(25))
        };
        Prefix::parse(&format!("{address}/{length}")).unwrap_or_else(|error| match error {
            PrefixError::HostBits(prefix) => prefix,
            other => panic!("{address}/{length}: {other:?}"),
        })
    }
}

fn near(address: Address) -> [Address; 3] {
    match address {
        Address::V4(bits) => [bits - 1, bits, bits + 1].map(Address::V4),
        Address::V6(bits) => [bits - 1, bits, bits + 1].map(Address::V6),
    }
}

#[test]
fn a_million_prefixes_compile_and_open_and_every_address_finds_the_longest() {
    let mut seeded = Seeded(1);
    let mut prefixes = BTreeSet::new();
    while prefixes.len() < COUNT {
        prefixes.insert(seeded.prefix());
    }
    let owned: Vec<(Prefix, &str)> =
        prefixes.into_iter().map(|prefix| (prefix, ACCOUNTS[seeded.below(4) as usize])).collect();
    let mut table = "prefix,account,confidence,source\n".to_owned();
    for (prefix, account) in &owned {
        writeln!(table, "{prefix},{account},90,AS1 Example").unwrap();
    }
    let sources = site::with(&[("networks.csv", &table)]);
    let bundle = Bundle::open(&pack(&compile(&sources).contents.unwrap())).unwrap();
    assert_eq!(bundle.contents().networks.len(), COUNT);

    for _ in 0..SAMPLE {
        let (prefix, _) = owned[seeded.below(COUNT as u64) as usize];
        for address in near(prefix.first()).into_iter().chain(near(prefix.last())) {
            assert_eq!(address.class(), AddressClass::Public);
            let holders = owned.iter().filter(|(prefix, _)| prefix.contains(address));
            let expect = holders.max_by_key(|(prefix, _)| prefix.length()).map(|(_, account)| *account);
            let found = by_address(&bundle, address);
            let account = found.account.map(|account| bundle.site().accounts.get(account).unwrap().id().to_owned());
            assert_eq!(account.as_deref(), expect, "{address:?}");
            assert_eq!(found.how, if expect.is_some() { How::Address } else { How::Miss });
        }
    }
}
