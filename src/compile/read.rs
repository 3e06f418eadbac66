//! Which fields of accounts a bundle carries: what nothing reads never leaves the building.

use std::collections::BTreeSet;

use crate::{
    model::{AccountField, Change, Creative, Origin, Site, Template},
    rule::{Field, Instruction, Program},
};

/// What a decision says of an account, and a preview lists of it, whatever the rules read.
pub(super) const ALWAYS: [AccountField; 7] = [
    AccountField::Id,
    AccountField::Name,
    AccountField::ShortName,
    AccountField::Industry,
    AccountField::Country,
    AccountField::Tier,
    AccountField::Stage,
];

/// Forgets every field of the accounts that no content reads and no rule of an experience or line item. Who is in a segment is
/// kept, so what only segments read is not needed any more.
pub(super) fn keep_what_is_read(site: &mut Site, rules: &[Program], email_domains: bool) {
    let rule_of = |rule: u32| usize::try_from(rule).ok().and_then(|rule| rules.get(rule));
    let experiences = site.experiences.iter().map(|experience| experience.rule);
    let competing = experiences.chain(site.line_items.iter().map(|line_item| line_item.rule)).filter_map(rule_of);
    let in_rules: Vec<&Field> = competing.flat_map(Program::instructions).flat_map(Instruction::fields).collect();
    let mut read: BTreeSet<AccountField> =
        in_rules.iter().filter_map(|field| field.account_field()).chain(ALWAYS).collect();
    read.extend(templates(site).flat_map(Template::fields));
    // The runtime itself reads them, where it shall.
    read.insert(AccountField::Parent);
    read.extend(email_domains.then_some(AccountField::Domains));
    site.accounts.keep(|field| read.contains(&field));
    site.names.columns.retain(|column| read.contains(&column.field));
    // Nobody looks for a cookie that no rule reads.
    let asked: Vec<(Origin, usize)> = in_rules.iter().filter_map(|field| field.name_place()).collect();
    site.names.cookies = site.names.asked(Origin::Cookie, &asked);
}

/// Every template of a site.
pub(super) fn templates(site: &Site) -> impl Iterator<Item = &Template> {
    let variants = site.experiences.iter().flat_map(|experience| &experience.variants);
    let contents = variants.flat_map(|variant| &variant.contents);
    let creatives = site.line_items.iter().flat_map(|line_item| &line_item.creatives);
    contents
        .flat_map(|content| &content.changes)
        .filter_map(Change::template)
        .chain(creatives.flat_map(Creative::templates))
}
