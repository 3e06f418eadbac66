//! IPv4 addresses that a translator writes as IPv6 (RFC 6052).
//!
//! Somebody else's translator says nothing of a company, and who may write such addresses could be anybody: so they are only what they
//! are under a prefix that the operator names.

use std::str::FromStr;

use super::{Address, Prefix};

/// The prefix of a translator: `64:ff9b::/96`, or one of the operator's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nat64(Prefix);

/// What is expected of a [`Nat64`] in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nat64Error;

impl std::fmt::Display for Nat64Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("expected the prefix of a translator, of 32, 40, 48, 56, 64 or 96 bits, such as `64:ff9b::/96`")
    }
}

impl std::error::Error for Nat64Error {}

impl FromStr for Nat64 {
    type Err = Nat64Error;

    fn from_str(text: &str) -> Result<Self, Nat64Error> {
        match Prefix::parse(text) {
            Ok(prefix @ Prefix::V6 { length: 32 | 40 | 48 | 56 | 64 | 96, .. }) => Ok(Self(prefix)),
            _ => Err(Nat64Error),
        }
    }
}

impl Nat64 {
    /// The IPv4 address that an address under the prefix stands for. It follows the prefix, but leaves out the bits from 64 to 71.
    #[must_use]
    pub fn translated(self, address: Address) -> Option<Address> {
        let Address::V6(bits) = address else { return None };
        if !self.0.contains(address) {
            return None;
        }
        let behind = match u32::from(self.0.length()) {
            96 => bits,
            length => {
                let without_gap = (bits >> 64) << 56 | (bits & ((1 << 56) - 1));
                without_gap.checked_shr(88_u32.saturating_sub(length))?
            }
        };
        u32::try_from(behind & u128::from(u32::MAX)).ok().map(Address::V4)
    }
}

#[cfg(test)]
mod tests {
    use super::Nat64;
    use crate::net::Address;

    #[test]
    fn the_examples_of_the_standard_are_translated() {
        let check = |prefix: &str, address: &str, expect: Option<&str>| {
            let translator: Nat64 = prefix.parse().unwrap();
            let found = translator.translated(Address::parse(address).unwrap());
            assert_eq!(found, expect.and_then(Address::parse), "{prefix} {address}");
        };
        let v4 = Some("192.0.2.33");
        check("2001:db8::/32", "2001:db8:c000:221::", v4);
        check("2001:db8:100::/40", "2001:db8:1c0:2:21::", v4);
        check("2001:db8:122::/48", "2001:db8:122:c000:2:2100::", v4);
        check("2001:db8:122:300::/56", "2001:db8:122:3c0:0:221::", v4);
        check("2001:db8:122:344::/64", "2001:db8:122:344:c0:2:2100::", v4);
        check("2001:db8:122:344::/96", "2001:db8:122:344::192.0.2.33", v4);
        check("64:ff9b::/96", "64:ff9b::192.0.2.33", v4);
        check("64:ff9b::/96", "64:ff9b:1::192.0.2.33", None);
        check("64:ff9b::/96", "192.0.2.33", None);
    }

    #[test]
    fn other_prefixes_are_none() {
        for text in ["", "64:ff9b::", "64:ff9b::/95", "64:ff9b::/128", "10.0.0.0/8", "64:ff9b::1/96"] {
            assert!(text.parse::<Nat64>().is_err(), "{text}");
        }
    }
}
