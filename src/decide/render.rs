//! A variant's content with the account's values in it.

use crate::model::{Account, AppliedChange, Change, SlotContent};

/// What a slot's content does, for somebody of `account` or for a stranger.
pub(super) fn changes(content: &SlotContent, account: Option<&Account>) -> Vec<AppliedChange> {
    let apply = |change: &Change| match change {
        Change::Text(template) => AppliedChange::Text { value: template.render(account) },
        Change::Html(template) => AppliedChange::Html { value: template.render(account) },
        Change::Attribute(name, template) => {
            AppliedChange::Attribute { name: name.clone(), value: template.render(account) }
        }
    };
    content.changes.iter().map(apply).collect()
}
