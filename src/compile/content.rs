//! What a variant does to one slot.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    compile::{
        code,
        diagnostic::Diagnostics,
        link,
        lint::Limited,
        sanitise,
        scope::Scope,
        settings::{check_count, check_file},
        source::{Source, Sources},
        suggest,
        table::{self, Table},
        template,
        written::locate,
        yaml::{Node, Word},
    },
    limit::CHANGE_MAX,
    model::{Change, SlotContent, Template},
};

/// Attributes that content may set; also every `aria-` and `data-` one.
pub(super) const ATTRIBUTES: [&str; 9] =
    ["alt", "dir", "height", "href", "lang", "placeholder", "src", "title", "width"];

/// Reads the contents of slots.
pub(super) struct Reader<'a> {
    pub(super) source: Source<'a>,
    pub(super) sources: &'a Sources,
    pub(super) scope: &'a Scope<'a>,
}

impl Reader<'_> {
    /// The changes under `slot`, in the order in which they are made, and its text if the slot limits that.
    pub(super) fn changes(
        &self,
        slot: &Word,
        position: Option<u32>,
        node: Node,
        log: &mut Diagnostics,
    ) -> (Vec<Change>, Option<Limited>) {
        let errors_before = log.error_count();
        let Some(mut table) = Table::new(node, "a slot's content", self.source, log) else { return (Vec::new(), None) };
        let text = table.optional_text("text", log);
        let html = table.optional_text("html", log);
        let file = table.optional_text("file", log);
        let given = [&text, &html, &file].into_iter().flatten().count();
        let mut fillings = [&text, &html, &file].into_iter().flatten();
        if let (Some(first), Some(last)) = (fillings.next(), fillings.last()) {
            log.error(code::C003, last.span, "only one of `text`, `html` and `file` can fill a slot".to_owned())
                .related(first.span, "this fills it, too");
        }
        let (mut changes, mut limited) = (Vec::new(), None);
        if let Some(text) = text {
            let template = template::plain(&text, self.source, log);
            limited = template.as_ref().and_then(|template| self.limited(&text, template, position));
            changes.extend(template.map(Change::Text));
        }
        if let Some(html) = html {
            changes.extend(self.html(&html, self.source, log));
        }
        if let Some((html, source)) = file.and_then(|file| read_file(&file, self.sources, log)) {
            changes.extend(self.html(&html, source, log));
        }
        for (key, change) in [("before", Change::Before as fn(Template) -> Change), ("after", Change::After)] {
            let html = table.optional_text(key, log);
            changes.extend(html.and_then(|html| sanitise::slot(&html, self.source, self.scope.links, log)).map(change));
        }
        self.attributes(&mut table, &mut changes, log);
        self.image(&mut table, &mut changes, log);
        classes(&mut table, &mut changes, log);
        changes.extend(table.boolean("visible", log).map(Change::Visible));
        check_attributes(slot, &changes, log);
        table.finish(log);
        check_count("changes", changes.len(), CHANGE_MAX, slot.span, log);
        // What has an error, or a key that is misspelt, was meant to change something.
        let is_whole = position.is_some() && log.error_count() == errors_before;
        if changes.is_empty() && given == 0 && is_whole {
            log.error(code::C002, slot.span, format!("nothing is said to change in slot `{}`", slot.text))
                .help(
                    "write one of `text`, `html`, `file`, `before`, `after`, `attributes`, `image`, `classes` and `visible`; \
                    leave the slot out to keep its Default",
                );
        }
        (changes, limited)
    }

    /// `redirect: /pricing`: a change of the page as a whole, in the slot behind the site's own.
    pub(super) fn redirect(&self, word: &Word, log: &mut Diagnostics) -> Option<SlotContent> {
        if !word.text.starts_with('/') && !word.text.contains(':') {
            log.error(code::C006, word.span, format!("the URL `{}` is not allowed: it depends on the page", word.text))
                .help("write a path from the site's root, such as `/pricing`, or a whole address");
            return None;
        }
        let url = template::url(word, self.source, |url| self.scope.links.check(url), log)?;
        let slot = u32::try_from(self.scope.slots.len()).ok()?;
        Some(SlotContent { slot, changes: vec![Change::Redirect(url)] })
    }

    fn html(&self, word: &Word, source: Source<'_>, log: &mut Diagnostics) -> Option<Change> {
        sanitise::slot(word, source, self.scope.links, log).map(Change::Html)
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
            if is_allowed {
                changes.extend(self.attribute(&lower, &value, log));
                continue;
            }
            let help = match lower.as_str() {
                "class" => "write `classes: { add: [...], remove: [...] }` beside `attributes`".to_owned(),
                "hidden" => "write `visible: false` beside `attributes`".to_owned(),
                "style" => {
                    "give the element a class with `classes`, and the class its looks in the page's styles".to_owned()
                }
                _ => format!("allowed are {}, `srcset`, `aria-...` and `data-...`", suggest::listing(ATTRIBUTES)),
            };
            // `srcdoc` is a name of its own.
            let alike = ATTRIBUTES.into_iter().chain(["srcset"]).filter(|known| known.len().abs_diff(lower.len()) < 2);
            let meant = suggest::nearest(&lower, alike).map(suggest::question);
            log.error(code::C007, name.span, format!("the attribute `{}` may not be changed", name.text))
                .help(help)
                .maybe_help(meant);
        }
    }

    fn attribute(&self, name: &str, value: &Word, log: &mut Diagnostics) -> Option<Change> {
        let links = self.scope.links;
        let template = match name {
            "href" => template::url(value, self.source, |url| links.check_href(url), log),
            "src" => template::url(value, self.source, |url| links.check(url), log),
            "srcset" => self.srcset(value, log),
            _ => template::plain(value, self.source, log),
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
                let start = value.text.find(url).unwrap_or(0);
                let span = locate(value, start..start + url.len(), self.source);
                link::refuse(url, &reason, span, log);
                return None;
            }
        }
        template::plain(value, self.source, log).filter(Template::is_literal)
    }

    /// A text with the limit of its slot, if that has one.
    fn limited(&self, word: &Word, template: &Template, slot: Option<u32>) -> Option<Limited> {
        let slot = usize::try_from(slot?).ok()?;
        let max = self.scope.max_lengths.get(slot).copied().flatten()?;
        Some(Limited { template: template.clone(), span: word.span, max })
    }
}

