//! Section 6: the networks in columns, because equal things that stand together compress: a prefix takes two to three bytes of a
//! compressed file.
//!
//! Origins, what prefixes of one origin share, in the order in which prefixes name them first: count; whose each is: 1 to 7 for shared
//! egress of that kind (the place in [`Usage::ALL`]), else the position of the account + 8; the confidence of each, 0 to 100 (1); when
//! they were seen, in runs until there is a day for each: how many have the same, and that, in days since 1970 + 1, 0 where nobody noted
//! it; how each source begins (text column, see `columns.rs`); for each 1 if the account's name follows, else 0 (1).
//! Then the prefixes of IPv4 and those of IPv6, see `prefixes.rs`. Then for each prefix 0 for the next origin that none named before, or
//! how many prefixes before it stands one of the same origin. No prefix of an account lies in one of shared egress.

use std::collections::HashMap;

use crate::{
    bundle::{
        HAS_NETWORKS,
        columns::{open_text_column, pack_text_column},
        parts::{OpenError, Packer, Section},
        prefixes::{open_column, pack_column},
        settings::confidence,
    },
    limit::PREFIX_MAX,
    model::Text,
    net::{Networks, Origin, Prefix, Prefixes, Source, Usage, Whose},
};

/// The number of the first account: those below are kinds of shared egress.
const FIRST_ACCOUNT: u32 = 8;

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
    let Prefixes { v4, v6 } = networks.prefixes();
    pack_column(32, v4.iter().map(|(bits, length)| (bits.into(), length)), packer);
    pack_column(128, v6.iter(), packer);
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
    let v4 = open_column::<u64>(section, PREFIX_MAX)?;
    let v6 = open_column::<u128>(section, PREFIX_MAX.saturating_sub(v4.len()))?;
    let prefixes = Prefixes { v4, v6 };
    let mut origin_of: Vec<u32> = Vec::with_capacity(prefixes.len());
    let mut next = 0_u32;
    section.varints(0..prefixes.len(), |position, back| {
        let origin = match usize::try_from(back).unwrap_or(usize::MAX) {
            0 => {
                next = next.saturating_add(1);
                Some(next.saturating_sub(1))
            }
            back => position.checked_sub(back).and_then(|before| origin_of.get(before)).copied(),
        };
        origin_of.push(origin.ok_or("a prefix of the same origin")?);
        Ok(())
    })?;
    section.require(usize::try_from(next) == Ok(origins.len()), "as many origins as there are")?;
    section.finish()?;
    let networks = Networks::of_columns(prefixes, origin_of, origins);
    section.require(accounts_stand_apart(&networks), "no account's prefix in one of shared egress")?;
    Ok(networks)
}

/// Whether no account's prefix lies in one of shared egress, as the longest-prefix match takes for granted.
fn accounts_stand_apart(networks: &Networks) -> bool {
    let is_shared = |origin: &Origin| matches!(origin.whose, Whose::Shared(_));
    // Close together: the origins themselves would be fetched from far, prefix by prefix.
    let is_shared: Vec<bool> = networks.origins().iter().map(is_shared).collect();
    if !is_shared.contains(&true) {
        return true;
    }
    let mut shared: Option<Prefix> = None;
    let mut prefixes = networks.prefixes().iter();
    networks.origin_of().iter().all(|origin| {
        let is_shared = usize::try_from(*origin).is_ok_and(|origin| is_shared.get(origin) == Some(&true));
        let Some(prefix) = prefixes.next() else { return false };
        // Prefixes ascend and nest: what begins in one lies in it.
        let is_inside = shared.is_some_and(|shared| shared.contains(prefix.first()));
        if is_shared && !is_inside {
            shared = Some(prefix);
        }
        is_shared || !is_inside
    })
}

fn open_origins(section: &mut Section<'_>, accounts: usize) -> Result<Vec<Origin>, OpenError> {
    let count = section.count(PREFIX_MAX)?;
    let mut origins = Vec::with_capacity(count.min(section.left()));
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
