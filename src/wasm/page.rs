//! The door to the rewriter: a page's bytes in, its bytes out.
//!
//! Texts and bytes are written where [`Page::room`] says, one behind the other; the call after says how long each is.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{
    model::{AppliedChange, SlotChange},
    rewrite::Rewriter,
};

/// One page on its way.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Page {
    slots: Vec<SlotChange>,
    input: Vec<u8>,
    rewriter: Option<Rewriter>,
    output: Vec<u8>,
}

#[wasm_bindgen]
impl Page {
    /// A page of no slots yet.
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

    /// A slot, of a name and a selector.
    pub fn slot(&mut self, name: usize, selector: usize) {
        let (slot, selector) = self.texts(name, selector);
        let (slot, selector) = (slot.into(), selector.into());
        self.slots.push(SlotChange { slot, selector, experience: "".into(), variant: "".into(), changes: Vec::new() });
    }

    /// A change of the last slot, its kind as in `www/src/page.ts`.
    pub fn change(&mut self, kind: u8, name: usize, value: usize, is_on: bool) {
        let (name, value) = self.texts(name, value);
        let change = match kind {
            0 => AppliedChange::Text { value },
            1 => AppliedChange::Html { value },
            2 => AppliedChange::Attribute { name: name.into(), value },
            3 => AppliedChange::Class { name: name.into(), value: is_on },
            4 => AppliedChange::Visible { value: is_on },
            5 => AppliedChange::Before { value },
            6 => AppliedChange::After { value },
            _ => return,
        };
        if let Some(slot) = self.slots.last_mut() {
            slot.changes.push(change);
        }
    }

    /// No more slots; so many bytes are the visitor's slice, none for none, and so many what his token told.
    pub fn begin(&mut self, slice: usize, told: usize) {
        let (_, told) = self.texts(slice, told);
        let slice = self.input.get(..slice).filter(|slice| !slice.is_empty());
        self.rewriter = Some(Rewriter::new(std::mem::take(&mut self.slots), slice).telling(&told));
    }

    /// Takes so many bytes of the page. How many are done, which stand at `output`.
    pub fn write(&mut self, length: usize) -> usize {
        self.output.clear();
        if let Some(rewriter) = &mut self.rewriter {
            rewriter.write(self.input.get(..length).unwrap_or_default(), &mut self.output);
        }
        self.output.len()
    }

    /// The page is over. How many more bytes are done.
    pub fn end(&mut self) -> usize {
        self.output.clear();
        if let Some(rewriter) = &mut self.rewriter {
            rewriter.end(&mut self.output);
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

impl Page {
    /// Two texts of these lengths at the start of the room.
    fn texts(&self, first: usize, second: usize) -> (String, String) {
        let (first, rest) = self.input.split_at_checked(first).unwrap_or_default();
        let second = rest.get(..second).unwrap_or_default();
        (String::from_utf8_lossy(first).into_owned(), String::from_utf8_lossy(second).into_owned())
    }
}
