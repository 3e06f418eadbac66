//! Whatever stands in a list of networks: a prefix is spelt as it is read, and a table of all that are finds what trying each finds.

#![cfg_attr(fuzzing, no_main)]

use std::collections::BTreeSet;

use nameplate::net::{Address, Prefix, PrefixError, Table};
use nameplate_fuzz::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let mut prefixes = BTreeSet::new();
    for line in text.lines() {
        match Prefix::parse(line) {
            Ok(prefix) | Err(PrefixError::HostBits(prefix)) => {
                assert!(prefix.is_valid(), "{line:?} is {prefix}");
                assert_eq!(Prefix::parse(&prefix.to_string()), Ok(prefix));
                prefixes.insert(prefix);
            }
            Err(_) => {}
        }
    }
    let prefixes: Vec<Prefix> = prefixes.into_iter().collect();
    let table = Table::new(&prefixes.iter().copied().collect());
    for address in prefixes.iter().flat_map(|prefix| near(prefix.first()).into_iter().chain(near(prefix.last()))) {
        let holding = prefixes.iter().enumerate().filter(|(_, prefix)| prefix.contains(address));
        let longest = holding.max_by_key(|(_, prefix)| prefix.length()).map(|(position, _)| position);
        assert_eq!(table.find(address), longest, "{address:?} among {prefixes:?}");
    }
});

fn near(address: Address) -> [Address; 3] {
    match address {
        Address::V4(bits) => [bits.saturating_sub(1), bits, bits.saturating_add(1)].map(Address::V4),
        Address::V6(bits) => [bits.saturating_sub(1), bits, bits.saturating_add(1)].map(Address::V6),
    }
}
