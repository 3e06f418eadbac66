//! What becomes of one element: its new start tag, what it holds and what stands beside it, and all that the tag needs to put back what
//! its author wrote.
//!
//! ```text
//! <h1 title="A" class=x>Hello</h1>
//! <h1 data-np-edge="title +content" data-np-was-title="A"  title="B" class=x>Hello, Alder<template data-np-edge>Hello</template><!--/np--></h1>
//! ```
//!
//! What is inserted stands between two comments, `<!--np-->` and `<!--/np-->`.

use super::{
    name::{self, Kind},
    scan::{Scanner, Tag, is_space},
    selector::Marks,
    text::{can_be_written, escape, write_markup},
    tree::{Started, Tree},
};
use crate::model::{AppliedChange, SlotChange};

/// Changes of one element, of all slots that it is of.
#[derive(Debug, Default)]
pub(super) struct Edit {
    /// Each name once.
    attributes: Vec<(String, Value)>,
    /// In their order: added, or removed.
    classes: Vec<(String, bool)>,
    content: Option<Content>,
    before: String,
    after: String,
}

#[derive(Debug)]
enum Value {
    Set(String),
    Removed,
}

#[derive(Debug)]
enum Content {
    Text(String),
    Html(String),
}

impl Edit {
    /// Takes in the changes of a slot, in their order: the last one to say it counts. Leaves all to the tag, with `false`, when one of
    /// them cannot be written down.
    pub(super) fn add(&mut self, slot: &SlotChange) -> bool {
        slot.changes.iter().all(|change| self.add_change(change))
    }

    fn add_change(&mut self, change: &AppliedChange) -> bool {
        match change {
            AppliedChange::Text { value } => self.content = Some(Content::Text(value.clone())),
            AppliedChange::Html { value } => self.content = Some(Content::Html(value.clone())),
            // Two ways to say the same thing: which one counts depends on what the author wrote.
            AppliedChange::Attribute { name, .. } if **name == *"class" && !self.classes.is_empty() => return false,
            AppliedChange::Class { .. } if self.attribute("class").is_some() => return false,
            AppliedChange::Attribute { name, value } => self.set(name, Value::Set(value.clone())),
            AppliedChange::Class { name, value } => self.classes.push((name.to_string(), *value)),
            // The value by which the tag tells its own hiding from the page's: `www/tag/hide.ts`.
            AppliedChange::Visible { value: false } => self.set("hidden", Value::Set("np".to_owned())),
            AppliedChange::Visible { value: true } => self.set("hidden", Value::Removed),
            // As the tag does: the next one comes nearer to the element.
            AppliedChange::Before { value } => self.before.push_str(value),
            AppliedChange::After { value } => self.after.insert_str(0, value),
            // It has no elements.
            AppliedChange::Redirect { .. } => return false,
        }
        match change {
            AppliedChange::Text { value }
            | AppliedChange::Html { value }
            | AppliedChange::Attribute { value, .. }
            | AppliedChange::Before { value }
            | AppliedChange::After { value } => can_be_written(value),
            AppliedChange::Class { .. } | AppliedChange::Visible { .. } | AppliedChange::Redirect { .. } => true,
        }
    }

    fn set(&mut self, name: &str, value: Value) {
        self.attributes.retain(|(known, _)| known != name);
        self.attributes.push((name.to_owned(), value));
    }

    fn attribute(&self, name: &str) -> Option<&Value> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    pub(super) fn has_beside(&self) -> bool {
        !self.before.is_empty() || !self.after.is_empty()
    }

    /// Whether the element's end must be known before anything of it is written.
    pub(super) fn needs_end(&self, started: Started) -> bool {
        self.content.is_some() || (!self.after.is_empty() && started == Started::Open)
    }

    /// Whether a parser makes of what is written beside the element what the tag would make of it, in what is open around.
    pub(super) fn fits_beside(&self, tree: &Tree) -> bool {
        let fits =
            |html: &str| html.is_empty() || (!tree.moves_others() && is_closed_in(tree.clone(), html.as_bytes()));
        fits(&self.before) && fits(&self.after)
    }

    /// The same of its content, in the element, which is open last.
    pub(super) fn fits_inside(&self, tree: &Tree, kind: Kind) -> bool {
        match &self.content {
            None => true,
            Some(_) if kind.is(name::VOID | name::RAW | name::ESCAPABLE | name::FIXED_CONTENT) => false,
            Some(Content::Text(_)) => true,
            Some(Content::Html(html)) => is_closed_in(tree.clone(), html.as_bytes()),
        }
    }

