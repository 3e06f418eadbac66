//! `experiences/*.yaml`: one experience a file.

use std::collections::BTreeSet;

use crate::{
    compile::{
        code,
        diagnostic::Diagnostics,
        lower::{Reads, lower},
        sanitise,
        scope::Scope,
        settings::{basis_points, check_count, check_file},
        source::{Source, Sources},
        suggest,
        table::{self, Table, check_unique},
        template,
        window::window,
        yaml::{self, Node, Word},
    },
    limit::{CHANGE_MAX, PRIORITY_MAX, VARIANT_MAX, WEIGHT_MAX},
    model::{Change, Experience, SlotContent, Template, Test, Unit, Variant},
    rule::Programs,
};

/// Attributes that content may set; also every `aria-` and `data-` one.
const ATTRIBUTES: [&str; 11] =
    ["alt", "class", "dir", "height", "hidden", "href", "lang", "placeholder", "src", "title", "width"];
/// Attributes whose value is a URL.
const URL_ATTRIBUTES: [&str; 2] = ["href", "src"];

/// The experience of a file with the place of its name, or `None` when it has none.
pub(super) fn read(
    source: Source<'_>,
    sources: &Sources,
    scope: &Scope<'_>,
    rules: &mut Programs,
    log: &mut Diagnostics,
) -> Option<(Word, Experience)> {
    let mut table = Table::new(yaml::parse(source, log)?, "an experience", source, log)?;
    let name = table.name(log);
    table.optional_text("about", log);
    let rule = table.condition("when", log).and_then(|when| lower(&when, source, scope, Reads::All, log));
    let priority = priority(&mut table, log);
    let schedule = window(&mut table, "schedule", log);
    let test = read_test(&mut table, log);
    let reader = Reader { source, sources, scope };
    let variants = reader.variants(&mut table, log);
    table.finish(log);
    let name = name?;
    // Without a rule there was an error, and no bundle: any position will do.
    let rule = rule.map_or(0, |rule| rules.add(rule));
    let experience = Experience { name: name.shared(), rule, priority, schedule, test, variants };
    Some((name, experience))
}

/// The priority of an experience or line item. It must be written: who wins is for its author to say.
pub(super) fn priority(table: &mut Table<'_>, log: &mut Diagnostics) -> u16 {
    u16::try_from(table.require_int("priority", 0..=i64::from(PRIORITY_MAX), log)).unwrap_or(0)
}

/// The weight of a variant, line item or creative; 1 when none is written.
pub(super) fn weight(table: &mut Table<'_>, log: &mut Diagnostics) -> u32 {
    u32::try_from(table.int("weight", 0..=i64::from(WEIGHT_MAX), 1, log)).unwrap_or(1)
}

fn read_test(table: &mut Table<'_>, log: &mut Diagnostics) -> Test {
    let mut result = Test { unit: Unit::Account, holdout_bp: 0 };
    let Some(mut test) = table.table("test", "a test", log) else { return result };
    if let Some(unit) = test.optional_text("unit", log) {
        match unit.text.as_str() {
            "account" => {}
            "visitor" => result.unit = Unit::Visitor,
            other => {
                log.error(code::S013, unit.span, format!("`{other}` is not a unit"))
                    .help("expected `account` (everybody of an account gets the same) or `visitor`");
            }
        }
    }
    result.holdout_bp = basis_points(test.int("holdout_percent", 0..=100, 0, log));
    test.finish(log);
    result
}

struct Reader<'a> {
    source: Source<'a>,
    sources: &'a Sources,
    scope: &'a Scope<'a>,
}

