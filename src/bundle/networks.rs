//! Section 6: the networks in columns, because equal things that stand together compress: a prefix takes two to three bytes of a
//! compressed file.
//!
//! Origins, what prefixes of one origin share, in the order in which prefixes name them first: count; whose each is: 1 to 7 for shared
//! egress of that kind (the place in [`Usage::ALL`]), else the position of the account + 8; the confidence of each, 0 to 100 (1); when
//! they were seen, in runs until there is a day for each: how many have the same, and that, in days since 1970 + 1, 0 where nobody noted
//! it; how each source begins (text column, see `columns.rs`); for each 1 if the account's name follows, else 0 (1).
//! Then IPv4, then IPv6: count; the lengths in bits (1 each); the gaps. Then for each prefix 0 for the next origin that none named
//! before, or how many prefixes before it stands one of the same origin. No prefix of an account lies in one of shared egress.
//!
//! Prefixes ascend by address, then length. A gap is counted in prefixes of the own length: from the address behind the prefix
//! before, cut to that length, to the own address. It is signed, because a prefix may lie in the one before: 0, -1, 1, -2 ... are
//! written as 0, 1, 2, 3.

use std::collections::HashMap;

use crate::{
    bundle::{
        HAS_NETWORKS,
        columns::{open_text_column, pack_text_column, unzigzag, zigzag},
        parts::{OpenError, Packer, Section},
        settings::confidence,
    },
    limit::PREFIX_MAX,
    model::Text,
    net::{Networks, Origin, Prefix, Source, Usage, Whose},
};

/// The number of the first account: those below are kinds of shared egress.
const FIRST_ACCOUNT: u32 = 8;

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

pub(super) fn pack(networks: &Networks, packer: &mut Packer) -> Vec<u8> {
    let origins = networks.origins();
    packer.count(origins.len());
    origins.iter().for_each(|origin| packer.varint(whose_number(origin.whose)));
    origins.iter().for_each(|origin| packer.wire().u8(origin.confidence));
    for run in origins.chunk_by(|one, next| one.seen == next.seen) {
        packer.count(run.len());
        packer.varint(run.first().and_then(|origin| origin.seen).map_or(0, |day| day.saturating_add(1)));
    }
    pack_text_column(origins.iter().map(|origin| Some(&*origin.source.text)), packer);
    origins.iter().for_each(|origin| packer.wire().u8(origin.source.then_name.into()));
    let prefixes = networks.prefixes();
    let (v4, v6) = prefixes.split_at(prefixes.partition_point(|prefix| matches!(prefix, Prefix::V4 { .. })));
    pack_family(&V4, v4, packer);
    pack_family(&V6, v6, packer);
    pack_origins(networks.origin_of(), packer);
    packer.finish()
}

/// The same of no networks, for slices: who makes nothing else needs nothing of the above.
pub(super) fn pack_none(_: &Networks, packer: &mut Packer) -> Vec<u8> {
    // No origins, no texts, no prefixes of either family.
    (0..4).for_each(|_| packer.count(0));
    packer.finish()
}

fn whose_number(whose: Whose) -> u32 {
    match whose {
        Whose::Account(account) => account.saturating_add(FIRST_ACCOUNT),
        Whose::Shared(usage) => usage as u32,
    }
}

/// Whose it is by its number; `None` for an account that is not there.
fn whose(number: u32, accounts: usize) -> Option<Whose> {
    match number.checked_sub(FIRST_ACCOUNT) {
        Some(account) => {
            usize::try_from(account).is_ok_and(|account| account < accounts).then_some(Whose::Account(account))
        }
        None => {
            let usage = Usage::ALL.get(usize::try_from(number).ok()?)?;
            usage.is_shared().then_some(Whose::Shared(*usage))
        }
    }
}

fn pack_family(family: &Family, prefixes: &[Prefix], packer: &mut Packer) {
    packer.count(prefixes.len());
    prefixes.iter().for_each(|prefix| packer.wire().u8(parts(*prefix).1));
    let mut before = None;
    for prefix in prefixes {
        let (bits, length) = parts(*prefix);
        let number = bits.checked_shr(family.shift(length)).unwrap_or(0);
        packer.wire().varint_128(zigzag(number.wrapping_sub(family.next(before, length))));
        before = Some((bits, length));
    }
}

