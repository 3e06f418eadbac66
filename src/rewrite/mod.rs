//! Puts a decision into a stream of HTML, so that the page arrives personalised.
//!
//! It writes what the tag would do in the browser, with the same result, and beside each change what its author wrote: the tag puts
//! that back before it takes over. So whatever is left out here comes with the tag, and this may be careful: an element is left alone
//! when a browser would not read its end where its markup says, when it is nested in a way that browsers repair, when its slot is
//! selected by what cannot be told from tags, or when it is too long to be held.
//!
//! Every byte that is not changed goes on as it came. Nothing here fails: past a limit the rest of the page is passed through.

mod edit;
mod name;
mod scan;
mod selector;
mod text;
mod tree;

use base64::{Engine, prelude::BASE64_STANDARD as STANDARD};

use self::{
    edit::Edit,
    name::{Kind, Name},
    scan::{Content, Scanner, Tag},
    selector::Selectors,
    tree::{Started, Tree},
};
use crate::model::SlotChange;

/// What the address of the tag's script ends with.
const TAG_PATH: &str = "/np/tag.js";
/// Bytes of a tag that is looked at.
const TAG_BYTE_MAX: usize = 64 << 10;
/// Bytes of an element whose content changes: it is held back until its end is seen.
const HELD_BYTE_MAX: usize = 256 << 10;
/// Elements that may be open.
const DEPTH_MAX: usize = 256;
/// Elements changed per slot, as in the tag.
const ELEMENT_MAX: usize = 64;
/// Elements changed in a page.
const REWRITE_MAX: usize = 1_024;

/// Rewrites one page. Memory: what it holds back, at most 320 KiB, and the chunk that it is given.
#[derive(Debug)]
pub struct Rewriter {
    slots: Vec<Slot>,
    selectors: Selectors,
    /// What the tag needs to decide by itself, in base64, and what a token told, until it was written.
    slice: Option<String>,
    scanner: Scanner,
    tree: Tree,
    /// What came and is not done with.
    buffer: Vec<u8>,
    /// The start of it that was written.
    written: usize,
    held: Option<Held>,
    rewrites: usize,
    has_begun: bool,
    /// From here on every byte is passed through.
    is_over: bool,
}

#[derive(Debug)]
struct Slot {
    change: SlotChange,
    elements: usize,
}

/// An element whose end is awaited.
#[derive(Debug)]
struct Held {
    edit: Edit,
    name: Name,
    /// How many elements are open around it.
    depth: usize,
    /// In the buffer: its start tag, its content.
    start: usize,
    content: usize,
    /// Its new start tag.
    tag: Vec<u8>,
}

impl Rewriter {
    /// For a decision's slots, and the visitor's slice where the tag is to have it.
    #[must_use]
    pub fn new(slots: Vec<SlotChange>, slice: Option<&[u8]>) -> Self {
        let mut selectors = Selectors::default();
        for (place, slot) in slots.iter().enumerate() {
            selectors.add(place, &slot.selector);
            selectors.add_named(place, &slot.slot);
        }
        Self {
            is_over: slots.is_empty(),
            slots: slots.into_iter().map(|change| Slot { change, elements: 0 }).collect(),
            selectors,
            slice: slice.map(|slice| STANDARD.encode(slice)),
            scanner: Scanner::new(),
            tree: Tree::default(),
            buffer: Vec::new(),
            written: 0,
            held: None,
            rewrites: 0,
            has_begun: false,
        }
    }

    /// The same that writes behind the slice what the visitor's token tells of him, words of `A-Z a-z 0-9 - _ .`.
    #[must_use]
    pub fn telling(mut self, told: &str) -> Self {
        if let Some(slice) = self.slice.as_mut().filter(|_| !told.is_empty()) {
            slice.push(' ');
            slice.push_str(told);
        }
        self
    }

    /// How many elements were changed by now.
    #[must_use]
    pub fn rewrites(&self) -> usize {
        self.rewrites
    }

