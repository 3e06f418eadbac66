//! A prefix: an address and how many of its leading bits count.

use super::Address;

/// A prefix without host bits, `192.0.2.0/24`. The compiler and `open` let no other in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Prefix {
    /// IPv4.
    V4 {
        /// The address, host bits zero.
        bits: u32,
        /// 0 to 32.
        length: u8,
    },
    /// IPv6.
    V6 {
        /// The address, host bits zero.
        bits: u128,
        /// 0 to 128.
        length: u8,
    },
}

/// What `text` is instead of a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrefixError {
    /// Not address, `/`, length.
    Shape,
    /// The length is above 32 or 128.
    Length,
    /// Bits are set below the length; the prefix that was probably meant.
    HostBits(Prefix),
}

impl Prefix {
    /// The prefix that `text` spells.
    ///
    /// # Errors
    /// [`PrefixError`], which says what is wrong. An IPv4 prefix inside IPv6 is a [`PrefixError::Shape`]: whoever means
    /// IPv4 can write IPv4.
    pub fn parse(text: &str) -> Result<Self, PrefixError> {
        let (address, length) = text.split_once('/').ok_or(PrefixError::Shape)?;
        let is_number = (1..=3).contains(&length.len()) && length.bytes().all(|byte| byte.is_ascii_digit());
        let length: u16 = length.parse().ok().filter(|_| is_number).ok_or(PrefixError::Shape)?;
        let address: std::net::IpAddr = address.parse().map_err(|_| PrefixError::Shape)?;
        let (prefix, longest) = match address {
            std::net::IpAddr::V4(v4) => (Self::V4 { bits: v4.to_bits(), length: 32 }, 32),
            std::net::IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some() => return Err(PrefixError::Shape),
            std::net::IpAddr::V6(v6) => (Self::V6 { bits: v6.to_bits(), length: 128 }, 128),
        };
        let length = u8::try_from(length).ok().filter(|length| *length <= longest).ok_or(PrefixError::Length)?;
        let cut = prefix.shortened(length);
        if cut.first() == prefix.first() { Ok(cut) } else { Err(PrefixError::HostBits(cut)) }
    }

    /// The prefix of the first `length` bits.
    fn shortened(self, length: u8) -> Self {
        match self {
            Self::V4 { bits, .. } => Self::V4 { bits: bits & mask_v4(length), length },
            Self::V6 { bits, .. } => Self::V6 { bits: bits & mask_v6(length), length },
        }
    }

    /// How many bits count.
    #[must_use]
    pub fn length(self) -> u8 {
        match self {
            Self::V4 { length, .. } | Self::V6 { length, .. } => length,
        }
    }

    /// Whether the length fits the family and no host bit is set.
    #[must_use]
    pub fn is_valid(self) -> bool {
        match self {
            Self::V4 { bits, length } => length <= 32 && bits & !mask_v4(length) == 0,
            Self::V6 { bits, length } => length <= 128 && bits & !mask_v6(length) == 0,
        }
    }

    /// Its first address.
    #[must_use]
    pub fn first(self) -> Address {
        match self {
            Self::V4 { bits, .. } => Address::V4(bits),
            Self::V6 { bits, .. } => Address::V6(bits),
        }
    }

    /// Its last address.
    #[must_use]
    pub fn last(self) -> Address {
        match self {
            Self::V4 { bits, length } => Address::V4(bits | !mask_v4(length)),
            Self::V6 { bits, length } => Address::V6(bits | !mask_v6(length)),
        }
    }

    /// Whether `address` lies in it.
    #[must_use]
    pub fn contains(self, address: Address) -> bool {
        match (self, address) {
            (Self::V4 { bits, length }, Address::V4(address)) => address & mask_v4(length) == bits,
            (Self::V6 { bits, length }, Address::V6(address)) => address & mask_v6(length) == bits,
            _ => false,
        }
    }
}

fn mask_v4(length: u8) -> u32 {
    // A shift by the full width, for length 0, is no shift at all in Rust: hence `checked`.
    u32::MAX.checked_shl(32_u32.saturating_sub(u32::from(length))).unwrap_or(0)
}

fn mask_v6(length: u8) -> u128 {
    u128::MAX.checked_shl(128_u32.saturating_sub(u32::from(length))).unwrap_or(0)
}

impl std::fmt::Display for Prefix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::V4 { bits, length } => write!(f, "{}/{length}", std::net::Ipv4Addr::from_bits(*bits)),
            Self::V6 { bits, length } => write!(f, "{}/{length}", std::net::Ipv6Addr::from_bits(*bits)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Prefix, PrefixError};
    use crate::net::Address;

    #[test]
    fn a_prefix_is_written_as_it_is_read() {
        for text in ["0.0.0.0/0", "192.0.2.0/24", "192.0.2.7/32", "::/0", "2001:db8::/32", "2001:db8::1/128"] {
            let prefix = Prefix::parse(text).unwrap();
            assert_eq!(prefix.to_string(), text);
            assert!(prefix.is_valid());
        }
    }

    #[test]
    fn what_is_no_prefix_says_why() {
        let check = |text: &str, expect: PrefixError| assert_eq!(Prefix::parse(text), Err(expect), "{text}");
        for text in [
            "",
            "192.0.2.0",
            "192.0.2.0/",
            "192.0.2.0/+8",
            "192.0.2/24",
            "x/8",
            "192.0.2.0/24/8",
            "::ffff:192.0.2.0/120",
        ] {
            check(text, PrefixError::Shape);
        }
        check("192.0.2.0/33", PrefixError::Length);
        check("2001:db8::/129", PrefixError::Length);
        check("192.0.2.0/999", PrefixError::Length);
        check("192.0.2.1/24", PrefixError::HostBits(Prefix::parse("192.0.2.0/24").unwrap()));
        check("2001:db8::1/64", PrefixError::HostBits(Prefix::parse("2001:db8::/64").unwrap()));
    }

    #[test]
    fn a_prefix_holds_its_first_and_last_address_and_no_neighbour() {
        let check = |prefix: &str, address: &str, expect: bool| {
            assert_eq!(
                Prefix::parse(prefix).unwrap().contains(Address::parse(address).unwrap()),
                expect,
                "{prefix} {address}"
            );
        };
        check("192.0.2.0/25", "192.0.2.0", true);
        check("192.0.2.0/25", "192.0.2.127", true);
        check("192.0.2.0/25", "192.0.2.128", false);
        check("192.0.2.0/25", "192.0.1.255", false);
        check("0.0.0.0/0", "255.255.255.255", true);
        check("0.0.0.0/0", "2001:db8::", false);
        check("2001:db8::/33", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff", true);
        check("2001:db8::/33", "2001:db8:8000::", false);
    }
}
