//! Longest-prefix match over many prefixes.
//!
//! Prefixes nest or stand apart, they never overlap by half. So the address space falls into stretches that each have one
//! longest prefix; the table keeps where each stretch begins, in order, and an address is found by binary search. At most
//! `2n + 1` stretches for `n` prefixes, 8 bytes each for IPv4 and 20 for IPv6.

use super::{Address, Network};

/// The prefixes of a bundle, ready for look-ups.
#[derive(Debug, Clone, Default)]
pub struct Table {
    v4: Stretches<u32>,
    v6: Stretches<u128>,
}

impl Table {
    /// A table of `networks`. Where one prefix stands twice, the later one counts; the compiler lets none in.
    #[must_use]
    pub fn new(networks: &[Network]) -> Self {
        let mut v4 = Vec::new();
        let mut v6 = Vec::new();
        for (index, network) in (0_u32..).zip(networks) {
            match (network.prefix.first(), network.prefix.last()) {
                (Address::V4(first), Address::V4(last)) => v4.push((first, last, index)),
                (Address::V6(first), Address::V6(last)) => v6.push((first, last, index)),
                _ => {} // The two ends of a prefix are of one family.
            }
        }
        Self { v4: Stretches::new(v4), v6: Stretches::new(v6) }
    }

    /// Position, in the list the table was made of, of the longest prefix that holds `address`; `None` is a miss.
    /// Costs one binary search.
    #[must_use]
    pub fn find(&self, address: Address) -> Option<usize> {
        match address {
            Address::V4(bits) => self.v4.find(bits),
            Address::V6(bits) => self.v6.find(bits),
        }
    }
}

/// No prefix holds the stretch.
const NOBODY: u32 = u32::MAX;

/// Stretches of the address space, by their first address.
#[derive(Debug, Clone, Default)]
struct Stretches<T> {
    starts: Vec<T>,
    owners: Vec<u32>,
}

/// An unsigned number as wide as an address.
trait Bits: Copy + Ord {
    /// The next address, or `None` after the last.
    fn next(self) -> Option<Self>;
}

impl Bits for u32 {
    fn next(self) -> Option<Self> {
        self.checked_add(1)
    }
}

impl Bits for u128 {
    fn next(self) -> Option<Self> {
        self.checked_add(1)
    }
}

impl<T: Bits> Stretches<T> {
    /// Walks the prefixes in address order, the wider first, with those that are open on a stack.
    fn new(mut ranges: Vec<(T, T, u32)>) -> Self {
        ranges.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2)));
        let mut stretches = Self { starts: Vec::new(), owners: Vec::new() };
        let mut open: Vec<(T, u32)> = Vec::new();
        for (first, last, owner) in ranges {
            stretches.close(&mut open, |end| end < first);
            stretches.begin(first, owner);
            open.push((last, owner));
        }
        stretches.close(&mut open, |_| true);
        stretches
    }

    /// Closes the open prefixes that end where `is_over` says; after each the one around it goes on.
    fn close(&mut self, open: &mut Vec<(T, u32)>, is_over: impl Fn(T) -> bool) {
        while let Some((last, _)) = open.pop_if(|(last, _)| is_over(*last)) {
            if let Some(after) = last.next() {
                self.begin(after, open.last().map_or(NOBODY, |(_, owner)| *owner));
            }
        }
    }

    /// From `start` on the addresses are `owner`'s. A stretch without addresses is overwritten.
    fn begin(&mut self, start: T, owner: u32) {
        if self.starts.last() == Some(&start) {
            self.starts.pop();
            self.owners.pop();
        }
        self.starts.push(start);
        self.owners.push(owner);
    }

    fn find(&self, bits: T) -> Option<usize> {
        let index = self.starts.partition_point(|start| *start <= bits).checked_sub(1)?;
        self.owners.get(index).filter(|owner| **owner != NOBODY).and_then(|owner| usize::try_from(*owner).ok())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, any, prop, prop_assert_eq, proptest};

    use super::Table;
    use crate::net::{Address, Network, Prefix};

    fn networks(prefixes: &[Prefix]) -> Vec<Network> {
        prefixes
            .iter()
            .map(|prefix| Network { prefix: *prefix, account: 0, confidence: 100, source: "test".into() })
            .collect()
    }

    fn check(prefixes: &[&str], address: &str, expect: Option<&str>) {
        let prefixes: Vec<Prefix> = prefixes.iter().map(|text| Prefix::parse(text).unwrap()).collect();
        let found = Table::new(&networks(&prefixes)).find(Address::parse(address).unwrap());
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

    /// Prefixes close together, so that they nest.
    fn prefix() -> impl Strategy<Value = Prefix> {
        (any::<bool>(), any::<u16>(), 0..=16_u8).prop_map(|(is_v4, bits, length)| {
            let bits = u32::from(bits) << 8;
            let text = if is_v4 {
                format!("{}/{}", std::net::Ipv4Addr::from_bits(bits), 8 + length)
            } else {
                format!("{}/{}", std::net::Ipv6Addr::from_bits(u128::from(bits) << 96), 8 + length)
            };
            Prefix::parse(&text).unwrap_or_else(|error| match error {
                crate::net::PrefixError::HostBits(prefix) => prefix,
                other => panic!("{other:?} {text}"),
            })
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
        fn the_table_equals_a_naive_scan_at_every_edge(prefixes in prop::collection::vec(prefix(), 0..60)) {
            let table = Table::new(&networks(&prefixes));
            for prefix in &prefixes {
                for address in around(prefix.first()).into_iter().chain(around(prefix.last())) {
                    let found = table.find(address).map(|index| prefixes[index].length());
                    prop_assert_eq!(found, scan(&prefixes, address));
                }
            }
        }
    }
}