    /// How many of the bytes that came are held back.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.buffer.len().saturating_sub(self.written)
    }

    /// Takes the next bytes of the page, and appends to `out` what is done.
    pub fn write(&mut self, chunk: &[u8], out: &mut Vec<u8>) {
        if self.is_over {
            return out.extend(chunk);
        }
        self.take(chunk);
        self.read_to(usize::MAX, out);
        if self.is_over {
            return self.pass_rest(out);
        }
        self.scanner.let_go();
        let needed = self.scanner.needed_from();
        self.hold_no_longer_than(needed);
        let needed = self.held.as_ref().map_or(needed, |held| held.start);
        self.emit_to(needed, out);
        self.drain(needed);
    }

    /// The page is over with these bytes, if any: appends all that is left. Behind the last tag that may be changed nothing is read.
    pub fn end(&mut self, last: &[u8], out: &mut Vec<u8>) {
        if self.is_over {
            return out.extend(last);
        }
        self.take(last);
        let from = self.scanner.needed_from();
        let unread = self.buffer.get(from..).unwrap_or_default();
        let place = self.selectors.last_in(unread, self.slice.is_some());
        self.read_to(from.saturating_add(place), out);
        self.pass_rest(out);
    }

    fn take(&mut self, chunk: &[u8]) {
        if !self.has_begun && matches!(chunk, [0xfe | 0xff, ..]) {
            // UTF-16 begins so, and no page in an encoding that this can read.
            self.is_over = true;
        }
        self.has_begun |= !chunk.is_empty();
        self.buffer.extend(chunk);
    }

    /// Reads what came, up to the tag in which `place` is, and then up to the end of the element that is held.
    fn read_to(&mut self, place: usize, out: &mut Vec<u8>) {
        let is_before = |scanner: &Scanner| scanner.needed_from() < place;
        while !self.is_over && (is_before(&self.scanner) || self.held.is_some()) && self.scanner.next(&self.buffer) {
            self.hold_no_longer_than(self.scanner.tag.start);
            match self.scanner.tag.is_end {
                true => self.end_tag(out),
                false => self.start_tag(out),
            }
        }
    }

    fn pass_rest(&mut self, out: &mut Vec<u8>) {
        self.is_over = true;
        self.held = None;
        self.emit_to(self.buffer.len(), out);
        self.buffer = Vec::new();
        self.written = 0;
    }

    fn hold_no_longer_than(&mut self, end: usize) {
        self.held.take_if(|held| end.saturating_sub(held.start) > HELD_BYTE_MAX);
    }

    fn emit_to(&mut self, end: usize, out: &mut Vec<u8>) {
        out.extend(self.buffer.get(self.written..end).unwrap_or_default());
        self.written = self.written.max(end);
    }

    fn drain(&mut self, count: usize) {
        self.buffer.drain(..count.min(self.buffer.len()));
        self.scanner.drain(count);
        self.written = self.written.saturating_sub(count);
        if let Some(held) = &mut self.held {
            held.start = held.start.saturating_sub(count);
            held.content = held.content.saturating_sub(count);
        }
    }

    fn start_tag(&mut self, out: &mut Vec<u8>) {
        let tag = &self.scanner.tag;
        let (name, kind) = (tag.name, tag.name.kind());
        let is_html = !self.tree.is_foreign() || kind.is(name::BREAKOUT);
        let is_changeable = self.held.is_none()
            && is_html
            && !self.tree.is_in_template()
            && !tag.is_too_long
            && !kind.is(name::REFUSED);
        let mut found = Vec::new();
        let marks = self.selectors.mark(self.tree.marks(), tag, &self.buffer, |slot| found.push(slot));
        let is_changeable =
            is_changeable && !found.is_empty() && (kind.is(name::TABLE_PART) || !self.tree.moves_others());
        let depth = self.tree.depth();
        if is_changeable {
            self.tree.watch();
        }
        let started = self.tree.start(name, kind, tag.is_self_closing, marks);
        if started == Started::Lost || declares_other_encoding(tag, &self.buffer) {
            self.is_over = true;
            return;
        }
        if is_html {
            self.scanner.expect(content_of(name, kind), &self.buffer);
        }
        self.scanner.has_cdata = self.tree.has_cdata();
        if self.held.as_ref().is_some_and(|held| name == name::SCRIPT || self.tree.lowest() <= held.depth) {
            // A script would run again when the tag puts it back.
            self.held = None;
        }
        if name == name::SCRIPT && is_html && !self.tree.is_in_template() && loads_tag(&self.scanner.tag, &self.buffer)
        {
            self.write_slice(out);
        }
        if is_changeable && started != Started::Ignored && self.rewrites < REWRITE_MAX {
            self.change(&found, started, depth, out);
        }
    }

    /// Puts the slice before the tag's own script, so that it is there whenever that runs.
    fn write_slice(&mut self, out: &mut Vec<u8>) {
        let Some(slice) = self.slice.take() else { return };
        self.emit_to(self.scanner.tag.start, out);
        out.extend(b"<script id=\"np-slice\" type=\"application/octet-stream\">");
        out.extend(slice.as_bytes());
        out.extend(b"</script>");
    }

    /// Changes the element of the start tag, which is of these slots.
    fn change(&mut self, found: &[usize], started: Started, depth: usize, out: &mut Vec<u8>) {
        let mut edit = Edit::default();
        for place in found {
            let Some(slot) = self.slots.get_mut(*place) else { return };
            slot.elements = slot.elements.saturating_add(1);
            if slot.elements > ELEMENT_MAX || !edit.add(&slot.change) {
                return;
            }
        }
        let tag = &self.scanner.tag;
        let is_open = started == Started::Open;
        let fits_beside = || {
            let around = if is_open { self.tree.around_last() } else { self.tree.clone() };
            // What a table does not hold goes before it.
            let is_table = tag.name.kind().is(name::FIXED_CONTENT);
            !is_table && self.tree.lowest() >= depth && around.is_in_body() && edit.fits_beside(&around)
        };
        if edit.has_beside() && !fits_beside() {
            return;
        }
        let (start, content) = (tag.start, tag.start.saturating_add(tag.length));
        if !edit.needs_end(started) {
            self.emit_to(start, out);
            edit.write_start(&self.scanner.tag, &self.buffer, out);
            self.written = content;
            self.rewrites = self.rewrites.saturating_add(1);
        } else if is_open && edit.fits_inside(&self.tree, tag.name.kind()) {
            let mut new = Vec::new();
            edit.write_start(tag, &self.buffer, &mut new);
            self.tree.watch();
            self.held = Some(Held { edit, name: tag.name, depth, start, content, tag: new });
        }
    }

    fn end_tag(&mut self, out: &mut Vec<u8>) {
        let tag = &self.scanner.tag;
        let (name, start, end) = (tag.name, tag.start, tag.start.saturating_add(tag.length));
        self.tree.end(name, name.kind());
        self.scanner.has_cdata = self.tree.has_cdata();
        let lowest = self.tree.lowest();
        let Some(held) = self.held.take_if(|held| lowest <= held.depth) else { return };
        if name != held.name || !self.tree.is_regular() || self.tree.depth() != held.depth {
            return;
        }
        self.emit_to(held.start, out);
        out.extend(&held.tag);
        let old = self.buffer.get(held.content..start).unwrap_or_default();
        held.edit.write_content(old, out);
        self.written = start;
        self.emit_to(end, out);
        held.edit.write_end(out);
        self.rewrites = self.rewrites.saturating_add(1);
    }
}

/// What a parser takes the content of an element of HTML for.
fn content_of(name: Name, kind: Kind) -> Content {
    match name {
        name::SCRIPT => Content::Script,
        name::PLAINTEXT => Content::Plain,
        _ if kind.is(name::RAW | name::ESCAPABLE) => Content::Raw,
        _ => Content::Markup,
    }
}

/// Whether a `<script>` loads Nameplate's tag, from whichever host.
fn loads_tag(tag: &Tag, buffer: &[u8]) -> bool {
    let source = tag.attribute(buffer, "src").map_or(&[][..], |source| tag.text(buffer, &source.value));
    source.split(|byte| matches!(byte, b'?' | b'#')).next().is_some_and(|path| path.ends_with(TAG_PATH.as_bytes()))
}

/// Whether a `<meta>` says that an ASCII byte may be a part of another character.
fn declares_other_encoding(tag: &Tag, buffer: &[u8]) -> bool {
    const OTHER: &[u8] = b"iso-2022-jp";
    tag.name == name::META
        && tag.attributes.iter().any(|attribute| {
            let value = tag.text(buffer, &attribute.value);
            value.windows(OTHER.len()).any(|part| part.eq_ignore_ascii_case(OTHER))
        })
}
