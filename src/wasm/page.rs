//! The door to the rewriter: a page's bytes in, its bytes out.
//!
//! Texts and bytes are written where [`Page::room`] says; the call after says how many there are.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{
    model::{AppliedChange, SlotChange},
    rewrite::Rewriter,
};

/// Stands between texts. One that holds it does not come here.
const SEPARATOR: char = '\u{1f}';

/// One page on its way.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Page {
    input: Vec<u8>,
    rewriter: Option<Rewriter>,
    output: Vec<u8>,
}

#[wasm_bindgen]
impl Page {
    /// A page of which nothing is known yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Where `length` bytes may be written. Holds until the next call.
    pub fn room(&mut self, length: usize) -> *const u8 {
        if self.input.len() < length {
            self.input.resize(length, 0);
        }
        self.input.as_ptr()
    }

    /// So many bytes are texts: what the visitor's token told, and what changes. As many as then follow are his slice, none for none.
    pub fn begin(&mut self, texts: usize, slice: usize) {
        let (texts, rest) = self.input.split_at_checked(texts).unwrap_or_default();
        let mut texts = str::from_utf8(texts).unwrap_or_default().split(SEPARATOR);
        let told = texts.next().unwrap_or_default();
        let slice = rest.get(..slice).filter(|slice| !slice.is_empty());
        self.rewriter = Some(Rewriter::new(slots(texts), slice).telling(told));
    }

    /// Takes so many bytes of the page. How many are done, which stand at `output`.
    pub fn write(&mut self, length: usize) -> usize {
        self.output.clear();
        if let Some(rewriter) = &mut self.rewriter {
            rewriter.write(self.input.get(..length).unwrap_or_default(), &mut self.output);
        }
        self.output.len()
    }

    /// Takes so many bytes, with which the page is over. How many more are done.
    pub fn end(&mut self, length: usize) -> usize {
        self.output.clear();
        if let Some(rewriter) = &mut self.rewriter {
            rewriter.end(self.input.get(..length).unwrap_or_default(), &mut self.output);
        }
        self.output.len()
    }

    /// Where what is done stands. Holds until the next call.
    pub fn output(&self) -> *const u8 {
        self.output.as_ptr()
    }

    /// How many of the bytes that were taken are not done.
    pub fn pending(&self) -> usize {
        self.rewriter.as_ref().map_or(0, Rewriter::pending)
    }

    /// How many elements were changed.
    pub fn rewrites(&self) -> usize {
        self.rewriter.as_ref().map_or(0, Rewriter::rewrites)
    }
}

/// Two texts a slot, its name and its selector, and two a change, a name and a value. The first letter says of what they are, as in
/// `www/src/page.ts`.
fn slots<'a>(mut texts: impl Iterator<Item = &'a str>) -> Vec<SlotChange> {
    let mut slots: Vec<SlotChange> = Vec::new();
    while let (Some(first), Some(value)) = (texts.next(), texts.next()) {
        let (kind, name) = first.split_at_checked(1).unwrap_or_default();
        let (value, is_on) = (value.to_owned(), value == "1");
        let change = match kind.as_bytes() {
            b"0" => AppliedChange::Text { value },
            b"1" => AppliedChange::Html { value },
            b"2" => AppliedChange::Attribute { name: name.into(), value },
            b"3" => AppliedChange::Class { name: name.into(), value: is_on },
            b"4" => AppliedChange::Visible { value: is_on },
            b"5" => AppliedChange::Before { value },
            b"6" => AppliedChange::After { value },
            _ => {
                let (slot, selector) = (name.into(), value.into());
                slots.push(SlotChange {
                    slot,
                    selector,
                    experience: "".into(),
                    variant: "".into(),
                    changes: Vec::new(),
                });
                continue;
            }
        };
        if let Some(slot) = slots.last_mut() {
            slot.changes.push(change);
        }
    }
    slots
}