    /// What is inserted before, and the start tag, changed. An attribute that is changed keeps its old value under another name.
    pub(super) fn write_start(&self, tag: &Tag, buffer: &[u8], out: &mut Vec<u8>) {
        write_beside(&self.before, out);
        let changed: Vec<_> = self.changed_attributes(tag, buffer).collect();
        let mut written = tag.start.saturating_add(tag.name_end);
        out.extend(buffer.get(tag.start..written).unwrap_or_default());
        let names: Vec<&str> = changed.iter().map(|(name, _)| *name).collect();
        write_attribute("data-np-edge", [names.as_slice(), &self.signs()].concat().join(" ").as_bytes(), out);
        for (name, value) in &changed {
            match (tag.attribute(buffer, name), value) {
                (Some(old), _) => {
                    out.extend(b" data-np-was-");
                    out.extend(tag.text(buffer, &tag.whole(buffer, old)));
                }
                (None, Some(value)) => write_attribute(name, value, out),
                (None, None) => {}
            }
        }
        // What was there is changed where it stands: put back, it stands where it stood.
        for old in &tag.attributes {
            let is_it = |name: &str| tag.attribute(buffer, name).is_some_and(|first| first.name == old.name);
            let Some((name, value)) = changed.iter().find(|(name, _)| is_it(name)) else { continue };
            let whole = tag.whole(buffer, old);
            let at = |offset: usize| tag.start.saturating_add(offset);
            out.extend(buffer.get(written..at(whole.start)).unwrap_or_default());
            if let Some(value) = value {
                write_attribute(name, value, out);
            }
            written = at(whole.end);
        }
        out.extend(buffer.get(written..tag.start.saturating_add(tag.length)).unwrap_or_default());
        if tag.name.kind().is(name::VOID) {
            self.write_end(out);
        }
    }

    /// Tells the tag what else there is to put back: it may come while the page is still being read.
    fn signs(&self) -> Vec<&'static str> {
        let signs = [
            ("+content", self.content.is_some()),
            ("+before", !self.before.is_empty()),
            ("+after", !self.after.is_empty()),
        ];
        signs.into_iter().filter(|(_, is_there)| *is_there).map(|(sign, _)| sign).collect()
    }

    /// The names that change, and their values as they are written; `None` takes one away.
    fn changed_attributes<'a>(&'a self, tag: &Tag, buffer: &[u8]) -> impl Iterator<Item = (&'a str, Option<Vec<u8>>)> {
        let set = self.attributes.iter().map(|(name, value)| {
            let value = match value {
                Value::Set(value) => {
                    let mut escaped = Vec::new();
                    escape(value, &mut escaped);
                    Some(escaped)
                }
                Value::Removed => None,
            };
            (name.as_str(), value)
        });
        let old = tag.attribute(buffer, "class").map(|class| tag.text(buffer, &class.value));
        let class = self.classes_of(old).map(|value| ("class", Some(value)));
        set.chain(class)
    }

    /// The classes of an element that has `old`, or `None` when they are those already.
    fn classes_of(&self, old: Option<&[u8]>) -> Option<Vec<u8>> {
        let mut names: Vec<&[u8]> = Vec::new();
        for name in old.unwrap_or_default().split(|byte| is_space(*byte)) {
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        let mut is_changed = false;
        for (name, is_added) in &self.classes {
            let name = name.as_bytes();
            if names.contains(&name) != *is_added {
                is_changed = true;
                match is_added {
                    true => names.push(name),
                    false => names.retain(|known| *known != name),
                }
            }
        }
        let quoted = |byte: &u8| if *byte == b'"' { b"&quot;".to_vec() } else { vec![*byte] };
        is_changed.then(|| names.join(&b' ').iter().flat_map(quoted).collect())
    }

    /// The content, changed, and what was there.
    pub(super) fn write_content(&self, old: &[u8], out: &mut Vec<u8>) {
        match &self.content {
            None => return out.extend(old),
            Some(Content::Text(text)) => escape(text, out),
            Some(Content::Html(html)) => write_markup(html, out),
        }
        out.extend(b"<template data-np-edge>");
        out.extend(old);
        // Says that the template is whole.
        out.extend(b"</template><!--/np-->");
    }

    /// What is inserted behind.
    pub(super) fn write_end(&self, out: &mut Vec<u8>) {
        write_beside(&self.after, out);
    }
}

fn write_beside(html: &str, out: &mut Vec<u8>) {
    if !html.is_empty() {
        out.extend(b"<!--np-->");
        write_markup(html, out);
        out.extend(b"<!--/np-->");
    }
}

fn write_attribute(name: &str, value: &[u8], out: &mut Vec<u8>) {
    out.push(b' ');
    out.extend(name.as_bytes());
    out.extend(b"=\"");
    out.extend(value);
    out.push(b'"');
}

/// Whether all that `html` opens is closed by it, and nothing else.
fn is_closed_in(mut tree: Tree, html: &[u8]) -> bool {
    let depth = tree.depth();
    tree.watch();
    let mut scanner = Scanner::new();
    while scanner.next(html) {
        let tag = &scanner.tag;
        if tag.is_end {
            tree.end(tag.name, tag.name.kind());
        } else if tree.start(tag.name, tag.name.kind(), tag.is_self_closing, Marks::default()) == Started::Lost {
            return false;
        }
    }
    tree.is_regular() && tree.depth() == depth && tree.lowest() >= depth && scanner.is_done(html)
}
