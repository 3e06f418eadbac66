//! Section 2: name (text), salt (text), holdout in basis points, least confidence for content (1) and for ads (1),
//! list of hosts (text).

use crate::{
    bucket::BUCKETS,
    bundle::parts::{OpenError, Packer, Section},
    limit::LIST_MAX,
    model::Site,
};

pub(super) fn pack(site: &Site, packer: &mut Packer) -> Vec<u8> {
    packer.text(&site.name);
    packer.text(&site.salt);
    packer.varint(site.holdout_bp.into());
    packer.wire().u8(site.content_confidence);
    packer.wire().u8(site.ads_confidence);
    packer.list(&site.hosts, |packer, host| packer.text(host));
    packer.finish()
}

/// The site without the lists that have sections of their own.
pub(super) fn open(section: &mut Section<'_>) -> Result<Site, OpenError> {
    let site = Site {
        name: section.text()?,
        salt: section.text()?,
        holdout_bp: share(section)?,
        content_confidence: percent(section)?,
        ads_confidence: percent(section)?,
        hosts: section.list(LIST_MAX, Section::text)?,
        ..Site::default()
    };
    section.finish()?;
    Ok(site)
}

/// A share in basis points.
pub(super) fn share(section: &mut Section<'_>) -> Result<u16, OpenError> {
    section.up_to(u16::try_from(BUCKETS).unwrap_or(u16::MAX), "a share of at most 10,000 basis points")
}

/// 0 to 100.
pub(super) fn percent(section: &mut Section<'_>) -> Result<u8, OpenError> {
    let value = section.u8()?;
    section.require(value <= 100, "a number from 0 to 100")?;
    Ok(value)
}
