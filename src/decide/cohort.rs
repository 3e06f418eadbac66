//! Who sees the same page.

use super::{
    choice::{Choice, SlotChoice, Whom},
    slots::content_of,
};
use crate::{
    bucket::digits,
    bundle::Bundle,
    model::{AppliedChange, Change, SlotChange, Template},
};

/// The key of what the `slots` of a choice show: equal for all who see the same. `None` where values of the account may be among it,
/// for such a page is nobody else's.
#[must_use]
pub fn cohort(bundle: &Bundle, choice: &Choice, slots: &[SlotChange]) -> Option<String> {
    let is_same = |(slot, chosen): (usize, &SlotChoice)| is_literal(bundle, slot, *chosen);
    let is_shared = choice.content_whom == Whom::Stranger || choice.slots.iter().enumerate().all(is_same);
    is_shared.then(|| digits(slots.iter().flat_map(texts)))
}

/// Whether everybody who is shown this is shown the same.
fn is_literal(bundle: &Bundle, slot: usize, chosen: SlotChoice) -> bool {
    let SlotChoice::Shown(experience, variant) = chosen else { return true };
    let variant = bundle.site().experiences.get(experience).and_then(|shown| shown.variants.get(variant));
    let content = variant.and_then(|variant| content_of(slot, variant));
    content.is_none_or(|content| content.changes.iter().filter_map(Change::template).all(Template::is_literal))
}

/// All that a slot's change says. What it shows counts, and who shows it: measurements tell them apart.
fn texts(change: &SlotChange) -> impl Iterator<Item = &str> {
    let SlotChange { slot, selector, experience, variant, changes } = change;
    let head = [slot, selector, experience, variant].map(|text| &**text);
    // An empty text ends the list of changes: no kind is called so.
    head.into_iter().chain(changes.iter().flat_map(parts)).chain([""])
}

/// Kind, name and value.
fn parts(change: &AppliedChange) -> [&str; 3] {
    let switch = |value: &bool| if *value { "on" } else { "off" };
    match change {
        AppliedChange::Text { value } => ["text", "", value],
        AppliedChange::Html { value } => ["html", "", value],
        AppliedChange::Attribute { name, value } => ["attribute", name, value],
        AppliedChange::Class { name, value } => ["class", name, switch(value)],
        AppliedChange::Visible { value } => ["visible", "", switch(value)],
        AppliedChange::Before { value } => ["before", "", value],
        AppliedChange::After { value } => ["after", "", value],
        AppliedChange::Redirect { value } => ["redirect", "", value],
    }
}
