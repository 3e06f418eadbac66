//! Sections 4 and 5.
//!
//! Segment: name (text), rule (position).
//! Account: id, name (text), short name (text or missing), domains (list of text), industry (text or missing), employees,
//! revenue (int or missing), country (text or missing), tier (int or missing), stage (text or missing), lifetime value,
//! intent (int or missing), technologies (list of text), owner (text or missing), segments (list of positions, ascending).

use crate::{
    bundle::parts::{OpenError, Packer, Section},
    limit::{ACCOUNT_MAX, LIST_MAX, SEGMENT_MAX},
    model::{Account, Segment, Text},
};

pub(super) fn pack_segments(segments: &[Segment], packer: &mut Packer) -> Vec<u8> {
    packer.list(segments, |packer, segment| {
        packer.text(&segment.name);
        packer.wire().u32(segment.rule);
    });
    packer.finish()
}

/// The rules come later in the order of opening, because they name segments: see [`check_segments`].
pub(super) fn open_segments(section: &mut Section<'_>) -> Result<Vec<Segment>, OpenError> {
    let segments = section.list(SEGMENT_MAX, |section| Ok(Segment { name: section.text()?, rule: section.u32()? }))?;
    section.require(segments.is_sorted_by(|a, b| a.name < b.name), "segments ascending by name")?;
    section.finish()?;
    Ok(segments)
}

/// `offset` is where the section begins: which of its segments it is, is not kept.
pub(super) fn check_segments(segments: &[Segment], rules: usize, offset: usize) -> Result<(), OpenError> {
    let is_rule = |segment: &Segment| usize::try_from(segment.rule).is_ok_and(|rule| rule < rules);
    match segments.iter().all(is_rule) {
        true => Ok(()),
        false => Err(OpenError { section: "segments", offset, expected: "the position of a rule" }),
    }
}

pub(super) fn pack(accounts: &[Account], packer: &mut Packer) -> Vec<u8> {
    let texts = |packer: &mut Packer, texts: &[Text]| packer.list(texts, |packer, text| packer.text(text));
    packer.list(accounts, |packer, account| {
        packer.text(&account.id);
        packer.text(&account.name);
        packer.optional_text(account.short_name.as_ref());
        texts(packer, &account.domains);
        packer.optional_text(account.industry.as_ref());
        packer.optional_int(account.employees);
        packer.optional_int(account.revenue);
        packer.optional_text(account.country.as_ref());
        packer.optional_int(account.tier);
        packer.optional_text(account.stage.as_ref());
        packer.optional_int(account.lifetime_value);
        packer.optional_int(account.intent);
        texts(packer, &account.technologies);
        packer.optional_text(account.owner.as_ref());
        packer.list(&account.segments, |packer, segment| packer.wire().u32(*segment));
    });
    packer.finish()
}

pub(super) fn open(section: &mut Section<'_>, segments: usize) -> Result<Vec<Account>, OpenError> {
    let accounts = section.list(ACCOUNT_MAX, |section| {
        Ok(Account {
            id: section.text()?,
            name: section.text()?,
            short_name: section.optional_text()?,
            domains: section.list(LIST_MAX, Section::text)?,
            industry: section.optional_text()?,
            employees: section.optional_int()?,
            revenue: section.optional_int()?,
            country: section.optional_text()?,
            tier: section.optional_int()?,
            stage: section.optional_text()?,
            lifetime_value: section.optional_int()?,
            intent: section.optional_int()?,
            technologies: section.list(LIST_MAX, Section::text)?,
            owner: section.optional_text()?,
            segments: section.positions(segments, "positions of segments, ascending")?,
        })
    })?;
    section.require(accounts.is_sorted_by(|a, b| a.id < b.id), "accounts ascending by id")?;
    section.finish()?;
    Ok(accounts)
}
