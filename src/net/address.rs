//! A client's address: parsing it, and telling what kind it is.
//!
//! Only an address of the public internet says anything about a company. All others (private networks, documentation,
//! tunnels that hide the client ...) are told apart here, so that a careless prefix list cannot match them.

use std::net::{IpAddr, Ipv6Addr};

use super::Prefix;

/// An address. An IPv4 address inside IPv6 (`::ffff:192.0.2.1`) is the IPv4 address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Address {
    /// IPv4, in host order.
    V4(u32),
    /// IPv6, in host order.
    V6(u128),
}

/// What an address is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressClass {
    /// Routed on the public internet: the only class that can match an account.
    Public,
    /// Anything else, with its name: `private`, `loopback` ...
    Special(&'static str),
}

impl Address {
    /// The address that `text` spells, or `None` when it spells none. Takes what sockets and proxies write: no port, no
    /// brackets, no zone, no leading zeros.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.trim_ascii().parse().ok()? {
            IpAddr::V4(v4) => Self::V4(v4.to_bits()),
            IpAddr::V6(v6) => Self::from_v6(v6.to_bits()),
        })
    }

    /// The address that the 128 bits of IPv6 stand for.
    #[must_use]
    pub fn from_v6(bits: u128) -> Self {
        match Ipv6Addr::from_bits(bits).to_ipv4_mapped() {
            Some(v4) => Self::V4(v4.to_bits()),
            None => Self::V6(bits),
        }
    }

    /// What it is used for, by the special-purpose registries of IANA (RFC 6890 and its updates).
    #[must_use]
    pub fn class(self) -> AddressClass {
        if !self.may_be_special() {
            return AddressClass::Public;
        }
        let named = |ranges: &[(Prefix, &'static str)]| {
            ranges.iter().find(|(prefix, _)| prefix.contains(self)).map(|(_, name)| AddressClass::Special(name))
        };
        let special = match self {
            Self::V4(_) => named(&SPECIAL_V4),
            Self::V6(_) => named(&SPECIAL_V6).or_else(|| {
                // Only 2000::/3 is handed out for the internet; the rest is unassigned.
                (!v6([0x2000, 0], 3).contains(self)).then_some(AddressClass::Special("reserved"))
            }),
        };
        special.unwrap_or(AddressClass::Public)
    }

    /// Whether a look into the lists can find anything. Most addresses of visitors are told to be public by their first bits.
    fn may_be_special(self) -> bool {
        match self {
            Self::V4(bits) => match bits >> 24 {
                0 | 10 | 127 | 224.. => true,
                100 | 169 | 172 | 192 | 198 | 203 => matches!(
                    bits >> 16,
                    0x6440..0x6480 | 0xa9fe | 0xac10..0xac20 | 0xc000 | 0xc01f | 0xc034 | 0xc058 | 0xc0a8 | 0xc0af
                        | 0xc612..0xc614 | 0xc633 | 0xcb00
                ),
                _ => false,
            },
            Self::V6(bits) => {
                let head = bits >> 96;
                head >> 29 != 1
                    || matches!(
                        head,
                        0x2001_0000..0x2001_0200 | 0x2001_0db8 | 0x2002_0000..0x2003_0000 | 0x2620_004f | 0x3fff_0000..
                    )
            }
        }
    }
}

const fn v4(a: u8, b: u8, c: u8, length: u8) -> Prefix {
    Prefix::V4 { bits: u32::from_be_bytes([a, b, c, 0]), length }
}

const fn v6(groups: [u16; 2], length: u8) -> Prefix {
    Prefix::V6 { bits: ((groups[0] as u128) << 112) | ((groups[1] as u128) << 96), length }
}

/// As of 2026, with those that the registry calls globally reachable: nobody works there.
const SPECIAL_V4: [(Prefix, &str); 18] = [
    (v4(0, 0, 0, 8), "this network"),
    (v4(10, 0, 0, 8), "private"),
    (v4(100, 64, 0, 10), "carrier-grade NAT"),
    (v4(127, 0, 0, 8), "loopback"),
    (v4(169, 254, 0, 16), "link-local"),
    (v4(172, 16, 0, 12), "private"),
    (v4(192, 0, 0, 24), "protocol assignment"),
    (v4(192, 0, 2, 24), "documentation"),
    (v4(192, 88, 99, 24), "6to4 relay"),
    (v4(192, 168, 0, 16), "private"),
    (v4(198, 18, 0, 15), "benchmarking"),
    (v4(198, 51, 100, 24), "documentation"),
    (v4(203, 0, 113, 24), "documentation"),
    (v4(224, 0, 0, 4), "multicast"),
    (v4(240, 0, 0, 4), "reserved"),
    (v4(192, 31, 196, 24), "AS112 service"),
    (v4(192, 52, 193, 24), "multicast tunnel"),
    (v4(192, 175, 48, 24), "AS112 service"),
];

