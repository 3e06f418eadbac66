//! Sections 8 and 10.
//!
//! Placement: name, selector (text), sizes (list, at least one), label (text or missing). Size: width, height.
//! Line item: name (text), rule (position), priority 0 to 1,000, weight, flight (two ints or missing: from, until),
//! placements (list of positions, ascending), creatives (list, at least one).
//! Creative: name (text), size, weight, link, alt (template), image (text or missing), headline, body, cta, html (a
//! byte 0, or a byte 1 and a template).

use crate::{
    bundle::parts::{OpenError, Packer, Section},
    limit::{CREATIVE_MAX, LINE_ITEM_MAX, LIST_MAX, PLACEMENT_MAX, PRIORITY_MAX},
    model::{Creative, LineItem, Placement, Size, Template},
};

pub(super) fn pack_placements(placements: &[Placement], packer: &mut Packer) -> Vec<u8> {
    packer.list(placements, |packer, placement| {
        packer.text(&placement.name);
        packer.text(&placement.selector);
        packer.list(&placement.sizes, |packer, size| pack_size(packer, *size));
        packer.optional_text(placement.label.as_ref());
    });
    packer.finish()
}

pub(super) fn open_placements(section: &mut Section<'_>) -> Result<Vec<Placement>, OpenError> {
    let placements = section.list(PLACEMENT_MAX, |section| {
        let placement = Placement {
            name: section.text()?,
            selector: section.text()?,
            sizes: section.list(LIST_MAX, open_size)?,
            label: section.optional_text()?,
        };
        section.require(!placement.sizes.is_empty(), "at least one size")?;
        Ok(placement)
    })?;
    section.finish()?;
    Ok(placements)
}

/// What a size is.
const SIZE: &str = "a size within its limits";

fn pack_size(packer: &mut Packer, size: Size) {
    packer.varint(size.width.into());
    packer.varint(size.height.into());
}

fn open_size(section: &mut Section<'_>) -> Result<Size, OpenError> {
    let size = Size { width: section.up_to(u16::MAX, SIZE)?, height: section.up_to(u16::MAX, SIZE)? };
    section.require(size.is_valid(), SIZE)?;
    Ok(size)
}

pub(super) fn pack(line_items: &[LineItem], packer: &mut Packer) -> Vec<u8> {
    packer.list(line_items, |packer, line_item| {
        packer.text(&line_item.name);
        packer.varint(line_item.rule);
        packer.varint(line_item.priority.into());
        packer.varint(line_item.weight);
        packer.window(line_item.flight);
        packer.list(&line_item.placements, |packer, placement| packer.varint(*placement));
        packer.list(&line_item.creatives, pack_creative);
    });
    packer.finish()
}

pub(super) fn open(section: &mut Section<'_>, rules: usize, placements: usize) -> Result<Vec<LineItem>, OpenError> {
    let line_items = section.list(LINE_ITEM_MAX, |section| {
        let line_item = LineItem {
            name: section.text()?,
            rule: section.position(rules, "the position of a rule")?,
            priority: section.up_to(PRIORITY_MAX, "a priority within its limit")?,
            weight: section.weight()?,
            flight: section.window()?,
            placements: section.positions(placements, "positions of placements, ascending")?,
            creatives: section.list(CREATIVE_MAX, open_creative)?,
        };
        section.require(!line_item.creatives.is_empty(), "at least one creative")?;
        Ok(line_item)
    })?;
    let in_order = line_items.is_sorted_by(|a, b| (b.priority, &a.name) < (a.priority, &b.name));
    section.require(in_order, "line items by priority, then name")?;
    section.finish()?;
    Ok(line_items)
}

fn pack_creative(packer: &mut Packer, creative: &Creative) {
    packer.text(&creative.name);
    pack_size(packer, creative.size);
    packer.varint(creative.weight);
    packer.template(&creative.link);
    packer.template(&creative.alt);
    packer.optional_text(creative.image.as_ref());
    for template in [&creative.headline, &creative.body, &creative.cta, &creative.html] {
        packer.wire().u8(template.is_some().into());
        if let Some(template) = template {
            packer.template(template);
        }
    }
}

fn open_creative(section: &mut Section<'_>) -> Result<Creative, OpenError> {
    Ok(Creative {
        name: section.text()?,
        size: open_size(section)?,
        weight: section.weight()?,
        link: section.template()?,
        alt: section.template()?,
        image: section.optional_text()?,
        headline: optional_template(section)?,
        body: optional_template(section)?,
        cta: optional_template(section)?,
        html: optional_template(section)?,
    })
}

fn optional_template(section: &mut Section<'_>) -> Result<Option<Template>, OpenError> {
    let is_there = section.flag("0 or 1, whether a template follows")?;
    is_there.then(|| section.template()).transpose()
}
