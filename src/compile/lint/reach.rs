//! Experiences and line items that nobody will ever see: whose condition never holds, or who always lose.

use super::{Seers, Subject, Written, absent, named, named_ads};
use crate::{
    compile::{
        code::{self, Code},
        count::plural,
        diagnostic::Diagnostics,
    },
    model::{Creative, LineItem, Size},
};

pub(super) fn check(subject: &Subject<'_>, seers: &Seers, log: &mut Diagnostics) {
    for (position, experience, places) in named(subject) {
        if is_never(subject, experience.rule, places, log) || !seers.classes(position, false).is_empty() {
            continue;
        }
        let stronger = |other: usize| {
            let other = subject.site.experiences.get(other)?;
            let shares = other.slots().iter().any(|slot| experience.slots().contains(slot));
            shares.then(|| other.name.to_string())
        };
        shadowed((code::L002, "experience", &experience.name), places, stronger_ones(position, stronger), log);
    }
    for (position, line_item, places) in named_ads(subject) {
        // A weight of 0 is how a line item is paused.
        if line_item.weight == 0 || is_never(subject, line_item.rule, places, log) {
            continue;
        }
        let mut fitting = fitting(subject, line_item).peekable();
        if fitting.peek().is_none() {
            // Each creative was reported already.
            continue;
        }
        if fitting.all(|creative| creative.weight == 0) {
            let message = format!("the line item `{}` never shows: its creatives have weight 0", line_item.name);
            log.warning(code::L003, places.name, message).help("to pause all of it, give the line item weight 0");
        } else if seers.classes(position, true).is_empty() {
            let stronger = |other: usize| {
                let other = subject.site.line_items.get(other)?;
                let is_stronger = other.priority > line_item.priority;
                let shares = other.placements.iter().any(|place| line_item.placements.contains(place));
                (is_stronger && shares).then(|| other.name.to_string())
            };
            shadowed((code::L003, "line item", &line_item.name), places, stronger_ones(position, stronger), log);
        }
    }
}

/// Whether a rule holds for nobody; then it is reported.
fn is_never(subject: &Subject<'_>, rule: u32, places: &Written, log: &mut Diagnostics) -> bool {
    let cases = subject.cases.get(&rule).map_or(&[][..], Vec::as_slice);
    if cases.iter().any(|case| subject.may_hold(case.rule)) {
        return false;
    }
    let accounts = plural(subject.site.accounts.len(), "account");
    let absent = log.search(subject.site.accounts.len(), || absent::of(subject, rule));
    let diagnostic = match cases.is_empty() {
        true => log.warning(code::L001, places.when, format!("this holds for none of {accounts}, and for no stranger")),
        false => log.warning(code::L001, places.when, "no visit can satisfy this: it contradicts itself".to_owned()),
    };
    let generally = || "so it never shows; `nameplate decide --explain` says of one account what is missing".to_owned();
    diagnostic.help(absent.unwrap_or_else(generally));
    true
}

/// The creatives of a size that one of its placements takes.
fn fitting<'a>(subject: &'a Subject<'_>, line_item: &'a LineItem) -> impl Iterator<Item = &'a Creative> {
    let placement = |place: &u32| subject.site.placements.get(usize::try_from(*place).ok()?);
    let sizes: Vec<&Size> = line_item.placements.iter().filter_map(placement).flat_map(|one| &one.sizes).collect();
    line_item.creatives.iter().filter(move |creative| sizes.contains(&&creative.size))
}

/// So many names are enough to know where to look.
const SHOWN: usize = 4;

/// The names of the first few before `position` that want the same places, and one more if there are more.
fn stronger_ones(position: usize, stronger: impl Fn(usize) -> Option<String>) -> Vec<String> {
    (0..position).filter_map(stronger).take(SHOWN + 1).collect()
}

fn shadowed((code, what, name): (Code, &str, &str), places: &Written, stronger: Vec<String>, log: &mut Diagnostics) {
    let mut names: Vec<String> = stronger.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    names.extend((stronger.len() > SHOWN).then(|| "others".to_owned()));
    log.warning(
        code,
        places.name,
        format!("the {what} `{name}` never shows: wherever its condition holds, stronger ones do too"),
    )
    .help(format!("before it come {}; raise its priority, or narrow theirs", names.join(", ")));
}
