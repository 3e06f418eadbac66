//! Section 2: name (text), salt (text), holdout in basis points, least confidence for content (1) and for ads (1): 0 to 100, or 101
//! where nothing is sure enough; what browsers may tell ad servers of an account (1): tier, stage, segments as bits 0 to 2; list of hosts (text); list of the
//! names of what pages tell on their own (text).

use crate::{
    bucket::BUCKETS,
    bundle::parts::{OpenError, Packer, Section},
    limit::{CONFIDENCE_MAX, CUSTOM_MAX, LIST_MAX},
    model::{Names, Site, Targeting},
};

pub(super) fn pack(site: &Site, packer: &mut Packer) -> Vec<u8> {
    packer.text(&site.name);
    packer.text(&site.salt);
    packer.varint(site.holdout_bp.into());
    packer.wire().u8(site.content_confidence);
    packer.wire().u8(site.ads_confidence);
    packer.wire().u8(site.targeting.bits());
    packer.texts(&site.hosts);
    packer.texts(&site.names.page);
    packer.finish()
}

/// The site without the lists that have sections of their own.
pub(super) fn open(section: &mut Section<'_>) -> Result<Site, OpenError> {
    let site = Site {
        name: section.text()?,
        salt: section.text()?,
        holdout_bp: share(section)?,
        content_confidence: least_confidence(section)?,
        ads_confidence: least_confidence(section)?,
        targeting: targeting(section)?,
        hosts: section.list(LIST_MAX, Section::text)?,
        names: Names { page: section.list(CUSTOM_MAX, Section::text)?, ..Names::default() },
        ..Site::default()
    };
    section.finish()?;
    Ok(site)
}

fn targeting(section: &mut Section<'_>) -> Result<Targeting, OpenError> {
    let targeting = Targeting::from_bits(section.u8()?);
    section.expect(targeting, "tier, stage and segments as bits 0 to 2")
}

/// A share in basis points.
pub(super) fn share(section: &mut Section<'_>) -> Result<u16, OpenError> {
    section.up_to(u16::try_from(BUCKETS).unwrap_or(u16::MAX), "a share of at most 10,000 basis points")
}

/// The confidence of a prefix.
pub(super) fn confidence(section: &mut Section<'_>) -> Result<u8, OpenError> {
    let value = section.u8()?;
    section.require(value <= CONFIDENCE_MAX, "a number from 0 to 100")?;
    Ok(value)
}

/// From which confidence on something acts.
fn least_confidence(section: &mut Section<'_>) -> Result<u8, OpenError> {
    let value = section.u8()?;
    section.require(value <= Site::NEVER_SURE, "a number from 0 to 101")?;
    Ok(value)
}
