//! Longest-prefix match over many prefixes.
//!
//! Prefixes nest or stand apart, they never overlap by half. So the address space falls into stretches that each have one
//! longest prefix: at most `2n + 1` of them for `n` prefixes. What remains is to find the stretch of an address with few reads
//! of little memory: a table that stays in the processor's second cache answers sooner than one that needs a single read and
//! misses.
//!
//! Costs: for each family that has prefixes, 256 KiB; then for IPv4 at most 8 bytes a prefix and 68 for each 256 or 65,536
//! addresses that prefixes split, for IPv6 at most 40 bytes a prefix. Building is one pass.

mod stretch;
mod v4;
mod v6;

use self::{v4::V4, v6::V6};
use super::{Address, Prefixes};

/// The prefixes of a bundle, ready for look-ups.
#[derive(Debug, Clone, Default)]
pub struct Table {
    v4: Option<V4>,
    v6: Option<V6>,
}

impl Table {
    /// A table of `prefixes`. Where one stands twice, the later one counts; the compiler lets none in.
    #[must_use]
    pub fn new(prefixes: &Prefixes) -> Self {
        let Prefixes { v4, v6 } = prefixes;
        Self {
            v4: (!v4.is_empty()).then(|| V4::new(v4)),
            v6: (!v6.is_empty()).then(|| V6::new(v6, u32::try_from(v4.len()).unwrap_or(u32::MAX))),
        }
    }

    /// Position, in the list the table was made of, of the longest prefix that holds `address`; `None` is a miss.
    #[must_use]
    pub fn find(&self, address: Address) -> Option<usize> {
        let owner = match address {
            Address::V4(bits) => self.v4.as_ref()?.find(bits),
            Address::V6(bits) => self.v6.as_ref()?.find(bits),
        };
        owner.and_then(|owner| usize::try_from(owner).ok())
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

    use proptest::prelude::{Strategy, any, prop, prop_assert_eq, prop_oneof, proptest};

    use super::Table;
    use crate::net::{Address, Prefix, PrefixError};

    fn check(prefixes: &[&str], address: &str, expect: Option<&str>) {
        let mut prefixes: Vec<Prefix> = prefixes.iter().map(|text| Prefix::parse(text).unwrap()).collect();
        prefixes.sort();
        let found = Table::new(&prefixes.iter().copied().collect()).find(Address::parse(address).unwrap());
        assert_eq!(found.map(|index| prefixes[index].to_string()).as_deref(), expect, "{address}");
    }

    #[test]
    fn a_longer_prefix_wins() {
        let prefixes = ["192.0.2.0/24", "192.0.2.64/26", "192.0.2.64/32", "0.0.0.0/1"];
        check(&prefixes, "192.0.2.64", Some("192.0.2.64/32"));
        check(&prefixes, "192.0.2.65", Some("192.0.2.64/26"));
        check(&prefixes, "192.0.2.128", Some("192.0.2.0/24"));
        check(&prefixes, "192.0.3.0", None);
        check(&prefixes, "1.2.3.4", Some("0.0.0.0/1"));
    }

    #[test]
    fn the_ends_of_the_address_space_are_reached() {
        check(&["255.255.255.255/32"], "255.255.255.255", Some("255.255.255.255/32"));
        check(&["255.255.255.255/32"], "255.255.255.254", None);
        check(&["0.0.0.0/0", "255.0.0.0/8"], "255.255.255.255", Some("255.0.0.0/8"));
        check(&["::/0"], "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Some("::/0"));
        check(&["::/0"], "255.255.255.255", None);
        check(&[], "192.0.2.1", None);
    }

    /// What the table must equal: try them all.
    fn scan(prefixes: &[Prefix], address: Address) -> Option<u8> {
        prefixes.iter().filter(|prefix| prefix.contains(address)).map(|prefix| prefix.length()).max()
    }

    /// Prefixes close together, so that they nest: in a few places of the space, with every length.
    fn prefix() -> impl Strategy<Value = Prefix> {
        let v4 = (prop::sample::select(vec![0_u32, 0x0a00_0000, 0xc000_0200, 0xffff_ff00]), any::<u16>(), 0..=32_u8)
            .prop_map(|(place, offset, length)| (Ipv4Addr::from_bits(place ^ u32::from(offset)).into(), length));
        let places = vec![0_u128, 0x2001_0db8 << 96, 0x2a00 << 112, 0x3fff_ffff << 96, 0xfd00 << 112, u128::MAX];
        let v6 = (prop::sample::select(places), any::<u16>(), prop::sample::select(vec![0, 48, 64, 92]), 0..=128_u8)
            .prop_map(|(place, offset, shift, length)| {
                (Ipv6Addr::from_bits(place ^ (u128::from(offset) << shift)).into(), length)
            });
        prop_oneof![v4, v6].prop_map(|(address, length): (IpAddr, u8)| {
            match Prefix::parse(&format!("{address}/{length}")) {
                Ok(prefix) | Err(PrefixError::HostBits(prefix)) => prefix,
                // A text of an IPv4-mapped address is no IPv6 prefix.
                Err(_) => Prefix::parse("192.0.2.0/24").unwrap(),
            }
        })
    }

    fn around(address: Address) -> [Address; 3] {
        match address {
            Address::V4(bits) => [bits.saturating_sub(1), bits, bits.saturating_add(1)].map(Address::V4),
            Address::V6(bits) => [bits.saturating_sub(1), bits, bits.saturating_add(1)].map(Address::V6),
        }
    }

    proptest! {
        #[test]
        fn the_table_equals_a_naive_scan_at_every_edge(mut prefixes in prop::collection::vec(prefix(), 0..60)) {
            prefixes.sort();
            let table = Table::new(&prefixes.iter().copied().collect());
            for prefix in &prefixes {
                for address in around(prefix.first()).into_iter().chain(around(prefix.last())) {
                    let found = table.find(address).map(|index| prefixes[index].length());
                    prop_assert_eq!(found, scan(&prefixes, address));
                }
            }
        }
    }
}
