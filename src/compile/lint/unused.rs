//! Names that nothing uses: most often what a change left behind.

use std::collections::BTreeSet;

use super::{Subject, absent, named, named_ads};
use crate::{
    compile::{code, diagnostic::Diagnostics, read::templates},
    model::{AccountField, Template},
    rule::{Field, Instruction},
};

pub(super) fn check(subject: &Subject<'_>, log: &mut Diagnostics) {
    check_segments(subject, log);
    check_places(subject, log);
    check_columns(subject, log);
}

fn check_segments(subject: &Subject<'_>, log: &mut Diagnostics) {
    let site = subject.site;
    let rules = site.experiences.iter().map(|one| one.rule).chain(site.line_items.iter().map(|one| one.rule));
    let programs = rules.filter_map(|rule| subject.rules.get(rule));
    let read: BTreeSet<u32> = programs
        .flat_map(|program| program.instructions())
        .filter_map(|atom| match atom {
            Instruction::InSegment(segment) => Some(*segment),
            _ => None,
        })
        .collect();
    for ((position, segment), span) in (0_u32..).zip(&site.segments).zip(&subject.places.segments) {
        if segment.members.is_empty() {
            let absent = log.search(site.accounts.len(), || absent::of(subject, segment.rule));
            log.warning(code::L011, *span, format!("no account is in the segment `{}`", segment.name))
                .help(absent.unwrap_or_else(|| "its condition holds for none of the list".to_owned()));
        }
        if !read.contains(&position) && !site.targeting.segments {
            log.note(code::L013, *span, format!("no condition asks for the segment `{}`", segment.name));
        }
    }
}

fn check_places(subject: &Subject<'_>, log: &mut Diagnostics) {
    let slots: BTreeSet<u32> = named(subject).flat_map(|(_, experience, _)| experience.slots()).collect();
    for ((position, slot), spot) in (0_u32..).zip(&subject.site.slots).zip(&subject.places.slots) {
        if !slots.contains(&position) {
            log.note(code::L012, spot.name, format!("no experience fills the slot `{}`", slot.name));
        }
    }
    let placements: BTreeSet<u32> =
        named_ads(subject).flat_map(|(_, line_item, _)| line_item.placements.iter().copied()).collect();
    for ((position, placement), spot) in (0_u32..).zip(&subject.site.placements).zip(&subject.places.placements) {
        if !placements.contains(&position) {
            log.note(code::L012, spot.name, format!("no line item fills the placement `{}`", placement.name));
        }
    }
}

/// Columns that are mapped and that neither a condition nor a text reads. Domains and parents are for recognising.
fn check_columns(subject: &Subject<'_>, log: &mut Diagnostics) {
    let programs = subject.rules.all().iter().flat_map(|program| program.instructions());
    let in_rules = programs.flat_map(Instruction::fields).filter_map(Field::account_field);
    let in_texts = templates(subject.site).flat_map(Template::fields);
    let read: BTreeSet<AccountField> = in_rules.chain(in_texts).collect();
    for (field, span) in &subject.places.columns {
        if !read.contains(field) {
            log.note(code::L014, *span, format!("nothing reads `{}`", subject.name_of(*field)))
                .help("no condition and no text names it, so no bundle carries it");
        }
    }
}
