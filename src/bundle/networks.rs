//! Section 6: a list of networks, ascending by prefix, IPv4 first. A network: family (1; 4 or 6), address (4 or 16), length
//! in bits (1), account (position), confidence 0 to 100 (1), source (text).

use crate::{
    bundle::{
        parts::{OpenError, Packer, Section},
        settings::percent,
    },
    limit::PREFIX_MAX,
    net::{Network, Prefix},
};

pub(super) fn pack(networks: &[Network], packer: &mut Packer) -> Vec<u8> {
    packer.list(networks, |packer, network| {
        pack_prefix(packer, network.prefix);
        packer.wire().u32(network.account);
        packer.wire().u8(network.confidence);
        packer.text(&network.source);
    });
    packer.finish()
}

pub(super) fn open(section: &mut Section<'_>, accounts: usize) -> Result<Vec<Network>, OpenError> {
    let networks = section.list(PREFIX_MAX, |section| {
        Ok(Network {
            prefix: open_prefix(section)?,
            account: section.position(accounts, "the position of an account")?,
            confidence: percent(section)?,
            source: section.text()?,
        })
    })?;
    section.require(networks.is_sorted_by(|a, b| a.prefix < b.prefix), "prefixes ascending, each once")?;
    section.finish()?;
    Ok(networks)
}

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
