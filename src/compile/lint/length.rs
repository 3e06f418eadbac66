//! Texts that are longer than their slot allows, for somebody who can see them.

use super::{Seers, Subject, listing};
use crate::{
    compile::{
        code,
        count::plural,
        diagnostic::{Diagnostics, Span},
    },
    model::Template,
};

/// A text in a slot that has a limit.
pub(in crate::compile) struct Limited {
    pub(in crate::compile) template: Template,
    pub(in crate::compile) span: Span,
    /// So many characters are allowed.
    pub(in crate::compile) max: usize,
}

pub(super) fn check(subject: &Subject<'_>, seers: &Seers, log: &mut Diagnostics) {
    for (position, places) in subject.places.experiences.iter().enumerate() {
        let classes = seers.classes(position, false);
        for text in places.texts.iter().filter(|_| !classes.is_empty()) {
            if text.template.is_literal() {
                check_literal(text, log);
            } else {
                check_values(text, subject, seers, classes, log);
            }
        }
    }
}

/// A text that is the same for all is measured once.
fn check_literal(text: &Limited, log: &mut Diagnostics) {
    let count = text.template.render(None).chars().count();
    if count > text.max {
        log.warning(code::C008, text.span, format!("the text has {count} characters; its slot allows {}", text.max));
    }
}

/// Of those who can see a text, those for whom it is too long.
fn check_values(text: &Limited, subject: &Subject<'_>, seers: &Seers, classes: &[usize], log: &mut Diagnostics) {
    let accounts = &subject.site.accounts;
    let length = |account| text.template.render(account).chars().count();
    let is_strangers = |class: &usize| subject.classes.of_strangers().map(|class| class as usize) == Some(*class);
    let of_strangers = classes.iter().any(is_strangers).then(|| (length(None), None));
    let of_accounts = classes.iter().flat_map(|class| seers.members(*class));
    let lengths = of_accounts.map(|account| (length(accounts.get(*account)), Some(*account))).chain(of_strangers);
    let mut over: Vec<(usize, Option<usize>)> = lengths.filter(|(count, _)| *count > text.max).collect();
    // The longest first; strangers behind accounts of the same length.
    over.sort_unstable_by_key(|(count, account)| (usize::MAX - count, account.unwrap_or(usize::MAX)));
    let Some((count, longest)) = over.first() else { return };
    let whom = longest.and_then(|account| accounts.get(account)).map_or("a stranger", |account| account.name());
    let message = format!("the text has {count} characters for {whom}; its slot allows {}", text.max);
    let ids: Vec<usize> = over.iter().filter_map(|(_, account)| *account).collect();
    log.warning(code::C008, text.span, message).maybe_help((ids.len() > 1).then(|| {
        format!(
            "of those who see it, it is too long for {}: {}",
            plural(ids.len(), "account"),
            listing(subject.site, &ids)
        )
    }));
}
