//! Whose slice would be larger than a browser is given.
//!
//! A slice is made only where its class could come near the limit: most sites hold less than that in all.

use std::cmp::Reverse;

use crate::{
    bundle::{Bundle, Candidate, Class, Contents, Recipient, pack, slice},
    compile::{
        code,
        count::plural,
        diagnostic::Diagnostics,
        lint::{Places, Written},
    },
    limit::SLICE_BYTE_MAX,
    model::{Experience, LineItem, Piece, Template},
};

/// So many classes are looked at, the largest ones.
const CLASS_MAX: usize = 64;
/// What a change, a creative or an instruction takes beside its texts, roughly.
const PART_BYTES: usize = 16;
/// A token becomes a name.
const TOKEN_BYTES: usize = 32;

/// Warns of the largest slice, if it is too large.
pub(super) fn check(contents: &Contents, places: &Places, log: &mut Diagnostics) {
    let site = &contents.site;
    let experiences: Vec<usize> = site.experiences.iter().map(weigh_experience).collect();
    let line_items: Vec<usize> = site.line_items.iter().map(weigh_line_item).collect();
    let weigh = |class: &Class<'_>| -> usize {
        let rule = |rule: u32| contents.rules.instructions(rule).map_or(0, |rule| rule.len() * PART_BYTES);
        let of = |candidates: &[_], weights: &[usize]| -> usize {
            let weight = |candidate: &Candidate| {
                let position = usize::try_from(candidate.position).ok();
                position.and_then(|position| weights.get(position)).copied().unwrap_or(0) + rule(candidate.rule)
            };
            candidates.iter().map(weight).sum()
        };
        of(class.experiences, &experiences) + of(class.line_items, &line_items)
    };
    let classes = (0_u32..).zip(contents.classes.iter()).map(|(number, class)| (weigh(&class), number, class));
    let mut near: Vec<_> = classes.filter(|(weight, ..)| *weight > SLICE_BYTE_MAX / 2).collect();
    near.sort_by_key(|(weight, ..)| Reverse(*weight));
    near.truncate(CLASS_MAX);
    let Some(bundle) = (!near.is_empty()).then(|| Bundle::open(&pack(contents)).ok()).flatten() else { return };
    let made = near.into_iter().map(|(_, number, class)| {
        let first = contents.classes.of_accounts().iter().position(|of| *of == number);
        let recipient =
            first.map_or(Recipient::Stranger, |position| Recipient::Account { position, content: true, ads: true });
        (slice(&bundle, recipient, None).len(), first, class)
    });
    let mut over: Vec<_> = made.filter(|(length, ..)| *length > SLICE_BYTE_MAX).collect();
    over.sort_by_key(|(length, ..)| Reverse(*length));
    let Some((length, first, class)) = over.first() else { return };
    let account = first.and_then(|position| site.accounts.get(position));
    let whose = account.map_or_else(|| "strangers".to_owned(), |account| format!("`{}`", account.id()));
    let heaviest = |candidates: &[Candidate], weights: &[usize], written: &[Written]| {
        let of = |candidate: &Candidate| {
            let position = usize::try_from(candidate.position).ok()?;
            Some((*weights.get(position)?, Reverse(written.get(position)?.name)))
        };
        candidates.iter().filter_map(of).max()
    };
    let largest = heaviest(class.experiences, &experiences, &places.experiences).max(heaviest(
        class.line_items,
        &line_items,
        &places.line_items,
    ));
    let Some((_, Reverse(place))) = largest else { return };
    let others = match over.len() - 1 {
        0 => String::new(),
        others => format!(", and {others} more classes of accounts have too large ones"),
    };
    let row = first.and_then(|position| places.accounts.get(position));
    let found = log.warning(
        code::S015,
        place,
        format!("the slice of {whose} has {length} bytes; browsers are given at most {SLICE_BYTE_MAX}{others}"),
    );
    found.label("the largest part of it").help(format!(
        "{} and {} can show for them; narrow their conditions, or shorten them",
        plural(class.experiences.len(), "experience"),
        plural(class.line_items.len(), "line item"),
    ));
    if let Some(row) = row {
        found.related(*row, "the account");
    }
}

fn weigh_experience(experience: &Experience) -> usize {
    let contents = experience.variants.iter().flat_map(|variant| &variant.contents);
    contents.flat_map(|content| &content.changes).map(|change| PART_BYTES + change.template().map_or(0, weigh)).sum()
}

fn weigh_line_item(line_item: &LineItem) -> usize {
    let creative = |creative: &crate::model::Creative| -> usize {
        PART_BYTES
            + creative.image.as_ref().map_or(0, |image| image.len())
            + creative.templates().map(weigh).sum::<usize>()
    };
    line_item.creatives.iter().map(creative).sum()
}

fn weigh(template: &Template) -> usize {
    let piece = |piece: &Piece| match piece {
        Piece::Literal(text) => text.len(),
        Piece::Token { fallback, .. } => fallback.len().max(TOKEN_BYTES),
    };
    template.pieces.iter().map(piece).sum()
}