const SPECIAL_V6: [(Prefix, &str); 17] = [
    (Prefix::V6 { bits: 0, length: 128 }, "unspecified"),
    (Prefix::V6 { bits: 1, length: 128 }, "loopback"),
    (v6([0, 0], 96), "IPv4-compatible"),
    (Prefix::V6 { bits: 0x0064_ff9b << 96, length: 96 }, "NAT64"),
    (Prefix::V6 { bits: 0x0064_ff9b_0001 << 80, length: 48 }, "NAT64"),
    (Prefix::V6 { bits: 0x0100 << 112, length: 64 }, "discard"),
    (Prefix::V6 { bits: (0x0100 << 112) | (1 << 64), length: 64 }, "dummy"),
    (v6([0x5f00, 0], 16), "segment routing"),
    (Prefix::V6 { bits: 0x2620_004f_8000 << 80, length: 48 }, "AS112 service"),
    (v6([0x2001, 0], 32), "Teredo"),
    (v6([0x2001, 0], 23), "protocol assignment"),
    (v6([0x2001, 0x0db8], 32), "documentation"),
    (v6([0x3fff, 0], 20), "documentation"),
    (v6([0x2002, 0], 16), "6to4"),
    (v6([0xfc00, 0], 7), "private"),
    (v6([0xfe80, 0], 10), "link-local"),
    (v6([0xff00, 0], 8), "multicast"),
];

#[cfg(test)]
mod tests {
    use super::{Address, AddressClass, SPECIAL_V4, SPECIAL_V6};

    fn check(text: &str, expect: &str) {
        let class = match Address::parse(text).map(Address::class) {
            None => "none",
            Some(AddressClass::Public) => "public",
            Some(AddressClass::Special(name)) => name,
        };
        assert_eq!(class, expect, "{text}");
    }

