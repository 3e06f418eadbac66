//! Tokens whose value some of those who see them do not have: they read the words behind the `|`.

use std::collections::{BTreeSet, HashMap};

use super::{Seers, Subject, Written, listing, named, named_ads};
use crate::{
    compile::{code, count::plural, diagnostic::Diagnostics},
    model::{AccountField, Change, Creative, Template, Value},
};

pub(super) fn check(subject: &Subject<'_>, seers: &Seers, log: &mut Diagnostics) {
    let mut missing = Missing { subject, seers, known: HashMap::new() };
    for (position, experience, places) in named(subject) {
        let contents = experience.variants.iter().filter(|one| one.weight > 0).flat_map(|one| &one.contents);
        let templates = contents.flat_map(|content| &content.changes).filter_map(Change::template);
        missing.check(&templates.flat_map(Template::fields).collect(), seers.classes(position, false), places, log);
    }
    for (position, line_item, places) in named_ads(subject) {
        let templates = line_item.creatives.iter().filter(|one| one.weight > 0).flat_map(Creative::templates);
        missing.check(&templates.flat_map(Template::fields).collect(), seers.classes(position, true), places, log);
    }
}

/// The accounts of each class that have no value, looked for once.
struct Missing<'a> {
    subject: &'a Subject<'a>,
    seers: &'a Seers,
    known: HashMap<(usize, AccountField), Vec<usize>>,
}

impl Missing<'_> {
    fn of(&mut self, class: usize, field: AccountField) -> &[usize] {
        let accounts = &self.subject.site.accounts;
        let has_none =
            |account: &usize| accounts.get(*account).is_some_and(|account| account.get(field) == Value::Missing);
        let members = self.seers.members(class);
        self.known.entry((class, field)).or_insert_with(|| members.iter().copied().filter(has_none).collect())
    }

    fn check(&mut self, fields: &BTreeSet<AccountField>, classes: &[usize], places: &Written, log: &mut Diagnostics) {
        for field in fields {
            let mut without: Vec<usize> = Vec::new();
            for class in classes {
                without.extend(self.of(*class, *field));
            }
            if !without.is_empty() {
                without.sort_unstable();
                let token = format!("{{{{account.{}}}}}", field.name());
                let whom = plural(without.len(), "account");
                log.note(code::L005, places.name, format!("`{token}` has no value for {whom} of those who see it"))
                    .help(format!("they read the words behind its `|`: {}", listing(self.subject.site, &without)));
            }
        }
    }
}
