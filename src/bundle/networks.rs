//! Section 6: the networks in columns, because equal things that stand together compress: a prefix takes two to three bytes of a
//! compressed file.
//!
//! Origins: a list of account (position), confidence 0 to 100 (1), source (text); what prefixes of one origin share.
//! Then IPv4, then IPv6: count (varint); the lengths in bits (1 each); the gaps (varint each); the origins (varint, position each).
//! Prefixes ascend by address, then length. A gap is counted in prefixes of the own length: from the address behind the prefix
//! before, cut to that length, to the own address. It is signed, because a prefix may lie in the one before: 0, -1, 1, -2 ... are
//! written as 0, 1, 2, 3.

use std::collections::HashMap;

use crate::{
    bundle::{
        parts::{OpenError, Packer, Section},
        settings::percent,
    },
    limit::PREFIX_MAX,
    model::Text,
    net::{Network, Prefix},
};

/// What prefixes share that are known from one place to be of one account.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Origin {
    account: u32,
    confidence: u8,
    source: Text,
}

/// A family's addresses, all as 128 bits.
struct Family {
    width: u8,
    prefix: fn(u128, u8) -> Option<Prefix>,
}

const V4: Family =
    Family { width: 32, prefix: |bits, length| Some(Prefix::V4 { bits: u32::try_from(bits).ok()?, length }) };
const V6: Family = Family { width: 128, prefix: |bits, length| Some(Prefix::V6 { bits, length }) };

/// Where a prefix begins, and its length.
fn parts(prefix: Prefix) -> (u128, u8) {
    match prefix {
        Prefix::V4 { bits, length } => (bits.into(), length),
        Prefix::V6 { bits, length } => (bits, length),
    }
}

impl Family {
    /// Bits below those of a prefix of this length.
    fn shift(&self, length: u8) -> u32 {
        self.width.saturating_sub(length).into()
    }

    /// The number, among prefixes of `length`, of the one that holds the address behind `before`.
    fn next(&self, before: Option<(u128, u8)>, length: u8) -> u128 {
        let behind = before.map_or(0, |(bits, before)| {
            // Behind the last address comes the first: wrapping on both ways gives the same.
            bits.wrapping_add(1_u128.checked_shl(self.shift(before)).unwrap_or(0))
        });
        behind.checked_shr(self.shift(length)).unwrap_or(0)
    }
}

pub(super) fn pack(networks: &[Network], packer: &mut Packer) -> Vec<u8> {
    let mut numbers: HashMap<Origin, u32> = HashMap::new();
    let mut origins = Vec::new();
    let origin_of: Vec<u32> = networks
        .iter()
        .map(|network| {
            let Network { account, confidence, source, .. } = network.clone();
            let next = u32::try_from(origins.len()).unwrap_or(u32::MAX);
            *numbers.entry(Origin { account, confidence, source }).or_insert_with_key(|origin| {
                origins.push(origin.clone());
                next
            })
        })
        .collect();
    packer.list(&origins, |packer, origin| {
        packer.wire().u32(origin.account);
        packer.wire().u8(origin.confidence);
        packer.text(&origin.source);
    });
    let v4 = networks.partition_point(|network| matches!(network.prefix, Prefix::V4 { .. }));
    for (family, range) in [(V4, 0..v4), (V6, v4..networks.len())] {
        let prefixes = networks.get(range.clone()).unwrap_or(&[]);
        pack_family(&family, prefixes, origin_of.get(range).unwrap_or(&[]), packer);
    }
    packer.finish()
}

fn pack_family(family: &Family, networks: &[Network], origins: &[u32], packer: &mut Packer) {
    packer.count(networks.len());
    networks.iter().for_each(|network| packer.wire().u8(parts(network.prefix).1));
    let mut before = None;
    for network in networks {
        let (bits, length) = parts(network.prefix);
        let number = bits.checked_shr(family.shift(length)).unwrap_or(0);
        packer.wire().varint_128(zigzag(number.wrapping_sub(family.next(before, length))));
        before = Some((bits, length));
    }
    origins.iter().for_each(|origin| packer.varint(*origin));
}

