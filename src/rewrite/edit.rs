//! What becomes of one element: its new start tag, its new content, and all that the tag needs to put back what its author wrote.
//!
//! ```text
//! <h1 title="A" class=x>Hello</h1>
//! <h1 title="B" data-np-edge="title" data-np-was-title="A" class=x>Hello, Alder<template data-np-edge>Hello</template></h1>
//! ```

use super::{
    name::{self, Kind},
    scan::{Scanner, Tag},
    selector::Marks,
    text::{can_be_written, escape, write_markup},
    tree::Tree,
};
use crate::model::{AppliedChange, SlotChange};

/// Changes of one element, of all slots that it is of.
#[derive(Debug, Default)]
pub(super) struct Edit {
    /// Name and value, each name once.
    attributes: Vec<(String, String)>,
    content: Option<Content>,
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
        slot.changes.iter().all(|change| {
            let value = match change {
                AppliedChange::Text { value } => {
                    self.content = Some(Content::Text(value.clone()));
                    value
                }
                AppliedChange::Html { value } => {
                    self.content = Some(Content::Html(value.clone()));
                    value
                }
                AppliedChange::Attribute { name, value } => {
                    self.attributes.retain(|(known, _)| **known != **name);
                    self.attributes.push((name.to_string(), value.clone()));
                    value
                }
            };
            can_be_written(value)
        })
    }

    /// Whether the element's content changes, so that its end must be known before anything of it is written.
    pub(super) fn has_content(&self) -> bool {
        self.content.is_some()
    }

    /// Whether a parser makes of the written content what the tag would make of it, in the element that is open last.
    pub(super) fn fits(&self, tree: &Tree, kind: Kind) -> bool {
        match &self.content {
            None => true,
            Some(_) if kind.is(name::VOID | name::RAW | name::ESCAPABLE | name::FIXED_CONTENT) => false,
            Some(Content::Text(_)) => true,
            Some(Content::Html(html)) => is_closed_in(tree.clone(), html.as_bytes()),
        }
    }

    /// The start tag, changed. An attribute that is set anew keeps its old value under another name.
    pub(super) fn write_tag(&self, tag: &Tag, buffer: &[u8], out: &mut Vec<u8>) {
        let mut written = tag.start.saturating_add(tag.name_end);
        out.extend(buffer.get(tag.start..written).unwrap_or_default());
        for (name, value) in &self.attributes {
            out.push(b' ');
            out.extend(name.as_bytes());
            out.extend(b"=\"");
            escape(value, out);
            out.push(b'"');
        }
        out.extend(b" data-np-edge=\"");
        for (count, (name, _)) in self.attributes.iter().enumerate() {
            out.extend(if count == 0 { "" } else { " " }.as_bytes());
            out.extend(name.as_bytes());
        }
        out.push(b'"');
        for (name, _) in &self.attributes {
            let Some(old) = tag.attribute(buffer, name) else { continue };
            let start = tag.start.saturating_add(old.name.start);
            out.extend(buffer.get(written..start).unwrap_or_default());
            out.extend(b"data-np-was-");
            written = start;
        }
        out.extend(buffer.get(written..tag.start.saturating_add(tag.length)).unwrap_or_default());
    }

    /// The content, changed, and what was there.
    pub(super) fn write_content(&self, old: &[u8], slice: Option<&str>, out: &mut Vec<u8>) {
        match &self.content {
            None => return,
            Some(Content::Text(text)) => escape(text, out),
            Some(Content::Html(html)) => write_markup(html, out),
        }
        out.extend(b"<template data-np-edge>");
        out.extend(old);
        out.extend(b"</template>");
        if let Some(slice) = slice {
            out.extend(b"<script id=\"np-slice\" type=\"application/octet-stream\">");
            out.extend(slice.as_bytes());
            out.extend(b"</script>");
        }
    }
}

/// Whether all that `html` opens is closed by it, and nothing else.
fn is_closed_in(mut tree: Tree, html: &[u8]) -> bool {
    let depth = tree.depth();
    tree.watch();
    let mut scanner = Scanner::new();
    while scanner.next(html) {
        let tag = &scanner.tag;
        match tag.is_end {
            true => tree.end(tag.name, tag.name.kind()),
            false if !tree.start(tag.name, tag.name.kind(), tag.is_self_closing, Marks::default()) => return false,
            false => {}
        }
    }
    tree.is_regular() && tree.depth() == depth && tree.lowest() >= depth && scanner.is_done(html)
}