impl Reader<'_> {
    fn variants(&self, table: &mut Table<'_>, log: &mut Diagnostics) -> Vec<Variant> {
        let span = table.span();
        let items = table.list("variants", "a list of variants", "the experience has no variant", log);
        check_count("variants", items.len(), VARIANT_MAX, span, log);
        let read: Vec<_> = items.into_iter().filter_map(|item| self.variant(item, log)).collect();
        check_unique("variant", read.iter().map(|(name, _)| name), log);
        let variants: Vec<Variant> = read.into_iter().map(|(_, variant)| variant).collect();
        if !variants.is_empty() && variants.iter().all(|variant| variant.weight == 0) {
            log.error(code::S006, span, "the weights of the variants add to nothing".to_owned());
        }
        variants
    }

    fn variant(&self, node: Node, log: &mut Diagnostics) -> Option<(Word, Variant)> {
        let mut table = Table::new(node, "a variant", self.source, log)?;
        let name = table.name(log);
        let weight = weight(&mut table, log);
        let mut contents = Vec::new();
        for (slot, node) in table.entries("slots", log).unwrap_or_default() {
            let position = self.scope.slot(&slot, log);
            let changes = self.changes(&slot, position, node, log);
            contents.extend(position.map(|slot| SlotContent { slot, changes }));
        }
        contents.sort_by_key(|content| content.slot);
        table.finish(log);
        let name = name?;
        let variant = Variant { name: name.shared(), weight, contents };
        Some((name, variant))
    }

    fn changes(&self, slot: &Word, position: Option<u32>, node: Node, log: &mut Diagnostics) -> Vec<Change> {
        let errors_before = log.error_count();
        let Some(mut table) = Table::new(node, "a slot's content", self.source, log) else { return Vec::new() };
        let text = table.optional_text("text", log);
        let html = table.optional_text("html", log);
        let file = table.optional_text("file", log);
        let given = [&text, &html, &file].into_iter().flatten().count();
        if let (Some(last), 2..) = ([&file, &html, &text].into_iter().flatten().next(), given) {
            log.error(code::C003, last.span, "only one of `text`, `html` and `file` can fill a slot".to_owned());
        }
        let mut changes = Vec::new();
        if let Some(text) = text {
            let template = template::plain(&text, self.source, log);
            self.check_length(&text, template.as_ref(), position, log);
            changes.extend(template.map(Change::Text));
        }
        if let Some(html) = html {
            changes.extend(self.html(&html, self.source, log));
        }
        if let Some(file) = file.filter(|file| check_file(file, self.sources, log)) {
            changes.extend(self.html_file(&file, log));
        }
        self.attributes(&mut table, &mut changes, log);
        self.image(&mut table, &mut changes, log);
        check_attributes(slot, &changes, log);
        table.finish(log);
        check_count("changes", changes.len(), CHANGE_MAX, slot.span, log);
        // What has an error, or a key that is misspelt, was meant to change something.
        let is_whole = position.is_some() && log.error_count() == errors_before;
        if changes.is_empty() && given == 0 && is_whole {
            log.error(code::C002, slot.span, format!("nothing is said to change in slot `{}`", slot.text))
                .help("write `text`, `html`, `file`, `attributes` or `image`; leave the slot out to keep its Default");
        }
        changes
    }

    fn html_file(&self, file: &Word, log: &mut Diagnostics) -> Option<Change> {
        let source = self.sources.open(&file.text, log)?;
        let html = Word { text: source.text.trim_end().to_owned(), span: source.span() };
        self.html(&html, source, log)
    }

    fn html(&self, word: &Word, source: Source<'_>, log: &mut Diagnostics) -> Option<Change> {
        sanitise::html(word, source, self.scope.links, log).map(Change::Html)
    }

    fn attributes(&self, table: &mut Table<'_>, changes: &mut Vec<Change>, log: &mut Diagnostics) {
        let Some(attributes) = table.table("attributes", "attributes", log) else { return };
        for (name, node) in attributes.rest() {
            let Some(value) = table::text(node, self.source, log) else { continue };
            let lower = name.text.to_ascii_lowercase();
            let is_allowed = match lower.split_once('-') {
                Some(("aria" | "data", rest)) => table::is_name(rest),
                _ => lower == "srcset" || ATTRIBUTES.contains(&lower.as_str()),
            };
            if lower == "hidden" && !value.text.is_empty() {
                log.error(code::C007, value.span, "`hidden` hides, whatever its value is".to_owned())
                    .help("write `hidden: \"\"`; leave it out of a slot that is to be seen");
            } else if is_allowed {
                changes.extend(self.attribute(&lower, &value, log));
            } else {
                log.error(code::C007, name.span, format!("the attribute `{}` may not be changed", name.text))
                    .help(format!("allowed are {}, `srcset`, `aria-...` and `data-...`", suggest::listing(ATTRIBUTES)));
            }
        }
    }

    fn attribute(&self, name: &str, value: &Word, log: &mut Diagnostics) -> Option<Change> {
        let template = if URL_ATTRIBUTES.contains(&name) {
            template::url(value, self.source, self.scope.links, log)
        } else if name == "srcset" {
            self.srcset(value, log)
        } else {
            template::plain(value, self.source, log)
        };
        template.map(|template| Change::Attribute(name.into(), template))
    }

    /// `image: { src, alt, srcset }`: a picture never changes without the words for those who cannot see it.
    fn image(&self, table: &mut Table<'_>, changes: &mut Vec<Change>, log: &mut Diagnostics) {
        let Some(mut image) = table.table("image", "an image", log) else { return };
        for (name, value) in [("src", image.text("src", log)), ("alt", image.text("alt", log))] {
            changes.extend(value.and_then(|value| self.attribute(name, &value, log)));
        }
        // An old `srcset` would hide the new `src`, so it goes where no new one comes.
        changes.push(match image.optional_text("srcset", log).and_then(|value| self.srcset(&value, log)) {
            Some(srcset) => Change::Attribute("srcset".into(), srcset),
            None => Change::Attribute("srcset".into(), Template::default()),
        });
        image.finish(log);
    }

    /// `image-320.png 320w, image-640.png 640w`; no tokens.
    fn srcset(&self, value: &Word, log: &mut Diagnostics) -> Option<Template> {
        for candidate in value.text.split(',') {
            let url = candidate.split_whitespace().next().unwrap_or("");
            if let Err(reason) = self.scope.links.check(url) {
                log.error(code::C006, value.span, format!("the URL `{url}` is not allowed: {reason}"));
                return None;
            }
        }
        template::plain(value, self.source, log).filter(Template::is_literal)
    }

    /// Warns of the account whose values make a text longer than its slot allows.
    fn check_length(&self, word: &Word, template: Option<&Template>, slot: Option<u32>, log: &mut Diagnostics) {
        let slot = slot.and_then(|slot| usize::try_from(slot).ok());
        let max = slot.and_then(|slot| self.scope.max_lengths.get(slot).copied().flatten());
        let Some((template, max)) = template.zip(max) else { return };
        // A text that is the same for all is measured once.
        let accounts = self.scope.accounts.iter().take(if template.is_literal() { 0 } else { usize::MAX });
        let length = |account| template.render(account).chars().count();
        let lengths = accounts.map(|account| (length(Some(account)), account.name()));
        let Some((count, whom)) = lengths.chain([(length(None), "a stranger")]).max_by_key(|found| found.0) else {
            return;
        };
        if count > max {
            log.warning(
                code::C008,
                word.span,
                format!("the text has {count} characters for {whom}; its slot allows {max}"),
            );
        }
    }
}

/// Reports an attribute that is set twice: in two spellings, or by `attributes` and by `image`.
fn check_attributes(slot: &Word, changes: &[Change], log: &mut Diagnostics) {
    let mut names = BTreeSet::new();
    for change in changes {
        if let Change::Attribute(name, _) = change
            && !names.insert(name)
        {
            log.error(code::C003, slot.span, format!("slot `{}` has its attribute `{name}` set twice", slot.text))
                .help("`image` sets `src`, `alt` and `srcset`; leave them out of `attributes` then");
        }
    }
}