pub(super) fn open(section: &mut Section<'_>, accounts: usize) -> Result<Vec<Network>, OpenError> {
    let origins = section.list(PREFIX_MAX, |section| {
        Ok(Origin {
            account: section.position(accounts, "the position of an account")?,
            confidence: percent(section)?,
            source: section.text()?,
        })
    })?;
    let mut networks = Vec::new();
    for family in [V4, V6] {
        open_family(section, &family, &origins, &mut networks)?;
    }
    section.finish()?;
    Ok(networks)
}

fn open_family(
    section: &mut Section<'_>,
    family: &Family,
    origins: &[Origin],
    networks: &mut Vec<Network>,
) -> Result<(), OpenError> {
    let count = section.count(PREFIX_MAX.saturating_sub(networks.len()))?;
    let lengths = section.bytes(u32::try_from(count).unwrap_or(u32::MAX))?;
    let mut prefixes = Vec::with_capacity(lengths.len());
    let mut before = None;
    for length in lengths {
        let number = family.next(before, *length).wrapping_add(unzigzag(section.varint_128()?));
        let shift = family.shift(*length);
        let bits = number.checked_shl(shift).unwrap_or(0);
        let is_whole = bits.checked_shr(shift).unwrap_or(0) == number;
        let prefix = (family.prefix)(bits, *length).filter(|prefix| is_whole && prefix.is_valid());
        let prefix = section.expect(prefix, "a prefix without host bits")?;
        let ascends = before.is_none_or(|before| before < (bits, *length));
        section.require(ascends, "prefixes ascending, each once")?;
        before = Some((bits, *length));
        prefixes.push(prefix);
    }
    for prefix in prefixes {
        let origin = usize::try_from(section.varint()?).ok().and_then(|origin| origins.get(origin)).cloned();
        let Origin { account, confidence, source } = section.expect(origin, "the position of an origin")?;
        networks.push(Network { prefix, account, confidence, source });
    }
    Ok(())
}

/// Signed numbers as unsigned ones, small for small.
fn zigzag(value: u128) -> u128 {
    let sign = if value >> 127 == 0 { 0 } else { u128::MAX };
    value.wrapping_shl(1) ^ sign
}

fn unzigzag(value: u128) -> u128 {
    let sign = if value & 1 == 0 { 0 } else { u128::MAX };
    (value >> 1) ^ sign
}

/// A prefix inside a program: family (1; 4 or 6), address (4 or 16), length in bits (1).
pub(super) fn pack_prefix(packer: &mut Packer, prefix: Prefix) {
    let wire = packer.wire();
    match prefix {
        Prefix::V4 { bits, length } => {
            wire.u8(4);
            wire.u32(bits);
            wire.u8(length);
        }
        Prefix::V6 { bits, length } => {
            wire.u8(6);
            wire.u128(bits);
            wire.u8(length);
        }
    }
}

pub(super) fn open_prefix(section: &mut Section<'_>) -> Result<Prefix, OpenError> {
    let prefix = match section.u8()? {
        4 => Prefix::V4 { bits: section.u32()?, length: section.u8()? },
        6 => Prefix::V6 { bits: section.u128()?, length: section.u8()? },
        _ => return Err(section.error("4 or 6, a prefix's family")),
    };
    section.require(prefix.is_valid(), "a prefix without host bits")?;
    Ok(prefix)
}

#[cfg(test)]
mod tests {
    use super::{unzigzag, zigzag};

    #[test]
    fn a_signed_number_comes_back() {
        for value in [0, 1, u128::MAX, 2, u128::MAX - 1, 1 << 127, (1 << 127) - 1] {
            assert_eq!(unzigzag(zigzag(value)), value);
        }
        assert_eq!([0, u128::MAX, 1, u128::MAX - 1].map(zigzag), [0, 1, 2, 3]);
    }
}
