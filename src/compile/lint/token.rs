//! Tokens whose value some of those who see them do not have: they read the words behind the `|`.

use std::collections::BTreeSet;

use super::{Subject, Written, listing, named, named_ads, plural, seers};
use crate::{
    compile::{code, diagnostic::Diagnostics},
    model::{AccountField, Change, Creative, Piece, Template, Value},
};

pub(super) fn check(subject: &Subject<'_>, log: &mut Diagnostics) {
    for (position, experience, places) in named(subject) {
        let contents = experience.variants.iter().filter(|one| one.weight > 0).flat_map(|one| &one.contents);
        let templates = contents.flat_map(|content| &content.changes).filter_map(Change::template);
        check_one(subject, &fields(templates), (position, false), places, log);
    }
    for (position, line_item, places) in named_ads(subject) {
        let templates = line_item.creatives.iter().filter(|one| one.weight > 0).flat_map(Creative::templates);
        check_one(subject, &fields(templates), (position, true), places, log);
    }
}

fn check_one(
    subject: &Subject<'_>,
    fields: &BTreeSet<AccountField>,
    (position, ads): (usize, bool),
    places: &Written,
    log: &mut Diagnostics,
) {
    if fields.is_empty() {
        return;
    }
    let (accounts, _) = seers(subject, position, ads);
    for field in fields {
        let has_none = |account: &&usize| {
            subject.site.accounts.get(**account).is_some_and(|account| account.get(*field) == Value::Missing)
        };
        let without: Vec<usize> = accounts.iter().filter(has_none).copied().collect();
        if !without.is_empty() {
            let token = format!("{{{{account.{}}}}}", field.name());
            let whom = plural(without.len(), "account");
            log.note(code::L005, places.name, format!("`{token}` has no value for {whom} of those who see it"))
                .help(format!("they read the words behind its `|`: {}", listing(subject.site, &without)));
        }
    }
}

fn fields<'a>(templates: impl Iterator<Item = &'a Template>) -> BTreeSet<AccountField> {
    let pieces = templates.flat_map(|template| &template.pieces);
    let field = |piece: &Piece| match piece {
        Piece::Token { field, .. } => Some(*field),
        Piece::Literal(_) => None,
    };
    pieces.filter_map(field).collect()
}