fn pack_origins(origin_of: &[u32], packer: &mut Packer) {
    let mut last_seen: HashMap<u32, usize> = HashMap::new();
    for (position, origin) in origin_of.iter().enumerate() {
        let back = last_seen.insert(*origin, position).map_or(0, |last| position.saturating_sub(last));
        packer.count(back);
    }
}

pub(super) fn open(section: &mut Section<'_>, accounts: usize) -> Result<Networks, OpenError> {
    if !HAS_NETWORKS {
        for _ in 0..4 {
            let count = section.varint()?;
            section.require(count == 0, "no networks: they are for servers")?;
        }
        section.finish()?;
        return Ok(Networks::default());
    }
    let origins = open_origins(section, accounts)?;
    let mut prefixes = Vec::new();
    for family in [V4, V6] {
        open_family(section, &family, &mut prefixes)?;
    }
    let mut origin_of: Vec<u32> = Vec::with_capacity(prefixes.len());
    let mut next = 0_u32;
    for position in 0..prefixes.len() {
        let origin = match usize::try_from(section.varint()?).unwrap_or(usize::MAX) {
            0 => {
                next = next.saturating_add(1);
                Some(next.saturating_sub(1))
            }
            back => position.checked_sub(back).and_then(|before| origin_of.get(before)).copied(),
        };
        origin_of.push(section.expect(origin, "a prefix of the same origin")?);
    }
    section.require(usize::try_from(next) == Ok(origins.len()), "as many origins as there are")?;
    section.finish()?;
    let networks = Networks::of_columns(prefixes, origin_of, origins);
    section.require(accounts_stand_apart(&networks), "no account's prefix in one of shared egress")?;
    Ok(networks)
}

/// Whether no account's prefix lies in one of shared egress, as the longest-prefix match takes for granted.
fn accounts_stand_apart(networks: &Networks) -> bool {
    let mut shared: Option<Prefix> = None;
    networks.prefixes().iter().enumerate().all(|(position, prefix)| {
        let is_shared = networks.origin(position).is_some_and(|origin| matches!(origin.whose, Whose::Shared(_)));
        // Prefixes ascend and nest: what begins in one lies in it.
        let is_inside = shared.is_some_and(|shared| shared.contains(prefix.first()));
        if is_shared && !is_inside {
            shared = Some(*prefix);
        }
        is_shared || !is_inside
    })
}

fn open_origins(section: &mut Section<'_>, accounts: usize) -> Result<Vec<Origin>, OpenError> {
    let count = section.count(PREFIX_MAX)?;
    let mut origins = Vec::new();
    for _ in 0..count {
        let whose = whose(section.varint()?, accounts);
        let whose = section.expect(whose, "the position of an account, or a kind of shared egress")?;
        origins.push(Origin { whose, confidence: 0, seen: None, source: Source::default() });
    }
    for origin in &mut origins {
        origin.confidence = confidence(section)?;
    }
    let mut rest = origins.as_mut_slice();
    while !rest.is_empty() {
        let run = section.count(rest.len())?;
        let seen = section.varint()?.checked_sub(1);
        let (same, others) = rest.split_at_mut(run);
        section.require(run > 0, "a run of origins")?;
        same.iter_mut().for_each(|origin| origin.seen = seen);
        rest = others;
    }
    let texts = open_text_column(section, count, |text| Text::from(text))?;
    for (origin, text) in origins.iter_mut().zip(texts) {
        let text = section.expect(text, "a text")?;
        let then_name = section.flag("0 or 1, whether the account's name follows")?;
        origin.source = Source { text, then_name };
    }
    Ok(origins)
}

fn open_family(section: &mut Section<'_>, family: &Family, prefixes: &mut Vec<Prefix>) -> Result<(), OpenError> {
    let count = section.count(PREFIX_MAX.saturating_sub(prefixes.len()))?;
    let lengths = section.bytes(u32::try_from(count).unwrap_or(u32::MAX))?;
    prefixes.reserve(lengths.len());
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
    Ok(())
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
    use super::{pack, pack_none};
    use crate::{bundle::parts::Packer, net::Networks};

    #[test]
    fn no_networks_are_packed_as_such() {
        let none = Networks::default();
        assert_eq!(pack_none(&none, &mut Packer::default()), pack(&none, &mut Packer::default()));
    }
}