    #[test]
    fn every_special_range_ends_where_it_should() {
        for (first, last, name, before, after) in [
            ("0.0.0.0", "0.255.255.255", "this network", "", "1.0.0.0"),
            ("10.0.0.0", "10.255.255.255", "private", "9.255.255.255", "11.0.0.0"),
            ("100.64.0.0", "100.127.255.255", "carrier-grade NAT", "100.63.255.255", "100.128.0.0"),
            ("127.0.0.0", "127.255.255.255", "loopback", "126.255.255.255", "128.0.0.0"),
            ("169.254.0.0", "169.254.255.255", "link-local", "169.253.255.255", "169.255.0.0"),
            ("172.16.0.0", "172.31.255.255", "private", "172.15.255.255", "172.32.0.0"),
            ("192.0.0.0", "192.0.0.255", "protocol assignment", "191.255.255.255", "192.0.1.0"),
            ("192.0.2.0", "192.0.2.255", "documentation", "192.0.1.255", "192.0.3.0"),
            ("192.31.196.0", "192.31.196.255", "AS112 service", "192.31.195.255", "192.31.197.0"),
            ("192.52.193.0", "192.52.193.255", "multicast tunnel", "192.52.192.255", "192.52.194.0"),
            ("192.175.48.0", "192.175.48.255", "AS112 service", "192.175.47.255", "192.175.49.0"),
            ("192.88.99.0", "192.88.99.255", "6to4 relay", "192.88.98.255", "192.88.100.0"),
            ("192.168.0.0", "192.168.255.255", "private", "192.167.255.255", "192.169.0.0"),
            ("198.18.0.0", "198.19.255.255", "benchmarking", "198.17.255.255", "198.20.0.0"),
            ("198.51.100.0", "198.51.100.255", "documentation", "198.51.99.255", "198.51.101.0"),
            ("203.0.113.0", "203.0.113.255", "documentation", "203.0.112.255", "203.0.114.0"),
            ("224.0.0.0", "239.255.255.255", "multicast", "223.255.255.255", ""),
            ("240.0.0.0", "255.255.255.255", "reserved", "", ""),
            ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "documentation", "2001:db7:ffff::", "2001:db9::"),
            ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "documentation", "3ffe:ffff::", "3fff:1000::"),
            ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "6to4", "2001:ffff::", "2003::"),
        ] {
            check(first, name);
            check(last, name);
            for outside in [before, after] {
                if !outside.is_empty() {
                    check(outside, "public");
                }
            }
        }
        // Between them: what is no part of 2000::/3 is reserved.
        for (first, last, name, before, after) in [
            ("::", "::", "unspecified", "", "loopback ::1"),
            ("::1", "::1", "loopback", "unspecified ::", "IPv4-compatible ::2"),
            ("::2", "::ffff:ffff", "IPv4-compatible", "loopback ::1", "reserved ::1:0:0"),
            ("64:ff9b::", "64:ff9b::ffff:ffff", "NAT64", "reserved 64:ff9a:ffff::", "reserved 64:ff9b::1:0:0"),
            (
                "64:ff9b:1::",
                "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
                "NAT64",
                "reserved 64:ff9b:0:ffff::",
                "reserved 64:ff9b:2::",
            ),
            ("100::", "100::ffff:ffff:ffff:ffff", "discard", "reserved ff:ffff::", "dummy 100:0:0:1::"),
            ("100:0:0:1::", "100:0:0:1:ffff:ffff:ffff:ffff", "dummy", "discard 100::1", "reserved 100:0:0:2::"),
            (
                "2001::",
                "2001:0:ffff:ffff:ffff:ffff:ffff:ffff",
                "Teredo",
                "public 2000:ffff::",
                "protocol assignment 2001:1::",
            ),
            (
                "2001:1::",
                "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
                "protocol assignment",
                "Teredo 2001::1",
                "public 2001:200::",
            ),
            (
                "2620:4f:8000::",
                "2620:4f:8000:ffff:ffff:ffff:ffff:ffff",
                "AS112 service",
                "public 2620:4f:7fff::",
                "public 2620:4f:8001::",
            ),
            ("4000::", "5eff:ffff::", "reserved", "public 3fff:1000::", "segment routing 5f00::"),
            (
                "5f00::",
                "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "segment routing",
                "reserved 5eff::",
                "reserved 5f01::",
            ),
            ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "private", "reserved fbff:ffff::", "reserved fe00::"),
            (
                "fe80::",
                "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "link-local",
                "reserved fe7f:ffff::",
                "reserved fec0::",
            ),
            ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "multicast", "reserved feff:ffff::", ""),
            ("1fff:ffff::", "1fff:ffff::", "reserved", "", "public 2000::"),
        ] {
            check(first, name);
            check(last, name);
            for outside in [before, after] {
                if let Some((expect, address)) = outside.rsplit_once(' ') {
                    check(address, expect);
                }
            }
        }
        check("64:ff9b::c000:201", "NAT64");
        check("2a00:1450::1", "public");
    }

    #[test]
    fn no_special_range_is_passed_over() {
        for (prefix, name) in SPECIAL_V4.iter().chain(&SPECIAL_V6) {
            assert!(prefix.first().may_be_special() && prefix.last().may_be_special(), "{name}");
        }
        assert!(!Address::V4(0x0808_0808).may_be_special());
        assert!(!Address::V6(0x2a00_1450 << 96).may_be_special());
    }

    #[test]
    fn an_ipv4_address_inside_ipv6_is_the_ipv4_address() {
        assert_eq!(Address::parse("::ffff:8.8.8.8"), Address::parse("8.8.8.8"));
        assert_eq!(Address::parse("::FFFF:0808:0808"), Address::parse("8.8.8.8"));
        check("::ffff:10.0.0.1", "private");
    }

    #[test]
    fn what_is_no_address_is_none() {
        for text in [
            "",
            " ",
            "1.2.3",
            "1.2.3.4:80",
            "[::1]",
            "fe80::1%eth0",
            "01.2.3.4",
            "256.1.1.1",
            "1.2.3.4, 5.6.7.8",
            "unknown",
        ] {
            assert_eq!(Address::parse(text), None, "{text}");
        }
    }
}
