//! Sections 7 and 9.
//!
//! Slot: name, selector (text), about (text or missing).
//! Experience: name (text), rule (position), priority 0 to 1,000, schedule (two ints or missing: from, until), unit (1; 0
//! account, 1 visitor), holdout in basis points, variants (list, at least one).
//! Variant: name (text), weight, contents (list, ascending by slot): slot (position), changes (list, at least one).
//! Change: a byte, its kind, then: 0 text and 1 HTML, a template; 2 attribute, a name (text) and a template; 3 class, a name (text) and
//! whether it is added (1; 0 or 1); 4 visible, whether it is (1); 5 HTML before and 6 behind, and 7 redirect, a
//! template.

use crate::{
    bundle::{
        parts::{OpenError, Packer, Section},
        settings::share,
    },
    limit::{CHANGE_MAX, EXPERIENCE_MAX, PRIORITY_MAX, SLOT_MAX, VARIANT_MAX},
    model::{Change, Experience, Slot, SlotContent, Test, Unit, Variant},
};

pub(super) fn pack_slots(slots: &[Slot], packer: &mut Packer) -> Vec<u8> {
    packer.list(slots, |packer, slot| {
        packer.text(&slot.name);
        packer.text(&slot.selector);
        packer.optional_text(slot.about.as_ref());
    });
    packer.finish()
}

pub(super) fn open_slots(section: &mut Section<'_>) -> Result<Vec<Slot>, OpenError> {
    let slots = section.list(SLOT_MAX + 1, |section| {
        Ok(Slot { name: section.text()?, selector: section.text()?, about: section.optional_text()? })
    })?;
    section.finish()?;
    Ok(slots)
}

pub(super) fn pack(experiences: &[Experience], packer: &mut Packer) -> Vec<u8> {
    packer.list(experiences, |packer, experience| {
        packer.text(&experience.name);
        packer.varint(experience.rule);
        packer.varint(experience.priority.into());
        packer.window(experience.schedule);
        packer.wire().u8(experience.test.unit.code());
        packer.varint(experience.test.holdout_bp.into());
        packer.list(&experience.variants, pack_variant);
    });
    packer.finish()
}

fn pack_variant(packer: &mut Packer, variant: &Variant) {
    packer.text(&variant.name);
    packer.varint(variant.weight);
    packer.list(&variant.contents, |packer, content| {
        packer.varint(content.slot);
        packer.list(&content.changes, pack_change);
    });
}

fn pack_change(packer: &mut Packer, change: &Change) {
    packer.wire().u8(match change {
        Change::Text(_) => 0,
        Change::Html(_) => 1,
        Change::Attribute(..) => 2,
        Change::Class(..) => 3,
        Change::Visible(_) => 4,
        Change::Before(_) => 5,
        Change::After(_) => 6,
        Change::Redirect(_) => 7,
    });
    if let Change::Attribute(name, _) | Change::Class(name, _) = change {
        packer.text(name);
    }
    if let Change::Class(_, value) | Change::Visible(value) = change {
        packer.wire().u8((*value).into());
    }
    if let Some(template) = change.template() {
        packer.template(template);
    }
}

pub(super) fn open(section: &mut Section<'_>, rules: usize, slots: usize) -> Result<Vec<Experience>, OpenError> {
    let experiences = section.list(EXPERIENCE_MAX, |section| {
        let experience = Experience {
            name: section.text()?,
            rule: section.position(rules, "the position of a rule")?,
            priority: section.up_to(PRIORITY_MAX, "a priority within its limit")?,
            schedule: section.window()?,
            test: Test { unit: open_unit(section)?, holdout_bp: share(section)? },
            variants: section.list(VARIANT_MAX, |section| open_variant(section, slots))?,
        };
        section.require(!experience.variants.is_empty(), "at least one variant")?;
        Ok(experience)
    })?;
    let in_order = experiences.is_sorted_by(|a, b| (b.priority, &a.name) < (a.priority, &b.name));
    section.require(in_order, "experiences by priority, then name")?;
    section.finish()?;
    Ok(experiences)
}

fn open_unit(section: &mut Section<'_>) -> Result<Unit, OpenError> {
    let unit = Unit::from_code(section.u8()?);
    section.expect(unit, "a unit's code")
}

fn open_variant(section: &mut Section<'_>, slots: usize) -> Result<Variant, OpenError> {
    let variant = Variant {
        name: section.text()?,
        weight: section.weight()?,
        contents: section.list(slots, |section| {
            let slot = section.position(slots, "the position of a slot")?;
            let changes = section.list(CHANGE_MAX, open_change)?;
            section.require(!changes.is_empty(), "at least one change")?;
            Ok(SlotContent { slot, changes })
        })?,
    };
    section.require(variant.contents.is_sorted_by(|a, b| a.slot < b.slot), "contents ascending by slot")?;
    Ok(variant)
}

fn open_change(section: &mut Section<'_>) -> Result<Change, OpenError> {
    Ok(match section.u8()? {
        0 => Change::Text(section.template()?),
        1 => Change::Html(section.template()?),
        2 => Change::Attribute(section.text()?, section.template()?),
        3 => Change::Class(section.text()?, section.flag("0 or 1, whether a class is added")?),
        4 => Change::Visible(section.flag("0 or 1, whether it is visible")?),
        5 => Change::Before(section.template()?),
        6 => Change::After(section.template()?),
        7 => Change::Redirect(section.template()?),
        _ => return Err(section.error("0 to 7, the kind of a change")),
    })
}