/// What a file holds, with the file; one that is not there is reported.
pub(super) fn read_file<'a>(file: &Word, sources: &'a Sources, log: &mut Diagnostics) -> Option<(Word, Source<'a>)> {
    if !check_file(file, sources, log) {
        return None;
    }
    let source = sources.open(&file.text, log)?;
    Some((Word { text: source.text.trim_end().to_owned(), span: source.span() }, source))
}

/// `classes: { add: [...], remove: [...] }`. Whatever else the element has stays: its framework may need it.
fn classes(table: &mut Table<'_>, changes: &mut Vec<Change>, log: &mut Diagnostics) {
    let Some(mut classes) = table.table("classes", "classes", log) else { return };
    let mut names = BTreeMap::new();
    for (key, is_added) in [("remove", false), ("add", true)] {
        for name in classes.texts(key, log).unwrap_or_default() {
            if name.text.is_empty() || name.text.contains(char::is_whitespace) {
                let words: Vec<&str> = name.text.split_whitespace().collect();
                let words = if words.is_empty() { vec!["plan", "plan-featured"] } else { words };
                log.error(code::C010, name.span, format!("`{}` is not one class", name.text))
                    .help(format!("write several as a list: `{key}: [{}]`", words.join(", ")));
            } else if let Some(first) = names.insert(name.text.clone(), name.span) {
                log.error(code::C003, name.span, format!("the class `{}` stands twice in `classes`", name.text))
                    .related(first, "here, too");
            } else {
                changes.push(Change::Class(name.shared(), is_added));
            }
        }
    }
    classes.finish(log);
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
